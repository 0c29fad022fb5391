"""An image as its dictionary in a PDF describes it. ISO 32000-1, 8.9.5."""

from typing import Any

from patterns.preflight.drawn import Image
from patterns.preflight.spaces import Space
from patterns.preflight.streams import filters


def described(stream: Any, name: str, place: tuple[int, int], space: Space | None) -> Image:
    """Return what a stream says of its image; names are long or, in content, short."""

    def entry(long: str, short: str, otherwise: Any) -> Any:
        return stream.get(long, stream.get(short, otherwise))

    mask = bool(entry("/ImageMask", "/IM", False))
    return Image(
        key=place,
        name=name,
        width=int(entry("/Width", "/W", 0)),
        height=int(entry("/Height", "/H", 0)),
        bits=1 if mask else int(entry("/BitsPerComponent", "/BPC", 8)),
        space=space,
        filters=filters(stream),
        stream=stream,
        mask=mask,
        soft="/SMask" in stream or int(stream.get("/SMaskInData", 0)) > 0,
        interpolate=bool(entry("/Interpolate", "/I", False)),
        alternates="/Alternates" in stream,
        decode=tuple(float(v) for v in entry("/Decode", "/D", ())),
    )
