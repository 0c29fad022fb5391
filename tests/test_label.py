"""What delivered files say of themselves, read by outsiders, and designs made again from every kind of file."""

import json
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from patterns import __version__
from patterns.atelier.bench import Bench
from patterns.atelier.delivery import Package, PackageAsked, PlatesAsked, export, plates
from patterns.atelier.replaying import replay
from patterns.color import Ink, Palette
from patterns.design import Brief, Design
from patterns.errors import InputError
from patterns.label import SOURCE_TYPES, Label
from patterns.lattice import Lattice
from patterns.library import Library
from patterns.press import read_record
from patterns.press.marks import Marks, record_in
from patterns.separation import Separation

PROMPT = "secret peonies <& ]]> Ωμέγα"
DIGEST = "ab12cd34ef56" * 4
LATTICE = Lattice.named("half-drop", 16, 16)
PALETTE = Palette((Ink.of_hex("#ffffff", name="cloth"), Ink.of_hex("#204080", name="Black")))
ALL = ("pdf", "tiff", "png", "jpeg", "indexed", "plates")


def drawn(maker: str = "model") -> tuple[Design, Separation]:
    label = Label.of(maker, model="loom", digest=DIGEST, version=__version__).to_json()  # pyright: ignore[reportArgumentType]
    record = Design(Brief(PROMPT), LATTICE, 0, "loom", DIGEST, __version__, PALETTE, "2026-11-22", label=label)
    y, x = np.mgrid[:32, :32]
    share = ((x - 16) ** 2 + (y - 16) ** 2 < 90).astype(np.float32)
    return record, Separation(np.stack([1 - share, share]), LATTICE, ("", ""))


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return Bench(Library(tmp_path_factory.mktemp("library")), None)


def delivered(out: Path, bench: Bench, maker: str = "model", **asked: object) -> Package:
    record, separation = drawn(maker)
    return export(record, separation, ("fabric-tile", out), bench, asked=PackageAsked(**asked))  # pyright: ignore[reportArgumentType]


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory, bench: Bench) -> dict[str, Path]:
    """Every format with all, little and no metadata, and PDF and TIFF in other colors."""
    home = tmp_path_factory.mktemp("delivered")
    for metadata in ("full", "minimal", "none"):
        delivered(home / metadata, bench, formats=ALL, metadata=metadata)
    delivered(home / "cmyk", bench, formats=("pdf", "tiff"), pdf="cmyk")
    delivered(home / "spot", bench, formats=("pdf", "tiff"), pdf="spot", metadata="full")
    delivered(home / "x1a", bench, formats=("pdf",), pdf="spot", standard="x1a", metadata="none")
    return {folder.name: folder for folder in home.iterdir()}


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.suffix in (".png", ".tif", ".jpg", ".pdf"))


def read_by_exiftool(folder: Path) -> dict[str, dict[str, str]]:
    if shutil.which("exiftool") is None:
        pytest.skip("exiftool is not installed")
    kinds = [flag for kind in ("png", "tif", "jpg", "pdf") for flag in ("-ext", kind)]
    done = subprocess.run(["exiftool", "-j", *kinds, str(folder)], capture_output=True, check=False)
    return {Path(said["SourceFile"]).name: said for said in json.loads(done.stdout)}


@pytest.mark.parametrize("colors", ["full", "cmyk", "spot"])
def test_exiftool_reads_the_label_in_every_file(folders: dict[str, Path], colors: str) -> None:
    said = read_by_exiftool(folders[colors])
    assert sorted(said) == [path.name for path in files(folders[colors])]
    record, _ = drawn()
    for file in said.values():
        assert file["DigitalSourceType"] == SOURCE_TYPES["model"]
        assert file["AISystemUsed"] == "patterns, model loom"
        assert file["AISystemVersionUsed"] == f"patterns {__version__}, weights {DIGEST[:12]}"
        assert file["ModelLicense"] == "Apache-2.0"
        assert "claim no rights" in file["UsageTerms"]
        assert file["Description"] == record.label["disclosure"]
        assert file["Identifier"] == record.id
        assert PROMPT in file["Title"]
        assert "Warning" not in file, file


@pytest.mark.parametrize(("maker", "asks_for_system"), [("model and art", True), ("algorithm", False)])
def test_the_source_type_is_the_true_one(maker: str, asks_for_system: bool) -> None:
    record, _ = drawn(maker)
    xmp = Marks(
        "t", "l", "{}", record.label["source_type"].rpartition("/")[2], made=Label.from_json(record.label)
    ).xmp()
    assert f"<Iptc4xmpExt:DigitalSourceType>{SOURCE_TYPES[maker]}<".encode() in xmp
    assert (b"AISystemUsed" in xmp) == asks_for_system


def test_minimal_metadata_hold_mark_disclosure_and_id_and_no_prompt(folders: dict[str, Path]) -> None:
    record, _ = drawn()
    for name, said in read_by_exiftool(folders["minimal"]).items():
        assert said["DigitalSourceType"] == SOURCE_TYPES["model"], name
        assert (said["Identifier"], said["Title"]) == (record.id, f"Design {record.id}")
        assert said["Description"] == record.label["disclosure"]
        assert not {"Record", "CreatorTool", "ModelDigest", "Software"} & set(said), name
    everything = b"".join(path.read_bytes() for path in folders["minimal"].iterdir())
    assert not [word for word in PROMPT.encode().split()[:2] if word in everything]


@pytest.mark.parametrize("folder", ["none", "x1a"])
def test_without_metadata_nothing_is_said(folders: dict[str, Path], folder: str) -> None:
    record, _ = drawn()
    everything = b"".join(path.read_bytes() for path in files(folders[folder]))
    wanted = [b"secret", b"peonies", record.id.encode(), b"IPTC", b"iptc", b"patterns:", b"artificial"]
    assert not [word for word in wanted if word in everything]
    # PDF/X asks for the program that made the file; nothing else does.
    assert not [path for path in files(folders["none"]) if b"patterns" in path.read_bytes() and "sep" not in path.name]
    shown = "".join(path.read_text() for kind in ("txt", "json") for path in folders[folder].glob(f"*.{kind}"))
    assert "secret" not in shown
    assert "the law may ask" in shown


def test_the_law_is_spoken_of_where_a_model_took_part(tmp_path: Path, bench: Bench) -> None:
    def told(maker: str, metadata: str) -> list[str]:
        package = delivered(tmp_path / maker / metadata, bench, maker, formats=("png",), metadata=metadata)
        return [finding.severity for finding in package.findings if finding.measured == f"metadata {metadata}"]

    assert told("model", "none") == told("model and art", "none") == ["note", "warning"]
    assert told("algorithm", "none") == told("model", "minimal") == ["note"]
    assert told("model", "full") == []


def test_metadata_that_nobody_knows(bench: Bench, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="full, minimal, none"):
        delivered(tmp_path / "out", bench, metadata="some")
    with pytest.raises(InputError, match="full, minimal, none"):
        PlatesAsked(metadata="some")  # pyright: ignore[reportArgumentType]
    assert not (tmp_path / "out").exists()


def test_plates_alone_say_as_little(tmp_path: Path, bench: Bench) -> None:
    record, separation = drawn()
    plates(record, separation, ("fabric-tile", tmp_path), PlatesAsked(metadata="none"), bench=bench)
    assert not [path for path in tmp_path.iterdir() if b"secret" in path.read_bytes()]


@pytest.mark.parametrize("colors", ["full", "cmyk", "spot"])
def test_the_record_is_read_from_every_file(folders: dict[str, Path], colors: str) -> None:
    record = replace(drawn()[0], created="")
    for path in files(folders[colors]):
        assert Design.from_json(read_record(path)) == record, path.name


@pytest.mark.parametrize("metadata", ["minimal", "none"])
def test_a_file_without_a_record_says_so(folders: dict[str, Path], metadata: str) -> None:
    for path in files(folders[metadata]):
        with pytest.raises(InputError, match=r"carries no record.*--metadata minimal or none"):
            read_record(path)


def test_an_empty_record_is_none() -> None:
    assert record_in(Marks("t", "l", "", "algorithmicMedia").xmp()) is None
    assert record_in(Marks("t", "l", "{}", "algorithmicMedia").xmp()) == "{}"


def test_a_design_is_made_again_from_every_kind_of_file(folders: dict[str, Path], tmp_path: Path) -> None:
    record, separation = drawn()
    bench = Bench(Library(tmp_path / "library"), tmp_path / "no weights")
    bench.library.put(record, separation)
    tiles = set()
    for path in (p for colors in ("full", "cmyk", "spot") for p in files(folders[colors])):
        again = replay(path, bench, out=tmp_path / "again", compare=False)
        assert (again.source, again.made.design.id) == ("library", record.id), path.name
        assert np.array_equal(again.made.separation.planes, separation.planes)
        tiles.add(again.tile.read_bytes())
    assert len(tiles) == 1


def test_the_commands_take_metadata(tmp_path: Path) -> None:
    from patterns.cli.app import app

    record, separation = drawn()
    Library(tmp_path / "library").put(record, separation)
    asked = ["export", record.id, "--for", "fabric-tile", "--library", str(tmp_path / "library"), "--json"]
    out = ["--out", str(tmp_path / "out"), "--formats", "png", "--metadata", "minimal"]
    done = CliRunner().invoke(app, [*asked, *out])
    assert done.exit_code == 0, done.output
    assert b"secret" not in (tmp_path / "out" / "repeat.png").read_bytes()


@pytest.mark.parametrize("share", [0.001, 0.01, 0.1, 0.5, 0.99])
def test_a_jpeg_cut_short_is_refused(folders: dict[str, Path], tmp_path: Path, share: float) -> None:
    data = (folders["full"] / "repeat.jpg").read_bytes()
    (tmp_path / "cut.jpg").write_bytes(data[: max(4, int(len(data) * share))])
    with pytest.raises(InputError, match=r"cut\.jpg is damaged or cut short"):
        read_record(tmp_path / "cut.jpg")
