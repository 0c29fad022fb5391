"""One drawing of the corpus: a family or two, a layout, and the attributes that its caption speaks of.

Drawings are clean: a hand (``patterns.hand``) is put on the finished separation.
"""

from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from patterns.lattice import Grid
from patterns.motif import families  # noqa: F401  (fills the table)
from patterns.motif.attributes import Attributes
from patterns.motif.canvas import OVERSAMPLE, Canvas, Placement, coverage
from patterns.motif.composing import compose
from patterns.motif.family import FAMILIES, Family, Kind, Sketch, Style
from patterns.reading import DENSITIES, DIRECTIONS
from patterns.separation import ROLES

# A motif alone: the cell it is drawn on, and its radius in px.
PORTRAIT, PORTRAIT_RADIUS = Grid(96, 96), 42.0
KINDS: tuple[Kind, ...] = ("motif", "field", "primitive")
# An ink that covers less than this share of the cell is not counted among those seen.
LEAST_COVERAGE = 0.002
# Parts that people ask to be left out.
_SPARED = frozenset(
    ("berries", "buds", "centers", "dots", "flowers", "knots", "leaves", "rays", "rings", "seeds", "small dots")
) | {"small flowers", "small leaves", "stamens", "stems", "thin lines", "veins"}


@dataclass(frozen=True, slots=True)
class Drawing:
    """Planes (6, H, W) float32 in the roles' order (unused inks are zero) on ``grid``, and what they show."""

    planes: np.ndarray
    grid: Grid
    attributes: Attributes


def portrait(rng: np.random.Generator, *, family: str | None = None) -> Drawing:
    """Return one motif alone, upright in the middle of ``PORTRAIT``, by its family's name or of any motif family.

    It is from such a portrait that a layout is arranged, so the size and the place are always the same.
    """
    chosen = FAMILIES[family] if family else _choose(rng, kinds=("motif",))
    style = _style(rng, chosen)
    motif = chosen.motif(rng, PORTRAIT_RADIUS, style, posed=True)
    canvas = Canvas(PORTRAIT)
    canvas.fill(0)
    canvas.draw(motif.shapes, Placement(PORTRAIT.width / 2, PORTRAIT.height / 2))
    return _finished(
        canvas,
        Attributes(
            chosen.name, motif.parts, "", "", style.inks, PORTRAIT_RADIUS, style.outlined, look=motif.look
        ),
    )  # fmt: skip


def draw(
    rng: np.random.Generator,
    grid: Grid,
    *,
    family: str | None = None,
    kinds: tuple[Kind, ...] = KINDS,
    detail: int = 1,
) -> Drawing:
    """Return a drawing on ``grid``, fully determined by the generator's state, or on a small cell that is paved.

    It is of ``family``, or of any family of these ``kinds``.

    With a ``detail`` of 2 or 4 the same drawing is on so many times as fine a grid; attributes stay in px of ``grid``.

    A primitive family's drawing is on its smallest cell, and so is half of what is set in a regular layout: such a
    cell's sides are multiples of 16 px and at most the grid's.
    """
    chosen = FAMILIES[family] if family else _choose(rng, kinds=kinds)
    made = compose if chosen.kind == "motif" else _field
    return _finished(*made(rng, grid, chosen, _style(rng, chosen)), detail)


def _style(rng: np.random.Generator, chosen: Family) -> Style:
    inks = int(rng.integers(chosen.inks[0], chosen.inks[1] + 1))
    return Style(inks, outlined=bool(inks >= 3 and rng.random() < 0.35))


def _choose(rng: np.random.Generator, *, kinds: tuple[Kind, ...]) -> Family:
    table = [f for f in FAMILIES.values() if f.kind in kinds]
    weights = np.array([f.weight for f in table])
    return table[int(rng.choice(len(table), p=weights / weights.sum()))]


def _field(rng: np.random.Generator, grid: Grid, chosen: Family, style: Style) -> tuple[Canvas, Attributes]:
    low, high = chosen.scales
    high = min(high, 0.75 * min(grid.width, grid.height))
    scale = float(np.exp(rng.uniform(np.log(min(low, high)), np.log(high))))
    density = str(rng.choice(DENSITIES))
    if chosen.cell:
        grid, scale = _cell(rng, chosen, grid, scale)
    canvas = Canvas(grid)
    canvas.fill(0)
    parts = chosen.draw(canvas, rng, Sketch(style, scale, DENSITIES.index(density) / 2))
    return canvas, Attributes(
        chosen.name,
        tuple(p for p in parts if p != "outlined" and p not in DIRECTIONS),
        "",
        density if chosen.heeds_density else "",
        style.inks,
        scale / 2,
        "outlined" in parts,
        direction=next((p for p in parts if p in DIRECTIONS), ""),
    )


def _cell(rng: np.random.Generator, chosen: Family, grid: Grid, scale: float) -> tuple[Grid, float]:
    """Return the smallest cell of a primitive family that fits ``grid``, and the period that fits the cell."""
    assert chosen.cell is not None
    # A period of whole 16 px keeps the shape that the family asks for.
    scale = 16.0 * round(scale / 16) if scale >= 16 else scale
    asked = chosen.cell(rng, scale)
    sides = [
        int(np.clip(round(v / 16), 1, side // 16)) * 16
        for v, side in zip(asked, (grid.width, grid.height), strict=True)
    ]
    side = min((0, 1), key=lambda k: abs(asked[k] - scale))
    return Grid(*sides), scale * sides[side] / asked[side]


def _finished(canvas: Canvas, planned: Attributes, detail: int = 1) -> Drawing:
    """Return the drawing, its inks counted as they are seen and the parts named that it might have had."""
    planes = coverage(canvas.indices(), len(ROLES), each=OVERSAMPLE // detail)
    seen = int((planes.mean(axis=(1, 2)) > LEAST_COVERAGE).sum())
    absent = tuple(p for p in possible_parts(planned.family) if p not in planned.parts)
    return Drawing(
        planes, canvas.grid.scaled(detail), replace(planned, inks=seen, nominal_inks=planned.inks, absent=absent)
    )


@cache
def possible_parts(family: str) -> tuple[str, ...]:
    """Return the parts that a family's drawings show now and then and that one may ask to be left out, sorted."""
    rng = np.random.default_rng(0)
    chosen = FAMILIES[family]
    shown: set[str] = set()
    for k in range(24):
        style = Style(2 + k % 5)
        if chosen.kind == "motif":
            shown.update(chosen.motif(rng, 24.0 + 24.0 * (k % 2), style).parts)
        else:
            shown.update(_field(rng, Grid(96, 96), chosen, style)[1].parts)
    return tuple(sorted(shown & _SPARED))
