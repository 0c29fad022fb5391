"""A stage's preset: what a scene says of itself, as TOML."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from scenes.stage import Stage

SOURCE = "ours: modeled in code (scenes/sets/{name}.py), lit and baked with Mitsuba"
DATE = "2026-11-28"


def write_preset(path: Path, name: str, stage: Stage) -> None:
    """Write the preset of a stage; a row of its parts becomes a table."""
    rows: dict[str, Any] = {
        "title": stage.title,
        "kind": stage.kind,
        "maps": f"{name}.maps",
        "fabric": stage.fabric,
        **({"motion": stage.motion, "frames": stage.frames} if stage.motion else {}),
        "heuristic": False,
        "source": SOURCE.format(name=name),
        "date": DATE,
    }
    lines = [f"{key} = {_toml(value)}" for key, value in rows.items()]
    for part in stage.parts:
        lines += ["", "[[parts]]", *(f"{key} = {_toml(value)}" for key, value in part.items())]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _toml(value: Any) -> str:
    return json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False)
