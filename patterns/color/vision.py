"""What is left of a palette for other eyes: color-vision deficiency simulated, and motif told from ground.

Simulation is that of Machado, Oliveira and Fernandes (2009), "A Physiologically-based Model for Simulation of Color
Vision Deficiency", IEEE TVCG 15(6), at full severity: its matrices work on linear light.
"""

from dataclasses import dataclass

import numpy as np

from patterns.color.difference import ciede2000
from patterns.color.ink import Palette
from patterns.color.spaces import lab_to_xyz, linear_to_xyz, xyz_to_lab, xyz_to_linear
from patterns.errors import Finding
from patterns.separation import Separation

# Machado et al. (2009), table 1, severity 1.0: linear sRGB to linear sRGB.
_MATRICES = {
    "protan": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deutan": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritan": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
DEFICIENCIES = tuple(_MATRICES)
# Ours, judged on rendered sheets. Two areas nearer than this (CIEDE2000) run together at arm's length.
LEAST_SEEN = 8.0
# Ground and motif nearer than this in L* are told apart by hue alone.
LEAST_CONTRAST = 10.0
# Inks that share less than this part of all borders are not looked at as a pair.
_LEAST_BORDER = 0.02


@dataclass(frozen=True, slots=True)
class Sight:
    """What one kind of eyes sees: the pair of neighboring inks that look most alike, and their CIEDE2000."""

    eyes: str
    pair: tuple[int, int]
    least: float


@dataclass(frozen=True, slots=True)
class Legibility:
    """How well a colorway is told apart: ``contrast`` is |L*| of ground against motif, averaged along their border.

    ``sights`` has the least difference between neighbors for ordinary eyes and for each deficiency.
    """

    contrast: float
    sights: tuple[Sight, ...]


def simulated(linear: np.ndarray, deficiency: str) -> np.ndarray:
    """Return linear sRGB (..., 3) as a protan, deutan or tritan sees it; may leave 0-1, and is not clipped."""
    return np.asarray(linear, dtype=np.float64) @ _MATRICES[deficiency].T


def seen(lab: np.ndarray, deficiency: str) -> np.ndarray:
    """Return CIE Lab (D50) (..., 3) as these eyes see it, clipped to sRGB as a screen would show it."""
    linear = simulated(xyz_to_linear(lab_to_xyz(lab)), deficiency)
    return xyz_to_lab(linear_to_xyz(np.clip(linear, 0, 1)))


def borders(separation: Separation) -> np.ndarray:
    """Return each pair's share of all borders between inks on the lattice, (K, K) float64, symmetric, sum 1 (or 0)."""
    count = len(separation.roles)
    padded = separation.grid.pad_sides(separation.indices(), (0, 1, 0, 1)).astype(np.int64)
    here = padded[:-1, :-1]
    pairs = [here * count + there for there in (padded[:-1, 1:], padded[1:, :-1])]
    table = np.bincount(np.concatenate([p.ravel() for p in pairs]), minlength=count**2).reshape(count, count)
    table = (table + table.T).astype(np.float64)
    np.fill_diagonal(table, 0)
    return table / max(table.sum(), 1)


def legibility(palette: Palette, shared: np.ndarray) -> Legibility:
    """Return how well the inks are told apart, ``shared`` being ``borders`` of the separation they print."""
    lab = palette.lab()
    neighbors = np.argwhere(np.triu(2 * shared >= _LEAST_BORDER, 1))
    sights = []
    for eyes in ("ordinary", *DEFICIENCIES) if len(neighbors) else ():
        apart = _differences(lab, eyes)[neighbors[:, 0], neighbors[:, 1]]
        first, second = (int(i) for i in neighbors[apart.argmin()])
        sights.append(Sight(eyes, (first, second), float(apart.min())))
    around = shared[0, 1:]
    contrast = np.abs(lab[1:, 0] - lab[0, 0])
    return Legibility(float((around * contrast).sum() / around.sum()) if around.any() else 0.0, tuple(sights))


def findings(palette: Palette, shared: np.ndarray) -> tuple[Finding, ...]:
    """Return where motif and ground fall together: for everybody, in lightness, or for some eyes.

    ``shared`` is ``borders`` of the separation. Motif and ground fall together when more than half of the ground's
    border is against inks nearer than ``LEAST_SEEN`` CIEDE2000, or ``LEAST_CONTRAST`` in L*.
    """
    lab = palette.lab()
    around = shared[0, 1:] / max(float(shared[0, 1:].sum()), 1e-12)
    if not around.any():
        return ()
    found = []
    for eyes in ("ordinary", *DEFICIENCIES):
        apart = _differences(lab, eyes)[0, 1:]
        if around[apart < LEAST_SEEN].sum() > 0.5:
            found.append(_together(eyes, float((around * apart).sum())))
            if eyes == "ordinary":
                return tuple(found)
    contrast = np.abs(lab[1:, 0] - lab[0, 0])
    if around[contrast < LEAST_CONTRAST].sum() > 0.5:
        found.append(_as_light(float((around * contrast).sum())))
    return tuple(found)


def _differences(lab: np.ndarray, eyes: str) -> np.ndarray:
    lab = lab if eyes == "ordinary" else seen(lab, eyes)
    return ciede2000(lab[:, None], lab[None])


def _together(eyes: str, apart: float) -> Finding:
    whose = "" if eyes == "ordinary" else f" for {eyes} eyes"
    return Finding(
        "warning",
        f"motif and ground fall together{whose}",
        f"CIEDE2000 {apart:.1f} along their border, and {LEAST_SEEN:g} is told apart",
        "set them further apart in lightness",
    )


def _as_light(contrast: float) -> Finding:
    return Finding(
        "warning",
        "motif and ground are nearly as light as each other, so that only hue tells them apart",
        f"L* {contrast:.1f} along their border",
        "lighten one or darken the other",
    )
