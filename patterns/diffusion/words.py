"""Attention between the tile and the words: they see the mean over all places, so that no place is the words' own.

Words stand at a place of their own (FLUX puts them all at the corner token), and turn against the tile's tokens. Were
that kept, the tile would know by its words where it is. Here a word and a token of the tile meet only in the channels
that stand still on the lattice; in the others the logit's mean over all rolls is zero. Among themselves words and
tokens meet as ever, in two calls that share the queries and together cost what one did. References and padding count
as words: whatever is not on the lattice.
"""

import math
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

from patterns.diffusion.tables import Parts
from patterns.errors import CannotMake

_ARGUMENTS = ("query", "key", "value", "attn_mask", "dropout_p", "is_causal", "scale", "enable_gqa")


@dataclass(frozen=True, eq=False, slots=True)
class Block:
    """The rows of the tile's tokens in a rotary table, as written there, so that they are found again wherever it goes.

    ``parts`` are (N, K) each; ``axis``, counted from the end, is the table's axis of tokens; ``still`` (D,) is 1 for
    numbers of a head that no wave turns, else 0.
    """

    parts: Parts
    axis: int
    still: Tensor

    def fits(self, table: Parts) -> bool:
        """Return whether a table is written as this block's was, and is long enough to hold it."""
        if len(table) != len(self.parts) or any(part.ndim < -self.axis for part in table):
            return False
        widths = [part[(0,) * (part.ndim + self.axis + 1)].numel() for part in table]
        return table[0].shape[self.axis] >= len(self.parts[0]) and widths == [part.shape[1] for part in self.parts]

    def start(self, rows: Parts) -> int:
        """Return at which row of (tokens, numbers) the tile begins; -1 if it is not there."""
        count = len(self.parts[0])
        block = tuple(part.to(row.device, row.dtype) for part, row in zip(self.parts, rows, strict=True))
        for start in (rows[0] == block[0][0]).all(dim=1).nonzero().flatten().tolist():
            if all(torch.equal(row[start : start + count], part) for row, part in zip(rows, block, strict=True)):
                return start
        return -1


@dataclass(frozen=True, eq=False, slots=True)
class Place:
    """Where the tile begins in each item of a table that an attention is handed, and how many rows the table has."""

    block: Block
    starts: list[int]
    rows: int


def flattened(part: Tensor, axis: int) -> Tensor:
    """Return a table's part as (items, tokens, numbers), its tokens along ``axis`` counted from the end."""
    ahead = part.movedim(axis, 0)
    items = math.prod(ahead.shape[1 : part.ndim + axis + 1])
    return ahead.reshape(ahead.shape[0], items, -1).transpose(0, 1)


class Hearing(TorchFunctionMode):
    """Splits each attention that is handed a table with the tile in it; ``weight`` is how often a word counts."""

    def __init__(self, weight: int) -> None:
        super().__init__()
        self.weight = weight
        self.blocks: list[Block] = []
        self.calls = 0
        self.heard = False
        self._known: dict[int, tuple[Any, Place]] = {}
        self._joined: dict[int, int | None] = {}
        self._now: Place | None = None

    def forget(self) -> None:
        """Begin an evaluation: no table has been seen yet."""
        self.blocks.clear()
        self._known.clear()
        self.heard = False

    def before(self, attention: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        """Look into what an attention is handed, and listen while it runs if the tile is in it."""
        found = (self._look(value) for value in (*args, *kwargs.values()) if isinstance(value, Tensor | tuple | list))
        self._now = next((place for place in found if place), None)
        if self._now:
            self.calls, self.heard = 0, True
            self._joined.clear()
            self.__enter__()

    def after(self, attention: nn.Module, args: Any, output: Any) -> None:
        """Stop listening; CannotMake if the attention went by a way that was not heard."""
        if not self._now:
            return
        self._now = None
        self.__exit__(None, None, None)
        if not self.calls and output is not None:
            raise CannotMake(
                "this model's attention runs on a backend of its own that cannot be split; "
                "set it to torch's with model.set_attention_backend('native')."
            )

    def _look(self, value: Any) -> Place | None:
        if id(value) in self._known:
            return self._known[id(value)][1]
        place = self._search(value)
        if place:  # only tables are held on to: what else an attention is handed is large
            self._known[id(value)] = (value, place)
        return place

    def _search(self, value: Any) -> Place | None:
        parts = (value,) if isinstance(value, Tensor) else tuple(value)
        if not parts or not all(isinstance(part, Tensor) for part in parts):
            return None
        for table in [(part,) for part in parts] if parts[0].is_complex() else [parts]:
            fitting = [block for block in self.blocks if block.fits(table)]
            if fitting:
                items = zip(*(flattened(part, fitting[0].axis) for part in table), strict=True)
                starts = [next((s for b in fitting if (s := b.start(rows)) >= 0), -1) for rows in items]
                if min(starts) >= 0:
                    return Place(fitting[0], starts, table[0].shape[fitting[0].axis])
                assert max(starts) < 0, "the tile is in some items of a table and not in others"
        return None

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        if self._now and func is torch.cat:
            self._notice(*args, **kwargs)
        if self._now is None or func is not torch.nn.functional.scaled_dot_product_attention:
            return func(*args, **kwargs)
        given = dict(zip(_ARGUMENTS, args, strict=False)) | kwargs
        length, rows, count = given["key"].shape[-2], self._now.rows, len(self._now.block.parts[0])
        if length < rows or given["query"].shape[-2] not in (length, count):
            return func(*args, **kwargs)
        self.calls += 1
        offsets = [start + self._ahead(length, rows) for start in self._now.starts]
        if len(set(offsets)) == 1:
            return self._split(func, given, offsets[0])
        items = [_item(given, index) for index in range(len(given["key"]))]
        return torch.cat([self._split(func, each, start) for each, start in zip(items, offsets, strict=True)])

    def _notice(self, tensors: Any, dim: int = 0) -> None:
        """See which comes first where an attention joins words to a picture that came with a table of its own."""
        if self._now and len(tensors) == 2 and all(isinstance(each, Tensor) for each in tensors):
            lengths = [each.shape[dim] for each in tensors]
            if self._now.rows in lengths:
                same = lengths[0] == lengths[1]
                self._joined[sum(lengths)] = None if same else 0 if lengths[0] == self._now.rows else lengths[0]

    def _ahead(self, length: int, rows: int) -> int:
        """Return how many words stand before the rows of the table that the attention was handed."""
        ahead = 0 if length == rows else self._joined.get(length)
        if ahead is None:
            raise CannotMake(
                f"which of {length} tokens are the tile's and which are words cannot be told; "
                "a prompt that is longer or shorter by a word may tell."
            )
        return ahead

    def _split(self, func: Any, given: dict[str, Any], start: int) -> Tensor:
        assert self._now is not None
        query, key, block = given["query"], given["key"], self._now.block
        stop, length = start + len(block.parts[0]), key.shape[-2]
        if stop - start == length:
            return func(**given)
        ahead, tile, behind = slice(0, start), slice(start, stop), slice(stop, None)
        still = torch.nn.functional.pad(block.still, (0, key.shape[-1] - len(block.still)), value=1.0)
        mask = self._weighed(given.get("attn_mask"), key, start, stop)
        tiles = given | {"key": _stilled(key, still, ahead, behind), "attn_mask": mask}
        if query.shape[-2] != length:  # words are only asked, and do not ask
            return func(**tiles)
        tiles |= {"query": query[..., tile, :], "attn_mask": _rows(mask, [tile])}
        words = given | {
            "query": torch.cat([query[..., ahead, :], query[..., behind, :]], dim=-2),
            "key": _stilled(key, still, tile),
            "attn_mask": _rows(mask, [ahead, behind]),
        }
        seen, heard = func(**tiles), func(**words)
        return torch.cat([heard[..., ahead, :], seen, heard[..., start:, :]], dim=-2)

    def _weighed(self, mask: Tensor | None, key: Tensor, start: int, stop: int) -> Tensor | None:
        """Return the mask with each word counted ``weight`` times, as a supercell counts each token of its cell."""
        if self.weight == 1:
            return mask
        bias = key.new_full((1, 1, 1, key.shape[-2]), math.log(self.weight))
        bias[..., start:stop] = 0.0
        if mask is None:
            return bias
        return bias.masked_fill(~mask, -math.inf) if mask.dtype == torch.bool else bias + mask


def _stilled(key: Tensor, still: Tensor, *parts: slice) -> Tensor:
    """Return keys of which some rows have only the numbers left that no wave turns."""
    mean = key.clone()
    for part in parts:
        mean[..., part, :] *= still.to(key.device, key.dtype)
    return mean


def _rows(mask: Tensor | None, parts: list[slice]) -> Tensor | None:
    if mask is None or mask.shape[-2] == 1:
        return mask
    return torch.cat([mask[..., part, :] for part in parts], dim=-2)


def _item(given: dict[str, Any], index: int) -> dict[str, Any]:
    batch = len(given["key"])
    own = {name: given[name][index : index + 1] for name in ("query", "key", "value")}
    mask = given.get("attn_mask")
    if mask is not None and mask.ndim == 4 and len(mask) == batch:
        own["attn_mask"] = mask[index : index + 1]
    return given | own
