"""What is measured of drawings with no network: distances between sets, straightness, crispness, nearness.

Pure functions of arrays. ``indices`` are the strongest ink at every pixel, (H, W) integers; ``features`` are (N, F).
"""

from collections.abc import Sequence

import numpy as np

# Lines that agree on this share of their pixels are copies of one line of a plaid.
_SAME_LINE = 0.85
# A plaid has at most so many kinds: without a limit every line of a bent one would be of its own.
_MOST_KINDS = 10


def frechet(one: np.ndarray, other: np.ndarray) -> float:
    """Return the Frechet distance of two sets of features, (N, F) and (M, F), each taken for a normal distribution.

    Heusel et al. 2017, equation 6. Fewer than F + 1 rows make it larger for every pair of sets alike.
    """
    mean = np.square(one.mean(axis=0) - other.mean(axis=0)).sum()
    left, right = (np.atleast_2d(np.cov(x, rowvar=False)) for x in (one, other))
    root = _root(left)
    cross = np.sqrt(np.clip(np.linalg.eigvalsh(root @ right @ root), 0, None)).sum()
    return float(max(0.0, mean + np.trace(left) + np.trace(right) - 2 * cross))


def _root(covariance: np.ndarray) -> np.ndarray:
    """Return the symmetric square root of a covariance (F, F)."""
    values, vectors = np.linalg.eigh(covariance)
    return (vectors * np.sqrt(np.clip(values, 0, None))) @ vectors.T


def spread(features: np.ndarray) -> float:
    """Return the mean distance between two different rows of (N, F), N of 2 or more."""
    squares = np.square(features).sum(axis=1)
    distances = np.sqrt(np.clip(squares[:, None] + squares - 2 * features @ features.T, 0, None))
    count = len(features)
    return float((distances.sum() - np.trace(distances)) / (count * (count - 1)))


def crispness(planes: np.ndarray) -> float:
    """Return the share of pixels of (K, H, W) in 0-1 at which one ink is above 0.9."""
    return float((planes.max(axis=0) > 0.9).mean())


def straightness(indices: np.ndarray) -> float:
    """Return the share of pixels that equal their line's mode, for the best of four directions of lines.

    A diagonal runs around a square cell; only square cells are tried so.
    """
    height, width = indices.shape
    ways = [indices, indices.T]
    if height == width:
        ways += [np.stack([np.roll(row, turn * y) for y, row in enumerate(indices)]).T for turn in (1, -1)]
    return max(_modal(way) for way in ways)


def _modal(lines: np.ndarray) -> float:
    """Return the share of pixels equal to the mode of their row."""
    return float(np.mean([np.bincount(line).max() for line in lines]) / lines.shape[1])


def plaidness(indices: np.ndarray) -> float:
    """Return the share of pixels that equal the mode of all others where the same kinds of row and column cross.

    Rows are of a kind if they nearly agree, and so are columns: a straight plaid has few kinds of each. A pixel where
    no other pair of such lines crosses has no mode, and counts as unlike.
    """
    rows, columns = _kinds(indices), _kinds(indices.T)
    block = rows[:, None] * (columns.max() + 1) + columns
    counts = np.zeros((block.max() + 1, indices.max() + 1), np.intp)
    np.add.at(counts, (block.ravel(), indices.ravel()), 1)
    # Without the pixel itself: else what happens once would be its own mode.
    others = counts[block]
    own = np.take_along_axis(others, indices[..., None].astype(np.intp), axis=2)[..., 0] - 1
    np.put_along_axis(others, indices[..., None].astype(np.intp), -1, axis=2)
    return float(((own > 0) & (own >= others.max(axis=2))).mean())


def _kinds(lines: np.ndarray) -> np.ndarray:
    """Return each line's kind, (n,): that of the first line it nearly agrees with, of the most frequent kinds."""
    alike = (lines[:, None] == lines).mean(axis=2)
    firsts: list[int] = []
    for i in range(len(lines)):
        if not firsts or alike[i, firsts].max() < _SAME_LINE:
            firsts.append(i)
    taken = np.bincount(alike[:, firsts].argmax(axis=1), minlength=len(firsts))
    kept = np.array(firsts)[np.argsort(-taken, kind="stable")[:_MOST_KINDS]]
    return alike[:, kept].argmax(axis=1)


def nearest(drawings: Sequence[np.ndarray], others: Sequence[np.ndarray]) -> np.ndarray:
    """Return for each drawing the root mean square to the nearest of ``others`` over all shifts, (N,) float64.

    All are (K, H, W) in 0-1 on the same straight cell; every whole-pixel shift around it is tried, by FFT.
    """
    stack = np.stack(others).astype(np.float32)
    size = stack[0].shape[-2:]
    spectra = np.conj(np.fft.rfft2(stack))
    energy = np.square(stack).sum(axis=(1, 2, 3), dtype=np.float64)
    found = []
    for drawing in drawings:
        own = drawing.astype(np.float32)
        match = np.fft.irfft2((np.fft.rfft2(own) * spectra).sum(axis=1), s=size).max(axis=(1, 2))
        square = np.square(own).sum(dtype=np.float64) + energy - 2 * match
        found.append(np.sqrt(max(0.0, float(square.min())) / (size[0] * size[1])))
    return np.array(found)


def told_apart(one: np.ndarray, other: np.ndarray) -> float:
    """Return the p of a Kolmogorov-Smirnov test that two sets of figures come from one distribution."""
    from scipy.stats import ks_2samp

    return float(ks_2samp(one, other).pvalue)  # pyright: ignore


def uniform(percentiles: np.ndarray) -> float:
    """Return the p of a Kolmogorov-Smirnov test that percentiles (0-100) are uniform."""
    from scipy.stats import kstest

    return float(kstest(percentiles / 100, "uniform").pvalue)  # pyright: ignore
