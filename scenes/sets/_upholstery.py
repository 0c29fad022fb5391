"""Filled cushions: sewn flat or boxed, blown up with a filling that runs out, pressed against what they lie on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.interpolate import griddata, make_interp_spline
from scipy.ndimage import map_coordinates

from scenes.cloth import Body
from scenes.cloth import Cloth as Simulated
from scenes.mesh import Mesh, grid_faces, tube, turning


@dataclass(frozen=True, slots=True)
class Cover:
    """A cushion as it lies: panels of cloth, and its seams (k, 3), each closed; uv (0, 0) is the front's upper left."""

    panels: tuple[Mesh, ...]
    seams: tuple[np.ndarray, ...]

    def meshes(self, *, piping: float = 3.0) -> tuple[Mesh, ...]:
        """Return all that is cut from the cloth, with bias-cut piping of a radius in mm (0: a knife edge)."""
        cords = [tube(seam, piping, sides=12, closed=True).shifted(degrees=45) for seam in self.seams if piping]
        return (*self.panels, *cords)


@dataclass(frozen=True, slots=True)
class Pose:
    """How a cushion stands: its middle (x, y, z) in mm, leaning back, turned to the left, and rolled, in degrees."""

    middle: tuple[float, float, float]
    lean: float = 15.0
    turn: float = 0.0
    roll: float = 0.0

    def matrix(self) -> np.ndarray:
        """Return the turn (3, 3) from a cushion's own axes (right, up, out of its front) to the room's."""
        return turning(self.turn, "z") @ turning(90 - self.lean, "x") @ turning(self.roll, "z")

    def out(self, points: np.ndarray) -> np.ndarray:
        """Return places in the room (n, 3) of places on the cushion."""
        return points @ self.matrix().T + self.middle

    def into(self, points: np.ndarray) -> np.ndarray:
        """Return places on the cushion (n, 3) of places in the room."""
        return (points - self.middle) @ self.matrix()


@dataclass(frozen=True, slots=True)
class Stuffing:
    """How a cushion is filled: the share of what it can hold, how unevenly, how heavy it is and how stiff its cloth."""

    fill: float = 0.97
    seconds: float = 1.0
    gravity: float = 900.0
    bend: float = 0.18
    lumps: float = 0.12
    seed: int = 1


def filled(
    width: float, height: float, pose: Pose, *, stuffing: Stuffing, bodies: Sequence[Body] = (), taper: float = 0.035,
    step: float = 10.0,
) -> Cover:  # fmt: skip
    """Return a cushion of two panels, of a size when flat, leaning on bodies.

    ``taper`` is by how much of its half a side is cut in at its ends, which keeps corners from sticking out.
    """
    columns, rows = round(width / step) + 1, round(height / step) + 1
    t, s = np.meshgrid(np.linspace(-1, 1, rows), np.linspace(-1, 1, columns), indexing="ij")
    x, y = width / 2 * s * (1 - taper * t**4), -height / 2 * t * (1 - taper * s**4)
    flat = np.stack([x, y, 0 * x], axis=-1)
    swell = 8 * ((1 - s**2) * (1 - t**2))[..., None] * (0, 0, 1)
    cut = np.stack([x + width / 2, height / 2 - y], axis=-1)
    front = np.arange(rows * columns).reshape(rows, columns)
    back = front.copy()
    back[1:-1, 1:-1] = rows * columns + np.arange((rows - 2) * (columns - 2)).reshape(rows - 2, -1)
    points = np.concatenate([(flat + swell).reshape(-1, 3), (flat - swell)[1:-1, 1:-1].reshape(-1, 3)])
    rest = np.concatenate([flat.reshape(-1, 3), flat[1:-1, 1:-1].reshape(-1, 3)])
    seam = _around(front)
    volume = stuffing.fill * _capacity(width, height)
    grids = [(front, cut, 1), (back, cut * (-1, 1) + (width, 0), -1)]
    return _made(points, rest, grids, [seam], pose, volume, stuffing, bodies)


def boxed(
    width: float, height: float, deep: float, pose: Pose, *, stuffing: Stuffing, bodies: Sequence[Body] = (),
    step: float = 14.0,
) -> Cover:  # fmt: skip
    """Return a cushion with a boxing all around; each side's uv goes on from the front's, as a maker matches it."""
    rest, indices, cuts = _lattice(width, height, deep, step)
    volume = stuffing.fill * width * height * deep
    seams = [_around(indices[0]), _around(indices[1])]
    grids = [(index, cut, 1) for index, cut in zip(indices, cuts, strict=True)]
    return _made(rest, rest, grids, seams, pose, volume, stuffing, bodies)


def padded(
    width: float, height: float, deep: float, *, radius: float, crown: float, step: float = 25.0, seed: int = 1
) -> Mesh:
    """Return plain upholstery about the origin, its front toward +z: a round-edged box that swells; not for cloth."""
    rest, indices, _ = _lattice(width, height, deep, step)
    half = np.array([width, height, deep]) / 2
    core = np.clip(rest, -(half - radius), half - radius)
    away = rest - core
    points = core + away * np.minimum(1, radius / np.maximum(np.linalg.norm(away, axis=1, keepdims=True), 1e-9))
    share = 1 - (rest / half) ** 2
    waves = _uneven(rest, Stuffing(seed=seed, lumps=0.05))[:, None]
    swell = np.stack([share[:, 1] * share[:, 2], share[:, 0] * share[:, 2], share[:, 0] * share[:, 1]], axis=1)
    points = points + crown * waves * np.sqrt(np.maximum(swell, 0)) * np.clip(rest / half, -1, 1) ** 5
    faces = np.concatenate([index.ravel()[_faces(*index.shape)] for index in indices])
    return Mesh(points, faces, rest[:, :2])


def _lattice(
    width: float, height: float, deep: float, step: float
) -> tuple[np.ndarray, list[np.ndarray], list[np.ndarray]]:
    """Return the points (n, 3) of a box, and its sides, the front first: grids of their numbers, and their cuts."""
    x, y, z = (np.linspace(-size / 2, size / 2, round(size / step) + 1) for size in (width, height, deep))
    y, z = y[::-1], z[::-1]
    sides = [
        (lambda u, v: (u, v, 0 * u + z[0]), x, y, 0.0, 0.0),
        (lambda u, v: (-u, v, 0 * u + z[-1]), x, y, width + deep, 0.0),
        (lambda u, v: (u, 0 * u + y[-1], v), x, z, 0.0, height),
        (lambda u, v: (u, 0 * u + y[0], -v), x, z, 0.0, -deep),
        (lambda u, v: (0 * u + x[0], v, u), z[::-1], y, -deep, 0.0),
        (lambda u, v: (0 * u + x[-1], v, -u), z[::-1], y, width, 0.0),
    ]
    places, cuts = [], []
    for place, across, down, left, top in sides:
        u, v = np.meshgrid(across, down)
        places.append(np.stack(place(u, v), axis=-1))
        cuts.append(np.stack([u - across[0] + left, down[0] - v + top], axis=-1))
    every = np.concatenate([place.reshape(-1, 3) for place in places])
    points, number = np.unique(np.rint(every * 100) / 100, axis=0, return_inverse=True)
    ends = np.cumsum([0, *(place[..., 0].size for place in places)])
    spans = zip(ends[:-1], ends[1:], places, strict=True)
    return points, [number.ravel()[a:b].reshape(place.shape[:2]) for a, b, place in spans], cuts


def _made(
    points: np.ndarray, rest: np.ndarray, grids: list[tuple[np.ndarray, np.ndarray, int]], seams: list[np.ndarray],
    pose: Pose, volume: float, stuffing: Stuffing, bodies: Sequence[Body],
) -> Cover:  # fmt: skip
    """Return the cover of points that are ``rest`` (n, 3) apart, sewn of grids of them.

    With each grid come its cut (rows, columns, 2), and -1 where it is seen from its other side.
    """
    faces = np.concatenate([index.ravel()[_faces(*index.shape)][:, ::side] for index, _, side in grids])
    mesh = Mesh(pose.out(points), faces, rest)  # the cloth asks its uv only for how far points are apart
    cloth = Simulated(mesh, gravity=stuffing.gravity, bend=stuffing.bend, damping=0.04, bodies=bodies, friction=0.8)
    cord, tight = _cord(seams, rest, stiff=0.25), _cord(seams, rest, stiff=0.5)
    cloth.run(stuffing.seconds, wind=_filling(mesh, volume, _uneven(rest, stuffing)), drive=cord)
    for _ in range(80):
        tight(0, cloth.settle(1).points)
    panels = []
    for index, cut, side in grids:
        fine = _finer(np.concatenate([cloth.points[index], cut], axis=-1))
        faces = _faces(*fine.shape[:2])[:, ::side]
        panels.append(Mesh(fine[..., :3].reshape(-1, 3), faces, fine[..., 3:].reshape(-1, 2)))
    return Cover(tuple(panels), tuple(_loop(cloth.points[seam], rest[seam]) for seam in seams))


def _faces(rows: int, columns: int) -> np.ndarray:
    """Return the triangles of a grid whose diagonals run into its corners, so that these do not fold over."""
    faces, cells = grid_faces(columns, rows), (rows - 1) * (columns - 1)
    for row in (0, rows - 2):
        for column in (0, columns - 2):
            a, cell = row * columns + column, row * (columns - 1) + column
            b, c, d = a + 1, a + columns, a + columns + 1
            down = (row == 0) == (column == 0)
            faces[cell], faces[cell + cells] = ([a, c, d], [a, d, b]) if down else ([a, c, b], [b, c, d])
    return faces


def _around(index: np.ndarray) -> np.ndarray:
    """Return the numbers around a grid, clockwise from its upper left."""
    return np.concatenate([index[0, :-1], index[:-1, -1], index[-1, :0:-1], index[:0:-1, 0]])


def _capacity(width: float, height: float) -> float:
    """Return about what a flat bag holds at most, in cubic mm."""
    a, b = min(width, height), max(width, height)
    return a**3 * (b / (np.pi * a) - 0.142 * (1 - 10 ** (-b / a)))


def _uneven(rest: np.ndarray, stuffing: Stuffing) -> np.ndarray:
    """Return how much of the filling's push there is at each point, about 1: waves 90 mm long and longer."""
    rng = np.random.default_rng(stuffing.seed)
    waves = rng.normal(size=(6, 3))
    waves *= 2 * np.pi / rng.uniform(90, 320, size=(6, 1)) / np.linalg.norm(waves, axis=1, keepdims=True)
    return 1 + stuffing.lumps * np.cos(rest @ waves.T + rng.uniform(0, 6, 6)).sum(axis=1) / 1.7


def _filling(mesh: Mesh, volume: float, uneven: np.ndarray) -> Callable[[float, np.ndarray], np.ndarray]:
    """Return the push of a filling: strong until it takes up its volume in cubic mm."""

    def push(_: float, points: np.ndarray) -> np.ndarray:
        a, b, c = (points[mesh.faces[:, k]] - points[0] for k in range(3))
        held = float(np.einsum("ij,ij->", a, np.cross(b, c))) / 6
        pressure = 9000 * np.clip((volume - held) / (0.12 * volume), -1, 1)
        return Mesh(points, mesh.faces, mesh.uv).normals() * (pressure * uneven)[:, None]

    return push


def _corners(seam: np.ndarray) -> np.ndarray:
    """Return the four places along a closed seam (k, 3), as cut, that stick out most."""
    turned = 2 * seam - np.roll(seam, 1, axis=0) - np.roll(seam, -1, axis=0)
    return np.sort(np.argsort(np.linalg.norm(turned, axis=1))[-4:])


def _cord(seams: list[np.ndarray], rest: np.ndarray, *, stiff: float) -> Callable[[float, np.ndarray], None]:
    """Return what keeps the seams from kinking, except at their corners: the cord in the piping."""
    loose = [np.full((len(seam), 1), stiff) for seam in seams]
    for seam, share in zip(seams, loose, strict=True):
        share[_corners(rest[seam])] = 0

    def straighten(_: float, points: np.ndarray) -> None:
        for seam, share in zip(seams, loose, strict=True):
            old = points[seam]
            around = sum(np.roll(old, k, axis=0) for k in (-2, -1, 1, 2)) / 4
            points[seam] = old + share * (around - old)

    return straighten


def _loop(seam: np.ndarray, rest: np.ndarray) -> np.ndarray:
    """Return a closed seam (k, 3) with four times the points, its corners kept as the panels have them."""
    corners = _corners(rest)
    seam = np.roll(seam, -corners[0], axis=0)
    ends = [*(corners - corners[0]), len(seam)]
    closed = np.concatenate([seam, seam[:1]])
    sides = [_spline(closed[a : b + 1], 0)[:-1] for a, b in pairwise(ends)]
    return np.concatenate(sides)


def _finer(points: np.ndarray) -> np.ndarray:
    """Return a grid of points (rows, columns, n) with four times the steps, on a smooth surface through them."""
    return _spline(_spline(points, 0), 1)


def _spline(points: np.ndarray, axis: int, times: int = 4) -> np.ndarray:
    steps = points.shape[axis] - 1
    places = np.linspace(0, steps, steps * times + 1)
    return np.asarray(make_interp_spline(np.arange(steps + 1), points, k=3, axis=axis)(places))


def half_space(point: Sequence[float], normal: Sequence[float], *, gap: float = 1.5) -> Body:
    """Return all that lies behind a plane through a point, whose normal points out of it."""
    out = np.asarray(normal, float) / np.linalg.norm(normal)
    level = float(np.asarray(point, float) @ out) + gap

    def push(points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        deep = level - points @ out
        inside = deep > 0
        return points + np.where(inside, deep, 0)[:, None] * out, inside

    return push


def in_front_of(cover: Cover, pose: Pose, *, gap: float = 3.0) -> Body:
    """Return a cushion that others lean on, from its front."""
    local = pose.into(cover.panels[0].vertices)
    low, high, cells = local[:, :2].min(axis=0), local[:, :2].max(axis=0), 64
    grid = np.stack(np.meshgrid(np.linspace(low[0], high[0], cells), np.linspace(low[1], high[1], cells)), axis=-1)
    top = griddata(local[:, :2], local[:, 2], grid, fill_value=-500.0)

    def push(points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        own = pose.into(points)
        at = (own[:, :2] - low) / (high - low) * (cells - 1)
        level = map_coordinates(top, (at[:, 1], at[:, 0]), order=1, cval=-500.0) + gap
        inside = (own[:, 2] < level) & (own[:, 2] > level - 120)
        moved = own.copy()
        moved[inside, 2] = level[inside]
        return pose.out(moved), inside

    return push
