"""A photograph baked into a scene: places by its corners, a camera that agrees with them, the light of its paint."""

import json
import math
from pathlib import Path

import cv2
import numpy as np
import pytest
import typer
from hypothesis import assume, given
from hypothesis import strategies as st
from PIL import Image

from patterns import presets
from patterns.atelier import photographing
from patterns.cli.photographing import bake as bake_command
from patterns.color import linear_to_srgb, srgb_to_linear
from patterns.errors import InputError, PatternsError
from patterns.mockup import photograph
from patterns.mockup.beneath import beneath
from patterns.mockup.maps import load_maps, save_maps
from patterns.mockup.paint import lit
from patterns.mockup.tone import DIFFUSE_WHITE
from patterns.mockup.wall import seen
from patterns.scene import Part, Scene, scene_toml
from scenes.measuring import scales

SIZE = (320, 240)
FOCAL = 300.0
PAINT = np.array([0.42, 0.55, 0.36])


class View:
    """A known camera before a known rectangle, ``width`` x ``height`` mm, whose middle it sees at ``distance`` mm."""

    def __init__(
        self, *, yaw: float = 0, pitch: float = 0, roll: float = 0, distance: float = 4000, focal: float = FOCAL
    ) -> None:
        self.width, self.height, self.focal = 2400.0, 1500.0, focal
        a, b, c = np.radians([yaw, pitch, roll])
        about_y = np.array([[np.cos(a), 0, np.sin(a)], [0, 1, 0], [-np.sin(a), 0, np.cos(a)]])
        about_x = np.array([[1, 0, 0], [0, np.cos(b), -np.sin(b)], [0, np.sin(b), np.cos(b)]])
        about_z = np.array([[np.cos(c), -np.sin(c), 0], [np.sin(c), np.cos(c), 0], [0, 0, 1]])
        turn = about_z @ about_x @ about_y
        middle = np.array([80.0, -60.0, distance])
        corner = middle - turn @ np.array([self.width / 2, self.height / 2, 0])
        lens = np.array([[focal, 0, SIZE[0] / 2], [0, focal, SIZE[1] / 2], [0, 0, 1]])
        self.to_picture = lens @ np.column_stack([turn[:, 0], turn[:, 1], corner])
        self.corners = self.projected(np.array([[0, 0], [self.width, 0], [self.width, self.height], [0, self.height]]))

    def projected(self, uv: np.ndarray) -> np.ndarray:
        """Return where places (n, 2) in mm are seen, (n, 2) px."""
        shown = np.column_stack([uv, np.ones(len(uv))]) @ self.to_picture.T
        return shown[:, :2] / shown[:, 2:]

    def uv(self) -> np.ndarray:
        """Return the place at each pixel's middle, (2, H, W)."""
        y, x = np.mgrid[: SIZE[1], : SIZE[0]] + 0.5
        back = np.tensordot(np.linalg.inv(self.to_picture), np.stack([x, y, np.ones_like(x)]), axes=1)
        return back[:2] / back[2]


TURNED = View(yaw=28, pitch=-14, roll=3)


def light(uv: np.ndarray) -> np.ndarray:
    """Return a light field (H, W): brighter to one side, with a shadow's hard edge and one that is soft."""
    u, v = uv
    falling = 0.9 - 0.4 * u / 2400
    hard = np.where(u + 0.3 * v > 1700, 0.45, 1.0)
    soft = 1 - 0.4 / (1 + np.exp((v - 1000) / 60))
    return np.clip(falling * hard * soft, 0.02, 1)


def taken(view: View, rng: np.random.Generator, *, noise: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """Return a photograph (H, W, 3) float32 linear light of a painted wall, as of 8 bits, and its light (H, W)."""
    truth = light(view.uv())
    shown = PAINT * truth[..., None]
    encoded = linear_to_srgb(np.clip(shown, 0, 1)) + rng.normal(0, noise, shown.shape)
    return srgb_to_linear(np.rint(255 * np.clip(encoded, 0, 1)) / 255).astype(np.float32), truth


def angles(least: float, most: float) -> st.SearchStrategy[float]:
    return st.floats(least, most).flatmap(lambda x: st.sampled_from([x, -x]))


@given(angles(12, 45), angles(12, 35), st.floats(-15, 15), st.floats(3000, 6000), st.floats(200, 600))
def test_a_known_camera_and_its_places_are_found_again(
    yaw: float, pitch: float, roll: float, distance: float, focal: float
) -> None:
    view = View(yaw=yaw, pitch=pitch, roll=roll, distance=distance, focal=focal)
    assume(np.abs(view.corners - np.array(SIZE) / 2).max() < 3 * max(SIZE))
    try:
        wall = seen(view.corners, SIZE, width=view.width)
    except InputError:  # too little of it runs into the distance to be sure
        assume(False)
        raise
    assume(wall.told == "corners")
    assert wall.focal_px == pytest.approx(view.focal, rel=1e-6)
    assert wall.height == pytest.approx(view.height, rel=1e-6)
    uv, there = wall.uv()
    assert np.abs(uv - view.uv())[:, there].max() < 0.005 * view.width
    assert np.abs(uv - view.uv())[:, there & (np.abs(uv) < 3000).all(axis=0)].max() < 0.1
    assert np.allclose(wall.to_picture, view.to_picture, rtol=1e-5, atol=1e-5)


def test_corners_a_pixel_off_move_places_by_less_than_half_a_percent(rng: np.random.Generator) -> None:
    errors = []
    for _ in range(50):
        corners = TURNED.corners + rng.normal(0, 0.2, (4, 2))  # a pixel of 1600 x 1200
        wall = seen(corners, SIZE, width=TURNED.width)
        uv = wall.uv()[0]
        inside = photograph.quadrilateral(wall) > 0.5
        errors.append(np.sqrt(((uv - TURNED.uv())[:, inside] ** 2).mean()) / TURNED.width)
        assert wall.error < 0.02
    assert np.median(errors) < 0.005


@pytest.mark.parametrize(
    "view",
    [TURNED, View(), View(roll=4), View(yaw=40, pitch=10), View(yaw=-20)],
    ids=["turned", "head-on", "rolled", "far turned", "one-point"],
)
def test_the_scale_law_holds_on_a_wall(view: View, rng: np.random.Generator) -> None:
    picture, _ = taken(view, rng)
    both = {"width": view.width, "height": view.height}
    baked = photograph.bake_wall(picture, seen(view.corners, SIZE, **both), mask=np.ones(SIZE[::-1], np.float32))
    (found,) = scales(baked.maps, 1)
    assert len(found) > 1000
    assert np.abs(found - 1).max() < 0.01
    turn = baked.maps.camera[:3, :3]
    assert np.allclose(turn @ turn.T, np.eye(3), atol=1e-9)
    assert np.linalg.det(turn) == pytest.approx(1)


def test_the_camera_lays_every_place_on_the_world_s_wall() -> None:
    wall = seen(TURNED.corners, SIZE, width=TURNED.width)
    from scenes.measuring import positions

    picture = np.full((*SIZE[::-1], 3), 0.4, np.float32)
    maps = photograph.bake_wall(picture, wall).maps
    space = positions(maps)
    world = space @ maps.camera[:3, :3].T + maps.camera[:3, 3]
    seen_at = np.isfinite(world).all(axis=2)
    uv = TURNED.uv()[:, ::4, ::4]
    assert np.allclose(world[seen_at][:, 1], 0, atol=0.05)
    assert np.allclose(world[seen_at][:, [0, 2]], np.stack([uv[0], -uv[1]], axis=2)[seen_at], atol=0.05)


@pytest.mark.parametrize("roll", [0.0, 7.0])
def test_a_wall_seen_head_on_has_the_shape_of_its_corners(roll: float, rng: np.random.Generator) -> None:
    view = View(roll=roll)
    wall = seen(view.corners, SIZE, width=view.width)
    assert (wall.told, wall.height) == ("assumed", pytest.approx(view.height, rel=1e-6))
    assert [f.severity for f in wall.findings] == ["note"]
    shaken = seen(np.rint(view.corners * 4) / 4, SIZE, height=view.height)
    assert shaken.width == pytest.approx(view.width, rel=0.01)
    inside = photograph.quadrilateral(wall) > 0.5
    assert np.abs(wall.uv()[0] - view.uv())[:, inside].max() < 0.1


def test_one_point_perspective_needs_the_camera_s_word_or_both_lengths() -> None:
    view = View(yaw=35)
    with pytest.raises(InputError, match="give both its --width and its --height"):
        seen(view.corners, SIZE, width=view.width)
    film = FOCAL / math.hypot(*SIZE) * math.hypot(24, 36)
    by_camera = seen(view.corners, SIZE, width=view.width, focal_film_mm=film)
    assert (by_camera.told, by_camera.height) == ("camera", pytest.approx(view.height, rel=1e-6))
    by_both = seen(view.corners, SIZE, width=view.width, height=view.height)
    assert (by_both.told, by_both.focal_px) == ("lengths", pytest.approx(FOCAL, rel=1e-6))
    assert np.allclose(by_both.to_picture, view.to_picture, rtol=1e-6, atol=1e-6)


def test_lengths_that_the_corners_deny_are_spoken_of() -> None:
    wall = seen(TURNED.corners, SIZE, width=2400, height=1800)
    assert [f.severity for f in wall.findings] == ["warning"]
    assert "2.88 m" in wall.findings[0].message
    assert seen(TURNED.corners, SIZE, width=2400, height=1500).findings == ()


@pytest.mark.parametrize(
    ("corners", "sentence"),
    [
        ([[10, 10], [200, 10], [10, 200], [200, 200]], "cross"),
        ([[10, 10], [200, 10], [60, 60], [10, 200]], "convex"),
        ([[10, 10], [10, 200], [200, 200], [200, 10]], "wrong way"),
        ([[10, 10], [12, 10], [200, 200], [10, 200]], "px apart"),
        ([[10, 10], [100, 10], [200, 10], [10, 200]], "cross"),
        ([[60, 10], [260, 10], [200, 200], [10, 200]], "no camera"),
    ],
)
def test_corners_of_no_rectangle_are_refused(corners: list, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        seen(np.array(corners), SIZE, width=1000)


def test_corners_may_lie_outside_the_picture(rng: np.random.Generator) -> None:
    view = View(yaw=25, pitch=15, distance=1500)
    assert (view.corners < 0).any()
    wall = seen(view.corners, SIZE, width=view.width)
    assert wall.height == pytest.approx(view.height, rel=1e-6)
    assert photograph.bake_wall(taken(view, rng)[0], wall).maps.primary > 0.9 * SIZE[0] * SIZE[1]


def test_a_quadrilateral_covers_its_area() -> None:
    wall = seen(TURNED.corners, SIZE, width=TURNED.width)
    x, y = TURNED.corners.T
    area = 0.5 * abs((x * np.roll(y, -1) - y * np.roll(x, -1)).sum())
    assert photograph.quadrilateral(wall).sum() == pytest.approx(area, rel=2e-4)


@pytest.mark.parametrize("noise", [0.0, 0.01])
def test_the_light_on_a_painted_wall_is_told_from_its_paint(noise: float, rng: np.random.Generator) -> None:
    picture, truth = taken(TURNED, rng, noise=noise)
    wall = seen(TURNED.corners, SIZE, width=TURNED.width)
    coverage = photograph.quadrilateral(wall)
    found = lit(picture, coverage)
    inside = coverage > 0.999
    truth = truth * DIFFUSE_WHITE / np.percentile(truth[inside], 90)
    rest = found.shade - truth[..., None]
    psnr = -10 * np.log10((rest[inside] ** 2).mean())
    relative = np.median(np.abs(rest[inside]) / truth[inside][:, None])
    assert psnr > (39 if noise else 42)
    assert relative < (0.015 if noise else 0.01)
    assert found.paint / found.paint.sum() == pytest.approx(PAINT / PAINT.sum(), abs=0.005)
    assert found.findings == ()


def test_noise_goes_and_a_shadow_s_edge_stays(rng: np.random.Generator) -> None:
    step = np.where(np.arange(200) < 100, 0.8, 0.4)[None].repeat(150, axis=0)
    noisy = linear_to_srgb(PAINT * step[..., None]) + rng.normal(0, 0.012, (150, 200, 3))
    shade = lit(srgb_to_linear(noisy.clip(0, 1)).astype(np.float32), np.ones((150, 200), np.float32)).shade[..., 1]
    left, right = shade[:, 20:80], shade[:, 120:180]
    before = srgb_to_linear(noisy.clip(0, 1))[:, 20:80, 1]
    assert left.std() / left.mean() < 0.35 * before.std() / before.mean()
    profile = np.median(shade, axis=0)
    span = left.mean() - right.mean()
    assert span == pytest.approx(left.mean() / 2, rel=0.03)
    assert profile[97] - profile[102] > 0.9 * span


def test_a_patterned_wall_is_spoken_of(rng: np.random.Generator) -> None:
    check = (np.indices((120, 160)).sum(axis=0) // 6 % 2)[..., None]
    picture = np.where(check, [0.7, 0.2, 0.1], [0.1, 0.2, 0.7]).astype(np.float32)
    assert any("color" in f.message for f in lit(picture, np.ones((120, 160), np.float32)).findings)


def test_soft_edges_leave_no_fringe_on_the_plate(rng: np.random.Generator) -> None:
    y, x = np.indices((120, 160))
    coverage = np.clip((45 - np.hypot(x - 80, y - 60)) / 4 + 0.5, 0, 1).astype(np.float32)
    wall, beside = np.array([0.1, 0.6, 0.2]), np.array([0.5, 0.1, 0.1])
    picture = (beside + (wall - beside) * coverage[..., None]).astype(np.float32)
    view = View()
    maps = photograph.bake_wall(
        np.pad(picture, ((60, 60), (80, 80), (0, 0)), mode="edge"),
        seen(view.corners, SIZE, width=view.width),
        mask=np.pad(coverage, ((60, 60), (80, 80))),
    ).maps
    assert np.abs(maps.plate - beside).max() < 0.01
    assert np.array_equal(beneath(picture, np.zeros((120, 160), bool)), picture)


def test_a_shading_of_one_s_own_is_taken_as_it_is(rng: np.random.Generator) -> None:
    picture, _ = taken(TURNED, rng)
    wall = seen(TURNED.corners, SIZE, width=TURNED.width)
    own = rng.uniform(0, 1, picture.shape).astype(np.float32)
    fragments = photograph.bake_wall(picture, wall, shading=own).maps.fragments
    assert np.array_equal(fragments.shade, own.reshape(-1, 3)[fragments.pixel].T)


def test_maps_saved_and_loaded_are_the_same_to_the_file_s_precision(tmp_path: Path, rng: np.random.Generator) -> None:
    picture, _ = taken(TURNED, rng)
    maps = photograph.bake_wall(picture, seen(TURNED.corners, SIZE, width=TURNED.width)).maps
    save_maps(tmp_path / "wall.maps", maps, parts=1)
    again = load_maps(tmp_path / "wall.maps", parts=1)
    before, after = maps.fragments, again.fragments
    assert np.array_equal(before.pixel, after.pixel)
    assert np.abs(before.uv - after.uv).max() < 2400 / 65_000
    assert np.abs(before.coverage - after.coverage).max() < 0.5 / 255 + 1e-6
    close = np.abs(before.shade - after.shade).max(axis=0)
    assert np.percentile(close, 99) < 0.02
    assert np.abs(before.facing - after.facing).max() < 0.01
    assert (again.fov, again.size) == (maps.fov, SIZE)
    assert np.array_equal(again.camera, maps.camera)
    assert np.array_equal(again.depth, maps.depth)
    assert np.abs(scales(again, 1)[0] - 1).max() < 0.01


def test_a_mask_beyond_the_horizon_is_refused(rng: np.random.Generator) -> None:
    view = View(yaw=70, distance=4000)
    wall = seen(view.corners, SIZE, width=view.width, height=view.height)
    with pytest.raises(InputError, match="horizon"):
        photograph.bake_wall(taken(TURNED, rng)[0], wall, mask=np.ones(SIZE[::-1], np.float32))


def test_a_scene_s_toml_is_read_back_as_it_was(tmp_path: Path) -> None:
    parts = (Part("wall", 'the "wall"\x7f\n', strips=True, middle=(12.5, 0.0)), Part("ceiling", "é", follows="wall"))
    scene = Scene("x", "a title", "wall", "x.maps", "linen", True, "ours", "2026-11-28", parts)
    (tmp_path / "x.toml").write_text(scene_toml(scene), encoding="utf-8")
    assert presets.scene(str(tmp_path / "x.toml")) == scene
    assert "motion" not in scene_toml(scene)


@pytest.fixture(scope="module")
def drawer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the photograph room.jpg and what may go with it, good and bad."""
    folder = tmp_path_factory.mktemp("photographs")
    picture, truth = taken(TURNED, np.random.default_rng(7), noise=0.005)
    encoded = np.rint(255 * linear_to_srgb(picture)).astype(np.uint8)
    wall = seen(TURNED.corners, SIZE, width=TURNED.width)
    mask = np.rint(255 * photograph.quadrilateral(wall)).astype(np.uint8)
    pictures = {
        "mask.png": mask,
        "small.png": mask[:-1],
        "black.png": np.zeros_like(mask),
        "colored.png": encoded,
        "light.png": np.rint(255 * truth).astype(np.uint8),
        "tiny.png": mask[:40, :40],
    }
    for name, pixels in pictures.items():
        Image.fromarray(pixels).save(folder / name)
    Image.fromarray(encoded).save(folder / "room.jpg", quality=95)
    (folder / "text.jpg").write_text("not a picture")
    (folder / "cut.jpg").write_bytes((folder / "room.jpg").read_bytes()[:2000])
    places = np.where(mask > 0, TURNED.uv() + 50, np.nan)
    np.save(folder / "uv.npy", np.moveaxis(places, 0, 2).astype(np.float32))
    np.save(folder / "short.npy", np.moveaxis(places, 0, 2)[:-1])
    np.save(folder / "flat.npy", mask)
    steps = np.rint(np.nan_to_num(places) / 0.1).astype(np.uint16)
    cv2.imwrite(str(folder / "uv.png"), np.stack([mask.astype(np.uint16) * 257, steps[1], steps[0]], axis=2))
    return folder


@pytest.fixture
def desk(drawer: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same folder, to work in and leave as it is."""
    monkeypatch.chdir(drawer)
    return drawer


CORNERS = " ".join(f"{x:.3f},{y:.3f}" for x, y in TURNED.corners)


def said(**options: object) -> photographing.Asked:
    given = {"corners": CORNERS, "width_mm": 2400.0} | options
    return photographing.Asked(**{k: Path(v) if k in ("mask", "shading", "uv") and v else v for k, v in given.items()})  # pyright: ignore


@pytest.mark.parametrize(
    ("photo", "options", "sentence"),
    [
        ("nothing.jpg", {}, "not there"),
        ("text.jpg", {}, "not a picture"),
        ("cut.jpg", {}, "damaged"),
        ("tiny.png", {}, "px a side"),
        ("room.jpg", {"width_mm": None}, "give the rectangle's --width or --height"),
        ("room.jpg", {"corners": "1,2 3,4"}, "four corners"),
        ("room.jpg", {"corners": "1,2 3,4 5,x 6,7"}, "four corners"),
        ("room.jpg", {"corners": "10,10 200,10 10,200 200,200"}, "cross"),
        ("room.jpg", {"mask": "small.png"}, "exactly as large"),
        ("room.jpg", {"mask": "colored.png"}, "colors"),
        ("room.jpg", {"mask": "black.png"}, "next to none"),
        ("room.jpg", {"mask": "text.jpg"}, "not a picture"),
        ("room.jpg", {"shading": "small.png"}, "exactly as large"),
        ("room.jpg", {"fabric": "lnen"}, "nearest"),
        ("room.jpg", {"name": "../up"}, "name"),
        ("room.jpg", {"uv": "uv.npy"}, "--corners"),
        ("room.jpg", {"corners": None}, "--corners"),
        ("room.jpg", {"corners": None, "uv": "uv.npy"}, "--width"),
        ("room.jpg", {"corners": None, "width_mm": None, "uv": "none.npy"}, "not there"),
        ("room.jpg", {"corners": None, "width_mm": None, "uv": "short.npy"}, "exactly as large"),
        ("room.jpg", {"corners": None, "width_mm": None, "uv": "flat.npy"}, "(H, W, 2)"),
        ("room.jpg", {"corners": None, "width_mm": None, "uv": "text.jpg", "unit_mm": 0.1}, "16-bit"),
        ("room.jpg", {"corners": None, "width_mm": None, "uv": "colored.png", "unit_mm": 0.1}, "16-bit"),
        ("room.jpg", {"corners": None, "width_mm": None, "uv": "uv.png"}, "--unit"),
        ("room.jpg", {"unit_mm": 0.1}, "--unit"),
        ("room.jpg", {"longest_px": 9000}, "256 to 6000"),
    ],
)
def test_what_cannot_be_baked_is_refused_in_a_sentence_and_leaves_nothing(
    photo: str, options: dict, sentence: str, desk: Path
) -> None:
    before = sorted(desk.rglob("*"))
    with pytest.raises(InputError) as caught:
        photographing.bake(Path(photo), said(**options), desk / "out")
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)
    assert sorted(desk.rglob("*")) == before


def test_a_huge_photograph_is_refused(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photographing, "MOST_PX", SIZE[0] * SIZE[1] - 1)
    with pytest.raises(InputError, match="megapixels"):
        photographing.bake(Path("room.jpg"), said(), desk / "out")


def test_a_photograph_becomes_a_scene_of_two_files(desk: Path, tmp_path: Path) -> None:
    made = photographing.bake(Path("room.jpg"), said(mask="mask.png"), tmp_path / "out")
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == ["room.maps", "room.toml"]
    scene = presets.scene(str(made.files[0]))
    assert scene == made.scene
    assert presets.scene_maps(str(made.files[0])) == made.files[1]
    assert (scene.kind, scene.source) == ("wall", "your photograph room.jpg")
    assert scene.parts == (Part("wall", "the wall", strips=True, middle=(1200.0, 750.0)),)
    maps = load_maps(made.files[1], parts=1)
    uv = TURNED.uv().reshape(2, -1)[:, maps.fragments.pixel]
    assert np.abs(maps.fragments.uv - uv).max() < 0.005 * 2400
    assert made.wall is not None
    assert made.wall.focal_px == pytest.approx(FOCAL, rel=0.005)
    assert made.extent_mm == pytest.approx((2400, 1500), rel=0.02)  # rims' pixels reach beyond it


def test_a_taken_name_is_kept_unless_forced(desk: Path, tmp_path: Path) -> None:
    mine = tmp_path / "room.toml"
    mine.write_text("mine")
    with pytest.raises(InputError, match="--force"):
        photographing.bake(Path("room.jpg"), said(), tmp_path)
    assert mine.read_text() == "mine"
    photographing.bake(Path("room.jpg"), said(force=True), tmp_path)
    assert mine.read_text() != "mine"


def test_a_failure_while_writing_leaves_neither_file(
    desk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(photographing, "save_maps", full)
    with pytest.raises(PatternsError, match="no room"):
        photographing.bake(Path("room.jpg"), said(), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_larger_photograph_is_brought_down_and_its_places_stay(desk: Path, tmp_path: Path) -> None:
    made = photographing.bake(Path("room.jpg"), said(mask="mask.png", longest_px=256), tmp_path / "out")
    assert (made.size_px, made.given_px) == ((256, 192), SIZE)
    assert made.wall is not None
    assert made.wall.height == pytest.approx(1500, rel=1e-4)
    assert made.wall.focal_px == pytest.approx(FOCAL * 0.8, rel=1e-3)


@pytest.mark.parametrize("turned", range(2, 9))
def test_a_photograph_is_turned_as_its_exif_says(turned: int, desk: Path, tmp_path: Path) -> None:
    from PIL import ImageOps

    upright = Image.open("mask.png")
    stored = ImageOps.exif_transpose(_marked(upright, {6: 8, 8: 6}.get(turned, turned)))
    _marked(stored, turned).save(tmp_path / "turned.png", exif=_marked(stored, turned).getexif())
    found = photographing._upright(tmp_path / "turned.png", 10**6)
    assert np.array_equal(found[..., 0], np.asarray(upright))


def _marked(picture: Image.Image, orientation: int) -> Image.Image:
    copy = picture.copy()
    copy.getexif()[0x0112] = orientation
    return copy


def test_the_camera_s_word_is_taken_from_the_file_unless_it_was_cropped(desk: Path, tmp_path: Path) -> None:
    picture = Image.open("room.jpg")
    exif = Image.Exif()
    exif.get_ifd(0x8769).update({0xA405: 26, 0xA002: SIZE[0], 0xA003: SIZE[1]})
    picture.save(tmp_path / "phone.jpg", exif=exif)
    picture.crop((0, 0, 300, 240)).save(tmp_path / "cropped.jpg", exif=exif)
    assert photographing._said(tmp_path / "phone.jpg").focal_film_mm == 26
    assert photographing._said(tmp_path / "cropped.jpg").focal_film_mm is None
    assert photographing._said(Path("room.jpg")).focal_film_mm is None


@pytest.mark.parametrize("options", [{"uv": "uv.npy"}, {"uv": "uv.png", "unit_mm": 0.1}])
def test_a_map_of_places_makes_a_cloth(options: dict, desk: Path, tmp_path: Path) -> None:
    made = photographing.bake(Path("room.jpg"), said(corners=None, width_mm=None, **options), tmp_path / "out")
    maps = load_maps(made.files[1], parts=1)
    assert (made.scene.parts[0].name, made.wall, maps.fov) == ("cloth", None, 0.0)
    uv = TURNED.uv().reshape(2, -1)[:, maps.fragments.pixel] + 50
    assert np.abs(maps.fragments.uv - uv).max() < 0.1 + 0.05
    mask = np.asarray(Image.open("mask.png"))
    assert len(maps.fragments) == pytest.approx((mask > 0).sum(), rel=0.001)


def command(arguments: list[str]) -> int:
    app = typer.Typer()
    app.command()(bake_command)
    return app(arguments, standalone_mode=False) or 0


def test_the_command_speaks_to_people_and_in_json(
    desk: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line = ["room.jpg", "--corners", CORNERS, "--width", "2.4m", "--shading", "light.png", "--out", str(tmp_path)]
    command([*line, "--json"])
    record = json.loads(capsys.readouterr().out)
    assert record["files"] == [str(tmp_path / "room.toml"), str(tmp_path / "room.maps")]
    assert record["focal_px"] == pytest.approx(FOCAL, rel=1e-3)
    assert record["focal_told_by"] == "corners"
    assert record["rectangle_mm"] == pytest.approx([2400, 1500], rel=1e-3)
    command([*line, "--name", "hall", "--title", "our hall"])
    told = capsys.readouterr().out
    assert f"next        patterns mockup ID --scene {tmp_path / 'hall.toml'}" in told
    assert "2.4 m x 150 cm" in told
    with pytest.raises(PatternsError, match="unit"):
        command(["room.jpg", "--corners", CORNERS, "--width", "2.4"])
