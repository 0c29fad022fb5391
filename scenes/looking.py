"""Quick looks at maps while a scene is modeled: a ruled checker, a plain white, or a picture that repeats."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from patterns.mockup.maps import Maps
from patterns.mockup.tone import toned


def look(maps: Maps, path: Path, *, design: str = "checker", mm: float = 320.0) -> None:
    """Write a PNG of maps dressed without any filter: "checker" (10 mm squares, bold lines each 100), "white", or a file.

    A file is taken as one straight repeat ``mm`` wide.
    """
    fragments = maps.fragments
    u, v = fragments.uv
    if design == "checker":
        square = (np.floor(u / 10) + np.floor(v / 10)) % 2
        albedo = np.where(square[None] > 0, np.array([[0.75], [0.72], [0.66]]), np.array([[0.25], [0.33], [0.45]]))
        bold = (np.abs((u + 50) % 100 - 50) < 1.5) | (np.abs((v + 50) % 100 - 50) < 1.5)
        albedo = np.where(bold[None], np.array([[0.5], [0.05], [0.05]]), albedo)
        # An arrow up and to the right shows which way the cloth lies: a quarter of every 100 mm square is tinted.
        corner = ((u % 100) > 60) & ((v % 100) < 40) & ((u % 100) - 60 > (v % 100))
        albedo = np.where(corner[None], np.array([[0.8], [0.6], [0.05]]), albedo)
    elif design == "white":
        albedo = np.full((3, len(fragments)), 0.85)
    else:
        pixels = (np.asarray(Image.open(design).convert("RGB")) / 255.0) ** 2.2
        scale = pixels.shape[1] / mm
        albedo = pixels[(v * scale).astype(int) % pixels.shape[0], (u * scale).astype(int) % pixels.shape[1]].T
    cloth = toned(albedo.astype(np.float32) * fragments.shade) * fragments.coverage
    width, height = maps.size
    covered = np.bincount(fragments.pixel, fragments.coverage, width * height)[:, None]
    total = np.stack([np.bincount(fragments.pixel, c, width * height) for c in cloth], axis=1)
    picture = total + maps.plate.reshape(-1, 3) * (1 - covered)
    encoded = np.where(picture <= 0.0031308, picture * 12.92, 1.055 * np.maximum(picture, 0) ** (1 / 2.4) - 0.055)
    Image.fromarray(np.rint(255 * encoded.clip(0, 1)).astype(np.uint8).reshape(height, width, 3)).save(path)


def measured(maps: Maps, parts: int) -> list[tuple[float, float, float]]:
    """Return, of each part, the 10th, 50th and 90th percentile of mm in space per mm of its uv, by camera and depth."""
    from scenes.measuring import scales

    return [tuple(np.percentile(s, (10, 50, 90))) if len(s) else (0.0, 0.0, 0.0) for s in scales(maps, parts)]  # pyright: ignore
