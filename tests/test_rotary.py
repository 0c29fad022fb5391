"""Transformers on the lattice: no place of a tile differs from another, and it does not know how often it is paved."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import pytest

pytest.importorskip("diffusers")

import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode, _get_current_function_mode_stack

from patterns.diffusion import tables
from patterns.diffusion.guarantee import guarantee
from patterns.diffusion.layouts import latent_layout
from patterns.diffusion.positions import positioned
from patterns.diffusion.rolling import rolled
from patterns.diffusion.words import Hearing
from patterns.diffusion.wrap import wrapped
from patterns.errors import CannotMake, LatticeError
from patterns.lattice import Grid
from tests.tiny import transformers as tiny

# Latent pixels; two of them to a token's side. Z-Image pads to 32 tokens, which each of these is a multiple of.
STRAIGHT, HALF = Grid(16, 32), Grid(16, 32, drop=16)
SHEARED = (HALF, Grid(16, 48, drop=16), Grid(16, 32, drop=8), Grid(32, 16, slide=16))
TOLERANCE = {torch.float64: 1e-10, torch.float32: 1e-4}
# What a model that was left alone differs by, at least: random weights see places faintly.
SEEN = 2e-3


@pytest.mark.parametrize("family", tiny.ROTARY, ids=lambda f: f.__name__)
def test_rotary_positions_know_no_place(family: Callable[[], tiny.Tiny]) -> None:
    one = family()
    for grid, dtype in [(HALF, torch.float32), *((grid, torch.float64) for grid in (STRAIGHT, *SHEARED))]:
        model, ask = _asked(one, dtype)
        planes = _noise(grid, dtype)
        with positioned(model, grid), _exactly(family):
            assert _shift_error(ask, planes, grid) < TOLERANCE[dtype]
        assert _shift_error(ask, planes, grid) > SEEN


# HiDream pads a picture to its largest size, so that a supercell has other pads than its cells have.
@pytest.mark.parametrize("family", [f for f in tiny.ROTARY if f is not tiny.hidream], ids=lambda f: f.__name__)
def test_rotary_positions_do_not_count_cells(family: Callable[[], tiny.Tiny]) -> None:
    one = family()
    for grid, dtype in [(HALF, torch.float32), *((grid, torch.float64) for grid in SHEARED)]:
        model, ask = _asked(one, dtype)
        planes = _noise(grid, dtype)
        across, down = grid.copies
        rectangle = Grid(grid.width * across, grid.height * down)
        paved = _paved(planes, grid)
        with positioned(model, grid), _exactly(family):
            cell = _paved(ask(planes), grid)
        with positioned(model, rectangle, origin=grid), _exactly(family):
            assert _apart(ask(paved), cell) < TOLERANCE[dtype]
        if dtype == torch.float32:  # the rectangle's own waves are not the lattice's, nor is an untouched model's count
            with positioned(model, rectangle):
                assert _apart(ask(paved), cell) > SEEN
            assert _apart(ask(paved), _paved(ask(planes), grid)) > SEEN


def test_waves_alone_would_leave_the_words_at_a_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Hearing, "before", lambda self, *_: setattr(self, "heard", True))
    model, ask = _asked(tiny.flux(), torch.float64)
    with positioned(model, HALF):
        assert _shift_error(ask, _noise(HALF), HALF) > SEEN


def test_padding_and_references_stand_at_no_place_of_the_tile() -> None:
    grid = Grid(12, 12, drop=6)  # 36 tokens, which Z-Image pads to 64
    model, ask = _asked(tiny.z_image(), torch.float64)
    with positioned(model, grid):
        assert _shift_error(ask, _noise(grid), grid) < 1e-10
    assert _shift_error(ask, _noise(grid), grid) > SEEN

    model, ask = _asked(tiny.flux_with_reference(), torch.float64)
    with positioned(model, HALF):
        assert _shift_error(ask, _noise(HALF), HALF) < 1e-10
    assert _shift_error(ask, _noise(HALF), HALF) > SEEN


def test_a_controlnet_and_its_transformer_together() -> None:
    model, ask = _asked(tiny.flux_with_control(), torch.float64)
    with positioned(model["control"], HALF), positioned(model["transformer"], HALF):
        assert _shift_error(ask, _noise(HALF), HALF) < 1e-10
    with positioned(model["transformer"], HALF):
        assert _shift_error(ask, _noise(HALF), HALF) > SEEN / 10


def test_a_model_without_positions_needs_its_convolutions_wrapped_only() -> None:
    model, ask = _asked(tiny.sana(), torch.float64)
    assert guarantee(model).method == "none"
    with positioned(model, HALF), wrapped(model, HALF), _exactly(tiny.sana):
        assert _shift_error(ask, _noise(HALF), HALF) < 1e-10
    with positioned(model, HALF):
        assert _shift_error(ask, _noise(HALF), HALF) > SEEN


@pytest.mark.parametrize("family", [tiny.flux, tiny.qwen_image, tiny.z_image, tiny.sd3], ids=lambda f: f.__name__)
def test_the_model_is_afterwards_as_it_was(family: Callable[[], tiny.Tiny]) -> None:
    model, ask = _asked(family(), torch.float32)
    planes = _noise(HALF, torch.float32)
    before, bits = _state(model), ask(planes)
    with positioned(model, HALF):
        assert not torch.equal(ask(planes), bits)
    assert _state(model) == before
    assert torch.equal(ask(planes), bits)

    broken = next(m for m in model.modules() if hasattr(m, "processor")).register_forward_hook(_fail)
    with pytest.raises(ZeroDivisionError), positioned(model, HALF):
        ask(planes)
    broken.remove()
    assert not _get_current_function_mode_stack()
    assert _state(model) == before
    assert torch.equal(ask(planes), bits)


@pytest.mark.parametrize("family", tiny.ABSOLUTE, ids=lambda f: f.__name__)
def test_absolute_places_are_spread_over_the_tile(family: Callable[[], tiny.Tiny]) -> None:
    model, ask = _asked(family(), torch.float64)
    grid = Grid(6, 8, drop=4)
    planes = _noise(grid)
    everywhere = {
        (dy, dx): rolled(ask(rolled(planes, grid, dy, dx)), grid, -dy, -dx)
        for dy in range(0, grid.height, 2)
        for dx in range(0, grid.width, 2)
    }
    with positioned(model, grid, generator=torch.Generator().manual_seed(1)):
        predictions = [ask(planes, 0.5), ask(planes, 0.5)]
        ask(planes, 0.4)
        predictions.append(ask(planes, 0.5))
    first = [at for at, one in everywhere.items() if torch.equal(one, predictions[0])]
    later = [at for at, one in everywhere.items() if torch.equal(one, predictions[2])]
    # The passes of one step see one place, those of another step another.
    assert torch.equal(predictions[0], predictions[1])
    assert len(first) == len(later) == 1
    assert first != later
    mean = torch.stack(list(everywhere.values())).mean(dim=0)
    moved = rolled(planes, grid, 4, 2)
    again = torch.stack([rolled(ask(rolled(moved, grid, *at)), grid, -at[0], -at[1]) for at in everywhere]).mean(dim=0)
    assert _apart(rolled(again, grid, -4, -2), mean) < 1e-10
    assert _apart(rolled(ask(moved), grid, -4, -2), ask(planes)) > SEEN


def test_what_a_controlnet_says_moves_with_the_tile() -> None:
    one = tiny.sd3_with_control()
    for part in one.model.values():
        part.pos_embed.pos_embed.zero_()  # twins that know no place: every roll must give the same
    model, ask = _asked(one, torch.float64)
    first, second = (torch.Generator().manual_seed(seed) for seed in (1, 2))
    bare = ask(_noise(HALF))
    with positioned(model["control"], HALF, generator=first), positioned(model["transformer"], HALF, generator=second):
        assert _apart(ask(_noise(HALF)), bare) < 1e-10
    model["control"].pos_embed.pos_embed.normal_(generator=first)
    bare = ask(_noise(HALF))
    with positioned(model["control"], HALF, generator=first):
        assert _apart(ask(_noise(HALF)), bare) > SEEN


def test_rolls_reach_every_place_and_are_the_seeds() -> None:
    from patterns.diffusion.rolling import Roller

    roller = Roller(latent_layout(tiny.sd3().model, HALF), 2, torch.Generator().manual_seed(1))
    shifts = []
    for time in range(2000):
        roller._draw({"timestep": torch.tensor([float(time)])})
        shifts.append(roller.shift)
    assert set(shifts) == {(dy, dx) for dy in range(16) for dx in range(8)}


def test_a_scheduler_that_remembers_does_not_notice_rolls() -> None:
    tiny_sd3 = tiny.sd3()
    tiny_sd3.model.pos_embed.pos_embed.zero_()  # a twin that knows no place, so that only the bookkeeping is tried
    model, ask = _asked(tiny_sd3, torch.float64)

    def drawn(move: Callable[[Tensor, int], Tensor]) -> Tensor:
        scheduler = tiny.diffusers.DPMSolverMultistepScheduler(prediction_type="flow_prediction", use_flow_sigmas=True)
        scheduler.set_timesteps(6)
        state = _noise(HALF)
        for index, time in enumerate(scheduler.timesteps):
            state = move(scheduler.step(ask(state, float(time)), time, state).prev_sample, index)
        return state

    bare = drawn(lambda state, _: state)
    with positioned(model, HALF):
        assert _apart(drawn(lambda state, _: state), bare) < 1e-10
    # Rolling the latents themselves between steps is what the scheduler's memory cannot follow.
    back = rolled(drawn(lambda state, i: rolled(state, HALF, 2, 2)), HALF, -12, -12)
    assert _apart(back, bare) > SEEN


@pytest.mark.parametrize(
    ("family", "method"),
    [*((f, "harmonic") for f in tiny.ROTARY), *((f, "rolled") for f in tiny.ABSOLUTE), (tiny.sana, "none")],
    ids=lambda x: getattr(x, "__name__", x),
)
def test_the_guarantee_is_read_off_what_a_model_has(family: Callable[[], tiny.Tiny], method: str) -> None:
    model = family().model
    model.__class__ = type("Anything", (type(model),), {})
    promise = guarantee(model)
    assert promise.method == method
    assert promise.exact == (method != "rolled")
    assert promise.says.startswith("exact" if promise.exact else "statistical")


def test_unknown_positions_are_said_and_rolled() -> None:
    class SomeRotaryThing(nn.Module):
        def forward(self, a: Tensor, b: Tensor) -> Tensor:
            return a

    model = tiny.sana().model
    model.add_module("thing", SomeRotaryThing())
    promise = guarantee(model)
    assert (promise.method, promise.exact) == ("rolled", False)
    assert "thing" in promise.says

    handed = nn.Linear(2, 2)
    handed.forward = lambda x, image_rotary_emb: x  # pyright: ignore[reportAttributeAccessIssue]
    assert "image_rotary_emb" in guarantee(handed).says


def test_what_cannot_be_is_refused() -> None:
    model, ask = _asked(tiny.flux(), torch.float32)
    with positioned(model, HALF), pytest.raises(LatticeError, match="16 x 32 latent pixels"):
        ask(_noise(Grid(16, 16), torch.float32))
    with pytest.raises(LatticeError, match="no multiple"):
        latent_layout(model, Grid(15, 32))
    with pytest.raises(LatticeError, match="patches of 2 x 2"), positioned(tiny.sd3().model, Grid(16, 30, drop=15)):
        pass
    uneven = torch.exp(20j * torch.rand(4, 4, 3, dtype=torch.float64))
    with pytest.raises(CannotMake, match="evenly"):
        tables.measured(uneven)


FREQUENCIES = st.floats(-0.5, 0.5, allow_nan=False)


@given(st.sampled_from((STRAIGHT, *SHEARED, Grid(7, 9, drop=2))), FREQUENCIES, FREQUENCIES)
def test_waves_move_to_the_nearest_that_the_lattice_carries(grid: Grid, kx: float, ky: float) -> None:
    x, y = tables.nearest(grid, kx, ky)
    for dx, dy in ((grid.width, grid.drop), (grid.slide, grid.height)):
        assert abs(x * dx + y * dy - round(x * dx + y * dy)) < 1e-9
    plain = grid.harmonic(kx, ky)
    assert (x - kx) ** 2 + (y - ky) ** 2 <= (plain[0] - kx) ** 2 + (plain[1] - ky) ** 2 + 1e-6
    long = 0.49 / max(grid.width, grid.height) / 2
    assert tables.nearest(grid, long, 0.0) == tables.nearest(grid, 0.0, long) == (0.0, 0.0)


@pytest.mark.parametrize("form", ["complex", "interleaved", "halves", "matrix"])
def test_every_form_of_a_table_reads_back(form: tables.Form) -> None:
    phasors = torch.exp(1j * torch.arange(12, dtype=torch.float64).view(4, 3))
    empty = torch.zeros(4, 3, 2, 2, dtype=torch.float64)
    likes = {"complex": (phasors,), "matrix": (empty,)}
    like = likes.get(form, (torch.zeros(4, 6, dtype=torch.float64),) * 2)
    written = tables.write(form, phasors, like)
    found, again = tables.read(written)
    assert found == form
    assert torch.allclose(again, phasors)


def test_layouts_are_the_pipelines_own() -> None:
    flux, flux2 = tiny.diffusers.FluxPipeline, tiny.diffusers.Flux2Pipeline
    planes = _noise(HALF)
    tokens = latent_layout(tiny.flux().model, HALF).pack(planes)
    assert torch.equal(tokens, flux._pack_latents(planes, 2, 4, 32, 16))
    assert torch.equal(tokens, flux2._pack_latents(flux2._patchify_latents(planes)))
    for family in (tiny.flux, tiny.qwen_image, tiny.z_image, tiny.lumina2):
        layout = latent_layout(family().model, HALF, channels=tiny.CHANNELS)
        assert torch.equal(layout.unpack(layout.pack(planes)), planes)
    assert layout.kind == "planes"
    assert latent_layout(tiny.hidream().model, HALF).kind == "planes"


class _Double(TorchFunctionMode):
    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        return Tensor.double(*args) if func is Tensor.float else func(*args, **kwargs or {})


def _exactly(family: Callable[[], tiny.Tiny]) -> AbstractContextManager[Any]:
    """Return a context in which models that turn or sum in float32, whatever they are given, do it in float64."""
    return _Double() if family in (tiny.prx, tiny.sana) else nullcontext()


def _asked(one: tiny.Tiny, dtype: torch.dtype) -> tuple[Any, Callable[..., Tensor]]:
    model = nn.Module.to(one.model, dtype)
    words = tiny.words(2, dtype)

    def ask(planes: Tensor, time: float = 0.5) -> Tensor:
        return one.predict(planes, words, time)

    return model, ask


def _noise(grid: Grid, dtype: torch.dtype = torch.float64) -> Tensor:
    shape = (2, tiny.CHANNELS, grid.height, grid.width)
    return torch.randn(shape, generator=torch.Generator().manual_seed(5), dtype=torch.float64).to(dtype)


def _paved(planes: Tensor, grid: Grid) -> Tensor:
    return torch.from_numpy(grid.rectangle(planes.numpy()))


def _apart(a: Tensor, b: Tensor) -> float:
    return float((a - b).abs().max() / b.std())


def _shift_error(ask: Callable[[Tensor], Tensor], planes: Tensor, grid: Grid) -> float:
    return _apart(rolled(ask(rolled(planes, grid, 6, 4)), grid, -6, -4), ask(planes))


def _fail(*_: Any) -> None:
    raise ZeroDivisionError


def _state(model: nn.Module) -> list[Any]:
    """Return what wrapping could have left behind: attributes, hooks and the identity of what is held."""
    kept = []
    for name, module in model.named_modules():
        held = {key: id(value) for key, value in vars(module).items() if not key.startswith("_")}
        hooks = (len(module._forward_hooks), len(module._forward_pre_hooks), len(module._forward_hooks_with_kwargs))
        kept.append((name, held, hooks, "forward" in vars(module)))
    return kept
