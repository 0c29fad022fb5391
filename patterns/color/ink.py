"""Inks and palettes: named colors with a Lab, in an order.

An ink's Lab belongs to a ``View``. No difference is taken across unlike views: ``Ink.seen`` carries an ink from one to
the other, exactly through its spectrum, else approximately, and then says so.
"""

import re
from dataclasses import dataclass, replace

import numpy as np

from patterns.color.difference import ciede2000
from patterns.color.spaces import lab_to_srgb, srgb_to_lab, srgb_to_linear
from patterns.color.spectrum import Spectrum
from patterns.color.view import A_10, D50_2, D50_10, D65_2, D65_10, F2_10, F11_10, View, adapted
from patterns.errors import InputError
from patterns.separation import MOST_INKS

__all__ = [
    "A_10",
    "D50_2",
    "D50_10",
    "D65_2",
    "D65_10",
    "F2_10",
    "F11_10",
    "Ink",
    "Palette",
    "Spectrum",
    "View",
    "ink_difference",
]

_HEX = re.compile(r"#?([0-9a-fA-F]{6}|[0-9a-fA-F]{3})")


@dataclass(frozen=True, slots=True)
class Ink:
    """A named color: CIE Lab in a view, and optionally its role and its reflectance.

    ``lab`` is in ``view``, D50 with the 2-degree observer unless it says another. ``approximate`` marks a Lab that came
    from another view without a spectrum.
    """

    name: str
    lab: tuple[float, float, float]
    role: str = ""
    view: View = D50_2
    spectrum: Spectrum | None = None
    approximate: bool = False

    def __post_init__(self) -> None:
        lightness, a, b = self.lab
        if not (-1e-6 <= lightness <= 100.001 and abs(a) <= 200 and abs(b) <= 200):
            raise InputError(f"{self.lab} is not a Lab color; L lies in 0 to 100, a and b within 200.")

    @classmethod
    def of_hex(cls, text: str, *, name: str = "", role: str = "") -> "Ink":
        """Return the ink of "#27356b", "27356b" or "#fff"; InputError if that is no color."""
        match = _HEX.fullmatch(text.strip())
        if match is None:
            raise InputError(f"{text.strip()!r} is not a color; write six hex digits such as #27356b.")
        digits = match[1] if len(match[1]) == 6 else "".join(c * 2 for c in match[1])
        encoded = np.array([int(digits[i : i + 2], 16) for i in (0, 2, 4)]) / 255
        lightness, a, b = (float(v) for v in srgb_to_lab(encoded))
        return cls(name or f"#{digits.lower()}", (lightness, a, b), role)

    @classmethod
    def of_spectrum(cls, name: str, spectrum: Spectrum, *, role: str = "", view: View = D50_2) -> "Ink":
        """Return the ink of a reflectance, its Lab computed in ``view``."""
        return cls(name, spectrum.lab(view), role, view, spectrum)

    def seen(self, view: View) -> "Ink":
        """Return the ink in another view: exactly through its spectrum, else adapted white to white and approximate."""
        if view == self.view:
            return self
        if self.spectrum is not None:
            return replace(self, lab=self.spectrum.lab(view), view=view, approximate=False)
        lightness, a, b = (float(v) for v in adapted(np.array(self.lab), self.view, view))
        return replace(self, lab=(lightness, a, b), view=view, approximate=True)

    @property
    def lab_d50(self) -> tuple[float, float, float]:
        """CIE Lab under D50 with the 2-degree observer; approximate if it is of another view and has no spectrum."""
        return self.lab if self.view == D50_2 else self.seen(D50_2).lab

    @property
    def srgb(self) -> tuple[float, float, float]:
        """sRGB-encoded, 0-1; clipped where sRGB does not reach."""
        red, green, blue = (float(v) for v in np.clip(lab_to_srgb(np.array(self.lab_d50)), 0, 1))
        return red, green, blue

    @property
    def hex(self) -> str:
        """The nearest 8-bit sRGB color, as "#rrggbb"."""
        return "#" + "".join(f"{round(v * 255):02x}" for v in self.srgb)


@dataclass(frozen=True, slots=True)
class Palette:
    """An ordered set of inks, ground first: 1 to 32. ``words`` say its mood and season, for those who choose."""

    inks: tuple[Ink, ...]
    name: str = ""
    words: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not 1 <= len(self.inks) <= MOST_INKS:
            raise InputError(f"a palette has 1 to {MOST_INKS} inks, not {len(self.inks)}.")

    def __len__(self) -> int:
        return len(self.inks)

    def lab(self) -> np.ndarray:
        """Return the inks' CIE Lab under D50 with the 2-degree observer, (K, 3) float64 (see ``Ink.lab_d50``)."""
        return np.array([ink.lab_d50 for ink in self.inks])

    def srgb8(self) -> np.ndarray:
        """Return the inks sRGB-encoded, (K, 3) uint8; clipped where sRGB does not reach."""
        return np.round(np.array([ink.srgb for ink in self.inks]) * 255).astype(np.uint8)

    def linear_rgb(self) -> np.ndarray:
        """Return the inks in linear light, (K, 3) float32, 0-1, of exactly the 8-bit colors that ``srgb8`` gives."""
        return srgb_to_linear(self.srgb8() / 255.0).astype(np.float32)

    def differences(self) -> np.ndarray:
        """Return CIEDE2000 between all pairs of inks in the one view they share, (K, K) float64.

        Inks of unlike views are compared under D50/2 if all of them have a spectrum; InputError otherwise.
        """
        lab = _alike(self.inks)
        return ciede2000(lab[:, None], lab[None])

    def seen(self, view: View) -> "Palette":
        """Return the palette with every ink in a view (see ``Ink.seen``)."""
        return replace(self, inks=tuple(ink.seen(view) for ink in self.inks))

    def nearest(self, lab: np.ndarray) -> np.ndarray:
        """Return the index of the ink nearest to each Lab color (..., 3) of D50/2, by CIEDE2000, as (...) int."""
        return ciede2000(np.asarray(lab)[..., None, :], self.lab()).argmin(axis=-1)

    def with_roles(self, roles: tuple[str, ...]) -> "Palette":
        """Return the palette with roles given to its inks in order; inks beyond the roles have none."""
        given = (*roles, *[""] * max(0, len(self) - len(roles)))
        return replace(self, inks=tuple(replace(ink, role=role) for ink, role in zip(self.inks, given, strict=False)))

    def __str__(self) -> str:
        return f"{self.name}: {self.hexes}" if self.name else self.hexes

    @property
    def hexes(self) -> str:
        """The inks as text that is read back as a palette: "#f3ead7,#27356b"."""
        return ",".join(ink.hex for ink in self.inks)


def ink_difference(first: Ink, second: Ink, *, textile: bool = False) -> float:
    """Return CIEDE2000 between two inks in the one view they share; InputError across unlike views."""
    lab = _alike((first, second))
    return float(ciede2000(lab[0], lab[1], textile=textile))


def _alike(inks: tuple[Ink, ...]) -> np.ndarray:
    """Return the inks' Lab in one view, (K, 3): their own if they share it, else D50/2 if all have a spectrum."""
    if all(ink.view == inks[0].view for ink in inks):
        return np.array([ink.lab for ink in inks])
    if any(ink.spectrum is None for ink in inks):
        other = next(ink for ink in inks if ink.view != inks[0].view)
        raise InputError(
            f"no difference can be taken between {inks[0].name!r} ({inks[0].view}) and {other.name!r} ({other.view}): "
            "they were seen under unlike lights or by unlike observers; give their spectra, or convert one with "
            "Ink.seen, which is approximate."
        )
    return np.array([ink.lab_d50 for ink in inks])
