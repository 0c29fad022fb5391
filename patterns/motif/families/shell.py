"""Shells: the scallop's fan, the nautilus with its chambers, the tower's whorls, the whelk."""

import math

import skia

from patterns.motif.canvas import Shape
from patterns.motif.family import Chance, Motif, Style, family
from patterns.motif.parts import Pen, blob, dots, drop, merged, placed, polar, polygon, spike
from patterns.motif.spine import within


def _fan(pen: Pen, rng: Chance) -> None:
    """Draw a scallop: ribs that fan out from the hinge between its ears, banded or with every other rib of an ink."""
    u, inks = pen.unit, pen.style
    count = 5 if pen.level < 2 else rng.pick("ribs", (7, 9))
    spread, foot, long = float(rng.uniform(0.86, 1.0)), 0.86 * u, 1.72 * u
    ears = [(-0.46, 0.98), (-0.42, 0.58), (0.42, 0.58), (0.46, 0.98)]
    second = pen.green if pen.green != pen.body else 0
    pen.lay(Shape(polygon([(x * u, y * u) for x, y in ears]), second or pen.body))
    step = 2 * spread / count
    lobes = [_lobe(step, long * (1 - 0.22 * ((k - (count - 1) / 2) / (count / 2)) ** 2)) for k in range(count)]
    angles = [step * (k - (count - 1) / 2) for k in range(count)]
    pen.lay(*(Shape(placed(lobe, a, 0, foot), pen.body) for lobe, a in zip(lobes, angles, strict=True)))
    form = rng.pick("fan", ("ribs", "bands", "rays"), p=(0.34, 0.36, 0.3))
    _fan_colors(pen, [placed(lobe, a, 0, foot) for lobe, a in zip(lobes, angles, strict=True)], foot, form)
    dark = pen.edge or (inks.ink("line", on=pen.body) if inks.inks > 4 and rng.yes("dark", 0.6) else 0)
    for k in range(1, count):
        ends = sorted(long * (1 - 0.22 * ((j - (count - 1) / 2) / (count / 2)) ** 2) for j in (k - 1, k))
        cut = spike((0, -0.96 * ends[0] if dark else -ends[1]), (0, -0.2 * long), 1.15 * pen.width)
        pen.ink(placed(cut, step * (k - count / 2), 0, foot), dark)
    knob = inks.ink("accent", on=pen.body) or second or pen.body
    pen.lay(Shape(blob(u, (0, 0.56), (0.2, 0.76), (0.16, 0.98), (-0.16, 0.98), (-0.2, 0.76)), knob), cut=0.8)
    pen.part("ribs")


def _lobe(step: float, long: float) -> skia.Path:
    """Return a rib from the hinge with a round end."""
    path = skia.Path()
    path.moveTo(0, 0)
    path.lineTo(*polar(-step / 2, 0.93 * long))
    path.quadTo(*polar(-step / 2.6, 1.04 * long), 0, -1.02 * long)
    path.quadTo(*polar(step / 2.6, 1.04 * long), *polar(step / 2, 0.93 * long))
    path.close()
    return path


def _fan_colors(pen: Pen, lobes: list[skia.Path], foot: float, form: str) -> None:
    """Color a fan: bands across its ribs, every other rib, or rays along them."""
    u, inks = pen.unit, pen.style
    second = pen.green if pen.green != pen.body else 0
    accent = inks.ink("accent", on=pen.body) if inks.inks > 3 else second
    if form == "bands":
        whole = merged(lobes)
        bands = ((1.48, 1.24, second), (1.0, 0.78, accent)) if pen.level > 1 else ((1.36, 1.0, second),)
        for far, near, ink in bands if second else bands[:1] if pen.level else ():
            outer, inner = dots([(0, foot)], far * u), dots([(0, foot)], near * u)
            band = skia.Op(outer, inner, skia.PathOp.kDifference_PathOp)
            pen.ink(within(band, skia.Simplify(whole) or whole), ink)
        pen.part("stripes")
    elif form == "ribs":
        for lobe in lobes[1::2] if second else ():
            pen.ink(lobe, second)
    elif pen.level > 1:
        light = inks.ink("detail", on=pen.body) if inks.inks == 6 else second
        for k, lobe in enumerate(lobes):
            angle = math.atan2(lobe.getBounds().centerX(), foot - lobe.getBounds().centerY())
            long = 1.36 * u - 0.16 * u * abs(k - (len(lobes) - 1) / 2) / (len(lobes) / 2)
            mark = drop(0.72 * u, max(2.2 * pen.width, 1.1 * u / len(lobes)))
            pen.ink(placed(placed(mark, math.pi, 0, -long + 0.3 * u), angle, 0, foot), light)


def _nautilus(pen: Pen, rng: Chance) -> None:
    """Draw a nautilus: a spiral that widens threefold a turn, with chambers or flames."""
    u, inks, grow = pen.unit, pen.style, math.log(3.1) / (2 * math.pi)
    second = pen.green if pen.green != pen.body else 0
    accent = inks.ink("accent", on=pen.body) if inks.inks > 3 else second

    def at(turn: float, share: float = 1.0) -> tuple[float, float]:
        """Return a place ``turn`` radians before the mouth, ``share`` of the way from the inner whorl to the outer."""
        outer = 1.12 * u * math.exp(-grow * turn)
        inner = outer / 3.1
        far = inner + share * (outer - inner)
        return far * math.cos(turn - 0.5) + 0.18 * u, far * math.sin(turn - 0.5) * 0.97 + 0.1 * u

    ring = [at(2 * math.pi * k / 72) for k in range(73)]
    mouth = [at(-0.26 * math.sin(math.pi * k / 16) ** 0.6, k / 16) for k in range(17)]
    whole = polygon([*ring, *mouth])
    pen.lay(Shape(whole, pen.body))
    chambered = not second or rng.yes("chambers", 0.55)
    count = 9 if pen.level > 1 else 6
    start = 1.15 if chambered else 0.5
    for k in range(count):
        here, wide = start + (6.1 - start) * (k / count) ** 0.92, (5.6 / count) * (0.5 if chambered else 0.46)
        if chambered:
            _septum(pen, [at(here + 0.34 * math.sin(math.pi * s / 8) * (1 - k / 24), s / 8) for s in range(9)])
            if second and k % 2 == 0 and k + 1 < count:
                there = start + (6.1 - start) * ((k + 1) / count) ** 0.92
                sides = [
                    [at(t + 0.34 * math.sin(math.pi * min(s, 8) / 8) * (1 - j / 24), s / 8) for s in range(10)]
                    for t, j in ((here, k), (there, k + 1))
                ]
                pen.ink(within(polygon([*sides[0], *reversed(sides[1])]), whole), second)
                for side in sides:
                    _septum(pen, side[:9])
        else:
            flame = [
                at(here + wide * (f - 0.5) * (s / 8) ** 0.6 + 0.5 * (1 - s / 8), 0.3 + 0.72 * s / 8) for f, s in _FLAME
            ]
            pen.ink(within(polygon(flame), whole), second)
    inner = skia.Path()
    inner.addPoly([skia.Point(*at(2 * math.pi * (k / 60), 0.0)) for k in range(5, 61)], False)
    pen.ink(inner, pen.edge or (inks.ink("line", on=pen.body) if inks.inks > 4 else 0), 1.15 * pen.width)
    edge = [at(-0.3, k / 8) for k in range(11)]
    lip = polygon([*edge, *(at(0.34 + 0.1 * math.sin(math.pi * k / 8), k / 8) for k in range(10, -1, -1))])
    if accent:
        pen.ink(within(lip, whole), accent)
    heart = at(2 * math.pi, 0.1)
    pen.ink(dots([heart], max(0.09 * u, 1.1 * pen.width)), accent or pen.body)
    pen.part("stripes" if not chambered else "ribs")


_FLAME = [*((0.0, s) for s in range(0, 9)), *((1.0, s) for s in range(8, -1, -1))]


def _septum(pen: Pen, points: list[tuple[float, float]]) -> None:
    path = skia.Path()
    path.addPoly([skia.Point(*p) for p in points], False)
    pen.ink(path, pen.edge, pen.width)


def _tower(pen: Pen, rng: Chance) -> None:
    """Draw a tower shell: round whorls that grow from its point to the mouth."""
    u, inks = pen.unit, pen.style
    count = 4 if pen.level < 2 else rng.pick("whorls", range(5, 7))
    second, form = inks.ink("second", on=pen.body), rng.pick("tower", range(3))
    accent = inks.ink("accent", on=pen.body)
    grow = float(rng.uniform(1.26, 1.36))
    sizes = [grow**k for k in range(count)]
    scale = 1.75 / sum(sizes)
    tops = [sum(sizes[:k]) * scale - 1.0 for k in range(count)]
    tilt, slim = 0.26, float(rng.uniform(0.5, 0.62))
    mouth = blob(u, (-0.12, 0.6), (0.26, 0.52), (0.36, 0.8), (0.16, 1.08), (-0.14, 1.06), (-0.26, 0.86))
    pen.lay(Shape(mouth, accent or pen.body))
    for k in range(count - 1, -1, -1):
        tall, top = sizes[k] * scale, tops[k]
        wide = slim * (top + 1.0 + tall) * 0.56 + 0.03
        low = 0.5 * wide * tilt
        whorl = blob(
            u, (-wide * 0.62, top + low - 0.02), (wide * 0.62, top - low - 0.02), (wide * 1.0, top + 0.42 * tall - low),
            (wide * 0.86, top + tall - low), (0.0, top + 1.16 * tall), (-wide * 0.86, top + tall + low),
            (-wide, top + 0.5 * tall + low),
        )  # fmt: skip
        if not k:
            whorl = blob(
                u, (0, top - 0.5 * tall), (wide, top + 0.5 * tall), (0, top + 1.16 * tall), (-wide, top + 0.5 * tall)
            )
        pen.lay(Shape(whorl, second if form == 0 and k % 2 and second else pen.body), cut=0.8)
        if form and tall * u > 3.4 * pen.width:
            _whorl_marks(pen, whorl, (form, wide * u, (top + 0.58 * tall) * u), low * u)
    pen.part("stripes" if form == 1 else "spots" if form == 2 else "rings")


def _whorl_marks(pen: Pen, whorl: skia.Path, mark: tuple[int, float, float], low: float) -> None:
    """Paint a stripe or spots around a whorl."""
    form, wide, y = mark
    ink = pen.style.ink("second", on=pen.body)
    if form == 1:
        line = skia.Path()
        line.moveTo(-1.3 * wide, y + 1.3 * low)
        line.quadTo(0, y + 0.12 * wide, 1.3 * wide, y - 1.3 * low)
        stroke = skia.Paint(Style=skia.Paint.kStroke_Style, StrokeWidth=max(1.4 * pen.width, 0.26 * wide))
        band = skia.Path()
        stroke.getFillPath(line, band)
        pen.ink(within(band, whorl), ink)
    else:
        size = max(1.0 * pen.width, 0.13 * wide)
        count = 3 if wide > 4.2 * size else 2
        spots = [
            ((k / (count - 1) - 0.5) * 1.15 * wide, y - (k / (count - 1) - 0.5) * 1.15 * low) for k in range(count)
        ]
        pen.ink(within(dots(spots, size), whorl), ink)


def _whelk(pen: Pen, rng: Chance) -> None:
    """Draw a whelk: a great whorl with its mouth open below a short spire."""
    u, inks = pen.unit, pen.style
    second = pen.green if pen.green != pen.body else 0
    accent = inks.ink("accent", on=pen.body)
    spire = ((0.0, -1.0, 0.14), (0.0, -0.8, 0.28), (0.0, -0.58, 0.44))
    for k, (x, y, size) in enumerate(spire if pen.level > 1 else ((0.0, -0.9, 0.2), (0.0, -0.62, 0.42))):
        cone = blob(
            u,
            (x, y - size * 0.62),
            (x + size, y),
            (x + 0.8 * size, y + 0.28),
            (x - 0.8 * size, y + 0.34),
            (x - size, y + 0.05),
        )
        pen.lay(Shape(cone, second if k % 2 and second else pen.body), cut=0.8)
    body = blob(
        u, (-0.4, -0.48), (0.3, -0.52), (0.66, -0.34), (0.62, 0.06), (0.4, 0.5), (0.1, 1.06), (-0.08, 1.06),
        (-0.3, 0.52), (-0.6, 0.1), (-0.7, -0.28),
    )  # fmt: skip
    pen.lay(Shape(body, pen.body))
    bands = [(-0.18, 0.16), (0.14, 0.14), (0.42, 0.12)] if pen.level > 1 else [(-0.1, 0.2)]
    if second and rng.yes("bands", 0.75):
        for y, tall in bands:
            band = blob(
                u,
                (-0.9, y + 0.06),
                (0.0, y + 0.16),
                (0.9, y - 0.1),
                (0.9, y - 0.1 + tall),
                (0.0, y + 0.16 + tall),
                (-0.9, y + 0.06 + tall),
            )
            pen.ink(within(band, body), second)
        pen.part("stripes")
    mouth = blob(u, (0.28, -0.26), (0.4, -0.02), (0.28, 0.38), (0.08, 0.8), (-0.06, 0.5), (0.02, 0.06))
    pen.lay(Shape(mouth, accent or 0), cut=0.9)
    if accent and inks.inks == 6:
        pen.ink(blob(u, (0.27, -0.1), (0.3, 0.1), (0.14, 0.52), (0.06, 0.48), (0.1, 0.1)), inks.ink("detail"))


_FORM_NAMES = ("scallop", "nautilus", "tower", "whelk")


@family("shell", nouns=("shell", "shells"), scales=(32.0, 112.0), weight=1.2)
def shell(rng: Chance, radius: float, style: Style) -> Motif:
    """Return a scallop shell, a nautilus, a tower shell or a whelk."""
    pen = Pen(radius, style)
    (_fan, _nautilus, _tower, _whelk)[rng.pick("form", 4, p=(0.4, 0.25, 0.18, 0.17), called=_FORM_NAMES)](pen, rng)
    return pen.motif()
