"""Cherry blossoms: five notched petals with long stamens, alone, or with buds on a branch."""

import math

from patterns.motif.canvas import Shape
from patterns.motif.family import Chance, Motif, Style, family
from patterns.motif.parts import Leaf, Pen, curve, dots, notched, petal, placed, polar, ring, smooth


def _blossom(pen: Pen, at: tuple[float, float], size: float, turn: float) -> None:
    """Lay five petals of ``size`` px around ``at``, with stamens from a round eye."""
    pale = pen.style.ink("detail", on=pen.body) if pen.style.inks == 6 else 0
    for angle in (turn + 2 * math.pi * i / 5 for i in range(5)):
        pen.lay(
            Shape(
                placed(notched(size, size * 0.75, size * 0.17), angle, *at),
                pen.body,
            )
        )
    eye = pen.style.ink("accent", on=pen.body)
    if size > 9 * pen.width:
        ink = pale or (pen.style.ink("line", on=pen.body) if not pen.edge else 0)
        for tip in ring(5, size * 0.56, turn=turn):
            pen.ink(curve(at, (at[0] + tip[0], at[1] + tip[1])), ink, max(pen.width, 0.05 * size))
        tips = [(at[0] + x, at[1] + y) for x, y in ring(5, size * 0.6, turn=turn)]
        pen.ink(dots(tips, max(1.0 * pen.width, 0.08 * size)), eye if eye else ink)
        pen.part("stamens")
    pen.ink(dots([at], size * 0.27), 0)
    pen.ink(dots([at], size * (0.2 if eye else 0.13)), eye or pen.body)
    pen.part("petals", "centers")


def _bud(pen: Pen, at: tuple[float, float], angle: float, size: float) -> None:
    """Lay a round bud in its cup."""
    pen.lay(Shape(placed(petal(size, size * 0.86), angle, *at), pen.body))
    pen.lay(Shape(placed(petal(size * 0.36, size * 0.5, inner=-size * 0.06), angle, *at), pen.green), cut=0.8)
    pen.part("buds")


def _branch(pen: Pen, rng: Chance) -> None:
    """Draw a crooked branch with two blossoms, buds on twigs, and sometimes a leaf."""
    u, side, turn = pen.unit, rng.side(), rng.turn()
    way = [(-1.25, 1.7), (-0.75, 0.9), (-0.2, 0.3), (0.5, -0.7)]
    points = [(side * x * u, y * u) for x, y in way]
    buds = [(-1.0 * side * u, -0.95 * u, -side * 0.45), (1.15 * side * u, 0.55 * u, side * 1.0)]
    twigs = [curve(points[2], b[:2], 0.14 * s * side) for b, s in zip(buds, (1, -1), strict=True)]
    leaves = (
        [Leaf(side * -1.0 * u, 1.3 * u, -side * 1.1, 1.0 * u, 0.56 * u, -0.1 * side)] if rng.yes("leaf", 0.5) else []
    )
    pen.leaves(leaves, stems=[smooth(points, closed=False), *twigs], thick=0.16)
    pen.part("branch")
    for x, y, angle in buds:
        _bud(pen, (x, y), angle, 0.72 * u)
    _blossom(pen, (side * -0.2 * u, 0.4 * u), 1.05 * u, turn)
    _blossom(pen, (side * 0.72 * u, -0.95 * u), 0.9 * u, turn + 0.6)


_FORM_NAMES = ("single", "leafy", "branch")


@family("cherry blossom", nouns=("cherry blossom", "cherry blossoms"), scales=(30.0, 112.0), weight=0.5)
def cherry_blossom(rng: Chance, radius: float, style: Style) -> Motif:
    """Return a single blossom, one with a bud and leaves, or a branch with blossoms and buds."""
    form = rng.pick("form", 3, p=(0.4, 0.22, 0.38), called=_FORM_NAMES) if radius > 32 else 0
    pen = Pen(radius, style, span=(1.0, 1.35, 1.75)[form])
    u, turn = pen.unit, rng.turn()
    if form == 2:
        _branch(pen, rng)
        return pen.motif()
    if form == 1:
        angles = [turn + math.pi / 5 + 2 * math.pi * k / 5 for k in (0, 1, 3)]
        pen.leaves([Leaf(*polar(a, 0.4 * u), a, 1.0 * u, 0.52 * u, 0.1) for a in angles])
    _blossom(pen, (0, 0), u, turn)
    return pen.motif()
