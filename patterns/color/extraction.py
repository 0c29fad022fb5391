"""A palette out of a picture: a photograph, a painting, a swatch, of which only the colors are wanted.

To put a tile into inks, with a plane for each, is ``patterns.separate``'s work.
"""

import numpy as np

from patterns.color.difference import ciede2000
from patterns.color.ink import Ink, Palette
from patterns.color.names import nearest_name
from patterns.color.spaces import srgb_to_lab
from patterns.errors import CannotMake, InputError
from patterns.separation import MOST_INKS

_SAMPLED = 60_000
# Bins a channel; within one, colors are taken as one.
_BINS = 24
# A color's say grows with its area to this power, so that a small bright accent is not outvoted by a wall.
_SAY = 0.55
# Lightness counts half, as the textile weights have it: a fold of cloth is not another ink.
_LIGHTNESS = 0.5
_ROUNDS = 30
# CIEDE2000 below which two colors are one ink.
LEAST_APART = 8.0


def palette_of_picture(pixels: np.ndarray, count: int, *, rng: np.random.Generator, name: str = "") -> Palette:
    """Return the ``count`` colors that stand for a picture (H, W, 3), sRGB-encoded, 0-1 or uint8; the largest first.

    All pairs are at least 8 CIEDE2000 apart. Raises CannotMake if the picture has fewer colors that are.
    """
    if not 1 <= count <= MOST_INKS:
        raise InputError(f"a palette has 1 to {MOST_INKS} inks, not {count}.")
    colors, areas = _histogram(pixels)
    places = colors * (_LIGHTNESS, 1.0, 1.0)
    centers = _spread(places, areas**_SAY, min(4 * count, len(places)), rng)
    owner = _settled(places, areas**_SAY, centers)
    used = np.unique(owner)
    area = np.array([areas[owner == k].sum() for k in used])
    means = np.array([np.average(colors[owner == k], axis=0, weights=areas[owner == k]) for k in used])
    chosen = _unlike(means, area, count)
    if len(chosen) < count:
        raise CannotMake(f"the picture has {len(chosen)} colors that can be told apart, not {count}; ask for fewer.")
    inks: list[Ink] = []
    for lab in means[chosen]:
        lightness, a, b = (float(v) for v in lab)
        inks.append(Ink(nearest_name(lab, frozenset(ink.name for ink in inks)), (lightness, a, b)))
    return Palette(tuple(inks), name)


def _histogram(pixels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the colors of a picture's bins as Lab (N, 3) and the share of the area of each (N,)."""
    flat = pixels.reshape(-1, pixels.shape[-1])[:, :3]
    # An odd stride that shares no factor with a usual width, so that no column is sampled alone.
    flat = flat[:: max(1, len(flat) // _SAMPLED) | 1]
    encoded = flat / 255.0 if flat.dtype == np.uint8 else np.clip(np.asarray(flat, dtype=np.float64), 0, 1)
    bins = np.minimum((encoded * _BINS).astype(int), _BINS - 1) @ (_BINS * _BINS, _BINS, 1)
    _, owner, counts = np.unique(bins, return_inverse=True, return_counts=True)
    sums = np.stack([np.bincount(owner, encoded[:, c]) for c in range(3)], axis=1)
    return srgb_to_lab(sums / counts[:, None]), counts / counts.sum()


def _spread(places: np.ndarray, say: np.ndarray, count: int, rng: np.random.Generator) -> np.ndarray:
    """Return ``count`` places far from one another, by chance and by say (k-means++; Arthur and Vassilvitskii 2007)."""
    centers = [places[say.argmax()]]
    nearest = ((places - centers[0]) ** 2).sum(axis=1)
    while len(centers) < count and (odds := nearest * say).sum() > 0:
        centers.append(places[rng.choice(len(places), p=odds / odds.sum())])
        nearest = np.minimum(nearest, ((places - centers[-1]) ** 2).sum(axis=1))
    return np.array(centers)


def _settled(places: np.ndarray, say: np.ndarray, centers: np.ndarray) -> np.ndarray:
    """Return the index of the center of each place (N,), after rounds of k-means."""
    owner = np.zeros(len(places), dtype=int)
    for _ in range(_ROUNDS):
        before, owner = owner, ((places[:, None] - centers) ** 2).sum(axis=2).argmin(axis=1)
        for k in np.unique(owner):
            centers[k] = np.average(places[owner == k], axis=0, weights=say[owner == k])
        if np.array_equal(before, owner):
            break
    return owner


def _unlike(means: np.ndarray, area: np.ndarray, count: int) -> np.ndarray:
    """Return indices of at most ``count`` colors, the largest first: each next has most say and stands apart."""
    chosen = [int(area.argmax())]
    while len(chosen) < count:
        away = ciede2000(means[:, None], means[chosen][None]).min(axis=1)
        worth = np.where(away >= LEAST_APART, area**_SAY * np.minimum(away, 40.0), 0.0)
        if worth.max() <= 0:
            break
        chosen.append(int(worth.argmax()))
    return np.array(sorted(chosen, key=lambda k: -area[k]))
