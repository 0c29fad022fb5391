"""Layouts that draw something themselves: ribbons, rules, nets, stems and swags with places for motifs among them."""

import math

import numpy as np
import skia

from patterns.lattice import Grid
from patterns.motif.arrangement import Arrangement, Layer
from patterns.motif.canvas import Placement, Shape
from patterns.motif.family import Style
from patterns.motif.parts import leaf_path, placed
from patterns.motif.ranks import Lanes, Net, cell_of, lanes, net

# Lines on the Loom's grid are at least this wide (px), and as much ground stands beside them.
LINE = 2.0


def striped(rng: np.random.Generator, grid: Grid, style: Style, radius: float) -> Arrangement | None:
    """Set motifs in lanes between ribbons: solid, ruled or beaded."""
    kind = str(rng.choice(["solid", "rules", "beads"]))
    band = float(rng.uniform(0.3, 0.8) * radius) if kind == "solid" else 4 * LINE if kind == "rules" else 3 * LINE
    upright = _upright(rng, grid)
    ranks = lanes(grid, 2.15 * radius + band + 2 * LINE, rng.choice([2.15, 2.7]) * radius, upright=upright)
    if ranks is None:
        return None
    fitted = min((ranks.pitch - band - 2 * LINE) / 2.05, ranks.step / 2, 1.3 * radius)
    ink = int(rng.choice([1, style.ink("second"), style.inks - 1]))
    beneath = [
        layer
        for i in range(ranks.count)
        for layer in _ribbon(ranks, i + 0.5, (kind, band, ink), style.ink("line", on=ink))
    ]
    heroes, seconds = _turns(ranks)
    return Arrangement(
        grid, heroes, fitted, seconds=seconds, second_radius=fitted, beneath=tuple(beneath), direction=_way(ranks),
        alike=True,
    )  # fmt: skip


def bordered(rng: np.random.Generator, grid: Grid, style: Style, radius: float) -> Arrangement | None:
    """Set a border of large motifs between rules, and a narrow one of small motifs between the borders."""
    upright = bool(grid.drop) or (not grid.slide and rng.random() < 0.2)
    small, rule = 0.5 * radius, 2.5 * LINE
    room = 2.1 * radius + 2.1 * small + 4 * rule
    ranks = lanes(grid, room, 2.2 * radius, upright=upright, staggered=False)
    if ranks is None:
        return None
    fitted = min(radius * ranks.pitch / room, ranks.step / 2.05, 1.3 * radius)
    half, ink, bead = 1.05 * fitted + rule, style.ink("second"), rng.random() < 0.5
    beneath = [
        layer
        for i in range(ranks.count)
        for side in (-1, 1)
        for layer in _ribbon(ranks, i + side * half / ranks.pitch, ("beads" if bead else "solid", rule, ink), ink)
    ]
    heroes = tuple(Placement(*ranks.at(i, j * ranks.step)) for i, j in ranks.stations())
    middle = ranks.pitch / 2 - half - rule / 2
    seconds = tuple(
        Placement(*ranks.at(i + 0.5, (j + 0.5 * k) * ranks.step - 0.5 * ranks.shift))
        for i, j in ranks.stations()
        for k in range(2)
    )
    return Arrangement(
        grid, heroes, fitted, seconds=seconds, second_radius=min(0.9 * middle, 0.23 * ranks.step),
        beneath=tuple(beneath), direction=_way(ranks), alike=True,
    )  # fmt: skip


def trellised(rng: np.random.Generator, grid: Grid, style: Style, radius: float) -> Arrangement | None:
    """Set a motif in every mesh of a trellis, single or double, with room for small ones on its crossings."""
    double = bool(rng.random() < 0.35)
    line = LINE + float(rng.uniform(0, 0.06)) * radius
    breadth = 3 * line + LINE if double else line
    tall = float(rng.choice([1.0, 1.0, 1.3]))
    side = 2 * math.hypot(1, tall) / tall * (1.08 * radius + LINE + breadth / 2)
    mesh = net(grid, side, tall * side, most=0.7)
    if mesh is None:
        return None
    free = mesh.w * mesh.h / math.hypot(mesh.w, mesh.h) / 2 - breadth / 2 - LINE
    cross = skia.Path()
    for sign in (-1, 1):
        cross.moveTo(-mesh.w / 2, -sign * mesh.h / 2)
        cross.lineTo(mesh.w / 2, sign * mesh.h / 2)
    return _netted(rng, grid, style, (mesh, cross, breadth if double else line, line if double else 0.0), free / 1.05)


def framed(rng: np.random.Generator, grid: Grid, style: Style, radius: float) -> Arrangement | None:
    """Set a motif in every ogee of a net of curved frames."""
    double = bool(rng.random() < 0.35)
    line = LINE + float(rng.uniform(0, 0.08)) * radius
    breadth = 3 * line + LINE if double else line
    side = 2.5 * radius + 2 * breadth + 2 * LINE
    mesh = net(grid, side, float(rng.uniform(1.3, 1.6)) * side, most=0.7)
    if mesh is None or not 1.1 < mesh.h / mesh.w < 2.1:
        return None
    path, w, h = skia.Path(), mesh.w, mesh.h
    for sign in (-1, 1):
        for side in (-1, 1):
            path.moveTo(0, 0)
            path.cubicTo(0, sign * 0.19 * h, side * w / 2, sign * 0.31 * h, side * w / 2, sign * h / 2)
    t = np.linspace(0, 1, 12)
    edge = 1.5 * t * t * (1 - t) * w + t**3 * w / 2, (0.57 * (1 - t) ** 2 + 0.93 * t * (1 - t) + t * t / 2) * t * h
    free = (float(np.hypot(edge[0] - w / 2, edge[1]).min()) - breadth / 2 - LINE) * 0.95
    return _netted(rng, grid, style, (mesh, path, breadth if double else line, line if double else 0.0), free)


def _netted(
    rng: np.random.Generator, grid: Grid, style: Style, drawn: tuple[Net, skia.Path, float, float], radius: float
) -> Arrangement:
    """Return motifs in the meshes of a net whose lines about a node are a path, stroked with a split if not 0."""
    mesh, path, width, split = drawn
    ink = style.ink(str(rng.choice(["main", "second", "accent"])), on=0)
    # Every line first, then the ground within it, so that crossings stay open.
    strokes = [Shape(path, ink, width), *([Shape(path, 0, width - 2 * split)] if split else [])]
    knot = Shape(skia.Path.Circle(0, 0, 1.1 * width), style.ink("accent", on=ink) or ink)
    nodes = [Placement(x, y) for x, y in mesh.nodes()]
    knots = [((knot,), p) for p in nodes] if not split and rng.random() < 0.35 else []
    beneath = (*(((stroke,), p) for stroke in strokes for p in nodes), *knots)
    one, other = ([Placement(x, y) for x, y in side] for side in mesh.turns(grid))
    if other and (rng.random() < 0.7 or radius < 24):
        return Arrangement(grid, tuple(one), radius, "", tuple(other), 0.95 * radius, beneath, alike=True)
    if radius < 24:
        nodes = []
    return Arrangement(grid, (*one, *other), radius, "", tuple(nodes), max(0.38 * radius, 1.2 * width), beneath)


def climbing(rng: np.random.Generator, grid: Grid, style: Style, radius: float) -> Arrangement | None:
    """Set motifs in turn left and right of stems that meander, with leaves on the far side of every bend."""
    upright = _upright(rng, grid)
    ranks = lanes(grid, 3.3 * radius, 3.9 * radius, upright=upright)
    if ranks is None:
        return None
    fitted = min(ranks.pitch / 3.25, ranks.step / 3.8, 1.3 * radius)
    away, swing = 0.6 * fitted, 0.62 * fitted
    wave = ranks.step
    stem, leaf = _stem(swing, wave, upright), _sprout(fitted)
    ink, width = style.ink("second"), max(LINE, 0.09 * fitted)
    beneath: list[Layer] = []
    heroes: list[Placement] = []
    for i, j in ranks.stations():
        beneath.append(((Shape(stem, ink, width),), Placement(*ranks.at(i, j * wave))))
        for half, side in ((0.25, 1.0), (0.75, -1.0)):
            at = j + half
            x, y = ranks.at(i - side * away / ranks.pitch, at * wave + side * away / ranks.pitch * ranks.shift)
            heroes.append(Placement(x, y, side * float(rng.uniform(-0.05, 0.3)) * (1 if upright else -1)))
            for lean in (-0.09, 0.09):
                # Leaves leave the stem outward and a little along it.
                out = side * swing * math.cos(2 * math.pi * lean)
                place = ranks.at(i + out / ranks.pitch, (at + lean) * wave - out / ranks.pitch * ranks.shift)
                turn = side * (math.pi / 2 - 0.75) if upright else math.pi / 2 + side * (math.pi / 2 - 0.75)
                beneath.append(((Shape(leaf, ink),), Placement(*place, turn)))
    return Arrangement(
        grid, tuple(heroes[0::2]), fitted, seconds=tuple(heroes[1::2]), second_radius=0.95 * fitted,
        beneath=tuple(beneath), parts=("stems", "leaves"), direction=_way(ranks), alike=True,
    )  # fmt: skip


def _stem(swing: float, wave: float, upright: bool) -> skia.Path:
    """Return one wave of a stem that starts at the origin, aside by ``swing`` px after a quarter of it."""
    path = skia.Path()
    turns = np.linspace(0, 1, 25)
    for k, t in enumerate(map(float, turns)):
        aside, along = swing * math.sin(2 * math.pi * t), t * wave
        point = (aside, along) if upright else (along, aside)
        path.lineTo(*point) if k else path.moveTo(*point)
    return path


def _sprout(radius: float) -> skia.Path:
    return leaf_path(0.62 * radius, max(2.5 * LINE, 0.32 * radius), 0.1)


def hung(rng: np.random.Generator, grid: Grid, style: Style, radius: float) -> Arrangement | None:
    """Hang swags of leaves from motif to motif, row under row, with room for small ones at their lowest points."""
    ranks = lanes(grid, 2.9 * radius, 3.4 * radius, upright=False)
    if ranks is None:
        return None
    fitted = min(ranks.pitch / 2.75, ranks.step / 3.3, 1.3 * radius)
    sag = min(0.95 * fitted, 0.36 * ranks.pitch)
    swag = skia.Path()
    swag.moveTo(0, 0)
    swag.quadTo(ranks.step / 2, 2 * sag, ranks.step, 0)
    ink, width = style.ink("second"), max(LINE, 0.09 * fitted)
    leaves = [placed(_sprout(0.75 * fitted), *_on_swag(t, ranks.step, sag, side)) for t, side in _SPROUTS]
    shapes = (Shape(swag, ink, width), *(Shape(leaf, ink) for leaf in leaves))
    heroes = tuple(Placement(*ranks.at(i, j * ranks.step)) for i, j in ranks.stations())
    lows = [Placement(x, y + sag) for x, y in (ranks.at(i, (j + 0.5) * ranks.step) for i, j in ranks.stations())]
    return Arrangement(
        grid, heroes, fitted, seconds=tuple(lows), second_radius=0.55 * fitted,
        beneath=tuple((shapes, p) for p in heroes), parts=("leaves",), direction="horizontal",
    )  # fmt: skip


# Where leaves grow along a swag, and on which side.
_SPROUTS = tuple((t, side) for t in (0.33, 0.67) for side in (-1, 1))


def _on_swag(t: float, width: float, sag: float, side: int) -> tuple[float, float, float]:
    """Return (angle, x, y) of a leaf on a swag: aside, and toward the middle."""
    x, y = t * width, 4 * sag * t * (1 - t)
    slope = math.atan2(4 * sag * (1 - 2 * t), width)
    inward = 1 if t < 0.5 else -1
    return slope + inward * math.pi / 2 - inward * side * 0.75, x, y


FRAMES = {
    "stripe": striped,
    "border": bordered,
    "trellis": trellised,
    "ogee frame": framed,
    "vine": climbing,
    "garland": hung,
}


def frame_cell(rng: np.random.Generator, grid: Grid, layout: str, radius: float) -> Grid:
    """Return a small cell on which a layout of ``FRAMES`` has about one motif of this radius."""
    offset = "drop" if rng.random() < 0.5 else ""
    if layout in ("trellis", "ogee frame"):
        side = 2.83 * radius + 11 if layout == "trellis" else 2.6 * radius + 8
        tall = side if layout == "trellis" else 1.4 * side
        return cell_of(grid, side / 2, tall, offset="drop") if side >= 92 else cell_of(grid, side, tall)
    if layout == "garland":
        return cell_of(grid, 3.4 * radius, 2.9 * radius, offset="slide" if offset else "")
    wide = {"stripe": 2.8, "border": 3.6, "vine": 3.3}[layout]
    if layout == "border":
        return cell_of(grid, 2.2 * radius, wide * radius)
    return cell_of(grid, wide * radius, (3.9 if layout == "vine" else 2.3) * radius, offset=offset)


def _upright(rng: np.random.Generator, grid: Grid) -> bool:
    """Return whether lanes run down: along the axis on which the cell repeats straight."""
    return bool(grid.drop) or (not grid.slide and rng.random() < 0.7)


def _way(ranks: Lanes) -> str:
    return "vertical" if ranks.upright else "horizontal"


def _turns(ranks: Lanes) -> tuple[tuple[Placement, ...], tuple[Placement, ...]]:
    """Return the stations for heroes and seconds in turn: lane by lane, else along every lane, else heroes only."""
    by_lane, by_step = ranks.count % 2 == 0, ranks.per % 2 == 0 and not ranks.shift
    places: tuple[list[Placement], list[Placement]] = ([], [])
    for i, j in ranks.stations():
        turn = i % 2 if by_lane else j % 2 if by_step else 0
        places[turn].append(Placement(*ranks.at(i, j * ranks.step)))
    return tuple(places[0]), tuple(places[1])


def _ribbon(ranks: Lanes, lane: float, band: tuple[str, float, int], line: int) -> list[Layer]:
    """Return a ribbon (kind, px wide, ink) along a lane: solid, two rules or a row of beads."""
    kind, width, ink = band
    long = ranks.per * ranks.step
    spot = Placement(*ranks.at(lane, 0), 0.0 if ranks.upright else -math.pi / 2)
    if kind == "beads":
        count = ranks.per * max(1, round(ranks.step / (2.2 * width)))
        beads = skia.Path()
        for k in range(count):
            beads.addCircle(0, (k + 0.5) * long / count, width / 2)
        return [((Shape(beads, ink),), spot)]
    bars = [(-width / 2, width / 2, ink)]
    if kind == "rules":
        bars = [(-width / 2, LINE - width / 2, ink), (width / 2 - LINE, width / 2, ink)]
    elif width > 5 * LINE and line != ink:
        bars += [
            (s * width / 2 - s * 2 * LINE - LINE / 2, s * width / 2 - s * 2 * LINE + LINE / 2, line) for s in (-1, 1)
        ]
    shapes = []
    for left, right, color in bars:
        path = skia.Path()
        path.addRect(skia.Rect.MakeLTRB(left, 0, right, long))
        shapes.append(Shape(path, color))
    return [(tuple(shapes), spot)]
