"""Color words in a prompt: which colors, in which roles, and the prompt without them.

"indigo block-print peonies on cream" asks for cream ground and indigo main; the model is asked for "block-print
peonies". Words that are also plants or goods (rose, olive, lemon) are colors only where grammar says so.
"""

import re
from dataclasses import dataclass, replace

import numpy as np

from patterns.color.difference import ciede2000
from patterns.color.grammar import Sentence, grammar
from patterns.color.ink import Ink
from patterns.color.names import LONGEST_NAME, modified, names
from patterns.color.spaces import lab_to_oklch
from patterns.separation import ROLES

# CIEDE2000 within which a color and a base color are taken as one.
_SAME_KIND = 32.0
# A light near-neutral in a list of colors is the ground: "red and white gingham".
_GROUND_LIGHTNESS, _GROUND_CHROMA = 0.9, 0.045


@dataclass(frozen=True, slots=True)
class ColorRequest:
    """What a prompt says about color. ``inks`` are the named colors with their roles, in order of role.

    ``rest`` is the prompt without its color words; ``ground_tone`` is "dark", "light" or ""; ``moods`` are words such
    as "earthy" or "spring" that help to choose a palette.
    """

    rest: str
    inks: tuple[Ink, ...] = ()
    moods: tuple[str, ...] = ()
    ground_tone: str = ""
    many: bool = False
    tonal: bool = False

    def ink(self, role: str) -> Ink | None:
        """Return the color named for a role, or None."""
        return next((ink for ink in self.inks if ink.role == role), None)


@dataclass(slots=True)
class _Phrase:
    """A color phrase: tokens ``start`` to ``stop``; ``name_at`` is where the name follows its modifiers."""

    start: int
    name_at: int
    stop: int
    ink: Ink
    sure: bool
    role: str = ""


def read_prompt(prompt: str) -> ColorRequest:
    """Return the colors that a prompt names, in roles, and the prompt without them."""
    sentence = Sentence.of(prompt)
    groups = _grouped(sentence, _decided(sentence, _phrases(sentence)))
    for group in groups:
        _place(sentence, group)
    request = _heard_moods(sentence, ColorRequest("", _in_roles([p for g in groups for p in g], groups)))
    rest = _tidied(sentence)
    return replace(request, rest=rest or _motif_left(sentence, groups))


def _phrases(sentence: Sentence) -> list[_Phrase]:
    """Return every run of words that could be a color, longest match first, in order."""
    found, index = [], 0
    while index < len(sentence.words):
        phrase = _phrase_at(sentence, index)
        if phrase is not None:
            found.append(phrase)
        index = phrase.stop if phrase is not None else index + 1
    return found


def _phrase_at(sentence: Sentence, start: int) -> _Phrase | None:
    name_at = start
    while True:
        for length in range(LONGEST_NAME, 0, -1):
            words = tuple(sentence.words[name_at : name_at + length])
            value = _value(words)
            if value is None or len(words) < length or any(sentence.broken(name_at + i) for i in range(1, length)):
                continue
            stop = name_at + length
            single = length == 1 and words[0].endswith("s") and names().find(words) is None
            name = " ".join(sentence.words[start:stop]).removesuffix("s" if single else "")
            ink = modified(Ink.of_hex(value, name=name), tuple(sentence.words[start:name_at]))
            thing = length == 1 and words[0] in names().things | names().scenery
            if _base_follows(sentence, stop, ink):
                return _Phrase(start, name_at, stop + 1, ink, sure=True)
            return _Phrase(start, name_at, stop, ink, sure=not thing)
        if sentence.word(name_at) not in names().modifiers or (name_at > start and sentence.broken(name_at)):
            return None
        name_at += 1
        if sentence.broken(name_at):
            return None


def _base_follows(sentence: Sentence, stop: int, ink: Ink) -> bool:
    """Whether the next word only says what kind of color this is: "chocolate brown", "rust red"."""
    base = sentence.word(stop)
    if base not in grammar().bases or sentence.broken(stop) or ink.name in grammar().bases:
        return False
    lab = np.array([ink.lab_d50, Ink.of_hex(names().ours[base]).lab_d50])
    return bool(ciede2000(lab[0], lab[1]) < _SAME_KIND)


def _value(words: tuple[str, ...]) -> str | None:
    value = names().find(words)
    if value is None and len(words) == 1:
        word = words[0]
        if re.fullmatch(r"#[0-9a-f]{6}", word):
            return word
        single = word[:-1] if word.endswith("s") else word
        if single != word and single not in names().things | names().scenery:
            value = names().find((single,)) if single in names().ours else None
    return value


def _decided(sentence: Sentence, phrases: list[_Phrase]) -> list[_Phrase]:
    """Return the phrases that are colors; things are judged from right to left, then by what stands before them."""
    kept: list[_Phrase] = []
    for left, phrase in reversed(list(zip([None, *phrases], phrases, strict=False))):
        right = kept[0] if kept and _linked(sentence, phrase, kept[0]) else None
        if not phrase.sure and left is not None and left.sure and _adjoined(sentence, left, phrase):
            continue  # "green grass", "a white lilac": the color is said already
        phrase.sure = _is_color(sentence, phrase, right)
        if phrase.sure or not _grows(sentence, phrase):
            kept.insert(0, phrase)
    decided: list[_Phrase] = []
    for phrase in kept:
        last = decided[-1] if decided else None
        listed = last is not None and _linked(sentence, last, phrase) and not _adjoined(sentence, last, phrase)
        if phrase.sure or listed:
            decided.append(phrase)
    return decided


def _grows(sentence: Sentence, phrase: _Phrase) -> bool:
    """Whether the words around say that it is the plant or the thing itself."""
    after = "" if sentence.broken(phrase.stop) else sentence.word(phrase.stop)
    before = "" if sentence.broken(phrase.name_at) else sentence.word(phrase.name_at - 1)
    joined = sentence.gap(phrase.stop) == "-" and after in grammar().hyphened
    if phrase.stop - phrase.name_at > 1:
        return False
    if sentence.word(phrase.name_at) not in names().things | names().scenery:
        return joined
    return joined or after in grammar().growths | grammar().scenes or before in grammar().before_plants


def _is_color(sentence: Sentence, phrase: _Phrase, right: _Phrase | None) -> bool:
    if _grows(sentence, phrase):
        return False
    if phrase.sure:
        return True
    after, before = sentence.word(phrase.stop), _word_before(sentence, phrase.start)
    if before in {"of", "in"} and sentence.word(phrase.start - 2) in grammar().roles:
        return True
    if not sentence.broken(phrase.stop) and after in grammar().suffixes | grammar().grounds | grammar().roles.keys():
        return True
    if right is not None and right.sure:
        return True
    scenery = sentence.word(phrase.name_at) in names().scenery
    follows_noun = sentence.noun_at(phrase.stop)
    if before in grammar().onto and not follows_noun:
        return True
    if scenery:
        return False
    if follows_noun:
        return True
    if sentence.word(phrase.start - 1) in grammar().articles:
        return False
    onto_color = (
        after in grammar().onto and not sentence.broken(phrase.stop) and _color_after(sentence, phrase.stop + 1)
    )
    return phrase.name_at > phrase.start or before == "in" or onto_color


def _word_before(sentence: Sentence, index: int) -> str:
    """Return the word before ``index``, articles skipped; empty after a comma."""
    while not sentence.broken(index) and sentence.word(index - 1) in grammar().articles:
        index -= 1
    return "" if sentence.broken(index) else sentence.word(index - 1)


def _color_after(sentence: Sentence, index: int) -> bool:
    while sentence.word(index) in grammar().articles:
        index += 1
    return _phrase_at(sentence, index) is not None


def _linked(sentence: Sentence, left: _Phrase, right: _Phrase) -> bool:
    """Whether two color phrases stand in one list: only commas, "and" or a hyphen between them."""
    between = sentence.words[left.stop : right.start]
    return all(word in grammar().conjunctions | grammar().suffixes for word in between) and len(between) <= 2


def _adjoined(sentence: Sentence, left: _Phrase, right: _Phrase) -> bool:
    """Whether nothing but a space or hyphen stands between two color phrases."""
    return left.stop == right.start and not sentence.broken(right.start)


def _grouped(sentence: Sentence, phrases: list[_Phrase]) -> list[list[_Phrase]]:
    groups: list[list[_Phrase]] = []
    for phrase in phrases:
        if groups and _linked(sentence, groups[-1][-1], phrase):
            groups[-1].append(phrase)
        else:
            groups.append([phrase])
    return groups


def _place(sentence: Sentence, group: list[_Phrase]) -> None:
    """Give a group's colors the roles that its surroundings say, and drop its words and what served them."""
    start, stop = group[0].start, group[-1].stop
    while not sentence.broken(stop) and sentence.word(stop) in grammar().suffixes:
        stop += 1
    after = "" if sentence.broken(stop) else sentence.word(stop)
    before = _word_before(sentence, start)
    before_that = sentence.word(start - 2) if sentence.word(start - 1) == before else sentence.word(start - 3)
    adjectival = sentence.noun_at(stop) and after not in grammar().grounds
    color_on_color = before in grammar().onto and start - 2 in sentence.dropped
    if after in grammar().grounds or (before in grammar().onto and after in grammar().cloths):
        group[-1 if after in grammar().grounds and before not in grammar().onto else 0].role = "ground"
        stop, adjectival = stop + 1, False
    elif before in grammar().onto and (not adjectival or color_on_color):
        group[0].role = "ground"
        adjectival = False
    elif after in grammar().roles:
        group[-1].role = grammar().roles[after]
        stop, adjectival = stop + 1, False
    elif before in {"of", "in"} and before_that in grammar().roles:
        group[0].role = grammar().roles[before_that]
    sentence.dropped.update(range(start, stop))
    if not adjectival:
        _drop_before(sentence, start, through=grammar().styles if after in grammar().roles else frozenset())


def _drop_before(sentence: Sentence, index: int, *, through: frozenset[str] = frozenset()) -> None:
    """Drop the articles and prepositions that led to a color ("on a", "with touches of"), and words of ``through``."""
    leading = grammar().joints | grammar().articles | grammar().roles.keys()
    while index > 0 and not sentence.broken(index):
        word = sentence.word(index - 1)
        if word in through and not _leads(sentence, index - 1, leading, through):
            return
        if word not in leading | through:
            return
        index -= 1
        sentence.dropped.add(index)


def _leads(sentence: Sentence, index: int, leading: frozenset[str], through: frozenset[str]) -> bool:
    """Whether only words of ``through`` stand between a preposition and ``index``: "with thin", but not "bold"."""
    while not sentence.broken(index) and sentence.word(index - 1) in through:
        index -= 1
    return sentence.broken(index) or sentence.word(index - 1) in leading


def _in_roles(phrases: list[_Phrase], groups: list[list[_Phrase]]) -> tuple[Ink, ...]:
    """Return the phrases' inks in the order of ROLES: said roles first, then the free roles by order of mention."""
    if not any(phrase.role == "ground" for phrase in phrases):
        listed = [phrase for group in groups if len(group) > 1 for phrase in group if not phrase.role]
        pale = next((phrase for phrase in listed if _is_pale(phrase.ink)), None)
        if pale is not None:
            pale.role = "ground"
    inks: dict[str, Ink] = {}
    for phrase in [p for p in phrases if p.role]:
        inks.setdefault(phrase.role, phrase.ink)
    for phrase in [p for p in phrases if p.ink not in inks.values()]:
        free = next((role for role in ROLES[1:] if role not in inks), None)
        if free is not None:
            inks[free] = phrase.ink
    return tuple(replace(inks[role], role=role) for role in ROLES if role in inks)


def _is_pale(ink: Ink) -> bool:
    lightness, chroma, _ = lab_to_oklch(np.array(ink.lab_d50))
    return bool(lightness >= _GROUND_LIGHTNESS and chroma <= _GROUND_CHROMA)


def _heard_moods(sentence: Sentence, request: ColorRequest) -> ColorRequest:
    """Return the request with moods, dark or light grounds and "multicolored", and drop their words."""
    moods, tone, many, tonal = [], "", False, False
    for index, word in enumerate(sentence.words):
        if index in sentence.dropped:
            continue
        after = sentence.word(index + 1)
        if word in {"dark", "black", "deep", "light", "pale"} and after in grammar().grounds:
            tone = "light" if word in {"light", "pale"} else "dark"
            sentence.dropped.update({index, index + 1})
            _drop_before(sentence, index)
        elif sentence.words[index : index + 3] == ["tone", "on", "tone"]:
            tonal = True
            sentence.dropped.update(range(index, index + 3))
        elif word in grammar().many | grammar().tonal and after not in {"directional", "way"}:
            many, tonal = many or word in grammar().many, tonal or word in grammar().tonal
            sentence.dropped.update({index, index + 1} if after in grammar().suffixes else {index})
        elif word in grammar().mood_pairs and after in grammar().suffixes:
            moods.append(grammar().mood_pairs[word])
            sentence.dropped.update({index, index + 1})
            _drop_before(sentence, index)
        elif word in grammar().moods:
            moods.append(grammar().moods[word])
            sentence.dropped.update({index, index + 1} if after in grammar().suffixes else {index})
        elif word in grammar().seasons:
            moods.append(word)
    return replace(request, moods=tuple(dict.fromkeys(moods)), ground_tone=tone, many=many, tonal=tonal)


def _tidied(sentence: Sentence) -> str:
    """Return the text of the words that are left, with commas where they still part something."""
    kept = [index for index in range(len(sentence.words)) if index not in sentence.dropped]
    while kept and sentence.words[kept[-1]] in grammar().joints | grammar().articles:
        kept.pop()
    while kept and sentence.words[kept[0]] in grammar().conjunctions | {"on", "of", "with"}:
        kept.pop(0)
    parts: list[str] = []
    for before, index in zip([None, *kept], kept, strict=False):
        start, stop = sentence.spans[index]
        if before is not None:
            gap = sentence.text[sentence.spans[before][1] : start]
            whole = index == before + 1
            parts.append(gap if whole else ", " if re.search(r"[,;:.()]", gap) else " ")
        parts.append(sentence.text[start:stop])
    return re.sub(r"\s+", " ", "".join(parts)).strip()


def _motif_left(sentence: Sentence, groups: list[list[_Phrase]]) -> str:
    """Return the one word that was both color and motif, when nothing else was asked: "lemon on white ground"."""
    things = names().things | names().scenery
    for phrase in (group[0] for group in groups if len(group) == 1 and group[0].role != "ground"):
        if phrase.stop == phrase.start + 1 and sentence.word(phrase.start) in things:
            return sentence.word(phrase.start)
    return ""
