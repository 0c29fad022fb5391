"""Clouds: puffs on a level base, plain or lit from within, and curls as on Chinese silks."""

import math

import numpy as np
import skia

from patterns.motif.canvas import Shape
from patterns.motif.family import Motif, Style, family
from patterns.motif.parts import Pen, merged

# Puffs as (x, y, radius) in units, over a base at ``_BASE``.
_BASE = 0.42
_FORMS = (
    ((-0.62, 0.14, 0.3), (-0.18, -0.2, 0.46), (0.36, -0.02, 0.38), (0.72, 0.18, 0.26)),
    ((-0.68, 0.16, 0.28), (-0.36, -0.08, 0.36), (0.12, -0.26, 0.46), (0.62, 0.08, 0.36)),
    ((-0.5, 0.06, 0.38), (0.08, -0.14, 0.46), (0.58, 0.14, 0.3)),
)
Puffs = tuple[tuple[float, float, float], ...]


def _puffed(unit: float, puffs: Puffs, base: float) -> skia.Path:
    """Return puffs over a level base as one outline."""
    left, right = puffs[0][0], puffs[-1][0]
    whole = skia.Path()
    whole.addRect(skia.Rect.MakeLTRB(left * unit, 0, right * unit, base * unit))
    for x, y, r in puffs:
        # The outer puffs stand on the base.
        y = base - r if x in (left, right) else y
        whole = skia.Op(whole, skia.Path.Circle(x * unit, y * unit, r * unit), skia.PathOp.kUnion_PathOp) or whole
    return whole


def _curl(x: float, y: float, radius: float, side: int) -> skia.Path:
    """Return a spiral of a turn and a quarter around (x, y) that winds in, its start below."""
    path = skia.Path()
    for k in range(21):
        angle, reach = math.pi / 2 - side * k * 2.5 * math.pi / 20, radius * (1 - 0.034 * k)
        point = (x + reach * math.cos(angle), y + reach * math.sin(angle))
        path.lineTo(*point) if k else path.moveTo(*point)
    return path


@family("cloud", nouns=("cloud", "clouds"), directed=True, scales=(36.0, 112.0))
def cloud(rng: np.random.Generator, radius: float, style: Style) -> Motif:
    """Return one cloud."""
    pen = Pen(radius, style)
    u, puffs = pen.unit, _FORMS[int(rng.integers(len(_FORMS)))]
    if rng.random() < 0.5:
        puffs = tuple((-x, y, r) for x, y, r in reversed(puffs))
    pen.lay(Shape(_puffed(u, puffs, _BASE), pen.body))
    role = str(rng.choice(["second", "second", "line", "detail"]))
    mark = style.ink(role, on=pen.body) if style.inks > 2 else 0
    kind = str(rng.choice(["plain", "lit", "curl"], p=(0.2, 0.4, 0.4) if style.inks > 2 else (0.3, 0.0, 0.7)))
    if kind == "curl":
        curls = [_curl(x * u, (y + 0.04) * u, 0.58 * r * u, -1 if x < 0 else 1) for x, y, r in puffs if r > 0.34]
        pen.ink(merged(curls), mark, max(2.2, 0.09 * u))
    elif kind == "lit":
        low = _puffed(u, tuple((0.8 * x, 0.24 - 0.3 * (0.24 - y), 0.62 * r) for x, y, r in puffs), _BASE)
        pen.ink(low, mark)
    if style.inks > 3 and rng.random() < 0.4:
        drops = [(x * u, (_BASE + 0.3) * u) for x in (-0.45, 0.0, 0.45)]
        pen.lay(*(Shape(skia.Path.Circle(*p, 0.1 * u), style.ink("accent", on=0)) for p in drops), cut=0)
        pen.part("dots")
    return pen.motif()
