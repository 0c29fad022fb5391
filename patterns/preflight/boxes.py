"""The boxes of a page, and the page's size. ISO 32000-1, 14.11.2."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from patterns.errors import Finding
from patterns.preflight.drawn import Box
from patterns.units import PT_PER_MM

# ISO 32000-1, annex C.
LONGEST = 14_400
# Boxes are written in decimals: less than this, in points, is no difference.
_SAME = 0.02
_NAMES = ("MediaBox", "CropBox", "BleedBox", "TrimBox", "ArtBox")


class NoPage(Exception):
    """A page that has no size."""


@dataclass(frozen=True, slots=True)
class Boxes:
    """A page's boxes in its own units, each (left, bottom, right, top); those not given are None.

    ``unit`` is how many points a unit is, ``turned`` by how many degrees viewers turn the page.
    """

    media: Box
    crop: Box | None
    bleed: Box | None
    trim: Box | None
    art: Box | None
    unit: float
    turned: int

    @property
    def finished(self) -> Box:
        """What remains after cutting: the trim box, else the art box, else what is shown."""
        return self.trim or self.art or self.crop or self.media

    @property
    def shown(self) -> Box:
        """What viewers show."""
        return self.crop or self.media

    @property
    def size_mm(self) -> tuple[float, float]:
        """The finished size."""
        return self.mm(self.finished)

    def mm(self, box: Box) -> tuple[float, float]:
        """Return a box's width and height in mm."""
        return (box[2] - box[0]) * self.unit / PT_PER_MM, (box[3] - box[1]) * self.unit / PT_PER_MM


def read_boxes(page: Any) -> Boxes:
    """Return the boxes of a page; NoPage if it has no size."""
    given = {name: _box(page, name) for name in _NAMES}
    media = given["MediaBox"]
    if media is None:
        raise NoPage
    unit = float(page.obj.get("/UserUnit", 1))
    turned = int(inherited(page.obj, "/Rotate") or 0) % 360
    others = (given[name] for name in _NAMES[1:])
    return Boxes(media, *others, unit=unit if 0 < unit < 1e4 else 1.0, turned=turned)


def inherited(page: Any, key: str) -> Any:
    """Return what a page or its parents say, None if none does (ISO 32000-1, 7.7.3.4)."""
    for _ in range(50):
        if key in page:
            return page[key]
        page = page.get("/Parent")
        if page is None:
            return None
    return None


def _box(page: Any, name: str) -> Box | None:
    key = f"/{name}"
    given = inherited(page.obj, key) if name in ("MediaBox", "CropBox") else page.obj.get(key)
    try:
        x0, y0, x1, y1 = (float(v) for v in given)
    except (TypeError, ValueError):
        return None
    box = (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
    return box if 0 < box[2] - box[0] < 1e7 and 0 < box[3] - box[1] < 1e7 else None


def box_findings(boxes: Boxes) -> Iterator[Finding]:
    """Yield what is wrong with a page's boxes."""
    media = boxes.media
    for inner, name, outer, around in (
        (boxes.trim, "trim box", media, "page"),
        (boxes.art, "art box", media, "page"),
        (boxes.bleed, "bleed box", media, "page"),
        (boxes.trim, "trim box", boxes.bleed, "bleed box"),
        (boxes.trim, "trim box", boxes.crop, "crop box"),
    ):
        if inner and outer and (over := _over(inner, outer)) > _SAME:
            figure = f"by {over * boxes.unit / PT_PER_MM:.2f} mm"
            yield Finding("fault", f"the {name} reaches beyond the {around}", figure, f"draw it inside the {around}")
    if boxes.trim and boxes.art and boxes.trim != boxes.art:
        yield Finding("warning", "the page has a trim box and an art box that differ", cure="keep the trim box only")
    if not boxes.trim and not boxes.art and (boxes.bleed or boxes.crop):
        cure = "write a trim box: it says where the cloth is cut"
        yield Finding(
            "warning", "the page has other boxes but no trim box, so that its finished size is a guess", "", cure
        )
    if boxes.turned:
        cure = "turn the art itself, and leave /Rotate out"
        yield Finding("warning", "the page is turned by a flag, which RIPs treat differently", f"{boxes.turned}°", cure)
    yield from _unit_findings(boxes)


def _unit_findings(boxes: Boxes) -> Iterator[Finding]:
    sides = (boxes.media[2] - boxes.media[0], boxes.media[3] - boxes.media[1])
    if max(sides) > LONGEST + 1:
        cure = "deliver a TIFF, or a UserUnit for readers that know it"
        yield Finding("fault", "the page is longer than PDF allows", f"{max(sides):.0f} of {LONGEST} units", cure)
    if boxes.unit == 1:
        return
    needed = max(sides) * boxes.unit > LONGEST
    message = "the page counts in units of its own (UserUnit); readers that ignore them print it smaller"
    cure = f"make sure that the print is {boxes.size_mm[0]:.0f} x {boxes.size_mm[1]:.0f} mm"
    yield Finding("note" if needed else "warning", message, f"1 unit is {boxes.unit:g} pt", cure)


def _over(inner: Box, outer: Box) -> float:
    return max(outer[0] - inner[0], outer[1] - inner[1], inner[2] - outer[2], inner[3] - outer[3])
