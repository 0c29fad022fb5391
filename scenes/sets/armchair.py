"""An armchair covered all over, its pattern matched from the back down over the seat to the front border."""

from __future__ import annotations

import numpy as np

from scenes.cloth import floor as ground
from scenes.mesh import Mesh, box, extruded, grid_faces, joined, lathe, plane, tube
from scenes.sets._homeware import tapered_leg
from scenes.sets._interior import BASEBOARD, bouquet, floorboards, molded, moved, vessel
from scenes.sets._upholstery import Cover, Pose, Stuffing, boxed, half_space, in_front_of
from scenes.stage import Camera, Cloth, Prop, Stage, daylight, paint, satin, softbox, wood

# Of the frame, in mm: half the way between the arms, an arm's thickness, its front and back, and what is how high.
INSIDE, ARM = 285.0, 125.0
FRONT, BACK = -380.0, 420.0
LEG, DECK, TOP = 165.0, 305.0, 610.0
# Of the loose cushions as cut: the seat's depth and boxing, the back's height.
SEAT_DEEP, BOXING, BACK_HIGH = 625.0, 130.0, 450.0
# Where on the cloth the seat begins, level with where the back cushion stands on it, and where its boxing ends.
SEAT_V = BACK_HIGH - 172.0
BORDER_V = SEAT_V + SEAT_DEEP + BOXING


def stage() -> Stage:
    """Return the stage."""
    seat, back = _cushions()
    chair = [
        *(mesh.shifted(1, SEAT_V) for mesh in seat.meshes(piping=4.5)),
        *(mesh.shifted(3, 0) for mesh in back.meshes(piping=4.5)),
        *_frame(),
    ]
    legs = joined([tapered_leg(LEG + 8, top=23, foot=13).moved(x, y) for x in (-340, 340) for y in (-315, 355)])
    hollow = box(2 * (INSIDE + ARM) - 24, BACK - FRONT - 24, DECK - LEG, bevel=3).moved(y=(FRONT + BACK) / 2, z=LEG + 2)
    return Stage(
        title="an armchair covered in the cloth",
        kind="product",
        fabric="cotton-digital-280",
        parts=({"name": "chair", "title": "the armchair", "middle": (285.0, 225.0)},),
        cloths=tuple(Cloth("chair", mesh) for mesh in chair),
        props=(
            Prop(legs, wood((0.62, 0.45, 0.30), seed=2)),
            Prop(hollow, paint(0.12, 0.11, 0.10)),
            *_room(),
        ),
        camera=Camera((-900, -2700, 1180), (45, 0, 424), fov=29.5),
        sky=daylight(window=(-62, 38), fill=0.68),
        lights=(softbox((-2600, -1900, 2500), (0, 0, 500), width=1900, height=1900, radiance=14.0),),
        white=0.91,
    )  # fmt: skip


def _cushions() -> tuple[Cover, Cover]:
    """Return the seat's cushion and the back's, pressed between the arms and on each other."""
    arms = (half_space((-INSIDE, 0, 0), (1, 0, 0)), half_space((INSIDE, 0, 0), (-1, 0, 0)))
    lying = Pose((0, FRONT - 12 + SEAT_DEEP / 2, DECK + BOXING / 2), lean=90)
    firm = Stuffing(fill=1.13, gravity=300, bend=0.35, lumps=0.06, seconds=0.8, seed=3)
    seat = boxed(2 * INSIDE - 2, SEAT_DEEP, BOXING, lying, stuffing=firm, bodies=(ground(DECK), *arms))
    top = DECK + BOXING + 14
    leaning = Pose((0, 190, top + BACK_HIGH / 2 - 8), lean=16)
    soft = Stuffing(fill=1.17, gravity=700, bend=0.3, lumps=0.08, seconds=0.8, seed=8)
    frame = half_space((0, BACK - ARM, TOP - 40), (0, -1, 0))
    bodies = (in_front_of(seat, lying), frame, *arms)
    return seat, boxed(2 * INSIDE - 6, BACK_HIGH, 140, leaning, stuffing=soft, bodies=bodies)


def _frame() -> list[Mesh]:
    """Return the arms, the back and the front border, with their piping; uv as level with the seat's boxing."""
    meshes = []
    border = extruded(_edge(FRONT + 6), (2 * INSIDE + 8, 0, 0), lengthwise=True, step=30).moved(x=-INSIDE - 4)
    meshes.append(border.shifted(-4, BORDER_V))
    outer = BACK - FRONT
    for side in (-1, 1):
        middle = side * (INSIDE + ARM / 2)
        over = _over(ARM)  # from the deck up the left face, over the top and down to the right
        arm = Mesh(*_swept(over, outer))
        meshes.append(arm.moved(middle, FRONT))
        meshes.append(_arm_front(middle))
        outline = np.stack([over[:, 0] + middle, np.full(len(over), FRONT), over[:, 1]], axis=1)
        meshes.append(tube(outline, 4.5, sides=12).shifted(degrees=45))
        meshes.append(tube(outline + np.array([0, outer, 0]), 4.5, sides=12).shifted(degrees=45))
    rear = Mesh(*_swept(_over(ARM), 2 * INSIDE + ARM)).turned(-90).moved(-INSIDE - ARM / 2, BACK - ARM / 2)
    meshes.append(rear)
    loop = _base()
    meshes.append(tube(loop, 4.0, sides=12, closed=True).shifted(degrees=45))
    return meshes


def _edge(y: float) -> np.ndarray:
    """Return the border's section from the deck down to its rounded lower edge (k, 3)."""
    turn = np.linspace(0, np.pi / 2, 8)
    low = np.stack([0 * turn, y + 10 * (1 - np.cos(turn)), LEG + 10 - 10 * np.sin(turn)], axis=1)
    return np.concatenate([np.array([[0, y, z] for z in np.linspace(DECK, LEG + 12, 10)]), low])


def _over(width: float) -> np.ndarray:
    """Return the section (x, z) of an arm: up its left face, over its round top, down its right face."""
    r = width / 2
    turn = np.linspace(np.pi, 0, 40)
    soft = 2.6  # a top a little flatter than round
    c, s = np.cos(turn), np.sin(turn)
    round_ = np.stack([np.sign(c) * np.abs(c) ** (2 / soft) * r, TOP - 55 + np.abs(s) ** (2 / soft) * 55], axis=1)
    rise = np.linspace(LEG, TOP - 55, 20)[:-1]
    return np.concatenate([np.stack([0 * rise - r, rise], 1), round_, np.stack([0 * rise + r, rise], 1)[::-1]])


def _swept(section: np.ndarray, length: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return vertices, faces and uv of a section (x, z) swept along +y: two pieces of cloth that meet on the top.

    Each hangs upright on its own side, its v that of the border at the same height.
    """
    made = []
    half = len(section) // 2 + 1
    for piece, sign in ((section[:half][::-1], -1), (section[-half:], 1)):
        profile = np.stack([piece[:, 0], 0 * piece[:, 0], piece[:, 1]], axis=1)
        mesh = extruded(profile, (0, length, 0), lengthwise=True, step=25)
        top = BORDER_V + DECK - LEG - mesh.uv[:, 1].max()
        if sign < 0:
            mesh = Mesh(mesh.vertices, mesh.faces[:, ::-1], (length, 0) + mesh.uv * (-1, 1))
        made.append(mesh.shifted(0, top))
    whole = joined(made)
    return _wavy(whole.vertices, whole.normals()), whole.faces, whole.uv


def _wavy(points: np.ndarray, normals: np.ndarray) -> np.ndarray:
    """Return points of taut cloth over wadding: a millimeter or two off, in long soft waves."""
    rng = np.random.default_rng(6)
    waves = rng.normal(size=(7, 3))
    waves *= 2 * np.pi / rng.uniform(90, 300, size=(7, 1)) / np.linalg.norm(waves, axis=1, keepdims=True)
    return points + 0.7 * np.cos(points @ waves.T + rng.uniform(0, 6, 7)).sum(axis=1)[:, None] * normals


def _arm_front(middle: float) -> Mesh:
    """Return the panel that closes an arm at its front, a little domed; its pattern is level with the border's."""
    section = _over(ARM)
    right = section[len(section) // 2 :]
    z, w = right[:, 1], right[:, 0]
    across = np.linspace(-1, 1, 25)
    x = across[None, :] * np.maximum(w, 0.5)[:, None]
    far = np.minimum(np.abs(np.abs(x) - w[:, None]), (TOP - z)[:, None] + 0 * x)
    y = FRONT - 3 * (1 - np.exp(-far / 14))
    vertices = np.stack([x + middle, y, np.repeat(z[:, None], 25, axis=1)], axis=-1)
    uv = np.stack([vertices[..., 0] + INSIDE, BORDER_V + DECK - vertices[..., 2]], axis=-1)
    return Mesh(vertices.reshape(-1, 3), grid_faces(25, len(z)), uv.reshape(-1, 2))


def _base() -> np.ndarray:
    """Return the way around the frame's lower edge (k, 3)."""
    x, front, back = INSIDE + ARM, FRONT, BACK
    corners = [(-x, front), (x, front), (x, back), (-x, back)]
    sides = [np.linspace(a, b, 40, endpoint=False) for a, b in zip(corners, [*corners[1:], corners[0]], strict=True)]
    flat = np.concatenate(sides)
    return np.concatenate([flat, np.full((len(flat), 1), LEG + 2)], axis=1)


def _room() -> list[Prop]:
    """Return floor, rug, wall, and a side table with a vase."""
    wall = plane(9000, 5000).turned(90, "x").moved(y=900, z=2500)
    table = joined(
        [
            lathe(np.array([[0.01, 520], [205, 520], [209, 516], [209, 502], [205, 498], [0.01, 498]]), segments=96),
            *(tapered_leg(500, top=14, foot=10).moved(130 * np.cos(a), 130 * np.sin(a)) for a in (0.5, 2.6, 4.7)),
        ]
    ).moved(760, 330)
    jar = vessel([(30, 190), (28, 182), (34, 165), (66, 118), (76, 78), (64, 28), (48, 4), (46, 0)])
    tips = [(110, -30, 420), (-90, 40, 470), (30, 60, 540), (-20, -60, 440), (190, 30, 330)]
    twigs = bouquet((0, 0, 60), tips, seed=5, leaves=15, length=74, width=22, color=(0.50, 0.56, 0.44))
    rug = box(2300, 1700, 14, bevel=6).moved(-60, -120)
    return [
        Prop(wall, paint(0.95, 0.94, 0.91)),
        Prop(molded(BASEBOARD, (-4500, 900, 0), (4500, 900, 0), (0, -1, 0)), satin(0.96, 0.95, 0.93, roughness=0.4)),
        *floorboards((-3500, 3500), (-2600, 900), color=(0.78, 0.64, 0.49), seed=5),
        Prop(rug, paint(0.88, 0.85, 0.79)),
        Prop(table, wood((0.66, 0.49, 0.33), seed=9)),
        *moved([Prop(jar, satin(0.91, 0.88, 0.83, roughness=0.5)), *twigs], x=760, y=330, z=520),
    ]
