"""Art nouveau: a stylized bloom on whiplash stems that part, swing wide and close above it."""

import math

from patterns.motif.canvas import Shape
from patterns.motif.family import Chance, Motif, Style, family
from patterns.motif.ornament import bending, twin
from patterns.motif.parts import Pen, blob, curve, dots, drop, leaf_path, petal, placed, scalloped, spike
from patterns.motif.spine import Spine


def _whips(pen: Pen, end: str) -> None:
    """Lay the stem and the two that part from its foot and frame the bloom, a bud, a curl or a bead at their ends."""
    u = pen.unit
    sweep, length = {"bud": (2.55, 2.7), "curl": (2.9, 3.2), "bead": (2.7, 2.9)}[end]

    def heading(t: float) -> float:
        return 1.5 - sweep * t**1.1 + max(0.0, t - 0.74) * 11.0 * (end == "curl")

    spine = Spine((0.0, 1.3 * u), length * u, heading)
    pieces = [
        twin(spine.body(lambda t: max(0.6 * pen.width, 0.1 * u * (1 - 0.4 * t)))),
        curve((0, 0.3 * u), (0, 1.36 * u)),
    ]
    pen.lay(Shape(pieces[0], pen.green), Shape(pieces[1], pen.green, max(1.4 * pen.width, 0.16 * u)))
    pen.part("stems")
    if end == "bead":
        pen.lay(Shape(twin(dots([spine.at(1.0)], 0.14 * u)), pen.bright))
    if end == "bud":
        tip, turn = spine.at(0.98), heading(0.98)
        pen.lay(Shape(twin(placed(drop(0.56 * u, 0.36 * u), turn + 0.15, *tip)), pen.bright))
        pen.part("buds")


def _leaves(pen: Pen) -> None:
    """Lay a pair of long leaves whose tips bend back, from the foot."""
    u = pen.unit
    spine = bending((0.02 * u, 1.36 * u), 1.6 * u, start=0.42, turn=1.5, late=2.2)
    pen.lay(Shape(twin(spine.body(lambda t: 0.2 * u * (max(0.0, t * (1 - t)) * 4) ** 0.7)), pen.green))
    rib = spine.body(lambda t: 0.7 * pen.width * (1 - t) ** 0.6, ends=(0.12, 0.82))
    pen.vein([twin(rib)], on=pen.green, level=1)
    pen.part("leaves")


def _lily(pen: Pen) -> None:
    """Lay a lily from the side: outer petals roll over, one stands between them."""
    u, foot = 0.92 * pen.unit, 0.36 * pen.unit
    spine = bending((0.02 * u, foot), 1.3 * u, start=0.3, turn=1.9, late=2.6)
    pen.lay(Shape(twin(spine.body(lambda t: 0.25 * u * (max(0.0, t * (1 - t)) * 4) ** 0.6)), pen.body))
    pen.lay(Shape(placed(leaf_path(1.2 * u, 0.5 * u, 0.0), 0, 0, foot), pen.bright))
    pen.vein([spike((0, foot - 0.15 * u), (0, foot - 0.9 * u), 1.8 * pen.width)], on=pen.bright, level=1)
    pen.lay(Shape(placed(drop(0.34 * u, 0.34 * u), 0, 0, foot + 0.02 * u), pen.green))
    pen.part("petals")


def _poppy(pen: Pen) -> None:
    """Lay a poppy from the side: two broad petals behind one, its crown of seeds above."""
    u, foot = pen.unit, 0.4 * pen.unit
    pale = pen.style.ink("detail", on=pen.body) if pen.style.inks == 6 else pen.body
    for s in (-1, 1):
        pen.lay(Shape(placed(scalloped(1.12 * u, 0.52, 3), s * 0.62, 0, foot), pen.body))
    pen.lay(Shape(placed(scalloped(0.86 * u, 0.62, 3), 0, 0, foot), pale))
    pen.lay(Shape(dots([(0, foot - 0.24 * u)], 0.2 * u), pen.bright if pen.bright != pale else pen.green))
    pen.part("petals")


def _iris(pen: Pen) -> None:
    """Lay an iris: three petals stand, two fall to either side, a tongue on the middle one."""
    u, foot = 0.86 * pen.unit, 0.16 * pen.unit
    falls = bending((0.0, foot), 1.02 * u, start=1.0, turn=2.0, late=1.3)
    pen.lay(Shape(twin(falls.body(lambda t: 0.3 * u * (max(0.0, t * (1.06 - t)) * 4) ** 0.55)), pen.bright))
    pen.lay(Shape(twin(placed(petal(1.0 * u, 0.42 * u), 0.44, 0, foot)), pen.body))
    pen.lay(Shape(placed(petal(1.16 * u, 0.46 * u), 0, 0, foot + 0.04 * u), pen.body))
    pen.lay(Shape(blob(u, (0, 0.0), (0.24, 0.3), (0.18, 0.66), (0, 0.8), (-0.18, 0.66), (-0.24, 0.3)), pen.body))
    tongue = placed(leaf_path(0.5 * u, 0.2 * u, 0.0), math.pi, 0, 0.1 * u)
    pen.ink(tongue, pen.style.ink("accent", on=pen.body) if pen.style.inks > 3 else 0)
    pen.part("petals")


_FORM_NAMES = ("lily", "poppy", "iris")


@family(
    "art nouveau",
    nouns=("art nouveau flower", "art nouveau flowers"),
    directed=True,
    formal=True,
    scales=(44.0, 128.0),
)
def art_nouveau(rng: Chance, radius: float, style: Style) -> Motif:
    """Return a lily, a poppy or an iris framed by its whiplash stems, with long leaves or without."""
    form = rng.pick("form", 3, called=_FORM_NAMES)
    end = rng.pick("ends", ("bud", "curl", "bead"))
    pen = Pen(radius, style, span=1.42)
    _whips(pen, end)
    if rng.yes("leafy", 0.6):
        _leaves(pen)
    (_lily, _poppy, _iris)[form](pen)
    return pen.motif()
