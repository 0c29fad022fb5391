"""Fish from the side, scaled or striped, with fins."""

import math

import numpy as np
import skia

from patterns.motif.canvas import Shape
from patterns.motif.family import Motif, Style, family
from patterns.motif.parts import Pen, blob, dots, petal, placed, spike


def _scales(pen: Pen, u: float) -> list[skia.Path]:
    """Return crescents in staggered columns behind the gill."""
    found = []
    for i, x in enumerate((-0.2, 0.02, 0.24, 0.46)):
        ys = (0.0,) if i == 3 else ((-0.2, 0.0, 0.2), (-0.1, 0.1))[i % 2]
        for y in ys:
            top, low = (x * u, (y - 0.08) * u), (x * u, (y + 0.08) * u)
            arc = skia.Path()
            arc.moveTo(*top)
            arc.quadTo((x + 0.17) * u, y * u, *low)
            arc.quadTo((x + 0.05) * u, y * u, *top)
            arc.close()
            found.append(arc)
    return found


@family("fish", weight=0.0, nouns=("fish", "fish"), directed=True, scales=(24.0, 96.0))
def fish(rng: np.random.Generator, radius: float, style: Style) -> Motif:
    """Return a fish that swims left; the layout mirrors it."""
    pen = Pen(radius, style)
    u, deep = pen.unit, float(rng.uniform(0.85, 1.3))
    for s in (-1, 1):
        pen.lay(
            Shape(placed(petal(0.62 * u, 0.34 * u), math.pi / 2 + 0.52 * s, 0.52 * u, 0.02 * s * u), pen.green), cut=0.5
        )
    fin = blob(u, (-0.3, -0.3 * deep), (0.0, -0.58 * deep), (0.36, -0.42 * deep), (0.3, -0.12 * deep))
    keel = blob(u, (-0.1, 0.32 * deep), (0.08, 0.56 * deep), (0.3, 0.44 * deep), (0.22, 0.2 * deep))
    pen.lay(Shape(fin, pen.green), Shape(keel, pen.green))
    body = [
        (-0.98, 0.02),
        (-0.76, -0.22),
        (-0.3, -0.4),
        (0.2, -0.28),
        (0.6, -0.08),
        (0.6, 0.08),
        (0.2, 0.28),
        (-0.3, 0.4),
        (-0.76, 0.24),
    ]
    pen.lay(Shape(blob(u, *((x, y * deep) for x, y in body)), pen.body), cut=0.8)
    if rng.random() < 0.6 and pen.level:
        pen.vein(
            _scales(pen, u), on=pen.body, role="accent" if style.inks > 3 and rng.random() < 0.5 else "line", level=1
        )
        pen.part("scales")
    else:
        bands = [
            spike((x * u, -y * deep * u), (x * u, y * deep * u), max(pen.width * 1.5, 0.1 * u), bow=-0.3)
            for x, y in ((-0.12, 0.3), (0.12, 0.24), (0.36, 0.14))
        ]
        pen.vein(bands, on=pen.body, role="accent" if style.inks > 3 else "line", level=0)
        pen.part("stripes")
    gill = spike((-0.46 * u, -0.24 * u * deep), (-0.46 * u, 0.24 * u * deep), pen.width * 1.5, bow=-0.32)
    pen.vein([gill], on=pen.body, level=1)
    side = placed(petal(0.3 * u, 0.2 * u), 1.9, -0.3 * u, 0.08 * u * deep)
    if pen.level > 1:
        pen.lay(Shape(side, pen.green), cut=0.7)
    pen.ink(
        dots([(-0.7 * u, -0.06 * u)], max(1.2, 0.085 * u)), style.ink("detail", on=pen.body) if style.inks == 6 else 0
    )
    pen.vein([dots([(-0.7 * u, -0.06 * u)], 0.04 * u)], on=0)
    pen.part("fins")
    return pen.motif()
