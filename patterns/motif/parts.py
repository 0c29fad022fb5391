"""Parts that motifs are built from: petals, leaves with ribs, stems, buds, and the pen that lays them over each other.

Everything is in px around a local origin, top up (-y); angles are radians clockwise from up.
"""

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import skia

from patterns.motif.canvas import Shape
from patterns.motif.family import Motif, Style
from patterns.separation import ROLES

Point = tuple[float, float]
# Radii (px) from which a motif shows one more level of detail: cuts within its masses, then veins and centers, then
# fine ornament. The Loom's grid holds a cut of 2 px; below the first bound a motif is a silhouette of few shapes.
_LEVELS = (16.0, 30.0, 44.0)
# A mass must be this many line widths wide to be veined: less, and what is left of it would be noise on the grid.
_VEINED = 5.5


class Leaf(NamedTuple):
    """Where a leaf's base is, where it points, and its size in px; ``bend`` moves its tip aside, in lengths."""

    x: float
    y: float
    angle: float
    length: float
    width: float
    bend: float = 0.12


class Pen:
    """Gathers the shapes of one motif, freeing each piece from what lies beneath by a cut around it.

    ``unit`` is the size in px that a family draws to: the radius over ``span``, the extent of what it composes.
    The cut is bare cloth, as on a printing block; where the design is outlined it is the line ink, or the last ink of
    three or four, which then is the leaves' no more. ``bright`` is the accent from four inks on, else the main ink.
    """

    def __init__(self, radius: float, style: Style, *, span: float = 1.0) -> None:
        self.radius, self.style, self.unit = radius, style, radius / span
        self.width = max(2.0, 0.045 * radius) if radius >= _LEVELS[0] else max(1.5, radius / 8)
        self.edge = min(style.inks - 1, ROLES.index("line")) if style.outlined and style.inks > 2 else 0
        self.level = sum(radius >= bound for bound in _LEVELS)
        self.body = style.ink("main")
        self.green = style.ink("second") if style.ink("second") != self.edge else self.body
        bright = style.ink("accent", on=0) if style.inks > 3 else self.body
        self.bright = bright if bright != self.edge else self.body
        self._shapes: list[Shape] = []
        self._parts: dict[str, None] = {}

    def lay(self, *pieces: Shape, cut: float = 1.0) -> None:
        """Paint pieces that join each other, cut free of all that was painted before by ``cut`` line widths."""
        for piece in pieces if cut else ():
            self._shapes.append(Shape(piece.path, self.edge, piece.width + 2 * cut * self.width))
        self._shapes.extend(pieces)

    def ink(self, path: skia.Path, ink: int, width: float = 0.0) -> None:
        """Paint a path on top without a cut."""
        self._shapes.append(Shape(path, ink, width))

    def vein(self, paths: Iterable[skia.Path], *, on: int, role: str = "line", level: int = 2) -> None:
        """Cut spikes or dots into a piece of ink ``on``, if the motif is large enough for detail of this level.

        Within outlines, veins of the line ink would be lost: there they are highlights or bare cloth.
        """
        if self.level >= level:
            lost = self.edge and role == "line"
            ink = (
                (self.style.ink("detail", on=on) if self.style.inks == 6 else 0)
                if lost
                else self.style.ink(role, on=on)
            )
            self._shapes.append(Shape(merged(paths), ink))

    def part(self, *words: str) -> None:
        """Say that parts are visible."""
        self._parts.update(dict.fromkeys(words))

    def leaves(self, leaves: Sequence[Leaf], *, stems: Sequence[skia.Path] = (), thick: float = 0.09) -> None:
        """Lay stems and the leaves that grow from them as one piece, then their ribs."""
        width = max(self.width * 1.25, thick * self.unit)
        paths = [placed(leaf_path(f.length, f.width, f.bend), f.angle, f.x, f.y) for f in leaves]
        self.lay(*(Shape(s, self.green, width) for s in stems), *(Shape(p, self.green) for p in paths))
        self.part(*(["stems"] if stems else []), *(["leaves"] if leaves else []))
        if self.level and min((f.width for f in leaves), default=0) >= _VEINED * self.width:
            ribs = [placed(r, f.angle, f.x, f.y) for f in leaves for r in self._ribs(f)]
            self.vein(ribs, on=self.green, level=0)
            self.part("veins")

    def _ribs(self, leaf: Leaf) -> list[skia.Path]:
        tip = (leaf.bend * leaf.length * 0.8, -leaf.length * 0.8)
        ribs = [
            spike((leaf.bend * leaf.length * 0.05, -leaf.length * 0.18), tip, self.width * 1.5, bow=-leaf.bend * 0.3)
        ]
        count = 3 if leaf.width > 2.2 * _VEINED * self.width else 0
        for k in range(count):
            t = 0.2 + 0.22 * k
            x, y = tip[0] * t * t, -leaf.length * (0.06 + 0.8 * t)
            out = leaf.width * 0.34 * math.sin(math.pi * min(1, 0.22 + t * 0.85)) ** 0.7
            lift = leaf.length * 0.13
            ribs += [spike((x, y), (x + s * out, y - lift), self.width * 1.2, bow=0.12 * s) for s in (-1, 1)]
        return ribs

    def motif(self) -> Motif:
        """Return what was drawn, brought to the radius and centered."""
        box = skia.Rect.MakeEmpty()
        for shape in self._shapes:
            if shape.ink != 0:
                box.join(shape.path.computeTightBounds().makeOutset(shape.width / 2, shape.width / 2))
        scale = 2 * self.radius / max(box.width(), box.height())
        matrix = skia.Matrix.Scale(scale, scale)
        matrix.preTranslate(-box.centerX(), -box.centerY())
        shapes = []
        for shape in self._shapes:
            path = skia.Path(shape.path)
            path.transform(matrix)
            shapes.append(Shape(path, shape.ink, shape.width))
        return Motif(tuple(shapes), tuple(self._parts))


def placed(path: skia.Path, angle: float, x: float = 0.0, y: float = 0.0, *, flip: bool = False) -> skia.Path:
    """Return a copy turned by ``angle`` (mirrored first if ``flip``) and moved to (x, y)."""
    matrix = skia.Matrix.Translate(x, y)
    matrix.preRotate(math.degrees(angle))
    if flip:
        matrix.preScale(-1, 1)
    copy = skia.Path(path)
    copy.transform(matrix)
    return copy


def polar(angle: float, distance: float, x: float = 0.0, y: float = 0.0) -> Point:
    """Return the point at a distance from (x, y) in the direction ``angle``."""
    return x + distance * math.sin(angle), y - distance * math.cos(angle)


def merged(paths: Iterable[skia.Path]) -> skia.Path:
    """Return one path of many, filled where any of them is when they wind alike."""
    whole = skia.Path()
    for path in paths:
        whole.addPath(path)
    return whole


def smooth(points: Sequence[Point], *, closed: bool = True) -> skia.Path:
    """Return a curve through points (Catmull-Rom)."""
    p = list(points)
    n = len(p)
    around = [p[-1], *p, p[0], p[1]] if closed else [p[0], *p, p[-1]]
    path = skia.Path()
    path.moveTo(*p[0])
    for i in range(n if closed else n - 1):
        (ax, ay), (bx, by), (cx, cy), (dx, dy) = around[i : i + 4]
        path.cubicTo(bx + (cx - ax) / 6, by + (cy - ay) / 6, cx - (dx - bx) / 6, cy - (dy - by) / 6, cx, cy)
    if closed:
        path.close()
    return path


def blob(unit: float, *points: Point) -> skia.Path:
    """Return a smooth closed curve through points given in units."""
    return smooth([(x * unit, y * unit) for x, y in points])


def polygon(points: Sequence[Point]) -> skia.Path:
    """Return a closed path with straight sides."""
    path = skia.Path()
    path.addPoly([skia.Point(*p) for p in points], True)
    return path


def drop(length: float, width: float) -> skia.Path:
    """Return a teardrop centered on the origin, its point up."""
    path = skia.Path()
    path.moveTo(0, -length / 2)
    path.cubicTo(width * 0.9, length * 0.25, width * 0.45, length / 2, 0, length / 2)
    path.cubicTo(-width * 0.45, length / 2, -width * 0.9, length * 0.25, 0, -length / 2)
    path.close()
    return path


def curve(start: Point, end: Point, bow: float = 0.0) -> skia.Path:
    """Return an open curve that bows aside by ``bow`` of its length, to be stroked as a stem."""
    path = skia.Path()
    path.moveTo(*start)
    path.quadTo(*_aside(start, end, bow), *end)
    return path


def spike(start: Point, end: Point, width: float, *, bow: float = 0.0) -> skia.Path:
    """Return a cut as a gouge leaves it: ``width`` px at its start, running out to a point."""
    length = math.hypot(end[0] - start[0], end[1] - start[1]) or 1.0
    nx, ny = -(end[1] - start[1]) / length * width / 2, (end[0] - start[0]) / length * width / 2
    mx, my = _aside(start, end, bow)
    path = skia.Path()
    path.moveTo(start[0] + nx, start[1] + ny)
    path.quadTo(mx + nx, my + ny, *end)
    path.quadTo(mx - nx, my - ny, start[0] - nx, start[1] - ny)
    path.close()
    return path


def dots(points: Iterable[Point], radius: float) -> skia.Path:
    """Return round dots of at least 0.9 px radius."""
    path = skia.Path()
    for x, y in points:
        path.addCircle(x, y, max(0.9, radius))
    return path


def ring(count: int, distance: float, *, turn: float = 0.0) -> list[Point]:
    """Return points evenly around the origin."""
    return [polar(turn + 2 * math.pi * i / count, distance) for i in range(count)]


def petal(length: float, width: float, *, inner: float = 0.0) -> skia.Path:
    """Return a rounded petal from (0, -inner) up to (0, -length), at most about ``width`` px wide."""
    path = skia.Path()
    path.moveTo(0, -inner)
    path.cubicTo(-width * 0.7, -inner - (length - inner) * 0.45, -width * 0.6, -length, 0, -length)
    path.cubicTo(width * 0.6, -length, width * 0.7, -inner - (length - inner) * 0.45, 0, -inner)
    path.close()
    return path


def scalloped(
    length: float, half: float, lobes: int, *, depth: float = 0.1, fall: float = 0.14, belly: float = 1.0
) -> skia.Path:
    """Return a petal from the origin up, ``half`` radians wide to either side, its rim in ``lobes`` round scallops.

    Notches go in by ``depth`` of the length; the corners of the rim lie lower than its middle by ``fall``. A ``belly``
    above 1 rounds the sides, as a bowl's.
    """
    cuts = [half * (2 * k / lobes - 1) for k in range(lobes + 1)]
    rim = [
        polar(a, length * (1 - (depth if 0 < k < lobes else 0) - fall * (a / half) ** 2)) for k, a in enumerate(cuts)
    ]
    low, high = (half * belly * 0.75, length * 0.2 * belly), (half * (0.72 + 0.4 * belly), length * 0.55)
    path = skia.Path()
    path.moveTo(0, 0)
    path.cubicTo(*polar(-low[0], low[1]), *polar(-high[0], high[1]), *rim[0])
    for k in range(lobes):
        (a, b), (start, end) = cuts[k : k + 2], rim[k : k + 2]
        lift = length * (depth + 0.1 / lobes)
        near, far = (polar(t, math.hypot(*p) + lift) for t, p in ((a, start), (b, end)))
        path.cubicTo(*near, *far, *end)
    path.cubicTo(*polar(*high), *polar(*low), 0, 0)
    path.close()
    return path


def notched(length: float, width: float, notch: float) -> skia.Path:
    """Return a petal from the origin whose tip is notched by ``notch`` px, as a cherry's is."""
    path = skia.Path()
    path.moveTo(0, 0)
    path.cubicTo(-width * 0.55, -length * 0.3, -width * 0.75, -length * 0.85, -width * 0.16, -length)
    path.lineTo(0, -length + notch)
    path.lineTo(width * 0.16, -length)
    path.cubicTo(width * 0.75, -length * 0.85, width * 0.55, -length * 0.3, 0, 0)
    path.close()
    return path


def leaf_path(length: float, width: float, bend: float = 0.12) -> skia.Path:
    """Return a pointed leaf from the origin upward, its tip aside by ``bend`` lengths."""
    tip = bend * length
    path = skia.Path()
    path.moveTo(0, 0)
    path.cubicTo(-width * 0.72, -length * 0.22, -width * 0.55 + tip * 0.5, -length * 0.7, tip, -length)
    path.cubicTo(width * 0.6 + tip * 0.5, -length * 0.66, width * 0.66, -length * 0.2, 0, 0)
    path.close()
    return path


def half_leaf(length: float, width: float, bend: float = 0.12) -> skia.Path:
    """Return the right half of ``leaf_path``, as light falls on one side of a folded leaf."""
    tip = bend * length
    path = skia.Path()
    path.moveTo(0, 0)
    path.quadTo(tip * 0.25, -length * 0.5, tip, -length)
    path.cubicTo(width * 0.6 + tip * 0.5, -length * 0.66, width * 0.66, -length * 0.2, 0, 0)
    path.close()
    return path


def _aside(start: Point, end: Point, bow: float) -> Point:
    dx, dy = end[0] - start[0], end[1] - start[1]
    return (start[0] + end[0]) / 2 - dy * bow, (start[1] + end[1]) / 2 + dx * bow


def blossom(pen: Pen, at: tuple[float, float], size: float, *, plump: float, eye: float) -> None:
    """Lay a blossom of five petals, paler with six inks; a petal is ``plump`` sizes wide, the eye ``eye`` sizes."""
    ink = pen.style.ink("detail", on=pen.body) if pen.style.inks == 6 else pen.body
    for i in range(5):
        pen.lay(Shape(placed(petal(size, size * plump), 2 * math.pi * i / 5, *at), ink), cut=0.9)
    pen.ink(dots([at], size * eye), pen.style.ink("accent", on=ink))
    pen.part("blossoms")
