"""The Loom's network: noisy ink planes and words in, the probability of each ink at every pixel out.

A U-Net on patches of 4 x 4 pixels. Every convolution wraps on the tile's lattice, attention at the coarse level has
rotary angles that are harmonics of that lattice, and nothing else knows a position: the network commutes with every
roll by a multiple of ``STRIDE`` pixels, and on a sheared cell it draws what it would draw on the rectangular supercell.
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
    channels: tuple[int, int, int] = (96, 192, 320)  # at 4, 8 and 16 px
    encoder: tuple[int, int, int] = (1, 2, 2)  # residual blocks a level, downward
    decoder: tuple[int, int, int] = (2, 2, 2)  # the same, upward, top level first
    heads: int = 5  # attention at the coarse level
    text_width: int = 224
    text_layers: int = 3
    text_heads: int = 4
    text_length: int = 40  # most tokens of a prompt
    vocabulary: int = 1024  # rows of the token table; 0 is "nothing said", 1 stands empty
    embedding: int = 384  # width of the vector that steers every block

    def to_json(self) -> dict[str, Any]:
        """Return a dictionary that JSON can hold."""
        return asdict(self)

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> "LoomConfig":
        """Return the shape that config.json says; its other keys are diffusers' and the training's."""
        known: dict[str, Any] = {k: v for k, v in record.items() if k in cls.__dataclass_fields__}
        levels: dict[str, Any] = {k: tuple(v) for k, v in known.items() if isinstance(v, list)}
        return cls(**{**known, **levels})


@dataclass(frozen=True, slots=True)
class Condition:
    """What the network is told, one row for each tile.

    ``tokens`` is (B, L) int64, 0 where nothing is said; ``log_scale`` (B,) is log2 of the motif's size in px, nan if
    unsaid; ``inks`` (B,) int64 is how many inks there are, 0 if unsaid.
    """

    tokens: Tensor
    log_scale: Tensor
    inks: Tensor

    def unsaid(self) -> "Condition":
        """Return the same number of inks with nothing else said, for guidance."""
        return Condition(torch.zeros_like(self.tokens), torch.full_like(self.log_scale, math.nan), self.inks)

    def repeated(self, count: int) -> "Condition":
        """Return a single row ``count`` times."""
        return Condition(self.tokens.repeat(count, 1), self.log_scale.repeat(count), self.inks.repeat(count))

    def to(self, device: torch.device) -> "Condition":
        """Return the same on another device."""
        return Condition(self.tokens.to(device), self.log_scale.to(device), self.inks.to(device))


class Geometry:
    """A tile's pixel grid as the network sees it: one grid a level, and the rotary angles of the coarse one.

    ``origin`` is the grid of the lattice that the angles come from; pass the cell's when evaluating its supercell.
    """

    def __init__(self, grid: Grid, origin: Grid | None = None) -> None:
        self.grid = grid
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
        vectors.append(_harmonic(grid, frequency * math.cos(turn), frequency * math.sin(turn)))
    return vectors


def _harmonic(grid: Grid, kx: float, ky: float) -> tuple[float, float]:
    if grid.slide:
        m = round(kx * grid.width)
        n = round(ky * grid.height + m * grid.slide / grid.width)
        return m / grid.width, (n - m * grid.slide / grid.width) / grid.height
    n = round(ky * grid.height)
    m = round(kx * grid.width + n * grid.drop / grid.height)
    return (m - n * grid.drop / grid.height) / grid.width, n / grid.height


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

    def forward(self, x: Tensor, steering: Tensor, grid: Grid | None) -> Tensor:
        """Return (B, C, H, W); ``steering`` (B, 2 C) is ``steer`` of the embedding."""
        scale, shift = steering[:, :, None, None].chunk(2, dim=1)
        h = self.conv1(F.silu(_norm(x, self.norm1)), grid)
        h = F.silu(torch.addcmul(shift, _norm(h, self.norm2), 1 + scale))
        return x + self.conv2(h, grid)


class Attention(nn.Module):
    """Attention of the tile's patches to one another (rotary on the lattice) and to the words."""

    def __init__(self, channels: int, heads: int, text_width: int) -> None:
        super().__init__()
        self.heads = heads
        self.norm_self = nn.LayerNorm(channels)
        self.qkv = nn.Linear(channels, 3 * channels)
        self.out_self = nn.Linear(channels, channels)
        self.norm_words = nn.LayerNorm(channels)
        self.query = nn.Linear(channels, channels)
        self.words = nn.Linear(text_width, 2 * channels)
        self.out_words = nn.Linear(channels, channels)
        nn.init.zeros_(self.out_self.weight)
        nn.init.zeros_(self.out_words.weight)

    def forward(self, x: Tensor, words: Tensor, silent: Tensor, geometry: Geometry) -> Tensor:
        """Return (B, C, H, W); ``words`` (B, L, text_width), ``silent`` (B, L) true where a token says nothing."""
        batch, channels, height, width = x.shape
        h = x.permute(0, 2, 3, 1).reshape(batch, height * width, channels)
        q, k, v = self._split(self.qkv(self.norm_self(h)), 3)
        cos, sin = (a.to(h) for a in geometry.angles(q.shape[-1] // 2))
        attended = F.scaled_dot_product_attention(_turned(q, cos, sin), _turned(k, cos, sin), v)
        h = h + self.out_self(_merged(attended))
        (q,) = self._split(self.query(self.norm_words(h)), 1)
        k, v = self._split(self.words(words), 2)
        mask = torch.zeros(silent.shape, dtype=q.dtype, device=q.device).masked_fill(silent, -1e4)[:, None, None, :]
        h = h + self.out_words(_merged(F.scaled_dot_product_attention(q, k, v, attn_mask=mask)))
        return h.reshape(batch, height, width, channels).permute(0, 3, 1, 2)

    def _split(self, x: Tensor, parts: int) -> tuple[Tensor, ...]:
        batch, length, width = x.shape
        split = x.view(batch, length, parts, self.heads, width // parts // self.heads)
        return tuple(part.transpose(1, 2) for part in split.unbind(2))


def _merged(x: Tensor) -> Tensor:
    return x.transpose(1, 2).flatten(2)


def _turned(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Rotate the two halves of each head's channels (B, heads, N, 2 pairs) against one another."""
    a, b = x.chunk(2, dim=-1)
    return torch.cat([a * cos - b * sin, a * sin + b * cos], dim=-1)


class TextEncoder(nn.Module):
    """A small transformer over a prompt's tokens, trained together with the network."""

    def __init__(self, config: LoomConfig) -> None:
        super().__init__()
        width = config.text_width
        self.token = nn.Embedding(config.vocabulary, width)
        self.position = nn.Parameter(torch.zeros(config.text_length, width))
        nn.init.normal_(self.token.weight, std=0.5)
        nn.init.normal_(self.position, std=0.1)
        layer = nn.TransformerEncoderLayer(
            width, config.text_heads, 3 * width, dropout=0.0, activation="gelu", batch_first=True, norm_first=True
        )
        self.layers = nn.TransformerEncoder(layer, config.text_layers, enable_nested_tensor=False)
        self.norm = nn.LayerNorm(width)

    def forward(self, tokens: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return words (B, L, width), their mean (B, width), and where nothing is said (B, L)."""
        silent = tokens == 0
        heard = silent.clone()
        heard[:, 0] = False  # attention needs one token, also when nothing is said
        x = self.token(tokens) + self.position[: tokens.shape[1]]
        mask = torch.zeros(heard.shape, dtype=x.dtype, device=x.device).masked_fill(heard, -1e4)
        words = self.norm(self.layers(x, src_key_padding_mask=mask))
        weights = (~heard).to(words)[:, :, None]
        return words, (words * weights).sum(1) / weights.sum(1), heard


def _levels(channels: tuple[int, ...], counts: tuple[int, ...], embedding: int) -> list[nn.ModuleList]:
    """Return the residual blocks of each level."""
    return [nn.ModuleList(Block(c, embedding) for _ in range(n)) for c, n in zip(channels, counts, strict=True)]


def _blocks(levels: nn.ModuleList, level: int) -> nn.ModuleList:
    blocks = levels[level]
    assert isinstance(blocks, nn.ModuleList)
    return blocks


class Loom(nn.Module):
    """The network: p(ink) at every pixel, from noisy planes, time and condition."""

    def __init__(self, config: LoomConfig | None = None) -> None:
        super().__init__()
        self.shape = config = config or LoomConfig()
        fine, middle, coarse = config.channels
        width = config.embedding
        self.text = TextEncoder(config)
        self.time = nn.Linear(64, width)
        self.trust = nn.Linear(64, 1)
        nn.init.zeros_(self.trust.weight)
        nn.init.constant_(self.trust.bias, -2.0)
        self.scale = nn.Linear(33, width)
        self.inks = nn.Embedding(config.planes + 1, width)
        self.pooled = nn.Linear(config.text_width, width)
        # Each word also steers every block by itself: a family's name is heard long before a sentence is understood.
        self.bag = nn.Embedding(config.vocabulary, width)
        nn.init.normal_(self.bag.weight, std=0.25)
        self.mix = nn.Linear(width, width)
        self.enter = WrappedConv(config.planes * PATCH**2, fine)
        self.down = nn.ModuleList(_levels(config.channels, config.encoder, width))
        self.shrink = nn.ModuleList([nn.Conv2d(fine, middle, 2, stride=2), nn.Conv2d(middle, coarse, 2, stride=2)])
        self.up = nn.ModuleList(_levels(config.channels, config.decoder, width))
        self.grow = nn.ModuleList([nn.Conv2d(middle, 4 * fine, 1), nn.Conv2d(coarse, 4 * middle, 1)])
        self.join = nn.ModuleList([nn.Conv2d(2 * fine, fine, 1), nn.Conv2d(2 * middle, middle, 1)])
        self.attention = nn.ModuleList(
            Attention(coarse, config.heads, config.text_width) for _ in range(config.encoder[2] + config.decoder[2] - 1)
        )
        self.norm = nn.Parameter(torch.ones(fine))
        self.leave = WrappedConv(fine, config.planes * PATCH**2)
        nn.init.zeros_(self.leave.weight)
        # What large areas say through the noise goes straight to the levels that decide about them.
        hints = [nn.Conv2d(config.planes, c, 1, bias=False) for c in (middle, coarse)]
        for hint in hints:
            nn.init.zeros_(hint.weight)
        self.hint = nn.ModuleList(hints)

    def embed(self, t: Tensor, condition: Condition) -> tuple[Tensor, Tensor, Tensor]:
        """Return (embedding (B, width), words (B, L, text), silent (B, L)) for times t (B,) in 0-1."""
        words, pooled, silent = self.text(condition.tokens)
        dtype = self.time.weight.dtype
        known = ~condition.log_scale.isnan()
        scale = _fourier(torch.nan_to_num(condition.log_scale) / 8, 32) * known[:, None]
        scale = torch.cat([scale, known[:, None].float()], dim=1)
        mixed = self.time(_fourier(t, 64).to(dtype)) + self.scale(scale.to(dtype))
        mixed = mixed + self.inks(condition.inks) + self.pooled(pooled)
        mixed = mixed + (self.bag(condition.tokens) * (condition.tokens != 0)[:, :, None]).sum(dim=1)
        return F.silu(self.mix(F.silu(mixed))), words, silent

    def forward(self, x: Tensor, t: Tensor, condition: Condition, geometry: Geometry, *, wrap: bool = True) -> Tensor:
        """Return logits (B, planes, H, W) from noisy planes x (B, planes, H, W) at times t (B,).

        ``wrap=False`` pads with zeros instead: the baseline that the cost of wrapping is measured against.
        """
        embedding, words, silent = self.embed(t, condition)
        return self.unet(x, self.steering(embedding), (words, silent), geometry, wrap=wrap) + self.evidence(x, t)

    def steering(self, embedding: Tensor) -> list[Tensor]:
        """Return what embeddings (B, width) say to each block, downward and then upward: made once for all steps."""
        levels = [_blocks(self.down, level) for level in (0, 1, 2)] + [_blocks(self.up, level) for level in (2, 1, 0)]
        return [block.steer(embedding) for blocks in levels for block in blocks]  # pyright: ignore[reportCallIssue]

    def evidence(self, x: Tensor, t: Tensor) -> Tensor:
        """Return the logits (B, planes, H, W) that each noisy pixel speaks for by itself, as far as it is trusted.

        With x_t = (1 - t) x + t noise and x = 1 at the pixel's ink, -1 elsewhere, Bayes' rule under equal shares gives
        2 (1 - t) / t^2 x_t; a share of it, learned for each time, spares the network from passing every pixel through.
        """
        weight = (2 * (1 - t) / t.square().clamp(min=1e-6)).clamp(max=MOST_EVIDENCE)
        trust = self.trust(_fourier(t, 64).to(self.trust.weight)).sigmoid()[:, 0]
        return (weight * trust)[:, None, None, None] * x

    def unet(
        self, x: Tensor, steering: list[Tensor], said: tuple[Tensor, Tensor], geometry: Geometry, *, wrap: bool = True
    ) -> Tensor:
        """Return logits (B, planes, H, W) less ``evidence``: what the neighborhood and the words add to it."""
        grids: tuple[Grid | None, ...] = geometry.levels if wrap else (None, None, None)
        attention, steered = iter(self.attention), iter(steering)
        h = self.enter(F.pixel_unshuffle(x, PATCH).contiguous(memory_format=torch.channels_last), grids[0])
        skips = []
        for level in range(3):
            for block in _blocks(self.down, level):
                h = block(h, next(steered), grids[level])
                if level == 2:
                    h = next(attention)(h, *said, geometry)
            if level < 2:
                skips.append(h)
                h = self.shrink[level](h) + self.hint[level](_areas(x, 2 ** (level + 1) * PATCH))
        for level in (2, 1, 0):
            if level < 2:
                h = F.pixel_shuffle(self.grow[level](h), 2).contiguous(memory_format=torch.channels_last)
                h = self.join[level](torch.cat([h, skips[level]], dim=1))
            for i, block in enumerate(_blocks(self.up, level), 1):
                h = block(h, next(steered), grids[level])
                if level == 2 and i < self.shape.decoder[2]:
                    h = next(attention)(h, *said, geometry)
        logits = self.leave(F.silu(_norm(h, self.norm)), grids[0])
        return F.pixel_shuffle(logits, PATCH)


def _areas(x: Tensor, side: int) -> Tensor:
    """Return means of (B, C, H, W) over squares of ``side`` px, scaled so that pure noise keeps its variance of 1."""
    return (side * F.avg_pool2d(x, side)).clamp(-8, 8)


def _fourier(x: Tensor, width: int) -> Tensor:
    """Return (B, width) cosines and sines of x (B,) at log-spaced frequencies."""
    frequencies = torch.exp(torch.linspace(0, math.log(256), width // 2, device=x.device)) * math.pi / 2
    angles = x.float()[:, None] * frequencies
    return torch.cat([angles.cos(), angles.sin()], dim=1)
