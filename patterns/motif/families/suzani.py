"""Suzanis: the great embroidered suns of Uzbekistan, ring within ring, whirled or rayed, in a wreath of leaves."""

import math

import skia

from patterns.motif.canvas import Shape
from patterns.motif.family import Chance, Motif, Style, family
from patterns.motif.parts import Pen, dots, drop, leaf_path, merged, petal, placed, polar, ring


def _around(path: skia.Path, count: int, distance: float, *, turn: float = 0.0, lean: float = 0.0) -> skia.Path:
    """Return copies evenly around the middle at ``distance`` px, each leaning by ``lean`` from pointing outward."""
    turns = [turn + 2 * math.pi * k / count for k in range(count)]
    return merged(placed(path, a + lean, *polar(a, distance)) for a in turns)


def _heart(pen: Pen, size: float, ink: int) -> None:
    """Lay the small flower in the middle."""
    pen.lay(Shape(dots([(0, 0)], size), ink))
    eye = pen.style.ink("accent", on=ink)
    pen.ink(dots([(0, 0)], max(0.42 * size, 1.4 * pen.width)), eye)


def _inks(pen: Pen) -> tuple[int, int, int]:
    """Return the inks of the rings from outside to inside, neighbors never the same."""
    second = pen.green if pen.green != pen.body else 0
    accent = pen.style.ink("accent", on=second) if pen.style.inks > 3 else pen.body
    accent = pen.body if accent in (second, pen.edge) else accent
    return pen.body, second, accent


_FORM_NAMES = ("scalloped", "rayed", "whirl")


@family("suzani", nouns=("suzani", "suzanis"), formal=True, scales=(44.0, 128.0))
def suzani(rng: Chance, radius: float, style: Style) -> Motif:
    """Return a suzani's sun: scalloped, rayed or whirling, ring in ring, within a wreath of leaves or bare."""
    large = radius > 24
    wreath = rng.pick("wreath", ("bare", "leaves", "pearls"), p=(0.3, 0.45, 0.25)) if large else "bare"
    form = rng.pick("form", 3, called=_FORM_NAMES)
    count = rng.pick("petals", (8, 10, 12) if large else (8,))
    pen = Pen(radius, style, span={"bare": 1.0, "leaves": 1.42, "pearls": 1.26}[wreath])
    u, turn = pen.unit, rng.turn()
    outer, second, accent = _inks(pen)
    if wreath == "leaves":
        leaf = leaf_path(0.5 * u, 0.34 * u, 0.3)
        pen.lay(Shape(_around(leaf, count, 1.0 * u, turn=turn, lean=0.85), pen.green))
    elif wreath == "pearls":
        pen.lay(Shape(dots(ring(count, 1.15 * u, turn=turn), 0.12 * u), pen.green))
        pen.part("dots")
    half = math.pi / count
    if form == 0:
        rim = merged([dots([(0, 0)], 0.84 * u), dots(ring(count, 0.8 * u, turn=turn), 0.8 * half * u * 1.02)])
        pen.lay(Shape(rim, outer))
    elif form == 1:
        pen.lay(Shape(_around(petal(1.02 * u, 2.3 * half * 0.86 * u, inner=0.3 * u), count, 0.0, turn=turn), outer))
    else:
        pen.lay(
            Shape(_around(leaf_path(0.66 * u, 2.5 * half * 0.7 * u, 0.34), count, 0.4 * u, turn=turn, lean=0.35), outer)
        )
    if form == 1:
        pen.vein([_around(drop(0.3 * u, 0.15 * u), count, 0.78 * u, turn=turn)], on=outer, level=1)
    pen.lay(Shape(dots([(0, 0)], 0.62 * u), second if large else outer))
    inner = _around(petal(0.56 * u, 2.0 * half * 0.56 * u, inner=0.16 * u), count, 0.0, turn=turn + half)
    pen.ink(inner, style.ink("detail", on=second) if style.inks == 6 and rng.yes("pale", 0.5) else accent)
    _heart(pen, 0.28 * u, outer)
    pen.part("petals", "centers", "rings")
    return pen.motif()
