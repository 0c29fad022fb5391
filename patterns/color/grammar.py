"""The words around color words, from ``grammar.toml``, and a prompt as a row of words."""

import re
import tomllib
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources

from patterns.color.names import normal

_TOKEN = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?|\d+(?:[.,]\d+)?\w*|&|#[0-9a-fA-F]{6}\b", re.UNICODE)


@dataclass(frozen=True, slots=True)
class Grammar:
    """Sets of words by what they say about a color near them; each is explained in ``grammar.toml``."""

    articles: frozenset[str]
    onto: frozenset[str]
    joints: frozenset[str]
    conjunctions: frozenset[str]
    grounds: frozenset[str]
    cloths: frozenset[str]
    suffixes: frozenset[str]
    growths: frozenset[str]
    before_plants: frozenset[str]
    scenes: frozenset[str]
    hyphened: frozenset[str]
    bases: frozenset[str]
    styles: frozenset[str]
    many: frozenset[str]
    tonal: frozenset[str]
    seasons: frozenset[str]
    roles: dict[str, str]
    moods: dict[str, str]
    mood_pairs: dict[str, str]


@lru_cache(maxsize=1)
def grammar() -> Grammar:
    """Return the grammar, read once from the package."""
    data = tomllib.loads(resources.files("patterns.color").joinpath("grammar.toml").read_text(encoding="utf-8"))
    roles = {word: role for role, words in data.pop("roles").items() for word in words}
    pairs = {key: data.pop(key) for key in ("moods", "mood_pairs")}
    return Grammar(**{key: frozenset(words) for key, words in data.items()}, roles=roles, **pairs)


@dataclass(slots=True)
class Sentence:
    """A prompt as words with their places in the text; ``dropped`` are the words that were about color."""

    text: str
    words: list[str]
    spans: list[tuple[int, int]]
    dropped: set[int] = field(default_factory=set)

    @classmethod
    def of(cls, text: str) -> "Sentence":
        """Return the sentence of a text, its words in small letters and American spelling."""
        matches = list(_TOKEN.finditer(text))
        return cls(text, [normal(m[0]) for m in matches], [m.span() for m in matches])

    def word(self, index: int) -> str:
        """Return a word; empty beyond both ends."""
        return self.words[index] if 0 <= index < len(self.words) else ""

    def gap(self, index: int) -> str:
        """Return the text between token ``index`` - 1 and token ``index``; a full stop at both ends."""
        if not 0 < index < len(self.words):
            return "."
        return self.text[self.spans[index - 1][1] : self.spans[index][0]]

    def broken(self, index: int) -> bool:
        """Whether a comma, bracket or end stands before token ``index``."""
        return re.search(r"[,;:.()!?/|]", self.gap(index)) is not None

    def noun_at(self, index: int) -> bool:
        """Whether a thing is named at ``index``, without a break or a preposition before it."""
        while not self.broken(index) and self.word(index) in grammar().styles:
            index += 1
        return not self.broken(index) and self.word(index) not in grammar().joints | grammar().articles
