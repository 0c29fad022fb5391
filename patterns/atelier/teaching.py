"""A sitting of the Loom's training: samples from the corpus in, weights and contact sheets out."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from patterns import presets
from patterns.errors import CannotMake, InputError
from patterns.lattice import Lattice
from patterns.separation import ROLES

if TYPE_CHECKING:
    from patterns.loom.table import Table
    from patterns.loom.train import Sample, Trainer
    from patterns.loom.vocabulary import Vocabulary

# What a contact sheet shows: motifs, regular families and repeats, always the same, so that sheets can be compared.
SHEET = (
    ("block-print peonies", "half-drop", "indigo-house"),
    ("roses with leaves and stems", "half-drop", "english-garden"),
    ("small daisies, dense", "straight", "citrus-grove"),
    ("tulips in a row", "brick", "scandinavian-red"),
    ("leaf sprigs, linocut", "half-drop", "sage-linen"),
    ("cherry blossom", "straight", "blush-charcoal"),
    ("vertical stripes", "straight", "delft-tile"),
    ("scallops", "half-drop", "sea-glass"),
    ("chevron", "straight", "mustard-teal"),
    ("trellis", "straight", "natural-dye"),
    ("polka dots", "half-drop", "nursery-pastel"),
    ("gingham check", "straight", "madder-root"),
)
_SHEET_MM, _SHEET_STEPS, _SHEET_COLUMNS, _GAP_PX = 240.0, 16, 4, 8

Line = dict[str, float]


@dataclass(frozen=True, slots=True)
class Sitting:
    """How long and how to train. A folder with a state is resumed; ``start`` is a folder of weights to begin from.

    Training begins when a ``stock`` of so many drawings is there.
    """

    minutes: float = 120.0
    device: str = "cpu"
    workers: int = 1
    rate: float = 6e-4
    decay: float = 0.4
    seed: int = 1
    start: Path | None = None
    processes: int = 1
    stock: int = 2_000

    def __post_init__(self) -> None:
        if not 0 < self.minutes < 1e5:
            raise InputError(f"a sitting lasts more than 0 minutes, not {self.minutes:g}.")
        if not 1 <= self.workers <= 256:
            raise InputError(f"the corpus is drawn by 1 to 256 processes, not {self.workers}.")
        if not 1 <= self.processes <= 64:
            raise InputError(f"1 to 64 processes can train together, not {self.processes}.")
        if self.processes > 1 and self.device != "cpu":
            raise InputError("processes train together on a CPU only: ask for one of them, or for the device cpu.")
        if not (0 < self.rate <= 0.1 and 0 <= self.decay <= 1):
            raise InputError("the learning rate lies between 0 and 0.1, and the decay is a share from 0 to 1.")


def train(folder: Path, sitting: Sitting, *, on_step: Callable[[Line], None], on_sheet: Callable[[Path], None]) -> Line:
    """Train in ``folder`` for a sitting and return where it got to; Ctrl-C keeps what was learned.

    The folder then holds weights/ to draw with, state.safetensors to resume, log.jsonl and contact sheets.
    Raises CannotMake if there is no such device, or if a process that trains beside this one dies.
    """
    from multiprocessing import get_context
    from threading import BrokenBarrierError

    from patterns.atelier.training import corpus_vocabulary, known_terms
    from patterns.loom.table import Table, shared_threads

    resumed = (folder / "state.json").exists()
    vocabulary = corpus_vocabulary(known_terms(folder) if resumed else _terms_of(sitting.start))
    trainer = _trainer(folder, sitting, vocabulary)

    def sheet(_: "Trainer") -> None:
        path = folder / f"sheet-{int(trainer.progress['steps']):07d}.png"
        contact_sheet(folder / "weights", path)
        on_sheet(path)

    samples = _samples(trainer, sitting)
    if sitting.processes == 1:
        trainer.run(samples, on_step=on_step, on_checkpoint=sheet)
        return dict(trainer.progress)
    context = get_context("spawn")
    table = Table.of(sitting.processes, trainer.network, context)
    # They read the state that this process began with, which it has not yet written over.
    others = [
        context.Process(target=_follow, args=((folder, sitting, vocabulary), table, number))
        for number in range(1, sitting.processes)
    ]
    shared_threads(sitting.processes)
    for other in others:
        other.start()
    try:
        trainer.run(samples, on_step=on_step, on_checkpoint=sheet, table=table)
    except BrokenBarrierError:
        raise CannotMake("a process that trained beside this one has died; what was learned is kept.") from None
    finally:
        for other in others:
            other.terminate()
    return dict(trainer.progress)


def _trainer(folder: Path, sitting: Sitting, vocabulary: "Vocabulary") -> "Trainer":
    """Return the trainer of a sitting, resumed or with the weights to begin from."""
    from patterns.loom.train import Recipe, Trainer

    recipe = Recipe(minutes=sitting.minutes, rate=sitting.rate, decay=sitting.decay, seed=sitting.seed)
    try:
        trainer = Trainer(folder, vocabulary, recipe, device=sitting.device)
    except (RuntimeError, AssertionError) as error:
        if sitting.device == "cpu":
            raise
        raise CannotMake(f"the device {sitting.device!r} cannot be used ({str(error).splitlines()[0]}).") from None
    if sitting.start is not None and not trainer.resumed:
        trainer.start_from(sitting.start)
    return trainer


def _samples(trainer: "Trainer", sitting: Sitting, number: int = 0) -> "Iterator[Sample]":
    """Return the drawings that process ``number`` of a sitting learns from."""
    from patterns.atelier.training import stream

    seed = trainer.drawings + 17 * number
    return stream(seed, workers=sitting.workers, aside=sitting.device != "cpu", stock=sitting.stock)


def _follow(begun: "tuple[Path, Sitting, Vocabulary]", table: "Table", number: int) -> None:
    """Train beside the process that leads, and end with it."""
    import signal
    from threading import BrokenBarrierError

    from patterns.loom.table import shared_threads

    folder, sitting, vocabulary = begun
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    shared_threads(sitting.processes)
    trainer = _trainer(folder, replace(sitting, seed=sitting.seed + number), vocabulary)
    try:
        trainer.follow(_samples(trainer, sitting, number), table, number)
    except BrokenBarrierError:
        # The leader ended without a word, or was killed.
        return
    except BaseException:
        table.leave()
        raise


def contact_sheet(weights: Path, path: Path) -> None:
    """Write a PNG of what the weights draw for the prompts of ``SHEET``."""
    from PIL import Image

    from patterns.loom.weave import loaded

    # The folder's weights have changed since the last sheet.
    loaded.cache_clear()
    tiles = [_drawn(weights, *row) for row in SHEET]
    side = max(max(tile.shape[:2]) for tile in tiles)
    rows = math.ceil(len(tiles) / _SHEET_COLUMNS)
    sheet = np.full((rows * (side + _GAP_PX), _SHEET_COLUMNS * (side + _GAP_PX), 3), 255, np.uint8)
    for i, tile in enumerate(tiles):
        top, left = (i // _SHEET_COLUMNS) * (side + _GAP_PX), (i % _SHEET_COLUMNS) * (side + _GAP_PX)
        sheet[top : top + tile.shape[0], left : left + tile.shape[1]] = tile
    fresh = path.with_name(f".{path.name}.part")
    Image.fromarray(sheet).save(fresh, "PNG")
    fresh.replace(path)


def _drawn(weights: Path, prompt: str, repeat: str, palette: str) -> np.ndarray:
    """Return (H, W, 3) uint8 of one prompt's tile; white where the weights do not know what was asked."""
    from patterns.atelier.arranging import Setter
    from patterns.color import linear_to_srgb
    from patterns.loom.weave import Request, weave

    lattice = Lattice.named(repeat, _SHEET_MM)
    try:
        request = Request(prompt, lattice, inks=4, seed=7, steps=_SHEET_STEPS)
        separation = weave(request, folder=weights, arranger=Setter()).separation
    except InputError:
        return np.full((64, 64, 3), 255, np.uint8)
    inks = presets.palette(palette).linear_rgb()[[ROLES.index(role) for role in separation.roles]]
    return np.rint(np.clip(linear_to_srgb(separation.render(inks)), 0, 1) * 255).astype(np.uint8)


def _terms_of(weights: Path | None) -> tuple[str, ...]:
    """Return the terms of a folder of weights in their order, so that they keep their rows of the table."""
    if weights is None:
        return ()
    from patterns.loom.weights import load

    return load(weights).vocabulary.terms
