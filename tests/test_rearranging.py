"""Designs of arranged motifs, changed motif by motif, with the weights that are shipped."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from patterns.atelier.bench import Bench
from patterns.atelier.making import Made, design
from patterns.atelier.replaying import replay
from patterns.atelier.varying import Wish, blend, edit, vary
from patterns.design import Brief
from patterns.library import Library

STEPS = 6


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return Bench(Library(tmp_path_factory.mktemp("library")), None)


@pytest.fixture(scope="module")
def tulips(bench: Bench) -> Made:
    asked = Brief("tulips, tossed", repeat="half-drop", width_mm=200, inks=3, seed=5, steps=STEPS, scale=40)
    return design(asked, bench)


def apart(one: Made, other: Made) -> float:
    """Return the share of pixels that two designs ink otherwise, by the inks' roles."""
    first, second = (np.array(m.separation.roles)[m.separation.indices()] for m in (one, other))
    return float((first != second).mean())


def test_a_whisper_is_nearer_than_a_cousin_and_stands_in_the_same_places(bench: Bench, tulips: Made) -> None:
    whisper, sibling, cousin = (vary(tulips.design.id, Wish(strength, seed=3), bench) for strength in (0.25, 0.5, 0.75))
    assert 0 < apart(tulips, whisper) < apart(tulips, sibling) < apart(tulips, cousin)
    # Motifs in the same places hide the same ground, nearly; a cousin's stand elsewhere.
    shown = [m.separation.planes[0] < 0.5 for m in (tulips, whisper, cousin)]
    overlap = [float((shown[0] & s).sum() / (shown[0] | s).sum()) for s in shown[1:]]
    assert overlap[0] > 0.7
    assert overlap[1] < 0.5


def test_a_variation_of_a_variation_replays(bench: Bench, tulips: Made, tmp_path: Path) -> None:
    once = vary(tulips.design.id, Wish(0.25, seed=3), bench)
    twice = vary(once.design.id, Wish(0.25, seed=4), bench)
    assert 0 < apart(once, twice) < 0.2
    again = replay(twice.folder / "tile.png", bench, out=tmp_path / "out")
    assert again.differing == 0


def test_only_motifs_that_lie_wholly_in_the_mask_give_way(bench: Bench, tulips: Made) -> None:
    grid = tulips.separation.grid
    mask = np.zeros((grid.height, grid.width), bool)
    mask[: grid.height // 2] = True
    made = edit(tulips.design.id, mask, Wish(1.0, seed=9, prompt="daisies"), bench, join="0")
    np.testing.assert_array_equal(made.separation.planes[:, ~mask], tulips.separation.planes[:, ~mask])
    changed = (made.separation.indices() != tulips.separation.indices()) & mask
    assert changed.any()
    # A motif on the mask's edge is whole: nothing changes next to it.
    assert not changed[grid.height // 2 - 2 : grid.height // 2].any()


def test_a_blend_has_motifs_of_both(bench: Bench, tulips: Made) -> None:
    asked = Brief("ferns, tossed", repeat="half-drop", width_mm=200, inks=3, seed=6, steps=STEPS)
    ferns = design(asked, bench)
    both = blend(tulips.design.id, ferns.design.id, Wish(0.5, seed=1), bench)
    assert set(both.separation.roles) <= {"ground", "main", "second"}
    # The tulips that are left stand where they stood, and ferns in the places of the others.
    assert 0.02 < apart(both, tulips) < 0.3


def test_motifs_lie_over_another_design_and_replay(bench: Bench, tmp_path: Path) -> None:
    under = design(Brief("stripes", width_mm=160, inks=2, seed=1, steps=STEPS), bench)
    asked = Brief("tulips, tossed", inks=3, seed=2, steps=STEPS, change="over", base=under.design.id)
    made = design(asked, bench)
    assert made.design.parent == under.design.id
    assert made.design.lattice == under.design.lattice
    assert len(made.separation.roles) > len(under.separation.roles)
    again = replay(made.folder / "tile.png", bench, out=tmp_path / "out")
    assert again.differing == 0


def test_who_is_larger_stays_larger_in_a_variation(bench: Bench) -> None:
    asked = Brief("small stars and tulips, one way", repeat="straight", width_mm=200, inks=3, seed=2, steps=STEPS)
    first = design(asked, bench)
    whisper = vary(first.design.id, Wish(0.25, seed=3), bench)
    shown = [made.separation.planes[0] < 0.5 for made in (first, whisper)]
    assert (shown[0] & shown[1]).sum() > 0.7 * (shown[0] | shown[1]).sum()


def test_cutouts_are_in_one_ink_each_and_stay_so_in_a_variation(bench: Bench) -> None:
    asked = Brief("cut-paper abstract shapes, tossed", width_mm=240, inks=4, seed=2, steps=STEPS)
    made = design(asked, bench)
    whisper = vary(made.design.id, Wish(0.25, seed=3), bench)
    for one in (made, whisper):
        assert set(one.separation.roles) == {"ground", "main", "second", "accent"}
    assert 0 < apart(made, whisper) < 0.1
    single = design(replace(asked, variety="one"), bench)
    assert set(single.separation.roles) == {"ground", "main", "second", "accent"}
