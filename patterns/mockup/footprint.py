"""How much of the cloth a pixel covers: the derivatives of uv, taken on each surface alone."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from patterns.mockup.maps import Fragments, Maps

# Neighbors whose uv is farther apart than so many of their part's usual pixels lie on either side of a fold.
_FOLD = 14.0


@dataclass(frozen=True, slots=True)
class Footprints:
    """What each fragment's pixel covers: ``across`` and ``down`` (2, n) float32, mm of uv per pixel that way."""

    across: np.ndarray
    down: np.ndarray

    def widths(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the longer and the shorter half axis' length (n,) of each footprint in mm: the singular values."""
        (a, c), (b, d) = self.across, self.down
        mean, half = a * a + b * b + c * c + d * d, np.hypot(a * a + c * c - b * b - d * d, 2 * (a * b + c * d))
        return np.sqrt((mean + half) / 2), np.sqrt(np.maximum(mean - half, 0) / 2)


def footprints(maps: "Maps") -> Footprints:
    """Return the footprints of all fragments: means of the differences to both neighbors on the same surface.

    Where there is one such neighbor it is that difference; where there is none, the nearest surface beside it of the
    same part stands in, and at last the part's usual pixel.
    """
    width, height = maps.size
    fragments, first = maps.fragments, maps.primary
    owner = np.full(height * width, 255, np.uint8)
    owner[fragments.pixel[:first]] = fragments.part[:first]
    uv = np.zeros((2, height * width), np.float32)
    uv[:, fragments.pixel[:first]] = fragments.uv[:, :first]
    owner, uv = owner.reshape(height, width), uv.reshape(2, height, width)
    usual = _usual(owner, uv, int(fragments.part.max(initial=0)) + 1)
    with ThreadPoolExecutor(2) as pool:
        dense = list(pool.map(lambda i: _differences(owner, uv, _FOLD * usual[i], 2 - i), range(2)))
    kept = [one.reshape(2, -1)[:, fragments.pixel] for one in dense]
    kept[0][:, first:] = kept[1][:, first:] = np.nan
    missing = np.nonzero(np.isnan(kept[0][0]) | np.isnan(kept[1][0]))[0]
    if len(missing):
        _stand_in(kept, missing, fragments, (owner, uv, dense, usual))
    return Footprints(kept[0], kept[1])


def _usual(owner: np.ndarray, uv: np.ndarray, parts: int) -> np.ndarray:
    """Return the usual distance (2, P) in mm between neighbors across and down of each part, from every fourth line."""
    found = []
    for own, place in ((owner[::4], uv[:, ::4]), (owner[:, ::4].T, uv[:, :, ::4].swapaxes(1, 2))):
        step = np.hypot(*(place[:, :, 1:] - place[:, :, :-1]))
        same = np.where(own[:, 1:] == own[:, :-1], own[:, 1:], 255)
        steps = [step[same == p] for p in range(parts)]
        found.append([np.median(s) if len(s) else 1.0 for s in steps])
    return np.array(found, np.float32).clip(1e-3)


def _differences(owner: np.ndarray, uv: np.ndarray, reach: np.ndarray, axis: int) -> np.ndarray:
    """Return the change of uv (2, H, W) per pixel along an axis, NaN where no neighbor is on the same surface.

    ``reach`` (P,) is how far apart in mm neighbors on each part's same surface can be.
    """
    ahead = (slice(None), slice(1, None)) if axis == 2 else (slice(1, None), slice(None))
    back = (slice(None), slice(None, -1)) if axis == 2 else (slice(None, -1), slice(None))
    step = uv[(slice(None), *ahead)] - uv[(slice(None), *back)]
    far = np.append(reach, np.zeros(256 - len(reach), reach.dtype))[owner]
    good = (owner[ahead] == owner[back]) & (np.abs(step).max(axis=0) < far[back])
    step *= good
    total = np.zeros_like(uv)
    total[(slice(None), *back)] += step
    total[(slice(None), *ahead)] += step
    count = np.zeros(owner.shape, np.float32)
    count[back] += good
    count[ahead] += good
    with np.errstate(divide="ignore", invalid="ignore"):
        total /= count
    return total


def _stand_in(
    kept: list[np.ndarray],
    missing: np.ndarray,
    fragments: "Fragments",
    known: tuple[np.ndarray, np.ndarray, list[np.ndarray], np.ndarray],
) -> None:
    """Fill in the footprints of ``missing`` fragments from the pixels around them."""
    owner, uv, dense, usual = known
    height, width = owner.shape
    part = fragments.part[missing]
    y, x = np.divmod(fragments.pixel[missing], width)
    for one, unit, length in zip(kept, ((1, 0), (0, 1)), usual, strict=True):
        lost = np.isnan(one[0, missing])
        one[:, missing[lost]] = np.outer(unit, length[part[lost]])
    nearest = np.full(len(missing), np.inf, np.float32)
    for dy in (-1, 0, 1):
        for dx in (-1, 0, 1):
            row, column = (y + dy).clip(0, height - 1), (x + dx).clip(0, width - 1)
            there = [one[:, row, column] for one in dense]
            away = np.hypot(*(uv[:, row, column] - fragments.uv[:, missing]))
            better = (owner[row, column] == part) & (away < nearest) & ~np.isnan(there[0][0]) & ~np.isnan(there[1][0])
            nearest[better] = away[better]
            for one, other in zip(kept, there, strict=True):
                one[:, missing[better]] = other[:, better]
