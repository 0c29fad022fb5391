"""Stars of five to eight points, faceted, nested or plain."""

import math

from patterns.motif.canvas import Shape
from patterns.motif.family import Chance, Motif, Style, family
from patterns.motif.parts import Pen, dots, merged, polar, polygon, spike


def _star(points: int, outer: float, inner: float, turn: float) -> list[tuple[float, float]]:
    return [polar(turn + math.pi * i / points, inner if i % 2 else outer) for i in range(2 * points)]


_FORM_NAMES = ("rayed", "faceted", "nested")


@family("star", nouns=("star", "stars"), scales=(30.0, 96.0), weight=0.8)
def star(rng: Chance, radius: float, style: Style) -> Motif:
    """Return a star, one point up."""
    pen = Pen(radius, style)
    u, points = pen.unit, rng.pick("points", range(5, 9))
    inner = u * float(rng.uniform(0.42, 0.55)) if points < 7 else u * float(rng.uniform(0.55, 0.66))
    rim = _star(points, u, inner, 0.0)
    form = (
        rng.pick("form", (0, 1, 2) if style.inks > 2 else (0, 2), called=_FORM_NAMES)
        if pen.level
        else 2 * int(rng.yes("form", 0.3))
    )
    if form == 1 and points > 5:
        rays = [
            spike(
                polar(math.pi * (2 * i + 1) / points, u * 0.5),
                polar(math.pi * (2 * i + 1) / points, u * 0.98),
                u * 0.16,
            )
            for i in range(points)
        ]
        pen.lay(*(Shape(r, pen.green) for r in rays), cut=0.5)
        pen.part("rays")
    pen.lay(Shape(polygon(rim), pen.body))
    if form == 1:
        facets = [polygon([(0, 0), rim[2 * i], rim[2 * i + 1]]) for i in range(points)]
        pen.ink(merged(facets), style.ink("second", on=pen.body))
        pen.part("facets")
    elif form == 2:
        pen.ink(polygon(_star(points, u * 0.74, inner * 0.74, 0.0)), style.ink("second", on=pen.body))
        pen.ink(polygon(_star(points, u * 0.5, inner * 0.5, 0.0)), pen.body if style.inks < 4 else style.ink("accent"))
    if form == 0:
        rays = [spike((0, 0), polar(2 * math.pi * i / points, u * 0.72), u * 0.17) for i in range(points)]
        pen.vein(rays, on=pen.body, role="second" if style.inks > 2 else "line", level=1)
    if style.inks > 4:
        notches = [polar(math.pi * (2 * i + 1) / points, inner * 0.74) for i in range(points)]
        pen.vein([dots(notches, u * 0.05)], on=pen.body)
    if form != 1 and (form or style.inks > 3):
        pen.ink(
            dots([(0, 0)], u * 0.16),
            style.ink("detail" if form else "accent", on=pen.body if style.inks < 4 or not form else 3),
        )
    return pen.motif()
