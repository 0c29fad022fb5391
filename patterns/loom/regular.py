"""What is known of a family beyond its lattice: its plane group, which pixels of its cell are alike, its petals' turns.

A network only comes near to what the family's construction says exactly. Predictions are brought to it step by step,
so that what the network decides is decided for all such pixels at once. Which pixel of the cell a symmetric pattern
lies about is the network's choice: it is found once shapes are there, and what the pattern is there is kept to.
"""

import math
from collections.abc import Callable
from functools import lru_cache

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from patterns.lattice import Grid

# The plane group that every drawing of a family has about its cell's corner; a test compares them with the corpus.
GROUPS = {
    "batik": "p4m", "girih": "p4m", "polka dot": "p4m", "quatrefoil": "p4m", "zellige": "p4m",
    "asanoha": "pmm", "hexagon": "pmm", "ikat diamond": "pmm", "trellis": "pmm",
    "fan": "pm", "ogee": "pm", "scallop": "pm", "seigaiha": "pm", "wave": "pm",
}  # fmt: skip
# Families that stand again half a cell across and down, unless their parts alternate; those of them that have four rows
# on a square cell stand again after a quarter of its height.
SHIFTED = ("asanoha", "fan", "hexagon", "ogee", "scallop", "seigaiha")
_IN_FOUR_ROWS = ("fan", "seigaiha")
# How high a wave rises beside its length: the middle of what the corpus draws. Along it values are told apart to a
# quarter of a pixel.
_RISE, _FINE = 0.3, 4
# Below this time shapes are decided well enough to say what they lie about.
_DECIDED = 0.6
# Below this one edges are left to the network, which makes them sharp again where a rule takes no pixels to pixels.
_SHARP = 0.2
# The ribs of a tartan's twill, in px each way.
_RIB = 4
# With so many inks a plaid's single bands are ribs, not flat. Its threads are of so many kinds: ground, bands, lines,
# and those on the edge of two.
_HATCHED, _KINDS, _ROUNDS = 2, 8, 8

# From predictions (1, planes, H, W) at a time to the nearest ones that are as the family says.
Rule = Callable[[Tensor, float], Tensor]


@lru_cache(maxsize=32)
def family_rule(
    family: str,
    grid: Grid,
    direction: str = "",
    *,
    inks: int = 0,
    straight: bool = False,
    alternating: bool = False,
) -> Rule | None:
    """Return what is known of a family's cell, None for nothing.

    ``direction`` is that of its bands, "" if unsaid; ``inks`` how many there are, 0 if unsaid. ``straight`` says that
    all pixels are alike along its cell's shorter side, ``alternating`` that it is asked for in two colors by turns.
    """
    y, x = np.mgrid[: grid.height, : grid.width]
    upright = grid.width > grid.height or (grid.width == grid.height and direction == "vertical")
    if straight:
        return None if grid.width == grid.height else _mean_over(x if upright else y)
    if family == "chevron":
        # Zigzags of 45 degrees, which take pixels to pixels.
        along, across, length = (x, y, grid.width) if upright else (y, x, grid.height)
        side = grid.height if upright else grid.width
        return _mean_over((along + np.minimum(across, side - 1 - across)) % length)
    if family == "wave":
        return _turned_over(_rippled) if upright else _rippled
    if family == "herringbone":
        return _twinned(_leaning(y, x) if grid.width >= grid.height else _leaning(x, y))
    if family == "tartan" and grid.width == grid.height:
        return _twill(grid)
    if family == "plaid" and grid.width == grid.height and inks != _HATCHED:
        return _crossed
    rules = [_mean_over(shifted(family, grid))] if family in SHIFTED and not alternating else []
    rules += [_symmetric(GROUPS[family], grid.width, grid.height)] if family in GROUPS else []
    return _all_of(rules) if rules else None


def shifted(family: str, grid: Grid) -> np.ndarray:
    """Return (H, W) whole numbers, the same at all places at which a family stands again."""
    rows = 4 if family in _IN_FOUR_ROWS and grid.width == grid.height else 2
    pixels = np.arange(grid.width * grid.height).reshape(grid.height, grid.width)
    step = (grid.height // rows, grid.width // 2)
    return np.min([np.roll(pixels, (k * step[0], k * step[1]), (0, 1)) for k in range(rows)], axis=0)


def _all_of(rules: list[Rule]) -> Rule:
    def every(planes: Tensor, time: float) -> Tensor:
        for rule in rules:
            planes = rule(planes, time)
        return planes

    return every


def _mean_over(classes: np.ndarray) -> Rule:
    """Return the mean over the pixels of each class; classes are (H, W) whole numbers."""
    _, flat = np.unique(classes, return_inverse=True)
    which = torch.from_numpy(flat.ravel())
    share = 1 / torch.bincount(which).float()

    def mean(planes: Tensor, _time: float) -> Tensor:
        values = planes.flatten(-2)
        total = torch.zeros(*values.shape[:-1], len(share), dtype=values.dtype).index_add_(-1, which, values)
        return (total * share)[..., which].view_as(planes)

    return mean


def _rippled(planes: Tensor, time: float) -> Tensor:
    """Return the mean along waves that run across, one of them as wide as the cell."""
    if time < _SHARP:
        return planes
    height, width = planes.shape[-2:]
    x = torch.arange(width) + 0.5
    rise = _RISE * width * (0.5 - 0.5 * torch.cos(2 * math.pi * x / width))
    heights = torch.arange(_FINE * height)[:, None] / _FINE - rise
    profile = _between(planes, heights).mean(dim=-1, keepdim=True)
    within = (torch.arange(_FINE) - (_FINE - 1) / 2)[:, None, None] / _FINE
    places = _FINE * (torch.arange(height)[:, None] + rise + within)
    return torch.stack([_between(profile.expand(*planes.shape[:-2], -1, width), one) for one in places]).mean(dim=0)


def _between(planes: Tensor, heights: Tensor) -> Tensor:
    """Return (..., N, W) from planes (..., H, W): at each column's heights (N, W), linearly between its pixels."""
    low = heights.floor()
    share = heights - low
    rows = low.long() % planes.shape[-2]
    shape = (*planes.shape[:-2], *heights.shape)
    below, above = (planes.gather(-2, ((rows + k) % planes.shape[-2]).expand(shape)) for k in (0, 1))
    return (1 - share) * below + share * above


def _turned_over(rule: Rule) -> Rule:
    """Return a rule for what runs down, from that for what runs across."""
    return lambda planes, time: rule(planes.transpose(-2, -1), time).transpose(-2, -1)


def _leaning(y: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Return the classes of two columns of bars that lean by 45 degrees to either side, with one seam between them."""
    leaf, tall = (x.max() + 1) // 2, y.max() + 1
    column, off = x // leaf, x % leaf
    bars = np.where(column == 0, y + x, y - x) % tall + column * tall
    return np.where((off == 0) | (off == leaf - 1), 2 * tall, bars)


def _twinned(classes: np.ndarray) -> Rule:
    """Return the mean over the pixels of each class, and until edges are sharpened that of herringbone's two columns.

    What is bare in one column is bare in the other, where their bars match best, and so is the first ink. The others
    may be each column's own. Where bars meet is no whole pixel, so that afterwards each has its own edges.
    """
    mean = _mean_over(classes)
    _, first, flat = np.unique(classes, return_index=True, return_inverse=True)
    seen, which = torch.from_numpy(first), torch.from_numpy(flat.ravel())
    tall = len(first) // 2

    def twinned(planes: Tensor, time: float) -> Tensor:
        planes = mean(planes, time)
        if time < _SHARP:
            return planes
        values = planes[0].flatten(1)[:, seen]
        one, other = values[:, : 2 * tall].unflatten(1, (2, tall)).unbind(1)
        turned = torch.stack([other.roll(k, 1) for k in range(tall)])
        shift = int((turned[:, 0] * one[0]).sum(dim=1).argmax())
        shared = (one[:2] + turned[shift, :2]) / 2
        for k, column in enumerate((one, turned[shift])):
            rest = (1 - shared.sum(dim=0)) / column[2:].sum(dim=0).clamp(min=1e-6)
            whole = torch.cat([shared, column[2:] * rest])
            values[:, k * tall : (k + 1) * tall] = whole.roll(-shift, 1) if k else whole
        return values[:, which].view_as(planes)

    return twinned


def _crossed(planes: Tensor, time: float) -> Tensor:
    """Return a plaid's mean wherever the same two kinds of thread cross; warp and weft have the same kinds in a row."""
    if time > _DECIDED:
        return planes
    both = torch.cat([planes[0].permute(2, 0, 1), planes[0].permute(1, 0, 2)], dim=1).flatten(1)
    kind = _kinds(both)
    member = F.one_hot(kind, _KINDS).to(planes)
    count = member.sum(dim=0).clamp(min=1)
    blocks = torch.einsum("khw,ha,wb->kab", planes[0], member, member) / (count[:, None] * count)
    return blocks[None, :, kind[:, None], kind]


def _kinds(threads: Tensor) -> Tensor:
    """Return the kind of each thread (N, F), (N,) int64: k-means from those that are farthest apart."""
    centers = [threads[int((threads - threads.mean(dim=0)).square().sum(dim=1).argmax())]]
    while len(centers) < _KINDS:
        off = torch.stack([(threads - center).square().sum(dim=1) for center in centers]).amin(dim=0)
        centers.append(threads[int(off.argmax())])
    middle = torch.stack(centers)
    kind = torch.cdist(threads, middle).argmin(dim=1)
    for _ in range(_ROUNDS):
        member = F.one_hot(kind, _KINDS).to(threads)
        count = member.sum(dim=0)[:, None]
        middle = torch.where(count > 0, member.T @ threads / count.clamp(min=1), middle)
        kind = torch.cdist(threads, middle).argmin(dim=1)
    return kind


def _twill(grid: Grid) -> Rule:
    """Return the weave of one sett with itself: warp and weft are alike, and take turns in ribs."""
    y, x = np.mgrid[: grid.height, : grid.width]
    # Where the pixel's middle lies on the edge of a rib, half of it is warp.
    rib = (x + y + 1) % (2 * _RIB)
    above = torch.from_numpy(np.where(rib % _RIB == 0, 0.5, rib < _RIB).astype(np.float32))
    across, down = (above == 1).float(), (above == 0).float()
    count = across.sum(dim=0) + down.sum(dim=1)

    def woven(planes: Tensor, _time: float) -> Tensor:
        sett = ((planes * across).sum(dim=-2) + (planes * down).sum(dim=-1)) / count
        return above * sett[..., None, :] + (1 - above) * sett[..., :, None]

    return woven


def _symmetric(group: str, width: int, height: int) -> Rule:
    """Return the mean over pm, pmm or p4m about the place where the predictions are most nearly symmetric."""

    def about(planes: Tensor, x: int, y: int) -> Tensor:
        # Places count in half pixels: a mirror stands between two pixels or on one.
        move = (y // 2, x // 2)
        planes = planes.roll((-move[0], -move[1]), (-2, -1))
        planes = (planes + planes.flip(-1).roll(x % 2, -1)) / 2
        if group != "pm":
            planes = (planes + planes.flip(-2).roll(y % 2, -2)) / 2
        if group == "p4m":
            planes = (planes + planes.transpose(-2, -1)) / 2
        return planes.roll(move, (-2, -1))

    def mean(planes: Tensor, time: float) -> Tensor:
        if time > _DECIDED:
            return planes
        across = _mirrors(planes)
        down = _mirrors(planes.transpose(-2, -1)) if group != "pm" else [0.0]
        # Only a place in the middle or at the corner of a pixel takes pixels to pixels in a quarter turn.
        pairs = (
            [(_best(across, k), _best(down, k)) for k in (0, 1)] if group == "p4m" else [(_best(across), _best(down))]
        )
        x, y = max(pairs, key=lambda pair: across[pair[0]] + down[pair[1]])
        # A mirror has another one halfway to its copy, about which a square group may be less.
        halfway = (0, height) if group != "pm" else (0,)
        places = [((x + i) % (2 * width), (y + j) % (2 * height)) for i in (0, width) for j in halfway]
        # The most certain mean is the one whose parts agree.
        return max((about(planes, *place) for place in places), key=lambda one: float(one.square().sum()))

    return mean


def _mirrors(planes: Tensor) -> list[float]:
    """Return how well an upright mirror at each half pixel leaves planes (..., H, W) as they are."""
    turned = planes.flip(-1)
    return [float((planes * turned.roll(x, -1)).sum()) for x in range(planes.shape[-1])]


def _best(agree: list[float], parity: int | None = None) -> int:
    """Return the place of the best agreement, among the even or the odd ones if ``parity`` is 0 or 1."""
    places = range(len(agree)) if parity is None else range(parity, len(agree), 2)
    return max(places, key=lambda k: agree[k], default=0)


# Families that are rosettes when seen from above, and the choice of their look that says how many petals or rays.
ROSETTES = {
    "cherry blossom": "",
    "dahlia": "petals",
    "daisy": "petals",
    "medallion": "lobes",
    "star": "points",
    "suzani": "petals",
}
# Those that do not say have so many.
_PETALS = 5
# Parts that no rosette has.
_ASIDE = frozenset(f"part {name}" for name in ("branch", "buds", "leaves", "stems"))
# A motif that is its own mirror image but for this share of it is made so.
_NEARLY = 0.3


@lru_cache(maxsize=32)
def motif_rule(family: str, terms: tuple[str, ...] = ()) -> Rule:
    """Return what is known of a motif in the middle of its cell: a rosette's turns, or a mirror that it nearly has.

    ``terms`` are what the network is told of it.
    """
    if family not in ROSETTES or _ASIDE & set(terms):
        return _nearly_mirrored
    choice = f"look {family} {ROSETTES[family]} "
    said = [int(term.removeprefix(choice)) for term in terms if ROSETTES[family] and term.startswith(choice)]
    if ROSETTES[family] and not said:
        return _nearly_mirrored
    return _turned(said[0] if said else _PETALS)


def _nearly_mirrored(planes: Tensor, time: float) -> Tensor:
    """Return planes mirrored about their middle from left to right, if that changes little of what is not ground."""
    if time > _DECIDED:
        return planes
    other = planes.flip(-1)
    off = (planes - other).abs().sum() / 2
    return (planes + other) / 2 if off < _NEARLY * (1 - planes[:, 0]).sum() else planes


def _turned(count: int) -> Rule:
    """Return the mean over all turns by whole shares of ``count``."""
    turns = 2 * np.pi * torch.arange(count) / count
    cos, sin, zero = turns.cos(), turns.sin(), torch.zeros(count)
    motions = torch.stack([torch.stack([cos, -sin, zero], dim=1), torch.stack([sin, cos, zero], dim=1)], dim=1)

    def mean(planes: Tensor, time: float) -> Tensor:
        if time < _SHARP:
            return planes
        many = planes.expand(count, -1, -1, -1)
        grid = F.affine_grid(motions, list(many.shape), align_corners=False)
        turned = F.grid_sample(many, grid, padding_mode="border", align_corners=False)
        return turned.mean(dim=0, keepdim=True)

    return mean
