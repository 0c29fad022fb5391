"""ICC profiles of printers: read, refused where they say too little, and asked which colors a press gives.

Only output profiles (class ``prtr``) with tables both ways are taken, between device channels and CIE Lab (ICC.1:2022,
clauses 7.2, 8.4 and 9.2). Colors are absolute: measured on the paper or cloth as it is, not against its white.
"""

import struct
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from patterns.color.icc_tables import Transform, read_transform
from patterns.color.spaces import WHITE_D50, lab_to_xyz, xyz_to_lab
from patterns.errors import InputError

_LARGEST_FILE = 32 << 20
_HEADER = 128
# A profile has a few dozen tags.
_MOST_TAGS = 200
# Signatures of clause 7.2.6 whose channels are inks that add up; RGB printers hide theirs.
_INKS = {b"CMYK": 4, b"CMY ": 3, b"GRAY": 1, **{f"{n:X}CLR".encode(): n for n in range(2, 16)}}
_CHANNELS = {**_INKS, b"RGB ": 3}
_READ = {b"desc", b"wtpt", b"A2B0", b"A2B1", b"B2A0", b"B2A1"}
_CLASSES = {
    b"scnr": "a scanner's",
    b"mntr": "a monitor's",
    b"link": "a link between two devices",
    b"spac": "a color space's",
    b"abst": "an abstract one",
    b"nmcl": "a list of named colors",
}


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """A printing condition as its ICC profile tells it.

    ``space`` is the device's ("CMYK", "6CLR", "RGB"), ``white_xyz`` the bare paper or cloth (D50, Y of 1 for a perfect
    white). Device values are in 0-1, 1 the full channel; ``colorimetric`` says that the tables are so by their name,
    and not the perceptual ones for want of others.
    """

    name: str
    description: str
    space: str
    white_xyz: np.ndarray
    forward: Transform
    backward: Transform
    colorimetric: bool

    @property
    def channels(self) -> int:
        """How many device channels the printer has."""
        return self.forward.inputs

    @property
    def adds_up(self) -> bool:
        """Whether the channels are inks; a printer that is driven in RGB makes them where nobody can see."""
        return self.space.ljust(4).encode() in _INKS

    @property
    def bare(self) -> np.ndarray:
        """Device values (1, channels) that print nothing."""
        return np.full((1, self.channels), 0.0 if self.adds_up else 1.0)

    def lab_of(self, device: np.ndarray) -> np.ndarray:
        """Return the CIE Lab (N, 3), D50, absolute, that device values (N, channels) in 0-1 print."""
        relative = self.forward.decoded(self.forward(np.asarray(device, dtype=np.float64)))
        return xyz_to_lab(lab_to_xyz(relative) / WHITE_D50 * self.white_xyz)

    def device_of(self, lab: np.ndarray) -> np.ndarray:
        """Return device values (N, channels) in 0-1 that print CIE Lab (N, 3), D50, absolute, as nearly as they can."""
        relative = xyz_to_lab(lab_to_xyz(np.asarray(lab)) / self.white_xyz * WHITE_D50)
        return self.backward(self.backward.encoded(relative))

    def printed(self, lab: np.ndarray) -> np.ndarray:
        """Return what is printed where CIE Lab (N, 3) is asked for: to the device and back."""
        return self.lab_of(self.device_of(lab))

    def ink_sum(self, lab: np.ndarray) -> np.ndarray | None:
        """Return the ink in percent of one full channel, (N,), that prints CIE Lab (N, 3); None if not computable."""
        return self.device_of(lab).sum(axis=1) * 100 if self.adds_up else None

    def __str__(self) -> str:
        return f"{self.description} ({self.space})"


def read_profile(path: Path) -> Profile:
    """Return the output profile in a file; InputError, in one sentence, if it is none that a gamut can be read from."""
    path = path.expanduser()
    try:
        status = path.stat()
    except (OSError, ValueError) as error:
        raise InputError(f"the ICC profile {path} cannot be read: {getattr(error, 'strerror', error)}.") from None
    if not path.is_file():
        raise InputError(f"{path} is not a file; name an ICC profile.")
    return _read(path, status.st_mtime_ns, status.st_size)


def is_profile(data: bytes) -> bool:
    """Return whether the first bytes of a file are those of an ICC profile (clause 7.2.9)."""
    return data[36:40] == b"acsp"


@lru_cache(maxsize=8)
def _read(path: Path, changed_ns: int, size: int) -> Profile:
    if size > _LARGEST_FILE:
        raise InputError(f"{path.name} has {size / 2**20:.0f} MB; printer profiles have a few.")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"the ICC profile {path} cannot be read: {error.strerror or error}.") from None
    try:
        return parse_profile(data, path.name)
    except (struct.error, IndexError, ValueError, OverflowError):
        raise InputError(f"{path.name} is cut or damaged: its tables end before they should.") from None


def parse_profile(data: bytes, name: str) -> Profile:
    """Return the profile of a file's bytes; InputError if it is none, or struct.error and its like if it is cut."""
    if len(data) < _HEADER + 4 or not is_profile(data):
        raise InputError(f"{name} is no ICC profile.")
    if struct.unpack_from(">I", data)[0] > len(data):
        raise InputError(f"{name} is cut: it has {len(data)} bytes of the {struct.unpack_from('>I', data)[0]} it says.")
    kind, space, connection = data[12:16], data[16:20], data[20:24]
    if kind != b"prtr":
        what = _CLASSES.get(kind, "of an unknown kind")
        raise InputError(f"{name} is {what} profile; only a printer's (class prtr) says what a press gives.")
    if space not in _CHANNELS or connection != b"Lab ":
        spaces = f"{space.decode('ascii', 'replace').strip()} and {connection.decode('ascii', 'replace').strip()}"
        raise InputError(
            f"{name} is between {spaces}; a printer's profile between its inks, or RGB, and Lab is needed."
        )
    tags = _tags(data)
    forward, backward, colorimetric = _both_ways(tags, name)
    if (forward.inputs, forward.outputs, backward.inputs, backward.outputs) != (n := _CHANNELS[space], 3, 3, n):
        raise InputError(f"{name} is damaged: its tables are not between {n} channels and Lab.")
    title = _text(tags.get(b"desc", b"")) or name
    return Profile(name, title, space.decode().strip(), _white(tags, name), forward, backward, colorimetric)


def _tags(data: bytes) -> dict[bytes, bytes]:
    (count,) = struct.unpack_from(">I", data, _HEADER)
    found = {}
    for number in range(min(count, _MOST_TAGS)):
        signature, start, length = struct.unpack_from(">4sII", data, _HEADER + 4 + 12 * number)
        if signature in _READ:
            found[signature] = data[start : start + length]
    return found


def _both_ways(tags: dict[bytes, bytes], name: str) -> tuple[Transform, Transform, bool]:
    """Return the transforms to Lab and from it: the colorimetric ones, else the only ones there are (clause 9.2)."""
    if not any(tag in tags for tag in (b"B2A0", b"B2A1")):
        raise InputError(f"{name} has no table from Lab to inks (B2A): it can be looked at, but not printed to.")
    if not any(tag in tags for tag in (b"A2B0", b"A2B1")):
        raise InputError(f"{name} has no table from inks to Lab (A2B): it does not say what its inks look like.")
    colorimetric = b"A2B1" in tags and b"B2A1" in tags
    number = b"1" if colorimetric else b"0"
    to_lab = tags.get(b"A2B" + number, tags.get(b"A2B1", b""))
    to_device = tags.get(b"B2A" + number, tags.get(b"B2A1", b""))
    return read_transform(to_lab, from_lab=False), read_transform(to_device, from_lab=True), colorimetric


def _white(tags: dict[bytes, bytes], name: str) -> np.ndarray:
    """Return the medium's white, XYZ (3,) (mediaWhitePointTag, clause 9.2.36)."""
    white = np.array(struct.unpack_from(">3i", tags.get(b"wtpt", b""), 8)) / 65536
    if not ((white > 0.05) & (white < 1.5)).all():
        raise InputError(f"{name} is damaged: its white, XYZ {white.round(3).tolist()}, is none.")
    return white


def _text(tag: bytes) -> str:
    """Return the text of a description: textDescriptionType of older profiles, or the first of a multilingual one."""
    if tag[:4] == b"desc":
        (length,) = struct.unpack_from(">I", tag, 8)
        text = tag[12 : 12 + length].decode("latin-1")
    elif tag[:4] == b"mluc":
        length, start = struct.unpack_from(">II", tag, 20)
        text = tag[start : start + length].decode("utf-16-be", "replace")
    else:
        return ""
    return "".join(c for c in text if c.isprintable())[:200].strip()
