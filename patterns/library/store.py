"""The library's folder.

Each design has a folder of its own, named by its identity:

    <id>/design.json       the record
    <id>/separation.png    the ink planes, one below the other, 8-bit gray, coverage in 255ths
    <id>/tile.png          one cell in color; carries the record and the ink planes, so that it can be replayed alone
    <id>/mask.png          what was redrawn, and likewise reference and sketch: pictures that the brief names by digest

Nothing inside names a place outside. A design appears whole or not at all.
"""

import contextlib
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from patterns.design import Design
from patterns.errors import CannotMake, Finding, InputError, PatternsError
from patterns.library.planes import packed, unpacked, write_tile
from patterns.separation import Separation

RECORD, PLANES, TILE = "design.json", "separation.png", "tile.png"
_LARGEST_RECORD = 1 << 20
# What the first bytes of a picture say of its kind.
_KINDS = {b"\x89PNG": "png", b"\xff\xd8\xff": "jpg", b"II*\0": "tif", b"MM\0*": "tif", b"RIFF": "webp"}


@dataclass(frozen=True, slots=True)
class Library:
    """A folder of designs. Nothing is read or made before it is needed."""

    folder: Path

    def ids(self) -> list[str]:
        """Return the identities of all designs, the newest last; empty if there is no library yet."""
        if not self.folder.is_dir():
            return []
        found = [p for p in self.folder.iterdir() if not p.name.startswith(".") and (p / RECORD).is_file()]
        return [p.name for p in sorted(found, key=lambda p: ((p / RECORD).stat().st_mtime_ns, p.name))]

    def resolve(self, start: str) -> str:
        """Return the one identity that begins with ``start``; InputError if there is none, or more than one."""
        ids = self.ids()
        found = [start] if start in ids else [name for name in ids if start and name.startswith(start)]
        if len(found) == 1:
            return found[0]
        if found:
            raise InputError(f"{start!r} begins {len(found)} designs: {', '.join(found[:5])}; write more of it.")
        raise InputError(
            f"the library in {self.folder} has no design {start!r}; `patterns library list` shows its "
            f"{len(ids)} {'design' if len(ids) == 1 else 'designs'}."
        )

    def path(self, identity: str) -> Path:
        """Return the folder of a design."""
        return self.folder / identity

    def design(self, identity: str) -> Design:
        """Return a design's record; InputError if it is damaged or from a newer version."""
        path = self.path(identity) / RECORD
        try:
            if path.stat().st_size > _LARGEST_RECORD:
                raise InputError(f"{path} is too large for the record of a design.")
            return Design.loads(path.read_text(encoding="utf-8"))
        except OSError as error:
            raise InputError(f"{path} cannot be read ({_reason(error)}).") from None
        except UnicodeDecodeError:
            raise InputError(f"{path} is no record of a design: it is not text.") from None

    def designs(self) -> tuple[list[tuple[str, Design]], list[Finding]]:
        """Return every design that can be read with its identity, and a Finding for each that cannot."""
        found: list[tuple[str, Design]] = []
        damaged: list[Finding] = []
        for identity in self.ids():
            try:
                found.append((identity, self.design(identity)))
            except PatternsError as error:
                damaged.append(Finding("warning", f"{identity} cannot be read: {error}"))
        return found, damaged

    def separation(self, identity: str) -> Separation:
        """Return a design's ink planes, exactly as they were stored; InputError if they are damaged."""
        design = self.design(identity)
        path = self.path(identity) / PLANES
        try:
            data = path.read_bytes()
        except OSError as error:
            raise InputError(f"the ink planes of {identity} cannot be read ({_reason(error)}).") from None
        return unpacked(data, design.lattice, source=str(path))

    def picture(self, identity: str, name: str) -> bytes:
        """Return the file of a picture that a design's brief names: its "mask", "reference" or "sketch".

        Raises InputError if the design has none, or if it is not here or not what the brief names.
        """
        digest = self.design(identity).brief.pictures.get(name)
        if digest is None:
            raise InputError(f"the design {identity} was made without a {name}.")
        data = self._beside(identity, name, digest)
        if data is None:
            raise InputError(f"the {name} of {identity} is not in the library, or is another than it was made with.")
        return data

    def put(self, design: Design, separation: Separation, *, pictures: Mapping[str, bytes] | None = None) -> Path:
        """Store a design, whole or not at all, replacing one of the same identity; return its folder.

        ``separation`` is in whole 255ths: see ``settled``. ``pictures`` are files by their digests; one that the brief
        names and that is not among them is taken over from the design's own folder or its parent's, if it is there.
        Raises CannotMake if the library cannot be written to.
        """
        final = self.path(design.id)
        with _writing(self.folder), tempfile.TemporaryDirectory(dir=self.folder, prefix=".new-") as name:
            fresh = Path(name) / design.id
            fresh.mkdir()
            (fresh / PLANES).write_bytes(packed(separation))
            write_tile(fresh / TILE, design, separation)
            for file, data in self._pictures(design, pictures or {}):
                (fresh / file).write_bytes(data)
            (fresh / RECORD).write_text(design.dumps(), encoding="utf-8")
            if final.exists():
                final.rename(Path(name) / "old")
            os.replace(fresh, final)
        return final

    def _pictures(self, design: Design, given: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
        """Yield (file name, bytes) of every picture that a design's brief names and that can be had."""
        for name, digest in design.brief.pictures.items():
            data = given.get(digest)
            for folder in (design.id, design.parent):
                data = data or (self._beside(folder, name, digest) if folder else None)
            if data:
                kind = next((kind for start, kind in _KINDS.items() if data.startswith(start)), "bin")
                yield f"{name}.{kind}", data

    def _beside(self, identity: str, name: str, digest: str) -> bytes | None:
        """Return the file of that name and digest in a design's folder, None if there is none."""
        with contextlib.suppress(OSError):
            for path in sorted(self.path(identity).glob(f"{name}.*")):
                data = path.read_bytes()
                if hashlib.sha256(data).hexdigest() == digest:
                    return data
        return None

    def remove(self, identity: str) -> None:
        """Remove a design and its files."""
        with _writing(self.folder):
            # Out of sight first: what is left of an interrupted removal is no half design.
            going = self.folder / f".going-{identity}-{os.getpid()}"
            self.path(identity).rename(going)
            shutil.rmtree(going)


def default_folder() -> Path:
    """Return where the library lies: $PATTERNS_LIBRARY, or patterns/library among the user's data (XDG)."""
    chosen = os.environ.get("PATTERNS_LIBRARY")
    if chosen:
        return Path(chosen).expanduser()
    data = os.environ.get("XDG_DATA_HOME")
    return (Path(data) if data else Path.home() / ".local" / "share") / "patterns" / "library"


@contextlib.contextmanager
def _writing(folder: Path) -> Iterator[None]:
    """Make the folder if need be, and turn what the disk says into a sentence."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield
    except OSError as error:
        raise CannotMake(
            f"the library in {folder} cannot be written ({_reason(error)}); choose another with --library."
        ) from None


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
