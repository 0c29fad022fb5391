"""The library: a folder of designs that survives being moved, and tiles that can be replayed without it."""

from patterns.library.planes import carried, settled, write_tile
from patterns.library.store import Library, default_folder

__all__ = ["Library", "carried", "default_folder", "settled", "write_tile"]
