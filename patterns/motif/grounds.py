"""Quiet regular grounds beneath motifs: stripe, trellis, polka dot and gingham in one ink or two."""

import math

import numpy as np

from patterns.motif.canvas import Canvas
from patterns.motif.family import Style
from patterns.motif.ranks import net
from patterns.motif.sett import positions
from patterns.reading import GROUNDS

# Lines of a ground on the Loom's grid, in px.
_LINE = 2.0


def lay_ground(rng: np.random.Generator, canvas: Canvas, style: Style, radius: float, *, kind: str = "") -> str:
    """Cover the cell with a ground fit for motifs of this radius, in quiet inks; return its name, "" if none fits.

    Its ``kind`` is one of ``GROUNDS``, or is chosen.
    """
    # The light detail ink where there is one, the second else; a gingham is quiet only with both.
    quiet = 5 if style.inks == 6 else 2
    kind = kind or str(rng.choice(GROUNDS, p=(0.2, 0.2, 0.2, 0.4) if quiet == 5 else (1 / 3, 1 / 3, 1 / 3, 0)))
    scale = float(np.exp(rng.uniform(math.log(12), math.log(max(20.0, min(36.0, radius))))))
    shown = _WAYS[kind](rng, canvas, scale)
    if shown is None:
        return ""
    canvas.lay(np.where(shown == 2, 2, np.where(shown == 1, quiet, 0)).astype(np.uint8))
    return kind


def _stripe(rng: np.random.Generator, canvas: Canvas, scale: float) -> np.ndarray | None:
    grid, (y, x) = canvas.grid, positions(canvas)
    upright = bool(grid.drop) or (not grid.slide and rng.random() < 0.75)
    along, length = (x + 0 * y, grid.width) if upright else (y + 0 * x, grid.height)
    count = max(1, round(length / scale))
    share = float(rng.choice([0.5, max(_LINE * count / length, 0.2)]))
    # The cell's joint lies in the middle of a band, not along its edge.
    return ((along * count / length + share / 2) % 1 < share).astype(np.uint8)


def _trellis(rng: np.random.Generator, canvas: Canvas, scale: float) -> np.ndarray | None:
    mesh = net(canvas.grid, 1.6 * scale, 1.6 * scale * float(rng.choice([1.0, 1.4])), most=0.6)
    if mesh is None:
        return None
    y, x = positions(canvas)
    far = [np.abs(d - np.rint(d)) for d in (x / mesh.w + y / mesh.h, x / mesh.w - y / mesh.h)]
    return (np.minimum(*far) / math.hypot(1 / mesh.w, 1 / mesh.h) < _LINE / 2).astype(np.uint8)


def _polka_dot(rng: np.random.Generator, canvas: Canvas, scale: float) -> np.ndarray | None:
    mesh = net(canvas.grid, 1.2 * scale, 1.2 * scale, most=0.6)
    if mesh is None:
        return None
    y, x = positions(canvas)
    p, q = (d - np.rint(d) for d in (x / mesh.w + y / mesh.h, x / mesh.w - y / mesh.h))
    radius = max(_LINE, 0.13 * min(mesh.w, mesh.h))
    return (np.hypot((p + q) * mesh.w / 2, (p - q) * mesh.h / 2) < radius).astype(np.uint8)


def _gingham(rng: np.random.Generator, canvas: Canvas, scale: float) -> np.ndarray | None:
    """Return 1 where one band lies, 2 where two cross."""
    grid, (y, x) = canvas.grid, positions(canvas)
    sides = ((grid.width, grid.slide), (grid.height, grid.drop))
    counts = []
    for length, offset in sides:
        fits = [n for n in range(1, length // 8) if offset * n % length == 0]
        counts.append(min(fits, key=lambda n: abs(math.log(length / n / scale)), default=0))
    if not all(counts) or not 0.7 < grid.width / counts[0] / (grid.height / counts[1]) < 1.4:
        return None
    across, down = ((v * n / length + 0.25) % 1 < 0.5 for v, n, (length, _) in zip((x, y), counts, sides, strict=True))
    return across.astype(np.uint8) + down.astype(np.uint8)


_WAYS = {"stripe": _stripe, "trellis": _trellis, "polka dot": _polka_dot, "gingham": _gingham}
