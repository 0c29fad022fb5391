"""Palettes found by what people type: words, moods, seasons, hues and named colors, alone or together.

"moody autumn", "blue", "dusty rose and sage", "#27356b", "coastal with red". Every part of a query has to be met by a
palette that is found; if none meets all, those that meet the most are found. The main color counts more than a detail.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from patterns.color.difference import ciede2000
from patterns.color.ink import Ink
from patterns.color.names import LONGEST_NAME, named, names, normal
from patterns.color.spaces import lab_to_oklch

# How much an ink says about its palette, by its place: ground, main, second, accent, line, detail; others as a detail.
_WEIGHT = (0.9, 1.0, 0.7, 0.6, 0.35, 0.3)
# A named color is met by an ink within this CIEDE2000: farther off, people would not call it that.
_NEAR = 14.0
# Points for a word in the title, among the words, in an ink's name; and for a color.
_TITLE, _WORD, _INK, _COLOR = 4.0, 3.0, 1.2, 2.0
_LEAST = 0.25
_SKIPPED = frozenset(
    (
        "a",
        "and",
        "the",
        "with",
        "on",
        "in",
        "of",
        "for",
        "or",
        "palette",
        "palettes",
        "color",
        "colors",
        "tone",
        "tones",
    )
)
# Words that people type for those that the palettes bear.
_SAME = {
    "fall": "autumn",
    "autumnal": "autumn",
    "wintry": "winter",
    "xmas": "christmas",
    "holiday": "christmas",
    "vintage": "retro",
    "boho": "bohemian",
    "seaside": "coastal",
    "nautical": "coastal",
    "beach": "coastal",
    "marine": "coastal",
    "ocean": "sea",
    "rustic": "country",
    "farmhouse": "country",
    "floral": "botanical",
    "baby": "nursery",
    "kids": "playful",
    "children": "playful",
    "fun": "playful",
    "cheerful": "bright",
    "vivid": "bright",
    "neutrals": "neutral",
    "pastels": "pastel",
    "gentle": "soft",
    "quiet": "calm",
    "serene": "calm",
    "light": "pale",
    "gloomy": "moody",
    "rich": "jewel",
    "opulent": "luxurious",
    "luxury": "luxurious",
    "traditional": "classic",
    "elegant": "classic",
    "monochromatic": "tonal",
    "ethnic": "folk",
    "earth": "earthy",
    "minimalist": "minimal",
    "romance": "romantic",
}
# Hue names by OKLCh: (from, to) in degrees, lightness range, least chroma; judged by eye on the palettes' own inks.
_HUES: dict[str, tuple[tuple[float, float], tuple[float, float], float]] = {
    "red": ((8, 36), (0.30, 0.66), 0.11),
    "pink": ((330, 28), (0.58, 0.96), 0.035),
    "orange": ((38, 72), (0.60, 0.86), 0.10),
    "brown": ((20, 95), (0.22, 0.58), 0.035),
    "yellow": ((78, 112), (0.72, 0.98), 0.075),
    "green": ((112, 172), (0.20, 0.97), 0.035),
    "teal": ((172, 226), (0.20, 0.80), 0.035),
    "aqua": ((165, 226), (0.72, 0.97), 0.03),
    "blue": ((226, 283), (0.18, 0.95), 0.035),
    "purple": ((283, 340), (0.18, 0.90), 0.04),
    "gray": ((0, 360), (0.30, 0.88), 0.0),
    "black": ((0, 360), (0.0, 0.28), 0.0),
    "white": ((0, 360), (0.945, 1.0), 0.0),
}
_MOST_CHROMA = {"gray": 0.018, "black": 0.035, "white": 0.03, "brown": 0.11}
_HUES_SAME = {"turquoise": "teal", "violet": "purple", "lilac": "purple", "golden": "yellow"}


@dataclass(frozen=True, slots=True)
class Listed:
    """What a search knows of P palettes: words to find by, and the inks' Lab (P, 6, 3), NaN where there is none."""

    titles: tuple[frozenset[str], ...]
    words: tuple[frozenset[str], ...]
    inks: tuple[frozenset[str], ...]
    lab: np.ndarray

    @classmethod
    def of(cls, palettes: Sequence[tuple[str, Sequence[str], Sequence[str]]], lab: np.ndarray) -> "Listed":
        """Return the list of (title, words, inks' names) and the inks' Lab (P, 6, 3)."""
        return cls(
            tuple(frozenset(_words(title)) for title, _, _ in palettes),
            tuple(frozenset(_words(" ".join(words))) for _, words, _ in palettes),
            tuple(frozenset(_words(" ".join(inks))) for _, _, inks in palettes),
            lab,
        )


def search(text: str, listed: Listed) -> np.ndarray:
    """Return the indices of the palettes that a query means, best first, (N,) int; none if no word of it is known."""
    parts = _parts(text)
    if not parts:
        return np.arange(len(listed.titles))
    points = np.stack([_points(part, listed) for part in parts])
    met = (points >= _LEAST).sum(axis=0)
    if met.max(initial=0) == 0:
        return np.zeros(0, dtype=int)
    order = np.argsort(-points.sum(axis=0), kind="stable")
    return order[met[order] == met.max()]


def hues_of(lab: np.ndarray) -> np.ndarray:
    """Return which of the hue names fit each Lab color (..., 3), as (..., H) bool in the order of the table."""
    lightness, chroma, hue = np.moveaxis(lab_to_oklch(lab), -1, 0)
    fits = []
    for name, ((start, stop), (low, high), least) in _HUES.items():
        turned = (hue - start) % 360 <= (stop - start) % 360 if stop - start < 360 else np.isfinite(hue)
        fit = turned & (lightness >= low) & (lightness <= high) & (chroma >= least)
        fits.append(fit & (chroma <= _MOST_CHROMA.get(name, np.inf)))
    return np.stack(fits, axis=-1)


def _words(text: str) -> list[str]:
    return [normal(word) for word in re.findall(r"#[0-9a-fA-F]{6}|[^\W\d_]+", text)]


def _parts(text: str) -> list[str]:
    """Return the query's parts: color names of several words together, other words alone."""
    words, parts, at = _words(text[:200])[:20], [], 0
    while at < len(words):
        length = next((n for n in range(LONGEST_NAME, 1, -1) if _is_name(words[at : at + n], n)), 1)
        part = " ".join(words[at : at + length])
        if part not in _SKIPPED:
            parts.append(_SAME.get(part, part))
        at += length
    return list(dict.fromkeys(parts))


def _is_name(words: list[str], length: int) -> bool:
    return len(words) == length and named(" ".join(words)) is not None and words[0] not in _SKIPPED


def _points(part: str, listed: Listed) -> np.ndarray:
    """Return how well every palette meets one part of a query, (P,) float."""
    found = np.zeros(len(listed.titles))
    for kind, score in ((listed.titles, _TITLE), (listed.words, _WORD), (listed.inks, _INK)):
        found += score * np.array([_meets(part, words) for words in kind])
    hue = _HUES_SAME.get(part, part)
    if hue in _HUES:
        fits = hues_of(listed.lab)[..., list(_HUES).index(hue)]
        return found + _COLOR * (fits * _WEIGHT).max(axis=1)
    ink = _color(part)
    if ink is not None:
        near = np.clip(1 - ciede2000(np.array(ink.lab_d50), np.nan_to_num(listed.lab, nan=1e3)) / _NEAR, 0, 1)
        found += 2 * _COLOR * (near * (0.5 + np.array(_WEIGHT) / 2)).max(axis=1)
    return found


def _meets(part: str, words: frozenset[str]) -> float:
    """Return 1 for a word or all words of a name, less for the beginning of one."""
    if set(part.split()) <= words:
        return 1.0
    return 0.4 if len(part) >= 4 and any(word.startswith(part) for word in words) else 0.0


@lru_cache(maxsize=512)
def _color(part: str) -> Ink | None:
    if part.startswith("#"):
        return Ink.of_hex(part)
    # A mood or a thing that is a color too ("forest") is both; a plain word such as "warm" is none.
    return None if part in names().modifiers else named(part)
