"""From words and a lattice to a separation: the Loom's one face."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import torch

from patterns.errors import Finding, InputError, LatticeError
from patterns.lattice import Grid, Lattice
from patterns.loom import DEFAULT_STEPS
from patterns.loom.crumbs import without_crumbs
from patterns.loom.network import STRIDE, Condition
from patterns.loom.paving import Paving, paving
from patterns.loom.sampling import EMPTY, Sampling, Task, draw
from patterns.loom.vocabulary import FamilyEntry, Vocabulary
from patterns.loom.weights import Weights, load
from patterns.separation import ROLES, Separation
from patterns.words import tokens

# Tiles beyond this many pixels are drawn coarser: the network was not trained on larger ones.
MOST_PX = 512 * 512
LEAST_SIDE_PX = 64
# An ink that shows on less of the tile than this is dropped.
LEAST_COVERAGE = 0.001
# What "small" and "large" do to a family's usual size, and how far the seed moves it either way.
_SCALE_WORDS = {"tiny": 0.45, "ditsy": 0.45, "mini": 0.45, "small": 0.55, "little": 0.55, "large": 1.5, "big": 1.5}
_SCALE_WORDS |= {"oversized": 1.8, "bold": 1.4}
_SCALE_SPREAD = 0.15
# A motif whose size was not asked for is at most this share of the tile's shorter side in radius.
_MOST_OF_SIDE = 0.35


@dataclass(frozen=True, slots=True)
class Request:
    """What the Loom is asked for. Color words are already out of the prompt; ``scale_mm`` is a motif's diameter."""

    prompt: str
    lattice: Lattice
    inks: int = 4
    seed: int = 0
    scale_mm: float | None = None
    px_per_mm: float = 0.8
    steps: int = DEFAULT_STEPS


@dataclass(frozen=True, slots=True)
class Woven:
    """What the Loom drew: only the inks that show, with their roles.

    ``unknown`` are words it does not know, each with the nearest it does; ``cell`` is the primitive cell that was
    paved, for a regular family; ``digest`` is that of the weights, ``machine`` says what computed them.
    """

    separation: Separation
    unknown: Mapping[str, list[str]]
    digest: str
    cell: Lattice | None
    findings: tuple[Finding, ...]
    machine: str


def weave(request: Request, *, folder: Path | None = None, progress: Callable[[int, int], None] | None = None) -> Woven:
    """Return what the Loom draws for a request, with the weights in ``folder`` (the shipped ones by default).

    The same request gives the same planes, alone or among others. Raises InputError if the prompt names nothing that
    the Loom can draw, LatticeError if no grid carries the tile, MissingPart if the weights are missing or altered.
    """
    if not 2 <= request.inks <= len(ROLES):
        raise InputError(f"the Loom draws 2 to {len(ROLES)} inks, not {request.inks}.")
    weights = loaded(folder)
    entry = _family(weights.vocabulary, request.prompt)
    placed, findings = _placed(request, entry)
    cell, grid = placed.cell, placed.grid
    task = Task(_condition(weights, request, placed.scale_px), cell, request.seed, Sampling(steps=request.steps))
    planes = draw(weights.network, task, progress=progress)
    clean = quantized(without_crumbs(planes.numpy(), cell))
    paved = cell.window(clean, top=0, left=0, height=grid.height, width=grid.width)
    unknown = weights.vocabulary.unknown(request.prompt)
    return Woven(
        _shown(paved, request.lattice),
        unknown,
        weights.digest,
        _in_mm(cell, grid, request.lattice) if cell != grid else None,
        findings
        + _empty_finding(planes)
        + tuple(_unknown_finding(weights.vocabulary, word, near) for word, near in unknown.items()),
        machine(),
    )


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
    lattice = request.lattice
    asked_px = lattice.width * lattice.height * request.px_per_mm**2
    px_per_mm = request.px_per_mm * min(1.0, math.sqrt(MOST_PX / asked_px))
    grid = lattice.grid_at(px_per_mm, stride=STRIDE)
    if min(grid.width, grid.height) < LEAST_SIDE_PX:
        least = LEAST_SIDE_PX / request.px_per_mm
        raise LatticeError(
            f"a tile of {lattice.width:g} x {lattice.height:g} mm is {grid.width} x {grid.height} px to the Loom, "
            f"which draws {LEAST_SIDE_PX} px a side or more; make the repeat at least {least:.0f} mm wide and high."
        )
    if px_per_mm == request.px_per_mm:
        return grid, ()
    return grid, (
        Finding(
            "note",
            "the tile is larger than the Loom draws at full detail, so its motifs are larger too",
            f"{px_per_mm:.2f} instead of {request.px_per_mm:g} px per mm",
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


def _direction(prompt: str) -> str:
    """Return "vertical", "horizontal", "diagonal" or "" as a prompt says."""
    return next((word for word in tokens(prompt) if word in ("vertical", "horizontal", "diagonal")), "")


def _family(vocabulary: Vocabulary, prompt: str) -> FamilyEntry:
    """Return the entry that decides the cell: the first family named; a regular one only where no other is named."""
    named = vocabulary.named(vocabulary.translated(prompt))
    if not named:
        near = [w for words in vocabulary.unknown(prompt).values() for w in words]
        hint = f"Nearest to what was said: {', '.join(dict.fromkeys(near))}. " if near else ""
        raise InputError(
            f"nothing in {prompt!r} names a motif that the Loom can draw. {hint}"
            f"It draws {', '.join(vocabulary.families)}."
        )
    free = [entry for entry in named.values() if not entry.cells]
    return (free or list(named.values()))[0]


def _placed(request: Request, entry: FamilyEntry) -> tuple[Paving, tuple[Finding, ...]]:
    """Return what is drawn and what it paves: a regular family's cell, any other's whole tile."""
    wish = _scale_mm(request, entry)
    if entry.cells:
        direction = _direction(request.prompt)
        found = paving(entry, request.lattice, scale_mm=wish, px_per_mm=request.px_per_mm, direction=direction)
        if found:
            return found, ()
    grid, findings = fitted_grid(request)
    px_per_mm = math.sqrt(grid.width * grid.height / (request.lattice.width * request.lattice.height))
    scale = wish * px_per_mm
    if request.scale_mm is None:
        scale = min(scale, _MOST_OF_SIDE * min(grid.width, grid.height))
    return Paving(grid, grid, scale), findings


def _scale_mm(request: Request, entry: FamilyEntry) -> float:
    """Return the motif's radius in mm: as asked, or the family's usual size as the words and the seed move it."""
    if request.scale_mm is not None:
        return request.scale_mm / 2
    said = tokens(request.prompt)
    factor = next((f for word, f in _SCALE_WORDS.items() if word in said), 1.0)
    spread = np.random.default_rng([request.seed, 1]).uniform(-_SCALE_SPREAD, _SCALE_SPREAD)
    return entry.scale_px * factor * (1 + spread) / request.px_per_mm


def _condition(weights: Weights, request: Request, scale_px: float) -> Condition:
    words = weights.vocabulary.translated(request.prompt)
    row = weights.vocabulary.encode(words, weights.network.shape.text_length)
    return Condition(torch.from_numpy(row)[None], torch.tensor([math.log2(scale_px)]), torch.tensor([request.inks]))


def _shown(planes: np.ndarray, lattice: Lattice) -> Separation:
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


def _in_mm(cell: Grid, grid: Grid, lattice: Lattice) -> Lattice:
    return Lattice(lattice.width * cell.width / grid.width, lattice.height * cell.height / grid.height)


def _empty_finding(planes: torch.Tensor) -> tuple[Finding, ...]:
    most = float(planes.mean(dim=(1, 2)).max())
    if most < EMPTY:
        return ()
    return (Finding("fault", "the tile came out all but empty", f"{most:.1%} one ink", "another seed draws another"),)


def _unknown_finding(vocabulary: Vocabulary, word: str, near: list[str]) -> Finding:
    meant = vocabulary.meaning(word)
    if meant:
        return Finding("note", f"the Loom does not know {word!r} and drew {meant[0]!r} instead")
    cure = f"try {' or '.join(near)}" if near else "see what it draws with `patterns presets list families`"
    return Finding("warning", f"the Loom does not know {word!r} and left it out", cure=cure)
