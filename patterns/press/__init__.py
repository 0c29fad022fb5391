"""The print package: what a printer or a print service is sent, and what a design is read back from."""

from patterns.press.job import Delivered, Print
from patterns.press.order import Order
from patterns.press.package import Delivery, deliver
from patterns.press.pdf_colors import Colors
from patterns.press.plates import PlateSet, Recipe, deliver_plates
from patterns.press.record import read_record

__all__ = [
    "Colors",
    "Delivered",
    "Delivery",
    "Order",
    "PlateSet",
    "Print",
    "Recipe",
    "deliver",
    "deliver_plates",
    "read_record",
]
