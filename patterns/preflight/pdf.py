"""PDF files: read, followed, judged, and drawn where only eyes can tell."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

from patterns.errors import Finding, InputError
from patterns.lattice import Lattice
from patterns.preflight.boxes import NoPage, box_findings
from patterns.preflight.claim import claim_findings
from patterns.preflight.document import Document, document_findings, read_document
from patterns.preflight.drawn import meets
from patterns.preflight.effects import effect_findings
from patterns.preflight.fonts import font_findings, font_names
from patterns.preflight.inks import all_spaces, color_findings, family, spots
from patterns.preflight.page import Page, read_page
from patterns.preflight.picture import pixel_findings
from patterns.preflight.placed import cover_findings, image_findings, lowest, tiling_findings
from patterns.preflight.render import page_pixels
from patterns.preflight.report import Meeting, Report, Wanted
from patterns.preflight.spaces import Spaces
from patterns.preflight.sums import sum_findings
from patterns.units import PT_PER_MM, format_mm

# Pages that are looked at; a print file has one.
MOST_PAGES = 24
# Art that covers the trim to this share of a side is a pattern and not a page of text.
_COVERS = 0.01
_DRAW_DPI = 150.0


def check_pdf(path: Path, wanted: Wanted) -> Report:
    """Return the report on a PDF; InputError if it cannot be opened."""
    import pikepdf

    try:
        pdf = pikepdf.open(path, suppress_warnings=True)
    except pikepdf.PasswordError:
        message = "the file is encrypted, and opens only with a password"
        return Report("PDF", {}, (Finding("fault", message, cure="save it without security"),))
    except (pikepdf.PdfError, OSError, ValueError, RuntimeError) as error:
        raise InputError(f"{path} cannot be read as a PDF, it is damaged or cut short ({_said(error)}).") from None
    with pdf:
        try:
            return _report(path, pdf, wanted)
        except pikepdf.PdfError as error:
            raise InputError(f"{path} cannot be read as a PDF, it is damaged ({_said(error)}).") from None


def _said(error: Exception) -> str:
    return str(error).replace("\n", " ").rsplit(": ", 1)[-1][:120]


def _report(path: Path, pdf: Any, wanted: Wanted) -> Report:
    document = read_document(pdf)
    if not document.pages:
        raise InputError(f"{path} has no page.")
    pages, found = _pages(pdf, document)
    found += [*document_findings(document), *claim_findings(document, pages)]
    found += color_findings(document, [page.drawn for page in pages], wanted)
    for page in pages:
        found += [_on(page, document, finding) for finding in _page_findings(document, page, wanted)]
    meeting = None
    if pages and wanted.repeats is not False:
        meeting, more = _look(path, document, pages, wanted)
        found += more
    return Report("PDF", _facts(document, pages, meeting), tuple(dict.fromkeys(found)), meeting)


def _pages(pdf: Any, document: Document) -> tuple[list[Page], list[Finding]]:
    pages, found, spaces = [], [], Spaces()
    for number in range(1, min(document.pages, MOST_PAGES) + 1):
        try:
            pages.append(read_page(pdf, number, spaces))
        except NoPage:
            found.append(Finding("fault", f"page {number} has no size", cure="export it again"))
    if document.pages > MOST_PAGES:
        figure = f"{document.pages} pages, {MOST_PAGES} looked at"
        found.append(Finding("warning", "it has more pages than are looked at", figure, "send a file for each print"))
    return pages, found


def _page_findings(document: Document, page: Page, wanted: Wanted) -> Iterator[Finding]:
    boxes, drawn = page.boxes, page.drawn
    yield from box_findings(boxes)
    yield from font_findings(drawn, claims=document.claim is not None)
    yield from image_findings(drawn, wanted, unit=boxes.unit)
    yield from tiling_findings(drawn)
    yield from sum_findings(drawn, wanted)
    yield from effect_findings(document, drawn, wanted, unit=boxes.unit)
    if _is_art(page):
        yield from cover_findings(drawn, boxes.bleed or boxes.finished, boxes.unit)
    if page.annotations:
        cure = "remove notes and fields, or flatten them"
        figure = ", ".join(sorted(set(page.annotations)))
        yield Finding("warning", "notes or fields lie on the printed area, and may print", figure, cure)
    if boxes.unit > 1 and document.version < 1.6:
        cure = "save it as PDF 1.6"
        yield Finding("warning", "its version of PDF has no UserUnit", f"PDF {document.version:g}", cure)
    if drawn.alpha and document.version < 1.4:
        cure = "save it as PDF 1.4 or later"
        yield Finding("warning", "its version of PDF has no transparency", f"PDF {document.version:g}", cure)


def _on(page: Page, document: Document, finding: Finding) -> Finding:
    """Return a finding with the page that it is on, where there are several."""
    if document.pages == 1:
        return finding
    return Finding(finding.severity, f"page {page.number}: {finding.message}", finding.measured, finding.cure)


def _facts(document: Document, pages: list[Page], meeting: Meeting | None) -> dict[str, str]:
    facts = {"version": f"PDF {document.version:g}" + (f", claims {document.claim.name}" if document.claim else "")}
    if document.pages != 1:
        facts["pages"] = f"{document.pages}"
    for page in pages[:1]:
        facts |= _page_facts(page)
    drawn = [page.drawn for page in pages]
    spaces = all_spaces(drawn)
    facts["colors"] = ", ".join(dict.fromkeys(family(s) for s in spaces if not s.colorants)) or "none"
    if inks := spots(spaces):
        facts["inks"] = ", ".join(inks)
    if fonts := sorted({name for page in drawn for name in font_names(page)}):
        facts["fonts"] = ", ".join(fonts)[:200]
    if alpha := sorted(set().union(*(page.alpha for page in drawn))):
        facts["transparency"] = ", ".join(alpha)[:120]
    facts["overprint"] = "yes" if any(page.overprints for page in drawn) else "no"
    if document.intents:
        facts["output intent"] = "; ".join(
            f"{i.condition or i.kind} ({i.header or 'no profile'})" for i in document.intents
        )
    if meeting is not None:
        facts["repeat"] = meeting.repeat
    return facts


def _page_facts(page: Page) -> dict[str, str]:
    boxes = page.boxes
    facts = {}
    for name, box in (("page", boxes.media), ("trim", boxes.trim), ("bleed", boxes.bleed)):
        if box is not None:
            width, height = boxes.mm(box)
            facts[name] = f"{format_mm(width)} x {format_mm(height)}"
    worst = lowest(page.drawn.placed, page.drawn.trim)
    if page.drawn.placed:
        facts["images"] = f"{len({p.image.key for p in page.drawn.placed})}, placed {len(page.drawn.placed)} times"
    if worst is not None:
        facts["resolution"] = f"{min(worst.ppi) / boxes.unit:.1f} dpi at the least"
    return facts


def _is_art(page: Page) -> bool:
    """Return whether a page is a pattern: art all over its trim, and no text on it."""
    drawn, box = page.drawn, page.drawn.trim
    if drawn.covered is None or drawn.texts:
        return False
    slack = _COVERS * 5 * min(box[2] - box[0], box[3] - box[1])
    inner = (box[0] + slack, box[1] + slack, box[2] - slack, box[3] - slack)
    covered = drawn.covered
    return covered[0] <= inner[0] and covered[1] <= inner[1] and covered[2] >= inner[2] and covered[3] >= inner[3]


def _look(path: Path, document: Document, pages: list[Page], wanted: Wanted) -> tuple[Meeting | None, list[Finding]]:
    """Draw the first page and measure how it meets itself, if it is a pattern; say why not otherwise."""
    page = pages[0]
    if (document.pages > 1 and wanted.repeat is None) or not _is_art(page) or page.boxes.turned or page.drawn.problems:
        return None, []
    told = _told(page, wanted)
    cell = None if told.lattice is None else (told.lattice.width, told.lattice.height)
    worst = lowest(page.drawn.placed, page.drawn.trim)
    dpi = _DRAW_DPI if worst is None else max(36.0, max(worst.ppi) / page.boxes.unit)
    try:
        pixels = page_pixels(path, page.number, page.boxes, cell, dpi=dpi)
        return pixel_findings(pixels, told)
    except (RuntimeError, ValueError, OSError) as error:
        if isinstance(error, InputError):
            raise
        return None, [Finding("fault", "the page cannot be drawn", _said(error), "export it again")]


def _told(page: Page, wanted: Wanted) -> Wanted:
    """Return what is wanted, with the repeat by which copies of one image pave the page, where no other is known."""
    from dataclasses import replace

    if wanted.repeat is not None or wanted.lattice is not None:
        return wanted
    pitch = _pitch(page)
    return wanted if pitch is None else replace(wanted, lattice=Lattice(*pitch))


def _pitch(page: Page) -> tuple[float, float] | None:
    """Return the distances in mm at which copies of an image lie straight beside and below each other."""
    groups: dict[tuple[int, int], list[tuple[float, float]]] = {}
    for copy in page.drawn.placed:
        if copy.upright and copy.image.key != (0, 0) and meets(copy.box, page.drawn.trim):
            groups.setdefault(copy.image.key, []).append((copy.matrix[4], copy.matrix[5]))
    copies = max(groups.values(), key=len, default=[])
    sides = [_step(sorted({round(place[axis], 2) for place in copies})) for axis in (0, 1)]
    columns, rows = (len({round(place[axis], 1) for place in copies}) for axis in (0, 1))
    # Only a full grid of copies is a straight paving; of a single row or column one side is not known.
    if min(columns, rows) < 2 or len(copies) != columns * rows:
        return None
    mm = page.boxes.unit / PT_PER_MM
    return sides[0] * mm, sides[1] * mm


def _step(places: list[float]) -> float:
    return min((b - a for a, b in pairwise(places)), default=0.0)
