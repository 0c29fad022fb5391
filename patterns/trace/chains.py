"""Putting links in order: many chains at once, by pointer jumping (Wyllie 1979), without a loop over links."""

import numpy as np


def ordered(following: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return (links in order (N,), where each chain starts in it (C + 1,), which chains are closed (C,) bool).

    ``following`` is (N,) int: the link after each, -1 at a chain's end; no link follows two. A closed chain begins at
    its lowest link. Chains are in the order of the links that they begin with.
    """
    links = np.arange(len(following))
    before = np.full(len(following), -1)
    has_next = following >= 0
    before[following[has_next]] = links[has_next]
    in_cycle = _in_cycle(before)
    closed_at = np.zeros(len(following), bool)
    if in_cycle.any():
        first = links[in_cycle][_lowest(_compressed(before, in_cycle))]
        closed_at[np.unique(first)] = True
        before = np.where(closed_at, -1, before)
    first, rank = _ranked(before)
    starts = np.flatnonzero(before < 0)
    lengths = np.bincount(first, minlength=len(following))[starts]
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    place = np.zeros(len(following), np.int64)
    place[starts] = offsets[:-1]
    order = np.empty_like(links)
    order[place[first] + rank] = links
    return order, offsets, closed_at[starts]


def _in_cycle(before: np.ndarray) -> np.ndarray:
    """Return which links have no first one before them, (N,) bool."""
    begins = before < 0
    jump = np.where(begins, np.arange(len(before)), before)
    left = -1
    while True:
        waiting = ~begins[jump]
        count = int(waiting.sum())
        # A chain that is longer than the jumps gives up some of its links in every round.
        if count in (0, left):
            return waiting
        left = count
        jump = jump[jump]


def _compressed(before: np.ndarray, kept: np.ndarray) -> np.ndarray:
    number = np.cumsum(kept) - 1
    return number[before[kept]]


def _lowest(before: np.ndarray) -> np.ndarray:
    """Return the lowest link of each link's cycle."""
    lowest = np.minimum(np.arange(len(before)), before)
    jump = before[before]
    while True:
        further = np.minimum(lowest, lowest[jump])
        if np.array_equal(further, lowest):
            return lowest
        lowest, jump = further, jump[jump]


def _ranked(before: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return (the first link of each link's chain, how many links lie between)."""
    begins = before < 0
    jump = np.where(begins, np.arange(len(before)), before)
    rank = (~begins).astype(np.int64)
    while not begins[jump].all():
        rank += rank[jump]
        jump = jump[jump]
    return jump, rank
