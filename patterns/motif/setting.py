"""Setting out: a layout on a lattice, with motifs that are given as pictures."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from patterns.lattice import Grid
from patterns.motif.arrangement import Arrangement
from patterns.motif.canvas import Canvas, Placement, coverage
from patterns.motif.composing import HALO, Wish, fillers, heroic, strewn, united
from patterns.motif.family import Style
from patterns.motif.frames import FRAMES
from patterns.motif.grounds import lay_ground
from patterns.motif.orbits import dotted, orbited
from patterns.motif.reach import ROUND, Reach
from patterns.motif.stamp import Stamp
from patterns.reading import SET_LAYOUTS
from patterns.separation import ROLES
from patterns.symmetry import Symmetry

# Which of so many motifs stands at each of some places.
Numbered = Callable[[tuple[Placement, ...], int], list[tuple[int, Placement]]]
# How often places are sought, and how near in size, as a logarithm, is near enough.
_TRIES, _NEAR = 4, 0.1
# How much wider than usual the meshes of a frame are made, one after the other, for motifs of a size that is held.
_WIDER = (1.0, 1.15, 1.35, 1.6)


@dataclass(frozen=True, slots=True)
class Setting:
    """What is to be set out: a layout of ``patterns.reading``, motifs of ``radius`` px, and how many inks there are.

    ``seconds`` are another family's motifs, ``smaller`` if they stand in the gaps between the heroes. ``ground`` is a
    regular pattern beneath, "" for none; ``filled`` strews dots or small leaves where there is room; ``upright``
    motifs are not turned unasked. Where the radius is ``held`` there are as many motifs as let them have it, and none
    is larger; where it is only usual it gives way to the places. ``measured`` are those that places are made to fit,
    the heroes and seconds themselves if there are none. ``others`` stand for heroes and seconds at the places that lie
    wholly ``instead`` (H, W) bool. In a plane group other than p1 motifs stand as its ``symmetry`` moves them, whatever
    the layout.
    """

    layout: str
    density: str
    radius: float
    inks: int
    heroes: tuple[Stamp, ...]
    seconds: tuple[Stamp, ...] = ()
    smaller: bool = True
    ground: str = ""
    filled: bool = True
    upright: bool = False
    held: bool = False
    measured: tuple[Stamp, ...] = ()
    others: tuple[tuple[Stamp, ...], tuple[Stamp, ...]] = ((), ())
    instead: np.ndarray | None = None
    symmetry: str = "p1"

    def company(self, planned: Arrangement) -> tuple[Stamp, ...]:
        """Return what stands at the second places of an arrangement."""
        return self.seconds or (self.heroes if planned.alike else ())

    def swapped(self, grid: Grid, place: Placement, radius: float) -> bool:
        """Return whether a place of this radius lies wholly where others stand instead."""
        if self.instead is None:
            return False
        turns = np.linspace(0, 2 * np.pi, 48, endpoint=False)
        rings = np.concatenate([[0.0], *([r] * 48 for r in (0.5 * radius, radius))])
        turns = np.concatenate([[0.0], turns, turns])
        y = np.floor(place.y + rings * np.sin(turns)).astype(int)
        x = np.floor(place.x + rings * np.cos(turns)).astype(int)
        return bool(self.instead[grid.wrap(y, x)].all())


def set_out(rng: np.random.Generator, grid: Grid, wish: Setting) -> tuple[np.ndarray, str]:
    """Return planes (6, H, W) float32 on ``grid`` and the layout, a toss where the lattice cannot carry what is asked.

    The same state of the generator gives the same planes.
    """
    style = Style(wish.inks)
    if wish.symmetry != "p1":
        return _in_group(rng, grid, style, wish), wish.layout
    layout, planned = laid_out(rng, grid, style, wish)
    framed = layout in FRAMES
    if framed:
        # A frame begins at the cell's corner: the joint would always cross it at the same place.
        planned = planned.moved(*rng.spawn(1)[0].uniform(0, (grid.width, grid.height)).tolist())
    canvas = Canvas(grid)
    canvas.fill(0)
    ground = lay_ground(rng, canvas, style, planned.radius, kind=wish.ground) if wish.ground and not framed else ""
    for shapes, placement in planned.beneath:
        canvas.draw(shapes, placement)
    halo = HALO * max(1.0, planned.radius / 30) if ground or planned.beneath else 0.0
    _stamped(canvas, wish, planned, partial(_taken, rng), halo=halo)
    if (
        wish.filled
        and not ground
        and not (planned.seconds and wish.company(planned))
        and layout not in (*SET_LAYOUTS, *FRAMES)
    ):
        fillers(canvas, rng, style, (planned, layout))
    return coverage(canvas.indices(), len(ROLES)), layout


def _in_group(rng: np.random.Generator, grid: Grid, style: Style, wish: Setting) -> np.ndarray:
    """Return planes (6, H, W) of motifs that stand as a plane group moves them: all images of a place are alike."""
    asked, two = (wish.layout, wish.density, wish.radius), bool(wish.seconds)
    planned = orbited(rng, grid, asked, wish.symmetry, two=two, smaller=wish.smaller, upright=wish.upright)
    planned = planned.within(wish.radius) if wish.held else planned
    canvas = Canvas(grid)
    canvas.fill(0)
    for shapes, placement in dotted(grid, style, planned, wish.symmetry) if wish.filled else ():
        canvas.draw(shapes, placement)
    images = Symmetry(wish.symmetry).order
    _stamped(canvas, wish, planned, lambda places, _: [(k // images, place) for k, place in enumerate(places)])
    return coverage(canvas.indices(), len(ROLES))


def _stamped(canvas: Canvas, wish: Setting, planned: Arrangement, numbered: Numbered, *, halo: float = 0.0) -> None:
    """Set motifs on a canvas, seconds beneath heroes; ``numbered`` says which of so many stands at each place."""
    for places, stamps, others, radius in (
        (planned.seconds, wish.company(planned), wish.others[1] or wish.others[0], planned.second_radius),
        (planned.heroes, wish.heroes, wish.others[0], planned.radius),
    ):
        for k, placement in numbered(places, len(stamps)):
            chosen = others if others and wish.swapped(canvas.grid, placement, radius) else stamps
            chosen[k % len(chosen)].on(canvas, placement, radius, halo=halo)


def _taken(rng: np.random.Generator, places: tuple[Placement, ...], count: int) -> list[tuple[int, Placement]]:
    """Return which of ``count`` motifs stands at each place, all of them about equally often, in no order."""
    if not count:
        return []
    turns = rng.permutation(np.arange(len(places)) % count)
    return list(zip((int(k) for k in turns), places, strict=True))


def laid_out(rng: np.random.Generator, grid: Grid, style: Style, wish: Setting) -> tuple[str, Arrangement]:
    """Return the layout that a setting has on a grid, and its places; a radius that is held is never exceeded."""
    layout, found = _places(rng, grid, style, wish)
    return layout, found.within(wish.radius) if wish.held else found


def _places(rng: np.random.Generator, grid: Grid, style: Style, wish: Setting) -> tuple[str, Arrangement]:
    asked = (wish.layout, wish.density, wish.radius)
    if wish.layout in FRAMES:
        found = _framed(rng, grid, style, wish)
        if found is not None:
            return wish.layout, found if wish.seconds else united(found)
        asked = ("one-way" if wish.upright else "tossed", *asked[1:])
    if asked[0] == "hero" or (wish.seconds and wish.smaller and asked[0] not in SET_LAYOUTS):
        return asked[0], heroic(rng, grid, asked, upright=wish.upright)
    stamps = [stamp.reach for stamp in wish.measured or (*wish.heroes, *wish.seconds)]
    reach = stamps[0].joined(*stamps[1:]).mirrored() if stamps else ROUND
    two, upright = bool(wish.seconds), wish.upright
    if wish.held:
        return strewn_to_size(rng, grid, asked, two=two, upright=upright, reach=reach)
    return strewn(rng, grid, asked, two=two, even=True, upright=upright, reach=reach)


def _framed(rng: np.random.Generator, grid: Grid, style: Style, wish: Setting) -> Arrangement | None:
    """Return the frame that is asked for; its meshes are as much wider as let motifs have a radius that is held."""
    best = None
    for wider in _WIDER if wish.held else (1.0,):
        found = FRAMES[wish.layout](rng, grid, style, wider * wish.radius)
        if found is not None and (best is None or found.radius > best.radius):
            best = found
        if best is not None and best.radius > (1 - _NEAR) * wish.radius:
            break
    return best


def strewn_to_size(
    rng: np.random.Generator, grid: Grid, asked: Wish, *, two: bool, upright: bool, reach: Reach
) -> tuple[str, Arrangement]:
    """Return what is strewn with as many motifs as let them be nearest the size that was asked for.

    On a small tile one motif more or fewer makes them half as large again; where the size gives way to the places, a
    designer who said 6 cm has 4.
    """
    best, off, roomier = None, math.inf, 1.0
    for _ in range(_TRIES):
        found = strewn(rng, grid, asked, two=two, even=True, upright=upright, reach=reach, roomier=roomier)
        ratio = found[1].radius / asked[2]
        # Where there is more room than was asked for, motifs have their size and stand farther apart.
        miss = -math.log(ratio) if ratio < 1 else math.log(ratio) / 2
        if miss < off:
            best, off = found, miss
        if off < _NEAR:
            break
        roomier /= ratio
    assert best
    return best
