"""The markers of a JPEG, as a file or inside a PDF: size, quality, subsampling. ITU-T T.81; JFIF 1.02; Adobe APP14."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from patterns.errors import Finding

# The standard's luminance table (annex K.1) in the order in which files have it; qualities scale it (as libjpeg does).
_K1 = (
    16, 11, 12, 14, 12, 10, 16, 14, 13, 14, 18, 17, 16, 19, 24, 40, 26, 24, 22, 22, 24, 49, 35, 37, 29, 40, 58, 51,
    61, 60, 57, 51, 56, 55, 64, 72, 92, 78, 64, 68, 87, 69, 55, 56, 80, 109, 81, 87, 95, 98, 103, 104, 103, 62, 77,
    113, 121, 112, 100, 120, 92, 101, 103, 99,
)  # fmt: skip
# Below the first, blocks and halos are seen on flat colors; below the second on anything.
_SEEN, _PLAIN = 85, 60


@dataclass(slots=True)
class Markers:
    """What stands in a JPEG before its first scan, and whether its end is there."""

    width: int = 0
    height: int = 0
    bits: int = 8
    frame: int = 0
    sampling: tuple[tuple[int, int], ...] = ()
    table: tuple[int, ...] = ()
    dpi: tuple[float, float] = (0.0, 0.0)
    adobe: int | None = None
    turned: int = 1
    profile: dict[int, bytes] = field(default_factory=dict)
    ended: bool = False

    @property
    def quality(self) -> int:
        """The quality, 1-100, by which libjpeg would have made the luminance table; of other tables an estimate."""
        if len(self.table) != 64:
            return 100
        scale = 100 * sum(self.table) / sum(_K1)
        return max(1, min(100, round((200 - scale) / 2 if scale <= 100 else 5000 / scale)))

    @property
    def coarse(self) -> tuple[int, int]:
        """By how much color is coarser than light, across and down."""
        if len(self.sampling) < 3:
            return 1, 1
        light, color = self.sampling[0], self.sampling[1]
        return max(1, light[0] // max(1, color[0])), max(1, light[1] // max(1, color[1]))


def read_markers(data: bytes) -> Markers | None:
    """Return the markers of a JPEG's bytes, None if they are none."""
    if data[:2] != b"\xff\xd8":
        return None
    found, at = Markers(), 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker, length = data[at + 1], struct.unpack_from(">H", data, at + 2)[0]
        if marker == 0xFF:
            at += 1
            continue
        if marker == 0xDA:
            break
        try:
            _take(found, marker, data[at + 4 : at + 2 + length])
        except (struct.error, IndexError):
            return None
        at += 2 + length
    found.ended = b"\xff\xd9" in data[-4096:]
    return found if found.frame else None


def _take(found: Markers, marker: int, body: bytes) -> None:
    if marker in range(0xC0, 0xD0) and marker not in (0xC4, 0xC8, 0xCC):
        found.frame = marker
        found.bits, found.height, found.width, count = struct.unpack_from(">BHHB", body)
        found.sampling = tuple((body[7 + 3 * i] >> 4, body[7 + 3 * i] & 15) for i in range(count))
    elif marker == 0xDB and not found.table and body[0] & 15 == 0:
        wide = body[0] >> 4
        found.table = struct.unpack_from(">64H" if wide else ">64B", body, 1)
    elif marker == 0xE0 and body[:5] == b"JFIF\0":
        unit, across, down = struct.unpack_from(">BHH", body, 7)
        per_inch = {1: 1.0, 2: 2.54}.get(unit, 0.0)
        found.dpi = (across * per_inch, down * per_inch)
    elif marker == 0xEE and body[:5] == b"Adobe":
        found.adobe = body[11]
    elif marker == 0xE2 and body[:12] == b"ICC_PROFILE\0":
        found.profile[body[12]] = body[14:]
    elif marker == 0xE1 and body[:6] == b"Exif\0\0":
        found.turned = _orientation(body[6:])


def _orientation(exif: bytes) -> int:
    order = "<" if exif[:2] == b"II" else ">"
    (start,) = struct.unpack_from(order + "I", exif, 4)
    (count,) = struct.unpack_from(order + "H", exif, start)
    for number in range(min(count, 200)):
        tag, _, _, value = struct.unpack_from(order + "HHIH", exif, start + 2 + 12 * number)
        if tag == 274:
            return value
    return 1


def quality_findings(data: bytes, what: str) -> Iterator[Finding]:
    """Yield a finding if a JPEG is packed so hard that it shows."""
    found = read_markers(data)
    if found is None or found.quality >= _SEEN:
        return
    severity = "fault" if found.quality < _PLAIN else "warning"
    cure = "save it from the original as PNG or TIFF"
    message = f"{what} is packed so hard that blocks and halos show"
    yield Finding(severity, message, f"JPEG quality about {found.quality}", cure)
