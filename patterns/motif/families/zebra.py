"""Zebra and tiger: stripes that wind, fork and run out to points, grown on the lattice's own harmonics."""

import math

import numpy as np

from patterns.lattice import Grid
from patterns.motif.canvas import OVERSAMPLE, Canvas
from patterns.motif.family import Sketch, family

_ROUNDS = 9
# Stripes turn aside by up to this many radians where they wind.
_SWAY = 0.7
# Narrower stripes (period in px) have no core: their rims would not hold on the grid.
_CORED = 26.0


class _Waves:
    """The harmonics of a lattice, and fields made of them, sampled on the cell as the lattice shears it."""

    def __init__(self, whole: Grid) -> None:
        # No wave is shorter than a few pixels: every second one is enough where the cell can be halved.
        self.coarse = 1 if any(v % 2 for v in (whole.width, whole.height, whole.drop, whole.slide)) else 2
        self.grid = grid = Grid(*(v // self.coarse for v in (whole.width, whole.height, whole.drop, whole.slide)))
        m, n = np.fft.rfftfreq(grid.width, 1 / grid.width), np.fft.fftfreq(grid.height, 1 / grid.height)
        self.x = (m[None, :] - n[:, None] * grid.drop / grid.height) / grid.width
        self.y = (n[:, None] - m[None, :] * grid.slide / grid.width) / grid.height
        self.x, self.y = self.x / self.coarse, self.y / self.coarse
        self.far = np.hypot(self.x, self.y)

    def ring(self, period: float, angle: float, *, strict: float) -> np.ndarray:
        """Return the response to waves of a period (px) that run along ``angle``, the more the stricter."""
        turn = np.arctan2(self.y, self.x) - angle
        return np.exp(-(((self.far * period - 1) / 0.3) ** 2) + strict * (np.cos(2 * turn) - 1))

    def soft(self, reach: float) -> np.ndarray:
        """Return the response of a blur over ``reach`` px."""
        return np.exp(-((self.far * reach * math.pi) ** 2) / 2)

    def passed(self, field: np.ndarray, response: np.ndarray) -> np.ndarray:
        """Return a field, (H, W), as a response lets it through."""
        return np.fft.irfft2(np.fft.rfft2(field) * response, s=field.shape)

    def fine(self, field: np.ndarray) -> np.ndarray:
        """Return a field at the canvas's subpixels, (4 H, 4 W) float32, no longer sheared."""
        import cv2

        (height, width), drop, slide = field.shape, self.grid.drop, self.grid.slide
        axis, offset = (1, slide / width) if slide else (0, drop / height)
        waves = np.fft.rfftfreq(field.shape[axis], 1 / field.shape[axis])
        along = np.arange(field.shape[1 - axis]) / field.shape[1 - axis]
        shift = np.multiply.outer(waves, along) if axis == 0 else np.multiply.outer(along, waves)
        spectrum = np.fft.rfft(field, axis=axis) * np.exp(-2j * np.pi * offset * shift)
        level = np.fft.irfft(spectrum, n=field.shape[axis], axis=axis).astype(np.float32)
        dense = OVERSAMPLE * self.coarse
        size = dense * (width + 4), dense * (height + 4)
        return cv2.resize(self.grid.pad(level, 2), size, interpolation=cv2.INTER_CUBIC)[
            2 * dense : -2 * dense, 2 * dense : -2 * dense
        ]


def _grown(rng: np.random.Generator, waves: _Waves, period: float, way: tuple[float, float]) -> np.ndarray:
    """Return winding stripes, (H, W) about -1 to 1, across an angle, as strict as ``way`` says.

    Noise is let through rings of waves and driven to its bounds in turn, as spots and stripes grow on a skin; which
    ring of three lets it through changes from place to place, so that the stripes sway.
    """
    angle, strict = way
    shape = (waves.grid.height, waves.grid.width)
    sway = waves.passed(rng.standard_normal(shape), waves.soft(2.2 * period))
    sway = np.clip((sway - sway.mean()) / (1.2 * sway.std()), -1, 1)
    shares = (np.maximum(-sway, 0), 1 - np.abs(sway), np.maximum(sway, 0))
    rings = [waves.ring(period, angle + turn, strict=strict) for turn in (-_SWAY, 0.0, _SWAY)]
    field = rng.standard_normal(shape)
    for k in range(_ROUNDS + 1):
        spectrum = np.fft.rfft2(field)
        parts = [share * np.fft.irfft2(spectrum * ring, s=shape) for share, ring in zip(shares, rings, strict=True)]
        field = np.sum(parts, axis=0)
        field = np.tanh(2.2 * field / field.std()) if k < _ROUNDS else field
    strength = np.sqrt(np.maximum(2 * waves.passed(field**2, waves.soft(0.9 * period)), 1e-9))
    return field / np.maximum(strength, 0.35 * strength.mean())


def _whole(waves: _Waves, mask: np.ndarray, reach: float) -> np.ndarray:
    """Return a mask, (4 H, 4 W) bool, without what is smaller than about ``reach`` px."""
    return waves.fine(waves.passed(mask.astype(float), waves.soft(reach))) > 0.5


def _direction(field: np.ndarray) -> tuple[str, ...]:
    """Return the direction that stripes mostly run in, by the mean of their squared slopes; nothing if in all."""
    down, across = np.gradient(field)
    slope = np.mean((across + 1j * down) ** 2) / np.mean(across**2 + down**2)
    if abs(slope) < 0.5:
        return ()
    turn = abs(np.angle(slope)) / 2
    return ("vertical" if turn < math.pi / 8 else "horizontal" if turn > 3 * math.pi / 8 else "diagonal",)


@family(
    "zebra", nouns=("zebra print", "zebra stripes", "zebra"), kind="field", scales=(18.0, 72.0), inks=(2, 4),
)  # fmt: skip
def zebra(canvas: Canvas, rng: np.random.Generator, sketch: Sketch) -> tuple[str, ...]:
    """Lay winding stripes as a zebra's, or broken into long wedges as a tiger's, with a shade in or between them."""
    period, inks = sketch.scale, sketch.style.inks
    tiger = rng.random() < 0.35
    upright = bool(rng.random() < 0.5)
    waves = _Waves(canvas.grid)
    angle = (0.0 if upright else math.pi / 2) + float(rng.normal(0, 0.1))
    field = _grown(rng, waves, period, (angle, 1.6 if tiger else 1.0))
    drift = waves.passed(rng.standard_normal(field.shape), waves.soft(1.3 * period))
    drift /= drift.std()
    field = field - ((0.3 + 0.5 * drift) if tiger else (float(rng.uniform(-0.12, 0.12)) + 0.3 * drift))
    found = np.where(waves.fine(field) > 0, 1, 0)
    if inks > 2:
        form = 0 if period < _CORED else int(rng.integers(2)) if inks == 3 else 2
        if form in (0, 2):
            found[_whole(waves, field < (-1.15 if tiger else -0.8), 0.28 * period)] = 2
        if form in (1, 2):
            found[_whole(waves, field > (0.6 if tiger else 0.72), 0.28 * period)] = inks - 1
    canvas.lay(found.astype(np.uint8))
    return _direction(field)
