"""What ornament is built from: acanthus leaves, tendrils that curl up, and pieces that face their mirror image."""

import math

import skia

from patterns.motif.canvas import Shape
from patterns.motif.parts import Pen, Point, dots, placed
from patterns.motif.spine import Spine


def twin(path: skia.Path) -> skia.Path:
    """Return a path together with its mirror image about the upright axis."""
    mirrored = placed(path, 0.0, flip=True)
    return skia.Op(path, mirrored, skia.PathOp.kUnion_PathOp) or path


def bending(foot: Point, length: float, *, start: float, turn: float, late: float = 1.0) -> Spine:
    """Return a spine from ``foot`` that begins at the heading ``start`` and turns by ``turn`` radians.

    It bends evenly where ``late`` is 1, toward its tip where it is more.
    """
    return Spine(foot, length, lambda t: start + turn * t**late)


def acanthus(pen: Pen, spine: Spine, width: float, ink: int, *, lobes: int = 4, right: bool = False) -> None:
    """Lay a pair of acanthus leaves, the one on ``spine`` and its mirror image.

    A leaf is about ``width`` px wide and lobed on one side, the left unless ``right`` is said.
    """

    def swell(t: float) -> float:
        return math.sin(math.pi * min(1.0, 0.1 + 0.9 * t) ** 0.8) ** 0.6

    def outer(t: float) -> float:
        return 0.72 * width * swell(t) * (0.6 + 0.4 * abs(math.sin(math.pi * (lobes * t + 0.12))))

    def inner(t: float) -> float:
        return 0.28 * width * swell(t)

    pen.lay(Shape(twin(spine.body(outer, inner) if right else spine.body(inner, outer)), ink))
    pen.part("leaves")
    if width > 4.5 * pen.width:
        rib = spine.body(lambda t: 0.75 * pen.width * (1 - t) ** 0.6, ends=(0.08, 0.8))
        pen.vein([twin(rib)], on=ink, level=1)
        pen.part("veins")


def tendrils(pen: Pen, spine: Spine, width: float, ink: int, *, bead: float = 0.0) -> None:
    """Lay a pair of stems that thin toward their tips, which end in a bead of radius ``bead`` px if there is one."""
    stem = spine.body(lambda t: max(0.5 * pen.width, 0.5 * width * (1 - 0.55 * t)))
    pieces = [Shape(twin(stem), ink)]
    if bead:
        pieces.append(Shape(twin(dots([spine.at(1.0)], bead)), ink))
    pen.lay(*pieces)
