"""Write ``patterns/color/cie.csv`` from colour-science, and print the chromaticities of the whites in it.

    pip install colour-science && python benchmarks/cie.py

colour-science (BSD-3-Clause) carries the tables that the CIE publishes: the two standard observers and the illuminants,
every 5 nm from 380 to 780 nm. It is needed here only, never by the package.
"""

import sys
from pathlib import Path

NANOMETERS = range(380, 785, 5)
OBSERVERS = {2: "CIE 1931 2 Degree Standard Observer", 10: "CIE 1964 10 Degree Standard Observer"}
LIGHTS = {"A": "A", "C": "C", "D50": "D50", "D55": "D55", "D65": "D65", "D75": "D75"}
LIGHTS |= {"E": "E", "F2": "FL2", "F7": "FL7", "F11": "FL11"}
NOTICE = """\
CIE standard observers (x, y, z of 2 and 10 degrees) and illuminants (relative power), every 5 nm: the figures of
CIE 15:2018, as colour-science {version} carries them. Written by benchmarks/cie.py. The notice of colour-science:

Copyright 2013 Colour Developers

Redistribution and use in source and binary forms, with or without modification, are permitted provided that the
following conditions are met:
1. Redistributions of source code must retain the above copyright notice, this list of conditions and the following
disclaimer.
2. Redistributions in binary form must reproduce the above copyright notice, this list of conditions and the following
disclaimer in the documentation and/or other materials provided with the distribution.
3. Neither the name of the copyright holder nor the names of its contributors may be used to endorse or promote products
derived from this software without specific prior written permission.
THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND ANY EXPRESS OR IMPLIED WARRANTIES,
INCLUDING, BUT NOT LIMITED TO, THE IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE
DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT HOLDER OR CONTRIBUTORS BE LIABLE FOR ANY DIRECT, INDIRECT, INCIDENTAL,
SPECIAL, EXEMPLARY, OR CONSEQUENTIAL DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR
SERVICES; LOSS OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER CAUSED AND ON ANY THEORY OF LIABILITY,
WHETHER IN CONTRACT, STRICT LIABILITY, OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE
OF THIS SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.
"""


def main() -> None:
    import colour  # pyright: ignore[reportMissingImports]
    from colour.colorimetry import MSDS_CMFS, SDS_ILLUMINANTS  # pyright: ignore[reportMissingImports]

    columns = [[float(nm) for nm in NANOMETERS]]
    for name in OBSERVERS.values():
        columns += [[float(MSDS_CMFS[name][nm][axis]) for nm in NANOMETERS] for axis in range(3)]
    columns += [[float(SDS_ILLUMINANTS[name][nm]) for nm in NANOMETERS] for name in LIGHTS.values()]
    rows = [",".join(f"{value:.10g}" for value in row) for row in zip(*columns, strict=True)]
    head = ",".join(["nm", "x2", "y2", "z2", "x10", "y10", "z10", *LIGHTS])
    notice = "".join(f"# {line}".rstrip() + "\n" for line in NOTICE.format(version=colour.__version__).splitlines())
    path = Path(__file__).resolve().parent.parent / "patterns" / "color" / "cie.csv"
    path.write_text(notice + head + "\n" + "\n".join(rows) + "\n", encoding="utf-8")
    for number, light in enumerate(LIGHTS):
        power = columns[7 + number]
        for first, degrees in ((1, 2), (4, 10)):
            x, y, z = (sum(p * c for p, c in zip(power, columns[first + i], strict=True)) for i in range(3))
            print(f"{light}/{degrees}  {x / (x + y + z):.5f}, {y / (x + y + z):.5f}", file=sys.stdout)


if __name__ == "__main__":
    main()
