"""From the pixels of a tile to ink planes, a palette, and a report of how true they are to the picture."""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from patterns.color.difference import ciede2000
from patterns.color.ink import Ink, Palette
from patterns.color.names import nearest_name
from patterns.color.spaces import lab_to_srgb, linear_to_srgb, srgb_to_lab
from patterns.errors import Finding, InputError
from patterns.lattice import Grid, Lattice
from patterns.separate import inks as finding
from patterns.separate.bands import each_band
from patterns.separate.contours import coverage
from patterns.separate.evidence import Evidence, gather
from patterns.separate.mixture import Mixture, mixture
from patterns.separate.nearest import Nearest, pixel_places
from patterns.separate.space import place
from patterns.separate.thin import dissolved
from patterns.separate.tone import halftoned, mixed_planes, tinted
from patterns.separation import MOST_INKS, ROLES, Separation

Tone = Literal["none", "tint", "halftone"]
TONES: tuple[Tone, ...] = ("none", "tint", "halftone")
# CIEDE2000 with textile weights below which two colors are one ink: two and a half times what mills reject a batch for.
APART = 2.5
# Differences are measured on at most this many pixels, evenly strewn.
_MEASURED = 250_000
_MOST_PX = 64_000_000


@dataclass(frozen=True, slots=True)
class Cleanup:
    """What is done for the cloth's sake.

    ``apart`` is the CIEDE2000 (textile weights) below which two colors are one ink, ``line_px`` the finest line in px,
    ``smooth_px`` how far boundaries are smoothed, ``most`` the most inks that are found when their number is open.
    With ``on`` false nothing of this is done: colors are k-means in plain CIE Lab, and every pixel goes to the nearest.
    """

    apart: float = APART
    line_px: float = 2.0
    smooth_px: float = 1.0
    most: int = finding.MOST_AUTO
    on: bool = True

    def __post_init__(self) -> None:
        if not (0 <= self.apart <= 50 and 0 <= self.line_px <= 64 and 0 <= self.smooth_px <= 8):
            raise InputError("clean-up merges colors up to 50 CIEDE2000, lines up to 64 px, and smooths up to 8 px.")
        if not 2 <= self.most <= MOST_INKS:
            raise InputError(f"a separation has 2 to {MOST_INKS} inks, not at most {self.most}.")


@dataclass(frozen=True, slots=True)
class Report:
    """How true the inks are to the picture.

    ``mean`` and ``percentile95`` are CIEDE2000 between the picture and the inks, over the tile; ``flat_art`` says how
    colors were found; ``spots`` how many flat colors the picture has; ``dissolved`` how many crumbs and hairlines went.
    """

    mean: float
    percentile95: float
    flat_art: bool
    spots: int
    dissolved: int
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Separated:
    """Ink planes, their palette in the same order (ground first), and the report."""

    separation: Separation
    palette: Palette
    report: Report


@dataclass(frozen=True, slots=True)
class _Found:
    """What was asked and found, on the way to a result: the inks' colors as shown (K, 3), and as first found."""

    shown: np.ndarray
    colors: finding.Colors
    palette: Palette | None
    asked: int | None
    gone: int


def separate(
    pixels: np.ndarray,
    lattice: Lattice,
    *,
    inks: int | None = None,
    palette: Palette | None = None,
    cleanup: Cleanup | None = None,
    tone: Tone = "none",
) -> Separated:
    """Return a tile's pixels, (H, W, 3) float32 sRGB-encoded 0-1, as ink planes on its lattice.

    ``inks`` is how many, None to count them by the rule of ``patterns.separate.inks.find``; ``palette`` forces the
    colors, ground first. ``tone`` keeps shading: "tint" as coverages between 0 and 1, "halftone" as blue-noise dots.
    Commutes with rolls along the lattice (a halftone with those by its period). Raises InputError for pixels that are
    no picture, LatticeError for those that the lattice does not carry.
    """
    cleanup = cleanup or Cleanup()
    _refuse(pixels, inks, palette, tone)
    grid = lattice.grid(pixels.shape[1], pixels.shape[0])
    rgb = _planar(pixels)
    evidence = gather(rgb, grid)
    found = _colors(evidence, rgb, inks, palette, cleanup)
    if len(found.encoded) < 2:
        raise InputError(
            "the picture has one color only, and a separation needs two; give a palette with --palette to choose them."
        )
    planes, shown, gone = _planes(evidence, found, cleanup, tone, forced=palette is not None)
    return _result(rgb, planes, lattice, _Found(shown, found, palette, inks, gone))


def inks_of_picture(pixels: np.ndarray, *, inks: int | None = None, name: str = "") -> Palette:
    """Return the palette of a picture, (H, W, 3) uint8 sRGB: its inks by the rule, or ``inks`` of them."""
    if pixels.ndim != 3 or pixels.shape[2] != 3 or pixels.dtype != np.uint8 or not pixels.size:
        raise InputError(f"a picture's pixels are (H, W, 3) uint8, not {pixels.shape} {pixels.dtype}.")
    rgb = np.ascontiguousarray(np.moveaxis(pixels, 2, 0))
    evidence = gather(rgb, Grid(pixels.shape[1], pixels.shape[0]))
    found = finding.find(evidence, inks, apart=APART).encoded
    nearest = Nearest.among(place(found, textile=True), textile=True)
    mixed, shown = mixture(evidence, nearest, found)
    area = mixed.areas(len(found))
    order = np.argsort(-area, kind="stable")
    return replace(_palette(shown[order]), name=name)


def refuse_large(width_px: int, height_px: int) -> None:
    """Raise InputError if a picture has more than 64 megapixels."""
    if width_px * height_px > _MOST_PX:
        raise InputError(
            f"{width_px} x {height_px} px is above the {_MOST_PX // 10**6} megapixels that are separated at once; make "
            "the picture smaller: inks are enlarged to print size without loss."
        )


def _refuse(pixels: np.ndarray, inks: int | None, palette: Palette | None, tone: str) -> None:
    if pixels.ndim != 3 or pixels.shape[2] != 3 or pixels.dtype != np.float32 or not pixels.size:
        raise InputError(f"a tile to separate is (H, W, 3) float32, not {pixels.shape} {pixels.dtype}.")
    refuse_large(pixels.shape[1], pixels.shape[0])
    if inks is not None and not 2 <= inks <= MOST_INKS:
        raise InputError(f"a picture is separated into 2 to {MOST_INKS} inks, not {inks}.")
    if palette is not None and len(palette) < 2:
        raise InputError("a palette to separate into has at least two inks, the ground first.")
    if palette is not None and inks is not None and len(palette) != inks:
        raise InputError(f"the palette has {len(palette)} inks and {inks} were asked for; leave one of the two out.")
    if tone not in TONES:
        raise InputError(f"tone is kept as {' or '.join(TONES[1:])}, or not ({TONES[0]}); {tone!r} is none of these.")


def _planar(pixels: np.ndarray) -> np.ndarray:
    """Return pixels as (3, H, W) uint8; InputError if one is no number."""
    rgb = np.empty((3, *pixels.shape[:2]), np.uint8)

    def work(top: int, bottom: int) -> bool:
        band = pixels[top:bottom]
        if not np.isfinite(band.sum()):
            return False
        rgb[:, top:bottom] = np.moveaxis(np.rint(np.clip(band, 0, 1) * np.float32(255)), 2, 0)
        return True

    if not all(each_band(pixels.shape[0], pixels.shape[1], work)):
        raise InputError("the picture has pixels that are no numbers; it is damaged.")
    return rgb


def _colors(
    evidence: Evidence, rgb: np.ndarray, inks: int | None, palette: Palette | None, cleanup: Cleanup
) -> finding.Colors:
    if palette is not None:
        return finding.Colors(palette.srgb8() / 255.0, True, len(palette))
    if cleanup.on:
        return finding.find(evidence, inks, apart=cleanup.apart, most=cleanup.most)
    encoded = finding.exact(rgb, inks or cleanup.most)
    return finding.Colors(encoded, False, len(encoded))


def _planes(
    evidence: Evidence, found: finding.Colors, cleanup: Cleanup, tone: Tone, *, forced: bool
) -> tuple[np.ndarray, np.ndarray, int]:
    """Return coverage planes (K, H, W) float32, the inks' colors in the picture (K, 3), and what was dissolved."""
    encoded = found.encoded
    if not cleanup.on:
        mixed = _nearest_alone(evidence, Nearest.among(place(encoded, textile=False), textile=False))
        shown = _mean_colors(evidence, mixed.first, encoded)
        return coverage(mixed, len(encoded), smooth_px=0), shown, 0
    mixed, shown = _mixed(evidence, encoded, apart=0.0 if forced else cleanup.apart)
    if tone != "none":
        if forced or not found.flat:
            shown = encoded if forced else finding.outer(evidence, encoded)
        tints = tinted(evidence, shown)
        kept = tints if tone == "tint" else halftoned(tints, dot_px=cleanup.line_px)
        return mixed_planes(kept, len(shown)), shown, 0
    if not forced:
        mixed, shown = _ranked(mixed, shown)
    mixed, gone = dissolved(mixed, len(shown), line_px=cleanup.line_px)
    return coverage(mixed, len(shown), smooth_px=cleanup.smooth_px), shown, gone


def _mixed(evidence: Evidence, encoded: np.ndarray, *, apart: float) -> tuple[Mixture, np.ndarray]:
    """Return which inks each pixel is of, and their colors; inks that turn out to be alike are made one."""
    mixed, shown = mixture(evidence, Nearest.among(place(encoded, textile=True), textile=True), encoded)
    area = mixed.areas(len(shown))
    fewer = finding.unlike(shown, area, apart)
    if len(fewer) in (1, len(shown)):
        return mixed, shown
    return mixture(evidence, Nearest.among(place(fewer, textile=True), textile=True), fewer)


def _ranked(mixed: Mixture, shown: np.ndarray) -> tuple[Mixture, np.ndarray]:
    """Return the same with the inks by area, the largest first, so that no plane need be moved later."""
    import cv2

    order = np.argsort(-mixed.areas(len(shown)), kind="stable")
    rank = np.zeros(256, np.uint8)
    rank[order] = np.arange(len(order))
    return replace(mixed, first=cv2.LUT(mixed.first, rank), second=cv2.LUT(mixed.second, rank)), shown[order]


def _nearest_alone(evidence: Evidence, nearest: Nearest) -> Mixture:
    grid = evidence.grid
    first = np.empty((grid.height, grid.width), np.uint8)

    def work(top: int, bottom: int) -> None:
        first[top:bottom] = nearest.labels(evidence.colors(top, bottom))[0]

    each_band(grid.height, grid.width, work)
    return Mixture(first, first, np.full_like(first, 255), grid)


def _mean_colors(evidence: Evidence, first: np.ndarray, encoded: np.ndarray) -> np.ndarray:
    """Return the mean place in Lab of each ink's pixels, as sRGB (K, 3): Lloyd's last step, on every pixel."""
    count = len(encoded)

    def work(top: int, bottom: int) -> np.ndarray:
        own = first[top:bottom].ravel()
        lab = pixel_places(evidence.colors(top, bottom).reshape(3, -1).T, textile=False)
        sums = [np.bincount(own, minlength=count)] + [np.bincount(own, axis, count) for axis in lab.T]
        return np.stack(sums, axis=1)

    sums = np.sum(each_band(first.shape[0], first.shape[1], work), axis=0)
    return np.where(sums[:, :1] > 0, lab_to_srgb(sums[:, 1:] / np.maximum(sums[:, :1], 1)), encoded)


def _result(rgb: np.ndarray, planes: np.ndarray, lattice: Lattice, found: "_Found") -> Separated:
    """Order the inks, the ground first, name them, and measure how true they are."""
    import cv2

    area = np.array([cv2.sumElems(plane)[0] for plane in planes]) / rgb[0].size
    used = np.flatnonzero(area > 0)
    forced = found.palette
    # By area, but left as they are if no more than a hair is between them.
    order = used if forced is not None else used[np.argsort(-np.round(area[used], 2), kind="stable")]
    if len(order) < 2:
        raise InputError(
            "all of the picture falls to one ink: its other colors are not in the palette, or lie in spots finer than "
            "the finest line; give other colors, a larger size, or a fabric with a finer line."
        )
    if not np.array_equal(order, np.arange(len(planes))):
        planes = planes[order]
    roles = (*ROLES, *[""] * MOST_INKS)[: len(order)]
    if forced is None:
        palette = _palette(found.shown[order]).with_roles(roles)
    else:
        palette = replace(forced, inks=tuple(forced.inks[k] for k in order)).with_roles(roles)
    mean, percentile = _differences(rgb, planes, palette)
    report = Report(mean, percentile, found.colors.flat, found.colors.spots, found.gone, _findings(found, len(order)))
    return Separated(Separation(planes, lattice, roles), palette, report)


def _palette(encoded: np.ndarray) -> Palette:
    """Return inks of sRGB-encoded colors (K, 3), each with the nearest name of ours that is not taken."""
    made: list[Ink] = []
    for lab in srgb_to_lab(encoded):
        name = nearest_name(lab, frozenset(ink.name for ink in made))
        made.append(Ink(name or f"ink {len(made) + 1}", (float(lab[0]), float(lab[1]), float(lab[2]))))
    return Palette(tuple(made))


def _differences(rgb: np.ndarray, planes: np.ndarray, palette: Palette) -> tuple[float, float]:
    """Return the mean and the 95th percentile of CIEDE2000 between pixels and inks."""
    area = rgb[0].size
    step = -(-area // _MEASURED)
    # A step that shares no factor with the width comes to every column.
    while step > 1 and np.gcd(step, rgb.shape[2]) > 1:
        step += 1
    at = np.arange(0, area, step)
    shown = planes.reshape(len(planes), -1)[:, at].T @ palette.linear_rgb()
    asked = pixel_places(rgb.reshape(3, -1)[:, at].T, textile=False)
    difference = ciede2000(asked, srgb_to_lab(linear_to_srgb(shown)))
    return float(difference.mean()), float(np.percentile(difference, 95))


def _findings(found: "_Found", count: int) -> tuple[Finding, ...]:
    notes = []
    if found.palette is None and found.asked is None and count < len(found.shown):
        notes.append(
            Finding(
                "warning",
                "colors that the picture has only in spots and lines finer than the finest line were dissolved",
                f"{len(found.shown) - count} of {len(found.shown)} inks",
                "print it larger, or choose a fabric with a finer line",
            )
        )
    if found.palette is not None and count < len(found.palette):
        notes.append(
            Finding(
                "note",
                "some of the given inks are nearest to nothing in the picture and were left out",
                f"{len(found.palette) - count} of {len(found.palette)}",
            )
        )
    if found.palette is None and found.asked is not None and count < found.asked:
        notes.append(
            Finding(
                "note",
                "the picture has fewer colors that cloth could tell apart than were asked for",
                f"{count} of {found.asked} inks",
                "ask for shades with --tone tint",
            )
        )
    if not found.colors.flat:
        notes.append(
            Finding(
                "note",
                "the picture is painted or photographed: its colors are no flat inks, and were chosen to stand for it",
                f"{found.colors.spots} flat colors",
                "keep its shading with --tone tint or --tone halftone, or ask for more inks",
            )
        )
    return tuple(notes)
