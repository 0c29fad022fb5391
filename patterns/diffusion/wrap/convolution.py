"""A convolution on the lattice, by whichever of the exact ways is fastest for its size, layout and device.

Measured by ``benchmarks/wrapping.py``; the figures are in docs/wrapping.md.
"""

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from patterns.diffusion.wrap.levels import Offset, offset, refuse_undivided
from patterns.diffusion.wrap.padding import Desk, Sides, padded, recorded
from patterns.errors import LatticeError
from patterns.lattice import Grid

Pair = tuple[int, int]
# From this many pixels on, a map is convolved with zeros around it and its border made good: a copy of it costs more.
LARGE_PX = 384 * 384
DESK = Desk()


def convolve(
    grid: Grid, x: Tensor, weight: Tensor, bias: Any = None, stride: Any = 1, padding: Any = 0, dilation: Any = 1,
    groups: int = 1,
) -> Tensor:  # fmt: skip
    """Return what F.conv2d or F.conv3d of the same arguments is on the lattice: x at any level of ``grid``.

    Raises LatticeError if x is no level of the grid, or if its stride divides a side or the offset into parts.
    """
    sides = _sides((weight.shape[-2], weight.shape[-1]), padding, last_two(dilation))
    conv = F.conv2d if weight.dim() == 4 else F.conv3d
    if not any(sides):
        return conv(x, weight, bias, stride, padding, dilation, groups)
    here = _checked(x, grid, (sides, last_two(weight.shape[-2:]), last_two(stride), last_two(dilation)))
    if x.device.type != "cpu" or recorded(x, weight, bias):
        around = padded(x, here, sides)
    elif _mends(x, sides, last_two(stride)):
        return mended(x, weight, bias, (here, sides, last_two(dilation), groups))
    else:
        around = _laid(x, weight, here, sides)
    return conv(around, weight, bias, stride, _in_time(padding, weight), dilation, groups)


def _checked(x: Tensor, grid: Grid, layer: tuple[Sides, Pair, Pair, Pair]) -> Offset:
    """Return the offset at the level of x; LatticeError if a layer (sides, kernel, stride, dilation) leads off it."""
    sides, kernel, stride, dilation = layer
    height, width = x.shape[-2], x.shape[-1]
    drop, slide = offset(grid, height, width)
    if stride != (1, 1):
        refuse_undivided((width, height, drop, slide), max(stride))
    rows = (height + sides[2] + sides[3] - dilation[0] * (kernel[0] - 1) - 1) // stride[0] + 1
    columns = (width + sides[0] + sides[1] - dilation[1] * (kernel[1] - 1) - 1) // stride[1] + 1
    if (rows * max(stride), columns * max(stride)) != (height, width):
        raise LatticeError(
            f"a layer of this network makes {columns} x {rows} px of {width} x {height} px, which is no level of any "
            "lattice; this network cannot be wrapped."
        )
    return drop, slide


def last_two(value: Any) -> Pair:
    """Return (rows, columns) of what torch takes as one number, or as one for each dimension."""
    if isinstance(value, int):
        return value, value
    return (value[-2], value[-1]) if len(value) > 1 else (value[0], value[0])


def _sides(kernel: Pair, padding: Any, dilation: Pair) -> Sides:
    """Return what a convolution's ``padding`` adds; for "same", one more on the far side if it cannot be halved."""
    if padding == "same":
        rows, columns = (d * (k - 1) for k, d in zip(kernel, dilation, strict=True))
        return columns // 2, columns - columns // 2, rows // 2, rows - rows // 2
    rows, columns = (0, 0) if padding == "valid" else last_two(padding)
    return columns, columns, rows, rows


def _in_time(padding: Any, weight: Tensor) -> Any:
    """Return the same padding with none on the last two dimensions: what is left of it for time."""
    if weight.dim() == 4:
        return 0
    if isinstance(padding, str):
        return ((weight.shape[2] - 1) // 2, 0, 0)
    return (padding if isinstance(padding, int) else padding[0], 0, 0)


def _laid(x: Tensor, weight: Tensor, here: Offset, sides: Sides) -> Tensor:
    """Return x with its neighbors on the desk, in the order in memory that torch will convolve it in."""
    if max(sides[:2]) > x.shape[-1] or max(sides[2:]) > x.shape[-2]:
        return padded(x, here, sides)
    last = torch.channels_last
    suits = x.dim() == 4 and any(t.is_contiguous(memory_format=last) and not t.is_contiguous() for t in (x, weight))
    return DESK.laid(x, here, sides, layout=last if suits else torch.contiguous_format)


def _mends(x: Tensor, sides: Sides, stride: Pair) -> bool:
    """Return whether the zero padding is kept and the border made good afterwards."""
    left, right, top, bottom = sides
    height, width = x.shape[-2:]
    even = left == right and top == bottom and left and top and 4 * max(sides) <= min(height, width)
    return bool(even and x.dim() == 4 and stride == (1, 1) and height * width >= LARGE_PX)


def mended(x: Tensor, weight: Tensor, bias: Any, how: tuple[Offset, Sides, Pair, int]) -> Tensor:
    """Return the convolution of x (B, C, H, W) with zeros around it, its border made good out of thin strips.

    ``how`` is the offset, what the layer looks at on each side, its dilation and its groups. For layers of stride 1
    that look equally far on opposite sides.
    """
    (drop, slide), (columns, _, rows, _), dilation, groups = how
    spread = list(dilation)

    def plain(strip: Tensor, kernel: Tensor = weight, sides: Pair = (0, 0)) -> Tensor:
        # Not F.conv2d, for which something else may stand while this runs.
        return torch.convolution(strip, kernel, bias, [1, 1], list(sides), spread, False, [0, 0], groups)

    out = plain(x, sides=(rows, columns))
    if not slide:
        _mend(out, x, (drop, columns, rows), plain)
        return out
    spread.reverse()
    turned = weight.mT.contiguous()
    _mend(out.mT, x.mT, (slide, rows, columns), lambda strip: plain(strip, turned))
    return out


def _mend(out: Tensor, x: Tensor, how: tuple[int, int, int], plain: Any) -> None:
    """Write the border of ``out`` anew: ``how`` is the drop, and how far the layer looks along rows and columns."""
    drop, across, down = how
    height, width = x.shape[-2:]
    beyond = x[..., : 2 * across]
    seam = torch.cat([x[..., width - 2 * across :], beyond.roll(drop, -2) if drop else beyond], dim=-1)
    seam = plain(torch.cat([seam[..., height - down :, :], seam, seam[..., :down, :]], dim=-2))
    out[..., width - across :].copy_(seam[..., :across])
    after = seam[..., across:]
    out[..., :across].copy_(after.roll(-drop, -2) if drop else after)
    joint = plain(torch.cat([x[..., height - 2 * down :, :], x[..., : 2 * down, :]], dim=-2))
    out[..., height - down :, across : width - across].copy_(joint[..., :down, :])
    out[..., :down, across : width - across].copy_(joint[..., down:, :])
