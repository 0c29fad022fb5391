"""Memphis: zigzags, squiggles, rings, half moons and bars in bold flat inks, tossed."""

import math

import numpy as np
import skia

from patterns.motif.canvas import Canvas, Placement, Shape
from patterns.motif.family import Sketch, family
from patterns.motif.layout import scatter
from patterns.motif.parts import polar, polygon, smooth


def _zigzag(radius: float) -> skia.Path:
    path = skia.Path()
    for k in range(5):
        point = ((k / 2 - 1) * 0.95 * radius, (0.3 if k % 2 else -0.3) * radius)
        path.lineTo(*point) if k else path.moveTo(*point)
    return path


def _squiggle(radius: float) -> skia.Path:
    turns = np.linspace(-1, 1, 13)
    return smooth(
        [(0.95 * radius * t, 0.3 * radius * math.sin(1.5 * math.pi * t)) for t in map(float, turns)], closed=False
    )


def _arc(radius: float) -> skia.Path:
    path = skia.Path()
    path.addArc(skia.Rect.MakeLTRB(-0.8 * radius, -0.4 * radius, 0.8 * radius, 1.2 * radius), 180, 180)
    return path


def _half_moon(radius: float) -> skia.Path:
    path = skia.Path()
    path.addArc(skia.Rect.MakeLTRB(-0.8 * radius, -0.45 * radius, 0.8 * radius, 1.15 * radius), 180, 180)
    path.close()
    return path


def _cross(radius: float) -> skia.Path:
    path = skia.Path()
    for box in ((-0.7, -0.23, 0.7, 0.23), (-0.23, -0.7, 0.23, 0.7)):
        path.addRect(skia.Rect.MakeLTRB(*(radius * v for v in box)))
    return path


_LINES = (_zigzag, _squiggle, _arc)


def _shapes(kind: str, radius: float, inks: tuple[int, int], width: float) -> tuple[Shape, ...]:
    """Return one figure: a ring of ``width`` px or a flat form, a disc with a heart of the other ink."""
    ink, other = inks
    if kind == "ring":
        return (Shape(skia.Path.Circle(0, 0, 0.7 * radius - width / 2), ink, width),)
    if kind == "disc":
        return Shape(skia.Path.Circle(0, 0, 0.62 * radius), ink), Shape(skia.Path.Circle(0, 0, 0.27 * radius), other)
    if kind == "triangle":
        return (Shape(polygon([polar(2 * math.pi * k / 3, 0.85 * radius) for k in range(3)]), ink),)
    if kind == "half moon":
        return (Shape(_half_moon(radius), ink),)
    bars = [skia.Path() for _ in range(3)]
    for k, bar in enumerate(bars):
        top = (k - 1) * 0.5 * radius
        bar.addRect(skia.Rect.MakeLTRB(-0.6 * radius, top - 0.13 * radius, 0.6 * radius, top + 0.13 * radius))
    return tuple(Shape(b, ink) for b in bars) if kind == "bars" else (Shape(_cross(radius), ink),)


_KINDS = ("line", "line", "ring", "disc", "triangle", "half moon", "bars", "cross")


@family(
    "memphis", nouns=("memphis", "memphis shapes"), kind="field", scales=(32.0, 72.0), inks=(3, 6), heeds_density=True
)
def memphis(canvas: Canvas, rng: np.random.Generator, sketch: Sketch) -> tuple[str, ...]:
    """Toss a few kinds of figures, each kind in one ink, and small dots between them."""
    radius, inks = sketch.scale / 2, sketch.style.inks
    width = max(3.0, 0.2 * radius)
    kinds = [str(k) for k in rng.choice(_KINDS, 4, replace=False)]
    figures = []
    for k, kind in enumerate(kinds):
        ink, other = 1 + k % (inks - 1), 1 + (k + 1) % (inks - 1)
        stroke = _LINES[int(rng.integers(3))](radius)
        figures.append((Shape(stroke, ink, width),) if kind == "line" else _shapes(kind, radius, (ink, other), width))
    points = scatter(rng, canvas.grid, radius * (2.3 - 0.4 * sketch.density))
    for k, (x, y) in enumerate(points):
        canvas.draw(figures[k % len(figures)], Placement(float(x), float(y), float(rng.uniform(0, 2 * math.pi))))
    spots = scatter(rng, canvas.grid, 0.9 * radius, first=points, clear=1.15 * radius)[len(points) :]
    dot = (Shape(skia.Path.Circle(0, 0, max(2.0, 0.1 * radius)), inks - 1),)
    for x, y in spots:
        canvas.draw(dot, Placement(float(x), float(y)))
    return ("small dots",) if len(spots) else ()
