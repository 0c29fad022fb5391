"""The curated palettes, finding them, naming colors, harmonies, and palettes out of pictures."""

import json

import numpy as np
import pytest
from coloraide import Color

from patterns import presets
from patterns.cli import main
from patterns.color.extraction import LEAST_APART, palette_of_picture
from patterns.color.files import KINDS, read_palette
from patterns.color.harmony import HARMONIES, harmony
from patterns.color.ink import Ink, ink_difference
from patterns.color.names import named
from patterns.color.search import _HUES, hues_of
from patterns.color.spaces import lab_to_oklch, linear_to_oklab, srgb_to_lab, srgb_to_linear
from patterns.color.swatches.css import css_inks
from patterns.color.words import read_prompt
from patterns.errors import CannotMake, InputError

SEASONS = ("spring", "summer", "autumn", "winter")
# Systems whose names and numbers are guarded: none of their words may stand in a palette.
GUARDED = {"pantone", "ral", "ncs", "tcx", "tpx", "tpg", "toyo", "focoltone", "trumatch", "hks", "munsell"}


def test_there_are_palettes_enough_each_with_source_and_license():
    assert len(presets.palettes()) >= 60
    for name in presets.names("palettes"):
        said = presets.provenance("palettes", name)
        assert said["source"].startswith("ours: ") == said["heuristic"], name
        assert said["license"], name
        inks = " ".join(ink.name for ink in presets.palette(name).inks)
        assert not GUARDED & set(f"{said['title']} {name} {inks}".lower().replace("-", " ").split()), name


def test_palettes_have_a_sound_value_structure():
    """Ground and main stand apart; the line is the deepest or the palest of the inks on the ground."""
    for palette in presets.palettes():
        lightness = lab_to_oklch(palette.lab())[:, 0]
        ground, main, second, accent, line, detail = lightness
        assert abs(ground - main) >= 0.2, palette.name
        assert not min(main, second, accent, detail) < line < max(main, second, accent, detail), palette.name
        assert len({ink.name for ink in palette.inks}) == 6, palette.name


def test_every_season_and_mood_has_something_to_choose_from():
    for word in (*SEASONS, "calm", "moody", "romantic", "coastal", "folk", "modern", "festive", "nursery", "tropical"):
        assert len(presets.search_palettes(word)) >= 4, word


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("indigo house", "indigo-house"),
        ("moody autumn", "forest-floor"),
        ("Christmas", "christmas-eve"),
        ("xmas", "christmas-eve"),
        ("coastal with red", "sailor"),
        ("green tonal", "topiary"),
        ("boho desert", "desert-bloom"),
        ("dusty rose and sage", "sage-linen"),
        ("#27356b", "indigo-house"),
        ("teal, mustard", "mustard-teal"),
    ],
)
def test_a_search_finds_first_what_was_meant(query, expected):
    assert presets.search_palettes(query)[0].name == expected


def test_a_search_meets_every_part_or_as_many_as_can_be():
    for palette in presets.search_palettes("winter dark"):
        assert {"winter", "dark"} <= set(palette.words)
    assert presets.search_palettes("winter xyzzy") == presets.search_palettes("winter")
    assert presets.search_palettes("xyzzy") == ()
    assert len(presets.search_palettes("")) == len(presets.palettes())
    assert len(presets.search_palettes("summer", limit=3)) == 3
    assert presets.search_palettes("winter " * 500)


def test_a_search_for_a_color_has_it_in_its_first_results():
    for color in ("emerald", "dusty rose", "indigo", "tangerine", "lavender"):
        ink = named(color)
        assert ink is not None
        for palette in presets.search_palettes(color, limit=3):
            assert min(ink_difference(i, ink) for i in palette.inks) < 14, (color, palette.name)


@pytest.mark.parametrize(
    ("color", "hues"),
    [
        ("#b92b2f", {"red"}),
        ("#e5a4ab", {"pink"}),
        ("#e27a2c", {"orange"}),
        ("#f2c737", {"yellow"}),
        ("#4a7a45", {"green"}),
        ("#1f6f70", {"teal"}),
        ("#2f5d9e", {"blue"}),
        ("#67407c", {"purple"}),
        ("#6f4a31", {"brown"}),
        ("#8c8a87", {"gray"}),
        ("#1d1b1c", {"black"}),
        ("#fbf9f4", {"white"}),
    ],
)
def test_hues_are_called_as_people_call_them(color, hues):
    fits = hues_of(np.array(Ink.of_hex(color).lab))
    assert {name for name, fit in zip(_HUES, fits, strict=True) if fit} == hues


def test_names_that_people_type_are_colors():
    for name in ("dusty rose", "indigo", "forest", "cloudy blue", "rebecca purple", "pale dusty rose", "Grey Blue"):
        assert named(name) is not None, name
    # Ours come before the screen's and the survey's; the survey is never heard in a prompt.
    teal = named("teal")
    assert teal is not None
    assert teal.hex == "#1f6f70"
    assert read_prompt("mud cloth stripes").inks == ()
    assert named("mud") is not None
    assert named("blorple") is None
    assert named("a " * 10**6) is None


def test_css_keeps_its_own_names():
    (teal,) = css_inks(":root { --x: teal }", "a.css")
    assert teal.hex == "#008080"


@pytest.mark.parametrize("kind", HARMONIES)
def test_a_harmony_turns_the_hue_and_keeps_lightness_and_strength(kind):
    ink = named("dusty rose")
    assert ink is not None
    palette = harmony(ink, kind, count=len(HARMONIES[kind]))
    lightness, chroma, hue = lab_to_oklch(palette.lab()).T
    assert palette.inks[0].lab == ink.lab
    np.testing.assert_allclose(lightness, lightness[0], atol=2e-3)
    np.testing.assert_allclose(chroma, chroma[0], atol=2e-3)
    turned = (hue - hue[0] - HARMONIES[kind] + 180) % 360 - 180
    np.testing.assert_allclose(turned, 0, atol=1.5)


def test_harmonies_say_what_they_cannot():
    gray, red = Ink("gray", (50.0, 0.0, 0.0)), Ink("red", (45.0, 60.0, 35.0))
    with pytest.raises(CannotMake, match="has no hue to turn"):
        harmony(gray, "triad")
    with pytest.raises(InputError, match="no harmony is called 'quint'"):
        harmony(red, "quint")
    with pytest.raises(CannotMake, match="colors that can be told apart, not 30"):
        harmony(gray, "tonal", count=30)
    assert len(harmony(gray, "tonal", count=4)) == 4


def test_oklch_agrees_with_coloraide(rng):
    encoded = rng.uniform(0, 1, (60, 3))
    theirs = np.array([Color("srgb", rgb).convert("oklab").coords() for rgb in encoded.tolist()])
    np.testing.assert_allclose(linear_to_oklab(srgb_to_linear(encoded)), theirs, atol=2e-4)


def flat_picture(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return a noisy picture (120, 160, 3) of four colors and those colors, the largest first."""
    colors = np.array([(237, 227, 204), (38, 51, 107), (115, 140, 89), (191, 51, 38)])
    picture = np.full((120, 160, 3), colors[0], dtype=np.float64)
    picture[20:100, 20:90], picture[:20, 100:], picture[60:72, 120:132] = colors[1], colors[2], colors[3]
    return np.clip(picture + rng.normal(0, 4, picture.shape), 0, 255).astype(np.uint8), colors


def test_a_picture_gives_its_colors_the_small_ones_too(rng):
    pixels, colors = flat_picture(rng)
    palette = palette_of_picture(pixels, 4, rng=np.random.default_rng(0))
    wanted = srgb_to_lab(colors / 255.0)
    np.testing.assert_allclose(palette.lab(), wanted, atol=2.5)
    assert palette == palette_of_picture(pixels, 4, rng=np.random.default_rng(0))
    assert palette.differences()[np.triu_indices(4, 1)].min() >= LEAST_APART
    with pytest.raises(CannotMake, match="has 1 colors that can be told apart, not 2"):
        palette_of_picture(np.zeros((8, 8, 3), np.uint8), 2, rng=rng)


@pytest.mark.parametrize("kind", KINDS)
def test_the_command_converts_to_every_kind(tmp_path, kind, capsys):
    path = tmp_path / f"sailor.{'aco' if kind == 'aco1' else kind}"
    assert main(["palette", "convert", "sailor", "--as", kind, "--out", str(path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["findings"] == []
    assert np.array_equal(read_palette(path).srgb8(), presets.palette("sailor").srgb8())


def test_the_commands_answer(tmp_path, capsys, rng):
    from PIL import Image

    Image.fromarray(flat_picture(rng)[0]).save(tmp_path / "p.png")
    for line in (
        ["presets", "search", "moody autumn", "--limit", "2"],
        ["palette", "show", "dusty rose,forest"],
        ["palette", "show", "cloudy blue"],
        ["palette", "harmony", "indigo", "--kind", "triad"],
        ["palette", "picture", str(tmp_path / "p.png"), "--inks", "4"],
    ):
        assert main(line) == 0
        assert main([*line, "--json"]) == 0
        said = capsys.readouterr()
        assert said.err == ""
    assert main(["palette", "convert", "sailor", "--out", str(tmp_path / "a.doc")]) == 3
    assert "not written as 'doc'" in capsys.readouterr().err
    assert main(["palette", "picture", str(tmp_path / "none.png")]) == 3
    assert not (tmp_path / "a.doc").exists()
