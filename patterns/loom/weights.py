"""Weights on disk: a folder in diffusers' own format, read without diffusers, checked before it is used."""

import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from safetensors.torch import load_file, save_file

from patterns.errors import MissingPart
from patterns.loom.network import Loom, LoomConfig
from patterns.loom.vocabulary import Vocabulary

if TYPE_CHECKING:
    from patterns.loom.judge import Judge

SHARD_BYTES = 15_000_000
SHIPPED = Path(__file__).parent / "weights"
_STEM = "diffusion_pytorch_model"
_CRITIC = "critic.safetensors"
_MEND = "reinstall patterns with `pip install --force-reinstall patterns`, or point --model at a good folder."


@dataclass(frozen=True, slots=True)
class Weights:
    """A Loom ready to draw: network in eval mode, its words, the digest that designs record, and its critic if any."""

    network: Loom
    vocabulary: Vocabulary
    digest: str
    training: Mapping[str, Any]
    critic: "Judge | None" = None


def default_dtype() -> torch.dtype:
    """Return bfloat16 where the processor multiplies it in hardware, else float32."""
    if torch.cuda.is_available():
        return torch.bfloat16
    capability = torch.backends.cpu.get_cpu_capability()
    fast = getattr(torch.cpu, "_is_avx512_bf16_supported", lambda: False)() or "AMX" in capability
    return torch.bfloat16 if fast else torch.float32


def load(folder: Path | None = None, *, dtype: torch.dtype | None = None, device: str = "cpu") -> Weights:
    """Return the weights in ``folder`` (the shipped ones by default), every file's digest checked.

    Raises MissingPart if a file is missing, altered or of another shape than config.json says.
    """
    folder = Path(folder or SHIPPED)
    digest = _verified(folder)
    try:
        config = json.loads((folder / "loom" / "config.json").read_text())
        vocabulary = Vocabulary.from_json(json.loads((folder / "vocabulary.json").read_text()))
        with torch.device("meta"):
            network = Loom(LoomConfig.from_json(config))
    except (KeyError, TypeError, ValueError, OSError) as error:
        raise MissingPart(f"the weights in {folder} are of another version of patterns; {_MEND}") from error
    state = {k: v for shard in sorted((folder / "loom").glob("*.safetensors")) for k, v in load_file(shard).items()}
    try:
        network.load_state_dict(state, assign=True)
    except RuntimeError as error:
        raise MissingPart(f"the weights in {folder} do not fit their config.json; {_MEND}") from error
    network = network.to(device, dtype or default_dtype()).to(memory_format=torch.channels_last)  # pyright: ignore
    return Weights(
        network.eval().requires_grad_(False), vocabulary, digest, config.get("training", {}), _critic_in(folder)
    )


def _critic_in(folder: Path) -> "Judge | None":
    from patterns.loom import judge

    path = folder / _CRITIC
    return judge.load(path) if path.is_file() else None


def add_critic(folder: Path, critic: "Judge") -> str:
    """Write a critic into a weights folder, in place of any that is there; return the folder's new digest."""
    from patterns.loom import judge

    judge.save(critic, folder / _CRITIC)
    listing = folder / "digests.json"
    fresh = folder / ".digests.json.part"
    _write_json(fresh, json.loads(listing.read_text()) | {_CRITIC: _sha256(folder / _CRITIC)})
    fresh.replace(listing)
    return _sha256(listing)[:16]


def save(folder: Path, network: Loom, vocabulary: Vocabulary, training: Mapping[str, Any]) -> str:
    """Write a weights folder in bf16 shards of at most 15 MB, whole or not at all; return its digest."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".weights-") as name:
        fresh = Path(name) / "weights"
        (fresh / "loom").mkdir(parents=True)
        (fresh / "scheduler").mkdir()
        config = {"_class_name": "LoomModel", **network.shape.to_json(), "training": dict(training)}
        _write_json(fresh / "loom" / "config.json", config)
        _write_json(fresh / "vocabulary.json", vocabulary.to_json())
        _write_json(fresh / "model_index.json", _MODEL_INDEX)
        _write_json(fresh / "scheduler" / "scheduler_config.json", _SCHEDULER)
        _write_shards(fresh / "loom", network)
        digests = {str(p.relative_to(fresh)): _sha256(p) for p in sorted(fresh.rglob("*")) if p.is_file()}
        _write_json(fresh / "digests.json", digests)
        if folder.exists():
            folder.rename(Path(name) / "old")
        os.replace(fresh, folder)
    return _sha256(folder / "digests.json")[:16]


_MODEL_INDEX = {
    "_class_name": "LoomPipeline",
    "loom": ["patterns.loom.pipeline", "LoomModel"],
    "scheduler": ["diffusers", "FlowMatchEulerDiscreteScheduler"],
}
_SCHEDULER = {
    "_class_name": "FlowMatchEulerDiscreteScheduler",
    "num_train_timesteps": 1000,
    "shift": 1.0,
    "stochastic_sampling": True,
}


def _verified(folder: Path) -> str:
    listing = folder / "digests.json"
    if not listing.is_file():
        raise MissingPart(f"there are no Loom weights in {folder}; {_MEND}")
    try:
        digests: dict[str, str] = json.loads(listing.read_text())
        strange = [name for name, digest in digests.items() if _sha256(folder / name) != digest]
    except FileNotFoundError as error:
        raise MissingPart(f"the Loom weights in {folder} lack {Path(error.filename).name}; {_MEND}") from None
    except (ValueError, AttributeError, OSError):
        raise MissingPart(f"the list of digests in {folder} cannot be read; {_MEND}") from None
    if strange:
        raise MissingPart(
            f"the Loom weights were altered: {', '.join(strange)} in {folder} is not what was shipped; {_MEND}"
        )
    return _sha256(listing)[:16]


def _write_shards(folder: Path, network: Loom) -> None:
    shards: list[dict[str, torch.Tensor]] = [{}]
    size = 0
    for name, tensor in network.state_dict().items():
        tensor = tensor.detach().to("cpu", torch.bfloat16).contiguous()
        if size + tensor.nbytes > SHARD_BYTES:
            shards.append({})
            size = 0
        shards[-1][name] = tensor
        size += tensor.nbytes
    table = {}
    for i, shard in enumerate(shards, 1):
        name = f"{_STEM}-{i:05d}-of-{len(shards):05d}.safetensors"
        save_file(shard, folder / name, metadata={"format": "pt"})
        table |= dict.fromkeys(shard, name)
    total = sum(t.nbytes for s in shards for t in s.values())
    _write_json(folder / f"{_STEM}.safetensors.index.json", {"metadata": {"total_size": total}, "weight_map": table})


def _write_json(path: Path, record: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(record, indent=1) + "\n")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
