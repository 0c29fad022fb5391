"""Whether words that go together are heard together: sizes that belong to two motifs, a motif on a ground."""

from collections.abc import Sequence

import numpy as np

from patterns.atelier import judging
from patterns.atelier.evaluating.bench import WANTED_TOGETHER, Bench, Record, figure
from patterns.lattice import Grid
from patterns.loom.judge import Opinion


def pairs(bench: Bench) -> Record:
    """Return how often two families that trade sizes, and a family on a ground, are both recognized."""
    motifs = [n for n in bench.judge.names.seconds if n and f"second {n}" in bench.weights.vocabulary.rows]
    couples = [(a, b) for a, b in zip(motifs, motifs[1:] + motifs[:1], strict=True) if a != b][:12]
    bound = [_bound(bench, a, b) for a, b in couples]
    grounds = _grounds(bench, motifs)
    if not bound:
        return {"value": None, "why": "fewer than two motif families were judged"}
    told = float(np.mean([b["told_apart"] for b in bound]))
    withheld = bool(bench.weights.training.get("withheld"))
    return {
        "binding": figure(told, least=WANTED_TOGETHER, both_named=float(np.mean([b["named"] for b in bound]))),
        "couples": len(bound),
        "family_on_ground": figure(float(np.mean(grounds)), least=WANTED_TOGETHER) if grounds else None,
        "never_seen": withheld,
        "why": "" if withheld else "the training withheld no pair of words, so these may have been seen together",
    }


def _bound(bench: Bench, large: str, small: str) -> Record:
    """Return how often "small b, large a" is told from its reverse, and how often both are the likeliest names."""
    base = next(judging.asks(large, 1, seed=judging.ASK_SEED + 1))
    ask = judging.Ask(f"small {small}, large {large}, tossed, 4 inks", Grid(128, 128), base.labels, base.planes)
    sized = judging.resized(ask, scale_px=40.0, inks=4)
    seen = _seen(bench, sized, seed=2000)
    family, second = seen.names.families, seen.names.seconds
    asked = seen.family[:, family.index(large)] * seen.second[:, second.index(small)]
    reverse = seen.family[:, family.index(small)] * seen.second[:, second.index(large)]
    named = [a == large and b == small for a, b in zip(seen.families(), seen.seconds(), strict=True)]
    return {"told_apart": float((asked > reverse).mean()), "named": float(np.mean(named))}


def _grounds(bench: Bench, motifs: Sequence[str]) -> list[float]:
    """Return for each of some motifs on a ground how often both are recognized."""
    known = [g for g in bench.judge.names.grounds if g in bench.weights.vocabulary.grounds()]
    found = []
    for i, motif in enumerate(motifs[:8] if known else ()):
        ground = known[i % len(known)]
        base = next(judging.asks(motif, 1, seed=judging.ASK_SEED + 2))
        ask = judging.Ask(f"{motif}, tossed, on a {ground} ground, 4 inks", Grid(96, 96), base.labels, base.planes)
        ask = judging.resized(ask, scale_px=26.0, inks=4)
        seen = _seen(bench, ask, seed=3000)
        both = [a == motif and g == ground for a, g in zip(seen.families(), seen.grounds(), strict=True)]
        found.append(float(np.mean(both)))
    return found


def _seen(bench: Bench, ask: judging.Ask, *, seed: int) -> Opinion:
    """Return what the judge says of as many answers to one ask as the plan has for a pair."""
    asks = [ask] * bench.plan.pairs
    drawn = [answer.planes for answer in bench.draw(asks, [seed + i for i in range(len(asks))])]
    return bench.opinion(drawn, asks)
