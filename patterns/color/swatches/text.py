"""Palettes as plain text: GIMP's .gpl, and lists of hex colors or names (.hex, .txt). 8-bit sRGB."""

import re
from collections.abc import Iterator

from patterns.color.ink import Ink, Palette
from patterns.color.names import named
from patterns.color.swatches import ink_name, srgb_ink
from patterns.errors import InputError

GPL_MAGIC = "GIMP Palette"
_HEX = re.compile(r"#?(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})")
_NEARLY_HEX = re.compile(r"#?[0-9a-fA-F]{3,6}")
_GPL_ROW = re.compile(r"\s*(\d{1,3})\s+(\d{1,3})\s+(\d{1,3})(?:\s+(.*))?$")


def looks_like_colors(text: str) -> bool:
    """Return whether a text is a list of hex colors and nothing else; a single one needs its "#"."""
    words = re.split(r"[,;\s]+", text.strip())
    return ("#" in text or "," in text) and all(_HEX.fullmatch(word) for word in words)


def listed_inks(text: str) -> Iterator[Ink]:
    """Yield the inks of colors parted by commas, semicolons or lines: hex, or names such as "sage"."""
    words = text.replace(",", " ").replace(";", " ").split()
    parts = words if all(_NEARLY_HEX.fullmatch(word) for word in words) else re.split(r"[,;\n]", text)
    return (color_ink(part.strip()) for part in parts if part.strip())


def color_ink(text: str) -> Ink:
    """Return the ink of hex digits or of a color's name; InputError if it is neither."""
    if _HEX.fullmatch(text):
        return Ink.of_hex(text)
    ink = named(text)
    if ink is None:
        raise InputError(f"{text[:40]!r} is not a color; write six hex digits such as #27356b, or a color's name.")
    return ink


def line_inks(text: str, source: str) -> Iterator[Ink]:
    """Yield the inks of a list with one or more colors a line; lines that begin with ; or // or "# " are remarks."""
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or re.match(r"\s*(;|//|#\s|#$)", line):
            continue
        try:
            yield from listed_inks(line)
        except InputError as error:
            raise InputError(f"{source}, line {number}: {error}") from None


def gpl_inks(text: str, source: str) -> Iterator[Ink]:
    """Yield the inks of a GIMP palette."""
    for number, line in enumerate(text.splitlines()[1:], start=2):
        if not line.strip() or line.startswith("#") or re.match(r"(Name|Columns|Channels):", line):
            continue
        match = _GPL_ROW.match(line)
        if match is None or max(int(v) for v in match.groups()[:3]) > 255:
            raise InputError(
                f"{source}, line {number}: {line.strip()[:40]!r} is not three numbers from 0 to 255 and a name."
            )
        yield srgb_ink([int(v) / 255 for v in match.groups()[:3]], match[4] or "")


def gpl_text(palette: Palette) -> str:
    """Return the palette as a GIMP palette: 8-bit sRGB, so colors outside sRGB are clipped."""
    rows = [
        f"{r:3d} {g:3d} {b:3d}\t{ink_name(ink.name)}"
        for (r, g, b), ink in zip(palette.srgb8(), palette.inks, strict=True)
    ]
    return "\n".join([GPL_MAGIC, f"Name: {ink_name(palette.name) or 'palette'}", "Columns: 0", "#", *rows, ""])
