"""Pictures to be joined, drawn by code: cloths and paintings that do not repeat, and photographs of cloth that does."""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np


def floral(rng: np.random.Generator, *, side: int = 480, petals: int = 6) -> np.ndarray:
    """Return a scattering of flowers and leaves on a plain ground, (side, side, 3) float32 sRGB 0-1: flat art."""
    import cv2

    ground, *colors = rng.uniform(0.1, 0.95, (5, 3))
    picture = np.broadcast_to(ground, (side, side, 3)).astype(np.float32).copy()
    for _ in range(100):
        at, radius = rng.uniform(0, side, 2), rng.uniform(0.02, 0.05) * side
        _flower(picture, at, radius, colors, petals, rng, cv2)
    return picture


def _flower(
    picture: np.ndarray,
    at: np.ndarray,
    radius: float,
    colors: list[np.ndarray],
    petals: int,
    rng: np.random.Generator,
    cv2,
) -> None:
    turn, color = rng.uniform(0, 360), colors[rng.integers(len(colors) - 1)]
    if rng.random() < 0.4:
        axes = (max(1, round(8 * radius)), max(1, round(2.4 * radius)))
        cv2.ellipse(picture, _fixed(at), axes, turn, 0, 360, colors[-1].tolist(), -1, cv2.LINE_AA, 3)
        return
    for k in range(petals):
        angle = np.radians(turn + 360 * k / petals)
        middle = at + 0.6 * radius * np.array([np.cos(angle), np.sin(angle)])
        axes = (max(1, round(4.4 * radius)), max(1, round(2.6 * radius)))
        cv2.ellipse(picture, _fixed(middle), axes, float(np.degrees(angle)), 0, 360, color.tolist(), -1, cv2.LINE_AA, 3)
    cv2.circle(picture, _fixed(at), max(1, round(8 * 0.28 * radius)), colors[-2].tolist(), -1, cv2.LINE_AA, 3)


def _fixed(at: np.ndarray) -> tuple[int, int]:
    return round(8 * float(at[0])), round(8 * float(at[1]))


def weave(rng: np.random.Generator, *, side: int = 480) -> np.ndarray:
    """Return a melange twill whose threads vary in color and width, (side, side, 3) float32 sRGB 0-1."""
    warp = np.cumsum(np.full(side, 0.33) + rng.normal(0, 0.02, side))
    weft = np.cumsum(np.full(side, 0.33) + rng.normal(0, 0.02, side))
    over = np.sin(2 * np.pi * (warp[None, :] + weft[:, None]) / 2) > 0
    shade = 0.5 + 0.5 * np.sin(2 * np.pi * np.where(over, warp[None, :], weft[:, None]))
    tone = np.where(over, rng.normal(0, 0.06, side)[None, :], rng.normal(0, 0.06, side)[:, None])
    light = 0.55 + 0.25 * (shade - 0.5) + _smooth(tone, 1.0) + rng.normal(0, 0.015, (side, side))
    colors = np.where(over[..., None], [1.0, 0.86, 0.7], [0.55, 0.62, 0.75])
    return np.clip(light[..., None] * colors, 0, 1).astype(np.float32)


def painting(rng: np.random.Generator, *, side: int = 480) -> np.ndarray:
    """Return soft clouds of color with brush marks, (side, side, 3) float32 sRGB 0-1: no flat ground anywhere."""
    total = np.zeros((side, side, 3))
    for octave, share in ((24, 0.5), (10, 0.3), (4, 0.15), (1.2, 0.06)):
        noise = np.stack([_smooth(rng.normal(size=(side, side)), octave * side / 480) for _ in range(3)], axis=2)
        total += share * noise / noise.std()
    return np.clip(0.5 + 0.16 * total, 0, 1).astype(np.float32)


def leaning_light(picture: np.ndarray, *, falloff: float = 0.5) -> np.ndarray:
    """Return the picture lit from its upper left: ``falloff`` of the light is lost at the far corner, (H, W, 3)."""
    y, x = np.mgrid[: picture.shape[0], : picture.shape[1]]
    away = np.hypot(y / picture.shape[0], x / picture.shape[1]) / np.sqrt(2)
    return np.clip(picture * (1 - falloff * away[..., None]) ** (1 / 2.2), 0, 1).astype(np.float32)


def _smooth(values: np.ndarray, sigma: float) -> np.ndarray:
    from scipy.ndimage import gaussian_filter

    return gaussian_filter(values, sigma, mode="wrap")


@dataclass(frozen=True, slots=True)
class Cloth:
    """A photograph, (H, W, 3) float32 sRGB 0-1, and the two vectors (x, y) in its pixels by which the cloth repeats.

    The vectors hold at the middle of the picture, where a slight perspective is exact.
    """

    picture: np.ndarray
    vectors: np.ndarray
    drop: Fraction


def cloth(rng: np.random.Generator, *, side: int = 640, still: bool = False) -> Cloth:
    """Return a photographed cloth of 2.2 to 5 repeats a side, straight or dropped; ``still`` without lens and noise."""
    drop = [Fraction(0), Fraction(1, 2), Fraction(1, 2), Fraction(1, 3), Fraction(1, 4), Fraction(2, 5)][
        rng.integers(6)
    ]
    slide = bool(rng.random() < 0.4) and drop == Fraction(1, 2)
    height = side / rng.uniform(2.3, 4.5)
    width = height * rng.uniform(0.75, 1.3)
    cell = np.array([[width, float(drop) * height], [0.0, height]])
    if slide:
        cell = cell[:, ::-1][::-1].copy()
    bend = np.eye(3) if still else _lens(rng, side)
    at = np.linalg.inv(cell.T)
    y, x = np.mgrid[:side, :side] + 0.5
    plane = np.einsum("ij,jyx->iyx", np.linalg.inv(bend), np.stack([x - side / 2, y - side / 2, np.ones_like(x)]))
    where = np.einsum("ij,jyx->iyx", at, plane[:2] / plane[2])
    picture = _motifs(where + rng.uniform(0, 1, (2, 1, 1)), cell, rng)
    if not still:
        picture = leaning_light(np.rot90(picture, k := int(rng.integers(4))), falloff=rng.uniform(0, 0.45))
        picture = np.rot90(picture, -k) + rng.normal(0, rng.uniform(0.005, 0.03), picture.shape)
    # Near the middle x' = (A x) / w: the vectors there are the first two columns of the lens.
    return Cloth(np.clip(picture, 0, 1).astype(np.float32), cell @ bend[:2, :2].T, drop)


def _lens(rng: np.random.Generator, side: int) -> np.ndarray:
    turn = np.radians(rng.uniform(-3, 3))
    lens = np.array([[np.cos(turn), -np.sin(turn), 0], [np.sin(turn), np.cos(turn), 0], [0, 0, 1.0]])
    lens[2, :2] = rng.uniform(-0.03, 0.03, 2) / side
    return lens


def _motifs(where: np.ndarray, cell: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return the colors (H, W, 3) of a cell of blots and rings at places (2, H, W) in lattice coordinates."""
    ground, *colors = rng.uniform(0.1, 0.95, (5, 3))
    picture = np.broadcast_to(ground, (*where.shape[1:], 3)).copy()
    size = np.sqrt(abs(np.linalg.det(cell)))
    for _ in range(int(rng.integers(4, 12))):
        offset = where - rng.uniform(0, 1, (2, 1, 1))
        offset -= np.round(offset)
        # The nearest copy is among the nine around the rounded one.
        away = np.full(where.shape[1:], np.inf)
        angle = np.zeros_like(away)
        for i in (-1, 0, 1):
            for j in (-1, 0, 1):
                xy = np.einsum("ij,iyx->jyx", cell, offset + np.array([i, j])[:, None, None])
                far = np.hypot(*xy)
                angle = np.where(far < away, np.arctan2(xy[1], xy[0]), angle)
                away = np.minimum(away, far)
        radius = size * rng.uniform(0.06, 0.2)
        edge = radius * (1 + 0.3 * np.sin(rng.integers(2, 7) * angle + rng.uniform(0, 6)))
        cover = np.clip((edge - away) / 1.5 + 0.5, 0, 1)
        if rng.random() < 0.3:
            cover *= np.clip((away - 0.55 * edge) / 1.5 + 0.5, 0, 1)
        picture += cover[..., None] * (colors[rng.integers(len(colors))] - picture)
    return picture
