"""What is to be printed, and what was delivered."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from patterns.color import Palette
from patterns.errors import Finding, InputError
from patterns.label import Label
from patterns.lattice import Grid, Lattice
from patterns.units import MM_PER_INCH

# A print's pixels are square; rounding a hexagonal tile to whole pixels leaves less than this.
_SQUARE = 0.002
# IPTC's vocabulary of digital sources, http://cv.iptc.org/newscodes/digitalsourcetype/
TRAINED = "trainedAlgorithmicMedia"
# How much a file says of itself: see ``patterns.press.marks.Marks``.
Metadata = Literal["full", "minimal", "none"]


@dataclass(frozen=True, slots=True)
class Print:
    """A colorway at print size, and the words that travel with it.

    ``bands()`` yields (first row, (K, h, W) uint8 coverages that sum to 255) from the top of the cell to its bottom, on
    ``grid``: the lattice (mm) at print resolution. It is called once. ``record`` is embedded as JSON in every file, and
    ``label`` is the sentence that says what made the design; ``source`` is a term of IPTC's digital source types;
    ``design`` is the design's id, ``made`` its provenance, ``metadata`` how much of all this files carry.
    ``findings`` are listed in the summary.
    """

    bands: Callable[[], Iterator[tuple[int, np.ndarray]]]
    grid: Grid
    lattice: Lattice
    palette: Palette
    title: str
    record: Mapping[str, Any]
    label: str = ""
    source: str = TRAINED
    findings: tuple[Finding, ...] = ()
    design: str = ""
    made: Label | None = None
    metadata: Metadata = "full"

    def __post_init__(self) -> None:
        grid, lattice = self.grid, self.lattice
        if lattice.grid(grid.width, grid.height) != grid:
            raise InputError(f"the print grid {grid} does not carry a {lattice.repeat} repeat.")
        across, down = self.px_per_mm
        if abs(across / down - 1) > _SQUARE:
            raise InputError(
                f"a print's pixels are square; {grid.width} x {grid.height} px for "
                f"{lattice.width:g} x {lattice.height:g} mm are {abs(across / down - 1):.1%} off."
            )

    @property
    def px_per_mm(self) -> tuple[float, float]:
        """Resolution across and down."""
        return self.grid.width / self.lattice.width, self.grid.height / self.lattice.height

    @property
    def dpi(self) -> float:
        """Resolution across, in dots per inch."""
        return self.px_per_mm[0] * MM_PER_INCH

    @property
    def record_json(self) -> str:
        """The record as one line of ASCII, the same for equal records."""
        return json.dumps(dict(self.record), sort_keys=True, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Delivered:
    """A file that was written: what it is, its size in mm and in pixels where it has any, and what it is for."""

    path: Path
    kind: str
    note: str
    width_mm: float | None = None
    height_mm: float | None = None
    width_px: int | None = None
    height_px: int | None = None
