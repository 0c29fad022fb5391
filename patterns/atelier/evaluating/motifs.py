"""Motifs alone, as the network draws them, before geometry sets them on the lattice: is a rose a rose?"""

from collections.abc import Mapping, Sequence

import numpy as np

from patterns.atelier import judging
from patterns.atelier.evaluating.bench import Bench, Record, figure
from patterns.loom.judge import Judge, Recipe, judged
from patterns.motif import FAMILIES, PORTRAIT


def motifs(bench: Bench, wanted: Mapping[str, float]) -> Record:
    """Return how often the family of a design's first motif is recognized, beside the same of real motifs.

    A judge of its own learned motifs alone. It has no say unless it knows real ones and sees nothing in harmed ones.
    """
    names = tuple(name for name in bench.families if FAMILIES[name].kind == "motif")
    rows = [i for i in bench.first(bench.plan.samples) if bench.answers[i].motif is not None]
    if not rows:
        return {"value": None, "why": "no motif was drawn alone"}
    drawings, steps = bench.plan.motif_study
    judge = judging.motif_judge_of(judging.Study(names, drawings, Recipe(steps=steps)))
    drawn = [judging.strongest(planes) for i in rows if (planes := bench.answers[i].motif) is not None]
    asked = np.array([bench.asks[i].labels.family for i in rows])
    rng = np.random.default_rng([judging.REAL_SEED, 1])
    real = [judging.motif(rng, name)[0] for name in asked.tolist()]
    own, known = (_seen(judge, planes) == asked for planes in (drawn, real))
    harmed = _seen(judge, [judging.harmed(planes, PORTRAIT, rng) for planes in real]) == judging.NOTHING
    able = float(known.mean())
    return {
        **figure(float(own.mean()), least=wanted["family"], corpus=able, judge_able=able >= wanted["family"]),
        "motifs": len(rows),
        "harmed_seen_as_nothing": float(harmed.mean()),
        "by_family": {name: float(own[asked == name].mean()) for name in names},
    }


def _seen(judge: Judge, drawings: Sequence[np.ndarray]) -> np.ndarray:
    """Return the likeliest family of each of drawings (6, h, w) uint8 in 255ths, (N,) str."""
    return np.array(judged(judge, [(planes, PORTRAIT) for planes in drawings]).families())
