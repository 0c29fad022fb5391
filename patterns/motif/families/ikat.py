"""Ikat diamonds: nested lozenges whose edges step from thread to thread, as dyed warps come to lie."""

import numpy as np

from patterns.motif.canvas import Canvas
from patterns.motif.family import Sketch, family
from patterns.motif.sett import periods, positions

# A thread is about this wide on the Loom's grid (px), and slips by this share of a diamond's height either way.
_THREAD, _SLIP = 3.0, 0.03


def _cell(rng: np.random.Generator, scale: float) -> tuple[float, float]:
    return scale, scale * float(rng.choice([1.0, 1.35, 1.7]))


@family(
    "ikat diamond", nouns=("ikat diamond", "ikat diamonds", "ikat"), kind="primitive", directed=True,
    scales=(48.0, 96.0), inks=(2, 5), cell=_cell, weight=1.2,
)  # fmt: skip
def ikat_diamond(canvas: Canvas, rng: np.random.Generator, sketch: Sketch) -> tuple[str, ...]:
    """Lay nested diamonds, and smaller ones in the gaps; threads stand in and out of every edge in turn."""
    y, x = positions(canvas)
    style, grid = sketch.style, canvas.grid
    w, h = grid.width / periods(grid.width, sketch.scale), float(grid.height)
    half = max(4, round(w / 2 / _THREAD))
    u, v = np.abs((x / w) % 1 - 0.5), np.abs((y / h) % 1 - 0.5)
    column = np.minimum(np.floor(2 * half * u), half - 1)
    slip = np.where(column % 2 == 0, _SLIP, -_SLIP)
    reach = 2 * ((column + 0.5) / (2 * half) + v + slip)
    inks = [int(i) for i in rng.permutation(np.arange(1, style.inks))]
    outer, body, heart = inks[0], inks[1 % len(inks)], inks[2 % len(inks)]
    if len(inks) == 1:
        body = 0
    rings = ((1.52, 0), (1.0, outer), (0.74, 0), (0.62, body), (0.26, heart if heart != body else 0))
    shown = np.full(reach.shape, body or outer, np.uint8)
    for edge, ink in rings:
        shown = np.where(reach < edge, ink, shown)
    canvas.lay(shown.astype(np.uint8))
    return ("nested",)
