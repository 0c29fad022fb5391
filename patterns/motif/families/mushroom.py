"""Mushrooms: spotted caps on stout stems, domed, flat or bell-shaped, alone or with a small one, on grass or bare."""

import numpy as np

from patterns.motif.canvas import Shape
from patterns.motif.family import Motif, Style, family
from patterns.motif.parts import Leaf, Pen, blob, curve, dots, leaf_path, placed

# Outlines of the right half of a cap, from the middle of its crown to the middle of its rim, in units.
_CAPS = (
    ((0.0, -0.98), (0.5, -0.84), (0.9, -0.42), (1.0, 0.0), (0.5, 0.12)),
    ((0.0, -0.72), (0.6, -0.58), (1.06, -0.18), (1.0, 0.06), (0.5, 0.12)),
    ((0.0, -1.3), (0.3, -1.1), (0.52, -0.6), (0.82, 0.02), (0.42, 0.14)),
)
# Spots of a cap: (across, up in parts of its height, size), largest first.
_SPOTS = ((0.0, 0.6, 0.17), (-0.52, 0.34, 0.14), (0.5, 0.3, 0.15), (0.0, 0.16, 0.1))


def _mushroom(pen: Pen, kind: int, at: tuple[float, float], u: float) -> None:
    """Lay one mushroom whose cap's rim is centered on ``at``."""
    x, y = at
    stem = blob(u, (-0.24, 0), (-0.22, 0.55), (-0.36, 1.04), (0, 1.14), (0.36, 1.04), (0.22, 0.55), (0.24, 0))
    pen.lay(Shape(placed(stem, 0, x, y), pen.green))
    big = u > 10 * pen.width
    if big:
        frill = blob(
            u, (-0.3, 0.24), (0, 0.2), (0.3, 0.24), (0.42, 0.5), (0.14, 0.44), (0, 0.52), (-0.14, 0.44), (-0.42, 0.5)
        )
        ink = pen.style.ink("detail", on=pen.green) if pen.style.inks == 6 else pen.green
        pen.lay(Shape(placed(frill, 0, x, y), ink), cut=0.9)
    half = _CAPS[kind]
    cap = blob(u, *half, (0.0, 0.16), *((-a, b) for a, b in half[:0:-1]))
    pen.lay(Shape(placed(cap, 0, x, y), pen.body))
    spot = pen.style.ink("accent", on=pen.body) if pen.style.inks > 3 else 0
    count = 4 if u > 13 * pen.width else 3 if u > 7 * pen.width else 1
    narrow, height = (0.62 if kind == 2 else 1.0), -half[0][1]
    for a, b, size in _SPOTS[:count]:
        far = max(size * u * (0.85 if kind == 2 else 1.0), 1.2 * pen.width)
        pen.ink(dots([(x + a * narrow * u, y - b * height * u)], far), spot)
    if big and pen.style.inks > 4:
        rim = curve((x - 0.74 * narrow * u, y - 0.06 * u), (x + 0.74 * narrow * u, y - 0.06 * u), 0.1)
        pen.ink(rim, pen.style.ink("detail" if pen.edge else "line", on=pen.body), max(pen.width, 0.06 * u))
    pen.part("caps", "spots", "stems")


@family("mushroom", nouns=("mushroom", "mushrooms"), directed=True, scales=(32.0, 112.0))
def mushroom(rng: np.random.Generator, radius: float, style: Style) -> Motif:
    """Return a mushroom, or a large one with a small one at its foot."""
    pair, kind = radius > 22 and rng.random() < 0.45, int(rng.choice(3, p=(0.5, 0.25, 0.25)))
    pen = Pen(radius, style, span=1.4 if pair else 1.1)
    u, s = pen.unit, float(rng.choice((-1, 1)))
    if rng.random() < 0.5:
        lean = ((-0.95, 0.95), (-0.95, -0.4, 0.4, 0.95))[int(u > 8 * pen.width)]
        blades = [Leaf(0.22 * u * np.sign(a), 1.12 * u, a, 0.85 * u, 0.3 * u, 0.12 * np.sign(a)) for a in lean]
        pen.lay(*(Shape(placed(leaf_path(f.length, f.width, f.bend), f.angle, f.x, f.y), pen.green) for f in blades))
        pen.part("grass")
    if pair:
        _mushroom(pen, kind, (s * 0.98 * u, 0.48 * u), 0.6 * u)
    _mushroom(pen, kind, (0, 0), u)
    return pen.motif()
