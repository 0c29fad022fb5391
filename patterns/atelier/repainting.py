"""Designs made of designs by a picture model: it begins with the design's picture, and its inks stay the design's."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from patterns.atelier.bench import Bench
from patterns.color import Palette, linear_to_srgb
from patterns.design import Brief, Design
from patterns.errors import CannotMake, Finding, InputError
from patterns.lattice import Grid
from patterns.separation import Separation
from patterns.symmetry import Symmetry

if TYPE_CHECKING:
    from patterns.diffusion.painter import Wish
    from patterns.diffusion.shelf import ModelRecord

# What a blend of two pictures is painted at: less, and both shine through; more, and neither is left.
_BLENDED = 0.75


@dataclass(frozen=True, slots=True)
class Repainted:
    """What a picture model made of a design, in the design's inks; ``terms`` are those of its license."""

    separation: Separation
    digest: str
    machine: str
    terms: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Given:
    """What a picture model begins with: a design's planes and palette, where they may change, and a second design."""

    old: Separation
    palette: Palette
    mask: np.ndarray | None = None
    other: tuple[Design, Separation] | None = None


def repainted(brief: Brief, seed: int, given: Given, bench: Bench) -> Repainted:
    """Return what the brief's model paints of a design, in the design's inks, on a grid that its levels carry.

    Raises InputError for a three-fold symmetry or if the shelf has no such model, LatticeError if its levels carry no
    grid of the tile's shape, MissingPart if libraries or files are missing, CannotMake if memory does not suffice.
    """
    from patterns.atelier.picturing import even, model_of

    record = model_of(brief)
    if Symmetry(brief.symmetry).system == "hexagonal":
        raise InputError(
            f"{record.name} cannot begin with a design of the symmetry {brief.symmetry}, whose pixels are oblique to "
            "it; the Loom can."
        )
    wish = wished(brief, seed, given, record)
    bench.progress(f"loading {record.name}", 0, 0)
    from patterns.diffusion import loading, painter

    loaded = loading.load(record, device=bench.device, dtype=bench.dtype, memory=bench.memory)
    painted = painter.paint(loaded, wish, progress=lambda done, total: bench.progress("painting", done, total))
    bench.progress("separating", 0, 0)
    separation = even(inked(painted.pixels, given), brief.symmetry)
    said = (*loaded.says, *painted.says)
    return Repainted(separation, record.digest, painter.machine(loaded), record.terms, said)


def wished(brief: Brief, seed: int, given: Given, record: "ModelRecord") -> "Wish":
    """Return what a model is asked for: the design's picture to begin with, changed as strongly as the brief says."""
    from patterns.diffusion.painter import Wish

    old, grid, strength = given.old, grid_of(given.old, record, brief), brief.strength or 1.0
    start, prompt = _shown(old, given.palette, old, grid), brief.prompt
    if given.other:
        design, separation = given.other
        start = (1 - strength) * start + strength * _shown(separation, design.palette, old, grid)
        prompt, strength = f"{prompt}, {design.brief.prompt}", _BLENDED
    return Wish(
        prompt,
        grid,
        seed,
        steps=brief.steps or record.steps,
        guidance=record.guidance if brief.guidance is None else brief.guidance,
        negative=brief.negative,
        symmetry=brief.symmetry,
        start=start.astype(np.float32),
        strength=strength,
        mask=None if given.mask is None else _marked(given.mask, old, grid),
    )


def grid_of(old: Separation, record: "ModelRecord", brief: Brief) -> Grid:
    """Return the pixels that a design is painted on: its own if the model's levels carry them, else the model's."""
    from patterns.atelier.picturing import picture_grid
    from patterns.diffusion.skeleton import picture_multiple

    own, multiple = old.grid, picture_multiple(record)
    fitting = multiple and not any(side % multiple for side in (own.width, own.height, own.drop, own.slide))
    # A picture of another size than the model was trained on is drawn badly.
    if fitting and 0.5 <= (own.width * own.height) ** 0.5 / record.native_px <= 2:
        return own
    return picture_grid(record, old.lattice, detail=brief.detail, symmetry=brief.symmetry)


def inked(pixels: np.ndarray, given: Given) -> Separation:
    """Return a picture (H, W, 3) sRGB 0-1 in the design's inks, all of them, in their order."""
    from patterns.separate import separate
    from patterns.separate.planes import in_255ths

    found = separate(pixels, given.old.lattice, palette=given.palette).separation
    if len(found.planes) != len(given.old.roles):
        raise CannotMake(
            "two inks of the design have one color, so that no picture tells them apart; recolor it first."
        )
    planes = (in_255ths(found.planes) / np.float32(255)).astype(np.float32)
    return replace(found, planes=planes, roles=given.old.roles)


def _shown(given: Separation, palette: Palette, old: Separation, grid: Grid) -> np.ndarray:
    """Return a design's picture, (H, W, 3) float32 sRGB 0-1, on another's lattice and a grid of it."""
    from patterns.loom.guided import onto

    laid = replace(old, planes=onto(given, old.lattice, grid), roles=given.roles)
    return np.clip(linear_to_srgb(laid.render(palette.linear_rgb())), 0, 1).astype(np.float32)


def _marked(mask: np.ndarray, old: Separation, grid: Grid) -> np.ndarray:
    """Return a mask (H, W) bool on another grid: every pixel that has any part in it."""
    from patterns.loom.guided import onto

    both = np.stack([~mask, mask]).astype(np.float32)
    return onto(replace(old, planes=both, roles=("", "")), old.lattice, grid)[1] > 0
