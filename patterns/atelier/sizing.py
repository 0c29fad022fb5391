"""Which size a design is printed at: the one it was drawn at, or a legal one that the user chose. Never another."""

from dataclasses import replace

from patterns.atelier.making import lattice_of
from patterns.design import Brief
from patterns.errors import CannotMake, Finding
from patterns.lattice import SQUARENESS, Lattice
from patterns.product import Fit, Product
from patterns.separation import Separation
from patterns.units import format_mm

# The Loom draws no tile smaller than this.
_SMALLEST_MM = 80.0


def legal_brief(brief: Brief, product: Product) -> tuple[Brief, tuple[Finding, ...]]:
    """Return a brief whose repeat the product takes.

    A size that was asked for is refused if it is not legal, with CannotMake that names the nearest that are. Where none
    was asked for, the nearest legal one to the usual size is drawn, and a note says so.
    """
    lattice = lattice_of(brief)
    fit = product.fit(lattice)
    if fit.legal:
        return brief, ()
    drawable = [p for p in fit.nearest if min(p.lattice.width, p.lattice.height) >= _SMALLEST_MM]
    if brief.width_mm is not None or not drawable:
        raise _misfit(product, fit)
    chosen = drawable[0].lattice
    found = Finding(
        "note",
        f"no size was asked for, so the tile is drawn as large as {product.title} takes it",
        f"{_size(chosen)} instead of {_size(lattice)}",
        "name another legal size with --size",
    )
    return replace(brief, width_mm=chosen.width, height_mm=chosen.height), (found,)


def require_fit(lattice: Lattice, product: Product) -> Fit:
    """Return how a repeat fits a product; CannotMake, naming the nearest legal sizes, if it does not."""
    fit = product.fit(lattice)
    if not fit.legal:
        raise _misfit(product, fit)
    return fit


def resized(
    separation: Separation, size_mm: tuple[float, float | None], product: Product
) -> tuple[Separation, tuple[Finding, ...]]:
    """Return a design at another size, (width, height) in mm, and a note of the change.

    Without a height the tile keeps its shape, to a whole pixel of the product. CannotMake if the size would distort
    the drawing.
    """
    old, (width, height) = separation.lattice, size_mm
    if height is None:
        step = old.drop.denominator / product.px_per_mm
        height = max(1, round(old.height * width / old.width / step)) * step
    new = replace(old, width=width, height=height)
    across, down = width / old.width, height / old.height
    if abs(across / down - 1) > SQUARENESS:
        raise CannotMake(
            f"{_size(new)} would stretch a drawing of {_size(old)} by {abs(across / down - 1):.0%}; "
            f"{width:g} x {old.height * across:.5g} mm keeps its shape."
        )
    if new == old:
        return separation, ()
    note = Finding(
        "note",
        "printed at another size than it was drawn, as asked",
        f"{_size(old)} become {_size(new)} ({100 * (across - 1):+.1f} %)",
        "lines and motifs change by as much",
    )
    return replace(separation, lattice=new), (note,)


def _misfit(product: Product, fit: Fit) -> CannotMake:
    sizes = " or ".join(
        f"--size {p.lattice.width:.7g}x{p.lattice.height:.7g}mm ({str(p).split(' (', 1)[1]}" for p in fit.nearest
    )
    return CannotMake(f"{product.title}: {fit.problem}; {sizes} fits, or another product.")


def _size(lattice: Lattice) -> str:
    return f"{format_mm(lattice.width)} x {format_mm(lattice.height)}"
