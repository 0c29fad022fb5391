"""Rotary tables: how a model turns its tokens, read as waves, moved to the lattice, written back in the model's form.

A table is one tensor or a pair with a row for each token. Whatever scheme made it (any base, any offset, centered or
not), along the tokens of a picture each channel is a plane wave. Its wave vector is measured from the table itself, and
a table that is no set of waves is refused rather than guessed.
"""

import math
from functools import lru_cache
from typing import Literal

import numpy as np
import torch
from torch import Tensor

from patterns.errors import CannotMake
from patterns.lattice import Grid

Form = Literal["complex", "interleaved", "halves", "matrix"]
Parts = tuple[Tensor, ...]

# A model that scales its positions to a fixed size and rounds them strays from a wave by half a radian at most, and
# then keeps 0.96 of its length in the mean; what is no wave keeps next to nothing.
_COHERENT = 0.8
# Cycles per token: finer than any table says them, coarser than its rounding, so that ties fall the same way always.
_DIGITS = 6


def read(parts: Parts) -> tuple[Form, Tensor]:
    """Return how rows (N, ...) of a table are written, and their phasors (N, C) complex128; CannotMake if unknown."""
    first = parts[0]
    if first.is_complex():
        return "complex", first.flatten(1).to(torch.complex128)
    if len(parts) == 2:
        cos, sin = (part.flatten(1).double() for part in parts)
        half = cos.shape[1] // 2
        if torch.equal(cos[:, ::2], cos[:, 1::2]) and torch.equal(sin[:, ::2], sin[:, 1::2]):
            return "interleaved", torch.complex(cos[:, ::2].contiguous(), sin[:, ::2].contiguous())
        if torch.equal(cos[:, :half], cos[:, half:]) and torch.equal(sin[:, :half], sin[:, half:]):
            return "halves", torch.complex(cos[:, :half].contiguous(), sin[:, :half].contiguous())
    if first.shape[-2:] == (2, 2):
        cells = first.flatten(-2).flatten(1, -2).double()
        return "matrix", torch.complex(cells[..., 0].contiguous(), cells[..., 2].contiguous())
    raise CannotMake(
        "this model writes its rotary angles in a form that is not known here; only its tile can be rolled."
    )


def write(form: Form, phasors: Tensor, like: Parts) -> Parts:
    """Return phasors (N, C) as rows of a table, each part in the shape and type of ``like`` (any number of rows)."""
    shape = [(len(phasors), *part.shape[1:]) for part in like]
    if form == "complex":
        parts = (phasors,)
    elif form == "matrix":
        c, s = phasors.real, phasors.imag
        parts = (torch.stack([c, -s, s, c], dim=-1),)
    else:
        parts = tuple(spread(form, part) for part in (phasors.real, phasors.imag))
    return tuple(part.reshape(s).to(t.device, t.dtype) for part, s, t in zip(parts, shape, like, strict=True))


def spread(form: Form, channels: Tensor) -> Tensor:
    """Return (..., C) values of channels as (..., 2 C) values of the numbers in a head that those channels turn."""
    return torch.cat([channels, channels], dim=-1) if form == "halves" else channels.repeat_interleave(2, dim=-1)


def harmonics(cell: Tensor, origin: Grid, tokens: Grid) -> tuple[Tensor, Tensor]:
    """Return the phasors (tokens, C) complex128 of waves that ``origin`` carries, and which channels (C,) move at all.

    ``cell`` (N, C) is what the model itself gives the tokens of ``origin``, a grid of tokens as ``tokens`` is. Each
    wave becomes the nearest of the reciprocal lattice. Those too long for it become still: all tokens get the angle
    that the middle of the cell had, which is what such a channel looks like from nearby.
    """
    kx, ky = measured(cell.view(origin.height, origin.width, -1))
    vectors = np.array([nearest(origin, round(x, _DIGITS), round(y, _DIGITS)) for x, y in zip(kx, ky, strict=True)])
    rows, columns = np.mgrid[: tokens.height, : tokens.width].reshape(2, -1, 1)
    turns = np.mod(columns * vectors[:, 0] + rows * vectors[:, 1], 1.0)
    moving = np.abs(vectors - np.round(vectors)).max(axis=1) > 1e-9
    middle = cell.mean(dim=0).angle().cpu().numpy()
    angles = np.where(moving, 2 * math.pi * turns, middle)
    return torch.from_numpy(np.exp(1j * angles)), torch.from_numpy(moving)


def measured(cell: Tensor) -> tuple[list[float], list[float]]:
    """Return the wave vectors (kx, ky) of phasors (H, W, C), in cycles per token; CannotMake if they are no waves."""
    across = (cell[:, 1:] * cell[:, :-1].conj()).angle().mean(dim=(0, 1))
    down = (cell[1:] * cell[:-1].conj()).angle().mean(dim=(0, 1))
    rows = torch.arange(cell.shape[0], device=cell.device)[:, None, None]
    columns = torch.arange(cell.shape[1], device=cell.device)[None, :, None]
    rest = cell * torch.exp(-1j * (rows * down + columns * across))
    if rest.mean(dim=(0, 1)).abs().min() < _COHERENT:
        raise CannotMake(
            "this model's rotary angles do not grow evenly along rows and columns at this size, so that no wave of the "
            "lattice stands for them; another size may do, or a model whose positions are known."
        )
    return (across / (2 * math.pi)).tolist(), (down / (2 * math.pi)).tolist()


@lru_cache(maxsize=4096)
def nearest(grid: Grid, kx: float, ky: float) -> tuple[float, float]:
    """Return the wave vector of the reciprocal lattice nearest to (kx, ky), in cycles per token.

    ``Grid.harmonic`` rounds one axis and then the other; under a shear the nearest may be one step off.
    """
    steps = (0, 1, -1)
    around = [grid.harmonic(kx + i / grid.width, ky + j / grid.height) for j in steps for i in steps]
    return min(around, key=lambda k: round(math.hypot(k[0] - kx, k[1] - ky), _DIGITS + 1))
