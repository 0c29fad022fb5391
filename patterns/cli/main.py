"""Runs a command and ends with its exit code; whatever goes wrong is one sentence on stderr, never a traceback."""

import errno
import os
import sys
import traceback
from collections.abc import Sequence

import typer

from patterns.errors import PatternsError

USAGE, CANNOT, INTERRUPTED, OURS = 2, 4, 130, 1
_INTERRUPTED = "interrupted; what was whole is kept, and nothing half-written was left."


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line, sys.argv by default; return the exit code.

    0 done, 1 a fault of ours, 2 usage, 3 bad input or preset, 4 cannot be made as asked, 5 a check failed, 7 missing
    part, 130 interrupted. With ``--json`` a failure is one JSON document on stdout as well.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        # What takes time to import may be interrupted as well.
        from patterns.cli.app import app

        code = typer.main.get_command(app).main(args=given, prog_name="patterns", standalone_mode=False)
        if code != INTERRUPTED:
            return code if isinstance(code, int) else 0
        sentence = _INTERRUPTED
    except Exception as error:
        code, sentence = _explained(error)
        if os.environ.get("PATTERNS_DEBUG") == "1":
            traceback.print_exc()
    except KeyboardInterrupt:
        code, sentence = INTERRUPTED, _INTERRUPTED
    _fail(code, sentence, as_json="--json" in given)
    return code


def _explained(error: Exception) -> tuple[int, str]:
    """Return the exit code and the sentence for an error."""
    if isinstance(error, PatternsError):
        return error.exit_code, str(error)
    if isinstance(error, typer.Abort):
        return INTERRUPTED, _INTERRUPTED
    if isinstance(error, _usage_error()):
        return USAGE, _usage(error)
    if isinstance(error, MemoryError):
        return CANNOT, "there is not enough memory for this; ask for a smaller tile or a lower resolution."
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EROFS):
        return CANNOT, f"{error.filename or 'a file'} cannot be written: {(error.strerror or str(error)).lower()}."
    return OURS, (
        f"this is a fault of patterns, not yours ({type(error).__name__}: {error}); please report it with what "
        "the same command says under PATTERNS_DEBUG=1."
    )


def _usage_error() -> type[Exception]:
    return typer.BadParameter.__mro__[1]


def _usage(error: Exception) -> str:
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "patterns"
    message = getattr(error, "format_message", lambda: str(error))().strip().rstrip(".")
    return f"{message}. See `{command} --help`." if message else f"see `{command} --help`."


def _fail(code: int, sentence: str, *, as_json: bool) -> None:
    if as_json:
        import json

        print(json.dumps({"error": sentence, "exit_code": code}))
    print(f"patterns: {sentence}", file=sys.stderr)
