"""Ginkgo leaves: a ribbed fan with a notch, on a curved stalk."""

import math

import numpy as np
import skia

from patterns.motif.canvas import Shape
from patterns.motif.family import Motif, Style, family
from patterns.motif.parts import Pen, curve, dots, placed, polar, smooth, spike


def _fan(u: float, notch: float, spread: float) -> skia.Path:
    """Return a fan from the origin, ``u`` px high, notched at the middle of its wavy rim."""
    rim = []
    for t in np.linspace(-1, 1, 13):
        wave = 1 + 0.035 * math.cos(9 * t)
        rim.append(polar(t * spread, u * wave * (1 - notch * math.exp(-((t / 0.11) ** 2)))))
    return smooth([(0, 0), polar(-spread * 0.93, u * 0.55), *rim, polar(spread * 0.93, u * 0.55)])


def _leaf(pen: Pen, rng: np.random.Generator, at: tuple[float, float, float], size: float) -> None:
    x, y, angle = at
    spread = float(rng.uniform(0.95, 1.2))
    stalk = curve((0, -size * 0.05), (size * 0.18, size * 0.72), 0.18)
    notch = float(rng.uniform(0.3, 0.55))
    stem = Shape(placed(stalk, angle, x, y), pen.green, max(pen.width * 1.25, size * 0.09))
    pen.lay(stem, Shape(placed(_fan(size, notch, spread), angle, x, y), pen.body))
    count = 2 if size < 14 * pen.width else 4
    angles = [s * spread * (i + 0.55) / (count + 0.35) for i in range(count) for s in (-1, 1)]
    ribs = [
        placed(spike(polar(a, size * 0.9), polar(a * 0.85, size * 0.3), pen.width * 1.25), angle, x, y) for a in angles
    ]
    pen.vein(ribs, on=pen.body, level=1)
    if pen.style.inks > 3 and pen.level > 1:
        tips = [placed(dots([polar(a, size * 0.9)], size * 0.045), angle, x, y) for a in angles]
        pen.vein(tips[::2], on=pen.body, role="accent")
        pen.vein(tips[1::2], on=pen.body, role="detail")


@family("ginkgo", weight=0.0, nouns=("ginkgo leaf", "ginkgo leaves"), scales=(22.0, 96.0))
def ginkgo(rng: np.random.Generator, radius: float, style: Style) -> Motif:
    """Return one fan-shaped leaf, or two that cross their stalks."""
    if radius < 16 or rng.random() < 0.6:
        pen = Pen(radius, style)
        _leaf(pen, rng, (0, 0, float(rng.normal(0, 0.15))), pen.unit * 1.15)
    else:
        pen = Pen(radius, style, span=1.35)
        u = pen.unit
        _leaf(pen, rng, (-0.35 * u, 0.1 * u, -0.7), u * 1.05)
        _leaf(pen, rng, (0.4 * u, 0.25 * u, 0.75), u * 1.2)
    pen.part("stems", "veins")
    return pen.motif()
