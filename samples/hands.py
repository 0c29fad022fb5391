"""Draws the picture of every hand, `samples/hands.png`: clean drawings of the corpus, cut as they would be printed.

    python samples/hands.py [--out FILE] [--hand NAME] [--close]

Each row is a hand, each column a drawing; the cloth shown is 120 mm wide. `--close` shows 40 mm instead.
"""

import argparse
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from patterns.atelier.handing import by_hand
from patterns.color import linear_to_srgb
from patterns.color.ink import Palette
from patterns.enlarge import enlarged
from patterns.hand import HANDS
from patterns.lattice import Grid, Lattice
from patterns.motif import draw
from patterns.presets import palette_from
from patterns.separation import ROLES, Separation

HERE = Path(__file__).parent
# What is shown: a family, the seed of its drawing, and a palette, the ground first.
DRAWINGS = (
    ("peony", 5, "#f3ead7,#27356b,#7f95b8,#c4573f,#1d2340,#e0b84c"),
    ("butterfly", 16, "#f6efe2,#b8442e,#2f6c74,#e0a13c,#3a2a25,#7f9c6b"),
    ("bird", 26, "#efe7d3,#2f5d46,#8aa37b,#c98a3c,#1f2f28,#c4573f"),
    ("monstera", 1, "#f4ecdd,#9c2f45,#d98a8f,#4d6b46,#2e2430,#e3b04b"),
)
SHOWN_MM, CLOSE_MM, SHOWN_PX, GAP_PX, PX_PER_MM = 120.0, 40.0, 480, 12, 0.8
LABEL_PX = 26


def drawn(family: str, seed: int) -> Separation:
    """Return a drawing of the corpus as a separation, with the inks that it shows."""
    drawing = draw(np.random.default_rng(seed), Grid(256, 256, 128), family=family)
    grid = drawing.grid
    drop = (grid.drop, grid.height)
    lattice = Lattice(grid.width / PX_PER_MM, grid.height / PX_PER_MM, *([_fraction(*drop)] if grid.drop else []))
    shown = [k for k in range(len(ROLES)) if k == 0 or drawing.planes[k].any()]
    return Separation(drawing.planes[shown], lattice, tuple(ROLES[k] for k in shown))


def _fraction(above: int, below: int):
    from fractions import Fraction

    return Fraction(above, below)


def shown(separation: Separation, palette: Palette, mm: float) -> np.ndarray:
    """Return a piece of the cloth at print resolution, (SHOWN_PX, SHOWN_PX, 3) uint8."""
    lattice = separation.lattice
    grid = lattice.grid_at(max(SHOWN_PX / mm, separation.grid.width / lattice.width))
    planes = enlarged(separation.planes, separation.grid, grid) / np.float32(255)
    colors = palette.linear_rgb()[[ROLES.index(role) for role in separation.roles]]
    piece = round(mm * grid.width / lattice.width)
    planes = grid.window(planes, top=0, left=0, height=piece, width=piece)
    linear = Separation(planes, Lattice(mm, mm), separation.roles).render(colors)
    picture = Image.fromarray(np.rint(np.clip(linear_to_srgb(linear), 0, 1) * 255).astype(np.uint8))
    return np.asarray(picture.resize((SHOWN_PX, SHOWN_PX), Image.Resampling.BOX if piece > SHOWN_PX else 0))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=HERE / "hands.png")
    parser.add_argument("--hand", choices=HANDS)
    parser.add_argument("--close", action="store_true")
    asked = parser.parse_args()
    hands = (asked.hand,) if asked.hand else HANDS
    step = SHOWN_PX + GAP_PX
    sheet = Image.new("RGB", (len(DRAWINGS) * step - GAP_PX, len(hands) * (step + LABEL_PX)), "white")
    write = ImageDraw.Draw(sheet)
    font = ImageFont.load_default(20)
    for column, (family, seed, colors) in enumerate(DRAWINGS):
        clean, palette = drawn(family, seed), palette_from(colors)
        for row, hand in enumerate(hands):
            picture = shown(by_hand(clean, hand, seed=seed), palette, CLOSE_MM if asked.close else SHOWN_MM)
            sheet.paste(Image.fromarray(picture), (column * step, row * (step + LABEL_PX) + LABEL_PX))
            write.text((column * step + 4, row * (step + LABEL_PX) + 1), f"{family}, {hand}", "black", font)
    sheet.save(asked.out, optimize=True)


if __name__ == "__main__":
    main()
