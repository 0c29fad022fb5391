"""Tiny transformers of every family of positions, and how each is asked for a prediction in the plane."""

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from patterns.diffusion.layouts import latent_layout
from patterns.lattice import Grid

# Its names come lazily, so that a type checker finds none of them.
diffusers: Any = importlib.import_module("diffusers")

CHANNELS = 4
WORDS = 5
WIDTH = 24
_HEADS = {"num_attention_heads": 2, "attention_head_dim": 32}


@dataclass(frozen=True)
class Tiny:
    """A tiny model and ``predict(planes, words, time) -> planes``, for planes (B, 4, H, W) and words (B, 5, 24)."""

    model: Any
    predict: Callable[[Tensor, Tensor, float], Tensor]


def flux() -> Tiny:
    """Return a FLUX.1: all words at the corner token."""
    model = _seeded(
        lambda: diffusers.FluxTransformer2DModel(
            in_channels=16,
            num_layers=1,
            num_single_layers=1,
            joint_attention_dim=WIDTH,
            pooled_projection_dim=8,
            axes_dims_rope=(4, 12, 16),
            **_HEADS,
        )
    )

    def predict(planes: Tensor, words: Tensor, time: float) -> Tensor:
        return _packed(
            model, planes, words, time=time, pooled_projections=words[:, 0, :8], txt_ids=torch.zeros(words.shape[1], 3)
        )

    return Tiny(model, predict)


def flux_with_reference() -> Tiny:
    """Return a FLUX.1 that sees another picture, of the tile's size, behind the tile's tokens."""
    model = flux().model

    def predict(planes: Tensor, words: Tensor, time: float) -> Tensor:
        layout = latent_layout(model, _plain(planes), channels=CHANNELS)
        other = layout.pack(torch.linspace(-1, 1, planes.numel(), dtype=planes.dtype).view_as(planes))
        ids = _ids(planes, 3)
        output = model(
            torch.cat([layout.pack(planes), other], dim=1),
            encoder_hidden_states=words,
            pooled_projections=words[:, 0, :8],
            timestep=_time(planes, time),
            img_ids=torch.cat([ids, ids + torch.tensor([1.0, 0.0, 0.0])]),
            txt_ids=torch.zeros(words.shape[1], 3),
            return_dict=False,
        )
        return layout.unpack(output[0])

    return Tiny(model, predict)


def flux_with_control() -> Tiny:
    """Return a FLUX.1 and its ControlNet; the condition is the tile itself, softened."""
    control = _seeded(
        lambda: diffusers.FluxControlNetModel(
            in_channels=16,
            num_layers=1,
            num_single_layers=1,
            joint_attention_dim=WIDTH,
            pooled_projection_dim=8,
            axes_dims_rope=[4, 12, 16],
            **_HEADS,
        )
    )
    model = torch.nn.ModuleDict({"transformer": flux().model, "control": control})

    def predict(planes: Tensor, words: Tensor, time: float) -> Tensor:
        layout = latent_layout(control, _plain(planes), channels=CHANNELS)
        given = {
            "encoder_hidden_states": words,
            "pooled_projections": words[:, 0, :8],
            "timestep": _time(planes, time),
            "img_ids": _ids(planes, 3),
            "txt_ids": torch.zeros(words.shape[1], 3),
            "return_dict": False,
        }
        blocks, singles = control(layout.pack(planes), controlnet_cond=layout.pack(planes.tanh()), **given)
        more = {"controlnet_block_samples": blocks, "controlnet_single_block_samples": singles}
        return layout.unpack(model["transformer"](layout.pack(planes), **given, **more)[0])

    return Tiny(model, predict)


def chroma() -> Tiny:
    """Return a Chroma: FLUX.1's positions, with a mask over words."""
    model = _seeded(
        lambda: diffusers.ChromaTransformer2DModel(
            in_channels=16,
            num_layers=1,
            num_single_layers=1,
            joint_attention_dim=WIDTH,
            axes_dims_rope=(4, 12, 16),
            approximator_num_channels=8,
            approximator_hidden_dim=16,
            approximator_layers=1,
            **_HEADS,
        )
    )

    def predict(planes: Tensor, words: Tensor, time: float) -> Tensor:
        tokens = planes.shape[-1] * planes.shape[-2] // 4
        mask = torch.ones(len(planes), words.shape[1] + tokens, dtype=torch.bool)
        mask[:, 3] = False
        return _packed(model, planes, words, time=time, txt_ids=torch.zeros(words.shape[1], 3), attention_mask=mask)

    return Tiny(model, predict)


def flux2() -> Tiny:
    """Return a FLUX.2: four axes, words counted along the fourth."""
    model = _seeded(
        lambda: diffusers.Flux2Transformer2DModel(
            in_channels=16,
            num_layers=1,
            num_single_layers=1,
            joint_attention_dim=WIDTH,
            timestep_guidance_channels=8,
            guidance_embeds=False,
            axes_dims_rope=(4, 12, 12, 4),
            **_HEADS,
        )
    )

    def predict(planes: Tensor, words: Tensor, time: float) -> Tensor:
        ids = torch.zeros(1, words.shape[1], 4)
        ids[..., 3] = torch.arange(words.shape[1])
        return _packed(model, planes, words, time=time, axes=4, txt_ids=ids)

    return Tiny(model, predict)


def qwen_image() -> Tiny:
    """Return a Qwen-Image: rows and columns counted from the middle, words beyond the picture's edge on all axes."""
    model = _seeded(
        lambda: diffusers.QwenImageTransformer2DModel(
            in_channels=16,
            out_channels=CHANNELS,
            num_layers=2,
            joint_attention_dim=WIDTH,
            axes_dims_rope=(4, 12, 16),
            **_HEADS,
        )
    )

    def predict(planes: Tensor, words: Tensor, time: float) -> Tensor:
        layout = latent_layout(model, _plain(planes), channels=CHANNELS)
        height, width = planes.shape[-2:]
        output = model(
            layout.pack(planes),
            encoder_hidden_states=words,
            encoder_hidden_states_mask=torch.ones(words.shape[:2], dtype=torch.bool),
            timestep=_time(planes, time),
            img_shapes=[[(1, height // 2, width // 2)]] * len(planes),
            return_dict=False,
        )
        return layout.unpack(output[0])

    return Tiny(model, predict)


def z_image() -> Tiny:
    """Return a Z-Image: lists of pictures, padded to 32 tokens, after words that are counted along the first axis."""

    def build() -> Any:
        model = diffusers.ZImageTransformer2DModel(
            in_channels=CHANNELS,
            dim=64,
            n_layers=2,
            n_refiner_layers=1,
            n_heads=2,
            n_kv_heads=2,
            cap_feat_dim=WIDTH,
            axes_dims=[4, 12, 16],
            axes_lens=[256, 128, 128],
        )
        for parameter in model.parameters():  # some are made of uninitialized memory
            torch.nn.init.normal_(parameter, std=0.2)
        return model

    model = _seeded(build)

    def predict(planes: Tensor, words: Tensor, time: float) -> Tensor:
        layout = latent_layout(model, _plain(planes))
        output = model(layout.pack(planes), _time(planes, time), list(words), return_dict=False)
        return layout.unpack(output[0])

    return Tiny(model, predict)


def lumina2() -> Tiny:
    """Return a Lumina 2: the position embedder itself cuts the plane into tokens; words of different lengths."""
    model = _seeded(
        lambda: diffusers.Lumina2Transformer2DModel(
            sample_size=32,
            in_channels=CHANNELS,
            hidden_size=64,
            num_layers=2,
            num_refiner_layers=1,
            num_attention_heads=2,
            num_kv_heads=1,
            multiple_of=8,
            axes_dim_rope=(4, 12, 16),
            axes_lens=(64, 64, 64),
            cap_feat_dim=WIDTH,
        )
    )

    def predict(planes: Tensor, words: Tensor, time: float) -> Tensor:
        mask = torch.ones(words.shape[:2], dtype=torch.long)
        mask[-1, -2:] = 0
        return model(planes, _time(planes, time), words, mask, return_dict=False)[0]

    return Tiny(model, predict)


def cogview4() -> Tiny:
    """Return a CogView 4: positions scaled to a fixed size, of the tile's tokens alone."""
    model = _seeded(
        lambda: diffusers.CogView4Transformer2DModel(
            in_channels=CHANNELS,
            out_channels=CHANNELS,
            num_layers=2,
            text_embed_dim=WIDTH,
            time_embed_dim=16,
            condition_dim=8,
            rope_axes_dim=(48, 48),
            **_HEADS,
        )
    )

    def predict(planes: Tensor, words: Tensor, time: float) -> Tensor:
        size = planes.new_full((len(planes), 2), 128.0)
        return model(planes, words, _time(planes, 1000 * time), size, size, 0 * size, return_dict=False)[0]

    return Tiny(model, predict)


def hidream() -> Tiny:
    """Return a HiDream: angles written as matrices, words behind the tile's tokens."""
    model = _seeded(
        lambda: diffusers.HiDreamImageTransformer2DModel(
            patch_size=2,
            in_channels=CHANNELS,
            out_channels=CHANNELS,
            num_layers=1,
            num_single_layers=1,
            caption_channels=[WIDTH, WIDTH],
            text_emb_dim=8,
            num_routed_experts=2,
            num_activated_experts=1,
            axes_dims_rope=(8, 12, 12),
            max_resolution=(32, 32),
            llama_layers=[0, 1],
            **_HEADS,
        )
    )

    def predict(planes: Tensor, words: Tensor, time: float) -> Tensor:
        layers = torch.stack([words, words.flip(1)])
        return model(planes, _time(planes, 1000 * time), words, layers, words[:, 0, :8], return_dict=False)[0]

    return Tiny(model, predict)


def hunyuan_image() -> Tiny:
    """Return a HunyuanImage: a table of the tile alone, words joined behind it."""
    model = _seeded(
        lambda: diffusers.HunyuanImageTransformer2DModel(
            in_channels=CHANNELS,
            out_channels=CHANNELS,
            num_layers=1,
            num_single_layers=1,
            num_refiner_layers=1,
            patch_size=(2, 2),
            text_embed_dim=WIDTH,
            rope_axes_dim=(16, 16),
            **_HEADS,
        )
    )

    def predict(planes: Tensor, words: Tensor, time: float) -> Tensor:
        mask = torch.ones(words.shape[:2], dtype=torch.bool)
        return model(planes, _time(planes, 1000 * time), words, mask, return_dict=False)[0]

    return Tiny(model, predict)


def prx() -> Tiny:
    """Return a PRX: words are asked by the tile, and do not ask."""
    model = _seeded(
        lambda: diffusers.PRXTransformer2DModel(
            in_channels=CHANNELS, context_in_dim=WIDTH, hidden_size=64, num_heads=2, depth=2, axes_dim=[16, 16]
        )
    )

    def predict(planes: Tensor, words: Tensor, time: float) -> Tensor:
        mask = torch.ones(words.shape[:2], dtype=torch.bool)
        return model(planes, _time(planes, time), words, mask, return_dict=False)[0]

    return Tiny(model, predict)


def sd3() -> Tiny:
    """Return a Stable Diffusion 3: a table of sine-cosine places, cropped to the middle."""
    model = _seeded(
        lambda: diffusers.SD3Transformer2DModel(
            sample_size=32,
            in_channels=CHANNELS,
            out_channels=CHANNELS,
            num_layers=2,
            joint_attention_dim=WIDTH,
            caption_projection_dim=64,
            pooled_projection_dim=8,
            pos_embed_max_size=48,
            **_HEADS,
        )
    )

    def predict(planes: Tensor, words: Tensor, time: float) -> Tensor:
        return model(planes, words, words[:, 0, :8], _time(planes, 1000 * time), return_dict=False)[0]

    return Tiny(model, predict)


def sd3_with_control() -> Tiny:
    """Return a Stable Diffusion 3 and its ControlNet; the condition is the tile itself, softened."""
    control = _seeded(
        lambda: diffusers.SD3ControlNetModel(
            sample_size=32,
            in_channels=CHANNELS,
            num_layers=1,
            joint_attention_dim=WIDTH,
            caption_projection_dim=64,
            pooled_projection_dim=8,
            pos_embed_max_size=48,
            **_HEADS,
        )
    )
    model = torch.nn.ModuleDict({"transformer": sd3().model, "control": control})

    def predict(planes: Tensor, words: Tensor, time: float) -> Tensor:
        given = {
            "encoder_hidden_states": words,
            "pooled_projections": words[:, 0, :8],
            "timestep": _time(planes, 1000 * time),
            "return_dict": False,
        }
        blocks = control(planes, controlnet_cond=planes.tanh(), **given)[0]
        return model["transformer"](planes, block_controlnet_hidden_states=blocks, **given)[0]

    return Tiny(model, predict)


def pixart() -> Tiny:
    """Return a PixArt: sine-cosine places scaled to the picture; noise and variance predicted."""
    model = _seeded(
        lambda: diffusers.PixArtTransformer2DModel(
            sample_size=32,
            in_channels=CHANNELS,
            out_channels=2 * CHANNELS,
            num_layers=2,
            cross_attention_dim=64,
            caption_channels=WIDTH,
            use_additional_conditions=False,
            **_HEADS,
        )
    )

    def predict(planes: Tensor, words: Tensor, time: float) -> Tensor:
        return model(
            planes,
            words,
            _time(planes, 1000 * time),
            added_cond_kwargs={"resolution": None, "aspect_ratio": None},
            return_dict=False,
        )[0]

    return Tiny(model, predict)


def auraflow() -> Tiny:
    """Return an AuraFlow: a learned table of places."""
    model = _seeded(
        lambda: diffusers.AuraFlowTransformer2DModel(
            sample_size=32,
            in_channels=CHANNELS,
            out_channels=CHANNELS,
            num_mmdit_layers=1,
            num_single_dit_layers=1,
            joint_attention_dim=WIDTH,
            caption_projection_dim=64,
            pos_embed_max_size=24 * 24,
            **_HEADS,
        )
    )

    def predict(planes: Tensor, words: Tensor, time: float) -> Tensor:
        return model(planes, words, _time(planes, time), return_dict=False)[0]

    return Tiny(model, predict)


def sana() -> Tiny:
    """Return a Sana: no positions, and a depthwise convolution that pads with zeros."""
    model = _seeded(
        lambda: diffusers.SanaTransformer2DModel(
            in_channels=CHANNELS,
            out_channels=CHANNELS,
            num_layers=2,
            num_cross_attention_heads=2,
            cross_attention_head_dim=32,
            cross_attention_dim=64,
            caption_channels=WIDTH,
            sample_size=32,
            patch_size=1,
            **_HEADS,
        )
    )

    def predict(planes: Tensor, words: Tensor, time: float) -> Tensor:
        return model(planes, words, _time(planes, 1000 * time), return_dict=False)[0]

    return Tiny(model, predict)


ROTARY = (flux, chroma, flux2, qwen_image, z_image, lumina2, cogview4, hidream, hunyuan_image, prx)
ABSOLUTE = (sd3, pixart, auraflow)


def words(batch: int, dtype: torch.dtype, seed: int = 3) -> Tensor:
    """Return (batch, 5, 24) embedded words."""
    return torch.randn(batch, WORDS, WIDTH, generator=torch.Generator().manual_seed(seed), dtype=torch.float64).to(
        dtype
    )


def _packed(model: Any, planes: Tensor, words: Tensor, *, time: float, axes: int = 3, **more: Any) -> Tensor:
    layout = latent_layout(model, _plain(planes), channels=CHANNELS)
    output = model(
        layout.pack(planes),
        encoder_hidden_states=words,
        timestep=_time(planes, time),
        img_ids=_ids(planes, axes),
        return_dict=False,
        **more,
    )
    return layout.unpack(output[0])


def _ids(planes: Tensor, axes: int) -> Tensor:
    rows, columns = planes.shape[-2] // 2, planes.shape[-1] // 2
    ids = torch.zeros(rows, columns, axes)
    ids[..., 1] += torch.arange(rows)[:, None]
    ids[..., 2] += torch.arange(columns)
    return ids.flatten(0, 1)


def _plain(planes: Tensor) -> Grid:
    return Grid(planes.shape[-1], planes.shape[-2])


def _time(planes: Tensor, time: float) -> Tensor:
    return planes.new_full((len(planes),), time)


def _seeded(build: Callable[[], Any]) -> Any:
    state = torch.random.get_rng_state()
    torch.manual_seed(7)
    model = build().eval().requires_grad_(False)
    for parameter in model.parameters():  # what begins as zeros would say nothing
        if not parameter.any():
            torch.nn.init.normal_(parameter, std=0.1)
    torch.random.set_rng_state(state)
    return model
