"""A PDF as a document: what it claims, whom it lets in, what it would do. Findings about pages are elsewhere."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from patterns.errors import Finding
from patterns.preflight.profile import Header, read_header
from patterns.preflight.streams import inflated

_MOST_XMP, _MOST_PROFILE = 8 << 20, 32 << 20
# Objects looked through for scripts and filters.
MOST_OBJECTS = 200_000
_CLAIMED = re.compile(rb"GTS_PDFXVersion(?:=[\"']|>)\s*([^<\"']{1,40})")
_TRAPPED = re.compile(rb"pdf:Trapped(?:=[\"']|>)\s*([^<\"']{1,20})")


@dataclass(frozen=True, slots=True)
class Intent:
    """An output intent: its kind ("GTS_PDFX"), the condition by name, its profile's bytes and header if it has one."""

    kind: str
    condition: str
    registry: str
    profile: bytes
    declared: int
    header: Header | None


@dataclass(frozen=True, slots=True)
class Claim:
    """A PDF/X level that a file claims, such as "PDF/X-4", and where: in its Info, its XMP, or both."""

    name: str
    in_info: str
    in_xmp: str

    @property
    def level(self) -> str:
        """The level without year and letter: "1", "3", "4", "5", "6", or what stands there."""
        found = re.search(r"PDF/X-(\d)", self.name)
        return found[1] if found else ""


@dataclass(frozen=True, slots=True)
class Document:
    """What a PDF says of itself as a whole. ``kinds`` are the filters that its streams use."""

    version: float
    title: str
    claim: Claim | None
    intents: tuple[Intent, ...]
    trapped: str
    dates: tuple[bool, bool]
    titled: bool
    identified: bool
    encrypted: bool
    scripts: tuple[str, ...]
    attached: int
    form: bool
    layers: str
    kinds: frozenset[str]
    pages: int
    damage: tuple[str, ...]


def read_document(pdf: Any) -> Document:
    """Return what a pikepdf.Pdf says of itself; what is damaged counts as not said."""
    info = pdf.trailer.get("/Info", {})
    root = pdf.Root
    xmp = inflated(root["/Metadata"], _MOST_XMP)[0] if "/Metadata" in root else b""
    scripts, kinds = _searched(pdf)
    trapped = str(info.get("/Trapped", "")) or _found(_TRAPPED, xmp)
    return Document(
        version=_version(pdf),
        title=_text(info, "/Title"),
        claim=_claim(info, xmp),
        intents=tuple(_intents(root)),
        trapped=trapped,
        dates=("/CreationDate" in info or b"CreateDate" in xmp, "/ModDate" in info or b"ModifyDate" in xmp),
        titled="/Title" in info or b"dc:title" in xmp,
        identified="/ID" in pdf.trailer,
        encrypted=bool(pdf.is_encrypted),
        scripts=scripts,
        attached=_attached(root),
        form="/AcroForm" in root and bool(len(root.AcroForm.get("/Fields", ())) or "/XFA" in root.AcroForm),
        layers=_layers(root),
        kinds=kinds,
        pages=len(pdf.pages),
        damage=tuple(str(warning)[:160] for warning in pdf.get_warnings()[:3]),
    )


def _version(pdf: Any) -> float:
    try:
        return float(pdf.pdf_version)
    except ValueError:
        return 0.0


def _found(pattern: "re.Pattern[bytes]", data: bytes) -> str:
    found = pattern.search(data)
    return found[1].decode("latin-1").strip() if found else ""


def _text(dictionary: Any, key: str) -> str:
    return "".join(c for c in str(dictionary.get(key, "")) if c.isprintable())[:120]


def _claim(info: Any, xmp: bytes) -> Claim | None:
    in_info, in_xmp = _text(info, "/GTS_PDFXVersion"), _found(_CLAIMED, xmp)
    level = _text(info, "/GTS_PDFXConformance") or in_info or in_xmp
    return Claim(level, in_info, in_xmp) if level else None


def _intents(root: Any) -> Iterator[Intent]:
    import pikepdf

    for given in list(root.get("/OutputIntents", ()))[:20]:
        if not isinstance(given, pikepdf.Dictionary):
            continue
        stream = given.get("/DestOutputProfile")
        data = b"" if stream is None else inflated(stream, _MOST_PROFILE)[0] or b"damaged"
        declared = int(stream.get("/N", 0)) if isinstance(stream, pikepdf.Stream) else 0
        condition, registry = _text(given, "/OutputConditionIdentifier"), _text(given, "/RegistryName")
        yield Intent(str(given.get("/S", ""))[1:], condition, registry, data, declared, read_header(data))


def _attached(root: Any) -> int:
    names = root.get("/Names", {}).get("/EmbeddedFiles")
    return 0 if names is None else max(1, len(names.get("/Names", ())) // 2)


def _layers(root: Any) -> str:
    """Return "" without layers, "hidden" if some are off by default, else "shown"."""
    if "/OCProperties" not in root:
        return ""
    default = root.OCProperties.get("/D", {})
    hidden = len(default.get("/OFF", ())) or str(default.get("/BaseState", "/ON")) == "/OFF"
    return "hidden" if hidden else "shown"


def _searched(pdf: Any) -> tuple[tuple[str, ...], frozenset[str]]:
    """Return what acts by itself (JavaScript, launching) and the filters of all streams."""
    import pikepdf

    from patterns.preflight.streams import filters

    scripts: dict[str, None] = {}
    kinds: set[str] = set()
    for number, thing in enumerate(pdf.objects):
        if number > MOST_OBJECTS:
            break
        if isinstance(thing, pikepdf.Stream):
            kinds.update(filters(thing))
            thing = thing.stream_dict
        if isinstance(thing, pikepdf.Dictionary):
            scripts.update(dict.fromkeys(_acts(thing)))
    return tuple(scripts), frozenset(kinds)


def _acts(dictionary: Any, depth: int = 0) -> Iterator[str]:
    """Yield the actions in a dictionary and those that lie directly in it."""
    import pikepdf

    if "/JS" in dictionary or "/JavaScript" in dictionary or dictionary.get("/S") == pikepdf.Name("/JavaScript"):
        yield "JavaScript"
    kind = str(dictionary.get("/S", ""))
    if kind in ("/Launch", "/SubmitForm", "/ImportData", "/Rendition", "/Movie", "/Sound"):
        yield kind[1:]
    for key in ("/OpenAction", "/A", "/AA", "/Names"):
        inner = dictionary.get(key)
        if isinstance(inner, pikepdf.Dictionary) and depth < 3 and inner.objgen == (0, 0):
            yield from _acts(inner, depth + 1)


def document_findings(found: Document) -> Iterator[Finding]:
    """Yield what speaks against printing a document, whatever it claims."""
    if found.encrypted:
        yield Finding("fault", "the file is encrypted, and print servers refuse it", cure="save it without security")
    if found.damage:
        message = "the file is damaged, and was mended while it was read; a RIP may refuse it"
        yield Finding("fault", message, found.damage[0], "export it again, and compare its size after sending")
    if found.scripts:
        yield Finding("fault", "the file acts by itself", ", ".join(found.scripts), "save it without actions")
    if found.form:
        yield Finding("fault", "the file is a form, whose fields may print or not", cure="flatten the form fields")
    if found.attached:
        yield Finding("note", "other files are attached to it, which are not printed", f"{found.attached}")
    if found.layers == "hidden":
        cure = "remove hidden layers, or flatten them"
        yield Finding("warning", "it has layers that are hidden, which some RIPs print", cure=cure)
    if found.trapped not in ("", "/True", "/False", "/Unknown", "True", "False", "Unknown"):
        cure = "write /Trapped as the name /True or /False"
        yield Finding("warning", "its trapped key says neither true nor false", found.trapped[:40], cure)
    if found.version > 1.7:
        cure = "save it as PDF 1.6 or 1.7"
        yield Finding("warning", "many RIPs do not know this version of PDF", f"PDF {found.version:g}", cure)
    yield from _intent_findings(found)


def _intent_findings(found: Document) -> Iterator[Finding]:
    press = [intent for intent in found.intents if intent.kind == "GTS_PDFX"]
    if len(press) > 1:
        yield Finding("fault", "it has more than one output intent for print", f"{len(press)}", "leave one")
    for intent in press:
        cure = "name the output profile (class prtr) of the press that it is made for"
        if intent.header is None or not intent.header.whole:
            if intent.profile:
                yield Finding("fault", "the profile of its output intent is damaged", intent.condition, cure)
            continue
        if intent.header.kind != "prtr":
            message = "the profile of its output intent is none of a press"
            yield Finding("fault", message, f"class {intent.header.kind}, {intent.header.space}", cure)
        if intent.declared != intent.header.channels:
            figure = f"/N {intent.declared}, profile {intent.header.space}"
            yield Finding("fault", "the output intent's profile has other channels than it says", figure, cure)
