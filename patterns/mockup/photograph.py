"""A photograph becomes the maps of a scene: its wall, or a cloth whose places are known, takes any design.

Geometry comes from ``patterns.mockup.wall`` or from the user's own map of places, light from ``patterns.mockup.paint``.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from patterns.errors import Finding, InputError
from patterns.mockup.beneath import beneath
from patterns.mockup.maps import COARSE, Fragments, Maps
from patterns.mockup.paint import lit
from patterns.mockup.wall import Wall

# Less of a pixel than this is not worth a fragment: half a step of the file's.
_LEAST = 0.5 / 255
# A mask's soft edge may run so many px beyond the places that a map of them knows.
_BESIDE_PX = 3.0
# A mask that marks fewer pixels holds no part that anybody would see.
_LEAST_PX = 64


@dataclass(frozen=True, slots=True)
class Baked:
    """The maps of a photograph, and what is questionable about its light.

    ``extent`` ((u, v) least, (u, v) most) in mm is what can be seen of the part.
    """

    maps: Maps
    extent: tuple[tuple[float, float], tuple[float, float]]
    findings: tuple[Finding, ...]


def bake_wall(
    picture: np.ndarray, wall: Wall, *, mask: np.ndarray | None = None, shading: np.ndarray | None = None
) -> Baked:
    """Return the maps of a photograph (H, W, 3) float32 linear light, 0-1, in which a wall takes the design.

    ``mask`` (H, W) float32 is the share of each pixel that is wall, by default that of the corners' quadrilateral.
    ``shading`` (H, W, 3) float32 is linear light per albedo, by default told from the wall's own paint. InputError if
    the mask marks nothing, or what is no part of the wall.
    """
    height, width = picture.shape[:2]
    _refuse_sizes((width, height), wall.size, mask, shading)
    coverage = quadrilateral(wall) if mask is None else mask
    uv, there = wall.uv()
    lost = int(((coverage > _LEAST) & ~there).sum())
    if mask is not None and lost:
        raise InputError(
            f"the mask marks {lost} px beyond the wall's horizon or too near to it, so they are not on the wall that "
            "the corners lie on; paint them black."
        )
    coverage = np.where(there, coverage, 0).astype(np.float32)
    known = {"facing": wall.facing(), "camera": wall.camera(), "fov": wall.fov}
    depth = np.where(coverage[::COARSE, ::COARSE] > _LEAST, wall.depth(), 0)
    return _assembled(picture, coverage, uv, shading, depth=depth.astype(np.float32), **known)


def bake_cloth(
    picture: np.ndarray, uv: np.ndarray, *, mask: np.ndarray | None = None, shading: np.ndarray | None = None
) -> Baked:
    """Return the maps of a photograph in which a cloth takes the design, whose places ``uv`` (2, H, W) in mm says.

    ``uv`` is NaN where there is none. The rest is as in ``bake_wall``; a camera is not known.
    """
    height, width = picture.shape[:2]
    _refuse_sizes((width, height), (uv.shape[2], uv.shape[1]), mask, shading)
    there = np.asarray(np.isfinite(uv).all(axis=0))
    if not there.any():
        raise InputError("the map of places has none: all of it is NaN.")
    coverage = np.asarray(there, np.float32) if mask is None else mask
    uv, apart = _spread(uv, there)
    lost = int(((coverage > _LEAST) & (apart > _BESIDE_PX)).sum())
    if lost:
        raise InputError(f"the mask marks {lost} px for which the map of places has none; paint them black.")
    known: dict[str, Any] = {"facing": np.ones((height, width), np.float32), "camera": np.eye(4), "fov": 0.0}
    depth = np.zeros((-(-height // COARSE), -(-width // COARSE)), np.float32)
    return _assembled(picture, coverage, uv, shading, depth=depth, **known)


def quadrilateral(wall: Wall) -> np.ndarray:
    """Return the share of each pixel that the rectangle covers, (H, W) float32.

    Of each side: by the distance of the pixel's middle from it, along a ramp as wide as the pixel is across that
    direction. Exact for sides along rows, columns or diagonals' middles, within 4 % of a pixel for others.
    """
    ends = np.array([[0, 0, 1], [wall.width, 0, 1], [wall.width, wall.height, 1], [0, wall.height, 1.0]])
    corners = (wall.to_picture @ ends.T).T
    corners = corners[:, :2] / corners[:, 2:]
    y, x = np.mgrid[0 : wall.size[1], 0 : wall.size[0]] + 0.5
    coverage = np.ones(x.shape)
    for (x0, y0), (x1, y1) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        across, down = x1 - x0, y1 - y0
        inward = (across * (y - y0) - down * (x - x0)) / (abs(across) + abs(down))
        coverage *= np.clip(inward + 0.5, 0, 1)
    return coverage.astype(np.float32)


def _assembled(
    picture: np.ndarray,
    coverage: np.ndarray,
    uv: np.ndarray,
    shading: np.ndarray | None,
    *,
    facing: np.ndarray,
    camera: np.ndarray,
    fov: float,
    depth: np.ndarray,
) -> Baked:
    covered = coverage > _LEAST
    if int((coverage >= 0.5).sum()) < _LEAST_PX:
        raise InputError("nothing in the picture takes the design: the mask or the corners mark next to none of it.")
    findings: tuple[Finding, ...] = ()
    if shading is None:
        light = lit(picture, coverage)
        shading, findings = light.shade, light.findings
    (pixel,) = np.nonzero(covered.ravel())
    place = uv.reshape(2, -1)[:, pixel].astype(np.float32)
    fragments = Fragments(
        pixel.astype(np.int64),
        np.zeros(len(pixel), np.uint8),
        coverage.ravel()[pixel].astype(np.float32),
        place,
        np.ascontiguousarray(shading.reshape(-1, 3)[pixel].T.astype(np.float32)),
        np.zeros(len(pixel), np.float32),
        facing.ravel()[pixel].astype(np.float32),
    )
    height, width = picture.shape[:2]
    plate = beneath(picture.astype(np.float32), covered)
    low, high = ((float(end[0]), float(end[1])) for end in (place.min(axis=1), place.max(axis=1)))
    return Baked(Maps((width, height), plate, fragments, len(pixel), camera, fov, depth), (low, high), findings)


def _spread(uv: np.ndarray, there: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return places (2, H, W) also beside where they are known, of the nearest known, and how many px away that is."""
    from scipy.ndimage import distance_transform_edt

    apart, (rows, columns) = distance_transform_edt(~there, return_indices=True)  # pyright: ignore
    return uv[:, rows, columns], np.asarray(apart)


def _refuse_sizes(
    size: tuple[int, int], other: tuple[int, int], mask: np.ndarray | None, shading: np.ndarray | None
) -> None:
    shapes = {"map of places": other}
    shapes |= {name: a.shape[1::-1] for name, a in (("mask", mask), ("shading", shading)) if a is not None}
    for name, shape in shapes.items():
        if shape != size:
            raise InputError(
                f"the {name} has {shape[0]} x {shape[1]} px and the photograph {size[0]} x {size[1]}; "
                "make it exactly as large."
            )
