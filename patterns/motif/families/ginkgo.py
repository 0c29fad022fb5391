"""Ginkgo leaves: a ribbed fan with a notch, on a curved stalk, alone or in pairs."""

import skia

from patterns.motif.canvas import Shape
from patterns.motif.family import Chance, Motif, Style, family
from patterns.motif.parts import Pen, curve, merged, placed, polar, spike


def _fan(size: float, notch: float, spread: float) -> skia.Path:
    """Return a fan from the origin, ``size`` px high, in two lobes that part at the middle of its rim."""
    path = skia.Path()
    path.moveTo(0, 0)
    path.cubicTo(*polar(-spread * 0.35, size * 0.35), *polar(-spread * 0.95, size * 0.4), *polar(-spread, size * 0.86))
    path.cubicTo(*polar(-spread * 0.8, size * 1.1), *polar(-spread * 0.3, size * 1.14), *polar(-0.09, size))
    path.lineTo(0, -size * (1 - notch))
    path.lineTo(*polar(0.09, size))
    path.cubicTo(*polar(spread * 0.3, size * 1.14), *polar(spread * 0.8, size * 1.1), *polar(spread, size * 0.86))
    path.cubicTo(*polar(spread * 0.95, size * 0.4), *polar(spread * 0.35, size * 0.35), 0, 0)
    path.close()
    return path


def _leaf(pen: Pen, at: tuple[float, float, float], size: float, form: tuple[float, float, float, int]) -> None:
    """Lay a leaf from its foot and direction ``at``, of a form (notch, spread, stalk in sizes, ink)."""
    (x, y, angle), (notch, spread, stalk, ink) = at, form
    stem = curve((0, -size * 0.05), (size * 0.16, size * stalk), 0.16)
    pen.lay(Shape(placed(stem, angle, x, y), pen.green, max(pen.width * 1.2, size * 0.1)))
    pen.lay(Shape(placed(_fan(size, notch, spread), angle, x, y), ink), cut=0.9)
    count = 0 if size < 7 * pen.width else 1 if size < 14 * pen.width else 2 if size < 24 * pen.width else 3
    angles = [s * spread * (i + 0.62) / (count + 0.3) for i in range(count) for s in (-1, 1)]
    ribs = [spike(polar(a, size * 0.99), polar(a * 0.8, size * 0.32), pen.width * 1.7) for a in angles]
    if ribs:
        role = "detail" if pen.style.inks == 6 and (pen.edge or notch > 0.4) else "line"
        lost = pen.edge and role == "line"
        pen.ink(placed(merged(ribs), angle, x, y), 0 if lost else pen.style.ink(role, on=ink))
        pen.part("ribs")
    pen.part("leaves", "stems")


@family("ginkgo", nouns=("ginkgo leaf", "ginkgo leaves"), scales=(30.0, 112.0), weight=0.9)
def ginkgo(rng: Chance, radius: float, style: Style) -> Motif:
    """Return one fan-shaped leaf, or two whose stalks cross."""
    form = int(rng.yes("pair", 0.5)) if radius > 26 else 0
    pen = Pen(radius, style, span=(1.0, 1.3)[form])
    u, notch, spread = pen.unit, float(rng.uniform(0.3, 0.5)), float(rng.uniform(0.95, 1.15))
    accent = style.ink("accent", on=pen.body) if style.inks > 3 else 0
    other = accent if accent and rng.yes("accent leaf", 0.6) else pen.body
    if form == 0:
        _leaf(pen, (0, 0, float(rng.normal(0, 0.15))), 1.15 * u, (notch, spread, 0.75, pen.body))
    else:
        s = rng.side()
        _leaf(pen, (0.12 * s * u, 0.5 * u, 0.72 * s), 0.95 * u, (notch, spread * 0.9, 0.7, other))
        _leaf(pen, (-0.1 * s * u, 0.1 * u, -0.6 * s), 1.2 * u, (notch, spread * 0.9, 0.75, pen.body))
    return pen.motif()
