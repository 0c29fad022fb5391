"""Cloth that hangs in folds: rows that bend to and fro and keep their length, and what it hangs from."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from scenes.cloth import Cloth as Simulated
from scenes.mesh import Mesh, grid_faces, joined, lathe, tube

# Of (u, v) in mm, the shape of a row's heading: what is multiplied until the row is as wide as it shall be.
Shape = Callable[[np.ndarray, np.ndarray], np.ndarray]


def draped(
    width: float,
    drop: float,
    *,
    step: tuple[float, float],
    shape: Shape,
    row_width: Callable[[np.ndarray], np.ndarray],
    middle: Callable[[np.ndarray], np.ndarray] | None = None,
    settle: int = 30,
) -> Mesh:
    """Return a cloth of width by drop that hangs from z = 0 in folds, its face toward -y, its middle at x = 0.

    Each row goes along a curve whose heading is ``shape`` times what makes the row ``row_width`` (of v, in mm) wide.
    ``middle`` (of v) is where the row's middle is, (rows, 2) in x and y. ``step`` is between vertices along u and v.
    """
    columns, rows = round(width / step[0]) + 1, round(drop / step[1]) + 1
    v, u = np.meshgrid(np.linspace(0, drop, rows), np.linspace(0, width, columns), indexing="ij")
    heading = _widened(shape(u, v), row_width(v[:, 0]) / width)
    x, y = _summed(np.cos(heading), u), _summed(np.sin(heading), u)
    x -= 0.5 * x[:, -1:]
    y -= y.mean(axis=1, keepdims=True)
    if middle is not None:
        at = middle(v[:, 0])
        x, y = x + at[:, :1], y + at[:, 1:]
    fall = np.sqrt(np.clip(1 - np.gradient(x, v[:, 0], axis=0) ** 2 - np.gradient(y, v[:, 0], axis=0) ** 2, 0.05, 1))
    z = -_summed(fall.T, v.T).T
    flat = Mesh(np.stack([x, y, z], -1).reshape(-1, 3), grid_faces(columns, rows), np.stack([u, v], -1).reshape(-1, 2))
    return Simulated(flat, pinned=flat.uv[:, 1] < 1e-6).settle(settle).result()


def _summed(values: np.ndarray, along: np.ndarray) -> np.ndarray:
    """Return the integral of rows of values along their places, 0 at the left."""
    parts = 0.5 * (values[:, 1:] + values[:, :-1]) * np.diff(along, axis=1)
    return np.concatenate([np.zeros((len(values), 1)), np.cumsum(parts, axis=1)], axis=1)


def _widened(shape: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Return each row of headings times what makes its mean cosine a share, found by halving."""
    low, high = np.zeros(len(shape)), 2.3 / np.maximum(np.abs(shape).max(axis=1), 1e-9)
    for _ in range(40):
        mid = 0.5 * (low + high)
        wide = np.cos(mid[:, None] * shape).mean(axis=1) > share
        low, high = np.where(wide, mid, low), np.where(wide, high, mid)
    return low[:, None] * shape


def wander(seed: int, *, waves: int = 5, longest: float = 1400.0, shortest: float = 350.0) -> Callable[..., np.ndarray]:
    """Return a smooth function of (u, v) in mm, about -1 to 1, without a pattern."""
    rng = np.random.default_rng(seed)
    length = np.exp(rng.uniform(np.log(shortest), np.log(longest), waves))
    phase, tall = rng.uniform(0, 2 * np.pi, waves), rng.uniform(2.0, 5.0, waves)

    def value(u: np.ndarray, v: np.ndarray) -> np.ndarray:
        terms = [
            np.sin(2 * np.pi * (u + v / s) / w + p) for w, p, s in zip(length, phase, tall, strict=True)
        ]  # fmt: skip
        return sum(terms) / np.sqrt(waves)

    return value


def ring(radius: float, thickness: float, *, segments: int = 40) -> Mesh:
    """Return a ring about the x axis, as it hangs on a rod that runs along x."""
    angle = np.linspace(0, 2 * np.pi, segments, endpoint=False)
    path = np.stack([0 * angle, radius * np.cos(angle), radius * np.sin(angle)], axis=1)
    return tube(path, thickness, sides=10, closed=True)


def rod(length: float, radius: float) -> Mesh:
    """Return a rod along x about the origin with a turned knob at each end."""
    half = length / 2
    bar = tube(np.array([[x, 0, 0] for x in np.linspace(-half, half, 8)]), radius, sides=24)
    knobs = []
    for side in (-1, 1):
        t = np.linspace(-1, 1, 25)
        profile = np.stack([2.0 * radius * np.sqrt(np.clip(1 - t**2, 0, 1)) + 0.01, 2.0 * radius * t], axis=1)[::-1]
        knobs.append(lathe(profile, segments=32).moved(x=side * (half + 1.6 * radius)))
    return joined([bar, *knobs])
