"""Training the Loom on separations, on a CPU or a GPU; it stops and resumes at any moment.

Objective: flow matching with cross-entropy. x_t = (1 - t) x + t noise, the network predicts the distribution over
inks at every pixel, weighted 1/t (clamped at 0.1) and counted above the drawing's own entropy.
"""

import json
import math
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from patterns.lattice import Grid
from patterns.loom import weights
from patterns.loom.network import Condition, Geometry, Loom, LoomConfig, leaning
from patterns.loom.table import Table
from patterns.loom.vocabulary import Vocabulary

# How much faster than the rest the tables of terms learn.
TERMS_PACE = 4.0
# The logit of the middle of the times that are trained, and their spread. A motif of 50 px is decided where its 2,000
# pixels together just show through the noise, at t = 0.94 to 0.99.
TIME, SPREAD = 1.8, 1.4
# A step of very small cells has no more tiles than this.
MOST_TILES = 20
# After so many steps processes meet, and the averaged weights follow.
MEETING = 16


@dataclass(frozen=True, slots=True)
class Sample:
    """One drawing: ``planes`` (6, H, W) uint8 coverage in 255ths on ``grid``, and the terms that say what it shows.

    ``staged`` is a motif alone in the middle of its cell.
    """

    planes: np.ndarray
    grid: Grid
    terms: tuple[str, ...]
    scale_px: float
    inks: int
    staged: bool = False


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to train: what is not here is the network's shape."""

    minutes: float = 120.0  # of training in this sitting
    rate: float = 6e-4  # AdamW's peak learning rate
    warmup: int = 150  # steps
    decay: float = 0.4  # last share of the sitting over which the rate falls to a fiftieth
    batch_px: int = 8 * 128 * 128  # pixels a step; small cells at most MOST_TILES
    average: float = 0.999  # of the averaged weights, a step of one process
    silence: float = 0.1  # share of samples of which nothing is said
    scale_dropout: float = 0.35
    inks_dropout: float = 0.15
    checkpoint_minutes: float = 12.0
    seed: int = 1


class Trainer:
    """The state of a training: network, averaged weights, optimizer, count of steps and tiles.

    ``progress`` sums up all processes of all sittings, the minutes too.
    """

    def __init__(
        self,
        folder: Path,
        vocabulary: Vocabulary,
        recipe: Recipe,
        *,
        device: str = "cpu",
        shape: LoomConfig | None = None,
    ) -> None:
        self.folder, self.vocabulary, self.recipe, self.device = folder, vocabulary, recipe, device
        torch.manual_seed(recipe.seed)
        self.network = Loom(shape).to(device).to(memory_format=torch.channels_last)  # pyright: ignore
        if len(vocabulary.terms) >= self.network.shape.table:
            raise ValueError(f"{len(vocabulary.terms)} terms do not fit a table of {self.network.shape.table} rows")
        self.averaged = {k: v.detach().clone() for k, v in self.network.state_dict().items()}
        self.optimizer = torch.optim.AdamW(_groups(self.network), recipe.rate, betas=(0.9, 0.98), fused=True)
        self.progress: dict[str, float] = {"steps": 0, "tiles": 0, "minutes": 0.0}
        # Of this process in this sitting.
        self._own_steps = self._own_tiles = 0
        folder.mkdir(parents=True, exist_ok=True)
        self._random = torch.Generator().manual_seed(recipe.seed)
        self.resumed = (folder / "state.json").exists()
        if self.resumed:
            self._resume()
        self._begun = self.progress["steps"]

    def run(
        self,
        samples: Iterable[Sample],
        *,
        on_step: Callable[[dict[str, float]], None],
        on_checkpoint: Callable[["Trainer"], None],
        table: Table | None = None,
    ) -> None:
        """Train for the recipe's minutes on an endless stream of samples; also keeps what Ctrl-C interrupts.

        At a ``table`` this process leads the others, which ``follow``.
        """
        start = last = time.monotonic()
        before, count = dict(self.progress), table.count if table else 1
        try:
            for step, batch in enumerate(batches(samples, self.recipe.batch_px), start=1):
                spent = (time.monotonic() - start) / 60
                loss = self.step(batch, spent / self.recipe.minutes)
                self._own_tiles += len(batch)
                others = int(table.tiles[1:].sum()) if table else 0
                self.progress = {
                    "steps": before["steps"] + step * count,
                    "tiles": before["tiles"] + self._own_tiles + others,
                    "minutes": before["minutes"] + count * (time.monotonic() - start) / 60,
                }
                self._log(loss, batch[0], on_step, spent)
                if step % MEETING == 0:
                    over = spent >= self.recipe.minutes
                    over = table.meet(0, self.network, self._own_tiles, over=over) if table else over
                    self._average(before["steps"] / count + step)
                    if over:
                        break
                    if time.monotonic() - last > 60 * self.recipe.checkpoint_minutes:
                        self.checkpoint()
                        on_checkpoint(self)
                        last = time.monotonic()
        finally:
            self.checkpoint()
            if table:
                table.leave()
        on_checkpoint(self)

    def follow(self, samples: Iterable[Sample], table: Table, number: int) -> None:
        """Train beside the leader of a table, as its process ``number``, until the sitting is over."""
        start = time.monotonic()
        for step, batch in enumerate(batches(samples, self.recipe.batch_px), start=1):
            self.step(batch, (time.monotonic() - start) / 60 / self.recipe.minutes)
            self._own_tiles += len(batch)
            if step % MEETING == 0 and table.meet(number, self.network, self._own_tiles, over=False):
                break

    def step(self, batch: list[Sample], done: float) -> float:
        """Learn from a batch, ``done`` being the share of the sitting that is over; return the loss."""
        self._own_steps += 1
        rate = self.recipe.rate * min(1.0, self._own_steps / self.recipe.warmup)
        rate *= max(0.02, min(1.0, (1 - done) / self.recipe.decay)) if self.recipe.decay else 1.0
        for group in self.optimizer.param_groups:
            group["lr"] = rate * group["pace"]
        self.network.train()
        kind = self.device.split(":")[0]
        with torch.autocast(kind, torch.bfloat16):
            loss = self._loss(batch)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        return float(loss.detach())

    def _loss(self, batch: list[Sample]) -> Tensor:
        coverage = torch.from_numpy(np.stack([s.planes for s in batch])).to(self.device).float() / 255
        t, noisy = self._noisy(coverage, batch[0].grid)
        geometry = Geometry(batch[0].grid, staged=batch[0].staged)
        logits = self.network(noisy, t, self._condition(batch), geometry).float()
        surprise = -(coverage * logits.log_softmax(dim=1)).sum(dim=1)
        entropy = -(coverage * coverage.clamp(min=1e-6).log()).sum(dim=1)
        return ((surprise - entropy).mean(dim=(1, 2)) / t.clamp(min=0.1)).mean()

    def _noisy(self, coverage: Tensor, grid: Grid) -> tuple[Tensor, Tensor]:
        """Return times (B,) and the planes of coverages (B, planes, H, W) under the noise of those times."""
        middle = TIME + leaning(grid)
        t = torch.sigmoid(middle + SPREAD * torch.randn(len(coverage), generator=self._random)).to(self.device)
        noise = torch.randn(coverage.shape, generator=self._random).to(self.device)
        share = t[:, None, None, None]
        return t, (1 - share) * (2 * coverage - 1) + share * noise

    def _condition(self, batch: list[Sample]) -> Condition:
        recipe = self.recipe
        chance = torch.rand((len(batch), 3), generator=self._random)
        terms = torch.from_numpy(np.stack([self.vocabulary.encode(s.terms) for s in batch]))
        silent = chance[:, 0] < recipe.silence
        terms[silent] = 0
        scale = torch.tensor([math.log2(s.scale_px) for s in batch])
        scale[silent | (chance[:, 1] < recipe.scale_dropout)] = math.nan
        inks = torch.tensor([s.inks for s in batch])
        inks[chance[:, 2] < recipe.inks_dropout] = 0
        return Condition(terms.to(self.device), scale.to(self.device), inks.to(self.device))

    @torch.no_grad()
    def _average(self, steps: float) -> None:
        """Let the averaged weights follow those after so many steps of one process."""
        keep = min(self.recipe.average, (1 + steps) / (10 + steps)) ** MEETING
        for name, value in self.network.state_dict().items():
            self.averaged[name].lerp_(value, 1 - keep)

    def _log(self, loss: float, one: Sample, on_step: Callable[[dict[str, float]], None], spent: float) -> None:
        grid = one.grid
        line = {"loss": loss, "staged": one.staged, "width": grid.width, "height": grid.height, **self.progress}
        with (self.folder / "log.jsonl").open("a") as file:
            file.write(json.dumps({k: round(v, 5) for k, v in line.items()}) + "\n")
        on_step({**line, "left_minutes": self.recipe.minutes - spent})

    @property
    def drawings(self) -> int:
        """The seed of what this sitting's first process learns from: a resumed one must not repeat the first's."""
        return self.recipe.seed + 1_000_003 * int(self._begun)

    def checkpoint(self) -> None:
        """Write the state that a later sitting resumes, and the averaged weights as a folder to draw with."""
        state = {f"network.{k}": v.detach().cpu().contiguous() for k, v in self.network.state_dict().items()}
        state |= {f"averaged.{k}": v.cpu().contiguous() for k, v in self.averaged.items()}
        for i, moments in self.optimizer.state_dict()["state"].items():
            state |= {f"optimizer.{i}.{k}": v.cpu().contiguous() for k, v in moments.items()}
        fresh = self.folder / ".state.safetensors"
        save_file(state, fresh)
        fresh.replace(self.folder / "state.safetensors")
        (self.folder / "state.json").write_text(json.dumps(self.progress))
        weights.save(self.folder / "weights", self.averaged_network(), self.vocabulary, self.training_record())

    def averaged_network(self) -> Loom:
        """Return a copy of the network with the averaged weights, in eval mode, in float32."""
        network = Loom(self.network.shape).to(self.device).to(memory_format=torch.channels_last)  # pyright: ignore
        network.load_state_dict(self.averaged)
        return network.eval().requires_grad_(False)

    def training_record(self) -> dict[str, Any]:
        """Return what config.json keeps of the training."""
        return {k: round(v, 1) for k, v in self.progress.items()} | {"drawings": self.drawings}

    def _resume(self) -> None:
        state = load_file(self.folder / "state.safetensors")
        parts: dict[str, dict[str, Tensor]] = {"network": {}, "averaged": {}, "optimizer": {}}
        for key, tensor in state.items():
            part, _, name = key.partition(".")
            parts[part][name] = tensor
        self.network.load_state_dict(parts["network"])
        self.averaged = {k: v.to(self.device) for k, v in parts["averaged"].items()}
        self._resume_optimizer(parts["optimizer"])
        self.progress = json.loads((self.folder / "state.json").read_text())
        self._random.manual_seed(self.recipe.seed + int(self.progress["steps"]))

    def _resume_optimizer(self, moments: dict[str, Tensor]) -> None:
        state: dict[int, dict[str, Tensor]] = {}
        for key, tensor in moments.items():
            number, _, name = key.partition(".")
            state.setdefault(int(number), {})[name] = tensor
        record = self.optimizer.state_dict()
        record["state"] = state
        self.optimizer.load_state_dict(record)

    def start_from(self, folder: Path) -> None:
        """Take the weights of a folder, committed or shipped, as the starting point; the optimizer begins anew."""
        loaded = weights.load(folder, dtype=torch.float32)
        network = loaded.network
        state = network.state_dict()
        # An older table may be shorter.
        rows = self.network.terms.weight.detach().clone()
        rows[: len(state["terms.weight"])] = state["terms.weight"]
        # A network from before motifs were drawn alone has no stage.
        missing, _ = self.network.load_state_dict({**state, "terms.weight": rows}, strict=False)
        assert all(key.startswith("stage.") for key in missing), missing
        self.averaged = {k: v.detach().clone().to(self.device) for k, v in self.network.state_dict().items()}
        self.progress |= {name: float(loaded.training.get(name, 0)) for name in self.progress}
        self._begun = self.progress["steps"]


def _groups(network: Loom) -> list[dict[str, Any]]:
    """Return the parameters in two groups: the tables of terms learn faster, for each row is seldom touched."""
    tables = [m.weight for m in network.modules() if isinstance(m, nn.Embedding)]
    rest = [p for p in network.parameters() if not any(p is t for t in tables)]
    return [
        {"params": rest, "pace": 1.0, "weight_decay": 0.01},
        {"params": tables, "pace": TERMS_PACE, "weight_decay": 0.0},
    ]


def batches(samples: Iterable[Sample], batch_px: int) -> Iterator[list[Sample]]:
    """Yield batches of samples that share a grid, all staged or none, as soon as one is full."""
    waiting: dict[tuple[Grid, bool], list[Sample]] = {}
    for sample in samples:
        grid, kind = sample.grid, (sample.grid, sample.staged)
        row = waiting.setdefault(kind, [])
        row.append(sample)
        if len(row) >= min(MOST_TILES, max(1, batch_px // (grid.width * grid.height))):
            yield waiting.pop(kind)
