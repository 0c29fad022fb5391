"""Time and memory of enlarging six ink planes from 256 px to 59 megapixels, against plain bicubic of the same planes.

The baseline is Pillow's bicubic resize of all six planes to float32, band by band: blurred, not periodic, no level set.
Run: python benchmarks/enlarge.py
"""

import argparse
import resource
import sys
import time
from pathlib import Path

import numpy as np
from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from patterns.enlarge import enlarge_bands, enlarge_indices_bands
from patterns.lattice import Grid

INKS, SIZE_IN, SIZE_OUT = 6, 256, 7680


def planes() -> np.ndarray:
    """Return busy planes (6, 256, 256) with a contour through about a fifth of the pixels."""
    noise = np.random.default_rng(7).standard_normal((INKS, SIZE_IN, SIZE_IN))
    frequency = np.hypot(*np.meshgrid(np.fft.fftfreq(SIZE_IN), np.fft.fftfreq(SIZE_IN)))
    smooth = np.fft.ifft2(np.fft.fft2(noise) * np.exp(-((18 * frequency) ** 2))).real
    weights = np.exp(12 * smooth / smooth.std())
    return (weights / weights.sum(axis=0)).astype(np.float32)


def bicubic(source: np.ndarray) -> None:
    """Resize every plane with Pillow, in bands of 256 rows."""
    images = [Image.fromarray(plane) for plane in source]
    for row in range(0, SIZE_OUT, 256):
        box = (0, row * SIZE_IN / SIZE_OUT, SIZE_IN, (row + 256) * SIZE_IN / SIZE_OUT)
        for image in images:
            np.asarray(image.resize((SIZE_OUT, 256), Image.Resampling.BICUBIC, box=box))


def seconds(work, repeats: int) -> float:
    """Return the median time of a function."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return float(np.median(times))


def main() -> None:
    """Print time, peak memory and the ratio against the baseline."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=5)
    repeats = parser.parse_args().repeats
    source, small, large = planes(), Grid(SIZE_IN, SIZE_IN), Grid(SIZE_OUT, SIZE_OUT)
    coverage = seconds(lambda: [None for _ in enlarge_bands(source, small, large)], repeats)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    indices = seconds(lambda: [None for _ in enlarge_indices_bands(source, small, large)], repeats)
    plain = seconds(lambda: bicubic(source), repeats)
    print(f"six planes, {SIZE_IN} px to {SIZE_OUT} x {SIZE_OUT} px (59 MP), median of {repeats}")
    print(f"  level sets, uint8 coverage   {coverage:6.2f} s   (goal: under 12 s)")
    print(f"  level sets, indices          {indices:6.2f} s")
    print(f"  Pillow bicubic, float32      {plain:6.2f} s   level sets take {coverage / plain:.2f} times as long")
    print(f"  peak memory, level sets      {memory:6.0f} MB  (goal: under 1500 MB)")
    sys.exit(0 if coverage < 12 and memory < 1500 else 1)


if __name__ == "__main__":
    main()
