"""Duvets: two layers of cloth with down between them, laid over a bed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from scipy.interpolate import make_interp_spline
from scipy.ndimage import gaussian_filter

from scenes.cloth import Body
from scenes.cloth import Cloth as Simulated
from scenes.mesh import Mesh, grid_faces


def duvet(
    width: float, length: float, *, head: float, above: float, loft: float, bodies: Sequence[Body], step: float = 27.0,
    seconds: float = 1.1, seed: int = 2,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:  # fmt: skip
    """Return the upper and the lower layer of a duvet (rows, columns, 3), head edge first, and their uv.

    It falls from ``above`` (mm), its head edge along x at y = ``head``; ``loft`` is how thick the down makes it.
    """
    columns, rows = round(width / step) + 1, round(length / step) + 1
    v, u = np.meshgrid(np.linspace(0, length, rows), np.linspace(0, width, columns), indexing="ij")
    upper = np.arange(rows * columns).reshape(rows, columns)
    lower = upper.copy()
    lower[1:-1, 1:-1] = rows * columns + np.arange((rows - 2) * (columns - 2)).reshape(rows - 2, -1)
    full = 0.93  # laid with some cloth to spare, which goes into wrinkles
    flat = np.stack([full * (u - width / 2), head - full * v, 0 * u + above], axis=-1)
    thick = np.minimum(np.minimum(u, width - u), np.minimum(v, length - v))
    swell = np.minimum(0.3 * thick, 20)[..., None] * (0, 0, 1)
    inner = np.s_[1:-1, 1:-1]
    points = np.concatenate([(flat + swell).reshape(-1, 3), (flat - swell)[inner].reshape(-1, 3)])
    cut = np.stack([u, v], axis=-1)
    uv = np.concatenate([cut.reshape(-1, 2), cut[inner].reshape(-1, 2)])
    faces = np.concatenate([grid_faces(columns, rows), lower.ravel()[grid_faces(columns, rows)][:, ::-1]])
    cloth = Simulated(Mesh(points, faces, uv), bodies=bodies, bend=0.03, damping=0.04, friction=0.85)
    fill = _down(cloth.mesh, upper, lower, loft, seed)
    cloth.run(seconds, wind=fill, steps_per_second=500)
    cloth.gravity = 2500.0  # its weight has stretched it a little
    cloth.run(0.2, wind=fill, steps_per_second=500).settle(60)
    return _finer(cloth.points[upper]), _finer(cloth.points[lower]), _finer(cut)


def _down(
    mesh: Mesh, upper: np.ndarray, lower: np.ndarray, loft: float, seed: int
) -> Callable[[float, np.ndarray], np.ndarray]:
    """Return the push of down on both layers, which gives way as it is pressed, and lies a little unevenly."""
    lumps = gaussian_filter(np.random.default_rng(seed).normal(size=upper.shape), 3.2, mode="nearest")
    tall = loft * np.clip(1 + 0.6 * lumps / lumps.std(), 0.2, 2.2)

    def push(_: float, points: np.ndarray) -> np.ndarray:
        between = points[upper] - points[lower]
        normals = Mesh(points, mesh.faces, mesh.uv).normals()
        apart = np.linalg.norm(between, axis=-1)
        force = np.zeros(len(points))
        force[upper] = force[lower] = np.clip(45_000 * (1 - apart / tall), -14_000, 24_000)
        total = normals * force[:, None]
        slip = between - np.einsum("ijk,ijk->ij", between, normals[upper])[..., None] * normals[upper]
        total[upper] -= 250 * slip
        return total

    return push


def folded_over(upper: np.ndarray, lower: np.ndarray, *, over: int, under: int, gap: float = 3.5) -> Mesh:
    """Return a sheet folded over the head edge of a duvet: ``over`` rows of its upper layer, ``under`` of its lower."""
    top, bottom = _offset(upper, gap), _offset(lower[:, ::-1], gap)[:, ::-1]
    edge = np.clip((over - 1 - np.arange(over)) / 1.5, 0.25, 1)[:, None, None]
    face = upper[:over] + edge * (top - upper)[:over]
    rolled = np.concatenate([face[:1:-1], 0.5 * (face[1:2] + bottom[1:2]) + (0, gap, 0), bottom[2:under]])[::-1]
    rows, columns = rolled.shape[:2]
    uv = np.stack(np.meshgrid(np.arange(columns), np.arange(rows)), axis=-1) * 9.0
    return Mesh(rolled.reshape(-1, 3), grid_faces(columns, rows), uv.reshape(-1, 2))


def _offset(grid: np.ndarray, gap: float) -> np.ndarray:
    """Return a grid of points moved out along its normals, on the side from which its rows are seen left to right."""
    across, down = np.gradient(grid, axis=1), np.gradient(grid, axis=0)
    normal = np.cross(down, across)
    soft = gaussian_filter(normal / np.maximum(np.linalg.norm(normal, axis=-1, keepdims=True), 1e-9), (2, 2, 0))
    return grid + gap * soft / np.maximum(np.linalg.norm(soft, axis=-1, keepdims=True), 1e-9)


def paneled(points: np.ndarray, cut: np.ndarray, *, other_side: bool = False) -> Mesh:
    """Return a layer (rows, columns, 3) as a mesh; its other side is seen if it is the lower one."""
    faces = grid_faces(points.shape[1], points.shape[0])
    return Mesh(points.reshape(-1, 3), faces[:, ::-1] if other_side else faces, cut.reshape(-1, cut.shape[-1]))


def _finer(points: np.ndarray, times: int = 3) -> np.ndarray:
    """Return a grid of points (rows, columns, n) with so many times the steps, on a smooth surface through them."""
    for axis in (0, 1):
        steps = points.shape[axis] - 1
        places = np.linspace(0, steps, steps * times + 1)
        points = np.asarray(make_interp_spline(np.arange(steps + 1), points, k=3, axis=axis)(places))
    return points
