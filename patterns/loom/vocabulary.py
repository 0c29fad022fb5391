"""What trained weights understand: the terms of a reading that they were taught, and the families with their sizes."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

# The table's first row says nothing.
SILENT = 0
# The term of a motif that is alone on its cell.
ALONE = "alone"
# Most terms that one reading has room for.
LENGTH = 32


@dataclass(frozen=True, slots=True)
class FamilyEntry:
    """A family the Loom has seen: its usual size (a motif's radius or half a field's period) in px.

    A regular family has ``cells``: sizes of its smallest cell as (scale, width, height) px; others have none. Only a
    ``motif`` is laid out; a ``directed`` one has an upper side and is not turned unasked.
    A ``straight`` family's pixels are all alike along the shorter side of its cells.
    """

    scale_px: float
    cells: tuple[tuple[float, int, int], ...] = ()
    motif: bool = True
    directed: bool = False
    straight: bool = False


class Portrait(NamedTuple):
    """How a motif is drawn alone: the side of its square cell and its radius, px."""

    side: int = 96
    radius: float = 42.0


_PORTRAIT = Portrait()


class SetCell(NamedTuple):
    """A cell of one motif, or of two that take turns, that a regular layout was drawn on: sizes in px."""

    layout: str
    density: str
    scale_px: float
    width: int
    height: int
    drop: int = 0
    slide: int = 0


@dataclass(frozen=True)
class Vocabulary:
    """The terms of a trained Loom in the order of their rows, its families, and the cells of its regular layouts."""

    terms: tuple[str, ...]
    families: Mapping[str, FamilyEntry] = field(default_factory=dict)
    sets: tuple[SetCell, ...] = ()
    portrait: Portrait = _PORTRAIT

    @cached_property
    def rows(self) -> dict[str, int]:
        """Each term's row in the table."""
        return {term: i + 1 for i, term in enumerate(self.terms)}

    def encode(self, terms: Iterable[str]) -> np.ndarray:
        """Return (LENGTH,) int64 rows of terms: those never taught left out, padded with ``SILENT``, cut."""
        row = [self.rows[term] for term in terms if term in self.rows][:LENGTH]
        return np.array(row + [SILENT] * (LENGTH - len(row)), dtype=np.int64)

    def grounds(self) -> tuple[str, ...]:
        """Return the regular patterns that were taught under motifs."""
        return tuple(term.removeprefix("ground ") for term in self.terms if term.startswith("ground "))

    def to_json(self) -> dict[str, Any]:
        """Return a dictionary that JSON can hold."""
        families = {name: asdict(entry) for name, entry in self.families.items()}
        return {"terms": self.terms, "families": families, "sets": self.sets, "portrait": self.portrait}

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
            )
            for name, f in record["families"].items()
        }
        return cls(
            tuple(record["terms"]),
            families,
            tuple(SetCell(*cell) for cell in record["sets"]),
            Portrait(*record.get("portrait", ())),
        )
