"""A scene's maps: what each pixel shows of which part, in a file of a few hundred kilobytes.

A *fragment* is the piece of one surface that a pixel shows. Most pixels have one; where a part ends, or folds over
itself, they have two, each with its own share of the pixel, its own place on the cloth and its own light. So nothing is
ever mixed across an edge, and edges leave no fringe.

Whole numbers are stored as what is left of them after their neighbors are taken off (the plane predictor, v - left -
above + above left), modulo 2^16: smooth maps become nearly all zeros. Decoding is two cumulative sums.
"""

import io
import struct
import tokenize
import warnings
import zipfile
import zlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from patterns.errors import InputError
from patterns.mockup.footprint import Footprints, footprints

SCHEMA = 1
# No picture that anybody looks at is larger, and none that a small machine dresses.
LARGEST_PX = 40_000_000
# Light is stored as the square root of its share of BRIGHTEST, in so many steps: finer in the dark, as eyes are.
BRIGHTEST, LIGHT_STEPS = 4.0, 2047
# Tint, gloss and facing are smooth: one value for so many pixels a side.
COARSE = 4


@dataclass(frozen=True, slots=True)
class Fragments:
    """All fragments of a scene, n of them, in the order of their pixels; those of second rank follow at the end.

    ``pixel`` (n,) int64 is row * width + column, ``part`` (n,) uint8 counts from 0, ``coverage`` (n,) float32 is the
    share of the pixel. ``uv`` (2, n) float32 is the place on the part's cloth in mm, rest state, u to the right and v
    down on its face, at the middle of the pixel. ``shade`` (3, n) float32 is linear light per albedo, 1 where a white
    cloth is as bright as the picture's white; ``gloss`` (n,) float32 the same for the light that a smooth surface
    mirrors; ``facing`` (n,) float32 the cosine between its normal and the viewer.
    """

    pixel: np.ndarray
    part: np.ndarray
    coverage: np.ndarray
    uv: np.ndarray
    shade: np.ndarray
    gloss: np.ndarray
    facing: np.ndarray

    def __len__(self) -> int:
        return len(self.pixel)


@dataclass(frozen=True)  # without slots: its footprints are kept once they are known
class Maps:
    """What a scene's pixels show.

    ``size`` is (width, height) in px. ``plate`` (H, W, 3) float32, linear light, 0-1, is what is not cloth, ready for
    the screen, and goes on beneath the cloth's edges. ``primary`` is how many of the fragments are of first rank.
    ``camera`` (4, 4) float64 takes camera space (x left, y up, z forward; mm) to the world, ``fov`` is its horizontal
    angle in degrees; ``depth`` (ceil(H/COARSE), ceil(W/COARSE)) float32 is the distance from the camera in mm along
    the ray through the middle of pixel (COARSE row, COARSE column), 0 where no cloth is. A scene from a photograph has
    neither, and a ``fov`` of 0.
    """

    size: tuple[int, int]
    plate: np.ndarray
    fragments: Fragments
    primary: int
    camera: np.ndarray
    fov: float
    depth: np.ndarray

    @cached_property
    def footprints(self) -> Footprints:
        """What each fragment's pixel covers of its part."""
        return footprints(self)


def save_maps(path: Path, maps: Maps, *, parts: int, plate_quality: int = 95) -> None:
    """Write maps; what is written is what ``load_maps`` returns, to the precision of the file.

    A uv is kept to the 65,534th part of its part's extent (0.05 mm at 3.2 m), light to a thousandth. ``parts`` is the
    scene's count. The plate is a JPEG of the given quality without subsampling.
    """
    pieces = _packed(maps, parts)
    pieces["plate.jpg"] = _plate_bytes(maps.plate, plate_quality)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as file:
        for name, data in pieces.items():
            entry = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_STORED if name.endswith(".jpg") else zipfile.ZIP_DEFLATED
            file.writestr(entry, data)


def load_maps(path: Path, *, parts: int) -> Maps:
    """Return the maps of a file; InputError, naming it, if it is damaged or its maps do not belong together.

    ``parts`` is how many parts the scene says it has.
    """
    try:
        with zipfile.ZipFile(path) as file:
            head = _head(_piece(file, "head.npz", _HEAD_BYTES), parts)
            sizes = _sizes(int(head["width"]), int(head["height"]))
            pieces = {name: _piece(file, name, most) for name, most in sizes.items()}
        return _unpacked(head, pieces, parts)
    except _DAMAGE as error:
        raise InputError(
            f"{path.name} holds no maps of a scene that belong together ({_said(error)}); bake it again."
        ) from None


# What reading damaged bytes may come to: in our own code, in zip and zlib, in numpy's format and in the JPEG.
_DAMAGE = (
    OSError, ValueError, LookupError, TypeError, AttributeError, EOFError, MemoryError, ArithmeticError, RuntimeError,
    SyntaxError, tokenize.TokenError, struct.error, zipfile.BadZipFile, zlib.error,
)  # fmt: skip
# The head of a scene with 250 parts has 8 kB.
_HEAD_BYTES = 1 << 16


def _said(error: BaseException) -> str:
    """Return what is wrong in a few words on one line."""
    text = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return " ".join(text.split())[:120].rstrip(".") or type(error).__name__


def _piece(file: zipfile.ZipFile, name: str, most: int) -> bytes:
    """Return a piece of the file; ValueError, before it is expanded, if it is larger than it can be."""
    size = file.getinfo(name).file_size
    if size > most:
        raise ValueError(f"{name} has {size} bytes, of at most {most}")
    return file.read(name)


def _sizes(width: int, height: int) -> dict[str, int]:
    """Return the pieces beside the head, and the most bytes that each can have."""
    whole, small = width * height, -(-width // COARSE) * -(-height // COARSE)
    planes = {name: 2 * whole for name in ("u", "v", "light")} | {name: whole for name in ("part", "coverage")}
    coarse = {name: 2 * small for name in ("tint0", "tint1", "gloss", "facing")}
    return planes | coarse | {"second": 12 * whole, "depth": 4 * small, "plate.jpg": 4 * whole + _HEAD_BYTES}


def _head(data: bytes, parts: int) -> dict[str, np.ndarray]:
    """Return what the head says: schema, width, height, offset, unit, camera, fov; ValueError if it cannot be so."""
    with zipfile.ZipFile(io.BytesIO(data)) as inside:
        if sum(entry.file_size for entry in inside.infolist()) > _HEAD_BYTES:
            raise ValueError("a head that is too large")
    with np.load(io.BytesIO(data), allow_pickle=False) as file:
        head = {name: np.asarray(file[name]) for name in file.files}
    width, height = int(head["width"]), int(head["height"])
    if int(head["schema"]) != SCHEMA:
        raise ValueError(f"schema {int(head['schema'])}, and this version reads {SCHEMA}")
    if not (0 < width <= LARGEST_PX and 0 < height <= LARGEST_PX and width * height <= LARGEST_PX):
        raise ValueError(f"{width} x {height} px, of at most {LARGEST_PX / 1e6:g} megapixels")
    if len(head["unit"]) != parts:
        raise ValueError(f"{len(head['unit'])} parts, and the scene has {parts}")
    shapes = {"unit": (parts,), "offset": (parts, 2), "camera": (4, 4), "fov": ()}
    if any(head[name].shape != shape or not np.isfinite(head[name]).all() for name, shape in shapes.items()):
        raise ValueError("a head of other shapes than are written")
    return head


def _packed(maps: Maps, parts: int) -> dict[str, bytes]:
    width, height = maps.size
    fragments, first = maps.fragments, maps.primary
    offset, unit = _extents(fragments, parts)
    coded_uv = 1 + np.rint((fragments.uv - offset[fragments.part].T) / unit[fragments.part]).astype(np.uint16)
    light, tint = _light(fragments.shade)
    pieces: dict[str, bytes] = {}
    for name, values in (("u", coded_uv[0]), ("v", coded_uv[1]), ("light", light)):
        plane = _on_plane(values[:first], fragments.pixel[:first], (height, width), fill=True)
        pieces[name] = _bytes(_residuals(plane))
    pieces["part"] = _bytes(_on_plane(fragments.part[:first] + np.uint8(1), fragments.pixel[:first], (height, width)))
    covered = np.rint(255 * fragments.coverage).astype(np.uint8)
    pieces["coverage"] = _bytes(_on_plane(covered[:first], fragments.pixel[:first], (height, width)))
    for name, values in (("tint0", tint[0]), ("tint1", tint[1]), ("gloss", _root(fragments.gloss, 255)),
                         ("facing", np.rint(255 * fragments.facing.clip(0, 1)))):  # fmt: skip
        plane = _on_plane(values[:first].astype(np.uint16), fragments.pixel[:first], (height, width), fill=True)
        pieces[name] = _bytes(_residuals(_coarse(plane)))
    second = slice(first, None)
    table = np.concatenate([
        np.diff(fragments.pixel[second], prepend=0).astype("<u4").view(np.uint8).reshape(-1, 4),
        fragments.part[second, None], covered[second, None],
        np.ascontiguousarray(coded_uv[:, second].T.astype("<u2")).view(np.uint8),
        np.ascontiguousarray(light[second, None].astype("<u2")).view(np.uint8),
    ], axis=1)  # fmt: skip
    pieces["second"] = np.ascontiguousarray(table.T).tobytes()
    pieces["depth"] = _bytes(maps.depth.astype("<f4").view(np.uint8).reshape(-1, 4).T)
    head = {
        "schema": SCHEMA, "width": width, "height": height, "offset": offset, "unit": unit, "camera": maps.camera,
        "fov": maps.fov,
    }  # fmt: skip
    buffer = io.BytesIO()
    np.savez(buffer, **head)  # pyright: ignore[reportArgumentType]
    return {"head.npz": buffer.getvalue(), **pieces}


def _unpacked(values: dict[str, np.ndarray], pieces: dict[str, bytes], parts: int) -> Maps:
    width, height = int(values["width"]), int(values["height"])
    part = _bytes_plane(pieces["part"], height, width)
    (pixel,) = np.nonzero(part.ravel())
    number = part.ravel()[pixel] - np.uint8(1)
    table = np.frombuffer(pieces["second"], np.uint8).reshape(12, -1).T
    behind = np.cumsum(np.ascontiguousarray(table[:, :4]).view("<u4").ravel(), dtype=np.int64)
    number = np.concatenate([number, table[:, 4]])
    if (len(number) and number.max() >= parts) or (len(behind) and behind[-1] >= width * height):
        raise ValueError("a fragment of no part or no pixel")
    late = np.ascontiguousarray(table[:, 6:12]).view("<u2").T
    where = np.concatenate([pixel, behind])
    coded = [
        np.concatenate([_plane(pieces[name], height, width).ravel()[pixel], late[i]])
        for i, name in enumerate(("u", "v", "light"))
    ]
    offset, unit = values["offset"].astype(np.float32), values["unit"].astype(np.float32)
    uv = (np.stack(coded[:2]).astype(np.float32) - 1) * unit[number] + offset[number].T
    rows, columns = np.divmod(where, width)
    rows, columns = rows // COARSE, columns // COARSE
    small = (-(-height // COARSE), -(-width // COARSE))
    coarse = {name: _plane(pieces[name], *small)[rows, columns] for name in ("tint0", "tint1", "gloss", "facing")}
    covered = _bytes_plane(pieces["coverage"], height, width).ravel()
    # Two shares that were rounded up may be more than a pixel.
    covered = np.concatenate([covered[pixel], np.minimum(table[:, 5], 255 - covered[behind])])
    fragments = Fragments(
        where,
        number,
        covered.astype(np.float32) / 255,
        uv,
        _unlight(coded[2], np.stack([coarse["tint0"], coarse["tint1"]])),
        _unroot(coarse["gloss"], 255),
        coarse["facing"].astype(np.float32) / 255,
    )
    depth = np.ascontiguousarray(np.frombuffer(pieces["depth"], np.uint8).reshape(4, -1).T).view("<f4").reshape(small)
    plate = _plate(pieces["plate.jpg"], (width, height))
    return Maps((width, height), plate, fragments, len(pixel), values["camera"], float(values["fov"]), depth)


def _extents(fragments: Fragments, parts: int) -> tuple[np.ndarray, np.ndarray]:
    """Return each part's least uv (P, 2) and its step in mm (P,), both float64."""
    offset, unit = np.zeros((parts, 2)), np.ones(parts)
    for i in range(parts):
        uv = fragments.uv[:, fragments.part == i]
        if uv.size:
            offset[i] = uv.min(axis=1)
            unit[i] = max(float((uv.max(axis=1) - offset[i]).max()), 1.0) / 65_533
    return offset, unit


def _root(values: np.ndarray, steps: int) -> np.ndarray:
    return np.rint(np.sqrt((values / BRIGHTEST).clip(0, 1)) * steps)


def _unroot(coded: np.ndarray, steps: int) -> np.ndarray:
    return (coded.astype(np.float32) / np.float32(steps)) ** 2 * np.float32(BRIGHTEST)


# Rec. 709 luminance of linear sRGB.
_LUMINANCE = np.array([0.2126, 0.7152, 0.0722])
# A tint is red and blue per luminance, in so many steps of 1.
_TINT_STEPS = 1024


def _light(shade: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return light (n,) and tint (2, n) as whole numbers: luminance, and red and blue per luminance."""
    luminance = np.tensordot(_LUMINANCE, shade, axes=1)
    tint = shade[[0, 2]] / np.maximum(luminance, 1e-4)
    return _root(luminance, LIGHT_STEPS).astype(np.uint16), np.rint(tint.clip(0, 8) * _TINT_STEPS).astype(np.uint16)


def _unlight(light: np.ndarray, tint: np.ndarray) -> np.ndarray:
    luminance = _unroot(light, LIGHT_STEPS)
    red, blue = tint.astype(np.float32) / _TINT_STEPS
    green = (1 - np.float32(_LUMINANCE[0]) * red - np.float32(_LUMINANCE[2]) * blue) / np.float32(_LUMINANCE[1])
    return np.stack([red, np.maximum(green, 0), blue]) * luminance


def _on_plane(values: np.ndarray, pixel: np.ndarray, shape: tuple[int, int], *, fill: bool = False) -> np.ndarray:
    """Return values (n,) at their pixels of a plane, the others 0, or filled from what is there."""
    plane = np.zeros(shape, values.dtype)
    plane.ravel()[pixel] = values
    if not fill or not len(pixel):
        return plane
    known = np.zeros(shape, bool)
    known.ravel()[pixel] = True
    return _filled(plane, known)


def _filled(plane: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Return a plane whose unknown pixels have the value of the nearest known one, so that they cost nothing."""
    from scipy.ndimage import distance_transform_edt

    rows, columns = distance_transform_edt(~known, return_distances=False, return_indices=True)  # pyright: ignore
    return plane[rows, columns]


def _coarse(plane: np.ndarray) -> np.ndarray:
    """Return the value in the middle of every COARSE x COARSE pixels."""
    height, width = plane.shape
    rows = np.minimum(np.arange(-(-height // COARSE)) * COARSE + COARSE // 2, height - 1)
    columns = np.minimum(np.arange(-(-width // COARSE)) * COARSE + COARSE // 2, width - 1)
    return plane[rows[:, None], columns]


def _residuals(plane: np.ndarray) -> np.ndarray:
    """Return what the plane predictor leaves of (H, W) uint16, as (2, H, W) uint8: low bytes, then high bytes."""
    left = np.diff(plane.astype(np.uint16), axis=1, prepend=np.uint16(0))
    rest = np.diff(left, axis=0, prepend=np.uint16(0))
    # Small numbers of either sign get small codes, so that high bytes are zeros.
    signed = rest.astype(np.int16).astype(np.int32)
    folded = np.where(signed >= 0, 2 * signed, -2 * signed - 1).astype(np.uint16)
    return np.stack([folded & 255, folded >> 8]).astype(np.uint8)


def _plane(data: bytes, height: int, width: int) -> np.ndarray:
    """Return the plane (H, W) uint16 of bytes that ``_residuals`` made."""
    low, high = np.frombuffer(data, np.uint8).reshape(2, height, width)
    folded = low + (high.astype(np.uint16) << np.uint16(8))
    rest = (folded >> np.uint16(1)) ^ (np.uint16(0) - (folded & np.uint16(1)))
    np.cumsum(rest, axis=0, dtype=np.uint16, out=rest)
    return np.cumsum(rest, axis=1, dtype=np.uint16, out=rest)


def _bytes(array: np.ndarray) -> bytes:
    return np.ascontiguousarray(array).tobytes()


def _bytes_plane(data: bytes, height: int, width: int) -> np.ndarray:
    return np.frombuffer(data, np.uint8).reshape(height, width)


def _plate_bytes(plate: np.ndarray, quality: int) -> bytes:
    from PIL import Image

    from patterns.color import linear_to_srgb

    file = io.BytesIO()
    encoded = np.rint(255 * linear_to_srgb(plate.clip(0, 1))).astype(np.uint8)
    Image.fromarray(encoded).save(file, "JPEG", quality=quality, subsampling=0, optimize=True)
    return file.getvalue()


def _plate(data: bytes, size: tuple[int, int]) -> np.ndarray:
    """Return the plate (H, W, 3) float32, linear light, of a JPEG."""
    from PIL import Image

    from patterns.color import srgb_to_linear

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        try:
            image = Image.open(io.BytesIO(data), formats=("JPEG",))
        except Image.DecompressionBombError as error:
            raise ValueError(str(error)) from None
    with image:
        if image.size != size or image.mode != "RGB":
            raise ValueError(f"a plate of {image.size} px for maps of {size}")
        return srgb_to_linear(np.arange(256) / 255).astype(np.float32)[np.asarray(image)]
