"""Painting hard-edged inks on one cell of a lattice.

Inks are drawn without antialiasing at four times the resolution and box-reduced, so that the coverage planes
partition every pixel exactly and no false third ink appears along an edge.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import skia

from patterns.lattice import Grid

OVERSAMPLE = 4
# Gray levels a step apart stand for inks while skia paints.
_STEP = 8
# Where a stamp leaves what is there.
CLEAR = 255


@dataclass(frozen=True, slots=True)
class Shape:
    """A path in one ink: filled, or stroked with round ends when ``width`` (px) is positive."""

    path: skia.Path
    ink: int
    width: float = 0.0


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a motif goes: its origin in px, turned by ``turn`` radians, mirrored first if ``flip``."""

    x: float
    y: float
    turn: float = 0.0
    flip: bool = False
    scale: float = 1.0

    def matrix(self) -> skia.Matrix:
        """Return the motion as a skia matrix."""
        matrix = skia.Matrix.Translate(self.x, self.y)
        matrix.preRotate(float(np.degrees(self.turn)))
        matrix.preScale(-self.scale if self.flip else self.scale, self.scale)
        return matrix


class Canvas:
    """One cell of a lattice to paint on; whatever leaves it comes back where the lattice says. Units are px."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        shape = (grid.height * OVERSAMPLE, grid.width * OVERSAMPLE)
        self._pixels = np.zeros(shape, np.uint8)
        info = skia.ImageInfo.Make(shape[1], shape[0], skia.kGray_8_ColorType, skia.kOpaque_AlphaType)
        self._surface = skia.Surface.MakeRasterDirect(info, self._pixels)
        self._canvas = self._surface.getCanvas()
        self._canvas.scale(OVERSAMPLE, OVERSAMPLE)
        self._paint = skia.Paint(AntiAlias=False)
        self._paint.setStrokeCap(skia.Paint.kRound_Cap)
        self._paint.setStrokeJoin(skia.Paint.kRound_Join)

    def fill(self, ink: int) -> None:
        """Cover the whole cell with one ink."""
        self._canvas.clear(_gray(ink))

    def stamp(self, indices: np.ndarray, left: int, top: int) -> None:
        """Cover subpixels from (left, top) on with the inks of (h, w) uint8 indices, where they are not ``CLEAR``."""
        self._surface.flushAndSubmit()
        self._surface.notifyContentWillChange(skia.Surface.kRetain_ContentChangeMode)
        rows, columns = np.nonzero(indices != CLEAR)
        at = self.grid.scaled(OVERSAMPLE).wrap(rows + top, columns + left)
        self._pixels[at] = indices[rows, columns] * _STEP

    def lay(self, indices: np.ndarray) -> None:
        """Cover the whole cell with the inks at its subpixels, (4 H, 4 W) uint8."""
        self._surface.notifyContentWillChange(skia.Surface.kDiscard_ContentChangeMode)
        np.multiply(indices, _STEP, out=self._pixels)

    def draw(self, shapes: Iterable[Shape], placement: Placement | None = None) -> None:
        """Paint shapes in order, moved by ``placement``, at every lattice copy that reaches the cell."""
        shapes = tuple(shapes)
        if not shapes:
            return
        matrix = placement.matrix() if placement else skia.Matrix()
        bounds = matrix.mapRect(_bounds(shapes))
        # A copy of the cell that the shapes reach shows them as if they were moved back by its place.
        for x, y in self.grid.translations(bounds.left(), bounds.top(), bounds.right(), bounds.bottom()):
            self._canvas.save()
            self._canvas.translate(-x, -y)
            self._canvas.concat(matrix)
            for shape in shapes:
                self._paint.setColor(_gray(shape.ink))
                self._paint.setStyle(skia.Paint.kStroke_Style if shape.width else skia.Paint.kFill_Style)
                self._paint.setStrokeWidth(shape.width)
                self._canvas.drawPath(shape.path, self._paint)
            self._canvas.restore()

    def indices(self) -> np.ndarray:
        """Return the ink at every subpixel, (4 H, 4 W) uint8: a copy."""
        self._surface.flushAndSubmit()
        return (self._pixels + _STEP // 2) // _STEP


def coverage(indices: np.ndarray, inks: int, *, each: int = OVERSAMPLE) -> np.ndarray:
    """Return planes (K, H, W) float32 that sum to 1, from subpixel indices, ``each`` x ``each`` of them to a pixel."""
    height, width = indices.shape[0] // each, indices.shape[1] // each
    planes = np.empty((inks, height, width), np.float32)
    for ink in range(inks):
        # The counts end at 16, so bytes hold them.
        rows = (indices == ink).reshape(height, each, -1).sum(axis=1, dtype=np.uint8)
        planes[ink] = sum(rows[:, k::each] for k in range(each))
    return planes / np.float32(each**2)


def _gray(ink: int) -> int:
    level = ink * _STEP
    return skia.Color(level, level, level)


def _bounds(shapes: tuple[Shape, ...]) -> skia.Rect:
    whole = skia.Rect.MakeEmpty()
    for shape in shapes:
        whole.join(shape.path.getBounds().makeOutset(shape.width / 2 + 0.5, shape.width / 2 + 0.5))
    return whole
