"""The judge on trial: what it says of real drawings, and whether noise, blur and false captions fail it."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from patterns.atelier import judging
from patterns.atelier.evaluating.bench import MOST_FRECHET, WANTED, Bench, Record, right
from patterns.atelier.harming import harmed
from patterns.atelier.judging import Ask
from patterns.loom import measures
from patterns.loom.judge import Opinion
from patterns.motif import PORTRAIT
from patterns.separation import ROLES


def judged_real(bench: Bench, seed: int, count: int) -> tuple[Opinion, list[Ask]]:
    """Return what the judge says of ``count`` real drawings of each family, and the drawings."""
    asks = [a for name in bench.families for a in judging.asks(name, count, seed=seed)]
    return bench.opinion([a.planes for a in asks], asks), asks


def trial(bench: Bench) -> Record:
    """Return what the judge says of held-out real drawings, and whether noise, blur and false captions fail it.

    A control fails where its family is recognized too seldom or its Frechet ratio is too high;
    a judge that is not ``able`` has no say on anything else.
    """
    count, wanted = bench.plan.trial, WANTED["cpu"]["family"]
    real, asks = judged_real(bench, judging.ASK_SEED + 5, count)
    other = judged_real(bench, judging.REAL_SEED + 5, count)[0].features
    between = max(1e-9, measures.frechet(real.features, other))
    rng = np.random.default_rng(3)
    false = asks[count:] + asks[:count]
    # One after another: each holds as many planes as all the real drawings.
    tried: dict[str, Callable[[], tuple[list[Ask], list[Ask]]]] = {
        "real": lambda: (asks, asks),
        "noise": lambda: ([replace(a, planes=noise(a, rng)) for a in asks], asks),
        "blurred": lambda: ([replace(a, planes=blur(a.planes, 4.0 * a.detail)) for a in asks], asks),
        "harmed": lambda: ([harm(a, rng) for a in asks], asks),
        "shuffled_captions": lambda: (asks, false),
    }
    record: Record = {}
    for name, make in tried.items():
        drawings, captions = make()
        opinion = bench.opinion([d.planes for d in drawings], drawings)
        shares, ratio = right(opinion, captions), measures.frechet(opinion.features, other) / between
        crisp = float(np.mean([measures.crispness(d.planes) for d in drawings]))
        fails = bool(shares["family"] < wanted or ratio > MOST_FRECHET)
        record[name] = {**shares, "frechet_ratio": ratio, "crispness": crisp, "fails": fails}
    record["able"] = record["real"]["family"] >= wanted and all(record[n]["fails"] for n in record if n != "real")
    record["motifs_alone"] = _alone(bench, asks, rng)
    record["able"] &= record["motifs_alone"]["real"] >= wanted and record["motifs_alone"]["harmed"] < wanted
    return {**record, "drawings": len(asks), "chance_family": 1 / len(bench.families)}


def _alone(bench: Bench, asks: Sequence[Ask], rng: np.random.Generator) -> Record:
    """Return how often the judge of motifs alone knows real ones, and harmed ones, which it should not."""
    drawn = [(ask.labels.family, judging.alone_for(ask, i)) for i, ask in enumerate(asks)]
    names = [name for name, motif in drawn if motif is not None]
    real = [motif for _, motif in drawn if motif is not None]
    worse = [harmed(judging.strongest(planes), PORTRAIT, rng) for planes in real]
    return {
        name: float(np.mean([a == b for a, b in zip(bench.looked_at(planes), names, strict=True)]))
        for name, planes in (("real", real), ("harmed", worse))
    }


def noise(ask: Ask, rng: np.random.Generator) -> np.ndarray:
    """Return planes (6, H, W) of the inks that are asked for, one by chance at every pixel."""
    inks = rng.integers(ask.labels.inks, size=ask.planes.shape[1:])
    return (np.arange(len(ROLES))[:, None, None] == inks).astype(np.float32)


def harm(ask: Ask, rng: np.random.Generator) -> Ask:
    """Return an ask whose drawing is scrambled, torn or turned to blotches, otherwise than those learned from."""
    planes, grid = judging.shown(ask.planes, ask.grid)
    return replace(ask, planes=harmed(planes, grid, rng).astype(np.float32) / 255, grid=grid)


def blur(planes: np.ndarray, sigma: float) -> np.ndarray:
    """Return planes (K, H, W) blurred around the cell."""
    from scipy.ndimage import gaussian_filter

    return gaussian_filter(planes, (0, sigma, sigma), mode="wrap")
