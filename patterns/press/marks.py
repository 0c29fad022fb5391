"""What every file says about itself: color space, title, label, record; all of it, little, or nothing.

XMP is ISO 16684-1. The terms are those of IPTC's Photo Metadata Standard 2025.1 (digital source type, AI system used
and its version), of Dublin Core and of XMP's rights schema; what no schema has (license and digest of the weights,
the record) is in a name space of our own.
"""

import html
import re
from dataclasses import dataclass
from functools import cache

from patterns import __version__
from patterns.label import Label
from patterns.press.job import Metadata, Print

_SOURCES = "http://cv.iptc.org/newscodes/digitalsourcetype/"
SOFTWARE = f"patterns {__version__}"
# XML 1.0, clause 2.2: characters that no escape makes legal.
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about=""
{spaces}>
{properties}
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"""
_SPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "xmpRights": "http://ns.adobe.com/xap/1.0/rights/",
    "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
    "patterns": "https://patterns.invalid/ns/1.0/",
}
# Texts in languages (XMP part 1, 8.2.2.4); all others are plain.
_IN_LANGUAGES = {"dc:title", "dc:description", "xmpRights:UsageTerms"}
_LANGUAGE = '<rdf:Alt><rdf:li xml:lang="x-default">{}</rdf:li></rdf:Alt>'
_RECORD = re.compile(rb"<patterns:record>(.*?)</patterns:record>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Marks:
    """What a file says of itself: title, label sentence, the record's JSON, IPTC's term for the source.

    ``design`` is the design's id, ``made`` its provenance. ``metadata`` says how much of this goes into files: all; the
    source, the label and the id; or only what print needs, which is a PDF's title.
    """

    title: str
    label: str
    record: str
    source: str
    design: str = ""
    made: Label | None = None
    metadata: Metadata = "full"

    @classmethod
    def of(cls, job: Print) -> "Marks":
        """Return the marks of a job, without characters that XML and PNG cannot hold."""
        title, label = (_ILLEGAL.sub("", text) for text in (job.title, job.label))
        return cls(title, label, job.record_json, job.source, job.design, job.made, job.metadata)

    @property
    def texts(self) -> dict[str, str]:
        """What a file says in fields of its own beside the XMP: "title", "label", "record", "software"; some empty."""
        given = {"title": self.title, "label": self.label, "record": self.record, "software": SOFTWARE}
        kept = {"full": tuple(given), "minimal": ("title", "label"), "none": ()}[self.metadata]
        return {name: text if name in kept else "" for name, text in given.items()}

    def xmp(self, *, titled: bool = False) -> bytes:
        """Return an XMP packet, without dates; empty if no metadata are wanted and the file needs no title either."""
        properties = {"dc:title": self.title if titled else ""} if self.metadata == "none" else self._properties()
        lines = [_property(name, value) for name, value in properties.items() if value]
        used = {name.partition(":")[0] for name, value in properties.items() if value}
        spaces = [f'    xmlns:{name}="{address}"' for name, address in _SPACES.items() if name in used]
        return _XMP.format(spaces="\n".join(spaces), properties="\n".join(lines)).encode() if lines else b""

    def _properties(self) -> dict[str, str]:
        said = {
            "dc:title": self.title,
            "dc:description": self.label,
            "dc:identifier": self.design,
            "Iptc4xmpExt:DigitalSourceType": _SOURCES + self.source,
        }
        if self.metadata == "minimal":
            return said
        said["xmp:CreatorTool"] = SOFTWARE
        if self.made:
            system, version = self.made.system
            said |= {
                "Iptc4xmpExt:AISystemUsed": system,
                "Iptc4xmpExt:AISystemVersionUsed": version,
                "xmpRights:UsageTerms": self.made.output_license,
                "patterns:modelLicense": self.made.model_license,
                "patterns:modelDigest": self.made.model_digest,
            }
        return {**said, "patterns:record": self.record}


def _property(name: str, value: str) -> str:
    text = html.escape(_ILLEGAL.sub("", value), quote=False)
    return f"   <{name}>{_LANGUAGE.format(text) if name in _IN_LANGUAGES else text}</{name}>"


def record_in(xmp: bytes) -> str | None:
    """Return the record's JSON in one of our XMP packets, or None. No XML is parsed: the packet may be anybody's."""
    found = _RECORD.search(xmp)
    return html.unescape(found[1].decode("utf-8", "replace")) if found and found[1].strip() else None


@cache
def srgb_profile() -> bytes:
    """Return an sRGB ICC profile, the same bytes every day."""
    from PIL import ImageCms

    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    # ICC.1:2022, table 17: bytes 24-35 are the creation date. 2000-01-01, so that equal designs make equal files.
    profile[24:36] = b"".join(value.to_bytes(2, "big") for value in (2000, 1, 1, 0, 0, 0))
    return bytes(profile)
