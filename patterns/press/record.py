"""Reading back the record that a PNG, TIFF, JPEG or PDF of ours carries."""

import contextlib
import json
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from patterns.errors import InputError
from patterns.press.jpeg import XMP_HEAD
from patterns.press.marks import record_in
from patterns.press.png import RECORD_KEYWORD, SIGNATURE
from patterns.press.tiff import XMP_TAG

# A record is a few kilobytes; nothing larger is read, whatever a file claims to hold.
_LARGEST = 8 << 20
_JPEG, _APP1, _SCAN_OR_END = b"\xff\xd8\xff", 0xE1, {0xDA, 0xD9}


def read_record(path: Path) -> dict[str, Any]:
    """Return the record embedded in a PNG, TIFF, JPEG or PDF that this package delivered.

    No pixel is decoded and nothing compressed is expanded. Raises InputError if the file cannot be read, is cut
    short, is of another kind, or carries no record.
    """
    try:
        with path.open("rb") as file:
            text = _found(file, path)
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror or error}).") from None
    if text is None:
        raise InputError(
            f"{path} carries no record; files that patterns delivers do, unless they were exported with "
            "--metadata minimal or none, or another program dropped it."
        )
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
    if start.startswith(_JPEG):
        return _in_jpeg(file, path)
    raise InputError(f"{path} is not a PNG, TIFF, JPEG or PDF file.")


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


def _in_jpeg(file: BinaryIO, path: Path) -> str | None:
    """Return the record in the XMP segment of a JPEG, ISO/IEC 10918-1; the picture after its header is not decoded."""
    size = file.seek(0, 2)
    file.seek(max(0, size - 2))
    if file.read() != b"\xff\xd9":
        raise _cut_short(path)
    position, found = 2, None
    while True:
        file.seek(position)
        head = file.read(4)
        # A segment may be padded with any number of 0xFF (B.1.1.2), which nothing of ours is.
        if len(head) < 4 or head[0] != 0xFF:
            raise _cut_short(path)
        if head[1] in _SCAN_OR_END:
            return found
        length = int.from_bytes(head[2:], "big")
        if length < 2 or position + 2 + length > size:
            raise _cut_short(path)
        if head[1] == _APP1 and found is None:
            body = file.read(length - 2)
            found = record_in(body) if body.startswith(XMP_HEAD) else None
        position += 2 + length


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
