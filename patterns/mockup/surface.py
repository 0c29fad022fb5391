"""What cloth looks like up close: its weave as light and shade, and how it shines. A heuristic, drawn by rule."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from patterns.fabric import Fabric
from patterns.lattice import Lattice
from patterns.mockup.texture import FULL, Texture, texture

# Yarns in a swatch of the weave each way, and pixels to a yarn: a multiple of every draft's own repeat, halved 7 times.
_YARNS, _YARN_PX = 80, 8
# Light and shade wider than so many yarns is left out: from afar a cloth is its mean.
_WIDEST_YARNS = 6
# The mean of a weave's texture: room above it for what is lighter.
MEAN = 0.5
# One repeat of each draft: where the warp lies on top.
_DRAFTS = {
    "plain": np.eye(2, dtype=bool),
    "twill": np.array([[(c - r) % 4 < 2 for c in range(4)] for r in range(4)]),
    "satin": np.array([[(c - 2 * r) % 5 != 0 for c in range(5)] for r in range(5)]),
}
# A velvet seen from the front shows the dark between its hairs, at an angle their bright sides.
_PILE_FRONT, _PILE_SIDE, _PILE_POWER = 0.82, 0.95, 2.2


@dataclass(frozen=True, slots=True)
class Surface:
    """How a fabric looks beyond its color: ``weave`` is light per light, times MEAN (None: none to be seen), ``gloss``
    the share of light that it mirrors seen from the front, ``pile`` 0 to 1 how much of a velvet it is.
    """

    weave: Texture | None = None
    gloss: float = 0.0
    pile: float = 0.0

    def mirrored(self, facing: np.ndarray) -> np.ndarray:
        """Return the share of light mirrored (n,), more at grazing angles (Schlick 1994)."""
        return self.gloss + (1 - self.gloss) * np.float32(min(1.0, 6 * self.gloss)) * (1 - facing) ** 5

    def piled(self, facing: np.ndarray) -> np.ndarray:
        """Return light per light (n,) of a pile that stands upright."""
        velvet = _PILE_FRONT + _PILE_SIDE * (1 - facing) ** np.float32(_PILE_POWER)
        return 1 + np.float32(self.pile) * (velvet - 1)


MATTE = Surface()


@lru_cache(maxsize=8)
def surface(fabric: Fabric) -> Surface:
    """Return the surface of a fabric, the same each time."""
    if not fabric.weave or not fabric.relief:
        return Surface(None, fabric.gloss, fabric.pile)
    warp, weft = fabric.yarns_per_cm or (20.0, 20.0)
    lattice = Lattice(10 * _YARNS / warp, 10 * _YARNS / weft)
    relief = _relief(fabric.weave)
    light = (1 + fabric.relief * relief / max(np.abs(relief).max(), 1e-6)).clip(0.1, 1.9)
    cell = np.rint(light * (MEAN * FULL)).astype(np.uint16)
    return Surface(texture(np.repeat(cell[..., None], 3, axis=2), lattice), fabric.gloss, fabric.pile)


def _relief(weave: str) -> np.ndarray:
    """Return light and shade (H, W) of a swatch, mean 0."""
    rng = np.random.default_rng(7)
    size = _YARNS * _YARN_PX
    if weave in _DRAFTS:
        relief = _woven(_DRAFTS[weave], rng)
    elif weave == "knit":
        relief = _knitted(size)
    else:
        relief = _fibrous(size, rng, 6.0 if weave == "pile" else 3.0)
    narrow = 1 - np.exp(-((_WIDEST_YARNS * _YARN_PX * _frequencies(size)) ** 2))
    return np.fft.irfft2(np.fft.rfft2(relief) * narrow, s=(size, size))


def _woven(draft: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return yarns over and under one another: each is round across, and dips where it goes under; some are thicker."""
    repeat = len(draft)
    up = np.kron(np.tile(draft, (_YARNS // repeat, _YARNS // repeat)), np.ones((_YARN_PX, _YARN_PX), bool))
    across = np.tile(np.sin(np.pi * (np.arange(_YARN_PX) + 0.5) / _YARN_PX), _YARNS)
    uneven = [np.repeat(rng.normal(0, 0.10, _YARNS), _YARN_PX) for _ in range(2)]
    warp = (across + uneven[0])[None, :] * (0.75 + 0.25 * across[:, None])
    weft = (across + uneven[1])[:, None] * (0.75 + 0.25 * across[None, :]) * 0.92
    return np.where(up, warp, weft)


def _knitted(size: int) -> np.ndarray:
    """Return wales of little V-shaped stitches."""
    y, x = np.mgrid[0:size, 0:size] / _YARN_PX
    within = np.abs(x % 2 - 1)
    stitch = (y + 0.6 * within) % 1
    return np.sin(np.pi * within) ** 0.7 * (0.7 + 0.3 * np.cos(2 * np.pi * stitch))


def _fibrous(size: int, rng: np.random.Generator, width: float) -> np.ndarray:
    """Return soft noise without a direction, as of pile or paper."""
    spectrum = np.fft.rfft2(rng.normal(size=(size, size))) * np.exp(-((_frequencies(size) * width) ** 2) * 8)
    return np.fft.irfft2(spectrum, s=(size, size))


def _frequencies(size: int) -> np.ndarray:
    """Return cycles per pixel of a real spectrum (size, size // 2 + 1)."""
    return np.hypot(*np.meshgrid(np.fft.fftfreq(size), np.fft.rfftfreq(size), indexing="ij"))
