"""Pictures that guide a picture model: a reference by IP-Adapter, a sketch by ControlNet, or the picture as a start.

A model has guides if they lie with it: ``ip_adapter/`` (one .safetensors and ``image_encoder/``) and ``controlnet/`` (a
diffusers folder), in its own folder or, for a single file, in ``<file>.guides/``. They are put in for one drawing and
taken out after it. ControlNets are convolutions and are wrapped on the lattice with all else; an IP-Adapter speaks
through attention to words, which knows no place. A model without them starts from the picture (img2img), and says so.
"""

import inspect
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from patterns.diffusion.components import PICKLES, refusal
from patterns.errors import CannotMake, Finding, InputError, MissingPart

if TYPE_CHECKING:
    from patterns.diffusion.loading import Loaded
    from patterns.diffusion.painter import Wish
    from patterns.diffusion.shelf import ModelRecord

IP_ADAPTER, CONTROLNET = "ip_adapter", "controlnet"
# How much of the times is left at full weight for a drawing that starts from the picture instead.
_LEAST_STRENGTH = 0.5
# ControlNets for drawings were trained on white lines on black; a brighter drawing than this is turned.
_BRIGHT = 0.5


@dataclass(frozen=True, slots=True)
class Guided:
    """A model with the guides of a wish put in, the wish as it can be carried out, and what is to be said of that."""

    loaded: "Loaded"
    wish: "Wish"
    says: tuple[Finding, ...] = ()


def folder_of(record: "ModelRecord", kind: str) -> Path | None:
    """Return where a model's guide of a kind lies, its base's if it has none; None if there is none."""
    place = record.place if record.place.is_dir() else record.place.with_name(f"{record.place.name}.guides")
    if (place / kind).is_dir():
        return place / kind
    return folder_of(record.base, kind) if record.base else None


@contextmanager
def guided(loaded: "Loaded", wish: "Wish") -> Iterator[Guided]:
    """Put in the guides that a wish needs; on leaving, also by an exception, the pipeline is as it was.

    Raises InputError if a guide's weights are pickled or are of another model, MissingPart if they are not whole.
    """
    with ExitStack() as undo:
        found = Guided(loaded, wish)
        if wish.control is not None:
            found = _controlled(found)
        if wish.reference is not None:
            found = _referred(found, undo)
        yield found


def heard(loaded: "Loaded", wish: "Wish") -> dict[str, Any]:
    """Return the arguments of the pipeline's call by which it hears the guides of a wish."""
    import torch

    pipeline: Any = loaded.pipeline
    values: dict[str, Any] = {}
    if wish.control is not None and CONTROLNET in pipeline.components:
        lines = 1 - wish.control if float(wish.control.mean()) > _BRIGHT else wish.control
        picture = torch.from_numpy(np.ascontiguousarray(lines, np.float32)).permute(2, 0, 1)[None]
        name = "control_image" if _takes(pipeline, "control_image") else "image"
        values = {name: picture, "controlnet_conditioning_scale": float(wish.control_weight)}
    if wish.reference is not None and _refers(pipeline):
        values["ip_adapter_image"] = _picture(wish.reference)
    return values


def _controlled(found: Guided) -> Guided:
    """Return the model as a pipeline with its ControlNet, or the sketch as the picture to start from."""
    loaded, wish = found.loaded, found.wish
    if CONTROLNET in loaded.pipeline.components:
        return found
    folder = folder_of(loaded.record, CONTROLNET)
    if folder is None or wish.start is not None:
        return _started(found, "sketch", wish.control_weight, None if folder else "ControlNet")
    from diffusers.pipelines.auto_pipeline import AutoPipelineForText2Image

    from patterns.diffusion.loading import disagreement

    net = _controlnet(folder, loaded)
    with disagreement(f"the ControlNet of {loaded.record.name}"):
        try:
            pipeline = AutoPipelineForText2Image.from_pipe(loaded.pipeline, controlnet=net)
        except ValueError:
            return _started(found, "sketch", wish.control_weight, "pipeline for a ControlNet")
    if CONTROLNET not in pipeline.components:
        return _started(found, "sketch", wish.control_weight, "pipeline for a ControlNet")
    return replace(found, loaded=replace(loaded, pipeline=pipeline))


def _controlnet(folder: Path, loaded: "Loaded") -> Any:
    import json

    import diffusers

    from patterns.diffusion.loading import disagreement

    _refuse_pickled(folder)
    try:
        kind = json.loads((folder / "config.json").read_text(encoding="utf-8"))["_class_name"]
    except (OSError, ValueError, KeyError, TypeError):
        raise MissingPart(
            f"the ControlNet in {folder} has no config.json that says what it is; add it again."
        ) from None
    class_ = getattr(diffusers, str(kind), None)
    if class_ is None or "ControlNet" not in str(kind):
        raise InputError(f"{folder} holds a {kind}, which is no ControlNet that diffusers knows.")
    with disagreement(f"the ControlNet of {loaded.record.name}"):
        net = class_.from_pretrained(str(folder), use_safetensors=True, local_files_only=True, dtype=loaded.dtype)
    return net.to(loaded.device).eval().requires_grad_(False)


def _referred(found: Guided, undo: ExitStack) -> Guided:
    """Return the model with its IP-Adapter put in, or the reference as the picture to start from."""
    loaded, wish = found.loaded, found.wish
    pipeline: Any = loaded.pipeline
    if not _refers(pipeline):
        folder = folder_of(loaded.record, IP_ADAPTER)
        if folder is None or not hasattr(pipeline, "load_ip_adapter"):
            return _started(found, "reference", wish.reference_weight, "IP-Adapter")
        undo.callback(_taken_out, pipeline)
        _put_in(pipeline, folder, loaded)
    pipeline.set_ip_adapter_scale(float(wish.reference_weight))
    return found


def _put_in(pipeline: Any, folder: Path, loaded: "Loaded") -> None:
    from patterns.diffusion.loading import disagreement

    _refuse_pickled(folder)
    weights = sorted(path.name for path in folder.glob("*.safetensors"))
    if len(weights) != 1:
        raise MissingPart(f"{folder} should hold the one .safetensors file of an IP-Adapter, and has {len(weights)}.")
    if not any((folder / "image_encoder").glob("*.safetensors")):
        raise MissingPart(
            f"{folder} lacks image_encoder/ with its .safetensors, by which an IP-Adapter sees a picture."
        )
    options: dict[str, Any] = {"image_encoder_folder": "image_encoder", "subfolder": folder.name}
    place = folder.parent
    if "image_encoder_pretrained_model_name_or_path" in inspect.signature(pipeline.load_ip_adapter).parameters:
        options = {"image_encoder_pretrained_model_name_or_path": str(folder / "image_encoder"), "subfolder": ""}
        options["image_encoder_subfolder"], place = "", folder
    with disagreement(f"the IP-Adapter of {loaded.record.name}"):
        pipeline.load_ip_adapter(str(place), weight_name=weights[0], local_files_only=True, **options)
    pipeline.image_encoder.eval().requires_grad_(False)


def _taken_out(pipeline: Any) -> None:
    """Take an IP-Adapter out, also one that was put in halfway."""
    if getattr(pipeline, "image_encoder", None) is not None or _refers(pipeline):
        pipeline.unload_ip_adapter()


def _refers(pipeline: Any) -> bool:
    """Return whether a pipeline's network has an IP-Adapter."""
    network = getattr(pipeline, "unet", None) or getattr(pipeline, "transformer", None)
    return any(getattr(network, name, None) is not None for name in ("encoder_hid_proj", "image_proj")) and _takes(
        pipeline, "ip_adapter_image"
    )


def _started(found: Guided, what: str, weight: float, lacks: str | None) -> Guided:
    """Return the wish with the picture to start from, where it has none yet."""
    wish, name = found.wish, found.loaded.record.name
    reason = f"{name} has no {lacks}" if lacks else f"a {what} is not heard beside a picture to start from"
    if wish.start is not None:
        said = Finding("warning", f"the {what} was not followed: {reason}, and starts from another picture already")
        return replace(found, wish=replace(wish, **_without(what)), says=(*found.says, said))
    picture = wish.control if what == "sketch" else wish.reference
    assert picture is not None
    if picture.shape[:2] != (wish.grid.height, wish.grid.width):
        raise CannotMake(
            f"{reason}, and the {what} is not on the tile's lattice, so that it cannot be started from it."
        )
    said = Finding(
        "note",
        f"{reason}, so that the drawing starts from the {what} itself",
        f"weight {weight:g}",
        f"put one into {CONTROLNET if what == 'sketch' else IP_ADAPTER}/ in the model's folder: see docs/guides.md",
    )
    strength = 1 - (1 - _LEAST_STRENGTH) * weight
    wish = replace(wish, **_without(what), start=picture.astype(np.float32), strength=strength)
    return replace(found, wish=wish, says=(*found.says, said))


def _without(what: str) -> dict[str, Any]:
    return {"control": None} if what == "sketch" else {"reference": None}


def _refuse_pickled(folder: Path) -> None:
    for path in sorted(folder.rglob("*")):
        if path.suffix in PICKLES:
            raise InputError(refusal(str(path.relative_to(folder.parent))))


def _picture(pixels: np.ndarray) -> Any:
    from PIL import Image

    return Image.fromarray(np.rint(np.clip(pixels, 0, 1) * 255).astype(np.uint8))


def _takes(pipeline: Any, name: str) -> bool:
    return name in inspect.signature(type(pipeline).__call__).parameters
