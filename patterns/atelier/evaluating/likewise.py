"""The corpus's own drawings, made as the Loom makes its own: motifs alone, set on the lattice by the same geometry.

The corpus draws whole layouts too, with coarser motifs the smaller they stand. Motifs that are drawn alone and then set
differ from those whoever draws them, so the Loom's are measured against the corpus's own, set likewise.
"""

from dataclasses import replace

import numpy as np

from patterns.atelier.arranging import Setter
from patterns.atelier.judging import Ask
from patterns.loom.arranging import beneath, can_arrange, facing, planned, roster, smoothed
from patterns.loom.vocabulary import Vocabulary
from patterns.loom.weave import settled, understood
from patterns.motif import portrait
from patterns.reading import Reading, Subject

# Portraits among which one with the inks, the contour and the parts that were asked for is looked for.
_LOOKED_AT = 16


def likewise(ask: Ask, vocabulary: Vocabulary, seed: int) -> Ask:
    """Return an ask whose drawing is the corpus's own motifs set as the Loom would set its own; a field's as it is."""
    rng = np.random.default_rng(seed)
    reading = settled(understood(ask.prompt, vocabulary)[0], vocabulary, rng)
    if not can_arrange(vocabulary, reading):
        return ask
    reading, _ = beneath(vocabulary, reading)
    motifs: tuple[list[np.ndarray], list[np.ndarray]] = ([], [])
    for s, k in roster(reading):
        motifs[s].append(facing(smoothed(_portrait(rng, reading.subjects[s], reading, ask.labels.inks)), k))
    radius = ask.labels.scale_px * ask.detail
    plan = planned(reading, (tuple(motifs[0]), tuple(motifs[1])), radius=radius, inks=ask.labels.inks, held=True)
    return replace(ask, planes=Setter().arrange(rng, ask.grid, plan)[0])


def _portrait(rng: np.random.Generator, subject: Subject, reading: Reading, inks: int) -> np.ndarray:
    """Return planes of a motif alone that is nearest to what is asked for among some, the first that is all of it."""
    best: tuple[int, np.ndarray] = (1_000, np.empty(0))
    for _ in range(_LOOKED_AT):
        drawing = portrait(rng, family=subject.family)
        seen = drawing.attributes
        off = 4 * abs(seen.nominal_inks - inks) + 2 * (seen.outlined != bool(reading.outlined))
        off += len(set(subject.parts) - set(seen.parts)) + len(set(subject.without) & set(seen.parts))
        if off < best[0]:
            best = (off, drawing.planes)
        if off == 0:
            break
    return best[1]
