"""Measured patches: the colors that a press gave on a chart, as CIE Lab D50, read from the files that readers write.

CGATS.17 text (.ti3, .txt, .cgats) with LAB_L LAB_A LAB_B, else XYZ_X XYZ_Y XYZ_Z on a scale of 100; or plain lines of
three numbers L, a, b.
"""

import re
from pathlib import Path

import numpy as np

from patterns.color.spaces import xyz_to_lab
from patterns.errors import InputError

_LARGEST_FILE = 32 << 20
_LAB, _XYZ = ("LAB_L", "LAB_A", "LAB_B"), ("XYZ_X", "XYZ_Y", "XYZ_Z")


def read_patches(path: Path) -> np.ndarray:
    """Return the patches in a file as CIE Lab D50, (N, 3); InputError, naming the line, if it holds none."""
    path = path.expanduser()
    try:
        if path.stat().st_size > _LARGEST_FILE:
            raise InputError(f"{path.name} has {path.stat().st_size / 2**20:.0f} MB; that is no chart.")
        text = path.read_bytes().decode("utf-8-sig", "replace")
    except (OSError, ValueError) as error:
        raise InputError(f"the patches {path} cannot be read: {getattr(error, 'strerror', error)}.") from None
    return _chart(text, path.name) if "BEGIN_DATA_FORMAT" in text else _checked(_plain(text, path.name), path.name)


def _chart(text: str, name: str) -> np.ndarray:
    head, _, rest = text.partition("BEGIN_DATA_FORMAT")[2].partition("END_DATA_FORMAT")
    table, end, _ = rest.partition("BEGIN_DATA")[2].partition("END_DATA")
    if not end:
        raise InputError(f"{name} is cut: it begins a CGATS table and does not end it.")
    columns = head.split()
    wanted = next((names for names in (_LAB, _XYZ) if set(names) <= set(columns)), None)
    if wanted is None:
        raise InputError(f"{name} has no columns LAB_L, LAB_A, LAB_B or XYZ_X, XYZ_Y, XYZ_Z; export it with them.")
    places = [columns.index(column) for column in wanted]
    rows = []
    for line in table.splitlines():
        # A sample's name may be quoted and hold blanks.
        cells = re.findall(r'"[^"]*"|\S+', line)
        if cells and not line.lstrip().startswith("#"):
            rows.append(_row([cells[i] for i in places] if len(cells) >= len(columns) else [], line, name))
    values = np.array(rows, dtype=np.float64).reshape(-1, 3)
    return _checked(values if wanted is _LAB else xyz_to_lab(values / 100), name)


def _plain(text: str, name: str) -> np.ndarray:
    rows = []
    for line in text.splitlines():
        cells = re.findall(r"[^\s,;\t]+", line)
        # The first line may name the columns; remarks begin with "#".
        if cells and not line.startswith("#") and (rows or re.fullmatch(r"[-+0-9.eE]+", cells[0])):
            rows.append(_row(cells, line, name))
    return np.array(rows, dtype=np.float64).reshape(-1, 3)


def _row(cells: list[str], line: str, name: str) -> list[float]:
    try:
        if len(cells) != 3:
            raise ValueError
        return [float(cell) for cell in cells]
    except ValueError:
        raise InputError(f"{name}: {line.strip()[:50]!r} is not a measured patch; three numbers are wanted.") from None


def _checked(lab: np.ndarray, name: str) -> np.ndarray:
    if not len(lab):
        raise InputError(f"{name} holds no patches; lines of three numbers L, a, b, or a CGATS table, are read.")
    if not (
        np.isfinite(lab).all() and (lab[:, 0] >= -1).all() and (lab[:, 0] <= 105).all() and np.abs(lab).max() < 200
    ):
        raise InputError(f"{name} has patches that are no Lab colors: L lies in 0 to 100, a and b within 200.")
    return lab
