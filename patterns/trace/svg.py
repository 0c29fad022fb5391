"""SVG: inks as named swatches and layers, in millimeters; the repeat as a real pattern, or paved.

SVG 1.1, so that every program reads it: one class for each ink, which is changed in one line; a layer for each ink, as
Inkscape marks layers; the inks also as Inkscape's swatches. Coordinates are the curves' own whole numbers under one
transform, so that what is shared stays shared to the digit.
"""

import html
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from patterns.trace import bezier
from patterns.trace.graph import UNIT
from patterns.trace.window import Window


@dataclass(frozen=True, slots=True)
class Layer:
    """An ink's name and sRGB color "#rrggbb", and what it paints: closed curves [(n, 4, 2) int64 in 1/256 px].

    They are filled by the nonzero rule; layers lie on one another in order. ``ground`` paints all of the sheet.
    """

    name: str
    hex: str
    curves: Sequence[np.ndarray]
    ground: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is drawn: a window of the plane and the size of a pixel (across, down) in mm; texts that go with it.

    With ``repeat`` the window is one repeat, and the drawing a pattern that fills ``size_mm`` with it.
    """

    window: Window
    pixel_mm: tuple[float, float]
    title: str = ""
    description: str = ""
    metadata: str = ""
    repeat: bool = True

    @property
    def size_mm(self) -> tuple[float, float]:
        """Width and height of the window."""
        width, height = self.window.right - self.window.left, self.window.bottom - self.window.top
        return width * self.pixel_mm[0] / UNIT, height * self.pixel_mm[1] / UNIT


def svg(layers: Sequence[Layer], sheet: Sheet) -> str:
    """Return an SVG document; ``sheet.metadata`` is XML, the other texts are plain."""
    width, height = (f"{side:.10g}" for side in sheet.size_mm)
    body = _pattern(layers, sheet) if sheet.repeat else [*_layers(layers, sheet)]
    return "\n".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>',
            '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"',
            ' xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape" version="1.1"',
            f' width="{width}mm" height="{height}mm" viewBox="0 0 {width} {height}">',
            f"<title>{html.escape(sheet.title)}</title>",
            f"<desc>{html.escape(sheet.description)}</desc>",
            *([f"<metadata>{sheet.metadata}</metadata>"] if sheet.metadata else []),
            *_swatches(layers),
            *body,
            "</svg>\n",
        ]
    )


def path_data(curves: Iterable[np.ndarray]) -> str:
    """Return closed curves as SVG path data, relative and in whole numbers."""
    return "".join(_loop_data(loop) for loop in curves)


def _loop_data(loop: np.ndarray) -> str:
    straight = bezier.straight(loop)
    relative = (loop[:, 1:] - loop[:, :1]).reshape(-1, 6).tolist()
    parts, last = [f"M{loop[0, 0, 0]},{loop[0, 0, 1]}"], ""
    for line, (a, b, c, d, e, f) in zip(straight.tolist(), relative, strict=True):
        command = "l" if line else "c"
        numbers = f"{e},{f}" if line else f"{a},{b} {c},{d} {e},{f}"
        parts.append((command if command != last else " ") + numbers)
        last = command
    # The last line, back to where the loop began, is what closing draws.
    return "".join(parts[:-1] if straight[-1] and len(parts) > 2 else parts) + "z"


def _swatches(layers: Sequence[Layer]) -> Iterable[str]:
    yield "<defs>"
    yield "<style>"
    for layer in layers:
        yield f".{_id(layer)} {{ fill: {layer.hex} }}"
    yield "</style>"
    for layer in layers:
        yield (
            f'<linearGradient id="swatch-{_id(layer)}" inkscape:swatch="solid" inkscape:label="{_text(layer.name)}">'
            f'<stop offset="0" stop-color="{layer.hex}"/></linearGradient>'
        )
    yield "</defs>"


def _pattern(layers: Sequence[Layer], sheet: Sheet) -> list[str]:
    width, height = (f"{side:.10g}" for side in sheet.size_mm)
    return [
        f'<defs><pattern id="repeat" inkscape:label="{_text(sheet.title)}" patternUnits="userSpaceOnUse" '
        f'width="{width}" height="{height}">',
        *_layers(layers, sheet),
        "</pattern></defs>",
        f'<rect width="{width}" height="{height}" fill="url(#repeat)"/>',
    ]


def _layers(layers: Sequence[Layer], sheet: Sheet) -> Iterable[str]:
    width, height = (f"{side:.10g}" for side in sheet.size_mm)
    scale = ",".join(f"{side / UNIT:.12g}" for side in sheet.pixel_mm)
    origin = f"translate({-sheet.window.left},{-sheet.window.top})" if sheet.window.left or sheet.window.top else ""
    for layer in layers:
        head = f'id="{_id(layer)}" class="{_id(layer)}" inkscape:groupmode="layer" inkscape:label="{_text(layer.name)}"'
        if layer.ground:
            yield f'<g {head}><rect width="{width}" height="{height}"/></g>'
        else:
            yield f'<g {head}><path transform="scale({scale}){origin}" d="{path_data(layer.curves)}"/></g>'


def _id(layer: Layer) -> str:
    """Return an ink's name as an identifier: "03 Black" becomes "ink-03-black"."""
    words = "".join(c.lower() if c.isascii() and c.isalnum() else " " for c in layer.name).split()
    return "-".join(["ink", *words])


def _text(text: str) -> str:
    return html.escape(text, quote=True)
