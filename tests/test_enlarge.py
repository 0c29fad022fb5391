"""Laws of enlarging: shift, supercell, bands, partition; and what contours look like against the true shapes."""

import numpy as np
import pytest

from patterns.enlarge import enlarge_bands, enlarge_indices_bands
from patterns.errors import InputError
from patterns.lattice import Grid

SCALE = 6
GRIDS = [Grid(24, 32), Grid(24, 32, drop=16), Grid(18, 30, drop=10), Grid(32, 24, slide=16)]


def scaled(grid: Grid, factor: int = SCALE) -> Grid:
    return grid.scaled(factor)


def blobs(grid: Grid, inks: int, seed: int = 1) -> np.ndarray:
    """Smooth random planes on a lattice (K, H, W), summing to 1."""
    noise = np.random.default_rng(seed).standard_normal((inks, grid.height, grid.width))
    for _ in range(4):
        padded = grid.pad(noise, 1)
        noise = sum(padded[:, i : i + grid.height, j : j + grid.width] for i in range(3) for j in range(3)) / 9
    weights = np.exp(40 * noise)
    return (weights / weights.sum(axis=0)).astype(np.float32)


def enlarged(planes: np.ndarray, grid: Grid, target: Grid, **options: int) -> np.ndarray:
    return np.concatenate([band for _, band in enlarge_bands(planes, grid, target, **options)], axis=1)


def indexed(planes: np.ndarray, grid: Grid, target: Grid, **options: int) -> np.ndarray:
    return np.concatenate([band for _, band in enlarge_indices_bands(planes, grid, target, **options)], axis=0)


def sampled(inside, size: int = 64, points: int = 4) -> np.ndarray:
    """Coverage planes (2, N, N) of a shape, counted on points x points per pixel."""
    y, x = (np.mgrid[: size * points, : size * points] + 0.5) / points
    share = inside(x, y).reshape(size, points, size, points).mean(axis=(1, 3))
    return np.stack([1 - share, share]).astype(np.float32)


def same(one: np.ndarray, other: np.ndarray) -> None:
    """Equal but for float rounding: at most one level of 255 apart."""
    assert one.shape == other.shape
    assert np.abs(one.astype(int) - other).max() <= 1


@pytest.mark.parametrize("grid", GRIDS, ids=str)
@pytest.mark.parametrize(("dy", "dx"), [(5, 0), (0, 7), (-9, 31)])
def test_shift_law(grid: Grid, dy: int, dx: int) -> None:
    planes = blobs(grid, 4)
    target = scaled(grid)
    moved = enlarged(np.ascontiguousarray(grid.roll(planes, dy, dx)), grid, target)
    same(moved, target.roll(enlarged(planes, grid, target), dy * SCALE, dx * SCALE))


def test_the_shift_law_can_fail() -> None:
    grid, planes = GRIDS[1], blobs(GRIDS[1], 4)
    result = enlarged(planes, grid, scaled(grid))
    with pytest.raises(AssertionError):
        same(enlarged(np.roll(planes, 7, axis=2), grid, scaled(grid)), np.roll(result, 7 * SCALE, axis=2))


@pytest.mark.parametrize("grid", GRIDS[1:], ids=str)
def test_supercell_law(grid: Grid) -> None:
    planes = blobs(grid, 4)
    across, down = grid.copies
    whole = Grid(grid.width * across, grid.height * down)
    cell = enlarged(planes, grid, scaled(grid))
    same(enlarged(np.ascontiguousarray(grid.rectangle(planes)), whole, scaled(whole)), scaled(grid).rectangle(cell))


@pytest.mark.parametrize("band_rows", [1, 7, 32, 100, 10_000])
def test_bands_equal_whole(band_rows: int) -> None:
    grid, planes = GRIDS[1], blobs(GRIDS[1], 3)
    target = Grid(150, 200, drop=100)
    rows, bands = zip(*enlarge_bands(planes, grid, target, band_rows=band_rows), strict=True)
    assert rows == tuple(range(0, 200, band_rows))
    assert np.array_equal(np.concatenate(bands, axis=1), enlarged(planes, grid, target))
    assert np.array_equal(indexed(planes, grid, target, band_rows=band_rows), indexed(planes, grid, target))


@pytest.mark.parametrize("grid", GRIDS, ids=str)
@pytest.mark.parametrize(("margin", "band_rows"), [(3, 50), (40, 7)])
def test_a_margin_shows_the_neighbors_and_changes_nothing_inside(grid: Grid, margin: int, band_rows: int) -> None:
    planes, target = blobs(grid, 3), scaled(grid, 13)
    whole = enlarged(planes, grid, target)
    for row, band in enlarge_bands(planes, grid, target, band_rows=band_rows, margin=margin):
        inside = band[:, margin:-margin, margin:-margin]
        assert np.array_equal(inside, whole[:, row : row + inside.shape[1]])
        size = {"height": band.shape[1], "width": band.shape[2]}
        same(band, target.window(whole, top=row - margin, left=-margin, **size))


@pytest.mark.parametrize("inks", [1, 2, 3, 4, 5, 6])
def test_partition(inks: int) -> None:
    grid = GRIDS[2]
    result = enlarged(blobs(grid, inks), grid, Grid(18 * 9, 30 * 9, drop=90))
    assert result.dtype == np.uint8
    assert (result.sum(axis=0, dtype=int) == 255).all()
    assert ((result > 0).sum(axis=0) <= 2).all()
    assert (result.max(axis=0) == 255).mean() > 0.6


def test_indices_are_the_strongest_coverage() -> None:
    grid, planes = GRIDS[3], blobs(GRIDS[3], 5)
    result = enlarged(planes, grid, scaled(grid))
    assert np.array_equal(indexed(planes, grid, scaled(grid)), result.argmax(axis=0))


def test_aspect_is_corrected() -> None:
    planes = sampled(lambda x, y: np.hypot(x / 64 - 0.5, y / 64 - 0.5) < 0.3)
    result = enlarged(planes, Grid(64, 64), Grid(640, 660))[1] > 127
    rows, columns = np.nonzero(result)
    assert np.ptp(rows) / 660 == pytest.approx(np.ptp(columns) / 640, abs=0.005)


@pytest.mark.parametrize("radius", [3.0, 5.0, 9.3, 20.0])
def test_a_circle_stays_round(radius: float) -> None:
    planes = sampled(lambda x, y: np.hypot(x - 31.3, y - 32.1) < radius)
    y, x = np.nonzero(_contour(enlarged(planes, Grid(64, 64), Grid(768, 768))))
    away = np.hypot((x + 0.5) / 12 - 31.3, (y + 0.5) / 12 - 32.1) - radius
    assert np.abs(away).max() < 0.15 + 0.5 / 12  # a contour pixel's center may lie half an output pixel off


@pytest.mark.parametrize("slope", [0.2, 0.45, 0.6, 1.0])
def test_edges_stay_straight(slope: float) -> None:
    planes = sampled(lambda x, y: (y - 20.4 - slope * (x - 32) > 0) & (y < 60))
    y, x = np.nonzero(_contour(enlarged(planes, Grid(64, 64), Grid(768, 768))))
    x, y = (x + 0.5) / 12, (y + 0.5) / 12
    away = (y - 20.4 - slope * (x - 32)) / np.hypot(1, slope)
    near = (np.abs(away) < 1) & (np.abs(x - 32) < 15)
    assert near.sum() > 200
    assert np.ptp(away[near]) < 0.12 + 1 / 12
    assert abs(away[near].mean()) < 0.03


@pytest.mark.parametrize("slope", [0.0, 0.3, 1.0])
def test_thin_lines_survive(slope: float) -> None:
    planes = sampled(lambda x, y: np.abs(y - 30.2 - slope * (x - 32)) / np.hypot(1, slope) < 0.75)
    result = enlarged(planes, Grid(64, 64), Grid(768, 768))[1, :, 192:576] / 255
    widths = result.sum(axis=0) / 12 / np.hypot(1, slope)
    assert widths.min() > 1.2
    assert widths.max() < 1.7


def test_contours_are_one_pixel_wide() -> None:
    planes = sampled(lambda x, y: np.hypot(x - 32, y - 32) < 20)
    result = enlarged(planes, Grid(64, 64), Grid(768, 768))[1]
    shared = ((result > 0) & (result < 255)).sum()
    assert 0.5 < shared / (2 * np.pi * 20 * 12) < 1.5
    assert result.sum() / 255 / 144 == pytest.approx(np.pi * 400, rel=0.01)


def test_level_planes_do_not_mix() -> None:
    result = enlarged(np.full((2, 8, 8), 0.5, np.float32), Grid(8, 8), Grid(32, 32))
    assert (result[0] == 255).all()


@pytest.mark.parametrize(
    ("planes", "grid_in", "grid_out", "said"),
    [
        (np.zeros((2, 8, 8), np.float64), Grid(8, 8), Grid(16, 16), "float32"),
        (np.zeros((2, 8, 9), np.float32), Grid(8, 8), Grid(16, 16), "do not lie on"),
        (np.zeros((2, 8, 8), np.float32), Grid(8, 8), Grid(16, 6), "lose detail"),
        (np.zeros((2, 8, 8), np.float32), Grid(8, 8, drop=4), Grid(16, 16), "different offsets"),
    ],
)
def test_refusals(planes: np.ndarray, grid_in: Grid, grid_out: Grid, said: str) -> None:
    with pytest.raises(InputError, match=said):
        enlarge_bands(planes, grid_in, grid_out)


def _contour(covered: np.ndarray) -> np.ndarray:
    """Where ink 1's coverage is nearest to a half: pixels within half a pixel of the contour."""
    return np.abs(covered[1].astype(int) - 127.5) < 64
