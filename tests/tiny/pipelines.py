"""Whole diffusers pipelines with random weights, small enough for a test: text encoders and tokenizers included.

Each function returns a pipeline on the CPU in float32, the same weights every time. They draw noise, by the rules of
the pipeline whose kind they are. ``tiny_sd15(folder)`` writes one as a local diffusers folder.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import diffusers as _diffusers
import torch
import transformers
from tokenizers import pre_tokenizers

# Its classes are found when they are asked for, which no type checker sees.
diffusers: Any = _diffusers
WIDTH = 32
_CHAT = "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}<|im_end|>\n{% endfor %}<|im_start|>a\n"


def tiny_sd15(folder: Path) -> Path:
    """Write a tiny Stable Diffusion 1.5 as a diffusers folder, and return the folder."""
    sd15().save_pretrained(folder)
    return folder


def sd15() -> Any:
    """Return a Stable Diffusion 1.5: a U-Net with one downsampler, a CLIP text model."""
    with _making():
        return _ready(
            diffusers.StableDiffusionPipeline(
                vae=_vae(4),
                text_encoder=transformers.CLIPTextModel(_clip_config()),
                tokenizer=_clip_tokenizer(),
                unet=_unet(cross_attention_dim=WIDTH),
                scheduler=diffusers.DDIMScheduler(
                    beta_start=0.00085,
                    beta_end=0.012,
                    beta_schedule="scaled_linear",
                    clip_sample=False,
                    set_alpha_to_one=False,
                    steps_offset=1,
                ),
                safety_checker=None,
                feature_extractor=None,
                requires_safety_checker=False,
            )
        )


def sdxl() -> Any:
    """Return a Stable Diffusion XL: two text encoders, sizes and crops told to the U-Net."""
    with _making():
        return _ready(
            diffusers.StableDiffusionXLPipeline(
                vae=_vae(4),
                text_encoder=transformers.CLIPTextModel(_clip_config()),
                text_encoder_2=transformers.CLIPTextModelWithProjection(_clip_config()),
                tokenizer=_clip_tokenizer(),
                tokenizer_2=_clip_tokenizer(),
                unet=_unet(
                    cross_attention_dim=2 * WIDTH,
                    addition_embed_type="text_time",
                    addition_time_embed_dim=8,
                    projection_class_embeddings_input_dim=6 * 8 + WIDTH,
                    use_linear_projection=True,
                ),
                scheduler=diffusers.EulerDiscreteScheduler(
                    beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear", steps_offset=1
                ),
                add_watermarker=False,
            )
        )


def sd3() -> Any:
    """Return a Stable Diffusion 3: sine-cosine positions, three text encoders of which T5 is left out."""
    with _making():
        transformer = diffusers.SD3Transformer2DModel(
            sample_size=32,
            patch_size=2,
            in_channels=4,
            num_layers=2,
            attention_head_dim=16,
            num_attention_heads=2,
            joint_attention_dim=2 * WIDTH,
            caption_projection_dim=32,
            pooled_projection_dim=2 * WIDTH,
            out_channels=4,
            pos_embed_max_size=96,
        )
        return _ready(
            diffusers.StableDiffusion3Pipeline(
                transformer=transformer,
                scheduler=diffusers.FlowMatchEulerDiscreteScheduler(shift=3.0),
                vae=_vae(4, shift_factor=0.06),
                text_encoder=transformers.CLIPTextModelWithProjection(_clip_config()),
                tokenizer=_clip_tokenizer(),
                text_encoder_2=transformers.CLIPTextModelWithProjection(_clip_config()),
                tokenizer_2=_clip_tokenizer(),
                text_encoder_3=None,
                tokenizer_3=None,
            )
        )


def flux() -> Any:
    """Return a FLUX.1: packed tokens, rotary positions."""
    with _making():
        transformer = diffusers.FluxTransformer2DModel(
            patch_size=1,
            in_channels=16,
            num_layers=1,
            num_single_layers=1,
            attention_head_dim=16,
            num_attention_heads=2,
            joint_attention_dim=WIDTH,
            pooled_projection_dim=WIDTH,
            guidance_embeds=True,
            axes_dims_rope=(4, 4, 8),
        )
        return _ready(
            diffusers.FluxPipeline(
                scheduler=diffusers.FlowMatchEulerDiscreteScheduler(shift=3.0, use_dynamic_shifting=True),
                vae=_vae(4, shift_factor=0.1),
                text_encoder=transformers.CLIPTextModel(_clip_config()),
                tokenizer=_clip_tokenizer(),
                text_encoder_2=transformers.T5EncoderModel(_t5_config()),
                tokenizer_2=_t5_tokenizer(),
                transformer=transformer,
            )
        )


def flux2_klein() -> Any:
    """Return a FLUX.2 klein: latents in 2 x 2 patches that are normalized, a Qwen3 language model."""
    with _making():
        transformer = diffusers.Flux2Transformer2DModel(
            patch_size=1,
            in_channels=16,
            num_layers=1,
            num_single_layers=1,
            attention_head_dim=16,
            num_attention_heads=2,
            joint_attention_dim=3 * WIDTH,
            timestep_guidance_channels=32,
            axes_dims_rope=(4, 4, 4, 4),
            guidance_embeds=False,
        )
        vae = diffusers.AutoencoderKLFlux2(
            down_block_types=("DownEncoderBlock2D",) * 2,
            up_block_types=("UpDecoderBlock2D",) * 2,
            block_out_channels=(16, 32),
            layers_per_block=1,
            latent_channels=4,
            norm_num_groups=4,
        )
        return _ready(
            diffusers.Flux2KleinPipeline(
                scheduler=diffusers.FlowMatchEulerDiscreteScheduler(use_dynamic_shifting=True),
                vae=vae.eval(),
                text_encoder=transformers.Qwen3ForCausalLM(_qwen3_config(layers=28)),
                tokenizer=_qwen_tokenizer(),
                transformer=transformer,
            )
        )


def qwen_image() -> Any:
    """Return a Qwen-Image: a causal 3-D autoencoder, a language model that also sees."""
    with _making():
        transformer = diffusers.QwenImageTransformer2DModel(
            patch_size=2,
            in_channels=16,
            out_channels=4,
            num_layers=2,
            attention_head_dim=16,
            num_attention_heads=2,
            joint_attention_dim=WIDTH,
            axes_dims_rope=(4, 4, 8),
        )
        vae = diffusers.AutoencoderKLQwenImage(
            base_dim=16,
            z_dim=4,
            dim_mult=[1, 1],
            num_res_blocks=1,
            temperal_downsample=[False],
            latents_mean=[0.1, -0.1, 0.2, 0.0],
            latents_std=[1.0, 1.5, 0.8, 1.2],
        )
        return _ready(
            diffusers.QwenImagePipeline(
                scheduler=diffusers.FlowMatchEulerDiscreteScheduler(use_dynamic_shifting=True),
                vae=vae.eval(),
                text_encoder=transformers.Qwen2_5_VLForConditionalGeneration(_qwen_vl_config()),
                tokenizer=_qwen_tokenizer(),
                transformer=transformer,
            )
        )


def z_image() -> Any:
    """Return a Z-Image: a transformer that takes lists of pictures, a Qwen3 language model."""
    with _making():
        transformer = diffusers.ZImageTransformer2DModel(
            all_patch_size=(2,),
            all_f_patch_size=(1,),
            in_channels=4,
            dim=32,
            n_layers=2,
            n_refiner_layers=1,
            n_heads=2,
            n_kv_heads=2,
            cap_feat_dim=WIDTH,
            axes_dims=[4, 4, 8],
            axes_lens=[256, 64, 64],
        )
        for parameter in transformer.parameters():
            # Two pads are made of uninitialized memory.
            if not torch.isfinite(parameter).all() or parameter.abs().max() > 100:
                torch.nn.init.normal_(parameter, std=0.02)
        for name in ("x_pad_token", "cap_pad_token"):
            torch.nn.init.normal_(getattr(transformer, name), std=0.02)
        return _ready(
            diffusers.ZImagePipeline(
                scheduler=diffusers.FlowMatchEulerDiscreteScheduler(use_dynamic_shifting=True),
                vae=_vae(4, shift_factor=0.1),
                text_encoder=transformers.Qwen3Model(_qwen3_config(layers=3)),
                tokenizer=_qwen_tokenizer(),
                transformer=transformer,
            )
        )


def sana() -> Any:
    """Return a Sana: a deep compression autoencoder, linear attention without positions, a Gemma language model."""
    with _making():
        transformer = diffusers.SanaTransformer2DModel(
            in_channels=4,
            out_channels=4,
            num_layers=1,
            attention_head_dim=16,
            num_attention_heads=2,
            num_cross_attention_heads=2,
            cross_attention_head_dim=16,
            cross_attention_dim=32,
            caption_channels=WIDTH,
            sample_size=32,
            patch_size=1,
        )
        vae = diffusers.AutoencoderDC(
            in_channels=3,
            latent_channels=4,
            attention_head_dim=2,
            encoder_block_types=("ResBlock", "EfficientViTBlock"),
            decoder_block_types=("ResBlock", "EfficientViTBlock"),
            encoder_block_out_channels=(8, 8),
            decoder_block_out_channels=(8, 8),
            encoder_layers_per_block=(1, 1),
            decoder_layers_per_block=(1, 1),
            encoder_qkv_multiscales=((), (5,)),
            decoder_qkv_multiscales=((), (5,)),
            upsample_block_type="interpolate",
            downsample_block_type="stride_conv",
            decoder_norm_types="rms_norm",
            decoder_act_fns="silu",
            scaling_factor=0.41407,
        )
        return _ready(
            diffusers.SanaPipeline(
                tokenizer=_t5_tokenizer(),
                text_encoder=transformers.Gemma2Model(_gemma_config()),
                vae=vae.eval(),
                transformer=transformer,
                scheduler=diffusers.FlowMatchEulerDiscreteScheduler(shift=3.0),
            )
        )


PIPELINES: dict[str, Callable[[], Any]] = {
    "sd15": sd15,
    "sdxl": sdxl,
    "sd3": sd3,
    "flux": flux,
    "flux2-klein": flux2_klein,
    "qwen-image": qwen_image,
    "z-image": z_image,
    "sana": sana,
}


@contextmanager
def _making() -> Iterator[None]:
    """Draw weights from the same seed and leave the caller's chance alone; say nothing of what is left out."""
    logging.disable(logging.WARNING)
    try:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(20260)
            yield
    finally:
        logging.disable(logging.NOTSET)


def _ready(pipeline: Any) -> Any:
    """Return the pipeline as if it had been loaded: in eval mode, without gradients, without a bar."""
    for part in pipeline.components.values():
        if isinstance(part, torch.nn.Module):
            part.eval().requires_grad_(False)
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


def _unet(**more: Any) -> Any:
    return diffusers.UNet2DConditionModel(
        sample_size=16,
        in_channels=4,
        out_channels=4,
        block_out_channels=(16, 32),
        layers_per_block=1,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        attention_head_dim=2,
        norm_num_groups=4,
        **more,
    ).eval()


def _vae(channels: int, **more: Any) -> Any:
    return diffusers.AutoencoderKL(
        down_block_types=("DownEncoderBlock2D",) * 2,
        up_block_types=("UpDecoderBlock2D",) * 2,
        block_out_channels=(16, 32),
        layers_per_block=1,
        latent_channels=channels,
        norm_num_groups=4,
        sample_size=32,
        **more,
    ).eval()


def _clip_config() -> Any:
    return transformers.CLIPTextConfig(
        vocab_size=514,
        hidden_size=WIDTH,
        intermediate_size=48,
        num_hidden_layers=2,
        num_attention_heads=2,
        projection_dim=WIDTH,
        bos_token_id=512,
        eos_token_id=513,
        pad_token_id=513,
    )


def _clip_tokenizer() -> Any:
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    words = [*letters, *(f"{letter}</w>" for letter in letters), "<|startoftext|>", "<|endoftext|>"]
    return transformers.CLIPTokenizer(vocab={w: i for i, w in enumerate(words)}, merges=[], model_max_length=77)


def _t5_config() -> Any:
    return transformers.T5Config(vocab_size=128, d_model=WIDTH, d_kv=8, d_ff=48, num_layers=1, num_heads=2)


def _t5_tokenizer() -> Any:
    letters = [chr(code) for code in range(ord("a"), ord("z") + 1)]
    vocab = [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("▁", -2.0), *((letter, -3.0) for letter in letters)]
    return transformers.T5Tokenizer(vocab=vocab, extra_ids=0, model_max_length=512)


def _qwen_tokenizer() -> Any:
    words = [*sorted(pre_tokenizers.ByteLevel.alphabet()), "<|endoftext|>", "<|im_start|>", "<|im_end|>"]
    tokenizer = transformers.Qwen2Tokenizer(vocab={w: i for i, w in enumerate(words)}, merges=[])
    tokenizer.chat_template = _CHAT
    return tokenizer


def _qwen3_config(*, layers: int) -> Any:
    return transformers.Qwen3Config(
        vocab_size=300,
        hidden_size=WIDTH,
        intermediate_size=48,
        num_hidden_layers=layers,
        num_attention_heads=2,
        num_key_value_heads=2,
        head_dim=16,
    )


def _qwen_vl_config() -> Any:
    text = {
        "vocab_size": 300,
        "hidden_size": WIDTH,
        "intermediate_size": 48,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "num_key_value_heads": 2,
        "rope_scaling": {"type": "mrope", "mrope_section": [2, 3, 3], "rope_type": "default"},
    }
    vision = {
        "depth": 1,
        "hidden_size": 16,
        "intermediate_size": 32,
        "num_heads": 2,
        "out_hidden_size": WIDTH,
        "fullatt_block_indexes": [0],
    }
    return transformers.Qwen2_5_VLConfig(text_config=text, vision_config=vision)


def _gemma_config() -> Any:
    return transformers.Gemma2Config(
        vocab_size=128,
        hidden_size=WIDTH,
        intermediate_size=48,
        num_hidden_layers=1,
        num_attention_heads=2,
        num_key_value_heads=2,
        head_dim=16,
    )
