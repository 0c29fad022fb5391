"""Draws the gallery, `samples/gallery.png`: 96 designs as `gallery.toml` asks for them, each paved to 32 cm of cloth.

    python samples/gallery.py [--model FOLDER] [--keep FOLDER] [--only NAME ...]

All are drawn in about 20 minutes on two cores, into a library that is thrown away. With `--keep FOLDER` library and
pictures stay there: what is kept already is not drawn again, unless it is asked for otherwise than it was, or named
with `--only`.
"""

import argparse
import json
import os
import tempfile
import tomllib
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path

from make import brief, paved
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from patterns.atelier.bench import Bench, default_weights
from patterns.atelier.making import design
from patterns.design import Brief
from patterns.library import Library
from patterns.loom.table import shared_threads

HERE = Path(__file__).parent
ACROSS, SHOWN_MM, SHOWN_PX, GAP_PX = 12, 320.0, 208, 8
# Flat art needs few colors, edges included: the file is 40 % smaller.
COLORS = 24


def kept(file: Path, asked: Brief) -> bool:
    """Return whether a file is a picture of what is asked for."""
    if not file.exists():
        return False
    with Image.open(file) as picture:
        return picture.info.get("brief") == json.dumps(asked.to_json())


def drawn(asked: Brief, library: Path, model: Path | None, file: Path) -> list[str]:
    """Draw a design and save its picture; return what is questionable about it."""
    made = design(asked, Bench(Library(library), model))
    said = PngInfo()
    said.add_text("brief", json.dumps(asked.to_json()))
    said.add_text("design", made.design.id)
    Image.fromarray(paved(made, SHOWN_MM, SHOWN_PX)).save(file, pnginfo=said)
    return [str(found) for found in made.findings]


def sheet(files: list[Path]) -> Image.Image:
    """Return all pictures in rows of ``ACROSS``."""
    step = SHOWN_PX + GAP_PX
    whole = Image.new("RGB", (ACROSS * step - GAP_PX, -(-len(files) // ACROSS) * step - GAP_PX), "white")
    for i, file in enumerate(files):
        with Image.open(file) as picture:
            whole.paste(_few_colors(picture), (i % ACROSS * step, i // ACROSS * step))
    return whole


def _few_colors(picture: Image.Image) -> Image.Image:
    """Return a picture in the colors that come nearest to its own."""
    method, plain = Image.Quantize.MAXCOVERAGE, Image.Dither.NONE
    return picture.convert("RGB").quantize(COLORS, method=method, kmeans=3, dither=plain).convert("RGB")


def make(folder: Path, model: Path | None, only: list[str]) -> None:
    """Draw what is not yet in ``folder``, and the picture of all if all are there."""
    asked = {name: brief(dict(entry)) for name, entry in tomllib.loads((HERE / "gallery.toml").read_text()).items()}
    if unknown := sorted(set(only) - set(asked)):
        raise SystemExit(f"gallery.toml has no {', '.join(unknown)}")
    Library(folder / "library")
    wanted = {
        name: one for name, one in asked.items() if name in only or not (only or kept(folder / f"{name}.png", one))
    }
    many = os.cpu_count() or 1
    with ProcessPoolExecutor(many, get_context("spawn"), shared_threads, (many,)) as crew:
        done = {
            crew.submit(drawn, one, folder / "library", model, folder / f"{name}.png"): name
            for name, one in wanted.items()
        }
        for future in as_completed(done):
            print(f"{done[future]}: {', '.join(future.result()) or 'no findings'}", flush=True)
    files = [folder / f"{name}.png" for name in asked]
    if all(file.exists() for file in files):
        sheet(files).save(HERE / "gallery.png", optimize=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--only", nargs="+", default=[])
    asked = parser.parse_args()
    model = asked.model or default_weights()
    if asked.keep:
        asked.keep.mkdir(parents=True, exist_ok=True)
        make(asked.keep, model, asked.only)
    else:
        with tempfile.TemporaryDirectory() as folder:
            make(Path(folder), model, asked.only)


if __name__ == "__main__":
    main()
