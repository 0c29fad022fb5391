"""Vines and foliage of motifs: what a network draws badly as one tile, geometry leads and sets well."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from patterns.loom.vocabulary import Vocabulary
from patterns.reading import FRAME_LAYOUTS, GROUNDS, Reading, Subject

# What grows on a vine of which no motif is named: flowers, unless only leaves or fruit are wanted.
_FLOWERING, _LEAFY = ("cherry blossom", "rose", "carnation", "tulip"), ("leaf sprig", "olive")
_FLOWERS = frozenset({"flowers", "small flowers", "blossoms", "buds", "petals"})
# What foliage is of, two kinds if it stands alone, and what such leaves are drawn without.
_FOLIAGE = "foliage"
_LEAVES: dict[str, tuple[str, ...]] = {"leaf sprig": (), "fern": (), "olive": (), "monstera": ("stems",)}


def of_motifs(reading: Reading, vocabulary: Vocabulary, rng: np.random.Generator) -> Reading:
    """Return the reading with a vine as a layout of motifs and foliage as motifs of leaves, if these were taught."""
    return _in_leaf(_along_a_vine(reading, vocabulary, rng), vocabulary, rng)


def _along_a_vine(reading: Reading, vocabulary: Vocabulary, rng: np.random.Generator) -> Reading:
    vines = [s for s in reading.subjects if s.family in FRAME_LAYOUTS and s.family not in GROUNDS]
    if reading.subjects[0] not in vines:
        return reading
    vine, others = vines[0], tuple(s for s in reading.subjects if s not in vines)
    if not others:
        bare = "flowers" in vine.without or (vine.parts and not _FLOWERS & set(vine.parts))
        grown = _taught(_LEAFY if bare else _FLOWERING, vocabulary)
        if not grown:
            return reading
        others = (replace(vine, family=grown[int(rng.integers(len(grown)))]),)
    return replace(reading, subjects=others, layout=reading.layout or vine.family)


def _in_leaf(reading: Reading, vocabulary: Vocabulary, rng: np.random.Generator) -> Reading:
    named = {s.family for s in reading.subjects}
    leaves = _taught((name for name in _LEAVES if name not in named), vocabulary)
    if _FOLIAGE not in named or len(leaves) < 2:
        return reading
    one, other = (leaves[int(k)] for k in rng.permutation(len(leaves))[:2])
    subjects = tuple(_leaf(s, one) if s.family == _FOLIAGE else s for s in reading.subjects)
    if len(subjects) > 1:
        return replace(reading, subjects=subjects)
    layout, density = reading.layout or "half-drop set", reading.density or "dense"
    return replace(reading, subjects=(*subjects, _leaf(reading.subjects[0], other)), layout=layout, density=density)


def _leaf(foliage: Subject, family: str) -> Subject:
    return replace(foliage, family=family, without=(*foliage.without, *_LEAVES[family]))


def _taught(names: Iterable[str], vocabulary: Vocabulary) -> list[str]:
    return [name for name in names if name in vocabulary.families and vocabulary.families[name].motif]
