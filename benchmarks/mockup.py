"""Mockups measured: how fast, how near to the truth, how large, against two named baselines in the same run.

    python -m benchmarks.mockup [--scenes 20] [--timed 4] [--fragments 20000] [--all]

Six very different designs on the scenes that come with patterns. Truth is 256 samples a pixel of the final's texture at
its finest level; PSNR is that of sRGB-encoded light on the cloth's fragments. Each scene shows two of the designs, all
six with ``--all``. Baselines: "one look-up" is the plain way, one bilinear look-up (cv2.remap) a pixel, and "4 x 4" is
sixteen of them without levels. Seconds are the wall's and, in parentheses, the processor's: on a machine with other
work only the latter say something.
"""

import argparse
import math
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np

from patterns import presets
from patterns.atelier.mocking import drawn_larger
from patterns.design import Design
from patterns.lattice import Lattice
from patterns.library import carried
from patterns.mockup.dressing import Worn, dressed, encoded, texture_for
from patterns.mockup.footprint import Footprints
from patterns.mockup.maps import Maps, load_maps
from patterns.mockup.sampling import FINAL, PREVIEW, Quality, sampled
from patterns.mockup.texture import Texture
from patterns.mockup.tone import toned
from patterns.press.record import read_record
from patterns.separation import ROLES, Separation

SAMPLES = Path(__file__).parent.parent / "samples"
# No level is coarser than the first, whatever a pixel covers.
FINEST = 99.0
TRUTH = Quality(16, FINEST, FINAL.oversampling, FINAL.most_px)
WAYS = {
    "preview": PREVIEW,
    "final": FINAL,
    "one look-up": replace(TRUTH, side=1),
    "4 x 4": replace(TRUTH, side=4),
}
# What the figures are compared with.
TARGETS = {
    "load": "< 0.3 s", "preview": "< 0.5 s, median 26 dB", "final": "< 3 s, median 36 dB (stretch 38), worst 32 dB",
    "memory": "< 800 MB",
}  # fmt: skip


def ditsy() -> Worn:
    """Return blossoms of 4 mm, tossed on a half-drop of 24 mm."""
    y, x = np.mgrid[0:192, 0:192] / 8
    index = np.zeros((192, 192), int)
    for number, (u, v) in enumerate([(5, 4), (16, 9), (9, 15), (20, 20), (2, 21), (13, 1)]):
        for shift in ((0, 0), (24, 12), (-24, 12), (24, -12), (-24, -12), (0, 24), (0, -24)):
            dx, dy = x - u - shift[0], y - v - shift[1]
            petals = 1.4 + 0.6 * np.cos(5 * (np.arctan2(dy, dx) + number))
            away = np.hypot(dx, dy)
            index = np.where(away < petals, 1 + number % 2, index)
            index = np.where(away < 0.55, 3, index)
    colors = [[0.04, 0.07, 0.16], [0.85, 0.55, 0.55], [0.80, 0.78, 0.62], [0.75, 0.48, 0.05]]
    return _drawn(index, Lattice(24, 24, Fraction(1, 2)), colors)


def pinstripe() -> Worn:
    """Return stripes 1 mm wide, one each 12 mm."""
    index = np.zeros((96, 96), int)
    index[:, 8:16] = 1
    return _drawn(index, Lattice(12, 12), [[0.02, 0.03, 0.05], [0.75, 0.73, 0.68]])


def tartan() -> Worn:
    """Return a sett of 96 mm, woven two over two in threads of half a millimeter: what is hardest to sample."""
    counts = [(0, 24), (1, 8), (0, 8), (1, 24), (2, 4), (1, 24), (0, 8), (1, 8), (0, 24), (3, 4), (0, 56)]
    threads = np.repeat([ink for ink, _ in counts], [count for _, count in counts])
    r, c = np.mgrid[0 : len(threads), 0 : len(threads)]
    index = np.where((r + c) % 4 < 2, threads[r], threads[c])
    colors = [[0.02, 0.08, 0.05], [0.01, 0.02, 0.09], [0.75, 0.62, 0.12], [0.45, 0.02, 0.02]]
    return _drawn(np.kron(index, np.ones((2, 2), int)), Lattice(96, 96), colors)


def _drawn(index: np.ndarray, lattice: Lattice, colors: list[list[float]]) -> Worn:
    planes = np.stack([index == k for k in range(len(colors))]).astype(np.float32)
    return Worn(Separation(planes, lattice, ROLES[: len(colors)]), np.array(colors))


def _sample(name: str) -> Worn:
    path = SAMPLES / f"{name}.png"
    design = Design.from_json(read_record(path))
    separation = carried(path, design.lattice)
    assert separation is not None
    return Worn(separation, design.palette.linear_rgb())


DESIGNS: dict[str, Callable[[], Worn]] = {
    "tiny ditsy": ditsy,
    "bold damask": lambda: _sample("navy-lotus"),
    "pinstripe": pinstripe,
    "large floral": lambda: _sample("indigo-peonies"),
    "tartan": tartan,
    "terrazzo": lambda: _sample("blush-terrazzo"),
}


def loaded(name: str) -> tuple[Maps, int]:
    """Return a scene's maps, and how many parts it has."""
    parts = len(presets.scene(name).parts)
    return load_maps(presets.scene_maps(name), parts=parts), parts


def seconds(work: Callable[[], object]) -> np.ndarray:
    """Return how long one call takes: the wall's seconds, and the processor's."""
    wall, processor = time.perf_counter(), time.process_time()
    work()
    return np.array([time.perf_counter() - wall, time.process_time() - processor])


def psnr(one: np.ndarray, other: np.ndarray) -> float:
    """Return the PSNR of two pictures in 255ths."""
    return 20 * math.log10(255 / max(math.sqrt(((one.astype(float) - other) ** 2).mean()), 1e-3))


def decibels(maps: Maps, one: Worn, fragments: int) -> dict[str, float]:
    """Return the PSNR of every way on a random choice of fragments."""
    places, under = one.places(maps.fragments.uv), one.on_design(maps.footprints)
    some = np.random.default_rng(0).permutation(len(maps.fragments))[:fragments]
    here = Footprints(under.across[:, some], under.down[:, some])

    def lit(texture: Texture, quality: Quality) -> np.ndarray:
        return encoded(toned(sampled(texture, places[:, some], here, quality) * maps.fragments.shade[:, some]))

    fine, coarse = (texture_for(one, under, drawn_larger, quality) for quality in (FINAL, PREVIEW))
    truth = lit(fine, TRUTH)
    return {way: psnr(lit(coarse if way == "preview" else fine, quality), truth) for way, quality in WAYS.items()}


def peak_mb(name: str) -> float:
    """Return the peak memory in MB of a fresh process that makes one final picture."""
    asked = [sys.executable, "-m", "benchmarks.mockup", "--memory", name]
    return float(subprocess.run(asked, check=True, capture_output=True, text=True).stdout)


def _memory(name: str) -> None:
    maps, parts = loaded(name)
    dressed(maps, [_sample("indigo-peonies")] * parts, drawn_larger, quality=FINAL)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def main() -> None:
    """Print what was measured, each figure beside its target."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scenes", type=int, default=50, help="at most so many scenes")
    parser.add_argument("--timed", type=int, default=4, help="how many pictures are timed, each in every way")
    parser.add_argument("--fragments", type=int, default=20_000, help="of each picture, for the PSNR")
    parser.add_argument("--all", action="store_true", help="every design on every scene, some minutes")
    parser.add_argument("--memory", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.memory:
        return _memory(asked.memory)
    names = presets.names("scenes")[: asked.scenes]
    worn = {name: draw() for name, draw in DESIGNS.items()}
    _load(names)
    _time(names, worn, asked.timed)
    _truth(names, worn, asked.fragments, each=len(worn) if asked.all else 2)
    largest = max(names, key=lambda name: len(loaded(name)[0].fragments))
    print(f"\npeak memory, a fresh process, final, {largest}: {peak_mb(largest):.0f} MB ({TARGETS['memory']})")
    return None


def _load(names: tuple[str, ...]) -> None:
    loaded(names[0])
    took = np.array([min((seconds(lambda n=name: loaded(n)) for _ in range(3)), key=lambda t: t[0]) for name in names])
    worst = int(took[:, 0].argmax())
    print(
        f"{len(names)} scenes. load, best of 3: median {_both(np.median(took, axis=0))}, "
        f"worst {_both(took[worst])} ({names[worst]}) ({TARGETS['load']})"
    )


def _time(names: tuple[str, ...], worn: dict[str, Worn], count: int) -> None:
    """Print how long whole pictures take after their maps are loaded, and the ratios to the baselines."""
    took: dict[str, list[np.ndarray]] = {way: [] for way in WAYS}
    size = (0, 0)
    for number in range(count):
        maps, parts = loaded(names[number * len(names) // count % len(names)])
        one = list(worn.values())[(number * 5 + 3) % len(worn)]
        size = maps.size
        for way, quality in WAYS.items():
            fresh = replace(maps)  # its footprints are not yet known
            took[way].append(
                seconds(lambda m=fresh, q=quality, o=one, p=parts: dressed(m, [o] * p, drawn_larger, quality=q))
            )
    print(f"\n{count} pictures, {size[0]} x {size[1]} px, whole call after load, 2 threads")
    final = np.array(took["final"])
    for way, rows in took.items():
        times = np.array(rows)
        ratio = statistics.median((final / times)[:, 1])
        print(
            f"{way:<12} median {_both(np.median(times, axis=0))}, worst {_both(times.max(axis=0))}"
            f"   final takes {ratio:.2f} times its processor   {TARGETS.get(way, '')}"
        )


def _truth(names: tuple[str, ...], worn: dict[str, Worn], fragments: int, *, each: int) -> None:
    """Print how near each way is to the truth, in all, and of each design."""
    kept: dict[str, dict[str, list[float]]] = {way: {design: [] for design in worn} for way in WAYS}
    where: list[tuple[float, str]] = []
    designs = list(worn)
    for number, name in enumerate(names):
        maps, _ = loaded(name)
        for k in range(each):
            design = designs[(number * each + k) % len(designs)]
            for way, value in decibels(maps, worn[design], fragments).items():
                kept[way][design].append(value)
                if way == "final":
                    where.append((value, f"{design} on {name}"))
    print(
        f"\nPSNR in dB on {len(where)} pictures   {'median':>8} {'worst':>8}   " + "".join(f"{d:>14}" for d in designs)
    )
    for way, by_design in kept.items():
        values = [value for row in by_design.values() for value in row]
        medians = "".join(f"{np.median(row):14.1f}" if row else f"{'':>14}" for row in by_design.values())
        print(f"{way:<28} {np.median(values):11.1f} {min(values):8.1f}   {medians}   {TARGETS.get(way, '')}")
    lowest = ", ".join(f"{text} {value:.1f}" for value, text in sorted(where)[:3])
    print(f"the final's lowest: {lowest}")


def _both(times: np.ndarray) -> str:
    return f"{times[0]:.2f} s ({times[1]:.2f})"


if __name__ == "__main__":
    main()
