"""All-over foliage: leaves that lie over one another until hardly any ground is left."""

import math

import numpy as np

from patterns.motif.canvas import Canvas, Placement, Shape
from patterns.motif.family import Sketch, Style, family
from patterns.motif.layout import scatter
from patterns.motif.parts import dots, leaf_path, merged, spike


def _leaf(style: Style, ink: int, form: tuple[float, float, float], *, veined: bool) -> tuple[Shape, ...]:
    """Return a leaf (length, width, bend) centered on the origin, cut free of what lies beneath."""
    length, width, bend = form
    cut = style.line_width(length / 2)
    outline = leaf_path(length, width, bend)
    outline.offset(0, length / 2)
    edge = style.ink("line", on=ink) if style.outlined else 0
    shapes = [Shape(outline, edge, 2.2 * cut), Shape(outline, ink)]
    if veined:
        tip = (bend * length * 0.8, -0.36 * length)
        ribs = [spike((0, 0.44 * length), tip, 1.25 * cut)]
        for k in range(int(min(4, length / (6 * cut) - 1)) if width > 7 * cut else 0):
            t = 0.2 + 0.16 * k
            at = (tip[0] * t * t, length * (0.42 - 0.8 * t))
            out, lift = 0.34 * width * math.sin(math.pi * (0.2 + 0.75 * t)), 0.12 * length
            ribs += [spike(at, (at[0] + s * out, at[1] - lift), cut) for s in (-1, 1)]
        shapes.append(Shape(merged(ribs), 0 if style.inks < 5 or edge else style.ink("line", on=ink)))
    return tuple(shapes)


@family(
    "foliage",
    nouns=("foliage", "allover foliage"),
    kind="field",
    scales=(20.0, 84.0),
    hands=("clean", "clean", "block print", "brush"),
    heeds_density=True,
)
def foliage(canvas: Canvas, rng: np.random.Generator, sketch: Sketch) -> tuple[str, ...]:
    """Pack leaves in two or three inks, in all directions or leaning one way, with berries in the gaps."""
    style, length = sketch.style, sketch.scale
    slim, bend, upright = rng.uniform(0.28, 0.5), rng.uniform(0.0, 0.18), bool(rng.random() < 0.35)
    veined = slim * length > 4 * style.line_width(length / 2)
    points = scatter(rng, canvas.grid, length * (0.62 - 0.22 * sketch.density))
    many = [1, 2] if style.inks > 2 else [1]
    for k, (x, y) in enumerate(points):
        turn = float(rng.normal(0, 0.45) if upright else rng.uniform(0, 2 * math.pi))
        size = length * float(rng.uniform(0.85, 1.1))
        shapes = _leaf(style, many[k % len(many)], (size, size * slim, bend), veined=veined)
        canvas.draw(shapes, Placement(x, y, turn, bool(rng.random() < 0.5)))
    parts = (
        ["upward" if upright else "layered"] + (["veins"] if veined else []) + (["outlined"] if style.outlined else [])
    )
    if style.inks > 3 and rng.random() < 0.7:
        parts.append(_berries(canvas, rng, sketch))
    return tuple(parts)


def _berries(canvas: Canvas, rng: np.random.Generator, sketch: Sketch) -> str:
    """Strew clusters of three berries over the leaves."""
    radius = max(1.8, 0.06 * sketch.scale)
    accent = sketch.style.ink("accent", on=1)
    ring = [(0.0, -1.25 * radius), (-1.1 * radius, 0.7 * radius), (1.1 * radius, 0.7 * radius)]
    path = dots(ring, radius)
    for x, y in scatter(rng, canvas.grid, 0.85 * sketch.scale):
        canvas.draw((Shape(path, 0, 2.4), Shape(path, accent)), Placement(x, y, float(rng.uniform(0, 2 * math.pi))))
    return "berries"
