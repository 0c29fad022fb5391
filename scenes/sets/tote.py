"""A canvas tote bag on a peg rail, with twigs in it."""

from __future__ import annotations

import numpy as np

from scenes.cloth import Body
from scenes.cloth import Cloth as Simulated
from scenes.mesh import Mesh, box, grid_faces, joined, lathe, plane, sheet
from scenes.sets._folding import smooth, wavering
from scenes.sets._notions import GREEN, STEM, sprig
from scenes.sets._wrapping import strip
from scenes.stage import Camera, Cloth, Prop, Stage, daylight, paint, satin, softbox

_WIDTH, _HEIGHT = 380.0, 410.0
_GRIPS = (104.0, 276.0)  # u of the middles of the handles
_PEG = np.array([0.0, -58.0, 205.0])  # where the handles lie on the peg; the bag's upper edge is at z = 0
_WEBBING = 27.0
_STEP = 10.0  # mm between the points of the cloth


def _bag() -> tuple[Mesh, Mesh]:
    """Return the front and the back of the bag, hanging by four points of its upper edge and a little filled."""

    def open_a_little(u: np.ndarray, v: np.ndarray) -> np.ndarray:
        return np.stack([u - _WIDTH / 2, -4 - 14 * np.sin(np.pi * u / _WIDTH), -v], axis=1)

    front = sheet(_WIDTH, _HEIGHT, step=_STEP, place=open_a_little)
    columns, rows = round(_WIDTH / _STEP) + 1, round(_HEIGHT / _STEP) + 1
    index = np.arange(columns * rows).reshape(rows, columns)
    seam = np.concatenate([index[:, 0], index[-1, 1:-1], index[:, -1]])
    own = np.setdiff1d(index, seam)
    back = np.empty(columns * rows, dtype=np.int64)
    back[seam] = seam
    back[own] = columns * rows + np.arange(len(own))
    vertices = np.concatenate([front.vertices, front.vertices[own] * (1, -1, 1)])
    vertices[seam, 1] = 0
    vertices[:, 1] += wavering(vertices, height=2.5, length=90, seed=6, share=(1, 0, 1))
    both = Mesh(
        vertices,
        np.concatenate([front.faces, back[front.faces][:, ::-1]]),
        np.concatenate([front.uv, front.uv[own]]),
    )
    held = [index[0, np.abs(front.uv[:columns, 0] - u) < 16] for u in _GRIPS]
    pinned = np.concatenate([np.concatenate([at, back[at]]) for at in held])
    start = both.vertices[pinned].copy()
    # The handles draw together, and the bag's mouth opens.
    goal = start + np.sign(start[:, :1]) * (-4, 0, 0)
    goal[:, 1] = np.where(start[:, 1] < 0, -19.0, 13.0)
    goal[:, 2] = 1.6 - 0.045 * (np.abs(goal[:, 0]) - 86)

    def drive(time: float, points: np.ndarray) -> None:
        points[pinned] = start + (goal - start) * smooth(np.array([time]), 0.0, 0.5)

    def filling(time: float, points: np.ndarray) -> np.ndarray:
        depth = smooth(-points[:, 2:], 90, 330)
        return 1500.0 * depth * Mesh(points, both.faces, both.uv).normals()

    cloth = Simulated(
        both,
        pinned=pinned,
        bodies=(_wall, _apart(np.setdiff1d(np.arange(columns * rows), seam), back[own])),
        bend=0.3,
        gravity=1400.0,
        damping=0.04,
        friction=0.3,
    )
    cloth.run(1.0, steps_per_second=400, drive=drive, wind=filling).settle(150)
    made = cloth.points
    return (
        Mesh(made[: columns * rows], front.faces, front.uv),
        Mesh(made[back], front.faces[:, ::-1], front.uv * (-1, 1) + (_WIDTH, 0)),
    )


def _wall(points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Push points out of the wall behind the bag."""
    inside = points[:, 1] > 26
    moved = points.copy()
    moved[inside, 1] = 26
    return moved, inside


def _apart(front: np.ndarray, back: np.ndarray) -> Body:
    """Return what keeps the points of the front before those of the back."""

    def out(points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        moved = points.copy()
        moved[front, 1] = np.minimum(points[front, 1], -1.0)
        moved[back, 1] = np.maximum(points[back, 1], 1.0)
        return moved, moved[:, 1] != points[:, 1]

    return out


def _at(mesh: Mesh, u: np.ndarray, v: np.ndarray, *, out: float) -> np.ndarray:
    """Return points (n, 3) over places on a side of the bag, ``out`` mm in front of it."""
    from scipy.interpolate import RegularGridInterpolator

    columns, rows = round(_WIDTH / _STEP) + 1, round(_HEIGHT / _STEP) + 1
    axes = (np.linspace(0, _HEIGHT, rows), np.linspace(0, _WIDTH, columns))
    values = np.concatenate([mesh.vertices, mesh.normals()], axis=1).reshape(rows, columns, 6)
    if values[..., 4].mean() > 0 and mesh.uv[0, 0] == 0:
        values[..., 3:] *= -1
    found = RegularGridInterpolator(axes, values, method="linear")(
        np.stack([np.clip(v, 0, _HEIGHT), np.clip(u, 0, _WIDTH)], axis=1)
    )
    return found[:, :3] + out * found[:, 3:]


def _stitches(mesh: Mesh, start: tuple[float, float], end: tuple[float, float], *, out: float) -> Mesh:
    """Return a row of stitches, 3 mm each, between two places (u, v) on a side of the bag."""
    length = float(np.hypot(end[0] - start[0], end[1] - start[1]))
    count = int(length / 4.2)
    share = (np.arange(count)[:, None] + np.array([0.14, 0.86])) / count
    ends = [_at(mesh, start[0] + (end[0] - start[0]) * s, start[1] + (end[1] - start[1]) * s, out=out) for s in share.T]
    made = []
    for a, b in zip(*ends, strict=True):
        across = np.cross(b - a, (0, -1, 0))
        across *= 0.42 / max(float(np.linalg.norm(across)), 1e-9)
        made.append(strip(np.stack([a, (a + b) / 2 + (0, -0.3, 0), b]), np.repeat(across[None], 3, axis=0)))
    return joined(made)


def _sewn(front: Mesh) -> Mesh:
    """Return the stitches of the hem, and the crossed squares that hold the handles."""
    rows = [_stitches(front, (3, 22), (_WIDTH - 3, 22), out=1.2)]
    for u in _GRIPS:
        a, b = u - _WEBBING / 2 + 3, u + _WEBBING / 2 - 3
        around = (((a, 59), (b, 59)), ((a, 59), (a, 5)), ((b, 59), (b, 5)), ((a, 32), (b, 32)))
        crossed = (((a, 59), (b, 32)), ((b, 59), (a, 32)))
        rows += [_stitches(front, start, end, out=3.0) for start, end in (*around, *crossed)]
    return joined(rows)


def _handle(mesh: Mesh, *, front: bool) -> Mesh:
    """Return a handle from its seam on one side of the bag over the peg and down to the other seam."""
    made = []
    over = _PEG + np.array([0, -7.0 if front else 9.0, 1.2 if front else 0.0])
    for sign, u in zip((-1, 1), _GRIPS, strict=True):
        middle, v = u if front else _WIDTH - u, np.linspace(62, 0, 24)
        low, one, other = (_at(mesh, np.full(24, middle + side * _WEBBING / 2), v, out=2.4) for side in (0, -1, 1))
        on_bag = (other - one) / 2
        s = np.linspace(0, 1, 40)[1:, None]
        turn = np.array([sign * 15.0, 0, 0])
        mid = low[-1] + (over + turn - low[-1]) * s
        mid[:, 2] += 6 * np.sin(np.pi * s[:, 0]) * 0.4
        mid[:, 0] += sign * 9 * np.sin(np.pi * s[:, 0])
        t = np.radians(np.linspace(0, 90, 14))[1:]
        arch = np.stack([over[0] + sign * 15 * np.cos(t), np.full(13, over[1]), over[2] + 15 * np.sin(t)], axis=1)
        path = np.concatenate([low, mid, arch])
        tangent = np.gradient(path, axis=0)
        across = np.cross(tangent, (0, -1, 0))
        on_bag = np.concatenate([on_bag, np.repeat(on_bag[-1:], len(path) - 24, axis=0)])
        on_bag *= np.sign(np.einsum("ij,ij->i", on_bag, across))[:, None]
        off = smooth(np.arange(len(path)), 20, 40)[:, None]
        across = off * across / np.linalg.norm(across, axis=1, keepdims=True) + (1 - off) * on_bag / (_WEBBING / 2)
        across *= _WEBBING / 2
        # On the peg the webbing lies flat: its breadth turns along the peg.
        flat = smooth(np.linspace(0, 1, len(path)), 0.55, 0.97)[:, None] * (0.97 if front else 0.9)
        across = across * (1 - flat) + flat * np.array([0, sign * _WEBBING / 2, 0])
        made += [strip(path, across), strip(path + np.array([0, 1.4, 0]), across)]
    return joined(made)


def stage() -> Stage:
    """Return the stage."""
    front, back = _bag()
    columns, rows = 2 * round(_WIDTH / _STEP) + 1, 6
    band_uv = np.stack(
        [a.ravel() for a in np.meshgrid(np.linspace(0, _WIDTH, columns), np.linspace(0, 25, rows))], axis=1
    )
    band = Mesh(_at(front, band_uv[:, 0], band_uv[:, 1], out=0.9), grid_faces(columns, rows), band_uv)
    stitches = _sewn(front)
    webbing = paint(0.90, 0.86, 0.77)
    wall = plane(5000, 4000).turned(90, "x").moved(y=30, z=0)
    rail = box(1700, 22, 78, bevel=4).moved(y=19, z=_PEG[2] - 46)
    t = np.linspace(0, np.pi / 2, 10)
    knob = np.stack([13 * np.sin(t), 78 + 5 * np.cos(t)], axis=1)
    peg = lathe(np.concatenate([[[0.01, 83.0]], knob[1:], [[13, 72], [9.5, 62], [9, 0]]]))
    pegs = joined([peg.turned(90, "x").moved(x, 10, _PEG[2] + 4) for x in (-440, 0, 440)])
    stem, leaves = _twigs()
    return Stage(
        title="a canvas tote bag on a peg",
        kind="product",
        fabric="cotton-digital-280",
        parts=({"name": "bag", "title": "the bag", "middle": (_WIDTH / 2, _HEIGHT / 2 + 10)},),
        cloths=(Cloth("bag", front), Cloth("bag", band), Cloth("bag", back)),
        props=(
            Prop(wall, paint(0.98, 0.975, 0.955)), Prop(joined([rail, pegs]), satin(0.80, 0.68, 0.51, roughness=0.4)),
            Prop(joined([_handle(front, front=True), _handle(back, front=False)]), webbing),
            Prop(stitches, paint(0.93, 0.90, 0.83)), Prop(stem, STEM), Prop(leaves, GREEN),
        ),
        camera=Camera((130, -1700, 0), (6, 0, -102), fov=18.6),
        sky=daylight(window=(-38, 36), spread=22, fill=0.7),
        size=(1200, 1500),
        lights=(softbox((-850, -1300, 800), (0, 0, -100), width=420, height=420, radiance=90.0),),
    )  # fmt: skip


def _twigs() -> tuple[Mesh, Mesh]:
    """Return stems and leaves of twigs that look out of the bag."""
    made = []
    for seed, lean, x in ((2, 72, 20), (4, 58, 44), (9, 88, 2)):
        twig = sprig(length=330, leaves=13, leaf=56, seed=seed, bow=0.2, bare=0.52)
        made.append([m.turned(90, "x").turned(-lean, "y").moved(x, 2, -150) for m in twig])
    return joined([m[0] for m in made]), joined([m[1] for m in made])
