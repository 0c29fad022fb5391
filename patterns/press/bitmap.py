"""A plate as a TIFF of one channel, written strip by strip as the bands come.

8-bit plates are gray, deflated; 1-bit plates are CCITT group 4, as films and engravers take them. In every viewer ink
is dark and its absence white: 8-bit values are 255 minus the coverage (BlackIsZero), a set bit is ink (WhiteIsZero).

TIFF 6.0; the container is written here because the file is open beside others while the bands pass, and because
tifffile has no group 4. Pillow's libtiff makes the group 4 strips.
"""

import io
import struct
import zlib
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from types import TracebackType

import numpy as np

from patterns.errors import CannotMake
from patterns.press.marks import SOFTWARE

_SHORT, _LONG, _RATIONAL, _ASCII, _BYTE = 3, 4, 5, 2, 1
_SIZES = {_BYTE: 1, _ASCII: 1, _SHORT: 2, _LONG: 4, _RATIONAL: 8}
_ADOBE_DEFLATE, _GROUP_4 = 8, 4
_XMP = 700
# Offsets have 32 bits; the directory at the end needs some room.
_LARGEST = 2**32 - 2**25


class PlateFile:
    """One plate being written: as a context, rows from the top, in bands of ``rows`` but for the last."""

    def __init__(self, path: Path, size: tuple[int, int], *, rows: int, one_bit: bool) -> None:
        self.path, self.size, self.rows, self.one_bit = path, size, rows, one_bit
        self._offsets: list[int] = []
        self._counts: list[int] = []

    def __enter__(self) -> "PlateFile":
        self._file = self.path.open("wb")
        self._file.write(b"II*\0\0\0\0\0")
        return self

    def append(self, coverage: np.ndarray) -> None:
        """Write rows of coverage, (h, W) uint8: 0-255, or for a 1-bit plate 0 and anything else.

        Raises CannotMake at four gigabytes, which is as much as a TIFF can hold.
        """
        strip = _group_4(coverage) if self.one_bit else zlib.compress(np.subtract(255, coverage).data, 6)
        self._offsets.append(self._file.tell())
        self._counts.append(len(strip))
        self._file.write(strip + b"\0" * (len(strip) % 2))
        if self._file.tell() > _LARGEST:
            raise CannotMake(f"the plate {self.path.name} would be larger than 4 GB; choose a lower resolution.")

    def finish(self, px_per_mm: tuple[float, float], *, name: str, description: str, xmp: bytes) -> None:
        """Write the directory: size, resolution, the plate's name, a description and an XMP packet."""
        width, height = self.size
        across, down = (_per_centimeter(value) for value in px_per_mm)
        entries = [
            (256, _LONG, [width]),
            (257, _LONG, [height]),
            (258, _SHORT, [1 if self.one_bit else 8]),
            (259, _SHORT, [_GROUP_4 if self.one_bit else _ADOBE_DEFLATE]),
            (262, _SHORT, [0 if self.one_bit else 1]),
            (270, _ASCII, _text(description)),
            (273, _LONG, self._offsets),
            (277, _SHORT, [1]),
            (278, _LONG, [self.rows]),
            (279, _LONG, self._counts),
            (282, _RATIONAL, across),
            (283, _RATIONAL, down),
            (285, _ASCII, _text(name)),
            (296, _SHORT, [3]),
            (305, _ASCII, _text(SOFTWARE)),
            (_XMP, _BYTE, xmp),
        ]
        start = self._file.tell()
        self._file.write(b"".join(_directory(entries, start)))
        self._file.seek(4)
        self._file.write(struct.pack("<I", start))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()


def _group_4(coverage: np.ndarray) -> bytes:
    """Return one strip of CCITT T.6 code, black where there is ink."""
    from PIL import Image

    height, width = coverage.shape
    bits = np.packbits(coverage != 0, axis=1)
    file = io.BytesIO()
    # 278 is RowsPerStrip: all in one.
    Image.frombytes("1", (width, height), bits.tobytes()).save(
        file, "TIFF", compression="group4", tiffinfo={278: height}
    )
    with Image.open(file) as written:
        (offset,), (count,) = written.tag_v2[273], written.tag_v2[279]  # pyright: ignore[reportAttributeAccessIssue]
    return file.getvalue()[offset : offset + count]


def _directory(entries: list[tuple[int, int, bytes | list[int]]], start: int) -> Iterator[bytes]:
    """Yield an image file directory (TIFF 6.0, section 2) that begins at ``start``, and the values it points to."""
    position = start + 2 + 12 * len(entries) + 4
    heads, tails = [struct.pack("<H", len(entries))], []
    for tag, kind, values in entries:
        data = (
            values
            if isinstance(values, bytes)
            else struct.pack(f"<{len(values)}{'H' if kind == _SHORT else 'I'}", *values)
        )
        head = struct.pack("<HHI", tag, kind, len(data) // _SIZES[kind])
        if len(data) <= 4:
            heads.append(head + data.ljust(4, b"\0"))
            continue
        heads.append(head + struct.pack("<I", position))
        tails.append(data + b"\0" * (len(data) % 2))
        position += len(tails[-1])
    yield from (*heads, struct.pack("<I", 0), *tails)


def _per_centimeter(px_per_mm: float) -> list[int]:
    exact = Fraction(px_per_mm * 10).limit_denominator(10_000)
    return [exact.numerator, exact.denominator]


def _text(text: str) -> bytes:
    return text.encode("ascii", "replace") + b"\0"
