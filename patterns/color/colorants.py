"""What screen inks can be mixed to: any two colorants, from bare cloth to full strength and on toward the darkest.

The single-constant theory of Kubelka and Munk (1931): what a colorant absorbs over what it scatters, K/S = (1 - R)**2 /
2R, adds up in a mixture. It holds for each wavelength; here it is taken for three broad bands (Bradford's sharpened
cones), because colorants are known by their Lab alone. That is a model and is called so wherever it is used.
"""

import itertools

import numpy as np

from patterns.color.spaces import WHITE_D50, lab_to_xyz, xyz_to_lab

# Lam (1985), as in ICC.1:2022 annex E; each band is 1 for a perfect white.
_BRADFORD = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])
_XYZ_TO_BANDS = _BRADFORD / (_BRADFORD @ WHITE_D50)[:, None]
_BANDS_TO_XYZ = np.linalg.inv(_XYZ_TO_BANDS)
# Reflectances below this are measured as this by any instrument.
_LEAST = 0.003
# Steps of a sheet each way.
_STEPS = 7


def mixtures(colorants: np.ndarray, white: np.ndarray) -> np.ndarray:
    """Return sheets of Lab D50, (sheets, steps, steps, 3), that colorants (K, 3) make on a cloth whose white is (3,).

    Along a sheet's last axis the share of two colorants changes, along the other their strength (no more than full) or
    the share of the darkest, which takes the place of both.
    """
    bare = _absorption(white)
    added = np.maximum(_absorption(colorants) - bare, 0)
    share, along = np.linspace(0, 1, _STEPS)[None, :, None], np.linspace(0, 1, _STEPS)[:, None, None]
    dark = added[colorants[:, 0].argmin()]
    sheets = []
    for i, j in itertools.combinations(range(len(added)), 2):
        pair = added[i] * (1 - share) + added[j] * share
        # Strength squared, so that the steps from bare cloth are about even to the eye.
        sheets += [bare + pair * along**2, bare + pair * (1 - along**2) + dark * along**2]
    return _lab(np.array(sheets))


def _absorption(lab: np.ndarray) -> np.ndarray:
    reflected = np.clip(lab_to_xyz(lab) @ _XYZ_TO_BANDS.T, _LEAST, 1)
    return (1 - reflected) ** 2 / (2 * reflected)


def _lab(absorption: np.ndarray) -> np.ndarray:
    reflected = 1 + absorption - np.sqrt(absorption**2 + 2 * absorption)
    return xyz_to_lab(reflected @ _BANDS_TO_XYZ.T)
