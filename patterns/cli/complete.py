"""What a shell can complete: names of presets and repeats, identities of designs. Never an error, only less."""

import contextlib

from patterns.errors import PatternsError


def _beginning(words: "tuple[str, ...] | list[str]", start: str) -> list[str]:
    return [word for word in words if word.startswith(start)]


def _presets(kind: str, start: str) -> list[str]:
    from patterns import presets

    with contextlib.suppress(PatternsError, OSError):
        return _beginning(presets.names(kind), start)
    return []


def products(incomplete: str) -> list[str]:
    """Return the products that begin so."""
    return _presets("products", incomplete)


def fabrics(incomplete: str) -> list[str]:
    """Return the fabrics that begin so."""
    return _presets("fabrics", incomplete)


def scenes(incomplete: str) -> list[str]:
    """Return the scenes that begin so."""
    return [*_presets("scenes", incomplete), *_beginning(["all", "listing"], incomplete)]


def palettes(incomplete: str) -> list[str]:
    """Return the named palettes that begin so."""
    return _presets("palettes", incomplete)


def models(incomplete: str) -> list[str]:
    """Return the models on the default shelf and those that can be fetched that begin so."""
    from patterns.diffusion.shelf import Shelf, default_folder

    with contextlib.suppress(PatternsError, OSError):
        return sorted({*_beginning(Shelf(default_folder()).names(), incomplete), *_presets("models", incomplete)})
    return []


def repeats(incomplete: str) -> list[str]:
    """Return the named repeats that begin so."""
    from patterns.lattice import NAMED_REPEATS

    return _beginning(list(NAMED_REPEATS), incomplete)


def symmetries(incomplete: str) -> list[str]:
    """Return the plane groups that begin so."""
    from patterns.symmetry import GROUPS

    return _beginning(GROUPS, incomplete)


def layouts(incomplete: str) -> list[str]:
    """Return the layouts that begin so."""
    from patterns.reading import LAYOUTS

    return _beginning(LAYOUTS, incomplete)


def hands(incomplete: str) -> list[str]:
    """Return the hands that begin so."""
    from patterns.reading import HANDS

    return _beginning(HANDS, incomplete)


def designs(incomplete: str) -> list[tuple[str, str]]:
    """Return the designs in the default library that begin so, each with its prompt."""
    from patterns.library import Library, default_folder

    with contextlib.suppress(PatternsError, OSError):
        found, _ = Library(default_folder()).designs()
        return [(name, design.brief.prompt[:60]) for name, design in found if name.startswith(incomplete)]
    return []


def kinds(incomplete: str) -> list[str]:
    """Return the kinds of presets that begin so."""
    return _beginning(["products", "fabrics", "palettes", "scenes", "families"], incomplete)


def presets(incomplete: str) -> list[str]:
    """Return the presets of every kind that begin so."""
    return [name for kind in ("products", "fabrics", "palettes", "scenes") for name in _presets(kind, incomplete)]
