"""What every test stands on: one thread for each worker, the same examples every time, chance handed in."""

import os
from pathlib import Path

# Before numpy and torch are imported: two workers on two cores would otherwise start four threads each.
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VIPS_CONCURRENCY"):
    os.environ.setdefault(variable, "1")

import numpy as np
import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "gate", deadline=None, max_examples=40, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
# Many examples, new ones each time: HYPOTHESIS_PROFILE=search pytest tests/test_lattice.py
settings.register_profile("search", deadline=None, max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "gate"))


@pytest.fixture
def rng() -> np.random.Generator:
    """A generator that draws the same numbers in every run."""
    return np.random.default_rng(20260)


@pytest.fixture(scope="session")
def small_weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of weights that knows peonies and stripes by name but has learned nothing: it draws noise, quickly."""
    import torch

    from patterns.loom import weights
    from patterns.loom.network import Loom, LoomConfig
    from patterns.loom.vocabulary import FamilyEntry, Vocabulary

    torch.manual_seed(1)
    shape = LoomConfig(
        channels=(16, 32, 40), encoder=("c", "c", "a"), decoder=("c", "c", "a"), heads=1, table=16, embedding=32
    )
    families = {"peony": FamilyEntry(32.0), "stripe": FamilyEntry(16.0, ((16.0, 16, 64),), motif=False)}
    terms = ("family peony", "family stripe", "layout tossed", "density medium", "no leaves")
    folder = tmp_path_factory.mktemp("loom") / "weights"
    weights.save(folder, Loom(shape), Vocabulary(terms, families), {})
    return folder
