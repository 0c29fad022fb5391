"""A tile worked on in bands of rows, by as many threads as there are cores: numpy and OpenCV let them run."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

# Pixels to a band: small enough for the processor's cache, large enough that starting one costs nothing.
_BAND_PX = 1 << 17
_MOST_THREADS = 8

T = TypeVar("T")


def each_band(height: int, width: int, work: Callable[[int, int], T]) -> list[T]:
    """Return what ``work(top, bottom)`` returns for each band of rows, from the top; bands may run at once."""
    rows = max(8, _BAND_PX // width)
    spans = [(top, min(top + rows, height)) for top in range(0, height, rows)]
    if len(spans) == 1:
        return [work(*spans[0])]
    with ThreadPoolExecutor(min(_MOST_THREADS, os.cpu_count() or 1)) as pool:
        return list(pool.map(lambda span: work(*span), spans))
