"""What a prompt asks for, as values: its subjects, each with its own size and parts, and what holds for the whole."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from patterns.errors import Finding

if TYPE_CHECKING:
    import numpy as np

SCALES = ("small", "medium", "large")
DENSITIES = ("sparse", "medium", "dense")
DIRECTIONS = ("vertical", "horizontal", "diagonal")
HANDS = ("clean", "cut paper", "linocut", "block print", "brush", "pen", "stipple", "ikat", "woven")
VARIETIES = ("one", "few", "many")
LAYOUTS = (
    "tossed", "one-way", "two-way", "set", "half-drop set", "rows", "stripe", "trellis", "ogee frame", "garland",
    "vine", "border", "hero", "ditsy",
)  # fmt: skip
# Those in which motifs stand in regular ranks.
SET_LAYOUTS = ("set", "half-drop set", "rows")
# Those that draw something themselves: ribbons, nets, stems.
FRAME_LAYOUTS = ("stripe", "trellis", "ogee frame", "garland", "vine", "border")
# Regular patterns that may lie under motifs.
GROUNDS = ("stripe", "trellis", "polka dot", "gingham")

# Chances that an attribute is left out of what is said, and that everything but the family is.
DROPPED = 0.35
BARE = 0.1


@dataclass(frozen=True, slots=True)
class Subject:
    """One motif that is asked for: its family, its size as said ("" if not), parts it has and parts it has not.

    The parts are sets, and are kept sorted. ``look`` are the choices of its family that a drawing shows; no prompt
    says them.
    """

    family: str
    scale: str = ""
    parts: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    look: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "parts", tuple(sorted(set(self.parts))))
        object.__setattr__(self, "without", tuple(sorted(set(self.without))))

    def choices(self) -> tuple[str, ...]:
        """Return the look as terms."""
        return tuple(f"look {self.family} {choice}" for choice in self.look)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a prompt asks for, or what a drawing shows. Every field is empty where nothing was said.

    ``subjects`` has the hero first; ``ground`` is a regular pattern under the motifs; ``inks`` is 0 where no number
    was said. ``unknown`` are words that were not understood. ``understood`` maps each phrase that was to what it was
    taken for, "" for one that could not be followed; two readings that differ only in it are equal.
    """

    subjects: tuple[Subject, ...] = ()
    ground: str = ""
    layout: str = ""
    density: str = ""
    hand: str = ""
    direction: str = ""
    inks: int = 0
    outlined: bool | None = None
    variety: str = ""
    symmetry: str = ""
    unknown: tuple[str, ...] = ()
    understood: Mapping[str, str] = field(default_factory=dict, compare=False)

    def terms(self) -> tuple[str, ...]:
        """Return what a network is told, as names of rows in its table; of more than two subjects the first two.

        The hero's scale and the number of inks are numbers of their own, and the hand is put on afterwards.
        """
        named: list[str] = []
        if self.subjects:
            hero = self.subjects[0]
            named += [f"family {hero.family}", *(f"part {p}" for p in hero.parts), *(f"no {p}" for p in hero.without)]
            named += hero.choices()
        for second in self.subjects[1:2]:
            named += [f"second {second.family}", *([f"second {second.scale}"] if second.scale else [])]
        for name in ("ground", "layout", "density", "direction", "variety"):
            if value := getattr(self, name):
                named.append(f"{name} {value}")
        if self.outlined is not None:
            named.append("outlined" if self.outlined else "not outlined")
        return tuple(named)

    def taught(
        self, families: Collection[str], *, grounds: Collection[str] = GROUNDS
    ) -> tuple["Reading", tuple[Finding, ...]]:
        """Return the reading with every family and ground that was not taught replaced by the nearest in meaning.

        Each replacement, and each subject that nothing stands near or that is the third or later, is a Finding.
        """
        from patterns.reading.lexicon import lexicon
        from patterns.reading.teachable import Standing

        return Standing(lexicon(), families, grounds).of(self)

    def findings(self) -> tuple[Finding, ...]:
        """Return a Finding for every word that was not understood and every phrase that could not be followed."""
        from patterns.reading.lexicon import lexicon

        return lexicon().findings(self)


def said(reading: Reading, rng: "np.random.Generator") -> Reading:
    """Return the reading as a hasty customer would say it: each attribute left out with the chance ``DROPPED``.

    With the chance ``BARE`` only the hero's family is left.
    """
    if not reading.subjects:
        return reading
    hero, *others = reading.subjects
    if rng.random() < BARE:
        return Reading((Subject(hero.family),))
    kept = [_hasty(hero, rng), *(_hasty(s, rng) for s in others if rng.random() >= DROPPED)]
    silent = Reading()
    dropped = {name: getattr(silent, name) for name in _attributes(reading) if rng.random() < DROPPED}
    return replace(reading, subjects=tuple(kept), **dropped)


def _attributes(reading: Reading) -> Iterator[str]:
    """Yield the names of the attributes of the whole that something was said about."""
    names = ("ground", "layout", "density", "hand", "direction", "inks", "outlined", "variety", "symmetry")
    return (name for name in names if getattr(reading, name) not in ("", 0, None) or getattr(reading, name) is False)


def _hasty(subject: Subject, rng: "np.random.Generator") -> Subject:
    def few(parts: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(p for p in parts if rng.random() >= DROPPED)

    scale = subject.scale if rng.random() >= DROPPED else ""
    return Subject(subject.family, scale, few(subject.parts), few(subject.without), subject.look)
