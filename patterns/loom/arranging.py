"""Motifs drawn alone, and what a layout is to make of them.

The network draws one motif in the middle of a small cell, at one size: that it learns far sooner than whole layouts,
and every pixel goes into the motif. How motifs stand on the lattice is geometry, which is done exactly. Whoever
arranges
them is passed in, for it draws with other means than this workshop's.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

import numpy as np
import torch

from patterns.lattice import Grid
from patterns.loom.critic import flaw_in
from patterns.loom.crumbs import without_crumbs
from patterns.loom.judge import Judge, strongest
from patterns.loom.network import Condition, Loom
from patterns.loom.regular import Rule, motif_rule
from patterns.loom.sampling import INK, Sampling, Step, Task, draw_together, lacking
from patterns.loom.telling import told
from patterns.loom.vocabulary import ALONE, Portrait, Vocabulary
from patterns.reading import FRAME_LAYOUTS, GROUNDS, SET_LAYOUTS, Reading, Subject

if TYPE_CHECKING:
    from patterns.loom.weights import Weights

# How many distinct motifs a repeat has.
_VARIETIES = {"one": 1, "few": 3, "many": 5}
# Motifs of one mass, as scissors leave them: where several differ, each is in another ink.
_OF_ONE_MASS = frozenset({"cutout"})
_MAIN, _ONE_INK = 1, 2
# A motif that is not clean is drawn again, this often in all; the cleanest is kept.
_TRIES, _CLEAN = 3, 0.02
_SMOOTH_PX = 0.8


# Those of the first subject and of the second: planes (K, h, w) each.
Motifs = tuple[tuple[np.ndarray, ...], tuple[np.ndarray, ...]]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be arranged: motifs (N, K, h, w) with coverages that sum to 1, of ``radius`` px on the tile.

    ``seconds`` are another family's, ``smaller`` if they are to stand between the heroes. ``layout``, ``density`` and
    ``ground`` are words of ``patterns.reading``. ``upright`` motifs are not turned unasked; a ``held`` radius gives way
    to no layout. ``measured`` are those that places are made to fit, the heroes and seconds themselves if there are
    none, and ``sized`` those whose longer side is twice the radius, if not the heroes. Where a place lies wholly
    ``instead`` (H, W) bool, ``others`` stand. In a plane group other than p1 motifs stand as its ``symmetry`` moves
    them.
    """

    layout: str
    density: str
    radius: float
    inks: int
    heroes: tuple[np.ndarray, ...]
    seconds: tuple[np.ndarray, ...] = ()
    smaller: bool = True
    ground: str = ""
    filled: bool = True
    upright: bool = False
    held: bool = False
    measured: tuple[np.ndarray, ...] = ()
    sized: tuple[np.ndarray, ...] = ()
    others: Motifs = ((), ())
    instead: np.ndarray | None = None
    symmetry: str = "p1"


class Arranger(Protocol):
    """Whoever cuts motifs out and sets them on a lattice."""

    def flaw(self, planes: np.ndarray) -> float:
        """Return what is wrong with a motif alone on planes (K, h, w): 0 for nothing, more the worse."""
        ...

    def arrange(self, rng: np.random.Generator, grid: Grid, plan: Plan) -> tuple[np.ndarray, str]:
        """Return planes (K, H, W) on ``grid`` and the layout that they have, which may not be the one asked for."""
        ...


@dataclass(frozen=True, slots=True)
class Artist:
    """The network with what it knows, its sampling, and who judges what it draws; ``step`` is another than its own.

    ``looks`` is the seed by which motifs have their looks, if it is not that of the drawing. Where there is a
    ``critic`` it chooses among several drawings of each motif.
    """

    network: Loom
    vocabulary: Vocabulary
    sampling: Sampling
    arranger: Arranger
    progress: Callable[[int, int], None] | None = None
    step: Callable[[Task], Step] | None = None
    looks: int | None = None
    critic: Judge | None = None

    @classmethod
    def of(
        cls,
        weights: "Weights",
        sampling: Sampling,
        arranger: Arranger,
        progress: Callable[[int, int], None] | None = None,
    ) -> "Artist":
        """Return who draws with these weights, their critic among them."""
        return cls(weights.network, weights.vocabulary, sampling, arranger, progress, critic=weights.critic)

    def motifs(self, reading: Reading, inks: int, seed: int, *, of: Motifs | None = None) -> Motifs:
        """Return the motifs of the first subject and of the second, as many of each as the reading's variety says.

        ``of`` are motifs that each is drawn from, where the sampling does not begin with noise. All are drawn together;
        those that are not clean are drawn again.
        """
        wanted = roster(reading)
        starts = [of[s][k % len(of[s])] if of and of[s] else None for s, k in wanted]
        asked = [self._asked(reading, inks, (seed, s, k), start) for (s, k), start in zip(wanted, starts, strict=True)]
        best: list[tuple[tuple[float, float], np.ndarray]] = [((np.inf, np.inf), np.empty(0))] * len(asked)
        each = self.sampling.candidates if self.critic else 1
        for attempt in range(math.ceil(_TRIES / each)):
            for fresh in (True, False):
                rows = [i for i, (flaw, _) in enumerate(best) if flaw[0] > 0 and (asked[i].begin is None) == fresh]
                pairs = [(i, attempt * each + k) for i in rows for k in range(each)]
                drawn = self._drawn([(asked[i], k) for i, k in pairs]) if rows else []
                for (i, _), planes in zip(pairs, drawn, strict=True):
                    best[i] = min(best[i], (self._flaw(planes, asked[i]), planes), key=lambda one: one[0])
        found: tuple[list[np.ndarray], list[np.ndarray]] = ([], [])
        for (s, k), (_, planes) in zip(wanted, best, strict=True):
            found[s].append(_in_ink(facing(planes, k), k, _inks_in_turn(reading, s, inks)))
        return tuple(found[0]), tuple(found[1])

    def portraits(self, readings: Sequence[tuple[Reading, int]], seed: int) -> list[np.ndarray]:
        """Return a motif alone (K, h, w) of the first subject of each reading in so many inks, none drawn again."""
        single = [(replace(said, variety="one"), inks) for said, inks in readings]
        return self._drawn([(self._asked(said, inks, (seed, 0, k), None), 0) for k, (said, inks) in enumerate(single)])

    def _asked(self, reading: Reading, inks: int, chance: tuple[int, int, int], start: np.ndarray | None) -> "_Asked":
        """Return what is asked of one motif: its look is that of the design that it is drawn from."""
        _, s, k = chance
        subject, turns = reading.subjects[s], _inks_in_turn(reading, s, inks)
        if turns > 1:
            inks = _ONE_INK
        rng = np.random.default_rng([chance[0] if self.looks is None else self.looks, s, k, 5])
        seen = self.vocabulary.look(subject, inks=inks, outlined=bool(reading.outlined), rng=rng)
        terms = tuple(dict.fromkeys((*alone(reading, subject), *seen)))
        # What a motif is drawn from has petals already.
        rule = motif_rule(subject.family if start is None else "", terms)
        begin = None if start is None else 2 * torch.from_numpy(facing(_in_ink(start, k, turns), k)) - 1
        condition = told(self.vocabulary, terms, scale_px=self.vocabulary.portrait.radius, inks=inks)
        return _Asked(subject.family, condition, rule, chance, begin)

    def _drawn(self, asked: "list[tuple[_Asked, int]]") -> list[np.ndarray]:
        """Return planes of motifs that are asked for, each with the number of its attempt."""
        sampling = self.sampling if asked[0][0].begin is not None else replace(self.sampling, begin=1.0)
        tasks = [
            Task(one.condition, self._grid, one.seed(attempt), sampling, staged=True, rule=one.rule)
            for one, attempt in asked
        ]
        steps = [self.step(task) if self.step else None for task in tasks]
        drawn = draw_together(
            self.network, tasks, starts=[one.begin for one, _ in asked], steps=steps, progress=self.progress
        )
        return [smoothed(without_crumbs(planes.numpy(), self._grid)) for planes in drawn]

    @property
    def _grid(self) -> Grid:
        return Grid(self.vocabulary.portrait.side, self.vocabulary.portrait.side)

    def _flaw(self, planes: np.ndarray, asked: "_Asked") -> tuple[float, float]:
        """Return what is wrong with the cut of a motif, 0 if it is clean, and how unlike what was asked."""
        flaw = self.arranger.flaw(planes)
        unlike = flaw_in(self.critic, (strongest(planes), self._grid), asked.family) if self.critic else 0.0
        missing = lacking(torch.from_numpy(planes), int(asked.condition.inks[0]))
        return flaw if flaw > _CLEAN else 0.0, unlike + INK * missing


@dataclass(frozen=True, slots=True)
class _Asked:
    """One motif to draw: its family, what the network is told, what is known, its chance, and planes to begin from."""

    family: str
    condition: Condition
    rule: Rule
    chance: tuple[int, int, int]
    begin: torch.Tensor | None

    def seed(self, attempt: int) -> int:
        return int(np.random.SeedSequence([*self.chance, attempt]).generate_state(1, np.uint64)[0] >> 8)


def roster(reading: Reading) -> list[tuple[int, int]]:
    """Return the subject and the number of each distinct motif of a reading, as many as its variety says."""
    count = _VARIETIES[reading.variety or "few"]
    return [(s, k) for s in range(min(2, len(reading.subjects))) for k in range(max(1, count - s))]


def _inks_in_turn(reading: Reading, s: int, inks: int) -> int:
    """Return how many inks the distinct motifs of a subject take in turn."""
    several = sum(one == s for one, _ in roster(reading)) > 1
    plain = reading.subjects[s].family in _OF_ONE_MASS and not reading.outlined
    return inks - 1 if several and plain else 1


def _in_ink(planes: np.ndarray, number: int, turns: int) -> np.ndarray:
    """Return planes (K, h, w) with the main ink in the place of the one whose turn it is: twice, they are as before."""
    rows = np.arange(len(planes))
    mine = _MAIN + number % turns
    rows[[_MAIN, mine]] = mine, _MAIN
    return planes[rows]


def facing(planes: np.ndarray, number: int) -> np.ndarray:
    """Return planes (K, h, w) as they are, or turned to the other side: all motifs are learned from one side."""
    return np.ascontiguousarray(planes[:, :, :: -1 if number % 2 else 1])


def smoothed(planes: np.ndarray) -> np.ndarray:
    """Return planes (K, h, w) whose contours do not waver within ``_SMOOTH_PX``, which a larger motif would show."""
    from scipy.ndimage import gaussian_filter

    return gaussian_filter(planes, (0, _SMOOTH_PX, _SMOOTH_PX), mode="wrap")


def alone(reading: Reading, subject: Subject) -> tuple[str, ...]:
    """Return the terms of one subject of a reading alone on its cell."""
    return (*Reading((replace(subject, scale=""),), outlined=bool(reading.outlined)).terms(), ALONE)


def sides(reading: Reading, motifs: Motifs) -> Motifs:
    """Return the motifs of the hero, which is the larger of two families, and of the other."""
    ranks = {"small": 0, "": 1, "medium": 1, "large": 2}
    first, *others = (ranks[subject.scale] for subject in reading.subjects[:2])
    return (motifs[1], motifs[0]) if motifs[1] and others and others[0] > first else motifs


def planned(
    reading: Reading, motifs: Motifs, *, radius: float, inks: int, upright: bool = False, held: bool = False,
    symmetry: str = "p1",
) -> Plan:  # fmt: skip
    """Return the plan of a reading for motifs of ``radius`` px."""
    heroes, seconds = sides(reading, motifs)
    scales = {subject.scale for subject in reading.subjects[: 1 + bool(seconds)]}
    spared = {part for subject in reading.subjects for part in subject.without}
    return Plan(
        reading.layout, reading.density, radius, inks, heroes, seconds,
        smaller=len(scales) > 1 or reading.layout == "hero",
        ground=reading.ground, filled=not spared & {"small dots", "small leaves", "dots", "leaves"},
        upright=upright, held=held, measured=(*heroes, *seconds), sized=heroes, symmetry=symmetry,
    )  # fmt: skip


def can_arrange(vocabulary: Vocabulary, reading: Reading) -> bool:
    """Return whether the weights were taught motifs alone, and the reading is of a motif."""
    return ALONE in vocabulary.rows and vocabulary.families[reading.subjects[0].family].motif


def beneath(vocabulary: Vocabulary, reading: Reading) -> tuple[Reading, tuple[str, ...]]:
    """Return the reading with motifs alone as subjects, and what could not be followed.

    A regular family that is named beside motifs becomes the pattern beneath them, if it is one of ``GROUNDS``, or their
    layout, if it is called as one.
    """
    frame = next((s.family for s in reading.subjects[1:] if s.family in FRAME_LAYOUTS and s.family not in GROUNDS), "")
    if frame:
        rest = tuple(s for s in reading.subjects if s.family != frame)
        reading = replace(reading, subjects=rest, layout=frame)
    motifs = tuple(s for s in reading.subjects if vocabulary.families[s.family].motif)
    others = [s.family for s in reading.subjects if not vocabulary.families[s.family].motif]
    quiet = [name for name in others if name in GROUNDS]
    ground = reading.ground or next(iter(quiet), "")
    return replace(reading, subjects=motifs, ground=ground), tuple(name for name in others if name != ground)


def variety(reading: Reading) -> str:
    """Return how many distinct motifs a layout has where nothing was said: a regular set is calmer with one."""
    if reading.subjects[0].family in _OF_ONE_MASS:
        return reading.variety or "many"
    return reading.variety or ("one" if reading.layout in (*SET_LAYOUTS, *FRAME_LAYOUTS) else "few")


def usual_density(portrait: Portrait, radius_mm: float, most: tuple[float, float]) -> float:
    """Return the px per mm at which a motif keeps the size that it was drawn with, between the bounds ``most``."""
    return float(np.clip(portrait.radius / radius_mm, *most))
