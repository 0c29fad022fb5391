"""What a tech pack says: colorways, estimates of ink, which plate runs under which, and how figures are written."""

from dataclasses import dataclass, replace

import numpy as np

from patterns.color import Ink, Palette
from patterns.color.ink import D50_2
from patterns.fabric import Fabric
from patterns.press.plates import Recipe
from patterns.press.process import FOGRA39_NAME, process_inks, read_condition
from patterns.press.raster import Channels, Raster
from patterns.product import Fit, Product

# A picture on paper has so many pixels to the millimeter: 200 dpi.
PX_PER_MM = 8.0
# Scales that rulers are made for.
SCALES = (1, 2, 5, 10, 20, 50, 100)
# Inks that share less of all borders than this do not count as meeting: a pixel here and there.
_LEAST_BORDER = 1e-4


@dataclass(frozen=True, slots=True)
class Colorway:
    """A palette of the same separation: the design's id, its name or the palette's, and how it is related."""

    design: str
    palette: Palette
    note: str


@dataclass(frozen=True, slots=True, eq=False)
class TechPack:
    """What a tech pack says.

    ``raster`` is the design at any resolution, its job with the findings. ``colorways`` begin with the design itself.
    ``borders`` (K, K) is each pair of inks' share of all borders. ``acts`` is what a person decided.
    """

    raster: Raster
    product: Product
    fabric: Fabric
    fit: Fit
    recipe: Recipe
    colorways: tuple[Colorway, ...]
    borders: np.ndarray
    acts: tuple[str, ...] = ()
    date: str = ""

    def recolored(self, colorway: Colorway) -> "TechPack":
        """Return the pack of the design in a colorway."""
        job = replace(self.raster.job, palette=colorway.palette)
        return replace(self, raster=replace(self.raster, job=job))

    def scale(self, box: tuple[float, float], times: float = 1.0) -> int:
        """Return the largest of SCALES at which so many repeats fit a box (width, height) of paper in mm."""
        size = self.raster.job.lattice.rectangle()
        fitting = [s for s in SCALES if times * size.width <= box[0] * s and times * size.height <= box[1] * s]
        return fitting[0] if fitting else SCALES[-1]

    def picture(self, box: tuple[float, float], scale: float, *, corner_mm: tuple[float, float] = (0, 0)) -> np.ndarray:
        """Return the plane from a corner on as a box (width, height) of paper shows it, (h, w, 3) uint8 sRGB."""
        return _resized(self.raster, self.raster.in_srgb(), (box, scale), corner_mm=corner_mm)

    def plate_picture(self, ink: int, box: tuple[float, float], scale: float) -> np.ndarray:
        """Return what an ink's plate prints, black for ink, as a box of paper shows it, (h, w) uint8."""
        return 255 - _resized(self.raster, self.raster.in_plates([ink]), (box, scale), corner_mm=(0, 0))

    def ink_g_per_m2(self, palette: Palette) -> tuple[float, ...] | None:
        """Return an estimate of each ink's grams, wet, on a square meter of the design; None if nobody said a figure.

        With screens an ink takes the fabric's figure times its coverage. Digital printers mix each color of their own
        inks: there it is the figure times the color's sum of CMYK on Fogra39, up to the fabric's ink limit.
        """
        if not self.fabric.ink_g_per_m2:
            return None
        full = np.ones(len(palette))
        if not self.fabric.screens:
            sums = process_inks(palette, read_condition().profile).sum(axis=1)
            full = np.minimum(sums, self.fabric.ink_limit / 100)
        elif self.recipe.ground != "printed":
            full[0] = 0.0
        return tuple(float(v) for v in full * self.raster.coverage * self.fabric.ink_g_per_m2)

    @property
    def estimate(self) -> str:
        """How the ink was estimated, in a sentence or two."""
        figure = f"{self.fabric.ink_g_per_m2:g} g of wet"
        if not self.fabric.ink_g_per_m2:
            return "Ink is not estimated: the fabric's preset gives no figure."
        guessed = ", a heuristic" if self.fabric.heuristic else ""
        if self.fabric.screens:
            return (
                f"Ink: coverage times {figure} paste for a solid square meter ({self.fabric.name}{guessed}) without "
                "what stays in pumps and screens. Weigh a strike-off before you order."
            )
        return (
            f"Ink: coverage times the color's sum of CMYK on {FOGRA39_NAME} (not this cloth), at most "
            f"{self.fabric.ink_limit:g} %, times {figure} ink for a full channel on a square meter "
            f"({self.fabric.name}{guessed}). Weigh a strike-off before you order."
        )

    def runs_under(self) -> dict[int, tuple[int, ...]]:
        """Return for each printed ink the darker inks under which it runs on by the trap, where they meet."""
        if not self.recipe.trap_mm:
            return {}
        palette = self.raster.job.palette
        lightness, printed = palette.lab()[:, 0], self.recipe.printed(len(palette))
        return {
            ink: tuple(
                other
                for other in printed
                if (lightness[other], -other) < (lightness[ink], -ink) and self.borders[ink, other] > _LEAST_BORDER
            )
            for ink in printed
        }


def _resized(
    raster: Raster, channels: Channels, shown: tuple[tuple[float, float], float], *, corner_mm: tuple[float, float]
) -> np.ndarray:
    from PIL import Image

    box, scale = shown
    left, top, width, height = (
        round(mm * per_mm)
        for mm, per_mm in zip((*corner_mm, box[0] * scale, box[1] * scale), 2 * raster.job.px_per_mm, strict=True)
    )
    window = (left, top, max(1, width), max(1, height))
    pixels = np.concatenate(list(raster.window(window, channels).bands()))
    size = (round(box[0] * PX_PER_MM), round(box[1] * PX_PER_MM))
    resample = Image.Resampling.LANCZOS if size[0] < window[2] else Image.Resampling.BICUBIC
    return np.asarray(Image.fromarray(pixels).resize(size, resample))


def lab_of(ink: Ink) -> str:
    """Return an ink's Lab, D50 and 2 degrees; "≈" where it was carried there from another view without a spectrum."""
    about = "≈ " if ink.seen(D50_2).approximate else ""
    return about + "  ".join(f"{value:.1f}" for value in ink.lab_d50).replace("-", "−")


def percent(share: float) -> str:
    """Return a share in percent; what is there but under a tenth says so."""
    return f"{share:.1%}" if share >= 0.001 or share == 0 else "< 0.1%"


def grams(value: float) -> str:
    """Return grams on a square meter with as many figures as an estimate has."""
    return "–" if value == 0 else f"{value:.1f}" if value >= 0.1 else "< 0.1"
