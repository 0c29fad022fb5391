"""Vines and foliage that are set of motifs instead of drawn whole, and what is drawn instead of mud."""

from dataclasses import replace

import numpy as np
import pytest

from patterns.lattice import Lattice
from patterns.loom.arranging import can_arrange
from patterns.loom.growing import of_motifs
from patterns.loom.vocabulary import Vocabulary
from patterns.loom.weave import Request, heard, loaded, resolved
from patterns.reading import Reading, Subject

VOCABULARY = loaded(None).vocabulary


def come_to(prompt: str, seed: int = 0, symmetry: str = "p1") -> Reading:
    request = Request(prompt, Lattice(320, 320), seed=seed, symmetry=symmetry)
    return resolved(request, heard(request, VOCABULARY)[0], VOCABULARY)


def families(reading: Reading) -> list[str]:
    return [subject.family for subject in reading.subjects]


@pytest.mark.parametrize("prompt", ["trailing vine", "wisteria", "large vines, two inks", "leafy vine"])
def test_a_vine_alone_is_a_layout_of_motifs_that_differ_by_seed(prompt: str) -> None:
    found = [come_to(prompt, seed) for seed in range(12)]
    assert all(can_arrange(VOCABULARY, one) and one.layout == "vine" for one in found)
    assert len({families(one)[0] for one in found}) > 1
    assert come_to(prompt, 3) == found[3]


def test_what_grows_on_a_vine_is_what_was_asked_for() -> None:
    flowers = {families(come_to("vines with small flowers", seed))[0] for seed in range(12)}
    for prompt in ("vine, no flowers", "leafy vine", "vine with berries"):
        leaves = {families(come_to(prompt, seed))[0] for seed in range(12)}
        assert not leaves & flowers
    assert come_to("large trailing vine").subjects[0].scale == "large"


@pytest.mark.parametrize("prompt", ["vines and roses", "roses and vines", "roses on a vine"])
def test_a_vine_beside_motifs_is_their_layout_in_any_order(prompt: str) -> None:
    found = come_to(prompt)
    assert families(found)[0] == "rose"
    assert found.layout == "vine" or "vine" in families(found)[1:]


def test_a_layout_that_is_said_stays() -> None:
    assert come_to("lattice of vines").layout == "trellis"
    assert come_to("all-over foliage, tossed, sparse").layout == "tossed"
    assert come_to("all-over foliage, tossed, sparse").density == "sparse"


def test_foliage_alone_is_of_two_kinds_of_leaves_close_together() -> None:
    for seed in range(8):
        found = come_to("small all-over foliage", seed)
        assert len(set(families(found))) == 2
        assert (found.layout, found.density) == ("half-drop set", "dense")
        assert {subject.scale for subject in found.subjects} == {"small"}
        assert all(VOCABULARY.families[name].motif for name in families(found))


def test_foliage_beside_a_motif_is_one_kind_of_leaf_with_its_size() -> None:
    found = come_to("big leaves small birds")
    assert [subject.scale for subject in found.subjects] == ["large", "small"]
    assert families(found)[1] == "bird"
    assert VOCABULARY.families[families(found)[0]].motif


def test_in_a_plane_group_what_grows_on_a_vine_stands_as_the_group_moves_it() -> None:
    assert can_arrange(VOCABULARY, come_to("trailing vine", symmetry="p4"))


def test_weights_that_were_taught_no_leaves_and_flowers_draw_what_they_were_taught() -> None:
    few = replace(VOCABULARY, families={name: VOCABULARY.families[name] for name in ("vine", "foliage")})
    for name in few.families:
        asked = Reading((Subject(name),))
        assert of_motifs(asked, Vocabulary(few.terms, few.families), np.random.default_rng(0)) == asked


def test_mud_gives_way_and_the_note_says_so() -> None:
    reading, found = heard(Request("memphis style squiggles", Lattice(320, 320)), VOCABULARY)
    assert families(reading) == ["cutout"]
    assert any("'memphis'" in str(one) and "'cutout'" in str(one) for one in found)
