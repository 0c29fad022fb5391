"""What a page of a PDF looks like, as pdfium draws it: pixels of the finished page, piece by piece."""

import math
from pathlib import Path
from typing import Any

import numpy as np

from patterns.preflight.boxes import Boxes
from patterns.preflight.pixels import Pixels
from patterns.units import MM_PER_INCH

# Pixels of a page that are drawn at most, and dots per inch.
_MOST, _FINEST = 24_000_000, 400.0
# Points.
_HAIR = 1e-3


def page_pixels(path: Path, number: int, boxes: Boxes, cell_mm: tuple[float, float] | None, *, dpi: float) -> Pixels:
    """Return the finished page as pixels at about ``dpi``: so that a cell, if one is known, is of whole pixels.

    Above 24 megapixels it is drawn coarser. Errors of pdfium are RuntimeError and its kin.
    """
    width, height = boxes.size_mm
    scale = min(dpi, _FINEST) / MM_PER_INCH
    scale = min(scale, math.sqrt(_MOST / (width * height)))
    scale = _whole(scale, cell_mm or (width, height))
    columns, rows = (max(1, round(side * scale)) for side in (width, height))

    def read(left: int, top: int, across: int, down: int) -> np.ndarray:
        return _drawn(path, number, boxes, (left / scale, top / scale, across, down), scale=scale)

    return Pixels(columns, rows, scale, read)


def _whole(scale: float, cell_mm: tuple[float, float]) -> float:
    """Return the scale (px per mm) nearest below one, at which a cell is nearest to whole pixels both ways."""
    most = max(16, round(cell_mm[0] * scale))
    choices = [n / cell_mm[0] for n in range(max(16, int(0.93 * most)), most + 1)]
    return min(choices, key=lambda s: (round(_off(s * cell_mm[1]), 2), abs(s - scale)))


def _off(length_px: float) -> float:
    return abs(length_px - round(length_px))


def _drawn(path: Path, number: int, boxes: Boxes, part: tuple[float, float, int, int], *, scale: float) -> np.ndarray:
    """Return a part of the finished page, (h, w, 3) uint8; its corner in mm from the top left, its size in px.

    The part becomes the page's own box: pdfium stretches whatever it shows to whole pixels, which are then just these.
    A hair more is shown, so that an image of as many pixels is not taken to reach into the next.
    """
    import pypdfium2

    left, top, across, down = part
    unit_mm = MM_PER_INCH / 72 * boxes.unit
    west, north = boxes.finished[0] + left / unit_mm, boxes.finished[3] - top / unit_mm
    box = (west, north - down / scale / unit_mm, west + across / scale / unit_mm, north)
    with pypdfium2.PdfDocument(path) as pdf:
        page: Any = pdf[number - 1]
        for change in (page.set_mediabox, page.set_cropbox):
            change(box[0] - _HAIR, box[1] - _HAIR, box[2] + _HAIR, box[3] + _HAIR)
        page.close()
        page = pdf[number - 1]
        width, height = page.get_size()
        bitmap = page.render(
            scale=min(across / width, down / height) * (1 - 1e-6),
            may_draw_forms=False,
            no_smoothpath=True,
            no_smoothtext=True,
            no_smoothimage=True,
            rev_byteorder=True,
        )
        drawn = np.array(bitmap.to_numpy()[..., :3])
    return np.ascontiguousarray(_sized(drawn, across, down))


def _sized(drawn: np.ndarray, across: int, down: int) -> np.ndarray:
    """Return pixels cut or continued by their last line to a size: pdfium rounds up."""
    drawn = drawn[:down, :across]
    pad = ((0, down - drawn.shape[0]), (0, across - drawn.shape[1]), (0, 0))
    return np.pad(drawn, pad, mode="edge") if any(p[1] for p in pad) else drawn
