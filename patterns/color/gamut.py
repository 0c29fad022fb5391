"""Which colors a process can print: a gamut, and the printable color nearest to one that it cannot.

A ``Gamut`` is a table: how far from the gray axis (from the darkest color to the bare white) colors reach, by lightness
and by hue. It is filled from an ICC profile, from measured patches, from the colorants that screen inks are mixed of,
or from figures that nobody measured; ``source`` says which, and every report repeats it.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

import numpy as np

from patterns.color.colorants import mixtures
from patterns.color.icc import Profile, is_profile, read_profile
from patterns.color.patches import read_patches
from patterns.color.spaces import (
    from_polar,
    lab_to_oklch,
    linear_to_xyz,
    oklab_to_linear,
    xyz_to_lab,
)
from patterns.errors import InputError

Kind = Literal["profile", "patches", "colorants", "heuristic"]
Lab = tuple[float, float, float]

# Steps of the table: lightness from dark to white, and hue around.
_LEVELS, _HUES = 65, 90
# How many colors of a device are taken for its surface.
_SURFACE = 12_000
# Colors this far outside, in Lab, count as inside: less than any press holds from one end of a roll to the other.
_SLACK = 0.5
# Fewer patches make no gamut.
_LEAST_PATCHES = 12
# CIE 116-1995 (CIE94), its textile weights: lightness counts half, chroma less the more of it there is.
_LIGHTNESS, _CHROMA, _HUE = 2.0, 0.048, 0.014
# Inks below the first lightness, and in part up to the second, are kept dark and colored: being lighter counts as
# much as losing chroma, and chroma counts in full.
_DARK, _NOT_DARK, _DARK_LIGHTNESS, _DARK_CHROMA = 20.0, 45.0, 1.0, 0.01
_CHUNK = 128


@dataclass(frozen=True, slots=True)
class GamutFigures:
    """What a preset says of a gamut. The first of ``measured``, ``colorants`` and the table that is there counts.

    ``measured`` is a file, an ICC profile or measured patches. ``colorants`` are (name, Lab) at full strength.
    ``chroma`` has a row for each of ``lightness`` (rising, within darkest and white), each with the greatest chroma at
    hues evenly spaced from 0 degrees. ``ink_limit``, in percent, bounds what a profile's inks may make. ``heuristic``
    says that the white, the colorants and the table are nobody's measurement.
    """

    white: Lab
    darkest: float = 0.0
    lightness: tuple[float, ...] = ()
    chroma: tuple[tuple[float, ...], ...] = ()
    colorants: tuple[tuple[str, Lab], ...] = ()
    measured: str = ""
    ink_limit: float = 400.0
    heuristic: bool = True

    def __post_init__(self) -> None:
        if self.measured or self.colorants:
            return
        steps = [self.darkest, *self.lightness, self.white[0]]
        if len(steps) < 3 or not all(a < b for a, b in itertools.pairwise(steps)):
            raise InputError("a gamut's lightnesses rise from its darkest to its white, with one between at least.")
        if len(self.chroma) != len(self.lightness) or len({len(row) for row in self.chroma}) != 1:
            raise InputError("a gamut has a row of chroma for each lightness, all of one length.")
        if len(self.chroma[0]) < 3 or not all(0 <= c <= 200 for row in self.chroma for c in row):
            raise InputError("a gamut's rows have chroma from 0 to 200 at three hues or more.")


@dataclass(frozen=True, slots=True, eq=False)
class Gamut:
    """The colors that can be printed, as CIE Lab D50.

    ``reach`` (n, m) is how far they lie from the axis at each of ``lightness`` (n,), rising from the darkest to the
    white, and each of m hues around the axis. ``source`` is one sentence for people; ``heuristic`` says that nobody
    measured it.
    """

    kind: Kind
    source: str
    white: Lab
    darkest: Lab
    lightness: np.ndarray
    reach: np.ndarray
    heuristic: bool
    profile: Profile | None = None

    def inside(self, lab: np.ndarray) -> np.ndarray:
        """Return whether CIE Lab colors (..., 3) can be printed, as bool (...); half a unit outside is inside."""
        lab = np.asarray(lab, dtype=np.float64)
        lightness = np.clip(lab[..., 0], self.lightness[0], self.lightness[-1])
        away = lab[..., 1:] - self._axis(lightness)[..., 1:]
        hue = np.arctan2(away[..., 1], away[..., 0]) / (2 * np.pi) % 1
        within = np.hypot(away[..., 0], away[..., 1]) <= self._reach(lightness, hue) + _SLACK
        return within & (np.abs(lab[..., 0] - lightness) <= _SLACK)

    def nearest(self, lab: np.ndarray) -> np.ndarray:
        """Return the printable colors nearest to CIE Lab colors (N, 3), as (N, 3); those inside come back unchanged.

        Hue (of OKLCh, in which a blue stays blue as it pales) is kept, chroma before lightness, and dark colors are
        kept dark. Only where nothing of the hue can be printed, as beside the white of a tinted cloth, does it give
        way.
        """
        lab = np.asarray(lab, dtype=np.float64)
        found, outside = lab.copy(), np.flatnonzero(~self.inside(lab))
        for start in range(0, len(outside), _CHUNK):
            some = outside[start : start + _CHUNK]
            found[some] = self._brought_in(lab[some])
        return found

    def choices(self, lab: np.ndarray, *, steps: int = 33) -> np.ndarray:
        """Return printable colors of the hue of one CIE Lab color (3,), no more vivid than it: (n, 3), n may be 0."""
        _, chroma, hue = lab_to_oklch(np.asarray(lab, dtype=np.float64))
        grid = np.meshgrid(np.linspace(0, 1, steps), np.linspace(0, chroma, steps), [hue], indexing="ij")
        candidates = _lab_of_oklch(np.stack(grid, axis=-1).reshape(-1, 3))
        return candidates[self.inside(candidates)]

    def grays(self, *, steps: int = 129) -> np.ndarray:
        """Return colors from the darkest to the bare white, evenly spaced in lightness: (steps, 3)."""
        return self._axis(np.linspace(self.darkest[0], self.white[0], steps))

    def ink_sum(self, lab: np.ndarray) -> np.ndarray | None:
        """Return the ink in percent that prints CIE Lab (N, 3), as (N,); None where no profile makes it computable."""
        return self.profile.ink_sum(lab) if self.profile else None

    def __str__(self) -> str:
        return self.source

    def _axis(self, lightness: np.ndarray) -> np.ndarray:
        dark, white = np.array(self.darkest), np.array(self.white)
        return dark + (white - dark) * ((lightness - dark[0]) / (white[0] - dark[0]))[..., None]

    def _reach(self, lightness: np.ndarray, hue: np.ndarray) -> np.ndarray:
        """Return the table read between its steps; hue is in turns, 0-1."""
        low = np.clip(np.searchsorted(self.lightness, lightness, side="right") - 1, 0, len(self.lightness) - 2)
        up = (lightness - self.lightness[low]) / (self.lightness[low + 1] - self.lightness[low])
        around = hue * self.reach.shape[1]
        left = around.astype(np.int64) % self.reach.shape[1]
        right, along = (left + 1) % self.reach.shape[1], around - np.floor(around)
        below = self.reach[low, left] * (1 - along) + self.reach[low, right] * along
        above = self.reach[low + 1, left] * (1 - along) + self.reach[low + 1, right] * along
        return below * (1 - up) + above * up

    def _brought_in(self, asked: np.ndarray) -> np.ndarray:
        """Return the best of the gray axis and of the plane of each color's hue, searched ever more finely."""
        axis = self.grays()
        # The eye takes the cloth's own grays for gray: what they have of hue is not held against them.
        costs = cost(asked[:, None], axis * [1, 0, 0])
        best, lowest = axis[costs.argmin(axis=1)], costs.min(axis=1)
        oklch = lab_to_oklch(asked)
        span = np.stack([np.full(len(asked), 0.5), oklch[:, 1] / 2], axis=1)
        center = np.stack([np.full(len(asked), 0.5), oklch[:, 1] / 2], axis=1)
        for steps in (33, 9, 9, 9):
            trial = np.linspace(-1, 1, steps)
            place = np.stack(np.meshgrid(trial, trial, indexing="ij"), axis=-1).reshape(-1, 2)
            polar = center[:, None] + span[:, None] * place
            polar[..., 1] = np.clip(polar[..., 1], 0, oklch[:, None, 1])
            hue = np.broadcast_to(oklch[:, None, 2:], (*polar.shape[:2], 1))
            candidates = _lab_of_oklch(np.concatenate([polar, hue], axis=-1))
            costs = np.where(self.inside(candidates), cost(asked[:, None], candidates), np.inf)
            first = costs.argmin(axis=1)
            rows = np.arange(len(asked))
            better = costs[rows, first] < lowest
            best = np.where(better[:, None], candidates[rows, first], best)
            lowest = np.where(better, costs[rows, first], lowest)
            center = np.where(np.isfinite(costs[rows, first])[:, None], polar[rows, first], center)
            span = span * (2.5 / steps)
        return best


def cost(asked: np.ndarray, printed: np.ndarray) -> np.ndarray:
    """Return how unwelcome a move from Lab (..., 3) to Lab (..., 3) is: CIE94 with textile weights, darks kept dark."""
    asked, printed = np.broadcast_arrays(asked, printed)
    lighter = printed[..., 0] - asked[..., 0]
    dark = np.clip((_NOT_DARK - asked[..., 0]) / (_NOT_DARK - _DARK), 0, 1)
    weight = np.where(lighter > 0, _LIGHTNESS + (_DARK_LIGHTNESS - _LIGHTNESS) * dark, _LIGHTNESS)
    c1, c2 = np.hypot(asked[..., 1], asked[..., 2]), np.hypot(printed[..., 1], printed[..., 2])
    turned = ((asked[..., 1:] - printed[..., 1:]) ** 2).sum(axis=-1) - (c1 - c2) ** 2
    chroma = (c1 - c2) / (1 + (_CHROMA + (_DARK_CHROMA - _CHROMA) * dark) * c1)
    hue = np.maximum(turned, 0) / (1 + _HUE * c1) ** 2
    return np.sqrt((lighter / weight) ** 2 + chroma**2 + hue)


def gamut_of(figures: GamutFigures) -> Gamut:
    """Return the gamut of a preset's figures; InputError if its file cannot be read as a profile or as patches."""
    if figures.measured:
        return measured_gamut(Path(figures.measured), ink_limit=figures.ink_limit)
    if figures.colorants:
        return _of_colorants(figures)
    rows = np.array(figures.chroma, dtype=np.float64)
    edge = np.zeros((1, rows.shape[1]))
    return Gamut(
        "heuristic",
        "heuristic: the greatest chroma by hue and lightness is our estimate, measured on no cloth"
        if figures.heuristic
        else "the greatest chroma by hue and lightness, as the preset's source gives it",
        figures.white,
        (figures.darkest, 0.0, 0.0),
        np.array([figures.darkest, *figures.lightness, figures.white[0]]),
        np.concatenate([edge, rows, edge]),
        figures.heuristic,
    )


def measured_gamut(path: Path, *, ink_limit: float = 400.0) -> Gamut:
    """Return the gamut of an ICC profile or of a file of measured patches; InputError if it is neither."""
    try:
        with path.expanduser().open("rb") as file:
            head = file.read(128)
    except (OSError, ValueError) as error:
        raise InputError(f"{path} cannot be read: {getattr(error, 'strerror', error)}.") from None
    if is_profile(head) or path.suffix.lower() in (".icc", ".icm"):
        return _of_profile(read_profile(path), ink_limit)
    return gamut_of_patches(read_patches(path), name=path.name)


@lru_cache(maxsize=8)
def _of_profile(profile: Profile, ink_limit: float) -> Gamut:
    """Return the outer surface of what a profile says that its inks look like, up to the ink limit in percent."""
    triangles = surface(profile, ink_limit)
    white, dark = profile.lab_of(profile.bare)[0], _darkest(triangles.reshape(-1, 3))
    if not white[0] > dark[0] + 5:
        raise InputError(f"{profile.name} prints nothing darker than its white; it is damaged or for another use.")
    lightness, reach = _outer(triangles, white, dark)
    source = f"measured: the ICC profile {profile.description}"
    if not profile.colorimetric:
        source += ", of whose tables only the perceptual ones are there"
    return Gamut("profile", source, _lab(white), _lab(dark), lightness, reach, False, profile)


def surface(profile: Profile, ink_limit: float) -> np.ndarray:
    """Return the Lab of the faces between any two of a device's channels, as triangles (T, 3, 3); no gray is left out.

    Where the channels of a face add up to more than the limit, in percent, they are lessened alike. InputError if the
    device has fewer than three channels.
    """
    n = profile.channels
    if n < 3:
        raise InputError(f"{profile.name} has {n} of the three or more channels that span a gamut.")
    pairs = list(itertools.combinations(range(n), 2))
    steps = int(np.clip(np.sqrt(_SURFACE / (len(pairs) * 2 ** (n - 2))), 3, 33))
    corners = np.array(list(itertools.product((0.0, 1.0), repeat=n - 2)))
    u, v = (x.ravel() for x in np.meshgrid(*[np.linspace(0, 1, steps)] * 2, indexing="ij"))
    triangles = []
    for pair in pairs:
        device = np.empty((len(corners), len(u), n))
        device[..., [i for i in range(n) if i not in pair]] = corners[:, None]
        device[..., pair[0]], device[..., pair[1]] = u, v
        if profile.adds_up:
            device *= np.minimum(1, ink_limit / 100 / np.maximum(device.sum(axis=-1, keepdims=True), 1e-9))
        triangles.append(_triangles(profile.lab_of(device.reshape(-1, n)).reshape(-1, steps, steps, 3)))
    return np.concatenate(triangles)


def _triangles(sheets: np.ndarray) -> np.ndarray:
    """Return sheets of colors (n, rows, columns, 3) as triangles (T, 3, 3)."""
    a, b, c, d = sheets[:, :-1, :-1], sheets[:, 1:, :-1], sheets[:, :-1, 1:], sheets[:, 1:, 1:]
    return np.concatenate([np.stack(corners, axis=-2).reshape(-1, 3, 3) for corners in ((a, b, c), (b, c, d))])


def _outer(triangles: np.ndarray, white: np.ndarray, dark: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return (lightness, reach) of the outermost of triangles (T, 3, 3), seen from the gray axis."""
    lightness = np.linspace(dark[0], white[0], _LEVELS)
    reach = np.zeros((_LEVELS, _HUES))
    for row, (origin, directions) in zip(reach[1:-1], _rays(dark, white, lightness[1:-1]), strict=True):
        row[:] = _section(triangles, origin, directions[:, 1:])
    return lightness, reach


def _section(triangles: np.ndarray, origin: np.ndarray, directions: np.ndarray) -> np.ndarray:
    """Return how far the outermost of triangles lies from a point (3,) of Lab along directions (m, 2) in a and b."""
    above = triangles[:, :, 0] > origin[0]
    cut, above = triangles[above.any(axis=1) & ~above.all(axis=1)], above[above.any(axis=1) & ~above.all(axis=1)]
    # The one corner that is alone on its side of the level; the edges from it are those that are cut.
    alone = np.where(above.sum(axis=1) == 1, above.argmax(axis=1), above.argmin(axis=1))
    rows = np.arange(len(cut))
    apex = cut[rows, alone]
    ends = []
    for other in (cut[rows, (alone + 1) % 3], cut[rows, (alone + 2) % 3]):
        along = (origin[0] - apex[:, 0]) / (other[:, 0] - apex[:, 0])
        ends.append((apex + (other - apex) * along[:, None])[:, 1:] - origin[1:])
    start, step = ends[0][:, None], (ends[1] - ends[0])[:, None]
    turned = np.stack([-directions[:, 1], directions[:, 0]], axis=1)
    across, slope = (start * turned).sum(axis=-1), (step * turned).sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        place = -across / slope
    met = (place >= 0) & (place <= 1)
    distance = ((start + step * np.where(met, place, 0)[..., None]) * directions).sum(axis=-1)
    return np.where(met, distance, 0).max(axis=0, initial=0)


def _darkest(lab: np.ndarray) -> np.ndarray:
    """Return the grayest of the colors (N, 3) that are within a unit of lightness of the darkest."""
    dark = lab[lab[:, 0] <= lab[:, 0].min() + 1]
    return dark[np.hypot(dark[:, 1], dark[:, 2]).argmin()]


def gamut_of_patches(lab: np.ndarray, *, name: str) -> Gamut:
    """Return the convex hull of measured patches, CIE Lab D50 (N, 3); InputError if they are too few or flat."""
    source = f"measured: the convex hull of {len(lab)} patches in {name}, which may hold a little more than was printed"
    return _of_hull(lab, source)


@lru_cache(maxsize=16)
def _of_colorants(figures: GamutFigures) -> Gamut:
    strong = np.array([lab for _, lab in figures.colorants], dtype=np.float64)
    white = np.array(figures.white, dtype=np.float64)
    triangles = _triangles(mixtures(strong, white))
    dark = _darkest(triangles.reshape(-1, 3))
    lightness, reach = _outer(triangles, white, dark)
    # Three bands make mixtures of far colorants too vivid: no color is taken that lies outside the colorants' own hull.
    reach = np.minimum(reach, _hull_reach(np.concatenate([strong, white[None], dark[None]]), white, dark))
    source = f"modeled: mixtures of {len(strong)} colorants by Kubelka and Munk in three bands, within their hull" + (
        ", the colorants our estimate, measured on no cloth" if figures.heuristic else ", from measured colorants"
    )
    return Gamut("colorants", source, figures.white, _lab(dark), lightness, reach, figures.heuristic)


def _of_hull(lab: np.ndarray, source: str) -> Gamut:
    if len(lab) < _LEAST_PATCHES:
        raise InputError(
            f"{len(lab)} patches are too few for a gamut; measure {_LEAST_PATCHES} or more, white and darks too."
        )
    white, dark = lab[lab[:, 0].argmax()], _darkest(lab)
    lightness = np.linspace(dark[0], white[0], _LEVELS)
    return Gamut("patches", source, _lab(white), _lab(dark), lightness, _hull_reach(lab, white, dark), False)


def _hull_reach(lab: np.ndarray, white: np.ndarray, dark: np.ndarray) -> np.ndarray:
    """Return the reach of the convex hull of colors (N, 3); InputError if they span none."""
    from scipy.spatial import ConvexHull, QhullError

    try:
        planes = ConvexHull(lab).equations
    except QhullError:
        raise InputError("the colors lie in one plane of Lab, so that they span no gamut; give more hues.") from None
    reach = np.zeros((_LEVELS, _HUES))
    lightness = np.linspace(dark[0], white[0], _LEVELS)
    for row, (origin, directions) in zip(reach[1:-1], _rays(dark, white, lightness[1:-1]), strict=True):
        toward = directions @ planes[:, :3].T
        distance = np.maximum(0, -(planes[:, :3] @ origin + planes[:, 3]))
        row[:] = np.where(toward > 1e-9, distance / np.where(toward > 1e-9, toward, 1), np.inf).min(axis=1)
    return reach


def _rays(dark: np.ndarray, white: np.ndarray, lightness: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield for each lightness the point of the axis (3,) and unit directions of the same lightness (hues, 3)."""
    turn = np.arange(_HUES) * (2 * np.pi / _HUES)
    directions = np.stack([np.zeros(_HUES), np.cos(turn), np.sin(turn)], axis=1)
    for level in lightness:
        yield dark + (white - dark) * ((level - dark[0]) / (white[0] - dark[0])), directions


def _lab_of_oklch(oklch: np.ndarray) -> np.ndarray:
    """Return CIE Lab D50 of OKLCh, not clipped to sRGB."""
    return xyz_to_lab(linear_to_xyz(oklab_to_linear(from_polar(oklch))))


def _lab(values: np.ndarray) -> Lab:
    lightness, a, b = (float(v) for v in values)
    return lightness, a, b
