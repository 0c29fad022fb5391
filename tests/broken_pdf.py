"""Sound PDF files, and the changes that break them one way each (see test_preflight_pdf)."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
from pikepdf import Array, Dictionary, Name
from PIL import Image

from patterns import presets

FOGRA = (presets.folder("fabrics").parent / "profiles" / "fogra39-coated-paper.icc").read_bytes()
TRIM, BLEED, PAGE = (20, 20, 116, 116), (12, 12, 124, 124), (0, 0, 136, 136)
# Pixels per point of the image: 144 dpi.
SCALE = 2
XMP = """<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:pdfxid="http://www.npes.org/pdfx/ns/id/"
xmlns:dc="http://purl.org/dc/elements/1.1/" pdfxid:GTS_PDFXVersion="PDF/X-4"><dc:title/></rdf:Description></rdf:RDF>
</x:xmpmeta><?xpacket end="w"?>"""


def tile(side: int = 192) -> np.ndarray:
    """A seamless mask (side, side) bool of waves and blobs."""
    y, x = np.mgrid[:side, :side] * (2 * np.pi / side)
    waves = np.sin(2 * x + y) + np.sin(3 * y - x + 1) + np.sin(x + 2) * np.cos(4 * y) + np.sin(5 * x - 2 * y)
    return waves > 0.3


def samples(side: int = 224, *, off: int = 16, ink: tuple[int, ...] = (153, 102, 0, 51)) -> np.ndarray:
    """CMYK samples (side, side, 4) of the tile, paved around the trim that begins ``off`` pixels in."""
    where = (np.arange(side) - off) % 192
    mask = tile()[where][:, where]
    return np.where(mask[..., None], np.array(ink, np.uint8), np.array((0, 5, 15, 0), np.uint8)).astype(np.uint8)


def image(pdf: pikepdf.Pdf, pixels: np.ndarray, space: Any = Name.DeviceCMYK, **more: Any) -> Any:
    """Add an image of 8 bits to a PDF."""
    return pdf.make_stream(
        pixels.tobytes(),
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=pixels.shape[1],
        Height=pixels.shape[0],
        BitsPerComponent=8,
        ColorSpace=space,
        **more,
    )


def intent(pdf: pikepdf.Pdf, profile: bytes = FOGRA, *, channels: int = 4) -> Any:
    return Dictionary(
        Type=Name.OutputIntent,
        S=Name.GTS_PDFX,
        OutputConditionIdentifier=pikepdf.String("FOGRA39"),
        DestOutputProfile=pdf.make_stream(profile, N=channels),
    )


def x4(claim: str = "PDF/X-4") -> pikepdf.Pdf:
    """A repeat in CMYK with bleed, built to PDF/X-4, X-1a or nothing."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(136, 136)).obj
    page.MediaBox, page.TrimBox, page.BleedBox = Array(PAGE), Array(TRIM), Array(BLEED)
    page.Resources = Dictionary(XObject=Dictionary(Art=image(pdf, samples())))
    draw(pdf, b"q 112 0 0 112 12 12 cm /Art Do Q")
    pdf.Root.OutputIntents = Array([intent(pdf)])
    info = pdf.docinfo
    for key, value in (("/Title", "Waves"), ("/CreationDate", "D:20260101"), ("/ModDate", "D:20260101")):
        info[key] = value
    info["/Trapped"] = Name("/False")
    if claim == "PDF/X-4":
        pdf.Root.Metadata = pdf.make_stream(XMP.encode(), Type=Name.Metadata, Subtype=Name.XML)
    elif claim:
        info["/GTS_PDFXVersion"] = claim
    return pdf


def one_a() -> pikepdf.Pdf:
    return x4("PDF/X-1a:2003")


def plain() -> pikepdf.Pdf:
    return x4("")


def draw(pdf: pikepdf.Pdf, more: bytes, *, after: bool = False) -> None:
    """Make ``more`` the content of the page, or what comes after it."""
    page = pdf.pages[0].obj
    page.Contents = pdf.make_stream((page.Contents.read_bytes() + b"\n" if after else b"") + more)


def add(pdf: pikepdf.Pdf, more: bytes) -> None:
    draw(pdf, more, after=True)


def resource(pdf: pikepdf.Pdf, kind: str, name: str, value: Any) -> None:
    resources = pdf.pages[0].obj.Resources
    if kind not in resources:
        resources[kind] = Dictionary()
    resources[kind][name] = value


def state(pdf: pikepdf.Pdf, content: bytes = b"q /S gs 0 0 0 0.5 k 40 40 20 20 re f Q", **said: Any) -> None:
    """Draw a square under a graphics state."""
    resource(pdf, "/ExtGState", "/S", Dictionary(**said))
    add(pdf, content)


def spot(
    pdf: pikepdf.Pdf, name: str, *, ink: tuple[float, ...] = (1, 0.5, 0, 0), at: int = 40, key: str = "/P"
) -> None:
    """Draw a square in a spot ink."""
    tint = Dictionary(FunctionType=2, Domain=[0, 1], C0=[0, 0, 0, 0], C1=list(ink), N=1)
    resource(pdf, "/ColorSpace", key, Array([Name.Separation, Name(f"/{name}"), Name.DeviceCMYK, tint]))
    add(pdf, f"{key} cs 1 scn {at} 40 20 20 re f".encode())


def text(pdf: pikepdf.Pdf, font: Any, *, show: bool = True) -> None:
    """Set text, or none of it, below the trim."""
    resource(pdf, "/Font", "/F", font)
    add(pdf, b"BT /F 6 Tf 20 2 Td " + (b"(slug) Tj" if show else b"") + b" ET")


def helvetica() -> Any:
    return Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)


def carried(pdf: pikepdf.Pdf) -> Any:
    """A font whose file is in the PDF."""
    import reportlab

    file = Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"
    descriptor = Dictionary(Type=Name.FontDescriptor, FontName=Name.Vera, FontFile2=pdf.make_stream(file.read_bytes()))
    return Dictionary(Type=Name.Font, Subtype=Name.TrueType, BaseFont=Name.Vera, FontDescriptor=descriptor)


def composite(pdf: pikepdf.Pdf, *, whole: bool) -> Any:
    descriptor = carried(pdf).FontDescriptor if whole else Dictionary(Type=Name.FontDescriptor, FontName=Name.Ming)
    inner = Dictionary(Type=Name.Font, Subtype=Name.CIDFontType2, BaseFont=Name.Ming, FontDescriptor=descriptor)
    return Dictionary(
        Type=Name.Font, Subtype=Name.Type0, BaseFont=Name.Ming, DescendantFonts=Array([pdf.make_indirect(inner)])
    )


def copies(pdf: pikepdf.Pdf, places: list[float], size: float) -> None:
    """Pave the page with rows of an image of a point in two pixels, at these places across and down."""
    resource(pdf, "/XObject", "/Cell", image(pdf, samples(48, off=0)))
    cells = [f"q {size} 0 0 {size} {x} {y} cm /Cell Do Q" for x in places for y in places]
    draw(pdf, "\n".join(cells).encode())


def tiling(pdf: pikepdf.Pdf, *, kind: int = 2, step: float = 24) -> None:
    resource(
        pdf,
        "/Pattern",
        "/T",
        pdf.make_stream(
            b"0 0 0 0.5 k 2 2 8 8 re f",
            PatternType=1,
            PaintType=1,
            TilingType=kind,
            BBox=[0, 0, 24, 24],
            XStep=step,
            YStep=24,
            Resources=Dictionary(),
        ),
    )
    add(pdf, b"/Pattern cs /T scn 12 12 112 112 re f")


def based(pdf: pikepdf.Pdf, profile: bytes, channels: int) -> None:
    """Draw a square in colors of an ICC profile."""
    resource(pdf, "/ColorSpace", "/I", Array([Name.ICCBased, pdf.make_stream(profile, N=channels)]))
    add(pdf, b"/I cs " + b"0.5 " * channels + b"scn 40 40 20 20 re f")


def srgb() -> bytes:
    from PIL import ImageCms

    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def jpeg(pdf: pikepdf.Pdf, quality: int) -> None:
    file = io.BytesIO()
    Image.fromarray(samples()[..., 0]).save(file, "JPEG", quality=quality)
    picture = image(pdf, samples()[..., 0], Name.DeviceGray)
    picture.write(file.getvalue(), filter=Name.DCTDecode)
    pdf.pages[0].obj.Resources.XObject.Art = picture


def boxed(**boxes: tuple[float, ...]) -> Callable[[pikepdf.Pdf], None]:
    def change(pdf: pikepdf.Pdf) -> None:
        for name, box in boxes.items():
            pdf.pages[0].obj[f"/{name}"] = Array(box)

    return change


def noted(kind: str, **more: Any) -> Callable[[pikepdf.Pdf], None]:
    def change(pdf: pikepdf.Pdf) -> None:
        rect = Array([50, 50, 80, 80])
        note = Dictionary(Type=Name.Annot, Subtype=Name(f"/{kind}"), Rect=rect, **more)
        pdf.pages[0].obj.Annots = Array([pdf.make_indirect(note)])

    return change


def without(key: str) -> Callable[[pikepdf.Pdf], None]:
    def change(pdf: pikepdf.Pdf) -> None:
        del pdf.docinfo[key]

    return change


def content(more: bytes) -> Callable[[pikepdf.Pdf], None]:
    return lambda pdf: add(pdf, more)


def unchanged(_: pikepdf.Pdf) -> None:
    pass


def art(pdf: pikepdf.Pdf, pixels: np.ndarray, **more: Any) -> None:
    pdf.pages[0].obj.Resources.XObject.Art = image(pdf, pixels, **more)


def cut_short(pdf: pikepdf.Pdf) -> None:
    picture = image(pdf, samples())
    data = io.BytesIO()
    import zlib

    data.write(zlib.compress(samples()[:100].tobytes()))
    picture.write(data.getvalue(), filter=Name.FlateDecode)
    pdf.pages[0].obj.Resources.XObject.Art = picture


def whole_flate(pdf: pikepdf.Pdf) -> None:
    import zlib

    picture = image(pdf, samples())
    picture.write(zlib.compress(samples().tobytes()), filter=Name.FlateDecode)
    pdf.pages[0].obj.Resources.XObject.Art = picture


def looping(pdf: pikepdf.Pdf) -> None:
    form = pdf.make_stream(b"/Me Do", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 9, 9])
    form.Resources = Dictionary(XObject=Dictionary(Me=form))
    resource(pdf, "/XObject", "/Me", form)
    add(pdf, b"/Me Do")


def object_of(kind: str, **more: Any) -> Callable[[pikepdf.Pdf], None]:
    def change(pdf: pikepdf.Pdf) -> None:
        resource(pdf, "/XObject", "/X", pdf.make_stream(b"", Type=Name.XObject, Subtype=Name(f"/{kind}"), **more))
        add(pdf, b"/X Do")

    return change


def two_intents(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OutputIntents = Array([intent(pdf), intent(pdf)])


def new_intent(profile: bytes, channels: int = 4) -> Callable[[pikepdf.Pdf], None]:
    def change(pdf: pikepdf.Pdf) -> None:
        pdf.Root.OutputIntents = Array([intent(pdf, profile, channels=channels)])

    return change


def no_intent(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.OutputIntents


def layered(*, hidden: bool) -> Callable[[pikepdf.Pdf], None]:
    def change(pdf: pikepdf.Pdf) -> None:
        group = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=pikepdf.String("notes")))
        pdf.Root.OCProperties = Dictionary(OCGs=[group], D=Dictionary(OFF=[group] if hidden else []))

    return change


def attached(pdf: pikepdf.Pdf) -> None:
    pdf.attachments["a.txt"] = b"hello"


def form_field(pdf: pikepdf.Pdf) -> None:
    field = pdf.make_indirect(Dictionary(FT=Name.Tx, T=pikepdf.String("name")))
    pdf.Root.AcroForm = Dictionary(Fields=[field])


def opening(**action: Any) -> Callable[[pikepdf.Pdf], None]:
    def change(pdf: pikepdf.Pdf) -> None:
        pdf.Root.OpenAction = pdf.make_indirect(Dictionary(**action))

    return change


def packed_lzw(pdf: pikepdf.Pdf) -> None:
    # Clear, one byte of 32 (a space), end of data, in codes of nine bits.
    codes = (256 << 18 | 32 << 9 | 257) << 5
    stream = pdf.make_stream(b"")
    stream.write(codes.to_bytes(4, "big"), filter=Name.LZWDecode)
    pdf.pages[0].obj.Contents = Array([pdf.pages[0].obj.Contents, stream])


def claimed(text_: str) -> Callable[[pikepdf.Pdf], None]:
    def change(pdf: pikepdf.Pdf) -> None:
        pdf.Root.Metadata.write(XMP.replace("PDF/X-4", text_).encode())

    return change


def in_info_only(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.Metadata
    pdf.docinfo["/GTS_PDFXVersion"] = "PDF/X-4"


def jpx(pdf: pikepdf.Pdf) -> None:
    resource(pdf, "/XObject", "/J", image(pdf, samples(8)))
    pdf.pages[0].obj.Resources.XObject.J.write(b"\0\0\0\x0cjP", filter=Name.JPXDecode)


def small_art(pdf: pikepdf.Pdf) -> None:
    draw(pdf, b"q 112 0 0 112 12.6 12 cm /Art Do Q")


def short_art(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj.BleedBox = Array(TRIM)
    draw(pdf, b"q 95.4 0 0 96 20.6 20 cm /Art Do Q")


def trim_art(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj.BleedBox = Array(TRIM)
    draw(pdf, b"q 96 0 0 96 20 20 cm /Art Do Q")


def wide_page(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj.MediaBox = Array([0, 0, 15000, 136])


def masked(pdf: pikepdf.Pdf) -> None:
    mask = image(pdf, np.full((8, 8), 128, np.uint8), Name.DeviceGray)
    art(pdf, samples(), SMask=mask)


def spots(*names: str) -> Callable[[pikepdf.Pdf], None]:
    def change(pdf: pikepdf.Pdf) -> None:
        for number, name in enumerate(names):
            spot(pdf, name, ink=(number / 8, 0.5, 0, 0), at=30 + 15 * number, key=f"/P{number}")

    return change


def two_looks(*, same: bool) -> Callable[[pikepdf.Pdf], None]:
    def change(pdf: pikepdf.Pdf) -> None:
        spot(pdf, "madder", key="/P1")
        spot(pdf, "madder", ink=(1, 0.5, 0, 0) if same else (0, 1, 1, 0), at=70, key="/P2")

    return change


def device_n(*names: str) -> Callable[[pikepdf.Pdf], None]:
    def change(pdf: pikepdf.Pdf) -> None:
        program = b"{ " + b"pop " * len(names) + b"0.5 0 0 0 }"
        domain = [0, 1] * len(names)
        tint = pdf.make_stream(program, FunctionType=4, Domain=domain, Range=[0, 1] * 4)
        space = Array([Name.DeviceN, Array([Name(f"/{n}") for n in names]), Name.DeviceCMYK, tint])
        resource(pdf, "/ColorSpace", "/N", space)
        add(pdf, b"/N cs " + b"0.5 " * len(names) + b"scn 40 40 20 20 re f")

    return change


def without_ink(over: bool) -> Callable[[pikepdf.Pdf], None]:
    return lambda pdf: state(pdf, b"/S gs 0 0 0 0 k 40 40 20 20 re f", OP=over, op=over, OPM=1)


def overprinted(tint: float) -> Callable[[pikepdf.Pdf], None]:
    """Draw a spot ink in a tint that overprints."""

    def change(pdf: pikepdf.Pdf) -> None:
        state(pdf, b"/S gs", op=True, OP=True)
        spot(pdf, "madder")
        add(pdf, f"{tint} scn 60 60 9 9 re f".encode())

    return change


def blank_page(pdf: pikepdf.Pdf) -> None:
    pdf.add_blank_page(page_size=(136, 136))
