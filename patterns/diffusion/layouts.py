"""How a model takes its latents: as planes, as packed tokens, or as a list of single pictures.

Predictions are folded, masked and rolled in the plane; a ``Layout`` goes there and back, exactly.
"""

import inspect
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from torch import Tensor, nn

from patterns.errors import LatticeError
from patterns.lattice import Grid


@dataclass(frozen=True, slots=True)
class Layout:
    """A model's own form of the latents of one cell.

    ``planes``: (B, C, H, W) as it is. ``tokens``: (B, H/p * W/p, C * p * p), rows first, each token its channels, then
    its p x p latent pixels; what follows the cell's tokens (reference pictures) is left off by ``unpack``. ``list``:
    B pictures (C, 1, H, W). Two layouts of one model differ by the grid only.
    """

    kind: Literal["planes", "tokens", "list"]
    grid: Grid
    packed: int = 1

    @property
    def patch(self) -> int:
        """Latent pixels of the plane that one packed token is high and wide; 1 where nothing is packed."""
        return self.packed

    def unpack(self, latents: Tensor | Sequence[Tensor]) -> Tensor:
        """Return (B, C, H, W) from what the model takes or returns."""
        if self.kind == "list":
            return _stacked(latents)
        assert isinstance(latents, Tensor)
        if self.kind == "planes":
            return latents
        rows, columns, p = self.grid.height // self.packed, self.grid.width // self.packed, self.packed
        cell = latents[:, : rows * columns].unflatten(1, (rows, columns)).unflatten(-1, (-1, p, p))
        return cell.permute(0, 3, 1, 4, 2, 5).flatten(4, 5).flatten(2, 3)

    def pack(self, planes: Tensor) -> Any:
        """Return (B, C, H, W) as the model takes it: the same tensor, (B, tokens, C * p * p), or a list."""
        if self.kind == "list":
            return list(planes.unsqueeze(2).unbind(0))
        if self.kind == "planes":
            return planes
        p = self.packed
        split = planes.unflatten(3, (-1, p)).unflatten(2, (-1, p))
        return split.permute(0, 2, 4, 1, 3, 5).flatten(3, 5).flatten(1, 2)


def latent_layout(model: nn.Module, grid: Grid, *, channels: int | None = None) -> Layout:
    """Return how ``model`` takes latents on ``grid``, read off its call: packed tokens come with ids or shapes.

    Without ``channels`` of the latent planes a packed token is 2 x 2 latent pixels, as in every model known so far;
    with them it is what the width of the prediction says. Raises LatticeError if the grid does not divide into tokens.
    """
    names = inspect.signature(model.forward).parameters
    if "cap_feats" in names and "x" in names:
        return Layout("list", grid)
    if not {"img_ids", "img_shapes"} & set(names) or hasattr(model, "patchify"):
        return Layout("planes", grid)
    return Layout("tokens", grid, packed_side(model, grid, channels))


def packed_side(model: nn.Module, grid: Grid, channels: int | None) -> int:
    """Return how many latent pixels a packed token is high and wide; LatticeError if the grid is no multiple."""
    width = getattr(getattr(model, "proj_out", None), "out_features", None)
    side = math.isqrt(width // channels) if channels and width else 2
    for name, length in (("width", grid.width), ("height", grid.height), ("offset", grid.drop or grid.slide)):
        if length % side:
            raise LatticeError(
                f"this model packs {side} x {side} latent pixels into a token, and the cell's {name} of {length} "
                f"latent pixels is no multiple; take one that is."
            )
    return side


def _stacked(latents: Tensor | Sequence[Tensor]) -> Tensor:
    import torch

    planes = latents if isinstance(latents, Tensor) else torch.stack(list(latents))
    return planes.squeeze(2) if planes.ndim == 5 else planes
