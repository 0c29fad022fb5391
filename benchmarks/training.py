"""How many tiles the Loom learns from in a second: one process with all threads, and a process for every core.

    python -m benchmarks.training [--seconds 40]

Prints one JSON document: tiles a second of each, processes that meet included, and the ratio of the second to the
first. Drawing is not counted: both learn from the same 300 motifs again and again.
"""

import argparse
import json
import os
import tempfile
import time
from itertools import count
from multiprocessing import get_context
from multiprocessing.queues import Queue
from pathlib import Path

import torch

from benchmarks.architectures import samples, stream
from patterns.loom.network import Loom
from patterns.loom.table import Table, shared_threads
from patterns.loom.train import MEETING, Recipe, Trainer, batches
from patterns.loom.vocabulary import Vocabulary

KEPT, WARM = 300, 3


def learned(seconds: float, table: Table, number: int, told: "Queue[float]") -> None:
    """Put the tiles a second that process ``number`` of a table learned from."""
    shared_threads(table.count)
    kept = samples(5, KEPT)
    vocabulary = Vocabulary(tuple(sorted({term for one in kept for term in one.terms})))
    with tempfile.TemporaryDirectory() as folder:
        trainer = Trainer(Path(folder), vocabulary, Recipe())
        source = batches(stream(kept), trainer.recipe.batch_px)
        for _ in range(WARM):
            trainer.step(next(source), 0.0)
        table.meet(number, trainer.network, 0, over=False)
        start, tiles = time.monotonic(), 0
        for step in count(1):
            batch = next(source)
            trainer.step(batch, 0.0)
            tiles += len(batch)
            if step % MEETING == 0 and table.meet(
                number, trainer.network, tiles, over=time.monotonic() - start > seconds
            ):
                break
        told.put(tiles / (time.monotonic() - start))


def rate(seconds: float, processes: int) -> float:
    """Return the tiles a second of so many processes that share the machine's threads."""
    context = get_context("spawn")
    table, told = Table.of(processes, Loom(), context), context.Queue()
    crew = [context.Process(target=learned, args=(seconds, table, k, told)) for k in range(processes)]
    for process in crew:
        process.start()
    rates = [told.get() for _ in crew]
    for process in crew:
        process.join()
    return sum(rates)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=40.0)
    asked = parser.parse_args()
    cores = os.cpu_count() or 1
    one, all_of_them = rate(asked.seconds, 1), rate(asked.seconds, cores)
    record = {
        "cores": cores,
        "machine": torch.backends.cpu.get_cpu_capability(),
        "tiles_a_second": {"one process": round(one, 1), f"{cores} processes": round(all_of_them, 1)},
        "ratio": round(all_of_them / one, 3),
    }
    print(json.dumps(record, indent=1))


if __name__ == "__main__":
    main()
