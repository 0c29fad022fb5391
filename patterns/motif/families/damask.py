"""Damasks: a stately bloom within an ogive of acanthus leaves, the same on either side, as silk and flock show it."""

import math

from patterns.motif.canvas import Shape
from patterns.motif.family import Chance, Motif, Style, family
from patterns.motif.ornament import acanthus, bending, tendrils, twin
from patterns.motif.parts import Pen, blob, drop, leaf_path, petal, placed, spike
from patterns.motif.spine import Spine

_FRUIT = ((0, -0.92), (0.3, -0.46), (0.56, 0.1), (0.34, 0.62), (0, 0.78), (-0.34, 0.62), (-0.56, 0.1), (-0.3, -0.46))


def _foot(pen: Pen, rng: Chance) -> None:
    """Lay what the bloom stands on: leaves that roll outward, and a drop below."""
    u = pen.unit
    acanthus(pen, bending((0.0, 1.44 * u), 1.36 * u, start=1.0, turn=2.4, late=2.4), 0.58 * u, pen.body, lobes=3)
    if pen.level > 1 and rng.yes("tendrils", 0.5):
        tendrils(pen, bending((0.0, 1.52 * u), 0.7 * u, start=1.95, turn=1.5), 0.14 * u, pen.green, bead=0.12 * u)
    pen.lay(Shape(placed(drop(0.5 * u, 0.34 * u), math.pi, 0, 1.66 * u), pen.green))


def _ogive(pen: Pen) -> None:
    """Lay the two great leaves that embrace the bloom, bellied and lobed, and roll outward above it."""
    u = pen.unit

    def heading(t: float) -> float:
        return 1.35 - 3.0 * min(t, 0.62) + max(0.0, t - 0.62) * 6.0

    spine = Spine((0.06 * u, 1.08 * u), 2.6 * u, heading)
    acanthus(pen, spine, 0.46 * u, pen.green, lobes=6 if pen.level > 1 else 3, right=True)


def _crown(pen: Pen, rng: Chance) -> None:
    """Lay the finial: a bud between two leaves that roll outward."""
    u = pen.unit
    if pen.level > 1:
        acanthus(pen, bending((0.0, -0.72 * u), 0.8 * u, start=0.15, turn=2.6, late=1.5), 0.4 * u, pen.body, lobes=3)
    bud = pen.bright if pen.style.inks > 3 and rng.yes("bright bud", 0.6) else pen.body
    pen.lay(Shape(placed(leaf_path(0.72 * u, 0.42 * u, 0.0), 0, 0, -0.8 * u), bud))


def _pomegranate(pen: Pen) -> None:
    """Lay a pointed fruit, opened on its seeds."""
    u = pen.unit
    pen.lay(Shape(blob(u, *_FRUIT), pen.body))
    field = pen.style.ink("detail", on=pen.body) if pen.style.inks == 6 else 0
    lens = placed(leaf_path(1.16 * u, 0.9 * u, 0.0), 0, 0, 0.6 * u)
    pen.ink(lens, field)
    seed = pen.style.ink("accent", on=field)
    seed = pen.body if seed in (field, 0) else seed
    size = 0.25 if pen.level > 1 else 0.4
    for y, count in ((-0.26, 1), (0.02, 2), (0.28, 1)) if pen.level > 1 else ((0.14, 1),):
        for x in (k - (count - 1) / 2 for k in range(count)):
            pen.ink(placed(drop(size * u, 0.8 * size * u), 0, 0.3 * x * u, y * u), seed)
    pen.part("seeds")


def _palmette(pen: Pen) -> None:
    """Lay a fan of petals over a heart."""
    u, foot = pen.unit, 0.55 * pen.unit
    pale = pen.style.ink("detail", on=pen.body) if pen.style.inks == 6 else pen.body
    fan = ((1.15, 0.72, 0.34), (0.76, 0.98, 0.34), (0.38, 1.18, 0.34)) if pen.level > 1 else ((0.8, 0.92, 0.56),)
    for angle, length, wide in fan:
        pen.lay(Shape(twin(placed(petal(length * u, wide * u), angle, 0, foot)), pale))
    pen.lay(Shape(placed(petal(1.36 * u, 0.4 * u), 0, 0, foot), pen.body))
    heart = pen.style.ink("accent", on=pen.body)
    heart = heart if heart not in (0, pen.edge) else pen.body
    pen.lay(Shape(placed(drop(0.56 * u, 0.46 * u), 0, 0, foot - 0.02 * u), heart))
    pen.part("petals")


def _lily(pen: Pen) -> None:
    """Lay a bloom from the side whose outer petals roll over, a flame between them."""
    u = pen.unit
    spine = bending((0.04 * u, 0.72 * u), 1.62 * u, start=0.62, turn=1.38, late=2.4)
    acanthus(pen, spine, 0.5 * u, pen.body, lobes=1)
    pen.lay(Shape(placed(leaf_path(1.4 * u, 0.52 * u, 0.0), 0, 0, 0.6 * u), pen.bright))
    pen.vein([spike((0, 0.42 * u), (0, -0.46 * u), 1.8 * pen.width)], on=pen.bright)
    pen.lay(Shape(placed(drop(0.42 * u, 0.46 * u), 0, 0, 0.62 * u), pen.green))
    pen.part("petals")


_FORM_NAMES = ("pomegranate", "palmette", "lily")


@family("damask", nouns=("damask", "damasks"), directed=True, formal=True, scales=(44.0, 128.0))
def damask(rng: Chance, radius: float, style: Style) -> Motif:
    """Return a damask's ornament: an opened pomegranate, a palmette or a lily in its leaves, crown and foot."""
    form = rng.pick("form", 3, called=_FORM_NAMES)
    pen = Pen(radius, style, span=1.8)
    _foot(pen, rng)
    _ogive(pen)
    _crown(pen, rng)
    (_pomegranate, _palmette, _lily)[form](pen)
    return pen.motif()
