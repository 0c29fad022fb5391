"""Mushrooms: spotted caps on stout stems, alone or in a pair, sometimes in grass."""

import numpy as np

from patterns.motif.canvas import Shape
from patterns.motif.family import Motif, Style, family
from patterns.motif.parts import Leaf, Pen, blob, dots, placed, spike


def _mushroom(pen: Pen, rng: np.random.Generator, at: tuple[float, float], u: float) -> None:
    """Lay one mushroom whose cap's rim is centered on ``at``."""
    x, y = at
    flat = float(rng.uniform(0.8, 1.15))
    stem = blob(u, (-0.2, 0), (-0.2, 0.5), (-0.32, 0.98), (0, 1.06), (0.32, 0.98), (0.2, 0.5), (0.2, 0))
    pen.lay(Shape(placed(stem, 0, x, y), pen.green))
    cuts = [spike((a * u, 0.9 * u), (a * 0.6 * u, 0.45 * u), pen.width * 1.3) for a in (-0.1, 0.12)]
    pen.vein([placed(c, 0, x, y) for c in cuts], on=pen.green)
    gills = blob(u, (-0.78, -0.03), (0, -0.12), (0.78, -0.03), (0.4, 0.19), (0, 0.23), (-0.4, 0.19))
    under = pen.style.ink("detail", on=pen.body) if pen.style.inks == 6 else pen.green
    pen.lay(Shape(placed(gills, 0, x, y), under), cut=0.7)
    slits = [spike((a * u, 0.17 * u), (a * 0.5 * u, -0.06 * u), pen.width * 1.1) for a in (-0.45, -0.16, 0.16, 0.45)]
    pen.vein([placed(c, 0, x, y) for c in slits], on=under, level=2)
    cap = blob(
        u,
        (-0.92, -0.06),
        (-0.82, -0.4 * flat),
        (-0.42, -0.82 * flat),
        (0, -0.95 * flat),
        (0.42, -0.82 * flat),
        (0.82, -0.4 * flat),
        (0.92, -0.06),
        (0.5, 0.03),
        (0, 0.05),
        (-0.5, 0.03),
    )
    pen.lay(Shape(placed(cap, 0, x, y), pen.body), cut=0.8)
    spots = [(-0.02, -0.56, 0.17), (-0.5, -0.3, 0.13), (0.5, -0.34, 0.14), (0.16, -0.2, 0.1), (-0.2, -0.16, 0.08)]
    spots = spots if u > 11 * pen.width else spots[:3]
    role = "accent" if pen.style.inks > 3 else "ground"
    pen.vein([dots([(x + a * u, y + b * flat * u)], r * u) for a, b, r in spots], on=pen.body, role=role, level=0)


@family("mushroom", weight=0.0, nouns=("mushroom", "mushrooms"), directed=True, scales=(22.0, 96.0))
def mushroom(rng: np.random.Generator, radius: float, style: Style) -> Motif:
    """Return a mushroom, or a large one with a small one at its foot."""
    pair = radius > 16 and rng.random() < 0.5
    pen = Pen(radius, style, span=1.2 if pair else 1.0)
    u = pen.unit
    if pen.level and rng.random() < 0.5:
        blades = [
            Leaf(x * u, 1.08 * u, a, u * 0.62, u * 0.2, 0.1)
            for x, a in ((-0.3, -0.75), (-0.2, -0.25), (0.3, 0.7), (0.2, 0.3))
        ]
        pen.leaves(blades)
        pen.part("grass")
    _mushroom(pen, rng, (0, 0), u)
    if pair:
        _mushroom(pen, rng, (float(rng.choice((-1, 1))) * 0.85 * u, 0.52 * u), u * 0.55)
    pen.part("caps", "stems", "spots")
    return pen.motif()
