"""One cloth on a rod before a calm wall, that sways."""

from __future__ import annotations

from functools import cache

import numpy as np

from scenes.mesh import Mesh, box, joined, plane, tube
from scenes.sets._drapery import draped, rod
from scenes.sets._interior import BASEBOARD, bouquet, floorboards, molded, vessel
from scenes.stage import Camera, Cloth, Prop, Stage, daylight, metal, paint, satin, softbox, wood

WIDTH, DROP, FOLDS, FRAMES = 1500.0, 1920.0, 5, 16
ROD, RADIUS, OUT = 2100.0, 14.0, 190.0  # the rod's height, its radius, and how far it is from the wall


def swaying(moment: float, *, step: tuple[float, float] = (10.0, 20.0)) -> Mesh:
    """Return the cloth, its heading about the origin, at a moment of its sway (0 to 1, which is 0 again)."""
    turn = 2 * np.pi * moment
    knots = np.array([0.0, 0.9, 2.15, 2.95, 4.1, 5.0])

    def shape(u: np.ndarray, v: np.ndarray) -> np.ndarray:
        down = v / DROP
        wave = 0.20 * down**1.5 * np.sin(turn - 2.4 * u / WIDTH * np.pi - 1.8 * down)
        phase = np.interp(u / WIDTH * FOLDS, np.arange(FOLDS + 1), knots) + wave
        deep = 0.75 + 0.25 * np.sin(2.1 * np.pi * u / WIDTH + 0.8) + 0.18 * down * np.sin(turn - 3.4 * u / WIDTH)
        return deep * np.sin(2 * np.pi * phase + 0.5) + 0.10 * down * np.sin(turn - 1.2 - 4 * np.pi * u / WIDTH)

    def row_width(v: np.ndarray) -> np.ndarray:
        return WIDTH * (0.80 + 0.015 * (v / DROP) * np.sin(turn - 0.6))

    def middle(v: np.ndarray) -> np.ndarray:
        down = v / DROP
        aside = 14 * down**1.6 * np.sin(turn - 1.0 * down)
        away = -32 * down**1.5 * (1 + np.sin(turn + 0.9 - 1.3 * down)) - 12 * down
        return np.stack([aside, away], axis=1)

    return draped(WIDTH, DROP, step=step, shape=shape, row_width=row_width, middle=middle, settle=25)


def still_stage(moment: float, size: tuple[int, int]) -> Stage:
    """Return the stage at a moment of the sway."""
    cloth = swaying(moment).moved(0, -OUT, ROD - 46)
    return Stage(
        title="a cloth of 150 by 192 cm on a rod, swaying",
        kind="product",
        fabric="linen-pigment-140",
        parts=({"name": "cloth", "title": "the cloth", "middle": (WIDTH / 2, DROP / 2)},),
        cloths=(Cloth("cloth", cloth),),
        props=(*_hung(), *_room()),
        camera=Camera((240, -3900, 1120), (70, -OUT, 1105), fov=42.5),
        sky=daylight(window=(-28, 32), strength=5.0, fill=0.6),
        lights=(softbox((-3000, -1300, 2500), (0, 0, 1100), width=1500, height=1500, radiance=9.0),),
        size=size,
        white=0.93,
        motion="sway",
        frames=FRAMES,
    )


def stage() -> Stage:
    """Return the stage."""
    return still_stage(0.0, (1600, 1200))


def moments() -> list[Stage]:
    """Return the stage of each frame; the last goes on to the first."""
    return [still_stage(k / FRAMES, (640, 480)) for k in range(FRAMES)]


@cache
def _hung() -> list[Prop]:
    """Return the rod, its brackets, and the clips that hold the heading of the cloth."""
    heading = swaying(0.0)
    top = heading.vertices[heading.uv[:, 1] < 1e-6]
    clips = []
    for k in range(11):
        x, y = top[round(k / 10 * (len(top) - 1)), :2]
        x = float(np.clip(x, top[0, 0] + 8, top[-1, 0] - 8))
        angle = np.linspace(0, 2 * np.pi, 32, endpoint=False)
        loop = np.stack([0 * angle, 21 * np.cos(angle), 21 * np.sin(angle) - 6], axis=1)
        clips.append(tube(loop, 1.8, sides=8, closed=True).moved(x, 0, 0))
        clips.append(tube(np.array([[x, 0, -27], [x, 0.6 * y, -36], [x, y, -44]]), 1.4, sides=8))
        clips.append(box(9, 6, 20, bevel=1.5).moved(x, y, -60))
    brackets = []
    for x in (-720, 720):
        brackets.append(tube(np.array([[x, OUT, 0], [x, 60, 0], [x, 0, -4]]), 8, sides=16).moved(z=-RADIUS - 6))
        brackets.append(tube(np.array([[x, OUT - 8, 0], [x, OUT, 0]]), 30, sides=32).moved(z=-RADIUS - 6))
    bar = rod(1640, RADIUS)
    return [
        Prop(bar.moved(0, -OUT, ROD), wood((0.66, 0.49, 0.34), seed=2, scale=500)),
        Prop(joined(clips).moved(0, -OUT, ROD), metal("brass")),
        Prop(joined(brackets).moved(0, -OUT, ROD), metal("brass")),
    ]


def _room() -> list[Prop]:
    wall = plane(9000, 5000).turned(90, "x").moved(z=2400)
    basket = vessel([(150, 300), (172, 220), (180, 120), (160, 20), (150, 0)], thickness=12).moved(1040, -330)
    tips = [(-160, -40, 620), (-60, 60, 800), (80, -60, 860), (190, 40, 660), (30, -160, 560)]
    return [
        Prop(wall, paint(0.94, 0.93, 0.905)),
        Prop(molded(BASEBOARD, (-4500, 0, 0), (4500, 0, 0), (0, -1, 0)), satin(0.93, 0.92, 0.90)),
        *floorboards((-3000, 3000), (-2600, 0), color=(0.76, 0.61, 0.46), seed=7),
        Prop(basket, satin(0.80, 0.77, 0.71, roughness=0.5)),
        *bouquet((1040, -330, 200), tips, seed=9, leaves=18, length=120, width=46),
    ]
