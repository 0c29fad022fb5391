"""Where a model computes, in what precision, and how it is spread over little memory."""

import os
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from patterns.errors import CannotMake, Finding, InputError

if TYPE_CHECKING:
    import torch

DTYPES = {
    "float32": "float32", "fp32": "float32", "float16": "float16", "fp16": "float16", "half": "float16",
    "bfloat16": "bfloat16", "bf16": "bfloat16",
}  # fmt: skip
MEMORIES = ("auto", "low")
# What drawing needs beside the weights, as a share of the GPU's memory that must stay free: our own estimate.
_ROOM = 0.25


def chosen(name: str) -> "torch.device":
    """Return the device: "auto" is the first of cuda, mps and cpu that is there.

    Raises InputError for a word that is no device, CannotMake for one that this machine does not have.
    """
    import torch

    if name == "auto":
        there = [kind for kind in ("cuda", "mps") if _has(kind)]
        return torch.device(there[0] if there else "cpu")
    try:
        device = torch.device(name)
    except RuntimeError:
        raise InputError(f"{name!r} is no device; devices are auto, cpu, cuda, cuda:1 and mps.") from None
    if device.type not in ("cpu", "cuda", "mps"):
        raise InputError(f"models draw on cpu, cuda or mps, not on {name!r}.")
    if device.type != "cpu" and (not _has(device.type) or (device.index or 0) >= _count(device.type)):
        raise CannotMake(
            f"this machine has no {name} that torch {torch.__version__} can use; --device cpu always works."
        )
    return device


def precision(name: str, device: "torch.device", *, is_unet: bool) -> "torch.dtype":
    """Return the precision; "auto" is float32 on a CPU, on a GPU float16 for U-Nets and bfloat16 for transformers.

    Most U-Nets were published and are used in float16; transformers overflow in it. Raises InputError for another word.
    """
    import torch

    if name == "auto":
        if device.type == "cpu":
            return torch.float32
        coarse = torch.bfloat16 if device.type == "mps" or torch.cuda.is_bf16_supported() else torch.float32
        return torch.float16 if is_unet else coarse
    if name not in DTYPES:
        raise InputError(f"{name!r} is no precision; they are auto, float32, float16 and bfloat16.")
    return getattr(torch, DTYPES[name])


def refuse_scarce(numbers: int, device: "torch.device", dtype: "torch.dtype") -> None:
    """Raise CannotMake, before weights are read, if main memory does not hold so many numbers; say what would fit."""
    free = _available()
    needed = numbers * dtype.itemsize
    if free is None or needed <= free:
        return
    cure = "a smaller model, or a machine with more memory"
    if device.type == "cpu" and dtype.itemsize > 2 and numbers * 2 <= free:
        cure = "--dtype bfloat16, which needs half of it"
    raise CannotMake(
        f"the weights take {needed / 1e9:.1f} GB in {str(dtype).removeprefix('torch.')} and {free / 1e9:.1f} GB of "
        f"memory are free; what would fit: {cure}."
    )


def doubts(device: "torch.device", dtype: "torch.dtype") -> tuple[Finding, ...]:
    """Return what is questionable about a precision on a device."""
    import torch

    if device.type != "cpu" or dtype != torch.float16:
        return ()
    return (Finding("warning", "float16 is slow on a CPU and overflows sooner", "", "--dtype bfloat16 or float32"),)


def put(pipeline: Any, device: "torch.device", memory: str) -> str:
    """Put a pipeline on its device and return how, in words; InputError for another word than auto or low.

    auto: whole on the device if a quarter of its free memory stays free, else one part at a time. low: one layer at a
    time from main memory, the VAE in slices and tiles, attention in slices.
    """
    if memory not in MEMORIES:
        raise InputError(f"--memory is {' or '.join(MEMORIES)}, not {memory!r}.")
    _channels_last(pipeline)
    if memory == "low":
        _sliced(pipeline)
        if device.type == "cuda":
            pipeline.enable_sequential_cpu_offload(device=device)
            return "memory low: layers wait in main memory; VAE and attention in slices"
        pipeline.to(device)
        return "memory low: VAE and attention in slices"
    if device.type == "cuda" and _weight_bytes(pipeline) > (1 - _ROOM) * _free_cuda(device):
        pipeline.enable_model_cpu_offload(device=device)
        return "one part at a time, for all together leave too little of its memory"
    pipeline.to(device)
    return f"{_weight_bytes(pipeline) / 1e9:.1f} GB of weights"


def _channels_last(pipeline: Any) -> None:
    """Lay convolutions' weights out as they are multiplied fastest, and as the lattice's neighbors cost least."""
    import torch

    for name in ("unet", "vae", "controlnet"):
        part = getattr(pipeline, name, None)
        if isinstance(part, torch.nn.Module) and all(weight.dim() < 5 for weight in part.parameters()):
            part.to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]


def _sliced(pipeline: Any) -> None:
    for name in ("enable_slicing", "enable_tiling"):
        vae = getattr(pipeline, "vae", None)
        with suppress(NotImplementedError):
            if hasattr(vae, name):
                getattr(vae, name)()
    if hasattr(pipeline, "unet"):
        pipeline.enable_attention_slicing()


def _weight_bytes(pipeline: Any) -> int:
    parts = [part for part in pipeline.components.values() if hasattr(part, "parameters")]
    return sum(p.numel() * p.element_size() for part in parts for p in part.parameters())


def _has(kind: str) -> bool:
    import torch

    return torch.cuda.is_available() if kind == "cuda" else torch.backends.mps.is_available()


def _count(kind: str) -> int:
    import torch

    return torch.cuda.device_count() if kind == "cuda" else 1


def _free_cuda(device: "torch.device") -> int:
    import torch

    return torch.cuda.mem_get_info(device)[0]


def _available() -> int | None:
    """Return the bytes of main memory that can be had, None where nobody says."""
    with suppress(OSError, ValueError, IndexError), open("/proc/meminfo", encoding="ascii") as lines:
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable"))
    with suppress(OSError, ValueError, AttributeError):
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return None
