"""Birds: a songbird at rest or on its branch, a folk bird with a fanned tail, a swallow, a dove and a crane flying."""

import math

import skia

from patterns.motif.canvas import Shape
from patterns.motif.family import Chance, Motif, Style, family
from patterns.motif.parts import (
    Leaf,
    Pen,
    Point,
    blob,
    curve,
    dots,
    drop,
    leaf_path,
    merged,
    petal,
    placed,
    polar,
    polygon,
    spike,
)
from patterns.motif.spine import within

# Outlines in units, heads to the left or up.
_SONGBIRD = (
    (-0.86, -0.5), (-0.66, -0.74), (-0.36, -0.68), (-0.16, -0.42), (0.2, -0.22), (0.66, 0.06), (0.94, 0.3),
    (0.6, 0.3), (0.22, 0.5), (-0.26, 0.56), (-0.66, 0.28), (-0.8, -0.12),
)  # fmt: skip
_FOLK = (
    (-0.84, -0.56), (-0.62, -0.78), (-0.36, -0.66), (-0.26, -0.36), (0.06, -0.16), (0.5, -0.2), (0.62, 0.08),
    (0.34, 0.46), (-0.12, 0.6), (-0.56, 0.4), (-0.74, 0.0),
)  # fmt: skip
_DOVE = (
    (-0.94, -0.2), (-0.76, -0.38), (-0.5, -0.34), (-0.2, -0.18), (0.24, -0.08), (0.62, 0.1), (0.5, 0.22),
    (0.06, 0.3), (-0.4, 0.22), (-0.76, 0.02),
)  # fmt: skip
_WING = (
    (-0.5, -0.03), (-0.3, -0.21), (0.06, -0.15), (0.46, 0.1), (0.88, 0.3), (0.5, 0.38), (0.06, 0.4), (-0.34, 0.27),
)  # fmt: skip
_SWEPT = (
    (0.0, -0.4), (0.34, -0.54), (0.76, -0.46), (1.1, -0.02), (1.26, 0.4), (0.86, 0.04), (0.44, -0.02), (0.0, 0.2),
)  # fmt: skip
_SWALLOW = (
    (0, -0.84), (0.15, -0.7), (0.15, -0.44), (0.2, -0.1), (0.0, 0.5), (-0.2, -0.1), (-0.15, -0.44), (-0.15, -0.7),
)  # fmt: skip


def _beak(pen: Pen, *points: Point) -> None:
    """Lay a beak (above, point, below), in the accent's ink where there is one; a small one sticks out farther."""
    above, (x, y), below = points
    if pen.level < 2:
        (ax, ay), (bx, by) = above, below
        mx, my = (ax + bx) / 2, (ay + by) / 2
        x, y = x + 0.3 * (x - mx), y + 0.3 * (y - my)
        above, below = (ax + 0.35 * (ax - mx), ay + 0.35 * (ay - my)), (bx + 0.35 * (bx - mx), by + 0.35 * (by - my))
    ink = pen.style.ink("accent", on=0) if pen.style.inks > 3 else pen.green
    pen.lay(Shape(polygon([(a * pen.unit, b * pen.unit) for a, b in (above, (x, y), below)]), ink), cut=0.6)
    pen.part("beak")


def _eye(pen: Pen, x: float, y: float, *, on: int) -> None:
    """Set an eye: a light ring around a dark pupil, or one light dot if small."""
    at, size = (x * pen.unit, y * pen.unit), max(0.8 * pen.width, 0.085 * pen.unit)
    white = pen.style.ink("detail", on=on) if pen.style.inks == 6 else 0
    pen.ink(dots([at], size), white)
    if pen.level > 1:
        pen.ink(dots([at], 0.5 * size), pen.style.ink("line", on=white) or pen.body)


def _quills(pen: Pen, at: Point, fan: tuple[tuple[float, float], ...], wide: float, *, inks: tuple[int, ...]) -> None:
    """Lay long feathers (angle, length in units) from a place, each over the last, their inks in turn."""
    u = pen.unit
    for k, (angle, long) in enumerate(fan):
        path = placed(petal(long * u, max(wide * u, 2.6 * pen.width)), angle, at[0] * u, at[1] * u)
        pen.lay(Shape(path, inks[k % len(inks)]), cut=0.75)


def _folded(pen: Pen, rng: Chance, *, lift: float) -> None:
    """Lay a folded wing: a drop that points back, its flight feathers cut apart, a shoulder with dots or one spot."""
    u, inks = pen.unit, pen.style
    wing = placed(blob(u, *_WING), lift)
    pen.lay(Shape(wing, pen.green))
    pen.part("wing")
    if not pen.level:
        return
    if pen.level > 1:
        slits = (((0.8, 0.25), (-0.02, 0.03)), ((0.56, 0.39), (-0.02, 0.2)))
        cuts = [spike((a * u, b * u), (x * u, y * u), 1.5 * pen.width, bow=0.1) for (a, b), (x, y) in slits]
        pen.ink(within(placed(merged(cuts), lift), wing), pen.edge)
    accent = inks.ink("accent", on=pen.green) if inks.inks > 3 else 0 if pen.green == pen.body else pen.body
    accent = 0 if accent == pen.edge else accent
    if pen.level < 2 or rng.yes("plain shoulder", 0.4):
        pen.ink(placed(dots([(-0.25 * u, 0.09 * u)], 0.14 * u), lift), accent)
        return
    shoulder = within(placed(dots([(-0.3 * u, 0.07 * u)], 0.32 * u), lift), wing)
    on = accent or pen.green
    pen.ink(shoulder, pen.edge, 2 * pen.width)
    pen.ink(shoulder, on)
    mark = inks.ink("detail", on=on) if inks.inks == 6 else inks.ink("line", on=on) if inks.inks > 4 else 0
    spots = [(x * u, y * u) for x, y in ((-0.4, 0.07), (-0.24, -0.03), (-0.2, 0.19))]
    pen.ink(placed(dots(spots, max(1.3, 0.05 * u)), lift), mark)


def _breast(pen: Pen, rng: Chance, body: skia.Path) -> int:
    """Color the breast or the cap, or speckle it; return the ink about the eye."""
    u, inks = pen.unit, pen.style
    form = rng.pick("breast", range(4)) if pen.level else 3
    accent = inks.ink("accent" if inks.inks > 3 else "second", on=pen.body)
    accent = 0 if accent == pen.edge else accent
    if form == 0 and accent:
        pen.ink(within(blob(u, (-1.0, -0.2), (-0.5, -0.24), (-0.3, 0.14), (-0.1, 0.7), (-0.9, 0.8)), body), accent)
    elif form == 1 and accent:
        pen.ink(within(blob(u, (-1.2, -0.62), (-0.8, -1.1), (-0.2, -1.0), (-0.2, -0.56), (-0.6, -0.56)), body), accent)
    elif form == 2 and pen.level > 1:
        marks = [
            placed(drop(0.17 * u, 0.12 * u), 0.3, x * u, y * u)
            for x, y in ((-0.62, -0.06), (-0.5, 0.16), (-0.36, 0.36), (-0.66, 0.16), (-0.2, 0.46))
        ]
        pen.ink(merged(marks), inks.ink("detail", on=pen.body) if inks.inks == 6 else accent)
    return pen.body


def _crest(pen: Pen, x: float, y: float, *, lean: float) -> None:
    """Lay a crest of three small feathers."""
    u, ink = pen.unit, pen.style.ink("accent", on=0) if pen.style.inks > 3 else pen.green
    feathers = [
        placed(leaf_path(0.36 * u, max(0.13 * u, 2 * pen.width), 0.1), lean + a, x * u, y * u) for a in (-0.4, 0.1, 0.6)
    ]
    pen.lay(*(Shape(f, ink) for f in feathers), cut=0.5)
    pen.part("crest")


def _branch(pen: Pen, rng: Chance) -> None:
    """Lay a branch with leaves, and berries or a blossom, beneath the bird, and its legs."""
    u, side = pen.unit, rng.side()
    twig = curve((-1.05 * u, 0.86 * u), (1.1 * u, 0.74 * u), 0.07)
    spots = ((-0.86, 2.5, 0.44), (-0.72, 0.35, 0.4), (0.44, 2.3, 0.44), (1.06, 1.9, 0.4))
    pen.leaves(
        [Leaf(x * u, (0.86 - 0.04 * x) * u, a, long * u, 0.24 * u, 0.1 * side) for x, a, long in spots],
        stems=[twig],
        thick=0.09,
    )
    legs = [curve((x * u, 0.42 * u), (x * u, 0.82 * u)) for x in (-0.16, 0.08)]
    pen.ink(merged(legs), pen.style.ink("accent", on=0) if pen.style.inks > 3 else pen.body, 1.1 * pen.width)
    if pen.level > 1 and rng.yes("berries", 0.6):
        ink = pen.style.ink("accent", on=0) if pen.style.inks > 3 else pen.body
        pen.lay(Shape(dots([(-0.46 * u, 1.0 * u), (-0.3 * u, 1.04 * u), (0.4 * u, 0.98 * u)], 0.085 * u), ink), cut=0.6)
        pen.part("berries")
    pen.part("branch")


def _songbird(pen: Pen, rng: Chance) -> None:
    """Draw a songbird, sometimes on a branch: long tail, round breast, folded wing."""
    u = pen.unit
    if u > 14 and rng.yes("branch", 0.55):
        _branch(pen, rng)
    drop_by = float(rng.uniform(-0.12, 0.16))
    angles = (2.05 + drop_by, 1.83 + drop_by) if u < 18 else (2.14 + drop_by, 1.98 + drop_by, 1.82 + drop_by)
    _quills(
        pen, (0.46, 0.16), tuple((a, 1.0 - 0.08 * k) for k, a in enumerate(angles)), 0.18, inks=(pen.green, pen.body)
    )
    pen.part("tail")
    _beak(pen, (-0.78, -0.64), (-1.14, -0.44), (-0.78, -0.36))
    if rng.yes("crest", 0.3):
        _crest(pen, -0.5, -0.68, lean=0.4)
    body = blob(u, *_SONGBIRD)
    pen.lay(Shape(body, pen.body))
    on = _breast(pen, rng, body)
    _folded(pen, rng, lift=float(rng.uniform(-0.08, 0.1)))
    _eye(pen, -0.6, -0.48, on=on)


def _folk(pen: Pen, rng: Chance) -> None:
    """Draw a bird as on painted chests: its tail a fan of great feathers, a wing of petals."""
    u, inks = pen.unit, pen.style
    count = 3 if u < 16 else 5
    fan = [(0.22 + 1.4 * k / (count - 1), 1.3 - 0.1 * abs(k - (count - 1) / 2)) for k in range(count)]
    order = tuple(sorted(fan, key=lambda f: -abs(f[0] - 0.92)))
    accent = inks.ink("accent", on=0) if inks.inks > 3 else pen.body
    _quills(pen, (0.38, 0.06), order, 0.38, inks=(pen.green,))
    if pen.level > 1:
        for a, long in fan:
            tip = polar(a, 0.76 * long * u, 0.38 * u, 0.06 * u)
            mark = accent if accent not in (pen.green, pen.edge) else 0
            pen.ink(placed(drop(0.24 * u, max(0.15 * u, 2.2 * pen.width)), a + math.pi, *tip), mark)
    pen.part("tail")
    _beak(pen, (-0.78, -0.66), (-1.08, -0.5), (-0.76, -0.4))
    if rng.yes("folk crest", 0.6):
        _crest(pen, -0.56, -0.72, lean=0.1)
    body = blob(u, *_FOLK)
    pen.lay(Shape(body, pen.body))
    if pen.level:
        collar = within(_band(u, (-0.9, -0.24), (-0.2, -0.44), max(1.2 * pen.width, 0.09 * u)), body)
        pen.ink(collar, accent if accent not in (pen.body, pen.edge) else pen.edge)
        for k, (a, long) in enumerate(((2.2, 0.62), (1.75, 0.66), (1.3, 0.6)) if pen.level > 1 else ((1.7, 0.66),)):
            wing = placed(petal(long * u, max(0.27 * u, 3 * pen.width)), a, -0.36 * u, 0.04 * u)
            pen.lay(
                Shape(
                    within(wing, body), accent if k == 1 and accent != pen.edge and accent != pen.body else pen.green
                ),
                cut=0.75,
            )
        pen.part("wing")
    _eye(pen, -0.58, -0.54, on=pen.body)


def _band(unit: float, start: Point, end: Point, width: float) -> skia.Path:
    """Return a bowed band between two places in units, as a path to fill."""
    line = curve((start[0] * unit, start[1] * unit), (end[0] * unit, end[1] * unit), -0.2)
    band = skia.Path()
    skia.Paint(Style=skia.Paint.kStroke_Style, StrokeWidth=width).getFillPath(line, band)
    return band


def _swallow(pen: Pen, rng: Chance) -> None:
    """Draw a swallow from above in flight: swept wings, a forked tail."""
    u, inks = pen.unit, pen.style
    streamers = [(s, leaf_path(1.1 * u, max(0.27 * u, 3 * pen.width), 0.16 * s)) for s in (1, -1)]
    pen.lay(*(Shape(placed(path, math.pi + 0.24 * s, 0, 0.2 * u), pen.green) for s, path in streamers))
    turn, dark = float(rng.uniform(-0.12, 0.14)), pen.edge or (inks.ink("line", on=pen.body) if inks.inks > 4 else 0)
    for s in (1, -1):
        path = placed(placed(blob(u, *_SWEPT), turn), 0.0, flip=s < 0)
        pen.lay(Shape(path, pen.body))
        slits = ((0.44, 0.06, 0.38, -0.36), (0.68, 0.06, 0.62, -0.32), (0.92, 0.16, 0.84, -0.2))
        cuts = [spike((x * u, y * u), (a * u, b * u), 1.4 * pen.width, bow=-0.06) for x, y, a, b in slits]
        if pen.level > 1:
            pen.ink(within(placed(placed(merged(cuts), turn), 0.0, flip=s < 0), path), dark)
    pen.part("wings", "tail")
    _beak(pen, (-0.09, -0.78), (0.0, -1.06), (0.09, -0.78))
    body = blob(u, *_SWALLOW)
    pen.lay(Shape(body, pen.body))
    accent = inks.ink("accent" if inks.inks > 3 else "second", on=pen.body)
    accent = 0 if accent == pen.edge else accent
    if accent:
        pen.ink(within(dots([(0, -0.84 * u)], 0.3 * u), body), accent)
    if pen.level > 1:
        pen.ink(placed(drop(0.4 * u, 0.16 * u), math.pi, 0, -0.08 * u), accent)


def _dove(pen: Pen, rng: Chance) -> None:
    """Draw a bird on the wing from the side: one wing raised behind, one before."""
    u, inks = pen.unit, pen.style
    far = ((0.1, 0.92), (0.36, 0.94), (0.62, 0.86)) if pen.level > 1 else ((0.14, 0.92), (0.5, 0.88))
    _quills(pen, (-0.16, -0.06), far, 0.3, inks=(pen.green,))
    angles = ((1.92, 0.86), (1.68, 0.9), (1.44, 0.82)) if pen.level > 1 else ((1.85, 0.86), (1.5, 0.86))
    _quills(pen, (0.36, 0.1), angles, 0.26, inks=(pen.green,))
    pen.part("tail")
    _beak(pen, (-0.86, -0.32), (-1.2, -0.14), (-0.88, -0.1))
    body = blob(u, *_DOVE)
    pen.lay(Shape(body, pen.body))
    accent = inks.ink("accent" if inks.inks > 3 else "second", on=pen.body)
    accent = 0 if accent == pen.edge else accent
    near = ((1.52, 0.84), (1.2, 1.0), (0.9, 1.08), (0.62, 1.04)) if pen.level > 1 else ((1.35, 0.9), (0.75, 1.06))
    _quills(pen, (-0.28, 0.04), near, 0.32, inks=(pen.body,))
    shoulder = placed(drop(0.66 * u, 0.5 * u), 0.86 + math.pi, -0.1 * u, -0.14 * u)
    pen.lay(Shape(shoulder, accent or pen.body), cut=0.8)
    if pen.level > 1:
        mark = inks.ink("detail", on=accent or pen.body) if inks.inks == 6 else 0
        pen.ink(dots([(-0.18 * u, -0.02 * u), (0.0, -0.1 * u), (-0.1 * u, -0.22 * u)], max(1.3, 0.05 * u)), mark)
    pen.part("wings")
    _eye(pen, -0.74, -0.2, on=pen.body)


def _crane(pen: Pen, rng: Chance) -> None:
    """Draw a crane in flight as on kimonos: neck stretched out, legs trailing, one great wing in a fan."""
    u, inks = pen.unit, pen.style
    accent = inks.ink("accent", on=0) if inks.inks > 3 else pen.body
    pen.lay(Shape(curve((0.4 * u, 0.36 * u), (1.2 * u, 0.72 * u), 0.04), accent, max(1.4 * pen.width, 0.06 * u)))
    _spread(pen, float(rng.uniform(-0.1, 0.15)))
    neck = skia.Path()
    neck.moveTo(0.3 * u, 0.34 * u)
    neck.cubicTo(-0.2 * u, 0.4 * u, -0.3 * u, 0.02 * u, -0.86 * u, -0.12 * u)
    trunk = blob(u, (-0.3, 0.2), (0.1, 0.06), (0.5, 0.26), (0.62, 0.46), (0.2, 0.52), (-0.14, 0.42))
    pen.lay(Shape(neck, pen.body, max(0.14 * u, 2.2 * pen.width)), Shape(trunk, pen.body))
    _beak(pen, (-0.92, -0.22), (-1.3, -0.15), (-0.92, -0.04))
    pen.lay(Shape(dots([(-0.88 * u, -0.13 * u)], max(0.12 * u, 1.4 * pen.width)), accent), cut=0.5)
    pen.part("wings")


def _spread(pen: Pen, turn: float) -> None:
    """Lay a crane's tail and wing, their tips dark."""
    u, dark = pen.unit, pen.green if pen.green != pen.body else 0
    count, (x, y) = (5 if pen.level < 2 else 7), (0.06 * u, 0.2 * u)
    wing = [(turn + 1.32 - 1.62 * k / (count - 1), 0.86 + 0.5 * k / (count - 1)) for k in range(count)]
    for a, long in ((1.72, 0.74), (1.52, 0.78), *wing):
        path = placed(petal(long * u, max(0.32 * u, 2.8 * pen.width)), a, x, y)
        pen.lay(Shape(path, pen.body), cut=0.75)
        if pen.level > 1:
            tip = skia.Op(path, dots([(x, y)], 0.7 * long * u), skia.PathOp.kDifference_PathOp)
            pen.ink(tip or skia.Path(), dark or pen.body)


_FORM_NAMES = ("songbird", "folk bird", "swallow", "dove", "crane")


@family("bird", nouns=("bird", "birds"), directed=True, scales=(36.0, 112.0), weight=1.4)
def bird(rng: Chance, radius: float, style: Style) -> Motif:
    """Return a bird that looks left; the layout mirrors it."""
    pen = Pen(radius, style, span=1.15)
    forms = (_songbird, _folk, _swallow, _dove, _crane)
    forms[
        rng.pick(
            "form",
            5,
            p=(0.36, 0.22, 0.14, 0.16, 0.12) if pen.level > 1 else (0.5, 0.3, 0.2, 0.0, 0.0),
            called=_FORM_NAMES,
        )
    ](pen, rng)
    return pen.motif()
