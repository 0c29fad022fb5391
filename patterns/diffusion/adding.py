"""Putting a model on the shelf: from the hub, or from where it lies on this machine. Its license is told before."""

import re
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from patterns import presets
from patterns.diffusion import components, figures, hub, kinds, licenses
from patterns.diffusion.shelf import CONFIG, FILES, Commercial, FileRecord, ModelRecord, Shelf, files_of, with_digest
from patterns.errors import CannotMake, InputError

_SCALES = (-10.0, 10.0)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be put on the shelf, and what the user says of it.

    ``source`` is a preset's name, a hub's id, a folder or a .safetensors file. ``base`` is what a LoRA or a single file
    stands on: a model on the shelf, or for a single file also a diffusers folder or a hub's id. ``like`` is a preset
    whose license and figures it has.
    """

    source: str
    name: str = ""
    base: str = ""
    scale: float | None = None
    like: str = ""
    license: str = ""
    variant: str = ""
    revision: str = ""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a user is told before a model is fetched or recorded: what it is, its license, what that says of selling."""

    name: str
    title: str
    source: str
    license: str
    says: str
    commercial: Commercial
    bytes: int


@dataclass(frozen=True, slots=True)
class Desk:
    """The shelf to put models on; ``consent`` shows the terms and raises to stop; ``told`` follows the fetching."""

    shelf: Shelf
    consent: Callable[[Terms], None]
    told: hub.Told = lambda what, done, total: None


@dataclass(frozen=True, slots=True)
class _Order:
    """What was asked for, under the name that it will have, with the preset that knows it."""

    asked: Asked
    name: str
    preset: presets.Model | None

    @property
    def variant(self) -> str:
        return self.asked.variant or (self.preset.variant if self.preset else "")

    def terms(self, source: str, named: str, size: int) -> Terms:
        license, says, commercial = licenses.chosen(self.asked.license, self.preset, named)
        return Terms(self.name, self.preset.title if self.preset else source, source, license, says, commercial, size)


def pull(asked: Asked, desk: Desk) -> ModelRecord:
    """Fetch a preset's model or a hub's id, and put it on the shelf; what is on this machine already stays where it is.

    A LoRA's base is fetched before it if it is not on the shelf. What an interrupted fetching brought is kept for the
    next time, out of sight. Raises InputError or CannotMake, and leaves no record.
    """
    preset = _preset_of(asked)
    identity = preset.id if preset and not asked.like else asked.source
    if not hub.ID.fullmatch(identity):
        near = ", ".join(presets.names("models"))
        raise InputError(f"{identity!r} is no id of the hub (maker/model), and none of the models known: {near}.")
    order = _Order(
        asked, asked.name or (preset.name if preset and asked.source == preset.name else _named(identity)), preset
    )
    desk.shelf.refuse_name(order.name)
    if preset is not None and preset.kind == "lora":
        return _pulled_lora(order, preset, desk)
    folder = None if asked.revision else hub.cached(identity)
    if folder is not None:
        kinds.refuse_partless(folder)
        return _recorded(_pipeline(order, identity, folder, licenses.of_card(folder)), desk)
    found = hub.listing(identity, asked.revision)
    with tempfile.TemporaryDirectory() as name:
        index = hub.index_of(found, Path(name))
    kinds.refuse_wordless(identity, index)
    wanted = hub.of_pipeline(found, index, order.variant)
    desk.consent(order.terms(identity, found.license, found.size(wanted)))
    with desk.shelf.staging(order.name, keep=True) as staged:
        files = _fetched(found, wanted, staged, desk)
        record = _whole(found, _pipeline(order, identity, files, found.license))
        return desk.shelf.put(replace(record, revision=found.commit), staged)


def add(asked: Asked, desk: Desk) -> ModelRecord:
    """Put a folder or a file of this machine on the shelf, where it lies; or fetch a hub's id, as ``pull`` does.

    Raises InputError, saying what it is and what is missing, if it is no model.
    """
    path = Path(asked.source).expanduser()
    if not path.exists() and _is_id(asked.source):
        return pull(asked, desk)
    path = path.absolute()
    kind = kinds.what_is(path)
    order = _Order(asked, asked.name or _named(path.name if kind == "pipeline" else path.stem), _preset_of(asked))
    desk.shelf.refuse_name(order.name)
    if kind == "pipeline":
        return _recorded(_pipeline(order, path.name, path, licenses.of_card(path)), desk)
    if kind == "lora":
        return _recorded(_lora(order, path, asked.base, desk.shelf), desk)
    return _added_file(order, path, desk)


def _pulled_lora(order: _Order, preset: presets.Model, desk: Desk) -> ModelRecord:
    base = order.asked.base or preset.base
    if base not in desk.shelf.names():
        if base not in presets.names("models"):
            raise InputError(f"{order.name} stands on {base}, which is not on the shelf; add that first.")
        pull(Asked(base), desk)
    found = hub.listing(preset.id, order.asked.revision)
    if preset.file not in found.files:
        raise InputError(f"{preset.id} has no {preset.file} any more.")
    terms = order.terms(preset.id, found.license, found.size([preset.file]))
    says, commercial = licenses.together(terms.says, terms.commercial, desk.shelf.record(base))
    desk.consent(replace(terms, says=says, commercial=commercial))
    with desk.shelf.staging(order.name, keep=True) as staged:
        path = _fetched(found, [preset.file], staged, desk) / preset.file
        if kinds.what_is(path) != "lora":
            raise InputError(f"{preset.file} of {preset.id} is no LoRA.")
        record = _whole(found, _lora(order, path, base, desk.shelf))
        return desk.shelf.put(replace(record, source=preset.id, revision=found.commit), staged)


def _added_file(order: _Order, path: Path, desk: Desk) -> ModelRecord:
    """Put a single file on the shelf with what describes it: a model on the shelf, a folder, or words from the hub."""
    said = order.asked.base
    if said in desk.shelf.names():
        return _recorded(_file(order, path, base=desk.shelf.record(said)), desk)
    if said and Path(said).expanduser().is_dir():
        return _recorded(_file(order, path, config=Path(said).expanduser().absolute()), desk)
    if not hub.ID.fullmatch(said):
        like = kinds.family(path)
        raise InputError(
            f"{path.name} holds weights without configuration and tokenizers; say with --base what lends them: a model "
            f"on the shelf, a diffusers folder{f', or {like}, of which only words are then fetched' if like else ''}."
        )
    found = hub.listing(said)
    with desk.shelf.staging(order.name) as staged:
        config = staged / CONFIG
        config.mkdir()
        wanted = hub.of_pipeline(found, hub.index_of(found, config), "", weights=False)
        hub.fetch(found, wanted, config, desk.told)
        record = _file(order, path, config=config)
        desk.consent(_terms(record))
        return desk.shelf.put(record, staged)


def _fetched(found: hub.Listing, wanted: list[str], staged: Path, desk: Desk) -> Path:
    files = staged / FILES
    files.mkdir(exist_ok=True)
    hub.fetch(found, wanted, files, desk.told)
    return files


def _pipeline(order: _Order, source: str, place: Path, named: str) -> ModelRecord:
    """Return the record of a diffusers folder: every file that is read to draw is in its digest."""
    parts = [part for part in components.listed(place) if part.is_model]
    weights = [path.relative_to(place).as_posix() for part in parts for path in part.weights(place, order.variant)]
    record = _described(_known(order, source, place, named), order, place)
    return with_digest(replace(record, variant=order.variant, files=files_of(place, [*weights, *_words(place)])))


def _file(order: _Order, path: Path, *, base: ModelRecord | None = None, config: Path | None = None) -> ModelRecord:
    """Return the record of a single file, and what lends it its configuration: a model on the shelf, or a folder."""
    lent = config or (base.place if base else Path())
    if not (lent / components.INDEX).is_file():
        raise InputError(f"{order.asked.base} lends no configuration: it has no {components.INDEX} of its own.")
    record = replace(_known(order, path.name, path, ""), kind="file", base=base, config=config)
    files = files_of(path, [path.name])
    if config is not None:
        files += tuple(FileRecord(f"{CONFIG}/{f.path}", f.size, f.sha256) for f in files_of(config, _words(config)))
    if base is not None:
        record = _under(record, base)
    return with_digest(replace(_described(record, order, lent), files=files))


def _lora(order: _Order, path: Path, base: str, shelf: Shelf) -> ModelRecord:
    """Return the record of a LoRA on its base: the base's figures, unless a preset knows better."""
    if base not in shelf.names():
        there = ", ".join(shelf.names()) or "none yet"
        raise InputError(
            f"{path.name} is a LoRA, which stands on a model of the shelf: name it with --base (there is {there})."
        )
    below = shelf.record(base)
    scale = order.asked.scale if order.asked.scale is not None else order.preset.scale if order.preset else 1.0
    if not _SCALES[0] <= scale <= _SCALES[1]:
        raise InputError(f"a LoRA's scale of {scale:g} cannot be meant; usual ones lie between 0 and 1.5.")
    record = _known(order, path.name, path, "")
    if order.preset is None:
        inherited = ("native_px", "steps", "guidance", "memory_gb", "heuristic", "figures_from")
        record = replace(record, **{key: getattr(below, key) for key in inherited})
    record = replace(record, kind="lora", base=below, scale=float(scale), pipeline=below.pipeline)
    return with_digest(replace(_under(record, below), files=files_of(path, [path.name])))


def _known(order: _Order, source: str, place: Path, named: str) -> ModelRecord:
    """Return what is known of a model before its files are looked at."""
    terms = order.terms(source, named, 0)
    record = ModelRecord(
        name=order.name, title=terms.title, kind="pipeline", source=source, place=place, files=(), digest="",
        license=terms.license, license_says=terms.says, commercial=terms.commercial, native_px=0, steps=0, guidance=0.0,
        added=datetime.now(UTC).date().isoformat(),
    )  # fmt: skip
    preset = order.preset
    if preset is None:
        return record
    taken = ("native_px", "steps", "guidance", "memory_gb", "scheduler", "scheduler_options", "heuristic")
    told = f"{preset.source} ({preset.date})"
    return replace(record, figures_from=told, **{key: getattr(preset, key) for key in taken})


def _described(record: ModelRecord, order: _Order, folder: Path) -> ModelRecord:
    """Return the record with its pipeline's class, and with a folder's own figures if no preset has any."""
    record = replace(record, pipeline=components.index(folder)["_class_name"])
    if order.preset is not None:
        return record
    px, steps, guidance = figures.of_folder(folder)
    told = "its configuration, and the defaults of its pipeline"
    return replace(record, native_px=px, steps=steps, guidance=guidance, figures_from=told)


def _under(record: ModelRecord, base: ModelRecord) -> ModelRecord:
    says, commercial = licenses.together(record.license_says, record.commercial, base)
    return replace(record, license_says=says, commercial=commercial)


def _recorded(record: ModelRecord, desk: Desk) -> ModelRecord:
    desk.consent(_terms(record))
    with desk.shelf.staging(record.name) as staged:
        return desk.shelf.put(record, staged)


def _terms(record: ModelRecord) -> Terms:
    return Terms(record.name, record.title, record.source, record.license, record.license_says, record.commercial, 0)


def _whole(found: hub.Listing, record: ModelRecord) -> ModelRecord:
    """Return the record of what was fetched; CannotMake, the damaged file gone, if it is not what the hub says."""
    names = {file.path: file.sha256 for file in record.files}
    for path in hub.altered(found, names):
        place = record.at(path)
        place.unlink() if place.is_file() else shutil.rmtree(place)
        raise CannotMake(f"{path} of {found.id} came otherwise than the hub says; pull it again.")
    return record


def _preset_of(asked: Asked) -> presets.Model | None:
    """Return the preset that a user means: by --like, by its name, or by its hub's id."""
    if asked.like:
        return presets.model(asked.like)
    if asked.source in presets.names("models"):
        return presets.model(asked.source)
    every = (presets.model(name) for name in presets.names("models"))
    return next((preset for preset in every if preset.id == asked.source and preset.kind == "pipeline"), None)


def _is_id(text: str) -> bool:
    """Return whether a text that is no path here means a model on the hub: a mistyped path reaches no network."""
    weights = text.endswith((".safetensors", *components.PICKLES))
    return hub.ID.fullmatch(text) is not None and not weights and not Path(text).parent.is_dir()


def _words(place: Path) -> list[str]:
    """Return the files of a diffusers folder that are read to draw and are no weights."""
    folders = [part.name for part in components.listed(place)]
    found = [p for name in folders for p in (place / name).glob("*") if p.is_file() and p.suffix in hub.WORDS]
    return [components.INDEX, *(path.relative_to(place).as_posix() for path in found)]


def _named(text: str) -> str:
    """Return a name for a model out of a hub's id or a file's name."""
    name = re.sub(r"[^a-z0-9._-]+", "-", text.split("/")[-1].lower()).strip("-._")
    if not name:
        raise InputError(f"{text!r} gives no name; choose one with --name.")
    return name[:64]
