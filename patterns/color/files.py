"""Palettes as files: GIMP's .gpl, Adobe's .ase, .json, and lists of hex colors (.hex, .txt); read, and two written.

Formats: .gpl is text, 8-bit sRGB. .ase is big-endian blocks of UTF-16 names and float colors; its Lab is taken as D50,
as Adobe means it. JSON is a list of hex colors, or {"inks": [{"name", "hex" or "lab", "role"}]} with Lab D50.
"""

import json
import re
import struct
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np

from patterns.color.ink import Ink, Palette
from patterns.color.names import named
from patterns.color.spaces import srgb_to_lab
from patterns.errors import InputError
from patterns.separation import MOST_INKS

# A palette file of 32 inks has a few kilobytes; what is larger than this is something else.
_LARGEST_FILE = 4 * 2**20
_ASE_COLOR = 0x0001
_ASE_GLOBAL = 0
_COLORS = re.compile(r"\s*#?[0-9a-fA-F]{3}(?:[0-9a-fA-F]{3})?\s*(?:[,;\s]\s*#?[0-9a-fA-F]{3}(?:[0-9a-fA-F]{3})?\s*)*")


def looks_like_colors(text: str) -> bool:
    """Return whether a text is a list of hex colors and nothing else; a single one needs its "#"."""
    return _COLORS.fullmatch(text) is not None and ("#" in text or "," in text)


def palette_of_text(text: str, *, name: str = "") -> Palette:
    """Return the palette of colors parted by commas, semicolons or lines: hex, or names such as "sage".

    Raises InputError on what is no color, on an empty list, and on more than 32 inks.
    """
    parts = [part.strip() for part in re.split(r"[,;\n]", text)]
    if all(re.fullmatch(r"#?[0-9a-fA-F]{3,6}", word) for word in text.replace(",", " ").replace(";", " ").split()):
        parts = text.replace(",", " ").replace(";", " ").split()
    return _of_inks((_ink(part) for part in parts if part), name, "the list")


def read_palette(path: Path) -> Palette:
    """Return the palette in a file, by its content and ending; InputError if it cannot be read as one."""
    data = _bytes(path)
    if data.startswith(b"ASEF"):
        return _of_inks(_ase_inks(data, path.name), path.stem, path.name)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(
            f"{path.name} is no palette: neither text nor .ase; .gpl, .ase, .json, .hex and .txt can be read."
        ) from None
    if text.startswith("GIMP Palette"):
        return _of_inks(_gpl_inks(text, path.name), path.stem, path.name)
    if path.suffix.lower() == ".gpl":
        raise InputError(f"{path.name} does not begin with 'GIMP Palette'; it is cut or no .gpl file.")
    if path.suffix.lower() == ".json":
        return _of_inks(_json_inks(text, path.name), path.stem, path.name)
    return _of_inks(_line_inks(text, path.name), path.stem, path.name)


def gpl_text(palette: Palette) -> str:
    """Return the palette as a GIMP palette: 8-bit sRGB, so colors outside sRGB are clipped."""
    rows = [f"{r:3d} {g:3d} {b:3d}\t{ink.name}" for (r, g, b), ink in zip(palette.srgb8(), palette.inks, strict=True)]
    return "\n".join(["GIMP Palette", f"Name: {palette.name or 'palette'}", "Columns: 0", "#", *rows, ""])


def ase_bytes(palette: Palette) -> bytes:
    """Return the palette as an Adobe Swatch Exchange file in Lab, float32."""
    blocks = []
    for ink in palette.inks:
        name = (ink.name + "\0").encode("utf-16-be")
        lightness, a, b = ink.lab
        body = (
            struct.pack(">H", len(name) // 2) + name + b"LAB " + struct.pack(">3fH", lightness / 100, a, b, _ASE_GLOBAL)
        )
        blocks.append(struct.pack(">HI", _ASE_COLOR, len(body)) + body)
    return b"ASEF" + struct.pack(">HHI", 1, 0, len(blocks)) + b"".join(blocks)


def _bytes(path: Path) -> bytes:
    try:
        if path.is_file() and path.stat().st_size > _LARGEST_FILE:
            raise InputError(f"{path.name} has {path.stat().st_size / 2**20:.0f} MB; that is no palette.")
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"the palette file {path} cannot be read: {error.strerror or error}.") from None


def _of_inks(inks: Iterable[Ink], name: str, source: str) -> Palette:
    found = tuple(inks)
    if not found:
        raise InputError(f"{source} has no color in it; write for example '#f3ead7,#27356b'.")
    if len(found) > MOST_INKS:
        raise InputError(f"{source} has {len(found)} colors; a palette has at most {MOST_INKS} inks.")
    return Palette(found, name)


def _ink(text: str) -> Ink:
    ink = None if re.fullmatch(r"#?[0-9a-fA-F]{3}|#?[0-9a-fA-F]{6}", text) else named(text)
    if ink is None and not re.fullmatch(r"#?[0-9a-fA-F]{3}|#?[0-9a-fA-F]{6}", text):
        raise InputError(f"{text[:40]!r} is not a color; write six hex digits such as #27356b, or a color's name.")
    return ink or Ink.of_hex(text)


def _gpl_inks(text: str, source: str) -> list[Ink]:
    inks = []
    for number, line in enumerate(text.splitlines()[1:], start=2):
        if not line.strip() or line.startswith("#") or re.match(r"(Name|Columns|Channels):", line):
            continue
        match = re.match(r"\s*(\d{1,3})\s+(\d{1,3})\s+(\d{1,3})(?:\s+(.*))?$", line)
        if match is None or max(int(v) for v in match.groups()[:3]) > 255:
            raise InputError(
                f"{source}, line {number}: {line.strip()[:40]!r} is not three numbers from 0 to 255 and a name."
            )
        inks.append(_srgb_ink([int(v) / 255 for v in match.groups()[:3]], (match[4] or "").strip()))
    return inks


def _line_inks(text: str, source: str) -> list[Ink]:
    """Return the inks of a list with one or more colors a line; lines that begin with ; or // or "# " are remarks."""
    inks = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or re.match(r"\s*(;|//|#\s|#$)", line):
            continue
        try:
            inks.extend(palette_of_text(line).inks)
        except InputError as error:
            raise InputError(f"{source}, line {number}: {error}") from None
    return inks


def _json_inks(text: str, source: str) -> list[Ink]:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{source} is no complete JSON: {error}.") from None
    if isinstance(data, dict):
        data = data.get("inks", data.get("colors", data.get("palette")))
    if not isinstance(data, list):
        raise InputError(f'{source} holds no list of colors; write ["#f3ead7", "#27356b"] or {{"inks": [...]}}.')
    return [_json_ink(entry, f"{source}, color {number}") for number, entry in enumerate(data, start=1)]


def _json_ink(entry: Any, where: str) -> Ink:
    if isinstance(entry, str):
        return _ink(entry)
    if not isinstance(entry, dict):
        raise InputError(
            f"{where}: {str(entry)[:40]!r} is not a color; write a hex color or an object with 'hex' or 'lab'."
        )
    name, role, lab, code = (entry.get(key, "") for key in ("name", "role", "lab", "hex"))
    if not isinstance(name, str) or not isinstance(role, str):
        raise InputError(f"{where}: 'name' and 'role' are texts.")
    if isinstance(code, str) and code:
        return Ink.of_hex(code, name=name, role=role)
    if not isinstance(lab, list) or len(lab) != 3 or not all(isinstance(v, int | float) for v in lab):
        raise InputError(f"{where} has neither 'hex' nor a 'lab' of three numbers.")
    return Ink(name or "unnamed", (float(lab[0]), float(lab[1]), float(lab[2])), role)


def _ase_inks(data: bytes, source: str) -> list[Ink]:
    inks = []
    try:
        _, _, count = struct.unpack_from(">HHI", data, 4)
        at = 12
        for _ in range(count):
            kind, length = struct.unpack_from(">HI", data, at)
            body = data[at + 6 : at + 6 + length]
            if len(body) < length:
                raise struct.error
            at += 6 + length
            if kind == _ASE_COLOR:
                inks.append(_ase_ink(body, source))
    except (struct.error, UnicodeDecodeError):
        raise InputError(f"{source} is cut or damaged: its swatches end before it says they do.") from None
    return inks


def _ase_ink(body: bytes, source: str) -> Ink:
    (units,) = struct.unpack_from(">H", body)
    name = body[2 : 2 + 2 * units].decode("utf-16-be").rstrip("\0")
    model, at = body[2 + 2 * units : 6 + 2 * units], 6 + 2 * units
    readers: dict[bytes, Callable[[], Ink]] = {
        b"RGB ": lambda: _srgb_ink(struct.unpack_from(">3f", body, at), name),
        b"Gray": lambda: _srgb_ink(struct.unpack_from(">f", body, at) * 3, name),
        b"LAB ": lambda: _lab_ink(struct.unpack_from(">3f", body, at), name),
    }
    if model not in readers:
        raise InputError(
            f"{source}: the swatch {name!r} is in {model.decode('ascii', 'replace').strip()}, which has no color "
            "of its own without a press; save the swatches as Lab or RGB."
        )
    return readers[model]()


def _lab_ink(values: tuple[float, ...], name: str) -> Ink:
    return Ink(name or "unnamed", (values[0] * 100, values[1], values[2]))


def _srgb_ink(encoded: Iterable[float], name: str) -> Ink:
    values = np.clip(np.array(list(encoded), dtype=np.float64), 0, 1)
    lab = srgb_to_lab(values)
    ink = Ink(name or "unnamed", (float(lab[0]), float(lab[1]), float(lab[2])))
    return ink if name else Ink(ink.hex, ink.lab)
