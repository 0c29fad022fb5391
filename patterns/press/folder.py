"""Writing a package into a folder: all of it or nothing.

Files are written under temporary names and get their own when all are whole and on the disk. A process that is killed
leaves temporaries, never a half file under its final name; they say whose they are, and the next to write into the
folder removes them.
"""

import contextlib
import errno
import os
import re
import socket
import time
from pathlib import Path
from types import TracebackType

from patterns.errors import CannotMake

# ".repeat.tif.mill7-4711.part": the final name, the machine and the process that writes it.
_TEMPORARY = re.compile(r"\..+\.(?P<host>[A-Za-z0-9_]*)-(?P<process>\d+)\.part")
# Another machine's processes cannot be asked; what they have not touched for a day is nobody's.
_FORGOTTEN_SECONDS = 24 * 3600


class Folder:
    """A folder being filled: files get their names only when all are written.

    As a context: on success every temporary file is renamed into place; on any failure, an interrupt included, they
    are removed, and so is the folder if it was made for them. An OSError becomes a CannotMake that says what to do.
    On entering, temporaries that killed processes left are removed.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._written: list[tuple[Path, Path]] = []
        self._made: list[Path] = []

    def __enter__(self) -> "Folder":
        missing = [p for p in (self.path, *self.path.parents) if not p.exists()]
        try:
            self.path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise self._refusal(error) from None
        self._made = missing
        remove_stale(self.path)
        return self

    def file(self, name: str) -> Path:
        """Return where to write what shall be called ``name``."""
        temporary = self.path / f".{name}.{_host()}-{os.getpid()}.part"
        self._written.append((temporary, self.path / name))
        return temporary

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if error is None:
                self._rename()
        except OSError as failed:
            error = failed
        except BaseException:
            self._clean()
            raise
        if error is None:
            return
        self._clean()
        if isinstance(error, OSError):
            raise self._refusal(error) from None

    def _rename(self) -> None:
        """Give all files their names, once their bytes are on the disk: a name must not outlast a power cut alone."""
        for temporary, _ in self._written:
            with temporary.open("rb") as file:
                os.fsync(file.fileno())
        for temporary, final in self._written:
            os.replace(temporary, final)

    def _clean(self) -> None:
        for temporary, _ in self._written:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)
        for made in self._made:
            with contextlib.suppress(OSError):
                made.rmdir()

    def _refusal(self, error: OSError) -> CannotMake:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            return CannotMake(f"there is no room left in {self.path}; free some space or choose another folder.")
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            return CannotMake(f"{self.path} cannot be written to; choose another folder or change its permissions.")
        if error.errno in (errno.EEXIST, errno.ENOTDIR):
            return CannotMake(f"{self.path} is not a folder; choose another name.")
        return CannotMake(f"{self.path} cannot be written to ({error.strerror or error}).")


def stale(folder: Path) -> tuple[Path, ...]:
    """Return the temporaries in a folder that no living process is writing: crashes and kills left them."""
    found = []
    for path in folder.glob(".*.part"):
        match = _TEMPORARY.fullmatch(path.name)
        if match is not None and not _at_work(path, match["host"], int(match["process"])):
            found.append(path)
    return tuple(sorted(found))


def remove_stale(folder: Path) -> tuple[Path, ...]:
    """Remove what ``stale`` finds, as far as is permitted, and return it."""
    found = stale(folder)
    for path in found:
        with contextlib.suppress(OSError):
            path.unlink()
    return found


def _at_work(path: Path, host: str, process: int) -> bool:
    """Return whether a temporary may still be written to: its process lives, or it is another machine's and fresh.

    Windows has no signal 0 that only asks; there all are judged by their age.
    """
    if host != _host() or os.name == "nt":
        with contextlib.suppress(OSError):
            return time.time() - path.stat().st_mtime < _FORGOTTEN_SECONDS
        return True
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


def _host() -> str:
    """Return this machine's name, of what any file system holds."""
    return re.sub("[^A-Za-z0-9_]", "_", socket.gethostname())[:32]
