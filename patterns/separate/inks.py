"""Which inks a picture has: the flat colors of its plateaus, or, where it has few, the colors that stand for it best.

Flat art: the colors of plateaus gather in dense spots. Spots that cloth could not tell apart are one ink, and so is a
spot that only is the hem of a denser one nearby: what JPEG's ripple makes of a flat color, with no valley between. A
color that two others mix to is an ink only if it has plateaus 7 px wide, for it may be their edge. A color that no
plateau shows but ridges do (a line too fine for a plateau) is an ink if no mixture of two others explains it. A
painting or a photograph has no such spots; there k-means in DIN99o decides.
"""

from dataclasses import dataclass

import numpy as np

from patterns.color.difference import ciede2000
from patterns.color.spaces import lab_to_srgb, srgb_to_lab
from patterns.separate.clusters import k_means, squared_distances
from patterns.separate.evidence import BINS, Evidence, bin_colors
from patterns.separate.nearest import bin_places
from patterns.separate.space import place

# Spots of plateau color: their reach in DIN99o, and how far the pixels of an ink may stray from its spot.
_REACH, _STRAY = 2.5, 5.0
# Of the tile's area: what a plateau's color needs to be an ink, and what a ridge's does.
LEAST_PLATEAU, LEAST_RIDGE = 0.0004, 0.0008
# Flat art: so much of all plateaus is near an ink that has a valley around it; a gradient's spots have none.
FLAT_ART = 0.9
# A ridge's color is explained by two inks if it lies this near to their mixtures, in 8-bit levels.
_MIXED = 14.0
# Chroma in units of luma, for that: a level of chroma is seen more.
_CHROMA = 1.5
# Paintings: inks are added until the mean distance in DIN99o with textile weights is this, or there are so many.
PAINTED_ERROR, MOST_AUTO = 3.0, 12
_MOST_SPOTS = 64
# With tone: the share of an ink's pixels that its full strength is taken from.
_OUTER = 1 / 6
# A spot within this CIEDE2000 of a denser one is its hem unless, somewhere between the two, color is so much rarer.
_HEM, _VALLEY = 10.0, 0.5
# Spots of a gradient pass into each other without a valley, within this CIEDE2000.
_STEP = 20.0
# Bins that counts are blurred by before valleys are looked for, so that empty bins are none.
_BLUR = 0.8


@dataclass(frozen=True, slots=True)
class Colors:
    """What was found: sRGB-encoded colors (K, 3) float64, 0-1; whether the picture is flat art; and how many spots."""

    encoded: np.ndarray
    flat: bool
    spots: int


@dataclass(frozen=True, slots=True)
class _Points:
    """Colors that occur: bins' places (N, 3), encoded colors (N, 3) and weights (N,) as shares of the area."""

    places: np.ndarray
    encoded: np.ndarray
    weights: np.ndarray

    @classmethod
    def of(cls, counts: np.ndarray, area: int, *, textile: bool = True) -> "_Points":
        bins = np.flatnonzero(counts)
        return cls(bin_places(textile)[bins], bin_colors(bins), counts.ravel()[bins] / area)

    def where(self, mask: np.ndarray) -> "_Points":
        return _Points(self.places[mask], self.encoded[mask], self.weights[mask])

    def mean(self, mask: np.ndarray) -> np.ndarray:
        """Return the mean place (3,) and encoded color (3,) of some points, as (2, 3)."""
        w = self.weights[mask, None] / self.weights[mask].sum()
        return np.stack([(self.places[mask] * w).sum(axis=0), (self.encoded[mask] * w).sum(axis=0)])


def find(evidence: Evidence, count: int | None, *, apart: float, most: int = MOST_AUTO) -> Colors:
    """Return the colors that are to be inks: ``count`` of them, or by the rule if it is None.

    The rule: in flat art (nine tenths of all plateaus are near a dense spot with a valley around it), one ink for each
    plateau's color on at least 0.04 % of the tile that is ``apart`` from the others (CIEDE2000, textile weights), and
    one for each line color on at least 0.08 %. Else the fewest, from 2 to 12 and at most ``most``, that leave a mean
    distance of 3 in DIN99o with textile weights. Fewer than ``count`` come back if more could not be told apart.
    """
    area = evidence.kinds.size
    seen = _Points.of(evidence.seen, area)
    if not len(seen.weights):
        # Nothing but slopes and noise: everything is looked at alike.
        seen = _Points.of(evidence.flat + 1, area)
    flat = _Points.of(evidence.flat, area)
    spots = _without_hems(_spots(flat, LEAST_PLATEAU), evidence.flat)
    inks = _merged(_without_edges(spots, evidence.deep / area), apart)
    if len(inks):
        inks = _merged(np.concatenate([inks, _lines(seen, inks)]), apart)
    steep = inks[~_gradual(inks, evidence.flat)]
    if len(steep) and _explained(flat, steep) >= FLAT_ART:
        encoded = inks[:, 2] if count is None else _counted(seen, inks, count, apart)
        if count is None and len(encoded) > most:
            encoded = _counted(seen, inks, most, apart)
        return Colors(encoded, True, len(inks))
    return Colors(_painted(seen, count, apart=apart, most=most), False, len(inks))


def _explained(points: _Points, inks: np.ndarray) -> float:
    """Return the share of points that lie near one of the inks (K, 3, 3)."""
    near = squared_distances(points.places, inks[:, 1]).min(axis=1) <= _STRAY**2
    return float(points.weights[near].sum() / points.weights.sum())


def outer(evidence: Evidence, encoded: np.ndarray) -> np.ndarray:
    """Return colors (K, 3) moved outward, to the sixth of each one's pixels that lies farthest from the picture's mean.

    Tints and mixtures of inks reach inward only, so that inks in the middle of what they stand for lose its ends.
    """
    points = _Points.of(evidence.seen, evidence.kinds.size)
    own = squared_distances(points.places, place(encoded, textile=True)).argmin(axis=1)
    everywhere = points.mean(np.ones(len(own), bool))[1]
    moved = encoded.copy()
    for k in np.unique(own):
        members = np.flatnonzero(own == k)
        along = (points.encoded[members] - everywhere) @ (encoded[k] - everywhere)
        order = members[np.argsort(-along, kind="stable")]
        count = int(np.searchsorted(np.cumsum(points.weights[order]), points.weights[members].sum() * _OUTER)) + 1
        chosen = np.zeros(len(own), bool)
        chosen[order[:count]] = True
        moved[k] = points.mean(chosen)[1]
    return moved


def unlike(encoded: np.ndarray, area: np.ndarray, apart: float) -> np.ndarray:
    """Return the colors (K, 3) but for those that a larger one is nearer to than ``apart``; ``area`` is (K,)."""
    kept: list[int] = []
    lab = srgb_to_lab(encoded)
    for k in np.argsort(-area, kind="stable"):
        if not kept or ciede2000(lab[k], lab[kept], textile=True).min() >= apart:
            kept.append(int(k))
    return encoded[sorted(kept)]


def exact(rgb: np.ndarray, count: int) -> np.ndarray:
    """Return up to ``count`` sRGB-encoded colors (K, 3) of pixels (3, H, W) uint8: k-means in CIE Lab, nothing else."""
    red, green, blue = (channel.astype(np.int32).ravel() for channel in rgb)
    counts = np.bincount((red << 16) | (green << 8) | blue)
    held = np.flatnonzero(counts)
    encoded = np.stack([held >> 16, (held >> 8) & 255, held & 255], axis=1) / 255
    points = _Points(place(encoded, textile=False), encoded, counts[held] / rgb[0].size)
    return np.clip(lab_to_srgb(k_means(points.places, points.weights, count, starts=19)), 0, 1)


def _spots(points: _Points, least: float) -> np.ndarray:
    """Return the dense spots of color, (K, 3, 3): (weight, -, -), place, encoded color; the heaviest first."""
    left = points.weights.copy()
    found: list[np.ndarray] = []
    while len(found) < _MOST_SPOTS and left.sum() >= least:
        center = points.places[int(left.argmax())]
        mean = np.zeros((2, 3))
        for _ in range(4):
            # Never empty: a mean of points within reach has one of them within reach.
            mean = points.mean(((points.places - center) ** 2).sum(axis=1) <= _REACH**2)
            center = mean[0]
        taken = ((points.places - center) ** 2).sum(axis=1) <= _REACH**2
        taken[int(left.argmax())] = True
        mass = left[taken].sum()
        left[taken] = 0
        if mass >= least:
            found.append(np.stack([np.full(3, mass), *mean]))
    return np.array(found).reshape(-1, 3, 3)


def _without_hems(inks: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Return the spots (K, 3, 3) that are no hem of a denser one; ``counts`` (64, 64, 64) are of plateaus."""
    density = _Density.of(counts)
    order = np.argsort(-density.at(inks[:, 2]), kind="stable")
    lab, kept = srgb_to_lab(inks[:, 2]), list[int]()
    for k in order:
        alike = [i for i in kept if ciede2000(lab[i], lab[k]) < _HEM]
        hem = [i for i in alike if not density.valley(inks[i, 2], inks[k, 2])]
        if hem:
            inks[hem[0], 0] += inks[k, 0]
        else:
            kept.append(int(k))
    return inks[sorted(kept)]


def _gradual(inks: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Return which spots (K, 3, 3) pass into another without a valley, (K,) bool: they are steps of a gradient."""
    density, lab = _Density.of(counts), srgb_to_lab(inks[:, 2])
    gradual = np.zeros(len(inks), bool)
    for i in range(len(inks)):
        for j in range(i):
            if ciede2000(lab[i], lab[j]) < _STEP and not density.valley(inks[i, 2], inks[j, 2]):
                gradual[[i, j]] = True
    return gradual


@dataclass(frozen=True, slots=True)
class _Density:
    """How often colors occur, (64, 64, 64), blurred so that empty bins between full ones are no valleys."""

    field: np.ndarray

    @classmethod
    def of(cls, counts: np.ndarray) -> "_Density":
        from scipy.ndimage import gaussian_filter

        return cls(gaussian_filter(counts, _BLUR))

    def at(self, encoded: np.ndarray) -> np.ndarray:
        """Return the density at encoded colors (N, 3), (N,)."""
        from scipy.ndimage import map_coordinates

        return map_coordinates(self.field, encoded.T * 255 / (256 / BINS) - 0.5, order=1)

    def valley(self, one: np.ndarray, other: np.ndarray) -> bool:
        """Return whether colors between two encoded ones (3,) are half as dense as the less dense of the two."""
        profile = self.at(one + np.linspace(0, 1, 33)[:, None] * (other - one))
        return bool(profile.min() < _VALLEY * min(profile[0], profile[-1]))


def _without_edges(inks: np.ndarray, deep: np.ndarray) -> np.ndarray:
    """Return the spots (K, 3, 3) but for those that two heavier ones mix to and that have no plateau of their own."""
    points = _Points.of(deep, 1)
    kept = np.ones(len(inks), bool)
    for k, ink in enumerate(inks):
        inside = ((points.places - ink[1]) ** 2).sum(axis=1) <= _REACH**2
        heavier = inks[inks[:, 0, 0] > ink[0, 0]]
        if points.weights[inside].sum() < LEAST_PLATEAU and len(heavier) > 1:
            kept[k] = _from_mixtures(ink[2:], heavier[:, 2])[0] > _MIXED / 255
    return inks[kept]


def _merged(inks: np.ndarray, apart: float) -> np.ndarray:
    """Return inks (K, 3, 3) with those nearer to each other than ``apart`` made one, the nearest first."""
    while len(inks) > 1:
        lab = srgb_to_lab(inks[:, 2])
        differences = ciede2000(lab[:, None], lab[None], textile=True)
        np.fill_diagonal(differences, np.inf)
        one, other = np.unravel_index(int(differences.argmin()), differences.shape)
        if differences[one, other] >= apart:
            break
        inks = _joined(inks, int(one), int(other))
    return inks


def _joined(inks: np.ndarray, one: int, other: int) -> np.ndarray:
    pair = inks[[one, other]]
    share = pair[:, 0, 0] / pair[:, 0, 0].sum()
    joined = (pair * share[:, None, None]).sum(axis=0)
    joined[0] = pair[:, 0].sum(axis=0)
    return np.concatenate([np.delete(inks, [one, other], axis=0), joined[None]])


def _lines(seen: _Points, inks: np.ndarray) -> np.ndarray:
    """Return inks (M, 3, 3) of colors that only ridges have: those that no ink and no mixture of two explains."""
    found = inks
    while len(found) < _MOST_SPOTS:
        squared = squared_distances(seen.places, found[:, 1])
        # A line's pixels stray farther from its ink.
        squared[:, len(inks) :] /= 4
        unlike = squared.min(axis=1)
        rest = (unlike > _STRAY**2) & (_from_mixtures(seen.encoded, found[:, 2]) > _MIXED / 255)
        if seen.weights[rest].sum() < LEAST_RIDGE:
            break
        points = seen.where(rest)
        # Pixels of a fine line are mixed with its ground to many degrees: the purest are its ink.
        order = np.argsort(-unlike[rest], kind="stable")
        purest = np.zeros(len(order), bool)
        purest[order[: int(np.searchsorted(np.cumsum(points.weights[order]), LEAST_RIDGE / 4)) + 1]] = True
        mean = points.mean(purest)
        near = ((points.places - mean[0]) ** 2).sum(axis=1) <= (2 * _STRAY) ** 2
        mass = points.weights[near].sum()
        found = np.concatenate([found, np.stack([np.full(3, mass), *mean])[None]])
        if mass < LEAST_RIDGE / 2:
            found = found[:-1]
            break
    return found[len(inks) :]


def _from_mixtures(colors: np.ndarray, inks: np.ndarray) -> np.ndarray:
    """Return how far colors (N, 3) lie from what two of the inks (K, 3) may mix to at an edge, (N,), in their unit.

    JPEG carries chroma at half the resolution of luma, so that the two need not be mixed alike: any luma between the
    two goes with any chroma between them.
    """
    (luma, chroma), (ink_luma, ink_chroma) = _luma_and_chroma(colors), _luma_and_chroma(inks)
    best = np.full(len(colors), np.inf)
    for i in range(len(inks)):
        for j in range(i):
            low, high = sorted((ink_luma[i], ink_luma[j]))
            beyond = np.maximum(np.maximum(low - luma, luma - high), 0)
            way, from_one = ink_chroma[j] - ink_chroma[i], chroma - ink_chroma[i]
            along = np.clip(from_one @ way / max(way @ way, 1e-12), 0, 1)
            best = np.minimum(best, np.hypot(beyond, np.linalg.norm(from_one - along[:, None] * way, axis=1)))
    return best


def _luma_and_chroma(colors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return luma (N,) and chroma (N, 2) of encoded colors (N, 3) (ITU-T T.871), chroma to luma's scale."""
    luma = colors @ np.array([0.299, 0.587, 0.114])
    return luma, np.stack([(colors[:, 2] - luma) / 1.772, (colors[:, 0] - luma) / 1.402], axis=1) * _CHROMA


def _counted(seen: _Points, inks: np.ndarray, count: int, apart: float) -> np.ndarray:
    """Return ``count`` encoded colors: spots joined where that costs least, or more added where they are missed."""
    while len(inks) > count:
        mass = inks[:, 0, 0]
        cost = squared_distances(inks[:, 1], inks[:, 1]) * mass[:, None] * mass / (mass[:, None] + mass)
        np.fill_diagonal(cost, np.inf)
        one, other = np.unravel_index(int(cost.argmin()), cost.shape)
        inks = _joined(inks, int(one), int(other))
    if len(inks) == count:
        return inks[:, 2]
    centers = k_means(seen.places, seen.weights, count, kept=inks[:, 1])
    return _told_apart(_encoded(seen, centers), inks[:, 2], apart)


def _told_apart(encoded: np.ndarray, sure: np.ndarray, apart: float) -> np.ndarray:
    """Return ``sure`` colors and those of ``encoded`` that are apart from them and from each other."""
    kept = list(sure)
    for color in encoded:
        if ciede2000(srgb_to_lab(color), srgb_to_lab(np.array(kept)), textile=True).min() >= apart:
            kept.append(color)
    return np.array(kept[: max(len(sure), len(encoded))])


def _painted(seen: _Points, count: int | None, *, apart: float, most: int) -> np.ndarray:
    """Return the encoded colors of a painting or photograph."""
    if count is not None:
        return _apart(seen, k_means(seen.places, seen.weights, count), apart)
    centers = np.empty((0, 3))
    for size in range(2, min(most, MOST_AUTO) + 1):
        centers = k_means(seen.places, seen.weights, size)
        distance = np.sqrt(squared_distances(seen.places, centers).min(axis=1))
        if (distance * seen.weights).sum() <= PAINTED_ERROR * seen.weights.sum():
            break
    return _apart(seen, centers, apart)


def _apart(seen: _Points, centers: np.ndarray, apart: float) -> np.ndarray:
    own = squared_distances(seen.places, centers).argmin(axis=1)
    inks = [np.stack([np.full(3, seen.weights[own == k].sum()), *seen.mean(own == k)]) for k in np.unique(own)]
    return _merged(np.array(inks), apart)[:, 2]


def _encoded(points: _Points, centers: np.ndarray) -> np.ndarray:
    """Return the mean encoded color (K, 3) of the points nearest to each center that has any."""
    own = squared_distances(points.places, centers).argmin(axis=1)
    return np.array([points.mean(own == k)[1] for k in np.unique(own)])
