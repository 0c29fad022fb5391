"""Hands that draw: a loaded brush, a pen that hatches, a stippling point."""

import math

import numpy as np

from patterns.hand.chance import Chance, Points, noise, spaced
from patterns.hand.cloth import Cloth
from patterns.hand.flow import directions, streaks

# All lengths in mm. How far a bristle runs, how wide it is, and how far it may carry an edge.
_RUN, _BRISTLE, _CARRY = 9.0, 0.9, 1.3
# What is thinner than this is drawn solid, like lines and details: with a pen, and where there is room for few dots.
_THIN, _NARROW = 2.7, 5.0
_CONTOUR = (0.66, 0.9)
# The pen's hatching of each ink: direction in degrees, spacing, and the widths of a line in light and in shadow.
_HATCH = ((45.0, 1.7), (135.0, 1.7), (0.0, 1.5), (70.0, 1.6), (90.0, 1.5), (20.0, 1.6))
# Light comes from the upper left; shadow is told this far away, over this softness.
_LIGHT, _SOFT = 2.2, 2.0
# Dots stand this far apart in shadow and in light, and are this wide; nothing stands nearer to an edge.
_SHADED, _LIT, _DOT = 0.9, 2.3, (0.8, 1.0)
_RADII, _SITE = (2.3, 1.8, 1.4, 1.1, 0.9), 0.32


def wants_brush(rng: np.random.Generator, cloth: Cloth, inks: int) -> Chance:
    """Return chance for ``brush``."""
    bristle, wave, patch = cloth.px(_BRISTLE), cloth.px(7), cloth.px(16)
    return Chance(tuple(noise(rng, cloth.grid, (b, b)) for b in (bristle, wave, wave, patch)))


def brush(indices: np.ndarray, cloth: Cloth, chance: Chance) -> np.ndarray:
    """Loose edges; along the shapes bristles carry the color a little too far or not far enough, and run dry."""
    bristle, wave_down, wave_across, patch = chance.fields
    loose = cloth.warped(cloth.rounded(indices, 1.2), wave_down * 0.45, wave_across * 0.45)
    way = directions(loose, cloth)
    run = _streaked(bristle, way, cloth)
    way = np.stack([np.repeat(np.repeat(v, 2, 0), 2, 1) for v in way])
    painted = cloth.warped(loose, way[1] * run * _CARRY, way[0] * run * _CARRY)
    solid = cloth.inside(painted > 0, 3.0)
    dry = run + 0.75 * patch > 1.5 - 0.12 * np.minimum(solid, 2)
    dry &= ~np.isin(painted, list(cloth.lines))
    return np.where(dry, np.uint8(0), painted)


def _streaked(bristle: np.ndarray, way: np.ndarray, cloth: Cloth) -> np.ndarray:
    """Return streaks (H, W) with a deviation of about 1, found at half the fineness."""
    import cv2

    half = cloth.halved().grid
    found = streaks(bristle[::2, ::2], way, half, cloth.px(_RUN) / 2)
    padded = np.ascontiguousarray(half.pad(found, 2))
    large = cv2.resize(padded, None, fx=2, fy=2, interpolation=cv2.INTER_LINEAR)[4:-4, 4:-4]
    # Averaging n bumps leaves 1 / sqrt(n) of a deviation of 0.7.
    return large * np.float32(math.sqrt(2 * _RUN / _BRISTLE) / 0.95)


def wants_pen(rng: np.random.Generator, cloth: Cloth, inks: int) -> Chance:
    """Return chance for ``pen``: a wobble, how hard it presses, and a rising phase of hatching for each ink."""
    fields = [noise(rng, cloth.grid, (cloth.px(b), cloth.px(b))) for b in (9.0, 5.0)]
    return Chance((*fields, *(_phase(cloth, *_HATCH[ink % len(_HATCH)]) for ink in range(1, inks))))


def pen(indices: np.ndarray, cloth: Cloth, chance: Chance) -> np.ndarray:
    """Shapes as contours, hatched toward the shadow; fine lines stay solid."""
    wobble, press, *phases = chance.fields
    out = np.zeros_like(indices)
    for ink in range(1, len(phases) + 1):
        mask = indices == ink
        if not mask.any():
            continue
        solid = mask if ink in cloth.lines else cloth.thin(mask, _THIN)
        # Where two inks meet, one contour is enough: the upper's.
        from_lower = cloth.inside(indices >= ink, 3.0)
        contour = mask & (from_lower < np.clip(0.76 + 0.12 * press, *_CONTOUR))
        out[solid | contour | (mask & _hatched(phases[ink - 1], shadow(mask, cloth), (wobble, press)))] = ink
    return out


def _hatched(phase: np.ndarray, dark: np.ndarray, noises: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    """Return where hatching lines lie: thin in the light, where they end, wide in the shadow."""
    wobble, press = noises
    wave = phase + np.float32(0.16) * wobble
    wave -= np.floor(wave)
    pressed = dark + np.float32(0.06) * press
    # Lines end within a little of the light, and grow slowly from there.
    width = np.minimum(4 * (pressed - 0.05), 0.28 + 0.35 * (pressed - 0.12))
    return np.abs(wave - 0.5) < np.minimum(width, 0.5) / 2


def shadow(mask: np.ndarray, cloth: Cloth) -> np.ndarray:
    """Return how dark (H, W) 0-1 each place of a mask is: shapes are lit from the upper left."""
    import cv2

    small, margin = cloth.halved(), 8
    soft = small.blurred(np.ascontiguousarray(mask[::2, ::2]).view(np.uint8), _SOFT)
    away = small.whole_px(_LIGHT)
    lit = small.moved(soft, away, away) - small.moved(soft, -away, -away)
    dark = np.clip(np.float32(0.4) + np.float32(0.75) * lit, 0, 1)
    large = cv2.resize(small.pad(dark, margin), None, fx=2, fy=2, interpolation=cv2.INTER_LINEAR)
    return cloth.cell(large, 2 * margin)


def _phase(cloth: Cloth, degrees: float, apart_mm: float) -> np.ndarray:
    """Return (H, W) float32 that rises by 1 from line to line, nearest to these that the lattice carries."""
    grid = cloth.grid
    cycles = 1 / cloth.px(apart_mm)
    fx, fy = cycles * math.cos(math.radians(degrees)), cycles * math.sin(math.radians(degrees))
    # A wave fits the lattice if it makes a whole number of turns along both of its vectors.
    m = round(fx * grid.width + fy * grid.drop)
    n = round(fx * grid.slide + fy * grid.height)
    area = grid.width * grid.height - grid.drop * grid.slide
    fx, fy = (m * grid.height - n * grid.drop) / area, (n * grid.width - m * grid.slide) / area
    along = ((fx * (np.arange(grid.width) + 0.5)) % 1).astype(np.float32)
    down = ((fy * (np.arange(grid.height) + 0.5)) % 1).astype(np.float32)
    return along + down[:, None]


def wants_stipple(rng: np.random.Generator, cloth: Cloth, inks: int) -> Chance:
    """Return chance for ``stipple``: dots of blue noise."""
    return Chance(points=spaced(rng, cloth.grid, tuple(cloth.px(r) for r in _RADII), site=cloth.px(_SITE)))


def stipple(indices: np.ndarray, cloth: Cloth, chance: Chance) -> np.ndarray:
    """Shapes as dots that crowd toward the shadow and along the edge; fine lines stay solid."""
    assert chance.points
    points = chance.points
    out = np.zeros_like(indices)
    for ink in np.flatnonzero(np.bincount(indices.ravel()))[1 if (indices == 0).any() else 0 :]:
        mask = indices == ink
        solid = mask if ink in cloth.lines else cloth.thin(mask, _NARROW)
        inside, dark = cloth.inside(mask, 4.0), shadow(mask, cloth)
        where = (points.rows, points.columns)
        # Edges are told by dots as well, or the lit side of a shape would be lost.
        tone = np.clip(1.5 * (dark[where] - 0.2) + 0.75 * np.exp(-((inside[where] / 1.4) ** 2)), 0, 1)
        apart = cloth.px(1) * (_LIT - (_LIT - _SHADED) * np.sqrt(tone))
        chosen = points.kept((inside[where] > _DOT[0] / 2) & (points.draws[:, 0] >= apart))
        out[_dotted(chosen, cloth) | solid] = ink
    return out


def _dotted(points: Points, cloth: Cloth) -> np.ndarray:
    """Return a mask (H, W) of dots."""
    import cv2

    margin, bits = cloth.whole_px(_DOT[1]) + 2, 4
    canvas = np.zeros((cloth.grid.height + 2 * margin, cloth.grid.width + 2 * margin), np.uint8)
    small, large = (cloth.px(v) / 2 for v in _DOT)
    copies = points.around(cloth.grid, margin)
    radii = np.rint((small + (large - small) * copies.draws[:, 1]) * (1 << bits)).astype(int).tolist()
    for y, x, radius in zip((copies.rows << bits).tolist(), (copies.columns << bits).tolist(), radii, strict=True):
        cv2.circle(canvas, (x, y), radius, (1,), -1, cv2.LINE_8, bits)
    return cloth.cell(canvas, margin) > 0
