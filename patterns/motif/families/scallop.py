"""Scallops and fans: overlapping discs whose upper edges show, ringed as in seigaiha or rayed as in art deco."""

import numpy as np

from patterns.motif.canvas import Canvas
from patterns.motif.family import Sketch, Style, family
from patterns.motif.sett import Sett, banded, periods, positions

_HANDS = ("clean", "clean", "block print", "ikat")


def _cell(rng: np.random.Generator, scale: float) -> tuple[float, float]:
    across = scale if scale >= 24 else 2 * scale
    return across, across / 2 if across >= 32 else across


def _discs(canvas: Canvas, sketch: Sketch) -> tuple[np.ndarray, np.ndarray, np.ndarray, float]:
    """Return, per subpixel, the row of the disc on top, the distance from its center in radii and the angle."""
    y, x = positions(canvas)
    width, height = canvas.grid.width, canvas.grid.height
    across = periods(width, sketch.scale)
    pitch = width / across
    rows = 2 * max(1, round(height / (pitch / 2)))
    step = height / rows
    # A disc is as high as the next two rows let it show, so scallops meet in points.
    radius, squeeze = pitch / 2, pitch / 4 / step
    top = np.full((y.shape[0], x.shape[1]), np.nan, np.float32)
    row = np.zeros_like(top, np.int32)
    side = np.zeros_like(top)
    for k in range(-1, rows + 4):
        dx = (x / pitch - 0.5 * (k % 2) + 0.5) % 1 * pitch - pitch / 2
        dy = (y - k * step) * squeeze
        reach = np.hypot(dx, dy) / radius
        # Later rows lie lower and on top; only the part above the center is ever seen.
        inside = (reach <= 1) & (dy <= radius / 2 + 1)
        top, row, side = np.where(inside, reach, top), np.where(inside, k, row), np.where(inside, dx / radius, side)
    return row, np.nan_to_num(top, nan=1.0), side, radius


def _rings(rng: np.random.Generator, style: Style, radius: float) -> Sett:
    """Return rings from the center outward, as many as there is room for, the edge in the ground or the line."""
    line = max(1.5, 0.07 * radius)
    count = int(np.clip(radius / 5, 2, 4))
    inks = [int(i) for i in rng.permutation(np.arange(1, style.inks))]
    rings = [s for k in range(count) for s in ((inks[k % len(inks)], (radius - line * count) / count), (0, line))]
    return [(i, w / radius) for i, w in rings]


@family(
    "scallop",
    nouns=("scallop", "scallops"),
    kind="primitive",
    directed=True,
    scales=(16.0, 110.0),
    hands=_HANDS,
    cell=_cell,
)
def scallop(canvas: Canvas, rng: np.random.Generator, sketch: Sketch) -> tuple[str, ...]:
    """Lay scallops: ringed, or solid in alternating inks with a narrow edge."""
    row, reach, _, radius = _discs(canvas, sketch)
    style = sketch.style
    if rng.random() < 0.6:
        canvas.lay(banded(np.minimum(reach, 0.999), _rings(rng, style, radius)))
        return ("rings",)
    edge = max(1.6, 0.1 * radius) / radius
    heart = style.ink("accent", on=1)
    body = np.where(row % 2 == 0, 1, 2 if style.inks > 2 else 1)
    inks = np.where(reach > 1 - edge, style.ink("line", on=1), body)
    parts = ["alternating" if style.inks > 2 else "solid"]
    if radius > 10 and rng.random() < 0.7:
        inks = np.where(reach < 0.3, heart, inks)
        parts.append("centers")
    canvas.lay(inks.astype(np.uint8))
    return tuple(parts)


@family(
    "fan", nouns=("fan", "fans", "art deco fan", "art deco fans"), kind="primitive", directed=True,
    scales=(36.0, 120.0), hands=("clean", "clean", "block print"), cell=_cell, weight=0.8,
)  # fmt: skip
def fan(canvas: Canvas, rng: np.random.Generator, sketch: Sketch) -> tuple[str, ...]:
    """Lay fans: rays from a foot, under one or two rings."""
    _, reach, side, radius = _discs(canvas, sketch)
    style = sketch.style
    line = max(1.5, 0.05 * radius) / radius
    angle = np.arcsin(np.clip(side / np.maximum(reach, 1e-3), -1, 1)) / np.pi + 0.5
    rays = int(rng.choice([5, 7, 9])) if radius > 28 else 5
    other = 2 if style.inks > 2 else 0
    body = banded(angle * rays + 0.25, ((1, 1.0), (other, 1.0)))
    rim = style.ink("accent", on=1)
    inks = np.where(reach > 1 - line, style.ink("line", on=rim), np.where(reach > 0.8, rim, body))
    inks = np.where(np.abs(reach - 0.8) < line / 2, 0, inks)
    inks = np.where(reach < 0.22, style.ink("detail", on=1), inks)
    canvas.lay(inks.astype(np.uint8))
    return ("rays",)
