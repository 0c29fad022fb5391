"""A plate goes on beneath the cloth, so that soft edges show what is behind them and leave no fringe."""

import numpy as np


def beneath(plate: np.ndarray, cloth: np.ndarray) -> np.ndarray:
    """Return the plate (H, W, 3) going on beneath the cloth (H, W) bool.

    That is the nearest bare pixel's color, softer the farther in.
    """
    if not cloth.any() or cloth.all():
        return plate
    import cv2
    from scipy.ndimage import distance_transform_edt

    rows, columns = distance_transform_edt(cloth, return_distances=False, return_indices=True)  # pyright: ignore
    near = plate[rows, columns]
    soft = cv2.GaussianBlur(near, (0, 0), 12)
    away = distance_transform_edt(cloth)
    mix = np.clip((np.asarray(away) - 4) / 24, 0, 1)[..., None].astype(np.float32)
    return np.where(cloth[..., None], near + (soft - near) * mix, plate)
