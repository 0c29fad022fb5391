"""ICC profiles that travel in files: what they are for, and whether they belong to the colors that they stand by.

Only the header is read (ICC.1:2022, clause 7.2), from anybody's bytes.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from patterns.color.icc import is_profile
from patterns.errors import Finding

_CHANNELS = {"GRAY": 1, "RGB": 3, "Lab": 3, "XYZ": 3, "YCbr": 3, "CMY": 3, "CMYK": 4}
_CLASSES = {"prtr": "output", "mntr": "display", "scnr": "input", "spac": "color space", "link": "device link"}


@dataclass(frozen=True, slots=True)
class Header:
    """A profile's class ("prtr"), its color space ("CMYK"), version and whether all its bytes are there."""

    kind: str
    space: str
    version: str
    whole: bool

    @property
    def channels(self) -> int:
        """How many channels its colors have; 0 if its space is unknown."""
        return int(self.space[0], 16) if self.space.endswith("CLR") else _CHANNELS.get(self.space, 0)

    def __str__(self) -> str:
        return f"{_CLASSES.get(self.kind, self.kind)} profile, {self.space}, version {self.version}"


def read_header(data: bytes) -> Header | None:
    """Return the header of a profile, None if these bytes are none."""
    if len(data) < 132 or not is_profile(data):
        return None
    size, major, minor = struct.unpack_from(">I", data)[0], data[8], data[9] >> 4
    kind, space = (data[at : at + 4].decode("ascii", "replace").strip() for at in (12, 16))
    return Header(kind, space, f"{major}.{minor}", len(data) >= size)


def profile_findings(data: bytes, channels: int, where: str) -> Iterator[Finding]:
    """Yield what is wrong with a profile beside colors of so many channels (``where`` says whose)."""
    cure = "embed the profile of these colors again"
    header = read_header(data)
    if header is None or not header.whole:
        yield Finding("fault", f"the ICC profile of {where} is damaged", f"{len(data)} bytes", cure)
    elif header.channels != channels:
        figure = f"{header.space} profile, {channels} {'channel' if channels == 1 else 'channels'}"
        yield Finding("fault", f"the ICC profile of {where} is for other colors than they are", figure, cure)
    elif header.kind not in ("prtr", "mntr", "scnr", "spac"):
        yield Finding("fault", f"the ICC profile of {where} cannot describe pixels", str(header), cure)
