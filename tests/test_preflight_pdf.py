"""PDF files broken in one way each: preflight names every fault, and passes the same file without it."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name
from PIL import Image

from patterns import presets
from patterns.preflight import Report, Wanted, check

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


Change = Callable[[pikepdf.Pdf], None]


@dataclass(frozen=True)
class Fault:
    """One way to break a file, what a finding must say of it, and what is sound instead."""

    name: str
    says: str
    broken: Change
    sound: Change = unchanged
    base: Callable[[], pikepdf.Pdf] = x4
    wanted: Wanted = Wanted(repeats=False)
    version: str = "1.4"
    broken_version: str = ""
    severity: str = ""


FAULTS = (
    Fault("JavaScript on opening", "acts by itself", opening(S=Name.JavaScript, JS=pikepdf.String("app.beep()"))),
    Fault("launches a program", "acts by itself", opening(S=Name.Launch, F=pikepdf.String("a.exe"))),
    Fault("a form field", "is a form", form_field),
    Fault("a note on the art", "may print", noted("Text"), noted("PrinterMark")),
    Fault("a stamp on the art", "annotations lie on the printed area", noted("Stamp"), noted("TrapNet")),
    Fault("PDF 2.0", "do not know this version", unchanged, broken_version="2.0"),
    Fault("trim beyond the page", "trim box reaches beyond the page", boxed(TrimBox=(20, 20, 150, 116))),
    Fault("trim beyond the bleed", "trim box reaches beyond the bleed", boxed(BleedBox=(22, 12, 124, 124))),
    Fault("bleed beyond the page", "bleed box reaches beyond the page", boxed(BleedBox=(-3, 12, 124, 124))),
    Fault(
        "crop inside the trim",
        "trim box reaches beyond the crop",
        boxed(CropBox=(24, 20, 116, 116)),
        boxed(CropBox=PAGE),
    ),
    Fault("trim and art box", "both a trim box and an art box", boxed(ArtBox=TRIM)),
    Fault("no trim box", "neither a trim box nor an art box", lambda p: p.pages[0].obj.__delitem__("/TrimBox")),
    Fault("bleed without trim", "no trim box", lambda p: p.pages[0].obj.__delitem__("/TrimBox"), base=plain),
    Fault("a page turned", "turned by a flag", lambda p: p.pages[0].obj.__setitem__("/Rotate", 90)),
    Fault("UserUnit", "units of its own", lambda p: p.pages[0].obj.__setitem__("/UserUnit", 2), version="1.6"),
    Fault("page of 15000 units", "longer than PDF allows", wide_page),
    Fault("an empty page", "the page is empty", lambda p: draw(p, b"")),
    Fault(
        "a blank second page", "page 2: the page is empty", lambda p: p.add_blank_page(page_size=(136, 136)), base=plain
    ),
    Fault(
        "font not embedded",
        "fonts that are not embedded",
        lambda p: text(p, helvetica()),
        lambda p: text(p, carried(p)),
    ),
    Fault(
        "composite font not embedded",
        "fonts that are not embedded",
        lambda p: text(p, composite(p, whole=False)),
        lambda p: text(p, composite(p, whole=True)),
    ),
    Fault(
        "font named, not used",
        "names fonts",
        lambda p: text(p, helvetica(), show=False),
        lambda p: text(p, carried(p), show=False),
    ),
    Fault(
        "RGB without profile",
        "RGB colors that no profile",
        content(b"1 0 0 rg 40 40 9 9 re f"),
        lambda p: based(p, srgb(), 3),
        base=plain,
    ),
    Fault("CMYK without profile", "CMYK colors that no profile", no_intent, base=plain),
    Fault("RGB in X-1a", "colors other than CMYK", lambda p: based(p, srgb(), 3), base=one_a),
    Fault(
        "device RGB in X-4",
        "DeviceRGB colors and an output intent for others",
        content(b"1 0 0 rg 40 40 9 9 re f"),
        lambda p: based(p, srgb(), 3),
    ),
    Fault(
        "profile for other channels", "is for other colors", lambda p: based(p, FOGRA, 3), lambda p: based(p, FOGRA, 4)
    ),
    Fault(
        "profile cut short",
        "profile of colors of 3 channels is damaged",
        lambda p: based(p, srgb()[:300], 3),
        lambda p: based(p, srgb(), 3),
    ),
    Fault(
        "profile is text",
        "profile of colors of 3 channels is damaged",
        lambda p: based(p, b"sRGB", 3),
        lambda p: based(p, srgb(), 3),
    ),
    Fault("spot called Black", "name of a process color", spots("Black"), spots("03 Black")),
    Fault("spot called cyan", "name of a process color", spots("cyan"), spots("02 cyan")),
    Fault("spots differ in case", "differ only in how", spots("Madder", "madder"), spots("01 Madder", "02 madder")),
    Fault(
        "spots differ in blanks", "differ only in how", spots("deep blue", "deep_blue"), spots("deep blue", "pale blue")
    ),
    Fault("plates differ in case", "differ only in how", device_n("Indigo", "INDIGO"), device_n("Indigo", "Madder")),
    Fault("a spot in two colors", "shown in different colors", two_looks(same=False), two_looks(same=True)),
    Fault("All inside the trim", "registration color All", spots("All"), lambda p: spot(p, "All", at=0)),
    Fault("painted in None", "do not print", spots("None"), spots("madder")),
    Fault(
        "rich black drawn",
        "takes more ink",
        content(b"1 1 1 1 k 40 40 20 20 re f"),
        content(b"0.6 0.5 0.5 1 k 40 40 20 20 re f"),
    ),
    Fault(
        "rich black in an image",
        "takes more ink",
        lambda p: art(p, samples(ink=(255, 255, 255, 255))),
        lambda p: art(p, samples(ink=(150, 120, 120, 255))),
    ),
    Fault(
        "nine inks for a fabric of six", "takes fewer inks", spots(*"abcdef"), wanted=Wanted(repeats=False, most_inks=6)
    ),
    Fault("opacity", "live transparency", lambda p: state(p, ca=0.5), lambda p: state(p, ca=1), base=plain),
    Fault(
        "blend mode",
        "live transparency",
        lambda p: state(p, BM=Name.Multiply),
        lambda p: state(p, BM=Name.Normal),
        base=plain,
    ),
    Fault("soft mask", "live transparency", masked, base=plain),
    Fault(
        "opacity in X-1a",
        "but it has live transparency",
        lambda p: state(p, CA=0.5),
        lambda p: state(p, CA=1),
        base=one_a,
    ),
    Fault("soft mask in X-1a", "but it has live transparency", masked, base=one_a),
    Fault("white overprints", "vanish", without_ink(True), without_ink(False)),
    Fault(
        "empty tint overprints",
        "vanish",
        lambda p: (state(p, b"/S gs", op=True, OP=True), spot(p, "madder"), add(p, b"0 scn 60 60 9 9 re f")) and None,
        lambda p: (state(p, b"/S gs", op=True, OP=True), spot(p, "madder"), add(p, b"0.1 scn 60 60 9 9 re f")) and None,
    ),
    Fault(
        "hairline of no width",
        "line is thinner",
        content(b"0 w 40 40 m 90 90 l S"),
        content(b"0.5 w 40 40 m 90 90 l S"),
    ),
    Fault(
        "line scaled down",
        "line is thinner",
        content(b"q .1 0 0 .1 0 0 cm 1 w 400 400 m 900 900 l S Q"),
        content(b"q .1 0 0 .1 0 0 cm 1 w 20 20 m 190 20 l S Q"),
    ),
    Fault(
        "line too thin for the fabric",
        "line is thinner",
        content(b"0.7 w 40 40 m 90 90 l S"),
        content(b"2 w 40 40 m 90 90 l S"),
        wanted=Wanted(repeats=False, line_mm=0.5),
    ),
    Fault("image of 36 dpi", "too few pixels", lambda p: art(p, samples(56, off=4)), severity="fault"),
    Fault("image of 85 dpi", "too few pixels", lambda p: art(p, samples(132, off=9)), severity="warning"),
    Fault("image too coarse for the product", "too few pixels", unchanged, wanted=Wanted(repeats=False, dpi=300)),
    Fault("image stretched", "an image is stretched", lambda p: art(p, samples()[:, ::2][:, :100])),
    Fault("image cut short", "is cut short", cut_short, whole_flate),
    Fault(
        "image of no pixels", "cannot be drawn", lambda p: p.pages[0].obj.Resources.XObject.Art.__setitem__("/Width", 0)
    ),
    Fault(
        "image of a billion pixels a side",
        "claims more pixels",
        lambda p: p.pages[0].obj.Resources.XObject.Art.__setitem__("/Width", 10**9),
    ),
    Fault("image asks to be smoothed", "asks to be smoothed", lambda p: art(p, samples(), Interpolate=True)),
    Fault("image packed hard", "blocks and halos", lambda p: jpeg(p, 30), lambda p: jpeg(p, 95)),
    Fault("image with alternates", "have alternates", lambda p: art(p, samples(), Alternates=Array([]))),
    Fault(
        "copies only touch",
        "only touch",
        lambda p: copies(p, [12, 36, 60, 84, 108], 24),
        lambda p: copies(p, [12, 36, 60, 84, 108], 25),
    ),
    Fault(
        "copies leave a gap",
        "leave a gap",
        lambda p: copies(p, [12, 36, 60, 84, 108], 23.8),
        lambda p: copies(p, [12, 36, 60, 84, 108], 25),
    ),
    Fault(
        "copies at uneven distances",
        "uneven distances",
        lambda p: copies(p, [12, 36, 60.3, 84, 108], 25),
        lambda p: copies(p, [12, 36, 60, 84, 108], 25),
    ),
    Fault("pattern that drifts", "change its pitch", lambda p: tiling(p, kind=1), tiling),
    Fault("pattern with gaps", "gaps between its copies", lambda p: tiling(p, step=26), tiling),
    Fault("art ends before the trim", "ends before the trim", short_art, trim_art),
    Fault("art ends before the bleed", "ends before the bleed", small_art),
    Fault("output intent of a screen", "none of a press", new_intent(srgb(), 3), base=plain),
    Fault("output intent of other channels", "other channels than it says", new_intent(FOGRA, 3), new_intent(FOGRA, 4)),
    Fault("output intent damaged", "output intent is damaged", new_intent(FOGRA[:2000])),
    Fault("two output intents", "more than one output intent", two_intents),
    Fault("claim without output intent", "no output intent", no_intent),
    Fault(
        "output intent without profile",
        "has no profile",
        lambda p: p.Root.OutputIntents[0].__delitem__("/DestOutputProfile"),
    ),
    Fault("trapped is /False_", "trapped key", lambda p: p.docinfo.__setitem__("/Trapped", Name("/False_"))),
    Fault("trapped is missing", "trapped key is neither", without("/Trapped")),
    Fault("trapped is unknown", "trapped key is neither", lambda p: p.docinfo.__setitem__("/Trapped", Name.Unknown)),
    Fault("no date of change", "no date", without("/ModDate"), base=one_a),
    Fault("no title", "no title", without("/Title"), base=one_a),
    Fault("packed with LZW", "LZW", packed_lzw),
    Fault("no such standard", "no such standard", claimed("PDF/X-9")),
    Fault("X-4 claimed in the wrong place", "XMP metadata does not say so", in_info_only),
    Fault("X-1a of version 1.6", "newer than the standard's", unchanged, base=one_a, broken_version="1.6"),
    Fault("files attached in X-1a", "files are attached", attached, base=one_a),
    Fault("layers in X-1a", "it has layers", layered(hidden=False), base=one_a),
    Fault("hidden layers", "layers that are hidden", layered(hidden=True), layered(hidden=False)),
    Fault("JPEG 2000 in X-1a", "packed as the standard forbids", jpx, base=one_a),
    Fault(
        "transfer function",
        "transfer function",
        lambda p: state(p, TR=Dictionary(FunctionType=2, Domain=[0, 1], N=2)),
        lambda p: state(p, TR=Name.Identity),
    ),
    Fault(
        "halftone of its own",
        "halftone",
        lambda p: state(p, HT=Dictionary(HalftoneType=1)),
        lambda p: state(p, HT=Name.Default),
    ),
    Fault("PostScript", "PostScript", object_of("PS")),
    Fault("a form draws itself", "draws itself", looping, object_of("Form", BBox=[0, 0, 9, 9])),
    Fault("draws what is not there", "not there", content(b"/Nothing Do")),
    Fault("restores too often", "Q without q", content(b"Q Q"), content(b"q Q")),
    Fault("saves too often", "q without Q", content(b"q q"), content(b"q Q")),
    Fault("unknown operator", "unknown operator", content(b"1 frob"), content(b"1 w")),
    Fault("unknown color space", "is not defined", content(b"/Nowhere cs 1 scn 40 40 9 9 re f"), spots("madder")),
)


def written(pdf: pikepdf.Pdf, path: Path, version: str) -> Path:
    kept = pikepdf.StreamDecodeLevel.none
    pdf.save(path, force_version=version, compress_streams=False, stream_decode_level=kept, static_id=True)
    return path


def loud(report: Report) -> list[str]:
    return [f"{f.severity}: {f.message} ({f.measured})" for f in report.findings if f.severity != "note"]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_every_fault_is_named_and_the_same_file_without_it_passes(fault: Fault, tmp_path: Path) -> None:
    for name, change, version in (
        ("sound", fault.sound, fault.version),
        ("broken", fault.broken, fault.broken_version or fault.version),
    ):
        pdf = fault.base()
        change(pdf)
        wanted = fault.wanted if name == "broken" or fault.broken is not unchanged else Wanted(repeats=False)
        found = loud(check(written(pdf, tmp_path / f"{name}.pdf", version), wanted))
        assert found == [] if name == "sound" else any(fault.says in line for line in found), (name, found)
        assert name == "sound" or any(line.startswith(fault.severity) for line in found if fault.says in line)


def test_the_set_is_large_and_its_names_are_its_own() -> None:
    assert len({fault.name for fault in FAULTS}) == len(FAULTS) >= 80
