"""What a file that claims PDF/X must and must not hold. ISO 15930-1/4 (X-1a), -3/6 (X-3), -7 (X-4).

Our own reading of the rules that decide a print; no certificate.
"""

from collections.abc import Iterator

from patterns.errors import Finding
from patterns.preflight.document import Claim, Document
from patterns.preflight.drawn import Drawn
from patterns.preflight.inks import all_spaces
from patterns.preflight.page import Page

_NEWEST = {"1": 1.4, "3": 1.4, "4": 1.6}
_KNOWN = ("1", "3", "4", "5", "6")


def claim_findings(document: Document, pages: list[Page]) -> Iterator[Finding]:
    """Yield a fault for each thing by which a file is not what it claims to be; nothing if it claims nothing."""
    claim = document.claim
    if claim is None:
        return
    drawn = [page.drawn for page in pages]
    for what, figure in (
        *_as_document(document, claim),
        *_as_pages(pages),
        *_as_colors(document, claim, drawn),
        *_as_drawing(document, claim, drawn),
    ):
        cure = "export it as PDF/X again, or without the claim"
        yield Finding("fault", f"it claims {claim.name}, but {what}", figure, cure)


def _as_document(document: Document, claim: Claim) -> Iterator[tuple[str, str]]:
    if claim.level not in _KNOWN:
        yield "there is no such standard", claim.name
    if claim.level in ("1", "3") and not claim.in_info:
        yield "its document information does not say so", ""
    if claim.level == "4" and not claim.in_xmp:
        yield "its XMP metadata does not say so", ""
    if document.version > _NEWEST.get(claim.level, 2.0):
        yield "its version of PDF is newer than the standard's", f"PDF {document.version:g}"
    press = [intent for intent in document.intents if intent.kind == "GTS_PDFX"]
    if not press:
        yield "it has no output intent for print", ""
    for intent in press:
        if not intent.condition:
            yield "its output intent names no condition", ""
        if not intent.profile and ((claim.level == "4" and "4p" not in claim.name) or not intent.registry):
            yield "its output intent has no profile", intent.condition
    if document.trapped not in ("/True", "/False", "True", "False"):
        yield "its trapped key is neither /True nor /False", document.trapped
    if not all(document.dates):
        yield "it has no date of creation and of change", ""
    if not document.titled:
        yield "it has no title", ""
    if not document.identified:
        yield "it has no identifier (ID)", ""
    if "LZWDecode" in document.kinds or "LZW" in document.kinds:
        yield "it is packed with LZW", ""
    if claim.level in ("1", "3") and document.layers:
        yield "it has layers", ""
    if claim.level == "1" and (extra := document.kinds & {"JBIG2Decode", "JPXDecode"}):
        yield "its images are packed as the standard forbids", ", ".join(sorted(extra))
    if claim.level in ("1", "3", "4") and document.attached and claim.level != "4":
        yield "files are attached to it", ""


def _as_pages(pages: list[Page]) -> Iterator[tuple[str, str]]:
    for page in pages:
        boxes = page.boxes
        if boxes.trim is None and boxes.art is None:
            yield "a page has neither a trim box nor an art box", f"page {page.number}"
        if boxes.trim is not None and boxes.art is not None:
            yield "a page has both a trim box and an art box", f"page {page.number}"
        if page.annotations:
            yield "annotations lie on the printed area", f"page {page.number}: {', '.join(page.annotations)[:80]}"


def _as_colors(document: Document, claim: Claim, drawn: list[Drawn]) -> Iterator[tuple[str, str]]:
    families = {space.family for space in all_spaces(drawn)}
    channels = {space.components for space in all_spaces(drawn) if space.family == "ICCBased"}
    if claim.level == "1" and (3 in channels or families & {"DeviceRGB", "CalRGB", "Lab"}):
        wrong = sorted(families & {"DeviceRGB", "CalRGB", "Lab", "ICCBased"})
        yield "it has colors other than CMYK, gray and spots", ", ".join(wrong)
    intent = {i.header.channels for i in document.intents if i.header and i.kind == "GTS_PDFX"}
    if claim.level != "1":
        for name, count in (("DeviceRGB", 3), ("DeviceCMYK", 4)):
            if name in families and intent and count not in intent:
                yield f"it has {name} colors and an output intent for others", ""


def _as_drawing(document: Document, claim: Claim, drawn: list[Drawn]) -> Iterator[tuple[str, str]]:
    alpha = sorted(set().union(*(page.alpha for page in drawn)))
    if alpha and claim.level in ("1", "3"):
        yield "it has live transparency", ", ".join(alpha)[:120]
    states = set().union(*(page.states for page in drawn))
    for name in sorted(states & {"transfer function", "PostScript"}):
        yield f"it holds a {name}", ""
    if any(placed.image.alternates for page in drawn for placed in page.placed):
        yield "its images have alternates", ""
