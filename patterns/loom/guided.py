"""Drawing with the Loom from planes that are there: nearer or farther variations, a part redrawn, two designs blended.

A drawing begins at a time instead of pure noise: the planes that are there with as much noise as that time asks for.
What the noise has drowned is drawn anew, from the coarse to the fine; the rest stays. A mask is held at each step:
where nothing is to change, the step goes toward the old planes instead of the predicted ones, so that the state there
is the old planes with the noise of its time. Near the mask's border pixels are let go later than deep inside (Levin and
Fried 2023, differential diffusion), so that old and new grow together.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from patterns.errors import InputError
from patterns.folding import folding
from patterns.lattice import Grid, Lattice
from patterns.loom.crumbs import without_crumbs
from patterns.loom.network import STRIDE, Condition, Loom
from patterns.loom.sampling import Predict, Sampling, Step, Task, draw, guided, stochastic
from patterns.loom.weave import (
    LEAST_SIDE_PX,
    MOST_PX,
    Request,
    Woven,
    _folded,
    _placed,
    conditioned,
    fitted_grid,
    heard,
    loaded,
    machine,
    quantized,
    resolved,
    understood,
)
from patterns.loom.weights import Weights
from patterns.reading import Reading
from patterns.separation import ROLES, Separation

# The times that strengths from 0 to 1 begin at, found by looking at tiles: below the first nothing moves; edges and
# petals are redrawn at the second; motifs change in their places at the third; at the fourth places give way too.
_TIMES = ((0.0, 0.4), (0.25, 0.72), (0.5, 0.88), (0.75, 0.96), (1.0, 1.0))
# The time at which a pixel at a mask's very border is let go: shapes are settled, edges are not.
_LET_GO = 0.5
# A tile is paved by a cell if at most this share of its pixels says otherwise; a hand moves a few.
_UNLIKE_CELL = 0.03
# Points a side that are looked at in a pixel of another grid.
_POINTS = 4


@dataclass(frozen=True, slots=True)
class Change:
    """What is done to a design: how strongly, with which chance, where, and toward which other design.

    ``strength`` is more than 0 (as it was) and at most 1 (anew); for a blend it is the other's share. ``mask`` (H, W)
    bool on the design's own grid says what is redrawn; ``join_px`` how far inside it old and new grow together, in the
    same pixels. ``other`` is what is blended in, with what was asked for when it was made.
    """

    strength: float
    seed: int = 0
    mask: np.ndarray | None = None
    join_px: float = 0.0
    other: "tuple[Separation, Request] | None" = None


@dataclass(frozen=True, slots=True)
class Canvas:
    """Where a change is drawn: a grid that the network draws on, the lattice it stands for, and the tile it paves."""

    grid: Grid
    lattice: Lattice
    tile: Grid


def changed(
    old: Separation,
    request: Request,
    change: Change,
    *,
    folder: Path | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Woven:
    """Return a design changed by the Loom, in its own inks, on its lattice and in the group that ``request`` asks for.

    ``request`` is what was asked for when the design was made, or with another prompt. A design that was drawn on a
    cell is varied on that cell. Where the Loom cannot draw on the design's own grid, the result is on another. What a
    mask keeps is only nearly kept here: whoever has the old planes puts them back. Raises InputError for what the Loom
    cannot draw, LatticeError if no grid carries the tile, MissingPart if the weights are missing or altered.
    """
    refuse_inks(old)
    weights = loaded(folder)
    reading, found = heard(request, weights.vocabulary)
    canvas = canvas_of(old, request, change, weights)
    said = _conditions(old, request, change, canvas, weights)
    begin = blend_time(change.strength) if change.other else time_of(change.strength)
    task = Task(said[0], canvas.grid, change.seed, Sampling(steps=request.steps, begin=begin), request.symmetry)
    planes = _planes_drawn(weights.network, task, said, _Canvassed(old, change, canvas), progress)
    clean = _folded(quantized(without_crumbs(planes, canvas.grid)), task)
    whole = canvas.grid.window(clean, top=0, left=0, height=canvas.tile.height, width=canvas.tile.width)
    return Woven(
        Separation(whole[_rows(old)], old.lattice, old.roles),
        reading,
        weights.digest,
        canvas.lattice if canvas.grid != canvas.tile else None,
        found,
        machine(),
    )


def time_of(strength: float) -> float:
    """Return the time that a strength begins at, more than 0 and at most 1."""
    strengths, times = zip(*_TIMES, strict=True)
    return float(np.interp(strength, strengths, times))


def blend_time(share: float) -> float:
    """Return the time that a blend begins at: the latest for equal shares, where neither of the two may stay."""
    return 0.88 + 0.06 * (1 - abs(2 * share - 1))


def refuse_inks(old: Separation) -> None:
    """Raise InputError if the Loom cannot draw in a design's inks."""
    if not set(old.roles) <= set(ROLES) or len(set(old.roles)) < len(old.roles):
        raise InputError(
            f"the Loom draws in 2 to {len(ROLES)} inks with the roles {', '.join(ROLES)}, and this design has "
            f"{len(old.roles)} without them; separate its picture with --inks {len(ROLES)} or fewer."
        )


def canvas_of(old: Separation, request: Request, change: Change, weights: Weights) -> Canvas:
    """Return where a change is drawn: the cell that paves the design, its own grid, or one that the Loom carries."""
    if change.mask is None:
        for cell, tile in _cells(request, weights):
            if _paves(old, cell, tile) and (change.other is None or _paves(change.other[0], cell, tile, old.lattice)):
                width, height = (old.lattice.width / tile.width, old.lattice.height / tile.height)
                return Canvas(cell, Lattice(cell.width * width, cell.height * height), tile)
    own = old.grid
    lengths = (own.width, own.height, own.drop, own.slide)
    if own.width * own.height > MOST_PX or min(lengths[:2]) < LEAST_SIDE_PX or any(n % STRIDE for n in lengths):
        own, _ = fitted_grid(request)
    return Canvas(own, old.lattice, own)


def onto(old: Separation, lattice: Lattice, grid: Grid) -> np.ndarray:
    """Return planes (K, H, W) float32 of a design on another grid, and on a lattice that is part of its own.

    Each is the mean over points in the pixel; on its own grid the design is what it was, to the bit.
    """
    if (lattice, grid) == (old.lattice, old.grid):
        return old.planes
    own = old.grid
    points = (np.arange(_POINTS) + 0.5) / _POINTS
    down = lattice.height / grid.height * own.height / old.lattice.height
    across = lattice.width / grid.width * own.width / old.lattice.width
    total = np.zeros((len(old.planes), grid.height, grid.width), np.float32)
    for dy in points:
        y = np.floor((np.arange(grid.height) + dy) * down).astype(int)
        for dx in points:
            x = np.floor((np.arange(grid.width) + dx) * across).astype(int)
            rows, columns = own.wrap(*np.meshgrid(y, x, indexing="ij"))
            total += old.planes[:, rows, columns]
    return total / _POINTS**2


def let_go(mask: np.ndarray, grid: Grid, join_px: float) -> np.ndarray:
    """Return the time (H, W) float32 from which each pixel is free: 1 deep inside the mask, 0 outside.

    It falls to ``_LET_GO`` at the border, evenly over ``join_px`` pixels, measured on the lattice.
    """
    if join_px <= 0:
        return mask.astype(np.float32)
    from scipy.ndimage import distance_transform_edt

    margin = math.ceil(join_px) + 1
    padded = grid.pad(mask, margin)
    depth = np.asarray(distance_transform_edt(padded), np.float32)[margin:-margin, margin:-margin]
    share = np.clip((depth - 0.5) / join_px, 0, 1)
    return np.where(mask, _LET_GO + (1 - _LET_GO) * share, 0).astype(np.float32)


def held(step: Step, task: Task, start: Tensor, free: Tensor) -> Step:
    """Return a step that goes toward ``start`` (planes, H, W) wherever a pixel is not yet free: see ``let_go``."""
    times = task.sampling.times(task.grid)

    def holding(x: Tensor, x0: Tensor, i: int, generator: torch.Generator) -> Tensor:
        return step(x, torch.where(free >= times[i], x0, start), i, generator)

    return holding


@dataclass(frozen=True, slots=True)
class _Canvassed:
    """A design and what is done to it, on the canvas that it is drawn on."""

    old: Separation
    change: Change
    canvas: Canvas

    def start(self, planes: int, symmetry: str) -> Tensor:
        """Return clean planes (planes, H, W) in -1 to 1 to begin from, as symmetric as the task."""
        mine = self._laid(self.old, planes)
        if self.change.other:
            share = np.float32(self.change.strength)
            mine = (1 - share) * mine + share * self._laid(self.change.other[0], planes)
        tensor = torch.from_numpy(mine)
        fold = folding(symmetry, self.canvas.grid)
        return 2 * (fold.mean(tensor) if fold else tensor) - 1

    def free(self) -> Tensor | None:
        """Return the time (H, W) from which each pixel is free, None if all are from the beginning."""
        mask, change = self.change.mask, self.change
        if mask is None:
            return None
        own, grid = self.old.grid, self.canvas.grid
        if grid != own:
            both = np.stack([~mask, mask]).astype(np.float32)
            mask = onto(Separation(both, self.old.lattice, ("", "")), self.canvas.lattice, grid)[1] > 0
        return torch.from_numpy(let_go(mask, grid, change.join_px * grid.width / own.width))

    def _laid(self, given: Separation, planes: int) -> np.ndarray:
        """Return a design's planes (planes, H, W) on the canvas, in the old design's inks alone."""
        laid = np.zeros((planes, self.canvas.grid.height, self.canvas.grid.width), np.float32)
        allowed = _rows(self.old)
        found = onto(given, self.old.lattice, self.canvas.tile)
        for row, plane in zip(_rows(given), found, strict=True):
            nearest = min(allowed, key=lambda i, row=row: (bool(i) != bool(row), abs(i - row)))
            laid[nearest] += plane[: laid.shape[1], : laid.shape[2]]
        return laid


def _conditions(
    old: Separation, request: Request, change: Change, canvas: Canvas, weights: Weights
) -> tuple[Condition, ...]:
    """Return what the network is told on the canvas: of the design, of both at once, and of the other one."""
    own = replace(request, inks=max(_rows(old)) + 1)
    asked = asked_of(own, weights)
    if change.other is None:
        return (_condition(own, asked, canvas, weights),)
    theirs = replace(change.other[1], inks=own.inks, lattice=own.lattice)
    other = asked_of(theirs, weights)
    families = {subject.family for subject in asked.subjects}
    guests = tuple(subject for subject in other.subjects if subject.family not in families)
    both = replace(asked, subjects=(asked.subjects[0], *(guests or asked.subjects[1:])[:1]))
    return (
        _condition(own, asked, canvas, weights),
        _condition(own, both, canvas, weights),
        _condition(theirs, other, canvas, weights),
    )


def _condition(request: Request, asked: Reading, canvas: Canvas, weights: Weights) -> Condition:
    placed, _ = _placed(request, asked, weights.vocabulary)
    scale_px = placed.scale_px * math.sqrt(_area(canvas.tile) / _area(placed.grid))
    return conditioned(weights.vocabulary, asked, scale_px=scale_px, inks=request.inks)


def asked_of(request: Request, weights: Weights) -> Reading:
    """Return what a request comes to, with all settled that it leaves open."""
    reading, _ = heard(request, weights.vocabulary)
    return resolved(request, reading, weights.vocabulary)


def _planes_drawn(
    network: Loom,
    task: Task,
    said: tuple[Condition, ...],
    given: _Canvassed,
    progress: Callable[[int, int], None] | None,
) -> np.ndarray:
    """Return probabilities (planes, H, W) float32 on the canvas; outside a mask those of the design that is there."""
    start = given.start(network.shape.planes, task.symmetry)
    free = given.free()
    step = stochastic(task) if free is None else held(stochastic(task), task, start, free)
    predict = _only(_rows(given.old), _mixed(network, task, said, given.change.strength), network.shape.planes)
    drawn = draw(network, task, start=start, predict=predict, step=step, progress=progress)
    return (drawn if free is None else torch.where(free > 0, drawn, (start + 1) / 2)).numpy()


def _mixed(network: Loom, task: Task, said: tuple[Condition, ...], share: float) -> Predict:
    """Return what the network predicts when told one thing, or the mean of its logits when told of two designs.

    Equal shares are what it draws when told of both at once, which it was taught; in between the mean is of that and of
    what it draws when told of one of them.
    """
    if len(said) == 1:
        return guided(network, replace(task, condition=said[0]))
    near, weight = (said[0], 2 * share) if share <= 0.5 else (said[2], 2 - 2 * share)
    both = guided(network, replace(task, condition=said[1]))
    if weight == 1:
        return both
    one = guided(network, replace(task, condition=near))
    # An ink that is not allowed is at minus infinity in both, and in their mean.
    return one if weight == 0 else lambda x, i: (1 - weight) * one(x, i) + weight * both(x, i)


def _only(rows: list[int], predict: Predict, planes: int) -> Predict:
    """Return a prediction in which only these inks are there."""
    allowed = torch.full((planes,), -torch.inf)
    allowed[rows] = 0
    return lambda x, i: predict(x, i) + allowed[None, :, None, None]


def _cells(request: Request, weights: Weights) -> list[tuple[Grid, Grid]]:
    """Return the cell, and the tile that it paves, on which the Loom would draw what was asked for; none if whole."""
    placed, _ = _placed(request, asked_of(request, weights), weights.vocabulary)
    return [(placed.cell, placed.grid)] if placed.cell != placed.grid else []


def _paves(given: Separation, cell: Grid, tile: Grid, lattice: Lattice | None = None) -> bool:
    """Return whether a design is, but for a few pixels, one cell paved."""
    inks = onto(given, lattice or given.lattice, tile).argmax(axis=0)
    paved = cell.window(inks[: cell.height, : cell.width], top=0, left=0, height=tile.height, width=tile.width)
    return float((paved != inks).mean()) <= _UNLIKE_CELL


def _rows(given: Separation) -> list[int]:
    """Return the network's planes that a design's inks are."""
    return [ROLES.index(role) for role in given.roles]


def _area(grid: Grid) -> int:
    return grid.width * grid.height


def carried_over(request: Request, prompt: str, *, folder: Path | None = None) -> dict[str, str]:
    """Return what another prompt does not say of layout, density, direction, variety and hand, as it was before.

    ``request`` is that of the design; whatever was left to its chance stays as that fell. Raises InputError if either
    prompt names nothing that the Loom can draw.
    """
    weights = loaded(folder)
    before = asked_of(request, weights)
    new, _ = understood(prompt, weights.vocabulary)
    names = ("layout", "density", "direction", "variety", "hand")
    return {name: "" if getattr(new, name) else getattr(before, name) or "" for name in names}
