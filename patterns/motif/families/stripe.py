"""Stripes, ticking and pinstripes, along either side of the cloth or on the diagonal."""

import numpy as np

from patterns.motif.canvas import Canvas
from patterns.motif.family import Sketch, Style, family
from patterns.motif.sett import LINE, Sett, banded, fills, periods, positions, thins


def stripe_cell(rng: np.random.Generator, scale: float) -> tuple[float, float]:
    """Return a cell whose longer side is the period; square for a diagonal."""
    short = 16.0 if scale < 40 else 32.0
    kind = rng.random()
    return (scale, scale) if kind < 0.15 else (scale, short) if kind < 0.7 else (short, scale)


def _upright_cell(rng: np.random.Generator, scale: float) -> tuple[float, float]:
    """Return a cell for lines that run down the cloth, sometimes across it."""
    return (scale, 16.0) if rng.random() < 0.8 else (16.0, scale)


def _laid(canvas: Canvas, rng: np.random.Generator, scale: float, sett: Sett) -> str:
    """Cover the cell with a sett along the direction that its shape asks for; return the direction."""
    y, x = positions(canvas)
    width, height = canvas.grid.width, canvas.grid.height
    count = periods(max(width, height), scale)
    direction = "vertical" if width > height else "horizontal" if height > width else "diagonal"
    if width == height == 16:
        direction = str(rng.choice(["vertical", "horizontal"]))
    values = {"vertical": x / width + 0 * y, "horizontal": y / height + 0 * x}.get(direction)
    if values is None:
        values = x / width + y / height if rng.random() < 0.5 else x / width - y / height
    canvas.lay(banded(values * count + rng.random(), sett))
    return direction


def stripe_sett(rng: np.random.Generator, style: Style, period: float) -> tuple[str, Sett]:
    """Return the name of a kind of stripe and one period of it, its bands wide enough to be told apart."""
    kind = str(rng.choice(["even", "uneven", "double lined"])) if period >= 24 else "even"
    inks = [int(i) for i in rng.permutation(np.arange(1, style.inks))][: max(1, int(period / 10))]
    if kind == "even":
        if len(inks) == 1:
            return kind, [(0, 1.0), (inks[0], 1.0)]
        # Every band in an ink of its own, or all of them on the ground.
        return kind, [(0, 1.0), *((i, 1.0) for i in inks)] if rng.random() < 0.5 else _spaced(inks)
    if kind == "double lined":
        many, thin, line = fills(style)[: max(1, int(period / 40))], thins(style)[0], max(LINE, 0.04 * period)
        rest = period / len(many) - 6 * line
        sides = [(thin, line), (0, 1.5 * line)]
        return kind, [
            s for i in many for s in ((0, 0.45 * rest), *sides, (i, 0.55 * rest), (0, 1.5 * line), (thin, line))
        ]
    widths = rng.uniform(0.5, 1.8, 2 * len(inks))
    widths[2:] = np.maximum(widths[2:], 3 * widths.sum() / period)
    return kind, [s for k, i in enumerate(inks) for s in ((0, float(widths[2 * k])), (i, float(widths[2 * k + 1])))]


def _spaced(inks: list[int]) -> list[tuple[int, float]]:
    return [s for i in inks for s in ((0, 1.0), (i, 1.0))]


@family(
    "stripe",
    nouns=("stripe", "stripes"),
    kind="primitive",
    directed=True,
    scales=(14.0, 120.0),
    cell=stripe_cell,
    weight=1.8,
)
def stripe(canvas: Canvas, rng: np.random.Generator, sketch: Sketch) -> tuple[str, ...]:
    """Lay broad stripes: even, uneven, or lined at both sides."""
    longer = max(canvas.grid.width, canvas.grid.height)
    kind, sett = stripe_sett(rng, sketch.style, longer / periods(longer, sketch.scale))
    return _laid(canvas, rng, sketch.scale, sett), kind


@family(
    "ticking",
    nouns=("ticking", "ticking stripe"),
    kind="primitive",
    directed=True,
    scales=(28.0, 84.0),
    inks=(2, 4),
    cell=_upright_cell,
    weight=1.2,
)
def ticking(canvas: Canvas, rng: np.random.Generator, sketch: Sketch) -> tuple[str, ...]:
    """Lay groups of a band between thin lines, with wide ground between the groups."""
    longer = max(canvas.grid.width, canvas.grid.height)
    period, style = longer / periods(longer, sketch.scale), sketch.style
    line = max(LINE, 0.055 * period)
    band = line * float(rng.choice([1.0, 2.2, 3.2]))
    sides = 2 if period > 14 * line + band and rng.random() < 0.5 else 1
    outer = style.ink("line" if style.inks > 4 else "second")
    flank = [s for _ in range(sides) for s in ((outer, line), (0, 1.4 * line))]
    group = [*flank, (1, band), *reversed(flank)]
    rest = period - sum(w for _, w in group)
    direction = _laid(canvas, rng, sketch.scale, [(0, max(rest, 3 * line)), *group])
    return (direction, "thin lines")


@family(
    "pinstripe",
    nouns=("pinstripe", "pinstripes"),
    kind="primitive",
    directed=True,
    scales=(8.0, 48.0),
    inks=(2, 4),
    cell=lambda rng, s: _upright_cell(rng, s if s >= 16 else 2 * s),
    weight=1.2,
)
def pinstripe(canvas: Canvas, rng: np.random.Generator, sketch: Sketch) -> tuple[str, ...]:
    """Lay single thin lines at even distances, now and then on a colored ground or in two inks."""
    longer = max(canvas.grid.width, canvas.grid.height)
    period, style = longer / periods(longer, sketch.scale), sketch.style
    field = 1 if style.inks > 2 and rng.random() < 0.4 else 0
    others = [i for i in range(0 if field else 1, style.inks) if i != field]
    line = max(LINE, 0.06 * period)
    if len(others) > 1 and period >= 28:
        sett = [s for i in others[:2] for s in ((field, period / 2 - line), (i, line))]
        return _laid(canvas, rng, sketch.scale, sett), "alternating"
    return _laid(canvas, rng, sketch.scale, [(field, period - line), (others[0], line)]), "filled" if field else "even"
