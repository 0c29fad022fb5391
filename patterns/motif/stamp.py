"""A motif as a picture: what the Loom drew alone on a cell, cut out, and set on a canvas at any size and turn."""

from dataclasses import dataclass
from typing import cast

import numpy as np

from patterns.motif.canvas import CLEAR, OVERSAMPLE, Canvas, Placement
from patterns.motif.reach import ROUND, Reach

# What lies apart from the motif is debris below this share of it; parts nearer than this (px) belong together.
_DEBRIS, _NEAR_PX = 0.014, 3
# A motif with more than this share apart from its largest group of parts is none: the corpus has no such.
_APART = 0.12
# Gaps within a motif up to twice this (px) are closed over: they are part of it, and hide what lies beneath.
_CLOSED_PX = 2
# How much of the cell a motif covers at least and at most, and how much of its inks may lie on the cell's edge.
_LEAST, _MOST, _EDGE = 0.04, 0.85, 0.01


@dataclass(frozen=True, slots=True)
class Stamp:
    """A motif cut out: ink planes (h, w, K) float32 around its middle, and how far it reaches from there.

    ``opaque`` (h, w) float32 is 1 where it hides what lies beneath, also between its parts. ``middle`` is (x, y) and
    ``radius`` how far it reaches at most, both in px; ``reach`` says how far in every direction, in radii. ``half`` is
    half of its height or width, whichever is more: the size by which it is called.
    """

    planes: np.ndarray
    opaque: np.ndarray
    middle: tuple[float, float]
    radius: float
    flaw: float = 0.0
    reach: Reach = ROUND
    half: float = 1.0

    @classmethod
    def cut(cls, planes: np.ndarray) -> "Stamp":
        """Return the motif on planes (K, h, w) in 0-1, alone on its ground, without the debris around it.

        ``flaw`` is 0 for a motif that stands well clear of the edges, and grows with what is wrong.
        """
        import cv2

        shown = planes.argmax(axis=0) > 0
        kept = _without_debris(shown)
        opaque = _closed(kept)
        points = np.argwhere(kept)[:, ::-1].astype(np.float32)
        if len(points) < 3:
            side = planes.shape[1] / 2
            return cls(
                np.moveaxis(planes, 0, -1), opaque.astype(np.float32), (side, side), side, flaw=np.inf, half=side
            )
        (x, y), radius = cv2.minEnclosingCircle(points + 0.5)
        gone = shown & ~kept
        clean = planes.copy()
        clean[1:, gone], clean[0, gone] = 0, 1
        # Linear between pixels, the edge of the mask is where ground and motif are alike.
        soft = np.where(opaque & (clean.argmax(axis=0) == 0), 1.0, np.where(opaque, 1 - clean[0] / 2, clean[1:].sum(0)))
        return cls(
            np.ascontiguousarray(np.moveaxis(clean, 0, -1)), soft.astype(np.float32), (float(x), float(y)),
            float(radius) + 0.5, flaw=_flaw(shown, kept), reach=Reach.of((points + 0.5 - (x, y)) / radius),
            half=float(np.ptp(points, axis=0).max() + 1) / 2,
        )  # fmt: skip

    def on(self, canvas: Canvas, placement: Placement, radius: float, *, halo: float = 0.0) -> None:
        """Set it on a canvas with this reach in px, cleared around by ``halo`` px of the ground's ink."""
        import cv2

        scale = radius / self.radius * placement.scale * OVERSAMPLE
        half = int(np.ceil(scale * self.radius + OVERSAMPLE * (halo + 1)))
        left, top = (int(np.floor(v * OVERSAMPLE)) - half for v in (placement.x, placement.y))
        cosine, sine = np.cos(placement.turn) * scale, np.sin(placement.turn) * scale
        forward = np.array([[cosine, -sine], [sine, cosine]]) @ np.diag([-1.0 if placement.flip else 1.0, 1.0])
        target = np.array([placement.x * OVERSAMPLE - left, placement.y * OVERSAMPLE - top]) - 0.5
        shift = target - forward @ (np.array(self.middle) - 0.5)
        matrix = np.column_stack([forward, shift])
        side = (2 * half + 1, 2 * half + 1)

        def warped(values: np.ndarray) -> np.ndarray:
            return cv2.warpAffine(values, matrix, side, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)

        opaque = warped(self.opaque) > 0.5
        planes = np.concatenate([np.atleast_3d(warped(self.planes[..., i : i + 3])) for i in range(0, 6, 3)], axis=-1)
        indices = np.where(opaque, planes.argmax(axis=-1), CLEAR).astype(np.uint8)
        if halo:
            reach = 2 * round(halo * OVERSAMPLE) + 1
            ring = cv2.dilate(opaque.astype(np.uint8), cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach)))
            indices[(ring > 0) & ~opaque] = 0
        canvas.stamp(indices, left, top)


def _without_debris(shown: np.ndarray) -> np.ndarray:
    """Return the mask without the groups of parts that are small beside the largest group."""
    groups, area = _groups(shown)
    return shown & (area >= max(1.0, _DEBRIS * area.max()))[groups]


def _groups(shown: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the number of the group of near parts that each pixel is in, 0 for none, and the area of each group."""
    from scipy import ndimage

    near = ndimage.binary_dilation(shown, iterations=_NEAR_PX) if shown.any() else shown
    labels, count = cast(tuple[np.ndarray, int], ndimage.label(near))
    groups = np.asarray(labels)
    return groups, np.bincount(groups[shown], minlength=count + 1)


def _closed(kept: np.ndarray) -> np.ndarray:
    """Return the motif's silhouette: its parts, the gaps between them, and what they enclose."""
    from scipy import ndimage

    margin = 2 * _CLOSED_PX
    closed = ndimage.binary_closing(np.pad(kept, margin), iterations=_CLOSED_PX)
    return np.asarray(ndimage.binary_fill_holes(closed))[margin:-margin, margin:-margin]


def _flaw(shown: np.ndarray, kept: np.ndarray) -> float:
    """Return how much is wrong with a cut: inks on the cell's edge, debris, parts far apart, too little or too much."""
    edge = np.concatenate([shown[0], shown[-1], shown[:, 0], shown[:, -1]]).mean()
    debris = 1 - kept.sum() / max(1, shown.sum())
    share = kept.mean()
    off = max(0.0, _LEAST - share, share - _MOST)
    apart = 1 - _groups(kept)[1].max() / max(1, kept.sum())
    return float(max(0.0, edge - _EDGE) * 4 + debris * 2 + off * 20 + max(0.0, apart - _APART) * 2)
