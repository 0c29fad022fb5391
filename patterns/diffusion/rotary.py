"""Rotary positions on the lattice: what turns a model's tokens becomes waves that the lattice carries.

A tile that repeats has no corner to count from. Each wave of the model's rotary table moves to the nearest vector of
the lattice's own reciprocal lattice, two-dimensional under a shear, so that a token's angle on the "height" axis may
depend on its column too. Waves come from the original lattice and pass unchanged to its supercells.
"""

import copy
import inspect
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from patterns.diffusion import tables
from patterns.diffusion.tables import Parts
from patterns.diffusion.words import Block, Hearing, flattened
from patterns.errors import CannotMake, LatticeError
from patterns.lattice import Grid

# How many latent pixels a token is high and wide, the most that any model packs last.
_PATCHES = (1, 2, 4, 8)


@dataclass(frozen=True, slots=True)
class Embedder:
    """What computes a model's rotary table: a module, or a plain object that ``owner`` holds as ``name``."""

    owner: nn.Module
    name: str
    call: Any
    scheme: str


def embedders(model: nn.Module) -> list[Embedder]:
    """Return all that computes rotary tables in ``model``; it has a base, and is called in a known way."""
    found = []
    for module in model.modules():
        held = {name: each for name, each in vars(module).items() if callable(each) and hasattr(each, "axes_dims")}
        for name, each in (held | module._modules).items():
            scheme = _scheme(each) if hasattr(each, "theta") else ""
            if scheme and (scheme != "ids" or _counts(each)):
                found.append(Embedder(module, name, each, scheme))
    return found


@contextmanager
def harmonic(model: nn.Module, grid: Grid, origin: Grid) -> Iterator[None]:
    """Make the rotary positions of ``model`` waves of ``origin`` on ``grid``, a cell or supercell in latent pixels.

    On leaving, the model is as it was. Raises LatticeError if a picture is not of the grid's size, and CannotMake if
    the model's table is no set of waves or its attention cannot be heard.
    """
    turning = _Turning(model, grid, origin)
    with ExitStack() as stack:
        for hook in turning.hooks():
            stack.callback(hook.remove)
        for embedder in embedders(model):
            if not isinstance(embedder.call, nn.Module):
                setattr(embedder.owner, embedder.name, turning.standing_in(embedder.call))
                stack.callback(setattr, embedder.owner, embedder.name, embedder.call)
        yield


class _Turning:
    """One model's tables on one grid: what its embedders answer is rewritten, and its attentions are listened to."""

    def __init__(self, model: nn.Module, grid: Grid, origin: Grid) -> None:
        self.model = model
        self.double = next(model.parameters()).dtype == torch.float64
        self.sizes = _token_grids(grid, origin)
        area, cell = grid.width * grid.height, origin.width * origin.height
        if area % cell:
            raise LatticeError("a supercell holds a whole number of its lattice's cells; this one does not.")
        self.hearing = Hearing(area // cell)
        self._kept: dict[Any, tuple[Parts, list[Tensor], list[Block]]] = {}
        self._seen: dict[bytes, tuple[Grid, Grid, list[int]]] = {}

    def hooks(self) -> Iterator[Any]:
        """Yield the handles of all hooks that were put on the model."""
        yield self.model.register_forward_pre_hook(lambda *_: self.hearing.forget())
        yield self.model.register_forward_hook(lambda *_: self._refuse_unseen())
        for embedder in embedders(self.model):
            if isinstance(embedder.call, nn.Module):
                rewrite = self._rewriter(embedder.scheme, embedder.call.forward)
                yield embedder.call.register_forward_hook(
                    lambda _, args, kwargs, output, rewrite=rewrite: rewrite(args, kwargs, output), with_kwargs=True
                )
        for module in self.model.modules():
            if hasattr(module, "processor"):
                yield module.register_forward_pre_hook(self.hearing.before, with_kwargs=True)
                yield module.register_forward_hook(self.hearing.after, always_call=True)

    def standing_in(self, call: Callable[..., Any]) -> Callable[..., Any]:
        """Return what is called instead of an embedder that is no module."""
        rewrite = self._rewriter(_scheme(call), call)

        def instead(*args: Any, **kwargs: Any) -> Any:
            return rewrite(args, kwargs, call(*args, **kwargs))

        return instead

    def _rewriter(self, scheme: str, call: Callable[..., Any]) -> Callable[..., Any]:
        method = {"ids": self._by_ids, "shapes": self._by_shapes, "joint": self._joint, "plane": self._by_plane}[scheme]

        def rewrite(args: tuple[Any, ...], kwargs: dict[str, Any], output: Any) -> Any:
            return method(call, inspect.signature(call).bind(*args, **kwargs).arguments, output)

        return rewrite

    def _by_ids(self, call: Callable[..., Any], given: dict[str, Any], output: Any) -> Any:
        """Tokens say where they are: the picture's are those that count up rows and columns of the grid."""
        ids = given["ids"]
        tokens, origin, starts = self._cells(ids)
        if not starts:
            return output
        if tokens != origin:
            output = call(**given | {"ids": ids[..., _remaining(ids.shape[-2], starts, tokens, origin), :]})
        parts = (output,) if isinstance(output, Tensor) else tuple(output)
        count, rows = origin.width * origin.height, ids.shape[-2] - len(starts) * _spare(tokens, origin)
        axis = next(i for i, n in enumerate(parts[0].shape) if n == rows and i >= ids.ndim - 2) - parts[0].ndim
        own = [start - index * _spare(tokens, origin) for index, start in enumerate(starts)]
        new = self._rewritten(parts, axis, own, (tokens, origin, count))
        return new[0] if isinstance(output, Tensor) else type(output)(new)

    def _by_shapes(self, call: Callable[..., Any], given: dict[str, Any], output: Any) -> Any:
        """The model is told its pictures' sizes, the tile's first, and answers with the tile's table and the words'."""
        name = next(iter(given))
        pictures = given[name]
        first = pictures[0] if isinstance(pictures, list) else pictures
        frames, height, width = first[0] if isinstance(first, list) else first
        sized = next(((t, o) for t, o in self.sizes if (t.height, t.width) == (height, width)), None)
        if sized is None or frames != 1:
            return output
        tokens, origin = sized
        if tokens != origin:
            small = (frames, origin.height, origin.width)
            output = call(**given | {name: [[small, *first[1:]]] if isinstance(first, list) else small})
        table, words = output
        (new,) = self._rewritten((table,), -2, [0], (tokens, origin, origin.width * origin.height))
        return new, words.to(new.dtype)

    def _by_plane(self, call: Callable[..., Any], given: dict[str, Any], output: Any) -> Any:
        """The model looks at the latent plane, and answers with a table of the tile alone."""
        tokens, origin, output = self._of_plane(call, given, output)
        count = origin.width * origin.height
        return tuple(self._rewritten(tuple(output), -2, [0], (tokens, origin, count)))

    def _joint(self, call: Callable[..., Any], given: dict[str, Any], output: Any) -> Any:
        """The model looks at plane and words, and answers with the tile's tokens, three tables and the lengths."""
        patches, full = output[0], output
        tokens, origin, (_, words, tile, both, lengths, _) = self._of_plane(call, given, output)
        cell = (tokens, origin, origin.width * origin.height)
        tiles = [self._rewritten((each,), -2, [0], cell)[0] for each in tile]
        items = [self._rewritten((each,), -2, [start], cell)[0] for each, start in zip(both, lengths, strict=True)]
        return patches, words.to(items[0].dtype), torch.stack(tiles), torch.stack(items), *full[4:]

    def _of_plane(self, call: Callable[..., Any], given: dict[str, Any], output: Any) -> tuple[Grid, Grid, Any]:
        plane, patch = given["hidden_states"], getattr(getattr(call, "__self__", None), "patch_size", 1)
        patch = patch if isinstance(patch, int) else patch[-1]
        height, width = (side // patch for side in plane.shape[-2:])
        sized = next(((t, o) for t, o in self.sizes if (t.height, t.width) == (height, width)), None)
        if sized is None:
            raise self._unseen()
        tokens, origin = sized
        if tokens != origin:
            cell = plane[..., : origin.height * patch, : origin.width * patch]
            output = call(**given | {"hidden_states": cell})
        return tokens, origin, output

    def _rewritten(self, parts: Parts, axis: int, starts: list[int], cell: tuple[Grid, Grid, int]) -> list[Tensor]:
        """Return a table made for the origin, with the rows from each start replaced by those of the whole grid.

        Every step of a drawing asks for the same tables: the last of each shape is kept.
        """
        if self.double:
            parts = tuple(part.to(torch.complex128 if part.is_complex() else torch.float64) for part in parts)
        key = (axis, *starts, *(tuple(part.shape) for part in parts))
        kept = self._kept.get(key)
        if kept is None or not all(torch.equal(old, part) for old, part in zip(kept[0], parts, strict=True)):
            kept = self._kept[key] = (parts, *_turned(parts, axis, starts, cell))
        self.hearing.blocks += kept[2]
        return kept[1]

    def _cells(self, ids: Tensor) -> tuple[Grid, Grid, list[int]]:
        """Return the grid of tokens, that of the origin, and the rows at which pictures begin, if there are any."""
        table = ids.detach().reshape(-1, *ids.shape[-2:])[0].double().cpu().numpy()
        key = table.tobytes()
        if key not in self._seen:
            found = ((*sizes, _starts(table, sizes[0])) for sizes in self.sizes)
            self._seen[key] = next((each for each in found if each[2]), (*self.sizes[0], []))
        return self._seen[key]

    def _refuse_unseen(self) -> None:
        if not self.hearing.blocks:
            raise self._unseen()
        if not self.hearing.heard:
            raise CannotMake(
                "this model's attention is not handed the table of its positions; its kind is not known here."
            )

    def _unseen(self) -> LatticeError:
        cell = self.sizes[0][0]
        return LatticeError(
            f"the model was called with a picture that is not the lattice's: its cell has {cell.width} x {cell.height} "
            "latent pixels."
        )


def _turned(
    parts: Parts, axis: int, starts: list[int], cell: tuple[Grid, Grid, int]
) -> tuple[list[Tensor], list[Block]]:
    tokens, origin, count = cell
    ahead = [part.movedim(axis, 0) for part in parts]
    pieces: list[list[Tensor]] = [[] for _ in parts]
    blocks, done = [], 0
    for start in starts:
        rows = tuple(flattened(part, axis)[0, start : start + count] for part in parts)
        shaped = tuple(row.reshape(count, *part.shape[axis + 1 :]) for row, part in zip(rows, parts, strict=True))
        form, phasors = tables.read(shaped)
        turned, moving = tables.harmonics(phasors, origin, tokens)
        new = tables.write(form, turned, shaped)
        still = tables.spread(form, (~moving).to(torch.float64))
        blocks.append(Block(tuple(part.flatten(1) for part in new), axis, still))
        for piece, part, block in zip(pieces, ahead, new, strict=True):
            lead = parts[0].ndim + axis
            block = block.reshape(len(block), *(1 for _ in range(lead)), *part.shape[1 + lead :])
            piece += [part[done:start], block.expand(len(block), *part.shape[1:])]
        done = start + count
    return [torch.cat([*p, a[done:]]).movedim(0, axis) for p, a in zip(pieces, ahead, strict=True)], blocks


def _scheme(call: Any) -> str:
    target = call.forward if isinstance(call, nn.Module) else call
    names = list(inspect.signature(target).parameters)
    known = {("ids",): "ids", ("hidden_states", "attention_mask"): "joint", ("hidden_states",): "plane"}
    return "shapes" if names[:1] == ["video_fhw"] else known.get(tuple(names), "")


def _counts(call: Any) -> bool:
    """Return whether an embedder, asked for the tokens of a 4 x 4 picture, answers with waves: tried on a copy."""
    axes = len(getattr(call, "axes_dims", None) or getattr(call, "axes_dim", ()))
    if axes < 2:
        return False
    ids = torch.zeros(4, 4, axes, dtype=torch.long)
    ids[..., 0] += torch.arange(4)[:, None]
    ids[..., 1] += torch.arange(4)
    own = copy.copy(call)
    return _reads(own, ids.flatten(0, 1)) or _reads(own, ids.flatten(0, 1)[None])


def _reads(call: Any, ids: Tensor) -> bool:
    try:
        answer = call(ids)
        parts = (answer,) if isinstance(answer, Tensor) else tuple(answer)
        axis = next(i for i, n in enumerate(parts[0].shape) if n == 16) - parts[0].ndim
        rows = tuple(flattened(p, axis)[0].reshape(16, *p.shape[p.ndim + axis + 1 :]) for p in parts)
        tables.measured(tables.read(rows)[1].view(4, 4, -1))
    except (CannotMake, RuntimeError, ValueError, IndexError, TypeError, AssertionError, StopIteration):
        return False
    return True


def _token_grids(grid: Grid, origin: Grid) -> list[tuple[Grid, Grid]]:
    found = []
    for patch in _PATCHES:
        try:
            found.append((grid.scaled(Fraction(1, patch)), origin.scaled(Fraction(1, patch))))
        except LatticeError:
            break
    return found


def _starts(ids: np.ndarray, tokens: Grid) -> list[int]:
    """Return the rows of ids (S, axes) from which as many count up a grid's rows and columns."""
    count, found, start = tokens.width * tokens.height, [], 0
    while start + count <= len(ids):
        if _counts_up(ids[start : start + count], tokens):
            found.append(start)
            start += count
        else:
            start += 1
    return found


def _counts_up(ids: np.ndarray, tokens: Grid) -> bool:
    if tokens.width < 2 or tokens.height < 2:
        return False
    across, down = ids[1] - ids[0], ids[tokens.width] - ids[0]
    if not across.any() or not down.any() or (down == tokens.width * across).all():
        return False
    rows, columns = np.mgrid[: tokens.height, : tokens.width].reshape(2, -1, 1)
    return bool(np.array_equal(ids, ids[0] + rows * down + columns * across))


def _spare(tokens: Grid, origin: Grid) -> int:
    return tokens.width * tokens.height - origin.width * origin.height


def _remaining(length: int, starts: list[int], tokens: Grid, origin: Grid) -> list[int]:
    """Return the rows that are left when each picture is cut down to the origin's cell."""
    dropped = set()
    for start in starts:
        outside = (start + r * tokens.width + c for r in range(tokens.height) for c in range(tokens.width))
        dropped |= {row for row in outside if not _inside(row - start, tokens, origin)}
    return [row for row in range(length) if row not in dropped]


def _inside(index: int, tokens: Grid, origin: Grid) -> bool:
    return index // tokens.width < origin.height and index % tokens.width < origin.width
