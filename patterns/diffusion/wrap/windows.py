"""An autoencoder that works window by window to save memory, its windows spread over the torus instead of a sheet.

Windows may lie across the edges of the cell and take what they see there from the lattice; where they overlap they
fade into one another, across the edges as everywhere else. As on a sheet, a window is not exactly what the whole
would be (its statistics and its attention end at its rim), but no place on the lattice is a seam.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from patterns.diffusion.strides import total_stride
from patterns.diffusion.wrap.levels import level
from patterns.lattice import Grid

# What autoencoders overlap by if they do not say.
_OVERLAP = 0.25


def tiled_methods(module: nn.Module) -> tuple[str, ...]:
    """Return the names of the methods by which an autoencoder works window by window."""
    if not hasattr(module, "use_tiling"):
        return ()
    names = (("_tiled_encode", "tiled_encode"), ("_tiled_decode", "tiled_decode"))
    return tuple(found[0] for pair in names if (found := [name for name in pair if hasattr(module, name)]))


def tiled(module: nn.Module, name: str, what: tuple[Tensor, Grid], return_dict: bool | None) -> Any:
    """Return what the method ``name`` of an autoencoder returns: for x (..., H, W) at any level of a grid."""
    x, grid = what
    encodes = name.endswith("encode")
    one = _one(module, encodes)
    unit = total_stride(module) if encodes else 1
    here = level(grid, x.shape[-2], x.shape[-1])
    done = _gathered(x, here, _windows(module, here, unit, encodes=encodes), one)
    if return_dict is None and (encodes or name.startswith("_")):
        return done
    if return_dict is False:
        return (done,)
    from diffusers.models.autoencoders.vae import DecoderOutput

    return DecoderOutput(sample=done)


def _one(module: Any, encodes: bool) -> Any:
    """Return the function that does one window; no window is larger than what an autoencoder does in one piece."""
    whole = getattr(module, "_encode" if encodes else "_decode", None)
    if whole is None:
        return module.encoder if encodes else module.decoder
    return lambda window: out if isinstance(out := whole(window), Tensor) else out[0]


def _windows(module: Any, grid: Grid, unit: int, *, encodes: bool) -> Iterator[tuple[int, int, int, int]]:
    """Yield (top, left, rows, columns) of the windows, in pixels of ``grid``, all of one size."""
    pixels = 1 if encodes else total_stride(module)
    rows, columns = (_side(module, side) // pixels // unit * unit for side in ("height", "width"))
    keep = 1 - _overlap(module)
    across, down = grid.copies
    # Evenly spread, and in as many parts as the offset has, the windows themselves lie on the lattice.
    tops = _starts(grid.height, int(rows * keep), unit, across if grid.drop else 1)
    lefts = _starts(grid.width, int(columns * keep), unit, down if grid.slide else 1)
    for top in tops:
        for left in lefts:
            yield top, left, rows, columns


def _side(module: Any, side: str) -> int:
    return int(getattr(module, f"tile_sample_min_{side}", 0) or module.tile_sample_min_size)


def _overlap(module: Any) -> float:
    stride = getattr(module, "tile_sample_stride_height", None)
    if stride:
        return 1 - stride / module.tile_sample_min_height
    return getattr(module, "tile_overlap_factor", _OVERLAP)


def _starts(size: int, step: int, unit: int, parts: int) -> list[int]:
    """Return where windows begin along a side in whole units: evenly if up to half as many again can be even."""
    least = -(-size // max(unit, step))
    even = [n for n in range(least, least + least // 2 + 1) if size % (n * unit) == 0 and n % parts == 0]
    count = even[0] if even else least
    return [size * i // count // unit * unit for i in range(count)]


def _gathered(x: Tensor, grid: Grid, windows: Iterator[tuple[int, int, int, int]], one: Any) -> Tensor:
    """Return the windows' results (..., H', W') faded into one another on the lattice."""
    total = weight = torch.empty(0)
    shape: tuple[int, ...] = ()
    for top, left, rows, columns in windows:
        y, z = (torch.from_numpy(i) for i in grid.wrap(*np.mgrid[top : top + rows, left : left + columns]))
        out = one(x[..., y.to(x.device), z.to(x.device)].contiguous())
        scale = out.shape[-1] / columns
        there = level(grid, round(grid.height * scale), round(grid.width * scale))
        if not weight.numel():
            total = out.new_zeros((*out.shape[:-2], there.height * there.width))
            weight = out.new_zeros(there.height * there.width)
        start = round(top * scale), round(left * scale)
        y, z = there.wrap(*np.mgrid[start[0] : start[0] + out.shape[-2], start[1] : start[1] + out.shape[-1]])
        places = torch.from_numpy(y * there.width + z).flatten().to(out.device)
        fade = _fade(out).flatten()
        total.index_add_(-1, places, out.flatten(-2) * fade)
        weight.index_add_(-1, places, fade)
        shape = (*out.shape[:-2], there.height, there.width)
    return (total / weight).view(shape)


def _fade(out: Tensor) -> Tensor:
    """Return (H, W) weights of a window, highest in its middle and never zero."""
    ramps = []
    for size in out.shape[-2:]:
        place = (torch.arange(size, device=out.device, dtype=torch.float32) + 0.5) / size
        ramps.append(torch.minimum(place, 1 - place).mul(4).clamp(max=1).to(out.dtype))
    return ramps[0][:, None] * ramps[1]
