"""Color words in prompts: which colors, which roles, what is left."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from patterns.color import ciede2000
from patterns.color.names import named, names
from patterns.color.words import read_prompt
from patterns.lattice import Grid
from patterns.motif import FAMILIES, draw
from patterns.reading import wording

# prompt -> what is left, and the colors by role
PROMPTS = [
    ("indigo block-print peonies on cream", "block-print peonies", {"ground": "cream", "main": "indigo"}),
    ("peonies on a dark navy ground", "peonies", {"ground": "dark navy"}),
    ("peonies on a dark navy background", "peonies", {"ground": "dark navy"}),
    ("large ochre sunflowers, indigo ground", "large sunflowers", {"ground": "indigo", "main": "ochre"}),
    ("cream ground with navy peonies", "peonies", {"ground": "cream", "main": "navy"}),
    (
        "white peonies with green leaves on cream",
        "peonies with leaves",
        {"ground": "cream", "main": "white", "second": "green"},
    ),
    (
        "red flowers, green leaves, blue birds",
        "flowers, leaves, birds",
        {"main": "red", "second": "green", "accent": "blue"},
    ),
    ("florals in teal, coral and mustard", "florals", {"main": "teal", "second": "coral", "accent": "mustard"}),
    ("in teal, coral and mustard", "", {"main": "teal", "second": "coral", "accent": "mustard"}),
    ("red and white gingham", "gingham", {"ground": "white", "main": "red"}),
    ("Black & White houndstooth", "houndstooth", {"ground": "white", "main": "black"}),
    ("navy, cream and rust plaid", "plaid", {"ground": "cream", "main": "navy", "second": "rust"}),
    ("blue on white stripes", "stripes", {"ground": "white", "main": "blue"}),
    ("white-on-navy asanoha", "asanoha", {"ground": "navy", "main": "white"}),
    ("sage-green ferns on ivory", "ferns", {"ground": "ivory", "main": "sage green"}),
    ("Sage Green Ferns On Ivory", "Ferns", {"ground": "ivory", "main": "sage green"}),
    ("Grey chevron", "chevron", {"main": "gray"}),
    ("indigo-dyed stripes", "stripes", {"main": "indigo"}),
    ("stripes in blues and greens", "stripes", {"main": "blue", "second": "green"}),
    ("chocolate brown leaves", "leaves", {"main": "chocolate"}),
    ("rust red foxes", "foxes", {"main": "rust"}),
    ("daisies in sun yellow", "daisies", {"main": "sun yellow"}),
    ("swan white swallows on koi orange", "swallows", {"ground": "koi orange", "main": "swan white"}),
    ("navy white stripes", "stripes", {"ground": "white", "main": "navy"}),
    ("#27356b dots on #f3ead7", "dots", {"ground": "#f3ead7", "main": "#27356b"}),
    ("light blue dots", "dots", {"main": "light blue"}),
    ("bright coral scallops with white lines", "scallops", {"main": "bright coral", "line": "white"}),
    ("peonies on cream with gold accents", "peonies", {"ground": "cream", "accent": "gold"}),
    ("paisley on burgundy with touches of gold", "paisley", {"ground": "burgundy", "accent": "gold"}),
    ("peonies outlined in black on pale pink", "peonies", {"ground": "pale pink", "line": "black"}),
    ("purple plaid with thin yellow lines", "plaid", {"main": "purple", "line": "yellow"}),
    ("coral peony flowers", "peony flowers", {"main": "coral"}),
    ("white and gold on navy", "", {"ground": "navy", "main": "white", "second": "gold"}),
    ("terracotta/sage/cream boho arches", "boho arches", {"ground": "cream", "main": "terracotta", "second": "sage"}),
    ("navy anchors, red trim, white background", "anchors, trim", {"ground": "white", "main": "navy", "second": "red"}),
    ("birds on green branches", "birds on branches", {"main": "green"}),
    # Plants and things that are motifs.
    ("olive branches", "olive branches", {}),
    ("lemons and leaves", "lemons and leaves", {}),
    ("lemon and leaves", "lemon and leaves", {}),
    ("rose garden", "rose garden", {}),
    ("rose", "rose", {}),
    ("roses", "roses", {}),
    ("a rose on cream", "a rose", {"ground": "cream"}),
    ("wild rose, hand drawn", "wild rose, hand drawn", {}),
    ("rose chintz", "rose chintz", {}),
    ("olive print", "olive print", {}),
    ("cherry blossom", "cherry blossom", {}),
    (
        "cherry blossom branches, pale pink on slate gray",
        "cherry blossom branches",
        {"ground": "slate gray", "main": "pale pink"},
    ),
    ("plum blossoms on plum", "plum blossoms", {"ground": "plum"}),
    ("lavender sprigs", "lavender sprigs", {}),
    ("orange slices on mint", "orange slices", {"ground": "mint"}),
    ("pink and orange slices", "orange slices", {"main": "pink"}),
    ("lemon tree in blue and green", "lemon tree", {"main": "blue", "second": "green"}),
    ("coral reef in navy and coral", "coral reef", {"main": "navy", "second": "coral"}),
    ("violets in green grass", "violets in grass", {"main": "green"}),
    ("clouds in a blue sky", "clouds in a sky", {"main": "blue"}),
    ("forest animals on cream", "forest animals", {"ground": "cream"}),
    ("peacock feathers", "peacock feathers", {}),
    ("salmon in a river", "salmon in a river", {}),
    ("black-eyed susans", "black-eyed susans", {}),
    ("half-drop ogee", "half-drop ogee", {}),
    # The same words as colors.
    ("olive leaves", "leaves", {"main": "olive"}),
    ("rose peonies", "peonies", {"main": "rose"}),
    ("dusty rose peonies", "peonies", {"main": "dusty rose"}),
    ("dusty rose", "", {"main": "dusty rose"}),
    ("orange flowers", "flowers", {"main": "orange"}),
    ("rose and ivory stripes", "stripes", {"ground": "ivory", "main": "rose"}),
    ("turquoise and coral fish", "fish", {"main": "turquoise", "second": "coral"}),
    ("peacock blue feathers", "feathers", {"main": "peacock blue"}),
    ("forest green leaves on off-white", "leaves", {"ground": "off white", "main": "forest green"}),
    ("ferns on sage", "ferns", {"ground": "sage"}),
    # Both at once: nothing else is there to draw.
    ("lemon on white ground", "lemon", {"ground": "white", "main": "lemon"}),
]


@pytest.mark.parametrize(("prompt", "rest", "colors"), PROMPTS, ids=[row[0] for row in PROMPTS])
def test_prompt_is_read(prompt, rest, colors):
    request = read_prompt(prompt)
    assert request.rest == rest
    assert {ink.role: ink.name for ink in request.inks} == colors


@pytest.mark.parametrize(
    ("prompt", "rest", "heard"),
    [
        ("multicolored stripes", "stripes", {"many": True}),
        ("Multicoloured stripes", "stripes", {"many": True}),
        ("tone-on-tone damask", "damask", {"tonal": True}),
        ("tonal stripes", "stripes", {"tonal": True}),
        ("moody florals on a dark ground", "florals", {"moods": ("dark",), "ground_tone": "dark"}),
        ("pastel scallops", "scallops", {"moods": ("pastel",)}),
        ("leaves in earth tones", "leaves", {"moods": ("earthy",)}),
        ("autumn leaves", "autumn leaves", {"moods": ("autumn",)}),
    ],
)
def test_moods_are_heard(prompt, rest, heard):
    request = read_prompt(prompt)
    assert request.rest == rest
    assert {key: getattr(request, key) for key in heard} == heard
    assert request.inks == ()


@given(st.text(max_size=60))
def test_any_text_is_read_without_an_error(text):
    request = read_prompt(text)
    assert len({ink.role for ink in request.inks}) == len(request.inks)


@given(
    st.lists(st.sampled_from(sorted(names().ours)), min_size=1, max_size=8),
    st.sampled_from([" ", ", ", " and ", " on "]),
)
def test_any_list_of_colors_is_read_without_an_error(words, joint):
    assert len(read_prompt(joint.join(words) + " stripes").inks) <= 6


def test_a_prompt_without_colors_is_untouched():
    assert read_prompt("Two birds, in a half-drop trellis").rest == "Two birds, in a half-drop trellis"


def test_the_list_is_long_and_every_name_is_found():
    assert len(names().ours) >= 220
    assert len(names().css) >= 90
    for name in (*names().ours, *names().css):
        assert named(name) is not None, name
    for word in names().things | names().scenery:
        assert named(word) is not None, word


def test_ours_win_over_the_screen_and_modifiers_do_what_they_say():
    indigo, pale, dark = (named(name) for name in ("indigo", "light indigo", "dark indigo"))
    assert indigo is not None
    assert pale is not None
    assert dark is not None
    assert indigo.hex == "#27356b"
    assert dark.lab[0] < indigo.lab[0] - 5 < pale.lab[0] - 15
    rose, dusty = (named(name) for name in ("peony", "dusty peony"))
    assert rose is not None
    assert dusty is not None
    assert np.hypot(*dusty.lab[1:]) < 0.75 * np.hypot(*rose.lab[1:])


def test_longest_name_first():
    dusty = read_prompt("dusty rose stripes").inks[0]
    listed = named("dusty rose")
    assert listed is not None
    assert ciede2000(np.array(dusty.lab), np.array(listed.lab)) < 0.01
    assert dusty.hex == names().ours["dusty rose"]


@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_what_the_corpus_says_of_its_drawings_is_no_color(family, rng):
    for _ in range(3):
        reading = draw(rng, Grid(64, 64), family=family).attributes.reading()
        for said in {wording(reading, rng) for _ in range(8)}:
            request = read_prompt(said)
            assert (request.rest, request.inks) == (said, ())
            colored = read_prompt(f"indigo {said} on cream")
            assert {ink.name for ink in colored.inks} >= {"cream"}
