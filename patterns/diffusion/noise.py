"""Noise on a latent lattice, and the shapes in which pipelines carry a plane of latents.

White noise on the pixels of one cell is white noise on the lattice; what a plane group adds is that all pixels of an
orbit have the same value, at unit variance. Pipelines carry a plane (B, C, H, W) as it is, with a frame's axis, as
p x p patches in the channels, or packed into tokens (B, H W / p^2, C p^2); in patches the channels come first, then the
patch's rows, then its columns, as in all pipelines of diffusers that pack.
"""

import math
from collections.abc import Callable
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from patterns.errors import CannotMake
from patterns.folding import folding
from patterns.lattice import Grid


class Chance:
    """The normal noise of one seed on a latent grid, as symmetric as ``symmetry``; drawn on the CPU in float32.

    LatticeError if the grid cannot carry the plane group.
    """

    def __init__(self, grid: Grid, seed: int, symmetry: str = "p1") -> None:
        self.grid = grid
        self.fold = folding(symmetry, grid)
        self._generator = torch.Generator().manual_seed(seed)

    def plane(self, shape: tuple[int, ...]) -> Tensor:
        """Return noise (..., H, W) on the grid, with variance 1 at every pixel."""
        if self.fold is None:
            return torch.randn(shape, generator=self._generator)
        return self.fold.noise(shape, self._generator)

    def like(self, shape: tuple[int, ...]) -> Tensor:
        """Return noise in a shape in which a pipeline carries a plane of the grid: see ``opened``."""
        if self.fold is None and not _known(shape, self.grid):
            return torch.randn(shape, generator=self._generator)
        return closed(self.plane(plane_shape(shape, self.grid)), shape)


class Path:
    """A Brownian path, asked for its increments between two times at unit variance, in any order.

    ``draw`` returns the next noise. Between two times that are known it is a Brownian bridge.
    """

    def __init__(self, draw: Callable[[], Tensor]) -> None:
        self._draw = draw
        self._known: dict[float, Tensor] = {}

    def __call__(self, start: Any, end: Any) -> Tensor:
        """Return the path's increment from one time to another, divided by the root of what lies between."""
        first, last = float(start), float(end)
        return (self._at(last) - self._at(first)) / math.sqrt(abs(last - first))

    def _at(self, time: float) -> Tensor:
        if time not in self._known:
            self._known[time] = self._found(time)
        return self._known[time]

    def _found(self, time: float) -> Tensor:
        noise = self._draw()
        below = max((known for known in self._known if known < time), default=None)
        above = min((known for known in self._known if known > time), default=None)
        if below is not None and above is not None:
            share = (time - below) / (above - below)
            middle = self._known[below].lerp(self._known[above], share)
            return middle + math.sqrt(share * (above - time)) * noise
        near = below if below is not None else above
        return torch.zeros_like(noise) if near is None else self._known[near] + math.sqrt(abs(time - near)) * noise


def plane_shape(shape: tuple[int, ...], grid: Grid) -> tuple[int, ...]:
    """Return the shape (..., H, W) of the plane that a pipeline carries in ``shape``; CannotMake if it is no such."""
    patch = _patch(shape, grid)
    if patch == 1:
        return shape
    channels = shape[2] if len(shape) == 3 else shape[1]
    return (shape[0], channels // patch**2, grid.height, grid.width)


def opened(state: Tensor, grid: Grid) -> Tensor:
    """Return a pipeline's state as a plane (..., H, W) on the grid; CannotMake if it does not carry one."""
    patch = _patch(tuple(state.shape), grid)
    if patch == 1:
        return state
    if state.dim() == 3:
        state = state.transpose(1, 2).unflatten(2, (grid.height // patch, grid.width // patch))
    return F.pixel_shuffle(state, patch)


def closed(plane: Tensor, shape: tuple[int, ...]) -> Tensor:
    """Return a plane (..., H, W) in the shape in which a pipeline carries it: the inverse of ``opened``."""
    height, width = plane.shape[-2:]
    if len(shape) > 3 and shape[-2:] == (height, width):
        return plane.reshape(shape)
    sizes = list(shape)
    patch = math.isqrt(height * width // sizes[1]) if len(sizes) == 3 else height // sizes[2]
    patches = F.pixel_unshuffle(plane.flatten(0, -4), patch)
    return (patches.flatten(2).transpose(1, 2) if len(shape) == 3 else patches).reshape(shape)


def _known(shape: tuple[int, ...], grid: Grid) -> bool:
    try:
        return _patch(shape, grid) > 0
    except CannotMake:
        return False


def _patch(shape: tuple[int, ...], grid: Grid) -> int:
    """Return the side of the patches that ``shape`` has in its channels; 1 if it is the plane itself."""
    if len(shape) > 3 and shape[-2:] == (grid.height, grid.width):
        return 1
    if len(shape) == 4 and shape[2] and grid.height % shape[2] == 0:
        patch = grid.height // shape[2]
        if grid.width == patch * shape[3] and shape[1] % patch**2 == 0:
            return patch
    if len(shape) == 3 and shape[1] and grid.height * grid.width % shape[1] == 0:
        patch = math.isqrt(grid.height * grid.width // shape[1])
        sides = grid.height % patch == 0 and grid.width % patch == 0
        if sides and patch**2 * shape[1] == grid.height * grid.width and shape[2] % patch**2 == 0:
            return patch
    raise CannotMake(
        f"the model carries its state as {' x '.join(map(str, shape))} numbers, in which patterns does not know where "
        f"the {grid.width} x {grid.height} px lie; without --symmetry, --mask and a picture to start from it can draw."
    )
