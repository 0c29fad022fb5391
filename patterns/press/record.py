"""Reading back the record that a PNG, TIFF or PDF of ours carries."""

import contextlib
import json
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from patterns.errors import InputError
from patterns.press.marks import record_in
from patterns.press.png import RECORD_KEYWORD, SIGNATURE
from patterns.press.tiff import XMP_TAG

# A record is a few kilobytes; nothing larger is read, whatever a file claims to hold.
_LARGEST = 8 << 20


def read_record(path: Path) -> dict[str, Any]:
    """Return the record embedded in a PNG, TIFF or PDF that this package delivered.

    No pixel is decoded and nothing compressed is expanded. Raises InputError if the file cannot be read, is cut
    short, is of another kind, or carries no record.
    """
    try:
        with path.open("rb") as file:
            text = _found(file, path)
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror or error}).") from None
    if text is None:
        raise InputError(f"{path} carries no record; only PNG, TIFF and PDF files made by patterns do.")
    try:
        record = json.loads(text)
    except (ValueError, RecursionError):
        record = None
    if not isinstance(record, dict):
        raise InputError(f"the record in {path} is damaged; take the file as it was delivered.")
    return record


def _found(file: BinaryIO, path: Path) -> str | None:
    start = file.read(8)
    file.seek(0)
    if start == SIGNATURE:
        return _in_png(file, path)
    if start[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"):
        return _in_tiff(path)
    if start.startswith(b"%PDF-"):
        return _in_pdf(file, path)
    raise InputError(f"{path} is not a PNG, TIFF or PDF file.")


def _cut_short(path: Path) -> InputError:
    return InputError(f"{path} is damaged or cut short; take the file as it was delivered.")


def _in_png(file: BinaryIO, path: Path) -> str | None:
    prefix = RECORD_KEYWORD + b"\0\0\0\0\0"
    found = None
    for kind, data in _chunks(file, path):
        if kind == b"iTXt" and found is None and data.startswith(prefix):
            found = data[len(prefix) :].decode("utf-8", "replace")
    return found


def _chunks(file: BinaryIO, path: Path) -> Iterator[tuple[bytes, bytes]]:
    """Yield (kind, data) of the chunks; data other than text is passed over. InputError unless the last is IEND."""
    size = file.seek(0, 2)
    position = len(SIGNATURE)
    while True:
        file.seek(position)
        head = file.read(8)
        if len(head) < 8:
            raise _cut_short(path)
        length, kind = struct.unpack(">I4s", head)
        position += 12 + length
        if position > size:
            raise _cut_short(path)
        data = file.read(length) if kind == b"iTXt" and length <= _LARGEST else b""
        if data and zlib.crc32(data, zlib.crc32(kind)) != int.from_bytes(file.read(4), "big"):
            raise _cut_short(path)
        yield kind, data
        if kind == b"IEND":
            return


def _in_tiff(path: Path) -> str | None:
    import tifffile

    try:
        with tifffile.TiffFile(path) as tiff:
            page = tiff.pages.first
            ends = [o + n for o, n in zip(page.dataoffsets, page.databytecounts, strict=True)]
            # tifffile leaves out the tags whose values lie beyond the end.
            tiff.filehandle.seek(page.offset)
            (said,) = struct.unpack(tiff.tiff.tagnoformat, tiff.filehandle.read(tiff.tiff.tagnosize))
            if max(ends) > path.stat().st_size or len(page.tags) < said:
                raise _cut_short(path)
            tag = page.tags.get(XMP_TAG)
            if tag is None or tag.count > _LARGEST:
                return None
            return record_in(bytes(tag.value))
    except (tifffile.TiffFileError, ValueError, TypeError, IndexError, KeyError, AttributeError, struct.error):
        raise _cut_short(path) from None


def _in_pdf(file: BinaryIO, path: Path) -> str | None:
    import pikepdf

    file.seek(max(0, file.seek(0, 2) - 1024))
    if b"%%EOF" not in file.read():
        raise _cut_short(path)
    with contextlib.suppress(AttributeError, KeyError, TypeError):
        try:
            with pikepdf.open(path, attempt_recovery=False, suppress_warnings=True) as pdf:
                metadata = pdf.Root.Metadata
                if "/Filter" in metadata or int(metadata.Length) > _LARGEST:
                    return None
                return record_in(metadata.read_raw_bytes())
        except (pikepdf.PdfError, pikepdf.PasswordError):
            raise _cut_short(path) from None
    return None
