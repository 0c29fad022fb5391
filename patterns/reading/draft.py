"""A reading in the making: the nouns so far, what was said of the whole, and adjectives that wait for their noun."""

from dataclasses import dataclass, field

from patterns.reading.lexicon import Lexicon
from patterns.reading.reading import SCALES, Reading, Subject

_WHOLE = ("ground", "density", "hand", "layout", "direction", "variety", "symmetry")
# A layout of its own kind takes the place of one that says little.
_PLAIN_LAYOUTS = ("tossed", "one-way", "rows", "set")
_OWN_LAYOUTS = ("stripe", "trellis", "ogee frame", "garland", "vine", "border", "hero", "ditsy")


@dataclass(slots=True)
class Pending:
    """What was said before the noun that it belongs to."""

    scale: str = ""
    parts: list[str] = field(default_factory=list)
    without: list[str] = field(default_factory=list)

    def take(self) -> "Pending":
        """Return what waits, and wait for nothing."""
        taken = Pending(self.scale, self.parts, self.without)
        self.scale, self.parts, self.without = "", [], []
        return taken


@dataclass(slots=True)
class Noun:
    """A subject in the making, said as ``text`` in the clause of that number, which ``lead`` leads in."""

    name: str
    text: str
    clause: int
    lead: str
    said: Pending

    def become(self, name: str, text: str, said: Pending) -> None:
        """Turn out to be another thing, of which this was only the manner."""
        self.name, self.text = name, text
        self.said.scale = said.scale or self.said.scale
        self.inherit(said)

    def inherit(self, said: Pending) -> None:
        """Take over what was said of another word for the same thing."""
        self.said.scale = self.said.scale or said.scale
        self.said.parts += said.parts
        self.said.without += said.without

    def done(self) -> Subject:
        """Return the subject."""
        parts = tuple(p for p in self.said.parts if p not in self.said.without)
        return Subject(self.name, self.said.scale, parts, tuple(self.said.without))


@dataclass(slots=True)
class Draft:
    """What was understood so far."""

    lexicon: Lexicon
    nouns: list[Noun] = field(default_factory=list)
    whole: dict[str, str] = field(default_factory=dict)
    outlined: bool | None = None
    inks: int = 0
    pending: Pending = field(default_factory=Pending)
    understood: dict[str, str] = field(default_factory=dict)

    def say(self, kind: str, value: str, text: str) -> None:
        """Note an attribute of the whole; the first one said holds, unless it says less than this one."""
        old = self.whole.get(kind, "")
        if not old or (kind == "layout" and old in _PLAIN_LAYOUTS and value in _OWN_LAYOUTS):
            self.whole[kind] = value
        self.understood[text] = f"{kind} {value}" if self.whole[kind] == value else ""

    def say_of(self, name: str, text: str) -> None:
        """Note what a pattern's name says beside another subject: a hand, a layout or the ground."""
        known = self.lexicon.things[name]
        kind, value = ("hand", known.hand) if known.hand else ("layout", known.layout)
        self.say(*((kind, value) if value else ("ground", name)), text)

    def inside(self, clause: int) -> Noun | None:
        """Return the last noun of a clause, if it has one yet."""
        return self.nouns[-1] if self.nouns and self.nouns[-1].clause == clause else None

    def vague(self, name: str) -> bool:
        """Whether a word is so general that a named thing takes its place."""
        return name in self.lexicon.genera or name in self.lexicon.manners

    def finished(self, unknown: tuple[str, ...]) -> Reading:
        """Return the reading, with general words and grounds put in their place."""
        self._drop_vague()
        self._lay_grounds()
        self._attach_leftovers()
        return Reading(
            self._ordered(), outlined=self.outlined, inks=self.inks, unknown=unknown, understood=self.understood,
            **{kind: self.whole.get(kind, "") for kind in _WHOLE},
        )  # fmt: skip

    def _drop_vague(self) -> None:
        """Drop general words where a thing of their kind, or any thing for a manner, is named."""
        things, manners = self.lexicon.things, self.lexicon.manners
        vague = [n for n in self.nouns if self.vague(n.name) and not things[n.name].family]
        named = [n for n in self.nouns if n not in vague]
        for noun in vague:
            akin = [n for n in named if noun.name in manners or things[n.name].kind == things[noun.name].kind]
            first = any(n.clause > noun.clause for n in akin)
            if akin and (noun.name in manners or first or (noun.lead == "," and not noun.said.scale)):
                akin[0].inherit(noun.said)
                self.nouns.remove(noun)

    def _lay_grounds(self) -> None:
        """Move regular patterns and fields that are named beside motifs under them."""
        motifs = [n for n in self.nouns if not self.lexicon.patterned(n.name)]
        for noun in [n for n in self.nouns if motifs and n not in motifs and self.lexicon.things[n.name].family]:
            known = self.lexicon.things[noun.name]
            if known.hand or known.layout not in ("", "stripe", "trellis"):
                self.say_of(noun.name, noun.text)
            else:
                self.say("ground", noun.name, noun.text)
            self.nouns.remove(noun)

    def _attach_leftovers(self) -> None:
        waiting = self.pending.take()
        for number, noun in enumerate(self.nouns):
            noun.inherit(Pending("", [], waiting.without) if number else waiting)

    def _ordered(self) -> tuple[Subject, ...]:
        """Return the subjects, the larger first where sizes were said of all, else as they were named."""
        merged: dict[str, Noun] = {}
        for noun in self.nouns:
            if noun.name in merged:
                merged[noun.name].inherit(noun.said)
            else:
                merged[noun.name] = noun
        subjects = [n.done() for n in merged.values()]
        if all(s.scale for s in subjects):
            subjects.sort(key=lambda s: -SCALES.index(s.scale))
        return tuple(subjects)
