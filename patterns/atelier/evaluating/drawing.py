"""Drawing for many asks, in as many processes as there are cores: each draws by itself, with one thread."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from patterns.atelier.judging import Answer, Ask, answered

if TYPE_CHECKING:
    from patterns.loom.sampling import Sampling

# Jobs that are handed over together: most take about a second.
_TOGETHER = 4


@dataclass(frozen=True, slots=True)
class Job:
    """One drawing: what is asked, the seed, and how it is sampled."""

    ask: Ask
    seed: int
    sampling: "Sampling"


Draw = Callable[[Sequence[Job]], list[Answer]]


@contextmanager
def crew(folder: Path | None) -> Iterator[Draw]:
    """Give a function that draws jobs with the weights in a folder; what it gives does not depend on how many draw."""
    # Threads of a large network wait for one another at every operation: processes do more.
    from patterns.loom.table import shared_threads

    many = os.cpu_count() or 1
    with ProcessPoolExecutor(many, get_context("spawn"), shared_threads, (many,)) as pool:

        def draw(jobs: Sequence[Job]) -> list[Answer]:
            # The drawing that an ask was made of is not needed to answer it.
            bare = [replace(job, ask=replace(job.ask, planes=np.empty(0))) for job in jobs]
            return list(pool.map(partial(_drawn, folder), bare, chunksize=_TOGETHER))

        try:
            yield draw
        except BaseException:
            # Whoever interrupts does not wait for what is left.
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _drawn(folder: Path | None, job: Job) -> Answer:
    from patterns.loom.weave import loaded

    return answered(loaded(folder), job.ask, seed=job.seed, sampling=job.sampling)
