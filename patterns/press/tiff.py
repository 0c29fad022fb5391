"""TIFF in strips: sRGB, CMYK, CMYK with named spot channels, indexed, one plate of 8 bits or of 1.

Resolution exact in pixels per centimeter, ICC profile, record in XMP. TIFF 6.0, with Adobe's technical notes (1995,
2002) for the profile and Photoshop's resources. A picture whose rows repeat is compressed once and its strips written
as often as they are needed, so that a roll takes the time of one repeat.
"""

import struct
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from patterns.press.bitmap import ADOBE_DEFLATE, XMP_TAG, plate_entries, plate_strip, said_entries
from patterns.press.marks import Marks, srgb_profile
from patterns.press.raster import BAND_ROWS, Picture, Spot
from patterns.press.strips import (
    ASCII,
    BYTE,
    LEVEL,
    LONG,
    QUICK_LEVEL,
    RATIONAL,
    SHORT,
    UNDEFINED,
    Entry,
    StripFile,
    deflated_strip,
    in_order,
    per_centimeter,
    strips_of,
    text,
)

__all__ = ["XMP_TAG", "write_tiff"]

_LAB_SPACE, _SPOT_KIND = 7, 2
# A strip that repeats with its picture has a number of rows between these that divides the period.
_LEAST_ROWS, _MOST_ROWS = 5, 1024
_MOST_STRIP = 16 << 20
# More bytes than these, all to be compressed, are compressed quickly.
_MANY_BYTES = 1 << 28


def write_tiff(path: Path, picture: Picture, marks: Marks, *, name: str = "") -> None:
    """Write a picture as TIFF, deflated, or of 1 bit as CCITT group 4; BigTIFF only when four gigabytes demand it.

    ``name`` is a page's or plate's. Spot channels are stored as Photoshop reads them, 0 for full ink.
    """
    rows = _strip_rows(picture)
    with StripFile(path) as file:
        _fill(file, picture, rows)
        profile: list[Entry] = [] if picture.space in ("plate", "bits") else [(34675, UNDEFINED, _profile(picture))]
        named: list[Entry] = [(285, ASCII, text(name))] if name else []
        file.finish(
            [
                *_layout(picture, rows),
                (282, RATIONAL, per_centimeter(picture.px_per_mm[0])),
                (283, RATIONAL, per_centimeter(picture.px_per_mm[1])),
                (296, SHORT, [3]),
                *said_entries(marks),
                *profile,
                *named,
            ]
        )


def _layout(picture: Picture, rows: int) -> list[Entry]:
    """Return the tags that say what the strips are."""
    size = (picture.width, picture.height)
    if picture.space in ("plate", "bits"):
        return plate_entries(size, rows, one_bit=picture.space == "bits")
    samples = _samples(picture)
    photometric = 3 if picture.colors is not None else 5 if picture.space == "cmyk" else 2
    entries: list[Entry] = [
        (256, LONG, [size[0]]),
        (257, LONG, [size[1]]),
        (258, SHORT, [8] * samples),
        (259, SHORT, [ADOBE_DEFLATE]),
        (262, SHORT, [photometric]),
        (277, SHORT, [samples]),
        (278, LONG, [rows]),
        (284, SHORT, [1]),
    ]
    if picture.colors is not None:
        entries.append((320, SHORT, _colormap(picture.colors)))
    if picture.space == "cmyk":
        entries.append((332, SHORT, [1]))
    if picture.spots:
        entries.append((338, SHORT, [0] * len(picture.spots)))
        entries.append((34377, BYTE, photoshop_resources(picture.spots)))
    return entries


def _samples(picture: Picture) -> int:
    if picture.colors is not None or picture.space in ("plate", "bits"):
        return 1
    return 3 if picture.space == "rgb" else 4 + len(picture.spots)


def _profile(picture: Picture) -> bytes:
    return srgb_profile() if picture.profile is None else picture.profile


def _strip_rows(picture: Picture) -> int:
    """Return how many rows a strip has: BAND_ROWS, or near it what divides the period of rows that repeat."""
    if picture.period is None or picture.period >= picture.height:
        return BAND_ROWS
    most = min(_MOST_ROWS, max(_LEAST_ROWS, _MOST_STRIP // (picture.width * _samples(picture))))
    fitting = [rows for rows in range(_LEAST_ROWS, most + 1) if picture.period % rows == 0]
    return min(fitting, key=lambda rows: abs(rows - BAND_ROWS), default=BAND_ROWS)


def _fill(file: StripFile, picture: Picture, rows: int) -> None:
    """Write all strips; those of rows that repeat are compressed once."""
    period = picture.period or picture.height
    if period >= picture.height or period % rows:
        many = picture.width * picture.height * _samples(picture) > _MANY_BYTES
        squeeze = _squeezer(picture, QUICK_LEVEL if many else LEVEL)
        for strip in in_order(strips_of(picture.bands(), rows), squeeze):
            file.add(strip)
        return
    squeeze = _squeezer(picture, LEVEL)
    once, whole, rest = period // rows, picture.height // rows, picture.height % rows
    tail: list[np.ndarray] = []
    for strip in in_order(_first(picture, rows, (once, whole % once, rest), tail), squeeze):
        file.add(strip)
    for number in range(once, whole):
        file.add_again(number % once)
    for strip in tail:
        file.add(squeeze(strip))


def _squeezer(picture: Picture, level: int) -> Callable[[np.ndarray], bytes]:
    """Return what makes a strip's bytes of rows of a picture."""

    def squeeze(strip: np.ndarray) -> bytes:
        if picture.space in ("plate", "bits"):
            return plate_strip(strip, one_bit=picture.space == "bits")
        if picture.spots:
            strip = strip.copy()
            strip[..., 4:] = 255 - strip[..., 4:]
        return deflated_strip(strip, level)

    return squeeze


def _first(picture: Picture, rows: int, counts: tuple[int, int, int], tail: list[np.ndarray]) -> Iterator[np.ndarray]:
    """Yield the strips of the first period; keep for ``tail`` what the last strip of the picture begins with."""
    once, last, rest = counts
    for number, strip in enumerate(strips_of(picture.bands(), rows)):
        if number == once:
            return
        if number == last and rest:
            tail.append(strip[:rest].copy())
        yield strip


def _colormap(colors: np.ndarray) -> list[int]:
    """Return TIFF's color map, 3 x 256 values of 16 bits; 257 takes 8 bits to 16 exactly."""
    colormap = np.zeros((3, 256), np.uint16)
    colormap[:, : len(colors)] = colors.T.astype(np.uint16) * 257
    return colormap.ravel().tolist()


def photoshop_resources(spots: Sequence[Spot]) -> bytes:
    """Return Photoshop's image resources that name spot channels and say how they look on a screen.

    Adobe Photoshop File Formats Specification (2019): 1006 names as Pascal strings, 1045 the same in Unicode, 1077
    DisplayInfo: each channel's color, here Lab, solidity 100 % and kind, 2 for a spot.
    """
    plain = b"".join(_pascal(spot.name) for spot in spots)
    wide = b"".join(struct.pack(">I", len(spot.name) + 1) + (spot.name + "\0").encode("utf-16-be") for spot in spots)
    shown = struct.pack(">I", 1) + b"".join(_shown(spot) for spot in spots)
    return b"".join(_resource(number, data) for number, data in ((1006, plain), (1045, wide), (1077, shown)))


def _pascal(name: str) -> bytes:
    data = name.encode("ascii", "replace")[:255]
    return bytes([len(data)]) + data


def _shown(spot: Spot) -> bytes:
    lab = [round(100 * value) for value in spot.lab]
    return struct.pack(">H4hHB", _LAB_SPACE, *lab, 0, 100, _SPOT_KIND)


def _resource(number: int, data: bytes) -> bytes:
    return b"8BIM" + struct.pack(">HHI", number, 0, len(data)) + data + b"\0" * (len(data) % 2)
