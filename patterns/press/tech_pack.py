"""The tech pack: what a mill's designer and colorist need beside the files, on a few pages of A4.

The design at scale, its repeat and match, every colorway with its inks, the separations in print order, the fabric and
its process, findings, and what only a lab can fill in.
"""

from pathlib import Path

from patterns.errors import CheckFailed, Finding
from patterns.press.lettering import unset
from patterns.press.marks import Marks
from patterns.press.pdf_finish import finish_drawn
from patterns.press.tech_facts import Colorway, TechPack
from patterns.press.tech_pages import pages
from patterns.press.tech_paper import PAGE, Paper
from patterns.units import PT_PER_MM

__all__ = ["Colorway", "TechPack", "write_tech_pack"]


def write_tech_pack(path: Path, pack: TechPack, marks: Marks) -> tuple[Finding, ...]:
    """Write the pages as one PDF, colors sRGB by ICC, fonts embedded; return which characters it could not set.

    Raises CheckFailed if the file, read back, has other pages than it should.
    """
    paper, drawn = Paper(), pages(pack, marks)
    for draw in drawn:
        paper.page()
        draw(paper)
        paper.end()
    finish_drawn(paper.done(), path, marks)
    _refuse_unsound(path, len(drawn))
    return unset(paper.texts)


def _refuse_unsound(path: Path, pages: int) -> None:
    import pikepdf

    with pikepdf.open(path) as pdf:
        sizes = {tuple(round(float(v) / PT_PER_MM, 1) for v in page.trimbox[2:]) for page in pdf.pages}
        if len(pdf.pages) != pages or sizes != {PAGE}:
            raise CheckFailed(f"the tech pack that was made is not sound; report this: {len(pdf.pages)} pages, {sizes}")
