"""Laws of a scene's maps: what is written is what is read, damage is refused, and what a pixel covers of its cloth."""

import io
import tempfile
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from patterns.errors import InputError
from patterns.mockup.footprint import Footprints
from patterns.mockup.maps import Maps, load_maps, save_maps
from patterns.mockup.planes import BRIGHTEST, LIGHT_STEPS
from tests import staged

# Of a file: half a step of its coverage, facing and uv; rounding in float32 beside.
HALF_STEP = 0.5 / 255


def written(maps: Maps, folder: Path, *, parts: int = 2) -> Path:
    path = folder / "crowded.maps"
    save_maps(path, maps, parts=parts)
    return path


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a scene of two parts with soft edges, a fold and second-rank fragments."""
    return written(staged.crowded(), tmp_path_factory.mktemp("maps"))


def changed(file: Path, folder: Path, **pieces: bytes) -> Path:
    """Return a whole zip file in which some pieces are other bytes: "head_npz" stands for head.npz."""
    path = folder / "changed.maps"
    named = {name.replace("_", "."): data for name, data in pieces.items()}
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, named.get(name, old.read(name)))
    return path


def piece(file: Path, name: str) -> bytes:
    with zipfile.ZipFile(file) as archive:
        return archive.read(name)


def head(file: Path, **values: object) -> bytes:
    """Return the file's head with other values in it."""
    with np.load(io.BytesIO(piece(file, "head.npz"))) as old:
        known = {name: old[name] for name in old.files}
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **(known | values))  # pyright: ignore[reportArgumentType]
    return buffer.getvalue()


def refused(path: Path, *, parts: int = 2, says: str = "") -> None:
    with pytest.raises(InputError, match=says or None) as caught:
        load_maps(path, parts=parts)
    message = str(caught.value)
    assert message.startswith(path.name)
    assert message.endswith("; bake it again.")
    assert "\n" not in message
    assert len(message) < 260


@pytest.mark.parametrize("size", [(93, 70), (64, 48), (17, 5)], ids=str)
def test_round_trip(size: tuple[int, int], tmp_path: Path) -> None:
    maps = staged.crowded(size)
    assert maps.primary < len(maps.fragments) or size == (17, 5)
    again = load_maps(written(maps, tmp_path), parts=2)
    one, other = maps.fragments, again.fragments
    assert (again.size, again.primary, again.fov) == (maps.size, maps.primary, maps.fov)
    assert np.array_equal(other.pixel, one.pixel)
    assert np.array_equal(other.part, one.part)
    assert np.abs(other.coverage - one.coverage).max() <= 1.5 * HALF_STEP
    for part in range(2):
        mine = one.part == part
        extent = np.ptp(one.uv[:, mine], axis=1).max()
        assert np.abs(other.uv - one.uv)[:, mine].max() <= 0.5 * extent / 65_533 + 1e-4
    assert np.array_equal(again.camera, maps.camera)
    assert np.array_equal(again.depth, maps.depth)
    assert np.abs(again.plate - maps.plate).max() < 0.03  # what a JPEG of quality 95 leaves
    assert np.abs(other.facing - one.facing).max() <= HALF_STEP + 1e-6
    # Light has steps of the root: half a step there is so much here. Its tint is known every COARSE px.
    weights = np.array([0.2126, 0.7152, 0.0722])
    light, kept = weights @ one.shade, weights @ other.shade
    assert np.abs(np.sqrt(kept) - np.sqrt(light)).max() <= 0.5 * np.sqrt(BRIGHTEST) / LIGHT_STEPS + 1e-4
    assert np.abs(other.shade - one.shade).max() <= 0.004
    assert np.abs(np.sqrt(other.gloss) - np.sqrt(one.gloss)).max() <= 0.5 * np.sqrt(BRIGHTEST) / 255 + 1e-6


def test_what_was_read_is_written_as_it_was(file: Path, tmp_path: Path) -> None:
    """The second time nothing is lost: but for the plate, which is a JPEG each time."""
    again = written(load_maps(file, parts=2), tmp_path)
    for name in ("part", "coverage", "u", "v", "light", "depth", "second", "facing", "gloss", "tint0", "tint1"):
        one, other = (np.frombuffer(piece(path, name), np.uint8) for path in (file, again))
        assert np.array_equal(one, other), name


def test_the_same_maps_give_the_same_bytes(file: Path, tmp_path: Path) -> None:
    assert written(staged.crowded(), tmp_path).read_bytes() == file.read_bytes()


@given(st.lists(st.integers(1, 16), min_size=1, max_size=30))
def test_two_shares_are_never_more_than_a_pixel(counts: list[int]) -> None:
    """Shares of 16 rays, rounded to 255ths: 8 of 16 twice would be 256."""
    count = len(counts)
    first = np.array(counts, np.float32)[None] / 16
    uv = staged.placed((count, 1), lambda x, y: (x, y))
    behind = staged.maps(uv + 40, coverage=1 - first).fragments
    maps = staged.maps(uv, coverage=first, behind=behind)
    with tempfile.TemporaryDirectory() as folder:
        fragments = load_maps(written(maps, Path(folder), parts=1), parts=1).fragments
    covered = np.zeros(count)
    np.add.at(covered, fragments.pixel, fragments.coverage)
    assert covered.max() <= 1 + 1e-6
    assert covered.min() >= 1 - 1 / 255 - 1e-6


def test_a_scene_without_cloth_is_its_plate(tmp_path: Path) -> None:
    bare = staged.maps(np.zeros((2, 9, 13)), np.full((9, 13), -1), plate=0.5)
    again = load_maps(written(bare, tmp_path), parts=2)
    assert len(again.fragments) == again.primary == 0
    assert np.abs(again.plate - 0.5).max() < 0.01


def test_a_cut_file_is_refused(file: Path, tmp_path: Path) -> None:
    data = file.read_bytes()
    for share in (0, 1, 10, 50, 90, 99):
        cut = tmp_path / "cut.maps"
        cut.write_bytes(data[: len(data) * share // 100])
        refused(cut)


@given(st.integers(0, 10**9), st.integers(0, 255))
def test_a_damaged_byte_is_refused_or_does_not_matter(file: Path, place: int, value: int) -> None:
    data = bytearray(file.read_bytes())
    data[place % len(data)] = value
    _loads_or_refuses(file, bytes(data))


PIECES = ("head.npz", "u", "part", "coverage", "tint0", "facing", "second", "depth", "plate.jpg")


@given(st.sampled_from(PIECES), st.lists(st.tuples(st.integers(0, 10**9), st.integers(0, 255)), min_size=1, max_size=4))
def test_wrong_bytes_in_a_whole_file_are_refused_or_are_maps(
    file: Path, name: str, changes: list[tuple[int, int]]
) -> None:
    """The zip's own checksums are right, as in a file that was made to do harm."""
    data = bytearray(piece(file, name))
    for place, value in changes:
        data[place % len(data)] = value
    buffer = io.BytesIO()
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(buffer, "w") as new:
        for other in old.namelist():
            new.writestr(other, bytes(data) if other == name else old.read(other))
    _loads_or_refuses(file, buffer.getvalue())


def _loads_or_refuses(file: Path, data: bytes) -> None:
    path = file.with_name("harm.maps")
    path.write_bytes(data)
    try:
        maps = load_maps(path, parts=2)
    except InputError:
        return
    count = maps.size[0] * maps.size[1]
    fragments = maps.fragments
    covered = np.zeros(count)
    np.add.at(covered, fragments.pixel[: maps.primary], fragments.coverage[: maps.primary])
    assert covered.max() <= 1
    assert fragments.part.max(initial=0) < 2
    assert fragments.pixel.max(initial=0) < count
    assert np.isfinite(fragments.uv).all()
    assert np.isfinite(fragments.shade).all()
    assert maps.plate.shape == (maps.size[1], maps.size[0], 3)


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"schema": 2}, "schema 2, and this version reads 1"),
        ({"width": 0}, "0 x 70 px"),
        ({"width": -93, "height": -70}, "-93 x -70 px"),
        ({"width": 100_000, "height": 100_000}, "100000 x 100000 px, of at most 40 megapixels"),
        ({"width": 92}, "bytes|reshape"),
        ({"width": np.arange(3)}, ""),
        ({"width": "wide"}, ""),
        ({"unit": np.float64(1)}, ""),
        ({"unit": np.array([np.nan, 1])}, "other shapes"),
        ({"offset": np.zeros((2, 3))}, "other shapes"),
        ({"camera": np.zeros(3)}, "other shapes"),
        ({"padding": np.zeros(1_000_000)}, "too large"),
    ],
    ids=str,
)
def test_a_head_that_cannot_be(file: Path, tmp_path: Path, values: dict[str, object], says: str) -> None:
    refused(changed(file, tmp_path, head_npz=head(file, **values)), says=says)


def test_the_wrong_number_of_parts(file: Path) -> None:
    refused(file, parts=1, says="2 parts, and the scene has 1")
    refused(file, parts=3, says="2 parts, and the scene has 3")


def _jpeg(size: tuple[int, int], mode: str = "RGB") -> bytes:
    buffer = io.BytesIO()
    Image.new(mode, size).save(buffer, "JPEG")
    return buffer.getvalue()


def _claiming(width: int, height: int) -> bytes:
    """Return a JPEG whose head claims another size."""
    data = bytearray(_jpeg((93, 70)))
    start = data.index(b"\xff\xc0")
    data[start + 5 : start + 9] = height.to_bytes(2, "big") + width.to_bytes(2, "big")
    return bytes(data)


@pytest.mark.parametrize(
    ("pieces", "says"),
    [
        ({"plate_jpg": _jpeg((92, 70))}, "a plate of"),
        ({"plate_jpg": _jpeg((93, 70), "L")}, "a plate of"),
        ({"plate_jpg": b"no picture"}, ""),
        ({"plate_jpg": _claiming(60_000, 60_000)}, ""),
        ({"plate_jpg": _claiming(11_000, 11_000)}, "a plate of"),
        ({"u": bytes(2 * 93 * 70 - 1)}, ""),
        ({"u": bytes(50_000_000)}, "u has 50000000 bytes, of at most"),
        ({"part": b"\x03" * (93 * 70)}, "a fragment of no part"),
        ({"second": b"\xff" * 24}, "a fragment of no part or no pixel"),
        ({"second": bytes(13)}, ""),
        ({"depth": b""}, ""),
        ({"head_npz": b""}, ""),
        ({"head_npz": b"\x93NUMPY\x01\x00"}, ""),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else value,
)
def test_pieces_that_cannot_be(file: Path, tmp_path: Path, pieces: dict[str, bytes], says: str) -> None:
    refused(changed(file, tmp_path, **pieces), says=says)


def test_a_bomb_in_the_head(file: Path, tmp_path: Path) -> None:
    """200 MB of zeros in 200 kB, in a head of the size that heads have."""
    bomb = head(file, schema=np.zeros(25_000_000))
    assert len(bomb) < 250_000
    refused(changed(file, tmp_path, head_npz=bomb))
    claims = io.BytesIO()
    with zipfile.ZipFile(claims, "w") as inside:
        buffer = io.BytesIO()
        np.lib.format.write_array_header_1_0(buffer, {"descr": "<f8", "fortran_order": False, "shape": (10**15,)})
        inside.writestr("schema.npy", buffer.getvalue())
    refused(changed(file, tmp_path, head_npz=claims.getvalue()))


def test_what_is_no_file_of_maps(file: Path, tmp_path: Path) -> None:
    (tmp_path / "words.maps").write_text("not a picture at all")
    refused(tmp_path / "words.maps")
    refused(tmp_path / "missing.maps", says="No such file")
    (tmp_path / "folder.maps").mkdir()
    refused(tmp_path / "folder.maps")
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(tmp_path / "less.maps", "w") as new:
        for name in old.namelist():
            if name != "second":
                new.writestr(name, old.read(name))
    refused(tmp_path / "less.maps", says="second")


# Footprints.


def matrices(covered: Footprints) -> np.ndarray:
    """Return (n, 2, 2): columns are what a pixel covers to the right and down."""
    return np.moveaxis(np.stack([covered.across, covered.down], axis=1), 2, 0)


affine = st.tuples(*[st.floats(-3, 3).filter(lambda v: abs(v) > 0.05)] * 4).filter(
    lambda m: abs(m[0] * m[3] - m[1] * m[2]) > 0.02
)


@given(affine)
def test_footprints_of_an_affine_map_are_its_matrix(matrix: tuple[float, float, float, float]) -> None:
    a, b, c, d = matrix
    maps = staged.maps(staged.placed((24, 18), lambda x, y: (a * x + b * y + 7, c * x + d * y - 3)))
    found = matrices(maps.footprints)
    assert np.abs(found - [[a, b], [c, d]]).max() < 2e-5  # float32 of places up to 100 mm


@given(st.lists(st.floats(-50, 50, width=32), min_size=4, max_size=40))
def test_widths_are_the_singular_values(values: list[float]) -> None:
    count = len(values) // 4
    kept = np.array(values[: 4 * count], np.float32).reshape(2, 2, count)
    found = np.stack(Footprints(kept[0], kept[1]).widths())
    exact = np.linalg.svd(matrices(Footprints(kept[0], kept[1])).astype(np.float64), compute_uv=False).T
    # In float32 the shorter is what is left of two numbers of the longer's size.
    assert (np.abs(found - exact) <= 1e-3 * exact[0] + 1e-6).all()
    assert (np.abs(found[0] - exact[0]) <= 1e-5 * exact[0] + 1e-6).all()


def test_nothing_is_mixed_across_a_fold() -> None:
    """Two leaves of one part, 60 mm apart on the cloth, each with its own derivatives; a leaf is one pixel wide too."""

    def place(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        left = x < 20
        return np.where(left, 0.5 * x, 60 + 0.8 * x), np.where(left, 0.5 * y, 0.7 * y + 0.1 * x)

    covered = matrices(staged.maps(staged.placed((40, 30), place)).footprints).reshape(30, 40, 2, 2)
    assert np.abs(covered[:, :20] - [[0.5, 0], [0, 0.5]]).max() < 1e-4
    assert np.abs(covered[:, 20:] - [[0.8, 0], [0.1, 0.7]]).max() < 1e-4


def test_nothing_is_mixed_across_a_parts_edge() -> None:
    """Neighbors on the other part have nearly the same uv, and other derivatives."""
    part = np.zeros((30, 40), int)
    part[:, 20:] = 1
    part[:15, 30:] = -1

    def place(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return np.where(x < 20, x, 20 + 0.1 * (x - 20)), np.where(x < 20, y, 0.2 * y)

    maps = staged.maps(staged.placed((40, 30), place), part)
    covered, mine = matrices(maps.footprints), maps.fragments.part == 0
    assert np.abs(covered[mine] - np.eye(2)).max() < 1e-4
    assert np.abs(covered[~mine] - np.diag([0.1, 0.2])).max() < 1e-4


def test_a_second_surface_takes_what_its_own_part_covers_beside_it() -> None:
    maps = staged.crowded()
    fragments, covered = maps.fragments, matrices(maps.footprints)
    behind = np.arange(len(fragments)) >= maps.primary
    for part, matrix in ((0, [[0.7, 0.1], [-0.05, 0.9]]), (1, [[0.4, 0], [0.02, 0.5]])):
        mine = fragments.part == part
        assert np.abs(covered[mine & ~behind] - matrix).max() < 1e-3
        near = np.abs(covered[mine & behind] - matrix).max(axis=(1, 2)) < 1e-3
        assert near.mean() > 0.95, "those alone in their corner take their part's usual pixel"
    assert np.isfinite(covered).all()


def test_a_pixel_alone_takes_its_parts_usual_pixel() -> None:
    part = np.full((12, 40), -1)
    part[:, :20] = 0
    part[5, 30] = 0
    maps = staged.maps(staged.placed((40, 12), lambda x, y: (0.25 * x, 0.25 * y)), part)
    alone = maps.fragments.pixel == 5 * 40 + 30
    assert matrices(maps.footprints)[alone][0] == pytest.approx(0.25 * np.eye(2), abs=1e-4)
