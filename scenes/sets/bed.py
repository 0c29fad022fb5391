"""A made bed: a duvet and two pillows."""

from __future__ import annotations

import numpy as np

from scenes.cloth import block, floor
from scenes.mesh import Mesh, box, joined, plane, tube
from scenes.sets._bedding import duvet, folded_over, paneled
from scenes.sets._homeware import tapered_leg
from scenes.sets._interior import BASEBOARD, book, bouquet, floorboards, molded, moved, vessel
from scenes.sets._upholstery import Pose, Stuffing, filled, half_space
from scenes.stage import Camera, Cloth, Prop, Stage, daylight, paint, satin, softbox, wood

MATTRESS = (1600.0, 2000.0, 230.0)
TOP, HEAD = 540.0, -110.0  # the mattress's top, and where its head end is
LINEN = (0.93, 0.915, 0.89)


def stage() -> Stage:
    """Return the stage."""
    width, length = 2340.0, 1640.0
    middle = (0, HEAD - MATTRESS[1] / 2, TOP - MATTRESS[2] / 2)
    mattress = block(middle, MATTRESS, rounded=55)
    upper, lower, cut = duvet(width, length, head=HEAD - 760, above=TOP + 70, loft=90, bodies=(mattress, floor()))
    sheet = folded_over(upper, lower, over=34, under=24)
    cloths = [  # what the sheet hides is left out, so that none of it comes through
        Cloth("duvet", paneled(upper[31:], cut[31:])),
        Cloth("duvet", paneled(lower[21:], cut[21:] * (-1, 1), other_side=True)),
    ]
    pillows = []
    for part, x, turn, seed in (("pillow1", -388.0, 2.0, 5), ("pillow2", 388.0, -3.0, 6)):
        front = _pillow(x, HEAD - 400, 38, turn, seed)
        cloths += [Cloth(part, mesh) for mesh in front]
        pillows += [Prop(mesh, paint(*LINEN)) for mesh in _pillow(1.02 * x, HEAD - 150, 17, -turn, seed + 4)]
    follows = {"follows": "duvet", "middle": (375.0, 250.0)}
    return Stage(
        title="a bed with a duvet and two pillows",
        kind="room",
        fabric="cotton-digital-280",
        parts=(
            {"name": "duvet", "title": "the duvet", "middle": (width / 2, length / 2)},
            {"name": "pillow1", "title": "the left pillow", **follows},
            {"name": "pillow2", "title": "the right pillow", **follows},
        ),
        cloths=tuple(cloths),
        props=(Prop(sheet, paint(*LINEN)), *pillows, *_bedstead(), *_bedside(), *_room()),
        camera=Camera((-1250, -4450, 1750), (100, -1290, 540), fov=39.0),
        sky=daylight(strength=0.0, fill=0.95),
        lights=(softbox((2900, -1250, 1900), (0, -1100, 500), width=2000, height=2000, radiance=11.0),),
        white=0.95,
    )


def _pillow(x: float, y: float, lean: float, turn: float, seed: int) -> tuple[Mesh, ...]:
    """Return a pillow of 75 by 50 cm that leans back, its foot on the mattress about (x, y)."""
    slope = np.radians(lean)
    behind = half_space((0, y + 30, TOP), (0, -np.cos(slope), np.sin(slope)))
    pose = Pose((x, y + 225 * np.sin(slope) - 50, TOP + 225 * np.cos(slope) + 25), lean=lean, turn=turn)
    stuffing = Stuffing(fill=0.78, gravity=2500, bend=0.10, seed=seed)
    return filled(750, 500, pose, bodies=(floor(TOP), behind), stuffing=stuffing, step=13.0).meshes(piping=2.4)


def _bedstead() -> list[Prop]:
    """Return the mattress in its fitted sheet, the bed's frame and its headboard."""
    wide, long, deep = MATTRESS
    y = HEAD - long / 2
    mattress = box(wide - 50, long - 50, deep - 8, bevel=60).moved(0, y, TOP - deep)
    frame = box(wide + 60, long + 40, 150, bevel=12).moved(0, y, TOP - deep - 130)
    legs = [tapered_leg(182, top=30, foot=22).moved(s * 740, y + t * 900) for s in (-1, 1) for t in (-1, 1)]
    board = joined([box(560, 75, 760, bevel=26).moved(x, HEAD + 45, 400) for x in (-562, 0, 562)])
    return [
        Prop(mattress, paint(*LINEN)),
        Prop(joined([frame, *legs]), wood((0.70, 0.54, 0.39), seed=3, scale=900)),
        Prop(board, paint(0.80, 0.765, 0.71)),
    ]


def _bedside() -> list[Prop]:
    """Return a bedside table with a drawer, a vase and two books."""
    x, y = 1160.0, -270.0
    case = box(460, 380, 190, bevel=6).moved(x, y, 330)
    drawer = box(420, 14, 150, bevel=3).moved(x, y - 190, 350)
    knob = tube(np.array([[x, y - 195, 425], [x, y - 222, 425]]), 9, sides=20)
    legs = [tapered_leg(332, top=17, foot=11).moved(x + a, y + b) for a in (-195, 195) for b in (-155, 155)]
    vase = vessel([(26, 190), (24, 176), (44, 130), (72, 75), (66, 22), (44, 0)]).moved(x + 70, y + 40, 520)
    tips = [(-150, -10, 240), (-50, 40, 340), (60, -20, 350), (130, 20, 240)]
    pile = moved(book(200, 145, 24, (0.83, 0.79, 0.72)), turn=10) + moved(book(180, 130, 20, (0.62, 0.61, 0.56)), z=24)
    return [
        Prop(joined([case, drawer, *legs]), wood((0.72, 0.56, 0.41), seed=8, scale=700)),
        Prop(knob, satin(0.35, 0.28, 0.22)),
        Prop(vase, satin(0.87, 0.85, 0.81, roughness=0.4)),
        *bouquet((x + 70, y + 40, 660), tips, seed=12, leaves=16, length=64, width=24),
        *moved(pile, x=x - 95, y=y - 50, z=520),
    ]


def _room() -> list[Prop]:
    wall = plane(10000, 5000).turned(90, "x").moved(z=2400)
    return [
        Prop(wall, paint(0.93, 0.915, 0.885)),
        Prop(molded(BASEBOARD, (-5000, 0, 0), (5000, 0, 0), (0, -1, 0)), satin(0.94, 0.93, 0.91)),
        *floorboards((-3400, 3400), (-3400, 0), color=(0.76, 0.61, 0.46), seed=6, along="x"),
        Prop(box(2500, 1700, 9, bevel=3).moved(0, -2150), paint(0.87, 0.85, 0.81)),
    ]
