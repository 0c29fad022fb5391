"""What the grammar understands: its words, the share of customers' wordings that it reads right, its time.

    python benchmarks/reading.py [--wrong]

Every second wording of ``tests/reading/wordings.toml`` is held out: the grammar was never mended against it. A wording
is right if every field is: subjects in their order with sizes and parts, ground, layout, density, hand and so on.
``--wrong`` lists what is read wrong in the half that may be mended against, never in the other.
"""

import argparse
import re
import sys
import time
import tomllib
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))

from patterns.color.words import read_prompt
from patterns.reading import Reading, Subject, read, said, wording
from patterns.reading.lexicon import lexicon

WORDINGS = Path(__file__).parent.parent / "tests" / "reading" / "wordings.toml"
PRACTICE = WORDINGS.with_name("practice.toml")


@dataclass(frozen=True)
class Case:
    """What a customer said, what was read, and what was meant."""

    text: str
    read: Reading
    meant: Reading

    @property
    def right(self) -> bool:
        """Whether everything but the words not understood is as meant."""
        return replace(self.read, unknown=()) == replace(self.meant, unknown=())

    @property
    def quiet(self) -> bool:
        """Whether nothing is reported as unknown but what should be."""
        return set(self.read.unknown) <= set(self.meant.unknown)


def practice() -> list[Case]:
    """Return the further wordings that the grammar was mended against."""
    return [_case(dict(e)) for e in tomllib.loads(PRACTICE.read_text(encoding="utf-8"))["wording"]]


def cases(path: Path = WORDINGS) -> tuple[list[Case], list[Case]]:
    """Return the wordings that the grammar may be mended against, and those held out."""
    listed = [_case(dict(entry)) for entry in tomllib.loads(path.read_text(encoding="utf-8"))["wording"]]
    return listed[0::2], listed[1::2]


def _case(entry: dict) -> Case:
    text = entry.pop("text")
    subjects = tuple(
        Subject(s["family"], s.get("scale", ""), tuple(s.get("parts", ())), tuple(s.get("without", ())))
        for s in entry.pop("subjects", ())
    )
    unknown = tuple(entry.pop("unknown", ()))
    return Case(text, _read(text), Reading(subjects, unknown=unknown, **entry))


def _read(text: str) -> Reading:
    """Return what the atelier reads: without color words, of which one for the line says that there is an outline."""
    colors = read_prompt(text)
    reading = read(colors.rest)
    told = reading.outlined is None and colors.ink("line") is not None
    return replace(reading, outlined=True) if told else reading


def _words() -> None:
    known = lexicon()
    single = set(known.words())
    listed = {w for phrase in known.senses for w in re.split(r"[ _]", phrase)}
    idle = {p for p, senses in known.senses.items() if set(senses) == {"idle"}}
    things = known.phrases["thing"]
    print(f"phrases understood                    {len(known.senses):6}")
    print(f"  of which carry nothing              {len(idle):6}")
    print(f"single words and inflections          {len(single):6}")
    carrying = {w for phrase in known.senses if phrase not in idle for w in phrase.split()}
    print(f"  in phrases that carry something     {len(carrying):6}")
    print(f"  other spellings                     {len(single - listed):6}")
    families = sum(known.things[name].family for name in things)
    print(f"families, things near a family        {families:6}, {len(things) - families}")


def _shares() -> None:
    halves = zip(("mended against", "held out", "practice"), (*cases(), practice()), strict=True)
    for name, half in halves:
        right, quiet = sum(c.right for c in half), sum(c.quiet for c in half)
        print(f"{name:15} read right {right:3} of {len(half)} ({right / len(half):.1%}), no false alarm in {quiet}")


def _time() -> None:
    rng = np.random.default_rng(0)
    texts = [c.text for half in cases() for c in half]
    texts += [wording(said(read(t), rng), rng) for t in texts]
    began = time.process_time()
    for _ in range(20):
        for text in texts:
            read(text)
    print(f"time to read a prompt                 {(time.process_time() - began) / (20 * len(texts)) * 1e3:6.3f} ms")


def _wrong() -> None:
    for case in (*cases()[0], *practice()):
        if not (case.right and case.quiet):
            print(f"{case.text}\n  read  {_told(case.read)}\n  meant {_told(case.meant)}")


def _told(reading: Reading) -> str:
    silent = Reading()
    names = [n for n in Reading.__dataclass_fields__ if n not in ("subjects", "understood")]
    listed = [(s.family, s.scale, *s.parts, *(f"-{w}" for w in s.without)) for s in reading.subjects]
    subjects = ["/".join(filter(None, words)) for words in listed]
    return f"{subjects} " + ", ".join(f"{n}={v}" for n in names if (v := getattr(reading, n)) != getattr(silent, n))


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description="What the grammar understands.")
    parser.add_argument("--wrong", action="store_true", help="list what is read wrong in the half mended against")
    if parser.parse_args().wrong:
        _wrong()
        return
    _words()
    _shares()
    _time()


if __name__ == "__main__":
    main()
