"""Trap: where two printed inks meet, the lighter runs on a little under the darker, so that screens which do not quite
fit show no cloth between them.

The darker ink keeps its shape, because it is the one that is seen; what bare cloth touches does not move at all. Widths
are distances in the plane, so everything here asks for a margin of neighbors and knows nothing of the cell's edges.
Coverages are 8-bit; morphology on them moves an antialiased edge as it is. Serra, Image Analysis and Mathematical
Morphology, 1982, ch. XII.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

# Columns worked on at once: few inks meet in a block, and it stays in the processor's cache.
_BLOCK = 512
_THREADS = 2
# A pixel counts as reached if its center lies this much further than the width: widths are then true to half a pixel.
_ROUNDING = 0.5


@dataclass(frozen=True, slots=True)
class Trap:
    """How inks meet: for ``pairs`` (lighter, darker) of ink indices, how far the lighter runs under the darker, in px.

    The lighter is not knocked out of ``overprinting`` inks: it runs on beneath them by ``overprint_px``, unless another
    is nearer by more than ``width_px``, and keeps back from the cloth by ``width_px``, where it would be seen first.
    """

    pairs: tuple[tuple[int, int], ...] = ()
    width_px: float = 0.0
    overprinting: tuple[int, ...] = ()
    overprint_px: float = 0.0

    @property
    def reach_px(self) -> int:
        """The furthest that an ink is moved, in whole pixels."""
        furthest = max(self.width_px, self.overprint_px if self.overprinting else 0.0)
        return int(furthest + _ROUNDING) if self.pairs else 0

    @property
    def margin(self) -> int:
        """How many pixels of its neighbors a window must show on every side."""
        return self.reach_px + 1 if self.reach_px else 0

    def apply(self, window: np.ndarray, margin: int) -> np.ndarray:
        """Return the inks' plates (K, h, w) uint8 from coverages (K, h + 2 margin, w + 2 margin) uint8.

        ``margin`` is at least ``self.margin``. No plate shrinks; none grows by more than the darker inks cover, and
        none at all on a pixel that shows any cloth.
        """
        height, width = (side - 2 * margin for side in window.shape[1:])
        plates = window[:, margin : margin + height, margin : margin + width].copy()
        if not self.reach_px:
            return plates
        spare = margin - self.margin
        window = window[:, spare : window.shape[1] - spare, spare : window.shape[2] - spare]

        def block(left: int) -> None:
            right = min(left + _BLOCK, width)
            self._spread(window[:, :, left : right + 2 * self.margin], plates[:, :, left:right])

        with ThreadPoolExecutor(_THREADS) as pool:
            list(pool.map(block, range(0, width, _BLOCK)))
        return plates

    def _spread(self, window: np.ndarray, plates: np.ndarray) -> None:
        """Add to ``plates`` (K, h, w) what runs under darker inks."""
        import cv2

        inner = slice(self.margin, -self.margin)
        bare = self._bare(window)
        _, solid = cv2.threshold(np.ascontiguousarray(bare[inner, inner]), 0, 255, cv2.THRESH_BINARY_INV)
        present = {k for k, plane in enumerate(window) if plane.any()}
        for darker in sorted({dark for _, dark in self.pairs} & present):
            lighter = [light for light, dark in self.pairs if dark == darker and light in present]
            found = [(k, seeds) for k, seeds in _touching(window, lighter, darker) if seeds.any()]
            seeds = [plane for _, plane in found]
            reached = self._beneath(seeds, bare) if darker in self.overprinting else self._near(seeds)
            for (k, _), plane in zip(found, reached, strict=True):
                free = cv2.subtract(plane[inner, inner], np.ascontiguousarray(window[k, inner, inner]))
                under = cv2.min(free, np.ascontiguousarray(window[darker, inner, inner]))
                plates[k] = cv2.add(np.ascontiguousarray(plates[k]), cv2.bitwise_and(under, solid))

    def _bare(self, window: np.ndarray) -> np.ndarray:
        """Return the coverage (H, W) uint8 of what meets no ink: the cloth."""
        printed = {ink for pair in self.pairs for ink in pair}
        return window[[k for k in range(len(window)) if k not in printed]].sum(axis=0, dtype=np.uint8)

    def _near(self, seeds: Sequence[np.ndarray]) -> list[np.ndarray]:
        """Return what lies within the trap of where each ink touches the darker one, (H, W) uint8 each."""
        return [_dilated(plane, self.width_px) for plane in seeds]

    def _beneath(self, seeds: Sequence[np.ndarray], bare: np.ndarray) -> list[np.ndarray]:
        """Return what each ink has of the ground beneath an ink that overprints it, (H, W) uint8 each."""
        distances = [_distance(plane) for plane in seeds]
        if not distances:
            return []
        limit = np.minimum.reduce(distances) + (self.width_px + _ROUNDING)
        np.minimum(limit, self.overprint_px + _ROUNDING, out=limit)
        kept = 255 - _dilated(bare, self.width_px)
        return [(distance <= limit).view(np.uint8) * kept for distance in distances]


def pairs(lightness: Sequence[float], printed: Sequence[int]) -> tuple[tuple[int, int], ...]:
    """Return all (lighter, darker) of the printed inks, by L*; of two equally light the first counts as lighter."""
    ordered = sorted(printed, key=lambda ink: (-lightness[ink], ink))
    return tuple((light, dark) for i, light in enumerate(ordered) for dark in ordered[i + 1 :])


def choked(cloth: np.ndarray, width_px: float, margin: int) -> np.ndarray:
    """Return the underbase (h, w) uint8 of all printed inks, drawn back from the cloth by a width.

    ``cloth`` is the coverage of what is not printed, (h + 2 margin, w + 2 margin) uint8; ``margin`` is more than the
    width. Drawn back, no white shows beside the inks that fall on it.
    """
    inner = slice(margin, -margin) if margin else slice(None)
    return 255 - _dilated(np.ascontiguousarray(cloth), width_px)[inner, inner]


def disk(radius_px: float) -> np.ndarray:
    """Return (2n + 1, 2n + 1) uint8: 1 where a pixel's center is reached from the middle one's."""
    reach = int(radius_px + _ROUNDING)
    y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    return (np.hypot(y, x) <= radius_px + _ROUNDING).astype(np.uint8)


def _touching(window: np.ndarray, lighter: Sequence[int], darker: int) -> Iterator[tuple[int, np.ndarray]]:
    """Yield (ink, its coverage (H, W) uint8 where a pixel or one of its eight neighbors has the darker ink)."""
    import cv2

    near = cv2.dilate(np.ascontiguousarray(window[darker]), np.ones((3, 3), np.uint8))
    _, near = cv2.threshold(near, 0, 255, cv2.THRESH_BINARY)
    for ink in lighter:
        yield ink, cv2.bitwise_and(np.ascontiguousarray(window[ink]), near)


def _dilated(plane: np.ndarray, radius_px: float) -> np.ndarray:
    import cv2

    return cv2.dilate(plane, disk(radius_px))


def _distance(plane: np.ndarray) -> np.ndarray:
    """Return each pixel's distance to the nearest pixel with any coverage, (H, W) float32, exact."""
    import cv2

    return cv2.distanceTransform((plane == 0).view(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
