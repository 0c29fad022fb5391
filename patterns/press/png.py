"""PNG in bands: exact resolution, sRGB profile, record; sRGB or indexed. PNG, third edition (W3C, 2025)."""

import struct
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np

from patterns.press.marks import Marks, srgb_profile
from patterns.press.raster import Picture

SIGNATURE = b"\x89PNG\r\n\x1a\n"
RECORD_KEYWORD = b"patterns"


def write_png(path: Path, picture: Picture, marks: Marks) -> None:
    """Write a picture as PNG: 8 bits, resolution in pixels per meter, bytes that depend on nothing else."""
    with path.open("wb") as file:
        file.write(SIGNATURE)
        for kind, data in _header(picture, marks):
            _chunk(file, kind, data)
        for data in deflated(picture.bands()):
            _chunk(file, b"IDAT", data)
        _chunk(file, b"IEND", b"")


def deflated(bands: Iterable[np.ndarray]) -> Iterator[bytes]:
    """Yield one zlib stream of rows (h, W) or (h, W, 3) uint8 with PNG's filters, in pieces.

    Also what a PDF's FlateDecode with predictor 15 reads. Color rows use filter "up": flat art is then nearly all
    zeros. Index rows use none, as the specification advises.
    """
    squeeze = zlib.compressobj(6)
    above = None
    for band in bands:
        rows = band.reshape(len(band), -1)
        filtered = np.empty((len(rows), rows.shape[1] + 1), np.uint8)
        filtered[:, 0] = 0 if band.ndim == 2 else 2
        filtered[:, 1:] = rows
        if band.ndim == 3:
            filtered[1:, 1:] -= rows[:-1]
            filtered[0, 1:] -= 0 if above is None else above
            above = rows[-1].copy()
        if data := squeeze.compress(filtered.data):
            yield data
    yield squeeze.flush()


def _header(picture: Picture, marks: Marks) -> Iterator[tuple[bytes, bytes]]:
    kind = 2 if picture.colors is None else 3
    yield b"IHDR", struct.pack(">IIBBBBB", picture.width, picture.height, 8, kind, 0, 0, 0)
    yield b"iCCP", b"sRGB\0\0" + zlib.compress(srgb_profile(), 9)
    if picture.colors is not None:
        yield b"PLTE", picture.colors.astype(np.uint8).tobytes()
    yield b"pHYs", struct.pack(">IIB", *(round(1000 * v) for v in picture.px_per_mm), 1)
    texts = marks.texts
    said = [(RECORD_KEYWORD, texts["record"]), (b"Title", texts["title"]), (b"Description", texts["label"])]
    for keyword, text in [*said, (b"Software", texts["software"]), (b"XML:com.adobe.xmp", marks.xmp().decode())]:
        if text:
            yield b"iTXt", keyword + b"\0\0\0\0\0" + text.encode()


def chunk(kind: bytes, data: bytes) -> bytes:
    """Return a chunk with its length and check sum (clause 5.3)."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(data, zlib.crc32(kind)))


def _chunk(file: BinaryIO, kind: bytes, data: bytes) -> None:
    file.write(chunk(kind, data))
