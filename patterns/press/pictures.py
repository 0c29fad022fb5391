"""Pictures for the eye: a photograph-like picture as JPEG or PNG, a film, and a sheet of several with captions."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from patterns.press.jpeg import write_jpeg
from patterns.press.lettering import BOLD, REGULAR, face_file, fitted, settable
from patterns.press.marks import Marks, srgb_profile
from patterns.press.png import write_png
from patterns.press.raster import Picture

FORMATS = ("jpg", "png")
# Pictures have no size of their own; screens take them at so many px per mm (96 dpi).
_SCREEN = 96 / 25.4
_QUALITY, _FILM_QUALITY = 92, 80
# A sheet's margins and captions, as shares of its width.
_EDGE, _GAP, _CAPTION, _TITLE = 0.02, 0.012, 0.0105, 0.018
_PAPER, _INK, _QUIET = (252, 251, 249), (35, 34, 32), (120, 117, 112)


@dataclass(frozen=True, slots=True)
class Captioned:
    """A picture (H, W, 3) uint8 sRGB on a sheet, with a line below it, and a quieter one after that."""

    pixels: np.ndarray
    caption: str = ""
    note: str = ""


def write_picture(path: Path, pixels: np.ndarray, marks: Marks, *, kind: str = "jpg") -> None:
    """Write (H, W, 3) uint8 sRGB in one of FORMATS, with all that a file says of itself."""
    height, width = pixels.shape[:2]
    picture = Picture(width, height, lambda: iter((pixels,)), (_SCREEN, _SCREEN))
    if kind == "png":
        write_png(path, picture, marks)
    else:
        write_jpeg(path, picture, marks, quality=_QUALITY)


def write_film(path: Path, frames: Sequence[np.ndarray], marks: Marks, *, milliseconds: int) -> None:
    """Write frames (H, W, 3) uint8 sRGB as a WebP that goes round and round."""
    from PIL import Image

    images = [Image.fromarray(frame) for frame in frames]
    options: dict[str, Any] = {"xmp": marks.xmp()} if marks.xmp() else {}
    with path.open("wb") as file:
        images[0].save(
            file, "WEBP", save_all=True, append_images=images[1:], duration=milliseconds, loop=0,
            quality=_FILM_QUALITY, method=3, icc_profile=srgb_profile(), **options,
        )  # fmt: skip


def sheet(
    rows: Sequence[Sequence[Captioned]],
    *,
    width: int,
    title: str = "",
    note: str = "",
    ground: tuple[int, int, int] = _PAPER,
) -> np.ndarray:
    """Return (H, W, 3) uint8 sRGB: rows of pictures in columns of equal width, each with its caption, under a title.

    ``ground`` is the sheet's color. A row is as high as its highest picture; pictures keep their proportions.
    """
    from PIL import Image, ImageDraw

    columns = max(len(row) for row in rows)
    edge, gap, line = (round(width * share) for share in (_EDGE, _GAP, _CAPTION))
    cell = (width - 2 * edge - (columns - 1) * gap) // columns
    heights = [max(round(cell * one.pixels.shape[0] / one.pixels.shape[1]) for one in row) for row in rows]
    below = [round(3.4 * line) if any(one.caption for one in row) else 0 for row in rows]
    head = round(width * _TITLE * 2.2) if title else 0
    height = 2 * edge + head + sum(heights) + sum(below) + (len(rows) - 1) * gap
    canvas = Image.new("RGB", (width, height), ground)
    pen = ImageDraw.Draw(canvas)
    if title:
        _say(pen, (edge, edge + round(width * _TITLE)), title, BOLD, width * _TITLE, (width - 2 * edge, _INK))
        _say(pen, (edge, edge + round(width * _TITLE * 1.8)), note, REGULAR, line, (width - 2 * edge, _QUIET))
    top = edge + head
    for row, tall, text in zip(rows, heights, below, strict=True):
        for number, one in enumerate(row):
            left = edge + number * (cell + gap)
            size = (cell, round(cell * one.pixels.shape[0] / one.pixels.shape[1]))
            canvas.paste(Image.fromarray(one.pixels).resize(size, Image.Resampling.LANCZOS), (left, top))
            _say(pen, (left, top + size[1] + round(1.5 * line)), one.caption, REGULAR, line, (cell, _INK))
            _say(pen, (left, top + size[1] + round(2.7 * line)), one.note, REGULAR, 0.85 * line, (cell, _QUIET))
        top += tall + text + gap
    return np.asarray(canvas)


def _say(pen: Any, at: tuple[int, int], text: str, face: str, size: float, room: tuple[int, tuple[int, ...]]) -> None:
    """Set a line from a point of its baseline, cut to a width, in a color."""
    if text:
        from PIL import ImageFont

        line = fitted(settable(text, face), face, size, room[0])
        pen.text(at, line, room[1], ImageFont.truetype(str(face_file(face)), size), anchor="ls")
