"""The Loom's judge and its measures: they know what is there, and fail on what is not."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from patterns.atelier import judging
from patterns.atelier.arranging import Setter
from patterns.atelier.evaluating import QUICK
from patterns.atelier.evaluating.bench import Bench
from patterns.atelier.evaluating.likewise import likewise
from patterns.atelier.evaluating.pairs import corpus_couple, heard
from patterns.atelier.evaluating.pieces import pieces
from patterns.atelier.evaluating.seams import changed, cut
from patterns.atelier.evaluating.trial import blur, harm, noise
from patterns.lattice import Grid
from patterns.loom import measures
from patterns.loom.arranging import Plan
from patterns.loom.judge import Judge, Labels, Names, Opinion, Recipe, judged, load, save, train
from patterns.loom.weave import loaded
from patterns.motif import portrait
from patterns.reading import GROUNDS

FAMILIES = ("stripe", "gingham", "fern", "leopard")
STUDY = judging.Study(FAMILIES, 24, Recipe(steps=110))
COUNT = 24


@pytest.fixture(scope="module")
def judge() -> Judge:
    """A judge of four families after a few seconds of training."""
    return train(judging.lessons(STUDY), judging.names_of(FAMILIES), STUDY.recipe)


@pytest.fixture(scope="module")
def real() -> list[judging.Ask]:
    """Drawings that the judge has not seen."""
    return [ask for family in FAMILIES for ask in judging.asks(family, COUNT)]


def _share(opinion: Opinion, families: list[str]) -> float:
    return float(np.mean([a == b for a, b in zip(opinion.families(), families, strict=True)]))


def _seen(judge: Judge, planes: list[np.ndarray], asks: list[judging.Ask]) -> Opinion:
    return judged(judge, (judging.shown(p, a.grid) for p, a in zip(planes, asks, strict=True)))


def test_the_judge_knows_drawings_and_fails_noise_blur_and_false_captions(
    judge: Judge, real: list[judging.Ask], rng: np.random.Generator
) -> None:
    families = [ask.labels.family for ask in real]
    opinion = _seen(judge, [ask.planes for ask in real], real)
    assert _share(opinion, families) > 0.75
    broken = [harm(ask, rng) for ask in real]
    assert _share(_seen(judge, [ask.planes for ask in broken], broken), families) < 0.4
    noisy = _seen(judge, [noise(ask, rng) for ask in real], real)
    assert _share(noisy, families) < 0.5
    assert _share(opinion, families[COUNT:] + families[:COUNT]) < 0.3
    others = [ask for family in FAMILIES for ask in judging.asks(family, COUNT, seed=judging.REAL_SEED)]
    other = _seen(judge, [ask.planes for ask in others], others).features
    between = measures.frechet(opinion.features, other)
    blurred = [blur(ask.planes, 4.0 * ask.detail) for ask in real]
    assert measures.frechet(noisy.features, other) > 3 * between
    assert measures.frechet(_seen(judge, blurred, real).features, other) > 3 * between
    assert np.mean([measures.crispness(planes) for planes in blurred]) < 0.95


def test_a_move_along_the_lattice_changes_no_opinion(judge: Judge, rng: np.random.Generator) -> None:
    grid = Grid(96, 96, 48)
    planes = rng.dirichlet(np.ones(6), (96, 96)).transpose(2, 0, 1).astype(np.float32)
    moved = grid.roll(planes, 32, 80)
    one = judged(judge, [(planes, grid), (moved, grid)])
    np.testing.assert_allclose(one.features[0], one.features[1], atol=1e-4)
    other = judged(judge, [(planes, grid), (np.roll(planes, 80, axis=2), grid)])
    assert np.abs(other.features[0] - other.features[1]).max() > 1e-3


def test_the_same_lessons_make_the_same_judge_and_a_file_keeps_it(judge: Judge, tmp_path: Path) -> None:
    study = judging.Study(("stripe", "fern"), 3, Recipe(steps=4))
    one, other = (train(judging.lessons(study), judging.names_of(study.families), study.recipe) for _ in range(2))
    assert all((a == b).all() for a, b in zip(one.state_dict().values(), other.state_dict().values(), strict=True))
    path = tmp_path / "judge.safetensors"
    save(judge, path)
    back = load(path)
    assert back.names == judge.names
    assert all((a == b).all() for a, b in zip(judge.state_dict().values(), back.state_dict().values(), strict=True))


def test_what_names_do_not_hold_is_not_learned_from() -> None:
    drawing = np.zeros((6, 32, 32), np.float32)
    examples = [(drawing, Grid(32, 32), Labels("unheard of", "nor this", inks=3))]
    train(examples, Names(("stripe", "fern")), Recipe(steps=1))


def test_frechet_is_nothing_to_itself_and_the_square_of_a_move(rng: np.random.Generator) -> None:
    one = rng.normal(size=(400, 8)) * np.arange(1, 9)
    assert measures.frechet(one, one) == pytest.approx(0, abs=1e-6)
    assert measures.frechet(one, one + 3) == pytest.approx(9 * 8)
    # Two normal distributions in one dimension: (m - n)^2 + (s - r)^2.
    wide = (one[:, :1] - one[:, :1].mean()) / one[:, :1].std(ddof=1)
    assert measures.frechet(wide, 4 * wide + 2) == pytest.approx(4 + 9)


def test_spread_is_the_mean_distance() -> None:
    assert measures.spread(np.array([[0.0, 0], [3, 4], [0, 0]])) == pytest.approx(10 / 3)


def _stripes() -> np.ndarray:
    return np.tile(np.repeat([0, 1, 2, 0], 8), (32, 1))


def test_straight_stripes_are_straight_whichever_way_they_run(rng: np.random.Generator) -> None:
    down = _stripes()
    diagonal = (np.add.outer(np.arange(32), np.arange(32)) % 32) // 8
    for stripes in (down, down.T, diagonal, diagonal[:, ::-1]):
        assert measures.straightness(stripes) == 1
    wobbly = np.stack([np.roll(row, int(k)) for row, k in zip(down, rng.integers(-3, 4, 32), strict=True)])
    assert measures.straightness(wobbly) < 0.9
    assert measures.straightness(rng.integers(3, size=(32, 32))) < 0.7


def test_a_plaid_is_one_and_noise_and_a_bent_plaid_are_not(rng: np.random.Generator) -> None:
    down = _stripes()
    plaid = down * 3 + down.T
    assert measures.plaidness(plaid) == 1
    assert measures.plaidness(rng.integers(3, size=(32, 32))) < 0.6
    bent = np.stack([np.roll(row, int(3 * np.sin(y / 4))) for y, row in enumerate(plaid)])
    assert measures.plaidness(bent) < 0.98


def test_crispness_counts_decided_pixels() -> None:
    planes = np.zeros((2, 4, 4), np.float32)
    planes[0], planes[1] = 0.95, 0.05
    assert measures.crispness(planes) == 1
    planes[:, :2] = 0.5
    assert measures.crispness(planes) == 0.5


def test_a_moved_copy_is_at_no_distance_and_the_distance_is_of_the_best_shift(rng: np.random.Generator) -> None:
    others = rng.random((3, 2, 16, 16)).astype(np.float32)
    copy = np.roll(others[1], (5, -3), axis=(1, 2))
    strange = rng.random((2, 16, 16)).astype(np.float32)
    found = measures.nearest([copy, strange], list(others))
    assert found[0] == pytest.approx(0, abs=2e-3)
    tried = [
        np.sqrt(np.square(strange - np.roll(o, (y, x), axis=(1, 2))).sum() / 256)
        for o in others
        for y in range(16)
        for x in range(16)
    ]
    assert found[1] == pytest.approx(min(tried), abs=1e-4)


def test_uniform_percentiles_pass_and_others_do_not(rng: np.random.Generator) -> None:
    assert measures.uniform(rng.uniform(0, 100, 200)) > 0.01
    assert measures.uniform(rng.uniform(40, 100, 200)) < 0.01
    assert measures.told_apart(rng.normal(size=100), rng.normal(size=100) - 1) < 0.01


def test_a_training_drawing_is_told_from_a_held_out_one() -> None:
    grid = Grid(96, 96)
    trained, held = (judging.stock(seed, 6, grid) for seed in (1, 900_001))
    moved = [np.roll(p, (13, 29), axis=(1, 2)) for p in trained]
    assert measures.nearest(moved, trained).max() < 0.01
    assert np.median(measures.nearest(moved, held)) > 0.1


def test_a_cut_moves_the_joint(rng: np.random.Generator) -> None:
    pixels = rng.integers(256, size=(64, 96, 3), dtype=np.uint8)
    tile, grid = cut(pixels, Grid(96, 64, 32), "down")
    assert tile.shape == (59, 96, 3)
    assert (grid.height, grid.drop) == (59, 29)
    assert changed(pixels, "across") > 0.9
    assert changed(np.full_like(pixels, 90), "across") == 0


def test_the_digest_follows_the_study_and_the_cache_is_the_user_s(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "/somewhere")
    monkeypatch.setattr("sys.platform", "linux")
    assert judging.cache_folder().as_posix() == "/somewhere/patterns"


def _prompts() -> Iterator[judging.Ask]:
    for family in ("stripe", "peony"):
        yield from judging.asks(family, 4)


def test_asks_say_in_words_what_their_drawing_shows() -> None:
    from patterns.reading import read

    for ask in _prompts():
        reading = read(ask.prompt)
        assert reading.subjects[0].family == ask.labels.family
        assert reading.inks == ask.labels.inks
        assert (ask.planes.mean(axis=(1, 2)) > 0.002).sum() == ask.labels.inks
        assert not ask.labels.second


def test_lessons_of_grounds_show_all_of_them_equally_often() -> None:
    study = judging.Study(("daisy", "fern"), 10)
    assert Counter(labels.ground for *_, labels in judging.ground_lessons(study)) == dict.fromkeys(("", *GROUNDS), 4)


@pytest.mark.parametrize("ground", GROUNDS)
def test_a_ground_lies_beneath_its_motifs(ground: str) -> None:
    for seed in range(4):
        (bare, _, none), (laid, _, seen) = (
            judging.on_ground(np.random.default_rng(seed), "daisy", kind) for kind in ("", ground)
        )
        assert (none.ground, seen.ground, seen.inks) == ("", ground, none.inks)
        assert laid[0].mean() < bare[0].mean() - 4


def test_of_two_families_of_one_size_neither_is_the_first() -> None:
    rng = np.random.default_rng(8)
    drawings = [judging.drawn(rng, "rose", i) for i in range(60)]
    pairs = [(d.attributes, judging.labels_of(d)) for d in drawings if d.attributes.second]
    equal = [labels for seen, labels in pairs if abs(seen.second_scale_px - seen.scale_px) < 1e-6]
    other = [labels for seen, labels in pairs if seen.second_scale_px < 0.8 * seen.scale_px]
    assert any(labels.family != "rose" for labels in equal)
    assert all(labels.family < labels.second for labels in equal)
    assert other
    assert all(labels.family == "rose" for labels in other)


def test_motifs_are_found_again_on_a_tile() -> None:
    rng = np.random.default_rng(4)
    heroes, seconds = ((portrait(rng, family=name).planes,) for name in ("rose", "daisy"))
    grid = Grid(384, 384, 192)
    plan = Plan("one-way", "medium", 70.0, 6, heroes, seconds, upright=True, held=True)
    planes, _ = Setter().arrange(rng, grid, plan)
    found = pieces(planes, grid)
    large, small = ([one for one in found if (one.radius > 45) == is_large] for is_large in (True, False))
    assert len(large) >= 2
    assert len(small) >= 2
    for some, own, other in ((large, heroes[0], seconds[0]), (small, seconds[0], heroes[0])):
        nearer = [_off(one.planes, own) < _off(one.planes, other) for one in some]
        assert np.mean(nearer) > 0.85, nearer


def _off(planes: np.ndarray, other: np.ndarray) -> float:
    """Return the share of pixels in which a motif differs from another that faces either way."""
    return min(float(np.abs(planes - other[..., ::turn]).sum(axis=0).mean() / 2) for turn in (1, -1))


def test_a_couple_is_heard_only_with_the_right_sizes() -> None:
    study = judging.Study(("fern", "star"), 60, Recipe(steps=160))
    eye = train(judging.motif_lessons(study), Names((*study.families, judging.NOTHING)), study.recipe)
    nothing: Any = None
    bench = Bench(nothing, None, nothing, eye, QUICK, FAMILIES, nothing)
    tiles = [corpus_couple(("star", "fern"), seed) for seed in range(6)]
    assert np.mean([heard(bench, planes, ("star", "fern")) for planes in tiles]) > 0.6
    assert not any(heard(bench, planes, ("fern", "star")) for planes in tiles)


def test_real_motifs_are_set_as_the_loom_sets_its_own_and_fields_stay() -> None:
    vocabulary = loaded(None).vocabulary
    field = next(judging.asks("leopard", 1))
    assert likewise(field, vocabulary, 1) is field
    motif = next(judging.asks("tulip", 1))
    one, again, other = (likewise(motif, vocabulary, seed).planes for seed in (1, 1, 2))
    assert one.shape == motif.planes.shape
    np.testing.assert_allclose(one.sum(axis=0), 1, atol=1e-4)
    np.testing.assert_array_equal(one, again)
    assert (one.argmax(axis=0) != other.argmax(axis=0)).any()
    assert 0.02 < (one.argmax(axis=0) > 0).mean() < 0.9


def test_a_design_of_motifs_is_named_by_its_first_motif_alone(judge: Judge, real: list[judging.Ask]) -> None:
    study = judging.Study(("fern", "star"), 60, Recipe(steps=160))
    eye = train(judging.motif_lessons(study), Names((*study.families, judging.NOTHING)), study.recipe)
    nothing: Any = None
    bench = Bench(nothing, None, judge, eye, QUICK, FAMILIES, nothing)
    rng = np.random.default_rng(3)
    motifs = [judging.motif(rng, name)[0] for name in study.families * 12]
    seen = bench.looked_at(motifs)
    assert np.mean([a == b for a, b in zip(seen, study.families * 12, strict=True)]) > 0.75
    some = real[:4]
    opinion = bench.opinion([ask.planes for ask in some], some)
    named = bench.named(opinion, [motifs[0], None, motifs[1], None])
    assert named == [seen[0], opinion.families()[1], seen[1], opinion.families()[3]]
    assert bench.named(opinion, [None] * 4) == opinion.families()
