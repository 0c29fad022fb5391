"""Palettes as files: .ase, .aco, .gpl, .cxf, .css and .json, read and written; lists of hex colors (.hex, .txt), read.

Each format is a module of ``patterns.color.swatches``; docs/palettes.md says how precise each is. What a format cannot
hold is returned as Findings when it is written.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np

from patterns.color.difference import ciede2000
from patterns.color.ink import D50_2, Ink, Palette
from patterns.color.spaces import in_srgb, lab_to_xyz, srgb_to_lab, xyz_to_linear
from patterns.color.swatches.aco import aco_bytes, aco_inks, fits_aco, looks_like_aco
from patterns.color.swatches.ase import MAGIC as ASE_MAGIC
from patterns.color.swatches.ase import ase_bytes, ase_inks
from patterns.color.swatches.css import css_inks, css_text
from patterns.color.swatches.cxf import cxf_bytes, cxf_inks
from patterns.color.swatches.record import json_inks, json_text
from patterns.color.swatches.text import GPL_MAGIC, gpl_inks, gpl_text, line_inks, listed_inks, looks_like_colors
from patterns.errors import Finding, InputError
from patterns.separation import MOST_INKS

__all__ = [
    "KINDS",
    "ase_bytes",
    "gpl_text",
    "looks_like_colors",
    "palette_bytes",
    "palette_of_text",
    "read_palette",
    "write_palette",
]

# A palette file of 32 inks has a few kilobytes; what is larger than this is something else.
_LARGEST_FILE = 4 * 2**20
# Colors are counted up to here when there are too many.
_COUNTED = 1000
# CIEDE2000 from which a clipped color is another color: half of what a trained eye sees side by side.
_CLIPPED = 0.5


@dataclass(frozen=True, slots=True)
class _Format:
    """How a kind is written, and what it holds: sRGB only, or the view and spectrum of its inks."""

    write: Callable[[Palette], bytes]
    srgb_only: bool = False
    keeps_views: bool = False


_FORMATS = {
    "ase": _Format(ase_bytes),
    "aco": _Format(aco_bytes),
    "aco1": _Format(lambda palette: aco_bytes(palette, version=1)),
    "gpl": _Format(lambda palette: gpl_text(palette).encode(), srgb_only=True),
    "cxf": _Format(cxf_bytes, keeps_views=True),
    "css": _Format(lambda palette: css_text(palette).encode()),
    "json": _Format(lambda palette: json_text(palette).encode(), keeps_views=True),
}
KINDS = tuple(_FORMATS)


def palette_of_text(text: str, *, name: str = "") -> Palette:
    """Return the palette of colors parted by commas, semicolons or lines: hex, or names such as "sage".

    Raises InputError on what is no color, on an empty list, and on more than 32 inks.
    """
    return _of_inks(listed_inks(text), name, "the list")


def read_palette(path: Path) -> Palette:
    """Return the palette in a file, by its content and ending; InputError if it cannot be read as one."""
    data = _bytes(path)
    try:
        return _of_inks(_inks(data, path), path.stem, path.name)
    except InputError as error:
        raise (error if path.name in str(error) else InputError(f"{path.name}: {error}")) from None


def palette_bytes(palette: Palette, kind: str) -> tuple[bytes, tuple[Finding, ...]]:
    """Return the palette as a file of a kind (one of KINDS), and what that kind cannot hold of it."""
    if kind not in _FORMATS:
        raise InputError(f"palettes are not written as {kind!r}; they are as {', '.join(KINDS)}.")
    return _FORMATS[kind].write(palette), tuple(_losses(palette, kind))


def write_palette(palette: Palette, path: Path, kind: str | None = None) -> tuple[Finding, ...]:
    """Write a palette to a file, by its ending unless ``kind`` says another; return what the kind cannot hold."""
    data, found = palette_bytes(palette, kind or path.suffix.lower().removeprefix("."))
    fresh = path.with_name(f".{path.name}.part")
    try:
        fresh.write_bytes(data)
        os.replace(fresh, path)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise InputError(f"the palette cannot be written to {path}: {error.strerror or error}.") from None
    return found


def _inks(data: bytes, path: Path) -> Iterator[Ink]:
    suffix = path.suffix.lower()
    if data.startswith(ASE_MAGIC):
        return ase_inks(data, path.name)
    if suffix in {".aco", ".ase"} or looks_like_aco(data):
        if suffix == ".ase":
            raise InputError(f"{path.name} does not begin as a swatch exchange file does; it is cut or no .ase file.")
        return aco_inks(data, path.name)
    if suffix in {".cxf", ".cxf3", ".mxf", ".xml"} or data.lstrip().startswith((b"<?xml", b"\xef\xbb\xbf<?xml")):
        return cxf_inks(data, path.name)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(
            f"{path.name} is no palette: neither text nor .ase; .ase, .aco, .gpl, .cxf, .css, .json, .hex and .txt can "
            "be read."
        ) from None
    return _text_inks(text, path)


def _text_inks(text: str, path: Path) -> Iterator[Ink]:
    suffix = path.suffix.lower()
    if text.startswith(GPL_MAGIC):
        return gpl_inks(text, path.name)
    if suffix == ".gpl":
        raise InputError(f"{path.name} does not begin with 'GIMP Palette'; it is cut or no .gpl file.")
    if suffix == ".json" or text.lstrip().startswith(("{", "[")):
        return json_inks(text, path.name)
    if suffix in {".css", ".scss", ".less"}:
        return css_inks(text, path.name)
    return line_inks(text, path.name)


def _bytes(path: Path) -> bytes:
    try:
        if path.is_file() and path.stat().st_size > _LARGEST_FILE:
            raise InputError(f"{path.name} has {path.stat().st_size / 2**20:.0f} MB; that is no palette.")
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"the palette file {path} cannot be read: {error.strerror or error}.") from None


def _of_inks(inks: Iterable[Ink], name: str, source: str) -> Palette:
    found = tuple(islice(inks, _COUNTED))
    if not found:
        raise InputError(f"{source} has no color in it; write for example '#f3ead7,#27356b'.")
    if len(found) > MOST_INKS:
        many = f"{len(found)} colors" if len(found) < _COUNTED else f"{_COUNTED} colors or more"
        raise InputError(f"{source} has {many}; a palette has at most {MOST_INKS} inks.")
    return Palette(found, name)


def _losses(palette: Palette, kind: str) -> Iterator[Finding]:
    """Yield what a kind of file cannot hold of a palette."""
    how = _FORMATS[kind]
    cure = "write .json or .cxf, which hold it"
    if how.srgb_only and (clipped := _clipped(palette)):
        yield _outside(
            clipped, f"outside sRGB, and .{kind} holds nothing else: it is clipped", "write .ase, .cxf, .css"
        )
    if kind.startswith("aco") and (far := [(ink, 0.0) for ink in palette.inks if not fits_aco(ink)]):
        yield _outside(far, "beyond the a and b of 128 that .aco holds: it is clipped", "write .ase, .cxf, .css")
    if how.keeps_views:
        return
    if adapted := [ink for ink in palette.inks if ink.view != D50_2 and ink.spectrum is None]:
        message = (
            f".{kind} holds Lab under D50/2 only; {_listed(adapted)} came from {adapted[0].view} without a spectrum"
        )
        yield Finding("warning", f"{message}, so its Lab is approximate.", cure=cure)
    if spectral := [ink for ink in palette.inks if ink.spectrum is not None]:
        yield Finding("note", f".{kind} holds no spectra: that of {_listed(spectral)} stays behind.", cure=cure)


def _clipped(palette: Palette) -> list[tuple[Ink, float]]:
    """Return the inks that sRGB does not reach, with the CIEDE2000 that clipping moves them by."""
    lab = palette.lab()
    moved = ciede2000(lab, srgb_to_lab(palette.srgb8() / 255.0))
    outside = ~in_srgb(xyz_to_linear(lab_to_xyz(lab)), tolerance=1e-4) & (moved > _CLIPPED)
    return [(palette.inks[i], float(moved[i])) for i in np.flatnonzero(outside)]


def _outside(inks: list[tuple[Ink, float]], what: str, cure: str) -> Finding:
    worst = max(difference for _, difference in inks)
    measured = f"CIEDE2000 up to {worst:.1f}" if worst else ""
    return Finding("warning", f"{_listed([ink for ink, _ in inks])} lies {what}.", measured, f"{cure} or .json")


def _listed(inks: list[Ink]) -> str:
    named = ", ".join(repr(ink.name) for ink in inks[:3])
    return named if len(inks) <= 3 else f"{named} and {len(inks) - 3} more"
