"""A picture that does not repeat becomes a tile that does; or the tile that a photographed cloth repeats is cut out."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from patterns import __version__, joining, seam
from patterns.atelier import separating
from patterns.atelier.bench import Bench, refuse_unwritable
from patterns.atelier.making import DEFAULT_SIZE_MM, Made
from patterns.errors import CannotMake, Finding, InputError
from patterns.label import SOURCE_TYPES, Label
from patterns.lattice import Grid, Lattice, parse_repeat
from patterns.units import MM_PER_INCH, parse_length

if TYPE_CHECKING:
    from patterns.press.marks import Marks

# (tile, grid, where it may be drawn anew) -> the tile drawn anew there.
Redraw = Callable[[np.ndarray, Grid, np.ndarray], np.ndarray]

# Larger pictures are refused: the cuts are exact, and take their time.
MOST_PX = 40_000_000
# Bands beside the cell that are tried, as shares of the picture's shorter side, while the cuts can be seen.
_BANDS = (1 / 32, 1 / 14, 1 / 7, 1 / 4)
# Percentile up to which a cut shows no more than any line of the tile.
_UNSEEN = 60.0
# Light that differs by more is said; of the cell's shorter side, how far from a cut a model may draw.
_UNEVEN, _REDRAWN = 1.35, 1 / 24


@dataclass(frozen=True, slots=True)
class Asked:
    """How a picture is to be joined: see the options of `patterns seamless`.

    ``repeat`` None and ``from_repeat`` go together. ``size_mm`` is (width, height), the height None if the picture's
    shape gives it. ``band`` is a length with its unit or in pixels ("24px"), None for as narrow as serves. ``dpi`` is
    the picture's, for ``from_repeat``. ``inks`` None leaves it a picture.
    """

    repeat: str | None = "straight"
    size_mm: tuple[float, float | None] | None = None
    band: str | None = None
    from_repeat: bool = False
    best_copy: bool = False
    dpi: float | None = None
    even_light: bool = False
    inks: int | None = None


@dataclass(frozen=True, slots=True)
class Seamless:
    """A tile that meets itself, (H, W, 3) uint8 on ``lattice``, the file it was written to, and what was measured.

    ``before`` is the seam of the plain crop at the same place, None if the cloth's own repeat was cut out. ``made`` is
    the design, if the tile was separated.
    """

    pixels: np.ndarray
    lattice: Lattice
    grid: Grid
    file: Path
    after: seam.SeamReport
    before: seam.SeamReport | None = None
    joined: joining.Joined | None = None
    repeat: joining.Repeat | None = None
    clean: joining.Clean | None = None
    made: Made | None = None
    findings: tuple[Finding, ...] = ()


def seamless(file: Path, asked: Asked, bench: Bench, *, out: Path, redraw: Redraw | None = None) -> Seamless:
    """Join a picture on a lattice, or cut out the repeat it shows, and write it as PNG with its lattice and label.

    ``redraw`` draws anew what lies near the cuts. Raises InputError for what is no picture, LatticeError for a repeat
    or size that it cannot carry, CannotMake if no repeat was found, or if ``out`` cannot be written to.
    """
    if asked.repeat is not None:
        parse_repeat(asked.repeat)
    refuse_unwritable(out.parent)
    bench.progress("reading the picture", 0, 0)
    whole = seam.read_picture(file)
    if whole.shape[0] * whole.shape[1] > MOST_PX:
        raise CannotMake(
            f"{file} has {whole.shape[1]} x {whole.shape[0]} px; at most {MOST_PX // 10**6} megapixels are joined."
        )
    if min(whole.shape[:2]) < 32:
        raise InputError(f"{file} is smaller than 32 px; there is nothing to join.")
    picture = whole.astype(np.float32) / 255
    found = _cut_out(file, picture, asked, bench) if asked.from_repeat else _joined(file, picture, asked, bench)
    if redraw is not None and found.joined is not None:
        bench.progress("drawing the band anew", 0, 0)
        found = _redrawn(found, redraw)
    _write(file, found, out, drawn=redraw is not None)
    return _separated(found, out, asked, bench)


def _joined(file: Path, picture: np.ndarray, asked: Asked, bench: Bench) -> Seamless:
    uneven = joining.unevenness(picture)
    findings: list[Finding] = []
    if asked.even_light:
        picture = joining.evened(picture)
    elif uneven > _UNEVEN:
        cure = "--even-light divides it out, if it is light and not drawing"
        findings.append(
            Finding("warning", "the picture is lighter at one side; the tile will checker", f"{uneven:.2f} times", cure)
        )
    bench.progress("cutting the overlaps", 0, 0)
    lattice, joined = _narrowest(picture, asked)
    top, left = joined.place
    grid = joined.grid
    crop = picture[top : top + grid.height, left : left + grid.width]
    if not joined.quality.ordinary:
        figure = (
            f"change at percentile {joined.quality.change_percentile:.0f}, jumps {joined.quality.jump_percentile:.0f}"
        )
        cure = "take a smaller --size of cell with --band, or let a model draw over it with --model"
        findings.append(
            Finding(
                "warning", "the cut can be seen: nothing in the picture lies well beside itself there", figure, cure
            )
        )
    pixels = _bytes(joined.pixels)
    before, after = (seam.measure(tile, grid) for tile in (_bytes(crop), pixels))
    return Seamless(pixels, lattice, grid, out_of(file), after, before, joined, findings=tuple(findings))


def _narrowest(picture: np.ndarray, asked: Asked) -> tuple[Lattice, joining.Joined]:
    """Return the join with the narrowest band at which the cuts show no more than any line, else the least seen."""
    best: tuple[float, Lattice, joining.Joined] | None = None
    for band in _bands(picture, asked):
        lattice, grid = _cell(picture, asked, band)
        joined = joining.join(picture, grid, band=band)
        shown = max(_UNSEEN, joined.quality.worst, joined.quality.change_percentile) + joined.quality.jump
        if best is None or shown < best[0]:
            best = (shown, lattice, joined)
        if shown - joined.quality.jump <= _UNSEEN:
            break
    assert best is not None
    return best[1:]


def _bands(picture: np.ndarray, asked: Asked) -> list[int]:
    side = min(picture.shape[:2])
    if asked.band is None:
        return sorted({max(joining.LEAST_BAND, round(share * side)) for share in _BANDS})
    text = asked.band.strip().lower()
    if text.endswith("px"):
        try:
            return [int(text[:-2])]
        except ValueError:
            raise InputError(f"{asked.band!r} is no band; write for example 24px or 12mm.") from None
    width = (asked.size_mm or (DEFAULT_SIZE_MM, None))[0]
    # A cell of so many mm beside a band of so many fills the picture.
    return [round(parse_length(asked.band) / (width + parse_length(asked.band)) * picture.shape[1])]


def _cell(picture: np.ndarray, asked: Asked, band: int) -> tuple[Lattice, Grid]:
    """Return the largest cell of the repeat and shape asked for that leaves a band beside it in the picture."""
    repeat = asked.repeat or "straight"
    width, height = asked.size_mm or (DEFAULT_SIZE_MM, None)
    high, wide = (side - band for side in picture.shape[:2])
    drop, slide = parse_repeat(repeat)
    if min(high, wide) < 16:
        raise InputError(
            f"a band of {band} px leaves no cell in {picture.shape[1]} x {picture.shape[0]} px; take less."
        )
    if height is None and repeat != "hexagonal":
        grid = _whole(wide, high, drop.denominator, slide.denominator)
        lattice = Lattice(width, width * grid[1] / grid[0], drop, slide)
        return lattice, lattice.grid(*grid)
    lattice = Lattice.named(repeat, width, height)
    scale = min(wide / lattice.width, high / lattice.height)
    grid = _whole(lattice.width * scale, lattice.height * scale, drop.denominator, slide.denominator)
    return lattice, lattice.grid(*grid)


def _whole(width: float, height: float, down: int, across: int) -> tuple[int, int]:
    return max(1, int(width + 1e-6) // across) * across, max(1, int(height + 1e-6) // down) * down


def _cut_out(file: Path, picture: np.ndarray, asked: Asked, bench: Bench) -> Seamless:
    bench.progress("looking for the repeat", 0, 0)
    repeat = joining.find_repeat(picture)
    grid = joining.whole_grid(repeat)
    lattice = _found_lattice(file, repeat, grid, asked)
    bench.progress("laying the copies on each other", 0, 0)
    clean = joining.clean_tile(picture, repeat, grid, best=asked.best_copy)
    pixels = _bytes(clean.pixels)
    findings: tuple[Finding, ...] = ()
    if clean.copies < 2 and clean.joined is None:
        figure = f"{clean.copies} copy in places"
        findings = (Finding("note", "some of the tile is shown only once, and keeps its noise", figure),)
    after = seam.measure(pixels, grid)
    return Seamless(
        pixels, lattice, grid, out_of(file), after, joined=clean.joined, repeat=repeat, clean=clean, findings=findings
    )


def _found_lattice(file: Path, repeat: joining.Repeat, grid: Grid, asked: Asked) -> Lattice:
    """Return the lattice in mm: by the cell's size that was said, else by the resolution that was, else the file's."""
    width, height = repeat.size_px
    if asked.size_mm is not None:
        wide, high = asked.size_mm
        lattice = Lattice(wide, high or wide * height / width, repeat.drop, repeat.slide)
    else:
        px_per_mm = (asked.dpi / MM_PER_INCH) if asked.dpi else _stated(file)
        lattice = repeat.lattice(px_per_mm or width / DEFAULT_SIZE_MM)
    lattice.grid(grid.width, grid.height)
    return lattice


def _stated(file: Path) -> float | None:
    from PIL import Image

    with Image.open(file) as picture:
        dpi = picture.info.get("dpi")
    return float(dpi[0]) / MM_PER_INCH if dpi and 10 < float(dpi[0]) < 1e5 else None


def _redrawn(found: Seamless, redraw: Redraw) -> Seamless:
    assert found.joined is not None
    mask = found.joined.near(max(4, round(_REDRAWN * min(found.grid.width, found.grid.height))))
    tile = found.pixels.astype(np.float32) / 255
    drawn = redraw(tile, found.grid, mask)
    pixels = np.where(mask[..., None], _bytes(drawn), found.pixels)
    return replace(found, pixels=pixels, after=seam.measure(pixels, found.grid))


def out_of(file: Path) -> Path:
    """Return where the tile of a picture is written if nobody says."""
    return Path(f"{file.stem}-seamless.png")


def _write(file: Path, found: Seamless, out: Path, *, drawn: bool) -> None:
    """Write the tile as PNG with its resolution, lattice and label; under another name until it is whole."""
    from patterns.press.folder import Folder
    from patterns.press.png import write_png
    from patterns.press.raster import Picture

    scale = (found.grid.width / found.lattice.width, found.grid.height / found.lattice.height)
    picture = Picture(found.grid.width, found.grid.height, lambda: iter([found.pixels]), scale)
    with Folder(out.parent) as folder:
        write_png(folder.file(out.name), picture, _marks(file, found, drawn=drawn))


def _marks(file: Path, found: Seamless, *, drawn: bool) -> "Marks":
    """Return what the file says: the picture it is from, its lattice, and what made it."""
    from patterns.press.marks import Marks

    label, parent = separating.label_of(file)
    if drawn and label.source_type == SOURCE_TYPES["picture"]:
        label = Label.of("model and art", model=label.model, digest="", version=__version__, model_license="")
    lattice = found.lattice
    record = {
        "tile": {
            "picture": file.name,
            "repeat": lattice.repeat,
            "width_mm": lattice.width,
            "height_mm": lattice.height,
            "drop": str(lattice.drop),
            "slide": str(lattice.slide),
            "grid": asdict(found.grid),
        },
        "label": label.to_json(),
        "parent": parent,
    }
    how = "cut out of" if found.repeat is not None else "joined from"
    source = label.model or file.name
    said = f"This tile was {how} {source} by an algorithm without a trained model (patterns {__version__})"
    sentence = f"{said}; the file does not say what made the picture."
    if label.source_type != SOURCE_TYPES["picture"]:
        sentence = label.disclosure
    return Marks(
        f"{file.stem[:200]}, {lattice.repeat}",
        sentence,
        json.dumps(record, sort_keys=True),
        label.source_type.rpartition("/")[2],
        made=label,
    )


def _separated(found: Seamless, out: Path, asked: Asked, bench: Bench) -> Seamless:
    found = replace(found, file=out)
    if asked.inks is None:
        return found
    lattice = found.lattice
    said = separating.Asked(inks=asked.inks, repeat=_named(lattice), size_mm=(lattice.width, lattice.height))
    return replace(found, made=separating.separate(out, said, bench).made)


def _named(lattice: Lattice) -> str:
    """Return a repeat's name that names it for any shape: a hexagonal one is a half-drop."""
    return "half-drop" if lattice.repeat == "hexagonal" else lattice.repeat


def _bytes(pixels: np.ndarray) -> np.ndarray:
    return np.rint(np.clip(pixels, 0, 1) * 255).astype(np.uint8)


def redraw_with(name: str, prompt: str, *, seed: int = 0, strength: float = 0.6) -> Redraw:
    """Return a function that draws near the cuts anew with a picture model of the shelf.

    The tile goes to the model at a size that its levels carry, on the same lattice, and what it drew comes back at the
    tile's own; nothing outside the mask is looked at. MissingPart if the model or its libraries are not here.
    """
    from patterns.diffusion import loading, shelf

    loaded = loading.load(shelf.record(name))

    def redraw(tile: np.ndarray, grid: Grid, mask: np.ndarray) -> np.ndarray:
        from patterns.diffusion.networks import multiple
        from patterns.diffusion.painter import Wish, paint

        stride = multiple(loaded.pipeline)
        cell = Lattice(grid.width, grid.height, *_offsets(grid))
        sized = cell.grids(around_px=min(grid.width * grid.height, loaded.record.native_px**2), stride=stride, count=1)
        if not sized:
            raise CannotMake(f"{name} draws on multiples of {stride} px, and a {cell.repeat} of this shape has none.")
        start, part = laid_on(tile, grid, sized[0]), laid_on(mask[..., None].astype(np.float32), grid, sized[0])[..., 0]
        wish = Wish(prompt, sized[0], seed, start=start, strength=strength, mask=part > 0.5)
        return laid_on(paint(loaded, wish).pixels, sized[0], grid)

    return redraw


def _offsets(grid: Grid) -> tuple[Fraction, Fraction]:
    return Fraction(grid.drop, grid.height), Fraction(grid.slide, grid.width)


def laid_on(tile: np.ndarray, grid: Grid, other: Grid) -> np.ndarray:
    """Return a tile (H, W, C) float32 of one grid on another of the same lattice, interpolated over its edges."""
    import cv2

    if grid == other:
        return tile
    margin = 4
    padded = grid.pad(np.moveaxis(tile, 2, 0), margin).transpose(1, 2, 0)
    x = (np.arange(other.width) + 0.5) * grid.width / other.width - 0.5 + margin
    y = (np.arange(other.height) + 0.5) * grid.height / other.height - 0.5 + margin
    columns, rows = (part.astype(np.float32) for part in np.meshgrid(x, y))
    found = cv2.remap(np.ascontiguousarray(padded), columns, rows, cv2.INTER_CUBIC)
    return np.clip(found.reshape(other.height, other.width, -1), 0, 1)
