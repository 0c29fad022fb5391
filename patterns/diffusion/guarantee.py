"""What can be promised of a model on the lattice, read off what it has: never off its name.

A network is on the lattice if it cannot tell one place of it from another. Convolutions are wrapped
(``patterns.diffusion.wrap``); what is left is how attention knows where a token stands.
"""

import inspect
import re
from dataclasses import dataclass
from typing import Literal

from torch import Tensor, nn

from patterns.diffusion.rotary import embedders

Method = Literal["none", "harmonic", "rolled"]

# A tensor that stands for places, in a parameter or a buffer of any module.
_PLACES = re.compile(r"(learned_)?pos(ition|itional)?_?emb")
# Rotary angles that the pipeline computes and hands to the model at each call.
_HANDED = {"image_rotary_emb", "rotary_emb", "freqs_cis"}
# Only a suspicion, and it only ever lowers the promise.
_SUSPECT = re.compile(r"rope|rotary|pos(ition|itional)?_?emb", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Guarantee:
    """How a model is brought onto the lattice, and what is then true of it.

    ``none``: it knows no position; ``harmonic``: its rotary angles become waves of the lattice; ``rolled``: its
    positions stay, and the tile is moved under them at each step. ``exact``: each evaluation commutes with rolling the
    tile by whole tokens; otherwise only the mean over the rolls does.
    """

    method: Method
    exact: bool
    says: str


def guarantee(model: nn.Module) -> Guarantee:
    """Return the method that fits what ``model`` has, and what it promises."""
    table = places(model)
    if table:
        return Guarantee(
            "rolled",
            False,
            f"statistical: it adds a table of absolute places ({table}); the tile is moved along the lattice by a "
            "random amount at each step and the prediction moved back, so that its edges are nowhere in particular.",
        )
    if embedders(model):
        return Guarantee(
            "harmonic",
            True,
            "exact: its rotary angles become waves of the lattice, and words see the mean over all places, so that no "
            "place of the tile differs from another; without seams at any size.",
        )
    unknown = _unknown(model)
    if unknown:
        return Guarantee(
            "rolled",
            False,
            f"statistical: {unknown}; whatever it knows of places is spread by moving the tile at each step.",
        )
    return Guarantee("none", True, "exact: it knows no position; its convolutions look across the tile's edge.")


def places(model: nn.Module) -> str:
    """Return the dotted name of a table of absolute places in ``model``; "" if it has none."""
    for path, module in model.named_modules():
        for name, tensor in {**module._parameters, **module._buffers}.items():
            if isinstance(tensor, Tensor) and tensor.ndim >= 2 and _PLACES.match(name):
                return f"{path}.{name}".lstrip(".")
    return ""


def _unknown(model: nn.Module) -> str:
    handed = _HANDED & set(inspect.signature(model.forward).parameters)
    if handed:
        return f"its positions are handed in at each call ({', '.join(sorted(handed))})"
    for path, module in model.named_modules():
        if _SUSPECT.search(type(module).__name__):
            return f"how {path} knows positions is not known here"
    return ""
