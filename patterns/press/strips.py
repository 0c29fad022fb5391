"""A TIFF being written strip by strip: rows as they come, the directory at the end.

TIFF 6.0, and BigTIFF (the same with 64-bit offsets) only where four gigabytes demand it, which is known when all is
written: many RIPs read no BigTIFF, and a deflated roll seldom needs one. The container is written here because no
library leaves that open, or writes several files side by side as the bands pass.
"""

import struct
import zlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

BYTE, ASCII, SHORT, LONG, RATIONAL, UNDEFINED, LONG8 = 1, 2, 3, 4, 5, 7, 16
_CODES = {SHORT: "H", LONG: "I", RATIONAL: "I", LONG8: "Q"}
_SIZES = {BYTE: 1, ASCII: 1, SHORT: 2, LONG: 4, RATIONAL: 8, UNDEFINED: 1, LONG8: 8}
# Room for either header; the rest of the shorter one is never read.
_HEADER = 16
# What 32-bit offsets reach.
_LARGEST = 2**32 - 1
_THREADS = 2
# zlib's: what files are made with, and what takes less than half the time for files 1.4 times as large.
LEVEL, QUICK_LEVEL = 6, 1

# (tag, type, value): bytes as they are, or numbers, a rational's as numerator and denominator.
Entry = tuple[int, int, bytes | Sequence[int]]


class StripFile:
    """One file being written, as a context."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._offsets: list[int] = []
        self._counts: list[int] = []

    def __enter__(self) -> Self:
        self._file = self.path.open("w+b")
        self._file.write(bytes(_HEADER))
        return self

    def add(self, strip: bytes) -> None:
        """Write the next strip, compressed."""
        self._offsets.append(self._file.tell())
        self._counts.append(len(strip))
        self._file.write(strip + b"\0" * (len(strip) % 2))

    def add_again(self, number: int) -> None:
        """Write as the next strip the same bytes as an earlier one."""
        end = self._file.tell()
        self._file.seek(self._offsets[number])
        strip = self._file.read(self._counts[number])
        self._file.seek(end)
        self.add(strip)

    def finish(self, entries: Sequence[Entry]) -> None:
        """Write the directory: the entries, and where the strips are."""
        start = self._file.tell() + -self._file.tell() % 8
        self._file.write(bytes(start - self._file.tell()))
        data = self._directory(entries, start, big=False) if start <= _LARGEST else b""
        if big := not data or start + len(data) > _LARGEST:
            data = self._directory(entries, start, big=True)
        self._file.write(data)
        self._file.seek(0)
        self._file.write(
            struct.pack("<2sHHHQ", b"II", 43, 8, 0, start) if big else struct.pack("<2sHI", b"II", 42, start)
        )

    def _directory(self, entries: Sequence[Entry], start: int, *, big: bool) -> bytes:
        kind = LONG8 if big else LONG
        strips: list[Entry] = [(273, kind, self._offsets), (279, kind, self._counts)]
        return directory(sorted([*entries, *strips], key=lambda entry: entry[0]), start, big=big)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()


def directory(entries: Sequence[Entry], start: int, *, big: bool = False) -> bytes:
    """Return an image file directory (TIFF 6.0, section 2) that begins at ``start``, and the values it points to."""
    count, head, word = ("Q", "HHQ", "Q") if big else ("H", "HHI", "I")
    room = struct.calcsize(f"<{word}")
    position = start + struct.calcsize(f"<{count}") + len(entries) * (struct.calcsize(f"<{head}") + room) + room
    heads, tails = [struct.pack(f"<{count}", len(entries))], []
    for tag, kind, values in entries:
        data = values if isinstance(values, bytes) else struct.pack(f"<{len(values)}{_CODES[kind]}", *values)
        heads.append(struct.pack(f"<{head}", tag, kind, len(data) // _SIZES[kind]))
        if len(data) <= room:
            heads.append(data.ljust(room, b"\0"))
            continue
        heads.append(struct.pack(f"<{word}", position))
        tails.append(data + b"\0" * (len(data) % 2))
        position += len(tails[-1])
    return b"".join((*heads, struct.pack(f"<{word}", 0), *tails))


def per_centimeter(px_per_mm: float) -> list[int]:
    """Return a resolution as a rational, pixels per centimeter: exact where anybody could measure it."""
    exact = Fraction(px_per_mm * 10).limit_denominator(10_000)
    return [exact.numerator, exact.denominator]


def text(value: str) -> bytes:
    """Return text as TIFF's 7-bit strings can hold it; the XMP has it whole."""
    return value.encode("ascii", "replace") + b"\0"


def deflated_strip(rows: np.ndarray, level: int = LEVEL) -> bytes:
    """Return rows of pixels as one strip of zlib's code; no other thread is kept waiting."""
    return zlib.compress(np.ascontiguousarray(rows).data, level)


def in_order(strips: Iterable[np.ndarray], squeeze: Callable[[np.ndarray], bytes]) -> Iterator[bytes]:
    """Yield each strip squeezed, in order, by a few threads at once that hold no more than a few strips."""
    waiting: deque[Future[bytes]] = deque()
    with ThreadPoolExecutor(_THREADS) as pool:
        for strip in strips:
            waiting.append(pool.submit(squeeze, strip))
            if len(waiting) > _THREADS:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def strips_of(bands: Iterable[np.ndarray], rows: int) -> Iterator[np.ndarray]:
    """Yield bands of any height cut and joined to strips of ``rows`` rows, the last as it comes."""
    kept: list[np.ndarray] = []
    held = 0
    for band in bands:
        kept.append(band)
        held += len(band)
        if held < rows:
            continue
        joined = kept[0] if len(kept) == 1 else np.concatenate(kept)
        whole = held - held % rows
        for top in range(0, whole, rows):
            yield joined[top : top + rows]
        kept, held = [joined[whole:]] if held % rows else [], held % rows
    if held:
        yield np.concatenate(kept)
