"""Images on a page: their resolution as printed, their data, and how copies meet."""

import math
from collections.abc import Iterable, Iterator
from itertools import pairwise

from patterns.errors import Finding
from patterns.preflight.drawn import Box, Drawn, Image, Placed, meets
from patterns.preflight.markers import quality_findings
from patterns.preflight.report import Wanted
from patterns.preflight.resolution import dpi_findings
from patterns.preflight.streams import expands_to
from patterns.units import PT_PER_MM

# An image that claims more pixels is not decoded.
MOST_PIXELS = 4_000_000_000
# Points: copies that meet by less than the first leave hairlines; those apart by more leave a gap.
_OVERLAP, _TOUCH = 0.25, 0.02
_JOINT = 0.5
# Pixels this far from square are stretched.
_SQUARE = 0.02


def image_findings(drawn: Drawn, wanted: Wanted, *, unit: float) -> Iterator[Finding]:
    """Yield what is wrong with the images of a page, whose unit is so many points."""
    seen: set[tuple[int, int]] = set()
    for placed in drawn.placed:
        if placed.image.key not in seen or placed.image.key == (0, 0):
            seen.add(placed.image.key)
            if len(seen) > 2000:
                break
            yield from _data_findings(placed.image)
    yield from _resolution(drawn, wanted, unit)
    yield from paving_findings(drawn.placed, drawn.trim, unit)


def lowest(placed: Iterable[Placed], trim: Box) -> Placed | None:
    """Return the copy with the lowest resolution of the images inside the trim that are larger than a few points."""
    shown = [p for p in placed if meets(p.box, trim) and _large(p.box) and min(p.shape) > 1]
    return min(shown, key=lambda p: min(p.ppi), default=None)


def _large(box: Box) -> bool:
    return min(box[2] - box[0], box[3] - box[1]) > 9


def _resolution(drawn: Drawn, wanted: Wanted, unit: float) -> Iterator[Finding]:
    worst = lowest(drawn.placed, drawn.trim)
    if worst is None:
        return
    across, down = (value / unit for value in worst.ppi)
    yield from dpi_findings(min(across, down), wanted, f"image {worst.image.name}")
    if abs(across / down - 1) > _SQUARE:
        figure = f"{across:.1f} x {down:.1f} dpi"
        yield Finding("warning", "an image is stretched", figure, "place it with its own proportions")
    slanted = [p for p in drawn.placed if meets(p.box, drawn.trim) and not _straight(p)]
    if slanted:
        yield Finding("note", "images are turned by an angle, and are resampled at the RIP", f"{len(slanted)}")


def _straight(placed: Placed) -> bool:
    a, b, c, d, _, _ = placed.matrix
    return abs(b) + abs(c) < 1e-4 * (abs(a) + abs(d)) or abs(a) + abs(d) < 1e-4 * (abs(b) + abs(c))


def _data_findings(image: Image) -> Iterator[Finding]:
    what = f"the image {image.name}"
    pixels = image.width * image.height
    if min(image.width, image.height) < 1 or image.bits not in (1, 2, 4, 8, 16):
        figure = f"{image.width} x {image.height} px, {image.bits} bits"
        yield Finding("fault", f"{what} cannot be drawn", figure, "export it again")
        return
    if pixels > MOST_PIXELS:
        figure = f"{image.width} x {image.height} px"
        yield Finding("fault", f"{what} claims more pixels than any RIP takes", figure, "export it again, smaller")
        return
    if image.filters == ("FlateDecode",) and image.space is not None:
        row = (image.width * image.bits * max(1, image.space.components) + 7) // 8
        found, ended = expands_to(image.stream, (row + 1) * image.height)
        if found < row * image.height:
            figure = f"{found / max(1, row * image.height):.0%} of its pixels are there"
            yield Finding("fault", f"{what} is cut short", figure, "export it again, and send the whole file")
        elif not ended or found > (row + 1) * image.height + 4096:
            yield Finding("warning", f"{what} holds more data than its size says", f"{found} bytes", "export it again")
    if image.interpolate:
        cure = "leave /Interpolate out"
        yield Finding("warning", f"{what} asks to be smoothed, which blurs inks into each other", "", cure)
    if image.filters[-1:] == ("DCTDecode",):
        yield from quality_findings(image.stream.read_raw_bytes() if len(image.filters) == 1 else b"", what)


def paving_findings(placed: list[Placed], trim: Box, unit: float) -> Iterator[Finding]:
    """Yield what is wrong where copies of one image meet: gaps, hairlines, uneven pitches."""
    groups: dict[tuple[int, int], list[Placed]] = {}
    for copy in placed:
        if copy.upright and copy.image.key != (0, 0) and meets(copy.box, trim):
            groups.setdefault(copy.image.key, []).append(copy)
    for copies in groups.values():
        if len(copies) > 1:
            yield from _uneven(copies, unit)
            yield from _joints(copies, unit)


def _uneven(copies: list[Placed], unit: float) -> Iterator[Finding]:
    """Yield a fault if copies of one image are of different sizes, or at uneven distances in a row or column."""
    sizes = {(round(c.matrix[0], 2), round(c.matrix[3], 2)) for c in copies}
    if (
        max(s[0] for s in sizes) - min(s[0] for s in sizes) > 0.05
        or max(s[1] for s in sizes) - min(s[1] for s in sizes) > 0.05
    ):
        return
    for axis, name in ((0, "row"), (1, "column")):
        off = max((_unevenness(line, axis) for line in _lines(copies, axis)), default=0.0)
        if off > 0.05:
            figure = f"by {off * unit / PT_PER_MM:.3f} mm"
            cure = "place every copy at a whole multiple of the repeat"
            yield Finding("fault", f"copies of the repeat lie at uneven distances in a {name}", figure, cure)


def _lines(copies: list[Placed], axis: int) -> Iterator[list[float]]:
    """Yield where copies begin along an axis, in order, for each row or column of them."""
    lines: dict[int, list[float]] = {}
    for copy in copies:
        lines.setdefault(round(copy.matrix[5 - axis]), []).append(copy.matrix[4 + axis])
    yield from (sorted(line) for line in lines.values() if len(line) > 2)


def _unevenness(line: list[float], axis: int) -> float:
    steps = [b - a for a, b in pairwise(line)]
    middle = sorted(steps)[len(steps) // 2]
    # Only steps of about one pitch: elsewhere something else may lie between.
    return max((abs(step - middle) for step in steps if abs(step - middle) < middle / 2), default=0.0)


def _joints(copies: list[Placed], unit: float) -> Iterator[Finding]:
    for axis, name in ((0, "beside"), (1, "above")):
        size = copies[0].matrix[3 * axis]
        gaps = [b - a - size for line in _pairs(copies, axis) for a, b in pairwise(line)]
        near = [gap for gap in gaps if abs(gap) < max(_JOINT, 0.02 * size)]
        if not near:
            continue
        gap = max(near)
        figure = f"{abs(gap) * unit / PT_PER_MM:.3f} mm"
        if gap > _TOUCH:
            message = f"copies of the repeat that lie {name} each other leave a gap"
            yield Finding("fault", message, figure, "place them at exactly the size of the repeat")
        elif gap > -_OVERLAP:
            message = f"copies of the repeat that lie {name} each other only touch, which shows as hairlines"
            cure = "let each overlap the next by a point of its neighbor's picture, or paint them as one image"
            yield Finding("warning", message, figure, cure)


def _pairs(copies: list[Placed], axis: int) -> Iterator[list[float]]:
    lines: dict[int, list[float]] = {}
    for copy in copies:
        lines.setdefault(round(copy.matrix[5 - axis]), []).append(copy.matrix[4 + axis])
    yield from (sorted(line) for line in lines.values() if len(line) > 1)


def tiling_findings(drawn: Drawn) -> Iterator[Finding]:
    """Yield what is wrong with tiling patterns: pitches that drift, gaps between copies."""
    for tiling in drawn.tilings.values():
        left, bottom, right, top = (float(v) for v in tiling.BBox)
        across, down = abs(float(tiling.get("/XStep", 0))), abs(float(tiling.get("/YStep", 0)))
        if int(tiling.get("/TilingType", 1)) != 2:
            message = "a pattern lets the RIP change its pitch, so that its repeat drifts"
            yield Finding("warning", message, f"TilingType {tiling.get('/TilingType', 1)}", "write TilingType 2")
        if math.isclose(across * down, 0) or across > right - left + 0.01 or down > top - bottom + 0.01:
            figure = f"step {across:g} x {down:g}, cell {right - left:g} x {top - bottom:g}"
            yield Finding(
                "warning", "a pattern leaves gaps between its copies", figure, "make the step the cell's size"
            )


def cover_findings(drawn: Drawn, bleed: Box, unit: float) -> Iterator[Finding]:
    """Yield a fault if the art ends a little before the trim, or before the bleed that the page states."""
    if drawn.covered is None:
        return
    for box, name in ((drawn.trim, "trim"), (bleed, "bleed")):
        short = max(
            drawn.covered[0] - box[0], drawn.covered[1] - box[1], box[2] - drawn.covered[2], box[3] - drawn.covered[3]
        )
        side = min(box[2] - box[0], box[3] - box[1])
        if _TOUCH < short < 0.05 * side:
            figure = f"by {short * unit / PT_PER_MM:.2f} mm"
            yield Finding(
                "fault", f"the art ends before the {name}, and leaves a bare edge", figure, f"draw it over the {name}"
            )
            return
