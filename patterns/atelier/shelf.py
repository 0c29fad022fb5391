"""What can be chosen from: products, fabrics, palettes, and the families that the Loom draws."""

import json
from dataclasses import dataclass
from pathlib import Path

from patterns import presets
from patterns.atelier.bench import default_weights
from patterns.color import Palette
from patterns.errors import InputError, MissingPart
from patterns.fabric import Fabric
from patterns.product import Product
from patterns.scene import Scene

KINDS = ("products", "fabrics", "palettes", "scenes", "families")


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a list: a name, what it means, and its colors if it is a palette."""

    name: str
    title: str
    palette: Palette | None = None


def listed(kind: str, weights: Path | None = None) -> tuple[Entry, ...]:
    """Return everything of a kind; InputError if there is no such kind."""
    if kind == "families":
        return _families(weights or default_weights())
    if kind not in KINDS:
        raise InputError(f"there is nothing called {kind!r} to list; there are {', '.join(KINDS)}.")
    return tuple(_entry(kind, name) for name in presets.names(kind))


def shown(name: str) -> tuple[str, Product | Fabric | Palette | Scene]:
    """Return (kind, value) of a preset by name; InputError, naming the nearest, if none is called so."""
    import difflib

    readers = {"product": presets.product, "fabric": presets.fabric, "palette": presets.palette, "scene": presets.scene}
    for kind, read in readers.items():
        if name in presets.names(kind):
            return kind, read(name)
    every = [n for kind in readers for n in presets.names(kind)]
    near = difflib.get_close_matches(name, every, n=3, cutoff=0.3) or every[:3]
    raise InputError(f"no preset is called {name!r}; the nearest are {', '.join(near)}.")


def _entry(kind: str, name: str) -> Entry:
    if kind == "palettes":
        palette = presets.palette(name)
        return Entry(name, ", ".join(palette.words), palette)
    readers = {"products": presets.product, "fabrics": presets.fabric, "scenes": presets.scene}
    return Entry(name, readers[kind](name).title)


def _families(folder: Path | None) -> tuple[Entry, ...]:
    """Return the families of a folder of weights, read without its network."""
    from importlib.resources import files

    from patterns.reading.lexicon import lexicon

    listing = (folder or Path(str(files("patterns") / "loom" / "weights"))) / "vocabulary.json"
    try:
        families = json.loads(listing.read_text(encoding="utf-8"))["families"]
    except (OSError, ValueError, KeyError):
        raise MissingPart(
            f"{listing.parent} has no list of families; `patterns doctor` says what is missing."
        ) from None
    said = lexicon().phrases["thing"]
    return tuple(Entry(name, ", ".join(n for n in said.get(name, ()) if n != name)) for name in families)
