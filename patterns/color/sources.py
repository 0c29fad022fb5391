"""Where a colorway takes its hues from: curated palettes, harmonies around the dyer's hues, tints of one hue, turns.

A color here is a swatch: (CIE L*, OKLCh chroma, OKLCh hue in degrees). Lightness is CIE's, because values are kept by
it; chroma and hue are OKLCh's, because there a hue stays itself when it is made lighter or deeper.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from patterns.color.ink import Palette
from patterns.color.spaces import lab_to_oklch, oklch_to_lab

# Hues that cloth has long been dyed and printed in: (L*, chroma, hue) where each is most itself. Our own taste.
HUES = {
    "indigo": (30.0, 0.100, 268.0),
    "blue": (47.0, 0.085, 248.0),
    "teal": (42.0, 0.072, 200.0),
    "sea green": (50.0, 0.070, 172.0),
    "forest": (36.0, 0.062, 150.0),
    "sage": (58.0, 0.050, 140.0),
    "olive": (46.0, 0.070, 112.0),
    "ochre": (68.0, 0.120, 80.0),
    "terracotta": (52.0, 0.120, 44.0),
    "madder": (40.0, 0.130, 28.0),
    "rose": (56.0, 0.105, 12.0),
    "plum": (36.0, 0.090, 345.0),
    "aubergine": (28.0, 0.070, 318.0),
    "charcoal": (30.0, 0.010, 260.0),
    "walnut": (33.0, 0.045, 60.0),
}
# Light grounds that take any of them: cream, linen, mist, blush, celadon white.
_PALE = ((93.0, 0.026, 85.0), (89.0, 0.026, 78.0), (91.0, 0.012, 240.0), (90.0, 0.024, 40.0), (91.0, 0.018, 150.0))
# How far an accent's hue stands from the main one's: complement, its two sides, a third of the circle.
_ACCENTS = (180.0, 150.0, 210.0, 120.0, 240.0)
_TURNS = np.arange(30.0, 331.0, 30.0)


@dataclass(frozen=True, slots=True)
class Source:
    """Swatches (N, 3) that belong together, with a role each or "".

    ``kind`` is "palette", "harmony", "tonal" or "turn". ``seated`` says that swatch k is for ink k; the others find
    their places by value and role.
    """

    kind: str
    swatches: np.ndarray
    roles: tuple[str, ...]
    seated: bool = False


def swatches_of(lab: np.ndarray) -> np.ndarray:
    """Return (CIE L*, OKLCh chroma, hue) of Lab colors (..., 3)."""
    lab = np.asarray(lab, dtype=np.float64)
    return np.concatenate([lab[..., :1], lab_to_oklch(lab)[..., 1:]], axis=-1)


def lab_of(swatches: np.ndarray) -> np.ndarray:
    """Return CIE Lab (D50) of swatches (..., 3), in sRGB: chroma gives way where sRGB ends, L* and hue stay."""
    wanted = np.asarray(swatches, dtype=np.float64)
    # OKLab's lightness is nearly a cube root of luminance, as CIE's is: L* = 116 f - 16.
    oklch = wanted.copy()
    oklch[..., 0] = (wanted[..., 0] + 16) / 116
    for _ in range(7):
        error = wanted[..., 0] - oklch_to_lab(oklch)[..., 0]
        oklch[..., 0] = np.clip(oklch[..., 0] + error / 116, 0, 1)
    return oklch_to_lab(oklch)


def of_palettes(palettes: Sequence[Palette]) -> list[Source]:
    """Return a source for each palette that has at least two inks."""
    return [
        Source("palette", swatches_of(palette.lab()), tuple(ink.role for ink in palette.inks))
        for palette in palettes
        if len(palette) >= 2
    ]


def harmonies(rng: np.random.Generator) -> list[Source]:
    """Return for each of the dyer's hues a family of six: a pale ground, a neighbor hue, an accent across the wheel."""
    found = []
    for lightness, chroma, hue in HUES.values():
        ground = np.array(_PALE[rng.integers(len(_PALE))])
        neighbor = hue + rng.choice([-1, 1]) * rng.uniform(18, 34)
        accent = np.array(_nearest_hue(hue + rng.choice(_ACCENTS) + rng.uniform(-8, 8)))
        deep = np.array([min(lightness - 14, 20), 0.6 * chroma, hue])
        middle = np.array([0.5 * (lightness + ground[0]), 0.75 * chroma, neighbor])
        tint = np.array([0.25 * lightness + 0.75 * ground[0], 0.45 * chroma, hue])
        family = np.stack([ground, np.array([lightness, chroma, hue]), middle, accent, deep, tint])
        family[:, 2] %= 360
        found.append(Source("harmony", family, ("ground", "main", "second", "accent", "line", "detail")))
    return found


def tonal(swatches: np.ndarray, rng: np.random.Generator) -> list[Source]:
    """Return for each of the dyer's hues the design in that hue alone: the values of ``swatches`` (K, 3), one hue.

    Chroma is greatest where the hue is most itself, and the ends drift a little: light warm, dark cool.
    """
    found = []
    for lightness, chroma, hue in HUES.values():
        values = swatches[:, 0]
        swell = np.exp(-(((values - lightness) / 34) ** 2))
        drift = rng.uniform(-8, 8) * (values - 55) / 40
        colors = np.stack([values, chroma * np.maximum(swell, 0.18), (hue + drift) % 360], axis=1)
        found.append(Source("tonal", colors, ("",) * len(swatches), seated=True))
    return found


def turns(swatches: np.ndarray, roles: tuple[str, ...], rng: np.random.Generator) -> list[Source]:
    """Return the design's own colors (K, 3) with all hues turned together, each as strong as before for its hue."""
    found = []
    for turn in _TURNS + rng.uniform(-10, 10):
        colors = swatches.copy()
        colors[:, 2] = (colors[:, 2] + turn) % 360
        colors[:, 1] *= _strength(colors[:, 2]) / _strength(swatches[:, 2])
        # A cream that turns with the rest becomes a cold mint or lilac: what is hardly colored stays nearly so.
        pale = (swatches[:, 0] > 85) & (swatches[:, 1] < 0.05)
        colors[pale, 1] *= 0.5
        found.append(Source("turn", colors, roles, seated=True))
    return found


def glare(swatches: np.ndarray, weight: np.ndarray) -> float:
    """Return a penalty for what cloth wears badly: acid green, hot magenta, a screen's green and cyan, drab olive."""
    lightness, chroma, hue = swatches.T
    acid = np.maximum(chroma - 0.09, 0) * ((hue > 98) & (hue < 138))
    magenta = np.maximum(chroma - 0.11, 0) * ((hue > 300) | (hue < 5))
    screen = np.maximum(chroma - 0.10, 0) * ((hue >= 138) & (hue < 240))
    drab = np.maximum(chroma - 0.035, 0) * ((hue > 85) & (hue < 125) & (lightness > 20) & (lightness < 42))
    return float((weight * (acid + magenta + screen + 0.6 * drab)).sum()) / 0.012


def _strength(hue: np.ndarray) -> np.ndarray:
    """Return the chroma that dyes give around a hue (degrees): madder is stronger than a sage of the same standing."""
    colors = sorted((color[2], color[1]) for color in HUES.values() if color[1] >= 0.05)
    return np.interp(hue, [h for h, _ in colors], [c for _, c in colors], period=360)


def _nearest_hue(hue: float) -> tuple[float, float, float]:
    """Return the dyer's hue nearest to an angle; grays and browns aside, which are no accent."""
    hues = [color for color in HUES.values() if color[1] >= 0.06]
    return min(hues, key=lambda color: abs((color[2] - hue + 180) % 360 - 180))
