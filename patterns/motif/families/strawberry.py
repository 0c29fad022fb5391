"""Strawberries: a heart of seeds under a leafy cap, alone, in a pair, or with blossom and leaf."""

import math

from patterns.motif.canvas import Shape
from patterns.motif.family import Chance, Motif, Style, family
from patterns.motif.parts import Leaf, Pen, blob, blossom, curve, drop, leaf_path, merged, placed

_HEART = (
    (0, -0.62), (0.44, -0.68), (0.8, -0.34), (0.66, 0.26), (0.26, 0.82), (0, 1.0),
    (-0.26, 0.82), (-0.66, 0.26), (-0.8, -0.34), (-0.44, -0.68),
)  # fmt: skip
# Rows of seeds: (height, places across) in units, for berries of growing size.
_SEEDS = (
    ((0.08, (-0.36, 0.36)), (0.44, (0.0,))),
    ((0.08, (-0.44, 0.0, 0.44)), (0.36, (-0.22, 0.22)), (0.64, (0.0,))),
    ((0.08, (-0.51, -0.17, 0.17, 0.51)), (0.32, (-0.34, 0.0, 0.34)), (0.55, (-0.17, 0.17)), (0.77, (0.0,))),
)


def _berry(pen: Pen, at: tuple[float, float, float], u: float) -> None:
    """Lay one berry with its cap at (x, y), turned by an angle."""
    x, y, angle = at
    pen.lay(Shape(placed(blob(u, *_HEART), angle, x, y), pen.body))
    rows = _SEEDS[0 if u < 8 * pen.width else 1 if u < 17 * pen.width else 2]
    size = max(2.4, 0.15 * u)
    seeds = [placed(drop(1.5 * size, size), angle, *_turned(a * u, b * u, at)) for b, xs in rows for a in xs]
    ink = pen.style.ink("detail", on=pen.body) if pen.style.inks == 6 else 0
    ink = pen.style.ink("accent", on=pen.body) if pen.style.inks in (4, 5) else ink
    pen.ink(merged(seeds), ink)
    points = (-1.5, 1.5, -2.35, 2.35, math.pi) if u > 6 * pen.width else (-1.75, 1.75, math.pi)
    cap = [placed(leaf_path(u * 0.6, u * 0.36, 0.0), angle + a, *_turned(0, -0.68 * u, at)) for a in points]
    pen.lay(*(Shape(p, pen.green) for p in cap), cut=0.9)
    pen.part("seeds", "fruit")


def _turned(x: float, y: float, at: tuple[float, float, float]) -> tuple[float, float]:
    cos, sin = math.cos(at[2]), math.sin(at[2])
    return at[0] + x * cos - y * sin, at[1] + x * sin + y * cos


def _trefoil(pen: Pen, at: tuple[float, float, float], size: float, stems: list) -> None:
    """Lay a leaf of three leaflets at the end of its stalk, with the plant's other stalks."""
    x, y, angle = at
    pen.leaves([], stems=stems, thick=0.13)
    for a in (-1.15, 1.15, 0.0):
        pen.leaves([Leaf(x, y, angle + a, size, size * 0.74, 0.0)])


_FORM_NAMES = ("bare", "stalk", "pair", "blossom")


@family("strawberry", nouns=("strawberry", "strawberries"), scales=(32.0, 112.0))
def strawberry(rng: Chance, radius: float, style: Style) -> Motif:
    """Return a berry on its stalk or without, a pair on forked stalks, or a berry with blossom and leaf."""
    form = (
        rng.pick("form", 4, p=(0.2, 0.3, 0.25, 0.25), called=_FORM_NAMES)
        if radius > 24
        else rng.pick("form", range(2), called=_FORM_NAMES)
    )
    pen = Pen(radius, style, span=(1.0, 1.2, 1.5, 1.7)[form])
    u, s = pen.unit, rng.side()
    if form < 2:
        lean = s * float(rng.uniform(0.1, 0.35))
        if form:
            pen.leaves([], stems=[curve((0.6 * u * lean, -0.6 * u), (0.75 * s * u, -1.35 * u), 0.2 * s)], thick=0.13)
        _berry(pen, (0, 0, lean), u)
        return pen.motif()
    top, left, right = (0.15 * s * u, -1.5 * u), (-0.72 * s * u, 0.5 * u, 0.25 * s), (0.86 * s * u, 0.05 * u, -0.25 * s)
    stems = [curve(top, (left[0] + 0.15 * s * u, left[1] - 0.6 * u), -0.16 * s)]
    stems.append(curve(top, (right[0] - 0.12 * s * u, right[1] - 0.5 * u), 0.16 * s))
    if form == 2:
        pen.leaves(
            [Leaf(*top, -1.75 * s, 1.0 * u, 0.6 * u, 0.1 * s)] if rng.yes("leaf", 0.6) else [], stems=stems, thick=0.13
        )
        _berry(pen, right, 0.8 * u)
    else:
        _trefoil(pen, (-0.1 * s * u, -1.0 * u, -0.15 * s), 1.0 * u, stems)
        blossom(pen, (right[0], right[1] - 0.1 * u), 0.66 * u, plump=0.9, eye=0.34)
    _berry(pen, left, u)
    return pen.motif()
