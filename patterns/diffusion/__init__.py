"""Other people's models, drawing on the lattice: wrapped, positioned, loaded and called."""
