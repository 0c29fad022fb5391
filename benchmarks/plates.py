"""Time and memory of what is done to ink planes at print size: rendering them to sRGB, and trapping them.

    python benchmarks/plates.py [--size 7680] [--width 3]

Rendering: six planes, mixed in linear light. Its baseline is the formula as written, in numpy and float32, on the same
bands. Trap: eight printed inks on bare cloth, 28 pairs. Its baseline is OpenCV's exact Euclidean distance transform of
each ink but the darkest, band by band: what a trap costs that asks how far every pixel is. The planes are enlarged from
256 px as they pass, which is not counted. Of the baselines only every eighth band is timed, and multiplied.
"""

import argparse
import resource
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from patterns.color import Ink, Palette, linear_to_srgb
from patterns.enlarge import enlarge_bands
from patterns.lattice import Grid
from patterns.press.raster import mixed
from patterns.press.trap import Trap, pairs

SIZE_IN, BAND, SHARE = 256, 256, 8


def planes(inks: int) -> np.ndarray:
    """Return busy planes (inks, 256, 256) with a contour through about a fifth of the pixels."""
    noise = np.random.default_rng(7).standard_normal((inks, SIZE_IN, SIZE_IN))
    frequency = np.hypot(*np.meshgrid(np.fft.fftfreq(SIZE_IN), np.fft.fftfreq(SIZE_IN)))
    smooth = np.fft.ifft2(np.fft.fft2(noise) * np.exp(-((18 * frequency) ** 2))).real
    weights = np.exp(12 * smooth / smooth.std())
    return (weights / weights.sum(axis=0)).astype(np.float32)


def bands(inks: int, size: int, margin: int = 0) -> Iterator[np.ndarray]:
    """Yield coverages (inks, h + 2 margin, size + 2 margin) uint8."""
    grids = Grid(SIZE_IN, SIZE_IN), Grid(size, size)
    for _, band in enlarge_bands(planes(inks), *grids, band_rows=BAND, margin=margin):
        yield band


def seconds(work: Callable[[], object]) -> float:
    """Return how long one call takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def timed(
    source: Iterator[np.ndarray], work: Callable[[np.ndarray], object], plain: Callable[[np.ndarray], object]
) -> tuple[float, float]:
    """Return the seconds that all bands take by ``work``, and by ``plain`` as far as an eighth of them says."""
    fast, slow, rows, sampled = 0.0, 0.0, 0, 0
    for number, band in enumerate(source):
        fast += seconds(lambda band=band: work(band))
        rows += band.shape[1]
        if number % SHARE == 0:
            slow += seconds(lambda band=band: plain(band))
            sampled += band.shape[1]
    return fast, slow * rows / sampled


def as_written(band: np.ndarray, linear: np.ndarray) -> np.ndarray:
    """Return (h, W, 3) uint8: the definition of rendering."""
    mixture = np.tensordot(band.astype(np.float32) / np.float32(255), linear, axes=(0, 0))
    return np.rint(255 * linear_to_srgb(mixture)).astype(np.uint8)


def distances(band: np.ndarray) -> None:
    """Take the exact distance to each printed ink but one, as a trap by distances would."""
    for plane in band[1:-1]:
        cv2.distanceTransform((plane < 128).view(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)


def main() -> None:
    """Print both figures, their ratios to the baselines and the peak memory; end with 1 if a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=7680, help="the sheet's side in px")
    parser.add_argument("--width", type=float, default=3.0, help="the trap in px: 0.25 mm at 12 px per mm")
    asked = parser.parse_args()
    size, megapixels = asked.size, asked.size**2 / 1e6
    palette = Palette(tuple(Ink(f"ink {k}", (90.0 - 14 * k, 10.0 * k - 25, 20.0 - 8 * k)) for k in range(6)))
    linear = palette.linear_rgb()
    rendering, plain = timed(bands(6, size), lambda b: mixed(b, palette), lambda b: as_written(b, linear))
    trap = Trap(pairs([95.0 - 10 * k for k in range(9)], range(1, 9)), asked.width)
    trapping, exact = timed(bands(9, size, trap.margin), lambda b: trap.apply(b, trap.margin), distances)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{size} x {size} px ({megapixels:.1f} MP), bands of {BAND} rows")
    print(f"  rendering six planes to sRGB     {rendering:6.2f} s   (goal at 59 MP: under 2 s)")
    print(f"    the formula as written, numpy  {plain:6.2f} s   rendering takes {rendering / plain:.2f} times as long")
    print(f"  trap of {asked.width:g} px, eight inks        {trapping:6.2f} s   (goal at 59 MP: under 20 s)")
    print(f"    distance transforms, OpenCV    {exact:6.2f} s   the trap takes {trapping / exact:.2f} times as long")
    print(f"  peak memory of the whole process {memory:6.0f} MB")
    scale = max(1.0, megapixels / 59)
    sys.exit(0 if rendering < 2 * scale and trapping < 20 * scale else 1)


if __name__ == "__main__":
    main()
