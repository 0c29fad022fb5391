"""Sheets: what is printed of a product, each a rectangle cut from the endless plane of the design."""

import math
from dataclasses import dataclass

from patterns.errors import InputError


@dataclass(frozen=True, slots=True)
class Sheet:
    """One thing that is printed, at its trim size.

    ``left_mm`` and ``top_mm`` say where the trim's top left corner lies in the plane of the design, whose cell starts
    at (0, 0), y down. ``bleed_mm`` is printed beyond the trim on every side. ``overlap_mm`` is the glue edge at the
    right side, over which the next panel hangs: it is part of the width. ``name`` is the stem of its files.
    """

    name: str
    width_mm: float
    height_mm: float
    left_mm: float = 0.0
    top_mm: float = 0.0
    bleed_mm: float = 0.0
    overlap_mm: float = 0.0

    def __post_init__(self) -> None:
        if not (0 < self.width_mm < 100_000 and 0 < self.height_mm < 1_000_000):
            raise InputError(
                f"a sheet of {self.width_mm:g} x {self.height_mm:g} mm cannot be printed; sheets are at most 100 m "
                "wide and 1000 m long."
            )
        if not (0 <= self.bleed_mm <= 1000 and 0 <= self.overlap_mm < self.width_mm):
            raise InputError("a sheet's bleed lies between 0 and 1000 mm, and its glue edge within its width.")


def panels(
    wall: tuple[float, float], widest_mm: float, overlap_mm: float, *, bleed_mm: float = 0.0
) -> tuple[Sheet, ...]:
    """Return the numbered panels, left to right, of a wall (width, height) in mm: as few as their width allows.

    They are equally wide, in whole millimeters, the last up to a millimeter for each of them narrower; all but the last
    have a glue edge of ``overlap_mm`` that the next one repeats. Together they are exactly as wide as the wall.
    """
    width, height = wall
    count = max(1, math.ceil((width - overlap_mm) / (widest_mm - overlap_mm) - 1e-9))
    pitch = min(math.ceil((width - overlap_mm) / count), widest_mm - overlap_mm)
    digits = len(str(count))
    return tuple(
        Sheet(
            f"panel-{number + 1:0{digits}}-of-{count}",
            pitch + overlap_mm if number + 1 < count else width - number * pitch,
            height,
            left_mm=number * pitch,
            bleed_mm=bleed_mm,
            overlap_mm=overlap_mm if number + 1 < count else 0.0,
        )
        for number in range(count)
    )
