"""Motif drawings: one family or two in a layout on a lattice, or a single motif on a small cell of its own."""

import numpy as np

from patterns.lattice import Grid
from patterns.motif.attributes import Attributes
from patterns.motif.canvas import Canvas, Placement, Shape
from patterns.motif.family import Family, Motif, Style
from patterns.motif.layout import REGULAR, place, scatter, settled, spacing
from patterns.motif.parts import dots, leaf_path
from patterns.reading import DENSITIES

# Distance between motifs in radii, by density.
GAPS = {"sparse": 2.75, "medium": 2.32, "dense": 2.0}
# Below the first a drawing looks dense, above the second sparse: the side of a motif's share of the area, in radii.
_ROOMS = (2.35, 2.85)
# Shares of the layouts.
_LAYOUTS = {"tossed": 0.34, "one-way": 0.16, "two-way": 0.1, "set": 0.14, "half-drop set": 0.16, "rows": 0.1}
# How many drawings in a regular layout are on a small cell of their own, which the lattice paves.
OWN_CELL = 0.5
# The sides of such a cell in px.
_SIDES = (48, 128)


def compose(rng: np.random.Generator, grid: Grid, chosen: Family, style: Style) -> tuple[Canvas, Attributes]:
    """Return a motif family's drawing on ``grid``, or on a cell of its own that is no larger, and what it shows."""
    asked = str(rng.choice(DENSITIES))
    size = _size(rng, grid, chosen)
    gap = size / 2 * GAPS[asked]
    layout = str(rng.choice(list(_LAYOUTS), p=list(_LAYOUTS.values())))
    if layout in REGULAR and rng.random() < OWN_CELL:
        return _alone(rng, grid, chosen, style, (layout, asked, gap))
    layout = settled(grid, layout, gap)
    places = place(rng, grid, layout, gap)
    points = np.array([(p.x, p.y) for p in places])
    radius, density = fitted(grid, points, size / 2, asked)
    # A regular set is calmer with one motif.
    kinds = 1 if layout in REGULAR and rng.random() < 0.6 else int(rng.choice((1, 2, 3), p=(0.45, 0.35, 0.2)))
    variants = [chosen.draw(rng, radius, style) for _ in range(min(kinds, len(places)))]
    canvas = Canvas(grid)
    canvas.fill(0)
    fillers = _fillers(canvas, rng, style, (points, radius, layout)) if density != "dense" else ()
    for k, placement in enumerate(places):
        canvas.draw(variants[k % len(variants)].shapes, placement)
    return canvas, _seen(chosen, style, variants, (layout, density, radius), more=fillers)


def _size(rng: np.random.Generator, grid: Grid, chosen: Family) -> float:
    """Return a motif's diameter in px: every ratio of sizes equally often."""
    low, high = chosen.scales
    return float(np.exp(rng.uniform(np.log(low), np.log(max(low, min(high, 0.75 * min(grid.width, grid.height)))))))


def fitted(grid: Grid, points: np.ndarray, radius: float, density: str) -> tuple[float, str]:
    """Return the radius that motifs at ``points`` can have, near the one wished for, and how dense they then look."""
    space = spacing(grid, points)
    most = min(float(np.clip(space / GAPS[density], 0.75 * radius, 1.3 * radius)), space / GAPS["dense"])
    room = float(np.sqrt(grid.width * grid.height / len(points))) / most
    return most, DENSITIES[2 - int(np.searchsorted(_ROOMS, room))]


def _alone(
    rng: np.random.Generator, grid: Grid, chosen: Family, style: Style, wish: tuple[str, str, float]
) -> tuple[Canvas, Attributes]:
    """Draw one motif on the cell of its own set, or two that take turns in a half-drop."""
    layout, asked, gap = wish
    pair = layout == "half-drop set" and rng.random() < 0.35
    cell = own_cell(grid, layout, gap, pair=pair)
    canvas = Canvas(cell)
    canvas.fill(0)
    x, y = (float(v) for v in rng.uniform(0, (cell.width, cell.height)))
    points = np.array([(x, y), (x + cell.width / 2, y + cell.height / 2)][: 1 + pair])
    radius, density = fitted(cell, points, gap / GAPS[asked], asked)
    flip = pair and rng.random() < 0.5
    variants = [chosen.draw(rng, radius, style) for _ in range(1 + (pair and not flip))]
    turn = 0.0 if rng.random() < 0.7 else float(rng.uniform(-0.5, 0.5))
    for k, point in enumerate(points):
        placement = Placement(float(point[0]), float(point[1]), turn, flip and k == 1)
        canvas.draw(variants[k % len(variants)].shapes, placement)
    return canvas, _seen(chosen, style, variants, (layout, density, radius))


def own_cell(grid: Grid, layout: str, gap: float, *, pair: bool = False) -> Grid:
    """Return the cell of one motif (of two in a half-drop if ``pair``), sides in whole 16 px, no larger than ``grid``.

    A half-drop's cell is half as wide as a pair's, and dropped by half of its height.
    """
    dropped = layout == "half-drop set"
    tall = 1.4 if layout == "rows" else 1.41 if dropped else 1.0
    wide = 0.71 * (1 + pair) if dropped else 1.0
    width = _side(wide * gap, grid.width, 16)
    height = _side(tall * gap, grid.height, 32 if dropped else 16)
    return Grid(width, height, height // 2 if dropped and not pair else 0)


def _side(length: float, most: int, step: int) -> int:
    """Return the multiple of ``step`` px nearest to a length within the sides of an own cell, at most ``most``."""
    low, high = _SIDES
    return int(np.clip(round(length / step) * step, -(-low // step) * step, max(step, min(high, most) // step * step)))


def _seen(
    chosen: Family, style: Style, variants: list[Motif], place: tuple[str, str, float], *, more: tuple[str, ...] = ()
) -> Attributes:
    layout, density, radius = place
    parts = tuple(dict.fromkeys([*(p for v in variants for p in v.parts), *more]))
    variety = ("one", "few", "few", "many")[min(len(variants), 4) - 1]
    return Attributes(chosen.name, parts, layout, density, style.inks, radius, style.outlined, variety=variety)


def _fillers(
    canvas: Canvas, rng: np.random.Generator, style: Style, around: tuple[np.ndarray, float, str]
) -> tuple[str, ...]:
    """Strew dots or small leaves between tossed motifs, now and then, and say so."""
    points, radius, layout = around
    if layout in REGULAR or rng.random() > 0.3:
        return ()
    leafy = bool(rng.random() < 0.5)
    size = max(5.0, 0.2 * radius) if leafy else max(2.0, 0.09 * radius)
    path = leaf_path(2 * size, size) if leafy else dots([(0.0, 0.0)], size)
    path.offset(0, size if leafy else 0)
    ink = style.ink("second" if leafy else "accent", on=0)
    gap = max(3.2 * size, 0.6 * radius)
    spots = scatter(rng, canvas.grid, gap, first=points, clear=1.08 * radius + size)[len(points) :]
    for x, y in spots:
        turn = float(rng.uniform(0, 2 * np.pi) if layout == "tossed" else rng.normal(0, 0.5))
        canvas.draw((Shape(path, ink),), Placement(float(x), float(y), turn))
    return () if not len(spots) else ("small leaves",) if leafy else ("small dots",)
