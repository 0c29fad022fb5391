"""Laws of dressing: designs sampled true to their lattice and size, lit, toned, and laid over what is not cloth."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patterns import presets
from patterns.lattice import Grid, Lattice
from patterns.mockup import dressing, surface
from patterns.mockup.dressing import Strips, Worn, composed, dressed, encoded, light
from patterns.mockup.footprint import Footprints
from patterns.mockup.maps import Maps
from patterns.mockup.sampling import FINAL, PREVIEW, Quality, sampled
from patterns.mockup.surface import MATTE, MEAN, Surface
from patterns.mockup.texture import FULL, Texture, texture
from patterns.mockup.tone import DIFFUSE_WHITE, toned
from patterns.separation import Separation
from tests import staged
from tests.staged import BLACK_WHITE, REPEATS, enlarger, lattice, noisy

# OpenCV looks up at 32nds of a pixel; a texture of soft noise changes by less than this over so little.
TOLERANCE = 4 / 255
repeats = st.sampled_from(sorted(REPEATS))


def worn(separation: Separation, **how: object) -> Worn:
    return Worn(separation, BLACK_WHITE, **how)  # pyright: ignore[reportArgumentType]


def shown(maps: Maps, *parts: Worn, quality: Quality = FINAL) -> np.ndarray:
    """Return the light (n,) of the red channel: all designs here are gray."""
    return light(maps, parts, enlarger, quality=quality)[0]


def away(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.abs(one - other).max())


def decibels(one: np.ndarray, other: np.ndarray) -> float:
    """Return the PSNR of sRGB-encoded light."""
    apart = encoded(one).astype(float) - encoded(other)
    return 20 * math.log10(255 / max(math.sqrt((apart**2).mean()), 1e-9))


def cell_of(separation: Separation) -> np.ndarray:
    """Return a separation's cell (H, W, 3) uint16 in black and white."""
    return np.rint(separation.render(BLACK_WHITE) * FULL).clip(0, FULL).astype(np.uint16)


def textured(separation: Separation) -> Texture:
    return texture(cell_of(separation), separation.lattice)


# Sampling.


@pytest.mark.parametrize("repeat", REPEATS)
@pytest.mark.parametrize("quality", [PREVIEW, FINAL], ids=["preview", "final"])
def test_a_tiny_footprint_shows_a_pixel_as_it_is(repeat: str, quality: Quality) -> None:
    """And that far outside the cell, wherever the lattice says that the pixel is."""
    separation = noisy(repeat, 48)
    rows, columns = np.mgrid[-60:110, -70:120]
    y, x = separation.grid.wrap(rows.ravel(), columns.ravel())
    places = (np.stack([columns.ravel(), rows.ravel()]) + 0.5).astype(np.float32)
    tiny = Footprints(*np.zeros((2, 2, places.shape[1]), np.float32))
    found = sampled(textured(separation), places, tiny, quality)
    assert away(found, cell_of(separation)[y, x].T / FULL) < 2e-5


def test_a_half_drop_shows_as_a_half_drop() -> None:
    """One motif at the cell's corner: it is there again at (W, H/2), and not at (W, 0)."""
    field = np.zeros((40, 60))
    field[:4, :5] = 1
    separation = staged.inked(field, Lattice(60, 40, REPEATS["half-drop"][0]))
    picture = shown(staged.flat((130, 90)), worn(separation)).reshape(90, 130)
    tops = {(int(x), int(y)) for y, x in zip(*np.nonzero(picture > 0.5), strict=True) if x % 60 == 0}
    tops = {(x, y) for x, y in tops if picture[y - 1, x] < 0.5 or y == 0}
    assert tops == {(0, 0), (0, 40), (0, 80), (60, 20), (60, 60), (120, 0), (120, 40), (120, 80)}


@settings(max_examples=15)
@given(repeats, st.integers(-40, 40), st.integers(-40, 40))
def test_shift_law(repeat: str, dx: int, dy: int) -> None:
    """A design rolled along its lattice, moved back by as much, is the same picture."""
    one = noisy(repeat, 48)
    other = replace(one, planes=np.ascontiguousarray(one.grid.roll(one.planes, dy, dx)))
    maps = staged.floor((40, 30))
    assert away(shown(maps, worn(one)), shown(maps, worn(other, offset=(-dx, -dy)))) < TOLERANCE


@settings(max_examples=20)
@given(repeats, st.integers(-3, 3), st.integers(-3, 3), st.sampled_from([PREVIEW, FINAL]))
def test_a_whole_lattice_vector_changes_nothing(repeat: str, m: int, n: int, quality: Quality) -> None:
    separation = noisy(repeat, 48, mm=40)
    (ax, ay), (bx, by) = separation.lattice.vectors
    moved = worn(separation, offset=(m * ax + n * bx, m * ay + n * by))
    maps = staged.floor((40, 30))
    assert away(shown(maps, worn(separation), quality=quality), shown(maps, moved, quality=quality)) < TOLERANCE


def test_half_a_lattice_vector_changes_much() -> None:
    separation = noisy("half-drop", 48, mm=40)
    maps = staged.floor((40, 30))
    assert away(shown(maps, worn(separation)), shown(maps, worn(separation, offset=(40, 0)))) > 20 * TOLERANCE


@pytest.mark.parametrize("repeat", list(REPEATS)[1:])
def test_supercell_law(repeat: str) -> None:
    """A sheared cell and the rectangle of its copies give the same picture, through the whole workshop."""
    cell = noisy(repeat, 96)
    whole = Separation(np.ascontiguousarray(cell.grid.rectangle(cell.planes)), cell.lattice.rectangle(), cell.roles)
    maps = staged.floor((80, 60))
    one, other = textured(cell), textured(whole)
    for quality in (PREVIEW, FINAL):
        ways = [sampled(t, maps.fragments.uv, maps.footprints, quality) for t in (one, other)]
        assert away(*ways) < TOLERANCE
    assert decibels(shown(maps, worn(cell)), shown(maps, worn(whole))) > 45


def _stripes() -> Texture:
    """Stripes 2 mm wide, black and white, at 8 px per mm."""
    row = np.tile(np.repeat([0, FULL], 16), 4).astype(np.uint16)
    return texture(np.broadcast_to(row[None, :, None], (64, 128, 3)).copy(), Lattice(16, 8))


def _counted(places: np.ndarray, under: Footprints, points: int = 32) -> np.ndarray:
    """Return how much of each pixel the white stripes are, counted at 32 x 32 places of what it covers."""
    steps = (np.arange(points) + 0.5) / points - 0.5
    total = np.zeros(places.shape[1])
    for ahead in steps:
        for below in steps:
            total += (places[0] + under.across[0] * ahead + under.down[0] * below) % 4 >= 2
    return np.broadcast_to(total / points**2, (3, len(total)))


@pytest.mark.parametrize("degrees", [0, 20, 45, 90])
def test_against_brute_force(degrees: float) -> None:
    """Stripes 2 mm wide on a plane in perspective, where a pixel covers 0.5 to 2 mm across and 0.6 to 8 mm down."""
    maps = staged.floor((160, 120), mm_per_px=0.5)
    slanted = worn(noisy("straight"), degrees=degrees)
    places, under = slanted.places(maps.fragments.uv), slanted.on_design(maps.footprints)
    exact, stripes = _counted(places, under), _stripes()
    final, preview, plain = (
        decibels(sampled(stripes, places, under, quality), exact) for quality in (FINAL, PREVIEW, Quality(1, 99, 0, 0))
    )
    print(f"{degrees} degrees: final {final:.1f} dB, preview {preview:.1f} dB, one look-up {plain:.1f} dB")
    assert final > 31.5
    assert preview > 24
    assert plain < 20, "one look-up aliases: what passes the bounds above is not nothing"


def test_sixteen_by_sixteen_samples_are_the_truth() -> None:
    """What the benchmark takes for true is near what is counted."""
    maps = staged.floor((160, 120), mm_per_px=0.5)
    slanted = worn(noisy("straight"), degrees=20)
    places, under = slanted.places(maps.fragments.uv), slanted.on_design(maps.footprints)
    assert decibels(sampled(_stripes(), places, under, Quality(16, 99, 0, 0)), _counted(places, under)) > 38


def test_far_away_a_design_is_its_mean() -> None:
    separation = noisy("half-drop", 96, soft=0)
    far = staged.flat((16, 12), mm_per_px=480)
    mean = float(separation.coverage()[1])
    for quality in (PREVIEW, FINAL):
        assert shown(far, worn(separation), quality=quality) == pytest.approx(mean, abs=0.02)


def test_one_thread_or_two_and_chunks_of_any_size(monkeypatch: pytest.MonkeyPatch) -> None:
    maps, stripes = staged.floor(), _stripes()
    whole = sampled(stripes, maps.fragments.uv, maps.footprints, FINAL)
    monkeypatch.setattr("patterns.mockup.sampling._CHUNK", 777)
    assert np.array_equal(sampled(stripes, maps.fragments.uv, maps.footprints, FINAL), whole)
    monkeypatch.setattr("patterns.mockup.sampling.THREADS", 1)
    assert np.array_equal(sampled(stripes, maps.fragments.uv, maps.footprints, FINAL), whole)


# How a design lies.


def dot(x: float, y: float, mm: int = 120) -> Separation:
    """Return a soft dot about (x, y) mm on a large tile, 1 px per mm."""
    v, u = np.mgrid[0:mm, 0:mm] + 0.5
    return staged.inked(np.exp(-((u - x) ** 2 + (v - y) ** 2) / 32), Lattice(mm, mm))


def middle_of(picture: np.ndarray) -> np.ndarray:
    """Return the centroid (x, y) of a picture's light, in px."""
    y, x = np.mgrid[0 : picture.shape[0], 0 : picture.shape[1]] + 0.5
    return np.array([(x * picture).sum(), (y * picture).sum()]) / picture.sum()


@given(
    st.floats(0.5, 1.5),
    st.floats(-180, 180),
    st.floats(-10, 10),
    st.floats(-10, 10),
    st.floats(-8, 8),
    st.floats(-8, 8),
)
def test_scale_degrees_and_offset(scale: float, degrees: float, dx: float, dy: float, mx: float, my: float) -> None:
    """A dot 12 mm to the right of the middle: turned clockwise, enlarged, then moved."""
    one = worn(dot(72, 60), scale=scale, degrees=degrees, offset=(dx, dy), middle=(60 + mx, 60 + my))
    # The design's own pixels: enlarging would make the soft dot a hard one.
    picture = shown(staged.flat((120, 120)), one, quality=Quality(4, 1, 0.5, 10**6)).reshape(120, 120)
    turn, apart = math.radians(degrees), np.array([12 - mx, -my])
    turned = [
        math.cos(turn) * apart[0] - math.sin(turn) * apart[1],
        math.sin(turn) * apart[0] + math.cos(turn) * apart[1],
    ]
    expected = np.array([60 + mx + dx, 60 + my + dy]) + scale * np.array(turned)
    v, u = np.mgrid[0:120, 0:120] + 0.5
    picture = np.where(np.hypot(u - expected[0], v - expected[1]) < 25, picture, 0)
    assert np.abs(middle_of(picture) - expected).max() < 0.1
    assert picture.sum() == pytest.approx(scale**2 * 32 * math.pi, rel=0.05)


def test_ten_millimeters_are_ten_millimeters() -> None:
    """Stripes of 10 mm, 0.8 mm to a pixel: they change every 12.5 px."""
    bars = staged.inked(np.repeat([[0.0, 1.0]], 40, axis=0).repeat(20, axis=1), Lattice(20, 20))
    row = shown(staged.flat((400, 4), mm_per_px=0.8), worn(bars)).reshape(4, 400)[2]
    (at,) = np.nonzero((row[:-1] < 0.5) != (row[1:] < 0.5))
    rise = at + 1 + (0.5 - row[at]) / (row[at + 1] - row[at]) - 0.5
    assert np.abs(np.diff(rise) - 12.5).max() < 0.1


@pytest.mark.parametrize("degrees", [0, 90, 180, 270, -90, 360])
def test_right_angles_are_exact(degrees: int) -> None:
    separation = noisy("straight", 48)
    maps = staged.flat((48, 48))
    upright = shown(maps, worn(separation)).reshape(48, 48)
    turned = shown(maps, worn(separation, degrees=degrees, middle=(24, 24))).reshape(48, 48)
    assert away(turned, np.rot90(upright, -degrees // 90)) < TOLERANCE


# Strips.


@pytest.mark.parametrize(("repeat", "lower"), [("straight", 0), ("half-drop", 24), ("third-drop", 16)])
def test_strips_that_match_change_nothing_but_their_joints(repeat: str, lower: float) -> None:
    separation = noisy(repeat, 96)
    maps = staged.flat((300, 90), mm_per_px=0.5)
    plain = shown(maps, worn(separation)).reshape(90, 300)
    hung = shown(maps, worn(separation, strips=Strips(48, lower))).reshape(90, 300)
    # 48 mm are 96 px, the joint 0.3 mm wide: the pixel on either side of it.
    joint = np.isin(np.arange(300), [95, 96, 191, 192, 287, 288])
    assert away(hung[:, ~joint], plain[:, ~joint]) < TOLERANCE
    darker = hung[:, joint] / np.maximum(plain[:, joint], 1e-6)
    darker = darker[plain[:, joint] > 0.1]
    assert (darker < 0.95).all()
    assert (darker > 0.5).all()


def test_strips_that_do_not_match_start_again() -> None:
    separation = noisy("straight", 96)
    maps = staged.flat((200, 90), mm_per_px=0.5)
    hung = shown(maps, worn(separation, strips=Strips(40, 6))).reshape(90, 200)
    assert away(hung[12:, 82:158], hung[:-12, 2:78]) < TOLERANCE
    assert away(hung[:, 82:158], hung[:, 2:78]) > 20 * TOLERANCE
    plain = shown(maps, worn(separation)).reshape(90, 200)
    assert away(hung[:, :79], plain[:, :79]) < TOLERANCE
    assert away(hung[:, 82:], plain[:, 82:]) > 20 * TOLERANCE


def test_joints_take_light_by_the_share_of_a_pixel_that_they_have() -> None:
    white = Worn(staged.even(1).separation, np.ones((2, 3)), strips=Strips(100))
    fine = shown(staged.flat((2500, 2), mm_per_px=0.1), white).reshape(2, 2500)[0]
    assert (1 - fine).sum() * 0.1 == pytest.approx(2 * dressing._JOINT_MM * dressing._JOINT_DEPTH, rel=0.02)
    coarse = shown(staged.flat((50, 2), mm_per_px=5), white).reshape(2, 50)[0]
    assert (1 - coarse).sum() * 5 == pytest.approx(2 * dressing._JOINT_MM * dressing._JOINT_DEPTH, rel=0.02)
    assert fine[:5] == pytest.approx(1), "the first strip's left edge is no joint"


def test_only_the_part_that_hangs_in_strips_has_joints() -> None:
    """Two parts wear one design; one of them is a lampshade."""
    part = np.zeros((60, 200), int)
    part[30:] = 1
    maps = staged.maps(staged.placed((200, 60), lambda x, y: (x, y)), part)
    plain = staged.even(1.0)
    hung = replace(plain, strips=Strips(48))
    for first, second in ((plain, hung), (hung, plain)):
        found = shown(maps, first, second).reshape(60, 200)
        rows = found[:30] if first is hung else found[30:]
        assert rows.min() < 0.96
        other = found[30:] if first is hung else found[:30]
        assert other == pytest.approx(1, abs=1e-4)


# Light.


@given(st.floats(0.01, 1), st.sampled_from([PREVIEW, FINAL]))
def test_gray_cloth_is_its_gray_times_the_shade(gray: float, quality: Quality) -> None:
    maps = staged.crowded((41, 30))
    one = staged.even(gray)
    found = light(maps, [one, replace(one, degrees=30)], enlarger, quality=quality)
    assert away(found, gray * maps.fragments.shade) < 2e-5


def test_tone_is_the_identity_until_white_and_never_above_one() -> None:
    below = np.linspace(0, DIFFUSE_WHITE, 10_001, dtype=np.float32)
    assert np.array_equal(toned(below), below)
    above = toned(np.linspace(DIFFUSE_WHITE, 4, 10_001, dtype=np.float32))
    assert above.max() <= 1
    assert (np.diff(above) >= -1e-7).all(), "but for float32"
    near = np.linspace(DIFFUSE_WHITE, 1.5, 1001, dtype=np.float32)
    assert (np.diff(toned(near)) > 0).all()
    step = toned(np.array([DIFFUSE_WHITE, DIFFUSE_WHITE + 1e-3], np.float32))
    assert np.diff(step)[0] == pytest.approx(1e-3, rel=0.01), "the slope is 1 at the joint"
    assert toned(np.array([1e9, np.inf], np.float32)) == pytest.approx(1)


def test_parts_that_wear_different_designs_do_not_mix() -> None:
    """The picture of two designs shows of each part what the picture of that design alone shows."""
    maps = staged.crowded()
    red, blue = noisy("half-drop"), noisy("brick", seed=9)
    colors = (np.array([[0.9, 0, 0], [0.4, 0, 0]]), np.array([[0, 0, 0.9], [0, 0, 0.2]]))
    both = light(maps, [Worn(red, colors[0]), Worn(blue, colors[1])], enlarger)
    for part, (design, color) in enumerate(zip((red, blue), colors, strict=True)):
        mine = maps.fragments.part == part
        assert both[2 * (1 - part), mine].max() == 0, "nothing of the other's color"
        alone = light(maps, [Worn(design, color)] * 2, enlarger)
        # The texture of one part is as fine as that part asks for.
        assert decibels(both[:, mine], alone[:, mine]) > 40
    # In the same colors too.
    one, other = (Worn(design, colors[0]) for design in (red, blue))
    mine = maps.fragments.part == 1
    assert decibels(light(maps, [one, other], enlarger)[:, mine], light(maps, [other] * 2, enlarger)[:, mine]) > 40
    assert decibels(light(maps, [one, other], enlarger)[:, mine], light(maps, [one] * 2, enlarger)[:, mine]) < 30


def test_the_order_of_parts_and_what_they_share_change_nothing() -> None:
    maps = staged.crowded()
    design = worn(noisy("half-drop"))
    shared = light(maps, [design, replace(design, offset=(9, 4))], enlarger)
    moved = light(maps, [replace(design, offset=(9, 4)), replace(design, offset=(9, 4))], enlarger)
    mine = maps.fragments.part == 1
    assert away(shared[:, mine], moved[:, mine]) < 1e-6


def test_a_picture_is_what_its_steps_say() -> None:
    maps, design = staged.crowded(), worn(noisy("half-drop"))
    picture = dressed(maps, [design, design], enlarger)
    assert picture.shape == (70, 93, 3)
    assert picture.dtype == np.uint8
    assert np.array_equal(picture, encoded(composed(maps, toned(light(maps, [design, design], enlarger)))))
    bare = np.ones(70 * 93, bool)
    bare[maps.fragments.pixel] = False
    assert np.array_equal(picture.reshape(-1, 3)[bare], encoded(maps.plate.reshape(-1, 3)[bare]))
    assert np.array_equal(picture, dressed(maps, [design, design], enlarger))


# Fringe.


@pytest.mark.parametrize("gray", [0.0, 0.18, 1.0])
def test_cloth_and_plate_of_one_gray_show_no_edge(gray: float) -> None:
    maps = staged.crowded()
    maps = replace(maps, plate=np.full_like(maps.plate, gray))
    picture = composed(maps, np.full((3, len(maps.fragments)), gray, np.float32))
    assert away(picture, np.full_like(picture, gray)) < 1e-6
    assert len(np.unique(encoded(picture))) == 1


@given(st.integers(0, 10**6))
def test_an_edge_lies_between_what_meets_there(seed: int) -> None:
    maps = staged.crowded((41, 30))
    rng = np.random.default_rng(seed)
    cloth = rng.random((3, len(maps.fragments)), dtype=np.float32)
    picture = composed(maps, cloth).reshape(-1, 3)
    low, high = maps.plate.reshape(-1, 3).copy(), maps.plate.reshape(-1, 3).copy()
    full = np.zeros(len(low))
    np.add.at(full, maps.fragments.pixel, maps.fragments.coverage)
    low[full > 1 - 1e-6], high[full > 1 - 1e-6] = 1, 0
    np.minimum.at(low, maps.fragments.pixel, cloth.T)
    np.maximum.at(high, maps.fragments.pixel, cloth.T)
    assert (picture >= low - 1e-5).all()
    assert (picture <= high + 1e-5).all()


# Surface.

FABRICS = [name for name in presets.names("fabrics") if presets.fabric(name).weave and presets.fabric(name).relief]
DRAWN = tuple(
    replace(
        presets.fabric(presets.names("fabrics")[0]), weave=weave, yarns_per_cm=(24.0, 20.0), relief=0.4, gloss=0, pile=0
    )
    for weave in ("plain", "twill", "satin", "knit", "pile", "fibers")
)


@pytest.mark.parametrize("fabric", [*DRAWN, *map(presets.fabric, FABRICS)], ids=lambda f: f"{f.weave}-{f.name}")
def test_a_weave_takes_and_gives_as_much_light(fabric: presets.Fabric) -> None:
    weave = surface.surface(fabric).weave
    assert weave is not None
    left, top = weave.corners[0].astype(int)
    cell = weave.atlas[top : top + weave.grid.height, left : left + weave.grid.width] / FULL / MEAN
    assert cell.mean() == pytest.approx(1, abs=0.01)
    assert cell.max() <= 1 + fabric.relief + 0.01
    assert cell.min() >= max(1 - fabric.relief, 0.1) - 0.01
    assert np.ptp(cell) > 0.5 * fabric.relief, "it is to be seen"


@pytest.mark.parametrize("fabric", DRAWN, ids=lambda f: f.weave)
def test_a_weave_fades_to_its_mean(fabric: presets.Fabric) -> None:
    """Near it is seen, far away it is the mean to 1 %, and in between it only grows fainter: it does not alias."""
    white = Worn(staged.even(1.0).separation, np.ones((2, 3)), surface.surface(fabric))
    spread = []
    for mm_per_px in (0.05, 0.25, 1.0, 4.0, 16.0):
        found = shown(staged.flat((120, 90), mm_per_px=mm_per_px), white, quality=PREVIEW)
        spread.append(float(found.std()))
        assert found.mean() == pytest.approx(1, abs=0.02)
    assert spread[0] > 0.03
    assert spread[-2] < 0.012
    assert (np.diff(spread) < 0.001).all()
    assert spread[-1] < 0.01


def test_gloss_takes_from_the_color_and_gives_what_is_mirrored() -> None:
    facing = np.linspace(0, 1, 40)[None].repeat(6, axis=0)
    uv = staged.placed((40, 6), lambda x, y: (x, y))
    maps = staged.maps(uv, shade=np.full((3, 6, 40), 0.6), gloss=0.5, facing=facing)
    share = Surface(gloss=0.05).mirrored(maps.fragments.facing)
    assert share.reshape(6, 40)[0, -1] == pytest.approx(0.05)
    assert (np.diff(share.reshape(6, 40)[0]) <= 0).all(), "more at grazing angles"
    assert ((share >= 0.05) & (share <= 1)).all()
    for gray in (0.0, 0.4):
        found = shown(maps, replace(staged.even(gray), surface=Surface(gloss=0.05)))
        assert away(found, gray * 0.6 * (1 - share) + share * 0.5) < 1e-4
    assert (Surface().mirrored(maps.fragments.facing) == 0).all()


def test_a_pile_is_darker_from_the_front_and_brighter_at_an_angle() -> None:
    facing = np.linspace(0, 1, 40, dtype=np.float32)
    velvet = Surface(pile=1.0).piled(facing)
    assert velvet[-1] < 0.9
    assert velvet[0] > 1.5
    assert (np.diff(velvet) <= 1e-6).all()
    assert np.allclose(Surface(pile=0.5).piled(facing), (1 + velvet) / 2)
    assert (MATTE.piled(facing) == 1).all()
    maps = staged.maps(staged.placed((40, 1), lambda x, y: (x, y)), facing=facing[None])
    assert away(shown(maps, replace(staged.even(0.5), surface=Surface(pile=1.0))), 0.5 * velvet) < 1e-4


def test_a_weave_lies_still_when_the_design_moves() -> None:
    cloth = surface.surface(DRAWN[1])
    maps = staged.flat((60, 40), mm_per_px=0.1)
    one = replace(staged.even(0.5), surface=cloth)
    assert away(shown(maps, one), shown(maps, replace(one, offset=(3, 5), degrees=33, scale=2))) < 1e-5


# Textures.


@given(repeats, st.floats(20, 900), st.floats(0.4, 2.5), st.sampled_from([24, 48, 96, 144]), st.floats(0.3, 12))
def test_a_texture_is_as_fine_as_asked_and_no_coarser_than_its_design(
    repeat: str, mm: float, aspect: float, size: int, px_per_mm: float
) -> None:
    one = lattice(repeat, mm, mm * aspect)
    grids = one.grids(around_px=size * size * aspect, stride=1, count=1)
    if not grids:
        return
    own = grids[0]
    separation = Separation(np.full((2, own.height, own.width), 0.5, np.float32), one, ("ground", "main"))
    wanted = min(px_per_mm, math.sqrt(FINAL.most_px / (one.width * one.height)))
    grid = dressing.texture_grid(separation, wanted)
    assert grid.width >= own.width
    assert grid.height >= own.height
    assert Grid(grid.width, grid.height, int(one.drop * grid.height), int(one.slide * grid.width)) == grid
    assert grid.width / one.width > 0.6 * wanted
    assert grid.width * grid.height < 3 * max(FINAL.most_px, own.width * own.height)


def test_a_design_that_lies_flat_is_its_cell() -> None:
    separation = noisy("half-drop", 96, mm=48)
    picture = dressing.flat(worn(separation), enlarger, size_px=96, span_mm=48)
    assert picture.shape == (96, 96, 3)
    quarter = dressing.flat(worn(separation), enlarger, size_px=192, span_mm=96)
    assert np.abs(quarter[:96, :96].astype(int) - picture).max() <= 4
    assert np.abs(quarter[48:144, 96:].astype(int) - picture).max() <= 4, "the column to the right hangs lower by half"


def test_a_ribbon_of_a_tile() -> None:
    """A tile of 5 x 4000 mm asks for more pixels down than OpenCV looks up."""
    index = np.zeros((3200, 4))
    index[:1600] = 1
    ribbon = staged.inked(index, Lattice(5, 4000))
    maps = staged.maps(staged.placed((8, 400), lambda x, y: (0.1 * x, 10 * y)))
    found = shown(maps, worn(ribbon)).reshape(400, 8)
    assert found[2:198] == pytest.approx(1, abs=0.01)
    assert found[202:398] == pytest.approx(0, abs=0.01)
