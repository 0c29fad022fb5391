"""Drawing with the Loom: stochastic sampling of ink planes on a lattice.

Flow matching with x_t = (1 - t) x + t noise. The network predicts the probability p of each ink; x0 = 2 p - 1. Each
step goes to x = (1 - t') x0 + t' * fresh noise: a deterministic solver would freeze early mistakes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import Tensor

from patterns.lattice import Grid
from patterns.loom.network import Condition, Geometry, Loom

# One ink covering more than this is an empty tile, drawn again from the seed's next substream.
EMPTY = 0.985
TRIES = 4


@dataclass(frozen=True, slots=True)
class Sampling:
    """How a tile is drawn: number of steps, how the steps lean toward noise, and guidance above a time."""

    steps: int = 24
    shift: float = 2.0
    guidance: float = 2.0
    guided_above: float = 0.3

    def times(self) -> list[float]:
        """Return steps + 1 times from 1 to 0, denser near the noise by ``shift``."""
        raw = torch.linspace(1, 0, self.steps + 1, dtype=torch.float64)
        return (self.shift * raw / (1 + (self.shift - 1) * raw)).tolist()


def draw(
    network: Loom,
    condition: Condition,
    grid: Grid,
    *,
    seed: int,
    sampling: Sampling | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Tensor:
    """Return ink probabilities (planes, H, W) float32 in 0-1 for one tile.

    The same seed gives the same tile whatever else was asked: the network only ever sees one tile at a time, and
    noise is drawn on the CPU. A tile that comes out empty is drawn again from the seed's next substream.
    """
    sampling = sampling or Sampling()
    planes = torch.empty(0)
    for attempt in range(TRIES):
        generator = torch.Generator().manual_seed((seed * TRIES + attempt) % 2**63)
        planes = _draw(network, condition, Geometry(grid), generator, sampling, progress)
        if planes.mean(dim=(1, 2)).max() < EMPTY:
            break
    return planes


@torch.inference_mode()
def _draw(
    network: Loom,
    condition: Condition,
    geometry: Geometry,
    generator: torch.Generator,
    sampling: Sampling,
    progress: Callable[[int, int], None] | None,
) -> Tensor:
    weight = network.enter.weight
    shape = (1, network.shape.planes, geometry.grid.height, geometry.grid.width)
    allowed = _allowed(condition, network.shape.planes).to(weight.device)
    x = torch.randn(shape, generator=generator)
    times = sampling.times()
    said = network.embed(torch.tensor(times[:-1], device=weight.device), _repeated(condition, sampling.steps))
    unsaid = network.embed(
        torch.tensor(times[:-1], device=weight.device), _repeated(condition.unsaid(), sampling.steps)
    )
    p = torch.empty(0)
    for i, (t, after) in enumerate(pairwise(times)):
        logits = predict(network, x.to(weight), said, i, geometry)
        if t > sampling.guided_above and sampling.guidance != 1:
            other = predict(network, x.to(weight), unsaid, i, geometry)
            logits = other + sampling.guidance * (logits - other)
        p = logits.float().add(allowed).softmax(dim=1).cpu()
        if progress:
            progress(i + 1, sampling.steps)
        if after > 0:
            x = (1 - after) * (2 * p - 1) + after * torch.randn(shape, generator=generator)
    return p[0]


def predict(network: Loom, x: Tensor, embedded: tuple[Tensor, Tensor, Tensor], step: int, geometry: Geometry) -> Tensor:
    """Return logits for one tile at one step, from embeddings made for all steps at once."""
    embedding, words, silent = (part[step : step + 1] for part in embedded)
    return network.unet(x, embedding, (words, silent), geometry)


def _repeated(condition: Condition, count: int) -> Condition:
    return Condition(condition.tokens.repeat(count, 1), condition.log_scale.repeat(count), condition.inks.repeat(count))


def _allowed(condition: Condition, planes: int) -> Tensor:
    """Return (1, planes, 1, 1): 0 for the inks that were asked for, minus infinity for the rest."""
    inks = int(condition.inks[0]) or planes
    return torch.where(torch.arange(planes) < inks, 0.0, -torch.inf)[None, :, None, None]
