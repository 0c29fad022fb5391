"""What is here and what is missing on this machine."""

import importlib.metadata
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from patterns import __version__
from patterns.errors import PatternsError

# What making a design cannot do without, by its name in the package index.
_NEEDED = ("torch", "numpy", "scipy", "pillow", "safetensors", "reportlab", "pikepdf", "tifffile", "typer", "rich")
_HELPFUL = ("diffusers", "skia-python", "opencv-python-headless")


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that was looked for: whether it is there, what was found, whether a design can be made without it."""

    name: str
    present: bool
    found: str
    needed: bool = True


def examine(weights: Path | None, library: Path) -> tuple[Part, ...]:
    """Return everything that was looked for, in the order of a report."""
    return tuple(_parts(weights, library))


def _parts(weights: Path | None, library: Path) -> Iterator[Part]:
    version = ".".join(str(v) for v in sys.version_info[:3])
    yield Part("patterns", True, __version__)
    yield Part("Python", sys.version_info >= (3, 11), version)
    for name in _NEEDED:
        yield _package(name, needed=True)
    for name in _HELPFUL:
        yield _package(name, needed=False)
    yield Part("cores", True, f"{len(os.sched_getaffinity(0)) if hasattr(os, 'sched_getaffinity') else os.cpu_count()}")
    yield _asked("bf16 units", _bf16, needed=False)
    yield _asked("weights", lambda: _weights(weights))
    yield _asked("presets", _presets)
    yield _library(library)
    for tool in ("gs", "pdftoppm"):
        place = shutil.which(tool)
        yield Part(
            tool, place is not None, "an outside judge for the tests" if place else "not installed", needed=False
        )


def _package(name: str, *, needed: bool) -> Part:
    try:
        return Part(name, True, importlib.metadata.version(name), needed)
    except importlib.metadata.PackageNotFoundError:
        return Part(name, False, f"not installed; `pip install {name}` installs it", needed)


def _asked(name: str, question: Callable[[], str], *, needed: bool = True) -> Part:
    """Return the part that ``question`` describes; what it raises is what is wrong with it."""
    try:
        return Part(name, True, question(), needed)
    except (PatternsError, ImportError, OSError) as error:
        return Part(name, False, str(error), needed)


def _bf16() -> str:
    from patterns.loom.weights import default_dtype

    if "bfloat16" not in str(default_dtype()):
        raise OSError("none, so that the Loom draws in float32, which takes longer")
    return "yes"


def _weights(folder: Path | None) -> str:
    from patterns.loom.weights import load

    weights = load(folder)
    return f"{folder or 'shipped'}, digest {weights.digest}, {len(weights.vocabulary.terms)} terms"


def _presets() -> str:
    from patterns import presets

    readers = {
        "products": presets.product,
        "fabrics": presets.fabric,
        "palettes": presets.palette,
        "scenes": presets.scene_maps,
    }
    for kind, read in readers.items():
        for name in presets.names(kind):
            read(name)
    return ", ".join(f"{len(presets.names(kind))} {kind}" for kind in readers)


def _library(folder: Path) -> Part:
    standing = folder if folder.exists() else next(p for p in folder.absolute().parents if p.exists())
    writable = standing.is_dir() and os.access(standing, os.W_OK | os.X_OK)
    return Part(
        "library", writable, f"{folder}{'' if writable else ' cannot be written to; choose another with --library'}"
    )
