"""Motif drawings: one family or two in a layout on a lattice, or a motif on a small cell of its own that is paved."""

from dataclasses import replace

import numpy as np

from patterns.lattice import Grid
from patterns.motif.arrangement import Arrangement
from patterns.motif.attributes import Attributes
from patterns.motif.canvas import Canvas, Placement, Shape
from patterns.motif.family import FAMILIES, Family, Motif, Style
from patterns.motif.frames import FRAMES, frame_cell
from patterns.motif.grounds import lay_ground
from patterns.motif.layout import evened, place, scatter, settled, shortest, spacing
from patterns.motif.parts import dots, leaf_path
from patterns.motif.ranks import cell_of
from patterns.motif.reach import ROUND, Reach
from patterns.reading import DENSITIES, SET_LAYOUTS

# Distance between motifs in radii, by density.
GAPS = {"sparse": 2.6, "medium": 2.25, "dense": 2.0}
# Below the first a drawing looks dense, above the second sparse: the side of a motif's share of the area, in radii.
_ROOMS = (2.3, 2.7)
# Shares of the layouts.
_LAYOUTS = {
    "tossed": 0.2, "one-way": 0.08, "two-way": 0.06, "set": 0.1, "half-drop set": 0.13, "rows": 0.06, "stripe": 0.06,
    "trellis": 0.07, "ogee frame": 0.06, "garland": 0.03, "vine": 0.05, "border": 0.03, "hero": 0.05, "ditsy": 0.02,
}  # fmt: skip
# How many drawings in a layout that can be are on a small cell of their own; have two families; have a ground.
OWN_CELL, TWO, GROUND = 0.6, 0.2, 0.08
# Ground that is left around motifs on a regular ground, in px.
HALO = 2.0
Wish = tuple[str, str, float]
# About how far motifs lean, in radians, in layouts that do not turn them at will.
_LEANS = {"one-way": (-0.3, 0.0, 0.3), "two-way": (-0.3, 0.0, 0.3, np.pi - 0.3, np.pi, np.pi + 0.3)}


def compose(rng: np.random.Generator, grid: Grid, chosen: Family, style: Style) -> tuple[Canvas, Attributes]:
    """Return a motif family's drawing on ``grid``, or on a cell of its own that is no larger, and what it shows."""
    layout = str(rng.choice(list(_LAYOUTS), p=list(_LAYOUTS.values())))
    if chosen.directed and layout in ("tossed", "two-way") and rng.random() < 0.5:
        # What has an upper side is seldom turned.
        layout = "one-way"
    density = "medium" if layout in ("hero", "ditsy") else str(rng.choice(DENSITIES))
    second = _second(rng, chosen) if rng.random() < TWO else None
    layout, planned = arranged(rng, grid, style, (layout, density, _radius(rng, grid, chosen, layout)), two=second)
    canvas = Canvas(planned.grid)
    canvas.fill(0)
    # A regular set is calmer with one motif.
    calm = layout in (*SET_LAYOUTS, *FRAMES)
    kinds = int(rng.choice((1, 2, 3), p=(0.8, 0.2, 0.0) if calm else (0.5, 0.35, 0.15)))
    variants = [chosen.motif(rng, planned.radius, style) for _ in range(min(kinds, len(planned.heroes)))]
    company = second or (chosen if planned.alike else None)
    shown = Attributes(
        chosen.name, (), layout, planned.density, style.inks, planned.radius, style.outlined,
        direction=planned.direction, variety=("one", "few", "many")[len(variants) - 1],
    )  # fmt: skip
    if rng.random() < GROUND and layout not in FRAMES and style.inks > 2:
        shown = replace(shown, ground=lay_ground(rng, canvas, style, planned.radius))
    parts = _painted(canvas, rng, style, (planned, variants, company), haloed=bool(shown.ground))
    if second and planned.seconds:
        shown = replace(shown, second=second.name, second_scale_px=planned.second_radius)
    elif planned.density in ("sparse", "medium") and not shown.ground and layout not in (*SET_LAYOUTS, *FRAMES):
        parts += fillers(canvas, rng, style, (planned, layout))
    return canvas, replace(shown, parts=tuple(dict.fromkeys(parts)))


def _second(rng: np.random.Generator, hero: Family) -> Family | None:
    """Return another motif family that is taught, None if there is none."""
    others = [f for f in FAMILIES.values() if f.kind == "motif" and f.weight and f.name != hero.name]
    return others[int(rng.integers(len(others)))] if others else None


def _radius(rng: np.random.Generator, grid: Grid, chosen: Family, layout: str) -> float:
    """Return a motif's radius in px: every ratio of sizes equally often, a hero's large and a ditsy's small."""
    low, high = chosen.scales
    high = max(low, min(high, 0.75 * min(grid.width, grid.height)))
    if layout == "hero":
        low = max(low, 0.45 * min(grid.width, grid.height))
    if layout == "ditsy":
        low, high = 0.75 * low, 1.05 * low
    return float(np.exp(rng.uniform(np.log(low), np.log(max(low, high))))) / 2


def arranged(rng: np.random.Generator, grid: Grid, style: Style, wish: Wish, *, two: object) -> tuple[str, Arrangement]:
    """Return a layout and what it comes to: the one wished for, or a toss where the lattice cannot carry it."""
    layout, _, radius = wish
    if layout in FRAMES:
        own = rng.random() < OWN_CELL
        found = None if own else FRAMES[layout](rng, grid, style, radius)
        if found is None:
            found = FRAMES[layout](rng, frame_cell(rng, grid, layout, radius), style, radius)
        if found is not None:
            return layout, found if two else united(found)
        layout = "tossed"
    if layout in SET_LAYOUTS and rng.random() < OWN_CELL:
        return layout, _alone(rng, grid, wish, two=bool(two))
    if layout == "hero" or (two and layout not in (*SET_LAYOUTS, "ditsy") and radius >= 22 and rng.random() < 0.6):
        return layout, heroic(rng, grid, (layout, *wish[1:]))
    return strewn(rng, grid, (layout, *wish[1:]), two=bool(two))


def united(planned: Arrangement) -> Arrangement:
    """Return an arrangement for one family: seconds as large as the heroes are heroes as well."""
    if not planned.alike or planned.second_radius < 0.9 * planned.radius:
        return planned
    return replace(planned, heroes=(*planned.heroes, *planned.seconds), seconds=())


def strewn(
    rng: np.random.Generator, grid: Grid, wish: Wish, *, two: bool, even: bool = False, upright: bool = False,
    reach: Reach = ROUND, roomier: float = 1.0,
) -> tuple[str, Arrangement]:  # fmt: skip
    """Return a toss or a regular set over the whole cell, its places taken in turn if there are two families.

    An ``even`` toss has neither holes nor crowds. Motifs that are not turned at will stand as near as their ``reach``
    lets them, ``roomier`` times as far apart as their density says; ``upright`` ones are not turned unasked.
    """
    layout, asked, radius = wish
    gap = radius * GAPS[asked] * roomier
    if layout in SET_LAYOUTS and settled(grid, layout, gap, box=reach.box) == "tossed":
        layout = "one-way" if upright else "tossed"
    manner = ("one-way" if upright else "tossed") if layout == "ditsy" else layout
    leaning = reach.turned(*_LEANS[manner]) if manner in _LEANS else ROUND
    room = leaning.stretched(grid)
    places = place(rng, room, manner, gap, box=reach.box)
    if layout not in SET_LAYOUTS:
        points = np.array([(p.x, p.y) for p in places])
        points = (evened(room, points) if even else points) * (grid.width / room.width, grid.height / room.height)
        places = [replace(p, x=float(x), y=float(y)) for p, (x, y) in zip(places, points, strict=True)]
    turned = reach.turned(*{p.turn for p in places}) if layout in SET_LAYOUTS else leaning
    fitted, density = fit(grid, places, radius, asked, reach=turned)
    if not two or len(places) < 2:
        return layout, Arrangement(grid, tuple(places), fitted, "" if layout == "ditsy" else density)
    return layout, Arrangement(grid, tuple(places[0::2]), fitted, density, tuple(places[1::2]), fitted)


def heroic(rng: np.random.Generator, grid: Grid, wish: Wish, *, upright: bool = False) -> Arrangement:
    """Return few large motifs and many small ones in the gaps between them; ``upright`` ones are not turned unasked."""
    layout, asked, radius = wish
    radius = min(radius, 0.36 * shortest(grid))
    small = max(10.0, float(rng.uniform(0.4, 0.52)) * radius)
    manner = layout if layout in ("one-way", "two-way") else "one-way" if upright else "tossed"
    heroes = place(rng, grid, manner, 2.9 * radius)
    points = np.array([(p.x, p.y) for p in heroes])
    radius = min(radius, spacing(grid, points) / 2.05)
    gap = small * GAPS[asked]
    every = scatter(rng, grid, gap, first=points, clear=radius + small + 2)
    seconds = [
        Placement(float(x), float(y), float(rng.uniform(0, 2 * np.pi) if manner == "tossed" else rng.normal(0, 0.25)))
        for x, y in every[len(points) :]
    ]
    alone = layout == "hero"
    return Arrangement(grid, tuple(heroes), radius, "" if alone else asked, tuple(seconds), small, alike=alone)


def _alone(rng: np.random.Generator, grid: Grid, wish: Wish, *, two: bool) -> Arrangement:
    """Return one motif on the cell of its own set, or two that take turns in a half-drop."""
    layout, asked, radius = wish
    gap = radius * GAPS[asked]
    dropped = layout == "half-drop set"
    pair = dropped and (two or rng.random() < 0.3)
    wide = 0.71 * (1 + pair) if dropped else 1.0
    tall = 1.4 if layout != "set" else 1.0
    cell = cell_of(grid, wide * gap, tall * gap, offset="drop" if dropped and not pair else "")
    x, y = (float(v) for v in rng.uniform(0, (cell.width, cell.height)))
    turn = 0.0 if rng.random() < 0.7 else float(rng.uniform(-0.5, 0.5))
    places = [Placement(x, y, turn)]
    if pair:
        places.append(Placement(x + cell.width / 2, y + cell.height / 2, -turn, bool(turn) or rng.random() < 0.4))
    fitted, density = fit(cell, places, radius, asked)
    if two and pair:
        return Arrangement(cell, (places[0],), fitted, density, (places[1],), fitted)
    return Arrangement(cell, tuple(places), fitted, density)


def fit(grid: Grid, places: list[Placement], radius: float, density: str, *, reach: Reach = ROUND) -> tuple[float, str]:
    """Return the radius that motifs at ``places`` can have, near the one wished for, and how dense they then look."""
    points = np.array([(p.x, p.y) for p in places])
    space = spacing(grid, points) if reach is ROUND else reach.spacing(grid, points)
    most = min(float(np.clip(space / GAPS[density], 0.75 * radius, 1.3 * radius)), space / GAPS["dense"])
    room = float(np.sqrt(grid.width * grid.height / len(places))) / most
    return most, DENSITIES[2 - int(np.searchsorted(_ROOMS, room))]


def _painted(
    canvas: Canvas, rng: np.random.Generator, style: Style, plan: tuple[Arrangement, list[Motif], Family | None],
    *, haloed: bool,
) -> list[str]:  # fmt: skip
    """Paint frame, heroes and seconds; return the words for the hero's parts and the frame's."""
    planned, variants, company = plan
    for shapes, placement in planned.beneath:
        canvas.draw(shapes, placement)
    others = [company.motif(rng, planned.second_radius, style)] if company and planned.seconds else []
    for places, motifs in ((planned.seconds, others), (planned.heroes, variants)):
        for k, placement in enumerate(places if motifs else ()):
            shapes = motifs[k % len(motifs)].shapes
            if haloed or planned.beneath:
                canvas.draw(halo(shapes), placement)
            canvas.draw(shapes, placement)
    return [*(p for v in variants for p in v.parts), *planned.parts]


def halo(shapes: tuple[Shape, ...]) -> tuple[Shape, ...]:
    """Return shapes in the ground's ink that clear what lies beneath a motif to ``HALO`` px around it."""
    return tuple(Shape(s.path, 0, s.width + 2 * HALO) for s in shapes if s.ink)


def fillers(canvas: Canvas, rng: np.random.Generator, style: Style, around: tuple[Arrangement, str]) -> list[str]:
    """Strew dots or small leaves between tossed motifs, now and then, and say so."""
    planned, layout = around
    if rng.random() > (0.9 if layout == "hero" else 0.3):
        return []
    radius, leafy = planned.radius, bool(rng.random() < 0.5)
    size = max(5.0, 0.2 * radius) if leafy else max(2.0, 0.09 * radius)
    path = leaf_path(2 * size, size) if leafy else dots([(0.0, 0.0)], size)
    path.offset(0, size if leafy else 0)
    ink = style.ink("second" if leafy else "accent", on=0)
    points = np.array([(p.x, p.y) for p in planned.heroes])
    spots = scatter(rng, canvas.grid, max(3.2 * size, 0.6 * radius), first=points, clear=1.08 * radius + size)
    for x, y in spots[len(points) :]:
        turn = float(rng.normal(0, 0.5) if layout in ("one-way", "two-way") else rng.uniform(0, 2 * np.pi))
        canvas.draw((Shape(path, ink),), Placement(float(x), float(y), turn))
    return [] if len(spots) == len(points) else ["small leaves"] if leafy else ["small dots"]
