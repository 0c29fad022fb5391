"""The summary of a package: sizes, match, which setting of a print service fits which file, inks, findings."""

from collections.abc import Sequence

from patterns.errors import Finding
from patterns.press.job import Delivered, Print
from patterns.press.order import Order
from patterns.press.raster import Raster
from patterns.units import format_mm

_SETTINGS = {"half-drop": '"half-drop"', "hexagonal": '"half-drop"', "brick": '"half-brick" (also called "brick")'}


def fitting(job: Print) -> str:
    """Return which repeat setting of a print service fits the sheared cell."""
    setting = _SETTINGS.get(job.lattice.repeat)
    if setting:
        return f"for a print service's repeat setting {setting}"
    if job.lattice.drop:
        return f"for a service that takes a drop of {job.lattice.drop}: the column to the right sits lower"
    return f"for a service that takes a slide of {job.lattice.slide}: the row below sits to the right"


def summary(raster: Raster, order: Order, files: Sequence[Delivered], found: Sequence[Finding]) -> str:
    """Return the text of ``summary.txt``."""
    job = raster.job
    lattice, rectangle = job.lattice, job.lattice.rectangle()
    lines = [job.title, "=" * len(job.title), "", *([job.label, ""] if job.label else [])]
    lines += [
        f"Product        {order.product.title} ({order.product.name})",
        f"Repeat         {lattice.repeat}",
        f"Cell           {_size(lattice.width, lattice.height)}, {job.grid.width} x {job.grid.height} px",
        f"Rectangle      {_size(rectangle.width, rectangle.height)}, the smallest that repeats straight",
        *([f"Match          {order.fit.match}"] if order.fit.match else []),
        f"Resolution     {_resolution(job)}",
        f"Product width  {format_mm(order.product.width_mm)}",
        f"Colors         {_colors(order)}",
        "",
        "Files",
    ]
    widest = max(len(file.path.name) for file in files)
    for file in files:
        lines.append(f"  {file.path.name:<{widest}}  {_extent(file)}")
        lines.append(f"  {'':<{widest}}  {file.note}")
    lines += ["", "Inks"]
    for number, (ink, share) in enumerate(zip(job.palette.inks, raster.coverage, strict=True), start=1):
        lightness, a, b = ink.lab_d50
        lines.append(f"  {number:>2}  {ink.hex}  Lab {lightness:5.1f} {a:6.1f} {b:6.1f}  {share:6.1%}  {ink.name}")
    lines += ["", "Findings", *([f"  {finding}" for finding in found] or ["  none"])]
    return "\n".join(lines) + "\n"


def _colors(order: Order) -> str:
    """Return what the PDF and TIFF files are made in, and for which printing condition."""
    condition = order.colors.condition()
    if condition is None:
        return "sRGB"
    kind = "CMYK" if order.colors.kind == "cmyk" else "spot colors, one for each printed ink"
    standard = {"x4": "PDF/X-4", "x1a": "PDF/X-1a"}[order.colors.standard]
    paper = " (a paper condition, not this cloth)" if condition.ours else ""
    return f"{kind}; PDF built to {standard}, not certified; output intent {condition.description}{paper}"


def _size(width: float, height: float) -> str:
    return f"{width:.6g} x {height:.6g} mm"


def _resolution(job: Print) -> str:
    across, down = job.px_per_mm
    if abs(across / down - 1) < 1e-9:
        return f"{across:.6g} px/mm ({job.dpi:.6g} dpi)"
    return f"{across:.6g} x {down:.6g} px/mm ({job.dpi:.4g} dpi)"


def _extent(file: Delivered) -> str:
    parts = []
    if file.width_mm is not None and file.height_mm is not None:
        parts.append(_size(file.width_mm, file.height_mm))
    if file.width_px is not None:
        parts.append(f"{file.width_px} x {file.height_px} px")
    return ", ".join(parts) or "text"
