"""Ink planes as a file, and the tile that carries them along with its record.

The planes are one 8-bit gray PNG: one below the other, in 255ths, the roles as text. A tile holds the same bytes in
a private chunk, so that it can be made again without the library, the weights, or this machine.
"""

import contextlib
import io
import json
import zlib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from patterns.design import Design
from patterns.errors import InputError, PatternsError
from patterns.label import Label
from patterns.lattice import Lattice
from patterns.separation import MOST_INKS, ROLES, Separation

if TYPE_CHECKING:
    from patterns.press.marks import Marks

# PNG, third edition, 5.4: ancillary, private, may be copied by editors that do not know it.
_CHUNK = b"inKs"
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_ROLES_KEYWORD = "patterns-roles"
# 32 planes of 1024 x 1024; the Loom's largest tile has a quarter of that.
LARGEST_PX = MOST_INKS << 20
_LARGEST_CHUNK = 64 << 20


def settled(separation: Separation) -> Separation:
    """Return the separation in whole 255ths, as it is stored: what every later step starts from.

    Raises InputError if rounding would break the sum, as it may for planes that were never in 255ths.
    """
    return _separation(_in_255ths(separation), separation.lattice, separation.roles)


def packed(separation: Separation) -> bytes:
    """Return the planes as a PNG file."""
    from PIL import Image, PngImagePlugin

    planes = _in_255ths(separation)
    said = PngImagePlugin.PngInfo()
    said.add_text(_ROLES_KEYWORD, ",".join(separation.roles))
    file = io.BytesIO()
    Image.fromarray(planes.reshape(-1, planes.shape[2])).save(file, "PNG", pnginfo=said, optimize=False)
    return file.getvalue()


def unpacked(data: bytes, lattice: Lattice, *, source: str) -> Separation:
    """Return the separation of a PNG that ``packed`` made; InputError, naming ``source``, if it is damaged."""
    from PIL import Image

    try:
        with Image.open(io.BytesIO(data), formats=("PNG",)) as image:
            roles = tuple(str(image.info[_ROLES_KEYWORD]).split(","))
            width, rows = image.size
            if image.mode != "L" or rows % len(roles) or width * rows > LARGEST_PX:
                raise ValueError("other planes than were stored")
            planes = np.asarray(image).reshape(len(roles), rows // len(roles), width)
        separation = _separation(planes, lattice, roles)
        _ = separation.grid
    except (OSError, ValueError, KeyError, SyntaxError, Image.DecompressionBombError, zlib.error, PatternsError):
        raise InputError(f"the ink planes in {source} are damaged; they are not what patterns stored.") from None
    return separation


def write_tile(path: Path, design: Design, separation: Separation) -> None:
    """Write one cell in color as PNG, with the record and the ink planes inside; equal designs give equal bytes."""
    from patterns.press.png import write_png
    from patterns.press.raster import Picture, mixed

    height, width = separation.planes.shape[1:]
    _, pixels = mixed(_in_255ths(separation), design.palette)
    density = (width / design.lattice.width, height / design.lattice.height)
    write_png(path, Picture(width, height, lambda: iter([pixels]), density), marks_of(design))
    _insert(path, packed(separation))


def carried(path: Path, lattice: Lattice) -> Separation | None:
    """Return the ink planes that a tile of ours carries, None if the file is another; InputError if damaged."""
    data = path.read_bytes() if path.stat().st_size <= 2 * _LARGEST_CHUNK else b""
    position = len(_SIGNATURE)
    while data.startswith(_SIGNATURE) and position + 12 <= len(data):
        length = int.from_bytes(data[position : position + 4], "big")
        kind, body = data[position + 4 : position + 8], data[position + 8 : position + 8 + length]
        if kind == _CHUNK:
            check = data[position + 8 + length : position + 12 + length]
            if zlib.crc32(kind + body) != int.from_bytes(check, "big"):
                raise InputError(f"the ink planes in {path} are damaged; they are not what patterns stored.")
            return unpacked(body, lattice, source=str(path))
        position += 12 + length
    return None


def marks_of(design: Design) -> "Marks":
    """Return what a file of a design says of itself: title, label, record, provenance."""
    from patterns.press.marks import Marks

    record = json.dumps(timeless(design).to_json(), sort_keys=True, separators=(",", ":"))
    return Marks(
        title(design), disclosure(design), record, source_type(design), design=design.id, made=provenance(design)
    )


def timeless(design: Design) -> Design:
    """Return the record as files carry it: without the time of day, so that equal designs make equal files."""
    return replace(design, created="")


def title(design: Design) -> str:
    """Return the prompt as a title: printable characters only."""
    return "".join(c for c in design.brief.prompt if c.isprintable())[:200]


def disclosure(design: Design) -> str:
    """Return the sentence that says what made the design."""
    return design.label.get("disclosure", "")


def source_type(design: Design) -> str:
    """Return the last word of IPTC's digital source type."""
    return design.label.get("source_type", "trainedAlgorithmicMedia").rpartition("/")[2]


def provenance(design: Design) -> Label | None:
    """Return the design's label, None if it has none that this version reads."""
    with contextlib.suppress(InputError):
        return Label.from_json(design.label)
    return None


def _insert(path: Path, body: bytes) -> None:
    """Put the planes' chunk before IEND, the last 12 bytes of every PNG of ours."""
    with path.open("r+b") as file:
        file.seek(-12, 2)
        end = file.read(12)
        file.seek(-12, 2)
        file.write(len(body).to_bytes(4, "big") + _CHUNK + body + zlib.crc32(_CHUNK + body).to_bytes(4, "big") + end)


def _in_255ths(separation: Separation) -> np.ndarray:
    """Return the planes (K, H, W) uint8, summing to 255 at every pixel."""
    planes = np.rint(separation.planes * 255).astype(np.uint8)
    if (planes.sum(axis=0, dtype=np.int64) != 255).any():
        raise InputError("these ink planes are not in 255ths that sum to one; round them before they are stored.")
    return planes


def _separation(planes: np.ndarray, lattice: Lattice, roles: tuple[str, ...]) -> Separation:
    if any(role not in (*ROLES, "") for role in roles):
        raise InputError(f"the roles {', '.join(roles)} are not those of a separation.")
    if (planes.sum(axis=0, dtype=np.int64) != 255).any():
        raise InputError("the ink planes do not sum to one.")
    return Separation((planes / 255.0).astype(np.float32), lattice, roles)
