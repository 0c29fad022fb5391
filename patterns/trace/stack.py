"""Stacking: inks laid over one another, each going on under the later ones around it by a trap.

Areas that only abut show hairlines in every viewer that smooths edges, and gaps on every press. So where an ink meets
one that falls later, it goes on beneath that one; where it meets an earlier one, its edge is the exact curve. The
underlap is a polygon along each such boundary, cut back where an earlier ink would come to light behind it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from patterns.lattice import Grid
from patterns.trace import bezier
from patterns.trace.graph import UNIT
from patterns.trace.regions import Regions
from patterns.trace.window import Window, lattice_shifts

# Of the trap: how far underlaps stay from earlier inks, how coarse their outlines are, what that costs in width.
_CLEAR, _COARSE = 0.1, 0.5
_WIDER = 1.1 + _COARSE
# How far, less than they stay clear, their outlines are then simplified.
_SMOOTHER = 0.08
# Chords for a curve; curves in one polygon: many small ones are cut and laid faster than one long one.
_PIECES, _CHUNK = 6, 64


@dataclass(frozen=True, slots=True)
class _Boundary:
    """Pieces of the arcs as lines, moved so that they begin in the cell, with the ranks beside them."""

    lines: np.ndarray
    earlier: np.ndarray
    later: np.ndarray


def underlaps(regions: Regions, order: Sequence[int], trap: float) -> list[list[np.ndarray]]:
    """Return for each ink the polygons by which it goes on under later ones, each (n, 4, 2) int64 straight curves.

    ``order`` lists all inks, the first to fall first; ``trap`` is in 1/256 px. Every point of a later ink that is
    within a trap of the ink is covered, unless an earlier ink lies between or within a tenth of a trap of it. Polygons
    begin in the cell; copies of them are wherever the pattern is.
    """
    import shapely

    found: list[list[np.ndarray]] = [[] for _ in range(regions.inks)]
    if trap <= 0 or not len(regions.left):
        return found
    boundary = _boundary(regions, np.argsort(np.asarray(order)))
    spines = shapely.simplify(boundary.lines, _COARSE * trap)
    bodies = shapely.buffer(spines, _WIDER * trap, cap_style="square", join_style="mitre", mitre_limit=2)
    bodies = _cut_back(bodies, boundary, regions.grid, trap)
    parts, owner = shapely.get_parts(shapely.simplify(bodies, _SMOOTHER * trap), return_index=True)
    touching = shapely.intersects(parts, boundary.lines[owner]) & (shapely.area(parts) > 0)
    parts, owner = shapely.orient_polygons(parts[touching], exterior_cw=True), owner[touching]
    for part, rank in zip(parts, boundary.earlier[owner].tolist(), strict=True):
        found[order[rank]] += [_polygon(ring) for ring in (part.exterior, *part.interiors)]
    return found


def laid(polygons: Sequence[np.ndarray], grid: Grid, window: Window) -> list[np.ndarray]:
    """Return copies of polygons wherever they are to be seen in a window."""
    copies = []
    for polygon in polygons:
        box = np.concatenate([polygon.min(axis=(0, 1)), polygon.max(axis=(0, 1))])
        copies += [polygon + np.array(shift) for shift in lattice_shifts(grid, box, window)]
    return copies


def _boundary(regions: Regions, rank: np.ndarray) -> _Boundary:
    import shapely

    count = np.diff(regions.starts)
    arc = np.repeat(np.arange(len(count)), count)
    piece = (np.arange(len(arc)) - regions.starts[arc]) // _CHUNK
    begins = np.ones(len(arc), bool)
    begins[1:] = (piece[1:] != piece[:-1]) | (arc[1:] != arc[:-1])
    chunk = np.cumsum(begins) - 1
    start = regions.curves[begins, 0]
    y, x = regions.grid.wrap(start[:, 1] // UNIT, start[:, 0] // UNIT)
    home = np.stack([x, y], axis=1) * UNIT - start // UNIT * UNIT
    points = bezier.flattened((regions.curves + home[chunk][:, None]).astype(np.float64), _PIECES)
    kept = np.ones(points.shape[:2], bool)
    kept[bezier.straight(regions.curves), 1:-1] = False
    kept[~begins, 0] = False  # the end of the curve before
    lines = shapely.linestrings(points[kept], indices=np.repeat(chunk, kept.sum(axis=1)))
    ranks = np.stack([rank[regions.left], rank[regions.right]])[:, arc[begins]]
    return _Boundary(np.asarray(lines, dtype=object), ranks.min(axis=0), ranks.max(axis=0))


def _cut_back(bodies: np.ndarray, boundary: _Boundary, grid: Grid, trap: float) -> np.ndarray:
    """Return the bodies without what lies on or near boundaries of inks that fall before their own."""
    import shapely

    box = shapely.total_bounds(bodies)
    window = Window(*(int(v) for v in (np.floor(box[0]), np.floor(box[1]), np.ceil(box[2]), np.ceil(box[3]))))
    own = shapely.bounds(boundary.lines)
    spread = np.array([-1, -1, 1, 1]) * trap * 2
    whole = np.concatenate([own[:, :2].min(axis=0), own[:, 2:].max(axis=0)])
    walls, rank = [], []
    for shift in lattice_shifts(grid, whole + spread, window):
        moved = own + spread + np.array([*shift, *shift])
        near = (moved[:, 0] <= box[2]) & (moved[:, 2] >= box[0]) & (moved[:, 1] <= box[3]) & (moved[:, 3] >= box[1])
        lines = boundary.lines[near]
        walls.append(shapely.transform(lines, lambda xy, by=shift: xy + by) if any(shift) else lines)
        rank.append(boundary.earlier[near])
    all_walls, all_rank = np.concatenate(walls), np.concatenate(rank)
    body, wall = shapely.STRtree(all_walls).query(bodies, predicate="intersects")
    before = all_rank[wall] < boundary.earlier[body]
    body, wall = body[before], wall[before]
    if not len(body):
        return bodies
    order = np.argsort(body, kind="stable")
    cut, group = np.unique(body[order], return_inverse=True)
    lines = shapely.multilinestrings(all_walls[wall[order]], indices=group)
    thick = shapely.buffer(lines, _CLEAR * trap, quad_segs=1, cap_style="square")
    result = bodies.copy()
    result[cut] = shapely.difference(bodies[cut], thick)
    return result


def _polygon(ring) -> np.ndarray:  # type: ignore[no-untyped-def]
    import shapely

    corners = np.rint(shapely.get_coordinates(ring)[:-1]).astype(np.int64)
    return bezier.lines(corners, np.roll(corners, -1, axis=0))
