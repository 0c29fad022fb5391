"""Bake scenes: ``python -m scenes armchair hallway``, ``--all``; ``--draft`` for a quick look while modeling."""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import time
from pathlib import Path

import numpy as np

import scenes.sets
from patterns.mockup.maps import save_maps
from scenes.looking import look
from scenes.measuring import scales
from scenes.presets import write_preset
from scenes.rendering import bake

PRESETS = Path(__file__).parent.parent / "presets" / "scenes"


def names() -> list[str]:
    """Return the scenes that there are."""
    return sorted(m.name for m in pkgutil.iter_modules(scenes.sets.__path__) if not m.name.startswith("_"))


def main() -> None:
    """Bake what the command line names."""
    parser = argparse.ArgumentParser(prog="python -m scenes", description=__doc__)
    parser.add_argument("names", nargs="*", help=", ".join(names()))
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--draft", action="store_true", help="a third of the size, few samples, written nowhere")
    parser.add_argument("--samples", type=int, default=32, help="a pixel, at full size")
    parser.add_argument("--look", type=Path, help="a folder for pictures in checker and white, and of --design")
    parser.add_argument("--design", help="a picture that repeats straight, 320 mm wide")
    asked = parser.parse_args()
    for name in names() if asked.all else asked.names:
        start = time.perf_counter()
        module = importlib.import_module(f"scenes.sets.{name}")
        stage = module.stage()
        modeled = time.perf_counter()
        size = (stage.size[0] // 3, stage.size[1] // 3) if asked.draft else stage.size
        maps = bake(stage, size=size, samples=24 if asked.draft else asked.samples)
        print(f"{name}: modeled in {modeled - start:.0f} s, baked in {time.perf_counter() - modeled:.0f} s")
        for part, found in zip(stage.parts, scales(maps, len(stage.parts)), strict=True):
            low, middle, high = np.percentile(found, (10, 50, 90)) if len(found) else (0.0, 0.0, 0.0)
            print(f"  {part['name']:<16} mm in space per mm of cloth: {low:.3f} {middle:.3f} {high:.3f}")
        if asked.look:
            asked.look.mkdir(parents=True, exist_ok=True)
            for design in ("checker", "white", *([asked.design] if asked.design else [])):
                look(maps, asked.look / f"{name}-{Path(design).stem}.png", design=design)
        if asked.draft:
            continue
        file = PRESETS / f"{name}.maps"
        save_maps(file, maps, parts=len(stage.parts))
        write_preset(PRESETS / f"{name}.toml", name, stage)
        print(f"  {file.stat().st_size / 1e6:.2f} MB")
        # A scene that sways has a stage for each frame, smaller than the still.
        for i, moment in enumerate(module.moments() if stage.motion == "sway" else ()):
            file = PRESETS / f"{name}-{i:02}.maps"
            save_maps(file, bake(moment, size=moment.size, samples=asked.samples), parts=len(stage.parts))


if __name__ == "__main__":
    main()
