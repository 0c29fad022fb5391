"""Follows the content of a page, its forms and patterns: what is drawn, in which colors, how large. ISO 32000-1, 8-9.

Content is anybody's: it may be endless, may draw itself, or may be no content at all. So much is followed and no more;
what was left out is said.
"""

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from patterns.preflight.boxes import inherited
from patterns.preflight.described import described
from patterns.preflight.drawn import IDENTITY, Box, Drawn, Image, Matrix, Placed, meets, times
from patterns.preflight.graphics import Graphics, matrix_of
from patterns.preflight.spaces import BadSpace, Space, Spaces
from patterns.preflight.streams import inflated

# Bytes and words of content and steps followed on a page, and forms within forms; a form drawn counts as so many steps.
MOST_CONTENT, MOST_WORDS, MOST_STEPS, DEEPEST, FORM_STEPS = 24 << 20, 1_500_000, 1_000_000, 24, 50
# Content as short as this is kept for when its form is drawn again.
_SHORT = 2000


class Walker(Graphics):
    """Follows the content of one page and gathers what it draws in ``drawn``."""

    def __init__(self, pdf: Any, drawn: Drawn, spaces: Spaces) -> None:
        super().__init__(drawn, spaces)
        self.pdf = pdf
        self._followed: list[Any] = []
        self._bytes = 0
        self._images: dict[tuple[int, int], Image] = {}
        self._path: list[tuple[float, float]] = []
        self._line: Matrix = IDENTITY
        self._kept: dict[Any, list[Any]] = {}

    def page(self, page: Any) -> None:
        """Follow a page's content."""
        import pikepdf

        contents = page.get("/Contents")
        parts = list(contents) if isinstance(contents, pikepdf.Array) else [contents]
        data = b""
        for part in [p for p in parts if isinstance(p, pikepdf.Stream)]:
            found, whole = inflated(part, max(1, self._left - len(data)))
            data += found + b"\n"
            if not whole:
                self._unread(found, "its content is damaged")
                break
        self.content(data, inherited(page, "/Resources"))

    @property
    def _left(self) -> int:
        """How many bytes of content may still be read."""
        return max(1, MOST_CONTENT - self._bytes)

    def _unread(self, found: bytes, damage: str) -> None:
        """Note that content was not read to its end: it is too long, else it is damaged."""
        if len(found) >= self._left:
            self.drawn.unfollowed = True
        else:
            self.drawn.say(damage)

    def content(self, data: bytes, resources: Any, key: Any = None) -> None:
        """Follow one content stream with its resources; with a key it is remembered."""
        outside, self._resources = self._resources, resources
        depth = len(self._stack)
        for step in self._steps(data, key):
            self.drawn.steps += 1
            if self.drawn.steps > MOST_STEPS:
                self.drawn.unfollowed = True
                break
            self._step(step)
        if len(self._stack) > depth:
            self.drawn.say("its content saves the state more often than it restores it (q without Q)")
            self._now = self._stack[depth]
            del self._stack[depth:]
        self._resources = outside

    def _steps(self, data: bytes, key: Any) -> list[Any]:
        """Return the steps of content, no more words of it than are followed."""
        import pikepdf

        if key in self._kept:
            return self._kept[key]
        self._bytes += len(data)
        words = data.count(b" ") + data.count(b"\n")
        if words > MOST_WORDS:
            self.drawn.unfollowed = True
            data = data[: len(data) * MOST_WORDS // words]
        try:
            steps = list(pikepdf.parse_content_stream(self.pdf.make_stream(data))) if data.strip() else []
        except (pikepdf.PdfError, ValueError, TypeError) as error:
            self.drawn.say(f"its content cannot be read ({str(error)[:80]})")
            steps = []
        if key is not None and len(steps) < _SHORT:
            self._kept[key] = steps
        return steps

    def _step(self, step: Any) -> None:
        operator = str(step.operator)
        act = _ACTS.get(operator)
        if act is None:
            if operator not in _IDLE:
                self.drawn.say(f"its content has an unknown operator ({operator[:20]!r})")
            return
        try:
            act(self, step.operands)
        except BadSpace as error:
            self.drawn.say(str(error))
        except (TypeError, ValueError, IndexError, KeyError, AttributeError, OverflowError):
            self.drawn.say(f"its content gives the operator {operator} what it cannot take")

    # Paths

    def _point(self, operands: Any) -> None:
        a, b, c, d, e, f = self._now.matrix
        for at in range(0, len(operands) - 1, 2):
            x, y = float(operands[at]), float(operands[at + 1])
            self._path.append((x * a + y * c + e, x * b + y * d + f))

    def _rectangle(self, operands: Any) -> None:
        x, y, width, height = (float(v) for v in operands)
        self._point((x, y, x + width, y, x + width, y + height, x, y + height))

    def _paint(self, *, fill: bool, stroke: bool) -> None:
        if not self._path:
            return
        xs, ys = zip(*self._path, strict=True)
        box = (min(xs), min(ys), max(xs), max(ys))
        if not all(map(math.isfinite, box)):
            raise ValueError("a path without end")
        if fill:
            self._use(box)
            self.drawn.cover(box)
        if stroke:
            self._stroke(box)
        self._path = []

    def _stroke(self, box: Box) -> None:
        a, b, c, d, _, _ = self._now.matrix
        width = self._now.width * math.sqrt(abs(a * d - b * c))
        wide = (box[0] - width, box[1] - width, box[2] + width, box[3] + width)
        self._use((wide[0] - 0.01, wide[1] - 0.01, wide[2] + 0.01, wide[3] + 0.01), stroke=True)
        # What crosses the trim by a hair is a crop mark.
        if meets((box[0] - 0.5, box[1] - 0.5, box[2] + 0.5, box[3] + 0.5), self.drawn.trim, by=0.9):
            self.drawn.hairline = min(self.drawn.hairline, width)

    def _end(self, _: Any) -> None:
        self._path = []

    # Text

    def _font(self, operands: Any) -> None:
        font = self._resource("/Font", operands[0])
        if font is None:
            self.drawn.say(f"its content uses a font that is not defined ({operands[0]})")
        else:
            self.drawn.named_fonts[font.objgen if font.objgen != (0, 0) else str(operands[0])] = font
        self._now = replace(self._now, font=font)

    def _render(self, operands: Any) -> None:
        self._now = replace(self._now, render=int(operands[0]))

    def _begin_text(self, _: Any) -> None:
        self._line = IDENTITY

    def _text_matrix(self, operands: Any) -> None:
        self._line = matrix_of(operands)

    def _next_line(self, operands: Any) -> None:
        self._line = times((1, 0, 0, 1, float(operands[0]), float(operands[1])), self._line)

    def _show(self, operands: Any) -> None:
        font = self._now.font
        shown = operands[-1]
        if not any(len(bytes(s)) for s in (shown if _is_array(shown) else [shown]) if _is_string(s)):
            return
        if font is not None:
            self.drawn.fonts[font.objgen if font.objgen != (0, 0) else id(font)] = font
        if self._now.render == 3:
            return
        x, y = times(self._line, self._now.matrix)[4:]
        here = (x, y, x + 1, y + 1)
        self.drawn.texts += meets(here, self.drawn.trim, by=0.9)
        self._use(here)

    # Objects

    def _object(self, operands: Any) -> None:
        found = self._resource("/XObject", operands[0])
        kind = "" if found is None else str(found.get("/Subtype", ""))
        if kind == "/Image":
            self._place(self._image(found, str(operands[0])[1:]))
        elif kind == "/Form":
            self._form(found)
        elif kind == "/PS":
            self.drawn.states.add("PostScript")
        else:
            self.drawn.say(f"its content draws an object that is not there ({operands[0]})")

    def _place(self, image: Image) -> None:
        placed = Placed(image, self._now.matrix)
        box = placed.box
        if not all(map(math.isfinite, box)):
            raise ValueError("an image without end")
        if len(self.drawn.placed) < 200_000:
            self.drawn.placed.append(placed)
        if image.space is not None and meets(box, self.drawn.trim, by=0.0):
            self.drawn.spaces[id(image.space)] = image.space
            self.drawn.overprints += self._now.fill_over
        if image.mask:
            self._use(box)
        if image.soft:
            self.drawn.alpha.add("soft mask of an image")
        self.drawn.paints += 1
        self.drawn.cover(box)

    def _image(self, stream: Any, name: str) -> Image:
        place = stream.objgen
        if place not in self._images:
            self._images[place] = described(stream, name, place, self._space_of(stream))
        return self._images[place]

    def _space_of(self, stream: Any) -> Space | None:
        given = stream.get("/ColorSpace", stream.get("/CS"))
        return None if given is None else self.spaces.read(given, self._resources)

    def _inline(self, operands: Any) -> None:
        stream = operands[0].obj
        space = self._space_of(stream)
        self._place(described(stream, "inline image", (0, 0), space))

    def _form(self, form: Any) -> None:
        if form.objgen in self._followed:
            self.drawn.say("a form draws itself")
            return
        if len(self._followed) >= DEEPEST:
            self.drawn.say(f"forms lie in forms more than {DEEPEST} deep")
            return
        group = form.get("/Group")
        if group is not None and str(group.get("/S", "")) == "/Transparency" and self._now.see_through:
            self.drawn.alpha.add("transparency group")
        self.drawn.layers |= "/OC" in form
        self.drawn.steps += FORM_STEPS
        if self.drawn.steps > MOST_STEPS:
            self.drawn.unfollowed = True
            return
        data, whole = (b"", True) if form.objgen in self._kept else inflated(form, self._left)
        if not whole:
            self._unread(data, "a form's content is damaged")
        self._inside(form, data, times(matrix_of(form.get("/Matrix", IDENTITY)), self._now.matrix))

    def _inside(self, form: Any, data: bytes, matrix: Matrix) -> None:
        before = self._now
        self._now = replace(before, matrix=matrix)
        self._followed.append(form.objgen)
        self.content(data, form.get("/Resources", self._resources), form.objgen)
        self._followed.pop()
        self._now = before

    def _pattern(self, name: Any) -> None:
        import pikepdf

        found = self._resource("/Pattern", name)
        if found is None:
            self.drawn.say(f"its content uses a pattern that is not defined ({name})")
            return
        if not isinstance(found, pikepdf.Stream):
            self.drawn.shadings += 1
            return
        if found.objgen in self.drawn.tilings:
            return
        self.drawn.tilings[found.objgen] = found
        data, _ = inflated(found, self._left)
        stacked, path = self._stack, self._path
        self._stack, self._path = [], []
        self._inside(found, data, matrix_of(found.get("/Matrix", IDENTITY)))
        self._stack, self._path = stacked, path

    def _shade(self, _: Any) -> None:
        self.drawn.shadings += 1
        self.drawn.paints += 1
        self.drawn.cover(self.drawn.trim)

    def _marked(self, operands: Any) -> None:
        self.drawn.layers |= bool(len(operands)) and str(operands[0]) == "/OC"


def _is_array(given: Any) -> bool:
    import pikepdf

    return isinstance(given, pikepdf.Array)


def _is_string(given: Any) -> bool:
    import pikepdf

    return isinstance(given, pikepdf.String)


def _painting(fill: bool, stroke: bool) -> Callable[[Walker, Any], None]:
    return lambda walker, _: walker._paint(fill=fill, stroke=stroke)


def _coloring(device: str, stroke: bool) -> Callable[[Walker, Any], None]:
    return lambda walker, operands: walker._device(device, operands, stroke=stroke)


_ACTS: dict[str, Callable[[Walker, Any], None]] = {
    "q": Walker._save,
    "Q": Walker._restore,
    "cm": Walker._transform,
    "w": Walker._line_width,
    "gs": Walker._graphics_state,
    "cs": lambda walker, operands: walker._space(operands, stroke=False),
    "CS": lambda walker, operands: walker._space(operands, stroke=True),
    **dict.fromkeys(("sc", "scn"), lambda walker, operands: walker._color(operands, stroke=False)),
    **dict.fromkeys(("SC", "SCN"), lambda walker, operands: walker._color(operands, stroke=True)),
    **{o: _coloring(d, False) for o, d in (("g", "/DeviceGray"), ("rg", "/DeviceRGB"), ("k", "/DeviceCMYK"))},
    **{o: _coloring(d, True) for o, d in (("G", "/DeviceGray"), ("RG", "/DeviceRGB"), ("K", "/DeviceCMYK"))},
    **dict.fromkeys(("m", "l", "c", "v", "y"), Walker._point),
    "re": Walker._rectangle,
    **dict.fromkeys(("f", "F", "f*"), _painting(True, False)),
    **dict.fromkeys(("S", "s"), _painting(False, True)),
    **dict.fromkeys(("B", "B*", "b", "b*"), _painting(True, True)),
    "n": Walker._end,
    "Tf": Walker._font,
    "Tr": Walker._render,
    "BT": Walker._begin_text,
    "Tm": Walker._text_matrix,
    **dict.fromkeys(("Td", "TD"), Walker._next_line),
    **dict.fromkeys(("Tj", "TJ", "'", '"'), Walker._show),
    "Do": Walker._object,
    "INLINE IMAGE": Walker._inline,
    "sh": Walker._shade,
    "BDC": Walker._marked,
}
_IDLE = frozenset(
    [
        "h",
        "W",
        "W*",
        "J",
        "j",
        "M",
        "d",
        "ri",
        "i",
        "ET",
        "T*",
        "Tc",
        "Tw",
        "Tz",
        "TL",
        "Ts",
        "MP",
        "DP",
        "BMC",
        "EMC",
        "BX",
        "EX",
        "d0",
        "d1",
    ]
)
