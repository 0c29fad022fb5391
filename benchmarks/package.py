"""Time and memory of a whole print package: a 64 x 64 cm design in six inks, drawn at 512 x 512 px, for a product.

    python benchmarks/package.py [--product fabric-digital] [--pdf rgb] [--side 640]

Everything is counted: enlarging the ink planes, all files, reading the PDFs back, giving the files their names. The
baseline is Pillow writing the finished rectangle's pixels as PNG and as deflated TIFF: what two of the package's files
cost where nothing has to be made. Ends with 1 if a goal is missed: 30 s, 1.5 GB, and a meter of cloth as PDF that is no
larger than 1.2 times the PDF of its one repeat.
"""

import argparse
import resource
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from patterns.atelier.bench import Bench
from patterns.atelier.delivery import PackageAsked, export
from patterns.color import Ink, Palette
from patterns.design import Brief, Design
from patterns.lattice import Lattice
from patterns.library import Library
from patterns.separation import ROLES, Separation

SIDE_PX = 512
COLORS = ("#f3ead7", "#27356b", "#b5563c", "#d9a441", "#1f1a17", "#6f8f72")


def drawing(lattice: Lattice) -> Separation:
    """Return six planes of busy flat art on a lattice, with a contour through about a fifth of the pixels."""
    noise = np.random.default_rng(7).standard_normal((len(COLORS), SIDE_PX, SIDE_PX))
    frequency = np.hypot(*np.meshgrid(np.fft.fftfreq(SIDE_PX), np.fft.fftfreq(SIDE_PX)))
    smooth = np.fft.ifft2(np.fft.fft2(noise) * np.exp(-((18 * frequency) ** 2))).real
    weights = np.exp(12 * smooth / smooth.std())
    return Separation((weights / weights.sum(axis=0)).astype(np.float32), lattice, ROLES)


def record(lattice: Lattice) -> Design:
    """Return the record of the drawing."""
    inks = tuple(Ink.of_hex(code, name=role, role=role) for code, role in zip(COLORS, ROLES, strict=True))
    created = "2026-11-22T00:00:00+00:00"
    return Design(Brief("busy clouds"), lattice, 7, "loom", "0" * 64, "0.1.0", Palette(inks, "Six"), created)


def by_pillow(rectangle: Path, folder: Path) -> float:
    """Return the seconds that Pillow takes to write the rectangle's pixels as PNG and as deflated TIFF."""
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = None
    with Image.open(rectangle) as opened:
        picture = opened.convert("RGB")
    start = time.perf_counter()
    picture.save(folder / "baseline.png")
    picture.save(folder / "baseline.tif", compression="tiff_adobe_deflate")
    return time.perf_counter() - start


def main() -> None:
    """Print seconds, memory, sizes and the ratio to the baseline; end with 1 if a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--product", default="fabric-digital")
    parser.add_argument("--pdf", default="rgb", choices=("rgb", "cmyk", "spot"))
    parser.add_argument("--side", type=float, default=640.0, help="the tile's side in mm")
    asked = parser.parse_args()
    lattice = Lattice(asked.side, asked.side)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        bench = Bench(Library(folder / "library"), None)
        start, processor = time.perf_counter(), time.process_time()
        target = (asked.product, folder / "out")
        made = export(record(lattice), drawing(lattice), target, bench, asked=PackageAsked(asked.pdf))
        seconds, busy = time.perf_counter() - start, time.process_time() - processor
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        sizes = {file.path.name: file.path.stat().st_size for file in made.files}
        baseline = by_pillow(folder / "out" / "repeat.png", folder)
    print(f"{asked.product}, {asked.pdf}: {asked.side / 10:g} x {asked.side / 10:g} cm, six inks")
    for file in made.files:
        pixels = f"{file.width_px} x {file.height_px} px" if file.width_px else ""
        print(f"  {file.path.name:<20} {sizes[file.path.name] / 1e6:8.2f} MB  {pixels}")
    print(f"  whole package           {seconds:7.1f} s   (goal: under 30 s), {busy:.1f} s of processor time")
    print(f"  Pillow, PNG and TIFF    {baseline:7.1f} s   the package takes {seconds / baseline:.2f} times as long")
    print(f"  peak memory             {memory:7.0f} MB  (goal: under 1500 MB)")
    ratio = sizes["meter.pdf"] / sizes["repeat.pdf"] if {"meter.pdf", "repeat.pdf"} <= set(sizes) else None
    if ratio is not None:
        print(f"  meter.pdf is            {ratio:7.2f} times repeat.pdf (goal: at most 1.2)")
    sys.exit(0 if seconds < 30 and memory < 1500 and (ratio is None or ratio <= 1.2) else 1)


if __name__ == "__main__":
    main()
