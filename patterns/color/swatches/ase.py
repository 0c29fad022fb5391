"""Adobe Swatch Exchange: big-endian blocks with UTF-16 names and float32 colors.

Lab is D50 with the 2-degree observer, as Adobe means it; RGB and Gray are taken as sRGB. Written in Lab, to float32.
The layout is the one that Adobe's programs share: "ASEF", a version, a count of blocks, and blocks of a kind (a color,
the start or the end of a group), a length and a body.
"""

import struct
from collections.abc import Callable, Iterator

from patterns.color.ink import Ink, Palette
from patterns.color.swatches import ink_name, lab_ink, srgb_ink
from patterns.errors import InputError

MAGIC = b"ASEF"
_COLOR, _GROUP, _GROUP_END = 0x0001, 0xC001, 0xC002
# An ink of cloth is a printing color of its own: what Adobe calls a spot color (0 global, 1 spot, 2 process).
_SPOT = 1


def ase_inks(data: bytes, source: str) -> Iterator[Ink]:
    """Yield the inks of a swatch exchange file, groups opened out."""
    try:
        _, _, count = struct.unpack_from(">HHI", data, 4)
        at = 12
        for _ in range(count):
            kind, length = struct.unpack_from(">HI", data, at)
            body = data[at + 6 : at + 6 + length]
            if len(body) < length:
                raise struct.error
            at += 6 + length
            if kind == _COLOR:
                yield _ink(body, source)
    except struct.error:
        raise InputError(f"{source} is cut or damaged: its swatches end before it says they do.") from None


def ase_bytes(palette: Palette) -> bytes:
    """Return the palette as an Adobe Swatch Exchange file: one group of spot colors in Lab, float32."""
    blocks = [_block(_GROUP, _name(palette.name or "palette"))]
    for ink in palette.inks:
        lightness, a, b = ink.lab_d50
        blocks.append(_block(_COLOR, _name(ink.name) + b"LAB " + struct.pack(">3fH", lightness / 100, a, b, _SPOT)))
    blocks.append(_block(_GROUP_END, b""))
    return MAGIC + struct.pack(">HHI", 1, 0, len(blocks)) + b"".join(blocks)


def _block(kind: int, body: bytes) -> bytes:
    return struct.pack(">HI", kind, len(body)) + body


def _name(text: str) -> bytes:
    name = (ink_name(text) + "\0").encode("utf-16-be")
    return struct.pack(">H", len(name) // 2) + name


def _ink(body: bytes, source: str) -> Ink:
    (units,) = struct.unpack_from(">H", body)
    name = body[2 : 2 + 2 * units].decode("utf-16-be", "replace").rstrip("\0")
    model, at = body[2 + 2 * units : 6 + 2 * units], 6 + 2 * units
    readers: dict[bytes, Callable[[], Ink]] = {
        b"RGB ": lambda: srgb_ink(struct.unpack_from(">3f", body, at), name),
        b"Gray": lambda: srgb_ink(struct.unpack_from(">f", body, at) * 3, name),
        b"GRAY": lambda: srgb_ink(struct.unpack_from(">f", body, at) * 3, name),
        b"LAB ": lambda: _lab(struct.unpack_from(">3f", body, at), name),
    }
    if model not in readers:
        raise InputError(
            f"{source}: the swatch {ink_name(name)!r} is in {ink_name(model.decode('ascii', 'replace'))}, which has no "
            "color of its own without a press; save the swatches as Lab or RGB."
        )
    return readers[model]()


def _lab(values: tuple[float, ...], name: str) -> Ink:
    return lab_ink((values[0] * 100, values[1], values[2]), name)
