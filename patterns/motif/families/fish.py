"""Fish: from the side, deep or slender, scaled, banded, spotted or two-toned, with rayed fins; and koi from above."""

import math

import numpy as np
import skia

from patterns.motif.canvas import Shape
from patterns.motif.family import Chance, Motif, Style, family
from patterns.motif.parts import Pen, dots, leaf_path, merged, petal, placed, polar, scalloped, spike
from patterns.motif.spine import Profile, Spine, within


def _profile(depth: float, *, blunt: float) -> Profile:
    """Return half a fish's height in px from its snout at 0 to the root of its tail at 1; ``blunt`` below 1 rounds."""
    return lambda t: depth * (2.42 * max(t, 0.0) ** blunt * max(1 - t, 0.0) ** 0.9 + 0.2 * max(t, 0.0) ** 2)


def _tail(pen: Pen, rng: Chance, spine: Spine, size: float) -> None:
    """Lay the tail: forked, a rayed fan, or flowing in three."""
    (x, y), turn = spine.at(0.97), spine.heading(1.0)
    form = rng.pick("tail", 3, p=(0.45, 0.3, 0.25)) if pen.level else 0
    if form == 0:
        lobes = [placed(leaf_path(size, 0.46 * size, -0.16 * s), turn + s * 0.56, x, y) for s in (-1, 1)]
        pen.lay(*(Shape(p, pen.green) for p in lobes))
        rays = [(s * 0.56, 0.34, 0.72) for s in (-1, 1)]
    elif form == 1:
        pen.lay(Shape(placed(scalloped(size, 0.72, 3, depth=0.08, fall=-0.12), turn, x, y), pen.green))
        rays = [(a, 0.36, 0.78) for a in (-0.4, 0.0, 0.4)]
    else:
        for a, bend in ((0.75, 0.24), (-0.75, -0.24), (0.0, 0.0)):
            pen.lay(Shape(placed(leaf_path(1.2 * size, 0.5 * size, bend), turn + a, x, y), pen.green), cut=0.8)
        rays = []
    if size > 9 * pen.width:
        cuts = [spike((0, -size * a), (0, -size * b), 1.4 * pen.width) for _, a, b in rays]
        pen.vein([placed(c, turn + a, x, y) for c, (a, _, _) in zip(cuts, rays, strict=True)], on=pen.green)


def _fin(pen: Pen, fish: tuple[Spine, Profile], reach: tuple[float, float, float], *, back: float) -> None:
    """Lay a fin on the back (height below 0) or belly between two places, with its rays; ``back`` is where it peaks."""
    spine, body = fish
    start, end, high = reach
    side, peak = math.copysign(1, high), start + (end - start) * (0.2 + 0.95 * back)
    rear = 0.5 * (peak + end) if peak < end else end
    edge = [
        (start, 0.6 * side * body(start)),
        (0.5 * (start + peak), side * body(0.5 * (start + peak)) + 0.66 * high),
        (peak, side * body(min(peak, 1.0)) + high),
        (rear, side * body(rear) + (0.62 if peak < end else 0.36) * high),
        (end, 0.6 * side * body(end)),
    ]
    fin = spine.curve(edge)
    pen.lay(Shape(fin, pen.green))
    if abs(high) > 4.2 * pen.width:
        cuts = []
        for k in range(3):
            t = start + (end - start) * (0.22 + 0.22 * k)
            tall, lean = 0.56 + (0.2 if k == 1 else 0.08 * (k * (2 * back - 1))), 0.02 + 0.12 * back
            low, top = spine.at(t, side * (body(t) + 1.4 * pen.width)), spine.at(t + lean, side * body(t) + tall * high)
            cuts.append(spike(low, top, 1.3 * pen.width))
        pen.vein([within(merged(cuts), fin)], on=pen.green)


def _scales(pen: Pen, spine: Spine, body: Profile, region: skia.Path) -> None:
    """Lay scales over each other from the tail forward, every other column of another ink."""
    tall = 2 * max(body(t / 20) for t in range(20))
    rows = int(np.clip(tall / (4.6 * pen.width), 2, 5))
    pitch = tall / rows
    step = 0.62 * pitch / spine.length
    other = pen.style.ink("second", on=pen.body) if pen.style.inks > 2 else pen.body
    columns = int(0.72 / step)
    for k in range(columns, -1, -1):
        t = 0.3 + step * (k - 0.5)
        spots = [(t, pitch * (j + 0.5 * (k % 2))) for j in range(-rows, rows + 1)]
        at = [spine.at(*p) for p in spots if abs(p[1]) < body(t) + 0.5 * pitch]
        pen.ink(within(dots(at, 0.62 * pitch), region), pen.edge)
        ink = other if k % 2 and other != pen.body else pen.body
        pen.ink(within(dots(at, 0.62 * pitch - 0.9 * pen.width), region), ink)
    pen.part("scales")


def _stripes(pen: Pen, rng: Chance, spine: Spine, body: Profile) -> None:
    """Lay bands across the body that bow toward the tail."""
    inks = pen.style
    ink = inks.ink("accent" if inks.inks > 3 and rng.yes("accent stripes", 0.4) else "second", on=pen.body)
    count = 3 if pen.level > 1 else 2
    first, step = float(rng.uniform(0.32, 0.38)), 0.58 / count
    for k in range(count):
        t, wide = first + step * k, step * float(rng.uniform(0.4, 0.52))
        low, high = ([(e + 0.05 * (1 - (s / 4) ** 2), s / 4) for s in range(-4, 5)] for e in (t, t + wide))
        places = [(e, f * 1.02 * body(e)) for e, f in (*low, *reversed(high))]
        pen.ink(spine.shape(places), ink)
    pen.part("stripes")


def _spots(pen: Pen, rng: Chance, spine: Spine, body: Profile) -> None:
    """Scatter spots over the back in staggered rows."""
    inks = pen.style
    ink = inks.ink("accent" if inks.inks > 3 and rng.yes("accent spots", 0.5) else "second", on=pen.body)
    size = max(1.1 * pen.width, 0.13 * max(body(0.3), body(0.4)))
    columns = int(0.55 / (3.4 * size / spine.length))
    places = [(0.34 + 0.55 * (k + 0.5) / columns, (k + j) % 2) for k in range(columns) for j in range(2)]
    at = [
        spine.at(t, s * f * body(t))
        for t, odd in places
        for s in (-1, 1)
        for f in ((0.0,) if odd and s > 0 else (0.55,) if not odd else ())
        if body(t) * 0.55 > 2.1 * size
    ]
    pen.ink(dots(at, size), ink)
    pen.part("spots")


def _side(pen: Pen, rng: Chance) -> None:
    """Draw a fish from the side, its head to the left."""
    u = pen.unit
    form = rng.pick("body", 3, p=(0.4, 0.38, 0.22) if u > 24 else (0.5, 0.5, 0.0))
    depth = u * (0.35, 0.5, 0.25)[form] * float(rng.uniform(0.94, 1.1))
    bend = float(rng.uniform(-0.3, 0.3)) if form != 1 else 0.0
    length = u * (1.45, 1.3, 1.6)[form]
    spine = Spine((-u, 0), length, lambda t: math.pi / 2 + bend * (2 * t - 1))
    body = _profile(depth, blunt=(0.55, 0.62, 0.6)[form])
    _tail(pen, rng, spine, u * (0.62, 0.6, 0.5)[form])
    high, back = u * (0.26, rng.pick("back", (0.36, 0.55)), 0.17)[form], float(rng.uniform(0.25, 0.8))
    back = max(back, 0.7) if high > 0.5 * u else back
    _fin(pen, (spine, body), (0.3, (0.66, 0.8, 0.58)[form], -high), back=back)
    _fin(pen, (spine, body), ((0.52, 0.45, 0.6)[form], (0.74, 0.82, 0.78)[form], 0.85 * high), back=back)
    pen.part("fins", "tail")
    whole = spine.body(body)
    pen.lay(Shape(whole, pen.body))
    _patterned(pen, rng, spine, body)
    _head(pen, rng, spine, body)


def _patterned(pen: Pen, rng: Chance, spine: Spine, body: Profile) -> None:
    """Pattern the flank: scales, stripes, spots, or a belly of another ink."""
    form = rng.pick("pattern", ("scales", "stripes", "spots", "belly"), p=(0.36, 0.3, 0.16, 0.18))
    if not pen.level or (form == "belly" and pen.style.inks < 3):
        form = "stripes" if pen.level else ""
    if form == "scales" and body(0.35) > 4.4 * pen.width:
        _scales(pen, spine, body, within(spine.body(body), spine.body(lambda t: 3 * body(0.4), ends=(0.27, 1.0))))
    elif form == "spots" and body(0.35) > 5 * pen.width:
        _spots(pen, rng, spine, body)
    elif form == "belly":
        pen.ink(spine.body(lambda t: body(t), lambda t: -0.12 * body(t)), pen.style.ink("second", on=pen.body))
        line = spine.body(lambda t: 0.12 * body(t) + 0.5 * pen.width, lambda t: -0.12 * body(t) + 0.5 * pen.width)
        pen.ink(line, pen.edge)
    elif form:
        _stripes(pen, rng, spine, body)


def _head(pen: Pen, rng: Chance, spine: Spine, body: Profile) -> None:
    """Color the head now and then, cut the gill, lay the fin behind it, and set the eye."""
    u, inks = pen.unit, pen.style
    gill = [(0.29 - 0.1 * (k / 6) ** 2, k / 6) for k in range(-6, 7)]
    face = spine.shape([(t, 1.1 * f * body(t)) for t, f in gill] + [(-0.1, -u), (-0.1, u)][::-1])
    on = pen.body
    ink = inks.ink("accent" if inks.inks > 3 else "second", on=pen.body)
    if ink and rng.yes("colored head", 0.4):
        pen.ink(within(face, spine.body(body)), ink)
        on = ink
    else:
        pen.ink(within(face, spine.body(body)), pen.body)
    if pen.level:
        line = spine.curve([(t, 0.96 * f * body(t)) for t, f in gill], closed=False)
        pen.ink(line, pen.edge, 1.1 * pen.width)
    if pen.level > 1 and body(0.35) > 6 * pen.width:
        x, y = spine.at(0.31, 0.14 * body(0.35))
        fin = placed(petal(0.34 * u, 0.24 * u), spine.heading(0.3) + 0.32, x, y)
        pen.lay(Shape(fin, inks.ink("detail", on=pen.body) if inks.inks == 6 else pen.green), cut=0.8)
    eye, size = spine.at(0.14, -0.26 * body(0.14)), max((1.2 if pen.level > 1 else 0.8) * pen.width, 0.085 * u)
    white = inks.ink("detail", on=on) if inks.inks == 6 else 0
    pen.ink(dots([eye], size), white)
    if pen.level > 1:
        pen.ink(dots([eye], 0.52 * size), inks.ink("line", on=white) or pen.body)
    pen.part("eye")


def _koi(pen: Pen, rng: Chance) -> None:
    """Draw a koi from above on a winding spine, with patches on its back."""
    u, inks, swing = pen.unit, pen.style, float(rng.uniform(0.2, 0.65))
    spine = Spine((-0.6 * u, -0.9 * u), 1.6 * u, lambda t: 0.8 * math.pi + swing * math.sin(1.6 * math.pi * t))
    body = _profile(0.31 * u, blunt=0.46)
    (x, y), turn = spine.at(0.95), spine.heading(1.0)
    tails = [placed(leaf_path(0.82 * u, 0.38 * u, -0.24 * s), turn + s * 0.62, x, y) for s in (-1, 1)]
    pen.lay(*(Shape(t, pen.green) for t in tails))
    cuts = [placed(spike((0, -0.24 * u), (0, -0.56 * u), 1.5 * pen.width), turn + s * 0.56, x, y) for s in (-1, 1)]
    pen.vein(cuts, on=pen.green)
    for t, size, lean in ((0.26, 0.66, 1.0), (0.68, 0.4, 0.75)):
        for s in (-1, 1):
            (x, y), turn = spine.at(t, 0.6 * s * body(t)), spine.heading(t)
            fin = scalloped(size * u, 0.4, 3 if size > 0.4 else 1, depth=0.08, fall=0.1)
            pen.lay(Shape(placed(fin, turn + s * lean, x, y), pen.green), cut=0.8)
            if size * u > 10 * pen.width:
                rays = [
                    spike(polar(a, 0.5 * size * u), polar(a, 0.82 * size * u), 1.4 * pen.width) for a in (-0.16, 0.2)
                ]
                pen.vein([placed(r, turn + s * lean, x, y) for r in rays], on=pen.green)
    whole = spine.body(body)
    pen.lay(Shape(whole, pen.body))
    _patches(pen, rng, spine, body)
    if pen.level > 1:
        back = spine.body(lambda t: max(0.0, 0.055 * u * math.sin(math.pi * (t - 0.38) / 0.3)), ends=(0.38, 0.68))
        pen.lay(Shape(back, pen.green), cut=0.6)
    eyes = [spine.at(0.1, s * 0.62 * body(0.1)) for s in (-1, 1)]
    pen.ink(dots(eyes, max(0.9 * pen.width, 0.045 * u)), inks.ink("line", on=pen.body))
    pen.part("fins", "tail", "spots")


def _patches(pen: Pen, rng: Chance, spine: Spine, body: Profile) -> None:
    """Lay two or three uneven patches over the back."""
    inks, whole = pen.style, spine.body(body)
    ink = inks.ink("accent" if inks.inks > 3 else "second", on=pen.body)
    for k, t in enumerate((0.2, 0.5, 0.8) if ink else (0.22, 0.84)):
        aside, long = float(rng.uniform(-0.5, 0.5)), (0.11, 0.12, 0.09)[k] if ink else 0.07
        wide = body(t) * (float(rng.uniform(0.7, 0.95)) if ink else 0.4)
        rim = [
            (t + long * math.sin(a) * w, aside * (body(t) if ink else 0.0) + wide * math.cos(a) * w)
            for a, w in ((2 * math.pi * j / 6, float(rng.uniform(0.85, 1.15))) for j in range(6))
        ]
        pen.ink(within(spine.curve(rim), whole), ink)


@family("fish", nouns=("fish", "fish"), directed=True, scales=(32.0, 112.0), weight=1.7)
def fish(rng: Chance, radius: float, style: Style) -> Motif:
    """Return a fish that swims left, or a koi from above; the layout mirrors it."""
    pen = Pen(radius, style)
    (_koi if rng.yes("koi", 0.24) else _side)(pen, rng)
    return pen.motif()
