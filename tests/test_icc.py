"""ICC profiles: equal to Little CMS both ways, refused in a sentence when they say too little, never a traceback."""

import struct
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms

from patterns import presets
from patterns.color.difference import ciede2000
from patterns.color.gamut import measured_gamut
from patterns.color.icc import Profile, parse_profile, read_profile
from patterns.color.icc_tables import read_transform
from patterns.color.patches import read_patches
from patterns.errors import InputError

FOLDER = presets.folder("fabrics").parent / "profiles"
PROFILE, PATCHES = FOLDER / "fogra39-coated-paper.icc", FOLDER / "FOGRA39L.ti3"
# What Little CMS rounds to in 8 bits, and a hair.
LAB_STEP, INK_STEP = np.array([0.2, 0.51, 0.51]), 0.52


@pytest.fixture(scope="module")
def profile() -> Profile:
    return read_profile(PROFILE)


def lab_of_8bit(values: np.ndarray) -> np.ndarray:
    return np.column_stack([values[:, 0] / 2.55, values[:, 1:].astype(np.int8).astype(float)])


def little_cms(pixels: np.ndarray, *, forth: bool) -> np.ndarray:
    """Return what Little CMS makes of (64, 64, n) uint8: CMYK to Lab, or back; absolute colorimetric, all precision."""
    lab, device = ImageCms.createProfile("LAB"), ImageCms.getOpenProfile(str(PROFILE))
    ends, modes = ((device, lab), ("CMYK", "LAB")) if forth else ((lab, device), ("LAB", "CMYK"))
    flags = ImageCms.Flags.NOOPTIMIZE | ImageCms.Flags.NOCACHE
    intent = ImageCms.Intent.ABSOLUTE_COLORIMETRIC
    transform = ImageCms.buildTransform(*ends, *modes, renderingIntent=intent, flags=flags)
    picture = Image.frombytes(modes[0], (64, 64), pixels.tobytes())
    return np.frombuffer(transform.apply(picture).tobytes(), np.uint8).reshape(4096, -1)


def test_inks_look_as_little_cms_says(profile: Profile, rng: np.random.Generator) -> None:
    inks = rng.integers(0, 256, (4096, 4), np.uint8)
    theirs = lab_of_8bit(little_cms(inks, forth=True))
    apart = np.abs(theirs - profile.lab_of(inks / 255))
    assert (apart.max(axis=0) <= LAB_STEP).all()
    # The same test finds a profile that is read wrongly: relative instead of absolute colors.
    relative = profile.forward.decoded(profile.forward(inks / 255))
    assert (np.abs(theirs - relative).max(axis=0) > 2 * LAB_STEP).any()


def test_colors_take_the_inks_that_little_cms_says(profile: Profile, rng: np.random.Generator) -> None:
    colors = rng.integers(0, 256, (4096, 3), np.uint8)
    ours = profile.device_of(lab_of_8bit(colors)) * 255
    assert np.abs(little_cms(colors, forth=False) - ours).max() <= INK_STEP


def test_the_shipped_profile_is_true_to_its_patches_and_says_what_it_is(profile: Profile) -> None:
    rows = PATCHES.read_text().partition("BEGIN_DATA\n")[2].partition("END_DATA")[0].splitlines()
    inks = np.array([row.split()[1:5] for row in rows], dtype=float) / 100
    differences = ciede2000(read_patches(PATCHES), profile.lab_of(inks))
    assert (differences.mean(), differences.max()) == pytest.approx((0.32, 1.42), abs=0.05)
    assert "not cloth" in profile.description
    assert (profile.space, profile.channels, profile.colorimetric) == ("CMYK", 4, True)
    total = profile.ink_sum(np.array([[0.0, 0, 0], [100, 0, 0]]))
    assert total is not None
    assert total[0] <= 300
    assert total[1] < 10


def with_header(data: bytes, at: int, value: bytes) -> bytes:
    return data[:at] + value + data[at + len(value) :]


def without_tag(data: bytes, *names: bytes) -> bytes:
    for name in names:
        data = data.replace(name, b"none", 1)
    return data


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda data: with_header(data, 12, b"scnr"), "a scanner's profile; only a printer's"),
        (lambda data: with_header(data, 12, b"mntr"), "a monitor's profile; only a printer's"),
        (lambda data: with_header(data, 20, b"XYZ "), "between CMYK and XYZ"),
        (lambda data: with_header(data, 16, b"RGB "), "not between 3 channels"),
        (lambda data: without_tag(data, b"B2A0", b"B2A1"), "no table from Lab to inks"),
        (lambda data: without_tag(data, b"A2B0", b"A2B1"), "no table from inks to Lab"),
        (lambda data: data[: len(data) // 2], "is cut"),
        (lambda data: with_header(data, 36, b"none"), "no ICC profile"),
        (lambda data: b"", "no ICC profile"),
    ],
)
def test_profiles_that_say_too_little_are_refused(tmp_path: Path, spoil: Callable[[bytes], bytes], said: str) -> None:
    path = tmp_path / "mill.icc"
    path.write_bytes(spoil(PROFILE.read_bytes()))
    with pytest.raises(InputError, match=said):
        read_profile(path)
    with pytest.raises(InputError):
        measured_gamut(path)


def test_the_scanner_profile_that_little_cms_cannot_print_to_is_refused_here_too() -> None:
    with pytest.raises(InputError, match="monitor"):
        parse_profile(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(), "sRGB")


@given(st.integers(0, 400), st.binary(min_size=1, max_size=12), st.integers(132, 181_000))
def test_damaged_profiles_never_raise_anything_else(tmp_path_factory, at: int, value: bytes, end: int) -> None:
    data = PROFILE.read_bytes()
    path = tmp_path_factory.mktemp("icc") / "damaged.icc"
    for damaged in (with_header(data, at, value), data[:end], struct.pack(">I", end) + data[4:end]):
        path.write_bytes(damaged)
        try:
            read = read_profile(path)
        except InputError:
            continue
        assert np.isfinite(read.lab_of(np.full((2, read.channels), 0.5))).all()


def test_a_small_file_that_claims_a_large_grid_takes_little_memory() -> None:
    claim = b"mft2\0\0\0\0" + bytes([10, 3, 255, 0]) + bytes(36) + struct.pack(">HH", 256, 256) + bytes(4096)
    tracemalloc.start()
    with pytest.raises(InputError, match="cut"):
        read_transform(claim, from_lab=False)
    assert tracemalloc.get_traced_memory()[1] < 2**20
    tracemalloc.stop()


def modern(curve: bytes) -> bytes:
    """Return a lutAToBType of three channels with only B curves."""
    curve += bytes(-len(curve) % 4)
    return b"mAB \0\0\0\0" + bytes([3, 3, 0, 0]) + struct.pack(">5I", 32, 0, 0, 0, 0) + 3 * curve


@pytest.mark.parametrize(
    ("curve", "expected"),
    [
        (b"curv" + bytes(8), 0.5),
        (b"curv" + struct.pack(">IIH", 0, 1, 512), 0.25),
        (b"curv" + struct.pack(">II3H", 0, 3, 0, 16384, 65535), 16384 / 65535),
        (b"para" + struct.pack(">IHHi", 0, 0, 0, 3 << 16), 0.125),
        (b"para" + struct.pack(">IHH3i", 0, 1, 0, 2 << 16, 2 << 16, -1 << 15), 0.25),
        (b"para" + struct.pack(">IHH4i", 0, 2, 0, 1 << 16, 1 << 16, 0, 1 << 14), 0.75),
        (b"para" + struct.pack(">IHH5i", 0, 3, 0, 2 << 16, 1 << 16, 0, 1 << 15, 3 << 14), 0.25),
        (b"para" + struct.pack(">IHH7i", 0, 4, 0, 1 << 16, 1 << 15, 0, 1 << 16, 3 << 14, 0, 1 << 14), 0.75),
    ],
)  # fmt: skip
def test_curves_are_those_of_the_standard(curve: bytes, expected: float) -> None:
    transform = read_transform(modern(curve), from_lab=False)
    assert transform(np.full((1, 3), 0.5))[0] == pytest.approx(expected, abs=1e-4)
