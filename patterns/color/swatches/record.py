"""Palettes as JSON: lists of colors as people write them, and our own record, which loses nothing.

Read are a list of colors, or an object with one under "inks", "colors" or "palette"; a color is a hex or a name, or an
object with "name", "role" and "lab" (D50 with the 2-degree observer unless "view" says another, for example "D65/10")
or "hex". The record of a design is read too: its palette.
"""

import json
from collections.abc import Iterator
from typing import Any

from patterns.color.ink import D50_2, Ink, Palette, Spectrum, View
from patterns.color.swatches import ink_name
from patterns.color.swatches.text import color_ink
from patterns.errors import InputError


def json_text(palette: Palette) -> str:
    """Return the palette as JSON with everything its inks know, exact to the last bit."""
    inks = [ink_record(ink) for ink in palette.inks]
    record = {"name": palette.name, "words": list(palette.words), "inks": inks}
    return json.dumps(record, indent=2, ensure_ascii=False) + "\n"


def ink_record(ink: Ink) -> dict[str, Any]:
    """Return an ink as JSON values; what is as usual (D50/2, no spectrum) is left out."""
    # "hex" is for people and for other tools; the Lab is what counts.
    record: dict[str, Any] = {"name": ink.name, "lab": [float(v) for v in ink.lab], "role": ink.role, "hex": ink.hex}
    if ink.view != D50_2:
        record["view"] = str(ink.view)
    if ink.spectrum is not None:
        record["spectrum"] = ink.spectrum.to_json()
    if ink.approximate:
        record["approximate"] = True
    return record


def json_inks(text: str, source: str) -> Iterator[Ink]:
    """Yield the inks of JSON text."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{source} is no complete JSON: {error}.") from None
    for _ in range(2):
        if isinstance(data, dict):
            data = data.get("inks", data.get("colors", data.get("palette")))
    if not isinstance(data, list):
        raise InputError(f'{source} holds no list of colors; write ["#f3ead7", "#27356b"] or {{"inks": [...]}}.')
    for number, entry in enumerate(data, start=1):
        yield _ink(entry, f"{source}, color {number}")


def _ink(entry: Any, where: str) -> Ink:
    if isinstance(entry, str):
        return color_ink(entry)
    if not isinstance(entry, dict):
        raise InputError(
            f"{where}: {str(entry)[:40]!r} is not a color; write a hex color or an object with 'hex' or 'lab'."
        )
    texts = {key: entry.get(key, "") for key in ("name", "role", "view")}
    if not all(isinstance(value, str) for value in texts.values()):
        raise InputError(f"{where}: 'name', 'role' and 'view' are texts.")
    name, role = ink_name(texts["name"]), ink_name(texts["role"])
    if "lab" not in entry and isinstance(entry.get("hex"), str):
        return Ink.of_hex(entry["hex"], name=name, role=role)
    view = View.named(texts["view"]) if texts["view"] else D50_2
    spectrum = Spectrum.from_json(entry["spectrum"]) if entry.get("spectrum") is not None else None
    lab = _numbers(entry.get("lab"), where)
    return Ink(name or "unnamed", lab, role, view, spectrum, entry.get("approximate") is True)


def _numbers(values: Any, where: str) -> tuple[float, float, float]:
    numbers = [v for v in values if _finite(v)] if isinstance(values, list) and len(values) == 3 else []
    if len(numbers) != 3:
        raise InputError(f"{where} has neither 'hex' nor a 'lab' of three numbers.")
    return float(numbers[0]), float(numbers[1]), float(numbers[2])


def _finite(value: Any) -> bool:
    # A whole number of a thousand digits is no float; what is not a number at all, the ink refuses.
    return type(value) in (int, float) and not abs(value) >= 1e9
