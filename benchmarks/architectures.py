"""What learns fastest: networks, objectives and optimizers for the Loom at equal processor time on one thread.

    python -m benchmarks.architectures [--minutes 3] [--only NAME ...]

Each begins from the same seed and sees the same drawings: motifs of ten families, alone. Drawing is not counted. Prints
one JSON document: for each the parameters, the steps it took, and on held-out drawings at three times of noise the mean
surprise above the drawings' own entropy (nats a pixel) and the share of pixels that are not ground, in the drawing or
in the prediction, whose strongest ink is right; ``edges`` is the surprise at t = 0.4, where shapes are plain and only
their outlines are in doubt.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from benchmarks.surprise import sample, surprised
from patterns.atelier.training import corpus_vocabulary
from patterns.loom.network import Geometry, Loom, LoomConfig
from patterns.loom.train import Recipe, Sample, Trainer, batches
from patterns.loom.vocabulary import Vocabulary
from patterns.motif import portrait

FAMILIES = ("rose", "tulip", "daisy", "fern", "monstera", "butterfly", "fish", "paisley", "pomegranate", "mushroom")
KEPT, HELD, HELD_SEED = 3_000, 120, 900_005
TIMES, QUIET = (0.7, 0.9, 0.96), 0.4
RATE, MUON_RATE = 1e-3, 0.02


class Squared(Trainer):
    """Learns from the squared error of the probabilities, weighted 1/t^2."""

    def _loss(self, batch: list[Sample]) -> Tensor:
        coverage = torch.from_numpy(np.stack([s.planes for s in batch])).float() / 255
        t, noisy = self._noisy(coverage, batch[0].grid)
        geometry = Geometry(batch[0].grid, staged=batch[0].staged)
        p = self.network(noisy, t, self._condition(batch), geometry).float().softmax(dim=1)
        return ((p - coverage).square().sum(dim=1).mean(dim=(1, 2)) / t.clamp(min=0.1).square()).mean()


class Pair(torch.optim.Optimizer):
    """Muon for the matrices of the blocks, AdamW for whatever else: one optimizer to the trainer."""

    def __init__(self, network: Loom, rest: torch.optim.Optimizer) -> None:
        matrices = [p for name, p in network.named_parameters() if p.ndim == 2 and name.startswith(("down", "up"))]
        chosen = {id(p) for p in matrices}
        for group in rest.param_groups:
            group["params"] = [p for p in group["params"] if id(p) not in chosen]
        self.parts = (torch.optim.Muon(matrices, lr=MUON_RATE, weight_decay=0.01), rest)
        for group in self.parts[0].param_groups:
            group["pace"] = MUON_RATE / RATE
        self.param_groups = [group for part in self.parts for group in part.param_groups]

    def step(self, closure: None = None) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        for part in self.parts:
            part.step()

    def zero_grad(self, set_to_none: bool = True) -> None:
        for part in self.parts:
            part.zero_grad(set_to_none)


class Muonized(Trainer):
    """Learns with Muon where it can."""

    def __init__(self, folder: Path, vocabulary: Vocabulary, recipe: Recipe, *, shape: LoomConfig) -> None:
        super().__init__(folder, vocabulary, recipe, shape=shape)
        self.optimizer = Pair(self.network, self.optimizer)


LOOM = LoomConfig()
TRIED: dict[str, tuple[LoomConfig, type[Trainer]]] = {
    "the Loom: convolutions, transformer at 16 px": (LOOM, Trainer),
    "convolutions at 16 px too": (LoomConfig(encoder=("c", "cc", "cc"), decoder=("cc", "cc", "ccc")), Trainer),
    "transformer on patches of 16 px alone": (LoomConfig(encoder=("", "", "aaaa"), decoder=("", "", "aaaa")), Trainer),
    "wider: 96, 192, 384 channels": (LoomConfig(channels=(96, 192, 384), heads=6), Trainer),
    "narrower: 64, 128, 256 channels": (LoomConfig(channels=(64, 128, 256), heads=4), Trainer),
    "the Loom by squared error": (LOOM, Squared),
    "the Loom with Muon": (LOOM, Muonized),
}


def samples(seed: int, count: int) -> list[Sample]:
    """Return so many motifs, the families in turn."""
    rng = np.random.default_rng(seed)
    return [sample(portrait(rng, family=FAMILIES[i % len(FAMILIES)]), alone=True) for i in range(count)]


def stream(kept: list[Sample]) -> Iterator[Sample]:
    """Yield drawings by chance without end, the same for every network."""
    rng = np.random.default_rng(7)
    while True:
        yield kept[int(rng.integers(len(kept)))]


def trained(trainer: Trainer, kept: list[Sample], seconds: float) -> int:
    """Train for so much processor time, drawing aside; return the steps."""
    spent, steps = 0.0, 0
    for batch in batches(stream(kept), trainer.recipe.batch_px):
        start = time.process_time()
        trainer.step(batch, spent / seconds)
        spent, steps = spent + time.process_time() - start, steps + 1
        if spent >= seconds:
            break
    return steps


@torch.inference_mode()
def held_out(trainer: Trainer, held: list[Sample]) -> dict[str, float]:
    """Return the mean surprise, the share of pixels that are right and the surprise of edges, as the module says."""
    network, generator = trainer.network.eval(), torch.Generator().manual_seed(3)
    surprise, right, drawn, edges = 0.0, 0, 0, 0.0
    for one in held:
        for time_ in TIMES:
            logits, coverage, off = surprised(network, trainer.vocabulary, [one], time_, generator)
            surprise += float(off.mean())
            said, is_ = logits.argmax(dim=1), coverage.argmax(dim=1)
            shown = (said != 0) | (is_ != 0)
            right, drawn = right + int(((said == is_) & shown).sum()), drawn + int(shown.sum())
        edges += float(surprised(network, trainer.vocabulary, [one], QUIET, generator)[2].mean())
    found = {"surprise": surprise / (len(held) * len(TIMES)), "right": right / drawn, "edges": edges / len(held)}
    return {name: round(value, 4) for name, value in found.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=3.0, help="processor time of each")
    parser.add_argument("--only", nargs="*", metavar="NAME", help="those whose name begins so")
    asked = parser.parse_args()
    torch.set_num_threads(1)
    kept, held, vocabulary = samples(5, KEPT), samples(HELD_SEED, HELD), corpus_vocabulary()
    found: dict[str, dict[str, float]] = {}
    for name, (shape, kind) in TRIED.items():
        if asked.only and not name.startswith(tuple(asked.only)):
            continue
        with tempfile.TemporaryDirectory() as folder:
            trainer = kind(Path(folder), vocabulary, Recipe(rate=RATE), shape=shape)
            steps = trained(trainer, kept, 60 * asked.minutes)
            seen = held_out(trainer, held)
        millions = sum(p.numel() for p in trainer.network.parameters()) / 1e6
        found[name] = {"million_parameters": round(millions, 1), "steps": steps, **seen}
        print(name, found[name], flush=True)
    print(json.dumps({"minutes": asked.minutes, "threads": 1, "found": found}, indent=1))


if __name__ == "__main__":
    main()
