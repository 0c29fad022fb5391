"""Swatch files, one module a format: bytes or text to inks and back. ``patterns.color.files`` is their face.

A reader yields inks and raises InputError, naming the file, on what is cut, damaged or no color of its own; none reads
further than its bytes go. Names keep what can be written in every format: control characters and half surrogates
become spaces.
"""

import re
from collections.abc import Iterable

import numpy as np

from patterns.color.ink import Ink
from patterns.color.spaces import srgb_to_lab

# A swatch's name in any of the programs is far shorter.
_LONGEST_NAME = 200
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]+")


def ink_name(text: str) -> str:
    """Return a name as it can be written in every format; empty if nothing is left."""
    return _UNPRINTABLE.sub(" ", text[: 4 * _LONGEST_NAME]).strip()[:_LONGEST_NAME].rstrip()


def lab_ink(lab: Iterable[float], name: str, role: str = "") -> Ink:
    """Return the ink of CIE Lab under D50 with the 2-degree observer."""
    lightness, a, b = (float(v) for v in lab)
    return Ink(ink_name(name) or "unnamed", (lightness, a, b), ink_name(role))


def srgb_ink(encoded: Iterable[float], name: str, role: str = "") -> Ink:
    """Return the ink of sRGB-encoded values in 0-1, clipped to it; without a name it is called by its hex."""
    lab = srgb_to_lab(np.clip(np.nan_to_num(np.array(list(encoded), dtype=np.float64)), 0, 1))
    ink = lab_ink(lab, name, role)
    return ink if ink_name(name) else Ink(ink.hex, ink.lab, ink.role)
