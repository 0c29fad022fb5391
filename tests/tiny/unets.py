"""Tiny convolutional networks with random weights, of the families that picture models are made of.

Each builder returns a network in evaluation mode, float64; ``seeded`` makes all its weights random, so that layers
that start at zero (ControlNet's, Qwen's) cannot hide what they look at.
"""

from typing import Any

import torch
from diffusers.models.adapter import T2IAdapter
from diffusers.models.autoencoders.autoencoder_dc import AutoencoderDC
from diffusers.models.autoencoders.autoencoder_kl import AutoencoderKL
from diffusers.models.autoencoders.autoencoder_kl_qwenimage import AutoencoderKLQwenImage
from diffusers.models.autoencoders.autoencoder_kl_wan import AutoencoderKLWan
from diffusers.models.autoencoders.autoencoder_tiny import AutoencoderTiny
from diffusers.models.controlnets.controlnet import ControlNetModel
from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel
from torch import nn


def seeded(network: nn.Module, seed: int = 0) -> Any:
    """Return the network in evaluation mode and float64, every weight drawn anew."""
    generator = torch.Generator().manual_seed(seed)
    for parameter in network.parameters():
        fan = max(1, parameter[0].numel()) if parameter.dim() > 1 else 25
        noise = torch.randn(parameter.shape, generator=generator) / fan**0.5
        parameter.data = noise if parameter.dim() > 1 else parameter.data + 0.2 * noise
    return network.double().eval().requires_grad_(False)


def sd15_unet(**changes: Any) -> Any:
    """A U-Net like that of Stable Diffusion 1.5: four levels, attention at three; total stride 8."""
    shape = {
        "sample_size": 16,
        "block_out_channels": (8, 16, 16, 16),
        "layers_per_block": 1,
        "cross_attention_dim": 8,
        "norm_num_groups": 4,
        "attention_head_dim": 2,
    }
    return seeded(UNet2DConditionModel(**{**shape, **changes}))


def sdxl_unet(**changes: Any) -> Any:
    """A U-Net like that of SDXL: three levels, linear projections, sizes and crops embedded; total stride 4."""
    shape = {
        "down_block_types": ("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
        "up_block_types": ("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
        "block_out_channels": (8, 16, 16),
        "transformer_layers_per_block": (1, 1, 2),
        "use_linear_projection": True,
        "addition_embed_type": "text_time",
        "addition_time_embed_dim": 4,
        "projection_class_embeddings_input_dim": 32,
    }
    return sd15_unet(**{**shape, **changes})


def controlnet(unet: UNet2DConditionModel) -> Any:
    """A ControlNet for a U-Net, with its conditioning embedding."""
    return seeded(ControlNetModel.from_unet(unet, conditioning_embedding_out_channels=(4, 8, 8, 8)), seed=1)


def t2i_adapter(kind: str = "full_adapter") -> Any:
    """A T2I adapter; its input is the picture."""
    return seeded(T2IAdapter(channels=[8, 8, 8], num_res_blocks=1, downscale_factor=4, adapter_type=kind))


def autoencoder(**changes: Any) -> Any:
    """The autoencoder of Stable Diffusion, with three levels: 4 pixels a latent; its encoder pads one side only."""
    shape = {
        "down_block_types": ("DownEncoderBlock2D",) * 3,
        "up_block_types": ("UpDecoderBlock2D",) * 3,
        "block_out_channels": (8, 8, 8),
        "norm_num_groups": 4,
        "layers_per_block": 1,
        "sample_size": 32,
    }
    return seeded(AutoencoderKL(**{**shape, **changes}))


def tiny_autoencoder() -> Any:
    """An AutoencoderTiny (TAESD): 8 pixels a latent."""
    return seeded(
        AutoencoderTiny(
            encoder_block_out_channels=(8, 8, 8, 8),
            decoder_block_out_channels=(8, 8, 8, 8),
            num_encoder_blocks=(1, 1, 1, 1),
            num_decoder_blocks=(1, 1, 1, 1),
        )
    )


def qwen_autoencoder() -> Any:
    """Qwen-Image's causal 3-D autoencoder: 8 pixels a latent, five dimensions."""
    return seeded(
        AutoencoderKLQwenImage(
            base_dim=4, z_dim=4, dim_mult=[1, 2, 2, 2], num_res_blocks=1, latents_mean=[0.0] * 4, latents_std=[1.0] * 4
        )
    )


def wan_autoencoder() -> Any:
    """Wan's causal 3-D autoencoder: 8 pixels a latent, five dimensions."""
    return seeded(
        AutoencoderKLWan(
            base_dim=4, z_dim=4, dim_mult=[1, 2, 2, 2], num_res_blocks=1, latents_mean=[0.0] * 4, latents_std=[1.0] * 4
        )
    )


def deep_autoencoder() -> Any:
    """Sana's deep compression autoencoder, with three levels: 4 pixels a latent, depthwise convolutions of 3 and 5."""
    blocks: Any = ("ResBlock", "ResBlock", "EfficientViTBlock")
    return seeded(
        AutoencoderDC(
            latent_channels=4,
            encoder_block_types=blocks,
            decoder_block_types=blocks,
            encoder_block_out_channels=(8, 8, 16),
            decoder_block_out_channels=(8, 8, 16),
            encoder_layers_per_block=(1, 1, 1),
            decoder_layers_per_block=(1, 1, 1),
            encoder_qkv_multiscales=((), (), (5,)),
            decoder_qkv_multiscales=((), (), (5,)),
            attention_head_dim=8,
            upsample_block_type="interpolate",
            downsample_block_type="Conv",
            decoder_norm_types="rms_norm",
            decoder_act_fns="silu",
        )
    )
