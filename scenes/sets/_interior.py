"""What stands in a room: boards, moldings, doors, frames, books, vases, branches, lamps. Lengths are mm, z is up."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scenes.mesh import Mesh, box, extruded, grid_faces, joined, lathe, sheet, tube
from scenes.stage import Prop, metal, paint, satin, wood

# Sections (out from the wall, height), from top to bottom, in mm.
BASEBOARD = np.array([
    [0, 140], [6, 140], [9, 138], [10, 134], [11, 126], [15, 120], [18, 116], [18, 112], [18, 2], [18, 0],
], float)  # fmt: skip
CORNICE = np.array([
    [85, 0], [85, -10], [78, -16], [76, -24], [66, -34], [50, -46], [34, -62], [24, -78], [22, -86], [14, -90],
    [14, -100], [0, -104],
], float)  # fmt: skip
CASING = np.array([
    [0, 95], [20, 95], [23, 92], [24, 86], [23, 80], [17, 74], [15, 66], [15, 26], [17, 20], [14, 8], [10, 0], [0, 0],
], float)  # fmt: skip


def molded(section: np.ndarray, start: Sequence[float], end: Sequence[float], inward: Sequence[float]) -> Mesh:
    """Return a molding (out, height) along a wall from start to end; ``inward`` points into the room."""
    a, b = np.asarray(start, float), np.asarray(end, float)
    out = np.asarray(inward, float)
    rounded = _rounded(section)
    profile = a + rounded[:, :1] * out + rounded[:, 1:] * np.array([0, 0, 1.0])
    return extruded(profile, b - a, lengthwise=True, step=4000)


def _rounded(section: np.ndarray) -> np.ndarray:
    """Return a section whose corners stay sharp in shading: every point doubled a hair apart."""
    step = np.diff(section, axis=0)
    step /= np.maximum(np.linalg.norm(step, axis=1, keepdims=True), 1e-9)
    inner = np.stack([section[:-1] + 0.4 * step, section[1:] - 0.4 * step], axis=1).reshape(-1, 2)
    return np.concatenate([section[:1], inner, section[-1:]])


def plaster(corners: Sequence[Sequence[float]]) -> Mesh:
    """Return a flat quadrilateral: top left, top right, bottom left, bottom right as seen from its face."""
    points = np.asarray(corners, float)
    wide, high = np.linalg.norm(points[1] - points[0]), np.linalg.norm(points[2] - points[0])
    return Mesh(points, grid_faces(2, 2), np.array([[0, 0], [wide, 0], [0, high], [wide, high]]))


def floorboards(
    x: tuple[float, float],
    y: tuple[float, float],
    *,
    board: float = 140.0,
    color: tuple[float, float, float],
    seed: int = 0,
    along: str = "x",
) -> list[Prop]:
    """Return a floor of boards whose top is z = 0, in three tones of a wood."""
    rng = np.random.default_rng(seed)
    (x0, x1), (y0, y1) = (x, y) if along == "x" else (y, x)
    tones: list[list[Mesh]] = [[], [], []]
    for row in range(int((y1 - y0) / board)):
        at = x0 - rng.uniform(0, 1800)
        while at < x1:
            length = rng.uniform(1400, 2200)
            cut = box(length - 1.2, board - 1.2, 20, bevel=1.2).moved(at + length / 2, y0 + (row + 0.5) * board, -20)
            tones[rng.integers(3)].append(cut.shifted(*rng.uniform(0, 1200, 2)))
            at += length
    floor = [
        Prop(joined(t), wood((k * color[0], k * color[1], k * color[2]), seed=seed + i, scale=900.0))
        for i, (t, k) in enumerate(zip(tones, (0.96, 1.0, 1.035), strict=True))
        if t
    ]
    return (
        floor if along == "x" else [Prop(p.mesh.turned(90).scaled(-1, 1, 1).turned_over(), p.material) for p in floor]
    )


def crosswise(mesh: Mesh) -> Mesh:
    """Return the mesh with its grain the other way."""
    return Mesh(mesh.vertices, mesh.faces, mesh.uv[:, ::-1])


def limb(path: np.ndarray, radii: tuple[float, float], *, sides: int = 24) -> Mesh:
    """Return a round bar along a path (k, 3) that thins from one radius to another."""
    bar = tube(path, 1.0, sides=sides)
    radius = np.linspace(*radii, len(path))[:, None]
    rings = bar.vertices.reshape(sides + 1, len(path), 3)
    return Mesh((path + (rings - path) * radius).reshape(-1, 3), bar.faces, bar.uv)


def tapered(start: Sequence[float], end: Sequence[float], radii: tuple[float, float], *, sides: int = 24) -> Mesh:
    """Return a straight round leg from start to end."""
    return limb(np.linspace(start, end, 16), radii, sides=sides)


def turned_profile(points: Sequence[tuple[float, float]], *, smooth: int = 8, thickness: float = 0.0) -> np.ndarray:
    """Return a smooth section (radius, z) through points from top to bottom; a ``thickness`` adds a vessel's inside."""
    from scipy.interpolate import PchipInterpolator

    given = np.asarray(points, float)
    along = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(given, axis=0), axis=1))])
    fine = np.linspace(0, along[-1], smooth * len(given))
    curve = np.maximum(PchipInterpolator(along, given)(fine), (0, -np.inf))
    if not thickness:
        return curve
    inside = curve[: len(curve) * 3 // 4][::-1].copy()
    inside[:, 0] = np.maximum(inside[:, 0] - thickness, 0)
    lip = curve[0] + np.array(
        [
            [-thickness * 0.85, 0.35 * thickness],
            [-thickness * 0.5, 0.5 * thickness],
            [-thickness * 0.15, 0.35 * thickness],
        ]
    )
    return np.concatenate([inside, lip, curve])


def leaf(length: float, width: float, *, bend: float = 0.25, tip: float = 0.8) -> Mesh:
    """Return a leaf that grows from the origin along +x, its face up."""
    s, t = np.meshgrid(np.linspace(0, 1, 9), np.linspace(-1, 1, 5))
    half = width / 2 * np.sin(np.pi * s**tip) ** 0.8
    fold = 0.18 * np.abs(t) * half
    vertices = np.stack([length * s, -t * half, fold - bend * length * s**2], axis=-1).reshape(-1, 3)
    return Mesh(vertices, grid_faces(9, 5), np.stack([s * length, t * half], axis=-1).reshape(-1, 2))


def branch(
    root: Sequence[float],
    tip: Sequence[float] | np.ndarray,
    rng: np.random.Generator,
    *,
    leaves: int,
    length: float,
    width: float,
    sag: float = 40.0,
    bare: float = 0.3,
) -> tuple[Mesh, Mesh]:
    """Return the twig and the leaves of a branch from root to tip; its first share, ``bare``, has no leaves."""
    s = np.linspace(0, 1, 24)[:, None]
    a, b = np.asarray(root, float), np.asarray(tip, float)
    wave = sag * np.sin(np.pi * s) * np.array([0, 0, 1.0]) + 0.25 * sag * np.sin(2.6 * np.pi * s) * np.array(
        [1.0, 0.4, 0]
    )
    path = a + (b - a) * s + wave
    grown = []
    for i in range(leaves):
        at = bare + (1 - bare) * (i + 0.5) / leaves
        k = min(int(at * 23), 22)
        ahead = path[k + 1] - path[k]
        heading = np.degrees(np.arctan2(ahead[1], ahead[0])) + rng.choice([-1, 1]) * rng.uniform(20, 75)
        rise = np.degrees(np.arctan2(ahead[2], np.hypot(*ahead[:2]))) * 0.55 + rng.uniform(-25, 15)
        size = rng.uniform(0.75, 1.1) * (1.1 - 0.5 * at)
        one = leaf(length * size, width * size, bend=rng.uniform(0.05, 0.35))
        place = path[k] + ahead * (at * 23 - k)
        grown.append(one.turned(rng.uniform(-70, 70), "x").turned(-rise, "y").turned(heading).moved(*place))
    twig = tube(path, 1.9, sides=7)
    return twig, joined(grown)


def bouquet(
    foot: Sequence[float],
    tips: Sequence[Sequence[float]],
    *,
    seed: int,
    leaves: int = 16,
    length: float = 70.0,
    width: float = 26.0,
    color: tuple[float, float, float] = (0.43, 0.50, 0.38),
    sag: float = 40.0,
    bare: float = 0.3,
) -> list[Prop]:
    """Return branches from a foot to tips (relative to it), in two greens."""
    rng = np.random.default_rng(seed)
    made = [
        branch(foot, np.asarray(foot, float) + tip, rng, leaves=leaves, length=length, width=width, sag=sag, bare=bare)
        for tip in tips
    ]
    pale = tuple(min(1.0, 1.14 * c + 0.03) for c in color)
    rows = [
        Prop(joined([m[0] for m in made]), paint(0.38, 0.32, 0.24)),
        Prop(joined([m[1] for m in made[::2]]), satin(*color)),
    ]
    return rows + ([Prop(joined([m[1] for m in made[1::2]]), satin(*pale))] if made[1:] else [])  # pyright: ignore


def book(width: float, depth: float, thick: float, color: tuple[float, float, float]) -> list[Prop]:
    """Return a book that lies on z = 0, its spine toward -y."""
    board = 2.6
    covers = [box(width, depth, board, bevel=0.9), box(width, depth, board, bevel=0.9).moved(z=thick - board)]
    turn = np.linspace(-np.pi / 2, np.pi / 2, 13)
    spine = np.stack([0 * turn, -depth / 2 - 5 * np.cos(turn), thick / 2 + thick / 2 * np.sin(turn)], axis=1)[::-1]
    back = extruded(spine + np.array([-width / 2, 2, 0]), (width, 0, 0), lengthwise=True, step=400)
    pages = box(width - 6, depth - 4, thick - 2 * board, bevel=0.3).moved(y=-1, z=board)
    return [Prop(joined([*covers, back]), paint(*color)), Prop(pages, paint(0.90, 0.87, 0.80))]


def moved(props: Sequence[Prop], *, x: float = 0, y: float = 0, z: float = 0, turn: float = 0) -> list[Prop]:
    """Return props turned about z, then moved."""
    return [Prop(p.mesh.turned(turn).moved(x, y, z), p.material) for p in props]


def books(
    sizes: Sequence[tuple[float, float, float]], colors: Sequence[tuple[float, float, float]], *, seed: int
) -> list[Prop]:
    """Return a pile of books on z = 0, the first one lowest."""
    rng = np.random.default_rng(seed)
    pile, z = [], 0.0
    for size, color in zip(sizes, colors, strict=True):
        pile += moved(book(*size, color), x=rng.uniform(-6, 6), y=rng.uniform(-4, 4), z=z, turn=rng.uniform(-4, 4))
        z += size[2]
    return pile


def framed(
    width: float, height: float, *, bar: float = 18.0, depth: float = 24.0, mat: float = 70.0
) -> dict[str, Mesh]:
    """Return a picture's frame, mat and sheet in the plane y = 0 facing -y, their lower left corner at the origin."""
    bars = [
        crosswise(box(bar, depth, height, bevel=1.5)).moved(bar / 2, -depth / 2),
        crosswise(box(bar, depth, height, bevel=1.5)).moved(width - bar / 2, -depth / 2),
        crosswise(box(width - 2 * bar, depth, bar, bevel=1.5)).moved(width / 2, -depth / 2),
        crosswise(box(width - 2 * bar, depth, bar, bevel=1.5)).moved(width / 2, -depth / 2, height - bar),
    ]
    inner = box(width - 2 * bar, 4, height - 2 * bar, bevel=0.5).moved(width / 2, -depth / 2, bar)
    hole = box(width - 2 * mat, 1.0, height - 2 * mat, bevel=0.4).moved(width / 2, -depth / 2 - 2.4, mat)
    return {"frame": joined(bars), "mat": inner, "sheet": hole}


def vessel(points: Sequence[tuple[float, float]], *, thickness: float = 4.0, segments: int = 96) -> Mesh:
    """Return a vase or bowl on z = 0 through (radius, z) points from the lip down to the foot."""
    return lathe(turned_profile([*points, (0.0, points[-1][1])], thickness=thickness), segments=segments)


def door(width: float, height: float) -> list[Mesh]:
    """Return a door of four sunk panels in the plane y = 0 facing -y, its lower left corner at the origin."""
    stile, rail, lock = 115.0, 115.0, 0.43 * height
    slab = box(width, 40, height, bevel=1.5).moved(width / 2, 20)
    half = (width - 3 * stile) / 2
    parts = [slab]
    for column in range(2):
        x = stile + column * (half + stile)
        for low, high in ((1.9 * rail, lock - rail / 2), (lock + rail / 2, height - rail)):
            parts.append(_panel(x, low, half, high - low))
    return parts


def _panel(x: float, z: float, width: float, height: float) -> Mesh:
    """Return a raised panel with a bead around it, proud of the plane y = 0 toward -y."""
    section = np.array([[0, 0], [5, -9], [10, -11], [15, -8], [18, 0], [44, -5], [46, -8]], float)
    rings = []
    for inset, out in section:
        rings.append(
            [
                [x + inset, out, z + inset],
                [x + width - inset, out, z + inset],
                [x + width - inset, out, z + height - inset],
                [x + inset, out, z + height - inset],
            ]
        )
    points = np.asarray(rings)
    parts = []
    for k in range(len(section) - 1):
        for side in range(4):
            a, b = points[k, side], points[k, (side + 1) % 4]
            c, d = points[k + 1, side], points[k + 1, (side + 1) % 4]
            parts.append(Mesh(np.stack([c, d, a, b]), grid_faces(2, 2), np.zeros((4, 2))))
    inner = points[-1]
    parts.append(Mesh(np.stack([inner[3], inner[2], inner[0], inner[1]]), grid_faces(2, 2), np.zeros((4, 2))))
    return joined(parts)


def cased(width: float, height: float) -> Mesh:
    """Return the mitered casing of an opening in the plane y = 0, facing -y, the opening's lower left at the origin."""
    rounded = _rounded(CASING)
    away = rounded[:, 1]
    pieces = []
    for corner_x, sign in ((0.0, -1.0), (width, 1.0)):
        low = np.stack([corner_x + sign * away, -rounded[:, 0], 0 * away], axis=1)
        high = np.stack([corner_x + sign * away, -rounded[:, 0], height + away], axis=1)
        pieces.append(_ruled(low, high))
    left = np.stack([0 - away, -rounded[:, 0], height + away], axis=1)
    right = np.stack([width + away, -rounded[:, 0], height + away], axis=1)
    pieces.append(_ruled(left, right))
    return joined(pieces)


def _ruled(a: np.ndarray, b: np.ndarray) -> Mesh:
    """Return the surface of straight lines between two curves (k, 3)."""
    count = len(a)
    return Mesh(np.concatenate([a, b]), grid_faces(count, 2), np.zeros((2 * count, 2)))


def lamp_base(height: float, radius: float) -> Mesh:
    """Return a gourd of glazed ceramic on z = 0."""
    r, h = radius, height
    return lathe(
        turned_profile(
            [
                (0.16 * r, h),
                (0.18 * r, 0.97 * h),
                (0.24 * r, 0.93 * h),
                (0.44 * r, 0.84 * h),
                (0.86 * r, 0.62 * h),
                (r, 0.40 * h),
                (0.88 * r, 0.18 * h),
                (0.58 * r, 0.05 * h),
                (0.56 * r, 0.02 * h),
                (0.54 * r, 0),
                (0, 0),
            ]
        )
    )


def papered(width: float, height: float, *, u: float, v: float = 0.0) -> Mesh:
    """Return a wall in the plane y = 0 facing -y, its lower left at the origin, cut from the paper at (u, v)."""
    return sheet(width, height, step=200.0).shifted(u, v)


def knob(radius: float = 14.0) -> Mesh:
    """Return a knob that stands off the plane y = 0 toward -y."""
    r = radius
    turned = lathe(
        turned_profile(
            [
                (0, 2.2 * r),
                (0.6 * r, 2.1 * r),
                (r, 1.6 * r),
                (0.75 * r, 1.15 * r),
                (0.4 * r, 0.9 * r),
                (0.38 * r, 0.3 * r),
                (0.7 * r, 0),
                (0, 0),
            ]
        ),
        segments=36,
    )
    return turned.turned(90, "x")


BRASS = metal("brass", roughness=0.22)
WHITE = satin(0.93, 0.92, 0.89, roughness=0.25)
