"""Products: what is made of a fabric, which repeats it takes, and the sheets that are printed of it."""

from patterns.product.fitting import Fit, Match, Proposal
from patterns.product.product import FILES, LAYOUTS, TRIMMINGS, Product, nearest_dividing
from patterns.product.sheet import Sheet

__all__ = ["FILES", "LAYOUTS", "TRIMMINGS", "Fit", "Match", "Product", "Proposal", "Sheet", "nearest_dividing"]
