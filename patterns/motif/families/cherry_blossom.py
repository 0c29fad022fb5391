"""Cherry blossoms: five notched petals, sometimes on a branchlet with buds."""

import math

import numpy as np

from patterns.motif.canvas import Shape
from patterns.motif.family import Motif, Style, family
from patterns.motif.parts import Leaf, Pen, curve, dots, notched, petal, placed, polar, spike


def _blossom(pen: Pen, at: tuple[float, float], size: float, turn: float) -> None:
    """Lay five petals of ``size`` px around ``at``, with rays and stamens."""
    inks = pen.style
    for i in range(5):
        angle = turn + 2 * math.pi * i / 5
        pen.lay(Shape(placed(notched(size, size * 0.9, size * 0.17), angle, *at), pen.body), cut=0.8)
    heart = inks.ink("accent", on=pen.body)
    rays = [
        spike(
            polar(turn + math.pi * i / 5, size * 0.14, *at),
            polar(turn + math.pi * i / 5, size * (0.62, 0.4)[i % 2], *at),
            max(pen.width, size * 0.07),
        )
        for i in range(10)
    ]
    if size > 9 * pen.width:
        pen.vein(rays, on=pen.body, level=0)
        pen.ink(dots([polar(turn + 2 * math.pi * i / 5, size * 0.62, *at) for i in range(5)], size * 0.055), heart)
        pen.part("stamens")
    pen.ink(dots([at], size * 0.2), heart)
    if size > 7 * pen.width:
        pen.ink(dots([at], size * 0.085), inks.ink("detail", on=heart))
    pen.part("petals")


def _bud(pen: Pen, at: tuple[float, float], angle: float) -> None:
    u = pen.unit
    pen.lay(Shape(placed(petal(u * 0.52, u * 0.4), angle, *at), pen.body), cut=0.8)
    pen.lay(Shape(placed(petal(u * 0.24, u * 0.26), angle, *at), pen.green), cut=0.5)
    pen.part("buds")


@family("cherry blossom", weight=0.0, nouns=("cherry blossom", "cherry blossoms"), scales=(20.0, 96.0))
def cherry_blossom(rng: np.random.Generator, radius: float, style: Style) -> Motif:
    """Return a single blossom, or a branchlet with blossoms, buds and leaves."""
    branch = radius > 21 and rng.random() < 0.5
    pen = Pen(radius, style, span=1.8 if branch else 1.0)
    u, turn = pen.unit, float(rng.uniform(0, 2 * math.pi))
    if not branch:
        _blossom(pen, (0, 0), u, turn)
        return pen.motif()
    side = int(rng.choice((-1, 1)))
    low, high = (-1.3 * u * side, 1.7 * u), (0.9 * u * side, -1.9 * u)
    fork = (0.1 * u * side, -0.2 * u)
    twig = (1.65 * u * side, 0.55 * u)
    leaves = [
        Leaf(*fork, -side * 0.95, u * 1.1, u * 0.45),
        Leaf(-0.75 * u * side, 1.0 * u, -side * 1.2, u * 0.85, u * 0.4),
    ]
    pen.leaves(
        leaves[: int(rng.integers(0, 3))],
        stems=[curve(low, high, -0.1 * side), curve(fork, twig, 0.15 * side)],
        thick=0.16,
    )
    pen.part("branch")
    _bud(pen, high, 0.35 * side)
    _bud(pen, twig, 1.7 * side)
    _blossom(pen, (0.55 * u * side, -0.55 * u), u * 0.98, turn)
    _blossom(pen, (-0.5 * u * side, 0.75 * u), u * 0.9, turn + 1.0)
    return pen.motif()
