"""Laws of the scenes that come with patterns, each from its own maps; and what each looks like in one fixed design.

`PATTERNS_GOLDEN=write pytest tests/test_scenes.py` writes the pictures in tests/golden/scenes anew: look at them.
"""

import os
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from patterns import presets
from patterns.errors import PresetError
from patterns.lattice import Lattice
from patterns.mockup.dressing import Worn, composed, dressed, encoded, light
from patterns.mockup.maps import Maps, load_maps
from patterns.mockup.sampling import PREVIEW
from patterns.mockup.tone import toned
from patterns.scene import Scene
from scenes.measuring import scales
from tests import staged

NAMES = presets.names("scenes")
GOLDEN = Path(__file__).parent / "golden" / "scenes"
# Where a picture that is not as it was is left, beside what it was.
LEFT = Path(__file__).parent.parent / "out" / "golden-scenes"
# Golden pictures are so wide; their largest file is so large.
WIDTH, LARGEST = 160, 40_000
# How far a picture may be from the golden one, in 255ths: other processors and libraries round otherwise.
MEAN, MOST = 0.5, 8
# All scenes travel with every installation.
ALL_BYTES = 40_000_000
# How far a part's size in space may be from its size on the cloth.
SCALE = 0.03
# At an edge a picture may be so much (of 255) beyond both of its sides, at all but so many of its pixels.
FRINGE, FRINGED = 10, 0.005


@dataclass(frozen=True)
class Set:
    """A scene with its maps."""

    scene: Scene
    maps: Maps


@pytest.fixture(scope="module", params=NAMES)
def one(request: pytest.FixtureRequest) -> Set:
    """One scene after the other: its tests run together, so that its maps are read once."""
    scene = presets.scene(request.param)
    return Set(scene, load_maps(presets.scene_maps(scene.name), parts=len(scene.parts)))


def fixed_design() -> Worn:
    """Return diagonal bands, a checker and a disc on a half-drop of 160 mm: three inks that no scene is made of."""
    y, x = np.mgrid[0:320, 0:320]
    bands = (x + y) % 80 < 24
    checks = (x // 16 + y // 16) % 2 == 0
    right = x >= 160
    disc = np.hypot(x - 160, y - 120) < 56
    index = np.where(disc, 2, np.where(np.where(right, checks, bands), 1, 0))
    planes = np.stack([index == k for k in range(3)]).astype(np.float32)
    separation = replace(
        staged.inked(np.zeros((320, 320)), Lattice(160, 160, Fraction(1, 2))),
        planes=planes,
        roles=("ground", "main", "line"),
    )
    return Worn(separation, np.array([[0.80, 0.74, 0.60], [0.03, 0.11, 0.30], [0.55, 0.05, 0.04]]))


def photographed(maps: Maps, worn: Worn, parts: int) -> np.ndarray:
    """Return the picture (h, WIDTH, 3) uint8 of a scene whose parts all wear one design; in steps of 4, to be small."""
    picture = dressed(maps, [worn] * parts, staged.enlarger, quality=PREVIEW)
    height = round(WIDTH * picture.shape[0] / picture.shape[1])
    small = cv2.resize(picture, (WIDTH, height), interpolation=cv2.INTER_AREA)
    return np.bitwise_and(small, 0xFC).astype(np.uint8)


def compare(name: str, actual: np.ndarray, *, golden: Path = GOLDEN, left: Path = LEFT) -> None:
    """Fail if a picture is not as it was, and leave the three pictures that show how."""
    file = golden / f"{name}.png"
    if os.environ.get("PATTERNS_GOLDEN") == "write":
        golden.mkdir(parents=True, exist_ok=True)
        Image.fromarray(actual).save(file, optimize=True)
        assert file.stat().st_size < LARGEST
    assert file.exists(), f"{file} is not there; PATTERNS_GOLDEN=write pytest tests/test_scenes.py writes it."
    reference = np.asarray(Image.open(file).convert("RGB"))
    assert reference.shape == actual.shape
    apart = np.abs(reference.astype(int) - actual)
    if apart.mean() <= MEAN and apart.max() <= MOST:
        return
    left.mkdir(parents=True, exist_ok=True)
    for said, pixels in (("reference", reference), ("actual", actual), ("difference", (8 * apart).clip(0, 255))):
        Image.fromarray(pixels.astype(np.uint8)).save(left / f"{name}-{said}.png")
    raise AssertionError(
        f"{name} differs by {apart.mean():.2f} in the mean and {apart.max()} at most (of 255; allowed {MEAN} and "
        f"{MOST}): see {left}/{name}-reference.png, -actual.png and -difference.png (8 times as strong)."
    )


def covered(maps: Maps) -> np.ndarray:
    """Return how much of each pixel is cloth, (H, W)."""
    width, height = maps.size
    fragments = maps.fragments
    return np.bincount(fragments.pixel, fragments.coverage, width * height).reshape(height, width)


def fringe(maps: Maps, *, white: bool) -> np.ndarray:
    """Return by how much (of 255) pixels at edges are darker than all that is beside them, on white cloth.

    On black cloth, if not ``white``, by how much they are brighter. Beside an edge are whole pixels of cloth and
    of plate up to two px away; a twig before cloth, which has no pixel of its own, is no edge.
    """
    fragments, around = maps.fragments, np.ones((5, 5), np.uint8)
    cloth = toned(fragments.shade) if white else np.zeros_like(fragments.shade)
    picture = encoded(composed(maps, cloth))[..., 1].astype(np.int16)
    share = covered(maps)
    edge = (share > 0.02) & (share < 0.98)
    edge.ravel()[fragments.pixel[maps.primary :]] = True
    near = [cv2.dilate((~edge & there).astype(np.uint8), around) > 0 for there in (share >= 0.98, share <= 0.02)]
    known = edge & near[0] & (near[1] | (share >= 0.98))
    if white:
        return (cv2.erode(np.where(edge, np.int16(999), picture), around) - picture)[known]
    return (picture - cv2.dilate(np.where(edge, np.int16(-1), picture), around))[known]


# Laws.


def test_a_scene_has_the_parts_that_it_names(one: Set) -> None:
    fragments = one.maps.fragments
    assert presets.fabric(one.scene.fabric)
    seen = np.bincount(fragments.part, fragments.coverage, len(one.scene.parts))
    few = [part.name for part, count in zip(one.scene.parts, seen, strict=True) if count < 300]
    assert not few, f"hardly to be seen: {few}"


def test_coverage_is_at_most_a_pixel(one: Set) -> None:
    share = covered(one.maps)
    assert share.max() <= 1 + 1e-6
    assert one.maps.fragments.coverage.min() >= 0
    first = one.maps.fragments.pixel[: one.maps.primary]
    assert (np.diff(first) > 0).all()
    assert np.isin(one.maps.fragments.pixel[one.maps.primary :], first).all()


def test_ten_millimeters_of_a_design_measure_ten_millimeters(one: Set) -> None:
    if not one.maps.fov:
        pytest.skip("a photograph has no camera that is known")
    found = scales(one.maps, len(one.scene.parts))
    wrong = {}
    for part, ratios in zip(one.scene.parts, found, strict=True):
        median = float(np.median(ratios)) if len(ratios) >= 12 else float("nan")
        if not abs(median - 1) <= SCALE:
            wrong[part.name] = round(median, 3)
    assert not wrong, f"mm in space per mm of cloth, of one in the middle: {wrong}"


def test_a_wrong_scale_would_be_noticed(one: Set) -> None:
    if not one.maps.fov:
        pytest.skip("a photograph has no camera that is known")
    fragments = one.maps.fragments
    larger = replace(one.maps, fragments=replace(fragments, uv=fragments.uv * np.float32(1.07)))
    medians = [np.median(ratios) for ratios in scales(larger, len(one.scene.parts))]
    assert all(abs(median - 1) > SCALE for median in medians)


def test_no_cloth_is_mirrored(one: Set) -> None:
    (a, c), (b, d) = one.maps.footprints.across, one.maps.footprints.down
    upright = a * d - b * c > 0
    first = slice(0, one.maps.primary)
    shares = {
        part.name: float(upright[first][one.maps.fragments.part[first] == number].mean())
        for number, part in enumerate(one.scene.parts)
    }
    assert min(shares.values()) > 0.9, shares


def test_gray_cloth_is_its_gray_times_the_shade(one: Set) -> None:
    found = light(one.maps, [staged.even(0.5)] * len(one.scene.parts), staged.enlarger, quality=PREVIEW)
    assert np.abs(found - 0.5 * one.maps.fragments.shade).max() < 5e-5


def test_light_is_as_on_a_screen(one: Set) -> None:
    """White cloth is neither a hole nor a gray wall: its brighter parts come near the screen's white."""
    shade = one.maps.fragments.shade
    assert np.isfinite(shade).all()
    assert shade.min() >= 0
    assert 0.5 < np.percentile(shade[1], 95) < 1.6
    assert 0 <= one.maps.plate.min() <= one.maps.plate.max() <= 1


@pytest.mark.parametrize("white", [True, False], ids=["white", "black"])
def test_edges_have_no_fringe(one: Set, white: bool) -> None:
    """White cloth leaves no dark rim and black cloth no bright one: no pixel at an edge is beyond what is beside it."""
    seen = fringe(one.maps, white=white)
    assert len(seen) > 100
    assert (seen > FRINGE).mean() <= FRINGED, f"{(seen > FRINGE).mean():.2%}, at most {seen.max()}"


def test_a_fringe_would_be_noticed() -> None:
    """A plate that kept a dark line of other cloth beneath a white disc's edge, and a bright one of a black."""
    y, x = np.mgrid[0:90, 0:120] + 0.5
    share = np.clip(30.5 - np.hypot(x - 60, y - 45), 0, 1)
    clean = staged.maps(
        staged.placed((120, 90), lambda x, y: (x, y)), np.where(share > 0, 0, -1), coverage=share, plate=0.5
    )
    for white in (True, False):
        assert fringe(clean, white=white).max() <= 0
        kept = np.where((share < 1)[..., None] & (share > 0)[..., None], 0.05 if white else 0.95, clean.plate)
        assert (fringe(replace(clean, plate=kept.astype(np.float32)), white=white) > FRINGE).mean() > 0.2


def test_a_scene_that_sways_has_its_frames(one: Set) -> None:
    if one.scene.motion != "sway":
        pytest.skip("it stands still or turns")
    for frame in (0, one.scene.frames - 1):
        maps = load_maps(presets.scene_maps(one.scene.name, frame), parts=len(one.scene.parts))
        assert covered(maps).max() <= 1 + 1e-6
    with pytest.raises(PresetError, match="missing"):
        presets.scene_maps(one.scene.name, one.scene.frames)


def test_all_maps_together_are_small() -> None:
    files = list(presets.folder("scenes").glob("*.maps"))
    assert sum(file.stat().st_size for file in files) < ALL_BYTES
    named = {presets.scene_maps(name).name for name in NAMES}
    swaying = [presets.scene(name) for name in NAMES if presets.scene(name).motion == "sway"]
    moments = {presets.scene_maps(scene.name, i).name for scene in swaying for i in range(scene.frames)}
    assert {file.name for file in files} == named | moments


# Golden pictures.


def test_a_scene_looks_as_it_did(one: Set) -> None:
    compare(one.scene.name, photographed(one.maps, fixed_design(), len(one.scene.parts)))


def test_the_comparison_can_fail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A design that is 2 % too large, or that lies 3 mm to the side, is not what it was."""
    maps, design = staged.floor((480, 300), mm_per_px=0.9), fixed_design()
    monkeypatch.setenv("PATTERNS_GOLDEN", "write")
    compare("floor", photographed(maps, design, 1), golden=tmp_path, left=tmp_path / "left")
    monkeypatch.delenv("PATTERNS_GOLDEN")
    compare("floor", photographed(maps, design, 1), golden=tmp_path, left=tmp_path / "left")
    assert not (tmp_path / "left").exists()
    for wrong in (replace(design, scale=1.02), replace(design, offset=(3.0, 0.0)), replace(design, degrees=1.0)):
        with pytest.raises(AssertionError, match=r"floor differs by .* see .*left/floor-reference\.png"):
            compare("floor", photographed(maps, wrong, 1), golden=tmp_path, left=tmp_path / "left")
    assert {file.name for file in (tmp_path / "left").iterdir()} == {
        f"floor-{said}.png" for said in ("reference", "actual", "difference")
    }
    with pytest.raises(AssertionError, match="PATTERNS_GOLDEN=write"):
        compare("ceiling", photographed(maps, design, 1), golden=tmp_path)
