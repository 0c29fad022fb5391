"""The scenes that come with patterns, modeled in code and baked into maps. Nothing here is installed."""
