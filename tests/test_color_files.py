"""Palettes given as text and as files, read and written."""

import json

import numpy as np
import pytest

from patterns import presets
from patterns.color import Ink, Palette, ciede2000
from patterns.color.files import ase_bytes, gpl_text, palette_of_text, read_palette
from patterns.errors import InputError, PresetError


def written(folder, name, content):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize(
    "text",
    ["#f3ead7,#27356b", "f3ead7, 27356b", "#F3EAD7 #27356B", "#f3ead7;#27356b", " cream, indigo ", "#f3ead7\n#27356b"],
)
def test_a_list_of_colors_is_a_palette(text):
    assert [ink.hex for ink in presets.palette_from(text).inks] == ["#f3ead7", "#27356b"]


def test_short_hex_is_doubled():
    assert palette_of_text("#fff,#a1c").inks[1].hex == "#aa11cc"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("#f3ead7,#27356", "'#27356' is not a color"),
        ("#f3ead7,#zzzzzz", "'#zzzzzz' is not a color"),
        ("cream,blorple", "'blorple' is not a color"),
        (",,", "no color in it"),
        (",".join(["#123456"] * 33), "33 colors; a palette has at most 32"),
        ("missing/palette.gpl", "cannot be read: No such file"),
        ("palette.ase", "cannot be read: No such file"),
    ],
)
def test_what_is_no_palette_is_refused_in_one_sentence(text, said):
    with pytest.raises(InputError, match=said):
        presets.palette_from(text)


def test_an_unknown_name_names_the_nearest():
    with pytest.raises(PresetError, match="'indigo-hose'; the nearest are indigo-house"):
        presets.palette_from("indigo-hose")


def test_a_preset_name_is_its_palette():
    assert presets.palette_from("indigo-house") == presets.palette("indigo-house")


def test_gpl_comes_back_to_8_bits(tmp_path):
    palette = presets.palette("madder-root")
    back = presets.palette_from(str(written(tmp_path, "roots.gpl", gpl_text(palette))))
    assert np.array_equal(back.srgb8(), palette.srgb8())
    assert [ink.name for ink in back.inks] == [ink.name for ink in palette.inks]
    assert back.name == "roots"


def test_ase_comes_back_to_float32_even_outside_srgb(tmp_path):
    wild = Ink("réseda außen", (60.0, -90.0, 40.0))
    palette = Palette((*presets.palette("sea-glass").inks, wild))
    back = read_palette(written(tmp_path, "wild.ase", ase_bytes(palette)))
    np.testing.assert_allclose(back.lab(), palette.lab(), atol=2e-5)
    assert back.inks[-1].name == "réseda außen"


@pytest.mark.parametrize("cut", [5, 13, 40, -1, -9])
def test_a_cut_ase_is_refused(tmp_path, cut):
    data = ase_bytes(presets.palette("sea-glass"))[:cut]
    with pytest.raises(InputError, match="cut or damaged"):
        read_palette(written(tmp_path, "cut.ase", data))


def test_an_ase_in_cmyk_is_refused_because_it_has_no_color_of_its_own(tmp_path):
    data = ase_bytes(presets.palette("sea-glass")).replace(b"LAB ", b"CMYK")
    with pytest.raises(InputError, match="is in CMYK"):
        read_palette(written(tmp_path, "press.ase", data))


def test_json_in_the_forms_that_people_write(tmp_path):
    lab = Ink("indigo", (23.5, 12.0, -33.0))
    for content in (
        ["#f3ead7", "#27356b"],
        {"colors": ["cream", "indigo"]},
        {"inks": [{"name": "cream", "hex": "#f3ead7", "role": "ground"}, {"name": "indigo", "lab": list(lab.lab)}]},
    ):
        palette = read_palette(written(tmp_path, "p.json", json.dumps(content)))
        assert palette.inks[0].hex == "#f3ead7"
    assert palette.inks[1] == lab
    assert palette.inks[0].role == "ground"


def test_hex_lists_with_remarks(tmp_path):
    text = "; a palette\n# bare cloth first\n#f3ead7\n27356b\n\n// the end\n"
    assert [ink.hex for ink in read_palette(written(tmp_path, "p.hex", text)).inks] == ["#f3ead7", "#27356b"]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.gpl", "GIMP Palette\nName: x\n300 0 0\tred\n", "line 3: .* is not three numbers from 0 to 255"),
        ("a.gpl", "GIMP Pal", "does not begin with 'GIMP Palette'"),
        ("a.gpl", "GIMP Palette\nName: x\n", "no color in it"),
        ("a.json", '["#f3ead7", "#27', "no complete JSON"),
        ("a.json", '{"tones": []}', "holds no list of colors"),
        ("a.json", '[{"hex": 4}]', "color 1 has neither 'hex' nor a 'lab'"),
        ("a.json", '[{"lab": [900, 0, 0]}]', "not a Lab color"),
        ("a.json", '[{"lab": [NaN, 0, 0]}]', "not a Lab color"),
        ("a.json", "[" * 100_000, "no complete JSON"),
        ("a.txt", "#f3ead7\nhello world\n", "line 2: 'hello world' is not a color"),
        ("a.txt", b"\x89PNG\r\n\x1a\n\xff", "neither text nor .ase"),
        ("a.txt", "#123456\n" * 40, "40 colors; a palette has at most 32"),
        ("a.txt", "", "no color in it"),
        ("a.hex", "0" * (5 * 2**20), "5 MB; that is no palette"),
    ],
)
def test_bad_files_are_refused_in_one_sentence(tmp_path, name, content, said):
    with pytest.raises(InputError, match=said):
        presets.palette_from(str(written(tmp_path, name, content)))


def test_a_folder_is_no_palette(tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        presets.palette_from(f"{tmp_path}/")


def test_nearest_and_arrays():
    palette = presets.palette("indigo-house")
    assert list(palette.nearest(palette.lab())) == list(range(6))
    assert palette.srgb8().dtype == np.uint8
    assert palette.linear_rgb().dtype == np.float32
    assert palette.linear_rgb().shape == (6, 3)
    assert palette.differences()[0, 1] == pytest.approx(ciede2000(palette.lab()[0], palette.lab()[1]))
    assert palette_of_text(palette.hexes).hexes == palette.hexes
