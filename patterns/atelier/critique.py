"""Training the Loom's critic: `python -m patterns.atelier.critique --weights FOLDER` adds one to a folder of weights.

It learns what each family looks like from the corpus, and what the Loom makes of it from the Loom itself, drawn with
the same words as a drawing of the corpus: that is no drawing of the family. Whatever wavers only a little still is one.
"""

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np

from patterns.atelier import judging
from patterns.atelier.arranging import Setter
from patterns.atelier.evaluating.drawing import Job, crew
from patterns.atelier.judging import NOTHING, UNASKED, Study
from patterns.loom.arranging import Artist
from patterns.loom.judge import Example, Judge, Labels, Names, Recipe, shown, strongest, train
from patterns.loom.sampling import Sampling
from patterns.loom.weave import loaded
from patterns.loom.weights import add_critic
from patterns.motif import FAMILIES, PORTRAIT, portrait

# Seeds of what the critic is shown: of no training of the Loom, and of no judge.
_MOTIF_SEED, _FIELD_SEED, _OWN_SEED = 500_021, 500_023, 500_027
# Motifs that the Loom draws together, and how: with nobody to choose among them.
_TOGETHER, _SAMPLING = 12, Sampling(candidates=1)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a critic learns from: so many of the corpus's drawings of each family and of the Loom's, and how long."""

    drawings: int = 280
    own: int = 24
    steps: int = 5000


def criticize(folder: Path, plan: Plan, *, told: Callable[[str], None] = lambda _: None) -> str:
    """Train a critic for the weights in a folder and put it there; return the folder's new digest.

    Raises MissingPart if there are no weights.
    """
    families = tuple(name for name in loaded(folder).vocabulary.families if name in FAMILIES)
    motifs = judging.motifs_of(families)
    fields = tuple(name for name in families if name not in motifs)
    told(f"the Loom draws {plan.own} of each of {len(families)} families")
    own = [*own_motifs(folder, motifs, plan.own), *own_fields(folder, fields, plan.own)]
    told(f"the critic learns from {plan.drawings} drawings of each, {plan.steps} steps")
    return add_critic(folder, taught(motifs, fields, own, plan))


def taught(motifs: tuple[str, ...], fields: tuple[str, ...], own: Sequence[Example], plan: Plan) -> Judge:
    """Return a critic that learned what families look like, and that the Loom's ``own`` drawings are none of them."""
    known = chain(
        judging.motif_lessons(Study(motifs, plan.drawings), seed=_MOTIF_SEED),
        judging.lessons(Study(fields, plan.drawings), seed=_FIELD_SEED),
    )
    return train(chain(known, own), Names((*motifs, *fields, NOTHING)), Recipe(steps=plan.steps))


def own_motifs(folder: Path, families: Sequence[str], count: int) -> Iterator[Example]:
    """Yield motifs alone as the Loom draws them when told all that portraits of the corpus show."""
    artist = Artist.of(loaded(folder), _SAMPLING, Setter())
    for number, family in enumerate(families):
        rng = np.random.default_rng([_OWN_SEED, number])
        seen = [portrait(rng, family=family).attributes for _ in range(count)]
        for first in range(0, count, _TOGETHER):
            asked = [(one.reading(), one.nominal_inks) for one in seen[first : first + _TOGETHER]]
            for planes in artist.portraits(asked, 1000 * number + first):
                yield strongest(planes), PORTRAIT, nothing(planes)


def own_fields(folder: Path, families: Sequence[str], count: int) -> Iterator[Example]:
    """Yield what the Loom draws of fields and regular families for the corpus's own attributes."""
    asks = [ask for family in families for ask in judging.asks(family, count, seed=_OWN_SEED)]
    with crew(folder) as draw:
        answers = draw([Job(ask, i, _SAMPLING) for i, ask in enumerate(asks)])
    for ask, answer in zip(asks, answers, strict=True):
        planes = answer.planes.astype(np.float32) / 255
        yield *shown(planes, ask.grid), nothing(planes)


def nothing(planes: np.ndarray) -> Labels:
    """Return the labels of a drawing of no family: the inks that are seen, and no size."""
    inks = np.unique(planes.argmax(axis=0)).size
    return Labels(NOTHING, UNASKED, UNASKED, inks, float("nan"))


def main() -> None:
    """Train a critic for a folder of weights and add it there."""
    parser = argparse.ArgumentParser(prog="python -m patterns.atelier.critique", description=__doc__)
    parser.add_argument("--weights", type=Path, required=True, metavar="FOLDER", help="weights that want a critic")
    asked = parser.parse_args()
    print(criticize(asked.weights, Plan(), told=lambda line: print(line, file=sys.stderr, flush=True)))


if __name__ == "__main__":
    main()
