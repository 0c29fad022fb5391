"""All plates in one PDF: one image whose colorants are the plates, so that a RIP separates it into just these.

ISO 32000-1, 8.6.6.5 (DeviceN). What a viewer shows is computed by the file's own tint function: at every pixel the ink
that falls last takes its share, the one before takes of what is left, and the cloth has the rest, mixed in linear
light. So a trap looks as it prints, the lighter ink hidden under the darker. The file is built to PDF/X-4, which allows
alternates that are ICC-based; its output intent is Fogra39, a paper condition.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from patterns.errors import CannotMake, CheckFailed
from patterns.press.marks import Marks
from patterns.press.pdf import LONGEST_MM
from patterns.press.pdf_check import check_pdf
from patterns.press.pdf_finish import Claim, finish, srgb_space
from patterns.press.png import deflated
from patterns.press.process import read_condition
from patterns.units import PT_PER_MM


@dataclass(frozen=True, slots=True)
class Composite:
    """What the page is: its size in mm and in pixels, the plates' names and linear colors in the order of falling.

    ``colors`` is (N, 3), ``cloth`` (3,): linear light, 0-1. ``bits`` is 1 or 8.
    """

    size_mm: tuple[float, float]
    size_px: tuple[int, int]
    names: tuple[str, ...]
    colors: np.ndarray
    cloth: np.ndarray
    bits: int
    trapped: bool

    def __post_init__(self) -> None:
        if max(self.size_mm) > LONGEST_MM:
            raise CannotMake(
                f"the repeat rectangle is {max(self.size_mm) / 1000:.2f} m long, and a PDF page at most "
                f"{LONGEST_MM / 1000:.2f} m; choose a repeat whose rectangle is smaller."
            )


def write_composite(path: Path, page: Composite, bands: Iterable[np.ndarray], marks: Marks) -> None:
    """Write one page of PDF/X-4 from bands (N, h, W) uint8 of coverage: 0-255, or for one bit 0 and anything else."""
    import pikepdf

    width, height = (side * PT_PER_MM for side in page.size_mm)
    with pikepdf.new() as pdf:
        data = b"".join(deflated(_rows(band, page.bits) for band in bands))
        image = pdf.make_stream(
            data,
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Image,
            Width=page.size_px[0],
            Height=page.size_px[1],
            BitsPerComponent=page.bits,
            ColorSpace=_space(pdf, page),
            Filter=pikepdf.Name.FlateDecode,
            DecodeParms=pikepdf.Dictionary(
                Predictor=15, Colors=len(page.names), BitsPerComponent=page.bits, Columns=page.size_px[0]
            ),
        )
        sheet = pdf.add_blank_page(page_size=(width, height)).obj
        sheet.TrimBox = sheet.BleedBox = sheet.MediaBox
        sheet.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Plates=image))
        sheet.Contents = pdf.make_stream(f"q {width:.5f} 0 0 {height:.5f} 0 0 cm /Plates Do Q".encode())
        finish(pdf, path, marks, Claim("x4", read_condition(), trapped=page.trapped))
    if faults := check_pdf(path, "x4"):
        raise CheckFailed(f"the PDF that was made is not sound; report this: {'; '.join(map(str, faults))}")


def tint_program(colors: np.ndarray, cloth: np.ndarray) -> bytes:
    """Return a PostScript calculator function (ISO 32000-1, 7.10.5) from N tints to sRGB, the last one on top."""
    steps = ["1 0 0 0"]  # what is left of the pixel, and the color so far
    for color in colors[::-1]:
        # A tint takes at most what is left, and leaves the rest.
        steps.append("5 -1 roll 4 index 2 copy gt { exch } if pop 5 -1 roll 1 index sub 5 1 roll " + _taken(color))
    steps.append("4 -1 roll " + _taken(cloth))
    encoded = "dup 0.0031308 le { 12.92 mul } { 0.416667 exp 1.055 mul 0.055 sub } ifelse"
    steps.append(f"{encoded} 3 1 roll " * 3)
    return ("{ " + " ".join(steps) + " }").encode()


def _taken(color: np.ndarray) -> str:
    """Return the steps that turn "r g b share" into "r g b" with a share of a color added."""
    red, green, blue = (f"{max(0.0, float(v)):.5f}" for v in color)
    return f"4 -1 roll 1 index {red} mul add 4 1 roll 3 -1 roll 1 index {green} mul add 3 1 roll {blue} mul add"


def _rows(band: np.ndarray, bits: int) -> np.ndarray:
    """Return (h, W, N) uint8 samples, or (h, bytes) uint8 of packed bits, each row beginning on a byte."""
    pixels = np.ascontiguousarray(np.moveaxis(band, 0, 2))
    return pixels if bits == 8 else np.packbits(pixels.reshape(len(pixels), -1) != 0, axis=1)


def _space(pdf: Any, page: Composite) -> Any:
    """Return the DeviceN color space, with each colorant alone as a Separation for those who list them."""
    import pikepdf

    srgb = srgb_space(pdf)

    def tints(colors: np.ndarray) -> Any:
        domain = pikepdf.Array([0, 1] * len(colors))
        unit = pikepdf.Array([0, 1] * 3)
        return pdf.make_stream(tint_program(colors, page.cloth), FunctionType=4, Domain=domain, Range=unit)

    names = [pikepdf.Name(f"/{name}") for name in page.names]
    alone: Sequence[Any] = [
        pikepdf.Array([pikepdf.Name.Separation, name, srgb, tints(page.colors[i : i + 1])])
        for i, name in enumerate(names)
    ]
    colorants = pikepdf.Dictionary({str(name): space for name, space in zip(names, alone, strict=True)})
    more = pikepdf.Dictionary(Subtype=pikepdf.Name.DeviceN, Colorants=colorants)
    return pikepdf.Array([pikepdf.Name.DeviceN, pikepdf.Array(names), srgb, tints(page.colors), more])
