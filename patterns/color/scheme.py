"""Palettes chosen by rule: the named colors kept, the others designed around them in OKLCh, as a studio would.

A printed cloth reads by lightness first: ground and main stand well apart, the second color lies between them and
leans to a neighbor hue, the line is the main color's deepest version, the detail a tint of it, and one accent, warm
against cool or cool against warm, is allowed to be different.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from patterns.color.difference import ciede2000
from patterns.color.ink import Ink, Palette
from patterns.color.names import nearest_name
from patterns.color.spaces import lab_to_oklch, oklch_to_lab
from patterns.color.words import ColorRequest
from patterns.errors import CannotMake
from patterns.separation import ROLES

# All of these are our own taste, in OKLCh (lightness 0-1, chroma about 0-0.3), judged on rendered swatch sheets.
LEAST_DIFFERENCE = 10.0  # CIEDE2000 between any two inks
WANTED_DIFFERENCE = 12.0
GROUND_CONTRAST = 0.35
_PALE_GROUND = (0.945, 0.022, 85.0)
_BLUE_BLACK, _WARM_BLACK = 0.24, 0.25
# CIEDE2000 beyond which a preset palette is not moved to another ground.
_GROUND_LIKENESS = 15.0
_NEUTRAL_CHROMA, _GRAY_CHROMA = 0.035, 0.012
# Hues in degrees of OKLCh that a studio takes as warm accents (madder, terracotta, ochre) and cool ones (sage to blue).
_WARM_ACCENTS = ((0.585, 0.128, 32.0), (0.64, 0.122, 46.0), (0.73, 0.125, 76.0), (0.66, 0.105, 22.0))
_COOL_ACCENTS = ((0.60, 0.062, 150.0), (0.56, 0.070, 196.0), (0.55, 0.075, 245.0), (0.62, 0.050, 215.0))
_CLASSIC_MAINS = (
    (0.35, 0.095, 270.0),
    (0.46, 0.13, 27.0),
    (0.50, 0.07, 150.0),
    (0.49, 0.075, 200.0),
    (0.56, 0.12, 45.0),
)
_ORDER = ("ground", "main", "line", "second", "detail", "accent")

Color = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class _Plan:
    """What the rules need to know: the colors fixed so far by role (OKLCh) and the mood asked for."""

    colors: dict[str, Color]
    request: ColorRequest

    @property
    def ground(self) -> Color:
        return self.colors["ground"]

    @property
    def main(self) -> Color:
        return self.colors["main"]

    @property
    def dark(self) -> bool:
        """Whether the ground is darker than the main color."""
        return self.ground[0] < self.main[0]


def choose_palette(
    request: ColorRequest, count: int, rng: np.random.Generator, *, palettes: Sequence[Palette] = ()
) -> Palette:
    """Return a palette of exactly ``count`` inks, 2 to 6, in the order of ROLES.

    Named colors are kept exactly. Without a main color, one of ``palettes`` is taken, as near to the moods and the
    ground that were asked for as there is. All pairs of inks lie at least 10 CIEDE2000 apart, unless two named colors
    do not. Raises CannotMake if the prompt names more colors than ``count``, or if ``count`` is not 2 to 6.
    """
    if not 2 <= count <= len(ROLES):
        raise CannotMake(
            f"palettes are chosen for 2 to {len(ROLES)} inks, not {count}; give the palette itself for more."
        )
    fixed = _seated(request.inks, count)
    if "main" not in fixed and palettes and _any_near(fixed.get("ground"), palettes):
        model = _chosen(request, fixed, rng, palettes)
        wanted = {ink.role: _color(ink) for ink in model.inks[:count] if ink.role not in fixed}
        if not fixed:
            return replace(model, inks=model.inks[:count])
        return _assembled(fixed, {role: [wanted[role]] for role in wanted}, count)
    return _designed(request, fixed, count, rng)


def _seated(inks: Sequence[Ink], count: int) -> dict[str, Ink]:
    """Return the named inks by role among the first ``count`` roles."""
    if len(inks) > count:
        listed = ", ".join(ink.name for ink in inks)
        raise CannotMake(
            f"the prompt names {len(inks)} colors ({listed}) but asks for {count} inks; allow {len(inks)}."
        )
    seats: dict[str, Ink] = {ink.role: ink for ink in inks if ink.role in ROLES[:count]}
    if len(seats) == count - 1 and "ground" not in seats and len(inks) == count:
        free = ["ground"]
    else:
        free = [role for role in ROLES[1:count] if role not in seats] + ["ground"]
    for ink in inks:
        if ink not in seats.values():
            role = next(role for role in free if role not in seats)
            seats[role] = replace(ink, role=role)
    return seats


def _any_near(ground: Ink | None, palettes: Sequence[Palette]) -> bool:
    """Whether some palette was made for a ground like this one."""
    if ground is None:
        return True
    grounds = np.array([palette.inks[0].lab_d50 for palette in palettes])
    return bool(ciede2000(np.array(ground.lab_d50), grounds).min() < _GROUND_LIKENESS)


def _chosen(
    request: ColorRequest, fixed: dict[str, Ink], rng: np.random.Generator, palettes: Sequence[Palette]
) -> Palette:
    """Return the preset palette that fits the moods, the ground's tone and the named colors best; ties by chance."""
    scores = []
    for palette in palettes:
        score = 2.0 * len(set(palette.words) & set(request.moods))
        lightness = _color(palette.inks[0])[0]
        if "ground" in fixed:
            away = ciede2000(np.array(fixed["ground"].lab_d50), np.array(palette.inks[0].lab_d50))
            score -= max(0.0, float(away) - 8) / 8  # a navy ground wants a palette made for something like navy
        elif request.ground_tone:
            score += 3 if (lightness < 0.5) == (request.ground_tone == "dark") else 0
        elif not request.moods and lightness < 0.5:
            score -= 0.5  # most cloth has a light ground
        if request.tonal:
            score += 2.0 * ("tonal" in palette.words)
        if request.many:
            score += 2.0 * ("bright" in palette.words)
        for role, ink in fixed.items():
            if role != "ground":
                score -= float(ciede2000(np.array(ink.lab_d50), palette.lab()).min()) / 20
        scores.append(score)
    close = np.flatnonzero(np.array(scores) >= max(scores) - 0.6)
    return palettes[int(close[rng.integers(len(close))])].with_roles(ROLES)


def _designed(request: ColorRequest, fixed: dict[str, Ink], count: int, rng: np.random.Generator) -> Palette:
    """Return a palette designed around the fixed inks, role by role."""
    plan = _Plan({role: _color(ink) for role, ink in fixed.items()}, request)
    rules = {
        "main": _main_rule,
        "ground": _ground_rule,
        "line": _line_rule,
        "second": _second_rule,
        "detail": _detail_rule,
        "accent": _accent_rule,
    }
    wishes: dict[str, list[Color]] = {}
    for role in ("main", *_ORDER):
        if role in ROLES[:count] and role not in plan.colors:
            wishes[role] = rules[role](plan, rng)
            plan.colors[role] = wishes[role][0]
    return _assembled(fixed, wishes, count)


def _main_rule(plan: _Plan, rng: np.random.Generator) -> list[Color]:
    ground = plan.colors.get("ground")
    mains = [_CLASSIC_MAINS[i] for i in rng.permutation(len(_CLASSIC_MAINS))]
    if ground is None or ground[0] > 0.6:
        return mains
    lights = [(0.94, 0.025, 85.0), (0.82, 0.09, 82.0), (0.84, 0.05, 25.0)]
    return [lights[i] for i in rng.permutation(len(lights))] if ground[0] < 0.45 else lights


def _ground_rule(plan: _Plan, rng: np.random.Generator) -> list[Color]:
    lightness, chroma, hue = plan.main
    strength = 0.055 if chroma < _NEUTRAL_CHROMA else min(0.05, 0.4 * chroma + 0.022)
    deep = (0.285, strength, _deep_hue(plan, rng))
    if plan.request.ground_tone == "dark" or "dark" in plan.request.moods or lightness > 0.72:
        return [deep]
    tint = (0.935, 0.016, hue) if rng.random() < 0.25 and chroma > _NEUTRAL_CHROMA else _PALE_GROUND
    return [(tint[0] + rng.uniform(-0.008, 0.012), tint[1], tint[2]), _PALE_GROUND, deep]


def _deep_hue(plan: _Plan, rng: np.random.Generator) -> float:
    """The hue of a dark ground: the second color's if named, else a blue, green or wine that suits the main."""
    second = plan.colors.get("second")
    if second is not None and second[1] > _NEUTRAL_CHROMA and 130 <= second[2] < 330:
        return second[2]
    _, chroma, hue = plan.main
    if chroma < _NEUTRAL_CHROMA or 60 <= hue < 115:
        return float(rng.choice([262.0, 165.0, 20.0], p=[0.6, 0.25, 0.15]))
    return hue if 130 <= hue < 330 else float(rng.choice([262.0, 165.0], p=[0.7, 0.3]))


def _line_rule(plan: _Plan, rng: np.random.Generator) -> list[Color]:
    _, chroma, hue = _leading(plan)
    deep = (_BLUE_BLACK if 200 < hue < 300 else _WARM_BLACK, min(0.06, 0.55 * chroma), hue)
    if plan.dark:
        middle = 0.52 * plan.ground[0] + 0.48 * plan.main[0]
        return [(min(middle, 0.5), min(0.07, 0.7 * chroma), hue), (0.9, 0.03, hue), (0.14, 0.02, plan.ground[2])]
    if plan.main[0] < 0.32:
        return [(plan.main[0] - 0.13, chroma * 0.6, hue), (plan.main[0] + 0.14, chroma * 0.75, hue)]
    return [deep]


def _second_rule(plan: _Plan, rng: np.random.Generator) -> list[Color]:
    _lightness, chroma, hue = _leading(plan)
    middle = 0.45 * plan.main[0] + 0.55 * plan.ground[0]
    if plan.request.many:
        return [(_held(middle, 0.5, 0.72), 0.105, (hue + 130) % 360), (0.62, 0.10, (hue + 100) % 360)]
    if chroma < _NEUTRAL_CHROMA:
        return [(_held(middle, 0.55, 0.72), max(0.012, chroma), hue)]
    turn = 0.0 if plan.request.tonal else _neighbor(hue) * rng.uniform(0.8, 1.2)
    return [(_held(middle, 0.5, 0.74), _held(0.68 * chroma, 0.03, 0.11), (hue + turn) % 360)]


def _neighbor(hue: float) -> float:
    """How far the second color's hue turns from the main's: blues to gray blue, reds to clay, greens to yellow."""
    if 230 <= hue < 300:
        return -18.0
    if hue < 60 or hue >= 340:
        return 24.0
    return -22.0 if hue < 200 else 15.0


def _detail_rule(plan: _Plan, rng: np.random.Generator) -> list[Color]:
    _, chroma, hue = _leading(plan)
    tint = _held(0.4 * chroma, 0.02, 0.055)
    if plan.ground[0] < 0.5:
        return [(0.9, min(tint, 0.035), hue if chroma > _NEUTRAL_CHROMA else 85.0), (0.8, tint, hue)]
    if plan.ground[0] < 0.82 and not plan.dark:
        return [(0.94, 0.028, 85.0), (0.9, tint, plan.ground[2])]
    return [(min(0.85, plan.ground[0] - 0.1), tint, hue), (0.8, tint + 0.015, hue), (0.97, 0.012, 90.0)]


def _accent_rule(plan: _Plan, rng: np.random.Generator) -> list[Color]:
    lightness, chroma, hue = _leading(plan)
    if plan.request.tonal:
        return [(_held(0.5 * lightness + 0.4, 0.45, 0.8), 0.9 * chroma, hue)]
    if plan.request.many:
        return [(0.74, 0.125, (hue + 245) % 360), (0.65, 0.12, (hue + 215) % 360)]
    cool = 130 <= hue < 330 or chroma < _NEUTRAL_CHROMA
    taken = [color[2] for role, color in plan.colors.items() if color[1] > 0.06 and role != "ground"]
    choices = [(*c[:2], (c[2] + rng.uniform(-5, 5)) % 360) for c in (_WARM_ACCENTS if cool else _COOL_ACCENTS)]
    order = rng.permutation(len(choices))
    far = sorted(order, key=lambda i: min((_turn(choices[i][2], t) for t in taken), default=180.0) < 40)
    return [choices[i] for i in far]


def _leading(plan: _Plan) -> Color:
    """The color that sets the hue: the main, or on a chromatic ground under a neutral main, the ground."""
    if plan.main[1] < _NEUTRAL_CHROMA <= plan.ground[1]:
        return plan.ground
    if plan.main[1] < _GRAY_CHROMA:
        return (plan.main[0], 0.012, 75.0)  # grays beside it are warm
    return plan.main


def _assembled(fixed: dict[str, Ink], wishes: dict[str, list[Color]], count: int) -> Palette:
    """Return the palette of fixed inks and wishes, each wish moved as little as needed to stand apart from the rest."""
    inks: dict[str, Ink] = dict(fixed)
    for role in _ORDER:
        if role in wishes and role not in inks and role in ROLES[:count]:
            lab = _apart(wishes[role], [ink.lab_d50 for ink in inks.values()], against=_against(role, inks))
            name = nearest_name(lab, frozenset(ink.name for ink in inks.values()))
            inks[role] = Ink(name, (float(lab[0]), float(lab[1]), float(lab[2])), role)
    return Palette(tuple(inks[role] for role in ROLES[:count]))


def _against(role: str, inks: dict[str, Ink]) -> float | None:
    """Return the OKLCh lightness that a ground or main has to stand apart from, or None."""
    other = {"ground": "main", "main": "ground"}.get(role, "")
    return _color(inks[other])[0] if other in inks else None


def _apart(wishes: Sequence[Color], others: Sequence[Color], *, against: float | None) -> np.ndarray:
    """Return the Lab (3,) nearest to the first wish that lies 12 CIEDE2000 from all others, or as far as can be had."""
    candidates, costs = _around(wishes)
    lab = oklch_to_lab(candidates)
    if not others:
        return lab[costs.argmin()]
    distance = ciede2000(lab[:, None], np.array(others)[None]).min(axis=1)
    short = np.maximum(WANTED_DIFFERENCE - distance, 0)
    costs = costs + 0.1 * short + 10.0 * (distance < LEAST_DIFFERENCE + 0.5)
    if against is not None:
        costs = costs + 20.0 * np.maximum(GROUND_CONTRAST - np.abs(candidates[:, 0] - against), 0)
    return lab[costs.argmin()]


def _around(wishes: Sequence[Color]) -> tuple[np.ndarray, np.ndarray]:
    """Return OKLCh candidates (N, 3) around the wishes and each one's cost (N,); earlier wishes are cheaper."""
    steps = np.array(np.meshgrid(np.linspace(-0.4, 0.4, 21), [0.5, 0.75, 1.0, 1.4], np.arange(-30, 31, 15)))
    lightness, scale, turn = steps.reshape(3, -1)
    candidates, costs = [], []
    for rank, wish in enumerate(wishes):
        moved = np.stack([wish[0] + lightness, wish[1] * scale, (wish[2] + turn) % 360], axis=1)
        cost = 6 * np.abs(lightness) + np.abs(np.log(scale)) + np.abs(turn) / 40 + 0.35 * rank
        inside = (moved[:, 0] > 0.13) & (moved[:, 0] < 0.985)
        candidates.append(moved[inside])
        costs.append(cost[inside])
    return np.concatenate(candidates), np.concatenate(costs)


def _color(ink: Ink) -> Color:
    lightness, chroma, hue = (float(v) for v in lab_to_oklch(np.array(ink.lab_d50)))
    return lightness, chroma, hue


def _turn(a: float, b: float) -> float:
    return abs((a - b + 180) % 360 - 180)


def _held(value: float, low: float, high: float) -> float:
    return min(max(value, low), high)
