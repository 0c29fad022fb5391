"""Training the Loom on the corpus: where the drawing room and the network meet."""

import json
import math
import multiprocessing as mp
import queue
from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from patterns.lattice import Grid
from patterns.loom.train import Sample
from patterns.loom.vocabulary import ALONE, FamilyEntry, Look, Portrait, Vocabulary
from patterns.reading import Reading, said

if TYPE_CHECKING:
    from patterns.motif.corpus import Drawing

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
    (Grid(192, 192, 96), 2.5),
    (Grid(192, 192), 1.5),
    (Grid(256, 256, 128), 1.2),
    (Grid(256, 256), 0.8),
)


# A small cell holds a hundredth of what a tile can teach, at half a tile's cost: most are shown paved to about one of
# these sides. A cell of a motif holds as much as its share of a tile, and is mostly shown alone, as it will be drawn.
_SIDES, _SMALL_PX, _ALONE, _MOTIF_ALONE = (96, 96, 128), 48 * 64, 0.25, 0.75


# What is shown: motifs alone, regular families and fields, and whole layouts.
_PORTRAITS, _FIELDS = 0.71, 0.25


@dataclass(frozen=True, slots=True)
class Shown:
    """A drawing as it is kept: planes (6, H, W) uint8 in 255ths on a grid, and all that can be said of it.

    A motif ``alone`` is always seen in the same place and from the same side, and so is what is ``still``: a regular
    family's smallest cell, which may begin anywhere.
    """

    planes: np.ndarray
    grid: Grid
    reading: Reading
    scale_px: float
    inks: int
    alone: bool = False
    still: bool = False

    def sample(self, rng: np.random.Generator) -> Sample:
        """Return it moved along its lattice, mirrored now and then, with some of what can be said of it."""
        grid, planes = self.grid, self.planes
        moves = not (self.alone or self.still)
        if moves:
            planes = grid.roll(planes, int(rng.integers(grid.height)), int(rng.integers(grid.width)))
        if moves and 2 * grid.drop % grid.height == 0 and 2 * grid.slide % grid.width == 0 and rng.random() < 0.5:
            planes = np.ascontiguousarray(planes[..., ::-1])
        terms = said(self.reading, rng).terms() + ((ALONE,) if self.alone else ())
        return Sample(planes, grid, terms, self.scale_px, self.inks, self.alone)


def shown(rng: np.random.Generator) -> Shown:
    """Return one drawing of the corpus: a motif alone, or one on a grid of ``GRIDS``, small cells mostly paved."""
    from patterns.motif import draw, portrait

    chance = rng.random()
    if chance < _PORTRAITS:
        return _kept(portrait(rng), alone=True)
    shares = np.array([share for _, share in GRIDS], dtype=float)
    grid = GRIDS[int(rng.choice(len(GRIDS), p=shares / shares.sum()))][0]
    drawing = draw(rng, grid, kinds=("field", "primitive") if chance < _PORTRAITS + _FIELDS else ("motif",))
    cell = drawing.grid
    alone = _ALONE if cell.width * cell.height < _SMALL_PX else _MOTIF_ALONE
    paved = cell if cell == grid or rng.random() < alone else _copies(cell, int(rng.choice(_SIDES)))
    return _kept(drawing, paved)


def _kept(drawing: "Drawing", paved: Grid | None = None, *, alone: bool = False) -> Shown:
    """Return a drawing as it is kept, its cell paved to a larger grid if one is given."""
    from patterns.motif import FAMILIES

    seen, grid = drawing.attributes, paved or drawing.grid
    planes = np.rint(drawing.planes * 255).astype(np.uint8)
    planes = drawing.grid.window(planes, top=0, left=0, height=grid.height, width=grid.width)
    still = FAMILIES[seen.family].kind == "primitive"
    return Shown(planes, grid, seen.reading(), seen.scale_px, seen.nominal_inks, alone, still)


def _copies(cell: Grid, side: int) -> Grid:
    """Return the grid of about as many whole cells as a side holds either way, the cell itself if that is one."""
    # After so many columns, or rows, a dropped or slid cell stands straight beside its first copy.
    across, down = cell.height // math.gcd(cell.drop, cell.height), cell.width // math.gcd(cell.slide, cell.width)
    columns, rows = side // cell.width // across * across, side // cell.height // down * down
    if not (columns and rows) and (cell.drop or cell.slide):
        return cell
    return Grid(max(1, columns) * cell.width, max(1, rows) * cell.height)


def stream(
    seed: int, *, workers: int = 1, aside: bool = False, keep: int = 20_000, stock: int = 2_000
) -> Generator[Sample, None, None]:
    """Yield samples without end, of fresh drawings or kept ones, each time somewhere else on their lattice.

    ``workers`` processes draw a first ``stock``. ``aside`` lets them go on and gives every fresh drawing they have,
    which suits a training on a GPU; else they end, and one sample in ``_PACE`` is drawn here, for a process beside
    threads that train costs them more than its own time. Up to ``keep`` are kept, about 80 KB each. Worker i is seeded
    by (seed, i).
    """
    context = mp.get_context("spawn")
    drawn = context.Queue(_WAITING)
    crew = [context.Process(target=_draw_without_end, args=(drawn, seed, i), daemon=True) for i in range(workers)]
    for worker in crew:
        worker.start()
    rng = np.random.default_rng([seed, workers])
    kept: list[Shown] = []
    try:
        while len(kept) < min(stock, keep):
            kept.append(_next(drawn, crew))
        if not aside:
            _end(crew)
        while True:
            fresh = _ready(drawn) if aside else shown(rng) if rng.random() < 1 / _PACE else None
            if fresh is not None:
                if len(kept) < keep:
                    kept.append(fresh)
                else:
                    kept[int(rng.integers(keep))] = fresh
            yield (fresh or kept[int(rng.integers(len(kept)))]).sample(rng)
    finally:
        _end(crew)


def _end(crew: Sequence[BaseProcess]) -> None:
    for worker in crew:
        worker.terminate()


# Samples that wait to be taken; of how many samples one is drawn afresh after the first stock.
_WAITING, _PACE = 192, 6


def _next(drawn: "mp.Queue[Shown]", crew: Sequence[BaseProcess]) -> Shown:
    """Wait for a fresh drawing."""
    while True:
        try:
            return drawn.get(timeout=5)
        except queue.Empty:
            if not all(worker.is_alive() for worker in crew):
                raise RuntimeError("a process that draws the corpus has died") from None


def _ready(drawn: "mp.Queue[Shown]") -> Shown | None:
    """Return a fresh drawing, None if there is none now."""
    try:
        return drawn.get_nowait()
    except queue.Empty:
        return None


def _draw_without_end(drawn: "mp.Queue[Shown]", seed: int, number: int) -> None:
    import os
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(10)
    rng = np.random.default_rng([seed, number])
    master = mp.parent_process()
    while master is None or master.is_alive():
        _put(drawn, shown(rng), master)


def _put(drawn: "mp.Queue[Shown]", one: Shown, master: BaseProcess | None) -> None:
    """Hand a drawing over as soon as there is room, unless nobody is left to take it."""
    while master is None or master.is_alive():
        try:
            drawn.put(one, timeout=5)
            return
        except queue.Full:
            continue


def corpus_vocabulary(known: tuple[str, ...] = ()) -> Vocabulary:
    """Return the vocabulary of the families that are taught, from a few drawings of each.

    The terms of ``known`` keep their rows, also those that no drawing shows any more; new ones follow.
    """
    from patterns.motif import FAMILIES, PORTRAIT, PORTRAIT_RADIUS, draw

    rng = np.random.default_rng(0)
    families: dict[str, FamilyEntry] = {}
    terms: set[str] = {ALONE}
    for name in (name for name, family in FAMILIES.items() if family.weight):
        drawings = [draw(rng, Grid(128, 128, 64 * (k % 2)), family=name) for k in range(_LOOKS)]
        families[name] = _entry(drawings)
        for drawing in drawings:
            terms.update(drawing.attributes.reading().terms())
        looks = _looks(name) if FAMILIES[name].kind == "motif" else ()
        terms.update(term for look in looks for term in look.terms)
        families[name] = replace(families[name], looks=looks)
    return Vocabulary(
        known + tuple(sorted(terms - set(known))),
        families,
        Portrait(PORTRAIT.width, PORTRAIT_RADIUS),
    )


# Drawings of each family from which its terms, sizes and cells are taken, and of a motif alone its looks.
_LOOKS, _PORTRAYED = 48, 256


def _looks(family: str) -> tuple[Look, ...]:
    """Return what drawings of a motif alone show.

    Those that lack some of their inks are left out, unless they show what no other drawing does: whoever asks for four
    inks wants to see four.
    """
    from patterns.motif import portrait

    rng = np.random.default_rng(list(family.encode()))
    whole: list[Look] = []
    lacking: list[Look] = []
    for _ in range(_PORTRAYED):
        seen = portrait(rng, family=family).attributes
        hero = seen.reading().subjects[0]
        terms = (*(f"part {part}" for part in hero.parts), *hero.choices())
        (whole if seen.inks == seen.nominal_inks else lacking).append(Look(seen.nominal_inks, seen.outlined, terms))
    known = {term for look in whole for term in look.terms}
    return (*whole, *(look for look in lacking if not known.issuperset(look.terms)))


def _entry(drawings: "list[Drawing]") -> FamilyEntry:
    """Return a family's usual size, and its cells if it is drawn on cells that fill nothing but themselves."""
    from patterns.motif import FAMILIES

    sizes = [d.attributes.scale_px for d in drawings]
    scale = round(float(np.exp(np.mean(np.log(sizes)))), 2)
    family = FAMILIES[drawings[0].attributes.family]
    cells = {(round(d.attributes.scale_px, 2), d.grid.width, d.grid.height) for d in drawings}
    regular = family.kind == "primitive"
    oblong = [d for d in drawings if d.grid.width != d.grid.height]
    straight = regular and bool(oblong) and all(_straight(d) for d in oblong)
    return FamilyEntry(
        scale,
        tuple(sorted(cells)) if regular else (),
        family.kind == "motif",
        family.directed,
        straight,
        family.formal,
    )


def _straight(drawing: "Drawing") -> bool:
    """Return whether a drawing's pixels are all alike along the shorter side of its cell."""
    planes, grid = drawing.planes, drawing.grid
    first = planes[:, :1] if grid.width > grid.height else planes[:, :, :1]
    return bool(np.abs(planes - first).max() < 1e-3)


def known_terms(folder: Path) -> tuple[str, ...]:
    """Return the terms of the weights in a training's folder, in their order; none if it is new."""
    listing = folder / "weights" / "vocabulary.json"
    return tuple(json.loads(listing.read_text())["terms"]) if listing.exists() else ()
