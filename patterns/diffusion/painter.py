"""Drawing on a lattice with any text-to-image pipeline of diffusers: ``paint(loaded, Wish(...)) -> Painted``.

The pipeline's own ``__call__`` runs: its text encoders, its packing, its scheduler and its decoder. For the time of the
call its networks are wrapped on the lattice and its steps are steered (``steering.py``).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

from patterns.diffusion import guides, symmetric
from patterns.diffusion.asking import asked, questionable
from patterns.diffusion.latents import encoded
from patterns.diffusion.memory import sparing
from patterns.diffusion.networks import latent_grid, multiple, on_lattice, refuse_size
from patterns.diffusion.noise import Chance
from patterns.diffusion.steering import Course, Rehearsed, steered
from patterns.diffusion.strides import total_stride
from patterns.errors import CannotMake, Finding, InputError
from patterns.lattice import Grid

if TYPE_CHECKING:
    from patterns.diffusion.loading import Loaded

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Wish:
    """What a picture model is asked for, on the image's pixel grid.

    ``start`` (H, W, 3) sRGB 0-1 is a picture to begin with, changed by ``strength`` in 0-1; ``mask`` (H, W) bool says
    where it may change at all: every other pixel stays the same bits. ``control`` is a drawing for a ControlNet, heard
    by ``control_weight``, ``reference`` a picture whose manner is followed by ``reference_weight`` (``guides.py``).
    None: as the model's record says. InputError if they do not belong together.
    """

    prompt: str
    grid: Grid
    seed: int
    steps: int | None = None
    guidance: float | None = None
    negative: str = ""
    symmetry: str = "p1"
    start: np.ndarray | None = None
    strength: float = 1.0
    mask: np.ndarray | None = None
    control: np.ndarray | None = None
    reference: np.ndarray | None = None
    reference_weight: float = 0.6
    control_weight: float = 0.8

    def __post_init__(self) -> None:
        if not 0 <= self.strength <= 1:
            raise InputError(
                f"the strength is a share from 0 (nothing changes) to 1 (all does), not {self.strength:g}."
            )
        if self.strength < 1 and self.start is None:
            raise InputError("a strength below 1 needs a picture to start from.")
        if self.mask is not None and self.start is None:
            raise InputError("a mask needs a picture of which it says where it may change.")
        self._refuse_other_size("picture to start from", self.start, 3)
        self._refuse_other_size("mask", self.mask, 2)
        self._refuse_other_size("sketch", self.control, 3)
        if self.mask is not None and self.mask.dtype != bool:
            raise InputError(f"a mask is true where the picture may change, and has no {self.mask.dtype} values.")

    def _refuse_other_size(self, what: str, picture: np.ndarray | None, axes: int) -> None:
        if picture is None:
            return
        size = (self.grid.height, self.grid.width)
        if picture.shape != (size if axes == 2 else (*size, 3)):
            raise InputError(
                f"the {what} has the shape {' x '.join(map(str, picture.shape))}, and the tile is "
                f"{self.grid.width} x {self.grid.height} px; bring it to the tile's size first."
            )


@dataclass(frozen=True, slots=True)
class Painted:
    """What a picture model drew: (H, W, 3) float32 sRGB 0-1 on the wish's grid, and what is questionable about it."""

    pixels: np.ndarray
    says: tuple[Finding, ...] = ()


def paint(
    loaded: "Loaded",
    wish: Wish,
    *,
    chance: Callable[[Grid, int, str], Chance] = Chance,
    progress: Progress | None = None,
) -> Painted:
    """Return what a model draws for a wish, the same for the same wish, alone or among others.

    ``chance`` makes the noise of a latent grid, a seed and a plane group; ``progress`` is told (done, total). Raises
    LatticeError if the model's levels, or the plane group, cannot have the grid; CannotMake if memory does not suffice
    even in parts, or if the pipeline is of a kind that cannot be steered. The pipeline is afterwards as it was, also
    after an interruption.
    """
    with guides.guided(loaded, wish) as guide:
        painted = _painted(guide.loaded, guide.wish, chance, progress)
    return Painted(painted.pixels, (*guide.says, *painted.says))


def _painted(
    loaded: "Loaded", wish: Wish, chance: Callable[[Grid, int, str], Chance], progress: Progress | None
) -> Painted:
    """Return what a model draws for a wish whose guides are in it."""
    pipeline = loaded.pipeline
    refuse_size(pipeline, wish.grid)
    grid = latent_grid(pipeline, wish.grid)
    chance(grid, wish.seed, wish.symmetry)  # a group that the grid cannot have is refused before anything is computed
    _refuse_uneven(wish)
    if wish.strength == 0 and wish.start is not None:
        return Painted(wish.start.astype(np.float32))

    def draw(one: Wish) -> np.ndarray:
        noise = chance(latent_grid(pipeline, one.grid), one.seed, one.symmetry)
        return _drawn(loaded, one, noise, progress)

    pixels, spared = sparing(loaded, wish, draw, multiple=multiple(pipeline))
    pixels = _finished(pixels, wish, total_stride(pipeline.vae))
    return Painted(pixels, (*questionable(loaded, wish), *spared))


def machine(loaded: "Loaded") -> str:
    """Return what a picture's sums depend on here: device, precision, and the version of torch."""
    device, dtype = loaded.device, str(loaded.dtype).removeprefix("torch.")
    if device.type == "cuda":
        kind = f"cuda, {torch.cuda.get_device_name(device)}"
    elif device.type == "cpu":
        kind = f"cpu, {torch.backends.cpu.get_cpu_capability()}, {torch.get_num_threads()} threads"
    else:
        kind = device.type
    return f"{kind}, {dtype}, torch {torch.__version__}"


def _drawn(loaded: "Loaded", wish: Wish, chance: Chance, progress: Progress | None) -> np.ndarray:
    """Return the pixels (H, W, 3) float32 that the pipeline decodes, as symmetric as its decoder leaves them."""
    pipeline: Any = loaded.pipeline
    with on_lattice(pipeline, chance.grid, wish.seed):
        clean = _clean(pipeline, wish, chance)
        redrawn = _redrawn(pipeline, wish)
        course = Course(chance, clean=clean, strength=wish.strength, redrawn=redrawn, progress=progress)
        call = partial(pipeline, **asked(loaded, wish), **guides.heard(loaded, wish))
        if not course.rehearsing:
            return _called(pipeline, course, call)
        heard: list[Any] = []
        encode = getattr(pipeline, "encode_prompt", None)

        def hear(*args: Any, **named: Any) -> Any:
            heard.append(encode(*args, **named))  # pyright: ignore[reportOptionalCall]
            return heard[-1]

        with _hearing(pipeline, hear):
            _rehearse(pipeline, course, call)
        again = iter(heard)
        with _hearing(pipeline, lambda *args, **named: next(again)):
            return _called(pipeline, course, call)


def _rehearse(pipeline: Any, course: Course, call: Callable[[], Any]) -> None:
    with steered(pipeline, course):
        try:
            call()
        except Rehearsed:
            course.set_out()
            return
    raise CannotMake(
        f"{type(pipeline).__name__} does not say its times, so that it cannot start from a picture; at full strength "
        "it draws afresh."
    )


def _called(pipeline: Any, course: Course, call: Callable[[], Any]) -> np.ndarray:
    with steered(pipeline, course):
        found = call()
    if not course.drawn:
        raise CannotMake(f"{type(pipeline).__name__} draws its noise where patterns cannot put it on the lattice.")
    if any(getattr(found, "nsfw_content_detected", None) or ()):
        raise CannotMake("the model's own checker withheld the picture; another seed or other words may pass.")
    return np.asarray(found.images[0], np.float32)


@contextmanager
def _hearing(pipeline: Any, hear: Callable[..., Any]) -> Iterator[None]:
    """Let ``hear`` stand for the pipeline's text encoders."""
    pipeline.encode_prompt = hear
    try:
        yield
    finally:
        del pipeline.__dict__["encode_prompt"]


def _clean(pipeline: Any, wish: Wish, chance: Chance) -> Tensor | None:
    """Return the latents of the picture to start from, as symmetric as the drawing; None without one."""
    if wish.start is None:
        return None
    start = wish.start
    if symmetric.is_oblique(wish.symmetry, wish.grid):
        start = symmetric.moved(start, _center(total_stride(pipeline.vae)))
    latents = encoded(pipeline, start).cpu()
    return latents if chance.fold is None else chance.fold.settled(chance.fold.mean(latents))


def _redrawn(pipeline: Any, wish: Wish) -> Tensor | None:
    """Return (h, w) bool: the latents of which any pixel may change."""
    if wish.mask is None:
        return None
    step = total_stride(pipeline.vae)
    mask = wish.mask
    if symmetric.is_oblique(wish.symmetry, wish.grid):
        whole = int(_center(step))
        mask = np.roll(mask, (whole, whole), (0, 1)) | np.roll(mask, (whole + 1, whole + 1), (0, 1))
    blocks = mask.reshape(wish.grid.height // step, step, wish.grid.width // step, step)
    return torch.from_numpy(blocks.any(axis=(1, 3)))


def _center(step: int) -> float:
    """Return where the center of the first latent lies, in pixels from that of the first pixel."""
    return (step - 1) / 2


def _finished(pixels: np.ndarray, wish: Wish, step: int) -> np.ndarray:
    """Return the pixels exactly symmetric, and exactly those of the start where nothing may change."""
    pixels = symmetric.projected(pixels, wish.symmetry, wish.grid, center=_center(step))
    if wish.mask is None or wish.start is None or wish.mask.all():
        return pixels
    share = _inside(wish.mask, wish.grid, step)[..., None]
    mixed = share * pixels + (1 - share) * wish.start.astype(np.float32)
    return np.where(wish.mask[..., None], mixed, wish.start).astype(np.float32)


def _inside(mask: np.ndarray, grid: Grid, width: int) -> np.ndarray:
    """Return (H, W) float32: how much of the new picture shows, rising from the mask's border inward to 1."""
    from scipy.ndimage import distance_transform_edt

    far = np.asarray(distance_transform_edt(grid.pad(mask, width)))[width:-width, width:-width]
    return np.minimum(far / (width + 1), 1).astype(np.float32)


def _refuse_uneven(wish: Wish) -> None:
    """Raise InputError if a mask keeps what has not the symmetry that is asked for."""
    if wish.symmetry == "p1" or wish.mask is None or wish.start is None:
        return
    from patterns.symmetry import Symmetry

    group = Symmetry(wish.symmetry)
    kept = np.where(wish.mask[..., None], 0, wish.start)
    planes = np.concatenate([np.moveaxis(kept, -1, 0), wish.mask[None]])
    if not group.is_invariant(planes.astype(np.float32), wish.grid, tolerance=0.5 / 255):
        raise InputError(
            f"the picture and its mask do not have the symmetry {wish.symmetry}, so that what is kept and what is "
            "drawn cannot both have it; leave the symmetry out, or give a mask that has it."
        )
