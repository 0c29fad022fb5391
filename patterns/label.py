"""The label: what made a design, in words for people and terms for machines.

The terms are those of IPTC's digital source type (https://cv.iptc.org/newscodes/digitalsourcetype/), which XMP carries
as ``Iptc4xmpExt:DigitalSourceType``. Article 50(2) of the EU's AI Act asks for such a mark on what a model made.
"""

from dataclasses import asdict, dataclass, fields
from typing import Any, Literal

from patterns.errors import InputError

_IPTC = "http://cv.iptc.org/newscodes/digitalsourcetype/"
# Made by a trained model; by a trained model together with a person's own art; by an algorithm without training; from a
# picture that somebody gave, by an algorithm without training.
SOURCE_TYPES = {
    "model": f"{_IPTC}trainedAlgorithmicMedia",
    "model and art": f"{_IPTC}compositeWithTrainedAlgorithmicMedia",
    "algorithm": f"{_IPTC}algorithmicMedia",
    "picture": f"{_IPTC}algorithmicallyEnhanced",
}
OUR_OUTPUT_LICENSE = "The makers of patterns claim no rights in its output."

Maker = Literal["model", "model and art", "algorithm", "picture"]


@dataclass(frozen=True, slots=True)
class Label:
    """Provenance of one design: who or what made it, from which weights, under which terms.

    ``source_type`` is one of the IPTC addresses of SOURCE_TYPES. ``model_license`` is the weights',
    ``output_license`` says who may claim what is made with them.
    """

    source_type: str
    model: str
    model_digest: str
    model_license: str
    output_license: str
    software: str

    def __post_init__(self) -> None:
        if self.source_type not in SOURCE_TYPES.values():
            raise InputError(f"{self.source_type!r} is none of the digital source types that patterns writes.")

    @classmethod
    def of(cls, maker: Maker, *, model: str, digest: str, version: str, model_license: str = "Apache-2.0") -> "Label":
        """Return the label of what ``maker`` made with a model's weights, under the terms of our own weights."""
        return cls(SOURCE_TYPES[maker], model, digest, model_license, OUR_OUTPUT_LICENSE, f"patterns {version}")

    @property
    def system(self) -> tuple[str, str]:
        """The AI system and its version, as IPTC 2025.1 asks for them; both empty where no model of ours had a part."""
        if self.source_type not in (SOURCE_TYPES["model"], SOURCE_TYPES["model and art"]) or not self.model_digest:
            return "", ""
        return f"patterns, model {self.model}", f"{self.software}, weights {self.model_digest[:12]}"

    @property
    def disclosure(self) -> str:
        """One sentence for people, for slugs, summaries and metadata."""
        maker = next(name for name, address in SOURCE_TYPES.items() if address == self.source_type)
        if maker == "algorithm":
            return f"This design was drawn by an algorithm without a trained model ({self.software})."
        if maker == "picture":
            return (
                f"This design was separated into inks from {self.model} by an algorithm without a trained model "
                f"({self.software}); the file does not say what made the picture."
            )
        weights = f"{self.model}, weights {self.model_digest[:12]}" if self.model_digest else self.model
        helped = " from a person's own art" if maker == "model and art" else ""
        return f"This design was made with artificial intelligence{helped} ({self.software}, {weights})."

    def to_json(self) -> dict[str, str]:
        """Return the label as JSON values, with the disclosure for those who read no address."""
        return {**asdict(self), "disclosure": self.disclosure}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Label":
        """Return the label of JSON values; InputError if keys are missing, unknown or no texts."""
        given = {key: value for key, value in data.items() if key != "disclosure"}
        if set(given) != {item.name for item in fields(cls)} or not all(isinstance(v, str) for v in given.values()):
            raise InputError("the label in the record is not one that this version of patterns reads.")
        return cls(**given)
