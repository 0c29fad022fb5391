"""From designs to pictures of rooms and things in them, at true scale."""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

import numpy as np

from patterns import presets
from patterns.atelier.bench import Bench, refuse_unwritable
from patterns.atelier.delivery import refuse_metadata
from patterns.color import Palette
from patterns.design import Design
from patterns.enlarge import enlarged
from patterns.errors import Finding, InputError
from patterns.fabric import Fabric
from patterns.lattice import Grid
from patterns.library import Library
from patterns.library.planes import marks_of
from patterns.mockup.dressing import Strips, Worn, dressed
from patterns.mockup.maps import Maps, load_maps
from patterns.mockup.sampling import FINAL, PREVIEW, Quality
from patterns.mockup.surface import surface
from patterns.press.folder import Folder
from patterns.press.job import Metadata
from patterns.press.marks import Marks
from patterns.press.pictures import FORMATS, write_picture
from patterns.product import Product
from patterns.scene import Part, Scene
from patterns.separation import Separation

# IPTC: elements of which some were made by a trained model, put together.
SOURCE = "compositeWithTrainedAlgorithmicMedia"
# Child of a design's seed: colors for a group of things are not those of any set that is kept.
_STREAM = 11


@dataclass(frozen=True, slots=True)
class Lay:
    """How a design lies on a part: times as large, turned clockwise, moved right and down by mm; see ``Worn``."""

    scale: float = 1.0
    degrees: float = 0.0
    offset: tuple[float, float] = (0.0, 0.0)

    def __post_init__(self) -> None:
        if not 0.05 <= self.scale <= 20:
            raise InputError(f"a design is shown at 0.05 to 20 times its size, not {self.scale:g}.")
        if not all(abs(v) < 1e6 for v in (self.degrees, *self.offset)):
            raise InputError(f"a design cannot be turned by {self.degrees:g} degrees and moved by {self.offset} mm.")


@dataclass(frozen=True, slots=True)
class Asked:
    """How designs are to be shown.

    ``parts`` says of a part by name which design it wears ("": the one asked for) and how it lies there; ``lay`` says
    how it lies on all others. ``fabric`` and ``product`` are presets' names, "" for the scene's cloth, and for the
    product that the design was made for. ``draft`` is quicker and rougher. ``kind`` is the files' format,
    ``metadata`` how much they say of themselves: "full", "minimal" or "none".
    """

    parts: Mapping[str, tuple[str, Lay]] = field(default_factory=dict)
    lay: Lay = Lay()
    fabric: str = ""
    product: str = ""
    draft: bool = False
    kind: str = "jpg"
    metadata: Metadata = "full"

    def __post_init__(self) -> None:
        if self.kind not in FORMATS:
            raise InputError(f"pictures are written as {' or '.join(FORMATS)}, not {self.kind!r}.")
        refuse_metadata(self.metadata)

    @property
    def quality(self) -> Quality:
        """How finely the design is sampled."""
        return PREVIEW if self.draft else FINAL


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture that was written, of a scene (or a sheet of several), and its size in px."""

    path: Path
    scene: str
    width_px: int
    height_px: int


@dataclass(frozen=True, slots=True)
class Look:
    """A design as it is worn: its record, its ink planes."""

    design: Design
    separation: Separation

    def worn(self, palette: Palette | None = None) -> tuple[Separation, np.ndarray]:
        """Return the ink planes and their linear colors, of another palette if one is given."""
        return self.separation, (palette or self.design.palette).linear_rgb()


def mock(
    identity: str, scenes: Sequence[str], asked: Asked, out: Path, bench: Bench, *, prefix: str = ""
) -> tuple[tuple[Shown, ...], tuple[Finding, ...]]:
    """Write a picture of every scene, dressed in a design, all or none; return them and what is questionable.

    A file is called as its scene, after a ``prefix``. Raises PresetError for a scene or fabric nobody knows, InputError
    for a part that no scene has, or for maps that do not belong together, CannotMake if ``out`` cannot be written to.
    """
    refuse_unwritable(out)
    refuse_parts(asked, scenes)
    shown, found = [], []
    with Folder(out) as target:
        for number, name in enumerate(scenes):
            bench.progress("dressing", number, len(scenes))
            pixels, told = picture(identity, name, asked, bench)
            file = f"{prefix}{presets.scene(name).name}.{asked.kind}"
            write_picture(
                target.file(file), pixels, marks(look(identity, bench).design, asked, scene=name), kind=asked.kind
            )
            shown.append(Shown(out / file, name, pixels.shape[1], pixels.shape[0]))
            found += told
        bench.progress("dressing", len(scenes), len(scenes))
    return tuple(shown), tuple(dict.fromkeys(found))


def picture(
    identity: str, scene: str, asked: Asked, bench: Bench, *, palette: Palette | None = None
) -> tuple[np.ndarray, tuple[Finding, ...]]:
    """Return a scene dressed in a design, (H, W, 3) uint8 sRGB; in another ``palette`` than its own, if given."""
    shown, maps = presets.scene(scene), maps_of(scene)
    worn, found = clothes(identity, shown, asked, bench, palette=palette)
    return dressed(maps, worn, drawn_larger, quality=asked.quality), found


def clothes(
    identity: str, scene: Scene, asked: Asked, bench: Bench, *, palette: Palette | None = None
) -> tuple[list[Worn], tuple[Finding, ...]]:
    """Return what each part of a scene wears, in their order, and what is questionable about it."""
    main = look(identity, bench)
    product = _product(asked, main.design)
    cloth = surface(_fabric(asked, scene, product))
    colors, found = _colorways(main, scene, asked, bench) if palette is None else ([palette], ())
    worn, told = [], list(found)
    for part in scene.parts:
        name, lay = _given(part, scene, asked)
        own = look(name, bench) if name else main
        chosen = None if name else colors[min(part.colorway, len(colors) - 1)]
        strips = None
        if part.strips and product is not None:
            strips, said = hung(own.separation, product)
            told += said
        planes, linear = own.worn(chosen)
        middle = (float(part.middle[0]), float(part.middle[1]))
        worn.append(Worn(planes, linear, cloth, lay.scale, lay.degrees, lay.offset, middle, strips))
    return worn, tuple(told)


def hung(separation: Separation, product: Product) -> tuple[Strips, tuple[Finding, ...]]:
    """Return how strips of a product hang beside each other: with the design's own match, or as they come off it."""
    if product.layout == "panels":
        return Strips(product.panel_mm, continuous=True), ()
    fit = product.fit(separation.lattice)
    if fit.match is not None:
        return Strips(product.width_mm, fit.match.offset_mm), ()
    nearest = " or ".join(map(str, fit.nearest[:2]))
    told = Finding(
        "warning",
        f"{product.title}: the strips on the wall do not match, as they would not in the room",
        fit.problem,
        f"the nearest sizes that match are {nearest}" if nearest else "",
    )
    return Strips(product.width_mm), (told,)


def usual_scene(identity: str, bench: Bench) -> str:
    """Return the scene that shows the product that a design was made for, or else a cushion."""
    made_for = look(identity, bench).design.brief.product
    return (presets.product(made_for).scene if made_for else "") or "cushion"


def look(identity: str, bench: Bench) -> Look:
    """Return a design of the library with its ink planes."""
    return _look(bench.library, bench.library.resolve(identity))


@lru_cache(maxsize=16)
def _look(library: Library, identity: str) -> Look:
    return Look(library.design(identity), library.separation(identity))


@lru_cache(maxsize=4)
def _maps(path: Path, parts: int, changed_ns: int) -> Maps:
    return load_maps(path, parts=parts)


def maps_of(scene: str, frame: int | None = None) -> Maps:
    """Return the maps of a scene, or of one of its frames; InputError if they are missing or damaged."""
    path = presets.scene_maps(scene, frame)
    return _maps(path, len(presets.scene(scene).parts), path.stat().st_mtime_ns)


def drawn_larger(separation: Separation, grid: Grid) -> np.ndarray:
    """Return ink planes (K, H, W) uint8 in sum 255 on a larger grid."""
    return enlarged(separation.planes, separation.grid, grid)


def marks(record: Design, asked: Asked, *, scene: str = "") -> Marks:
    """Return what a picture of a design, in a scene if it is one, says of itself."""
    where = f" ({presets.scene(scene).title})" if scene else ""
    own = marks_of(record)
    return replace(own, title=own.title + where, source=SOURCE, metadata=asked.metadata)


def refuse_parts(asked: Asked, scenes: Sequence[str]) -> None:
    """Raise InputError, naming the nearest, for a part that no scene asked for has."""
    known = list(dict.fromkeys(part.name for name in scenes for part in presets.scene(name).parts))
    for name in asked.parts:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=3, cutoff=0.3) or known[:6]
            where = scenes[0] if len(scenes) == 1 else "these scenes"
            raise InputError(f"{where} has no part called {name!r}; the nearest are {', '.join(near)}.")


def worn_colorways(identity: str, bench: Bench) -> list[tuple[str, Palette]]:
    """Return the colorways of a design that the library keeps, as (identity, palette), the oldest first."""
    own = look(identity, bench).design
    root = own.parent if own.parent and own.parent in bench.library.ids() else own.id
    brief = replace(own.brief, palette=None)
    return [
        (name, record.palette)
        for name, record in bench.library.designs()[0]
        if name != own.id
        and (record.parent in (root, own.id) or name == root)
        and replace(record.brief, palette=None) == brief
        and len(record.palette) == len(own.palette)
    ]


def _given(part: Part, scene: Scene, asked: Asked) -> tuple[str, Lay]:
    """Return the design's name that a part is given, or that of the part that it follows, and how it lies."""
    if part.name in asked.parts:
        return asked.parts[part.name]
    leader = next((other for other in scene.parts if other.name == part.follows), None)
    # A part with a colorway of its own follows in all but that.
    if leader is not None and leader.name in asked.parts and not part.colorway:
        return asked.parts[leader.name]
    return "", asked.lay


def _product(asked: Asked, record: Design) -> Product | None:
    """Return the product whose strips hang on walls: the one asked for, or the one the design was made for."""
    name = asked.product or record.brief.product
    product = presets.product(name) if name else None
    return product if product and (product.joined or product.layout == "panels") else None


def _fabric(asked: Asked, scene: Scene, product: Product | None) -> Fabric:
    if asked.fabric:
        return presets.fabric_from(asked.fabric)
    if asked.product and product is not None:
        return presets.fabric(product.fabric)
    return presets.fabric(scene.fabric)


def _colorways(main: Look, scene: Scene, asked: Asked, bench: Bench) -> tuple[list[Palette], tuple[Finding, ...]]:
    """Return the design's palette and as many more as a scene shows: kept colorways, then proposed ones."""
    own = main.design.palette
    count = max((part.colorway for part in scene.parts if part.name not in asked.parts), default=0)
    found = [own, *(palette for _, palette in worn_colorways(main.design.id, bench))][: count + 1] if count else [own]
    missing = count + 1 - len(found)
    if missing <= 0:
        return found, ()
    proposed = _proposed(main, missing)
    if not proposed:
        return found, ()
    told = Finding(
        "note",
        f"colorways of {scene.title} were proposed for this picture and are not kept",
        f"{len(proposed)} of {count}",
        f"`patterns colorways {main.design.id}` keeps a set of them",
    )
    return [*found, *proposed], (told,)


def _proposed(main: Look, count: int) -> list[Palette]:
    from patterns.color.colorways import propose
    from patterns.color.laying import Use
    from patterns.color.vision import borders
    from patterns.errors import CannotMake

    use = Use(main.separation.coverage(), borders(main.separation))
    rng = np.random.default_rng([main.design.seed, _STREAM])
    try:
        return list(propose(main.design.palette, count=count, rng=rng, palettes=presets.palettes(), use=use))
    except CannotMake:
        return []
