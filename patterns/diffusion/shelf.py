"""The shelf of models: a folder of records, each with its own files or the place where its maker's files lie.

    <name>/record.json     what the model is, its license, its figures, the digest of every file
    <name>/files/...       what was fetched for it; models that were on this machine stay where they are

A record appears whole or not at all. Nothing here imports torch.
"""

import hashlib
import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, Literal, get_args

from patterns.errors import CannotMake, Finding, InputError, MissingPart, PatternsError

RECORD, FILES, CONFIG = "record.json", "files", "config"
SCHEMA = 1
Kind = Literal["pipeline", "file", "lora"]
# May what is made with it be sold: yes; under conditions that the license names; no; nobody said.
Commercial = Literal["yes", "conditions", "no", "unknown"]
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
# The built-in model, which is no file of this shelf.
RESERVED = ("loom",)
_LARGEST_RECORD = 1 << 22
_DIGEST_DIGITS = 16


@dataclass(frozen=True, slots=True)
class FileRecord:
    """One file of a model: its path below the model's place with slashes, its bytes, its SHA-256."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class ModelRecord:
    """What is known of a model on the shelf.

    ``kind`` is "pipeline" (a diffusers folder), "file" (one .safetensors file) or "lora" (an adapter on its ``base``).
    ``source`` is a hub's id or the name of what was added, ``revision`` the hub's commit. ``place`` is the folder or
    the file. ``config`` is the folder that lends a single file its configuration and tokenizers, None if ``base`` does.
    ``license_says`` is its commercial terms in a sentence, those of its base with them; ``commercial`` the stricter of
    both. ``native_px`` is the side of the pictures it was trained on, ``memory_gb`` what it draws in on a GPU, 0 if
    nobody said. ``scheduler`` is a diffusers class, "" for its own, ``scheduler_options`` its settings. ``scale`` is a
    LoRA's weight. ``heuristic`` says that figures are estimates. ``digest`` names the weights: it covers every file,
    the base's digest and the scale.
    """

    name: str
    title: str
    kind: Kind
    source: str
    place: Path
    files: tuple[FileRecord, ...]
    digest: str
    license: str
    license_says: str
    commercial: Commercial
    native_px: int
    steps: int
    guidance: float
    pipeline: str = ""
    revision: str = ""
    memory_gb: float = 0.0
    scheduler: str = ""
    scheduler_options: tuple[tuple[str, Any], ...] = ()
    variant: str = ""
    scale: float = 1.0
    base: "ModelRecord | None" = None
    config: Path | None = None
    heuristic: bool = True
    figures_from: str = ""
    added: str = ""

    @property
    def terms(self) -> str:
        """The license and its commercial terms, those of its base with them, as a label says them."""
        return f"{self.license}: {self.license_says}"

    @property
    def size(self) -> int:
        """The bytes of all its files."""
        return sum(file.size for file in self.files)

    def at(self, path: str) -> Path:
        """Return where a file of the record lies; what is lent to a single file is listed below "config/"."""
        if self.kind == "pipeline":
            return self.place / path
        if self.config is not None and path.startswith(f"{CONFIG}/"):
            return self.config / path.removeprefix(f"{CONFIG}/")
        return self.place

    def to_json(self, folder: Path) -> dict[str, Any]:
        """Return the record as JSON values; places inside ``folder`` are written relative to it: it can be moved."""
        data = {item.name: getattr(self, item.name) for item in fields(self)}
        data["files"] = [[file.path, file.size, file.sha256] for file in self.files]
        data["scheduler_options"] = dict(self.scheduler_options)
        data["base"] = self.base.name if self.base else None
        data["place"] = _portable(self.place, folder)
        data["config"] = _portable(self.config, folder) if self.config else None
        return {"schema": SCHEMA, **data}


@dataclass(frozen=True, slots=True)
class Shelf:
    """A folder of models. Nothing is read or made before it is needed."""

    folder: Path

    def names(self) -> list[str]:
        """Return the names of all models, in alphabetical order; none if there is no shelf yet."""
        if not self.folder.is_dir():
            return []
        return sorted(p.name for p in self.folder.iterdir() if p.name[:1] != "." and (p / RECORD).is_file())

    def record(self, name: str) -> ModelRecord:
        """Return a model's record, its base's with it.

        Raises InputError, naming what there is, if no model is called so; MissingPart if the record is damaged.
        """
        return self._record(name, ())

    def records(self) -> tuple[list[ModelRecord], list[Finding]]:
        """Return every record that can be read, and a Finding for each that cannot."""
        found: list[ModelRecord] = []
        damaged: list[Finding] = []
        for name in self.names():
            try:
                found.append(self.record(name))
            except PatternsError as error:
                damaged.append(Finding("warning", str(error)))
        return found, damaged

    def refuse_name(self, name: str) -> None:
        """Raise InputError if no model can be called so, or one is already."""
        if not _NAME.fullmatch(name):
            raise InputError(
                f"{name!r} cannot name a model: names are small letters, digits, '-', '.' and '_'; choose one with "
                "--name."
            )
        if name in RESERVED:
            raise InputError(f"{name!r} is the built-in model; choose another name with --name.")
        if name in self.names():
            raise InputError(
                f"there is a model called {name!r} already; choose another name with --name, or remove it with "
                f"`patterns models rm {name}`."
            )

    @contextmanager
    def staging(self, name: str, *, keep: bool = False) -> Iterator[Path]:
        """Give a hidden folder to put a model together in; ``put`` takes it. If ``keep``, one that was interrupted is
        found again, so that what was fetched is not fetched twice."""
        folder = self.folder / f".new-{name}"
        with self._writing():
            if folder.exists() and not keep:
                shutil.rmtree(folder)
            folder.mkdir(exist_ok=True)
        try:
            yield folder
        finally:
            if not keep:
                shutil.rmtree(folder, ignore_errors=True)

    def put(self, record: ModelRecord, staged: Path) -> ModelRecord:
        """Put a model with its staged files on the shelf, whole or not at all; return its record as it now lies."""
        self.refuse_name(record.name)
        with self._writing():
            text = json.dumps(record.to_json(staged), indent=1, ensure_ascii=False) + "\n"
            (staged / RECORD).write_text(text, encoding="utf-8")
            os.replace(staged, self.folder / record.name)
        return self.record(record.name)

    def remove(self, name: str) -> int:
        """Remove a model and the files that were fetched for it; return the bytes freed.

        Files that lie elsewhere stay. Raises InputError if another model stands on it.
        """
        needing = [r.name for r in self.records()[0] if r.base is not None and r.base.name == name]
        if needing:
            stand = "stands" if len(needing) == 1 else "stand"
            raise InputError(f"{', '.join(needing)} {stand} on {name}; remove {needing[0]} first.")
        folder, unfinished = self.folder / name, self.folder / f".new-{name}"
        if name not in self.names() and not unfinished.is_dir():
            raise InputError(self._unknown(name))
        with self._writing():
            freed = 0
            for old in (path for path in (folder, unfinished) if path.is_dir()):
                # Out of sight first: what is left of an interrupted removal is no half model.
                freed += sum(p.stat().st_size for p in old.rglob("*") if p.is_file())
                going = self.folder / f".going-{name}-{os.getpid()}"
                old.rename(going)
                shutil.rmtree(going)
        return freed

    def _record(self, name: str, above: tuple[str, ...]) -> ModelRecord:
        path = self.folder / name / RECORD
        if name not in self.names():
            raise InputError(self._unknown(name))
        if name in above:
            raise MissingPart(f"the record of {name} stands on itself; remove it with `patterns models rm {name}`.")
        try:
            if path.stat().st_size > _LARGEST_RECORD:
                raise ValueError("it is too large")
            data = json.loads(path.read_text(encoding="utf-8"))
            base = data.get("base") if isinstance(data, dict) else None
            lent = self._record(base, (*above, name)) if isinstance(base, str) else None
            return _record_of(data, name, path.parent, lent)
        except (OSError, ValueError, TypeError, KeyError, RecursionError) as error:
            raise MissingPart(
                f"the record of the model {name} cannot be read ({error}); `patterns models rm {name}` removes it."
            ) from None

    def _unknown(self, name: str) -> str:
        names = self.names()
        have = f"it has {', '.join(names)}" if names else "it is empty"
        return f"no model on the shelf is called {name!r}; {have}, and `patterns models pull NAME` fetches one."

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            yield
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise CannotMake(
                f"the shelf of models in {self.folder} cannot be written ({reason}); set PATTERNS_MODELS to another "
                "folder."
            ) from None


def default_folder() -> Path:
    """Return where models lie: $PATTERNS_MODELS, or patterns/models among the user's data (XDG), beside the library."""
    chosen = os.environ.get("PATTERNS_MODELS")
    if chosen:
        return Path(chosen).expanduser()
    data = os.environ.get("XDG_DATA_HOME")
    return (Path(data) if data else Path.home() / ".local" / "share") / "patterns" / "models"


def record(name: str) -> ModelRecord:
    """Return a record of the default shelf; InputError if no model is called so."""
    return Shelf(default_folder()).record(name)


def files_of(place: Path, paths: list[str]) -> tuple[FileRecord, ...]:
    """Return the size and SHA-256 of each file, sorted by path; ``place`` is their folder, or the one file itself."""
    found = {path: place if place.is_file() else place / path for path in sorted(paths)}
    return tuple(FileRecord(path, at.stat().st_size, _sha256(at)) for path, at in found.items())


def with_digest(given: ModelRecord) -> ModelRecord:
    """Return the record with the digest of all that its pictures depend on."""
    listing: list[Any] = [[file.path, file.sha256] for file in given.files]
    if given.base is not None:
        listing += [given.base.digest]
    if given.kind == "lora":
        listing += [given.scale]
    text = json.dumps(listing, separators=(",", ":"))
    return replace(given, digest=hashlib.sha256(text.encode()).hexdigest()[:_DIGEST_DIGITS])


def absent(given: ModelRecord) -> str:
    """Return what is missing or of another size than recorded, in words, "" if nothing is: quick, reads no content."""
    for file in given.files:
        at = given.at(file.path)
        size = -1
        with suppress(OSError):
            size = at.stat().st_size
        if size != file.size:
            return f"{file.path} is {'missing' if size < 0 else f'{size} bytes instead of {file.size}'}"
    return absent(given.base) if given.base else ""


def altered(given: ModelRecord, *, told: Callable[[int, int], None] = lambda done, total: None) -> list[str]:
    """Return what differs from the record, reading every file: one sentence each, none if all is as recorded."""
    said = []
    done = 0
    for file in given.files:
        at = given.at(file.path)
        try:
            if _sha256(at) != file.sha256:
                said.append(f"{file.path} was altered")
        except OSError as error:
            said.append(f"{file.path} cannot be read ({(error.strerror or str(error)).lower()})")
        done += file.size
        told(done, given.size)
    if with_digest(given).digest != given.digest:
        said.append("the record's digest is not that of what it names; its base may have been replaced")
    return said


def _record_of(data: Any, name: str, folder: Path, base: ModelRecord | None) -> ModelRecord:
    schema = data.pop("schema")
    if schema != SCHEMA:
        raise ValueError(f"it is of schema {schema}, and this version of patterns reads {SCHEMA}")
    declared = {item.name for item in fields(ModelRecord)}
    if unknown := sorted(set(data) - declared):
        raise ValueError(f"it has an unknown key {unknown[0]!r}")
    if data["kind"] not in get_args(Kind) or data["commercial"] not in get_args(Commercial) or data["name"] != name:
        raise ValueError("it was changed by hand")
    data["base"] = base
    data["files"] = tuple(FileRecord(_inside(path), size, digest) for path, size, digest in data["files"])
    data["scheduler_options"] = tuple(data["scheduler_options"].items())
    data["place"] = folder / data["place"]  # an absolute place stays what it is
    data["config"] = folder / data["config"] if data["config"] else None
    return ModelRecord(**data)


def _inside(path: str) -> str:
    if Path(path).is_absolute() or ".." in Path(path).parts:
        raise ValueError(f"the file {path!r} lies outside the model's folder")
    return path


def _portable(place: Path, folder: Path) -> str:
    return place.relative_to(folder).as_posix() if place.is_relative_to(folder) else str(place)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
