"""The colors that a page is painted in, and its inks by name."""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from patterns.errors import Finding
from patterns.preflight.document import Document
from patterns.preflight.drawn import Drawn
from patterns.preflight.profile import profile_findings, read_header
from patterns.preflight.report import Wanted
from patterns.preflight.spaces import PROCESS, Space

_MOST_NAMED = 12


def all_spaces(drawn: Iterable[Drawn]) -> list[Space]:
    """Return the color spaces that pages are painted in, with those behind them, each once."""
    found: dict[Space, None] = {}
    for page in drawn:
        for space in page.spaces.values():
            found.update(dict.fromkeys(space.chain()))
    return list(found)


def spots(spaces: Iterable[Space]) -> list[str]:
    """Return the names of the inks beside the process colors, each as it is written."""
    names = dict.fromkeys(name for space in spaces for name in space.colorants)
    return [name for name in names if name not in (*PROCESS, "All", "None")]


def family(space: Space) -> str:
    """Return what a color space is called in a report."""
    header = read_header(space.profile) if space.profile else None
    if space.family == "ICCBased":
        return f"{header.space} by ICC profile" if header else f"{space.components} channels by ICC profile"
    if space.colorants:
        return f"{space.family} ({', '.join(space.colorants[:_MOST_NAMED])})"
    return space.family


def color_findings(document: Document, drawn: list[Drawn], wanted: Wanted) -> Iterator[Finding]:
    """Yield what is wrong with colors and inks."""
    spaces = all_spaces(drawn)
    yield from _uncalibrated(document, drawn)
    for data, channels in {s.profile: s.components for s in spaces if s.family == "ICCBased"}.items():
        yield from profile_findings(data, channels, f"colors of {channels} channels")
    yield from name_findings(spots(spaces))
    yield from _process_findings(spaces)
    yield from _looks(spaces)
    yield from count_findings(len(spots(spaces)) + _process_count(spaces), wanted)
    most = max((page.most_ink for page in drawn), default=0.0)
    if most > wanted.ink_limit + 0.5:
        yield over_limit(most, wanted, "a color that is drawn")
    if any(page.everywhere for page in drawn):
        cure = "give it an ink of its own; keep All for marks outside the trim"
        yield Finding(
            "fault", "the registration color All is used inside the trim, and prints on every plate", "", cure
        )
    if any(page.nowhere for page in drawn):
        yield Finding("warning", "things are painted in the color None, and do not print", cure="give them an ink")


def name_findings(names: Iterable[str]) -> Iterator[Finding]:
    """Yield what is wrong with the names of inks: two that differ too little, or none at all."""
    seen: dict[str, str] = {}
    for name in names:
        plain = re.sub(r"[\s_-]+", " ", unicodedata.normalize("NFKC", name)).strip().casefold()
        if not plain or not name.isprintable():
            yield Finding("fault", "an ink has no name that can be read", repr(name[:40]), "name it")
        elif plain in seen and seen[plain] != name:
            message = "two inks differ only in how their name is written; some RIPs make one plate, others two"
            yield Finding("fault", message, f"{seen[plain]!r} and {name!r}"[:160], "write one name")
        seen.setdefault(plain, name)


def count_findings(count: int, wanted: Wanted) -> Iterator[Finding]:
    """Yield a fault if there are more inks than the fabric takes."""
    if wanted.most_inks is not None and count > wanted.most_inks:
        cure = f"separate it with --inks {wanted.most_inks}"
        yield Finding("fault", f"{wanted.title} takes fewer inks", f"{count} of {wanted.most_inks}", cure)


def over_limit(most: float, wanted: Wanted, where: str, *, share: float | None = None) -> Finding:
    """Return the fault of too much ink; ``share`` is how much of the picture has it."""
    figure = f"{most:.0f} % of {wanted.ink_limit:.0f} %" + ("" if share is None else f", on {share:.1%} of the picture")
    cure = "convert it with a profile of this limit, or lower the ink in its darkest colors"
    return Finding("fault", f"{where} takes more ink than {wanted.title} holds", figure, cure)


def _process_count(spaces: list[Space]) -> int:
    names = {name for space in spaces for name in space.colorants if name in PROCESS}
    if any(s.components == 4 and not s.colorants for s in spaces):
        names = set(PROCESS)
    return len(names)


def _uncalibrated(document: Document, drawn: list[Drawn]) -> Iterator[Finding]:
    """Yield warnings for device colors that nothing defines: no profile of their own and no output intent."""
    channels = {intent.header.channels for intent in document.intents if intent.header}
    named = any(intent.registry and not intent.profile for intent in document.intents)
    # What stands behind a spot is only a picture of it.
    families = {space.painted.family for page in drawn for space in page.spaces.values()}
    for name, count, text in (("DeviceRGB", 3, "RGB"), ("DeviceCMYK", 4, "CMYK")):
        if name in families and count not in channels and not (named and count == 4):
            cure = f"embed an ICC profile for {text}, or an output intent"
            yield Finding("warning", f"it has {text} colors that no profile defines", f"{name}", cure)


def _process_findings(spaces: list[Space]) -> Iterator[Finding]:
    """Yield a fault for each spot that is called like a process color and does not look like it."""
    for space in spaces:
        if space.family != "Separation" or space.colorants[0].strip().title() not in PROCESS:
            continue
        name = space.colorants[0]
        base, place = space.base, PROCESS.index(name.strip().title())
        unit = tuple(float(i == place) for i in range(4))
        same = name in PROCESS and base is not None and base.components == 4 and space.solid == unit
        if not same:
            cure = f"give it a name of its own, such as '01 {name}'"
            yield Finding(
                "fault", "a spot ink has the name of a process color, and lands on its plate", repr(name), cure
            )


def _looks(spaces: list[Space]) -> Iterator[Finding]:
    looks: dict[str, set[str]] = {}
    for space in spaces:
        if space.family == "Separation" and space.colorants[0] not in ("All", "None"):
            looks.setdefault(space.colorants[0], set()).add(space.look)
    for name, different in looks.items():
        if len(different) > 1:
            cure = "give one ink one color"
            yield Finding("warning", "the same ink is shown in different colors", f"{name!r} in {len(different)}", cure)
