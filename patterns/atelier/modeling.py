"""Models: those on the shelf, those to be fetched, what each guarantees, and whether its files are still the same."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from patterns import presets
from patterns.diffusion.shelf import RESERVED, ModelRecord, Shelf, altered, default_folder
from patterns.errors import CannotMake, CheckFailed, Finding, InputError, MissingPart
from patterns.loom import DEFAULT_STEPS

LOOM = RESERVED[0]
_LOOM_SAYS = "Pictures may be sold without conditions; the makers of patterns claim no rights in them."
Told = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the list: a model, whether it is here, and what a user chooses by."""

    name: str
    title: str
    here: bool
    license: str
    commercial: str
    native_px: int
    steps: int
    memory_gb: float
    kind: str


def shelf(folder: Path | None = None) -> Shelf:
    """Return the shelf in a folder, by default $PATTERNS_MODELS or beside the library."""
    return Shelf(folder.expanduser() if folder else default_folder())


def listed(on: Shelf) -> tuple[list[Entry], list[Finding]]:
    """Return the Loom, the models on a shelf, then those that can be fetched; and a Finding for each damaged record."""
    records, damaged = on.records()
    loom = Entry(
        LOOM, "the Loom, built in: draws inks, not pictures", True, "Apache-2.0", "yes", 0, DEFAULT_STEPS, 0, LOOM
    )
    here = [
        Entry(r.name, r.title, True, r.license, r.commercial, r.native_px, r.steps, r.memory_gb, r.kind)
        for r in records
    ]
    known = (presets.model(name) for name in presets.names("models") if name not in on.names())
    there = [
        Entry(m.name, m.title, False, m.license, m.commercial, m.native_px, m.steps, m.memory_gb, m.kind) for m in known
    ]
    return [loom, *here, *there], damaged


def shown(name: str, on: Shelf) -> dict[str, Any]:
    """Return all that is known of a model: the Loom, one on the shelf with what it guarantees, or one to be fetched.

    Raises InputError, naming the nearest, if none is called so.
    """
    if name == LOOM:
        return _loom()
    if name in on.names():
        return _of_record(on.record(name))
    if name in presets.names("models"):
        return _of_preset(name)
    raise InputError(_unknown(name, on))


def pull(asked: Any, on: Shelf, *, yes: bool, show: Callable[[Any], None], told: Told) -> ModelRecord:
    """Fetch a model and put it on the shelf; see ``patterns.diffusion.adding.pull``."""
    from patterns.diffusion import adding, loading

    loading.require_extra()
    return adding.pull(asked, adding.Desk(on, _consent(show, yes=yes), told))


def add(asked: Any, on: Shelf, *, yes: bool, show: Callable[[Any], None], told: Told) -> ModelRecord:
    """Put a folder or a file on the shelf; see ``patterns.diffusion.adding.add``."""
    from patterns.diffusion import adding, loading

    loading.require_extra()
    return adding.add(asked, adding.Desk(on, _consent(show, yes=yes), told))


def verify(name: str, on: Shelf, told: Told) -> int:
    """Read every file of a model and return how many there are; CheckFailed, naming the first, if one was altered."""
    if name == LOOM:
        digests = json.loads(_loom_listing().read_text(encoding="utf-8"))
        wrong = [path for path, digest in digests.items() if not _is(_loom_listing().parent / path, digest)]
        count = len(digests)
    else:
        record: ModelRecord | None = on.record(name)
        wrong, count = [], 0
        while record is not None:
            here = record
            wrong += altered(here, told=lambda done, total, at=here.name: told(f"reading {at}", done, total))
            count += len(here.files)
            record = here.base
    if wrong:
        more = f", and {len(wrong) - 1} more" if len(wrong) > 1 else ""
        raise CheckFailed(
            f"{name} is not what was put on the shelf: {wrong[0]}{more}; remove it and fetch or add it again."
        )
    return count


def remove(name: str, on: Shelf) -> int:
    """Remove a model from the shelf and return the bytes that were freed; files that lie elsewhere stay."""
    if name == LOOM:
        raise InputError("the Loom is built in and cannot be removed.")
    return on.remove(name)


def record_json(record: ModelRecord, on: Shelf) -> dict[str, Any]:
    """Return a record as JSON values for a reader: its files by number and bytes, its place as it lies."""
    data = record.to_json(on.folder / record.name)
    kept = {key: value for key, value in data.items() if key not in ("schema", "files")}
    return kept | {"place": str(record.place), "files": len(record.files), "bytes": record.size}


def _consent(show: Callable[[Any], None], *, yes: bool) -> Callable[[Any], None]:
    """Return what shows the terms, always, and stops where pictures may not simply be sold and nobody said yes."""

    def consent(terms: Any) -> None:
        show(terms)
        if terms.commercial != "yes" and not yes:
            cure = "--yes to take it as it is" + (
                ", or --license NAME if you know it" if terms.license == "unknown" else ""
            )
            raise CannotMake(
                f"pictures that {terms.name} makes may not simply be sold (license: {terms.license}): {terms.says} "
                f"Say {cure}."
            )

    return consent


def _of_record(record: ModelRecord) -> dict[str, Any]:
    from patterns.diffusion import skeleton

    data = record_json(record, Shelf(Path()))
    guarantee, multiple = skeleton.guarantee(record), skeleton.picture_multiple(record)
    return data | {"guarantee": guarantee, "multiple_px": multiple}


def _of_preset(name: str) -> dict[str, Any]:
    from dataclasses import asdict

    data = asdict(presets.model(name))
    figures = f"{data.pop('source')} ({data.pop('date')})"
    told = {"source": data.pop("id"), "scheduler_options": dict(data["scheduler_options"]), "figures_from": figures}
    return data | told | {"here": False}


def _loom() -> dict[str, Any]:
    listing = _loom_listing()
    digests = json.loads(listing.read_text(encoding="utf-8"))
    sizes = [(listing.parent / path).stat().st_size for path in digests]
    return {
        "name": LOOM,
        "title": "the Loom, built in",
        "kind": LOOM,
        "license": "Apache-2.0",
        "license_says": _LOOM_SAYS,
        "commercial": "yes",
        "steps": DEFAULT_STEPS,
        "digest": hashlib.sha256(listing.read_bytes()).hexdigest()[:16],
        "files": len(sizes),
        "bytes": sum(sizes),
        "guarantee": {
            "method": "native",
            "exact": True,
            "says": "exact: it looks at neighbors on the lattice at every level, and its positions are waves of it.",
        },
    }


def _loom_listing() -> Path:
    listing = Path(str(files("patterns") / "loom" / "weights")) / "digests.json"
    if not listing.is_file():
        raise MissingPart("the weights of the Loom are missing; `pip install --force-reinstall patterns` brings them.")
    return listing


def _is(path: Path, digest: str) -> bool:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == digest
    except OSError:
        return False


def _unknown(name: str, on: Shelf) -> str:
    import difflib

    every = [LOOM, *on.names(), *presets.names("models")]
    near = difflib.get_close_matches(name, every, n=3, cutoff=0.3) or every[:3]
    return f"no model is called {name!r}; the nearest are {', '.join(dict.fromkeys(near))}."
