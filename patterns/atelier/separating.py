"""From a picture file to a design in the library: its inks, how true they are, and who made it if that is known."""

import hashlib
import re
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from patterns import __version__, presets, seam
from patterns.atelier.bench import Bench, refuse_unwritable
from patterns.atelier.making import DEFAULT_SIZE_MM, Made, keep
from patterns.color import Palette, linear_to_srgb
from patterns.design import Brief, Design
from patterns.errors import Finding, PatternsError
from patterns.label import SOURCE_TYPES, Label, Maker
from patterns.lattice import Lattice, parse_repeat
from patterns.library.planes import LARGEST_PX
from patterns.separate import Cleanup, Report, Separated, Tone, inks_of_picture, refuse_large
from patterns.separate import separate as separated_into
from patterns.separate.planes import in_255ths, reduced
from patterns.separation import Separation
from patterns.units import MM_PER_INCH

MODEL = "separate"
PICTURES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp")
# A design is kept at 127 dpi at most: below what any product is printed at, and twice as fine as a finest line.
MOST_PX_PER_MM = 5.0
_SAID = re.compile(r"newscodes/digitalsourcetype/(\w+)")
_LARGEST_XMP = 1 << 20
_COMPARED_PX = 1600


@dataclass(frozen=True, slots=True)
class Asked:
    """How a picture is to be separated: see the options of `patterns separate`.

    ``size_mm`` is (width, height), the height None if the picture's own shape gives it; ``inks`` None counts them.
    """

    inks: int | None = None
    palette: str | None = None
    fabric: str | None = None
    repeat: str = "straight"
    size_mm: tuple[float, float | None] | None = None
    tone: Tone = "none"


@dataclass(frozen=True, slots=True)
class FromPicture:
    """A design made of a picture, how true it is to it, and the files written beside the library's."""

    made: Made
    report: Report
    files: tuple[Path, ...]


def separate(file: Path, asked: Asked, bench: Bench, *, out: Path | None = None) -> FromPicture:
    """Separate a picture into inks and keep the design in the library; with ``out`` also write its plates there.

    Raises InputError for what is no picture or has one color, LatticeError for a repeat that its pixels cannot carry,
    PresetError for an unknown fabric or palette, CannotMake if a folder cannot be written to.
    """
    parse_repeat(asked.repeat)
    fabric = presets.fabric_from(asked.fabric) if asked.fabric else None
    palette = palette_from(asked.palette) if asked.palette else None
    if out is not None:
        refuse_unwritable(out)
    bench.progress("reading the picture", 0, 0)
    pixels = seam.read_picture(file)
    refuse_large(pixels.shape[1], pixels.shape[0])
    lattice = _lattice(file, pixels, asked)
    cleanup = Cleanup()
    if fabric is not None:
        line_px = fabric.finest_line_mm * pixels.shape[1] / lattice.width
        cleanup = Cleanup(line_px=min(64.0, max(2.0, line_px)), most=max(2, min(cleanup.most, fabric.most_inks)))
    bench.progress("separating", 0, 0)
    tile = (pixels / np.float32(255)).astype(np.float32)
    found = separated_into(tile, lattice, inks=asked.inks, palette=palette, cleanup=cleanup, tone=asked.tone)
    told = fabric.findings(len(found.palette)) if fabric is not None else ()
    made = _kept(file, found, asked, bench, told=told)
    files = _written(pixels, found, made, out) if out is not None else ()
    return FromPicture(made, found.report, files)


def palette_from(text: str) -> Palette:
    """Return the palette that a user's words mean, as ``presets.palette_from`` does, or that a picture file shows."""
    if Path(text).suffix.lower() not in PICTURES:
        return presets.palette_from(text)
    path = Path(text).expanduser()
    return inks_of_picture(seam.read_picture(path), name=path.stem)


def _lattice(file: Path, pixels: np.ndarray, asked: Asked) -> Lattice:
    """Return the lattice at the size asked for, else as the file says, else 32 cm wide; it carries the pixels."""
    height_px, width_px = pixels.shape[:2]
    width, height = asked.size_mm or _stated_size(file, width_px, height_px) or (DEFAULT_SIZE_MM, None)
    if height is None and asked.repeat != "hexagonal":
        height = width * height_px / width_px
    lattice = Lattice.named(asked.repeat, width, height)
    lattice.grid(width_px, height_px)
    return lattice


def _stated_size(file: Path, width_px: int, height_px: int) -> tuple[float, float] | None:
    from PIL import Image

    with Image.open(file) as picture:
        dpi = picture.info.get("dpi")
    if not dpi or not all(10 < float(v) < 1e5 for v in dpi):
        return None
    return width_px / float(dpi[0]) * MM_PER_INCH, height_px / float(dpi[1]) * MM_PER_INCH


def _kept(file: Path, found: Separated, asked: Asked, bench: Bench, *, told: tuple[Finding, ...]) -> Made:
    """Store what was found as a design, on few enough pixels to be enlarged for any product."""
    bench.progress("keeping the design", 0, 0)
    separation, coarser = fitting(found.separation)
    planes = in_255ths(separation.planes)
    separation = replace(separation, planes=(planes / np.float32(255)).astype(np.float32))
    lattice = separation.lattice
    brief = Brief(
        f"{file.stem[:200]}, separated into inks",
        repeat=lattice.repeat,
        width_mm=lattice.width,
        height_mm=lattice.height,
        inks=len(found.palette),
        palette=asked.palette if asked.palette in presets.names("palettes") else None,
        model=MODEL,
    )
    label, parent = label_of(file)
    record = Design(
        brief=brief,
        lattice=lattice,
        seed=0,
        model=MODEL,
        # No weights made it; what determines its pixels is the picture, and this says which planes came of it.
        model_digest=hashlib.sha256(planes.tobytes()).hexdigest(),
        version=__version__,
        palette=found.palette,
        created=_now(),
        parent=parent,
        acts=_acts(file, asked),
        label=label.to_json(),
    )
    return keep(record, separation, bench, found=found.report.findings + told + coarser)


def _acts(file: Path, asked: Asked) -> tuple[str, ...]:
    acts = [f"gave the picture {file.name}"]
    if asked.inks is not None:
        acts.append(f"asked for {asked.inks} inks")
    if asked.palette:
        acts.append("chose the palette")
    if asked.tone != "none":
        acts.append(f"kept its tone as {asked.tone}")
    return tuple(acts)


def _now() -> str:
    from datetime import UTC, datetime

    return datetime.now(UTC).isoformat(timespec="seconds")


def fitting(separation: Separation) -> tuple[Separation, tuple[Finding, ...]]:
    """Return the separation on at most 5 px per mm and as many pixels as the library reads, and a note if it shrank."""
    grid, lattice = separation.grid, separation.lattice
    area = lattice.width * lattice.height
    finest = min(MOST_PX_PER_MM, (0.98 * LARGEST_PX / len(separation.roles) / area) ** 0.5)
    if grid.width <= finest * lattice.width * 1.001:
        return separation, ()
    small = lattice.grid_at(finest)
    while len(separation.roles) * small.width * small.height > LARGEST_PX:
        finest *= 0.97
        small = lattice.grid_at(finest)
    note = Finding(
        "note",
        "the library keeps the design on fewer pixels than the picture has; edges are drawn sharp again for print",
        f"{small.width} x {small.height} px of {grid.width} x {grid.height} px",
    )
    return reduced(separation, small), (note,)


def label_of(file: Path) -> tuple[Label, str | None]:
    """Return what is known of the picture's making, and the design that it is of if it is one of ours."""
    from patterns.press import read_record

    try:
        record = Design.from_json(read_record(file))
        said = Label.from_json(record.label)
        return replace(said, software=f"patterns {__version__}"), record.id
    except PatternsError:
        pass
    maker = _maker(file)
    model = "a picture that says so" if maker != "picture" else f"the picture {file.name[:100]}"
    return Label.of(maker, model=model, digest="", version=__version__, model_license=""), None


def _maker(file: Path) -> Maker:
    """Return who made a picture, as its XMP says: a model, a model and a person, or, as nobody says, only "picture"."""
    from PIL import Image

    with Image.open(file) as picture:
        xmp = picture.info.get("xmp") or picture.info.get("XML:com.adobe.xmp") or b""
    text = xmp if isinstance(xmp, str) else bytes(xmp[:_LARGEST_XMP]).decode("utf-8", "replace")
    said = {f"{SOURCE_TYPES['model'].rpartition('/')[0]}/{word}" for word in _SAID.findall(text[:_LARGEST_XMP])}
    if SOURCE_TYPES["model"] in said:
        return "model"
    return "model and art" if SOURCE_TYPES["model and art"] in said else "picture"


def _written(pixels: np.ndarray, found: Separated, made: Made, out: Path) -> tuple[Path, ...]:
    """Write the tile, one gray PNG for each ink (black: all ink) and the picture beside its inks; all or none."""
    from PIL import Image

    from patterns.library import write_tile
    from patterns.press.folder import Folder

    planes = in_255ths(found.separation.planes)
    names = [f"{k + 1}-{_slug(ink.name)}.png" for k, ink in enumerate(found.palette.inks)]
    with Folder(out) as folder:
        write_tile(folder.file("tile.png"), made.design, made.separation)
        for name, plane in zip(names, planes, strict=True):
            Image.fromarray(255 - plane).save(folder.file(name), "PNG")
        Image.fromarray(_compared(pixels, found)).save(folder.file("compare.png"), "PNG")
    return tuple(out / name for name in ("tile.png", *names, "compare.png"))


def _compared(pixels: np.ndarray, found: Separated) -> np.ndarray:
    """Return the picture and its inks side by side, (H, 2 W, 3) uint8, at most 1600 px high each."""
    import cv2

    height, width = pixels.shape[:2]
    shrunk = min(1.0, _COMPARED_PX / max(height, width))
    shown = linear_to_srgb(found.separation.render(found.palette.linear_rgb())) if shrunk == 1 else None
    if shown is None:
        size = (max(1, round(width * shrunk)), max(1, round(height * shrunk)))
        planes = np.stack([cv2.resize(p, size, interpolation=cv2.INTER_AREA) for p in found.separation.planes])
        pixels = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
        shown = linear_to_srgb(np.tensordot(planes, found.palette.linear_rgb(), axes=(0, 0)))
    return np.concatenate([pixels, np.rint(np.clip(shown, 0, 1) * 255).astype(np.uint8)], axis=1)


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "ink"
