"""Drawing with the Loom guided by pictures: in the manner of one, over the layout of another, or both."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import torch

from patterns.errors import Finding, InputError
from patterns.folding import folding
from patterns.lattice import Grid, Lattice
from patterns.loom.arranging import Arranger, Artist, can_arrange
from patterns.loom.crumbs import without_crumbs
from patterns.loom.manner import Manner, following, inking
from patterns.loom.network import Loom
from patterns.loom.paving import Paving
from patterns.loom.sampling import Sampling, Step, Task, draw, stochastic
from patterns.loom.sketching import Sketched
from patterns.loom.weave import (
    Request,
    Woven,
    _empty_finding,
    _placed,
    arranged,
    conditioned,
    fitted_grid,
    heard,
    in_mm,
    loaded,
    machine,
    not_in_group,
    quantized,
    resolved,
    separated,
)
from patterns.reading import Reading
from patterns.separation import ROLES

# Pixels per mm at which a manner is measured.
PX_PER_MM = 0.8
# What "small" and "large" do to a family's usual size: smaller motifs fall to pieces.
_SIZES = (0.65, 1.4)


@dataclass(frozen=True, slots=True)
class Guides:
    """What guides a drawing: a manner at ``PX_PER_MM`` with its weight, a sketch on the grid of ``fitted_grid``."""

    manner: Manner | None = None
    weight: float = 0.6
    sketch: Sketched | None = None


def followed(
    request: Request,
    guides: Guides,
    *,
    folder: Path | None = None,
    arranger: Arranger | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Woven:
    """Return what the Loom draws for a request as guided by pictures.

    With an ``arranger`` motifs are drawn alone and arranged, unless a sketch says where they are.

    A manner's size and density are told to the Loom where the request and its prompt say none. Over a sketch the whole
    tile is drawn, never a cell. Raises as ``weave`` does, and InputError if the sketch is not on the request's grid.
    """
    if not 2 <= request.inks <= len(ROLES):
        raise InputError(f"the Loom draws 2 to {len(ROLES)} inks, not {request.inks}.")
    weights = loaded(folder)
    reading, found = heard(request, weights.vocabulary)
    if guides.manner and guides.weight > 0:
        usual = weights.vocabulary.families[reading.subjects[0].family].scale_px
        request, reading = _told(request, reading, guides.manner, usual)
    asked = resolved(request, reading, weights.vocabulary)
    if arranger and not guides.sketch and can_arrange(weights.vocabulary, asked):
        artist = Artist.of(weights, Sampling(steps=request.steps), arranger, progress)
        if guides.manner:
            artist = replace(artist, step=partial(inking, manner=guides.manner, weight=guides.weight))
        planes, said = arranged(request, asked, weights, artist)
        found = (*found, *not_in_group(request, reading, weights.vocabulary))
        shown = separated(planes, request.lattice)
        return Woven(shown, reading, weights.digest, None, (*found, *said, *_empty_finding(planes)), machine())
    placed, coarse = _placed(request, asked, weights.vocabulary)
    if guides.sketch:
        placed, coarse = _whole(request, placed, guides.sketch)
    cell, grid = placed.cell, placed.grid
    condition = conditioned(weights.vocabulary, asked, scale_px=placed.scale_px, inks=request.inks)
    sampling = Sampling(steps=request.steps, begin=guides.sketch.begin if guides.sketch else 1.0)
    task = Task(condition, cell, request.seed, sampling, request.symmetry)
    planes = _drawn(weights.network, task, _on(guides, request.lattice, grid), progress)
    clean = quantized(without_crumbs(planes.numpy(), cell))
    fold = folding(task.symmetry, task.grid)
    clean = fold.settled(torch.from_numpy(clean)).numpy() if fold else clean
    paved = cell.window(clean, top=0, left=0, height=grid.height, width=grid.width)
    return Woven(
        separated(paved, request.lattice),
        reading,
        weights.digest,
        None if cell == grid else in_mm(cell, grid, request.lattice),
        (*found, *coarse, *_empty_finding(paved)),
        machine(),
    )


def _told(request: Request, reading: Reading, manner: Manner, usual: float) -> tuple[Request, Reading]:
    """Return the request and its reading with the manner's size and density, where nothing was said of them.

    Motifs come no smaller or larger than the Loom draws their family well, whose ``usual`` radius is in px.
    """
    if not reading.density:
        reading = replace(reading, density=manner.density)
    if request.scale_mm is None and manner.radius and not reading.subjects[0].scale:
        radius = min(max(manner.radius, _SIZES[0] * usual), _SIZES[1] * usual)
        request = replace(request, scale_mm=2 * radius / PX_PER_MM)
    return request, reading


def _whole(request: Request, placed: Paving, sketch: Sketched) -> tuple[Paving, tuple[Finding, ...]]:
    grid, coarse = fitted_grid(request)
    if sketch.planes.shape[1:] != (grid.height, grid.width):
        raise InputError(
            f"the sketch is on {sketch.planes.shape[2]} x {sketch.planes.shape[1]} px, and the tile on "
            f"{grid.width} x {grid.height} px."
        )
    scale = placed.scale_px * math.sqrt(grid.width * grid.height / (placed.grid.width * placed.grid.height))
    return Paving(grid, grid, scale), coarse


def _on(guides: Guides, lattice: Lattice, grid: Grid) -> Guides:
    """Return the guides at the resolution of the tile's grid."""
    if guides.manner is None:
        return guides
    px_per_mm = math.sqrt(grid.width * grid.height / (lattice.width * lattice.height))
    return replace(guides, manner=guides.manner.scaled(px_per_mm / PX_PER_MM))


def _drawn(network: Loom, task: Task, guides: Guides, progress: Callable[[int, int], None] | None) -> torch.Tensor:
    """Return probabilities (planes, H, W): the manner is followed first, and the sketch has the last word."""
    count = network.shape.planes
    step: Step = stochastic(task)
    if guides.sketch:
        step = guides.sketch.over(step, task, count)
    if guides.manner:
        step = following(step, task, guides.manner, guides.weight)
    start = guides.sketch.start(count, task) if guides.sketch else None
    return draw(network, task, start=start, step=step, progress=progress)
