"""A design of arranged motifs changed motif by motif: varied, some of them exchanged, two designs mingled.

The motifs that are there are drawn again from the seed, and each is then drawn anew from what it was, as far as the
strength says. Where they stand stays, until a variation is so far from the design that its places give way too.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from patterns.lattice import Grid
from patterns.loom.arranging import Arranger, Artist, Motifs, Plan, beneath, can_arrange, planned, sides
from patterns.loom.guided import Change, asked_of, time_of
from patterns.loom.sampling import Sampling
from patterns.loom.weave import (
    ARRANGING,
    Request,
    Woven,
    heard,
    layout_size,
    loaded,
    machine,
    quantized,
    separated,
)
from patterns.loom.weights import Weights
from patterns.reading import Reading

# From these strengths on, motifs have another look, and stand elsewhere too.
_OTHERWISE, _ELSEWHERE = 0.4, 0.7
# Of so many motifs that a blend mingles, the other design's share is whole, and at least one is of each.
_MINGLED = 4


@dataclass(frozen=True, slots=True)
class Root:
    """A design that the Loom arranged: what was asked for, and the variations of it since, as (strength, seed)."""

    request: Request
    variations: tuple[tuple[float, int], ...] = ()

    @property
    def chance(self) -> int:
        """The seed by which its motifs stand where they do."""
        moved = [seed for strength, seed in self.variations if strength >= _ELSEWHERE]
        return moved[-1] if moved else self.request.seed


@dataclass(frozen=True, slots=True)
class _Studio:
    weights: Weights
    arranger: Arranger
    progress: Callable[[int, int], None] | None

    def asked(self, request: Request) -> Reading:
        reading = asked_of(request, self.weights)
        return (
            beneath(self.weights.vocabulary, reading)[0] if can_arrange(self.weights.vocabulary, reading) else reading
        )

    def artist(self, request: Request, strength: float = 0.0) -> Artist:
        """Return who draws the motifs of a request, or draws them anew at a strength."""
        sampling = Sampling(steps=request.steps, begin=time_of(strength) if strength else 1.0)
        looks = request.seed if strength < _OTHERWISE else None
        return replace(Artist.of(self.weights, sampling, self.arranger, self.progress), looks=looks)

    def motifs(self, root: Root) -> tuple[Motifs, Motifs]:
        """Return the motifs of a design as they were drawn first, which its places fit, and after its variations."""
        asked, inks = self.asked(root.request), root.request.inks
        first = motifs = self.artist(root.request).motifs(asked, inks, root.request.seed)
        for strength, seed in root.variations:
            motifs = self.artist(root.request, strength).motifs(asked, inks, seed, of=motifs)
        return first, motifs


def rearranged(
    root: Root,
    request: Request,
    change: Change,
    other: Root | None = None,
    *,
    arranger: Arranger,
    folder: Path | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Woven | None:
    """Return an arranged design changed motif by motif; None if it was not arranged, or no motif lies in the mask.

    ``request`` is what is asked for now: the root's own, or with another prompt. ``change`` is of ``guided``, with its
    mask (H, W) on any grid of the lattice.
    """
    studio = _Studio(loaded(folder), arranger, progress)
    roots = [root] if other is None else [root, other]
    if not all(can_arrange(studio.weights.vocabulary, studio.asked(r.request)) for r in roots):
        return None
    was, now = studio.asked(root.request), studio.asked(request)
    grid, radius = layout_size(root.request, was, studio.weights)
    first, motifs = studio.motifs(root)
    upright = studio.weights.vocabulary.families[was.subjects[0].family].directed
    held = root.request.sized
    drawn_first = planned(
        was, first, radius=radius, inks=request.inks, upright=upright, held=held, symmetry=root.request.symmetry
    )
    plan = _with(drawn_first, sides(was, motifs))
    chance = root.chance
    if other is not None:
        theirs = sides(studio.asked(other.request), studio.motifs(other)[1])
        plan = _mingled(plan, theirs[0], change.strength)
    else:
        again = studio.artist(request, change.strength).motifs(now, request.inks, change.seed, of=motifs)
        plan, chance = _exchanged(plan, sides(was, again), change, grid, chance)
    planes, _ = arranger.arrange(np.random.default_rng([chance, ARRANGING]), grid, plan)
    if change.mask is not None and np.array_equal(planes, _untouched(arranger, plan, grid, chance)):
        return None
    reading, found = heard(request, studio.weights.vocabulary)
    shown = separated(quantized(planes), request.lattice)
    return Woven(shown, reading, studio.weights.digest, None, found, machine())


def _exchanged(plan: Plan, again: Motifs, change: Change, grid: Grid, chance: int) -> tuple[Plan, int]:
    """Return the plan with motifs drawn anew, all of them or those in the mask, and the seed of where they stand."""
    if change.mask is not None:
        return replace(plan, others=again, instead=_on(change.mask, grid)), chance
    return _with(plan, again), change.seed if change.strength >= _ELSEWHERE else chance


def _with(plan: Plan, motifs: Motifs) -> Plan:
    """Return the plan with other motifs in the same places."""
    return replace(plan, heroes=motifs[0], seconds=motifs[1])


def _mingled(plan: Plan, theirs: tuple[np.ndarray, ...], share: float) -> Plan:
    """Return the plan with the other design's heroes among its own, in its own inks."""
    count = int(np.clip(round(share * _MINGLED), 1, _MINGLED - 1))
    guests = [_in_inks(m, plan.inks) for m in theirs]
    own, others = (
        [side[k % len(side)] for k in range(n)] for side, n in ((plan.heroes, _MINGLED - count), (guests, count))
    )
    return replace(plan, heroes=(*own, *others), measured=())


def _in_inks(planes: np.ndarray, inks: int) -> np.ndarray:
    """Return planes (K, h, w) in the first ``inks`` alone: what a later ink covered goes to the last of them."""
    kept = planes.copy()
    kept[inks - 1] += kept[inks:].sum(axis=0)
    kept[inks:] = 0
    return kept


def _on(mask: np.ndarray, grid: Grid) -> np.ndarray:
    """Return a mask (H, W) bool on another grid: a pixel is in it if its middle is."""
    y = ((np.arange(grid.height) + 0.5) * mask.shape[0] / grid.height).astype(int)
    x = ((np.arange(grid.width) + 0.5) * mask.shape[1] / grid.width).astype(int)
    return mask[np.ix_(y, x)]


def _untouched(arranger: Arranger, plan: Plan, grid: Grid, chance: int) -> np.ndarray:
    return arranger.arrange(np.random.default_rng([chance, ARRANGING]), grid, replace(plan, instead=None))[0]
