"""Feathers: a bent quill between vanes that part into barbs; barred, dipped, halved or dotted, and the peacock's."""

import math
from typing import NamedTuple

import skia

from patterns.motif.canvas import Shape
from patterns.motif.family import Chance, Motif, Style, family
from patterns.motif.parts import Pen, dots, drop, leaf_path, merged, placed
from patterns.motif.spine import Spine, within

_FOOT = 0.2  # where the vane begins on its quill


class _Vane(NamedTuple):
    """A vane on its spine: half widths in px to the right and left, how far barbs rise, the widest place, fullness."""

    spine: Spine
    sides: tuple[float, float]
    rise: float
    crest: float
    full: float

    def rim(self, t: float, side: int) -> float:
        """Return how far the rim lies from the quill at t, px."""
        if not _FOOT < t < 1:
            return 0.0
        share = (t - _FOOT) / (1 - _FOOT)
        bell = math.sin(math.pi * share ** (math.log(0.5) / math.log(self.crest))) ** self.full
        return self.sides[side < 0] * bell

    def barb(self, t: float, far: float, side: int) -> tuple[float, float]:
        """Return the place ``far`` (0 to 1) of the way to the rim, along the barb that leaves the quill at t."""
        t = min(0.999, t + self.rise * far**1.4)
        return t, side * far * self.rim(t, side)

    def band(self, low: float, high: float, *, loose: bool = False) -> skia.Path:
        """Return the barbs that leave the quill between two places, on both sides; ``loose`` if beyond the rim too."""
        far = [1.15 * k / 8 for k in range(9)]
        rim = [low + (high - low) * k / 12 for k in range(13)]
        places = (
            (
                *(self.barb(low, f, s) for f in far),
                *(self.barb(t, 1.15, s) for t in rim),
                *(self.barb(high, f, s) for f in reversed(far)),
            )
            for s in (1, -1)
        )
        band = merged(self.spine.shape(p[:: 1 if k == 0 else -1]) for k, p in enumerate(places))
        return band if loose else within(band, self.outline())

    def outline(self) -> skia.Path:
        """Return the whole vane."""
        return self.spine.body(lambda t: self.rim(t, 1), lambda t: self.rim(t, -1), ends=(_FOOT, 1.0))

    def gap(self, t: float, side: int, *, wide: float, deep: float) -> skia.Path:
        """Return a cut between barbs, ``wide`` px at the rim, pointed toward the quill at ``deep`` of the way."""
        far = [1 - deep + (deep + 0.12) * k / 8 for k in range(9)]
        half = wide / 2 / self.spine.length
        edge = [(k / 8) ** 0.8 * half for k in range(9)]
        low = [self.barb(t - w, f, side) for f, w in zip(far, edge, strict=True)]
        high = [self.barb(t + w, f, side) for f, w in zip(far, edge, strict=True)]
        return self.spine.shape([*low, *reversed(high)])


def _bent(rng: Chance, u: float) -> Spine:
    bend, curl = (float(rng.side() * rng.uniform(*b)) for b in ((0.4, 1.0), (0.0, 1.2)))
    return Spine((0, u), 2 * u, lambda t: -bend * 0.5 + bend * t + curl * t * t * (1 - t))


def _colored(pen: Pen, rng: Chance, vane: _Vane) -> str:
    """Color the vane: barred, dipped in bands, one half of another ink, or with spots along the quill; say which."""
    inks = pen.style
    second, accent = inks.ink("second", on=pen.body), inks.ink("accent", on=pen.body)
    form = rng.pick("color", ("barred", "dipped", "halved", "spotted"), p=(0.34, 0.28, 0.22, 0.16))
    if inks.inks == 2 or not pen.level:
        form = rng.pick("color", ("barred", "spotted", ""), p=(0.5, 0.2, 0.3)) if pen.level else ""
    if form == "barred":
        count = 3 if vane.spine.length < 26 * pen.width else 4
        step = 0.54 / count
        for k in range(count):
            low = 0.25 + step * k
            ink = accent if k == count - 1 and inks.inks > 3 else second
            pen.ink(vane.band(low, low + step * 0.48, loose=not ink), ink)
        pen.part("stripes")
    elif form == "dipped":
        low, high = float(rng.uniform(0.3, 0.42)), float(rng.uniform(0.6, 0.68))
        gap = 1.1 * pen.width / vane.spine.length
        pen.ink(vane.band(0.0, low), second)
        tip = skia.Op(vane.outline(), vane.band(-0.2, high, loose=True), skia.PathOp.kDifference_PathOp)
        pen.ink(tip or skia.Path(), accent if inks.inks > 3 else second)
        for t in (low, high):
            pen.ink(vane.band(t - gap / 2, t + gap / 2, loose=True), pen.edge)
    elif form == "halved":
        half = [(t / 48, vane.rim(t / 48, 1)) for t in range(10, 49)]
        pen.ink(vane.spine.shape([(_FOOT, 0.0), *half, (1.0, 0.0)]), second)
    elif form == "spotted":
        _spots(pen, vane, accent or second)
    return form


def _spots(pen: Pen, vane: _Vane, ink: int) -> None:
    """Set spots in pairs along the quill, the largest in the middle."""
    rows = (0.27, 0.42, 0.57) if pen.level > 1 else (0.3, 0.52)
    spots = [
        (vane.spine.at(*vane.barb(t, 0.55, s)), max(1.2 * pen.width, 0.3 * vane.rim(t + 0.5 * vane.rise, s)))
        for t in rows
        for s in (-1, 1)
    ]
    ringed = ink and min(size for _, size in spots) > 1.7 * pen.width
    for at, size in spots:
        pen.ink(dots([at], size), ink)
        if ringed:
            pen.ink(dots([at], 0.45 * size), pen.style.ink("detail", on=ink))
    pen.part("spots")


def _parted(pen: Pen, rng: Chance, vane: _Vane, form: str) -> None:
    """Part the barbs: many even cuts as in a comb where nothing else is drawn across, or a few deep ones."""
    comb = pen.level > 1 and form != "barred" and rng.yes("comb", 0.6)
    count = (6 if pen.level > 2 else 5) if comb else 2 if pen.level > 1 else 1
    if form == "spotted":
        return
    wide, shift = (1.3 if comb else 2.4) * pen.width, float(rng.uniform(0.3, 0.7))
    for s in (-1, 1):
        for k in range(count):
            t = 0.25 + 0.5 * (k + (0.5 if comb else shift + 0.22 * s)) / count
            deep = 0.8 if comb else float(rng.uniform(0.6, 0.85))
            pen.ink(vane.gap(t, s, wide=wide, deep=deep), pen.edge)


def _down(pen: Pen, spine: Spine) -> None:
    """Lay the loose barbs at the foot of the vane."""
    soft = pen.style.ink("detail", on=pen.body) if pen.style.inks == 6 else pen.body
    u = spine.length / 2
    for t, long, lean in ((0.13, 0.4, 1.0), (0.22, 0.46, 0.86)):
        (x, y), turn = spine.at(t), spine.heading(t)
        pair = [placed(leaf_path(long * u, 0.24 * u, -0.2 * s), turn + s * lean, x, y) for s in (-1, 1)]
        pen.lay(*(Shape(p, soft) for p in pair), cut=0.7)


def _plume(pen: Pen, rng: Chance) -> None:
    """Draw a plume: its quill, its vane, and the rib that runs out in it."""
    u, spine, wide = pen.unit, _bent(rng, pen.unit), float(rng.uniform(0.42, 0.56))
    vane = _Vane(
        spine,
        (wide * u, wide * u * float(rng.uniform(0.72, 1.0))),
        float(rng.uniform(0.14, 0.2)),
        float(rng.uniform(0.42, 0.62)),
        float(rng.uniform(0.5, 0.7)),
    )
    thick = max(1.2 * pen.width, 0.085 * u)
    if pen.level > 1 and rng.yes("down", 0.6):
        _down(pen, spine)
    quill = Shape(spine.body(lambda t: 0.5 * thick * min(1.0, 0.5 + 5 * t), ends=(0.0, 0.35)), pen.green)
    pen.lay(quill, Shape(vane.outline(), pen.body))
    form = _colored(pen, rng, vane)
    _parted(pen, rng, vane, form)
    rib = spine.body(lambda t: 0.55 * thick * max(0.0, 1 - (t - _FOOT) / 0.72), ends=(_FOOT, 0.92))
    line = pen.edge or pen.style.ink("line", on=pen.body)
    pen.ink(rib, line)
    pen.part("quill")


def _peacock(pen: Pen, rng: Chance) -> None:
    """Draw a peacock's feather: loose barbs up a bent quill to the eye."""
    u, spine, inks = pen.unit, _bent(rng, pen.unit), pen.style
    count = 4 if pen.level < 3 else 5
    for k in range(count):
        high = k / (count - 1)
        t, lean = 0.12 + 0.42 * high, 1.0 - 0.42 * high
        long, wide = u * (0.56 + 0.4 * high), max(3.0 * pen.width, 0.18 * u)
        (x, y), turn = spine.at(t), spine.heading(t)
        pair = [placed(leaf_path(long, wide, 0.2 * s), turn + s * lean, x, y) for s in (-1, 1)]
        pen.lay(*(Shape(p, pen.body if k % 2 else pen.green) for p in pair), cut=0.7)
    quill = spine.curve([(0.0, 0), (0.3, 0), (0.7, 0)], closed=False)
    pen.lay(Shape(quill, pen.green, max(1.3 * pen.width, 0.08 * u)), cut=0.5)
    (x, y), turn = spine.at(0.78), spine.heading(0.8)
    eye = drop(1.06 * u, 0.86 * u)
    pen.lay(Shape(placed(eye, turn + math.pi, x, y), pen.body))
    outer = inks.ink("second", on=pen.body)
    accent = inks.ink("accent", on=outer) if inks.inks > 2 else pen.body
    rings = ((0.72, outer), (0.46, accent), (0.24, inks.ink("line", on=accent) if inks.inks > 3 else outer))
    for size, ink in rings if pen.level > 1 else rings[:2]:
        lift = 0.13 * u * (1 - size)
        at = x - lift * math.sin(turn), y + lift * math.cos(turn)
        pen.ink(placed(drop(1.06 * u * size, 0.86 * u * size), turn + math.pi, *at), ink)
    if inks.inks == 6 and pen.level > 1:
        pen.ink(dots([(x, y + 0.12 * u)], 0.07 * u), inks.ink("detail"))
    pen.part("quill", "eye")


@family("feather", nouns=("feather", "feathers"), scales=(32.0, 112.0), weight=1.6)
def feather(rng: Chance, radius: float, style: Style) -> Motif:
    """Return a feather, its tip up."""
    pen = Pen(radius, style)
    (_peacock if pen.level and rng.yes("peacock", 0.26) else _plume)(pen, rng)
    return pen.motif()
