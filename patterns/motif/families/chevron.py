"""Chevrons, waves and herringbone: bands that turn."""

import numpy as np

from patterns.motif.canvas import Canvas
from patterns.motif.family import Sketch, Style, family
from patterns.motif.sett import Sett, banded, fills, periods, positions, thins, triangle


def _cell(rng: np.random.Generator, scale: float) -> tuple[float, float]:
    """Return a cell whose height is the bands' period; the sides change places for vertical bands."""
    width = scale * rng.uniform(0.55, 1.3)
    return (width, scale) if rng.random() < 0.75 else (scale, width)


def _sett(rng: np.random.Generator, style: Style, period: float) -> tuple[str, Sett]:
    many, line = fills(style), max(1.6, 0.06 * period)
    kind = str(rng.choice(["even", "alternating", "double lined"]))
    if kind == "even":
        inks = [0, *range(1, style.inks)] if rng.random() < 0.5 else [0, *many]
        return kind, [(i, 1.0) for i in inks]
    if kind == "alternating":
        return kind, [s for i in many for s in ((0, 1.0), (i, 1.0))]
    rest = period / len(many)
    thin = thins(style)[0]
    return kind, [s for i in many for s in ((0, 0.3 * rest), (i, 0.35 * rest), (0, line), (thin, line))]


def _bands(canvas: Canvas, rng: np.random.Generator, sketch: Sketch, wave: str) -> tuple[str, ...]:
    y, x = positions(canvas)
    width, height = canvas.grid.width, canvas.grid.height
    upright = width > height or (width == height and rng.random() < 0.25)
    if upright:
        x, y, width, height = y, x, height, width
    across, down = periods(width, min(sketch.scale, width)), periods(height, sketch.scale)
    pitch = width / across
    turn = triangle(x / pitch) if wave == "chevron" else 0.5 - 0.5 * np.cos(2 * np.pi * x / pitch)
    rise = pitch * (rng.uniform(0.35, 0.6) if wave == "chevron" else rng.uniform(0.2, 0.4))
    kind, sett = _sett(rng, sketch.style, height / down)
    canvas.lay(banded((y + rise * turn) * down / height + rng.random(), sett))
    return ("vertical" if upright else "horizontal"), kind


_TRAITS = {"kind": "primitive", "directed": True, "scales": (18.0, 112.0), "cell": _cell}


@family("chevron", nouns=("chevron", "chevrons"), **_TRAITS, weight=1.2)
def chevron(canvas: Canvas, rng: np.random.Generator, sketch: Sketch) -> tuple[str, ...]:
    """Lay zigzag bands."""
    return _bands(canvas, rng, sketch, "chevron")


@family("wave", nouns=("wave", "waves"), **_TRAITS, weight=1.8)
def wave(canvas: Canvas, rng: np.random.Generator, sketch: Sketch) -> tuple[str, ...]:
    """Lay rippling bands."""
    return _bands(canvas, rng, sketch, "wave")


def _herringbone_cell(rng: np.random.Generator, scale: float) -> tuple[float, float]:
    return (scale, scale / 2) if rng.random() < 0.8 else (scale / 2, scale)


@family(
    "herringbone", nouns=("herringbone", "herringbones"), kind="primitive", directed=True, scales=(24.0, 120.0),
    cell=_herringbone_cell,
)  # fmt: skip
def herringbone(canvas: Canvas, rng: np.random.Generator, sketch: Sketch) -> tuple[str, ...]:
    """Lay columns of slanted bars that lean in turn to the left and to the right."""
    y, x = positions(canvas)
    width, height = canvas.grid.width, canvas.grid.height
    turned = height > width
    if turned:
        x, y, width, height = y, x, height, width
    columns = 2 * periods(width, sketch.scale)
    leaf = width / columns
    bars = max(2, round(height / max(5.0, leaf / rng.uniform(1.6, 3.2))))
    bars += bars % 2
    pitch, gap = height / bars, max(1.5, 0.05 * leaf)
    column = np.floor(x / leaf)
    lean = np.where(column % 2 == 0, x, -x)
    along = (y + lean) / pitch + np.where(column % 2 == 0, 0.0, 0.5)
    edge = np.minimum(x % leaf, leaf - x % leaf) < gap / 2
    many = fills(sketch.style)
    body = np.array([many[0], many[1 % len(many)]], np.uint8)[np.floor(along).astype(int) % 2]
    if len(many) > 2:
        body = np.where(column % 2 == 0, body, np.where(body == many[1], many[2], body))
    seam = edge | (np.abs(along % 1 - 0.5) > 0.5 - gap / pitch / 2)
    canvas.lay(np.where(seam, 0, body).astype(np.uint8))
    return ("horizontal" if turned else "vertical", "alternating" if len(many) > 1 else "solid")
