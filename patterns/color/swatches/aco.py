"""Photoshop's color swatches: 16-bit big-endian words; version 1 without names, version 2 with them.

The layout is that of Adobe's "Photoshop File Formats Specification", Color swatches: a version, a count, and for every
color its space and four words; version 2 adds a 32-bit count of UTF-16 units and a name that ends in a zero. Programs
write version 1 and after it the same colors as version 2. Lab is D50 in steps of 0.01, a and b from -128 to 127;
RGB and HSB are taken as sRGB in steps of 1/65535. Written in Lab.
"""

import colorsys
import struct
from collections.abc import Iterator

import numpy as np

from patterns.color.ink import Ink, Palette
from patterns.color.swatches import ink_name, lab_ink, srgb_ink
from patterns.errors import InputError

_RGB, _HSB, _LAB, _GRAY = 0, 1, 7, 8
# Spaces that say no color by themselves: inks of a press, and the numbered systems of other houses.
_NO_COLOR = {2: "CMYK", 9: "wide CMYK"}
_FULL = 65535
# Steps a unit of L*, a*, b*.
_STEPS = 100


def looks_like_aco(data: bytes) -> bool:
    """Return whether bytes begin as version 1 or 2 does, with at least one color."""
    return data[:2] in (b"\0\1", b"\0\2") and len(data) >= 4


def aco_inks(data: bytes, source: str) -> Iterator[Ink]:
    """Yield the inks of a Photoshop swatch file: of its named version 2 if it has one, else of version 1."""
    try:
        version, count = struct.unpack_from(">HH", data)
        if version not in (0, 1, 2):
            raise InputError(f"{source} is no Photoshop swatch file: it says version {version}; there are 1 and 2.")
        after = 4 + 10 * count
        if version < 2 and data[after : after + 2] == b"\0\2":
            yield from _named(data, after, source)
        elif version == 2:
            yield from _named(data, 0, source)
        else:
            for number in range(count):
                yield _ink(struct.unpack_from(">H4H", data, 4 + 10 * number), "", source)
    except struct.error:
        raise InputError(f"{source} is cut or damaged: its swatches end before it says they do.") from None


def aco_bytes(palette: Palette, *, version: int = 2) -> bytes:
    """Return the palette as Photoshop swatches in Lab: version 1, and if ``version`` is 2 the same again with names."""
    words = [struct.pack(">H4H", _LAB, *_lab_words(ink), 0) for ink in palette.inks]
    first = struct.pack(">HH", 1, len(words)) + b"".join(words)
    if version == 1:
        return first
    named = [word + _name(ink.name) for word, ink in zip(words, palette.inks, strict=True)]
    return first + struct.pack(">HH", 2, len(words)) + b"".join(named)


def fits_aco(ink: Ink) -> bool:
    """Return whether the format's a and b reach as far as the ink's do."""
    return all(-128 <= v <= 127.99 for v in ink.lab_d50[1:])


def _named(data: bytes, start: int, source: str) -> Iterator[Ink]:
    (count,) = struct.unpack_from(">H", data, start + 2)
    at = start + 4
    for _ in range(count):
        words = struct.unpack_from(">H4HI", data, at)
        at += 14
        name = data[at : at + 2 * words[5]]
        if len(name) < 2 * words[5]:
            raise struct.error
        at += 2 * words[5]
        yield _ink(words[:5], name.decode("utf-16-be", "replace").rstrip("\0"), source)


def _ink(words: tuple[int, ...], name: str, source: str) -> Ink:
    space, *values = words
    if space == _RGB:
        return srgb_ink([v / _FULL for v in values[:3]], name)
    if space == _HSB:
        return srgb_ink(colorsys.hsv_to_rgb(*(v / _FULL for v in values[:3])), name)
    if space == _GRAY:
        return srgb_ink([values[0] / (100 * _STEPS)] * 3, name)
    if space == _LAB:
        a, b = (v - 65536 if v >= 32768 else v for v in values[1:3])
        return lab_ink((values[0] / _STEPS, a / _STEPS, b / _STEPS), name)
    what = _NO_COLOR.get(space, f"a numbered system (space {space})")
    raise InputError(
        f"{source}: the swatch {ink_name(name)!r} is in {what}, which has no color of its own; save the swatches as "
        "Lab or RGB."
    )


def _lab_words(ink: Ink) -> tuple[int, int, int]:
    lightness, a, b = ink.lab_d50
    steps = np.round(np.clip([lightness, a, b], [0, -128, -128], [100, 127.99, 127.99]) * _STEPS).astype(int)
    return int(steps[0]), int(steps[1]) % 65536, int(steps[2]) % 65536


def _name(text: str) -> bytes:
    name = (ink_name(text) + "\0").encode("utf-16-be")
    return struct.pack(">I", len(name) // 2) + name
