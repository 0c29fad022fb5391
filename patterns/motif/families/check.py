"""Checks: gingham, plaid and houndstooth, as warp and weft make them."""

import numpy as np

from patterns.motif.canvas import Canvas
from patterns.motif.family import Sketch, family
from patterns.motif.sett import banded, fills, mirrored, periods, positions, thins


def _square(rng: np.random.Generator, scale: float) -> tuple[float, float]:
    side = scale if scale >= 16 else 2 * scale
    return side, side


@family(
    "gingham",
    weight=1.4,
    nouns=("gingham", "gingham check"),
    kind="primitive",
    scales=(10.0, 64.0),
    hands=("clean", "block print"),
    cell=_square,
)
def gingham(canvas: Canvas, rng: np.random.Generator, sketch: Sketch) -> tuple[str, ...]:
    """Lay an even check: full ink where warp crosses weft, half of it where one of them crosses the ground."""
    y, x = positions(canvas)
    count = periods(canvas.grid.width, sketch.scale)
    style, period = sketch.style, canvas.grid.width / count
    across, down = (v / period - np.floor(v / period) < 0.5 for v in (x, y))
    hatched = style.inks == 2 or rng.random() < 0.25
    half = np.where(np.floor((x + y) / 2) % 2 < 1, 1, 0) if hatched else 2
    inks = np.where(across & down, 1, np.where(across | down, half, 0)).astype(np.uint8)
    parts = ["hatched" if hatched else "solid"]
    lined = [i for i in thins(style) if i > 2]
    if lined and period >= 16:
        for i, place in zip(lined, (0.25, 0.75), strict=False):
            line = max(1.5, 0.06 * period)
            near = [np.abs(v / period - np.floor(v / period) - place) * period < line / 2 for v in (x, y)]
            inks[near[0] | near[1]] = i
        parts.append("thin lines")
    canvas.lay(inks)
    return tuple(parts)


@family(
    "plaid",
    nouns=("plaid", "plaids"),
    kind="primitive",
    scales=(28.0, 116.0),
    hands=("clean",),
    cell=_square,
    weight=1.3,
)
def plaid(canvas: Canvas, rng: np.random.Generator, sketch: Sketch) -> tuple[str, ...]:
    """Lay one sett along warp and weft, woven as a twill or with the weft on top."""
    y, x = positions(canvas)
    count = periods(canvas.grid.width, sketch.scale)
    style, period = sketch.style, canvas.grid.width / count
    line = max(1.6, 0.035 * period)
    wide = [(0, rng.uniform(0.15, 0.3) * period)]
    for i in fills(style):
        wide += [(i, rng.uniform(0.05, 0.25) * period), (0, rng.uniform(0.04, 0.12) * period)]
    for i in [t for t in thins(style) if t >= 4] or thins(style)[-1:]:
        wide += [(i, line), (0, rng.uniform(0.03, 0.15) * period)]
    sett = mirrored(wide)
    phase = rng.random()
    warp, weft = banded(x / period + phase, sett), banded(y / period + phase, sett)
    twill = np.floor((x + y) / 2) % 2 < 1
    if rng.random() < 0.6:
        canvas.lay(np.where(twill, warp, weft).astype(np.uint8))
        return ("woven",)
    both = np.where((warp > 0) & (weft > 0), np.where(twill, warp, weft), np.maximum(warp, weft))
    canvas.lay(both.astype(np.uint8))
    return ("solid",)


@family(
    "houndstooth",
    nouns=("houndstooth", "houndstooth check"),
    kind="primitive",
    scales=(12.0, 80.0),
    inks=(2, 4),
    hands=("clean", "ikat"),
    cell=_square,
    weight=0.0,
)
def houndstooth(canvas: Canvas, rng: np.random.Generator, sketch: Sketch) -> tuple[str, ...]:
    """Lay four threads dark and four light as warp and weft of a 2/2 twill, its steps drawn out to straight edges."""
    y, x = positions(canvas)
    count = periods(canvas.grid.width, sketch.scale)
    u, v = (8 * count * c / canvas.grid.width for c in (x, y))
    twill = np.mod(u + v, 4) < 2
    dark = np.where(twill, np.mod(u, 8) < 4, np.mod(v, 8) < 4)
    inks = np.where(dark, 1, 0).astype(np.uint8)
    solid = (np.mod(u, 8) < 4) & (np.mod(v, 8) < 4)
    parts = ()
    if sketch.style.inks > 2:
        inks[solid & dark] = 2
        parts = ("two tone",)
    if sketch.style.inks > 3:
        pale = (np.mod(u, 8) >= 4) & (np.mod(v, 8) >= 4)
        inks[pale] = 3
    canvas.lay(inks)
    return parts
