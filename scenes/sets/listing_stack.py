"""A neat stack of folded lengths of cloth on white, for a shop's listing."""

from __future__ import annotations

import numpy as np

from scenes.sets._folding import bent, folded, lain, level, wavering
from scenes.stage import Camera, Cloth, Prop, Stage, daylight, paint, softbox

_WIDTH, _DEPTH = 300.0, 240.0
# Of each length from below: layers, mm a layer, how round its fold is, its turn in degrees, and where it lies (x, y).
_LENGTHS = (
    (4, 2.9, 1.15, -1.4, (3.0, 1.0)),
    (4, 2.6, 1.4, 1.1, (-4.0, -3.0)),
    (4, 2.8, 1.2, -0.5, (2.0, 2.0)),
    (4, 2.7, 1.35, 1.6, (0.0, -1.0)),
)
_TITLES = ("the uppermost length", "the second length", "the third length", "the lowest length")


def stage() -> Stage:
    """Return the stage."""
    cloths, backs = [], []
    z = 0.0
    for i, (bends, gap, full, turn, (x, y)) in enumerate(_LENGTHS):
        top = i == len(_LENGTHS) - 1
        face, back = folded(
            _WIDTH - 4 * (i % 2),
            _DEPTH,
            bends=bends,
            gap=gap,
            full=full,
            seed=i,
            outermost=_turned_back if top else None,
        )
        pieces = [lain(m.turned(turn).moved(x, y, z), softness=2.6, stack=88, seed=4, own=i) for m in (face, back)]
        cloths.append(Cloth(f"cloth{4 - i}", pieces[0].shifted(*((0, 0) if top else (83.0 * i + 40, 127.0 * i)))))
        backs.append(Prop(pieces[1], paint(0.93, 0.92, 0.90)))
        z += 2 * gap * bends - 0.6
    parts = tuple(
        {
            "name": f"cloth{i + 1}",
            "title": title,
            "middle": (_WIDTH / 2, _DEPTH / 2),
            **({"follows": "cloth1", "colorway": i} if i else {}),
        }
        for i, title in enumerate(_TITLES)
    )
    return Stage(
        title="a stack of folded cloth on white",
        kind="listing",
        fabric="cotton-pigment-150",
        parts=parts,
        cloths=tuple(cloths),
        props=(ground(), *backs),
        camera=Camera((360, -960, 600), (8, -4, 36), fov=20.5),
        sky=daylight(window=(-80, 45), fill=0.6),
        lights=(softbox((-800, 300, 1100), (0, 0, 40), width=500, height=500, radiance=50.0),),
        size=(2000, 2000),
    )


def _turned_back(points: np.ndarray, uv: np.ndarray) -> np.ndarray:
    """Return points of the upper length's outer layer, its far right corner turned back, creased in its middle."""
    over = uv[:, 1] < _DEPTH * 0.8
    turned = bent(points, 41, (0, 106, 117, 128, 138, 200), (0, 0, 1.5, 3.02, 3.25, 3.3))
    made = np.where(over[:, None], turned, points)
    made[:, 2] += over * (
        0.7 * np.exp(-np.abs(points[:, 0] + 12) / 3.5) + wavering(points, height=0.5, length=60, seed=8)
    )
    return made


def ground() -> Prop:
    """Return white ground that is lit from below too, the more the farther from the middle."""
    mesh, _ = level(3000, 3000, step=25)
    far = np.linalg.norm(mesh.vertices[:, :2], axis=1)
    glow = 1.2 + 9.0 * np.clip((far - 190) / 170, 0, 1)
    return Prop(mesh, paint(0.97, 0.97, 0.97), glow=glow[:, None] * np.ones(3))
