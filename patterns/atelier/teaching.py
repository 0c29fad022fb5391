"""A sitting of the Loom's training: samples from the corpus in, weights and contact sheets out."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from patterns import presets
from patterns.errors import CannotMake, InputError
from patterns.lattice import Lattice
from patterns.separation import ROLES

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
    """How long and how to train. A folder with a state is resumed; ``start`` is a folder of weights to begin from."""

    minutes: float = 120.0
    device: str = "cpu"
    workers: int = 1
    rate: float = 6e-4
    decay: float = 0.4
    seed: int = 1
    start: Path | None = None

    def __post_init__(self) -> None:
        if not 0 < self.minutes < 1e5:
            raise InputError(f"a sitting lasts more than 0 minutes, not {self.minutes:g}.")
        if not 1 <= self.workers <= 256:
            raise InputError(f"the corpus is drawn by 1 to 256 processes, not {self.workers}.")
        if not (0 < self.rate <= 0.1 and 0 <= self.decay <= 1):
            raise InputError("the learning rate lies between 0 and 0.1, and the decay is a share from 0 to 1.")


def train(folder: Path, sitting: Sitting, *, on_step: Callable[[Line], None], on_sheet: Callable[[Path], None]) -> Line:
    """Train in ``folder`` for a sitting and return where it got to; Ctrl-C keeps what was learned.

    The folder then holds weights/ to draw with, state.safetensors to resume, log.jsonl and contact sheets.
    Raises CannotMake if there is no such device.
    """
    from patterns.atelier.training import corpus_vocabulary, known_terms, stream
    from patterns.loom.train import Recipe, Trainer

    recipe = Recipe(minutes=sitting.minutes, rate=sitting.rate, decay=sitting.decay, seed=sitting.seed)
    resumed = (folder / "state.json").exists()
    vocabulary = corpus_vocabulary(known_terms(folder) if resumed else _terms_of(sitting.start))
    try:
        trainer = Trainer(folder, vocabulary, recipe, device=sitting.device)
    except (RuntimeError, AssertionError) as error:
        if sitting.device == "cpu":
            raise
        raise CannotMake(f"the device {sitting.device!r} cannot be used ({str(error).splitlines()[0]}).") from None
    if sitting.start is not None and not resumed:
        trainer.start_from(sitting.start)

    def sheet(_: Trainer) -> None:
        path = folder / f"sheet-{int(trainer.progress['steps']):07d}.png"
        contact_sheet(folder / "weights", path)
        on_sheet(path)

    # Each sitting sees drawings of its own: a resumed one must not repeat the first's.
    seed = sitting.seed + 1_000_003 * int(trainer.progress["steps"])
    trainer.run(
        stream(seed, workers=sitting.workers, aside=sitting.device != "cpu"), on_step=on_step, on_checkpoint=sheet
    )
    return dict(trainer.progress)


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
