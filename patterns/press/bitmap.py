"""A plate as a TIFF of one channel, written strip by strip as the bands come.

8-bit plates are gray, deflated; 1-bit plates are CCITT group 4, as films and engravers take them. In every viewer ink
is dark and its absence white: 8-bit values are 255 minus the coverage (BlackIsZero), a set bit is ink (WhiteIsZero).
Pillow's libtiff makes the group 4 strips.
"""

import io
from pathlib import Path

import numpy as np

from patterns.press.marks import Marks
from patterns.press.strips import (
    ASCII,
    BYTE,
    LONG,
    RATIONAL,
    SHORT,
    Entry,
    StripFile,
    deflated_strip,
    per_centimeter,
    text,
)

ADOBE_DEFLATE, GROUP_4 = 8, 4
XMP_TAG = 700


class PlateFile(StripFile):
    """One plate being written: as a context, rows from the top, in bands of ``rows`` but for the last."""

    def __init__(self, path: Path, size: tuple[int, int], *, rows: int, one_bit: bool) -> None:
        super().__init__(path)
        self.size, self.rows, self.one_bit = size, rows, one_bit

    def append(self, coverage: np.ndarray) -> None:
        """Write rows of coverage, (h, W) uint8: 0-255, or for a 1-bit plate 0 and anything else."""
        self.add(plate_strip(coverage, one_bit=self.one_bit))

    def conclude(self, px_per_mm: tuple[float, float], *, name: str, said: str, marks: Marks) -> None:
        """Write the directory: size, resolution, the plate's name, what is ``said`` of it, and the marks."""
        self.finish(
            [
                *plate_entries(self.size, self.rows, one_bit=self.one_bit),
                (282, RATIONAL, per_centimeter(px_per_mm[0])),
                (283, RATIONAL, per_centimeter(px_per_mm[1])),
                (285, ASCII, text(name)),
                (296, SHORT, [3]),
                *said_entries(marks, said),
            ]
        )


def said_entries(marks: Marks, said: str = "") -> list[Entry]:
    """Return the tags of what a TIFF says of itself, none that would be empty; ``said`` comes after the title."""
    texts = marks.texts
    described = ". ".join(part for part in (texts["title"], said if texts["title"] else "", texts["label"]) if part)
    given: list[Entry] = [(270, ASCII, text(described))] if described else []
    if texts["software"]:
        given.append((305, ASCII, text(texts["software"])))
    packet = marks.xmp()
    return [*given, (XMP_TAG, BYTE, packet)] if packet else given


def plate_entries(size: tuple[int, int], rows: int, *, one_bit: bool) -> list[Entry]:
    """Return the tags that say what the strips of a plate are."""
    return [
        (256, LONG, [size[0]]),
        (257, LONG, [size[1]]),
        (258, SHORT, [1 if one_bit else 8]),
        (259, SHORT, [GROUP_4 if one_bit else ADOBE_DEFLATE]),
        (262, SHORT, [0 if one_bit else 1]),
        (277, SHORT, [1]),
        (278, LONG, [rows]),
    ]


def plate_strip(coverage: np.ndarray, *, one_bit: bool) -> bytes:
    """Return one strip of a plate's coverage (h, W) uint8."""
    return _group_4(coverage) if one_bit else deflated_strip(np.subtract(255, coverage))


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
