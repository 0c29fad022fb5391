"""Separating from files: pictures of every kind and damage, designs in the library, and labels that are true."""

import contextlib
import io
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from patterns.cli import main
from patterns.errors import InputError
from patterns.label import SOURCE_TYPES
from patterns.library import Library
from patterns.seam import read_picture

COLORS = np.array([[243, 234, 215], [39, 53, 107], [192, 86, 59]], np.uint8)


def art(side: int = 64) -> np.ndarray:
    """Flat art in three inks, (side, side, 3) uint8, that repeats."""
    y, x = np.mgrid[:side, :side]
    index = ((x % 32 < 14) & (y % 32 < 20)).astype(int) + (np.hypot(x % 32 - 22, y % 32 - 10) < 6) * 2
    return COLORS[np.minimum(index, 2)]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PATTERNS_LIBRARY", str(tmp_path / "library"))
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.chdir(tmp_path)
    Image.fromarray(art()).save(tmp_path / "art.png")
    return tmp_path


def said(capsys: pytest.CaptureFixture[str], line: str) -> dict:
    assert main([*line.split(), "--json"]) == 0, capsys.readouterr().err
    return json.loads(capsys.readouterr().out)


def test_a_picture_becomes_a_design_that_is_recolored_exported_and_replayed(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record = said(capsys, "separate art.png --size 16cm --fabric cotton-rotary-150 --out plates")
    inks = record["design"]["palette"]["inks"]
    assert {ink["hex"] for ink in inks} == {"#f3ead7", "#27356b", "#c0563b"}
    assert record["flat_art"]
    assert record["mean_difference"] < 1
    assert sorted(p.name for p in Path("plates").iterdir()) == sorted(Path(f).name for f in record["files"])
    assert "separated into inks from the picture art.png" in record["design"]["label"]["disclosure"]
    recolored = said(capsys, f"recolor {record['id']} --palette #ffffff,#203080,#000000")
    assert recolored["design"]["parent"] == record["id"]
    package = said(capsys, f"export {record['id']} --for fabric-digital --out package")
    assert package["files"]
    replayed = said(capsys, f"replay {record['tile']}")
    assert replayed["source"] == "file"
    assert replayed["id"] == record["id"]


def test_more_inks_than_roles_are_recolored_in_their_order(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    colors = np.array([[20 + 28 * k, 240 - 25 * k, 60 + 160 * (k % 2)] for k in range(8)], np.uint8)
    y, x = np.mgrid[:64, :64]
    Image.fromarray(colors[(x // 16 + 4 * (y // 32)) % 8]).save("eight.png")
    record = said(capsys, "separate eight.png --inks 8 --size 16cm")
    other = "#000000,#202020,#404040,#606060,#808080,#a0a0a0,#c0c0c0,#e0e0e0"
    recolored = said(capsys, f"recolor {record['id']} --palette {other}")
    assert ",".join(ink["hex"] for ink in recolored["design"]["palette"]["inks"]) == other


def test_a_large_picture_is_kept_on_fewer_pixels_and_says_so(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Image.fromarray(art(256)).save("large.png")
    record = said(capsys, "separate large.png --size 32mm --repeat half-drop")
    kept = Library(home / "library").separation(record["id"])
    assert kept.grid.width <= 5 * 32
    assert kept.grid.drop * 2 == kept.grid.height
    assert any("fewer pixels" in finding["message"] for finding in record["findings"])


def marked(source: str) -> bytes:
    """A PNG whose XMP says what made it."""
    info = PngImagePlugin.PngInfo()
    info.add_itxt("XML:com.adobe.xmp", f'<x Iptc4xmpExt:DigitalSourceType="{SOURCE_TYPES[source]}"/>')
    file = io.BytesIO()
    Image.fromarray(art()).save(file, "PNG", pnginfo=info)
    return file.getvalue()


@pytest.mark.parametrize(("source", "expected"), [("model", "model"), ("algorithm", "picture"), ("", "picture")])
def test_the_label_says_what_the_picture_says_of_its_making(
    home: Path, capsys: pytest.CaptureFixture[str], source: str, expected: str
) -> None:
    if source:
        Path("art.png").write_bytes(marked(source))
    record = said(capsys, "separate art.png --size 16cm")
    assert record["design"]["label"]["source_type"] == SOURCE_TYPES[expected]
    again = said(capsys, f"separate {record['tile']} --size 16cm")
    assert again["design"]["label"]["source_type"] == SOURCE_TYPES[expected]
    assert again["design"]["parent"] == record["id"]


def test_a_palette_may_be_a_pictures(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Image.fromarray(255 - art()).save("other.png")
    record = said(capsys, "separate art.png --palette other.png")
    assert {ink["hex"] for ink in record["design"]["palette"]["inks"]} <= {"#0c1528", "#d8ca94", "#3fa9c4"}


MODES = {
    "gray.png": ("L", {}),
    "palette.png": ("P", {}),
    "alpha.png": ("RGBA", {}),
    "bilevel.png": ("1", {}),
    "gray-alpha.png": ("LA", {}),
    "cmyk.jpg": ("CMYK", {}),
    "cmyk.tif": ("CMYK", {}),
    "lab.tif": ("LAB", {}),
    "plain.webp": ("RGB", {"lossless": True}),
    "plain.tif": ("RGB", {"compression": "tiff_lzw"}),
}


@pytest.mark.parametrize("name", MODES)
def test_pictures_of_every_mode_are_separated(name: str, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mode, options = MODES[name]
    picture = Image.fromarray(art())
    if mode == "LAB":
        from PIL import ImageCms

        to_lab = ImageCms.buildTransform(ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), "RGB", "LAB")
        converted = ImageCms.applyTransform(picture, to_lab)
        assert converted is not None
    elif mode == "P":
        converted = picture.quantize(8)
    else:
        converted = picture.convert(mode)
    converted.save(name, **options)
    record = said(capsys, f"separate {name}")
    assert 2 <= len(record["design"]["palette"]["inks"]) <= 4


def test_sixteen_bits_are_read_or_refused_in_a_sentence(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import tifffile

    tifffile.imwrite("deep.tif", art().astype(np.uint16) * 257, photometric="rgb")
    Image.fromarray(art()[..., 0].astype(np.uint16) * 257).save("deep.png")
    for name in ("deep.tif", "deep.png"):
        assert main(["separate", name]) in (0, 3)
        assert "fault of patterns" not in capsys.readouterr().err


BAD = [
    ("separate nothing.png", 3, "nothing.png"),
    ("separate .", 3, "a folder"),
    ("separate cut.png", 3, "damaged"),
    ("separate text.png", 3, "not a picture"),
    ("separate empty.png", 3, "not a picture"),
    ("separate plain.png", 3, "one color"),
    ("separate art.png --inks many", 2, "auto"),
    ("separate art.png --inks 1", 3, "2 to 32"),
    ("separate art.png --inks 99", 3, "2 to 32"),
    ("separate art.png --tone sepia", 2, "halftone"),
    ("separate art.png --repeat zigzag", 3, "half-drop"),
    ("separate art.png --repeat third-drop", 3, "divisible by 3"),
    ("separate art.png --size 10cmx30cm", 3, "off square"),
    ("separate art.png --fabric nosuch", 3, "nosuch"),
    ("separate art.png --palette nosuch", 3, "nosuch"),
    ("separate art.png --palette #fff,#000 --inks 3", 3, "leave one"),
    ("separate art.png --out art.png", 4, "cannot be written"),
]


@pytest.mark.parametrize(("line", "code", "sentence"), BAD)
def test_bad_input_is_one_sentence_and_leaves_nothing(
    line: str, code: int, sentence: str, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = Path("art.png").read_bytes()
    Path("cut.png").write_bytes(data[: len(data) // 2])
    Path("text.png").write_text("not a picture")
    Path("empty.png").write_bytes(b"")
    Image.new("RGB", (64, 64), "teal").save("plain.png")
    before = sorted(home.rglob("*"))
    assert main(line.split()) == code
    told = capsys.readouterr()
    assert sentence in told.err
    assert "Traceback" not in told.err
    assert sorted(home.rglob("*")) == before


def encoded(kind: str) -> bytes:
    file = io.BytesIO()
    options = {"compression": "tiff_lzw"} if kind == "TIFF" else {}
    Image.fromarray(art(32)).save(file, kind, **options)
    return file.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "JPEG", "WEBP"])
@settings(max_examples=60)
@given(st.data())
def test_a_damaged_picture_is_read_or_refused_and_nothing_else(kind: str, data: st.DataObject) -> None:
    import tempfile

    whole = bytearray(encoded(kind))
    for place, value in data.draw(st.lists(st.tuples(st.integers(0, len(whole) - 1), st.integers(0, 255)), max_size=6)):
        whole[place] = value
    length = data.draw(st.integers(0, len(whole)) | st.just(len(whole)))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "damaged.png"
        path.write_bytes(bytes(whole[:length]))
        with contextlib.suppress(InputError):
            pixels = read_picture(path)
            assert (pixels.ndim, pixels.shape[2], pixels.dtype) == (3, 3, np.uint8)
