"""Drawing what surrounds the picture: crop and registration marks, chips, rulers, symbols, legend, slug.

All of our own drawing. Places come from ``page.Frame``, colors from ``pdf_colors.Inkwell``.
"""

from collections.abc import Iterator, Sequence

from patterns.color import Ink, Palette
from patterns.press import lettering, page
from patterns.press.page import SIZE, Frame, Trimmings
from patterns.press.page_symbols import draw_symbol
from patterns.press.pdf_colors import Inkwell
from patterns.press.pen import Pen
from patterns.units import PT_PER_MM

_HAIR = 0.25 / PT_PER_MM
_SMALL = 6 / PT_PER_MM
# Beyond this length a ruler says every fifth centimeter and has no millimeters.
_LONG_RULER = 600.0


def draw_marks(pen: Pen, frame: Frame, trimmings: Trimmings, *, well: Inkwell, palette: Palette) -> None:
    """Draw everything that the trimmings ask for around a sheet."""
    if trimmings == Trimmings(date=trimmings.date, design=trimmings.design):
        return
    pen.do(f"q {well.marks} {pen.long(_HAIR)} w")
    if trimmings.crop:
        _crop(pen, frame)
    if trimmings.registration:
        _registration(pen, frame)
    pen.do(f"Q q {well.text} {pen.long(_HAIR)} w")
    if frame.sheet.overlap_mm and (trimmings.crop or trimmings.registration):
        _overlap(pen, frame)
    if trimmings.ruler:
        _rulers(pen, frame)
    if trimmings.chips:
        _chips(pen, frame, well, palette)
    left = page.EDGE - frame.margins[0]
    for symbol, (row, x) in zip(trimmings.symbols, page.symbol_places(trimmings.symbols, _room(frame)), strict=True):
        draw_symbol(pen, symbol, (left + x, frame.symbols_at + row * (page.SYMBOL + 2)))
    if trimmings.legend:
        _legend(pen, frame, well, palette)
    for number, line in enumerate(frame.lines):
        pen.words(line, (left, frame.slug_at + number * page.LEADING), size=SIZE)
    pen.do("Q")


def chips(well: Inkwell, palette: Palette) -> list[tuple[str, str | None]]:
    """Return what the chips show: a number and an ink's color (None: bare cloth), then the process inks by letter."""
    return [*((str(n), color) for n, color in enumerate(well.inks, start=1)), *well.control]


def _room(frame: Frame) -> float:
    return frame.size[0] - 2 * page.EDGE


def _crop(pen: Pen, frame: Frame) -> None:
    """Draw two strokes at each corner of the trim, outside the bleed."""
    sheet, near = frame.sheet, frame.sheet.bleed_mm + page.MARK_GAP
    far = near + page.MARK_LONG
    for x, out in ((0.0, -1), (sheet.width_mm, 1)):
        for y, down in ((0.0, -1), (sheet.height_mm, 1)):
            pen.line((x + out * near, y), (x + out * far, y))
            pen.line((x, y + down * near), (x, y + down * far))


def _registration(pen: Pen, frame: Frame) -> None:
    """Draw a target at the middle of each side: a ring, and a cross that reaches beyond it."""
    sheet, away = frame.sheet, frame.sheet.bleed_mm + page.MARK_GAP + page.MARK_LONG / 2
    middle = (sheet.width_mm / 2, sheet.height_mm / 2)
    for x, y in (
        (middle[0], -away),
        (middle[0], sheet.height_mm + away),
        (-away, middle[1]),
        (sheet.width_mm + away, middle[1]),
    ):
        pen.circle((x, y), 1.6)
        pen.line((x - 2.8, y), (x + 2.8, y))
        pen.line((x, y - 2.8), (x, y + 2.8))


def _overlap(pen: Pen, frame: Frame) -> None:
    """Draw where the next panel begins: a stroke above and below with a small triangle that points at it."""
    sheet, near = frame.sheet, frame.sheet.bleed_mm + page.MARK_GAP
    x = sheet.width_mm - sheet.overlap_mm
    for y, down in ((0.0, -1), (sheet.height_mm, 1)):
        pen.line((x, y + down * near), (x, y + down * (near + page.MARK_LONG)))
        tip = y + down * (near + 0.2)
        pen.shape((x, tip), (x + 1.2, tip + down * 2.4), (x - 1.2, tip + down * 2.4))


def _rulers(pen: Pen, frame: Frame) -> None:
    """Draw centimeters along the foot from the left, and down the right side from the top."""
    sheet, away = frame.sheet, frame.sheet.bleed_mm
    away += page.MARK_GAP + page.MARK_LONG + 1 if frame.margins[1] > sheet.bleed_mm else 0.5
    for length, across in ((sheet.width_mm, True), (sheet.height_mm, False)):
        edge = (sheet.height_mm if across else sheet.width_mm) + away
        pen.line(*((mm, edge) if across else (edge, mm) for mm in (0.0, length)))
        for mm, tick, said in _ticks(length):
            start, end = ((mm, edge), (mm, edge + tick)) if across else ((edge, mm), (edge + tick, mm))
            pen.line(start, end)
            if said and across:
                pen.words(said, (mm, edge + tick + 2.4), size=_SMALL, align=0.5)
            elif said:
                pen.words(said, (edge + tick + 0.8, mm + 0.36 * _SMALL), size=_SMALL)


def _ticks(length: float) -> Iterator[tuple[float, float, str]]:
    """Yield where a ruler of a length in mm has ticks, how long they are, and what is said at them."""
    step, labeled = (5, 50) if length > _LONG_RULER else (1, 10)
    for mm in range(0, int(length + 1e-6) + 1, step):
        said = f"{mm // 10}" + (" cm" if mm == 0 else "") if mm % labeled == 0 else ""
        yield float(mm), 4.0 if mm % labeled == 0 else 3.0 if mm % 10 == 0 else 2.2 if mm % 5 == 0 else 1.4, said


def _chips(pen: Pen, frame: Frame, well: Inkwell, palette: Palette) -> None:
    """Draw the chips at the left edge, from the top down in as many columns as they need, again at every meter."""
    shown, rows = chips(well, palette), page.chip_rows(frame.sheet)
    start, left = 0.0, -frame.margins[0] + (page.CHIP_STRIP - page.CHIP) / 2
    while start == 0.0 or start + rows * page.CHIP_STEP <= frame.sheet.height_mm:
        for place, (said, color) in enumerate(shown):
            column, row = divmod(place, rows)
            corner = (left + column * page.CHIP_STRIP, start + 1 + row * page.CHIP_STEP)
            _chip(pen, corner, (page.CHIP, page.CHIP), color)
            pen.words(said, (corner[0] + page.CHIP / 2, corner[1] + page.CHIP + 2.5), size=SIZE, align=0.5)
        start += page.CHIPS_EVERY


def _chip(pen: Pen, corner: tuple[float, float], size: tuple[float, float], color: str | None) -> None:
    """Draw a chip; where nothing is printed it is an empty frame with a diagonal."""
    if color:
        pen.do(f"q {color}")
        pen.box(corner, size)
        pen.do("Q")
        pen.box(corner, size, how="S")
        return
    pen.box(corner, size, how="S")
    pen.line((corner[0], corner[1] + size[1]), (corner[0] + size[0], corner[1]))


def _legend(pen: Pen, frame: Frame, well: Inkwell, palette: Palette) -> None:
    """Draw every ink with its name and figures, in rows beneath the sheet."""
    legend, left = page.Legend.of(palette, _room(frame)), page.EDGE - frame.margins[0]
    for place, (ink, name) in enumerate(zip(palette.inks, legend.names, strict=True)):
        row, column = divmod(place, legend.columns)
        corner = (left + column * legend.step[0], frame.legend_at + row * legend.step[1])
        _chip(pen, corner, page.LEGEND_CHIP, well.inks[place])
        _legend_words(pen, (name, *_figures(ink, well, place)), (corner[0] + page.LEGEND_CHIP[0] + 2, corner[1]))


def _figures(ink: Ink, well: Inkwell, place: int) -> tuple[str, str]:
    """Return an ink's Lab, and what it is on the screen or in the press."""
    lightness, a, b = ink.lab_d50
    shown = well.said[place] if well.said else ink.hex
    return f"Lab {lightness:.1f} {a:.1f} {b:.1f}".replace("-", "−"), shown if well.inks[place] else "bare cloth"


def _legend_words(pen: Pen, said: tuple[Sequence[str], str, str], at: tuple[float, float]) -> None:
    (x, y), (name, *figures) = at, said
    y += 3.0
    for line in name:
        pen.words(line, (x, y), size=SIZE, face=lettering.BOLD)
        y += page.LEADING
    for line in figures:
        pen.words(line, (x, y), size=_SMALL)
        y += 1.35 * _SMALL
