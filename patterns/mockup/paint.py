"""The light on a painted wall, told from its paint: what a photograph shows of a wall of one color, divided by it.

All that varies over the wall is taken for light, but what is as fine as noise or the paint's own grain: that goes by
the guided filter (He, Sun and Tang, "Guided image filtering", 2013), which keeps shadows' edges. The paint's color and
the light's cannot be told apart where both are the same everywhere: what is common to the whole wall is paint.
"""

from dataclasses import dataclass

import numpy as np

from patterns.errors import Finding, InputError
from patterns.mockup.planes import LUMINANCE
from patterns.mockup.tone import DIFFUSE_WHITE

# The share of the wall that is darker than its brightest tenth, whose light becomes DIFFUSE_WHITE.
_BRIGHT = 90
# Of the picture's longer side, how far the filter looks; how many deviations of the grain it takes for no edge; and the
# least of these, as the square root of light (two steps of an 8-bit picture).
_REACH, _DEVIATIONS, _LEAST_GRAIN = 1 / 200, 2.0, 0.006
# Pixels within so many px of where the wall ends show what is beside it too.
_RIM_PX = 2
# A wall of one paint has less grain than this, and its color varies less from place to place: ours, by eye.
_MOST_GRAIN, _MOST_COLORS = 0.05, 0.6
_DARK = 0.01


@dataclass(frozen=True, slots=True)
class Lit:
    """The light on a wall: ``shade`` (H, W, 3) float32, linear light per albedo, defined everywhere.

    ``paint`` (3,) float64 is the wall's color in linear light where its light is DIFFUSE_WHITE.
    """

    shade: np.ndarray
    paint: np.ndarray
    findings: tuple[Finding, ...] = ()


def lit(picture: np.ndarray, coverage: np.ndarray) -> Lit:
    """Return the light on a wall of one paint, which covers (H, W) 0-1 of each pixel of (H, W, 3) linear light.

    The brightest tenth of the wall is lit to DIFFUSE_WHITE, and its median color is no light's but the paint's. Beyond
    the wall and on its rim it is that of the nearest place within. InputError if the wall is black.
    """
    import cv2
    from scipy.ndimage import distance_transform_edt

    known = _inner(coverage)
    rows, columns = distance_transform_edt(~known, return_distances=False, return_indices=True)  # pyright: ignore
    wall = picture[rows, columns].astype(np.float32)
    luminance = wall @ LUMINANCE
    if float(np.median(luminance[known])) < 1e-4:
        raise InputError("the wall is black in the photograph, so its light cannot be told; take a lighter exposure.")
    soft = cv2.blur(luminance, (5, 5)) + np.float32(1e-5)
    tint = cv2.blur(wall, (5, 5)) / soft[..., None]
    cast = np.median(tint[known], axis=0)
    root = np.sqrt(luminance / (np.percentile(luminance[known], _BRIGHT)) * DIFFUSE_WHITE).astype(np.float32)
    grain = _grain(root, known)
    reach = max(4, round(max(picture.shape[:2]) * _REACH))
    edge = max(_LEAST_GRAIN, _DEVIATIONS * grain) ** 2
    smooth = _guided(root, root, reach, edge)
    tints = np.stack([_guided(tint[..., k] / cast[k], smooth, 2 * reach, edge) for k in range(3)], axis=-1)
    shade = np.maximum(smooth, 0)[..., None] ** 2 * np.maximum(tints, 0)
    bright = float(np.percentile((shade @ LUMINANCE)[known], _BRIGHT))
    shade *= np.float32(DIFFUSE_WHITE / bright)
    paint = np.median(wall[known] / np.maximum(shade[known], 1e-4), axis=0).astype(np.float64)
    return Lit(shade.astype(np.float32), paint, _told(luminance, known, grain, tint / cast))


def _inner(coverage: np.ndarray) -> np.ndarray:
    """Return (H, W) bool: where there is nothing but wall, its rim left out; half covered where there is no more."""
    import cv2

    full = (coverage > 0.98).astype(np.uint8)
    inner = cv2.erode(full, np.ones((2 * _RIM_PX + 1,) * 2, np.uint8), borderType=cv2.BORDER_CONSTANT, borderValue=1)
    for known in (inner > 0, full > 0, coverage >= 0.5 * coverage.max()):
        if known.sum() >= 0.25 * full.sum() and known.any():
            return known
    return coverage > 0


def _grain(root: np.ndarray, known: np.ndarray) -> float:
    """Return the standard deviation of what is finer than light, in the square root of light.

    Immerkaer, "Fast noise variance estimation" (1996), with the median for the mean, so that edges do not count; the
    largest of three scales, for paint has a grain that is coarser than noise.
    """
    import cv2

    kernel = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)
    found = 0.0
    for step in (1, 2, 4):
        size = (root.shape[1] // step, root.shape[0] // step)
        if min(size) < 8:
            break
        small = cv2.resize(root, size, interpolation=cv2.INTER_AREA) if step > 1 else root
        inside = cv2.resize(known.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST) > 0
        rest = np.abs(cv2.filter2D(small, cv2.CV_32F, kernel))[inside]
        found = max(found, float(np.median(rest)) / 0.6745 / 6 if rest.size else 0.0)
    return found


def _guided(plane: np.ndarray, guide: np.ndarray, reach: int, edge: float) -> np.ndarray:
    """Return a plane (H, W) float32 without what varies less than the variance ``edge`` where the guide has no edge."""
    import cv2

    def mean(values: np.ndarray) -> np.ndarray:
        return cv2.blur(values, (2 * reach + 1,) * 2, borderType=cv2.BORDER_REFLECT)

    middle, level = mean(guide), mean(plane)
    # About the guide's own mean, because float32 would lose small variances of large values.
    variance = np.maximum(mean(guide * guide) - middle * middle, 0)
    slope = (mean(guide * plane) - middle * level) / (variance + np.float32(edge))
    return mean(slope) * guide + mean(level - slope * middle)


def _told(luminance: np.ndarray, known: np.ndarray, grain: float, tint: np.ndarray) -> tuple[Finding, ...]:
    findings: list[Finding] = []
    cure = "mark only one paint with --mask, or give the light with --shading"
    if grain > _MOST_GRAIN:
        text = "the wall is not of one paint, or rough: what is on it is taken for light"
        findings.append(Finding("warning", text, f"grain {grain:.0%}", cure))
    low, high = np.percentile(tint[known][:, [0, 2]], (5, 95), axis=0)
    if float((high - low).max()) > _MOST_COLORS:
        text = "the wall has several colors, which are taken for light"
        findings.append(Finding("warning", text, f"{float((high - low).max()):.0%} apart", cure))
    if float(np.percentile(luminance[known], _BRIGHT)) < _DARK:
        text = "the wall is so dark that its light is mostly the camera's noise"
        findings.append(Finding("warning", text, cure="a lighter exposure, or a wall of a lighter paint"))
    return tuple(findings)
