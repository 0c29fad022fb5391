"""Tiny models with random weights, of the families that people bring, built from configurations."""
