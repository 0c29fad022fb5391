"""From a brief to a design in the library, and from a design to its colorways."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from patterns import __version__, presets, seam
from patterns.atelier.bench import Bench
from patterns.atelier.handing import by_hand
from patterns.atelier.layering import laid, together
from patterns.color import Palette, linear_to_srgb, vision
from patterns.color.scheme import choose_palette
from patterns.color.words import ColorRequest, read_prompt
from patterns.design import Brief, Design
from patterns.errors import Finding, InputError
from patterns.label import Label
from patterns.lattice import Lattice
from patterns.library import settled
from patterns.loom import DEFAULT_STEPS
from patterns.separation import ROLES, Separation

if TYPE_CHECKING:
    from patterns.atelier.picturing import Pictured
    from patterns.loom.weave import Request, Woven

# Moves a palette to what a fabric holds, for these ink planes, and says what is questionable about it.
Fit = Callable[[Palette, Separation], tuple[Palette, tuple[Finding, ...]]]
LOOM = "loom"
DEFAULT_SIZE_MM = 320.0
DEFAULT_INKS = 4
# The change that a brief names when its motifs lie over another design's pattern.
OVER = "over"
# An ink on less of the tile than this costs a screen and is hardly seen: our own figure.
LITTLE_COVERAGE = 0.005
_NUMBERS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_COUNTED = re.compile(
    rf"\b(?:in )?({'|'.join(_NUMBERS)}|[2-6])[- ](?:colou?r(?:s|ed)?|inks?|screens?)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Made:
    """A design with its ink planes, and the folder that the library keeps it in."""

    design: Design
    separation: Separation
    folder: Path

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is questionable about the design."""
        return self.design.findings

    def pixels(self) -> np.ndarray:
        """Return one cell in color, (H, W, 3) float32, linear light."""
        return self.separation.render(self.design.palette.linear_rgb())


def design(brief: Brief, bench: Bench, *, pictures: Mapping[str, bytes] | None = None) -> Made:
    """Make a design and keep it in the library.

    Colors named in the prompt, or the brief's palette, choose the inks by role; the Loom never reads them. ``pictures``
    are those that the brief is guided by (``guiding.given``). A brief of the change ``OVER`` is laid over the design
    that it names, on that design's lattice. Raises InputError or LatticeError for what was asked wrongly, CannotMake
    for what cannot be made, MissingPart for weights.
    """
    base = bench.library.design(brief.base) if brief.change == OVER else None
    lattice = base.lattice if base else lattice_of(brief)
    _refuse_symmetry(brief.symmetry, lattice)
    if brief.model != LOOM:
        if base:
            raise InputError(
                "a picture model draws no ground that can be left out; put the Loom's motifs over a design."
            )
        from patterns.atelier.picturing import design as painted

        return painted(brief, bench, pictures=pictures, acts=_acts(brief))
    _refuse_deaf(brief)
    request, acts = asked_colors(brief), _acts(brief)
    brief, guided = _guided(brief, request, pictures or {})
    given = _given_palette(brief)
    brief = replace(brief, inks=_count(brief, request, given), palette=portable(brief.palette, given))
    # The palette first: a refusal should come before the minute of drawing, not after it.
    palette = _palette(brief, request, given)
    brief = replace(brief, steps=brief.steps or DEFAULT_STEPS)
    woven = weave(brief, lattice, bench, pictures=pictures)
    separation = settled(woven.separation)
    palette = playing(palette, separation.roles)
    found = guided + woven.findings + _fewer(brief, separation)
    if base:
        separation, palette = over(separation, base.id, bench), together(palette, base.palette)
    record = Design(
        brief=brief,
        lattice=lattice,
        seed=brief.seed,
        model=brief.model,
        model_digest=woven.digest,
        version=__version__,
        palette=palette,
        parent=brief.base or None,
        created=_now(),
        acts=acts,
        label=Label.of("model", model=brief.model, digest=woven.digest, version=__version__).to_json(),
        machine=woven.machine,
    )
    return keep(record, separation, bench, found=found, pictures=pictures)


def over(separation: Separation, identity: str, bench: Bench) -> Separation:
    """Return what is drawn laid over a design of the library."""
    return laid(separation, bench.library.separation(identity))


def recolor(identity: str, palette: str | None, bench: Bench, *, fit: Fit | None = None) -> Made:
    """Make a colorway: the same ink planes with another palette, kept in the library as a child of the design.

    A palette with roles (a named one) lends the inks of the design's roles; any other has as many inks as the design.
    Without one it is the design's own. ``fit`` then moves the inks to what a fabric holds.
    """
    old = bench.library.design(identity)
    separation = bench.library.separation(identity)
    inks, brief, acts, found = old.palette, old.brief, old.acts, tuple(f for f in old.findings if f.severity == "note")
    if palette is not None:
        given = presets.palette_from(palette)
        inks = playing(_matched(given, separation.roles), separation.roles)
        brief, acts = replace(brief, palette=portable(palette, given)), (*acts, "chose another palette")
    if fit is not None:
        inks, said = fit(inks, separation)
        acts, found = (*acts, "chose a fabric whose colors the inks keep to"), found + said
    record = replace(old, brief=brief, palette=inks, parent=identity, created=_now(), acts=acts)
    return keep(record, separation, bench, found=found)


def keep(
    record: Design,
    separation: Separation,
    bench: Bench,
    *,
    found: tuple[Finding, ...],
    pictures: Mapping[str, bytes] | None = None,
) -> Made:
    """Store a design with everything that is questionable about it, and return it as stored.

    ``pictures`` are the files that its brief names by their digests.
    """
    found += _little_coverage(record, separation) + _seam(record, separation)
    found += vision.findings(record.palette, vision.borders(separation))
    record = replace(record, findings=tuple(dict.fromkeys(found)))
    folder = bench.library.put(record, separation, pictures=pictures)
    return Made(record, separation, folder)


def weave(
    brief: Brief, lattice: Lattice, bench: Bench, *, pictures: Mapping[str, bytes] | None = None
) -> "Woven | Pictured":
    """Return what the brief's model draws, by the hand that was asked for.

    The number of inks is settled, except for a picture model that is to find it. ``pictures`` guide the drawing.
    """
    if brief.model != LOOM:
        from patterns.atelier.picturing import pictured

        return pictured(brief, lattice, bench, pictures=pictures)
    bench.progress("waking the Loom", 0, 0)
    from patterns.atelier.arranging import Setter
    from patterns.loom.weave import weave as drawn

    request = requested(brief, lattice)

    def progress(done: int, total: int) -> None:
        bench.progress("drawing", done, total)

    if brief.reference or brief.sketch:
        from patterns.atelier.guiding import guides
        from patterns.loom.following import followed

        asked = guides(brief, request, pictures or {})
        woven = followed(request, asked, folder=bench.weights, arranger=Setter(), progress=progress)
    else:
        woven = drawn(request, folder=bench.weights, arranger=Setter(), progress=progress)
    hand = brief.hand or woven.reading.hand
    return replace(woven, separation=by_hand(woven.separation, hand, seed=brief.seed, symmetry=brief.symmetry))


def requested(brief: Brief, lattice: Lattice) -> "Request":
    """Return what the Loom is asked for by a brief whose number of inks is settled."""
    from patterns.loom.weave import Request

    colors = asked_colors(brief)
    return Request(
        prompt=colors.rest,
        lattice=lattice,
        inks=brief.inks or DEFAULT_INKS,
        seed=brief.seed,
        scale_mm=brief.scale,
        steps=brief.steps or DEFAULT_STEPS,
        symmetry=brief.symmetry,
        density=brief.density,
        layout=brief.layout,
        direction=brief.direction,
        variety=brief.variety,
        # "Outlined in black" is taken out with the color.
        outlined=True if any(ink.role == "line" for ink in colors.inks) else None,
        px_per_mm=brief.detail,
    )


def _acts(brief: Brief) -> tuple[str, ...]:
    """Return what a person decided, before anything is settled for them."""
    acts = ["wrote the prompt"]
    acts += ["chose the palette"] if brief.palette else []
    acts += ["gave a picture whose manner is followed"] if brief.reference else []
    return (*acts, *(["gave a sketch"] if brief.sketch else []))


def _guided(brief: Brief, request: ColorRequest, pictures: Mapping[str, bytes]) -> tuple[Brief, tuple[Finding, ...]]:
    """Return the brief with what a reference decides of it, and what is to be said of that."""
    if not brief.reference:
        return brief, ()
    from patterns.atelier.guiding import told

    said = _COUNTED.search(brief.prompt)
    if brief.inks is None and (said or brief.palette or request.inks):
        brief = replace(brief, inks=_count(brief, request, _given_palette(brief)))
    return told(brief, pictures, colored=bool(request.inks))


def lattice_of(brief: Brief) -> Lattice:
    """Return the lattice that a brief asks for; LatticeError if there is none."""
    return Lattice.named(brief.repeat, brief.width_mm or DEFAULT_SIZE_MM, brief.height_mm)


def asked_colors(brief: Brief) -> ColorRequest:
    """Return what the prompt says about colors, and the rest of it, which is what the Loom reads."""
    return read_prompt(_COUNTED.sub(" ", brief.prompt))


def playing(palette: Palette, roles: tuple[str, ...]) -> Palette:
    """Return only the inks that play these roles, in their order."""
    if tuple(ink.role for ink in palette.inks) == roles:
        # Beyond the six roles inks have none, and only their order tells them apart.
        return palette
    by_role = {ink.role: ink for ink in palette.inks}
    return replace(palette, inks=tuple(by_role[role] for role in roles))


def counted(brief: Brief) -> int | None:
    """Return how many inks a brief asks for, itself or in its prompt; None if it leaves that open."""
    said = _COUNTED.search(brief.prompt)
    return brief.inks or (int(_NUMBERS.get(said[1].lower(), 0) or said[1]) if said else None)


def _count(brief: Brief, request: ColorRequest, given: Palette | None) -> int:
    """Return how many inks to draw with: as asked, as the prompt says, as the palette has, or four."""
    asked = counted(brief)
    if asked is None and given is not None:
        asked = DEFAULT_INKS if given.words else len(given)
    if asked is None:
        asked = max([DEFAULT_INKS, len(request.inks), *(ROLES.index(ink.role) + 1 for ink in request.inks)])
    if asked > len(ROLES):
        raise InputError(
            f"the Loom draws with 2 to {len(ROLES)} inks ({', '.join(ROLES)}), and {asked} were asked for; "
            f"leave {asked - len(ROLES)} out, or name fewer with --inks."
        )
    return asked


def _given_palette(brief: Brief) -> Palette | None:
    return presets.palette_from(brief.palette) if brief.palette else None


def _palette(brief: Brief, request: ColorRequest, given: Palette | None) -> Palette:
    """Return the inks in the order of the roles, as many as the brief asks for."""
    count = brief.inks or DEFAULT_INKS
    if given is None:
        return choose_palette(request, count, np.random.default_rng([brief.seed, 2]), palettes=presets.palettes())
    if len(given) < count:
        raise InputError(f"the palette has {len(given)} inks and {count} were asked for; add some, or ask for fewer.")
    return replace(given, inks=given.inks[:count]).with_roles(ROLES[:count])


def _matched(given: Palette, roles: tuple[str, ...]) -> Palette:
    """Return a palette whose inks have these roles: by role if it has them, by order if it has as many inks."""
    if set(roles) <= {ink.role for ink in given.inks}:
        return given
    if len(given) != len(roles):
        raise InputError(
            f"the design has {len(roles)} inks ({', '.join(roles)}) and the palette {len(given)}; give as many colors, "
            "the ground first, or name one of `patterns presets list palettes`."
        )
    return given.with_roles(roles)


def portable(text: str | None, given: Palette | None) -> str | None:
    """Return the palette as a record may say it anywhere: a preset's name, or the colors instead of a file's place."""
    if text is None or given is None or text.strip() in presets.names("palettes"):
        return text
    return given.hexes


def _refuse_deaf(brief: Brief) -> None:
    for name, value in (("guidance", brief.guidance), ("negative", brief.negative or None)):
        if value is not None:
            raise InputError(f"--{name} is for picture models, which --model names; the Loom does not hear it.")


def _refuse_symmetry(name: str, lattice: Lattice) -> None:
    from patterns.symmetry import Symmetry

    Symmetry(name).require_on(lattice)


def _fewer(brief: Brief, separation: Separation) -> tuple[Finding, ...]:
    count = len(separation.roles)
    if count == brief.inks:
        return ()
    return (
        Finding(
            "note",
            "the Loom left inks out, which the design does without",
            f"{count} of {brief.inks} inks",
            "another seed may use them all",
        ),
    )


def _little_coverage(record: Design, separation: Separation) -> tuple[Finding, ...]:
    little = [
        (ink, share)
        for ink, share in zip(record.palette.inks, separation.coverage(), strict=True)
        if share < LITTLE_COVERAGE
    ]
    return tuple(
        Finding(
            "warning",
            f"the ink {ink.name} ({ink.role}) covers so little that its screen may not pay",
            f"{share:.2%} of the tile",
            "ask for fewer inks with --inks",
        )
        for ink, share in little
    )


def _seam(record: Design, separation: Separation) -> tuple[Finding, ...]:
    linear = separation.render(record.palette.linear_rgb())
    pixels = np.rint(np.clip(linear_to_srgb(linear), 0, 1) * 255).astype(np.uint8)
    return tuple(seam.measure(pixels, separation.grid).findings())


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
