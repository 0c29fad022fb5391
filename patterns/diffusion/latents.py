"""From a picture on the lattice to the latents that a pipeline would have drawn it from."""

from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from patterns.errors import CannotMake


def encoded(pipeline: Any, pixels: np.ndarray) -> Tensor:
    """Return the latents (1, C, H, W) float32, on the model's device, of pixels (H, W, 3) sRGB 0-1.

    They are on the scale on which the pipeline's denoiser works: see ``_scaled``. The mode of the encoder's
    distribution is taken, so that the same picture has the same latents. Enter ``wrapped`` before.
    """
    vae = pipeline.vae
    picture = torch.from_numpy(np.ascontiguousarray(pixels, np.float32)).permute(2, 0, 1)[None] * 2 - 1
    if any(isinstance(layer, nn.Conv3d) for layer in vae.modules()):
        picture = picture.unsqueeze(2)
    before = vae.dtype
    # The autoencoder of SDXL overflows in half precision; its pipeline decodes in single precision too.
    coarse = before == torch.float16 and getattr(vae.config, "force_upcast", False)
    try:
        if coarse:
            vae.to(torch.float32)
        with torch.inference_mode():
            found = vae.encode(picture.to(pipeline._execution_device, vae.dtype))
    finally:
        if coarse:
            vae.to(before)
    latents = _taken(found)
    return _scaled(vae, latents[:, :, 0] if latents.dim() == 5 else latents).float().clone()


def _taken(found: Any) -> Tensor:
    if hasattr(found, "latent_dist"):
        return found.latent_dist.mode()
    for name in ("latents", "latent"):
        if hasattr(found, name):
            return getattr(found, name)
    raise CannotMake("the model's autoencoder does not say what the latents of a picture are; it can only draw afresh.")


def _scaled(vae: Any, latents: Tensor) -> Tensor:
    """Return latents as the denoiser sees them, by whichever figures the autoencoder has.

    FLUX.2 normalizes 2 x 2 patches by a batch norm's running figures; Qwen-Image, Wan and some of SDXL name a mean and
    a deviation for each channel; all others a factor, and some a shift.
    """
    config = vae.config
    if hasattr(vae, "bn"):
        patches = F.pixel_unshuffle(latents, 2)
        mean = vae.bn.running_mean.view(1, -1, 1, 1)
        deviation = torch.sqrt(vae.bn.running_var.view(1, -1, 1, 1) + config.batch_norm_eps)
        return F.pixel_shuffle((patches - mean) / deviation, 2)
    factor = getattr(config, "scaling_factor", None) or 1.0
    if getattr(config, "latents_mean", None) is not None and getattr(config, "latents_std", None) is not None:
        mean, deviation = (
            torch.tensor(v).view(1, -1, 1, 1).to(latents) for v in (config.latents_mean, config.latents_std)
        )
        return (latents - mean) * factor / deviation
    return (latents - (getattr(config, "shift_factor", None) or 0.0)) * factor
