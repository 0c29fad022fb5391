"""Views: under which light and through whose eye a color was measured.

Mills quote Lab under D65 with the 10-degree observer, ICC profiles and swatch files D50 with the 2-degree one; the same
three numbers mean other colors there. A Lab is carried from one view to another exactly only through its reflectance
(``patterns.color.spectrum``); ``adapted`` does it from the whites alone, which is an approximation.
"""

import re
from dataclasses import dataclass

import numpy as np

from patterns.color.spaces import BRADFORD, WHITE_D50, lab_of_ratios, ratios_of_lab
from patterns.errors import InputError

# Chromaticities of the CIE's illuminants by observer in degrees, as ``benchmarks/cie.py`` prints them from the tables
# of CIE 15:2018, every 5 nm.
_WHITES_XY = {
    2: {
        "A": (0.44758, 0.40745),
        "C": (0.31006, 0.31616),
        "D50": (0.34567, 0.35851),
        "D55": (0.33243, 0.34744),
        "D65": (0.31272, 0.32903),
        "D75": (0.29903, 0.31488),
        "E": (1 / 3, 1 / 3),
        "F2": (0.37207, 0.37512),
        "F7": (0.31285, 0.32917),
        "F11": (0.38054, 0.37692),
    },
    10: {
        "A": (0.45117, 0.40594),
        "C": (0.31039, 0.31905),
        "D50": (0.34773, 0.35952),
        "D55": (0.33412, 0.34877),
        "D65": (0.31381, 0.33098),
        "D75": (0.29968, 0.31740),
        "E": (1 / 3, 1 / 3),
        "F2": (0.37927, 0.36723),
        "F7": (0.31565, 0.32951),
        "F11": (0.38544, 0.37109),
    },
}
_WRITTEN = re.compile(r"([A-Za-z]+\d*)\s*[/,\s]\s*(\d+)\s*(?:°|deg|degrees?)?", re.IGNORECASE)
# What mills and light boxes call them.
_ALSO = {"TL84": "F11", "CWF": "F2", "DAY65": "D65"}


@dataclass(frozen=True, slots=True)
class View:
    """A CIE illuminant ("D50", "D65", "A", "F11" ...) and an observer of 2 or 10 degrees."""

    illuminant: str
    observer: int

    def __post_init__(self) -> None:
        if self.observer not in _WHITES_XY or self.illuminant not in _WHITES_XY[self.observer]:
            raise InputError(
                f"no color can be seen under {self.illuminant!r} with an observer of {self.observer!r} degrees; there "
                f"are {', '.join(_WHITES_XY[2])} with 2 or 10 degrees."
            )

    @classmethod
    def named(cls, text: str) -> "View":
        """Return the view of "D65/10", "D50 2°" or "TL84/10"; InputError if it is none."""
        match = _WRITTEN.fullmatch(text.strip())
        if match is None:
            raise InputError(f"{text[:40]!r} is not a view; write the light and the observer, such as D65/10.")
        illuminant = match[1].upper()
        return cls(_ALSO.get(illuminant, illuminant), int(match[2]))

    @property
    def white(self) -> np.ndarray:
        """XYZ of the light itself, (3,) float64, Y = 1; for D50/2 that of ICC's connection space."""
        if self == D50_2:
            return WHITE_D50
        x, y = _WHITES_XY[self.observer][self.illuminant]
        return np.array([x / y, 1.0, (1 - x - y) / y])

    def __str__(self) -> str:
        return f"{self.illuminant}/{self.observer}"


D50_2, D50_10 = View("D50", 2), View("D50", 10)
D65_2, D65_10 = View("D65", 2), View("D65", 10)
A_10, F2_10, F11_10 = View("A", 10), View("F2", 10), View("F11", 10)


def adapted(lab: np.ndarray, source: View, target: View) -> np.ndarray:
    """Return CIE Lab (..., 3) of ``source`` as it would about be under ``target``: Bradford adaptation, white to white.

    An approximation: how a color moves with the light depends on its reflectance, which Lab does not hold.
    """
    if source == target:
        return np.array(lab, dtype=np.float64)
    scale = (BRADFORD @ target.white) / (BRADFORD @ source.white)
    matrix = np.linalg.inv(BRADFORD) @ np.diag(scale) @ BRADFORD
    return lab_of_ratios(((ratios_of_lab(lab) * source.white) @ matrix.T) / target.white)
