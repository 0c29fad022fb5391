"""Hues laid on a design's values: the laws of a colorway, and how a source's swatches are made to keep them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from patterns.color import sources
from patterns.color.difference import ciede2000
from patterns.color.ink import Palette
from patterns.color.sources import Source

if TYPE_CHECKING:
    from patterns.color.gamut import Gamut

# Least CIEDE2000 of two neighboring inks, or this share of what the design itself had, whichever is less.
NEIGHBORS_APART, NEIGHBORS_SHARE = 8.0, 0.8
# The same for inks that never meet: two that nobody can tell apart waste a screen.
INKS_APART = 6.0
# Two inks whose L* lie this far apart keep their order, and their distance to within these shares.
VALUE_STEP, LEAST_SPACING, MOST_SPACING = 5.0, 0.7, 1.35
# Turned about they may come nearer to each other: a dark ground is never as dark as paper is light.
INVERTED_SPACING = 0.45
_SLOPES, _INVERTED_SLOPES = (0.74, 1.12), (0.62, 1.0)
_DARK_GROUNDS, _LIGHT_GROUNDS = (17.0, 32.0), (88.0, 96.0)
_DARKEST, _LIGHTEST = 7.0, 97.0
_QUALITY = {"palette": 1.0, "harmony": 0.8, "tonal": 0.45, "turn": 0.35}
_CHANCE = 0.12
_PUSHES = 10


@dataclass(frozen=True, slots=True)
class Use:
    """How a design uses its inks: each one's share of the area (K,), and each pair's share of all borders (K, K)."""

    coverage: np.ndarray
    borders: np.ndarray

    @classmethod
    def even(cls, inks: int) -> "Use":
        """Return the use of inks of which nothing is known: all alike, all neighbors."""
        return cls(np.full(inks, 1 / inks), (1 - np.eye(inks)) / max(inks * (inks - 1), 1))

    @property
    def neighbors(self) -> np.ndarray:
        """Which inks meet, (K, K) bool."""
        return self.borders > 0.002


@dataclass(frozen=True, slots=True)
class Task:
    """What is asked, and the design as swatches (K, 3) and Lab (K, 3); ``fixed`` (K,) are the inks that stay."""

    palette: Palette
    use: Use
    fixed: np.ndarray
    gamut: "Gamut | None"
    invert: bool
    apart: float

    @property
    def weights(self) -> np.ndarray:
        """What each ink counts in the distance of colorways, (K,)."""
        return weights(self.use.coverage, self.fixed)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A lawful proposal: Lab (K, 3), how good it is, and the kind of its source."""

    lab: np.ndarray
    quality: float
    kind: str


def keeps_values(old: np.ndarray, new: np.ndarray, *, invert: bool = False) -> bool:
    """Return whether L* (K,) keep, or turn about, their order and keep their spacing: the value law of ``propose``."""
    before = old[:, None] - old[None]
    after = (new[:, None] - new[None]) * (-1 if invert else 1)
    far = before >= VALUE_STEP
    ratio = after[far] / before[far]
    least = INVERTED_SPACING if invert else LEAST_SPACING
    return bool(((ratio >= least) & (ratio <= MOST_SPACING)).all())


def weights(coverage: np.ndarray, fixed: np.ndarray | None = None) -> np.ndarray:
    """Return what each ink counts in ``distance``, (K,), in sum 1: half by area, half evenly, kept inks nothing."""
    free = np.ones(len(coverage)) if fixed is None else 1.0 - fixed
    shares = (coverage / coverage.sum() + 1 / len(coverage)) / 2 * free
    return shares / shares.sum()


def laid(task: Task, own: np.ndarray, found: Sequence[Source], rng: np.random.Generator) -> list[Candidate]:
    """Return sources laid on the design's values, those that keep every law."""
    seats = [np.arange(len(own)) if s.seated else _seats(task, own, s) for s in found]
    hues = np.stack([s.swatches[at] for s, at in zip(found, seats, strict=True)])
    swatches = np.stack([_tempered(task, own, each, _values(task, own, each)) for each in hues])
    lab = _printable(task, swatches.reshape(-1, 3)).reshape(swatches.shape)
    lab[:, task.fixed] = task.palette.lab()[task.fixed]
    lab = _parted(task, lab)
    chances = rng.normal(0, _CHANCE, len(found))
    return [
        Candidate(colors, _quality(task, source, at, colors) + chance, source.kind)
        for source, at, colors, chance in zip(found, seats, lab, chances, strict=True)
        if _lawful(task, colors)
    ]


def _seats(task: Task, own: np.ndarray, source: Source) -> np.ndarray:
    """Return which swatch goes to each ink, (K,): by value, strength and role; all are used before one is again."""
    from scipy.optimize import linear_sum_assignment

    target = _targets(task, own)
    copies = -(-len(own) // len(source.swatches))
    swatches = np.tile(source.swatches, (copies, 1))
    cost = ((target[:, None] - swatches[None, :, 0]) / 20) ** 2
    cost += 0.5 * ((own[:, None, 1] - swatches[None, :, 1]) / 0.08) ** 2
    unlike = np.array([[a.role != b for b in source.roles * copies] for a in task.palette.inks])
    cost += unlike * (0.2 if task.invert else 2.0)
    cost *= 0.3 + np.sqrt(task.use.coverage)[:, None]
    _, seats = linear_sum_assignment(cost)
    return seats % len(source.swatches)


def _targets(task: Task, own: np.ndarray) -> np.ndarray:
    """Return the L* (K,) that the inks would have if hues made no difference."""
    if not task.invert:
        return own[:, 0]
    return own[:, 0].max() + own[:, 0].min() - own[:, 0]


def _values(task: Task, own: np.ndarray, hues: np.ndarray) -> np.ndarray:
    """Return L* (K,) for the inks: the design's own, stretched and shifted to suit the hues."""
    old, natural = own[:, 0], hues[:, 0]
    if task.fixed.any() and not task.invert:
        return old
    share = task.weights + 0.05
    low, high = _INVERTED_SLOPES if task.invert else _SLOPES
    sign = -1.0 if task.invert else 1.0
    mean_old, mean_natural = np.average(old, weights=share), np.average(natural, weights=share)
    spread = np.average((old - mean_old) ** 2, weights=share)
    slope = np.average((old - mean_old) * (natural - mean_natural), weights=share) / max(spread, 1e-6)
    slope = sign * float(np.clip(sign * slope, low, high))
    ground = float(np.clip(mean_natural + slope * (old[0] - mean_old), *_ground_range(task, old)))
    values = ground + slope * (old - old[0])
    return _within(values, task.gamut)


def _ground_range(task: Task, old: np.ndarray) -> tuple[float, float]:
    """Return between which L* the ground may lie: near its own, or near its opposite."""
    if not task.invert:
        return float(old[0]) - 6, float(old[0]) + 5
    rank = np.mean(old[1:] < old[0])
    if rank > 0.5:
        return _DARK_GROUNDS
    return _LIGHT_GROUNDS


def _within(values: np.ndarray, gamut: "Gamut | None") -> np.ndarray:
    """Return L* shifted, and narrowed if need be, to lie between the darkest and the lightest that can be printed."""
    low, high = _DARKEST, _LIGHTEST
    if gamut is not None:
        # A gamut ends in two points: a little inside them there is some color to be had.
        low, high = max(low, float(gamut.lightness[0]) + 2.5), min(high, float(gamut.lightness[-1]) - 1)
    values = values[0] + min(1.0, (high - low) / max(float(np.ptp(values)), 1e-6)) * (values - values[0])
    return values + max(0.0, low - values.min()) - max(0.0, values.max() - high)


def _tempered(task: Task, own: np.ndarray, hues: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Return the swatches at their new L*, chroma following the lightness and held to what the area can bear."""
    darker = values / np.maximum(hues[:, 0], 1)
    lighter = (100 - values) / np.maximum(100 - hues[:, 0], 1)
    chroma = hues[:, 1] * np.minimum(1, np.minimum(darker, 1.25) ** 0.8) * np.minimum(1, lighter**0.6)
    return np.stack([values, np.minimum(chroma, _caps(task, own, values)), hues[:, 2]], axis=1)


def _printable(task: Task, swatches: np.ndarray) -> np.ndarray:
    """Return the Lab (N, 3) of swatches: where the gamut ends, chroma gives way first, because values are the law.

    Down to half of it along the hue of OKLCh, then toward the grays between the fabric's darkest color and its white.
    """
    lab, gamut = sources.lab_of(swatches), task.gamut
    if gamut is None:
        return lab
    for share in (0.92, 0.84, 0.75, 0.66, 0.57, 0.48):
        outside = ~np.asarray(gamut.inside(lab))
        lab[outside] = sources.lab_of(swatches[outside] * (1, share, 1))
    outside = ~np.asarray(gamut.inside(lab))
    dark, white, some = np.array(gamut.darkest), np.array(gamut.white), lab[outside]
    gray = dark + (white - dark) * ((some[:, :1] - dark[0]) / (white[0] - dark[0]))
    low, high = np.zeros((len(some), 1)), np.ones((len(some), 1))
    for _ in range(8):
        middle = (low + high) / 2
        inside = np.asarray(gamut.inside(gray + middle * (some - gray)))[:, None]
        low, high = np.where(inside, middle, low), np.where(inside, high, middle)
    lab[outside] = gray + low * (some - gray)
    return gamut.nearest(lab)


def _caps(task: Task, own: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Return the greatest OKLCh chroma (K,): less on large areas and pale grounds; never less than the design has."""
    caps = 0.19 - 0.11 * np.sqrt(task.use.coverage)
    pale = (values > 84) & (np.arange(len(values)) == 0)
    return np.maximum(np.where(pale, 0.045, caps), own[:, 1])


def _parted(task: Task, lab: np.ndarray) -> np.ndarray:
    """Return proposals (M, K, 3) with free inks that lie too close moved apart in chroma and hue, their L* kept."""
    lab, own, wanted = lab.copy(), task.palette.lab()[:, 1:], 1.05 * _wanted(task)
    for _ in range(_PUSHES):
        short = np.maximum(wanted - ciede2000(lab[:, :, None], lab[:, None]), 0)
        bad = np.flatnonzero(short.any(axis=(1, 2)))
        if not len(bad):
            break
        some = lab[bad]
        # Where two have one color, the way apart is the design's own.
        away = some[:, :, None, 1:] - some[:, None, :, 1:] + 0.02 * (own[:, None] - own[None]) + 1e-9
        away /= np.maximum(np.linalg.norm(away, axis=-1, keepdims=True), 1e-6)
        pushed = some.copy()
        pushed[..., 1:] += 0.8 * (short[bad][..., None] * away).sum(axis=2)
        moved = _printable(task, sources.swatches_of(pushed).reshape(-1, 3)).reshape(some.shape)
        lab[bad] = np.where(task.fixed[:, None], some, moved)
    return lab


def _wanted(task: Task) -> np.ndarray:
    """Return the least CIEDE2000 of each pair of inks, (K, K)."""
    old = task.palette.lab()
    least = np.where(task.use.neighbors, NEIGHBORS_APART, INKS_APART)
    return np.minimum(least, NEIGHBORS_SHARE * ciede2000(old[:, None], old[None]))


def _lawful(task: Task, lab: np.ndarray) -> bool:
    old, free = task.palette.lab(), ~task.fixed
    if task.gamut is not None and not np.asarray(task.gamut.inside(lab[free])).all():
        return False
    judged = free if task.invert else np.ones(len(lab), dtype=bool)
    if not keeps_values(old[judged, 0], lab[judged, 0], invert=task.invert):
        return False
    return bool((ciede2000(lab[:, None], lab[None]) >= _wanted(task)).all())


def _quality(task: Task, source: Source, seats: np.ndarray, lab: np.ndarray) -> float:
    """Return how good a proposal is: colors near where they are most themselves, in their own roles, without glare."""
    hues, final = source.swatches[seats], sources.swatches_of(lab)
    weight = weights(task.use.coverage)
    moved = float((weight * np.abs(final[:, 0] - hues[:, 0])).sum()) / 20
    dulled = float((weight * np.maximum(hues[:, 1] - final[:, 1], 0)).sum()) / 0.05
    strange = 0.0
    if not source.seated and not task.invert:
        unlike = [ink.role != source.roles[seat] for ink, seat in zip(task.palette.inks, seats, strict=True)]
        strange = float(weight[unlike].sum())
    return (
        _QUALITY[source.kind]
        - 0.5 * moved
        - 0.2 * dulled
        - 0.6 * strange
        - sources.glare(final, weight)
        - _faded(task, final)
    )


def _faded(task: Task, swatches: np.ndarray) -> float:
    """Return a penalty for motifs that lose the color that the design gives them; the ground may be as pale."""
    own = sources.swatches_of(task.palette.lab())[1:, 1]
    share = task.use.coverage[1:] / max(float(task.use.coverage[1:].sum()), 1e-9)
    return 0.8 * float((share * np.maximum(1 - swatches[1:, 1] / np.maximum(0.7 * own, 0.02), 0)).sum())
