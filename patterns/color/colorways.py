"""Colorways proposed for a design: other inks under the same values, or under values turned about on purpose.

Every proposal is a set of hues from one source (see ``sources``) laid onto the design's values. The laws that each one
keeps are stated at ``propose`` and in docs/colorways.md; what is left is chosen by taste, and by standing apart from
what has been chosen already. Hues are drawn by the generator that is handed in, so that a seed is a set.
"""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from patterns.color import sources
from patterns.color.difference import ciede2000
from patterns.color.ink import Ink, Palette
from patterns.color.names import nearest_name
from patterns.color.sources import Source
from patterns.errors import CannotMake, InputError

if TYPE_CHECKING:
    from patterns.color.gamut import Gamut

MOST = 24
# Distance of any two colorways of a set, and of each from the design, unless another is asked for: see ``distance``.
APART = 8.0
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
_ROUNDS = 6
_QUALITY = {"palette": 1.0, "harmony": 0.8, "tonal": 0.45, "turn": 0.35}
_CHANCE = 0.12


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
class _Task:
    """What is asked, and the design as swatches (K, 3) and Lab (K, 3); ``fixed`` (K,) are the inks that stay."""

    palette: Palette
    use: Use
    fixed: np.ndarray
    gamut: "Gamut | None"
    invert: bool
    apart: float

    @property
    def weights(self) -> np.ndarray:
        return weights(self.use.coverage, self.fixed)


@dataclass(frozen=True, slots=True)
class _Candidate:
    lab: np.ndarray
    quality: float
    kind: str


def propose(
    palette: Palette,
    *,
    count: int,
    rng: np.random.Generator,
    keep: Sequence[str] = (),
    gamut: "Gamut | None" = None,
    invert: bool = False,
    palettes: Sequence[Palette] = (),
    only_palettes: bool = False,
    use: Use | None = None,
    apart: float = APART,
) -> tuple[Palette, ...]:
    """Return ``count`` palettes, 1 to 24, for the design that has ``palette``; ink k stands where ink k stood.

    Laws: light stays light (with ``invert``, becomes dark): inks 5 L* apart keep, or turn about, their order, and their
    distance in L* to between 0.7 (inverted: 0.45) and 1.35 of itself. The inks that ``keep`` names, by name or role,
    are untouched and, inverted, free of the value law. Neighbors lie 8 CIEDE2000 apart, or four fifths of what they
    did. Every new ink is inside ``gamut``. All proposals and the design lie ``apart`` by ``distance``. ``palettes`` are
    hues to draw from beside harmonies; ``only_palettes`` leaves the others out. ``use`` weighs inks by area and says
    which meet.

    Raises InputError for a count or an ink that is not, CannotMake if there are not so many proposals so far apart.
    """
    if not 1 <= count <= MOST:
        raise InputError(f"a sheet shows 1 to {MOST} colorways, not {count}; ask for fewer, or with several seeds.")
    if len(palette) < 2:
        raise InputError("a palette of one ink has no colorways; give a design with a ground and a motif.")
    if not 0 < apart < 100:
        raise InputError(f"colorways stand apart by more than 0 and less than 100 CIEDE2000, not {apart:g}.")
    task = _Task(palette, use or Use.even(len(palette)), kept(palette, keep), gamut, invert, apart)
    if task.fixed.all():
        raise InputError("every ink is to be kept, so that nothing is left to color; keep fewer.")
    if only_palettes and not palettes:
        raise InputError("colorways were asked from palettes only, and there are no palettes.")
    chosen = _chosen(task, count, rng, (palettes, only_palettes))
    return _named(task, [candidate.lab for candidate in chosen])


def kept(palette: Palette, names: Sequence[str]) -> np.ndarray:
    """Return which inks are named, by their name or role, (K,) bool; InputError, naming the nearest, for an unknown."""
    fixed = np.zeros(len(palette), dtype=bool)
    for name in names:
        asked = name.strip().lower()
        matches = [asked in (ink.name.lower(), ink.role.lower()) and bool(asked) for ink in palette.inks]
        if not any(matches):
            known = list(dict.fromkeys([ink.name for ink in palette.inks] + [i.role for i in palette.inks if i.role]))
            near = difflib.get_close_matches(asked, known, n=1, cutoff=0.3)
            hint = f"did you mean {near[0]!r}?" if near else "name one of those."
            raise InputError(f"the design has no ink {name.strip()!r}, but {', '.join(known)}; {hint}")
        fixed |= matches
    return fixed


def weights(coverage: np.ndarray, fixed: np.ndarray | None = None) -> np.ndarray:
    """Return what each ink counts in ``distance``, (K,), in sum 1: half by area, half evenly, kept inks nothing."""
    free = np.ones(len(coverage)) if fixed is None else 1.0 - fixed
    shares = (coverage / coverage.sum() + 1 / len(coverage)) / 2 * free
    return shares / shares.sum()


def distance(one: np.ndarray, other: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Return how unlike two colorways look, Lab (..., K, 3): the mean CIEDE2000 of ink against ink, by ``weights``."""
    return (ciede2000(one, other) * weight).sum(axis=-1)


def keeps_values(old: np.ndarray, new: np.ndarray, *, invert: bool = False) -> bool:
    """Return whether L* (K,) keep, or turn about, their order and keep their spacing: the value law of ``propose``."""
    before = old[:, None] - old[None]
    after = (new[:, None] - new[None]) * (-1 if invert else 1)
    far = before >= VALUE_STEP
    ratio = after[far] / before[far]
    least = INVERTED_SPACING if invert else LEAST_SPACING
    return bool(((ratio >= least) & (ratio <= MOST_SPACING)).all())


def _chosen(
    task: _Task, count: int, rng: np.random.Generator, given: tuple[Sequence[Palette], bool]
) -> list[_Candidate]:
    """Return proposals picked one by one: good ones, unlike what is there."""
    palettes, only = given
    own = sources.swatches_of(task.palette.lab())
    roles = tuple(ink.role for ink in task.palette.inks)
    pool: list[_Candidate] = []
    picked: list[_Candidate] = []
    for _ in range(2 if only else _ROUNDS):
        found = sources.of_palettes(palettes)
        if not only:
            found += sources.harmonies(rng) + sources.tonal(own, rng) + sources.turns(own, roles, rng)
        pool += _laid(task, own, found, rng)
        picked = _picked(task, pool, count)
        if len(picked) >= count:
            return picked
    raise CannotMake(
        f"{len(picked)} colorways stand {task.apart:g} apart under these conditions, and {count} were asked for; ask "
        f"for {len(picked) or 'other conditions'}, a lower --apart, or keep fewer inks."
    )


def _picked(task: _Task, pool: list[_Candidate], count: int) -> list[_Candidate]:
    picked: list[_Candidate] = []
    if not pool:
        return picked
    lab = np.stack([c.lab for c in pool])
    quality = np.array([c.quality for c in pool])
    nearest = distance(lab, task.palette.lab(), task.weights)
    leading = sources.swatches_of(lab[:, _lead(task)])
    echoed = _alike(leading, sources.swatches_of(task.palette.lab()[_lead(task)]))
    for _ in range(count):
        open_ = nearest >= task.apart
        if not open_.any():
            break
        score = quality + 0.5 * np.minimum(nearest / task.apart, 2.2) - 0.5 * echoed
        kinds = [c.kind for c in picked]
        score -= [0.25 * kinds.count(c.kind) if c.kind in ("tonal", "turn") else 0 for c in pool]
        best = int(np.where(open_, score, -np.inf).argmax())
        picked.append(pool[best])
        nearest = np.minimum(nearest, distance(lab, lab[best], task.weights))
        echoed = echoed + _alike(leading, leading[best])
    return picked


def _lead(task: _Task) -> int:
    """Return the ink that a colorway is known by: the free main ink, or the free motif that shows most."""
    shows = task.use.coverage * ~task.fixed
    shows = shows if shows[1:].any() else task.use.coverage
    main = np.array([ink.role == "main" for ink in task.palette.inks]) * (shows > 0)
    return int((shows + main)[1:].argmax()) + 1


def _alike(swatches: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Return how much swatches (N, 3) share the hue of another (3,): 1 to 20 degrees, 0 from 45; gray is a hue."""
    turn = np.abs((swatches[:, 2] - other[2] + 180) % 360 - 180)
    gray, other_gray = swatches[:, 1] < 0.025, other[1] < 0.025
    near = np.clip((45 - turn) / 25, 0, 1)
    return np.where(gray & other_gray, 1.0, np.where(gray | other_gray, 0.0, near))


def _laid(task: _Task, own: np.ndarray, found: Sequence[Source], rng: np.random.Generator) -> list[_Candidate]:
    """Return sources laid on the design's values, those that keep every law."""
    seats = [np.arange(len(own)) if s.seated else _seats(task, own, s) for s in found]
    hues = np.stack([s.swatches[at] for s, at in zip(found, seats, strict=True)])
    swatches = np.stack([_tempered(task, own, each, _values(task, own, each)) for each in hues])
    lab = _printable(task, swatches.reshape(-1, 3)).reshape(swatches.shape)
    lab[:, task.fixed] = task.palette.lab()[task.fixed]
    chances = rng.normal(0, _CHANCE, len(found))
    return [
        _Candidate(colors, _quality(task, source, at, colors) + chance, source.kind)
        for source, at, colors, chance in zip(found, seats, lab, chances, strict=True)
        if _lawful(task, colors)
    ]


def _seats(task: _Task, own: np.ndarray, source: Source) -> np.ndarray:
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


def _targets(task: _Task, own: np.ndarray) -> np.ndarray:
    """Return the L* (K,) that the inks would have if hues made no difference."""
    if not task.invert:
        return own[:, 0]
    return own[:, 0].max() + own[:, 0].min() - own[:, 0]


def _values(task: _Task, own: np.ndarray, hues: np.ndarray) -> np.ndarray:
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


def _ground_range(task: _Task, old: np.ndarray) -> tuple[float, float]:
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


def _tempered(task: _Task, own: np.ndarray, hues: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Return the swatches at their new L*, chroma following the lightness and held to what the area can bear."""
    darker = values / np.maximum(hues[:, 0], 1)
    lighter = (100 - values) / np.maximum(100 - hues[:, 0], 1)
    chroma = hues[:, 1] * np.minimum(1, np.minimum(darker, 1.25) ** 0.8) * np.minimum(1, lighter**0.6)
    return np.stack([values, np.minimum(chroma, _caps(task, own, values)), hues[:, 2]], axis=1)


def _printable(task: _Task, swatches: np.ndarray) -> np.ndarray:
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


def _caps(task: _Task, own: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Return the greatest OKLCh chroma (K,): less on large areas and pale grounds; never less than the design has."""
    caps = 0.19 - 0.11 * np.sqrt(task.use.coverage)
    pale = (values > 84) & (np.arange(len(values)) == 0)
    return np.maximum(np.where(pale, 0.045, caps), own[:, 1])


def _lawful(task: _Task, lab: np.ndarray) -> bool:
    free = ~task.fixed
    if task.gamut is not None and not np.asarray(task.gamut.inside(lab[free])).all():
        return False
    old = task.palette.lab()
    judged = free if task.invert else np.ones(len(lab), dtype=bool)
    if not keeps_values(old[judged, 0], lab[judged, 0], invert=task.invert):
        return False
    before, after = (ciede2000(v[:, None], v[None]) for v in (old, lab))
    wanted = np.minimum(np.where(task.use.neighbors, NEIGHBORS_APART, INKS_APART), NEIGHBORS_SHARE * before)
    return bool((after >= wanted).all())


def _quality(task: _Task, source: Source, seats: np.ndarray, lab: np.ndarray) -> float:
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


def _faded(task: _Task, swatches: np.ndarray) -> float:
    """Return a penalty for motifs that lose the color that the design gives them; the ground may be as pale."""
    own = sources.swatches_of(task.palette.lab())[1:, 1]
    share = task.use.coverage[1:] / max(float(task.use.coverage[1:].sum()), 1e-9)
    return 0.8 * float((share * np.maximum(1 - swatches[1:, 1] / np.maximum(0.7 * own, 0.02), 0)).sum())


def _named(task: _Task, labs: Sequence[np.ndarray]) -> tuple[Palette, ...]:
    """Return the proposals as palettes: each new ink by its nearest name, each palette by its main ink and ground."""
    found: list[Palette] = []
    for lab in labs:
        taken = {ink.name for ink, fixed in zip(task.palette.inks, task.fixed, strict=True) if fixed}
        inks: list[Ink] = []
        for ink, color, fixed in zip(task.palette.inks, lab, task.fixed, strict=True):
            name = ink.name if fixed else nearest_name(color, frozenset(taken))
            taken.add(name)
            inks.append(ink if fixed else Ink(name, (float(color[0]), float(color[1]), float(color[2])), ink.role))
        found.append(Palette(tuple(inks), _title(task, inks, [p.name for p in found])))
    return tuple(found)


def _title(task: _Task, inks: list[Ink], taken: list[str]) -> str:
    """Return "Madder on cream": the free ink that shows most, and the ground; more is said if that is taken."""
    lead = _lead(task)
    order = [lead, *(int(i) for i in np.argsort(-task.use.coverage, kind="stable") if i not in (0, lead))]
    first = inks[order[0]].name.capitalize()
    options = [f"{first} on {inks[0].name}"]
    options += [f"{first} and {inks[i].name} on {inks[0].name}" for i in order[1:]]
    options += [f"{options[0]}, {number}" for number in range(2, MOST + 2)]
    return next(option for option in options if option not in taken)
