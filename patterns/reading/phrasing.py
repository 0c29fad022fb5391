"""How a reading is said: one of many wordings, which ``read`` understands as the same reading."""

from typing import TYPE_CHECKING

from patterns.reading.lexicon import lexicon
from patterns.reading.reading import Reading, Subject

if TYPE_CHECKING:
    import numpy as np

# Of each value's phrases so many are said, the first ones; all are understood.
_SAID = 8
_TAILS = ("{}", "{}", "{}", "{} pattern", "{} print", "{} design", "pattern of {}", "design of {}", "{} fabric")
_JOINTS = (" and {}", " and {}", " with {}", " & {}")
_ONTO = (" on {}", " over {}", " on a {} ground", " against {}", " on a {} background")
_LACKS = (" without {}", " without {}", " with no {}", " but no {}", " minus {}", ", no {}")
_PLAIN = (", not outlined", ", without outlines", ", no outlines", ", without an outline", ", unoutlined")
_COUNTED = ("{} inks", "{} colors", "in {} colors", "in {} inks", "{} color", "{} screens", "{} colours")
_NUMBERS = ("one", "two", "three", "four", "five", "six")
_LEADING = ("in ", "with ", "on ", "all ", "up ", "at ", "no ", "from ", "along ", "as ")
_WHOLE = ("layout", "density", "hand", "direction", "variety", "symmetry")


def wording(reading: Reading, rng: "np.random.Generator") -> str:
    """Return one of many wordings of a reading, in small letters; what it does not name is left open.

    ``read`` gives the same reading back for whatever a drawing can show: one or two motifs, the larger first.
    """
    words = [_chosen(rng, kind, value) for kind in _WHOLE if (value := getattr(reading, kind))]
    if reading.outlined:
        words.append(_chosen(rng, "outlined", "yes"))
    if reading.inks:
        number = _NUMBERS[reading.inks - 1] if reading.inks <= len(_NUMBERS) and rng.random() < 0.6 else reading.inks
        words.append(_pick(rng, _COUNTED).format(number))
    before = [w for w in words if not w.startswith(_LEADING) and rng.random() < 0.5]
    after = [w for w in words if w not in before]
    head = _subjects(reading, rng, before) + (_pick(rng, _PLAIN) if reading.outlined is False else "")
    return ", ".join([w for w in (head, *_shuffled(rng, after)) if w])


def _subjects(reading: Reading, rng: "np.random.Generator", before: list[str]) -> str:
    """Return what is said of the motifs and the ground, led by adjectives."""
    if not reading.subjects:
        return " ".join(before) + (f"{', ' if before else ''}on {_name(rng, reading.ground)}" if reading.ground else "")
    hero, *others = reading.subjects
    said = " ".join([*_shuffled(rng, before), *_one(rng, hero)])
    if not hero.parts and rng.random() < 0.2:
        said = _pick(rng, _TAILS).format(said)
    said += _having(rng, hero)
    for other in others:
        # After "without stems" an "and" would go on with what is not there.
        joint = " with {}" if hero.without else _pick(rng, _JOINTS)
        said += joint.format(" ".join(_one(rng, other)) + _having(rng, other))
    return said + (_pick(rng, _ONTO).format(_name(rng, reading.ground)) if reading.ground else "")


def _one(rng: "np.random.Generator", subject: Subject) -> list[str]:
    """Return a subject's adjectives and its name."""
    scale = [_chosen(rng, "scale", subject.scale)] if subject.scale else []
    qualities = [_chosen(rng, "quality", p) for p in subject.parts if p in lexicon().phrases["quality"]]
    return [*_shuffled(rng, [*scale, *qualities]), _name(rng, subject.family)]


def _having(rng: "np.random.Generator", subject: Subject) -> str:
    """Return the parts that a subject has, and those that it has not."""
    parts = [_part(p) for p in subject.parts if p not in lexicon().phrases["quality"]]
    lacks = [_part(p) for p in subject.without]
    said = f" with {_joined(parts, 'and')}" if parts else ""
    return said + (_pick(rng, _LACKS).format(_joined(lacks, "or")) if lacks else "")


def _part(name: str) -> str:
    """Return the word for a part; what the lexicon does not hold is said by its own name."""
    return lexicon().phrases["part"].get(name, (name,))[0]


def _name(rng: "np.random.Generator", family: str) -> str:
    """Return one of a family's names that says no size and, if there is one, that is no part's word as well."""
    names = [n for n in lexicon().phrases["thing"].get(family, (family,)) if n not in lexicon().sizes][:_SAID]
    plain = [n for n in names if "part" not in lexicon().senses.get(n, {})]
    return _pick(rng, tuple(plain or names))


def _chosen(rng: "np.random.Generator", kind: str, value: str) -> str:
    return _pick(rng, lexicon().phrases[kind].get(value, (value,))[:_SAID])


def _joined(words: list[str], last: str) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"


def _pick(rng: "np.random.Generator", wordings: tuple[str, ...]) -> str:
    return wordings[int(rng.integers(len(wordings)))]


def _shuffled(rng: "np.random.Generator", words: list[str]) -> list[str]:
    return [words[i] for i in rng.permutation(len(words))]
