"""Monsteras: a great heart-shaped leaf slit to its rim between the ribs, alone, on its stalk, or two."""

import math

import skia

from patterns.motif.canvas import Shape
from patterns.motif.family import Chance, Motif, Style, family
from patterns.motif.parts import Pen, blob, curve, merged, placed, spike

# Where the slits leave the midrib and where they open at the rim, in units: right half, from the foot up.
_SLITS = (((0.3, 0.4), (1.15, 0.42)), ((0.28, 0.03), (1.2, -0.14)), ((0.24, -0.34), (1.05, -0.7)))
_HEART = (
    (0.0, 0.52), (0.16, 0.84), (0.52, 0.98), (0.92, 0.7), (1.02, 0.12), (0.8, -0.5), (0.36, -0.96), (0.0, -1.25),
    (-0.36, -0.96), (-0.8, -0.5), (-1.02, 0.12), (-0.92, 0.7), (-0.52, 0.98), (-0.16, 0.84),
)  # fmt: skip


def _slit(start: tuple[float, float], end: tuple[float, float], width: float) -> skia.Path:
    """Return a drop-shaped slit, round within the leaf and open at its rim."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    far = math.hypot(dx, dy)
    nx, ny = -dy / far * width / 2, dx / far * width / 2
    path = skia.Path()
    path.moveTo(*start)
    path.cubicTo(
        start[0] + 2.6 * nx,
        start[1] + 2.6 * ny,
        end[0] - dx * 0.4 + nx,
        end[1] - dy * 0.4 + ny,
        end[0] + 1.4 * nx,
        end[1] + 1.4 * ny,
    )
    path.lineTo(end[0] - 1.4 * nx, end[1] - 1.4 * ny)
    path.cubicTo(
        end[0] - dx * 0.4 - nx, end[1] - dy * 0.4 - ny, start[0] - 2.6 * nx, start[1] - 2.6 * ny, start[0], start[1]
    )
    path.close()
    return path


def _leaf(pen: Pen, at: tuple[float, float, float], size: float, *, ink: int) -> None:
    """Lay a leaf of ``size`` px from its middle to its rim, turned by an angle."""
    x, y, angle = at
    heart = blob(size, *_HEART)
    slits = _SLITS if size > (10 if pen.edge else 6) * pen.width else _SLITS[:2]
    width = max(1.1 * pen.width, 0.1 * size) + (1.6 * pen.width if pen.edge else 0)
    cuts = [
        _slit((s * a * size, b * size), (s * c * size, d * size), width) for (a, b), (c, d) in slits for s in (-1, 1)
    ]
    shape = skia.Op(heart, merged(cuts), skia.PathOp.kDifference_PathOp) or heart
    pen.lay(Shape(placed(shape, angle, x, y), ink))
    rib = spike((0, 0.5 * size), (0, -0.95 * size), max(1.5 * pen.width, 0.11 * size))
    if size > 6 * pen.width:
        role = "detail" if pen.style.inks == 6 and (pen.edge or angle > 0) else "line"
        pen.ink(placed(rib, angle, x, y), 0 if pen.edge and role == "line" else pen.style.ink(role, on=ink))
        pen.part("ribs")
    pen.part("leaves")


_FORM_NAMES = ("leaf", "stalk", "pair")


@family("monstera", nouns=("monstera leaf", "monstera leaves"), scales=(36.0, 112.0), weight=0.6)
def monstera(rng: Chance, radius: float, style: Style) -> Motif:
    """Return one leaf, with its stalk or without, or two that part from one foot."""
    form = (
        rng.pick("form", 3, p=(0.34, 0.36, 0.3), called=_FORM_NAMES)
        if radius > 24
        else rng.pick("form", range(2), called=_FORM_NAMES)
    )
    pen = Pen(radius, style, span=(1.05, 1.3, 1.5)[form])
    u, second = (
        pen.unit,
        style.ink("accent" if style.inks > 3 and rng.yes("accent ribs", 0.25) else "second", on=pen.body),
    )
    lean = float(rng.side() * rng.uniform(0.1, 0.35))
    thick = max(1.2 * pen.width, 0.1 * u)
    if form < 2:
        if form:
            stalk = curve((0, 0.4 * u), (0.5 * math.copysign(u, lean), 1.65 * u), 0.16 * math.copysign(1, lean))
            pen.lay(Shape(stalk, second or pen.body, thick))
            pen.part("stems")
        _leaf(pen, (0, 0, lean * 0.5), u, ink=pen.body)
        return pen.motif()
    other = style.ink("accent", on=pen.body) if style.inks > 3 and rng.yes("accent leaf", 0.6) else second or pen.body
    foot, s = (0.0, 1.75 * u), math.copysign(1, lean)
    tops = [(-0.62 * s * u, -0.35 * u, -0.35 * s, 0.95), (0.82 * s * u, 0.55 * u, 0.75 * s, 0.72)]
    pen.lay(
        *(
            Shape(curve((x, y), foot, 0.14 * s * k), second or pen.body, thick)
            for (x, y, _, _), k in zip(tops, (-1, 1), strict=True)
        )
    )
    pen.part("stems")
    for k, (x, y, angle, size) in enumerate(tops):
        _leaf(pen, (x, y, angle), size * u, ink=other if k else pen.body)
    return pen.motif()
