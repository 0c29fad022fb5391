"""One drawing of the corpus: a family, a layout, a hand, and the attributes that its caption speaks of."""

from dataclasses import dataclass, replace

import numpy as np

from patterns.lattice import Grid
from patterns.motif import families  # noqa: F401  (fills the table)
from patterns.motif.canvas import Canvas, coverage
from patterns.motif.family import FAMILIES, Family, Sketch, Style
from patterns.motif.hand import HANDS, apply_hand
from patterns.motif.layout import LAYOUTS, place
from patterns.separation import ROLES

DENSITIES = ("sparse", "medium", "dense")
# Distance between motifs in radii, by density.
_GAPS = {"sparse": 3.1, "medium": 2.45, "dense": 2.05}
# A motif whose radius is below the first number is small on the Loom's grid, above the second large (px).
SCALE_BOUNDS = (14.0, 28.0)
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
    hands = chosen.hands or tuple(HANDS)
    style = Style(inks, str(rng.choice(hands)), outlined=bool(inks >= 3 and rng.random() < 0.35))
    low, high = chosen.scales
    scale = float(np.exp(rng.uniform(np.log(low), np.log(min(high, 0.75 * min(grid.width, grid.height))))))
    if chosen.kind == "motif":
        return _motifs(rng, grid, chosen, (style, scale))
    return _field(rng, grid, chosen, (style, scale))


def _choose(rng: np.random.Generator) -> Family:
    table = list(FAMILIES.values())
    weights = np.array([f.weight for f in table])
    return table[int(rng.choice(len(table), p=weights / weights.sum()))]


def _motifs(rng: np.random.Generator, grid: Grid, chosen: Family, manner: tuple[Style, float]) -> Drawing:
    style, size = manner
    radius = size / 2
    layout = str(rng.choice(LAYOUTS, p=(0.34, 0.16, 0.1, 0.14, 0.16, 0.1)))
    density = str(rng.choice(DENSITIES))
    variants = [chosen.draw(rng, radius, style) for _ in range(int(rng.integers(1, 4)))]
    canvas = Canvas(grid)
    canvas.fill(0)
    for placement in place(rng, grid, layout, radius * _GAPS[density]):
        canvas.draw(variants[int(rng.integers(len(variants)))].shapes, placement)
    parts = tuple(dict.fromkeys(p for v in variants for p in v.parts))
    return _finish(
        rng, canvas, Attributes(chosen.name, parts, style.hand, layout, density, style.inks, radius, style.outlined)
    )


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
