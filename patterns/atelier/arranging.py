"""Where the Loom's motifs meet the drawing room's layouts."""

from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from patterns.lattice import Grid

if TYPE_CHECKING:
    from patterns.loom.arranging import Plan


class Setter:
    """Cuts the Loom's motifs out and sets them on a lattice, in the layouts of the corpus."""

    def flaw(self, planes: np.ndarray) -> float:
        """Return what is wrong with a motif alone on planes (K, h, w): 0 for nothing, more the worse."""
        from patterns.motif.stamp import Stamp

        return Stamp.cut(planes).flaw

    def arrange(self, rng: np.random.Generator, grid: Grid, plan: "Plan") -> tuple[np.ndarray, str]:
        """Return planes (K, H, W) on ``grid`` and the layout that they have, which may not be the one asked for."""
        from patterns.folding import folded
        from patterns.motif.setting import Setting, set_out
        from patterns.motif.stamp import Stamp

        sides = (plan.heroes, plan.seconds, *plan.others, plan.measured, plan.sized)
        # Those that places fit are mostly the heroes themselves.
        cuts = {id(planes): Stamp.cut(planes) for planes in {id(planes): planes for planes in chain(*sides)}.values()}
        heroes, seconds, *others, measured, sized = (tuple(cuts[id(planes)] for planes in side) for side in sides)
        # A motif is as large as its longer side; places are for the circle around it.
        radius = plan.radius * float(np.mean([stamp.radius / stamp.half for stamp in sized or heroes]))
        wish = Setting(
            plan.layout, plan.density, radius, plan.inks, heroes, seconds, plan.smaller, plan.ground, plan.filled,
            plan.upright, plan.held, measured, (others[0], others[1]), plan.instead, plan.symmetry,
        )  # fmt: skip
        planes, layout = set_out(rng, grid, wish)
        # What is drawn at an image of a place may differ by a hair: the mean over the group is the same at all.
        return folded(planes, plan.symmetry, grid), layout
