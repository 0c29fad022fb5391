"""What of a design is to be redrawn: a mask that somebody painted, or places in mm, on the design's own pixels."""

import hashlib
import io
import math
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from patterns.errors import InputError
from patterns.lattice import Grid
from patterns.separation import Separation
from patterns.symmetry import Symmetry
from patterns.units import format_mm, parse_length, parse_size

# How far a mask's shape may be from the tile's: our own figure, less than the 3 % that pixels may be off square.
_SAME_SHAPE = 0.02
# Channels that differ by more than this are a color, not gray with what JPEG leaves of it.
_GRAY = 24
_ZERO = re.compile(r"\s*[+-]?0*\.?0+\s*[a-z\"]*\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on the tile: its middle (x, y) in mm from the top left corner, its size in mm, and whether it is round.

    It may lie across the tile's edge, or beyond it: what repeats has no edge.
    """

    x: float
    y: float
    width: float
    height: float
    round: bool = True


def spots(places: list[str], *, radius: str | None, box: str | None) -> tuple[Spot, ...]:
    """Return the spots of places such as "100mm,20cm", all with one radius ("40mm", "40x25mm") or box ("80x60mm").

    Raises InputError if a place or size cannot be read, or if there is not exactly one of radius and box.
    """
    if (radius is None) == (box is None):
        raise InputError("a place needs its size: give --radius for a round one or --box for a rectangle, not both.")
    width, height = parse_size(radius or box or "")
    round_, times = (True, 2) if radius else (False, 1)
    return tuple(Spot(*_place(place), width * times, height * times, round_) for place in places)


def marked(found: tuple[Spot, ...], separation: Separation) -> np.ndarray:
    """Return (H, W) bool: the pixels of a design whose middle is in one of the spots, wherever their copies lie."""
    grid, lattice = separation.grid, separation.lattice
    mask = np.zeros((grid.height, grid.width), bool)
    across, down = lattice.width / grid.width, lattice.height / grid.height
    for spot in found:
        # More than the repeat rectangle marks nothing new.
        half = [min(side / 2, 2 * max(lattice.width, lattice.height)) for side in (spot.width, spot.height)]
        y = np.arange(math.floor((spot.y - half[1]) / down), math.ceil((spot.y + half[1]) / down) + 1)
        x = np.arange(math.floor((spot.x - half[0]) / across), math.ceil((spot.x + half[0]) / across) + 1)
        dy, dx = ((y + 0.5) * down - spot.y) / (spot.height / 2), ((x + 0.5) * across - spot.x) / (spot.width / 2)
        far = np.hypot(*np.meshgrid(dx, dy)) if spot.round else np.maximum(*np.meshgrid(abs(dx), abs(dy)))
        rows, columns = np.nonzero(far <= 1)
        mask[grid.wrap(y[rows], x[columns])] = True
    return mask


def painted(file: Path, separation: Separation) -> np.ndarray:
    """Return (H, W) bool of a mask that is white where a design is to be redrawn, of any size but of its shape.

    That is the shape of one tile, or of the smallest rectangle that repeats straight, whose tiles are all marked.
    Raises InputError if it is no picture, has colors, or has another shape.
    """
    from patterns.seam import read_picture

    pixels = read_picture(file)
    if int((pixels.max(axis=2).astype(int) - pixels.min(axis=2)).max()) > _GRAY:
        raise InputError(f"the mask {file} has colors; paint white what is to be redrawn and black what is to stay.")
    grid = separation.grid
    across, down = next((c for c in ((1, 1), grid.copies) if _same_shape(pixels, separation, c)), (0, 0))
    if not across:
        raise InputError(_other_shape(file, pixels, separation))
    whole = _resized(pixels[:, :, 1], grid.width * across, grid.height * down)
    mask = np.zeros((grid.height, grid.width), bool)
    mask[grid.wrap(*np.nonzero(whole))] = True
    return mask


def symmetric(mask: np.ndarray, grid: Grid, symmetry: str) -> np.ndarray:
    """Return the mask (H, W) with all the places that the plane group takes it to."""
    if symmetry == "p1":
        return mask
    whole = np.asarray(mask.ravel()[Symmetry(symmetry).sources(grid)].any(axis=0))
    return whole.reshape(mask.shape)


def refuse_useless(mask: np.ndarray) -> None:
    """Raise InputError if a mask marks nothing, or everything."""
    if not mask.any():
        raise InputError("the mask marks nothing to redraw; paint white what is to be drawn anew, black what is kept.")
    if mask.all():
        raise InputError(
            "the mask marks the whole tile (what is transparent counts as white); paint black what is kept, or use "
            "`patterns vary` to draw all of it anew."
        )


def written(mask: np.ndarray) -> tuple[str, bytes]:
    """Return the SHA-256 digest and the bytes of a mask (H, W) bool as a PNG file of 1 bit a pixel."""
    from PIL import Image

    file = io.BytesIO()
    Image.fromarray(mask).save(file, "PNG")
    return hashlib.sha256(file.getvalue()).hexdigest(), file.getvalue()


def unpacked(data: bytes) -> np.ndarray:
    """Return the mask (H, W) bool of a file that ``written`` made."""
    from PIL import Image

    with Image.open(io.BytesIO(data), formats=("PNG",)) as picture:
        return np.asarray(picture.convert("1"), bool)


def _place(text: str) -> tuple[float, float]:
    parts = text.split(",")
    if len(parts) != 2:
        raise InputError(f"{text!r} is no place on a tile; write how far right and how far down: 100mm,20cm.")
    x, y = (_distance(part) for part in parts)
    return x, y


def _distance(text: str) -> float:
    """Return a distance in mm, which unlike a length may be zero or negative."""
    if _ZERO.fullmatch(text):
        return 0.0
    sign = -1 if text.strip().startswith("-") else 1
    return sign * parse_length(text.strip().lstrip("+-"))


def _same_shape(pixels: np.ndarray, separation: Separation, copies: tuple[int, int]) -> bool:
    height, width = pixels.shape[:2]
    lattice, grid = separation.lattice, separation.grid
    stretch = copies[0] / copies[1] * height / width
    shapes = (lattice.width / lattice.height, grid.width / grid.height)
    # A pixel more or less is none in a small mask.
    return any(abs(math.log(shape * stretch)) <= _SAME_SHAPE + 1 / min(height, width) for shape in shapes)


def _other_shape(file: Path, pixels: np.ndarray, separation: Separation) -> str:
    lattice, grid = separation.lattice, separation.grid
    return (
        f"the mask {file} has {pixels.shape[1]} x {pixels.shape[0]} px, which is not the shape of the tile "
        f"({format_mm(lattice.width)} x {format_mm(lattice.height)}); paint it over the design's tile.png, "
        f"{grid.width} x {grid.height} px, or the same in another size."
    )


def _resized(gray: np.ndarray, width: int, height: int) -> np.ndarray:
    """Return (height, width) bool: where half of a pixel or more is white in (H, W) uint8."""
    from PIL import Image

    return np.asarray(Image.fromarray(np.ascontiguousarray(gray)).resize((width, height), Image.Resampling.BOX)) >= 128
