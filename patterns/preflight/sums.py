"""How much ink the images of a page lay, pixel by pixel, in percent of one full channel."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from patterns.errors import Finding
from patterns.preflight.drawn import Drawn, Image, meets
from patterns.preflight.inks import over_limit
from patterns.preflight.report import Wanted

# Bytes of samples that are expanded, and the share of pixels that may lie above: resampling overshoots.
_MOST_BYTES, _FEW = 1 << 29, 2e-4


def sum_findings(drawn: Drawn, wanted: Wanted) -> Iterator[Finding]:
    """Yield a fault for each image inside the trim whose pixels take more ink than the limit."""
    seen: set[tuple[int, int]] = set()
    for placed in drawn.placed:
        image = placed.image
        if image.key in seen or not meets(placed.box, drawn.trim) or len(seen) > 200:
            continue
        seen.add(image.key)
        inks = _samples(image)
        if inks is None or not inks.size:
            continue
        sums = inks.sum(axis=-1, dtype=np.float32) * (100 / 255)
        above = float((sums > wanted.ink_limit + 1).mean())
        if above > _FEW:
            yield over_limit(float(np.quantile(sums, 1 - _FEW)), wanted, f"the image {image.name}", share=above)


def _samples(image: Image) -> np.ndarray | None:
    """Return the inks of an image, (N, channels) uint8 with 255 for full, None if it has none or cannot be read."""
    space = image.space
    if space is None or image.bits != 8 or image.mask or space.ink_sum((1.0,) * space.components) is None:
        return None
    count = image.width * image.height * space.components
    if not 0 < count <= _MOST_BYTES or space.components * 100 <= 100:
        return None
    if image.filters == ("DCTDecode",):
        samples = _of_jpeg(image.stream.read_raw_bytes(), space.components)
    else:
        samples = _of_stream(image.stream, count)
    if samples is None:
        return None
    inks = samples[: len(samples) // space.components * space.components].reshape(-1, space.components)
    turned = image.decode[:2] == (1.0, 0.0)
    return 255 - inks if turned else inks


def _of_stream(stream: Any, count: int) -> np.ndarray | None:
    import pikepdf

    try:
        data = stream.read_bytes()
    except (pikepdf.PdfError, RuntimeError, MemoryError):
        return None
    return np.frombuffer(data[:count], np.uint8)


def _of_jpeg(data: bytes, components: int) -> np.ndarray | None:
    """Return a JPEG's samples as they are stored; Pillow has turned those that Adobe marks."""
    import io

    from PIL import Image as Pictures

    try:
        with Pictures.open(io.BytesIO(data)) as picture:
            if len(picture.getbands()) != components or picture.width * picture.height > _MOST_BYTES:
                return None
            marked = "adobe" in picture.info
            samples = np.asarray(picture)
    except (OSError, ValueError, SyntaxError, Pictures.DecompressionBombError):
        return None
    return (255 - samples if marked and components == 4 else samples).ravel()
