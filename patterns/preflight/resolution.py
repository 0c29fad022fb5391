"""Whether pixels are enough for what is printed."""

from collections.abc import Iterator

from patterns.errors import Finding
from patterns.preflight.report import Wanted

# Of the wanted resolution: below the first it is seen, below the second it is plain to see.
_LESS, _FAR_LESS = 0.97, 0.66


def dpi_findings(dpi: float, wanted: Wanted, what: str) -> Iterator[Finding]:
    """Yield a finding if so many dots per inch are too few."""
    if dpi >= _LESS * wanted.dpi:
        return
    severity = "fault" if dpi < _FAR_LESS * wanted.dpi else "warning"
    cure = f"place it at {dpi / wanted.dpi:.0%} of the size, or enlarge it with more pixels"
    yield Finding(severity, f"{what} has too few pixels for {wanted.title}", f"{dpi:.1f} of {wanted.dpi:g} dpi", cure)
