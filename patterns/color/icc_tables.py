"""The transforms inside an ICC profile, read from their bytes and carried out on arrays in float64.

lut8Type, lut16Type, lutAToBType and lutBToAType of ICC.1:2022 (clauses 10.10 to 10.13), with curveType and
parametricCurveType (10.6, 10.18). Pillow's Little CMS takes Lab in 8 bits alone and at most four channels; a gamut
needs finer steps, and textile printers have up to ten inks. Tests compare both.
"""

import itertools
import math
import struct
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from patterns.errors import InputError

# The leading channels are interpolated corner by corner: 2**(n - 3) of them.
MOST_CHANNELS = 10
# CIE Lab as numbers from 0 to 1: clause 6.3.4.2, and the older 16-bit encoding that lut16Type keeps.
_LAB_SCALE = {"new": np.array([100.0, 255.0, 255.0]), "old": np.array([100.0, 255.0, 255.0]) * 65535 / 65280}
_LAB_OFFSET = np.array([0.0, 128.0, 128.0])

Stage = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True, slots=True)
class Transform:
    """What a tag of a profile does: ``__call__`` takes (N, ``inputs``) and returns (N, ``outputs``), all in 0-1.

    ``encoding`` says how Lab is written in 0-1: see ``encoded`` and ``decoded``.
    """

    inputs: int
    outputs: int
    stages: tuple[Stage, ...]
    encoding: str

    def __call__(self, values: np.ndarray) -> np.ndarray:
        with np.errstate(all="ignore"):
            for stage in self.stages:
                values = np.clip(np.nan_to_num(stage(values)), 0, 1)
        return values

    def encoded(self, lab: np.ndarray) -> np.ndarray:
        """Return Lab (N, 3) as this tag wants it, in 0-1."""
        return np.clip((lab + _LAB_OFFSET) / _LAB_SCALE[self.encoding], 0, 1)

    def decoded(self, values: np.ndarray) -> np.ndarray:
        """Return Lab (N, 3) of what this tag gives."""
        return values * _LAB_SCALE[self.encoding] - _LAB_OFFSET


def read_transform(data: bytes, *, from_lab: bool) -> Transform:
    """Return the transform of a tag's bytes; InputError or struct.error if they are cut or of no such type."""
    kind = data[:4]
    if kind in (b"mft1", b"mft2"):
        return _lut(data, from_lab=from_lab, wide=kind == b"mft2")
    if kind == (b"mBA " if from_lab else b"mAB "):
        return _modern(data, from_lab=from_lab)
    raise InputError(f"a table of the kind {kind.decode('ascii', 'replace')!r} cannot be read.")


def _refuse_channels(inputs: int, outputs: int) -> None:
    if not (1 <= inputs <= MOST_CHANNELS and 1 <= outputs <= MOST_CHANNELS):
        raise InputError(f"a table from {inputs} to {outputs} channels cannot be read; at most {MOST_CHANNELS} can.")


def _lut(data: bytes, *, from_lab: bool, wide: bool) -> Transform:
    """lut8Type and lut16Type: curves, grid, curves. The matrix is for XYZ alone (10.10) and is left out."""
    inputs, outputs, points = data[8:11]
    _refuse_channels(inputs, outputs)
    entries, leaving, at = (256, 256, 48) if not wide else (*struct.unpack_from(">HH", data, 48), 52)
    if entries < 2 or leaving < 2 or points < 2:
        raise InputError("a table with fewer than two steps cannot be read.")
    depth = 2 if wide else 1
    first, at = _numbers(data, at, inputs * entries, depth)
    grid, at = _numbers(data, at, points**inputs * outputs, depth)
    last, at = _numbers(data, at, outputs * leaving, depth)
    stages = (
        _curves([_sampled(curve) for curve in first.reshape(inputs, entries)]),
        _grid(grid.reshape(*[points] * inputs, outputs), linear=from_lab),
        _curves([_sampled(curve) for curve in last.reshape(outputs, leaving)]),
    )
    return Transform(inputs, outputs, stages, "old" if wide else "new")


def _modern(data: bytes, *, from_lab: bool) -> Transform:
    """lutAToBType and lutBToAType: A, grid, M, matrix, B, or the same backward; parts may be missing."""
    inputs, outputs = data[8:10]
    _refuse_channels(inputs, outputs)
    b, matrix, m, grid, a = struct.unpack_from(">5I", data, 12)
    near, far = (inputs, outputs) if from_lab else (outputs, inputs)
    parts: list[Stage] = [_curves(_curve_list(data, a, far))] if a else []
    parts += [_modern_grid(data, grid, inputs, outputs, linear=from_lab)] if grid else []
    parts += [_curves(_curve_list(data, m, near))] if m else []
    parts += [_matrix(data, matrix)] if matrix else []
    parts += [_curves(_curve_list(data, b, near))] if b else []
    if not grid and inputs != outputs:
        raise InputError(f"a table from {inputs} to {outputs} channels lacks its grid.")
    return Transform(inputs, outputs, tuple(reversed(parts)) if from_lab else tuple(parts), "new")


def _numbers(data: bytes, at: int, count: int, depth: int) -> tuple[np.ndarray, int]:
    """Return ``count`` big-endian numbers as float64 in 0-1, and where they end."""
    end = at + count * depth
    if end > len(data):
        raise InputError("a table is cut: it ends before its last number.")
    kind, most = (">u2", 65535) if depth == 2 else (">u1", 255)
    return np.frombuffer(data, kind, count, at).astype(np.float64) / most, end


def _sampled(samples: np.ndarray) -> Stage:
    places = np.linspace(0, 1, len(samples))
    return lambda x: np.interp(x, places, samples)


def _curves(curves: list[Stage]) -> Stage:
    return lambda values: np.stack([curve(values[:, i]) for i, curve in enumerate(curves)], axis=1)


def _matrix(data: bytes, at: int) -> Stage:
    numbers = np.array(struct.unpack_from(">12i", data, at)) / 65536
    rows, offset = numbers[:9].reshape(3, 3), numbers[9:]
    return lambda values: values @ rows.T + offset


def _curve_list(data: bytes, at: int, count: int) -> list[Stage]:
    curves = []
    for _ in range(count):
        curve, length = _curve(data, at)
        curves.append(curve)
        at += (length + 3) // 4 * 4
    return curves


def _curve(data: bytes, at: int) -> tuple[Stage, int]:
    """Return a curve and how many bytes it takes (10.6, 10.18)."""
    kind = data[at : at + 4]
    if kind == b"curv":
        (count,) = struct.unpack_from(">I", data, at + 8)
        if count == 0:
            return lambda x: x, 12
        if count == 1:
            gamma = struct.unpack_from(">H", data, at + 12)[0] / 256
            return lambda x: np.maximum(x, 0) ** gamma, 14
        return _sampled(_numbers(data, at + 12, count, 2)[0]), 12 + 2 * count
    if kind == b"para":
        (function,) = struct.unpack_from(">H", data, at + 8)
        if function > 4:
            raise InputError(f"a parametric curve of the kind {function} is not in the standard.")
        count = (1, 3, 4, 5, 7)[function]
        return _parametric(np.array(struct.unpack_from(f">{count}i", data, at + 12)) / 65536), 12 + 4 * count
    raise InputError(f"a curve of the kind {kind.decode('ascii', 'replace')!r} cannot be read.")


def _parametric(p: np.ndarray) -> Stage:
    """Table 68: g; g a b; g a b c; g a b c d; g a b c d e f, all of them (a x + b)**g + e above d, c x + f below."""
    g, a, b, c, d, e, f = (*p, *[0.0] * (7 - len(p))) if len(p) > 1 else (p[0], 1.0, 0, 0, 0, 0, 0)
    if len(p) in (3, 4):
        d = -b / a if a else 0.0
        e = f = c
        c = 0.0
    return lambda x: np.where(x >= d, np.maximum(a * x + b, 0) ** g + e, c * x + f)


def _modern_grid(data: bytes, at: int, inputs: int, outputs: int, *, linear: bool) -> Stage:
    points = tuple(data[at : at + inputs])
    depth = data[at + 16]
    if len(points) < inputs or min(points) < 2 or depth not in (1, 2):
        raise InputError("a table's grid has fewer than two steps, or numbers of another size than 8 or 16 bits.")
    numbers, _ = _numbers(data, at + 20, math.prod(points) * outputs, depth)
    return _grid(numbers.reshape(*points, outputs), linear=linear)


def _grid(table: np.ndarray, *, linear: bool) -> Stage:
    return lambda values: interpolated(table, values, linear=linear)


def interpolated(table: np.ndarray, values: np.ndarray, *, linear: bool = False) -> np.ndarray:
    """Return a grid (g1, ..., gn, m) read between its points at values (N, n) in 0-1, as (N, m).

    As Little CMS does it: within tetrahedra over the last three channels and linearly over those before; linearly over
    all of them where Lab goes in (``linear``).
    """
    shape = np.array(table.shape[:-1])
    steps = np.append(np.cumprod(shape[:0:-1])[::-1], 1)
    position = np.clip(values, 0, 1) * (shape - 1)
    low = np.minimum(position.astype(np.int64), shape - 2)
    rest, start, flat = position - low, low @ steps, table.reshape(-1, table.shape[-1])
    lead = len(shape) if linear else max(0, len(shape) - 3)
    total = np.zeros((len(values), table.shape[-1]))
    for corner in itertools.product((0, 1), repeat=lead):
        chosen = np.array(corner, dtype=np.int64)
        weight = np.prod(np.where(chosen, rest[:, :lead], 1 - rest[:, :lead]), axis=1)
        total += weight[:, None] * _tetrahedral(flat, start + chosen @ steps[:lead], rest[:, lead:], steps[lead:])
    return total


def _tetrahedral(flat: np.ndarray, start: np.ndarray, rest: np.ndarray, steps: np.ndarray) -> np.ndarray:
    """Walk from the low corner along the channels, the largest remainder first, weighing each corner met."""
    order = np.argsort(-rest, axis=1, kind="stable")
    ordered = np.take_along_axis(rest, order, axis=1)
    bounds = np.concatenate([np.ones((len(rest), 1)), ordered, np.zeros((len(rest), 1))], axis=1)
    weights = bounds[:, :-1] - bounds[:, 1:]
    value, place = weights[:, :1] * flat[start], start
    for i in range(rest.shape[1]):
        place = place + steps[order[:, i]]
        value = value + weights[:, i + 1 : i + 2] * flat[place]
    return value
