"""Reading records back, and refusing what is not ours or not whole."""

import struct
import zlib
from pathlib import Path

import numpy as np
import pikepdf
import pytest
import tifffile
from PIL import Image

from patterns import presets
from patterns.color import Ink, Palette
from patterns.errors import InputError
from patterns.lattice import Lattice
from patterns.press import Order, Print, deliver, read_record
from patterns.product import Fit

RECORD = {"seed": 7, "prompt": "péonies & <cream> ]]> \x01 </patterns:record>", "deep": {"list": [1, 2.5, None]}}
CARRIERS = ["repeat.png", "repeat-indexed.png", "cell-half-drop.png", "repeat.tif", "repeat-indexed.tif"]
CARRIERS += ["repeat.pdf", "meter.pdf", "palette.pdf"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    lattice = Lattice.named("half-drop", 20, 20)
    grid = lattice.grid(120, 120)
    share = (np.random.default_rng(0).random((120, 120)) > 0.5).astype(np.uint8) * 255
    palette = Palette((Ink.of_hex("#ffffff"), Ink.of_hex("#204080")))
    planes = np.stack([255 - share, share])
    folder = tmp_path_factory.mktemp("record")
    job = Print(lambda: iter([(0, planes)]), grid, lattice, palette, "noise", RECORD)
    deliver(job, Order(presets.product("fabric-digital"), Fit()), folder)
    return folder


@pytest.mark.parametrize("name", CARRIERS)
def test_round_trip(folder: Path, name: str) -> None:
    assert read_record(folder / name) == RECORD


@pytest.mark.parametrize("name", CARRIERS)
@pytest.mark.parametrize("share", [0.0, 0.001, 0.1, 0.5, 0.9, 0.99])
def test_truncated(folder: Path, tmp_path: Path, name: str, share: float) -> None:
    data = (folder / name).read_bytes()
    path = tmp_path / name
    path.write_bytes(data[: int(len(data) * share)])
    with pytest.raises(InputError, match=name):
        read_record(path)


def test_foreign_files(tmp_path: Path) -> None:
    Image.new("RGB", (8, 8)).save(tmp_path / "a.png")
    tifffile.imwrite(tmp_path / "a.tif", np.zeros((8, 8), np.uint8))
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(tmp_path / "a.pdf")
    for name in ("a.png", "a.tif", "a.pdf"):
        with pytest.raises(InputError, match="carries no record"):
            read_record(tmp_path / name)
    (tmp_path / "a.jpg").write_bytes(b"\xff\xd8\xff\xe0 and so on")
    with pytest.raises(InputError, match="damaged or cut short"):
        read_record(tmp_path / "a.jpg")
    (tmp_path / "a.gif").write_bytes(b"GIF89a and so on")
    with pytest.raises(InputError, match="is not a PNG, TIFF, JPEG or PDF"):
        read_record(tmp_path / "a.gif")
    for missing in (tmp_path / "none.png", tmp_path):
        with pytest.raises(InputError, match="cannot be read"):
            read_record(missing)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _png(path: Path, *chunks: bytes) -> Path:
    head = _chunk(b"IHDR", struct.pack(">IIBBBBB", 2**31 - 1, 2**31 - 1, 8, 2, 0, 0, 0))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + head + b"".join(chunks) + _chunk(b"IEND", b""))
    return path


def test_bombs_are_not_expanded(tmp_path: Path) -> None:
    squeezed = zlib.compress(b'{"a":"' + b"x" * 50_000_000 + b'"}')
    bomb = _png(tmp_path / "bomb.png", _chunk(b"iTXt", b"patterns\0\1\0\0\0" + squeezed))
    with pytest.raises(InputError, match="carries no record"):
        read_record(bomb)
    deep = _png(tmp_path / "deep.png", _chunk(b"iTXt", b"patterns\0\0\0\0\0" + b"[" * 5_000_000))
    with pytest.raises(InputError, match="damaged"):
        read_record(deep)
    large = _png(tmp_path / "large.png", _chunk(b"iTXt", b"patterns\0\0\0\0\0" + b" " * (9 << 20) + b"{}"))
    with pytest.raises(InputError, match="carries no record"):
        read_record(large)
    # A picture of 2^62 pixels whose record is small is read: no pixel is looked at.
    assert read_record(_png(tmp_path / "huge.png", _chunk(b"iTXt", b'patterns\0\0\0\0\0{"a":1}'))) == {"a": 1}


def test_a_record_that_is_no_object(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="damaged"):
        read_record(_png(tmp_path / "list.png", _chunk(b"iTXt", b"patterns\0\0\0\0\0[1]")))


def test_a_flipped_bit_is_noticed(folder: Path, tmp_path: Path) -> None:
    data = bytearray((folder / "repeat.png").read_bytes())
    data[data.index(b"patterns\0") + 30] ^= 1
    (tmp_path / "flipped.png").write_bytes(data)
    with pytest.raises(InputError, match="damaged or cut short"):
        read_record(tmp_path / "flipped.png")


def test_a_pdf_with_compressed_metadata_is_not_ours(folder: Path, tmp_path: Path) -> None:
    data, ours = (folder / "repeat.pdf").read_bytes(), b"/Subtype /XML /Type /Metadata"
    assert data.count(ours) == 1
    (tmp_path / "squeezed.pdf").write_bytes(data.replace(ours, b"/Filter /FlateDecode".ljust(len(ours))))
    with pytest.raises(InputError, match="carries no record"):
        read_record(tmp_path / "squeezed.pdf")
