"""What a layout comes to: places for a hero and for a second motif, how large they may be, and what lies beneath."""

from dataclasses import dataclass, replace

from patterns.lattice import Grid
from patterns.motif.canvas import Placement, Shape

# Shapes and where they are drawn, in painting order.
Layer = tuple[tuple[Shape, ...], Placement]


@dataclass(frozen=True, slots=True)
class Arrangement:
    """A layout on ``grid``: motifs of ``radius`` px at ``heroes``, of ``second_radius`` at ``seconds``.

    ``alike`` says that without a second family its places are the hero's.
    ``parts`` are words for what the layout itself draws, ``beneath`` its frame, ribbons or stems.
    """

    grid: Grid
    heroes: tuple[Placement, ...]
    radius: float
    density: str = ""
    seconds: tuple[Placement, ...] = ()
    second_radius: float = 0.0
    beneath: tuple[Layer, ...] = ()
    parts: tuple[str, ...] = ()
    direction: str = ""
    alike: bool = False

    def within(self, radius: float) -> "Arrangement":
        """Return the same layout with heroes of at most this radius in px, and seconds that are as much smaller."""
        share = min(1.0, radius / self.radius)
        return replace(self, radius=share * self.radius, second_radius=share * self.second_radius)

    def moved(self, dx: float, dy: float) -> "Arrangement":
        """Return the same layout moved by (dx, dy) px."""
        return replace(
            self,
            heroes=tuple(_moved(place, dx, dy) for place in self.heroes),
            seconds=tuple(_moved(place, dx, dy) for place in self.seconds),
            beneath=tuple((shapes, _moved(place, dx, dy)) for shapes, place in self.beneath),
        )


def _moved(place: Placement, dx: float, dy: float) -> Placement:
    return replace(place, x=place.x + dx, y=place.y + dy)
