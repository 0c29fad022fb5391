"""Harmonies: the inks that go with an ink, by turning its hue in OKLCh at the lightness and strength it has.

What a wheel of hues gives is a beginning, not a palette for cloth: ``patterns.color.scheme`` designs those, with a
ground, values and one accent.
"""

from dataclasses import replace

import numpy as np

from patterns.color.difference import ciede2000
from patterns.color.ink import Ink, Palette
from patterns.color.names import nearest_name
from patterns.color.spaces import lab_to_oklch, oklch_to_lab
from patterns.errors import CannotMake, InputError
from patterns.separation import MOST_INKS

# Degrees by which each harmony turns the hue.
HARMONIES: dict[str, tuple[float, ...]] = {
    "tonal": (0.0,),
    "analogous": (0.0, 30.0, -30.0),
    "complement": (0.0, 180.0),
    "split": (0.0, 150.0, 210.0),
    "triad": (0.0, 120.0, 240.0),
    "square": (0.0, 90.0, 180.0, 270.0),
}
# Lightness steps of the rounds after the first; chroma lessens toward white and black, where there is less of it.
_STEP, _LOWEST, _HIGHEST = 0.16, 0.22, 0.95
# Below this OKLCh chroma a color has no hue to turn.
_GRAY = 0.02
_APART = 5.0


def harmony(ink: Ink, kind: str, *, count: int | None = None) -> Palette:
    """Return the ink and those that go with it: as many hues as ``kind`` has, then the same lighter and darker.

    The ink itself comes first, unchanged. Colors are brought into sRGB by lowering chroma, at their lightness and hue.
    Raises InputError for a kind that is not among HARMONIES, CannotMake for a gray that has no hue to turn, or if fewer
    than ``count`` colors lie 5 CIEDE2000 apart.
    """
    if kind not in HARMONIES:
        raise InputError(f"no harmony is called {kind!r}; there are {', '.join(HARMONIES)}.")
    lightness, chroma, hue = (float(v) for v in lab_to_oklch(np.array(ink.lab_d50)))
    if chroma < _GRAY and kind != "tonal":
        raise CannotMake(
            f"{ink.name!r} is a gray, which has no hue to turn; ask for a tonal harmony, or another color."
        )
    wanted = count or max(3, len(HARMONIES[kind]))
    if not 1 <= wanted <= MOST_INKS:
        raise InputError(f"a palette has 1 to {MOST_INKS} inks, not {wanted}.")
    inks = [ink]
    for shade in _lightnesses(lightness):
        strength = chroma * min(1.0, (1 - abs(shade - 0.6)) / (1 - abs(lightness - 0.6)))
        for turn in HARMONIES[kind]:
            lab = oklch_to_lab(np.array([shade, strength, (hue + turn) % 360]))
            if len(inks) < wanted and ciede2000(lab, np.array([i.lab_d50 for i in inks])).min() >= _APART:
                name = nearest_name(lab, frozenset(i.name for i in inks))
                inks.append(Ink(name, (float(lab[0]), float(lab[1]), float(lab[2]))))
    if len(inks) < wanted:
        raise CannotMake(
            f"a {kind} harmony of {ink.name!r} has {len(inks)} colors that can be told apart, not {wanted}."
        )
    return Palette(tuple([replace(ink, role=""), *inks[1:]]), f"{kind} of {ink.name}")


def _lightnesses(own: float) -> list[float]:
    """Return the ink's own lightness, then steps up and down from it in turns, as far as there is room."""
    found = [own]
    for step in range(1, 8):
        found += [own + way * step * _STEP for way in (1, -1) if _LOWEST <= own + way * step * _STEP <= _HIGHEST]
    return found
