"""PDF at true size: one image object, placed once or paved; ICC-based sRGB; no font, no date, no PDF/X claim.

Viewers that snap each image to their own pixels show hairlines between images that only touch; so a paved image
carries a margin of its neighbors and overlaps them. A tiling pattern would be shorter, but its pitch drifts in two
of six renderers. ISO 32000-1.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from patterns.errors import CannotMake
from patterns.press.marks import Marks, srgb_profile
from patterns.press.png import deflated
from patterns.press.raster import Picture
from patterns.units import PT_PER_MM

# ISO 32000-1, annex C: a page is at most 14400 units wide and high.
LONGEST_MM = 14_400 / PT_PER_MM


@dataclass(frozen=True, slots=True)
class Paving:
    """A page in mm, and the pitch (mm) at which a picture that repeats straight is laid over it from the top left.

    ``margin`` is how many pixels the picture is larger than its pitch on each side.
    """

    page: tuple[float, float]
    pitch: tuple[float, float]
    margin: int = 0


def write_pdf(path: Path, picture: Picture, paving: Paving, marks: Marks) -> None:
    """Write one page of PDF 1.6, its media and trim boxes the page; CannotMake if PDF has no page that large."""
    import pikepdf

    width, height = (side * PT_PER_MM for side in paving.page)
    if max(paving.page) > LONGEST_MM:
        raise CannotMake(f"a PDF page is at most {LONGEST_MM / 1000:.2f} m long; use the TIFF for anything larger.")
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(width, height)).obj
        box = pikepdf.Array([0, 0, _decimal(width), _decimal(height)])
        page.MediaBox, page.TrimBox = box, box
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Tile=_image(pdf, picture)))
        page.Contents = pdf.make_stream(b"\n".join(_content(picture, paving)))
        finish(pdf, path, marks)


def finish(pdf: Any, path: Path, marks: Marks) -> None:
    """Write metadata into a pikepdf.Pdf and save it, the same bytes for the same content; /Trapped stays as it is."""
    import pikepdf

    metadata = pdf.make_stream(marks.xmp())
    metadata.Type, metadata.Subtype = pikepdf.Name.Metadata, pikepdf.Name.XML
    pdf.Root.Metadata = metadata
    for key in set(pdf.docinfo) - {"/Trapped"}:
        del pdf.docinfo[key]
    pdf.docinfo["/Title"] = marks.title
    pdf.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
    # Into memory first: when a disk fills up under it, qpdf ends the whole process.
    whole = io.BytesIO()
    pdf.save(
        whole,
        deterministic_id=True,
        compress_streams=False,
        stream_decode_level=pikepdf.StreamDecodeLevel.none,
        object_stream_mode=pikepdf.ObjectStreamMode.disable,
        force_version="1.6",
    )
    path.write_bytes(whole.getbuffer())


def finish_drawn(drawn: bytes, path: Path, marks: Marks) -> None:
    """Finish one page of PDF as reportlab drew it: its trim box, its colors ICC-based sRGB, no transition."""
    import pikepdf

    with pikepdf.open(io.BytesIO(drawn)) as pdf:
        page = pdf.pages[0].obj
        page.TrimBox = page.MediaBox
        # A DefaultRGB makes reportlab's DeviceRGB the sRGB that it is meant to be (ISO 32000-1, 8.6.5.6).
        page.Resources.ColorSpace = pikepdf.Dictionary(DefaultRGB=srgb_space(pdf))
        if "/Trans" in page:
            del page["/Trans"]
        finish(pdf, path, marks)


def srgb_space(pdf: Any) -> Any:
    """Return the ICC-based sRGB color space in a pikepdf.Pdf."""
    import pikepdf

    profile = pdf.make_stream(srgb_profile(), N=3, Alternate=pikepdf.Name.DeviceRGB)
    return pikepdf.Array([pikepdf.Name.ICCBased, pdf.make_indirect(profile)])


def _image(pdf: Any, picture: Picture) -> Any:
    import pikepdf

    return pdf.make_stream(
        b"".join(deflated(picture.bands())),
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Image,
        Width=picture.width,
        Height=picture.height,
        BitsPerComponent=8,
        ColorSpace=srgb_space(pdf),
        Filter=pikepdf.Name.FlateDecode,
        DecodeParms=pikepdf.Dictionary(Predictor=15, Colors=3, BitsPerComponent=8, Columns=picture.width),
    )


def _content(picture: Picture, paving: Paving) -> Iterator[bytes]:
    """Yield the page's operators: clip to the page, then each copy at its absolute position."""
    (page_width, page_height), (pitch_x, pitch_y) = paving.page, paving.pitch
    inner = (picture.width - 2 * paving.margin, picture.height - 2 * paving.margin)
    margin_x, margin_y = paving.margin * pitch_x / inner[0], paving.margin * pitch_y / inner[1]
    size = (pitch_x + 2 * margin_x, pitch_y + 2 * margin_y)
    yield f"0 0 {_points(page_width)} {_points(page_height)} re W n".encode()
    for row in range(_count(page_height, pitch_y)):
        for column in range(_count(page_width, pitch_x)):
            left = column * pitch_x - margin_x
            bottom = page_height - row * pitch_y + margin_y - size[1]
            numbers = (_points(size[0]), _points(size[1]), _points(left), _points(bottom))
            yield "q {} 0 0 {} {} {} cm /Tile Do Q".format(*numbers).encode()


def _count(length: float, pitch: float) -> int:
    """Return how many copies cover a length; a sliver of less than a micrometer needs none."""
    return max(1, -int(-(length - 1e-3) // pitch))


def _points(mm: float) -> str:
    return f"{mm * PT_PER_MM:.5f}"


def _decimal(points: float) -> Any:
    from decimal import Decimal

    return Decimal(f"{points:.5f}")
