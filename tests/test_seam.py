"""The seam check: what passes, what fails, and pictures that cannot be read."""

import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from benchmarks import seam_pictures as pictures
from benchmarks.seam import cut
from patterns.errors import InputError
from patterns.lattice import Grid
from patterns.seam import MOST_PICTURE_PIXELS, measure, read_picture

# Kinds in which a cut by 5 px is to be seen wherever it is made.
BROKEN_BY_A_CUT = (pictures.dense_floral, pictures.ogee, pictures.waves, pictures.mottled)


def drawn(kind: pictures.Draw, seed: int = 3) -> tuple[np.ndarray, Grid]:
    return pictures.draw(kind, np.random.default_rng(seed))


def test_few_whole_tiles_are_flagged() -> None:
    """A statistical check errs: about one joint in a hundred (benchmarks/seam.py). All sixteen kinds, one tile each."""
    reports = {kind.__name__: measure(*drawn(kind)) for kind in pictures.KINDS}
    flagged = [name for name, report in reports.items() if not report.passed]
    assert len(flagged) <= 1, flagged
    assert all(bool(report.findings()) != report.passed for report in reports.values())
    assert all(0 <= joint.percentile <= 100 for report in reports.values() for joint in report.joints)


@pytest.mark.parametrize("kind", [pictures.flat, *pictures.BANDED], ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("seed", range(3))
def test_flats_stripes_and_checks_pass(kind: pictures.Draw, seed: int) -> None:
    assert measure(*drawn(kind, seed)).passed


@pytest.mark.parametrize("direction", ["across", "down"])
@pytest.mark.parametrize("kind", BROKEN_BY_A_CUT, ids=lambda kind: kind.__name__)
def test_a_cut_tile_fails_and_says_where(kind: pictures.Draw, direction: str) -> None:
    report = measure(*cut(*drawn(kind), direction))
    assert not report.passed
    joint = report.joints[direction == "down"]
    assert joint.verdict == "seam"
    assert report.worst in report.joints
    assert report.findings()[0].severity == "fault"


@pytest.mark.parametrize("direction", ["across", "down"])
def test_a_broken_smaller_repeat_is_a_seam(direction: str) -> None:
    joint = measure(*cut(*drawn(pictures.gingham), direction)).joints[direction == "down"]
    assert joint.verdict == "seam: a smaller repeat is broken"
    assert joint.period_px > 0


def test_the_wrong_repeat_fails() -> None:
    grid = Grid(256, 256, drop=128)
    tile = np.round(pictures.dense_floral(np.random.default_rng(3), grid)).clip(0, 255).astype(np.uint8)
    assert measure(tile, grid).passed
    assert not measure(tile, Grid(256, 256)).passed
    assert not measure(tile, Grid(256, 256, slide=128)).passed


@pytest.mark.parametrize("shift", range(0, 30, 3))
def test_a_stripes_edge_on_the_joint_is_no_seam(shift: int) -> None:
    edges = np.cumsum([0, 9, 31, 14, 60, 22, 17, 43, 8])
    line = np.zeros((256, 3), np.uint8)
    for number, start in enumerate(edges):
        line[start:] = [(200, 40, 40), (240, 230, 210), (20, 50, 120)][number % 3]
    tile = np.broadcast_to(np.roll(line, shift, axis=0), (64, 256, 3)).copy()
    assert measure(tile, Grid(256, 64)).passed


def test_nothing_varies() -> None:
    report = measure(np.full((64, 64, 3), 90, np.uint8), Grid(64, 64))
    assert [joint.verdict for joint in report.joints] == ["no seam: nothing varies"] * 2
    assert report.worst.percentile == 50
    assert report.worst.ratio == 1


@pytest.mark.parametrize("grid", [Grid(200, 160), Grid(200, 160, drop=80), Grid(200, 160, slide=50)])
def test_the_joint_shows_the_same_as_inside_once_rolled(grid: Grid) -> None:
    """Shift law: what is measured at the joint of a rolled tile is what was measured at that place inside."""
    tile = np.round(pictures.mottled(np.random.default_rng(1), grid)).clip(0, 255).astype(np.uint8)
    planes = np.moveaxis(tile, 2, 0)
    for dy, dx in ((0, 37), (0, -37), (50, 0), (-21, 64)):
        rolled = np.moveaxis(grid.roll(planes, dy, dx), 0, 2)
        assert measure(rolled, grid).passed


def test_the_change_is_that_of_the_lines_that_meet() -> None:
    """Black columns against white ones: the lightness difference of 100 is a CIEDE2000 of 100."""
    tile = np.zeros((32, 32, 3), np.uint8)
    tile[:, 16:] = 255
    across, down = measure(tile, Grid(32, 32)).joints
    assert across.change == pytest.approx(100, abs=0.01)
    assert across.ratio == pytest.approx(1)
    assert down.change == 0


def test_large_pictures_are_sampled(monkeypatch: pytest.MonkeyPatch) -> None:
    whole, grid = drawn(pictures.dense_floral)
    big = np.kron(whole, np.ones((3, 3, 1), np.uint8))
    monkeypatch.setattr("patterns.seam.MOST_PIXELS", 400_000)
    monkeypatch.setattr("patterns.seam._BLOCK", 64)
    report = measure(big, grid.scaled(3))
    assert report.sampled < 1
    assert report.passed
    # Five source lines: at three times the size, a cut of 5 px moves a contour by less than two of its own pixels.
    damaged = Grid(big.shape[1] - 15, big.shape[0], grid.drop * 3)
    assert not measure(big[:, 15:], damaged).passed


@pytest.mark.parametrize(
    ("pixels", "grid", "says"),
    [
        (np.zeros((64, 64, 3)), Grid(64, 64), "uint8"),
        (np.zeros((64, 64), np.uint8), Grid(64, 64), "uint8"),
        (np.zeros((64, 60, 3), np.uint8), Grid(64, 64), "60 x 64 px, the repeat 64 x 64 px"),
        (np.zeros((8, 64, 3), np.uint8), Grid(64, 8), "too small"),
    ],
)
def test_bad_pixels(pixels: np.ndarray, grid: Grid, says: str) -> None:
    with pytest.raises(InputError, match=says):
        measure(pixels, grid)


@pytest.mark.parametrize("suffix", ["png", "tif", "bmp"])
def test_pictures_come_back_as_they_are(suffix: str, tmp_path: Path, rng: np.random.Generator) -> None:
    pixels = rng.integers(0, 256, (20, 30, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(tmp_path / f"tile.{suffix}")
    np.testing.assert_array_equal(read_picture(tmp_path / f"tile.{suffix}"), pixels)


def test_indexed_gray_and_transparent_pictures(tmp_path: Path) -> None:
    Image.new("L", (4, 4), 7).save(tmp_path / "gray.png")
    assert (read_picture(tmp_path / "gray.png") == 7).all()
    Image.new("RGB", (4, 4), (1, 2, 3)).quantize(4).save(tmp_path / "indexed.png")
    assert (read_picture(tmp_path / "indexed.png") == (1, 2, 3)).all()
    Image.new("RGBA", (4, 4), (0, 0, 0, 0)).save(tmp_path / "clear.png")
    assert (read_picture(tmp_path / "clear.png") == 255).all()


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def test_bad_files(tmp_path: Path) -> None:
    good = tmp_path / "good.png"
    Image.fromarray(np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)).save(good)
    header = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 2, 0, 0, 0)
    bomb = (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + _chunk(b"IEND", b"")
    )
    broken = {
        "short.png": (good.read_bytes()[:3000], "damaged or cut short"),
        "stub.png": (good.read_bytes()[:20], "cannot be read|is not a picture"),
        "words.png": (b"not a picture at all", "is not a picture"),
        "empty.png": (b"", "is not a picture"),
        "bomb.png": (bomb, f"100000 x 100000 px, above the limit of {MOST_PICTURE_PIXELS // 10**6} megapixels"),
    }
    for name, (data, says) in broken.items():
        (tmp_path / name).write_bytes(data)
        with pytest.raises(InputError, match=says):
            read_picture(tmp_path / name)
    with pytest.raises(InputError, match="is not there"):
        read_picture(tmp_path / "missing.png")
    with pytest.raises(InputError, match="is a folder, not a picture"):
        read_picture(tmp_path)
    Image.new("I;16", (4, 4)).save(tmp_path / "deep.png")
    with pytest.raises(InputError, match="more than 8 bits"):
        read_picture(tmp_path / "deep.png")


def test_the_limit_of_pillow_is_left_as_it_was(tmp_path: Path) -> None:
    usual = Image.MAX_IMAGE_PIXELS
    Image.new("RGB", (4, 4)).save(tmp_path / "tile.png")
    read_picture(tmp_path / "tile.png")
    with pytest.raises(InputError):
        read_picture(tmp_path)
    assert usual == Image.MAX_IMAGE_PIXELS
