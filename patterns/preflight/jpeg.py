"""JPEG files: what their markers say of printing."""

from collections.abc import Iterator
from pathlib import Path

from patterns.errors import Finding, InputError
from patterns.preflight.markers import Markers, quality_findings, read_markers
from patterns.preflight.picture import Header
from patterns.preflight.profile import profile_findings
from patterns.preflight.report import Wanted
from patterns.preflight.resolution import dpi_findings

_MODES = {1: "gray", 3: "RGB", 4: "CMYK"}


def read_header(path: Path, wanted: Wanted) -> Header:
    """Return what a JPEG says; InputError if it is none or damaged."""
    data = path.read_bytes()
    found = read_markers(data)
    if found is None:
        raise InputError(f"{path} cannot be read as a picture, it is damaged or cut short.")
    channels = len(found.sampling)
    across, down = found.coarse
    facts = {
        "colors": f"{_MODES.get(channels, f'{channels} channels')}, {found.bits} bits",
        "resolution": f"{found.dpi[0]:.2f} dpi" if found.dpi[0] else "not stated",
        "quality": f"about {found.quality} of 100",
        "color": "as fine as light" if (across, down) == (1, 1) else f"{across} x {down} coarser than light",
    }
    findings = (*_findings(found, channels), *quality_findings(data, "the picture"), *_coarse(found, wanted))
    return Header("JPEG", found.width, found.height, found.dpi, facts, findings)


def _findings(found: Markers, channels: int) -> Iterator[Finding]:
    if not found.ended:
        yield Finding("fault", "the file is cut short", "it has no end", "send the whole file")
    if found.turned != 1:
        cure = "turn the pixels themselves"
        yield Finding("warning", "it is turned by a flag, which RIPs treat differently", f"EXIF {found.turned}", cure)
    if found.frame not in (0xC0, 0xC1, 0xC2):
        yield Finding(
            "warning", "it is packed in a way that many RIPs do not read", f"SOF{found.frame - 0xC0}", "save it anew"
        )
    data = b"".join(found.profile[number] for number in sorted(found.profile))
    if data:
        yield from profile_findings(data, channels, "the picture")
    elif channels == 4:
        cure = "embed the profile of the press that it was made for"
        yield Finding("warning", "it has CMYK colors that no profile defines", "DeviceCMYK", cure)
    else:
        yield Finding("note", "it names no color space; it is taken as sRGB", cure="embed the profile")


def _coarse(found: Markers, wanted: Wanted) -> Iterator[Finding]:
    across, down = found.coarse
    if max(across, down) > 1 and found.dpi[0]:
        fine = min(found.dpi[0] / across, found.dpi[1] / down)
        yield from dpi_findings(fine, wanted, "its color, which is coarser than its light,")
    elif max(across, down) > 1:
        yield Finding("note", "its color is coarser than its light", f"{across} x {down}", "save it with 4:4:4")
