"""Ogee damask: onion-shaped frames in half-drop, each with a palmette."""

import math

import numpy as np
import skia

from patterns.motif.canvas import Canvas, Placement, Shape
from patterns.motif.family import Sketch, Style, family
from patterns.motif.parts import dots, leaf_path, merged, petal, placed, spike
from patterns.motif.sett import periods, positions


def _cell(rng: np.random.Generator, scale: float) -> tuple[float, float]:
    return scale / 1.5, scale


@family(
    "ogee",
    nouns=("ogee", "ogees", "ogee damask"),
    kind="primitive",
    directed=True,
    scales=(72.0, 128.0),
    cell=_cell,
    weight=1.2,
)
def ogee(canvas: Canvas, rng: np.random.Generator, sketch: Sketch) -> tuple[str, ...]:
    """Draw the net of frames as bands along a cosine, then a palmette in every opening."""
    y, x = positions(canvas)
    style, grid = sketch.style, canvas.grid
    across, down = periods(grid.width, sketch.scale / 1.5), periods(grid.height, sketch.scale)
    w, h = grid.width / across, grid.height / down
    u, v = np.abs((x / w + 0.5) % 1 - 0.5), (y / h) % 1
    half = 0.25 * (1 + np.cos(2 * np.pi * v))
    slope = 0.5 * np.pi * np.sin(2 * np.pi * v) * w / h
    # Distance in px across the band, whose edge runs along |x| = half.
    far = (u - half) * w / np.hypot(1, slope)
    band = max(2.4, 0.075 * w)
    filled = style.inks > 3 and rng.random() < 0.5
    inks = np.where(np.abs(far) < band / 2, 1, np.where(far > 0, 2 if filled else 0, 0))
    parts = ["filled"] if filled else []
    if w >= 30 and rng.random() < 0.7:
        lining = np.abs(np.abs(far) - 1.15 * band) < max(1.5, 0.03 * w) / 2
        inks = np.where(lining, style.ink("line", on=0) or 1, inks)
        parts.append("double lined")
    canvas.lay(inks.astype(np.uint8))
    room = (w / 2 - (2.4 if len(parts) and parts[-1] == "double lined" else 1.5) * band) * 1.02
    shapes = palmette(rng, style, room, h / w)
    for i in range(across):
        for j in range(down):
            for shift in (0.0, 0.5):
                canvas.draw(shapes, Placement((i + shift) * w, (j + shift) * h))
    return (*parts, "palmette")


def palmette(rng: np.random.Generator, style: Style, reach: float, tall: float) -> tuple[Shape, ...]:
    """Return a fan of petals on a calyx of two curling leaves, symmetric, about ``reach`` px to each side."""
    body, green = style.ink("main"), style.ink("second", on=0)
    accent = style.ink("accent", on=body)
    line = style.line_width(reach)
    count = 7 if reach > 18 else 5
    foot = 0.5 * reach
    shapes = []
    for k in sorted(range(count), key=lambda k: -abs(k - count // 2)):
        angle = (k - count // 2) * 0.46 * 6 / (count - 1)
        long = reach * (1.25 * min(tall, 1.4) - 0.42 * abs(angle) * float(rng.uniform(0.9, 1.1)) * 0.8)
        piece = placed(petal(long, 0.5 * reach, inner=0.1 * reach), angle, 0, foot)
        shapes += [
            Shape(piece, 0, 2 * line),
            Shape(piece, body if k % 2 == count // 2 % 2 or style.inks < 5 else accent),
        ]
        if reach > 12:
            cut = spike((0, -0.3 * reach), (0, -0.85 * long), 1.3 * line)
            shapes.append(Shape(placed(cut, angle, 0, foot), 0 if style.inks < 5 else style.ink("line", on=body)))
    wings = [placed(leaf_path(1.0 * reach, 0.42 * reach, 0.3 * s), s * 1.75, 0, foot, flip=False) for s in (-1, 1)]
    shapes += [Shape(p, 0, 2 * line) for p in wings] + [Shape(p, green) for p in wings]
    heart = skia.Path.Circle(0, foot, 0.2 * reach)
    shapes += [Shape(heart, 0, 2 * line), Shape(heart, accent or body)]
    stalk = placed(leaf_path(0.75 * reach, 0.36 * reach, 0.0), math.pi, 0, foot + 0.16 * reach)
    shapes.append(Shape(stalk, green))
    beads = [(s * 0.3 * reach, foot + 0.62 * reach) for s in (-1, 1)]
    shapes.append(Shape(merged([dots(beads, 0.09 * reach)]), accent or body))
    return tuple(shapes)
