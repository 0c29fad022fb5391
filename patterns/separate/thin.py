"""What is finer than the cloth's finest line: crumbs and hairlines, dissolved into their neighbors.

A part of an ink is too fine where no disc as wide as the finest line fits into the ink: what an opening by that disc
takes away. The tips of leaves are such parts too; one that hangs on a part that is wide enough, and is no longer than
three times the finest line, stays.
"""

import math
from dataclasses import replace

import numpy as np

from patterns.lattice import Grid
from patterns.separate.bands import around, each_block
from patterns.separate.mixture import NONE, Mixture

# Of the finest line's square: the area of a tip that is this wide at its foot and three times as long.
_TIP_AREA = 1.5
_AROUND = tuple((dy, dx) for dy in (-1, 0, 1) for dx in (-1, 0, 1) if dy or dx)
_FORWARD = ((0, 1), (1, -1), (1, 0), (1, 1))


def dissolved(mixture: Mixture, count: int, *, line_px: float) -> tuple[Mixture, int]:
    """Return the mixture without what is finer than ``line_px``, and how many crumbs and hairlines went.

    Pixels of what goes become their neighbors', from the rim inward. Commutes with rolls along the lattice.
    """
    width = math.ceil(line_px)
    if width < 2:
        return mixture, 0
    grid = mixture.grid
    fine = _too_fine(mixture.first, grid, count, width)
    gone, pieces = _without_tips(mixture.first, fine, grid, _TIP_AREA * width**2)
    if not pieces:
        return mixture, 0
    first = mixture.first.copy()
    first[gone] = NONE
    _fill(first, grid)
    changed = first != mixture.first
    # An edge pixel that shared itself with what went has nothing left to share; its neighbors' edges are drawn anew.
    stale = changed | ((mixture.share < 255) & _beside(gone, grid))
    second = np.where(stale, first, mixture.second)
    return replace(mixture, first=first, second=second, share=np.where(stale, np.uint8(255), mixture.share)), pieces


def _disc(width: int) -> np.ndarray:
    """Return a disc ``width`` pixels wide, (width, width) uint8."""
    offset = np.arange(width) - (width - 1) / 2
    return (offset[:, None] ** 2 + offset**2 <= (width / 2) ** 2 + 0.01).astype(np.uint8)


def _too_fine(first: np.ndarray, grid: Grid, count: int, width: int) -> np.ndarray:
    """Return where an opening of its ink by a disc takes a pixel away, (H, W) bool."""
    import cv2

    disc = _disc(width)
    margin = width
    padded = grid.pad(first, margin)
    fine = np.zeros(first.shape, bool)

    def work(rows: slice, columns: slice) -> None:
        block = padded[around(rows, margin), around(columns, margin)]
        inks = np.flatnonzero(np.bincount(block.ravel(), minlength=count))
        for k in inks if len(inks) > 1 else ():
            ink = (block == k).view(np.uint8)
            # Anchors at opposite corners: with the middle of an even disc the opening would move.
            opened = cv2.dilate(cv2.erode(ink, disc, anchor=(0, 0)), disc, anchor=(width - 1, width - 1))
            fine[rows, columns] |= (ink > opened)[margin:-margin, margin:-margin]

    each_block(grid.height, grid.width, work)
    return fine


def _without_tips(first: np.ndarray, fine: np.ndarray, grid: Grid, tip_area: float) -> tuple[np.ndarray, int]:
    """Return which of the fine pixels (H, W) go, and in how many pieces: all but small ones that hang on a body."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    y, x = np.nonzero(fine)
    if not len(y):
        return fine, 0
    number = np.full(first.shape, -1, np.int32)
    number[y, x] = np.arange(len(y))
    ink, ends = first[y, x], []
    for dy, dx in _FORWARD:
        there = grid.wrap(y + dy, x + dx)
        joined = (number[there] >= 0) & (first[there] == ink)
        ends.append(np.stack([np.flatnonzero(joined), number[there][joined]]))
    one, other = np.concatenate(ends, axis=1)
    links = coo_array((np.ones(len(one), np.int8), (one, other)), shape=(len(y), len(y)))
    pieces, piece = connected_components(links, directed=False)
    hangs = np.zeros(pieces, bool)
    for dy, dx in _AROUND:
        there = grid.wrap(y + dy, x + dx)
        hangs[piece[(number[there] < 0) & (first[there] == ink)]] = True
    stays = hangs & (np.bincount(piece, minlength=pieces) <= tip_area)
    gone = np.zeros(first.shape, bool)
    gone[y, x] = ~stays[piece]
    return gone, int((~stays).sum())


def _fill(first: np.ndarray, grid: Grid) -> None:
    """Give every pixel that is NONE the ink that most of its eight neighbors have, from the rim inward, in place.

    Of equally many the lower ink wins. If no pixel had an ink, all get ink 0.
    """
    y, x = np.nonzero(first == NONE)
    while len(y):
        around = np.stack([first[grid.wrap(y + dy, x + dx)] for dy, dx in _AROUND])
        votes = np.stack([(around == k).sum(axis=0) for k in range(int(around[around != NONE].max(initial=0)) + 1)])
        known = votes.max(axis=0) > 0
        if not known.any():
            first[y, x] = 0
            return
        first[y[known], x[known]] = votes.argmax(axis=0)[known]
        y, x = y[~known], x[~known]


def _beside(mask: np.ndarray, grid: Grid) -> np.ndarray:
    import cv2

    return cv2.dilate(grid.pad(mask.view(np.uint8), 1), np.ones((3, 3), np.uint8))[1:-1, 1:-1] > 0
