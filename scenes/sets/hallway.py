"""A papered hallway: two side walls and an end wall, the paper going on around the corners."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scenes.mesh import Mesh, box, joined, lathe, plane, tube
from scenes.sets._interior import (
    BASEBOARD,
    BRASS,
    CORNICE,
    WHITE,
    books,
    bouquet,
    cased,
    door,
    floorboards,
    knob,
    molded,
    moved,
    papered,
    plaster,
    tapered,
    turned_profile,
    vessel,
)
from scenes.stage import Camera, Cloth, Prop, Stage, bitmap, daylight, paint, satin, softbox, wood

WIDE, LONG, HIGH = 2000.0, 5600.0, 2680.0
PAPER = HIGH - 98.0  # up to the cornice
# An opening of a wall: where along it begins, its width, and the heights of its lower and upper edge.
Opening = tuple[float, float, float, float]
DOOR: Opening = (LONG - 1950.0, 860.0, 0.0, 2040.0)
WINDOW: Opening = (620.0, 1150.0, 700.0, 2200.0)


def pieces(length: float, openings: Sequence[Opening], *, u: float) -> list[Mesh]:
    """Return the paper of a wall in the plane y = 0 facing -y, from x = 0, around its openings."""
    found, at = [], 0.0
    for start, width, low, high in openings:
        found.append(papered(start - at, PAPER, u=u + at).moved(at))
        found.append(papered(width, PAPER - high, u=u + start).moved(start, z=high))
        if low:
            found.append(papered(width, low, u=u + start, v=PAPER - low).moved(start))
        at = start + width
    return [*found, papered(length - at, PAPER, u=u + at).moved(at)]


def to_left(mesh: Mesh) -> Mesh:
    """Return a mesh of the plane y = 0 on the left wall, x = 0 at its near end."""
    return mesh.turned(90).moved(-WIDE / 2, -LONG)


def to_right(mesh: Mesh) -> Mesh:
    """Return a mesh of the plane y = 0 on the right wall, x = 0 at its far end."""
    return mesh.turned(-90).moved(WIDE / 2)


def trim() -> Mesh:
    """Return baseboards and cornices."""
    rim = 95.0
    left = [(0.0, DOOR[0] - rim), (DOOR[0] + DOOR[1] + rim, LONG)]
    runs = [*(to_left(_run(BASEBOARD, a, b, 0)) for a, b in left), to_right(_run(BASEBOARD, 0, LONG, 0))]
    end = [_run(section, 0, WIDE, z).moved(-WIDE / 2) for section, z in ((BASEBOARD, 0), (CORNICE, HIGH))]
    return joined([*runs, *end, to_left(_run(CORNICE, 0, LONG, HIGH)), to_right(_run(CORNICE, 0, LONG, HIGH))])


def _run(section: np.ndarray, start: float, end: float, z: float) -> Mesh:
    return molded(section, (start, 0, z), (end, 0, z), (0, -1, 0))


def reveal(wide: float, tall: float, deep: float) -> Mesh:
    """Return the four sides of an opening in the plane y = 0, its lower left corner at the origin."""
    corners = [(0, tall), (wide, tall), (wide, 0), (0, 0)]
    sides = zip(corners, [*corners[1:], corners[0]], strict=True)
    return joined([plaster([(x, 0, z), (x1, 0, z1), (x, deep, z), (x1, deep, z1)]) for (x, z), (x1, z1) in sides])


def window() -> Mesh:
    """Return the window of the right wall: casing, sill, reveal and a sash of eight panes."""
    start, wide, low, high = WINDOW
    tall, deep = high - low, 150.0
    parts = [cased(wide, tall), box(wide + 210, 90, 30, bevel=6).moved(wide / 2, -20, -30)]
    parts.append(reveal(wide, tall, deep))
    bars = [(0.0, 52.0), (wide / 2, 26.0), (wide, 52.0)]
    parts += [box(thick * 2 if x in (0.0, wide) else thick, 44, tall, bevel=4).moved(x, deep - 30) for x, thick in bars]
    parts += [
        box(wide, 44, thick, bevel=4).moved(wide / 2, deep - 30, z - thick / 2)
        for z, thick in ((26, 60), (tall * 0.25, 24), (tall / 2, 50), (tall * 0.75, 24), (tall - 26, 60))
    ]
    return joined(parts).moved(start, z=low)


def rug() -> Prop:
    """Return a wool runner with two quiet stripes along each side."""
    x = np.linspace(0, 1, 512)
    color = np.repeat(np.array([[[0.80, 0.75, 0.66]]]), 512, axis=1)
    for low, high in ((0.045, 0.075), (0.09, 0.10)):
        edge = ((x > low) & (x < high)) | ((x < 1 - low) & (x > 1 - high))
        color = np.where(edge[None, :, None], np.array([0.40, 0.44, 0.43]), color)
    rng = np.random.default_rng(4)
    pixels = np.repeat(color, 512, axis=0) * (1 + 0.015 * rng.normal(size=(512, 512, 1)))
    mesh = box(900, 3900, 9, bevel=3).moved(0, -2350)
    return Prop(
        mesh.shifted(u=450),
        {"type": "twosided", "bsdf": {"type": "diffuse", "reflectance": bitmap(pixels, scale=900.0)}},
    )


def console() -> list[Prop]:
    """Return a console table about x = 0, its back at y = 0, with what stands on it."""
    top, width, depth = 800.0, 1060.0, 320.0
    lid = box(width, depth, 26, bevel=4).moved(0, -depth / 2, top - 26)
    apron = box(width - 70, depth - 50, 84, bevel=2).moved(0, -depth / 2, top - 110)
    legs = [
        tapered(
            (s * (width / 2 - 52), -depth / 2 + t * 118, top - 26),
            (s * (width / 2 - 52), -depth / 2 + t * 118, 0),
            (23, 13),
        )
        for s in (-1, 1)
        for t in (-1, 1)
    ]
    vase = vessel([(52, 270), (46, 256), (50, 220), (92, 150), (104, 100), (90, 36), (66, 4), (60, 0)], thickness=5)
    tips = [
        (-230, -20, 330),
        (-60, -30, 470),
        (120, -10, 440),
        (260, -40, 310),
        (30, 20, 380),
        (-140, 30, 420),
        (190, 20, 380),
    ]
    twigs = bouquet((0, 0, 240), tips, seed=31, leaves=20, length=64, width=34, color=(0.42, 0.50, 0.38))
    bowl = lathe(turned_profile([(105, 66), (98, 48), (70, 20), (42, 6), (40, 0), (0, 0)], thickness=4))
    pile = books([(230, 165, 30), (205, 150, 24)], [(0.63, 0.50, 0.42), (0.84, 0.80, 0.72)], seed=3)
    return [
        Prop(joined([lid, apron, *legs]), wood((0.55, 0.40, 0.27), seed=12, scale=900)),
        *moved([Prop(vase, satin(0.88, 0.86, 0.81, roughness=0.3)), *twigs], x=-250, y=-155, z=top),
        *moved([Prop(bowl, satin(0.42, 0.46, 0.46, roughness=0.3))], x=345, y=-150, z=top),
        *moved(pile, x=70, y=-165, z=top),
    ]


def basket() -> Prop:
    """Return a round woven basket on z = 0."""
    rings = [
        tube(_ring(150 + 26 * np.sin(np.pi * (0.12 + 0.75 * k / 21)), 8 + 15.5 * k, k), 8.5, sides=8, closed=True)
        for k in range(22)
    ]
    return Prop(joined(rings), paint(0.70, 0.57, 0.40))


def _ring(radius: float, z: float, number: int) -> np.ndarray:
    angle = np.linspace(0, 2 * np.pi, 120, endpoint=False)
    wave = radius + 2.2 * np.sin(20 * angle + np.pi * number)
    return np.stack([wave * np.cos(angle), wave * np.sin(angle), 0 * angle + z], axis=1)


def pendant(x: float, y: float, drop: float = 520.0) -> list[Prop]:
    """Return an opal globe that hangs from the ceiling."""
    turn = np.linspace(0, np.pi, 40)
    globe = lathe(np.stack([125 * np.sin(turn), 125 * np.cos(turn)], axis=1))
    z = HIGH - drop
    rod = tube(np.array([[0, 0, z + 120], [0, 0, z + 300], [0, 0, HIGH]]), 4, sides=12)
    cap = lathe(np.array([[0, z + 142], [26, z + 140], [30, z + 132], [30, z + 118], [28, z + 110]], float))
    rose = lathe(np.array([[55, HIGH], [54, HIGH - 12], [40, HIGH - 22], [0, HIGH - 24]], float))
    return moved(
        [Prop(globe.moved(z=z), satin(0.95, 0.94, 0.91, roughness=0.15)), Prop(joined([rod, cap, rose]), BRASS)],
        x=x,
        y=y,
    )


def stage() -> Stage:
    """Return the stage."""
    paper = [
        *(to_left(p) for p in pieces(LONG, [DOOR], u=0)),
        *(p.moved(-WIDE / 2) for p in pieces(WIDE, [], u=LONG)),
        *(to_right(p) for p in pieces(LONG, [WINDOW], u=LONG + WIDE)),
    ]
    leaf = joined(door(DOOR[1], DOOR[3])).moved(DOOR[0], 14)
    jambs = joined([cased(DOOR[1], DOOR[3]), reveal(DOOR[1], DOOR[3], 60)]).moved(DOOR[0])
    handle = joined([knob(24), tube(np.array([[0, 0, -80.0], [0, 0, -40], [0, 0, -18]]), 3)]).moved(
        DOOR[0] + 66, 14, 960
    )
    ceiling = plane(WIDE, LONG, z=HIGH).moved(y=-LONG / 2).turned_over()
    return Stage(
        title="a papered hallway with a console",
        kind="wall",
        fabric="wallpaper-aqueous-61",
        parts=({"name": "wall", "title": "the walls", "strips": True, "middle": (LONG + WIDE / 2, PAPER / 2)},),
        cloths=(Cloth("wall", joined(paper)),),
        props=(
            *floorboards((-WIDE / 2, WIDE / 2), (-LONG, 0), color=(0.68, 0.54, 0.40), seed=6, along="y", board=125),
            Prop(joined([trim(), to_left(joined([leaf, jambs])), to_right(window())]), WHITE),
            Prop(to_left(handle), BRASS),
            rug(),
            Prop(ceiling, paint(0.93, 0.92, 0.90)),
            *moved(console(), x=0, y=-20),
            *moved([basket()], x=-640, y=-260),
            *pendant(0, -1500),
        ),
        camera=Camera((60, -4450, 1330), (60, 0, 1330), fov=56.0),
        sky=daylight(window=(90.0, 20.0), strength=3.0, fill=0.9),
        lights=(
            softbox((WIDE / 2 + 900, -1195, 1750), (-WIDE / 2, -1250, 1000), width=2600, height=2600, radiance=13.0),
            softbox((0, -LONG - 400, 1500), (0, 0, 1300), width=2000, height=2400, radiance=2.4),
        ),
        white=0.9,
    )
