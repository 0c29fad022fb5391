"""The Loom's network: noisy ink planes and terms in, the probability of each ink at every pixel out.

A U-Net on patches of 4 x 4 pixels. Every convolution wraps on the tile's lattice, attention at the coarse level has
rotary angles that are harmonics of that lattice, and nothing else knows a position: the network commutes with every
roll by a multiple of ``STRIDE`` pixels, and on a sheared cell it draws what it would draw on the rectangular supercell.
The one exception is a motif that is drawn alone: it stands on a stage, whose middle the network knows.
"""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from patterns.lattice import Grid

PATCH = 4
STRIDE = 16
# Pixels on an edge are part one ink, part another: below t = 0.38 a pixel's own evidence is not trusted further.
MOST_EVIDENCE = 8.0


# Tiles of fewer pixels than this are settled at quieter times, for there is less to average over.
_SETTLED_PX = 96 * 96


def leaning(grid: Grid) -> float:
    """Return by how much the logit of time moves on a small tile, at most 0: half of what equal evidence asks for.

    Noise at time t is averaged over the tile's pixels, so that n pixels at t say as much as N at the time whose
    t / (1 - t) is sqrt(N / n) times as large (Esser et al. 2024, section 5.3.2, for resolutions).
    """
    return 0.25 * math.log(min(1.0, grid.width * grid.height / _SETTLED_PX))


@dataclass(frozen=True, slots=True)
class LoomConfig:
    """The network's shape: what a weights folder's config.json says of it."""

    planes: int = 6  # inks in fixed roles
    channels: tuple[int, int, int] = (64, 128, 320)  # at 4, 8 and 16 px
    # Blocks a level, downward and then upward, top level first: c convolves, a attends (at the coarse level only).
    encoder: tuple[str, str, str] = ("c", "cc", "aa")
    decoder: tuple[str, str, str] = ("cc", "cc", "aaa")
    heads: int = 5  # attention at the coarse level
    table: int = 1024  # rows of the table of terms; row 0 says nothing
    embedding: int = 384  # width of the vector that steers every block
    stage_px: int = 96  # side in px of the cell on which a motif stands alone, 0 for none

    def to_json(self) -> dict[str, Any]:
        """Return a dictionary that JSON can hold."""
        return asdict(self)

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> "LoomConfig":
        """Return the shape that config.json says; its other keys are diffusers' and the training's."""
        # Weights from before motifs were drawn alone say nothing of a stage.
        known: dict[str, Any] = {k: v for k, v in {"stage_px": 0, **record}.items() if k in cls.__dataclass_fields__}
        levels: dict[str, Any] = {k: tuple(v) for k, v in known.items() if isinstance(v, list)}
        return cls(**{**known, **levels})


@dataclass(frozen=True, slots=True)
class Condition:
    """What the network is told, one row for each tile.

    ``terms`` is (B, L) int64, 0 where nothing is said; ``log_scale`` (B,) is log2 of the motif's size in px, nan if
    unsaid; ``inks`` (B,) int64 is how many inks there are, 0 if unsaid.
    """

    terms: Tensor
    log_scale: Tensor
    inks: Tensor

    def unsaid(self) -> "Condition":
        """Return the same number of inks with nothing else said, for guidance."""
        return Condition(torch.zeros_like(self.terms), torch.full_like(self.log_scale, math.nan), self.inks)

    def repeated(self, count: int) -> "Condition":
        """Return a single row ``count`` times."""
        return Condition(self.terms.repeat(count, 1), self.log_scale.repeat(count), self.inks.repeat(count))

    def to(self, device: torch.device) -> "Condition":
        """Return the same on another device."""
        return Condition(self.terms.to(device), self.log_scale.to(device), self.inks.to(device))


class Geometry:
    """A tile's pixel grid as the network sees it: one grid a level, and the rotary angles of the coarse one.

    ``origin`` is the grid of the lattice that the angles come from; pass the cell's when evaluating its supercell.
    On a ``staged`` cell a motif stands alone in the middle, and the network knows where that is.
    """

    def __init__(self, grid: Grid, origin: Grid | None = None, *, staged: bool = False) -> None:
        self.grid, self.staged = grid, staged
        self.levels = tuple(grid.scaled(Fraction(1, s)) for s in (4, 8, 16))
        self.origin = self.levels[2] if origin is None else origin.scaled(Fraction(1, 16))

    def angles(self, pairs: int) -> tuple[Tensor, Tensor]:
        """Return (cos, sin), each (h w, pairs) float64, of the rotary angles at the coarse level."""
        return _angles(self.levels[2], self.origin, pairs)


# What is kept must serve training too: a tensor made in inference mode cannot.
@lru_cache(maxsize=64)
@torch.inference_mode(False)
def _angles(grid: Grid, origin: Grid, pairs: int) -> tuple[Tensor, Tensor]:
    vectors = torch.tensor(wave_vectors(origin, pairs), dtype=torch.float64)
    y, x = torch.meshgrid(torch.arange(grid.height), torch.arange(grid.width), indexing="ij")
    positions = torch.stack([x.flatten(), y.flatten()], dim=1).double()
    turns = 2 * math.pi * (positions @ vectors.T)
    return turns.cos(), turns.sin()


def wave_vectors(grid: Grid, pairs: int) -> list[tuple[float, float]]:
    """Return ``pairs`` wave vectors (cycles per pixel in x, y) of the reciprocal lattice of ``grid``.

    Log-spaced targets along four directions are rounded jointly to ((m - n s/H)/W, n/H), or with the axes swapped
    for a slide, so that every angle is periodic on the lattice.
    """
    vectors = []
    for i in range(pairs):
        turn = (i % 4) * math.pi / 4
        frequency = 0.4 * 2 ** (-4.5 * (i // 4) / max(1, (pairs - 1) // 4))
        vectors.append(grid.harmonic(frequency * math.cos(turn), frequency * math.sin(turn)))
    return vectors


@lru_cache(maxsize=256)
@torch.inference_mode(False)
def _halo(grid: Grid) -> tuple[Tensor, Tensor]:
    positions, sources = grid.halo(1)
    return torch.from_numpy(positions), torch.from_numpy(sources)


def wrapped(x: Tensor, grid: Grid) -> Tensor:
    """Return (B, C, H + 2, W + 2), channels last: x (B, C, H, W) with its neighbors on the lattice around it.

    One copy of the inside and a gather of the rim: cheaper than joining strips, and the same on every lattice.
    """
    batch, channels, height, width = x.shape
    positions, sources = (index.to(x.device) for index in _halo(grid))
    inside = x.permute(0, 2, 3, 1)
    padded = x.new_empty((batch, height + 2, width + 2, channels))
    padded[:, 1:-1, 1:-1] = inside
    rim = inside.reshape(batch, height * width, channels)[:, sources]
    return padded.view(batch, -1, channels).index_copy_(1, positions, rim).view_as(padded).permute(0, 3, 1, 2)


class WrappedConv(nn.Conv2d):
    """A 3 x 3 convolution whose neighbors beyond the edge are those on the lattice."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__(inputs, outputs, 3)

    def forward(self, input: Tensor, grid: Grid | None = None) -> Tensor:
        """Return (B, outputs, H, W) from (B, inputs, H, W) on ``grid``; zero padding without a grid."""
        if grid is None:
            return F.conv2d(input, self.weight, self.bias, padding=1)
        return F.conv2d(wrapped(input, grid), self.weight, self.bias)


def _norm(x: Tensor, weight: Tensor) -> Tensor:
    """Normalize (B, C, H, W) over the tile in groups of channels, and scale each channel."""
    channels = x.shape[1]
    return F.group_norm(x, math.gcd(channels, min(16, channels // 8)), weight)


class Block(nn.Module):
    """Two wrapped convolutions around a residual, steered by what the embedding makes of each channel."""

    def __init__(self, channels: int, embedding: int) -> None:
        super().__init__()
        self.norm1 = nn.Parameter(torch.ones(channels))
        self.conv1 = WrappedConv(channels, channels)
        self.steer = nn.Linear(embedding, 2 * channels)
        self.norm2 = nn.Parameter(torch.ones(channels))
        self.conv2 = WrappedConv(channels, channels)
        nn.init.zeros_(self.conv2.weight)

    def forward(self, x: Tensor, steering: Tensor, grid: Grid | None, _: "Geometry") -> Tensor:
        """Return (B, C, H, W); ``steering`` (B, 2 C) is ``steer`` of the embedding; no ``grid`` pads with zeros."""
        scale, shift = steering[:, :, None, None].chunk(2, dim=1)
        h = self.conv1(F.silu(_norm(x, self.norm1)), grid)
        h = F.silu(torch.addcmul(shift, _norm(h, self.norm2), 1 + scale))
        return x + self.conv2(h, grid)


class Attention(nn.Module):
    """A transformer block: patches attend to one another, rotary on the lattice, then think alone; both are steered.

    Queries and keys are normalized, so that no step can let attention run away (Dehghani et al. 2023).
    """

    def __init__(self, channels: int, heads: int, embedding: int) -> None:
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(channels, 3 * channels, bias=False)
        self.out = nn.Linear(channels, channels)
        self.widen = nn.Linear(channels, 3 * channels)
        self.narrow = nn.Linear(3 * channels, channels)
        self.steer = nn.Linear(embedding, 4 * channels)
        for layer in (self.out, self.narrow, self.steer):
            nn.init.zeros_(layer.weight)
        nn.init.zeros_(self.steer.bias)

    def forward(self, x: Tensor, steering: Tensor, _: Grid | None, geometry: Geometry) -> Tensor:
        """Return (B, C, H, W); ``steering`` (B, 4 C) is ``steer`` of the embedding."""
        batch, channels, height, width = x.shape
        scale, shift, scale_alone, shift_alone = steering[:, None].chunk(4, dim=-1)
        h = x.permute(0, 2, 3, 1).reshape(batch, height * width, channels)
        h = h + self.out(self._attended(torch.addcmul(shift, _even(h), 1 + scale), geometry))
        alone = F.gelu(self.widen(torch.addcmul(shift_alone, _even(h), 1 + scale_alone)))
        h = h + self.narrow(alone)
        return h.reshape(batch, height, width, channels).permute(0, 3, 1, 2)

    def _attended(self, h: Tensor, geometry: Geometry) -> Tensor:
        batch, length, channels = h.shape
        split = self.qkv(h).view(batch, length, 3, self.heads, channels // self.heads)
        q, k, v = (part.transpose(1, 2) for part in split.unbind(2))
        cos, sin = (a.to(h) for a in geometry.angles(q.shape[-1] // 2))
        return _merged(_looked_up(_turned(_even(q), cos, sin), _turned(_even(k), cos, sin), v))


def _looked_up(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    """Return what queries find at keys, each (B, heads, N, width).

    On a CPU the fused kernel's gradient takes several times as long as plain products, for the few patches of a tile.
    """
    if q.requires_grad and q.device.type == "cpu":
        return (q @ k.transpose(-1, -2) * q.shape[-1] ** -0.5).softmax(dim=-1).to(v.dtype) @ v
    return F.scaled_dot_product_attention(q, k, v)


def _even(x: Tensor) -> Tensor:
    """Return x with its last dimension at mean 0 and variance 1."""
    return F.layer_norm(x, x.shape[-1:])


def _merged(x: Tensor) -> Tensor:
    return x.transpose(1, 2).flatten(2)


def _turned(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Rotate the two halves of each head's channels (B, heads, N, 2 pairs) against one another."""
    a, b = x.chunk(2, dim=-1)
    return torch.cat([a * cos - b * sin, a * sin + b * cos], dim=-1)


def _levels(config: LoomConfig, kinds: tuple[str, ...]) -> nn.ModuleList:
    """Return the blocks of each level: "c" for convolutions, "a" for attention."""

    def block(kind: str, channels: int) -> nn.Module:
        if kind == "a":
            return Attention(channels, config.heads, config.embedding)
        return Block(channels, config.embedding)

    return nn.ModuleList(nn.ModuleList(block(k, c) for k in row) for row, c in zip(kinds, config.channels, strict=True))


def _listed(blocks: nn.Module) -> "list[Block | Attention]":
    assert isinstance(blocks, nn.ModuleList)
    return list(blocks)  # pyright: ignore[reportReturnType]


class Loom(nn.Module):
    """The network: p(ink) at every pixel, from noisy planes, time and condition."""

    def __init__(self, config: LoomConfig | None = None) -> None:
        super().__init__()
        self.shape = config = config or LoomConfig()
        fine, middle, coarse = config.channels
        width = config.embedding
        self.time = nn.Linear(64, width)
        self.trust = nn.Linear(64, 1)
        nn.init.zeros_(self.trust.weight)
        nn.init.constant_(self.trust.bias, -2.0)
        self.scale = nn.Linear(33, width)
        self.inks = nn.Embedding(config.planes + 1, width)
        self.terms = nn.Embedding(config.table, width)
        nn.init.normal_(self.terms.weight, std=0.5)
        self.mix = nn.ModuleList([nn.Linear(width, width), nn.Linear(width, width)])
        self.enter = WrappedConv(config.planes * PATCH**2, fine)
        self.down = _levels(config, config.encoder)
        self.shrink = nn.ModuleList([nn.Conv2d(fine, middle, 2, stride=2), nn.Conv2d(middle, coarse, 2, stride=2)])
        self.up = _levels(config, config.decoder)
        self.grow = nn.ModuleList([nn.Conv2d(middle, 4 * fine, 1), nn.Conv2d(coarse, 4 * middle, 1)])
        self.join = nn.ModuleList([nn.Conv2d(2 * fine, fine, 1), nn.Conv2d(2 * middle, middle, 1)])
        sides = [config.stage_px // s for s in (4, 8, 16)] if config.stage_px else []
        self.stage = nn.ParameterList(
            nn.Parameter(torch.zeros(1, c, s, s)) for c, s in zip(config.channels, sides, strict=False)
        )
        self.norm = nn.Parameter(torch.ones(fine))
        self.leave = WrappedConv(fine, config.planes * PATCH**2)
        nn.init.zeros_(self.leave.weight)

    def embed(self, t: Tensor, condition: Condition) -> Tensor:
        """Return what steers every block, (B, width), for times t (B,) in 0-1."""
        dtype = self.time.weight.dtype
        known = ~condition.log_scale.isnan()
        scale = _fourier(torch.nan_to_num(condition.log_scale) / 8, 32) * known[:, None]
        scale = torch.cat([scale, known[:, None].float()], dim=1)
        said = (self.terms(condition.terms) * (condition.terms != 0)[:, :, None]).sum(dim=1)
        h = self.time(_fourier(t, 64).to(dtype)) + self.scale(scale.to(dtype)) + self.inks(condition.inks) + said
        for mix in self.mix:
            h = F.silu(mix(h))
        return h

    def forward(self, x: Tensor, t: Tensor, condition: Condition, geometry: Geometry, *, wrap: bool = True) -> Tensor:
        """Return logits (B, planes, H, W) from noisy planes x (B, planes, H, W) at times t (B,).

        ``wrap=False`` pads with zeros instead: the baseline that the cost of wrapping is measured against.
        """
        steering = self.steering(self.embed(t, condition))
        return self.unet(x, steering, geometry, wrap=wrap) + self.evidence(x, t)

    def steering(self, embedding: Tensor) -> list[Tensor]:
        """Return what embeddings (B, width) say to each block in the order of their work: made once for all steps."""
        levels = [*self.down, *reversed(self.up)]
        return [block.steer(embedding) for blocks in levels for block in _listed(blocks)]

    def evidence(self, x: Tensor, t: Tensor) -> Tensor:
        """Return the logits (B, planes, H, W) that each noisy pixel speaks for by itself, as far as it is trusted.

        With x_t = (1 - t) x + t noise and x = 1 at the pixel's ink, -1 elsewhere, Bayes' rule under equal shares gives
        2 (1 - t) / t^2 x_t; a share of it, learned for each time, spares the network from passing every pixel through.
        """
        weight = (2 * (1 - t) / t.square().clamp(min=1e-6)).clamp(max=MOST_EVIDENCE)
        trust = self.trust(_fourier(t, 64).to(self.trust.weight)).sigmoid()[:, 0]
        return (weight * trust)[:, None, None, None] * x

    def unet(self, x: Tensor, steering: list[Tensor], geometry: Geometry, *, wrap: bool = True) -> Tensor:
        """Return logits (B, planes, H, W) less ``evidence``: what the neighborhood and the terms add to it."""
        grids: tuple[Grid | None, ...] = geometry.levels if wrap else (None, None, None)
        steered = iter(steering)
        h = self.enter(F.pixel_unshuffle(x, PATCH).contiguous(memory_format=torch.channels_last), grids[0])
        skips = []
        for level in range(3):
            if geometry.staged:
                h = h + self.stage[level]
            for block in _listed(self.down[level]):
                h = block(h, next(steered), grids[level], geometry)
            if level < 2:
                skips.append(h)
                h = self.shrink[level](h)
        for level in (2, 1, 0):
            if level < 2:
                h = F.pixel_shuffle(self.grow[level](h), 2).contiguous(memory_format=torch.channels_last)
                h = self.join[level](torch.cat([h, skips[level]], dim=1))
            for block in _listed(self.up[level]):
                h = block(h, next(steered), grids[level], geometry)
        logits = self.leave(F.silu(_norm(h, self.norm)), grids[0])
        return F.pixel_shuffle(logits, PATCH)


def _fourier(x: Tensor, width: int) -> Tensor:
    """Return (B, width) cosines and sines of x (B,) at log-spaced frequencies."""
    frequencies = torch.exp(torch.linspace(0, math.log(256), width // 2, device=x.device)) * math.pi / 2
    angles = x.float()[:, None] * frequencies
    return torch.cat([angles.cos(), angles.sin()], dim=1)
