"""Dressing a network for the time of a ``with``, and taking everything off again."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FunctionType
from typing import Any

import torch
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

from patterns.diffusion.wrap.convolution import DESK, convolve
from patterns.diffusion.wrap.layers import SMOOTH, STANDS_FOR
from patterns.diffusion.wrap.windows import tiled, tiled_methods
from patterns.errors import CannotMake
from patterns.lattice import Grid

# Names in a layer's code by which it looks at a neighbor itself instead of leaving that to a convolution of torch.
_LOOKING = {getattr(function, "__name__", "") for function in STANDS_FOR}
_MISSING = object()


@contextmanager
def wrapped(module: nn.Module, grid: Grid) -> Iterator[None]:
    """Let every layer of ``module`` that looks at a neighbor find it on the lattice.

    ``grid`` is the lattice at any level of the module: an activation's own is found from its shape. Layers added
    inside, such as a LoRA's, are wrapped too. On leaving, also by an exception, the module is as it was. An
    activation that is no scaled copy of the grid raises LatticeError when it comes up; CannotMake says what in the
    module cannot be on a lattice.
    """
    dress = _Dress(grid)
    adding = nn.modules.module.register_module_module_registration_hook(dress.added)
    try:
        dress.put_on(module)
        yield
    finally:
        adding.remove()
        dress.take_off()


class _Dress:
    """What was put on, so that it can be taken off."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.resting = False
        self._seen: dict[int, nn.Module] = {}
        self._put_on: list[tuple[nn.Module, str, object, object]] = []

    def put_on(self, module: nn.Module) -> None:
        """Dress a module and all in it that are not dressed yet."""
        for layer in module.modules():
            if id(layer) not in self._seen:
                self._seen[id(layer)] = layer
                self._dress(layer)

    def added(self, parent: nn.Module, _name: str, child: nn.Module | None) -> None:
        """Dress what is put into a dressed module."""
        if child is not None and id(parent) in self._seen:
            self.put_on(child)

    def take_off(self) -> None:
        """Leave every module as it was, except for what others have put on since."""
        DESK.clear()
        for layer, name, ours, before in reversed(self._put_on):
            if layer.__dict__.get(name) is ours:
                if before is _MISSING:
                    del layer.__dict__[name]
                else:
                    layer.__dict__[name] = before

    def _dress(self, layer: nn.Module) -> None:
        if self.grid.copies != (1, 1) and all(getattr(layer, name, None) for name in ("s1", "s2", "b1", "b2")):
            raise CannotMake(
                "FreeU filters the whole cell as if it repeated straight, which this repeat does not; "
                "switch it off with disable_freeu(), or ask for a straight repeat."
            )
        if isinstance(layer, nn.Conv2d | nn.Conv3d):
            self._put(layer, "_conv_forward", self._convolution(layer))
        if _looks(layer):
            self._put(layer, "forward", self._looking(layer.forward))

        for name in tiled_methods(layer):
            self._put(layer, name, self._tiled(layer, name))

    def _convolution(self, layer: nn.Conv2d | nn.Conv3d) -> Callable[..., Tensor]:
        """Return what a convolution does instead with (x, weight, bias)."""
        before = layer._conv_forward

        def forward(x: Tensor, weight: Tensor, bias: Any) -> Tensor:
            if self.resting:
                return before(x, weight, bias)
            return convolve(self.grid, x, weight, bias, layer.stride, layer.padding, layer.dilation, layer.groups)

        return forward

    def _looking(self, before: Callable[..., Any]) -> Callable[..., Any]:
        """Return what a layer does instead that looks at neighbors by itself.

        A compiler does not see what stands for a function, so it leaves these few layers out of what it compiles.
        """

        @torch.compiler.disable
        def forward(*args: Any, **named: Any) -> Any:
            if self.resting:
                return before(*args, **named)
            with _Standing(self.grid):
                return before(*args, **named)

        return forward

    def _tiled(self, layer: nn.Module, name: str) -> Callable[..., Any]:
        """Return what an autoencoder does instead when it works window by window to save memory."""

        def windows(x: Tensor, return_dict: bool | None = None) -> Any:
            resting, self.resting = self.resting, True
            try:
                return tiled(layer, name, (x, self.grid), return_dict)
            finally:
                self.resting = resting

        return windows

    def _put(self, layer: nn.Module, name: str, ours: Callable[..., Any]) -> None:
        self._put_on.append((layer, name, ours, layer.__dict__.get(name, _MISSING)))
        layer.__dict__[name] = ours


def _looks(layer: nn.Module) -> bool:
    """Return whether a layer looks at neighbors by itself, by the names in the code of what it does.

    That is in its own class, and in what this calls in its class and module. To interpolate is to look only where the
    code or the layer names a smooth way of it.
    """
    kind = type(layer)
    names: set[str] = set()
    words: set[object] = {value for value in vars(layer).values() if isinstance(value, str)}
    for owner in kind.__mro__:
        forward = vars(owner).get("forward")
        if isinstance(forward, FunctionType) and owner is not nn.Module:
            called = [forward.__globals__.get(n) or getattr(kind, n, None) for n in forward.__code__.co_names]
            for function in (forward, *(f for f in called if isinstance(f, FunctionType))):
                names |= set(function.__code__.co_names)
                words |= set(function.__code__.co_consts)
    return bool(_LOOKING & names - (set() if words & set(SMOOTH) else {"interpolate"}))


class _Standing(TorchFunctionMode):
    """While it is on, what looks at a neighbor is replaced by what stands for it on the lattice."""

    def __init__(self, grid: Grid) -> None:
        super().__init__()
        self.grid = grid

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        stand = STANDS_FOR.get(func)
        if stand is None:
            return func(*args, **(kwargs or {}))
        return stand(self.grid, *args, **(kwargs or {}))
