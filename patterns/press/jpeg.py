"""JPEG for previews and print services that take nothing else: 4:4:4, the quality stated in the file, sRGB.

libjpeg compresses as the bands come; the segments before the picture are written here, because what libvips writes
holds no exact resolution: JFIF has whole dots per inch or centimeter, Exif a rational. JFIF 1.02; Exif 2.32; ICC.1,
annex B.4; XMP part 3.
"""

import struct
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from patterns.errors import CannotMake, InputError
from patterns.press.marks import Marks, srgb_profile
from patterns.press.png import SIGNATURE, chunk
from patterns.press.raster import Picture
from patterns.press.strips import ASCII, RATIONAL, SHORT, directory, per_centimeter, text

QUALITY = 95
# libjpeg's JPEG_MAX_DIMENSION.
LONGEST_PX = 65_500
# A segment's length has 16 bits and counts itself.
_MOST_SEGMENT = 65_533
_APP0, _APP1, _APP2, _COMMENT = 0xE0, 0xE1, 0xE2, 0xFE
XMP_HEAD = b"http://ns.adobe.com/xap/1.0/\0"
_SOI = b"\xff\xd8"


def write_jpeg(path: Path, picture: Picture, marks: Marks, *, quality: int = QUALITY) -> None:
    """Write an sRGB picture as JPEG without subsampling, ``quality`` 1 to 100 as libjpeg means it.

    Raises CannotMake if a side is longer than JPEG allows or the record is too long for it, InputError for a quality
    that is none.
    """
    import pyvips

    if not 1 <= quality <= 100:
        raise InputError(f"a JPEG's quality lies between 1 and 100, not {quality}.")
    if max(picture.width, picture.height) > LONGEST_PX:
        raise CannotMake(
            f"a JPEG is at most {LONGEST_PX} px wide and high, not {picture.width} x {picture.height} px; use the TIFF."
        )
    assert picture.space == "rgb", "JPEG is written in sRGB"
    assert picture.colors is None, "JPEG has no indices"
    head = b"".join((_SOI, *_segments(picture, marks, quality)))
    with path.open("wb") as file:
        file.write(head)
        ends = _Ends(_png(picture), _without_start(file.write))
        source, target = pyvips.SourceCustom(), pyvips.TargetCustom()
        source.on_read(ends.read)
        target.on_write(ends.write)
        try:
            image = pyvips.Image.pngload_source(source, access="sequential")
            image.jpegsave_target(target, Q=quality, subsample_mode="off", keep=0)
        except pyvips.Error as error:
            raise ends.failed or AssertionError(f"libvips could not write a JPEG: {error}") from None
        if ends.failed is not None:
            raise ends.failed


class _Ends:
    """The bands going into libvips and the bytes coming out; an exception in either is kept, for C cannot pass it."""

    def __init__(self, pieces: Iterator[bytes], out: Callable[[bytes], object]) -> None:
        self._pieces, self._out = pieces, out
        self._rest = memoryview(b"")
        self.failed: BaseException | None = None

    def read(self, size: int) -> bytes:
        try:
            while not self._rest:
                self._rest = memoryview(next(self._pieces))
        except StopIteration:
            return b""
        except BaseException as error:
            self.failed = error
            return b""
        piece, self._rest = self._rest[:size], self._rest[size:]
        return bytes(piece)

    def write(self, data: Any) -> int:
        try:
            self._out(bytes(data))
        except BaseException as error:
            self.failed = error
            return -1
        return len(data)


def _png(picture: Picture) -> Iterator[bytes]:
    """Yield the picture as a PNG that is not compressed: the one kind that this libvips reads in a stream."""
    yield SIGNATURE + chunk(b"IHDR", struct.pack(">IIBBBBB", picture.width, picture.height, 8, 2, 0, 0, 0))
    store = zlib.compressobj(0)
    for band in picture.bands():
        rows = np.zeros((len(band), 3 * picture.width + 1), np.uint8)
        rows[:, 1:] = band.reshape(len(band), -1)
        yield chunk(b"IDAT", store.compress(rows.data))
    yield chunk(b"IDAT", store.flush()) + chunk(b"IEND", b"")


def _without_start(write: Callable[[bytes], object]) -> Callable[[bytes], None]:
    """Return a writer that leaves out the start of the image and the application's segments that come first."""
    held = bytearray()
    begun = False

    def out(data: bytes) -> None:
        nonlocal begun
        if begun:
            write(data)
            return
        held.extend(data)
        at = len(_SOI)
        while len(held) >= at + 4:
            if not _APP0 <= held[at + 1] <= _APP0 + 15:
                begun = True
                write(bytes(held[at:]))
                return
            at += 2 + int.from_bytes(held[at + 2 : at + 4], "big")

    return out


def _segments(picture: Picture, marks: Marks, quality: int) -> Iterator[bytes]:
    """Yield what comes before the picture: JFIF and Exif with the resolution, XMP, the profile and a comment."""
    yield _segment(_APP0, b"JFIF\0" + struct.pack(">HBHHBB", 0x0102, *_density(picture.px_per_mm), 0, 0))
    rationals = [per_centimeter(value) for value in picture.px_per_mm]
    software = marks.texts["software"]
    tags = [
        (282, RATIONAL, rationals[0]),
        (283, RATIONAL, rationals[1]),
        (296, SHORT, [3]),
        *([(305, ASCII, text(software))] if software else []),
    ]
    yield _segment(_APP1, b"Exif\0\0" + b"II*\0\x08\0\0\0" + directory(tags, 8))
    if len(XMP_HEAD) + len(xmp := marks.xmp()) > _MOST_SEGMENT:
        raise CannotMake("the record is longer than the 64 KB that a JPEG holds; use the PNG or TIFF.")
    if xmp:
        yield _segment(_APP1, XMP_HEAD + xmp)
    yield _segment(_APP2, b"ICC_PROFILE\0\x01\x01" + srgb_profile())
    said = ", ".join(part for part in (software, f"JPEG quality {quality}", "4:4:4") if part)
    yield _segment(_COMMENT, said.encode())


def _segment(marker: int, data: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data


def _density(px_per_mm: tuple[float, float]) -> tuple[int, int, int]:
    """Return JFIF's unit and densities: dots per centimeter (2) where they are whole, else per inch (1)."""
    for unit, scale in ((2, 10.0), (1, 25.4)):
        whole = [round(value * scale) for value in px_per_mm]
        if unit == 1 or all(abs(value * scale - n) < 1e-6 for value, n in zip(px_per_mm, whole, strict=True)):
            break
    return unit, whole[0], whole[1]
