"""One clean tile out of a cloth whose repeat was found: the median of all copies, laid on whole pixels.

The light is told from the drawing by the lattice: copies of one place differ by their light alone. A parabola over the
picture is fitted to those differences and divided out, so that no copy is darker than the next.
"""

from dataclasses import dataclass, replace

import numpy as np

from patterns.color.spaces import linear_to_srgb, srgb_to_linear
from patterns.errors import CannotMake
from patterns.joining.repeat import Repeat
from patterns.joining.seam import Joined, join
from patterns.lattice import Grid

# Copies taken at most, the nearest to the middle; the cell in pixels when the light is fitted.
_MOST_COPIES, _LIGHT_PX = 49, 48
# The median is too soft when it holds less than this of a copy's own contrast from pixel to pixel.
_SHARP = 0.85
_DARKEST = 0.01
# Of the cell's shorter side, when one copy is cut instead.
_BAND = 1 / 12


@dataclass(frozen=True, slots=True)
class Clean:
    """A tile (H, W, 3) float32 sRGB 0-1 on ``grid``, of how many ``copies`` at each pixel (the fewest), and how.

    ``sharpness`` is the median's contrast from pixel to pixel against one copy's, ``light`` how many times brighter the
    lightest place of the picture was lit than the darkest. ``joined`` is there when one copy was cut, not the median.
    """

    pixels: np.ndarray
    grid: Grid
    copies: int
    sharpness: float
    light: float
    joined: Joined | None = None


def clean_tile(picture: np.ndarray, repeat: Repeat, grid: Grid | None = None, *, best: bool = False) -> Clean:
    """Return one tile of a cloth, (H, W, 3) float32 sRGB 0-1, on ``grid``, by default as fine as the picture.

    The pixels are the median of the copies (of two their mean), registered to a part of a pixel. If that is much softer
    than one copy, or ``best`` is asked for, the sharpest copy is cut along its overlaps instead. Raises
    CannotMake if no place of the picture shows every part of the cell.
    """
    grid = whole_grid(repeat) if grid is None else grid
    even, light = _evened(picture, repeat, grid)
    copies, shown = _copies(even, repeat, grid)
    pixels, count = _median(copies, shown)
    if not count.min():
        raise CannotMake(
            "the picture does not show every part of one repeat; photograph more of the cloth, at least two repeats."
        )
    whole = [k for k in range(len(copies)) if shown[k].all()]
    usual = float(np.mean([_contrast(copies[k], grid) for k in whole[:6]])) if whole else 0.0
    sharpness = _contrast(pixels, grid) / usual if usual else 1.0
    clean = Clean(pixels, grid, int(count.min()), sharpness, light)
    if not best and sharpness >= _SHARP:
        return clean
    joined = _best_copy(even, repeat, clean)
    return clean if joined is None else replace(clean, pixels=joined.pixels, joined=joined)


def whole_grid(repeat: Repeat) -> Grid:
    """Return the grid nearest to the repeat's own size in pixels that its drop or slide makes whole."""
    width, height = repeat.size_px
    down, across = repeat.drop.denominator, repeat.slide.denominator
    rows, columns = (max(1, round(v / n)) * n for v, n in ((height, down), (width, across)))
    return Grid(columns, rows, int(repeat.drop * rows), int(repeat.slide * columns))


def _lattice_places(grid: Grid, size: tuple[int, int, int, int]) -> np.ndarray:
    """Return the lattice coordinates (H, W, 2) of pixels (top, left, height, width) of the paved plane."""
    top, left, height, width = size
    y, x = np.mgrid[top : top + height, left : left + width] + 0.5
    if grid.slide:
        below = y / grid.height
        return np.stack([(x - below * grid.slide) / grid.width, below], axis=-1)
    beside = x / grid.width
    return np.stack([beside, (y - beside * grid.drop) / grid.height], axis=-1)


def _sampled(picture: np.ndarray, chart: np.ndarray, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return what the picture shows at lattice places (H, W, 2), and where it shows anything."""
    import cv2

    at = places @ chart[:, :2].T + chart[:, 2]
    at = (at[..., :2] / at[..., 2:] - 0.5).astype(np.float32)
    x, y = np.ascontiguousarray(at[..., 0]), np.ascontiguousarray(at[..., 1])
    inside = (x >= 0) & (y >= 0) & (x <= picture.shape[1] - 1) & (y <= picture.shape[0] - 1)
    return cv2.remap(picture, x, y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE), np.asarray(inside)


def _moves(picture: np.ndarray, repeat: Repeat) -> np.ndarray:
    """Return the copies (n, 2), as whole lattice coordinates, of which something may be in the picture."""
    height, width = picture.shape[:2]
    corners = np.array([[0, 0, 1], [width, 0, 1], [0, height, 1], [width, height, 1], [width / 2, height / 2, 1]])
    back = corners @ np.linalg.inv(repeat.map).T
    back = back[:, :2] / back[:, 2:]
    low, high = np.floor(back.min(axis=0)).astype(int) - 1, np.ceil(back.max(axis=0)).astype(int) + 1
    spans = [np.arange(a, b + 1) for a, b in zip(low, high, strict=True)]
    moves = np.stack(np.meshgrid(*spans, indexing="ij"), axis=-1).reshape(-1, 2)
    away = np.hypot(*((moves + 0.5 - back[-1]) @ repeat.vectors).T)
    return moves[np.argsort(away, kind="stable")]


def _copies(picture: np.ndarray, repeat: Repeat, grid: Grid) -> tuple[np.ndarray, np.ndarray]:
    """Return the copies of the cell (n, H, W, 3), the nearest to the middle first, and what of each is shown."""
    places = _lattice_places(grid, (0, 0, grid.height, grid.width))
    copies, shown = [], []
    for move in _moves(picture, repeat):
        pixels, inside = _sampled(picture, repeat.map, places + move)
        if inside.any():
            copies.append(pixels)
            shown.append(inside)
        if len(copies) == _MOST_COPIES:
            break
    return np.stack(copies), np.stack(shown)


def _median(copies: np.ndarray, shown: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the median (H, W, 3) of what is shown of copies (n, H, W, 3), and how many it is of (H, W)."""
    count = shown.sum(axis=0)
    median = np.empty(copies.shape[1:], np.float32)
    rows = max(1, (1 << 24) // max(1, copies[:, 0].size))
    for top in range(0, copies.shape[1], rows):
        part = np.where(shown[:, top : top + rows, :, None], copies[:, top : top + rows], np.inf)
        part = np.sort(part, axis=0)
        there = np.maximum(count[top : top + rows], 1)[None, ..., None]
        low, high = (np.take_along_axis(part, at, axis=0)[0] for at in ((there - 1) // 2, there // 2))
        median[top : top + rows] = np.where(np.isfinite(low), (low + high) / 2, 0)
    return np.clip(median, 0, 1), count


def _contrast(pixels: np.ndarray, grid: Grid) -> float:
    """Return how much a tile changes from pixel to pixel, noise apart: of pixels smoothed over three."""
    import cv2

    smooth = cv2.GaussianBlur(grid.pad(np.moveaxis(pixels, 2, 0), 4).transpose(1, 2, 0), (0, 0), 1.5)
    return float(np.hypot(np.diff(smooth, axis=0)[:, 1:], np.diff(smooth, axis=1)[1:]).mean())


def _evened(picture: np.ndarray, repeat: Repeat, grid: Grid) -> tuple[np.ndarray, float]:
    """Return the picture without the light that its copies differ by, and how many times it brightens."""
    small = _small(grid)
    places = _lattice_places(small, (0, 0, small.height, small.width))
    samples, spots = [], []
    blurred = _blurred(picture, grid.width / small.width)
    for move in _moves(picture, repeat)[: 2 * _MOST_COPIES]:
        pixels, inside = _sampled(blurred, repeat.map, places + move)
        if inside.any():
            light = np.log(np.maximum(srgb_to_linear(pixels) @ np.array([0.2126, 0.7152, 0.0722]), _DARKEST))
            samples.append(np.where(inside, light, np.nan))
            at = (places + move) @ repeat.map[:, :2].T + repeat.map[:, 2]
            spots.append(at[..., :2] / at[..., 2:])
    weights = _fitted_light(np.stack(samples), np.stack(spots) / [picture.shape[1], picture.shape[0]] * 2 - 1)
    even = np.empty(picture.shape, np.float32)
    x = (np.arange(picture.shape[1]) + 0.5) / picture.shape[1] * 2 - 1
    span = [np.inf, -np.inf]
    for top in range(0, len(picture), 256):
        y = (np.arange(top, min(top + 256, len(picture))) + 0.5) / len(picture) * 2 - 1
        light = np.tensordot(_terms(*np.meshgrid(x, y)), weights, axes=1)
        span = [min(span[0], light.min()), max(span[1], light.max())]
        linear = srgb_to_linear(picture[top : top + 256]) / np.exp(light)[..., None]
        even[top : top + 256] = np.clip(linear_to_srgb(linear), 0, 1)
    return even, float(np.exp(span[1] - span[0]))


def _fitted_light(samples: np.ndarray, spots: np.ndarray) -> np.ndarray:
    """Return the parabola's weights (5,) that make copies (n, H, W) equally light, at spots (n, H, W, 2)."""
    terms = _terms(spots[..., 0], spots[..., 1])
    seen = np.isfinite(samples)
    terms[~seen] = np.nan
    # A place's own drawing is the same in all its copies: only differences from their mean tell of light.
    several = seen.sum(axis=0) > 1
    if not several.any():
        return np.zeros(5)
    values = samples[:, several] - np.nanmean(samples[:, several], axis=0)
    change = terms[:, several] - np.nanmean(terms[:, several], axis=0)
    known = seen[:, several]
    weights = np.zeros(5)
    for _ in range(3):
        off = values[known] - change[known] @ weights
        trust = 1 / np.maximum(np.abs(off), 0.02) ** 0.5
        weights = np.linalg.lstsq(change[known] * trust[:, None], values[known] * trust, rcond=None)[0]
    return weights


def _terms(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return np.stack([x, y, x * x - 1 / 3, x * y, y * y - 1 / 3], axis=-1)


def _small(grid: Grid) -> Grid:
    """Return a grid of few pixels with the same shape, its offset whole."""
    factor = max(1.0, max(grid.width, grid.height) / _LIGHT_PX)
    width, height = max(4, round(grid.width / factor)), max(4, round(grid.height / factor))
    return Grid(width, height, round(grid.drop / factor) % height, round(grid.slide / factor) % width)


def _blurred(picture: np.ndarray, factor: float) -> np.ndarray:
    import cv2

    return cv2.GaussianBlur(picture, (0, 0), max(0.6, factor / 2))


def _best_copy(picture: np.ndarray, repeat: Repeat, clean: Clean) -> Joined | None:
    """Return the copy that changes most from pixel to pixel, cut along its overlaps; None if none lies in whole."""
    grid = clean.grid
    band = max(4, round(_BAND * min(grid.width, grid.height)))
    places = _lattice_places(grid, (0, 0, grid.height + band, grid.width + band))
    found: tuple[float, np.ndarray] | None = None
    for move in _moves(picture, repeat)[:_MOST_COPIES]:
        for shift in ((0.0, 0.0), (0.25, 0.25), (0.5, 0.0), (0.0, 0.5), (0.5, 0.5), (0.75, 0.75)):
            pixels, inside = _sampled(picture, repeat.map, places + move + shift)
            if inside.all():
                sharp = float(np.abs(np.diff(pixels, axis=0)).mean())
                if found is None or sharp > found[0]:
                    found = (sharp, pixels)
    return None if found is None else join(np.clip(found[1], 0, 1), grid, band=band)
