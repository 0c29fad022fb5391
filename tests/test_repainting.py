"""Designs changed by other people's models: the same laws and the same records as with the Loom."""

from pathlib import Path

import numpy as np
import pytest

from patterns.atelier import masking
from patterns.atelier.bench import Bench
from patterns.atelier.making import Made, design
from patterns.atelier.replaying import replay
from patterns.atelier.varying import Wish, blend, edit, vary
from patterns.design import Brief
from patterns.errors import InputError
from patterns.library import Library
from patterns.symmetry import Symmetry


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shelf that holds a tiny model, which paints speckles."""
    from patterns.diffusion import adding
    from patterns.diffusion.shelf import Shelf
    from tests.tiny.pipelines import tiny_sd15

    folder = tmp_path_factory.mktemp("models")
    desk = adding.Desk(Shelf(folder / "shelf"), lambda terms: None)
    adding.add(adding.Asked(str(tiny_sd15(folder / "tiny")), name="tiny", license="openrail++"), desk)
    return folder / "shelf"


@pytest.fixture
def bench(shelf: Path, tmp_path: Path, small_weights: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    monkeypatch.setenv("PATTERNS_MODELS", str(shelf))
    return Bench(Library(tmp_path / "library"), small_weights)


def painted(bench: Bench, repeat: str = "half-drop", *, symmetry: str = "p1", seed: int = 0) -> Made:
    brief = Brief(
        "peonies", repeat=repeat, width_mm=80.0, inks=3, symmetry=symmetry, seed=seed,
        model="tiny", steps=2, detail=0.8,
    )  # fmt: skip
    return design(brief, bench)


@pytest.mark.parametrize(("repeat", "symmetry"), [("half-drop", "p1"), ("straight", "p4")])
def test_what_a_picture_model_changes_and_what_it_leaves(bench: Bench, repeat: str, symmetry: str) -> None:
    base = painted(bench, repeat, symmetry=symmetry)
    mask = masking.marked((masking.Spot(0, 0, 30, 30),), base.separation)
    varied = vary(base.design.id, Wish(0.6, seed=3), bench)
    edited = edit(base.design.id, mask, Wish(1.0, seed=3), bench)
    whole = masking.symmetric(mask, base.separation.grid, symmetry)
    for made in (varied, edited):
        changed = (made.separation.planes != base.separation.planes).any(axis=0)
        assert changed[whole].any()
        assert changed[~whole].any() == (made is varied)
        assert made.design.palette == base.design.palette
        assert "openrail++" in made.design.label["model_license"].lower()
        assert Symmetry(symmetry).is_invariant(made.separation.planes, made.separation.grid, tolerance=0)
        again = replay(made.folder / "tile.png", bench)
        assert (again.source, again.differing) == ("file", 0.0)


def test_models_take_over_from_each_other(bench: Bench) -> None:
    base = painted(bench)
    woven = vary(base.design.id, Wish(0.5, model="loom"), bench)
    assert woven.design.model == "loom"
    assert woven.design.label["model_license"].startswith("Apache-2.0; of tiny")
    assert woven.design.brief.detail is None
    mixed = blend(base.design.id, painted(bench, seed=2).design.id, Wish(0.4), bench)
    assert mixed.design.model == "tiny"
    assert not np.array_equal(mixed.separation.planes, base.separation.planes)
    with pytest.raises(InputError, match="nobody"):
        vary(base.design.id, Wish(0.5, model="nobody"), bench)


def test_three_fold_groups_are_left_to_the_loom(bench: Bench) -> None:
    base = design(Brief("peonies", repeat="hexagonal", width_mm=90.0, symmetry="p3", steps=2), bench)
    with pytest.raises(InputError, match="the Loom can"):
        vary(base.design.id, Wish(0.5, model="tiny"), bench)
