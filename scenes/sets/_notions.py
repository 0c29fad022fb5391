"""Small quiet things that lie about where people sew and wrap: rulers, scissors, pins, spools, sprigs, ribbon."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import cv2
import numpy as np
from scipy.ndimage import gaussian_filter

from scenes.mesh import Mesh, box, grid_faces, joined, lathe, plane, tube
from scenes.stage import Material, Prop, bitmap, metal, paint, satin

# Strokes of the digits on a grid of 4 by 6, y down.
_DIGITS = {
    "0": [[(1, 0), (3, 0), (4, 1.3), (4, 4.7), (3, 6), (1, 6), (0, 4.7), (0, 1.3), (1, 0)]],
    "1": [[(0.8, 1.3), (2.2, 0), (2.2, 6)]],
    "2": [[(0, 1.4), (1, 0), (3, 0), (4, 1.2), (3.8, 2.6), (0, 6), (4, 6)]],
    "3": [[(0, 0), (4, 0), (2, 2.4), (3.4, 2.8), (4, 4.2), (3, 6), (1, 6), (0, 5)]],
    "4": [[(3, 6), (3, 0), (0, 4.3), (4, 4.3)]],
    "5": [[(3.8, 0), (0.5, 0), (0.2, 2.7), (2.8, 2.4), (4, 3.6), (3.8, 5), (2.8, 6), (1, 6), (0, 5.2)]],
    "6": [[(3.4, 0), (1, 2.2), (0, 4.2), (1, 6), (3, 6), (4, 4.6), (3, 3), (1, 3), (0.1, 4)]],
    "7": [[(0, 0), (4, 0), (1.4, 6)]],
    "8": [[(2, 2.7), (0.4, 1.6), (1, 0), (3, 0), (3.6, 1.6), (2, 2.7), (0, 4.4), (1, 6), (3, 6), (4, 4.4), (2, 2.7)]],
    "9": [[(3.9, 2), (3, 3), (1, 3), (0, 1.6), (1, 0), (3, 0), (4, 1.6), (3.2, 4), (0.8, 6)]],
}


def ruler(centimeters: int = 30, *, width: float = 30.0) -> list[Prop]:
    """Return a wooden ruler, face up on z = 0, its zero 5 mm right of the origin, its scale along the upper edge."""
    color = (0.86, 0.72, 0.52)
    length, per_mm = centimeters * 10 + 10.0, 10
    pixels = np.ones((int(width * per_mm), int(length * per_mm), 3), np.float32) * np.array(color, np.float32)
    grain = np.random.default_rng(4).normal(size=(pixels.shape[0], 1, 1)).astype(np.float32)
    pixels *= 1 + 0.06 * cv2.GaussianBlur(grain, (1, 41), 5)[:, None].reshape(-1, 1, 1)
    ink = (0.16, 0.13, 0.11)
    for mm in range(centimeters * 10 + 1):
        tall = 8.5 if mm % 10 == 0 else 6.5 if mm % 5 == 0 else 4.5
        x = int((5 + mm) * per_mm)
        cv2.line(pixels, (x, 0), (x, int(tall * per_mm)), ink, 2 if mm % 10 else 3, cv2.LINE_AA)
        if mm % 10 == 0:
            _number(pixels, str(mm // 10), (x, int(10.2 * per_mm)), 0.62 * per_mm, ink)
    top = Mesh(
        np.array([[0, width, 2.4], [length, width, 2.4], [0, 0, 2.4], [length, 0, 2.4]], float),
        grid_faces(2, 2),
        np.array([[0, 0], [1, 0], [0, 1], [1, 1]], float),
    )
    body = box(length, width, 2.38, bevel=0.5).moved(length / 2, width / 2)
    face = {"type": "bitmap", "pixels": pixels, "scale": 1.0}
    lacquered = {"type": "twosided", "bsdf": {"type": "roughplastic", "diffuse_reflectance": face, "alpha": 0.3}}
    return [Prop(top, lacquered), Prop(body, satin(*color))]


def _number(pixels: np.ndarray, digits: str, at: tuple[int, int], size: float, ink: Sequence[float]) -> None:
    """Draw a number centered about x, below y; ``size`` is pixels to a unit of the digits' grid."""
    left = at[0] - (len(digits) * 5.4 - 1.4) * size / 2
    for i, digit in enumerate(digits):
        for stroke in _DIGITS[digit]:
            points = np.array(stroke) * size + (left + i * 5.4 * size, at[1])
            cv2.polylines(pixels, [np.rint(points * 16).astype(np.int32)], False, ink, 4, cv2.LINE_AA, 4)


def tabletop(color: tuple[float, float, float], *, depth: float = 4000.0, seed: int = 0) -> Prop:
    """Return a level table at z = 0 of quiet bare wood whose grain runs along x."""
    rng = np.random.default_rng(seed)
    bend = gaussian_filter(rng.normal(size=(700, 700)), (14, 60), mode="wrap")
    rings = np.sin(2 * np.pi * (np.linspace(0, 7, 700, endpoint=False)[:, None] + 1.1 * bend / bend.std()))
    fibers = gaussian_filter(rng.normal(size=(700, 700)), (0.9, 45), mode="wrap")
    value = 1 + 0.03 * (0.6 * rings + 0.45 * fibers / fibers.std())
    pixels = np.clip(value[..., None] * np.asarray(color), 0, 1).astype(np.float32)
    bare = {"type": "twosided", "bsdf": {"type": "diffuse", "reflectance": bitmap(pixels, scale=900.0)}}
    return Prop(plane(4000, depth), bare)


def slab(outline: np.ndarray, thickness: float) -> Mesh:
    """Return a flat plate on z = 0 of a convex outline (k, 2), counterclockwise, its upper edge broken a little."""
    middle = outline.mean(axis=0)
    inward = (middle - outline) / np.linalg.norm(outline - middle, axis=1, keepdims=True)
    inner = outline + inward * min(0.4, thickness / 3)
    rings = [(outline, 0.0), (outline, thickness * 0.8), (inner, thickness)]
    parts = []
    for (low, z0), (high, z1) in pairwise(rings):
        a, b = np.roll(low, -1, axis=0), np.roll(high, -1, axis=0)
        corners = [np.column_stack([p, np.full(len(p), z)]) for p, z in ((low, z0), (a, z0), (b, z1), (high, z1))]
        vertices = np.stack(corners, axis=1).reshape(-1, 3)
        start = 4 * np.arange(len(low))[:, None]
        faces = np.concatenate([start + np.array([0, 1, 2]), start + np.array([0, 2, 3])])
        parts.append(Mesh(vertices, faces, vertices[:, :2]))
    lid = np.column_stack([np.concatenate([inner, inner.mean(axis=0)[None]]), np.full(len(inner) + 1, thickness)])
    k = np.arange(len(inner))
    parts.append(Mesh(lid, np.stack([k, np.roll(k, -1), np.full(len(k), len(k))], axis=1), lid[:, :2]))
    return joined(parts)


def scissors(*, length: float = 175.0, spread: float = 9.0) -> list[Prop]:
    """Return scissors lying on z = 0, tips toward +x, their pivot at the origin."""
    blades, bows = [], []
    reach = length * 0.52
    for sign, z in ((1, 0.6), (-1, 3.2)):
        turn = sign * spread
        tip = [[reach * 0.6, -6.2], [reach, 0.2], [reach - 2, 1.2], [reach * 0.5, 4.6]]
        edge = np.array([[-9, -6], [14, -8], *tip, [12, 6.8], [-9, 6.5]])
        blade = slab(edge * (1, sign) if sign > 0 else (edge * (1, -1))[::-1], 2.4)
        blades.append(blade.turned(turn).moved(z=z))
        shank = np.array([[-4, 0], [-22, -4.5], [-36, -9], [-46, -13]]) * (1, sign)
        t = np.linspace(0, 2 * np.pi, 60)
        oval = np.stack([-70 + 25 * np.cos(t), -17.5 + 13.5 * np.sin(t) - 3 * np.cos(t)], axis=1) * (1, sign)
        arm = tube(_eased(np.column_stack([shank, np.zeros(4)])), 3.4, sides=14).scaled(1, 1, 0.8)
        bow = tube(np.column_stack([oval[:-1], np.zeros(59)]), 3.4, sides=14, closed=True)
        bows += [arm.turned(turn).moved(z=z + 2.4), bow.turned(turn).moved(z=3.6)]
    screw = lathe(np.array([[0.01, 1.2], [2.6, 1.0], [3.4, 0.3], [3.5, 0.0]])).moved(z=5.6)
    steel, black, brass = metal("steel", roughness=0.22), metal("black"), metal("brass")
    return [Prop(joined(blades), steel), Prop(joined(bows), black), Prop(screw, brass)]


def _eased(points: np.ndarray, count: int = 40) -> np.ndarray:
    """Return a smooth curve (count, 3) through points."""
    from scipy.interpolate import CubicSpline

    at = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1))])
    return CubicSpline(at, points)(np.linspace(0, at[-1], count))


def pin(x: float, y: float, degrees: float, *, length: float = 32.0) -> list[Prop]:
    """Return a pin with a round ivory head that lies at (x, y)."""
    shaft = tube(np.array([[0, 0, 1.9], [length * 0.9, 0, 0.5], [length, 0, 0.4]]), 0.35, sides=8)
    t = np.linspace(0.001, np.pi - 0.001, 24)
    head = lathe(np.stack([2.0 * np.sin(t), 2.0 * np.cos(t)], axis=1), segments=32).moved(z=2.0)
    return [
        Prop(shaft.turned(degrees).moved(x, y), metal("steel", roughness=0.15)),
        Prop(head.turned(degrees).moved(x, y), satin(0.93, 0.89, 0.80, roughness=0.1)),
    ]


def spool(thread: tuple[float, float, float], *, height: float = 46.0) -> list[Prop]:
    """Return a wooden spool of thread that stands on z = 0."""
    upper = [(0.01, 0), (4, 0), (4.2, -0.4), (13, -0.4), (14, -1.2), (14, -4), (10, -7), (6, -8)]
    lower = [(6.0, 8.0), (10, 7), (14, 4), (14, 0.6), (13.4, 0)]
    rim = np.array([*((r, height + z) for r, z in upper), *lower])
    z = np.linspace(height - 7.5, 7.5, 400)
    wound = 12.2 + 0.28 * np.abs(np.sin(np.pi * (z - z[-1]) / 0.75)) - 2.2 * np.abs(z / height * 2 - 1) ** 8
    return [Prop(lathe(rim), satin(0.80, 0.64, 0.45)), Prop(lathe(np.stack([wound, z], axis=1)), paint(*thread))]


def sprig(*, length: float, leaves: int, leaf: float, seed: int, bow: float = 0.35, bare: float = 0.12) -> list[Mesh]:
    """Return [stem, leaves] of a eucalyptus twig that grows from the origin along +x in the level, bowed toward +y.

    ``bare`` is the share of it that has no leaves.
    """
    rng = np.random.default_rng(seed)
    t = np.linspace(0, 1, 40)
    path = np.stack([length * t * (1 - 0.1 * bow * t), length * bow * t**2, 6 * np.sin(3 * t) + 4], axis=1)
    stem = tube(path, 1.3, sides=8)
    made = []
    for i in range(leaves):
        at = bare + (1 - bare) * i / (leaves - 1)
        k = int(at * 39)
        tangent = path[min(k + 1, 39)] - path[max(k - 1, 0)]
        heading = np.degrees(np.arctan2(tangent[1], tangent[0]))
        size = leaf * (1.1 - 0.55 * at) * rng.uniform(0.85, 1.1)
        side = (1 if i % 2 else -1) * (rng.uniform(38, 62) if i < leaves - 1 else 0)
        blade = _leaf(size, fold=rng.uniform(0.05, 0.2), droop=rng.uniform(-0.1, 0.35))
        blade = blade.turned(rng.uniform(-35, 35), "x").turned(-rng.uniform(5, 35), "y").turned(heading + side)
        made.append(blade.moved(*path[k]))
    return [stem, joined(made)]


def _leaf(length: float, *, fold: float, droop: float) -> Mesh:
    """Return an oval leaf from the origin along +x, a little folded along its rib and bent."""
    s, w = np.meshgrid(np.linspace(0, 1, 14), np.linspace(-1, 1, 9))
    stalk = np.clip((s - 0.1) / 0.9, 0, 1)
    half = 0.30 * length * np.sqrt(np.clip(stalk * (1 - stalk**1.6), 0, None)) * 1.55 + 0.012 * length * (1 - stalk)
    x, y = s * length, w * half
    z = fold * np.abs(y) - droop * length * s**2
    uv = np.stack([x.ravel(), y.ravel()], axis=1)
    return Mesh(np.stack([x.ravel(), y.ravel(), z.ravel()], axis=1), grid_faces(14, 9), uv)


GREEN: Material = satin(0.47, 0.55, 0.47, roughness=0.4)
STEM: Material = paint(0.45, 0.38, 0.30)
