"""The corpus: separations drawn procedurally, each with a caption that says what can be seen."""

from patterns.motif.corpus import PORTRAIT, PORTRAIT_RADIUS, Drawing, draw, portrait
from patterns.motif.family import FAMILIES

__all__ = ["FAMILIES", "PORTRAIT", "PORTRAIT_RADIUS", "Drawing", "draw", "portrait"]
