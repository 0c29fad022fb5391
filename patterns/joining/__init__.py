"""Pictures that do not repeat, joined on a lattice by exact cuts; repeats found in photographed cloth."""

from patterns.joining.cut import Cut, closed_cut, open_cut
from patterns.joining.cutting import Clean, clean_tile, whole_grid
from patterns.joining.judged import Quality, quality
from patterns.joining.light import evened, unevenness
from patterns.joining.repeat import Repeat, find_repeat
from patterns.joining.seam import LEAST_BAND, Joined, covering, join
from patterns.joining.torus import energy

__all__ = [
    "LEAST_BAND",
    "Clean",
    "Cut",
    "Joined",
    "Quality",
    "Repeat",
    "clean_tile",
    "closed_cut",
    "covering",
    "energy",
    "evened",
    "find_repeat",
    "join",
    "open_cut",
    "quality",
    "unevenness",
    "whole_grid",
]
