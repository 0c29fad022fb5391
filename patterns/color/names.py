"""Named colors: the words that people type, from ``names.toml``, and beyond it those of a survey, ``xkcd.toml``."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

import numpy as np

from patterns.color.difference import ciede2000
from patterns.color.ink import Ink
from patterns.color.spaces import lab_to_oklch, oklch_to_lab

# Words in the longest names: "ashes of roses", "forget me not".
LONGEST_NAME = 3
# No color's name is longer, with all its modifiers.
_LONGEST_TEXT = 100


@dataclass(frozen=True, slots=True)
class Names:
    """The list as read: ``ours`` by words, ``css`` by CSS's own joined spelling, both to "#rrggbb"."""

    ours: dict[str, str]
    css: dict[str, str]
    modifiers: dict[str, tuple[float, float]]
    things: frozenset[str]
    scenery: frozenset[str]

    def find(self, words: tuple[str, ...]) -> str | None:
        """Return the "#rrggbb" of a name given as words; None if it is no color.

        A modified color ("dark blue") is not looked up in CSS, whose screen colors would win over our own blue.
        """
        spaced = " ".join(words)
        if spaced in self.ours or (len(words) > 1 and words[0] in self.modifiers):
            return self.ours.get(spaced)
        return self.css.get("".join(words))


@lru_cache(maxsize=1)
def names() -> Names:
    """Return the list of color names, read once from the package."""
    data = tomllib.loads(resources.files("patterns.color").joinpath("names.toml").read_text(encoding="utf-8"))
    words = data["ambiguous"]
    modifiers = {word: (float(how["toward"]), float(how["chroma"])) for word, how in data["modifiers"].items()}
    return Names(data["ours"], data["css"], modifiers, frozenset(words["things"]), frozenset(words["scenery"]))


def named(name: str) -> Ink | None:
    """Return the ink of a color name, with modifiers allowed in front ("sage", "pale dusty rose"); None if unknown.

    Ours come first, then those of CSS, then those of the survey, which a prompt never uses: there, "leaf" is a leaf.
    """
    if len(name) > _LONGEST_TEXT:
        return None
    words = tuple(normal(word) for word in name.replace("-", " ").split())
    for start in range(len(words)):
        value = names().find(words[start:])
        if value is not None and all(word in names().modifiers for word in words[:start]):
            return modified(Ink.of_hex(value, name=" ".join(words)), words[:start])
    value = surveyed().get(" ".join(words))
    return None if value is None else Ink.of_hex(value, name=" ".join(words))


@lru_cache(maxsize=1)
def surveyed() -> dict[str, str]:
    """Return the survey's names to "#rrggbb", read once from the package."""
    data = tomllib.loads(resources.files("patterns.color").joinpath("xkcd.toml").read_text(encoding="utf-8"))
    return data["names"]


def modified(ink: Ink, words: tuple[str, ...]) -> Ink:
    """Return the ink lightened, darkened, dulled or brightened by modifier words, the nearest to it first."""
    lightness, chroma, hue = lab_to_oklch(np.array(ink.lab_d50))
    if not words:
        return ink
    for word in reversed(words):
        toward, factor = names().modifiers[word]
        lightness += toward * (max(0.97 - lightness, 0) if toward > 0 else lightness)
        chroma *= factor
    lab = oklch_to_lab(np.array([lightness, chroma, hue]))
    return Ink(ink.name, (float(lab[0]), float(lab[1]), float(lab[2])), ink.role)


def nearest_name(lab: np.ndarray, taken: frozenset[str] = frozenset()) -> str:
    """Return the name of ours nearest to a Lab color (3,) that is not ``taken``."""
    labels, table = _table()
    for index in np.argsort(ciede2000(lab, table)):
        if labels[index] not in taken:
            return labels[index]
    return ""


@lru_cache(maxsize=1)
def _table() -> tuple[list[str], np.ndarray]:
    labels = list(names().ours)
    return labels, np.array([Ink.of_hex(names().ours[label]).lab_d50 for label in labels])


def normal(word: str) -> str:
    """Return a word in small letters and American spelling ("Grey" is "gray")."""
    word = word.lower().replace("colour", "color")
    return word.replace("grey", "gray")
