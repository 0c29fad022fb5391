"""How coarse a network's coarsest level is, from its configuration alone: what a tile's sides must be multiples of.

Everything here reads configurations, the dictionaries in each component's config.json, so that a size can be refused
before any weights are loaded. Nothing heavy is imported.
"""

import math
from collections.abc import Mapping
from typing import Any

from patterns.errors import CannotMake, LatticeError
from patterns.lattice import Grid

Config = Mapping[str, Any]


def total_stride(module: Any) -> int:
    """Return how many pixels of the module's own input a roll must be a multiple of.

    ``module`` is a network with a ``config``, or a configuration. Of an autoencoder it is how many pixels one latent
    has across. Raises CannotMake if the configuration does not say.
    """
    config: Config = module if isinstance(module, Mapping) else getattr(module, "config", {})
    found = _adapter(config) or _autoencoder(config) or _unet(config) or _transformer(config)
    if not found:
        name = config.get("_class_name") or type(module).__name__
        raise CannotMake(
            f"nothing in the configuration of {name} says how coarse its levels are; without that no size can be "
            "chosen for it (looked for block_out_channels, dim_mult, channels and patch_size)."
        )
    return found


def picture_multiple(denoiser: Config, autoencoder: Config, *others: Config) -> int:
    """Return what a picture's sides and offset, in pixels, must be multiples of for every level to carry them.

    ``others`` are configurations of ControlNets, which see latents, and of T2I adapters, which see the picture.
    """
    pixels = total_stride(autoencoder)
    latents = max(total_stride(denoiser), _packed(denoiser, autoencoder))
    multiple = pixels * latents
    for other in others:
        multiple = math.lcm(multiple, total_stride(other) * (1 if _adapter(other) else pixels))
    return multiple


def refuse_uncarried(grid: Grid, multiple: int) -> None:
    """Raise LatticeError, naming the nearest that can, if a side or the offset is no multiple of ``multiple`` px."""
    across, down = grid.copies
    _refuse("width", grid.width, multiple * (down if grid.slide else 1), multiple)
    _refuse("height", grid.height, multiple * (across if grid.drop else 1), multiple)


def _refuse(side: str, pixels: int, step: int, multiple: int) -> None:
    if pixels % step == 0:
        return
    below = max(step, pixels // step * step)
    parts = f" and its offset of {step // multiple} parts" if step > multiple else ""
    raise LatticeError(
        f"every level of this model carries a tile {side}{parts} only in whole multiples of {step} px; {pixels} px is "
        f"not one. Nearest that are: {below} px, {below + step} px."
    )


def _adapter(config: Config) -> int:
    """Return the stride of a T2I adapter, whose levels each halve what its first step has made coarser."""
    if "downscale_factor" not in config or "channels" not in config:
        return 0
    levels = len(config["channels"])
    halvings = {"full_adapter_xl": 1, "light_adapter": levels}
    return int(config["downscale_factor"]) * 2 ** halvings.get(config.get("adapter_type", ""), levels - 1)


def _autoencoder(config: Config) -> int:
    """Return how many pixels a latent of an autoencoder has across."""
    if "dim_mult" in config:
        return 2 ** (len(config["dim_mult"]) - 1) * _side(config.get("patch_size"))
    if config.get("spatial_compression_ratio"):
        return int(config["spatial_compression_ratio"])
    channels = config.get("encoder_block_out_channels")
    if channels:
        return 2 ** (len(channels) - 1)
    if "latent_channels" in config and "block_out_channels" in config:
        return 2 ** (len(config["block_out_channels"]) - 1)
    return 0


def _unet(config: Config) -> int:
    """Return the stride of a U-Net or a ControlNet, which halves between its levels."""
    if "down_block_types" not in config or "block_out_channels" not in config:
        return 0
    return 2 ** (len(config["block_out_channels"]) - 1)


def _transformer(config: Config) -> int:
    """Return how many latents a token has across."""
    sizes = config.get("all_patch_size", config.get("patch_size"))
    return _side(sizes) if sizes else 0


def _packed(denoiser: Config, autoencoder: Config) -> int:
    """Return how many latents across are packed into one token before a transformer sees them."""
    if "down_block_types" in denoiser or "in_channels" not in denoiser:
        return 1
    latents = autoencoder.get("latent_channels") or autoencoder.get("z_dim") or denoiser["in_channels"]
    ratio = denoiser["in_channels"] // latents
    side = math.isqrt(ratio) if ratio else 1
    return side if side * side * latents == denoiser["in_channels"] else 1


def _side(size: Any) -> int:
    """Return the side of a patch written as a number, a pair, (time, rows, columns), or nothing at all."""
    if not size:
        return 1
    return int(size) if isinstance(size, int) else int(size[-1])
