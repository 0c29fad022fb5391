"""Training the Loom on the corpus: where the drawing room and the network meet."""

import json
import multiprocessing as mp
import queue
from collections.abc import Generator, Sequence
from dataclasses import replace
from multiprocessing.process import BaseProcess
from pathlib import Path

import numpy as np

from patterns.lattice import Grid
from patterns.loom.train import Sample
from patterns.loom.vocabulary import FamilyEntry, Vocabulary

# Grids that drawings are made on, with their shares: every kind of repeat, mostly small enough to learn fast from.
GRIDS = (
    (Grid(96, 96), 18),
    (Grid(96, 96, 48), 20),
    (Grid(96, 96, 0, 48), 8),
    (Grid(96, 96, 32), 4),
    (Grid(128, 128), 13),
    (Grid(128, 128, 64), 14),
    (Grid(128, 128, 32), 4),
    (Grid(128, 96), 4),
    (Grid(96, 128, 64), 4),
    (Grid(192, 192, 96), 5),
    (Grid(192, 192), 3),
    (Grid(256, 256, 128), 3),
    (Grid(256, 256), 2),
)


# A cell of a regular family holds a hundredth of what a tile can teach, at half a tile's cost: most are shown paved to
# about one of these sides. This share is shown alone, as it will be drawn.
_SIDES, _ALONE = (96, 96, 128), 0.25


def sample(rng: np.random.Generator) -> Sample:
    """Return one captioned drawing of the corpus on a grid drawn from ``GRIDS``, a regular family's mostly paved."""
    from patterns.motif import draw
    from patterns.motif.caption import caption

    shares = np.array([share for _, share in GRIDS], dtype=float)
    grid = GRIDS[int(rng.choice(len(GRIDS), p=shares / shares.sum()))][0]
    drawing = draw(rng, grid)
    seen = drawing.attributes
    planes = np.rint(drawing.planes * 255).astype(np.uint8)
    cell = drawing.grid
    shown = cell if cell == grid or rng.random() < _ALONE else _copies(cell, int(rng.choice(_SIDES)))
    planes = cell.window(planes, top=0, left=0, height=shown.height, width=shown.width)
    return Sample(planes, shown, caption(seen, rng), seen.scale_px, seen.nominal_inks)


def _copies(cell: Grid, side: int) -> Grid:
    """Return the grid of as many whole cells as a side holds, at least one, either way."""
    return Grid(max(1, side // cell.width) * cell.width, max(1, side // cell.height) * cell.height)


def stream(seed: int, *, workers: int = 1, aside: bool = False, keep: int = 20_000) -> Generator[Sample, None, None]:
    """Yield samples without end, fresh or kept and rolled: each is shown again somewhere else on its lattice.

    ``workers`` processes draw a first stock. ``aside`` lets them go on and gives every fresh drawing they have, which
    suits a training on a GPU; else they end, and one sample in ``_PACE`` is drawn here, for a process beside two
    threads that train costs them more than its own time. Up to ``keep`` are kept, about 80 KB each. Worker i is seeded
    by (seed, i).
    """
    context = mp.get_context("spawn")
    drawn = context.Queue(_WAITING)
    crew = [context.Process(target=_draw_without_end, args=(drawn, seed, i), daemon=True) for i in range(workers)]
    for worker in crew:
        worker.start()
    rng = np.random.default_rng([seed, workers])
    kept: list[Sample] = []
    try:
        while len(kept) < min(_STOCK, keep):
            kept.append(_next(drawn, crew))
        if not aside:
            _end(crew)
        while True:
            fresh = _ready(drawn) if aside else sample(rng) if rng.random() < 1 / _PACE else None
            if fresh is None:
                yield rolled(kept[int(rng.integers(len(kept)))], rng)
                continue
            if len(kept) < keep:
                kept.append(fresh)
            else:
                kept[int(rng.integers(keep))] = fresh
            yield fresh
    finally:
        _end(crew)


def _end(crew: Sequence[BaseProcess]) -> None:
    for worker in crew:
        worker.terminate()


def rolled(drawn: Sample, rng: np.random.Generator) -> Sample:
    """Return the same drawing moved along its lattice by whole pixels."""
    grid = drawn.grid
    planes = grid.roll(drawn.planes, int(rng.integers(grid.height)), int(rng.integers(grid.width)))
    return replace(drawn, planes=planes)


# Samples that wait to be taken; the stock drawn before training; of how many samples one is then drawn afresh.
_WAITING, _STOCK, _PACE = 192, 2_000, 6


def _next(drawn: "mp.Queue[Sample]", crew: Sequence[BaseProcess]) -> Sample:
    """Wait for a fresh sample."""
    while True:
        try:
            return drawn.get(timeout=5)
        except queue.Empty:
            if not all(worker.is_alive() for worker in crew):
                raise RuntimeError("a process that draws the corpus has died") from None


def _ready(drawn: "mp.Queue[Sample]") -> Sample | None:
    """Return a fresh sample, None if there is none now."""
    try:
        return drawn.get_nowait()
    except queue.Empty:
        return None


def _draw_without_end(drawn: "mp.Queue[Sample]", seed: int, number: int) -> None:
    import os
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(10)
    rng = np.random.default_rng([seed, number])
    master = mp.parent_process()
    while master is None or master.is_alive():
        _put(drawn, sample(rng), master)


def _put(drawn: "mp.Queue[Sample]", one: Sample, master: BaseProcess | None) -> None:
    """Hand a sample over as soon as there is room, unless nobody is left to take it."""
    while master is None or master.is_alive():
        try:
            drawn.put(one, timeout=5)
            return
        except queue.Full:
            continue


def corpus_vocabulary(known: tuple[str, ...] = ()) -> Vocabulary:
    """Return the vocabulary of the families that are taught; the words of ``known`` keep their numbers.

    A word of ``known`` that no caption holds any more leaves its row empty; new words follow.
    """
    from patterns.motif import FAMILIES
    from patterns.motif.caption import meanings, vocabulary

    taught = tuple(name for name, family in FAMILIES.items() if family.weight)
    now = vocabulary(taught)
    words = tuple(w if w in now else "" for w in known) + tuple(w for w in now if w not in known)
    return Vocabulary(words, {name: _entry(name) for name in taught}, meanings())


def _entry(name: str) -> FamilyEntry:
    """Return a family's names, and the usual size of its motif and its cells, from a few of its drawings."""
    from patterns.motif import FAMILIES, draw
    from patterns.motif.caption import nouns
    from patterns.words import tokens

    rng = np.random.default_rng(0)
    regular = FAMILIES[name].kind == "primitive"
    seen = [draw(rng, Grid(128, 128), family=name) for _ in range(40 if regular else 8)]
    cells = {(round(d.attributes.scale_px, 2), d.grid.width, d.grid.height) for d in seen}
    names = {" ".join(tokens(noun)) for noun in (name, *nouns(name))}
    scale = float(np.exp(np.mean([np.log(d.attributes.scale_px) for d in seen])))
    return FamilyEntry(tuple(sorted(names)), scale, tuple(sorted(cells)) if regular else ())


def known_words(folder: Path) -> tuple[str, ...]:
    """Return the words of the weights in a training's folder, in their order; none if it is new."""
    listing = folder / "weights" / "vocabulary.json"
    return tuple(json.loads(listing.read_text())["words"]) if listing.exists() else ()
