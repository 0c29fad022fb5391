"""A round table laid with a round cloth."""

from __future__ import annotations

import numpy as np
from scipy.spatial import Delaunay

from scenes.cloth import Cloth as Simulated
from scenes.cloth import floor, post
from scenes.mesh import Mesh, box, joined, plane, tube
from scenes.sets._homeware import fruit, tapered_leg
from scenes.sets._interior import bouquet, floorboards, moved, vessel
from scenes.stage import Camera, Cloth, Prop, Stage, daylight, paint, satin, softbox, wood

TABLE, HEIGHT, CLOTH = 560.0, 745.0, 920.0  # two radii and the table's height, mm


def disc(radius: float, *, step: float) -> Mesh:
    """Return a flat round cloth about the z axis, uv (0, 0) in its middle, u to the right as seen from -y above."""
    rows = np.arange(-int(radius / step / 0.866), int(radius / step / 0.866) + 1)
    columns = np.arange(-int(radius / step) - 1, int(radius / step) + 2)
    i, j = np.meshgrid(columns, rows)
    inner = np.stack([(i + 0.5 * (j % 2)) * step, j * step * 0.866], axis=-1).reshape(-1, 2)
    inner = inner[np.hypot(*inner.T) < radius - 0.6 * step]
    angle = np.linspace(0, 2 * np.pi, round(2 * np.pi * radius / step), endpoint=False)
    points = np.concatenate([inner, radius * np.stack([np.cos(angle), np.sin(angle)], axis=1)])
    faces = Delaunay(points).simplices.astype(np.int64)
    corners = points[faces]
    area = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    faces = np.where((area > 0)[:, None], faces, faces[:, ::-1])
    faces = faces[np.abs(area) > 0.01 * step**2]
    return Mesh(np.column_stack([points, np.zeros(len(points))]), faces, points * (1, -1))


def laid(*, step: float = 15.0, seconds: float = 1.3) -> Mesh:
    """Return the cloth as it hangs over the table, in folds that began where the wind of its fall put them."""
    flat = disc(CLOTH, step=step).moved(z=HEIGHT + 2)
    rng = np.random.default_rng(6)
    folds = 10
    knots = np.sort(np.linspace(0, 2 * np.pi, folds, endpoint=False) + rng.uniform(-0.17, 0.17, folds))
    depth = rng.uniform(0.6, 1.2, folds + 1)

    def wind(time: float, points: np.ndarray) -> np.ndarray:
        push = np.zeros_like(points)
        if time > 0.7:
            return push
        angle = np.arctan2(points[:, 1], points[:, 0]) % (2 * np.pi)
        phase = np.interp(angle, np.concatenate([knots, [knots[0] + 2 * np.pi]]), np.arange(folds + 1))
        away = np.maximum(np.hypot(*points[:, :2].T) / TABLE - 0.98, 0)
        force = 16000 * away * np.cos(2 * np.pi * phase) * depth[np.minimum(phase.astype(int), folds)]
        push[:, 0], push[:, 1] = np.cos(angle) * force, np.sin(angle) * force
        return push

    bodies = (post((0, 0), TABLE, top=HEIGHT), floor())
    cloth = Simulated(flat, bodies=bodies, bend=0.12, friction=0.6, damping=0.012)
    cloth.run(seconds, wind=wind, steps_per_second=500)
    cloth.gravity, cloth.friction = 1200.0, 0.0  # its weight has stretched it a little
    return cloth.run(0.5, steps_per_second=500).settle(250).result()


def stage() -> Stage:
    """Return the stage."""
    cloth = laid()
    return Stage(
        title="a round table laid with a cloth",
        kind="product",
        fabric="linen-pigment-140",
        parts=({"name": "tablecloth", "title": "the tablecloth", "middle": (0.0, 0.0)},),
        cloths=(Cloth("tablecloth", cloth),),
        props=(*_table(), *_laid_things(), *_chair(-700, 620, 50), *_chair(760, 520, -55), *_room()),
        camera=Camera((160, -2350, 1600), (15, 0, 655), fov=37.5),
        sky=daylight(strength=0.0, fill=0.75),
        white=0.92,
        lights=(softbox((-2700, -150, 1900), (0, 0, 650), width=1800, height=1800, radiance=11.0),),
    )


def _table() -> tuple[Prop, ...]:
    top = box(700, 700, 26, bevel=8).moved(z=HEIGHT - 30)
    legs = joined([
        tapered_leg(HEIGHT - 20).moved(300 * np.cos(a), 300 * np.sin(a)) for a in np.radians((45, 135, 225, 315))
    ])  # fmt: skip
    return Prop(top, wood((0.66, 0.50, 0.36))), Prop(legs, wood((0.66, 0.50, 0.36), seed=2))


def _laid_things() -> list[Prop]:
    z = HEIGHT + 4
    vase = vessel([(30, 190), (26, 170), (42, 125), (66, 70), (62, 24), (44, 0)]).moved(-90, 150, z)
    tips = [(-190, 20, 200), (-70, 80, 280), (70, 60, 300), (190, 0, 190), (20, -70, 240)]
    bowl = vessel([(135, 70), (120, 40), (80, 14), (48, 4), (46, 0)], thickness=5).moved(190, -60, z)
    places = [(-42, -20, 22), (40, -28, 22), (0, 44, 22), (4, 0, 62)]
    lemons = [fruit(34, seed=i).moved(190 + x, -60 + y, z + h) for i, (x, y, h) in enumerate(places)]
    return [
        Prop(vase, satin(0.84, 0.82, 0.77, roughness=0.35)),
        *bouquet((-90, 150, z + 140), tips, seed=3, leaves=16, length=56, width=22, bare=0.45),
        Prop(bowl, satin(0.93, 0.92, 0.89, roughness=0.25)),
        Prop(joined(lemons), satin(0.93, 0.78, 0.30, roughness=0.35)),
    ]


def _chair(x: float, y: float, turn: float) -> list[Prop]:
    """Return a plain wooden chair whose sitter looks along -y before it is turned."""
    seat = box(430, 420, 24, bevel=8).moved(z=440)
    legs = [tapered_leg(442, top=17, foot=12).moved(a, b) for a in (-180, 180) for b in (-170, 170)]
    rise = np.array([[1.0, 185, 450], [1.02, 205, 640], [1.05, 240, 850]])
    posts = [tube(rise * (a, 1, 1), 14, sides=20) for a in (-185, 185)]
    arch = np.linspace(-1, 1, 25)
    rails = [
        tube(np.stack([195 * arch, 222 + 0.08 * lift + 26 * (1 - arch**2), 640 + lift + 0 * arch], axis=1), 12)
        for lift in (40, 115, 195)
    ]  # fmt: skip
    chair = Prop(joined([seat, *legs, *posts, *rails]), wood((0.70, 0.54, 0.39), seed=7, scale=600))
    return moved([chair], x=x, y=y, turn=turn)


def _room() -> list[Prop]:
    wall = plane(9000, 5000).turned(90, "x").moved(y=1500, z=1900)
    skirting = box(9000, 18, 120, bevel=4).moved(y=1488)
    return [
        Prop(wall, paint(0.94, 0.93, 0.90)),
        Prop(skirting, satin(0.93, 0.92, 0.90)),
        *floorboards((-3200, 3200), (-2400, 1500), color=(0.74, 0.60, 0.46), seed=4),
    ]
