"""Diagrams of a tech pack: the lattice with its dimensions, and how it lies on the product."""

import math

import numpy as np

from patterns.press.tech_facts import TechPack
from patterns.press.tech_paper import ACCENT, INK, QUIET, WHITE, Paper, Point
from patterns.units import format_mm


def draw_repeat(pack: TechPack, paper: Paper, corner: Point, box: tuple[float, float], *, scale: float) -> None:
    """Draw the cells over a box of paper whose middle is that of a straight repeat; dimension its first cell."""
    lattice = pack.raster.job.lattice
    width, height = lattice.width / scale, lattice.height / scale
    across, down = lattice.copies
    x, y = corner[0] + (box[0] - across * width) / 2, corner[1] + (box[1] - down * height) / 2
    paper.clip(corner, box)
    reach = 2 + int(max(box) / min(width, height))
    for column in range(-reach, reach + 1):
        for row in range(-reach, reach + 1):
            left = x + (column + row * float(lattice.slide)) * width
            top = y + (row + column * float(lattice.drop)) * height
            if -width < left - corner[0] < box[0] and -height < top - corner[1] < box[1]:
                paper.box((left, top), (width, height), line=QUIET, weight=0.18)
    if (across, down) != (1, 1):
        points = [(x, y), (x + across * width, y), (x + across * width, y + down * height), (x, y + down * height)]
        paper.outline(points, color=INK, weight=0.4, dash=(2, 1.5))
    paper.box((x, y), (width, height), line=ACCENT, weight=0.7)
    paper.unclip()
    paper.box(corner, box)
    _dimensions(pack, paper, (x, y), (width, height))


def _dimensions(pack: TechPack, paper: Paper, at: Point, size: tuple[float, float]) -> None:
    """Dimension one cell, and the drop or slide of the next one."""
    lattice, (x, y), (width, height) = pack.raster.job.lattice, at, size
    paper.dimension((x, y + height + 4.5), (x + width, y + height + 4.5), format_mm(lattice.width))
    paper.dimension((x - 4, y), (x - 4, y + height), format_mm(lattice.height))
    whole = lattice.rectangle()
    if lattice.copies[0] > 1:
        right = x + lattice.copies[0] * width
        paper.dimension((x, y - 4), (right, y - 4), f"straight {format_mm(whole.width)}", color=INK)
    if lattice.copies[1] > 1:
        low = y + lattice.copies[1] * height
        paper.dimension((x - 9, y), (x - 9, low), f"straight {format_mm(whole.height)}", color=INK)
    if lattice.drop:
        low = y + float(lattice.drop) * height
        said = f"drop {format_mm(float(lattice.drop) * lattice.height)}"
        paper.dimension((x + width + 4, y), (x + width + 4, low), said, beside=True)
    if lattice.slide:
        right = x + float(lattice.slide) * width
        said = f"slide {format_mm(float(lattice.slide) * lattice.width)}"
        paper.dimension((x, y + height + 11), (right, y + height + 11), said)


def faded(picture: np.ndarray) -> np.ndarray:
    """Return a picture so pale that lines and figures on it are read."""
    return (255 - (255 - picture.astype(np.float32)) * 0.35).astype(np.uint8)


def draw_on_product(pack: TechPack, paper: Paper, at: Point, room: float) -> float:
    """Draw how the repeat lies across the product, or how two strips match; return where the drawing ends."""
    paper.words("On the product", at, size=9, bold=True)
    x, y = at[0], at[1] + 9
    if pack.product.joined and pack.fit.match:
        return _strips(pack, paper, (x, y), room)
    return _across(pack, paper, (x, y), room)


def _across(pack: TechPack, paper: Paper, at: Point, room: float) -> float:
    """Draw the printed width with the repeats that lie across it, and a cylinder's turn beneath."""
    lattice, product = pack.raster.job.lattice, pack.product
    rectangle = lattice.rectangle()
    sheet = product.sheets(lattice)[0]
    long = min(sheet.height_mm, 0.55 * sheet.width_mm, 3 * rectangle.height)
    scale = max(sheet.width_mm / room, long / 48)
    wide, tall, (x, y) = sheet.width_mm / scale, long / scale, at
    paper.dimension((x, y), (x + wide, y), format_mm(sheet.width_mm))
    y += 3
    picture = pack.picture((wide, tall), scale, corner_mm=(sheet.left_mm, sheet.top_mm))
    paper.image(faded(picture), (x, y), (wide, tall))
    paper.clip((x, y), (wide, tall))
    _columns(paper, (x, y), (wide, tall), lattice=(rectangle.width / scale, rectangle.height / scale),
             start=(sheet.left_mm / scale, sheet.top_mm / scale))  # fmt: skip
    paper.unclip()
    paper.box((x, y), (wide, tall), line=INK, weight=0.3)
    turns = sheet.width_mm / rectangle.width
    said = [f"{turns:.4g} straight repeats of {format_mm(rectangle.width)} lie across {format_mm(sheet.width_mm)}."]
    rest = sheet.width_mm - math.floor(turns + 1e-6) * rectangle.width
    if rest > 0.5 and turns > 1:
        said.append(f"{format_mm(rest)} of one is cut off.")
    if product.circumferences_mm:
        around = sheet.height_mm / rectangle.height
        said.append(
            f"{around:.4g} repeats of {format_mm(rectangle.height)} around the cylinder: {format_mm(sheet.height_mm)}."
        )
    return paper.paragraph(" ".join(said), (x, y + tall + 5), room=room)


def _columns(
    paper: Paper, at: Point, size: tuple[float, float], *, lattice: tuple[float, float], start: tuple[float, float]
) -> None:
    """Draw the lines between straight repeats within a rectangle."""
    for side in (0, 1):
        first = -start[side] % lattice[side]
        for number in range(min(200, int((size[side] - first) / lattice[side]) + 1)):
            along = at[side] + first + number * lattice[side]
            line = (
                ((along, at[1]), (along, at[1] + size[1])) if side == 0 else ((at[0], along), (at[0] + size[0], along))
            )
            paper.line(*line, color=ACCENT, weight=0.3)


def _strips(pack: TechPack, paper: Paper, at: Point, room: float) -> float:
    """Draw two strips side by side, with the marks at which their motifs meet."""
    match, width, (x, y) = pack.fit.match, pack.product.width_mm, at
    assert match is not None
    long = 2.2 * match.repeat_mm
    scale = max(2 * width / (room - 12), long / 92)
    wide, tall = width / scale, long / scale
    paper.dimension((x, y), (x + wide, y), format_mm(width))
    y += 3
    for strip in (0, 1):
        left = x + strip * wide
        paper.image(faded(pack.picture((wide, tall), scale, corner_mm=(strip * width, 0.0))), (left, y), (wide, tall))
        paper.box((left, y), (wide, tall), line=INK, weight=0.3)
        paper.box((left + wide / 2 - 5, y + tall - 4.6), (10, 3.6), fill=WHITE, line=None)
        paper.words(f"strip {strip + 1}", (left + wide / 2, y + tall - 2), size=6.5, color=QUIET, align=0.5)
        hang = (strip * match.offset_mm) % match.repeat_mm / scale
        for number in range(4):
            low = y + hang + number * match.repeat_mm / scale
            if low < y + tall - 4:
                paper.line((left, low), (left + wide, low), color=ACCENT, weight=0.4)
    step = match.repeat_mm / scale
    paper.dimension((x + wide / 4, y), (x + wide / 4, y + step), format_mm(match.repeat_mm), beside=True)
    if match.kind != "straight":
        right = x + 2 * wide + 3
        paper.dimension((right, y), (right, y + match.offset_mm / scale), format_mm(match.offset_mm), beside=True)
    said = f"Match: {match}. Each strip hangs with its lines at those of the strip at its left" + (
        "." if match.kind == "straight" else f", {format_mm(match.offset_mm)} lower in the repeat."
    )
    return paper.paragraph(said, (x, y + tall + 5), room=room)
