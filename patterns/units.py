"""Lengths as people write them ("64cm", "25.25in", "53x64cm"), turned into millimeters once, at the door."""

import re

from patterns.errors import InputError

MM_PER_UNIT = {
    "mm": 1.0,
    "cm": 10.0,
    "m": 1000.0,
    "in": 25.4,
    "inch": 25.4,
    '"': 25.4,
    "pt": 25.4 / 72,
    "yd": 914.4,
    "ft": 304.8,
}
MM_PER_INCH = 25.4
PT_PER_MM = 72 / 25.4
# Resolutions at which a millimeter is a whole number of pixels: 5, 6, 10 and 12 px/mm.
METRIC_DPI = (127.0, 152.4, 254.0, 304.8)

_LENGTH = re.compile(r"\s*([0-9]*\.?[0-9]+)\s*([a-z\"]*)\s*", re.IGNORECASE)


def parse_length(text: str) -> float:
    """Return a length in mm, from a number with its unit ("64cm", "25.25 in").

    Raises InputError if the unit is missing or unknown, or if the length is not positive.
    """
    match = _LENGTH.fullmatch(text)
    if match is None or match[2].lower() not in MM_PER_UNIT:
        raise InputError(f"{text!r} is not a length with a unit; write for example 64cm, 640mm or 25.25in.")
    length = float(match[1]) * MM_PER_UNIT[match[2].lower()]
    if not 0 < length < 1e6:
        raise InputError(f"{text!r} is not a size that can be printed; lengths lie between 0 and 1000 m.")
    return length


def parse_size(text: str) -> tuple[float, float]:
    """Return (width, height) in mm from "53x64cm", "53cm x 64cm" or one length for a square."""
    parts = re.split(r"\s*[x×]\s*", text.strip(), flags=re.IGNORECASE)
    if len(parts) == 1:
        side = parse_length(parts[0])
        return side, side
    if len(parts) != 2:
        raise InputError(f"{text!r} is not a size; write for example 53x64cm or 64cm.")
    if re.fullmatch(r"[0-9.]+", parts[0]):
        unit = _LENGTH.fullmatch(parts[1])
        parts[0] += unit[2] if unit else ""
    return parse_length(parts[0]), parse_length(parts[1])


def dpi_to_px_per_mm(dpi: float) -> float:
    """Return pixels per mm at a resolution in dots per inch."""
    return dpi / MM_PER_INCH


def format_mm(length_mm: float) -> str:
    """Return a length for people: centimeters, or meters from two meters on ("64 cm", "10.05 m")."""
    value, unit = (length_mm / 1000, "m") if length_mm >= 2000 else (length_mm / 10, "cm")
    return f"{value:.4g} {unit}"
