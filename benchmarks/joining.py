"""Joining measured: cuts against plain crops and blended overlaps, time, and how often a cloth's repeat is found.

python benchmarks/joining.py --cuts 4        what is to be seen where a tile meets itself, three ways
python benchmarks/joining.py --time 2048     seconds for a picture of so many pixels a side
python benchmarks/joining.py --cloths 120    photographed cloths: repeats found, and how exactly
"""

import argparse
import time

import numpy as np

from benchmarks import joining_pictures as pictures
from patterns import joining, seam
from patterns.errors import CannotMake
from patterns.lattice import Grid

KINDS = ("floral", "weave", "painting")


def main() -> None:
    """Print what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cuts", type=int, default=0, help="pictures of each kind")
    parser.add_argument("--time", type=int, default=0, help="pixels a side")
    parser.add_argument("--cloths", type=int, default=0, help="photographed cloths")
    asked = parser.parse_args()
    if asked.cuts:
        _cuts(asked.cuts)
    if asked.time:
        _time(asked.time)
    if asked.cloths:
        _cloths(asked.cloths)


def _cuts(count: int, *, side: int = 300, band: int = 60) -> None:
    print(f"{count} pictures of each kind, half-drop, cell {side - band} px, band {band} px; means")
    print("kind      way        seam score  seams  dE00 along  jump along  changed")
    grid = Grid(side - band, side - band, drop=(side - band) // 2)
    for kind in KINDS:
        rows: dict[str, list[tuple[float, ...]]] = {"crop": [], "blend": [], "cut": []}
        for k in range(count):
            picture = getattr(pictures, kind)(np.random.default_rng(k), side=side)
            joined = joining.join(picture, grid, band=band)
            straight = (np.zeros((grid.height, grid.width), bool), np.zeros((grid.height, grid.width), bool))
            straight[0][:, -1] = straight[1][-1] = True
            crop = picture[: grid.height, : grid.width]
            rows["crop"].append(_row(crop, straight, grid, 0.0))
            rows["blend"].append(_row(_overlapped(picture, grid, band), straight, grid, 2 * band / grid.width))
            rows["cut"].append(_row(joined.pixels, joined.cut, grid, float(joined.changed.mean())))
        for way, found in rows.items():
            score, failed, change, jump, changed = np.mean(found, axis=0)
            print(f"{kind:<9} {way:<9} {score:11.2f} {failed:6.0%} {change:11.2f} {jump:11.3f} {changed:8.1%}")


def _row(tile: np.ndarray, cut: tuple[np.ndarray, np.ndarray], grid: Grid, changed: float) -> tuple[float, ...]:
    report = seam.measure(np.rint(np.clip(tile, 0, 1) * 255).astype(np.uint8), grid)
    quality = joining.quality(tile, cut, grid)
    return report.worst.score, not report.passed, quality.change, quality.jump, changed


def _overlapped(picture: np.ndarray, grid: Grid, band: int) -> np.ndarray:
    """Return the tile of a picture whose overlaps are faded into each other: what is usual."""
    fade = ((np.arange(band) + 0.5) / band)[:, None, None]
    tall = picture[: grid.height].copy()
    tall[:band] = fade * tall[:band] + (1 - fade) * picture[grid.height :]
    left = np.roll(tall[:, grid.width :], -grid.drop, axis=0)
    tile = tall[:, : grid.width].copy()
    tile[:, :band] = fade[:, 0] * tile[:, :band] + (1 - fade[:, 0]) * left
    return tile.astype(np.float32)


def _time(side: int) -> None:
    picture = pictures.floral(np.random.default_rng(0), side=side)
    for share in (16, 8):
        band = side // share
        cell = (side - band) // 2 * 2
        begun = time.perf_counter()
        _overlapped(picture, Grid(cell, cell, drop=cell // 2), side - cell)
        blend = time.perf_counter() - begun
        begun = time.perf_counter()
        joining.join(picture, Grid(cell, cell, drop=cell // 2), band=side - cell)
        took = time.perf_counter() - begun
        print(f"{side} px, half-drop, band {side - cell} px: {took:.1f} s, {took / blend:.0f} times a faded overlap")
    begun = time.perf_counter()
    joining.clean_tile(
        picture := pictures.cloth(np.random.default_rng(3), side=side).picture, joining.find_repeat(picture)
    )
    print(f"{side} px, its own repeat found and cut out: {time.perf_counter() - begun:.1f} s")


def _cloths(count: int) -> None:
    off, wrong, refused = [], 0, 0
    for k in range(count):
        cloth = pictures.cloth(np.random.default_rng(1000 + k), side=400)
        try:
            found = joining.find_repeat(cloth.picture)
        except CannotMake:
            refused += 1
            continue
        whole = np.rint(cloth.vectors @ np.linalg.inv(found.vectors))
        if abs(abs(np.linalg.det(whole)) - 1) > 1e-6:
            wrong += 1
            continue
        off.append(float(np.hypot(*(cloth.vectors - whole @ found.vectors).T).max()))
    near, there = np.array(off) <= 0.5, len(off)
    print(f"{count} cloths of 400 px, turned by up to 3 degrees, in slight perspective, uneven light and noise")
    print(
        f"lattice right, drop and all  {there / count:6.1%}   refused {refused / count:.1%}   wrong {wrong / count:.1%}"
    )
    print(
        f"within 0.5 px                {near.sum() / count:6.1%}   off by {np.median(off):.2f} px in the middle of all"
    )
    told = 0
    for k in range(max(6, count // 10)):
        for kind in KINDS[::2]:
            try:
                joining.find_repeat(getattr(pictures, kind)(np.random.default_rng(k), side=256))
                told += 1
            except CannotMake:
                pass
    print(f"of {2 * max(6, count // 10)} pictures without a repeat, one was found in {told}")


if __name__ == "__main__":
    main()
