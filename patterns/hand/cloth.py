"""The cloth that a hand works on: ink indices on a fine grid, and what may be asked of them near by.

Everything here looks no farther than its margin and asks the grid for what lies beyond the cell.
"""

from dataclasses import dataclass

import numpy as np

from patterns.lattice import Grid

# Lines and gaps narrower than this, in mm, are not left on the cloth: thinner ones clog or break in print.
FINEST_MM = 0.45
# Patches smaller than a disc this wide are not left either; enlarging takes a little off, and 0.4 mm is left.
SPECK_MM = 0.68


@dataclass(frozen=True, slots=True)
class Cloth:
    """A fine pixel grid and its resolution; the hands' marks are in mm. ``lines`` are the inks of lines and details."""

    grid: Grid
    px_per_mm: float
    lines: frozenset[int] = frozenset()

    def px(self, mm: float) -> float:
        """Return a length in px."""
        return mm * self.px_per_mm

    def whole_px(self, mm: float) -> int:
        """Return a length in whole px, at least 1."""
        return max(1, round(mm * self.px_per_mm))

    def halved(self) -> "Cloth":
        """Return the cloth at half the fineness: every other pixel."""
        grid = Grid(*(v // 2 for v in (self.grid.width, self.grid.height, self.grid.drop, self.grid.slide)))
        return Cloth(grid, self.px_per_mm / 2, self.lines)

    def moved(self, array: np.ndarray, dy: int, dx: int) -> np.ndarray:
        """Return (H, W) moved down by dy and right by dx pixels."""
        margin = max(abs(dy), abs(dx))
        top, left = margin - dy, margin - dx
        return self.grid.pad(array, margin)[top : top + self.grid.height, left : left + self.grid.width]

    def pad(self, array: np.ndarray, margin: int) -> np.ndarray:
        """Return (H, W) with ``margin`` px of its neighbors on every side, contiguous."""
        return np.ascontiguousarray(self.grid.pad(array, margin))

    def cell(self, array: np.ndarray, margin: int) -> np.ndarray:
        """Return the cell in the middle of what ``pad`` made."""
        return array[margin : margin + self.grid.height, margin : margin + self.grid.width]

    def blurred(self, array: np.ndarray, sigma_mm: float) -> np.ndarray:
        """Return (H, W) float32, a Gaussian blur on the lattice; a wide one is done at half the fineness."""
        import cv2

        sigma = self.px(sigma_mm)
        margin = 2 * (int(1.5 * sigma) + 4)
        padded = self.pad(array.astype(np.float32, copy=False), margin)
        if sigma < 6:
            return self.cell(cv2.GaussianBlur(padded, (0, 0), sigma), margin)
        soft = cv2.GaussianBlur(np.ascontiguousarray(padded[::2, ::2]), (0, 0), sigma / 2)
        return self.cell(cv2.resize(soft, padded.shape[::-1], interpolation=cv2.INTER_LINEAR), margin)

    def warped(self, indices: np.ndarray, down: np.ndarray | None, across: np.ndarray | None) -> np.ndarray:
        """Return indices read from places moved by fields (H, W) in mm, to whole px."""
        import cv2

        fields = [None if f is None else f * np.float32(self.px_per_mm) for f in (across, down)]
        margin = int(max(cv2.norm(f, cv2.NORM_INF) for f in fields if f is not None)) + 2
        places = np.empty((self.grid.height, self.grid.width, 2), np.int16)
        places[..., 0] = np.arange(margin, margin + self.grid.width)
        places[..., 1] = np.arange(margin, margin + self.grid.height)[:, None]
        for axis, field in enumerate(fields):
            if field is not None:
                places[..., axis] += np.rint(field).astype(np.int16)
        return cv2.remap(self.pad(indices, margin), places, np.empty(0, np.uint16), cv2.INTER_NEAREST)

    def rounded(self, indices: np.ndarray, mm: float) -> np.ndarray:
        """Return indices with corners rounded by a median over ``mm``; thinner lines would vanish."""
        import cv2

        size = 2 * (self.whole_px(mm) // 2) + 1
        return self.cell(cv2.medianBlur(self.pad(indices, size), size), size)

    def inside(self, mask: np.ndarray, reach_mm: float) -> np.ndarray:
        """Return how far in mm each pixel of a mask lies from its edge, at most ``reach_mm``; 0 outside."""
        margin = int(self.px(reach_mm)) + 2
        return self.cell(depth(self.pad(mask.view(np.uint8), margin)), margin).clip(0, self.px(reach_mm)) / np.float32(
            self.px_per_mm
        )

    def opened(self, mask: np.ndarray, mm: float) -> np.ndarray:
        """Return of a mask what a disc ``mm`` wide covers that fits into it."""
        radius = max(self.px(mm) / 2, 1)
        margin = 2 * int(radius) + 4
        padded = self.pad(mask.view(np.uint8), margin)
        middle = depth(padded) >= radius
        return self.cell(depth((~middle).view(np.uint8)) < radius, margin) & mask

    def thin(self, mask: np.ndarray, mm: float) -> np.ndarray:
        """Return the lines of a mask that are thinner than ``mm``, without the tips of what is wider."""
        margin = int(self.px(2 * mm)) + 4
        core = self.pad(self.opened(mask, mm).view(np.uint8), margin)
        return mask & (self.cell(depth(1 - core), margin) > self.px(mm))

    def printable(self, indices: np.ndarray, mm: float = FINEST_MM) -> np.ndarray:
        """Return indices without lines, gaps and specks finer than ``mm``: the nearest ink takes their place."""

        margin = 2 * (self.whole_px(4 * mm) + 4)
        padded, size = self.pad(indices, margin), 2 * (self.whole_px(mm) // 2) + 1
        kept = np.zeros(padded.shape, np.uint8)
        for ink in np.flatnonzero(np.bincount(indices.ravel())):
            kept |= self._sturdy((padded == ink).view(np.uint8), size)
        if kept.all() or not kept.any():
            return indices
        _, labels = nearest(1 - kept)
        here = kept > 0
        inks = np.zeros(int(labels.max()) + 1, np.uint8)
        inks[labels[here]] = padded[here]
        return self.cell(inks[labels], margin)

    def _sturdy(self, padded: np.ndarray, size: int) -> np.ndarray:
        """Return of a padded mask (uint8) what a disc of ``size`` px covers, in patches that are no specks.

        Patches hang together where the disc's center can go from one to the other, so that no neck is finer.
        """
        import cv2

        centers = cv2.erode(padded, disc(size))
        count = cv2.connectedComponentsWithStats(centers, connectivity=4)
        labels, stats = np.asarray(count[1], np.int32), count[2]
        least = np.pi / 4 * max(self.px(SPECK_MM) - size + 1, 1) ** 2
        large = stats[:, cv2.CC_STAT_AREA] >= least
        large[0] = False
        return cv2.dilate(large.astype(np.uint8)[labels], disc(size))


def nearest(far: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the distance in px from each pixel of a uint8 mask (H, W) to the nearest 0, and that pixel's own label."""
    import cv2

    away, labels = cv2.distanceTransformWithLabels(far, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL)
    return away, labels


def disc(size: int) -> np.ndarray:
    """Return the pixels (size, size) uint8 whose centers lie in a disc of that diameter; ``size`` is odd."""
    along = np.arange(size) - size // 2
    return (along[:, None] ** 2 + along**2 <= (size / 2) ** 2).astype(np.uint8)


def depth(mask: np.ndarray) -> np.ndarray:
    """Return how far in px each pixel of a uint8 mask lies inside it, (H, W) float32: 0 outside, 0.5 at the edge.

    True to 2 % (Borgefors, 1986), at a fourth of the cost of the exact distance.
    """
    import cv2

    far = cv2.distanceTransform(mask, cv2.DIST_L2, cv2.DIST_MASK_5)
    return np.maximum(far - np.float32(0.5), 0)
