"""What a license says of selling pictures, in one sentence: for those whose name says enough. No legal advice."""

import re
from contextlib import suppress
from pathlib import Path

from patterns import presets
from patterns.diffusion.shelf import Commercial, ModelRecord

NOBODY_SAID = "Nobody has said under which license it may be used; ask its maker before pictures are sold."
NOT_KNOWN = "patterns does not know what this license says of selling pictures; read it before you sell any."
_FREELY = "Pictures may be sold without conditions."
_RAIL = "Pictures may be sold; the license forbids a list of harmful uses."
_FREE = {
    "apache-2.0": _FREELY, "mit": _FREELY, "cc0-1.0": _FREELY, "bsd-3-clause": _FREELY, "unlicense": _FREELY,
    "openrail": _RAIL, "openrail++": _RAIL, "creativeml-openrail-m": _RAIL,
}  # fmt: skip
_NONCOMMERCIAL = re.compile(r"\bnc\b|non-?commercial|research", re.IGNORECASE)
_FORBIDDEN = "Its name says that it is for non-commercial use; ask its maker before pictures are sold."
_STRICTNESS: tuple[Commercial, ...] = ("yes", "conditions", "unknown", "no")
_CARD_BYTES = 20_000


def said(license: str) -> tuple[str, str, Commercial]:
    """Return (license, its commercial terms in a sentence, whether pictures may be sold) by the license's name."""
    name = license.strip()
    if not name or name.lower() in ("other", "unknown"):
        return "unknown", NOBODY_SAID, "unknown"
    if name.lower() in _FREE:
        return name, _FREE[name.lower()], "yes"
    return (name, _FORBIDDEN, "no") if _NONCOMMERCIAL.search(name) else (name, NOT_KNOWN, "unknown")


def chosen(asked: str, preset: presets.Model | None, named: str) -> tuple[str, str, Commercial]:
    """Return the same: as the user says, else as the preset does, else by the name that the maker's card gives."""
    if preset is not None and not asked:
        commercial: Commercial = next(word for word in _STRICTNESS if word == preset.commercial)
        return preset.license, preset.license_says, commercial
    return said(asked or named)


def of_card(folder: Path) -> str:
    """Return the license that the card (README.md) of a folder names, "" if it names none."""
    with suppress(OSError, UnicodeDecodeError), (folder / "README.md").open(encoding="utf-8") as file:
        top = file.read(_CARD_BYTES).split("\n---", 1)[0]
        lines = dict(re.findall(r"^(license|license_name):\s*(\S.*?)\s*$", top, re.MULTILINE))
        return lines.get("license_name") or lines.get("license", "")
    return ""


def together(license_says: str, commercial: Commercial, base: ModelRecord) -> tuple[str, Commercial]:
    """Return the terms of what stands on a base: both sentences, and the stricter of both."""
    both = f"{license_says} Its base {base.name} ({base.license}): {base.license_says}"
    stricter: Commercial = _STRICTNESS[max(map(_STRICTNESS.index, (commercial, base.commercial)))]
    return both, stricter
