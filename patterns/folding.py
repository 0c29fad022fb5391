"""Drawing in a plane group: the state is kept symmetric from the first noise on, at one evaluation a step.

On a state that is symmetric the mean of the network's predictions over the group needs one evaluation, transformed by
each motion: a network that does not know turns and mirrors gives the same on the turned state, turned. Noise is made
symmetric at unit variance, also where a pixel stands on a mirror or an axis.
"""

from functools import lru_cache

import numpy as np
import torch
from torch import Tensor

from patterns.lattice import Grid
from patterns.symmetry import Symmetry


class Folding:
    """A plane group on a pixel grid, as indices into its pixels."""

    def __init__(self, symmetry: Symmetry, grid: Grid) -> None:
        sources = symmetry.sources(grid)
        self.exact = symmetry.exact_on(grid)
        self._sources = torch.from_numpy(sources)
        self._first = torch.from_numpy(sources.min(axis=0))
        # A pixel that m of the motions leave where it is has m of the others' shares: its mean varies by m / order.
        fixed = (sources == np.arange(sources.shape[1])).sum(axis=0)
        self._gain = torch.from_numpy(np.sqrt(len(sources) / fixed).astype(np.float32))

    def mean(self, planes: Tensor) -> Tensor:
        """Return planes (..., H, W) averaged over the group."""
        flat = planes.flatten(-2)
        total = torch.zeros_like(flat)
        for source in self._sources:
            total += flat[..., source]
        return (total / len(self._sources)).view_as(planes)

    def noise(self, shape: tuple[int, ...], generator: torch.Generator) -> Tensor:
        """Return symmetric noise (..., H, W) with variance 1 at every pixel."""
        plain = torch.randn(shape, generator=generator)
        return (self.mean(plain).flatten(-2) * self._gain).view(shape)

    def settled(self, planes: Tensor) -> Tensor:
        """Return planes (..., H, W) with the same bits on all pixels of an orbit, where the group is exact."""
        return planes.flatten(-2)[..., self._first].view_as(planes) if self.exact else planes


@lru_cache(maxsize=8)
def folding(name: str, grid: Grid) -> Folding | None:
    """Return the folding of a plane group by name on a grid; None for p1. LatticeError if the grid cannot carry it."""
    return None if name == "p1" else Folding(Symmetry(name), grid)


def folded(planes: np.ndarray, name: str, grid: Grid) -> np.ndarray:
    """Return planes (K, H, W) averaged over a plane group by name, as exact as the grid lets it be; as given for p1."""
    fold = folding(name, grid)
    return fold.settled(fold.mean(torch.from_numpy(planes))).numpy() if fold else planes
