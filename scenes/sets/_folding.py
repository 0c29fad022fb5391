"""Cloth that is folded, bent and cut as shops and sewers do it, and its thickness."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from scipy.ndimage import gaussian_filter, map_coordinates

from scenes.mesh import Mesh, grid_faces, joined, sheet


def columns_of(mesh: Mesh) -> int:
    """Return how many vertices a row of a mesh made by ``sheet`` has."""
    return int(np.nonzero(mesh.uv[1:, 0] <= mesh.uv[:-1, 0])[0][0]) + 1


def thick(mesh: Mesh, columns: int, thickness: float) -> Mesh:
    """Return a grid of vertices in rows as cloth of a thickness in mm, its back showing what its face does."""
    return joined(lined(mesh, columns, thickness))


def lined(mesh: Mesh, columns: int, thickness: float) -> tuple[Mesh, Mesh]:
    """Return a grid of vertices in rows as cloth of a thickness in mm: its face with the cut edges, and its back.

    The face stays where it is; the back lies below it.
    """
    rows = len(mesh.vertices) // columns
    index = np.arange(rows * columns).reshape(rows, columns)
    rim = np.concatenate([index[0, :-1], index[:-1, -1], index[-1, :0:-1], index[:0:-1, 0]])
    back = mesh.vertices - thickness * mesh.normals()
    # The edge has vertices of its own, so that its light does not run into the face's.
    a, b = np.arange(len(rim)), np.roll(np.arange(len(rim)), -1)
    c, d = a + len(rim), b + len(rim)
    edge = np.concatenate([np.stack([a, b, c], 1), np.stack([b, d, c], 1)])
    ring = Mesh(np.concatenate([mesh.vertices[rim], back[rim]]), edge, np.concatenate([mesh.uv[rim], mesh.uv[rim]]))
    return joined([mesh, ring]), Mesh(back, mesh.faces[:, ::-1], mesh.uv)


def pinked(width: float, height: float, *, pitch: float = 5.0, depth: float = 2.6) -> tuple[Mesh, int]:
    """Return a flat swatch with zigzag edges, face up, its middle at the origin, and how many columns its grid has.

    ``pitch`` is from tooth to tooth and ``depth`` of a tooth, in mm; width and height are to the tips.
    """
    columns, rows = 2 * round(width / pitch) + 1, 2 * round(height / pitch) + 1
    u = np.linspace(0, width, columns)
    v = np.linspace(0, height, rows)
    u[1:-1] = np.linspace(1.6 * depth, width - 1.6 * depth, columns - 2)
    v[1:-1] = np.linspace(1.6 * depth, height - 1.6 * depth, rows - 2)
    uu, vv = (np.array(a) for a in np.meshgrid(u, v))
    valley = depth * (np.arange(columns) % 2)
    uu[[0, -1]] = np.linspace(0, width, columns)
    vv[0] += valley
    vv[-1] -= valley
    valley = depth * (np.arange(rows) % 2)
    vv[1:-1, 0] = vv[1:-1, -1] = np.linspace(0, height, rows)[1:-1]
    uu[:, 0] += valley
    uu[:, -1] -= valley
    uv = np.stack([uu.ravel(), vv.ravel()], axis=1)
    vertices = np.stack([uv[:, 0] - width / 2, height / 2 - uv[:, 1], 0 * uv[:, 0]], axis=1)
    return Mesh(vertices, grid_faces(columns, rows), uv), columns


def bent(points: np.ndarray, degrees: float, places: Sequence[float], slopes: Sequence[float]) -> np.ndarray:
    """Return level points (n, 3) bent like sheet metal along lines that run across a direction in the level.

    ``slopes`` (radians) are those at ``places`` in mm along the direction, smooth between; lengths stay exactly.
    """
    from scipy.interpolate import PchipInterpolator

    along = np.array([np.cos(np.radians(degrees)), np.sin(np.radians(degrees)), 0])
    s = points @ along
    fine = np.linspace(min(s.min(), places[0]), max(s.max(), places[-1]), 4000)
    slope = PchipInterpolator(places, slopes)(np.clip(fine, places[0], places[-1]))
    step = np.diff(fine)
    mean = 0.5 * (slope[1:] + slope[:-1])
    ahead = np.concatenate([[0], np.cumsum(np.cos(mean) * step)]) + fine[0]
    up = np.concatenate([[0], np.cumsum(np.sin(mean) * step)])
    ahead += np.interp(0, fine, fine - ahead)
    return points + np.outer(np.interp(s, fine, ahead) - s, along) + np.outer(np.interp(s, fine, up), (0, 0, 1))


def wavering(
    points: np.ndarray, *, height: float, length: float, seed: int, share: tuple[float, float, float] = (1, 1, 1)
) -> np.ndarray:
    """Return a smooth random height (n,) in mm over points (n, 3), about ``length`` mm from hill to hill.

    ``share`` weighs x, y and z: what has no weight makes no difference.
    """
    rng = np.random.default_rng(seed)
    cells = 64
    field = gaussian_filter(rng.normal(size=(cells, cells)), 1.2, mode="wrap")
    field /= np.abs(field).max()
    at = points * np.asarray(share) / (length / 4.0)
    return height * map_coordinates(field, [at[:, 0] + at[:, 2], at[:, 1]], order=3, mode="grid-wrap")


def smooth(x: np.ndarray, low: float, high: float) -> np.ndarray:
    """Return 0 below ``low``, 1 above ``high``, and a smooth rise between."""
    t = np.clip((x - low) / (high - low), 0, 1)
    return t * t * (3 - 2 * t)


def level(width: float, height: float, *, step: float) -> tuple[Mesh, int]:
    """Return a flat cloth, face up, its middle at the origin, and how many columns its grid has."""
    mesh = sheet(width, height, step=step, place=lambda u, v: np.stack([u - width / 2, height / 2 - v, 0 * u], axis=1))
    return mesh, columns_of(mesh)


def folded(
    width: float, depth: float, *, bends: int = 4, gap: float = 2.6, thickness: float = 1.0, full: float = 1.25,
    seed: int = 0, outermost: Callable[[np.ndarray, np.ndarray], np.ndarray] | None = None,
) -> tuple[Mesh, Mesh]:  # fmt: skip
    """Return faces and backs of a folded length of cloth that lies on z = 0 about the z axis, its folds toward -y.

    ``bends`` layers are bent one around the other, so that it is ``2 * bends * gap`` high. u runs from left to right
    and v from the back over the top and down the front. ``outermost`` takes points (n, 3) and uv of the outermost layer
    and returns points.
    """
    rng = np.random.default_rng(seed)
    height = 2 * bends * gap
    made = []
    for i in range(bends):
        line = _hairpin(depth - i * gap * 0.9, height / 2 - i * gap, full=full)
        along = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(line, axis=0), axis=1))])
        flat, columns = level(width + rng.uniform(-1.5, 1.5), along[-1], step=3.0 if i == 0 else 8.0)
        y, z = (np.interp(flat.uv[:, 1], along, line[:, k]) for k in (0, 1))
        points = np.stack([flat.vertices[:, 0] + rng.uniform(-1.2, 1.2), y + depth / 2, z + height / 2], axis=1)
        if outermost is not None and i == 0:
            points = outermost(points, flat.uv)
        made.append(lined(Mesh(points, flat.faces, flat.uv + np.array([37.0, 61.0]) * i), columns, thickness))
    return joined([face for face, _ in made]), joined([back for _, back in made])


def _hairpin(length: float, radius: float, *, full: float) -> np.ndarray:
    """Return (y, z) from the upper back at y = 0 toward -y, around a round front and back underneath.

    The front bulges ``full`` times as far as a half circle would.
    """
    t = np.linspace(90, 270, 25)
    reach = radius * full
    straight = np.linspace(0, -(length - reach), max(8, int(length / 4)))[:-1]
    nose = np.stack([-(length - reach) + reach * np.cos(np.radians(t)), radius * np.sin(np.radians(t))], axis=1)
    return np.concatenate([
        np.column_stack([straight, np.full(len(straight), radius)]), nose,
        np.column_stack([straight[::-1], np.full(len(straight), -radius)]),
    ])  # fmt: skip


def lain(mesh: Mesh, *, softness: float = 1.6, stack: float = 80.0, seed: int = 0, own: int = 0) -> Mesh:
    """Return folded cloth as it lies in a stack that nobody has ironed: wavy, the more the higher up it is.

    What lies in one stack has one ``seed``; ``own`` is of the piece: how its front edge wanders.
    """
    p = mesh.vertices
    level_share = (1.0, 1.0, 0.0)
    up = wavering(p, height=softness, length=170, seed=seed, share=level_share)
    up += wavering(p, height=1.2 * softness, length=330, seed=seed + 50, share=level_share)
    ahead = wavering(p, height=1.5 * softness, length=260, seed=own + 90, share=(1.0, 0.1, 0.0))
    return Mesh(p + np.stack([0 * up, ahead, up * (0.2 + 0.8 * p[:, 2] / stack)], axis=1), mesh.faces, mesh.uv)
