"""From a stage to maps: Mitsuba renders the light, rays say what each pixel shows.

Light is rendered once with all cloth gray, which gives light per albedo, and once with all cloth a rough mirror, which
gives gloss; Open Image Denoise takes the grain out. Rays (``scenes.casting``) say which part a pixel shows, where on
the cloth, and how much of it: nothing is averaged across an edge.
"""

from __future__ import annotations

import os
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from scipy.ndimage import distance_transform_edt

from patterns.mockup.beneath import beneath
from patterns.mockup.maps import Maps
from patterns.mockup.planes import LUMINANCE
from patterns.mockup.tone import toned
from scenes.casting import Cast, cast
from scenes.mesh import Mesh
from scenes.stage import Material, Stage


def bake(stage: Stage, *, size: tuple[int, int], samples: int) -> Maps:
    """Return the maps of a stage in a size (width, height), rendered with so many samples a pixel."""
    mi = _mitsuba()
    with tempfile.TemporaryDirectory() as folder:
        meshes = _written(stage, Path(folder))
        gray = {"type": "twosided", "bsdf": {"type": "diffuse", "reflectance": stage.cloth_albedo}}
        mirror = {
            "type": "twosided",
            "bsdf": {"type": "roughconductor", "material": "none", "alpha": 0.35, "specular_reflectance": 1.0},
        }
        scene, owners = _loaded(mi, stage, meshes, gray, size, glow=True)
        light = _rendered(mi, scene, samples, depth=8)
        shown = cast(mi, scene, owners, len(stage.parts), size)
        scene, _ = _loaded(mi, stage, meshes, mirror, size, glow=False)
        mirrored = _rendered(mi, scene, max(8, samples // 3), depth=3)
    return _assembled(stage, size, shown, light, mirrored)


def _mitsuba() -> Any:
    """Return Mitsuba, compiled for this processor where an LLVM is named by DRJIT_LIBLLVM_PATH, else plain."""
    import mitsuba as mi  # pyright: ignore[reportMissingImports]

    if mi.variant() is None:
        mi.set_variant("llvm_ad_rgb" if os.environ.get("DRJIT_LIBLLVM_PATH") else "scalar_rgb")
    if not str(mi.variant()).startswith("llvm"):
        sys.exit("name a libLLVM of 19 or newer in DRJIT_LIBLLVM_PATH: the rays are cast many at once.")
    return mi


def _written(stage: Stage, folder: Path) -> dict[str, Path]:
    paths = {}
    for i, cloth in enumerate(stage.cloths):
        paths[f"cloth{i}"] = folder / f"cloth{i}.ply"
        _write_ply(paths[f"cloth{i}"], cloth.mesh, cloth.glow)
    for i, prop in enumerate(stage.props):
        paths[f"prop{i}"] = folder / f"prop{i}.ply"
        _write_ply(paths[f"prop{i}"], prop.mesh, prop.glow)
    return paths


def _write_ply(path: Path, mesh: Mesh, glow: np.ndarray | None) -> None:
    columns = [mesh.vertices, mesh.normals(), mesh.uv]
    names = ["x", "y", "z", "nx", "ny", "nz", "u", "v"]
    if glow is not None:
        columns.append(np.broadcast_to(glow, (len(mesh.vertices), 3)))
        names += ["r", "g", "b"]
    rows = np.concatenate(columns, axis=1).astype("<f4")
    faces = np.empty(len(mesh.faces), dtype=[("n", "u1"), ("i", "<i4", 3)])
    faces["n"], faces["i"] = 3, mesh.faces
    properties = "".join(f"property float {name}\n" for name in names)
    header = (
        f"ply\nformat binary_little_endian 1.0\nelement vertex {len(rows)}\n{properties}"
        f"element face {len(faces)}\nproperty list uchar int vertex_index\nend_header\n"
    )
    path.write_bytes(header.encode() + rows.tobytes() + faces.tobytes())


def _loaded(
    mi: Any, stage: Stage, meshes: dict[str, Path], cloth: Material, size: tuple[int, int], *, glow: bool
) -> tuple[Any, list[int]]:
    """Return the scene, and of each shape in it the place of its part, or -1."""
    to_world = mi.ScalarTransform4f
    camera = stage.camera
    entries: dict[str, Any] = {
        "type": "scene",
        "camera": {
            "type": "perspective",
            "fov": camera.fov,
            "fov_axis": "x",
            "near_clip": 10.0,
            "far_clip": 1e6,
            "to_world": to_world().look_at(origin=list(camera.origin), target=list(camera.target), up=[0, 0, 1]),
            "film": {"type": "hdrfilm", "width": size[0], "height": size[1], "rfilter": {"type": "box"}},
            "sampler": {"type": "independent"},
        },
        "sky": {
            "type": "envmap",
            "bitmap": mi.Bitmap(np.ascontiguousarray(stage.sky)),
            "to_world": to_world().rotate([0, 0, 1], -90).rotate([1, 0, 0], 90),
        },
    }
    for i, piece in enumerate(stage.cloths):
        entry = {"type": "ply", "filename": str(meshes[f"cloth{i}"]), "bsdf": cloth}
        if glow and piece.glow is not None:
            entry["emitter"] = {"type": "area", "radiance": {"type": "mesh_attribute", "name": "vertex_color"}}
        entries[f"cloth{i:03}"] = entry
    for i, prop in enumerate(stage.props):
        entry = {"type": "ply", "filename": str(meshes[f"prop{i}"]), "bsdf": _filled(mi, prop.material)}
        if glow and prop.glow is not None:
            entry["emitter"] = {"type": "area", "radiance": {"type": "mesh_attribute", "name": "vertex_color"}}
        entries[f"prop{i:03}"] = entry
    for i, light in enumerate(stage.lights):
        entries[f"light{i:03}"] = _light(mi, light)
    scene = mi.load_dict(entries, optimize=False)  # equal materials would make one shape of several parts
    names = [part["name"] for part in stage.parts]
    by_id = {f"cloth{i:03}": names.index(piece.part) for i, piece in enumerate(stage.cloths)}
    return scene, [by_id.get(shape.id(), -1) for shape in scene.shapes()]


def _filled(mi: Any, material: Any) -> Any:
    """Return a material with its textures of pixels as Mitsuba knows them."""
    if not isinstance(material, dict):
        return material
    if material.get("type") == "bitmap" and "pixels" in material:
        scale = 1.0 / material["scale"]
        pixels = np.rint(255 * np.clip(material["pixels"], 0, 1)).astype(np.uint8)
        return {
            "type": "bitmap",
            "bitmap": mi.Bitmap(np.ascontiguousarray(pixels)),
            "to_uv": mi.ScalarTransform4f().scale([scale, scale, 1]),
        }
    return {key: _filled(mi, value) for key, value in material.items()}


def _light(mi: Any, light: Material) -> Any:
    if light["type"] != "softbox":
        return _filled(mi, light)
    look = mi.ScalarTransform4f().look_at(
        origin=list(light["center"]), target=list(light["target"]), up=[0.01, 0.02, 1]
    )
    return {
        "type": "rectangle",
        "to_world": look @ mi.ScalarTransform4f().scale([light["width"] / 2, light["height"] / 2, 1]),
        "emitter": {"type": "area", "radiance": {"type": "rgb", "value": light["radiance"]}},
    }


def _rendered(mi: Any, scene: Any, samples: int, *, depth: int) -> np.ndarray:
    """Return linear light (H, W, 3) without grain."""
    import mitsuba_oidn  # pyright: ignore[reportMissingImports]

    integrator = mi.load_dict({
        "type": "aov", "aovs": "albedo:albedo,normals:sh_normal",
        "inner": {"type": "path", "max_depth": depth},
    })  # fmt: skip
    total: np.ndarray | None = None
    # In passes, so that the wavefront fits memory.
    width, height = scene.sensors()[0].film().size()
    each = max(1, min(samples, int(24e6 / (int(width) * int(height)))))
    passes = -(-samples // each)
    for seed in range(passes):
        image = np.array(mi.render(scene, integrator=integrator, spp=each, seed=seed), dtype=np.float32)
        total = image if total is None else total + image
    assert total is not None
    total /= passes
    color, albedo, normal = (
        np.ascontiguousarray(total[..., i : i + 3]) for i in (0, total.shape[2] - 6, total.shape[2] - 3)
    )
    return np.array(mitsuba_oidn.denoise(color, albedo=albedo.clip(0, 1), normal=normal, hdr=True), dtype=np.float32)


def _assembled(stage: Stage, size: tuple[int, int], shown: Cast, light: np.ndarray, mirrored: np.ndarray) -> Maps:
    """Return the maps: fragments with their light, and the plate, as bright as the stage wants its white cloth."""
    pure = _pure(shown, size)
    shade = light / stage.cloth_albedo
    lit = (shade @ LUMINANCE)[pure >= 0]
    exposure = stage.white / max(float(np.percentile(lit, 90)), 1e-6) if lit.size else 1.0
    bare = shown.fragments
    source = np.empty(len(bare), np.int64)
    for part in range(len(stage.parts)):
        mine = bare.part == part
        source[mine] = _nearest(pure == part).ravel()[bare.pixel[mine]]
    lit_fragments = replace(
        bare,
        shade=exposure * shade.reshape(-1, 3)[source].T,
        gloss=exposure * mirrored.mean(axis=2).ravel()[source],
    )
    covered = np.bincount(bare.pixel, bare.coverage, size[0] * size[1]).reshape(size[::-1])
    plate = toned(beneath(light * exposure, covered > 0.001)).astype(np.float32)
    return Maps(size, plate, lit_fragments, shown.primary, shown.camera, stage.camera.fov, shown.depth)


def _pure(shown: Cast, size: tuple[int, int]) -> np.ndarray:
    """Return which part each pixel (H, W) shows if it shows nothing else, or -1."""
    first = shown.fragments
    full = np.nonzero(first.coverage[: shown.primary] > 0.999)[0]
    pure = np.full(size[0] * size[1], -1)
    pure[first.pixel[full]] = first.part[full]
    return pure.reshape(size[::-1])


def _nearest(known: np.ndarray) -> np.ndarray:
    """Return of each pixel (H, W) the flat place of the nearest known one; its own if none is known."""
    if not known.any():
        return np.arange(known.size).reshape(known.shape)
    rows, columns = distance_transform_edt(~known, return_distances=False, return_indices=True)  # pyright: ignore
    return rows * known.shape[1] + columns
