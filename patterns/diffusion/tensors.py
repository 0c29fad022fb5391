"""What a .safetensors file holds, by its header alone: names, types and shapes, without torch."""

import json
import math
from dataclasses import dataclass
from pathlib import Path

from patterns.errors import InputError

_LARGEST_HEADER = 100_000_000  # the format's own limit
BYTES = {"F64": 8, "I64": 8, "U64": 8, "F32": 4, "I32": 4, "U32": 4, "F16": 2, "BF16": 2, "I16": 2, "U16": 2}


@dataclass(frozen=True, slots=True)
class Described:
    """A tensor in a file: its type as the format writes it ("F16"), and its shape."""

    dtype: str
    shape: tuple[int, ...]

    @property
    def numbers(self) -> int:
        """How many numbers it holds."""
        return math.prod(self.shape)


def described(path: Path) -> dict[str, Described]:
    """Return every tensor of a .safetensors file by its name; InputError if the file is no such file, or is cut."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            if not 2 <= length <= min(_LARGEST_HEADER, size - 8):
                raise ValueError("its header is cut or it is of another format")
            header = json.loads(file.read(length))
        entries = {name: entry for name, entry in header.items() if name != "__metadata__"}
        end = max((entry["data_offsets"][1] for entry in entries.values()), default=0)
        if 8 + length + end != size:
            raise ValueError(f"it has {size} bytes and should have {8 + length + end}")
        return {name: Described(entry["dtype"], tuple(entry["shape"])) for name, entry in entries.items()}
    except OSError as error:
        raise InputError(f"{path.name} cannot be read ({(error.strerror or str(error)).lower()}).") from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise InputError(f"{path.name} is no whole .safetensors file: {error}.") from None


def numbers(paths: list[Path]) -> int:
    """Return how many numbers the tensors of some files hold together."""
    return sum(tensor.numbers for path in paths for tensor in described(path).values())
