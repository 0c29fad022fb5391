"""Colorways proposed for a design: other inks under the same values, or under values turned about on purpose.

Every proposal is a set of hues from one source (see ``sources``) laid onto the design's values. The laws that each one
keeps are stated at ``propose`` and in docs/colorways.md; what is left is chosen by taste, and by standing apart from
what has been chosen already. Hues are drawn by the generator that is handed in, so that a seed is a set.
"""

import difflib
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from patterns.color import sources
from patterns.color.difference import ciede2000
from patterns.color.ink import Ink, Palette
from patterns.color.laying import Candidate, Task, Use, laid
from patterns.color.names import nearest_name
from patterns.errors import CannotMake, InputError

if TYPE_CHECKING:
    from patterns.color.gamut import Gamut

MOST = 24
# Distance of any two colorways of a set, and of each from the design, unless another is asked for: see ``distance``.
APART = 8.0
_ROUNDS = 6


def propose(
    palette: Palette,
    *,
    count: int,
    rng: np.random.Generator,
    keep: Sequence[str] = (),
    gamut: "Gamut | None" = None,
    invert: bool = False,
    palettes: Sequence[Palette] = (),
    only_palettes: bool = False,
    use: Use | None = None,
    apart: float = APART,
) -> tuple[Palette, ...]:
    """Return ``count`` palettes, 1 to 24, for the design that has ``palette``; ink k stands where ink k stood.

    Laws: light stays light (with ``invert``, becomes dark): inks 5 L* apart keep, or turn about, their order, and their
    distance in L* to between 0.7 (inverted: 0.45) and 1.35 of itself. The inks that ``keep`` names, by name or role,
    are untouched and, inverted, free of the value law. Neighbors lie 8 CIEDE2000 apart, or four fifths of what they
    did. Every new ink is inside ``gamut``. All proposals and the design lie ``apart`` by ``distance``. ``palettes`` are
    hues to draw from beside harmonies; ``only_palettes`` leaves the others out. ``use`` weighs inks by area and says
    which meet.

    Raises InputError for a count or an ink that is not, CannotMake if there are not so many proposals so far apart.
    """
    if not 1 <= count <= MOST:
        cure = "ask for one at least" if count < 1 else "ask for fewer, or several times with another seed"
        raise InputError(f"a sheet shows 1 to {MOST} colorways, not {count}; {cure}.")
    if len(palette) < 2:
        raise InputError("a palette of one ink has no colorways; give a design with a ground and a motif.")
    if not 0 < apart < 100:
        raise InputError(f"colorways stand apart by more than 0 and less than 100 CIEDE2000, not {apart:g}.")
    task = Task(palette, use or Use.even(len(palette)), kept(palette, keep), gamut, invert, apart)
    if task.fixed.all():
        raise InputError("every ink is to be kept, so that nothing is left to color; keep fewer.")
    if only_palettes and not palettes:
        raise InputError("colorways were asked from palettes only, and there are no palettes.")
    chosen = _chosen(task, count, rng, (palettes, only_palettes))
    return _named(task, [candidate.lab for candidate in chosen])


def kept(palette: Palette, names: Sequence[str]) -> np.ndarray:
    """Return which inks are named, by their name or role, (K,) bool; InputError, naming the nearest, for an unknown."""
    fixed = np.zeros(len(palette), dtype=bool)
    for name in names:
        asked = name.strip().lower()
        matches = [asked in (ink.name.lower(), ink.role.lower()) and bool(asked) for ink in palette.inks]
        if not any(matches):
            known = list(dict.fromkeys([ink.name for ink in palette.inks] + [i.role for i in palette.inks if i.role]))
            near = difflib.get_close_matches(asked, known, n=1, cutoff=0.3)
            hint = f"did you mean {near[0]!r}?" if near else "name one of those."
            raise InputError(f"the design has no ink {name.strip()!r}, but {', '.join(known)}; {hint}")
        fixed |= matches
    return fixed


def distance(one: np.ndarray, other: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Return how unlike two colorways look, Lab (..., K, 3): the mean CIEDE2000 of ink against ink, by ``weights``."""
    return (ciede2000(one, other) * weight).sum(axis=-1)


def _chosen(task: Task, count: int, rng: np.random.Generator, given: tuple[Sequence[Palette], bool]) -> list[Candidate]:
    """Return proposals picked one by one: good ones, unlike what is there."""
    palettes, only = given
    own = sources.swatches_of(task.palette.lab())
    roles = tuple(ink.role for ink in task.palette.inks)
    pool: list[Candidate] = []
    picked: list[Candidate] = []
    for number in range(1 if only else _ROUNDS):
        found = sources.of_palettes(palettes) if number == 0 else []
        if not only:
            found += sources.harmonies(rng) + sources.tonal(own, rng) + sources.turns(own, roles, rng)
        pool += laid(task, own, found, rng)
        picked = _picked(task, pool, count)
        if len(picked) >= count:
            return picked
    raise CannotMake(
        f"{len(picked)} colorways stand {task.apart:g} apart under these conditions, and {count} were asked for; ask "
        f"for {len(picked) or 'other conditions'}, a lower --apart, or keep fewer inks."
    )


def _picked(task: Task, pool: list[Candidate], count: int) -> list[Candidate]:
    picked: list[Candidate] = []
    if not pool:
        return picked
    lab = np.stack([c.lab for c in pool])
    quality = np.array([c.quality for c in pool])
    nearest = distance(lab, task.palette.lab(), task.weights)
    leading = sources.swatches_of(lab[:, _lead(task)])
    echoed = _alike(leading, sources.swatches_of(task.palette.lab()[_lead(task)]))
    for _ in range(count):
        open_ = nearest >= task.apart
        if not open_.any():
            break
        score = quality + 0.5 * np.minimum(nearest / task.apart, 2.2) - 0.5 * echoed
        kinds = [c.kind for c in picked]
        score -= [0.25 * kinds.count(c.kind) if c.kind in ("tonal", "turn") else 0 for c in pool]
        best = int(np.where(open_, score, -np.inf).argmax())
        picked.append(pool[best])
        nearest = np.minimum(nearest, distance(lab, lab[best], task.weights))
        echoed = echoed + _alike(leading, leading[best])
    return picked


def _lead(task: Task) -> int:
    """Return the ink that a colorway is known by: the free main ink, or the free motif that shows most."""
    shows = task.use.coverage * ~task.fixed
    shows = shows if shows[1:].any() else task.use.coverage
    main = np.array([ink.role == "main" for ink in task.palette.inks]) * (shows > 0)
    return int((shows + main)[1:].argmax()) + 1


def _alike(swatches: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Return how much swatches (N, 3) share the hue of another (3,): 1 to 20 degrees, 0 from 45; gray is a hue."""
    turn = np.abs((swatches[:, 2] - other[2] + 180) % 360 - 180)
    gray, other_gray = swatches[:, 1] < 0.025, other[1] < 0.025
    near = np.clip((45 - turn) / 25, 0, 1)
    return np.where(gray & other_gray, 1.0, np.where(gray | other_gray, 0.0, near))


def _named(task: Task, labs: Sequence[np.ndarray]) -> tuple[Palette, ...]:
    """Return the proposals as palettes: each new ink by its nearest name, each palette by its main ink and ground."""
    found: list[Palette] = []
    for lab in labs:
        taken = {ink.name for ink, fixed in zip(task.palette.inks, task.fixed, strict=True) if fixed}
        inks: list[Ink] = []
        for ink, color, fixed in zip(task.palette.inks, lab, task.fixed, strict=True):
            name = ink.name if fixed else nearest_name(color, frozenset(taken))
            taken.add(name)
            inks.append(ink if fixed else Ink(name, (float(color[0]), float(color[1]), float(color[2])), ink.role))
        found.append(Palette(tuple(inks), _title(task, inks, [p.name for p in found])))
    return tuple(found)


def _title(task: Task, inks: list[Ink], taken: list[str]) -> str:
    """Return "Madder on cream": the free ink that shows most, and the ground; more is said if that is taken."""
    lead = _lead(task)
    order = [lead, *(int(i) for i in np.argsort(-task.use.coverage, kind="stable") if i not in (0, lead))]
    first = inks[order[0]].name.capitalize()
    options = [f"{first} on {inks[0].name}"]
    options += [f"{first} and {inks[i].name} on {inks[0].name}" for i in order[1:]]
    options += [f"{options[0]}, {number}" for number in range(2, MOST + 2)]
    return next(option for option in options if option not in taken)
