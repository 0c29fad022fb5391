"""One cushion on pure white, for a shop's listing."""

from __future__ import annotations

import numpy as np

from scenes.mesh import sheet
from scenes.sets._upholstery import Pose, Stuffing, filled
from scenes.stage import Camera, Cloth, Prop, Stage, daylight, paint, softbox


def stage() -> Stage:
    """Return the stage: the ground is lit so much brighter than the cloth that it is all white but for the shadow."""
    pose = Pose((0, 0, 220), lean=11, turn=-4)
    meshes = filled(450, 450, pose, stuffing=Stuffing(fill=0.99, gravity=0, bend=0.25, lumps=0.2, seed=11)).meshes()
    low = min(float(mesh.vertices[:, 2].min()) for mesh in meshes)
    return Stage(
        title="a cushion of 45 cm on white",
        kind="listing",
        fabric="linen-pigment-140",
        parts=({"name": "cushion", "title": "the cushion", "middle": (225.0, 225.0)},),
        cloths=tuple(Cloth("cushion", mesh.moved(z=-low)) for mesh in meshes),
        props=(_table(),),
        camera=Camera((0, -2300, 900), (0, 20, 205), fov=14.5),
        sky=daylight(window=(-55, 52), spread=30, strength=6.0, fill=0.35, warmth=0.0),
        lights=(softbox((-1900, -1100, 1500), (0, 0, 200), width=1100, height=1100, radiance=14.0),),
        size=(2000, 2000),
        white=0.87,
    )


def _table() -> Prop:
    """Return white ground that is lit from beneath: not where the cushion stands, all the more behind it."""
    mesh = sheet(8000, 8000, step=40, place=lambda u, v: np.stack([u - 4000, 4000 - v, 0 * u], axis=1))
    x, y = mesh.vertices[:, 0], mesh.vertices[:, 1]
    far = np.hypot(np.maximum(np.abs(x) - 170, 0), np.maximum(np.abs(y + 20) - 50, 0))
    share = np.clip(far / 340, 0, 1)
    glow = 1.5 + 12.0 * share**2 * (3 - 2 * share)
    return Prop(mesh, paint(0.95, 0.95, 0.95), glow=glow[:, None] * np.ones(3))
