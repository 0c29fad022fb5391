"""A user's own photograph becomes a scene that mockups dress: read, baked, and written whole or not at all."""

import io
import math
import re
import struct
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from patterns import presets, seam
from patterns.atelier.bench import refuse_unwritable
from patterns.color import srgb_to_linear
from patterns.errors import Finding, InputError
from patterns.mockup import photograph
from patterns.mockup.maps import save_maps
from patterns.mockup.wall import Wall, seen
from patterns.press.folder import Folder
from patterns.scene import Part, Scene, scene_toml

# A larger photograph is refused; a wall's is brought to so many px on its longer side unless more are asked for.
MOST_PX, LONGEST_PX = 64_000_000, 2000
# A map of places stays as large as it is, and so does what belongs to it.
MOST_PLACES_PX = 16_000_000
_LEAST_PX = 64
# Channels that differ by more are a color, and no mask's gray with what JPEG leaves of it; and what it leaves of black
# and of white.
_GRAY, _LEFT = 24, 4
_WALL_FABRIC, _CLOTH_FABRIC = "nonwoven-wallpaper-53", "cotton-digital-150"
# A uv picture's full channel.
_FULL = 65_535
_ORIENTATION, _EXIF, _FOCAL_FILM, _EXIF_SIZE = 0x0112, 0x8769, 0xA405, (0xA002, 0xA003)


@dataclass(frozen=True, slots=True)
class Asked:
    """How a photograph is to be baked: see the options of `patterns mockup bake`.

    Exactly one of ``corners`` ("x,y x,y x,y x,y" in px) and ``uv`` is given, ``width_mm`` and ``height_mm`` with the
    corners; ``unit_mm`` is a step of a uv picture.
    """

    corners: str | None = None
    width_mm: float | None = None
    height_mm: float | None = None
    uv: Path | None = None
    unit_mm: float | None = None
    mask: Path | None = None
    shading: Path | None = None
    name: str | None = None
    title: str | None = None
    fabric: str | None = None
    longest_px: int = LONGEST_PX
    force: bool = False

    def __post_init__(self) -> None:
        if (self.corners is None) == (self.uv is None):
            raise InputError("give the corners of a rectangle on a wall with --corners, or a map of places with --uv.")
        if self.uv is not None and (self.width_mm or self.height_mm):
            raise InputError("a map of places says its own lengths; --width and --height belong to --corners.")
        if self.unit_mm is not None and (self.uv is None or self.uv.suffix.lower() == ".npy"):
            raise InputError("--unit says how many mm a step of a uv picture is; corners and .npy files have none.")
        if not 256 <= self.longest_px <= 6000:  # a square one still fits into the maps' LARGEST_PX
            raise InputError(f"a scene's longer side has 256 to 6000 px, not {self.longest_px}.")


@dataclass(frozen=True, slots=True)
class Photographed:
    """A scene from a photograph: its ``files`` (preset, maps), its size in px before and after, and what was found.

    ``wall`` is None for a cloth with a map of places. ``extent_mm`` is (width, height) of what can be seen of the part.
    """

    scene: Scene
    files: tuple[Path, Path]
    size_px: tuple[int, int]
    given_px: tuple[int, int]
    extent_mm: tuple[float, float]
    wall: Wall | None
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _Pictures:
    """The photograph and what belongs to it, all of one size, and of its file what the camera says."""

    picture: np.ndarray
    mask: np.ndarray | None
    shading: np.ndarray | None
    focal_film_mm: float | None


@dataclass(frozen=True, slots=True)
class _Said:
    """A picture file's ICC profile, its EXIF orientation (1 to 8), and the focal length that its camera names."""

    profile: bytes | None
    orientation: int = 1
    focal_film_mm: float | None = None


def bake(file: Path, asked: Asked, out: Path) -> Photographed:
    """Write the scene of a photograph into a folder: NAME.toml and NAME.maps, both or neither.

    Raises InputError, in one sentence, for what is no picture, too large, of another size or no rectangle's corners,
    for a name that is taken unless ``force``, PresetError for an unknown fabric, CannotMake for a folder that cannot
    be written to.
    """
    name = _name(asked.name, file)
    fabric = _fabric(asked)
    corners = parse_corners(asked.corners) if asked.corners is not None else None
    files = (out / f"{name}.toml", out / f"{name}.maps")
    _refuse_taken(files, asked)
    refuse_unwritable(out)
    read = _read(file, asked)
    height, width = read.picture.shape[:2]
    given = (width, height)
    wall: Wall | None = None
    if corners is not None:
        wall, read = _wall(corners, given, asked, read)
        baked = photograph.bake_wall(_linear(read.picture), wall, mask=read.mask, shading=_optional(read.shading))
    else:
        uv, own = _uv(asked, given)
        mask = own if read.mask is None else read.mask
        baked = photograph.bake_cloth(_linear(read.picture), uv, mask=mask, shading=_optional(read.shading))
    low, high = baked.extent
    middle = (wall.width / 2, wall.height / 2) if wall else ((low[0] + high[0]) / 2, (low[1] + high[1]) / 2)
    scene = _scene(name, file, asked, fabric, wall is not None, middle)
    with Folder(out) as folder:
        folder.file(files[0].name).write_text(scene_toml(scene), encoding="utf-8")
        save_maps(folder.file(files[1].name), baked.maps, parts=1)
    found = (*(wall.findings if wall else ()), *baked.findings)
    return Photographed(scene, files, baked.maps.size, given, (high[0] - low[0], high[1] - low[1]), wall, found)


def parse_corners(text: str) -> np.ndarray:
    """Return corners (4, 2) float64 in px of "x,y x,y x,y x,y"; InputError if they are no four places."""
    places = [place.split(",") for place in re.split(r"[\s;]+", text.strip())]
    try:
        corners = np.array([[float(x) for x in place] for place in places], np.float64)
    except ValueError:
        corners = np.zeros(0)
    if corners.shape != (4, 2) or not np.isfinite(corners).all():
        raise InputError(
            f"{text!r} is not four corners in px; write top left, top right, bottom right, bottom left: "
            "'120,80 1460,150 1440,1010 130,1105'."
        )
    return corners


def _name(name: str | None, file: Path) -> str:
    if name is None:
        name = re.sub("[^a-z0-9]+", "-", file.stem.lower()).strip("-")[:60] or "photograph"
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}", name):
        raise InputError(
            f"a scene's name has up to 64 letters, digits and hyphens, and starts with no hyphen: {name!r}."
        )
    return name


def _fabric(asked: Asked) -> str:
    name = asked.fabric or (_WALL_FABRIC if asked.corners is not None else _CLOTH_FABRIC)
    presets.fabric_from(name)
    path = Path(name.strip()).expanduser()
    return str(path.absolute()) if path.suffix == ".toml" and path.is_file() else name.strip()


def _refuse_taken(files: tuple[Path, Path], asked: Asked) -> None:
    if not asked.force and (taken := [path for path in files if path.exists()]):
        raise InputError(f"{taken[0]} is there already; give another --name, or --force to write over it.")


def _scene(name: str, file: Path, asked: Asked, fabric: str, flat: bool, middle: tuple[float, float]) -> Scene:
    rounded = (round(middle[0], 1), round(middle[1], 1))
    name_of_part, words = ("wall", "the wall") if flat else ("cloth", "the cloth")
    return Scene(
        name=name,
        title=asked.title or f"your photograph {file.stem}",
        kind="wall" if flat else "product",
        maps=f"{name}.maps",
        fabric=fabric,
        heuristic=False,
        source=f"your photograph {file.name}",
        date=date.today().isoformat(),
        parts=(Part(name_of_part, words, strips=flat, middle=rounded),),
    )


def _read(file: Path, asked: Asked) -> _Pictures:
    """Return the photograph, mask and shading, upright; InputError unless all are pictures of the same size."""
    most = MOST_PX if asked.uv is None else MOST_PLACES_PX
    picture = _upright(file, most)
    height, width = picture.shape[:2]
    if min(height, width) < _LEAST_PX:
        raise InputError(f"{file} has {width} x {height} px; a scene needs {_LEAST_PX} px a side.")
    others: list[np.ndarray | None] = []
    for name, path in (("mask", asked.mask), ("shading", asked.shading)):
        pixels = None if path is None else _upright(path, most)
        if pixels is not None and pixels.shape != picture.shape:
            raise InputError(
                f"the {name} {path} has {pixels.shape[1]} x {pixels.shape[0]} px and the photograph {width} x "
                f"{height}; make it exactly as large."
            )
        others.append(pixels)
    mask, shading = others
    return _Pictures(picture, None if mask is None else _gray(mask, asked.mask), shading, _said(file).focal_film_mm)


def _upright(file: Path, most: int) -> np.ndarray:
    """Return a picture's pixels (H, W, 3) uint8 sRGB as people see it: turned as its EXIF says, its profile applied."""
    from PIL import Image, ImageOps

    pixels = seam.read_picture(file)
    if pixels.shape[0] * pixels.shape[1] > most:
        raise InputError(
            f"{file} has {pixels.shape[1]} x {pixels.shape[0]} px, above the limit of {most // 10**6} megapixels; make "
            "it smaller, and what belongs to it."
        )
    said = _said(file)
    picture = Image.fromarray(pixels)
    if said.profile:
        picture = _in_srgb(picture, said.profile)
    picture.getexif()[_ORIENTATION] = said.orientation
    return np.asarray(ImageOps.exif_transpose(picture))


def _said(file: Path) -> _Said:
    """Return what a picture's file says beside its pixels; nothing if that is damaged."""
    from PIL import Image

    with Image.open(file) as picture:
        profile = picture.info.get("icc_profile")
        sides = sorted(picture.size)
        try:
            exif = picture.getexif()
            turned = exif.get(_ORIENTATION, 1)
            inner = exif.get_ifd(_EXIF)
        except (OSError, SyntaxError, ValueError, KeyError, struct.error):
            return _Said(profile)
    # Pillow turns TIFF files by itself.
    upright = picture.format == "TIFF" or turned not in range(1, 9)
    return _Said(profile, 1 if upright else int(turned), _focal_film(inner, sides))


def _in_srgb(picture: Any, profile: bytes) -> Any:
    """Return an RGB picture in sRGB; a profile that is damaged or of other channels says nothing."""
    from PIL import ImageCms

    try:
        own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.profileToProfile(picture, own, ImageCms.createProfile("sRGB")) or picture
    except (ImageCms.PyCMSError, OSError, ValueError):
        return picture


def _focal_film(exif: dict[int, Any], sides: list[int]) -> float | None:
    """Return the focal length on film that a camera wrote into its photograph; None if it did not, or if it was cut."""
    try:
        focal = float(exif.get(_FOCAL_FILM, 0))
        whole = sorted(float(exif.get(tag, side)) for tag, side in zip(_EXIF_SIZE, sides, strict=True))
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    uncut = whole[0] > 0 and abs(math.log(max(whole[1], 1) / whole[0] * sides[0] / sides[1])) < 0.01
    return focal if uncut and 8 <= focal <= 300 else None


def _gray(pixels: np.ndarray, file: Path | None) -> np.ndarray:
    """Return a mask (H, W) float32 0-1, white where the design goes; what is nearly black or white is wholly so."""
    if int((pixels.max(axis=2).astype(int) - pixels.min(axis=2)).max()) > _GRAY:
        raise InputError(f"the mask {file} has colors; paint white what takes the design and black what does not.")
    return ((pixels[:, :, 1].astype(np.float32) - _LEFT) / (255 - 2 * _LEFT)).clip(0, 1)


def _wall(corners: np.ndarray, size: tuple[int, int], asked: Asked, read: _Pictures) -> tuple[Wall, _Pictures]:
    """Return the wall, and the pictures made smaller if they are larger than was asked for."""
    scale = min(1.0, asked.longest_px / max(size))
    smaller = (max(1, round(size[0] * scale)), max(1, round(size[1] * scale)))
    wall = seen(
        corners * np.array(smaller) / np.array(size),
        smaller,
        width=asked.width_mm,
        height=asked.height_mm,
        focal_film_mm=read.focal_film_mm,
    )
    if smaller == size:
        return wall, read
    mask, shading = (None if a is None else _resized(a, smaller) for a in (read.mask, read.shading))
    return wall, replace(read, picture=_resized(read.picture, smaller), mask=mask, shading=shading)


def _resized(pixels: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    import cv2

    return cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)


def _linear(pixels: np.ndarray) -> np.ndarray:
    return srgb_to_linear(np.arange(256) / 255).astype(np.float32)[pixels]


def _optional(pixels: np.ndarray | None) -> np.ndarray | None:
    return None if pixels is None else _linear(pixels)


def _uv(asked: Asked, size: tuple[int, int]) -> tuple[np.ndarray, np.ndarray | None]:
    """Return places (2, H, W) float32 in mm, NaN where there are none, and the mask that the file holds, if any."""
    path = asked.uv
    assert path is not None
    if not path.is_file():
        raise InputError(f"{path} is {'a folder, no map of places' if path.is_dir() else 'not there'}.")
    if path.suffix.lower() == ".npy":
        uv, mask = _uv_array(path), None
    else:
        uv, mask = _uv_picture(path, asked.unit_mm)
    if (uv.shape[2], uv.shape[1]) != size:
        raise InputError(
            f"the map of places {path} has {uv.shape[2]} x {uv.shape[1]} px and the photograph {size[0]} x {size[1]}; "
            "make it exactly as large."
        )
    return uv, mask if asked.mask is None else None


def _uv_array(path: Path) -> np.ndarray:
    try:
        places = np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise InputError(f"{path} cannot be read as an .npy file: {error}.") from None
    if places.ndim != 3 or places.shape[2] != 2 or places.dtype.kind != "f" or places.size > 2 * MOST_PLACES_PX:
        raise InputError(
            f"{path} has the shape {places.shape} of {places.dtype}; a map of places is (H, W, 2) of floats: u and v "
            "in mm, NaN where no cloth is."
        )
    return np.ascontiguousarray(np.moveaxis(np.asarray(places, np.float32), 2, 0))


def _uv_picture(path: Path, unit_mm: float | None) -> tuple[np.ndarray, np.ndarray]:
    """Return places and the mask of a 16-bit PNG: red is u, green v in steps of ``unit_mm``, blue the coverage."""
    import cv2

    if unit_mm is None:
        raise InputError("say how many mm a step of the uv picture's red and green is, for example --unit 0.1mm.")
    pixels = cv2.imdecode(np.fromfile(path, np.uint8), cv2.IMREAD_UNCHANGED) if path.stat().st_size else None
    if pixels is None or pixels.dtype != np.uint16 or pixels.ndim != 3 or pixels.shape[2] < 3:
        raise InputError(
            f"{path} is no uv picture; it is a 16-bit RGB PNG (red u, green v, blue how much of the pixel is cloth), "
            "or an .npy file of (H, W, 2) floats in mm."
        )
    v, u = pixels[..., 1], pixels[..., 2]
    return np.stack([u, v]).astype(np.float32) * np.float32(unit_mm), pixels[..., 0].astype(np.float32) / _FULL
