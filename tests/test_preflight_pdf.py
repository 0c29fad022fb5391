"""PDF files broken in one way each: preflight names every fault, and passes the same file without it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from patterns.preflight import Report, Wanted, check
from tests.broken_pdf import (
    FOGRA,
    PAGE,
    TRIM,
    art,
    attached,
    based,
    blank_page,
    boxed,
    carried,
    claimed,
    composite,
    content,
    copies,
    cut_short,
    device_n,
    draw,
    form_field,
    helvetica,
    in_info_only,
    jpeg,
    jpx,
    layered,
    looping,
    masked,
    new_intent,
    no_intent,
    noted,
    object_of,
    one_a,
    opening,
    overprinted,
    packed_lzw,
    plain,
    samples,
    short_art,
    small_art,
    spot,
    spots,
    srgb,
    state,
    text,
    tiling,
    trim_art,
    two_intents,
    two_looks,
    unchanged,
    whole_flate,
    wide_page,
    without,
    without_ink,
    x4,
)

UNSEEN = Wanted(repeats=False)
Change = Callable[[pikepdf.Pdf], None]


@dataclass(frozen=True)
class Fault:
    """One way to break a file, what a finding must say of it, and what is sound instead."""

    name: str
    says: str
    broken: Change
    sound: Change = unchanged
    base: Callable[[], pikepdf.Pdf] = x4
    wanted: Wanted = UNSEEN
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
    Fault("a blank second page", "page 2: the page is empty", blank_page, base=plain),
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
        overprinted(0.0),
        overprinted(0.1),
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
        wanted = fault.wanted if name == "broken" or fault.broken is not unchanged else UNSEEN
        found = loud(check(written(pdf, tmp_path / f"{name}.pdf", version), wanted))
        assert found == [] if name == "sound" else any(fault.says in line for line in found), (name, found)
        assert name == "sound" or any(line.startswith(fault.severity) for line in found if fault.says in line)


def test_the_set_is_large_and_its_names_are_its_own() -> None:
    assert len({fault.name for fault in FAULTS}) == len(FAULTS) >= 80
