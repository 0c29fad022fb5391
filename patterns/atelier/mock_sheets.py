"""Sheets of many mockups, a sheet for a shop's listing, and films of scenes that move."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np

from patterns import presets
from patterns.atelier.bench import Bench, refuse_unwritable
from patterns.atelier.mocking import (
    Asked,
    Shown,
    clothes,
    drawn_larger,
    look,
    maps_of,
    marks,
    picture,
    refuse_parts,
    worn_colorways,
)
from patterns.color import Palette
from patterns.design import Design
from patterns.errors import CannotMake, Finding, InputError
from patterns.library.planes import title
from patterns.mockup.dressing import Worn, dressed, flat
from patterns.mockup.maps import Maps
from patterns.press.folder import Folder
from patterns.press.pictures import Captioned, sheet, write_film, write_picture
from patterns.scene import Scene
from patterns.units import format_mm

# Sheets' widths; a listing is square.
SHEET_PX, LISTING_PX = 3200, 2000
# A film's frame is no larger than this, and lasts so long.
_FILM_PX, _FRAME_MS = 960, 90
# Flat cloth in a listing: so many tiles across, and from near so many mm.
_REPEATS, _NEAR_MM = 1.6, 200.0
_WHITE = (255, 255, 255)

Found = tuple[tuple[Shown, ...], tuple[Finding, ...]]


def scenes_of(kinds: Sequence[str]) -> list[str]:
    """Return the names of the scenes of some kinds that come with the package."""
    return [name for name in presets.names("scenes") if presets.scene(name).kind in kinds]


def contact(identity: str, scenes: Sequence[str], asked: Asked, out: Path, bench: Bench) -> Found:
    """Write one sheet of a design in many scenes."""
    _refuse(asked, scenes, out)
    found: list[Finding] = []
    cells = []
    for number, name in enumerate(scenes):
        bench.progress("dressing", number, len(scenes))
        pixels, told = picture(identity, name, asked, bench)
        cells.append(Captioned(_reduced(pixels, SHEET_PX // 3), presets.scene(name).title))
        found += told
    record = look(identity, bench).design
    columns = 4 if len(cells) > 9 else 3
    rows = [cells[start : start + columns] for start in range(0, len(cells), columns)]
    pixels = sheet(rows, width=SHEET_PX, title=title(record), note=_described(record))
    return _written(out, "mockups", pixels, record, asked), tuple(dict.fromkeys(found))


def colorway_rows(identity: str, scenes: Sequence[str], asked: Asked, out: Path, bench: Bench) -> Found:
    """Write one sheet of a design and its kept colorways, a row for each, in some scenes.

    Raises InputError if the library keeps no colorway of the design.
    """
    _refuse(asked, scenes, out)
    record = look(identity, bench).design
    kept = worn_colorways(identity, bench)
    if not kept:
        raise InputError(
            f"the design {record.id} has no colorway yet; `patterns colorways {record.id}` makes a set, and "
            "`patterns recolor` a single one."
        )
    rows, found = [], []
    palettes: list[tuple[str, Palette]] = [(record.id, record.palette), *kept]
    for number, (name, palette) in enumerate(palettes):
        bench.progress("dressing", number, len(palettes))
        cells = []
        for scene in scenes:
            pixels, told = picture(identity, scene, asked, bench, palette=palette)
            said = ", ".join(ink.name for ink in palette.inks)
            cells.append(Captioned(_reduced(pixels, SHEET_PX // 2), f"{palette.name or 'as designed'}  {name}", said))
            found += told
        rows.append(cells)
    pixels = sheet(rows, width=min(SHEET_PX, 1200 * len(scenes) + 200), title=title(record), note=_described(record))
    return _written(out, "mockup-colorways", pixels, record, asked), tuple(dict.fromkeys(found))


def listing(identity: str, asked: Asked, out: Path, bench: Bench) -> Found:
    """Write square pictures on white for a shop: each listing scene, the flat cloth far and near, a sheet of them."""
    scenes = scenes_of(("listing",))
    _refuse(asked, scenes, out)
    shown = look(identity, bench)
    record, found, pictures = shown.design, [], {}
    for number, name in enumerate(scenes):
        bench.progress("dressing", number, len(scenes))
        pictures[name], told = picture(identity, name, asked, bench)
        found += told
    worn = Worn(shown.separation, record.palette.linear_rgb(), scale=asked.lay.scale)
    captions = {name: presets.scene(name).title for name in scenes}
    for name, span in (("flat", _REPEATS * max(record.lattice.width, record.lattice.height)), ("near", _NEAR_MM)):
        pictures[name] = flat(worn, drawn_larger, size_px=LISTING_PX, span_mm=span)
        captions[name] = f"{format_mm(span)} of the cloth, flat"
    cells = [Captioned(pixels, captions[name]) for name, pixels in pictures.items()]
    rows = [cells[start : start + 2] for start in range(0, len(cells), 2)]
    whole = sheet(rows, width=LISTING_PX, title=title(record), note=_described(record), ground=_WHITE)
    pictures["listing"] = _square(whole)
    files = []
    with Folder(out) as target:
        for name, pixels in pictures.items():
            file = f"{name}.{asked.kind}"
            write_picture(target.file(file), pixels, marks(record, asked), kind=asked.kind)
            files.append(Shown(out / file, name, pixels.shape[1], pixels.shape[0]))
    return tuple(files), tuple(dict.fromkeys(found))


def film(identity: str, scene: str, asked: Asked, out: Path, bench: Bench) -> Found:
    """Write a short film of a scene that moves, as WebP; CannotMake if the scene stands still."""
    shown = presets.scene(scene)
    if not shown.motion:
        moving = [name for name in presets.names("scenes") if presets.scene(name).motion]
        raise CannotMake(f"the scene {shown.name!r} stands still; those that move are {', '.join(moving)}.")
    _refuse(asked, (scene,), out)
    worn, found = clothes(identity, shown, asked, bench)
    turn = _turned if shown.motion == "turn" else _swayed
    frames = []
    for number in range(shown.frames):
        bench.progress("filming", number, shown.frames)
        maps, moved = turn(scene, shown, worn, number)
        frames.append(_reduced(dressed(maps, moved, drawn_larger, quality=asked.quality), _FILM_PX))
    record = look(identity, bench).design
    with Folder(out) as target:
        file = f"{shown.name}.webp"
        write_film(target.file(file), frames, marks(record, asked), milliseconds=_FRAME_MS)
    return (Shown(out / file, scene, frames[0].shape[1], frames[0].shape[0]),), found


def _turned(name: str, scene: Scene, worn: Sequence[Worn], number: int) -> tuple[Maps, list[Worn]]:
    """Return the scene's maps, and its clothes moved along their ways around by a frame's share of a turn.

    The seam of a cloth that goes around once comes into view and goes: its ends meet as they would.
    """
    moved = []
    for part, one in zip(scene.parts, worn, strict=True):
        step = part.around_mm * number / scene.frames
        moved.append(replace(one, around=(part.around_mm, step)) if part.around_mm else one)
    return maps_of(name), moved


def _swayed(name: str, scene: Scene, worn: Sequence[Worn], number: int) -> tuple[Maps, list[Worn]]:
    return maps_of(name, number), list(worn)


def _refuse(asked: Asked, scenes: Sequence[str], out: Path) -> None:
    if not scenes:
        raise InputError("no scene was named; `patterns presets list scenes` shows them.")
    refuse_parts(asked, scenes)
    refuse_unwritable(out)


def _written(out: Path, name: str, pixels: np.ndarray, record: Design, asked: Asked) -> tuple[Shown, ...]:
    with Folder(out) as target:
        file = f"{name}.{asked.kind}"
        write_picture(target.file(file), pixels, marks(record, asked), kind=asked.kind)
    return (Shown(out / file, name, pixels.shape[1], pixels.shape[0]),)


def _described(record: Design) -> str:
    lattice = record.lattice
    size = f"{format_mm(lattice.width)} × {format_mm(lattice.height)}"
    return f"{lattice.repeat}, {size}, {len(record.palette)} inks, design {record.id}; shown at true scale"


def _reduced(pixels: np.ndarray, side: int) -> np.ndarray:
    """Return a picture whose longer side is at most so many px."""
    factor = side / max(pixels.shape[:2])
    if factor >= 1:
        return pixels
    size = (round(pixels.shape[1] * factor), round(pixels.shape[0] * factor))
    return cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)


def _square(pixels: np.ndarray) -> np.ndarray:
    """Return a picture on the smallest square of its corner's color, centered, in LISTING_PX."""
    height, width = pixels.shape[:2]
    side = max(height, width)
    canvas = np.full((side, side, 3), pixels[0, 0], np.uint8)
    top, left = (side - height) // 2, (side - width) // 2
    canvas[top : top + height, left : left + width] = pixels
    return canvas if side == LISTING_PX else cv2.resize(canvas, (LISTING_PX, LISTING_PX), interpolation=cv2.INTER_AREA)
