"""What looks at a neighbor, on the lattice: convolutions, padding, pooling and interpolation of torch.

Each function here takes the arguments of the one of torch that it stands for, and the grid first: that of any level.
What does not look beyond the edge is handed on unchanged.
"""

from collections.abc import Callable, Sequence
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from patterns.diffusion.wrap.convolution import Pair, convolve, last_two
from patterns.diffusion.wrap.levels import level, offset
from patterns.diffusion.wrap.padding import Sides, padded
from patterns.errors import CannotMake
from patterns.lattice import Grid


def surrounded(x: Tensor, grid: Grid, sides: Sides) -> Tensor:
    """Return x (..., H, W), at whatever level of ``grid`` it is, with its neighbors around it."""
    return padded(x, offset(grid, x.shape[-2], x.shape[-1]), sides)


def grow(
    grid: Grid, x: Tensor, weight: Tensor, bias: Any = None, stride: Any = 1, padding: Any = 0,
    output_padding: Any = 0, groups: int = 1, dilation: Any = 1,
) -> Tensor:  # fmt: skip
    """Stand for F.conv_transpose2d."""
    pairs = [last_two(v) for v in (weight.shape[2:], dilation, stride, padding)]
    margins = []
    for kernel, spread, step, pad in zip(*pairs, strict=True):
        margins.append(max(0, (spread * (kernel - 1) - pad) // step, (step - 1 + pad) // step))
    (rows, columns), (up, across) = margins, last_two(stride)
    height, width = x.shape[-2:]
    around = surrounded(x, grid, (columns, columns, rows, rows))
    grown = F.conv_transpose2d(around, weight, bias, stride, padding, output_padding, groups, dilation)
    return grown[..., rows * up : (rows + height) * up, columns * across : (columns + width) * across]


def pad(grid: Grid, x: Tensor, pad: Sequence[int], mode: str = "constant", value: float | None = None) -> Tensor:
    """Stand for F.pad: neighbors on the last two dimensions, as it was on the others."""
    left, right, top, bottom, *_ = (*pad, 0, 0)
    around = (left, right, top, bottom)
    if x.dim() < 4 or value or not any(around) or min(around) < 0:
        return F.pad(x, pad, mode, value)
    x = surrounded(x, grid, around)
    return F.pad(x, (0, 0, 0, 0, *pad[4:]), mode, value) if any(pad[4:]) else x


def pool(torch_pool: Callable[..., Tensor]) -> Callable[..., Tensor]:
    """Return what stands for F.avg_pool2d or F.max_pool2d."""

    def pooled(grid: Grid, x: Tensor, kernel_size: Any, stride: Any = None, padding: Any = 0, *rest: Any, **named: Any):
        rows, columns = last_two(padding)
        if rows or columns:
            x = surrounded(x, grid, (columns, columns, rows, rows))
        return torch_pool(x, kernel_size, stride, 0, *rest, **named)

    return pooled


# Beyond the edge, bilinear interpolation looks at one pixel and bicubic at two.
SMOOTH = {"bilinear": 1, "bicubic": 2}


def interpolate(
    grid: Grid, input: Tensor, size: Any = None, scale_factor: Any = None, mode: str = "nearest", *rest: Any,
    **named: Any,
) -> Tensor:  # fmt: skip
    """Stand for F.interpolate. Nearest looks at no neighbor; CannotMake where corners are aligned."""
    if mode not in SMOOTH:
        return F.interpolate(input, size, scale_factor, mode, *rest, **named)
    if rest or named.get("align_corners"):
        raise CannotMake("this network aligns corners when it interpolates, which no repeat has; it cannot be wrapped.")
    return _smooth(grid, input, _wanted(input, size, scale_factor), mode, bool(named.get("antialias")))


def _wanted(x: Tensor, size: Any, scale: Any) -> Pair:
    if size is not None:
        return last_two(size)
    rows, columns = (scale, scale) if isinstance(scale, int | float) else scale[-2:]
    return int(x.shape[-2] * rows), int(x.shape[-1] * columns)


def _smooth(grid: Grid, x: Tensor, wanted: Pair, mode: str, antialias: bool) -> Tensor:
    """Return x with neighbors around it, interpolated and cut to (rows, columns) ``wanted``."""
    height, width = x.shape[-2:]
    level(grid, *wanted)
    # Whole steps of both grids; an antialiased kernel is as much wider as the picture shrinks.
    shrink = max(1, -(-height // wanted[0]))
    margin = _least_margin(height, wanted[0], SMOOTH[mode] * (shrink if antialias else 1) + 1)
    around = surrounded(x, grid, (margin, margin, margin, margin))
    rows, columns = (margin * wanted[0] // height, margin * wanted[1] // width)
    size = (wanted[0] + 2 * rows, wanted[1] + 2 * columns)
    drawn = F.interpolate(around, size, mode=mode, align_corners=False, antialias=antialias)
    return drawn[..., rows : rows + wanted[0], columns : columns + wanted[1]]


def _least_margin(size: int, wanted: int, looks: int) -> int:
    """Return the least margin of at least ``looks`` pixels that is whole after ``size`` has become ``wanted``."""
    return next(margin for margin in range(looks, looks + size + 1) if margin * wanted % size == 0)


# What stands for each function of torch that a network may call by itself.
STANDS_FOR: dict[Any, Callable[..., Tensor]] = {
    F.pad: pad,
    F.conv2d: convolve,
    F.conv3d: convolve,
    F.conv_transpose2d: grow,
    F.interpolate: interpolate,
    F.avg_pool2d: pool(F.avg_pool2d),
    F.max_pool2d: pool(F.max_pool2d),
    torch.max_pool2d: pool(F.max_pool2d),
}
