"""Draws the samples again, and the picture of all six that the README shows.

    python samples/make.py [--model FOLDER] [--only NAME]

Each sample is one PNG: a cell of the repeat that carries its record and its ink planes, so that it can be replayed.
"""

import argparse
import shutil
import tempfile
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from patterns.atelier.bench import Bench, default_weights
from patterns.atelier.making import Made, design
from patterns.color import linear_to_srgb
from patterns.design import Brief
from patterns.enlarge import enlarged
from patterns.library import Library
from patterns.separation import Separation
from patterns.units import parse_length

HERE = Path(__file__).parent
# The overview: every design paved to the same size of cloth, its contours enlarged as they are for print.
SHOWN_MM, SHOWN_PX, GAP_PX = 480.0, 800, 16


def brief(asked: dict[str, Any]) -> Brief:
    """Return the brief of one entry of prompts.toml."""
    size = asked.pop("size", None)
    return Brief(product="", width_mm=parse_length(size) if size else None, **asked)


def paved(made: Made, mm: float = SHOWN_MM, px: int = SHOWN_PX) -> np.ndarray:
    """Return the design paved to ``mm`` of cloth each way, (px, px, 3) uint8."""
    lattice, drawn = made.design.lattice, made.separation.grid
    # A hand's marks are finer than the picture: they are drawn in full, then made smaller.
    density = max(px / mm, drawn.width / lattice.width, drawn.height / lattice.height)
    grid = lattice.grid_at(density)
    planes = enlarged(made.separation.planes, drawn, grid) / np.float32(255)
    linear = Separation(planes, lattice, made.separation.roles).render(made.design.palette.linear_rgb())
    pixels = np.rint(np.clip(linear_to_srgb(linear), 0, 1) * 255).astype(np.uint8)
    side = round(mm * density)
    shown = grid.window(pixels.transpose(2, 0, 1), top=0, left=0, height=side, width=side).transpose(1, 2, 0)
    return np.asarray(Image.fromarray(shown).resize((px, px), Image.Resampling.LANCZOS))


def overview(pictures: list[np.ndarray]) -> Image.Image:
    """Return six pictures, three in a row."""
    step = SHOWN_PX + GAP_PX
    sheet = Image.new("RGB", (3 * step - GAP_PX, 2 * step - GAP_PX), "white")
    for i, picture in enumerate(pictures):
        sheet.paste(Image.fromarray(picture), (i % 3 * step, i // 3 * step))
    return sheet


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path)
    parser.add_argument("--only")
    asked = parser.parse_args()
    prompts = tomllib.loads((HERE / "prompts.toml").read_text())
    pictures = []
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Library(Path(folder)), asked.model or default_weights())
        for name, entry in prompts.items():
            if asked.only not in (None, name):
                continue
            made = design(brief(dict(entry)), bench)
            shutil.copyfile(made.folder / "tile.png", HERE / f"{name}.png")
            pictures.append(paved(made))
            print(f"{name}: {', '.join(str(f) for f in made.findings) or 'no findings'}")
    if asked.only is None:
        overview(pictures).save(HERE / "overview.png", optimize=True)


if __name__ == "__main__":
    main()
