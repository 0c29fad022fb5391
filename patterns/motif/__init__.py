"""The corpus: separations drawn procedurally, each with a caption that says what can be seen."""

from patterns.motif.corpus import Drawing, draw
from patterns.motif.family import FAMILIES

__all__ = ["FAMILIES", "Drawing", "draw"]
