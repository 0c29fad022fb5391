"""Neighbors on the lattice around a tensor, by the fastest exact way that there is for it.

A way is a copy of the inside and a few strips of the rim. On a level with a drop, the columns beyond the edge are the
cell's own, moved down by it; whatever is above and below them is then plain repetition. A slide is the same with rows
and columns swapped.
"""

import threading

import torch
from torch import Tensor

from patterns.diffusion.wrap.levels import Offset
from patterns.lattice import Grid

# Left, right, top, bottom: pixels beyond the edge that a layer looks at.
Sides = tuple[int, int, int, int]


def padded(x: Tensor, offset: Offset, sides: Sides) -> Tensor:
    """Return (..., H + top + bottom, W + left + right): x (..., H, W) with its neighbors around it.

    ``offset`` is the drop and the slide of the lattice whose cell x is.
    """
    height, width = x.shape[-2:]
    if max(sides[:2]) > width or max(sides[2:]) > height:
        return Grid(width, height, *offset).pad_sides(x, sides)
    if recorded(x):
        return joined(x, offset, sides)
    out = torch.empty(_shape(x, sides), dtype=x.dtype, device=x.device, memory_format=_layout(x))
    return fill(out, x, offset, sides)


def recorded(*tensors: Tensor | None) -> bool:
    """Return whether what happens to any of these is written down, so that nothing may be overwritten."""
    tracked = torch.is_grad_enabled() and any(t is not None and t.requires_grad for t in tensors)
    return tracked or torch.compiler.is_compiling()


def joined(x: Tensor, offset: Offset, sides: Sides) -> Tensor:
    """Return x with its neighbors, out of strips: what gradients and compilers can follow."""
    left, right, top, bottom = sides
    drop, slide = offset
    if slide:
        return joined(x.mT, (slide, 0), (top, bottom, left, right)).mT
    height, width = x.shape[-2:]
    before, after = x[..., width - left :], x[..., :right]
    if drop:
        before, after = before.roll(-drop, -2), after.roll(drop, -2)
    if left or right:
        x = torch.cat([before, x, after], dim=-1)
    return torch.cat([x[..., height - top :, :], x, x[..., :bottom, :]], dim=-2) if top or bottom else x


def fill(out: Tensor, x: Tensor, offset: Offset, sides: Sides) -> Tensor:
    """Write x and its neighbors into ``out`` (..., H + top + bottom, W + left + right), and return that."""
    if offset[1]:
        _fill(out.mT, x.mT, offset[1], (sides[2], sides[3], sides[0], sides[1]))
    else:
        _fill(out, x, offset[0], sides)
    return out


def _fill(out: Tensor, x: Tensor, drop: int, sides: Sides) -> None:
    left, right, top, bottom = sides
    height, width = x.shape[-2:]
    middle = out[..., top : top + height, :]
    middle[..., left : left + width].copy_(x)
    if left:
        _rolled(middle[..., :left], x[..., width - left :], height - drop if drop else 0)
    if right:
        _rolled(middle[..., left + width :], x[..., :right], drop)
    if top:
        out[..., :top, :].copy_(out[..., height : height + top, :])
    if bottom:
        out[..., top + height :, :].copy_(out[..., top : top + bottom, :])


def _rolled(out: Tensor, strip: Tensor, by: int) -> None:
    """Write a strip (..., H, n), moved down by ``by`` pixels, into ``out``."""
    if not by:
        out.copy_(strip)
        return
    kept = strip.shape[-2] - by
    out[..., by:, :].copy_(strip[..., :kept, :])
    out[..., :by, :].copy_(strip[..., kept:, :])


class Desk(threading.local):
    """Memory that one padded activation after another is laid out in: new memory costs as much as the copy does.

    Each thread has its own. Only what is used up before the next is asked for may lie on it.
    """

    def __init__(self) -> None:
        self._memory: dict[torch.dtype, Tensor] = {}

    def laid(self, x: Tensor, offset: Offset, sides: Sides, *, layout: torch.memory_format) -> Tensor:
        """Return x with its neighbors, valid until the next call."""
        shape = _shape(x, sides)
        count = 1
        for side in shape:
            count *= side
        flat = self._memory.get(x.dtype)
        if flat is None or flat.numel() < count:
            with torch.inference_mode(False):
                flat = self._memory[x.dtype] = torch.empty(count, dtype=x.dtype)
        if layout is torch.channels_last:
            batch, channels, height, width = shape
            out = flat[:count].view(batch, height, width, channels).permute(0, 3, 1, 2)
        else:
            out = flat[:count].view(shape)
        return fill(out, x, offset, sides)

    def clear(self) -> None:
        """Give this thread's memory back."""
        self._memory.clear()


def _shape(x: Tensor, sides: Sides) -> tuple[int, ...]:
    return (*x.shape[:-2], x.shape[-2] + sides[2] + sides[3], x.shape[-1] + sides[0] + sides[1])


def _layout(x: Tensor) -> torch.memory_format:
    """Return the order in memory that a copy of x should have too."""
    if x.dim() == 4 and x.is_contiguous(memory_format=torch.channels_last) and not x.is_contiguous():
        return torch.channels_last
    if x.dim() == 5 and x.is_contiguous(memory_format=torch.channels_last_3d) and not x.is_contiguous():
        return torch.channels_last_3d
    return torch.contiguous_format
