"""Differences and color vision against coloraide, and what is said when motif and ground fall together."""

import numpy as np
import pytest
from coloraide import Color as Base
from coloraide.distance.delta_e_cmc import DECMC
from coloraide.distance.delta_e_hyab import DEHyAB

from patterns.color import Ink, Palette
from patterns.color.difference import ciede2000, cmc, hyab
from patterns.color.vision import DEFICIENCIES, borders, findings, legibility, seen, simulated
from patterns.lattice import Lattice
from patterns.separation import Separation


class Judge(Base):
    """coloraide with its differences measured in Lab D50, as ours are."""


Judge.register([DECMC(space="lab"), DEHyAB(space="lab")], overwrite=True)


def pairs(rng: np.random.Generator, count: int = 300) -> tuple[np.ndarray, np.ndarray]:
    """Return colors all over Lab and neighbors of theirs near and far, grays and the hue angles of CMC among them."""
    low, high = [0, -100, -100], [100, 100, 100]
    first = rng.uniform(low, high, (count, 3))
    first[:20, 1:] = 0
    first[20:40, 0] = rng.uniform(0, 20, 20)
    second = np.where(rng.random((count, 1)) < 0.5, first + rng.normal(0, 3, (count, 3)), rng.uniform(low, high))
    return first, np.clip(second, low, high)


@pytest.mark.parametrize(("name", "ours"), [("2000", ciede2000), ("cmc", cmc), ("hyab", hyab)])
def test_differences_are_those_of_coloraide(name, ours, rng):
    first, second = pairs(rng)
    theirs = [
        Judge("lab", list(a)).delta_e(
            Judge("lab", list(b)), method=name, **({"space": "lab"} if name == "2000" else {})
        )
        for a, b in zip(first, second, strict=True)
    ]
    np.testing.assert_allclose(ours(first, second), theirs, atol=1e-9)


def test_cmc_takes_the_standard_first_and_other_weights(rng):
    first, second = pairs(rng)
    theirs = [
        Judge("lab", list(a)).delta_e(Judge("lab", list(b)), method="cmc", l=1, c=1)
        for a, b in zip(first, second, strict=True)
    ]
    np.testing.assert_allclose(cmc(first, second, lightness=1), theirs, atol=1e-9)
    assert np.abs(cmc(first, second) - cmc(second, first)).max() > 1
    assert np.all(cmc(first, first) == 0)
    assert np.all(hyab(first, first) == 0)


@pytest.mark.parametrize("deficiency", DEFICIENCIES)
def test_simulation_is_that_of_coloraide(deficiency, rng):
    linear = rng.uniform(0, 1, (60, 3))
    theirs = [
        Judge("srgb-linear", list(c)).filter(deficiency, 1, method="machado", out_space="srgb-linear").coords()
        for c in linear
    ]
    np.testing.assert_allclose(simulated(linear, deficiency), theirs, atol=1e-5)
    np.testing.assert_allclose(seen(np.array([[100.0, 0, 0], [50, 0, 0]]), deficiency)[:, 1:], 0, atol=0.1)


def blocks(rng: np.random.Generator, inks: int = 3, repeat: str = "half-drop") -> Separation:
    index = np.kron(rng.integers(0, inks, (6, 6)), np.ones((4, 4), int))
    planes = (np.arange(inks)[:, None, None] == index).astype(np.float32)
    return Separation(planes, Lattice.named(repeat, 100.0), ("",) * inks)


def test_borders_are_counted_on_the_lattice(rng):
    separation = blocks(rng)
    shared = borders(separation)
    np.testing.assert_allclose(shared, shared.T)
    assert shared.sum() == pytest.approx(1)
    rolled = np.stack([separation.grid.roll(plane, 5, 9) for plane in separation.planes])
    np.testing.assert_allclose(borders(Separation(rolled, separation.lattice, separation.roles)), shared)
    lattice = separation.lattice.rectangle()
    wide = Separation(np.ascontiguousarray(separation.grid.rectangle(separation.planes)), lattice, separation.roles)
    np.testing.assert_allclose(borders(wide), shared)
    half = np.zeros((2, 8, 8), np.float32)
    half[0, :, :4] = half[1, :, 4:] = 1
    assert borders(Separation(half, Lattice.named("straight", 80.0), ("", ""))).tolist() == [[0, 0.5], [0.5, 0]]


def said(colors: str) -> str:
    palette = Palette(tuple(Ink.of_hex(code) for code in colors.split()))
    return " / ".join(f.message for f in findings(palette, borders(blocks(np.random.default_rng(1), len(palette)))))


def test_motif_and_ground_that_fall_together_are_said_for_whom():
    assert said("#f3ead7 #27356b #6b86b0") == ""
    assert said("#f3ead7 #f0e6cf #f5eedd") == "motif and ground fall together"
    # A red and an olive of one lightness: apart for most, alike for protan and deutan eyes.
    messages = said("#7c7a2e #b06a2f")
    assert "for deutan eyes" in messages
    assert "nearly as light as each other" in messages
    assert "for tritan eyes" not in messages
    # A green and a blue of one lightness.
    messages = said("#3c8a7e #4a82a8")
    assert "for tritan eyes" in messages
    assert "protan" not in messages
    assert "deutan" not in messages


def test_the_least_difference_is_of_inks_that_meet(rng):
    palette = Palette(tuple(Ink.of_hex(code) for code in ("#f3ead7", "#27356b", "#28376d")))
    shared = np.zeros((3, 3))
    shared[0, 1] = shared[1, 0] = shared[0, 2] = shared[2, 0] = 0.25
    apart = legibility(palette, shared)
    assert [sight.eyes for sight in apart.sights] == ["ordinary", *DEFICIENCIES]
    assert all(0 in sight.pair and sight.least > 40 for sight in apart.sights)
    shared[1, 2] = shared[2, 1] = 0.1
    meeting = legibility(palette, shared / shared.sum())
    assert meeting.sights[0].pair == (1, 2)
    assert meeting.sights[0].least < 2
    assert meeting.contrast == pytest.approx(abs(palette.lab()[0, 0] - palette.lab()[1:, 0].mean()), abs=0.5)
    assert legibility(palette, np.zeros((3, 3))).sights == ()
