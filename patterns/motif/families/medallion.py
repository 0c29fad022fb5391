"""Brocade medallions: a lobed frame around a flower, with finials, the same on every side."""

import math

import skia

from patterns.motif.canvas import Shape
from patterns.motif.family import Chance, Motif, Style, family
from patterns.motif.parts import Pen, dots, drop, leaf_path, merged, petal, placed, polar, ring


def _lobed(count: int, radius: float, lobe: float, turn: float = 0.0) -> skia.Path:
    """Return a disk whose rim is ``count`` round lobes of ``lobe`` px radius, ``radius`` px to the outside of them."""
    far = radius - lobe
    whole = dots([(0, 0)], far)
    for point in ring(count, far, turn=turn):
        whole = skia.Op(whole, dots([point], lobe), skia.PathOp.kUnion_PathOp) or whole
    return whole


def _flower(pen: Pen, rng: Chance, count: int, size: float, on: int) -> None:
    """Paint the flower in the middle: petals, or leaves in a star, around an eye."""
    petals = [ink for ink in (pen.style.ink("accent", on=on), pen.body, pen.green) if ink not in (on, 0, pen.edge)]
    ink = petals[0] if petals else pen.body if on != pen.body else 0
    leafy = rng.yes("star", 0.4)
    path = leaf_path(size, 0.5 * size, 0.0) if leafy else petal(size, 4.0 * size / count, inner=0.2 * size)
    pen.ink(merged(placed(path, 2 * math.pi * k / count) for k in range(count)), ink)
    eye = pen.style.ink("line", on=ink) if pen.style.inks > 4 and not pen.edge else on
    pen.ink(dots([(0, 0)], max(0.2 * size, 1.3 * pen.width)), eye)
    pen.part("flower")


@family("medallion", nouns=("medallion", "medallions"), formal=True, scales=(44.0, 128.0))
def medallion(rng: Chance, radius: float, style: Style) -> Motif:
    """Return a medallion of four, six or eight lobes, its frame beaded or plain, with finials or without."""
    large = radius > 24
    count = rng.pick("lobes", (4, 6, 8) if large else (4, 6))
    crest = rng.pick("crest", ("none", "buds", "lilies"), p=(0.25, 0.4, 0.35)) if large else "none"
    pen = Pen(radius, style, span=1.0 if crest == "none" else 1.4)
    u, turns = pen.unit, [2 * math.pi * k / count for k in range(count)]
    lobe = {4: 0.46, 6: 0.36, 8: 0.28}[count] * u
    if crest == "buds":
        pen.lay(Shape(merged(placed(drop(0.5 * u, 0.36 * u), a, *polar(a, 1.14 * u)) for a in turns), pen.green))
    elif crest == "lilies":
        for a in turns:
            sides = [placed(leaf_path(0.42 * u, 0.2 * u, 0.34 * s), a + 0.42 * s, *polar(a, 0.92 * u)) for s in (-1, 1)]
            pen.lay(
                *(Shape(p, pen.green) for p in sides),
                Shape(placed(leaf_path(0.5 * u, 0.22 * u, 0.0), a, *polar(a, 0.92 * u)), pen.green),
            )
    pen.lay(Shape(_lobed(count, u, lobe), pen.body))
    frame = rng.pick("frame", ("plain", "beaded", "double"), p=(0.4, 0.3, 0.3)) if large else "plain"
    band = max((0.2 if frame == "beaded" else 0.13) * u, 1.6 * pen.width)
    second = pen.green if pen.green != pen.body else 0
    field = second if rng.yes("filled", 0.5) else style.ink("detail", on=pen.body) if style.inks == 6 else 0
    if frame == "beaded":
        pen.ink(dots(ring(count, u - 0.6 * band), 0.34 * band), 0)
    if frame == "double":
        pen.ink(_lobed(count, u - 0.9 * band, lobe - 0.9 * band), 0 if field else second)
        band = 0.9 * band + pen.width
    pen.ink(_lobed(count, u - band, lobe - min(band, 0.8 * lobe)), field)
    _flower(pen, rng, 8 if count == 4 else count, 0.7 * u - band * 0.5, field)
    return pen.motif()
