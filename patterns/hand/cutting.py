"""Hands that cut: paper with scissors, lino with a gouge, blocks that print."""

import numpy as np

from patterns.hand.chance import Chance, noise, scattered
from patterns.hand.cloth import Cloth, nearest
from patterns.hand.facets import facetted
from patterns.hand.strokes import draw_strokes, tapered

# All lengths in mm. Scissors make long cuts; a gouge makes short ones and stays truer to the drawing.
_SCISSORS = (7.5, 1.15)
_GOUGE = (5.0, 0.8)
# Small paper falls off the table.
_LEAST_PAPER = 1.6
# Ridges that a gouge leaves: how near to a shape, how far from it they are common, and where only strays are left.
_RIDGE_CLEAR, _RIDGE_NEAR, _RIDGE_FAR = 1.0, 6.5, 16.0
_RIDGE_APART = 2.2
# Narrower ground than this was cut in one go, and has none.
_CLEARED = 6.0
# Blocks do not fall quite where they should: at most half a millimeter.
_MISREGISTER = (0.3, 0.5)


def wants_cut_paper(rng: np.random.Generator, cloth: Cloth, inks: int) -> Chance:
    """Return chance for ``cut_paper``."""
    return Chance(points=scattered(rng, cloth.grid, cloth.px(_SCISSORS[0])))


def cut_paper(indices: np.ndarray, cloth: Cloth, chance: Chance) -> np.ndarray:
    """Long straight scissor cuts, corners simplified, nothing small left."""
    assert chance.points
    whole = cloth.printable(indices, _LEAST_PAPER)
    return cloth.printable(facetted(whole, cloth, chance.points, _SCISSORS), 1.0)


def wants_linocut(rng: np.random.Generator, cloth: Cloth, inks: int) -> Chance:
    """Return chance for ``linocut``."""
    return Chance(
        (noise(rng, cloth.grid, (cloth.px(14), cloth.px(14))),), scattered(rng, cloth.grid, cloth.px(_RIDGE_APART))
    )


def linocut(indices: np.ndarray, cloth: Cloth, chance: Chance) -> np.ndarray:
    """Edges in short straight cuts, and in cleared ground the ridges that the gouge ran between."""
    assert chance.points
    (patch,) = chance.fields
    knots = chance.points.kept(chance.points.draws[:, 3] < (_RIDGE_APART / _GOUGE[0]) ** 2)
    cut = facetted(indices, cloth, knots, _GOUGE)
    return _ridged(cut, cloth, chance, patch)


def _ridged(indices: np.ndarray, cloth: Cloth, chance: Chance, patch: np.ndarray) -> np.ndarray:
    """Return indices with ridges in the ink of the nearest shape, along its edge."""
    assert chance.points
    far = cloth.inside(indices == 0, _RIDGE_FAR)
    points, where = chance.points, (chance.points.rows, chance.points.columns)
    here = far[where]
    # Common beside shapes, seldom where the ground is wide; in some places none.
    likely = np.interp(here, [_RIDGE_CLEAR, 1.8, _RIDGE_NEAR, _RIDGE_FAR], [0.0, 0.08, 0.035, 0.006])
    cleared = cloth.opened(indices == 0, _CLEARED)[where]
    ridges = points.kept(cleared & (here > _RIDGE_CLEAR) & (points.draws[:, 0] < likely * (1 + patch[where])))
    strokes = tapered(ridges.draws[:, 1:3], length_mm=(2.5, 8.0), width_mm=(0.55, 0.85))
    inks = _nearest_ink(indices, cloth)[ridges.rows, ridges.columns]
    level, out = cloth.blurred(far, 1.2), indices.copy()
    for ink in np.flatnonzero(np.bincount(inks)):
        own = inks == ink
        out[draw_strokes(cloth, ridges.kept(own), strokes[own], level) & (far > 0.7)] = ink
    return out


def _nearest_ink(indices: np.ndarray, cloth: Cloth) -> np.ndarray:
    """Return at every pixel the nearest ink that is not the ground, as far as ridges reach; the first ink beyond."""
    import cv2

    # Half the fineness is enough to say which shape is nearest.
    coarse = np.ascontiguousarray(cloth.pad(indices, margin := 2 * int(cloth.px(_RIDGE_FAR + 8) / 2))[::2, ::2])
    bare = (coarse == 0).view(np.uint8)
    if bare.all():
        return indices
    _, labels = nearest(bare)
    inks = np.zeros(int(labels.max()) + 1, np.uint8)
    inks[labels[bare == 0]] = coarse[bare == 0]
    return cloth.cell(cv2.resize(inks[labels], None, fx=2, fy=2, interpolation=cv2.INTER_NEAREST), margin)


def wants_block_print(rng: np.random.Generator, cloth: Cloth, inks: int) -> Chance:
    """Return chance for ``block_print``."""
    bumps = (3.0, 3.0, 0.95, 22.0, 5.0)
    fields = tuple(noise(rng, cloth.grid, (cloth.px(b), cloth.px(b))) for b in bumps)
    turns = rng.uniform(0, 2 * np.pi, inks)
    ways = rng.uniform(*_MISREGISTER, inks) * (np.arange(inks) > 1)
    return Chance(fields, numbers=np.stack([ways * np.sin(turns), ways * np.cos(turns)]))


def block_print(indices: np.ndarray, cloth: Cloth, chance: Chance) -> np.ndarray:
    """Worn edges, salt of bare cloth in the solids, and blocks a little beside where they belong."""
    down, across, speck, patch, middle = chance.fields
    wear = 0.3 * np.clip(0.7 + 0.6 * middle, 0.1, 1.4)
    worn = cloth.warped(cloth.rounded(indices, 1.0), down * wear, across * wear)
    printed = cloth.printable(_misregistered(worn, cloth, chance))
    solid = cloth.inside(printed > 0, 4.0)
    # Large areas starve most, and edges hold: the block carries more ink there.
    level = 1.6 - 0.25 * (solid > 2.5)
    starved = cloth.opened((speck + 0.45 * patch + 0.35 * middle > level) & (solid > 0.7), 0.5)
    return np.where(starved, np.uint8(0), printed)


def _misregistered(indices: np.ndarray, cloth: Cloth, chance: Chance) -> np.ndarray:
    assert chance.numbers is not None
    out = np.zeros_like(indices)
    for ink in range(1, chance.numbers.shape[1]):
        dy, dx = (round(cloth.px(v)) for v in chance.numbers[:, ink])
        out[cloth.moved(indices == ink, dy, dx)] = ink
    return out
