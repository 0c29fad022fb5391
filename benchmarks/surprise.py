"""How well weights know each family: how much its drawings, under noise, still surprise the network.

    python -m benchmarks.surprise [--weights FOLDER] [--each 24]

On held-out drawings of every family that is taught, motifs alone, told all that they show: the mean surprise above the
drawings' own entropy (nats a pixel) at four times of noise. Prints one JSON document, the hardest of a kind first, and
the mean of each kind. What is hard here is shown more often in training (``weight`` of a family in ``patterns.motif``).
"""

import argparse
import json
import math
from collections import defaultdict
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from patterns.lattice import Grid
from patterns.loom import weights
from patterns.loom.network import Condition, Geometry, Loom
from patterns.loom.train import Sample
from patterns.loom.vocabulary import ALONE, Vocabulary
from patterns.motif import FAMILIES, draw, portrait
from patterns.motif.corpus import Drawing

TIMES = (0.5, 0.75, 0.9, 0.97)
SEED = 900_005
# Fields are drawn on these in turn, regular families on cells of the first.
GRIDS = (Grid(96, 96), Grid(96, 96, 48))


def sample(drawing: Drawing, *, alone: bool) -> Sample:
    """Return a drawing with all that can be said of it; ``alone`` if it is a portrait."""
    seen = drawing.attributes
    planes = np.rint(drawing.planes * 255).astype(np.uint8)
    terms = (*seen.reading().terms(), *((ALONE,) if alone else ()))
    return Sample(planes, drawing.grid, terms, seen.scale_px, seen.nominal_inks, staged=alone)


def drawn(rng: np.random.Generator, family: str, number: int) -> Sample:
    """Return a drawing of a family, a motif's portrait."""
    kind = FAMILIES[family].kind
    if kind == "motif":
        return sample(portrait(rng, family=family), alone=True)
    return sample(draw(rng, GRIDS[number % 2 if kind == "field" else 0], family=family), alone=False)


@torch.inference_mode()
def surprised(
    network: Loom, vocabulary: Vocabulary, row: list[Sample], time: float, chance: torch.Generator
) -> tuple[Tensor, Tensor, Tensor]:
    """Return logits and coverages (B, K, H, W) of drawings on one grid under noise, and the surprise (B, H, W)."""
    coverage = torch.from_numpy(np.stack([one.planes for one in row])).float() / 255
    condition = Condition(
        torch.from_numpy(np.stack([vocabulary.encode(one.terms) for one in row])),
        torch.tensor([math.log2(one.scale_px) for one in row]),
        torch.tensor([one.inks for one in row]),
    )
    noisy = (1 - time) * (2 * coverage - 1) + time * torch.randn(coverage.shape, generator=chance)
    geometry = Geometry(row[0].grid, staged=row[0].staged)
    with torch.autocast("cpu", torch.bfloat16, enabled=weights.default_dtype() == torch.bfloat16):
        logits = network(noisy, torch.full((len(row),), time), condition, geometry).float()
    own = (coverage * coverage.clamp(min=1e-6).log()).sum(dim=1)
    return logits, coverage, own - (coverage * logits.log_softmax(dim=1)).sum(dim=1)


def surprise(network: Loom, vocabulary: Vocabulary, samples: list[Sample], chance: torch.Generator) -> np.ndarray:
    """Return the mean surprise (times,) of a family's drawings."""
    on = defaultdict[Grid, list[Sample]](list)
    for one in samples:
        on[one.grid].append(one)
    total = np.zeros(len(TIMES))
    for row in on.values():
        for k, time in enumerate(TIMES):
            total[k] += float(surprised(network, vocabulary, row, time, chance)[2].mean(dim=(1, 2)).sum())
    return total / len(samples)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", type=Path, help="a folder of weights; the shipped ones by default")
    parser.add_argument("--each", type=int, default=24, help="drawings of each family")
    asked = parser.parse_args()
    loaded = weights.load(asked.weights, dtype=torch.float32)
    chance = torch.Generator().manual_seed(SEED)
    found: dict[str, dict[str, list[float]]] = {}
    for name in loaded.vocabulary.families:
        if name in FAMILIES:
            rng = np.random.default_rng([SEED, *name.encode()])
            row = surprise(
                loaded.network, loaded.vocabulary, [drawn(rng, name, k) for k in range(asked.each)], chance
            ).tolist()
            found.setdefault(FAMILIES[name].kind, {})[name] = [round(value, 4) for value in row]
    record = {
        kind: {
            "mean": np.mean(list(rows.values()), axis=0).round(4).tolist(),
            **dict(sorted(rows.items(), key=lambda item: -sum(item[1]))),
        }
        for kind, rows in found.items()
    }
    print(json.dumps({"weights": loaded.digest, "times": TIMES, "surprise": record}, indent=1))


if __name__ == "__main__":
    main()
