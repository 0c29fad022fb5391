"""Files of pixels, read back by readers that nobody here wrote: CMYK, spots, plates, rolls, JPEG; and no half file."""

import io
import itertools
import os
import shutil
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms
from PIL.JpegImagePlugin import JpegImageFile

from patterns import presets
from patterns.color import Ink, Palette
from patterns.errors import CannotMake, InputError
from patterns.lattice import Grid, Lattice
from patterns.press import Print, strips
from patterns.press.folder import Folder, remove_stale, stale
from patterns.press.jpeg import write_jpeg
from patterns.press.marks import Marks, srgb_profile
from patterns.press.mixtures import Mixtures
from patterns.press.names import plate_names
from patterns.press.png import write_png
from patterns.press.process import Condition, process_inks, read_condition
from patterns.press.raster import Channels, Picture, Raster, mixed
from patterns.press.record import read_record
from patterns.press.roll import sheet_box, sheet_picture
from patterns.press.tiff import write_tiff
from patterns.product import Sheet

PROFILE = presets.folder("fabrics").parent / "profiles" / "fogra39-coated-paper.icc"
HEXES = {"cream": "#f3ead7", "indigo": "#27356b", "Black": "#1d1b22", "madder": "#b5563c"}
PALETTE = Palette(tuple(Ink.of_hex(text, name=name) for name, text in HEXES.items()), "Four")
PX_PER_MM = 6


def planes_on(grid: Grid, *, inks: int = 4, seed: int = 3) -> np.ndarray:
    """Coverages (K, H, W) uint8 that sum to 255: areas of one ink, and pixels that two or three of them share."""
    rng = np.random.default_rng(seed)
    index = rng.integers(0, inks, (-(-grid.height // 9), -(-grid.width // 7))).repeat(9, 0).repeat(7, 1)
    index = index[: grid.height, : grid.width]
    planes = np.stack([(index == k) for k in range(inks)]).astype(np.uint8) * np.uint8(255)
    y, x = rng.integers(0, grid.height, 400), rng.integers(0, grid.width, 400)
    planes[:, y, x] = (rng.dirichlet(np.full(inks, 0.4), 400) * 255).astype(np.uint8).T
    planes[0] += 255 - planes.sum(axis=0, dtype=np.uint8)
    return planes


def job(grid: Grid, planes: np.ndarray | None = None, **said: Any) -> Print:
    lattice = Lattice(grid.width / PX_PER_MM, grid.height / PX_PER_MM)
    lattice = replace(lattice, drop=Fraction(grid.drop, grid.height), slide=Fraction(grid.slide, grid.width))
    cell = planes_on(grid) if planes is None else planes
    said = {"palette": PALETTE, "title": "Test „é“", "record": {"seed": 7}, "label": "Made."} | said
    return Print(lambda: iter([(0, cell)]), grid, lattice, **said)


GRID = Grid(84, 96, drop=48)
GRIDS = [GRID, Grid(90, 72), Grid(60, 90, drop=30), Grid(60, 48, slide=30), Grid(12, 1031), Grid(66, 66, slide=22)]


@pytest.fixture(scope="module")
def condition() -> Condition:
    return read_condition()


@pytest.fixture(scope="module")
def raster() -> Raster:
    return Raster.of(job(GRID))


# Inks as process colors


def test_inks_take_the_cmyk_that_little_cms_gives_relative_to_the_paper(condition: Condition) -> None:
    lab8 = np.random.default_rng(5).integers([10, 80, 80], [250, 176, 176], (32, 3)).astype(np.uint8)
    lab8[0] = (255, 128, 128)
    wide = np.stack([lab8[:, 0] / 2.55, lab8[:, 1] - 128.0, lab8[:, 2] - 128.0], axis=1)
    palette = Palette(tuple(Ink(f"{n}", (float(a), float(b), float(c))) for n, (a, b, c) in enumerate(wide)))
    signed = np.concatenate([lab8[:, :1], lab8[:, 1:] ^ 128], axis=1)
    transform = ImageCms.buildTransform(
        ImageCms.createProfile("LAB"),
        ImageCms.getOpenProfile(str(PROFILE)),
        "LAB",
        "CMYK",
        renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
        flags=ImageCms.Flags.NOOPTIMIZE | ImageCms.Flags.NOCACHE,
    )
    theirs = np.asarray(transform.apply(Image.frombytes("LAB", (32, 1), signed.tobytes())), dtype=float)[0]
    ours = process_inks(palette, condition.profile) * 255
    assert np.abs(ours - theirs).max() <= 0.52
    assert np.abs(ours[0]).max() < 0.05, "white paper takes no ink"
    # The same comparison finds colors that are taken absolutely.
    assert np.abs(condition.profile.device_of(palette.lab()) * 255 - theirs).max() > 5


def test_profiles_that_are_not_a_cmyk_presss_are_refused(tmp_path: Path, condition: Condition) -> None:
    (tmp_path / "monitor.icc").write_bytes(srgb_profile())
    with pytest.raises(InputError, match="only a printer's"):
        read_condition(tmp_path / "monitor.icc")
    with pytest.raises(InputError, match="cannot be read"):
        read_condition(tmp_path / "none.icc")
    with pytest.raises(InputError, match="driven in RGB"):
        process_inks(PALETTE, replace(condition.profile, space="RGB"))
    assert read_condition(PROFILE).data == PROFILE.read_bytes() == condition.data
    assert condition.ours
    assert not read_condition(PROFILE).ours


# Mixtures


@given(inks=st.integers(2, 32), seed=st.integers(0, 99), rows=st.integers(1, 40))
@settings(max_examples=12)
def test_mixtures_hold_the_coverages_exactly(inks: int, seed: int, rows: int) -> None:
    planes, mixtures = planes_on(Grid(70, 64), inks=inks, seed=seed), Mixtures(inks)
    numbers = np.concatenate([mixtures.numbered(planes[:, top : top + rows]) for top in range(0, 64, rows)])
    assert np.array_equal(mixtures.table[numbers], np.moveaxis(planes, 0, 2))
    assert len(np.unique(mixtures.table, axis=0)) == len(mixtures.table)


def test_more_mixtures_than_two_bytes_count(rng: np.random.Generator) -> None:
    planes = rng.multinomial(255, np.full(12, 1 / 12), (300, 300)).astype(np.uint8)
    made = Raster.of(
        job(
            Grid(300, 300),
            np.moveaxis(planes, 2, 0),
            palette=Palette(tuple(Ink.of_hex(f"#{n:02x}8080", name=f"{n}") for n in range(0, 240, 20))),
        )
    )
    assert made.numbers.dtype == np.uint32
    assert len(made.mixtures) > 65536
    assert np.array_equal(made.mixtures[made.numbers], planes)


# Channels


def test_cmyk_is_the_mixture_of_the_inks_cmyk_by_coverage(raster: Raster, condition: Condition) -> None:
    inks = process_inks(PALETTE, condition.profile) * 255
    pixels = raster.in_process(condition).of(raster.numbers)
    planes = planes_on(GRID)
    assert np.abs(pixels - np.moveaxis(planes, 0, 2) / 255 @ inks).max() <= 0.5 + 1e-9
    for ink in range(4):
        assert (pixels[planes[ink] == 255] == np.rint(inks[ink])).all()
    # An area of two inks prints no more ink than the heavier of them, to the rounding of four channels.
    assert pixels.sum(axis=2, dtype=int).max() <= inks.sum(axis=1).max() + 2


def test_spots_take_no_part_in_the_cmyk(raster: Raster, condition: Condition) -> None:
    pixels = raster.in_process(condition, spots=(2, 3), bare=(0,)).of(raster.numbers)
    planes = planes_on(GRID)
    assert np.array_equal(np.moveaxis(pixels[..., 4:], 2, 0), planes[2:])
    alone = planes[1][..., None] / 255 * process_inks(PALETTE, condition.profile)[1] * 255
    assert np.abs(pixels[..., :4] - alone).max() <= 0.5 + 1e-9


# TIFF


def kinds(raster: Raster, condition: Condition) -> dict[str, Channels]:
    return {
        "rgb": raster.in_srgb(),
        "cmyk": raster.in_process(condition),
        "spots": raster.in_process(condition, spots=(1, 2, 3), bare=(0,)),
        "indexed": raster.in_inks(),
        "plate": raster.in_plates([2]),
        "bits": replace(raster.in_plates([2]), space="bits"),
    }


def expected(picture: Picture) -> np.ndarray:
    """What a reader finds: ink is dark in plates, and in spot channels as Photoshop has them."""
    pixels = np.concatenate(list(picture.bands()))
    if picture.space == "plate":
        return 255 - pixels
    if picture.space == "bits":
        return np.where(pixels != 0, 0, 255)
    if picture.spots:
        pixels[..., 4:] = 255 - pixels[..., 4:]
    return pixels


def read_all(path: Path, kind: str) -> list[np.ndarray]:
    """Return the pixels as tifffile, libvips and Pillow read them, as far as they can read the kind."""
    import pyvips

    vips = pyvips.Image.new_from_file(str(path)).numpy()
    if kind == "bits":
        with Image.open(path) as image:
            return [vips, np.asarray(image.convert("L"))]
    found = [tifffile.imread(path)]
    if kind != "indexed":
        found.append(vips)
    if kind != "spots":
        with Image.open(path) as image:
            found.append(np.asarray(image))
    return found


@pytest.mark.parametrize("kind", ["rgb", "cmyk", "spots", "indexed", "plate", "bits"])
@pytest.mark.parametrize("big", [False, True])
def test_every_kind_of_tiff_is_read_back_by_others(
    raster: Raster, condition: Condition, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, big: bool
) -> None:
    if big:
        monkeypatch.setattr(strips, "_LARGEST", 1000)
    picture = raster.window((-31, 17, 200, 403), kinds(raster, condition)[kind])
    path = tmp_path / "a.tif"
    write_tiff(path, picture, Marks.of(raster.job), name="sheet")
    assert path.read_bytes()[:4] == (b"II+\0" if big else b"II*\0")
    for pixels in read_all(path, kind):
        assert np.array_equal(pixels, expected(picture))
    assert read_record(path) == {"seed": 7}
    with tifffile.TiffFile(path) as tiff:
        tags = {tag.code: tag.value for tag in tiff.pages.first.tags}
    assert (tags[282], tags[283], tags[296]) == ((60, 1), (60, 1), 3)
    profiles = {"cmyk": condition.data, "spots": condition.data, "rgb": srgb_profile(), "indexed": srgb_profile()}
    assert tags.get(34675) == profiles.get(kind)


def test_indexed_has_exactly_the_inks_in_palette_order(raster: Raster, condition: Condition, tmp_path: Path) -> None:
    picture = raster.indexed()
    write_tiff(tmp_path / "a.tif", picture, Marks.of(raster.job))
    write_png(tmp_path / "a.png", picture, Marks.of(raster.job))
    for name in ("a.tif", "a.png"):
        with Image.open(tmp_path / name) as image:
            indices, colors = np.asarray(image), np.array(image.getpalette()).reshape(-1, 3)
        assert sorted(np.unique(indices)) == [0, 1, 2, 3]
        assert np.array_equal(colors[:4], PALETTE.srgb8())


def test_spot_channels_are_named_as_photoshop_names_them(raster: Raster, condition: Condition, tmp_path: Path) -> None:
    path = tmp_path / "spots.tif"
    write_tiff(path, raster.rectangle(kinds(raster, condition)["spots"]), Marks.of(raster.job))
    with tifffile.TiffFile(path) as tiff:
        tags = {tag.code: tag.value for tag in tiff.pages.first.tags}
    assert (tags[262], tags[332], tuple(tags[338]), tags[277]) == (5, 1, (0, 0, 0), 7)
    data, found = bytes(tags[34377]), {}
    while data:
        signature, number, pad, size = struct.unpack(">4sHHI", data[:12])
        assert (signature, pad) == (b"8BIM", 0)
        found[number], data = data[12 : 12 + size], data[12 + size + size % 2 :]
    names, wide, plain = plate_names(PALETTE)[1:], io.BytesIO(found[1045]), io.BytesIO(found[1006])
    for name in names:
        assert wide.read(4 + 2 * len(name) + 2)[4:-2].decode("utf-16-be") == name
        assert plain.read(plain.read(1)[0]).decode() == name
    assert (wide.read(), plain.read()) == (b"", b"")
    version, *channels = struct.unpack(">I" + 3 * "H4hHB", found[1077])
    assert version == 1
    for ink, (space, lightness, a, b, _, solid, kind) in zip(
        PALETTE.inks[1:], np.reshape(channels, (3, 7)), strict=True
    ):
        assert (space, solid, kind) == (7, 100, 2)
        assert np.allclose((lightness, a, b), np.array(ink.lab) * 100, atol=0.51)
    if shutil.which("exiftool"):
        said = subprocess.run(
            ["exiftool", "-s3", "-AlphaChannelsNames", path], capture_output=True, text=True, check=True
        )
        assert said.stdout.strip() == ", ".join(names)


# Rolls


@pytest.mark.parametrize("grid", GRIDS)
@pytest.mark.parametrize("height", [30, 300])
def test_a_roll_is_the_plane_wherever_it_is_cut(grid: Grid, height: int, tmp_path: Path) -> None:
    cell = planes_on(grid)
    raster = Raster.of(job(grid, cell))
    sheet = Sheet("roll", 40.3, float(height), left_mm=-13.1, top_mm=7.4, bleed_mm=2.0)
    left, top, width, tall = sheet_box(sheet, raster.job.px_per_mm)
    write_tiff(tmp_path / "roll.tif", sheet_picture(raster, sheet), Marks.of(raster.job), name=sheet.name)
    _, rgb = mixed(np.ascontiguousarray(grid.window(cell, top=top, left=left, height=tall, width=width)), PALETTE)
    assert np.array_equal(tifffile.imread(tmp_path / "roll.tif"), rgb)
    assert (width, tall) == (round((40.3 + 4) * 6), pytest.approx((height + 4) * 6, abs=1))


def test_a_roll_is_made_and_compressed_for_one_repeat(raster: Raster, tmp_path: Path) -> None:
    """The rows asked for are those of one repeat, whatever the length; the file is as long as the roll."""
    made = 0
    picture = raster.window((0, 0, 60, 96 * 50 + 13), raster.in_srgb())

    def counted() -> Iterator[np.ndarray]:
        nonlocal made
        for band in picture.bands():
            made += len(band)
            yield band

    write_tiff(tmp_path / "a.tif", replace(picture, bands=counted), Marks.of(raster.job))
    assert 96 <= made <= 96 + 2 * 256
    assert np.array_equal(tifffile.imread(tmp_path / "a.tif"), expected(picture))


def test_panels_that_share_an_edge_share_it_in_pixels(raster: Raster) -> None:
    widths = [33.37, 41.9, 17.05]
    edges = [0.0, *np.cumsum(widths)]
    boxes = [
        sheet_box(Sheet("p", width, 50.0, left_mm=edge), raster.job.px_per_mm)
        for width, edge in zip(widths, edges, strict=False)
    ]
    for (left, _, width, _), (right, _, _, _) in itertools.pairwise(boxes):
        assert left + width == right


# JPEG


def test_jpeg_is_444_at_the_stated_quality_and_true_size(raster: Raster, tmp_path: Path) -> None:
    picture, path = raster.rectangle(), tmp_path / "a.jpg"
    write_jpeg(path, picture, Marks.of(raster.job), quality=90)
    with JpegImageFile(path) as image:
        image.load()
        assert [layer[1:3] for layer in image.layer] == [(1, 1)] * 3
        assert image.info["icc_profile"] == srgb_profile()
        assert image.info["dpi"] == pytest.approx((152.4, 152.4))
        assert [float(image.getexif()[tag]) for tag in (282, 283, 296)] == [60, 60, 3]
        assert b"quality 90, 4:4:4" in image.info["comment"]
        assert b'"seed":7' in image.info["xmp"] or b"&quot;seed" in image.info["xmp"]
        pixels, tables = np.asarray(image), image.quantization
        theirs = io.BytesIO()
        image.save(theirs, "JPEG", quality=90, subsampling=0)
    theirs.seek(0)
    with JpegImageFile(theirs) as image:
        assert tables == image.quantization, "the quality is what libjpeg means by it"
    assert np.abs(pixels.astype(int) - np.concatenate(list(picture.bands()))).mean() < 6


def test_jpeg_refuses_what_it_cannot_hold(raster: Raster, tmp_path: Path) -> None:
    marks = Marks.of(raster.job)
    with pytest.raises(CannotMake, match="65500 px"):
        write_jpeg(tmp_path / "a.jpg", raster.window((0, 0, 65_501, 8), raster.in_srgb()), marks)
    with pytest.raises(InputError, match="between 1 and 100"):
        write_jpeg(tmp_path / "a.jpg", raster.rectangle(), marks, quality=0)
    with pytest.raises(CannotMake, match="64 KB"):
        write_jpeg(tmp_path / "a.jpg", raster.rectangle(), replace(marks, record="x" * 70_000))


@pytest.mark.parametrize("stop", [KeyboardInterrupt(), OSError(28, "No space left on device")])
def test_what_stops_the_bands_of_a_jpeg_comes_through(raster: Raster, tmp_path: Path, stop: BaseException) -> None:
    def bands() -> Iterator[np.ndarray]:
        yield np.zeros((50, 168, 3), np.uint8)
        raise stop

    with pytest.raises(type(stop)):
        write_jpeg(tmp_path / "a.jpg", replace(raster.rectangle(), bands=bands), Marks.of(raster.job))


# No half file


@pytest.mark.parametrize("name", ["a.tif", "a.jpg"])
def test_a_full_disk_is_said_in_words_and_leaves_nothing(
    raster: Raster, condition: Condition, tmp_path: Path, name: str
) -> None:
    """A limit on files' sizes stops the writing as a full disk does."""
    resource = pytest.importorskip("resource")
    picture = raster.window((0, 0, 900, 900), raster.in_process(condition) if name == "a.tif" else raster.in_srgb())
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, hard))
    try:
        with pytest.raises(CannotMake, match="no room left"), Folder(tmp_path / "out") as target:
            {"a.tif": write_tiff, "a.jpg": write_jpeg}[name](target.file(name), picture, Marks.of(raster.job))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, handler)
    assert list(tmp_path.iterdir()) == []


def test_temporaries_are_known_by_their_writer(tmp_path: Path) -> None:
    with Folder(tmp_path) as target:
        ours = target.file("a b.tif")
        ours.write_bytes(b"being written")
        host = ours.name.split(".")[-2].rpartition("-")[0]
        dead = tmp_path / f".repeat.tif.{host}-{_dead()}.part"
        away, forgotten = tmp_path / ".a.png.elsewhere-1.part", tmp_path / ".b.png.elsewhere-1.part"
        others = [tmp_path / ".part", tmp_path / "mine.part", tmp_path / ".movie.mkv.part"]
        for path in (dead, away, forgotten, *others):
            path.write_bytes(b"half")
        old = time.time() - 2 * 86400
        os.utime(forgotten, (old, old))
        assert stale(tmp_path) == tuple(sorted([dead, forgotten]))
        assert remove_stale(tmp_path) == tuple(sorted([dead, forgotten]))
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {"a b.tif", away.name, *(path.name for path in others)}


def _dead() -> int:
    """The number of a process that has ended."""
    process = subprocess.Popen(["true"])
    process.wait()
    return process.pid


# Runs in a process of its own, forks a writer for each moment, and prints what it found.
KILLED = """
import os, random, signal, sys, time
from pathlib import Path
sys.path.insert(0, sys.argv[2])
import numpy as np
from patterns.press.folder import Folder, remove_stale
from patterns.press.marks import Marks
from patterns.press.png import write_png
from patterns.press.raster import Picture
from patterns.press.tiff import write_tiff

folder = Path(sys.argv[1])
marks = Marks("t", "l", "{}", "algorithmicMedia")
noise = np.random.default_rng(0).integers(0, 256, (160, 200, 3), np.uint8)
picture = Picture(200, 160, lambda: iter([noise]), (6.0, 6.0))

def write():
    with Folder(folder) as target:
        for n in range(2):
            write_tiff(target.file(f"{n}.tif"), picture, marks)
            write_png(target.file(f"{n}.png"), picture, marks)

start = time.perf_counter(); write(); took = time.perf_counter() - start
whole = {p.name: p.read_bytes() for p in folder.iterdir()}
assert len(whole) == 4
chance, cut, complete, half = random.Random(1), 0, 0, 0
for moment in range(50):
    for path in folder.iterdir():
        path.unlink()
    child = os.fork()
    if child == 0:
        try:
            write()
        finally:
            os._exit(0)
    time.sleep(chance.uniform(0, 1.2) * took)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    left = list(folder.iterdir())
    final = [p for p in left if not p.name.endswith(".part")]
    half += sum(p.read_bytes() != whole[p.name] for p in final)
    cut += any(p.name.endswith(".part") for p in left)
    complete += len(final) == 4
    remove_stale(folder)
    assert sorted(folder.iterdir()) == sorted(final), "a temporary was not recognized"
print(cut, complete, half)
"""


def test_killed_at_fifty_moments_no_half_file_has_a_final_name(tmp_path: Path) -> None:
    root = Path(__file__).resolve().parents[1]
    command = [sys.executable, "-c", KILLED, str(tmp_path / "out"), str(root)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    cut, complete, half = (int(word) for word in done.stdout.split())
    assert half == 0
    # The moments are spread over the writing: many were cut in the middle.
    assert cut >= 10, (cut, complete)
