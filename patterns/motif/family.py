"""What a family of patterns is, and the table of them.

A *motif* family draws one motif around the origin, and any layout may take it. A *field* family covers a
whole cell itself. A *primitive* family is a field so regular that it is drawn on its smallest cell and paved.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeVar, overload

import numpy as np

from patterns.motif.canvas import Canvas, Shape
from patterns.separation import ROLES

Kind = Literal["motif", "field", "primitive"]
T = TypeVar("T")

# Where an ink is missing, another takes its role; the ground last, which leaves the part as bare cloth.
_FALLBACKS = {
    "main": ("main",),
    "second": ("second", "main"),
    "accent": ("accent", "second", "ground"),
    "line": ("line", "ground"),
    "detail": ("detail", "accent", "ground"),
    "ground": ("ground",),
}


@dataclass(frozen=True, slots=True)
class Style:
    """How a design is drawn: its number of inks (the first of ``ROLES``) and outlines."""

    inks: int
    outlined: bool = False

    def ink(self, role: str, *, on: int | None = None) -> int:
        """Return the ink that plays a role, never the ink ``on`` which it is painted: that would not show."""
        held = [ROLES.index(r) for r in _FALLBACKS[role] if ROLES.index(r) < self.inks]
        seen = [i for i in held if i != on]
        if seen:
            return seen[0]
        return 0 if on else 1

    def line_width(self, radius: float) -> float:
        """Return the width in px of a line that survives on the Loom's grid, for a motif of this radius."""
        return max(1.5, radius * 0.05)


class Chance(np.random.Generator):
    """What is left to chance in a motif. Choices that the eye can tell have names, and are ``noted``.

    Whoever learns from a drawing is told them: what is not said it would have to average over. A motif that is
    ``posed`` leaves the rest as little choice as it can: it looks one way, and its petals begin at the top.
    """

    def __init__(self, rng: np.random.Generator, *, posed: bool = False) -> None:
        super().__init__(rng.bit_generator)
        self.posed = posed
        self.noted: dict[str, None] = {}

    @overload
    def pick(self, name: str, options: int, p: Sequence[float] | None = None, *, called: Sequence[str] = ()) -> int: ...

    @overload
    def pick(
        self, name: str, options: Sequence[T], p: Sequence[float] | None = None, *, called: Sequence[str] = ()
    ) -> T: ...

    def pick(self, name: str, options: Any, p: Sequence[float] | None = None, *, called: Sequence[str] = ()) -> Any:
        """Return one of the options, or a number below so many, and note it, as it is ``called`` if numbers are."""
        among = range(options) if isinstance(options, int) else options
        value = among[int(self.choice(len(among), p=p))]
        self.note(f"{name} {called[value] if called else value}")
        return value

    def yes(self, name: str, share: float) -> bool:
        """Return True with the chance ``share``, and note it if so."""
        value = bool(self.random() < share)
        self.note(*([name] if value else []))
        return value

    def side(self) -> float:
        """Return -1 or 1, for left and right."""
        value = float(self.choice((-1, 1)))
        return 1.0 if self.posed else value

    def turn(self) -> float:
        """Return an angle in radians."""
        value = float(self.uniform(0, 2 * math.pi))
        return 0.0 if self.posed else value

    def note(self, *seen: str) -> None:
        """Say what the eye can tell."""
        self.noted.update(dict.fromkeys(seen))


@dataclass(frozen=True, slots=True)
class Motif:
    """One motif around the origin, its top up (-y): shapes in painting order, the words for its parts, its look.

    The look says which choices of its family it shows.
    """

    shapes: tuple[Shape, ...]
    parts: tuple[str, ...] = ()
    look: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sketch:
    """What a field family is asked to cover a cell with: ``scale`` is its motif's size in px."""

    style: Style
    scale: float
    density: float = 0.5


@dataclass(frozen=True, slots=True)
class Family:
    """A family: names, kind, how it draws, and what it may be combined with.

    ``draw`` is (chance, radius px, style) -> Motif for motifs, which ``motif`` calls; (canvas, rng, sketch) -> tuple of
    part words for fields (the canvas is already filled with the ground). A primitive's ``cell`` is
    (rng, scale px) -> (width, height) px of its smallest cell, before it is fitted to the grid. ``scales`` are the
    diameters or periods in px that it is legible at. A ``formal`` motif stands in ranks unless asked otherwise.
    ``heeds_density`` says whether a field's density shows. A family
    of ``weight`` 0 is drawn, but not yet taught to the Loom.
    """

    name: str
    nouns: tuple[str, ...]
    kind: Kind
    draw: Callable[..., Any]
    weight: float = 1.0
    directed: bool = False
    formal: bool = False
    scales: tuple[float, float] = (36.0, 112.0)
    inks: tuple[int, int] = (2, 6)
    heeds_density: bool = False
    cell: Callable[[np.random.Generator, float], tuple[float, float]] | None = None

    def motif(self, rng: np.random.Generator, radius: float, style: Style, *, posed: bool = False) -> Motif:
        """Return one motif of a motif family, ``radius`` in px."""
        chance = Chance(rng, posed=posed)
        return replace(self.draw(chance, radius, style), look=tuple(chance.noted))


@dataclass(slots=True)
class _Table:
    families: dict[str, Family] = field(default_factory=dict)


_TABLE = _Table()
FAMILIES = _TABLE.families


def family(
    name: str, *, nouns: tuple[str, ...], kind: Kind = "motif", **traits: Any
) -> Callable[[Callable[..., Any]], Any]:
    """Enter a drawing function into the table of families under ``name``."""

    def enter(function: Callable[..., Any]) -> Callable[..., Any]:
        FAMILIES[name] = Family(name, nouns, kind, function, **traits)
        return function

    return enter


FieldDraw = Callable[[Canvas, np.random.Generator, Sketch], tuple[str, ...]]
