"""A scene's maps: what each pixel shows of which part, in a file of a few hundred kilobytes.

A *fragment* is the piece of one surface that a pixel shows. Most pixels have one; where a part ends, or folds over
itself, they have two, each with its own share of the pixel, its own place on the cloth and its own light. So nothing is
ever mixed across an edge, and edges leave no fringe.

A file is a ZIP of planes (``patterns.mockup.planes``), one for each kind of figure; the few fragments of second rank
are a table, and the plate is a JPEG.
"""

import io
import struct
import tokenize
import warnings
import zipfile
import zlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from patterns.errors import InputError
from patterns.mockup.footprint import Footprints, footprints
from patterns.mockup.planes import (
    coarse,
    coded_light,
    coded_root,
    fine,
    light_of,
    nearest,
    on_plane,
    plane_of,
    residuals,
    root_of,
)

SCHEMA = 1
# No picture that anybody looks at is larger, and none that a small machine dresses.
LARGEST_PX = 40_000_000
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
    the ray through the middle of pixel (COARSE row, COARSE column), 0 where no cloth is. Where nobody knows the
    camera, ``fov`` is 0.
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
    """Return the pieces of a file but the plate, by name."""
    width, height = maps.size
    fragments, first = maps.fragments, maps.primary
    offset, unit = _extents(fragments, parts)
    u, v = 1 + np.rint((fragments.uv - offset[fragments.part].T) / unit[fragments.part]).astype(np.uint16)
    light, (red, blue) = coded_light(fragments.shade)
    covered = np.rint(255 * fragments.coverage).astype(np.uint8)
    pixel, shape = fragments.pixel[:first], (height, width)
    pieces = {
        "part": on_plane(fragments.part[:first] + np.uint8(1), pixel, shape).tobytes(),
        "coverage": on_plane(covered[:first], pixel, shape).tobytes(),
        "second": _second(fragments, (covered, u, v, light), first),
        "depth": maps.depth.astype("<f4").view(np.uint8).reshape(-1, 4).T.tobytes(),
    }
    full = nearest(pixel, shape) if first else np.zeros(shape, np.int64)
    for name, values in (("u", u), ("v", v), ("light", light)):
        pieces[name] = residuals(_at(values[:first], full))
    gloss, facing = coded_root(fragments.gloss, 255), np.rint(255 * fragments.facing.clip(0, 1))
    for name, values in (("tint0", red), ("tint1", blue), ("gloss", gloss), ("facing", facing)):
        pieces[name] = residuals(coarse(_at(values[:first], full), COARSE))
    buffer = io.BytesIO()
    said: dict[str, Any] = {"schema": SCHEMA, "width": width, "height": height, "offset": offset, "unit": unit}
    np.savez(buffer, **said, camera=maps.camera, fov=maps.fov)
    return {"head.npz": buffer.getvalue(), **pieces}


def _at(values: np.ndarray, number: np.ndarray) -> np.ndarray:
    """Return values (n,) by their numbers (H, W), as uint16; zeros if there are none."""
    return values.astype(np.uint16)[number] if len(values) else np.zeros(number.shape, np.uint16)


def _second(fragments: Fragments, coded: tuple[np.ndarray, ...], first: int) -> bytes:
    """Return the fragments of second rank, twelve bytes each: steps of pixels, part, coverage, u, v, light."""
    covered, *places = (values[first:] for values in coded)
    columns = [np.diff(fragments.pixel[first:], prepend=0).astype("<u4"), fragments.part[first:], covered]
    columns += [values.astype("<u2") for values in places]
    rows = [np.ascontiguousarray(c[:, None]).view(np.uint8) for c in columns]
    return np.concatenate(rows, axis=1).T.tobytes()


def _unpacked(values: dict[str, np.ndarray], pieces: dict[str, bytes], parts: int) -> Maps:
    """Return the maps of a file's pieces; planes are decoded two at a time."""
    width, height = int(values["width"]), int(values["height"])
    shape, small = (height, width), (-(-height // COARSE), -(-width // COARSE))
    own = np.frombuffer(pieces["part"], np.uint8)
    (pixel,) = np.nonzero(own)
    table = np.frombuffer(pieces["second"], np.uint8).reshape(12, -1).T
    behind = np.cumsum(np.ascontiguousarray(table[:, :4]).view("<u4").ravel(), dtype=np.int64)
    part = np.concatenate([own[pixel] - np.uint8(1), table[:, 4]])
    if len(own) != width * height or part.max(initial=0) >= parts or (len(behind) and behind[-1] >= len(own)):
        raise ValueError("a fragment of no part or no pixel")
    where = np.concatenate([pixel, behind])
    late = np.ascontiguousarray(table[:, 6:12]).view("<u2").T
    # Columns beyond the picture's are there where its width is no multiple of COARSE.
    at = where + where // width * (small[1] * COARSE - width)

    def placed(name: str, rank: int) -> np.ndarray:
        return np.concatenate([plane_of(pieces[name], shape).ravel()[pixel], late[rank]])

    with ThreadPoolExecutor(2) as pool:
        plate = pool.submit(_plate, pieces["plate.jpg"], (width, height))
        u, v, light = pool.map(placed, ("u", "v", "light"), range(3))
        smooth = pool.map(
            lambda name: fine(pieces[name], small, COARSE).ravel()[at], ("tint0", "tint1", "gloss", "facing")
        )
        red, blue, gloss, facing = smooth
    offset, unit = values["offset"].astype(np.float32), values["unit"].astype(np.float32)
    uv = (np.stack([u, v]).astype(np.float32) - 1) * unit[part] + offset[part].T
    covered = np.frombuffer(pieces["coverage"], np.uint8)
    # Two shares that were rounded up may be more than a pixel.
    covered = np.concatenate([covered[pixel], np.minimum(table[:, 5], 255 - covered[behind])])
    fragments = Fragments(
        where, part, covered / np.float32(255), uv, light_of(light, red, blue), root_of(gloss, 255),
        facing / np.float32(255),
    )  # fmt: skip
    depth = np.ascontiguousarray(np.frombuffer(pieces["depth"], np.uint8).reshape(4, -1).T).view("<f4").reshape(small)
    return Maps((width, height), plate.result(), fragments, len(pixel), values["camera"], float(values["fov"]), depth)


def _extents(fragments: Fragments, parts: int) -> tuple[np.ndarray, np.ndarray]:
    """Return each part's least uv (P, 2) and its step in mm (P,), both float64."""
    offset, unit = np.zeros((parts, 2)), np.ones(parts)
    for i in range(parts):
        uv = fragments.uv[:, fragments.part == i]
        if uv.size:
            offset[i] = uv.min(axis=1)
            unit[i] = max(float((uv.max(axis=1) - offset[i]).max()), 1.0) / 65_533
    return offset, unit


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
