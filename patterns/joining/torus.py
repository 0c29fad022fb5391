"""Where each pixel of a tile comes from, what all its cuts cost, and moves that lower it.

``source`` (H, W, 2) int says for each pixel of the cell which (row, column) of the picture it shows. Neighbors on the
lattice whose sources are neighbors in the picture are uncut. A move offers every pixel near a meeting of cuts another
source at once, and takes the best choice of all, found as a minimal cut of a flow network (Boykov, Veksler and Zabih,
"Fast Approximate Energy Minimization via Graph Cuts", 2001).
"""

from itertools import product
from typing import Any

import numpy as np

from patterns.joining.difference import LENGTH, parted
from patterns.lattice import Grid

# Pixels around a meeting of cuts that moves may change, and how often all moves are tried.
_REACH, _ROUNDS = 20, 4
_STEPS = ((0, 1), (1, 0))
# Costs become whole numbers for the flow; above the last, a pair cannot be.
_WHOLE, _NEVER = 10_000, 10_000.0


def neighbors(values: np.ndarray, grid: Grid, step: tuple[int, int]) -> np.ndarray:
    """Return the values (H, W, ...) of each pixel's neighbor: one ``step`` right (0, 1) or down (1, 0)."""
    axis = 0 if step[0] else 1
    moved = np.roll(values, -1, axis=axis)
    if axis == 1 and grid.drop:
        moved[:, -1] = np.roll(moved[:, -1], grid.drop, axis=0)
    if axis == 0 and grid.slide:
        moved[-1] = np.roll(moved[-1], grid.slide, axis=0)
    return moved


def cuts(source: np.ndarray, grid: Grid) -> tuple[np.ndarray, np.ndarray]:
    """Return which pixels (H, W) are cut from their neighbor to the right, and which from the one below."""
    right, below = ((neighbors(source, grid, step) - source != step).any(axis=2) for step in _STEPS)
    return right, below


def energy(source: np.ndarray, shown: np.ndarray, grid: Grid) -> float:
    """Return what all cuts of a tile cost, of the picture's features (H', W', 3)."""
    total = 0.0
    for step, cut in zip(_STEPS, cuts(source, grid), strict=True):
        total += float(pair_cost(source[cut], neighbors(source, grid, step)[cut], step, shown).sum())
    return total


def pair_cost(first: np.ndarray, second: np.ndarray, step: tuple[int, int], shown: np.ndarray) -> np.ndarray:
    """Return the cost (n,) of showing the sources ``first`` and ``second`` (n, 2) one ``step`` apart; 0 if uncut."""
    beyond, before = first + step, second - step
    limit = np.array(shown.shape[:2])
    inside = ((beyond < limit) & (beyond >= 0) & (before < limit) & (before >= 0)).all(axis=1)
    beyond, before = (np.clip(p, 0, limit - 1) for p in (beyond, before))
    cost = parted((_of(shown, first), _of(shown, before)), (_of(shown, beyond), _of(shown, second))) + LENGTH
    return np.where((first + step == second).all(axis=1), 0.0, np.where(inside, cost, _NEVER))


def improved(source: np.ndarray, shown: np.ndarray, grid: Grid, offers: list[np.ndarray]) -> np.ndarray:
    """Return the source after moves near the meetings of cuts that lower the energy, until none of them does.

    ``offers`` are other sources (H, W, 2), -1 where there is none. Each move is the best of all its choices, unless
    costs that no cut can represent had to be lowered for it; it is only taken if the energy is lower for it.
    """
    reach = min(_REACH, (min(grid.width, grid.height) - 3) // 2)
    for _ in range(_ROUNDS):
        moved = False
        for place, offer in product(_meetings(source, grid, reach), offers):
            spread = np.arange(-reach - 1, reach + 2)
            at = grid.wrap(*np.meshgrid(place[0] + spread, place[1] + spread, indexing="ij"))
            better = _move(source[at], offer[at], shown)
            if better is not None:
                source, moved = source.copy(), True
                source[at] = better
        if not moved:
            break
    return source


def _of(shown: np.ndarray, at: np.ndarray) -> np.ndarray:
    return shown[at[:, 0], at[:, 1]]


def _meetings(source: np.ndarray, grid: Grid, reach: int) -> list[tuple[int, int]]:
    """Return pixels at which three or more cuts meet, no two within reach of each other."""
    right, below = cuts(source, grid)
    around = right.astype(int) + below + neighbors(right, grid, (1, 0)) + neighbors(below, grid, (0, 1))
    found: list[tuple[int, int]] = []
    for row, column in np.argwhere(around > 2):
        if all(abs(row - y) > reach or abs(column - x) > reach for y, x in found):
            found.append((int(row), int(column)))
    return found


def _move(source: np.ndarray, offer: np.ndarray, shown: np.ndarray) -> np.ndarray | None:
    """Return the best choice at every pixel of a square (N, N, 2) but its rim of what it has and what is offered.

    None if nothing is better than what it has.
    """
    free = (offer[..., 0] >= 0) & (offer != source).any(axis=2)
    free[[0, -1]] = free[:, [0, -1]] = False
    if not free.any():
        return None
    number = np.full(free.shape, -1)
    number[free] = np.arange(free.sum())
    tables = [_table(source, offer, step, number, shown) for step in _STEPS]
    pairs, cost = (np.concatenate(part) for part in zip(*tables, strict=True))
    take = _least(pairs, cost, int(free.sum()))
    chosen = np.where(pairs >= 0, take[pairs], False).astype(int)
    if (cost[np.arange(len(cost)), chosen[:, 0], chosen[:, 1]] - cost[:, 0, 0]).sum() >= -1e-9:
        return None
    moved = source.copy()
    moved[free] = np.where(take[:, None], offer[free], source[free])
    return moved


def _table(
    source: np.ndarray, offer: np.ndarray, step: tuple[int, int], number: np.ndarray, shown: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return pairs (n, 2) of free pixels' numbers, -1 for fixed ones, and costs (n, 2, 2) of keeping or taking."""
    first, second = (
        (slice(None, -step[0] or None), slice(None, -step[1] or None)),
        (slice(step[0], None), slice(step[1], None)),
    )
    met = (number[first] >= 0) | (number[second] >= 0)
    pairs = np.stack([number[first][met], number[second][met]], axis=1)
    here, there = ([v[part][met] for v in (source, offer)] for part in (first, second))
    here[1], there[1] = (np.where(pairs[:, [k]] >= 0, side[1], side[0]) for k, side in enumerate((here, there)))
    cost = np.stack([np.stack([pair_cost(a, b, step, shown) for b in there], axis=1) for a in here], axis=1)
    return pairs, cost


def _least(pairs: np.ndarray, cost: np.ndarray, count: int) -> np.ndarray:
    """Return the choice (count,) bool of least cost, by Kolmogorov and Zabih's network (PAMI 26, 2004)."""
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import maximum_flow

    keep, mixed, other, take = (np.minimum(cost[:, i, j], _NEVER) for i, j in ((0, 0), (0, 1), (1, 0), (1, 1)))
    both = (pairs >= 0).all(axis=1)
    # A pair with a fixed pixel has the same costs whatever that pixel would choose.
    keep = np.where(both, np.minimum(keep, mixed + other - take), keep)
    gain = np.zeros(count)
    first, second = pairs[:, 0], pairs[:, 1]
    np.add.at(gain, first[first >= 0], (other - keep)[first >= 0])
    np.add.at(gain, second[second >= 0], np.where(both, take - other, mixed - keep)[second >= 0])
    # An edge is cut where its first end keeps and its second takes.
    a, b, edge = first[both], second[both], (mixed + other - keep - take)[both]
    start, end, number = count, count + 1, np.arange(count)
    rows = np.concatenate([a, np.full(count, start), number])
    columns = np.concatenate([b, number, np.full(count, end)])
    weights = np.rint(np.concatenate([edge, np.maximum(gain, 0), np.maximum(-gain, 0)]) * _WHOLE)
    network = csr_matrix((weights.astype(np.int32), (rows, columns)), shape=(count + 2, count + 2))
    return ~_reached(network, maximum_flow(network, start, end).flow, start)[:count]


def _reached(network: Any, flow: Any, start: int) -> np.ndarray:
    """Return which pixels the start still reaches in what the flow leaves free."""
    from scipy.sparse.csgraph import breadth_first_order

    left = network - flow
    left.data = np.maximum(left.data, 0)
    left.eliminate_zeros()
    reached = np.zeros(network.shape[0], bool)
    reached[breadth_first_order(left, start, return_predecessors=False)] = True
    return reached
