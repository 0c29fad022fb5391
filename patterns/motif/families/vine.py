"""Trailing vines: stems that meander across the cell, with a big leaf, flower, bud or berries in each bend."""

import math
from collections.abc import Callable

import numpy as np
import skia

from patterns.motif.canvas import Canvas, Placement, Shape
from patterns.motif.family import Sketch, Style, family
from patterns.motif.parts import curve, dots, leaf_path, petal, placed, ring, smooth, spike

Point = tuple[float, float]
# Words for what grows on a stem, and how often a vine has them.
_GROWTH = (("flowers", 0.6), ("berries", 0.35), ("buds", 0.25))


@family(
    "vine",
    nouns=("vine", "vines", "trailing vine", "trailing vines"),
    kind="field",
    directed=True,
    scales=(44.0, 112.0),
    heeds_density=True,
    weight=1.2,
)
def vine(canvas: Canvas, rng: np.random.Generator, sketch: Sketch) -> tuple[str, ...]:
    """Lead stems along the axis on which the cell repeats straight, side by side."""
    grid, style = canvas.grid, sketch.style
    level = bool(grid.slide) or (not grid.drop and rng.random() < 0.25)
    long, wide = (grid.width, grid.height) if level else (grid.height, grid.width)
    # Across a joint that shifts along the stems, whole waves keep neighbors in step.
    whole = long // math.gcd(long, grid.drop or grid.slide)
    waves = whole * max(1, round(long / (1.5 * sketch.scale * whole)))
    stems = max(1, round(wide / (sketch.scale * (0.94 - 0.22 * sketch.density))), round(wide * waves / (1.05 * long)))
    pitch, phase = wide / stems, rng.random(2)
    swing = min(0.17 * pitch, 0.15 * long / waves)
    kinds = [k for k, chance in _GROWTH if rng.random() < chance]
    for s in range(stems):

        def at(t: float, center: float = (s + phase[0]) * pitch) -> Point:
            # Neighbors swing in step, so that they never touch.
            x, y = center + swing * math.sin(2 * math.pi * waves * t), long * (t + phase[1])
            return (y, x) if level else (x, y)

        _grow(canvas, rng, style, (at, waves, pitch, kinds))
    named = ["stems", "leaves", *kinds] + (["outlined"] if style.outlined and style.inks > 4 else [])
    return ("horizontal" if level else "vertical", *named)


def _grow(
    canvas: Canvas, rng: np.random.Generator, style: Style, plan: tuple[Callable[[float], Point], int, float, list[str]]
) -> None:
    """Draw one stem with what grows on it, a leaf on the outside of each bend, a flower within."""
    at, waves, pitch, kinds = plan
    # Without flowers or buds the main ink would not be seen: then it is the leaves'.
    green = style.ink("second" if {"flowers", "buds"} & set(kinds) else "main")
    half = math.dist(at(0), at(0.5 / waves))
    size = min(0.64 * pitch, 0.8 * half) - (2.0 if style.outlined else 0.0)
    width = max(2.2, 0.09 * size)
    edge = style.ink("line", on=green) if style.outlined else 0
    stem = skia.Path(smooth([at(i / (16 * waves)) for i in range(-1, 16 * waves + 2)], closed=False))
    measure, growth = (size, width, green), []
    sprouts = {kind: _sprout(style, kind, measure) for kind in ("leaf", *kinds)}
    for k in range(4 * waves):
        t, side = (k + 0.5) / (4 * waves), -1 if k % 4 in (1, 2) else 1
        (x, y), (x1, y1) = at(t), at(t + 0.002)
        heading = math.atan2(x1 - x, y - y1)
        kind = kinds[(k // 2) % len(kinds)] if kinds and k % 2 else "leaf"
        lean = side * (0.95 if kind == "leaf" else 1.1)
        growth.append((Placement(x, y, heading + lean, side < 0), sprouts[kind]))
    if edge:
        canvas.draw((Shape(stem, edge, width + 4.0),))
    for placement, shapes in growth:
        canvas.draw(shapes, placement)
    canvas.draw((Shape(stem, green, width),))


def _sprout(style: Style, kind: str, measure: tuple[float, float, int]) -> tuple[Shape, ...]:
    """Return a leaf, flower, bud or bunch of berries that grows up from the origin."""
    size, width, green = measure
    edge = style.ink("line", on=green) if style.outlined else 0
    stalk = Shape(curve((0, 0), (0, -0.5 * size), 0.1), green, max(2.0, 0.8 * width))
    if kind == "leaf":
        path = leaf_path(size, min(size * 0.6, 34.0), 0.14)
        rib = spike((0.01 * size, -0.2 * size), (0.11 * size, -0.8 * size), max(2.6, 0.07 * size))
        lined = style.ink("line", on=green) if style.inks > 4 and not edge else 0
        shapes = (Shape(path, edge, 4.0), Shape(path, green)) if edge else (Shape(path, green),)
        return (*shapes, Shape(rib, lined)) if size > 16 else shapes
    if kind == "berries":
        radius = max(2.4, 0.14 * size)
        spots = [(0.0, -0.58 * size - 1.9 * radius), (-1.3 * radius, -0.58 * size), (1.3 * radius, -0.58 * size)]
        berry = style.ink("accent", on=green)
        return stalk, *_cleared(dots(spots, radius), berry or style.ink("main"), edge)
    if kind == "buds":
        bud = _cleared(placed(petal(1.0 * size, 0.6 * size, inner=0.34 * size), 0.0), style.ink("main"), edge)
        return stalk, *bud, Shape(petal(0.6 * size, 0.5 * size, inner=0.32 * size), green)
    return stalk, *_flower(style, size, edge)


def _flower(style: Style, size: float, edge: int) -> tuple[Shape, ...]:
    """Return a flower of five round petals on the end of a stalk ``size`` px long."""
    body, reach = style.ink("main"), 0.46 * size
    shapes = []
    for a in (2 * math.pi * i / 5 for i in range(5)):
        path = placed(petal(reach, 1.0 * reach), a, 0, -0.66 * size)
        shapes += _cleared(path, body, edge)
    heart = style.ink("accent", on=body)
    eye = dots([(0.0, -0.66 * size)], max(2.0, 0.3 * reach))
    seeds = dots([(x, y - 0.66 * size) for x, y in ring(1, 0.0)], 0.14 * reach)
    return (*shapes, Shape(eye, 0, 2.0), Shape(eye, heart), *([] if heart else [Shape(seeds, body)]))


def _cleared(path: skia.Path, ink: int, edge: int) -> tuple[Shape, Shape]:
    """Return a shape above the cut that frees it."""
    return Shape(path, edge, 4.0), Shape(path, ink)
