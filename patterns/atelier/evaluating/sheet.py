"""The judge's contact sheet: what was asked for beside what was drawn, with the judge's word below."""

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from patterns import presets
from patterns.atelier.evaluating.bench import share
from patterns.atelier.judging import Ask
from patterns.color import linear_to_srgb

_SIDE_PX, _GAP_PX, _TEXT_PX, _COLUMNS = 128, 8, 14, 6
_RIGHT, _WRONG = (20, 110, 50), (180, 30, 30)


def sheet(rows: Sequence[tuple[Ask, np.ndarray, str]], path: Path, *, palette: str = "english-garden") -> None:
    """Write a PNG of asks, their samples (6, H, W) in 0-1, and the family that the judge saw; red where it is wrong."""
    from PIL import Image, ImageDraw

    wide, high = 2 * _SIDE_PX + 2 + _GAP_PX, _SIDE_PX + _TEXT_PX + _GAP_PX
    columns = min(_COLUMNS, len(rows))
    picture = Image.new("RGB", (columns * wide, math.ceil(len(rows) / columns) * high), "white")
    pen = ImageDraw.Draw(picture)
    for i, (ask, planes, said) in enumerate(rows):
        left, top = i % columns * wide, i // columns * high
        picture.paste(Image.fromarray(_square(ask, ask.planes, palette)), (left, top))
        picture.paste(Image.fromarray(_square(ask, planes, palette)), (left + _SIDE_PX + 2, top))
        good = said == ask.labels.family
        words = ask.labels.family if good else f"{ask.labels.family}: seen as {said or 'nothing'}"
        pen.text((left, top + _SIDE_PX + 1), words, fill=_RIGHT if good else _WRONG)
    fresh = path.with_name(f".{path.name}.part")
    picture.save(fresh, "PNG")
    fresh.replace(path)


def _square(ask: Ask, planes: np.ndarray, palette: str) -> np.ndarray:
    """Return (side, side, 3) uint8 sRGB of the plane that planes (6, H, W) on an ask's grid pave, in the Loom's px."""
    side = _SIDE_PX * ask.detail
    shown = share(ask.grid.window(planes, top=0, left=0, height=side, width=side))
    boxes = shown.reshape(len(planes), _SIDE_PX, ask.detail, _SIDE_PX, ask.detail)
    return rendered(boxes.mean(axis=(2, 4)), palette)


def rendered(planes: np.ndarray, palette: str) -> np.ndarray:
    """Return (H, W, 3) uint8 sRGB of planes (6, H, W) in 255ths or in 0-1 in a palette's inks."""
    inks = presets.palette(palette).linear_rgb()
    linear = np.tensordot(share(planes), inks[: len(planes)], axes=(0, 0))
    return np.rint(np.clip(linear_to_srgb(linear), 0, 1) * 255).astype(np.uint8)
