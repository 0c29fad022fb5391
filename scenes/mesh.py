"""Meshes in millimeters, z up, whose uv is the place on the flat cloth that they are made of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Mesh:
    """Vertices (n, 3) float64 in mm, faces (m, 3) int64, uv (n, 2) float64 in mm of the cloth at rest.

    On the cloth's face u runs to the right and v down, seen by someone who looks at it.
    """

    vertices: np.ndarray
    faces: np.ndarray
    uv: np.ndarray

    def moved(self, x: float = 0, y: float = 0, z: float = 0) -> Mesh:
        """Return the mesh moved by a vector."""
        return Mesh(self.vertices + np.array([x, y, z]), self.faces, self.uv)

    def turned(self, degrees: float, axis: str = "z") -> Mesh:
        """Return the mesh turned about an axis through the origin, counterclockwise looking against the axis."""
        return Mesh(self.vertices @ turning(degrees, axis).T, self.faces, self.uv)

    def scaled(self, x: float, y: float | None = None, z: float | None = None) -> Mesh:
        """Return the mesh scaled; only for what is not cloth, since uv stays."""
        return Mesh(self.vertices * (x, x if y is None else y, x if z is None else z), self.faces, self.uv)

    def placed(self, where: Callable[[np.ndarray], np.ndarray]) -> Mesh:
        """Return the mesh with other vertices: a function of (n, 3)."""
        return Mesh(where(self.vertices), self.faces, self.uv)

    def turned_over(self) -> Mesh:
        """Return the mesh with its faces the other way about."""
        return Mesh(self.vertices, self.faces[:, ::-1], self.uv)

    def shifted(self, u: float = 0, v: float = 0, *, degrees: float = 0) -> Mesh:
        """Return the mesh cut from another place of the cloth, turned on it by an angle."""
        c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
        return Mesh(self.vertices, self.faces, self.uv @ np.array([[c, s], [-s, c]]) + (u, v))

    def normals(self) -> np.ndarray:
        """Return unit normals (n, 3), means over the faces around a vertex weighted by their areas."""
        corners = self.vertices[self.faces]
        flat = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
        total = np.zeros_like(self.vertices)
        for k in range(3):
            np.add.at(total, self.faces[:, k], flat)
        return total / np.maximum(np.linalg.norm(total, axis=1, keepdims=True), 1e-12)

    def stretch(self) -> tuple[float, float]:
        """Return the 5th and the 95th percentile of length in space per length of cloth, over all edges."""
        edges = np.concatenate([self.faces[:, [a, b]] for a, b in ((0, 1), (1, 2), (2, 0))])
        space = np.linalg.norm(np.diff(self.vertices[edges], axis=1)[:, 0], axis=1)
        rest = np.linalg.norm(np.diff(self.uv[edges], axis=1)[:, 0], axis=1)
        low, high = np.percentile(space / np.maximum(rest, 1e-9), (5, 95))
        return float(low), float(high)


def turning(degrees: float, axis: str) -> np.ndarray:
    """Return the matrix (3, 3) of a turn about an axis."""
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    i, j = {"x": (1, 2), "y": (2, 0), "z": (0, 1)}[axis]
    matrix = np.eye(3)
    matrix[[i, i, j, j], [i, j, i, j]] = c, -s, s, c
    return matrix


def joined(meshes: Sequence[Mesh]) -> Mesh:
    """Return several meshes as one."""
    starts = np.cumsum([0, *(len(mesh.vertices) for mesh in meshes)])
    return Mesh(
        np.concatenate([mesh.vertices for mesh in meshes]),
        np.concatenate([mesh.faces + start for mesh, start in zip(meshes, starts, strict=False)]),
        np.concatenate([mesh.uv for mesh in meshes]),
    )


def grid_faces(columns: int, rows: int, *, around: bool = False) -> np.ndarray:
    """Return the triangles of a grid of vertices in rows, left to right, top row first; ``around`` joins its ends.

    They face whoever sees u go right and v go down. Diagonals alternate, so that cloth is stiff in no direction.
    """
    wide = columns if around else columns - 1
    row, column = np.mgrid[0 : rows - 1, 0:wide]
    a, b = row * columns + column, row * columns + (column + 1) % columns
    c, d = a + columns, b + columns
    even = ((row + column) % 2 == 0)[..., None]
    first = np.where(even, np.stack([a, c, b], -1), np.stack([a, c, d], -1))
    second = np.where(even, np.stack([b, c, d], -1), np.stack([a, d, b], -1))
    return np.concatenate([first.reshape(-1, 3), second.reshape(-1, 3)])


def sheet(
    width: float,
    height: float,
    *,
    step: float,
    place: Callable[[np.ndarray, np.ndarray], np.ndarray] | None = None,
) -> Mesh:
    """Return a flat cloth of width by height with a vertex about every ``step`` mm.

    ``place`` takes u and v (n,) in mm and returns vertices (n, 3); by default the cloth hangs in the plane y = 0, its
    face toward -y, its lower left corner at the origin.
    """
    columns, rows = max(2, round(width / step) + 1), max(2, round(height / step) + 1)
    v, u = (a.ravel() for a in np.meshgrid(np.linspace(0, height, rows), np.linspace(0, width, columns), indexing="ij"))
    vertices = place(u, v) if place else np.stack([u, np.zeros_like(u), height - v], axis=1)
    return Mesh(vertices, grid_faces(columns, rows), np.stack([u, v], axis=1))


def extruded(
    profile: np.ndarray, direction: Sequence[float] | np.ndarray, *, lengthwise: bool = False, step: float = 20.0
) -> Mesh:
    """Return a cloth bent along a curve (k, 3) and straight along a vector: exactly as long as it is cut.

    Arc length along the curve is u, and v runs along the direction; ``lengthwise`` swaps them. Check which way it faces
    (``turned_over`` turns it).
    """
    along = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(profile, axis=0), axis=1))])
    length = float(np.linalg.norm(direction))
    count = max(2, round(length / step) + 1)
    across = np.linspace(0, 1, count)
    if lengthwise:
        vertices = profile[:, None] + across[None, :, None] * np.asarray(direction, float)
        uv = np.stack(np.broadcast_arrays(across[None, :] * length, along[:, None]), axis=-1)
        return Mesh(vertices.reshape(-1, 3), grid_faces(count, len(profile)), uv.reshape(-1, 2))
    vertices = profile[None] + across[:, None, None] * np.asarray(direction, float)
    uv = np.stack(np.broadcast_arrays(along[None, :], across[:, None] * length), axis=-1)
    return Mesh(vertices.reshape(-1, 3), grid_faces(len(profile), count), uv.reshape(-1, 2))


def drum(radius: float, height: float, *, top_radius: float | None = None, segments: int = 180, rows: int = 24) -> Mesh:
    """Return a shade about the z axis, its lower rim at z = 0: a cylinder, or a cone cut out of flat cloth.

    u goes around it to the right as seen from outside. A cone's uv is its exact development, the middle of its upper
    rim level.
    """
    top = radius if top_radius is None else top_radius
    angle = np.linspace(0, 2 * np.pi, segments + 1)
    share = np.linspace(0, 1, rows)  # from the upper rim down
    ring = top + (radius - top) * share
    slant = float(np.hypot(height, radius - top))
    z = np.broadcast_to(height * (1 - share)[:, None], (rows, segments + 1))
    vertices = np.stack([ring[:, None] * np.cos(angle), ring[:, None] * np.sin(angle), z], axis=-1)
    if abs(radius - top) < 1e-9:
        uv = np.stack(np.broadcast_arrays(angle * radius, slant * share[:, None]), axis=-1)
    else:
        sine = (radius - top) / slant
        far = ring[:, None] / sine  # from the tip of the cone
        turn = (angle - np.pi) * sine
        uv = np.stack([far * np.sin(turn), far * np.cos(turn) - top / sine], axis=-1)
    return Mesh(vertices.reshape(-1, 3), grid_faces(segments + 1, rows), uv.reshape(-1, 2))


def tube(path: np.ndarray, radius: float, *, sides: int = 10, closed: bool = False) -> Mesh:
    """Return a cord along a path (k, 3): u along it, v around it. For piping, rods and legs."""
    points = np.concatenate([path, path[:1]]) if closed else np.asarray(path, float)
    along = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1))])
    tangent = np.gradient(points, axis=0)
    if closed:
        tangent[0] = tangent[-1] = points[1] - points[-2]
    tangent /= np.linalg.norm(tangent, axis=1, keepdims=True)
    side = np.empty_like(tangent)
    seed = np.eye(3)[np.abs(tangent[0]).argmin()]
    for i, t in enumerate(tangent):  # each frame is the last one, brought upright (parallel transport)
        seed = seed - t * (seed @ t)
        side[i] = seed = seed / np.linalg.norm(seed)
    up = np.cross(tangent, side)
    angle = np.linspace(0, 2 * np.pi, sides + 1)
    ring = np.cos(angle)[:, None, None] * side + np.sin(angle)[:, None, None] * up
    uv = np.stack(np.broadcast_arrays(along[None, :], (angle * radius)[:, None]), axis=-1)
    return Mesh((points[None] + radius * ring).reshape(-1, 3), grid_faces(len(points), sides + 1), uv.reshape(-1, 2))


def lathe(profile: np.ndarray, *, segments: int = 96) -> Mesh:
    """Return what a profile (k, 2) of (radius, z), from top to bottom, sweeps about the z axis; not for cloth."""
    angle = np.linspace(0, 2 * np.pi, segments + 1)
    radius, z = profile[:, :1], np.repeat(profile[:, 1:], segments + 1, axis=1)
    vertices = np.stack([radius * np.cos(angle), radius * np.sin(angle), z], axis=-1)
    uv = np.stack(np.broadcast_arrays(angle * 100, z), axis=-1)
    return Mesh(vertices.reshape(-1, 3), grid_faces(segments + 1, len(profile)), uv.reshape(-1, 2))


def plane(width: float, depth: float, *, z: float = 0) -> Mesh:
    """Return a level rectangle about the z axis, its face up."""
    x, y = width / 2, depth / 2
    vertices = np.array([[-x, y, z], [x, y, z], [-x, -y, z], [x, -y, z]])
    return Mesh(vertices, grid_faces(2, 2), np.array([[0, 0], [width, 0], [0, depth], [width, depth]], float))


def box(width: float, depth: float, height: float, *, bevel: float = 2.0) -> Mesh:
    """Return a box that stands on z = 0 about the z axis, its edges rounded by ``bevel``; not for cloth."""
    half = np.array([width, depth, height]) / 2
    inner = half - min(bevel, float(half.min()) * 0.999)
    # A cube blown up to the sphere of the bevel, then cut along its middle planes and pulled apart.
    slope = np.tan(np.linspace(-np.pi / 4, 0, 5))
    slope, side = np.concatenate([slope, -slope[::-1]]), np.repeat([-1.0, 1.0], 5)
    parts = []
    for axis in range(3):
        for sign in (-1, 1):
            i, j = (axis + 1) % 3, (axis + 2) % 3
            out = np.empty((10, 10, 3))
            out[..., axis] = sign
            out[..., i], out[..., j] = slope[:, None], slope[None, :]
            out *= bevel / np.linalg.norm(out, axis=-1, keepdims=True)
            out[..., axis] += sign * inner[axis]
            out[..., i] += side[:, None] * inner[i]
            out[..., j] += side[None, :] * inner[j]
            uv = np.stack([out[..., i], out[..., j]], axis=-1)
            face = Mesh(out.reshape(-1, 3), grid_faces(10, 10), uv.reshape(-1, 2))
            parts.append(face if face.normals().mean(axis=0)[axis] * sign > 0 else face.turned_over())
    return joined(parts).moved(z=height / 2)
