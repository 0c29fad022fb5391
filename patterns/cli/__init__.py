"""The command line: parse, one call, print."""

from patterns.cli.main import main

__all__ = ["main"]
