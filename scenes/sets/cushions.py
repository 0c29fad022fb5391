"""Three cushions on a plain sofa, each of a colorway of its own."""

from __future__ import annotations

from scenes.cloth import floor as ground
from scenes.mesh import Mesh, plane
from scenes.sets._upholstery import Cover, Pose, Stuffing, filled, half_space, in_front_of, padded
from scenes.stage import Camera, Cloth, Prop, Stage, daylight, paint, softbox

SEAT = 440.0
LEAN = 13.0


def stage() -> Stage:
    """Return the stage."""
    others = {"follows": "cushion1"}
    parts = (
        {"name": "cushion1", "title": "the cushion of 45 cm", "colorway": 0, "middle": (225.0, 225.0)},
        {"name": "cushion2", "title": "the cushion of 40 cm", "colorway": 1, "middle": (200.0, 200.0), **others},
        {"name": "cushion3", "title": "the cushion of 50 x 30 cm", "colorway": 2, "middle": (250.0, 150.0), **others},
    )
    return Stage(
        title="three cushions on a sofa",
        kind="product",
        fabric="linen-pigment-140",
        parts=parts,
        cloths=tuple(
            Cloth(part["name"], mesh) for part, cover in zip(parts, _group(), strict=True) for mesh in cover.meshes()
        ),
        props=(*_sofa(), Prop(plane(9000, 5000).turned(90, "x").moved(y=620, z=2000), paint(0.95, 0.94, 0.92))),
        camera=Camera((-160, -1750, 1000), (0, 60, 598), fov=26.0),
        sky=daylight(window=(-60, 38), fill=0.5),
        lights=(softbox((-2000, -1700, 2100), (0, 0, 600), width=1600, height=1600, radiance=16.0),),
        white=0.9,
    )


def _group() -> list[Cover]:
    """Return the three: two against the sofa's back, side by side and overlapping, and a long one before them."""
    seat, back = ground(SEAT - 6), half_space((0, 150, SEAT), (0, -0.974, 0.225))
    first = Pose((-185, 95, SEAT + 205), lean=22, turn=9)
    big = filled(450, 450, first, bodies=(seat, back), stuffing=Stuffing(fill=1.0, gravity=1000, seed=4))
    second = Pose((185, 40, SEAT + 178), lean=24, turn=-12, roll=-2)
    bodies = (seat, back, in_front_of(big, first))
    small = filled(400, 400, second, bodies=bodies, stuffing=Stuffing(fill=1.0, gravity=1000, seed=7))
    third = Pose((20, -125, SEAT + 132), lean=30, turn=2, roll=1)
    bodies = (seat, in_front_of(big, first), in_front_of(small, second))
    long = filled(500, 300, third, bodies=bodies, stuffing=Stuffing(fill=0.98, gravity=1400, seed=9))
    return [big, small, long]


def _sofa() -> list[Prop]:
    """Return the seat, the back and the front of a plain sofa, wider than the picture."""
    linen = paint(0.90, 0.88, 0.84)

    def seat(x: float, seed: int) -> Mesh:
        return padded(1000, 760, 170, radius=38, crown=16, seed=seed).moved(x, -120, SEAT - 85 - 9)

    def back(x: float, seed: int) -> Mesh:
        stood = padded(1000, 520, 190, radius=70, crown=26, step=14, seed=seed).turned(90 - LEAN, "x")
        return stood.moved(x, 268, SEAT + 225)

    return [
        *(Prop(seat(x, 3 + i), linen) for i, x in enumerate((-700, 302))),
        *(Prop(back(x, 6 + i), linen) for i, x in enumerate((-700, 302))),
        Prop(padded(3000, 800, 240, radius=20, crown=0).moved(0, -90, SEAT - 310), linen),
    ]
