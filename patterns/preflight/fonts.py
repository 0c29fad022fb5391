"""Fonts of a PDF: those that are not embedded are replaced, and text runs differently. ISO 32000-1, 9."""

from collections.abc import Iterator
from typing import Any

from patterns.errors import Finding
from patterns.preflight.drawn import Drawn

_FILES = ("/FontFile", "/FontFile2", "/FontFile3")


def font_names(drawn: Drawn) -> list[str]:
    """Return the fonts that show text, by name."""
    return sorted({_name(font) for font in drawn.fonts.values()})


def unembedded(fonts: Any) -> list[str]:
    """Return the names of those fonts that the file does not carry."""
    return sorted({_name(font) for font in fonts if not embedded(font)})


def embedded(font: Any) -> bool:
    """Return whether a font's outlines are in the file; those of Type 3 always are."""
    if str(font.get("/Subtype", "")) == "/Type3":
        return True
    for inner in list(font.get("/DescendantFonts", ()))[:1] or [font]:
        descriptor = inner.get("/FontDescriptor")
        if descriptor is None or not any(key in descriptor for key in _FILES):
            return False
    return True


def font_findings(drawn: Drawn, *, claims: bool) -> Iterator[Finding]:
    """Yield what is wrong with the fonts of a page."""
    cure = "embed the fonts, or turn text into outlines"
    missing = unembedded(drawn.fonts.values())
    if missing:
        yield Finding("fault", "it shows text in fonts that are not embedded", ", ".join(missing)[:200], cure)
    idle = [name for name in unembedded(drawn.named_fonts.values()) if name not in missing]
    if idle:
        severity = "fault" if claims else "note"
        yield Finding(
            severity, "it names fonts that are not embedded, though no text is in them", ", ".join(idle)[:200], cure
        )


def _name(font: Any) -> str:
    return str(font.get("/BaseFont", "/a font without name"))[1:]
