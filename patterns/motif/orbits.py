"""Motifs in a plane group: wherever one stands, its images stand too, turned and mirrored as the group moves them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import atan2, pi

import numpy as np
import skia

from patterns.lattice import Grid
from patterns.motif.arrangement import Arrangement, Layer
from patterns.motif.canvas import Placement, Shape
from patterns.motif.composing import GAPS, Wish
from patterns.motif.family import Style
from patterns.motif.layout import distances, spacing
from patterns.symmetry import Symmetry

# How many places are tried for each motif that has room, at least and at most in all, and how many ways to fill the
# tile, the fullest of which is kept.
_EACH, _TRIES, _FILLINGS = 6, (360, 1500), 8
# Where a second family has no room, motifs are made smaller by this.
_LESS = 0.85
# Second motifs that are smaller are so by one of these: the one by which they fill the tile most.
_SMALLER = (0.6, 0.5, 0.4)
# Dots fill the gaps: their radius and the least room from their middle to a motif's, in radii of the motif, and where
# in the cell they are tried, which is where axes and mirrors are.
_DOT, _ROOM, _PARTS, _DOTS = 0.13, 1.35, 12, 3


@dataclass(frozen=True, slots=True)
class _Image:
    """A motion in px: a matrix (2, 2) and a shift (2,)."""

    matrix: np.ndarray
    shift: np.ndarray

    def of(self, place: Placement) -> Placement:
        """Return where a motif at a place is taken to."""
        cosine, sine = np.cos(place.turn), np.sin(place.turn)
        stands = np.array([[cosine, -sine], [sine, cosine]]) @ np.diag([-1.0 if place.flip else 1.0, 1.0])
        moved, (x, y) = self.matrix @ stands, self.matrix @ (place.x, place.y) + self.shift
        flip = bool(np.linalg.det(moved) < 0)
        turned = moved @ np.diag([-1.0 if flip else 1.0, 1.0])
        return replace(place, x=float(x), y=float(y), turn=atan2(turned[1, 0], turned[0, 0]), flip=flip)


def orbited(
    rng: np.random.Generator, grid: Grid, wish: Wish, symmetry: str, *, two: bool, smaller: bool, upright: bool
) -> Arrangement:
    """Return motifs at general places of a plane group, as many as the size and density that are wished for let stand.

    They are smaller where not even one and its images had room, or none of a second family's. Seconds take every other
    place if there are ``two`` families of one size, else the gaps. All images of a place follow one another. Raises
    LatticeError if the grid cannot carry the group.
    """
    layout, density, radius = wish
    images = _images(grid, symmetry)
    gap = GAPS[density]
    count = int(np.clip(_EACH * grid.width * grid.height / (gap * radius) ** 2, *_TRIES))
    tried = rng.uniform((0, 0), (grid.width, grid.height), (count, 2))
    own = np.array([spacing(grid, _orbit(images, *point)) for point in tried])
    radius = min(radius, float(own.max()) / gap)
    equals = two and not smaller
    fullest, heroes, seconds, share = -1.0, [], [], 1.0
    for _ in range(_FILLINGS):
        found = _filled(rng, grid, images, (tried, own), gap * radius)
        every = np.concatenate([_orbit(images, *point) for point in found])
        for less in (1.0,) if equals else _SMALLER:
            around = (every, gap * radius * (1 + less) / 2)
            small = [] if equals else _filled(rng, grid, images, (tried, own), less * gap * radius, around=around)
            full = len(found) + less**2 * len(small)
            if full > fullest:
                fullest, heroes, seconds, share = full, found, small, less
    if equals:
        heroes, seconds = heroes[0::2], heroes[1::2]
    if two and not seconds:
        roomier = (layout, density, _LESS * radius)
        return orbited(rng, grid, roomier, symmetry, two=True, smaller=True, upright=upright)
    lean = (lambda: 0.0) if upright or layout not in ("tossed", "ditsy") else (lambda: float(rng.uniform(0, 2 * pi)))
    return Arrangement(
        grid, _placed(images, heroes, lean), radius, density, _placed(images, seconds, lean), share * radius,
        alike=not two,
    )  # fmt: skip


def dotted(grid: Grid, style: Style, planned: Arrangement, symmetry: str) -> tuple[Layer, ...]:
    """Return dots in the widest gaps of an arrangement, on axes and mirrors above all; none where there is no room."""
    images, radius = _images(grid, symmetry), planned.radius
    taken = np.array([(p.x, p.y) for p in (*planned.heroes, *planned.seconds)])
    at = np.arange(_PARTS) / _PARTS
    spots = np.array([_in_px(grid) @ (x, y) for y in at for x in at])
    size = max(2.0, _DOT * radius)
    dot = (Shape(skia.Path.Circle(0, 0, size), style.ink("accent", on=0)),)
    layers: list[Layer] = []
    orbits = [_distinct(grid, _orbit(images, *spot)) for spot in spots]
    crowded = [len(orbit) > 1 and spacing(grid, orbit) < 4 * size for orbit in orbits]
    for _ in range(_DOTS):
        room = np.min([distances(grid, spots, x, y) for x, y in taken], axis=0)
        room[crowded] = 0
        if room.max() < _ROOM * radius:
            break
        # Of equal gaps the one with the fewest images: it is on an axis.
        widest = [orbits[i] for i in np.flatnonzero(room > room.max() - 0.5)]
        found = min(widest, key=len)
        layers += [(dot, Placement(float(x), float(y))) for x, y in found]
        taken = np.concatenate([taken, found])
    return tuple(layers)


def _filled(
    rng: np.random.Generator, grid: Grid, images: list[_Image], tries: tuple[np.ndarray, np.ndarray], gap: float,
    *, around: tuple[np.ndarray, float] | None = None,
) -> list[np.ndarray]:  # fmt: skip
    """Return points whose images all stand ``gap`` px apart, each the snuggest that still has room after the first.

    ``around`` are points (N, 2) that stand already, and how far from them the others keep.
    """
    points, own = tries
    points = points[own >= gap * (1 - 1e-9)]
    room = np.full(len(points), np.inf)
    if around is not None:
        for x, y in around[0]:
            room = np.minimum(room, distances(grid, points, x, y) - (around[1] - gap))
    found: list[np.ndarray] = []
    while (fitting := np.flatnonzero(room >= gap)).size:
        chosen = int(fitting[room[fitting].argmin()] if found else rng.choice(fitting))
        found.append(points[chosen])
        for x, y in _orbit(images, *points[chosen]):
            room = np.minimum(room, distances(grid, points, x, y))
    return found


def _placed(images: list[_Image], points: list[np.ndarray], lean: Callable[[], float]) -> tuple[Placement, ...]:
    places = [Placement(float(x), float(y), lean()) for x, y in points]
    return tuple(image.of(place) for place in places for image in images)


def _orbit(images: list[_Image], x: float, y: float) -> np.ndarray:
    """Return the images (order, 2) of a point in px."""
    return np.array([image.matrix @ (x, y) + image.shift for image in images])


def _distinct(grid: Grid, points: np.ndarray) -> np.ndarray:
    """Return points (N, 2) of which none is where another is on the lattice."""
    kept: list[np.ndarray] = []
    for point in points:
        if not kept or distances(grid, np.array(kept), *point).min() > 0.5:
            kept.append(point)
    return np.array(kept)


def _images(grid: Grid, symmetry: str) -> list[_Image]:
    to_px = _in_px(grid)
    back = np.linalg.inv(to_px)
    return [
        _Image(to_px @ np.array(motion.matrix) @ back, to_px @ np.array([float(v) for v in motion.shift]))
        for motion in Symmetry(symmetry).on(grid)
    ]


def _in_px(grid: Grid) -> np.ndarray:
    """Return the lattice's vectors in px, as columns."""
    return np.array([[grid.width, grid.slide], [grid.drop, grid.height]], float)
