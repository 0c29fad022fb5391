"""The manner of a picture, measured on its ink planes, and drawing that follows it.

What is measured is free of any lattice: how much each ink covers, how long the contours are, which way they run, and
how coarse the figure is. While shapes are being decided, each prediction of the network is moved toward these figures
before a step is taken: inks by one logit each, so that the coverages come out; contours by the slope of their
difference with respect to the prediction alone. The network is not differentiated, so that a step costs next to
nothing, and the last steps are its own, so that edges stay as it draws them.
"""

import math
from dataclasses import dataclass, replace

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from patterns.folding import folding
from patterns.lattice import Grid
from patterns.loom.sampling import Step, Task, stochastic

# Below this time a step is the network's own.
_UNTIL = 0.4
# No ink's logit is moved by more: one that the network does not see is not forced.
_MOST_SHIFT = 4.0
_SHIFTS = 8
# Contours: how far the logits go along the slope at a step (root mean square), how often, and at most in all.
_SLOPE, _SLOPES, _MOST_SLOPE = 0.3, 2, 2.0
# What a doubled length of contours weighs against contours that all run the other way.
_EDGES_WEIGHT = 0.15
# The ground's share above which motifs stand sparsely, and below which densely: the thirds of the corpus.
_SPARSE, _DENSE = 0.8, 0.55
# A piece of the figure of this share of the picture is no motif; motifs are larger than their pieces by this.
_MOST_PIECE, _PIECES = 0.2, 1.4


@dataclass(frozen=True, slots=True)
class Manner:
    """What is followed of a picture at the tile's own resolution.

    ``coverage`` is each ink's share in the order of the roles, ground first; ``edges`` the length of contours in px per
    square px; ``grain`` which way contours run, as the means of cos 2a, sin 2a, cos 4a, sin 4a over their normals'
    angles a (all 0: every way alike); ``size`` the figure's mean period in px, which grows as it does; ``radius`` that
    of a motif in px, 0 where the figure does not fall into motifs.
    """

    coverage: tuple[float, ...]
    edges: float
    grain: tuple[float, float, float, float]
    size: float
    radius: float = 0.0

    def scaled(self, factor: float) -> "Manner":
        """Return the manner of the same picture on ``factor`` times as many pixels a side."""
        return replace(self, edges=self.edges / factor, size=self.size * factor, radius=self.radius * factor)

    @property
    def density(self) -> str:
        """How densely motifs stand, as ``patterns.reading`` says it."""
        bare = self.coverage[0]
        return "sparse" if bare > _SPARSE else "dense" if bare < _DENSE else "medium"


def measured(planes: np.ndarray) -> Manner:
    """Return the manner of ink planes (K, H, W) float32 in 0-1, ground first; their border is not looked across."""
    from scipy.ndimage import uniform_filter

    smooth = np.stack([uniform_filter(plane, 3, mode="nearest") for plane in planes])
    down, across = np.gradient(smooth, axis=(1, 2))
    steep = np.hypot(across, down)
    turned = ((across + 1j * down) ** 2) / np.maximum(steep, 1e-9) ** 2
    total = max(float(steep.sum()), 1e-9)
    twice, four = (complex((steep * v).sum() / total) for v in (turned, turned**2))
    grain = (twice.real, twice.imag, four.real, four.imag)
    coverage = tuple(float(v) for v in planes.mean(axis=(1, 2), dtype=np.float64))
    return Manner(coverage, float(steep.sum(axis=0).mean()) / 2, grain, _size(1 - planes[0]), _radius(planes[0]))


def _size(figure: np.ndarray) -> float:
    """Return the mean period of a figure (H, W), in px: the geometric mean over its power spectrum."""
    height, width = figure.shape
    window = np.outer(np.hanning(height + 2)[1:-1], np.hanning(width + 2)[1:-1])
    power = np.abs(np.fft.rfft2((figure - figure.mean()) * window)) ** 2
    often = np.hypot(np.fft.fftfreq(height)[:, None], np.fft.rfftfreq(width)[None])
    power[often < 1.5 / min(height, width)] = 0
    if power.sum() < 1e-12:
        return float(min(height, width))
    mean = (power * np.log(np.maximum(often, 1e-9))).sum() / power.sum()
    return float(np.exp(-mean))


def _radius(ground: np.ndarray) -> float:
    """Return the radius in px of motifs on a ground (H, W), from the mean area of its pieces by area; 0 if none."""
    from scipy.ndimage import label

    pieces = np.asarray(label(ground < 0.5)[0], np.intp)  # pyright: ignore[reportIndexIssue, reportArgumentType]
    if not pieces.any():
        return 0.0
    areas = np.bincount(pieces.ravel())[1:].astype(np.float64)
    if areas.max() > _MOST_PIECE * ground.size:
        return 0.0
    return _PIECES * math.sqrt(float((areas**2).sum() / areas.sum()) / math.pi)


def distances(one: Manner, other: Manner) -> dict[str, float]:
    """Return how far two manners are: half the sum of coverages' differences, octaves of size and edges, grain."""
    inks = max(len(one.coverage), len(other.coverage))
    first, second = (np.pad(m.coverage, (0, inks - len(m.coverage))) for m in (one, other))
    return {
        "coverage": float(np.abs(first - second).sum() / 2),
        "edges": abs(math.log2(max(one.edges, 1e-6) / max(other.edges, 1e-6))),
        "grain": float(np.linalg.norm(np.subtract(one.grain, other.grain))),
        "size": abs(math.log2(one.size / other.size)),
    }


def following(step: Step, task: Task, manner: Manner, weight: float) -> Step:
    """Return a step that is taken from predictions moved toward a manner by ``weight`` in 0-1."""
    times = task.sampling.times(task.grid)

    def followed(x: Tensor, x0: Tensor, i: int, generator: torch.Generator) -> Tensor:
        if times[i] > _UNTIL and weight > 0:
            p = moved((x0 + 1) / 2, task, manner, weight)
            x0 = 2 * p - 1
        return step(x, x0, i, generator)

    return followed


def inking(task: Task, manner: Manner, weight: float) -> Step:
    """Return the step of a motif alone, its inks covering as much of it as they do of the manner's figure.

    The ground around it, and its contours, are the network's own.
    """
    step, times = stochastic(task), task.sampling.times(task.grid)

    def inked(x: Tensor, x0: Tensor, i: int, generator: torch.Generator) -> Tensor:
        if times[i] > _UNTIL and weight > 0:
            p = (x0 + 1) / 2
            bare = float(p[:, 0].mean())
            figure = max(1e-6, 1 - manner.coverage[0])
            asked = (bare, *((1 - bare) * share / figure for share in manner.coverage[1:]))
            x0 = 2 * shifted(p, _goal(p, asked, weight)) - 1
        return step(x, x0, i, generator)

    return inked


def moved(p: Tensor, task: Task, manner: Manner, weight: float) -> Tensor:
    """Return probabilities (1, planes, H, W) nearer to a manner by ``weight``, as symmetric as the task."""
    p = p * (1 - 1e-7) + 1e-7 * p.mean(dim=(2, 3), keepdim=True)
    p = shifted(p, _goal(p, manner.coverage, weight))
    p = _sloped(p, task.grid, manner, weight)
    fold = folding(task.symmetry, task.grid)
    return fold.mean(p) if fold else p


def _goal(p: Tensor, coverage: tuple[float, ...], weight: float) -> Tensor:
    """Return the coverages (planes,) between the predicted ones and the manner's, 0 for inks that are not allowed."""
    own = p.mean(dim=(0, 2, 3))
    asked = torch.zeros_like(own)
    count = min(len(coverage), len(own))
    asked[:count] = torch.tensor(coverage[:count], dtype=own.dtype)
    asked = torch.where(own > 0, asked, 0.0)
    # What a manner has of no ink that is drawn here is shared among the others; what it has nothing of stays rare.
    goal = (1 - weight) * own + weight * asked / asked.sum().clamp_min(1e-6)
    return goal / goal.sum()


def shifted(p: Tensor, goal: Tensor) -> Tensor:
    """Return probabilities (1, planes, H, W) with one logit added to each ink so that they cover ``goal`` (planes,)."""
    allowed = goal > 0
    logits, shift = p.clamp_min(1e-12).log(), torch.zeros_like(goal)
    for _ in range(_SHIFTS):
        own = (logits + shift[None, :, None, None]).softmax(dim=1).mean(dim=(0, 2, 3))
        shift = shift + (goal.clamp_min(1e-9) / own.clamp_min(1e-6)).log().clamp(-1.5, 1.5)
        shift = torch.where(allowed, (shift - shift[allowed].mean()).clamp(-_MOST_SHIFT, _MOST_SHIFT), 0.0)
    moved = (logits + shift[None, :, None, None]).softmax(dim=1)
    return torch.where(allowed[None, :, None, None], moved, 0.0)


@torch.inference_mode(False)
def _sloped(p: Tensor, grid: Grid, manner: Manner, weight: float) -> Tensor:
    """Return probabilities whose contours are nearer to the manner's in length and direction."""
    allowed = (p.amax(dim=(0, 2, 3)) > 0)[None, :, None, None]
    logits = torch.where(allowed, p.clamp_min(1e-12).log(), -torch.inf).clone()
    change = torch.zeros_like(logits)
    for _ in range(_SLOPES):
        with torch.enable_grad():
            change.requires_grad_(True)
            missed = _missed((logits + change).softmax(dim=1), grid, manner)
            (slope,) = torch.autograd.grad(missed, change)
        size = slope.square().mean().sqrt()
        # Where the manner is met, or nothing is drawn yet, there is no slope to follow.
        change = change.detach() - weight / 0.6 * _SLOPE * slope / size.clamp_min(1e-9)
        change = change.clamp(-_MOST_SLOPE, _MOST_SLOPE)
    return (logits + change).softmax(dim=1)


def _missed(p: Tensor, grid: Grid, manner: Manner) -> Tensor:
    """Return how far the contours of probabilities (1, planes, H, W) are from a manner's, to be differentiated."""
    smooth = F.avg_pool2d(grid.pad(p, 2), 3, 1)
    down = (smooth[..., 2:, 1:-1] - smooth[..., :-2, 1:-1]) / 2
    across = (smooth[..., 1:-1, 2:] - smooth[..., 1:-1, :-2]) / 2
    steep = (across.square() + down.square() + 1e-12).sqrt()
    cos, sin = across / steep, down / steep
    cos2, sin2 = cos.square() - sin.square(), 2 * cos * sin
    grain = torch.stack([cos2, sin2, cos2.square() - sin2.square(), 2 * cos2 * sin2])
    grain = (steep * grain).flatten(1).sum(dim=1) / steep.sum()
    edges = steep.sum(dim=1).mean() / 2
    off = (edges / max(manner.edges, 1e-4)).log()
    return (grain - grain.new_tensor(manner.grain)).square().sum() + 2 * _EDGES_WEIGHT * off.square()
