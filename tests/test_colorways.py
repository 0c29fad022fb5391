"""The laws of colorways: values kept or turned about, kept inks untouched, far enough apart, printable, and by seed."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from patterns import presets
from patterns.atelier import coloring
from patterns.atelier.bench import Bench
from patterns.atelier.making import recolor
from patterns.cli import main
from patterns.color import Ink, Palette
from patterns.color.colorways import APART, distance, propose
from patterns.color.laying import (
    INKS_APART,
    INVERTED_SPACING,
    LEAST_SPACING,
    MOST_SPACING,
    NEIGHBORS_APART,
    NEIGHBORS_SHARE,
    VALUE_STEP,
    Use,
    keeps_values,
    weights,
)
from patterns.design import Brief, Design
from patterns.errors import CannotMake, InputError
from patterns.lattice import Lattice
from patterns.library import Library, settled
from patterns.separation import ROLES, Separation

USE = Use(np.array([0.6, 0.2, 0.1, 0.05, 0.03, 0.02]), Use.even(6).borders)
CASES = [
    ("indigo-house", {}),
    ("tropical-night", {"seed": 1}),
    ("blush-charcoal", {"only_palettes": True}),
    ("mustard-teal", {"keep": ("ground", "Teal")}),
    ("indigo-house", {"invert": True}),
    ("tropical-night", {"invert": True, "keep": ("mango",)}),
    ("madder-root", {"gamut": "linen-pigment-140"}),
    ("ink-on-paper", {"apart": 12.0}),
]


def proposed(name: str, *, count: int = 6, seed: int = 0, gamut: str = "", **wish) -> tuple[Palette, ...]:
    printable = presets.fabric(gamut).gamut() if gamut else None
    rng = np.random.default_rng(seed)
    return propose(
        presets.palette(name), count=count, rng=rng, palettes=presets.palettes(), use=USE, gamut=printable, **wish
    )


@pytest.mark.parametrize(("name", "wish"), CASES)
def test_every_proposal_keeps_every_law(name, wish):
    old = presets.palette(name)
    found = proposed(name, **wish)
    fixed = np.array([ink.name in ("mango", "teal") or ink.role == "ground" for ink in old.inks])
    fixed &= "keep" in wish
    if "mango" in wish.get("keep", ()):
        fixed[0] = False
    assert len(found) == len({p.name for p in found}) == 6
    before = old.lab()
    for palette in found:
        after = palette.lab()
        assert [ink.role for ink in palette.inks] == [ink.role for ink in old.inks]
        assert all(new == ink for new, ink, kept in zip(palette.inks, old.inks, fixed, strict=True) if kept)
        assert not any(
            new.lab == ink.lab for new, ink, kept in zip(palette.inks, old.inks, fixed, strict=True) if not kept
        )
        _assert_values(before[:, 0], after[:, 0], fixed, invert=wish.get("invert", False))
        apart = palette.differences()[np.triu_indices(6, 1)]
        assert (apart >= np.minimum(NEIGHBORS_APART, NEIGHBORS_SHARE * old.differences()[np.triu_indices(6, 1)])).all()
        if "gamut" in wish:
            assert presets.fabric(wish["gamut"]).gamut().inside(after[~fixed]).all()
    every = np.stack([before, *(p.lab() for p in found)])
    between = distance(every[:, None], every[None], weights(USE.coverage, fixed))
    assert between[np.triu_indices(7, 1)].min() >= wish.get("apart", APART)


def _assert_values(old: np.ndarray, new: np.ndarray, fixed: np.ndarray, *, invert: bool) -> None:
    """The value law pair by pair, written out apart from the code that keeps it."""
    for i in range(len(old)):
        for j in range(len(old)):
            if old[i] - old[j] < VALUE_STEP or (invert and (fixed[i] or fixed[j])):
                continue
            step = (new[j] - new[i]) if invert else (new[i] - new[j])
            least = INVERTED_SPACING if invert else LEAST_SPACING
            assert least <= step / (old[i] - old[j]) <= MOST_SPACING


def test_the_value_law_can_fail():
    old = np.array([94.0, 26.0, 55.0])
    assert keeps_values(old, old - 3)
    assert not keeps_values(old, np.array([94.0, 55.0, 26.0]))
    assert not keeps_values(old, 60 + 0.3 * (old - 60))
    assert keeps_values(old, 120 - old, invert=True)
    assert not keeps_values(old, old, invert=True)


def test_a_seed_is_a_set():
    assert proposed("indigo-house", seed=4) == proposed("indigo-house", seed=4)
    assert proposed("indigo-house", seed=4) != proposed("indigo-house", seed=5)


def test_inverting_turns_the_ground_dark_and_a_dark_one_light():
    assert all(p.lab()[0, 0] < 40 for p in proposed("indigo-house", invert=True))
    assert all(p.lab()[0, 0] > 80 for p in proposed("tropical-night", invert=True))


def test_inks_that_never_meet_are_told_apart_too():
    apart = Use(USE.coverage, np.zeros((6, 6)))
    old = presets.palette("tropical-night")
    for palette in propose(old, count=8, rng=np.random.default_rng(0), use=apart):
        assert palette.differences()[np.triu_indices(6, 1)].min() >= INKS_APART


def test_two_inks_and_twelve_without_roles_have_colorways_too():
    two = Palette((Ink.of_hex("#f3ead7"), Ink.of_hex("#27356b")))
    assert len(propose(two, count=8, rng=np.random.default_rng(0))) == 8
    ramp = Palette(tuple(Ink.of_hex(f"#{v:02x}{v:02x}{min(255, v + 30):02x}") for v in range(10, 250, 20)))
    assert len(propose(ramp, count=6, rng=np.random.default_rng(0), palettes=presets.palettes())) == 6


@pytest.mark.parametrize(
    ("wish", "error", "sentence"),
    [
        ({"count": 0}, InputError, "1 to 24"),
        ({"count": 1000}, InputError, "1 to 24"),
        ({"keep": ("indgo",)}, InputError, "did you mean 'indigo'"),
        ({"keep": ("",)}, InputError, "no ink ''"),
        ({"keep": ROLES}, InputError, "nothing is left"),
        ({"apart": 0.0}, InputError, "more than 0"),
        ({"apart": 60.0}, CannotMake, "colorways stand 60 apart"),
    ],
)
def test_ugly_wishes_are_refused_in_a_sentence(wish, error, sentence):
    with pytest.raises(error, match=sentence):
        proposed("indigo-house", **wish)
    with pytest.raises(InputError, match="one ink"):
        propose(Palette((Ink.of_hex("#fff"),)), count=2, rng=np.random.default_rng(0))
    with pytest.raises(InputError, match="no palettes"):
        propose(presets.palette("indigo-house"), count=2, rng=np.random.default_rng(0), only_palettes=True)


def kept_design(library: Library, roles: tuple[str, ...], *, seed: int = 0, repeat: str = "half-drop") -> str:
    """Put blocks of inks into a library, and return the design's identity."""
    rng = np.random.default_rng(seed)
    blocks = np.kron(rng.integers(0, len(roles), (4, 4)), np.ones((16, 16), int))
    blocks[:, 32:] = 0
    planes = (np.arange(len(roles))[:, None, None] == blocks).astype(np.float32)
    lattice = Lattice.named(repeat, 80.0)
    separation = settled(Separation(planes, lattice, roles))
    known = {ink.role: ink for ink in presets.palette("indigo-house").inks}
    inks = tuple(known.get(role, Ink.of_hex(f"#{40 * n + 20:02x}5060")) for n, role in enumerate(roles))
    record = Design(
        Brief(f"blocks {seed}"), lattice, seed, "loom", "0" * 64, "0.1.0", Palette(inks, "house"), "2026-11-22T00:00:00"
    )
    library.put(record, separation)
    return record.id


def test_a_set_is_kept_as_children_and_shown_on_one_sheet(tmp_path: Path):
    bench = Bench(Library(tmp_path / "library"), None)
    parent = kept_design(bench.library, ("ground", "main", "second"))
    wish = coloring.Wish(count=3, seed=2, keep=("main",))
    colored = coloring.colorways([parent], wish, tmp_path / "out", bench)
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == ["colorways.pdf", "colorways.png"]
    assert len(bench.library.ids()) == 4
    for one in colored.sets:
        kept = bench.library.design(one.made[0].design.id)
        assert (kept.parent, kept.palette) == (parent, one.palette)
        assert kept.palette.inks[1] == bench.library.design(parent).palette.inks[1]
        assert min(one.from_design, one.from_others or np.inf) >= APART
    again = coloring.colorways([parent], wish, tmp_path / "again", bench)
    for name in ("colorways.png", "colorways.pdf"):
        assert (tmp_path / "out" / name).read_bytes() == (tmp_path / "again" / name).read_bytes()
    assert [s.palette for s in again.sets] == [s.palette for s in colored.sets]
    # Every ink of every colorway is on the sheet, as a chip and in the repeat.
    colors = {tuple(c) for c in np.unique(np.asarray(Image.open(colored.png)).reshape(-1, 3), axis=0).tolist()}
    assert {tuple(int(v) for v in c) for one in colored.sets for c in one.palette.srgb8()} <= colors


def test_a_collection_shares_the_inks_of_its_roles(tmp_path: Path):
    bench = Bench(Library(tmp_path / "library"), None)
    one = kept_design(bench.library, ("ground", "main", "second"))
    other = kept_design(bench.library, ("ground", "second", "accent"), seed=1, repeat="straight")
    colored = coloring.colorways([one, other], coloring.Wish(count=2), tmp_path / "out", bench)
    for shown in colored.sets:
        first, second = (made.design.palette for made in shown.made)
        assert [made.design.parent for made in shown.made] == [one, other]
        assert [first.inks[0].lab, first.inks[2].lab] == [second.inks[0].lab, second.inks[1].lab]
        assert {ink.lab for p in (first, second) for ink in p.inks} == {ink.lab for ink in shown.palette.inks}
    model = colored.sets[0].made[0].design
    third = kept_design(bench.library, ("ground", "main"), seed=2)
    worn = coloring.like([third], [model.id], tmp_path / "like", bench).sets[0].made[0].design
    assert [ink.lab for ink in worn.palette.inks] == [ink.lab for ink in model.palette.inks[:2]]
    assert worn.parent == third
    with pytest.raises(InputError, match="no ink for accent"):
        coloring.like([other], [model.id], tmp_path / "like", bench)


def test_designs_without_roles_go_by_order(tmp_path: Path):
    bench = Bench(Library(tmp_path / "library"), None)
    plain = kept_design(bench.library, ("ground", "", ""))
    other = kept_design(bench.library, ("ground", "", ""), seed=1)
    colored = coloring.colorways([plain, other], coloring.Wish(count=1, apart=4.0), tmp_path / "out", bench)
    one, two = (made.design.palette for made in colored.sets[0].made)
    assert one.lab().tolist() == two.lab().tolist()
    four = kept_design(bench.library, ("ground", "", "", ""))
    with pytest.raises(InputError, match="3, 4 inks without roles"):
        coloring.colorways([plain, four], coloring.Wish(count=1), tmp_path / "out", bench)


def test_every_design_that_is_kept_says_where_motif_and_ground_fall_together(tmp_path: Path):
    bench = Bench(Library(tmp_path / "library"), None)
    identity = kept_design(bench.library, ("ground", "main"))
    clear, faint = (recolor(identity, colors, bench).findings for colors in ("#f3ead7,#27356b", "#f3ead7,#f0e6cf"))
    assert not any("fall together" in f.message for f in clear)
    assert any(f.message == "motif and ground fall together" and f.severity == "warning" for f in faint)


def test_an_ink_kept_outside_the_gamut_is_said(tmp_path: Path):
    bench = Bench(Library(tmp_path / "library"), None)
    parent = kept_design(bench.library, ("ground", "main"))
    record = bench.library.design(parent)
    loud = replace(record.palette, inks=(record.palette.inks[0], Ink.of_hex("#ff00ff", name="magenta", role="main")))
    bench.library.put(replace(record, palette=loud), bench.library.separation(parent))
    identity = replace(record, palette=loud).id
    wish = coloring.Wish(count=1, keep=("magenta",), fabric="linen-pigment-140", apart=2.0)
    colored = coloring.colorways([identity], wish, tmp_path / "out", bench)
    assert any("magenta is kept as asked" in f.message for f in colored.findings)
    assert any("heuristic" in f.message for f in colored.findings)


def test_the_command_speaks_json_and_leaves_nothing_after_bad_wishes(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("PATTERNS_LIBRARY", str(tmp_path / "library"))
    monkeypatch.chdir(tmp_path)
    identity = kept_design(Library(tmp_path / "library"), ("ground", "main"))
    (tmp_path / "file").write_text("")
    before = sorted(tmp_path.rglob("*"))
    for words, code, sentence in (
        ("--count 0", 3, "1 to 24"),
        ("--count 1000", 3, "1 to 24"),
        ("--count few", 2, "integer"),
        ("--keep indgo", 3, "did you mean 'indigo'"),
        ("--keep cream,indigo", 3, "nothing is left"),
        ("--fabric linen", 3, "linen-pigment-140"),
        ("--apart 90", 4, "colorways stand 90 apart"),
        ("--like abc", 3, "abc"),
        ("--like abc --invert", 2, "--like"),
        ("--out file", 4, "cannot be written"),
    ):
        assert main(["colorways", identity, *words.split()]) == code, words
        assert sentence in capsys.readouterr().err
    assert main(["colorways", "abc"]) == 3
    assert main(["colorways"]) == 2
    assert main(["colorways", "--help"]) == 0
    capsys.readouterr()
    assert sorted(tmp_path.rglob("*")) == before
    assert main(["colorways", identity[:6], "--count", "2", "--keep", "Cream", "--seed", "3", "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert Path(record["sheet"]).is_file()
    assert Path(record["pdf"]).is_file()
    assert [c["designs"][0]["design"]["parent"] for c in record["colorways"]] == [identity] * 2
    assert all(c["inks"][0]["name"] == "cream" and c["from_design"] >= 8 for c in record["colorways"])
