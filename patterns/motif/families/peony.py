"""Peonies: scalloped petals in layers, open, cupped or in bud, with big leaves or bare."""

import math

import skia

from patterns.motif.canvas import Shape
from patterns.motif.family import Chance, Motif, Style, family
from patterns.motif.parts import Leaf, Pen, curve, dots, merged, placed, polar, ring, scalloped, spike

# Rings of an open flower, from outside: (size in units, petals). The smallest is a silhouette, the largest is full.
_RINGS = (((1.0, 6), (0.5, 5)), ((1.0, 5), (0.56, 5)), ((1.0, 6), (0.64, 5), (0.4, 3)))
# Petals of a flower from the side, back to front: (angle, length, half width), all from one base; a silhouette has
# those of the second line.
_CUP = (
    ((0.0, 1.72, 0.24), (-0.44, 1.66, 0.25), (0.44, 1.66, 0.25), (-1.16, 1.2, 0.34), (1.16, 1.2, 0.34)),
    ((-0.66, 1.4, 0.42), (0.66, 1.4, 0.42), (0.0, 1.04, 0.5)),
)


def _petal(
    pen: Pen, at: tuple[float, float, float], size: tuple[float, float], *, ink: int, belly: float = 1.0
) -> None:
    """Lay one petal with its base and direction ``at`` (x, y, angle) and ``size`` (length, half angle)."""
    (x, y, angle), (length, half) = at, size
    lobes = 3 if length * half > 5 * pen.width else 2
    pen.lay(Shape(placed(scalloped(length, half, lobes, depth=0.11, belly=belly), angle, x, y), ink))


def _open(pen: Pen, rng: Chance) -> None:
    """Draw the flower from above: rings of petals, every other one on top, around the stamens."""
    u, size = pen.unit, 0 if pen.unit < 14 else 1
    size = 2 if pen.unit > 26 and rng.yes("full", 0.6) else size
    inner, turn = _pale(pen, rng), rng.turn()
    for k, (far, count) in enumerate(_RINGS[size]):
        ink = inner if k else pen.body
        angles = [
            turn + 2 * math.pi * i / count + rng.normal(0, 0.03) for i in (*range(0, count, 2), *range(1, count, 2))
        ]
        petals = [placed(_lobed(pen, u * far * rng.uniform(0.96, 1.04), 3.6 / count), a) for a in angles]
        for path in (merged(petals),) if size < (2 if k and u < 24 else 1) else petals:
            pen.lay(Shape(path, ink))
        if u > 30 and not k:
            veins = [spike(polar(a, 0.5 * u), polar(a, 0.86 * u), 2 * pen.width) for a in angles]
            pen.vein(veins, on=ink)
        turn += math.pi / count
    if size < 2:
        _stamens(pen, u * 0.27, inner)
    pen.part("petals")


def _lobed(pen: Pen, length: float, half: float) -> skia.Path:
    """Return a petal with as many scallops as its size bears."""
    lobes = 1 if length * half < 3.4 * pen.width else 2 if length * half < 6 * pen.width else 3
    return scalloped(length, half, lobes, depth=0.1, fall=0.26, belly=1.2)


def _stamens(pen: Pen, size: float, on: int) -> None:
    heart = pen.style.ink("accent", on=on)
    pen.lay(Shape(dots([(0, 0)], size), heart))
    if size > 3.2 * pen.width:
        pen.ink(
            dots([(0, 0), *ring(6, size * 0.62)], size * 0.17),
            pen.style.ink("detail" if pen.style.inks == 6 else "line", on=heart) or pen.body,
        )
    elif not heart:
        pen.ink(dots([(0, 0)], size * 0.55), pen.body)
    pen.part("centers")


def _pale(pen: Pen, rng: Chance) -> int:
    """Return the ink of the inner petals: now and then the palest."""
    return pen.style.ink("detail", on=pen.body) if pen.style.inks == 6 and rng.yes("pale", 0.6) else pen.body


def _cupped(pen: Pen, rng: Chance) -> None:
    """Draw the flower from the side: petals behind, stamens, a cup of petals in front."""
    u, base, pale = pen.unit, 0.85 * pen.unit, _pale(pen, rng)
    for angle, long, half in _CUP[0] if pen.level else ():
        _petal(pen, (0, base, angle), (u * long, half), ink=pale if abs(angle) < 1 else pen.body)
    heart = pen.style.ink("accent", on=pale)
    if heart and pen.level:
        pen.lay(Shape(dots([polar(a, 1.2 * u, 0, base) for a in (-0.26, 0.0, 0.26)], u * 0.13), heart))
        pen.part("centers")
    for angle, long, half in _CUP[1]:
        _petal(pen, (0, base, angle + rng.normal(0, 0.03)), (u * long, half), ink=pen.body, belly=1.7)
    if pen.level > 1:
        veins = [spike(polar(a, 0.8 * u, 0, base), polar(a * 0.5, 0.36 * u, 0, base), pen.width * 1.5) for a in (0.0,)]
        pen.vein(veins, on=pen.body)
    pen.part("petals")


def _bud(pen: Pen, base: float, size: float) -> None:
    """Lay a closed bud in its sepals, up from (0, base)."""
    for lean, long, half in ((-0.26, 0.96, 0.34), (0.26, 0.96, 0.34), (0.0, 0.88, 0.38)):
        pen.lay(Shape(placed(scalloped(size * long, half, 2, depth=0.06, belly=2.0), lean, 0, base), pen.body))
    sepals = [placed(scalloped(size * 0.46, 0.34, 1, fall=0.4), lean, 0, base) for lean in (-1.0, 0.0, 1.0)]
    pen.lay(Shape(merged(sepals), pen.green))
    pen.part("buds")


def _around(pen: Pen, rng: Chance) -> None:
    """Lay one to three leaves, or pairs of them, that show from behind an open flower."""
    u, count, turn = pen.unit, rng.pick("leaves", range(1, 4)), rng.turn()
    spread = (0.0,) if count == 3 or rng.yes("single leaves", 0.4) else (-0.42, 0.42)
    bend = float(rng.uniform(-0.14, 0.14))
    for i in range(count):
        middle = turn + 2 * math.pi * i / count
        for angle in (middle + s for s in spread):
            pen.leaves([Leaf(*polar(angle, 0.5 * u), angle, 1.12 * u, 0.62 * u, bend)])


def _stalk(pen: Pen, rng: Chance, top: float, length: float) -> None:
    """Lay a stem down from (0, top) with a leaf at either side or at one."""
    u, bow = pen.unit, float(rng.uniform(-0.08, 0.08))
    sides = ((-1, 1), (-1,), (1,), ())[rng.pick("leaves", 4, p=(0.55, 0.15, 0.15, 0.15))]
    leaves = [Leaf(-bow * length * 0.5, top + 0.82 * length, s * 0.92, 1.25 * u, 0.62 * u, -0.1 * s) for s in sides]
    pen.leaves(leaves, stems=[curve((0, top), (0, top + length), bow)], thick=0.16)


_FORM_NAMES = ("open", "cup", "bud")


@family("peony", nouns=("peony", "peonies"), weight=2.0, scales=(36.0, 112.0))
def peony(rng: Chance, radius: float, style: Style) -> Motif:
    """Return a peony from above, from the side or in bud, with leaves or a stem or without."""
    form = rng.pick("form", 3, p=(0.52, 0.36, 0.12), called=_FORM_NAMES)
    green = rng.yes("green", 0.65) or form == 2
    pen = Pen(radius, style, span=(1.4, 1.6, 1.6)[form] if green else 1.05)
    u = pen.unit
    if form == 0:
        if green:
            _around(pen, rng)
        _open(pen, rng)
    elif form == 1:
        if green:
            _stalk(pen, rng, 0.75 * u, 1.3 * u)
        _cupped(pen, rng)
    else:
        _stalk(pen, rng, 0.5 * u, 1.4 * u)
        _bud(pen, 0.62 * u, 1.75 * u)
    return pen.motif()
