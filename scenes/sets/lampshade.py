"""A drum shade on a ceramic lamp, switched on; it turns."""

from __future__ import annotations

import numpy as np

from scenes.mesh import Mesh, box, drum, joined, lathe, tube
from scenes.sets._interior import (
    BRASS,
    books,
    bouquet,
    lamp_base,
    moved,
    plaster,
    turned_profile,
    vessel,
)
from scenes.stage import Camera, Cloth, Material, Prop, Stage, daylight, paint, satin, softbox, wood

AROUND = 1400.0  # mm of cloth
RADIUS = AROUND / (2 * np.pi)
HEIGHT = 310.0
RIM = 325.0  # the lower rim above the table
# Light of a warm bulb through the cloth, per albedo, and what of it there is from the lower rim up.
WARM = np.array([1.0, 0.74, 0.44])
GLOW = 0.52


def shade() -> Cloth:
    """Return the shade, its seam behind, lit from within: brightest below its middle, where the bulb is."""
    mesh = drum(RADIUS, HEIGHT, segments=240, rows=40).turned(90).moved(z=RIM)
    height = (mesh.vertices[:, 2:] - RIM) / HEIGHT
    share = 0.34 + 0.66 * np.exp(-(((height - 0.47) / 0.36) ** 2))
    return Cloth("shade", mesh, glow=GLOW * share * WARM)


def circle(radius: float, z: float, *, count: int = 180) -> np.ndarray:
    """Return points (k, 3) of a level circle about the z axis."""
    angle = np.linspace(0, 2 * np.pi, count, endpoint=False)
    return np.stack([radius * np.cos(angle), radius * np.sin(angle), 0 * angle + z], axis=1)


def tape(z: float) -> Mesh:
    """Return the binding of a rim, folded over it, from z to 7 mm above."""
    turn = np.linspace(0, 1, 9) * np.pi
    outer = [(RADIUS + 1.1, z + 7.0), (RADIUS + 1.3, z + 1.5)]
    fold = [(RADIUS - 0.4 + 1.7 * np.cos(t), z - 1.7 * np.sin(t)) for t in turn]
    return lathe(np.array([(RADIUS + 0.05, z + 7.3), *outer, *fold, (RADIUS - 2.1, z + 7.0)]), segments=240)


def fittings() -> list[Prop]:
    """Return lining, bindings, spokes, bulb holder and the base on z = 0."""
    lining = drum(RADIUS - 1.5, HEIGHT - 1, segments=240).moved(z=RIM + 0.5)
    upper = tape(0).scaled(1, 1, -1).turned_over().moved(z=RIM + HEIGHT)
    spokes = [
        tube(np.array([[0, 0, RIM + HEIGHT - 30], [RADIUS - 3, 0, RIM + HEIGHT - 6]]), 1.6).turned(a)
        for a in (30, 150, 270)
    ]
    stem = tube(np.array([[0, 0, 292.0], [0, 0, 330], [0, 0, RIM + 60]]), 8, sides=20)
    collar = lathe(turned_profile([(0, 318), (22, 317), (24, 308), (17, 300), (22, 294), (24, 290), (0, 290)]))
    return [
        Prop(lining, paint(0.93, 0.90, 0.84)),
        Prop(joined([tape(RIM), upper]), paint(0.93, 0.89, 0.81)),
        Prop(joined([stem, collar, *spokes]), BRASS),
        Prop(lamp_base(298, 118), satin(0.86, 0.84, 0.79, roughness=0.12)),
    ]


def bulb() -> Material:
    """Return the light within."""
    value = {"type": "rgb", "value": [float(v) for v in 90.0 * WARM]}
    return {
        "type": "sphere",
        "center": [0.0, 0.0, RIM + 130.0],
        "radius": 34.0,
        "emitter": {"type": "area", "radiance": value},
    }


def table(width: float, depth: float) -> Mesh:
    """Return a table top whose surface is z = 0."""
    return box(width, depth, 32, bevel=5).moved(z=-32)


def stage() -> Stage:
    """Return the stage."""
    wall = plaster([(-2500, 265, 2200), (2500, 265, 2200), (-2500, 265, -800), (2500, 265, -800)])
    pile = books([(240, 168, 30), (205, 150, 24)], [(0.62, 0.66, 0.62), (0.84, 0.78, 0.68)], seed=2)
    cup = vessel([(42, 62), (41, 50), (36, 20), (27, 4), (25, 0)], thickness=3.2)
    vase = vessel([(22, 190), (19, 176), (22, 150), (48, 96), (56, 62), (46, 16), (34, 0)], thickness=3.5)
    tips = [(-60, 0, 250), (70, 20, 300), (150, -20, 210), (10, -50, 330)]
    twigs = bouquet((0, 0, 165), tips, seed=21, leaves=14, length=44, width=27, color=(0.47, 0.53, 0.43), sag=25)
    return Stage(
        title="a lit drum shade of 45 cm on a ceramic lamp",
        kind="product",
        fabric="linen-pigment-140",
        parts=({"name": "shade", "title": "the shade", "around_mm": AROUND, "middle": (AROUND / 2, HEIGHT / 2)},),
        cloths=(shade(),),
        props=(
            *fittings(),
            Prop(wall, paint(0.94, 0.925, 0.895)),
            Prop(table(1500, 560).moved(y=-30), wood((0.60, 0.44, 0.30), seed=3)),
            *moved(pile, x=-250, y=-90, turn=14),
            *moved([Prop(cup, satin(0.90, 0.87, 0.81))], x=-237, y=-96, z=54),
            *moved([Prop(vase, satin(0.55, 0.58, 0.58, roughness=0.35)), *twigs], x=285, y=50),
        ),
        camera=Camera((0, -2100, 385), (0, 0, 327), fov=19.5),
        sky=daylight(window=(-60.0, 30.0), strength=3.0, fill=1.05),
        lights=(softbox((-1500, -900, 1500), (0, 0, 300), width=800, height=1000, radiance=20.0), bulb()),
        motion="turn",
        frames=24,
        size=(1280, 1280),
        white=0.95,
    )
