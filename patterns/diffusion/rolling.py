"""Positions that cannot be mended are spread: the model sees the tile rolled, and its prediction is rolled back.

The latents themselves never move, so that every scheduler works, those that remember earlier steps too. Rolls go along
the lattice, shear and all, by whole patches, so that a network that knew no position would not notice.
"""

import inspect
from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from patterns.diffusion.layouts import Layout
from patterns.errors import LatticeError
from patterns.lattice import Grid

_TIMES = ("timestep", "timesteps", "t")


def patch_of(model: nn.Module, layout: Layout) -> int:
    """Return how many latent pixels a model's token is high and wide: its packing, else its own patch, else 1."""
    own = getattr(getattr(model, "config", None), "patch_size", None) or getattr(model, "patch_size", 1)
    return layout.patch if layout.kind == "tokens" else own if isinstance(own, int) else 1


class Roller:
    """Hooks that roll what lies on the lattice before a model sees it, and roll back what it answers.

    The roll is drawn anew when the time step changes: the passes of one step (with and without words, a layer
    skipped) are compared with each other, and must see the tile at the same place.
    """

    def __init__(self, layout: Layout, patch: int, generator: torch.Generator) -> None:
        self.grid, self.generator, self.step = layout.grid, generator, patch
        self.packed = layout.kind == "tokens"
        try:
            self.tokens = layout.grid.scaled(Fraction(1, patch))
        except LatticeError:
            raise LatticeError(
                f"this model looks at patches of {patch} x {patch} latent pixels, and the cell of {layout.grid.width} "
                f"x {layout.grid.height} with its offset does not divide into them; take one that does."
            ) from None
        self.time: float | None = None
        self.shift = (0, 0)

    def before(self, module: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
        """Return the arguments of a call with everything on the lattice rolled."""
        names = list(inspect.signature(module.forward).parameters)
        named = dict(zip(names, args, strict=False)) | kwargs
        self._draw(named)
        moved = tuple(self._rolled(name, value, self.shift) for name, value in zip(names, args, strict=False))
        return moved, {name: self._rolled(name, value, self.shift) for name, value in kwargs.items()}

    def after(self, module: nn.Module, args: Any, output: Any) -> Any:
        """Return a call's answer with everything on the lattice rolled back."""
        return self._rolled("hidden_states block", output, (-self.shift[0], -self.shift[1]))

    def _draw(self, named: Mapping[str, Any]) -> None:
        given = next((named[name] for name in _TIMES if isinstance(named.get(name), Tensor)), None)
        time = None if given is None else float(given.flatten()[0])
        if time is None or time != self.time:
            sides = (self.tokens.height, self.tokens.width)
            dy, dx = (int(torch.randint(side, (), generator=self.generator)) for side in sides)
            self.time, self.shift = time, (dy, dx)

    def _rolled(self, name: str, value: Any, shift: tuple[int, int]) -> Any:
        if isinstance(value, Tensor):
            return self._tensor(name, value, shift)
        if isinstance(value, Mapping):
            moved = {key: self._rolled(name, each, shift) for key, each in value.items()}
            return type(value)(**moved) if type(value) is not dict else moved
        if isinstance(value, list | tuple):
            return type(value)(self._rolled(name, each, shift) for each in value)
        return value

    def _tensor(self, name: str, value: Tensor, shift: tuple[int, int]) -> Tensor:
        if value.ndim >= 4 and value.shape[-2:] == (self.grid.height, self.grid.width) and "mask" not in name:
            return rolled(value, self.grid, shift[0] * self.step, shift[1] * self.step)
        count = self.tokens.height * self.tokens.width
        on_lattice = value.shape[1] == count if value.ndim == 3 else False
        follows = self.packed and value.ndim == 3 and value.shape[1] >= count and name.startswith("hidden_states")
        if not (follows or (on_lattice and "block" in name)):
            return value
        source = _sources(self.tokens, *shift).to(value.device)
        return torch.cat([value[:, :count][:, source], value[:, count:]], dim=1)


def rolled(planes: Tensor, grid: Grid, dy: int, dx: int) -> Tensor:
    """Return (..., H, W) of the same pattern moved down by dy and right by dx pixels: ``Grid.roll`` for tensors."""
    source = _sources(grid, dy, dx).to(planes.device)
    return planes.flatten(-2)[..., source].view_as(planes)


@lru_cache(maxsize=64)
def _sources(grid: Grid, dy: int, dx: int) -> Tensor:
    cell = np.arange(grid.height * grid.width).reshape(grid.height, grid.width)
    return torch.from_numpy(grid.roll(cell, dy, dx).ravel().copy())
