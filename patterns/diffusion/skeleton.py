"""What a model can promise, from its configuration alone: its networks are built without their weights."""

from contextlib import suppress
from typing import Any

from patterns.diffusion import components
from patterns.diffusion.hub import read_json
from patterns.diffusion.loading import described_by
from patterns.diffusion.shelf import ModelRecord
from patterns.diffusion.strides import picture_multiple as multiple_of
from patterns.errors import PatternsError

_DENOISERS = ("unet", "transformer")


def guarantee(record: ModelRecord) -> dict[str, Any]:
    """Return how the model is put on the lattice (method), whether that is exact, and what it says, in a sentence."""
    from patterns.diffusion.guarantee import guarantee as of_model

    found = of_model(denoiser(record))
    return {"method": found.method, "exact": found.exact, "says": found.says}


def picture_multiple(record: ModelRecord) -> int | None:
    """Return what a picture's sides in px must be multiples of, None if the configuration does not say."""
    folder = described_by(record)
    with suppress(PatternsError):
        return multiple_of(_config(record), read_json(folder / "vae" / "config.json"))
    return None


def denoiser(record: ModelRecord) -> Any:
    """Return the model's U-Net or transformer on no device, shaped by its configuration, without weights."""
    import torch

    folder = described_by(record)
    part = next(part for part in components.listed(folder) if part.name in _DENOISERS)
    with torch.device("meta"):
        return part.class_().from_config(_config(record))


def _config(record: ModelRecord) -> dict[str, Any]:
    folder = described_by(record)
    return next(config for part in _DENOISERS if (config := read_json(folder / part / "config.json")))
