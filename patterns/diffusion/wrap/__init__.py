"""Any network draws on the lattice: ``with wrapped(unet, grid), wrapped(vae, grid): ...``."""

from patterns.diffusion.strides import picture_multiple, refuse_uncarried, total_stride
from patterns.diffusion.wrap.dressing import wrapped

__all__ = ["picture_multiple", "refuse_uncarried", "total_stride", "wrapped"]
