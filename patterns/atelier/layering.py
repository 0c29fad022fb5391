"""One design's motifs over another's pattern: separations overprint, so the two are laid together as inks."""

from dataclasses import replace

import numpy as np

from patterns.color import Ink, Palette
from patterns.enlarge import enlarged
from patterns.errors import CannotMake
from patterns.lattice import Grid
from patterns.separate.planes import in_255ths
from patterns.separation import MOST_INKS, Separation

# Bare ground that is left around motifs, and the widest gap within one that counts as part of it, in mm.
HALO_MM, GAP_MM = 1.6, 3.0
# What a motif encloses up to this area, in square mm, is part of it; a larger mesh shows the pattern beneath.
ENCLOSED_MM2 = 120.0


def laid(top: Separation, under: Separation) -> Separation:
    """Return ``top`` without its ground over the pattern of ``under``: inks of ``together``, on the finer grid.

    The ground is the lower design's, and is left bare around the motifs. Raises CannotMake if the two repeat on unlike
    lattices or have too many inks together.
    """
    _refuse_unlike(top, under)
    grid = max(top.grid, under.grid, key=lambda g: g.width)
    above, below = (_on(separation, grid) for separation in (top, under))
    clear = _cleared(1 - above[0], grid, grid.width / top.lattice.width)
    shown = np.where(clear, 0, below)
    shown[0] = np.where(clear, 1, shown[0])
    # What the motif leaves of a pixel is ground where it is cleared, and the pattern elsewhere.
    left = 1 - above[1:].sum(axis=0)
    planes = in_255ths(np.concatenate([shown * left, above[1:]]).astype(np.float32)) / np.float32(255)
    return Separation(planes.astype(np.float32), top.lattice, (*under.roles, *("" for _ in top.roles[1:])))


def together(top: Palette, under: Palette) -> Palette:
    """Return the inks of the lower design and then the upper one's, without its ground and without their roles."""
    inks = (*under.inks, *(replace(ink, role="") for ink in top.inks[1:]))
    return replace(under, inks=tuple(_named_apart(inks)))


def _refuse_unlike(top: Separation, under: Separation) -> None:
    if top.lattice != under.lattice:
        one, other = (f"{s.lattice.repeat} {s.lattice.width:g} x {s.lattice.height:g} mm" for s in (top, under))
        raise CannotMake(
            f"motifs on a {one} repeat cannot lie over a {other} one, for the two would not join at the same places; "
            "draw both with the same --repeat and --size."
        )
    count = len(top.roles) - 1 + len(under.roles)
    if count > MOST_INKS:
        raise CannotMake(f"the two designs have {count} inks together, and at most {MOST_INKS} can be printed.")


def _on(separation: Separation, grid: Grid) -> np.ndarray:
    """Return planes (K, H, W) float32 on a grid that is as fine or finer."""
    if separation.grid == grid:
        return separation.planes
    return enlarged(separation.planes, separation.grid, grid).astype(np.float32) / np.float32(255)


def _cleared(shown: np.ndarray, grid: Grid, px_per_mm: float) -> np.ndarray:
    """Return where (H, W) the ground is left bare: around what is shown, in its gaps and in what it encloses."""
    import cv2

    halo, gap = (max(1, round(mm * px_per_mm)) for mm in (HALO_MM, GAP_MM / 2))
    margin = min(4 * (halo + gap) + round((ENCLOSED_MM2**0.5) * px_per_mm), grid.width, grid.height)
    solid = grid.pad((shown > 0.5).astype(np.uint8), margin)
    closed = cv2.morphologyEx(solid, cv2.MORPH_CLOSE, _disk(gap))
    _, labels, stats, _ = cv2.connectedComponentsWithStats((closed == 0).astype(np.uint8), connectivity=4)
    small = stats[:, cv2.CC_STAT_AREA] <= ENCLOSED_MM2 * px_per_mm**2
    edge = np.unique(np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]]))
    small[edge], small[0] = False, False
    filled = (closed > 0) | small[labels]
    wide = cv2.dilate(filled.astype(np.uint8), _disk(halo))
    return wide[margin:-margin, margin:-margin] > 0


def _disk(radius: int) -> np.ndarray:
    import cv2

    return cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))


def _named_apart(inks: tuple[Ink, ...]) -> list[Ink]:
    """Return inks with no two of one name."""
    taken: dict[str, int] = {}
    named = []
    for ink in inks:
        taken[ink.name] = taken.get(ink.name, 0) + 1
        again = taken[ink.name]
        named.append(ink if again == 1 else replace(ink, name=f"{ink.name} {again}"))
    return named
