"""What trained weights understand: the terms of a reading that they were taught, and the families with their sizes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from patterns.reading import Subject

# The table's first row says nothing.
SILENT = 0
# The term of a motif that is alone on its cell.
ALONE = "alone"
# Most terms that one reading has room for.
LENGTH = 32


class Look(NamedTuple):
    """What one drawing of a motif showed: its inks, whether it had a contour, its parts and choices as terms."""

    inks: int
    outlined: bool
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FamilyEntry:
    """A family the Loom has seen: its usual size (a motif's radius or half a field's period) in px.

    A regular family has ``cells``: sizes of its smallest cell as (scale, width, height) px; others have none. Only a
    ``motif`` is laid out; a ``directed`` one has an upper side and is not turned unasked, a ``formal`` one stands in
    ranks unless asked otherwise.
    A ``straight`` family's pixels are all alike along the shorter side of its cells. ``looks`` are those of drawings
    of a motif alone, as often as the corpus shows them.
    """

    scale_px: float
    cells: tuple[tuple[float, int, int], ...] = ()
    motif: bool = True
    directed: bool = False
    straight: bool = False
    formal: bool = False
    looks: tuple[Look, ...] = ()


class Portrait(NamedTuple):
    """How a motif is drawn alone: the side of its square cell and its radius, px."""

    side: int = 96
    radius: float = 42.0


_PORTRAIT = Portrait()


@dataclass(frozen=True)
class Vocabulary:
    """The terms of a trained Loom in the order of their rows, its families, and how a motif is drawn alone."""

    terms: tuple[str, ...]
    families: Mapping[str, FamilyEntry] = field(default_factory=dict)
    portrait: Portrait = _PORTRAIT

    @cached_property
    def rows(self) -> dict[str, int]:
        """Each term's row in the table."""
        return {term: i + 1 for i, term in enumerate(self.terms)}

    def encode(self, terms: Iterable[str]) -> np.ndarray:
        """Return (LENGTH,) int64 rows of terms: those never taught left out, padded with ``SILENT``, cut."""
        row = [self.rows[term] for term in terms if term in self.rows][:LENGTH]
        return np.array(row + [SILENT] * (LENGTH - len(row)), dtype=np.int64)

    def look(self, subject: Subject, *, inks: int, outlined: bool, rng: np.random.Generator) -> tuple[str, ...]:
        """Return terms of a look by chance that has what a subject is to have and lacks what it is to lack.

        What is not said to the network it would average over. Empty if no drawing was like that.
        """
        looks = self.families[subject.family].looks
        known = {term for look in looks for term in look.terms}
        wanted = {*(f"part {part}" for part in subject.parts), *subject.choices()} & known
        spared = {f"part {part}" for part in subject.without}
        fitting = [look for look in looks if wanted <= set(look.terms) and not spared & set(look.terms)]
        far = [abs(look.inks - inks) + (look.outlined != outlined) for look in fitting]
        nearest = [look for look, off in zip(fitting, far, strict=True) if off == min(far)]
        return nearest[int(rng.integers(len(nearest)))].terms if nearest else ()

    def grounds(self) -> tuple[str, ...]:
        """Return the regular patterns that were taught under motifs."""
        return tuple(term.removeprefix("ground ") for term in self.terms if term.startswith("ground "))

    def to_json(self) -> dict[str, Any]:
        """Return a dictionary that JSON can hold."""
        families = {
            name: {**asdict(entry), "looks": [self._line(look) for look in entry.looks]}
            for name, entry in self.families.items()
        }
        return {"terms": self.terms, "families": families, "portrait": self.portrait}

    def _line(self, look: Look) -> str:
        """Return a look as a line of numbers: inks, contour, rows of terms."""
        return " ".join(str(n) for n in (look.inks, int(look.outlined), *(self.rows[t] for t in look.terms)))

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> "Vocabulary":
        """Return the vocabulary that ``to_json`` wrote."""
        families = {
            name: FamilyEntry(
                f["scale_px"],
                tuple((s, int(w), int(h)) for s, w, h in f["cells"]),
                f["motif"],
                f.get("directed", False),
                f.get("straight", False),
                f.get("formal", False),
                tuple(_look(line, record["terms"]) for line in f.get("looks", ())),
            )
            for name, f in record["families"].items()
        }
        return cls(
            tuple(record["terms"]),
            families,
            Portrait(*record.get("portrait", ())),
        )


def _look(line: str, terms: Sequence[str]) -> Look:
    """Return the look that a line of numbers is."""
    inks, outlined, *rows = (int(number) for number in line.split())
    return Look(inks, bool(outlined), tuple(terms[row - 1] for row in rows))
