"""Mushrooms: spotted toadstools, slender bonnets in clusters, chanterelle-like funnels, with gills, rings and grass."""

import math

import skia

from patterns.motif.canvas import Shape
from patterns.motif.family import Chance, Motif, Style, family
from patterns.motif.parts import Pen, Point, blob, dots, leaf_path, merged, placed, spike
from patterns.motif.spine import Spine, within

# Outlines of the right half of a cap, from the middle of its crown to the corner of its rim, in units.
_CAPS = (
    ((0.0, -0.96), (0.52, -0.82), (0.92, -0.4), (1.0, -0.02)),
    ((0.0, -0.66), (0.6, -0.54), (1.06, -0.2), (1.1, 0.0)),
    ((0.0, -1.32), (0.26, -1.14), (0.48, -0.62), (0.78, 0.0)),
)
# Spots of a cap: (across, up in parts of its height, size), largest first; those at its edge are cut by it.
_SPOTS = (
    (-0.1, 0.58, 0.19),
    (0.5, 0.4, 0.16),
    (-0.62, 0.3, 0.16),
    (0.04, 0.18, 0.11),
    (0.94, 0.1, 0.13),
    (-0.42, 0.86, 0.1),
)


def _cap(kind: int, u: float, sag: float) -> skia.Path:
    """Return a cap over its rim, which sags by a share of a unit, the middle of its corners at the origin."""
    half = _CAPS[kind]
    edge = 0.86 * half[-1][0]
    return blob(u, *half, (edge, 0.5 * sag), (0.0, sag), (-edge, 0.5 * sag), *((-a, b) for a, b in half[:0:-1]))


def _gills(pen: Pen, at: Point, u: float, wide: float) -> None:
    """Lay the underside of a cap, its gills cut into it around the stem."""
    x, y = at
    under = placed(
        blob(u, (-wide, 0), (0, -0.16), (wide, 0), (0.62 * wide, 0.3), (0, 0.4), (-0.62 * wide, 0.3)), 0, x, y
    )
    ink = pen.style.ink("detail", on=0) if pen.style.inks == 6 else pen.green
    pen.lay(Shape(under, ink), cut=0.9)
    rays = []
    for k in (-3, -2, -1, 1, 2, 3):
        rim = (x + 0.31 * k * wide * u, y + (0.46 - 0.036 * k * k) * u)
        rays.append(spike(rim, (x + 0.1 * k * u, y - 0.06 * u), 1.6 * pen.width))
    line = pen.style.ink("line", on=ink) if pen.style.inks > 4 else pen.edge
    pen.ink(within(merged(rays), under), line)
    pen.part("gills")


def _toadstool(pen: Pen, rng: Chance, at: tuple[float, float, float], what: tuple[int, float, bool]) -> None:
    """Lay a toadstool whose rim is centered on (x, y), leaning by an angle: a bellied stem, a ring, a spotted cap."""
    (x, y, lean), (kind, u, ringed) = at, what
    spine = Spine((x, y), 1.22 * u, lambda t: math.pi - lean * (1 - t))
    thick, wide = 0.2 if kind != 2 else 0.15, _CAPS[kind][-1][0]
    gilled = kind != 2 and u > 13 * pen.width and rng.yes("gills", 0.55)
    if gilled:
        _gills(pen, (x, y), u, 0.92 * wide)

    def half(t: float) -> float:
        """Return half the stem's width: bellied, its foot round."""
        foot = math.sqrt(max(0.0, 1 - ((t - 0.82) / 0.18) ** 2)) if t > 0.82 else 1.0
        return max(thick * u * (1 + 0.75 * t**3), 1.4 * pen.width) * foot

    pen.lay(Shape(spine.body(half, ends=(0.04, 1.0)), pen.green))
    if ringed and kind != 2 and u > 13 * pen.width:
        (rx, ry), turn = spine.at(0.56), spine.heading(0.56) - math.pi
        frill = blob(
            u, (-0.24, -0.1), (0, -0.14), (0.24, -0.1), (0.4, 0.12), (0.14, 0.1), (0, 0.16), (-0.14, 0.1), (-0.4, 0.12)
        )
        ink = pen.style.ink("detail", on=0) if pen.style.inks == 6 else pen.green
        pen.lay(Shape(placed(frill, turn, rx, ry), ink), cut=0.9)
        pen.part("ringed")
    cap = placed(_cap(kind, u, -0.1 if gilled else 0.2), 0 if gilled else 0.35 * lean, x, y)
    pen.lay(Shape(cap, pen.body))
    _spotted(pen, cap, (x, y, kind), u)
    pen.part("caps", "stems")


def _spotted(pen: Pen, cap: skia.Path, at: tuple[float, float, int], u: float) -> None:
    """Paint a cap's spots, the outer ones cut by its edge."""
    x, y, kind = at
    ink = pen.style.ink("accent", on=pen.body) if pen.style.inks > 3 else 0
    ink = 0 if ink == pen.edge else ink
    # In bare cloth, spots at the edge would bite into the outline.
    count = (6 if ink else 4) if u > 14 * pen.width else 3 if u > 7 * pen.width else 1
    narrow, height = (0.56, 1.25) if kind == 2 else (1.0, -_CAPS[kind][0][1])
    spots = [
        dots([(x + a * narrow * u, y - b * height * u)], max(size * u * (0.8 if kind == 2 else 1.0), 1.1 * pen.width))
        for a, b, size in _SPOTS[:count]
    ]
    pen.ink(within(merged(spots), cap), ink)
    pen.part("spots")


def _funnel(pen: Pen, at: Point, u: float) -> None:
    """Lay a chanterelle: a funnel whose wavy rim turns up, gills running down its stem."""
    x, y = at
    rim = blob(
        u,
        (-1.0, -0.42),
        (-0.5, -0.66),
        (-0.1, -0.5),
        (0.4, -0.7),
        (1.02, -0.4),
        (0.6, -0.2),
        (0.1, -0.12),
        (-0.5, -0.2),
    )
    body = blob(
        u,
        (-0.94, -0.36),
        (0.0, -0.3),
        (0.96, -0.34),
        (0.42, 0.2),
        (0.22, 0.7),
        (0.3, 1.14),
        (-0.24, 1.14),
        (-0.2, 0.7),
        (-0.4, 0.2),
    )
    pen.lay(Shape(placed(body, 0, x, y), pen.body))
    cuts = [
        spike((x + a * u, y - 0.16 * u), (x + 0.22 * a * u, y + 0.72 * u), 1.6 * pen.width, bow=0.12 * a)
        for a in ((-0.62, -0.3, 0.0, 0.32, 0.64) if u > 11 * pen.width else (-0.42, 0.0, 0.42))
    ]
    pen.ink(
        within(merged(cuts), placed(body, 0, x, y)),
        pen.style.ink("line", on=pen.body) if pen.style.inks > 4 and not pen.edge else pen.edge,
    )
    top = pen.style.ink("accent", on=pen.body) if pen.style.inks > 3 else pen.green
    pen.lay(Shape(placed(rim, 0, x, y), pen.green if top == pen.edge else top), cut=0.9)
    pen.part("caps", "gills", "stems")


def _grass(pen: Pen, rng: Chance, foot: float) -> None:
    """Lay blades of grass about the foot."""
    u = pen.unit
    leans = (-0.95, -0.4, 0.45, 1.0) if pen.level > 1 else (-0.9, 0.9)
    for a in leans:
        long = u * float(rng.uniform(0.6, 0.85))
        blade = leaf_path(long, max(0.2 * u, 2.6 * pen.width), 0.2 * math.copysign(1, a))
        pen.lay(Shape(placed(blade, a, 0.42 * u * a, foot), pen.green), cut=0.8)
    pen.part("grass")


@family("mushroom", nouns=("mushroom", "mushrooms"), directed=True, scales=(32.0, 112.0), weight=1.3)
def mushroom(rng: Chance, radius: float, style: Style) -> Motif:
    """Return a mushroom, a large one with a small one at its foot, or a cluster of three."""
    count = rng.pick("count", (1, 2, 3), p=(0.42, 0.3, 0.28)) if radius > 22 else 1
    pen = Pen(radius, style, span=(1.1, 1.4, 1.5)[count - 1])
    u, s, kind = pen.unit, rng.side(), rng.pick("kind", 4, p=(0.4, 0.2, 0.22, 0.18))
    if count < 3 and rng.yes("grass", 0.5):
        _grass(pen, rng, 1.14 * u)
    if kind == 3:
        for x, y, size in ((s * 0.86, 0.42, 0.64),) if count > 1 else ():
            _funnel(pen, (x * u, y * u), size * u)
        _funnel(pen, (0.0, 0.0), u)
        return pen.motif()
    lean = s * float(rng.uniform(-0.1, 0.3))
    others = ((s * 0.92, 0.46, -s * 0.45, 0.62), (-s * 0.84, 0.62, s * 0.45, 0.5))[: count - 1]
    for x, y, turn, size in others:
        _toadstool(pen, rng, (x * u, y * u, turn), (kind, size * u, False))
    _toadstool(pen, rng, (0.0, 0.0, lean), (kind, u, count == 1 and rng.yes("ring", 0.6)))
    return pen.motif()
