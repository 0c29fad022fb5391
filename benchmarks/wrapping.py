"""What wrapping costs: ours, torch's circular mode and the popular tools' double padding, against zeros around the map.

    python benchmarks/wrapping.py [--model sd15] [--part layers] [--dtype float32] [--layout nchw] [--pairs 30]

Parts: ``layers`` times every convolution that looks at a neighbor in one U-Net step and one decoding, each at its real
shape; ``step`` a whole U-Net step; ``decode`` a whole decoding of the autoencoder. Weights are random. Every way is
timed once in each round, in turn, and a ratio is the median over rounds of its time over that of the zero-padded
network in the same round. Times are CPU seconds of this process (on CUDA, wall seconds), so that what else the machine
does counts less. The lattice is a half-drop; torch's mode and the double padding know only the straight repeat.
"""

import argparse
import json
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from patterns.diffusion.wrap import wrapped
from patterns.lattice import Grid

# Configurations as published beside the weights: stable-diffusion-v1-5 and stable-diffusion-xl-base-1.0.
UNETS: dict[str, dict[str, Any]] = {
    "sd15": {"sample_size": 64, "cross_attention_dim": 768, "attention_head_dim": 8},
    "sdxl": {
        "sample_size": 128,
        "block_out_channels": (320, 640, 1280),
        "down_block_types": ("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
        "up_block_types": ("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
        "transformer_layers_per_block": (1, 2, 10),
        "attention_head_dim": (5, 10, 20),
        "cross_attention_dim": 2048,
        "use_linear_projection": True,
        "addition_embed_type": "text_time",
        "addition_time_embed_dim": 256,
        "projection_class_embeddings_input_dim": 2816,
    },
}
AUTOENCODER: dict[str, Any] = {
    "block_out_channels": (128, 256, 512, 512),
    "down_block_types": ("DownEncoderBlock2D",) * 4,
    "up_block_types": ("UpDecoderBlock2D",) * 4,
    "layers_per_block": 2,
}


def network(part: str, model: str) -> nn.Module:
    """Return a U-Net or an autoencoder at its real size, with random weights."""
    from diffusers.models.autoencoders.autoencoder_kl import AutoencoderKL
    from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel

    built = UNet2DConditionModel(**UNETS[model]) if part == "step" else AutoencoderKL(**AUTOENCODER)
    return built.eval().requires_grad_(False)


def call(part: str, model: str, net: Any) -> Callable[[], object]:
    """Return a call that evaluates a network once on a fixed state."""
    side = UNETS[model]["sample_size"]
    like = next(net.parameters())
    x = torch.zeros((1, 4, side, side)).to(like) if like.is_meta else torch.randn((1, 4, side, side)).to(like)
    if net.conv_in.weight.is_contiguous(memory_format=torch.channels_last) if part == "step" else False:
        x = x.contiguous(memory_format=torch.channels_last)
    if part == "decode":
        return lambda: net.decode(x)
    words = torch.zeros((1, 77, UNETS[model]["cross_attention_dim"])).to(like)
    more = {"text_embeds": torch.zeros((1, 1280)).to(like), "time_ids": torch.zeros((1, 6)).to(like)}
    return lambda: net(x, 10, words, added_cond_kwargs=more if model == "sdxl" else None)


@contextmanager
def circular(net: nn.Module) -> Iterator[None]:
    """Let every convolution pad as torch's circular mode does."""
    for layer in (found := convolutions(net)):
        layer.padding_mode = "circular"
    yield
    for layer in found:
        layer.padding_mode = "zeros"


@contextmanager
def doubled(net: nn.Module) -> Iterator[None]:
    """Let every convolution pad twice, once along each axis: what the popular tools do to choose an axis."""

    def forward(layer: nn.Conv2d) -> Callable[..., Tensor]:
        rows, columns = layer.padding  # pyright: ignore[reportAssignmentType]

        def doubly(x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
            x = F.pad(x, (int(columns), int(columns), 0, 0), mode="circular")
            x = F.pad(x, (0, 0, int(rows), int(rows)), mode="circular")
            return F.conv2d(x, weight, bias, layer.stride, 0, layer.dilation, layer.groups)

        return doubly

    for layer in (found := convolutions(net)):
        layer.__dict__["_conv_forward"] = forward(layer)
    yield
    for layer in found:
        del layer.__dict__["_conv_forward"]


def convolutions(net: nn.Module) -> list[nn.Conv2d]:
    """Return the convolutions that look at a neighbor."""
    return [m for m in net.modules() if isinstance(m, nn.Conv2d) and any(m.padding)]


def ways(net: nn.Module, side: int) -> dict[str, Callable[[], AbstractContextManager[None]]]:
    """Return the ways to pad, the baseline first."""
    return {
        "zeros": nullcontext,
        "ours": lambda: wrapped(net, Grid(side, side, side // 2)),
        "circular": lambda: circular(net),
        "double": lambda: doubled(net),
    }


def ratios(net: nn.Module, side: int, work: Callable[[], object], pairs: int) -> dict[str, float]:
    """Return the milliseconds of the zero-padded network, and the median ratio of every other way to it."""
    rounds: list[dict[str, float]] = []
    for turn in range(pairs + 1):
        taken = {}
        for name, way in ways(net, side).items():
            with way():
                taken[name] = seconds(work, next(net.parameters()).device)
        if turn:
            rounds.append(taken)
    base = statistics.median(r["zeros"] for r in rounds)
    found = {name: statistics.median(r[name] / r["zeros"] for r in rounds) for name in rounds[0] if name != "zeros"}
    return {"zeros_ms": round(base * 1000, 1), **{name: round(value, 3) for name, value in found.items()}}


def seconds(work: Callable[[], object], device: torch.device) -> float:
    """Return how long one call takes."""
    clock = time.process_time if device.type == "cpu" else time.perf_counter
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    start = clock()
    work()
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    return clock() - start


def layers(part: str, model: str) -> Counter[tuple[int, int, int, int]]:
    """Return how often each (inputs, outputs, side, stride) of a looking convolution comes in one evaluation."""
    found: Counter[tuple[int, int, int, int]] = Counter()

    def seen(layer: Any, args: tuple[Tensor, ...]) -> None:
        found[(layer.in_channels, layer.out_channels, args[0].shape[-1], layer.stride[0])] += 1

    with torch.device("meta"):
        net = network(part, model)
    for layer in convolutions(net):
        layer.register_forward_pre_hook(seen)
    call(part, model, net)()
    return found


def layer_table(model: str, how: argparse.Namespace) -> list[dict[str, Any]]:
    """Return a row for each shape of convolution, and the sum weighted by how often it comes."""
    rows = []
    for part in ("step", "decode"):
        weighted = dict.fromkeys(("zeros", "ours", "circular", "double"), 0.0)
        for (inputs, outputs, side, stride), times in sorted(layers(part, model).items(), key=lambda i: i[0][2]):
            net = moved(nn.Sequential(nn.Conv2d(inputs, outputs, 3, stride, 1)).requires_grad_(False), how)
            x = moved_tensor(torch.randn(1, inputs, side, side), how)
            row = ratios(net, side, lambda net=net, x=x: net(x), how.pairs)
            shape = f"{inputs}->{outputs} {side}x{side}" + (f" /{stride}" if stride > 1 else "")
            rows.append({"part": part, "layer": shape, "times": times, **row})
            print(json.dumps(rows[-1]), flush=True)
            weighted["zeros"] += times * row["zeros_ms"]
            for name in ("ours", "circular", "double"):
                weighted[name] += times * row["zeros_ms"] * row[name]
        total = {name: round(weighted[name] / weighted["zeros"], 3) for name in ("ours", "circular", "double")}
        rows.append({"part": part, "layer": "all of them", "times": 1, "zeros_ms": weighted["zeros"], **total})
        print(json.dumps(rows[-1]), flush=True)
    return rows


def moved(net: nn.Module, how: argparse.Namespace) -> Any:
    """Return the network on the device, in the number format and the layout asked for."""
    net = net.to(how.device, getattr(torch, how.dtype))
    return net.to(memory_format=torch.channels_last) if how.layout == "nhwc" else net  # pyright: ignore[reportCallIssue]


def moved_tensor(x: Tensor, how: argparse.Namespace) -> Tensor:
    """Return a tensor likewise."""
    x = x.to(how.device, getattr(torch, how.dtype))
    return x.contiguous(memory_format=torch.channels_last) if how.layout == "nhwc" else x


def main() -> None:
    """Time what was asked for and print it as JSON, a line for each row."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", choices=list(UNETS), default="sd15")
    parser.add_argument("--part", choices=["layers", "step", "decode"], default="layers")
    parser.add_argument("--dtype", choices=["float32", "bfloat16", "float16"], default="float32")
    parser.add_argument("--layout", choices=["nchw", "nhwc"], default="nchw")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--pairs", type=int, default=30)
    how = parser.parse_args()
    print(json.dumps({**vars(how), "torch": torch.__version__, "threads": torch.get_num_threads()}), flush=True)
    torch.manual_seed(0)
    with torch.no_grad():
        if how.part == "layers":
            layer_table(how.model, how)
            return
        net = moved(network(how.part, how.model), how)
        row = ratios(net, UNETS[how.model]["sample_size"], call(how.part, how.model, net), how.pairs)
        print(json.dumps({"part": how.part, **row}))


if __name__ == "__main__":
    main()
