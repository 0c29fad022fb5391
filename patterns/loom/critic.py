"""The critic: of several drawings of the same thing, which one is most like its family and as large as was asked.

A network that draws by chance draws well and badly by chance. Another one, a hundredth of the work to ask, has seen the
corpus and what the Loom makes of it, and tells the two apart: the drawing that it takes for the corpus's own is kept
(rejection by a discriminator: Azadi et al. 2018). It is a ``Judge``, trained apart from all that evaluate the Loom.
"""

from collections.abc import Callable, Iterable

import numpy as np
from torch import Tensor

from patterns.lattice import Grid
from patterns.loom.judge import Drawn, Judge, judged, shown

# What an octave between the size that was asked for and the one that is seen is worth, in nats of the family.
_OCTAVE = 4.0

Flaw = Callable[[Tensor], float]


def flaws(critic: Judge, drawings: Iterable[Drawn], family: str, *, scale_px: float | None = None) -> np.ndarray:
    """Return how unlike its family each drawing is, and how far from a size in px: (N,), 0 for not at all.

    All 0 for a family that the critic has not seen.
    """
    seen = list(drawings)
    if family not in critic.names.families:
        return np.zeros(len(seen))
    opinion = judged(critic, seen)
    unlike = -np.log(opinion.family[:, critic.names.families.index(family)].clip(1e-6))
    off = 0 if scale_px is None else np.abs(np.log2(opinion.scale_px / scale_px))
    return unlike + _OCTAVE * off


def flaw_on(critic: Judge, grid: Grid, family: str, *, scale_px: float) -> Flaw:
    """Return what says how flawed planes (K, H, W) of a family on a grid are."""

    def flaw(planes: Tensor) -> float:
        return float(flaws(critic, [shown(planes.numpy(), grid)], family, scale_px=scale_px)[0])

    return flaw
