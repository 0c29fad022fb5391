"""The truth set for separating: flat designs whose inks are known at every pixel, and what happens to them on the way.

Twenty-six designs: fourteen of the corpus, enlarged to print-like sharpness, and twelve drawn here with numpy. Each is
painted in a palette of its own, blurred, noised and saved as JPEG, as pictures from other tools come.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PIL import Image
from scipy import ndimage

from patterns.color import Palette, linear_to_srgb, srgb_to_linear
from patterns.color.files import palette_of_text
from patterns.enlarge import enlarged
from patterns.lattice import Grid
from patterns.motif import draw

SIDE = 600
# Inks on less of the tile than this are left out of a truth: no one would cut a screen for them.
LEAST_COVERAGE = 0.004
PALETTES = (
    "#f3ead7,#27356b,#c0563b,#7f9183,#d9a441,#3b2a20",
    "#1f3229,#8c9455,#c26a3b,#e7d9b8,#55804f,#6b5138",
    "#f5f0ea,#8d7bb5,#93a678,#ecd58c,#5a4a78,#c98ca0",
    "#171e38,#c79f4c,#f0e6cf,#7a2e3a,#4f6d8f,#a9b7c6",
    "#f7f4ec,#111111,#c8102e,#9a9a9a,#f2c14e,#2f5d50",
    "#dfe7e3,#2a6f77,#e9b44c,#c8553d,#1d3c45,#8fb8ad",
)
# Family, seed and palette; a drawing is three times as large as the Loom's, a regular one paved.
CORPUS = (
    ("peony", 3, 0), ("rose", 5, 2), ("tulip", 2, 0), ("daisy", 4, 5), ("foliage", 1, 1), ("trellis", 2, 3),
    ("scallop", 1, 5), ("polka dot", 0, 2), ("gingham", 1, 0), ("stripe", 3, 3), ("leopard", 2, 1),
    ("paisley", 1, 3), ("terrazzo", 2, 5), ("lemon", 2, 4),
)  # fmt: skip
# Drawn in lines and details 2 to 3 px wide, under half-size chroma: no pixel shows their inks.
BEYOND = ("tulip", "stripe")
# Blur (px), noise (8-bit levels) and JPEG quality, taken in turn; JPEG halves the resolution of chroma.
DAMAGES = ((0.6, 1.5, 92), (0.8, 2.5, 85), (1.0, 4.0, 78), (0.7, 3.0, 88))


@dataclass(frozen=True, slots=True)
class Truth:
    """A design: which ink each pixel is of (H, W) uint8, its colors as drawn (H, W, 3) linear, and its palette."""

    name: str
    index: np.ndarray
    linear: np.ndarray
    palette: Palette

    @property
    def grid(self) -> Grid:
        return Grid(self.index.shape[1], self.index.shape[0])


def truths() -> list[Truth]:
    """Return all designs of the set."""
    return [named(name)[0] for name, *_ in (*CORPUS, *OWN)]


def named(name: str) -> tuple[Truth, int]:
    """Return one design of the set, and its number, which says what damage it takes."""
    names = [family for family, *_ in CORPUS] + [own for own, *_ in OWN]
    number = names.index(name)
    if number >= len(CORPUS):
        return _own(*OWN[number - len(CORPUS)]), number
    family, seed, palette = CORPUS[number]
    return _drawn(family, seed, PALETTES[palette]), number


def damaged(truth: Truth, number: int) -> np.ndarray:
    """Return the design as a picture, (H, W, 3) uint8: blurred on its torus, noised, and through JPEG."""
    blur, noise, quality = DAMAGES[number % len(DAMAGES)]
    pixels = ndimage.gaussian_filter(linear_to_srgb(truth.linear), (blur, blur, 0), mode="wrap") * 255
    pixels += np.random.default_rng(number).normal(0, noise, pixels.shape)
    file = io.BytesIO()
    Image.fromarray(np.rint(np.clip(pixels, 0, 255)).astype(np.uint8)).save(file, "JPEG", quality=quality)
    return np.asarray(Image.open(file))


def beyond_edges(index: np.ndarray) -> np.ndarray:
    """Return the pixels that are more than 1 px from an edge, (H, W) bool: all around them are of their ink."""
    return ndimage.maximum_filter(index, 3, mode="wrap") == ndimage.minimum_filter(index, 3, mode="wrap")


def _drawn(family: str, seed: int, colors: str) -> Truth:
    drawing = draw(np.random.default_rng(seed), Grid(200, 200), family=family)
    grid, planes = drawing.grid, drawing.planes
    copies = max(1, 200 // grid.height), max(1, 200 // grid.width)
    used = np.flatnonzero(planes.mean(axis=(1, 2)) > LEAST_COVERAGE)
    planes = planes[used] + np.float32(1e-6)
    planes = np.tile(planes / planes.sum(axis=0), (1, *copies)).astype(np.float32)
    small = Grid(planes.shape[2], planes.shape[1])
    large = Grid(3 * small.width, 3 * small.height)
    return _truth(family, enlarged(planes, small, large), colors, used)


def _own(name: str, draw_it: Callable, colors: str) -> Truth:
    """Draw at three times the size, (1800, 1800) ink indices, and count each pixel's nine points."""
    side = 3 * SIDE
    y, x = np.mgrid[:side, :side] / 3.0
    index = np.asarray(draw_it(y, x, np.random.default_rng(11)))
    count = index.max() + 1
    cover = [(index == k).reshape(SIDE, 3, SIDE, 3).mean(axis=(1, 3)) for k in range(count)]
    return _truth(name, np.rint(np.stack(cover) * 255), colors, np.arange(count))


def _truth(name: str, planes: np.ndarray, colors: str, used: np.ndarray) -> Truth:
    palette = palette_of_text(colors)
    palette = Palette(tuple(palette.inks[k] for k in used))
    shares = planes / planes.sum(axis=0)
    linear = np.tensordot(shares, srgb_to_linear(palette.srgb8() / 255), axes=(0, 0))
    return Truth(name, planes.argmax(axis=0).astype(np.uint8), linear, palette)


def _awning(y, x, rng):
    edges = np.cumsum([60, 12, 30, 6, 24, 4, 14])
    return np.array([0, 1, 0, 2, 0, 3, 1])[np.searchsorted(edges, x % 150, side="right")]


def _plaid(y, x, rng):
    lines = ((x % 100) // 5 == 14) | ((y % 100) // 5 == 14)
    return np.where(lines, 3, (x % 100 < 40).astype(int) + (y % 100 < 40))


def _gingham(y, x, rng):
    return (x % 60 < 30).astype(int) + (y % 60 < 30)


def _cells(y, x, rng, count):
    """Return (nearest seed, distance to it, distance to the next) on the torus."""
    from scipy.spatial import KDTree

    seeds = rng.uniform(0, SIDE, (count, 2))
    distance, at = KDTree(seeds, boxsize=SIDE).query(np.stack([y, x], axis=-1) % SIDE, k=2)
    at = np.asarray(at)
    return at[..., 0], distance[..., 0], distance[..., 1]


def _chips(y, x, rng):
    at, one, two = _cells(y, x, rng, 160)
    return np.where(two - one < 9, 0, 1 + at % 6)


def _mosaic(y, x, rng):
    return _cells(y, x, rng, 120)[0] % 8


def _dots(y, x, rng):
    index = np.zeros(y.shape, int)
    for number in range(90):
        cy, cx, radius = *rng.uniform(0, SIDE, 2), rng.choice([4, 7, 12, 30])
        away = np.hypot((y - cy + SIDE / 2) % SIDE - SIDE / 2, (x - cx + SIDE / 2) % SIDE - SIDE / 2)
        index[away < radius] = 1 + number % 3
    return index


def _rings(y, x, rng):
    return (np.hypot(y % 200 - 100, x % 200 - 100) // 12).astype(int) % 5


def _camouflage(y, x, rng):
    noise = ndimage.gaussian_filter(rng.standard_normal(y.shape), 36, mode="wrap")
    return np.digitize(noise / noise.std(), [-0.7, 0.2, 1.0])


def _damask(y, x, rng):
    return (np.sin(x * np.pi / 50) * np.cos(y * np.pi / 75) + 0.4 * np.sin((x + y) * np.pi / 25) > 0.1).astype(int)


def _pinstripe(y, x, rng):
    return (x % 25 < 3).astype(int)


def _halo(y, x, rng):
    """Black and white shapes, and a gray one: the gray of their edges must not become the gray of the shape."""
    u, v = x % 200 - 100, y % 200 - 100
    return np.where(np.hypot(u, v) < 40, 1, np.where((abs(u) > 80) & (abs(v) > 60), 2, 0))


def _outlined(y, x, rng):
    at, one, two = _cells(y, x, rng, 70)
    leaf = np.where(one < 14, 4, 1 + at % 3)
    return np.where((two - one > 10) & (two - one < 18), 5, np.where(two - one <= 10, 0, leaf))


OWN = (
    ("awning stripes", _awning, "#f7f4ec,#27356b,#c8102e,#c79f4c"),
    ("plaid of two yarns", _plaid, "#f0e6cf,#a9886f,#623b1f,#1f3229"),
    ("gingham of three", _gingham, "#fafafa,#9bb0cf,#3c66a3"),
    ("terrazzo chips", _chips, "#efe9df,#c8553d,#2a6f77,#e9b44c,#5b5b5b,#d9a7a0,#1d3c45"),
    ("mosaic of eight", _mosaic, "#f3ead7,#27356b,#c0563b,#7f9183,#d9a441,#3b2a20,#8fb8ad,#7a2e3a"),
    ("dots of four sizes", _dots, "#171e38,#c79f4c,#f0e6cf,#c0563b"),
    ("rings", _rings, "#f7f4ec,#111111,#c8102e,#9a9a9a,#f2c14e"),
    ("camouflage", _camouflage, "#6f7350,#4a5138,#93906b,#2f3226"),
    ("damask, tone on tone", _damask, "#8fa39a,#7d938b"),
    ("pinstripe", _pinstripe, "#1b2440,#e8e4da"),
    ("black, white and gray", _halo, "#ffffff,#0a0a0a,#858585"),
    ("outlined leaves", _outlined, "#f5f0ea,#93a678,#5f7d4f,#ecd58c,#c0563b,#2b2b33"),
)  # fmt: skip
