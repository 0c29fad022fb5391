"""A small cloth simulation: a grid of points that keeps its lengths, bends, falls, is blown up and lies on things.

Extended position-based dynamics (Macklin, Müller, Chentanez 2016, "XPBD"), small steps with one iteration each (Macklin
et al. 2019, "Small Steps in Physics Simulation"). Constraints are solved color by color, all of one color at once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from scenes.mesh import Mesh

# Moves points (n, 3) that lie inside a thing out onto its surface; returns (points, which were inside (n,) bool).
Body = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]


@dataclass
class Cloth:
    """A cloth being simulated: a mesh, the state of its points, and what holds it.

    ``pinned`` (n,) bool points stay where they are (move them in ``run``'s ``drive``). ``bodies`` push points out.
    ``bend`` is how much of a bend is taken back each step, 0 (silk) to 0.2 (canvas). ``pressure`` is an acceleration in
    mm/s^2 along the normals: of a filling. ``gravity`` is in mm/s^2, downward. ``friction`` is 0 (ice) to 1 (held).
    """

    mesh: Mesh
    pinned: np.ndarray | None = None
    bodies: Sequence[Body] = ()
    bend: float = 0.02
    pressure: float = 0.0
    gravity: float = 9810.0
    friction: float = 0.5
    damping: float = 0.02
    thickness: float = 1.5  # of the cloth's half, from bodies and itself
    points: np.ndarray = field(init=False)
    velocity: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        self.points = self.mesh.vertices.astype(np.float64).copy()
        self.velocity = np.zeros_like(self.points)
        self.weight = np.ones(len(self.points))
        if self.pinned is not None:
            self.weight[self.pinned] = 0
        edges, bends = _edges(self.mesh.faces)
        self._stretch = _colored(edges, self.mesh.uv)
        self._bends = _colored(bends, self.mesh.uv)

    def run(
        self,
        seconds: float,
        *,
        steps_per_second: int = 600,
        drive: Callable[[float, np.ndarray], None] | None = None,
        wind: Callable[[float, np.ndarray], np.ndarray] | None = None,
    ) -> Cloth:
        """Go on for so long. ``drive(t, points)`` moves pinned points; ``wind(t, points)`` returns accelerations."""
        dt = 1.0 / steps_per_second
        for number in range(round(seconds * steps_per_second)):
            time = number * dt
            old = self.points.copy()
            push = np.zeros_like(old)
            push[:, 2] -= self.gravity
            if self.pressure:
                push += self.pressure * Mesh(old, self.mesh.faces, self.mesh.uv).normals()
            if wind is not None:
                push += wind(time, old)
            free = (self.weight > 0)[:, None]
            self.velocity = np.where(free, (self.velocity + push * dt) * (1 - self.damping), 0)
            self.points += self.velocity * dt
            if drive is not None:
                drive(time, self.points)
            for pairs, rest in self._bends:
                self._pull(pairs, rest, self.bend)
            for pairs, rest in self._stretch:
                self._pull(pairs, rest, 1.0)
            for body in self.bodies:
                self._out_of(body, old)
            self.velocity = (self.points - old) / dt
            speed = np.linalg.norm(self.velocity, axis=1, keepdims=True)
            self.velocity *= np.minimum(1, 4000 / np.maximum(speed, 1e-9))
        return self

    def settle(self, rounds: int = 60) -> Cloth:
        """Bring all lengths to what they are at rest, without moving on: the last percent of stretch."""
        for _ in range(rounds):
            for pairs, rest in self._stretch:
                self._pull(pairs, rest, 1.0)
            for body in self.bodies:
                self.points, _ = body(self.points)
        return self

    def result(self) -> Mesh:
        """Return the cloth as it lies now."""
        return Mesh(self.points.copy(), self.mesh.faces, self.mesh.uv)

    def _pull(self, pairs: np.ndarray, rest: np.ndarray, share: float) -> None:
        """Bring pairs of points, none twice, to their distances at rest by a share of what they are off."""
        a, b = pairs[:, 0], pairs[:, 1]
        between = self.points[b] - self.points[a]
        length = np.sqrt(np.einsum("ij,ij->i", between, between))
        wa, wb = self.weight[a], self.weight[b]
        total = np.maximum(wa + wb, 1e-9)
        off = share * (length - rest) / np.maximum(length, 1e-9) / total
        self.points[a] += between * (off * wa)[:, None]
        self.points[b] -= between * (off * wb)[:, None]

    def _out_of(self, body: Body, old: np.ndarray) -> None:
        moved, inside = body(self.points)
        inside = inside & (self.weight > 0)
        if inside.any():
            slid = moved[inside] - old[inside]
            out = moved[inside] - self.points[inside]
            normal = out / np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-9)
            along = slid - normal * np.einsum("ij,ij->i", slid, normal)[:, None]
            self.points[inside] = moved[inside] - self.friction * along


def _edges(faces: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the edges (e, 2) of triangles, and the pairs of corners that face each other across them."""
    sides = np.concatenate([faces[:, [0, 1, 2]], faces[:, [1, 2, 0]], faces[:, [2, 0, 1]]])
    key = np.sort(sides[:, :2], axis=1)
    order = np.lexsort((key[:, 1], key[:, 0]))
    key, across = key[order], sides[order, 2]
    same = np.all(key[1:] == key[:-1], axis=1)
    return np.unique(key, axis=0), np.stack([across[:-1][same], across[1:][same]], axis=1)


def _colored(pairs: np.ndarray, uv: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return pairs in groups in which no point occurs twice, each with the distances at rest."""
    rest = np.linalg.norm(uv[pairs[:, 0]] - uv[pairs[:, 1]], axis=1)
    keep = rest > 1e-9
    pairs, rest = pairs[keep], rest[keep]
    color = np.full(len(pairs), -1)
    used: dict[int, int] = {}
    for i, (a, b) in enumerate(pairs.tolist()):
        taken = used.get(a, 0) | used.get(b, 0)
        free = (~taken & (taken + 1)).bit_length() - 1
        color[i] = free
        used[a] = used.get(a, 0) | 1 << free
        used[b] = used.get(b, 0) | 1 << free
    return [(pairs[color == c], rest[color == c]) for c in range(color.max() + 1)]


def floor(z: float = 0.0, *, gap: float = 1.5) -> Body:
    """Return the ground at a height."""

    def out(points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        inside = points[:, 2] < z + gap
        moved = points.copy()
        moved[inside, 2] = z + gap
        return moved, inside

    return out


def ball(center: Sequence[float], radii: Sequence[float] | float, *, gap: float = 1.5) -> Body:
    """Return a ball, or an ellipsoid of three radii (pushed out along its own radius)."""
    middle = np.asarray(center, float)
    size = np.broadcast_to(np.asarray(radii, float), 3) + gap

    def out(points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        local = (points - middle) / size
        far = np.linalg.norm(local, axis=1)
        inside = far < 1
        moved = points.copy()
        moved[inside] = middle + local[inside] / np.maximum(far[inside, None], 1e-6) * size
        return moved, inside

    return out


def block(center: Sequence[float], size: Sequence[float], *, rounded: float = 10.0, gap: float = 1.5) -> Body:
    """Return a box with rounded edges, of full sizes along x, y and z."""
    middle = np.asarray(center, float)
    inner = np.asarray(size, float) / 2 - rounded

    def out(points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        local = points - middle
        over = np.abs(local) - inner
        outside = np.maximum(over, 0)
        far = np.linalg.norm(outside, axis=1)
        deep = far < 1e-9
        inside = deep | (far < rounded + gap)
        moved = local.copy()
        near = inside & ~deep
        core = np.clip(local, -inner, inner)
        moved[near] = core[near] + (local - core)[near] / far[near, None] * (rounded + gap)
        if deep.any():  # right inside: out by the nearest side
            axis = over[deep].argmax(axis=1)
            rows = np.nonzero(deep)[0]
            moved[rows, axis] = np.sign(local[rows, axis] + 1e-12) * (inner[axis] + rounded + gap)
        return moved + middle, inside

    return out


def post(center: Sequence[float], radius: float, *, top: float, gap: float = 1.5) -> Body:
    """Return an upright round post about (x, y), its flat top at z = ``top``: a table, a stool."""
    middle = np.asarray(center, float)[:2]

    def out(points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        local = points[:, :2] - middle
        far = np.linalg.norm(local, axis=1)
        aside, above = radius + gap - far, top + gap - points[:, 2]
        inside = (aside > 0) & (above > 0)
        moved = points.copy()
        up = inside & (above <= aside)
        moved[up, 2] = top + gap
        sideways = inside & ~up
        moved[sideways, :2] = middle + local[sideways] / np.maximum(far[sideways, None], 1e-6) * (radius + gap)
        return moved, inside

    return out
