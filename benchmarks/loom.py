"""How long the Loom takes, against named baselines in the same run.

    python benchmarks/loom.py [--weights FOLDER] [--pairs 30]

Prints one JSON document: seconds for one tile of default quality; the half-drop cell against its rectangular
supercell; the wrapped network against the same network padded with zeros (interleaved pairs, median of the ratios). A
pair times four evaluations of each in a row, as sampling repeats them.
"""

import argparse
import json
import math
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch

from patterns.atelier.arranging import Setter
from patterns.lattice import Grid, Lattice
from patterns.loom import weights
from patterns.loom.network import Condition, Geometry, Loom
from patterns.loom.weave import Request, loaded, weave

REPEATED = 4


def seconds(work: Callable[[], object]) -> float:
    """Return how long one call takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def ratio(one: Callable[[], object], other: Callable[[], object], pairs: int) -> float:
    """Return the median over interleaved pairs of the time of ``one`` over that of ``other``."""
    one()
    other()
    return statistics.median(seconds(repeated(one)) / seconds(repeated(other)) for _ in range(pairs))


def repeated(work: Callable[[], object]) -> Callable[[], None]:
    """Return a call that makes ``REPEATED`` calls."""

    def all_of_them() -> None:
        for _ in range(REPEATED):
            work()

    return all_of_them


def evaluation(network: Loom, geometry: Geometry, *, wrap: bool = True) -> Callable[[], torch.Tensor]:
    """Return a call that evaluates the network once on a fixed state on ``geometry``."""
    grid = geometry.grid
    generator = torch.Generator().manual_seed(0)
    x = torch.randn((1, network.shape.planes, grid.height, grid.width), generator=generator).to(network.enter.weight)
    condition = Condition(torch.ones((1, 4), dtype=torch.int64), torch.tensor([math.nan]), torch.tensor([4]))
    steering = network.steering(network.embed(torch.tensor([0.5]), condition))
    return lambda: network.unet(x, steering, geometry, wrap=wrap)


def supercell_difference(folder: Path | None) -> float:
    """Return the greatest difference in float32 between the half-drop cell and its supercell."""
    network = weights.load(folder, dtype=torch.float32).network
    cell = Grid(256, 256, 128)
    condition = Condition(torch.ones((1, 4), dtype=torch.int64), torch.tensor([math.nan]), torch.tensor([4]))
    x = np.random.default_rng(0).standard_normal((1, 6, 256, 256)).astype(np.float32)
    t = torch.tensor([0.5])
    small = network(torch.from_numpy(x), t, condition, Geometry(cell)).numpy()
    large = network(torch.from_numpy(cell.rectangle(x)), t, condition, Geometry(Grid(512, 256), cell)).numpy()
    return float(np.abs(cell.rectangle(small) - large).max() / np.abs(small).max())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", type=Path)
    parser.add_argument("--pairs", type=int, default=30)
    asked = parser.parse_args()
    ready = loaded(asked.weights)
    cell, supercell = Geometry(Grid(256, 256, 128)), Geometry(Grid(512, 256), Grid(256, 256, 128))
    request = Request("peonies, tossed", Lattice.named("half-drop", 320))
    weave(request, folder=asked.weights, arranger=Setter())
    with torch.inference_mode():
        result = {
            "threads": torch.get_num_threads(),
            "dtype": str(ready.network.enter.weight.dtype),
            "tile_256_px_s": statistics.median(
                seconds(lambda: weave(request, folder=asked.weights, arranger=Setter())) for _ in range(3)
            ),
            "supercell_over_half_drop_cell": ratio(
                evaluation(ready.network, supercell), evaluation(ready.network, cell), asked.pairs
            ),
            "supercell_difference_float32": supercell_difference(asked.weights),
            "wrapped_over_zero_padding": ratio(
                evaluation(ready.network, cell), evaluation(ready.network, cell, wrap=False), asked.pairs
            ),
        }
    print(json.dumps({k: round(v, 6) if isinstance(v, float) else v for k, v in result.items()}, indent=1))


if __name__ == "__main__":
    main()
