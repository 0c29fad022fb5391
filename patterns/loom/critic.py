"""The critic: of several drawings of the same thing, which one is most like its family and as large as was asked.

A network that draws by chance draws well and badly by chance. Another one, a hundredth of the work to ask, has seen the
corpus and what the Loom makes of it, and tells the two apart: the drawing that it takes for the corpus's own is kept
(rejection by a discriminator: Azadi et al. 2018). It is a ``Judge``, trained apart from all that evaluate the Loom.
"""

import math
from collections.abc import Callable

from torch import Tensor

from patterns.lattice import Grid
from patterns.loom.crumbs import without_crumbs
from patterns.loom.judge import Drawn, Judge, judged, shown

# What an octave between the size that was asked for and the one that is seen is worth, in nats of the family.
_OCTAVE = 4.0

Flaw = Callable[[Tensor], float]


def flaw_in(critic: Judge, drawing: Drawn, family: str, *, scale_px: float | None = None) -> float:
    """Return how unlike its family a drawing is, and how far from a size in px: 0 for not at all.

    It is 0 for a family that the critic has not seen.
    """
    if family not in critic.names.families:
        return 0.0
    opinion = judged(critic, [drawing])
    unlike = -math.log(max(1e-6, opinion.family[0, critic.names.families.index(family)]))
    off = 0.0 if scale_px is None else abs(math.log2(opinion.scale_px[0] / scale_px))
    return unlike + _OCTAVE * off


def flaw_on(critic: Judge, grid: Grid, family: str, *, scale_px: float) -> Flaw:
    """Return what says how flawed planes (K, H, W) of a family on a grid are, once their crumbs have gone."""

    def flaw(planes: Tensor) -> float:
        return flaw_in(critic, shown(without_crumbs(planes.numpy(), grid), grid), family, scale_px=scale_px)

    return flaw
