"""A half-circle skirt on a tailor's dress form."""

from __future__ import annotations

import numpy as np
from scipy.interpolate import PchipInterpolator
from scipy.ndimage import gaussian_filter1d, map_coordinates

from scenes.cloth import Body
from scenes.cloth import Cloth as Simulated
from scenes.mesh import Mesh, box, extruded, grid_faces, joined, lathe, tube
from scenes.sets._interior import (
    BASEBOARD,
    WHITE,
    crosswise,
    floorboards,
    limb,
    molded,
    moved,
    plaster,
    tapered,
    turned_profile,
)
from scenes.stage import Camera, Cloth, Prop, Stage, daylight, paint, softbox, wood

WAIST = 1060.0  # above the floor
LENGTH = 760.0  # of the skirt below its waistband
BAND = 34.0
# Half width, half depth, and how far forward the middle is, at heights above the floor.
FORM = np.array([
    [770, 166, 118, -6], [850, 178, 124, -12], [960, 152, 112, -6], [1060, 119, 93, 0], [1100, 121, 95, 2],
    [1190, 140, 112, 4], [1285, 158, 122, 4], [1370, 164, 108, -4], [1425, 158, 88, -10], [1462, 138, 70, -14],
    [1486, 104, 60, -14], [1502, 74, 56, -14], [1518, 62, 54, -12], [1552, 58, 52, -9],
], float)  # fmt: skip
SECTIONS = PchipInterpolator(FORM[:, 0], FORM[:, 1:])


def torso() -> Mesh:
    """Return the stuffed body of the form, down to where the skirt hides it."""
    z = np.linspace(FORM[-1, 0], WAIST - 10, 160)
    angle = np.linspace(0, 2 * np.pi, 161)
    points = np.stack([surface(angle, np.full_like(angle, h)) for h in z])
    return Mesh(points.reshape(-1, 3), grid_faces(161, 160), np.zeros((161 * 160, 2)))


def surface(angle: np.ndarray, z: np.ndarray, *, out: float = 0.0) -> np.ndarray:
    """Return points (n, 3) ``out`` mm off the form's surface; angle 0 is in front, more of it to the right."""
    a, b, forward = SECTIONS(z).T
    x, y = np.sign(np.sin(angle)) * np.abs(np.sin(angle)) ** 0.9, -np.sign(np.cos(angle)) * np.abs(np.cos(angle)) ** 0.9
    bust = sum(
        np.exp(-((((np.degrees(angle) - at + 180) % 360 - 180) / 19) ** 2) - ((z - 1268) / 52) ** 2) for at in (-33, 33)
    )
    return np.stack([(a + out) * x + 6 * bust * x, (b + out + 30 * bust) * y + forward, z], axis=1)


def hips() -> Body:
    """Return the form as what pushes cloth out, level by level."""

    def out(points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        z = np.clip(points[:, 2], FORM[0, 0], FORM[-1, 0])
        a, b, forward = SECTIONS(z).T
        local = np.stack([points[:, 0] / (a + 3), (points[:, 1] - forward) / (b + 3)], axis=1)
        far = np.linalg.norm(local, axis=1)
        inside = (far < 1) & (points[:, 2] > FORM[0, 0])
        shift = 1 / np.maximum(far[inside, None], 1e-6)
        moved_ = points.copy()
        moved_[inside, 0] = (local[inside] * shift)[:, 0] * (a + 3)[inside]
        moved_[inside, 1] = (local[inside] * shift)[:, 1] * (b + 3)[inside] + forward[inside]
        return moved_, inside

    return out


def waistline(count: int, *, out: float = 3.0) -> np.ndarray:
    """Return points (count, 2) around the waist at equal distances, from the back around by the left of the picture."""
    angle = np.linspace(-np.pi, np.pi, 4001)
    a, b, forward = SECTIONS(WAIST)
    curve = np.stack([(a + out) * np.sin(angle), -(b + out) * np.cos(angle) + forward], axis=1)
    along = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(curve, axis=0), axis=1))])
    at = np.linspace(0, along[-1], count)
    return np.stack([np.interp(at, along, curve[:, i]) for i in range(2)], axis=1)


def draped(*, segments: int = 144, rows: int = 40, seconds: float = 1.2) -> tuple[np.ndarray, float]:
    """Return the skirt as it hangs, a grid (rows, segments, 3) from its back, and its waist's radius when flat."""
    ring = waistline(segments + 1)[:-1]
    around = float(np.linalg.norm(np.diff(waistline(2001), axis=0), axis=1).sum())
    inner = around / np.pi
    down = np.linspace(0, LENGTH, rows)
    angle = -np.pi + np.arange(segments) / segments * 2 * np.pi
    # At rest it is a cone whose sides lean by 30 degrees: half a circle.
    far = (inner + down)[:, None] / 2
    rest = np.stack(
        [far * np.sin(angle), -far * np.cos(angle), np.repeat(-down[:, None] * np.cos(np.pi / 6), segments, 1)], axis=-1
    )
    share = (down / LENGTH)[:, None]
    ripple = 1 + 0.10 * share * (np.cos(9 * angle + 0.6) + 0.4 * np.cos(5 * angle + 2.0))
    start = rest * np.stack([ripple, ripple, np.ones_like(ripple)], axis=-1)
    start[..., :2] += (ring - rest[0, :, :2])[None]
    start[..., 2] += WAIST
    mesh = Mesh(start.reshape(-1, 3), grid_faces(segments, rows, around=True), rest.reshape(-1, 3))
    pinned = np.arange(rows * segments) < segments
    flared = np.repeat(share, segments, 1).reshape(-1, 1)

    def petticoat(_: float, points: np.ndarray) -> np.ndarray:
        level = points * (1, 1, 0)
        return 350.0 * flared * level / np.maximum(np.linalg.norm(level, axis=1, keepdims=True), 1.0)

    # Slow falling leaves the lengths as they are, and a firm cotton keeps its flutes.
    cloth = Simulated(mesh, pinned=pinned, bodies=(hips(),), bend=0.12, gravity=3000.0, damping=0.012, friction=0.4)
    cloth.run(seconds, steps_per_second=500, wind=petticoat).settle(200)
    return cloth.points.reshape(rows, segments, 3), inner


def panels(grid: np.ndarray, inner: float, *, finer: int = 3) -> list[Mesh]:
    """Return the skirt's front and back, each cut with its middle on the straight grain."""
    rows, segments = grid.shape[:2]
    found = []
    for middle in (segments / 2, 0.0):
        column = np.linspace(middle - segments / 4, middle + segments / 4, segments // 2 * finer + 1)
        row = np.linspace(0, rows - 1, (rows - 1) * finer + 1)
        at = np.stack(np.meshgrid(row, column % segments, indexing="ij"))
        padded = np.concatenate([grid[:, -6:], grid, grid[:, :6]], axis=1)
        points = np.stack(
            [
                map_coordinates(padded[..., i], at + np.array([0, 6])[:, None, None], order=3, mode="nearest")
                for i in range(3)
            ],
            -1,
        )
        far = inner + row[:, None] / (rows - 1) * LENGTH
        turn = (column - middle)[None, :] / segments * np.pi
        uv = np.stack([far * np.sin(turn), far * np.cos(turn) - inner], axis=-1)
        found.append(Mesh(points.reshape(-1, 3), grid_faces(len(column), len(row)), uv.reshape(-1, 2)))
    return found


def waistband() -> Mesh:
    """Return the waistband, its front's middle at u = 0 and its lower edge at v = 0."""
    ring = waistline(241, out=6.5)
    profile = np.concatenate([ring, np.full((241, 1), WAIST + BAND - 3)], axis=1)
    band = extruded(profile, (0, 0, -BAND), step=8)
    return band.shifted(-band.uv[:, 0].max() / 2, -BAND)


def measuring_tape() -> Mesh:
    """Return a tape measure that lies about the neck and hangs down in front."""
    s = np.linspace(-1, 1, 241)
    behind = np.clip(np.abs(s) / 0.24, 0, 1)
    drop = np.clip((np.abs(s) - 0.24) / 0.76, 0, 1)
    z = 1536 - 16 * behind**2 - (330 + 50 * (s > 0)) * drop
    across = 62 + 6 * drop - 14 * drop**2  # of the form's middle
    half = np.where(drop > 0, np.arcsin(np.clip(across / SECTIONS(z)[:, 0], 0, 1)), np.pi - behind * np.pi / 2)
    angle = np.where(s < 0, -half, half)
    normal = np.cross(
        surface(angle + 0.01, z) - surface(angle - 0.01, z), surface(angle, z + 2) - surface(angle, z - 2)
    )
    normal /= np.linalg.norm(normal, axis=1, keepdims=True)
    normal, path = (gaussian_filter1d(a, 4, axis=0, mode="nearest") for a in (normal, surface(angle, z) + 3 * normal))
    side = np.cross(normal, np.gradient(path, axis=0))
    side /= np.linalg.norm(side, axis=1, keepdims=True)
    edge = np.stack([path - 9 * side, path + 9 * side])
    return Mesh(edge.reshape(-1, 3), grid_faces(len(s), 2), np.zeros((2 * len(s), 2)))


def stand() -> list[Prop]:
    """Return the form's cap, seams and stand."""
    cap = lathe(
        turned_profile(
            [
                (0, 1622),
                (12, 1620),
                (17, 1611),
                (12, 1599),
                (9, 1591),
                (14, 1580),
                (40, 1573),
                (58, 1565),
                (61, 1556),
                (58, 1548),
                (0, 1548),
            ]
        )
    )
    post = lathe(
        turned_profile(
            [
                (0, 1040),
                (15, 1040),
                (15, 400),
                (15, 330),
                (24, 318),
                (27, 300),
                (20, 284),
                (25, 262),
                (25, 190),
                (18, 170),
                (0, 160),
            ]
        )
    )
    s = np.linspace(0, 1, 40)
    curve = np.stack([20 + 270 * s, 0 * s, 225 - 215 * s**0.75 + 34 * np.sin(np.pi * s) ** 2], axis=1)
    legs = [limb(curve, (17, 11), sides=16).turned(turn) for turn in (-72, 48, 168)]
    z = np.linspace(WAIST, 1546, 200)
    seams = [
        tube(surface(np.full_like(z, np.radians(a)) * np.interp(z, [1300, 1480], [1, 0.8]), z, out=0.2), 0.9, sides=6)
        for a in (-33, 0, 33)
    ]
    return [
        Prop(joined([cap.moved(y=-8), post, *legs]), wood((0.50, 0.34, 0.22), seed=4)),
        Prop(joined(seams), paint(0.66, 0.60, 0.51)),
    ]


def stool() -> list[Prop]:
    """Return a stool with folded linen on it, on z = 0."""
    seat = lathe(turned_profile([(0, 460), (165, 460), (172, 455), (172, 436), (165, 430), (0, 430)]))
    legs = [
        tapered((95 * np.cos(a), 95 * np.sin(a), 432), (150 * np.cos(a), 150 * np.sin(a), 0), (17, 11))
        for a in np.radians([20, 110, 200, 290])
    ]
    cloths, z = [], 460.0
    for k, (thick, color) in enumerate(((30, (0.86, 0.83, 0.77)), (26, (0.60, 0.63, 0.60)), (24, (0.80, 0.72, 0.63)))):
        layers = [
            box(236 - 5 * k, 180 - 4 * k, thick / 3, bevel=thick / 6.2).moved(z=z + i * thick / 3) for i in range(3)
        ]
        cloths.append(Prop(joined(layers).turned(5 * k - 4), paint(*color)))
        z += thick
    return [Prop(joined([seat, *(crosswise(leg) for leg in legs)]), wood((0.66, 0.50, 0.34), seed=6)), *cloths]


def panelled(x: float, z: float, width: float, height: float) -> Mesh:
    """Return a frame of molding on the plane y = 0, facing -y."""
    corners = np.array([[x, 0, z], [x + width, 0, z], [x + width, 0, z + height], [x, 0, z + height]], float)
    return joined([tube(np.stack([corners[i], corners[(i + 1) % 4]]), 9, sides=16) for i in range(4)])


def stage() -> Stage:
    """Return the stage."""
    skirt = panels(*draped())
    plates = [
        lathe(turned_profile([(0, 9), (30, 8), (47, 4), (50, 0)]))
        .scaled(0.86, 1.25, 1)
        .turned(90, "y")
        .moved(155, -6, 1415)
    ]
    plates.append(plates[0].scaled(-1, 1, 1).turned_over())
    wall_y = 620.0
    wall = plaster([(-3000, wall_y, 2900), (3000, wall_y, 2900), (-3000, wall_y, 0), (3000, wall_y, 0)])
    frames = joined([panelled(x, 240, 860, 2300) for x in (-1420, -430, 560)]).moved(y=wall_y)
    base = molded(BASEBOARD, (-3000, wall_y, 0), (3000, wall_y, 0), (0, -1, 0))
    return Stage(
        title="a half-circle skirt on a dress form",
        kind="product",
        fabric="cotton-digital-150",
        parts=({"name": "skirt", "title": "the skirt", "middle": (0.0, LENGTH / 2)},),
        cloths=(*(Cloth("skirt", piece.turned(-12)) for piece in (*skirt, waistband())),),
        props=(
            *moved(
                [
                    Prop(joined([torso(), *plates]), paint(0.84, 0.79, 0.70)),
                    *stand(),
                    Prop(measuring_tape(), paint(0.90, 0.83, 0.64)),
                ],
                turn=-12,
            ),
            Prop(wall, paint(0.95, 0.935, 0.905)),
            Prop(joined([frames, base]), WHITE),
            *floorboards((-2600, 2600), (-2600, wall_y), color=(0.70, 0.57, 0.43), seed=9),
            *moved(stool(), x=415, y=330),
        ),
        camera=Camera((0, -4200, 970), (0, 0, 918), fov=13.0),
        sky=daylight(window=(-60.0, 30.0), strength=2.0, fill=0.62),
        lights=(softbox((-2300, -1500, 2000), (0, 0, 900), width=1100, height=1600, radiance=18.0),),
        size=(1000, 1500),
        white=0.88,
    )
