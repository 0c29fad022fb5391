"""A pinked sample of cloth on a pale table, with a ruler, scissors and a spool."""

from __future__ import annotations

import numpy as np

from scenes.sets._folding import bent, pinked, thick, wavering
from scenes.sets._notions import pin, ruler, scissors, spool, tabletop
from scenes.stage import Camera, Cloth, Prop, Stage, daylight, softbox

_WIDTH, _HEIGHT = 260.0, 200.0


def stage() -> Stage:
    """Return the stage."""
    flat, columns = pinked(_WIDTH, _HEIGHT)

    def lie(points: np.ndarray) -> np.ndarray:
        waved = bent(points, 12, (-140, -95, -60, -20, 20, 55, 90, 150), (0, 0, 0.2, -0.2, 0.17, -0.17, 0, 0))
        turned_up = bent(waved, -38, (-200, 70, 135, 175), (0, 0, 0.7, 1.15))
        other = bent(turned_up, 142, (-200, 120, 165), (0, 0, 0.2))
        other[:, 2] += wavering(points, height=0.9, length=70, seed=3)
        return other

    cloth = thick(flat.placed(lie), columns, 0.7)
    cloth = cloth.moved(z=0.1 - cloth.vertices[:, 2].min()).turned(2.5).moved(-4, 6)

    def put(props: list[Prop], x: float, y: float, degrees: float, z: float = 0) -> list[Prop]:
        return [Prop(p.mesh.turned(degrees).moved(x, y, z), p.material) for p in props]

    props = [
        tabletop((0.92, 0.885, 0.83), seed=2),
        *put(ruler(30), -139, -139, 2.5),
        *put(scissors(length=200), 166, 112, -160, 3.0),
        *put(spool((0.90, 0.88, 0.83)), -158, 104, 0),
        *pin(-152, 16, 70), *pin(-148, -22, 118),
    ]  # fmt: skip
    return Stage(
        title="a swatch of 26 by 20 cm with pinked edges, by a ruler",
        kind="product",
        fabric="cotton-pigment-150",
        parts=({"name": "swatch", "title": "the swatch", "middle": (_WIDTH / 2, _HEIGHT / 2)},),
        cloths=(Cloth("swatch", cloth),),
        props=tuple(props),
        camera=Camera((20, -560, 690), (0, -4, 0), fov=21.0),
        sky=daylight(window=(-120, 32), spread=24, fill=0.35),
        lights=(softbox((-900, 700, 620), (0, 0, 0), width=420, height=420, radiance=34.0),),
    )
