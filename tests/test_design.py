"""Briefs, designs and labels go to JSON and come back; what is newer, cut or changed is refused."""

import json
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patterns import presets
from patterns.design import SCHEMA, Brief, Design
from patterns.errors import Finding, InputError, LatticeError
from patterns.label import SOURCE_TYPES, Label
from patterns.lattice import Lattice

LABEL = Label.of("model", model="loom", digest="5f" * 32, version="0.1.0")


def design(**changes):
    made = Design(
        brief=Brief("indigo peonies on cream", product="fabric-digital", repeat="half-drop", width_mm=320, seed=7),
        lattice=Lattice.named("half-drop", 320),
        seed=7,
        model="loom",
        model_digest="5f" * 32,
        version="0.1.0",
        palette=presets.palette("indigo-house"),
        created="2026-11-22T10:00:00+00:00",
        acts=("chose the palette",),
        label=LABEL.to_json(),
        findings=(Finding("note", "the repeat does not divide the width", "2.34", "75 cm"),),
    )
    return replace(made, **changes)


def test_a_design_comes_back_the_same():
    made = design()
    assert Design.loads(made.dumps()) == made
    assert Design.from_json(made.to_json()) == made
    assert Design.loads(made.dumps()).dumps() == made.dumps()


lengths = st.none() | st.floats(0.1, 1e5)
briefs = st.builds(
    Brief,
    prompt=st.text(min_size=1, max_size=50).filter(str.strip),
    product=st.sampled_from(["", "fabric-digital"]),
    repeat=st.sampled_from(["straight", "half-drop", "drop 2/5"]),
    width_mm=lengths,
    height_mm=lengths,
    inks=st.none() | st.integers(2, 32),
    palette=st.none() | st.text(max_size=20),
    scale=lengths,
    seed=st.integers(0, 2**63 - 1),
    steps=st.none() | st.integers(1, 1000),
)


@given(briefs)
def test_any_brief_comes_back_the_same(brief):
    assert Brief.from_json(json.loads(json.dumps(brief.to_json()))) == brief


@given(briefs, st.integers(1, 900), st.fractions(0, 1, max_denominator=12).filter(lambda f: f < 1))
def test_any_design_comes_back_with_its_name(brief, width, drop):
    made = design(brief=brief, lattice=Lattice(width, 300.5, drop))
    back = Design.loads(made.dumps())
    assert (back, back.id) == (made, made.id)


def test_a_name_is_of_what_decides_the_pixels():
    made = design()
    assert len(made.id) == 12
    assert made.id == design(created="2030-01-01T00:00:00+00:00", acts=(), label={}, findings=()).id
    others = [
        design(seed=8),
        design(model_digest="60" * 32),
        design(version="0.2.0"),
        design(parent=made.id),
        design(palette=presets.palette("madder-root")),
        design(lattice=Lattice(320, 320, Fraction(1, 3))),
        design(brief=Brief("roses")),
    ]
    assert len({made.id, *(other.id for other in others)}) == 8


def test_a_newer_record_is_refused_naming_the_versions():
    record = design(version="3.1.0").to_json() | {"schema": SCHEMA + 2, "hologram": True}
    with pytest.raises(
        InputError, match=r"by patterns 3\.1\.0 in schema 3, and this version reads schema 1 at most; update"
    ):
        Design.from_json(record)


def spoiled(*path, to):
    record = json.loads(design().dumps())
    target = record
    for key in path[:-1]:
        target = target[key]
    if to is None:
        del target[path[-1]]
    else:
        target[path[-1]] = to
    return json.dumps(record)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "cut or damaged"),
        ("[]", "no JSON object"),
        ("null", "no JSON object"),
        ("{}", "does not say its schema"),
        ("\x00\x01garbage", "cut or damaged"),
        (design().dumps()[:400], "cut or damaged"),
        (b"\xff\xfe\xfd\xfc", "cut or damaged"),
        ("[" * 100_000, "cut or damaged"),
        (" " * 2**21, "too many"),
        (spoiled("schema", to=True), "does not say its schema"),
        (spoiled("schema", to="1"), "does not say its schema"),
        (spoiled("hologram", to=1), "unknown key 'hologram'"),
        (spoiled("brief", "colour", to="red"), "the brief has an unknown key 'colour'"),
        (spoiled("palette", "inks", 0, "cmyk", to=[0]), "the ink has an unknown key 'cmyk'"),
        (spoiled("seed", to=None), "lacks 'seed'"),
        (spoiled("seed", to="7"), "'seed' in the record of a design cannot be \"7\""),
        (spoiled("seed", to=True), "'seed' in the record"),
        (spoiled("seed", to=-7), "seed"),
        (spoiled("brief", "prompt", to="  "), "the prompt is empty"),
        (spoiled("brief", "inks", to=1), "2 to 32 inks"),
        (spoiled("brief", "width_mm", to=-4), "sizes are positive"),
        (spoiled("brief", "width_mm", to=float("nan")), "'width_mm' in the brief"),
        (spoiled("lattice", "drop", to="1/0"), "no fraction"),
        (spoiled("lattice", "drop", to=0.5), "no fraction"),
        (spoiled("lattice", "width", to=0), "no area"),
        (spoiled("palette", "inks", 0, "lab", to=[1, 2]), "three numbers"),
        (spoiled("palette", "inks", 0, "lab", to=[1, 2, "x"]), "an ink's 'lab'"),
        (spoiled("palette", "inks", 0, "lab", to=[1000, 0, 0]), "not a Lab color"),
        (spoiled("palette", "inks", to=[]), "1 to 32 inks"),
        (spoiled("findings", 0, "severity", to="doom"), "note, warning, fault"),
        (spoiled("acts", to=[1]), "no list of texts"),
        (spoiled("label", to={"model": 1}), "no list of texts"),
        (spoiled("seed", to=8), "was changed by hand"),
        (spoiled("brief", "prompt", to="roses"), "was changed by hand"),
    ],
)
def test_a_bad_record_is_refused_in_one_sentence(text, said):
    with pytest.raises(InputError, match=said):
        Design.loads(text)


def test_a_record_without_its_name_is_taken_as_new():
    record = design().to_json()
    del record["id"]
    record["seed"] = 8
    assert Design.from_json(record) == design(seed=8)


def test_hex_in_a_record_is_for_people_only():
    record = design().to_json()
    assert record["palette"]["inks"][1]["hex"] == "#27356b"
    record["palette"]["inks"][1]["hex"] = "#000000"
    assert Design.from_json(record) == design()


@pytest.mark.parametrize(
    "arguments", [{"prompt": ""}, {"prompt": "x" * 2001}, {"prompt": "x", "seed": -1}, {"prompt": "x", "seed": 2**63}]
)
def test_impossible_briefs_are_refused(arguments):
    with pytest.raises(InputError):
        Brief(**arguments)


def test_lattice_errors_keep_their_kind():
    with pytest.raises(LatticeError):
        Design.loads(spoiled("lattice", "drop", to="7/2"))


def test_a_label_comes_back_and_discloses():
    assert Label.from_json(LABEL.to_json()) == LABEL
    assert LABEL.source_type == "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
    assert LABEL.disclosure == (
        "This design was made with artificial intelligence (patterns 0.1.0, loom, weights 5f5f5f5f5f5f)."
    )
    art = Label.of("model and art", model="loom", digest="", version="0.1.0")
    assert "a person's own art" in art.disclosure
    drawn = Label.of("algorithm", model="", digest="", version="0.1.0")
    assert "without a trained model" in drawn.disclosure
    given = Label.of("picture", model="swatch.jpg", digest="", version="0.1.0")
    assert "separated into inks from swatch.jpg" in given.disclosure
    assert len({label.source_type for label in (LABEL, art, drawn, given)}) == len(SOURCE_TYPES)


@pytest.mark.parametrize("change", [{"source_type": "http://example.org"}, {"model": 3}, {"hologram": "x"}])
def test_a_bad_label_is_refused(change):
    with pytest.raises(InputError):
        Label.from_json(LABEL.to_json() | change)


def test_a_record_from_before_later_wishes_is_whole_and_keeps_its_name() -> None:
    plain, wished = Brief("peonies"), Brief("peonies", density="sparse", detail=1.6)
    assert "density" not in plain.to_json()
    assert Brief.from_json(plain.to_json()) == plain
    assert {"density", "detail"} <= set(wished.to_json())
    assert Brief.from_json(wished.to_json()) == wished
    lacking = {name: value for name, value in plain.to_json().items() if name != "seed"}
    with pytest.raises(InputError, match="lacks 'seed'"):
        Brief.from_json(lacking)


@pytest.mark.parametrize(("wish", "named"), [({"density": "thick"}, "sparse"), ({"detail": 90.0}, "pixels per mm")])
def test_wishes_that_nobody_knows_are_refused(wish: dict[str, Any], named: str) -> None:
    with pytest.raises(InputError, match=named):
        Brief("peonies", **wish)
