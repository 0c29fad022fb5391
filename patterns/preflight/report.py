"""What a file was found to be, what it was wanted to be, and what speaks against printing it."""

from dataclasses import asdict, dataclass
from typing import Any

from patterns.errors import Finding
from patterns.fabric import Fabric
from patterns.lattice import Lattice
from patterns.product import Product
from patterns.seam import Joint, SeamReport

# Layouts of products that show one motif or a wall, and need not meet themselves.
_SINGLE = ("piece", "panels")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of a file: by a product and its fabric, or by any print.

    ``dpi`` is the resolution at which it is printed, ``ink_limit`` the most ink in percent of one full channel,
    ``line_mm`` and ``gap_mm`` the finest that hold (0: not measured). ``repeats`` says that it must meet itself, None
    that this is left to the file. ``repeat`` and ``size_mm`` are what the user says of it, ``lattice`` what its record
    says.
    """

    title: str = "any print"
    # The least that is not seen as pixels at arm's length is near 100 dpi; ours, of no standard.
    dpi: float = 100.0
    # Sheetfed offset on coated paper, the most that any common process takes.
    ink_limit: float = 330.0
    most_inks: int | None = None
    line_mm: float = 0.0
    gap_mm: float = 0.0
    repeats: bool | None = None
    repeat: str | None = None
    size_mm: tuple[float, float] | None = None
    lattice: Lattice | None = None
    product: Product | None = None

    @classmethod
    def of(cls, product: Product, fabric: Fabric, **said: Any) -> "Wanted":
        """Return what a product on its fabric asks for."""
        return cls(
            product.title,
            product.dpi,
            fabric.ink_limit,
            fabric.most_inks,
            fabric.finest_line_mm,
            fabric.finest_gap_mm,
            repeats=product.layout not in _SINGLE,
            product=product,
            **said,
        )


@dataclass(frozen=True, slots=True)
class Meeting:
    """How a file meets itself: on which repeat, of which size in px and (where known) in mm.

    ``shown`` says how many repeats (across, down) the file holds; the joints are those of the first.
    """

    report: SeamReport
    repeat: str
    size_px: tuple[int, int]
    size_mm: tuple[float, float] | None = None
    shown: tuple[float, float] = (1.0, 1.0)


@dataclass(frozen=True, slots=True)
class Report:
    """The facts of a file by name, in the order in which they are told, its findings, and its joints if measured."""

    kind: str
    facts: dict[str, str]
    findings: tuple[Finding, ...]
    meeting: Meeting | None = None

    @property
    def passed(self) -> bool:
        """Whether no fault was found."""
        return all(finding.severity != "fault" for finding in self.findings)

    def to_json(self) -> dict[str, Any]:
        """Return the report as JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Report":
        """Return the report of JSON values that ``to_json`` gave."""
        meeting = data["meeting"]
        if meeting is not None:
            across, down = (
                Joint(**{**joint, "deviations": tuple(joint["deviations"])}) for joint in meeting["report"]["joints"]
            )
            size_mm = None if meeting["size_mm"] is None else tuple(meeting["size_mm"])
            meeting = Meeting(
                SeamReport((across, down), meeting["report"]["sampled"]),
                meeting["repeat"],
                tuple(meeting["size_px"]),
                size_mm,
                tuple(meeting["shown"]),
            )
        return cls(data["kind"], data["facts"], tuple(Finding(**finding) for finding in data["findings"]), meeting)
