"""What can be drawn of a reading: families that were not taught give way to the nearest in meaning that were."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace

from patterns.errors import Finding
from patterns.reading.lexicon import Lexicon
from patterns.reading.reading import Reading, Subject

# A second motif or a ground gives way only to what is near: so many steps of meaning.
_NEAR = 2
_MOST = 2


@dataclass(slots=True)
class Standing:
    """What stands in for a reading's subjects and ground, and what is to be said about it."""

    lexicon: Lexicon
    families: Collection[str]
    grounds: Collection[str]
    drawn: list[Subject] = field(default_factory=list)
    found: list[Finding] = field(default_factory=list)
    ground: str = ""

    def of(self, reading: Reading) -> tuple[Reading, tuple[Finding, ...]]:
        """Return the reading as it can be drawn, and a Finding for whatever is drawn otherwise or left out."""
        self._lay(reading.ground)
        for subject in reading.subjects:
            if self.drawn:
                self._second(subject)
            elif name := self.lexicon.stand_in(subject.family, self.families):
                self._draw(subject, name)
            else:
                self._leave_out(subject.family, "nothing that the Loom draws is near it in meaning")
        return replace(reading, subjects=tuple(self.drawn), ground=self.ground), tuple(self.found)

    def _second(self, subject: Subject) -> None:
        drawn = {s.family for s in self.drawn}
        patterned = self.lexicon.patterned(self.drawn[0].family)
        free = [f for f in self.families if f not in drawn and (patterned or not self.lexicon.patterned(f))]
        name = self.lexicon.stand_in(subject.family, free, hops=_NEAR)
        if len(self.drawn) == _MOST:
            self._leave_out(subject.family, f"the Loom draws at most {_MOST} motifs together")
        elif name:
            self._draw(subject, name)
        elif not self.ground and self.lexicon.stand_in(subject.family, self.grounds, hops=_NEAR):
            self._lay(subject.family)
        else:
            self._leave_out(subject.family, f"nothing near it goes with {self.drawn[0].family}")

    def _draw(self, subject: Subject, name: str) -> None:
        family, look = self.lexicon.looks.get(subject.family, ("", ""))
        if family == name:
            subject = replace(subject, look=(look,))
        elif name != subject.family:
            self.found.append(Finding("note", f"the Loom does not draw {subject.family!r} and drew {name!r} instead"))
        self.drawn.append(replace(subject, family=name))

    def _lay(self, asked: str) -> None:
        self.ground = self.lexicon.stand_in(asked, self.grounds, hops=_NEAR) if asked else ""
        if self.ground != asked:
            instead = f"laid {self.ground!r} instead" if self.ground else "left the ground plain"
            self.found.append(Finding("note", f"the Loom does not lay {asked!r} under motifs and {instead}"))

    def _leave_out(self, name: str, reason: str) -> None:
        self.found.append(Finding("warning", f"{name!r} was left out: {reason}"))
