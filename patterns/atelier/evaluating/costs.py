"""How long the Loom takes: a tile of 256 px, and every repeat and symmetry against the plainest in the same run."""

import os
import statistics
import time
from collections.abc import Callable

from patterns.atelier.arranging import Setter
from patterns.atelier.evaluating.bench import Bench, Record, figure
from patterns.errors import LatticeError
from patterns.lattice import NAMED_REPEATS, Grid, Lattice

# A tile of 256 px at the Loom's 0.8 px per mm; a smaller one for ratios, and few steps of it, all of them guided.
_TILE_MM, _RATIO_MM, _RATIO_STEPS = 320.0, 160.0, 2
_PLAIN = (Grid(128, 128), Grid(128, 128, 64))
MOST_SECONDS = 3.0


def costs(bench: Bench) -> Record:
    """Return seconds for a tile of default quality, and medians of ratios of interleaved pairs."""
    from patterns.loom import DEFAULT_STEPS
    from patterns.loom.weave import Request, weave

    family = next((f for f in bench.families if not bench.weights.vocabulary.families[f].cells), bench.families[0])
    request = Request(f"{family}, tossed", Lattice.named("straight", _TILE_MM), seed=1, steps=DEFAULT_STEPS)
    took = [_seconds(lambda: weave(request, folder=bench.folder, arranger=Setter())) for _ in range(bench.plan.timings)]
    plain = Grid(128, 128)
    return {
        "load": os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
        "tile_256_px_seconds": figure(statistics.median(took), most=MOST_SECONDS, steps=DEFAULT_STEPS),
        "repeats": {name: _ratio(bench, grid, plain) for name, grid in _grids().items()},
        "symmetries": _symmetries(bench),
    }


def _grids() -> dict[str, Grid]:
    return {name: Lattice.named(name, _RATIO_MM).grid_at(0.8, stride=16) for name in NAMED_REPEATS}


def _symmetries(bench: Bench) -> Record:
    """Return the cost of each plane group over none, on the first of two cells that carries it."""
    from patterns.symmetry import GROUPS, Symmetry

    found: Record = {}
    for name in GROUPS:
        for grid in _PLAIN:
            try:
                Symmetry(name).on(grid)
            except LatticeError:
                continue
            found[name] = _ratio(bench, grid, grid, name)
            break
    return found


def _ratio(bench: Bench, grid: Grid, other: Grid, symmetry: str = "p1") -> float:
    """Return the time for each pixel and step of one drawing over that of another, once warm."""
    one, plain = _drawing(bench, grid, symmetry), _drawing(bench, other, "p1")
    one()
    plain()
    area = other.width * other.height / (grid.width * grid.height)
    return statistics.median(area * one() / plain() for _ in range(max(1, bench.plan.timings)))


def _drawing(bench: Bench, grid: Grid, symmetry: str) -> Callable[[], float]:
    """Return a call that draws and returns the seconds it took for a step: an empty tile is drawn again."""
    from patterns.loom.sampling import Sampling, Task, draw
    from patterns.loom.telling import conditioned
    from patterns.loom.weave import understood

    reading, _ = understood(bench.families[0], bench.weights.vocabulary)
    condition = conditioned(bench.weights.vocabulary, reading, scale_px=24.0, inks=4)
    task = Task(condition, grid, 1, Sampling(steps=_RATIO_STEPS, guided_above=-1.0), symmetry)

    def seconds_a_step() -> float:
        steps: list[int] = []
        seconds = _seconds(lambda: draw(bench.weights.network, task, progress=lambda i, _: steps.append(i)))
        return seconds / len(steps)

    return seconds_a_step


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
