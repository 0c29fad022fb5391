"""What each pixel shows: SIDE x SIDE rays through it, gathered by the surfaces that they meet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from patterns.mockup.maps import COARSE, Fragments

# Rays a pixel, each way.
SIDE = 4
# A fold shows the same part twice in a pixel: uv farther apart than so many of the part's usual pixels.
_FOLD = 14.0


@dataclass(frozen=True, slots=True)
class Cast:
    """Fragments without light, how many are of first rank, depth as ``Maps`` has it, and the camera's matrix."""

    fragments: Fragments
    primary: int
    depth: np.ndarray
    camera: np.ndarray


@dataclass(frozen=True, slots=True)
class _Hits:
    """What rays meet, one for each pixel in rows: part (-1: no cloth), uv (n, 2) in mm, facing, depth in mm."""

    part: np.ndarray
    uv: np.ndarray
    facing: np.ndarray
    depth: np.ndarray


def cast(mi: Any, scene: Any, owners: list[int], parts: int, size: tuple[int, int]) -> Cast:
    """Return what every pixel shows; ``owners`` says of each shape of the scene which part it is, or -1."""
    width, height = size
    sensor = scene.sensors()[0]
    center = _hits(mi, scene, sensor, owners, size, (0.5, 0.5))
    steps = (np.arange(SIDE) + 0.5) / SIDE
    rays = [_hits(mi, scene, sensor, owners, size, (float(x), float(y))) for y in steps for x in steps]
    reach = _FOLD * _usual(center.part.reshape(height, width), center.uv.reshape(height, width, 2), parts)
    fragments, primary = _gathered(rays, reach)
    depth = np.where(center.part >= 0, center.depth, 0).reshape(height, width)[::COARSE, ::COARSE]
    camera = np.array(sensor.world_transform().matrix, dtype=np.float64).reshape(4, 4)
    return Cast(fragments, primary, depth.astype(np.float32), camera)


def _gathered(rays: list[_Hits], reach: np.ndarray) -> tuple[Fragments, int]:
    """Return up to two fragments for each pixel, the larger first, and how many pixels have one.

    Rays of one part whose uv is nearer than ``reach`` (P,) mm to one of them are one surface. What a third surface has
    of a pixel goes to the first.
    """
    part, uv, facing = (np.stack([getattr(ray, name) for ray in rays]) for name in ("part", "uv", "facing"))
    left = part >= 0
    ranks = []
    for _ in range(2):
        best, mine = _largest(part, uv, left, reach)
        (pixel,) = np.nonzero(mine.any(axis=0))
        weight = mine[:, pixel]
        count = weight.sum(axis=0)
        place = (uv[:, pixel] * weight[..., None]).sum(axis=0) / count[:, None]
        ranks.append([pixel, best[pixel], count, place, (facing[:, pixel] * weight).sum(axis=0) / count])
        left &= ~mine
    ranks[0][2] = ranks[0][2] + left[:, ranks[0][0]].sum(axis=0)
    pixel, owner, count, place, turned = (np.concatenate(columns) for columns in zip(*ranks, strict=True))
    n = len(pixel)
    fragments = Fragments(
        pixel.astype(np.int64), owner.astype(np.uint8), (count / len(rays)).astype(np.float32),
        place.T.astype(np.float32), np.zeros((3, n), np.float32), np.zeros(n, np.float32), turned.astype(np.float32),
    )  # fmt: skip
    return fragments, len(ranks[0][0])


def _largest(part: np.ndarray, uv: np.ndarray, left: np.ndarray, reach: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the part (n,) with most rays left in each pixel, and which (rays, n) are the larger side of its fold."""
    tally = np.stack([(left & (part == p)).sum(axis=0) for p in range(len(reach))])
    best = tally.argmax(axis=0)
    of_best = left & (part == best)
    anchor = np.take_along_axis(uv, of_best.argmax(axis=0)[None, :, None], axis=0)[0]
    near = of_best & (np.abs(uv - anchor).max(axis=2) < reach[best])
    other = of_best & ~near
    return best, np.where(other.sum(axis=0) > near.sum(axis=0), other, near)


def _usual(part: np.ndarray, uv: np.ndarray, parts: int) -> np.ndarray:
    """Return how many mm of cloth a pixel usually shows, of each part."""
    step = np.abs(np.diff(uv, axis=1)).max(axis=2)
    same = part[:, 1:] == part[:, :-1]
    found = [step[same & (part[:, 1:] == p)] for p in range(parts)]
    return np.array([max(float(np.median(s)), 1e-3) if len(s) else 1.0 for s in found])


def _hits(mi: Any, scene: Any, sensor: Any, owners: list[int], size: tuple[int, int], at: tuple[float, float]) -> _Hits:
    """Return what one ray through each pixel, at a place within it, meets."""
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
    return _Hits(
        np.array([-1, *owners])[np.array(number)],
        np.stack([np.array(met.uv.x), np.array(met.uv.y)], axis=1),
        np.array(dr.abs(dr.dot(met.sh_frame.n, ray.d))),
        np.array(dr.norm(met.p - sensor.world_transform().translation())),
    )
