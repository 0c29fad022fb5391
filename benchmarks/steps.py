"""How many steps and how many drawings to choose from are worth their time: what the judges recognize with each.

    python -m benchmarks.steps [--each 3] [28x2 12x4 8x6 6x4]

Steps x candidates. The same asks of every family are drawn with the same seeds, and looked at by the judges of
``patterns.loom.evaluate``, which are trained first if they are not at hand (half an hour). Prints one JSON document:
shares of asks whose family, size and number of inks are recognized, and the time over that of the first.
"""

import argparse
import json
import time

from patterns.atelier import judging
from patterns.atelier.evaluating import Plan
from patterns.atelier.evaluating.bench import right
from patterns.atelier.evaluating.document import equipped
from patterns.loom.sampling import Sampling

SEED = 7000


def ways(text: str) -> Sampling:
    """Return how "12x4" says that tiles are drawn."""
    steps, candidates = (int(number) for number in text.split("x"))
    return Sampling(steps=steps, candidates=candidates)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("ways", nargs="*", default=["28x2", "12x4", "8x6", "6x4"], help="steps x candidates")
    parser.add_argument("--each", type=int, default=3, help="asks of each family")
    asked = parser.parse_args()
    found: dict[str, dict[str, float]] = {}
    with equipped(Plan(), None) as bench:
        asks = [ask for family in bench.families for ask in judging.asks(family, asked.each)]
        first = None
        # What is drawn first also reads the weights.
        bench.draw(asks[:8], range(8))
        for way in asked.ways:
            start = time.perf_counter()
            answers = bench.draw(asks, range(SEED, SEED + len(asks)), ways(way))
            took = time.perf_counter() - start
            first = first or took
            seen = bench.opinion([answer.planes for answer in answers], asks)
            shares = right(seen, asks, bench.named(seen, [answer.motif for answer in answers]))
            found[way] = {name: round(value, 3) for name, value in shares.items()} | {"time": round(took / first, 2)}
    print(json.dumps({"asks": len(asks), "ways": found}, indent=1))


if __name__ == "__main__":
    main()
