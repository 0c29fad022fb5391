"""The library keeps designs whole, wherever its folder is moved."""

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from patterns.color import Ink, Palette
from patterns.design import Brief, Design
from patterns.errors import CannotMake, InputError
from patterns.label import Label
from patterns.lattice import Lattice
from patterns.library import Library, carried, settled, write_tile
from patterns.press import read_record
from patterns.separation import Separation

ROLES = ("ground", "main", "line")
LABEL = Label.of("model", model="loom", digest="0" * 16, version="0.1.0").to_json()


def some(rng: np.random.Generator, *, seed: int = 0, prompt: str = "peonies") -> tuple[Design, Separation]:
    lattice = Lattice.named("half-drop", 40.0)
    whole = rng.multinomial(255, [0.6, 0.3, 0.1], size=(32, 32)).transpose(2, 0, 1)
    inks = tuple(Ink.of_hex(h, role=r) for h, r in zip(("#f3ead7", "#27356b", "#9f4a3c"), ROLES, strict=True))
    brief = Brief(prompt, repeat="half-drop", seed=seed)
    record = Design(brief, lattice, seed, "loom", "0" * 16, "0.1.0", Palette(inks), "2026-01-01T00:00:00", label=LABEL)
    return record, Separation((whole / 255).astype(np.float32), lattice, ROLES)


def test_a_design_comes_back_as_it_was_stored_also_after_a_move(tmp_path: Path, rng: np.random.Generator) -> None:
    record, separation = some(rng)
    Library(tmp_path / "here").put(record, separation)
    shutil.move(tmp_path / "here", tmp_path / "there")
    shelf = Library(tmp_path / "there")
    assert shelf.design(record.id) == record
    kept = shelf.separation(record.id)
    np.testing.assert_array_equal(kept.planes, separation.planes)
    assert kept.roles == ROLES
    assert str(tmp_path) not in (shelf.path(record.id) / "design.json").read_text()


def test_a_tile_carries_its_record_and_its_planes(tmp_path: Path, rng: np.random.Generator) -> None:
    record, separation = some(rng)
    write_tile(tmp_path / "a.png", record, separation)
    write_tile(tmp_path / "b.png", replace(record, created="2030-01-01T00:00:00"), separation)
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
    assert Design.from_json(read_record(tmp_path / "a.png")).id == record.id
    found = carried(tmp_path / "a.png", record.lattice)
    assert found is not None
    np.testing.assert_array_equal(found.planes, separation.planes)
    with Image.open(tmp_path / "a.png") as image:
        assert image.size == (32, 32)
        assert image.convert("RGB").getpixel((0, 0)) is not None


def test_a_tile_with_a_flipped_bit_in_its_planes_is_refused(tmp_path: Path, rng: np.random.Generator) -> None:
    record, separation = some(rng)
    write_tile(tmp_path / "tile.png", record, separation)
    data = bytearray((tmp_path / "tile.png").read_bytes())
    data[data.index(b"inKs") + 200] ^= 1
    (tmp_path / "tile.png").write_bytes(data)
    with pytest.raises(InputError, match="damaged"):
        carried(tmp_path / "tile.png", record.lattice)


def test_identities_are_found_by_their_beginning(tmp_path: Path, rng: np.random.Generator) -> None:
    shelf = Library(tmp_path)
    assert shelf.ids() == []
    made = [some(rng, seed=seed) for seed in range(20)]
    for record, separation in made:
        shelf.put(record, separation)
    names = [record.id for record, _ in made]
    assert shelf.ids() == names
    assert shelf.resolve(names[3][:11]) == names[3]
    shared = next(c for c in "0123456789abcdef" if sum(name.startswith(c) for name in names) > 1)
    with pytest.raises(InputError, match="write more of it"):
        shelf.resolve(shared)
    for nothing in ("", "zz", names[0] + "0"):
        with pytest.raises(InputError, match="no design"):
            shelf.resolve(nothing)


def test_a_damaged_design_is_one_sentence_and_the_others_are_still_listed(
    tmp_path: Path, rng: np.random.Generator
) -> None:
    shelf = Library(tmp_path)
    good, bad, newer = (some(rng, seed=seed) for seed in range(3))
    for record, separation in (good, bad, newer):
        shelf.put(record, separation)
    (shelf.path(bad[0].id) / "design.json").write_text('{"schema": 1, "bri')
    text = (shelf.path(newer[0].id) / "design.json").read_text()
    (shelf.path(newer[0].id) / "design.json").write_text(text.replace('"schema": 1', '"schema": 99'))
    designs, damaged = shelf.designs()
    assert [name for name, _ in designs] == [good[0].id]
    assert len(damaged) == 2
    assert "update patterns" in damaged[1].message
    planes = shelf.path(good[0].id) / "separation.png"
    planes.write_bytes(planes.read_bytes()[:-40])
    with pytest.raises(InputError, match="damaged"):
        shelf.separation(good[0].id)


def test_replacing_and_removing_leave_nothing_else_behind(tmp_path: Path, rng: np.random.Generator) -> None:
    shelf = Library(tmp_path)
    record, separation = some(rng)
    shelf.put(record, separation)
    shelf.put(replace(record, acts=("looked twice",)), separation)
    assert shelf.design(record.id).acts == ("looked twice",)
    assert sorted(p.name for p in tmp_path.iterdir()) == [record.id]
    assert sorted(p.name for p in shelf.path(record.id).iterdir()) == ["design.json", "separation.png", "tile.png"]
    shelf.remove(record.id)
    assert list(tmp_path.iterdir()) == []


def test_what_fails_while_storing_leaves_nothing(
    tmp_path: Path, rng: np.random.Generator, monkeypatch: pytest.MonkeyPatch
) -> None:
    record, separation = some(rng)

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(CannotMake, match="no space left"):
        Library(tmp_path / "shelf").put(record, separation)
    assert list((tmp_path / "shelf").iterdir()) == []


def test_a_library_that_is_a_file_is_refused(tmp_path: Path, rng: np.random.Generator) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CannotMake, match="cannot be written"):
        Library(tmp_path / "file").put(*some(rng))


def test_planes_are_settled_to_255ths_once(rng: np.random.Generator) -> None:
    _, separation = some(rng)
    off = np.array([-1e-5, 0, 1e-5], np.float32)[:, None, None]
    wobbly = replace(separation, planes=separation.planes + off)
    np.testing.assert_array_equal(settled(wobbly).planes, separation.planes)
    halves = np.full((2, 32, 32), 0.5, np.float32)
    with pytest.raises(InputError, match="255ths"):
        settled(Separation(halves, separation.lattice, ROLES[:2]))
