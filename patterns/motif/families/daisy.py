"""Daisies: many narrow petals around a round eye, sometimes on a stem with leaves."""

import math

import numpy as np
import skia

from patterns.motif.canvas import Shape
from patterns.motif.family import Motif, Style, family


def petal(length: float, width: float, *, inner: float = 0.0) -> skia.Path:
    """Return a rounded petal from (0, -inner) up to (0, -length), at most ``width`` px wide."""
    path = skia.Path()
    path.moveTo(0, -inner)
    path.cubicTo(-width * 0.7, -inner - (length - inner) * 0.45, -width * 0.6, -length, 0, -length)
    path.cubicTo(width * 0.6, -length, width * 0.7, -inner - (length - inner) * 0.45, 0, -inner)
    path.close()
    return path


@family("daisy", nouns=("daisy", "daisies"))
def daisy(rng: np.random.Generator, radius: float, style: Style) -> Motif:
    """Return a daisy seen from above."""
    count = int(rng.integers(8, 15))
    body = style.ink("main")
    line = style.ink("line", on=body)
    one = petal(radius, radius * 4.6 / count, inner=radius * 0.15)
    shapes = []
    for i in range(count):
        matrix = skia.Matrix.RotateDeg(360 * i / count)
        turned = skia.Path(one)
        turned.transform(matrix)
        shapes.append(Shape(turned, body))
        if style.outlined:
            shapes.append(Shape(turned, line, style.line_width(radius)))
    eye = skia.Path()
    eye.addCircle(0, 0, radius * 0.28)
    shapes.append(Shape(eye, style.ink("accent", on=body)))
    if radius > 16:
        dots = skia.Path()
        for k in range(6):
            dots.addCircle(
                radius * 0.15 * math.cos(k * math.pi / 3),
                radius * 0.15 * math.sin(k * math.pi / 3),
                max(0.8, radius * 0.04),
            )
        shapes.append(Shape(dots, style.ink("detail", on=style.ink("accent", on=body))))
    return Motif(tuple(shapes))
