"""What every file says about itself: color space, title, label, record."""

import html
import re
from dataclasses import dataclass
from functools import cache

from patterns import __version__
from patterns.press.job import Print

_SOURCES = "http://cv.iptc.org/newscodes/digitalsourcetype/"
SOFTWARE = f"patterns {__version__}"
# XML 1.0, clause 2.2: characters that no escape makes legal.
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about=""
    xmlns:dc="http://purl.org/dc/elements/1.1/"
    xmlns:xmp="http://ns.adobe.com/xap/1.0/"
    xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
    xmlns:patterns="https://patterns.invalid/ns/1.0/">
   <dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
   <dc:description><rdf:Alt><rdf:li xml:lang="x-default">{label}</rdf:li></rdf:Alt></dc:description>
   <xmp:CreatorTool>{software}</xmp:CreatorTool>
   <Iptc4xmpExt:DigitalSourceType>{source}</Iptc4xmpExt:DigitalSourceType>
   <patterns:record>{record}</patterns:record>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"""
_RECORD = re.compile(rb"<patterns:record>(.*?)</patterns:record>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Marks:
    """A title, a label sentence and the record's JSON, as they are and as an XMP packet."""

    title: str
    label: str
    record: str
    source: str

    @classmethod
    def of(cls, job: Print) -> "Marks":
        """Return the marks of a job, without characters that XML and PNG cannot hold."""
        return cls(_ILLEGAL.sub("", job.title), _ILLEGAL.sub("", job.label), job.record_json, job.source)

    def xmp(self) -> bytes:
        """Return an XMP packet (ISO 16684-1) with IPTC's digital source type and the record; no dates."""
        said = {"title": self.title, "label": self.label, "record": self.record, "source": _SOURCES + self.source}
        escaped = {key: html.escape(value, quote=False) for key, value in said.items()}
        return _XMP.format(software=SOFTWARE, **escaped).encode()


def record_in(xmp: bytes) -> str | None:
    """Return the record's JSON in one of our XMP packets, or None. No XML is parsed: the packet may be anybody's."""
    found = _RECORD.search(xmp)
    return html.unescape(found[1].decode("utf-8", "replace")) if found else None


@cache
def srgb_profile() -> bytes:
    """Return an sRGB ICC profile, the same bytes every day."""
    from PIL import ImageCms

    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    # ICC.1:2022, table 17: bytes 24-35 are the creation date. 2000-01-01, so that equal designs make equal files.
    profile[24:36] = b"".join(value.to_bytes(2, "big") for value in (2000, 1, 1, 0, 0, 0))
    return bytes(profile)
