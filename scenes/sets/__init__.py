"""The scenes, one module each with a function ``stage()``."""
