"""Sheets of any length as TIFF: a roll, a panel, meterage, cut from the endless plane of the design.

The plane repeats down the roll, so its rows are made and compressed for one repeat, and written as often as the roll
is long; nothing of the roll but a few strips is ever in memory. Drops and slides are the lattice's own: a roll shows
what hangs at its place, whatever its width.
"""

from patterns.press.raster import Channels, Picture, Raster
from patterns.product import Sheet


def sheet_box(sheet: Sheet, px_per_mm: tuple[float, float]) -> tuple[int, int, int, int]:
    """Return a sheet's left, top, width and height in pixels, bleed included.

    Every edge is the pixel edge nearest to it, so that panels which share an edge share it in pixels too.
    """
    across, down = px_per_mm
    left, top = sheet.left_mm - sheet.bleed_mm, sheet.top_mm - sheet.bleed_mm
    right = sheet.left_mm + sheet.width_mm + sheet.bleed_mm
    bottom = sheet.top_mm + sheet.height_mm + sheet.bleed_mm
    x, y = round(left * across), round(top * down)
    return x, y, max(1, round(right * across) - x), max(1, round(bottom * down) - y)


def sheet_picture(raster: Raster, sheet: Sheet, *, channels: Channels | None = None) -> Picture:
    """Return a sheet, bleed included, in the channels asked for or sRGB."""
    return raster.window(sheet_box(sheet, raster.job.px_per_mm), channels or raster.in_srgb())
