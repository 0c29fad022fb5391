"""Every scheduler that diffusers ships draws on the lattice: a generation is rolled by rolling its noise along."""

import inspect

import numpy as np
import pytest
import torch
from torch import Tensor

from patterns.lattice import Grid
from tests.tiny.painting import loaded, on_lattice, rolled
from tests.tiny.pipelines import diffusers

# Some schedulers hand tensors to numpy in a way that it will not take in the future.
pytestmark = pytest.mark.filterwarnings("ignore:__array_wrap__ must accept context:DeprecationWarning")

GRID = Grid(32, 32, 16)
# What a step does beyond these is noise of floating point; pixels are 0-1.
TOLERANCE = 1e-4
# By latents, one of which is two pixels of the tiny pipelines; the tiny U-Net's total stride is two latents.
BY = (2, 4)

DIFFUSION = (
    "CMStochasticIterativeScheduler", "CogVideoXDDIMScheduler", "CosineDPMSolverMultistepScheduler",
    "DDIMInverseScheduler", "DDIMParallelScheduler", "DDIMScheduler", "DDPMParallelScheduler", "DDPMScheduler",
    "DEISMultistepScheduler", "DPMSolverMultistepInverseScheduler", "DPMSolverMultistepScheduler",
    "DPMSolverSDEScheduler", "DPMSolverSinglestepScheduler", "EDMDPMSolverMultistepScheduler", "EDMEulerScheduler",
    "EulerAncestralDiscreteScheduler", "EulerDiscreteScheduler", "HeunDiscreteScheduler", "IPNDMScheduler",
    "KDPM2AncestralDiscreteScheduler", "KDPM2DiscreteScheduler", "LCMScheduler", "LMSDiscreteScheduler",
    "PNDMScheduler", "SASolverScheduler", "TCDScheduler", "UniPCMultistepScheduler",
)  # fmt: skip
FLOW = (
    "FlowMapEulerDiscreteScheduler", "FlowMatchEulerDiscreteScheduler", "FlowMatchHeunDiscreteScheduler",
    "FlowMatchLCMScheduler", "LTXEulerAncestralRFScheduler", "MiniMaxH3Scheduler",
)  # fmt: skip
# Those that also solve flow matching, where they are told to.
FLOW_TOO = ("DEISMultistepScheduler", "DPMSolverMultistepScheduler", "SASolverScheduler", "UniPCMultistepScheduler")
STOCHASTIC = ("DDPMScheduler", "EulerAncestralDiscreteScheduler", "LCMScheduler", "SASolverScheduler")
UNFIT = {
    "AmusedScheduler": "unmasks discrete tokens",
    "BlockRefinementScheduler": "unmasks discrete tokens of a language model",
    "CogVideoXDPMScheduler": "its step wants the video pipeline's own memory of the last prediction",
    "DDPMWuerstchenScheduler": "its step wants the times of Wuerstchen, whose pipeline has no lattice yet",
    "DiscreteDDIMScheduler": "draws discrete tokens",
    "EntropyBoundScheduler": "draws discrete tokens of a language model",
    "HeliosDMDScheduler": "draws a video in a pyramid of sizes",
    "HeliosScheduler": "draws a video in a pyramid of sizes",
    "KarrasVeScheduler": "its step wants what only its own pixel pipeline gives, which diffusers retired",
    "PiflowScheduler": "wants a network that predicts a grid of policies",
    "RePaintScheduler": "its step wants what only its own pixel pipeline gives, which diffusers retired",
    "RFD4ProteinaScheduler": "folds proteins",
    "SCMScheduler": "wants the two-headed network of Sana Sprint",
    "ScoreSdeVeScheduler": "has no step; its own pixel pipeline, which diffusers retired, calls it in parts",
    "UnCLIPScheduler": "its cosine betas belong to the unCLIP prior, which has no lattice",
    "VQDiffusionScheduler": "draws discrete tokens",
}


def _generation(model: str, name: str, **options: object) -> tuple[float, float]:
    """Return how far the rolled generation is from rolling the generation, and from the generation itself."""
    from patterns.diffusion.painter import Wish, paint

    bench = loaded(model)
    before = bench.pipeline.scheduler
    bench.pipeline.scheduler = getattr(diffusers, name).from_config(before.config, **options)
    try:
        wish = Wish("roses on cream", GRID, seed=5, guidance=1.0, steps=4 if name == "PNDMScheduler" else 3)
        drawn, moved = paint(bench, wish).pixels, paint(bench, wish, chance=rolled(*BY)).pixels
    finally:
        bench.pipeline.scheduler = before
    return float(np.abs(on_lattice(GRID, drawn, *(2 * v for v in BY)) - moved).max()), float(
        np.abs(drawn - moved).max()
    )


@pytest.mark.parametrize("name", DIFFUSION)
def test_a_generation_rolls_with_its_noise(name: str) -> None:
    if name in ("CosineDPMSolverMultistepScheduler", "DPMSolverSDEScheduler"):
        pytest.importorskip("torchsde", reason="diffusers offers this scheduler only beside torchsde")
    rolled_along, unmoved = _generation("sd15", name)
    assert rolled_along < TOLERANCE < 0.1 < unmoved


@pytest.mark.parametrize("name", [*FLOW, *FLOW_TOO])
def test_a_generation_by_flow_matching_rolls_with_its_noise(name: str) -> None:
    options = {"use_flow_sigmas": True, "prediction_type": "flow_prediction"} if name in FLOW_TOO else {}
    rolled_along, unmoved = _generation("sana", name, **options)
    assert rolled_along < TOLERANCE < 0.1 < unmoved


@pytest.mark.parametrize("name", sorted(UNFIT))
def test_what_cannot_draw_pictures_is_named(name: str) -> None:
    pytest.skip(UNFIT[name])


def test_every_scheduler_is_drawn_with_or_named() -> None:
    shipped = {name for name in dir(diffusers) if name.endswith("Scheduler")}
    shipped = {name for name in shipped if inspect.isclass(getattr(diffusers, name)) and not name.startswith("Flax")}
    assert shipped - {*DIFFUSION, *FLOW, *UNFIT} == set()


def test_a_stochastic_scheduler_needs_the_noise_of_each_step_rolled(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the noise of the steps left where it was, the same check fails for those that draw some."""
    from patterns.diffusion.steering import Course

    def still(self: Course, shape: tuple[int, ...], **named: object) -> Tensor:
        del named
        return torch.randn(tuple(shape), generator=self.__dict__.setdefault("left", torch.Generator().manual_seed(1)))

    monkeypatch.setattr(Course, "fresh", lambda self, shape, *args, **named: still(self, shape))
    for name in STOCHASTIC:
        assert _generation("sd15", name)[0] > 0.01, name
    assert _generation("sd15", "DDIMScheduler")[0] < TOLERANCE
