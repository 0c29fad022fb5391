"""The samples are made again from the records that they carry."""

import tomllib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from patterns.atelier.bench import Bench
from patterns.atelier.replaying import replay
from patterns.library import Library

SAMPLES = Path(__file__).parent.parent / "samples"
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
