"""What the network is told of a reading: rows of its table, a size, a number of inks."""

import math
from collections.abc import Iterable

import torch

from patterns.loom.network import Condition
from patterns.loom.vocabulary import Vocabulary
from patterns.reading import Reading


def conditioned(vocabulary: Vocabulary, reading: Reading, *, scale_px: float, inks: int) -> Condition:
    """Return what the network is told of a reading: its terms, the motif's radius in px and the number of inks."""
    return told(vocabulary, reading.terms(), scale_px=scale_px, inks=inks)


def told(vocabulary: Vocabulary, terms: Iterable[str], *, scale_px: float, inks: int) -> Condition:
    """Return what the network is told by terms, a motif's radius in px and the number of inks."""
    rows = torch.from_numpy(vocabulary.encode(terms))[None]
    return Condition(rows, torch.tensor([math.log2(scale_px)]), torch.tensor([inks]))
