"""From words and a lattice to a separation: the Loom's one face."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import torch

from patterns.errors import Finding, InputError, LatticeError
from patterns.folding import folding
from patterns.lattice import Grid, Lattice
from patterns.loom import DEFAULT_STEPS
from patterns.loom.arranging import Arranger, Artist, beneath, can_arrange, planned, usual_density, variety
from patterns.loom.critic import Flaw, flaw_on
from patterns.loom.crumbs import without_crumbs
from patterns.loom.growing import of_motifs
from patterns.loom.network import STRIDE
from patterns.loom.paving import Paving, family_cells, paving
from patterns.loom.regular import Rule, family_rule
from patterns.loom.sampling import EMPTY, LEAST_COVERAGE, Sampling, Task, draw
from patterns.loom.telling import conditioned
from patterns.loom.vocabulary import FamilyEntry, Vocabulary
from patterns.loom.weights import Weights, load
from patterns.reading import FRAME_LAYOUTS, GROUNDS, SET_LAYOUTS, Reading, Subject, read
from patterns.separation import ROLES, Separation

# Pixels per mm of a tile that is drawn whole: a motif of 6 cm is 48 px wide.
USUAL_PX_PER_MM = 0.8
# Tiles beyond this many pixels are drawn coarser: the network was not trained on larger ones.
MOST_PX = 512 * 512
LEAST_SIDE_PX = 64
# What "small" and "large" do to a family's usual size, and how far the seed moves it either way.
_SCALES = {"small": 0.65, "large": 1.4}
_SCALE_SPREAD = 0.15
# A motif whose size was not asked for is at most this share of the tile's shorter side in radius.
_MOST_OF_SIDE = 0.35
# The shares of layouts where none was asked for, and those of formal motifs.
_LAYOUTS = {"tossed": 0.4, "half-drop set": 0.25, "one-way": 0.2, "set": 0.05, "hero": 0.1}
_FORMAL = {"half-drop set": 1.0}
# What a layout does to a motif's usual size.
_LAYOUT_SCALES = {"ditsy": 0.4, "hero": 1.3}
# What was taught and comes out as mud: the nearest in meaning is drawn instead, which is said.
_MUD = frozenset({"memphis"})
# The streams of a seed's chance: what was not said, how motifs are arranged, what a vine and foliage are of.
_SETTLING, ARRANGING, _GROWING = 3, 4, 6
# Pixels per mm of a tile that motifs are arranged on: its least and most, and the most pixels.
_ARRANGED, _ARRANGED_PX = (USUAL_PX_PER_MM, 2.0), 1280 * 1280


@dataclass(frozen=True, slots=True)
class Request:
    """What the Loom is asked for. Color words are already out of the prompt; ``scale_mm`` is a motif's diameter.

    ``density``, ``layout``, ``direction``, ``variety`` and ``outlined`` go before what the prompt says. A ``symmetry``
    other than p1 is that of the whole tile, on which alone it is what it is called: motifs stand as it moves them, all
    else is drawn in it. Without ``px_per_mm`` it is as many as what is drawn needs.
    """

    prompt: str
    lattice: Lattice
    inks: int = 4
    seed: int = 0
    scale_mm: float | None = None
    px_per_mm: float | None = None
    steps: int = DEFAULT_STEPS
    symmetry: str = "p1"
    density: str = ""
    layout: str = ""
    direction: str = ""
    variety: str = ""
    outlined: bool | None = None

    @property
    def sized(self) -> bool:
        """Whether a motif's size was asked for."""
        return self.scale_mm is not None

    @property
    def wishes(self) -> dict[str, Any]:
        """What was asked for beside the prompt."""
        asked = {name: getattr(self, name) for name in ("density", "layout", "direction", "variety", "outlined")}
        return {name: value for name, value in asked.items() if value not in ("", None)}


@dataclass(frozen=True, slots=True)
class Woven:
    """What the Loom drew: only the inks that show, with their roles.

    ``reading`` is what it took the prompt for; ``cell`` is the cell that was paved, for what is regular; ``digest`` is
    that of the weights, ``machine`` says what computed them.
    """

    separation: Separation
    reading: Reading
    digest: str
    cell: Lattice | None
    findings: tuple[Finding, ...]
    machine: str


def weave(
    request: Request,
    *,
    folder: Path | None = None,
    arranger: Arranger | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Woven:
    """Return what the Loom draws for a request, with the weights in ``folder`` (the shipped ones by default).

    Motifs are drawn alone and arranged if there is an ``arranger``; whatever else is drawn on the lattice itself.
    The same request gives the same planes, alone or among others. Raises InputError if the prompt names nothing that
    the Loom can draw, LatticeError if no grid carries the tile, MissingPart if the weights are missing or altered.
    """
    if not 2 <= request.inks <= len(ROLES):
        raise InputError(f"the Loom draws 2 to {len(ROLES)} inks, not {request.inks}.")
    weights = loaded(folder)
    reading, found = heard(request, weights.vocabulary)
    asked = resolved(request, reading, weights.vocabulary)
    if arranger and can_arrange(weights.vocabulary, asked):
        artist = Artist.of(weights, Sampling(steps=request.steps), arranger, progress)
        planes, said = arranged(request, asked, weights, artist)
        found = (*found, *not_in_group(request, reading, weights.vocabulary))
        cell = None
    else:
        planes, said, cell = _drawn(request, asked, weights, progress)
    shown = separated(planes, request.lattice)
    return Woven(shown, reading, weights.digest, cell, (*found, *said, *_empty_finding(planes)), machine())


def _drawn(
    request: Request, asked: Reading, weights: Weights, progress: Callable[[int, int], None] | None
) -> tuple[np.ndarray, tuple[Finding, ...], Lattice | None]:
    """Return planes drawn on the lattice itself, or on a cell of it that is paved, and that cell."""
    placed, coarse = _placed(request, asked, weights.vocabulary)
    cell, grid = placed.cell, placed.grid
    condition = conditioned(weights.vocabulary, asked, scale_px=placed.scale_px, inks=request.inks)
    rule = rule_of(asked, cell, weights.vocabulary, inks=request.inks) if cell != grid else None
    flaw = flaw_of(asked, cell, weights, scale_px=placed.scale_px)
    task = Task(condition, cell, request.seed, Sampling(steps=request.steps), request.symmetry, rule=rule, flaw=flaw)
    planes = draw(weights.network, task, progress=progress)
    clean = _folded(quantized(without_crumbs(planes.numpy(), cell)), task)
    paved = cell.window(clean, top=0, left=0, height=grid.height, width=grid.width)
    return paved, coarse, in_mm(cell, grid, request.lattice) if cell != grid else None


def rule_of(asked: Reading, cell: Grid, vocabulary: Vocabulary, *, inks: int) -> Rule | None:
    """Return what is known of the pixels on a regular family's cell."""
    hero = asked.subjects[0]
    straight, turns = vocabulary.families[hero.family].straight, "alternating" in hero.parts
    return family_rule(hero.family, cell, asked.direction, inks=inks, straight=straight, alternating=turns)


def flaw_of(asked: Reading, grid: Grid, weights: Weights, *, scale_px: float) -> Flaw | None:
    """Return what says how flawed a drawing of a reading on a grid is; None where nobody can, as for whole layouts."""
    family = asked.subjects[0].family
    if weights.critic is None or weights.vocabulary.families[family].motif:
        return None
    return flaw_on(weights.critic, grid, family, scale_px=scale_px)


def arranged(
    request: Request, asked: Reading, weights: Weights, artist: Artist
) -> tuple[np.ndarray, tuple[Finding, ...]]:
    """Return planes on which motifs that were drawn alone are arranged."""
    asked, lost = beneath(weights.vocabulary, asked)
    grid, radius = layout_size(request, asked, weights)
    upright = weights.vocabulary.families[asked.subjects[0].family].directed
    motifs = artist.motifs(asked, request.inks, request.seed)
    plan = planned(
        asked, motifs, radius=radius, inks=request.inks, upright=upright, held=request.sized, symmetry=request.symmetry
    )
    planes, layout = artist.arranger.arrange(np.random.default_rng([request.seed, ARRANGING]), grid, plan)
    return quantized(planes), (*_another_layout(asked.layout, layout), *map(_not_beneath, lost))


def layout_size(request: Request, asked: Reading, weights: Weights) -> tuple[Grid, float]:
    """Return the grid of a tile on which motifs are arranged, and the heroes' radius on it in px."""
    hero = asked.subjects[0]
    scale_mm = _scale_mm(replace(request, px_per_mm=None), hero, weights.vocabulary.families[hero.family])
    if request.scale_mm is None:
        scale_mm *= _LAYOUT_SCALES.get(asked.layout, 1.0)
        scale_mm = min(scale_mm, _MOST_OF_SIDE * min(request.lattice.width, request.lattice.height))
    px_per_mm = request.px_per_mm or usual_density(weights.vocabulary.portrait, scale_mm, _ARRANGED)
    area = request.lattice.width * request.lattice.height
    grid = request.lattice.grid_at(min(px_per_mm, math.sqrt(_ARRANGED_PX / area)), stride=STRIDE)
    return grid, scale_mm * math.sqrt(grid.width * grid.height / area)


def _not_beneath(family: str) -> Finding:
    return Finding(
        "note",
        f"motifs are not drawn beside {family!r}, which is left out",
        family,
        f"beneath motifs there may be {', '.join(GROUNDS)}; or draw it apart and put the motifs --over it",
    )


def not_in_group(request: Request, reading: Reading, vocabulary: Vocabulary) -> tuple[Finding, ...]:
    """Return what is to be said of a layout or a ground that gives way to the plane group of motifs."""
    asked, _ = beneath(vocabulary, reading)
    framed = asked.layout if asked.layout in (*SET_LAYOUTS, *FRAME_LAYOUTS) else ""
    lost = [word for word in (framed, asked.ground) if word]
    if request.symmetry == "p1" or not lost:
        return ()
    left = f"{' and '.join(map(repr, lost))} {'are' if len(lost) > 1 else 'is'} left out"
    why = f"in {request.symmetry} motifs stand as the group moves them, so {left}"
    return (Finding("note", why, request.symmetry, "without --symmetry the layout is as it was asked for"),)


def _another_layout(asked: str, given: str) -> tuple[Finding, ...]:
    if asked == given:
        return ()
    return (
        Finding(
            "note",
            f"the layout {asked!r} does not fit this repeat at this size, so the motifs are {given}",
            given,
            "another size of the motifs or of the tile, or a straight repeat, may carry it",
        ),
    )


def understood(
    prompt: str, vocabulary: Vocabulary, *, unless: frozenset[str] = frozenset()
) -> tuple[Reading, tuple[Finding, ...]]:
    """Return what a prompt asks for in what the weights were taught, and what of it could not be followed.

    Families ``unless`` are taken for not taught. Raises InputError if the prompt names nothing that they draw.
    """
    said = read(prompt)
    taught = tuple(name for name in vocabulary.families if name not in unless)
    reading, replaced = said.taught(taught or tuple(vocabulary.families), grounds=vocabulary.grounds())
    if not reading.subjects:
        raise InputError(
            f"nothing in {prompt!r} names a motif that the Loom can draw; it draws {', '.join(vocabulary.families)}."
        )
    # A regular family beside a motif would put the motif on its cell: the motif is what the tile is made for.
    order = sorted(reading.subjects, key=lambda subject: bool(vocabulary.families[subject.family].cells))
    return replace(reading, subjects=tuple(order)), said.findings() + replaced


def heard(request: Request, vocabulary: Vocabulary) -> tuple[Reading, tuple[Finding, ...]]:
    """Return what a request asks for, by its prompt and beside it, and what of the prompt could not be followed."""
    reading, found = understood(request.prompt, vocabulary, unless=_MUD)
    return replace(reading, **request.wishes), found


def resolved(request: Request, reading: Reading, vocabulary: Vocabulary) -> Reading:
    """Return what a request comes to by its reading, with all settled that it leaves open."""
    reading = of_motifs(reading, vocabulary, np.random.default_rng([request.seed, _GROWING]))
    return settled(reading, vocabulary, np.random.default_rng([request.seed, _SETTLING]))


def settled(reading: Reading, vocabulary: Vocabulary, rng: np.random.Generator) -> Reading:
    """Return the reading with a motif's layout chosen by chance, and the plainest of the rest, where nothing was said.

    What is not said to the network it averages over, which is no layout at all.
    """
    entry = vocabulary.families[reading.subjects[0].family]
    if not entry.motif:
        return reading
    usual = _FORMAL if entry.formal else _LAYOUTS
    layouts = {name: share for name, share in usual.items() if f"layout {name}" in vocabulary.rows}
    if entry.directed and "tossed" in layouts and "one-way" in layouts:
        layouts["one-way"] += layouts.pop("tossed")
    chance = np.array(list(layouts.values()))
    layout = reading.layout or str(rng.choice(list(layouts), p=chance / chance.sum()))
    reading = replace(reading, layout=layout)
    density, outlined = reading.density or ("dense" if entry.formal else "medium"), bool(reading.outlined)
    return replace(reading, density=density, outlined=outlined, variety=variety(reading))


def _folded(planes: np.ndarray, task: Task) -> np.ndarray:
    """Return planes as symmetric as the task, whatever ties were broken in between."""
    fold = folding(task.symmetry, task.grid)
    return fold.settled(torch.from_numpy(planes)).numpy() if fold else planes


def machine() -> str:
    """Return what the Loom's sums depend on here: device kind, instruction set and threads."""
    return f"cpu, {torch.backends.cpu.get_cpu_capability()}{_bf16_units()}, {torch.get_num_threads()} threads"


def _bf16_units() -> str:
    """Return which bf16 units oneDNN finds, which decide its kernels."""
    named = {"_is_amx_tile_supported": " AMX", "_is_avx512_bf16_supported": " BF16"}
    return next((name for probe, name in named.items() if getattr(torch.cpu, probe, lambda: False)()), "")


@lru_cache(maxsize=2)
def loaded(folder: Path | None) -> Weights:
    """Return the weights in a folder, read once a process."""
    return load(folder)


def fitted_grid(request: Request) -> tuple[Grid, tuple[Finding, ...]]:
    """Return the pixel grid a request is drawn on, coarser than asked if the tile is very large, which is a Finding."""
    lattice, wish = request.lattice, request.px_per_mm or USUAL_PX_PER_MM
    px_per_mm = wish * min(1.0, math.sqrt(MOST_PX / (lattice.width * lattice.height)) / wish)
    grid = lattice.grid_at(px_per_mm, stride=STRIDE)
    if min(grid.width, grid.height) < LEAST_SIDE_PX:
        least = LEAST_SIDE_PX / wish
        raise LatticeError(
            f"a tile of {lattice.width:g} x {lattice.height:g} mm is {grid.width} x {grid.height} px to the Loom, "
            f"which draws {LEAST_SIDE_PX} px a side or more; make the repeat at least {least:.0f} mm wide and high."
        )
    if px_per_mm == wish:
        return grid, ()
    return grid, (
        Finding(
            "note",
            "the tile is larger than the Loom draws at full detail, so its motifs are larger too",
            f"{px_per_mm:.2f} instead of {wish:g} px per mm",
            "ask for a smaller repeat to have finer motifs",
        ),
    )


def quantized(planes: np.ndarray) -> np.ndarray:
    """Return coverages (K, H, W) float32 rounded to whole 255ths that still sum to 1, by largest remainders."""
    scaled = planes.astype(np.float64) * (255 / planes.sum(axis=0, dtype=np.float64))
    whole = np.floor(scaled)
    missing = 255 - whole.sum(axis=0)
    rank = np.argsort(np.argsort(whole - scaled, axis=0, kind="stable"), axis=0, kind="stable")
    return ((whole + (rank < missing)) / 255).astype(np.float32)


def _placed(request: Request, reading: Reading, vocabulary: Vocabulary) -> tuple[Paving, tuple[Finding, ...]]:
    """Return what is drawn and what it paves: a regular family's cell, any other's whole tile."""
    hero = reading.subjects[0]
    entry = vocabulary.families[hero.family]
    wish = _scale_mm(request, hero, entry)
    cells = family_cells(entry, reading.direction)
    if request.symmetry != "p1":
        cells = ()
    found = paving(cells, request.lattice, scale_mm=wish, px_per_mm=request.px_per_mm or USUAL_PX_PER_MM)
    if found:
        return found, ()
    grid, findings = fitted_grid(request)
    px_per_mm = math.sqrt(grid.width * grid.height / (request.lattice.width * request.lattice.height))
    scale = wish * px_per_mm
    if request.scale_mm is None:
        scale = min(scale, _MOST_OF_SIDE * min(grid.width, grid.height))
    return Paving(grid, grid, scale), findings


def _scale_mm(request: Request, hero: Subject, entry: FamilyEntry) -> float:
    """Return the motif's radius in mm: as asked, or the family's usual size as the words and the seed move it."""
    if request.scale_mm is not None:
        return request.scale_mm / 2
    spread = np.random.default_rng([request.seed, 1]).uniform(-_SCALE_SPREAD, _SCALE_SPREAD)
    return entry.scale_px * _SCALES.get(hero.scale, 1.0) * (1 + spread) / (request.px_per_mm or USUAL_PX_PER_MM)


def separated(planes: np.ndarray, lattice: Lattice) -> Separation:
    """Return the separation without inks that hardly show; what little they covered goes to the strongest other."""
    seen = planes.argmax(axis=0)
    share = np.bincount(seen.ravel(), minlength=len(planes)) / seen.size
    kept = [i for i in range(len(planes)) if i == 0 or share[i] >= LEAST_COVERAGE]
    if len(kept) < 2:
        kept = [0, max(range(1, len(planes)), key=lambda i: planes[i].mean())]
    rest = planes[kept]
    missing = 1 - rest.sum(axis=0)
    strongest = rest.argmax(axis=0)[None] == np.arange(len(kept))[:, None, None]
    return Separation((rest + missing * strongest).astype(np.float32), lattice, tuple(ROLES[i] for i in kept))


def in_mm(cell: Grid, grid: Grid, lattice: Lattice) -> Lattice:
    return Lattice(lattice.width * cell.width / grid.width, lattice.height * cell.height / grid.height)


def _empty_finding(planes: np.ndarray) -> tuple[Finding, ...]:
    most = float(planes.mean(axis=(1, 2)).max())
    if most < EMPTY:
        return ()
    return (Finding("fault", "the tile came out all but empty", f"{most:.1%} one ink", "another seed draws another"),)
