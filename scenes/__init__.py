"""The scenes that come with patterns, modeled in code and baked into maps. Development only: nothing here is installed."""
