"""Toile de Jouy: little islands of landscape as an engraver cuts them, a tree over a cottage, a temple or an urn."""

import math

import skia

from patterns.motif.canvas import Shape
from patterns.motif.family import Chance, Motif, Style, family
from patterns.motif.parts import Pen, blob, curve, dots, drop, leaf_path, merged, placed, polar, polygon, smooth, spike

# How far in units what is built stands above where the mound begins.
_RISE = 0.14
_MOUND = ((-1.06, 0.74), (-0.5, 0.58), (0.1, 0.54), (0.66, 0.62), (1.06, 0.78), (0.6, 0.96), (0.0, 1.06), (-0.6, 0.98))
_BOWL = ((-0.4, -0.02), (0.0, 0.04), (0.4, -0.02), (0.26, 0.26), (0.1, 0.4), (-0.1, 0.4), (-0.26, 0.26))


def _ground(pen: Pen) -> None:
    """Lay the island: a mound, hatched below, with tufts at its edge."""
    u = pen.unit
    pen.lay(Shape(blob(u, *_MOUND), pen.green))
    cuts = [
        spike((x0 * u, y * u), (x1 * u, y * u), 1.2 * pen.width)
        for x0, x1, y in ((-0.62, 0.3, 0.76), (0.7, -0.16, 0.9))
    ]
    pen.vein(cuts, on=pen.green, level=1)
    tufts = [
        placed(leaf_path(0.3 * u, 0.12 * u, 0.1 * s), s * 0.5, x * u, 0.72 * u)
        for x, s in ((-0.86, -1), (-0.72, 1), (0.84, 1), (0.72, -1))
    ]
    pen.ink(merged(tufts), pen.green)


def _crown(pen: Pen, x: float, y: float, size: float, ink: int) -> None:
    """Lay one clump of a tree's leaves, its rim in scallops, hatched on the side away from the light."""
    u, r = pen.unit, size * pen.unit
    bumps = [polar(2 * math.pi * k / 7 + 0.2, 0.66 * r, x * u, 0.0) for k in range(7)]
    whole = dots([(x * u, y * u)], 0.72 * r)
    for bx, by in bumps:
        whole = skia.Op(whole, dots([(bx, by * 0.8 + y * u)], 0.4 * r), skia.PathOp.kUnion_PathOp) or whole
    pen.lay(Shape(whole, ink))
    if r > 6 * pen.width:
        arcs = [
            curve((x * u - 0.1 * r, y * u + d * r), (x * u + 0.62 * r, y * u + (d - 0.14) * r), 0.22)
            for d in (0.02, 0.42)
        ]
        pen.ink(merged(arcs), pen.style.ink("line", on=ink) if pen.style.inks > 4 and not pen.edge else 0, pen.width)


def _tree(pen: Pen, x: float) -> None:
    """Lay a tree: a trunk that forks, and three clumps of leaves."""
    u, s = pen.unit, 1 if x > 0 else -1
    trunk = smooth(
        [(x * u + dx * u * s, y * u) for dx, y in ((0.0, 0.7), (-0.04, 0.3), (0.06, -0.1), (-0.06, -0.4))], closed=False
    )
    branch = curve(((x + 0.02 * s) * u, 0.12 * u), ((x - 0.42 * s) * u, -0.28 * u), 0.12 * s)
    width = max(1.5 * pen.width, 0.11 * u)
    pen.lay(Shape(trunk, pen.body, width), Shape(branch, pen.body, 0.8 * width))
    lit = pen.style.ink("detail", on=pen.green) if pen.style.inks == 6 else pen.green
    for dx, y, size, ink in ((-0.52, -0.3, 0.38, pen.green), (0.34, -0.36, 0.4, pen.green), (-0.08, -0.66, 0.5, lit)):
        _crown(pen, x + dx * s, y, size, ink)
    pen.part("trees")


def _cottage(pen: Pen, x: float) -> None:
    """Lay a gabled cottage with a door, a window and a chimney."""
    u = pen.unit

    def at(*points: tuple[float, float]) -> skia.Path:
        return polygon([((x + dx) * u, (y - _RISE) * u) for dx, y in points])

    pen.lay(Shape(at((0.16, 0.2), (0.16, -0.12), (0.28, -0.12), (0.28, 0.24)), pen.body))
    pen.lay(Shape(at((-0.36, 0.7), (-0.36, 0.28), (0.36, 0.28), (0.36, 0.7)), pen.body))
    pen.lay(Shape(at((-0.5, 0.34), (0.0, -0.08), (0.5, 0.34)), pen.bright))
    pen.ink(at((-0.24, 0.7), (-0.24, 0.46), (-0.06, 0.46), (-0.06, 0.7)), 0)
    pen.ink(at((0.08, 0.58), (0.08, 0.44), (0.24, 0.44), (0.24, 0.58)), 0)


def _temple(pen: Pen, x: float) -> None:
    """Lay a temple of two swept roofs on posts."""
    u = pen.unit

    def roof(y: float, half: float) -> skia.Path:
        path = skia.Path()
        y -= _RISE
        path.moveTo((x - half) * u, (y - 0.02) * u)
        path.quadTo((x - 0.3 * half) * u, (y - 0.02) * u, x * u, (y - 0.34) * u)
        path.quadTo((x + 0.3 * half) * u, (y - 0.02) * u, (x + half) * u, (y - 0.02) * u)
        path.quadTo(x * u, (y + 0.18) * u, (x - half) * u, (y - 0.02) * u)
        path.close()
        return path

    def wall(low: float, high: float, half: float) -> skia.Path:
        left, right, foot, top = ((x - half) * u, (x + half) * u, (low - _RISE) * u, (high - _RISE) * u)
        return polygon([(left, foot), (left, top), (right, top), (right, foot)])

    pen.lay(Shape(wall(0.7, 0.26, 0.32), pen.body))
    pen.ink(
        merged(wall(0.7, 0.4, 0.07) if not k else placed(wall(0.58, 0.4, 0.055), 0, 0.2 * k * u) for k in (-1, 0, 1)), 0
    )
    pen.lay(Shape(roof(0.3, 0.58), pen.bright))
    pen.lay(Shape(wall(0.06, -0.12, 0.17), pen.body))
    pen.lay(Shape(roof(-0.1, 0.42), pen.bright))
    pen.lay(Shape(placed(drop(0.26 * u, 0.16 * u), 0, x * u, (-0.48 - _RISE) * u), pen.bright))


def _urn(pen: Pen, x: float) -> None:
    """Lay an urn on a plinth, leaves falling over its rim."""
    u = pen.unit
    plinth = polygon(
        [((x + dx) * u, (y - _RISE) * u) for dx, y in ((-0.3, 0.74), (-0.22, 0.34), (0.22, 0.34), (0.3, 0.74))]
    )
    pen.lay(Shape(plinth, pen.body))
    bowl = blob(u, *((x + dx, y - _RISE) for dx, y in _BOWL))
    pen.lay(Shape(bowl, pen.bright))
    sprays = [
        placed(leaf_path(0.46 * u, 0.2 * u, 0.2 * s), a, x * u, (0.02 - _RISE) * u)
        for a, s in ((-1.2, -1), (1.2, 1), (-0.55, -1), (0.55, 1), (0, 0))
    ]
    pen.lay(*(Shape(p, pen.green) for p in sprays), cut=0.6)


@family("toile", nouns=("toile scene", "toile scenes"), directed=True, scales=(48.0, 128.0))
def toile(rng: Chance, radius: float, style: Style) -> Motif:
    """Return an island with a tree and a cottage, a temple or an urn, and birds or none."""
    form = rng.pick("form", ("cottage", "temple", "urn"))
    side = rng.side()
    pen = Pen(radius, style, span=1.1)
    u = pen.unit
    _tree(pen, 0.42 * side)
    {"cottage": _cottage, "temple": _temple, "urn": _urn}[form](pen, -0.5 * side)
    _ground(pen)
    if form != "temple" and rng.yes("birds", 0.5):
        for x, y in ((-0.62 * side, -0.66), (-0.92 * side, -0.44)):
            tips = [(s, ((x + 0.17 * s) * u, (y - 0.12) * u)) for s in (-1, 1)]
            pen.ink(merged(spike((x * u, y * u), tip, 2 * pen.width, bow=0.25 * s) for s, tip in tips), pen.body)
    return pen.motif()
