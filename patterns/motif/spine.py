"""Spines: places along and across a bent axis, for what is drawn from end to end: feathers, fish, botehs."""

import math
from collections.abc import Callable, Iterable, Sequence

import numpy as np
import skia

from patterns.motif.parts import Point, polygon, smooth

_STEPS = 96
# Half the width in px at a place along the axis.
Profile = Callable[[float], float]


class Spine:
    """A bent axis of ``length`` px from ``start``; a place is (t, s): t from 0 to 1 along it, s px to its right.

    ``heading`` gives the direction at t, in radians clockwise from up.
    """

    def __init__(self, start: Point, length: float, heading: Callable[[float], float]) -> None:
        self.length, self.heading = length, heading
        turns = np.array([heading((k + 0.5) / _STEPS) for k in range(_STEPS)])
        steps = np.stack([np.sin(turns), -np.cos(turns)], axis=1) * length / _STEPS
        self._points = np.array(start) + np.vstack([np.zeros((1, 2)), np.cumsum(steps, axis=0)])

    def at(self, t: float, s: float = 0.0) -> Point:
        """Return the point (x, y) px of a place; beyond its ends the axis goes on straight."""
        k = int(np.clip(t * _STEPS, 0, _STEPS - 1))
        near = self._points[k] + (self._points[k + 1] - self._points[k]) * (t * _STEPS - k)
        turn = self.heading(min(1.0, max(0.0, t)))
        return float(near[0] + s * math.cos(turn)), float(near[1] + s * math.sin(turn))

    def curve(self, places: Iterable[Point], *, closed: bool = True) -> skia.Path:
        """Return a smooth curve through places."""
        return smooth([self.at(*p) for p in places], closed=closed)

    def shape(self, places: Sequence[Point]) -> skia.Path:
        """Return a closed path with straight sides between places; many of them make it smooth."""
        return polygon([self.at(*p) for p in places])

    def body(self, right: Profile, left: Profile | None = None, *, ends: tuple[float, float] = (0.0, 1.0)) -> skia.Path:
        """Return what lies between two profiles, alike if ``left`` is None, from one end to the other."""
        steps = [ends[0] + (ends[1] - ends[0]) * k / _STEPS for k in range(_STEPS + 1)]
        other = left or right
        return self.shape([*((t, right(t)) for t in steps), *((t, -other(t)) for t in reversed(steps))])


def within(path: skia.Path, mask: skia.Path) -> skia.Path:
    """Return the part of a path that lies within another."""
    return skia.Op(path, mask, skia.PathOp.kIntersect_PathOp) or skia.Path()
