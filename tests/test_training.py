"""The stream of drawings that a training sees, and a training that stops and goes on."""

import json
import multiprocessing
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from threading import BrokenBarrierError

import numpy as np
import pytest
import torch
from torch import nn

from patterns.atelier.teaching import Sitting, train
from patterns.atelier.training import Shown, corpus_vocabulary, shown, stream
from patterns.errors import InputError
from patterns.lattice import Grid
from patterns.loom.table import Table
from patterns.loom.train import Recipe, Trainer, batches
from patterns.motif import FAMILIES
from patterns.reading import Reading, Subject


def test_a_kept_drawing_is_shown_elsewhere_and_mirrored_only_where_the_lattice_is() -> None:
    reading = Reading((Subject("stripe"),), direction="vertical")
    for grid in (Grid(16, 12, 4), Grid(16, 12, 6)):
        planes = np.random.default_rng(0).integers(0, 255, (6, 12, 16)).astype(np.uint8)
        kept = Shown(planes, grid, reading, 8.0, 3)
        samples = [kept.sample(np.random.default_rng(seed)) for seed in range(12)]
        rolls = [grid.roll(planes, dy, dx) for dy in range(12) for dx in range(16)]
        straight = [any(np.array_equal(s.planes, one) for one in rolls) for s in samples]
        mirrored = [any(np.array_equal(s.planes[..., ::-1], one) for one in rolls) for s in samples]
        assert all(one or other for one, other in zip(straight, mirrored, strict=True))
        assert all(straight) == (grid.drop == 4)
        assert {s.terms for s in samples} == {("family stripe",), ("family stripe", "direction vertical")}


def test_the_stream_goes_on_from_what_it_kept() -> None:
    drawn = stream(3, keep=4)
    seen = list(islice(drawn, 40))
    drawn.close()
    assert len(seen) == 40
    assert all(s.planes.shape == (6, s.grid.height, s.grid.width) for s in seen)


def test_batches_share_a_grid_and_hold_so_many_pixels() -> None:
    rng = np.random.default_rng(0)
    made = list(islice(batches((shown(rng).sample(rng) for _ in range(400)), 8 * 96 * 96), 4))
    assert made
    for batch in made:
        assert len({s.grid for s in batch}) == 1
        assert len(batch) * batch[0].planes[0].size <= 8 * 96 * 96 or len(batch) == 1


def test_the_vocabulary_keeps_the_rows_of_terms_and_names_what_is_taught() -> None:
    fresh = corpus_vocabulary()
    grown = corpus_vocabulary(("family toile", *fresh.terms[::-1]))
    assert grown.terms == ("family toile", *fresh.terms[::-1])
    assert set(fresh.families) == {name for name, family in FAMILIES.items() if family.weight}
    assert {"layout half-drop set", "density dense", "outlined"} <= set(fresh.terms)
    assert all(entry.looks for entry in fresh.families.values() if entry.motif)


def test_looks_show_the_inks_that_they_are_told_with_and_leave_no_word_out() -> None:
    from patterns.motif import portrait

    looks = corpus_vocabulary().families["lemon"].looks
    rng = np.random.default_rng(list(b"lemon"))
    seen = [portrait(rng, family="lemon").attributes for _ in range(256)]
    words = {word for one in seen for word in one.parts}
    assert {term.removeprefix("part ") for look in looks for term in look.terms} >= words
    whole = [one.nominal_inks for one in seen if one.inks == one.nominal_inks]
    assert [look.inks for look in looks[: len(whole)]] == whole
    assert len(whole) <= len(looks) < len(seen)


def test_a_training_stops_and_goes_on(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    samples = [s for s in (shown(rng).sample(rng) for _ in range(400)) if s.grid.width * s.grid.height <= 32 * 32][:24]
    small = [s for s in samples if s.grid == samples[0].grid]
    recipe = Recipe(minutes=1.0, batch_px=2 * small[0].planes[0].size)
    vocabulary = corpus_vocabulary()

    def steps(count: int) -> Trainer:
        trainer = Trainer(tmp_path, vocabulary, recipe)
        trainer.run((small * 9)[: 2 * count], on_step=lambda line: None, on_checkpoint=lambda trainer: None)
        return trainer

    first = steps(2)
    again = steps(1)
    assert (first.progress["steps"], again.progress["steps"]) == (2, 3)
    losses = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert [int(line["steps"]) for line in losses] == [1, 2, 3]
    assert (tmp_path / "weights" / "digests.json").exists()


def test_processes_at_a_table_end_each_meeting_with_the_mean_of_their_weights() -> None:
    torch.manual_seed(0)
    networks = [nn.Conv2d(2, 3, 3) for _ in range(3)]
    for network in networks:
        network.weight.data = network.weight.data.to(memory_format=torch.channels_last)
    weights = [[p.detach().clone() for p in network.parameters()] for network in networks]
    table = Table.of(3, networks[0], get_context("spawn"))

    def meeting(number: int, *, over: bool) -> bool:
        return table.meet(number, networks[number], 10 * number, over=over and number == 0)

    with ThreadPoolExecutor(3) as crowd:
        assert list(crowd.map(lambda number: meeting(number, over=False), range(3))) == [False] * 3
        assert list(crowd.map(lambda number: meeting(number, over=True), range(3))) == [True] * 3
        waiting = crowd.submit(meeting, 1, over=False)
        table.leave()
        with pytest.raises(BrokenBarrierError):
            waiting.result()
    for network in networks:
        for p, *own in zip(network.parameters(), *weights, strict=True):
            torch.testing.assert_close(p.detach(), torch.stack(own).mean(dim=0))
    assert table.tiles.tolist() == [0, 10, 20]


def test_two_processes_train_and_leave_one_state(tmp_path: Path) -> None:
    lines: list[dict[str, float]] = []
    reached = train(
        tmp_path, Sitting(minutes=0.02, processes=2, stock=60), on_step=lines.append, on_sheet=lambda path: None
    )
    assert reached["steps"] == 2 * len(lines)
    assert reached["tiles"] > 0
    assert (tmp_path / "weights" / "digests.json").exists()
    assert not multiprocessing.active_children()
    with pytest.raises(InputError, match="on a CPU only"):
        Sitting(processes=2, device="cuda")
