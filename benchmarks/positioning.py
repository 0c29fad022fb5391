"""What positions on the lattice cost: a transformer's evaluation against the same evaluation untouched.

    python -m benchmarks.positioning --tokens 1024 --words 256 --width 512 --pairs 15

A FLUX.1 with two double and two single blocks and random weights, at the given size: its share of attention grows with
the tokens, and so does what splitting attention between tile and words could cost. Evaluations are timed in
interleaved pairs; the figure is the median of the pairs' ratios.
"""

import statistics
import time
from typing import Annotated, Any

import typer


def main(
    tokens: Annotated[int, typer.Option(help="Tokens of the tile; a square number.")] = 1024,
    words: Annotated[int, typer.Option(help="Tokens of words.")] = 256,
    width: Annotated[int, typer.Option(help="Width of a token, in multiples of 128.")] = 512,
    pairs: Annotated[int, typer.Option(help="Interleaved pairs.")] = 15,
    device: Annotated[str, typer.Option(help="cpu or cuda.")] = "cpu",
) -> None:
    """Print the ratio for a step of a drawing: tables are made at the first, which is not timed."""
    import copy

    import torch

    from patterns.diffusion.positions import positioned
    from patterns.lattice import Grid

    side = int(tokens**0.5)
    grid = Grid(2 * side, 2 * side, drop=side)
    dtype = torch.float32 if device == "cpu" else torch.bfloat16
    model, given = _model(width, side, words, torch.device(device), dtype)

    other = copy.deepcopy(model)

    def evaluate(network: Any) -> float:
        start = time.perf_counter()
        with torch.no_grad():
            network(**given)
        if device != "cpu":
            torch.cuda.synchronize()
        return time.perf_counter() - start

    ratios, plain = [], []
    with positioned(other, grid):
        for pair in range(pairs + 1):
            untouched, ours = evaluate(model), evaluate(other)
            if pair:
                plain.append(untouched)
                ratios.append(ours / untouched)
    print(f"{tokens} tokens, {words} words, width {width}, {device}, {dtype}")
    print(f"untouched {statistics.median(plain) * 1e3:.0f} ms; on the lattice {statistics.median(ratios):.3f} of it")


def _model(width: int, side: int, words: int, device: Any, dtype: Any) -> tuple[Any, dict[str, Any]]:
    import diffusers
    import torch

    model = diffusers.FluxTransformer2DModel(  # pyright: ignore[reportPrivateImportUsage]
        in_channels=64,
        num_layers=2,
        num_single_layers=2,
        num_attention_heads=width // 128,
        joint_attention_dim=512,
        pooled_projection_dim=64,
    ).eval()
    rows = torch.arange(side).repeat_interleave(side)
    ids = torch.stack([torch.zeros_like(rows), rows, torch.arange(side).repeat(side)], dim=1).float()
    given = {
        "hidden_states": torch.randn(1, side * side, 64),
        "encoder_hidden_states": torch.randn(1, words, 512),
        "pooled_projections": torch.randn(1, 64),
        "timestep": torch.tensor([0.5]),
    }
    given = {name: tensor.to(device, dtype) for name, tensor in given.items()}
    return model.to(device, dtype), given | {"img_ids": ids.to(device), "txt_ids": torch.zeros(words, 3, device=device)}


if __name__ == "__main__":
    typer.run(main)
