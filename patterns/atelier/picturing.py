"""From a brief to a design by way of a picture: another model paints the tile, and it is separated into inks.

The model reads the whole prompt, colors included. The inks are those of the palette that was given, else those that the
picture has.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np

from patterns import __version__, presets
from patterns.atelier.bench import Bench
from patterns.atelier.handing import by_hand
from patterns.atelier.making import Made, counted, keep, lattice_of, portable
from patterns.color import Palette
from patterns.design import Brief, Design
from patterns.errors import CannotMake, Finding, InputError
from patterns.label import Label
from patterns.lattice import Grid, Lattice
from patterns.library import settled
from patterns.separation import ROLES, Separation
from patterns.symmetry import Symmetry

if TYPE_CHECKING:
    from patterns.diffusion.painter import Painted, Wish
    from patterns.diffusion.shelf import ModelRecord

# What the Loom hears as words of its own and others only read in the prompt.
_WORDS = ("scale", "density", "layout", "direction", "variety")
# As many as the Loom draws with at most: what an ordinary screen printer takes.
_MOST_INKS = len(ROLES)


@dataclass(frozen=True, slots=True)
class Pictured:
    """What a picture model made of a brief: ink planes and their palette, ground first.

    ``digest`` is that of the weights, ``machine`` says what computed them, ``terms`` under which license they are.
    """

    separation: Separation
    palette: Palette
    digest: str
    machine: str
    terms: str
    findings: tuple[Finding, ...]


def design(brief: Brief, bench: Bench, *, pictures: Mapping[str, bytes] | None = None, acts: tuple[str, ...]) -> Made:
    """Make a design with a picture model and keep it in the library; ``acts`` are what a person decided.

    Raises InputError for what was asked wrongly and for what only the Loom hears, LatticeError for a size that the
    model's levels cannot carry (before its weights are read), MissingPart if the model or its libraries are missing,
    CannotMake if memory does not suffice.
    """
    lattice = lattice_of(brief)
    record = model_of(brief)
    given = presets.palette_from(brief.palette) if brief.palette else None
    brief = replace(
        brief,
        inks=counted(brief),
        palette=portable(brief.palette, given),
        steps=brief.steps or record.steps,
        guidance=record.guidance if brief.guidance is None else brief.guidance,
    )
    made = pictured(brief, lattice, bench, pictures=pictures)
    named = Label.of("model", model=brief.model, digest=made.digest, version=__version__, model_license=made.terms)
    whole = Design(
        brief=brief,
        lattice=lattice,
        seed=brief.seed,
        model=brief.model,
        model_digest=made.digest,
        version=__version__,
        palette=made.palette,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        acts=acts,
        label=named.to_json(),
        machine=made.machine,
    )
    return keep(whole, settled(made.separation), bench, found=made.findings, pictures=pictures)


def pictured(brief: Brief, lattice: Lattice, bench: Bench, *, pictures: Mapping[str, bytes] | None = None) -> Pictured:
    """Return what the brief's model paints, separated into inks, by the hand that was asked for."""
    record = model_of(brief)
    Symmetry(brief.symmetry).require_on(lattice)
    grid = picture_grid(record, lattice, detail=brief.detail, symmetry=brief.symmetry)
    wish = _wish(brief, grid, pictures or {})
    bench.progress(f"loading {record.name}", 0, 0)
    from patterns.diffusion import loading, painter

    loaded = loading.load(record, device=bench.device, dtype=bench.dtype, memory=bench.memory)
    painted = painter.paint(loaded, wish, progress=lambda done, total: bench.progress("painting", done, total))
    bench.progress("separating", 0, 0)
    separation, palette, said = _separated(painted, brief, lattice)
    separation = by_hand(separation, brief.hand, seed=brief.seed, symmetry=brief.symmetry)
    return Pictured(
        separation, palette, record.digest, painter.machine(loaded), record.terms, (*loaded.says, *painted.says, *said)
    )


def model_of(brief: Brief) -> "ModelRecord":
    """Return the record of a brief's model.

    Raises InputError if the shelf has none of that name or the brief says what only the Loom hears, MissingPart if the
    libraries that other models need are missing.
    """
    from patterns.diffusion import loading, shelf

    record = shelf.record(brief.model)
    loading.require_extra()
    for name in _WORDS:
        if getattr(brief, name) not in ("", None):
            raise InputError(f"--{name} is heard by the Loom only; {record.name} reads the prompt, so say it there.")
    return record


def picture_grid(record: "ModelRecord", lattice: Lattice, *, detail: float | None, symmetry: str) -> Grid:
    """Return the pixels that a model paints a tile on: at ``detail`` px per mm, else as many as it was trained on.

    A three-fold group is painted on an oblique grid, N x N. Raises LatticeError if no grid that its levels carry has
    the tile's shape, CannotMake if the model does not say which they carry.
    """
    from patterns.diffusion import skeleton

    multiple = skeleton.picture_multiple(record)
    if multiple is None:
        raise CannotMake(f"the files of {record.name} do not say how coarse its levels are, so no size can be chosen.")
    area = lattice.width * lattice.height
    finest = detail or record.native_px / math.sqrt(area)
    if Symmetry(symmetry).system == "hexagonal":
        side = max(1, round(finest * math.sqrt(area) / multiple)) * multiple
        return Grid(side, side)
    return lattice.grid_at(finest, stride=multiple)


def _wish(brief: Brief, grid: Grid, pictures: Mapping[str, bytes]) -> "Wish":
    from patterns.diffusion.painter import Wish

    guides = {}
    if pictures:
        from patterns.atelier.guiding import shown

        guides = shown(brief, grid, pictures)
    return Wish(
        brief.prompt,
        grid,
        brief.seed,
        steps=brief.steps,
        guidance=brief.guidance,
        negative=brief.negative,
        symmetry=brief.symmetry,
        **guides,
    )


def _separated(painted: "Painted", brief: Brief, lattice: Lattice) -> tuple[Separation, Palette, tuple[Finding, ...]]:
    """Return the picture's ink planes, as symmetric as it is, its palette, and what is questionable about them."""
    from patterns.atelier.separating import fitting
    from patterns.separate import Cleanup, separate

    pixels = painted.pixels
    if Symmetry(brief.symmetry).system == "hexagonal":
        pixels = upright(pixels, lattice)
    given = presets.palette_from(brief.palette) if brief.palette else None
    if given is not None and brief.inks:
        given = replace(given, inks=given.inks[: brief.inks])
    inks = None if given is not None else brief.inks
    found = separate(pixels, lattice, inks=inks, palette=given, cleanup=Cleanup(most=_MOST_INKS))
    separation, coarser = fitting(found.separation)
    return even(separation, brief.symmetry), found.palette, (*found.report.findings, *coarser)


def even(separation: Separation, name: str) -> Separation:
    """Return planes with the same inks on all pixels of an orbit, whatever ties were broken in between."""
    group = Symmetry(name)
    if name == "p1" or not group.exact_on(separation.grid):
        return separation
    first = group.sources(separation.grid).min(axis=0)
    planes = separation.planes.reshape(len(separation.roles), -1)[:, first].reshape(separation.planes.shape)
    return replace(separation, planes=planes)


def upright(pixels: np.ndarray, lattice: Lattice) -> np.ndarray:
    """Return a picture on an oblique grid, (N, N, 3), on the square pixels of a hexagonal lattice, (H, W, 3).

    The oblique grid's columns run along the lattice's drop, its rows straight down, 60 degrees apart. It is looked at
    between its pixels by cubic splines.
    """
    from scipy.ndimage import map_coordinates

    side = len(pixels)
    grid = lattice.grids(around_px=side * side * math.sqrt(0.75), count=1)[0]
    # Oblique pixels stand for points, square ones for their centers.
    y, x = np.mgrid[: grid.height, : grid.width] + 0.5
    across = x / grid.width
    down = y / grid.height - grid.drop / grid.height * across
    where = np.stack([down * side, across * side])
    planes = [map_coordinates(plane, where, order=3, mode="grid-wrap") for plane in np.moveaxis(pixels, -1, 0)]
    return np.clip(np.stack(planes, axis=-1), 0, 1).astype(np.float32)
