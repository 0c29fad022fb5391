"""Regions on the torus: the curves between inks, each once, and the loops they make around every ink."""

from dataclasses import dataclass, replace

import numpy as np

from patterns.errors import InputError
from patterns.lattice import Grid
from patterns.separation import MOST_INKS
from patterns.trace import bezier
from patterns.trace.chains import ordered
from patterns.trace.corners import outline
from patterns.trace.fitting import fitted
from patterns.trace.graph import UNIT, Arcs, arcs
from patterns.trace.planar import crossing

# Edges of an index map are known to half a pixel only; closer than this curves would follow what is left of its steps.
STAIRS = 0.3
# Arcs that cross are fitted again this much closer, so many times; then they are the polylines, which cannot cross.
_CLOSER, _TIMES = 0.3, 2
# Pixels: a tolerance below the coordinates' own step cannot be met.
_FINEST = 2 / UNIT


@dataclass(frozen=True, slots=True)
class Regions:
    """The areas of ``inks`` inks on a torus, bounded by curves that their neighbors share.

    ``curves`` is (N, 4, 2) int64: Bezier control points (x, y) in 1/256 px, y down; ``starts`` (A + 1,) says where each
    arc's begin, ``left`` and ``right`` (A,) which inks it parts. A half arc is an arc with the ink on its left: 2a is
    arc a as it is, 2a + 1 arc a backward. ``halves`` (2A,) lists them loop after loop, ``loops`` (L + 1,) where each
    loop begins, ``moves`` (2A, 2) int64 by which lattice vector, in 1/256 px, each is moved to continue its loop.
    ``sea`` is the ink that has all but what its loops take from it, -1 if there is none.
    """

    grid: Grid
    inks: int
    curves: np.ndarray
    starts: np.ndarray
    left: np.ndarray
    right: np.ndarray
    halves: np.ndarray
    loops: np.ndarray
    moves: np.ndarray
    sea: int

    @property
    def loop_ink(self) -> np.ndarray:
        """Whose area each loop bounds, (L,)."""
        return self.half_ink[self.halves[self.loops[:-1]]]

    @property
    def half_ink(self) -> np.ndarray:
        """Which ink lies on the left of each half arc, (2A,)."""
        return np.stack([self.left, self.right], axis=1).ravel()

    @property
    def wraps(self) -> np.ndarray:
        """By which lattice vector in 1/256 px each loop ends away from where it began, (L, 2); mostly none."""
        ends = np.stack([self.curves[self.starts[:-1], 0], self.curves[self.starts[1:] - 1, 3]], axis=1)
        walk = np.stack([ends[:, 1] - ends[:, 0], ends[:, 0] - ends[:, 1]], axis=1).reshape(-1, 2)
        total = np.concatenate([np.zeros((1, 2), np.int64), np.cumsum(walk[self.halves], axis=0)])
        return total[self.loops[1:]] - total[self.loops[:-1]]

    def half(self, number: int) -> np.ndarray:
        """Return the curves (n, 4, 2) of a half arc, in its direction."""
        own = self.curves[self.starts[number // 2] : self.starts[number // 2 + 1]]
        return own[::-1, ::-1] if number % 2 else own

    def loop(self, number: int) -> np.ndarray:
        """Return the curves (n, 4, 2) of a loop, each beginning where the one before ended."""
        span = range(self.loops[number], self.loops[number + 1])
        return np.concatenate([self.half(self.halves[i]) + self.moves[i] for i in span])

    def areas(self) -> np.ndarray:
        """Return each ink's area, (K,) int64, in twentieths of a square 1/256 px: they add up to the cell exactly.

        Raises ValueError if an area wraps around the torus, so that no loop goes around it.
        """
        wraps = self.wraps
        if wraps.any():
            raise ValueError("an ink's area wraps around the torus")
        areas = np.zeros(self.inks, np.int64)
        arc_area = np.add.reduceat(bezier.twentieths(self.curves), self.starts[:-1]) if len(self.left) else areas[:0]
        signed = np.stack([arc_area, -arc_area], axis=1).ravel()
        walk = self.curves[self.starts[1:] - 1, 3] - self.curves[self.starts[:-1], 0]
        walk = np.stack([walk, -walk], axis=1).reshape(-1, 2)[self.halves]
        moved = 10 * (self.moves[:, 0] * walk[:, 1] - self.moves[:, 1] * walk[:, 0])
        # What lies on the left is counterclockwise on the page, hence negative.
        np.subtract.at(areas, self.half_ink[self.halves], signed[self.halves] + moved)
        if self.sea >= 0:
            areas[self.sea] += 20 * self.grid.width * self.grid.height * UNIT**2
        return areas


def trace(pixels: np.ndarray, grid: Grid, *, tolerance_px: float) -> Regions:
    """Return the regions of an index map (H, W) int, or of coverage planes (K, H, W), on a grid.

    ``planes`` are uint8 in 255ths or float32 in 0-1, summing to one. No curve is farther than the tolerance from the
    edge that the coverages put between two inks; no two curves cross. An index map's edges are within half a pixel of
    its cracks, and its tolerance is at least ``STAIRS``. Commutes with rolls exactly. InputError for other arrays.
    """
    if pixels.ndim not in (2, 3) or not (tolerance_px > 0):
        raise InputError(f"what is traced is (H, W) or (K, H, W), with a positive tolerance, not {pixels.shape}.")
    planes = pixels if pixels.ndim == 3 else None
    labels = pixels if planes is None else planes.argmax(axis=0)
    inks = int(labels.max()) + 1 if planes is None else len(planes)
    if planes is not None and not (planes % (255 if planes.dtype == np.uint8 else 1)).any():
        planes = None  # no pixel is shared: it is an index map in other words
    if int(labels.min()) < 0 or inks > MOST_INKS:
        raise InputError(f"an index map names inks 0 to {MOST_INKS - 1}.")
    found = arcs(labels, grid, planes=planes)
    tolerance = max(tolerance_px, _FINEST) if planes is not None else max(tolerance_px, STAIRS)
    curves, starts = _curves(found, tolerance - 1 / UNIT)
    return _looped(found, curves, starts, labels=labels, inks=inks)


def _curves(found: Arcs, tolerance: float) -> tuple[np.ndarray, np.ndarray]:
    """Return (curves (N, 4, 2) int64 in UNITs, where each arc's begin): fitted, and none crossing another."""
    pieces = _fitted(found, tolerance)
    curves, starts = np.zeros((0, 4, 2), np.int64), _starts([])
    for attempt in range(_TIMES + 2):
        if not pieces:
            break
        curves, starts = np.concatenate(pieces), _starts(pieces)
        bad = np.flatnonzero(crossing(curves, found.grid)) if attempt <= _TIMES else np.zeros(0, int)
        wrong = np.unique(np.searchsorted(starts, bad, side="right") - 1)
        if not len(wrong):
            break
        closer = _subset(found, wrong)
        again = _fitted(closer, tolerance * _CLOSER ** (attempt + 1)) if attempt < _TIMES else _polylines(closer)
        for number, piece in zip(wrong, again, strict=True):
            pieces[number] = piece
    return curves, starts


def _starts(pieces: list[np.ndarray]) -> np.ndarray:
    return np.concatenate([[0], np.cumsum([len(piece) for piece in pieces])]).astype(np.int64)


def _fitted(found: Arcs, tolerance: float) -> list[np.ndarray]:
    if not len(found.left):
        return []
    fit = fitted(outline(found), np.full(len(found.left), tolerance))
    return _placed(fit.points, fit.starts, found)


def _polylines(found: Arcs) -> list[np.ndarray]:
    ends = np.zeros(len(found.points), bool)
    ends[found.starts[1:] - 1] = True
    first = np.flatnonzero(~ends)
    lines = bezier.lines(found.points[first], found.points[first + 1])
    return _placed(lines, found.starts - np.arange(len(found.starts)), found)


def _placed(curves: np.ndarray, starts: np.ndarray, found: Arcs) -> list[np.ndarray]:
    """Return each arc's curves in UNITs, where they lie in the plane; loops end exactly where they began."""
    origin = np.repeat(found.origin, np.diff(starts), axis=0)
    whole = np.rint(curves * UNIT).astype(np.int64) + origin[:, None] * UNIT
    last = starts[1:][found.closed] - 1
    whole[last, 3] = whole[starts[:-1][found.closed], 0] + found.shift[found.closed] * UNIT
    return np.split(whole, starts[1:-1])


def _subset(found: Arcs, wanted: np.ndarray) -> Arcs:
    points = [found.points[found.starts[a] : found.starts[a + 1]] for a in wanted]
    rest = {name: getattr(found, name)[wanted] for name in ("origin", "left", "right", "ends", "slots", "shift")}
    return replace(found, points=np.concatenate(points), starts=_starts(points), **rest)


def _looped(found: Arcs, curves: np.ndarray, starts: np.ndarray, *, labels: np.ndarray, inks: int) -> Regions:
    """Return the regions: half arcs gathered into loops that keep their ink on the left."""
    halves, loops, _ = ordered(_following(found))
    first, last = curves[starts[:-1], 0], curves[starts[1:] - 1, 3]
    begin = np.stack([first, last], axis=1).reshape(-1, 2)[halves]
    end = np.stack([last, first], axis=1).reshape(-1, 2)[halves]
    walked = np.concatenate([np.zeros((1, 2), np.int64), np.cumsum(end - begin, axis=0)])
    loop = np.repeat(np.arange(len(loops) - 1), np.diff(loops))
    at = walked[:-1] - (walked[loops[:-1]] - begin[loops[:-1]])[loop] if len(halves) else begin
    made = Regions(found.grid, inks, curves, starts, found.left, found.right, halves, loops, at - begin, -1)
    return replace(made, sea=_sea(made, labels))


def _following(found: Arcs) -> np.ndarray:
    """Return the half arc after each, (2A,): at a node the next clockwise, so that the ink on the left stays."""
    count = len(found.left)
    following = np.arange(2 * count)
    opened = np.flatnonzero(~found.closed)
    if not len(opened):
        return following
    known, node = np.unique(found.ends[opened], return_inverse=True)
    node, slots = node.reshape(-1, 2), found.slots[opened]
    leaving = np.full((len(known), 4), -1)
    leaving[node[:, 0], slots[:, 0]] = 2 * opened
    leaving[node[:, 1], slots[:, 1]] = 2 * opened + 1
    for backward in (0, 1):
        at, slot = node[:, 1 - backward], slots[:, 1 - backward]
        after = np.full(len(opened), -1)
        for step in (4, 3, 2, 1):
            there = leaving[at, (slot + step) % 4]
            after = np.where(there >= 0, there, after)
        following[2 * opened + backward] = after
    return following


def _sea(made: Regions, labels: np.ndarray) -> int:
    """Return the ink that surrounds the others on the whole torus, -1 if none does.

    If no loop wraps around the torus, either every part of every ink is bounded by loops, which then add up to the
    cell, or one part wraps around it in both directions: what its loops enclose is taken from it, and all add up to 0.
    """
    if made.wraps.any():
        return -1
    counts = np.bincount(labels.ravel(), minlength=made.inks)
    if not len(made.left):
        return int(counts.argmax())
    areas = made.areas()
    return int((counts - areas / (20 * UNIT**2)).argmax()) if areas.sum() == 0 else -1
