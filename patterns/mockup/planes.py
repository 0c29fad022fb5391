"""Planes of whole numbers as bytes that pack well, and light as whole numbers.

Stored is what is left of each number after its neighbors are taken off (the plane predictor, v - left - above + above
left), modulo 2^16: smooth planes become nearly all zeros. Decoding is two cumulative sums.
"""

import cv2
import numpy as np

# Light is stored as the square root of its share of BRIGHTEST, in so many steps: finer in the dark, as eyes are.
BRIGHTEST, LIGHT_STEPS = 4.0, 2047
# Rec. 709 luminance of linear sRGB.
LUMINANCE = np.array([0.2126, 0.7152, 0.0722], np.float32)
# A tint is red and blue per luminance, in so many steps of 1.
_TINT_STEPS = 1024


def residuals(plane: np.ndarray) -> bytes:
    """Return what the plane predictor leaves of (H, W) uint16: all low bytes, then all high bytes."""
    left = np.diff(plane.astype(np.uint16), axis=1, prepend=np.uint16(0))
    rest = np.diff(left, axis=0, prepend=np.uint16(0))
    # Small numbers of either sign get small codes, so that high bytes are zeros.
    signed = rest.astype(np.int16).astype(np.int32)
    folded = np.where(signed >= 0, 2 * signed, -2 * signed - 1).astype(np.uint16)
    return np.stack([folded & 255, folded >> 8]).astype(np.uint8).tobytes()


def plane_of(data: bytes, shape: tuple[int, int]) -> np.ndarray:
    """Return the plane (H, W) uint16 of bytes that ``residuals`` made."""
    low, high = np.frombuffer(data, np.uint8).reshape(2, *shape)
    folded = low + (high.astype(np.uint16) << np.uint16(8))
    rest = (folded >> np.uint16(1)) ^ (np.uint16(0) - (folded & np.uint16(1)))
    np.cumsum(rest, axis=0, dtype=np.uint16, out=rest)
    return np.cumsum(rest, axis=1, dtype=np.uint16, out=rest)


def coarse(plane: np.ndarray, step: int) -> np.ndarray:
    """Return the value in the middle of every ``step`` x ``step`` pixels."""
    rows, columns = (np.minimum(np.arange(0, n, step) + step // 2, n - 1) for n in plane.shape)
    return plane[rows[:, None], columns]


def fine(data: bytes, shape: tuple[int, int], step: int) -> np.ndarray:
    """Return the plane of bytes, ``step`` times as large both ways, float32, its values joined by straight lines."""
    plane = plane_of(data, shape).astype(np.float32)
    return cv2.resize(plane, (shape[1] * step, shape[0] * step), interpolation=cv2.INTER_LINEAR)


def on_plane(values: np.ndarray, pixel: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """Return values (n,) at their pixels of a plane, the others 0."""
    plane = np.zeros(shape, values.dtype)
    plane.ravel()[pixel] = values
    return plane


def nearest(pixel: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """Return of every pixel (H, W) which of ``pixel`` (n,), n > 0, is nearest, by its place among them.

    A plane filled so costs nothing where nothing is known.
    """
    from scipy.ndimage import distance_transform_edt

    number = np.full(shape, -1)
    number.ravel()[pixel] = np.arange(len(pixel))
    rows, columns = distance_transform_edt(number < 0, return_distances=False, return_indices=True)  # pyright: ignore
    return number[rows, columns]


def coded_root(values: np.ndarray, steps: int) -> np.ndarray:
    """Return light as steps of its root."""
    return np.rint(np.sqrt((values / BRIGHTEST).clip(0, 1)) * steps)


def root_of(coded: np.ndarray, steps: int) -> np.ndarray:
    """Return light (float32) of steps of its root."""
    return (coded.astype(np.float32) / np.float32(steps)) ** 2 * np.float32(BRIGHTEST)


def coded_light(shade: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return light (n,) and tint (2, n) as whole numbers of (3, n): luminance, and red and blue per luminance."""
    luminance = np.tensordot(LUMINANCE, shade, axes=1)
    tint = shade[[0, 2]] / np.maximum(luminance, 1e-4)
    coded = np.rint(tint.clip(0, 8) * _TINT_STEPS).astype(np.uint16)
    return coded_root(luminance, LIGHT_STEPS).astype(np.uint16), coded


def light_of(light: np.ndarray, red: np.ndarray, blue: np.ndarray) -> np.ndarray:
    """Return (3, n) float32 of what ``coded_light`` made."""
    luminance = root_of(light, LIGHT_STEPS)
    red, blue = (tint.astype(np.float32) / np.float32(_TINT_STEPS) for tint in (red, blue))
    green = (1 - LUMINANCE[0] * red - LUMINANCE[2] * blue) / LUMINANCE[1]
    return np.stack([red, np.maximum(green, 0), blue]) * luminance
