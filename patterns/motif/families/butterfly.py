"""Butterflies with spread, spotted wings."""

import numpy as np
import skia

from patterns.motif.canvas import Shape
from patterns.motif.family import Motif, Style, family
from patterns.motif.parts import Pen, blob, curve, dots, placed, polar, spike

_UPPER = ((0.03, -0.12), (0.34, -0.66), (0.78, -0.88), (1.0, -0.66), (0.86, -0.22), (0.5, 0.02), (0.1, 0.03))
_LOWER = ((0.05, 0.02), (0.42, 0.04), (0.76, 0.2), (0.74, 0.56), (0.46, 0.78), (0.26, 0.6), (0.07, 0.24))


def _pair(pen: Pen, points: tuple[tuple[float, float], ...], ink: int, swell: float) -> None:
    """Lay a wing and its mirror image; ``swell`` widens it."""
    path = blob(pen.unit, *((x * swell, y) for x, y in points))
    pen.lay(Shape(path, ink), Shape(placed(path, 0.0, flip=True), ink), cut=0.8)


def _both(*paths: skia.Path) -> list[skia.Path]:
    return [p for path in paths for p in (path, placed(path, 0.0, flip=True))]


@family("butterfly", weight=0.0, nouns=("butterfly", "butterflies"), scales=(24.0, 96.0))
def butterfly(rng: np.random.Generator, radius: float, style: Style) -> Motif:
    """Return a butterfly from above."""
    pen = Pen(radius, style)
    u, swell = pen.unit, float(rng.uniform(0.88, 1.05))
    _pair(pen, _LOWER, pen.green, swell)
    _pair(pen, _UPPER, pen.body, swell)
    size = float(rng.uniform(0.11, 0.15)) * u
    spot = "accent" if style.inks > 3 else "line"
    pen.vein(
        _both(dots([(0.72 * swell * u, -0.58 * u)], size * (1.0 if pen.level > 1 else 1.25))),
        on=pen.body,
        role=spot,
        level=0,
    )
    pen.vein(_both(dots([(0.5 * swell * u, 0.4 * u)], size)), on=pen.green, role=spot, level=0)
    cuts = [spike(polar(a, 0.62 * u), polar(a, 0.16 * u), pen.width * 1.5) for a in (0.72, 1.05, 1.4)]
    pen.vein(_both(*cuts), on=pen.body)
    low = [spike(polar(a, 0.34 * u), polar(a, 0.12 * u), pen.width * 1.4) for a in (1.75, 2.35)]
    pen.vein(_both(*low), on=pen.green)
    rim = [(0.5, -0.64), (0.86, -0.4), (0.78, -0.2)]
    pen.vein(_both(dots([(x * swell * u, y * u) for x, y in rim], u * 0.042)), on=pen.body, role="detail")
    horns = [curve((0, -0.3 * u), (0.24 * u, -0.92 * u), -0.18)]
    dark = style.ink("line") or pen.body
    pen.lay(
        *(Shape(h, dark, pen.width) for h in _both(*horns)),
        Shape(dots([(s * 0.24 * u, -0.92 * u) for s in (-1, 1)], u * 0.05), dark),
        cut=0,
    )
    pen.lay(
        Shape(blob(u, (0, -0.46), (0.09, -0.3), (0.07, 0.2), (0, 0.58), (-0.07, 0.2), (-0.09, -0.3)), dark), cut=0.8
    )
    pen.part("wings", "antennae", "spots")
    return pen.motif()
