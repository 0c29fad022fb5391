"""What the Loom's judge needs of the corpus: drawings to learn from, and asks that a real drawing answers as well.

The judge learns from seeds that neither the Loom's training nor an evaluation uses. It is trained when first wanted,
and kept in the user's cache folder under a digest of everything that it depends on.
"""

import hashlib
import math
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from patterns.atelier.arranging import Setter
from patterns.atelier.harming import harmed, torn
from patterns.lattice import NAMED_REPEATS, Grid, Lattice
from patterns.loom.judge import Drawn, Example, Judge, Labels, Names, Recipe, load, save, shown, strongest, train
from patterns.reading import GROUNDS, Reading, Subject, wording
from patterns.separation import ROLES, Separation

if TYPE_CHECKING:
    from patterns.loom.sampling import Sampling
    from patterns.loom.weights import Weights
    from patterns.motif.corpus import Drawing

# Seeds of the judges' drawings, in hands, of motifs alone, on grounds; of the asks, and of the second set of real
# drawings. The Loom's training counts up from 1 in steps of a million; these lie between.
JUDGE_SEED, HAND_SEED, MOTIF_SEED, GROUND_SEED = 500_007, 500_009, 500_011, 500_013
ASK_SEED, REAL_SEED = 700_001, 700_003
# Grids that the judge and the asks are drawn on: one of each repeat, in turn.
_REPEAT_MM, _PX_PER_MM = 120.0, 0.8
GRIDS = tuple(Lattice.named(name, _REPEAT_MM).grid_at(_PX_PER_MM, stride=16) for name in NAMED_REPEATS)
# What is made of motifs is delivered with twice the pixels per mm or more, and judged so: with a radius of 10 px a rose
# is a blot to anybody. Sizes and scales are in px of the Loom's grid throughout.
MOTIF_DETAIL = 2
# Two families whose sizes differ by less than this, as a logarithm, stand beside each other as equals.
_EQUAL = 0.05
# An asked size is at least this far from the bounds of its word, as a logarithm, so that a hair does not decide.
_CLEAR = 0.12
_TRIES = 40
# A judge's word for what is no drawing at all, and of how many lessons one shows such a thing.
NOTHING, _HARMED = "", 3
# A label that no judge knows: nothing is learned from it.
UNASKED = "?"
# What decides what a judge learns, beside the corpus.
_SOURCES = ("loom/judge.py", "atelier/judging.py", "atelier/harming.py")
# How far an outline wavers at most in a lesson, in px.
_WAVER_PX = 1.5
# A hand is judged on this much of a print, in px at the resolution that hands are kept at.
_HAND_PX, _HAND_GRID, _HAND_DETAIL = 128, Grid(64, 64), 4
# A motif on a ground is at least of so many inks, for the ground is in one of its own, and has a radius between these
# in px, on this tile.
_INKS_ON_GROUND, _ON_GROUND_PX, GROUND_GRID = 3, (16.0, 30.0), Grid(96, 96).scaled(MOTIF_DETAIL)
# Of a print so many pieces are looked at, none that is all but one ink.
_PIECES, _BARE = 4, 0.92


@dataclass(frozen=True, slots=True)
class Study:
    """What a judge learns from: families, so many drawings of each, and how long. Its digest names its weights."""

    families: tuple[str, ...]
    drawings: int = 150
    recipe: Recipe = field(default_factory=Recipe)


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked of the Loom, in words and numbers, and planes (6, H, W) of a real drawing that is an answer.

    ``detail`` is how many pixels of ``grid`` are one of the Loom's, in which ``labels`` count.
    """

    prompt: str
    grid: Grid
    labels: Labels
    planes: np.ndarray
    detail: int = 1


def judge_of(study: Study, *, told: Callable[[str], None] = lambda _: None) -> Judge:
    """Return the judge of a study: from the user's cache folder, else trained now and kept there."""
    return _kept("judge", study, names_of(study.families), lessons(study), told)


def hand_judge_of(
    study: Study, hands: tuple[str, ...], *, told: Callable[[str], None] = lambda _: None
) -> Judge:  # fmt: skip
    """Return the judge of hands, likewise; ``study.drawings`` are then drawings of each hand."""
    return _kept("hands", study, Names(hands), hand_lessons(study, hands), told)


def motif_judge_of(study: Study, *, told: Callable[[str], None] = lambda _: None) -> Judge:
    """Return the judge of motifs alone, likewise."""
    return _kept("motifs", study, Names((*study.families, NOTHING)), motif_lessons(study), told)


def ground_judge_of(study: Study, *, told: Callable[[str], None] = lambda _: None) -> Judge:
    """Return the judge of what lies beneath motifs, likewise: in whole drawings of the corpus too little does."""
    return _kept("grounds", study, Names((NOTHING,), grounds=("", *GROUNDS)), ground_lessons(study), told)


def _kept(
    kind: str, study: Study, names: Names, learned_from: Iterator[Example], told: Callable[[str], None]
) -> Judge:  # fmt: skip
    path = cache_folder() / f"{kind}-{_digest(study, names)}.safetensors"
    if path.is_file():
        return load(path)
    told(f"training a judge ({kind}) on {study.drawings} drawings of each, {study.recipe.steps} steps")
    judge = train(learned_from, names, study.recipe)
    save(judge, path)
    return judge


def cache_folder() -> Path:
    """Return the user's cache folder for this project, which need not exist."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home())) / "patterns" / "cache"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "patterns"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "patterns"


def corpus_digest() -> str:
    """Return 16 hex digits of all source that decides what the corpus draws and hands do to it."""
    package = Path(__file__).resolve().parents[1]
    rooms = [package / room for room in ("motif", "hand")]
    files = sorted(p for room in rooms for p in room.rglob("*") if p.suffix in (".py", ".toml"))
    total = hashlib.sha256()
    for path in files:
        total.update(f"{path.relative_to(package).as_posix()}\n".encode() + path.read_bytes())
    return total.hexdigest()[:16]


def _digest(study: Study, names: Names) -> str:
    package = Path(__file__).resolve().parents[1]
    source = b"".join((package / name).read_bytes() for name in _SOURCES)
    named = repr((corpus_digest(), study, names)).encode()
    return hashlib.sha256(source + named).hexdigest()[:16]


def names_of(families: tuple[str, ...]) -> Names:
    """Return what a judge of these families can answer: "" is none of them; motifs are second families too."""
    return Names((*families, NOTHING), ("", *motifs_of(families)), ("", *GROUNDS))


def motifs_of(families: Iterable[str]) -> tuple[str, ...]:
    """Return those of some families that are drawn as motifs."""
    from patterns.motif import FAMILIES

    return tuple(name for name in families if FAMILIES[name].kind == "motif")


def lessons(study: Study, *, seed: int = JUDGE_SEED) -> Iterator[Example]:
    """Yield the drawings a judge learns from, with their labels; what is drawn by hand wavers a little."""
    from patterns.motif import FAMILIES

    for number, family in enumerate(study.families):
        rng = np.random.default_rng([seed, number])
        steady = FAMILIES[family].kind == "primitive"
        for i in range(study.drawings):
            drawing = drawn(rng, family, i)
            planes, grid = shown(drawing.planes, drawing.grid)
            seen = planes if steady else torn(planes, grid, rng, float(rng.uniform(0, _WAVER_PX)))
            yield seen, grid, labels_of(drawing)
            if i % _HARMED == 0:
                yield harmed(planes, grid, rng), grid, harm_of(drawing)


def hand_lessons(study: Study, hands: tuple[str, ...]) -> Iterator[Example]:
    """Yield pieces of drawings in every hand, at the resolution of the cut, the hand in place of the family."""
    for number, hand in enumerate(hands):
        rng = np.random.default_rng([HAND_SEED, number])
        for i in range(study.drawings):
            family = study.families[i % len(study.families)]
            drawing = drawn(rng, family, i, grid=_HAND_GRID)
            seed = int(rng.integers(2**31))
            for planes, grid in in_hand(drawing.planes, drawing.grid, hand, seed=seed, detail=detail_of(family)):
                yield planes, grid, Labels(hand)


def motif_lessons(study: Study, *, seed: int = MOTIF_SEED) -> Iterator[Example]:
    """Yield motifs alone, their outlines wavering a little: a rose drawn with an unsteady hand is a rose."""
    from patterns.motif import PORTRAIT

    for number, family in enumerate(study.families):
        rng = np.random.default_rng([seed, number])
        for i in range(study.drawings):
            planes, labels = motif(rng, family)
            yield torn(planes, PORTRAIT, rng, float(rng.uniform(0, _WAVER_PX))), PORTRAIT, labels
            if i % _HARMED == 0:
                yield harmed(planes, PORTRAIT, rng), PORTRAIT, replace(labels, family=NOTHING)


def ground_lessons(study: Study, *, seed: int = GROUND_SEED) -> Iterator[Example]:
    """Yield motifs of the corpus set on every ground and on none."""
    for number, family in enumerate(study.families):
        rng = np.random.default_rng([seed, number])
        for i in range(study.drawings):
            # Families begin at different grounds, so that all are seen equally often.
            ground = ("", *GROUNDS)[(i + number) % (1 + len(GROUNDS))]
            yield on_ground(rng, family, ground)


def on_ground(rng: np.random.Generator, family: str, ground: str) -> Example:
    """Return a tile on which a motif of the corpus is set over one of ``GROUNDS``, or over none, and its ground."""
    from patterns.loom.arranging import Plan
    from patterns.motif import portrait

    one = portrait(rng, family=family)
    while one.attributes.inks < _INKS_ON_GROUND:
        one = portrait(rng, family=family)
    layout, density = str(rng.choice(("tossed", "one-way", "set"))), str(rng.choice(("sparse", "medium", "dense")))
    radius = float(rng.uniform(*_ON_GROUND_PX)) * MOTIF_DETAIL
    plan = Plan(layout, density, radius, one.attributes.inks, (one.planes,), ground=ground)
    planes, _ = Setter().arrange(rng, GROUND_GRID, plan)
    return *shown(planes, GROUND_GRID), Labels(NOTHING, UNASKED, ground, one.attributes.inks, radius)


def motif(rng: np.random.Generator, family: str) -> tuple[np.ndarray, Labels]:
    """Return a motif of the corpus alone, of its strongest inks (6, h, w) uint8 in 255ths, and what it shows."""
    from patterns.motif import portrait

    drawing = portrait(rng, family=family)
    return strongest(drawing.planes), labels_of(drawing)


def drawn(rng: np.random.Generator, family: str, number: int = 0, *, grid: Grid | None = None) -> "Drawing":
    """Return a drawing of the corpus of a family, on one grid of ``GRIDS`` after another, in the family's detail."""
    from patterns.motif import draw

    return draw(rng, grid or GRIDS[number % len(GRIDS)], family=family, detail=detail_of(family))


def detail_of(family: str) -> int:
    """Return how many pixels of the grid that a family is judged on are one of the Loom's, each way."""
    from patterns.motif import FAMILIES

    return MOTIF_DETAIL if FAMILIES[family].kind == "motif" else 1


def labels_of(drawing: "Drawing") -> Labels:
    """Return what a drawing shows. Of two families of one size neither is the first: they are in the order of names."""
    seen = drawing.attributes
    first, second = seen.family, seen.second
    if second and abs(math.log(seen.second_scale_px / seen.scale_px)) < _EQUAL:
        first, second = sorted((first, second))
    return Labels(first, second, seen.ground, seen.inks, seen.scale_px)


def harm_of(drawing: "Drawing") -> Labels:
    """Return what is left to see in a drawing that was harmed: its inks, and no family."""
    return replace(labels_of(drawing), family=NOTHING, second=UNASKED, ground=UNASKED)


def in_hand(planes: np.ndarray, grid: Grid, hand: str, *, seed: int, detail: int = 1) -> list[Drawn]:
    """Return pieces of planes (6, H, W) in a ``detail`` with a hand put on, uint8 in 255ths at the hand's resolution.

    At most four that show more than bare ground, at least one. A piece has joints that are none of the hand's, on
    every hand alike.
    """
    from patterns.atelier.handing import by_hand

    used = [k for k in range(len(planes)) if k == 0 or planes[k].max() > 0]
    used = used if len(used) > 1 else [0, 1]
    lattice = Lattice(grid.width / detail / _PX_PER_MM, grid.height / detail / _PX_PER_MM)
    straight = Grid(grid.width, grid.height)
    values = planes[used].astype(np.float32)
    clean = Separation(values / values.sum(axis=0), lattice, tuple(ROLES[k] for k in used))
    made = _enlarged(clean, _HAND_DETAIL // detail) if hand == "clean" else by_hand(clean, hand, seed=seed).planes
    fine, whole = straight.scaled(made.shape[2] // grid.width), np.zeros((len(ROLES), *made.shape[1:]), np.uint8)
    whole[used] = np.rint(made * 255).astype(np.uint8)
    corners = [(y, x) for y in range(0, fine.height, _HAND_PX) for x in range(0, fine.width, _HAND_PX)]
    pieces = [fine.window(whole, top=y, left=x, height=_HAND_PX, width=_HAND_PX) for y, x in corners]
    pieces.sort(key=lambda piece: piece.mean(axis=(1, 2)).max())
    full = [p for p in pieces[:_PIECES] if p.mean(axis=(1, 2)).max() < _BARE * 255]
    return [(piece, Grid(_HAND_PX, _HAND_PX)) for piece in full or pieces[:1]]


def _enlarged(clean: Separation, times: int) -> np.ndarray:
    """Return planes (K, times H, times W) float32 of the strongest inks, as fine as a hand's."""
    from patterns.enlarge import enlarged_indices

    indices = enlarged_indices(clean.planes, clean.grid, clean.grid.scaled(times))
    return (indices == np.arange(len(clean.roles))[:, None, None]).astype(np.float32)


def asks(family: str, count: int, *, seed: int = ASK_SEED) -> Iterator[Ask]:
    """Yield asks for a family alone: fresh drawings' own attributes, in one of many wordings, all of them said."""
    from patterns.motif.attributes import FIELD_BOUNDS, MOTIF_BOUNDS
    from patterns.motif.family import FAMILIES

    bounds = MOTIF_BOUNDS if FAMILIES[family].kind == "motif" else FIELD_BOUNDS
    rng = np.random.default_rng([seed, *family.encode()])
    for number in range(count):
        drawing = _clear(rng, family, number, bounds)
        prompt = wording(drawing.attributes.reading(), rng)
        yield asked(drawing, prompt)


def asked(drawing: "Drawing", prompt: str) -> Ask:
    """Return the ask that a drawing in its family's detail answers."""
    labels, detail = labels_of(drawing), detail_of(drawing.attributes.family)
    return Ask(prompt, drawing.grid, labels, drawing.planes, detail)


def _clear(rng: np.random.Generator, family: str, number: int, bounds: tuple[float, float]) -> "Drawing":
    """Return a drawing of one family that shows all inks it was planned with and is not between two words of size."""
    drawing = drawn(rng, family, number)
    for _ in range(_TRIES):
        seen = drawing.attributes
        apart = min(abs(float(np.log(seen.scale_px / bound))) for bound in bounds)
        if seen.inks == seen.nominal_inks and apart > _CLEAR and not seen.second:
            break
        drawing = drawn(rng, family, number)
    return drawing


@dataclass(frozen=True, slots=True)
class Answer:
    """What the Loom drew for an ask: planes (6, H, W) uint8 in 255ths on the ask's grid, as they are delivered.

    ``crisp`` is the share of decided pixels in what was sampled; ``motif`` (6, h, w) uint8 the first motif of a layout.
    """

    planes: np.ndarray
    crisp: float
    motif: np.ndarray | None = None


def answered(weights: "Weights", ask: Ask, *, seed: int, sampling: "Sampling") -> Answer:
    """Return what the Loom draws for an ask."""
    from patterns.loom import measures
    from patterns.loom.arranging import Artist, beneath, can_arrange, planned
    from patterns.loom.crumbs import without_crumbs
    from patterns.loom.sampling import Task, draw
    from patterns.loom.telling import conditioned
    from patterns.loom.weave import flaw_of, quantized, rule_of, settled, understood

    reading, _ = understood(ask.prompt, weights.vocabulary)
    reading = settled(reading, weights.vocabulary, np.random.default_rng([seed, 3]))
    inks = ask.labels.inks
    if can_arrange(weights.vocabulary, reading):
        reading, _ = beneath(weights.vocabulary, reading)
        artist = Artist.of(weights, sampling, Setter())
        motifs = artist.motifs(reading, inks, seed)
        plan = planned(reading, motifs, radius=ask.labels.scale_px * ask.detail, inks=inks, held=True)
        planes, _ = artist.arranger.arrange(np.random.default_rng([seed, 4]), ask.grid, plan)
        drawn = [planes for side in motifs for planes in side]
        crisp = float(np.mean([measures.crispness(planes) for planes in drawn]))
        return Answer(_in_255ths(quantized(planes)), crisp, _in_255ths(drawn[0]))
    condition = conditioned(weights.vocabulary, reading, scale_px=ask.labels.scale_px * ask.detail, inks=inks)
    regular = bool(weights.vocabulary.families[reading.subjects[0].family].cells)
    rule = rule_of(reading, ask.grid, weights.vocabulary, inks=inks) if regular else None
    flaw = flaw_of(reading, ask.grid, weights, scale_px=ask.labels.scale_px * ask.detail)
    raw = draw(weights.network, Task(condition, ask.grid, seed, sampling, rule=rule, flaw=flaw)).numpy()
    return Answer(_in_255ths(quantized(without_crumbs(raw, ask.grid))), measures.crispness(raw))


def _in_255ths(planes: np.ndarray) -> np.ndarray:
    return np.rint(planes * 255).astype(np.uint8)


def alone_for(ask: Ask, seed: int) -> np.ndarray | None:
    """Return a motif alone of the corpus (6, h, w) for an ask, which the network is to draw; None for a field's ask."""
    from patterns.motif import portrait

    if ask.detail == 1:
        return None
    return portrait(np.random.default_rng([REAL_SEED, seed]), family=ask.labels.family).planes


def reworded(ask: Ask, prompt: str) -> Ask:
    """Return the ask in other words."""
    return replace(ask, prompt=prompt)


def resized(ask: Ask, *, scale_px: float, inks: int) -> Ask:
    """Return the ask for another radius and number of inks."""
    return replace(ask, labels=replace(ask.labels, scale_px=scale_px, inks=inks))


def alike(family: str, looks: int, *, most: int) -> tuple[str, list[Ask]]:
    """Return a prompt of a family's layout or direction and inks, and up to ``most`` drawings that it describes.

    Among ``looks`` drawings, the combination that is shown most often.
    """
    rng = np.random.default_rng([ASK_SEED + 3, *family.encode()])
    groups: dict[tuple[str, str, int], list[Ask]] = {}
    for number in range(looks):
        drawing = drawn(rng, family, number)
        seen = drawing.attributes
        if not seen.second and not seen.ground and seen.inks == seen.nominal_inks:
            groups.setdefault((seen.layout, seen.direction, seen.inks), []).append(asked(drawing, ""))
    if not groups:
        return "", []
    (layout, direction, inks), group = max(groups.items(), key=lambda item: len(item[1]))
    reading = Reading((Subject(family),), layout=layout, direction=direction, inks=inks)
    return wording(reading, rng), group[:most]


def stock(seed: int, count: int, grid: Grid) -> list[np.ndarray]:
    """Return the first motifs alone that a training's first worker draws from a seed: (6, H, W) in 0-1 on ``grid``."""
    from patterns.atelier.training import shown as taught

    rng = np.random.default_rng([seed, 0])
    found: list[np.ndarray] = []
    while len(found) < count:
        one = taught(rng)
        if one.alone and one.grid == grid:
            found.append(one.planes.astype(np.float32) / 255)
    return found
