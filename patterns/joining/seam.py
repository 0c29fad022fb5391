"""A picture that does not repeat becomes a tile that does: cut along its overlaps with itself, at the least cost.

The picture is larger than the cell by a band, and so overlaps with its own copies on the lattice. First the copies
above and below are parted, at full width; the result repeats downward, so that a drop beside it is only a turn, and the
copies left and right are parted by a cut that goes once around. Each of the two cuts is the cheapest there is, given
the one before; where they meet, moves improve both together. Without a drop both orders are tried. Every pixel of the
tile is one of the picture's, except where a blend of two pixels was measured to show less.
"""

from dataclasses import dataclass

import numpy as np

from patterns.color.spaces import linear_to_srgb, srgb_to_lab, srgb_to_linear
from patterns.errors import LatticeError
from patterns.joining.cut import closed_cut, open_cut
from patterns.joining.difference import edges, features
from patterns.joining.judged import Quality, jumps, quality
from patterns.joining.place import best_place
from patterns.joining.torus import cuts, energy, improved, neighbors
from patterns.lattice import Grid

# Bands that are tried, as shares of the cell's shorter side, until nothing across the cuts stands out.
BANDS = (1 / 32, 1 / 16, 1 / 8, 1 / 4, 1 / 3)
LEAST_BAND = 4
# Percentile below which a cut is no more to be seen than any line of the tile.
_UNSEEN = 60.0
# CIEDE2000 by which a step must stand out to be blended, and the other copy's part in the pixels on both sides.
_STANDS_OUT, _PART = 1.0, 1 / 3


@dataclass(frozen=True, slots=True)
class Joined:
    """A tile that meets itself on ``grid``.

    ``pixels`` (H, W, 3) float32 sRGB 0-1; ``changed`` (H, W) where they are not the plain crop's, whose top left corner
    is ``place`` (row, column) of the picture; ``blended`` where they are no pixel of the picture at all; ``cut`` which
    pixels are parted from the neighbor to the right, and from the one below. ``cost`` is that of all cuts, and
    ``proven`` what it was before both cuts were improved together: each the cheapest, given the other before.
    """

    pixels: np.ndarray
    grid: Grid
    changed: np.ndarray
    blended: np.ndarray
    cut: tuple[np.ndarray, np.ndarray]
    place: tuple[int, int]
    band: int
    cost: float
    proven: float
    quality: Quality

    def near(self, reach: int) -> np.ndarray:
        """Return the pixels (H, W) bool within ``reach`` of a cut: what a model may redraw."""
        import cv2

        seam = (self.cut[0] | self.cut[1]).astype(np.uint8)
        padded = self.grid.pad(seam, reach + 1)
        wide = cv2.dilate(padded, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1)))
        return wide[reach + 1 : -reach - 1, reach + 1 : -reach - 1] > 0


def join(picture: np.ndarray, grid: Grid, *, band: int | None = None, blend: bool = True) -> Joined:
    """Return the picture, (H', W', 3) float32 sRGB 0-1, as a tile on ``grid``.

    It must be larger than the cell on both sides by the band, ``band`` pixels. Without one the narrowest is taken of
    1/32 to 1/3 of the cell's shorter side at which the cuts show no more than any line of the tile. Raises LatticeError
    if the picture is too small, saying what would fit.
    """
    if grid.slide:
        turned = join(picture.swapaxes(0, 1), _turned(grid), band=band, blend=blend)
        return _turned_back(turned, grid)
    room = min(picture.shape[0] - grid.height, picture.shape[1] - grid.width)
    least = LEAST_BAND if band is None else band
    if room < least or least < LEAST_BAND or 2 * least > min(grid.width, grid.height):
        raise _refusal(picture, grid, least)
    shown = features(picture)
    best: Joined | None = None
    for wide in _bands(grid, room) if band is None else [band]:
        found = _joined(picture, shown, grid, wide, blend=blend)
        if best is None or _rank(found) < _rank(best):
            best = found
        if _rank(found)[0] <= _UNSEEN:
            break
    assert best is not None
    return best


def covering(picture: np.ndarray, grid: Grid, *, band: int) -> np.ndarray:
    """Return the middle of a picture, scaled so that it is exactly the cell and a band: what ``join`` then takes."""
    import cv2

    height, width = grid.height + band, grid.width + band
    scale = max(height / picture.shape[0], width / picture.shape[1])
    size = (max(width, round(picture.shape[1] * scale)), max(height, round(picture.shape[0] * scale)))
    smooth = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    scaled = np.clip(cv2.resize(picture.astype(np.float32), size, interpolation=smooth), 0, 1)
    top, left = (size[1] - height) // 2, (size[0] - width) // 2
    return np.ascontiguousarray(scaled[top : top + height, left : left + width])


def _rank(joined: Joined) -> tuple[float, float]:
    """Return what makes one join worse than another: how rare it is elsewhere, and how strong it is."""
    measured = joined.quality
    return max(_UNSEEN, measured.worst, measured.change_percentile), measured.change + 3 * measured.jump


def _refusal(picture: np.ndarray, grid: Grid, band: int) -> LatticeError:
    height, width = picture.shape[:2]
    return LatticeError(
        f"a band of {band} px around a cell of {grid.width} x {grid.height} px cannot be cut from a picture of "
        f"{width} x {height} px: it takes {grid.width + band} x {grid.height + band} px, at least {LEAST_BAND} px of "
        "band, and at most half the cell; take a smaller cell, a narrower band or a larger picture."
    )


def _bands(grid: Grid, room: int) -> list[int]:
    side = min(grid.width, grid.height)
    most = min(room, side // 2)
    return sorted({min(most, max(LEAST_BAND, round(share * side))) for share in BANDS})


def _joined(picture: np.ndarray, shown: np.ndarray, grid: Grid, band: int, *, blend: bool) -> Joined:
    top, left = best_place(shown, grid, band)
    window = (slice(top, top + grid.height + band), slice(left, left + grid.width + band))
    source, proven = _sources(shown[window], grid, band)
    pixels = picture[window][source[..., 0], source[..., 1]]
    cut = cuts(source, grid)
    blended = np.zeros(cut[0].shape, bool)
    if blend:
        pixels, blended = _blended(pixels, picture[window], source, cut, grid)
    own = own_places(grid)
    return Joined(
        pixels.astype(np.float32, copy=False),
        grid,
        changed=(source != own).any(axis=2) | blended,
        blended=blended,
        cut=cut,
        place=(top, left),
        band=band,
        cost=energy(source, shown[window], grid),
        proven=proven,
        quality=quality(pixels, cut, grid),
    )


def _sources(shown: np.ndarray, grid: Grid, band: int) -> tuple[np.ndarray, float]:
    """Return where each pixel of the cell comes from in a window of cell and band, and what the proven cuts cost."""
    source = _rows_first(shown, grid, band)
    if not grid.drop:
        turned = _rows_first(shown.swapaxes(0, 1), Grid(grid.height, grid.width), band)
        other = turned.swapaxes(0, 1)[..., ::-1]
        source = min(source, other, key=lambda s: energy(s, shown, grid))
    proven = energy(source, shown, grid)
    return improved(source, shown, grid, _offers(shown.shape[:2], grid)), proven


def _rows_first(shown: np.ndarray, grid: Grid, band: int) -> np.ndarray:
    """Return the sources (H, W, 2) after parting above from below, and then left from right."""
    height, width = grid.height, grid.width
    down = open_cut(*edges(shown[height:], shown[:band], closed=False))
    rows = np.broadcast_to(np.arange(height)[:, None], (height, shown.shape[1])).copy()
    rows[:band] += height * down.above
    columns = np.arange(shown.shape[1])
    cylinder = shown[rows, columns]
    left = np.roll(cylinder[:, width:], -grid.drop, axis=0)
    across = closed_cut(*edges(left.swapaxes(0, 1), cylinder[:, :band].swapaxes(0, 1), closed=True)).above.T
    row, column = rows[:, :width].copy(), np.tile(columns[:width], (height, 1))
    row[:, :band] = np.where(across, np.roll(rows[:, width:], -grid.drop, axis=0), row[:, :band])
    column[:, :band] += width * across
    return np.stack([row, column], axis=-1)


def _offers(size: tuple[int, int], grid: Grid) -> list[np.ndarray]:
    """Return, for each translation that meets the window, the sources (H, W, 2) that it offers, -1 outside."""
    own = own_places(grid)
    offers = []
    for turn, down in ((0, 0), (0, 1), (1, 0), (1, 1), (1, -1)):
        there = own + np.array([turn * grid.drop + down * grid.height, turn * grid.width])
        inside = np.asarray(((there >= 0) & (there < size)).all(axis=2))
        if inside.any():
            offers.append(np.where(inside[..., None], there, -1))
    return offers


def own_places(grid: Grid) -> np.ndarray:
    """Return the (row, column) of each pixel of the cell, (H, W, 2)."""
    rows, columns = np.mgrid[: grid.height, : grid.width]
    return np.stack([rows, columns], axis=-1)


def _blended(
    pixels: np.ndarray, window: np.ndarray, source: np.ndarray, cut: tuple[np.ndarray, np.ndarray], grid: Grid
) -> tuple[np.ndarray, np.ndarray]:
    """Return the tile with a third of the other copy on both sides of steps that stand out, where they then do less."""
    lab = srgb_to_lab(pixels)
    blended = np.zeros(cut[0].shape, bool)
    mixed = pixels.copy()
    for parted, step in zip(cut, ((0, 1), (1, 0)), strict=True):
        at = np.argwhere(parted)
        _, jump = jumps(lab, at, step, grid)
        at = at[jump > _STANDS_OUT]
        rows, columns = grid.wrap(at[:, 0] + step[0], at[:, 1] + step[1])
        there: np.ndarray = np.stack([rows, columns], axis=1)
        one_on = np.array(step)
        beyond: np.ndarray = source[at[:, 0], at[:, 1]] + one_on
        before: np.ndarray = neighbors(source, grid, step)[at[:, 0], at[:, 1]] - one_on
        for place, other in ((at, before), (there, beyond)):
            linear = (1 - _PART) * srgb_to_linear(pixels[place[:, 0], place[:, 1]])
            linear += _PART * srgb_to_linear(window[other[:, 0], other[:, 1]])
            mixed[place[:, 0], place[:, 1]] = linear_to_srgb(linear)
            blended[place[:, 0], place[:, 1]] = True
    return _kept_where_less(pixels, mixed, blended, cut, grid)


def _kept_where_less(
    pixels: np.ndarray, mixed: np.ndarray, blended: np.ndarray, cut: tuple[np.ndarray, np.ndarray], grid: Grid
) -> tuple[np.ndarray, np.ndarray]:
    """Return the blend at pixels whose cuts it makes jump less, and the tile's own pixels elsewhere."""
    gain = np.zeros(blended.shape)
    for tile, sign in ((pixels, 1), (mixed, -1)):
        lab = srgb_to_lab(tile)
        for parted, step in zip(cut, ((0, 1), (1, 0)), strict=True):
            at = np.argwhere(parted)
            jump = sign * jumps(lab, at, step, grid)[1]
            np.add.at(gain, (at[:, 0], at[:, 1]), jump)
            np.add.at(gain, grid.wrap(at[:, 0] + step[0], at[:, 1] + step[1]), jump)
    better = blended & (gain > 0)
    return np.where(better[..., None], mixed, pixels), better


def _turned(grid: Grid) -> Grid:
    return Grid(grid.height, grid.width, drop=grid.slide)


def _turned_back(turned: Joined, grid: Grid) -> Joined:
    return Joined(
        np.ascontiguousarray(turned.pixels.swapaxes(0, 1)),
        grid,
        changed=turned.changed.T,
        blended=turned.blended.T,
        cut=(turned.cut[1].T, turned.cut[0].T),
        place=(turned.place[1], turned.place[0]),
        band=turned.band,
        cost=turned.cost,
        proven=turned.proven,
        quality=turned.quality,
    )
