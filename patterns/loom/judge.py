"""The judge: a small network apart from the Loom that says what a drawing shows. It learns from the corpus alone.

Wrapped convolutions, then means, deviations and maxima over the whole tile: where on its lattice a drawing lies makes
no difference, exactly for moves by ``STRIDE`` pixels, nearly for all others, for it is trained on drawings moved at
random.
"""

import json
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
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
_CHANNELS = (48, 80, 160)
# At how many px each convolution works, and those of which means are taken: the last at each level.
_FACTORS, _GATHERED = (4, 8, 8, 16, 16), (0, 2, 4)
# A label that the names do not hold is not learned from.
_UNNAMED = -100
# What a question is worth in training, beside the family's 1.
_SECOND, _GROUND, _INKS, _SCALE = 0.5, 0.25, 0.5, 4.0
# A smaller cell is looked at paved to about the other side, in px: as it is delivered.
_LEAST_SIDE, _PAVED_SIDE = 64, 96
# Octaves from which on an error of the radius counts in proportion: words of size are half an octave apart.
_NEAR = 0.1


@dataclass(frozen=True, slots=True)
class Labels:
    """What a drawing shows: its family, a second one and a ground ("" where there is none), inks seen, radius in px.

    Of a radius that is nan nothing is learned.
    """

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
    """How long a judge learns: steps of so many ``groups`` of at most ``alike`` drawings that share a grid."""

    steps: int = 3000
    groups: int = 3
    alike: int = 8
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

    def gathered(self, planes: Tensor, grid: Grid) -> Tensor:
        """Return (B, width) figures of whole tiles from coverages (B, planes, H, W), 0-1 or in 255ths, on ``grid``."""
        x = F.pixel_unshuffle(planes, 4)
        x = x.float() / (255 if planes.dtype == torch.uint8 else 1)
        of_ink = x.unflatten(1, (planes.shape[1], 16)).flatten(2)
        gathered = [(of_ink.mean(dim=2) + 1e-3).log10(), of_ink.amax(dim=2)]
        h = 2 * x - 1
        for i, (conv, norm) in enumerate(zip(self.convs, self.norms, strict=True)):
            factor = _FACTORS[i]
            if i and factor != _FACTORS[i - 1]:
                h = F.avg_pool2d(h, 2)
            h = F.silu(norm(conv(h, grid.scaled(Fraction(1, factor)))))
            if i in _GATHERED:
                gathered += [*_moments(h), F.adaptive_max_pool2d(h, 1).flatten(1)]
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
    groups = _groups(list(examples), names, recipe, rng)
    for step in range(recipe.steps):
        batch = [next(groups) for _ in range(recipe.groups)]
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


@dataclass(frozen=True, slots=True)
class _Group:
    """Drawings (B, K, H, W) uint8 on one grid; the places of their labels (4, B); their radii as log2 of 32 px (B,)."""

    planes: Tensor
    grid: Grid
    said: Tensor
    scale: Tensor


def _groups(examples: list[Example], names: Names, recipe: Recipe, rng: np.random.Generator) -> Iterator[_Group]:
    """Yield drawings on one grid at a time, each grid as often as it has drawings, moved along their lattice."""
    on = defaultdict[Grid, list[Example]](list)
    for example in examples:
        on[example[1]].append(example)
    grids = list(on)
    often = np.array([len(on[grid]) for grid in grids]) / len(examples)
    while True:
        grid = grids[int(rng.choice(len(grids), p=often))]
        rows = [on[grid][int(i)] for i in rng.integers(len(on[grid]), size=min(recipe.alike, len(on[grid])))]
        labels = [row[2] for row in rows]
        said = [
            [_place(names.families, own.family) for own in labels],
            [_place(names.seconds, own.second) for own in labels],
            [_place(names.grounds, own.ground) for own in labels],
            [min(own.inks, MOST_INKS) for own in labels],
        ]
        scale = torch.tensor([math.log2(own.scale_px / 32) for own in labels])
        yield _Group(_moved([row[0] for row in rows], grid, rng), grid, torch.tensor(said), scale)


def _moved(planes: Sequence[np.ndarray], grid: Grid, rng: np.random.Generator) -> Tensor:
    """Return planes (B, K, H, W) moved together: by less than ``STRIDE``, beyond which a move makes no difference."""
    places = np.arange(grid.height * grid.width).reshape(grid.height, grid.width)
    moved = grid.roll(places, *(int(v) for v in rng.integers(STRIDE, size=2)))
    stack = torch.from_numpy(np.stack(planes))
    return stack.flatten(2)[:, :, torch.from_numpy(moved.ravel())].view(stack.shape)


def _loss(judge: Judge, batch: Sequence[_Group]) -> Tensor:
    gathered = [judge.gathered(group.planes, group.grid) for group in batch]
    logits, scale = judge.answers(judge.features(torch.cat(gathered)))
    loss = torch.zeros(())
    said = torch.cat([group.said for group in batch], dim=1)
    for answer, label, worth in zip(logits, said, (1.0, _SECOND, _GROUND, _INKS), strict=True):
        if (label != _UNNAMED).any():
            loss = loss + worth * F.cross_entropy(answer.float(), label, ignore_index=_UNNAMED)
    wanted = torch.cat([group.scale for group in batch])
    known = ~wanted.isnan()
    return loss + _SCALE * F.smooth_l1_loss(scale.float()[known], wanted[known], beta=_NEAR) if known.any() else loss


def _place(known: tuple[str, ...], value: str) -> int:
    return known.index(value) if value in known else _UNNAMED


def _moments(h: Tensor) -> tuple[Tensor, Tensor]:
    """Return means and deviations (B, C) of (B, C, H, W)."""
    mean = h.mean(dim=(2, 3), keepdim=True)
    return mean.flatten(1), ((h - mean).square().mean(dim=(2, 3)) + 1e-6).sqrt()


@torch.inference_mode()
def judged(judge: Judge, drawings: Iterable[Drawn]) -> Opinion:
    """Return what the judge says of drawings, each looked at by itself."""
    features = judge.features(
        torch.cat([judge.gathered(torch.from_numpy(planes)[None], grid) for planes, grid in drawings])
    )
    logits, scale = judge.answers(features)
    family, second, ground, inks = (answer.softmax(dim=1).numpy() for answer in logits)
    return Opinion(judge.names, family, second, ground, inks, 32 * 2 ** scale.numpy(), features.numpy())


def strongest(planes: np.ndarray) -> np.ndarray:
    """Return planes (K, H, W) uint8 in 255ths of which each pixel is wholly the strongest ink, as it is printed."""
    return ((planes.argmax(axis=0) == np.arange(len(planes))[:, None, None]) * 255).astype(np.uint8)


def shown(planes: np.ndarray, grid: Grid) -> Drawn:
    """Return planes (K, H, W) as uint8 in 255ths, as a judge sees them: a small cell is paved."""
    values = np.rint(planes * 255).astype(np.uint8)
    if min(grid.width, grid.height) >= _LEAST_SIDE:
        return values, grid
    across, down = grid.copies
    width, height = (n * -(-_PAVED_SIDE // n) for n in (grid.width * across, grid.height * down))
    return grid.window(values, top=0, left=0, height=height, width=width), Grid(width, height)


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
