"""Attention between the tile and the words: they see the mean over all places, so that no place is the words' own.

Words stand at a place of their own (FLUX puts them all at the corner token), and turn against the tile's tokens. Were
that kept, the tile would know by its words where it is. Here a word and a token of the tile meet only in the channels
that stand still on the lattice; in the others the logit's mean over all rolls is zero. Among themselves words and tokens
meet as ever, by two calls that share the queries and cost together what one did. References and padding are words here:
whatever is not on the lattice.
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

    def found(self, table: Parts) -> list[int] | None:
        """Return at which row the tile begins in each item of a table; None if it is not there."""
        if len(table) != len(self.parts) or any(part.ndim < -self.axis for part in table):
            return None
        rows = [flattened(part, self.axis) for part in table]
        if any(r.shape[2] != b.shape[1] or r.shape[1] < len(b) for r, b in zip(rows, self.parts, strict=True)):
            return None
        starts = [self._start(tuple(part[item] for part in rows)) for item in range(rows[0].shape[0])]
        return None if -1 in starts else starts

    def _start(self, rows: Parts) -> int:
        count = len(self.parts[0])
        block = tuple(part.to(row.device, row.dtype) for part, row in zip(self.parts, rows, strict=True))
        for start in (rows[0] == block[0][0]).all(dim=1).nonzero().flatten().tolist():
            if all(torch.equal(row[start : start + count], part) for row, part in zip(rows, block, strict=True)):
                return start
        return -1


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
        self._known: dict[int, tuple[Any, tuple[Block, list[int], int] | None]] = {}
        self._now: tuple[Block, list[int], int] | None = None

    def forget(self) -> None:
        """Begin an evaluation: no table has been seen yet."""
        self.blocks.clear()
        self._known.clear()
        self.calls = 0

    def before(self, attention: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        """Look into what an attention is handed, and listen while it runs if the tile is in it."""
        found = (self._look(value) for value in (*args, *kwargs.values()) if isinstance(value, Tensor | tuple | list))
        self._now = next((place for place in found if place), None)
        if self._now:
            self.calls = 0
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

    def _look(self, value: Any) -> tuple[Block, list[int], int] | None:
        known = self._known.get(id(value))
        if known is None:
            known = self._known[id(value)] = (value, self._search(value))
        return known[1]

    def _search(self, value: Any) -> tuple[Block, list[int], int] | None:
        parts = (value,) if isinstance(value, Tensor) else tuple(value)
        if not parts or not all(isinstance(part, Tensor) for part in parts):
            return None
        for table in [(part,) for part in parts] if parts[0].is_complex() else [parts]:
            for block in self.blocks:
                starts = block.found(table)
                if starts is not None:
                    return block, starts, table[0].shape[block.axis]
        return None

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        if func is not torch.nn.functional.scaled_dot_product_attention or self._now is None:
            return func(*args, **kwargs)
        given = dict(zip(_ARGUMENTS, args, strict=False)) | kwargs
        block, starts, rows = self._now
        length = given["key"].shape[-2]
        if given["query"].shape[-2] != length or length < rows:
            return func(*args, **kwargs)
        self.calls += 1
        # A table of the picture alone: in every model that has one, words come first.
        offsets = [length - rows + start for start in starts]
        if len(set(offsets)) == 1:
            return self._split(func, given, block, offsets[0])
        items = [_item(given, index) for index in range(len(given["key"]))]
        return torch.cat([self._split(func, each, block, start) for each, start in zip(items, offsets, strict=True)])

    def _split(self, func: Any, given: dict[str, Any], block: Block, start: int) -> Tensor:
        query, key, stop = given["query"], given["key"], start + len(block.parts[0])
        if stop - start == key.shape[-2]:
            return func(**given)
        parts = (slice(0, start), slice(start, stop), slice(stop, None))
        still = torch.nn.functional.pad(block.still, (0, key.shape[-1] - len(block.still)), value=1.0)
        mean = key * still.to(key.device, key.dtype)
        ahead, tile, behind = (key[..., part, :] for part in parts)
        mean_ahead, mean_tile, mean_behind = (mean[..., part, :] for part in parts)
        mask = self._weighed(given.get("attn_mask"), query, start, stop)
        tiles = given | {
            "query": query[..., start:stop, :],
            "key": torch.cat([mean_ahead, tile, mean_behind], dim=-2),
            "attn_mask": _rows(mask, [parts[1]]),
        }
        words = given | {
            "query": torch.cat([query[..., parts[0], :], query[..., parts[2], :]], dim=-2),
            "key": torch.cat([ahead, mean_tile, behind], dim=-2),
            "attn_mask": _rows(mask, [parts[0], parts[2]]),
        }
        seen, heard = func(**tiles), func(**words)
        return torch.cat([heard[..., :start, :], seen, heard[..., start:, :]], dim=-2)

    def _weighed(self, mask: Tensor | None, query: Tensor, start: int, stop: int) -> Tensor | None:
        """Return the mask with each word counted ``weight`` times, as a supercell counts each token of its cell."""
        if self.weight == 1:
            return mask
        length = query.shape[-2]
        bias = query.new_full((1, 1, 1, length), math.log(self.weight))
        bias[..., start:stop] = 0.0
        if mask is None:
            return bias
        return bias.masked_fill(~mask, -math.inf) if mask.dtype == torch.bool else bias + mask


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
