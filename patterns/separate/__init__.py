"""Separating: any tile of pixels, from any source, into inks that cloth can hold.

``separate`` does all of it; ``inks_of_picture`` finds the inks alone. How: docs/separate.md.
"""

from patterns.separate.separating import (
    TONES,
    Cleanup,
    Report,
    Separated,
    Tone,
    inks_of_picture,
    refuse_large,
    separate,
)

__all__ = ["TONES", "Cleanup", "Report", "Separated", "Tone", "inks_of_picture", "refuse_large", "separate"]
