"""Designs by other people's models: from a prompt to inks in the library, labeled, replayed, and refused in time."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from patterns.cli import main
from patterns.lattice import Lattice
from patterns.library import Library
from patterns.symmetry import Symmetry


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from tests.tiny.pipelines import tiny_sd15

    return tiny_sd15(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture
def library(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Library:
    """An empty library beside a shelf that holds a tiny model."""
    from patterns.diffusion import adding
    from patterns.diffusion.shelf import Shelf

    monkeypatch.setenv("PATTERNS_MODELS", str(tmp_path / "shelf"))
    monkeypatch.setenv("PATTERNS_LIBRARY", str(tmp_path / "library"))
    desk = adding.Desk(Shelf(tmp_path / "shelf"), lambda terms: None)
    adding.add(adding.Asked(str(folder), name="tiny", license="openrail++"), desk)
    return Library(tmp_path / "library")


# Random numbers paint speckles; few pixels and steps are enough.
SMALL = ("--model", "tiny", "--steps", "2", "--size", "8cm", "--detail", "0.8", "--json")


def _designed(capsys: pytest.CaptureFixture[str], *options: str) -> dict[str, Any]:
    assert main(["design", "roses", *SMALL, *options]) == 0
    return json.loads(capsys.readouterr().out)


def test_a_picture_model_makes_a_design_that_replays(
    library: Library, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = _designed(capsys, "--repeat", "half-drop", "--inks", "3", "--negative", "blue", "--guidance", "3")
    record, separation = library.design(made["id"]), library.separation(made["id"])
    assert (record.model, record.brief.model, record.brief.steps) == ("tiny", "tiny", 2)
    assert (record.brief.guidance, record.brief.negative) == (3.0, "blue")
    assert "openrail++" in record.label["model_license"].lower()
    assert record.label["model_digest"] == record.model_digest
    assert "float32" in record.machine
    assert len(separation.roles) == 3
    assert separation.grid == Lattice.named("half-drop", 80).grid(64, 64)
    tile = tmp_path / "tile.png"
    tile.write_bytes(Path(made["tile"]).read_bytes())
    assert (
        main(["replay", str(tile), "--library", str(tmp_path / "other"), "--out", str(tmp_path / "o"), "--json"]) == 0
    )
    again = json.loads(capsys.readouterr().out)
    assert (again["id"], again["source"], again["differing"]) == (made["id"], "file", 0.0)


def test_a_given_palette_chooses_the_inks_and_a_group_is_exact(
    library: Library, capsys: pytest.CaptureFixture[str]
) -> None:
    made = _designed(capsys, "--symmetry", "p4g", "--palette", "#f3ead7,#27356b,#b03a2e")
    separation = library.separation(made["id"])
    assert [ink.hex for ink in library.design(made["id"]).palette.inks] == ["#f3ead7", "#27356b", "#b03a2e"]
    assert Symmetry("p4g").is_invariant(separation.planes, separation.grid, tolerance=0)


def test_a_three_fold_group_is_painted_oblique_and_set_upright(rng: np.random.Generator) -> None:
    from patterns.atelier.picturing import upright
    from patterns.lattice import Grid

    oblique, lattice = Grid(96, 96), Lattice.named("hexagonal", 100)
    rough = rng.random((3, 96, 96))
    waves = np.fft.rfft2(rough)
    waves[:, 6:-5], waves[:, :, 6:] = 0, 0  # what has no details near a pixel's size is the same on other pixels
    smooth = np.fft.irfft2(waves, s=(96, 96))
    smooth = (smooth - smooth.min()) / np.ptp(smooth)
    even = Symmetry("p6m").symmetrize(smooth, oblique)
    pixels = upright(np.moveaxis(even, 0, -1).astype(np.float32), lattice)
    grid = lattice.grid(pixels.shape[1], pixels.shape[0])
    planes = np.moveaxis(pixels, -1, 0)
    steepest = max(
        float(np.abs(planes - grid.roll(planes, 1, 0)).max()), float(np.abs(planes - grid.roll(planes, 0, 1)).max())
    )
    assert Symmetry("p6m").is_invariant(planes, grid, tolerance=1.5 * steepest)
    turned = np.moveaxis(upright(np.moveaxis(smooth, 0, -1).astype(np.float32), lattice), -1, 0)
    assert not Symmetry("p6m").is_invariant(turned, grid, tolerance=1.5 * steepest)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--model", "tinny"), "tinny"),
        (("--size", "10x37mm", "--repeat", "quarter-drop", "--detail", "0.2"), "fits no pixel grid"),
        (("--density", "dense"), "say it there"),
        (("--symmetry", "p6m"), "p6m"),
        (("--model", "loom", "--negative", "blue"), "picture models"),
        (("--dtype", "float8"), "float8"),
        (("--memory", "none"), "--memory"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_kept(
    library: Library, capsys: pytest.CaptureFixture[str], options: tuple[str, ...], said: str
) -> None:
    assert main(["design", "roses", *SMALL, *options]) == 3
    assert said in " ".join(capsys.readouterr().err.split())
    assert library.ids() == []


def test_sizes_are_refused_before_weights_are_read(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    from patterns.diffusion import loading

    monkeypatch.setattr(loading, "load", lambda *args, **named: pytest.fail("weights were read"))
    assert main(["design", "roses", *SMALL, "--size", "10x37mm", "--repeat", "quarter-drop", "--detail", "0.2"]) == 3
    assert library.ids() == []


def test_an_interruption_leaves_nothing(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    from patterns.diffusion import painter

    def interrupted(*args: Any, **named: Any) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(painter, "encoded", interrupted)
    monkeypatch.setattr(painter, "_called", interrupted)
    assert main(["design", "roses", *SMALL]) == 130
    assert library.ids() == []
    assert not library.folder.exists() or list(library.folder.iterdir()) == []
