"""Hanging and match symbols, of our own drawing: two strips side by side, and where the pattern meets on them.

They say the same as the signs on wallpaper labels without being these. Each fits a square of ``page.SYMBOL``.
"""

from collections.abc import Callable

from patterns.press.page import SIZE, SYMBOL, Symbol
from patterns.press.pen import Pen
from patterns.units import PT_PER_MM

_LINE = 0.6 / PT_PER_MM
Point = tuple[float, float]


def draw_symbol(pen: Pen, symbol: Symbol, corner: Point) -> None:
    """Draw a symbol with its top left corner at a point, and its words to the right."""
    pen.do(f"q {pen.long(_LINE)} w 1 j")
    _DRAWN[symbol.kind](pen, corner)
    pen.do("Q")
    if symbol.words:
        pen.words(symbol.words, (corner[0] + SYMBOL + 2, corner[1] + SYMBOL / 2 + 0.36 * SIZE), size=SIZE)


def _strips(pen: Pen, corner: Point) -> tuple[float, float]:
    """Draw two strips; return the x of their middles."""
    x, y = corner
    for left in (0.6, 5.6):
        pen.box((x + left, y + 0.5), (4.8, SYMBOL - 1), how="S")
    return x + 3.0, x + 8.0


def _diamond(pen: Pen, center: Point, *, half: float = 1.1) -> None:
    x, y = center
    pen.shape((x, y - half), (x + half, y), (x, y + half), (x - half, y))


def _arrow(pen: Pen, x: float, top: float, bottom: float) -> None:
    """Draw an arrow from bottom to top; with top below bottom it points down."""
    back = 2.0 if bottom > top else -2.0
    pen.line((x, bottom), (x, top + back))
    pen.shape((x, top), (x + 1.2, top + back), (x - 1.2, top + back))


def _up(pen: Pen, corner: Point) -> None:
    x, y = corner
    pen.box((x + 1.6, y + 0.5), (SYMBOL - 3.2, SYMBOL - 1), how="S")
    _arrow(pen, x + SYMBOL / 2, y + 2, y + SYMBOL - 2)


def _straight(pen: Pen, corner: Point) -> None:
    """Equal motifs at equal heights."""
    for x in _strips(pen, corner):
        for y in (3.0, 8.0):
            _diamond(pen, (x, corner[1] + y))


def _drop(pen: Pen, corner: Point) -> None:
    """The right strip's motifs hang between those of the left."""
    left, right = _strips(pen, corner)
    for x, heights in ((left, (3.0, 8.0)), (right, (5.5,))):
        for y in heights:
            _diamond(pen, (x, corner[1] + y))


def _free(pen: Pen, corner: Point) -> None:
    """Strokes that need not meet."""
    left, right = _strips(pen, corner)
    for x, heights in ((left, (2.8, 5.2, 8.4)), (right, (2.0, 4.2, 6.8, 9.2))):
        for y in heights:
            pen.line((x - 1.5, corner[1] + y), (x + 1.5, corner[1] + y))


def _reverse(pen: Pen, corner: Point) -> None:
    """Every other strip hangs upside down."""
    left, right = _strips(pen, corner)
    _arrow(pen, left, corner[1] + 2, corner[1] + SYMBOL - 2)
    _arrow(pen, right, corner[1] + SYMBOL - 2, corner[1] + 2)


def _overlap(pen: Pen, corner: Point) -> None:
    """Two strips one over the other, the glue edge hatched."""
    x, y = corner
    for left in (0.6, 4.4):
        pen.box((x + left, y + 0.5), (6.0, SYMBOL - 1), how="S")
    for step in range(4):
        top = y + 0.9 + 2.4 * step
        pen.line((x + 4.4, top + 2.2), (x + 6.6, top))


def _panel(pen: Pen, corner: Point) -> None:
    """Three strips, the middle one filled."""
    x, y = corner
    for place, how in enumerate(("S", "B", "S")):
        pen.box((x + 0.6 + 3.3 * place, y + 0.5), (3.3, SYMBOL - 1), how=how)


_DRAWN: dict[str, Callable[[Pen, Point], None]] = {
    "up": _up,
    "straight": _straight,
    "drop": _drop,
    "free": _free,
    "reverse": _reverse,
    "overlap": _overlap,
    "panel": _panel,
}
