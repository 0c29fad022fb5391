"""Carnations from the side: a fan of toothed petals over a calyx, on a stem with narrow leaves."""

import math

import numpy as np
import skia

from patterns.motif.canvas import Shape
from patterns.motif.family import Motif, Style, family
from patterns.motif.parts import Leaf, Pen, blob, curve, drop, placed, polygon, spike


def _toothed(length: float, width: float, teeth: int) -> skia.Path:
    """Return a wedge from the origin upward whose rim is toothed."""
    rim = []
    for i in range(2 * teeth + 1):
        t = i / teeth - 1
        depth = length * (0.0 if i % 2 else 0.13)
        rim.append((t * width / 2, -length * (1 - 0.1 * t * t) + depth))
    return polygon([(-width * 0.1, 0), *rim, (width * 0.1, 0)])


def _fan(pen: Pen, size: tuple[float, float], count: int, ink: int) -> None:
    """Lay a fan of ``count`` petals of ``size`` (length px, half spread), the outermost first."""
    u, (length, spread) = pen.unit, size
    angles = np.linspace(-spread, spread, count)
    width = 2.35 * length * math.sin(spread / (count - 1))
    teeth = 2 if width < 9 * pen.width else 3
    for angle in sorted(angles, key=abs, reverse=True):
        pen.lay(Shape(placed(_toothed(length, width, teeth), angle, 0, u * 0.5), ink), cut=0.8)
        cut = spike((0, -length * 0.78), (0, -length * 0.4), pen.width * 1.3)
        pen.vein([placed(cut, angle, 0, u * 0.5)], on=ink)


@family("carnation", weight=0.0, nouns=("carnation", "carnations"), directed=True, scales=(26.0, 96.0))
def carnation(rng: np.random.Generator, radius: float, style: Style) -> Motif:
    """Return a carnation, full or single, on its stem."""
    pen = Pen(radius, style, span=1.9)
    u, foot = pen.unit, (float(rng.uniform(-0.3, 0.3)) * pen.unit, float(rng.uniform(2.3, 2.8)) * pen.unit)
    leaves = []
    for s, t in ((-1, 0.62), (1, 0.72), (-1, 0.88), (1, 0.92))[: int(rng.integers(2, 5))]:
        leaves.append(
            Leaf(foot[0] * t, foot[1] * t, s * rng.uniform(0.7, 0.9), u * rng.uniform(1.0, 1.25), u * 0.34, s * 0.25)
        )
    pen.leaves(leaves, stems=[curve((0, u), foot, float(rng.uniform(-0.06, 0.06)))], thick=0.15)
    spread = float(rng.uniform(1.05, 1.35))
    pale = style.ink("detail", on=pen.body) if style.inks == 6 else pen.body
    _fan(pen, (1.4 * u, spread), int(rng.integers(5, 8)) if pen.level else 5, pen.body)
    if pen.level:
        _fan(pen, (0.98 * u, spread * 0.7), 4 if rng.random() < 0.5 else 3, pale)
    pen.lay(Shape(_calyx(u), pen.green))
    accent = style.ink("accent", on=pen.green)
    pen.vein(
        [placed(drop(u * 0.42, u * 0.17), 0.0, 0, u * 0.82)], on=pen.green, role="accent" if accent else "line", level=1
    )
    pen.part("petals", "calyx")
    return pen.motif()


def _calyx(u: float) -> skia.Path:
    return blob(u, (0, 0.42), (0.3, 0.3), (0.27, 0.75), (0.1, 1.12), (-0.1, 1.12), (-0.27, 0.75), (-0.3, 0.3))
