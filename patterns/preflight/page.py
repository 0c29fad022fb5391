"""One page of a PDF: its boxes, what it draws, what is pinned to it."""

from dataclasses import dataclass
from typing import Any

from patterns.preflight.boxes import Boxes, read_boxes
from patterns.preflight.drawn import Drawn, meets
from patterns.preflight.spaces import Spaces
from patterns.preflight.walk import Walker

# Annotations that the standards of print foresee (ISO 15930-7, 6.16), and those that show nothing.
_EXPECTED = ("/PrinterMark", "/TrapNet", "/Popup", "/Link")


@dataclass(frozen=True, slots=True)
class Page:
    """A page by its number from 1, with the kinds of annotations that lie on its printed area."""

    number: int
    boxes: Boxes
    drawn: Drawn
    annotations: tuple[str, ...]


def read_page(pdf: Any, number: int, spaces: Spaces) -> Page:
    """Return a page of a pikepdf.Pdf; NoPage if it has no size."""
    page = pdf.pages[number - 1]
    boxes = read_boxes(page)
    drawn = Drawn(boxes.finished)
    Walker(pdf, drawn, spaces).page(page.obj)
    return Page(number, boxes, drawn, tuple(_annotations(page.obj, boxes)))


def _annotations(page: Any, boxes: Boxes) -> list[str]:
    import pikepdf

    found = []
    for given in list(page.get("/Annots", ()))[:1000]:
        if not isinstance(given, pikepdf.Dictionary) or str(given.get("/Subtype", "")) in _EXPECTED:
            continue
        try:
            x0, y0, x1, y1 = (float(v) for v in given.get("/Rect", (0, 0, 0, 0)))
        except (TypeError, ValueError):
            continue
        box = (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
        if meets(box, boxes.bleed or boxes.finished):
            found.append(str(given.get("/Subtype", "/unknown"))[1:])
    return found
