"""Leopard: rosettes of two to four thick strokes around a darker heart, close as on a skin, and spots between."""

import math

import numpy as np
import skia

from patterns.motif.canvas import Canvas, Placement, Shape
from patterns.motif.family import Sketch, Style, family
from patterns.motif.layout import place, scatter
from patterns.motif.parts import smooth


class _Outline:
    """A rosette's uneven oval, long in the direction of the skin."""

    def __init__(self, rng: np.random.Generator, radius: float) -> None:
        self.radius = radius
        self.waves = [(k, float(rng.uniform(0.3, 1) * size), float(rng.uniform(0, 2 * math.pi))) for k, size in _WAVES]

    def at(self, turn: float, share: float = 1.0) -> tuple[float, float]:
        """Return the point (x, y) px in a direction, ``share`` of the way out."""
        far = (
            self.radius
            * share
            * (1 + 0.13 * math.cos(2 * turn) + sum(a * math.cos(k * turn + p) for k, a, p in self.waves))
        )
        return far * math.cos(turn), far * math.sin(turn)

    def patch(self, share: float) -> skia.Path:
        """Return the oval, filled ``share`` of the way out."""
        return smooth([self.at(2 * math.pi * k / 14, share) for k in range(14)])

    def stroke(self, rng: np.random.Generator, start: float, end: float) -> skia.Path:
        """Return a stroke along the rim, thick in its middle, its ends round."""
        turns, thick = np.linspace(start, end, 9), float(rng.uniform(0.4, 0.56))
        lump = float(rng.uniform(0.3, 0.7))
        inner = []
        for k, turn in enumerate(turns):
            t = k / 8
            bell = math.sin(math.pi * t ** (math.log(0.5) / math.log(lump))) if 0 < t < 1 else 0.0
            inner.append(self.at(float(turn), 1.06 - thick * (0.32 + 0.68 * bell**0.7)))
        outer = [self.at(float(turn), 1.06 + (0.05 if 0 < k < 8 else -0.04)) for k, turn in enumerate(turns)]
        return smooth([*outer, *reversed(inner)])


# How uneven a rosette is: (waves around it, their greatest size in radii).
_WAVES = ((3, 0.09), (5, 0.05))


def blob(rng: np.random.Generator, radius: float) -> skia.Path:
    """Return an uneven spot."""
    return _Outline(rng, radius).patch(1.0)


def rosette(rng: np.random.Generator, radius: float, style: Style) -> tuple[Shape, ...]:
    """Return a heart, with a core if there are four inks, and two to four strokes of the main ink around it."""
    outline, shapes = _Outline(rng, radius), []
    if style.inks > 2:
        shapes.append(Shape(outline.patch(0.86), 2))
    if style.inks > 3:
        shapes.append(Shape(outline.patch(0.4), 3))
    count = int(rng.choice((2, 3, 4), p=(0.35, 0.5, 0.15))) if radius > 12 else 2
    shares = rng.dirichlet(np.full(count, 9.0)) * 2 * math.pi
    turn, gap = float(rng.uniform(0, 2 * math.pi)), 0.34 if radius > 12 else 0.5
    for share in shares:
        open_by = gap * float(rng.uniform(0.7, 1.5))
        shapes.append(Shape(outline.stroke(rng, turn + open_by / 2, turn + max(0.5, float(share) - open_by / 2)), 1))
        turn += float(share)
    return tuple(shapes)


@family(
    "leopard",
    nouns=("leopard", "leopard print", "leopard spots"),
    kind="field",
    scales=(20.0, 64.0),
    inks=(2, 4),
    heeds_density=True,
)
def leopard(canvas: Canvas, rng: np.random.Generator, sketch: Sketch) -> tuple[str, ...]:
    """Spread rosettes, drawn a little long in one direction, with spots in the gaps."""
    radius, style = sketch.scale / 2, sketch.style
    gap = radius * (2.6 - 0.4 * sketch.density)
    large = np.array([(p.x, p.y) for p in place(rng, canvas.grid, "tossed", gap)])
    every = scatter(rng, canvas.grid, 0.5 * gap, first=large, clear=0.7 * gap)
    lie = float(rng.uniform(0, math.pi))
    for k, (x, y) in enumerate(every):
        placement = Placement(x, y, lie + float(rng.normal(0, 0.3)))
        if k < len(large):
            shapes = rosette(rng, 0.9 * radius * float(rng.uniform(0.86, 1.08)), style)
        else:
            shapes = (Shape(blob(rng, max(2.0, radius * float(rng.uniform(0.2, 0.32)))), 1),)
        canvas.draw(shapes, placement)
    return ("filled",) if style.inks > 2 else ("open",)
