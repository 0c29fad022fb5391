"""The parts of a diffusers folder: what model_index.json names, which files hold their weights, and their loading."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from patterns.errors import Finding, InputError, MissingPart

if TYPE_CHECKING:
    import torch

INDEX = "model_index.json"
PICKLES = (".bin", ".ckpt", ".pt", ".pth", ".pkl", ".pickle")
_STEMS = ("diffusion_pytorch_model", "model")
# A variant stands before or after the number of a shard, as diffusers and transformers changed their minds.
_WEIGHTS = re.compile(
    r"(?P<stem>[A-Za-z0-9_-]+?)(?:\.(?P<variant>[A-Za-z0-9_]+))?(?:-(?P<shard>\d{5}-of-\d{5}))?"
    r"(?:\.(?P<late>[A-Za-z0-9_]+))?\.safetensors"
)
# Blackens pictures that it takes for indecent; it knows no textile, and a false alarm leaves a black bolt.
_CHECKERS = ("safety_checker", "feature_extractor")


@dataclass(frozen=True, slots=True)
class Component:
    """A part that a model_index.json names: its folder, the library and the class that read it."""

    name: str
    library: str
    kind: str

    @property
    def is_model(self) -> bool:
        """Whether it has weights: a scheduler, a tokenizer and a processor have none."""
        return not re.search(r"Scheduler|Tokenizer|Processor|Extractor|Solver", self.kind)

    def weights(self, folder: Path, variant: str = "") -> list[Path]:
        """Return its .safetensors files; InputError if there are only pickled ones, MissingPart if there are none."""
        place = folder / self.name
        names = [path.name for path in place.iterdir()] if place.is_dir() else []
        chosen = chosen_weights(names, variant)
        if chosen:
            return [place / name for name in chosen]
        if pickled := sorted(name for name in names if name.endswith(PICKLES)):
            raise InputError(refusal(f"{self.name}/{pickled[0]}"))
        raise MissingPart(f"the part {self.name} ({self.kind}) in {folder.name} has no weights; fetch the model again.")

    def load(self, folder: Path, precision: "torch.dtype", variant: str = "") -> tuple[Any, tuple[Finding, ...]]:
        """Return the part with its weights, and what is questionable about them.

        Raises InputError if weights are missing or of another shape than the configuration says. Weights that nothing
        needs are common, for encoders are cut out of larger models; they are a Finding.
        """
        from patterns.diffusion.loading import disagreement

        found = chosen_weights([path.name for path in self.weights(folder, variant)], variant)
        options: dict[str, Any] = {"use_safetensors": True, "local_files_only": True, "output_loading_info": True}
        options |= {"variant": _parsed(found[0])[1] or None, "ignore_mismatched_sizes": True}
        where = f"{self.name} in {folder.name}"
        reader: Any = self.class_()
        with disagreement(where):
            part, info = reader.from_pretrained(str(folder), subfolder=self.name, dtype=precision, **options)
        other: list[Any] = sorted(info.get("mismatched_keys") or [])
        if other:
            key, given, wanted = other[0]
            raise InputError(
                f"the weights of {where} and their configuration disagree: {key} is {_shape(given)} in the file and "
                f"{_shape(wanted)} in the configuration{_more(other)}."
            )
        if missing := sorted(map(str, info.get("missing_keys") or ())):
            raise InputError(
                f"the weights of {where} and their configuration disagree: the file lacks {missing[0]}{_more(missing)}."
            )
        unused = sorted(map(str, info.get("unexpected_keys") or ()))
        said = Finding("note", f"{where} has weights that nothing needs", f"{len(unused)}, {''.join(unused[:1])}")
        return part, (said,) if unused else ()

    def class_(self) -> Any:
        """Return the class that reads the part: of diffusers, of transformers, or of one of diffusers' pipelines."""
        import importlib

        from diffusers import pipelines

        if self.library in ("diffusers", "transformers"):
            module = importlib.import_module(self.library)
        else:
            module = getattr(pipelines, self.library, None)
        found = getattr(module, self.kind, None)
        if found is None:
            raise MissingPart(
                f"the part {self.name} is a {self.kind} of {self.library!r}, which diffusers and transformers do not "
                "have here: `pip install --upgrade 'patterns[models]'` may bring it, but code of its own is not run."
            )
        return found


def index(folder: Path) -> dict[str, Any]:
    """Return the content of a folder's model_index.json; InputError if there is none or it cannot be read."""
    try:
        data = json.loads((folder / INDEX).read_text(encoding="utf-8"))
        if not isinstance(data, dict) or not data.get("_class_name"):
            raise ValueError("it does not say the pipeline's class")
        if not isinstance(data["_class_name"], str):
            raise InputError(f"{folder.name} draws by code of its own, which patterns does not run.")
        return data
    except FileNotFoundError:
        raise InputError(f"{folder.name} has no {INDEX}, so that it is no diffusers pipeline.") from None
    except (OSError, ValueError) as error:
        raise InputError(f"{INDEX} in {folder.name} cannot be read: {error}.") from None


def listed(folder: Path) -> list[Component]:
    """Return the parts that a folder's model_index.json names and that are drawn with, in its order."""
    return listed_in(index(folder))


def listed_in(data: dict[str, Any]) -> list[Component]:
    """Return the parts that the content of a model_index.json names; InputError if one brings code of its own."""
    parts = []
    for name, value in data.items():
        if name.startswith("_") or name in _CHECKERS or not isinstance(value, list) or value[:1] in ([], [None]):
            continue
        if len(value) != 2 or not all(isinstance(word, str) for word in value):
            raise InputError(f"{INDEX} says of the part {name} neither a library nor a class.")
        if not name.isidentifier():  # it names a folder, which must not lie elsewhere
            raise InputError(f"{INDEX} names a part {name!r}, which is no name.")
        parts.append(Component(name, value[0], value[1]))
    return parts


def left_out(folder: Path) -> dict[str, Any]:
    """Return the arguments for the parts that a pipeline does without: those its index names null, and any checker."""
    data = index(folder)
    null = {name: None for name, value in data.items() if isinstance(value, list) and value[:1] == [None]}
    return null | ({**dict.fromkeys(_CHECKERS), "requires_safety_checker": False} if has_checker(folder) else {})


def has_checker(folder: Path) -> bool:
    """Return whether a folder's model_index.json names a checker that blackens pictures."""
    value = index(folder).get(_CHECKERS[0])
    return isinstance(value, list) and value[:1] != [None]


def pipeline_class(folder: Path) -> Any:
    """Return the diffusers pipeline that a folder names; MissingPart if this version has none such."""
    import diffusers

    name = index(folder)["_class_name"]
    found = getattr(diffusers, name, None)
    if found is None:
        raise MissingPart(
            f"{folder.name} is a {name}, which diffusers {diffusers.__version__} does not have; "
            "`pip install --upgrade diffusers` may bring it."
        )
    return found


def chosen_weights(names: list[str], variant: str = "") -> list[str]:
    """Return the weights to read out of a folder's file names: of the variant if there is one, else the plain ones,
    else of the only variant there is; in shards if they are in shards."""
    found = [(name, *_parsed(name)) for name in sorted(names) if _WEIGHTS.fullmatch(name)]
    found = [row for row in found if row[1] in _STEMS]
    variants = sorted({row[2] for row in found})
    wanted = next((v for v in (variant, "", *variants) if v in variants), None)
    kept = [row for row in found if row[2] == wanted]
    whole = [row[0] for row in kept if not row[3]]
    return whole[:1] or [row[0] for row in kept]


def refusal(name: str) -> str:
    """Return the sentence that refuses pickled weights."""
    return (
        f"{name} is pickled, and a pickle can run any code when it is opened, so that patterns reads no such weights; "
        "take the same model as .safetensors, which most makers offer beside it."
    )


def _shape(sizes: Any) -> str:
    return " x ".join(map(str, sizes)) or "a number"


def _more(items: list[Any]) -> str:
    return f", and {len(items) - 1} more" if len(items) > 1 else ""


def _parsed(name: str) -> tuple[str, str, str]:
    """Return (stem, variant, shard) of the name of a .safetensors file."""
    found = _WEIGHTS.fullmatch(name)
    assert found is not None
    return found["stem"], found["variant"] or found["late"] or "", found["shard"] or ""
