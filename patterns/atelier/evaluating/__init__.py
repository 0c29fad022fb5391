"""How good the Loom is, as one document: what `python -m patterns.loom.evaluate` prints."""

from patterns.atelier.evaluating.bench import QUICK, Plan
from patterns.atelier.evaluating.document import evaluate

__all__ = ["QUICK", "Plan", "evaluate"]
