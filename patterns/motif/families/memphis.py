"""Memphis: zigzags, squiggles, rings, half moons, striped and spotted forms with hard shadows, tossed."""

import math

import numpy as np
import skia

from patterns.motif.canvas import Canvas, Placement, Shape
from patterns.motif.family import Sketch, family
from patterns.motif.layout import place, scatter, spacing
from patterns.motif.parts import dots, merged, polar, polygon, smooth
from patterns.motif.spine import within


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


def _triangle(radius: float) -> skia.Path:
    return polygon([polar(2 * math.pi * k / 3, 0.92 * radius) for k in range(3)])


def _square(radius: float) -> skia.Path:
    return skia.Path.Rect(skia.Rect.MakeLTRB(-0.62 * radius, -0.62 * radius, 0.62 * radius, 0.62 * radius))


def _disc(radius: float) -> skia.Path:
    return dots([(0, 0)], 0.68 * radius)


def _step(radius: float) -> skia.Path:
    """Return a stair of three steps."""
    rise = [
        (-0.7, 0.7),
        (-0.7, 0.24),
        (-0.24, 0.24),
        (-0.24, -0.22),
        (0.22, -0.22),
        (0.22, -0.68),
        (0.7, -0.68),
        (0.7, 0.7),
    ]
    return polygon([(x * radius, y * radius) for x, y in rise])


def _stripes(radius: float) -> skia.Path:
    """Return bars across the whole figure."""
    pitch = max(6.0, 0.42 * radius)
    count = int(2 * radius / pitch) + 1
    tops = [(k - count / 2) * pitch for k in range(count + 1)]
    return merged(skia.Path.Rect(skia.Rect.MakeLTRB(-radius, y, radius, y + 0.46 * pitch)) for y in tops)


def _spots(radius: float) -> skia.Path:
    """Return spots in staggered rows across the whole figure."""
    pitch = max(6.5, 0.42 * radius)
    count = int(radius / pitch) + 1
    rows = range(-count, count + 1)
    return dots([((i + 0.5 * (j % 2)) * pitch, 0.86 * j * pitch) for i in rows for j in rows], 0.26 * pitch)


_FLATS = {
    "disc": _disc,
    "triangle": _triangle,
    "half moon": _half_moon,
    "square": _square,
    "stair": _step,
    "cross": _cross,
}
_FILLS = (None, None, _stripes, _spots)


def _figure(rng: np.random.Generator, kind: str, radius: float, inks: tuple[int, int, int]) -> tuple[Shape, ...]:
    """Return one figure of an ink: a line or ring, or a flat form, filled in another and on a shadow in a third."""
    ink, other, shadow = inks
    width = max(3.0, 0.2 * radius)
    if kind == "line":
        return (Shape(_LINES[int(rng.integers(len(_LINES)))](radius), ink, width),)
    if kind == "ring":
        return Shape(dots([(0, 0)], 0.6 * radius), other, width), Shape(dots([(0, 0)], 0.22 * radius), ink)
    if kind == "bars":
        bars = [((k - 1) * 0.5 * radius - 0.13 * radius) for k in range(3)]
        boxes = [skia.Path.Rect(skia.Rect.MakeXYWH(-0.6 * radius, y, 1.2 * radius, 0.26 * radius)) for y in bars]
        return (Shape(merged(boxes), ink),)
    path = _FLATS[kind](0.98 * radius)
    shapes = [Shape(path, ink)]
    if shadow and kind != "cross" and rng.random() < 0.6:
        below, far = skia.Path(path), max(4.5, 0.25 * radius)
        below.offset(far, far)
        shapes = [Shape(below, shadow), Shape(path, 0, 3.0), Shape(path, ink)]
    fill = _FILLS[int(rng.integers(len(_FILLS)))] if radius > 15 and kind != "cross" else None
    if fill:
        shapes.append(Shape(within(fill(radius), path), other if other != ink else 0))
    return tuple(shapes)


_KINDS = ("line", "ring", "disc", "triangle", "half moon", "bars", "cross", "square", "stair", "line")


@family(
    "memphis",
    nouns=("memphis", "memphis shapes"),
    kind="field",
    scales=(32.0, 72.0),
    inks=(3, 6),
    heeds_density=True,
    weight=1.3,
)
def memphis(canvas: Canvas, rng: np.random.Generator, sketch: Sketch) -> tuple[str, ...]:
    """Toss a few kinds of figures, each kind in one ink, and small dots between them."""
    radius, inks = sketch.scale / 2, sketch.style.inks
    kinds = ["line", *(str(k) for k in rng.choice(_KINDS[1:], 4, replace=False))]
    shadow = min(inks - 1, 4) if inks > 3 else 0
    free = [k for k in range(1, inks) if k != shadow]
    turn, figures = int(rng.integers(len(free))), []
    places = place(rng, canvas.grid, "tossed", radius * (2.45 - 0.35 * sketch.density))
    points = np.array([(p.x, p.y) for p in places])
    radius = min(radius, spacing(canvas.grid, points) / 2.05)
    for k, kind in enumerate(kinds):
        ink, other = free[(k + turn) % len(free)], free[(k + turn + 1) % len(free)]
        figures.append(_figure(rng, kind, radius, (ink if kind != "line" or not shadow else shadow, other, shadow)))
    for k, at in enumerate(places):
        canvas.draw(figures[k % len(figures)], Placement(at.x, at.y, at.turn))
    spots = scatter(rng, canvas.grid, 0.9 * radius, first=points, clear=1.15 * radius)[len(points) :]
    dot = (Shape(skia.Path.Circle(0, 0, max(2.0, 0.1 * radius)), inks - 1),)
    for x, y in spots:
        canvas.draw(dot, Placement(float(x), float(y)))
    return ("small dots",) if len(spots) else ()
