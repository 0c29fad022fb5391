"""Inks as process colors: what cyan, magenta, yellow and black print each ink of a palette on a printing condition.

An ink's Lab is taken relative to the paper's white (media-relative colorimetric, ICC.1:2022, 6.2.3), so that a white
ground stays bare; no black point is moved. A color that the condition cannot print becomes what the profile's own
table gives for it.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from patterns import presets
from patterns.color import Palette
from patterns.color.icc import Profile, parse_profile, read_profile
from patterns.errors import InputError

# Ours: offset on coated paper, not cloth; see presets/profiles/README.md.
_FOGRA39 = "fogra39-coated-paper.icc"
FOGRA39_NAME = "Fogra39, offset on coated paper"


@dataclass(frozen=True, slots=True, eq=False)
class Condition:
    """A printing condition that CMYK files are made for: the profile, and its file's bytes to embed.

    ``ours`` says that nobody named one, so that it is a paper condition and not this cloth.
    """

    profile: Profile
    data: bytes
    ours: bool

    def __post_init__(self) -> None:
        refuse_unless_cmyk(self.profile)

    @property
    def description(self) -> str:
        """The profile's own name; of ours, what it is."""
        return FOGRA39_NAME if self.ours else self.profile.description


def read_condition(path: Path | None = None) -> Condition:
    """Return the condition in an ICC file, or Fogra39; InputError if it is no output profile of a CMYK press."""
    file = presets.folder("fabrics").parent / "profiles" / _FOGRA39 if path is None else path.expanduser()
    read_profile(file)
    data = file.read_bytes()
    return Condition(parse_profile(data, file.name), data, path is None)


def process_inks(palette: Palette, profile: Profile) -> np.ndarray:
    """Return the CMYK of each ink, (K, 4) float64 in 0-1, 1 the full channel; InputError if the press is not CMYK."""
    refuse_unless_cmyk(profile)
    return profile.backward(profile.backward.encoded(palette.lab()))


def refuse_unless_cmyk(profile: Profile) -> None:
    """Raise InputError unless a profile's press prints in cyan, magenta, yellow and black."""
    if profile.space != "CMYK":
        raise InputError(
            f"{profile.name} is for a press that is driven in {profile.space}; CMYK files need a profile of a CMYK "
            "press. For other presses deliver sRGB or one plate for each ink."
        )
