"""Print how long it takes to find a palette among all presets, and how large the shelf and the list of names are.

    python benchmarks/palettes.py

The first search of a process reads every preset and the names; those after it find them cached. Medians of 50 runs, and
the worst; the baseline is one pass of ``str.find`` over the text of the same files, already in memory.
"""

import sys
import time
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parent.parent))

from patterns import presets
from patterns.color.names import named, names

QUERIES = (
    "moody autumn",
    "blue",
    "dusty rose and sage",
    "#27356b",
    "coastal with red",
    "calm blue coastal summer",
    "xyzzy",
)


def timed(act, runs: int = 50) -> tuple[float, float]:
    """Return the median and the worst time of an act, in milliseconds."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        act()
        times.append((time.perf_counter() - start) * 1000)
    return median(times), max(times)


def main() -> None:
    start = time.perf_counter()
    presets.search_palettes("dusty rose")
    first = (time.perf_counter() - start) * 1000
    named("cloudy blue")
    print(f"palettes: {len(presets.palettes())}; names: {len(names().ours)} ours, {len(names().css)} of CSS")
    print(f"first search in a process, reading every preset: {first:.1f} ms")
    texts = [path.read_text(encoding="utf-8") for path in sorted(presets.folder("palettes").glob("*.toml"))]
    baseline, _ = timed(lambda: [text.find("rose") for text in texts])
    for query in QUERIES:
        middle, worst = timed(lambda query=query: presets.search_palettes(query))
        found = len(presets.search_palettes(query))
        print(f"{query!r}: {found} found, {middle:.2f} ms (worst {worst:.2f}), {middle / baseline:.0f} x str.find")


if __name__ == "__main__":
    main()
