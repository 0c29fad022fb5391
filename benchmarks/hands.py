"""What each hand costs, and whether its print is too fine anywhere: lines, gaps and specks on two drawings.

    python benchmarks/hands.py

Time is process time, as a ratio to enlarging the same clean drawing to 12 px per mm in the same run. Lines and gaps are
places longer than 1 mm where a disc of 0.35 mm does not fit; specks are patches with less area than a 0.4 mm disc.
"""

import sys
import time
from pathlib import Path

import numpy as np
from skimage.measure import label

sys.path.insert(0, str(Path(__file__).parent.parent))

from patterns import thinness
from patterns.atelier.handing import by_hand
from patterns.enlarge import enlarged_indices
from patterns.hand import HANDS
from patterns.lattice import Grid
from patterns.separation import Separation
from samples.hands import drawn

PX_PER_MM, FINEST_MM, SPECK_MM, MARGIN = 12, 0.35, 0.4, 24


def printed(separation: Separation) -> tuple[np.ndarray, Grid]:
    """Return the strongest ink of every pixel at print resolution, and its grid."""
    grid = separation.lattice.grid_at(PX_PER_MM)
    return enlarged_indices(separation.planes, separation.grid, grid), grid


def too_fine(separation: Separation) -> tuple[int, int, int]:
    """Return how many lines, gaps and specks are too fine."""
    indices, grid = printed(separation)
    found = thinness.measure(indices, grid, thinness.Finest(FINEST_MM, FINEST_MM), px_per_mm=PX_PER_MM)
    patches = np.asarray(label(grid.pad(indices, MARGIN).astype(int) + 1, connectivity=2))
    small = np.bincount(patches.ravel()) < np.pi * (SPECK_MM / 2 * PX_PER_MM) ** 2
    here = np.unique(patches[MARGIN:-MARGIN, MARGIN:-MARGIN])
    return len(found.of("line")), len(found.of("gap")), int(small[here].sum())


def main() -> None:
    print(f"{'drawing':<10} {'hand':<12} {'time':>6} {'lines':>6} {'gaps':>5} {'specks':>6}")
    for family, seed in (("peony", 5), ("bird", 2)):
        clean = drawn(family, seed)
        start = time.process_time()
        printed(clean)
        baseline = time.process_time() - start
        for hand in HANDS:
            start = time.process_time()
            made = by_hand(clean, hand, seed=seed)
            cost = (time.process_time() - start) / baseline
            lines, gaps, specks = too_fine(made)
            print(f"{family:<10} {hand:<12} {cost:>6.2f} {lines:>6} {gaps:>5} {specks:>6}", flush=True)


if __name__ == "__main__":
    main()
