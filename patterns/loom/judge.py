"""The judge: a small network apart from the Loom that says what a drawing shows. It learns from the corpus alone.

Wrapped convolutions, then means, deviations and maxima over the whole tile: where on its lattice a drawing lies makes
no difference, exactly for moves by ``STRIDE`` pixels, nearly for all others, for it is trained on drawings moved at
random.
"""

import json
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, astuple, dataclass
from fractions import Fraction
from itertools import groupby
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from patterns.lattice import Grid
from patterns.loom.network import WrappedConv
from patterns.loom.weights import default_dtype

STRIDE = 16
FEATURES = 64
MOST_INKS = 6
_CHANNELS = (48, 64, 96)
# At how many px each convolution works, and those of which means are taken: the last at each level.
_FACTORS, _GATHERED = (4, 8, 8, 16, 16), (0, 2, 4)
# A label that the names do not hold is not learned from.
_UNNAMED = -100
# What a question is worth in training, beside the family's 1.
_SECOND, _GROUND, _INKS, _SCALE = 0.5, 0.25, 0.5, 1.0


@dataclass(frozen=True, slots=True)
class Labels:
    """What a drawing shows: its family, a second one and a ground ("" where there is none), inks seen, radius in px."""

    family: str
    second: str = ""
    ground: str = ""
    inks: int = 2
    scale_px: float = 32.0


@dataclass(frozen=True, slots=True)
class Names:
    """What a judge can answer; the first of ``seconds`` and ``grounds`` is "", none."""

    families: tuple[str, ...]
    seconds: tuple[str, ...] = ("",)
    grounds: tuple[str, ...] = ("",)


# Planes (6, H, W), uint8 in 255ths, or 0-1 in floating point; their grid, with lengths that ``STRIDE`` divides.
Drawn = tuple[np.ndarray, Grid]
Example = tuple[np.ndarray, Grid, Labels]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How long a judge learns: steps of ``batch`` drawings."""

    steps: int = 3000
    batch: int = 16
    rate: float = 3e-3
    seed: int = 71


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a judge says of N drawings: probabilities (N, names), the radius in px (N,), and (N, 64) features."""

    names: Names
    family: np.ndarray
    second: np.ndarray
    ground: np.ndarray
    inks: np.ndarray
    scale_px: np.ndarray
    features: np.ndarray

    def families(self) -> list[str]:
        """Return the likeliest family of each."""
        return [self.names.families[i] for i in self.family.argmax(axis=1)]

    def seconds(self) -> list[str]:
        """Return the likeliest second family of each, "" for none."""
        return [self.names.seconds[i] for i in self.second.argmax(axis=1)]

    def grounds(self) -> list[str]:
        """Return the likeliest ground of each, "" for none."""
        return [self.names.grounds[i] for i in self.ground.argmax(axis=1)]

    def ink_counts(self) -> np.ndarray:
        """Return the likeliest number of inks of each, (N,)."""
        return self.inks.argmax(axis=1)


class Judge(nn.Module):
    """Three levels of wrapped convolutions at 4, 8 and 16 px; figures of the whole tile; a head a question."""

    def __init__(self, names: Names, planes: int = 6) -> None:
        super().__init__()
        self.names = names
        fine, middle, coarse = _CHANNELS
        self.convs = nn.ModuleList(
            [
                WrappedConv(16 * planes, fine),
                WrappedConv(fine, middle),
                WrappedConv(middle, middle),
                WrappedConv(middle, coarse),
                WrappedConv(coarse, coarse),
            ]
        )
        self.norms = nn.ModuleList(nn.GroupNorm(1, c.out_channels) for c in self.convs if isinstance(c, WrappedConv))
        # Means, deviations and maxima of every level, and how much each ink covers.
        width = 3 * (fine + middle + coarse) + 2 * planes
        self.even = nn.BatchNorm1d(width)
        self.gather = nn.Linear(width, FEATURES)
        sizes = (len(names.families), len(names.seconds), len(names.grounds), MOST_INKS + 1)
        self.heads = nn.ModuleList(nn.Linear(FEATURES, size) for size in sizes)
        self.scale = nn.Linear(FEATURES, 1)

    def gathered(self, x: Tensor, grid: Grid) -> Tensor:
        """Return (B, width) figures of whole tiles from coverages x (B, planes, H, W) in 0-1 on ``grid``."""
        cover = x.mean(dim=(2, 3))
        gathered = [(cover + 1e-3).log10(), x.amax(dim=(2, 3))]
        h = F.pixel_unshuffle(2 * x - 1, 4)
        for i, (conv, norm) in enumerate(zip(self.convs, self.norms, strict=True)):
            factor = _FACTORS[i]
            if i and factor != _FACTORS[i - 1]:
                h = F.avg_pool2d(h, 2)
            h = F.silu(norm(conv(h, grid.scaled(Fraction(1, factor)))))
            if i in _GATHERED:
                gathered += [h.mean(dim=(2, 3)), h.std(dim=(2, 3), unbiased=False), h.amax(dim=(2, 3))]
        return torch.cat(gathered, dim=1)

    def features(self, gathered: Tensor) -> Tensor:
        """Return (B, 64) from figures of tiles, which may have been on different grids."""
        return F.silu(self.gather(self.even(gathered)))

    def answers(self, features: Tensor) -> tuple[list[Tensor], Tensor]:
        """Return the logits of family, second, ground and inks, and log2 of the radius in 32 px, from features."""
        return [head(features) for head in self.heads], self.scale(features)[:, 0]


def train(examples: Iterable[Example], names: Names, recipe: Recipe | None = None) -> Judge:
    """Return a judge that learned from examples, in eval mode; the same examples and recipe make the same one."""
    recipe = recipe or Recipe()
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(recipe.seed)
        judge = Judge(names)
    optimizer = torch.optim.AdamW(judge.parameters(), recipe.rate, weight_decay=0.02)
    rng = np.random.default_rng(recipe.seed)
    for step, batch in enumerate(_batches(list(examples), recipe, rng)):
        done = step / recipe.steps
        for group in optimizer.param_groups:
            group["lr"] = recipe.rate * min(1.0, (step + 1) / 30) * (0.02 + 0.49 * (1 + math.cos(math.pi * done)))
        with torch.autocast("cpu", torch.bfloat16, enabled=default_dtype() == torch.bfloat16):
            loss = _loss(judge, batch)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(judge.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
    return judge.eval().requires_grad_(False)


def _batches(examples: list[Example], recipe: Recipe, rng: np.random.Generator) -> Iterator[list[Example]]:
    """Yield batches moved along their lattices, those on one grid beside each other."""
    for _ in range(recipe.steps):
        batch = [examples[int(i)] for i in rng.integers(len(examples), size=recipe.batch)]
        yield [_moved(e, rng) for e in sorted(batch, key=lambda e: astuple(e[1]))]


def _moved(example: Example, rng: np.random.Generator) -> Example:
    planes, grid, labels = example
    return grid.roll(planes, int(rng.integers(grid.height)), int(rng.integers(grid.width))), grid, labels


def _loss(judge: Judge, batch: list[Example]) -> Tensor:
    names = judge.names
    rows = ((e[2].family, e[2].second, e[2].ground) for e in batch)
    said = [
        torch.tensor([_place(known, value) for value in column])
        for known, column in zip((names.families, names.seconds, names.grounds), zip(*rows, strict=True), strict=True)
    ]
    said.append(torch.tensor([min(e[2].inks, MOST_INKS) for e in batch]))
    alike = [list(row) for _, row in groupby(batch, key=lambda e: e[1])]
    gathered = [judge.gathered(_stacked([e[0] for e in row]), row[0][1]) for row in alike]
    logits, scale = judge.answers(judge.features(torch.cat(gathered)))
    loss = torch.zeros(())
    for answer, label, worth in zip(logits, said, (1.0, _SECOND, _GROUND, _INKS), strict=True):
        if (label != _UNNAMED).any():
            loss = loss + worth * F.cross_entropy(answer.float(), label, ignore_index=_UNNAMED)
    wanted = torch.tensor([math.log2(e[2].scale_px / 32) for e in batch])
    return loss + _SCALE * F.smooth_l1_loss(scale.float(), wanted)


def _place(known: tuple[str, ...], value: str) -> int:
    return known.index(value) if value in known else _UNNAMED


def _stacked(planes: Sequence[np.ndarray]) -> Tensor:
    """Return (B, K, H, W) float32 in 0-1 from planes in 255ths or in 0-1."""
    stack = np.stack(planes)
    return torch.from_numpy(stack.astype(np.float32) / (255 if stack.dtype == np.uint8 else 1))


@torch.inference_mode()
def judged(judge: Judge, drawings: Iterable[Drawn]) -> Opinion:
    """Return what the judge says of drawings, each looked at by itself."""
    features = judge.features(torch.cat([judge.gathered(_stacked([planes]), grid) for planes, grid in drawings]))
    logits, scale = judge.answers(features)
    family, second, ground, inks = (answer.softmax(dim=1).numpy() for answer in logits)
    return Opinion(judge.names, family, second, ground, inks, 32 * 2 ** scale.numpy(), features.numpy())


def save(judge: Judge, path: Path) -> None:
    """Write a judge to a file, whole or not at all."""
    from safetensors.torch import save_file

    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.part")
    save_file(judge.state_dict(), fresh, metadata={"names": json.dumps(asdict(judge.names))})
    fresh.replace(path)


def load(path: Path) -> Judge:
    """Return the judge in a file that ``save`` wrote."""
    from safetensors import safe_open

    with safe_open(path, "pt") as file:
        record = json.loads(file.metadata()["names"])
        judge = Judge(Names(**{key: tuple(value) for key, value in record.items()}))
        judge.load_state_dict({key: file.get_tensor(key) for key in file.keys()})  # noqa: SIM118
    return judge.eval().requires_grad_(False)
