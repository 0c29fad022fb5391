"""Whether words that go together are heard together: sizes that belong to two motifs, a motif on a ground."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice

import numpy as np

from patterns.atelier import judging
from patterns.atelier.evaluating.bench import WANTED_TOGETHER, Bench, Record, figure, share
from patterns.loom.judge import Opinion, Recipe, judged
from patterns.motif.attributes import Attributes
from patterns.reading import GROUNDS

# A second motif smaller than this share of the first is plainly the small one. Drawings of a family that are tried.
_SMALLER, _TRIES = 0.8, 60
# A large and a small family, or a family and a ground.
Couple = tuple[str, str]


def pairs(bench: Bench) -> Record:
    """Return how often two families that trade sizes, and a family on a ground, are both recognized."""
    motifs = [n for n in bench.judge.names.seconds if n and f"second {n}" in bench.weights.vocabulary.rows]
    couples = [(a, b) for a, b in zip(motifs, motifs[1:] + motifs[:1], strict=True) if a != b][:12]
    if not couples:
        return {"value": None, "why": "fewer than two motif families were judged"}
    told, named = (np.mean(column) for column in zip(*(_bound(bench, couple) for couple in couples), strict=True))
    withheld = bool(bench.weights.training.get("withheld"))
    return {
        "binding": figure(float(told), least=WANTED_TOGETHER, both_named=float(named), corpus=_real(bench, motifs)),
        "couples": len(couples),
        "family_on_ground": _on_grounds(bench, motifs),
        "never_seen": withheld,
        "why": "" if withheld else "the training withheld no pair of words, so these may have been seen together",
    }


def _bound(bench: Bench, couple: Couple) -> tuple[float, float]:
    """Return how often a small family beside a large one is told from its reverse; how often both are named so."""
    large, small = couple
    base = next(judging.asks(large, 1, seed=judging.ASK_SEED + 1))
    prompt = f"small {small}, large {large}, tossed, 4 inks"
    ask = judging.enlarged(judging.resized(judging.reworded(base, prompt), scale_px=40.0, inks=4), 128)
    seen = _seen(bench, ask, seed=2000)
    named = [couple == both for both in zip(seen.families(), seen.seconds(), strict=True)]
    return float(told_apart(seen, [couple] * len(named)).mean()), float(np.mean(named))


def told_apart(seen: Opinion, couples: Sequence[Couple]) -> np.ndarray:
    """Return for each drawing (N,) whether its couple is likelier than the same two with their sizes traded."""
    places = (seen.names.families.index, seen.names.seconds.index)
    rows = np.arange(len(couples))
    asked, reverse = (
        seen.family[rows, [places[0](a) for a, _ in order]] * seen.second[rows, [places[1](b) for _, b in order]]
        for order in (couples, [(b, a) for a, b in couples])
    )
    return asked > reverse


def _real(bench: Bench, motifs: Sequence[str]) -> float | None:
    """Return the same share of real drawings of two families that differ in size, None if there were none."""

    def is_couple(seen: Attributes) -> bool:
        return seen.second in motifs and seen.second_scale_px < _SMALLER * seen.scale_px

    found = list(_matching(motifs, is_couple, bench.plan.pairs))
    if not found:
        return None
    seen = bench.opinion([a.planes for a in found], found)
    return float(told_apart(seen, [(a.labels.family, a.labels.second) for a in found]).mean())


def _matching(motifs: Sequence[str], wanted: Callable[[Attributes], bool], most: int) -> Iterator[judging.Ask]:
    """Yield at most so many real drawings of each family that show what is wanted."""
    for number, name in enumerate(motifs):
        rng = np.random.default_rng([judging.ASK_SEED + 4, number])
        drawings = (judging.drawn(rng, name, i) for i in range(_TRIES))
        yield from islice((judging.asked(d, "") for d in drawings if wanted(d.attributes)), most)


def _on_grounds(bench: Bench, motifs: Sequence[str]) -> Record | None:
    """Return how often a motif and what lies beneath it are both recognized, beside the corpus's own set likewise.

    The motif is looked at alone, as the network draws it; the ground on the whole tile, by a judge of its own.
    """
    known = [ground for ground in GROUNDS if ground in bench.weights.vocabulary.grounds()]
    if not known:
        return None
    drawings, steps = bench.plan.ground_study
    judge = judging.ground_judge_of(judging.Study(tuple(motifs), drawings, Recipe(steps=steps)))
    each = bench.plan.pairs
    couples = [(motif, known[i % len(known)]) for i, motif in enumerate(motifs[:12]) for _ in range(each)]
    answers = [a for i in range(0, len(couples), each) for a in _drawn_on(bench, *couples[i], seed=3000 + i)]
    own = judged(judge, (judging.shown(share(answer.planes), judging.GROUND_GRID) for answer in answers)).grounds()
    named = bench.looked_at([answer.motif for answer in answers if answer.motif is not None])
    rng = np.random.default_rng(judging.REAL_SEED + 7)
    real = [judging.on_ground(rng, motif, ground) for motif, ground in couples]
    able = judged(judge, (drawing[:2] for drawing in real)).grounds()
    return figure(
        float(np.mean([pair == seen for pair, seen in zip(couples, zip(named, own, strict=True), strict=True)])),
        least=WANTED_TOGETHER,
        ground_named=_share_of(couples, own),
        corpus_ground_named=_share_of(couples, able),
        couples=len(couples) // each,
    )


def _share_of(couples: Sequence[Couple], grounds: Sequence[str]) -> float:
    return float(np.mean([ground == seen for (_, ground), seen in zip(couples, grounds, strict=True)]))


def _drawn_on(bench: Bench, motif: str, ground: str, *, seed: int) -> list[judging.Answer]:
    """Return as many tiles of a motif on a ground as the plan has for a pair."""
    base = next(judging.asks(motif, 1, seed=judging.ASK_SEED + 2))
    prompt = f"{motif}, tossed, on a {ground} ground, 4 inks"
    ask = replace(judging.resized(judging.reworded(base, prompt), scale_px=26.0, inks=4), grid=judging.GROUND_GRID)
    return bench.draw([ask] * bench.plan.pairs, range(seed, seed + bench.plan.pairs))


def _seen(bench: Bench, ask: judging.Ask, *, seed: int) -> Opinion:
    """Return what the judge says of as many answers to one ask as the plan has for a pair."""
    asks = [ask] * bench.plan.pairs
    drawn = [answer.planes for answer in bench.draw(asks, [seed + i for i in range(len(asks))])]
    return bench.opinion(drawn, asks)
