"""Our own rules for the PDF files that we build, asked of the finished file as it is read back from the disk.

There is no open checker of PDF/X-4, so a file that passes is "built to PDF/X-4, self-checked" and no more. The rules
are those of ISO 15930-7 (X-4) and 15930-4 (X-1a) that what is written here could break; ``tests/test_pdf.py`` breaks
them one by one.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

from patterns.errors import Finding
from patterns.press.names import RESERVED
from patterns.press.pdf_finish import NAMES, VERSIONS

_DEVICE_RGB = {"rg", "RG"}
_DEVICE = _DEVICE_RGB | {"g", "G", "k", "K"}
# Filters that a standard forbids, ISO 15930-7, 6.3 and 15930-4, 6.4.
_FILTERS = {None: {"/LZWDecode"}, "x4": {"/LZWDecode"}, "x1a": {"/LZWDecode", "/JBIG2Decode", "/JPXDecode"}}
_BOXES = ("/TrimBox", "/BleedBox", "/MediaBox")
# Boxes are written to five decimals of a point.
_SAME = 2e-5
_LONGEST = 14_400


def check_pdf(path: Path, standard: str | None) -> tuple[Finding, ...]:
    """Return every fault of a PDF that was built to a standard ("x4", "x1a", or None: plain sRGB); none if sound."""
    import pikepdf

    try:
        with pikepdf.open(path, attempt_recovery=False, suppress_warnings=True) as pdf:
            return tuple(Finding("fault", message) for message in _faults(pdf, standard))
    except pikepdf.PdfError as error:
        return (Finding("fault", f"the file cannot be read back: {error}"),)


def _faults(pdf: Any, standard: str | None) -> Iterator[str]:
    if pdf.pdf_version != VERSIONS[standard]:
        yield f"it is PDF {pdf.pdf_version}, not {VERSIONS[standard]}"
    if pdf.is_encrypted:
        yield "it is encrypted"
    if "/ID" not in pdf.trailer:
        yield "it has no ID"
    for key in {"/OpenAction", "/AA", "/AcroForm", "/OCProperties"} & set(pdf.Root.keys()):
        yield f"it has {key}"
    yield from _metadata(pdf, standard)
    yield from _intents(pdf, standard)
    for number, page in enumerate(pdf.pages, start=1):
        for fault in (*_boxes(page.obj, standard), *_painting(page, standard)):
            yield f"page {number}: {fault}"
    for item in pdf.objects:
        yield from _object(item, standard)
    yield from _colorants(pdf, standard)


def _metadata(pdf: Any, standard: str | None) -> Iterator[str]:
    info = pdf.docinfo
    packet = pdf.Root.Metadata.read_raw_bytes().decode("utf-8", "replace") if "/Metadata" in pdf.Root else ""
    if not packet or "/Title" not in info:
        yield "it has no XMP or no title"
    if info.get("/Trapped") not in ("/True", "/False"):
        yield "its Trapped key is neither True nor False"
    said = re.search("<pdfxid:GTS_PDFXVersion>(.*?)</", packet)
    claims = {"x4": said[1] if said else None, "x1a": info.get("/GTS_PDFXVersion")}
    for name, claim in claims.items():
        wanted = NAMES[name] if standard == name else None
        if (None if claim is None else str(claim)) != wanted:
            yield f"it claims {claim}, not {wanted}"
    if standard is None:
        return
    for key in ("/CreationDate", "/ModDate", "/Creator", "/Producer"):
        if key not in info:
            yield f"it does not say {key}"
    wanted = ["xmp:CreateDate", "xmp:ModifyDate", "xmp:MetadataDate", "xmpMM:DocumentID", "xmpMM:VersionID"]
    for tag in (*wanted, "xmpMM:RenditionClass", "pdf:Trapped", "dc:title"):
        if f"<{tag}>" not in packet:
            yield f"its XMP does not say {tag}"
    if f"<pdf:Trapped>{str(info.get('/Trapped', '')).strip('/')}<" not in packet:
        yield "its XMP and its Info differ on Trapped"


def _intents(pdf: Any, standard: str | None) -> Iterator[str]:
    intents = [i for i in pdf.Root.get("/OutputIntents", []) if i.get("/S") == "/GTS_PDFX"]
    if len(intents) != (0 if standard is None else 1):
        yield f"it has {len(intents)} output intents of PDF/X"
        return
    for intent in intents:
        if not str(intent.get("/OutputConditionIdentifier", "")) or not str(intent.get("/Info", "")):
            yield "its output intent does not say its condition"
        profile = intent.get("/DestOutputProfile")
        if profile is None or int(profile.N) != 4:
            yield "its output intent has no profile of four inks"
            continue
        data = profile.read_bytes()
        if (data[12:16], data[16:20], data[36:40]) != (b"prtr", b"CMYK", b"acsp"):
            yield "the profile of its output intent is not an output profile of a CMYK press"


def _boxes(page: Any, standard: str | None) -> Iterator[str]:
    if missing := [name for name in _BOXES if name not in page]:
        yield f"it has no {' and no '.join(missing)}"
        return
    if "/ArtBox" in page:
        yield "it has an ArtBox beside its TrimBox"
    boxes = [[float(v) for v in page[name]] for name in _BOXES]
    for (inner, outer), names in zip(pairwise(boxes), ("trim", "bleed"), strict=False):
        low = all(i >= o - _SAME for i, o in zip(inner[:2], outer[:2], strict=True))
        if not low or any(i > o + _SAME for i, o in zip(inner[2:], outer[2:], strict=True)):
            yield f"its {names} box reaches beyond the next"
    if max(boxes[2]) > _LONGEST + _SAME:
        yield f"it is {max(boxes[2]):g} units long, more than {_LONGEST}"
    if "/UserUnit" in page and standard == "x1a":
        yield "it has a UserUnit, which PDF/X-1a has not"
    for key in {"/Annots", "/AA", "/Group", "/Trans"} & set(page.keys()):
        yield f"it has {key}"


def _painting(page: Any, standard: str | None) -> Iterator[str]:
    """Yield operators and resources that a standard forbids."""
    import pikepdf

    spaces, fonts = page.obj.Resources.get("/ColorSpace", {}), page.obj.Resources.get("/Font", {})
    used = set()
    for operands, operator in pikepdf.parse_content_stream(page):
        name = str(operator)
        used.add(name)
        if name in ("cs", "CS") and str(operands[0]) not in spaces and str(operands[0]) != "/DeviceCMYK":
            yield f"it paints in {operands[0]}, which is not among its color spaces"
        if name == "Tf" and str(operands[0]) not in fonts:
            yield f"it sets text in {operands[0]}, which is not among its fonts"
    for name in sorted(used & (_DEVICE if standard is None else _DEVICE_RGB)):
        yield f"it paints with {name}, whose color depends on the device"
    if used & {"BI", "sh", "PS"}:
        yield "it has inline images, shadings or PostScript"


def _object(item: Any, standard: str | None) -> Iterator[str]:
    import pikepdf

    if not isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
        return
    if item.get("/Type") == "/FontDescriptor" and "/FontFile2" not in item:
        yield f"the font {item.get('/FontName')} is not embedded"
    if item.get("/Type") == "/Font" and item.get("/Subtype") not in ("/Type0", "/CIDFontType2", "/TrueType"):
        yield f"the font {item.get('/BaseFont')} is not embedded"
    if item.get("/S") in ("/JavaScript", "/Launch", "/Transparency") or item.get("/Type") == "/EmbeddedFile":
        yield "it has scripts, attachments or transparency"
    if "/CA" in item or "/ca" in item or "/SMask" in item or "/BM" in item:
        yield "it has transparency"
    if "/TR" in item or "/TR2" in item or "/HTP" in item:
        yield "it has transfer curves or halftone phases"
    if not isinstance(item, pikepdf.Stream):
        return
    named = item.get("/Filter", [])
    names = {str(v) for v in named} if isinstance(named, pikepdf.Array) else {str(named)}
    for name in sorted(names & _FILTERS[standard]):
        yield f"it has a stream in {name}"
    if item.get("/Subtype") == "/Image":
        yield from _image(item.get("/ColorSpace"), standard)


def _image(space: Any, standard: str | None) -> Iterator[str]:
    import pikepdf

    kind = str(space[0]) if isinstance(space, pikepdf.Array) else str(space)
    allowed = {"/ICCBased"} if standard is None else {"/DeviceCMYK", "/DeviceN", "/Separation"}
    if kind not in allowed:
        yield f"an image is in {kind}"


def _colorants(pdf: Any, standard: str | None) -> Iterator[str]:
    """Yield plates with a name that RIPs keep for themselves or that two share, and alternates that are not allowed."""
    import pikepdf

    names = set()
    for item in pdf.objects:
        if not isinstance(item, pikepdf.Array) or not len(item) or item[0] not in ("/Separation", "/DeviceN"):
            continue
        based = isinstance(item[2], pikepdf.Array) and str(item[2][0]) == "/ICCBased"
        if str(item[2]) != "/DeviceCMYK" and not (based and standard == "x4"):
            yield "a plate has another alternate than CMYK"
        names |= {str(n)[1:] for n in (item[1] if item[0] == "/DeviceN" else [item[1]])}
    for name in sorted(names - {"All"}):
        if name.casefold() in RESERVED:
            yield f"a plate is called {name}, which RIPs keep for themselves"
    if len({name.casefold() for name in names}) != len(names):
        yield "two plates have one name"
    if names and standard is None:
        yield "it has plates, and claims nothing"
