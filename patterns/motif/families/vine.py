"""Trailing vines: stems that meander from one side of the cell to the other, with leaves, flowers and berries."""

import math
from collections.abc import Callable

import numpy as np
import skia

from patterns.motif.canvas import Canvas, Placement, Shape
from patterns.motif.family import Sketch, Style, family
from patterns.motif.parts import curve, dots, leaf_path, petal, placed, smooth

Point = tuple[float, float]


@family(
    "vine",
    nouns=("vine", "vines", "trailing vine", "trailing vines"),
    kind="field",
    directed=True,
    scales=(30.0, 110.0),
    hands=("clean", "clean", "block print", "linocut", "brush"),
    heeds_density=True,
    weight=1.2,
)
def vine(canvas: Canvas, rng: np.random.Generator, sketch: Sketch) -> tuple[str, ...]:
    """Lead stems along the axis on which the cell repeats straight, side by side."""
    grid, style = canvas.grid, sketch.style
    level = bool(grid.slide) or (not grid.drop and rng.random() < 0.25)
    long, wide = (grid.width, grid.height) if level else (grid.height, grid.width)
    stems = max(1, round(wide / (sketch.scale * (1.1 - 0.4 * sketch.density))))
    waves = max(1, round(long / (1.5 * sketch.scale)))
    pitch = wide / stems
    phase = rng.random(2)
    kinds = [k for k, chance in (("flowers", 0.8), ("berries", 0.35), ("buds", 0.35)) if rng.random() < chance]
    swing = min(0.2 * pitch, 0.2 * sketch.scale) * float(rng.uniform(0.8, 1.2))
    for s in range(stems):
        # Neighbors swing in step, so that they never touch.
        center, shift = (s + phase[0]) * pitch, phase[1] + (0.0 if stems % 2 else 0.5 * (s % 2))

        def at(t: float, center: float = center, shift: float = shift) -> Point:
            a = 2 * math.pi * (waves * t + shift)
            x, y = center + swing * math.sin(a), long * t
            return (y, x) if level else (x, y)

        _grow(canvas, rng, style, (at, waves, pitch / 2 - swing, kinds))
    named = ["leaves", *kinds] + (["outlined"] if style.outlined else [])
    return ("horizontal" if level else "vertical", *named)


def _grow(
    canvas: Canvas, rng: np.random.Generator, style: Style, plan: tuple[Callable[[float], Point], int, float, list[str]]
) -> None:
    """Draw one stem with what grows on it: leaves in turn left and right, a flower or berry at some of the bends."""
    at, waves, room, kinds = plan
    # Without flowers the main ink would not be seen: then it is the leaves'.
    green = style.ink("second" if "flowers" in kinds else "main")
    steps = 16 * waves
    stem = skia.Path(smooth([at(i / steps) for i in range(-1, steps + 2)], closed=False))
    size = min(room * 1.5, 1.1 * math.dist(at(0), at(0.25 / waves)))
    width = max(1.6, 0.1 * size)
    per = 6 if size * 6 < 3 * math.dist(at(0), at(0.5 / waves)) * 1.6 else 4
    leaves: list[tuple[Placement, tuple[Shape, ...]]] = []
    for k in range(per * waves):
        t, side = (k + 0.5) / (per * waves), 1 if k % 2 else -1
        (x, y), (x1, y1) = at(t), at(t + 0.002)
        heading = math.atan2(x1 - x, y - y1)
        kind = kinds[(k // 3) % len(kinds)] if kinds and k % 3 == 1 else "leaf"
        turn = heading + side * (1.0 if kind == "leaf" else 1.25) + float(rng.normal(0, 0.08))
        leaves.append(
            (Placement(x, y, turn), _sprout(rng, style, kind, (size * float(rng.uniform(0.85, 1.05)), width, green)))
        )
    for placement, shapes in leaves:
        canvas.draw(shapes, placement)
    canvas.draw((Shape(stem, green, width),))


def _sprout(rng: np.random.Generator, style: Style, kind: str, measure: tuple[float, float, int]) -> tuple[Shape, ...]:
    """Return a leaf, flower, bud or bunch of berries that grows up from the origin."""
    size, width, green = measure
    body = style.ink("main")
    line = style.line_width(size)
    rim = style.ink("line", on=body)
    outlines = style.outlined
    stalk = Shape(curve((0, 0), (0, -0.4 * size), 0.1), green, max(1.5, 0.7 * width))
    if kind == "leaf":
        path = leaf_path(size, size * 0.5, 0.14)
        rib = Shape(
            curve((0, -0.15 * size), (0.1 * size, -0.8 * size), 0.0),
            style.ink("line", on=green) if outlines else 0,
            line,
        )
        return (Shape(path, green), rib) if size > 11 else (Shape(path, green),)
    if kind == "berries":
        spots = [(0.0, -0.85 * size), (-0.24 * size, -0.6 * size), (0.24 * size, -0.6 * size)]
        return stalk, Shape(dots(spots, max(1.6, 0.14 * size)), style.ink("accent"))
    if kind == "buds":
        return stalk, Shape(placed(petal(0.95 * size, 0.55 * size, inner=0.3 * size), 0.0), style.ink("accent"))
    count, reach = int(rng.integers(5, 7)), 0.46 * size
    bloom = [
        placed(petal(reach, 3.6 * reach / count, inner=0.1), a, 0, -0.6 * size)
        for a in np.arange(count) * 2 * math.pi / count
    ]
    shapes = [stalk]
    for path in bloom:
        shapes += [Shape(path, rim if outlines else 0, 2 * line if not outlines else line * 1.6), Shape(path, body)]
    heart = skia.Path.Circle(0, -0.6 * size, max(1.5, 0.3 * reach))
    return (*shapes, Shape(heart, style.ink("accent", on=body)))
