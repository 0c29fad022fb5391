"""A papered wall seen straight on, a sideboard before it."""

from __future__ import annotations

import numpy as np

from scenes.mesh import Mesh, box, drum, joined, lathe, tube
from scenes.sets._interior import (
    BASEBOARD,
    BRASS,
    WHITE,
    books,
    bouquet,
    crosswise,
    floorboards,
    framed,
    knob,
    lamp_base,
    molded,
    moved,
    papered,
    tapered,
    turned_profile,
    vessel,
)
from scenes.stage import Camera, Cloth, Prop, Stage, daylight, paint, satin, softbox, wood

OAK = (0.72, 0.56, 0.39)
HEIGHT = 2700.0  # of the wall
LEFT = -2600.0  # end of it
TOP = 770.0  # of the sideboard


def sideboard(width: float = 1650.0, depth: float = 420.0) -> list[Prop]:
    """Return a sideboard of three doors on slanting legs, about x = 0, its back at y = 0."""
    low, board = 190.0, 24.0
    y = -depth / 2
    lid = box(width, depth, board, bevel=3).moved(0, y, TOP - board)
    floor = box(width, depth, board, bevel=3).moved(0, y, low)
    ends = [
        crosswise(box(board, depth, TOP - low - 2 * board, bevel=2)).moved(s * (width - board) / 2, y, low + board)
        for s in (-1, 1)
    ]
    back = box(width - 2 * board, 10, TOP - low - 2 * board).moved(0, -5, low + board)
    inside = (width - 2 * board) / 3
    doors = [
        box(inside - 5, 20, TOP - low - 2 * board - 6, bevel=2)
        .moved(k * inside, -depth + 16, low + board + 3)
        .shifted(v=170 * k)
        for k in (-1, 0, 1)
    ]
    legs = [
        tapered((s * (width / 2 - 170), y + t * 130, low), (s * (width / 2 - 110), y + t * 165, 0), (22, 12))
        for s in (-1, 1)
        for t in (-1, 1)
    ]
    pulls = [knob(11).moved(x, -depth + 5, 545) for x in (-inside / 2 - 45, inside / 2 - 45, inside / 2 + 45)]
    return [
        Prop(joined([lid, floor, *ends, back]), wood(OAK, seed=2, scale=900)),
        Prop(joined(doors), wood(OAK, seed=7, scale=700)),
        Prop(joined([crosswise(leg) for leg in legs]), wood(OAK, seed=9)),
        Prop(joined(pulls), BRASS),
    ]


def lamp() -> list[Prop]:
    """Return a table lamp on z = 0."""
    base = lamp_base(300, 108)
    stem = tube(np.array([[0, 0, 295.0], [0, 0, 330], [0, 0, 372]]), 7, sides=16)
    cone = drum(205, 250, top_radius=150, segments=120).moved(z=345)
    rims = [tube(_circle(r, z), 2.2, closed=True) for r, z in ((205, 345.0), (150, 595.0))]
    return [
        Prop(base, satin(0.78, 0.76, 0.71, roughness=0.16)),
        Prop(stem, BRASS),
        Prop(cone, paint(0.94, 0.91, 0.85)),
        Prop(joined(rims), paint(0.90, 0.87, 0.80)),
    ]


def _circle(radius: float, z: float) -> np.ndarray:
    angle = np.linspace(0, 2 * np.pi, 90, endpoint=False)
    return np.stack([radius * np.cos(angle), radius * np.sin(angle), 0 * angle + z], axis=1)


def leaning_picture() -> list[Prop]:
    """Return an empty frame that stands on z = 0 and leans on the plane y = 0."""
    meshes = framed(330, 430, bar=16, mat=84)
    lean = [m.moved(z=2).turned(-9, "x").moved(y=-76) for m in (meshes["frame"], meshes["mat"], meshes["sheet"])]
    return [
        Prop(lean[0], wood((0.60, 0.45, 0.30), seed=4)),
        Prop(lean[1], paint(0.94, 0.93, 0.90)),
        Prop(lean[2], paint(0.83, 0.80, 0.73)),
    ]


def branches() -> list[Prop]:
    """Return a stoneware vase with eucalyptus on z = 0."""
    vase = vessel(
        [(34, 300), (30, 288), (31, 262), (50, 215), (92, 140), (100, 95), (86, 36), (62, 6), (58, 0)], thickness=5
    )
    tips = [
        (-190, -30, 450),
        (70, 20, 580),
        (260, -20, 420),
        (-60, -70, 520),
        (160, -80, 500),
        (-300, 10, 330),
        (330, -40, 270),
        (-10, 60, 400),
    ]
    return [
        Prop(vase, satin(0.40, 0.40, 0.37, roughness=0.45)),
        *bouquet((0, 0, 270), tips, seed=12, leaves=18, length=66, width=44, color=(0.44, 0.51, 0.42)),
    ]


def tree() -> list[Prop]:
    """Return a young olive tree in a pot on z = 0."""
    pot = vessel([(165, 330), (163, 318), (158, 300), (140, 120), (128, 10), (122, 0)], thickness=12)
    earth = lathe(np.array([[0.0, 300], [80, 299], [150, 296]]))
    s = np.linspace(0, 1, 30)[:, None]
    trunk = np.hstack([22 * np.sin(4 * s) - 20 * s, 14 * np.sin(3 * s + 1), 290 + 560 * s])
    stem = tapered((0, 0, 290), (0, 0, 850), (14, 9))
    stem = stem.placed(
        lambda p: (
            p + np.stack([np.interp(p[:, 2], trunk[:, 2], trunk[:, i]) if i < 2 else 0 * p[:, 2] for i in range(3)], 1)
        )
    )
    rng = np.random.default_rng(3)
    tips = [
        (r * np.cos(a), 0.7 * r * np.sin(a), h)
        for r, a, h in zip(
            rng.uniform(120, 410, 30), np.linspace(0, 11 * np.pi, 30), rng.uniform(240, 740, 30), strict=True
        )
    ]
    return [
        Prop(pot, satin(0.80, 0.76, 0.69, roughness=0.6)),
        Prop(earth, paint(0.26, 0.21, 0.17)),
        Prop(stem, paint(0.45, 0.38, 0.31)),
        *bouquet(trunk[-4], tips, seed=5, leaves=26, length=72, width=20, color=(0.40, 0.46, 0.35), sag=50, bare=0.18),
    ]


def bowl() -> Mesh:
    """Return a small bowl on z = 0."""
    return lathe(turned_profile([(70, 52), (66, 40), (50, 18), (30, 6), (28, 0), (0, 0)], thickness=4))


def stage() -> Stage:
    """Return the stage."""
    paper = papered(-2 * LEFT, HEIGHT, u=0).moved(LEFT)
    base = molded(BASEBOARD, (LEFT, 0, 0), (-LEFT, 0, 0), (0, -1, 0))
    pile = books(
        [(235, 170, 34), (215, 158, 24), (190, 140, 28)],
        [(0.55, 0.60, 0.60), (0.86, 0.82, 0.74), (0.66, 0.49, 0.40)],
        seed=8,
    )
    top = [
        *moved(lamp(), x=-490, y=-215),
        *moved(leaning_picture(), x=120, y=-6),
        *moved(pile, x=90, y=-255),
        *moved([Prop(bowl(), satin(0.90, 0.88, 0.84))], x=90, y=-252, z=86),
        *moved(branches(), x=590, y=-205),
    ]
    return Stage(
        title="a papered wall behind an oak sideboard",
        kind="wall",
        fabric="wallpaper-aqueous-61",
        parts=({"name": "wall", "title": "the wall", "strips": True, "middle": (-LEFT, HEIGHT / 2)},),
        cloths=(Cloth("wall", paper),),
        props=(
            *floorboards((-3200, 3200), (-4200, 0), color=(0.66, 0.53, 0.40), seed=1),
            Prop(base, WHITE),
            *moved(sideboard(), x=330, y=-25),
            *moved(top, x=330, y=-25, z=TOP),
            *moved(tree(), x=-1060, y=-330, turn=20),
        ),
        camera=Camera((0, -5800, 1080), (0, 0, 1080), fov=31.0),
        sky=daylight(window=(-60.0, 30.0), strength=1.4, fill=0.55, warmth=0.02),
        lights=(softbox((-4100, -3000, 2600), (100, 0, 800), width=1300, height=1800, radiance=(31.0, 29.0, 26.5)),),
        white=0.92,
    )
