"""Quiet things that stand beside the cloth: fruit, legs, windows."""

from __future__ import annotations

import numpy as np

from scenes.mesh import Mesh, box, joined, lathe


def fruit(radius: float, *, seed: int) -> Mesh:
    """Return a round fruit that stands on z = 0, a little flat and dimpled at its top."""
    t = np.linspace(np.pi / 2, -np.pi / 2, 30)
    dimple = 1 - 0.10 * np.exp(-((t - np.pi / 2) ** 2) / 0.05)
    profile = np.stack([radius * np.cos(t) + 0.01, 0.93 * radius * np.sin(t) * dimple], axis=1)
    rng = np.random.default_rng(seed)
    return lathe(profile, segments=40).turned(rng.uniform(-50, 50), "x").turned(rng.uniform(0, 360)).moved(z=radius)


def tapered_leg(height: float, *, top: float = 24.0, foot: float = 14.0) -> Mesh:
    """Return a round leg that stands on z = 0, its radius at the top and at the foot in mm."""
    return lathe(np.array([[0.01, height], [top, height], [foot, 2.0], [foot - 2, 0.0], [0.01, 0.0]]), segments=32)


def wall_with_opening(
    wide: float, tall: float, opening: tuple[float, float, float, float], *, deep: float = 160.0
) -> Mesh:
    """Return a wall in the plane y = 0, x about 0, with an opening (left, right, sill, head) and its reveal."""
    left, right, sill, head = opening
    pieces = [
        ((-wide / 2 + left) / 2, left + wide / 2, 0, tall),
        ((right + wide / 2) / 2, wide / 2 - right, 0, tall),
        ((left + right) / 2, right - left, 0, sill),
        ((left + right) / 2, right - left, head, tall - head),
    ]
    made = [box(w, deep, h, bevel=1.5).moved(x, deep / 2, z) for x, w, z, h in pieces]
    return joined(made)


def window_frame(opening: tuple[float, float, float, float], *, y: float, columns: int = 2, rows: int = 3) -> Mesh:
    """Return a casement in an opening (left, right, sill, head): a frame and glazing bars."""
    left, right, sill, head = opening
    wide, tall, x = right - left, head - sill, (left + right) / 2
    bars = [box(55, 60, tall, bevel=5).moved(s, y, sill) for s in (left + 27, right - 27, x - 26, x + 26)]
    bars += [box(wide, 60, 60, bevel=5).moved(x, y, z) for z in (sill, head - 60)]
    bars += [
        box(22, 36, tall, bevel=4).moved(left + wide * (k + 0.5) / columns, y, sill) for k in range(columns)
    ]  # fmt: skip
    bars += [box(wide, 36, 22, bevel=4).moved(x, y, sill + tall * k / rows) for k in range(1, rows)]
    return joined(bars)
