"""Scallops, seigaiha and fans: overlapping discs whose upper edges show, plain, ringed or rayed as in art deco."""

import numpy as np

from patterns.motif.canvas import Canvas
from patterns.motif.family import Sketch, Style, family
from patterns.motif.sett import LINE, Sett, banded, periods, positions

# Rows of discs in a period, as a share of its height; how far below its center a disc is seen, in radii.
_FISH, _WAVES = (0.5, 1.0), (0.25, 0.55)


def _low_cell(rng: np.random.Generator, scale: float) -> tuple[float, float]:
    """Return a cell of one row of discs and the next, twice if half its width is no whole 16 px."""
    return scale, scale if scale % 32 else scale / 2


def _tall_cell(rng: np.random.Generator, scale: float) -> tuple[float, float]:
    return scale, scale


def _discs(canvas: Canvas, scale: float, form: tuple[float, float]) -> tuple[np.ndarray, np.ndarray, np.ndarray, float]:
    """Return, per subpixel, the row of the disc on top, the distance from its middle in radii and the side; its radius.

    Rows are a share of a period apart, two of them to the cell; a disc is seen to some way below its center.
    """
    share, below = form
    y, x = positions(canvas)
    pitch = canvas.grid.width / periods(canvas.grid.width, scale)
    rows = 2 * max(1, round(canvas.grid.height / (2 * share * pitch)))
    step = canvas.grid.height / rows
    # Discs are as high as the rows are apart, so that scallops meet in points.
    radius, squeeze = pitch / 2, share * pitch / step
    top = np.full((y.shape[0], x.shape[1]), np.nan, np.float32)
    row, side = np.zeros_like(top, np.int32), np.zeros_like(top)
    for k in range(-2, rows + 4):
        dx = (x / pitch - 0.5 * (k % 2) + 0.5) % 1 * pitch - pitch / 2
        dy = (y - k * step) * squeeze
        reach = np.hypot(dx, dy) / radius
        # Later rows lie lower and on top.
        inside = (reach <= 1) & (dy <= below * radius + 1)
        top, row, side = np.where(inside, reach, top), np.where(inside, k, row), np.where(inside, dx / radius, side)
    return row, np.nan_to_num(top, nan=1.0), side, radius


@family(
    "scallop",
    nouns=("scallop", "scallops"),
    kind="primitive",
    directed=True,
    scales=(28.0, 112.0),
    cell=_tall_cell,
    weight=1.2,
)
def scallop(canvas: Canvas, rng: np.random.Generator, sketch: Sketch) -> tuple[str, ...]:
    """Lay scales with a clear edge: of one ink, by rows in two, or with an inner scale of another."""
    row, reach, _, radius = _discs(canvas, sketch.scale, _FISH)
    style = sketch.style
    edge = max(LINE, 0.08 * radius) / radius
    turns = style.inks > 2 and rng.random() < 0.6
    body = np.where((row % 2 == 0) | (not turns), 1, 2)
    rim = style.ink("line", on=1) if style.inks > 4 and rng.random() < 0.5 else 0
    inks = np.where(reach > 1 - edge, rim, body)
    parts = ["alternating" if turns else "solid"]
    if radius > 14 and rng.random() < 0.6:
        inner = style.ink("accent", on=1) if style.inks > 3 else 0
        band = (reach < 0.68) & (reach > 0.68 - edge) if not inner and radius < 30 else reach < 0.55
        inks = np.where(band, inner, inks)
        parts.append("nested")
    canvas.lay(inks.astype(np.uint8))
    return tuple(parts)


@family(
    "seigaiha", nouns=("seigaiha", "seigaiha waves"), kind="primitive", directed=True, scales=(40.0, 112.0),
    cell=_low_cell, weight=0.6,
)  # fmt: skip
def seigaiha(canvas: Canvas, rng: np.random.Generator, sketch: Sketch) -> tuple[str, ...]:
    """Lay waves of the blue sea: discs of even rings, flat behind one another."""
    _, reach, _, radius = _discs(canvas, sketch.scale, _WAVES)
    canvas.lay(banded(np.minimum(reach, 0.999), _rings(rng, sketch.style, radius)))
    return ("rings",)


def _rings(rng: np.random.Generator, style: Style, radius: float) -> Sett:
    """Return bands from the center outward with ground around each, as many as stay clear."""
    count = 3 if radius >= 24 or (radius >= 18 and rng.random() < 0.5) else 2
    gap = max(LINE, float(rng.uniform(0.06, 0.11)) * radius)
    width = radius / count - gap
    inks = [1, *range(2, min(style.inks, 4))] if rng.random() < 0.6 else [1]
    return [s for k in range(count) for s in ((inks[(count - 1 - k) % len(inks)], width), (0, gap))]


@family(
    "fan", nouns=("fan", "fans", "art deco fan", "art deco fans"), kind="primitive", directed=True,
    scales=(44.0, 124.0), cell=_low_cell, weight=0.6,
)  # fmt: skip
def fan(canvas: Canvas, rng: np.random.Generator, sketch: Sketch) -> tuple[str, ...]:
    """Lay fans: rays from a foot, under a rim."""
    _, reach, side, radius = _discs(canvas, sketch.scale, _WAVES)
    style = sketch.style
    line = max(LINE, 0.05 * radius) / radius
    angle = np.arcsin(np.clip(side / np.maximum(reach, 1e-3), -1, 1)) / np.pi + 0.5
    rays = int(rng.choice([5, 7])) if radius > 34 else 5
    other = 2 if style.inks > 2 else 0
    body = banded(angle * rays + 0.25, ((1, 1.0), (other, 1.0)))
    rim = style.ink("accent", on=1)
    inks = np.where(reach > 1 - line, style.ink("line", on=rim), np.where(reach > 0.8, rim, body))
    inks = np.where(np.abs(reach - 0.8) < line / 2, 0, inks)
    inks = np.where(reach < 0.24, style.ink("detail", on=1), inks)
    canvas.lay(inks.astype(np.uint8))
    return ("rays",)
