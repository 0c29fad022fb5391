"""Pictures of formats that nobody sends to print, as far as Pillow tells."""

from pathlib import Path

from patterns.errors import Finding
from patterns.preflight.picture import Header
from patterns.preflight.report import Wanted


def read_header(path: Path, wanted: Wanted) -> Header:
    """Return the size and resolution of a picture that can be decoded."""
    from PIL import Image

    with Image.open(path) as picture:
        kind, (width, height) = picture.format or "picture", picture.size
        stated = picture.info.get("dpi") or (0, 0)
    across, down = (float(value) for value in stated)
    dpi = (across, down) if min(across, down) > 1 and max(across, down) < 1e5 else (0.0, 0.0)
    cure = "save it as PDF, TIFF, PNG or JPEG"
    found = Finding("note", "print houses seldom take files of this format", kind, cure)
    return Header(kind, width, height, dpi, {}, (found,))
