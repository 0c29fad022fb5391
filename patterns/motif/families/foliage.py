"""All-over foliage: big leaves in ranks along stems, or thrown over one another until hardly any ground is left."""

import math

import numpy as np
import skia

from patterns.motif.canvas import Canvas, Placement, Shape
from patterns.motif.family import Sketch, Style, family
from patterns.motif.layout import scatter
from patterns.motif.parts import dots, half_leaf, leaf_path, merged, placed, polygon, spike

Form = tuple[float, float, float, str]
# Tilt of the leaves in ranks, radians from upright.
_TILT = 0.82


@family(
    "foliage", nouns=("foliage", "allover foliage"), kind="field", scales=(32.0, 96.0), heeds_density=True, weight=1.5
)
def foliage(canvas: Canvas, rng: np.random.Generator, sketch: Sketch) -> tuple[str, ...]:
    """Cover the cell with leaves in one or two inks, in ranks or in all directions, plain, ribbed or half shaded."""
    style, length = sketch.style, sketch.scale
    slim, bend = float(rng.choice((0.4, 0.5, 0.6))), float(rng.uniform(0.0, 0.16))
    kinds = ["plain"]
    kinds += ["rib"] if slim * length > 12 else []
    kinds += ["half"] if style.inks > 2 and slim * length > 9 else []
    kinds += ["veins"] if slim * length > 24 else []
    form = (length, length * slim, bend, str(rng.choice(kinds)))
    ranks = _ranks(canvas, sketch) if rng.random() < 0.55 else None
    if ranks:
        named = _ranked(canvas, rng, style, (form, ranks))
    else:
        form = (*form[:3], "plain" if form[3] == "half" else form[3])
        named = _tossed(canvas, rng, sketch, form)
    veined = ["veins"] if form[3] in ("rib", "veins") else []
    return (*named, *veined, *(["outlined"] if style.outlined and style.inks > 4 else []))


def _leaf(style: Style, ink: int, form: Form) -> tuple[Shape, ...]:
    """Return a leaf (length, width, bend, finish) centered on the origin, cut free of what lies beneath."""
    length, width, bend, finish = form
    cut = max(2.0, 0.032 * length)
    outline = leaf_path(length, width, bend)
    outline.offset(0, length / 2)
    edge = style.ink("line", on=ink) if style.outlined else 0
    shapes = [Shape(outline, edge, 2 * cut), Shape(outline, ink)]
    if finish == "half":
        half = half_leaf(length, width, bend)
        half.offset(0, length / 2)
        shapes.append(Shape(half, style.ink("detail") if style.inks == 6 else 3 - ink))
    elif finish != "plain":
        shapes.append(Shape(merged(_ribs(form, cut)), 0 if edge or style.inks < 5 else style.ink("line", on=ink)))
    return tuple(shapes)


def _ribs(form: Form, cut: float) -> list[skia.Path]:
    length, width, bend, finish = form
    tip = (bend * length * 0.8, -0.3 * length)
    ribs = [spike((0, 0.36 * length), tip, 1.5 * cut)]
    for k in range(3 if finish == "veins" else 0):
        t = 0.2 + 0.22 * k
        at = (tip[0] * t * t, length * (0.42 - 0.8 * t))
        out, lift = 0.34 * width * math.sin(math.pi * (0.2 + 0.75 * t)), 0.12 * length
        ribs += [spike(at, (at[0] + s * out, at[1] - lift), 1.3 * cut) for s in (-1, 1)]
    return ribs


def _ranks(canvas: Canvas, sketch: Sketch) -> tuple[int, int] | None:
    """Return (pairs of columns, rows) of leaves that stay in rank across the lattice's joints; None if none do."""
    grid = canvas.grid
    pairs = max(1, round(grid.width / (sketch.scale * (1.75 - 0.3 * sketch.density))))
    rows = max(1, round(grid.height / (sketch.scale * (0.72 - 0.16 * sketch.density))))
    rows += rows % 2 if grid.drop else 0
    return None if (grid.drop * rows) % grid.height or (grid.slide * pairs) % grid.width else (pairs, rows)


def _ranked(
    canvas: Canvas, rng: np.random.Generator, style: Style, plan: tuple[Form, tuple[int, int]]
) -> tuple[str, ...]:
    """Draw pairs of leaves up stems that stand side by side, in step or by turns."""
    (length, width, bend, finish), (pairs, rows) = plan
    across, down = canvas.grid.width / pairs, canvas.grid.height / rows
    cut = max(2.0, 0.032 * length)
    length = min(1.35 * length, 0.92 * (across / 2 - cut) / math.sin(_TILT))
    form = (length, min(width, down * math.sin(_TILT) - cut), bend, finish)
    stemmed, turns = bool(rng.random() < 0.6), float(rng.choice((0.0, 0.5)))
    inks, phase = [1, 2] if style.inks > 2 else [1], rng.random(2)
    # Inks that alternate by row must come out even at the joints.
    by_column = bool(rng.random() < 0.5 or rows % 2 or canvas.grid.drop * rows // canvas.grid.height % 2)
    for i in range(2 * pairs):
        s = 1 if i % 2 else -1
        x = (i // 2 + phase[0]) * across
        dx, dy = s * (0.5 * length + 0.5 * cut + 0.6) * math.sin(_TILT), -0.5 * length * math.cos(_TILT)
        for j in range(rows):
            y = (j + phase[1] + (turns if i % 2 else 0.0)) * down
            ink = inks[((i if by_column else j) % 2) % len(inks)]
            canvas.draw(_leaf(style, ink, form), Placement(x + dx, y + dy, s * _TILT, s < 0))
    if stemmed:
        height = canvas.grid.height
        thick = max(2.4, 0.07 * length)
        stem = polygon([(-thick / 2, -2.0), (thick / 2, -2.0), (thick / 2, height + 2.0), (-thick / 2, height + 2.0)])
        for i in range(pairs):
            canvas.draw((Shape(placed(stem, 0.0, (i + phase[0]) * across, 0.0), 1),))
    return ("vertical", "leaves", *(["stems"] if stemmed else []))


def _tossed(canvas: Canvas, rng: np.random.Generator, sketch: Sketch, form: Form) -> tuple[str, ...]:
    """Throw leaves over one another, in all directions or leaning one way, with berries in some."""
    style, length, upright = sketch.style, sketch.scale, bool(rng.random() < 0.4)
    points = scatter(rng, canvas.grid, length * (0.66 - 0.14 * sketch.density))
    many = [1, 2] if style.inks > 2 else [1]
    order = np.argsort(points[:, 1]) if upright else np.arange(len(points))
    for k, (x, y) in enumerate(points[order]):
        turn = float(rng.normal(0, 0.25) if upright else rng.uniform(0, 2 * math.pi))
        canvas.draw(_leaf(style, many[k % len(many)], form), Placement(float(x), float(y), turn, k % 4 < 2))
    named = [*(["vertical"] if upright else []), "leaves", *(["layered"] if sketch.density > 0.4 else [])]
    return (*named, *([_berries(canvas, rng, sketch)] if style.inks > 3 and rng.random() < 0.4 else []))


def _berries(canvas: Canvas, rng: np.random.Generator, sketch: Sketch) -> str:
    """Strew clusters of three berries over the leaves."""
    radius = max(3.0, 0.075 * sketch.scale)
    accent = sketch.style.ink("accent", on=1)
    path = dots([(0.0, -1.25 * radius), (-1.1 * radius, 0.7 * radius), (1.1 * radius, 0.7 * radius)], radius)
    for x, y in scatter(rng, canvas.grid, 1.05 * sketch.scale):
        turned = Placement(float(x), float(y), float(rng.uniform(0, 2 * math.pi)))
        canvas.draw((Shape(path, 0, 4.0), Shape(path, accent)), turned)
    return "berries"
