"""The print package: what a printer or a print service is sent, and what a design is read back from."""

from patterns.press.job import Delivered, Print
from patterns.press.package import fabric_digital, findings
from patterns.press.plates import PlateSet, Recipe, deliver_plates
from patterns.press.record import read_record

__all__ = ["Delivered", "PlateSet", "Print", "Recipe", "deliver_plates", "fabric_digital", "findings", "read_record"]
