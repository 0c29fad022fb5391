"""The pages of a tech pack, in order: overview, repeat, colorways, separations, fabric and lab, findings and label."""

from collections.abc import Callable, Sequence
from functools import partial

from patterns.errors import Finding
from patterns.press.marks import SOFTWARE, Marks
from patterns.press.tech_diagram import draw_on_product, draw_repeat, faded
from patterns.press.tech_facts import Colorway, TechPack, grams, lab_of, percent
from patterns.press.tech_paper import (
    ACCENT,
    EDGE,
    FOOT,
    INK,
    LEADING,
    PAGE,
    PALE,
    QUIET,
    ROW,
    RULE,
    TOP,
    Paper,
    Swatch,
    lines,
    table,
)
from patterns.press.tech_plates import separations
from patterns.units import PT_PER_MM, format_mm

Draw = Callable[[Paper], None]
_WIDE = PAGE[0] - 2 * EDGE
_PICTURE = (176.0, 150.0)  # of the design at scale, mm
_SIDE = EDGE + 6 + _PICTURE[0] + 8  # where the column beside it begins
_PANEL = (72.0, 43.0)  # a colorway's picture
_LAB = (
    "Composition", "Weight (g/m²)", "Usable width (cm)", "Shrinkage, ISO 5077 (warp, weft)", "Washing, ISO 105-C06",
    "Rubbing, ISO 105-X12 (dry, wet)", "Perspiration, ISO 105-E04", "Light, ISO 105-B02", "Dye or pigment, auxiliaries",
    "Fixation and finish", "Strike-off approved by, date",
)  # fmt: skip
_CARE = ("wash", "bleach", "dry", "iron", "dry-clean")
_TAGS = {"fault": ACCENT, "warning": (170, 110, 0), "note": QUIET}


def pages(pack: TechPack, marks: Marks) -> list[Draw]:
    """Return what draws each page, in order."""
    drawn: list[tuple[str, Draw]] = [
        ("Design", partial(_overview, pack, marks)),
        ("Repeat and match", partial(_repeat, pack)),
    ]
    drawn += [("Colorways", partial(_colorways, pack, some)) for some in _paired(pack.colorways)]
    drawn += separations(pack)
    drawn.append(("Fabric, process and laboratory", partial(_fabric, pack)))
    drawn += [
        ("Findings, label and license", partial(_findings, pack, marks, some, last=last)) for some, last in _told(pack)
    ]
    return [partial(_framed, pack, marks, (number, len(drawn)), page) for number, page in enumerate(drawn, start=1)]


def _framed(pack: TechPack, marks: Marks, place: tuple[int, int], page: tuple[str, Draw], paper: Paper) -> None:
    """Draw a page within its heading and its title block."""
    heading, draw = page
    paper.words(heading, (EDGE, 16), size=15, bold=True, room=140)
    paper.words("TECH PACK", (PAGE[0] - EDGE, 16), size=8, color=QUIET, align=1)
    paper.line((EDGE, 19.5), (PAGE[0] - EDGE, 19.5), color=INK, weight=0.3)
    draw(paper)
    paper.line((EDGE, 197), (PAGE[0] - EDGE, 197), color=INK, weight=0.3)
    paper.words(marks.title, (EDGE, 201), size=7.5, bold=True, room=112)
    design = f"design {marks.design}" if marks.metadata != "none" and marks.design else ""
    said = [design, pack.product.name, pack.date]
    paper.words("   ·   ".join(part for part in said if part), (EDGE + 116, 201), size=7.5, room=125)
    paper.words(f"{place[0]} / {place[1]}", (PAGE[0] - EDGE, 201), size=8, bold=True, align=1)
    paper.words(marks.label, (EDGE, 205), size=6, color=QUIET, room=_WIDE)


def _overview(pack: TechPack, marks: Marks, paper: Paper) -> None:
    """Draw the design at scale with rulers, and the facts beside it."""
    scale = pack.scale(_PICTURE)
    corner = (EDGE + 6, TOP + 8)
    paper.image(pack.picture(_PICTURE, scale), corner, _PICTURE)
    paper.box(corner, _PICTURE)
    _rulers(paper, corner, scale)
    _corners(pack, paper, corner, scale)
    note = f"Scale 1 : {scale}. Rulers in centimeters of print. Marked: one repeat that joins straight on all sides."
    paper.words(note, (corner[0], corner[1] + _PICTURE[1] + 4.6), size=7, color=QUIET, room=_PICTURE[0] - 32)
    warp = (corner[0] + _PICTURE[0], corner[1] + _PICTURE[1] + 4.6)
    paper.words("↕ length of the goods (warp)", warp, size=7, bold=True, align=1)
    y = paper.paragraph(marks.title, (_SIDE, TOP + 6), room=PAGE[0] - EDGE - _SIDE, size=12, bold=True) + 2
    y = _pairs(paper, _facts(pack, marks), (_SIDE, y), room=PAGE[0] - EDGE - _SIDE)
    y = _inks(pack, paper, y + 4)


def _inks(pack: TechPack, paper: Paper, y: float) -> float:
    """Draw a chip for each ink beside the design, in three columns."""
    inks, wide = pack.raster.job.palette.inks, (PAGE[0] - EDGE - _SIDE) / 3
    for number, ink in enumerate(inks[:24]):
        x, top = _SIDE + number % 3 * wide, y + number // 3 * 12
        red, green, blue = bytes.fromhex(ink.hex[1:])
        paper.box((x, top), (wide - 2, 6), fill=(red, green, blue))
        paper.words(f"{number + 1} {ink.name}", (x, top + 9), size=6.5, room=wide - 2)
    return y + -(-min(24, len(inks)) // 3) * 12


def _facts(pack: TechPack, marks: Marks) -> list[tuple[str, str]]:
    lattice, product, fabric = pack.raster.job.lattice, pack.product, pack.fabric
    rectangle = lattice.rectangle()
    ground = f", the ground is {pack.recipe.ground}" if fabric.screens else ""
    sides = f"{format_mm(rectangle.width)} × {format_mm(rectangle.height)}"
    facts = [
        ("Design", marks.design if marks.metadata != "none" else ""),
        ("Product", product.title),
        ("Fabric", fabric.title),
        ("Process", fabric.process),
        ("Repeat", lattice.repeat),
        ("Cell", f"{format_mm(lattice.width)} × {format_mm(lattice.height)}"),
        ("Straight repeat", sides if lattice.copies != (1, 1) else ""),
        ("Match", str(pack.fit.match) if pack.fit.match else ""),
        ("Inks", f"{len(pack.raster.job.palette)}{ground}"),
        ("Colorways", str(len(pack.colorways))),
        ("Print files", f"{product.dpi:g} dpi" + (f", plates {product.plate_dpi:g} dpi" if fabric.screens else "")),
        ("Date", pack.date),
    ]
    return [(name, said) for name, said in facts if said]


def _pairs(paper: Paper, pairs: Sequence[tuple[str, str]], at: tuple[float, float], *, room: float) -> float:
    """Set names and what is said of them in two columns; return where they end."""
    x, y = at
    for name, said in pairs:
        paper.words(name, (x, y), size=7, color=QUIET)
        y = paper.paragraph(said, (x + 27, y), room=room - 27) + 1.2
    return y


def _rulers(paper: Paper, corner: tuple[float, float], scale: int) -> None:
    """Draw a ruler above and at the left of the picture, in centimeters of cloth."""
    step = 10.0 / scale  # a centimeter of cloth
    every = next(n for n in (1, 5, 10, 50, 100, 500) if n * step >= 1)
    labeled = next(n for n in (1, 5, 10, 20, 50, 100, 500, 1000) if n * step >= 8)
    for side, length in enumerate(_PICTURE):
        for number in range(0, int(length / step) + 1, every):
            along, tall = number * step, 2.6 if number % labeled == 0 else 1.4
            start = (corner[0] + along, corner[1]) if side == 0 else (corner[0], corner[1] + along)
            end = (start[0], start[1] - tall) if side == 0 else (start[0] - tall, start[1])
            paper.line(start, end, color=INK)
            if number % labeled == 0 and side == 0:
                paper.words(f"{number}" if number else "cm", (start[0], start[1] - 3.4), size=6, align=0.5)
            elif number % labeled == 0:
                paper.words(f"{number}", (start[0] - 3.2, start[1] + 0.8), size=6, align=1)


def _corners(pack: TechPack, paper: Paper, corner: tuple[float, float], scale: int) -> None:
    """Mark one straight repeat on the picture by dashes, in light and dark so that they show on any color."""
    size = pack.raster.job.lattice.rectangle()
    width, height = size.width / scale, size.height / scale
    x, y = corner
    points = [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
    paper.clip(corner, _PICTURE)
    paper.outline(points, color=(255, 255, 255), weight=0.5)
    paper.outline(points, color=INK, weight=0.3, dash=(1.6, 1.6))
    paper.unclip()


def _repeat(pack: TechPack, paper: Paper) -> None:
    """Draw the lattice with its dimensions, how it lies on the product, and the figures."""
    box, corner = (150.0, 152.0), (EDGE, TOP + 4)
    scale = pack.scale(box, 1.15)
    lattice = pack.raster.job.lattice
    size = lattice.rectangle()
    start = (size.width - box[0] * scale) / 2, (size.height - box[1] * scale) / 2
    paper.image(faded(pack.picture(box, scale, corner_mm=start)), corner, box)
    draw_repeat(pack, paper, corner, box, scale=scale)
    note = f"Scale 1 : {scale}. Full lines: cells of the {lattice.repeat} repeat."
    note += " Dashed: the rectangle that joins straight." if lattice.copies != (1, 1) else ""
    paper.words(note, (EDGE, corner[1] + box[1] + 4.6), size=7, color=QUIET, room=box[0])
    x, room = EDGE + box[0] + 12, PAGE[0] - 2 * EDGE - box[0] - 12
    y = draw_on_product(pack, paper, (x, TOP + 8), room)
    _pairs(paper, _figures(pack), (x, y + 5), room=room)


def _figures(pack: TechPack) -> list[tuple[str, str]]:
    lattice, product, fabric = pack.raster.job.lattice, pack.product, pack.fabric
    (ax, ay), (bx, by) = lattice.vectors
    warp, weft = fabric.shrinkage
    figures = [
        ("Translations", f"right {ax:.6g} mm, down {ay:.6g} mm; and right {bx:.6g} mm, down {by:.6g} mm"),
        (
            "In pixels",
            f"{product.pixels(lattice.width):.6g} × {product.pixels(lattice.height):.6g} at {product.dpi:g} dpi",
        ),
        ("Legal repeats", product.legal),
        ("Match", str(pack.fit.match) if pack.fit.match else "nothing hangs beside"),
    ]
    if any(fabric.shrinkage):
        after = lattice.width * (1 - weft), lattice.height * (1 - warp)
        said = f"{warp:.1%} warp, {weft:.1%} weft: a cell finishes {after[0]:.5g} × {after[1]:.5g} mm as printed here"
        figures.append(("Shrinkage", said))
    return figures


def _paired(colorways: Sequence[Colorway]) -> list[list[Colorway]]:
    """Return the colorways of each page: as many as fit under one another."""
    found: list[list[Colorway]] = [[]]
    left = FOOT - TOP - 5
    for colorway in colorways:
        tall = _tall(colorway)
        if found[-1] and tall > left:
            found.append([])
            left = FOOT - TOP - 5
        found[-1].append(colorway)
        left -= tall
    return found


def _tall(colorway: Colorway) -> float:
    return 11 + max(_PANEL[1], 5 + (len(colorway.palette) + 1) * _row(colorway))


def _row(colorway: Colorway) -> float:
    return min(ROW, 138 / (len(colorway.palette) + 1))


def _colorways(pack: TechPack, colorways: Sequence[Colorway], paper: Paper) -> None:
    """Draw colorways under one another: a picture, and a table of the inks."""
    scale, y = pack.scale(_PICTURE), TOP
    for colorway in colorways:
        name = colorway.palette.name or "colorway"
        paper.words(name, (EDGE, y + 4), size=10, bold=True, room=120)
        paper.words(f"{colorway.note}   ·   {colorway.design}", (PAGE[0] - EDGE, y + 4), size=7, color=QUIET, align=1)
        paper.image(pack.recolored(colorway).picture(_PANEL, scale), (EDGE, y + 7), _PANEL)
        paper.box((EDGE, y + 7), _PANEL)
        _table(pack, colorway, paper, (EDGE + _PANEL[0] + 7, y + 10))
        y += _tall(colorway)
    note = f"Pictures at 1 : {scale}. Lab is D50, 2°. {pack.estimate}"
    for number, line in enumerate(lines(note, size=6.5, room=_WIDE)[-2:]):
        paper.words(line, (EDGE, FOOT - 2.2 + number * 2.8), size=6.5, color=QUIET, room=_WIDE)


def _table(pack: TechPack, colorway: Colorway, paper: Paper, at: tuple[float, float]) -> None:
    columns = [("No.", 9.0, 0.0), ("", 14.0, 0.0), ("Ink", 51.0, 0.0), ("Role", 22.0, 0.0), ("Lab", 36.0, 0.0)]
    columns += [("Hex", 19.0, 0.0), ("Coverage", 18.0, 1.0), ("g/m² est.", 19.0, 1.0)]
    amounts = pack.ink_g_per_m2(colorway.palette)
    rows = []
    for number, (ink, share) in enumerate(zip(colorway.palette.inks, pack.raster.coverage, strict=True)):
        amount = grams(amounts[number]) if amounts else "–"
        figures = [ink.name, ink.role, lab_of(ink), ink.hex, percent(float(share)), amount]
        rows.append([f"{number + 1}", Swatch(ink.hex), *figures])
    rows.append(["", "", "in all", "", "", "", percent(float(pack.raster.coverage.sum())), grams(sum(amounts or ()))])
    table(paper, at, columns, rows, row_mm=_row(colorway))


def _fabric(pack: TechPack, paper: Paper) -> None:
    """Draw what is known of fabric and process, and the fields that the lab fills in."""
    room = (_WIDE - 12) / 2
    paper.words("Fabric and process", (EDGE, TOP + 3), size=9, bold=True)
    y = _pairs(paper, _process(pack), (EDGE, TOP + 9), room=room)
    y = paper.paragraph(pack.estimate, (EDGE, y + 3), room=room, size=7, color=QUIET)
    if y < FOOT - 30:
        paper.box((EDGE, y + 3), (room, FOOT - y - 6), line=QUIET)
        paper.words("Remarks of the mill", (EDGE + 3, y + 8), size=7.5)
    x = EDGE + room + 12
    paper.words("Left for the laboratory", (x, TOP + 3), size=9, bold=True)
    y = TOP + 11
    for name in _LAB:
        paper.words(name, (x, y), size=7.5, room=62)
        paper.line((x + 64, y + 0.8), (x + room, y + 0.8), color=QUIET)
        y += 9
    paper.words("Care symbols, ISO 3758", (x, y + 4), size=7.5)
    for number, name in enumerate(_CARE):
        left = x + 64 + number * (room - 64) / len(_CARE)
        paper.box((left, y - 2), (9, 9), line=QUIET)
        paper.words(name, (left, y + 10.5), size=5.5, color=QUIET)
    paper.words(
        "Nothing here is measured by patterns: the lab fills it in for the cloth as printed.",
        (x, y + 20),
        size=6.5,
        color=QUIET,
    )


def _process(pack: TechPack) -> list[tuple[str, str]]:
    fabric, product = pack.fabric, pack.product
    guess = "Heuristics, measured on no cloth. Fabric: " if fabric.heuristic else ""
    first, *rest = product.sheets(pack.raster.job.lattice)
    listed = f"{format_mm(first.width_mm)} × {format_mm(first.height_mm)}" + (f", and {len(rest)} more" if rest else "")
    cylinders = ", ".join(f"{around:g}" for around in product.circumferences_mm)
    white = "  ".join(f"{v:.1f}" for v in fabric.white_lab).replace("-", "−")
    return [
        ("Fabric", f"{fabric.title} ({fabric.name})"),
        ("Process", fabric.process),
        ("Printable width", format_mm(fabric.width_mm)),
        ("Finest line, gap", f"{fabric.finest_line_mm:g} mm, {fabric.finest_gap_mm:g} mm"),
        ("Most inks", f"{fabric.most_inks}" + (", a screen each" if fabric.screens else "")),
        ("Ink limit", f"{fabric.ink_limit:g} % of one full channel"),
        ("Trap", f"{fabric.trap_mm:g} mm"),
        ("White, Lab", white),
        ("Product", f"{product.title} ({product.name})"),
        ("Printed", listed),
        *([("Cylinder", f"{cylinders} mm around")] if cylinders else []),
        ("Resolution", f"{product.dpi:g} dpi; 1-bit plates {product.plate_dpi:g} dpi"),
        ("Sources", f"{guess}{fabric.source}, {fabric.date}. Product: {product.source}, {product.date}."),
    ]


def _told(pack: TechPack) -> list[tuple[list[Finding], bool]]:
    """Return the findings of each page, and whether it is the last, which has the label too."""
    runs, left = [[]], FOOT - TOP - 8
    for finding in pack.raster.job.findings:
        tall = len(lines(_sentence(finding), size=7.5, room=_WIDE - 24)) * 7.5 * LEADING / PT_PER_MM + 2.2
        if tall > left:
            runs.append([])
            left = FOOT - TOP - 8
        runs[-1].append(finding)
        left -= tall
    if left < 66:
        runs.append([])
    return [(run, number == len(runs)) for number, run in enumerate(runs, start=1)]


def _sentence(finding: Finding) -> str:
    measured = f" ({finding.measured})" if finding.measured else ""
    cure = f" – {finding.cure}" if finding.cure else ""
    return f"{finding.message}{measured}{cure}"


def _findings(pack: TechPack, marks: Marks, found: Sequence[Finding], paper: Paper, *, last: bool) -> None:
    y = TOP + 4
    for finding in found:
        paper.words(finding.severity, (EDGE, y), size=7.5, bold=True, color=_TAGS[finding.severity])
        y = paper.paragraph(_sentence(finding), (EDGE + 22, y), room=_WIDE - 24) + 2.2
    if not pack.raster.job.findings:
        paper.words("No findings: nothing is questionable as far as patterns can tell.", (EDGE, y))
    if last:
        paper.box((EDGE, FOOT - 56), (_WIDE, 56), fill=PALE, line=RULE)
        paper.words("Label and license", (EDGE + 5, FOOT - 49), size=9, bold=True)
        _pairs(paper, _provenance(pack, marks), (EDGE + 5, FOOT - 43), room=_WIDE - 10)


def _provenance(pack: TechPack, marks: Marks) -> list[tuple[str, str]]:
    made, full = marks.made, marks.metadata == "full"
    said = [("Label", marks.label)]
    if marks.metadata != "none":
        said.append(("Source type", f"{marks.source} (IPTC digital source type)"))
    if made and full:
        system, version = made.system
        said += [("AI system", f"{system}; {version}" if system else "none"), ("Model's license", made.model_license)]
        said += [("Output", made.output_license)]
    if pack.acts and full:
        said.append(("A person", "; ".join(pack.acts)))
    said.append(("Drawn up by", f"{SOFTWARE}; figures are its own unless a source is named"))
    return [(name, text) for name, text in said if text]
