"""Lotuses from the side: a fan of pointed petals in strict symmetry, on the water, on a stem, or in bud."""

import skia

from patterns.motif.canvas import Shape
from patterns.motif.family import Chance, Motif, Style, family
from patterns.motif.parts import Pen, blob, curve, placed, spike

# Petals by layer, back to front: (angle, length, width), mirrored where the angle is not 0.
_LAYERS = (
    ((1.36, 1.32, 0.5), (0.92, 1.3, 0.56), (0.46, 1.34, 0.56)),
    ((1.12, 1.12, 0.56), (0.6, 1.2, 0.62)),
    ((0.0, 1.42, 0.72),),
)


def _blade(length: float, width: float) -> skia.Path:
    """Return a petal from the origin up, broadest above its middle, with a drawn-out tip."""
    path = skia.Path()
    path.moveTo(0, 0)
    path.cubicTo(-width * 0.3, -length * 0.1, -width * 0.85, -length * 0.62, 0, -length)
    path.cubicTo(width * 0.85, -length * 0.62, width * 0.3, -length * 0.1, 0, 0)
    path.close()
    return path


def _bloom(pen: Pen, rng: Chance) -> None:
    """Lay the petals, layer upon layer, from one base."""
    u, foot = pen.unit, 0.62 * pen.unit
    pale = pen.style.ink("detail", on=pen.body) if pen.style.inks == 6 and rng.yes("pale", 0.6) else pen.body
    for k, layer in enumerate(_LAYERS if u > 15 else _LAYERS[1:]):
        for angle, length, width in layer:
            for s in (-1, 1) if angle else (0,):
                path = placed(_blade(length * u, width * u), s * angle, 0, foot)
                pen.lay(Shape(path, pale if not k and u > 15 else pen.body))
    heart = pen.style.ink("accent", on=pen.body)
    if u > 15 and heart and rng.yes("heart", 0.6):
        pen.ink(placed(_blade(0.9 * u, 0.34 * u), 0, 0, foot - 0.1 * u), heart)
    elif u > 18:
        pen.vein([spike((0, foot - 0.2 * u), (0, foot - 1.1 * u), 2 * pen.width)], on=pen.body)
    pen.part("petals")


def _bud(pen: Pen, at: tuple[float, float], size: float) -> None:
    for lean in (-0.3, 0.3, 0.0):
        pen.lay(Shape(placed(_blade(size * (0.94 if lean else 1.12), size * 0.6), lean, *at), pen.body))
    pen.part("buds")


def _pad(pen: Pen, y: float, size: float) -> None:
    """Lay a leaf floating on the water, cut to its middle from below."""
    pad = blob(size, (-1.0, 0), (-0.6, -0.3), (0, -0.4), (0.6, -0.3), (1.0, 0), (0.55, 0.26), (0, 0.34), (-0.55, 0.26))
    pen.lay(Shape(placed(pad, 0, 0, y), pen.green))
    if size > 11 * pen.width:
        ribs = [spike((0, y), (s * 0.66 * size, y + d * size), 1.6 * pen.width) for s in (-1, 1) for d in (-0.06, 0.12)]
        pen.vein(ribs, on=pen.green)
        pen.part("veins")
    pen.part("leaves")


_FORM_NAMES = ("alone", "pad", "stem")


@family(
    "lotus",
    nouns=("lotus", "lotuses", "lotus flower", "lotus flowers"),
    directed=True,
    scales=(36.0, 112.0),
    weight=0.5,
)
def lotus(rng: Chance, radius: float, style: Style) -> Motif:
    """Return a lotus flower alone, over a floating leaf, or on a stem, with a bud or without."""
    form = rng.pick("form", 3, p=(0.32, 0.34, 0.34), called=_FORM_NAMES)
    pen = Pen(radius, style, span=(1.3, 1.3, 1.6)[form])
    u = pen.unit
    if form == 1:
        _pad(pen, 0.78 * u, 1.3 * u)
    if form == 2:
        side = rng.side()
        foot, beside = (0.0, 2.3 * u), (side * 0.95 * u, 1.65 * u)
        both = pen.level > 1 and rng.yes("bud", 0.6)
        stems = [curve((0, 0.5 * u), foot), curve(foot, beside, -side * 0.2)]
        pen.leaves([], stems=stems if both else stems[:1], thick=0.14)
        if both:
            _bud(pen, beside, 0.78 * u)
    _bloom(pen, rng)
    return pen.motif()
