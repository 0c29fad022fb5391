"""Tone: what is brighter than a lit white cloth is rolled off; all that is darker stays exactly as it is."""

import numpy as np

# Linear light of a white cloth that faces the light, as a share of the screen's white: room above it for sheen.
DIFFUSE_WHITE = 0.85


def toned(light: np.ndarray) -> np.ndarray:
    """Return display light 0-1, any shape, float32, of linear light of any height.

    Identity up to DIFFUSE_WHITE, then w + (1 - w)(1 - exp(-(x - w)/(1 - w))): the slope is 1 at the joint.
    """
    room = np.float32(1 - DIFFUSE_WHITE)
    above = np.maximum(light - np.float32(DIFFUSE_WHITE), 0)
    return np.minimum(light, np.float32(DIFFUSE_WHITE)) + room * -np.expm1(-above / room)
