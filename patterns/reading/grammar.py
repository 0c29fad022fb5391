"""How clauses become a reading: what is a subject, a part or the ground, and which adjective belongs to which noun."""

from dataclasses import dataclass

from patterns.reading.clauses import ADJECTIVES, Clause, clauses
from patterns.reading.draft import Draft, Noun
from patterns.reading.lexicon import lexicon
from patterns.reading.reading import Reading
from patterns.reading.sight import Sight

_OPPOSITE = {"sparse": "dense", "dense": "sparse"}
# Parts whose small ones lie strewn between motifs.
_FILLERS = ("leaves", "dots", "flowers")
# Words for parts and patterns that only describe: "flowering branches", "striped tulips".
_ADJECTIVAL = ("ed", "y", "ing")
# Parts that stay worth saying where their word names the thing itself: "scattered petals".
_TELLING = ("petals", "wings", "tendrils", "stems")
# After a leafy plant these are only its name: "fern leaves".
_LEAFY = ("leaves", "branch", "fronds", "stems")


def read(prompt: str) -> Reading:
    """Return what a prompt asks for; color words are best taken out first. Nothing is an error: see ``findings``."""
    found, unknown = clauses(prompt, lexicon())
    return _Reader(found, Draft(lexicon())).reading(unknown)


@dataclass(slots=True)
class _Reader:
    """Reads clauses from left to right into a draft."""

    clauses: list[Clause]
    draft: Draft

    def reading(self, unknown: tuple[str, ...]) -> Reading:
        """Return the reading of all clauses."""
        for number, clause in enumerate(self.clauses):
            for at in range(len(clause.chunks)):
                self._chunk(Sight(self.draft.lexicon, self.clauses, number, at))
            self._close(number)
        return self.draft.finished(unknown)

    def _chunk(self, sight: Sight) -> None:
        chunk = sight.chunk
        if chunk.negated:
            self._deny(sight)
        elif chunk.says("inks"):
            self.draft.inks = self.draft.inks or int(chunk.says("inks"))
            self.draft.understood[chunk.text] = f"inks {self.draft.inks}"
        elif chunk.says("thing") or chunk.says("part"):
            self._noun(sight)
        else:
            self._adjective(sight)

    def _adjective(self, sight: Sight) -> None:
        chunk, draft = sight.chunk, self.draft
        kind = next((k for k in ADJECTIVES if chunk.says(k)), "")
        value = chunk.says(kind)
        if kind not in ("scale", "lacks", "outlined"):
            if kind:
                draft.say(kind, value, chunk.text)
            return
        draft.understood[chunk.text] = f"{kind} {value}"
        if kind == "scale":
            self._size(sight, value)
        elif kind == "lacks":
            draft.pending.without.append(value)
        elif draft.outlined is None:
            draft.outlined = value == "yes"

    def _size(self, sight: Sight, value: str) -> None:
        """Note a size, of what stands before it in "roses bigger than ferns"; "big and small" are mixed sizes."""
        pending, inside = self.draft.pending, self.draft.inside(sight.number)
        before = self.clauses[sight.number - 1] if sight.number and not sight.at else None
        if inside and sight.after("than"):
            inside.said.scale = value
        elif before and sight.clause.lead == "and" and before.chunks[-1].says("scale"):
            owner = self.draft.inside(sight.number - 1) if sight.clause.only("scale") else None
            said = owner.said if owner else pending
            said.scale = ""
            said.parts.append("mixed sizes")
        else:
            pending.scale = value

    def _deny(self, sight: Sight) -> None:
        """Note what is not to be there: of all things named so far, or of whatever is named after."""
        chunk, draft = sight.chunk, self.draft
        missing = chunk.says("part") or chunk.says("thing")
        if chunk.says("outlined"):
            draft.outlined = chunk.says("outlined") == "no"
            draft.understood[f"no {chunk.text}"] = "not outlined"
        elif missing:
            for said in [n.said for n in draft.nouns] or [draft.pending]:
                said.without.append(missing)
            draft.understood[f"no {chunk.text}"] = f"no {missing}"
        elif chunk.says("density"):
            draft.say("density", _OPPOSITE.get(chunk.says("density"), ""), chunk.text)

    # Nouns: parts first, since their words may name things as well.

    def _noun(self, sight: Sight) -> None:
        chunk, draft = sight.chunk, self.draft
        part = chunk.says("part")
        under = sight.clause.lead == "on" and draft.lexicon.patterned(chunk.says("thing"))
        if part and not under and self._is_part(sight, part):
            draft.understood[chunk.text] = f"part {part}"
            return
        thing = chunk.says("thing") or draft.lexicon.alone.get(part, "")
        describes = part and chunk.text.endswith(_ADJECTIVAL) and part != "berries"
        if not thing or (describes and (draft.nouns or sight.ahead())):
            return
        if part.startswith("small "):
            draft.pending.scale = draft.pending.scale or "small"
        if part in _TELLING and not chunk.says("thing"):
            draft.pending.parts.append(part)
        self._thing(sight, thing)

    def _is_part(self, sight: Sight, part: str) -> bool:
        """Take a chunk as a part of what stands before or after it, if such a thing can have it; say whether."""
        inside = self.draft.inside(sight.number)
        before = inside or (self.draft.nouns[-1] if self.draft.nouns else None)
        gathered = sight.gathers()
        if gathered and part != "cut half":
            return False
        if before is None or sight.beside() or (gathered and sight.ahead()):
            return self._waits(sight, part, first=before is None)
        return self._belongs(sight, part, before, compound=inside is not None)

    def _waits(self, sight: Sight, part: str, *, first: bool) -> bool:
        """Keep a part for the thing that follows, if it can have it."""
        pending, beside = self.draft.pending, sight.beside()
        names = sight.chunk.says("thing") or self.draft.vague(sight.lexicon.alone.get(part, ""))
        owner = beside or sight.ahead()
        if (first and not beside and names) or not owner or not sight.can_have(owner, part):
            return False
        pending.parts.append(part)
        pending.scale = pending.scale if beside else ""
        return True

    def _belongs(self, sight: Sight, part: str, before: Noun, *, compound: bool) -> bool:
        """Give a part to the noun before it, or to all that are listed there; say whether one can have it."""
        pending, clause, known = self.draft.pending, sight.clause, sight.lexicon
        if pending.scale in ("medium", "large") and clause.lead in ("and", ",") and not sight.only_part():
            return False  # "small flowers and large leaves"
        if compound and part != "cut half" and not sight.only_part():
            if known.patterned(before.name) or before.name in known.manners:
                return False  # "batik flowers"
            if part in _LEAFY and known.kind(before.name) == "leaf":
                return True
        strewn = f"small {part}" if pending.scale == "small" and part in _FILLERS else part
        listed = self._list_before(sight.number) if clause.lead == "with" and not compound else []
        owners = [noun for noun in listed or [before] if sight.can_have(noun.name, strewn)]
        for noun in owners:
            noun.said.parts.append(strewn)
            pending.scale = ""
        return bool(owners)

    def _thing(self, sight: Sight, name: str) -> None:
        """Take a thing for a gathering of what follows, the ground, a layout, a subject, or one with that before it."""
        draft, clause, text = self.draft, sight.clause, sight.chunk.text
        thing = draft.lexicon.things[name]
        others = draft.nouns or sight.ahead()
        draft.understood[text] = name
        if sight.gathers() and (text in draft.lexicon.gatherings or thing.layout):
            if thing.layout:
                draft.say("layout", thing.layout, text)
        elif (clause.lead == "on" or sight.after("ground")) and (draft.lexicon.patterned(name) or thing.layout):
            draft.say(*(("ground", name) if draft.lexicon.patterned(name) else ("layout", thing.layout)), text)
            draft.pending.take()
        elif (clause.lead == "in" or sight.after("arranged")) and thing.layout and others:
            draft.say("layout", thing.layout, text)
        else:
            before = draft.inside(sight.number)
            if before is None or not self._joined(before, name, text):
                waiting = draft.pending.take()
                waiting.scale = waiting.scale or draft.lexicon.sizes.get(text, "")
                draft.nouns.append(Noun(name, text, sight.number, clause.lead, waiting))

    def _joined(self, before: Noun, name: str, text: str) -> bool:
        """Join a thing to the noun right before it in the same clause ("floral stripe"); say whether they are one."""
        draft, known = self.draft, self.draft.lexicon
        manner = {before.name, before.text} & known.manners
        patterned = known.patterned(before.name)
        if before.name == name or (text in known.gatherings and not patterned and not manner):
            return True
        if manner and name not in known.manners:
            before.become(name, text, draft.pending.take())
            return True
        if known.patterned(name):
            if not patterned:
                draft.say_of(name, text)
            return True  # "wavy vertical stripes" are waves.
        return self._describes(before, name, text)

    def _describes(self, before: Noun, name: str, text: str) -> bool:
        """Join a motif to the noun before it where that only describes it, or where it says nothing more itself."""
        draft, known = self.draft, self.draft.lexicon
        old, new = known.things[before.name], known.things[name]
        vague = draft.vague(before.name)
        if new.layout and not vague and not known.patterned(before.name):
            draft.say_of(name, text)
            return True
        if not (known.patterned(before.name) or vague or old.layout or old.hand):
            return draft.vague(name)
        if old.part and before.text.endswith(_ADJECTIVAL) and not draft.vague(name):
            before.said.parts.append(old.part)
        elif not vague:
            draft.say_of(before.name, before.text)
        if not (vague and name in known.manners):
            before.become(name, text, draft.pending.take())
        return True

    # Adjectives that no noun followed.

    def _close(self, number: int) -> None:
        """Give adjectives that no noun followed to the noun before them: "daisies, small, and ferns, large"."""
        draft, sight = self.draft, Sight(self.draft.lexicon, self.clauses, number, 0)
        pending, inside = draft.pending, draft.inside(number)
        if not (pending.scale or pending.without) or not draft.nouns or sight.about_all():
            return
        listed = [inside] if inside else self._list_before(number)
        goes_on = not inside and not sight.clause.comma and number + 1 < len(self.clauses)
        if listed and not goes_on and not (pending.scale and any(n.said.scale for n in listed)):
            waiting = pending.take()
            for noun in listed:
                noun.said.scale = noun.said.scale or waiting.scale
                noun.said.without += waiting.without

    def _list_before(self, number: int) -> list[Noun]:
        """Return the nouns of the clause before, and those that an "and" lists them with."""
        first = number - 1
        while first > 0 and self.clauses[first].lead == "and":
            first -= 1
        listed = [n for n in self.draft.nouns if first <= n.clause < number]
        return listed if any(n.clause == number - 1 for n in listed) else []
