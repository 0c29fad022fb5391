"""Dressing a scene: the design on its parts, lit, toned, and laid over what is not cloth."""

import math
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from patterns.errors import LatticeError
from patterns.lattice import Grid
from patterns.mockup.footprint import Footprints
from patterns.mockup.maps import Fragments, Maps
from patterns.mockup.sampling import FINAL, THREADS, Quality, sampled
from patterns.mockup.surface import MATTE, MEAN, Surface
from patterns.mockup.texture import FULL, Texture, halvings, texture
from patterns.mockup.tone import toned
from patterns.separation import Separation

# Gives ink planes (K, H, W) uint8 in sum 255 of a separation on a larger grid: see ``patterns.enlarge``.
Enlarger = Callable[[Separation, Grid], np.ndarray]
# Halvings that a texture should have: the last level of one at 4 px per mm has 32 mm to 8 px.
_STRIDE = 32
# Halvings with which a grid of the design's own pixels serves.
_ENOUGH = 3
# OpenCV looks things up in pictures of at most 32,767 px a side; the levels take half as much again.
_LONGEST_PX = 20_000
# Pixels that are put together at once.
_BAND_PX = 1 << 16
# The joint of two strips of paper: a shadow so wide (mm) that takes so much of the light.
_JOINT_MM, _JOINT_DEPTH = 0.3, 0.3


@dataclass(frozen=True, slots=True)
class Strips:
    """Strips of paper side by side: each ``width`` mm wide, hanging lower than the one to its left by ``lower`` mm.

    Every strip begins with the design's left edge; ``continuous`` ones are cut from one picture of the whole wall.
    """

    width: float
    lower: float = 0.0
    continuous: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Worn:
    """What a part wears, and how it lies there.

    ``colors`` (K, 3) float, linear light 0-1, are those of the separation's inks. About the part's ``middle`` (mm of
    its uv) the design is ``scale`` times as large and turned by ``degrees`` clockwise; then it is moved by ``offset``
    mm to the right and down. A cloth that goes ``around`` a thing, (mm around, mm turned), begins anew behind it.
    """

    separation: Separation
    colors: np.ndarray
    surface: Surface = MATTE
    scale: float = 1.0
    degrees: float = 0.0
    offset: tuple[float, float] = (0.0, 0.0)
    middle: tuple[float, float] = (0.0, 0.0)
    strips: Strips | None = None
    around: tuple[float, float] = (0.0, 0.0)

    def turn(self) -> np.ndarray:
        """Return the matrix (2, 2) float32 that takes mm on the part to mm of the design."""
        c, s = math.cos(math.radians(self.degrees)), math.sin(math.radians(self.degrees))
        return (np.array([[c, s], [-s, c]]) / self.scale).astype(np.float32)

    def places(self, uv: np.ndarray) -> np.ndarray:
        """Return where on the design (2, n) mm places on the part (2, n) mm are."""
        middle = np.array(self.middle, np.float32)[:, None]
        if self.strips is not None and not self.strips.continuous:
            number = np.floor(uv[0] / np.float32(self.strips.width))
            uv = np.stack([uv[0] - number * self.strips.width, uv[1] - number * self.strips.lower])
        if self.around[0]:
            uv = np.stack([(uv[0] - np.float32(self.around[1])) % np.float32(self.around[0]), uv[1]])
        moved = uv - np.array(self.offset, np.float32)[:, None]
        if self.scale == 1 and not self.degrees % 360:
            return moved
        return self.turn() @ (moved - middle) + middle

    def on_design(self, covered: Footprints) -> Footprints:
        """Return footprints on the part as footprints on the design."""
        if self.scale == 1 and not self.degrees % 360:
            return covered
        return Footprints(self.turn() @ covered.across, self.turn() @ covered.down)


def dressed(maps: Maps, worn: Sequence[Worn], enlarger: Enlarger, *, quality: Quality = FINAL) -> np.ndarray:
    """Return the picture (H, W, 3) uint8, sRGB-encoded, of a scene whose parts wear what is given, in their order."""
    lit = light(maps, worn, enlarger, quality=quality)
    picture = np.empty(maps.plate.shape, np.uint8).reshape(-1, 3)

    def develop(band: _Band) -> None:
        ranks = [(rank, toned(lit[:, rank])) for rank in band.ranks]
        picture[band.start : band.stop] = encoded(_over(maps, band, ranks))

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(develop, _bands(maps)))
    return picture.reshape(maps.plate.shape)


def light(maps: Maps, worn: Sequence[Worn], enlarger: Enlarger, *, quality: Quality = FINAL) -> np.ndarray:
    """Return the light (3, n) float32, linear, of every fragment before tone mapping: design times shade, and gloss."""
    fragments, covered = maps.fragments, maps.footprints
    result = np.empty((3, len(fragments)), np.float32)
    for sharing in _sharing(worn):
        mine = np.isin(fragments.part, sharing)
        chosen = np.nonzero(mine)[0] if not mine.all() else slice(None)
        places, under = _laid(fragments, covered, chosen, [(p, worn[p]) for p in sharing])
        one = worn[sharing[0]]
        cloth = texture_for(one, under, enlarger, quality)
        lit = sampled(cloth, places, under, quality)
        _light(lit, fragments, chosen, covered, (one.surface, quality))
        result[:, chosen] = lit
    for number, one in enumerate(worn):
        if one.strips is not None:
            mine = np.nonzero(fragments.part == number)[0]
            pixel = np.abs(covered.across[0, mine]) + np.abs(covered.down[0, mine])
            result[:, mine] *= _joints(fragments.uv[0, mine], pixel, one.strips.width)
    return result


def flat(one: Worn, enlarger: Enlarger, *, size_px: int, span_mm: float, quality: Quality = FINAL) -> np.ndarray:
    """Return the design lying flat, unlit, (size_px, size_px, 3) uint8 sRGB-encoded: a square of ``span_mm``."""
    step = np.float32(span_mm / size_px)
    y, x = (np.mgrid[0:size_px, 0:size_px].astype(np.float32) + np.float32(0.5)) * step
    places = np.stack([x.ravel(), y.ravel()])
    across = np.zeros_like(places)
    across[0] = step
    under = one.on_design(Footprints(across, across[::-1]))
    cloth = sampled(texture_for(one, under, enlarger, quality), one.places(places), under, quality)
    return encoded(cloth.T.reshape(size_px, size_px, 3))


def composed(maps: Maps, cloth: np.ndarray) -> np.ndarray:
    """Return display light (H, W, 3) float32: fragments (3, n) by their coverage over the plate."""
    bands = [_over(maps, band, [(rank, cloth[:, rank]) for rank in band.ranks]) for band in _bands(maps)]
    return np.concatenate(bands).reshape(maps.plate.shape)


@dataclass(frozen=True, slots=True)
class _Band:
    """Pixels ``start`` to ``stop`` of a picture, in rows, and where their fragments of either rank are."""

    start: int
    stop: int
    ranks: tuple[slice, slice]


def _bands(maps: Maps) -> list[_Band]:
    """Return a picture in bands that stay in a core's own cache."""
    pixel, first = maps.fragments.pixel, maps.primary
    edges = np.append(np.arange(0, maps.size[0] * maps.size[1], _BAND_PX), maps.size[0] * maps.size[1])
    ranks = [np.searchsorted(pixel[:first], edges), first + np.searchsorted(pixel[first:], edges)]
    return [
        _Band(
            int(edges[i]), int(edges[i + 1]), (slice(ranks[0][i], ranks[0][i + 1]), slice(ranks[1][i], ranks[1][i + 1]))
        )
        for i in range(len(edges) - 1)
    ]


def _over(maps: Maps, band: _Band, ranks: Sequence[tuple[slice, np.ndarray]]) -> np.ndarray:
    """Return display light (m, 3) of a band's pixels: cloth (3, k) of each rank over the plate."""
    fragments = maps.fragments
    display = maps.plate.reshape(-1, 3)[band.start : band.stop].copy()
    bare = np.ones(band.stop - band.start, np.float32)
    at = [fragments.pixel[rank] - band.start for rank, _ in ranks]
    for here, (rank, _) in zip(at, ranks, strict=True):
        bare[here] -= fragments.coverage[rank]
    display *= bare[:, None]
    for here, (rank, cloth) in zip(at, ranks, strict=True):
        display[here] += (cloth * fragments.coverage[rank]).T
    return display


def encoded(display: np.ndarray) -> np.ndarray:
    """Return sRGB-encoded uint8 of display light, any shape, 0-1."""
    return _codes()[(display * np.float32(FULL) + np.float32(0.5)).clip(0, FULL).astype(np.uint16)]


@lru_cache(maxsize=1)
def _codes() -> np.ndarray:
    from patterns.color import linear_to_srgb

    return np.rint(255 * linear_to_srgb(np.arange(FULL + 1) / FULL)).astype(np.uint8)


def _sharing(worn: Sequence[Worn]) -> list[list[int]]:
    """Return the parts in groups that share a texture and a surface, whatever way it lies on each."""
    groups: dict[tuple[int, bytes, int], list[int]] = {}
    for number, one in enumerate(worn):
        key = (id(one.separation), np.asarray(one.colors, np.float64).tobytes(), id(one.surface))
        groups.setdefault(key, []).append(number)
    return list(groups.values())


def _laid(
    fragments: Fragments, covered: Footprints, chosen: np.ndarray | slice, parts: Sequence[tuple[int, Worn]]
) -> tuple[np.ndarray, Footprints]:
    """Return where on the design the chosen fragments are, and what they cover of it."""
    uv, part = fragments.uv[:, chosen], fragments.part[chosen]
    under = Footprints(covered.across[:, chosen], covered.down[:, chosen])
    if len(parts) == 1:
        return parts[0][1].places(uv), parts[0][1].on_design(under)
    places, across, down = np.empty_like(uv), np.empty_like(uv), np.empty_like(uv)
    for number, one in parts:
        mine = np.nonzero(part == number)[0]
        places[:, mine] = one.places(uv[:, mine])
        there = one.on_design(Footprints(under.across[:, mine], under.down[:, mine]))
        across[:, mine], down[:, mine] = there.across, there.down
    return places, Footprints(across, down)


def _light(
    lit: np.ndarray,
    fragments: Fragments,
    chosen: np.ndarray | slice,
    covered: Footprints,
    how: tuple[Surface, Quality],
) -> None:
    """Turn albedo (3, n) into light, in place: weave, shade, pile, gloss.

    A weave is sampled half as often each way as the design: it fades before it could alias.
    """
    surface, quality = how
    if surface.weave is not None:
        under = Footprints(covered.across[:, chosen], covered.down[:, chosen])
        lit *= sampled(surface.weave, fragments.uv[:, chosen], under, replace(quality, side=max(1, quality.side // 2)))[
            :1
        ] / np.float32(MEAN)
    lit *= fragments.shade[:, chosen]
    if surface.pile:
        lit *= surface.piled(fragments.facing[chosen])
    if surface.gloss:
        share = surface.mirrored(fragments.facing[chosen])
        lit *= 1 - share
        lit += share * fragments.gloss[chosen]


def _joints(u: np.ndarray, pixel: np.ndarray, width: float) -> np.ndarray:
    """Return the light (n,) that the joints between strips leave, by the share of a pixel (mm) that they take."""
    away = np.abs(u - np.rint(u / np.float32(width)) * np.float32(width))
    pixel = np.maximum(pixel, 1e-3)
    inside = np.minimum(away + _JOINT_MM / 2, pixel / 2) - np.maximum(away - _JOINT_MM / 2, -pixel / 2)
    share = (inside / pixel).clip(0, 1) * (np.rint(u / np.float32(width)) > 0)
    return 1 - np.float32(_JOINT_DEPTH) * share


def texture_for(one: Worn, under: Footprints, enlarger: Enlarger, quality: Quality) -> Texture:
    """Return the texture that what a part wears is sampled from: as fine as its finest pixels ask for."""
    some = slice(None, None, max(1, under.across.shape[1] // 50_000))
    _, shorter = Footprints(under.across[:, some], under.down[:, some]).widths()
    finest = float(np.percentile(shorter, 10)) if len(shorter) else 1.0
    lattice = one.separation.lattice
    wanted = quality.oversampling / max(finest, 1e-3)
    most = math.sqrt(quality.most_px / (lattice.width * lattice.height))
    most = min(most, _LONGEST_PX / max(lattice.width, lattice.height))
    grid = texture_grid(one.separation, min(wanted, most))
    own = one.separation.grid
    planes = np.rint(one.separation.planes * 255).astype(np.uint8) if grid == own else enlarger(one.separation, grid)
    return texture(_colored(planes, one.colors), lattice)


def texture_grid(separation: Separation, px_per_mm: float) -> Grid:
    """Return a grid about as fine as asked, at least the design's own, that can be halved as often as can be.

    The design's own pixels, halved some times, come first: then a design that is rolled looks the same rolled.
    """
    own, lattice = separation.grid, separation.lattice
    fine = own.width / lattice.width
    multiple = own.scaled(1 << max(0, round(math.log2(px_per_mm / fine))))
    if halvings(multiple) >= _ENOUGH:
        return multiple
    stride = _STRIDE
    while stride > 1:
        for around in (max(px_per_mm, fine), 1.15 * max(px_per_mm, fine), 1.5 * fine):
            try:
                grid = lattice.grid_at(around, stride=stride)
            except LatticeError:
                break
            if grid.width >= own.width and grid.height >= own.height:
                return grid
        stride //= 2
    return own


def _colored(planes: np.ndarray, colors: np.ndarray) -> np.ndarray:
    """Return (H, W, 3) uint16, linear light, of coverages (K, H, W) uint8 and their inks' colors (K, 3)."""
    mixing = np.asarray(colors, np.float64).clip(0, 1).T * (FULL / 255)
    cell = np.empty((*planes.shape[1:], 3), np.uint16)
    for top in range(0, len(cell), 64):
        band = np.ascontiguousarray(np.moveaxis(planes[:, top : top + 64], 0, 2))
        cell[top : top + 64] = np.rint(band.astype(np.float32) @ mixing.T.astype(np.float32)).clip(0, FULL)
    return cell
