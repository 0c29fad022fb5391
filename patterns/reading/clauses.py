"""A prompt as clauses: runs of understood phrases, each led by a word such as "with" or "on", or by a comma."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import takewhile

from patterns.reading.lexicon import Lexicon, Senses

# The most words of a phrase.
_LONGEST = 6
_LEADS = ("and", "with", "among", "on", "in", "of", "not")
# Kinds of sense that stand before a noun and are no thing themselves.
ADJECTIVES = ("scale", "density", "hand", "layout", "direction", "outlined", "variety", "symmetry", "lacks")


@dataclass(frozen=True, slots=True)
class Chunk:
    """A phrase with its senses by kind; ``negated`` if a "no" or "without" bears on it."""

    text: str
    senses: Senses
    negated: bool = False

    def says(self, kind: str) -> str:
        """Return the value of one sense, "" if the phrase has no such sense."""
        return self.senses.get(kind, "")

    def word(self, word: str) -> bool:
        """Whether this is a word of grammar of that kind."""
        return self.says("word") == word


@dataclass(slots=True)
class Clause:
    """Chunks that belong together. ``lead`` is "", "," or what leads in; ``comma`` whether a mark stands before it."""

    lead: str
    comma: bool = False
    spoken: str = ""
    chunks: list[Chunk] = field(default_factory=list)

    def only(self, *kinds: str) -> bool:
        """Whether every chunk has a sense of one of these kinds, and there is one."""
        return bool(self.chunks) and all(any(c.says(k) for k in kinds) for c in self.chunks)


def clauses(text: str, lexicon: Lexicon) -> tuple[list[Clause], tuple[str, ...]]:
    """Return the clauses of a prompt in order, and the words that are not understood."""
    unknown: list[str] = []
    found = [Clause("")]
    for chunk in _counted(_freed(list(_chunks(lexicon.tokens(text), lexicon.senses)))):
        lead = "," if chunk.text == "\n" else chunk.says("word") if chunk.says("word") in _LEADS else ""
        if lead:
            _open(found, lead, chunk.text)
        elif not chunk.senses:
            unknown.append(chunk.text)
        elif set(chunk.senses) != {"idle"}:
            found[-1].chunks.append(chunk)
    _spread(found)
    return _negated([c for c in found if c.chunks]), tuple(dict.fromkeys(unknown))


def _chunks(tokens: list[str], senses: Mapping[str, Senses]) -> Iterator[Chunk]:
    """Yield the longest known phrases from left to right; unknown words have no senses, and marks are "\\n"."""
    at = 0
    while at < len(tokens):
        lengths = range(min(_LONGEST, len(tokens) - at), 0, -1)
        length = next((n for n in lengths if " ".join(tokens[at : at + n]) in senses), 1)
        phrase = " ".join(tokens[at : at + length])
        known = senses.get(phrase, {})
        yield Chunk(phrase, known or ({"number": phrase} if phrase.isdigit() else {}))
        at += length


def _freed(chunks: list[Chunk]) -> Iterator[Chunk]:
    """Yield the chunks with "stem-free" as one that says what is not there, and without the likes of "fan-shaped"."""
    for chunk, after in zip(chunks, [*chunks[1:], Chunk("", {})], strict=False):
        part = chunk.says("part")
        if part and after.word("free"):
            yield Chunk(f"{chunk.text} {after.text}", {"lacks": part})
        elif not chunk.word("free") and not chunk.word("shaped") and not (chunk.says("thing") and after.word("shaped")):
            yield chunk


def _counted(chunks: Iterable[Chunk]) -> Iterator[Chunk]:
    """Yield the chunks with numbers told by what follows: of inks, of kinds of motif, or of nothing that is drawn."""
    idle = {"idle": " "}
    waiting: Chunk | None = None
    for chunk in chunks:
        if waiting is not None and chunk.word("inks"):
            yield Chunk(f"{waiting.text} {chunk.text}", {"inks": waiting.says("number")})
            waiting = None
        elif waiting is not None and chunk.word("motif"):
            count = int(waiting.says("number"))
            kinds = "one" if count == 1 else "few" if count <= 4 else "many"
            yield Chunk(f"{waiting.text} {chunk.text}", {"variety": kinds})
            waiting = None
        elif chunk.says("number"):
            waiting = chunk
        elif set(chunk.senses) != {"idle"} or waiting is None:
            waiting = None
            yield replace(chunk, senses=idle) if chunk.word("inks") or chunk.word("motif") else chunk


def _open(found: list[Clause], lead: str, text: str) -> None:
    """Begin a clause; a lead right after another one takes its place, unless it says less."""
    last = found[-1]
    if last.chunks:
        found.append(Clause(lead, comma=lead == ",", spoken=text))
    elif lead != "," and not (lead == "and" and last.lead not in ("", ",")) and not (lead == "of" and last.lead):
        last.lead, last.spoken = lead, text
    elif lead == ",":
        last.comma = True
        last.lead = last.lead or ","


def _spread(found: list[Clause]) -> None:
    """Let a negation bear on a list: "no stems, leaves or buds"."""
    for at, before in enumerate(found):
        if before.lead != "not" or not before.only("part", "lacks", "outlined"):
            continue
        listed = list(takewhile(_parts, found[at + 1 :]))
        commas = len(list(takewhile(lambda clause: clause.lead == ",", listed)))
        last = listed[commas] if commas < len(listed) else Clause("")
        if last.spoken in ("or", "nor") or (last.lead == "and" and not commas):
            for clause in listed[: commas + 1]:
                clause.lead = "not"


def _parts(clause: Clause) -> bool:
    return clause.only("part", "outlined") and not any(c.says("scale") for c in clause.chunks)


def _negated(found: list[Clause]) -> list[Clause]:
    """Return the clauses with the chunk that each "not" bears on marked; the rest of the clause is meant."""
    for clause in found:
        if clause.lead != "not":
            continue
        at = 0
        if clause.spoken not in ("not", "isn't", "aren't", "never", "not any"):
            while at + 1 < len(clause.chunks) and not _noun(clause.chunks[at]) and _noun(clause.chunks[at + 1]):
                at += 1
        # The adjectives of what is not there say nothing: "no small flowers".
        clause.chunks[: at + 1] = [replace(clause.chunks[at], negated=True)]
    return found


def _noun(chunk: Chunk) -> bool:
    return bool(chunk.says("thing") or chunk.says("part") or chunk.says("outlined"))
