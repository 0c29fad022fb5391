"""Whether the Loom's tiles meet themselves: the percentile of the joint among the lines inside, whole and cut."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

import numpy as np

from patterns import presets, seam
from patterns.atelier import judging
from patterns.atelier.evaluating.bench import ENOUGH, Bench, Record
from patterns.atelier.evaluating.sheet import rendered
from patterns.atelier.judging import Ask
from patterns.color.difference import ciede2000
from patterns.color.spaces import srgb_to_lab
from patterns.lattice import NAMED_REPEATS, Grid
from patterns.loom import measures
from patterns.motif import FAMILIES

# Lines left out by a wrong cut, and the share of the joint that must then show something else for the cut to count.
_CUT_PX, _CHANGED = 5, 0.1
# Of each family that is drawn whole so many asks on every repeat, where more are wanted.
_ROUNDS = 3
# An ask and the planes that answer it.
Drawn = tuple[Ask, np.ndarray]
# CIEDE2000 that can be seen side by side.
_VISIBLE = 3.0


def seams(bench: Bench) -> Record:
    """Return for each repeat what is known of the joints of its tiles, and of the same tiles wrongly cut.

    A joint at which nothing varies, or that copies a place inside (regular families are paved), has no percentile.
    Where the asks left a repeat fewer tiles than the plan wants, for regular cells have grids of their own, more are
    drawn.
    """
    drawn = [(ask, answer.planes) for ask, answer in zip(bench.asks, bench.answers, strict=True)]
    on = {grid: [one for one in drawn if _lies_on(one[0], grid)] for grid in judging.GRIDS}
    short = {grid: bench.plan.seams - len(tiles) for grid, tiles in on.items()}
    fresh = _fresh(bench, len(on)) if max(short.values()) > 0 else []
    more = [ask for grid, count in short.items() for ask in _on(fresh, grid)[: max(0, count)]]
    for ask, answer in zip(more, bench.draw(more, [7000 + i for i in range(len(more))]), strict=True):
        on[ask.grid.scaled(Fraction(1, ask.detail))].append((ask, answer.planes))
    return {repeat: _of_repeat(tiles) for repeat, tiles in zip(NAMED_REPEATS, on.values(), strict=True)}


def _fresh(bench: Bench, repeats: int) -> list[Ask]:
    """Return asks of all families that are drawn whole, of each so many on every repeat."""
    whole = [name for name in bench.families if FAMILIES[name].kind != "primitive"]
    return [a for name in whole for a in judging.asks(name, _ROUNDS * repeats, seed=judging.ASK_SEED + 5)]


def _on(asks: Sequence[Ask], grid: Grid) -> list[Ask]:
    return [ask for ask in asks if _lies_on(ask, grid)]


def _lies_on(ask: Ask, grid: Grid) -> bool:
    """Return whether an ask is on a grid of the Loom's, in its own detail."""
    return ask.grid == grid.scaled(ask.detail)


def _of_repeat(drawn: Sequence[Drawn]) -> Record:
    whole: list[float] = []
    cuts: list[tuple[float, bool]] = []
    flagged = tiles = 0
    for pixels, fine in _tiles(drawn):
        report = seam.measure(pixels, fine)
        tiles, flagged = tiles + 1, flagged + (not report.passed)
        whole += [j.percentile for j in report.joints if not j.period_px and j.verdict != "no seam: nothing varies"]
        for direction in ("across", "down"):
            if changed(pixels, direction) >= _CHANGED:
                joint = seam.measure(*cut(pixels, fine, direction)).joints[direction == "down"]
                cuts.append((joint.percentile, not joint.passed))
    record: Record = {"tiles": tiles, "joints": len(whole), "flagged": flagged}
    if whole:
        mean, p = float(np.mean(whole)), measures.uniform(np.array(whole))
        record |= {
            "mean": mean,
            "ks_p": p,
            "met": bool(45 <= mean <= 55 and p > 0.01) if len(whole) >= ENOUGH else None,
        }
    if cuts:
        above, found = (float(np.mean(column)) for column in zip(*((c[0] > 99, c[1]) for c in cuts), strict=True))
        record |= {"cuts": len(cuts), "cuts_above_99": above, "cuts_flagged": found}
    return record


def _tiles(drawn: Sequence[Drawn]) -> Iterator[tuple[np.ndarray, Grid]]:
    """Yield tiles (H, W, 3) uint8 sRGB of what was drawn, in palettes in turn, and their grids."""
    palettes = presets.names("palettes")
    for i, (ask, planes) in enumerate(drawn):
        yield rendered(planes, palettes[i % len(palettes)]), ask.grid


def cut(pixels: np.ndarray, grid: Grid, direction: str) -> tuple[np.ndarray, Grid]:
    """Return the tile without its first lines, on the same kind of repeat."""
    if direction == "across":
        width = grid.width - _CUT_PX
        slide = int(Fraction(grid.slide, grid.width) * width)
        return pixels[:, _CUT_PX:], Grid(width, grid.height, grid.drop, slide)
    height = grid.height - _CUT_PX
    drop = int(Fraction(grid.drop, grid.height) * height)
    return pixels[_CUT_PX:], Grid(grid.width, height, drop, grid.slide)


def changed(pixels: np.ndarray, direction: str) -> float:
    """Return the share of the joint at which a cut shows something else than belonged there."""
    lab = srgb_to_lab((pixels if direction == "across" else pixels.swapaxes(0, 1)) / 255.0)
    return float((ciede2000(lab[:, 0], lab[:, _CUT_PX]) > _VISIBLE).mean())
