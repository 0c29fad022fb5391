"""Pomegranates: a crowned round fruit, whole and ribbed or opened on its seeds, with leaves or bare."""

from patterns.motif.canvas import Shape
from patterns.motif.family import Chance, Motif, Style, family
from patterns.motif.parts import Leaf, Pen, blob, curve, drop, leaf_path, placed, polygon

_CROWN = ((-0.32, -0.7), (-0.56, -1.32), (-0.2, -1.08), (0, -1.4), (0.2, -1.08), (0.56, -1.32), (0.32, -0.7))
_BODY = (
    (0, -0.84),
    (0.58, -0.68),
    (0.92, -0.02),
    (0.68, 0.64),
    (0, 0.9),
    (-0.68, 0.64),
    (-0.92, -0.02),
    (-0.58, -0.68),
)
# Rows of seeds from above: (y, count), in units.
_SEEDS = (((-0.2, 1), (0.22, 2)), ((-0.36, 1), (-0.1, 2), (0.18, 3), (0.46, 2)))


def _opened(pen: Pen) -> None:
    """Open the fruit on a lens of seeds."""
    u = pen.unit
    flesh = pen.style.ink("detail", on=pen.body) if pen.style.inks == 6 else 0
    lens = placed(leaf_path(1.52 * u, 1.14 * u, 0.0), 0.0, 0, 0.8 * u)
    pen.lay(Shape(lens, flesh), cut=1.0 if flesh else 0)
    seed = pen.style.ink("accent", on=flesh) if pen.style.inks > 2 else pen.body
    rows = ((0.06, 1),) if pen.radius < 12 else _SEEDS[1] if u > 13 * pen.width else _SEEDS[0]
    pitch = 0.25 if len(rows) > 2 else 0.4
    size = max(2.6, pitch * u - 0.9 * pen.width)
    for y, count in rows:
        for x in (i - (count - 1) / 2 for i in range(count)):
            pen.ink(placed(drop(size * 1.3, size * 0.95), 0, x * pitch * u, y * u + 0.04 * u), seed)
    pen.part("seeds")


def _whole(pen: Pen, rng: Chance) -> None:
    """Cut ribs down the fruit, or a flame up its middle."""
    u = pen.unit
    flame = pen.style.ink("accent", on=pen.body)
    if flame and rng.yes("flame", 0.5):
        pen.ink(placed(leaf_path(1.1 * u, 0.66 * u, 0.0), 0, 0, 0.6 * u), flame)
        return
    ribs = [curve((x * u, 0.56 * u), (x * 0.9 * u, -0.48 * u), -0.3 * x) for x in (-0.46, 0.0, 0.46)]
    ink = pen.style.ink("line", on=pen.body) if not pen.edge else 0
    for rib in ribs if u > 8 * pen.width else ribs[::2]:
        pen.ink(rib, ink, max(pen.width, 0.08 * u))
    pen.part("ribs")


@family("pomegranate", nouns=("pomegranate", "pomegranates"), scales=(34.0, 112.0), weight=0.7)
def pomegranate(rng: Chance, radius: float, style: Style) -> Motif:
    """Return a pomegranate, its crown up, with leaves from below or bare."""
    leafy = radius > 15 and rng.yes("leafy", 0.65)
    pen = Pen(radius, style, span=1.45 if leafy else 1.12)
    u = pen.unit
    if leafy:
        sides = ((-1, 1), (-1, 1), (-1,), (1,))[rng.pick("leaves", range(4))]
        leaves = [Leaf(0, 1.15 * u, s * 1.45, 1.5 * u, 0.66 * u, -0.3 * s) for s in sides]
        pen.leaves(leaves, stems=[curve((0, 0.7 * u), (0.1 * u, 1.6 * u), 0.1)], thick=0.16)
    pen.lay(Shape(polygon([(x * u, y * u) for x, y in _CROWN]), pen.body))
    pen.lay(Shape(blob(u, *_BODY), pen.body))
    if rng.yes("opened", 0.62):
        _opened(pen)
    else:
        _whole(pen, rng)
    pen.part("crown", "fruit")
    return pen.motif()
