"""Tracing against vtracer, on the same index maps at equal greatest deviation.

    python benchmarks/trace.py                      # 1024 x 1024 px
    python benchmarks/trace.py --size 2048 --inks 6

Both get a map of flat colors without antialiasing, which is what suits vtracer best. Their SVG files are drawn by resvg
at four times the size and looked at from outside:

- greatest deviation: how far from the nearest pixel of the map that has the color shown there, px of the map; the
  99.99th percentile stands beside it, because one crumb that was dropped decides the greatest;
- changed: share of the picture, at four times the size, that shows another of the map's colors than its pixel has;
- holes: share of the picture that nothing covers;
- wrong colors: share whose color is none of the map's; and how many colors are filled with;
- edge mismatch: share of the left and right, top and bottom edge where what meets is not what meets in the map;
- nodes: points that curves go through, in the whole file.

Ours is given tolerances until neither its deviations nor its share of changed color are larger than vtracer's. Times
are one core's, one run each after a first on a small map, as a ratio; the size of the floor, 2048 px with six inks, is
timed on coverage planes too.
"""

import argparse
import io
import re
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from patterns.lattice import Grid
from patterns.trace import Layer, Sheet, Window, laid, outlines, svg, trace, underlaps
from patterns.trace.graph import UNIT

_ZOOM = 4
_COLORS = np.array(
    [[243, 234, 215], [39, 53, 107], [196, 85, 59], [125, 154, 106], [224, 176, 80], [59, 42, 32]], np.uint8
)


@dataclass(frozen=True)
class Found:
    name: str
    text: str
    seconds: float


def planes(size: int, inks: int, rng: np.random.Generator) -> np.ndarray:
    """Return smooth surfaces (K, H, W) on a straight repeat whose strongest is the map: blobs, tips, thin necks."""
    y, x = np.mgrid[:size, :size] * (2 * np.pi / size)
    found = np.zeros((inks, size, size), np.float32)
    for surface in found:
        for a, b in rng.integers(-12, 13, (10, 2)):
            surface += np.cos(a * x + b * y + rng.random() * 2 * np.pi).astype(np.float32)
    return found


def shapes(size: int, inks: int, rng: np.random.Generator) -> np.ndarray:
    """Return a map (H, W) of discs, squares and lines that cross the edges: corners and straight sides."""
    y, x = np.mgrid[:size, :size]
    labels = np.zeros((size, size), np.uint8)
    for n in range(120):
        cx, cy = rng.integers(0, size, 2)
        r, turn = rng.uniform(0.01, 0.06) * size, rng.uniform(0, np.pi)
        dx, dy = (x - cx + size // 2) % size - size // 2, (y - cy + size // 2) % size - size // 2
        along, across = dx * np.cos(turn) + dy * np.sin(turn), dy * np.cos(turn) - dx * np.sin(turn)
        kind = n % 3
        inside = dx**2 + dy**2 < r**2 if kind == 0 else (abs(along) < r) & (abs(across) < (r if kind == 1 else 2))
        labels[inside] = 1 + n % (inks - 1)
    return labels


def ours(pixels: np.ndarray, tolerance: float, *, trap: float) -> Found:
    begin = time.process_time()
    grid = Grid(pixels.shape[-1], pixels.shape[-2])
    regions, window = trace(pixels, grid, tolerance_px=tolerance), Window.of_repeat(grid)
    order = tuple(range(regions.inks))
    under = underlaps(regions, order, trap * UNIT)
    layers = []
    for k in order:
        curves = [] if trap and k == 0 else outlines(regions, k, window) + laid(under[k], grid, window)
        layers.append(Layer(f"{k + 1:02d}", "#{:02x}{:02x}{:02x}".format(*_COLORS[k]), curves, trap > 0 and k == 0))
    text = svg(layers, Sheet(window, (1.0, 1.0), repeat=False))
    kind = "stacked" if trap else "partition"
    return Found(f"ours, {kind}, {tolerance:g} px", text, time.process_time() - begin)


def theirs(labels: np.ndarray, kind: str) -> Found:
    import vtracer
    from PIL import Image

    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "map.png", Path(folder) / "map.svg"
        Image.fromarray(_COLORS[labels]).save(source)
        begin = time.process_time()
        vtracer.convert_image_to_svg_py(str(source), str(target), hierarchical=kind, filter_speckle=0)
        return Found(f"vtracer, {kind}", target.read_text(), time.process_time() - begin)


def drawn(text: str, size: int) -> np.ndarray:
    """Return what resvg shows over magenta, (4 H, 4 W, 3) int."""
    import resvg_py
    from PIL import Image

    text = re.sub(r'width="[\d.]+(mm)?" height="[\d.]+(mm)?"', f'width="{size}" height="{size}"', text, count=1)
    if "viewBox" not in text:
        text = text.replace("<svg ", f'<svg viewBox="0 0 {size} {size}" ', 1)
    how: dict[str, Any] = {"background": "#ff00ff", "dpi": 96, "shape_rendering": "crisp_edges"}
    png = resvg_py.svg_to_bytes(svg_string=text, width=size * _ZOOM, **how)
    return np.asarray(Image.open(io.BytesIO(bytes(png))).convert("RGB")).astype(np.int16)


def judged(found: Found, labels: np.ndarray) -> dict[str, float]:
    """Return the figures of one file against its map."""
    from scipy.ndimage import distance_transform_edt

    shown = drawn(found.text, len(labels))
    colors = _COLORS[: labels.max() + 1].astype(np.int16)
    off = np.stack([np.abs(shown - color).max(axis=2) for color in colors])
    nearest = off.argmin(axis=0)
    hole = np.abs(shown - (255, 0, 255)).max(axis=2) < 40
    far = np.zeros(shown.shape[:2])
    for k in range(len(colors)):
        reach = np.pad(labels == k, 32, mode="wrap").repeat(_ZOOM, axis=0).repeat(_ZOOM, axis=1)
        cut = slice(32 * _ZOOM, -32 * _ZOOM)
        distance = np.asarray(distance_transform_edt(~reach))[cut, cut] / _ZOOM
        far = np.where(nearest == k, distance, far)
    return {
        "deviation": float(far[~hole].max()),
        "p99.99": float(np.quantile(far[~hole], 0.9999)),
        "changed %": 100 * float((nearest != labels.repeat(_ZOOM, axis=0).repeat(_ZOOM, axis=1))[~hole].mean()),
        "holes %": 100 * hole.mean(),
        "wrong %": 100 * ((off.min(axis=0) > 2) & ~hole).mean(),
        "fills": len(set(re.findall(r"fill[=:] ?\"?(#[0-9a-fA-F]{6})", found.text))),
        "edge %": 100 * _mismatch(nearest, labels),
        "nodes": nodes(found.text),
        "kB": len(found.text) / 1000,
        "s": found.seconds,
    }


def _mismatch(nearest: np.ndarray, labels: np.ndarray) -> float:
    """Return how much more of the seams than in the map has unlike colors on its two sides."""

    def unlike(array: np.ndarray) -> float:
        return float((array[:, 0] != array[:, -1]).mean() + (array[0] != array[-1]).mean()) / 2

    return max(0.0, unlike(nearest) - unlike(labels))


def nodes(text: str) -> int:
    """Return how many points the curves of all paths go through."""
    count = 0
    for data in re.findall(r'\sd="([^"]*)"', text):
        for command, numbers in re.findall(r"([MmLlCcZz])([^MmLlCcZz]*)", data):
            pairs = len(re.findall(r"-?\d+\.?\d*", numbers)) // 2
            count += pairs // 3 if command in "Cc" else pairs
    return count


def compared(name: str, labels: np.ndarray) -> None:
    print(f"\n{name}, {labels.shape[1]} x {labels.shape[0]} px, {labels.max() + 1} inks")
    head = None
    baseline: dict[str, dict[str, float]] = {}
    for kind in ("stacked", "cutout"):
        found = theirs(labels, kind)
        baseline[kind] = judged(found, labels)
        head = head or _said_head(baseline[kind])
        _say(found.name, baseline[kind])
    for kind, trap in (("stacked", 1.0), ("cutout", 0.0)):
        for tolerance in (4.0, 3.0, 2.0, 1.5, 1.0, 0.75, 0.5, 0.3):
            found = ours(labels, tolerance, trap=trap)
            figures = judged(found, labels)
            if all(figures[name] <= baseline[kind][name] for name in ("deviation", "p99.99", "changed %")):
                break
        _say(found.name, figures)
        ratio = figures["s"] / baseline[kind]["s"]
        print(f"  against vtracer {kind}: {figures['nodes'] / baseline[kind]['nodes']:.2f} of its nodes, "
              f"{ratio:.1f} times its time")  # fmt: skip


def _said_head(figures: dict[str, float]) -> str:
    text = f"  {'':<28}" + "".join(f"{name:>11}" for name in figures)
    print(text)
    return text


def _say(name: str, figures: dict[str, float]) -> None:
    print(f"  {name:<28}" + "".join(f"{value:>11.4g}" for value in figures.values()), flush=True)


def covered(surfaces: np.ndarray, grid: Grid) -> np.ndarray:
    """Return coverages (K, H, W) uint8 of surfaces, as the print has them."""
    from patterns import contour

    padded = grid.pad(surfaces, 1)
    strongest = contour.strongest(padded)
    inner = strongest[1:-1, 1:-1]
    planes = np.stack([(inner == k).astype(np.uint8) * np.uint8(255) for k in range(len(surfaces))])
    y, x = np.nonzero(contour.on_contour(strongest))
    first = inner[y, x]
    second, share = contour.shares(padded, first, y + 1, x + 1)
    whole = np.rint(255 * share).astype(np.uint8)
    planes[first, y, x], planes[second, y, x] = whole, 255 - whole
    return planes


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=1024)
    parser.add_argument("--inks", type=int, default=6)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--time-only", action="store_true", help="only trace coverage planes, and say how long it took")
    given = parser.parse_args()
    rng = np.random.default_rng(given.seed)
    small = shapes(64, 3, np.random.default_rng(0))
    ours(small, 1.0, trap=1.0)  # what is loaded on first use is not counted
    surfaces = planes(given.size, given.inks, rng)
    if not given.time_only:
        compared("blobs", surfaces.argmax(axis=0).astype(np.uint8))
        compared("shapes", shapes(given.size, given.inks, rng))
    begin, cpu = time.perf_counter(), time.process_time()
    found = ours(covered(surfaces, Grid(given.size, given.size)), 0.3, trap=0.64)
    print(f"\ncoverage planes {given.size} x {given.size} px, {given.inks} inks, 0.3 px: {nodes(found.text)} nodes, "
          f"{found.seconds:.2f} s of one core from planes to SVG "
          f"({time.process_time() - cpu:.2f} s with making the planes, {time.perf_counter() - begin:.2f} s "
          "by the clock)")  # fmt: skip


if __name__ == "__main__":
    main()
