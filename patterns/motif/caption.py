"""Captions: what can be seen in a drawing, in many wordings, and the closed set of words they are made of.

Inks are told apart by their number only: colors are chosen elsewhere, so no caption speaks of them.
"""

import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from patterns.motif.corpus import Attributes
from patterns.motif.family import FAMILIES
from patterns.words import tokens

# An attribute is left out of a caption with this chance, and everything but the family with the other.
DROPPED = 0.35
BARE = 0.1

_SCALES = {
    "small": ("small", "small", "tiny", "little", "ditsy", "small scale", "mini"),
    "medium": ("medium", "medium sized", "medium scale"),
    "large": ("large", "large", "big", "oversized", "bold", "large scale"),
}
_DENSITIES = {
    "sparse": ("sparse", "airy", "open", "widely spaced", "spaced out"),
    "medium": ("evenly spaced", "balanced", "medium density"),
    "dense": ("dense", "packed", "crowded", "full", "tightly packed", "dense allover"),
}
_HANDS = {
    "clean": ("clean", "flat", "crisp", "vector", "graphic"),
    "block print": ("block print", "block printed", "woodblock", "hand block printed", "block print style"),
    "linocut": ("linocut", "lino print", "linocut style", "lino cut", "linoleum print"),
    "brush": ("brush", "brushed", "dry brush", "hand painted", "brushstroke", "painterly"),
    "ikat": ("ikat", "ikat style", "feathered", "ikat weave"),
}
_LAYOUTS = {
    "tossed": ("tossed", "scattered", "tossed in all directions", "multidirectional", "scattered toss"),
    "one-way": ("one way", "upright", "one directional", "all upright", "scattered upright"),
    "two-way": ("two way", "two directional", "up and down", "tossed two way"),
    "set": ("in a grid", "set", "regular set", "grid layout", "in a regular grid"),
    "half-drop set": ("half drop set", "staggered", "staggered set", "in a half drop", "half drop"),
    "rows": ("in rows", "rows", "in horizontal rows", "row layout"),
}
_NUMBERS = {1: "one", 2: "two", 3: "three", 4: "four", 5: "five", 6: "six"}
_NUMERALS = {number: str(number) for number in _NUMBERS}
_COUNTED = ("{} inks", "{} colors", "{} color", "in {} colors", "in {} inks", "with {} inks")
_OUTLINED = ("outlined", "with outlines", "contoured", "with a contour line")
_TAILS = ("{} pattern", "{} print", "{} design", "{} repeat", "pattern of {}", "design of {}", "{} motif", "{} fabric")


def caption(attributes: Attributes, rng: np.random.Generator) -> str:
    """Return one wording of what the attributes say, in lower case, with parts of it left out by chance."""
    noun = _pick(rng, nouns(attributes.family))
    if rng.random() < BARE:
        return noun
    said = {k: _pick(rng, v) for k, v in _sayings(attributes).items() if rng.random() >= DROPPED}
    shown = [p for p in attributes.parts if rng.random() >= DROPPED]
    front = [w for w in said.values() if not _trails(w) and rng.random() < 0.6]
    tail = [w for w in said.values() if w not in front]
    (front if rng.random() < 0.7 else tail).extend(p for p in shown if p in _qualities())
    if rng.random() < 0.2:
        noun = _pick(rng, _TAILS).format(noun)
    head = " ".join([*_shuffled(rng, front), noun])
    things = [p for p in shown if p not in _qualities()]
    if things:
        head += _pick(rng, (" with ", " with ", ", ")) + _joined(things)
    return ", ".join([head, *_shuffled(rng, tail)])


def _trails(words: str) -> bool:
    """Return whether a phrase reads well only after the noun."""
    return words.startswith(("in ", "with ", "all ", "up ", "rows", "tossed in"))


def _shuffled(rng: np.random.Generator, words: list[str]) -> list[str]:
    return [words[i] for i in rng.permutation(len(words))] if rng.random() < 0.5 else words


def _joined(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _sayings(attributes: Attributes) -> dict[str, tuple[str, ...]]:
    """Return the wordings for every attribute that there is something to say about, as they stand before a noun."""
    sayings = {
        "density": _DENSITIES.get(attributes.density, ()),
        "scale": _SCALES[attributes.scale],
        "hand": _HANDS[attributes.hand],
        "layout": _LAYOUTS.get(attributes.layout, ()),
        "inks": tuple(t.format(n[attributes.inks]) for t in _COUNTED for n in (_NUMBERS, _NUMERALS)),
        "outlined": _OUTLINED if attributes.outlined else (),
    }
    return {k: v for k, v in sayings.items() if v}


def nouns(family: str) -> tuple[str, ...]:
    """Return every name a family goes by in captions."""
    return tuple(dict.fromkeys((*FAMILIES[family].nouns, *_synonyms().get(family, ()))))


def _pick(rng: np.random.Generator, wordings: tuple[str, ...]) -> str:
    return wordings[int(rng.integers(len(wordings)))]


@cache
def vocabulary(families: tuple[str, ...] | None = None) -> tuple[str, ...]:
    """Return every word that a caption of these families (of all by default) can contain, sorted."""
    return tuple(sorted({word for phrase in _phrases(families or tuple(FAMILIES)) for word in tokens(phrase)}))


def _phrases(families: tuple[str, ...]) -> Iterator[str]:
    yield "with and"
    for wordings in (_SCALES, _DENSITIES, _HANDS, _LAYOUTS):
        for phrases in wordings.values():
            yield from phrases
    yield from (*_NUMBERS.values(), *_NUMERALS.values())
    yield from (phrase.format("") for phrase in (*_COUNTED, *_TAILS))
    yield from _OUTLINED
    for name in families:
        yield from nouns(name)
    yield from parts()


def meanings() -> dict[str, tuple[str, ...]]:
    """Return words that people type and captions never hold, each with known words of near meaning, nearest first."""
    return {word: tuple(near) for word, near in _thesaurus()["meanings"].items()}


def parts() -> tuple[str, ...]:
    """Return every phrase that a family may name a visible part by: things, then qualities."""
    return (*_thesaurus()["parts"]["things"], *_qualities())


def _qualities() -> list[str]:
    return _thesaurus()["parts"]["qualities"]


def _synonyms() -> dict[str, list[str]]:
    return _thesaurus()["synonyms"]


@cache
def _thesaurus() -> dict[str, Any]:
    text = files("patterns.motif").joinpath("thesaurus.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
