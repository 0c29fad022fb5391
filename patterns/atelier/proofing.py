"""Pictures to judge by: a soft proof, the screen's colors beside the cloth's, and a map of what is too fine.

The proof is absolute: white is the screen's white on the left and the bare cloth on the right. It shows colors, not
cloth: neither weave nor sheen, and a screen that is not calibrated shows both sides wrongly alike.
"""

import contextlib
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from patterns.color import Palette, lab_to_srgb, linear_to_srgb
from patterns.color.gamut import Lab
from patterns.color.printable import Printable, PrintableInk
from patterns.errors import CannotMake
from patterns.fabric import Fabric
from patterns.separation import Separation
from patterns.thinness import Thinness

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw

# Pixels: a panel's side, the margin around it, a swatch row and its text.
_PANEL, _MARGIN, _ROW, _TEXT = 560, 40, 44, 20
_INK, _QUIET, _EDGE = (30, 30, 30), (105, 105, 105), (160, 160, 160)
_PAPER, _ALERT = (255, 255, 255), (222, 30, 60)
# How much of a design is left in a map of thin places, and how wide a ring is around one, as a share of the tile.
_FAINT, _RING = 0.35, 0.006


def proof(separation: Separation, asked: Palette, found: Printable, *, title: str, white: Lab) -> "Image":
    """Return a picture: the design as asked on white, as printed on the fabric's white, and the inks."""
    from PIL import Image, ImageDraw

    half = _PANEL + 2 * _MARGIN
    height = half + _ROW * (len(found.inks) + 1) + _MARGIN
    cloth = _srgb8(white)
    picture = Image.new("RGB", (2 * half, height), _PAPER)
    picture.paste(cloth, (half, 0, 2 * half, height))
    for left, palette in ((0, asked), (half, found.palette)):
        picture.paste(_panel(separation, palette), (left + _MARGIN, _MARGIN))
    draw = ImageDraw.Draw(picture)
    top = half - _MARGIN // 2
    _write(draw, (_MARGIN, top), "on screen, as asked")
    _write(draw, (half + _MARGIN, top), f"soft proof: {title}")
    kind = "heuristic gamut" if found.heuristic else "measured gamut"
    _write(draw, (half + _MARGIN, top + 26), f"on its own white; {kind}", _QUIET)
    for row, ink in enumerate(found.inks):
        _swatches(draw, ink, half, top + _ROW * (row + 1) + 16)
    return picture


def thin_map(separation: Separation, palette: Palette, where: np.ndarray) -> "Image":
    """Return the design in pale colors with the places (H, W) bool in red, each in a ring to be seen from afar."""
    import cv2
    from PIL import Image

    height, width = where.shape
    linear = separation.render(palette.linear_rgb())
    pale = 1 - _FAINT * (1 - np.clip(linear_to_srgb(linear), 0, 1))
    picture = np.asarray(_image(pale).resize((width, height), Image.Resampling.NEAREST)).copy()
    grid = separation.lattice.grid(width, height)
    radius = max(4, round(_RING * max(width, height)))
    padded = np.ascontiguousarray(grid.pad(where, 2 * radius)).view(np.uint8)
    far = cv2.distanceTransform(1 - padded, cv2.DIST_L2, 5)[2 * radius : -2 * radius, 2 * radius : -2 * radius]
    picture[(far > radius) & (far < 1.4 * radius)] = _ALERT
    picture[where] = _ALERT
    return Image.fromarray(picture)


def write_proof(separation: Separation, asked: Palette, found: Printable, fabric: Fabric, path: Path) -> None:
    """Write the soft proof of a design on a fabric as PNG; CannotMake if it cannot be written."""
    write_picture(proof(separation, asked, found, title=fabric.title, white=fabric.gamut().white), path)


def write_map(separation: Separation, palette: Palette, thin: Thinness | None, path: Path) -> None:
    """Write the map of a design's thin places as PNG; CannotMake if they could not be measured, or it not written."""
    if thin is None:
        raise CannotMake("there is no map: lines and gaps could not be measured on a tile this large.")
    write_picture(thin_map(separation, palette, thin.map), path)


def write_picture(picture: "Image", path: Path) -> None:
    """Write a picture as PNG, whole or not at all; CannotMake if it cannot be written."""
    path = path.expanduser()
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        picture.save(temporary, "PNG")
        temporary.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise CannotMake(f"{path} cannot be written ({(error.strerror or str(error)).lower()}).") from None


def _panel(separation: Separation, palette: Palette) -> "Image":
    """Return a square of the paved design: the whole repeat rectangle if it fits, enlarged smoothly."""
    from PIL import Image

    grid, lattice = separation.grid, separation.lattice
    linear = np.moveaxis(separation.render(palette.linear_rgb()), 2, 0)
    side = max(lattice.rectangle().width, lattice.rectangle().height)
    columns = max(1, round(side / lattice.width * grid.width))
    rows = max(1, round(side / lattice.height * grid.height))
    window = np.moveaxis(grid.window(linear, top=0, left=0, height=rows, width=columns), 0, 2)
    return _image(linear_to_srgb(window)).resize((_PANEL, _PANEL), Image.Resampling.LANCZOS)


def _swatches(draw: "ImageDraw", ink: PrintableInk, half: int, top: int) -> None:
    """Draw one ink, as asked on the left and as printed on the right, with what is known of the move."""
    for left, lab in ((_MARGIN, ink.asked), (half + _MARGIN, ink.printable)):
        draw.rectangle((left, top, left + 120, top + _ROW - 10), fill=_srgb8(lab), outline=_EDGE)
    name = ink.name if ink.name.startswith("#") or not ink.role else f"{ink.name}, {ink.role}"
    _write(draw, (_MARGIN + 136, top + 6), name[:40])
    said = "in gamut, unchanged" if ink.difference == 0 else f"moved by CIEDE2000 {ink.difference:.1f}"
    if ink.difference and ink.inside:
        said += ", to stay apart"
    if ink.ink_sum is not None:
        said += f", ink {ink.ink_sum:.0f} %"
    _write(draw, (half + _MARGIN + 136, top + 6), said)


def _write(draw: Any, place: tuple[int, int], text: str, color: tuple[int, int, int] = _INK) -> None:
    from PIL import ImageFont

    draw.text(place, text, fill=color, font=ImageFont.load_default(_TEXT))


def _image(encoded: np.ndarray) -> "Image":
    from PIL import Image

    return Image.fromarray(np.rint(np.clip(encoded, 0, 1) * 255).astype(np.uint8))


def _srgb8(lab: Lab) -> tuple[int, int, int]:
    red, green, blue = np.rint(np.clip(lab_to_srgb(np.array(lab)), 0, 1) * 255).astype(int).tolist()
    return red, green, blue
