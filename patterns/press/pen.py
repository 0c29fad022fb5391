"""A pen that writes the operators of a PDF page: millimeters with y down in, absolute points out.

Coordinates are worked out here and not left to a matrix, so that a mark a meter from the corner lies where it should.
Text is set in the faces of ``lettering``, as glyphs of a subset that is embedded when the page is done.
"""

import hashlib
from collections.abc import Iterable
from typing import Any

from patterns.press import lettering
from patterns.units import PT_PER_MM

# A quarter of a circle by one Bezier curve: the usual constant, at most 0.03 % off.
_ROUND = 0.5522847498


class Type:
    """The glyphs of one PDF's faces, numbered as they are first used; its pages share them."""

    def __init__(self) -> None:
        self._used: dict[str, dict[int, int]] = {}  # face: original glyph -> character

    def encoded(self, text: str, face: str) -> str:
        """Return a line as hexadecimal numbers of glyphs; characters that the face does not set are an open box."""
        known, used = lettering.face(face).charToGlyph, self._used.setdefault(face, {})
        places = []
        for character in lettering.settable(text, face):
            glyph = known[ord(character)]
            used.setdefault(glyph, ord(character))
            places.append(list(used).index(glyph) + 1)
        return "".join(f"{place:04X}" for place in places)

    def fonts(self, pdf: Any) -> dict[str, Any]:
        """Return the font resources of a pikepdf.Pdf, each a subset of a face, embedded."""
        return {f"/{face}": _font(pdf, face, list(used.values())) for face, used in self._used.items()}


class Pen:
    """Writes one page; ``corner`` is where (0, 0) lies, mm from the page's lower left corner, ``unit`` the UserUnit."""

    def __init__(self, corner: tuple[float, float], type_: Type, *, unit: int = 1) -> None:
        self._corner, self._type, self._scale = corner, type_, PT_PER_MM / unit
        self._lines: list[str] = []

    def content(self) -> bytes:
        """Return the operators that were written."""
        return "\n".join(self._lines).encode()

    def do(self, operators: str) -> None:
        """Write operators as they are."""
        self._lines.append(operators)

    def at(self, x: float, y: float) -> str:
        """Return a point."""
        return f"{(self._corner[0] + x) * self._scale:.5f} {(self._corner[1] - y) * self._scale:.5f}"

    def long(self, mm: float) -> str:
        """Return a length."""
        return f"{mm * self._scale:.5f}"

    def place(self, name: str, corner: tuple[float, float], size: tuple[float, float]) -> None:
        """Paint an image with its top left corner at a point."""
        (x, y), (width, height) = corner, size
        self.do(f"q {self.long(width)} 0 0 {self.long(height)} {self.at(x, y + height)} cm /{name} Do Q")

    def clip(self, corner: tuple[float, float], size: tuple[float, float]) -> None:
        """Cut off what is painted from here on to a rectangle."""
        self.do(f"{self._box(corner, size)} W n")

    def box(self, corner: tuple[float, float], size: tuple[float, float], *, how: str = "f") -> None:
        """Paint a rectangle: "f" filled, "S" outlined, "B" both."""
        self.do(f"{self._box(corner, size)} {how}")

    def line(self, *points: tuple[float, float]) -> None:
        """Stroke a line through points."""
        self.do(f"{self._path(points)} S")

    def shape(self, *points: tuple[float, float], how: str = "f") -> None:
        """Paint a closed polygon."""
        self.do(f"{self._path(points)} h {how}")

    def circle(self, center: tuple[float, float], radius: float, *, how: str = "S") -> None:
        """Paint a circle."""
        (x, y), k = center, radius * _ROUND
        turns = [(1, 0, 0, 1), (0, 1, -1, 0), (-1, 0, 0, -1), (0, -1, 1, 0)]
        steps = [f"{self.at(x + radius, y)} m"]
        for ax, ay, bx, by in turns:
            first = self.at(x + ax * radius + bx * k, y + ay * radius + by * k)
            second = self.at(x + bx * radius + ax * k, y + by * radius + ay * k)
            steps.append(f"{first} {second} {self.at(x + bx * radius, y + by * radius)} c")
        self.do(" ".join(steps) + f" h {how}")

    def words(
        self, text: str, at: tuple[float, float], *, size: float, face: str = lettering.REGULAR, align: float = 0.0
    ) -> None:
        """Set one line with its baseline at a point, ``size`` in mm; ``align`` is 0 for left, 0.5 middle, 1 right."""
        text = lettering.settable(text, face)
        x = at[0] - align * lettering.width(text, face, size)
        self.do(f"BT /{face} {self.long(size)} Tf {self.at(x, at[1])} Td <{self._type.encoded(text, face)}> Tj ET")

    def _box(self, corner: tuple[float, float], size: tuple[float, float]) -> str:
        return f"{self.at(corner[0], corner[1] + size[1])} {self.long(size[0])} {self.long(size[1])} re"

    def _path(self, points: Iterable[tuple[float, float]]) -> str:
        (x, y), *rest = points
        return " ".join([f"{self.at(x, y)} m", *(f"{self.at(*point)} l" for point in rest)])


def _font(pdf: Any, name: str, codes: list[int]) -> Any:
    """Return a Type 0 font with a TrueType subset (ISO 32000-1, 9.7.4): glyph n shows character codes[n - 1]."""
    import pikepdf

    face = lettering.face(name)
    subset = face.makeSubset(codes)
    letters = hashlib.sha256(bytes(str(codes), "ascii")).digest()[:6]
    named = pikepdf.Name("/" + "".join(chr(65 + value % 26) for value in letters) + "+" + name)
    descriptor = pikepdf.Dictionary(
        Type=pikepdf.Name.FontDescriptor,
        FontName=named,
        Flags=4,
        FontBBox=[round(v) for v in face.bbox],
        ItalicAngle=0,
        Ascent=round(face.ascent),
        Descent=round(face.descent),
        CapHeight=round(face.capHeight),
        StemV=round(face.stemV),
        FontFile2=pdf.make_stream(subset, Length1=len(subset)),
    )
    system = pikepdf.Dictionary(Registry="Adobe", Ordering="Identity", Supplement=0)
    widths = pikepdf.Array([1, pikepdf.Array([round(face.charWidths[code]) for code in codes])])
    descendant = pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.CIDFontType2,
        BaseFont=named,
        CIDSystemInfo=system,
        FontDescriptor=pdf.make_indirect(descriptor),
        DW=round(face.defaultWidth),
        W=widths,
        CIDToGIDMap=pikepdf.Name.Identity,
    )
    return pdf.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Font,
            Subtype=pikepdf.Name.Type0,
            BaseFont=named,
            Encoding=pikepdf.Name("/Identity-H"),
            DescendantFonts=[pdf.make_indirect(descendant)],
            ToUnicode=pdf.make_stream(_to_unicode(codes)),
        )
    )


def _to_unicode(codes: list[int]) -> bytes:
    """Return a CMap from glyphs to characters (ISO 32000-1, 9.10.3), in runs of at most 100."""
    lines = [
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
        "/CMapName /Adobe-Identity-UCS def /CMapType 2 def",
        "1 begincodespacerange <0000> <FFFF> endcodespacerange",
    ]
    for start in range(0, len(codes), 100):
        run = codes[start : start + 100]
        lines.append(f"{len(run)} beginbfchar")
        lines += [f"<{place:04X}> <{code:04X}>" for place, code in enumerate(run, start=start + 1)]
        lines.append("endbfchar")
    lines.append("endcmap CMapName currentdict /CMap defineresource pop end end")
    return "\n".join(lines).encode()
