"""One cushion on pure white, for a shop's listing."""

from __future__ import annotations

import numpy as np

from scenes.cloth import floor as ground
from scenes.mesh import sheet
from scenes.sets._upholstery import Pose, Stuffing, filled, half_space
from scenes.stage import Camera, Cloth, Prop, Stage, daylight, paint, softbox


def stage() -> Stage:
    """Return the stage: the ground is lit so much brighter than the cloth that it is all white but for the shadow."""
    pose = Pose((0, 0, 212), lean=14, turn=0)
    bodies = (ground(0), half_space((0, 105, 420), (0, -1, 0.12)))
    cover = filled(450, 450, pose, bodies=bodies, stuffing=Stuffing(fill=1.03, gravity=700, seed=11))
    return Stage(
        title="a cushion of 45 cm on white",
        kind="listing",
        fabric="linen-pigment-140",
        parts=({"name": "cushion", "title": "the cushion", "middle": (225.0, 225.0)},),
        cloths=tuple(Cloth("cushion", mesh) for mesh in cover.meshes()),
        props=(_table(),),
        camera=Camera((0, -2300, 900), (0, 20, 205), fov=14.5),
        sky=daylight(window=(-55, 52), spread=30, strength=6.0, fill=0.45, warmth=0.0),
        lights=(softbox((-1900, -1100, 1500), (0, 0, 200), width=1100, height=1100, radiance=9.0),),
        size=(2000, 2000),
        white=0.82,
    )


def _table() -> Prop:
    """Return white ground that is lit from beneath: not where the cushion stands, all the more behind it."""
    mesh = sheet(8000, 8000, step=40, place=lambda u, v: np.stack([u - 4000, 4000 - v, 0 * u], axis=1))
    x, y = mesh.vertices[:, 0], mesh.vertices[:, 1]
    far = np.hypot(np.maximum(np.abs(x) - 200, 0), np.maximum(np.abs(y + 20) - 80, 0))
    share = np.clip(far / 260, 0, 1)
    glow = 0.9 + 1.6 * share**2 * (3 - 2 * share)
    return Prop(mesh, paint(0.95, 0.95, 0.95), glow=glow[:, None] * np.ones(3))
