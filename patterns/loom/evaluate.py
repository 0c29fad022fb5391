"""The door to the Loom's evaluation: `python -m patterns.loom.evaluate` prints one JSON document.

What is measured needs the corpus, which stands beside the Loom: the atelier (``patterns.atelier.evaluating``) brings
them together, and only here does the Loom look up to it.
"""

import argparse
import json
import sys
from dataclasses import replace
from pathlib import Path


def main() -> None:
    """Evaluate a folder of weights, print the document and write the contact sheet beside it."""
    from patterns.atelier.evaluating import QUICK, Plan, evaluate

    parser = argparse.ArgumentParser(prog="python -m patterns.loom.evaluate", description=__doc__)
    parser.add_argument("--weights", type=Path, metavar="FOLDER", help="weights to judge; the shipped ones by default")
    parser.add_argument("--samples", type=int, metavar="N", help="samples of each family, 10 by default")
    parser.add_argument("--share", type=float, metavar="S", help="measure so much of everything, 0.2 for a fifth")
    parser.add_argument("--quick", action="store_true", help="all of it with few samples and few steps")
    parser.add_argument("--out", type=Path, default=Path("out"), metavar="FOLDER", help="where judged.png goes")
    asked = parser.parse_args()
    if asked.share is not None and not 0 < asked.share <= 1:
        parser.error(f"--share is more than 0 and at most 1, not {asked.share:g}")
    plan = QUICK if asked.quick else Plan().part(asked.share) if asked.share else Plan()
    if asked.samples is not None:
        plan = replace(plan, samples=asked.samples)
    record = evaluate(plan, asked.weights, asked.out, told=lambda line: print(line, file=sys.stderr, flush=True))
    print(json.dumps(record, indent=1))


if __name__ == "__main__":
    main()
