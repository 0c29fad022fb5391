"""A stage's preset: what a scene says of itself, as TOML."""

from __future__ import annotations

from pathlib import Path

from patterns.scene import Part, Scene, scene_toml
from scenes.stage import Stage

SOURCE = "ours: modeled in code (scenes/sets/{name}.py), lit and baked with Mitsuba"
DATE = "2026-11-28"


def write_preset(path: Path, name: str, stage: Stage) -> None:
    """Write the preset of a stage; a row of its parts becomes a table."""
    scene = Scene(
        name=name,
        title=stage.title,
        kind=stage.kind,
        maps=f"{name}.maps",
        fabric=stage.fabric,
        heuristic=False,
        source=SOURCE.format(name=name),
        date=DATE,
        parts=tuple(Part(**part) for part in stage.parts),
        motion=stage.motion,
        frames=stage.frames,
    )
    path.write_text(scene_toml(scene), encoding="utf-8")
