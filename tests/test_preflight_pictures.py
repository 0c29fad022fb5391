"""TIFF, PNG and JPEG files broken in one way each: every fault is named, the same file without it passes."""

import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile
from PIL import Image, ImageCms

from patterns import presets
from patterns.lattice import Lattice
from patterns.preflight import Wanted, check

FOGRA = (presets.folder("fabrics").parent / "profiles" / "fogra39-coated-paper.icc").read_bytes()
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
UNSEEN = Wanted(repeats=False)
SIDE = 96
PALETTE = np.array([(243, 234, 215), (39, 53, 107), (181, 86, 60)], np.uint8)


def inks(side: int = SIDE) -> np.ndarray:
    """A seamless tile of three inks, (side, side) uint8."""
    y, x = np.mgrid[:side, :side] * (2 * np.pi / side)
    waves = np.sin(2 * x + y) + np.sin(3 * y - x + 1) + np.sin(x + 2) * np.cos(4 * y) + np.sin(5 * x - 2 * y)
    return (waves > 0.3).astype(np.uint8) + (waves > 1.2)


def rgb(side: int = SIDE) -> np.ndarray:
    return PALETTE[inks(side)]


def cmyk(*, most: int = 150, planes: int = 4) -> np.ndarray:
    """Inks (SIDE, SIDE, planes) of at most ``most`` each in the darkest color; planes beyond four are spots."""
    colors = np.zeros((3, planes), np.uint8)
    colors[0, 2], colors[1, :4], colors[2, 4:] = 20, most, 200
    return colors[inks()]


def names_resource(*names: str) -> bytes:
    """Photoshop's resource of channel names (1006)."""
    body = b"".join(bytes([len(name)]) + name.encode("mac-roman") for name in names)
    return b"8BIM" + struct.pack(">H", 1006) + b"\0\0" + struct.pack(">I", len(body)) + body + b"\0" * (len(body) % 2)


def tiff(path: Path, pixels: np.ndarray, **said: Any) -> None:
    """Write a TIFF of 152.4 dpi in deflate, RGB with its profile unless said otherwise."""
    options = {"photometric": "rgb", "resolution": (60, 60), "resolutionunit": "CENTIMETER", "iccprofile": SRGB}
    options |= {"compression": "zlib", "metadata": None, "rowsperstrip": 32}
    extra = said.pop("pages", 1)
    with tifffile.TiffWriter(path) as file:
        for _ in range(extra):
            file.write(pixels, **(options | said))


def separated(path: Path, pixels: np.ndarray | None = None, names: tuple[str, ...] = (), **said: Any) -> None:
    """Write a TIFF of CMYK and spots, whose names are Photoshop's."""
    pixels = cmyk() if pixels is None else pixels
    tags = [(34377, 1, len(names_resource(*names)), names_resource(*names), True)] if names else []
    spots = pixels.shape[2] - 4
    options: dict[str, Any] = {"photometric": "separated", "iccprofile": FOGRA, "extratags": tags}
    if spots:
        options["extrasamples"] = ("unspecified",) * spots
    tiff(path, pixels, **(options | said))


def indexed(path: Path, pixels: np.ndarray | None = None) -> None:
    colormap = np.zeros((3, 256), np.uint16)
    colormap[:, :3] = PALETTE.T.astype(np.uint16) * 257
    tiff(path, inks() if pixels is None else pixels, photometric="palette", colormap=colormap)


def patched(path: Path, tag: int, value: int) -> None:
    """Change the value of a short tag in a little-endian TIFF."""
    with tifffile.TiffFile(path, mode="r+") as file:
        file.pages.first.tags[tag].overwrite(value)


def changed(write: Callable[[Path], None], tag: int, value: int) -> Callable[[Path], None]:
    def both(path: Path) -> None:
        write(path)
        patched(path, tag, value)

    return both


def cut(write: Callable[[Path], None], share: float) -> Callable[[Path], None]:
    def both(path: Path) -> None:
        write(path)
        data = path.read_bytes()
        path.write_bytes(data[: int(len(data) * share)])

    return both


def shortened(path: Path) -> None:
    """A TIFF whose directory comes first, cut within its pixels."""
    Image.fromarray(rgb()).save(path, "TIFF", dpi=(150, 150), icc_profile=SRGB)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) - 9000])


def uncut(path: Path) -> None:
    Image.fromarray(rgb()).save(path, "TIFF", dpi=(150, 150), icc_profile=SRGB)


def color(path: Path, **said: Any) -> None:
    tiff(path, rgb(), **said)


def plate(path: Path, **said: Any) -> None:
    tiff(path, inks() * 100, photometric="minisblack", iccprofile=None, **said)


def png(path: Path, pixels: np.ndarray | None = None, **said: Any) -> None:
    picture = Image.fromarray(rgb() if pixels is None else pixels)
    picture.save(path, "PNG", **({"dpi": (152.4, 152.4), "icc_profile": SRGB} | said))


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def with_chunk(kind: bytes, data: bytes, **said: Any) -> Callable[[Path], None]:
    """Write a PNG with a chunk more behind its header."""

    def both(path: Path) -> None:
        png(path, **said)
        found = path.read_bytes()
        path.write_bytes(found[:33] + chunk(kind, data) + found[33:])

    return both


def layered(alpha: int) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        pixels = np.concatenate([rgb(), np.full((SIDE, SIDE, 1), 255, np.uint8)], axis=2)
        pixels[10:20, 10:20, 3] = alpha
        png(path, pixels)

    return write


def animated(path: Path) -> None:
    frames = [Image.fromarray(rgb()), Image.fromarray(rgb()[::-1])]
    frames[0].save(path, "PNG", save_all=True, append_images=frames[1:], dpi=(150, 150), icc_profile=SRGB)


def jpeg(path: Path, pixels: np.ndarray | None = None, mode: str = "RGB", **said: Any) -> None:
    options = {"quality": 95, "subsampling": 0, "dpi": (150, 150), "icc_profile": SRGB}
    Image.fromarray(rgb() if pixels is None else pixels, mode=None if mode == "RGB" else mode).save(
        path, "JPEG", **(options | said)
    )


def turned(path: Path) -> None:
    exif = Image.Exif()
    exif[274] = 6
    jpeg(path, exif=exif.tobytes())


@cache
def wave(side: int = 192) -> np.ndarray:
    return PALETTE[inks(side)]


def half_drop() -> np.ndarray:
    """One cell of a half-drop: it does not meet itself straight."""
    y, x = np.mgrid[:192, :192] * (2 * np.pi / 192)
    # Wave vectors (p, q) with p + q even, of width and height, are those of a half-drop.
    waves = np.sin(x * 0.5 + y) + np.sin(1.5 * x - y + 1) + np.sin(x + 2 * y + 2) + 0.8 * np.sin(2.5 * x + 3 * y)
    return PALETTE[(waves > 0.4).astype(np.uint8)]


def thin(width: int) -> np.ndarray:
    """Wide stripes and one line of so many pixels, 192 px a side."""
    pixels = np.zeros((192, 192), np.uint8)
    pixels[:, 40:90] = 1
    pixels[:, 130 : 130 + width] = 2
    return PALETTE[pixels]


Write = Callable[[Path], None]


@dataclass(frozen=True)
class Fault:
    """One way to break a file, what must be said of it, and the sound file."""

    name: str
    says: str
    broken: Write
    sound: Write
    wanted: Wanted = UNSEEN


FAULTS = (
    Fault("TIFF cut short", "cut short", shortened, uncut),
    Fault("TIFF without resolution", "how large it prints", lambda p: color(p, resolution=(1, 1)), color),
    Fault("TIFF without a unit", "no unit", lambda p: color(p, resolutionunit="NONE"), color),
    Fault("TIFF of oblong pixels", "not square", lambda p: color(p, resolution=(60, 50)), color),
    Fault("TIFF of 60 dpi", "too few pixels", lambda p: color(p, resolution=(24, 24)), color),
    Fault("TIFF turned", "turned by a flag", lambda p: color(p, extratags=[(274, 3, 1, 6, True)]), color),
    Fault("TIFF of two pictures", "more than one picture", lambda p: color(p, pages=2), color),
    Fault("TIFF of floats", "samples of this kind", lambda p: tiff(p, rgb().astype(np.float32) / 255), color),
    Fault("TIFF of 32 bits", "samples of this kind", lambda p: tiff(p, rgb().astype(np.uint32)), color),
    Fault("TIFF in a strange packing", "many RIPs do not read", changed(color, 259, 50000), color),
    Fault(
        "TIFF with alpha",
        "carries transparency",
        lambda p: tiff(p, np.dstack([rgb(), rgb()[..., :1]]), extrasamples=["unassalpha"]),
        color,
    ),
    Fault("TIFF of strange colors", "colors of this kind", changed(color, 262, 32845), color),
    Fault("TIFF as a negative", "negative", changed(plate, 262, 0), plate),
    Fault("TIFF CMYK without profile", "no profile defines", lambda p: separated(p, iccprofile=None), separated),
    Fault("TIFF CMYK with sRGB", "other colors", lambda p: separated(p, iccprofile=SRGB), separated),
    Fault("TIFF RGB with a CMYK profile", "other colors", lambda p: color(p, iccprofile=FOGRA), color),
    Fault("TIFF with a cut profile", "is damaged", lambda p: color(p, iccprofile=SRGB[:200]), color),
    Fault(
        "TIFF of five channels, four declared",
        "ink channels without names",
        lambda p: separated(p, cmyk(planes=5)),
        lambda p: separated(p, cmyk(planes=5), ("05 madder",)),
    ),
    Fault(
        "TIFF of two spots and one name",
        "not as many as",
        lambda p: separated(p, cmyk(planes=6), ("05 madder",)),
        lambda p: separated(p, cmyk(planes=6), ("05 madder", "06 weld")),
    ),
    Fault(
        "TIFF spots of one name",
        "the same name",
        lambda p: separated(p, cmyk(planes=6), ("madder", "madder")),
        lambda p: separated(p, cmyk(planes=6), ("madder", "weld")),
    ),
    Fault(
        "TIFF spots differ in case",
        "differ only in how",
        lambda p: separated(p, cmyk(planes=6), ("madder", "Madder")),
        lambda p: separated(p, cmyk(planes=6), ("madder", "weld")),
    ),
    Fault(
        "TIFF spot called Black",
        "name of a process color",
        lambda p: separated(p, cmyk(planes=5), ("Black",)),
        lambda p: separated(p, cmyk(planes=5), ("05 Black",)),
    ),
    Fault("TIFF of three channels says CMYK", "has not four colors", changed(color, 262, 5), color),
    Fault("TIFF of too much ink", "takes more ink", lambda p: separated(p, cmyk(most=250)), separated),
    Fault(
        "TIFF of too much ink for a fabric",
        "takes more ink",
        separated,
        separated,
        Wanted(repeats=False, ink_limit=200),
    ),
    Fault("TIFF of too many inks", "takes fewer inks", indexed, indexed, Wanted(repeats=False, most_inks=2)),
    Fault(
        "PNG without resolution",
        "how large it prints",
        lambda p: Image.fromarray(rgb()).save(p, "PNG", icc_profile=SRGB),
        png,
    ),
    Fault("PNG of oblong pixels", "not square", lambda p: png(p, dpi=(150, 120)), png),
    Fault("PNG of 50 dpi", "too few pixels", lambda p: png(p, dpi=(50, 50)), png),
    Fault("PNG transparent", "transparent in places", layered(100), layered(255)),
    Fault("PNG animated", "an animation", animated, png),
    Fault("PNG with a CMYK profile", "other colors", lambda p: png(p, icc_profile=FOGRA), png),
    Fault(
        "PNG with a damaged profile",
        "is damaged",
        with_chunk(b"iCCP", b"x\0\0" + zlib.compress(b"none"), icc_profile=None),
        png,
    ),
    Fault("JPEG without resolution", "how large it prints", lambda p: jpeg(p, dpi=(0, 0)), jpeg),
    Fault("JPEG of quality 30", "blocks and halos", lambda p: jpeg(p, quality=30), jpeg),
    Fault("JPEG of quality 75", "blocks and halos", lambda p: jpeg(p, quality=75), jpeg),
    Fault(
        "JPEG of coarse color",
        "its color, which is coarser",
        lambda p: jpeg(p, subsampling=2),
        lambda p: jpeg(p, subsampling=2, dpi=(300, 300)),
    ),
    Fault("JPEG of 40 dpi", "too few pixels", lambda p: jpeg(p, dpi=(40, 40)), jpeg),
    Fault("JPEG turned", "turned by a flag", turned, jpeg),
    Fault(
        "JPEG CMYK without profile",
        "no profile defines",
        lambda p: jpeg(p, cmyk(), "CMYK", icc_profile=None),
        lambda p: jpeg(p, cmyk(), "CMYK", icc_profile=FOGRA),
    ),
    Fault("JPEG with a CMYK profile", "other colors", lambda p: jpeg(p, icc_profile=FOGRA), jpeg),
    Fault(
        "a tile cut by five pixels",
        "does not meet itself left to right",
        lambda p: png(p, wave()[:, 5:].copy()),
        lambda p: png(p, wave().copy()),
        Wanted(),
    ),
    Fault(
        "a tile cut from below",
        "does not meet itself top to bottom",
        lambda p: png(p, wave()[:-6].copy()),
        lambda p: png(p, wave().copy()),
        Wanted(),
    ),
    Fault(
        "a half-drop said to be straight",
        "does not meet itself",
        lambda p: png(p, half_drop()),
        lambda p: png(p, wave().copy()),
        Wanted(repeat="straight"),
    ),
    Fault(
        "a sheet whose repeats differ",
        "not like the next",
        lambda p: png(p, np.hstack([wave(), wave()[::-1]])),
        lambda p: png(p, np.hstack([wave(), wave()])),
        Wanted(lattice=Lattice(32, 32)),
    ),
    Fault(
        "a line of one pixel",
        "lines are thinner",
        lambda p: png(p, thin(1)),
        lambda p: png(p, thin(6)),
        Wanted(repeat="straight", line_mm=0.5, gap_mm=0.5),
    ),
)


def loud(path: Path, wanted: Wanted) -> list[str]:
    return [f"{f.severity}: {f.message} ({f.measured})" for f in check(path, wanted).findings if f.severity != "note"]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_every_fault_is_named_and_the_same_file_without_it_passes(fault: Fault, tmp_path: Path) -> None:
    fault.broken(tmp_path / "broken")
    fault.sound(tmp_path / "sound")
    asked = UNSEEN if fault.broken is fault.sound else fault.wanted
    assert loud(tmp_path / "sound", asked) == []
    found = loud(tmp_path / "broken", fault.wanted)
    assert any(fault.says in line for line in found), found
