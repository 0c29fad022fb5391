"""DXF for cutters: exact regions as closed polylines in mm, a layer for each ink.

Curves become chords here, because polylines are what every cutter reads; neighbors share their chords.
"""

import contextlib
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from patterns.trace import bezier
from patterns.trace.graph import UNIT
from patterns.trace.svg import Layer, Sheet

# How far a chord may lie from its curve, mm: finer than any cutter moves.
CHORD_MM = 0.01
_MOST_PIECES = 64


def write_dxf(path: Path, layers: Sequence[Layer], sheet: Sheet) -> None:
    """Write one window of exact regions as DXF R2010, in mm with y up, cut off at the window's sides."""
    text = io.StringIO()
    with _undated():
        _drawing(layers, sheet).write(text)
    path.write_text(text.getvalue(), encoding="utf-8")


def _drawing(layers: Sequence[Layer], sheet: Sheet) -> Any:
    from ezdxf.filemanagement import new

    drawing = new("R2010", units=4)  # 4: millimeters
    drawing.header["$MEASUREMENT"] = 1
    space = drawing.modelspace()
    for layer in layers:
        made = drawing.layers.add(_layer_name(layer.name))
        red, green, blue = bytes.fromhex(layer.hex[1:])
        made.rgb = (red, green, blue)
        for ring in rings(layer, sheet):
            space.add_lwpolyline(ring, close=True, dxfattribs={"layer": made.dxf.name})
    return drawing


@contextlib.contextmanager
def _undated() -> Iterator[None]:
    """Have ezdxf write neither times nor fresh ids, so that equal drawings make equal files."""
    from ezdxf import options  # pyright: ignore[reportPrivateImportUsage]

    before = options.write_fixed_meta_data_for_testing
    options.write_fixed_meta_data_for_testing = True
    try:
        yield
    finally:
        options.write_fixed_meta_data_for_testing = before


def rings(layer: Layer, sheet: Sheet) -> list[np.ndarray]:
    """Return the closed outlines [(n, 2) float64] of a layer inside its sheet, mm, y up."""
    import shapely

    polygons = shapely.get_parts(areas(layer, sheet)).tolist()
    scale = np.array(sheet.pixel_mm) / UNIT
    found = []
    for polygon in polygons:
        if polygon.geom_type != "Polygon" or polygon.is_empty:
            continue
        for ring in (polygon.exterior, *polygon.interiors):
            points = (shapely.get_coordinates(ring)[:-1] - (sheet.window.left, sheet.window.top)) * scale
            found.append(np.round(np.stack([points[:, 0], sheet.size_mm[1] - points[:, 1]], axis=1), 5))
    return found


def areas(layer: Layer, sheet: Sheet) -> Any:
    """Return what a layer covers of its window as shapely's polygons, in 1/256 px."""
    import shapely

    window = sheet.window
    whole = shapely.box(window.left, window.top, window.right, window.bottom)
    if layer.ground:
        return whole
    chord = CHORD_MM / max(sheet.pixel_mm) * UNIT
    rings = [_chords(loop, chord) for loop in layer.curves]
    shapes = np.array([shapely.Polygon(ring) for ring in rings if len(ring) > 2], dtype=object)
    shapes = shapely.intersection(shapely.make_valid(shapes), whole)
    shapes = shapes[~shapely.is_empty(shapes)] if len(shapes) else shapes
    # The even-odd rule, which loops that bound an area on their left agree with: each changes what it encloses.
    while len(shapes) > 1:
        rest = shapes[len(shapes) // 2 * 2 :]
        shapes = np.concatenate([shapely.symmetric_difference(shapes[:-1:2], shapes[1::2]), rest])
    return shapes[0] if len(shapes) else shapely.Polygon()


def _chords(loop: np.ndarray, tolerance: float) -> np.ndarray:
    """Return the loop as a polyline (n, 2) within a tolerance: from whichever side a curve is gone along, the same."""
    found = []
    for curve in loop:
        if bezier.straight(curve[None])[0]:
            found.append(curve[:1])
            continue
        backward = tuple(curve[3]) < tuple(curve[0])
        points = bezier.flattened((curve[::-1] if backward else curve)[None], _pieces(curve, tolerance))[0]
        found.append(np.rint(points[::-1] if backward else points)[:-1])
    return np.concatenate(found)


def _pieces(curve: np.ndarray, tolerance: float) -> int:
    """Return how many chords keep a curve within a tolerance: the square root of its second derivative's bound / 8."""
    bend = 6 * np.hypot(*np.diff(curve, n=2, axis=0).T).max()
    return int(np.clip(np.ceil(np.sqrt(bend / (8 * tolerance))), 1, _MOST_PIECES))


def _layer_name(name: str) -> str:
    """Return a name without the characters that DXF forbids in one."""
    return "".join("-" if c in '<>/\\":;?*|=`,' else c for c in name)
