"""TIFF in strips: exact resolution in pixels per centimeter, sRGB profile, record in XMP; sRGB or indexed."""

import zlib
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from patterns.press.marks import SOFTWARE, Marks, srgb_profile
from patterns.press.raster import BAND_ROWS, Picture

XMP_TAG = 700
_BYTE = 1


def write_tiff(path: Path, picture: Picture, marks: Marks) -> None:
    """Write a picture as TIFF, deflated; BigTIFF only when four gigabytes demand it."""
    import tifffile

    samples = 1 if picture.colors is not None else 3
    xmp = marks.xmp()
    options: dict[str, Any] = {
        "shape": (picture.height, picture.width, 3)[: 2 + (samples == 3)],
        "dtype": np.uint8,
        "compression": "zlib",
        "rowsperstrip": BAND_ROWS,
        "photometric": "rgb" if samples == 3 else "palette",
        "colormap": None if picture.colors is None else _colormap(picture.colors),
        "resolution": tuple(_per_centimeter(v) for v in picture.px_per_mm),
        "resolutionunit": "CENTIMETER",
        "iccprofile": srgb_profile(),
        "description": _ascii(f"{marks.title}. {marks.label}"),
        "software": SOFTWARE,
        "metadata": None,
        "extratags": [(XMP_TAG, _BYTE, len(xmp), xmp, True)],
        "maxworkers": 1,
    }
    large = picture.width * picture.height * samples > 2**32 - 2**25
    with tifffile.TiffWriter(path, bigtiff=large) as tiff:
        tiff.write(_strips(picture), **options)


def _strips(picture: Picture) -> Iterator[bytes]:
    """Yield deflated strips of BAND_ROWS rows; tifffile streams strips only if they come compressed."""
    for band in picture.bands():
        for top in range(0, len(band), BAND_ROWS):
            yield zlib.compress(np.ascontiguousarray(band[top : top + BAND_ROWS]).data, 6)


def _colormap(colors: np.ndarray) -> np.ndarray:
    """Return TIFF's (3, 256) uint16 color map; 257 takes 8 bits to 16 exactly."""
    colormap = np.zeros((3, 256), np.uint16)
    colormap[:, : len(colors)] = colors.T.astype(np.uint16) * 257
    return colormap


def _per_centimeter(px_per_mm: float) -> tuple[int, int]:
    exact = Fraction(px_per_mm * 10).limit_denominator(10_000)
    return exact.numerator, exact.denominator


def _ascii(text: str) -> str:
    """Return text as TIFF's 7-bit strings can hold it; the XMP has it whole."""
    return text.encode("ascii", "replace").decode()
