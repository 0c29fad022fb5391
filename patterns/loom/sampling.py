"""Drawing with the Loom: stochastic sampling of ink planes on a lattice.

Flow matching with x_t = (1 - t) x + t noise. The network predicts the probability p of each ink; x0 = 2 p - 1. While
shapes are being decided each step keeps what the noise holds of them (the posterior of x_t' given x_t and x0; Ho et al.
2020, equation 7, for these times). Then it goes to x = (1 - t') x0 + t' * fresh noise, which mends what a solver that
keeps its noise would freeze.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from patterns.folding import folding
from patterns.lattice import Grid
from patterns.loom import DEFAULT_STEPS
from patterns.loom.network import Condition, Geometry, Loom, leaning

# One ink covering more than this is an empty tile, drawn again from the seed's next substream.
EMPTY = 0.985
TRIES = 8


@dataclass(frozen=True, slots=True)
class Sampling:
    """How a tile is drawn: number of steps, how they lean toward noise, and the times above which it is guided, and
    above which a step keeps what the noise holds. A guided step evaluates the network twice.
    """

    steps: int = DEFAULT_STEPS
    shift: float = 7.0
    guidance: float = 2.0
    guided_above: float = 0.3
    kept_above: float = 0.8

    def times(self, grid: Grid) -> list[float]:
        """Return steps + 1 times from 1 to 0, denser near the noise by ``shift``, less so on a small tile."""
        raw = torch.linspace(1, 0, self.steps + 1, dtype=torch.float64)
        shift = self.shift * math.exp(leaning(grid))
        return (shift * raw / (1 + (shift - 1) * raw)).tolist()


# From noisy planes, the predicted clean ones and the step's number to the next state, with the tile's own chance.
Step = Callable[[Tensor, Tensor, int, torch.Generator], Tensor]


@dataclass(frozen=True, slots=True)
class Task:
    """One tile to draw: what is said of it, its pixel grid, its seed, how it is sampled, and its plane group."""

    condition: Condition
    grid: Grid
    seed: int
    sampling: Sampling = Sampling()
    symmetry: str = "p1"


def draw(
    network: Loom, task: Task, *, step: Step | None = None, progress: Callable[[int, int], None] | None = None
) -> Tensor:
    """Return ink probabilities (planes, H, W) float32 in 0-1 for one tile.

    The same seed gives the same tile whatever else was asked: the network only ever sees one tile at a time, and
    noise is drawn on the CPU. A tile that comes out empty is drawn again from the seed's next substream.
    """
    planes = torch.empty(0)
    for attempt in range(TRIES):
        generator = torch.Generator().manual_seed((task.seed * TRIES + attempt) % 2**63)
        planes = _draw(network, task, generator, step or stochastic(task), progress)
        if planes.mean(dim=(1, 2)).max() < EMPTY:
            break
    return planes


def stochastic(task: Task) -> Step:
    """Return the stochastic step of a task: see the module; its noise is as symmetric as the task."""
    times = task.sampling.times(task.grid)

    def step(x: Tensor, x0: Tensor, i: int, generator: torch.Generator) -> Tensor:
        before, after = times[i], times[i + 1]
        if after == 0:
            return x0
        fresh = _noise(task, x.shape, generator)
        if before > task.sampling.kept_above:
            return posterior(x, x0, (before, after), fresh)
        return (1 - after) * x0 + after * fresh

    return step


def posterior(x: Tensor, x0: Tensor, times: tuple[float, float], noise: Tensor) -> Tensor:
    """Return a state at the later of two times, 1 >= before > after, given the state x before it and the clean x0."""
    before, after = times
    kept = (1 - before) / (1 - after) * after**2 / before
    own = (x - (1 - before) * x0) / before
    return (1 - after) * x0 + kept * own + math.sqrt(after**2 - kept**2) * noise


def _noise(task: Task, shape: tuple[int, ...], generator: torch.Generator) -> Tensor:
    fold = folding(task.symmetry, task.grid)
    return fold.noise(shape, generator) if fold else torch.randn(shape, generator=generator)


@torch.inference_mode()
def _draw(
    network: Loom,
    task: Task,
    generator: torch.Generator,
    step: Step,
    progress: Callable[[int, int], None] | None,
) -> Tensor:
    device, sampling, geometry = network.enter.weight.device, task.sampling, Geometry(task.grid)
    times = torch.tensor(sampling.times(task.grid)[:-1], device=device)
    said = _heard(network, times, task.condition.to(device))
    unsaid = _heard(network, times, task.condition.unsaid().to(device))
    allowed = _allowed(task.condition, network.shape.planes)
    fold = folding(task.symmetry, task.grid)
    x = _noise(task, (1, network.shape.planes, task.grid.height, task.grid.width), generator)
    p = x
    for i, t in enumerate(times.tolist()):
        logits = _logits(network, x, said, i, geometry)
        if t > sampling.guided_above and sampling.guidance != 1:
            other = _logits(network, x, unsaid, i, geometry)
            logits = other + sampling.guidance * (logits - other)
        own = network.evidence(x.to(device), times[i : i + 1]).float().cpu()
        p = (logits + own + allowed).softmax(dim=1)
        p = fold.mean(p) if fold else p
        x = step(x, 2 * p - 1, i, generator)
        if progress:
            progress(i + 1, sampling.steps)
    return fold.settled(p[0]) if fold else p[0]


def _heard(network: Loom, times: Tensor, condition: Condition) -> list[Tensor]:
    """Return what every block is told at all steps at once."""
    return network.steering(network.embed(times, condition.repeated(len(times))))


def _logits(network: Loom, x: Tensor, heard: list[Tensor], i: int, geometry: Geometry) -> Tensor:
    """Return logits (1, planes, H, W) float32 on the CPU at step i."""
    return network.unet(x.to(network.enter.weight), [s[i : i + 1] for s in heard], geometry).float().cpu()


def _allowed(condition: Condition, planes: int) -> Tensor:
    """Return (1, planes, 1, 1): 0 for the inks that were asked for, minus infinity for the rest."""
    inks = int(condition.inks[0]) or planes
    return torch.where(torch.arange(planes) < inks, 0.0, -torch.inf)[None, :, None, None]
