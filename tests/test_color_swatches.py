"""Swatch files of other programs, laid out here byte by byte from the published formats; and files that are none."""

import contextlib
import resource
import struct
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from patterns import presets
from patterns.color.files import KINDS, palette_bytes, read_palette, write_palette
from patterns.color.ink import D50_2, D65_10, Ink, Palette, Spectrum
from patterns.color.swatches.cxf import cxf_bytes
from patterns.errors import InputError

SPECTRUM = Spectrum(400, 20, tuple(0.1 + 0.04 * i for i in range(16)))
# One of every thing that a format may lose: outside sRGB, another view, a spectrum, a name full of syntax.
WILD = Palette(
    (
        Ink("milk", (96.5, 0.25, 5.5), "ground"),
        Ink("réséda", (60.0, -90.0, 40.0), "main"),
        Ink('5" <b> */ & co; {x}', (40.0, 20.0, -30.0)),
        Ink.of_spectrum("measured", SPECTRUM, view=D65_10),
        Ink("quoted", (40.0, 20.0, -30.0), view=D65_10),
    ),
    "wild",
    ("bright",),
)

# Adobe Swatch Exchange: "ASEF", version 1.0, four blocks: a group, an RGB, a Gray and a Lab color.
ASE = bytes.fromhex(
    "41534546 0001 0000 00000004"
    "c001 00000008 0003 006d 0079 0000"  # group "my"
    "0001 0000001c 0004 0052 0065 0064 0000 52474220 3f800000 00000000 00000000 0002"  # "Red", RGB 1 0 0, process
    "0001 00000014 0004 004d 0069 0064 0000 47726179 3f19999a 0000"  # "Mid", Gray 0.6, global
    "0001 0000001a 0003 0049 006e 0000 4c414220 3ecccccd 41a00000 c1f00000 0001"  # "In", LAB 0.4 20 -30, spot
)
# Photoshop 7's own: version 1 and 2 with "Swatch 1" red and "Swatch 2" green; a Lab and an HSB of version 1 only.
ACO = bytes.fromhex(
    "0001 0002 0000 ffff 0000 0000 0000 0000 0000 ffff 0000 0000"
    "0002 0002 0000 ffff 0000 0000 0000 00000009 0053 0077 0061 0074 0063 0068 0020 0031 0000"
    "          0000 0000 ffff 0000 0000 00000009 0053 0077 0061 0074 0063 0068 0020 0032 0000"
)
# L* 40.00, a* 20.00, b* -30.00 in hundredths; hue 120 degrees, full; gray 60 %.
ACO1 = bytes.fromhex("0001 0003 0007 0fa0 07d0 f448 0000 0001 5555 ffff ffff 0000 0008 1770 0000 0000 0000")
GPL = "GIMP Palette\nName: Two\nColumns: 4\n#\n255   0   0\tRed\n  0 255   0\tpure  green \n 18  52  86\n"
CSS = """/* brand */ @charset "utf-8";
:root { --ruby-red: #981f3c; --clear: none; --gap: 4px;
  --sky: lab(73.5% 10 -20.5); --h: hsl(120deg 100% 50%); $sass_one: rgb(255, 0, 0); @less: oklch(0.6 0.1 40) }
a:hover { color: red; --dusk: lch(40 30 270); /* a remark
*/ --named: rebeccapurple; }
@media (min-width: 3px) { :root { --last: #abc } }"""
# As X-Rite's ColorPort writes CxF3, with the figures of its first color.
CXF = """<?xml version="1.0" encoding="UTF-8"?>
<cc:CxF xmlns:cc="http://colorexchangeformat.com/CxF3-core" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
 <cc:FileInformation><cc:Creator>X-Rite, Inc.</cc:Creator></cc:FileInformation>
 <cc:Resources><cc:ObjectCollection>
  <cc:Object ObjectType="Target" Name="both" Id="1"><cc:ColorValues>
   <cc:ColorCIELab ColorSpecification="CS1"><cc:L>17.64167</cc:L><cc:A>1.076669</cc:A><cc:B>0.3338588</cc:B>
   </cc:ColorCIELab>
   <cc:ColorSRGB ColorSpecification="CS1"><cc:R>0</cc:R><cc:G>0</cc:G><cc:B>0</cc:B></cc:ColorSRGB>
   <cc:ReflectanceSpectrum StartWL="380" ColorSpecification="CS1">0.0179408 0.0189865 0.0196141 0.0201604 0.0208783
    0.0202765 0.0213902 0.0232448 0.0251621 0.0264493 0.0270566 0.0270034 0.026543 0.0255919 0.0244324 0.0238113
    0.023676 0.0232761 0.0225849 0.0227898 0.0235763 0.0242324 0.0245493 0.024855 0.0254194 0.026301 0.0278601
    0.0301097 0.0334874 0.0381948 0.0448929</cc:ReflectanceSpectrum></cc:ColorValues></cc:Object>
  <cc:Object ObjectType="Standard" Name="mill" Id="2"><cc:ColorValues>
   <cc:ColorCIELab ColorSpecification="CS2"><cc:L>40</cc:L><cc:A>20</cc:A><cc:B>-30</cc:B></cc:ColorCIELab>
   </cc:ColorValues></cc:Object>
  <cc:Object ObjectType="Standard" Name="screen" Id="3"><cc:ColorValues>
   <cc:ColorSRGB ColorSpecification="CS1"><cc:R>39</cc:R><cc:G>53</cc:G><cc:B>107</cc:B></cc:ColorSRGB>
   </cc:ColorValues></cc:Object>
  <cc:Object ObjectType="Standard" Name="white" Id="4"><cc:ColorValues>
   <cc:ColorCIEXYZ ColorSpecification="CS1"><cc:X>96.42</cc:X><cc:Y>100</cc:Y><cc:Z>82.49</cc:Z></cc:ColorCIEXYZ>
   </cc:ColorValues></cc:Object>
  <cc:Object ObjectType="Standard" Name="polar" Id="5"><cc:ColorValues>
   <cc:ColorCIELCh ColorSpecification="none"><cc:L>50</cc:L><cc:C>10</cc:C><cc:H>90</cc:H></cc:ColorCIELCh>
   </cc:ColorValues></cc:Object>
 </cc:ObjectCollection><cc:ColorSpecificationCollection>
  <cc:ColorSpecification Id="CS1"><cc:TristimulusSpec><cc:Illuminant>D50</cc:Illuminant>
   <cc:Observer>2_Degree</cc:Observer><cc:Method>E308_Table5</cc:Method></cc:TristimulusSpec>
   <cc:MeasurementSpec><cc:MeasurementType>Spectrum_Reflectance</cc:MeasurementType>
   <cc:WavelengthRange StartWL="380" Increment="10"/></cc:MeasurementSpec></cc:ColorSpecification>
  <cc:ColorSpecification Id="CS2"><cc:TristimulusSpec><cc:Illuminant>D65</cc:Illuminant>
   <cc:Observer>10_Degree</cc:Observer></cc:TristimulusSpec></cc:ColorSpecification>
 </cc:ColorSpecificationCollection></cc:Resources></cc:CxF>"""


def opened(folder, name, content):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_palette(path)


def test_a_swatch_exchange_file_is_read_byte_by_byte(tmp_path):
    red, mid, ink = opened(tmp_path, "a.ase", ASE).inks
    assert [(i.name, i.hex) for i in (red, mid)] == [("Red", "#ff0000"), ("Mid", "#999999")]
    assert ink.name == "In"
    np.testing.assert_allclose(ink.lab, (40, 20, -30), atol=2e-6)


def test_photoshop_swatches_are_read_byte_by_byte(tmp_path):
    assert [(i.name, i.hex) for i in opened(tmp_path, "a.aco", ACO).inks] == [
        ("Swatch 1", "#ff0000"),
        ("Swatch 2", "#00ff00"),
    ]
    only_two = opened(tmp_path, "b.aco", ACO[24:])
    assert [i.name for i in only_two.inks] == ["Swatch 1", "Swatch 2"]
    assert [i.hex for i in opened(tmp_path, "c.aco", ACO[:24]).inks] == ["#ff0000", "#00ff00"]
    lab, green, gray = opened(tmp_path, "d.aco", ACO1).inks
    assert lab.lab == (40.0, 20.0, -30.0)
    assert (green.hex, gray.hex) == ("#00ff00", "#999999")


def test_a_gimp_palette_and_a_style_sheet_are_read(tmp_path):
    assert [(i.name, i.hex) for i in opened(tmp_path, "a.gpl", GPL).inks] == [
        ("Red", "#ff0000"),
        ("pure  green", "#00ff00"),
        ("#123456", "#123456"),
    ]
    inks = {ink.name: ink for ink in opened(tmp_path, "a.css", CSS).inks}
    assert list(inks) == ["ruby red", "sky", "h", "sass one", "less", "dusk", "named", "last"]
    assert inks["sky"].lab == (73.5, 10.0, -20.5)
    np.testing.assert_allclose(inks["dusk"].lab, (40, 0, -30), atol=1e-9)
    assert [inks[n].hex for n in ("ruby red", "h", "sass one", "less", "named", "last")] == [
        "#981f3c",
        "#00ff00",
        "#ff0000",
        "#b36b51",
        "#663399",
        "#aabbcc",
    ]


def test_cxf_carries_spectra_light_and_observer(tmp_path):
    both, mill, screen, white, polar = opened(tmp_path, "a.cxf", CXF).inks
    assert (both.lab, both.view) == ((17.64167, 1.076669, 0.3338588), D50_2)
    assert both.spectrum is not None
    # X-Rite's own Lab of this spectrum, by its own table.
    np.testing.assert_allclose(both.spectrum.lab(D50_2), both.lab, atol=0.1)
    assert (mill.lab, mill.view, mill.approximate) == ((40.0, 20.0, -30.0), D65_10, False)
    assert screen.hex == "#27356b"
    np.testing.assert_allclose(white.lab, (100, 0, 0), atol=1e-9)
    assert polar.approximate  # the file does not say under which light
    np.testing.assert_allclose(polar.lab, (50, 0, 10), atol=1e-9)


# What comes back, at worst: Lab of float32, in hundredths, of 8 bits, as written, exactly.
PRECISION = {"ase": 1e-5, "aco": 0.005001, "aco1": 0.005001, "css": 5.1e-5, "cxf": 5.1e-6, "json": 0.0}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_comes_back_to_its_precision(tmp_path, kind):
    path = tmp_path / f"wild.{kind[:3] if kind != 'json' else kind}"
    found = write_palette(WILD, path, kind)
    back = read_palette(path)
    assert back.name == "wild"
    if kind != "aco1":
        assert [ink.name for ink in back.inks] == [ink.name for ink in WILD.inks]
    if kind == "gpl":
        assert np.array_equal(back.srgb8(), WILD.srgb8())
        assert "'réséda' lies outside sRGB" in found[0].message
        assert found[0].severity == "warning"
    else:
        np.testing.assert_allclose(back.lab(), WILD.lab(), atol=PRECISION[kind])
    if kind in {"json", "cxf"}:
        assert not found
        assert [ink.view for ink in back.inks] == [ink.view for ink in WILD.inks]
        assert back.inks[3].spectrum is not None
        assert [ink.role for ink in back.inks] == [ink.role for ink in WILD.inks]
    else:
        assert ["approximate" in f.message for f in found if "D65/10" in f.message] == [True]
        assert any("no spectra: that of 'measured'" in f.message for f in found)
    if kind == "json":
        assert back.inks == WILD.inks
    assert not list(tmp_path.glob(".*"))


def test_palettes_inside_srgb_are_written_without_a_finding():
    palette = presets.palette("sea-glass")
    assert all(palette_bytes(palette, kind)[1] == () for kind in KINDS)


def test_aco_says_when_a_and_b_do_not_fit(tmp_path):
    far = Palette((Ink("laser", (60.0, -150.0, 100.0)),))
    (found,) = write_palette(far, tmp_path / "far.aco")
    assert "'laser' lies beyond the a and b of 128" in found.message
    assert read_palette(tmp_path / "far.aco").inks[0].lab == (60.0, -128.0, 100.0)


def test_cxf_is_the_same_bytes_at_the_same_time():
    time = datetime(2026, 1, 2, tzinfo=UTC)
    assert cxf_bytes(WILD, created=time) == cxf_bytes(WILD, created=time)
    assert b"2026-01-02T00:00:00+00:00" in cxf_bytes(WILD, created=time)


def test_writing_refuses_what_it_cannot(tmp_path):
    with pytest.raises(InputError, match="not written as 'xls'; they are as ase, aco"):
        write_palette(WILD, tmp_path / "a.xls")
    with pytest.raises(InputError, match="cannot be written to"):
        write_palette(WILD, tmp_path / "no" / "a.ase")


LAUGHS = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">' + "<!ENTITY b '&a;&a;&a;&a;'>" + "]><CxF>&b;</CxF>"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.ase", b"ASEF" + struct.pack(">HHI", 1, 0, 2**32 - 1), "cut or damaged"),
        ("a.ase", ASE.replace(b"RGB ", b"CMYK"), "is in CMYK, which has no color of its own"),
        ("a.ase", b"\0\1\0\1", "does not begin as a swatch exchange file"),
        ("a.aco", ACO.replace(b"\0\0\xff\xff\0\0", b"\0\2\xff\xff\0\0"), "is in CMYK"),
        ("a.aco", b"\0\1\0\1\0\3" + bytes(8), r"a numbered system \(space 3\)"),
        ("a.aco", b"\0\7\0\1", "says version 7"),
        ("a.aco", b"\0\1\xff\xff", "cut or damaged"),
        ("a.css", ":root { --x: #11223344 }", "see-through \\(27%\\)"),
        ("a.css", ":root { --x: #112233; /* no end", "remark in it has no end"),
        ("a.css", "a { color: red }", "no color in it"),
        ("a.cxf", LAUGHS, "a document type or entities"),
        ("a.cxf", "<CxF>" + "<a>" * 200_000, "more than 40 deep"),
        ("a.cxf", CXF[:2000], "cut or damaged"),
        ("a.cxf", "<svg/>", "not a CxF file: it begins with <svg>"),
        ("a.cxf", CXF.replace("<cc:L>40</cc:L>", "<cc:L>forty</cc:L>"), "'mill' is damaged: its L, A, B"),
        ("a.cxf", CXF.replace("D65<", "Candle<"), "'mill' is seen under 'Candle 10_Degree'"),
        ("a.cxf", CXF.replace('Increment="10"', ""), "'both' has a spectrum without"),
        ("a.cxf", CXF.replace("0.0448929", "44.8"), "'both': reflectances lie between 0 and 1"),
        ("a.cxf", CXF.replace("ColorCIELCh", "ColorHSL"), "'polar' has no color of its own"),
        ("a.json", '[{"lab": [1' + "0" * 400 + ", 0, 0]}]", "three numbers"),
        ("a.json", '[{"lab": [50, 0, 0], "view": "D65/4"}]', "no color can be seen"),
        ("a.json", '{"palette": {"inks": 7}}', "holds no list"),
    ],
)
def test_bad_swatch_files_are_refused_in_one_sentence(tmp_path, name, content, said):
    with pytest.raises(InputError, match=said) as caught:
        opened(tmp_path, name, content)
    assert name in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.css", "/*" * 2**20),
        ("a.css", "--a:#fff;" + "x/**/" * 2**19),
        ("a.css", "--a:#fff;" * 2**18),
        ("a.txt", "#fff\n" * 2**19),
        ("a.txt", "fff   " * 2**19 + "x"),
        ("a.txt", "fff," * 2**19),
        ("a.gpl", "GIMP Palette\n" + "1 2 3\n" * 2**19),
        ("a.json", "[" + '"#fff",' * 2**18 + '"#fff"]'),
        ("a.ase", b"ASEF" + struct.pack(">HHI", 1, 0, 2**20) + (ASE[60:86] * 2**16)),
        ("a.aco", b"\0\1\xff\xff" + bytes(10 * 65535)),
        ("a.cxf", "<CxF><Resources><ObjectCollection>" + "<Object Name='x'/>" * 2**16),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 6 else "bomb",
)
def test_large_files_end_soon_and_in_bounded_memory(tmp_path, name, content):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with contextlib.suppress(InputError):
        opened(tmp_path, name, content)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200 * 1024


SAMPLES = {"ase": ASE, "aco": ACO, "gpl": GPL.encode(), "css": CSS.encode(), "cxf": CXF.encode()}
SAMPLES |= {"json": palette_bytes(WILD, "json")[0], "txt": b"#f3ead7, indigo\n27356b"}
CALM = settings(deadline=None, max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])


@st.composite
def spoiled(draw):
    """A sample of a kind, cut, with bytes changed, or not a sample at all."""
    kind = draw(st.sampled_from(sorted(SAMPLES)))
    data = bytearray(SAMPLES[kind])
    data = data[: draw(st.integers(0, len(data)))] if draw(st.booleans()) else data
    for _ in range(draw(st.integers(0, 4)) if data else 0):
        data[draw(st.integers(0, len(data) - 1))] = draw(st.integers(0, 255))
    suffix = draw(st.sampled_from([kind, kind, kind, *sorted(SAMPLES), "pal"]))
    return suffix, bytes(data) if draw(st.integers(0, 4)) else draw(st.binary(max_size=80))


@CALM
@given(spoiled())
def test_whatever_is_in_a_file_it_is_a_palette_or_one_sentence(tmp_path, made):
    suffix, data = made
    palette = None
    with contextlib.suppress(InputError):
        palette = opened(tmp_path, f"a.{suffix}", data)
    if palette is None:
        return
    assert 1 <= len(palette) <= 32
    for kind in KINDS:
        assert palette_bytes(palette, kind)[0]


@CALM
@given(st.text(max_size=60), st.text(max_size=20))
def test_any_name_is_written_and_read_in_every_kind(tmp_path, name, role):
    palette = Palette((Ink(name, (50.0, 10.0, 10.0), role), Ink("x", (90.0, 0.0, 0.0))), name)
    for kind in KINDS:
        suffix = "aco" if kind == "aco1" else kind
        back = opened(tmp_path, f"a.{suffix}", palette_bytes(palette, kind)[0])
        np.testing.assert_allclose(back.lab(), palette.lab(), atol=0.6 if kind == "gpl" else 0.006)
