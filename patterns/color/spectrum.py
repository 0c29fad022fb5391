"""Reflectance spectra, and the Lab they give under a CIE illuminant to a CIE observer.

The tables are those of ``cie.csv``, every 5 nm from 380 to 780 nm; it names its source and license.
"""

import csv
import math
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

import numpy as np

from patterns.color.spaces import lab_of_ratios
from patterns.color.view import View
from patterns.errors import InputError

# A reflectance has to reach over most of what the eye sees; the rest is held at its end values (CIE 15:2018, 7.2.2).
_FIRST_NM, _LAST_NM = 420.0, 680.0
_MOST_VALUES = 2000
# Fluorescent dyes send back more than they get; ten times as much is no reflectance but a percentage.
_MOST_REFLECTED = 4.0


@dataclass(frozen=True, slots=True)
class Spectrum:
    """Reflectance factors (1 is a perfect white), from ``start_nm`` on, every ``step_nm``."""

    start_nm: float
    step_nm: float
    values: tuple[float, ...]

    def __post_init__(self) -> None:
        if not (
            1 <= self.step_nm <= 20 and 200 <= self.start_nm <= _FIRST_NM and 2 <= len(self.values) <= _MOST_VALUES
        ):
            raise InputError(
                f"a spectrum from {self.start_nm:g} nm every {self.step_nm:g} nm with {len(self.values)} values gives "
                f"no color; it begins at {_FIRST_NM:g} nm or before, every 1 to 20 nm."
            )
        if self.start_nm + self.step_nm * (len(self.values) - 1) < _LAST_NM:
            raise InputError(
                f"a spectrum that ends at {self.start_nm + self.step_nm * (len(self.values) - 1):g} nm gives no color; "
                f"it has to reach {_LAST_NM:g} nm."
            )
        if not all(math.isfinite(v) and -0.1 <= v <= _MOST_REFLECTED for v in self.values):
            raise InputError(f"reflectances lie between 0 and 1 (at most {_MOST_REFLECTED:g} if fluorescent).")

    def lab(self, view: View) -> tuple[float, float, float]:
        """Return the CIE Lab that this reflectance has in a view (CIE 15:2018, sections 7 and 8.2)."""
        return _lab(self, view)

    def at(self, nanometers: np.ndarray) -> np.ndarray:
        """Return the reflectance at wavelengths (N,), by a cubic spline; end values are held beyond the ends."""
        from scipy.interpolate import CubicSpline

        given = self.start_nm + self.step_nm * np.arange(len(self.values))
        inside = np.clip(nanometers, given[0], given[-1])
        return np.asarray(CubicSpline(given, np.array(self.values))(inside))

    def to_json(self) -> dict[str, Any]:
        """Return the spectrum as JSON values."""
        start, step, *values = (float(v) for v in (self.start_nm, self.step_nm, *self.values))
        return {"start_nm": start, "step_nm": step, "values": values}

    @classmethod
    def from_json(cls, data: Any) -> "Spectrum":
        """Return the spectrum of JSON values; InputError if they are none."""
        if not isinstance(data, dict) or set(data) != {"start_nm", "step_nm", "values"}:
            raise InputError("a spectrum is an object with 'start_nm', 'step_nm' and 'values'.")
        numbers = [data["start_nm"], data["step_nm"], *(data["values"] if isinstance(data["values"], list) else [None])]
        if not all(type(v) in (int, float) and not abs(v) >= 1e9 for v in numbers):
            raise InputError("a spectrum's 'start_nm', 'step_nm' and 'values' are numbers.")
        start, step, *values = (float(v) for v in numbers)
        return cls(start, step, tuple(values))


@lru_cache(maxsize=4096)
def _lab(spectrum: Spectrum, view: View) -> tuple[float, float, float]:
    nanometers, weights = _weights(view)
    ratios = spectrum.at(nanometers) @ weights
    lightness, a, b = (float(v) for v in lab_of_ratios(ratios))
    return lightness, a, b


@lru_cache(maxsize=32)
def _weights(view: View) -> tuple[np.ndarray, np.ndarray]:
    """Return wavelengths (81,) and weights (81, 3) that give X, Y, Z of a reflectance, each 1 for a perfect white."""
    table = _table()
    matching = np.stack([table[f"{axis}{view.observer}"] for axis in "xyz"], axis=1)
    weights = matching * table[view.illuminant][:, None]
    return table["nm"], weights / weights.sum(axis=0)


@lru_cache(maxsize=1)
def _table() -> dict[str, np.ndarray]:
    text = resources.files("patterns.color").joinpath("cie.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
    records = list(rows)
    return {name: np.array([float(record[name]) for record in records]) for name in records[0]}
