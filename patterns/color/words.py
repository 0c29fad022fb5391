"""Color words in a prompt: which colors, in which roles, and the prompt without them.

"indigo block-print peonies on cream" asks for cream ground and indigo main; the model is asked for "block-print
peonies". Words that are also plants or goods (rose, olive, lemon) are colors only where grammar says so.
"""

import re
from dataclasses import dataclass, field, replace

import numpy as np

from patterns.color.difference import ciede2000
from patterns.color.ink import Ink
from patterns.color.names import LONGEST_NAME, modified, names, normal
from patterns.color.spaces import lab_to_oklch
from patterns.separation import ROLES

_ARTICLES = {"a", "an", "the", "its", "their"}
_ONTO = {"on", "against", "over", "upon", "onto"}
_JOINTS = {"on", "in", "with", "against", "over", "upon", "onto", "of", "and", "or", "plus", "at", "to", "from", "by"}
_AND = {"and", "or", "plus", "n"}
_GROUNDS = {"ground", "grounds", "background", "backgrounds", "backdrop", "base", "field", "canvas"}
_CLOTHS = {"linen", "cotton", "cloth", "paper", "silk", "canvas", "muslin", "calico", "fabric", "wool", "velvet"}
_SUFFIXES = {"colored", "color", "colors", "dyed", "toned", "tinted", "hued", "tone", "tones", "hues", "shades", "inks"}
_ACCENTS = {"accent", "accents", "highlight", "highlights", "touch", "touches", "hint", "hints", "pop", "pops", "dash"}
_LINES = {"outline", "outlines", "line", "lines", "linework", "contour", "contours", "outlining", "outlined"}
_DETAILS = {"detail", "details", "detailing"}
_ROLE_WORDS = dict.fromkeys(_ACCENTS, "accent") | dict.fromkeys(_LINES, "line") | dict.fromkeys(_DETAILS, "detail")
# After one of these a word is the plant itself ("olive branches", "rose garden"); after those of _BEFORE too.
_GROWTHS = set(
    [
        "branch",
        "branches",
        "blossom",
        "blossoms",
        "garden",
        "gardens",
        "bud",
        "buds",
        "tree",
        "trees",
        "bush",
        "bushes",
        "grove",
        "groves",
        "orchard",
        "orchards",
        "hip",
        "hips",
        "vine",
        "vines",
        "sprig",
        "sprigs",
        "bouquet",
        "bouquets",
        "wreath",
        "wreaths",
        "petal",
        "petals",
        "bloom",
        "blooms",
        "slice",
        "slices",
        "field",
        "fields",
        "fruit",
        "fruits",
        "half",
        "halves",
        "trellis",
        "spray",
        "sprays",
        "posy",
        "thorns",
        "stem",
        "stems",
        "rind",
        "twig",
        "twigs",
        "bower",
        "hedge",
        "bunch",
        "bunches",
        "reef",
        "reefs",
        "window",
        "windows",
        "pit",
        "pits",
        "stone",
        "stones",
        "wedge",
        "wedges",
        "seed",
        "seeds",
        "garland",
        "garlands",
        "patch",
        "basket",
        "baskets",
        "cake",
        "bark",
        "nut",
        "nuts",
        "press",
        "juice",
    ]
)
_BEFORE = set(
    [
        "wild",
        "tea",
        "cabbage",
        "climbing",
        "english",
        "damask",
        "rambling",
        "tudor",
        "dog",
        "compass",
        "desert",
        "blood",
        "cape",
        "moss",
    ]
)
# "forest animals": scenes whose first word is a place or a material.
_SCENES = set(
    [
        "animal",
        "animals",
        "creature",
        "creatures",
        "floor",
        "scene",
        "scenes",
        "bird",
        "birds",
        "deer",
        "fox",
        "foxes",
        "friends",
        "life",
        "path",
        "party",
        "bars",
        "bean",
        "beans",
        "cups",
        "bees",
        "bear",
        "bears",
        "coins",
        "bottles",
        "glasses",
        "cup",
        "cookies",
        "men",
        "man",
        "house",
        "houses",
        "jewelry",
        "stitch",
        "bell",
        "bells",
    ]
)
_BASES = {"brown", "red", "blue", "green", "pink", "yellow", "purple", "gray", "orange", "white", "black"}
# CIEDE2000 within which a color and a base color are taken as one.
_SAME_KIND = 32.0
# Words about the print, not things in it: looked through when asking whether a noun follows.
_STYLES = set(
    [
        "print",
        "prints",
        "printed",
        "pattern",
        "patterns",
        "design",
        "designs",
        "wallpaper",
        "fabric",
        "motif",
        "motifs",
        "textile",
        "textiles",
        "repeat",
        "tile",
        "tiles",
        "allover",
        "ditsy",
        "block",
        "hand",
        "drawn",
        "painted",
        "watercolor",
        "vintage",
        "modern",
        "traditional",
        "folk",
        "art",
        "style",
        "small",
        "large",
        "tiny",
        "medium",
        "scale",
        "big",
        "dense",
        "sparse",
        "bold",
        "delicate",
        "simple",
        "stylized",
        "linocut",
        "chintz",
        "theme",
        "themed",
    ]
)
_MANY = {"multicolor", "multicolored", "multi", "colorful", "rainbow", "polychrome", "kaleidoscopic"}
_TONAL = {"monochrome", "monochromatic", "tonal", "tone-on-tone"}
_MOODS = {"pastel": "pastel", "pastels": "pastel", "neutral": "neutral", "neutrals": "neutral", "moody": "dark"}
_MOODS |= {"earthy": "earthy", "muted": "muted", "bright": "bright", "vivid": "bright", "faded": "muted"}
_MOODS |= {"dark": "dark", "pale": "pale", "soft": "soft"}
# Two words, with "tone(s)", "color(s)", "hues" or "shades" after the first.
_MOOD_PAIRS = {"earth": "earthy", "jewel": "jewel", "autumn": "autumn", "fall": "autumn", "spring": "spring"}
_MOOD_PAIRS |= {"summer": "summer", "winter": "winter", "desert": "earthy", "sunset": "warm", "coastal": "sea"}
# Kept in the prompt, but heard when a palette has to be chosen.
_SEASONS = {"spring", "summer", "autumn", "winter", "tropical", "christmas", "nursery", "coastal", "desert", "jungle"}
_HYPHEN_MOTIFS = {"eyed", "headed", "breasted", "tailed", "winged", "capped", "bell", "bells", "berry", "work"}
# A light near-neutral in a list of colors is the ground: "red and white gingham".
_GROUND_LIGHTNESS, _GROUND_CHROMA = 0.9, 0.045

_TOKEN = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?|\d+(?:[.,]\d+)?\w*|&|#[0-9a-fA-F]{6}\b", re.UNICODE)


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


@dataclass(slots=True)
class _Sentence:
    text: str
    words: list[str]
    spans: list[tuple[int, int]]
    dropped: set[int] = field(default_factory=set)

    def word(self, index: int) -> str:
        return self.words[index] if 0 <= index < len(self.words) else ""

    def gap(self, index: int) -> str:
        """Return the text between token ``index`` - 1 and token ``index``; a full stop at both ends."""
        if not 0 < index < len(self.words):
            return "."
        return self.text[self.spans[index - 1][1] : self.spans[index][0]]

    def broken(self, index: int) -> bool:
        """Whether a comma, bracket or end stands before token ``index``."""
        return re.search(r"[,;:.()!?/|]", self.gap(index)) is not None

    def noun_at(self, index: int) -> bool:
        """Whether a thing is named at ``index``, without a break or a preposition before it."""
        while not self.broken(index) and self.word(index) in _STYLES:
            index += 1
        return not self.broken(index) and self.word(index) not in _JOINTS | _ARTICLES | {"&"}


def read_prompt(prompt: str) -> ColorRequest:
    """Return the colors that a prompt names, in roles, and the prompt without them."""
    matches = list(_TOKEN.finditer(prompt))
    sentence = _Sentence(prompt, [normal(m[0]) for m in matches], [m.span() for m in matches])
    groups = _grouped(sentence, _decided(sentence, _phrases(sentence)))
    for group in groups:
        _place(sentence, group)
    request = _heard_moods(sentence, ColorRequest("", _in_roles([p for g in groups for p in g], groups)))
    rest = _tidied(sentence)
    return replace(request, rest=rest or _motif_left(sentence, groups))


def _phrases(sentence: _Sentence) -> list[_Phrase]:
    """Return every run of words that could be a color, longest match first, in order."""
    found, index = [], 0
    while index < len(sentence.words):
        phrase = _phrase_at(sentence, index)
        if phrase is not None:
            found.append(phrase)
        index = phrase.stop if phrase is not None else index + 1
    return found


def _phrase_at(sentence: _Sentence, start: int) -> _Phrase | None:
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


def _base_follows(sentence: _Sentence, stop: int, ink: Ink) -> bool:
    """Whether the next word only says what kind of color this is: "chocolate brown", "rust red"."""
    base = sentence.word(stop)
    if base not in _BASES or sentence.broken(stop) or ink.name in _BASES:
        return False
    lab = np.array([ink.lab, Ink.of_hex(names().ours[base]).lab])
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


def _decided(sentence: _Sentence, phrases: list[_Phrase]) -> list[_Phrase]:
    """Return the phrases that are colors; things are judged from right to left, then by what stands before them."""
    kept: list[_Phrase] = []
    for left, phrase in reversed(list(zip([None, *phrases], phrases, strict=False))):
        right = kept[0] if kept and _linked(sentence, phrase, kept[0]) else None
        if (
            not phrase.sure
            and left is not None
            and left.sure
            and left.stop == phrase.start
            and not sentence.broken(left.stop)
        ):
            continue  # "green grass", "a white lilac": the color is said already
        phrase.sure = _is_color(sentence, phrase, right)
        if phrase.sure or not _grows(sentence, phrase):
            kept.insert(0, phrase)
    decided: list[_Phrase] = []
    for phrase in kept:
        if phrase.sure or (decided and decided[-1].stop and _linked(sentence, decided[-1], phrase)):
            decided.append(phrase)
    return decided


def _grows(sentence: _Sentence, phrase: _Phrase) -> bool:
    """Whether the words around say that it is the plant or the thing itself."""
    after = "" if sentence.broken(phrase.stop) else sentence.word(phrase.stop)
    before = "" if sentence.broken(phrase.name_at) else sentence.word(phrase.name_at - 1)
    joined = sentence.gap(phrase.stop) == "-" and after in _HYPHEN_MOTIFS
    if phrase.stop - phrase.name_at > 1:
        return False
    if sentence.word(phrase.name_at) not in names().things | names().scenery:
        return joined
    return joined or after in _GROWTHS | _SCENES or before in _BEFORE


def _is_color(sentence: _Sentence, phrase: _Phrase, right: _Phrase | None) -> bool:
    if _grows(sentence, phrase):
        return False
    if phrase.sure:
        return True
    after, before = sentence.word(phrase.stop), _word_before(sentence, phrase.start)
    if before in {"of", "in"} and sentence.word(phrase.start - 2) in _ROLE_WORDS:
        return True
    if not sentence.broken(phrase.stop) and after in _SUFFIXES | _GROUNDS | set(_ROLE_WORDS):
        return True
    if right is not None and right.sure:
        return True
    scenery = sentence.word(phrase.name_at) in names().scenery
    follows_noun = sentence.noun_at(phrase.stop)
    if before in _ONTO and not follows_noun:
        return True
    if scenery:
        return False
    if follows_noun:
        return True
    if sentence.word(phrase.start - 1) in _ARTICLES:
        return False
    onto_color = after in _ONTO and not sentence.broken(phrase.stop) and _color_after(sentence, phrase.stop + 1)
    return phrase.name_at > phrase.start or before == "in" or onto_color


def _word_before(sentence: _Sentence, index: int) -> str:
    """Return the word before ``index``, articles skipped; empty after a comma."""
    while not sentence.broken(index) and sentence.word(index - 1) in _ARTICLES:
        index -= 1
    return "" if sentence.broken(index) else sentence.word(index - 1)


def _color_after(sentence: _Sentence, index: int) -> bool:
    while sentence.word(index) in _ARTICLES:
        index += 1
    return _phrase_at(sentence, index) is not None


def _linked(sentence: _Sentence, left: _Phrase, right: _Phrase) -> bool:
    """Whether two color phrases stand in one list: only commas, "and" or a hyphen between them."""
    between = sentence.words[left.stop : right.start]
    return all(word in _AND | {"&"} | _SUFFIXES for word in between) and len(between) <= 2


def _grouped(sentence: _Sentence, phrases: list[_Phrase]) -> list[list[_Phrase]]:
    groups: list[list[_Phrase]] = []
    for phrase in phrases:
        if groups and _linked(sentence, groups[-1][-1], phrase):
            groups[-1].append(phrase)
        else:
            groups.append([phrase])
    return groups


def _place(sentence: _Sentence, group: list[_Phrase]) -> None:
    """Give a group's colors the roles that its surroundings say, and drop its words and what served them."""
    start, stop = group[0].start, group[-1].stop
    while not sentence.broken(stop) and sentence.word(stop) in _SUFFIXES:
        stop += 1
    after = "" if sentence.broken(stop) else sentence.word(stop)
    before = _word_before(sentence, start)
    before_that = sentence.word(start - 2) if sentence.word(start - 1) == before else sentence.word(start - 3)
    adjectival = sentence.noun_at(stop) and after not in _GROUNDS
    color_on_color = before in _ONTO and start - 2 in sentence.dropped
    if after in _GROUNDS or (before in _ONTO and after in _CLOTHS):
        group[-1 if after in _GROUNDS and before not in _ONTO else 0].role = "ground"
        stop, adjectival = stop + 1, False
    elif before in _ONTO and (not adjectival or color_on_color):
        group[0].role = "ground"
        adjectival = False
    elif after in _ROLE_WORDS:
        group[-1].role = _ROLE_WORDS[after]
        stop, adjectival = stop + 1, False
    elif before in {"of", "in"} and before_that in _ROLE_WORDS:
        group[0].role = _ROLE_WORDS[before_that]
    sentence.dropped.update(range(start, stop))
    if not adjectival:
        _drop_before(sentence, start)


def _drop_before(sentence: _Sentence, index: int) -> None:
    """Drop the articles and prepositions that led to a color: "on a", "in", "with touches of"."""
    while index > 0 and not sentence.broken(index):
        word = sentence.word(index - 1)
        if word not in _JOINTS | _ARTICLES | _ROLE_WORDS.keys() | {"&"}:
            return
        index -= 1
        sentence.dropped.add(index)


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
    lightness, chroma, _ = lab_to_oklch(np.array(ink.lab))
    return bool(lightness >= _GROUND_LIGHTNESS and chroma <= _GROUND_CHROMA)


def _heard_moods(sentence: _Sentence, request: ColorRequest) -> ColorRequest:
    """Return the request with moods, dark or light grounds and "multicolored", and drop their words."""
    moods, tone, many, tonal = [], "", False, False
    for index, word in enumerate(sentence.words):
        if index in sentence.dropped:
            continue
        after = sentence.word(index + 1)
        if word in {"dark", "black", "deep", "light", "pale"} and after in _GROUNDS:
            tone = "light" if word in {"light", "pale"} else "dark"
            sentence.dropped.update({index, index + 1})
            _drop_before(sentence, index)
        elif word in _MANY or word in _TONAL:
            many, tonal = many or word in _MANY, tonal or word in _TONAL
            sentence.dropped.update({index, index + 1} if after in _SUFFIXES else {index})
        elif word in _MOOD_PAIRS and after in _SUFFIXES:
            moods.append(_MOOD_PAIRS[word])
            sentence.dropped.update({index, index + 1})
            _drop_before(sentence, index)
        elif word in _MOODS:
            moods.append(_MOODS[word])
            sentence.dropped.update({index, index + 1} if after in _SUFFIXES else {index})
        elif word in _SEASONS:
            moods.append(word)
    return replace(request, moods=tuple(dict.fromkeys(moods)), ground_tone=tone, many=many, tonal=tonal)


def _tidied(sentence: _Sentence) -> str:
    """Return the text of the words that are left, with commas where they still part something."""
    kept = [index for index in range(len(sentence.words)) if index not in sentence.dropped]
    while kept and sentence.words[kept[-1]] in _JOINTS | _ARTICLES | {"&"}:
        kept.pop()
    while kept and sentence.words[kept[0]] in _AND | {"&", "on", "of", "with"}:
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


def _motif_left(sentence: _Sentence, groups: list[list[_Phrase]]) -> str:
    """Return the one word that was both color and motif, when nothing else was asked: "lemon on white ground"."""
    things = names().things | names().scenery
    for phrase in (group[0] for group in groups if len(group) == 1 and group[0].role != "ground"):
        if phrase.stop == phrase.start + 1 and sentence.word(phrase.start) in things:
            return sentence.word(phrase.start)
    return ""
