"""Nets of lines: trellis, hexagons, quatrefoils and asanoha, with ornaments where there is room."""

import math

import numpy as np
import skia

from patterns.motif.canvas import Canvas, Placement, Shape
from patterns.motif.family import Sketch, Style, family
from patterns.motif.sett import periods, positions


def _lines(*segments: tuple[float, float, float, float]) -> skia.Path:
    path = skia.Path()
    for x0, y0, x1, y1 in segments:
        path.moveTo(x0, y0)
        path.lineTo(x1, y1)
    return path


def _flower(style: Style, radius: float, petals: int) -> tuple[Shape, ...]:
    """Return a small flower of round petals."""
    body, heart = style.ink("accent", on=0), style.ink("second", on=style.ink("accent", on=0))
    path = skia.Path()
    for k in range(petals):
        turn = 2 * math.pi * k / petals
        path.addCircle(0.55 * radius * math.sin(turn), -0.55 * radius * math.cos(turn), 0.42 * radius)
    return Shape(path, body), Shape(skia.Path.Circle(0, 0, 0.3 * radius), heart)


def _trellis_cell(rng: np.random.Generator, scale: float) -> tuple[float, float]:
    return scale, scale * rng.choice([1.0, 1.0, 1.4])


@family("trellis", nouns=("trellis", "trellises"), kind="primitive", scales=(24.0, 112.0), cell=_trellis_cell)
def trellis(canvas: Canvas, rng: np.random.Generator, sketch: Sketch) -> tuple[str, ...]:
    """Draw crossing diagonals, single or double, with flowers, dots or diamonds in the openings."""
    style, grid = sketch.style, canvas.grid
    count = periods(grid.width, sketch.scale)
    rows = max(1, round(grid.height / (grid.width / count)))
    w, h = grid.width / count, grid.height / rows
    net = style.ink("main")
    width = max(2.0, 0.06 * w)
    double = rng.random() < 0.4 and w >= 28
    cross = _lines((0, 0, w, h), (w, 0, 0, h))
    shapes = [Shape(cross, net, 3.2 * width if double else width)]
    if double:
        shapes.append(Shape(cross, 0, 1.5 * width))
    kind = str(rng.choice(["small flowers", "dots", "diamonds", "knots"]))
    room = 0.5 * w * h / math.hypot(w, h) - (2.6 if double else 1.5) * width
    ornament = _ornament(rng, style, kind, (max(1.6, room * rng.uniform(0.5, 0.72)), h / w))
    spots = ((0, 0), (0.5, 0.5)) if kind == "knots" else ((0.5, 0), (0, 0.5))
    cells = [(i, j) for i in range(count) for j in range(rows)]
    # Every line first, then the ground within it, so that crossings stay open.
    for shape in shapes:
        for i, j in cells:
            canvas.draw((shape,), Placement(i * w, j * h))
    for i, j in cells:
        for dx, dy in spots:
            canvas.draw(ornament, Placement((i + dx) * w, (j + dy) * h))
    return (kind, "double lined") if double else (kind,)


def _ornament(rng: np.random.Generator, style: Style, kind: str, size: tuple[float, float]) -> tuple[Shape, ...]:
    radius, tall = size
    body = style.ink("accent", on=0)
    if kind == "small flowers" and radius >= 4:
        return _flower(style, radius, int(rng.integers(4, 7)))
    if kind == "diamonds":
        path = skia.Path()
        path.addPoly(
            [
                skia.Point(0, -radius * tall),
                skia.Point(radius, 0),
                skia.Point(0, radius * tall),
                skia.Point(-radius, 0),
            ],
            True,
        )
        return (Shape(path, style.ink("second", on=0)),)
    dot = skia.Path.Circle(0, 0, 0.6 * radius if kind == "knots" else 0.7 * radius)
    shapes = [Shape(dot, body)]
    if style.inks > 3 and radius >= 6:
        shapes.append(Shape(skia.Path.Circle(0, 0, 0.33 * radius), style.ink("second", on=body)))
    return tuple(shapes)


def _hexagon_cell(rng: np.random.Generator, scale: float) -> tuple[float, float]:
    return scale, scale * math.sqrt(3)


@family("hexagon", nouns=("hexagon", "hexagons"), kind="primitive", scales=(28.0, 72.0), cell=_hexagon_cell, weight=1.2)
def hexagon(canvas: Canvas, rng: np.random.Generator, sketch: Sketch) -> tuple[str, ...]:
    """Lay hexagons with a joint between them: open, filled in turn, or nested."""
    y, x = positions(canvas)
    style, grid = sketch.style, canvas.grid
    count = periods(grid.width, sketch.scale)
    rows = max(1, round(grid.height / (grid.width / count * math.sqrt(3))))
    w, h = grid.width / count, grid.height / rows
    reaches = []
    for shift in (0.0, 0.5):
        u, v = (np.abs((c / p + shift + 0.5) % 1 - 0.5) for c, p in ((x, w), (y, h)))
        reaches.append(np.maximum(2 * u, u + 3 * v))
    reach, odd = np.minimum(*reaches), reaches[1] < reaches[0]
    joint = max(2.0, 0.06 * w) / w
    kind = str(rng.choice(["open", "alternating", "nested"]))
    if kind == "open":
        inks = np.where(reach > 1 - 1.3 * joint, 1, 0)
        inks = np.where(reach < 0.45, style.ink("second", on=0), inks) if w >= 20 else inks
    elif kind == "alternating":
        inks = np.where(reach > 1 - joint, 0, np.where(odd, 2 if style.inks > 2 else 1, 1))
        if w >= 24:
            inks = np.where(reach < 0.4, style.ink("accent", on=1), inks)
    else:
        room = int(np.clip(w / 9, 2, 5))
        inks = np.array([[1, 0, *range(2, style.inks)][k % style.inks] for k in range(room)])[
            np.minimum(((1 - reach) / (1 / room)).astype(int), room - 1)
        ]
        inks = np.where(reach > 1 - joint, 0, inks)
    canvas.lay(inks.astype(np.uint8))
    return (kind,)


@family(
    "quatrefoil",
    nouns=("quatrefoil", "quatrefoils"),
    kind="primitive",
    scales=(20.0, 100.0),
    cell=lambda rng, s: (s, s),
    weight=0.8,
)
def quatrefoil(canvas: Canvas, rng: np.random.Generator, sketch: Sketch) -> tuple[str, ...]:
    """Lay four-lobed foils that touch, with a band along their edge and a heart."""
    y, x = positions(canvas)
    count = periods(canvas.grid.width, sketch.scale)
    w, style = canvas.grid.width / count, sketch.style
    u, v = (np.abs((c / w + 0.5) % 1 - 0.5) for c in (x, y))
    lobe, reach = 0.2, 0.235
    # Signed distance in periods to the edge of the foil about the corner of the cell, negative inside.
    depth = np.minimum(np.hypot(u - lobe, v), np.hypot(u, v - lobe)) - reach
    band = max(2.0, 0.055 * w) / w
    inks = np.where(depth < 0, 0, 2 if style.inks > 2 else 0)
    parts = ["open" if style.inks < 3 else "filled"]
    if w >= 28 and rng.random() < 0.7:
        inks = np.where(np.abs(depth + 1.7 * band) < 0.45 * max(band, 3.4 / w), style.ink("line", on=0) or 1, inks)
        parts.append("double lined")
    inks = np.where(np.abs(depth) < band / 2 + 0.012, 1, inks)
    if w >= 20:
        petals = np.minimum(np.hypot(u - 0.075, v), np.hypot(u, v - 0.075))
        inks = np.where(petals < 0.075, style.ink("accent", on=0), inks)
        far = np.hypot(0.5 - u, 0.5 - v)
        inks = np.where(far < 0.1, style.ink("accent", on=2), inks)
        parts.append("centers")
    canvas.lay(inks.astype(np.uint8))
    return tuple(parts)


@family(
    "asanoha",
    nouns=("asanoha", "asanoha stars"),
    kind="primitive",
    scales=(44.0, 74.0),
    cell=_hexagon_cell,
    weight=0.5,
)
def asanoha(canvas: Canvas, rng: np.random.Generator, sketch: Sketch) -> tuple[str, ...]:
    """Draw the hemp leaf: six-pointed stars of lines between the corners and the middles of triangles."""
    style, grid = sketch.style, canvas.grid
    w, h = grid.width, grid.height
    filled = style.inks > 2 and rng.random() < 0.6
    if filled:
        canvas.fill(2)
    spokes = []
    for dx, dy in ((1.0, 0.0), (0.5, 0.5), (-0.5, 0.5)):
        spokes.append((0, 0, dx * w, dy * h))
    # Every triangle's three corners joined to its middle; triangles point up and down in turn.
    for corners in (((0, 0), (1, 0), (0.5, 0.5)), ((0, 0), (0.5, 0.5), (-0.5, 0.5))):
        mx, my = (sum(c[k] for c in corners) / 3 for k in (0, 1))
        spokes += [(mx * w, my * h, cx * w, cy * h) for cx, cy in corners]
    star = [Shape(_lines(*spokes), 1, max(2.2, 0.05 * w))]
    for dx, dy in ((0, 0), (0.5, 0.5)):
        canvas.draw(star, Placement(dx * w, dy * h))
    if style.inks > 3 and w >= 32:
        for dx, dy in ((0, 0), (0.5, 0.5)):
            canvas.draw((Shape(skia.Path.Circle(0, 0, 0.08 * w), 3),), Placement(dx * w, dy * h))
        return ("filled" if filled else "open", "centers")
    return ("filled" if filled else "open",)
