"""Steering a pipeline of diffusers from outside, while it runs its own ``__call__``.

What must happen at each step happens where the pipeline asks its scheduler for the next state: the prediction is made
as symmetric as the state, noise comes from the lattice, and what a mask holds is put back. The scheduler is dressed for
the time of a ``with`` and is as it was afterwards. A picture to start from enters as the pipelines for it do: noised to
the first of the times that are left (Meng et al. 2022, SDEdit). Which these are a pipeline knows only in the middle of
its call, so that a rehearsal finds them, stopped before the first evaluation.
"""

import functools
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from types import ModuleType
from typing import Any

import torch
from torch import Tensor

from patterns.diffusion.noise import Chance, Path, closed, opened
from patterns.errors import CannotMake

# A state this far from symmetric, in standard deviations, was given noise by something that nobody replaced.
ASYMMETRY = 0.05


class Rehearsed(Exception):
    """Stops a pipeline when its times are known."""


class Course:
    """One drawing: its noise, what it starts from and holds, and how far it is.

    ``clean`` are the latents (1, C, H, W) of the picture it starts from, ``strength`` the share of the times that are
    left, ``redrawn`` (H, W) bool where they may change. ``progress`` is told (done, total).
    """

    def __init__(
        self,
        chance: Chance,
        *,
        clean: Tensor | None = None,
        strength: float = 1.0,
        redrawn: Tensor | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> None:
        self.chance, self.clean, self.strength, self.redrawn = chance, clean, strength, redrawn
        self.rehearsing = clean is not None and strength < 1
        self.drawn = False
        self._progress = progress
        self._noise = None if clean is None else chance.plane(tuple(clean.shape))
        self._state: Tensor | None = None
        self._times: list[Any] = []
        self._done = self.begin = 0

    @property
    def started(self) -> bool:
        """Whether the pipeline's first state is one that noise was added to, and not noise."""
        return self._state is not None

    def set_out(self) -> None:
        """Begin to draw after the rehearsal."""
        self.rehearsing = self.drawn = False

    def first(
        self, shape: Any, generator: Any = None, device: Any = None, dtype: Any = None, layout: Any = None
    ) -> Tensor:
        """Stand for ``randn_tensor`` in the pipeline: the first state, then noise."""
        plane = self._state if self._state is not None else self._noise
        shape = tuple(shape)
        noise = self.chance.like(shape) if self.drawn or plane is None else closed(plane, shape)
        self.drawn = True
        return noise.to(device=device, dtype=dtype)

    def fresh(
        self, shape: Any, generator: Any = None, device: Any = None, dtype: Any = None, layout: Any = None
    ) -> Tensor:
        """Stand for ``randn_tensor`` in a scheduler: the noise of a step."""
        return self.chance.like(tuple(shape)).to(device=device, dtype=dtype)

    def path(self, x: Tensor, *args: Any, **named: Any) -> Path:
        """Stand for the Brownian tree of the schedulers that solve a stochastic equation at any times."""
        return Path(lambda: self.fresh(x.shape, device=x.device, dtype=x.dtype))

    def times(self, scheduler: Any, found: Any) -> Any:
        """Return (times, steps) that are left of what the pipeline found; while rehearsing, set out and stop."""
        times, steps = found
        left = min(max(int(steps * self.strength), 1), steps)
        self.begin = (steps - left) * scheduler.order if self.strength < 1 else 0
        times = times[self.begin :]
        if self.begin and hasattr(scheduler, "set_begin_index"):
            scheduler.set_begin_index(self.begin)
        self._times, self._done = list(times), 0
        if self.rehearsing:
            self._state = self._noised(scheduler, times[:1])
            raise Rehearsed
        return times, left if self.begin else steps

    def step(self, scheduler: Any, after: Callable[[Tensor], Any], output: Tensor) -> Any:
        """Return what the scheduler makes of a prediction, symmetric and with what is held in its place."""
        result = after(self._folded(output))
        self._done += 1
        if self._progress:
            self._progress(self._done, len(self._times))
        if isinstance(result, tuple):
            # What some return beside the next state is the clean picture they expect.
            return (self._kept(scheduler, result[0]), *(self._kept(None, r) if _state(r) else r for r in result[1:]))
        result.prev_sample = self._kept(scheduler, result.prev_sample)
        return result

    def _folded(self, output: Tensor) -> Tensor:
        fold, grid = self.chance.fold, self.chance.grid
        if fold is None:
            return output
        plane = fold.settled(fold.mean(opened(output, grid).float()))
        return closed(plane, tuple(output.shape)).to(output.dtype)

    def _kept(self, scheduler: Any, state: Tensor) -> Tensor:
        fold, grid = self.chance.fold, self.chance.grid
        if fold is None and self.redrawn is None:
            return state
        plane = opened(state, grid)
        if fold is not None and fold.exact:
            settled = fold.settled(plane)
            if float((plane - settled).abs().max()) > ASYMMETRY * float(plane.float().std()) + 1e-6:
                raise CannotMake(
                    f"{type(scheduler).__name__} adds noise of its own, which cannot be made symmetric; choose another "
                    "scheduler for this model, or draw without --symmetry."
                )
            plane = settled
        if self.redrawn is not None:
            held = self._held(scheduler).to(plane)
            plane = torch.where(self.redrawn.to(plane.device), plane, held.reshape(plane.shape))
        return closed(plane, tuple(state.shape))

    def _held(self, scheduler: Any) -> Tensor:
        """Return the start at the noise of the next time; as it is after the last, and without a scheduler."""
        assert self.clean is not None
        if scheduler is None or self._done >= len(self._times):
            return self.clean
        return self._noised(scheduler, torch.as_tensor(self._times[self._done]).reshape(1))

    def _noised(self, scheduler: Any, times: Tensor) -> Tensor:
        """Return the start at the noise of a time (1,), as the scheduler adds it; CannotMake if it cannot."""
        clean, noise = self.clean, self._noise
        assert clean is not None
        if hasattr(scheduler, "add_noise"):
            return scheduler.add_noise(clean, noise, times.to(clean.device)).float()
        if hasattr(scheduler, "scale_noise"):
            return scheduler.scale_noise(clean, times.to(clean.device), noise).float()
        raise CannotMake(
            f"{type(scheduler).__name__} cannot start from a picture; choose another scheduler for this model."
        )


@contextmanager
def steered(pipeline: Any, course: Course) -> Iterator[None]:
    """Let a pipeline draw by a course; on leaving, also by an exception, it is as it was."""
    scheduler = pipeline.scheduler
    kind = type(scheduler)
    own, theirs = _modules(type(pipeline)), _modules(kind)
    with ExitStack() as undo:
        scheduler.__class__ = _dressed(kind, course)
        undo.callback(setattr, scheduler, "__class__", kind)
        for module in own:
            _replace(undo, module, "randn_tensor", course.first)
            _replace(undo, module, "retrieve_timesteps", _timed(getattr(module, "retrieve_timesteps", None), course))
        for module in theirs:
            _replace(undo, module, "randn_tensor", course.fresh)
            _replace(undo, module, "BrownianTreeNoiseSampler", course.path)
        yield


def _timed(before: Any, course: Course) -> Callable[..., Any]:
    def retrieve_timesteps(scheduler: Any, *args: Any, **named: Any) -> Any:
        return course.times(scheduler, before(scheduler, *args, **named))

    return retrieve_timesteps


def _dressed(kind: type, course: Course) -> type:
    """Return the scheduler's class with the course in the way of its steps."""

    def step(self: Any, model_output: Tensor, timestep: Any, sample: Tensor, *args: Any, **named: Any) -> Any:
        def after(output: Tensor) -> Any:
            return kind.step(self, output, timestep, sample, *args, **named)  # pyright: ignore[reportAttributeAccessIssue]

        return course.step(self, after, model_output)

    def set_begin_index(self: Any, begin_index: int = 0) -> None:
        # Pipelines that draw from noise set it to 0 to save a look at the times.
        kind.set_begin_index(self, begin_index or course.begin)  # pyright: ignore[reportAttributeAccessIssue]

    own: dict[str, Any] = {"step": functools.wraps(kind.step)(step)}  # pyright: ignore[reportAttributeAccessIssue]
    if hasattr(kind, "set_begin_index"):
        own["set_begin_index"] = set_begin_index
    if course.started:
        # The state is at its noise already; pipelines of the older kind multiply it once more.
        own["init_noise_sigma"] = property(lambda self: 1.0, lambda self, value: None)
    return type(kind.__name__, (kind,), own)


def _state(value: Any) -> bool:
    return isinstance(value, Tensor) and value.dim() > 2


def _modules(kind: type) -> list[ModuleType]:
    return list(dict.fromkeys(sys.modules[owner.__module__] for owner in kind.__mro__))


def _replace(undo: ExitStack, module: ModuleType, name: str, by: Any) -> None:
    if hasattr(module, name):
        undo.callback(setattr, module, name, getattr(module, name))
        setattr(module, name, by)
