"""Scenes: pictures of rooms and things whose cloth or paper takes any design, as data.

A scene says what stands in it and which parts are cloth; its maps (``patterns.mockup.maps``) say what each pixel shows.
"""

import json
from dataclasses import MISSING, dataclass, fields
from typing import Any

from patterns.errors import InputError

# What a scene shows: a thing, a room, a papered wall, or a thing on white for a shop's listing.
SCENE_KINDS = ("product", "room", "wall", "listing")
# How a scene moves: not at all, about its own axis, or frame by frame.
MOTIONS = ("", "turn", "sway")


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of cloth or paper in a scene.

    ``title`` says what it is in words. A part that ``follows`` another takes its design, unless told otherwise.
    ``colorway`` is the place in a set of colorways that the part shows when the scene is dressed in one (0: the design
    itself). ``strips`` says that a product's strips hang on it. ``around_mm`` is the way around a part that turns.
    ``middle`` (x, y) in mm, of the part's own uv, is where a maker centers a motif.
    """

    name: str
    title: str
    follows: str = ""
    colorway: int = 0
    strips: bool = False
    around_mm: float = 0.0
    middle: tuple[float, ...] = (0.0, 0.0)

    def __post_init__(self) -> None:
        if not self.name or len(self.middle) != 2:
            raise InputError("a part has a name, and a middle of two numbers in mm.")
        if self.colorway < 0 or self.around_mm < 0:
            raise InputError(f"the part {self.name!r}: a colorway and a way around are 0 or more.")


@dataclass(frozen=True, slots=True)
class Scene:
    """A picture that takes a design.

    ``maps`` is its file of maps beside the preset (with ``motion`` "sway" each of its ``frames`` has one too: see
    ``patterns.presets.scene_maps``), ``kind`` one of SCENE_KINDS, ``fabric`` the cloth that it is sewn of unless
    another is asked for.
    ``motion`` is one of MOTIONS; ``turn`` moves the design along its parts' ways around.
    """

    name: str
    title: str
    kind: str
    maps: str
    fabric: str
    heuristic: bool
    source: str
    date: str
    parts: tuple[Part, ...]
    motion: str = ""
    frames: int = 0

    def __post_init__(self) -> None:
        if self.kind not in SCENE_KINDS or self.motion not in MOTIONS:
            raise InputError(f"a scene's kind is {', '.join(SCENE_KINDS)}, its motion turn, sway or nothing.")
        names = [part.name for part in self.parts]
        if not names or len(set(names)) != len(names) or len(names) > 250:
            raise InputError("a scene has 1 to 250 parts, each with a name of its own.")
        if unknown := [part.follows for part in self.parts if part.follows and part.follows not in names]:
            raise InputError(f"no part is called {unknown[0]!r}, which another follows.")
        if bool(self.motion) != (self.frames > 1):
            raise InputError("a scene that moves, and no other, has two frames or more.")
        if self.motion == "turn" and not any(part.around_mm for part in self.parts):
            raise InputError("a scene that turns has a part with a way around.")


def scene_toml(scene: Scene) -> str:
    """Return a scene's preset as TOML: all that has no default, and what differs from its default; but not its name."""
    lines = _rows(scene, left_out=("name", "parts"))
    for part in scene.parts:
        lines += ["", "[[parts]]", *_rows(part)]
    return "\n".join(lines) + "\n"


def _rows(record: Any, left_out: tuple[str, ...] = ()) -> list[str]:
    kept = [f for f in fields(record) if f.name not in left_out]
    values = {
        f.name: getattr(record, f.name) for f in kept if f.default is MISSING or getattr(record, f.name) != f.default
    }
    return [f"{name} = {_toml(value)}" for name, value in values.items()]


def _toml(value: Any) -> str:
    """Return a value as TOML writes it: as JSON does, but that a delete character is escaped too."""
    return json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False).replace("\x7f", "\\u007f")
