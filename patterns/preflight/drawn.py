"""What a page of a PDF was seen to draw."""

import math
from dataclasses import dataclass, field
from typing import Any

from patterns.preflight.spaces import Space

Box = tuple[float, float, float, float]
Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Image:
    """An image as the file describes it. ``key`` is the same for the same object; ``bits`` of a mask is 1."""

    key: tuple[int, int]
    name: str
    width: int
    height: int
    bits: int
    space: Space | None
    filters: tuple[str, ...]
    stream: Any
    mask: bool = False
    soft: bool = False
    interpolate: bool = False
    alternates: bool = False
    decode: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Placed:
    """One copy of an image: ``matrix`` takes the unit square to the page, in points."""

    image: Image
    matrix: Matrix

    @property
    def box(self) -> Box:
        """The rectangle around it, (left, bottom, right, top)."""
        return around(self.matrix, (0, 0, 1, 1))

    @property
    def upright(self) -> bool:
        """Whether its sides are level and plumb, not mirrored or turned."""
        a, b, c, d, _, _ = self.matrix
        return a > 0 and d > 0 and abs(b) + abs(c) < 1e-6 * (a + d)

    @property
    def ppi(self) -> tuple[float, float]:
        """Pixels per inch across and down, as it is printed."""
        a, b, c, d, _, _ = self.matrix
        sides = (math.hypot(a, b), math.hypot(c, d))
        across, down = (n * 72 / s if s else math.inf for n, s in zip(self.shape, sides, strict=True))
        return across, down

    @property
    def shape(self) -> tuple[int, int]:
        """Its width and height in pixels."""
        return self.image.width, self.image.height


@dataclass(slots=True)
class Drawn:
    """What a page draws, gathered as its content is followed. Boxes and lengths are in points of the page.

    ``trim`` is where it counts. ``fonts`` are those that show text. ``most_ink`` is the greatest ink sum of a color set
    outside images. ``hairline`` is the thinnest stroke inside the trim. ``colors`` are the device colors in use.
    """

    trim: Box
    placed: list[Placed] = field(default_factory=list)
    spaces: dict[int, Space] = field(default_factory=dict)
    fonts: dict[Any, Any] = field(default_factory=dict)
    named_fonts: dict[Any, Any] = field(default_factory=dict)
    tilings: dict[tuple[int, int], Any] = field(default_factory=dict)
    alpha: set[str] = field(default_factory=set)
    states: set[str] = field(default_factory=set)
    layers: bool = False
    most_ink: float = 0.0
    hairline: float = math.inf
    white_overprints: int = 0
    overprints: int = 0
    everywhere: int = 0
    nowhere: int = 0
    texts: int = 0
    paints: int = 0
    shadings: int = 0
    covered: Box | None = None
    steps: int = 0
    unfollowed: bool = False
    problems: dict[str, None] = field(default_factory=dict)

    def say(self, problem: str) -> None:
        """Note what is wrong with the content, once."""
        if len(self.problems) < 40:
            self.problems[problem] = None

    def cover(self, box: Box) -> None:
        """Note that a box is painted."""
        self.covered = box if self.covered is None else union(self.covered, box)


def times(inner: Matrix, outer: Matrix) -> Matrix:
    """Return the matrix that applies ``inner`` first."""
    a, b, c, d, e, f = inner
    A, B, C, D, E, F = outer
    return (
        a * A + b * C,
        a * B + b * D,
        c * A + d * C,
        c * B + d * D,
        e * A + f * C + E,
        e * B + f * D + F,
    )


def around(matrix: Matrix, box: Box) -> Box:
    """Return the upright rectangle around a transformed box."""
    a, b, c, d, e, f = matrix
    corners = [(x * a + y * c + e, x * b + y * d + f) for x in (box[0], box[2]) for y in (box[1], box[3])]
    xs, ys = zip(*corners, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def union(one: Box, other: Box) -> Box:
    """Return the rectangle around two."""
    return min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])


def meets(one: Box, other: Box, *, by: float = 0.5) -> bool:
    """Return whether two rectangles share more than a strip of ``by`` points."""
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    return across > by and down > by
