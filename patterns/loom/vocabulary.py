"""What the Loom understands: its words, the families they name, and what stands for words it never saw."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from patterns.words import nearest_spelled, tokens

# The token table's first row says nothing; words follow from the third, the second stands empty.
SILENT = 0

# Words that carry nothing to draw; they are neither needed nor reported as unknown.
_IDLE = """a an the of and or with on in at by for to from into its it is are some very over pattern patterns design
print prints printed fabric textile wallpaper cloth repeat repeating seamless style background ground please make draw
my our me inspired like vintage modern beautiful elegant"""
IDLE_WORDS = frozenset(_IDLE.split())


@dataclass(frozen=True, slots=True)
class FamilyEntry:
    """A family the Loom has seen: the names it goes by, of one or more words, and its usual size in px.

    A regular family has ``cells``: sizes of its smallest cell as (scale, width, height) px; others have none.
    """

    names: tuple[str, ...]
    scale_px: float
    cells: tuple[tuple[float, int, int], ...] = ()


@dataclass(frozen=True)
class Vocabulary:
    """The words of a trained Loom in the order of their numbers, its families, and meanings of words it never saw."""

    words: tuple[str, ...]
    families: Mapping[str, FamilyEntry] = field(default_factory=dict)
    meanings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @cached_property
    def numbers(self) -> dict[str, int]:
        """Each word's row in the token table."""
        return {word: i + 2 for i, word in enumerate(self.words)}

    @cached_property
    def _names(self) -> list[tuple[str, str]]:
        """Every name with its family, the longest first."""
        return sorted(
            ((n, f) for f, entry in self.families.items() for n in entry.names), key=lambda pair: -len(pair[0])
        )

    def encode(self, prompt: str, length: int) -> np.ndarray:
        """Return (length,) int64 token numbers of a prompt: unknown words left out, padded with ``SILENT``, cut."""
        row = [self.numbers[word] for word in tokens(prompt) if word in self.numbers][:length]
        return np.array(row + [SILENT] * (length - len(row)), dtype=np.int64)

    def unknown(self, prompt: str) -> dict[str, list[str]]:
        """Return each word of a prompt that is not known, with the nearest known: by meaning, then by spelling."""
        strange = [w for w in dict.fromkeys(tokens(prompt)) if w not in self.numbers and w not in IDLE_WORDS]
        return {word: self.nearest(word) for word in strange}

    def meaning(self, word: str) -> tuple[str, ...]:
        """Return the known words that stand for a word by meaning, nearest first; perhaps none."""
        for form in (word, word.removesuffix("s"), word.removesuffix("es")):
            if form in self.meanings:
                return tuple(w for w in self.meanings[form] if all(part in self.numbers for part in tokens(w)))
        return ()

    def nearest(self, word: str) -> list[str]:
        """Return up to three known words for a word: by meaning first, then by spelling."""
        return list(dict.fromkeys([*self.meaning(word), *nearest_spelled(word, self.words)]))[:3]

    def translated(self, prompt: str) -> str:
        """Return the prompt's words, with words never seen replaced by the nearest in meaning where there is one."""
        return " ".join(w if w in self.numbers else (*self.meaning(w), w)[0] for w in tokens(prompt))

    def named(self, prompt: str) -> dict[str, FamilyEntry]:
        """Return the families that a prompt names, in the order in which it names them; longer names win."""
        said = f" {' '.join(tokens(prompt))} "
        places: dict[str, int] = {}
        for name, family in self._names:
            where = said.find(f" {name} ")
            if where >= 0:
                places.setdefault(family, where)
                said = said.replace(f" {name} ", " " + "." * len(name) + " ")
        return {family: self.families[family] for family in sorted(places, key=lambda f: places[f])}

    def to_json(self) -> dict[str, Any]:
        """Return a dictionary that JSON can hold."""
        families = {k: {"names": f.names, "scale_px": f.scale_px, "cells": f.cells} for k, f in self.families.items()}
        return {"words": self.words, "families": families, "meanings": dict(self.meanings)}

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> "Vocabulary":
        """Return the vocabulary that ``to_json`` wrote."""
        families = {
            name: FamilyEntry(tuple(f["names"]), f["scale_px"], tuple((s, int(w), int(h)) for s, w, h in f["cells"]))
            for name, f in record["families"].items()
        }
        return cls(tuple(record["words"]), families, {k: tuple(v) for k, v in record["meanings"].items()})
