"""A palette moved to what can be printed: each ink to the nearest color of a gamut, neighbors kept apart.

Each report says per ink what was asked, what is printable, how different they are, and whether the asked color was in
the gamut; and for all of them where the gamut comes from.
"""

from dataclasses import dataclass, replace

import numpy as np

from patterns.color.difference import ciede2000
from patterns.color.gamut import Gamut, Lab, cost
from patterns.color.ink import Ink, Palette
from patterns.errors import Finding

# CIEDE2000 up to which a moved ink is still taken for the one that was asked: side by side, most people see less than
# this.
SEEN, FAR = 1.0, 5.0
# Two inks keep their order from light to dark to within this many units of L*.
_LEVEL = 0.5


@dataclass(frozen=True, slots=True)
class PrintableInk:
    """One ink as asked and as it can be printed, CIE Lab D50.

    ``difference`` is the CIEDE2000 between them, ``inside`` whether the asked color is in the gamut. ``ink_sum`` is the
    ink in percent that prints it, None where no device profile makes that computable.
    """

    name: str
    role: str
    asked: Lab
    printable: Lab
    difference: float
    inside: bool
    ink_sum: float | None


@dataclass(frozen=True, slots=True)
class Printable:
    """A palette that can be printed, and how it came from the one that was asked.

    ``source`` says where the gamut comes from, ``heuristic`` that nobody measured it. ``close`` has (first, second,
    CIEDE2000) of neighbors that could not be kept ``apart``.
    """

    palette: Palette
    inks: tuple[PrintableInk, ...]
    source: str
    heuristic: bool
    apart: float
    close: tuple[tuple[int, int, float], ...]

    def findings(self, *, ink_limit: float | None = None) -> tuple[Finding, ...]:
        """Return what is questionable: inks that cannot be printed as asked, neighbors too close, too much ink."""
        found = [finding for ink in self.inks if (finding := self._moved(ink))]
        for first, second, difference in self.close:
            names = f"{self.inks[first].name} and {self.inks[second].name}"
            found.append(
                Finding(
                    "fault",
                    f"the inks {names} touch and run together in print",
                    f"CIEDE2000 {difference:.1f}, {self.apart:g} wanted",
                    "choose colors that lie further apart, or merge them with fewer inks",
                )
            )
        if ink_limit is not None:
            found += self._too_wet(ink_limit)
        found.append(Finding("note", f"the gamut is {self.source}"))
        return tuple(found)

    def _moved(self, ink: PrintableInk) -> Finding | None:
        if ink.inside or ink.difference < SEEN:
            return None
        return Finding(
            "fault" if ink.difference > FAR and not self.heuristic else "warning",
            f"the ink {ink.name} is out of gamut",
            f"CIEDE2000 {ink.difference:.1f} to the nearest that can be printed",
            "`patterns recolor --fabric` moves the inks to what can be printed",
        )

    def _too_wet(self, ink_limit: float) -> list[Finding]:
        known = [ink for ink in self.inks if ink.ink_sum is not None]
        if not known:
            return [Finding("note", "the ink sum is not computable without the device's ICC profile")]
        return [
            Finding(
                "fault",
                f"the ink {ink.name} takes more ink than the fabric holds",
                f"{ink.ink_sum:.0f} % of {ink_limit:.0f} %",
                "choose a lighter color, or a profile with the fabric's own ink limit",
            )
            for ink in known
            if ink.ink_sum is not None and ink.ink_sum > ink_limit + 0.5
        ]


def printable(palette: Palette, gamut: Gamut, *, apart: float, neighbors: np.ndarray | None = None) -> Printable:
    """Return the palette with each ink moved to the nearest color of the gamut; inks inside it stay as they are.

    Inks that touch, by ``neighbors`` (K, K) bool (None: all of them), stay ``apart`` in CIEDE2000, or as far as they
    were asked if that is less, and keep their order from light to dark. Those that move least are settled first.
    """
    asked = palette.lab()
    touching = np.ones((len(asked), len(asked)), bool) if neighbors is None else neighbors | neighbors.T
    wanted = np.where(touching, np.minimum(apart, ciede2000(asked[:, None], asked)), 0)
    np.fill_diagonal(wanted, 0)
    found = gamut.nearest(asked)
    settled: list[int] = []
    for i in np.argsort(cost(asked, found), kind="stable"):
        found[i] = _apart(gamut, asked, found, (int(i), settled), wanted)
        settled.append(int(i))
    inks = _reported(palette, gamut, asked, found)
    moved = tuple(
        ink if now.difference == 0 else Ink(ink.name, now.printable, ink.role)
        for ink, now in zip(palette.inks, inks, strict=True)
    )
    close = _too_close(found, touching, apart)
    return Printable(replace(palette, inks=moved), inks, gamut.source, gamut.heuristic, apart, close)


def _reported(palette: Palette, gamut: Gamut, asked: np.ndarray, found: np.ndarray) -> tuple[PrintableInk, ...]:
    inside, differences, sums = gamut.inside(asked), ciede2000(asked, found), gamut.ink_sum(found)
    return tuple(
        PrintableInk(
            ink.name,
            ink.role,
            asked=_triple(asked[i]),
            printable=_triple(found[i]),
            difference=float(differences[i]),
            inside=bool(inside[i]),
            ink_sum=None if sums is None else float(sums[i]),
        )
        for i, ink in enumerate(palette.inks)
    )


def _apart(
    gamut: Gamut, asked: np.ndarray, found: np.ndarray, place: tuple[int, list[int]], wanted: np.ndarray
) -> np.ndarray:
    """Return the best color for ink i of ``place`` (i, settled) that stays as far from the settled inks as wanted."""
    i, settled = place
    least = wanted[i, settled]
    grays = gamut.grays()
    choices = np.concatenate([found[i : i + 1], gamut.choices(asked[i], steps=49), grays])
    between = ciede2000(choices[:, None], found[settled])
    far = np.where(least > 0, between / np.where(least > 0, least, 1), np.inf)
    direction = np.sign(asked[i, 0] - asked[settled, 0])
    ordered = ((choices[:, None, 0] - found[settled, 0]) * direction >= -_LEVEL) | (least == 0)
    enough = np.all(far >= 1 - 1e-9, axis=1)
    for allowed in (enough & np.all(ordered, axis=1), enough):
        if allowed[0]:
            return choices[0]
        if allowed.any():
            return choices[np.where(allowed, cost(asked[i], choices), np.inf).argmin()]
    return choices[far.min(axis=1).argmax()]


def _too_close(lab: np.ndarray, touching: np.ndarray, apart: float) -> tuple[tuple[int, int, float], ...]:
    differences = ciede2000(lab[:, None], lab)
    return tuple(
        (int(i), int(j), float(differences[i, j]))
        for i, j in zip(*np.triu_indices(len(lab), 1), strict=True)
        if touching[i, j] and differences[i, j] < apart - 1e-6
    )


def _triple(values: np.ndarray) -> Lab:
    lightness, a, b = (float(v) for v in values)
    return lightness, a, b
