"""The repeat that is already in a photographed cloth: found by what the picture agrees with itself, then measured.

Moves at which the picture is like itself are found by autocorrelation on few pixels, and the lattice that explains
them. Then the picture is laid out flat cell by cell, each cell is compared with the next, and the map from the lattice
to the picture is corrected by how far each lies off, until none does: turn, lean and a slight perspective are
in that map.
"""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from patterns.errors import CannotMake
from patterns.joining.agreement import autocorrelation, freed_of_light, peaks
from patterns.joining.found_lattice import Basis, best_basis, read
from patterns.lattice import Lattice

# Sides in pixels to which the picture is reduced: to find the lattice, and to measure it.
_COARSE, _FINE = 384, 1400
# The least cell, in pixels of the coarse picture: finer is texture.
_LEAST_CELL = 14
_PEAKS = 60
# Cells are laid out on so many pixels a side at most; so many windows a cell are compared
# (across and down) where the picture shows fewer copies than that.
_CELL_PX, _MOST_WINDOWS, _MOST_PAIRS = 144, 160, 180
_WINDOWS = ((4, 10), (2, 30), (1, np.inf))
_ROUNDS = 4
# Below these there is no repeat: how like each other the copies are, and how much more than at any other move.
_LEAST_AGREEMENT, _LEAST_CONFIDENCE = 0.35, 0.3
# A measured cell may be this much larger or smaller than the one that was found; and at most this share of a side long.
_SAME_CELL, _MOST_CELL = 0.2, 0.62


@dataclass(frozen=True, slots=True)
class Repeat:
    """The repeat of a photographed cloth.

    ``map`` (3, 3) takes lattice coordinates (copies beside, copies below, 1) to the picture's pixels (x, y), the
    middle of the first pixel at 0.5. ``vectors`` (2, 2) are the moves (x, y) beside and below in the middle of the
    picture; the copy beside sits lower by ``drop`` of a height, or the copy below to the right by ``slide`` of a width.
    ``turn`` is in degrees, clockwise as seen. ``agreement`` is the correlation of copies with each other, light apart;
    ``confidence`` 0-1, how far it stands out among other moves. ``copies`` says how many cells the picture holds.
    """

    map: np.ndarray
    vectors: np.ndarray
    drop: Fraction
    slide: Fraction
    turn: float
    agreement: float
    confidence: float
    copies: float

    @property
    def size_px(self) -> tuple[float, float]:
        """The cell's width and height in pixels, in the middle of the picture."""
        area = abs(float(np.linalg.det(self.vectors)))
        if self.slide:
            width = float(np.linalg.norm(self.vectors[0]))
            return width, area / width
        height = float(np.linalg.norm(self.vectors[1]))
        return area / height, height

    def lattice(self, px_per_mm: float) -> Lattice:
        """Return the lattice at a resolution."""
        width, height = self.size_px
        return Lattice(width / px_per_mm, height / px_per_mm, self.drop, self.slide)


def find_repeat(picture: np.ndarray) -> Repeat:
    """Return the repeat that a picture (H, W, 3) float32 sRGB 0-1 shows at least about twice each way.

    Raises CannotMake if it shows none, or one whose sides are neither level nor upright.
    """
    basis, like = _coarse(picture)
    if basis is None:
        raise _refusal("nothing in it comes again")
    reading = read(basis.vectors)
    if reading is None:
        raise _refusal("what comes again lies aslant: no side of its repeat is within 12 degrees of level or upright")
    chart = np.eye(3)
    chart[:2, :2] = (reading.whole @ basis.vectors).T
    chart[:2, 2] = picture.shape[1] / 2, picture.shape[0] / 2
    found_area = abs(np.linalg.det(basis.vectors))
    chart, agreement = _measured(picture, chart)
    if (
        not np.isfinite(chart).all()
        or abs(abs(np.linalg.det(_vectors(chart, picture.shape[:2]))) / found_area - 1) > _SAME_CELL
    ):
        agreement = 0.0
    confidence = _confidence(like, basis, agreement)
    if agreement < _LEAST_AGREEMENT or confidence < _LEAST_CONFIDENCE:
        raise _refusal(f"what comes again agrees to {agreement:.0%} only (confidence {confidence:.0%})")
    vectors = _vectors(chart, picture.shape[:2])
    turned = vectors[0] if reading.slide or not reading.drop else None
    turn = np.arctan2(*turned[::-1]) if turned is not None else np.arctan2(-vectors[1][0], vectors[1][1])
    copies = picture.shape[0] * picture.shape[1] / abs(float(np.linalg.det(vectors)))
    return Repeat(chart, vectors, reading.drop, reading.slide, float(np.degrees(turn)), agreement, confidence, copies)


def _refusal(reason: str) -> CannotMake:
    return CannotMake(
        f"no repeat was found in the picture: {reason}. It must show about two whole repeats each way, laid flat "
        "and about level; without --from-repeat the picture is joined on the lattice that you name."
    )


def _coarse(picture: np.ndarray) -> tuple[Basis | None, np.ndarray]:
    """Return the lattice in the picture's pixels, and the autocorrelation of the picture on few pixels."""
    small, factor = _scaled(picture, _COARSE)
    drawing = freed_of_light(small)
    like = autocorrelation(drawing, whitened=True)
    found = peaks(like, least=_LEAST_CELL, most=_PEAKS)
    found = found[
        (np.abs(found[:, 0]) <= _MOST_CELL * small.shape[1]) & (np.abs(found[:, 1]) <= _MOST_CELL * small.shape[0])
    ]
    basis = best_basis(like, found, _LEAST_CELL**2) if len(found) > 1 else None
    if basis is None:
        return None, like
    return Basis(basis.vectors / factor, basis.agreement), like


def _scaled(picture: np.ndarray, side: int) -> tuple[np.ndarray, float]:
    import cv2

    factor = min(1.0, side / max(picture.shape[:2]))
    if factor == 1:
        return picture, 1.0
    return cv2.resize(picture, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA), factor


def _measured(picture: np.ndarray, chart: np.ndarray) -> tuple[np.ndarray, float]:
    """Return the map corrected by how far each cell lies off the median of all, and how well they agree."""
    small, factor = _scaled(picture, _FINE)
    drawing = _strongest(freed_of_light(small))
    scale = np.diag([factor, factor, 1.0])
    chart = scale @ chart
    agreement = 0.0
    for _ in range(_ROUNDS):
        copies = drawing.size / abs(np.linalg.det(chart[:2, :2]))
        step = next(n for n, most in _WINDOWS if copies < most)
        places = _windows(chart, drawing.shape, step)
        pairs = _pairs(places, step)
        pairs = pairs[:: -(-len(pairs) // _MOST_PAIRS)] if len(pairs) else pairs
        if len(pairs) < 2:
            break
        cells = np.stack([_cell(drawing, chart, place) for place in places])
        off, like = _offsets(cells, pairs)
        agreement = float(np.median(like))
        chart = _corrected(chart, places[pairs], off, like)
    return np.linalg.inv(scale) @ chart, agreement


def _pairs(places: np.ndarray, step: int) -> np.ndarray:
    """Return the numbers (n, 2) of windows one whole cell apart: they share no pixel."""
    number = {(round(step * x), round(step * y)): k for k, (x, y) in enumerate(places)}
    steps = ((step, 0), (0, step), (step, step), (step, -step))
    pairs = [(k, number.get((x + i, y + j))) for (x, y), k in number.items() for i, j in steps]
    return np.array([pair for pair in pairs if pair[1] is not None], int).reshape(-1, 2)


def _strongest(drawing: np.ndarray) -> np.ndarray:
    """Return the one mixture of the three channels that varies most, (H, W) float32."""
    flat = drawing.reshape(-1, 3)[:: max(1, drawing.size // 300_000)].astype(np.float64)
    _, vectors = np.linalg.eigh(flat.T @ flat)
    return (drawing @ vectors[:, -1]).astype(np.float32)


def _windows(chart: np.ndarray, shape: tuple[int, ...], step: int) -> np.ndarray:
    """Return lattice coordinates (n, 2) of the corners of cells that lie in the picture, ``step`` a cell."""
    height, width = shape[:2]
    corners = np.array([[0, 0], [width, 0], [0, height], [width, height]], float)
    low, high = (f(_apply(np.linalg.inv(chart), corners), axis=0) for f in (np.min, np.max))
    axes = [np.arange(np.floor(step * a), np.ceil(step * b) + 1) / step for a, b in zip(low, high, strict=True)]
    places = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 2)
    square = np.array([[0, 0], [1, 0], [0, 1], [1, 1]], float)
    at = _apply(chart, (places[:, None] + square).reshape(-1, 2)).reshape(-1, 4, 2)
    inside = ((at >= -1) & (at <= [width + 1, height + 1])).all(axis=(1, 2))
    places = places[inside]
    # The ones nearest the middle: a cloth of very many small copies is not looked at to its rims.
    away = np.hypot(*(places - places.mean(axis=0)).T) if len(places) else np.zeros(0)
    return places[np.argsort(away, kind="stable")[:_MOST_WINDOWS]]


def _apply(chart: np.ndarray, points: np.ndarray) -> np.ndarray:
    mapped = np.column_stack([points, np.ones(len(points))]) @ chart.T
    return mapped[:, :2] / mapped[:, 2:]


def _cell(drawing: np.ndarray, chart: np.ndarray, place: np.ndarray) -> np.ndarray:
    """Return the cell whose corner is ``place``, square in lattice coordinates, rolled so that all have one phase."""
    import cv2

    side = _side(chart)
    steps = (np.arange(side) + 0.5) / side
    x, y = np.meshgrid(place[0] + steps, place[1] + steps)
    at = _apply(chart, np.column_stack([x.ravel(), y.ravel()])) - 0.5
    x, y = (np.ascontiguousarray(part.reshape(side, side), np.float32) for part in at.T)
    cell = cv2.remap(drawing, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    turned = np.roll(cell, (round(place[1] % 1 * side), round(place[0] % 1 * side)), axis=(0, 1))
    return turned - turned.mean()


def _side(chart: np.ndarray) -> int:
    longest = max(np.linalg.norm(chart[:2, 0]), np.linalg.norm(chart[:2, 1]))
    return int(np.clip(2 * round(longest / 2), 24, _CELL_PX))


def _offsets(cells: np.ndarray, pairs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return how far the second of each pair (n, 2) of cells lies off the first, (n, 2) as shares of a cell.

    And how like it is there, (n,).
    """
    side = cells.shape[1]
    spectra = np.fft.rfft2(cells)
    strength = (cells**2).sum(axis=(1, 2))
    like = np.fft.irfft2(spectra[pairs[:, 1]] * spectra[pairs[:, 0]].conj(), (side, side))
    like /= np.sqrt(strength[pairs[:, 1]] * strength[pairs[:, 0]] + 1e-12)[:, None, None]
    # Cells are nearly right: only offsets up to an eighth of a cell are looked at.
    far = np.abs(np.fft.fftfreq(side)) * side > max(2, side / 8)
    like[:, far] = -1
    like[:, :, far] = -1
    best = like.reshape(len(pairs), -1).argmax(axis=1)
    rows, columns = np.divmod(best, side)
    n = np.arange(len(pairs))
    y = rows + _peak(like[n, rows - 1, columns], like[n, rows, columns], like[n, (rows + 1) % side, columns])
    x = columns + _peak(like[n, rows, columns - 1], like[n, rows, columns], like[n, rows, (columns + 1) % side])
    off = (np.stack([x, y], axis=1) / side + 0.5) % 1 - 0.5
    return off, like[n, rows, columns]


def _peak(before: np.ndarray, here: np.ndarray, after: np.ndarray) -> np.ndarray:
    bend = before - 2 * here + after
    return np.clip(np.where(bend < 0, (before - after) / (2 * np.minimum(bend, -1e-12)), 0), -0.5, 0.5)


def _corrected(chart: np.ndarray, pairs: np.ndarray, off: np.ndarray, like: np.ndarray) -> np.ndarray:
    """Return the map corrected so that windows a cell apart (n, 2, 2) no more lie off each other, by ``off``.

    How far the map is off is fitted as a turn, stretch and lean, and with enough windows as a perspective too; it is
    fitted to differences, since windows that overlap each other would agree whatever the map.
    """
    import cv2

    trust = like > max(0.15, 0.5 * float(np.median(like)))
    middle = pairs.reshape(-1, 2).mean(axis=0) if len(pairs) else np.zeros(2)
    near, far = pairs[trust, 0] - middle, pairs[trust, 1] - middle
    bent = trust.sum() >= 8 and np.ptp(np.concatenate([near, far]), axis=0).min() >= 1.2
    terms = _terms(far, bent) - _terms(near, bent)
    if np.linalg.matrix_rank(terms) < terms.shape[1]:
        bent, terms = False, _terms(far, False) - _terms(near, False)
    weights = np.linalg.lstsq(terms, off[trust].ravel(), rcond=None)[0]
    corners = np.array([[x, y] for x in (-1.0, 0.0, 1.0) for y in (-1.0, 0.0, 1.0)])
    moved = corners + (_terms(corners, bent) @ weights).reshape(-1, 2)
    fitted, _ = cv2.findHomography(corners + middle, _apply(chart, moved + middle), 0)
    return chart if fitted is None else fitted / fitted[2, 2]


def _terms(at: np.ndarray, bent: bool) -> np.ndarray:
    """Return what each weight adds to x and y at places (n, 2): (2 n, 4), or with a perspective (2 n, 6)."""
    x, y = at.T
    none = np.zeros_like(x)
    level, plumb = [x, y, none, none], [none, none, x, y]
    if bent:
        level, plumb = [*level, x * x, x * y], [*plumb, x * y, y * y]
    return np.stack([np.stack(level, axis=1), np.stack(plumb, axis=1)], axis=1).reshape(-1, len(level))


def _vectors(chart: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """Return the moves (2, 2) by one copy beside and below, as they are in the middle of the picture."""
    middle = np.array([[shape[1] / 2, shape[0] / 2]])
    at = _apply(np.linalg.inv(chart), middle)[0]
    step = 1e-4
    return np.array(
        [(_apply(chart, (at + step * e)[None]) - _apply(chart, (at - step * e)[None]))[0] for e in np.eye(2)]
    ) / (2 * step)


def _confidence(like: np.ndarray, basis: Basis, agreement: float) -> float:
    """Return how far the lattice's agreement stands out among moves of like length, 0-1."""
    middle, width = len(like) // 2, like.shape[1]
    y, x = np.mgrid[-middle : len(like) - middle, :width]
    far = np.hypot(x, y)
    usual = like[(far > _LEAST_CELL) & (far < 0.6 * min(middle, width)) & (like != 0)]
    chance = float(np.quantile(usual, 0.9)) if usual.size else 1.0
    standing = np.clip((basis.agreement - chance) / max(1 - chance, 1e-6), 0, 1)
    return float(np.sqrt(standing * np.clip(agreement, 0, 1)))
