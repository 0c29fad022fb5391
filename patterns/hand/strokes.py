"""Tapered strokes along the edges of shapes: drawn as polygons, each from its own point."""

import numpy as np

from patterns.hand.chance import Points
from patterns.hand.cloth import Cloth

# Steps from a stroke's middle to each of its ends, and how many bits of a px its polygon keeps.
_STEPS, _BITS = 5, 4
# A stroke whose ends are nearer to each other than this share of its length curls.
_STRAIGHT = 0.8


def tapered(draws: np.ndarray, *, length_mm: tuple[float, float], width_mm: tuple[float, float]) -> np.ndarray:
    """Return (N, 2) lengths and widths in mm between these bounds, from draws (N, 2) in 0-1; long ones are few."""
    (short, long), (thin, wide) = length_mm, width_mm
    return np.stack([short + (long - short) * draws[:, 0] ** 1.6, thin + (wide - thin) * draws[:, 1]], axis=1)


def draw_strokes(cloth: Cloth, points: Points, strokes: np.ndarray, level: np.ndarray) -> np.ndarray:
    """Return a mask (H, W) of strokes (N, 2), length and width in mm, that run along the level lines of a field.

    ``strokes`` belong to ``points``, and pass through them; they taper toward both ends. Those that would
    curl are left out.
    """
    import cv2

    longest = int(cloth.px(strokes[:, 0].max(initial=0))) + 4
    margin = 2 * longest
    canvas = np.zeros((cloth.grid.height + 2 * margin, cloth.grid.width + 2 * margin), np.uint8)
    paths = _paths(cloth, points, strokes, level)
    numbered = Points(points.rows, points.columns, np.arange(len(points.rows))[:, None])
    copies = numbered.around(cloth.grid, longest)
    straight = _reach(paths) > _STRAIGHT * strokes[:, 0] * cloth.px_per_mm
    copies = copies.kept(straight[copies.draws[:, 0].astype(int)])
    for y, x, which in zip(copies.rows, copies.columns, copies.draws[:, 0].astype(int), strict=True):
        polygon = paths[which] + np.array([x, y]) + margin - longest
        cv2.fillPoly(canvas, [np.rint(polygon * (1 << _BITS)).astype(np.int32)], (1,), shift=_BITS)
    return cloth.cell(canvas, margin) > 0


def _reach(paths: np.ndarray) -> np.ndarray:
    """Return how far (N,) px a stroke's ends lie from each other."""
    return np.linalg.norm(paths[:, 0] - paths[:, 2 * _STEPS], axis=1)


def _paths(cloth: Cloth, points: Points, strokes: np.ndarray, level: np.ndarray) -> np.ndarray:
    """Return polygons (N, 4 steps, 2) in px (x, y) around their points."""
    margin = int(cloth.px(strokes[:, 0].max(initial=0))) + 8
    field = cloth.pad(level, margin)
    start = np.stack([points.columns, points.rows], axis=1) + margin
    ends = [_walked(field, start, strokes[:, 0] * cloth.px_per_mm / 2, sign) for sign in (-1.0, 1.0)]
    spine = np.concatenate([ends[0][::-1], np.zeros((1, len(start), 2)), ends[1]])
    along = np.gradient(spine, axis=0)
    along /= np.maximum(np.linalg.norm(along, axis=2, keepdims=True), 1e-6)
    share = np.linspace(-1, 1, 2 * _STEPS + 1)
    # Blunt: a gouge's ridge keeps its width nearly to its end.
    half = np.sqrt(1 - 0.92 * np.abs(share) ** 2.5)[:, None] * strokes[:, 1] * cloth.px_per_mm / 2
    side = np.stack([-along[..., 1], along[..., 0]], axis=2) * half[..., None]
    return np.concatenate([spine + side, (spine - side)[::-1]]).transpose(1, 0, 2)


def _walked(field: np.ndarray, start: np.ndarray, reach: np.ndarray, sign: float) -> np.ndarray:
    """Return (steps, N, 2) places from the start along the level line, one way."""
    places, at = [], np.zeros(start.shape)
    last = None
    for _ in range(_STEPS):
        x, y = np.rint(start + at).astype(int).T
        slope = np.stack([field[y, x + 3] - field[y, x - 3], field[y + 3, x] - field[y - 3, x]], axis=1)
        way = np.stack([-slope[:, 1], slope[:, 0]], axis=1).astype(np.float64)
        norm = np.linalg.norm(way, axis=1, keepdims=True)
        # Where the ground is flat, strokes go on as they went, or at a slant.
        flat = np.array([0.94, 0.34]) if last is None else last
        way = np.where(norm > 1e-3, way / np.maximum(norm, 1e-9) * sign, flat if last is not None else flat * sign)
        if last is not None:
            way *= np.where((way * last).sum(axis=1, keepdims=True) < 0, -1, 1)
        last = way
        at = at + way * reach[:, None] / _STEPS
        places.append(at)
    return np.stack(places)
