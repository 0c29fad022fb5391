"""Palettes chosen by rule: named colors kept, the others apart, ground and main well apart."""

import numpy as np
import pytest

from patterns import presets
from patterns.color.scheme import GROUND_CONTRAST, LEAST_DIFFERENCE, choose_palette
from patterns.color.spaces import lab_to_oklch
from patterns.color.words import read_prompt
from patterns.errors import CannotMake
from patterns.separation import ROLES

PROMPTS = (
    "indigo block-print peonies on cream",
    "peonies on a dark navy ground",
    "red and white gingham",
    "mint scallops",
    "pink peonies",
    "white flowers",
    "gold fans on black",
    "lavender stripes",
    "plum flowers on charcoal",
    "rust leaves on indigo",
    "tonal teal ogee",
    "multicolored dots",
    "multicolored red dots",
    "ditsy florals",
    "peonies with gold accents",
    "black dots",
    "gray dots on gray",
    "navy dots",
    "peonies on mustard",
    "peonies on sage",
)


@pytest.mark.parametrize("count", [2, 3, 4, 5, 6])
@pytest.mark.parametrize("prompt", PROMPTS)
@pytest.mark.parametrize("with_presets", [True, False])
def test_inks_are_apart_and_named_ones_kept(prompt, count, with_presets):
    request = read_prompt(prompt)
    for seed in range(2):
        palettes = presets.palettes() if with_presets else ()
        palette = choose_palette(request, count, np.random.default_rng(seed), palettes=palettes)
        assert tuple(ink.role for ink in palette.inks) == ROLES[:count]
        apart = palette.differences()[np.triu_indices(count, 1)]
        assert apart.min() >= LEAST_DIFFERENCE, palette
        assert {ink.lab for ink in request.inks} <= {ink.lab for ink in palette.inks}
        assert len({ink.name for ink in palette.inks}) == count


def test_ground_and_main_stand_apart_where_they_are_free():
    for prompt in ("indigo peonies", "pink peonies", "mustard suns", "sage leaves", "white stars", "black dots"):
        for seed in range(4):
            palette = choose_palette(read_prompt(prompt), 6, np.random.default_rng(seed))
            ground, main = lab_to_oklch(palette.lab())[:2, 0]
            assert abs(ground - main) >= GROUND_CONTRAST - 0.02, (prompt, palette)


def test_indigo_on_cream_is_tonal_with_one_warm_accent():
    request = read_prompt("indigo block-print peonies on cream")
    for seed in range(8):
        palette = choose_palette(request, 6, np.random.default_rng(seed), palettes=presets.palettes())
        _, _, hue = lab_to_oklch(palette.lab()).T
        _ground, main, second, accent, line, detail = hue
        assert palette.inks[0].hex == "#f3ead7"
        assert palette.inks[1].hex == "#27356b"
        assert all(225 < h < 300 for h in (main, second, line, detail)), palette
        assert accent < 90, palette


def test_moods_and_grounds_choose_among_the_presets():
    for seed in range(6):
        rng = np.random.default_rng(seed)
        dark = choose_palette(read_prompt("florals on a dark ground"), 6, rng, palettes=presets.palettes())
        assert dark.lab()[0, 0] < 40
        pastel = choose_palette(read_prompt("pastel florals"), 6, rng, palettes=presets.palettes())
        assert "pastel" in pastel.words


def test_chance_is_handed_in():
    request = read_prompt("teal ogee")
    same = [choose_palette(request, 6, np.random.default_rng(3)) for _ in range(2)]
    assert same[0] == same[1]
    assert len({choose_palette(request, 6, np.random.default_rng(seed)).hexes for seed in range(8)}) > 1


def test_too_many_names_are_refused_with_a_cure():
    with pytest.raises(CannotMake, match=r"names 3 colors .* but asks for 2 inks; allow 3"):
        choose_palette(read_prompt("stripes in teal, coral and mustard"), 2, np.random.default_rng(0))
    with pytest.raises(CannotMake, match="2 to 6"):
        choose_palette(read_prompt("stripes"), 9, np.random.default_rng(0))


def test_as_many_names_as_inks_fill_the_palette():
    palette = choose_palette(read_prompt("stripes in teal, coral and mustard"), 3, np.random.default_rng(0))
    assert sorted(ink.name for ink in palette.inks) == ["coral", "mustard", "teal"]
    palette = choose_palette(read_prompt("peonies in pink with gold accents"), 2, np.random.default_rng(0))
    assert [ink.name for ink in palette.inks] == ["gold", "pink"]
