"""Print how long it takes to find a palette among all presets, and how large the shelf and the list of names are.

    python benchmarks/palettes.py

The first search of a process reads every preset and the names; those after it find them cached. Processor time, medians
of 50 runs and the worst, and the time on the clock, which other work on the machine lengthens; the baseline is one pass
of ``str.find`` over the text of the same files, already in memory.
"""

import sys
import time
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parent.parent))

from patterns import presets
from patterns.color.names import named, names, surveyed

QUERIES = (
    "moody autumn",
    "blue",
    "dusty rose and sage",
    "#27356b",
    "coastal with red",
    "calm blue coastal summer",
    "xyzzy",
)


def timed(act, runs: int = 50) -> tuple[float, float, float]:
    """Return the median and the worst processor time of an act, and its median time on the clock, in milliseconds."""
    spent, passed = [], []
    for _ in range(runs):
        start, clock = time.process_time(), time.perf_counter()
        act()
        spent.append((time.process_time() - start) * 1000)
        passed.append((time.perf_counter() - clock) * 1000)
    return median(spent), max(spent), median(passed)


def main() -> None:
    first = timed(lambda: presets.search_palettes("dusty rose", limit=12), runs=1)
    named("cloudy blue")
    print(f"palettes: {len(presets.palettes())}")
    print(f"names: {len(names().ours)} ours, {len(names().css)} of CSS, {len(surveyed())} of the survey")
    print(f"first search in a process, reading every preset: {first[0]:.1f} ms ({first[2]:.1f} on the clock)")
    texts = [path.read_text(encoding="utf-8") for path in sorted(presets.folder("palettes").glob("*.toml"))]
    baseline = timed(lambda: [text.find("rose") for text in texts])[0]
    for query in QUERIES:
        middle, worst, clock = timed(lambda query=query: presets.search_palettes(query))
        found = len(presets.search_palettes(query))
        print(
            f"{query!r}: {found} found, {middle:.2f} ms (worst {worst:.2f}, on the clock {clock:.2f}), "
            f"{middle / baseline:.0f} x str.find"
        )


if __name__ == "__main__":
    main()
