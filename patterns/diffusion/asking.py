"""What a wish is called by the pipelines of diffusers: the arguments of their calls, and what they do not hear."""

import inspect
from typing import TYPE_CHECKING, Any

import torch

from patterns.diffusion.networks import denoiser
from patterns.errors import Finding

if TYPE_CHECKING:
    from patterns.diffusion.loading import Loaded
    from patterns.diffusion.painter import Wish

# Pictures of other sizes than a model was trained on come out worse: areas beyond these shares of its own are said.
_USUAL = (0.4, 2.6)
# Sizes are ours, and captions are what was written.
_DEFAULTS = {"use_resolution_binning": False, "clean_caption": False}


def asked(loaded: "Loaded", wish: "Wish") -> dict[str, Any]:
    """Return the arguments of the pipeline's call for a wish, as far as it takes them."""
    pipeline, record = loaded.pipeline, loaded.record
    values: dict[str, Any] = {
        "prompt": wish.prompt,
        "height": wish.grid.height,
        "width": wish.grid.width,
        "num_inference_steps": wish.steps or record.steps,
        "generator": torch.Generator().manual_seed(0),
        "output_type": "np",
        **_guided(pipeline, wish, record.guidance if wish.guidance is None else wish.guidance),
        **_DEFAULTS,
    }
    return {name: value for name, value in values.items() if _takes(pipeline, name)}


def _guided(pipeline: Any, wish: "Wish", guidance: float) -> dict[str, Any]:
    """Return guidance and negative prompt by the names that the pipeline gives them.

    Those with a true guidance beside one that was distilled into the network use the latter if the network has it.
    """
    if _takes(pipeline, "true_cfg_scale") and not _distilled(pipeline):
        return {"true_cfg_scale": guidance, "negative_prompt": wish.negative or " "}
    return {"guidance_scale": guidance} | ({"negative_prompt": wish.negative} if wish.negative else {})


def questionable(loaded: "Loaded", wish: "Wish") -> tuple[Finding, ...]:
    """Return what of a wish the model does badly or does not hear."""
    record, found = loaded.record, []
    share = wish.grid.width * wish.grid.height / max(1, record.native_px) ** 2
    if record.native_px and not _USUAL[0] <= share <= _USUAL[1]:
        found.append(
            Finding(
                "note",
                f"{record.name} was trained on another size and draws this one worse",
                f"{wish.grid.width} x {wish.grid.height} px instead of about {record.native_px} px a side",
                "choose a size nearer to it; the tile is enlarged for print anyway",
            )
        )
    guidance = record.guidance if wish.guidance is None else wish.guidance
    deaf = guidance <= 1 or _distilled(loaded.pipeline) or not _takes(loaded.pipeline, "negative_prompt")
    if wish.negative and deaf:
        found.append(
            Finding(
                "warning",
                f"what not to draw was not heard, because {record.name} draws without true guidance here",
                f"guidance {guidance:g}",
                "say in the prompt what to draw instead",
            )
        )
    return tuple(found)


def _distilled(pipeline: Any) -> bool:
    """Return whether guidance was distilled into the network, which is told its strength."""
    return bool(getattr(denoiser(pipeline).config, "guidance_embeds", False))


def _takes(pipeline: Any, name: str) -> bool:
    return name in inspect.signature(type(pipeline).__call__).parameters
