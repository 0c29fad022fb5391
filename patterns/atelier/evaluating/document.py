"""How good the Loom is, as one document: what `python -m patterns.loom.evaluate` prints.

Every figure has the corpus's own beside it, measured in the same way on fresh drawings, and the least or most that
the project asks for. The judge itself is on trial in every run: see ``trial``.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from patterns.atelier import judging
from patterns.atelier.evaluating.bench import (
    ENOUGH,
    LEAST_CRISP,
    LEAST_DIVERSITY,
    LEAST_STRAIGHT,
    MOST_FRECHET,
    STRAIGHT,
    WANTED,
    WANTED_TOGETHER,
    Bench,
    Plan,
    Record,
    figure,
    right,
    share,
)  # fmt: skip
from patterns.atelier.evaluating.costs import costs
from patterns.atelier.evaluating.drawing import crew
from patterns.atelier.evaluating.likewise import likewise
from patterns.atelier.evaluating.modes import fast, sizes
from patterns.atelier.evaluating.pairs import pairs
from patterns.atelier.evaluating.seams import seams
from patterns.atelier.evaluating.sheet import sheet
from patterns.atelier.evaluating.trial import judged_real, trial
from patterns.atelier.judging import Ask
from patterns.loom import measures
from patterns.loom.judge import FEATURES, Judge, Opinion, Recipe, judged
from patterns.motif import FAMILIES, PORTRAIT

# The seed of drawings of a training that does not say its own, and that of drawings which no training sees.
TRAINING_SEED, HELD_SEED = 1, 900_001


def evaluate(
    plan: Plan, folder: Path | None, out: Path, *, told: Callable[[str], None] = lambda _: None
) -> Record:  # fmt: skip
    """Return the whole document, and write the contact sheet into ``out``."""
    with equipped(plan, folder, told=told) as bench:
        return _rounded(_measured(bench, out, told))


@contextmanager
def equipped(
    plan: Plan, folder: Path | None, *, told: Callable[[str], None] = lambda _: None
) -> Iterator[Bench]:  # fmt: skip
    """Give a bench with its judges, which are trained if they are not at hand, and whoever draws for it."""
    from patterns.loom.weave import loaded

    weights = loaded(folder)
    families = _families(tuple(weights.vocabulary.families), plan.families)
    study = judging.Study(families, plan.study[0], Recipe(steps=plan.study[1]))
    judge = judging.judge_of(study, told=told)
    motifs = judging.motifs_of(families)
    eye = judging.motif_judge_of(
        judging.Study(motifs, plan.motif_study[0], Recipe(steps=plan.motif_study[1])), told=told
    )
    with crew(folder) as draw:
        yield Bench(weights, folder, judge, eye, plan, families, draw)


def _measured(bench: Bench, out: Path, told: Callable[[str], None]) -> Record:
    """Return all figures; what is known so far is in ``out`` after each, for all of them take an hour."""
    from patterns.loom.weave import machine

    weights, plan, families = bench.weights, bench.plan, bench.families
    told(f"drawing {bench.each} tiles of each of {len(families)} families")
    _fill(bench)
    own, real, alike = _opinions(bench)
    trained_on = str(weights.training.get("device", "cpu")).split(":")[0].replace("cuda", "gpu")
    record: Record = {
        "weights": weights.digest,
        "training": dict(weights.training),
        "trained_on": trained_on,
        "corpus": judging.corpus_digest(),
        "machine": machine(),
        "plan": {name: getattr(plan, name) for name in plan.__slots__},
        "families": len(families),
        "families_of_the_issue": 48,
    }
    out.mkdir(parents=True, exist_ok=True)
    contact_sheet(bench, own, out / "judged.png")
    wanted = WANTED[trained_on]
    measured: dict[str, Callable[[], Record]] = {
        "judge": lambda: trial(bench),
        "adherence": lambda: adherence(bench, own, real, alike, wanted),
        "straightness": lambda: straightness(bench),
        "crispness": lambda: crispness(bench),
        "seam": lambda: seams(bench),
        "fidelity": lambda: fidelity(bench, own, real, alike),
        "fast": lambda: fast(bench),
        "pairs": lambda: pairs(bench),
        "diversity": lambda: diversity(bench),
        "hands": lambda: hands(bench, own, wanted["hand"]),
        "memory": lambda: memory(bench),
        "sizes": lambda: sizes(bench),
        "time": lambda: costs(bench),
    }
    for name, measure in measured.items():
        told(name)
        record[name] = measure()
        fresh = out / ".judged.json.part"
        fresh.write_text(json.dumps(_rounded(record), indent=1) + "\n")
        fresh.replace(out / "judged.json")
    return record


def _families(taught: tuple[str, ...], most: int) -> tuple[str, ...]:
    """Return the families that are judged, spread over all that were taught and that the corpus still draws."""
    known = tuple(name for name in taught if name in FAMILIES)
    if len(known) <= most:
        return known
    # Stripes and plaids first: they have a figure of their own.
    figured = [families for families, *_ in STRAIGHT.values()]
    first = [next((n for n in row if n in known), "") for row in (*figured, ("daisy",), ("fern",))]
    rest = [n for n in known if n not in first]
    return tuple(n for n in [*first, *rest[:: max(1, len(rest) // most)]] if n)[:most]


def _fill(bench: Bench) -> None:
    """Draw for every ask of every family."""
    bench.asks = [ask for family in bench.families for ask in judging.asks(family, bench.each)]
    bench.answers = bench.draw(bench.asks, [1000 + i for i in range(len(bench.asks))])


def _opinions(bench: Bench) -> tuple[Opinion, Opinion, Opinion]:
    """Return what the judge says of the samples, of real drawings that answer the same asks, and of such likewise."""
    own, real = bench.opinion(bench.drawn, bench.asks), bench.opinion([a.planes for a in bench.asks], bench.asks)
    return own, real, _likewise(bench, bench.asks, judging.REAL_SEED)


def _likewise(bench: Bench, asks: Sequence[Ask], seed: int) -> Opinion:
    """Return what the judge says of the corpus's own drawings for asks, set as the Loom sets its own."""
    drawn = (likewise(ask, bench.weights.vocabulary, seed + i) for i, ask in enumerate(asks))
    return bench.opinion((ask.planes for ask in drawn), asks)


def adherence(bench: Bench, own: Opinion, real: Opinion, alike: Opinion, wanted: Mapping[str, float]) -> Record:
    """Return the shares of asks that are recognized in the first samples of each family, and each family's own.

    The family of a design of motifs is that of its first motif alone; what the judge of tiles says is beside it.
    ``corpus`` are real drawings that answer the asks, ``likewise`` the corpus's motifs set as the Loom sets its own,
    ``of_all`` the share of all that was drawn.
    """
    first = bench.first(bench.plan.samples)
    asks = [bench.asks[i] for i in first]
    seen, known, same = _some(own, first), _some(real, first), right(_some(alike, first), asks)
    names = bench.named(seen, [bench.answers[i].motif for i in first])
    drawn = [judging.alone_for(ask, i) for i, ask in enumerate(asks)]
    shares, ceiling = right(seen, asks, names), right(known, asks, bench.named(known, drawn))
    hits = np.array([name == ask.labels.family for name, ask in zip(names, asks, strict=True)])
    figures = {n: figure(v, least=wanted[n], corpus=ceiling[n]) for n, v in shares.items()}
    figures["scale"] |= {"likewise": same["scale"], "of_all": right(own, bench.asks)["scale"]}
    whole = {"value": right(seen, asks)["family"], "corpus": right(known, asks)["family"], "likewise": same["family"]}
    return {
        **figures,
        "family_of_whole_tiles": whole,
        "asks": len(asks),
        "by_family": dict(
            zip(bench.families, hits.reshape(len(bench.families), -1).mean(axis=1).tolist(), strict=True)
        ),
    }


def _some(opinion: Opinion, rows: Sequence[int]) -> Opinion:
    keep = list(rows)
    fields = ("family", "second", "ground", "inks", "scale_px", "features")
    return Opinion(opinion.names, *(getattr(opinion, name)[keep] for name in fields))


def fidelity(bench: Bench, own: Opinion, real: Opinion, alike: Opinion) -> Record:
    """Return the Frechet distance of samples to real drawings over that of other real drawings to them.

    Real motifs are set likewise; ``to_layouts`` is the ratio to the corpus's own layouts, which draw them coarser, and
    ``likewise_to_layouts`` that of the corpus's motifs set likewise. With fewer samples than features every distance is
    mostly chance, and the ratio says little.
    """
    layouts, asks = judged_real(bench, judging.REAL_SEED, bench.each)
    other = _likewise(bench, asks, judging.REAL_SEED + 100_003).features
    between, between_layouts = (
        max(1e-9, measures.frechet(one.features, two)) for one, two in ((alike, other), (real, layouts.features))
    )
    n = len(bench.asks)
    return figure(
        measures.frechet(own.features, other) / between,
        most=MOST_FRECHET,
        n=n,
        real_to_real=between,
        to_layouts=measures.frechet(own.features, layouts.features) / between_layouts,
        likewise_to_layouts=measures.frechet(alike.features, layouts.features) / between_layouts,
        enough=n > FEATURES,
    )


def diversity(bench: Bench) -> Record:
    """Return how far apart the samples of one prompt are in features, over drawings that the prompt would describe."""
    ratios = [r for name in bench.families[: bench.plan.prompts] for r in _diversity(bench, name)]
    if not ratios:
        return {"value": None, "why": "no prompt had two drawings alike"}
    return figure(float(np.mean(ratios)), least=LEAST_DIVERSITY, prompts=len(ratios), lowest=min(ratios))


def _diversity(bench: Bench, family: str) -> list[float]:
    prompt, group = judging.alike(family, bench.plan.looks, most=bench.plan.alike)
    if len(group) < 2:
        return []
    asks = [judging.reworded(ask, prompt) for ask in group]
    drawn = [answer.planes for answer in bench.draw(asks, [4000 + i for i in range(len(asks))])]
    own, real = bench.opinion(drawn, group), bench.opinion([a.planes for a in group], group)
    return [measures.spread(own.features) / max(1e-9, measures.spread(real.features))]


def straightness(bench: Bench) -> Record:
    """Return how straight stripes and plaids are, each beside the corpus's own."""
    record: Record = {}
    for kind, straight in STRAIGHT.items():
        rows = straight.rows(bench.asks)
        if rows:
            own = [straight.measure(bench.answers[i].planes.argmax(axis=0)) for i in rows]
            real = [straight.measure(bench.asks[i].planes.argmax(axis=0)) for i in rows]
            corpus, clean = float(np.mean(real)), float(np.mean(np.array(own) >= LEAST_STRAIGHT))
            record[kind] = figure(
                float(np.mean(own)), least=LEAST_STRAIGHT, corpus=corpus, tiles=len(rows), clean=clean
            )
    return record


def crispness(bench: Bench) -> Record:
    """Return the share of decided pixels before anything is sharpened, over the corpus's own, of motifs alone.

    Motifs of the corpus are smoothed as those of the Loom are, where nothing but contours is told.
    """
    from patterns.loom.arranging import smoothed

    first = bench.first(bench.plan.samples)
    alone = [(bench.asks[i].planes, judging.alone_for(bench.asks[i], i)) for i in first]
    real = float(np.mean([measures.crispness(tile if motif is None else smoothed(motif)) for tile, motif in alone]))
    own = float(np.mean([bench.answers[i].crisp for i in first]))
    return figure(own / real, least=LEAST_CRISP, samples=own, corpus=real)


def hands(bench: Bench, seen: Opinion, wanted: float) -> Record:
    """Return how often the hand that was put on a sample is recognized, beside the same on real drawings.

    Only motifs are asked: upright stripes have no edge that tells cut paper from cloth. No drawing of the training is
    in a hand: a family and a hand are never seen together, and how often both are recognized is said too.
    """
    from patterns.hand import HANDS

    motifs = judging.motifs_of(bench.families)
    rows = [i for i, ask in enumerate(bench.asks) if ask.labels.family in motifs]
    if not rows:
        return {"value": None, "why": "no motif family was judged"}
    study = judging.Study(motifs, bench.plan.hand_study[0], Recipe(steps=bench.plan.hand_study[1]))
    judge = judging.hand_judge_of(study, HANDS)
    asked = [(hand, rows[(n + 7 * k) % len(rows)]) for n, hand in enumerate(HANDS) for k in range(bench.plan.hands)]
    drawn = [replace(ask, planes=planes) for ask, planes in zip(bench.asks, bench.drawn, strict=True)]
    own, real = ([_hand_seen(judge, of[i], (hand, i)) == hand for hand, i in asked] for of in (drawn, bench.asks))
    named = bench.named(seen, [answer.motif for answer in bench.answers])
    both = [right and named[i] == bench.asks[i].labels.family for right, (_, i) in zip(own, asked, strict=True)]
    able = float(np.mean(real))
    return {
        **figure(float(np.mean(own)), least=wanted, corpus=able, judge_able=able >= wanted),
        "family_and_hand": figure(float(np.mean(both)), least=WANTED_TOGETHER),
        "prints": len(asked),
        "chance": 1 / len(HANDS),
    }


def _hand_seen(judge: Judge, drawing: Ask, put: tuple[str, int]) -> str:
    """Return the hand that the judge sees, all pieces of a print together, where one was put on with a seed."""
    hand, seed = put
    pieces = judging.in_hand(share(drawing.planes), drawing.grid, hand, seed=seed, detail=drawing.detail)
    seen = judged(judge, pieces).family.mean(axis=0)
    return judge.names.families[int(seen.argmax())]


def memory(bench: Bench) -> Record:
    """Return whether motifs lie nearer to those of the training than to held-out ones, over all shifts.

    Motifs of the training are the first that its last sitting saw, if the corpus still draws them. The same ones moved
    stand for a model that copies: they must be told.
    """
    seed = int(bench.weights.training.get("drawings", TRAINING_SEED))
    trained, held = (judging.stock(s, bench.plan.memory, PORTRAIT) for s in (seed, HELD_SEED))
    own = [share(answer.motif) for answer in bench.answers if answer.motif is not None][: bench.plan.memory]
    if len(own) < 2:
        return {"value": None, "why": "fewer than two motifs were drawn"}
    moved = [np.roll(p, (13, 29), axis=(1, 2)) for p in trained]
    near, far = measures.nearest(own, trained), measures.nearest(own, held)
    copied = measures.told_apart(measures.nearest(moved, trained), measures.nearest(moved, held))
    return {
        **figure(measures.told_apart(near, far), least=0.05, enough=len(own) >= ENOUGH),
        "motifs": len(own),
        "drawings": len(trained),
        "to_training": float(np.median(near)),
        "to_held_out": float(np.median(far)),
        "copies_p": copied,
        "copies_are_told": copied < 0.05,
    }


def contact_sheet(bench: Bench, own: Opinion, path: Path) -> None:
    """Write a PNG: for each family an asked drawing of the corpus beside what the Loom drew, and the judge's word."""
    said = bench.named(own, [answer.motif for answer in bench.answers])
    sheet([(bench.asks[i], share(bench.answers[i].planes), said[i]) for i in bench.first(1)], path)


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, Mapping):
        return {k: _rounded(v) for k, v in value.items()}
    return [_rounded(v) for v in value] if isinstance(value, list | tuple) else value
