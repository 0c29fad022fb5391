"""The hub: what a model there consists of, and fetching it. The one place that reaches the network, when asked.

Nothing is fetched while HF_HUB_OFFLINE is set; HF_ENDPOINT names a mirror; a token that the hub's own tool keeps is
used.
"""

import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from patterns.diffusion import components
from patterns.diffusion.components import INDEX, Component
from patterns.errors import CannotMake, InputError, PatternsError

ID = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*")
# What describes a model without being its weights.
WORDS = (".json", ".txt", ".model", ".jinja", ".vocab", ".merges")
_LICENSES = re.compile(r"(LICENSE|NOTICE|USE_POLICY)[^/]*", re.IGNORECASE)
_MOST_WORDS = 50_000_000
# (what, bytes done, bytes in all)
Told = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Listing:
    """A model on the hub at one commit: its files with bytes and, where the hub says it, SHA-256; its license."""

    id: str
    commit: str
    files: dict[str, tuple[int, str]]
    license: str

    def size(self, paths: list[str]) -> int:
        """Return the bytes of some of its files."""
        return sum(self.files[path][0] for path in paths)


def listing(identity: str, revision: str = "") -> Listing:
    """Return what a model on the hub consists of.

    Raises InputError if there is no such model, CannotMake if it must not or cannot be reached.
    """
    with _reaching(identity):
        from huggingface_hub import HfApi

        info = HfApi(endpoint=_endpoint()).model_info(identity, revision=revision or None, files_metadata=True)
    files = {s.rfilename: (s.size or 0, s.lfs.sha256 if s.lfs else "") for s in info.siblings or ()}
    card: Any = info.card_data or {}
    name = card.get("license_name") or card.get("license") or ""
    return Listing(identity, info.sha or "main", files, name if isinstance(name, str) else ", ".join(name))


def of_pipeline(found: Listing, index: dict[str, Any], variant: str, *, weights: bool = True) -> list[str]:
    """Return the files to fetch for a diffusers pipeline: words of every part, and its weights as safetensors.

    Raises InputError if a part's weights are only there as pickles, naming them.
    """
    wanted = [path for path in found.files if path == INDEX or _LICENSES.fullmatch(path)]
    folders = {name for name, value in index.items() if not name.startswith("_") and isinstance(value, list)}
    skipped = folders - {part.name for part in components.listed_in(index)}
    for path, (size, _) in found.files.items():
        folder = path.split("/")[0]
        if "/" in path and folder in folders - skipped and path.endswith(WORDS) and size <= _MOST_WORDS:
            wanted.append(path)
    parts = [part for part in components.listed_in(index) if part.is_model and weights]
    return sorted({*wanted, *(path for part in parts for path in _weights(found, part, variant))})


def fetch(found: Listing, paths: list[str], into: Path, told: Told) -> None:
    """Fetch files of a model into a folder; what is there already from an interrupted time is not fetched again.

    Raises CannotMake if the disk does not hold them, or the hub cannot be reached.
    """
    total, done = found.size(paths), 0
    free = shutil.disk_usage(into).free + sum(p.stat().st_size for p in into.rglob("*") if p.is_file())
    if total > free:
        raise CannotMake(
            f"{found.id} takes {total / 1e9:.1f} GB and {free / 1e9:.1f} GB are free beside {into.parent}; make room, "
            "or set PATTERNS_MODELS to a folder on a larger disk."
        )
    with _reaching(found.id):
        from huggingface_hub import hf_hub_download
        from huggingface_hub.utils.tqdm import disable_progress_bars

        disable_progress_bars()
        for path in paths:
            told(path, done, total)
            hf_hub_download(found.id, path, revision=found.commit, local_dir=into, endpoint=_endpoint())
            done += found.files[path][0]
    told("fetched", total, total)
    shutil.rmtree(into / ".cache", ignore_errors=True)


def index_of(found: Listing, into: Path) -> dict[str, Any]:
    """Return a model's model_index.json, fetched into a folder; InputError if it has none."""
    if INDEX not in found.files:
        names = [path for path in sorted(found.files) if "/" not in path and path.endswith(".safetensors")]
        cure = f"; it has {names[0]}: fetch that and add the file with --base" if names else ""
        raise InputError(f"{found.id} has no {INDEX}, so that it is no diffusers pipeline{cure}.")
    fetch(found, [INDEX], into, lambda what, done, total: None)
    return components.index(into)


def cached(identity: str) -> Path | None:
    """Return the folder in the hub's own cache on this machine that holds a model whole, None if none does."""
    from huggingface_hub import snapshot_download

    try:
        folder = Path(snapshot_download(identity, local_files_only=True))
        for part in components.listed(folder):
            if part.is_model:
                part.weights(folder)
    except (OSError, ValueError, PatternsError):  # what the hub's library raises is an OSError too
        return None
    return folder


def altered(found: Listing, digests: dict[str, str]) -> list[str]:
    """Return the files, by path with their SHA-256, that are not what the hub says."""
    return [path for path, digest in digests.items() if found.files.get(path, (0, ""))[1] not in ("", digest)]


def _weights(found: Listing, part: Component, variant: str) -> list[str]:
    names = [path.split("/")[1] for path in found.files if path.startswith(f"{part.name}/") and path.count("/") == 1]
    chosen = components.chosen_weights(names, variant)
    if not chosen:
        pickled = sorted(name for name in names if name.endswith(components.PICKLES))
        said = components.refusal(f"{part.name}/{pickled[0]}") if pickled else f"its part {part.name} has no weights."
        raise InputError(f"{found.id} cannot be fetched: {said}")
    return [f"{part.name}/{name}" for name in chosen]


def _endpoint() -> str | None:
    return os.environ.get("HF_ENDPOINT") or None


@contextmanager
def _reaching(identity: str) -> Iterator[None]:
    """Turn what goes wrong on the way to the hub into one sentence."""
    if os.environ.get("HF_HUB_OFFLINE", "").upper() in ("1", "ON", "YES", "TRUE"):
        raise CannotMake(
            f"HF_HUB_OFFLINE is set, so that {identity} is not fetched; add a folder or a file of this machine with "
            "`patterns models add`, or unset it."
        )
    from huggingface_hub import errors

    try:
        yield
    except errors.GatedRepoError:
        raise CannotMake(
            f"the makers of {identity} ask that their license is accepted on its page on the hub before it is fetched; "
            "accept it there, then say who you are with `hf auth login`."
        ) from None
    except (errors.RepositoryNotFoundError, errors.RevisionNotFoundError, errors.HFValidationError):
        raise InputError(
            f"the hub has no model {identity!r} that anybody may fetch (or no such revision of it)."
        ) from None
    except (errors.HfHubHTTPError, errors.LocalEntryNotFoundError, errors.OfflineModeIsEnabled, OSError) as error:
        first = (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")
        raise CannotMake(
            f"{identity} could not be fetched: {first[:200]}; what has come stays for the next try."
        ) from None
    except Exception as error:
        if type(error).__module__.split(".")[0] in ("httpx", "httpx2", "httpcore", "requests"):
            raise CannotMake(f"{identity} could not be fetched: the hub does not answer ({error}).") from None
        raise


def read_json(path: Path) -> dict[str, Any]:
    """Return a JSON object of a file, empty if there is none or it is no object."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return data if isinstance(data, dict) else {}
