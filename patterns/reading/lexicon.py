"""What the grammar knows of words, from ``lexicon.toml``: their senses, their kin, and what is nearest to others."""

import re
import tomllib
import unicodedata
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from patterns.errors import Finding
from patterns.reading.reading import Reading
from patterns.words import nearest_spelled

# What a phrase can be, by kind: {"thing": "peony"}; a phrase may be several things, and its neighbors decide.
Senses = Mapping[str, str]

_ATTRIBUTES = ("scale", "density", "hand", "layout", "direction", "outlined", "variety", "symmetry")
_PIECE = re.compile(r"[a-z0-9]+(?:'[a-z]+)?|w/o?|[,;:.()!?/|\n–—]|&")
_ENDINGS = ("s", "es", "ed", "d", "ing", "y", "ly", "ish", "like", "esque", "ery", "er", "let", "lets", "ies")


@dataclass(frozen=True, slots=True)
class Thing:
    """A family, or a thing that no family draws: its kind, and the families nearest in meaning, nearest first.

    ``layout``, ``hand`` and ``part`` are what its name says where another thing is the subject; ``has`` are parts
    beyond those of its kind, which it has only "with" them.
    """

    kind: str
    near: tuple[str, ...]
    family: bool = False
    layout: str = ""
    hand: str = ""
    part: str = ""
    has: tuple[str, ...] = ()


@dataclass(frozen=True)
class Lexicon:
    """Every phrase that is understood, with its senses, and what is known about the things they name.

    A quality's phrase has the sense of a part. ``phrases`` are the wordings of each value by kind; ``kinds`` says which
    parts a kind of thing has; ``alone`` what a part's word names where nothing else is named; ``sizes`` the size that
    a name says by itself; ``looks`` the family and the choice of its looks that a thing's name says.
    """

    senses: Mapping[str, Senses]
    spellings: Mapping[str, str]
    things: Mapping[str, Thing]
    phrases: Mapping[str, Mapping[str, tuple[str, ...]]]
    kinds: Mapping[str, frozenset[str]]
    alone: Mapping[str, str]
    sizes: Mapping[str, str]
    genera: frozenset[str]
    manners: frozenset[str]
    gatherings: frozenset[str]
    looks: Mapping[str, tuple[str, str]]

    def words(self) -> tuple[str, ...]:
        """Return every single word that is understood, sorted."""
        return tuple(sorted({w for phrase in (*self.senses, *self.spellings) for w in re.split(r"[ _]", phrase)}))

    def nearest(self, word: str) -> tuple[str, ...]:
        """Return up to three known words for a strange one: by what it is formed from first, then by spelling."""
        stems = {word.removesuffix(ending) for ending in _ENDINGS if word.endswith(ending)} - {""}
        formed = [s for stem in sorted(stems, key=len, reverse=True) for s in (stem, f"{stem}y", f"{stem}e")]
        meant = [w for w in formed if len(w) > 2 and self._says(w)]
        spelled = nearest_spelled(word, (w for w in self.senses if " " not in w and self._says(w)), count=6)
        told: dict[tuple[tuple[str, str], ...], str] = {}
        for near in (*meant, *spelled):
            told.setdefault(tuple(self.senses[near].items()), near)  # "peonies", not "paeonies" as well
        return tuple(told.values())[:3]

    def _says(self, word: str) -> bool:
        return not {"idle", "word"} & self.senses.get(word, {"idle": ""}).keys()

    def kind(self, name: str) -> str:
        """Return a thing's kind, "" if there is no such thing."""
        return self.things[name].kind if name in self.things else ""

    def stand_in(self, name: str, taught: Collection[str], *, hops: int = 99) -> str:
        """Return the thing itself if it was taught, else the nearest in meaning that was, "" if there is none.

        ``hops`` is how many steps from thing to nearest thing may lie between.
        """
        waiting, seen = deque([(name, 0)]), {name}
        while waiting:
            one, steps = waiting.popleft()
            if one in taught:
                return one
            near = self.things[one].near if one in self.things and steps < hops else ()
            fresh = [n for n in near if n not in seen]
            seen.update(fresh)
            waiting.extend((n, steps + 1) for n in fresh)
        return ""

    def patterned(self, name: str) -> bool:
        """Whether a thing covers the cloth by itself, and so lies under motifs where both are asked for."""
        return self.kind(name) in ("regular", "field")

    def findings(self, reading: Reading) -> tuple[Finding, ...]:
        """Return what ``Reading.findings`` promises."""
        strange = []
        for word in reading.unknown:
            near = self.nearest(word)
            cure = f"try {' or '.join(near)}" if near else "see what is understood with `patterns models vocabulary`"
            strange.append(Finding("warning", f"{word!r} is not understood and was left out", cure=cure))
        unheard = [phrase for phrase, taken in reading.understood.items() if not taken]
        return (*strange, *(Finding("note", f"{phrase!r} could not be followed beside the rest") for phrase in unheard))

    def tokens(self, text: str) -> list[str]:
        """Return a prompt's words in American spelling and small letters, and its marks; "\\n" stands for a break."""
        plain = unicodedata.normalize("NFKD", text.lower().replace("’", "'"))
        pieces = [
            "\n" if not (p[0].isalnum() or p == "&") else p.removesuffix("'s")
            for p in _PIECE.findall("".join(c for c in plain if not unicodedata.combining(c)))
        ]
        spelled: list[str] = []
        at = 0
        while at < len(pieces):
            pair = "_".join(pieces[at : at + 2])
            if at + 1 < len(pieces) and pair in self.spellings:
                spelled.append(self.spellings[pair])
                at += 2
            else:
                spelled.append(self.spellings.get(pieces[at], pieces[at]))
                at += 1
        return spelled


def plural(name: str, irregular: Mapping[str, str]) -> str:
    """Return a name with its last word in the plural."""
    head, _, last = name.rpartition(" ")
    if last in irregular:
        many = irregular[last]
    elif re.search(r"[^aeiou]y$", last):
        many = f"{last[:-1]}ies"
    else:
        many = f"{last}es" if re.search(r"(?:s|x|z|ch|sh)$", last) else f"{last}s"
    return f"{head} {many}".strip()


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """Return the lexicon, read once from the package."""
    data = tomllib.loads(files("patterns.reading").joinpath("lexicon.toml").read_text(encoding="utf-8"))
    things = _things(data)
    senses: dict[str, dict[str, str]] = {}
    phrases: dict[str, dict[str, tuple[str, ...]]] = {}
    for kind, value, wordings in _entries(data):
        phrases.setdefault(kind, {})[value] = wordings
        for wording in wordings:
            senses.setdefault(wording, {}).setdefault("part" if kind == "quality" else kind, value)
    sizes = {
        form: size for size, names in data["sizes"].items() for n in names for form in (n, plural(n, data["plurals"]))
    }
    gatherings = {form for name in data["gatherings"]["words"] for form in (name, plural(name, data["plurals"]))}
    for word in gatherings:
        senses.setdefault(word, {"idle": ""})
    return Lexicon(
        senses,
        data["spellings"],
        things,
        phrases,
        {kind: frozenset(parts) for kind, parts in data["kinds"].items()},
        data["alone"],
        sizes,
        frozenset(data["vague"]["genera"]),
        frozenset(data["vague"]["manners"]),
        frozenset(gatherings),
        {name: (family, look) for name, (family, look) in data["looks"].items()},
    )


def _things(data: Mapping[str, Any]) -> dict[str, Thing]:
    families = {name: _family(entry) for name, entry in data["families"].items()}
    kin = {name: Thing(families[near[0]].kind, tuple(near)) for name, near in data["things"].items()}
    return families | kin


def _family(entry: Mapping[str, Any]) -> Thing:
    said = {key: entry[key] for key in ("layout", "hand", "part") if key in entry}
    return Thing(entry["kind"], tuple(entry["near"]), True, **said, has=tuple(entry.get("has", ())))


def _entries(data: Mapping[str, Any]) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Yield every kind of sense, its value and the phrases that say it."""

    # Manners have no plural: nobody says "art decos".
    single = set(data["vague"]["manners"]) - set(data["vague"]["counted"])

    def inflected(names: Iterable[str], forms: Iterable[str] = ()) -> tuple[str, ...]:
        both = (form for n in names for form in ((n,) if n in single else (n, plural(n, data["plurals"]))))
        return tuple(dict.fromkeys([*both, *forms]))

    for name, entry in data["families"].items():
        yield "thing", name, inflected([name, *entry["names"]], entry.get("forms", ()))
    for name in data["things"]:
        yield "thing", name, inflected([name])
    for name, wordings in data["qualities"].items():
        yield "quality", name, tuple(wordings)
    for name, wordings in data["parts"].items():
        yield "part", name, tuple(wordings)
        yield "lacks", name, tuple(f"{w}less" for w in wordings if f"{w}s" in wordings or w == "leaf")
    for kind in _ATTRIBUTES:
        for value, wordings in data[kind].items():
            yield kind, value, tuple(wordings)
    for word, number in data["numbers"].items():
        yield "number", str(number), (word, str(number))
    for kind, wordings in data["grammar"].items():
        yield "word", kind, tuple(wordings)
    yield "idle", "", (*data["idle"]["words"].split(), *data["idle"]["phrases"])
