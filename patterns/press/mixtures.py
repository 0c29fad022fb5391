"""The mixtures of inks that occur in a design: each pixel's coverages as a number in a table.

Almost every pixel is one ink's alone, and where two meet they share it in few ways. So the cell is kept as one number
for each pixel, two bytes instead of one for each ink, and whatever a file holds (sRGB, CMYK, plates, indices) is
computed once for each mixture and looked up. Nothing is rounded: the table holds the coverages as they came.
"""

import numpy as np

from patterns.contour import strongest

_MOST_SHORT = 1 << 16
_FULL = 255


class Mixtures:
    """The mixtures met so far, and the number of each: numbers below K are the inks alone.

    ``table`` is (N, K) uint8, each row the coverages of one mixture, summing to 255.
    """

    def __init__(self, inks: int) -> None:
        self._rows = [np.eye(inks, dtype=np.uint8) * np.uint8(_FULL)]
        self._numbers = {row.tobytes(): number for number, row in enumerate(self._rows[0])}

    @property
    def table(self) -> np.ndarray:
        """Return the mixtures by their numbers, (N, K) uint8."""
        return np.concatenate(self._rows)

    def numbered(self, planes: np.ndarray) -> np.ndarray:
        """Return the number of each pixel's mixture, (h, W) uint16 or uint32, of coverages (K, h, W) uint8."""
        numbers = strongest(planes).astype(np.uint32)
        shared = np.flatnonzero(planes.max(axis=0) != _FULL)
        if shared.size:
            vectors = np.ascontiguousarray(planes.reshape(len(planes), -1)[:, shared].T)
            first, place = _distinct(vectors)
            numbers.flat[shared] = self._known(vectors[first])[place]
        return numbers if len(self._numbers) > _MOST_SHORT else numbers.astype(np.uint16)

    def _known(self, vectors: np.ndarray) -> np.ndarray:
        """Return the numbers of mixtures (n, K), all different; new ones get the next."""
        before = len(self._numbers)
        numbers = [self._numbers.setdefault(vector.tobytes(), len(self._numbers)) for vector in vectors]
        found = np.array(numbers, dtype=np.uint32)
        if (new := vectors[found >= before]).size:
            self._rows.append(new)
        return found


def _distinct(vectors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return (where each distinct row of (n, K) uint8 is first met, which of them each row is), in order of value.

    Eight bytes at a time, so that integers are sorted and not rows.
    """
    width = -(-vectors.shape[1] // 8) * 8
    words = np.zeros((len(vectors), width), np.uint8)
    words[:, : vectors.shape[1]] = vectors
    first, place = np.zeros(0, np.int64), np.zeros(len(vectors), np.int64)
    for word in words.view(np.uint64).T:
        _, of_word = np.unique(word, return_inverse=True)
        _, first, place = np.unique(place * (int(of_word.max()) + 1) + of_word, return_index=True, return_inverse=True)
    return first, place
