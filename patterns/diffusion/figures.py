"""Figures of a model that no preset knows, read out of its own configuration: estimates, and recorded as such."""

import inspect
import math
from contextlib import suppress
from pathlib import Path
from typing import Any

from patterns.diffusion import components
from patterns.diffusion.hub import read_json
from patterns.diffusion.strides import total_stride
from patterns.errors import PatternsError

_USUAL_PX = 1024


def of_folder(folder: Path) -> tuple[int, int, float]:
    """Return (native size in px, steps, guidance) of a pipeline's folder: its own figures, or its class's defaults."""
    call = inspect.signature(components.pipeline_class(folder).__call__).parameters
    steps = _number(call, ("num_inference_steps",), 30)
    # Where there are two, the distilled one is the second, and the first is off.
    guidance = _number(call, ("guidance_scale", "true_cfg_scale"), 5.0)
    return native_px(folder), int(steps), float(guidance)


def native_px(folder: Path) -> int:
    """Return the side of the pictures that a model was trained on: its denoiser's sample size in pixels, or 1024."""
    for part in ("unet", "transformer"):
        size = read_json(folder / part / "config.json").get("sample_size")
        if isinstance(size, int) and size > 0:
            with suppress(PatternsError):
                return size * total_stride(read_json(folder / "vae" / "config.json"))
    return _USUAL_PX


def _number(call: Any, names: tuple[str, ...], usual: float) -> float:
    for name in names:
        default = call[name].default if name in call else None
        if isinstance(default, int | float) and math.isfinite(default):
            return default
    return usual
