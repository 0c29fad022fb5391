"""Layouts: where motifs go on a lattice, evenly, and without ever colliding across a joint."""

import math
from dataclasses import dataclass

import numpy as np

from patterns.lattice import Grid
from patterns.motif.canvas import Placement
from patterns.reading import SET_LAYOUTS

LAYOUTS = ("tossed", "one-way", "two-way", *SET_LAYOUTS)
# Up to this many motifs are spread by relaxation, which is slow but leaves no hole.
_RELAXED = 28
_MOST = 500
# Points of the cell that are looked at for each motif where motifs are evened out.
_LOOKED_AT = 24
# Area per motif in squared gaps: what packing at random comes to.
_ROOM = 0.95


@dataclass(frozen=True, slots=True)
class Ranks:
    """A regular set: how many columns and rows, and by how much of a row each column sits lower than the last."""

    across: int
    down: int
    drop: float = 0.0


def shortest(grid: Grid) -> float:
    """Return the distance in px from a point to the nearest of its own copies on the lattice."""
    copies = [
        (i * grid.width + j * grid.slide, j * grid.height + i * grid.drop) for i in range(4) for j in range(-4, 5)
    ]
    return min(math.hypot(x, y) for x, y in copies if x or y)


def offsets(grid: Grid, points: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return (dx, dy) px from each of ``points`` (N, 2) to the nearest lattice copy of (x, y): arrays (N, M)."""
    dx, dy = x[None, :] - points[:, :1], y[None, :] - points[:, 1:]
    if not (grid.drop or grid.slide):
        return dx - grid.width * np.rint(dx / grid.width), dy - grid.height * np.rint(dy / grid.height)
    if grid.slide:
        dy, dx = _sheared(dy, dx, (grid.height, grid.width, grid.slide))
        return dx, dy
    return _sheared(dx, dy, (grid.width, grid.height, grid.drop))


def _sheared(across: np.ndarray, along: np.ndarray, cell: tuple[int, int, int]) -> tuple[np.ndarray, np.ndarray]:
    """Return the shortest of the three candidates on a lattice whose turns ``across`` shift what lies ``along``."""
    width, height, shift = cell
    turn = np.rint(across / width)
    best, best_across, best_along = np.inf, across, along
    for extra in (-1, 0, 1):
        u = across - (turn + extra) * width
        v = along - (turn + extra) * shift
        v -= height * np.rint(v / height)
        far = u * u + v * v
        nearer = far < best
        best_across, best_along = np.where(nearer, u, best_across), np.where(nearer, v, best_along)
        best = np.where(nearer, far, best)
    return best_across, best_along


def distances(grid: Grid, points: np.ndarray, x: float, y: float) -> np.ndarray:
    """Return the distance in px from (x, y) to the nearest lattice copy of each of ``points`` (N, 2) as (x, y)."""
    return np.hypot(*offsets(grid, points, np.array([x]), np.array([y])))[:, 0]


def scatter(
    rng: np.random.Generator, grid: Grid, gap: float, *, first: np.ndarray | None = None, clear: float | None = None
) -> np.ndarray:
    """Return points (N, 2) as (x, y) px in the cell, at least ``gap`` px apart on the lattice, as full as can be.

    ``first`` are points that stand already and come first in the answer; the others keep ``clear`` px from them (the
    gap if None). Of many candidates, the snuggest that still fits is taken each time, which packs tighter than the
    farthest.
    """
    area = grid.width * grid.height
    tries = rng.uniform((0, 0), (grid.width, grid.height), (int(np.clip(9 * area / gap**2, 80, 1500)), 2))
    points = [] if first is None else list(first)
    room = np.full(len(tries), np.inf)
    for point in points:
        room = np.minimum(room, distances(grid, tries, *point) - ((clear or gap) - gap))
    while len(points) < _MOST:
        tries, room = tries[room >= gap], room[room >= gap]
        if not len(tries):
            break
        chosen = tries[int(room.argmin())]
        points.append(chosen)
        room = np.minimum(room, distances(grid, tries, *chosen))
    return np.array(points).reshape(-1, 2)


def spread(rng: np.random.Generator, grid: Grid, count: int) -> np.ndarray:
    """Return ``count`` points (N, 2) as (x, y) px spread evenly over the lattice.

    Each point in turn moves to the candidate that is farthest from all others, twice around (farthest-point
    optimization, Schloemer, Heck and Deussen 2011).
    """
    tries = rng.uniform((0, 0), (grid.width, grid.height), (max(240, 16 * count), 2))
    far = np.full((count, len(tries)), np.inf)
    points = tries[:count].copy()
    far[0] = distances(grid, tries, *points[0])
    for i in [*range(1, count), *range(count), *range(count)] if count > 1 else ():
        far[i] = np.inf
        points[i] = tries[int(far.min(axis=0).argmax())]
        far[i] = distances(grid, tries, *points[i])
    return points


def evened(grid: Grid, points: np.ndarray, *, rounds: int = 14) -> np.ndarray:
    """Return points (N, 2) each moved to the middle of what lies nearest to it, ``rounds`` times over (Lloyd 1982).

    What is scattered keeps its chance; the holes and the crowding go.
    """
    side = float(np.sqrt(grid.width * grid.height / (_LOOKED_AT * len(points))))
    y, x = (a.ravel() for a in np.mgrid[side / 2 : grid.height : side, side / 2 : grid.width : side])
    for _ in range(rounds if len(points) > 1 else 0):
        dx, dy = offsets(grid, points, x, y)
        owner = (dx * dx + dy * dy).argmin(axis=0)
        every, share = np.arange(len(x)), np.bincount(owner, minlength=len(points)).clip(min=1)
        move = [np.bincount(owner, d[owner, every], minlength=len(points)) / share for d in (dx, dy)]
        points = points + np.stack(move, axis=1)
    return points


def spacing(grid: Grid, points: np.ndarray) -> float:
    """Return the least distance in px between any two of the points or a point and its own copies."""
    least = shortest(grid)
    if len(points) > 1:
        far = np.hypot(*offsets(grid, points, points[:, 0], points[:, 1]))
        least = min(least, float(far[~np.eye(len(points), dtype=bool)].min()))
    return least


def place(
    rng: np.random.Generator, grid: Grid, layout: str, gap: float, *, box: tuple[float, float] = (1.0, 1.0)
) -> list[Placement]:
    """Return placements for motifs about ``gap`` px apart, in a layout of ``LAYOUTS`` that ``settled`` has passed.

    ``box`` is a motif's width and height as shares of its diameter, which ranks heed.
    """
    ranks = regular(grid, layout, gap, box=box) if layout in SET_LAYOUTS else None
    if ranks is None:
        count = max(1, round(grid.width * grid.height / (_ROOM * gap * gap)))
        points = spread(rng, grid, count) if count <= _RELAXED else scatter(rng, grid, gap)
        return [Placement(float(x), float(y), _turn(rng, layout), bool(rng.random() < 0.5)) for x, y in points]
    turn = 0.0 if rng.random() < 0.7 else float(rng.uniform(-0.5, 0.5))
    flips = bool(rng.random() < 0.3) and ranks.across % 2 == 0 and not grid.slide
    return [Placement(x, y, turn, flips and odd) for x, y, odd in _stations(grid, ranks, rng.uniform(0, 1, 2))]


def settled(grid: Grid, layout: str, gap: float, *, box: tuple[float, float] = (1.0, 1.0)) -> str:
    """Return the layout, or "tossed" where a regular set could not stay regular across the lattice's joints."""
    return "tossed" if layout in SET_LAYOUTS and regular(grid, layout, gap, box=box) is None else layout


def _turn(rng: np.random.Generator, layout: str) -> float:
    if layout == "tossed":
        return float(rng.uniform(0, 2 * math.pi))
    lean = float(rng.normal(0, 0.25))
    return lean + (math.pi if layout == "two-way" and rng.random() < 0.5 else 0.0)


def regular(grid: Grid, layout: str, gap: float, *, box: tuple[float, float] = (1.0, 1.0)) -> Ranks | None:
    """Return the regular set about ``gap`` px apart that stays regular across the lattice's joints; None if none does.

    A ``box`` says how wide and high motifs are beside their diameter, and brings columns and rows nearer together.

    A set or rows on a dropped lattice need the drop to be a whole number of rows; a half-drop set needs its own
    half rows to add up to the lattice's drop after all columns.
    """
    wide = (0.95 if layout == "rows" else 1.0) * box[0]
    tall = (1.25 if layout == "rows" else 1.0) * box[1]
    own = 0.5 if layout == "half-drop set" else 0.0
    ranks = [
        (
            _off(grid.width / across / (wide * gap)) + _off(grid.height / down / (tall * gap)),
            across,
            down,
        )
        for across in _counts(grid.width / (wide * gap))
        for down in _counts(grid.height / (tall * gap))
        if _fits(across * own - grid.drop * down / grid.height)
        and _fits(grid.slide * across / grid.width)
        # Columns slid by half a pitch would have to count their own drop along the slide as well.
        and not (own and grid.slide and _odd(grid.slide * across / grid.width))
    ]
    if not ranks or min(ranks)[0] > 0.75:
        return None
    _, across, down = min(ranks)
    return Ranks(across, down, own)


def _off(ratio: float) -> float:
    """Return how far a pitch is from the one wished for; one that is too narrow makes motifs smaller."""
    return math.log(ratio) if ratio >= 1 else -1.5 * math.log(ratio)


def _counts(ideal: float) -> range:
    return range(max(1, int(ideal * 0.6)), max(2, math.ceil(ideal * 1.6)) + 1)


def _fits(value: float) -> bool:
    return abs(value - round(value)) < 1e-6


def _odd(value: float) -> bool:
    return round(value) % 2 == 1


def _stations(grid: Grid, ranks: Ranks, phase: np.ndarray) -> list[tuple[float, float, bool]]:
    """Return (x, y, whether the column is odd) of a regular set."""
    pitch = grid.width / ranks.across, grid.height / ranks.down
    return [
        (float((i + phase[0]) * pitch[0]), float(((j + ranks.drop * i) % ranks.down + phase[1]) * pitch[1]), i % 2 == 1)
        for i in range(ranks.across)
        for j in range(ranks.down)
    ]
