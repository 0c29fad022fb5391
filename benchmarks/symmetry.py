"""What the 17 plane groups cost a drawing: is it exactly invariant, and is it washed out?

    python -m benchmarks.symmetry [--tiles 3] [--what tiny loom]

For each group the largest difference between a pixel and its copies, and contrast and sharpness as ratios to tiles of
the same seeds and lattice in p1: the standard deviation over the tile, and the mean step between neighbors. Both
also for a plain mean over the group of the p1 tile, which is what a drawing is not to look like. "tiny" is a Stable
Diffusion 1.5 of random weights, in which no decoder knows a mirror: the hardest case; "loom" is the shipped model.
"""

import argparse
from collections.abc import Callable
from statistics import median
from typing import NamedTuple

import numpy as np

from patterns.lattice import Grid, Lattice
from patterns.symmetry import GROUPS, Symmetry


class Row(NamedTuple):
    """One tile in a group beside its p1: asymmetry, contrast and sharpness, and both of a plain mean."""

    asymmetry: float
    contrast: float
    sharpness: float
    mean_contrast: float
    mean_sharpness: float


def contrast(planes: np.ndarray) -> float:
    """Return the standard deviation over the pixels of (K, H, W), the mean of the planes."""
    return float(planes.reshape(len(planes), -1).std(axis=1).mean())


def sharpness(planes: np.ndarray, grid: Grid) -> float:
    """Return the mean absolute step from a pixel of (K, H, W) to its neighbors on the lattice."""
    steps = [np.abs(planes - grid.roll(planes, dy, dx)).mean() for dy, dx in ((1, 0), (0, 1))]
    return float(np.mean(steps))


def compared(name: str, made: np.ndarray, plain: np.ndarray, grid: Grid) -> Row:
    """Return how a tile (K, H, W) in a group compares with one in p1 on the same grid."""
    group = Symmetry(name)
    flat = made.reshape(len(made), -1)
    apart = max(float(np.abs(flat[:, source] - flat).max()) for source in group.sources(grid))
    mean = group.symmetrize(plain, grid)
    return Row(
        apart,
        contrast(made) / contrast(plain),
        sharpness(made, grid) / sharpness(plain, grid),
        contrast(mean) / contrast(plain),
        sharpness(mean, grid) / sharpness(plain, grid),
    )


def tiny(name: str, seed: int) -> tuple[np.ndarray, Grid]:
    """Return the pixels (3, H, W) that a tiny Stable Diffusion 1.5 paints in a group, and their grid."""
    from patterns.diffusion.painter import Wish, paint
    from tests.tiny.painting import loaded

    rhombic = Symmetry(name.removesuffix("'")).system == "rhombic"
    grid = Grid(64, 64, 32 if rhombic else 0)
    group = "p1" if name.endswith("'") else name
    pixels = paint(loaded("sd15"), Wish("roses on cream", grid, seed, steps=8, symmetry=group)).pixels
    return np.moveaxis(pixels, -1, 0), grid


def loom(name: str, seed: int) -> tuple[np.ndarray, Grid]:
    """Return the ink planes (K, H, W) of a peony by the shipped Loom in a group, and their grid."""
    from patterns.loom.weave import Request, weave

    group = name.removesuffix("'")
    repeat = {"rhombic": "half-drop", "hexagonal": "hexagonal"}.get(Symmetry(group).system, "straight")
    lattice = Lattice.named(repeat, 160.0)
    asked = "p1" if name.endswith("'") else group
    made = weave(Request("peonies", lattice, inks=3, seed=seed, layout="tossed", symmetry=asked)).separation
    planes = np.zeros((3, *made.planes.shape[1:]), np.float32)
    planes[: len(made.planes)] = made.planes
    return planes, made.grid


def table(title: str, draw: Callable[[str, int], tuple[np.ndarray, Grid]], tiles: int) -> None:
    """Print a line for each group: medians over the tiles. A name with a prime is p1 on the group's lattice."""
    print(f"\n{title}, {tiles} tiles a group; ratios to p1 on the same lattice\n")
    print("| group | largest asymmetry | contrast | sharpness | contrast of a plain mean | sharpness of one |")
    print("| --- | --- | --- | --- | --- | --- |")
    for name in GROUPS[1:]:
        rows = []
        for seed in range(tiles):
            made, grid = draw(name, seed)
            plain, _ = draw(f"{name}'", seed)
            rows.append(compared(name, made, plain, grid))
        apart = max(row.asymmetry for row in rows)
        ratios = [median(column) for column in list(zip(*rows, strict=True))[1:]]
        print(f"| {name} | {apart:.0e} | " + " | ".join(f"{ratio:.2f}" for ratio in ratios) + " |", flush=True)


def main() -> None:
    """Print the tables that were asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tiles", type=int, default=3)
    parser.add_argument("--what", nargs="+", choices=("tiny", "loom"), default=["tiny", "loom"])
    asked = parser.parse_args()
    if "tiny" in asked.what:
        table("A tiny Stable Diffusion 1.5 of random weights, 64 x 64 px", tiny, asked.tiles)
    if "loom" in asked.what:
        table("The Loom, peonies on 16 cm", loom, asked.tiles)


if __name__ == "__main__":
    main()
