"""Inks carry the light and the observer of their Lab; spectra give Lab under any; unlike views are never compared."""

import numpy as np
import pytest
from coloraide import Color
from coloraide.cat import WHITES

from patterns.color.ink import A_10, D50_2, D65_2, D65_10, F11_10, Ink, Palette, Spectrum, View, ink_difference
from patterns.color.spaces import ratios_of_lab
from patterns.color.view import adapted
from patterns.design import Brief, Design
from patterns.errors import InputError
from patterns.lattice import Lattice

# A red reflectance, 400 to 700 nm every 10, and its Lab by colour-science 0.4.7 (sd_to_XYZ, integration every 5 nm over
# 380 to 780, cubic spline, end values held).
# fmt: off
RED = Spectrum(400, 10, (
    0.0601, 0.0721, 0.0885, 0.1037, 0.1100, 0.1037, 0.0885, 0.0721, 0.0603, 0.0540, 0.0517, 0.0515, 0.0526, 0.0553,
    0.0606, 0.0712, 0.0917, 0.1290, 0.1903, 0.2764, 0.3736, 0.4597, 0.5210, 0.5583, 0.5788, 0.5894, 0.5948, 0.5974,
    0.5987, 0.5994, 0.5997,
))
# fmt: on
RED_LAB = {
    D50_2: (49.5497, 51.7775, 24.4472),
    D65_2: (48.0708, 49.7716, 21.5072),
    D65_10: (47.2783, 47.4128, 19.7152),
    A_10: (54.0985, 46.1190, 32.6924),
    F11_10: (50.8635, 46.4336, 24.0783),
}


@pytest.mark.parametrize("view", RED_LAB, ids=str)
def test_spectra_give_the_lab_that_colour_science_gives(view):
    np.testing.assert_allclose(RED.lab(view), RED_LAB[view], atol=2e-4)
    np.testing.assert_allclose(Spectrum(400, 20, (0.5,) * 16).lab(view), (76.0693, 0, 0), atol=1e-3)


@pytest.mark.parametrize("degrees", [2, 10])
def test_whites_are_the_published_ones(degrees):
    for light, published in WHITES[f"{degrees}deg"].items():
        if light in {"A", "C", "D50", "D55", "D65", "D75", "F2", "F11"}:
            x, y, z = View(light, degrees).white
            np.testing.assert_allclose([x / (x + y + z), y / (x + y + z)], published, atol=3e-4, err_msg=light)


def test_adaptation_agrees_with_coloraide(rng):
    for source, target in ((D65_2, D50_2), (D65_10, A_10), (A_10, D65_2)):
        xy = [[float(v) for v in view.white[:2] / view.white.sum()] for view in (source, target)]
        for lab in rng.uniform([10, -40, -40], [95, 40, 40], (10, 3)):
            xyz = ratios_of_lab(lab) * source.white
            theirs = Color.chromatic_adaptation(xy[0], xy[1], xyz.tolist(), method="bradford")
            ours = ratios_of_lab(adapted(lab, source, target)) * target.white
            np.testing.assert_allclose(ours, theirs, atol=2e-6)


def test_without_a_spectrum_a_view_is_changed_approximately_and_says_so():
    ink = Ink("mill red", (48.0, 47.0, 20.0), view=D65_10)
    seen = ink.seen(D50_2)
    assert (seen.approximate, seen.view, ink.approximate) == (True, D50_2, False)
    assert ink.lab_d50 == seen.lab != ink.lab
    np.testing.assert_allclose(adapted(np.array(seen.lab), D50_2, D65_10), ink.lab, atol=1e-9)
    np.testing.assert_allclose(adapted(np.array([100.0, 0, 0]), D65_10, A_10), [100, 0, 0], atol=1e-9)
    assert seen.seen(D65_10).approximate


def test_with_a_spectrum_a_view_is_changed_exactly():
    ink = Ink.of_spectrum("red", RED, view=D65_10)
    assert not ink.seen(D50_2).approximate
    np.testing.assert_allclose(ink.lab_d50, RED_LAB[D50_2], atol=2e-4)
    # What adaptation alone would have said is measurably something else.
    assert np.abs(adapted(np.array(ink.lab), D65_10, A_10) - RED.lab(A_10)).max() > 0.5


def test_no_difference_is_taken_across_unlike_views():
    mill, screen = Ink("mill red", (48.0, 47.0, 20.0), view=D65_10), Ink("screen red", (48.0, 47.0, 20.0))
    with pytest.raises(InputError, match=r"between 'mill red' \(D65/10\) and 'screen red' \(D50/2\)"):
        ink_difference(mill, screen)
    with pytest.raises(InputError, match="unlike lights"):
        Palette((mill, screen)).differences()
    assert ink_difference(mill, screen.seen(D65_10)) > 0.5
    assert Palette((mill, screen)).seen(D65_10).differences()[0, 1] > 0.5
    assert ink_difference(mill, Ink("the same", mill.lab, view=D65_10)) == 0
    spectral = (Ink.of_spectrum("a", RED, view=D65_10), Ink.of_spectrum("b", RED))
    assert Palette(spectral).differences()[0, 1] == pytest.approx(0, abs=1e-9)


def test_views_are_read_as_people_write_them():
    for text in ("D65/10", "d65/10°", " D65 10 deg", "D65,10"):
        assert View.named(text) == D65_10
    assert View.named("TL84/10") == F11_10
    for text in ("D65", "10/D65", "D65/4", "X/2", ""):
        with pytest.raises(InputError, match=r"light and the observer|no color can be seen"):
            View.named(text)


@pytest.mark.parametrize(
    ("start", "step", "values", "said"),
    [
        (400, 10, (0.5,) * 20, "ends at 590 nm"),
        (500, 10, (0.5,) * 31, "begins at 420 nm or before"),
        (400, 0, (0.5,) * 31, "every 1 to 20 nm"),
        (400, 10, (50.0,) * 31, "between 0 and 1"),
        (400, 10, (float("nan"),) * 31, "between 0 and 1"),
    ],
)
def test_what_is_no_spectrum_is_refused(start, step, values, said):
    with pytest.raises(InputError, match=said):
        Spectrum(start, step, values)


def test_views_and_spectra_travel_in_a_design_and_old_records_keep_their_id():
    inks = (
        Ink("ground", (95.0, 0.0, 3.0)),
        Ink.of_spectrum("red", RED, view=D65_10),
        Ink("b", (30.0, 1, 2), view=A_10),
    )
    palette = Palette((*inks, inks[2].seen(D50_2)))
    design = Design(Brief("stripes"), Lattice(100, 100), 1, "loom", "0" * 16, "0.1.0", palette, "2026-01-01T00:00:00")
    back = Design.loads(design.dumps())
    assert back.palette == palette
    assert back == design
    assert set(design.to_json()["palette"]["inks"][0]) == {"name", "lab", "role", "hex"}
    for key, value in (("view", "D65"), ("spectrum", {"start_nm": 400}), ("approximate", "yes"), ("view", 3)):
        record = design.to_json(named=False)
        record["palette"]["inks"][1] |= {key: value}
        with pytest.raises(InputError):
            Design.from_json(record)
