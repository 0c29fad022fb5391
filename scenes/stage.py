"""A stage: what stands where, of what, in what light, and from where it is seen. Lengths are mm, z is up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from scenes.mesh import Mesh

# A material as Mitsuba's dictionary; a light too.
Material = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Cloth:
    """A mesh that takes the design, as (a piece of) the part of that name.

    ``glow`` (r, g, b) is light that comes through it from behind, per albedo, at each vertex (n, 3) or everywhere.
    """

    part: str
    mesh: Mesh
    glow: np.ndarray | None = None


@dataclass(frozen=True, slots=True)
class Prop:
    """A mesh that does not take the design. ``glow`` is light of its own (r, g, b), as a cloth's is."""

    mesh: Mesh
    material: Material
    glow: np.ndarray | None = None


@dataclass(frozen=True, slots=True)
class Camera:
    """Where the picture is seen from, and what is in its middle; ``fov`` is the horizontal angle in degrees."""

    origin: tuple[float, float, float]
    target: tuple[float, float, float]
    fov: float = 35.0


@dataclass(frozen=True, slots=True)
class Stage:
    """A scene to bake.

    ``parts`` are the rows of its preset in order (name, title and whatever else ``patterns.scene.Part`` knows).
    ``sky`` (h, w, 3) is the light from all around, top row overhead (see ``daylight``). ``white`` is how bright, as a
    share of the screen's white, the brightest tenth of white cloth becomes. ``cloth_albedo`` is that of the cloth for
    the light that it throws on other things.
    """

    title: str
    kind: str
    fabric: str
    parts: tuple[dict[str, Any], ...]
    cloths: tuple[Cloth, ...]
    props: tuple[Prop, ...]
    camera: Camera
    sky: np.ndarray
    lights: tuple[Material, ...] = ()
    size: tuple[int, int] = (1600, 1200)
    white: float = 0.85
    cloth_albedo: float = 0.55
    motion: str = ""
    frames: int = 0


def paint(red: float, green: float, blue: float) -> Material:
    """Return a matte material of an sRGB-encoded color, 0-1."""
    return {"type": "twosided", "bsdf": {"type": "diffuse", "reflectance": rgb(red, green, blue)}}


def satin(red: float, green: float, blue: float, *, roughness: float = 0.3) -> Material:
    """Return a lacquered material of an sRGB-encoded color: wood paint, plastic, glazed ceramic."""
    return {
        "type": "twosided",
        "bsdf": {"type": "roughplastic", "diffuse_reflectance": rgb(red, green, blue), "alpha": roughness},
    }


def metal(name: str = "brass", *, roughness: float = 0.25) -> Material:
    """Return a metal: brass, steel, black iron."""
    if name == "black":
        return satin(0.09, 0.09, 0.09, roughness=0.35)
    color = {"brass": rgb(0.91, 0.78, 0.50), "steel": rgb(0.80, 0.80, 0.81)}[name]
    mirror = {"type": "roughconductor", "material": "none", "alpha": roughness, "specular_reflectance": color}
    return {"type": "twosided", "bsdf": mirror}


def wood(color: tuple[float, float, float] = (0.62, 0.44, 0.29), *, seed: int = 0, scale: float = 1200.0) -> Material:
    """Return oiled wood of an sRGB-encoded color; its grain runs along u, ``scale`` mm to a texture."""
    rng = np.random.default_rng(seed)
    from scipy.ndimage import gaussian_filter

    size = 512
    bend = gaussian_filter(rng.normal(size=(size, size)), (40, 90), mode="wrap")
    rings = np.linspace(0, 1, size, endpoint=False)[:, None] * 24 + 30 * bend / bend.std() / 12
    grain = 0.5 + 0.5 * np.sin(2 * np.pi * rings)
    fibers = gaussian_filter(rng.normal(size=(size, size)), (0.6, 14), mode="wrap")
    value = 1 + 0.10 * (grain - 0.5) + 0.05 * fibers / fibers.std()
    pixels = np.clip(value[..., None] * np.asarray(color), 0, 1).astype(np.float32)
    return satin_of(bitmap(pixels, scale=scale), roughness=0.35)


def satin_of(texture: Material, *, roughness: float = 0.3) -> Material:
    """Return a lacquered material of a texture."""
    return {"type": "twosided", "bsdf": {"type": "roughplastic", "diffuse_reflectance": texture, "alpha": roughness}}


def bitmap(pixels: np.ndarray, *, scale: float) -> Material:
    """Return a texture of sRGB-encoded pixels (h, w, 3) 0-1, ``scale`` mm of uv to its width and height."""
    return {"type": "bitmap", "pixels": pixels, "scale": scale}


def rgb(red: float, green: float, blue: float) -> Material:
    """Return a reflectance of an sRGB-encoded color."""
    encoded = np.array([red, green, blue])
    linear = np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)
    return {"type": "rgb", "value": [float(v) for v in linear]}


def daylight(
    *,
    window: tuple[float, float] = (-50.0, 35.0),
    spread: float = 28.0,
    strength: float = 6.0,
    fill: float = 0.55,
    warmth: float = 0.04,
) -> np.ndarray:
    """Return soft daylight (64, 128, 3) for ``Stage.sky``: a wide glow, and a fill that is warmer from below.

    ``window`` is (azimuth, height) in degrees of the brightest place: azimuth -90 is behind the camera's usual place
    (-y), 0 to its left (-x), 180 to its right; ``spread`` its width, ``strength`` its light beside the ``fill``.
    """
    height, width = 64, 128
    elevation = np.radians(90 - (np.arange(height) + 0.5) / height * 180)[:, None]
    azimuth = np.radians((np.arange(width) + 0.5) / width * 360 - 180)[None, :]
    to = np.radians(window)
    cosine = np.sin(elevation) * np.sin(to[1]) + np.cos(elevation) * np.cos(to[1]) * np.cos(azimuth - to[0])
    away = np.degrees(np.arccos(np.clip(cosine, -1, 1)))
    glow = strength * np.exp(-0.5 * (away / spread) ** 2)
    up = np.repeat(0.5 + 0.5 * np.sin(elevation), width, axis=1)
    cool = np.array([1 - warmth, 1.0, 1 + 1.5 * warmth])
    warm = np.array([1 + 1.5 * warmth, 1.0, 1 - 2 * warmth])
    around = fill * (0.55 + 0.45 * up)[..., None] * (warm + (cool - warm) * up[..., None])
    return (glow[..., None] * cool + around).astype(np.float32)


def softbox(
    center: tuple[float, float, float],
    target: tuple[float, float, float],
    *,
    width: float,
    height: float,
    radiance: float | Sequence[float] = 8.0,
) -> Material:
    """Return a rectangle of light that faces a target; the camera sees it if it is in the picture."""
    value = [float(radiance)] * 3 if isinstance(radiance, int | float) else [float(v) for v in radiance]
    return {"type": "softbox", "center": center, "target": target, "width": width, "height": height, "radiance": value}
