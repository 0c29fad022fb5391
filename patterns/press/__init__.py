"""The print package: what a printer or a print service is sent, and what a design is read back from."""

from patterns.press.job import Delivered, Print
from patterns.press.package import fabric_digital, findings
from patterns.press.record import read_record

__all__ = ["Delivered", "Print", "fabric_digital", "findings", "read_record"]
