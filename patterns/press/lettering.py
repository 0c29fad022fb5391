"""Lettering: the two faces that pages are set in, always embedded, and what they cannot set said plainly.

DejaVu Sans (see fonts/LICENSE) has Latin, Greek, Cyrillic, Armenian, Georgian and their like. Scripts that run from
right to left, join their letters or are not in it would come out wrong or not at all: their characters are shown as
open boxes, and named in a Finding.
"""

import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from patterns.errors import Finding, MissingPart

REGULAR, BOLD = "DejaVuSans", "DejaVuSans-Bold"
# What stands for a character that the faces do not set.
BOX = "\u25a1"
# Unicode's bidirectional classes of text that does not simply run from left to right.
_OTHER_WAY = {"R", "AL", "AN", "RLE", "RLO", "RLI", "LRE", "LRO", "LRI", "FSI", "PDF", "PDI"}


def face_file(face: str) -> Path:
    """Return a face's file; MissingPart if it is gone."""
    path = Path(__file__).parent / "fonts" / f"{face}.ttf"
    if not path.is_file():
        raise MissingPart(f"the font {path.name} is missing; install patterns again: pip install --force-reinstall .")
    return path


@cache
def face(name: str) -> Any:
    """Return a face as reportlab reads it: its glyphs, widths in 1/1000 of the size, and how to cut a subset."""
    from reportlab.pdfbase.ttfonts import TTFontFile

    return TTFontFile(str(face_file(name)))


def register() -> None:
    """Make both faces known to reportlab, under their own names."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    for name in (REGULAR, BOLD):
        if name not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(name, str(face_file(name))))


def settable(text: str, name: str = REGULAR) -> str:
    """Return text in composed form (NFC) with an open box for every character that the face does not set."""
    known = face(name).charToGlyph
    composed = unicodedata.normalize("NFC", text)
    return "".join(c if _set(c, known) else BOX for c in composed if unicodedata.category(c) != "Cc")


def width(text: str, name: str, size: float) -> float:
    """Return how wide a line is, in the unit of ``size``."""
    widths = face(name).charWidths
    return sum(widths[ord(c)] for c in text) * size / 1000


def fitted(text: str, name: str, size: float, room: float) -> str:
    """Return the text as the face sets it, cut with an ellipsis if it is wider than ``room``."""
    text = settable(text, name)
    while len(text) > 1 and width(text, name, size) > room:
        text = text.rstrip("…")[:-1].rstrip() + "…"
    return text


def wrapped(text: str, name: str, size: float, room: float) -> list[str]:
    """Return the text as the face sets it, in lines no wider than ``room``: broken at spaces, or within long words."""
    lines: list[str] = []
    for word in settable(text, name).split():
        if lines and width(f"{lines[-1]} {word}", name, size) <= room:
            lines[-1] += f" {word}"
            continue
        lines.append("")
        for character in word:
            if lines[-1] and width(lines[-1] + character, name, size) > room:
                lines.append("")
            lines[-1] += character
    return lines


def unset(texts: Iterable[str], name: str = REGULAR) -> tuple[Finding, ...]:
    """Return a warning that names every character of the texts that the face does not set, or nothing."""
    known = face(name).charToGlyph
    composed = unicodedata.normalize("NFC", "".join(texts))
    lost = sorted({c for c in composed if not _set(c, known) and unicodedata.category(c) != "Cc"})
    if not lost:
        return ()
    named = ", ".join(f"U+{ord(c):04X}" for c in lost[:8]) + (f" and {len(lost) - 8} more" if len(lost) > 8 else "")
    return (
        Finding(
            "warning",
            "the page's typeface cannot set these characters, so that open boxes stand for them",
            named,
            "the metadata and the record hold the text whole; give a title or ink names in another script",
        ),
    )


def _set(character: str, known: dict[int, int]) -> bool:
    if ord(character) > 0xFFFF or ord(character) not in known:
        return False
    return unicodedata.bidirectional(character) not in _OTHER_WAY
