"""A tile worked on in bands of rows or in square blocks, by as many threads as there are cores.

Numpy and OpenCV let them run at once.
"""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

# Pixels to a band: small enough for the processor's cache, large enough that starting one costs nothing.
_BAND_PX = 1 << 17
_MOST_THREADS = 8
# The side of a block: few inks meet in one, and what it looks at around itself is little beside it.
_BLOCK_PX = 256

P = TypeVar("P")
T = TypeVar("T")


def each_band(height: int, width: int, work: Callable[[int, int], T]) -> list[T]:
    """Return what ``work(top, bottom)`` returns for each band of rows, from the top; bands may run at once."""
    rows = max(8, _BAND_PX // width)
    spans = [(top, min(top + rows, height)) for top in range(0, height, rows)]
    return _at_once(spans, lambda span: work(*span))


def each_block(height: int, width: int, work: Callable[[slice, slice], T]) -> list[T]:
    """Return what ``work(rows, columns)`` returns for each square block, row by row; blocks may run at once."""
    blocks = [(rows, columns) for rows in _spans(height) for columns in _spans(width)]
    return _at_once(blocks, lambda block: work(*block))


def around(span: slice, margin: int) -> slice:
    """Return what a span is with ``margin`` more on both sides, in an array that is padded by as many."""
    return slice(span.start, span.stop + 2 * margin)


def _spans(length: int) -> list[slice]:
    return [slice(start, min(start + _BLOCK_PX, length)) for start in range(0, length, _BLOCK_PX)]


def _at_once(parts: list[P], work: Callable[[P], T]) -> list[T]:
    if len(parts) == 1:
        return [work(parts[0])]
    with ThreadPoolExecutor(min(_MOST_THREADS, os.cpu_count() or 1)) as pool:
        return list(pool.map(work, parts))
