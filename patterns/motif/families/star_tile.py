"""Zellige and girih: eight-pointed stars and crosses as tiles with joints, and stars of interlaced straps."""

import math

import numpy as np

from patterns.motif.canvas import Canvas
from patterns.motif.family import Sketch, family
from patterns.motif.sett import LINE, periods, positions


def _square(rng: np.random.Generator, scale: float) -> tuple[float, float]:
    return scale, scale


def _from_star(u: np.ndarray, v: np.ndarray, reach: float) -> np.ndarray:
    """Return how far (u, v) lie outside an eight-pointed star about the origin whose points reach ``reach``."""
    return np.minimum(np.maximum(np.abs(u), np.abs(v)), (np.abs(u) + np.abs(v)) / math.sqrt(2)) - reach / math.sqrt(2)


@family("zellige", nouns=("zellige", "zellige tiles"), kind="primitive", scales=(36.0, 112.0), cell=_square, weight=0.8)
def zellige(canvas: Canvas, rng: np.random.Generator, sketch: Sketch) -> tuple[str, ...]:
    """Lay stars that touch with their points and the crosses between them, with joints and smaller stars inside."""
    y, x = positions(canvas)
    style, w = sketch.style, canvas.grid.width / periods(canvas.grid.width, sketch.scale)
    u, v = (((c / w + 0.5) % 1 - 0.5) * w for c in (x, y))
    joint = max(LINE, 0.045 * w)
    far = _from_star(u, v, w / 2)
    # Turned by an eighth, a cross is what four stars leave: its middle is the corner of the period.
    p, q = w / 2 - np.abs(u), w / 2 - np.abs(v)
    cross = 2 if style.inks > 2 else int(rng.integers(2))
    inks = np.where(far < -joint / 2, 1, np.where(far > joint / 2, cross, 0))
    parts = ["filled" if cross else "open"]
    heart = style.ink("accent", on=1)
    if w >= 48 and rng.random() < 0.75:
        inner = _from_star(u, v, 0.28 * w)
        inks = np.where(inner < -0.6 * joint, heart if heart else 0, np.where(inner < 0.4 * joint, 0, inks))
        parts.append("nested")
    if w >= 40 and cross and rng.random() < 0.7:
        middle = _from_star(p, q, 0.15 * w)
        inks = np.where(middle < 0, style.ink("line", on=cross) if style.inks > 4 else 0, inks)
        parts.append("centers")
    canvas.lay(inks.astype(np.uint8))
    return tuple(parts)


@family("girih", nouns=("girih", "girih stars"), kind="primitive", scales=(56.0, 124.0), cell=_square, weight=0.8)
def girih(canvas: Canvas, rng: np.random.Generator, sketch: Sketch) -> tuple[str, ...]:
    """Lay straps from the middles of the sides of octagons and squares (Hankin's method), stars filled."""
    y, x = positions(canvas)
    style, w = sketch.style, canvas.grid.width / periods(canvas.grid.width, sketch.scale)
    u, v = (np.abs((c / w + 0.5) % 1 - 0.5) for c in (x, y))
    far, inside = _straps(u, v, float(rng.choice([math.radians(67.5), math.radians(62), math.radians(72)])))
    strap = max(1.5 * LINE, 0.055 * w) / w
    field, star = (2 if style.inks > 2 else 0), style.ink("accent", on=2 if style.inks > 2 else 0)
    inks = np.where(inside, star if style.inks > 3 else 0, field)
    inks = np.where(far < strap / 2, 1, inks)
    parts = ["filled" if field else "open"]
    if strap * w > 3 * LINE:
        inks = np.where(far < strap / 6, 0, inks)
        parts.append("double lined")
    canvas.lay(inks.astype(np.uint8))
    return tuple(parts)


def _straps(u: np.ndarray, v: np.ndarray, angle: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the distance (in periods) to the nearest strap, and where the stars about the corners' octagons are.

    The octagon about (0, 0) has sides at u = 1/2 and on the diagonal; the square is about (1/2, 1/2). From the middle
    of each side two straps leave at ``angle`` to it, mirrored in it, until they meet the next.
    """
    side = math.tan(math.pi / 8)
    # Fold the octagon onto the sector between the middle of a side and a corner.
    turn = np.arctan2(v, u)
    fold = np.abs((turn + math.pi / 8) % (math.pi / 4) - math.pi / 8)
    radius = np.hypot(u, v)
    a, b = radius * np.cos(fold), radius * np.sin(fold)
    # A strap leaves (1/2, 0) inward, up along the sector.
    dx, dy = -math.sin(angle), math.cos(angle)
    octagon = np.abs((a - 0.5) * dy - b * dx)
    in_star = (a - 0.5) * dy - b * dx < 0
    # The square between four octagons, about (1/2, 1/2), its sides on the diagonals.
    p, q = 0.5 - u, 0.5 - v
    m, n = np.maximum(p, q), np.minimum(p, q)
    c, d = (m + n) / math.sqrt(2), np.abs(m - n) / math.sqrt(2)
    half = side / 2
    within = (p + q) < half * math.sqrt(2)
    square = np.abs((c - half) * dy - d * dx)
    return np.where(within, square, octagon), in_star & ~within
