"""The Loom among diffusers' own: a model and a pipeline that read the same folder and draw the same planes.

Importing this module costs seconds, for diffusers brings transformers along; the default path never does.
"""

import json
from pathlib import Path
from typing import Any

import torch
from diffusers.configuration_utils import ConfigMixin, register_to_config
from diffusers.models.modeling_utils import ModelMixin
from diffusers.pipelines.pipeline_utils import DiffusionPipeline
from diffusers.schedulers.scheduling_flow_match_euler_discrete import FlowMatchEulerDiscreteScheduler
from torch import Tensor

from patterns.lattice import Grid
from patterns.loom import DEFAULT_STEPS
from patterns.loom.network import Loom, LoomConfig
from patterns.loom.sampling import Sampling, Step, Task, draw, stochastic
from patterns.loom.telling import conditioned
from patterns.loom.vocabulary import Vocabulary
from patterns.reading import read


class LoomModel(ModelMixin, Loom, ConfigMixin):  # pyright: ignore[reportIncompatibleMethodOverride, reportIncompatibleVariableOverride]
    """The network as a diffusers model: its config.json and safetensors shards are diffusers' own format."""

    config_name = "config.json"

    @register_to_config
    def __init__(
        self,
        planes: int = 6,
        channels: tuple[int, ...] = (64, 128, 320),
        encoder: tuple[str, ...] = ("c", "cc", "aa"),
        decoder: tuple[str, ...] = ("cc", "cc", "aaa"),
        heads: int = 5,
        table: int = 512,
        embedding: int = 384,
        stage_px: int = 0,
        training: dict[str, Any] | None = None,
    ) -> None:
        # ModelMixin's own initializer would build a second network of the default shape; this is all else it does.
        self._gradient_checkpointing_func = None
        Loom.__init__(self, LoomConfig.from_json(dict(self.config)))


class LoomPipeline(DiffusionPipeline):
    """Words and a grid in, ink planes out, with any flow-matching diffusers scheduler."""

    vocabulary: Vocabulary

    def __init__(self, loom: LoomModel, scheduler: FlowMatchEulerDiscreteScheduler) -> None:
        super().__init__()
        self.register_modules(loom=loom, scheduler=scheduler)

    @classmethod
    def from_pretrained(  # pyright: ignore[reportIncompatibleMethodOverride]
        cls, pretrained_model_name_or_path: str | Path, **kwargs: Any
    ) -> "LoomPipeline":
        """Return the pipeline of a weights folder; the arguments are diffusers'."""
        folder = Path(pretrained_model_name_or_path)
        pipeline = super().from_pretrained(str(folder), **kwargs)
        pipeline.vocabulary = Vocabulary.from_json(json.loads((folder / "vocabulary.json").read_text()))
        return pipeline

    def __call__(
        self,
        prompt: str,
        grid: Grid,
        *,
        inks: int = 4,
        seed: int = 0,
        log_scale: float = float("nan"),
        steps: int = DEFAULT_STEPS,
    ) -> Tensor:
        """Return ink probabilities (planes, H, W) float32 of one tile; ``log_scale`` is log2 of a motif's radius."""
        condition = conditioned(self.vocabulary, read(prompt), scale_px=2**log_scale, inks=inks)
        task = Task(condition, grid, seed, Sampling(steps=steps))
        self.loom.eval()
        return draw(self.loom, task, step=self._step(task))

    def _step(self, task: Task) -> Step:
        """Return our step while shapes are decided and then the scheduler's, with the tile's own chance in both."""
        times = task.sampling.times(task.grid)
        ours = stochastic(task)

        def step(x: Tensor, x0: Tensor, i: int, generator: torch.Generator) -> Tensor:
            if i == 0:
                self.scheduler.set_timesteps(sigmas=times[:-1])
                self.scheduler.set_begin_index(sum(t > task.sampling.kept_above for t in times))
            if times[i] > task.sampling.kept_above:
                return ours(x, x0, i, generator)
            with torch.random.fork_rng(devices=[]):
                torch.set_rng_state(generator.get_state())
                sigma = self.scheduler.sigmas[i]
                velocity = (x - x0) / sigma
                moved = self.scheduler.step(velocity, self.scheduler.timesteps[i], x, return_dict=False)[0]
                generator.set_state(torch.get_rng_state())
            return moved

        return step
