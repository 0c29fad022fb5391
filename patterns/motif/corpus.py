"""One drawing of the corpus: a family, a layout, a hand, and the attributes that its caption speaks of."""

from dataclasses import dataclass, replace

import numpy as np

from patterns.lattice import Grid
from patterns.motif import families  # noqa: F401  (fills the table)
from patterns.motif.canvas import Canvas, Placement, Shape, coverage
from patterns.motif.family import FAMILIES, Family, Sketch, Style
from patterns.motif.hand import HANDS, apply_hand
from patterns.motif.layout import LAYOUTS, REGULAR, place, scatter, settled, spacing
from patterns.motif.parts import dots, leaf_path
from patterns.separation import ROLES

DENSITIES = ("sparse", "medium", "dense")
# Distance between motifs in radii, by density.
_GAPS = {"sparse": 2.75, "medium": 2.32, "dense": 2.0}
# Below the first a drawing looks dense, above the second sparse: the side of a motif's share of the area, in radii.
_ROOMS = (2.35, 2.85)
# A motif whose radius is below the first number is small on the Loom's grid, above the second large (px).
SCALE_BOUNDS = (14.0, 28.0)
# Shares of the hands among drawings that may take any: the quieter ones carry most of what is to be learned.
_HAND_SHARES = {"clean": 0.45, "block print": 0.42, "linocut": 0.06, "brush": 0.04, "ikat": 0.03}
# Smaller drawings (px) than this do not survive a loose hand.
_LOOSE = 26.0
# An ink that covers less than this share of the cell is not counted among those seen.
LEAST_COVERAGE = 0.002


@dataclass(frozen=True, slots=True)
class Attributes:
    """Everything visible in a drawing, for its caption.

    ``scale_px`` is a motif's radius or half a field's period. ``inks`` counts those that can be seen, the ground
    among them; ``nominal_inks`` those that the drawing was planned with.
    """

    family: str
    parts: tuple[str, ...]
    hand: str
    layout: str
    density: str
    inks: int
    scale_px: float
    outlined: bool
    nominal_inks: int = 0

    @property
    def scale(self) -> str:
        """small, medium or large."""
        low, high = SCALE_BOUNDS
        return "small" if self.scale_px < low else "large" if self.scale_px > high else "medium"


@dataclass(frozen=True, slots=True)
class Drawing:
    """Planes (6, H, W) float32 in the roles' order (unused inks are zero) on ``grid``, and what they show."""

    planes: np.ndarray
    grid: Grid
    attributes: Attributes


def draw(rng: np.random.Generator, grid: Grid, *, family: str | None = None) -> Drawing:
    """Return a drawing on ``grid``, fully determined by the generator's state; a primitive fills its own small grid.

    A primitive family's drawing is on its smallest cell, whose sides are multiples of 16 px and at most the grid's.
    """
    chosen = FAMILIES[family] if family else _choose(rng)
    inks = int(rng.integers(chosen.inks[0], chosen.inks[1] + 1))
    low, high = chosen.scales
    scale = float(np.exp(rng.uniform(np.log(low), np.log(min(high, 0.75 * min(grid.width, grid.height))))))
    hands = [h for h in chosen.hands or HANDS if scale >= _LOOSE or h not in ("brush", "ikat")]
    shares = np.array([_HAND_SHARES[h] for h in hands], dtype=float)
    style = Style(
        inks, str(rng.choice(hands, p=shares / shares.sum())), outlined=bool(inks >= 3 and rng.random() < 0.35)
    )
    if chosen.kind == "motif":
        return _motifs(rng, grid, chosen, (style, scale))
    return _field(rng, grid, chosen, (style, scale))


def _choose(rng: np.random.Generator) -> Family:
    table = list(FAMILIES.values())
    weights = np.array([f.weight for f in table])
    return table[int(rng.choice(len(table), p=weights / weights.sum()))]


def _motifs(rng: np.random.Generator, grid: Grid, chosen: Family, manner: tuple[Style, float]) -> Drawing:
    style, size = manner
    asked = str(rng.choice(DENSITIES))
    gap = size / 2 * _GAPS[asked]
    layout = settled(grid, str(rng.choice(LAYOUTS, p=(0.34, 0.16, 0.1, 0.14, 0.16, 0.1))), gap)
    places = place(rng, grid, layout, gap)
    points = np.array([(p.x, p.y) for p in places])
    radius, density = _fitted(grid, points, size / 2, asked)
    # A regular set is calmer with one motif.
    kinds = 1 if layout in REGULAR and rng.random() < 0.6 else int(rng.integers(1, 4))
    variants = [chosen.draw(rng, radius, style) for _ in range(kinds)]
    canvas = Canvas(grid)
    canvas.fill(0)
    fillers = _fillers(canvas, rng, style, (points, radius, layout)) if density != "dense" else ()
    for placement in places:
        canvas.draw(variants[int(rng.integers(len(variants)))].shapes, placement)
    parts = tuple(dict.fromkeys([*(p for v in variants for p in v.parts), *fillers]))
    return _finish(
        rng, canvas, Attributes(chosen.name, parts, style.hand, layout, density, style.inks, radius, style.outlined)
    )


def _fitted(grid: Grid, points: np.ndarray, radius: float, density: str) -> tuple[float, str]:
    """Return the radius that motifs at ``points`` can have, near the one wished for, and how dense they then look."""
    space = spacing(grid, points)
    fitted = min(float(np.clip(space / _GAPS[density], 0.75 * radius, 1.3 * radius)), space / _GAPS["dense"])
    room = float(np.sqrt(grid.width * grid.height / len(points))) / fitted
    return fitted, DENSITIES[2 - int(np.searchsorted(_ROOMS, room))]


def _fillers(
    canvas: Canvas, rng: np.random.Generator, style: Style, around: tuple[np.ndarray, float, str]
) -> tuple[str, ...]:
    """Strew dots or small leaves between tossed motifs, now and then, and say so."""
    points, radius, layout = around
    if layout in REGULAR or rng.random() > 0.35:
        return ()
    leafy = bool(rng.random() < 0.5)
    size = max(4.5, 0.2 * radius) if leafy else max(1.5, 0.08 * radius)
    path = leaf_path(2 * size, size) if leafy else dots([(0.0, 0.0)], size)
    path.offset(0, size if leafy else 0)
    ink = style.ink("second" if leafy else "accent", on=0)
    gap = max(3.2 * size, 0.55 * radius)
    spots = scatter(rng, canvas.grid, gap, first=points, clear=1.08 * radius + size)[len(points) :]
    for x, y in spots:
        turn = float(rng.uniform(0, 2 * np.pi) if layout == "tossed" else rng.normal(0, 0.5))
        canvas.draw((Shape(path, ink),), Placement(float(x), float(y), turn))
    return () if not len(spots) else ("small leaves",) if leafy else ("small dots",)


def _field(rng: np.random.Generator, grid: Grid, chosen: Family, manner: tuple[Style, float]) -> Drawing:
    style, scale = manner
    density = str(rng.choice(DENSITIES))
    if chosen.cell:
        grid, scale = _cell(rng, chosen, grid, scale)
    canvas = Canvas(grid)
    canvas.fill(0)
    parts = chosen.draw(canvas, rng, Sketch(style, scale, DENSITIES.index(density) / 2))
    shown = density if chosen.heeds_density else ""
    named = tuple(p for p in parts if p != "outlined")
    seen = Attributes(chosen.name, named, style.hand, "", shown, style.inks, scale / 2, "outlined" in parts)
    return _finish(rng, canvas, seen)


def _cell(rng: np.random.Generator, chosen: Family, grid: Grid, scale: float) -> tuple[Grid, float]:
    """Return the smallest cell of a primitive family that fits ``grid``, and the scale that fits the cell."""
    assert chosen.cell is not None
    asked = chosen.cell(rng, scale)
    sides = [
        int(np.clip(round(v / 16), 1, side // 16)) * 16
        for v, side in zip(asked, (grid.width, grid.height), strict=True)
    ]
    return Grid(*sides), scale * max(sides) / max(asked)


def _finish(rng: np.random.Generator, canvas: Canvas, attributes: Attributes) -> Drawing:
    indices = apply_hand(rng, canvas.indices(), canvas.grid, attributes.hand)
    planes = coverage(indices, len(ROLES))
    seen = int((planes.mean(axis=(1, 2)) > LEAST_COVERAGE).sum())
    return Drawing(planes, canvas.grid, replace(attributes, inks=seen, nominal_inks=attributes.inks))
