"""Whether a tile meets itself: what changes across its joints, against what changes everywhere inside it.

A joint is where two copies of the tile meet: the last column with the first (``across``), the last row with the first
(``down``), each moved by the grid's drop or slide. Every pair of neighboring lines inside the tile is a joint without
a seam, and is what the real one is measured against. Three figures are taken of each pair of lines:

- ``change``: the mean CIEDE2000 between the two lines. It is what people quote, and is reported as a percentile (ties
  by mid-rank) and as a ratio to the strongest pair inside; alone it cannot tell a stripe's edge from a seam.
- ``jump``: the part of that change which the pairs on either side, a pixel up or down, do not account for together.
  A contour that crosses the joint obliquely goes on crossing, and leaves none.
- ``broken``: the share of the joint at which change can be seen that is not to be seen on either side.

A cut moves every contour that crosses it, so it raises both, in many places at once. The score weighs (``WEIGHTS``) how
many standard deviations the logarithm of each lies above those inside, and the logarithm of the jump's ratio to the
strongest inside: a logistic regression on tiles whole and cut by 5 px.

`python benchmarks/seam.py --count 6`, on tiles that nothing was chosen or fitted on: 2 of 213 whole tiles flagged
(0.9 %), and 13 of 302 cuts missed (4.3 %) that change a tenth of the joint, 17 of 323 (5.3 %) that change a twentieth.
It misses most where motifs are a few px large, which a cut only makes slimmer, and where all is fine texture.

Two things are no seam whatever the score: the edge of a stripe that falls on the joint, for it lies along the whole
of it and is about as strong as others inside; and a joint that keeps a smaller repeat of the tile, for then it is a
copy of a place inside. A joint that breaks such a repeat (regular stripes, checks, dots) is a seam even where the lines
match.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Literal

import numpy as np

from patterns.color.difference import ciede2000
from patterns.color.spaces import srgb_to_lab
from patterns.errors import Finding, InputError
from patterns.lattice import Grid

Direction = Literal["across", "down"]
Verdict = Literal["no seam", "no seam: nothing varies", "seam", "seam: a smaller repeat is broken"]

# Larger pictures are measured on evenly spaced blocks of lines that hold this many pixels, the joint among them.
MOST_PIXELS = 16_000_000
# A larger file is refused before it is decoded.
MOST_PICTURE_PIXELS = 400_000_000

# Lines beside a pair that are looked at, and lines to a block.
_MARGIN = 4
_BLOCK = 256
# Pairs this near to the joint share a line with what is measured there.
_NEAR = 2
# Mean CIEDE2000 below which lines are all alike.
_NOTHING = 0.05
# A change that can be seen side by side, in CIEDE2000; on textured ground, this many times the median change more.
_VISIBLE = 3.0
# Added before a logarithm, so that nothing is finite: a tenth of what can be seen on a fifth of the joint; and to the
# deviation, so that a tile that is all alike inside does not make a seam of a hair.
_LEAST, _LEAST_DEVIATION = 0.02, 0.15
# Ratios of the jump to the strongest inside beyond these say no more.
_LEAST_RATIO, _MOST_RATIO = 0.02, 50.0
# Of ``Joint.evidence``: a fit to 949 joints, the threshold so that about 1 % of whole ones exceed it. The fit of
# benchmarks/seam.py --fit --count 6, on other tiles, is (2.16, 0.83, 1.39) with 4.08.
WEIGHTS = (1.88, 0.85, 1.38)
THRESHOLD = 3.88
# An edge along this share of the joint is a stripe's, if it jumps at most this many times the strongest inside.
_WHOLE, _AS_STRONG = 0.9, 2.0
# A period counts if lines one period apart agree to this share of their variance, and is broken beyond the other.
_KEEPS_PERIOD, _BREAKS_PERIOD = 0.02, 0.1


@dataclass(frozen=True, slots=True)
class Joint:
    """What was measured where the tile meets itself in one direction.

    ``change`` is the mean CIEDE2000 between the two lines that meet, ``percentile`` its mid-rank among all pairs
    inside (0-100, one draw: half of all good tiles lie above 50), ``ratio`` its ratio to the strongest pair inside.
    ``score`` above ``THRESHOLD`` is a seam; it weighs ``evidence``: how far broken and jump stand out, in standard
    deviations, and the logarithm of ``strength``. ``along`` is the share of the joint where change can be seen,
    ``strength`` the ratio of its jump to the strongest inside. ``period_px`` is a smaller repeat inside the tile, 0
    if there is none; ``period_kept`` whether the joint keeps it.
    """

    direction: Direction
    change: float
    percentile: float
    ratio: float
    deviations: tuple[float, float]
    along: float
    strength: float
    period_px: int
    period_kept: bool
    verdict: Verdict = "no seam"

    @property
    def score(self) -> float:
        """How much better a cut explains the joint than the inside does."""
        return sum(w * v for w, v in zip(WEIGHTS, self.evidence, strict=True))

    @property
    def evidence(self) -> tuple[float, float, float]:
        """What the score weighs."""
        return *self.deviations, math.log(min(max(self.strength, _LEAST_RATIO), _MOST_RATIO))

    @property
    def excused(self) -> bool:
        """Whether the joint is no seam whatever its score: a stripe's edge, or a copy of a place inside."""
        edge = self.along >= _WHOLE and self.strength <= _AS_STRONG
        return edge or (self.period_px > 0 and self.period_kept)

    @property
    def passed(self) -> bool:
        """Whether no seam was found."""
        return self.verdict.startswith("no seam")


@dataclass(frozen=True, slots=True)
class SeamReport:
    """The joints of a tile; ``sampled`` is the share of its lines that were measured (1 below 16 megapixels)."""

    joints: tuple[Joint, Joint]
    sampled: float = 1.0

    @property
    def worst(self) -> Joint:
        """The joint that failed, else the one with the higher score."""
        return max(self.joints, key=lambda joint: (not joint.passed, joint.score))

    @property
    def passed(self) -> bool:
        """Whether no seam was found in either direction."""
        return all(joint.passed for joint in self.joints)

    def findings(self) -> list[Finding]:
        """Return a fault for each joint at which a seam was found."""
        return [
            Finding(
                "fault",
                f"the tile does not meet itself {'left to right' if joint.direction == 'across' else 'top to bottom'}",
                f"{joint.verdict}; dE00 {joint.change:.2f}, {joint.ratio:.2f} of the strongest inside, score "
                f"{joint.score:.1f} where {THRESHOLD:g} is the limit",
                "check that the repeat is the one it was drawn for, and that no line was cropped or added",
            )
            for joint in self.joints
            if not joint.passed
        ]


def measure(pixels: np.ndarray, grid: Grid) -> SeamReport:
    """Return what changes across both joints of a tile, (H, W, 3) uint8 sRGB, that repeats on ``grid``.

    Memory stays below about 0.5 GB beside the picture: above 16 megapixels only evenly spaced lines are compared.
    Raises InputError if the pixels are not of that kind, not of the grid's size, or fewer than 16 a side.
    """
    if pixels.ndim != 3 or pixels.shape[2] != 3 or pixels.dtype != np.uint8:
        raise InputError(f"a seam is measured on (H, W, 3) uint8 pixels, not {pixels.shape} {pixels.dtype}.")
    if pixels.shape[:2] != (grid.height, grid.width):
        raise InputError(
            f"the picture is {pixels.shape[1]} x {pixels.shape[0]} px, the repeat {grid.width} x {grid.height} px."
        )
    if min(grid.width, grid.height) < 16:
        raise InputError(
            f"{grid.width} x {grid.height} px is too small to measure a seam on; 16 px a side is the least."
        )
    across, down = (_joint(_Lines(pixels, grid, direction)) for direction in ("across", "down"))
    return SeamReport((across, down), min(1.0, MOST_PIXELS / pixels[..., 0].size))


@dataclass(frozen=True, slots=True)
class _Lines:
    """A tile as lines that run along one joint: columns for ``across``, rows for ``down``."""

    pixels: np.ndarray
    grid: Grid
    direction: Direction

    @property
    def count(self) -> int:
        return self.grid.width if self.direction == "across" else self.grid.height

    @property
    def length(self) -> int:
        return self.grid.height if self.direction == "across" else self.grid.width

    def window(self, first: int, count: int, *, margin: int = _MARGIN) -> np.ndarray:
        """Return lines first..first+count of the paved plane, (length + 2 margin, count, 3) uint8."""
        planes = np.moveaxis(self.pixels, 2, 0)
        top, left, height, width = -margin, first, self.length + 2 * margin, count
        if self.direction == "down":
            top, left, height, width = left, top, width, height
        plane = np.moveaxis(self.grid.window(planes, top=top, left=left, height=height, width=width), 0, 2)
        return plane if self.direction == "across" else plane.swapaxes(0, 1)

    def blocks(self) -> Iterator[tuple[int, int]]:
        """Yield (first, count) of the blocks of pairs to measure; the last ends with the joint."""
        size = min(self.count, _BLOCK)
        most = max(2, MOST_PIXELS // (size * self.length))
        blocks = math.ceil(self.count / size)
        if blocks > most:
            for first in np.linspace(0, self.count - size, most).astype(int):
                yield int(first), size
        else:
            edges = np.linspace(0, self.count, blocks + 1).astype(int)
            yield from ((int(a), int(b - a)) for a, b in pairwise(edges))


def _joint(lines: _Lines) -> Joint:
    floor = _visible(lines)
    figures = [_figures(lines, first, count, floor) for first, count in lines.blocks()]
    change, broken, jump, along, place = (np.concatenate(part) for part in zip(*figures, strict=True))
    inside = (place >= _NEAR) & (place < lines.count - 1 - _NEAR)
    seam, rest = float(change[-1]), change[inside]
    period, kept = _period(lines)
    joint = Joint(
        lines.direction,
        change=seam,
        percentile=float(100 * ((rest < seam).mean() + (rest == seam).mean() / 2)),
        ratio=_ratio(seam, rest.max()),
        deviations=(_deviation(broken, inside), _deviation(jump, inside)),
        along=float(along[-1]),
        strength=_ratio(jump[-1], jump[inside].max()),
        period_px=period,
        period_kept=kept,
    )
    if max(seam, rest.max()) < _NOTHING:
        return replace(joint, verdict="no seam: nothing varies")
    if period and not kept:
        return replace(joint, verdict="seam: a smaller repeat is broken")
    return replace(joint, verdict="seam") if joint.score > THRESHOLD and not joint.excused else joint


def _ratio(value: float, strongest: float) -> float:
    return float(value / strongest) if strongest > 0 else (math.inf if value > 0 else 1.0)


def _deviation(figure: np.ndarray, inside: np.ndarray) -> float:
    """Return how far the last pair's logarithm lies above the mean inside, in standard deviations."""
    logs = np.log(figure + _LEAST)
    return float((logs[-1] - logs[inside].mean()) / (logs[inside].std() + _LEAST_DEVIATION))


def _visible(lines: _Lines) -> float:
    """Return the CIEDE2000 from which a change stands out from the ground's own texture."""
    firsts = np.linspace(0, lines.count - 2, min(33, lines.count - 1)).astype(int)
    pairs = np.stack([lines.window(int(first), 2, margin=0) for first in firsts])
    lab = srgb_to_lab(pairs / 255.0)
    return _VISIBLE * (1 + float(np.median(ciede2000(lab[:, :, 0], lab[:, :, 1]))))


def _figures(lines: _Lines, first: int, count: int, floor: float) -> tuple[np.ndarray, ...]:
    """Return change, broken, jump, along and place, each (count,), of the pairs (i, i + 1) from i = first."""
    lab = srgb_to_lab(lines.window(first - _MARGIN, count + 2 * _MARGIN) / 255.0)
    change = ciede2000(lab[:, :-1], lab[:, 1:])
    spread = change.copy()
    spread[1:] = np.maximum(spread[1:], change[:-1])
    spread[:-1] = np.maximum(spread[:-1], change[1:])
    pairs = np.arange(count) + _MARGIN
    core = slice(_MARGIN, -_MARGIN)
    here, before, after = change[core, pairs], spread[core, pairs - 1], spread[core, pairs + 1]
    broken = (here - np.maximum(before, after) > floor).mean(axis=0)
    jump = np.maximum(0, here - before - after).mean(axis=0)
    return here.mean(axis=0), broken, jump, (here > floor).mean(axis=0), pairs - _MARGIN + first


def _period(lines: _Lines) -> tuple[int, bool]:
    """Return the smallest repeat inside the tile in lines (0: none), and whether the joint keeps it."""
    n = lines.count
    rows = np.linspace(0, lines.length - 1, min(lines.length, 64)).astype(int)
    paved = np.concatenate(
        [lines.window(a, min(512, n + n // 2 - a), margin=0)[rows] for a in range(0, n + n // 2, 512)], 1
    )
    values = paved.astype(np.float64) - paved[:, :n].mean(axis=1, keepdims=True)
    variance = (values[:, :n] ** 2).mean()
    if variance < 0.05:
        return 0, True
    for lag in _candidates(values[:, :n], variance):
        if ((values[:, : n - lag] - values[:, lag:n]) ** 2).mean() <= 2 * variance * _KEEPS_PERIOD:
            over = ((values[:, n - lag : n] - values[:, n : n + lag]) ** 2).mean()
            return lag, bool(over <= 2 * variance * _BREAKS_PERIOD)
    return 0, True


def _candidates(values: np.ndarray, variance: float) -> list[int]:
    """Return the lags, 4 lines to half the tile, at which lines (rows, n, 3) agree best, by autocorrelation."""
    n = values.shape[1]
    spectrum = np.abs(np.fft.rfft(values, 2 * n, axis=1)) ** 2
    product = np.fft.irfft(spectrum, 2 * n, axis=1)[:, :n].sum(axis=(0, 2))
    energy = (values**2).sum(axis=(0, 2))
    head, total = np.cumsum(energy), energy.sum()
    lags = np.arange(1, n // 2 + 1)
    unlike = (head[n - lags - 1] + total - head[lags - 1] - 2 * product[lags]) / (n - lags)
    unlike /= 2 * variance * values.shape[0] * values.shape[2]
    best = [
        int(k) for k in lags[3:-1] if unlike[k - 1] <= min(unlike[k - 2], unlike[k]) and unlike[k - 1] <= _KEEPS_PERIOD
    ]
    return best[:8]


def read_picture(path: str | Path) -> np.ndarray:
    """Return a picture file's pixels, (H, W, 3) uint8 sRGB; transparency is laid on white.

    Raises InputError, in one sentence, if the file is missing, a folder, no picture, damaged, or above 400 megapixels.
    """
    import warnings

    from PIL import Image

    path = Path(path)
    if not path.is_file():
        raise InputError(f"{path} is {'a folder, not a picture' if path.is_dir() else 'not there'}.")
    usual = Image.MAX_IMAGE_PIXELS
    try:
        # Pillow's own limit is below a 64 x 64 cm tile at 600 dpi; ours is checked before a pixel is decoded.
        Image.MAX_IMAGE_PIXELS = None
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            return _decoded(path)
    except Image.UnidentifiedImageError:
        raise InputError(f"{path} is not a picture that can be read; PNG, TIFF and JPEG can.") from None
    except (OSError, SyntaxError, ValueError, EOFError, Warning) as error:
        raise InputError(f"{path} cannot be read as a picture, it is damaged or cut short: {error}.") from None
    finally:
        Image.MAX_IMAGE_PIXELS = usual


def _decoded(path: Path) -> np.ndarray:
    from PIL import Image

    with Image.open(path) as picture:
        if picture.width * picture.height > MOST_PICTURE_PIXELS:
            raise InputError(
                f"{path} has {picture.width} x {picture.height} px, above the limit of "
                f"{MOST_PICTURE_PIXELS // 10**6} megapixels; it was not opened."
            )
        if picture.mode.startswith(("I", "F")):
            raise InputError(f"{path} has more than 8 bits a channel in one gray channel; save it as 8-bit RGB.")
        picture.load()
        if picture.has_transparency_data:
            layer = picture.convert("RGBA")
            picture = Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer)
        return np.array(picture.convert("RGB"))
