"""AI design for textiles and wallpaper that can really be printed."""

__version__ = "0.1.0"
