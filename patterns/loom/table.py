"""Training in several processes: each learns from its own drawings, and now and then they average their weights.

Threads of so small a network wait for one another at every operation: two processes of one thread each learn from more
tiles in a second than one of two threads (``benchmarks/training.py``). Between two meetings every process goes its own
way (local SGD: Stich 2019).
"""

import os
from dataclasses import dataclass
from multiprocessing.context import SpawnContext
from multiprocessing.synchronize import Barrier

import torch
from torch import Tensor, nn

# A process that nobody joins within so many seconds is alone, and ends.
_PATIENCE = 900.0


def shared_threads(processes: int) -> None:
    """Give this process its share of the machine's cores."""
    torch.set_num_threads(max(1, (os.cpu_count() or 1) // processes))


@dataclass(frozen=True, slots=True)
class Table:
    """Where ``count`` processes meet. Each has a row of ``weights`` (count, parameters) and of ``tiles`` (count,).

    All of it is shared memory. Number 0 leads: its clock ends the sitting.
    """

    count: int
    weights: Tensor
    tiles: Tensor
    over: Tensor
    barrier: Barrier

    @classmethod
    def of(cls, count: int, network: nn.Module, context: SpawnContext) -> "Table":
        """Return a table for ``count`` processes that train copies of ``network``."""
        size = sum(p.numel() for p in network.parameters())
        weights, tiles = torch.zeros((count, size)), torch.zeros(count, dtype=torch.int64)
        over = torch.zeros(1, dtype=torch.bool)
        for tensor in (weights, tiles, over):
            tensor.share_memory_()
        return cls(count, weights, tiles, over, context.Barrier(count, timeout=_PATIENCE))

    def meet(self, number: int, network: nn.Module, tiles: int, *, over: bool) -> bool:
        """Give the network the mean weights of all, and return whether the sitting is over, as its leader says."""
        parameters = list(network.parameters())
        with torch.no_grad():
            self.weights[number] = torch.cat([p.reshape(-1) for p in parameters])
            self.tiles[number] = tiles
            if number == 0:
                self.over.fill_(over)
            self.barrier.wait()
            mean, ended = self.weights.mean(dim=0), bool(self.over)
            # Nobody may write the next row before all have read this one.
            self.barrier.wait()
            start = 0
            for p in parameters:
                p.copy_(mean[start : start + p.numel()].view(p.shape))
                start += p.numel()
        return ended

    def leave(self) -> None:
        """Let those who wait know that nobody comes any more."""
        self.barrier.abort()
