"""`patterns mockup` from the library to files: what parts wear, sheets, films, and what is refused in a sentence."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from patterns import presets
from patterns.atelier import mock_sheets, mocking
from patterns.atelier.bench import Bench
from patterns.atelier.mocking import Asked, Lay, clothes, hung, worn_colorways
from patterns.cli import main
from patterns.color.ink import Ink, Palette
from patterns.design import Brief, Design
from patterns.label import Label
from patterns.lattice import Lattice
from patterns.library import Library, settled
from patterns.mockup.maps import save_maps
from patterns.press.record import read_record
from patterns.scene import Part, Scene, scene_toml
from patterns.separation import Separation
from tests import staged

LABEL = Label.of("model", model="loom", digest="0" * 16, version="0.1.0").to_json()
INKS = ("#f3ead7", "#27356b")


def record_of(lattice: Lattice, *inks: str, prompt: str = "waves", product: str = "") -> Design:
    palette = Palette(tuple(Ink.of_hex(h, role=r) for h, r in zip(inks, ("ground", "main"), strict=True)))
    brief = Brief(prompt, repeat="half-drop", product=product)
    return Design(brief, lattice, 3, "loom", "0" * 16, "0.1.0", palette, "2026-01-01T00:00:00", label=LABEL)


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    """A library of its own, an empty folder to work in, and a scene there: `room.toml`, of two parts."""
    monkeypatch.setenv("PATTERNS_LIBRARY", str(tmp_path / "library"))
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.chdir(tmp_path)
    parts = (Part("wall", "the wall", strips=True), Part("seat", "the seat", follows="wall", colorway=1))
    scene = Scene("room", "a room", "room", "room.maps", "linen-pigment-140", False, "a test", "2026-11-28", parts)
    (tmp_path / "room.toml").write_text(scene_toml(scene))
    save_maps(tmp_path / "room.maps", staged.crowded(), parts=2)
    return Bench(Library(tmp_path / "library"))


@pytest.fixture
def kept(bench: Bench) -> Callable[..., str]:
    """Keeps a design of noise on a half-drop in the library, and returns its identity."""
    separation = settled(staged.noisy("half-drop"))

    def keep(*inks: str, parent: str | None = None, **said: str) -> str:
        record = replace(record_of(separation.lattice, *(inks or INKS), **said), parent=parent)
        bench.library.put(record, Separation(separation.planes, separation.lattice, ("ground", "main")))
        return record.id

    return keep


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, dict, str]:
    code = main([*words, "--json"])
    said = capsys.readouterr()
    return code, json.loads(said.out), said.err


def test_a_picture_is_written_and_says_what_it_is(
    kept: Callable[..., str], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    name = kept()
    code, said, _ = run(capsys, "mockup", name[:6], "--scene", "room.toml", "--out", "shown")
    assert code == 0
    (file,) = said["files"]
    assert Path(file["path"]) == Path("shown/room.jpg")
    with Image.open(file["path"]) as image:
        assert image.size == (file["width_px"], file["height_px"]) == (93, 70)
    data = Path(file["path"]).read_bytes()
    assert b"compositeWithTrainedAlgorithmicMedia" in data
    assert read_record(Path(file["path"]))["id"] == name
    assert [p.name for p in Path("shown").iterdir()] == ["room.jpg"]
    code, said, _ = run(capsys, "mockup", name, "--scene", "room.toml", "--metadata", "none", "--format", "png")
    assert b"waves" not in Path(said["files"][0]["path"]).read_bytes()


def test_a_part_wears_what_it_is_given_and_lies_as_it_is_told(kept: Callable[..., str], bench: Bench) -> None:
    one, other = kept(), kept("#ffffff", "#a01010", prompt="others")
    scene = presets.scene("room.toml")
    asked = Asked({"seat": (other, Lay(0.5, 90.0, (3.0, -2.0)))}, Lay(2.0))
    (wall, seat), _ = clothes(one, scene, asked, bench)
    assert (wall.scale, wall.degrees, seat.scale, seat.degrees, seat.offset) == (2.0, 0.0, 0.5, 90.0, (3.0, -2.0))
    assert np.allclose(seat.colors, bench.library.design(other).palette.linear_rgb())
    # A follower wears what its leader is given, but for a colorway of its own.
    plain = replace(scene, parts=(scene.parts[0], replace(scene.parts[1], colorway=0)))
    for shown, same in ((plain, True), (scene, False)):
        (wall, seat), _ = clothes(one, shown, Asked({"wall": (other, Lay())}), bench)
        assert np.allclose(wall.colors, seat.colors) is same


def test_a_group_shows_kept_colorways_then_proposed_ones(kept: Callable[..., str], bench: Bench) -> None:
    name = kept()
    scene = presets.scene("room.toml")
    (wall, seat), found = clothes(name, scene, Asked(), bench)
    assert not np.allclose(wall.colors, seat.colors)
    assert [f.severity for f in found] == ["note"]
    assert f"patterns colorways {name}" in found[0].cure
    child = kept("#102010", "#f0d050", parent=name)
    kept("#000000", "#ffffff", parent=name, prompt="another drawing")
    assert [identity for identity, _ in worn_colorways(name, bench)] == [child]
    assert [identity for identity, _ in worn_colorways(child, bench)] == [name]
    (_, seat), found = clothes(name, scene, Asked(), bench)
    assert found == ()
    assert np.allclose(seat.colors, bench.library.design(child).palette.linear_rgb())


def test_colorways_have_a_row_each(kept: Callable[..., str], capsys: pytest.CaptureFixture[str]) -> None:
    name = kept()
    code, said, _ = run(capsys, "mockup", name, "--scene", "room.toml", "--colorways", "--out", "one")
    assert (code, "no colorway yet" in said["error"]) == (3, True)
    assert not Path("one").exists()
    heights = []
    for number in range(2):
        kept("#10201" + str(number), "#f0d050", parent=name)
        code, said, _ = run(capsys, "mockup", name, "--scene", "room.toml", "--colorways", "--out", "rows")
        heights.append(said["files"][0]["height_px"])
    assert heights[1] > 1.3 * heights[0]


def test_paper_hangs_in_the_strips_of_its_product(kept: Callable[..., str], bench: Bench) -> None:
    roll = presets.product("wallpaper-roll")
    separation = staged.noisy("half-drop")
    legal = Separation(separation.planes, Lattice.named("half-drop", 530.0, 530.0), separation.roles)
    strips, found = hung(legal, roll)
    assert (strips.width, strips.lower, found) == (530.0, 265.0, ())
    strips, found = hung(separation, roll)
    assert (strips.width, strips.lower, strips.continuous) == (530.0, 0.0, False)
    assert (found[0].severity, "do not match" in found[0].message, "nearest" in found[0].cure) == (
        "warning",
        True,
        True,
    )
    strips, found = hung(separation, presets.product("mural-panels"))
    assert (strips.continuous, found) == (True, ())
    scene = presets.scene("room.toml")
    own, bare = kept(product="wallpaper-roll"), kept()
    for name, asked, width in (
        (own, Asked(), 530.0),
        (bare, Asked(), None),
        (bare, Asked(product="fabric-digital"), None),
    ):
        (wall, seat), _ = clothes(name, scene, asked, bench)
        assert (wall.strips.width if wall.strips else None, seat.strips) == (width, None)


def test_a_fabric_is_seen(kept: Callable[..., str], bench: Bench) -> None:
    name = kept()
    pictures = {
        fabric: mocking.picture(name, "room.toml", Asked(fabric=fabric), bench)[0]
        for fabric in ("", "linen-pigment-140", "velvet-disperse-140")
    }
    assert np.array_equal(pictures[""], pictures["linen-pigment-140"])
    assert not np.array_equal(pictures[""], pictures["velvet-disperse-140"])


def test_a_film_goes_round(kept: Callable[..., str], capsys: pytest.CaptureFixture[str], bench: Bench) -> None:
    """What turns shows one part of its cloth after another; what sways has maps for each frame."""
    name = kept()
    part = Part("shade", "the shade", around_mm=120.0)
    for motion, frames in (("turn", 3), ("sway", 2)):
        scene = Scene(
            motion, "it moves", "product", "room.maps", "linen-pigment-140", False, "a test", "2026-11-28",
            (part, Part("seat", "the seat")), motion, frames,
        )  # fmt: skip
        Path(f"{motion}.toml").write_text(scene_toml(scene))
        for number in range(2):
            still = staged.crowded()
            moved = replace(still.fragments, uv=still.fragments.uv + np.float32(9 * number))
            save_maps(Path(f"room-{number:02}.maps"), replace(still, fragments=moved), parts=2)
        code, said, _ = run(capsys, "mockup", name, "--scene", f"{motion}.toml", "--animate", "--preview")
        assert code == 0
        with Image.open(said["files"][0]["path"]) as image:
            assert getattr(image, "n_frames", 1) == frames
            shown = []
            for number in range(frames):
                image.seek(number)
                shown.append(np.asarray(image.convert("RGB"), np.int16))
        assert all(np.abs(one - shown[0]).max() > 20 for one in shown[1:])


def test_a_listing_is_square_and_on_white(kept: Callable[..., str], capsys: pytest.CaptureFixture[str]) -> None:
    code, said, _ = run(capsys, "mockup", kept(), "--scene", "listing", "--preview", "--out", "shop")
    assert code == 0
    assert [Path(f["path"]).stem for f in said["files"]] == [
        "listing_cushion", "listing_stack", "flat", "near", "listing",
    ]  # fmt: skip
    for file in said["files"]:
        with Image.open(file["path"]) as image:
            assert image.size == (2000, 2000)
            pixels = np.asarray(image)
        if file["scene"].startswith("listing"):
            assert pixels[[0, 0, -1, -1], [0, -1, 0, -1]].min() >= 254


def test_a_contact_sheet_has_every_scene(kept: Callable[..., str], bench: Bench) -> None:
    name = kept()
    heights = []
    for count in (3, 4):  # in a row, and in two
        shown, _ = mock_sheets.contact(name, ["room.toml"] * count, Asked(draft=True), Path("sheet"), bench)
        heights.append(shown[0].height_px)
    assert shown[0].width_px == mock_sheets.SHEET_PX
    assert heights[1] > 1.5 * heights[0]


BAD = [
    ("--scene", "nosuch", 3, "no scene is called 'nosuch'"),
    ("--scene", "missing.toml", 3, "maps of the scene"),
    ("--scene", "torn.toml", 3, "belong together"),
    ("--scene", "fewer.toml", 3, "belong together"),
    ("--scene", "typo.toml", 3, "unknown key 'tilte'"),
    ("--part", "sofa=", 3, "no part called 'sofa'; the nearest are"),
    ("--part", "seat", 2, "PART=DESIGN"),
    ("--part", "seat=:twist=3", 2, "PART=DESIGN"),
    ("--part", "seat=ffff", 3, "'ffff'"),
    ("--offset", "3", 3, "30x0mm"),
    ("--scale", "0", 3, "0.05 to 20"),
    ("--scale", "nan", 3, "0.05 to 20"),
    ("--turn", "inf", 3, "turned"),
    ("--fabric", "linnen", 3, "linen-pigment-140"),
    ("--for", "wallpaper", 3, "wallpaper-roll"),
    ("--format", "gif", 3, "jpg or png"),
    ("--metadata", "some", 3, "minimal"),
    ("--out", "room.maps", 4, "cannot be written"),
    ("--animate", "", 4, "stands still"),
]


@pytest.mark.parametrize(("option", "value", "code", "sentence"), BAD)
def test_bad_input_is_one_sentence_and_leaves_nothing(
    option: str,
    value: str,
    code: int,
    sentence: str,
    kept: Callable[..., str],
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    name = kept()
    text = (tmp_path / "room.toml").read_text()
    (tmp_path / "missing.toml").write_text(text.replace("room.maps", "gone.maps"))
    (tmp_path / "torn.toml").write_text(text.replace("room.maps", "torn.maps"))
    (tmp_path / "torn.maps").write_bytes((tmp_path / "room.maps").read_bytes()[:900])
    (tmp_path / "fewer.toml").write_text(text[: text.rindex("[[parts]]")])
    (tmp_path / "typo.toml").write_text(text.replace("title", "tilte", 1))
    before = sorted(tmp_path.rglob("*"))
    scene = () if option == "--scene" else ("--scene", "room.toml")
    assert main(["mockup", name, *scene, option, *([value] if value else [])]) == code
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert sentence in said.err
    assert sorted(tmp_path.rglob("*")) == before


def test_an_interruption_leaves_nothing_half_written(
    kept: Callable[..., str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("patterns.atelier.mocking.write_picture", interrupted)
    assert main(["mockup", kept(), "--scene", "room.toml", "--out", "shown"]) == 130
    assert not Path("shown").exists()
