"""The order of work: brief to design to package and back again. The weights here know nothing; the road is the same."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from patterns.atelier import making
from patterns.atelier.bench import Bench, refuse_unwritable
from patterns.atelier.delivery import export, make
from patterns.atelier.making import design, recolor
from patterns.atelier.preflighting import inspect
from patterns.atelier.replaying import replay
from patterns.design import Brief
from patterns.errors import CannotMake, InputError, LatticeError, MissingPart
from patterns.library import Library

SMALL = {"width_mm": 80.0, "steps": 2}


@pytest.fixture
def bench(tmp_path: Path, small_weights: Path) -> Bench:
    return Bench(Library(tmp_path / "library"), small_weights)


def brief(prompt: str = "indigo peonies on cream", **said: object) -> Brief:
    return Brief(prompt, **{**SMALL, **said})  # pyright: ignore[reportArgumentType]


def test_colors_named_in_the_prompt_are_inks_by_role(bench: Bench) -> None:
    made = design(brief(repeat="half-drop"), bench)
    inks = {ink.role: ink.name for ink in made.design.palette.inks}
    assert inks["ground"] == "cream"
    assert inks.get("main", "indigo") == "indigo"
    assert [ink.role for ink in made.design.palette.inks] == list(made.separation.roles)
    assert made.design.lattice.repeat == "half-drop"


@pytest.mark.parametrize(
    ("prompt", "said", "inks"),
    [
        ("peonies", {}, 4),
        ("peonies in three colors", {}, 3),
        ("two-color peonies", {}, 2),
        ("peonies in 5 inks", {}, 5),
        ("peonies", {"inks": 2}, 2),
        ("peonies", {"palette": "#fff,#123,#345"}, 3),
        ("peonies", {"palette": "indigo-house"}, 4),
        ("peonies", {"palette": "indigo-house", "inks": 6}, 6),
        ("indigo peonies on cream with black outlines", {}, 5),
    ],
)
def test_the_number_of_inks_is_as_asked_as_said_or_as_the_palette_has(
    bench: Bench, prompt: str, said: dict[str, object], inks: int
) -> None:
    made = design(brief(prompt, **said), bench)
    assert made.design.brief.inks == inks
    assert len(made.separation.roles) <= inks


def test_the_same_brief_makes_the_same_design_and_the_same_files(tmp_path: Path, small_weights: Path) -> None:
    one, other = (
        make(
            brief(product="fabric-digital"),
            tmp_path / f"out{n}",
            Bench(Library(tmp_path / f"library{n}"), small_weights),
        )
        for n in (1, 2)
    )
    assert one[0].design.id == other[0].design.id
    assert (one[0].folder / "tile.png").read_bytes() == (other[0].folder / "tile.png").read_bytes()
    for a, b in zip(one[1].files, other[1].files, strict=True):
        assert a.path.name == b.path.name
        assert a.path.read_bytes() == b.path.read_bytes(), a.path.name


def test_a_package_has_true_sizes_and_its_design_is_replayed_from_each_file(tmp_path: Path, bench: Bench) -> None:
    made, package = make(brief(product="fabric-digital", repeat="half-drop"), tmp_path / "out", bench)
    sizes = {file.path.name: (file.width_mm, file.height_mm, file.width_px) for file in package.files}
    assert sizes["repeat.png"] == (160.0, 80.0, 960)
    assert sizes["cell-half-drop.png"] == (80.0, 80.0, 480)
    tile = (made.folder / "tile.png").read_bytes()
    for name in ("repeat.png", "repeat.tif", "repeat.pdf", "repeat-indexed.png"):
        again = replay(tmp_path / "out" / name, bench, out=tmp_path / "again", compare=False)
        assert again.source == "library"
        assert again.made.design.id == made.design.id
        assert again.tile.read_bytes() == tile


def test_a_tile_is_replayed_without_library_and_without_weights(tmp_path: Path, bench: Bench) -> None:
    made = design(brief(), bench)
    shutil.copy(made.folder / "tile.png", tmp_path / "sent.png")
    elsewhere = Bench(Library(tmp_path / "elsewhere"), tmp_path / "no weights")
    again = replay(tmp_path / "sent.png", elsewhere)
    assert again.source == "file"
    assert again.differing is None
    assert "woven afresh" in again.findings[0].message
    assert again.tile.read_bytes() == (tmp_path / "sent.png").read_bytes()


def test_a_replay_from_the_record_alone_weaves_the_same_planes(tmp_path: Path, bench: Bench) -> None:
    made, _ = make(brief(product="fabric-digital"), tmp_path / "out", bench)
    elsewhere = Bench(Library(tmp_path / "elsewhere"), bench.weights)
    again = replay(tmp_path / "out" / "repeat.pdf", elsewhere)
    assert again.source == "woven afresh"
    assert again.tile.read_bytes() == (made.folder / "tile.png").read_bytes()
    with pytest.raises(MissingPart):
        replay(tmp_path / "out" / "repeat.pdf", Bench(Library(tmp_path / "third"), tmp_path / "no weights"))


def test_a_replay_says_what_share_of_pixels_would_differ(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    made = design(brief(inks=2), bench)
    assert replay(made.folder / "tile.png", bench).differing == 0.0
    true = making.weave

    def otherwise(*given: object, **said: object) -> object:
        from dataclasses import replace

        woven = true(*given, **said)  # pyright: ignore[reportArgumentType]
        planes = woven.separation.planes.copy()
        planes[:, :8] = planes[::-1, :8]
        return replace(woven, separation=replace(woven.separation, planes=planes))

    monkeypatch.setattr("patterns.atelier.replaying.weave", otherwise)
    differing = replay(made.folder / "tile.png", bench).differing
    assert differing == pytest.approx(8 / made.separation.planes.shape[1], abs=0.01)


def test_a_colorway_has_the_same_planes_other_inks_and_a_parent(bench: Bench) -> None:
    made = design(brief(inks=3), bench)
    child = recolor(made.design.id, "madder-root", bench)
    np.testing.assert_array_equal(child.separation.planes, made.separation.planes)
    assert child.design.parent == made.design.id
    assert child.design.id != made.design.id
    assert child.design.palette.inks[0].name == "unbleached"
    assert bench.library.design(made.design.id) == made.design
    assert replay(child.folder / "tile.png", bench).differing == 0.0
    with pytest.raises(InputError, match="as many colors"):
        recolor(made.design.id, "#fff,#000,#f00,#0f0,#00f", bench)


def test_a_palette_file_leaves_no_place_in_the_record(tmp_path: Path, bench: Bench) -> None:
    (tmp_path / "mine.hex").write_text("f3ead7\n27356b\n9f4a3c\n")
    made = design(brief(palette=str(tmp_path / "mine.hex")), bench)
    assert made.design.brief.palette == "#f3ead7,#27356b,#9f4a3c"


@pytest.mark.parametrize(
    ("said", "error", "words"),
    [
        ({"repeat": "zigzag"}, LatticeError, "half-drop"),
        ({"width_mm": 30.0}, LatticeError, "80 mm"),
        ({"height_mm": 70.0, "repeat": "hexagonal"}, LatticeError, "hexagonal"),
        ({"symmetry": "p4m", "repeat": "half-drop"}, LatticeError, "cmm"),
        ({"symmetry": "p9"}, LatticeError, "p6m"),
        ({"palette": "#111,#222,#333,#444,#555,#666,#777"}, InputError, "2 to 6 inks"),
        ({"palette": "#111,#222", "inks": 3}, InputError, "2 inks"),
        ({"inks": 7}, InputError, "2 to 6 inks"),
        ({"prompt": "zeppelins"}, InputError, "peony"),
        ({"prompt": "red green blue black white peonies", "inks": 2}, CannotMake, "colors"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_kept(
    bench: Bench, said: dict[str, object], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        design(Brief(**{"prompt": "peonies", **SMALL, **said}), bench)  # pyright: ignore[reportArgumentType]
    assert bench.library.ids() == []


def test_an_unknown_word_is_a_finding_with_what_is_known(bench: Bench) -> None:
    found = [str(f) for f in design(brief("peonies and zeppelins"), bench).findings]
    assert any("zeppelins" in text for text in found)


def test_altered_weights_are_named(tmp_path: Path, small_weights: Path) -> None:
    folder = tmp_path / "weights"
    shutil.copytree(small_weights, folder)
    shard = next((folder / "loom").glob("*.safetensors"))
    data = bytearray(shard.read_bytes())
    data[-1] ^= 1
    shard.write_bytes(data)
    with pytest.raises(MissingPart, match="altered"):
        design(brief(), Bench(Library(tmp_path / "library"), folder))


def test_a_folder_is_tried_before_anything_is_drawn(tmp_path: Path, bench: Bench) -> None:
    (tmp_path / "file").write_text("")
    for place in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(CannotMake, match="cannot be written"):
            make(brief(product="fabric-digital"), place, bench)
    assert bench.library.ids() == []
    refuse_unwritable(tmp_path / "new" / "folder")
    assert not (tmp_path / "new").exists()


def test_export_refuses_a_product_nobody_knows(tmp_path: Path, bench: Bench) -> None:
    made = design(brief(), bench)
    with pytest.raises(InputError, match="fabric-digital"):
        export(made.design, made.separation, ("fabric-digitl", tmp_path / "out"), bench)
    assert not (tmp_path / "out").exists()


def shapes(size: int = 256) -> np.ndarray:
    """Return (size, size, 3) uint8 that repeats straight and nowhere inside: overlapping waves, cut in two colors."""
    y, x = np.mgrid[:size, :size] * (2 * np.pi / size)
    waves = np.sin(2 * x + y) + np.sin(3 * y - x + 1) + np.sin(x + 2) * np.cos(4 * y) + np.sin(5 * x - 2 * y)
    return np.where((waves > 0.3)[..., None], (39, 53, 107), (243, 234, 215)).astype(np.uint8)


def test_check_passes_what_repeats_and_fails_what_was_cut(tmp_path: Path) -> None:
    Image.fromarray(shapes()).save(tmp_path / "whole.png")
    Image.fromarray(shapes()[:, 5:]).save(tmp_path / "cut.png")
    assert inspect(tmp_path / "whole.png").passed
    assert not inspect(tmp_path / "cut.png").passed


def test_check_takes_the_repeat_from_the_record_of_the_file(tmp_path: Path, bench: Bench) -> None:
    make(brief(product="fabric-digital", repeat="half-drop"), tmp_path / "out", bench)
    cell = inspect(tmp_path / "out" / "cell-half-drop.png").meeting
    rectangle = inspect(tmp_path / "out" / "repeat.png").meeting
    assert cell is not None
    assert rectangle is not None
    assert (cell.repeat, rectangle.repeat) == ("half-drop", "straight")
    assert rectangle.size_mm == pytest.approx((160.0, 80.0), rel=1e-4)
    with pytest.raises(LatticeError, match="divisible"):
        inspect(tmp_path / "out" / "cell-half-drop.png", repeat="drop 1/7")
