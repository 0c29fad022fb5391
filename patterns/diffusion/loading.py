"""From a record to a diffusers pipeline that is ready to draw: safetensors only, nothing fetched, everything said."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from patterns.diffusion import components, devices, tensors
from patterns.diffusion.components import Component
from patterns.diffusion.shelf import ModelRecord, absent
from patterns.errors import CannotMake, Finding, InputError, MissingPart, PatternsError

if TYPE_CHECKING:
    import torch
    from diffusers.pipelines.pipeline_utils import DiffusionPipeline

EXTRA = ("diffusers", "transformers", "accelerate", "peft")
# Key prefixes by which one file for a whole model marks its parts, as CompVis and Stability AI began it.
_VAE_KEYS = ("first_stage_model.", "vae.")
_TEXT_KEYS = ("cond_stage_model.", "conditioner.embedders.", "text_encoders.")


@dataclass(frozen=True, slots=True)
class Loaded:
    """A model ready to draw, in eval mode and without gradients.

    ``device`` is where it computes, ``dtype`` in what precision (single parts may keep a finer one of their own),
    ``says`` what was chosen for it and what is questionable about it.
    """

    pipeline: "DiffusionPipeline"
    record: ModelRecord
    device: "torch.device"
    dtype: "torch.dtype"
    says: tuple[Finding, ...] = ()


def load(record: ModelRecord, *, device: str = "auto", dtype: str = "auto", memory: str = "auto") -> Loaded:
    """Return the pipeline of a record, on a device, in a precision; nothing is ever fetched.

    ``device`` is auto, cpu, cuda, cuda:1 or mps; ``dtype`` auto, float32, float16 or bfloat16; ``memory`` auto, or low:
    weights wait in main memory, the VAE decodes in slices and tiles. Raises MissingPart if files or libraries are
    missing, InputError if weights and configuration disagree or are pickled, CannotMake if the device is not there or
    memory does not suffice.
    """
    require_extra()
    if lacking := absent(record):
        raise MissingPart(
            f"the model {record.name} is not as it was added: {lacking}; `patterns models rm {record.name}` removes "
            "it, so that it can be added again."
        )
    place = devices.chosen(device)
    denoisers = {part.name for part in components.listed(described_by(record))} & {"unet"}
    precision = devices.precision(dtype, place, is_unet=bool(denoisers))
    devices.refuse_scarce(tensors.numbers(weight_files(record)), place, precision)
    with _quiet():
        pipeline, doubts = _built(record, precision)
        _schedule(pipeline, record)
        _frozen(pipeline)
        with disagreement(record.name):
            placed = devices.put(pipeline, place, memory)
    said = Finding("note", f"{record.name} draws on {place} in {str(precision).removeprefix('torch.')}", placed)
    found = (said, *devices.doubts(place, precision), *doubts, *_license(record), *_skipped(record))
    return Loaded(pipeline, record, place, precision, found)


def require_extra() -> None:
    """Raise MissingPart, with the command that installs it, if a library of the extra ``models`` is missing."""
    from importlib.util import find_spec

    if missing := [name for name in EXTRA if find_spec(name) is None]:
        raise MissingPart(
            f"drawing with other people's models needs {', '.join(missing)}; `pip install 'patterns[models]'` "
            "installs it."
        )


def weight_files(record: ModelRecord) -> list[Path]:
    """Return every .safetensors file that is read to load a model, its base's included."""
    if record.kind == "file":
        lent = described_by(record)
        own = _parts_in(record.place)
        parts = [part for part in components.listed(lent) if part.is_model and not own(part)]
        return [record.place, *(path for part in parts for path in part.weights(lent, record.variant))]
    if record.kind == "lora":
        return [record.place, *(weight_files(record.base) if record.base else [])]
    parts = [part for part in components.listed(record.place) if part.is_model]
    return [path for part in parts for path in part.weights(record.place, record.variant)]


def _built(record: ModelRecord, precision: "torch.dtype") -> tuple["DiffusionPipeline", tuple[Finding, ...]]:
    """Return the pipeline in main memory, and what is questionable about its weights."""
    if record.kind == "lora":
        return _adapted(record, precision)
    lent = described_by(record)
    inside = _parts_in(record.place) if record.kind == "file" else lambda part: False
    parts: dict[str, Any] = components.left_out(lent)
    said: tuple[Finding, ...] = ()
    for part in (part for part in components.listed(lent) if part.is_model and not inside(part)):
        parts[part.name], found = part.load(lent, precision, record.variant)
        said += found
    make, options = components.pipeline_class(lent), {"local_files_only": True, "dtype": precision, **parts}
    with disagreement(record.name):
        if record.kind == "file":
            return make.from_single_file(str(record.place), config=str(lent), **options), said
        return make.from_pretrained(str(lent), **options), said


def _adapted(record: ModelRecord, precision: "torch.dtype") -> tuple["DiffusionPipeline", tuple[Finding, ...]]:
    """Return the base's pipeline with a LoRA at its scale; InputError if the LoRA belongs to another kind of model."""
    assert record.base is not None
    made, said = _built(record.base, precision)
    pipeline: Any = made
    _schedule(pipeline, record.base)
    place, name = record.place, _adapter(record)
    if not hasattr(pipeline, "load_lora_weights"):
        raise InputError(f"{record.base.name} ({type(pipeline).__name__}) takes no LoRA.")
    with disagreement(record.name):
        pipeline.load_lora_weights(str(place.parent), weight_name=place.name, adapter_name=name, local_files_only=True)
    every = {adapter for names in pipeline.get_list_adapters().values() for adapter in names}
    if name not in every:
        raise InputError(f"the LoRA {place.name} has no layer of {record.base.name}; it was made for another model.")
    scales = _scales(record)
    pipeline.set_adapters(sorted(every), [scales[adapter] for adapter in sorted(every)])
    return pipeline, said


def _adapter(record: ModelRecord) -> str:
    return record.name.replace(".", "-")  # dots divide the names of modules


def _scales(record: ModelRecord) -> dict[str, float]:
    """Return the scale of each LoRA of a stack of them, by the adapter's name."""
    below = _scales(record.base) if record.base else {}
    return below | ({_adapter(record): record.scale} if record.kind == "lora" else {})


def _schedule(pipeline: "DiffusionPipeline", record: ModelRecord) -> None:
    """Give the pipeline the scheduler that the record asks for, with the model's own figures for the rest."""
    import diffusers

    if record.scheduler:
        kind = getattr(diffusers, record.scheduler, None)
        if kind is None:
            raise MissingPart(f"this version of diffusers has no {record.scheduler}, which {record.name} draws with.")
        pipeline.scheduler = kind.from_config(pipeline.scheduler.config, **dict(record.scheduler_options))


def _frozen(pipeline: "DiffusionPipeline") -> None:
    import torch

    for part in pipeline.components.values():
        if isinstance(part, torch.nn.Module):
            part.eval().requires_grad_(False)
    pipeline.set_progress_bar_config(disable=True)


def described_by(record: ModelRecord) -> Path:
    """Return the diffusers folder that describes the model: its own, its base's, or what was lent to a single file."""
    if record.kind == "pipeline":
        return record.place
    if record.config is not None:
        return record.config
    if record.base is None:
        raise MissingPart(f"nothing on this machine describes {record.name}; add it again with --base.")
    return described_by(record.base)


def _parts_in(place: Path) -> Callable[[Component], bool]:
    """Return whether a single file holds a component: the denoiser always, others by how their keys begin."""
    names = tensors.described(place)

    def holds(part: Component) -> bool:
        if part.name.startswith("vae"):
            return any(name.startswith(_VAE_KEYS) for name in names)
        if part.name.startswith(("text_encoder", "image_encoder")):
            return any(name.startswith(_TEXT_KEYS) for name in names)
        return True

    return holds


def _license(record: ModelRecord) -> tuple[Finding, ...]:
    if record.commercial == "yes":
        return ()
    return (Finding("warning", f"the license of {record.name} is {record.license}", "", record.license_says),)


def _skipped(record: ModelRecord) -> tuple[Finding, ...]:
    if record.kind == "file" or not components.has_checker(described_by(record)):
        return ()
    return (Finding("note", f"the checker that blackens pictures was left out of {record.name}"),)


@contextmanager
def disagreement(name: str) -> Iterator[None]:
    """Turn what the libraries say of weights that do not fit into one sentence."""
    try:
        yield
    except (MemoryError, PatternsError):
        raise
    except ImportError as error:
        first = (str(error).strip().splitlines() or [""])[0]
        raise MissingPart(f"{name} needs a library that is not installed here: {first[:200]}") from None
    except Exception as error:  # the libraries raise of every kind: ValueError, RuntimeError, OSError, KeyError ...
        lines = [line.strip() for line in str(error).splitlines() if line.strip()]
        telling = next(
            (line for line in lines if "size mismatch" in line or "shape" in line), lines[0] if lines else ""
        )
        if "out of memory" in telling.lower():
            raise CannotMake(
                f"there is not enough memory to load {name}; try --memory low or --dtype bfloat16."
            ) from None
        raise InputError(f"the weights of {name} and their configuration disagree: {telling[:300]}") from error


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the libraries' own words and bars off the terminal: what is worth saying is said by us."""
    import diffusers.utils.logging as ours
    import transformers.utils.logging as theirs

    before = ours.get_verbosity(), theirs.get_verbosity()
    ours.set_verbosity_error()
    theirs.set_verbosity_error()
    ours.disable_progress_bar()
    theirs.disable_progress_bar()
    try:
        yield
    finally:
        ours.set_verbosity(before[0])
        theirs.set_verbosity(before[1])
        ours.enable_progress_bar()
        theirs.enable_progress_bar()
