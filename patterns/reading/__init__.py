"""Reading: the grammar that understands a prompt, and the words that say a reading again.

It knows words and nothing of drawing: a ``Reading`` is what the Loom and the corpus speak to each other in.
"""

from patterns.reading.grammar import read
from patterns.reading.phrasing import wording
from patterns.reading.reading import (
    DENSITIES,
    DIRECTIONS,
    FRAME_LAYOUTS,
    GROUNDS,
    HANDS,
    LAYOUTS,
    SCALES,
    SET_LAYOUTS,
    VARIETIES,
    Reading,
    Subject,
    said,
)

__all__ = [
    "DENSITIES", "DIRECTIONS", "FRAME_LAYOUTS", "GROUNDS", "HANDS", "LAYOUTS", "SCALES", "SET_LAYOUTS", "VARIETIES",
    "Reading", "Subject", "read", "said", "wording",
]  # fmt: skip
