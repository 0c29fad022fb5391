"""Putting a hand on what was drawn: the brief's, else the one that the prompt names."""

import numpy as np

from patterns.enlarge import enlarged_indices
from patterns.hand import put_on
from patterns.separation import Separation
from patterns.symmetry import Symmetry


def by_hand(separation: Separation, hand: str, *, seed: int, symmetry: str = "p1") -> Separation:
    """Return the separation in the manner of ``hand``, "" being none, as symmetric as it was; a seed is one cut.

    Raises InputError on a hand that nobody knows.
    """
    if hand in ("", "clean"):
        return separation
    made = put_on(separation, hand, np.random.default_rng([seed, 4]), enlarge=enlarged_indices)
    return made if symmetry == "p1" else _symmetric(made, symmetry)


def _symmetric(separation: Separation, name: str) -> Separation:
    """Return planes in which every pixel of an orbit is as the orbit's first."""
    first = Symmetry(name).sources(separation.grid).min(axis=0)
    planes = separation.planes.reshape(len(separation.roles), -1)[:, first].reshape(separation.planes.shape)
    return Separation(planes, separation.lattice, separation.roles)
