"""Two curtains to the floor at a bright window."""

from __future__ import annotations

import numpy as np

from scenes.mesh import Mesh, box, joined, tube
from scenes.sets._drapery import draped, ring, rod, wander
from scenes.sets._homeware import wall_with_opening, window_frame
from scenes.sets._interior import BASEBOARD, book, bouquet, floorboards, molded, moved, vessel
from scenes.stage import Camera, Cloth, Material, Prop, Stage, daylight, metal, paint, satin, softbox, wood

WIDTH, DROP, PLEATS = 1400.0, 2400.0, 7
OPENING = (-600.0, 600.0, 640.0, 2330.0)
ROD = 2470.0


def curtain(seed: int) -> Mesh:
    """Return a curtain with pinched pleats, its heading about the origin."""
    rng = np.random.default_rng(seed)
    knots = np.linspace(0, WIDTH, PLEATS + 1)
    lean = np.concatenate([[0], rng.uniform(-0.10, 0.10, PLEATS - 1), [0]])
    drift, weight = wander(seed + 1), wander(seed + 2, longest=700)

    def shape(u: np.ndarray, v: np.ndarray) -> np.ndarray:
        down = np.clip(v / DROP, 0, 1)
        pleat = PLEATS * u / WIDTH + down * np.interp(u, knots, lean) + 0.05 * down * drift(u, v)
        phase = pleat - np.floor(pleat) - 0.5
        loose = 1 - np.exp(-((v / 420) ** 1.4))
        half = 0.34 + 0.16 * loose
        fold = np.where(np.abs(phase) < half, np.sin(np.pi * phase / half), 0)
        return fold * (1 + 0.2 * loose * weight(u, v))

    def row_width(v: np.ndarray) -> np.ndarray:
        return 0.56 * WIDTH * (1 + 0.03 * (v / DROP) ** 1.5 - 0.03 * np.exp(-((v - 90) ** 2) / 60**2))

    return draped(WIDTH, DROP, step=(7.0, 16.0), shape=shape, row_width=row_width)


def glow(mesh: Mesh, x: float) -> np.ndarray:
    """Return the light (n, 3) that comes through a curtain that hangs at x: most before the glass, least at the hem."""
    at = mesh.vertices[:, 0] + x
    before = 1 / (1 + np.exp((np.abs(at) - OPENING[1] + 40) / 45))
    z = mesh.vertices[:, 2] + ROD - 52
    high = 1 / (1 + np.exp(-(z - OPENING[2]) / 90))
    open_ = np.abs(mesh.normals()[:, 1]) ** 0.7
    return (0.5 * before * high * (0.35 + 0.65 * open_))[:, None] * np.array([1.0, 0.985, 0.95])


def hooks(mesh: Mesh) -> Mesh:
    """Return the rings of a curtain on the rod, one at each pleat, for a rod that is 52 mm above its heading."""
    top = mesh.vertices[mesh.uv[:, 1] < 1e-6]
    made = []
    for k in range(PLEATS):
        x, y = top[round((k + 0.5) / PLEATS * (len(top) - 1)), :2]
        made.append(ring(26, 2.6).turned(12 * np.sin(3.0 * k)).moved(x, 0, 40))
        made.append(tube(np.array([[x, 0, 15], [x, y * 0.5, 6], [x, y + 8, -14]]), 1.6, sides=8))
    return joined(made)


def stage() -> Stage:
    """Return the stage."""
    heading = ROD - 52
    cloths, rings = [], []
    for part, x, seed in (("left", -745.0, 3), ("right", 745.0, 8)):
        mesh = curtain(seed)
        place = mesh.moved(x, -105, heading)
        rings.append(hooks(mesh).moved(x, -105, heading + 12))
        cloths.append(Cloth(part, place.shifted(u=0 if part == "left" else WIDTH), glow(mesh, x)))
    wall = wall_with_opening(9000, 3200, OPENING).moved(y=0)
    vase = vessel([(38, 340), (34, 310), (58, 250), (98, 140), (92, 60), (62, 0)])
    tips = [(-190, 10, 300), (-80, 60, 430), (60, -20, 470), (150, 30, 330), (30, -60, 380)]
    sky = daylight(window=(-35, 30), strength=4.5, fill=0.45)
    sill = box(OPENING[1] - OPENING[0] + 120, 230, 30, bevel=6).moved(0, 60, OPENING[2] - 30)
    bench = bench_at(1190, -330)
    props = (
        Prop(wall, paint(0.945, 0.935, 0.91)),
        Prop(molded(BASEBOARD, (-4500, 0, 0), (4500, 0, 0), (0, -1, 0)), satin(0.93, 0.92, 0.90)),
        Prop(joined([window_frame(OPENING, y=95), sill]), satin(0.95, 0.945, 0.93)),
        Prop(rod(3050, 13).moved(0, -105, ROD), metal("brass")),
        Prop(joined(rings), metal("brass")),
        *floorboards((-3200, 3200), (-2600, 0), color=(0.76, 0.61, 0.46), seed=5),
        Prop(vase.moved(-190, 40, OPENING[2]), satin(0.86, 0.84, 0.80, roughness=0.4)),
        *bouquet((-190, 40, OPENING[2] + 260), tips, seed=4, leaves=20, length=76, width=30),
        *bench,
    )
    return Stage(
        title="two curtains to the floor at a window",
        kind="room",
        fabric="cotton-digital-280",
        parts=(
            {"name": "left", "title": "the left curtain", "middle": (700.0, 1200.0)},
            {"name": "right", "title": "the right curtain", "follows": "left", "middle": (2100.0, 1200.0)},
        ),
        cloths=tuple(cloths),
        props=props,
        camera=Camera((0, -4700, 1190), (0, 0, 1190), fov=42.0),
        sky=sky,
        white=0.98,
        lights=(
            *garden(),
            softbox((-3200, -1500, 2500), (0, 0, 1100), width=1600, height=1600, radiance=9.0),
        ),
    )


def bench_at(x: float, y: float) -> tuple[Prop, ...]:
    """Return a low stool with books on it."""
    seat = box(420, 380, 34, bevel=8).moved(x, y, 410)
    legs = [box(34, 34, 412, bevel=5).moved(x + a, y + b) for a in (-170, 170) for b in (-150, 150)]
    lower, upper = book(250, 180, 26, (0.84, 0.80, 0.73)), book(225, 160, 22, (0.60, 0.60, 0.55))
    pile = moved(lower, turn=8) + moved(upper, z=26, turn=-5)
    bowl = vessel([(84, 62), (78, 44), (58, 14), (38, 0)], thickness=3).moved(x, y, 492)
    return (
        Prop(joined([seat, *legs]), wood((0.70, 0.53, 0.37), seed=9)),
        *moved(pile, x=x - 6, y=y, z=444),
        Prop(bowl, satin(0.92, 0.91, 0.88)),
    )


def garden() -> tuple[Material, ...]:
    """Return the light outside the window, in level bands: a pale sky above, a soft green below."""
    bands = []
    for z in np.arange(-600.0, 3800.0, 200.0):
        green = 1 / (1 + np.exp((z - 1150) / 170))
        color = np.array([0.95, 0.98, 1.0]) * (1 - green) + np.array([0.62, 0.74, 0.50]) * green
        bands.append(
            softbox((0, 2600, z + 100), (0, 0, z + 100), width=7000, height=200, radiance=tuple(5.0 * color))
        )  # fmt: skip
    return tuple(bands)
