"""What can be seen from one place of a prompt: what stands beside it, what follows, what governs it."""

from dataclasses import dataclass
from itertools import takewhile

from patterns.reading.clauses import Chunk, Clause
from patterns.reading.lexicon import Lexicon

# Small ones of these lie strewn between motifs of any kind.
_STREWN = ("small dots", "small leaves")


@dataclass(frozen=True, slots=True)
class Sight:
    """One chunk, ``at`` its place in the clause of that ``number``, and everything around it."""

    lexicon: Lexicon
    clauses: list[Clause]
    number: int
    at: int

    @property
    def clause(self) -> Clause:
        """The clause that the chunk stands in."""
        return self.clauses[self.number]

    @property
    def chunk(self) -> Chunk:
        """The chunk itself."""
        return self.clause.chunks[self.at]

    def after(self, word: str) -> bool:
        """Whether the next chunk of the clause is a word of grammar of that kind."""
        rest = self.clause.chunks[self.at + 1 : self.at + 2]
        return bool(rest) and rest[0].word(word)

    def only_part(self) -> bool:
        """Whether the chunk's word names a part and never a thing."""
        return not self.chunk.says("thing") and self.chunk.says("part") not in self.lexicon.alone

    def beside(self) -> str:
        """Return the thing that the chunk stands before in its own clause, as an adjective does; "" if none."""
        rest = self.clause.chunks[self.at + 1 :]
        between = list(takewhile(lambda c: not c.says("thing"), rest))
        apart = any(c.says("scale") for c in between) and not self.only_part()  # "big leaves small birds"
        thing = None if apart or len(between) == len(rest) else rest[len(between)]
        return thing.says("thing") if thing and (_sure(thing) or self.only_part()) else ""

    def ahead(self) -> str:
        """Return the next thing that is surely one, "" if none follows."""
        later = self.clauses[self.number + 1 :]
        rest = [*self.clause.chunks[self.at + 1 :], *(c for clause in later for c in clause.chunks)]
        return next((c.says("thing") for c in rest if _sure(c)), "")

    def gathers(self) -> bool:
        """Whether what follows is "of" a thing: "sprigs of lavender"."""
        if self.at + 1 < len(self.clause.chunks) or self.number + 1 >= len(self.clauses):
            return False
        following = self.clauses[self.number + 1]
        return following.lead == "of" and any(c.says("thing") or c.says("part") for c in following.chunks)

    def having(self) -> bool:
        """Whether a "with" governs the chunk, perhaps from before a list of parts: "with stems, leaves and buds"."""
        number = self.number
        while number and self.clauses[number].lead in ("and", ",") and self.clauses[number - 1].only("part"):
            number -= 1
        return self.clauses[number].lead == "with"

    def about_all(self) -> bool:
        """Whether the clause speaks of the whole design: "large scale", "all small"."""
        return any("scale" in c.text.split() or c.word("sized") or c.word("all") for c in self.clause.chunks)

    def can_have(self, name: str, part: str) -> bool:
        """Whether a thing can have a part; a word that names nothing else is a part of whatever is there."""
        thing = self.lexicon.things[name]
        if part in self.lexicon.kinds[thing.kind] or (part in thing.has and (self.having() or self.beside() == name)):
            return True
        return self.only_part() or (part in _STREWN and not self.lexicon.patterned(name))


def _sure(chunk: Chunk) -> bool:
    return bool(chunk.says("thing")) and not chunk.says("part") and not chunk.negated
