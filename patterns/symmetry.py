"""The 17 plane groups: what else, beside the lattice, leaves a pattern unchanged.

Coordinates are fractions of a basis of the group's crystal system, x along its first vector; general positions as in
the International Tables for Crystallography, volume A (2016), section 2.2. The rhombic groups cm and cmm are given
on the primitive basis (a + b)/2, (b - a)/2 of their centered rectangle, so that every order is per primitive cell.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Literal

import numpy as np

from patterns.errors import LatticeError
from patterns.lattice import Grid, Lattice

System = Literal["oblique", "rectangular", "rhombic", "square", "hexagonal"]
Matrix = tuple[tuple[int, int], tuple[int, int]]
Point = tuple[Fraction, Fraction]

# Sides this near to equal (or to the hexagonal ratio) count as such: the tolerance of the lattice's own names.
SHAPE_TOLERANCE = 5e-3
HALF = Fraction(1, 2)
NOWHERE = (Fraction(0), Fraction(0))

IDENTITY: Matrix = ((1, 0), (0, 1))
HALF_TURN: Matrix = ((-1, 0), (0, -1))
MIRROR_X: Matrix = ((-1, 0), (0, 1))
QUARTER_TURN: Matrix = ((0, -1), (1, 0))
THIRD_TURN: Matrix = ((0, -1), (1, -1))
SWAP: Matrix = ((0, 1), (1, 0))
ANTI_SWAP: Matrix = ((0, -1), (-1, 0))


@dataclass(frozen=True, slots=True)
class Motion:
    """A map of the plane onto itself in a lattice's own basis: ``matrix`` times the point, plus ``shift``, modulo 1."""

    matrix: Matrix = IDENTITY
    shift: Point = NOWHERE

    def __call__(self, point: Point) -> Point:
        """Return where a point goes, inside the cell."""
        (a, b), (c, d) = self.matrix
        x, y = point
        return (a * x + b * y + self.shift[0]) % 1, (c * x + d * y + self.shift[1]) % 1

    def after(self, first: "Motion") -> "Motion":
        """Return the motion that does ``first``, then this one."""
        return Motion(_times(self.matrix, first.matrix), self(first.shift))

    def inverse(self) -> "Motion":
        """Return the motion that undoes this one."""
        undone = Motion(_inverse(self.matrix))
        x, y = undone(self.shift)
        return Motion(undone.matrix, (-x % 1, -y % 1))


# name: crystal system, generators beside the lattice's own translations.
_GROUPS: dict[str, tuple[System, tuple[Motion, ...]]] = {
    "p1": ("oblique", ()),
    "p2": ("oblique", (Motion(HALF_TURN),)),
    "pm": ("rectangular", (Motion(MIRROR_X),)),
    "pg": ("rectangular", (Motion(MIRROR_X, (Fraction(0), HALF)),)),
    "cm": ("rhombic", (Motion(SWAP),)),
    "pmm": ("rectangular", (Motion(HALF_TURN), Motion(MIRROR_X))),
    "pmg": ("rectangular", (Motion(HALF_TURN), Motion(MIRROR_X, (HALF, Fraction(0))))),
    "pgg": ("rectangular", (Motion(HALF_TURN), Motion(MIRROR_X, (HALF, HALF)))),
    "cmm": ("rhombic", (Motion(HALF_TURN), Motion(SWAP))),
    "p4": ("square", (Motion(QUARTER_TURN),)),
    "p4m": ("square", (Motion(QUARTER_TURN), Motion(MIRROR_X))),
    "p4g": ("square", (Motion(QUARTER_TURN), Motion(MIRROR_X, (HALF, HALF)))),
    "p3": ("hexagonal", (Motion(THIRD_TURN),)),
    "p3m1": ("hexagonal", (Motion(THIRD_TURN), Motion(ANTI_SWAP))),
    "p31m": ("hexagonal", (Motion(THIRD_TURN), Motion(SWAP))),
    "p6": ("hexagonal", (Motion(THIRD_TURN), Motion(HALF_TURN))),
    "p6m": ("hexagonal", (Motion(THIRD_TURN), Motion(HALF_TURN), Motion(ANTI_SWAP))),
}
GROUPS = tuple(_GROUPS)

_NEEDS: dict[System, str] = {
    "oblique": "any repeat",
    "rectangular": "a straight repeat",
    "rhombic": "a half-drop, a brick or a hexagonal repeat",
    "square": "a straight repeat that is as high as it is wide",
    "hexagonal": "a hexagonal repeat",
}


@dataclass(frozen=True, slots=True)
class Symmetry:
    """One of the 17 plane groups, by its short name: see ``GROUPS``. LatticeError on a name that nobody knows.

    Mirrors of pm, pg, pmg and cm stand upright: they swap left and right.
    """

    name: str

    def __post_init__(self) -> None:
        if self.name not in _GROUPS:
            raise LatticeError(f"no plane group is called {self.name!r}; there are {', '.join(GROUPS)}.")

    @property
    def system(self) -> System:
        """The least regular lattice that carries the group."""
        return _GROUPS[self.name][0]

    @property
    def generators(self) -> tuple[Motion, ...]:
        """Motions in the system's basis that, with the lattice, generate the group."""
        return _GROUPS[self.name][1]

    @property
    def elements(self) -> tuple[Motion, ...]:
        """Every motion of the group modulo the lattice, the identity first."""
        found = [Motion()]
        for motion in found:
            found.extend(new for g in self.generators if (new := g.after(motion)) not in found)
        return tuple(found)

    @property
    def order(self) -> int:
        """How many motions the group has for each primitive cell."""
        return len(self.elements)

    def orbit(self, point: Iterable[Fraction | int]) -> frozenset[Point]:
        """Return the places in one cell that a point (x, y), fractions of the system's basis, is taken to."""
        x, y = (Fraction(v) for v in point)
        return frozenset(motion((x, y)) for motion in self.elements)

    def allowed_on(self, lattice: Lattice) -> bool:
        """Return whether the lattice can carry the group in its upright setting."""
        return _basis(self.system, lattice) is not None

    def require_on(self, lattice: Lattice) -> None:
        """Raise LatticeError, naming the repeats that would work, unless the lattice can carry the group."""
        if not self.allowed_on(lattice):
            possible = ", ".join(name for name in GROUPS if Symmetry(name).allowed_on(lattice))
            raise LatticeError(
                f"a {lattice.repeat} repeat of {lattice.width:g} x {lattice.height:g} mm cannot have the symmetry "
                f"{self.name}, which needs {_NEEDS[self.system]}; this one can have {possible}."
            )

    def on(self, grid: Grid) -> tuple[Motion, ...]:
        """Return the group's motions in the basis of a grid's own lattice vectors, (width, drop) and (slide, height).

        A straight N x N grid carries a three-fold group as an oblique grid: column and row run along two vectors 60
        degrees apart. Raises LatticeError if the grid cannot carry the group.
        """
        if self.system == "hexagonal" and not (grid.drop or grid.slide):
            basis = ((1, -1), (0, 1)) if grid.width == grid.height else None
        else:
            basis = _basis(self.system, _lattice_of(grid), tolerance=0.03 if self.system == "hexagonal" else 1e-9)
        if basis is None:
            raise LatticeError(
                f"{grid.width} x {grid.height} px with a drop of {grid.drop} and a slide of {grid.slide} px cannot "
                f"have the symmetry {self.name}, which needs {_NEEDS[self.system]}."
            )
        back = _inverse(basis)
        return tuple(Motion(_times(_times(basis, m.matrix), back), Motion(basis)(m.shift)) for m in self.elements)

    def sources(self, grid: Grid) -> np.ndarray:
        """Return (order, H W) int64: the pixel of the cell, row by row, that each motion takes each pixel to.

        Exact for the twelve groups without three-fold axes, and for those five on an oblique N x N grid. On the square
        pixels of a hexagonal grid the five take the nearest pixel, so that edges may be one pixel off.
        """
        found = []
        for motion in self.on(grid):
            rows, columns = _sources(motion, grid, oblique=self._oblique(grid))
            found.append((rows * grid.width + columns).ravel())
        return np.stack(found)

    def exact_on(self, grid: Grid) -> bool:
        """Return whether the motions take pixels to pixels, so that a pattern can have the symmetry to the last bit."""
        return self.system != "hexagonal" or self._oblique(grid)

    def symmetrize(self, planes: np.ndarray, grid: Grid) -> np.ndarray:
        """Return (K, H, W), each plane averaged over the group: the nearest pattern that has the symmetry.

        As exact as ``sources``.
        """
        flat = planes.reshape(*planes.shape[:-2], -1)
        total = np.zeros(flat.shape, np.float64)
        sources = self.sources(grid)
        for source in sources:
            total += flat[..., source]
        return (total / len(sources)).astype(planes.dtype).reshape(planes.shape)

    def is_invariant(self, planes: np.ndarray, grid: Grid, *, tolerance: float = 1e-6) -> bool:
        """Return whether every motion of the group leaves (K, H, W) unchanged to ``tolerance`` at every pixel."""
        flat = planes.reshape(*planes.shape[:-2], -1)
        return all(np.allclose(flat[..., source], flat, 0, tolerance) for source in self.sources(grid))

    def _oblique(self, grid: Grid) -> bool:
        return self.system == "hexagonal" and not (grid.drop or grid.slide)


def _times(a: Matrix, b: Matrix) -> Matrix:
    (p, q), (r, s) = b
    (a0, a1), (b0, b1) = a
    return (a0 * p + a1 * r, a0 * q + a1 * s), (b0 * p + b1 * r, b0 * q + b1 * s)


def _inverse(matrix: Matrix) -> Matrix:
    (a, b), (c, d) = matrix
    sign = a * d - b * c
    assert sign in (1, -1), "only unimodular matrices map a lattice onto itself"
    return (sign * d, -sign * b), (-sign * c, sign * a)


def _lattice_of(grid: Grid) -> Lattice:
    return Lattice(grid.width, grid.height, Fraction(grid.drop, grid.height), Fraction(grid.slide, grid.width))


def _basis(system: System, lattice: Lattice, *, tolerance: float = SHAPE_TOLERANCE) -> Matrix | None:
    """Return the system's basis in units of the lattice's vectors (as columns), or None if it has none."""
    if system == "oblique":
        return IDENTITY
    if system == "rectangular":
        return None if lattice.drop or lattice.slide else IDENTITY
    if system == "rhombic":
        return _rhombic(lattice)
    return _regular(lattice, 0.0 if system == "square" else -0.5, tolerance)


def _rhombic(lattice: Lattice) -> Matrix | None:
    """Return the two vectors that an upright mirror swaps, one right and down, one left and down."""
    if lattice.drop == HALF:
        return (1, -1), (0, 1)
    if lattice.slide == HALF:
        return (0, -1), (1, 1)
    return None


def _regular(lattice: Lattice, cosine: float, tolerance: float) -> Matrix | None:
    """Return two equally long lattice vectors at the angle with this cosine that span the lattice, right-handed."""
    vectors = np.array(lattice.vectors).T
    shortest = [v for v in product((-1, 0, 1, 2), repeat=2) if any(v)]
    for a, b in product(shortest, repeat=2):
        if a[0] * b[1] - a[1] * b[0] != 1:
            continue
        p, q = vectors @ a, vectors @ b
        long, short = math.hypot(*p), math.hypot(*q)
        if abs(long / short - 1) <= tolerance and abs(p @ q / (long * short) - cosine) <= tolerance:
            return (a[0], b[0]), (a[1], b[1])
    return None


def _sources(motion: Motion, grid: Grid, *, oblique: bool) -> tuple[np.ndarray, np.ndarray]:
    """Return the (rows, columns) that a motion takes each pixel of the cell to, in whole numbers throughout.

    Square pixels stand for their centers, half a pixel in; those of an oblique grid for the points themselves, because
    a turn by 60 degrees takes half-odd coordinates to whole ones.
    """
    x, y = np.meshgrid(np.arange(grid.width), np.arange(grid.height))
    half = 0 if oblique else 1
    # Twice the pixel coordinates, so that centers are whole; then G M G^-1 with G^-1 = adjugate / area.
    to_pixels = ((grid.width, grid.slide), (grid.drop, grid.height))
    adjugate = ((grid.height, -grid.slide), (-grid.drop, grid.width))
    (a, b), (c, d) = _times(_times(to_pixels, motion.matrix), adjugate)
    area = grid.width * grid.height
    dx, dy = (2 * (row[0] * motion.shift[0] + row[1] * motion.shift[1]) for row in to_pixels)
    if dx % 2 or dy % 2:
        raise LatticeError(
            f"a glide shifts by half a tile, and {grid.width} x {grid.height} px has no half; both sides must be even."
        )
    dx, dy = int(dx), int(dy)
    twice_x, twice_y = 2 * x + half, 2 * y + half
    columns = (a * twice_x + b * twice_y + (dx - half + 1) * area) // (2 * area)
    rows = (c * twice_x + d * twice_y + (dy - half + 1) * area) // (2 * area)
    return grid.wrap(rows, columns)
