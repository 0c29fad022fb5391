"""Kill `patterns export` at random moments (SIGKILL), and see whether a half file has its final name.

    python benchmarks/kills.py [--kills 50] [--seed 1]

A package in spot colors with plates, PDF, TIFF, PNG and JPEG is written once to the end, which gives each file's bytes.
Then it is begun again and again, into folders that are used again, and killed: at any moment of that time, at any
moment after the first temporary file, or as soon as a file has its final name, in turns. Every file under a final name
must be the whole file. Ends with 1 if one is not.
"""

import argparse
import hashlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.package import drawing, record
from patterns.lattice import Lattice
from patterns.library import Library, settled
from patterns.separation import Separation

MOMENTS = ("at any moment", "while files are written", "while files get their names")
ASKED = "--for cushion-front --pdf spot --formats pdf,tiff,png,jpeg,indexed,plates --date none"


def flat(drawn: Separation) -> Separation:
    """Return a drawing whose pixels are each of one ink, as the library keeps it."""
    first = drawn.planes.argmax(axis=0)
    planes = np.stack([first == ink for ink in range(len(drawn.planes))]).astype(np.float32)
    return Separation(planes, drawn.lattice, drawn.roles)


def begun(place: Path, name: str, out: Path) -> subprocess.Popen[bytes]:
    """Return a process that writes the package of a design into a folder."""
    command = [sys.executable, "-m", "patterns", "export", name, *ASKED.split(), "--out", str(out)]
    root = Path(__file__).resolve().parents[1]
    settings = {**os.environ, "PATTERNS_LIBRARY": str(place / "library"), "PYTHONPATH": str(root)}
    return subprocess.Popen(command, env=settings, cwd=root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def digests(folder: Path) -> dict[str, str]:
    """Return the digest of every file that has its final name."""
    names = sorted(path for path in folder.glob("[!.]*"))
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in names}


def killed(process: subprocess.Popen[bytes], out: Path, moment: str, wait: float) -> None:
    """Kill a process at its moment and ``wait`` seconds, unless it ends before."""

    def come() -> bool:
        names = os.listdir(out) if out.exists() else []
        return bool(names) if moment == MOMENTS[1] else any(not name.startswith(".") for name in names)

    while moment != MOMENTS[0] and process.poll() is None and not come():
        time.sleep(0.0002)
    try:
        process.wait(wait)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
    process.wait()


def main() -> None:
    """Print how many kills left nothing, a part of the package or all of it, and how many a half file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    rng, counts, half = np.random.default_rng(asked.seed), Counter[str](), 0
    with tempfile.TemporaryDirectory() as folder:
        place, lattice = Path(folder), Lattice(160.0, 160.0)
        name = Library(place / "library").put(record(lattice), settled(flat(drawing(lattice)))).name
        start = time.perf_counter()
        assert begun(place, name, place / "whole").wait() == 0
        took, whole = time.perf_counter() - start, digests(place / "whole")
        for number in range(asked.kills):
            moment, out = MOMENTS[number % 3], place / f"out-{number % 2}"
            longest = dict(zip(MOMENTS, (took, 0.7 * took, 0.003), strict=True))[moment]
            killed(begun(place, name, out), out, moment, rng.uniform(0, longest))
            found = digests(out) if out.exists() else {}
            half += any(whole.get(file) != digest for file, digest in found.items())
            counts["nothing" if not found else "all" if set(found) == set(whole) else "a part"] += 1
            for file in found:
                (out / file).unlink()
    print(f"a package of {len(whole)} files, {took:.1f} s; {asked.kills} kills")
    print("  left " + ", ".join(f"{what} {count} times" for what, count in sorted(counts.items())))
    print(f"  half files under their final names: {half}")
    sys.exit(bool(half))


if __name__ == "__main__":
    main()
