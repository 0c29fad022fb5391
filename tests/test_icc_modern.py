"""Profiles of version 4, and of printers with other inks than CMYK, built byte by byte; Little CMS reads them too."""

import io
import math
import struct
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms

from patterns.color.gamut import measured_gamut
from patterns.color.icc import Profile, parse_profile, read_profile
from patterns.color.spaces import WHITE_D50, lab_to_xyz, xyz_to_lab
from patterns.errors import InputError


def padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 4)


def profile_bytes(space: bytes, tags: dict[bytes, bytes], *, version: int = 4) -> bytes:
    """Return an output profile with these tags (ICC.1:2022, clauses 7.2 and 7.3)."""
    body, table, at = b"", b"", 128 + 4 + 12 * len(tags)
    for name, data in tags.items():
        table += struct.pack(">4sII", name, at + len(body), len(data))
        body += padded(data)
    whole = struct.pack(">I", len(tags)) + table + body
    head = struct.pack(">I4sI4s4s4s", 128 + len(whole), b"none", version << 24, b"prtr", space, b"Lab ")
    head += struct.pack(">6H4s", 2026, 11, 22, 0, 0, 0, b"acsp")
    white = struct.pack(">3i", 63190, 65536, 54061)
    return (head + bytes(68 - len(head)) + white).ljust(128, b"\0") + whole


def gamma(value: float) -> bytes:
    return padded(b"curv" + struct.pack(">IIH", 0, 1, round(value * 256)))


def power(value: float) -> bytes:
    return padded(b"para" + struct.pack(">IHHi", 0, 0, 0, round(value * 65536)))


def grid(inputs: int, points: int, seed: int) -> bytes:
    """Return a CLUT of 16 bits: any smooth function of the channels."""
    rng = np.random.default_rng(seed)
    axes = np.stack(np.meshgrid(*[np.linspace(0, 1, points)] * inputs, indexing="ij"), axis=-1).reshape(-1, inputs)
    mixed = np.abs(np.sin(axes @ rng.uniform(0.2, 1.2, (inputs, 3)) + rng.uniform(0, 1, 3)))
    numbers = np.rint(mixed * 65535).astype(">u2").tobytes()
    return padded(bytes([points] * inputs).ljust(16, b"\0") + bytes([2, 0, 0, 0]) + numbers)


def modern(kind: bytes, seed: int) -> bytes:
    """Return lutAToBType or lutBToAType, three channels each way, with all five stages."""
    turn = np.eye(3) * 0.8 + 0.05
    numbers = [round(v * 65536) for v in (*turn.ravel(), 0.02, 0.01, 0.03)]
    parts = [3 * gamma(1.2), struct.pack(">12i", *numbers), 3 * power(0.9), grid(3, 6, seed), 3 * gamma(1.4)]
    offsets = [32 + sum(map(len, parts[:i])) for i in range(5)]
    return kind + bytes(4) + bytes([3, 3, 0, 0]) + struct.pack(">5I", *offsets) + b"".join(parts)


def described(text: str) -> bytes:
    said = text.encode("utf-16-be")
    return b"mluc" + bytes(4) + struct.pack(">II2s2sII", 1, 12, b"en", b"US", len(said), 28) + said


WHITE = b"XYZ \0\0\0\0" + struct.pack(">3i", 55000, 57000, 46000)
RGB = profile_bytes(
    b"RGB ", {b"desc": described("a test"), b"wtpt": WHITE, b"A2B1": modern(b"mAB ", 1), b"B2A1": modern(b"mBA ", 2)}
)


def little_cms(data: bytes, pixels: np.ndarray, *, forth: bool) -> np.ndarray:
    lab, device = ImageCms.createProfile("LAB"), ImageCms.ImageCmsProfile(io.BytesIO(data))
    ends, modes = ((device, lab), ("RGB", "LAB")) if forth else ((lab, device), ("LAB", "RGB"))
    flags = ImageCms.Flags.NOOPTIMIZE | ImageCms.Flags.NOCACHE
    intent = ImageCms.Intent.ABSOLUTE_COLORIMETRIC
    transform = ImageCms.buildTransform(*ends, *modes, renderingIntent=intent, flags=flags)
    given = Image.frombytes(modes[0], (64, 64), pixels.tobytes())
    return np.frombuffer(transform.apply(given).tobytes(), np.uint8).reshape(-1, 3)


def lab_of_8bit(values: np.ndarray) -> np.ndarray:
    return np.column_stack([values[:, 0] / 2.55, values[:, 1:].astype(np.int8).astype(float)])


def test_tables_of_version_4_give_what_little_cms_gives_both_ways(rng: np.random.Generator) -> None:
    profile = parse_profile(RGB, "test")
    assert (profile.description, profile.space) == ("a test", "RGB")
    pixels = rng.integers(0, 256, (4096, 3), np.uint8)
    theirs, ours = lab_of_8bit(little_cms(RGB, pixels, forth=True)), profile.lab_of(pixels / 255)
    within = (np.abs(ours[:, 1:]) < 127).all(axis=1) & (ours[:, 0] < 100)  # 8 bits hold no more
    assert within.mean() > 0.5
    assert (np.abs(theirs - ours)[within].max(axis=0) <= [0.25, 0.55, 0.55]).all()
    asked = lab_of_8bit(pixels)
    back = profile.device_of(asked) * 255
    # Against a white darker than the perfect one, colors as light as that lie outside what the tables are for.
    relative = xyz_to_lab(lab_to_xyz(asked) / profile.white_xyz * WHITE_D50)
    within = (relative[:, 0] < 100) & (np.abs(relative[:, 1:]) < 127).all(axis=1)
    assert within.mean() > 0.5
    assert np.abs(little_cms(RGB, pixels, forth=False) - back)[within].max() <= 0.6


def test_a_printer_driven_in_rgb_has_no_ink_sum() -> None:
    profile = parse_profile(RGB, "test")
    assert profile.ink_sum(np.zeros((1, 3))) is None
    assert profile.bare.tolist() == [[1.0, 1.0, 1.0]]


def lut16(inputs: int, outputs: int, function, points: int) -> bytes:
    """Return lut16Type of a function from (N, inputs) to (N, outputs), both in 0-1 as lut16Type encodes them."""
    axes = np.stack(np.meshgrid(*[np.linspace(0, 1, points)] * inputs, indexing="ij"), axis=-1).reshape(-1, inputs)
    line = struct.pack(">2H", 0, 65535)
    matrix = struct.pack(">9i", *np.eye(3, dtype=int).ravel() * 65536)
    head = b"mft2" + bytes(4) + bytes([inputs, outputs, points, 0]) + matrix + struct.pack(">HH", 2, 2)
    numbers = np.rint(np.clip(function(axes), 0, 1) * 65535).astype(">u2").tobytes()
    return head + line * inputs + numbers + line * outputs


INKS = np.array([[55, -37, -50], [48, 74, -3], [89, -5, 93], [16, 0, 0], [65, 60, 70], [50, -70, 30]], dtype=float)


def printed(coverage: np.ndarray) -> np.ndarray:
    """Return six inks' mixture on a white of L* 95, each taking its share of what is left of the white."""
    lab = np.tile([95.0, 0, 0], (len(coverage), 1))
    for place, ink in enumerate(INKS):
        lab = lab + coverage[:, place : place + 1] * (ink - [95, 0, 0]) * (lab[:, :1] / 95)
    return lab


@pytest.fixture(scope="module")
def six(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A profile of a printer with six inks, which Pillow cannot open."""
    encode = np.array([65280 / 65535]) / [100, 255, 255]
    forth = lut16(6, 3, lambda inks: (printed(inks) + np.array([0, 128, 128])) * encode, 3)
    back = lut16(3, 6, lambda lab: np.repeat(1 - lab[:, :1], 6, axis=1) / 2, 5)
    white = b"XYZ \0\0\0\0" + struct.pack(">3i", 63190, 65536, 54061)
    path = tmp_path_factory.mktemp("six") / "six.icc"
    path.write_bytes(profile_bytes(b"6CLR", {b"wtpt": white, b"A2B0": forth, b"B2A0": back}, version=2))
    return path


def test_a_printer_with_six_inks_has_a_gamut_and_an_ink_sum(six: Path) -> None:
    profile = read_profile(six)
    assert isinstance(profile, Profile)
    assert (profile.space, profile.channels, profile.colorimetric) == ("6CLR", 6, False)
    some = np.array([[0.0] * 6, [0, 0, 0, 0, 1, 0], [0.5, 0, 0.5, 0, 0, 0]])
    np.testing.assert_allclose(profile.lab_of(some), printed(some), atol=0.02)
    total = profile.ink_sum(np.array([[50.0, 0, 0]]))
    assert total is not None
    assert total[0] == pytest.approx(6 * (1 - 0.5 * 65280 / 65535) / 2 * 100, abs=1)
    gamut = measured_gamut(six)
    assert gamut.inside(np.array([[66.0, 57, 66], [52, -64, 27], [80, 0, 40]])).all()
    assert not gamut.inside(np.array([[65.0, 80, 90], [90, -60, 0]])).any()
    assert "perceptual" in gamut.source
    tight, loose = measured_gamut(six, ink_limit=50), measured_gamut(six, ink_limit=600)
    assert tight.darkest[0] > loose.darkest[0] + 10


def test_one_ink_spans_no_gamut(tmp_path: Path) -> None:
    forth, back = lut16(1, 3, lambda ink: np.repeat(1 - ink, 3, axis=1), 3), lut16(3, 1, lambda lab: lab[:, :1], 3)
    path = tmp_path / "gray.icc"
    path.write_bytes(profile_bytes(b"GRAY", {b"wtpt": WHITE, b"A2B0": forth, b"B2A0": back}, version=2))
    assert math.isclose(float(read_profile(path).ink_sum(np.array([[100.0, 0, 0]]))[0]), 99.6, abs_tol=0.5)  # pyright: ignore[reportOptionalSubscript]
    with pytest.raises(InputError, match="three or more channels"):
        measured_gamut(path)
