"""What plates are called: one rule for files, PDF colorants and TIFF channels.

A plate is numbered and named by its ink, "03 Black": the ink's place in the palette, as on the palette card, chips and
legends, whatever the order in which the inks fall. The number makes names unique, whatever the inks are called and
whether or not a RIP minds case, and keeps them from being a name that RIPs keep for themselves: a bare "Black" would
land on the process plate, and "All" on every plate (ISO 32000-1, 8.6.6.4).
"""

from patterns.color import Palette

RESERVED = frozenset({"cyan", "magenta", "yellow", "black", "all", "none"})
# What file systems forbid or RIPs read as their own: separators, wildcards, the delimiters of PDF and PostScript.
_FORBIDDEN = frozenset('/\\:*?"<>|#%()[]{}')
_LONGEST = 40
# ISO 32000-1, annex C: a name has at most 127 bytes; some file systems allow 143, an ending included.
_MOST_BYTES = 120


def plate_name(number: int, ink: str) -> str:
    """Return a plate's name: a number, and of the ink's name what files and RIPs can hold."""
    kept = "".join(" " if c in _FORBIDDEN or not c.isprintable() else c for c in ink)
    name = " ".join(kept.split())[:_LONGEST]
    while len(name.encode()) > _MOST_BYTES:
        name = name[:-1]
    return f"{number:02} {name.strip(' .') or 'ink'}"


def plate_names(palette: Palette) -> tuple[str, ...]:
    """Return a name for each ink of a palette, numbered in palette order from 1, the ground's first."""
    return tuple(plate_name(number, ink.name) for number, ink in enumerate(palette.inks, start=1))
