"""TIFF files: what their tags say of printing, their inks by name, how much ink they lay. TIFF 6.0; Adobe's notes."""

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from patterns.errors import Finding, InputError
from patterns.preflight.inks import count_findings, name_findings, over_limit
from patterns.preflight.picture import Header
from patterns.preflight.profile import profile_findings
from patterns.preflight.profile import read_header as profile_header
from patterns.preflight.report import Wanted
from patterns.preflight.spaces import PROCESS

_PHOTOMETRIC = {0: "white is zero", 1: "black is zero", 2: "RGB", 3: "indexed", 5: "separated", 6: "YCbCr", 8: "Lab"}
_CHANNELS = {0: 1, 1: 1, 2: 3, 3: 1, 5: 4, 6: 3, 8: 3}
_COMPRESSION = {
    1: "none",
    3: "CCITT 3",
    4: "CCITT 4",
    5: "LZW",
    7: "JPEG",
    8: "deflate",
    32773: "PackBits",
    32946: "deflate",
}
_PER_INCH = {2: 1.0, 3: 2.54}
_MOST_PAGES = 64
_MOST_PIXELS = 20_000_000_000
# Ink sums are judged without the few pixels that resampling overshoots.
_FEW = 2e-4


def read_header(path: Path, wanted: Wanted) -> Header:
    """Return what a TIFF's tags say; InputError if it cannot be read."""
    import tifffile

    try:
        with tifffile.TiffFile(path, is_ome=False, is_shaped=False) as tiff:
            page = tiff.pages.first
            more = _pages(tiff)
            return _header(path, tiff, page, more, wanted)
    except (
        tifffile.TiffFileError,
        ValueError,
        TypeError,
        IndexError,
        KeyError,
        AttributeError,
        struct.error,
        OverflowError,
    ):
        raise InputError(f"{path} cannot be read as a picture, it is damaged or cut short.") from None


def _pages(tiff: Any) -> int:
    """Return how many full pictures it holds, as far as it is looked through; reduced copies do not count."""
    count = 0
    for number, page in enumerate(tiff.pages):
        if number >= _MOST_PAGES:
            break
        count += not int(_tag(page, 254, 0)) & 1
    return count


def _header(path: Path, tiff: Any, page: Any, pages: int, wanted: Wanted) -> Header:
    photometric, samples = int(page.photometric), int(page.samplesperpixel)
    dpi = _dpi(page)
    names = ink_names(page)
    facts = {
        "colors": f"{_PHOTOMETRIC.get(photometric, photometric)}, {samples} x {page.bitspersample} bits",
        "resolution": f"{dpi[0]:.2f} dpi" if dpi[0] else "not stated",
        "packed": _COMPRESSION.get(int(page.compression), f"scheme {int(page.compression)}"),
    }
    if names:
        facts["inks"] = ", ".join(names)
    if tiff.is_bigtiff:
        facts["container"] = "BigTIFF"
    data = bytes(_tag(page, 34675, b""))
    if data and (header := profile_header(data)):
        facts["profile"] = str(header)
    found = (
        *_container(path, page, pages),
        *_tags(page, photometric),
        *_channels(page, photometric, samples, names),
        *_profile(data, photometric),
        *_inks(path, page, photometric, samples, wanted),
    )
    return Header("TIFF", int(page.imagewidth), int(page.imagelength), dpi, facts, found)


def _tag(page: Any, code: int, otherwise: Any) -> Any:
    tag = page.tags.get(code)
    return otherwise if tag is None else tag.value


def _dpi(page: Any) -> tuple[float, float]:
    """Return the resolution across and down, (0, 0) if it states none or no unit."""
    per_inch = _PER_INCH.get(int(_tag(page, 296, 2)), 0.0)
    found = []
    for code in (282, 283):
        value = _tag(page, code, (0, 1))
        above, below = value if isinstance(value, tuple) else (float(value), 1)
        # 1 to 1 is what writers put where nobody told them.
        found.append(above / below * per_inch if below and above != below else 0.0)
    return (found[0], found[1]) if all(1.0 < v < 1e5 for v in found) else (0.0, 0.0)


def _container(path: Path, page: Any, pages: int) -> Iterator[Finding]:
    size = path.stat().st_size
    ends = [o + n for o, n in zip(page.dataoffsets, page.databytecounts, strict=True)]
    if not ends or max(ends) > size or 0 in page.dataoffsets:
        figure = f"{size} of {max(ends, default=0)} bytes"
        yield Finding("fault", "the file is cut short: pixels lie beyond its end", figure, "send the whole file")
    if int(page.imagewidth) * int(page.imagelength) > _MOST_PIXELS:
        figure = f"{page.imagewidth} x {page.imagelength} px"
        yield Finding("fault", "it claims more pixels than any RIP takes", figure, "save it again")
    if pages > 1:
        more = "or more" if pages == _MOST_PAGES else ""
        cure = "save one picture to a file"
        yield Finding(
            "warning", "it holds more than one picture; RIPs print the first", f"{pages} {more}".strip(), cure
        )


def _tags(page: Any, photometric: int) -> Iterator[Finding]:
    if int(page.compression) not in _COMPRESSION:
        figure = f"scheme {int(page.compression)}"
        yield Finding(
            "warning", "it is packed in a way that many RIPs do not read", figure, "save it with LZW or deflate"
        )
    if int(page.compression) == 7:
        yield Finding("note", "its pixels are packed as JPEG, with loss", cure="save it with LZW or deflate")
    if int(_tag(page, 274, 1)) != 1:
        figure = f"orientation {int(_tag(page, 274, 1))}"
        yield Finding(
            "warning", "it is turned by a flag, which RIPs treat differently", figure, "turn the pixels themselves"
        )
    bits, kind = int(page.bitspersample), int(page.sampleformat)
    if kind == 3 or bits not in (1, 2, 4, 8, 16):
        figure = f"{bits} bits, {'floating point' if kind == 3 else 'whole numbers'}"
        yield Finding("fault", "RIPs do not print samples of this kind", figure, "save it with 8 bits a channel")
    elif bits == 16:
        yield Finding("note", "it has 16 bits a channel; RIPs for cloth print 8", "16 bits")
    if photometric == 0 and bits > 1:
        cure = "save it with black as zero"
        yield Finding(
            "warning", "its gray is stored as a negative, which some RIPs print as one", "white is zero", cure
        )
    if photometric not in _PHOTOMETRIC:
        yield Finding(
            "fault", "RIPs do not print colors of this kind", f"photometric {photometric}", "save it as RGB or CMYK"
        )
    if int(_tag(page, 296, 2)) == 1 and page.tags.get(282) is not None:
        cure = "save it with its resolution per inch or centimeter"
        yield Finding("warning", "its resolution has no unit, so that its size is a guess", "unit 1", cure)
    if page.tags.get(37724) is not None:
        yield Finding("note", "it carries layers, which are not printed; the flat picture is", cure="flatten it")


def _channels(page: Any, photometric: int, samples: int, names: tuple[str, ...]) -> Iterator[Finding]:
    extras = tuple(int(v) for v in page.extrasamples)
    colors = samples - len(extras)
    base = _CHANNELS.get(photometric, samples)
    if any(kind in (1, 2) for kind in extras):
        cure = "lay it on its ground and save it without alpha"
        yield Finding(
            "warning", "it carries transparency, which RIPs ignore or print as a plate", f"{len(extras)} extra", cure
        )
    if photometric != 5 and colors != base:
        figure = f"{samples} channels, {len(extras)} of them declared as extra"
        yield Finding("fault", "it has channels that its tags do not declare", figure, "save it again")
    inks = int(_tag(page, 332, 1)) if photometric == 5 else 1
    if photometric == 5 and inks == 1 and colors != 4:
        figure = f"{colors} channels"
        yield Finding("fault", "it says CMYK and has not four colors", figure, "declare the others as extra samples")
    spots = sum(kind == 0 for kind in extras) if photometric == 5 and inks == 1 else samples * (inks == 2)
    if spots and not names:
        cure = "name each extra channel after its ink"
        yield Finding("warning", "it has ink channels without names", f"{spots}", cure)
    elif spots and len(names) != spots:
        figure = f"{len(names)} names, {spots} channels"
        yield Finding("fault", "its ink names are not as many as its ink channels", figure, "name each channel once")
    yield from _names(names)
    stated = _tag(page, 334, None)
    if inks == 2 and stated is not None and int(stated) != samples:
        yield Finding(
            "fault", "its number of inks is not that of its channels", f"{stated} of {samples}", "save it again"
        )


def _names(names: tuple[str, ...]) -> Iterator[Finding]:
    yield from name_findings(names)
    if len(set(names)) < len(names):
        double = next(name for name in names if names.count(name) > 1)
        yield Finding("fault", "two ink channels have the same name", repr(double), "name each channel after its ink")
    for name in names:
        if name.strip().title() in (*PROCESS, "All", "None"):
            cure = f"give it a name of its own, such as '01 {name.strip()}'"
            yield Finding(
                "fault", "a spot ink has the name of a process color, and lands on its plate", repr(name), cure
            )


def _profile(data: bytes, photometric: int) -> Iterator[Finding]:
    channels = {2: 3, 3: 3, 5: 4, 6: 3}.get(photometric)
    if not data and photometric == 5:
        cure = "embed the profile of the press that it was made for"
        yield Finding("warning", "it has CMYK colors that no profile defines", "no ICC profile", cure)
    elif not data and channels:
        yield Finding("note", "it names no color space; it is taken as sRGB", cure="embed the profile")
    elif data and photometric == 8:
        return
    elif data:
        yield from profile_findings(data, channels or 1, "the picture")
        header = profile_header(data)
        if photometric == 5 and header and header.channels == 4 and header.kind != "prtr":
            cure = "embed an output profile (class prtr)"
            yield Finding("warning", "its CMYK profile is none of a press", f"class {header.kind}", cure)


def ink_names(page: Any) -> tuple[str, ...]:
    """Return the names of a page's ink channels beside CMYK: of Photoshop's resources, else of the ink names tag."""
    resources = bytes(_tag(page, 34377, b""))
    names = _photoshop_names(resources)
    if not names and (stated := _tag(page, 333, "")):
        text = stated.decode("latin-1") if isinstance(stated, bytes) else str(stated)
        names = [name for name in text.split("\0") if name]
        if int(_tag(page, 332, 1)) == 1 and [n.title() for n in names[:4]] == list(PROCESS):
            names = names[4:]
    return tuple(names)


def _photoshop_names(data: bytes) -> list[str]:
    """Return the alpha channel names of image resources: 1045 (Unicode), else 1006 (Pascal strings)."""
    pascal, unicode, at = [], [], 0
    while at + 12 <= len(data) and data[at : at + 4] in (b"8BIM", b"MeSa"):
        (kind,) = struct.unpack_from(">H", data, at + 4)
        at += 6 + (data[at + 6] + 2) // 2 * 2
        (size,) = struct.unpack_from(">I", data, at)
        body = data[at + 4 : at + 4 + size]
        at += 4 + (size + 1) // 2 * 2
        if kind == 1006:
            while body:
                pascal.append(body[1 : 1 + body[0]].decode("mac-roman"))
                body = body[1 + body[0] :]
        elif kind == 1045:
            while len(body) >= 4:
                (count,) = struct.unpack_from(">I", body)
                unicode.append(body[4 : 4 + 2 * count].decode("utf-16-be", "replace").rstrip("\0"))
                body = body[4 + 2 * count :]
    return [name for name in unicode or pascal if name]


def _inks(path: Path, page: Any, photometric: int, samples: int, wanted: Wanted) -> Iterator[Finding]:
    """Yield what speaks against the ink that a separated picture lays, or against how many inks an index has."""
    if photometric == 3:
        yield from count_findings(_used(path), wanted)
    if photometric != 5 or page.bitspersample not in (8, 16):
        return
    yield from count_findings(samples, wanted)
    histogram = _sums(path)
    if histogram is None:
        return
    full = 255.0 if page.bitspersample == 8 else 65535.0
    above = histogram[::-1].cumsum()[::-1] / max(1, histogram.sum())
    levels = np.flatnonzero(above > _FEW)
    most = 100 * float(levels[-1]) / full if len(levels) else 0.0
    if most > wanted.ink_limit + 1:
        over = above[min(len(above) - 1, int(wanted.ink_limit / 100 * full) + 1)]
        yield over_limit(most, wanted, "the picture", share=float(over))


def opened(path: Path) -> Any:
    """Return a TIFF as a stream of pixels (a pyvips image); InputError if it cannot be read."""
    import pyvips

    try:
        return pyvips.Image.new_from_file(str(path), access="sequential", fail_on="error")
    except pyvips.Error as error:
        raise InputError(f"{path} cannot be read as a picture ({_line(error)}).") from None


def _line(error: Exception) -> str:
    """Return the beginning of what libvips says, in one line."""
    return " ".join(str(error).split())[:120]


def _sums(path: Path) -> np.ndarray | None:
    """Return how many pixels lay how much ink, in steps of a channel; None if the pixels cannot be read."""
    import pyvips

    try:
        image = opened(path)
        total = image[0].cast("uint")
        for band in range(1, image.bands):
            total += image[band]
        most = 65535
        scaled = total if image.format == "uchar" else total / 257.0
        histogram = scaled.rint().cast("ushort").hist_find().numpy().ravel() if most else None
    except (pyvips.Error, InputError):
        return None
    return histogram if image.format == "uchar" else None if histogram is None else _spread(histogram)


def _spread(histogram: np.ndarray) -> np.ndarray:
    """Return a histogram in steps of 1/255 as one in steps of 1/65535."""
    wide = np.zeros(len(histogram) * 257, histogram.dtype)
    wide[::257] = histogram
    return wide


def _used(path: Path) -> int:
    """Return how many colors an indexed picture uses, by a look at no more than it takes to count them."""
    from PIL import Image

    try:
        with Image.open(path) as picture:
            if picture.mode != "P" or picture.width * picture.height > 400_000_000:
                return 0
            return sum(count > 0 for count in picture.histogram())
    except (OSError, ValueError, SyntaxError):
        return 0


def read_pixels(path: Path, left: int, top: int, width: int, height: int) -> np.ndarray:
    """Return a part of a TIFF as (height, width, 3) uint8: sRGB, or of inks a picture that tells them apart."""
    import pyvips

    try:
        part = opened(path).crop(left, top, width, height)
        if (part.interpretation in ("cmyk", "multiband") and part.bands >= 4) or part.bands > 4:
            return _as_seen(_eight(part.numpy()))
        array = _eight(part.numpy() if part.interpretation != "lab" else part.colourspace("srgb").numpy())
    except pyvips.Error as error:
        raise InputError(f"{path} cannot be read as a picture, it is damaged or cut short: {_line(error)}.") from None
    if array.ndim == 2 or array.shape[2] < 3:
        gray = array if array.ndim == 2 else array[..., 0]
        return np.repeat(gray[..., None], 3, axis=2)
    return array[..., :3]


def _eight(array: np.ndarray) -> np.ndarray:
    return array if array.dtype == np.uint8 else (array // 257).astype(np.uint8)


def _as_seen(inks: np.ndarray) -> np.ndarray:
    """Return inks (H, W, N) uint8 as (H, W, 3) uint8: process colors as such, each spot in a color of its own."""
    takes = [(1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 1)]
    takes += [(0.9 * (n % 3 != 0), 0.9 * (n % 3 != 1), 0.4 + 0.1 * (n % 5)) for n in range(inks.shape[2] - 4)]
    light = np.ones((*inks.shape[:2], 3), np.float32)
    for plane, take in enumerate(takes):
        light *= 1 - inks[..., plane, None] / np.float32(255) * np.array(take, np.float32)
    return np.rint(light * 255).astype(np.uint8)
