"""What people see: results on stdout, findings and progress on stderr, JSON when it was asked for."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from patterns.errors import Finding

if TYPE_CHECKING:
    import numpy as np
    from rich.console import Console

_COLORS = {"note": "cyan", "warning": "yellow", "fault": "red"}
_TILE_COLUMNS = 60


def out() -> "Console":
    """Return a console on stdout, as it is now; long paths are never folded in the middle of a word by us."""
    from rich.console import Console

    return Console(highlight=False, soft_wrap=True)


def answer(record: dict[str, Any], *, as_json: bool, people: Callable[["Console"], None]) -> None:
    """Print a command's result on stdout: one JSON document, or what ``people`` prints."""
    if as_json:
        print(json.dumps(record, indent=1, ensure_ascii=False))
    else:
        people(out())
    sys.stdout.flush()


def tell(findings: Iterable[Finding]) -> None:
    """Print findings on stderr, the worst first."""
    from rich.console import Console
    from rich.text import Text

    console = Console(stderr=True, highlight=False, soft_wrap=True)
    order = list(reversed(_COLORS))
    for finding in sorted(findings, key=lambda f: order.index(f.severity)):
        text = str(finding).removeprefix(finding.severity)
        console.print(Text.assemble((finding.severity, f"bold {_COLORS[finding.severity]}"), text))


def finding_record(finding: Finding) -> dict[str, str]:
    """Return a finding as JSON holds it."""
    return {
        "severity": finding.severity,
        "message": finding.message,
        "measured": finding.measured,
        "cure": finding.cure,
    }


@contextmanager
def progress() -> Iterator[Callable[[str, int, int], None]]:
    """Give a function (stage, done, total) that shows a bar a stage on stderr; silent without a terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bars:
        tasks: dict[str, Any] = {}

        def show(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                for earlier in tasks.values():
                    bars.update(earlier, visible=False)
                tasks[stage] = bars.add_task(stage)
            bars.update(tasks[stage], completed=done, total=total or None)

        yield show


def show_tile(console: "Console", pixels: "np.ndarray") -> None:
    """Print (H, W, 3) float32 linear light as half-block characters, if the terminal shows color at all."""
    from rich.color import Color
    from rich.segment import Segment, Segments
    from rich.style import Style

    if console.color_system is None or "utf" not in console.encoding.lower():
        return
    colors = half_blocks(pixels, min(_TILE_COLUMNS, console.width))
    segments = []
    for top, bottom in zip(colors[::2], colors[1::2], strict=True):
        for above, below in zip(top, bottom, strict=True):
            style = Style(color=Color.from_rgb(*above), bgcolor=Color.from_rgb(*below))
            segments.append(Segment("▀", style))
        segments.append(Segment.line())
    console.print(Segments(segments), end="")


def half_blocks(pixels: "np.ndarray", columns: int) -> list[list[tuple[int, int, int]]]:
    """Return rows of (r, g, b) 0-255 for a picture ``columns`` wide and an even number of rows high.

    Each cell is the mean over its area, of encoded values: in linear light a fine dark line on a pale ground would
    all but vanish at this size.
    """
    import numpy as np

    from patterns.color import linear_to_srgb

    height, width = pixels.shape[:2]
    columns = min(columns, width)
    rows = max(2, 2 * round(columns * height / width / 2))
    rows = min(rows, height - height % 2)
    total = np.zeros((height + 1, width + 1, 3))
    total[1:, 1:] = linear_to_srgb(pixels).cumsum(axis=0, dtype=np.float64).cumsum(axis=1)
    y = np.arange(rows + 1) * height // rows
    x = np.arange(columns + 1) * width // columns
    sums = np.diff(np.diff(total[y][:, x], axis=0), axis=1)
    means = sums / (np.diff(y)[:, None, None] * np.diff(x)[None, :, None])
    encoded = np.rint(np.clip(means, 0, 1) * 255).astype(int)
    return [[(int(r), int(g), int(b)) for r, g, b in row] for row in encoded]


@contextmanager
def training(minutes: float) -> Iterator[Callable[[dict[str, float]], None]]:
    """Give a function that shows a step's loss and the time left on stderr: a bar, or a line a minute without one."""
    from collections import deque

    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    console = Console(stderr=True)
    losses: deque[float] = deque(maxlen=50)
    said = [minutes]
    columns = (TextColumn("training"), BarColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=console, disable=not console.is_terminal) as bars:
        task = bars.add_task("first step", total=minutes)

        def show(line: dict[str, float]) -> None:
            losses.append(line["loss"])
            left = max(0.0, line["left_minutes"])
            text = f"loss {sum(losses) / len(losses):.3f}, step {line['steps']:.0f}, {_clock(left)} left"
            bars.update(task, completed=minutes - left, description=text)
            if not console.is_terminal and said[0] - left >= 1:
                said[0] = left
                print(text, file=sys.stderr, flush=True)

        yield show


def _clock(minutes: float) -> str:
    seconds = round(minutes * 60)
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
