"""Boxes wrapped in paper as gifts are, ribbon and bows."""

from __future__ import annotations

import numpy as np

from scenes.mesh import Mesh, extruded, grid_faces, joined
from scenes.sets._folding import wavering

_ROUND = 1.5  # mm, of a paper's fold over an edge


def _around(depth: float, height: float, *, gap: float = 0.0, corner: float = _ROUND) -> np.ndarray:
    """Return (y, z) around a box, in mm: up its back, over the top, down the front and back underneath."""
    half, r = depth / 2 + gap, corner + gap
    centers = [
        (depth / 2 - corner, height - corner),
        (-depth / 2 + corner, height - corner),
        (-depth / 2 + corner, corner),
    ]
    parts = [np.array([[half, corner]])]
    for (y, z), start in zip(centers, (0, 90, 180), strict=True):
        t = np.radians(np.linspace(start, start + 90, 7))
        parts.append(np.stack([y + r * np.cos(t), z + r * np.sin(t)], axis=1))
    parts.append(np.array([[half, -gap]]))
    corners = np.concatenate(parts)
    at = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(corners, axis=0), axis=1))])
    fine = np.unique(np.concatenate([at, np.arange(0, at[-1], 8.0)]))
    return np.stack([np.interp(fine, at, corners[:, k]) for k in (0, 1)], axis=1)


def wrapped(
    width: float, depth: float, height: float, *, reach: float, seed: int = 0
) -> tuple[Mesh, tuple[float, float]]:
    """Return a wrapped box that stands on z = 0 about the z axis, and the place on the paper of the middle of its top.

    The paper goes around the box from front to back and is folded in at the ends right and left, as far as ``reach``
    (as a share of the height). Its uv is true everywhere: v runs over the top toward the front and down it.
    """
    loop = _around(depth, height)
    belt = extruded(np.column_stack([np.full(len(loop), -width / 2), loop]), (width, 0, 0), lengthwise=True, step=8.0)
    if belt.normals()[np.argmax(belt.vertices[:, 2])] @ (0, 0, 1) < 0:
        belt = belt.turned_over()
    quarter = np.pi * _ROUND / 2 - 2 * _ROUND
    top = height + quarter  # v where the top begins at the back's edge, corners counted as if sharp
    front = top + depth + quarter
    flaps = [_flap(width, depth, height, kind, reach, (top, front)) for kind in ("back", "front", "top", "bottom")]
    right = joined(flaps)
    left = Mesh(right.vertices * (-1, 1, 1), right.faces[:, ::-1], right.uv * (-1, 1) + (width, 0))
    made = joined([belt, right, left])
    puffed = made.vertices + made.normals() * wavering(made.vertices, height=0.5, length=90, seed=seed)[:, None]
    return Mesh(puffed, made.faces, made.uv), (width / 2, top + depth / 2)


def _flap(width: float, depth: float, height: float, kind: str, reach: float, starts: tuple[float, float]) -> Mesh:
    """Return a flap of the right end: the paper beyond the box's edge, folded in."""
    top, front = starts
    long = reach * height if kind in ("top", "bottom") else depth / 2
    s, t = np.meshgrid(np.linspace(0, long, 14), np.linspace(0, 1, 30), indexing="ij")
    if kind in ("front", "back"):
        z = t * height
        y = -depth / 2 + s if kind == "front" else depth / 2 - s
        v = front + height - z if kind == "front" else z
        out = 0.1 + 0 * s
    else:
        y = (2 * t - 1) * np.maximum(depth / 2 - s, 0.5)
        z = height - s if kind == "top" else s
        v = top + depth / 2 - y if kind == "top" else front + height + depth / 2 + y
        out = (0.9 if kind == "top" else 1.8) * np.clip(s / 6, 0, 1) + (1.2 if kind == "top" else 2.2) * (s / long) ** 2
        out = out * (1 - 0.75 * np.abs(2 * t - 1) ** 8)
    vertices = np.stack([width / 2 + out, y, z], axis=-1).reshape(-1, 3)
    mesh = Mesh(vertices, grid_faces(30, 14), np.stack([width + s, v], axis=-1).reshape(-1, 2))
    return mesh if mesh.normals()[:, 0].mean() > 0 else mesh.turned_over()


def strip(path: np.ndarray, across: np.ndarray, *, cut: float = 0.0) -> Mesh:
    """Return a ribbon along a path (k, 3); ``across`` (k, 3) goes from its middle to its edge.

    ``cut`` in mm is how deep the end is notched.
    """
    w = np.linspace(-1, 1, 7)
    grid = path[:, None] + w[None, :, None] * across[:, None]
    if cut:
        tangent = path[-1] - path[-2]
        grid[-1] -= (1 - np.abs(w))[:, None] * cut * tangent / np.linalg.norm(tangent)
    along = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(path, axis=0), axis=1))])
    uv = np.stack(np.broadcast_arrays(w[None] * np.linalg.norm(across, axis=1)[:, None], along[:, None]), axis=-1)
    return Mesh(grid.reshape(-1, 3), grid_faces(7, len(path)), uv.reshape(-1, 2))


def banded(width: float, depth: float, height: float, ribbon: float, *, crossed: bool = True) -> Mesh:
    """Return ribbon tied around a box that stands on z = 0: from front to back, and from end to end if ``crossed``."""
    loop = _around(depth, height, gap=1.0, corner=2.5)
    parts = [extruded(np.column_stack([np.full(len(loop), -ribbon / 2), loop]), (ribbon, 0, 0), lengthwise=True)]
    if crossed:
        loop = _around(width + 5, height, gap=1.5, corner=3.0)
        along_x = np.column_stack([loop[:, 0], np.full(len(loop), -ribbon / 2), loop[:, 1]])
        parts.append(extruded(along_x, (0, ribbon, 0), lengthwise=True))
    return joined(parts)


def bow(ribbon: float, size: float, *, seed: int = 0) -> Mesh:
    """Return a tied bow of ribbon that sits on z = 0 at the origin, its loops right and left."""
    rng = np.random.default_rng(seed)
    parts = []
    for heading, share, tilt in ((8, 1.0, 17), (188, 0.96, 19)):
        parts.append(_loop(ribbon, size * share, tilt).turned(heading + rng.uniform(-6, 6)))
    for heading, long in ((-52, 1.0), (-122, 1.1)):
        parts.append(_tail(ribbon, size * long, rng).turned(heading))
    t = np.linspace(0, 2 * np.pi, 40)
    knot = np.column_stack([0 * t, 0.34 * ribbon * np.cos(t), 0.42 * ribbon + 0.42 * ribbon * np.sin(t)])
    w = np.linspace(-1, 1, 9)
    belly = 1 + 0.12 * (1 - w**2)
    breadth = np.stack([w * 0.33 * ribbon, 0 * w, 0 * w], axis=1)
    grid = knot[:, None] * np.stack([0 * w, belly, belly], axis=1)[None] + breadth[None]
    parts.append(Mesh(grid.reshape(-1, 3), grid_faces(9, 40), np.zeros((360, 2))))
    return joined(parts)


def _loop(ribbon: float, size: float, tilt: float) -> Mesh:
    """Return one loop of a bow toward +x, gathered at the knot."""
    t = np.linspace(0, 1, 70)
    out, high = np.sin(np.pi * t) ** 0.9, np.sin(2 * np.pi * t) * np.sin(np.pi * t) ** 0.6
    c, s = np.cos(np.radians(tilt)), np.sin(np.radians(tilt))
    x, z = size * out, 0.33 * size * high
    path = np.stack([c * x - s * z, 0 * x, s * x + c * z + 0.35 * ribbon], axis=1)
    wide = ribbon / 2 * (0.3 + 0.7 * np.clip(np.sin(np.pi * t) * 1.6, 0, 1))
    mesh = strip(path, np.stack([-0.15 * wide, wide, 0 * wide], axis=1))
    # Gathered ribbon is pleated by the knot.
    w = np.tile(np.linspace(-1, 1, 7), 70)
    pleat = 0.1 * ribbon * np.cos(2.2 * np.pi * w) * np.repeat(np.exp(-((np.sin(np.pi * t) / 0.35) ** 2)), 7)
    return Mesh(mesh.vertices + pleat[:, None] * (0, 0, 1), mesh.faces, mesh.uv)


def _tail(ribbon: float, size: float, rng: np.random.Generator) -> Mesh:
    """Return one end of a bow toward +x, lying in soft waves, its end notched."""
    t = np.linspace(0, 1, 50)
    phase = rng.uniform(0, 1)
    z = 0.3 * ribbon * (1 - t) ** 2 + 0.2 * ribbon * (1 - np.cos(2 * np.pi * (1.4 * t + phase * t))) * t + 1.2
    path = np.stack([size * t, 0.12 * size * np.sin(2.5 * t), z], axis=1)
    wide = ribbon / 2 * (0.35 + 0.65 * np.clip(t * 4, 0, 1))
    return strip(path, np.stack([0.1 * wide, wide, 0.12 * wide * np.sin(5 * t)], axis=1), cut=0.42 * ribbon)
