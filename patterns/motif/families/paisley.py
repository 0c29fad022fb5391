"""Paisleys (boteh): a drop whose tip curls over, rimmed with pearls, petals or leaves, and filled in many ways."""

import math

import skia

from patterns.motif.canvas import Shape
from patterns.motif.family import Chance, Motif, Style, family
from patterns.motif.parts import Pen, dots, drop, leaf_path, merged, petal, placed, polar
from patterns.motif.spine import Spine, within


class _Boteh:
    """A boteh on its spine, which rises from the round foot and curls over at the tip."""

    def __init__(self, unit: float, curl: float, plump: float) -> None:
        self.unit, self.plump = unit, plump
        # Nearly straight through the belly, then over to the right ever more tightly.
        self.spine = Spine(
            (0.02 * unit, 0.96 * unit), 2.45 * unit, lambda t: -0.3 + 0.1 * t + curl * max(0.0, t - 0.3) ** 1.5
        )

    def half(self, t: float) -> float:
        """Return half the width at a place, px."""
        t = min(max(t, 0.0), 1.0)
        belly = (
            math.sqrt(max(0.0, 1 - ((t - 0.27) / 0.27) ** 2))
            if t < 0.27
            else (0.5 + 0.5 * math.cos(math.pi * (t - 0.27) / 0.73)) ** 0.78
        )
        return self.plump * self.unit * belly

    def outline(self, inset: float = 0.0) -> skia.Path:
        """Return the outline, drawn in by ``inset`` px and ending sooner."""
        low, high = 0.5 * inset / self.spine.length, 1.0 - 2.2 * inset / self.spine.length
        scale = 1.0 / max(high - low, 0.1)
        return self.spine.body(
            lambda t: max(0.0, self.half((t - low) * scale) * (1 - inset / (self.plump * self.unit))), ends=(low, high)
        )

    def around(self, gap: float) -> list[tuple[float, float, float]]:
        """Return (x, y, outward angle) about ``gap`` px apart along the outline but for the tip."""
        measure = skia.PathMeasure(self.outline(), True)
        whole = measure.getLength()
        count = max(7, round(whole / gap))
        found = []
        for k in (k for k in range(count) if abs((k + 0.5) / count - 0.5) > 0.05):
            point, tangent = measure.getPosTan(whole * (k + 0.5) / count)
            angle = math.atan2(tangent.x(), -tangent.y()) + math.pi / 2
            # Within the curl there is no room for all.
            tip = polar(angle, 0.9 * gap, point.x(), point.y())
            if all(math.dist(tip, polar(a, 0.9 * gap, x, y)) > 0.72 * gap for x, y, a in found):
                found.append((point.x(), point.y(), angle))
        return found


def _rim(pen: Pen, rng: Chance, boteh: _Boteh) -> None:
    """Set pearls, petals or leaves around the outline."""
    u, form = pen.unit, rng.pick("rim", range(4))
    size = max(0.17 * u, 2.4 * pen.width)
    if form == 0:
        beads = [polar(a, 0.3 * size, x, y) for x, y, a in boteh.around(1.5 * size)]
        path = merged(dots([bead], 0.62 * size) for bead in beads)
        pen.lay(Shape(path, pen.green), cut=0.5)
    elif form == 1:
        pen.lay(Shape(boteh.outline(), pen.green, 2 * pen.width + 1.5 * size))
        return
    else:
        shape = petal(1.55 * size, 1.25 * size) if form == 2 else leaf_path(1.7 * size, 1.1 * size, 0.2)
        places = boteh.around((1.42 if form == 2 else 1.5) * size)
        pen.lay(*(Shape(placed(shape, a, x, y), pen.green) for x, y, a in places), cut=0.4)
    pen.part("scalloped rim")


def _flower(pen: Pen, at: tuple[float, float], size: float, inks: tuple[int, int]) -> None:
    """Paint a flower of round petals around an eye."""
    petal_ink, eye = inks
    count = 5 if size < 8 * pen.width else 7
    leaf = petal(size, 2.0 * math.pi * 0.72 * size / count, inner=0.26 * size)
    pen.ink(merged(placed(leaf, 2 * math.pi * k / count, *at) for k in range(count)), petal_ink)
    pen.ink(dots([at], 0.26 * size), eye)
    pen.part("flower")


def _sprig(pen: Pen, boteh: _Boteh, inks: tuple[int, int]) -> None:
    """Paint a sprig that grows up the middle, a bud at its tip."""
    u, spine, (leaf_ink, bud) = pen.unit, boteh.spine, inks
    pen.ink(
        spine.body(lambda t: max(0.5 * pen.width, 0.03 * u) * min(1.0, 8 * (t - 0.04)), ends=(0.05, 0.56)), leaf_ink
    )
    count = 3 if u > 12 * pen.width else 2
    for k in range(count):
        t = 0.12 + 0.34 * k / count
        (x, y), turn = spine.at(t), spine.heading(t)
        long, wide = 0.64 * boteh.half(t + 0.12), max(2.2 * pen.width, 0.18 * u)
        pen.ink(merged(placed(leaf_path(long, wide, 0.14 * s), turn + s * 0.85, x, y) for s in (-1, 1)), leaf_ink)
    (x, y), turn = spine.at(0.58), spine.heading(0.58)
    pen.ink(placed(drop(0.3 * u, 0.24 * u), turn, x, y), bud)
    pen.part("leaves")


def _nested(pen: Pen, boteh: _Boteh, inks: tuple[int, int], start: float) -> None:
    """Paint drops within the drop."""
    u = pen.unit
    for k, ink in enumerate((*inks, inks[0])):
        inset = start + (0.13 + 0.13 * k) * u
        if inset > 0.42 * u:
            break
        pen.ink(boteh.outline(inset), ink)
    pen.part("nested drops")


def _scaled(pen: Pen, boteh: _Boteh, field: skia.Path, inks: tuple[int, int]) -> None:
    """Paint overlapping scales from the tip down to the foot."""
    step = max(0.26 * pen.unit, 4.4 * pen.width)
    count = int(0.7 * boteh.spine.length / (0.62 * step))
    for k in range(count, -1, -1):
        t = 0.62 * step * k / boteh.spine.length
        spots = [boteh.spine.at(t, (j + 0.5 * (k % 2)) * step) for j in range(-4, 5)]
        pen.ink(within(dots(spots, 0.6 * step), field), inks[1])
        pen.ink(within(dots(spots, 0.6 * step - 0.9 * pen.width), field), inks[0])
    pen.part("scales")


def _dotted(pen: Pen, boteh: _Boteh, inset: float, ink: int) -> None:
    """Paint pearls along a band inside the outline."""
    measure = skia.PathMeasure(boteh.outline(inset), True)
    count = max(6, int(measure.getLength() / max(0.19 * pen.unit, 4.2 * pen.width)))
    points = (measure.getPosTan(measure.getLength() * (k + 0.5) / count)[0] for k in range(count))
    size = max(1.3, 0.042 * pen.unit)
    clear: list[tuple[float, float]] = []
    for p in points:
        if all(math.dist((p.x(), p.y()), q) > 3.2 * size for q in clear):
            clear.append((p.x(), p.y()))
    pen.ink(dots(clear, size), ink)


def _filled(pen: Pen, rng: Chance, boteh: _Boteh) -> None:
    """Paint the bands within the outline and what they frame."""
    u, inks, body = pen.unit, pen.style, pen.body
    second = pen.green if pen.green != body else 0
    accent = inks.ink("accent", on=body) if inks.inks > 3 else second
    accent = second if accent == pen.edge else accent
    wide = pen.level > 1 and rng.yes("wide", 0.45)
    band = max((0.22 if wide else 0.14) * u, (2.2 if pen.level > 1 else 1.4) * pen.width)
    ground = rng.pick("ground", ("bare", "second", "body"), p=(0.42, 0.33, 0.25))
    field = {"bare": 0, "second": second, "body": body}[ground]
    if field == body:
        pen.ink(boteh.outline(band), pen.edge or (inks.ink("line", on=body) if inks.inks > 4 else 0))
        pen.ink(boteh.outline(band + pen.width), body)
    else:
        pen.ink(boteh.outline(band), field)
    if wide:
        _dotted(pen, boteh, 0.5 * band, inks.ink("detail", on=body) if inks.inks == 6 else 0)
    inner = band + (pen.width if field == body else 0)
    one = accent if accent not in (0, field) else body if field != body else 0
    two = body if body not in (one, field) else second if second not in (one, field) else 0 if field else body
    two = two if two != one else field
    form = rng.pick("filling", 4, p=(0.36, 0.26, 0.2, 0.18) if pen.level > 1 else (0.6, 0.0, 0.4, 0.0))
    if form == 0:
        at, size = boteh.spine.at(0.27), 0.56 * boteh.half(0.27)
        eye = inks.ink("line", on=one) if inks.inks > 4 else two if two != one else field
        _flower(pen, at, size, (one, eye))
        for t, share in ((0.5, 0.09), (0.6, 0.07)):
            if u > 13 * pen.width:
                pen.ink(
                    placed(drop(2.9 * share * u, 2 * share * u), boteh.spine.heading(t), *boteh.spine.at(t)),
                    two if two != field else one,
                )
    elif form == 1:
        _sprig(pen, boteh, (two if two != field else one, one))
    elif form == 2:
        _nested(pen, boteh, (one, field if field != one else two), inner - 0.04 * u)
    else:
        scaled = boteh.outline(inner + 0.03 * u)
        _scaled(pen, boteh, scaled, (one if one else body, field))


@family("paisley", nouns=("paisley", "paisleys"), scales=(36.0, 112.0), weight=1.8)
def paisley(rng: Chance, radius: float, style: Style) -> Motif:
    """Return a boteh whose tip curls right; the layout mirrors it."""
    pen = Pen(radius, style, span=1.1)
    boteh = _Boteh(pen.unit, float(rng.uniform(4.4, 5.6)), float(rng.uniform(0.56, 0.66)))
    if pen.level and rng.yes("rimmed", 0.78):
        _rim(pen, rng, boteh)
    pen.lay(Shape(boteh.outline(), pen.body))
    if pen.level:
        _filled(pen, rng, boteh)
    else:
        pen.ink(boteh.outline(0.24 * pen.unit), pen.green if pen.green != pen.body else 0)
        pen.ink(dots([boteh.spine.at(0.26)], 0.24 * pen.unit), pen.body)
    return pen.motif()
