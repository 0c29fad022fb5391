"""What a folder or a file is: a pipeline, a whole model in one file, a LoRA, or what it lacks to be one of them."""

import inspect
from pathlib import Path
from typing import Any

from patterns.diffusion import components, tensors
from patterns.diffusion.components import INDEX
from patterns.diffusion.shelf import Kind
from patterns.diffusion.tensors import Described
from patterns.errors import InputError

# What share of the tensors' names must have one of these parts for the file to be no model that draws, and what it is.
_OTHERS = (
    (0.0, ("control_model.", "controlnet_cond_embedding.", "controlnet_blocks.", "input_hint_block."),
     "is a ControlNet, which guides a model and draws nothing alone: patterns takes it where a sketch is given"),
    (0.0, ("ip_adapter.", "image_proj."),
     "is an IP-Adapter, which guides a model and draws nothing alone: patterns takes it where a reference is given"),
    (0.5, ("hada_w", "lokr_w", "oft_"),
     "adapts a model by another way than LoRA, which patterns does not read; its maker may offer it as LoRA"),
    (0.5, ("emb_params", "string_to_param", "clip_l", "clip_g"),
     "is a learned word (a textual inversion), which patterns does not read"),
    (0.5, ("text_model.", "cond_stage_model.", "encoder.block."),
     "is a text encoder alone: the denoiser (a U-Net or a transformer) and the autoencoder are missing"),
    (0.5, ("first_stage_model.", "encoder.", "decoder."),
     "is an autoencoder alone: the denoiser (a U-Net or a transformer) and the text encoder are missing"),
)  # fmt: skip
_LORA = (".lora_A.", ".lora_B.", ".lora_down.", ".lora_up.", ".lora.down.", ".lora.up.", "lora_linear_layer")
# The denoiser of one file for a whole model, as CompVis began it; diffusers takes whatever it does not know for it.
_FIRST = "model.diffusion_model.input_blocks.0.0.weight"


def what_is(path: Path) -> Kind:
    """Return what lies at a path, as a record says it.

    Raises InputError if there is nothing, if it is pickled, or, saying what it is and what is missing, if no model.
    """
    if not path.exists():
        raise InputError(f"there is nothing at {path}.")
    return _folder(path) if path.is_dir() else _file(path)


def family(path: Path) -> str:
    """Return the hub's id of the model whose kind a single file is, "" if diffusers does not know."""
    from diffusers.loaders import single_file_utils

    names = tensors.described(path)
    try:
        kind = single_file_utils.infer_diffusers_model_type(names)
    except (KeyError, AttributeError, IndexError, TypeError, UnboundLocalError):
        return ""
    if kind == "v1" and _FIRST not in names:
        return ""
    return single_file_utils.DIFFUSERS_DEFAULT_PIPELINE_PATHS.get(kind, {}).get("pretrained_model_name_or_path", "")


def refuse_partless(folder: Path) -> None:
    """Raise, saying what is missing, if a pipeline's folder is not whole or is none that draws pictures from words."""
    data = components.index(folder)
    refuse_wordless(folder.name, data)
    for part in components.listed(folder):
        part.class_()
        if part.is_model:
            part.weights(folder)
        elif not (folder / part.name).is_dir():
            raise InputError(f"{folder.name} lacks the folder {part.name} ({part.kind}), which its {INDEX} names.")
    call = inspect.signature(components.pipeline_class(folder).__call__).parameters
    if "prompt" not in call:
        raise InputError(f"{folder.name} is a {data['_class_name']}, which takes no prompt.")


def refuse_wordless(name: str, data: dict[str, Any]) -> None:
    """Raise InputError if a pipeline, by its model_index.json, has not all that drawing pictures from words needs."""
    parts = {part.name for part in components.listed_in(data)}
    needed = {
        "a denoiser (unet or transformer)": {"unet", "transformer"},
        "an autoencoder (vae)": {"vae"},
        "a text encoder": {part for part in parts if part.startswith("text_encoder")} or {"text_encoder"},
        "a scheduler": {"scheduler"},
    }
    if lacking := [what for what, any_of in needed.items() if not parts & any_of]:
        raise InputError(
            f"{name} is a {data['_class_name']}, which draws no picture from words: it lacks {lacking[0]}."
        )


def _folder(path: Path) -> Kind:
    if (path / INDEX).is_file():
        refuse_partless(path)
        return "pipeline"
    names = sorted(p.name for p in path.iterdir() if p.is_file())
    weights = [name for name in names if name.endswith(".safetensors")]
    if "config.json" in names:
        from patterns.diffusion.hub import read_json

        kind = read_json(path / "config.json").get("_class_name") or "model"
        raise InputError(
            f"{path.name} holds one part of a model, a {kind}; a pipeline's folder has {INDEX} and the other parts "
            "beside it: add the folder above, if it is that."
        )
    if weights:
        raise InputError(f"{path.name} is a folder without {INDEX}; add the file itself: {path / weights[0]}.")
    if pickled := [name for name in names if name.endswith(components.PICKLES)]:
        raise InputError(components.refusal(pickled[0]))
    raise InputError(f"{path.name} has no {INDEX} and no .safetensors file, so that it is no model.")


def _file(path: Path) -> Kind:
    if path.suffix in components.PICKLES:
        raise InputError(components.refusal(path.name))
    if path.suffix != ".safetensors":
        raise InputError(f"{path.name} is no .safetensors file, the one format of weights that patterns reads.")
    names = tensors.described(path)
    if any(mark in name for name in names for mark in _LORA):
        return "lora"
    if _FIRST not in names:
        _refuse_other(path.name, names)
    if not family(path):
        first = next(iter(sorted(names)), "none")
        raise InputError(
            f"{path.name} is of no kind that patterns or diffusers knows: what is missing among its {len(names)} "
            f"tensors ({first} ...) is a denoiser, a U-Net or a transformer."
        )
    return "file"


def _refuse_other(name: str, names: dict[str, Described]) -> None:
    for share, marks, said in _OTHERS:
        if sum(any(f".{mark}" in f".{tensor}" for mark in marks) for tensor in names) > share * len(names):
            raise InputError(f"{name} {said}.")
