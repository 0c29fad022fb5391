"""The pages of a tech pack on separations: the plates in the order in which they fall, and what each prints."""

from collections.abc import Callable, Sequence
from functools import partial

from patterns.press.plates import Plate, plates_of
from patterns.press.tech_facts import TechPack, grams, lab_of, percent
from patterns.press.tech_paper import EDGE, FOOT, PAGE, QUIET, ROW, TOP, Paper, Swatch, lines, table

Draw = Callable[[Paper], None]
_WIDE = PAGE[0] - 2 * EDGE


def separations(pack: TechPack) -> list[tuple[str, Draw]]:
    """Return the pages of separations: the table, and what each plate prints, on one page where they fit."""
    plates = plates_of(pack.raster.job.palette, pack.recipe)
    heading = "Separations in print order" if pack.fabric.screens else "Inks, and separations if screens are made"
    room = FOOT - TOP - 24 - len(plates) * ROW
    for across in (3, 4, 5, 6, 8):
        if -(-len(plates) // across) * (_thumb(pack, across)[1] + 7) <= room:
            return [(heading, partial(_plates, pack, across))]
    thumbs = [(heading, partial(_thumbs, pack, some, TOP + 2, 6)) for some in _runs(plates, 6 * _rows_of_thumbs(pack))]
    return [(heading, partial(_plates, pack, 0)), *thumbs]


def _thumb(pack: TechPack, across: int) -> tuple[float, float]:
    """Return the size of a plate's picture if so many stand side by side, mm."""
    size = pack.raster.job.lattice.rectangle()
    wide = min(_WIDE / across - 4, 60 * size.width / size.height)
    return wide, wide * size.height / size.width


def _rows_of_thumbs(pack: TechPack) -> int:
    return max(1, int((FOOT - TOP - 2) / (_thumb(pack, 6)[1] + 7)))


def _runs(plates: Sequence[Plate], most: int) -> list[Sequence[Plate]]:
    return [plates[start : start + most] for start in range(0, len(plates), most)]


def _plates(pack: TechPack, across: int, paper: Paper) -> None:
    palette, under = pack.raster.job.palette, pack.runs_under()
    plates, amounts = plates_of(palette, pack.recipe), pack.ink_g_per_m2(palette)
    columns = [("Falls", 12.0, 0.0), ("", 14.0, 0.0), ("Plate", 62.0, 0.0), ("Lab", 38.0, 0.0), ("Hex", 20.0, 0.0)]
    columns += [("Coverage", 20.0, 1.0), ("g/m² est.", 22.0, 1.0), ("Runs under plates", 85.0, 0.0)]
    rows = []
    for plate in plates:
        if plate.ink is None:
            continue
        ink, share = palette.inks[plate.ink], float(pack.raster.coverage[plate.ink])
        beneath = ", ".join(f"{other + 1:02}" for other in under.get(plate.ink, ()))
        amount = grams(amounts[plate.ink]) if amounts else "–"
        said = f"    {beneath}" if beneath else "    –"
        rows.append([f"{plate.falls}", Swatch(ink.hex), plate.name, lab_of(ink), ink.hex, percent(share), amount, said])
    y = table(paper, (EDGE, TOP + 3), columns, rows, row_mm=min(ROW, 130 / len(rows)))
    for line in lines(_how(pack), size=7, room=_WIDE):
        y += 3.6
        paper.words(line, (EDGE, y + 1), size=7, color=QUIET)
    if across:
        _thumbs(pack, plates, y + 6, across, paper)


def _how(pack: TechPack) -> str:
    """Return how the plates are made, in words."""
    recipe, ground = pack.recipe, pack.raster.job.palette.inks[0].name
    order = "as given" if recipe.order else "light to dark"
    trap = (
        f"Trap {recipe.trap_mm:g} mm ({recipe.trap_source}): where plates meet the lighter runs under the darker, "
        "which keeps its shape; nothing grows onto bare cloth."
        if recipe.trap_mm
        else f"No trap ({recipe.trap_source})."
    )
    first = (
        ""
        if pack.fabric.screens
        else "All inks are printed at once here, the ground too; what follows is for screens. "
    )
    cloth = f"The ground, {ground}, is {recipe.ground}" + ("." if recipe.ground == "printed" else " and has no plate.")
    return f"{first}Order: {order}, the first to fall first. {trap} {cloth} Coverage is before trap."


def _thumbs(pack: TechPack, plates: Sequence[Plate], top: float, across: int, paper: Paper) -> None:
    """Draw what each plate prints, black for ink."""
    wide, tall = _thumb(pack, across)
    scale = pack.raster.job.lattice.rectangle().width / wide
    for number, plate in enumerate(plates):
        x, y = EDGE + number % across * (_WIDE / across), top + number // across * (tall + 7)
        if plate.ink is not None:
            paper.image(pack.plate_picture(plate.ink, (wide, tall), scale), (x, y), (wide, tall))
        paper.box((x, y), (wide, tall))
        paper.words(plate.name, (x, y + tall + 3.4), size=6.5, room=wide)
