"""From a stage to maps: Mitsuba renders the light, rays say what each pixel shows.

Light is rendered once with all cloth gray, which gives light per albedo, and once with all cloth a rough mirror, which
gives gloss; Open Image Denoise takes the grain out. Then SIDE x SIDE rays a pixel say which part it shows, where on the
cloth, and how much of it: nothing is averaged across an edge.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from scipy.ndimage import distance_transform_edt

from patterns.mockup.beneath import beneath
from patterns.mockup.maps import COARSE, Fragments, Maps
from patterns.mockup.tone import toned
from scenes.mesh import Mesh
from scenes.stage import Camera, Cloth, Material, Stage

# Rays a pixel, each way.
SIDE = 4
# A fold shows the same part twice in a pixel: uv farther apart than so many of the part's usual pixels.
_FOLD = 14.0


def bake(stage: Stage, *, size: tuple[int, int], samples: int, side: int = SIDE) -> Maps:
    """Return the maps of a stage in a size (width, height), rendered with so many samples a pixel."""
    mi = _mitsuba()
    names = [part["name"] for part in stage.parts]
    with tempfile.TemporaryDirectory() as folder:
        meshes = _written(stage, Path(folder))
        gray = {"type": "twosided", "bsdf": {"type": "diffuse", "reflectance": stage.cloth_albedo}}
        mirror = {
            "type": "twosided",
            "bsdf": {"type": "roughconductor", "material": "none", "alpha": 0.35, "specular_reflectance": 1.0},
        }
        scene, owners = _loaded(mi, stage, meshes, gray, size, glow=True)
        light = _rendered(mi, scene, samples, depth=8)
        fragments, primary, depth, camera = _cast(mi, scene, stage, owners, names, size, side)
        scene, _ = _loaded(mi, stage, meshes, mirror, size, glow=False)
        mirrored = _rendered(mi, scene, max(8, samples // 3), depth=3)
    return _assembled(stage, size, light, mirrored, fragments, primary, depth, camera)


def _mitsuba() -> Any:
    """Return Mitsuba, compiled for this processor where an LLVM is named by DRJIT_LIBLLVM_PATH, else plain."""
    import mitsuba as mi  # pyright: ignore[reportMissingImports]

    if mi.variant() is None:
        mi.set_variant("llvm_ad_rgb" if os.environ.get("DRJIT_LIBLLVM_PATH") else "scalar_rgb")
    if not mi.variant().startswith("llvm"):
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
            "principal_point_offset_y": camera.shift,
            "to_world": to_world().look_at(origin=list(camera.origin), target=list(_aim(camera)), up=[0, 0, 1]),
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


def _aim(camera: Camera) -> tuple[float, float, float]:
    """Return what the camera looks at: level if the picture is shifted, so that upright lines stay upright."""
    x, y, z = camera.target
    return (x, y, camera.origin[2]) if camera.shift else (x, y, z)


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
    color, albedo, normal = (np.ascontiguousarray(total[..., i : i + 3]) for i in (0, total.shape[2] - 6, total.shape[2] - 3))
    return np.array(mitsuba_oidn.denoise(color, albedo=albedo.clip(0, 1), normal=normal, hdr=True), dtype=np.float32)


def _cast(
    mi: Any, scene: Any, stage: Stage, owners: list[int], names: list[str], size: tuple[int, int], side: int
) -> tuple[Fragments, int, np.ndarray, np.ndarray]:
    """Return the fragments (without light), how many are of first rank, depth and the camera's matrix."""
    width, height = size
    sensor = scene.sensors()[0]
    camera = np.array(sensor.world_transform().matrix, dtype=np.float64).reshape(4, 4)
    center = _hits(mi, scene, sensor, owners, size, (0.5, 0.5))
    subs = [
        _hits(mi, scene, sensor, owners, size, ((i + 0.5) / side, (j + 0.5) / side))
        for j in range(side) for i in range(side)
    ]  # fmt: skip
    part = np.stack([hit["part"] for hit in subs])
    uv = np.stack([hit["uv"] for hit in subs])
    facing = np.stack([hit["facing"] for hit in subs])
    near = _usual(center["part"].reshape(height, width), center["uv"].reshape(height, width, 2), len(names)) * _FOLD
    rows = []
    left = part >= 0
    count = np.zeros(width * height, np.int64)
    for rank in range(2):
        # The part with most rays left; of it, those near the first one's place on the cloth.
        tally = np.stack([(left & (part == p)).sum(axis=0) for p in range(len(names))])
        best = tally.argmax(axis=0)
        of_best = left & (part == best)
        any_left = of_best.any(axis=0)
        first = of_best.argmax(axis=0)
        anchor = np.take_along_axis(uv, first[None, :, None], axis=0)[0]
        mine = of_best & (np.abs(uv - anchor).max(axis=2) < near[best])
        if rank == 0:  # the larger of the two sides of a fold comes first
            other = of_best & ~mine
            swap = other.sum(axis=0) > mine.sum(axis=0)
            mine = np.where(swap, other, mine)
        number = mine.sum(axis=0)
        (pixel,) = np.nonzero(any_left)
        weight = mine[:, pixel]
        total = np.maximum(number[pixel], 1)
        place = (uv[:, pixel] * weight[..., None]).sum(axis=0) / total[:, None]
        turned = (facing[:, pixel] * weight).sum(axis=0) / total
        rows.append((pixel, best[pixel], total, place, turned))
        left &= ~mine
        count += number
    # What a third surface had goes to the first.
    over = (left & (part >= 0)).sum(axis=0)
    rows[0] = (rows[0][0], rows[0][1], rows[0][2] + over[rows[0][0]], *rows[0][3:])
    merged = [np.concatenate([row[i] for row in rows]) for i in range(5)]
    n = len(merged[0])
    fragments = Fragments(
        merged[0].astype(np.int64), merged[1].astype(np.uint8), (merged[2] / side**2).astype(np.float32),
        merged[3].T.astype(np.float32), np.zeros((3, n), np.float32), np.zeros(n, np.float32),
        merged[4].astype(np.float32),
    )  # fmt: skip
    depth = np.where(center["part"] >= 0, center["depth"], 0).reshape(height, width)
    return fragments, len(rows[0][0]), depth[::COARSE, ::COARSE].astype(np.float32), camera


def _usual(part: np.ndarray, uv: np.ndarray, parts: int) -> np.ndarray:
    """Return how many mm of cloth a pixel usually shows, of each part."""
    step = np.abs(np.diff(uv, axis=1)).max(axis=2)
    same = part[:, 1:] == part[:, :-1]
    sizes = [np.median(step[same & (part[:, 1:] == p)]) if (same & (part[:, 1:] == p)).any() else 1.0 for p in range(parts)]
    return np.maximum(np.array(sizes), 1e-3)


def _hits(mi: Any, scene: Any, sensor: Any, owners: list[int], size: tuple[int, int], at: tuple[float, float]) -> dict[str, np.ndarray]:
    """Return what one ray through each pixel, at a place within it, meets: flat arrays in rows."""
    import drjit as dr  # pyright: ignore[reportMissingImports]

    width, height = size
    index = dr.arange(mi.UInt32, width * height)
    x = (mi.Float(index % width) + at[0]) / width
    y = (mi.Float(index // width) + at[1]) / height
    ray, _ = sensor.sample_ray(0.0, 0.5, mi.Point2f(x, y), mi.Point2f(0.5, 0.5))
    met = scene.ray_intersect(ray)
    number = mi.UInt32(0)
    for i, shape in enumerate(scene.shapes()):
        number = dr.select(met.shape == mi.ShapePtr(shape), mi.UInt32(i + 1), number)
    number = dr.select(met.is_valid(), number, 0)
    facing = dr.abs(dr.dot(met.sh_frame.n, ray.d))
    origin = sensor.world_transform().translation()
    depth = dr.norm(met.p - origin)
    owner = np.array([-1, *owners])
    return {
        "part": owner[np.array(number)],
        "uv": np.stack([np.array(met.uv.x), np.array(met.uv.y)], axis=1),
        "facing": np.array(facing),
        "depth": np.array(depth),
    }


def _assembled(
    stage: Stage, size: tuple[int, int], light: np.ndarray, mirrored: np.ndarray, bare: Fragments, primary: int,
    depth: np.ndarray, camera: np.ndarray,
) -> Maps:  # fmt: skip
    """Give fragments their light: each from the nearest pixel that shows nothing but its part."""
    width, height = size
    shade = light / stage.cloth_albedo
    pure = np.full(width * height, -1)
    full = bare.coverage[:primary] > 0.999
    pure[bare.pixel[:primary][full]] = bare.part[:primary][full]
    pure = pure.reshape(height, width)
    luminance = shade @ np.array([0.2126, 0.7152, 0.0722], np.float32)
    cloth = pure >= 0
    exposure = stage.white / max(float(np.percentile(luminance[cloth], 90)), 1e-6) if cloth.any() else 1.0
    own = np.empty((3, len(bare)), np.float32)
    gloss = np.empty(len(bare), np.float32)
    for part in range(len(stage.parts)):
        mine = bare.part == part
        known = pure == part
        source = np.arange(width * height).reshape(height, width)
        if known.any():
            rows, columns = distance_transform_edt(~known, return_distances=False, return_indices=True)  # pyright: ignore
            source = rows * width + columns
        at = source.ravel()[bare.pixel[mine]]
        own[:, mine] = shade.reshape(-1, 3)[at].T * exposure
        gloss[mine] = mirrored.mean(axis=2).ravel()[at] * exposure
    covered = np.zeros(width * height, np.float32)
    np.add.at(covered, bare.pixel, bare.coverage)
    plate = toned(beneath(light * exposure, covered.reshape(height, width) > 0.001))
    fragments = Fragments(bare.pixel, bare.part, bare.coverage, bare.uv, own, gloss, bare.facing)
    return Maps(size, plate.astype(np.float32), fragments, primary, camera, stage.camera.fov, depth)
