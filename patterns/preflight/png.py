"""PNG files: what their chunks say of printing. PNG, third edition (W3C, 2025)."""

import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

from patterns.errors import Finding, InputError
from patterns.preflight.picture import Header
from patterns.preflight.profile import profile_findings
from patterns.preflight.report import Wanted
from patterns.units import MM_PER_INCH

_KINDS = {0: ("gray", 1), 2: ("RGB", 3), 3: ("indexed", 3), 4: ("gray and alpha", 1), 6: ("RGB and alpha", 3)}
# Chunks kept whole; of the others only the name.
_KEPT = {b"IHDR", b"pHYs", b"iCCP", b"PLTE", b"tRNS", b"sRGB", b"gAMA", b"acTL"}
_LARGEST, _MOST_PROFILE, _MOST_CHUNKS = 16 << 20, 32 << 20, 2_000_000


def read_header(path: Path, wanted: Wanted) -> Header:
    """Return what a PNG's chunks say; InputError if it is cut short or damaged."""
    chunks = _chunks(path)
    if len(chunks.get(b"IHDR", b"")) != 13:
        raise _damaged(path)
    width, height, bits, kind, _, _, interlaced = struct.unpack(">IIBBBBB", chunks[b"IHDR"])
    name, channels = _KINDS.get(kind, ("unknown", 0))
    facts = {"colors": name, "bits": f"{bits}"}
    dpi = (0.0, 0.0)
    if len(stated := chunks.get(b"pHYs", b"")) == 9:
        across, down, unit = struct.unpack(">IIB", stated)
        dpi = (across * MM_PER_INCH / 1000, down * MM_PER_INCH / 1000) if unit == 1 else dpi
    facts["resolution"] = f"{dpi[0]:.2f} dpi" if dpi[0] else "not stated"
    if kind == 3:
        facts["colors"] = f"indexed, {len(chunks.get(b'PLTE', b'')) // 3} in its table"
    if interlaced:
        facts["interlaced"] = "yes"
    found = (*_findings(path, chunks, kind, channels), *_depth(bits))
    return Header("PNG", width, height, dpi, facts, tuple(found))


def _chunks(path: Path) -> dict[bytes, bytes]:
    """Return the chunks that matter, checked, and an empty value for each other kind that is there."""
    found: dict[bytes, bytes] = {}
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(8)
        for _ in range(_MOST_CHUNKS):
            head = file.read(8)
            if len(head) < 8:
                raise _damaged(path)
            length, kind = struct.unpack(">I4s", head)
            if file.tell() + length + 4 > size:
                raise _damaged(path)
            if kind in _KEPT and length <= _LARGEST:
                data = file.read(length)
                if zlib.crc32(data, zlib.crc32(kind)) != int.from_bytes(file.read(4), "big"):
                    raise _damaged(path)
                found.setdefault(kind, data)
            else:
                found.setdefault(kind, b"")
                file.seek(length + 4, 1)
            if kind == b"IEND":
                return found
    raise _damaged(path)


def _damaged(path: Path) -> InputError:
    return InputError(f"{path} cannot be read as a picture, it is damaged or cut short.")


def _findings(path: Path, chunks: dict[bytes, bytes], kind: int, channels: int) -> Iterator[Finding]:
    if b"acTL" in chunks:
        cure = "save the one picture that is to be printed"
        yield Finding("warning", "it is an animation, of which RIPs take any picture", cure=cure)
    if kind in (4, 6) or b"tRNS" in chunks:
        yield from _transparency(path)
    if b"iCCP" in chunks:
        yield from profile_findings(_profile(chunks[b"iCCP"]), channels, "the picture")
    elif b"sRGB" not in chunks and kind != 0:
        yield Finding("note", "it names no color space; it is taken as sRGB", cure="embed the profile")


def _profile(data: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(data[data.index(b"\0") + 2 :], _MOST_PROFILE)
    except (zlib.error, ValueError):
        return b""


def _transparency(path: Path) -> Iterator[Finding]:
    from PIL import Image

    with Image.open(path) as picture:
        if picture.width * picture.height > 200_000_000:
            return
        least = min(n for n, count in enumerate(picture.convert("RGBA").getchannel("A").histogram()) if count)
    if least == 255:
        yield Finding("note", "it carries transparency, and all of it is opaque")
    else:
        cure = "lay it on its ground and save it without alpha"
        figure = f"down to {least / 255:.0%}"
        yield Finding("warning", "it is transparent in places; each RIP lays it on a ground of its own", figure, cure)


def _depth(bits: int) -> Iterator[Finding]:
    if bits == 16:
        yield Finding("note", "it has 16 bits a channel; RIPs for cloth print 8", "16 bits")
