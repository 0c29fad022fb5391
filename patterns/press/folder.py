"""Writing a package into a folder: all of it or nothing."""

import contextlib
import errno
import os
from pathlib import Path
from types import TracebackType

from patterns.errors import CannotMake


class Folder:
    """A folder being filled: files get their names only when all are written.

    As a context: on success every temporary file is renamed into place; on any failure, an interrupt included, they
    are removed, and so is the folder if it was made for them. An OSError becomes a CannotMake that says what to do.
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
        return self

    def file(self, name: str) -> Path:
        """Return where to write what shall be called ``name``."""
        temporary = self.path / f".{name}.{os.getpid()}.part"
        self._written.append((temporary, self.path / name))
        return temporary

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if error is None:
                for temporary, final in self._written:
                    os.replace(temporary, final)
        except OSError as failed:
            error = failed
        if error is None:
            return
        self._clean()
        if isinstance(error, OSError):
            raise self._refusal(error) from None

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
