"""Tracing: ink areas on the torus as curves, every boundary once and shared by both sides; as SVG and DXF."""

from patterns.trace.dxf import write_dxf
from patterns.trace.regions import Regions, trace
from patterns.trace.stack import laid, underlaps
from patterns.trace.svg import Layer, Sheet, svg
from patterns.trace.window import Window, outlines

__all__ = ["Layer", "Regions", "Sheet", "Window", "laid", "outlines", "svg", "trace", "underlaps", "write_dxf"]
