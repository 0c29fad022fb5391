"""Small scenes and designs for the tests of the mockups: planes, folds and overlaps drawn by numpy."""

from collections.abc import Callable
from fractions import Fraction

import numpy as np

from patterns.enlarge import enlarge_bands
from patterns.lattice import Grid, Lattice
from patterns.mockup.dressing import Worn
from patterns.mockup.maps import COARSE, Fragments, Maps
from patterns.separation import Separation

BLACK_WHITE = np.array([[0.0] * 3, [1.0] * 3])
# A repeat of every kind: name, drop, slide.
REPEATS = {
    "straight": (Fraction(0), Fraction(0)),
    "half-drop": (Fraction(1, 2), Fraction(0)),
    "third-drop": (Fraction(1, 3), Fraction(0)),
    "brick": (Fraction(0), Fraction(1, 2)),
    "hexagonal": (Fraction(1, 2), Fraction(0)),
    "slide 1/3": (Fraction(0), Fraction(1, 3)),
}

Place = Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]


def enlarger(separation: Separation, grid: Grid) -> np.ndarray:
    """Return the ink planes of a separation on a larger grid, as the atelier gives them to the workshop."""
    return np.concatenate([band for _, band in enlarge_bands(separation.planes, separation.grid, grid)], axis=1)


def maps(
    uv: np.ndarray,
    part: np.ndarray | None = None,
    *,
    coverage: np.ndarray | None = None,
    shade: np.ndarray | None = None,
    plate: float = 0.0,
    behind: Fragments | None = None,
    gloss: float = 0.0,
    facing: np.ndarray | float = 1.0,
) -> Maps:
    """Return the maps of places ``uv`` (2, H, W) in mm; ``part`` (H, W) is -1 where none is, ``behind`` second rank."""
    height, width = uv.shape[1:]
    part = np.zeros((height, width), int) if part is None else part
    (pixel,) = np.nonzero(part.ravel() >= 0)
    ones = np.ones(height * width, np.float32)
    first = Fragments(
        pixel,
        part.ravel()[pixel].astype(np.uint8),
        (ones if coverage is None else coverage.ravel())[pixel].astype(np.float32),
        uv.reshape(2, -1)[:, pixel].astype(np.float32),
        np.broadcast_to(1.0 if shade is None else shade, (3, height, width))
        .reshape(3, -1)[:, pixel]
        .astype(np.float32),
        np.full(len(pixel), gloss, np.float32),
        np.broadcast_to(facing, (height, width)).ravel()[pixel].astype(np.float32),
    )
    small = (-(-height // COARSE), -(-width // COARSE))
    return Maps(
        (width, height),
        np.full((height, width, 3), plate, np.float32),
        first if behind is None else joined(first, behind),
        len(pixel),
        np.eye(4),
        0.0,
        np.zeros(small, np.float32),
    )


def joined(one: Fragments, other: Fragments) -> Fragments:
    """Return the fragments of both, one after the other."""
    names = Fragments.__slots__
    return Fragments(*(np.concatenate([getattr(one, n), getattr(other, n)], axis=-1) for n in names))


def placed(size: tuple[int, int], place: Place) -> np.ndarray:
    """Return uv (2, H, W) of a function of the pixels' middles (x, y), both (H, W), in px."""
    y, x = np.mgrid[0 : size[1], 0 : size[0]] + 0.5
    return np.stack(np.broadcast_arrays(*place(x, y), x)[:2])


def flat(size: tuple[int, int] = (64, 48), mm_per_px: float = 1.0) -> Maps:
    """Return a plane that faces the viewer; the middle of pixel (0, 0) is half a pixel from the uv (0, 0)."""
    return maps(placed(size, lambda x, y: (mm_per_px * x, mm_per_px * y)))


def floor(size: tuple[int, int] = (160, 120), *, mm_per_px: float = 0.5) -> Maps:
    """Return a plane in perspective that runs away upward; a pixel at the bottom shows about ``mm_per_px``."""

    def place(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        away = 1.35 * size[1] / (y + 0.35 * size[1])
        return mm_per_px * (x - size[0] / 2) * away + 200, -mm_per_px * 1.5 * size[1] * away + 900

    return maps(placed(size, place))


def crowded(size: tuple[int, int] = (93, 70), seed: int = 1) -> Maps:
    """Return two parts, the second lying over the first with a fold in it, its edges soft, and light of all colors."""
    rng = np.random.default_rng(seed)
    width, height = size
    y, x = np.mgrid[0:height, 0:width] + 0.5
    near = np.hypot(x - width / 2, y - height / 2) - height / 3
    share = np.clip(0.5 - near, 0, 1)
    uv = np.stack([0.7 * x + 0.1 * y - 20, 0.9 * y - 0.05 * x + 300])
    over = np.stack([0.4 * x + 5, 0.5 * y + 0.02 * x])
    over[0] += np.where(x > width / 2, 90, 0)
    part = np.where(share > 0.5, 1, 0)
    part[:, : width // 8] = -1
    uv = np.where(part == 1, over, uv)
    first = np.where(part == 1, share, 1 - share)
    soft = (share > 0) & (share < 1) & (part >= 0)
    (pixel,) = np.nonzero(soft.ravel())
    other = 1 - part.ravel()[pixel]
    elsewhere = np.where(
        other == 1, over.reshape(2, -1)[:, pixel], np.stack([0.7 * x, y + 300]).reshape(2, -1)[:, pixel]
    )
    warm = np.array([1.1, 1.0, 0.8])[:, None, None] * (0.1 + 0.9 * x / width)
    behind = Fragments(
        pixel,
        other.astype(np.uint8),
        (1 - first.ravel()[pixel]).astype(np.float32),
        elsewhere.astype(np.float32),
        warm.reshape(3, -1)[:, pixel].astype(np.float32),
        np.full(len(pixel), 0.2, np.float32),
        np.full(len(pixel), 0.9, np.float32),
    )
    result = maps(uv, part, coverage=first, shade=warm, behind=behind, gloss=0.2, facing=0.9)
    depth = np.where(part[::COARSE, ::COARSE] >= 0, 1500 + rng.random(result.depth.shape), 0).astype(np.float32)
    camera = np.eye(4)
    camera[:3, 3] = 10, 20, 30
    plate = np.broadcast_to((0.2 + 0.5 * y / height)[..., None], result.plate.shape).astype(np.float32)
    return Maps(size, plate, result.fragments, result.primary, camera, 35.0, depth)


def lattice(repeat: str, width: float = 48, height: float = 48) -> Lattice:
    """Return a lattice of one of REPEATS."""
    return Lattice(width, height, *REPEATS[repeat])


def inked(shown: np.ndarray, lattice: Lattice) -> Separation:
    """Return two inks of how much of the second is where (H, W), 0-1, in whole 255ths."""
    ink = np.rint(shown * 255) / 255
    return Separation(np.stack([1 - ink, ink]).astype(np.float32), lattice, ("ground", "main"))


def noisy(repeat: str, size: int = 96, *, mm: float = 48, seed: int = 3, soft: int = 2) -> Separation:
    """Return soft noise that is true to the repeat: no two places of the cell look alike."""
    one = lattice(repeat, mm, mm)
    grid = one.grid(size, size)
    field = np.random.default_rng(seed).standard_normal((1, size, size))
    for _ in range(soft):
        padded = grid.pad(field, 1)
        field = np.mean([padded[:, i : i + size, j : j + size] for i in range(3) for j in range(3)], axis=0)
    low, high = field.min(), field.max()
    return inked((field[0] - low) / (high - low), one)


def even(gray: float, mm: float = 32) -> Worn:
    """Return a design whose inks are the same gray, linear light."""
    checks = np.kron([[0, 1], [1, 0]], np.ones((16, 16)))
    return Worn(inked(checks, Lattice(mm, mm)), np.full((2, 3), gray))
