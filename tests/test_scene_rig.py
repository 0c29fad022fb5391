"""What scenes are modeled with: cloth that is bent without stretching, things that cloth lies on."""

import numpy as np
import pytest

from scenes.cloth import Cloth, ball, block, floor, post
from scenes.mesh import Mesh, box, drum, extruded, joined, lathe, sheet, tube

RNG = np.random.default_rng(5)


def wave(length: float = 600.0) -> np.ndarray:
    x = np.linspace(0, length, 400)
    return np.stack([x, 40 * np.sin(x / 50), 0 * x], axis=1)


@pytest.mark.parametrize(
    ("mesh", "tolerance"),
    [
        (sheet(300, 200, step=10), 1e-9),
        (extruded(wave(), (0, 0, -500)), 1e-3),
        (extruded(wave(), (0, 0, -500), lengthwise=True), 1e-3),
        (drum(180, 220), 1e-3),
        (drum(220, 240, top_radius=120), 2e-3),
        (sheet(300, 200, step=10).shifted(40, 7, degrees=33).turned(20, "x").turned(50).moved(3, 4, 5), 1e-9),
    ],
    ids=["sheet", "extruded", "lengthwise", "drum", "cone", "moved"],
)
def test_cloth_is_bent_without_stretching(mesh: Mesh, tolerance: float) -> None:
    low, high = mesh.stretch()
    assert 1 - tolerance <= low <= high <= 1 + tolerance


def test_cloth_hangs_with_its_face_to_the_viewer_and_v_down() -> None:
    mesh = sheet(300, 200, step=50)
    assert np.allclose(mesh.normals(), (0, -1, 0))
    top = mesh.uv[:, 1] == 0
    assert np.allclose(mesh.vertices[top, 2], 200)
    assert np.allclose(mesh.vertices[:, 0], mesh.uv[:, 0])


def test_a_drum_reads_to_the_right_from_outside() -> None:
    mesh = drum(100, 200)
    outward = np.sum(mesh.normals()[:, :2] * mesh.vertices[:, :2], axis=1)
    assert np.all(outward > 0)
    assert np.ptp(mesh.uv[:, 0]) == pytest.approx(2 * np.pi * 100)


@pytest.mark.parametrize("solid", [box(80, 60, 40, bevel=8), lathe(np.array([[1.0, 90], [40, 80], [30, 10], [1, 0]]))])
def test_solids_face_outward(solid: Mesh) -> None:
    middle = (solid.vertices.min(axis=0) + solid.vertices.max(axis=0)) / 2
    corners = solid.vertices[solid.faces]
    normal = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    outward = np.einsum("ij,ij->i", normal, corners.mean(axis=1) - middle)
    assert np.average(outward >= 0, weights=np.linalg.norm(normal, axis=1)) > 0.999


def test_a_box_has_its_sizes_and_stands_on_the_ground() -> None:
    solid = box(80, 60, 40, bevel=8)
    assert np.allclose(solid.vertices.min(axis=0), (-40, -30, 0))
    assert np.allclose(solid.vertices.max(axis=0), (40, 30, 40))


def test_a_cord_is_as_long_as_its_path() -> None:
    angle = np.linspace(0, 2 * np.pi, 200, endpoint=False)
    ring = np.stack([100 * np.cos(angle), 100 * np.sin(angle), 0 * angle], axis=1)
    mesh = tube(ring, 3, closed=True)
    assert np.ptp(mesh.uv[:, 0]) == pytest.approx(2 * np.pi * 100, rel=1e-3)
    away = np.hypot(np.hypot(mesh.vertices[:, 0], mesh.vertices[:, 1]) - 100, mesh.vertices[:, 2])
    assert np.allclose(away, 3, rtol=0.02)


def test_joined_meshes_keep_their_faces() -> None:
    one, other = sheet(10, 10, step=5), sheet(20, 20, step=5).moved(100)
    both = joined([one, other])
    assert len(both.faces) == len(one.faces) + len(other.faces)
    assert both.vertices[both.faces[len(one.faces) :]][..., 0].min() >= 100


@pytest.mark.parametrize(
    "body",
    [
        floor(5),
        ball((10, 0, 0), 60),
        ball((0, 0, 0), (80, 40, 60)),
        block((0, 0, 0), (120, 80, 60)),
        post((0, 0), 70, top=40),
    ],
    ids=["floor", "ball", "ellipsoid", "block", "post"],
)
def test_bodies_push_out_what_is_inside_and_leave_the_rest(body) -> None:
    points = RNG.uniform(-100, 100, (4000, 3))
    moved, inside = body(points)
    assert 0.02 < inside.mean() < 0.98
    assert np.array_equal(moved[~inside], points[~inside])
    again, still = body(moved + 1e-6 * np.sign(moved - points))
    assert np.abs(again - moved)[still].max(initial=0) < 1e-2


def test_a_cloth_that_falls_over_a_ball_keeps_its_lengths_and_stays_outside() -> None:
    flat = sheet(240, 240, step=12, place=lambda u, v: np.stack([u - 120, 120 - v, 70 + 0 * u], axis=1))
    body = ball((0, 0, 0), 60)
    cloth = Cloth(flat, bodies=[body, floor(-80)], bend=0.02).run(0.5).settle(60)
    low, high = cloth.result().stretch()
    assert 0.95 < low <= high < 1.05
    assert np.linalg.norm(cloth.points, axis=1).min() > 59
    assert cloth.points[:, 2].min() < 20
    assert np.array_equal(Cloth(flat, bodies=[body, floor(-80)], bend=0.02).run(0.5).settle(60).points, cloth.points)
