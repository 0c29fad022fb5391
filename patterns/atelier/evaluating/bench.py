"""What all of an evaluation stands on: how much is measured, what is asked for, what was drawn."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from patterns.atelier import judging
from patterns.atelier.evaluating.drawing import Draw, Job
from patterns.atelier.judging import Answer, Ask
from patterns.loom import DEFAULT_STEPS, FAST_STEPS, measures
from patterns.loom.judge import Judge, Opinion, judged
from patterns.motif import PORTRAIT

if TYPE_CHECKING:
    from patterns.loom.sampling import Sampling
    from patterns.loom.weights import Weights

Record = dict[str, Any]
# The least shares of asks that are recognized: where a GPU trained the weights, and where only a CPU could.
WANTED = {
    "gpu": {"family": 0.90, "hand": 0.85, "scale": 0.90, "inks": 0.95},
    "cpu": {"family": 0.75, "hand": 0.70, "scale": 0.85, "inks": 0.95},
}
WANTED_TOGETHER, MOST_FRECHET, LEAST_DIVERSITY, LEAST_STRAIGHT, LEAST_CRISP = 0.75, 3.0, 0.8, 0.98, 0.95
# Fewer samples than this tell nothing by a Kolmogorov-Smirnov test.
ENOUGH = 20


class Straight(NamedTuple):
    """Families that are to be straight, how straight a drawing (H, W) of ink numbers is, and from how many inks on."""

    families: tuple[str, ...]
    measure: Callable[[np.ndarray], float]
    inks: int = 2

    def rows(self, asks: Sequence[Ask]) -> list[int]:
        """Return the numbers of the asks that are measured."""
        return [i for i, ask in enumerate(asks) if ask.labels.family in self.families and ask.labels.inks >= self.inks]


# A plaid in two inks is hatched where its bands cross, of which the measure knows nothing: corpus drawings reach 0.9.
STRAIGHT = {
    "stripes": Straight(("stripe", "ticking", "pinstripe"), measures.straightness),
    "plaids": Straight(("gingham", "plaid"), measures.plaidness, inks=3),
}


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured: each number is one of tiles or drawings, of each thing that the name says."""

    samples: int = 10  # of each family, for adherence
    fidelity: int = 2000  # in all, at least ``samples`` of each family
    pairs: int = 10  # of each pair of words
    prompts: int = 12
    alike: int = 10  # of each prompt, for diversity
    looks: int = 250  # corpus drawings among which those that answer a prompt are found
    sized: int = 1  # of each family, at each size
    seams: int = 200  # tiles on each repeat
    memory: int = 400  # drawings of the training, and as many held out
    hands: int = 10  # of each hand
    timings: int = 5
    trial: int = 24  # real drawings of each family, for the judge's own trial
    steps: int = DEFAULT_STEPS
    families: int = 10_000  # at most
    study: tuple[int, int] = (320, 7000)  # drawings of each family and steps, for the judge
    hand_study: tuple[int, int] = (100, 2500)
    motif_study: tuple[int, int] = (400, 4000)
    ground_study: tuple[int, int] = (24, 1500)

    def part(self, share: float) -> "Plan":
        """Return the plan with so much of everything that is counted, at least two; the judges learn as they do."""
        counted = (
            "samples",
            "fidelity",
            "pairs",
            "prompts",
            "alike",
            "looks",
            "seams",
            "memory",
            "hands",
            "timings",
            "trial",
        )
        return replace(self, **{name: max(2, round(share * getattr(self, name))) for name in counted})


QUICK = Plan(
    samples=2, fidelity=16, pairs=2, prompts=2, alike=2, looks=60, sized=1, seams=4, memory=30, hands=2, timings=1,
    steps=FAST_STEPS, families=6, study=(80, 400), hand_study=(16, 250), motif_study=(40, 300),
    ground_study=(16, 250),
)  # fmt: skip


@dataclass
class Bench:
    """What all measurements stand on: weights, judges, plan, and what was drawn for the asks.

    ``judge`` looks at whole tiles; ``eye`` at a motif alone, as the network draws it before geometry sets it.
    """

    weights: "Weights"
    folder: Path | None
    judge: Judge
    eye: Judge
    plan: Plan
    families: tuple[str, ...]
    crew: Draw
    asks: list[Ask] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)

    @property
    def each(self) -> int:
        """How many tiles of each family are drawn."""
        return max(self.plan.samples, -(-self.plan.fidelity // len(self.families)))

    @property
    def drawn(self) -> list[np.ndarray]:
        """What was drawn for the asks: planes (6, H, W) uint8 on their grids."""
        return [answer.planes for answer in self.answers]

    def first(self, count: int) -> list[int]:
        """Return the numbers of the first asks of each family."""
        return [i for i in range(len(self.asks)) if i % self.each < count]

    def draw(self, asks: Sequence[Ask], seeds: Sequence[int], sampling: "Sampling | None" = None) -> list[Answer]:
        """Return what the Loom draws for asks, as the plan says unless another sampling is given."""
        from patterns.loom.sampling import Sampling

        how = sampling or Sampling(steps=self.plan.steps)
        return self.crew([Job(ask, seed, how) for ask, seed in zip(asks, seeds, strict=True)])

    def opinion(self, planes: Iterable[np.ndarray], asks: Sequence[Ask]) -> Opinion:
        """Return what the judge says of planes in 255ths or in 0-1 that lie on the grids of asks."""
        return judged(self.judge, (judging.shown(share(p), a.grid) for p, a in zip(planes, asks, strict=True)))

    def named(self, opinion: Opinion, motifs: Sequence[np.ndarray | None]) -> list[str]:
        """Return the family of each design: that of its first motif alone (6, h, w), if it is made of motifs.

        The judge of tiles knows even real drawings of small motifs too seldom, and what a motif is like does
        not change by being set.
        """
        names = opinion.families()
        rows = [i for i, motif in enumerate(motifs) if motif is not None]
        seen = self.looked_at([motif for motif in motifs if motif is not None])
        for i, name in zip(rows, seen, strict=True):
            names[i] = name
        return names

    def looked_at(self, motifs: Sequence[np.ndarray]) -> list[str]:
        """Return the families of motifs alone (6, h, w), in 255ths or in 0-1; "" where there is none to be seen."""
        drawn = [(judging.strongest(motif), PORTRAIT) for motif in motifs]
        return judged(self.eye, drawn).families() if drawn else []


def right(opinion: Opinion, asks: Sequence[Ask], named: Sequence[str] | None = None) -> dict[str, float]:
    """Return the shares of drawings whose family, scale (as a word) and number of inks are seen as asked.

    ``named`` are the families seen, those of ``opinion`` if there are none.
    """
    from patterns.motif.attributes import scale_word

    names = [ask.labels.family for ask in asks]
    sizes = [
        scale_word(n, s) == scale_word(n, ask.labels.scale_px)
        for n, s, ask in zip(names, opinion.scale_px.tolist(), asks, strict=True)
    ]
    return {
        "family": float(np.mean([a == b for a, b in zip(named or opinion.families(), names, strict=True)])),
        "scale": float(np.mean(sizes)),
        "inks": float(np.mean(opinion.ink_counts() == [ask.labels.inks for ask in asks])),
    }


def figure(
    value: float, *, least: float | None = None, most: float | None = None, enough: bool = True, **beside: Any
) -> Record:
    """Return a figure with what is asked of it and whether it holds: None if there is not enough to tell by."""
    held = (least is None or value >= least) and (most is None or value <= most)
    bound = {"least": least} if least is not None else {"most": most}
    return {"value": value, **bound, "met": bool(held) if enough else None, **beside}


def share(planes: np.ndarray) -> np.ndarray:
    """Return planes in 0-1 from planes in 255ths or in 0-1."""
    return planes.astype(np.float32) / np.float32(255) if planes.dtype == np.uint8 else planes
