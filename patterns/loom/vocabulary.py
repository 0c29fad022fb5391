"""What the Loom understands: its words, what they stand for, and what to suggest for those it does not know."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from patterns.words import nearest_spelled, tokens

# The token table's first two rows: nothing said, and a word that is not known.
SILENT, UNKNOWN = 0, 1

# Words that carry nothing to draw; they are neither understood nor reported as unknown.
IDLE_WORDS = frozenset(
    "a an the of and or with on in at by for to from its it is are some very all over pattern patterns design print "
    "prints printed fabric textile wallpaper repeat repeating seamless style background ground please make draw my".split()
)


@dataclass(frozen=True, slots=True)
class Primitive:
    """A regular family: the words that name it, and sizes of its smallest cell as (scale, width, height) px."""

    words: tuple[str, ...]
    cells: tuple[tuple[float, int, int], ...]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of a trained Loom: token numbers, meanings of words it never saw, and the regular families."""

    words: tuple[str, ...]
    meanings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    primitives: Mapping[str, Primitive] = field(default_factory=dict)
    scales: Mapping[str, float] = field(default_factory=dict)

    def encode(self, prompt: str, length: int) -> np.ndarray:
        """Return (length,) int64 token numbers of a prompt, padded with ``SILENT`` and cut at ``length``."""
        numbers = {word: i + 2 for i, word in enumerate(self.words)}
        row = [numbers.get(word, UNKNOWN) for word in tokens(prompt)][:length]
        row = [n for n in row if n != UNKNOWN]
        return np.array(row + [SILENT] * (length - len(row)), dtype=np.int64)

    def unknown(self, prompt: str) -> dict[str, list[str]]:
        """Return each word of a prompt that the Loom does not know, with the nearest it does: meaning, then spelling."""
        known = set(self.words)
        strange = [w for w in dict.fromkeys(tokens(prompt)) if w not in known and w not in IDLE_WORDS]
        return {word: self.nearest(word) for word in strange}

    def nearest(self, word: str) -> list[str]:
        """Return up to three known words for a word: by meaning first, then by spelling."""
        by_meaning = list(self.meanings.get(word, self.meanings.get(word.rstrip("s"), ())))
        return list(dict.fromkeys(by_meaning + nearest_spelled(word, self.words)))[:3]

    def understands(self, prompt: str) -> bool:
        """Return whether any word of the prompt says what to draw."""
        return any(word in self.words and word not in IDLE_WORDS for word in tokens(prompt))

    def primitive(self, prompt: str) -> tuple[str, Primitive] | None:
        """Return the regular family that a prompt names first, if it names one, and only such."""
        said = tokens(prompt)
        for name, primitive in self.primitives.items():
            if any(word in said for word in primitive.words):
                return name, primitive
        return None

    def to_json(self) -> dict[str, Any]:
        """Return a dictionary that JSON can hold."""
        return {
            "words": list(self.words),
            "meanings": {k: list(v) for k, v in self.meanings.items()},
            "primitives": {
                k: {"words": list(p.words), "cells": [list(c) for c in p.cells]} for k, p in self.primitives.items()
            },
            "scales": dict(self.scales),
        }

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> "Vocabulary":
        """Return the vocabulary that ``to_json`` wrote."""
        return cls(
            tuple(record["words"]),
            {k: tuple(v) for k, v in record["meanings"].items()},
            {
                k: Primitive(tuple(p["words"]), tuple((float(s), int(w), int(h)) for s, w, h in p["cells"]))
                for k, p in record["primitives"].items()
            },
            dict(record["scales"]),
        )
