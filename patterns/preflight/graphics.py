"""The graphics state of a page's content, and the colors that are set and painted. ISO 32000-1, 8.4 and 8.6."""

from dataclasses import dataclass, replace
from typing import Any

from patterns.preflight.drawn import IDENTITY, Box, Drawn, Matrix, meets, times
from patterns.preflight.spaces import DEVICES, Space, Spaces

_GRAY = DEVICES["/DeviceGray"]


@dataclass(frozen=True, slots=True)
class State:
    """The graphics state, as far as it matters; colors are those of filling and of stroking."""

    matrix: Matrix = IDENTITY
    fill: Space | None = _GRAY
    stroke: Space | None = _GRAY
    fill_values: tuple[float, ...] = (0.0,)
    stroke_values: tuple[float, ...] = (0.0,)
    width: float = 1.0
    fill_over: bool = False
    stroke_over: bool = False
    over_mode: int = 0
    font: Any = None
    render: int = 0
    see_through: bool = False


class Graphics:
    """The state in which a page draws, saved and restored as its content says; what is painted is told ``drawn``."""

    def __init__(self, drawn: Drawn, spaces: Spaces) -> None:
        self.drawn, self.spaces = drawn, spaces
        self._stack: list[State] = []
        self._now = State()
        self._resources: Any = None

    def _pattern(self, name: Any) -> None:
        """Follow a pattern that becomes the color."""
        raise NotImplementedError

    def _resource(self, kind: str, name: Any) -> Any:
        listed = None if self._resources is None else self._resources.get(kind)
        return None if listed is None else listed.get(str(name))

    def _save(self, _: Any) -> None:
        if len(self._stack) < 10_000:
            self._stack.append(self._now)

    def _restore(self, _: Any) -> None:
        if self._stack:
            self._now = self._stack.pop()
        else:
            self.drawn.say("its content restores a state that was not saved (Q without q)")

    def _transform(self, operands: Any) -> None:
        self._now = replace(self._now, matrix=times(matrix_of(operands), self._now.matrix))

    def _line_width(self, operands: Any) -> None:
        self._now = replace(self._now, width=float(operands[0]))

    def _graphics_state(self, operands: Any) -> None:
        import pikepdf

        given = self._resource("/ExtGState", operands[0])
        if not isinstance(given, pikepdf.Dictionary):
            self.drawn.say(f"its content uses a graphics state that is not defined ({operands[0]})")
            return
        now = self._now
        over = bool(given.get("/OP", now.stroke_over))
        fill_over = bool(given.get("/op", given.get("/OP", now.fill_over)))
        mode = int(given.get("/OPM", now.over_mode))
        width = float(given.get("/LW", now.width))
        clear = self._transparency(given)
        self._now = replace(now, stroke_over=over, fill_over=fill_over, over_mode=mode, width=width, see_through=clear)
        for key in ("/TR", "/TR2"):
            if key in given and str(given[key]) not in ("/Identity", "/Default"):
                self.drawn.states.add("transfer function")
        if "/HT" in given and given["/HT"] != _name("/Default"):
            self.drawn.states.add("halftone")

    def _transparency(self, given: Any) -> bool:
        """Note what of a graphics state lets the ground show through; return whether it does from now on."""
        clear = self._now.see_through
        for key in ("/CA", "/ca"):
            if key in given:
                clear = float(given[key]) < 1
                self.drawn.alpha |= {f"opacity {float(given[key]):g}"} if clear else set()
        if "/BM" in given:
            mode = given["/BM"]
            mode = str(mode[0]) if not isinstance(mode, type(_name("/A"))) else str(mode)
            self.drawn.alpha |= {f"blend mode {mode[1:]}"} if mode not in ("/Normal", "/Compatible") else set()
        if "/SMask" in given and given["/SMask"] != _name("/None"):
            self.drawn.alpha.add("soft mask")
        return clear

    def _space(self, operands: Any, *, stroke: bool) -> None:
        space = self.spaces.read(operands[0], self._resources)
        start = (1.0,) * space.components if space.colorants else (0.0,) * space.components
        self._set_color(space, start, stroke=stroke)

    def _device(self, name: str, operands: Any, *, stroke: bool) -> None:
        space = self.spaces.read(_name(name), self._resources)
        self._set_color(space, tuple(float(v) for v in operands), stroke=stroke)

    def _color(self, operands: Any, *, stroke: bool) -> None:
        import pikepdf

        space = self._now.stroke if stroke else self._now.fill
        if len(operands) and isinstance(operands[-1], pikepdf.Name):
            if not stroke:
                self._pattern(operands[-1])
            operands = operands[:-1]
        self._set_color(space, tuple(float(v) for v in operands), stroke=stroke)

    def _set_color(self, space: Space | None, values: tuple[float, ...], *, stroke: bool) -> None:
        if stroke:
            self._now = replace(self._now, stroke=space, stroke_values=values)
        else:
            self._now = replace(self._now, fill=space, fill_values=values)

    def _use(self, box: Box, *, stroke: bool = False) -> None:
        """Note that the present color is painted in a box."""
        now, drawn = self._now, self.drawn
        space, values = (now.stroke, now.stroke_values) if stroke else (now.fill, now.fill_values)
        over = now.stroke_over if stroke else now.fill_over
        drawn.paints += 1
        if space is None or not meets(box, drawn.trim, by=0.0):
            return
        drawn.spaces[id(space)] = space
        drawn.most_ink = max(drawn.most_ink, space.ink_sum(values) or 0.0)
        if over:
            drawn.overprints += 1
            drawn.white_overprints += space.paints_nothing(values) and (bool(space.colorants) or now.over_mode == 1)
        # A hair outside the trim belongs to a mark that ends at it.
        inside = meets(box, drawn.trim, by=3.0)
        drawn.everywhere += inside and "All" in space.colorants and any(values)
        drawn.nowhere += space.colorants == ("None",)


def matrix_of(given: Any) -> Matrix:
    """Return six numbers of a PDF as a matrix."""
    a, b, c, d, e, f = (float(v) for v in given)
    return a, b, c, d, e, f


def _name(text: str) -> Any:
    import pikepdf

    return pikepdf.Name(text)
