"""Drawing with other people's pipelines: shift, supercell, chance and group laws of generations; edits; mishaps."""

import sys
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

from patterns.errors import CannotMake, InputError, LatticeError
from patterns.lattice import Grid
from patterns.symmetry import GROUPS, Symmetry
from tests.tiny.painting import STEPS, as_loaded, copied, loaded, on_lattice, rolled
from tests.tiny.pipelines import PIPELINES, diffusers

GRID = Grid(32, 32, 16)
TOLERANCE = 1e-4
ROSES = "roses on cream"


def _wish(grid: Grid = GRID, **more: Any) -> Any:
    from patterns.diffusion.painter import Wish

    return Wish(ROSES, grid, **{"seed": 5, **more})


def _paint(name: str, wish: Any, **more: Any) -> np.ndarray:
    from patterns.diffusion.painter import paint

    return paint(loaded(name), wish, **more).pixels


def _start(grid: Grid) -> np.ndarray:
    """Return a picture (H, W, 3) that repeats on the grid."""
    y, x = np.mgrid[: grid.height, : grid.width]
    wave = 0.5 + 0.3 * np.cos(2 * np.pi * (2 * y / grid.height + (1 if grid.drop else 0) * x / grid.width))
    return np.stack([wave, 1 - wave, 0.5 * wave], axis=-1).astype(np.float32)


# What the causal autoencoder counts for itself, and pipelines name for their caches, when they are first called.
_CACHES = {f"_{prefix}{name}" for prefix in ("", "enc_") for name in ("conv_num", "conv_idx", "feat_map")}
_CACHES |= {"_diffusers_hook"}


def _worn(pipeline: Any) -> dict[str, Any]:
    """Return what a pipeline wears, to be compared with what it wears later; transformers hooks its own parts."""
    parts = [p for p in pipeline.components.values() if isinstance(p, torch.nn.Module)]
    parts = [p for p in parts if not type(p).__module__.startswith("transformers")]
    layers = [layer for part in parts for layer in part.modules()]
    modules = [sys.modules[type(part).__module__] for part in (pipeline, pipeline.scheduler)]
    return {
        "scheduler": type(pipeline.scheduler),
        "attributes": [sorted(set(layer.__dict__) - _CACHES) for layer in layers],
        "hooks": [len(layer._forward_hooks) + len(layer._forward_pre_hooks) for layer in layers],
        "functions": [(vars(m).get("randn_tensor"), vars(m).get("retrieve_timesteps")) for m in modules],
        "own": sorted(key for key in pipeline.__dict__ if key[:1] != "_"),
    }


@pytest.mark.parametrize("name", PIPELINES)
def test_a_generation_rolls_with_its_noise(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from contextlib import nullcontext

    from patterns.diffusion import networks, painter
    from patterns.diffusion.guarantee import guarantee

    pipeline = loaded(name).pipeline
    before = _worn(pipeline)
    drawn = _paint(name, _wish())
    moved = _paint(name, _wish(), chance=rolled(2, 4))
    step = GRID.width // networks.latent_grid(pipeline, GRID).width
    assert drawn.shape == (32, 32, 3)
    assert drawn.dtype == np.float32
    assert np.abs(drawn - moved).max() > 0.1
    if guarantee(networks.denoiser(pipeline)).exact:
        assert np.abs(on_lattice(GRID, drawn, 2 * step, 4 * step) - moved).max() < TOLERANCE
    np.testing.assert_array_equal(_paint(name, _wish()), drawn)  # the same seed, in a batch of others
    assert _worn(pipeline) == before
    with monkeypatch.context() as undressed:
        undressed.setattr(painter, "on_lattice", lambda *args: nullcontext())
        drawn, moved = _paint(name, _wish()), _paint(name, _wish(), chance=rolled(2, 4))
        assert np.abs(on_lattice(GRID, drawn, 2 * step, 4 * step) - moved).max() > 0.01


def test_the_same_seed_alone_and_in_another_process_s_order() -> None:
    """A pipeline that was never used draws the same bits as one that has drawn other things before."""
    from patterns.diffusion.painter import paint

    _paint("sd15", _wish(seed=6, guidance=4.0))
    _paint("sd15", _wish(Grid(48, 32), seed=7, start=_start(Grid(48, 32)), strength=0.5))
    alone = paint(as_loaded(PIPELINES["sd15"](), "sd15"), _wish()).pixels
    np.testing.assert_array_equal(_paint("sd15", _wish()), alone)
    assert np.abs(_paint("sd15", _wish(seed=6)) - alone).max() > 0.1


@pytest.mark.parametrize("grid", [Grid(16, 32, 16), Grid(16, 24, 8), Grid(16, 32, 8), Grid(32, 16, 0, 16)])
def test_a_cell_is_drawn_as_in_its_rectangle(grid: Grid) -> None:
    across, down = grid.copies
    rectangle = Grid(grid.width * across, grid.height * down)
    whole = _paint(
        "sd15",
        _wish(rectangle),
        chance=copied(Grid(*(v // 2 for v in (grid.width, grid.height, grid.drop, grid.slide)))),
    )
    cell = _paint("sd15", _wish(grid))
    expected = np.moveaxis(grid.rectangle(np.moveaxis(cell, -1, 0)), 0, -1)
    assert np.abs(whole - expected).max() < TOLERANCE
    straight = _paint("sd15", _wish(Grid(grid.width, grid.height)))
    assert np.abs(straight - cell).max() > 0.01


@pytest.mark.parametrize("group", GROUPS[1:])
def test_every_plane_group_is_exact(group: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the latents that are decoded, from noise at each step on, and in the pixels."""
    system = Symmetry(group).system
    grid = Grid(32, 32, 16) if system == "rhombic" else Grid(32, 32)
    bench = loaded("sd15")
    ancestral = diffusers.EulerAncestralDiscreteScheduler.from_config(bench.pipeline.scheduler.config)
    seen: list[torch.Tensor] = []
    decode = bench.pipeline.vae.decode
    monkeypatch.setattr(bench.pipeline.vae, "decode", lambda z, **kw: (seen.append(z), decode(z, **kw))[1])
    monkeypatch.setattr(bench.pipeline, "scheduler", ancestral)
    pixels = np.moveaxis(_paint("sd15", _wish(grid, symmetry=group)), -1, 0)
    plain = np.moveaxis(_paint("sd15", _wish(grid)), -1, 0)
    assert Symmetry(group).is_invariant(pixels, grid, tolerance=0)
    assert Symmetry(group).is_invariant(seen[0][0].numpy(), Grid(16, 16, grid.drop // 2), tolerance=0)
    assert not Symmetry(group).is_invariant(plain, grid, tolerance=0.05)
    assert pixels.std() > 0.6 * plain.std()


def test_noise_of_a_scheduler_s_own_is_refused_where_symmetry_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    from patterns.diffusion.steering import Course

    bench = loaded("sd15")
    ancestral = diffusers.EulerAncestralDiscreteScheduler.from_config(bench.pipeline.scheduler.config)
    monkeypatch.setattr(bench.pipeline, "scheduler", ancestral)
    monkeypatch.setattr(Course, "fresh", lambda self, shape, **kw: torch.randn(tuple(shape)))
    with pytest.raises(CannotMake, match="noise of its own"):
        _paint("sd15", _wish(symmetry="cmm"))


def test_projection_keeps_contrast_where_a_mean_would_not(rng: np.random.Generator) -> None:
    from patterns.diffusion.symmetric import projected

    noise = rng.random((48, 48, 3)).astype(np.float32)
    for group, grid in (("p4m", Grid(48, 48)), ("p6m", Grid(48, 48)), ("pgg", Grid(48, 48)), ("cmm", Grid(48, 48, 24))):
        mean = Symmetry(group).symmetrize(np.moveaxis(noise, -1, 0), grid)
        made = projected(noise, group, grid)
        assert mean.std() < 0.55 * noise.std()
        assert made.std() > 0.8 * noise.std()
        np.testing.assert_allclose(projected(made, group, grid), made, atol=1e-6)


@pytest.mark.parametrize("name", ["sd15", "flux", "flux2-klein", "qwen-image", "z-image"])
def test_a_mask_keeps_every_pixel_outside_it(name: str) -> None:
    start, mask = _start(GRID), np.zeros((32, 32), bool)
    mask[26:, 26:] = mask[:6, 26:] = mask[26:, :6] = True  # over the lower edge and, by the drop, over the right one
    edited = _paint(name, _wish(start=start, mask=mask, strength=0.7))
    assert np.array_equal(edited[~mask], start[~mask])
    assert np.abs(edited - start)[mask].mean() > 0.01
    assert not np.array_equal(_paint(name, _wish(start=start, strength=0.7))[~mask], start[~mask])


def test_strength_is_how_far_from_the_start() -> None:
    start = _start(GRID)
    made = {s: _paint("sd15", _wish(start=start, strength=s, steps=8)) for s in (0.0, 0.15, 0.9)}
    np.testing.assert_array_equal(made[0.0], start)
    far = {s: np.abs(pixels - made[0.15]).mean() for s, pixels in made.items()}
    assert far[0.9] > 0.01
    evaluations = []
    from patterns.diffusion.painter import paint

    paint(loaded("sd15"), _wish(start=start, strength=0.5, steps=8), progress=lambda *done: evaluations.append(done))
    assert evaluations == [(1, 4), (2, 4), (3, 4), (4, 4)]


@pytest.mark.parametrize("kind", ["sd15", "flux", "flux2-klein", "qwen-image", "z-image"])
def test_a_picture_is_encoded_as_diffusers_own_pipelines_do(kind: str) -> None:
    """Parity with the pipelines that start from a picture, on their own latents."""
    from patterns.diffusion.latents import encoded

    pipeline: Any = loaded(kind).pipeline
    start = _start(Grid(32, 32))
    picture = torch.from_numpy(start).permute(2, 0, 1)[None] * 2 - 1
    ours = encoded(pipeline, start)
    generator = torch.Generator().manual_seed(1)
    if kind == "flux2-klein":
        theirs = pipeline._unpatchify_latents(pipeline._encode_vae_image(picture, generator))
    elif kind == "sd15":
        theirs = pipeline.vae.encode(picture).latent_dist.mode() * pipeline.vae.config.scaling_factor
    else:
        owner = {
            "flux": diffusers.FluxImg2ImgPipeline,
            "qwen-image": diffusers.QwenImageImg2ImgPipeline,
            "z-image": diffusers.FluxImg2ImgPipeline,
        }[kind]
        pipeline.latent_channels = pipeline.vae.config.get("z_dim", 4)
        shown = picture.unsqueeze(2) if kind == "qwen-image" else picture
        theirs = owner._encode_vae_image(pipeline, shown, generator).reshape(ours.shape)
        del pipeline.latent_channels
    spread = pipeline.vae.encode(picture.unsqueeze(2) if kind == "qwen-image" else picture).latent_dist.std.max()
    tolerance = 1e-5 if kind in ("sd15", "flux2-klein") else 8 * float(spread) * 3  # the others sample the encoder
    assert float((ours - theirs).abs().max()) < tolerance


def test_a_size_is_refused_with_the_nearest_that_work() -> None:
    with pytest.raises(LatticeError, match="Nearest"):
        _paint("sd15", _wish(Grid(30, 32)))
    with pytest.raises(LatticeError, match="p4m"):
        _paint("sd15", _wish(Grid(32, 48), symmetry="p4m"))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"strength": 2.0}, "share from 0"),
        ({"strength": 0.5}, "needs a picture"),
        ({"mask": np.ones((32, 32), bool)}, "needs a picture"),
        ({"start": np.zeros((16, 32, 3), np.float32)}, "16 x 32 x 3"),
        ({"start": np.zeros((32, 32, 3), np.float32), "mask": np.ones((32, 32))}, "float64"),
        ({"start": np.zeros((32, 32, 3), np.float32), "mask": np.ones((16, 16), bool)}, "16 x 16"),
    ],
)
def test_what_does_not_belong_together_is_refused(wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said):
        _wish(**wrong)


def test_a_mask_without_the_symmetry_is_refused() -> None:
    mask = np.zeros((32, 32), bool)
    mask[:5, :9] = True
    with pytest.raises(InputError, match="do not have the symmetry"):
        _paint("sd15", _wish(start=_start(GRID), mask=mask, symmetry="cmm"))


def test_what_was_not_to_be_drawn_and_not_heard_is_said() -> None:
    from patterns.diffusion.painter import paint

    assert paint(loaded("sd15"), _wish(negative="blue")).says == ()
    assert not np.array_equal(_paint("sd15", _wish(negative="blue")), _paint("sd15", _wish()))
    said = paint(loaded("sd15"), _wish(negative="blue", guidance=1.0)).says
    assert "not heard" in said[0].message


@pytest.mark.parametrize("failures", [1, 99])
def test_memory_that_does_not_suffice_is_spared_once_then_said(failures: int, monkeypatch: pytest.MonkeyPatch) -> None:
    from patterns.diffusion.painter import paint

    bench = as_loaded(PIPELINES["sd15"](), "sd15")
    whole = paint(bench, _wish()).pixels
    decode, left = bench.pipeline.vae.decode, [failures]

    def scarce(z: torch.Tensor, **more: Any) -> Any:
        left[0] -= 1
        if left[0] >= 0 and z.shape[-1] * z.shape[-2] > 128:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return decode(z, **more)

    monkeypatch.setattr(bench.pipeline.vae, "decode", scarce)
    before = _worn(bench.pipeline)
    if failures == 1:
        made = paint(bench, _wish())
        assert "in parts" in made.says[0].message
        assert np.abs(made.pixels - whole).max() < TOLERANCE
    else:
        with pytest.raises(CannotMake, match=r"\d+ x \d+ px was tried and fits"):
            paint(bench, _wish())
    after = _worn(bench.pipeline)
    assert {k: after[k] for k in ("scheduler", "functions", "hooks")} == {
        k: before[k] for k in ("scheduler", "functions", "hooks")
    }


@pytest.mark.parametrize("more", [{}, {"symmetry": "cmm"}, {"start": _start(GRID), "strength": 0.9}])
def test_an_interruption_leaves_the_model_as_it_was(more: dict[str, Any]) -> None:
    pipeline = loaded("sd15").pipeline
    before, expected = _worn(pipeline), _paint("sd15", _wish(**more))

    def interrupt(done: int, total: int) -> None:
        assert total <= STEPS
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        _paint("sd15", _wish(**more), progress=interrupt)
    assert _worn(pipeline) == before
    np.testing.assert_array_equal(_paint("sd15", _wish(**more)), expected)


def test_a_path_is_one_path_in_any_order() -> None:
    from patterns.diffusion.noise import Path

    generator = torch.Generator().manual_seed(3)
    path = Path(lambda: torch.randn(20_000, generator=generator))
    far, near, rest = path(3.0, 1.0), path(3.0, 2.5), path(2.5, 1.0)
    torch.testing.assert_close(far * 2**0.5, near * 0.5**0.5 + rest * 1.5**0.5)
    for increment in (far, near, rest, path(5.0, 3.0)):
        assert abs(float(increment.std()) - 1) < 0.03
    assert abs(float((near * rest).mean())) < 0.03


def test_states_that_nobody_knows_can_be_drawn_but_not_folded() -> None:
    from patterns.diffusion.noise import Chance, closed, opened

    grid = Grid(8, 8)
    assert Chance(grid, 1).like((1, 5, 7)).shape == (1, 5, 7)
    with pytest.raises(CannotMake, match="5 x 7"):
        Chance(grid, 1, "p2").like((1, 5, 7))
    for shape in ((1, 4, 8, 8), (1, 16, 16), (1, 16, 4, 4), (1, 1, 4, 8, 8)):
        state = torch.randn(shape)
        assert torch.equal(closed(opened(state, grid), shape), state)
    assert replace(_wish(), seed=6).seed == 6
