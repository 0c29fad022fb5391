"""Designs made of designs: varied from a whisper to a cousin, a part redrawn, two blended. All stay on the lattice.

Each result is a child in the library. Its brief is that of the design it was made from, with the change; the change is
carried out on the ink planes that the library keeps, with the child's own seed, so that a replay comes to the same.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from patterns import __version__
from patterns.atelier import masking
from patterns.atelier.arranging import Setter
from patterns.atelier.bench import Bench
from patterns.atelier.handing import by_hand
from patterns.atelier.making import Made, asked_colors, keep, requested
from patterns.design import Brief, Design
from patterns.errors import Finding, InputError
from patterns.label import SOURCE_TYPES, Label
from patterns.lattice import Grid, Lattice
from patterns.library import settled
from patterns.separation import Separation
from patterns.units import format_mm, parse_length

if TYPE_CHECKING:
    from patterns.atelier.repainting import Repainted
    from patterns.loom.rearranging import Root
    from patterns.loom.weave import Woven

STRENGTHS = {"whisper": 0.25, "sibling": 0.5, "cousin": 0.75}
# Where nothing was said, old and new grow together over this share of a mask's depth, and over so many mm at most.
_JOIN_SHARE, _JOIN_MM = 0.4, 8.0
_LOOM = "loom"
# What a child's brief says anew, and what it does not take over from one that another model drew.
_UNSAID: dict[str, Any] = {
    "other": "", "mask": "", "join": None,
    "reference": "", "reference_weight": None, "sketch": "", "sketch_weight": None,
}  # fmt: skip
_OF_A_MODEL: dict[str, Any] = {
    "steps": None, "guidance": None, "negative": "", "detail": None,
    "scale": None, "density": "", "layout": "", "direction": "", "variety": "",
}  # fmt: skip
# Lattices are the same if their vectors meet to this share of their length.
_SAME = 1e-4


@dataclass(frozen=True, slots=True)
class Wish:
    """How a design is changed: how strongly, with which seed, in how many steps, and with which other prompt, if any.

    ``model`` is "loom" or a picture model's name; without one the design's own draws.
    """

    strength: float
    seed: int = 0
    prompt: str | None = None
    steps: int | None = None
    model: str | None = None


def strength_from(text: str) -> float:
    """Return the strength that a word or a number says; InputError if it is neither."""
    if text.strip().lower() in STRENGTHS:
        return STRENGTHS[text.strip().lower()]
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 < value <= 1:
        raise InputError(
            f"a strength is {', '.join(STRENGTHS)}, or a number above 0 (as it was) and at most 1 (anew), not {text!r}."
        )
    return value


def vary(identity: str, wish: Wish, bench: Bench) -> Made:
    """Keep a variation of a design in the library: the same inks, lattice and group, as near as the wish says.

    Raises InputError for what the model cannot draw, MissingPart if its weights are missing.
    """
    base = bench.library.design(identity)
    brief = _brief(base, identity, wish, bench, change="vary", strength=wish.strength)
    said = "asked for a variation" + ("" if wish.prompt is None else " with another prompt")
    return _kept(brief, base, wish, bench, act=f"{said} (strength {wish.strength:g})")


def edit(identity: str, mask: np.ndarray, wish: Wish, bench: Bench, *, join: str | None = None) -> Made:
    """Keep a design of which only a part is drawn anew: where ``mask`` (H, W) bool on its own pixels is not, it is bit
    for bit the same.

    ``join`` is a length from the mask's border inward over which old and new grow together, "0" for none. Raises
    InputError for a mask of another size, or that marks nothing or all; else as ``vary``.
    """
    base, old = bench.library.design(identity), bench.library.separation(identity)
    if mask.shape != old.planes.shape[1:]:
        raise InputError(f"the mask has {mask.shape[::-1]} px, and the design {old.planes.shape[:0:-1]}.")
    masking.refuse_useless(mask)
    whole = masking.symmetric(mask, old.grid, base.brief.symmetry)
    masking.refuse_useless(whole)
    digest, data = masking.written(whole)
    brief = _brief(
        base, identity, wish, bench,
        change="edit", strength=wish.strength, mask=digest, join=_join_mm(join, whole, old),
    )  # fmt: skip
    act = "marked a part to be drawn anew" + (f" as {wish.prompt!r}" if wish.prompt else "")
    return _kept(brief, base, wish, bench, act=act, pictures={digest: data}, found=_repeated(mask, whole, base))


def blend(identity: str, other: str, wish: Wish, bench: Bench) -> Made:
    """Keep a design between two, in the first one's inks: the wish's strength is the other's share.

    Raises InputError if the other does not repeat where the first does, saying what would; else as ``vary``.
    """
    base, second = bench.library.design(identity), bench.library.design(other)
    if identity == other:
        raise InputError("a design blended with itself is itself; name another, or use `patterns vary`.")
    refuse_lattices(base, second)
    brief = _brief(base, identity, wish, bench, change="blend", strength=wish.strength, other=other)
    return _kept(brief, base, wish, bench, act=f"chose the design {other} to blend with ({wish.strength:g} of it)")


def again(record: Design, bench: Bench) -> "Woven | Repainted":
    """Return a changed design drawn afresh from its record and from what the library keeps of where it came from.

    Raises InputError if the design that it was made from, or the mask, is not in the library.
    """
    for name in (record.brief.base, record.brief.other):
        if name and name not in bench.library.ids():
            raise InputError(f"the design {name}, which {record.id} was made from, is not in the library.")
    mask = masking.unpacked(bench.library.picture(record.id, "mask")) if record.brief.mask else None
    return _drawn(record.brief, record.seed, bench, mask)


def refuse_lattices(base: Design, other: Design) -> None:
    """Raise InputError unless the other design repeats wherever the first one does."""
    if _within(base.lattice, other.lattice):
        return
    one, two = (
        f"{r.lattice.repeat}, {format_mm(r.lattice.width)} x {format_mm(r.lattice.height)}" for r in (base, other)
    )
    turned = "; the other way round the two blend" if _within(other.lattice, base.lattice) else ""
    raise InputError(
        f"the first design repeats as {one} and the other as {two}, so that a blend would repeat as neither; draw the "
        f"other with --repeat '{base.lattice.repeat}' --size {base.lattice.width:g}x{base.lattice.height:g}mm{turned}."
    )


def _within(lattice: Lattice, other: Lattice) -> bool:
    """Return whether what repeats on ``other`` repeats on ``lattice`` too."""
    tolerance = _SAME * min(lattice.width, lattice.height)
    return all(other.contains(*vector, tolerance=tolerance) for vector in lattice.vectors)


def _brief(base: Design, identity: str, wish: Wish, bench: Bench, **change: Any) -> Brief:
    """Return the brief of a design's child: the design's own, with the change and another prompt if there is one."""
    was = base.brief
    model = wish.model or (_LOOM if was.model == "separate" else was.model)
    brief = replace(was, base=identity, model=model, **{**_UNSAID, **change})
    if model != was.model:
        brief = replace(brief, **_OF_A_MODEL)
    brief = replace(brief, steps=wish.steps or brief.steps)
    if wish.prompt is None:
        if was.model == "separate":
            raise InputError(
                "the design was separated from a picture, and nobody said what it shows; say it with --prompt."
            )
        return brief
    if (was.model, model) != (_LOOM, _LOOM):
        return replace(brief, prompt=wish.prompt)
    from patterns.loom.guided import carried_over

    words = asked_colors(replace(was, prompt=wish.prompt)).rest
    kept = carried_over(requested(was, base.lattice), words, folder=bench.weights)
    return replace(brief, prompt=wish.prompt, **kept)


def _kept(
    brief: Brief,
    base: Design,
    wish: Wish,
    bench: Bench,
    *,
    act: str,
    pictures: dict[str, bytes] | None = None,
    found: tuple[Finding, ...] = (),
) -> Made:
    """Draw what a brief says of a design, and keep it as the design's child."""
    mask = masking.unpacked((pictures or {})[brief.mask]) if brief.mask else None
    woven = _drawn(brief, wish.seed, bench, mask)
    record = Design(
        brief=brief,
        lattice=base.lattice,
        seed=wish.seed,
        model=brief.model,
        model_digest=woven.digest,
        version=__version__,
        palette=base.palette,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        parent=brief.base,
        acts=(*base.acts, act),
        label=_label(base, brief, woven).to_json(),
        machine=woven.machine,
    )
    found = (*found, *woven.findings, *_colors(wish))
    return keep(record, settled(woven.separation), bench, found=found, pictures=pictures)


def _drawn(brief: Brief, seed: int, bench: Bench, mask: np.ndarray | None) -> "Woven | Repainted":
    """Return what a brief makes of the designs that it names, in the first one's inks."""
    old = bench.library.separation(brief.base)
    other = (bench.library.design(brief.other), bench.library.separation(brief.other)) if brief.other else None
    if brief.model == _LOOM:
        drawn = _rewoven(brief, seed, bench, old, mask=mask, other=other)
        hand = brief.hand or drawn.reading.hand
    else:
        from patterns.atelier.repainting import Given, repainted

        given = Given(old, bench.library.design(brief.base).palette, mask, other)
        drawn, hand = repainted(brief, seed, given, bench), brief.hand
    new = by_hand(drawn.separation, hand, seed=brief.seed, symmetry=brief.symmetry)
    return replace(drawn, separation=new if mask is None else _put_back(old, new, mask))


def _rewoven(
    brief: Brief,
    seed: int,
    bench: Bench,
    old: Separation,
    *,
    mask: np.ndarray | None,
    other: tuple[Design, Separation] | None,
) -> "Woven":
    """Return what the Loom makes of a design's planes."""
    bench.progress("waking the Loom", 0, 0)
    from patterns.loom.guided import Change, changed
    from patterns.loom.rearranging import rearranged

    def progress(done: int, total: int) -> None:
        bench.progress("drawing", done, total)

    join_px = (brief.join or 0.0) * old.grid.width / old.lattice.width
    second = (other[1], requested(other[0].brief, other[0].lattice)) if other else None
    change = Change(brief.strength or 1.0, seed=seed, mask=mask, join_px=join_px, other=second)
    request = requested(brief, old.lattice)
    names = [name for name in (brief.base, brief.other) if name]
    roots = [root for name in names if (root := _root(name, bench))]
    if len(roots) == len(names):
        drawn = rearranged(
            roots[0], request, change, *roots[1:], arranger=Setter(), folder=bench.weights, progress=progress
        )
        if drawn is not None:
            return drawn
    return changed(old, request, change, folder=bench.weights, progress=progress)


def _root(identity: str, bench: Bench) -> "Root | None":
    """Return what the Loom arranged a design from, with its variations since; None if something else was done to it."""
    from patterns.loom.rearranging import Root
    from patterns.loom.weave import loaded

    digest, variations = loaded(bench.weights).digest, []
    while True:
        design = bench.library.design(identity)
        brief = design.brief
        if brief.pictures or brief.model != _LOOM or (design.model_digest, design.version) != (digest, __version__):
            return None
        if not brief.change:
            return Root(requested(brief, design.lattice), tuple(reversed(variations)))
        if brief.change != "vary" or brief.base not in bench.library.ids():
            return None
        if brief.prompt != bench.library.design(brief.base).brief.prompt:
            return None
        variations.append((brief.strength or 1.0, design.seed))
        identity = brief.base


def _put_back(old: Separation, new: Separation, mask: np.ndarray) -> Separation:
    """Return the old planes, bit for bit, with the new ones where the mask is."""
    return replace(old, planes=np.where(mask, _on(new, old.grid).planes, old.planes))


def _on(new: Separation, grid: Grid) -> Separation:
    """Return a separation on a grid of its lattice, in whole 255ths: enlarged along its contours, or reduced."""
    if new.grid == grid:
        return settled(new)
    from patterns.enlarge import enlarged
    from patterns.separate.planes import in_255ths, reduced

    if grid.width < new.grid.width or grid.height < new.grid.height:
        small = reduced(new, grid)
        return replace(small, planes=(in_255ths(small.planes) / np.float32(255)).astype(np.float32))
    planes = enlarged(new.planes, new.grid, grid)
    return replace(new, planes=(planes / np.float32(255)).astype(np.float32))


def _join_mm(join: str | None, mask: np.ndarray, old: Separation) -> float:
    """Return over how many mm old and new grow together: as asked, else a share of how deep the mask is."""
    if join is not None:
        return 0.0 if join.strip() == "0" else parse_length(join)
    from scipy.ndimage import distance_transform_edt

    grid = old.grid
    px_per_mm = grid.width / old.lattice.width
    margin = int(_JOIN_MM / _JOIN_SHARE * px_per_mm) + 1
    deep = float(np.max(np.asarray(distance_transform_edt(grid.pad(mask, margin))))) / px_per_mm
    return round(min(_JOIN_MM, _JOIN_SHARE * deep), 1)


def _label(base: Design, brief: Brief, drawn: "Woven | Repainted") -> Label:
    """Return the label of a child: the model's, and what its parent's says of a person's art and of other terms."""
    was = base.label
    art = was.get("source_type") in (SOURCE_TYPES["picture"], SOURCE_TYPES["model and art"])
    maker = "model and art" if art else "model"
    label = Label.of(maker, model=brief.model, digest=drawn.digest, version=__version__)
    label = replace(label, model_license=getattr(drawn, "terms", label.model_license))
    terms = was.get("model_license", "")
    if was.get("model", brief.model) == brief.model or terms in ("", label.model_license):
        return label
    return replace(label, model_license=f"{label.model_license}; of {was['model']}, which it was made from: {terms}")


def _repeated(mask: np.ndarray, whole: np.ndarray, base: Design) -> tuple[Finding, ...]:
    if whole.sum() == mask.sum():
        return ()
    return (
        Finding(
            "note",
            f"the design keeps its symmetry {base.brief.symmetry}, so that all that it takes the part to is drawn anew",
            f"{whole.mean():.1%} of the tile instead of {mask.mean():.1%}",
        ),
    )


def _colors(wish: Wish) -> tuple[Finding, ...]:
    if wish.prompt is None or not asked_colors(Brief(wish.prompt)).inks:
        return ()
    return (
        Finding(
            "note",
            "the design keeps its palette, so that the colors in the prompt are not followed",
            cure="give it others with `patterns recolor`",
        ),
    )
