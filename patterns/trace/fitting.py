"""Bezier curves through outlines: least squares within a tolerance, all spans of all arcs at once.

Schneider, "An Algorithm for Automatically Fitting Digitized Curves", Graphics Gems, 1990, with three differences.
Spans are fitted together, each round one pass over arrays. At corners and nodes a tangent is free, so that it is the
one that fits best; elsewhere it is the chord's over equal lengths to either side, which no sample's noise decides. And
neighbors that one curve can follow are joined again, because halving at the worst place leaves more than are needed.
"""

from dataclasses import dataclass, replace

import numpy as np

from patterns.trace import bezier
from patterns.trace.corners import Outline, Path, steps, walked

# Points in the spans that fitting begins with: about what one curve follows.
_FIRST_SPAN = 40
# Times the parameters are moved to the nearest points of the curve (Newton), and the curve fitted again.
_REFITS = 3
# Tolerances: a curve this far off is not mended by that.
_HOPELESS = 4.0
_MOST_ROUNDS = 40
# A tangent is that of the chord between points this far to either side, px.
_TANGENT_REACH = 2.0
# Of a span's length: a semicircle's inner control points are 0.42 away from its ends; longer arms make loops.
_LONGEST_ARM = 0.7
# Of the tolerance: a section this straight from corner to corner is a line.
_STRAIGHT = 0.6


@dataclass(frozen=True, slots=True)
class Curves:
    """Bezier curves of the arcs, in order: arc a has ``points[starts[a]:starts[a + 1]]`` (n, 4, 2), px."""

    points: np.ndarray
    starts: np.ndarray


def fitted(outline: Outline, tolerance: np.ndarray) -> Curves:
    """Return curves that pass every point of the outline within a tolerance (A,) px of its arc.

    They go exactly through nodes and corners, and are smooth in between.
    """
    fit = _Fit(_denser(outline), tolerance)
    spans = fit.joined(fit.divided(fit.first_spans()))
    curves = fit.curves(spans)
    first = np.searchsorted(spans[:, 0], fit.path.arcs.starts[:-1])
    return Curves(curves, np.concatenate([first, [len(spans)]]))


def _denser(outline: Outline) -> Outline:
    """Return the outline with a point amid every two, so that no curve can stray between them unseen."""
    arcs, count = outline.arcs, len(outline.arcs.points)
    own = np.arange(count) - np.repeat(np.arange(len(arcs.left)), np.diff(arcs.starts))
    place = np.arange(count) + own
    starts = 2 * arcs.starts - np.arange(len(arcs.starts))
    points, corner = np.empty((starts[-1], 2)), np.zeros(starts[-1], bool)
    points[place], corner[place] = arcs.points, outline.corner
    between = np.ones(starts[-1], bool)
    between[place] = False
    middle = np.flatnonzero(between)
    points[middle] = (points[middle - 1] + points[middle + 1]) / 2
    return Outline(replace(arcs, points=points, starts=starts), corner, walked(points, starts))


class _Fit:
    """What fitting looks at: points, sections between corners, a tangent at every point."""

    def __init__(self, outline: Outline, tolerance: np.ndarray) -> None:
        arcs = outline.arcs
        self.points, self.path = arcs.points, Path(arcs)
        self.arc = self.path.arc
        self.tolerance = tolerance
        ends = np.concatenate([arcs.starts[:-1], arcs.starts[1:] - 1])
        self.stop = outline.corner.copy()  # spans never pass these
        self.stop[ends] = True
        smooth_loop = arcs.closed & ~outline.corner[arcs.starts[:-1]]
        self.free = self.stop.copy()  # the tangent is whatever fits
        self.free[arcs.starts[:-1][smooth_loop]] = False
        self.free[arcs.starts[1:][smooth_loop] - 1] = False
        self.smooth_loop = smooth_loop
        self.tangent = self._tangents()

    def _tangents(self) -> np.ndarray:
        """Return a unit tangent (N, 2) at every point, forward: of a chord as far back as ahead in its section."""
        path, along = self.path, self.path.along
        barriers = np.flatnonzero(self.stop)
        place = np.searchsorted(barriers, np.arange(len(along)), side="right") - 1
        before = along - along[barriers[place]] if len(along) else along
        after = along[barriers[np.minimum(place + 1, len(barriers) - 1)]] - along if len(along) else along
        # A loop without a corner has room on both sides everywhere.
        endless = self.smooth_loop[self.arc]
        reach = np.where(endless, path.length[self.arc] / 4, np.minimum(before, after))
        reach = np.clip(reach, 0.25, _TANGENT_REACH)
        chord = path.at(self.arc, along + reach) - path.at(self.arc, along - reach)
        return chord / np.maximum(np.hypot(*chord.T), 1e-12)[:, None]

    def first_spans(self) -> np.ndarray:
        """Return spans (S, 2), first and last point, of about equal length between the stops."""
        stops = np.flatnonzero(self.stop)
        real = np.flatnonzero(self.arc[stops[:-1]] == self.arc[stops[1:]])
        first, last = stops[real], stops[real + 1]
        count = last - first
        whole_loop = self.smooth_loop[self.arc[first]]
        pieces = np.maximum(np.ceil(count / _FIRST_SPAN).astype(int), np.where(whole_loop, 2, 1))
        section = np.repeat(np.arange(len(first)), pieces)
        rank = np.arange(len(section)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
        begin = first[section] + rank * count[section] // pieces[section]
        end = first[section] + (rank + 1) * count[section] // pieces[section]
        return np.stack([begin, end], axis=1)

    def divided(self, spans: np.ndarray) -> np.ndarray:
        """Return spans that can be followed within tolerance, divided where they could not."""
        done = []
        for _ in range(_MOST_ROUNDS):
            if not len(spans):
                break
            _, error, worst = self._followed(spans)
            fits = (error <= self.tolerance[self.arc[spans[:, 0]]]) | (spans[:, 1] - spans[:, 0] <= 1)
            done.append(spans[fits])
            first, last = spans[~fits].T
            eighth = np.maximum((last - first) // 8, 1)
            middle = np.clip(worst[~fits], first + eighth, last - eighth)
            spans = np.concatenate([np.stack([first, middle], axis=1), np.stack([middle, last], axis=1)])
        found = np.concatenate([*done, spans])
        return found[np.argsort(found[:, 0])]

    def joined(self, spans: np.ndarray) -> np.ndarray:
        """Return spans with neighbors joined where one curve can follow both."""
        tried = np.zeros(len(spans), bool)  # whether joining with the next is known to fail
        for turn in range(_MOST_ROUNDS):
            mergeable = np.zeros(len(spans), bool)
            mergeable[:-1] = (spans[:-1, 1] == spans[1:, 0]) & ~self.stop[spans[:-1, 1]]
            mergeable &= ~tried & ~self._is_whole_loop(spans)
            pick = _every_other(mergeable, turn)
            if not mergeable.any():
                break
            both = np.stack([spans[pick, 0], spans[pick + 1, 1]], axis=1)
            _, error, _ = self._followed(both)
            fits = error <= self.tolerance[self.arc[both[:, 0]]]
            tried[pick[~fits]] = True
            gone = np.zeros(len(spans), bool)
            gone[pick[fits] + 1] = True
            spans[pick[fits], 1] = both[fits, 1]
            tried[pick[fits]] = False
            tried[np.maximum(pick[fits] - 1, 0)] = False
            spans, tried = spans[~gone], tried[~gone]
        return spans

    def _is_whole_loop(self, spans: np.ndarray) -> np.ndarray:
        """Return which spans (S,) would, with the next, be all of a loop without a corner: it needs two curves."""
        arc = self.arc[spans[:, 0]]
        starts = self.path.arcs.starts
        whole = np.zeros(len(spans), bool)
        whole[:-1] = (spans[:-1, 0] == starts[arc[:-1]]) & (spans[1:, 1] == starts[arc[:-1] + 1] - 1)
        return whole & self.smooth_loop[arc]

    def curves(self, spans: np.ndarray) -> np.ndarray:
        """Return the curves (S, 4, 2) of spans; those that are straight from stop to stop are lines."""
        curves, _, _ = self._followed(spans, best=True)
        first, last = self.points[spans[:, 0]], self.points[spans[:, 1]]
        sections = self.stop[spans[:, 0]] & self.stop[spans[:, 1]] & (np.hypot(*(last - first).T) > 1e-9)
        near = self._off_chord(spans) <= _STRAIGHT * self.tolerance[self.arc[spans[:, 0]]]
        single = spans[:, 1] - spans[:, 0] == 1
        straight = (sections & near) | (single & self.free[spans].all(axis=1))
        return np.where(straight[:, None, None], bezier.lines(first, last), curves)

    def _off_chord(self, spans: np.ndarray) -> np.ndarray:
        samples = _Samples.of(self.points, spans)
        chord = samples.last - samples.first
        length = np.maximum(np.hypot(*chord.T), 1e-12)
        x, y = (samples.points - samples.first[samples.span]).T
        off = np.abs(x * chord[samples.span, 1] - y * chord[samples.span, 0]) / length[samples.span]
        return np.maximum.reduceat(off, samples.starts)

    def _followed(self, spans: np.ndarray, *, best: bool = False) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return a good curve of each span (S, 4, 2), its greatest distance (S,) px, and at which point (S,).

        Curves are fitted again while that may decide whether they are near enough; with ``best`` in any case.
        """
        limit = self.tolerance[self.arc[spans[:, 0]]]
        tried, samples = np.arange(len(spans)), _Samples.of(self.points, spans)
        u = samples.along
        curves = samples.fit(u, *self._ends(spans))
        found = curves.copy()
        error, worst = samples.off(curves, u)
        for _ in range(_REFITS):
            open_yet = best | ((error[tried] > limit[tried]) & (error[tried] < _HOPELESS * limit[tried]))
            if not open_yet.all():
                u, curves, tried = u[open_yet[samples.span]], curves[open_yet], tried[open_yet]
                if not len(tried):
                    break
                samples = _Samples.of(self.points, spans[tried])
            u = samples.nearer(curves, u)
            curves = samples.fit(u, *self._ends(spans[tried]))
            now, at = samples.off(curves, u)
            better = now < error[tried]
            found[tried[better]], error[tried[better]], worst[tried[better]] = curves[better], now[better], at[better]
        return found, error, worst

    def _ends(self, spans: np.ndarray) -> tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
        """Return (the tangents at both ends of spans, into them; whether they are free)."""
        first, last = spans.T
        return (self.tangent[first], -self.tangent[last]), (self.free[first], self.free[last])


def _every_other(wanted: np.ndarray, turn: int) -> np.ndarray:
    """Return which of the wanted (S,) to take so that no two are neighbors: the first of each run, or the second."""
    index = np.arange(len(wanted))
    begins = wanted & ~np.concatenate([[False], wanted[:-1]])
    begin = np.maximum.accumulate(np.where(begins, index, 0))
    lone = begins & ~np.concatenate([wanted[1:], [False]])
    return np.flatnonzero(wanted & (((index - begin) % 2 == turn % 2) | lone))


@dataclass(frozen=True, slots=True)
class _Samples:
    """The points of spans, one span after the other."""

    points: np.ndarray  # (M, 2)
    span: np.ndarray  # (M,) which span
    starts: np.ndarray  # (S,) where each span's points begin
    index: np.ndarray  # (M,) which point of all
    along: np.ndarray  # (M,) share of the span's length, 0-1
    weight: np.ndarray  # (M,) length of outline that a point stands for
    length: np.ndarray  # (S,) px
    first: np.ndarray  # (S, 2)
    last: np.ndarray  # (S, 2)

    @classmethod
    def of(cls, points: np.ndarray, spans: np.ndarray) -> "_Samples":
        count = spans[:, 1] - spans[:, 0] + 1
        starts = np.cumsum(count) - count
        span = np.repeat(np.arange(len(spans)), count)
        index = np.arange(len(span)) - starts[span] + spans[span, 0]
        own = points[index]
        step = np.zeros(len(span))
        step[1:] = steps(own)
        step[starts] = 0
        total = np.cumsum(step)
        along = total - total[starts][span]
        length = np.maximum(along[starts + count - 1], 1e-12)
        weight = step.copy()
        weight[:-1] += step[1:]
        weight = np.maximum(weight, 1e-3)
        return cls(
            own, span, starts, index, along / length[span], weight, length, points[spans[:, 0]], points[spans[:, 1]]
        )

    def fit(
        self, u: np.ndarray, ends: tuple[np.ndarray, np.ndarray], free: tuple[np.ndarray, np.ndarray]
    ) -> np.ndarray:
        """Return the least-squares curves (S, 4, 2) for parameters (M,), with tangents (S, 2) where they are not free.

        The inner control points are the ends plus v1, v2: [a b; b c] [v1; v2] = [r1; r2].
        """
        b0, b1, b2, b3 = bezier.weights(u)
        rest = (b0 + b1)[:, None] * self.first[self.span]
        rest += (b2 + b3)[:, None] * self.last[self.span]
        rest = self.points - rest
        w1, w2 = self.weight * b1, self.weight * b2
        a, b, c, r1x, r1y, r2x, r2y = (
            np.add.reduceat(values, self.starts)
            for values in (
                w1 * b1,
                w1 * b2,
                w2 * b2,
                w1 * rest[:, 0],
                w1 * rest[:, 1],
                w2 * rest[:, 0],
                w2 * rest[:, 1],
            )
        )
        r1, r2 = np.stack([r1x, r1y], axis=1), np.stack([r2x, r2y], axis=1)
        determinant = a * c - b * b
        singular = determinant <= 1e-9 * a * c
        safe = np.where(singular, 1, determinant)[:, None]
        v1, v2 = (c[:, None] * r1 - b[:, None] * r2) / safe, (a[:, None] * r2 - b[:, None] * r1) / safe
        third = self.length[:, None] / 3
        chord = self.last - self.first
        forward = chord / np.maximum(np.hypot(*chord.T), 1e-12)[:, None]
        longest = _LONGEST_ARM * self.length
        v1, v2 = (
            np.where((singular | (np.hypot(*v.T) > longest))[:, None], sign * forward * third, v)
            for v, sign in ((v1, 1), (v2, -1))
        )
        t1, t2 = (np.where(f[:, None], _unit(v), t) for f, v, t in zip(free, (v1, v2), ends, strict=True))
        cosine = (t1 * t2).sum(axis=1)
        held = a * c - (b * cosine) ** 2
        s1, s2 = (r1 * t1).sum(axis=1), (r2 * t2).sum(axis=1)
        safe = np.where(held <= 1e-9 * a * c, 1, held)
        alpha, beta = (c * s1 - b * cosine * s2) / safe, (a * s2 - b * cosine * s1) / safe
        poor = (held <= 1e-9 * a * c) | (np.minimum(alpha, beta) < 0.01 * self.length)
        poor |= np.maximum(alpha, beta) > longest
        alpha, beta = (np.where(poor, self.length / 3, value)[:, None] for value in (alpha, beta))
        both = (free[0] & free[1])[:, None]
        inner1 = self.first + np.where(both, v1, alpha * t1)
        inner2 = self.last + np.where(both, v2, beta * t2)
        return np.stack([self.first, inner1, inner2, self.last], axis=1)

    def off(self, curves: np.ndarray, u: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return each span's greatest distance (S,) px from its curve, and at which point of all (S,)."""
        gap = self._at(curves, u) - self.points
        square = (gap * gap).sum(axis=1)
        greatest = np.maximum.reduceat(square, self.starts)
        hit = np.flatnonzero(square == greatest[self.span])
        worst = np.empty(len(self.starts), np.int64)
        worst[self.span[hit]] = self.index[hit]
        return np.sqrt(greatest), worst

    def nearer(self, curves: np.ndarray, u: np.ndarray) -> np.ndarray:
        """Return parameters moved toward the nearest points of the curves: one step of Newton's method."""
        inner = 3 * np.diff(curves, axis=1)
        bend = 2 * np.diff(inner, axis=1)
        v = 1 - u
        speed = (v * v)[:, None] * inner[self.span, 0] + (2 * v * u)[:, None] * inner[self.span, 1]
        speed += (u * u)[:, None] * inner[self.span, 2]
        turn = v[:, None] * bend[self.span, 0] + u[:, None] * bend[self.span, 1]
        gap = self._at(curves, u) - self.points
        slope = (speed * speed).sum(axis=1) + (gap * turn).sum(axis=1)
        step = (gap * speed).sum(axis=1) / np.where(slope > 1e-9, slope, np.inf)
        moved = np.clip(u - np.clip(step, -0.2, 0.2), 0, 1)
        moved[self.starts] = 0
        moved[np.concatenate([self.starts[1:], [len(u)]]) - 1] = 1
        return moved

    def _at(self, curves: np.ndarray, u: np.ndarray) -> np.ndarray:
        b = bezier.weights(u)
        return sum(b[k][:, None] * curves[self.span, k] for k in range(4))  # type: ignore[return-value]


def _unit(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.maximum(np.hypot(*vectors.T), 1e-12)[:, None]
