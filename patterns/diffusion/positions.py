"""No place of the tile differs from another: ``with positioned(transformer, grid): ...``."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import nn

from patterns.diffusion.guarantee import guarantee
from patterns.diffusion.layouts import latent_layout
from patterns.diffusion.rolling import Roller, patch_of
from patterns.diffusion.rotary import harmonic
from patterns.lattice import Grid


@contextmanager
def positioned(
    model: nn.Module, grid: Grid, *, origin: Grid | None = None, generator: torch.Generator | None = None
) -> Iterator[None]:
    """Make what ``model`` knows of places periodic on ``grid``, in latent pixels, while the context lasts.

    Works for transformers and their ControlNets, by the method that ``guarantee(model)`` names. A grid that is a
    supercell of the lattice gives it as ``origin``, and then draws what the lattice's own cell draws. Where positions
    are rolled, ``generator`` (on the CPU) says by how much; without one, the same rolls are drawn each time. On
    leaving, the model is as it was. Raises LatticeError if the cell does not divide into the model's tokens, and
    CannotMake if its attention or its table turns out to be of an unknown kind.
    """
    method = guarantee(model).method
    if method == "harmonic":
        with harmonic(model, grid, origin or grid):
            yield
    elif method == "rolled":
        with _rolling(model, grid, generator or torch.Generator().manual_seed(0)):
            yield
    else:
        yield


@contextmanager
def _rolling(model: nn.Module, grid: Grid, generator: torch.Generator) -> Iterator[None]:
    layout = latent_layout(model, grid)
    roller = Roller(layout, patch_of(model, layout), generator)
    hooks = [
        model.register_forward_pre_hook(roller.before, with_kwargs=True),
        model.register_forward_hook(roller.after),
    ]
    try:
        yield
    finally:
        for hook in hooks:
            hook.remove()
