"""The critic: of several drawings the one that is most like its family is kept, and weights carry it."""

import shutil
from dataclasses import replace
from itertools import chain
from pathlib import Path

import numpy as np
import pytest
import torch

from patterns.atelier import critique, harming, judging
from patterns.atelier.arranging import Setter
from patterns.errors import MissingPart
from patterns.lattice import Grid, Lattice
from patterns.loom import weights
from patterns.loom.arranging import Artist
from patterns.loom.critic import flaw_in
from patterns.loom.judge import Judge, Names, Recipe, strongest, train
from patterns.loom.network import Condition, Loom, LoomConfig
from patterns.loom.sampling import Sampling, Task, draw
from patterns.loom.vocabulary import ALONE, FamilyEntry, Vocabulary
from patterns.loom.weave import Request, weave
from patterns.motif import PORTRAIT
from patterns.reading import Reading, Subject

SMALL = LoomConfig(
    channels=(16, 24, 40), encoder=("c", "c", "ca"), decoder=("c", "c", "a"), heads=1, table=16, embedding=48
)
MOTIFS, FIELDS = ("daisy", "fern"), ("stripe",)


@pytest.fixture(scope="module")
def network() -> Loom:
    torch.manual_seed(0)
    network = Loom(SMALL).eval().requires_grad_(False)
    for parameter in network.parameters():
        parameter.normal_(std=0.1)
    return network


@pytest.fixture(scope="module")
def critic() -> Judge:
    """A critic that learned for a few seconds, from blotches in place of a Loom's drawings."""
    rng = np.random.default_rng(1)
    own = [
        (harming.harmed(planes, PORTRAIT, rng), PORTRAIT, critique.nothing(planes))
        for family in MOTIFS
        for planes, _ in (judging.motif(rng, family) for _ in range(12))
    ]
    return critique.taught(MOTIFS, FIELDS, own, critique.Plan(drawings=24, steps=90))


def test_a_drawing_of_its_family_has_less_of_a_flaw_than_a_harmed_or_another(critic: Judge) -> None:
    rng = np.random.default_rng(2)
    real = [judging.motif(rng, "daisy")[0] for _ in range(12)]
    harmed = [harming.harmed(planes, PORTRAIT, rng) for planes in real]
    other = [judging.motif(rng, "fern")[0] for _ in range(12)]
    own, worse, wrong = ([flaw_in(critic, (p, PORTRAIT), "daisy") for p in row] for row in (real, harmed, other))
    assert np.median(own) < np.median(worse)
    assert np.median(own) < np.median(wrong)
    assert min(own) >= 0


def test_a_size_that_was_not_asked_for_is_a_flaw(critic: Judge) -> None:
    drawings = [judging.shown(one.planes, one.grid) for one in judging.asks("stripe", 6)]
    near, far = (
        np.mean([flaw_in(critic, d, "stripe", scale_px=f * a.labels.scale_px) for d, a in
                 zip(drawings, judging.asks("stripe", 6), strict=True)])
        for f in (1.0, 4.0)
    )  # fmt: skip
    assert near < far


def test_a_family_that_it_has_not_seen_is_left_to_chance(critic: Judge) -> None:
    assert flaw_in(critic, (np.zeros((6, 96, 96), np.uint8), PORTRAIT), "peony") == 0


def _task(steps: int, **other: object) -> Task:
    condition = Condition(torch.zeros(1, 32, dtype=torch.int64), torch.tensor([5.0]), torch.tensor([3]))
    return Task(condition, Grid(96, 96), 4, Sampling(steps=steps, **other))  # pyright: ignore[reportArgumentType]


def test_of_several_drawings_that_with_the_least_flaw_is_kept(network: Loom) -> None:
    seen: list[torch.Tensor] = []

    def flaw(planes: torch.Tensor) -> float:
        seen.append(planes)
        return float(-len(seen) % 4)

    task = replace(_task(28), flaw=flaw)
    kept = draw(network, task)
    assert len(seen) == task.candidates > 4
    assert torch.equal(kept, seen[3])
    assert all(not torch.equal(seen[0], other) for other in seen[1:])
    # The first of them is what is drawn without anybody to choose, but for the order of sums.
    torch.testing.assert_close(seen[0], draw(network, _task(28)), atol=2e-5, rtol=0)


def test_there_is_less_of_a_choice_of_larger_tiles_and_none_unless_somebody_can_choose() -> None:
    assert _task(28).candidates == replace(_task(28, candidates=1), flaw=lambda _: 0.0).candidates == 1
    sampling = Sampling(candidates=4)
    small, large = sampling.candidates_on(Grid(32, 16)), sampling.candidates_on(Grid(512, 512))
    assert small == 8 > sampling.candidates_on(Grid(256, 256)) == 4 > large == 2
    assert Sampling(candidates=1).candidates_on(Grid(32, 16)) == 1


def test_an_artist_keeps_the_motif_that_the_critic_likes(network: Loom) -> None:
    torch.manual_seed(3)
    critic = Judge(Names(("rose", ""))).eval().requires_grad_(False)
    known = Vocabulary(("family rose", ALONE, "layout tossed"), {"rose": FamilyEntry(30.0)})

    class Content(Setter):
        shown: list[np.ndarray]

        def __init__(self) -> None:
            self.shown = []

        def flaw(self, planes: np.ndarray) -> float:
            self.shown.append(planes)
            return 0.0

    judge = Content()
    artist = Artist(network, known, Sampling(candidates=3), judge, critic=critic)
    heroes, _ = artist.motifs(Reading((Subject("rose"),), layout="tossed", variety="one"), 4, 11)
    assert len(judge.shown) == 3
    liked = np.argmin([flaw_in(critic, (strongest(planes), Grid(96, 96)), "rose") for planes in judge.shown])
    np.testing.assert_array_equal(heroes[0], judge.shown[liked])


def test_weights_carry_their_critic_and_an_altered_one_is_refused(
    small_weights: Path, critic: Judge, tmp_path: Path
) -> None:
    folder = tmp_path / "weights"
    shutil.copytree(small_weights, folder)
    before = weights.load(folder)
    assert before.critic is None
    digest = weights.add_critic(folder, critic)
    after = weights.load(folder)
    assert digest == after.digest != before.digest
    assert after.critic is not None
    assert after.critic.names == critic.names
    woven = weave(Request("stripes", Lattice.named("straight", 80), inks=3, steps=28), folder=folder)
    assert woven.digest == digest
    (folder / "critic.safetensors").write_bytes(b"none")
    with pytest.raises(MissingPart, match=r"critic.safetensors"):
        weights.load(folder)


def test_what_the_loom_draws_is_shown_to_the_critic_as_nothing(small_weights: Path) -> None:
    own = [*critique.own_motifs(small_weights, ("peony",), 2), *critique.own_fields(small_weights, ("stripe",), 2)]
    assert len(own) == 4
    for planes, grid, labels in own:
        assert (planes.dtype, labels.family) == (np.uint8, judging.NOTHING)
        assert planes.shape == (6, grid.height, grid.width)
        assert np.isnan(labels.scale_px)
    train(chain(own), Names(("peony", "stripe", judging.NOTHING)), Recipe(steps=2))
