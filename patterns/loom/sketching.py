"""Drawing over a sketch: its shapes as planes to begin from, and as a leaning of each step while shapes are decided.

Two things are leaned to: figure or ground, which is the layout, and which ink, which is the drawing itself. Up to half
of the weight the layout alone is held, and the Loom draws inside the shapes as it likes; beyond, the inks are held too.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from patterns.folding import folding
from patterns.loom.sampling import Step, Task

# Below this time a step is the network's own, so that edges are as it draws them.
_UNTIL = 0.5
# A pixel that the sketch gives to an ink is still another's with this chance at full weight.
_DOUBT = 0.02
# The times that weights from 0 to 1 begin at.
_BEGIN = (1.0, 0.9)


@dataclass(frozen=True, slots=True)
class Sketched:
    """A sketch on a tile's own grid: planes (K, H, W) float32 in 0-1 in the roles' order, and its weight."""

    planes: np.ndarray
    weight: float = 0.8

    @property
    def begin(self) -> float:
        """The time that a drawing over the sketch begins at."""
        return _BEGIN[0] + (_BEGIN[1] - _BEGIN[0]) * self.weight

    def start(self, planes: int, task: Task) -> Tensor:
        """Return clean planes (planes, H, W) in -1 to 1 to begin from, as symmetric as the task."""
        return 2 * self._laid(planes, task) - 1

    def over(self, step: Step, task: Task, planes: int) -> Step:
        """Return a step that is taken from predictions that lean to what the sketch has at each pixel."""
        times = task.sampling.times(task.grid)
        laid = self._laid(planes, task)[None]
        leaning = self._leaning(laid)

        def sketched(x: Tensor, x0: Tensor, i: int, generator: torch.Generator) -> Tensor:
            if times[i] > _UNTIL:
                p = ((x0 + 1) / 2).clamp_min(0)
                p = torch.where(p > 0, (p.clamp_min(1e-12).log() + leaning).exp(), 0.0)
                x0 = 2 * p / p.sum(dim=1, keepdim=True) - 1
            return step(x, x0, i, generator)

        return sketched

    def _leaning(self, laid: Tensor) -> Tensor:
        """Return what is added to logits (1, planes, H, W): for figure or ground, and for each ink."""
        ground = laid[:, :1]
        layout = torch.cat([ground, (1 - ground).expand(-1, laid.shape[1] - 1, -1, -1)], dim=1)
        chances = ((share * (1 - _DOUBT) + _DOUBT / 2).log() for share in (layout, laid))
        held = (min(1.0, 2 * self.weight), max(0.0, 2 * self.weight - 1))
        return sum((weight * chance for weight, chance in zip(held, chances, strict=True)), torch.zeros(()))

    def _laid(self, planes: int, task: Task) -> Tensor:
        laid = np.zeros((planes, *self.planes.shape[1:]), np.float32)
        laid[: len(self.planes)] = self.planes
        fold = folding(task.symmetry, task.grid)
        tensor = torch.from_numpy(laid)
        return fold.mean(tensor) if fold else tensor
