"""Transparency, overprint, hairlines and other states of drawing that print otherwise than they look."""

import math
from collections.abc import Iterator

from patterns.errors import Finding
from patterns.preflight.document import Document
from patterns.preflight.drawn import Drawn
from patterns.preflight.report import Wanted
from patterns.units import PT_PER_MM

# A stroke thinner than this is lost on any cloth or paper; a quarter point is what fine presses hold.
_HAIRLINE_MM = 0.08


def effect_findings(document: Document, drawn: Drawn, wanted: Wanted, *, unit: float) -> Iterator[Finding]:
    """Yield what speaks against how a page is drawn."""
    level = document.claim.level if document.claim else ""
    if drawn.alpha and level not in ("1", "3", "4", "5", "6"):
        cure = "flatten it, or deliver PDF/X-4, whose readers agree on it"
        figure = ", ".join(sorted(drawn.alpha))[:120]
        yield Finding("warning", "it has live transparency, which RIPs flatten differently", figure, cure)
    if drawn.white_overprints:
        message = "things without ink are set to overprint, and vanish"
        cure = "let them knock out: turn overprint off for white"
        yield Finding("fault", message, f"{drawn.white_overprints}", cure)
    for name in sorted(drawn.states & {"transfer function", "halftone"}):
        yield Finding("warning", f"it brings a {name} of its own, which changes what the RIP prints", "", "remove it")
    least = max(_HAIRLINE_MM, wanted.line_mm)
    thinnest = drawn.hairline * unit / PT_PER_MM
    if math.isfinite(thinnest) and thinnest < least:
        figure = f"{thinnest:.3f} of {least:.2f} mm"
        yield Finding("fault", f"a line is thinner than {wanted.title} holds", figure, "make it thicker")
    if not drawn.paints:
        yield Finding("fault", "the page is empty", cure="send the page with its art")
    if drawn.unfollowed:
        message = "its content is too long to be followed to the end, and slow to print"
        yield Finding("warning", message, f"{drawn.steps} steps", "place what repeats as one image")
    for problem in drawn.problems:
        yield Finding("fault", f"the page is broken: {problem}", cure="export it again")
