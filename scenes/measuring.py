"""How true a scene's scale is, measured from its maps alone: places in space by camera and depth, against uv."""

from __future__ import annotations

import numpy as np

from patterns.mockup.maps import COARSE, Maps


def positions(maps: Maps) -> np.ndarray:
    """Return where in space each COARSE-th pixel's cloth is, (h, w, 3) in mm, NaN where there is none."""
    width, height = maps.size
    rows, columns = np.mgrid[0:height:COARSE, 0:width:COARSE] + 0.5
    reach = np.tan(np.radians(maps.fov) / 2)
    x = -(2 * columns / width - 1) * reach
    y = -(2 * rows - height) / width * reach
    ray = np.stack([x, y, np.ones_like(x)], axis=-1)
    ray /= np.linalg.norm(ray, axis=-1, keepdims=True)
    depth = np.where(maps.depth > 0, maps.depth, np.nan)
    return ray * depth[..., None]


def scales(maps: Maps, parts: int) -> list[np.ndarray]:
    """Return, of each part, mm in space per mm of uv between neighbors in each row and column of ``positions``.

    Neighbors on either side of a fold, whose uv is far apart for their distance, are no measure and left out, and so
    are pixels that a part does not fill.
    """
    width, height = maps.size
    fragments = maps.fragments
    full = np.nonzero(fragments.coverage[: maps.primary] > 0.999)[0]
    owner = np.full(width * height, -1)
    owner[fragments.pixel[full]] = fragments.part[full]
    uv = np.full((width * height, 2), np.nan)
    uv[fragments.pixel[full]] = fragments.uv[:, full].T
    owner = owner.reshape(height, width)[::COARSE, ::COARSE]
    uv = uv.reshape(height, width, 2)[::COARSE, ::COARSE]
    space = positions(maps)
    found: list[list[np.ndarray]] = [[] for _ in range(parts)]
    for axis in (0, 1):
        same = (owner == np.roll(owner, -1, axis)) & (owner >= 0)
        same[-1 if axis == 0 else slice(None), slice(None) if axis == 0 else -1] = False
        in_space = np.linalg.norm(np.roll(space, -1, axis) - space, axis=-1)
        on_cloth = np.linalg.norm(np.roll(uv, -1, axis) - uv, axis=-1)
        good = same & np.isfinite(in_space) & (on_cloth > 1e-6)
        ratio = np.where(good, in_space / np.where(good, on_cloth, 1), np.nan)
        good &= (ratio > 0.5) & (ratio < 2)
        for p in range(parts):
            found[p].append(ratio[good & (owner == p)])
    return [np.concatenate(rows) for rows in found]
