"""Tracing: ink areas on the torus as curves, every boundary once."""
