"""Separating measured: designs whose truth is known, error beside k-means, time and memory at 16 megapixels.

Pillow's quantize and k-means (OpenCV's, in CIE Lab, ten starts) are told how many inks there are; ours counts them.
"Beyond reach" are two designs of lines and details 2 to 3 px wide under JPEG; they are not counted.
Run: python benchmarks/separate.py            the whole table
     python benchmarks/separate.py --only time
"""

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.separate_truth import BEYOND, CORPUS, OWN, Truth, beyond_edges, damaged, named
from patterns.color import ciede2000, srgb_to_lab
from patterns.lattice import Lattice
from patterns.separate import Cleanup, separate

SIDE, INKS = 4096, 8
# Side of the pictures that errors are compared on.
SMALL = 300
MOST_SECONDS, MOST_MB = 4.0, 1500
WORST_INK, LEAST_RIGHT, MOST_ERROR = 1.5, 0.995, 1.02


@dataclass(frozen=True, slots=True)
class Score:
    """Inks found, the worst CIEDE2000 of a true ink to the nearest found, and the share of pixels right inside."""

    inks: int
    worst: float
    right: float

    @classmethod
    def of(cls, truth: Truth, lab: np.ndarray, index: np.ndarray) -> "Score":
        differences = ciede2000(truth.palette.lab()[:, None], lab[None])
        right = (differences.argmin(axis=0)[index] == truth.index)[beyond_edges(truth.index)].mean()
        return cls(len(lab), float(differences.min(axis=1).max()), float(right))

    def holds(self, count: int) -> bool:
        return self.inks == count and self.worst <= WORST_INK and self.right >= LEAST_RIGHT

    def __str__(self) -> str:
        return f"{self.inks:2d} {self.worst:6.2f} {self.right:7.2%}"


def ours(picture: np.ndarray, truth: Truth) -> Score:
    pixels = picture.astype(np.float32) / 255
    found = separate(pixels, Lattice(truth.grid.width, truth.grid.height))
    return Score.of(truth, found.palette.lab(), found.separation.indices())


def pillow(picture: np.ndarray, truth: Truth) -> Score:
    reduced = Image.fromarray(picture).quantize(len(truth.palette))
    colors = np.array((reduced.getpalette() or [])[: 3 * len(truth.palette)]).reshape(-1, 3)
    return Score.of(truth, srgb_to_lab(colors / 255), np.asarray(reduced))


def k_means(lab: np.ndarray, count: int) -> tuple[np.ndarray, float]:
    """Return (centers, squared error) of Lab colors (N, 3): ten starts of k-means++."""
    cv2.setRNGSeed(0)
    stop = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 100, 1e-3)
    unset = np.empty(0, np.int32)
    error, _, centers = cv2.kmeans(lab.astype(np.float32), count, unset, stop, 10, cv2.KMEANS_PP_CENTERS)
    return centers.astype(np.float64), error


def truth_table() -> bool:
    print(f"{'design':22s} inks   ours: inks, worst, right     Pillow quantize       k-means, ten starts")
    held = counted = 0
    for name in [row[0] for row in (*CORPUS, *OWN)]:
        truth, number = named(name)
        picture = damaged(truth, number)
        score, theirs = ours(picture, truth), pillow(picture, truth)
        lab = srgb_to_lab(picture / 255)
        # Every ninth pixel is enough to find centers by; all are given to the nearest.
        centers, _ = k_means(lab[::3, ::3].reshape(-1, 3), len(truth.palette))
        index = np.stack([((lab - center) ** 2).sum(axis=2) for center in centers]).argmin(axis=0)
        means = Score.of(truth, centers, index)
        counted += name not in BEYOND
        held += name not in BEYOND and score.holds(len(truth.palette))
        note = "beyond reach" if name in BEYOND else "" if score.holds(len(truth.palette)) else "MISSED"
        print(f"{name:22s} {len(truth.palette):4d}   {score!s:22s}   {theirs!s:22s}   {means!s:22s} {note}", flush=True)
    print(
        f"held: {held} of {counted} (count exact, inks within {WORST_INK} CIEDE2000, {LEAST_RIGHT:.1%} of pixels right "
        "beyond 1 px of edges)"
    )
    return held == counted


def errors() -> bool:
    print("\nclean-up off: squared error in CIE Lab, ours over k-means with ten starts")
    worst = 0.0
    for name in ("peony", "terrazzo chips", "camouflage", "painted"):
        picture = (painted(SMALL) if name == "painted" else damaged(*named(name)))[:SMALL, :SMALL]
        pixels = picture.astype(np.float32) / 255
        for count in (4, 8, 12):
            lab = srgb_to_lab(pixels).reshape(-1, 3)
            found = separate(pixels, Lattice(pixels.shape[1], pixels.shape[0]), inks=count, cleanup=Cleanup(on=False))
            own = ((lab - found.palette.lab()[found.separation.indices().ravel()]) ** 2).sum()
            ratio = own / k_means(lab, count)[1]
            worst = max(worst, ratio)
            print(f"  {name:16s} {count:2d} inks  {ratio:.4f}", flush=True)
    print(f"  worst {worst:.4f}  (goal: at most {MOST_ERROR})")
    return worst <= MOST_ERROR


def painted(side: int) -> np.ndarray:
    """A picture without flat colors, (side, side, 3) uint8: smooth washes with grain, on a torus."""
    rng = np.random.default_rng(4)
    frequency = np.hypot(*np.meshgrid(np.fft.fftfreq(side), np.fft.fftfreq(side)))
    noise = rng.standard_normal((3, side, side))
    wash = np.fft.ifft2(np.fft.fft2(noise) * np.exp(-((20 * frequency) ** 2))).real
    wash = wash / wash.std() * 45 + rng.standard_normal((3, side, side)) * 4 + 128
    return np.rint(np.clip(np.moveaxis(wash, 0, 2), 0, 255)).astype(np.uint8)


def large(side: int) -> np.ndarray:
    """Flat art in eight inks with noise, (side, side, 3) uint8: contours through about a tenth of the pixels."""
    rng = np.random.default_rng(7)
    small = 512
    frequency = np.hypot(*np.meshgrid(np.fft.fftfreq(small), np.fft.fftfreq(small)))
    noise = np.fft.ifft2(np.fft.fft2(rng.standard_normal((INKS, small, small))) * np.exp(-((12 * frequency) ** 2))).real
    index = np.stack([cv2.resize(n, (side, side), interpolation=cv2.INTER_CUBIC) for n in noise]).argmax(axis=0)
    colors = named("mosaic of eight")[0].palette.srgb8()
    picture = cv2.GaussianBlur(colors[index], (0, 0), 0.8)
    for row in range(0, side, 256):
        band = picture[row : row + 256]
        band[:] = np.rint(np.clip(band + rng.normal(0, 2.5, band.shape), 0, 255))
    return picture


def child(path: str) -> None:
    """Separate a picture in a process of its own and print seconds and peak memory in MB."""
    stored = np.load(path, mmap_mode="r")
    tile = np.empty(stored.shape, np.float32)
    for row in range(0, SIDE, 256):
        np.divide(stored[row : row + 256], np.float32(255), out=tile[row : row + 256])
    # The file's pages would count as memory of this process.
    del stored
    before = held_mb()
    start = time.perf_counter()
    found = separate(tile, Lattice(SIDE, SIDE), inks=INKS)
    seconds = time.perf_counter() - start
    peak = held_mb()
    picture = Image.fromarray(np.load(path))
    start = time.perf_counter()
    picture.quantize(INKS)
    baseline = time.perf_counter() - start
    print(seconds, baseline, peak, before, len(found.palette), found.report.mean)


def held_mb() -> float:
    """Return the most memory in MB that this process has held so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def alone(*arguments: str) -> list[float]:
    """Run this file with arguments in a process of its own and return the numbers that it prints.

    A process begins with the peak of the one that it was split off from, so that this one may never hold much.
    """
    out = subprocess.run([sys.executable, __file__, *arguments], capture_output=True, text=True, check=True)
    return [float(v) for v in out.stdout.split()]


def timing() -> bool:
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "large.npy")
        alone("--make", path)
        rows = [alone("--child", path) for _ in range(3)]
    seconds, baseline, peak, before, inks, mean = np.median(rows, axis=0)
    print(f"\n{SIDE} x {SIDE} px ({SIDE * SIDE / 1e6:.0f} MP) into {INKS} inks, median of 3 processes")
    print(
        f"  ours             {seconds:6.2f} s   (goal: under {MOST_SECONDS:g} s); "
        f"{inks:.0f} inks, mean CIEDE2000 {mean:.2f}"
    )
    print(f"  Pillow quantize  {baseline:6.2f} s   ours takes {seconds / baseline:.2f} times as long")
    print(
        f"  peak memory      {peak:6.0f} MB  (goal: under {MOST_MB} MB); "
        f"{before:.0f} MB before the call, with the picture"
    )
    return seconds < MOST_SECONDS and peak < MOST_MB


def main() -> None:
    """Print what was asked for; exit with 1 if a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=["truth", "error", "time"])
    parser.add_argument("--child", help=argparse.SUPPRESS)
    parser.add_argument("--make", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.make:
        np.save(asked.make, large(SIDE))
        return
    if asked.child:
        child(asked.child)
        return
    parts = {"truth": truth_table, "error": errors, "time": timing}
    results = [work() for name, work in parts.items() if asked.only in (None, name)]
    sys.exit(0 if all(results) else 1)


if __name__ == "__main__":
    main()
