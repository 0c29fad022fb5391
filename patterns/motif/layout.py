"""Layouts: where motifs go on a lattice, without ever colliding across a joint."""

import math

import numpy as np

from patterns.lattice import Grid
from patterns.motif.canvas import Placement

LAYOUTS = ("tossed", "one-way", "two-way", "set", "half-drop set", "rows")


def distances(grid: Grid, points: np.ndarray, x: float, y: float) -> np.ndarray:
    """Return the distance in px from (x, y) to the nearest lattice copy of each of ``points`` (N, 2) as (x, y)."""
    best = np.full(len(points), np.inf)
    for column in (-1, 0, 1):
        for row in (-1, 0, 1):
            dx = points[:, 0] - x + column * grid.width + row * grid.slide
            dy = points[:, 1] - y + row * grid.height + column * grid.drop
            best = np.minimum(best, np.hypot(dx, dy))
    return best


def scatter(
    rng: np.random.Generator, grid: Grid, gap: float, *, most: int = 400, first: np.ndarray | None = None
) -> np.ndarray:
    """Return points (N, 2) as (x, y) px in the cell, at least ``gap`` px apart on the lattice, as full as can be.

    ``first`` are points that stand already and come first in the answer.

    Best-candidate sampling: each point is the one of a handful that fills the largest hole, so spacing is even.
    """
    points = np.empty((0, 2)) if first is None else first
    misses = 0
    while len(points) < most and misses < 12:
        tries = rng.uniform((0, 0), (grid.width, grid.height), (10, 2))
        room = [distances(grid, points, *t).min(initial=math.inf) for t in tries]
        fitting = [(r, i) for i, r in enumerate(room) if r >= gap]
        if not fitting:
            misses += 1
            continue
        # The snuggest that still fits packs tighter than the farthest.
        points = np.vstack([points, tries[min(fitting)[1]]])
    return points


def place(rng: np.random.Generator, grid: Grid, layout: str, gap: float) -> list[Placement]:
    """Return placements for motifs about ``gap`` px apart, in a layout of ``LAYOUTS``."""
    if layout in ("tossed", "one-way", "two-way"):
        points = scatter(rng, grid, gap)
        return [Placement(x, y, _turn(rng, layout), bool(rng.random() < 0.5)) for x, y in points]
    turn = 0.0 if rng.random() < 0.7 else float(rng.uniform(-0.5, 0.5))
    flips = bool(rng.random() < 0.3)
    return [
        Placement(x, y, turn, flips and parity == 1) for x, y, parity in _ranks(grid, layout, gap, rng.uniform(0, 1, 2))
    ]


def _turn(rng: np.random.Generator, layout: str) -> float:
    if layout == "tossed":
        return float(rng.uniform(0, 2 * math.pi))
    lean = float(rng.normal(0, 0.25))
    return lean + (math.pi if layout == "two-way" and rng.random() < 0.5 else 0.0)


def _ranks(grid: Grid, layout: str, gap: float, phase: np.ndarray) -> list[tuple[float, float, int]]:
    """Return (x, y, parity) of a regular set whose columns and rows divide the cell."""
    across = max(1, round(grid.width / gap))
    down = max(1, round(grid.height / gap))
    if layout == "half-drop set" and across > 1:
        across += across % 2
    if layout == "rows":
        across = max(1, round(grid.width / (gap * 0.8)))
    ranks = []
    for i in range(across):
        for j in range(down):
            drop = 0.5 * (i % 2) if layout == "half-drop set" else 0.0
            x = (i + phase[0]) * grid.width / across
            # A column's share of the lattice's own drop keeps a regular set regular across the joint.
            y = (j + drop + phase[1]) * grid.height / down
            ranks.append((x, y, (i + j) % 2))
    return ranks
