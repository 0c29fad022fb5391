"""The Loom: the built-in diffusion model, born separated, and its training."""

# How many stochastic steps a tile of default quality takes. Here, for whoever must know it without torch.
DEFAULT_STEPS = 12
# For a first look, and for the last one.
FAST_STEPS, BEST_STEPS = 7, 48
