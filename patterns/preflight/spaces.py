"""Color spaces of a PDF as values: family, colorants by name, what stands behind them. ISO 32000-1, 8.6."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from patterns.preflight.streams import inflated

PROCESS = ("Cyan", "Magenta", "Yellow", "Black")
_SHORT = {"/G": "/DeviceGray", "/RGB": "/DeviceRGB", "/CMYK": "/DeviceCMYK", "/I": "/Indexed"}
_DEVICE = {"/DeviceGray": 1, "/DeviceRGB": 3, "/DeviceCMYK": 4}
_DEFAULTS = {"/DeviceGray": "/DefaultGray", "/DeviceRGB": "/DefaultRGB", "/DeviceCMYK": "/DefaultCMYK"}
_CIE = {"/CalGray": 1, "/CalRGB": 3, "/Lab": 3}
_MOST_PROFILE = 32 << 20
_DEEPEST = 6


class BadSpace(Exception):
    """A color space that cannot be read; the message says why."""


@dataclass(frozen=True, slots=True)
class Space:
    """A color space: its family without the slash, its components, its colorants if it names any.

    ``base`` is the alternate of spots or the colors of an index, ``profile`` the bytes of an ICC-based space, ``look``
    tells apart what the same spot is shown as, ``solid`` is what its full tint is in the alternate, where that is a
    plain formula.
    """

    family: str
    components: int
    colorants: tuple[str, ...] = ()
    base: "Space | None" = None
    profile: bytes = b""
    look: str = ""
    solid: tuple[float, ...] = ()
    whole: bool = True

    def chain(self) -> Iterator["Space"]:
        """Yield the space and those behind it."""
        yield self
        if self.base is not None:
            yield from self.base.chain()

    @property
    def painted(self) -> "Space":
        """The space that colors are really in: what an index or a pattern stands for."""
        return self.base.painted if self.family in ("Indexed", "Pattern") and self.base else self

    def ink_sum(self, values: tuple[float, ...]) -> float | None:
        """Return the ink in percent that a color (0-1 each) takes; None where inks are not its components."""
        if len(values) != self.components:
            return None
        if self.colorants:
            return 100 * sum(v for name, v in zip(self.colorants, values, strict=True) if name != "None")
        if self.components == 4 and self.family in ("DeviceCMYK", "ICCBased"):
            return 100 * sum(values)
        return None

    def paints_nothing(self, values: tuple[float, ...]) -> bool:
        """Return whether a color of inks is no ink at all."""
        inks = self.colorants or (self.components == 4 and self.family in ("DeviceCMYK", "ICCBased"))
        return bool(inks) and len(values) == self.components and not any(values)


DEVICES = {name: Space(name[1:], components) for name, components in _DEVICE.items()}


class Spaces:
    """Reads the color spaces of one document; each is read once."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, int], Space] = {}

    def read(self, given: Any, resources: Any, *, depth: int = 0) -> Space:
        """Return the space that an object of a PDF says; BadSpace if it is none."""
        import pikepdf

        if depth > _DEEPEST:
            raise BadSpace("a color space stands for itself")
        if isinstance(given, pikepdf.Name):
            return self._named(str(given), resources, depth)
        if not isinstance(given, pikepdf.Array) or not len(given):
            raise BadSpace("a color space is neither a name nor an array")
        place = given.objgen
        if place in self._known and place != (0, 0):
            return self._known[place]
        space = self._array(given, resources, depth)
        if place != (0, 0):
            self._known[place] = space
        return space

    def _named(self, name: str, resources: Any, depth: int) -> Space:
        listed = _entry(resources, "/ColorSpace")
        # The short names of inline images are names like any other elsewhere.
        if _entry(listed, name) is None:
            name = _SHORT.get(name, name)
        if name in _DEVICE:
            default = _entry(listed, _DEFAULTS[name])
            return DEVICES[name] if default is None else self.read(default, None, depth=depth + 1)
        if name == "/Pattern":
            return Space("Pattern", 0)
        found = _entry(listed, name)
        if found is None:
            raise BadSpace(f"the color space {name} is not defined")
        return self.read(found, resources, depth=depth + 1)

    def _array(self, given: Any, resources: Any, depth: int) -> Space:
        family = _SHORT.get(str(given[0]), str(given[0]))
        if family in _DEVICE or (family == "/Pattern" and len(given) == 1):
            return self._named(family, resources, depth)
        if len(given) < 2:
            raise BadSpace(f"the color space {family} is cut short")
        if family in _CIE:
            return Space(family[1:], _CIE[family])
        if family == "/ICCBased":
            data, whole = inflated(given[1], _MOST_PROFILE)
            return Space("ICCBased", int(given[1].get("/N", 0)), profile=data, whole=whole)
        if family in ("/Indexed", "/Pattern"):
            base = self.read(given[1], resources, depth=depth + 1)
            return Space(family[1:], 1 if family == "/Indexed" else base.components, base=base)
        if family in ("/Separation", "/DeviceN") and len(given) >= 4:
            return self._spots(given, family, self.read(given[2], resources, depth=depth + 1))
        raise BadSpace(f"the color space {family} is unknown or cut short")

    def _spots(self, given: Any, family: str, base: Space) -> Space:
        names = [given[1]] if family == "/Separation" else list(given[1])
        colorants = tuple(str(name)[1:] for name in names)
        tint = given[3]
        solid: tuple[float, ...] = ()
        if int(tint.get("/FunctionType", -1)) == 2 and "/C1" in tint:
            solid = tuple(float(v) for v in tint.C1)
        return Space(family[1:], len(colorants), colorants, base, look=f"{base.family} {_look(tint)}", solid=solid)


def _look(tint: Any) -> str:
    """Return what tells a tint function from another."""
    import pikepdf

    data = tint.read_raw_bytes() if isinstance(tint, pikepdf.Stream) else tint.unparse(resolved=True)
    return hashlib.sha256(data).hexdigest()[:16]


def _entry(dictionary: Any, key: str) -> Any:
    import pikepdf

    return dictionary.get(key) if isinstance(dictionary, pikepdf.Dictionary) else None
