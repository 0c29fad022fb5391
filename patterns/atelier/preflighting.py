"""Checking anybody's file, in a process of its own where the file could harm this one.

PDF and TIFF are read by large libraries in C, and a file may be made to exhaust or to crash them. So they are read by a
child that may use so much memory and time and no more; what it found comes back as JSON.
"""

import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from patterns import preflight
from patterns.design import Design
from patterns.errors import CannotMake, InputError, PatternsError
from patterns.lattice import Lattice, parse_repeat
from patterns.preflight.check import kind_of

# Address space of a child, seconds of its processor time, and seconds until it is given up.
MEMORY, SECONDS, PATIENCE = 6 << 30, 150, 900
NO_REPEAT = "none"
# What a child is told to run.
CHILD = ("-m", "patterns.atelier.preflighting")


def inspect(
    file: Path,
    *,
    repeat: str | None = None,
    size_mm: tuple[float, float] | None = None,
    product: str | None = None,
) -> preflight.Report:
    """Return the report on a file, read in this process.

    ``repeat`` and ``size_mm`` say how it repeats and how large it prints ("none": it does not repeat); else its record
    says it, else it is looked for. ``product`` names what it is printed as. Raises InputError for what cannot be read,
    LatticeError for a repeat that its pixels cannot carry.
    """
    kind_of(file)
    said: dict[str, Any] = {"repeat": repeat, "size_mm": size_mm}
    if repeat == NO_REPEAT:
        said["repeat"] = None
    elif repeat is None and size_mm is None:
        said["lattice"] = _recorded(file)
    wanted = _wanted(product, said)
    if repeat is not None:
        from dataclasses import replace

        wanted = replace(wanted, repeats=repeat != NO_REPEAT)
    return preflight.check(file, wanted)


def inspect_safely(
    file: Path,
    *,
    repeat: str | None = None,
    size_mm: tuple[float, float] | None = None,
    product: str | None = None,
) -> preflight.Report:
    """Return what ``inspect`` does, PDF and TIFF read in a process of their own, bounded in memory and time."""
    if repeat not in (None, NO_REPEAT):
        parse_repeat(repeat)  # a repeat nobody knows is refused before a large file is read
    if product is not None:
        _wanted(product, {})
    if kind_of(file) not in ("PDF", "TIFF"):
        return inspect(file, repeat=repeat, size_mm=size_mm, product=product)
    asked = json.dumps({"file": str(file), "repeat": repeat, "size_mm": size_mm, "product": product})
    command = [sys.executable, *CHILD, asked]
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "VIPS_CONCURRENCY": "2"}
    try:
        done = subprocess.run(command, capture_output=True, timeout=PATIENCE, env=environment, check=False)
    except subprocess.TimeoutExpired:
        raise InputError(f"{file} takes longer to read than {PATIENCE} seconds; it was given up.") from None
    return _answered(file, done)


def _answered(file: Path, done: "subprocess.CompletedProcess[bytes]") -> preflight.Report:
    try:
        answer = json.loads(done.stdout)
    except ValueError:
        limit = f"more than {MEMORY >> 30} GB of memory or {SECONDS} seconds, or it is made to break its readers"
        raise InputError(f"{file} cannot be read: it takes {limit}.") from None
    if "error" in answer:
        kind = InputError if answer["exit_code"] == InputError.exit_code else CannotMake
        raise kind(answer["error"])
    return preflight.Report.from_json(answer)


def _wanted(product: str | None, said: dict[str, Any]) -> preflight.Wanted:
    if product is None:
        return preflight.Wanted(**said)
    from patterns import presets

    found = presets.product(product)
    return preflight.Wanted.of(found, presets.fabric_from(found.fabric), **said)


def _recorded(file: Path) -> Lattice | None:
    """Return the lattice of the record that a file of ours carries, None of any other file."""
    from patterns.press import read_record

    try:
        return Design.from_json(read_record(file)).lattice
    except PatternsError:
        return None


def _bound() -> None:
    """Give this process so much memory and time; where the system knows no such limits, it stays as it is."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 5))


def _main(asked: str) -> dict[str, Any]:
    _bound()
    given = json.loads(asked)
    file = Path(given.pop("file"))
    size = given.pop("size_mm")
    try:
        return inspect(file, size_mm=tuple(size) if size else None, **given).to_json()
    except PatternsError as error:
        return {"error": str(error), "exit_code": error.exit_code}
    except (MemoryError, RecursionError):
        return {"error": f"{file} cannot be read: it takes more memory than a print file should.", "exit_code": 3}


if __name__ == "__main__":
    print(json.dumps(_main(sys.argv[1])))
