"""Cloth by the meter: a bolt on a cutting table, its cloth drawn off over the edge, and folded lengths beside it."""

from __future__ import annotations

import numpy as np

from scenes.cloth import Cloth as Simulated
from scenes.cloth import block
from scenes.mesh import Mesh, box, extruded, joined, plane, sheet
from scenes.sets._folding import columns_of, folded, lain, lined, smooth, wavering
from scenes.sets._notions import scissors, tabletop
from scenes.stage import Camera, Cloth, Prop, Stage, daylight, paint, softbox

_WIDTH = 500.0
_BOARD, _THICK = 150.0, 62.0  # the bolt's depth and height
_BACK = 330.0  # how far the bolt's middle lies behind the table's edge
_LENGTH = 950.0


def _path() -> np.ndarray:
    """Return (y, z) of the cloth: up the bolt's back, over its top and front, along the table and down its edge."""
    r = _THICK / 2
    left, right = _BACK - _BOARD / 2 + r, _BACK + _BOARD / 2 - r
    back = np.radians(np.linspace(-60, 90, 30))
    nose = np.radians(np.linspace(90, 190, 24))
    points = [
        np.stack([right + r * np.cos(back), r + r * np.sin(back)], axis=1),
        np.stack([left + r * np.cos(nose), r + r * np.sin(nose)], axis=1),
        np.array([[left - r - 4, 10], [left - r - 16, 3.0], [left - r - 40, 2.0], [0, 2.0]]),
        np.array([[-8, -2], [-12, -14], [-12, -700]]),
    ]
    return np.concatenate(points)


def _drawn_off() -> tuple[Mesh, int]:
    """Return the cloth from the bolt to its hem, lying as it fell, and how many columns it has."""
    line = _path()
    along = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(line, axis=0), axis=1))])
    held = along[52]  # as far as it lies on the bolt
    edge = along[-4]

    def place(u: np.ndarray, v: np.ndarray) -> np.ndarray:
        # More cloth lies on the table than its length: it begins pushed together.
        on = held + (v - held) * 0.87
        at = np.where(v > held, on, v)
        y, z = (np.interp(at, along, line[:, k]) for k in (0, 1))
        x = u - _WIDTH / 2
        lying = smooth(at, held + 40, held + 90) * (1 - smooth(at, edge - 70, edge - 20))
        z = z + lying * 24 * np.sin(np.pi * (at - held + 0.45 * u) / 88) ** 2 * (0.55 + 0.45 * np.sin(u / 90))
        hanging = smooth(at, edge - 60, edge + 140)
        y = y - hanging * (22 + 22 * np.sin(2 * np.pi * u / 150 + 0.6 + 0.9 * np.sin(u / 70)))
        x = x * (1 - 0.17 * smooth(at, held + 60, edge + 160))
        return np.stack([x, y, z], axis=1)

    mesh = sheet(_WIDTH, _LENGTH, step=9.0, place=place)
    mesh = mesh.placed(lambda p: p + wavering(p, height=1.0, length=60, seed=2)[:, None] * (mesh.uv[:, 1:] > held))
    pinned = mesh.uv[:, 1] < held
    bodies = [
        block((0, 697, -40), (4000, 1400, 80), rounded=8),
        block((0, _BACK, _THICK / 2), (_WIDTH + 60, _BOARD, _THICK), rounded=_THICK / 2 - 0.5, gap=0.2),
    ]
    cloth = Simulated(mesh, pinned=pinned, bodies=bodies, bend=0.06, damping=0.03, friction=0.8)
    cloth.run(0.9, steps_per_second=500).settle(500)
    return cloth.result(), columns_of(mesh)


def _bolt() -> tuple[Mesh, list[Mesh]]:
    """Return the turns of cloth beneath the outermost one, and the board that they are wound on."""
    turns = []
    for i in range(1, 7):
        r = _THICK / 2 - 2.6 * i
        t = np.radians(np.linspace(-90, 90, 20))
        span = _BOARD / 2 - _THICK / 2
        line = np.concatenate([
            np.stack([span + r * np.cos(t), r * np.sin(t)], axis=1),
            np.stack([-span - r * np.cos(t), -r * np.sin(t)], axis=1),
        ])  # fmt: skip
        line = np.concatenate([line, line[:1]])
        width = _WIDTH + (2.0, -3.0, 1.0)[i % 3]
        profile = np.column_stack([np.full(len(line), -width / 2), line])
        turns.append(extruded(profile, (width, 0, 0), lengthwise=True).moved(y=_BACK, z=_THICK / 2))
    return joined(turns), [box(_WIDTH + 16, _BOARD - 36, 26, bevel=2).moved(y=_BACK, z=_THICK / 2 - 13)]


def _stack() -> tuple[Mesh, Mesh]:
    """Return faces and backs of the folded lengths."""
    faces, backs = [], []
    z = 0.0
    for i, (bends, gap, turn) in enumerate(((4, 2.8, -2.0), (4, 2.5, 1.5), (4, 2.7, -0.6), (3, 2.9, 2.2))):
        pair = folded(250 - 4 * (i % 2), 200, bends=bends, gap=gap, full=1.1 + 0.1 * i, seed=i)
        face, back = (lain(m.turned(turn).moved(z=z), stack=85, seed=11, own=i) for m in pair)
        faces.append(face.shifted(90.0 * i, 140.0 * i))
        backs.append(back)
        z += 2 * bends * gap - 0.6
    return joined(faces), joined(backs)


def stage() -> Stage:
    """Return the stage."""
    outer, columns = _drawn_off()
    face, back = lined(outer, columns, 0.8)
    turns, board = _bolt()
    faces, backs = _stack()
    white, at = paint(0.93, 0.92, 0.90), (-118.0, 0.0)
    top = box(2600, 1000, 42, bevel=8).moved(y=502, z=-42.5)
    counter = box(2540, 900, 900, bevel=3).moved(y=490, z=-942)
    wall = plane(6000, 4000).turned(90, "x").moved(y=900, z=900)
    shears = [Prop(p.mesh.turned(152).moved(300, 84), p.material) for p in scissors(length=200)]
    return Stage(
        title="cloth by the meter on a cutting table",
        kind="product",
        fabric="cotton-pigment-150",
        parts=(
            {"name": "cloth", "title": "the cloth drawn off the bolt", "middle": (_WIDTH / 2, 420.0)},
            {"name": "stack", "title": "the folded lengths", "follows": "cloth", "middle": (125.0, 100.0)},
        ),
        cloths=(
            Cloth("cloth", face.moved(*at)), Cloth("cloth", turns.moved(*at)),
            Cloth("stack", faces.turned(-8).moved(312, 300)),
        ),
        props=(
            Prop(back.moved(*at), white), Prop(backs.turned(-8).moved(312, 300), white),
            Prop(joined(board).moved(*at), paint(0.80, 0.74, 0.66)), Prop(wall, paint(0.95, 0.94, 0.915)),
            Prop(counter, paint(0.96, 0.95, 0.93)),
            Prop(top, tabletop((0.93, 0.89, 0.83), seed=3).material), *shears,
        ),
        camera=Camera((110, -1250, 820), (20, 118, -52), fov=30.0),
        sky=daylight(window=(-48, 38), spread=24, fill=0.6),
        lights=(softbox((-1200, -800, 1150), (0, 100, -30), width=520, height=520, radiance=70.0),),
    )  # fmt: skip
