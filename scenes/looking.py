"""Quick looks at maps while a scene is modeled: a ruled checker, a plain white, or a picture that repeats."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from patterns.color import srgb_to_linear
from patterns.mockup.dressing import composed, encoded
from patterns.mockup.maps import Maps
from patterns.mockup.tone import toned


def look(maps: Maps, path: Path, *, design: str = "checker", mm: float = 320.0) -> None:
    """Write a PNG of maps dressed without any filter: in a "checker", in "white", or in a file's straight repeat.

    The checker has squares of 10 mm and bold lines every 100 mm; a file's picture is ``mm`` wide.
    """
    u, v = maps.fragments.uv
    if design == "checker":
        albedo = _checker(u, v)
    elif design == "white":
        albedo = np.full((3, len(u)), 0.85)
    else:
        pixels = srgb_to_linear(np.asarray(Image.open(design).convert("RGB")) / 255)
        scale = pixels.shape[1] / mm
        albedo = pixels[(v * scale).astype(int) % pixels.shape[0], (u * scale).astype(int) % pixels.shape[1]].T
    light = albedo.astype(np.float32) * maps.fragments.shade
    Image.fromarray(encoded(composed(maps, toned(light)))).save(path)


def _checker(u: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Return albedo (3, n); a yellow corner at the top right of every 100 mm says which way the cloth lies."""
    even = (np.floor(u / 10) + np.floor(v / 10)) % 2 > 0
    bold = (np.abs((u + 50) % 100 - 50) < 1.5) | (np.abs((v + 50) % 100 - 50) < 1.5)
    corner = (u % 100 > 60) & (v % 100 < 40) & (u % 100 - 60 > v % 100)
    colors = np.array([[0.25, 0.33, 0.45], [0.75, 0.72, 0.66], [0.5, 0.05, 0.05], [0.8, 0.6, 0.05]])
    return colors[np.select([corner, bold, even], [3, 2, 1], 0)].T
