"""The lattice: which translations leave a pattern unchanged, in millimeters and in pixels.

A ``Lattice`` is the repeat as the trade means it, in mm. A ``Grid`` is the same lattice on whole pixels, and is
what every computation that looks at a neighbor asks: padding, rolling, paving, the smallest rectangle that
repeats straight. Both are values in Hermite form: one offset, down a column (a *drop*) or along a row (a *slide*).
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from patterns.errors import LatticeError

# A hexagonal lattice is a half-drop whose six nearest neighbors are equally far: W = sqrt(3)/2 H.
HEXAGONAL_WIDTH = math.sqrt(3) / 2
# Delivered pixels are square; a model's may be this far off, corrected in enlarging.
SQUARENESS = 0.03

NAMED_REPEATS = {
    "straight": (Fraction(0), Fraction(0)),
    "half-drop": (Fraction(1, 2), Fraction(0)),
    "third-drop": (Fraction(1, 3), Fraction(0)),
    "quarter-drop": (Fraction(1, 4), Fraction(0)),
    "brick": (Fraction(0), Fraction(1, 2)),
    "hexagonal": (Fraction(1, 2), Fraction(0)),
}


@dataclass(frozen=True, slots=True)
class Lattice:
    """The translations that leave a pattern unchanged.

    A tile of ``width`` by ``height`` millimeters repeats along both axes; the column to the right sits lower by
    ``drop`` of a height, or the row below sits to the right by ``slide`` of a width. At most one is non-zero, and
    both are in [0, 1).
    """

    width: float
    height: float
    drop: Fraction = Fraction(0)
    slide: Fraction = Fraction(0)

    def __post_init__(self) -> None:
        if not (0 < self.width < math.inf and 0 < self.height < math.inf):
            raise LatticeError(
                f"a tile of {self.width:g} x {self.height:g} mm has no area; both sides must be positive."
            )
        if self.drop and self.slide:
            raise LatticeError("a repeat has a drop or a slide, not both; write the same lattice with one of them.")
        if not (0 <= self.drop < 1 and 0 <= self.slide < 1):
            raise LatticeError("a drop or slide is a fraction of the tile, at least 0 and less than 1.")

    @classmethod
    def named(cls, repeat: str, width: float, height: float | None = None) -> "Lattice":
        """Return the lattice of a named repeat: see ``parse_repeat`` for the names.

        Without ``height`` the tile is square, except that a hexagonal tile is 2/sqrt(3) as high as it is wide; a
        hexagonal repeat of any other shape is refused.
        """
        drop, slide = parse_repeat(repeat)
        if repeat == "hexagonal":
            natural = width / HEXAGONAL_WIDTH
            if height is not None and abs(height / natural - 1) > SQUARENESS:
                raise LatticeError(
                    f"a hexagonal repeat {width:g} mm wide is {natural:.1f} mm high, not {height:g} mm; "
                    "leave the height out, or ask for a half-drop."
                )
            height = height or natural
        return cls(width, width if height is None else height, drop, slide)

    @property
    def repeat(self) -> str:
        """The trade's name of the repeat: "straight", "half-drop", "drop 2/5", "brick", "slide 1/3"."""
        if self.drop == Fraction(1, 2) and math.isclose(self.width, HEXAGONAL_WIDTH * self.height, rel_tol=5e-3):
            return "hexagonal"
        for name, offsets in NAMED_REPEATS.items():
            if offsets == (self.drop, self.slide):
                return name
        return f"drop {self.drop}" if self.drop else f"slide {self.slide}"

    @property
    def vectors(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """Two translations (x, y) in mm, y downward, that generate the lattice."""
        return (self.width, float(self.drop) * self.height), (float(self.slide) * self.width, self.height)

    @property
    def copies(self) -> tuple[int, int]:
        """How many tiles (across, down) make the smallest rectangle that repeats straight."""
        return self.drop.denominator, self.slide.denominator

    def rectangle(self) -> "Lattice":
        """Return the smallest rectangle that repeats straight, as a lattice of its own."""
        across, down = self.copies
        return Lattice(self.width * across, self.height * down)

    def contains(self, x: float, y: float, *, tolerance: float = 1e-6) -> bool:
        """Return whether the translation (x, y) in mm leaves the pattern unchanged, to ``tolerance`` mm."""
        if self.slide:
            row = round(y / self.height)
            column = round(x / self.width - row * self.slide)
        else:
            column = round(x / self.width)
            row = round(y / self.height - column * self.drop)
        (ax, ay), (bx, by) = self.vectors
        return math.hypot(column * ax + row * bx - x, column * ay + row * by - y) <= tolerance

    def grid(self, width_px: int, height_px: int, *, stride: int = 1) -> "Grid":
        """Return the lattice on width_px x height_px pixels, carried by every level of a network of total ``stride``.

        Raises LatticeError, naming the nearest sizes that work, if a side or the offset is not a whole number of
        strides, or if the pixels would be more than 3 % off square.
        """
        _refuse_indivisible("width", width_px, stride * self.slide.denominator, self.repeat, stride)
        _refuse_indivisible("height", height_px, stride * self.drop.denominator, self.repeat, stride)
        aspect = (self.width / width_px) / (self.height / height_px)
        if abs(aspect - 1) > SQUARENESS:
            better = self.grids(around_px=width_px * height_px, stride=stride)
            raise LatticeError(
                f"{width_px} x {height_px} px for {self.width:g} x {self.height:g} mm makes pixels "
                f"{abs(aspect - 1):.1%} off square; at most {SQUARENESS:.0%} can be corrected. "
                f"Nearest that work: {_listed(better)}."
            )
        return Grid(width_px, height_px, int(self.drop * height_px), int(self.slide * width_px))

    def grids(self, *, around_px: float, stride: int = 1, count: int = 3) -> list["Grid"]:
        """Return up to ``count`` grids with nearly square pixels whose area is nearest to ``around_px`` pixels."""
        step_x, step_y = stride * self.slide.denominator, stride * self.drop.denominator
        found = []
        ideal = math.sqrt(around_px * self.width / self.height)
        for columns in range(1, max(2, int(4 * ideal / step_x)) + 1):
            width_px = columns * step_x
            rows = max(1, round(width_px * self.height / self.width / step_y))
            aspect = (self.width / width_px) * (rows * step_y / self.height)
            if abs(aspect - 1) <= SQUARENESS:
                cost = abs(math.log(width_px * rows * step_y / around_px)) + 4 * abs(aspect - 1)
                found.append((cost, width_px, rows * step_y))
        return [Grid(w, h, int(self.drop * h), int(self.slide * w)) for _, w, h in sorted(found)[:count]]

    def grid_at(self, px_per_mm: float, *, stride: int = 1) -> "Grid":
        """Return the grid nearest to a resolution; LatticeError if the tile fits none within 3 % of square pixels."""
        found = self.grids(around_px=self.width * self.height * px_per_mm**2, stride=stride, count=1)
        if not found:
            raise LatticeError(
                f"a {self.repeat} tile of {self.width:g} x {self.height:g} mm fits no pixel grid with sides that are "
                f"whole multiples of {stride} px and nearly square pixels; bring its sides nearer to each other."
            )
        return found[0]


@dataclass(frozen=True, slots=True)
class Grid:
    """A lattice on whole pixels: a cell of ``width`` by ``height`` pixels whose copies tile the plane.

    The cell to the right sits ``drop`` pixels lower, or the cell below sits ``slide`` pixels to the right.
    Arrays have the cell in two axes, rows first; by default the last two, (..., height, width).
    """

    width: int
    height: int
    drop: int = 0
    slide: int = 0

    def __post_init__(self) -> None:
        if self.width < 1 or self.height < 1:
            raise LatticeError(f"a grid of {self.width} x {self.height} px has no pixel.")
        if self.drop and self.slide:
            raise LatticeError("a grid has a drop or a slide, not both.")
        if not (0 <= self.drop < self.height and 0 <= self.slide < self.width):
            raise LatticeError("a grid's drop is less than its height and its slide less than its width.")

    @property
    def copies(self) -> tuple[int, int]:
        """How many cells (across, down) make the smallest rectangle that repeats straight."""
        across = self.height // math.gcd(self.drop, self.height) if self.drop else 1
        down = self.width // math.gcd(self.slide, self.width) if self.slide else 1
        return across, down

    def scaled(self, factor: Fraction | int) -> "Grid":
        """Return the grid with every length multiplied; LatticeError if a length would not be whole."""
        lengths = [Fraction(v) * factor for v in (self.width, self.height, self.drop, self.slide)]
        if any(v.denominator != 1 for v in lengths):
            raise LatticeError(f"a {self.width} x {self.height} px grid with this offset cannot be scaled by {factor}.")
        return Grid(*(int(v) for v in lengths))

    def wrap(self, y: np.ndarray, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the (rows, columns) inside the cell that whole-pixel positions anywhere in the plane fall on."""
        if self.slide:
            turn = np.floor_divide(y, self.height)
            return y - turn * self.height, np.mod(x - turn * self.slide, self.width)
        turn = np.floor_divide(x, self.width)
        return np.mod(y - turn * self.drop, self.height), x - turn * self.width

    def window(self, array: np.ndarray, *, top: int, left: int, height: int, width: int) -> np.ndarray:
        """Return the paved plane between rows top..top+height and columns left..left+width; array (..., H, W)."""
        rows, columns = self.wrap(*np.mgrid[top : top + height, left : left + width])
        return array[..., rows, columns]

    def roll(self, array: np.ndarray, dy: int, dx: int) -> np.ndarray:
        """Return the cell (..., H, W) of the same pattern moved down by dy and right by dx pixels."""
        return self.window(array, top=-dy, left=-dx, height=self.height, width=self.width)

    def rectangle(self, array: np.ndarray) -> np.ndarray:
        """Return the smallest rectangle (..., H', W') that repeats straight."""
        across, down = self.copies
        return self.window(array, top=0, left=0, height=self.height * down, width=self.width * across)

    def halo(self, margin: int) -> tuple[np.ndarray, np.ndarray]:
        """Return where the padding is and what it shows: flat positions in the padded cell, and in the cell.

        With n pixels of padding both are (n,) int64, so that ``padded.flat[positions] = cell.flat[sources]``.
        """
        height, width = self.height + 2 * margin, self.width + 2 * margin
        rows, columns = np.mgrid[-margin : self.height + margin, -margin : self.width + margin]
        outside = (rows < 0) | (rows >= self.height) | (columns < 0) | (columns >= self.width)
        y, x = self.wrap(rows[outside], columns[outside])
        return np.arange(height * width).reshape(height, width)[outside], y * self.width + x

    def translations(self, left: float, top: float, right: float, bottom: float) -> Iterator[tuple[int, int]]:
        """Yield where the top left corners (x, y) of all copies of the cell lie that meet a box, in px."""
        if self.slide:
            for row in range(math.floor(top / self.height), math.ceil(bottom / self.height)):
                start, stop = (side - row * self.slide for side in (left, right))
                for column in range(math.floor(start / self.width), math.ceil(stop / self.width)):
                    yield column * self.width + row * self.slide, row * self.height
            return
        for column in range(math.floor(left / self.width), math.ceil(right / self.width)):
            start, stop = (side - column * self.drop for side in (top, bottom))
            for row in range(math.floor(start / self.height), math.ceil(stop / self.height)):
                yield column * self.width, row * self.height + column * self.drop

    def harmonic(self, kx: float, ky: float) -> tuple[float, float]:
        """Return the wave vector of the reciprocal lattice near (kx, ky), in cycles per pixel, both rounded jointly.

        It is ((m - n drop/H)/W, n/H) with whole m and n, or with the axes swapped for a slide: a wave with it is
        periodic on the lattice.
        """
        if self.slide:
            m = round(kx * self.width)
            n = round(ky * self.height + m * self.slide / self.width)
            return m / self.width, (n - m * self.slide / self.width) / self.height
        n = round(ky * self.height)
        m = round(kx * self.width + n * self.drop / self.height)
        return (m - n * self.drop / self.height) / self.width, n / self.height

    def pad(self, array: Any, margin: int) -> Any:
        """Return (..., H, W) with ``margin`` pixels of its neighbors on every side; it may exceed the cell.

        Takes numpy arrays and torch tensors alike, and returns the same kind.
        """
        return self.pad_sides(array, (margin, margin, margin, margin))

    def pad_sides(self, array: Any, sides: tuple[int, int, int, int]) -> Any:
        """Return (..., H, W) padded by (left, right, top, bottom) pixels of its neighbors."""
        left, right, top, bottom = sides
        height, width = self.height + top + bottom, self.width + left + right
        shape = (*array.shape[:-2], height, width)
        padded = np.empty(shape, array.dtype) if isinstance(array, np.ndarray) else array.new_empty(shape)
        for x, y in self.translations(-left, -top, self.width + right, self.height + bottom):
            y0, y1 = max(0, y + top), min(height, y + top + self.height)
            x0, x1 = max(0, x + left), min(width, x + left + self.width)
            padded[..., y0:y1, x0:x1] = array[..., y0 - y - top : y1 - y - top, x0 - x - left : x1 - x - left]
        return padded


def parse_repeat(repeat: str) -> tuple[Fraction, Fraction]:
    """Return (drop, slide) of a repeat: a name, "drop 2/5", "slide 1/3", or a bare fraction for a drop.

    Raises LatticeError on a repeat that nobody knows.
    """
    text = repeat.strip().lower().replace("_", "-")
    if text in NAMED_REPEATS:
        return NAMED_REPEATS[text]
    kind, _, fraction = text.rpartition(" ")
    try:
        value = Fraction(fraction)
        if kind not in ("", "drop", "slide") or not 0 <= value < 1 or value.denominator > 64:
            raise ValueError
    except (ValueError, ZeroDivisionError):
        raise LatticeError(
            f"no repeat is called {repeat!r}; there are {', '.join(NAMED_REPEATS)}, and fractions such as "
            "'drop 2/5' or 'slide 1/3'."
        ) from None
    return (Fraction(0), value) if kind == "slide" else (value, Fraction(0))


def _refuse_indivisible(side: str, size_px: int, multiple: int, repeat: str, stride: int) -> None:
    if size_px >= multiple and size_px % multiple == 0:
        return
    below = max(multiple, size_px // multiple * multiple)
    levels = f" at every level of the model (stride {stride})" if stride > 1 else ""
    raise LatticeError(
        f"a {repeat} needs a tile {side} divisible by {multiple} px{levels}; {size_px} px is not. "
        f"Nearest that are: {below} px, {below + multiple} px."
    )


def _listed(grids: list[Grid]) -> str:
    return ", ".join(f"{g.width} x {g.height} px" for g in grids) or "none near this size"
