"""How a prompt becomes words, and which known word is spelled most like another."""

import difflib
import re
from collections.abc import Iterable

_WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)?")


def tokens(text: str) -> list[str]:
    """Return the lowercase words of a text; hyphens separate, punctuation is dropped."""
    return _WORD.findall(text.lower())


def nearest_spelled(word: str, known: Iterable[str], *, count: int = 2) -> list[str]:
    """Return up to ``count`` known words that are spelled like ``word``, nearest first."""
    return difflib.get_close_matches(word, list(known), n=count, cutoff=0.6)
