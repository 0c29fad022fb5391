"""CxF3, the Color Exchange Format (ISO 17972-1): XML with Lab, light, observer and reflectance of every color.

Read are the objects' CIELab, CIELCh, CIEXYZ, sRGB and reflectance spectra. A color with both keeps its Lab and carries
the spectrum; one with a spectrum only gets its Lab from it, in the view that its specification names. A Lab of which
the file does not say the light is taken as D50 with the 2-degree observer and marked approximate. XML is parsed
without document types and entities, to a bounded depth.
"""

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from patterns.color.ink import D50_2, Ink, Palette, Spectrum, View
from patterns.color.spaces import from_polar, lab_of_ratios
from patterns.color.swatches import ink_name, lab_ink, srgb_ink
from patterns.errors import InputError

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

NAMESPACE = "http://colorexchangeformat.com/CxF3-core"
# The deepest path that a color needs has eight elements.
_DEEPEST = 40
_TAGS = "patterns"

Specification = tuple[View | None, str, float | None, float | None]


def cxf_inks(data: bytes, source: str) -> Iterator[Ink]:
    """Yield the inks of a CxF3 file's objects."""
    root = _parsed(data, source)
    if root.tag.rpartition("}")[2] != "CxF":
        raise InputError(f"{source} is XML, but not a CxF file: it begins with <{ink_name(root.tag)[:40]}>.")
    specifications = {
        found.get("Id", ""): _specification(found) for found in root.iterfind(".//{*}ColorSpecification[@Id]")
    }
    for entry in root.iterfind(".//{*}ObjectCollection/{*}Object"):
        yield _ink(entry, specifications, source)


def cxf_bytes(palette: Palette, *, created: datetime | None = None) -> bytes:
    """Return the palette as a CxF3 file: each ink's Lab to 0.00001 in its own view, its spectrum, its role as a tag.

    How it was measured is not known here, so the geometry is "unknown".
    """
    from xml.etree import ElementTree

    ElementTree.register_namespace("cc", NAMESPACE)
    time = (created or datetime.now(UTC)).isoformat(timespec="seconds")
    root = ElementTree.Element(f"{{{NAMESPACE}}}CxF")
    file = _add(root, "FileInformation")
    _add(file, "Creator", "patterns")
    _add(file, "CreationDate", time)
    _add(file, "Description", ink_name(palette.name) or "palette")
    resources = _add(root, "Resources")
    objects = _add(resources, "ObjectCollection")
    used: dict[tuple[View, float, float], str] = {}
    for number, ink in enumerate(palette.inks, start=1):
        _write_ink(objects, ink, {"Id": f"ink{number}", "created": time}, used)
    collection = _add(resources, "ColorSpecificationCollection")
    for (view, start, step), identity in used.items():
        _write_specification(collection, identity, view, (start, step))
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="UTF-8", xml_declaration=True) + b"\n"


def _parsed(data: bytes, source: str) -> "Element":
    from xml.etree.ElementTree import ParseError

    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import iterparse

    depth, root = 0, None
    try:
        for event, element in iterparse(io.BytesIO(data), events=("start", "end"), forbid_dtd=True):
            root = element if root is None else root
            depth += 1 if event == "start" else -1
            if depth > _DEEPEST:
                raise InputError(f"{source} is no CxF file: its elements lie more than {_DEEPEST} deep in one another.")
    except DefusedXmlException:
        raise InputError(
            f"{source} has a document type or entities, which CxF does not need; it is not read."
        ) from None
    except (ParseError, ValueError, LookupError) as error:
        raise InputError(f"{source} is cut or damaged: {str(error)[:80]}.") from None
    if root is None:
        raise InputError(f"{source} is cut or damaged: it holds no XML.")
    return root


def _specification(found: "Element") -> Specification:
    """Return (view or None, how the file calls it, first wavelength, step) of a color specification."""
    light = (found.findtext(".//{*}TristimulusSpec/{*}Illuminant") or "").strip()
    observer = (found.findtext(".//{*}TristimulusSpec/{*}Observer") or "").strip()
    try:
        view = View.named(f"{light}/{observer.partition('_')[0]}")
    except InputError:
        view = None
    span = found.find(".//{*}WavelengthRange")
    return view, f"{light} {observer}".strip(), _float(span, "StartWL"), _float(span, "Increment")


def _float(element: "Element | None", key: str) -> float | None:
    return None if element is None else _number(element.get(key))


def _number(text: str | None) -> float | None:
    try:
        number = float(text or "")
    except ValueError:
        return None
    return number if abs(number) < 1e9 else None


def _ink(entry: "Element", specifications: dict[str, Specification], source: str) -> Ink:
    name = ink_name(entry.get("Name") or entry.get("Id") or "") or "unnamed"
    where = f"{source}: {name[:60]!r}"
    tags = {tag.get("Name"): tag.get("Value") or "" for tag in entry.iterfind("./{*}TagCollection/{*}Tag")}
    role = ink_name(tags.get("Role", ""))
    spectrum, spectral_view = _spectrum(entry, specifications, where)
    for element in entry.iterfind("./{*}ColorValues/*"):
        kind = element.tag.rpartition("}")[2]
        if kind == "ColorSRGB" and spectrum is None:
            scale = _number(element.findtext("./{*}MaxRange")) or 255.0
            return srgb_ink([v / scale for v in _three(element, "RGB", where)], name, role)
        if kind in _COLORIMETRIC:
            view, said, *_ = specifications.get(element.get("ColorSpecification", ""), (None, "", None, None))
            if view is None and said and spectrum is None:
                raise InputError(f"{where} is seen under {ink_name(said)!r}, which is not known here; give D50 or D65.")
            if view is not None or spectrum is None:
                lab = _lab(kind, _three(element, _COLORIMETRIC[kind], where), view or D50_2)
                approximate = view is None or tags.get("Approximate") == "true"
                lightness, a, b = lab_ink(lab, name).lab
                return Ink(name, (lightness, a, b), role, view or D50_2, spectrum, approximate)
    if spectrum is None:
        raise InputError(f"{where} has no color of its own, only a device's; export it with Lab or its spectrum.")
    return Ink.of_spectrum(name, spectrum, role=role, view=spectral_view)


_COLORIMETRIC = {"ColorCIELab": "LAB", "ColorCIELCh": "LCH", "ColorCIEXYZ": "XYZ"}


def _three(element: "Element", keys: str, where: str) -> list[float]:
    values = [_number(element.findtext(f"./{{*}}{key}")) for key in keys]
    numbers = [value for value in values if value is not None]
    if len(numbers) != 3:
        raise InputError(f"{where} is damaged: its {', '.join(keys)} are not three numbers.")
    return numbers


def _lab(kind: str, values: list[float], view: View) -> np.ndarray:
    if kind == "ColorCIEXYZ":
        return lab_of_ratios(np.array(values) / 100 / view.white)
    return np.array(values) if kind == "ColorCIELab" else from_polar(np.array(values))


def _spectrum(entry: "Element", specifications: dict[str, Specification], where: str) -> tuple[Spectrum | None, View]:
    """Return the first reflectance of an object, with the view that its Lab would be quoted in."""
    element = entry.find("./{*}ColorValues/{*}ReflectanceSpectrum")
    if element is None:
        return None, D50_2
    view, _, start, step = specifications.get(element.get("ColorSpecification", ""), (None, "", None, None))
    start = _float(element, "StartWL") or start
    values = [_number(text) for text in (element.text or "").split()]
    numbers = tuple(value for value in values if value is not None)
    if start is None or step is None or len(numbers) != len(values):
        raise InputError(f"{where} has a spectrum without its first wavelength, its step, or a number in it.")
    try:
        return Spectrum(start, step, numbers), view or D50_2
    except InputError as error:
        raise InputError(f"{where}: {error}") from None


def _add(parent: "Element", tag: str, text: str = "", **attributes: str) -> "Element":
    from xml.etree.ElementTree import SubElement

    element = SubElement(parent, f"{{{NAMESPACE}}}{tag}", attributes)
    element.text = text or None
    return element


def _write_ink(objects: "Element", ink: Ink, facts: dict[str, str], used: dict[tuple[View, float, float], str]) -> None:
    grid = (ink.spectrum.start_nm, ink.spectrum.step_nm) if ink.spectrum else (0.0, 0.0)
    specification = used.setdefault((ink.view, *grid), f"CS{len(used) + 1}")
    entry = _add(objects, "Object", ObjectType="Standard", Name=ink_name(ink.name), Id=facts["Id"])
    _add(entry, "CreationDate", facts["created"])
    values = _add(entry, "ColorValues")
    if ink.spectrum:
        numbers = " ".join(f"{v:.7g}" for v in ink.spectrum.values)
        attributes = {"StartWL": f"{ink.spectrum.start_nm:g}", "ColorSpecification": specification}
        _add(values, "ReflectanceSpectrum", numbers, **attributes)
    lab = _add(values, "ColorCIELab", ColorSpecification=specification)
    for key, value in zip("LAB", ink.lab, strict=True):
        _add(lab, key, f"{value:.5f}")
    tags = {"Role": ink_name(ink.role), "Approximate": "true" if ink.approximate else ""}
    if any(tags.values()):
        collection = _add(entry, "TagCollection", Name=_TAGS)
        for key, value in tags.items():
            if value:
                _add(collection, "Tag", Name=key, Value=value)


def _write_specification(parent: "Element", identity: str, view: View, grid: tuple[float, float]) -> None:
    specification = _add(parent, "ColorSpecification", Id=identity)
    seen = _add(specification, "TristimulusSpec")
    _add(seen, "Illuminant", view.illuminant)
    _add(seen, "Observer", f"{view.observer}_Degree")
    _add(seen, "Method", "E308_1nm")
    measured: Any = _add(specification, "MeasurementSpec")
    _add(measured, "MeasurementType", "Spectrum_Reflectance" if grid[1] else "Colorimetric_Reflectance")
    _add(_add(measured, "GeometryChoice"), "UnknownGeometry")
    if grid[1]:
        _add(measured, "WavelengthRange", StartWL=f"{grid[0]:g}", Increment=f"{grid[1]:g}")
