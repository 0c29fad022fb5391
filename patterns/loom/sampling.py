"""Drawing with the Loom: stochastic sampling of ink planes on a lattice.

Flow matching with x_t = (1 - t) x + t noise. The network predicts the probability p of each ink; x0 = 2 p - 1. While
shapes are being decided each step keeps what the noise holds of them (the posterior of x_t' given x_t and x0; Ho et al.
2020, equation 7, for these times). Then it goes to x = (1 - t') x0 + t' * fresh noise, which mends what a solver that
keeps its noise would freeze.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from patterns.folding import Folding, folding
from patterns.lattice import Grid
from patterns.loom import DEFAULT_STEPS
from patterns.loom.crumbs import without_crumbs
from patterns.loom.network import Condition, Geometry, Loom, leaning
from patterns.separation import ROLES

# One ink covering more than this is an empty tile, which is tried so often, each time from the seed's next substream.
EMPTY = 0.985
TRIES, _SUBSTREAMS = 8, 32
# An ink that is the strongest on less of a tile than this does not show; what that is worth, in nats of a flaw.
LEAST_COVERAGE, INK = 0.001, 1.0
# A cell of at most so many pixels, which is soon drawn, is drawn again so often where not all inks show.
_SMALL_PX, _AGAIN = 128 * 128, 2
# The side of a tile of which as many drawings are made to choose from as of a motif; of a smaller one there are more,
# up to so many.
_CANDIDATES_PX, _MOST_CANDIDATES = 256, 8
# The noisiest times that the last steps may begin at.
_SETTLING = (0.25, 0.1)
# With fewer steps a drawing that begins from planes is rough.
LEAST_STEPS = 6


@dataclass(frozen=True, slots=True)
class Sampling:
    """How a tile is drawn: number of steps, how they lean toward noise, and the times above which it is guided, and
    above which a step keeps what the noise holds. A guided step evaluates the network twice.

    ``begin`` is the time to begin at, 1 for pure noise. A drawing that begins later takes fewer of the steps, at least
    ``LEAST_STEPS`` if there are as many. Where somebody can say which is best, that is the best of so many
    ``candidates``.
    """

    steps: int = DEFAULT_STEPS
    shift: float = 7.0
    guidance: float = 2.0
    guided_above: float = 0.3
    kept_above: float = 0.8
    begin: float = 1.0
    candidates: int = 4

    def times(self, grid: Grid) -> list[float]:
        """Return the steps' times from ``begin`` to 0, denser near the noise by ``shift``, less so on a small tile.

        The last of them begin at ``_SETTLING`` at most: from noisier times edges come out undecided.
        """
        shift = self.shift * math.exp(leaning(grid))
        first = self.begin / (self.begin + shift * (1 - self.begin))
        steps = max(math.ceil(self.steps * first), min(self.steps, LEAST_STEPS))

        def spread(count: int) -> list[float]:
            raw = torch.linspace(first, 0, count + 1, dtype=torch.float64)
            return (shift * raw / (1 + (shift - 1) * raw)).tolist()

        times = spread(steps)
        if steps < LEAST_STEPS or times[-2] < _SETTLING[-1]:
            return times
        return [*(t for t in spread(steps - len(_SETTLING))[:-1] if t > _SETTLING[0]), *_SETTLING, 0.0]

    def candidates_on(self, grid: Grid) -> int:
        """Return how many drawings of a tile there are to choose from."""
        side = math.sqrt(grid.width * grid.height)
        return int(np.clip(self.candidates * _CANDIDATES_PX / side, 1, _MOST_CANDIDATES)) if self.candidates > 1 else 1

    def evaluations(self, grid: Grid) -> int:
        """Return how often the network is evaluated for a tile: a guided step counts twice."""
        return sum(1 + (t > self.guided_above and self.guidance != 1) for t in self.times(grid)[:-1])


# From noisy planes, the predicted clean ones and the step's number to the next state, with the tile's own chance.
Step = Callable[[Tensor, Tensor, int, torch.Generator], Tensor]
# From noisy planes and the step's number to logits (B, planes, H, W) float32 on the CPU, -inf for what is not allowed.
Predict = Callable[[Tensor, int], Tensor]


@dataclass(frozen=True, slots=True)
class Task:
    """One tile to draw: what is said of it, its pixel grid, its seed, how it is sampled, and its plane group.

    ``staged`` is a motif alone in the middle of its cell. ``rule`` brings predictions at a time to what is known
    of them beyond the lattice, as that all pixels along a stripe are alike. ``flaw`` says of planes (K, H, W) how far
    they are from what they should be: of several drawings the one that has least of it is kept.
    """

    condition: Condition
    grid: Grid
    seed: int
    sampling: Sampling = Sampling()
    symmetry: str = "p1"
    staged: bool = False
    rule: Callable[[Tensor, float], Tensor] | None = None
    flaw: Callable[[Tensor], float] | None = None

    @property
    def candidates(self) -> int:
        """How many drawings are made at a time."""
        return self.sampling.candidates_on(self.grid) if self.flaw else 1


def draw(
    network: Loom,
    task: Task,
    *,
    start: Tensor | None = None,
    predict: Predict | None = None,
    step: Step | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Tensor:
    """Return ink probabilities (planes, H, W) float32 in 0-1 for one tile.

    The same seed gives the same tile whatever else was asked: noise is drawn on the CPU. A tile that comes out empty
    is drawn again from the seed's next substream, and so is a small cell that lacks inks. ``start`` is clean planes
    (planes, H, W) in -1 to 1 to begin from, which the task's ``begin`` asks for.
    """
    return draw_together(network, [task], starts=[start], steps=[step], predict=predict, progress=progress)[0]


def draw_together(
    network: Loom,
    tasks: Sequence[Task],
    *,
    starts: Sequence[Tensor | None],
    steps: Sequence[Step | None],
    predict: Predict | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> list[Tensor]:
    """Return what ``draw`` does of tasks on one grid that are sampled alike, each evaluation one of them all.

    That takes half the time of one after another where tiles are small. How many are together moves sums by what the
    numbers' precision allows, so that whoever wants the same bits again draws as many together.
    """
    found: dict[int, Tensor] = {}
    least = [(True, math.inf)] * len(tasks)
    missing = [len(ROLES)] * len(tasks)
    waiting = [*range(len(tasks))]
    each = max(task.candidates for task in tasks)
    for round_ in range(max(1 + _AGAIN, TRIES // each)):
        rows = [(k, round_ * each + i) for k in waiting for i in range(each)]
        group = [tasks[k] for k, _ in rows]
        shape = (1, network.shape.planes, group[0].grid.height, group[0].grid.width)
        chances = [torch.Generator().manual_seed((tasks[k].seed * _SUBSTREAMS + i) % 2**63) for k, i in rows]
        begin = [begun(tasks[k], shape, chance, starts[k]) for (k, _), chance in zip(rows, chances, strict=True)]
        drawn = _drawn(
            network,
            group,
            torch.cat(begin),
            chances,
            predict=predict or guided(network, *group),
            steps=[steps[k] or stochastic(tasks[k]) for k, _ in rows],
            progress=progress,
        )
        for (k, _), planes in zip(rows, drawn, strict=True):
            flaw, absent = tasks[k].flaw, _missing(planes, tasks[k])
            # An empty tile lacks all inks, and anything is better.
            worth = (absent == len(ROLES), absent * INK + (flaw(planes) if flaw else 0.0))
            if worth < least[k]:
                found[k], least[k], missing[k] = planes, worth, absent
        bound = 1 if round_ < _AGAIN else len(ROLES)
        waiting = [k for k in waiting if missing[k] >= bound]
        if not waiting:
            break
    return [found[k] for k in range(len(tasks))]


def _missing(planes: Tensor, task: Task) -> int:
    """Return how many inks do not show that a small cell (planes, H, W) was to have; all of them if it is empty."""
    if planes.mean(dim=(1, 2)).max() >= EMPTY:
        return len(ROLES)
    if task.staged or task.grid.width * task.grid.height > _SMALL_PX:
        return 0
    # What is there but in crumbs will not be.
    clean = torch.from_numpy(without_crumbs(planes.numpy(), task.grid))
    return lacking(clean, int(task.condition.inks[0]))


def lacking(planes: Tensor, inks: int) -> int:
    """Return how many of so many inks do not show on planes (K, H, W)."""
    shown = torch.bincount(planes.argmax(dim=0).flatten(), minlength=len(planes)) > LEAST_COVERAGE * planes[0].numel()
    return max(0, inks - int(shown.sum()))


def begun(task: Task, shape: tuple[int, ...], generator: torch.Generator, start: Tensor | None) -> Tensor:
    """Return the state (1, planes, H, W) that a task begins with: noise, or ``start`` with as much as it asks for."""
    fresh, begin = noise(task, shape, generator), task.sampling.begin
    return fresh if start is None else (1 - begin) * start + begin * fresh


def stochastic(task: Task) -> Step:
    """Return the stochastic step of a task: see the module; its noise is as symmetric as the task."""
    times = task.sampling.times(task.grid)

    def step(x: Tensor, x0: Tensor, i: int, generator: torch.Generator) -> Tensor:
        before, after = times[i], times[i + 1]
        if after == 0:
            return x0
        fresh = noise(task, x.shape, generator)
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


def noise(task: Task, shape: tuple[int, ...], generator: torch.Generator) -> Tensor:
    """Return noise (..., H, W) of unit variance, as symmetric as the task."""
    fold = folding(task.symmetry, task.grid)
    return fold.noise(shape, generator) if fold else torch.randn(shape, generator=generator)


def guided(network: Loom, *tasks: Task) -> Predict:
    """Return what the network predicts of tasks' states, guided away from what it draws when nothing is said.

    The tasks share a grid and how they are sampled; states and predictions are in their order.
    """
    device, sampling = network.enter.weight.device, tasks[0].sampling
    geometry = Geometry(tasks[0].grid, staged=tasks[0].staged)
    times = sampling.times(tasks[0].grid)[:-1]
    at = torch.tensor(times, device=device)
    with torch.inference_mode():
        said = [_heard(network, at, task.condition.to(device)) for task in tasks]
        unsaid = [_heard(network, at, task.condition.unsaid().to(device)) for task in tasks]
        # Of each block (steps, tasks twice, channels), the unsaid behind the said.
        both = [torch.stack(block, dim=1) for block in zip(*said, *unsaid, strict=True)]
    allowed = torch.cat([_allowed(task.condition, network.shape.planes) for task in tasks])

    def predict(x: Tensor, i: int) -> Tensor:
        if times[i] <= sampling.guided_above or sampling.guidance == 1:
            return _logits(network, x, [s[i, : len(tasks)] for s in both], geometry) + allowed
        own, other = _logits(network, x.repeat(2, 1, 1, 1), [s[i] for s in both], geometry).chunk(2)
        return other + sampling.guidance * (own - other) + allowed

    return predict


@torch.inference_mode()
def _drawn(
    network: Loom,
    tasks: Sequence[Task],
    x: Tensor,
    chances: Sequence[torch.Generator],
    *,
    predict: Predict,
    steps: Sequence[Step],
    progress: Callable[[int, int], None] | None,
) -> list[Tensor]:
    folds = [folding(task.symmetry, task.grid) for task in tasks]
    times = torch.tensor(tasks[0].sampling.times(tasks[0].grid)[:-1], device=network.enter.weight.device)
    p = x.split(1)
    for i in range(len(times)):
        own = network.evidence(x.to(times.device), times[i : i + 1]).float().cpu()
        p = [
            _ruled(one, *row, float(times[i]))
            for one, *row in zip((predict(x, i) + own).softmax(dim=1).split(1), tasks, folds, strict=True)
        ]
        x = torch.cat(
            [
                step(one, 2 * clean - 1, i, chance)
                for one, clean, step, chance in zip(x.split(1), p, steps, chances, strict=True)
            ]
        )
        if progress:
            progress(i + 1, len(times))
    return [fold.settled(one[0]) if fold else one[0] for one, fold in zip(p, folds, strict=True)]


def _ruled(p: Tensor, task: Task, fold: Folding | None, time: float) -> Tensor:
    """Return predictions (1, planes, H, W) as symmetric as the task, and as its rule has them."""
    p = fold.mean(p) if fold else p
    return task.rule(p, time) if task.rule else p


def _heard(network: Loom, times: Tensor, condition: Condition) -> list[Tensor]:
    """Return what every block is told at all steps at once."""
    return network.steering(network.embed(times, condition.repeated(len(times))))


def _logits(network: Loom, x: Tensor, heard: list[Tensor], geometry: Geometry) -> Tensor:
    """Return logits (B, planes, H, W) float32 on the CPU."""
    return network.unet(x.to(network.enter.weight), heard, geometry).float().cpu()


def _allowed(condition: Condition, planes: int) -> Tensor:
    """Return (1, planes, 1, 1): 0 for the inks that were asked for, minus infinity for the rest."""
    inks = int(condition.inks[0]) or planes
    return torch.where(torch.arange(planes) < inks, 0.0, -torch.inf)[None, :, None, None]
