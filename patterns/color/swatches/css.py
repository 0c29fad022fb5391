"""Palettes as style sheets: custom properties with the colors of CSS Color Module Level 4.

``--name: value;`` is read, and Sass's ``$name`` and Less's ``@name`` alike; what is no color is passed over. Lab and
LCh are D50 with the 2-degree observer, as CSS means them, so a written palette keeps its Lab, to 0.0001, also outside
sRGB.
"""

import colorsys
import json
import math
import re
from collections.abc import Callable, Iterator

import numpy as np

from patterns.color.ink import Ink, Palette
from patterns.color.names import names
from patterns.color.spaces import from_polar, linear_to_xyz, oklab_to_linear, xyz_to_lab
from patterns.color.swatches import ink_name, lab_ink, srgb_ink
from patterns.errors import InputError
from patterns.separation import ROLES

_BREAK = re.compile(r"/\*|[;{}]")
_PROPERTY = re.compile(r"(?:--|\$|@)([^\s:]+)\s*:\s*(.+)", re.DOTALL)
_FUNCTION = re.compile(r"([a-z]+)\(([^()]*)\)")
_VALUE = re.compile(r"([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)(%|deg|grad|rad|turn)?")
_TURNS = {"deg": 1.0, "grad": 0.9, "rad": 180 / math.pi, "turn": 360.0, None: 1.0}
# What a written ink's remark holds: its name as JSON, its role, its hex.
_REMARK = re.compile(r'\s*("(?:[^"\\]|\\.)*")\s*(\w*)')
_LONGEST_VALUE = 200


def css_text(palette: Palette) -> str:
    """Return the palette as custom properties in CIE Lab, with each ink's name, role and nearest hex as a remark."""
    rows = []
    for number, ink in enumerate(palette.inks, start=1):
        lightness, a, b = ink.lab_d50
        label = json.dumps(ink_name(ink.name), ensure_ascii=False).replace("*/", "*\\/")
        slug = re.sub(r"[^a-z0-9]+", "-", ink.name.lower()).strip("-")
        remark = " ".join(part for part in (label, ink.role if ink.role in ROLES else "", ink.hex) if part)
        rows.append(
            f"  --ink-{number}{'-' if slug else ''}{slug}: lab({lightness:.4f} {a:.4f} {b:.4f}); /* {remark} */"
        )
    title = ink_name(palette.name).replace("*/", "* /") or "palette"
    return "\n".join([f"/* {title}: CIE Lab, D50, 2-degree observer */", ":root {", *rows, "}", ""])


def css_inks(text: str, source: str) -> Iterator[Ink]:
    """Yield the inks of a style sheet's custom properties."""
    for declared, remark in _declarations(text, source):
        match = _PROPERTY.match(declared.strip()[: 4 * _LONGEST_VALUE])
        if match is None or len(match[2]) > _LONGEST_VALUE:
            continue
        said = _REMARK.match(remark)
        name = _unquoted(said[1]) if said else match[1].strip("-").replace("-", " ").replace("_", " ")
        ink = _color(match[2].strip().lower(), name, f"{source}, {match[1][:40]!r}")
        if ink is not None:
            yield Ink(ink.name, ink.lab, said[2]) if said and said[2] in ROLES else ink


def _declarations(text: str, source: str) -> Iterator[tuple[str, str]]:
    """Yield every declaration with the remark that follows it on its line, or ""."""
    at, held, pending = 0, "", None
    while match := _BREAK.search(text, at):
        held += text[at : match.start()]
        if match[0] == "/*":
            end = text.find("*/", match.end())
            if end < 0:
                raise InputError(f"{source} is cut or damaged: a remark in it has no end.")
            if pending is not None:
                beside = "\n" not in held and not held.strip()
                yield pending, text[match.end() : end] if beside else ""
                pending = None
            at = end + 2
            continue
        if pending is not None:
            yield pending, ""
        pending, held, at = held, "", match.end()
    yield from [(part, "") for part in (pending, held + text[at:]) if part]


def _unquoted(text: str) -> str:
    try:
        return str(json.loads(text))
    except ValueError:
        return text


def _color(value: str, name: str, where: str) -> Ink | None:
    """Return the ink of a CSS color value; None if it is no color, InputError if it is see-through."""
    if match := re.fullmatch(r"#([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})", value):
        digits = match[1] if len(match[1]) >= 6 else "".join(c * 2 for c in match[1])
        _refuse_clear(int(digits[6:] or "ff", 16) / 255, where)
        return srgb_ink([int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)], name)
    if value in names().css:
        return Ink.of_hex(names().css[value], name=ink_name(name))
    call = _FUNCTION.fullmatch(value)
    if call is None or call[1].removesuffix("a") not in _SPACES:
        return None
    inner, _, alpha = call[2].partition("/")
    parts = inner.replace(",", " ").split()
    alpha = alpha.strip() or (parts.pop() if len(parts) == 4 else "1")
    if len(parts) != 3:
        return None
    numbers = _SPACES[call[1].removesuffix("a")](parts)
    opacity = _number(alpha, 1.0)
    if numbers is None or opacity is None:
        return None
    _refuse_clear(opacity, where)
    return srgb_ink(numbers, name) if call[1][:3] in {"rgb", "hsl"} else lab_ink(numbers, name)


def _refuse_clear(opacity: float, where: str) -> None:
    if opacity < 1:
        raise InputError(f"{where} is see-through ({opacity:.0%}); an ink is opaque, so write the color it gives.")


def _number(text: str, whole: float) -> float | None:
    """Return a CSS number, a percentage of ``whole``, or an angle in degrees; None if it is none."""
    if text == "none":
        return 0.0
    match = _VALUE.fullmatch(text)
    if match is None or not abs(number := float(match[1])) < 1e6:
        return None
    return number * whole / 100 if match[2] == "%" else number * _TURNS[match[2]]


def _read(parts: list[str], wholes: tuple[float, float, float]) -> list[float] | None:
    values = [_number(part, whole) for part, whole in zip(parts, wholes, strict=True)]
    return None if any(v is None for v in values) else [v for v in values if v is not None]


def _rgb(parts: list[str]) -> list[float] | None:
    values = _read(parts, (255, 255, 255))
    return values and [v / 255 for v in values]


def _hsl(parts: list[str]) -> list[float] | None:
    values = _read(parts, (360, 100, 100))
    return values and list(colorsys.hls_to_rgb(values[0] / 360 % 1, values[2] / 100, values[1] / 100))


def _lab(parts: list[str]) -> list[float] | None:
    return _read(parts, (100, 125, 125))


def _lch(parts: list[str]) -> list[float] | None:
    values = _read(parts, (100, 150, 360))
    return values and [float(v) for v in from_polar(np.array(values))]


def _oklab(parts: list[str]) -> list[float] | None:
    values = _read(parts, (1, 0.4, 0.4))
    return values and [float(v) for v in xyz_to_lab(linear_to_xyz(oklab_to_linear(np.array(values))))]


def _oklch(parts: list[str]) -> list[float] | None:
    values = _read(parts, (1, 0.4, 360))
    return values and _oklab([repr(float(v)) for v in from_polar(np.array(values))])


_SPACES: dict[str, Callable[[list[str]], list[float] | None]] = {
    "rgb": _rgb,
    "hsl": _hsl,
    "lab": _lab,
    "lch": _lch,
    "oklab": _oklab,
    "oklch": _oklch,
}
