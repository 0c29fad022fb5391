"""What the atelier works with: the library, the Loom's weights, and whom it tells how far it is."""

import contextlib
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from patterns.errors import CannotMake
from patterns.library import Library, default_folder

# (stage, done, total); a total of 0 says that nobody knows.
Progress = Callable[[str, int, int], None]


def silent(stage: str, done: int, total: int) -> None:
    """Tell nobody."""


def default_weights() -> Path | None:
    """Return the folder that $PATTERNS_WEIGHTS names, or None for the weights that come with the package."""
    named = os.environ.get("PATTERNS_WEIGHTS")
    return Path(named).expanduser() if named else None


@dataclass(frozen=True, slots=True)
class Bench:
    """A library, a folder of weights (None: the shipped ones), and a listener for progress.

    ``device``, ``dtype`` and ``memory`` say how picture models compute: see ``patterns.diffusion.loading.load``.
    """

    library: Library = field(default_factory=lambda: Library(default_folder()))
    weights: Path | None = field(default_factory=default_weights)
    progress: Progress = silent
    device: str = "auto"
    dtype: str = "auto"
    memory: str = "auto"


def refuse_unwritable(folder: Path) -> None:
    """Raise CannotMake if files could not be written into ``folder``, before any work is done for them.

    It is tried with an empty file, because permissions say too little; nothing is left behind.
    """
    missing = [p for p in (folder, *folder.parents) if not p.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        reason = "there is a file of that name" if folder.is_file() else (error.strerror or str(error)).lower()
        raise CannotMake(f"{folder} cannot be written to ({reason}); choose another folder with --out.") from None
    finally:
        for made in missing:
            with contextlib.suppress(OSError):
                made.rmdir()
