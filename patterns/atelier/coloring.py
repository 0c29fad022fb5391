"""Sets of colorways for a design or a collection, kept in the library, and the sheet that shows them together."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from patterns import presets
from patterns.atelier.bench import Bench, refuse_unwritable
from patterns.atelier.making import Made, keep
from patterns.color import Palette
from patterns.color.colorways import APART, distance, kept, propose
from patterns.color.laying import Use, weights
from patterns.color.vision import borders
from patterns.design import Design
from patterns.errors import Finding, InputError
from patterns.fabric import Fabric
from patterns.library.planes import disclosure, provenance, source_type, title
from patterns.separation import MOST_INKS, ROLES, Separation
from patterns.units import format_mm

# More designs than this do not fit beside each other on a sheet.
MOST_DESIGNS = 8
# A picture on the sheet shows at least this much of the widest tile.
_SHOWN = 1.25
# Child of the seed, so that colors and drawings of one seed draw from different streams.
_STREAM = 5


@dataclass(frozen=True, slots=True)
class Wish:
    """What colorways are asked for: see ``patterns.color.colorways.propose``; ``fabric`` is a preset's name or ""."""

    count: int = 6
    seed: int = 0
    keep: tuple[str, ...] = ()
    fabric: str = ""
    invert: bool = False
    from_palettes: bool = False
    apart: float = APART


@dataclass(frozen=True, slots=True)
class Set:
    """One colorway: its palette, the designs made with it, its distance from the design and from the nearest other."""

    palette: Palette
    made: tuple[Made, ...]
    from_design: float
    from_others: float | None


@dataclass(frozen=True, slots=True)
class Colored:
    """Colorways of a design or a collection, and the sheet's files; ``scale`` is 1 : scale."""

    sets: tuple[Set, ...]
    png: Path
    pdf: Path
    scale: float
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _Collection:
    """Designs that are colored together: one palette for all, and where each design's inks stand in it."""

    records: tuple[tuple[str, Design], ...]
    separations: tuple[Separation, ...]
    palette: Palette
    places: tuple[tuple[int, ...], ...]

    def use(self) -> Use:
        """Return how the designs together use the inks of the common palette."""
        count = len(self.palette)
        coverage, shared = np.zeros(count), np.zeros((count, count))
        for separation, places in zip(self.separations, self.places, strict=True):
            at = list(places)
            coverage[at] += separation.coverage() / len(self.separations)
            shared[np.ix_(at, at)] += borders(separation) / len(self.separations)
        return Use(coverage, shared)

    def worn(self, palette: Palette, number: int) -> Palette:
        """Return the common palette as one of the designs wears it."""
        roles = self.separations[number].roles
        inks = tuple(replace(palette.inks[i], role=r) for i, r in zip(self.places[number], roles, strict=True))
        return replace(palette, inks=inks)


def colorways(identities: Sequence[str], wish: Wish, out: Path, bench: Bench) -> Colored:
    """Propose colorways for a design, or one set of them for a collection, keep them and write one sheet of all.

    The first design leads: several share the inks of their roles, or, without roles, of their order. Every colorway is
    a child of its design in the library. ``out`` gets colorways.png and colorways.pdf. Raises InputError for designs
    that share no inks, for what ``propose`` refuses, and CannotMake if ``out`` cannot be written to.
    """
    refuse_unwritable(out)
    fabric = presets.fabric(wish.fabric) if wish.fabric else None
    collection, found = _collected(identities, bench)
    bench.progress("choosing colors", 0, 0)
    palettes = propose(
        collection.palette,
        count=wish.count,
        rng=np.random.default_rng([wish.seed, _STREAM]),
        keep=wish.keep,
        gamut=fabric.gamut() if fabric else None,
        invert=wish.invert,
        palettes=presets.palettes(),
        only_palettes=wish.from_palettes,
        use=collection.use(),
        apart=wish.apart,
    )
    said = _said(wish, fabric)
    found += _fabric_findings(collection.palette, wish, fabric)
    return _finished(collection, palettes, (wish.keep, said, out), bench, found)


def like(identities: Sequence[str], models: Sequence[str], out: Path, bench: Bench) -> Colored:
    """Put designs into the inks of colorways that are in the library already: by role, or by order without roles.

    Raises InputError if a colorway lacks the ink of a role.
    """
    refuse_unwritable(out)
    collection, found = _collected(identities, bench)
    palettes = tuple(_lent(bench.library.design(model).palette, collection.palette, model) for model in models)
    return _finished(collection, palettes, ((), (), out), bench, found)


def _collected(identities: Sequence[str], bench: Bench) -> tuple[_Collection, tuple[Finding, ...]]:
    if len(identities) > MOST_DESIGNS:
        raise InputError(f"a sheet shows at most {MOST_DESIGNS} designs together, not {len(identities)}.")
    identities = list(dict.fromkeys(identities))
    records = tuple((identity, bench.library.design(identity)) for identity in identities)
    separations = tuple(bench.library.separation(identity) for identity in identities)
    first, roles = records[0][1], [separation.roles for separation in separations]
    if len(records) > 1 and all("" not in r and len(set(r)) == len(r) for r in roles):
        return _by_role(records, separations)
    counts = [len(r) for r in roles]
    if len(set(counts)) > 1:
        raise InputError(
            f"these designs have {', '.join(map(str, counts))} inks without roles, so that nothing says which ink is "
            "which; color designs with as many inks together, or one by one."
        )
    places = tuple(tuple(range(count)) for count in counts)
    return _Collection(records, separations, first.palette, places), ()


def _by_role(
    records: tuple[tuple[str, Design], ...], separations: tuple[Separation, ...]
) -> tuple[_Collection, tuple[Finding, ...]]:
    """Return a collection whose palette has every role once, with the ink of the first design that plays it."""
    inks = {ink.role: ink for _, record in reversed(records) for ink in record.palette.inks}
    order = [role for role in ROLES if role in inks] + [role for role in inks if role not in ROLES]
    if len(order) > MOST_INKS:
        raise InputError(f"these designs have {len(order)} roles between them, and a palette has {MOST_INKS} inks.")
    places = tuple(tuple(order.index(role) for role in s.roles) for s in separations)
    palette = replace(records[0][1].palette, inks=tuple(inks[role] for role in order))
    unlike = [
        f"{identity} ({ink.role})"
        for identity, record in records
        for ink in record.palette.inks
        if ink.lab != inks[ink.role].lab
    ]
    note = Finding(
        "note",
        "the designs have unlike inks in the same roles; the values kept are those of the first design with each",
        ", ".join(unlike[:6]) + (" and more" if len(unlike) > 6 else ""),
    )
    return _Collection(records, separations, palette, places), (note,) if unlike else ()


def _lent(given: Palette, wanted: Palette, name: str) -> Palette:
    """Return a colorway's inks in the places of another palette's roles."""
    roles = [ink.role for ink in wanted.inks]
    by_role = {ink.role: ink for ink in given.inks}
    if "" not in roles and set(roles) <= set(by_role):
        return replace(given, inks=tuple(by_role[role] for role in roles), name=given.name or name)
    if len(given) == len(wanted) and ("" in roles or "" in by_role):
        return replace(given, name=given.name or name)
    missing = [role for role in roles if role not in by_role]
    raise InputError(
        f"the colorway {name} has no ink for {', '.join(missing) or 'these designs'}; take one of a design with as "
        "many inks, or color the designs together: `patterns colorways DESIGN DESIGN`."
    )


def _finished(
    collection: _Collection,
    palettes: tuple[Palette, ...],
    how: tuple[tuple[str, ...], tuple[str, ...], Path],
    bench: Bench,
    found: tuple[Finding, ...],
) -> Colored:
    """Keep every colorway of every design, write the sheet, and gather what is questionable."""
    names, said, out = how
    rows = []
    for number, palette in enumerate(palettes):
        bench.progress("keeping colorways", number, len(palettes))
        rows.append(tuple(_made(collection, i, palette, bench) for i in range(len(collection.records))))
    bench.progress("keeping colorways", len(palettes), len(palettes))
    sets = _measured(collection, palettes, names, rows)
    scale = _write(collection, sets, said, out)
    return Colored(sets, out / "colorways.png", out / "colorways.pdf", scale, found + _gathered(sets))


def _made(collection: _Collection, number: int, palette: Palette, bench: Bench) -> Made:
    identity, old = collection.records[number]
    separation = collection.separations[number]
    worn = collection.worn(palette, number)
    record = replace(
        old,
        brief=replace(old.brief, palette=worn.hexes),
        palette=worn,
        parent=identity,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        acts=(*old.acts, "asked for colorways"),
    )
    found = tuple(f for f in old.findings if f.severity == "note")
    return keep(record, separation, bench, found=found)


def _measured(
    collection: _Collection, palettes: tuple[Palette, ...], names: tuple[str, ...], rows: list[tuple[Made, ...]]
) -> tuple[Set, ...]:
    weight = weights(collection.use().coverage, kept(collection.palette, names))
    lab = np.stack([palette.lab() for palette in palettes])
    away = distance(lab, collection.palette.lab(), weight)
    between = distance(lab[:, None], lab[None], weight) + np.diag(np.full(len(lab), np.inf))
    nearest = [float(row.min()) if len(lab) > 1 else None for row in between]
    return tuple(Set(*parts) for parts in zip(palettes, rows, map(float, away), nearest, strict=True))


def _gathered(sets: tuple[Set, ...]) -> tuple[Finding, ...]:
    """Return what is questionable: once if all colorways have it, else with the colorway's name.

    The same figure and cure are the same thing said of inks with other names.
    """
    each = [{(f.severity, f.measured, f.cure): f for made in one.made for f in made.findings} for one in sets]
    common = set.intersection(*(set(its) for its in each))
    shared = tuple(f for key, f in each[0].items() if key in common)
    named = tuple(
        replace(finding, message=f"{one.palette.name}: {finding.message}")
        for one, its in zip(sets, each, strict=True)
        for key, finding in its.items()
        if key not in common
    )
    if len(sets) > 1:
        shared = tuple(
            replace(f, message=f"in all colorways, as in {sets[0].palette.name}: {f.message}") for f in shared
        )
    return shared + named


def _fabric_findings(palette: Palette, wish: Wish, fabric: Fabric | None) -> tuple[Finding, ...]:
    """Return what the fabric has against the design, and where what it can print is nobody's measurement."""
    if fabric is None:
        return ()
    gamut, found = fabric.gamut(), list(fabric.findings(len(palette)))
    outside = kept(palette, wish.keep) & ~np.asarray(gamut.inside(palette.lab()))
    for ink, out in zip(palette.inks, outside, strict=True):
        if out:
            found.append(
                Finding(
                    "warning",
                    f"{ink.name} is kept as asked, and {fabric.title} cannot print it",
                    ink.hex,
                    "leave it out of --keep, or see `patterns recolor --fabric`",
                )
            )
    if gamut.heuristic:
        found.append(Finding("note", f"what {fabric.title} can print is a heuristic, and nobody measured it"))
    return tuple(found)


def _said(wish: Wish, fabric: Fabric | None) -> tuple[str, ...]:
    """Return what the sheet says of the wish."""
    said = ["values turned about" if wish.invert else "values kept"]
    said += [f"keeps {', '.join(wish.keep)}"] if wish.keep else []
    said += [f"for {fabric.title}"] if fabric else []
    return (*said, f"seed {wish.seed}")


def _write(collection: _Collection, sets: tuple[Set, ...], said: tuple[str, ...], out: Path) -> float:
    """Write the sheet as PNG and PDF, both or neither; return its scale."""
    from patterns.press.colorway_sheet import Colorway, Frame, Sheet, write_sheet
    from patterns.press.folder import Folder
    from patterns.press.marks import Marks

    first = collection.records[0][1]
    frame = Frame.of(len(sets), len(collection.records), len(collection.palette))
    widest = max(s.lattice.width for s in collection.separations)
    scale = math.ceil(10 * max(1.0, _SHOWN * widest / frame.picture[0])) / 10
    sheet = Sheet(
        title="  ·  ".join(dict.fromkeys(title(record) for _, record in collection.records)),
        subtitle="   ·   ".join([*_described(collection), f"shown at 1 : {scale:g}", *said]),
        original=collection.palette,
        colorways=tuple(
            Colorway(
                one.palette,
                "   ".join(made.design.id for made in one.made[:3]),
                tuple(made.design.palette for made in one.made),
            )
            for one in sets
        ),
        views=tuple(_view(s, frame.view_px, frame.px_per_mm / scale) for s in collection.separations),
    )
    marks = Marks(f"Colorways: {title(first)}", disclosure(first), "", source_type(first), made=provenance(first))
    with Folder(out) as target:
        write_sheet(target.file("colorways.png"), target.file("colorways.pdf"), sheet, marks)
    return scale


def _described(collection: _Collection) -> list[str]:
    if len(collection.records) > 1:
        return [f"{len(collection.records)} designs", f"{len(collection.palette)} inks"]
    lattice = collection.separations[0].lattice
    return [
        lattice.repeat,
        f"{format_mm(lattice.width)} × {format_mm(lattice.height)}",
        f"{len(collection.palette)} inks",
    ]


def _view(separation: Separation, size_px: tuple[int, int], px_per_mm: float) -> np.ndarray:
    """Return the paved plane at a resolution, (K, h, w) uint8 in sum 255, its contours redrawn where it is enlarged."""
    from patterns.enlarge import enlarged

    grid, planes = separation.grid, np.rint(separation.planes * 255).astype(np.uint8)
    own = grid.width / separation.lattice.width
    if own < px_per_mm:
        larger = grid.scaled(math.ceil(px_per_mm / own))
        planes = enlarged(separation.planes, grid, larger)
        grid, own = larger, larger.width / separation.lattice.width
    x, y = ((np.arange(side) + 0.5) * own / px_per_mm for side in size_px)
    rows, columns = grid.wrap(y.astype(np.int64)[:, None], x.astype(np.int64)[None, :])
    return planes[:, rows, columns]
