"""One cushion on a bench by a wall."""

from __future__ import annotations

from scenes.cloth import floor as ground
from scenes.mesh import box, joined, plane
from scenes.sets._interior import bouquet, moved, vessel
from scenes.sets._upholstery import Pose, Stuffing, filled, half_space
from scenes.stage import Camera, Cloth, Prop, Stage, daylight, paint, satin, softbox, wood

SEAT = 450.0
WALL = 230.0


def stage() -> Stage:
    """Return the stage."""
    pose = Pose((-70, 105, SEAT + 205), lean=17, turn=9, roll=0.5)
    bodies = (ground(SEAT), half_space((0, WALL, 0), (0, -1, 0)))
    cover = filled(450, 450, pose, bodies=bodies, stuffing=Stuffing(fill=1.0, gravity=1200, seed=4))
    bench = joined([box(2200, 460, 36, bevel=5).moved(z=SEAT - 36)])
    wall = plane(6000, 4000).turned(90, "x").moved(y=WALL, z=1500)
    return Stage(
        title="a cushion of 45 cm on a bench",
        kind="product",
        fabric="linen-pigment-140",
        parts=({"name": "cushion", "title": "the cushion", "middle": (225.0, 225.0)},),
        cloths=tuple(Cloth("cushion", mesh) for mesh in cover.meshes()),
        props=(
            Prop(bench, wood((0.74, 0.58, 0.42))), Prop(wall, paint(0.96, 0.95, 0.93)), *_vase(),
        ),
        camera=Camera((90, -1500, 740), (-5, 60, 650), fov=24.0),
        sky=daylight(window=(-60, 35), fill=0.6),
        lights=(softbox((-1800, -1600, 1900), (0, 0, 600), width=1500, height=1500, radiance=14.0),),
        white=0.92,
    )  # fmt: skip


def _vase() -> list[Prop]:
    """Return a vase of olive branches at the right end of the bench."""
    jar = vessel([(26, 150), (24, 143), (30, 128), (58, 92), (66, 60), (56, 22), (44, 4), (42, 0)])
    tips = [(70, -20, 330), (-60, 30, 380), (30, 60, 420), (120, 40, 270)]
    twigs = bouquet((0, 0, 40), tips, seed=5, leaves=14, length=58, width=17, color=(0.52, 0.57, 0.45))
    return moved([Prop(jar, satin(0.90, 0.87, 0.82, roughness=0.5)), *twigs], x=248, y=85, z=SEAT)
