"""The tech pack: what it says is what the design is, it prints where it should, and it appears whole or not at all."""

import contextlib
import os
import shutil
import signal
import subprocess
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from typer.testing import CliRunner

from patterns import __version__, presets
from patterns.atelier import techpack as module
from patterns.atelier.bench import Bench
from patterns.atelier.delivery import PackageAsked, export
from patterns.atelier.techpack import Packed, family, techpack
from patterns.cli.app import app
from patterns.color import Ink, Palette
from patterns.design import Brief, Design
from patterns.errors import CannotMake, InputError
from patterns.label import Label
from patterns.lattice import Lattice
from patterns.library import Library
from patterns.press import read_record
from patterns.press.tech_facts import TechPack
from patterns.separation import Separation

NAMES = ("cream", "rose", "indigo", "leaf")
HEXES = ("#f7f0e2", "#e8a5b0", "#203070", "#5a8a50")
LATTICE = Lattice.named("half-drop", 160, 160)


def palette(name: str, hexes: tuple[str, ...] = HEXES) -> Palette:
    inks = zip(hexes, NAMES, ("ground", "main", "second", "accent"), strict=False)
    return Palette(tuple(Ink.of_hex(code, name=ink, role=role) for code, ink, role in inks), name)


def drawn() -> tuple[Design, Separation]:
    """Return a design in which rose and indigo meet, and leaf meets only the ground; 1/2, 1/4, 1/8 and 1/8 of it."""
    index = np.zeros((64, 64), int)
    index[:, 16:32], index[:, 32:40], index[:, 48:56] = 1, 2, 3
    planes = np.stack([index == k for k in range(4)]).astype(np.float32)
    label = Label.of("model", model="loom", digest="ab" * 32, version=__version__).to_json()
    brief = Brief("stripes of a hidden prompt", repeat="half-drop", width_mm=160.0)
    record = Design(brief, LATTICE, 0, "loom", "ab" * 32, __version__, palette("First"), "2026-11-01", label=label)
    return record, Separation(planes, LATTICE, tuple(ink.role for ink in record.palette.inks))


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """A library with the design, a child, a grandchild, a stranger, and a relative of other ink planes."""
    library = Library(tmp_path_factory.mktemp("library"))
    record, separation = drawn()
    library.put(record, separation)
    child = replace(record, palette=palette("Second", ("#101010", *HEXES[1:])), parent=record.id, created="2026-11-02")
    library.put(child, separation)
    library.put(replace(record, palette=palette("Third"), parent=child.id, created="2026-11-03"), separation)
    library.put(replace(record, palette=palette("Stranger"), seed=9), separation)
    other = Separation(separation.planes[[0, 2, 1, 3]], LATTICE, separation.roles)
    library.put(replace(record, palette=palette("Other planes"), parent=record.id), other)
    return Bench(library, None)


def packed(bench: Bench, file: Path, product: str = "fabric-rotary", **asked: object) -> Packed:
    record, separation = drawn()
    return techpack(record, separation, (product, file), bench, asked=PackageAsked(**asked))  # pyright: ignore[reportArgumentType]


@pytest.fixture(scope="module")
def rotary(bench: Bench, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Packed]:
    """Return the pack of a rotary screen, and what was said of it."""
    file = tmp_path_factory.mktemp("pack") / "pack.pdf"
    return file, packed(bench, file, date="2026-11-22")


def pages(file: Path) -> list[str]:
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not installed")
    done = subprocess.run(["pdftotext", "-layout", str(file), "-"], capture_output=True, check=True)
    return done.stdout.decode().split("\f")[:-1]


def test_what_a_mill_looks_for_stands_in_it(rotary: tuple[Path, Packed]) -> None:
    text = pages(rotary[0])
    assert [page.strip().splitlines()[0].split("  ")[0] for page in text] == [
        "Design", "Repeat and match", "Colorways", "Separations in print order", "Fabric, process and laboratory",
        "Findings, label and license",
    ]  # fmt: skip
    whole = "\n".join(text)
    for said in ("half-drop", "32 cm × 16 cm", "drop 8 cm", "Scale 1 : 2", "rotary screen, reactive", "2026-11-22"):
        assert said in whole, said
    for said in ("Trap 0.25 mm", "trainedAlgorithmicMedia", "Apache-2.0", "Light, ISO 105-B02", "ISO 3758"):
        assert said in whole, said
    assert "4 repeats of 16 cm around the cylinder: 64 cm" in " ".join(whole.split())


def test_figures_are_those_of_the_design(rotary: tuple[Path, Packed]) -> None:
    first = next(page for page in pages(rotary[0]) if page.startswith("Colorways"))
    rows = {words[1]: words for line in first.splitlines() if len(words := line.split()) > 6}
    lab = [f"{v:.1f}".replace("-", "−") for v in palette("").inks[2].lab_d50]
    # 1/8 of a square meter at 110 g.
    assert rows["indigo"] == ["3", "indigo", "second", *lab, "#203070", "12.5%", "13.8"]
    assert rows["cream"][-2:] == ["50.0%", "–"]
    assert [rows[name][-1] for name in ("rose", "leaf")] == ["27.5", "13.8"]


def test_plates_fall_light_to_dark_and_run_under_what_they_meet(rotary: tuple[Path, Packed]) -> None:
    page = next(page for page in pages(rotary[0]) if page.startswith("Separations"))
    rows = [line.split() for line in page.splitlines() if line.split()[:1] and line.split()[0] in "123"]
    assert [row[:3] for row in rows[:3]] == [["1", "02", "rose"], ["2", "04", "leaf"], ["3", "03", "indigo"]]
    assert [row[-1] for row in rows[:3]] == ["03", "–", "–"]


def test_every_colorway_of_the_design_and_nothing_else(bench: Bench, rotary: tuple[Path, Packed]) -> None:
    record, separation = drawn()
    names = [colorway.palette.name for colorway in family(record, separation, bench)]
    assert names == ["First", "Second", "Third"]
    third = next(d for _, d in bench.library.designs()[0] if d.palette.name == "Third")
    found = family(third, separation, bench)
    assert [(c.palette.name, c.note) for c in found] == [
        ("Third", "this design"), ("First", "colorway"), ("Second", "made from"),
    ]  # fmt: skip
    file, made = rotary
    assert len(made.colorways) == 3
    assert all(identity in "".join(pages(file)) for identity in made.colorways)


def test_a_ring_of_parents_ends(bench: Bench) -> None:
    record, separation = drawn()
    assert family(replace(record, parent="000000000000"), separation, bench)[0].note == "this design"
    known = {"a": replace(record, parent="b"), "b": replace(record, parent="a")}
    assert module._root(known["a"], known) in known


def test_ink_of_digital_printing_follows_the_color(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[TechPack] = []

    def kept(file: Path, pack: TechPack, marks: object) -> tuple[()]:
        file.write_bytes(b"a pack")
        seen.append(pack)
        return ()

    monkeypatch.setattr(module, "write_tech_pack", kept)
    packed(bench, tmp_path / "digital.pdf", "fabric-digital")
    white, black = palette("", ("#ffffff", *HEXES[1:])), palette("", ("#000000", *HEXES[1:]))
    light, dark = (seen[0].ink_g_per_m2(inks) for inks in (white, black))
    assert light is not None
    assert dark is not None
    limit = presets.fabric("cotton-digital-150").ink_limit / 100
    assert light[0] < 1 < dark[0] <= 12 * limit * 0.5 + 1e-9
    assert light[1:] == dark[1:]
    assert replace(seen[0], fabric=replace(seen[0].fabric, ink_g_per_m2=0.0)).ink_g_per_m2(white) is None


@pytest.mark.parametrize("product", ["wallpaper-roll", "scarf-square", "mural-panels", "fabric-screen"])
def test_every_layout_is_drawn_with_its_fonts_embedded(product: str, bench: Bench, tmp_path: Path) -> None:
    record, separation = drawn()
    fit = presets.product(product).fit(LATTICE)
    lattice = LATTICE if fit.legal else fit.nearest[0].lattice
    sized = replace(separation, lattice=lattice)
    techpack(record, sized, (product, tmp_path / "pack.pdf"), bench, asked=PackageAsked(metadata="minimal"))
    with pikepdf.open(tmp_path / "pack.pdf") as pdf:
        for page in pdf.pages:
            assert "/DefaultRGB" in page.obj.Resources.ColorSpace
            assert all("/FontFile2" in font.FontDescriptor for font in page.obj.Resources.Font.values())
    with pytest.raises(InputError, match="carries no record"):
        read_record(tmp_path / "pack.pdf")
    assert "hidden prompt" not in "".join(pages(tmp_path / "pack.pdf"))


def test_thirty_two_inks_find_room(bench: Bench, tmp_path: Path) -> None:
    many = Palette(tuple(Ink.of_hex(f"#{8 * k:02x}80{255 - 8 * k:02x}", name=f"ink number {k}") for k in range(32)))
    index = np.arange(64)[None, :].repeat(64, 0) // 2
    planes = np.stack([index == k for k in range(32)]).astype(np.float32)
    record, lattice = replace(drawn()[0], palette=many), Lattice.named("straight", 160, 160)
    separation = Separation(planes, lattice, ("",) * 32)
    techpack(
        replace(record, lattice=lattice),
        separation,
        ("fabric-digital", tmp_path / "p.pdf"),
        bench,
        asked=PackageAsked(),
    )
    text = pages(tmp_path / "p.pdf")
    assert all(sum(f"ink number {k}" in page for page in text) >= 2 for k in range(24))


def test_the_same_pack_is_the_same_bytes_and_carries_its_record(
    bench: Bench, rotary: tuple[Path, Packed], tmp_path: Path
) -> None:
    packed(bench, tmp_path / "again.pdf", date="2026-11-22")
    assert (tmp_path / "again.pdf").read_bytes() == rotary[0].read_bytes()
    assert Design.from_json(read_record(rotary[0])).id == drawn()[0].id


def test_the_package_of_a_rotary_screen_has_it(bench: Bench, tmp_path: Path) -> None:
    record, separation = drawn()
    coarse = PackageAsked(formats=())
    product = presets.product("fabric-rotary")
    assert "techpack.pdf" in product.files
    package = export(record, separation, ("fabric-rotary", tmp_path / "out"), bench, asked=coarse)
    assert (tmp_path / "out" / "techpack.pdf").is_file()
    assert "techpack" in {file.kind for file in package.files}
    assert "techpack.pdf" in (tmp_path / "out" / "summary.txt").read_text()


def test_it_appears_whole_or_not_at_all(bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "out" / "pack.pdf"

    def halfway(path: Path, *_: object) -> tuple[()]:
        path.write_bytes(b"%PDF-half")
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "write_tech_pack", halfway)
    with pytest.raises(KeyboardInterrupt):
        packed(bench, file)
    assert not file.parent.exists()
    file.parent.mkdir()
    file.write_bytes(b"the last one")
    with pytest.raises(KeyboardInterrupt):
        packed(bench, file)
    assert [path.name for path in file.parent.iterdir()] == ["pack.pdf"]
    assert file.read_bytes() == b"the last one"


def test_what_cannot_be_packed_is_said(bench: Bench, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"should end in \.pdf"):
        packed(bench, tmp_path / "pack.doc")
    with pytest.raises(CannotMake, match=r"nearest|fits"):
        packed(bench, tmp_path / "pack.pdf", "wallpaper-us-20")
    (tmp_path / "file").write_text("")
    with pytest.raises(CannotMake, match="cannot be written to"):
        packed(bench, tmp_path / "file" / "pack.pdf")
    assert not (tmp_path / "pack.pdf").exists()


def test_the_command(bench: Bench, tmp_path: Path) -> None:
    asked = ["techpack", drawn()[0].id[:6], "--for", "fabric-screen", "--out", str(tmp_path / "o" / "p.pdf"), "--json"]
    done = CliRunner().invoke(app, [*asked, "--library", str(bench.library.folder), "--date", "none"])
    assert done.exit_code == 0, done.output
    assert (tmp_path / "o" / "p.pdf").read_bytes().startswith(b"%PDF-1.6")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked here")
def test_killed_at_any_moment_it_leaves_no_half_file(
    bench: Bench, rotary: tuple[Path, Packed], tmp_path: Path, rng: np.random.Generator
) -> None:
    whole = rotary[0].read_bytes()
    for number, moment in enumerate(rng.uniform(0.02, 0.6, 8)):
        file = tmp_path / f"{number}" / "pack.pdf"
        child = os.fork()
        if child == 0:
            with contextlib.suppress(BaseException):
                packed(bench, file, date="2026-11-22")
            os._exit(0)
        time.sleep(moment)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        assert not file.exists() or file.read_bytes() == whole
    packed(bench, tmp_path / "7" / "pack.pdf", date="2026-11-22")
    assert [path.name for path in (tmp_path / "7").iterdir()] == ["pack.pdf"]
