"""Other people's networks on the lattice: the shift and supercell laws, and the untouched network afterwards."""

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from patterns.diffusion.wrap import convolution, picture_multiple, refuse_uncarried, total_stride, wrapped
from patterns.diffusion.wrap.padding import joined, padded
from patterns.errors import CannotMake, LatticeError
from patterns.lattice import Grid
from tests.tiny import unets


@pytest.fixture(autouse=True)
def without_gradients() -> Iterator[None]:
    with torch.no_grad():
        yield


@dataclass(frozen=True)
class Case:
    """A network, how it is called, its input's channels, and the pixels of its input that a roll is a multiple of."""

    net: Any
    call: Callable[[Tensor], Tensor]
    channels: int
    stride: int
    tolerance: float = 1e-10
    frames: bool = False


def drawn(case: Case, grid: Grid, dtype: torch.dtype = torch.float64) -> Tensor:
    shape = (1, case.channels, *((1,) if case.frames else ()), grid.height, grid.width)
    return torch.randn(shape, generator=torch.Generator().manual_seed(5), dtype=torch.float64).to(dtype)


def rolled(grid: Grid, x: Tensor, dy: int, dx: int) -> Tensor:
    rows, columns = grid.wrap(*np.mgrid[-dy : grid.height - dy, -dx : grid.width - dx])
    return x[..., rows, columns]


def paved(grid: Grid, x: Tensor) -> Tensor:
    across, down = grid.copies
    return grid.pad_sides(x, (0, (across - 1) * grid.width, 0, (down - 1) * grid.height))


def text(x: Tensor) -> Tensor:
    return torch.ones(x.shape[0], 3, 8).to(x)


@lru_cache
def case(name: str) -> Case:
    """Return a network by name, built once."""
    kind, _, part = name.partition(" ")
    if kind == "sdxl":
        net = unets.sdxl_unet()
        added = {"text_embeds": torch.ones(1, 8).double(), "time_ids": torch.ones(1, 6).double()}
        return Case(net, lambda x: net(x, 10, text(x), added_cond_kwargs=added).sample, 4, total_stride(net))
    if kind == "sd15":
        net = unets.sd15_unet()
        return Case(net, lambda x: net(x, 10, text(x)).sample, 4, total_stride(net))
    if kind == "controlnet":
        net = unets.controlnet(unets.sd15_unet())
        return Case(net, lambda x: _controlled(net, x), 7, 8)
    if kind == "t2i":
        net = unets.t2i_adapter(part)
        return Case(net, lambda x: net(x)[-1], 3, total_stride(net))
    net = getattr(unets, f"{kind}_autoencoder")() if kind != "kl" else unets.autoencoder()
    # Sana's attention computes in float32 whatever it is given.
    tolerance, frames = (1e-4 if kind == "deep" else 1e-10), kind in ("qwen", "wan")
    if part == "decoder":
        return Case(net, lambda z: net.decode(z).sample, 4, 1, tolerance, frames)
    return Case(net, lambda x: _encoded(net.encode(x)), 3, total_stride(net), tolerance, frames)


def _controlled(net: Any, x: Tensor) -> Tensor:
    picture = x[:, 4:].repeat_interleave(8, -1).repeat_interleave(8, -2)
    down, middle = net(x[:, :4], 10, text(x), controlnet_cond=picture, return_dict=False)
    return torch.cat([F.interpolate(out, x.shape[-2:], mode="nearest") for out in (down[0], down[4], middle)], 1)


def _encoded(out: Any) -> Tensor:
    return out.latent_dist.mean if hasattr(out, "latent_dist") else out[0]


def broken(case: Case, grid: Grid, *, wrap: bool = True) -> tuple[float, float]:
    """Return by how much the shift law and the supercell law fail."""
    x, s = drawn(case, grid), case.stride
    across, down = grid.copies
    whole = Grid(grid.width * across, grid.height * down)
    with wrapped(case.net, grid) if wrap else nullcontext():
        out, moved = case.call(x), case.call(rolled(grid, x, s, 3 * s))
    with wrapped(case.net, whole) if wrap else nullcontext():
        larger = case.call(paved(grid, x))
    factor = Fraction(out.shape[-1], grid.width)
    beyond = grid.scaled(factor)
    shift = (rolled(beyond, out, int(s * factor), int(3 * s * factor)) - moved).abs().max()
    return float(shift), float((paved(beyond, out) - larger).abs().max())


# (columns, rows, drop, slide) in total strides.
REPEATS = {
    "straight": (2, 3, 0, 0),
    "half-drop": (2, 4, 2, 0),
    "third-drop": (2, 3, 1, 0),
    "quarter-drop": (2, 4, 1, 0),
    "brick": (4, 2, 0, 2),
    "drop 2/5": (2, 5, 2, 0),
}
EVERY = ["sdxl", "kl encoder", "kl decoder"]
OTHERS = ["sd15", "controlnet", "t2i full_adapter", "t2i light_adapter", "t2i full_adapter_xl", "tiny encoder",
          "tiny decoder", "qwen encoder", "qwen decoder", "wan encoder", "wan decoder", "deep encoder",
          "deep decoder"]  # fmt: skip
CASES = [(n, r) for n in EVERY for r in REPEATS] + [(n, r) for n in OTHERS for r in ("half-drop", "brick")]


@pytest.mark.parametrize(("name", "repeat"), CASES)
def test_shift_and_supercell_laws(name: str, repeat: str) -> None:
    found = case(name)
    grid = Grid(*(v * max(found.stride, 2) for v in REPEATS[repeat]))
    assert max(broken(found, grid)) < found.tolerance
    plain = broken(found, grid, wrap=False)
    assert plain[0] > 1e-3
    assert plain[1] > 1e-3 or grid.copies == (1, 1)


def test_single_and_half_precision() -> None:
    for dtype, tolerance in ((torch.float32, 1e-4), (torch.bfloat16, 0.15)):
        net = unets.autoencoder().to(dtype)
        found = Case(net, lambda z, net=net: net.decode(z).sample, 4, 1)
        grid = Grid(8, 8, 4)
        x = drawn(found, grid, dtype)
        with wrapped(net, grid):
            wrong = (rolled(grid.scaled(4), found.call(x), 12, 4) - found.call(rolled(grid, x, 3, 1))).abs().max()
        plain = (rolled(grid.scaled(4), found.call(x), 12, 4) - found.call(rolled(grid, x, 3, 1))).abs().max()
        assert wrong < tolerance < plain


def test_the_straight_repeat_is_torch_s_circular_mode() -> None:
    found = case("sd15")
    x = drawn(found, Grid(16, 24))
    with wrapped(found.net, Grid(16, 24)):
        ours = found.call(x)
    plain = found.call(x)
    padding = [m for m in found.net.modules() if isinstance(m, nn.Conv2d)]
    for layer in padding:
        layer.padding_mode = "circular"
    torch.testing.assert_close(ours, found.call(x), rtol=0, atol=1e-12)
    for layer in padding:
        layer.padding_mode = "zeros"
    assert (ours - plain).abs().max() > 0.1


class Shrinking(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return F.interpolate(x, scale_factor=0.5, mode="bilinear", antialias=True)


LAYERS: dict[str, Callable[[], nn.Module]] = {
    "plain": lambda: nn.Conv2d(3, 4, 3, padding=1),
    "wide": lambda: nn.Conv2d(3, 4, (3, 7), padding=(1, 3)),
    "dilated": lambda: nn.Conv2d(3, 4, 3, padding=2, dilation=2),
    "same, even kernel": lambda: nn.Conv2d(3, 4, 4, padding="same"),
    "stride 2": lambda: nn.Conv2d(3, 4, 3, stride=2, padding=1),
    "stride 4, kernel 7": lambda: nn.Conv2d(3, 4, 7, stride=4, padding=3),
    "depthwise": lambda: nn.Conv2d(3, 3, 5, padding=2, groups=3),
    "reflecting": lambda: nn.Conv2d(3, 4, 3, padding=1, padding_mode="reflect"),
    "one-sided": lambda: nn.Sequential(nn.ZeroPad2d((0, 1, 0, 1)), nn.Conv2d(3, 4, 3, stride=2)),
    "larger than the cell": lambda: nn.Conv2d(3, 4, 3, padding=20, dilation=20),
    "transposed": lambda: nn.ConvTranspose2d(3, 4, 4, stride=2, padding=1),
    "bilinear up": lambda: nn.Upsample(scale_factor=2, mode="bilinear"),
    "bicubic up": lambda: nn.Upsample(scale_factor=2, mode="bicubic"),
    "antialiased": lambda: Shrinking(),
    "pooling": lambda: nn.AvgPool2d(3, stride=2, padding=1),
}


@pytest.mark.filterwarnings("ignore:Using padding='same'")
@pytest.mark.parametrize("layout", [torch.contiguous_format, torch.channels_last])
@pytest.mark.parametrize("large", [16, 10**9])
@pytest.mark.parametrize("kind", list(LAYERS))
def test_a_layer_sees_the_paved_plane(
    kind: str, large: int, layout: torch.memory_format, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(convolution, "LARGE_PX", large)
    layer = unets.seeded(LAYERS[kind]())
    for grid in (Grid(12, 16), Grid(12, 16, 4), Grid(16, 12, 0, 8)):
        x = torch.randn(2, 3, grid.height, grid.width, dtype=torch.float64).contiguous(memory_format=layout)
        with wrapped(layer, grid):
            out = layer(x)
        # What the layer makes in the middle of a plane that is paved far beyond what it looks at.
        far = layer(grid.pad(x, 48))
        start = 48 * out.shape[-1] // grid.width
        middle = far[..., start : start + out.shape[-2], start : start + out.shape[-1]]
        torch.testing.assert_close(out, middle, rtol=0, atol=1e-12)
        assert (out - layer(x)).abs().max() > 1e-3


def test_ways_to_pad_agree_and_gradients_flow() -> None:
    for grid in (Grid(6, 8), Grid(6, 8, 3), Grid(8, 6, 0, 5)):
        x = torch.randn(2, 3, grid.height, grid.width, dtype=torch.float64)
        for sides in ((1, 1, 1, 1), (0, 1, 0, 1), (2, 1, 3, 0)):
            expected = grid.pad_sides(x, sides)
            assert torch.equal(padded(x, (grid.drop, grid.slide), sides), expected)
            assert torch.equal(joined(x, (grid.drop, grid.slide), sides), expected)
        with torch.enable_grad():
            layer = unets.seeded(nn.Conv2d(3, 4, 3, padding=1))
            leaf = x.clone().requires_grad_()
            with wrapped(layer, grid):
                layer(leaf).square().sum().backward()
        assert leaf.grad is not None
        assert leaf.grad.abs().min() > 0


def test_the_network_is_as_it_was() -> None:
    net = unets.autoencoder()
    x = torch.randn(1, 4, 8, 8, dtype=torch.float64)
    hooks = len(nn.modules.module._global_module_registration_hooks)
    before, said = net.decode(x).sample, _described(net)
    with pytest.raises(LatticeError), wrapped(net, Grid(8, 8, 4)):
        net.decode(x[..., :7])
    assert _described(net) == said
    with wrapped(net, Grid(8, 8, 4)):
        outer, dressed = net.decode(x).sample, _described(net)
        with wrapped(net, Grid(8, 8)), wrapped(unets.tiny_autoencoder(), Grid(8, 8)):
            inner = net.decode(x).sample
        assert _described(net) == dressed
        assert torch.equal(outer, net.decode(x).sample)
    with wrapped(net, Grid(8, 8)):
        assert torch.equal(inner, net.decode(x).sample)
    assert (inner - outer).abs().max() > 1e-3
    assert _described(net) == said
    assert torch.equal(before, net.decode(x).sample)
    assert len(nn.modules.module._global_module_registration_hooks) == hooks


def _described(net: nn.Module) -> list[Any]:
    """Return all that a network's modules hold, by identity."""
    held = []
    for name, module in net.named_modules():
        held.append((name, type(module), sorted((k, id(v)) for k, v in vars(module).items())))
        held.append([len(h) for k, h in vars(module).items() if k.endswith("_hooks")])
    return [*held, [(k, v.double().sum().item()) for k, v in net.state_dict().items()]]


@pytest.mark.parametrize(("inside", "dora"), [(False, False), (True, True)])
def test_lora(inside: bool, dora: bool) -> None:
    peft = pytest.importorskip("peft")
    net, grid = unets.sdxl_unet(), Grid(8, 16, 8)
    added = {"text_embeds": torch.ones(1, 8).double(), "time_ids": torch.ones(1, 6).double()}
    found = Case(net, lambda x: net(x, 10, text(x), added_cond_kwargs=added).sample, 4, 4)
    config = peft.LoraConfig(r=2, target_modules=["conv1", "conv2", "to_q", "conv_in"], use_dora=dora)
    x = drawn(found, grid)
    plain = found.call(x)
    if not inside:
        net.add_adapter(config)
    with wrapped(net, grid):
        if inside:
            net.add_adapter(config)
        unets.seeded(net, 3)
        out, moved = found.call(x), found.call(rolled(grid, x, 4, 4))
    assert (rolled(grid, out, 4, 4) - moved).abs().max() < 1e-10
    assert (rolled(grid, found.call(x), 4, 4) - found.call(rolled(grid, x, 4, 4))).abs().max() > 1e-3
    assert not any("_conv_forward" in vars(m) for m in net.modules())
    assert (out - plain).abs().max() > 1e-3


@pytest.mark.parametrize("name", ["kl", "tiny", "qwen"])
def test_windows_lie_on_the_torus(name: str) -> None:
    net = unets.autoencoder() if name == "kl" else getattr(unets, f"{name}_autoencoder")()
    k, grid = total_stride(net), Grid(8, 8, 4)
    net.use_tiling = net.use_slicing = True
    for side, value in (("sample_min", 4 * k), ("latent_min", 4), ("sample_stride", 3 * k)):
        for end in ("size", "height", "width"):
            if hasattr(net, f"tile_{side}_{end}"):
                setattr(net, f"tile_{side}_{end}", value)
    frames, batch = ((1,), 1) if name == "qwen" else ((), 2)
    z = torch.randn(batch, 4, *frames, 8, 8, dtype=torch.float64)
    x = torch.randn(batch, 3, *frames, 8 * k, 8 * k, dtype=torch.float64)
    large = grid.scaled(k)

    def wrong() -> tuple[float, float]:
        out, moved = net.decode(z).sample, net.decode(rolled(grid, z, 2, 2)).sample
        code, other = _encoded(net.encode(x)), _encoded(net.encode(rolled(large, x, 2 * k, 2 * k)))
        assert out.shape == x.shape
        assert code.shape == z.shape
        shift = (rolled(large, out, 2 * k, 2 * k) - moved).abs().max(), (rolled(grid, code, 2, 2) - other).abs().max()
        return float(shift[0]), float(shift[1])

    with wrapped(net, grid):
        assert max(wrong()) < 1e-10
    assert min(wrong()) > 1e-3


def test_a_compiled_network_follows_the_lattice() -> None:
    pads = nn.Sequential(nn.ZeroPad2d((0, 1, 0, 1)), nn.Conv2d(4, 3, 2))
    net = unets.seeded(nn.Sequential(nn.Conv2d(3, 4, 3, padding=1), nn.SiLU(), pads))
    compiled: Any = torch.compile(net, backend="eager")
    x = torch.randn(1, 3, 8, 8, dtype=torch.float64)
    plain = compiled(x)
    for grid in (Grid(8, 8), Grid(8, 8, 4), Grid(8, 8, 0, 2), Grid(8, 8, 4)):
        with wrapped(net, grid):
            expected = net(x)
        with wrapped(compiled, grid):
            torch.testing.assert_close(compiled(x), expected, rtol=0, atol=1e-12)
        assert (expected - plain).abs().max() > 1e-3
    torch.testing.assert_close(compiled(x), plain, rtol=0, atol=0)


def test_what_no_level_carries_is_refused() -> None:
    found = case("sdxl")
    for grid in (Grid(8, 8, 2), Grid(12, 8, 4), Grid(8, 10)):
        with pytest.raises(LatticeError, match="total stride"), wrapped(found.net, Grid(8, 8, 4)):
            found.call(drawn(found, grid if grid.height != 8 else Grid(12, 8)))
    with pytest.raises(LatticeError, match="divide"), wrapped(found.net, Grid(8, 8, 2)):
        found.call(drawn(found, Grid(8, 8)))
    layer = nn.Upsample(scale_factor=2, mode="bilinear", align_corners=True)
    with pytest.raises(CannotMake, match="corners"), wrapped(layer, Grid(8, 8)):
        layer(torch.zeros(1, 1, 8, 8))
    net = unets.sd15_unet()
    net.enable_freeu(0.9, 0.2, 1.2, 1.4)
    with pytest.raises(CannotMake, match="FreeU"), wrapped(net, Grid(8, 8, 4)):
        pass
    assert not any("_conv_forward" in vars(m) for m in net.modules())


def test_sizes_are_refused_from_configurations_alone() -> None:
    unet, vae = dict(unets.sd15_unet().config), dict(unets.autoencoder().config)
    assert picture_multiple(unet, vae) == 32
    assert picture_multiple(unet, vae, dict(unets.t2i_adapter("light_adapter").config)) == 32
    flux = {"in_channels": 64, "patch_size": 1}
    eight = {"latent_channels": 16, "block_out_channels": (1, 1, 1, 1)}
    assert picture_multiple(flux, eight) == 16
    assert picture_multiple({"in_channels": 64, "patch_size": 2}, {"z_dim": 16, "dim_mult": [1, 2, 4, 4]}) == 16
    assert picture_multiple({"in_channels": 32, "patch_size": 1}, dict(unets.deep_autoencoder().config)) == 4
    refuse_uncarried(Grid(512, 512, 256), 64)
    with pytest.raises(LatticeError, match=r"2 parts.*512 px, 640 px"):
        refuse_uncarried(Grid(512, 576, 288), 64)
    with pytest.raises(CannotMake, match="block_out_channels"):
        total_stride({"_class_name": "Strange"})
