"""Laws of captions: a closed vocabulary, no colors, the family always named, everything visible sayable."""

import tomllib
from importlib.resources import files

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patterns.lattice import Grid
from patterns.motif import FAMILIES, draw
from patterns.motif.caption import caption, meanings, nouns, parts, vocabulary
from patterns.motif.corpus import DENSITIES, Attributes
from patterns.motif.hand import HANDS
from patterns.motif.layout import LAYOUTS
from patterns.words import tokens

attributes = st.builds(
    Attributes,
    family=st.sampled_from(sorted(FAMILIES)),
    parts=st.lists(st.sampled_from(parts()), max_size=4, unique=True).map(tuple),
    hand=st.sampled_from(HANDS),
    layout=st.sampled_from((*LAYOUTS, "")),
    density=st.sampled_from((*DENSITIES, "")),
    inks=st.integers(1, 6),
    scale_px=st.floats(4, 60),
    outlined=st.booleans(),
)


@settings(max_examples=300, deadline=None)
@given(attributes, st.integers(0, 2**32))
def test_every_word_of_a_caption_is_in_the_vocabulary_and_the_family_is_named(shown: Attributes, seed: int) -> None:
    text = caption(shown, np.random.default_rng(seed))
    assert text == text.lower()
    assert set(tokens(text)) <= set(vocabulary())
    assert any(noun in text for noun in nouns(shown.family))
    assert text == caption(shown, np.random.default_rng(seed))


def test_each_attribute_is_said_sometimes_and_left_out_sometimes() -> None:
    shown = Attributes("daisy", ("leaves",), "rows", "dense", 5, 40.0, True, hand="linocut")
    texts = [caption(shown, np.random.default_rng(s)) for s in range(200)]
    for words in (("leaves",), ("lino",), ("row",), ("dense", "packed", "crowded", "full"), ("5", "five")):
        said = sum(any(w in t for w in words) for t in texts)
        assert 80 < said < 160, words
    assert len(set(texts)) > 150
    assert sum(t in nouns("daisy") for t in texts) > 8


def test_captions_speak_of_no_color() -> None:
    table = tomllib.loads(files("patterns.color").joinpath("names.toml").read_text(encoding="utf-8"))
    named = {*table["ours"], *table["css"]}
    # Roses and lemons are drawn; their colors are told from them where a prompt is read.
    things = {*table["ambiguous"]["things"], *table["ambiguous"]["scenery"]}
    assert {"red", "navy", "ivory"} <= named - things
    assert not set(vocabulary()) & (named - things)


@pytest.mark.parametrize("name", sorted(FAMILIES))
def test_every_part_that_a_family_shows_has_its_words(name: str) -> None:
    for seed in range(8):
        shown = draw(np.random.default_rng([seed, 1]), Grid(96, 96), family=name).attributes
        assert set(shown.parts) <= set(parts())


def test_synonyms_belong_to_families_and_meanings_lead_to_known_words() -> None:
    table = tomllib.loads(files("patterns.motif").joinpath("thesaurus.toml").read_text(encoding="utf-8"))
    assert set(table["synonyms"]) <= set(FAMILIES)
    known = set(vocabulary())
    for word, near in meanings().items():
        assert near
        assert set(tokens(" ".join(near))) <= known, word
        assert tokens(word) == [word]


def test_no_name_belongs_to_two_families() -> None:
    owners: dict[str, str] = {}
    for family in FAMILIES:
        for noun in nouns(family):
            assert owners.setdefault(noun, family) == family, noun
