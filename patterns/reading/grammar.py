"""How clauses become a reading: what is a subject, a part or the ground, and which adjective belongs to which noun."""

from dataclasses import dataclass, field

from patterns.reading.clauses import ADJECTIVES, Chunk, Clause, clauses
from patterns.reading.lexicon import Lexicon, lexicon
from patterns.reading.reading import SCALES, Reading, Subject

_WHOLE = ("density", "hand", "layout", "direction", "variety", "symmetry")
# A layout of its own kind takes the place of these, which say little.
_PLAIN_LAYOUTS = ("tossed", "one-way", "rows", "set")
_OPPOSITE = {"sparse": "dense", "dense": "sparse"}
# Parts whose small ones lie strewn between motifs.
_FILLERS = ("leaves", "dots", "flowers")
_UNDER = ("regular", "field")
_ADJECTIVAL = ("ed", "y", "ing")
# Parts that stay worth saying where their word names the thing itself: "scattered petals".
_TELLING = ("petals", "wings", "tendrils", "stems")
_LEAFY = ("leaves", "branch", "fronds", "stems")


@dataclass(slots=True)
class _Noun:
    """A subject in the making, in the ``clause`` with that number."""

    name: str
    clause: int
    lead: str
    text: str
    scale: str = ""
    parts: list[str] = field(default_factory=list)
    without: list[str] = field(default_factory=list)

    def done(self) -> Subject:
        return Subject(
            self.name, self.scale, tuple(p for p in self.parts if p not in self.without), tuple(self.without)
        )


@dataclass(slots=True)
class _Pending:
    """What was said before the noun that it belongs to."""

    scale: str = ""
    parts: list[str] = field(default_factory=list)
    without: list[str] = field(default_factory=list)

    def take(self) -> "_Pending":
        """Return what waits, and wait for nothing."""
        taken = _Pending(self.scale, self.parts, self.without)
        self.scale, self.parts, self.without = "", [], []
        return taken


def read(prompt: str) -> Reading:
    """Return what a prompt asks for; color words are best taken out first. Nothing is an error: see ``findings``."""
    words = lexicon()
    found, unknown = clauses(prompt, words)
    return _Reader(words, found).reading(unknown)


@dataclass
class _Reader:
    """Reads clauses from left to right, with a look at what follows."""

    lexicon: Lexicon
    clauses: list[Clause]
    nouns: list[_Noun] = field(default_factory=list)
    whole: dict[str, str] = field(default_factory=dict)
    outlined: bool | None = None
    inks: int = 0
    pending: _Pending = field(default_factory=_Pending)
    understood: dict[str, str] = field(default_factory=dict)

    def reading(self, unknown: tuple[str, ...]) -> Reading:
        """Return the reading of all clauses."""
        for number, clause in enumerate(self.clauses):
            for at, chunk in enumerate(clause.chunks):
                self._chunk(number, at, chunk)
            self._close(number)
        self._drop_vague()
        self._lay_grounds()
        self._attach_leftovers()
        return Reading(
            self._ordered(), outlined=self.outlined, inks=self.inks, unknown=unknown, understood=self.understood,
            **{k: self.whole.get(k, "") for k in (*_WHOLE, "ground")},
        )  # fmt: skip

    # Chunks.

    def _chunk(self, number: int, at: int, chunk: Chunk) -> None:
        if chunk.negated:
            self._deny(number, chunk)
        elif chunk.says("inks"):
            self.inks = self.inks or int(chunk.says("inks"))
            self.understood[chunk.text] = f"inks {self.inks}"
        elif chunk.says("thing") or chunk.says("part"):
            self._noun(number, at, chunk)
        else:
            self._adjective(number, at, chunk)

    def _adjective(self, number: int, at: int, chunk: Chunk) -> None:
        kind = next((k for k in ADJECTIVES if chunk.says(k)), "")
        value = chunk.says(kind)
        if kind == "scale":
            self._size(number, at, value)
        elif kind == "lacks":
            self.pending.without.append(value)
        elif kind == "outlined":
            self.outlined = value == "yes" if self.outlined is None else self.outlined
        elif kind:
            self._say(kind, value, chunk.text)
            return
        if kind:
            self.understood[chunk.text] = f"{kind} {value}"

    def _size(self, number: int, at: int, value: str) -> None:
        """Note a size, of what stands before it in "roses bigger than ferns"; "big and small" are mixed sizes."""
        clause = self.clauses[number]
        inside = self._inside(number)
        if inside and at + 1 < len(clause.chunks) and clause.chunks[at + 1].word("than"):
            inside.scale = value
        elif clause.lead == "and" and at == 0 and number and self.clauses[number - 1].only("scale"):
            self.pending.scale = ""
            self.pending.parts.append("mixed sizes")
        else:
            self.pending.scale = value

    def _say(self, kind: str, value: str, text: str) -> None:
        """Note an attribute of the whole; the first one said holds, unless it says less than this one."""
        old = self.whole.get(kind, "")
        weak = kind == "layout" and old in _PLAIN_LAYOUTS and value not in _PLAIN_LAYOUTS
        if not old or weak:
            self.whole[kind] = value
        self.understood[text] = f"{kind} {value}" if self.whole[kind] == value or weak else ""

    def _deny(self, number: int, chunk: Chunk) -> None:
        if chunk.says("outlined"):
            self.outlined = chunk.says("outlined") == "no"
            self.understood[f"no {chunk.text}"] = "not outlined"
            return
        part = chunk.says("part") or chunk.says("thing")
        if part:
            self.understood[f"no {chunk.text}"] = f"no {part}"
            if not self.nouns:
                self.pending.without.append(part)
            for noun in self.nouns:
                noun.without.append(part)
        elif chunk.says("density"):
            self._say("density", _OPPOSITE.get(chunk.says("density"), ""), chunk.text)

    # Nouns.

    def _noun(self, number: int, at: int, chunk: Chunk) -> None:
        part = chunk.says("part")
        under = self.clauses[number].lead == "on" and self.lexicon.kind(chunk.says("thing")) in _UNDER
        if part and not under and self._is_part(number, at, chunk, part):
            return
        thing = chunk.says("thing") or self.lexicon.alone.get(part, "")
        if part and chunk.text.endswith(_ADJECTIVAL) and (self.nouns or self._ahead(number, at)) and part != "berries":
            return  # "flowering branches"
        if thing:
            if part.startswith("small ") and not self.pending.scale:
                self.pending.scale = "small"
            if part in _TELLING and self.lexicon.alone.get(part) == thing:
                self.pending.parts.append(part)
            self._thing(number, at, chunk, thing)

    def _is_part(self, number: int, at: int, chunk: Chunk, part: str) -> bool:
        """Take a chunk as a part of what stands before or after it, if such a thing can have it; say whether."""
        clause = self.clauses[number]
        inside = self._inside(number)
        before = inside or (self.nouns[-1] if self.nouns else None)
        if inside and chunk.says("part") != "cut half" and self._yields(inside, chunk):
            return False
        beside = next((c for c in clause.chunks[at + 1 :] if c.says("thing")), chunk)
        near_by = beside is not chunk and (
            self._sure(beside) or (bool(beside.says("thing")) and self._only_part(chunk))
        )
        ahead = beside.says("thing") if near_by else self._ahead(number, at)
        if self._gathers(number, at, chunk) and part != "cut half":
            return False
        apart = self.pending.scale in ("medium", "large") and clause.lead in ("and", ",") and not self._only_part(chunk)
        if apart and not near_by:
            return False
        if before is None and not near_by and (chunk.says("thing") or self._vague(self.lexicon.alone.get(part, ""))):
            return False
        if before is None or near_by or (part == "cut half" and ahead and self._gathers(number, at, chunk)):
            if not ahead or not self._has(ahead, part, chunk):
                return False
            self.pending.parts.append(part)
            self.pending.scale = "" if not near_by else self.pending.scale
        elif before.clause == number and part in _LEAFY and self.lexicon.kind(before.name) == "leaf":
            pass  # "fern leaves" are ferns.
        elif self._has(before.name, self._strewn(part), chunk):
            listed = self._list_before(number) if clause.lead == "with" else []
            for noun in [n for n in listed or [before] if self._has(n.name, self._strewn(part), chunk)]:
                noun.parts.append(self._strewn(part))
            self.pending.scale = ""
        else:
            return False
        self.understood[chunk.text] = f"part {part}"
        return True

    def _yields(self, noun: _Noun, chunk: Chunk) -> bool:
        """Whether a noun only says of what manner the part's word right after it is: "batik flowers"."""
        names = chunk.says("thing") or chunk.says("part") in self.lexicon.alone
        pattern = self.lexicon.kind(noun.name) in _UNDER and not self._only_part(chunk)
        return bool(names) and (pattern or noun.name in self.lexicon.manners)

    def _strewn(self, part: str) -> str:
        return f"small {part}" if self.pending.scale == "small" and part in _FILLERS else part

    def _has(self, name: str, part: str, chunk: Chunk) -> bool:
        """Whether a thing can have a part; a part's word that names nothing else belongs to whatever is there."""
        kind = self.lexicon.kind(name)
        if part in self.lexicon.kinds.get(kind, ()):
            return True
        if part in ("small dots", "small leaves"):
            return kind not in _UNDER
        return self._only_part(chunk)

    def _only_part(self, chunk: Chunk) -> bool:
        """Whether a part's word names nothing else, however it stands."""
        return not chunk.says("thing") and chunk.says("part") not in self.lexicon.alone

    def _sure(self, chunk: Chunk) -> bool:
        return bool(chunk.says("thing")) and not chunk.says("part") and not chunk.negated

    def _ahead(self, number: int, at: int) -> str:
        """Return the next thing that is surely one, "" if none follows."""
        rest = (c for i, clause in enumerate(self.clauses[number:]) for c in clause.chunks[0 if i else at + 1 :])
        return next((c.says("thing") for c in rest if self._sure(c)), "")

    def _inside(self, number: int) -> _Noun | None:
        """Return the last noun of this clause, if it has one yet."""
        return self.nouns[-1] if self.nouns and self.nouns[-1].clause == number else None

    def _gathers(self, number: int, at: int, chunk: Chunk) -> bool:
        """Whether what follows is "of" a thing: "sprigs of lavender"."""
        if at + 1 < len(self.clauses[number].chunks) or number + 1 >= len(self.clauses):
            return False
        after = self.clauses[number + 1]
        return after.lead == "of" and any(c.says("thing") or c.says("part") for c in after.chunks)

    def _thing(self, number: int, at: int, chunk: Chunk, name: str) -> None:
        thing = self.lexicon.things[name]
        clause = self.clauses[number]
        after = clause.chunks[at + 1] if at + 1 < len(clause.chunks) else None
        self.understood[chunk.text] = name
        if self._gathers(number, at, chunk) and (chunk.text in self.lexicon.gatherings or thing.layout):
            if thing.layout:
                self._say("layout", thing.layout, chunk.text)
        elif (clause.lead == "on" or (after and after.word("ground"))) and self._lies_under(name, chunk):
            self.pending.take()
        elif (clause.lead == "in" or (after and after.word("arranged"))) and thing.layout and self._others(number, at):
            self._say("layout", thing.layout, chunk.text)
        elif self._inside(number) is None or not self._joined(number, chunk, name):
            self._add(number, name, chunk)

    def _others(self, number: int, at: int) -> bool:
        return bool(self.nouns or self._ahead(number, at))

    def _lies_under(self, name: str, chunk: Chunk) -> bool:
        """Lay a regular pattern or a field under the motifs, or let them grow on a vine; say whether it can be."""
        thing = self.lexicon.things[name]
        if thing.kind not in _UNDER and not thing.layout:
            return False
        kind, value = ("ground", name) if thing.kind in _UNDER else ("layout", thing.layout)
        self._say(kind, value, chunk.text)
        return True

    def _joined(self, number: int, chunk: Chunk, name: str) -> bool:
        """Join a thing to the noun right before it in the same clause ("floral stripe"); say whether they are one."""
        before = self._inside(number)
        assert before is not None
        old, new = self.lexicon.things[before.name], self.lexicon.things[name]
        manner = {before.name, before.text} & self.lexicon.manners
        plain = old.kind not in _UNDER and not manner
        if before.name == name or (plain and chunk.text in self.lexicon.gatherings):
            return True
        if manner and name not in self.lexicon.manners:
            return self._become(before, name, chunk.text)
        if old.kind in _UNDER and new.kind in _UNDER:
            return True  # "wavy vertical stripes" are waves.
        if new.kind in _UNDER and old.kind not in _UNDER:
            return self._say_of(name, chunk)
        if old.kind in _UNDER and new.kind not in _UNDER:
            if old.part and before.text.endswith(_ADJECTIVAL) and not self._vague(name):
                before.parts.append(old.part)
            else:
                self._say_of(before.name, chunk)
            return self._become(before, name, chunk.text)
        if self._vague(before.name):
            return name in self.lexicon.manners or self._become(before, name, chunk.text)
        if new.layout and old.kind not in _UNDER:
            return self._say_of(name, chunk)
        if old.layout:
            self._say_of(before.name, chunk)
            return self._become(before, name, chunk.text)
        return self._vague(name)

    def _say_of(self, name: str, chunk: Chunk) -> bool:
        """Note what a pattern's name says beside another subject: a hand, a layout or the ground."""
        known = self.lexicon.things[name]
        kind, value = (
            ("hand", known.hand) if known.hand else ("layout", known.layout) if known.layout else ("ground", name)
        )
        self._say(kind, value, chunk.text)
        return True

    def _become(self, noun: _Noun, name: str, text: str) -> bool:
        noun.name, noun.text = name, text
        noun.scale = self.pending.take().scale or noun.scale
        return True

    def _vague(self, name: str) -> bool:
        return name in self.lexicon.genera or name in self.lexicon.manners

    def _add(self, number: int, name: str, chunk: Chunk) -> None:
        waiting = self.pending.take()
        scale = waiting.scale or self.lexicon.sizes.get(chunk.text, "")
        self.nouns.append(
            _Noun(name, number, self.clauses[number].lead, chunk.text, scale, waiting.parts, waiting.without)
        )

    # What is left at the end of a clause, and at the end.

    def _close(self, number: int) -> None:
        """Give adjectives that no noun followed to the noun before them: "daisies, small, and ferns, large"."""
        if not (self.pending.scale or self.pending.without) or not self.nouns:
            return
        clause = self.clauses[number]
        if self._about_all(clause):
            return
        alone = self._inside(number) is None
        listed = self._list_before(number) if alone else [n for n in self.nouns if n.clause == number][-1:]
        goes_on = alone and not clause.comma and number + 1 < len(self.clauses)
        if listed and not goes_on and not (self.pending.scale and any(n.scale for n in listed)):
            waiting = self.pending.take()
            for noun in listed:
                noun.scale = noun.scale or waiting.scale
                noun.without += waiting.without

    def _list_before(self, number: int) -> list[_Noun]:
        """Return the nouns of the clause before, and those that an "and" lists them with."""
        last = number - 1
        while last > 0 and self.clauses[last].lead == "and":
            last -= 1
        listed = [n for n in self.nouns if last <= n.clause < number]
        return listed if any(n.clause == number - 1 for n in listed) else []

    def _about_all(self, clause: Clause) -> bool:
        return any("scale" in c.text.split() or c.word("sized") or c.word("all") for c in clause.chunks)

    def _attach_leftovers(self) -> None:
        waiting = self.pending.take()
        if self.nouns:
            self.nouns[0].scale = self.nouns[0].scale or waiting.scale
            self.nouns[0].parts += waiting.parts
            for noun in self.nouns:
                noun.without += waiting.without

    def _drop_vague(self) -> None:
        """Drop general words where a thing of their kind, or any thing for a manner, is named."""
        vague = [n for n in self.nouns if self._vague(n.name) and not self.lexicon.things[n.name].family]
        named = [n for n in self.nouns if n not in vague]
        for noun in vague:
            manner = noun.name in self.lexicon.manners
            rivals = (
                named if manner else [n for n in named if self.lexicon.kind(n.name) == self.lexicon.kind(noun.name)]
            )
            first = any(n.clause > noun.clause for n in rivals)
            if rivals and (manner or first or (noun.lead == "," and not noun.scale)):
                heir = rivals[0]
                heir.scale = heir.scale or noun.scale
                heir.parts += noun.parts
                self.nouns.remove(noun)

    def _lay_grounds(self) -> None:
        """Move regular patterns that are named beside motifs under them."""
        motifs = [n for n in self.nouns if self.lexicon.kind(n.name) not in _UNDER]
        if not motifs:
            return
        for noun in [n for n in self.nouns if n not in motifs]:
            known = self.lexicon.things[noun.name]
            if not known.family:
                continue
            if known.hand or (known.layout and known.layout not in ("stripe", "trellis")):
                self._say("hand" if known.hand else "layout", known.hand or known.layout, noun.name)
            else:
                self._say("ground", noun.name, noun.name)
            self.nouns.remove(noun)

    def _ordered(self) -> tuple[Subject, ...]:
        """Return the subjects, the larger first where sizes were said of both, else as they were named."""
        merged: dict[str, _Noun] = {}
        for noun in self.nouns:
            if noun.name in merged:
                kept = merged[noun.name]
                kept.scale, kept.parts = kept.scale or noun.scale, kept.parts + noun.parts
                kept.without += noun.without
            else:
                merged[noun.name] = noun
        subjects = [n.done() for n in merged.values()]
        if len(subjects) > 1 and all(s.scale for s in subjects):
            subjects.sort(key=lambda s: -SCALES.index(s.scale))
        return tuple(subjects)
