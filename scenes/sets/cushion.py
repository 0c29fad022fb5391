"""One cushion on a bench by a wall."""

from __future__ import annotations

import numpy as np

from scenes.cloth import Cloth as Simulated
from scenes.mesh import Mesh, box, grid_faces, joined, plane, sheet, tube
from scenes.stage import Camera, Cloth, Prop, Stage, daylight, paint, softbox, wood


def pillow(side: float, *, step: float = 7.0, pressure: float = 9_000.0, seconds: float = 1.2) -> tuple[Mesh, Mesh, np.ndarray]:
    """Return front and back of a filled cushion of a side, lying level about the origin, and its seam (k, 3)."""
    front = sheet(side, side, step=step, place=lambda u, v: np.stack([u - side / 2, side / 2 - v, 4 + 0 * u], axis=1))
    count = round(len(front.vertices) ** 0.5)
    index = np.arange(count * count).reshape(count, count)
    rim = np.concatenate([index[0, :-1], index[:-1, -1], index[-1, :0:-1], index[:0:-1, 0]])
    # Both halves in one cloth, their rims the same points.
    number = np.arange(count * count)
    inner = np.setdiff1d(number, rim)
    back = np.empty(count * count, dtype=np.int64)
    back[rim] = rim
    back[inner] = count * count + np.arange(len(inner))
    vertices = np.concatenate([front.vertices, front.vertices[inner] * (1, 1, -1)])
    vertices[rim, 2] = 0
    uv = np.concatenate([front.uv, front.uv[inner]])
    faces = np.concatenate([grid_faces(count, count), back[grid_faces(count, count)][:, ::-1]])
    cloth = Simulated(Mesh(vertices, faces, uv), gravity=0.0, pressure=pressure, bend=0.05, damping=0.06)
    cloth.run(seconds).settle(80)
    points = cloth.points
    made_front = Mesh(points[: count * count], grid_faces(count, count), front.uv)
    made_back = Mesh(points[back], grid_faces(count, count)[:, ::-1], front.uv * (-1, 1) + (side, 0))
    return made_front, made_back, points[rim]


def stage() -> Stage:
    """Return the stage."""
    front, back, seam = pillow(450.0)
    piping = tube(seam, 3.2, sides=10, closed=True)
    lean = 18.0

    def put(mesh: Mesh) -> Mesh:
        return mesh.turned(90 - lean, "x").turned(14, "z").moved(-30, 60, 460 + 212)

    cloths = (Cloth("cushion", put(front)), Cloth("cushion", put(back)), Cloth("cushion", put(piping)))
    bench = joined([box(1500, 420, 40, bevel=6).moved(z=420)])
    legs = joined([box(45, 45, 420, bevel=4).moved(x, y) for x in (-620, 620) for y in (-150, 150)])
    wall = plane(6000, 4000).turned(90, "x").moved(y=330, z=1500)
    floor = plane(6000, 6000)
    return Stage(
        title="a cushion of 45 cm on a bench",
        kind="product",
        fabric="linen-pigment-140",
        parts=({"name": "cushion", "title": "the cushion", "middle": (225.0, 225.0)},),
        cloths=cloths,
        props=(
            Prop(bench, wood()), Prop(legs, wood(seed=3)), Prop(wall, paint(0.90, 0.88, 0.84)),
            Prop(floor, wood((0.55, 0.42, 0.30), seed=5)),
        ),
        camera=Camera((120, -1500, 820), (-10, 60, 640), fov=30.0),
        sky=daylight(),
        lights=(softbox((-1800, -1200, 2200), (0, 0, 600), width=1400, height=1400, radiance=10.0),),
    )  # fmt: skip
