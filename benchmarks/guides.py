"""How near drawings come to a reference: the distance with it over the distance without it, for several references.

    python -m benchmarks.guides [--steps 8] [--sheet FILE.png]

References are drawn here by code, and are nothing that the Loom was taught. For each, the same prompts and seeds are
drawn without it, with only its coverages followed, with its contours followed too, and so told its size and density.
Figures are mean distances (``patterns.loom.manner.distances``); the last line of each part is the ratio to "without".
Crispness is the share of pixels at which one ink is above 0.9.
"""

import argparse
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

import numpy as np

from patterns.lattice import Lattice
from patterns.loom import following as guided
from patterns.loom import manner as manners
from patterns.loom.measures import crispness
from patterns.loom.weave import Request, Woven
from patterns.separation import ROLES

PROMPTS = (("tossed peonies", 0), ("tossed leaf sprigs", 1))
SIDE, SIZE_MM = 256, 240.0
COLORS = np.array([[240, 230, 210], [40, 70, 120], [200, 100, 80], [225, 180, 80]], np.uint8)
WAYS = ("without", "coverage", "and contours", "and told")


def discs() -> np.ndarray:
    """Return rings in a half-drop, (H, W) ink numbers."""
    return _round([(x * 64 + 32, y * 64 + 32 * (1 + x % 2)) for x in range(-1, 5) for y in range(-1, 5)], 24, 14, 6)


def pebbles() -> np.ndarray:
    """Return small dots of three inks, side by side all over."""
    rng = np.random.default_rng(0)
    found = np.zeros((SIDE, SIDE), np.uint8)
    for x, y, r in rng.uniform((0, 0, 5), (SIDE, SIDE, 10), (420, 3)):
        found[_near(x, y, r)] = 1 + rng.integers(3)
    return found


def sparse() -> np.ndarray:
    """Return a few small rings far apart."""
    return _round([tuple(p) for p in np.random.default_rng(1).uniform(0, SIDE, (14, 2))], 11, 5)


def strokes() -> np.ndarray:
    """Return short strokes that all run one way."""
    rng = np.random.default_rng(2)
    found = np.zeros((SIDE, SIDE), np.uint8)
    y, x = np.mgrid[:SIDE, :SIDE]
    for k in range(160):
        (cx, cy), turn, half = rng.uniform(0, SIDE, 2), np.pi / 4 + rng.normal(0, 0.1), rng.uniform(12, 24)
        along = (x - cx) * np.cos(turn) + (y - cy) * np.sin(turn)
        across = (y - cy) * np.cos(turn) - (x - cx) * np.sin(turn)
        found[(abs(along) < half) & (abs(across) < 2.8)] = 1 + k % 3
    return found


REFERENCES: dict[str, Callable[[], np.ndarray]] = {
    "discs": discs, "pebbles": pebbles, "sparse": sparse, "strokes": strokes,
}  # fmt: skip


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=8)
    parser.add_argument("--sheet", type=Path)
    args = parser.parse_args()
    rows: dict[str, list[np.ndarray]] = {way: [] for way in WAYS}
    pictures = []
    print(f"{'reference':10} {'way':14} coverage  edges  grain   size  crisp")
    for name, drawn in REFERENCES.items():
        planes = _planes(drawn())
        row = [_shown(planes)]
        for way in WAYS:
            made = [_drawn(way, planes, prompt, seed, args.steps) for prompt, seed in PROMPTS]
            figures = np.mean([_figures(one, planes) for one in made], axis=0)
            rows[way].append(figures)
            row += [_shown(one) for one in made]
            print(f"{name:10} {way:14} {_line(figures)}", flush=True)
        pictures.append(np.concatenate(row, axis=1))
    plain = np.mean(rows["without"], axis=0)
    for way in WAYS:
        print(f"{'all':10} {way:14} {_line(np.mean(rows[way], axis=0))}")
        print(f"{'':10} {'ratio':14} {_line(np.mean(rows[way], axis=0) / plain)}")
    if args.sheet:
        from PIL import Image

        Image.fromarray(np.concatenate(pictures)).save(args.sheet)


def _drawn(way: str, planes: np.ndarray, prompt: str, seed: int, steps: int) -> np.ndarray:
    """Return planes (K, H, W) drawn one way."""
    request = Request(prompt, Lattice(SIZE_MM, SIZE_MM), inks=len(planes), seed=seed, steps=steps)
    manner = manners.measured(planes).scaled(SIZE_MM * guided.PX_PER_MM / SIDE)
    guides = guided.Guides(manner, 0.0 if way == "without" else 0.6)
    if way in ("without", "and told"):
        return _whole(guided.followed(request, guides), len(planes))
    with patch.object(guided, "_told", lambda request, reading, *_: (request, reading)):
        if way == "coverage":
            with patch.object(manners, "_sloped", lambda p, *_: p):
                return _whole(guided.followed(request, guides), len(planes))
        return _whole(guided.followed(request, guides), len(planes))


def _whole(woven: Woven, inks: int) -> np.ndarray:
    shown = woven.separation
    planes = np.zeros((inks, *shown.planes.shape[1:]), np.float32)
    planes[[ROLES.index(role) for role in shown.roles]] = shown.planes
    return planes


def _figures(drawn: np.ndarray, planes: np.ndarray) -> np.ndarray:
    stretch = np.sqrt(drawn[0].size / planes[0].size)
    asked = manners.measured(planes).scaled(stretch)
    return np.array([*manners.distances(manners.measured(drawn), asked).values(), crispness(drawn)])


def _line(figures: np.ndarray) -> str:
    return "  ".join(f"{v:5.3f}" for v in figures)


def _planes(inks: np.ndarray) -> np.ndarray:
    planes = np.stack([inks == k for k in range(int(inks.max()) + 1)]).astype(np.float32)
    order = np.argsort(-planes.mean(axis=(1, 2)), kind="stable")
    return planes[order]


def _shown(planes: np.ndarray) -> np.ndarray:
    from PIL import Image

    shown = np.tensordot(planes, COLORS[: len(planes)].astype(np.float32), axes=(0, 0)).astype(np.uint8)
    return np.asarray(Image.fromarray(shown).resize((SIDE, SIDE)))


def _near(x: float, y: float, radius: float) -> np.ndarray:
    rows, columns = np.mgrid[:SIDE, :SIDE]
    return np.hypot(columns - x, rows - y) < radius


def _round(centers: list[tuple[float, ...]], *radii: float) -> np.ndarray:
    found = np.zeros((SIDE, SIDE), np.uint8)
    for x, y in centers:
        for ink, radius in enumerate(radii, 1):
            found[_near(x, y, radius)] = ink
    return found


if __name__ == "__main__":
    main()
