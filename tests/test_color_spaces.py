"""Color spaces and CIEDE2000 against published figures and coloraide."""

import numpy as np
import pytest
from coloraide import Color

from patterns.color import Ink, ciede2000, lab_to_srgb, linear_to_srgb, srgb_to_lab, srgb_to_linear
from patterns.color.spaces import in_srgb, lab_to_oklch, linear_to_oklab, oklab_to_linear, oklch_to_lab, xyz_to_linear
from patterns.color.spaces import lab_to_xyz as lab_xyz

# Sharma, Wu, Dalal (2005), table 1: 34 pairs of Lab and their CIEDE2000.
SHARMA = np.array(
    [
        (50.0000, 2.6772, -79.7751, 50.0000, 0.0000, -82.7485, 2.0425),
        (50.0000, 3.1571, -77.2803, 50.0000, 0.0000, -82.7485, 2.8615),
        (50.0000, 2.8361, -74.0200, 50.0000, 0.0000, -82.7485, 3.4412),
        (50.0000, -1.3802, -84.2814, 50.0000, 0.0000, -82.7485, 1.0000),
        (50.0000, -1.1848, -84.8006, 50.0000, 0.0000, -82.7485, 1.0000),
        (50.0000, -0.9009, -85.5211, 50.0000, 0.0000, -82.7485, 1.0000),
        (50.0000, 0.0000, 0.0000, 50.0000, -1.0000, 2.0000, 2.3669),
        (50.0000, -1.0000, 2.0000, 50.0000, 0.0000, 0.0000, 2.3669),
        (50.0000, 2.4900, -0.0010, 50.0000, -2.4900, 0.0009, 7.1792),
        (50.0000, 2.4900, -0.0010, 50.0000, -2.4900, 0.0010, 7.1792),
        (50.0000, 2.4900, -0.0010, 50.0000, -2.4900, 0.0011, 7.2195),
        (50.0000, 2.4900, -0.0010, 50.0000, -2.4900, 0.0012, 7.2195),
        (50.0000, -0.0010, 2.4900, 50.0000, 0.0009, -2.4900, 4.8045),
        (50.0000, -0.0010, 2.4900, 50.0000, 0.0010, -2.4900, 4.8045),
        (50.0000, -0.0010, 2.4900, 50.0000, 0.0011, -2.4900, 4.7461),
        (50.0000, 2.5000, 0.0000, 50.0000, 0.0000, -2.5000, 4.3065),
        (50.0000, 2.5000, 0.0000, 73.0000, 25.0000, -18.0000, 27.1492),
        (50.0000, 2.5000, 0.0000, 61.0000, -5.0000, 29.0000, 22.8977),
        (50.0000, 2.5000, 0.0000, 56.0000, -27.0000, -3.0000, 31.9030),
        (50.0000, 2.5000, 0.0000, 58.0000, 24.0000, 15.0000, 19.4535),
        (50.0000, 2.5000, 0.0000, 50.0000, 3.1736, 0.5854, 1.0000),
        (50.0000, 2.5000, 0.0000, 50.0000, 3.2972, 0.0000, 1.0000),
        (50.0000, 2.5000, 0.0000, 50.0000, 1.8634, 0.5757, 1.0000),
        (50.0000, 2.5000, 0.0000, 50.0000, 3.2592, 0.3350, 1.0000),
        (60.2574, -34.0099, 36.2677, 60.4626, -34.1751, 39.4387, 1.2644),
        (63.0109, -31.0961, -5.8663, 62.8187, -29.7946, -4.0864, 1.2630),
        (61.2901, 3.7196, -5.3901, 61.4292, 2.2480, -4.9620, 1.8731),
        (35.0831, -44.1164, 3.7933, 35.0232, -40.0716, 1.5901, 1.8645),
        (22.7233, 20.0904, -46.6940, 23.0331, 14.9730, -42.5619, 2.0373),
        (36.4612, 47.8580, 18.3852, 36.2715, 50.5065, 21.2231, 1.4146),
        (90.8027, -2.0831, 1.4410, 91.1528, -1.6435, 0.0447, 1.4441),
        (90.9257, -0.5406, -0.9208, 88.6381, -0.8985, -0.7239, 1.5381),
        (6.7747, -0.2908, -2.4247, 5.8714, -0.0985, -2.2286, 0.6377),
        (2.0776, 0.0795, -1.1350, 0.9033, -0.0636, -0.5514, 0.9082),
    ]
)


def test_ciede2000_gives_the_published_table():
    np.testing.assert_allclose(ciede2000(SHARMA[:, :3], SHARMA[:, 3:6]), SHARMA[:, 6], atol=5.1e-5)


def test_ciede2000_is_symmetric_and_zero_on_itself():
    first, second = SHARMA[:, :3], SHARMA[:, 3:6]
    np.testing.assert_allclose(ciede2000(first, second), ciede2000(second, first), atol=1e-12)
    assert np.all(ciede2000(first, first) == 0)


def test_textile_weighting_halves_what_lightness_counts():
    gray, lighter = np.array([50.0, 0, 0]), np.array([60.0, 0, 0])
    assert ciede2000(gray, lighter, textile=True) == pytest.approx(ciede2000(gray, lighter) / 2)


def test_ciede2000_agrees_with_coloraide_on_random_pairs(rng):
    first, second = (rng.uniform([5, -60, -60], [95, 60, 60], (200, 3)) for _ in range(2))
    for textile in (False, True):
        theirs = [
            Color("lab-d65", a).delta_e(Color("lab-d65", b), method="2000", kl=2 if textile else 1)
            for a, b in zip(first.tolist(), second.tolist(), strict=True)
        ]
        np.testing.assert_allclose(ciede2000(first, second, textile=textile), theirs, atol=1e-8)


def test_every_space_agrees_with_coloraide(rng):
    encoded = rng.uniform(0, 1, (100, 3))
    for space, ours, tolerance in (
        ("srgb-linear", srgb_to_linear(encoded), 1e-9),
        ("lab", srgb_to_lab(encoded), 0.02),  # coloraide's D50 has more digits than ICC's
        ("oklab", linear_to_oklab(srgb_to_linear(encoded)), 2e-4),
    ):
        theirs = [Color("srgb", rgb).convert(space).coords() for rgb in encoded.tolist()]
        np.testing.assert_allclose(ours, theirs, atol=tolerance, err_msg=space)


def test_every_space_comes_back(rng):
    encoded = rng.uniform(0, 1, (500, 3))
    lab = srgb_to_lab(encoded)
    np.testing.assert_allclose(linear_to_srgb(srgb_to_linear(encoded)), encoded, atol=1e-12)
    np.testing.assert_allclose(lab_to_srgb(lab), encoded, atol=1e-10)
    np.testing.assert_allclose(
        oklab_to_linear(linear_to_oklab(srgb_to_linear(encoded))), srgb_to_linear(encoded), atol=1e-9
    )
    np.testing.assert_allclose(oklch_to_lab(lab_to_oklch(lab)), lab, atol=2e-3)
    assert in_srgb(xyz_to_linear(lab_xyz(lab))).all()


def test_white_is_white_and_black_is_black():
    np.testing.assert_allclose(srgb_to_lab(np.array([[1.0, 1, 1], [0, 0, 0]])), [[100, 0, 0], [0, 0, 0]], atol=1e-9)


def test_chroma_gives_way_where_srgb_ends():
    wild = oklch_to_lab(np.array([[0.5, 0.4, 145.0], [0.97, 0.3, 20.0]]))
    lightness, _, hue = lab_to_oklch(wild).T
    assert in_srgb(srgb_to_linear(lab_to_srgb(wild)), tolerance=1e-4).all()
    np.testing.assert_allclose(lightness, [0.5, 0.97], atol=1e-3)
    np.testing.assert_allclose(hue, [145.0, 20.0], atol=1.0)


def test_every_8_bit_color_that_we_try_survives_as_an_ink(rng):
    for red, green, blue in rng.integers(0, 256, (50, 3)):
        code = f"#{red:02x}{green:02x}{blue:02x}"
        assert Ink.of_hex(code).hex == code
