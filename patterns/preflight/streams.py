"""Streams of anybody's PDF, expanded no further than they are wanted."""

import zlib
from typing import Any


def filters(stream: Any) -> tuple[str, ...]:
    """Return the names of a stream's filters without their slash, as they are to be undone."""
    import pikepdf

    given = stream.get("/Filter", stream.get("/F"))
    if isinstance(given, pikepdf.Array):
        return tuple(str(name)[1:] for name in list(given)[:8])
    return (str(given)[1:],) if isinstance(given, pikepdf.Name) else ()


def inflated(stream: Any, most: int) -> tuple[bytes, bool]:
    """Return a stream's bytes, at most so many, and whether that is all and nothing is damaged.

    Deflated data is expanded step by step; what other filters pack is left to qpdf, and refused where it is large.
    """
    import pikepdf

    if not isinstance(stream, pikepdf.Stream):
        return b"", False
    try:
        data = stream.read_raw_bytes()
        names = filters(stream)
        if all(name in ("FlateDecode", "Fl") for name in names) and not _predicted(stream):
            whole = True
            for _ in names:
                data, whole = _inflate(data, most)
            return data[:most], whole and len(data) <= most
        if len(data) > most // 4:
            return b"", False
        data = stream.read_bytes()
        return data[:most], len(data) <= most
    except (pikepdf.PdfError, RuntimeError, zlib.error, ValueError):
        return b"", False


def _inflate(data: bytes, most: int) -> tuple[bytes, bool]:
    inflater = zlib.decompressobj()
    try:
        found = inflater.decompress(data, most)
    except zlib.error:
        return b"", False
    return found, inflater.eof


def expands_to(stream: Any, wanted: int, *, most: int = 1 << 31) -> tuple[int, bool]:
    """Return how many bytes a deflated stream holds, counted without keeping them, and whether its end was reached.

    Counting stops a little past ``wanted`` or ``most`` bytes.
    """
    inflater, count, data = zlib.decompressobj(), 0, stream.read_raw_bytes()
    limit = min(wanted + (1 << 20), most)
    try:
        while count < limit and not inflater.eof:
            found = inflater.decompress(data, 1 << 20)
            data = inflater.unconsumed_tail
            if not found and not data:
                break
            count += len(found)
    except zlib.error:
        return count, False
    return count, inflater.eof or count >= limit


def _predicted(stream: Any) -> bool:
    import pikepdf

    given = stream.get("/DecodeParms")
    parms = list(given) if isinstance(given, pikepdf.Array) else [given]
    return any(isinstance(p, pikepdf.Dictionary) and int(p.get("/Predictor", 1)) > 1 for p in parms)
