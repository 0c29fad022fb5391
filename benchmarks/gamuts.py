"""How the gamuts compare, how true the shipped profile is, and where the heuristic tables come from.

python benchmarks/gamuts.py                      the figures of docs/fabrics.md
python benchmarks/gamuts.py --table 0.9 14 94.5  chroma by lightness and hue: Fogra39's, times 0.9, from L* 14 to 94.5
"""

import argparse
from pathlib import Path

import numpy as np

from patterns import presets
from patterns.color.difference import ciede2000
from patterns.color.gamut import Gamut, gamut_of_patches, measured_gamut
from patterns.color.icc import Profile, read_profile
from patterns.color.patches import read_patches

FOLDER = presets.folder("fabrics").parent / "profiles"
PROFILE, PATCHES = FOLDER / "fogra39-coated-paper.icc", FOLDER / "FOGRA39L.ti3"
INK_LIMIT = 300.0
# Where between the darkest and the white the rows of a heuristic table lie, and at how many hues.
LEVELS, HUES = (0.1, 0.25, 0.4, 0.55, 0.7, 0.85, 0.95), 12


def main() -> None:
    """Print the figures, or a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--table", nargs=3, type=float, metavar=("FACTOR", "DARKEST", "WHITE"))
    asked = parser.parse_args().table
    if asked:
        lightness, rows = scaled_table(*asked)
        print("lightness =", lightness)
        print("chroma =", rows)
        return
    profile = read_profile(PROFILE)
    _print_little_cms(profile)
    _print_truth(profile)
    _print_volumes()


def scaled_table(factor: float, darkest: float, white: float) -> tuple[list[float], list[list[float]]]:
    """Return lightnesses and rows of chroma: Fogra39's reach from its gray axis, at the same shares of the range."""
    paper = measured_gamut(PROFILE, ink_limit=INK_LIMIT)
    shares = (paper.lightness - paper.lightness[0]) / (paper.lightness[-1] - paper.lightness[0])
    columns = paper.reach[:, :: paper.reach.shape[1] // HUES]
    rows = [[float(round(factor * np.interp(t, shares, column))) for column in columns.T] for t in LEVELS]
    return [round(darkest + t * (white - darkest), 1) for t in LEVELS], rows


def volume(gamut: Gamut) -> float:
    """Return a gamut's volume in cubic units of Lab."""
    areas = (gamut.reach**2).sum(axis=1) * np.pi / gamut.reach.shape[1]
    return float(np.trapezoid(areas, gamut.lightness))


def _print_little_cms(profile: Profile) -> None:
    from PIL import Image, ImageCms

    rng = np.random.default_rng(1)
    flags = ImageCms.Flags.NOOPTIMIZE | ImageCms.Flags.NOCACHE
    lab, device = ImageCms.createProfile("LAB"), ImageCms.getOpenProfile(str(PROFILE))
    inks, colors = rng.integers(0, 256, (64, 64, 4), np.uint8), rng.integers(0, 256, (64, 64, 3), np.uint8)
    absolute = ImageCms.Intent.ABSOLUTE_COLORIMETRIC

    forth = ImageCms.buildTransform(device, lab, "CMYK", "LAB", renderingIntent=absolute, flags=flags)
    theirs = np.asarray(forth.apply(Image.fromarray(inks, "CMYK"))).reshape(-1, 3)
    ours = profile.lab_of(inks.reshape(-1, 4) / 255)
    print(
        "Little CMS, 4096 random colors, absolute colorimetric, largest deviation (it rounds to 8 bits: 0.20, 0.5, 0.5)"
    )
    print("  CMYK to Lab", np.abs(_lab_of_8bit(theirs) - ours).max(axis=0).round(2))
    back = ImageCms.buildTransform(lab, device, "LAB", "CMYK", renderingIntent=absolute, flags=flags)
    theirs = np.asarray(back.apply(Image.fromarray(colors, "LAB"))).reshape(-1, 4)
    ours = profile.device_of(_lab_of_8bit(colors.reshape(-1, 3))) * 255
    print("  Lab to CMYK", np.abs(theirs - ours).max(axis=0).round(2), "of 255")


def _lab_of_8bit(values: np.ndarray) -> np.ndarray:
    return np.column_stack([values[:, 0] / 2.55, values[:, 1:].astype(np.int8).astype(float)])


def _print_truth(profile: Profile) -> None:
    patches, inks = read_patches(PATCHES), _inks(PATCHES)
    there = ciede2000(patches, profile.lab_of(inks))
    print(f"the profile against its {len(patches)} patches, CIEDE2000")
    print(f"  inks to Lab: mean {there.mean():.2f}, largest {there.max():.2f}")
    printable = patches[inks.sum(axis=1) <= INK_LIMIT / 100]
    again = ciede2000(printable, profile.printed(printable))
    print(f"  to inks and back: median {np.median(again):.2f}, 95th percentile {np.percentile(again, 95):.2f}")
    most = np.asarray(
        profile.ink_sum(np.stack(np.meshgrid(range(0, 101, 4), *[range(-96, 97, 8)] * 2), -1).reshape(-1, 3))
    )
    print(f"  greatest ink sum: {most.max():.0f} %")
    paper = measured_gamut(PROFILE, ink_limit=INK_LIMIT)
    outside = printable[~paper.inside(printable)]
    far = ciede2000(outside, paper.nearest(outside))
    print(
        f"  patches outside the gamut of the profile: {len(outside) / len(printable):.1%}, by at most {far.max():.2f}"
    )


def _inks(path: Path) -> np.ndarray:
    rows = path.read_text().partition("BEGIN_DATA\n")[2].partition("END_DATA")[0].splitlines()
    return np.array([row.split()[1:5] for row in rows], dtype=float) / 100


def _print_volumes() -> None:
    paper = volume(measured_gamut(PROFILE, ink_limit=INK_LIMIT))
    hull = volume(gamut_of_patches(read_patches(PATCHES), name=PATCHES.name))
    print("volume of the gamut, Fogra39 through its profile = 1")
    print(f"  {'convex hull of the same patches':<34} {hull / paper:.2f}")
    for name in presets.names("fabrics"):
        gamut = presets.fabric(name).gamut()
        print(f"  {name:<34} {volume(gamut) / paper:.2f}  {gamut.kind}, darkest L* {gamut.darkest[0]:.0f}")


if __name__ == "__main__":
    main()
