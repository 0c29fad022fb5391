"""What the Loom loses where it is hurried, and where a tile is larger than those it was trained on."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np

from patterns.atelier import judging
from patterns.atelier.evaluating.bench import STRAIGHT, Bench, Record, figure, right
from patterns.lattice import Grid
from patterns.loom import FAST_STEPS
from patterns.loom.sampling import Sampling

SIDES = (256, 384, 512)
# Evaluations of the network that a hurried drawing may take, a guided pair counted as two, and points it may lose.
MOST_EVALUATIONS, MOST_LOST = 12, 0.02


def fast(bench: Bench) -> Record:
    """Return what is lost by the steps of ``--fast``: shares that are recognized, and straightness of stripes."""
    rows = bench.first(bench.plan.samples)
    asks, sampling = [bench.asks[i] for i in rows], Sampling(steps=FAST_STEPS)
    hurried = bench.draw(asks, [1000 + i for i in rows], sampling)
    usual = [bench.answers[i] for i in rows]
    before, after = (_right(bench, asks, answers) for answers in (usual, hurried))
    lost = {name: before[name] - after[name] for name in before}
    for kind, straight in STRAIGHT.items():
        found = straight.rows(asks)
        if found:
            own, other = (
                float(np.mean([straight.measure(p[k].planes.argmax(axis=0)) for k in found])) for p in (usual, hurried)
            )
            lost[kind] = own - other
    evaluations = max(sampling.evaluations(ask.grid) for ask in asks)
    worst = max(lost.values())
    return {
        **figure(worst, most=MOST_LOST),
        "steps": FAST_STEPS,
        "evaluations": figure(evaluations, most=MOST_EVALUATIONS),
        "lost": lost,
        "asks": len(asks),
    }


def sizes(bench: Bench) -> Record:
    """Return the shares that are recognized of tiles of 256, 384 and 512 px, beside the corpus's own of that size.

    Regular families are not asked: a tile of any size is paved with the same cell.
    """
    return {f"{side}_px": _of_side(bench, side) for side in SIDES}


def _of_side(bench: Bench, side: int) -> Record:
    asked = [bench.asks[i] for i in bench.first(bench.plan.sized)]
    whole = [ask for ask in asked if not bench.weights.vocabulary.families[ask.labels.family].cells]
    asks = [replace(ask, grid=Grid(side, side).scaled(ask.detail)) for ask in whole]
    drawn = bench.draw(asks, [6000 + i for i in range(len(asks))])
    return {**_right(bench, asks, drawn), "corpus": _real(bench, asks), "asks": len(asks)}


def _right(bench: Bench, asks: Sequence[judging.Ask], answers: Sequence[judging.Answer]) -> dict[str, float]:
    """Return the shares of answers that are recognized."""
    opinion = bench.opinion([answer.planes for answer in answers], asks)
    return right(opinion, asks, bench.named(opinion, [answer.motif for answer in answers]))


def _real(bench: Bench, asks: Sequence[judging.Ask]) -> Record:
    """Return the shares of real drawings of the same families on the same grids that are recognized."""
    rng = np.random.default_rng(judging.REAL_SEED + 9)
    grids = [ask.grid.scaled(Fraction(1, ask.detail)) for ask in asks]
    own = [
        judging.asked(judging.drawn(rng, ask.labels.family, grid=grid), "")
        for ask, grid in zip(asks, grids, strict=True)
    ]
    opinion = bench.opinion([one.planes for one in own], own)
    drawn = [judging.alone_for(one, i) for i, one in enumerate(own)]
    return dict(right(opinion, own, bench.named(opinion, drawn)))
