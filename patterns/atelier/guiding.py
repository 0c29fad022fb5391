"""Pictures that guide a drawing: one whose manner is followed, one whose layout is. From files to what models hear.

A picture is read once, named in the brief by its digest, and kept beside the design, so that a replay follows the same.
"""

import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from patterns.color import Palette
from patterns.design import Brief, Design
from patterns.errors import Finding, InputError
from patterns.lattice import Grid, Lattice
from patterns.separation import ROLES

if TYPE_CHECKING:
    from patterns.atelier.bench import Bench
    from patterns.loom.following import Guides
    from patterns.loom.weave import Request

REFERENCE_WEIGHT, SKETCH_WEIGHT = 0.6, 0.8
# A file larger than this is not kept beside a design.
_LARGEST_FILE = 64 << 20
_LEAST_PX, _MOST_ASPECT = 32, 8.0
# A reference is separated on this many times the Loom's pixels a side, so that thin lines are seen.
_FINER = 2
# A sketch is looked at on as many times the Loom's pixels; strokes are drawn at least so many of these wide.
_FINER_SKETCH, _LEAST_STROKE_PX = 3, 5
# Colors that differ by less than this in all channels are a gray: JPEG leaves a little.
_GRAY = 24
# Strokes of line art are thinner than this share of the picture, and cover less than this.
_THIN, _LITTLE = 0.03, 0.35
# A closed shape of less than this share of the largest one is a detail, in the second color.
_DETAIL = 0.12
# A picture whose border is of one color for this share ends there, and need not be joined.
_BORDER, _BORDER_APART = 0.97, 40


@dataclass(frozen=True, slots=True)
class Given:
    """The brief's own fields for the pictures, and the pictures' bytes by digest."""

    fields: dict[str, Any]
    pictures: dict[str, bytes]


def given(
    reference: Path | None, sketch: Path | None, *, weights: tuple[float | None, float | None] = (None, None)
) -> Given:
    """Return what a brief says of the pictures in two files, either of which may be None.

    Raises InputError, in one sentence, for what is no picture, is empty or huge, or a weight without its picture.
    """
    fields: dict[str, Any] = {}
    pictures: dict[str, bytes] = {}
    usual = (REFERENCE_WEIGHT, SKETCH_WEIGHT)
    for name, file, weight, other in zip(("reference", "sketch"), (reference, sketch), weights, usual, strict=True):
        if file is None:
            if weight is not None:
                raise InputError(f"a weight of a {name} needs the picture; give it with --{name}.")
            continue
        data = _data(file, name)
        digest = hashlib.sha256(data).hexdigest()
        fields |= {name: digest, f"{name}_weight": other if weight is None else weight}
        pictures[digest] = data
    return Given(fields, pictures)


def kept(record: Design, bench: "Bench") -> dict[str, bytes]:
    """Return the pictures by digest that guided a design, from the library; InputError if one is not there."""
    named = {name: digest for name, digest in record.brief.pictures.items() if name in ("reference", "sketch")}
    return {digest: bench.library.picture(record.id, name) for name, digest in named.items()}


def told(brief: Brief, pictures: Mapping[str, bytes], *, colored: bool) -> tuple[Brief, tuple[Finding, ...]]:
    """Return the brief with the reference's inks where it says none, and what is to be said of the pictures.

    ``colored`` says that the prompt names colors. The palette is written into the brief, so that a record is whole.
    """
    if not brief.reference or not brief.reference_weight:
        return brief, ()
    _, palette = _separated(_pixels(pictures, brief.reference, "reference"), brief.inks)
    said = [_size_note()]
    if brief.palette or colored:
        said.append(Finding("note", "colors are those that were asked for, not the reference's", palette.hexes))
    else:
        brief = replace(brief, palette=palette.hexes)
    if brief.inks is None:
        brief = replace(brief, inks=len(palette))
    elif len(palette) < brief.inks:
        raise InputError(
            f"the reference has {len(palette)} inks that cloth could tell apart, and {brief.inks} were asked for; ask "
            "for fewer with --inks, or give the colors with --palette."
        )
    return brief, tuple(said)


def guides(brief: Brief, request: "Request", pictures: Mapping[str, bytes]) -> "Guides":
    """Return what guides the Loom, from a brief whose number of inks is settled."""
    from patterns.loom.following import Guides
    from patterns.loom.manner import measured
    from patterns.loom.sketching import Sketched
    from patterns.loom.weave import fitted_grid

    found = Guides()
    if brief.reference and brief.reference_weight:
        pixels = _pixels(pictures, brief.reference, "reference")
        planes, _ = _separated(pixels, brief.inks)
        area = request.lattice.width * request.lattice.height
        found = replace(found, manner=measured(_at_size(planes, area)), weight=brief.reference_weight)
    if brief.sketch and brief.sketch_weight:
        grid, _ = fitted_grid(request)
        planes = sketched(_pixels(pictures, brief.sketch, "sketch"), grid, request.inks)
        found = replace(found, sketch=Sketched(planes, brief.sketch_weight))
    return found


def shown(brief: Brief, grid: Grid, pictures: Mapping[str, bytes]) -> dict[str, Any]:
    """Return what guides a picture model on an image's grid, by the names of ``patterns.diffusion.painter.Wish``.

    Both pictures are on the lattice. InputError for a sketch in a group with three-fold axes, which is painted on
    slanted pixels.
    """
    from patterns.symmetry import Symmetry

    found: dict[str, Any] = {}
    if brief.sketch and brief.sketch_weight and Symmetry(brief.symmetry).system == "hexagonal":
        raise InputError(f"a sketch is not laid on the slanted pixels of {brief.symmetry}; leave one of the two out.")
    for name, field in (("reference", "reference"), ("sketch", "control")):
        digest, weight = getattr(brief, name), getattr(brief, f"{name}_weight")
        if digest and weight:
            found[field] = laid(_pixels(pictures, digest, name), grid).astype(np.float32) / np.float32(255)
            found[f"{field}_weight"] = weight
    return found


def sketched(pixels: np.ndarray, grid: Grid, inks: int) -> np.ndarray:
    """Return a drawing (H, W, 3) uint8 as planes (inks, height, width) float32 on a lattice.

    See ``laid`` and ``drawn``. It is looked at on finer pixels, so that thin strokes stay closed.
    """
    planes = drawn(laid(pixels, grid.scaled(_FINER_SKETCH)), inks)
    blocks = planes.reshape(inks, grid.height, _FINER_SKETCH, grid.width, _FINER_SKETCH)
    return blocks.mean(axis=(2, 4)).astype(np.float32)


def laid(pixels: np.ndarray, grid: Grid) -> np.ndarray:
    """Return a picture (H, W, 3) uint8 on a lattice, (height, width, 3) uint8: whole on its own paper, or joined.

    One that ends in its own paper is fitted into the cell with paper around it. One that runs off its border is cut to
    the cell's shape and joined where it meets itself.
    """
    paper = _paper(pixels)
    if paper is not None:
        return _fitted(pixels, grid, paper)
    from patterns.joining import covering, join

    band = max(8, round(min(grid.width, grid.height) / 6))
    picture = covering(pixels.astype(np.float32) / 255, grid, band=band)
    return np.rint(np.clip(join(picture, grid, band=band).pixels, 0, 1) * 255).astype(np.uint8)


def drawn(pixels: np.ndarray, inks: int) -> np.ndarray:
    """Return a drawing (H, W, 3) uint8 as planes (inks, H, W) float32 in the order of the roles.

    In line art, strokes are the line (the last ink where there are fewer), and closed shapes are filled: large ones
    with the main ink, details with the second. Anything else has its own colors, by how much they cover. InputError if
    nothing is drawn.
    """
    ink = _strokes(pixels)
    if ink is not None:
        return _filled(ink, inks)
    planes, _ = _separated(pixels, inks, finer=1)
    found = np.zeros((inks, *pixels.shape[:2]), np.float32)
    found[: len(planes)] = planes
    return found


def _data(file: Path, name: str) -> bytes:
    from patterns.seam import read_picture
    from patterns.separate import refuse_large

    pixels = read_picture(file)
    refuse_large(pixels.shape[1], pixels.shape[0])
    height, width = pixels.shape[:2]
    if min(height, width) < _LEAST_PX or max(height, width) > _MOST_ASPECT * min(height, width):
        raise InputError(
            f"the {name} {file} has {width} x {height} px; it needs {_LEAST_PX} px a side, and one side at most "
            f"{_MOST_ASPECT:g} times the other."
        )
    if int(np.ptp(pixels.reshape(-1, 3), axis=0).max()) < _GRAY:
        raise InputError(f"the {name} {file} is of one color all over; nothing of it can be followed.")
    data = file.read_bytes()
    if len(data) > _LARGEST_FILE:
        raise InputError(f"the {name} {file} has {len(data) >> 20} MB; at most {_LARGEST_FILE >> 20} are kept with it.")
    return data


def _pixels(pictures: Mapping[str, bytes], digest: str, name: str) -> np.ndarray:
    """Return (H, W, 3) uint8 of a picture's bytes."""
    from PIL import Image

    if digest not in pictures:
        raise InputError(f"the {name} that guided the design is not at hand; it is kept in the library beside it.")
    with Image.open(io.BytesIO(pictures[digest])) as picture:
        if picture.has_transparency_data:
            layer = picture.convert("RGBA")
            return np.array(Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer).convert("RGB"))
        return np.array(picture.convert("RGB"))


def _separated(pixels: np.ndarray, inks: int | None, *, finer: int = _FINER) -> tuple[np.ndarray, Palette]:
    """Return planes (K, H, W) and palette of a picture, in the order of the roles: by area, a thin ink as the line."""
    from patterns.separate import Cleanup, separate

    shown = _resized(pixels, (256 * finer) ** 2) if finer > 1 else pixels
    height, width = shown.shape[:2]
    tile = shown.astype(np.float32) / np.float32(255)
    found = separate(tile, Lattice(float(width), float(height)), inks=inks, cleanup=Cleanup(most=len(ROLES)))
    order = _by_role(found.separation.planes)
    palette = replace(found.palette, inks=tuple(found.palette.inks[k] for k in order))
    return found.separation.planes[order], palette


def _by_role(planes: np.ndarray) -> list[int]:
    """Return the planes' order by area, but that the thinnest of five or six is the line."""
    order = list(range(len(planes)))
    line = ROLES.index("line")
    if len(planes) <= line:
        return order
    edges = [np.abs(np.diff(p, axis=0)).mean() + np.abs(np.diff(p, axis=1)).mean() for p in planes]
    thinnest = min(order[1:], key=lambda k: planes[k].mean() / max(edges[k], 1e-6))
    order.remove(thinnest)
    order.insert(line, thinnest)
    return order


def _at_size(planes: np.ndarray, area_mm2: float) -> np.ndarray:
    """Return planes on as many pixels as a tile of this area has at the resolution that manners are measured at."""
    import cv2

    from patterns.loom.following import PX_PER_MM

    scale = (area_mm2 * PX_PER_MM**2 / planes[0].size) ** 0.5
    size = (max(16, round(planes.shape[2] * scale)), max(16, round(planes.shape[1] * scale)))
    smooth = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    return np.stack([cv2.resize(plane, size, interpolation=smooth) for plane in planes])


def _resized(pixels: np.ndarray, area_px: float) -> np.ndarray:
    """Return a picture on at most ``area_px`` pixels."""
    import cv2

    scale = (area_px / (pixels.shape[0] * pixels.shape[1])) ** 0.5
    if scale >= 1:
        return pixels
    size = (max(16, round(pixels.shape[1] * scale)), max(16, round(pixels.shape[0] * scale)))
    return cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)


def _paper(pixels: np.ndarray) -> np.ndarray | None:
    """Return the color (3,) of the paper that a picture ends in all around; None if it runs off its border."""
    border = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]]).astype(int)
    color = np.median(border, axis=0)
    same = (np.abs(border - color).max(axis=1) < _BORDER_APART).mean()
    return color.astype(np.uint8) if same >= _BORDER else None


def _fitted(pixels: np.ndarray, grid: Grid, paper: np.ndarray) -> np.ndarray:
    import cv2

    height, width = pixels.shape[:2]
    scale = min(grid.height / height, grid.width / width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
    whole = np.empty((grid.height, grid.width, 3), np.uint8)
    whole[:] = paper
    top, left = (grid.height - size[1]) // 2, (grid.width - size[0]) // 2
    whole[top : top + size[1], left : left + size[0]] = small
    return whole


def _strokes(pixels: np.ndarray) -> np.ndarray | None:
    """Return (H, W) bool of line art's strokes; None if the picture has colors, or is of shapes."""
    from scipy.ndimage import distance_transform_edt
    from skimage.filters import threshold_otsu

    if np.percentile(pixels.max(axis=2).astype(int) - pixels.min(axis=2), 99) > _GRAY:
        return None
    gray = pixels[:, :, 1]
    ink = gray <= threshold_otsu(gray)
    if ink.mean() > 0.5:
        ink = ~ink
    if not ink.any():
        raise InputError("nothing is drawn in the sketch: it is of one tone all over.")
    deepest = float(np.percentile(np.asarray(distance_transform_edt(ink))[ink], 99))
    thin = 2 * deepest < max(4.0, _THIN * min(ink.shape))
    return _thickened(ink) if thin and ink.mean() < _LITTLE else None


def _thickened(ink: np.ndarray) -> np.ndarray:
    """Return strokes (H, W) bool wide enough to be seen on the Loom's pixels."""
    import cv2
    from scipy.ndimage import distance_transform_edt

    depth = np.asarray(distance_transform_edt(ink))
    ridge = float(np.percentile(depth[ink], 90))
    more = round(_LEAST_STROKE_PX - 2 * ridge)
    if more <= 0:
        return ink
    return cv2.dilate(ink.astype(np.uint8), np.ones((more + 1, more + 1), np.uint8)) > 0


def _filled(ink: np.ndarray, inks: int) -> np.ndarray:
    """Return planes (inks, H, W) float32 of strokes (H, W): the strokes, what they close in, and the paper outside."""
    from scipy.ndimage import label

    pieces = np.asarray(label(~ink)[0], np.intp)  # pyright: ignore[reportIndexIssue, reportArgumentType]
    areas = np.bincount(pieces.ravel())
    areas[0] = 0
    edge = np.concatenate([pieces[0], pieces[-1], pieces[:, 0], pieces[:, -1]])
    outside = np.isin(np.arange(len(areas)), edge)
    outside[areas.argmax()] = outside[areas.argmax()] or not outside[1:].any()
    closed = np.where(outside, 0, areas)
    role = np.where(closed > _DETAIL * max(closed.max(), 1), 1, min(2, inks - 1))
    role[outside] = 0
    line = min(ROLES.index("line"), inks - 1)
    shown = np.where(ink, line, role[pieces])
    return (shown[None] == np.arange(inks)[:, None, None]).astype(np.float32)


def _size_note() -> Finding:
    return Finding(
        "note",
        "the reference is taken to show as much cloth as the tile, so that its motifs' size follows the tile's",
        cure="say another size with --scale",
    )
