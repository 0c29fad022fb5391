"""Whether words that go together are heard together: sizes that belong to two motifs, a motif on a ground."""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice

import numpy as np

from patterns.atelier import judging
from patterns.atelier.evaluating.bench import WANTED_TOGETHER, Bench, Record, figure
from patterns.loom.judge import Labels, Opinion
from patterns.motif.attributes import Attributes

# A second motif smaller than this share of the first is plainly the small one. Drawings of a family that are tried.
_SMALLER, _TRIES = 0.8, 60
# Of each of a large and a small family.
Couple = tuple[str, str]


def pairs(bench: Bench) -> Record:
    """Return how often two families that trade sizes, and a family on a ground, are both recognized."""
    motifs = [n for n in bench.judge.names.seconds if n and f"second {n}" in bench.weights.vocabulary.rows]
    couples = [(a, b) for a, b in zip(motifs, motifs[1:] + motifs[:1], strict=True) if a != b][:12]
    grounds = _grounds(bench, motifs)
    if not couples:
        return {"value": None, "why": "fewer than two motif families were judged"}
    told, named = (np.mean(column) for column in zip(*(_bound(bench, couple) for couple in couples), strict=True))
    withheld = bool(bench.weights.training.get("withheld"))
    return {
        "binding": figure(float(told), least=WANTED_TOGETHER, both_named=float(named), corpus=_real(bench, motifs)),
        "couples": len(couples),
        "family_on_ground": figure(float(np.mean(grounds)), least=WANTED_TOGETHER, corpus=_real_grounds(bench, motifs))
        if grounds
        else None,
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

    def told(seen: Opinion, labels: Sequence[Labels]) -> np.ndarray:
        return told_apart(seen, [(own.family, own.second) for own in labels])

    return _of_real(bench, motifs, is_couple, told)


def _real_grounds(bench: Bench, motifs: Sequence[str]) -> float | None:
    """Return how often family and ground of real drawings are both recognized, None if there were none."""

    def named(seen: Opinion, labels: Sequence[Labels]) -> np.ndarray:
        said = zip(seen.families(), seen.grounds(), labels, strict=True)
        return np.array([(family, ground) == (own.family, own.ground) for family, ground, own in said])

    return _of_real(bench, motifs, lambda seen: bool(seen.ground and not seen.second), named)


def _of_real(
    bench: Bench,
    motifs: Sequence[str],
    wanted: Callable[[Attributes], bool],
    right: Callable[[Opinion, Sequence[Labels]], np.ndarray],
) -> float | None:
    """Return of which share of real drawings that show what is wanted the judge is right."""
    found = list(_matching(motifs, wanted, bench.plan.pairs))
    if not found:
        return None
    return float(right(bench.opinion([a.planes for a in found], found), [a.labels for a in found]).mean())


def _matching(motifs: Sequence[str], wanted: Callable[[Attributes], bool], most: int) -> Iterator[judging.Ask]:
    """Yield at most so many real drawings of each family that show what is wanted."""
    for number, name in enumerate(motifs):
        rng = np.random.default_rng([judging.ASK_SEED + 4, number])
        drawings = (judging.drawn(rng, name, i) for i in range(_TRIES))
        yield from islice((judging.asked(d, "") for d in drawings if wanted(d.attributes)), most)


def _grounds(bench: Bench, motifs: Sequence[str]) -> list[float]:
    """Return for each of some motifs on a ground how often both are recognized."""
    known = [g for g in bench.judge.names.grounds if g in bench.weights.vocabulary.grounds()]
    found: list[float] = []
    for i, motif in enumerate(motifs[:8] if known else ()):
        ground = known[i % len(known)]
        base = next(judging.asks(motif, 1, seed=judging.ASK_SEED + 2))
        prompt = f"{motif}, tossed, on a {ground} ground, 4 inks"
        ask = judging.enlarged(judging.resized(judging.reworded(base, prompt), scale_px=26.0, inks=4), 96)
        seen = _seen(bench, ask, seed=3000)
        both = [(motif, ground) == both for both in zip(seen.families(), seen.grounds(), strict=True)]
        found.append(float(np.mean(both)))
    return found


def _seen(bench: Bench, ask: judging.Ask, *, seed: int) -> Opinion:
    """Return what the judge says of as many answers to one ask as the plan has for a pair."""
    asks = [ask] * bench.plan.pairs
    drawn = [answer.planes for answer in bench.draw(asks, [seed + i for i in range(len(asks))])]
    return bench.opinion(drawn, asks)
