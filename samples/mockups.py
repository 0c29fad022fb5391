"""Draws the sheet of all scenes that the README shows, each in one of six very different designs.

    python samples/mockups.py [--every FOLDER] [--designs FOLDER]

``--every`` writes every scene in every design as well, at full size: for looking at them. ``--designs`` keeps the
designs' library there.
"""

import argparse
import tempfile
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from patterns import presets
from patterns.atelier.bench import Bench
from patterns.atelier.making import design
from patterns.atelier.mocking import Asked, picture
from patterns.design import Brief
from patterns.library import Library
from patterns.press.pictures import Captioned, sheet
from patterns.units import parse_length

HERE = Path(__file__).parent
WIDTH_PX, COLUMNS = 2000, 4


def brief(asked: dict[str, Any]) -> Brief:
    """Return the brief of one design of mockups.toml."""
    size, scale = asked.pop("size"), asked.pop("scale", None)
    return Brief(width_mm=parse_length(size), scale=parse_length(scale) if scale else None, **asked)


def framed(pixels: np.ndarray) -> np.ndarray:
    """Return a picture cut to 4 by 3 about its middle."""
    height, width = pixels.shape[:2]
    keep = min(height, round(width * 3 / 4))
    top = (height - keep) // 2
    return pixels[top : top + keep]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=Path)
    parser.add_argument("--designs", type=Path)
    asked = parser.parse_args()
    said = tomllib.loads((HERE / "mockups.toml").read_text())
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Library(asked.designs or Path(folder)))
        ids = {name: design(brief(dict(entry)), bench).design.id for name, entry in said["designs"].items()}
        cells = []
        for scene, name in said["scenes"].items():
            pixels, _ = picture(ids[name], scene, Asked(), bench)
            cells.append(Captioned(framed(pixels), presets.scene(scene).title))
        rows = [cells[start : start + COLUMNS] for start in range(0, len(cells), COLUMNS)]
        Image.fromarray(sheet(rows, width=WIDTH_PX)).save(HERE / "mockups.png", optimize=True)
        for scene in presets.names("scenes") if asked.every else ():
            for name, identity in ids.items():
                asked.every.mkdir(parents=True, exist_ok=True)
                pixels, _ = picture(identity, scene, Asked(), bench)
                Image.fromarray(pixels).save(asked.every / f"{scene}-{name}.jpg", quality=90)


if __name__ == "__main__":
    main()
