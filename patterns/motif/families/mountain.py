"""Mountains: the lone peak over bands of mist, a range in light and shade, rolling hills, and a view in a roundel."""

import math
from typing import NamedTuple

import skia

from patterns.motif.canvas import Shape
from patterns.motif.family import Chance, Motif, Style, family
from patterns.motif.parts import Pen, dots, drop, placed, polygon, spike
from patterns.motif.spine import within

_BASE = 0.56


class _Peak(NamedTuple):
    """A peak's place, top and half width at its foot, in units."""

    x: float
    top: float
    half: float


def _slope(unit: float, peak: _Peak, *, hollow: float, blunt: float = 0.0) -> skia.Path:
    """Return a peak whose slopes are ``hollow``, its top flat over ``blunt`` units."""
    (x, top, half), rise = peak, _BASE - peak.top
    path = skia.Path()
    path.moveTo((x - half) * unit, _BASE * unit)
    for s, (px, py) in ((-1, (x - blunt, top)), (1, (x + half, _BASE))):
        if s > 0:
            path.quadTo(x * unit, (top + 0.6 * blunt) * unit, (x + blunt) * unit, top * unit)
        far, near = half * (0.55 - 0.12 * hollow), blunt + half * 0.3 * (1 - 0.5 * hollow)
        low, high = _BASE - rise * (0.45 - 0.33 * hollow), top + rise * 0.34
        first, last = ((far, low), (near, high)) if s < 0 else ((near, high), (far, low))
        path.cubicTo(
            (x + s * first[0]) * unit, first[1] * unit, (x + s * last[0]) * unit, last[1] * unit, px * unit, py * unit
        )  # fmt: skip
    path.close()
    return path


def _stroked(path: skia.Path, width: float) -> skia.Path:
    """Return a line as a path to fill."""
    band = skia.Path()
    skia.Paint(Style=skia.Paint.kStroke_Style, StrokeWidth=width).getFillPath(path, band)
    return band


def _cap(pen: Pen, peak: skia.Path, at: _Peak, *, teeth: int) -> None:
    """Lay the snow on a peak, its lower edge in ``teeth``."""
    u, inks = pen.unit, pen.style
    rise = _BASE - at.top
    line, wide = at.top + 0.4 * rise, 0.54 * at.half
    zigzag = [
        (at.x + wide * (2 * k / (2 * teeth) - 1), line + rise * (0.09 if k % 2 else -0.1) * (1.2 if k == teeth else 1))
        for k in range(2 * teeth + 1)
    ]
    (_, start), (_, end) = zigzag[0], zigzag[-1]
    zigzag[0], zigzag[-1] = (at.x - 2 * at.half, start), (at.x + 2 * at.half, end)
    above = [(at.x + 2 * at.half, at.top - 1), (at.x - 2 * at.half, at.top - 1)]
    snow = within(polygon([(x * u, y * u) for x, y in (*zigzag, *above)]), peak)
    edge = skia.Path()
    edge.addPoly([skia.Point(x * u, y * u) for x, y in zigzag], False)
    pen.ink(snow, inks.ink("detail", on=pen.body) if inks.inks == 6 else pen.green)
    pen.ink(within(_stroked(edge, 1.05 * pen.width), peak), pen.edge)


def _sun(pen: Pen, rng: Chance, at: tuple[float, float, float]) -> None:
    """Lay the sun: a disk, slit into bars toward its foot, or ringed."""
    x, y, size = (v * pen.unit for v in at)
    ink = pen.style.ink("accent" if pen.style.inks > 3 else "second", on=0)
    ink = pen.body if ink == pen.edge else ink
    pen.lay(Shape(dots([(x, y)], size), ink))
    form = rng.pick("sun", range(3)) if size > 5 * pen.width else 0
    if form == 1:
        for k, tall in enumerate((0.12, 0.17, 0.22)):
            low = y + size * (0.08 + 0.32 * k)
            slit = skia.Path.Rect(skia.Rect.MakeXYWH(x - 1.1 * size, low, 2.2 * size, max(pen.width, tall * size)))
            pen.ink(within(slit, dots([(x, y)], size)), pen.edge)
    elif form == 2:
        pen.ink(dots([(x, y)], 0.72 * size), pen.edge)
        pen.ink(dots([(x, y)], 0.72 * size - max(1.1 * pen.width, 0.12 * size)), ink)
    pen.part("sun")


def _pill(unit: float, left: float, right: float, y: float, *, tall: float) -> skia.Path:
    """Return a bar with round ends."""
    path = skia.Path()
    box = skia.Rect.MakeLTRB(left * unit, (y - tall / 2) * unit, right * unit, (y + tall / 2) * unit)
    path.addRoundRect(box, tall * unit / 2, tall * unit / 2)
    return path


def _lone(pen: Pen, rng: Chance) -> None:
    """Draw one great peak with snow, the sun beside it and mist before it."""
    u, side = pen.unit, rng.side()
    peak = _Peak(0.0, -0.66 + float(rng.uniform(0.0, 0.12)), float(rng.uniform(0.86, 1.0)))
    if rng.yes("sunny", 0.7):
        beside = (side * float(rng.uniform(0.5, 0.6)), -0.44, float(rng.uniform(0.26, 0.34)))
        _sun(pen, rng, beside if rng.yes("sun aside", 0.6) else (0.12 * side, -0.36, 0.56))
    trimmed = skia.Path.Rect(skia.Rect.MakeLTRB(-0.92 * peak.half * u, -u, 0.92 * peak.half * u, u))
    shape = within(_slope(u, peak, hollow=float(rng.uniform(0.3, 1.0)), blunt=0.1), trimmed)
    pen.lay(Shape(shape, pen.body))
    if pen.level:
        _cap(pen, shape, peak, teeth=3 if pen.level < 2 else rng.pick("snow", (3, 4, 5)))
        pen.part("snow")
    tall = max(0.075, 1.15 * pen.width / u)
    bars = [(-1.2, -0.18 + float(rng.uniform(-0.2, 0.2)), 0.16), (0.02 + float(rng.uniform(0, 0.2)), 1.2, 0.3)]
    bars.append((-1.2, float(rng.uniform(-0.3, 0.1)), 0.44))
    for left, right, y in bars if pen.level > 1 else bars[:2]:
        pen.ink(within(_pill(u, left, right, y, tall=tall), shape), 0 if not pen.edge else pen.edge)


def _face(pen: Pen, peak: _Peak, shape: skia.Path, ink: int) -> None:
    """Shade a peak's right side along a jagged ridge."""
    u, rise = pen.unit, _BASE - peak.top
    ridge = [(0.0, 0.0), (0.1, 0.26), (-0.02, 0.42), (0.16, 0.7), (0.08, 1.0)]
    line = [(peak.x + 0.9 * peak.half * a, peak.top + rise * b) for a, b in ridge]
    far = [(peak.x + 2 * peak.half, _BASE + 0.1), (peak.x + 2 * peak.half, peak.top - 0.1), (peak.x, peak.top - 0.1)]
    pen.ink(within(polygon([(x * u, y * u) for x, y in (*line, *far)]), shape), ink)


def _range(pen: Pen, rng: Chance) -> None:
    """Draw a range of two or three sharp peaks in light and shade, sometimes with the sun behind it."""
    u, side = pen.unit, rng.side()
    peaks = [
        _Peak(-0.05 * side, -0.72, 0.72),
        _Peak(-0.56 * side, -0.12, 0.44),
        _Peak(0.5 * side, -0.34, 0.5),
    ]
    chosen = peaks if pen.level > 1 else [peaks[0], peaks[2]]
    if rng.yes("sunny", 0.4):
        _sun(pen, rng, (-0.62 * side, -0.52, 0.25))
    shade = pen.green if pen.green != pen.body else 0
    lit = rng.yes("lit", 0.5)
    for k, peak in enumerate(chosen):
        shape = _slope(u, peak, hollow=-0.15)
        accent = pen.style.ink("accent", on=pen.body) if pen.style.inks > 3 and k == len(chosen) - 1 else 0
        pen.lay(Shape(shape, accent if accent and accent != pen.edge else pen.body))
        if not pen.level:
            continue
        if lit and shade:
            _face(pen, peak, shape, shade)
        elif k != 1 or pen.level > 2:
            _cap(pen, shape, peak, teeth=3)
            pen.part("snow")


def _hills(pen: Pen, rng: Chance) -> None:
    """Draw rolling hills before one another, bounded by a round below, with furrows, trees and a sun."""
    u, inks, side = pen.unit, pen.style, rng.side()
    if rng.yes("sunny", 0.7):
        _sun(pen, rng, (side * 0.4, -0.46, 0.34))
    if pen.level and rng.yes("trees", 0.65):
        _trees(pen, -side)
    accent = inks.ink("accent", on=0) if inks.inks > 3 else pen.body
    middle = accent if accent != pen.edge and rng.yes("accent hill", 0.6) else pen.body
    hills = ((-0.32, 0.56, 0.92, pen.green), (0.62, 0.84, 0.9, middle), (-0.42, 1.36, 1.1, pen.body))
    bound, furrowed = dots([(0, 0)], u), rng.pick("furrows", range(3))
    for k, (x, y, size, ink) in enumerate(hills):
        hill = within(dots([(side * x * u, y * u)], size * u), bound)
        pen.lay(Shape(hill, ink))
        if pen.level > 1 and k != furrowed:
            _furrows(pen, hill, (side * x * u, y * u, size * u), ink, fanned=k == 1)


def _furrows(pen: Pen, hill: skia.Path, at: tuple[float, float, float], ink: int, *, fanned: bool) -> None:
    """Cut furrows into a hill: echoes of its line, or rows that fan down from its top."""
    x, y, size = at
    cuts = skia.Path()
    for k in range(-2, 3) if fanned else ():
        top, foot = (x + 0.12 * size * k, y - 0.86 * size), (x + 0.42 * size * k, y + 0.5 * size)
        cuts.addPath(spike(foot, top, 2.6 * pen.width, bow=0.05 * k))
    for k in range(0 if fanned else 3):
        cuts.addPath(_stroked(dots([(x, y)], size - (0.17 + 0.19 * k) * pen.unit), pen.width))
    line = pen.style.ink("line", on=ink) if pen.style.inks > 4 and not pen.edge else pen.edge
    pen.ink(within(cuts, hill), line)
    pen.part("stripes")


def _trees(pen: Pen, side: float) -> None:
    """Lay a few tapered trees that stand behind the ridge of the farthest hill."""
    u = pen.unit
    ink = pen.style.ink("accent", on=pen.green) if pen.style.inks > 3 else pen.body
    for x, tall in ((0.12, 0.5), (0.36, 0.64), (0.6, 0.5))[: 3 if pen.level > 1 else 2]:
        foot = 0.56 - math.sqrt(0.92**2 - (x - 0.32) ** 2)
        crown = drop((tall + 0.16) * u, max(0.24 * u, 2.6 * pen.width))
        pen.lay(Shape(placed(crown, 0, side * x * u, (foot - 0.5 * tall + 0.08) * u), ink), cut=0.8)
    pen.part("trees")


def _roundel(pen: Pen, rng: Chance) -> None:
    """Draw a view in a disk: sky, sun, a far range, hills or water before it."""
    u, inks, side = pen.unit, pen.style, rng.side()
    disk = dots([(0, 0)], u)
    sky = (inks.ink("detail", on=0) if inks.inks == 6 else pen.green) if inks.inks > 2 else pen.body
    pen.lay(Shape(disk, sky))
    x, y, size = side * 0.36 * u, -0.38 * u, 0.26 * u
    sun = inks.ink("accent", on=sky) if inks.inks > 3 else 0
    if pen.level:
        pen.ink(dots([(x, y)], size), sun)
        pen.part("sun")
    tall, small = _Peak(-0.24 * side, -0.5, 1.0), _Peak(0.52 * side, -0.08, 0.8)
    for k, peak in enumerate((tall, small)):
        shape = within(_slope(u, peak, hollow=0.2), disk)
        ink = pen.body if k == 0 else pen.green if inks.inks == 6 or sky != pen.green else pen.body
        pen.lay(Shape(shape, ink))
        if k == 0 and pen.level:
            _cap(pen, shape, peak, teeth=3)
            pen.part("snow")
    front = inks.ink("accent", on=pen.body) if inks.inks > 3 and rng.yes("accent front", 0.5) else pen.green
    lake = within(skia.Path.Rect(skia.Rect.MakeLTRB(-u, 0.34 * u, u, u)), disk)
    pen.lay(Shape(lake, front))
    bars = ((-0.5, 0.2, 0.52), (0.0, 0.7, 0.68), (-0.34, 0.12, 0.84))
    for left, right, at in bars if pen.level > 1 else bars[:1]:
        pen.ink(
            _pill(
                u, side * left if side > 0 else -right, right if side > 0 else -left, at, tall=max(0.06, pen.width / u)
            ),
            pen.edge,
        )


_FORM_NAMES = ("peak", "range", "hills", "roundel")


@family("mountain", nouns=("mountain", "mountains"), directed=True, scales=(36.0, 112.0), weight=1.4)
def mountain(rng: Chance, radius: float, style: Style) -> Motif:
    """Return a lone peak, a range, hills, or a roundel with a view."""
    pen = Pen(radius, style)
    (_lone, _range, _hills, _roundel)[rng.pick("form", 4, p=(0.28, 0.22, 0.25, 0.25), called=_FORM_NAMES)](pen, rng)
    return pen.motif()
