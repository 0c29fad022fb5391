"""Preflight: anybody's print file, looked at before it is printed. It reads, and writes nothing.

Hostile files are bounded here as far as Python can (bytes expanded, steps followed, pixels drawn); whoever runs this on
files of strangers runs it in a process of its own (``patterns.atelier.preflighting``).
"""

from patterns.preflight.check import check
from patterns.preflight.report import Meeting, Report, Wanted

__all__ = ["Meeting", "Report", "Wanted", "check"]
