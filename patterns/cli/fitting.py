"""How fabrics, their gamuts and what they have against a design are said, to people and as JSON."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from patterns.cli import console

if TYPE_CHECKING:
    from rich.console import Console

    from patterns.atelier.fitting import Fitness
    from patterns.color.printable import Printable
    from patterns.fabric import Fabric

# Places beyond these, the longest first, are counted and not listed.
MOST_PLACES = 500


def fabric_record(found: "Printable", fabric: "Fabric") -> dict[str, Any]:
    """Return what is known of each ink on a fabric, as ``--json`` says it."""
    inks = [asdict(ink) for ink in found.inks]
    known = any(ink["ink_sum"] is not None for ink in inks)
    return {
        "fabric": fabric.name,
        "heuristic": fabric.heuristic,
        "gamut": found.source,
        "gamut_heuristic": found.heuristic,
        "apart": found.apart,
        "ink_limit": fabric.ink_limit,
        "ink_sum": "computed through the profile" if known else "not computable",
        "inks": inks,
    }


def say_inks(c: "Console", found: "Printable", fabric: "Fabric") -> None:
    """Print for each ink what was asked, what is printable, the difference, and the ink sum."""
    from rich.text import Text

    from patterns.color import Ink

    known = any(ink.ink_sum is not None for ink in found.inks)
    limit = f"limit {fabric.ink_limit:g} %" if known else "ink sum not computable without a device profile"
    c.print(Text.assemble(("fabric", "bold"), f"      {fabric.title}; {limit}"))
    c.print(f"gamut       {found.source}")
    for ink in found.inks:
        asked, printable = (Ink(ink.name, lab).hex for lab in (ink.asked, ink.printable))
        inside = "in gamut " if ink.inside else "out      "
        wet = f"  ink {ink.ink_sum:3.0f} %" if ink.ink_sum is not None else ""
        line = f"            {asked} -> {printable}  CIEDE2000 {ink.difference:4.1f}  {inside}{wet}  {ink.name}"
        c.print(line.rstrip())


def fitness_record(fitness: "Fitness") -> dict[str, Any]:
    """Return what a fabric has against a design as ``--json`` says it."""
    thin = fitness.thin
    places = [asdict(place) for place in (thin.places if thin else ())]
    return {
        "id": fitness.design.id,
        "passed": fitness.passed,
        **fabric_record(fitness.printable, fitness.fabric),
        "lines_too_fine": len(thin.of("line")) if thin else None,
        "gaps_too_fine": len(thin.of("gap")) if thin else None,
        "narrowest_line_mm": thin.narrowest("line") if thin else None,
        "narrowest_gap_mm": thin.narrowest("gap") if thin else None,
        "places": places[:MOST_PLACES],
        "findings": [console.finding_record(f) for f in fitness.findings],
    }


def say_fitness(c: "Console", fitness: "Fitness") -> None:
    """Print a design's fitness for a fabric for people."""
    from rich.text import Text

    say_inks(c, fitness.printable, fitness.fabric)
    if fitness.thin:
        for kind in ("line", "gap"):
            places = fitness.thin.of(kind)
            narrowest = fitness.thin.narrowest(kind)
            said = f"{len(places)} too fine, the narrowest {narrowest:.2f} mm" if places else "none too fine"
            c.print(f"{kind}s{'':<{11 - len(kind)}}{said}")
    verdict = ("can be printed", "bold green") if fitness.passed else ("cannot be printed as it is", "bold red")
    c.print(Text.assemble(("verdict     ", ""), verdict))
