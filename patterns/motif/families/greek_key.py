"""Greek key: a meander that turns in on itself, in bands or all over."""

import numpy as np
import skia

from patterns.motif.canvas import Canvas, Placement, Shape
from patterns.motif.family import Sketch, family
from patterns.motif.sett import periods

# One key on a grid of units, its base line below; lines are one unit wide, and so is the ground between them.
_KEY = ((8, 6), (0, 6), (0, 0), (6, 0), (6, 4), (2, 4), (2, 2), (4, 2))
# Units in a key's width and height, its base line included.
_UNITS, _TALL = 8, 7


def _cell(rng: np.random.Generator, scale: float) -> tuple[float, float]:
    tall = scale * float(rng.choice([1.0, 2.0]))
    return (scale, tall) if rng.random() < 0.75 else (tall, scale)


def _key(unit: float, turned: bool) -> skia.Path:
    path = skia.Path()
    for k, (x, y) in enumerate(_KEY):
        point = ((x + 0.5) * unit, (y + 0.5) * unit)
        point = (point[1], point[0]) if turned else point
        path.lineTo(*point) if k else path.moveTo(*point)
    return path


def _bar(place: tuple[float, float], long: float, thick: float, *, turned: bool) -> skia.Path:
    left, top = place
    path = skia.Path()
    box = (left, top, left + long, top + thick)
    path.addRect(skia.Rect.MakeLTRB(*((box[1], box[0], box[3], box[2]) if turned else box)))
    return path


@family(
    "greek key", nouns=("greek key", "greek keys"), kind="primitive", directed=True, scales=(24.0, 96.0), inks=(2, 5),
    cell=_cell, weight=0.8,
)  # fmt: skip
def greek_key(canvas: Canvas, rng: np.random.Generator, sketch: Sketch) -> tuple[str, ...]:
    """Lay keys in rows close together, or in bands with a bar between rules."""
    style, grid = sketch.style, canvas.grid
    turned = grid.width > grid.height or (grid.width == grid.height and rng.random() < 0.3)
    long, wide = (grid.height, grid.width) if turned else (grid.width, grid.height)
    count = periods(long, min(sketch.scale, long))
    unit = long / count / _UNITS
    rows = max(1, round(wide / (_UNITS * unit)))
    banded = rows % 2 == 0
    field = 2 if style.inks > 2 and rng.random() < 0.7 else 0
    pitch = wide / rows * (2 if banded else 1)
    for j in range(rows // 2 if banded else rows):
        top = j * pitch
        # The band behind the keys leaves a rule of ground beside the base line.
        behind = _bar((0, top - unit), long, (_TALL + 2) * unit, turned=turned) if banded else None
        if field:
            path = behind or _bar((0, top - unit), long, pitch, turned=turned)
            canvas.draw((Shape(path, field),), Placement(0, 0))
        if banded:
            bar = _bar((0, top + (_TALL + 3) * unit), long, max(unit, pitch - (_TALL + 6) * unit), turned=turned)
            canvas.draw((Shape(bar, style.ink("accent") or 1),), Placement(0, 0))
        for i in range(count):
            shift = (top, i * _UNITS * unit) if turned else (i * _UNITS * unit, top)
            canvas.draw((Shape(_key(unit, turned), 1, unit),), Placement(*shift))
    return ("vertical" if turned else "horizontal", "filled" if field else "open")
