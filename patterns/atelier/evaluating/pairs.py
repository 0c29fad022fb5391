"""Whether words that go together are heard together: sizes that belong to two motifs, a motif on a ground."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from patterns.atelier import judging
from patterns.atelier.arranging import Setter
from patterns.atelier.evaluating.bench import WANTED_TOGETHER, Bench, Record, figure, share
from patterns.atelier.evaluating.pieces import pieces
from patterns.lattice import Grid
from patterns.loom.arranging import Plan
from patterns.loom.judge import Recipe, judged
from patterns.motif import PORTRAIT, portrait
from patterns.reading import GROUNDS

# Couples stand on this tile, the large one of this radius in the Loom's px; the small one is at most so much of it.
_LARGE_PX, COUPLE_GRID, _SMALLER = 35.0, Grid(192, 192).scaled(judging.MOTIF_DETAIL), 0.8
# A large and a small family, or a family and a ground.
Couple = tuple[str, str]


def pairs(bench: Bench) -> Record:
    """Return how often two families that trade sizes, and a family on a ground, are both recognized."""
    motifs = [n for n in bench.judge.names.seconds if n and f"second {n}" in bench.weights.vocabulary.rows]
    couples = [(a, b) for a, b in zip(motifs, motifs[1:] + motifs[:1], strict=True) if a != b][:12]
    if not couples:
        return {"value": None, "why": "fewer than two motif families were judged"}
    drawn = [planes for couple in couples for planes in _bound(bench, couple)]
    real = [corpus_couple(couple, seed) for couple in couples for seed in range(bench.plan.pairs)]
    asked = [couple for couple in couples for _ in range(bench.plan.pairs)]
    own, able = (
        float(np.mean([heard(bench, planes, couple) for planes, couple in zip(tiles, asked, strict=True)]))
        for tiles in (drawn, real)
    )
    withheld = bool(bench.weights.training.get("withheld"))
    return {
        "binding": figure(own, least=WANTED_TOGETHER, corpus=able, tiles=len(asked)),
        "couples": len(couples),
        "family_on_ground": _on_grounds(bench, motifs),
        "never_seen": withheld,
        "why": "" if withheld else "the training withheld no pair of words, so these may have been seen together",
    }


def heard(bench: Bench, planes: np.ndarray, couple: Couple) -> bool:
    """Return whether both of a couple are recognized among a tile's motifs, the large one larger than the small one.

    Each motif that stands apart on planes (6, H, W) is looked at alone; it may face either way.
    """
    found = pieces(share(planes), COUPLE_GRID)
    if not found:
        return False
    drawn = [judging.strongest(one.planes) for one in found]
    mirrored = [np.ascontiguousarray(planes[..., ::-1]) for planes in drawn]
    seen = judged(bench.eye, ((planes, PORTRAIT) for planes in (*drawn, *mirrored))).family
    named = (seen[: len(found)] + seen[len(found) :]).argmax(axis=1)
    sizes = [
        [one.radius for one, k in zip(found, named, strict=True) if bench.eye.names.families[k] == family]
        for family in couple
    ]
    return all(sizes) and float(np.median(sizes[0])) * _SMALLER > float(np.median(sizes[1]))


def _bound(bench: Bench, couple: Couple) -> list[np.ndarray]:
    """Return tiles of a small family beside a large one."""
    large, small = couple
    base = next(judging.asks(large, 1, seed=judging.ASK_SEED + 1))
    prompt = f"small {small}, large {large}, one way, 4 inks"
    ask = replace(judging.resized(judging.reworded(base, prompt), scale_px=_LARGE_PX, inks=4), grid=COUPLE_GRID)
    answers = bench.draw([ask] * bench.plan.pairs, range(2000, 2000 + bench.plan.pairs))
    return [answer.planes for answer in answers]


def corpus_couple(couple: Couple, seed: int) -> np.ndarray:
    """Return a tile of the corpus's own motifs, set likewise."""
    rng = np.random.default_rng([judging.ASK_SEED + 4, seed])
    heroes, seconds = ((portrait(rng, family=name).planes,) for name in couple)
    plan = Plan("one-way", "medium", _LARGE_PX * judging.MOTIF_DETAIL, 4, heroes, seconds, upright=True, held=True)
    return Setter().arrange(rng, COUPLE_GRID, plan)[0]


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
