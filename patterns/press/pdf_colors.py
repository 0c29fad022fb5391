"""What a page of PDF is painted with: sRGB, the four process inks, or the design's own inks as named plates.

ISO 32000-1, 8.6. In sRGB files everything is ICC-based. In CMYK files the picture is DeviceCMYK, which the output
intent defines, text is black alone, and marks are on all plates. In spot files the picture is one DeviceN image whose
colorants are the plates, each chip is a Separation, and text and marks are in all of the plates and in no process
ink. All alternates are DeviceCMYK, so that PDF/X-1a takes them too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from patterns.color import Palette
from patterns.errors import CannotMake, InputError
from patterns.press.names import plate_names
from patterns.press.pdf_finish import srgb_space
from patterns.press.process import Condition, process_inks, read_condition
from patterns.press.raster import Channels, Raster
from patterns.separation import GROUNDS

# ISO 32000-1, annex C, and the PDF reference of 1.4: the most colorants of a DeviceN space.
MOST_COLORANTS = {"x4": 32, "x1a": 8}


@dataclass(frozen=True, slots=True)
class Colors:
    """What a PDF is made in: "rgb" (plain PDF 1.6), or "cmyk" or "spot" built to PDF/X-4 or X-1a.

    ``profile`` is the ICC file of a CMYK press that becomes the output intent; None is Fogra39, a paper condition.
    ``ground`` says what ink 0 is in a spot file (see GROUNDS): unless it is printed it has no plate. ``trapped`` says
    whether the inks already run under one another.
    """

    kind: Literal["rgb", "cmyk", "spot"] = "rgb"
    standard: Literal["x4", "x1a"] = "x4"
    profile: Path | None = None
    ground: str = "cloth"
    trapped: bool = False

    def __post_init__(self) -> None:
        if self.kind not in ("rgb", "cmyk", "spot"):
            raise InputError(f"a PDF is made in rgb, cmyk or spot colors, not {self.kind!r}.")
        if self.standard not in ("x4", "x1a"):
            raise InputError(f"a PDF is built to x4 or x1a, not {self.standard!r}.")
        if self.ground not in GROUNDS:
            raise InputError(f"a ground is {', '.join(GROUNDS)}, not {self.ground!r}.")

    @property
    def claims(self) -> Literal["x4", "x1a"] | None:
        """The standard that the file is built to, or None: an RGB file makes no such claim."""
        return None if self.kind == "rgb" else self.standard

    def condition(self) -> Condition | None:
        """Return the printing condition, or None for RGB; InputError if the profile is no CMYK press's."""
        return None if self.kind == "rgb" else read_condition(self.profile)

    def printed(self, palette: Palette) -> tuple[int, ...]:
        """Return the inks of the palette that are printed, in order."""
        return tuple(range(1 if self.kind == "spot" and self.ground != "printed" else 0, len(palette)))


@dataclass(frozen=True, slots=True)
class Inkwell:
    """How to paint on one PDF's pages.

    ``spaces`` are the color spaces by their resource names, ``image`` is the picture's, of ``channels`` channels.
    ``text``, ``marks`` and ``inks`` (one for each ink of the palette, None where it is not printed) are operators that
    set both the fill and the stroke color; ``control`` are those of the process inks alone, by their letters. ``said``
    is what each ink is in the press, where that is more than its name.
    """

    spaces: dict[str, Any]
    image: Any
    channels: int
    text: str
    marks: str
    inks: tuple[str | None, ...]
    control: tuple[tuple[str, str], ...] = ()
    overprints: bool = False
    said: tuple[str, ...] = ()


def inkwell(pdf: Any, palette: Palette, colors: Colors, condition: Condition | None) -> Inkwell:
    """Return what a pikepdf.Pdf is painted with; CannotMake if a design has more inks than the standard holds."""
    if condition is None:
        return _rgb(pdf, palette)
    process = process_inks(palette, condition.profile)
    return _cmyk(pdf, process) if colors.kind == "cmyk" else _spot(pdf, palette, colors, process)


def _rgb(pdf: Any, palette: Palette) -> Inkwell:
    space = srgb_space(pdf)
    inks = tuple(_painted("sRGB", [value / 255 for value in ink]) for ink in palette.srgb8())
    return Inkwell({"sRGB": space}, space, 3, _painted("sRGB", (0, 0, 0)), _painted("sRGB", (0, 0, 0)), inks)


def _cmyk(pdf: Any, process: np.ndarray) -> Inkwell:
    import pikepdf

    every = _separation(pdf, "All", np.ones(4))
    # To whole 255ths, as the picture's pixels are.
    inks = tuple(_process(np.rint(ink * 255) / 255) for ink in process)
    control = tuple((letter, _process(row)) for letter, row in zip("CMYK", np.eye(4), strict=True))
    black = _process((0, 0, 0, 1))
    said = tuple(" ".join(f"{letter} {100 * v:.0f}" for letter, v in zip("CMYK", ink, strict=True)) for ink in process)
    return Inkwell({"All": every}, pikepdf.Name.DeviceCMYK, 4, black, _painted("All", (1,)), inks, control, said=said)


def _spot(pdf: Any, palette: Palette, colors: Colors, process: np.ndarray) -> Inkwell:
    import pikepdf

    printed, names = colors.printed(palette), plate_names(palette)
    most = MOST_COLORANTS[colors.standard]
    if not printed:
        raise CannotMake("the palette has a ground and nothing that is printed on it.")
    if len(printed) > most:
        standard = "PDF/X-4" if colors.standard == "x4" else "PDF/X-1a"
        cure = " choose PDF/X-4, or fewer inks." if colors.standard == "x1a" else " choose fewer inks."
        raise CannotMake(f"{standard} holds {most} inks in one picture, and the design prints {len(printed)};{cure}")
    alone = {k: _separation(pdf, names[k], process[k]) for k in printed}
    cloth = np.zeros(4) if colors.ground == "printed" else process[0]
    tints = pdf.make_stream(
        tint_program(process[list(printed)], cloth),
        FunctionType=4,
        Domain=pikepdf.Array([0, 1] * len(printed)),
        Range=pikepdf.Array([0, 1] * 4),
    )
    colorants = pikepdf.Dictionary({f"/{names[k]}": space for k, space in alone.items()})
    every = [pikepdf.Name(f"/{names[k]}") for k in printed]
    inks = pdf.make_indirect(
        pikepdf.Array(
            [
                pikepdf.Name.DeviceN,
                pikepdf.Array(every),
                pikepdf.Name.DeviceCMYK,
                tints,
                pikepdf.Dictionary(Colorants=colorants),
            ]
        )
    )
    spaces = {"Inks": inks} | {f"Ink{k + 1}": space for k, space in alone.items()}
    full = _painted("Inks", [1] * len(printed))
    solid = tuple(_painted(f"Ink{k + 1}", (1,)) if k in alone else None for k in range(len(palette)))
    return Inkwell(spaces, inks, len(printed), full, full, solid, overprints=True)


def tint_program(process: np.ndarray, cloth: np.ndarray) -> bytes:
    """Return a PostScript calculator function (ISO 32000-1, 7.10.5) from N tints to the CMYK (N, 4) that shows them.

    Each tint replaces as much of the cloth's color (4,) by its own; a PDF clips what is beyond 0 and 1.
    """
    count = len(process)
    steps = []
    for channel in range(4):
        steps.append(_number(cloth[channel]))
        for place in range(count):
            # Above this tint lie the later tints, the channels so far, and the sum.
            steps.append(f"{count - place + channel} index {_number(process[place, channel] - cloth[channel])} mul add")
        steps.append("dup 0 lt { pop 0 } if dup 1 gt { pop 1 } if")
    steps.append(f"{count + 4} 4 roll" + " pop" * count)
    return ("{ " + " ".join(steps) + " }").encode()


def channels(raster: Raster, colors: Colors, condition: Condition | None) -> Channels:
    """Return what the image of a PDF holds of each mixture of inks; 255 is the full channel or tint."""
    if condition is None:
        return raster.in_srgb()
    if colors.kind == "spot":
        return raster.in_plates(colors.printed(raster.job.palette))
    return raster.in_process(condition)


def _separation(pdf: Any, name: str, process: Sequence[float] | np.ndarray) -> Any:
    """Return a Separation space whose tint goes in a straight line from nothing to CMYK (4,)."""
    import pikepdf

    full = pikepdf.Array([_decimal(v) for v in process])
    tint = pikepdf.Dictionary(FunctionType=2, Domain=[0, 1], C0=[0, 0, 0, 0], C1=full, N=1)
    space = [pikepdf.Name.Separation, pikepdf.Name(f"/{name}"), pikepdf.Name.DeviceCMYK, pdf.make_indirect(tint)]
    return pdf.make_indirect(pikepdf.Array(space))


def _painted(space: str, values: Sequence[float]) -> str:
    numbers = " ".join(_number(v) for v in values)
    return f"/{space} cs {numbers} scn /{space} CS {numbers} SCN"


def _process(values: Sequence[float] | np.ndarray) -> str:
    numbers = " ".join(_number(v) for v in values)
    return f"{numbers} k {numbers} K"


def _number(value: float) -> str:
    text = f"{float(value):.5f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _decimal(value: float) -> Any:
    from decimal import Decimal

    return Decimal(f"{float(value):.5f}")
