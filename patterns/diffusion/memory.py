"""When memory does not suffice: once more in parts, and if that fails too, what would fit."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import torch

from patterns.errors import CannotMake, Finding, PatternsError
from patterns.lattice import Grid, Lattice

if TYPE_CHECKING:
    from patterns.diffusion.loading import Loaded
    from patterns.diffusion.painter import Wish

_SAID = ("out of memory", "not enough memory", "can't allocate memory", "failed to allocate")
# Sizes that are tried for what would fit: a half, a quarter ... of the pixels.
_TRIED = (2, 4, 8, 16)


def sparing(
    loaded: "Loaded", wish: "Wish", draw: Callable[["Wish"], np.ndarray], *, multiple: int
) -> tuple[np.ndarray, tuple[Finding, ...]]:
    """Return what ``draw`` makes of a wish; where memory does not suffice, of a second time in parts, which is said.

    Raises CannotMake, naming the size that was tried and fits, if that does not suffice either. ``multiple`` is what
    sides must be multiples of.
    """
    found: list[np.ndarray] = []
    if not _fails(draw, wish, found):
        return found[0], ()
    from patterns.diffusion import devices

    _free()
    devices.put(loaded.pipeline, loaded.device, "low")
    if not _fails(draw, wish, found):
        said = Finding("note", "memory did not suffice, so that the model worked in parts, which is slower")
        return found[0], (said,)
    _free()
    raise CannotMake(
        f"memory does not suffice for {wish.grid.width} x {wish.grid.height} px with {loaded.record.name} in "
        f"{str(loaded.dtype).removeprefix('torch.')}, not even in parts; {_cure(loaded, wish, draw, multiple)}."
    )


def _fails(draw: Callable[["Wish"], np.ndarray], wish: "Wish", found: list[np.ndarray]) -> bool:
    """Return whether memory did not suffice; else put the result into ``found``."""
    try:
        found[:] = [draw(wish)]
    except (torch.OutOfMemoryError, MemoryError):
        return True
    except RuntimeError as error:
        if not any(said in str(error).lower() for said in _SAID):
            raise
        return True
    return False


def _cure(loaded: "Loaded", wish: "Wish", draw: Callable[["Wish"], np.ndarray], multiple: int) -> str:
    for share in _TRIED:
        grid = _smaller(wish.grid, share, multiple)
        if grid is None:
            break
        nothing = {"start": None, "strength": 1.0, "mask": None, "control": None}
        try:
            if not _fails(draw, replace(wish, grid=grid, steps=1, **nothing), []):
                return f"{grid.width} x {grid.height} px was tried and fits"
        except PatternsError:
            break
        _free()
    if loaded.dtype == torch.float32 and loaded.device.type != "cpu":
        return "--dtype bfloat16 needs half of it"
    return "a smaller model would fit"


def _smaller(grid: Grid, share: int, multiple: int) -> Grid | None:
    """Return the same lattice on about a ``share``-th of the pixels, None if there is none."""
    lattice = Lattice(grid.width, grid.height, Fraction(grid.drop, grid.height), Fraction(grid.slide, grid.width))
    found = lattice.grids(around_px=grid.width * grid.height / share, stride=multiple, count=1)
    return found[0] if found and found[0].width * found[0].height < grid.width * grid.height else None


def _free() -> None:
    import gc

    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
