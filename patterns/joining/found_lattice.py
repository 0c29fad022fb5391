"""From the peaks of an autocorrelation to a lattice, and from a lattice to the trade's repeat."""

from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations

import numpy as np

# Lattices whose points agree to this share of the best one's are as good; the smallest cell among them is the repeat.
_AS_GOOD = 0.9
# Peaks that pairs are made of; and the points of a lattice, on its shortest basis, that are looked at: all lattices by
# the same few, or a larger one, of which fewer fit into the picture, would be judged by nearer ones.
_PEAKS = 26
_NEAREST = np.array([[1, 0], [0, 1], [1, 1], [1, -1]])
# A repeat's sides may lean by so many degrees, and be off a right angle by so many.
_MOST_TURN, _MOST_LEAN = 12.0, 2.5
_MOST_DENOMINATOR = 6


@dataclass(frozen=True, slots=True)
class Basis:
    """Two moves (x, y) in px that generate a lattice, rows of (2, 2), and how like itself the picture is there."""

    vectors: np.ndarray
    agreement: float


def best_basis(like: np.ndarray, found: np.ndarray, least_area: float) -> Basis | None:
    """Return the smallest lattice at all of whose points the autocorrelation is about as high as at any's.

    ``found`` are its peaks (n, 3). None if no two peaks span a cell of ``least_area`` px.
    """
    top = found[:_PEAKS]
    tried = [_reduced(np.array([a[:2], b[:2]])) for a, b in combinations(top, 2)]
    tried = [basis for basis in tried if abs(np.linalg.det(basis)) >= least_area]
    if not tried:
        return None
    fitted = [_reduced(_fitted(basis, found)) for basis in tried]
    # Two peaks may be one, told twice.
    fitted = [
        basis for basis in fitted if basis[0] @ basis[0] >= least_area and abs(np.linalg.det(basis)) >= least_area
    ]
    if not fitted:
        return None
    scored = [Basis(basis, _agreement(like, basis)) for basis in fitted]
    best = max(basis.agreement for basis in scored)
    good = [basis for basis in scored if basis.agreement >= _AS_GOOD * best and basis.agreement > 0]
    if not good:
        return None
    area = min(abs(np.linalg.det(basis.vectors)) for basis in good)
    same = [basis for basis in good if abs(np.linalg.det(basis.vectors)) <= 1.1 * area]
    return max(same, key=lambda basis: basis.agreement)


def _reduced(basis: np.ndarray) -> np.ndarray:
    """Return the shortest basis of the same lattice (Lagrange)."""
    a, b = basis
    for _ in range(60):
        if a @ a > b @ b:
            a, b = b, a
        turns = np.rint(a @ b / max(a @ a, 1e-9))
        if turns == 0:
            break
        b = b - turns * a
    return np.array([a, b])


def _fitted(basis: np.ndarray, found: np.ndarray) -> np.ndarray:
    """Return the basis fitted by least squares to the peaks that lie near its points, stronger ones first."""
    for _ in range(2):
        whole = np.rint(found[:, :2] @ np.linalg.inv(basis))
        off = np.hypot(*(found[:, :2] - whole @ basis).T)
        near = (off < 2 + 0.03 * np.hypot(*found[:, :2].T)) & (np.abs(whole).sum(axis=1) > 0)
        if near.sum() < 2 or np.linalg.matrix_rank(whole[near]) < 2:
            return basis
        weight = found[near, 2:] ** 2
        basis = np.linalg.lstsq(whole[near] * weight, found[near, :2] * weight, rcond=None)[0]
    return basis


def _agreement(like: np.ndarray, basis: np.ndarray) -> float:
    """Return the mean of the autocorrelation over a lattice's nearest points: of each the highest value close by.

    It is 0 if any of them is farther than the picture is compared.
    """
    if abs(np.linalg.det(basis)) < 1:
        return 0.0
    middle = len(like) // 2
    values = []
    for x, y in _NEAREST @ _reduced(basis):
        x, y = (x, y) if x > 0 or (x == 0 and y > 0) else (-x, -y)
        near = int(np.clip(0.012 * np.hypot(x, y), 1, 4))
        row, column = round(y) + middle, round(x)
        block = like[max(0, row - near) : row + near + 1, max(0, column - near) : column + near + 1]
        if not block.size or block.max() == 0:
            return 0.0
        values.append(float(block.max()))
    return float(np.mean(values))


@dataclass(frozen=True, slots=True)
class Reading:
    """A lattice as the trade says it: whole combinations (2, 2) of its basis that are the moves beside and below.

    With a drop the move below is upright and the one beside sits lower by ``drop`` of it; with a slide the move beside
    is level and the one below sits to the right. ``turn`` is by how many degrees all is turned, clockwise as seen.
    """

    whole: np.ndarray
    drop: Fraction
    slide: Fraction
    turn: float


def read(basis: np.ndarray) -> Reading | None:
    """Return the simplest repeat that a lattice is, its cell the nearest to a square; None if it lies aslant."""
    short = _reduced(basis)
    readings = [*_readings(short, 0), *_readings(short, 1)]
    if not readings:
        return None
    best = min(readings, key=lambda reading: reading[0])[1]
    return replace(best, whole=best.whole @ np.rint(short @ np.linalg.inv(basis)).astype(int))


def _readings(basis: np.ndarray, axis: int) -> list[tuple[float, Reading]]:
    """Return (badness, reading) with the whole side along an axis: 1 is down, for drops; 0 across, for slides."""
    spread = np.arange(-8, 9)
    whole = np.stack(np.meshgrid(spread, spread, indexing="ij"), axis=-1).reshape(-1, 2)
    whole = whole[np.gcd(whole[:, 0], whole[:, 1]) == 1]
    moves = whole @ basis
    along, aside = moves[:, axis], moves[:, 1 - axis]
    lean = np.degrees(np.arctan2(aside, along))
    found = []
    for k in np.nonzero((along > 0) & (np.abs(lean) <= _MOST_TURN))[0]:
        for m in np.nonzero((aside > 0) & (np.abs(np.degrees(np.arctan2(along, aside))) <= _MOST_TURN))[0]:
            copies = abs(round(float(whole[k, 0] * whole[m, 1] - whole[k, 1] * whole[m, 0])))
            angle = _angle(moves[k], moves[m])
            if not 1 <= copies <= _MOST_DENOMINATOR or abs(angle - 90) > _MOST_LEAN:
                continue
            found.append(_reading(basis, whole[k], whole[m], copies, axis, abs(angle - 90)))
    return [item for item in found if item is not None]


def _angle(one: np.ndarray, other: np.ndarray) -> float:
    """Return the angle between two moves, in degrees."""
    cosine = one @ other / (np.linalg.norm(one) * np.linalg.norm(other))
    return float(np.degrees(np.arccos(np.clip(cosine, -1, 1))))


def _reading(
    basis: np.ndarray, main: np.ndarray, level: np.ndarray, copies: int, axis: int, off: float
) -> tuple[float, Reading] | None:
    """Return a reading in which ``main`` is the whole side and ``level`` as many cells on, at a right angle to it."""
    # The move aside: level = copies * beside - p * main.
    for p in range(copies):
        beside, rest = divmod(level + p * main, copies)
        if not rest.any():
            break
    else:
        return None
    offset = Fraction(p, copies)
    size = np.linalg.norm(main @ basis), np.linalg.norm(level @ basis) / copies
    aspect = abs(np.log(size[0] / size[1]))
    turned = main @ basis if axis == 0 else level @ basis
    turn = float(np.degrees(np.arctan2(turned[1], turned[0])))
    if axis == 1:
        reading = Reading(np.array([beside, main]), offset, Fraction(0), turn)
    else:
        reading = Reading(np.array([main, beside]), Fraction(0), offset, turn)
    # Simple offsets first; then shapes near the square; drops rather than slides where all else is equal.
    return 0.5 * np.log(copies) + 0.35 * aspect + 0.25 * off + 0.02 * (axis == 0), reading
