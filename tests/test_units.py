"""Lengths as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patterns.errors import InputError
from patterns.units import METRIC_DPI, MM_PER_UNIT, dpi_to_px_per_mm, format_mm, parse_length, parse_size

units = st.sampled_from(sorted(MM_PER_UNIT))
numbers = st.decimals("0.01", "900", places=2)


@given(numbers, units, st.sampled_from(["", " ", "  "]), st.booleans())
def test_a_length_is_its_number_times_its_unit(number, unit, gap, capital) -> None:
    text = f" {number}{gap}{unit.upper() if capital else unit}"
    assert parse_length(text) == pytest.approx(float(number) * MM_PER_UNIT[unit])


@given(numbers, numbers, units, st.sampled_from(["x", " x ", "×", " X"]), st.booleans())
def test_a_size_is_two_lengths(width, height, unit, cross, both) -> None:
    size = parse_size(f"{width}{unit if both else ''}{cross}{height}{unit}")
    assert size == pytest.approx((float(width) * MM_PER_UNIT[unit], float(height) * MM_PER_UNIT[unit]))


@given(st.floats(0.1, 1e5))
def test_what_is_formatted_can_be_parsed(length_mm: float) -> None:
    assert parse_length(format_mm(length_mm)) == pytest.approx(length_mm, rel=1e-3)


@pytest.mark.parametrize(
    ("text", "mm"),
    [("64cm", 640), ("25.25in", 641.35), ('25.25"', 641.35), ("1.5 m", 1500), (".5in", 12.7), ("72pt", 25.4)],
)
def test_known_lengths(text: str, mm: float) -> None:
    assert parse_length(text) == pytest.approx(mm)


@pytest.mark.parametrize("text", ["", "64", "cm", "-4cm", "64 furlongs", "0cm", "2000m", "4..5cm", "nan cm", "1e3cm"])
def test_bad_lengths_say_what_to_write(text: str) -> None:
    with pytest.raises(InputError, match=r"write for example 64cm|lengths lie between") as raised:
        parse_length(text)
    assert repr(text) in str(raised.value)


@pytest.mark.parametrize("text", ["", "x", "64cmx", "1cm x 2cm x 3cm", "3x4"])
def test_bad_sizes(text: str) -> None:
    with pytest.raises(InputError):
        parse_size(text)


def test_one_length_is_a_square() -> None:
    assert parse_size("64cm") == (640, 640)


@pytest.mark.parametrize("dpi", METRIC_DPI)
def test_metric_resolutions_make_millimeters_whole_pixels(dpi: float) -> None:
    assert dpi_to_px_per_mm(dpi) == pytest.approx(round(dpi_to_px_per_mm(dpi)), abs=1e-12)
