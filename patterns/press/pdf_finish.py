"""Finishing a PDF: metadata, dates, ids, and for print files the output intent and the claim of a standard.

PDF/X-4 is ISO 15930-7 (PDF 1.6), PDF/X-1a ISO 15930-4:2003 (PDF 1.4). Equal content makes equal bytes: the only date in
a file is the one that it was given.
"""

import hashlib
import io
import uuid
import zlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from patterns.errors import InputError
from patterns.press.marks import SOFTWARE, Marks, srgb_profile
from patterns.press.process import Condition

NAMES = {"x4": "PDF/X-4", "x1a": "PDF/X-1a:2003"}
VERSIONS = {None: "1.6", "x4": "1.6", "x1a": "1.4"}
# PDF/X wants dates; where none was given it is this one, as in the sRGB profile, lest bytes change with the day.
UNDATED = "2000-01-01"
_XMP_END = b" </rdf:RDF>"
_XMP = """  <rdf:Description rdf:about=""
    xmlns:xmp="http://ns.adobe.com/xap/1.0/"
    xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
    xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/"
    xmlns:pdfxid="http://www.npes.org/pdfx/ns/id/">
   <xmp:CreateDate>{date}</xmp:CreateDate>
   <xmp:ModifyDate>{date}</xmp:ModifyDate>
   <xmp:MetadataDate>{date}</xmp:MetadataDate>
   <pdf:Producer>{software}</pdf:Producer>
   <pdf:Trapped>{trapped}</pdf:Trapped>
   <xmpMM:DocumentID>uuid:{document}</xmpMM:DocumentID>
   <xmpMM:VersionID>1</xmpMM:VersionID>
   <xmpMM:RenditionClass>default</xmpMM:RenditionClass>
{version}  </rdf:Description>
"""


@dataclass(frozen=True, slots=True)
class Claim:
    """The standard that a file is built to, its printing condition, its date (ISO 8601), whether inks are trapped."""

    standard: Literal["x4", "x1a"]
    condition: Condition
    date: str = ""
    trapped: bool = False


def finish(pdf: Any, path: Path, marks: Marks, claim: Claim | None = None) -> None:
    """Write metadata into a pikepdf.Pdf and save it, the same bytes for the same content.

    Without a claim /Trapped stays as it is. InputError for a date that is none.
    """
    import pikepdf

    packet = marks.xmp(titled=True)
    for key in set(pdf.docinfo) - {"/Trapped"}:
        del pdf.docinfo[key]
    pdf.docinfo["/Title"] = marks.title
    if claim:
        packet = _claimed(pdf, packet, claim)
    metadata = pdf.make_stream(packet)
    metadata.Type, metadata.Subtype = pikepdf.Name.Metadata, pikepdf.Name.XML
    pdf.Root.Metadata = metadata
    pdf.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
    # Into memory first: when a disk fills up under it, qpdf ends the whole process.
    whole = io.BytesIO()
    pdf.save(
        whole,
        deterministic_id=True,
        compress_streams=False,
        stream_decode_level=pikepdf.StreamDecodeLevel.none,
        object_stream_mode=pikepdf.ObjectStreamMode.disable,
        force_version=VERSIONS[claim.standard if claim else None],
    )
    path.write_bytes(whole.getbuffer())


def finish_drawn(drawn: bytes, path: Path, marks: Marks) -> None:
    """Finish a PDF as reportlab drew it: trim boxes, all colors ICC-based sRGB, no transitions."""
    import pikepdf

    with pikepdf.open(io.BytesIO(drawn)) as pdf:
        space = srgb_space(pdf)
        for page in (page.obj for page in pdf.pages):
            page.TrimBox = page.MediaBox
            # A DefaultRGB makes reportlab's DeviceRGB the sRGB that it is meant to be (ISO 32000-1, 8.6.5.6).
            page.Resources.ColorSpace = pikepdf.Dictionary(DefaultRGB=space)
            if "/Trans" in page:
                del page["/Trans"]
        finish(pdf, path, marks)


def srgb_space(pdf: Any) -> Any:
    """Return the ICC-based sRGB color space in a pikepdf.Pdf."""
    import pikepdf

    profile = pdf.make_stream(srgb_profile(), N=3, Alternate=pikepdf.Name.DeviceRGB)
    return pikepdf.Array([pikepdf.Name.ICCBased, pdf.make_indirect(profile)])


def moment(date: str) -> datetime:
    """Return the moment that an ISO 8601 date or date and time names; InputError if it names none."""
    try:
        return datetime.fromisoformat(date or UNDATED)
    except ValueError:
        raise InputError(f"{date!r} is not a date; write for example 2026-11-22.") from None


def _claimed(pdf: Any, packet: bytes, claim: Claim) -> bytes:
    """Write the claim, the output intent and the dates into a PDF; return the XMP packet that says the same."""
    import pikepdf

    when = moment(claim.date)
    info = pdf.docinfo
    info["/Creator"], info["/Producer"] = SOFTWARE, SOFTWARE
    info["/CreationDate"] = info["/ModDate"] = f"D:{when:%Y%m%d%H%M%S}Z"
    trapped = "True" if claim.trapped else "False"
    info["/Trapped"] = pikepdf.Name(f"/{trapped}")
    if claim.standard == "x1a":
        info["/GTS_PDFXVersion"] = NAMES["x1a"]
    version = f"   <pdfxid:GTS_PDFXVersion>{NAMES['x4']}</pdfxid:GTS_PDFXVersion>\n" if claim.standard == "x4" else ""
    pdf.Root.OutputIntents = pikepdf.Array([_intent(pdf, claim.condition)])
    said = {"date": f"{when:%Y-%m-%dT%H:%M:%SZ}", "software": SOFTWARE, "trapped": trapped, "version": version}
    more = _XMP.format(document=_document(pdf, packet, claim), **said)
    return packet.replace(_XMP_END, more.encode() + _XMP_END)


def _intent(pdf: Any, condition: Condition) -> Any:
    """Return the output intent (ISO 32000-1, 14.11.5); Fogra39 is in the ICC's registry, a user's profile is not."""
    import pikepdf

    profile = pdf.make_stream(zlib.compress(condition.data, 9), N=4, Filter=pikepdf.Name.FlateDecode)
    said = f"{condition.description}: a paper condition, not this cloth" if condition.ours else condition.description
    intent = pikepdf.Dictionary(
        Type=pikepdf.Name.OutputIntent,
        S=pikepdf.Name.GTS_PDFX,
        OutputConditionIdentifier="FOGRA39" if condition.ours else "Custom",
        OutputCondition=said,
        Info=said,
        DestOutputProfile=profile,
    )
    if condition.ours:
        intent.RegistryName = "http://www.color.org"
    return pdf.make_indirect(intent)


def _document(pdf: Any, packet: bytes, claim: Claim) -> uuid.UUID:
    """Return the document's id: of what it says and what its pages paint, so that other content has another."""
    digest = hashlib.sha256(packet + claim.condition.data + claim.standard.encode() + claim.date.encode())
    for page in pdf.pages:
        digest.update(page.Contents.read_raw_bytes())
        # A page of curves has no picture.
        for _, image in sorted(page.obj.Resources.get("/XObject", {}).items()):
            digest.update(image.read_raw_bytes())
    return uuid.UUID(bytes=digest.digest()[:16], version=5)
