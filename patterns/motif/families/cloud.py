"""Clouds: puffs on a level base, bordered, ringed or curled, with sun or rain; and trailing ones as on old silks."""

import math

import skia

from patterns.motif.canvas import Shape
from patterns.motif.family import Chance, Motif, Style, family
from patterns.motif.parts import Pen, dots, drop, merged, placed
from patterns.motif.spine import Spine, within

# Puffs as (x, y, radius) in units, over a base at ``_BASE``.
_BASE = 0.42
_FORMS = (
    ((-0.62, 0.14, 0.3), (-0.18, -0.2, 0.46), (0.36, -0.02, 0.38), (0.72, 0.18, 0.26)),
    ((-0.68, 0.16, 0.28), (-0.36, -0.08, 0.36), (0.12, -0.26, 0.46), (0.62, 0.08, 0.36)),
    ((-0.5, 0.06, 0.38), (0.08, -0.14, 0.46), (0.58, 0.14, 0.3)),
)
Puffs = tuple[tuple[float, float, float], ...]


def _puffed(unit: float, puffs: Puffs, base: float) -> skia.Path:
    """Return puffs over a level base as one outline."""
    left, right = puffs[0][0], puffs[-1][0]
    whole = skia.Path()
    whole.addRect(skia.Rect.MakeLTRB(left * unit, 0, right * unit, base * unit))
    for x, y, r in puffs:
        # The outer puffs stand on the base.
        y = base - r if x in (left, right) else y
        whole = skia.Op(whole, skia.Path.Circle(x * unit, y * unit, r * unit), skia.PathOp.kUnion_PathOp) or whole
    return whole


def _inside(path: skia.Path, inset: float) -> skia.Path:
    """Return what of a path lies more than ``inset`` px from its outline."""
    band = skia.Path()
    skia.Paint(Style=skia.Paint.kStroke_Style, StrokeWidth=2 * inset).getFillPath(path, band)
    return skia.Op(path, band, skia.PathOp.kDifference_PathOp) or skia.Path()


def _curl(x: float, y: float, radius: float, side: int) -> skia.Path:
    """Return a spiral of a turn and a quarter around (x, y) that winds in, its start below."""
    path = skia.Path()
    for k in range(21):
        angle, reach = math.pi / 2 - side * k * 2.5 * math.pi / 20, radius * (1 - 0.034 * k)
        point = (x + reach * math.cos(angle), y + reach * math.sin(angle))
        path.lineTo(*point) if k else path.moveTo(*point)
    return path


def _mark(pen: Pen, rng: Chance) -> int:
    """Return the ink of what is drawn on a cloud."""
    role = rng.pick("mark", ["second", "second", "line", "detail"])
    ink = pen.style.ink(role, on=pen.body) if pen.style.inks > 2 else 0
    return pen.green if ink == pen.edge and pen.green != pen.body else ink


def _bordered(pen: Pen, rng: Chance, puffs: Puffs) -> None:
    """Lay a cloud within a border, its inside of another ink or cut free."""
    u, mark = pen.unit, _mark(pen, rng)
    whole, inset = _puffed(u, puffs, _BASE), max(0.1 * u, 1.6 * pen.width)
    pen.lay(Shape(whole, pen.body))
    if not mark or rng.yes("single border", 0.4):
        pen.ink(_inside(whole, inset), pen.edge)
        inset += 1.1 * pen.width
    pen.ink(_inside(whole, inset), mark or pen.body)


def _ringed(pen: Pen, rng: Chance, puffs: Puffs) -> None:
    """Lay puffs over each other, the middle ones behind, each with rings in it."""
    u, inks = pen.unit, pen.style
    above = skia.Path.Rect(skia.Rect.MakeLTRB(-2 * u, -2 * u, 2 * u, _BASE * u))
    second = pen.green if pen.green != pen.body else 0
    accent = inks.ink("accent", on=second) if inks.inks > 3 else pen.body
    accent = pen.body if accent == pen.edge else accent
    seated = [(x, _BASE - r if k in (0, len(puffs) - 1) else y, r) for k, (x, y, r) in enumerate(puffs)]
    low = [(x, _BASE - 0.1, 0.36) for x in (-0.26, 0.26)]
    for x, y, r in (*sorted(seated, key=lambda p: -p[2]), *low):
        pen.lay(Shape(within(dots([(x * u, y * u)], r * u), above), pen.body))
        rings = ((0.68, second), (0.36, accent)) if r * u > 7 * pen.width else ((0.52, second),)
        for share, ink in rings:
            pen.ink(within(dots([(x * u, y * u)], share * r * u), above), ink)
    pen.part("rings")


def _curled(pen: Pen, rng: Chance, puffs: Puffs) -> None:
    """Lay a cloud with curls in its large puffs."""
    u = pen.unit
    pen.lay(Shape(_puffed(u, puffs, _BASE), pen.body))
    curls = [_curl(x * u, (y + 0.04) * u, 0.58 * r * u, -1 if x < 0 else 1) for x, y, r in puffs if r > 0.34]
    pen.ink(merged(curls), _mark(pen, rng), max(2.2, 0.09 * u))


def _trailing(pen: Pen, rng: Chance) -> None:
    """Draw a cloud of three curled heads that trails off in tapering wisps."""
    u, mark = pen.unit, _mark(pen, rng)
    wave = float(rng.uniform(0.5, 0.75))
    for start, long, wide in (((-0.3, 0.26), 1.45, 0.16), ((-0.58, 0.34), 1.3, 0.14)):
        spine = Spine(
            (start[0] * u, start[1] * u), long * u, lambda t: math.pi / 2 + wave * math.sin(2.2 * math.pi * t + 0.4)
        )
        half = max(wide * u, 1.5 * pen.width)
        ink = pen.green if wide < 0.15 else pen.body
        pen.lay(Shape(spine.body(lambda t, h=half: h * (1 - t**1.6)), ink), cut=0.8)
    heads = ((-0.66, 0.2, 0.3), (0.02, 0.1, 0.3), (-0.34, -0.12, 0.42))
    for x, y, r in heads:
        pen.lay(Shape(dots([(x * u, y * u)], r * u), pen.body), cut=0.8)
        width = max(2.0, 0.085 * u)
        if r * u > 3.4 * width:
            pen.ink(_curl(x * u, y * u, 0.6 * r * u, -1 if x < -0.1 else 1), mark, width)


def _company(pen: Pen, rng: Chance) -> bool:
    """Lay the sun behind the cloud, now and then; say if so."""
    if pen.style.inks < 3 or not rng.yes("sun", 0.3):
        return False
    ink = pen.style.ink("accent", on=0) if pen.style.inks > 3 else pen.green
    side = rng.side()
    pen.lay(Shape(dots([(0.52 * side * pen.unit, -0.38 * pen.unit)], 0.36 * pen.unit), ink))
    pen.part("sun")
    return True


def _rain(pen: Pen) -> None:
    """Lay drops below the cloud."""
    u, ink = pen.unit, pen.style.ink("accent", on=0) if pen.style.inks > 3 else pen.body
    size = max(0.17 * u, 2.4 * pen.width)
    at = [(x * u, (_BASE + y) * u) for x, y in ((-0.5, 0.26), (-0.16, 0.38), (0.18, 0.26), (0.52, 0.38))]
    pen.lay(*(Shape(placed(drop(1.5 * size, size), 0.16, *p), ink) for p in at), cut=0)
    pen.part("dots")


_FORM_NAMES = ("bordered", "ringed", "curled", "trailing")


@family("cloud", nouns=("cloud", "clouds"), directed=True, scales=(36.0, 112.0), weight=1.3)
def cloud(rng: Chance, radius: float, style: Style) -> Motif:
    """Return one cloud."""
    pen = Pen(radius, style)
    puffs = _FORMS[rng.pick("puffs", range(len(_FORMS)))]
    if rng.yes("turned", 0.5):
        puffs = tuple((-x, y, r) for x, y, r in reversed(puffs))
    form = (
        rng.pick("form", 4, p=(0.3, 0.24, 0.26, 0.2), called=_FORM_NAMES)
        if pen.level > 1
        else rng.pick("form", (0, 2), called=_FORM_NAMES)
    )
    if form == 3:
        _trailing(pen, rng)
        return pen.motif()
    sunny = _company(pen, rng)
    (_bordered, _ringed, _curled)[form](pen, rng, puffs)
    if not sunny and rng.yes("rain", 0.25):
        _rain(pen)
    return pen.motif()
