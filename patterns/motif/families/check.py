"""Checks: gingham, plaid, tartan and houndstooth, as warp and weft make them."""

import numpy as np

from patterns.motif.canvas import Canvas
from patterns.motif.family import Sketch, Style, family
from patterns.motif.sett import LINE, banded, fills, mirrored, periods, positions, thins


def _square(rng: np.random.Generator, scale: float) -> tuple[float, float]:
    side = scale if scale >= 16 else 2 * scale
    return side, side


def _twill(x: np.ndarray, y: np.ndarray, thread: int) -> np.ndarray:
    """Return where the warp lies on top in diagonal ribs of ``thread`` px each way; 2 * thread divides 16."""
    return np.floor((x + y) / thread) % 2 < 1


@family(
    "gingham",
    weight=0.3,
    nouns=("gingham", "gingham check"),
    kind="primitive",
    scales=(12.0, 72.0),
    cell=_square,
)
def gingham(canvas: Canvas, rng: np.random.Generator, sketch: Sketch) -> tuple[str, ...]:
    """Lay an even check: full ink where warp crosses weft, half of it where one of them crosses the ground."""
    y, x = positions(canvas)
    count = periods(canvas.grid.width, sketch.scale)
    style, period = sketch.style, canvas.grid.width / count
    across, down = (v / period - np.floor(v / period) < 0.5 for v in (x, y))
    # Two inks have no half tone: the single bands are ribbed.
    half = np.where(_twill(x, y, 4 if period >= 24 else 2), 1, 0) if style.inks == 2 else 2
    inks = np.where(across & down, 1, np.where(across | down, half, 0)).astype(np.uint8)
    parts = ["hatched" if style.inks == 2 else "solid"]
    if style.inks > 3 and period >= 28:
        ink, line = thins(style)[0] if style.inks > 4 else 3, max(LINE, 0.05 * period)
        near = [np.abs(v / period - np.floor(v / period) - 0.75) * period < line / 2 for v in (x, y)]
        inks[near[0] | near[1]] = ink
        parts.append("thin lines")
    canvas.lay(inks)
    return tuple(parts)


def _within(values: np.ndarray, bands: tuple[tuple[float, float], ...]) -> np.ndarray:
    """Return where values lie in one of the bands (low, high)."""
    found = np.zeros(values.shape, bool)
    for low, high in bands:
        found |= (low <= values) & (values < high)
    return found


@family("plaid", nouns=("plaid", "plaids"), kind="primitive", scales=(32.0, 120.0), cell=_square, weight=1.5)
def plaid(canvas: Canvas, rng: np.random.Generator, sketch: Sketch) -> tuple[str, ...]:
    """Lay flat bands both ways, a deeper ink where they cross, and an overcheck of thin lines between them."""
    y, x = positions(canvas)
    count = periods(canvas.grid.width, sketch.scale)
    style, period = sketch.style, canvas.grid.width / count
    line = max(LINE, 0.045 * period)
    u, v = (c / period - np.floor(c / period) for c in (x, y))
    double = period >= 56 and rng.random() < 0.5
    share, gap = float(rng.uniform(0.3, 0.5)), float(rng.uniform(0.06, 0.1))
    bands = ((0.0, 0.62 * share), (0.62 * share + gap, share + gap)) if double else ((0.0, share),)
    across, down = _within(u, bands), _within(v, bands)
    if style.inks == 2:
        inks = np.where(across & down, 1, np.where(across | down, np.where(_twill(x, y, 4), 1, 0), 0))
    elif style.inks > 3 and rng.random() < 0.5:
        inks = np.where(across & down, 1, np.where(across, 2, np.where(down, 3, 0)))
    else:
        inks = np.where(across & down, 1, np.where(across | down, 2, 0))
    middle = (bands[-1][1] + 1) / 2
    over = thins(style)[0] if style.inks > 4 else style.inks - 1
    apart = 0.0 if period < 56 or rng.random() < 0.5 else 1.6 * line / period
    places = (middle - apart, middle + apart)
    lines = tuple((p - line / period / 2, p + line / period / 2) for p in places)
    lined = _within(u, lines) | _within(v, lines)
    canvas.lay(np.where(lined, over, inks).astype(np.uint8))
    return ("hatched" if style.inks == 2 else "solid", "thin lines")


@family("tartan", nouns=("tartan", "tartans"), kind="primitive", scales=(56.0, 124.0), inks=(3, 6), cell=_square)
def tartan(canvas: Canvas, rng: np.random.Generator, sketch: Sketch) -> tuple[str, ...]:
    """Weave one sett of broad and narrow bands with itself in a twill, so that crossings are full and mixed inks."""
    y, x = positions(canvas)
    count = periods(canvas.grid.width, sketch.scale)
    style, period = sketch.style, canvas.grid.width / count
    sett = tartan_sett(rng, style, period)
    warp, weft = (banded(c / period + 0.25, sett) for c in (x, y))
    canvas.lay(np.where(_twill(x, y, 4), warp + 0 * weft, weft + 0 * warp).astype(np.uint8))
    return ("woven",)


def tartan_sett(rng: np.random.Generator, style: Style, period: float) -> list[tuple[int, float]]:
    """Return half a tartan mirrored on its first and last bands: two broad fields, guards, and a line through each."""
    line = max(1.5 * LINE, 0.035 * period)
    fields = fills(style)[:2]
    accent, thin = style.ink("accent", on=fields[0]), thins(style)[0]
    broad = 0.5 * period - 6 * line
    share = float(rng.uniform(0.4, 0.6))
    half = [(accent, line), (fields[0], share * broad), (thin if thin not in fields else 0, line), (0, 1.5 * line)]
    half += [(fields[-1], (1 - share) * broad), (0, 1.5 * line), (fields[0], 2 * line)]
    return mirrored(half)


@family(
    "houndstooth",
    nouns=("houndstooth", "houndstooth check"),
    kind="primitive",
    scales=(14.0, 96.0),
    inks=(2, 3),
    cell=_square,
    weight=0.3,
)
def houndstooth(canvas: Canvas, rng: np.random.Generator, sketch: Sketch) -> tuple[str, ...]:
    """Lay four threads dark and four light as warp and weft of a 2/2 twill, its steps drawn out to straight edges."""
    y, x = positions(canvas)
    count = periods(canvas.grid.width, sketch.scale)
    u, v = (8 * count * c / canvas.grid.width for c in (x, y))
    dark = np.where(np.mod(u + v, 4) < 2, np.mod(u, 8) < 4, np.mod(v, 8) < 4)
    pale = sketch.style.ink("second") if sketch.style.inks > 2 else 0
    canvas.lay(np.where(dark, 1, pale).astype(np.uint8))
    return ("two tone",) if pale else ()
