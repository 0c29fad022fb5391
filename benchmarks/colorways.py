"""Measures what docs/colorways.md says: the laws of proposed colorways beside turning the hue slider.

    python benchmarks/colorways.py [--palettes N] [--seed S]

Each of N palettes, as the palette of a design with six inks, gets six colorways under several conditions. The baseline
turns all hues in OKLCh by 51, 103 ... degrees at constant lightness and chroma, as the hue slider of an editor does.
"""

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))

from patterns import presets
from patterns.color import Palette, ciede2000
from patterns.color.colorways import APART, distance, propose
from patterns.color.laying import NEIGHBORS_APART, NEIGHBORS_SHARE, Use, keeps_values, weights
from patterns.color.spaces import lab_to_oklch, oklch_to_lab
from patterns.errors import CannotMake

COUNT = 6
COVERAGE = np.array([0.55, 0.2, 0.12, 0.04, 0.05, 0.04])
USE = Use(COVERAGE, Use.even(6).borders)

Maker = Callable[[Palette, np.random.Generator], list[np.ndarray]]


def slider(palette: Palette, rng: np.random.Generator) -> list[np.ndarray]:
    """Return the palette with its hues turned six times round the circle."""
    oklch = lab_to_oklch(palette.lab())
    turned = np.repeat(oklch[None], COUNT, axis=0)
    turned[..., 2] = (turned[..., 2] + 360 / (COUNT + 1) * np.arange(1, COUNT + 1)[:, None]) % 360
    return list(oklch_to_lab(turned))


def proposer(*, fabric: str = "", **wish: object) -> Maker:
    """Return what proposes six colorways under a wish."""
    gamut = presets.fabric(fabric).gamut() if fabric else None
    given = presets.palettes()

    def make(palette: Palette, rng: np.random.Generator) -> list[np.ndarray]:
        found = propose(palette, count=COUNT, rng=rng, palettes=given, use=USE, gamut=gamut, **wish)  # pyright: ignore[reportArgumentType]
        return [p.lab() for p in found]

    return make


def measured(palettes: list[Palette], make: Maker, seed: int, *, invert: bool, fixed: np.ndarray) -> str:
    """Return a row of the table: what six colorways of every palette measure at the worst."""
    closest, least, broken, sets, refused, seconds = [], [], 0, 0, 0, 0.0
    weight = weights(COVERAGE, fixed)
    for palette in palettes:
        began = time.process_time()
        try:
            found = make(palette, np.random.default_rng(seed))
        except CannotMake:
            refused += 1
            continue
        seconds += time.process_time() - began
        old = palette.lab()
        every = np.stack([old, *found])
        closest.append(distance(every[:, None], every[None], weight)[np.triu_indices(len(every), 1)].min())
        wanted = np.minimum(NEIGHBORS_APART, NEIGHBORS_SHARE * ciede2000(old[:, None], old[None]))
        for lab in found:
            apart = ciede2000(lab[:, None], lab[None])
            least.append(apart[np.triu_indices(6, 1)].min())
            judged = ~fixed if invert else np.ones(6, dtype=bool)
            values = keeps_values(old[judged, 0], lab[judged, 0], invert=invert)
            broken += not (values and (apart >= wanted).all())
        sets += 1
    total = max(COUNT * sets, 1)
    return (
        f"{min(closest):6.1f} {np.median(closest):8.1f} {min(least):9.1f} {broken / total:10.1%} {refused:8d} "
        f"{1000 * seconds / max(sets, 1):9.0f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--palettes", type=int, default=12)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    palettes = [p for p in presets.palettes() if len(p) == 6 and p.inks[1].role == "main"][: asked.palettes]
    none, ground = np.zeros(6, dtype=bool), np.arange(6) == 0
    rows: list[tuple[str, Maker, bool, np.ndarray]] = [
        ("hue slider (baseline)", slider, False, none),
        ("values kept", proposer(), False, none),
        ("values turned about", proposer(invert=True), True, none),
        ("ground and main kept", proposer(keep=("ground", "main")), False, np.arange(6) < 2),
        ("ground kept, palettes only", proposer(keep=("ground",), only_palettes=True), False, ground),
        *((f"on {name}", proposer(fabric=name), False, none) for name in ("cotton-screen-150", "linen-pigment-140")),
    ]
    print(f"{len(palettes)} palettes, {COUNT} colorways each, at least {APART:g} apart")
    print(f"{'':28s} {'least':>6} {'median':>8} {'least of':>9} {'break':>10} {'sets':>8} {'ms of CPU':>9}")
    print(f"{'':28s} {'apart':>6} {'apart':>8} {'two inks':>9} {'a law':>10} {'refused':>8} {'a set':>9}")
    for name, make, invert, fixed in rows:
        print(f"{name:28s} {measured(palettes, make, asked.seed, invert=invert, fixed=fixed)}")


if __name__ == "__main__":
    main()
