"""The samples are made again from the records that they carry."""

import tomllib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from patterns import presets
from patterns.atelier.bench import Bench
from patterns.atelier.making import asked_colors, lattice_of
from patterns.atelier.replaying import replay
from patterns.design import Brief
from patterns.lattice import NAMED_REPEATS
from patterns.library import Library
from patterns.reading import FRAME_LAYOUTS, HANDS, SET_LAYOUTS, read
from patterns.symmetry import Symmetry
from patterns.units import parse_length

SAMPLES = Path(__file__).parent.parent / "samples"
GALLERY = tomllib.loads((SAMPLES / "gallery.toml").read_text())
PROMPTS = tomllib.loads((SAMPLES / "prompts.toml").read_text())


@pytest.mark.parametrize("name", PROMPTS)
def test_a_sample_is_made_again_from_its_record(name: str, tmp_path: Path) -> None:
    again = replay(SAMPLES / f"{name}.png", Bench(Library(tmp_path / "library"), None), out=tmp_path / "out")
    assert again.source == "file"
    assert again.made.design.brief.prompt == PROMPTS[name]["prompt"]
    kept, made = (np.asarray(Image.open(path)) for path in (SAMPLES / f"{name}.png", again.tile))
    assert np.array_equal(kept, made)
    assert again.differing is not None, "the samples were drawn with the weights that are shipped"
    assert again.differing <= 0.005


def test_the_samples_show_different_repeats() -> None:
    assert len({entry["repeat"] for entry in PROMPTS.values()}) == len(PROMPTS) == 6


def gallery_brief(name: str) -> Brief:
    asked = dict(GALLERY[name])
    size = asked.pop("size", None)
    return Brief(width_mm=parse_length(size) if size else None, **asked)


@pytest.mark.parametrize("name", GALLERY)
def test_what_the_gallery_asks_for_is_understood_to_the_last_word(name: str) -> None:
    brief = gallery_brief(name)
    Symmetry(brief.symmetry).require_on(lattice_of(brief))
    reading = read(asked_colors(brief).rest)
    assert reading.subjects
    assert not reading.unknown
    assert brief.palette is None or brief.palette in presets.names("palettes")


def test_the_gallery_is_of_96_designs_in_every_repeat_layout_and_hand() -> None:
    briefs = [gallery_brief(name) for name in GALLERY]
    readings = [read(asked_colors(brief).rest) for brief in briefs]
    assert len(briefs) == 96
    assert {brief.repeat for brief in briefs} == set(NAMED_REPEATS)
    layouts = {brief.layout or reading.layout for brief, reading in zip(briefs, readings, strict=True)}
    assert layouts >= {*SET_LAYOUTS, *FRAME_LAYOUTS, "tossed", "one-way", "two-way", "hero", "ditsy"}
    hands = {brief.hand or reading.hand for brief, reading in zip(briefs, readings, strict=True)}
    assert hands >= set(HANDS) - {"clean"}
    assert len({brief.palette for brief in briefs}) > 50
