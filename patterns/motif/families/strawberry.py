"""Strawberries: a heart of seeds under a leafy cap, sometimes with a blossom."""

import math

import numpy as np

from patterns.motif.canvas import Shape
from patterns.motif.family import Motif, Style, family
from patterns.motif.parts import Leaf, Pen, blob, curve, dots, drop, leaf_path, merged, petal, placed


def _berry(pen: Pen, at: tuple[float, float, float], u: float) -> None:
    """Lay one berry with its cap at (x, y), turned by an angle."""
    x, y, angle = at
    heart = blob(
        u,
        (0, -0.62),
        (0.42, -0.66),
        (0.74, -0.3),
        (0.58, 0.28),
        (0.2, 0.82),
        (0, 0.95),
        (-0.2, 0.82),
        (-0.58, 0.28),
        (-0.74, -0.3),
        (-0.42, -0.66),
    )
    pen.lay(Shape(placed(heart, angle, x, y), pen.body))
    rows = [(-0.2, (-0.44, 0.0, 0.44)), (0.14, (-0.24, 0.24)), (0.46, (0.0,))]
    if u > 17 * pen.width:
        rows = [(-0.22, (-0.5, -0.17, 0.17, 0.5)), (0.06, (-0.36, 0.0, 0.36)), (0.33, (-0.19, 0.19)), (0.6, (0.0,))]
    seeds = [
        placed(drop(max(2.6, u * 0.17), max(1.8, u * 0.12)), angle, *_turned(a * u, b * u, at))
        for b, xs in rows
        for a in xs
    ]
    pen.vein(seeds, on=pen.body, role="accent" if pen.style.inks > 3 else "ground", level=0)
    cap = [
        placed(leaf_path(u * 0.66, u * 0.3, 0.0), angle + a, *_turned(0, -0.66 * u, at))
        for a in (-1.55, -2.3, math.pi, 2.3, 1.55)
    ]
    pen.lay(Shape(merged(cap), pen.green), cut=0.8)
    pen.part("seeds", "leaves")


def _turned(x: float, y: float, at: tuple[float, float, float]) -> tuple[float, float]:
    cos, sin = math.cos(at[2]), math.sin(at[2])
    return at[0] + x * cos - y * sin, at[1] + x * sin + y * cos


def _flower(pen: Pen, at: tuple[float, float], u: float) -> None:
    pale = pen.style.ink("detail", on=0)
    for i in range(5):
        pen.lay(Shape(placed(petal(u, u * 0.95), 2 * math.pi * i / 5, *at), pale or pen.body), cut=0.7)
    pen.lay(Shape(dots([at], u * 0.3), pen.style.ink("accent", on=pale or pen.body)), cut=0)
    pen.part("blossoms")


@family("strawberry", weight=0.0, nouns=("strawberry", "strawberries"), scales=(22.0, 96.0))
def strawberry(rng: np.random.Generator, radius: float, style: Style) -> Motif:
    """Return one berry on its stalk, or a pair with a blossom and leaves."""
    if radius < 17 or rng.random() < 0.5:
        pen = Pen(radius, style, span=1.1)
        u, lean = pen.unit, float(rng.uniform(-0.3, 0.3))
        pen.leaves([], stems=[curve((0.5 * u * math.sin(lean), -0.6 * u), (0.5 * u * lean, -1.3 * u), 0.2)], thick=0.13)
        _berry(pen, (0, 0, lean), u)
        return pen.motif()
    pen = Pen(radius, style, span=1.85)
    u = pen.unit
    top = (0.1 * u, -1.5 * u)
    left, right = (-0.8 * u, 0.55 * u, 0.22), (0.85 * u, 0.15 * u, -0.25)
    leaves = [Leaf(*top, a, u * 1.15, u * 0.72, 0.05) for a in (-1.9, -0.95, 1.75)]
    pen.leaves(
        leaves,
        stems=[curve(top, (left[0] + 0.15 * u, -0.1 * u), -0.15), curve(top, (right[0] - 0.12 * u, -0.5 * u), 0.15)],
        thick=0.12,
    )
    _berry(pen, left, u)
    _berry(pen, right, u * 0.86)
    _flower(pen, (0.15 * u, -1.45 * u), u * 0.52)
    return pen.motif()
