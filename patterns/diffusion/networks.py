"""The networks of a pipeline: which one draws, what sizes all of them carry, and all of them on the lattice."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from fractions import Fraction
from typing import Any

import torch
from torch import nn

from patterns.diffusion.strides import picture_multiple, refuse_uncarried, total_stride
from patterns.errors import CannotMake
from patterns.lattice import Grid


def refuse_size(pipeline: Any, grid: Grid) -> None:
    """Raise LatticeError, naming the nearest sizes that work, unless every level of a pipeline carries the grid."""
    refuse_uncarried(grid, multiple(pipeline))


def multiple(pipeline: Any) -> int:
    """Return what a picture's sides and offset must be multiples of, in pixels, for a pipeline."""
    return picture_multiple(denoiser(pipeline).config, pipeline.vae.config)


def latent_grid(pipeline: Any, grid: Grid) -> Grid:
    """Return the lattice of an image's grid on the pipeline's latents."""
    return grid.scaled(Fraction(1, total_stride(pipeline.vae)))


def denoiser(pipeline: Any) -> Any:
    """Return the network that a pipeline evaluates at each step; CannotMake if patterns cannot draw with its kind."""
    for name in ("unet", "transformer"):
        found = getattr(pipeline, name, None)
        if found is not None and getattr(pipeline, "vae", None) is not None:
            return found
    raise CannotMake(
        f"{type(pipeline).__name__} has no U-Net or transformer with an autoencoder, so that patterns does not "
        "know how to draw with it on a lattice."
    )


@contextmanager
def on_lattice(pipeline: Any, grid: Grid, seed: int) -> Iterator[None]:
    """Wrap every network that looks at pixels, give its positions to the lattice, and leave no mark in the picture."""
    from patterns.diffusion.positions import positioned
    from patterns.diffusion.wrap import wrapped

    with ExitStack() as stack:
        for part in list(pipeline.components.values()):
            if isinstance(part, nn.Module) and not type(part).__module__.startswith("transformers."):
                stack.enter_context(wrapped(part, grid))
                if part is not pipeline.vae:
                    stack.enter_context(positioned(part, grid, generator=torch.Generator().manual_seed(seed)))
        if getattr(pipeline, "watermark", None) is not None:
            # SDXL's mark knows no lattice; what made a design is said in its label.
            stack.callback(setattr, pipeline, "watermark", pipeline.watermark)
            pipeline.watermark = None
        yield
