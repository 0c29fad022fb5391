"""Crumbs: specks of ink too small to be meant, which a sampled tile sometimes keeps."""

import numpy as np

from patterns.lattice import Grid

# A patch of one ink of fewer pixels than this, 2 mm across at 0.8 px per mm, is a crumb.
LEAST_PX = 5


def without_crumbs(planes: np.ndarray, grid: Grid, *, least_px: int = LEAST_PX) -> np.ndarray:
    """Return planes (K, H, W) in which every crumb has gone to the inks that come next at its pixels.

    Patches are pixels of the same strongest ink that touch along an edge, on the lattice. Planes still sum to 1.
    """
    crumbs = _areas(planes.argmax(axis=0), grid) < least_px
    if not crumbs.any():
        return planes
    strongest = planes.argmax(axis=0)[None] == np.arange(len(planes))[:, None, None]
    rest = np.where(strongest & crumbs, 0, planes)
    total = rest.sum(axis=0)
    # Where one ink was certain, nothing is left to say what else; such a pixel keeps its ink.
    return np.where(crumbs & (total > 1e-6), rest / np.maximum(total, 1e-6), planes).astype(planes.dtype)


def _areas(inks: np.ndarray, grid: Grid) -> np.ndarray:
    """Return the area in px of the patch that each pixel (H, W) belongs to, joined across the lattice."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components
    from skimage.measure import label

    patches = np.asarray(label(inks + 1, connectivity=1), dtype=np.intp) - 1
    right = grid.window(patches, top=0, left=grid.width, height=grid.height, width=1)[:, 0]
    below = grid.window(patches, top=grid.height, left=0, height=1, width=grid.width)[0]
    ends = np.concatenate([patches[:, -1], patches[-1]]), np.concatenate([right, below])
    ink = np.zeros(patches.max() + 1, inks.dtype)
    ink[patches] = inks
    same = ink[ends[0]] == ink[ends[1]]
    count = len(ink)
    joined = coo_array((np.ones(same.sum()), (ends[0][same], ends[1][same])), shape=(count, count))
    _, whole = connected_components(joined, directed=False)
    return np.bincount(whole[patches].ravel())[whole[patches]]
