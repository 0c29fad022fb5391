"""One face for all formats: a file goes in, a report comes out."""

from functools import partial
from pathlib import Path

from patterns import seam
from patterns.errors import InputError
from patterns.preflight.pixels import Pixels
from patterns.preflight.report import Report, Wanted

_TIFF = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")


def check(path: Path, wanted: Wanted) -> Report:
    """Return the report on a PDF, TIFF, PNG or JPEG, told by its first bytes and not by its name.

    Raises InputError, in one sentence, for what is missing, of another kind, damaged, or too large to be opened, and
    LatticeError for a repeat that its pixels cannot carry.
    """
    start = kind_of(path)
    if start == "PDF":
        from patterns.preflight.pdf import check_pdf

        return check_pdf(path, wanted)
    from patterns.preflight.picture import picture_report, scale_of

    if start == "TIFF":
        from patterns.preflight.tiff import read_header, read_pixels

        header = read_header(path, wanted)
        scale = scale_of(header, wanted)
        if any(finding.message.startswith(("the file is cut", "it claims")) for finding in header.findings):
            return Report("TIFF", {"size": f"{header.width} x {header.height} px", **header.facts}, header.findings)
        pixels = Pixels(header.width, header.height, scale, partial(read_pixels, path))
        return picture_report(header, pixels, wanted)
    # Pillow decodes first: what it refuses is refused in its words.
    array = seam.read_picture(path)
    if start == "PNG":
        from patterns.preflight.png import read_header as read
    elif start == "JPEG":
        from patterns.preflight.jpeg import read_header as read
    else:
        from patterns.preflight.other import read_header as read
    header = read(path, wanted)
    return picture_report(header, Pixels.of(array, scale_of(header, wanted)), wanted)


def kind_of(path: Path) -> str:
    """Return "PDF", "TIFF", "PNG", "JPEG" or "other" by a file's first bytes; InputError if there is no file."""
    if not path.is_file():
        raise InputError(f"{path} is {'a folder, not a file to print' if path.is_dir() else 'not there'}.")
    try:
        with path.open("rb") as file:
            start = file.read(1024)
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror or error}).") from None
    if b"%PDF-" in start:
        return "PDF"
    if start[:4] in _TIFF:
        return "TIFF"
    if start[:8] == b"\x89PNG\r\n\x1a\n":
        return "PNG"
    if start[:3] == b"\xff\xd8\xff":
        return "JPEG"
    return "other"
