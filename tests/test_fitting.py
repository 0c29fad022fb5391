"""A design and a fabric: recolored for it, proofed on it, checked against it, from the command line too."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from patterns import presets
from patterns.atelier.bench import Bench
from patterns.atelier.fitting import check_design, indices_at, recolor_for, touching
from patterns.cli import main
from patterns.color import Ink, Palette, ciede2000
from patterns.design import Brief, Design
from patterns.errors import InputError, PresetError
from patterns.fabric import Fabric
from patterns.lattice import Grid, Lattice
from patterns.library import Library
from patterns.separation import Separation

PROFILE = presets.folder("fabrics").parent / "profiles" / "fogra39-coated-paper.icc"
INKS = ("#fbf7ee", "#0014ff", "#ff0060", "#05051e")
ROLES = ("ground", "main", "second", "line")
SIDE_PX, SIDE_MM = 96, 44.0


def indices() -> np.ndarray:
    """Return (96, 96) uint8: a large disc of two inks around a speck, and a line 1 px, that is 0.46 mm, wide."""
    y, x = np.mgrid[:SIDE_PX, :SIDE_PX] - 48.0
    drawn = np.zeros((SIDE_PX, SIDE_PX), np.uint8)
    drawn[np.hypot(y, x) < 30] = 1
    drawn[np.hypot(y, x) < 18] = 2
    drawn[:, 5] = 3
    return drawn


def separation(drawn: np.ndarray, lattice: Lattice | None = None) -> Separation:
    planes = np.stack([drawn == ink for ink in range(4)]).astype(np.float32)
    return Separation(planes, lattice or Lattice(SIDE_MM, SIDE_MM), ROLES)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(Library(tmp_path / "library"), None)


@pytest.fixture
def kept(bench: Bench) -> str:
    """A design in the library, in inks that no cloth can print."""
    inks = tuple(Ink.of_hex(color, name=role, role=role) for color, role in zip(INKS, ROLES, strict=True))
    record = Design(
        Brief("discs and a line"), Lattice(SIDE_MM, SIDE_MM), 0, "by hand", "", "0", Palette(inks), "", label={}
    )
    bench.library.put(record, separation(indices()))
    return record.id


def run(line: str, capsys: pytest.CaptureFixture[str], *, code: int = 0) -> dict:
    assert main([*line.split(), "--json"]) == code
    return json.loads(capsys.readouterr().out)


def test_a_colorway_for_a_fabric_is_printable_and_says_how_it_came_about(bench: Bench, kept: str) -> None:
    linen = presets.fabric("linen-pigment-140")
    fitted = recolor_for(kept, linen, bench)
    found = fitted.made.design.palette
    gamut = linen.gamut()
    assert gamut.inside(found.lab()).all()
    assert fitted.made.design.parent == kept
    assert [ink.role for ink in found.inks] == list(ROLES)
    np.testing.assert_array_equal(fitted.made.separation.planes, bench.library.separation(kept).planes)
    assert ciede2000(found.lab()[1], found.lab()[2]) >= linen.apart
    said = " ".join(map(str, fitted.made.findings))
    assert "heuristic" in said
    assert "4 of 4 inks" in said
    assert "not computable" in said
    # Once more, nothing moves: what was printable is left alone.
    again = recolor_for(fitted.made.design.id, linen, bench)
    assert again.made.design.palette == found


def test_a_palette_and_a_profile_may_be_given(bench: Bench, kept: str) -> None:
    mill = presets.fabric("cotton-digital-150").measured_by(PROFILE)
    fitted = recolor_for(kept, mill, bench, palette="#d8c8a8,#7a99be,#9f4a3c,#303030")
    assert [ink.difference for ink in fitted.printable.inks] == [0, 0, 0, 0]
    assert all(ink.ink_sum for ink in fitted.printable.inks)
    assert not fitted.printable.heuristic


def test_the_check_finds_what_was_drawn_wrong(bench: Bench, kept: str) -> None:
    screens = presets.fabric("cotton-rotary-150")
    fitness = check_design(kept, screens, bench)
    assert not fitness.passed
    assert fitness.thin is not None
    (line,) = fitness.thin.of("line")
    assert (line.ink, round(line.length_mm)) == (3, 44)
    # Its width is that of the contours as they are enlarged for print.
    enlarged = indices_at(separation(indices()), 10.0)
    assert enlarged is not None
    assert line.width_mm == pytest.approx((enlarged[0] == 3).sum(axis=1).mean() / 10, abs=0.05)
    faults = " ".join(f.message for f in fitness.findings if f.severity == "fault")
    assert "lines of line" in faults
    assert "no cylinder" in faults
    notes = " ".join(f.message for f in fitness.findings if f.severity != "fault")
    assert all(word in notes for word in ("out of gamut", "shrinks", "heuristic", "not computable"))


def test_more_inks_than_screens_little_coverage_and_inks_too_alike_are_found(bench: Bench) -> None:
    drawn = indices()
    drawn[:, 5] = 0
    drawn[40:43, 40:43] = 3
    colors = ("#f1efe9", "#9f4a3c", "#a04b3d", "#303030")
    inks = tuple(Ink.of_hex(color, name=role, role=role) for color, role in zip(colors, ROLES, strict=True))
    record = Design(Brief("a speck"), Lattice(SIDE_MM, SIDE_MM), 0, "by hand", "", "0", Palette(inks), "", label={})
    bench.library.put(record, separation(drawn))
    few = replace(presets.fabric("cotton-screen-150"), most_inks=2)
    said = {f.message: f.severity for f in check_design(record.id, few, bench).findings}
    assert said["cotton, flat screen print, 150 cm takes 2 inks, and the design has more"] == "fault"
    assert said["the ink line covers too little to be worth a screen"] == "warning"
    assert said["the inks main and second touch and run together in print"] == "fault"
    enough = {f.message for f in check_design(record.id, replace(few, most_inks=3), bench).findings}
    assert not any("takes" in text for text in enough)
    printed = check_design(record.id, replace(few, most_inks=3), bench, ground="printed").findings
    assert any("takes 3 inks" in f.message for f in printed)


def test_inks_that_touch_are_those_that_border_on_each_other_across_joints() -> None:
    drawn = np.zeros((64, 64), np.uint8)
    drawn[:, :20], drawn[:, 44:] = 1, 2
    drawn[30:34, 30:34] = 3
    expected = np.array([[0, 1, 1, 1], [1, 0, 1, 0], [1, 1, 0, 0], [1, 0, 0, 0]], bool)
    np.testing.assert_array_equal(touching(drawn, Grid(64, 64), 4), expected)


def test_the_commands_say_it_all_and_write_their_pictures(
    bench: Bench, kept: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shelf = f"--library {bench.library.folder}"
    made = run(f"recolor {kept} --fabric cotton-digital-150 --profile {PROFILE} --proof proof.png {shelf}", capsys)
    assert made["gamut"].startswith("measured: the ICC profile Fogra39")
    assert made["ink_sum"] == "computed through the profile"
    assert all(ink["ink_sum"] > 0 and not ink["inside"] for ink in made["inks"])
    with Image.open("proof.png") as picture:
        cloth = np.array(picture)[5, -5]
    assert cloth == pytest.approx([240, 240, 244], abs=3)  # the paper's own bluish white, not the screen's

    checked = run(f"check {kept} --fabric cotton-rotary-150 --map map.png {shelf}", capsys, code=5)
    assert (checked["passed"], checked["lines_too_fine"], checked["gaps_too_fine"]) == (False, 1, 0)
    assert 0 < checked["narrowest_line_mm"] < 0.6
    with Image.open("map.png") as picture:
        red = (np.asarray(picture) == (222, 30, 60)).all(axis=-1)
    assert red.any(axis=1).all()
    assert red.any(axis=0).mean() < 0.3
    folder = run(f"check {bench.library.folder / kept} --fabric silk-acid-140", capsys, code=5)
    tile = run(f"check {bench.library.folder / kept / 'tile.png'} --fabric silk-acid-140", capsys, code=5)
    assert folder["findings"] == tile["findings"]
    assert main(["check", kept, "--fabric", "coated-paper-fogra39", *shelf.split()]) == 5
    assert "out of gamut" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        ("recolor {} --apart 5 --palette #111", 2, "--fabric"),
        ("recolor {} --fabric cotton", 3, "the nearest are cotton-"),
        ("recolor {} --fabric linen-pigment-140 --profile nosuch.icc", 3, "nosuch.icc"),
        ("check {} --fabric linen-pigment-140 --repeat brick", 2, "with --fabric a design is checked"),
        ("check nosuch --fabric linen-pigment-140", 3, "no design 'nosuch'"),
        ("check {} --fabric linen-pigment-140 --ground velvet", 3, "cloth, dyed, printed"),
        ("check picture.png --map map.png", 2, "--fabric"),
        ("recolor {} --fabric linen-pigment-140 --proof file/below.png", 4, "cannot be written"),
    ],
)
def test_what_cannot_be_is_one_sentence(
    bench: Bench, kept: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], line: str, code: int, said: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("")
    assert main([*line.format(kept).split(), "--library", str(bench.library.folder)]) == code
    error = capsys.readouterr().err
    assert said in error
    assert "Traceback" not in error


def test_a_fabric_of_ones_own_is_a_file_with_the_same_keys(tmp_path: Path) -> None:
    text = (presets.folder("fabrics") / "coated-paper-fogra39.toml").read_text()
    (tmp_path / "fogra39-coated-paper.icc").write_bytes(PROFILE.read_bytes())
    mine = tmp_path / "mine.toml"
    mine.write_text(text.replace("ink_limit = 300.0", "ink_limit = 240.0"))
    fabric = presets.fabric_from(str(mine))
    assert (fabric.name, fabric.ink_limit) == ("mine", 240.0)
    assert fabric.gamut().profile is not None
    assert fabric.gamut().darkest[0] > presets.fabric("coated-paper-fogra39").gamut().darkest[0]
    mine.write_text(text.replace("screens =", "screen ="))
    with pytest.raises(PresetError, match="did you mean 'screens'"):
        presets.fabric_from(str(mine))
    (tmp_path / "fogra39-coated-paper.icc").unlink()
    mine.write_text(text)
    with pytest.raises(InputError, match=r"fogra39-coated-paper\.icc"):
        presets.fabric_from(str(mine)).gamut()


def test_every_fabric_says_all_its_figures() -> None:
    fabrics = [presets.fabric(name) for name in presets.names("fabrics")]
    assert len(fabrics) >= 12
    processes = " ".join(fabric.process for fabric in fabrics)
    assert all(word in processes for word in ("reactive", "pigment", "acid", "disperse", "rotary", "latex", "aqueous"))
    assert {f.name for f in fabrics if f.screens} == {f.name for f in fabrics if "screen" in f.process}
    assert presets.fabric("cotton-screen-150").most_inks == 12
    assert 640 in presets.fabric("cotton-rotary-150").circumferences_mm
    assert all(fabric.finest_gap_mm >= fabric.finest_line_mm for fabric in fabrics)


def rotary() -> Fabric:
    return presets.fabric("cotton-rotary-150")


@pytest.mark.parametrize(("height", "fits"), [(640, True), (320, True), (213.333333, True), (300, False), (700, False)])
def test_a_repeat_goes_around_the_cylinder_a_whole_number_of_times(height: float, fits: bool) -> None:
    found = [f for f in rotary().size_findings(Lattice(300, height)) if f.severity == "fault"]
    assert (found == []) == fits
    if found:
        cure = float(found[0].cure.split()[2])
        assert not [f for f in rotary().size_findings(Lattice(300, cure)) if f.severity == "fault"]


def test_shrinkage_is_made_up_for_only_when_asked() -> None:
    lattice = Lattice(300, 320)
    printed = rotary().preshrunk(lattice)
    assert printed.width * (1 - 0.03) == pytest.approx(300)
    assert printed.height * (1 - 0.04) == pytest.approx(320)
    assert "unless asked" in rotary().size_findings(lattice)[-1].message


def test_a_package_is_printed_larger_only_on_request(
    bench: Bench, kept: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    sizes = []
    for flag in ("", "--preshrink"):
        record = run(f"export {kept} --for fabric-digital {flag} --out out --library {bench.library.folder}", capsys)
        repeat = next(file for file in record["files"] if file["path"].endswith("repeat.png"))
        sizes.append((repeat["width_mm"], repeat["height_mm"]))
    cotton = presets.fabric("cotton-digital-150")
    assert sizes[0] == pytest.approx((SIDE_MM, SIDE_MM))
    assert sizes[1] == pytest.approx(
        (SIDE_MM / (1 - cotton.shrinkage[1]), SIDE_MM / (1 - cotton.shrinkage[0])), rel=0.01
    )
    assert sizes[1][1] > sizes[1][0] > SIDE_MM
