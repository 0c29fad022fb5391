"""What tests of drawing with whole pipelines share: a pipeline as loaded, and noise that is rolled or copied along."""

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from patterns.diffusion.loading import Loaded
from patterns.diffusion.noise import Chance
from patterns.diffusion.shelf import ModelRecord
from patterns.lattice import Grid
from tests.tiny.pipelines import PIPELINES

STEPS = 3


@lru_cache(maxsize=2)
def loaded(name: str) -> Loaded:
    """Return a tiny pipeline as ``patterns.diffusion.loading.load`` would, the same one each time."""
    return as_loaded(PIPELINES[name](), name)


def as_loaded(pipeline: Any, name: str) -> Loaded:
    """Return a pipeline as if its model were on the shelf."""
    record = ModelRecord(
        name=f"tiny-{name}", title=name, kind="pipeline", source=name, place=Path(name), files=(), digest="0" * 16,
        license="none", license_says="Random numbers.", commercial="yes", native_px=32, steps=STEPS, guidance=2.0,
    )  # fmt: skip
    return Loaded(pipeline, record, torch.device("cpu"), torch.float32)


def rolled(dy: int, dx: int) -> Callable[[Grid, int, str], Chance]:
    """Return what makes noise that is moved down by dy and right by dx latents along the lattice."""

    class Rolled(Chance):
        def plane(self, shape: tuple[int, ...]) -> Tensor:
            plane = super().plane(shape).numpy()
            return torch.from_numpy(np.ascontiguousarray(self.grid.roll(plane, dy, dx)))

    return Rolled


def copied(cell: Grid) -> Callable[[Grid, int, str], Chance]:
    """Return what makes, for a supercell's latents, the noise of its cell (in latents) at each of its copies."""

    class Copied(Chance):
        def plane(self, shape: tuple[int, ...]) -> Tensor:
            plane = super().plane((*shape[:-2], cell.height, cell.width)).numpy()
            size = {"height": self.grid.height, "width": self.grid.width}
            return torch.from_numpy(np.ascontiguousarray(cell.window(plane, top=0, left=0, **size)))

    return Copied


def on_lattice(grid: Grid, pixels: np.ndarray, dy: int, dx: int) -> np.ndarray:
    """Return pixels (H, W, C) moved down by dy and right by dx along the lattice."""
    return np.moveaxis(grid.roll(np.moveaxis(pixels, -1, 0), dy, dx), 0, -1)
