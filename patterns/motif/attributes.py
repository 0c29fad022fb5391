"""What can be seen in a drawing: the attributes that its words and its numbers are taken from."""

from dataclasses import dataclass

from patterns.motif.family import FAMILIES
from patterns.reading import Reading, Subject

# Below the first number (px on the Loom's grid) it is small, above the second large: a motif's radius, half a field's
# period.
MOTIF_BOUNDS = (24.0, 36.0)
FIELD_BOUNDS = (14.0, 28.0)


@dataclass(frozen=True, slots=True)
class Attributes:
    """Everything visible in a drawing.

    ``scale_px`` is a motif's radius or half a field's period. ``inks`` counts those that can be seen, the ground
    among them; ``nominal_inks`` those that the drawing was planned with. ``second`` is the family between or beside
    the motifs, ``ground`` the regular pattern beneath them, ``absent`` the parts that other drawings of the family
    show and this one does not. ``look`` are the choices of its family that a motif alone shows. ``variety``
    counts the distinct motifs of a repeat: one, few or many.
    """

    family: str
    parts: tuple[str, ...]
    layout: str
    density: str
    inks: int
    scale_px: float
    outlined: bool
    nominal_inks: int = 0
    second: str = ""
    second_scale_px: float = 0.0
    ground: str = ""
    absent: tuple[str, ...] = ()
    direction: str = ""
    variety: str = ""
    look: tuple[str, ...] = ()

    @property
    def scale(self) -> str:
        """small, medium or large."""
        return scale_word(self.family, self.scale_px)

    def reading(self) -> Reading:
        """Return what a prompt would have to say for this drawing, all of it."""
        hero = Subject(self.family, self.scale, self.parts, self.absent, self.look)
        second = (Subject(self.second, scale_word(self.second, self.second_scale_px)),) if self.second else ()
        # A field's lines are part of its family: only motifs are drawn with a contour or without.
        contour = self.outlined if FAMILIES[self.family].kind == "motif" or self.outlined else None
        return Reading(
            (hero, *second), self.ground, self.layout, self.density,
            direction=self.direction, inks=self.inks, outlined=contour, variety=self.variety,
        )  # fmt: skip


def scale_word(family: str, scale_px: float) -> str:
    """Return small, medium or large for a motif's radius or half a field's period in px."""
    low, high = MOTIF_BOUNDS if FAMILIES[family].kind == "motif" else FIELD_BOUNDS
    return "small" if scale_px < low else "large" if scale_px > high else "medium"
