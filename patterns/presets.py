"""Presets: fabrics, palettes, products, models and scenes as data, one strict TOML file each.

They lie in ``presets/<kind>/<name>.toml``: beside the package when it was installed as a wheel, at the top of the
source tree otherwise. A preset has no logic; an unknown or missing key is an error that names the file and the key.
"""

import difflib
import os
import tomllib
from collections.abc import Callable
from dataclasses import MISSING, dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from patterns.color.files import looks_like_colors, palette_of_text, read_palette
from patterns.color.gamut import GamutFigures
from patterns.color.ink import Ink, Palette
from patterns.color.names import named
from patterns.color.search import Listed, search
from patterns.color.spaces import srgb_to_lab
from patterns.errors import InputError, PresetError
from patterns.fabric import Fabric
from patterns.product import Product
from patterns.scene import Part, Scene
from patterns.separation import ROLES

KINDS = ("fabrics", "palettes", "products", "models", "scenes")
# A fabric's gamut is said by exactly one of these.
_GAMUT_KEYS = ("profile", "colorants", "gamut")
_PALETTE_KEYS = {"title", "words", "inks", "source", "license", "date", "heuristic"}

# May what a model made be sold: yes; under conditions that its license names; no; nobody said.
COMMERCIAL = ("yes", "conditions", "no", "unknown")
MODEL_KINDS = ("pipeline", "lora")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Model:
    """What is known of a model that others made, before it is on this machine.

    ``id`` is the hub's, ``license_says`` the commercial terms in a sentence, ``commercial`` one of COMMERCIAL. A LoRA
    names its ``base``, the ``file`` that it is, and its ``scale``. ``scheduler`` is a diffusers class, "" for the
    model's own, with ``scheduler_options``; ``variant`` the weights to fetch where there are several.
    """

    name: str
    title: str
    id: str
    license: str
    license_says: str
    commercial: str
    native_px: int
    steps: int
    guidance: float
    memory_gb: float
    heuristic: bool
    source: str
    date: str
    pipeline: str = ""
    kind: str = "pipeline"
    base: str = ""
    file: str = ""
    scale: float = 1.0
    variant: str = ""
    scheduler: str = ""
    scheduler_options: tuple[tuple[str, Any], ...] = ()

    def __post_init__(self) -> None:
        for key, allowed in (("commercial", COMMERCIAL), ("kind", MODEL_KINDS)):
            if getattr(self, key) not in allowed:
                raise PresetError(f"the key {key!r} is one of {', '.join(allowed)}, not {getattr(self, key)!r}.")
        if (self.kind == "lora") != bool(self.base and self.file):
            raise PresetError("a LoRA, and nothing else, has a 'base' and a 'file'.")


def folder(kind: str) -> Path:
    """Return the folder of a kind of preset; PresetError if there is no such kind, or if it was not installed."""
    plural = kind if kind in KINDS else f"{kind}s"
    if plural not in KINDS:
        raise PresetError(f"there are no presets of the kind {kind!r}; the kinds are {', '.join(KINDS)}.")
    package = Path(__file__).resolve().parent
    for root in (package / "presets_data", package.parent / "presets"):
        if (root / plural).is_dir():
            return root / plural
    raise PresetError(f"the {plural} that come with patterns are missing; install the package again.")


def names(kind: str) -> tuple[str, ...]:
    """Return the names of all presets of a kind ("palettes", "fabrics", "products"), in alphabetical order."""
    return tuple(sorted(path.stem for path in folder(kind).glob("*.toml")))


def palette(name: str) -> Palette:
    """Return a palette by name, its inks in the order of ROLES; PresetError, naming the nearest, if there is none."""
    return _load("palettes", name, _palette)


def provenance(kind: str, name: str) -> dict[str, Any]:
    """Return what a preset says of itself: title, source, license, date, and whether it is heuristic, as it does."""
    said = _load(kind, name, lambda _, data: data)
    return {key: said[key] for key in ("title", "source", "license", "date", "heuristic") if key in said}


def palettes() -> tuple[Palette, ...]:
    """Return all palettes that come with the package."""
    return tuple(_palette_at(path, changed) for path, changed in _palette_files())


def search_palettes(text: str, *, limit: int | None = None) -> tuple[Palette, ...]:
    """Return the palettes that a query means, best first: words, moods, seasons, hues, color names, in any mix.

    Every part of the query is met by all that are returned, or as many parts as any palette meets; none if nothing is.
    """
    files = _palette_files()
    return tuple(_palette_at(*files[i]) for i in search(text, _listed(files))[:limit])


def fabric(name: str) -> Fabric:
    """Return a fabric by name; PresetError, naming the nearest, if there is none."""
    return _load("fabrics", name, lambda key, data: _fabric(key, data, folder("fabrics").parent / "profiles"))


def fabric_from(text: str) -> Fabric:
    """Return the fabric that a user's words mean: a name, or the path of a .toml file with the same keys as a preset.

    Raises PresetError if the name is unknown, or naming the key that is wrong in the file.
    """
    path = Path(text.strip()).expanduser()
    if path.suffix == ".toml" and _is_file(str(path)):
        return _read(path, lambda key, data: _fabric(key, data, path.absolute().parent))
    return fabric(text.strip())


def product(name: str) -> Product:
    """Return a product by name, or of a user's .toml file with the same keys as a preset.

    Raises PresetError, naming the nearest, if none is called so, or naming the key that is wrong in the file.
    """
    path = Path(name.strip()).expanduser()
    if path.suffix == ".toml" and _is_file(str(path)):
        return _read(path, lambda key, data: _record(Product, key, data))
    return _load("products", name, lambda key, data: _record(Product, key, data))


def model(name: str) -> Model:
    """Return what is known of a model by name; PresetError, naming the nearest, if none is called so."""
    return _load("models", name, _model)


def scene(name: str) -> Scene:
    """Return a scene by name, or of a user's .toml file with the same keys, whose maps lie beside it.

    Raises PresetError, naming the nearest, if none is called so, or naming the key that is wrong in the file.
    """
    path = _scene_file(name)
    return _read(path, _scene) if path else _load("scenes", name.strip(), _scene)


def scene_maps(name: str, frame: int | None = None) -> Path:
    """Return where the maps of a scene lie, or of one of its frames.

    Raises PresetError if the scene is unknown or its maps are not beside it.
    """
    file = Path(scene(name).maps)
    own = _scene_file(name)
    path = (own.parent if own else folder("scenes")) / file.name
    if frame is not None:
        path = path.with_stem(f"{file.stem}-{frame:02}")
    if not path.is_file():
        raise PresetError(f"the maps of the scene {name!r} are missing: {path} is not there.")
    return path


def _scene_file(name: str) -> Path | None:
    path = Path(name.strip()).expanduser()
    return path if path.suffix == ".toml" and _is_file(str(path)) else None


def palette_from(text: str) -> Palette:
    """Return the palette that a user's words mean: "#f3ead7,#27356b", a file or a name.

    Files are .ase, .aco, .gpl, .cxf, .css, .json, .hex and .txt.

    Raises InputError if a list or file is no palette, PresetError if a name is unknown.
    """
    stripped = text.strip()
    if stripped in names("palettes"):
        return palette(stripped)
    if _is_file(stripped):
        return read_palette(Path(stripped).expanduser())
    if looks_like_colors(stripped) or "," in stripped or named(stripped) is not None:
        return palette_of_text(stripped)
    if Path(stripped).suffix or "/" in stripped:
        return read_palette(Path(stripped).expanduser())
    return palette(stripped)


def _palette_files() -> tuple[tuple[str, int], ...]:
    """Return (path, time of its last change) of every palette, in alphabetical order."""
    with os.scandir(folder("palettes")) as entries:
        return tuple(sorted((e.path, e.stat().st_mtime_ns) for e in entries if e.name.endswith(".toml")))


@lru_cache(maxsize=1024)
def _palette_at(path: str, changed_ns: int) -> Palette:
    return _read(Path(path), _palette)


@lru_cache(maxsize=2)
def _listed(files: tuple[tuple[str, int], ...]) -> Listed:
    """Return what a search knows of the palettes; all inks become Lab at once, for one by one takes far longer."""
    read = [(Path(path).stem, _parsed(Path(path), changed)) for path, changed in files]
    try:
        entries = [(f"{stem} {d['title']}", d["words"], [ink["name"] for ink in d["inks"]]) for stem, d in read]
        codes = [[bytes.fromhex(ink["hex"].lstrip("#")) for ink in d["inks"]] for _, d in read]
        rgb = np.full((len(codes), len(ROLES), 3), np.nan)
        for number, row in enumerate(codes):
            rgb[number, : len(row)] = [list(code) for code in row]
    except (KeyError, TypeError, ValueError, AttributeError):
        palettes()  # says which file is wrong, and how
        raise
    return Listed.of(entries, srgb_to_lab(rgb / 255))


def _is_file(text: str) -> bool:
    try:
        return Path(text).expanduser().is_file()
    except (OSError, ValueError, RuntimeError):  # too long a name, a zero byte, an unknown user
        return False


def _load(kind: str, name: str, build: Callable[[str, dict[str, Any]], T]) -> T:
    path = folder(kind) / f"{name}.toml"
    if name not in names(kind):
        near = difflib.get_close_matches(name, names(kind), n=3, cutoff=0.3) or list(names(kind))[:5]
        raise PresetError(f"no {kind[:-1]} is called {name!r}; the nearest are {', '.join(near)}.")
    return _read(path, build)


@lru_cache(maxsize=1024)
def _parsed(path: Path, changed_ns: int) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise PresetError(f"{path.name} cannot be read as a preset: {error}.") from None


def _read(path: Path, build: Callable[[str, dict[str, Any]], T]) -> T:
    """Return what ``build`` makes of a TOML file, with its name; errors name the file."""
    data = _parsed(path, path.stat().st_mtime_ns)
    try:
        return build(path.stem, data)
    except PresetError as error:
        raise PresetError(f"{path.parent.name}/{path.name}: {error}") from None
    except (InputError, TypeError, ValueError, AttributeError) as error:
        raise PresetError(f"{path.parent.name}/{path.name}: {error}") from None


def _keys(kind: type, *, needed: bool = False) -> set[str]:
    """Return the keys of a frozen dataclass as a preset: its fields but the name, or those without a default."""
    return {f.name for f in fields(kind) if f.name != "name" and not (needed and f.default is not MISSING)}


def _record(kind: type[T], name: str, data: dict[str, Any], **built: Any) -> T:
    """Return a frozen dataclass of a preset's keys and of what is ``built`` already.

    Every other field of it but the name is a key, no other is allowed.
    """
    declared = {field.name: field for field in fields(kind)}  # pyright: ignore[reportArgumentType]
    _refuse_keys(set(data), allowed=_keys(kind) - set(built), required=_keys(kind, needed=True) - set(built))
    for key, value in data.items():
        wanted = _wanted(declared[key].type)
        if not _fits(value, wanted):
            raise PresetError(f"the key {key!r} should be {wanted}, not {value!r}.")
    values = {key: tuple(value) if isinstance(value, list) else value for key, value in data.items()}
    return kind(**{"name": name, **values, **built})


def _model(name: str, data: dict[str, Any]) -> Model:
    plain = {key: value for key, value in data.items() if key != "scheduler_options"}
    options = data.get("scheduler_options", {})
    if not isinstance(options, dict) or not all(isinstance(v, str | int | float | bool) for v in options.values()):
        raise PresetError("the key 'scheduler_options' is a table of settings.")
    return _record(Model, name, plain, scheduler_options=tuple(options.items()))


def _scene(name: str, data: dict[str, Any]) -> Scene:
    rows = data.get("parts")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise PresetError("the key 'parts' is a list of tables, one for each part that is cloth.")
    parts = tuple(
        _record(Part, str(row.get("name", "")), {k: v for k, v in row.items() if k != "name"}) for row in rows
    )
    return _record(Scene, name, {k: v for k, v in data.items() if k != "parts"}, parts=parts)


def _wanted(kind: Any) -> str:
    """Return what a key's value should be, in words: of a tuple of texts "texts", of any other "tuple"."""
    return "texts" if kind == tuple[str, ...] else str(getattr(kind, "__name__", kind))


def _fabric(name: str, data: dict[str, Any], beside: Path) -> Fabric:
    """Return a fabric; its gamut is one of a ``profile`` beside it, its ``colorants``, or a table ``gamut``."""
    given = [key for key in _GAMUT_KEYS if key in data]
    if len(given) != 1:
        raise PresetError(f"a fabric says its gamut by one of the keys {', '.join(map(repr, _GAMUT_KEYS))}.")
    plain = {key: value for key, value in data.items() if key not in _GAMUT_KEYS}
    _refuse_keys(set(plain), allowed=_keys(Fabric) - {"colors"}, required=_keys(Fabric, needed=True) - {"colors"})
    white = plain["white_lab"]
    if not _fits(white, "tuple") or len(white) != 3:
        raise PresetError(f"the key 'white_lab' is a white of three numbers (Lab), not {white!r}.")
    figures: dict[str, Any] = {"white": tuple(white), "heuristic": bool(plain["heuristic"])}
    readers = {"profile": _measured, "colorants": _colorants, "gamut": _gamut}
    figures |= readers[given[0]](data[given[0]], beside)
    if given[0] == "profile":
        figures["ink_limit"] = plain["ink_limit"]
    return _record(Fabric, name, plain, colors=GamutFigures(**figures))


def _measured(value: Any, beside: Path) -> dict[str, Any]:
    if not isinstance(value, str):
        raise PresetError(f"the key 'profile' is a file, an ICC profile or measured patches, not {value!r}.")
    return {"measured": str(beside / value), "heuristic": False}


def _colorants(value: Any, _: Path) -> dict[str, Any]:
    rows = value.items() if isinstance(value, dict) else ()
    if not rows or not all(_fits(lab, "tuple") and len(lab) == 3 for _, lab in rows):
        raise PresetError("the key 'colorants' is a table of names, each with three numbers (Lab at full strength).")
    return {"colorants": tuple((name, tuple(float(v) for v in lab)) for name, lab in rows)}


def _gamut(value: Any, _: Path) -> dict[str, Any]:
    keys = {"darkest", "lightness", "chroma"}
    _refuse_keys(set(value), allowed=keys, required=keys)
    if not _fits(value["darkest"], "float") or not _fits(value["lightness"], "tuple"):
        raise PresetError("'darkest' in the gamut is a number, 'lightness' a list of them.")
    if not isinstance(value["chroma"], list) or not all(_fits(row, "tuple") for row in value["chroma"]):
        raise PresetError("'chroma' in the gamut is a list with a list of numbers for each lightness.")
    chroma = tuple(tuple(float(c) for c in row) for row in value["chroma"])
    return {"darkest": float(value["darkest"]), "lightness": tuple(map(float, value["lightness"])), "chroma": chroma}


def _fits(value: Any, wanted: str) -> bool:
    if wanted == "texts":
        return isinstance(value, list) and all(isinstance(v, str) for v in value)
    if wanted.startswith("tuple"):
        return isinstance(value, list) and all(isinstance(v, int | float) and not isinstance(v, bool) for v in value)
    if wanted == "float":
        return isinstance(value, int | float) and not isinstance(value, bool)
    return type(value).__name__ == wanted


def _palette(name: str, data: dict[str, Any]) -> Palette:
    _refuse_keys(set(data), allowed=_PALETTE_KEYS, required=_PALETTE_KEYS)
    if not isinstance(data["inks"], list) or len(data["inks"]) > len(ROLES):
        raise PresetError(f"the key 'inks' is a list of 2 to {len(ROLES)} inks in the order {', '.join(ROLES)}.")
    inks = []
    for role, entry in zip(ROLES, data["inks"], strict=False):
        _refuse_keys(set(entry), allowed={"name", "hex"}, required={"name", "hex"})
        inks.append(Ink.of_hex(entry["hex"], name=entry["name"], role=role))
    return Palette(tuple(inks), name, tuple(data["words"]))


def _refuse_keys(given: set[str], *, allowed: set[str], required: set[str]) -> None:
    if unknown := sorted(given - allowed):
        near = difflib.get_close_matches(unknown[0], allowed, n=1)
        raise PresetError(f"unknown key {unknown[0]!r}" + (f"; did you mean {near[0]!r}?" if near else "."))
    if missing := sorted(required - given):
        raise PresetError(f"the key {missing[0]!r} is missing.")
