"""Butterflies: from above with spread wings, or at rest with wings closed; celled, banded, eyed, or cut as in paper."""

import math
from typing import NamedTuple

import skia

from patterns.motif.canvas import Shape
from patterns.motif.family import Chance, Motif, Style, family
from patterns.motif.parts import Pen, Point, blob, curve, dots, drop, placed, polar
from patterns.motif.spine import within

Outline = tuple[Point, ...]


class _Kind(NamedTuple):
    """Outlines of a right forewing and hindwing, in units; where each wing's eye would be and how large.

    ``core`` is the hindwing without its tail, which marks keep to.
    """

    fore: Outline
    hind: Outline
    eyes: tuple[tuple[float, float, float], tuple[float, float, float]]
    core: Outline = ()


_KINDS = (
    _Kind(  # of the monarch's cut
        ((0.03, -0.12), (0.26, -0.54), (0.62, -0.84), (0.93, -0.88), (1.0, -0.7), (0.86, -0.4), (0.74, -0.13),
         (0.42, 0.02), (0.06, 0.05)),
        ((0.05, 0.02), (0.4, 0.05), (0.74, 0.13), (0.82, 0.38), (0.68, 0.64), (0.42, 0.74), (0.2, 0.56), (0.07, 0.24)),
        ((0.7, -0.56, 0.17), (0.54, 0.4, 0.15)),
    ),
    _Kind(  # swallowtail
        ((0.03, -0.12), (0.28, -0.58), (0.62, -0.92), (0.92, -0.98), (0.97, -0.8), (0.84, -0.4), (0.72, -0.08),
         (0.4, 0.02), (0.06, 0.05)),
        ((0.05, 0.02), (0.4, 0.05), (0.7, 0.1), (0.76, 0.34), (0.62, 0.54), (0.63, 0.76), (0.68, 1.0), (0.55, 1.05),
         (0.46, 0.76), (0.3, 0.66), (0.15, 0.48), (0.07, 0.24)),
        ((0.68, -0.6, 0.15), (0.46, 0.34, 0.14)),
        ((0.05, 0.02), (0.4, 0.05), (0.7, 0.1), (0.75, 0.34), (0.6, 0.56), (0.32, 0.64), (0.15, 0.48), (0.07, 0.24)),
    ),
    _Kind(  # round, of the morpho's cut
        ((0.03, -0.12), (0.22, -0.58), (0.54, -0.82), (0.86, -0.8), (1.02, -0.54), (0.96, -0.2), (0.72, 0.02),
         (0.36, 0.06), (0.06, 0.05)),
        ((0.05, 0.04), (0.4, 0.09), (0.74, 0.14), (0.85, 0.42), (0.72, 0.7), (0.44, 0.82), (0.2, 0.64), (0.07, 0.28)),
        ((0.68, -0.46, 0.2), (0.54, 0.44, 0.16)),
    ),
    _Kind(  # luna moth
        ((0.03, -0.12), (0.3, -0.48), (0.68, -0.7), (1.0, -0.7), (1.04, -0.54), (0.86, -0.26), (0.66, 0.0),
         (0.34, 0.08), (0.06, 0.05)),
        ((0.05, 0.04), (0.36, 0.1), (0.6, 0.16), (0.64, 0.4), (0.5, 0.62), (0.5, 0.86), (0.62, 1.1), (0.52, 1.18),
         (0.34, 0.98), (0.26, 0.7), (0.12, 0.46), (0.06, 0.22)),
        ((0.62, -0.4, 0.14), (0.4, 0.36, 0.13)),
        ((0.05, 0.04), (0.36, 0.1), (0.6, 0.16), (0.63, 0.4), (0.48, 0.62), (0.27, 0.66), (0.12, 0.46), (0.06, 0.22)),
    ),
)  # fmt: skip
# A pair of wings closed over the back, seen from the left: forewing, hindwing before it, in units.
_CLOSED = _Kind(
    ((0.0, 0.42), (-0.3, -0.2), (-0.42, -0.72), (-0.3, -1.0), (0.1, -0.96), (0.48, -0.66), (0.5, -0.3), (0.3, 0.1)),
    ((0.0, 0.46), (0.02, 0.1), (0.3, -0.2), (0.66, -0.24), (0.9, 0.0), (0.86, 0.36), (0.56, 0.58), (0.24, 0.6)),
    ((0.02, -0.6, 0.17), (0.56, 0.16, 0.15)),
)


class _Wing(NamedTuple):
    """A wing's outline and root in px, the ink it lies in, its eye (x, y, radius) px, and its mirror's sides."""

    path: skia.Path
    root: Point
    ink: int
    eye: tuple[float, float, float]
    angles: tuple[float, ...]
    sides: tuple[int, ...]
    core: skia.Path
    margin: tuple[float, float]

    def shrunk(self, size: float) -> skia.Path:
        """Return the outline of what is marked, drawn in toward the root."""
        matrix = skia.Matrix.Translate(*self.root)
        matrix.preScale(size, size)
        matrix.preTranslate(-self.root[0], -self.root[1])
        copy = skia.Path(self.core)
        copy.transform(matrix)
        return copy

    def rim(self, count: int, size: float) -> list[Point]:
        """Return points along the outer margin, drawn in toward the root."""
        start, end = self.margin
        measure = skia.PathMeasure(self.shrunk(size), True)
        whole = measure.getLength()
        found = (measure.getPosTan(whole * (start + (end - start) * (k + 0.5) / count))[0] for k in range(count))
        return [(p.x(), p.y()) for p in found]

    def clear(self, points: list[Point], room: float) -> list[Point]:
        """Return the points that lie within the outline with ``room`` px around them."""
        return [
            (x, y) for x, y in points if all(self.path.contains(*polar(a * math.pi / 4, room, x, y)) for a in range(8))
        ]

    def mirrored(self, path: skia.Path) -> list[skia.Path]:
        """Return the path on every side that the wing is on."""
        return [placed(path, 0.0, flip=side < 0) for side in self.sides]


def _celled(pen: Pen, wing: _Wing, inner: int) -> None:
    """Fill a wing within its border by cells that part along its veins; dots on the border."""
    alike = inner == wing.ink
    cells = within(wing.shrunk(0.7 if alike else 0.76), wing.path)
    for path in wing.mirrored(cells):
        pen.ink(path, pen.edge, 2.0 * pen.width if alike else 0)
        pen.ink(path, inner)
    far = 1.2 * pen.unit
    veins = [within(_ray(wing.root, a, far, pen.width), cells) for a in wing.angles]
    for path in (p for v in veins for p in wing.mirrored(v)):
        pen.ink(path, pen.edge if alike else wing.ink)
    if pen.level > 1:
        beads = dots(wing.rim(4 if pen.level < 3 else 5, 0.88), max(1.3, 0.036 * pen.unit))
        light = pen.style.ink("detail", on=wing.ink) if pen.style.inks == 6 else 0
        for path in wing.mirrored(beads):
            pen.ink(path, light)
        pen.part("spots")
    pen.part("veins")


def _ray(root: Point, angle: float, far: float, width: float) -> skia.Path:
    """Return a vein from the root, as a path to fill."""
    (x, y), (dx, dy) = root, (math.cos(angle) * width * 0.55, math.sin(angle) * width * 0.55)
    tip = polar(angle, far, x, y)
    path = skia.Path()
    path.addPoly(
        [skia.Point(x - dx, y - dy), skia.Point(tip[0] - dx, tip[1] - dy), skia.Point(tip[0] + dx, tip[1] + dy),
         skia.Point(x + dx, y + dy)], True,
    )  # fmt: skip
    return path


def _banded(pen: Pen, wing: _Wing, inner: int) -> None:
    """Lay bands that follow the rim, and color the root."""
    steps = ((0.84, inner), (0.6, wing.ink), (0.4, inner)) if pen.level > 1 else ((0.78, inner), (0.46, wing.ink))
    for size, ink in steps:
        for path in wing.mirrored(within(wing.shrunk(size), wing.path)):
            pen.ink(path, ink)
    pen.part("stripes")


def _eyed(pen: Pen, wing: _Wing, inner: int) -> None:
    """Set an eye on the wing, and dots along its rim."""
    x, y, size = wing.eye
    size = max(size, 2.2 * pen.width)
    second = pen.style.ink("accent", on=inner)
    rings = ((1.0, inner), (0.62, second), (0.3, pen.style.ink("line", on=second)))
    for share, ink in rings if size > 4.2 * pen.width else rings[:2]:
        for path in wing.mirrored(dots([(x, y)], share * size)):
            pen.ink(path, ink)
    if pen.level > 1:
        bead = max(1.4, 0.042 * pen.unit)
        beads = [p for p in wing.rim(4, 0.88) if math.dist(p, (x, y)) > size + 1.8 * bead]
        for path in wing.mirrored(dots(wing.clear(beads, bead + 1.2), bead)):
            pen.ink(path, inner)
    pen.part("spots")


def _cut(pen: Pen, wing: _Wing, inner: int) -> None:
    """Cut drops that fan out from the root, as in folded paper, each with a dot beyond it."""
    angles = wing.angles if pen.level > 1 else wing.angles[::2]
    for a in angles:
        reach = _reach(wing, a)
        long = 0.42 * reach
        wide = max(2.0 * pen.width, 0.17 * reach)
        at = polar(a, 0.54 * reach, *wing.root)
        for path in wing.mirrored(placed(drop(long, wide), a + math.pi, *at)):
            pen.ink(path, inner)
        if pen.level > 1:
            bead = max(1.4, 0.045 * pen.unit)
            for path in wing.mirrored(dots(wing.clear([polar(a, 0.87 * reach, *wing.root)], bead + 1.5), bead)):
                pen.ink(path, pen.style.ink("accent", on=wing.ink) if pen.style.inks > 3 else inner)
    pen.part("spots")


def _reach(wing: _Wing, angle: float) -> float:
    """Return how far the wing reaches from its root in a direction, px."""
    box = wing.path.getBounds()
    far = math.hypot(box.width(), box.height())
    steps = [far * k / 60 for k in range(60)]
    return max((d for d in steps if wing.path.contains(*polar(angle, d, *wing.root))), default=0.5 * far)


def _antennae(pen: Pen, dark: int, head: Point, *, aside: bool) -> None:
    u = pen.unit
    tips = ((0.42, -0.34), (0.2, -0.52)) if aside else ((-0.3, -0.58), (0.3, -0.58))
    width = max(0.9 * pen.width, 0.045 * u)
    for x, y in tips:
        sign = -1 if aside else 1
        tip = (head[0] + sign * x * u, head[1] + y * u)
        bow = -0.2 if x > 0 else 0.2
        pen.lay(Shape(curve(head, tip, bow), dark, width), Shape(dots([tip], 0.85 * width), dark), cut=0.5)
    pen.part("antennae")


def _wings(pen: Pen, kind: _Kind, inks: tuple[int, int], sides: tuple[int, ...]) -> tuple[_Wing, _Wing]:
    """Return the forewing and the hindwing of a kind, in px."""
    u, closed = pen.unit, len(sides) == 1
    fans = ((-0.25, 0.12, 0.5), (0.75, 1.15, 1.6)) if closed else ((0.62, 0.92, 1.25), (1.86, 2.15, 2.44))
    root = (0.06 * u, 0.4 * u) if closed else (0.04 * u, -0.02 * u)
    fore, hind, core = (blob(u, *points) for points in (kind.fore, kind.hind, kind.core or kind.hind))
    (ax, ay, a), (bx, by, b) = kind.eyes
    margins = ((0.4, 0.68), (0.36, 0.7)) if closed else ((0.4, 0.66), (0.36, 0.68))
    return (
        _Wing(fore, root, inks[0], (ax * u, ay * u, a * u), fans[0], sides, fore, margins[0]),
        _Wing(hind, root, inks[1], (bx * u, by * u, b * u), fans[1], sides, core, margins[1]),
    )


def _tipped(pen: Pen, wing: _Wing, inner: int) -> None:
    """Color what lies far from the root, with spots in it."""
    far = 0.62 * max(_reach(wing, a) for a in wing.angles)
    root = dots([wing.root], far)
    tip = skia.Op(wing.path, root, skia.PathOp.kDifference_PathOp) or wing.path
    for path in wing.mirrored(tip):
        pen.ink(path, inner)
    outer, inner_arc = (dots([wing.root], far + s * 0.5 * pen.width) for s in (1, -1))
    arc = skia.Op(outer, inner_arc, skia.PathOp.kDifference_PathOp) or skia.Path()
    for path in wing.mirrored(within(arc, wing.path)):
        pen.ink(path, pen.edge)
    spot = pen.style.ink("detail", on=inner) if pen.style.inks == 6 else 0 if inner else wing.ink
    size = max(1.5, 0.055 * pen.unit)
    spots = [p for p in wing.rim(4, 0.87) if math.dist(p, wing.root) > far + pen.width + size]
    for path in wing.mirrored(dots(wing.clear(spots, size + 1.2), size)):
        pen.ink(path, spot)
    pen.part("spots")


_MARKS = (_celled, _banded, _eyed, _cut, _tipped)


def _marked(pen: Pen, rng: Chance, kind: _Kind, sides: tuple[int, ...]) -> int:
    """Lay the wings with their marks; return the ink of the body."""
    style = pen.style
    way = _MARKS[rng.pick("marks", 5, p=(0.28, 0.15, 0.2, 0.19, 0.18))]
    way = _celled if way is _tipped and style.inks == 2 else way
    second = style.ink("second", on=pen.body) if style.inks > 2 else 0
    dark = style.ink("line", on=pen.body) if style.inks > 4 else pen.body
    if way is _celled:
        border = dark if style.inks > 4 else second or pen.body
        inks, inners = (border, border), (pen.body, style.ink("accent", on=border) if style.inks > 3 else pen.body)
    else:
        two = bool(second and rng.yes("two inks", 0.5))
        inks = (pen.body, second if two else pen.body)
        mark = style.ink("accent", on=pen.body) if style.inks > 3 and rng.yes("accent marks", 0.5) else second
        inners = (mark, pen.body if two else mark)
    fore, hind = _wings(pen, kind, inks, sides)
    order = ((fore, inners[0]), (hind, inners[1])) if len(sides) == 1 else ((hind, inners[1]), (fore, inners[0]))
    for wing, inner in order:
        pen.lay(*(Shape(p, wing.ink) for p in wing.mirrored(wing.path)), cut=0.9)
        if pen.level:
            way(pen, wing, inner)
        elif inner != wing.ink:
            for path in wing.mirrored(dots([wing.eye[:2]], wing.eye[2])):
                pen.ink(path, inner)
    pen.part("wings")
    return dark


@family("butterfly", nouns=("butterfly", "butterflies"), scales=(32.0, 112.0), weight=1.5)
def butterfly(rng: Chance, radius: float, style: Style) -> Motif:
    """Return a butterfly with wings spread or closed."""
    closed = radius > 18 and rng.yes("closed", 0.16)
    pen = Pen(radius, style, span=1.0)
    u = pen.unit
    if closed:
        dark = _marked(pen, rng, _CLOSED, (1,))
        _antennae(pen, dark, (-0.26 * u, 0.34 * u), aside=True)
        body = blob(u, (-0.31, 0.28), (-0.2, 0.27), (-0.02, 0.42), (0.3, 0.66), (-0.02, 0.58), (-0.28, 0.42))
    else:
        dark = _marked(pen, rng, _KINDS[rng.pick("wings", range(len(_KINDS)))], (1, -1))
        _antennae(pen, dark, (0, -0.3 * u), aside=False)
        body = blob(u, (0, -0.4), (0.085, -0.3), (0.075, 0.1), (0, 0.56), (-0.075, 0.1), (-0.085, -0.3))
    pen.lay(Shape(body, dark), cut=0.8)
    return pen.motif()
