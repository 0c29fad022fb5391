"""Time and memory of a euro roll in CMYK, against bare libvips that replicates a ready tile to the same kind of file.

    python benchmarks/rasters.py [--meters 10.05] [--rounds 2] [--awkward]

The roll is 0.53 m wide at 304.8 dpi, of a half-drop 26.5 x 64 cm in six inks, busy as a small floral. Both write a
TIFF of CMYK in deflated strips of the same height and level, with the same profile and resolution. libvips is given the
straight rectangle ready in CMYK on the disk, and does nothing but replicate, crop and save; ours is given the cell of a
``Raster``, and paves, mixes and saves. Each run is a process of its own, in turns; the pixels of both files are
compared. ``--awkward`` takes a cell 7681 px high, a prime, so that no strip of one repeat is a strip of the next.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from fractions import Fraction
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from patterns.color import Ink, Palette
from patterns.enlarge import enlarged
from patterns.lattice import Grid, Lattice
from patterns.press.job import Print
from patterns.press.marks import Marks
from patterns.press.process import read_condition
from patterns.press.raster import Raster
from patterns.press.roll import sheet_picture
from patterns.press.tiff import write_tiff
from patterns.product import Sheet

PX_PER_MM, WIDTH_MM, LEVEL = 12, 530, 6
HEXES = ("#f3ead7", "#27356b", "#b5563c", "#7f9a6b", "#1d1b22", "#d9a441")


class Clocks:
    """The time since it was made: of the clock on the wall, and of this process on all processors."""

    def __init__(self) -> None:
        self.wall, self.cpu = time.perf_counter(), time.process_time()

    def passed(self) -> dict[str, float]:
        """Return both in seconds."""
        return {"seconds": time.perf_counter() - self.wall, "cpu": time.process_time() - self.cpu}


def small(inks: int, grid: Grid) -> np.ndarray:
    """Return busy coverages (inks, H, W) uint8, enlarged from noise."""
    source = Grid(grid.width // 6, grid.height // 6)
    noise = np.random.default_rng(7).standard_normal((inks, source.height, source.width))
    frequency = np.hypot(*np.meshgrid(np.fft.fftfreq(source.height), np.fft.fftfreq(source.width), indexing="ij"))
    smooth = np.fft.ifft2(np.fft.fft2(noise) * np.exp(-((18 * frequency) ** 2))).real
    weights = np.exp(12 * smooth / smooth.std())
    planes = (weights / weights.sum(axis=0)).astype(np.float32)
    return enlarged(planes, source, grid)


def raster(height: int) -> Raster:
    """Return the cell of 3180 x ``height`` px, a half-drop if it can be: a small cell enlarged, and repeated."""
    grid = Grid(WIDTH_MM * PX_PER_MM // 2, height, 0 if height % 2 else height // 2)
    plain = Grid(grid.width // 3, 1280)
    planes = small(len(HEXES), plain)
    part = Raster.of(job(plain, planes))
    numbers = np.tile(part.numbers, (-(-height // plain.height), 3))[:height]
    return Raster(np.ascontiguousarray(numbers), part.mixtures, part.coverage, job(grid, planes))


def job(grid: Grid, planes: np.ndarray) -> Print:
    """Return the job of coverages (inks, H, W) on a grid at 12 pixels per mm."""
    lattice = Lattice(grid.width / PX_PER_MM, grid.height / PX_PER_MM, Fraction(grid.drop, grid.height))
    palette = Palette(tuple(Ink.of_hex(text, name=f"ink {number}") for number, text in enumerate(HEXES)), "Six")
    return Print(lambda: iter([(0, planes)]), grid, lattice, palette, "Benchmark", {"seed": 7})


def ours(folder: Path, meters: float, height: int) -> dict[str, float]:
    """Write our roll and return what it took."""
    cell = raster(height)
    sheet = Sheet("roll", WIDTH_MM, 1000 * meters)
    clocks = Clocks()
    picture = sheet_picture(cell, sheet, channels=cell.in_process(read_condition()))
    write_tiff(folder / "ours.tif", picture, Marks.of(cell.job), name=sheet.name)
    return clocks.passed()


def theirs(folder: Path, meters: float, rows: int) -> dict[str, float]:
    """Write libvips's roll and return what it took."""
    import pyvips

    tile = pyvips.Image.new_from_file(str(folder / "tile.tif")).copy_memory()
    length = round(1000 * meters * PX_PER_MM)
    clocks = Clocks()
    whole = tile.replicate(WIDTH_MM * PX_PER_MM // tile.width, -(-length // tile.height))
    whole.crop(0, 0, WIDTH_MM * PX_PER_MM, length).tiffsave(
        str(folder / "theirs.tif"),
        compression="deflate",
        predictor="none",
        level=LEVEL,
        tile=False,
        tile_height=rows,
        profile=str(folder / "press.icc"),
    )
    return clocks.passed()


def measured(which: str, folder: Path, meters: float, number: int) -> dict[str, float]:
    """Return seconds and peak memory in MB of one run in a process of its own."""
    command = [sys.executable, __file__, "--run", which, "--folder", str(folder), "--meters", str(meters)]
    done = subprocess.run([*command, "--number", str(number)], check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def compare(folder: Path) -> tuple[int, int]:
    """Return (pixels that differ, pixels) of the two rolls, as libvips reads them."""
    import pyvips

    names = [str(folder / f"{which}.tif") for which in ("ours", "theirs")]
    first, second = (pyvips.Image.new_from_file(name, access="sequential") for name in names)
    different = first.relational(second, "noteq").bandbool("or")
    return round(different.avg() / 255 * first.width * first.height), first.width * first.height


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--meters", type=float, default=10.05)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--awkward", action="store_true")
    for hidden in ("--run", "--folder", "--number"):
        parser.add_argument(hidden, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.run:
        work = {"ours": ours, "theirs": theirs}[asked.run]
        took = work(Path(asked.folder), asked.meters, int(asked.number))
        print(json.dumps({**took, "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
        return
    height = 7681 if asked.awkward else 640 * PX_PER_MM
    with tempfile.TemporaryDirectory() as name:
        report(Path(name), asked, height)


def report(folder: Path, asked: argparse.Namespace, height: int) -> None:
    """Run both in turns and print what they took."""
    import tifffile

    cell, condition = raster(height), read_condition()
    (folder / "press.icc").write_bytes(condition.data)
    write_tiff(folder / "tile.tif", cell.rectangle(cell.in_process(condition)), Marks.of(cell.job))
    length = round(1000 * asked.meters * PX_PER_MM)
    print(
        f"roll         {WIDTH_MM * PX_PER_MM} x {length} px, {WIDTH_MM * PX_PER_MM * length / 1e6:.0f} megapixels CMYK"
    )
    runs: dict[str, list[dict[str, float]]] = {"ours": [], "theirs": []}
    rows = 0
    for _ in range(asked.rounds):
        runs["ours"].append(measured("ours", folder, asked.meters, height))
        with tifffile.TiffFile(folder / "ours.tif") as tiff:
            rows = tiff.pages.first.rowsperstrip
        runs["theirs"].append(measured("theirs", folder, asked.meters, rows))
    for which, label in (("ours", "patterns"), ("theirs", "libvips")):
        took = ", ".join(f"{run['seconds']:.1f} s ({run['cpu']:.1f} s of processor)" for run in runs[which])
        size = (folder / f"{which}.tif").stat().st_size / 1e6
        print(f"{label:12} {took}; at most {max(run['mb'] for run in runs[which]):.0f} MB of memory")
        print(f"{'':12} {size:.0f} MB on the disk, {rows} rows a strip")
    for key, label in (("seconds", "ratio"), ("cpu", "processor")):
        fastest = [min(run[key] for run in runs[which]) for which in ("ours", "theirs")]
        print(f"{label:12} {fastest[0] / fastest[1]:.2f} (fastest of each)")
    print("differing    {} of {} pixels".format(*compare(folder)))


if __name__ == "__main__":
    main()
