"""Making a design again from a file that carries its record."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from patterns import __version__
from patterns.atelier.bench import Bench, refuse_unwritable
from patterns.atelier.making import OVER, Made, keep, over, weave
from patterns.atelier.varying import again
from patterns.design import Design
from patterns.errors import CannotMake, Finding, InputError, MissingPart, PatternsError
from patterns.library import carried, settled, write_tile
from patterns.separation import Separation

if TYPE_CHECKING:
    from patterns.atelier.picturing import Pictured
    from patterns.loom.weave import Woven


@dataclass(frozen=True, slots=True)
class Replayed:
    """A design made again.

    ``source`` says where its ink planes came from: "file", "library" or "woven afresh". ``differing`` is the share of
    pixels that a fresh generation inks otherwise, None if there was nothing to compare. ``tile`` is the file written.
    """

    made: Made
    source: str
    differing: float | None
    tile: Path
    findings: tuple[Finding, ...]


def replay(file: Path, bench: Bench, *, out: Path | None = None, compare: bool = True) -> Replayed:
    """Make the design of a delivered PNG, TIFF, JPEG or PDF again, keep it in the library, and write its tile.

    Stored ink planes, in the file or in the library, give the same bytes. Without them the design is woven afresh from
    its record. ``compare`` weaves afresh even where planes are stored, if the weights are those of the record.
    Raises InputError if the file has no record, MissingPart if there are neither planes nor weights.
    """
    if out is not None:
        refuse_unwritable(out)
    record = _record(file)
    stored, source = _stored(record, file, bench)
    fresh, findings = _fresh(record, bench, needed=stored is None) if compare or stored is None else (None, ())
    separation = stored or fresh
    if separation is None:
        raise CannotMake(f"the design of {file} can be made neither from stored ink planes nor afresh.")
    differing = _differing(stored, fresh) if stored and fresh else None
    made = _kept(record, separation, bench, stored is not None)
    tile = made.folder / "tile.png" if out is None else _written(made, out)
    return Replayed(made, source, differing, tile, findings)


def _record(file: Path) -> Design:
    from patterns.press import read_record

    if file.suffix == ".json":
        try:
            return Design.loads(file.read_bytes())
        except OSError as error:
            raise InputError(f"{file} cannot be read ({(error.strerror or str(error)).lower()}).") from None
    return Design.from_json(read_record(file))


def _stored(record: Design, file: Path, bench: Bench) -> tuple[Separation | None, str]:
    planes = carried(file, record.lattice)
    if planes is not None:
        _refuse_foreign(record, planes, file)
        return planes, "file"
    if record.id in bench.library.ids():
        return bench.library.separation(record.id), "library"
    return None, "woven afresh"


def _refuse_foreign(record: Design, planes: Separation, file: Path) -> None:
    if planes.roles != tuple(ink.role for ink in record.palette.inks):
        raise InputError(f"the ink planes in {file} are not those of its record; take the file as it was delivered.")


def _fresh(record: Design, bench: Bench, *, needed: bool) -> tuple[Separation | None, tuple[Finding, ...]]:
    """Return the design woven from its record, and what is questionable about that; None if it cannot be."""
    if record.model == "separate":
        if needed:
            raise InputError("the design was separated from a picture; replay its tile.png, which carries its inks.")
        return None, ()
    try:
        woven = _woven(record, bench) if record.brief.change in ("", OVER) else again(record, bench)
    except (MissingPart, InputError, CannotMake) as error:
        if needed:
            raise
        return None, (Finding("note", f"nothing was woven afresh to compare with: {error}"),)
    if woven.digest == record.model_digest:
        return settled(woven.separation), _other_version(record) + _other_machine(record, woven.machine)
    if needed:
        return settled(woven.separation), (_other_weights(record, woven.digest),)
    return None, (
        Finding("note", "nothing was woven afresh to compare with: the weights are others", record.model_digest[:12]),
    )


def _woven(record: Design, bench: Bench) -> "Woven | Pictured":
    from patterns.atelier.guiding import kept

    brief = record.brief
    woven = weave(brief, record.lattice, bench, pictures=kept(record, bench) if brief.pictures else None)
    return replace(woven, separation=over(settled(woven.separation), brief.base, bench)) if brief.base else woven


def _other_weights(record: Design, digest: str) -> Finding:
    return Finding(
        "warning",
        "woven with other weights than the design was, so that it is another drawing",
        f"{digest[:12]} instead of {record.model_digest[:12]}",
        "point --model at the weights it was made with, or replay its tile.png, which carries the ink planes",
    )


def _other_version(record: Design) -> tuple[Finding, ...]:
    if record.version == __version__:
        return ()
    return (Finding("note", f"the design was made by patterns {record.version}, and this is {__version__}"),)


def _other_machine(record: Design, here: str) -> tuple[Finding, ...]:
    if record.machine in ("", here):
        return ()
    return (
        Finding("note", "the design was computed on another kind of machine, so that sums may differ", record.machine),
    )


def _differing(stored: Separation, fresh: Separation) -> float:
    """Return the share of pixels inked otherwise; roles are compared, for one of the two may have fewer inks."""
    if stored.planes.shape[1:] != fresh.planes.shape[1:]:
        return 1.0
    one, other = (np.array(s.roles)[s.indices()] for s in (stored, fresh))
    return float((one != other).mean())


def _kept(record: Design, separation: Separation, bench: Bench, stored: bool) -> Made:
    if record.id in bench.library.ids():
        try:
            return Made(
                bench.library.design(record.id), bench.library.separation(record.id), bench.library.path(record.id)
            )
        except PatternsError:
            pass  # damaged in the library: what was replayed takes its place
    if stored:
        return Made(record, separation, bench.library.put(record, separation))
    roles = {ink.role for ink in record.palette.inks}
    if roles != set(separation.roles):
        raise CannotMake(
            f"woven afresh with other weights the design has the inks {', '.join(separation.roles)}, and its palette "
            f"has {', '.join(sorted(roles))}; replay its tile.png, which carries the ink planes."
        )
    return keep(replace(record, findings=()), separation, bench, found=record.findings)


def _written(made: Made, out: Path) -> Path:
    from patterns.press.folder import Folder

    with Folder(out) as target:
        write_tile(target.file("tile.png"), made.design, made.separation)
    return out / "tile.png"
