"""What was asked and what was made: ``Brief`` and ``Design``, values that become JSON and come back the same.

The pixels are not here: the library keeps them beside the record. A record carries its schema; one from a newer
version of patterns is refused rather than half understood, and so are unknown keys.
"""

import hashlib
import json
import math
import re
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, fields
from fractions import Fraction
from typing import Any, TypeVar, get_args

from patterns.color.ink import D50_2, Ink, Palette, Spectrum, View
from patterns.color.swatches.record import ink_record
from patterns.errors import Finding, InputError, Severity
from patterns.lattice import Lattice
from patterns.reading import DENSITIES, DIRECTIONS, HANDS, LAYOUTS, VARIETIES
from patterns.separation import MOST_INKS

SCHEMA = 1
_LONGEST_PROMPT = 2000
# A record is a few kilobytes; a text this long is none.
_LONGEST_RECORD = 2**20
# Hex digits of SHA-256 in a design's name: 48 bits, enough for a million designs without a clash.
_ID_DIGITS = 12
_MOST_SEED = 2**63 - 1
# What can be done to a design that is there, so that another comes of it.
CHANGES = ("vary", "edit", "blend", "over")
_WORDS = {
    "density": DENSITIES,
    "layout": LAYOUTS,
    "direction": DIRECTIONS,
    "variety": VARIETIES,
    "hand": HANDS,
    "change": CHANGES,
}
_PICTURES = ("mask", "reference", "sketch")
_DIGEST = re.compile(r"[0-9a-f]{64}")
# Pixels per mm that a design can be drawn with.
_DETAILS = (0.2, 4.0)

T = TypeVar("T")
# Of fields that came after the first version: a record without them is whole, and has the name it always had.
_LATER = {"later": True}


@dataclass(frozen=True, slots=True)
class Brief:
    """What was asked, before any of it is carried out.

    ``repeat`` is a lattice's name, ``width_mm`` and ``height_mm`` the tile's size (no height: the natural one).
    ``palette`` is the user's text, None if colors come from the prompt; ``inks`` None leaves their number open.
    ``scale`` is the size of a motif in mm, None if the prompt says it. ``density``, ``layout``, ``direction``,
    ``variety`` and ``hand`` are words of ``patterns.reading``, "" if the prompt says it. ``detail`` is in pixels per
    mm. ``model`` names the model.

    ``change`` says what was done to the design ``base`` (its identity), "" for one that was drawn anew: varied or
    redrawn with a ``strength`` from 0 (as it was) to 1 (anew), or blended with the design ``other`` by that amount.
    ``mask`` is what was redrawn and ``join`` how far in from its border old and new grow together, in mm. ``reference``
    is a picture whose manner is followed, by ``reference_weight``; ``sketch`` one whose layout is, by
    ``sketch_weight``. The three pictures are SHA-256 digests of files that the library keeps beside the design.
    ``guidance`` and ``negative`` are for picture models: how closely the prompt is followed, and what is not wanted.
    """

    prompt: str
    product: str = ""
    repeat: str = "straight"
    width_mm: float | None = None
    height_mm: float | None = None
    inks: int | None = None
    palette: str | None = None
    symmetry: str = "p1"
    scale: float | None = None
    seed: int = 0
    model: str = "loom"
    steps: int | None = None
    density: str = field(default="", metadata=_LATER)
    layout: str = field(default="", metadata=_LATER)
    direction: str = field(default="", metadata=_LATER)
    variety: str = field(default="", metadata=_LATER)
    detail: float | None = field(default=None, metadata=_LATER)
    hand: str = field(default="", metadata=_LATER)
    change: str = field(default="", metadata=_LATER)
    strength: float | None = field(default=None, metadata=_LATER)
    base: str = field(default="", metadata=_LATER)
    other: str = field(default="", metadata=_LATER)
    mask: str = field(default="", metadata=_LATER)
    join: float | None = field(default=None, metadata=_LATER)
    reference: str = field(default="", metadata=_LATER)
    reference_weight: float | None = field(default=None, metadata=_LATER)
    sketch: str = field(default="", metadata=_LATER)
    sketch_weight: float | None = field(default=None, metadata=_LATER)
    guidance: float | None = field(default=None, metadata=_LATER)
    negative: str = field(default="", metadata=_LATER)

    def __post_init__(self) -> None:
        if not self.prompt.strip():
            raise InputError("the prompt is empty; say what to draw, for example 'indigo peonies on cream'.")
        if len(self.prompt) > _LONGEST_PROMPT:
            raise InputError(f"the prompt has {len(self.prompt)} characters; at most {_LONGEST_PROMPT} are read.")
        _refuse_seed(self.seed)
        if self.inks is not None and not 2 <= self.inks <= MOST_INKS:
            raise InputError(f"a design has 2 to {MOST_INKS} inks, not {self.inks}.")
        if self.steps is not None and not 1 <= self.steps <= 1000:
            raise InputError(f"a design is drawn in 1 to 1000 steps, not {self.steps}.")
        for name, known in _WORDS.items():
            if getattr(self, name) not in ("", *known):
                raise InputError(f"{name} is one of {', '.join(known)}, not {getattr(self, name)!r}.")
        if self.detail is not None and not _DETAILS[0] <= self.detail <= _DETAILS[1]:
            raise InputError(
                f"a design is drawn with {_DETAILS[0]:g} to {_DETAILS[1]:g} pixels per mm, not {self.detail:g}."
            )
        for name in ("width_mm", "height_mm", "scale"):
            length = getattr(self, name)
            if length is not None and not 0 < length < math.inf:
                raise InputError(f"a size of {length:g} mm cannot be drawn; sizes are positive.")
            # Always a float, so that a brief read back from JSON is the same text again.
            object.__setattr__(self, name, None if length is None else float(length))
        self._refuse_change()
        self._refuse_guides()

    @property
    def pictures(self) -> dict[str, str]:
        """The digests of the pictures that the library keeps beside the design, by what they are of."""
        return {name: digest for name in _PICTURES if (digest := getattr(self, name))}

    def _refuse_change(self) -> None:
        """Raise InputError if what was done to another design cannot have been done."""
        if self.strength is not None and not 0 < self.strength <= 1:
            raise InputError(f"a strength is more than 0 (as it was) and at most 1 (anew), not {self.strength:g}.")
        if self.join is not None and not 0 <= self.join < math.inf:
            raise InputError(f"old and new cannot grow together over {self.join:g} mm; the join is 0 mm or more.")
        if bool(self.change) != bool(self.base) or (self.change == "blend") != bool(self.other):
            raise InputError("a brief that changes a design names it, and one that blends two names both.")
        if (self.change == "edit") != bool(self.mask):
            raise InputError("a brief that redraws a part of a design, and no other, names the mask.")

    def _refuse_guides(self) -> None:
        """Raise InputError if what a drawing was guided by cannot have guided it."""
        for name in _PICTURES:
            if getattr(self, name) and not _DIGEST.fullmatch(getattr(self, name)):
                raise InputError(f"the {name} is named by the SHA-256 digest of its file, not {getattr(self, name)!r}.")
        for name in ("reference", "sketch"):
            weight = getattr(self, f"{name}_weight")
            if weight is not None and not 0 <= weight <= 1:
                raise InputError(f"a {name} weighs 0 to 1, not {weight:g}.")
        if self.guidance is not None and not 0 <= self.guidance <= 100:
            raise InputError(f"a guidance is 0 to 100, not {self.guidance:g}.")
        if len(self.negative) > _LONGEST_PROMPT:
            raise InputError(f"the negative prompt has {len(self.negative)} characters; at most {_LONGEST_PROMPT}.")
        for name in ("strength", "join", "reference_weight", "sketch_weight", "guidance"):
            number = getattr(self, name)
            object.__setattr__(self, name, None if number is None else float(number))

    def to_json(self) -> dict[str, Any]:
        """Return the brief as JSON values; what later versions can ask for is there if it was."""
        silent = {item.name: item.default for item in fields(self) if item.metadata == _LATER}
        return {name: value for name, value in asdict(self).items() if name not in silent or value != silent[name]}

    @classmethod
    def from_json(cls, data: Any) -> "Brief":
        """Return the brief of JSON values; InputError on unknown keys and on values that a brief cannot have."""
        return cls(**_checked(cls, data, "brief"))


@dataclass(frozen=True, slots=True)
class Design:
    """The record of what was made.

    ``model_digest`` is that of the weights, ``version`` that of patterns. ``parent`` names the design that this one was
    made from. ``acts`` are what a person decided, in order, for the question of authorship. ``label`` is the provenance
    as ``patterns.label.Label.to_json`` gives it. ``created`` is an ISO 8601 time. ``machine`` says what computed it, as
    far as sums depend on that: device kind, instruction set and threads.
    """

    brief: Brief
    lattice: Lattice
    seed: int
    model: str
    model_digest: str
    version: str
    palette: Palette
    created: str
    parent: str | None = None
    acts: tuple[str, ...] = ()
    label: dict[str, str] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    machine: str = ""

    def __post_init__(self) -> None:
        _refuse_seed(self.seed)

    @property
    def id(self) -> str:
        """A short name made of what determines the pixels: the same design made twice has the same one."""
        record = self.to_json(named=False)
        decisive = {
            key: record[key] for key in ("brief", "lattice", "seed", "model_digest", "version", "palette", "parent")
        }
        text = json.dumps(decisive, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
        return hashlib.sha256(text.encode()).hexdigest()[:_ID_DIGITS]

    def to_json(self, *, named: bool = True) -> dict[str, Any]:
        """Return the record as JSON values, with its ``schema`` and, if ``named``, its ``id``."""
        record = {
            "schema": SCHEMA,
            "brief": self.brief.to_json(),
            "lattice": _lattice_json(self.lattice),
            "seed": self.seed,
            "model": self.model,
            "model_digest": self.model_digest,
            "version": self.version,
            "palette": _palette_json(self.palette),
            "created": self.created,
            "parent": self.parent,
            "acts": list(self.acts),
            "label": dict(self.label),
            "findings": [asdict(finding) for finding in self.findings],
            "machine": self.machine,
        }
        return {"id": self.id, **record} if named else record

    @classmethod
    def from_json(cls, data: Any) -> "Design":
        """Return the design of a record.

        Raises InputError if the record is from a newer schema, has unknown or missing keys or impossible values, or if
        its id does not belong to its content (it was changed by hand).
        """
        record = dict(_object(data, "record of a design"))
        _refuse_schema(record)
        del record["schema"]
        said_id = record.pop("id", None)
        record.setdefault("machine", "")  # the first records did not say
        builders: dict[str, Callable[[Any], Any]] = {
            "brief": Brief.from_json,
            "lattice": _lattice,
            "palette": _palette,
            "acts": lambda acts: tuple(_texts(acts, "acts")),
            "label": _label,
            "findings": lambda items: tuple(_finding(item) for item in _list(items, "findings")),
        }
        design = cls(**_checked(cls, record, "record of a design", builders))
        if said_id is not None and said_id != design.id:
            raise InputError(
                f"the record of design {said_id} was changed by hand: its content belongs to {design.id}; "
                "take 'id' out of it to accept it as a new design."
            )
        return design

    def dumps(self) -> str:
        """Return the record as JSON text, indented, ending in a newline."""
        return json.dumps(self.to_json(), indent=2, ensure_ascii=False) + "\n"

    @classmethod
    def loads(cls, text: str | bytes) -> "Design":
        """Return the design of JSON text; InputError if it is cut, no JSON, or no record."""
        if len(text) > _LONGEST_RECORD:
            raise InputError(f"{len(text)} bytes are too many for the record of a design.")
        try:
            data = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise InputError(f"the record of the design is cut or damaged: {error}.") from None
        return cls.from_json(data)


def _refuse_seed(seed: int) -> None:
    if not 0 <= seed <= _MOST_SEED:
        raise InputError(f"the seed {seed} is not a whole number from 0 to {_MOST_SEED}.")


def _refuse_schema(record: dict[str, Any]) -> None:
    schema = record.get("schema")
    if type(schema) is not int or schema < 1:
        raise InputError("this is no record of a design: it does not say its schema.")
    if schema > SCHEMA:
        made_by = record.get("version")
        newer = f" by patterns {made_by}" if isinstance(made_by, str) else ""
        raise InputError(
            f"the record was written{newer} in schema {schema}, and this version reads schema {SCHEMA} at most; "
            "update patterns to open it."
        )


def _checked(
    kind: type, data: Any, what: str, builders: dict[str, Callable[[Any], Any]] | None = None
) -> dict[str, Any]:
    """Return the fields of a dataclass from JSON values, each of the declared type or built by its builder."""
    given = _object(data, what)
    declared = {item.name: item for item in fields(kind)}
    if unknown := sorted(set(given) - set(declared)):
        raise InputError(
            f"the {what} has an unknown key {unknown[0]!r}; was it written by another version of patterns?"
        )
    if missing := sorted(name for name, item in declared.items() if name not in given and item.metadata != _LATER):
        raise InputError(f"the {what} lacks {missing[0]!r}.")
    values = {}
    for name, value in given.items():
        builder = (builders or {}).get(name)
        values[name] = builder(value) if builder else _typed(value, declared[name].type, f"{name!r} in the {what}")
    return values


def _typed(value: Any, wanted: Any, where: str) -> Any:
    allowed = get_args(wanted) or (wanted,)
    if float in allowed and type(value) in (int, float):
        if abs(value) <= sys.float_info.max:  # neither infinite, nor no number, nor a whole number beyond any float
            return float(value)
    elif type(value) in allowed:
        return value
    raise InputError(f"{where} cannot be {json.dumps(value)[:40]}.")


def _object(data: Any, what: str) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise InputError(f"the {what} is no JSON object.")
    return data


def _list(data: Any, what: str) -> list[Any]:
    if not isinstance(data, list):
        raise InputError(f"{what!r} in the record is no list.")
    return data


def _texts(data: Any, what: str) -> list[str]:
    if not all(isinstance(item, str) for item in _list(data, what)):
        raise InputError(f"{what!r} in the record is no list of texts.")
    return data


def _label(data: Any) -> dict[str, str]:
    label = _object(data, "label")
    _texts(list(label.values()), "label")
    return dict(label)


def _lattice_json(lattice: Lattice) -> dict[str, Any]:
    return {
        "width": float(lattice.width),
        "height": float(lattice.height),
        "drop": str(lattice.drop),
        "slide": str(lattice.slide),
    }


def _lattice(data: Any) -> Lattice:
    offsets = {"drop": lambda text: _fraction(text, "drop"), "slide": lambda text: _fraction(text, "slide")}
    return Lattice(**_checked(Lattice, data, "lattice", offsets))


def _fraction(text: Any, name: str) -> Fraction:
    try:
        if not isinstance(text, str) or len(text) > 20:
            raise ValueError
        return Fraction(text)
    except (ValueError, ZeroDivisionError):
        raise InputError(f"the lattice's {name} {text!r} is no fraction such as '1/2'.") from None


def _palette_json(palette: Palette) -> dict[str, Any]:
    return {"name": palette.name, "words": list(palette.words), "inks": [ink_record(ink) for ink in palette.inks]}


def _palette(data: Any) -> Palette:
    builders = {
        "inks": lambda items: tuple(_ink(item) for item in _list(items, "inks")),
        "words": lambda words: tuple(_texts(words, "words")),
    }
    return Palette(**_checked(Palette, data, "palette", builders))


def _ink(data: Any) -> Ink:
    given = {"view": str(D50_2), "approximate": False, "spectrum": None, **_object(data, "ink")}
    given.pop("hex", None)
    builders: dict[str, Callable[[Any], Any]] = {
        "lab": _lab,
        "view": lambda text: View.named(_typed(text, str, "an ink's 'view'")),
        "spectrum": lambda found: None if found is None else Spectrum.from_json(found),
    }
    return Ink(**_checked(Ink, given, "ink", builders))


def _lab(values: Any) -> tuple[float, float, float]:
    if len(_list(values, "lab")) != 3:
        raise InputError("an ink's 'lab' has three numbers.")
    lightness, a, b = (_typed(value, float, "an ink's 'lab'") for value in values)
    return lightness, a, b


def _finding(data: Any) -> Finding:
    return Finding(**_checked(Finding, data, "finding", {"severity": _severity}))


def _severity(value: Any) -> Any:
    if value not in get_args(Severity):
        raise InputError(f"a finding is a {', '.join(get_args(Severity))}, not {value!r}.")
    return value
