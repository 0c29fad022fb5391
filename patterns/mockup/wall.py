"""A flat wall as one photograph shows it: four corners of a rectangle on it and a known length give mm and a camera.

Pixels are square and the camera's axis meets the picture's middle, as in a photograph that nobody cropped. Then the
corners alone give the focal length and the rectangle's shape: Zhang and He, "Whiteboard scanning and image
enhancement", Digital Signal Processing 17 (2007), section 3. With h1, h2 the first columns of the map from the unit
square to centered pixels, seen at a focal length f, sides at right angles say

    (h1x h2x + h1y h2y) / f^2 + h1z h2z = 0

and the sides' lengths are as |h1| to |h2| in space. Where the picture shows a side without perspective the equation is
empty: then the camera's own word, or any usual focal length, serves if the shape hardly depends on it.
"""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from patterns.errors import Finding, InputError
from patterns.mockup.maps import COARSE
from patterns.units import format_mm

# What told the focal length: the corners, both lengths, the camera's word in the file, or nothing.
Told = Literal["corners", "lengths", "camera", "assumed"]

# Corners are set by hand, each coordinate to about so much of the picture's diagonal: a pixel of 1600 x 1200.
CORNER_ERROR = 1 / 2000
# A shape that is surer than this is taken, and one that is less sure than the other is spoken of.
_MOST_ERROR, _SAID_ERROR = 0.03, 0.01
# Focal lengths as shares of the diagonal (43.3 mm on film): that a camera may have (10 to 260 mm), and usual ones.
_POSSIBLE, _USUAL = (0.23, 6.0), (0.5, 2.0)
# How far a camera's word on its focal length may be off: common for phones, which name whole millimeters.
_CAMERA_ERROR = 0.05
# Corners whose angles are off the right angle by more, in radians, are not a rectangle's.
_MOST_LEAN = math.radians(4)
# Sides of film of 24 x 36 mm.
_FILM_DIAGONAL = math.hypot(24, 36)
_LEAST_SIDE_PX = 16.0
# Places farther off than so many of the rectangle's longer side are of no use: a pixel shows too much of the wall.
_FARTHEST = 60.0


@dataclass(frozen=True, slots=True)
class Wall:
    """A wall in a picture of ``size`` (width, height) px.

    ``width`` and ``height`` in mm are the rectangle's; ``error`` is how uncertain the one that was not given is, as a
    share, by corners that are CORNER_ERROR off (0 if both were given). ``focal_px`` is the focal length, and ``told``
    says by what. ``to_picture`` (3, 3) float64 takes (u, v, 1) in mm, from the top left corner right and down, to
    (x z, y z, z): x, y in px, and z the distance along the camera's axis in mm.
    """

    size: tuple[int, int]
    width: float
    height: float
    error: float
    focal_px: float
    told: Told
    to_picture: np.ndarray
    findings: tuple[Finding, ...] = ()

    @property
    def fov(self) -> float:
        """The horizontal angle of view in degrees."""
        return math.degrees(2 * math.atan(self.size[0] / 2 / self.focal_px))

    @property
    def focal_film_mm(self) -> float:
        """The focal length that sees as much on film of 24 x 36 mm."""
        return self.focal_px / math.hypot(*self.size) * _FILM_DIAGONAL

    def uv(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the place in mm at each pixel's middle, (2, H, W) float32, and whether the wall is there at all.

        That is (H, W) bool: false beyond the horizon, where uv is NaN, and where the wall is too far off to be of use.
        """
        u, v, inverse = self._places(*_middles(self.size, 1))
        far = _FARTHEST * max(self.width, self.height)
        good = (inverse > 0) & (np.abs(u) < far) & (np.abs(v) < far)
        return np.where(inverse > 0, np.stack([u, v]), np.nan).astype(np.float32), good

    def depth(self) -> np.ndarray:
        """Return the distance from the camera in mm along the ray through every COARSE-th pixel's middle.

        (ceil(H/COARSE), ceil(W/COARSE)) float32, 0 beyond the horizon.
        """
        x, y = _middles(self.size, COARSE)
        inverse = self._places(x, y)[2]
        reach = np.sqrt(1 + ((x - self.size[0] / 2) ** 2 + (y - self.size[1] / 2) ** 2) / self.focal_px**2)
        return np.where(inverse > 0, reach / np.maximum(inverse, 1e-12), 0).astype(np.float32)

    def facing(self) -> np.ndarray:
        """Return the cosine between the wall's normal and the ray through each pixel's middle, (H, W) float32."""
        x, y = _middles(self.size, 1)
        ray = np.stack(
            [(x - self.size[0] / 2) / self.focal_px, (y - self.size[1] / 2) / self.focal_px, np.ones_like(x)]
        )
        normal = self._pose()[0][:, 2]
        return np.abs(np.tensordot(normal, ray, axes=1) / np.linalg.norm(ray, axis=0)).astype(np.float32)

    def camera(self) -> np.ndarray:
        """Return the matrix (4, 4) from camera space (x left, y up, z forward) to the world, mm.

        The world's x runs right along the wall and its z up from the rectangle's top left corner, its y into the wall.
        """
        turn, corner = self._pose()
        to_world = np.array([[1.0, 0, 0], [0, 0, 1], [0, -1, 0]]) @ turn.T
        matrix = np.eye(4)
        matrix[:3, :3] = to_world @ np.diag([-1.0, -1, 1])
        matrix[:3, 3] = -to_world @ corner
        return matrix

    def _places(self, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return u, v and 1 / z at places in px; u and v mean nothing where 1 / z is not positive."""
        back = np.linalg.inv(self.to_picture)
        u, v, inverse = (row[0] * x + row[1] * y + row[2] for row in back)
        safe = np.where(inverse > 0, inverse, 1)
        return u / safe, v / safe, inverse

    def _pose(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the axes u, v and into the wall as columns (3, 3), and the corner (3,) in mm.

        In space with x right, y down, z ahead.
        """
        space = _in_space(_centered(self.to_picture, self.size), self.focal_px)
        left, _, right = np.linalg.svd(np.stack([space[:, 0], space[:, 1], np.cross(space[:, 0], space[:, 1])], axis=1))
        return left @ right, space[:, 2]


def seen(
    corners: np.ndarray,
    size: tuple[int, int],
    *,
    width: float | None = None,
    height: float | None = None,
    focal_film_mm: float | None = None,
) -> Wall:
    """Return the wall on which a rectangle has these corners (4, 2) in px: top left, top right, bottom right, left.

    (0, 0) is the picture's top left corner, ``size`` is (width, height) px; corners may lie outside. ``width`` and
    ``height`` in mm are the rectangle's, one or both. ``focal_film_mm`` is what the camera says of its focal length,
    as on film. InputError if the corners cross, are not convex or too near to each other, if no length is given, or
    if the one given does not tell the other.
    """
    corners = np.asarray(corners, np.float64)
    refuse_corners(corners)
    if width is None and height is None:
        raise InputError("nothing says how large the wall is; give the rectangle's --width or --height, or both.")
    diagonal = math.hypot(*size)
    square = unit_to(corners - np.array(size) / 2)
    told_mm = focal_film_mm / _FILM_DIAGONAL * diagonal if focal_film_mm else None
    if width is not None and height is not None:
        focal, told = _focal_of_both(square, corners, size, width / height, told_mm)
        error, findings = 0.0, _differing(square, focal, width, height)
    else:
        focal, told, error = _focal_of_one(square, corners, size, told_mm)
        shape = _shape(square, focal)
        width, height = (width, width / shape) if width is not None else ((height or 0) * shape, height or 0)
        findings = _unsure(error)
    findings += _other_focal(focal, told, told_mm)
    scaled = square / np.array([width, height, 1.0])
    space = _in_space(scaled, focal)
    scaled = scaled / math.sqrt(np.linalg.norm(space[:, 0]) * np.linalg.norm(space[:, 1]))
    return Wall(size, width, height, error, focal, told, _centered(scaled, size, back=True), findings)


def refuse_corners(corners: np.ndarray) -> None:
    """Raise InputError unless (4, 2) corners, in px, go round a convex quadrilateral, clockwise as one sees it."""
    sides = np.roll(corners, -1, axis=0) - corners
    if corners.shape != (4, 2) or not np.isfinite(corners).all():
        raise InputError("a rectangle has four corners: top left, top right, bottom right, bottom left.")
    if np.linalg.norm(sides, axis=1).min() < _LEAST_SIDE_PX:
        raise InputError(f"two of the corners are less than {_LEAST_SIDE_PX:g} px apart; take a larger rectangle.")
    after = np.roll(sides, -1, axis=0)
    turns = sides[:, 0] * after[:, 1] - sides[:, 1] * after[:, 0]
    turns /= np.linalg.norm(sides, axis=1) * np.linalg.norm(after, axis=1)
    if (turns < -0.02).all():
        raise InputError("the corners go round the wrong way: top left, top right, bottom right, bottom left.")
    if (turns < 0.02).any():
        raise InputError(
            "the corners cross, or do not go round a convex shape; give them as top left, top right, bottom right, "
            "bottom left."
        )


def unit_to(corners: np.ndarray) -> np.ndarray:
    """Return the homography (3, 3) from the unit square's corners to (4, 2) others, its last entry 1.

    Heckbert, "Fundamentals of texture mapping and image warping" (1989), section 2.2.3.
    """
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = corners
    ahead, below = (x1 - x2, y1 - y2), (x3 - x2, y3 - y2)
    left = (x0 - x1 + x2 - x3, y0 - y1 + y2 - y3)
    whole = ahead[0] * below[1] - below[0] * ahead[1]
    g = (left[0] * below[1] - below[0] * left[1]) / whole
    h = (ahead[0] * left[1] - left[0] * ahead[1]) / whole
    return np.array([[x1 - x0 + g * x1, x3 - x0 + h * x3, x0], [y1 - y0 + g * y1, y3 - y0 + h * y3, y0], [g, h, 1.0]])


def _middles(size: tuple[int, int], step: int) -> tuple[np.ndarray, np.ndarray]:
    """Return x and y of every so-manieth pixel's middle, float64."""
    y, x = np.mgrid[0 : size[1] : step, 0 : size[0] : step] + 0.5
    return x, y


def _centered(matrix: np.ndarray, size: tuple[int, int], *, back: bool = False) -> np.ndarray:
    """Return a map to px as one to px from the picture's middle, or back."""
    sign = 1 if back else -1
    return np.array([[1, 0, sign * size[0] / 2], [0, 1, sign * size[1] / 2], [0, 0, 1]]) @ matrix


def _in_space(matrix: np.ndarray, focal: float) -> np.ndarray:
    """Return the columns of a map to centered px as directions in space: x right, y down, z ahead."""
    return matrix / np.array([[focal], [focal], [1.0]])


def _shape(square: np.ndarray, focal: float) -> float:
    """Return the rectangle's width over its height, seen at a focal length."""
    space = _in_space(square, focal)
    return float(np.linalg.norm(space[:, 0]) / np.linalg.norm(space[:, 1]))


def _lean(square: np.ndarray, focal: float) -> float:
    """Return by how many radians the sides are off the right angle, seen at a focal length."""
    space = _in_space(square, focal)
    cosine = space[:, 0] @ space[:, 1] / (np.linalg.norm(space[:, 0]) * np.linalg.norm(space[:, 1]))
    return abs(math.asin(max(-1.0, min(1.0, float(cosine)))))


def _focal(square: np.ndarray) -> float:
    """Return the focal length in px at which the sides are at right angles, NaN if there is none."""
    flat = float(square[:2, 0] @ square[:2, 1])
    deep = float(square[2, 0] * square[2, 1])
    return math.sqrt(-flat / deep) if flat * deep < 0 else math.nan


def _focal_of_corners(square: np.ndarray, corners: np.ndarray, size: tuple[int, int]) -> tuple[float, float]:
    """Return the focal length that the corners tell and the error of the shape then, NaN if they do not tell it."""
    diagonal = math.hypot(*size)
    focal = _focal(square)
    if not _POSSIBLE[0] * diagonal < focal < _POSSIBLE[1] * diagonal:
        return math.nan, math.nan
    return focal, _error(corners, size, None)


def _error(corners: np.ndarray, size: tuple[int, int], focal: float | None) -> float:
    """Return the standard deviation of the shape's logarithm by corners that are CORNER_ERROR off.

    At a focal length, or (None) at the one that the moved corners tell; NaN if they then tell none.
    """
    step = CORNER_ERROR * math.hypot(*size)
    slopes = []
    for place in np.ndindex(4, 2):
        ends = []
        for sign in (1, -1):
            moved = corners - np.array(size) / 2
            moved[place] += sign * step
            square = unit_to(moved)
            ends.append(math.log(_shape(square, _focal(square) if focal is None else focal)))
        slopes.append((ends[0] - ends[1]) / 2)
    return math.hypot(*slopes)


def _focal_of_one(
    square: np.ndarray, corners: np.ndarray, size: tuple[int, int], camera: float | None
) -> tuple[float, Told, float]:
    """Return the focal length where one length is known, what told it, and the error of the other length."""
    focal, error = _focal_of_corners(square, corners, size)
    if error <= _MOST_ERROR:
        return focal, "corners", error
    tries: list[tuple[Told, float, float]] = []
    if camera is not None:
        tries.append(("camera", camera, 1 + _CAMERA_ERROR))
    diagonal = math.hypot(*size)
    tries.append(("assumed", diagonal * math.sqrt(_USUAL[0] * _USUAL[1]), math.sqrt(_USUAL[1] / _USUAL[0])))
    best = math.inf
    for told, focal, either in tries:
        around = abs(math.log(_shape(square, focal * either) / _shape(square, focal / either))) / 2
        error = math.hypot(_error(corners, size, focal), around)
        if error <= _MOST_ERROR and _lean(square, focal) <= _MOST_LEAN:
            return focal, told, error
        best = min(best, error)
    if all(_lean(square, diagonal * f) > _MOST_LEAN for f in np.geomspace(*_POSSIBLE, 24)):
        raise InputError(
            "no camera sees a rectangle with these corners in a picture that was not cropped; set them anew, or give "
            "both its --width and its --height."
        )
    raise InputError(
        f"these corners tell the rectangle's shape only to {best:.0%}, because too little of it runs into the "
        "distance; give both its --width and its --height."
    )


def _focal_of_both(
    square: np.ndarray, corners: np.ndarray, size: tuple[int, int], shape: float, camera: float | None
) -> tuple[float, Told]:
    """Return the focal length where both lengths are known, and what told it.

    Unless the corners alone tell it: least squares of both conditions on the plane's axes, as in Zhang, "A flexible
    new technique for camera calibration" (2000), section 3.1.
    """
    focal, error = _focal_of_corners(square, corners, size)
    if error <= _MOST_ERROR:
        return focal, "corners"
    one, other = square[:, 0] / shape, square[:, 1]
    flat = np.array([one[:2] @ other[:2], (one[:2] @ one[:2] - other[:2] @ other[:2]) / 2])
    deep = np.array([one[2] * other[2], (one[2] ** 2 - other[2] ** 2) / 2])
    inverse = -float(flat @ deep) / max(float(flat @ flat), 1e-300)
    diagonal = math.hypot(*size)
    if inverse > 0 and _POSSIBLE[0] < 1 / math.sqrt(inverse) / diagonal < _POSSIBLE[1]:
        return 1 / math.sqrt(inverse), "lengths"
    return (camera, "camera") if camera is not None else (diagonal * math.sqrt(_USUAL[0] * _USUAL[1]), "assumed")


def _differing(square: np.ndarray, focal: float, width: float, height: float) -> tuple[Finding, ...]:
    apart = _shape(square, focal) / (width / height) - 1
    if abs(apart) <= _MOST_ERROR:
        return ()
    return (
        Finding(
            "warning",
            "the corners do not agree with both lengths: by the corners the width would be "
            f"{format_mm(width * (1 + apart))} for this height",
            f"{apart:+.0%}",
            "measure again, or give one length; a cropped photograph differs so too",
        ),
    )


def _unsure(error: float) -> tuple[Finding, ...]:
    if error <= _SAID_ERROR:
        return ()
    cure = "give both --width and --height"
    return (Finding("note", "the length that was not given is a little uncertain", f"{error:.1%}", cure),)


def _other_focal(focal: float, told: Told, camera: float | None) -> tuple[Finding, ...]:
    if told == "assumed":
        text = "the focal length cannot be told, and is taken as a usual one; the wall's scale does not depend on it"
        return (Finding("note", text),)
    if camera is None or told == "camera" or abs(math.log(focal / camera)) < math.log(1.25):
        return ()
    return (
        Finding(
            "warning",
            "the camera names another focal length than the corners tell: the corners are not a rectangle's, or the "
            "photograph was cropped",
            f"{focal / camera:.2f} times",
            "set the corners anew, or give both --width and --height",
        ),
    )
