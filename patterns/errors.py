"""What can go wrong, and what is only questionable.

    PatternsError            exit code
    ├── InputError           3   bad input or preset
    │   ├── LatticeError     3   a repeat, size or symmetry that no lattice or pixel grid carries
    │   └── PresetError      3   a preset file that cannot be read as one
    ├── CannotMake           4   understood, but cannot be made as asked
    ├── CheckFailed          5   a check measured a fault
    ├── SomeFailed           6   part of a run failed
    └── MissingPart          7   weights or a library are missing or altered

Each message is one sentence or two: what was asked, why it cannot be, what would work.
"""

from dataclasses import dataclass
from typing import Literal


class PatternsError(Exception):
    """A user's mistake or misfortune, with the exit code that the command line ends with."""

    exit_code = 4


class InputError(PatternsError):
    """Bad input or preset."""

    exit_code = 3


class LatticeError(InputError):
    """A repeat, size or symmetry that no lattice or pixel grid carries."""


class PresetError(InputError):
    """A preset file that cannot be read as one."""


class CannotMake(PatternsError):
    """Understood, but it cannot be made as asked."""

    exit_code = 4


class CheckFailed(PatternsError):
    """A check measured a fault."""

    exit_code = 5


class SomeFailed(PatternsError):
    """Part of a run failed; the rest is done."""

    exit_code = 6


class MissingPart(PatternsError):
    """Weights or a library are missing or altered; the message names the command that mends it."""

    exit_code = 7


Severity = Literal["note", "warning", "fault"]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something questionable about a design, a file or a request: returned, never logged.

    ``measured`` is the figure that was found, with its unit; ``cure`` says what would mend it.
    """

    severity: Severity
    message: str
    measured: str = ""
    cure: str = ""

    def __str__(self) -> str:
        parts = [self.message]
        if self.measured:
            parts.append(f"({self.measured})")
        if self.cure:
            parts.append(f"- {self.cure}")
        return f"{self.severity}: {' '.join(parts)}"
