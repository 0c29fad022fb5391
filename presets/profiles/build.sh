#!/bin/sh
# Builds fogra39-coated-paper.icc from FOGRA39L.ti3 (see README.md in this folder). Needs ArgyllCMS (colprof and its
# reference sRGB.icm) and Python, neither of which is used afterwards. Debian: apt-get install argyll argyll-ref
#
#   presets/profiles/build.sh [OUTPUT.icc]
#
# -l300 keeps the ink sum at or below 300 % of one channel; -kr makes black with a ramp from light to dark; -S is the
# source whose colors the perceptual table compresses, as seen on a monitor (-cmt) and printed under practical light
# (-dpp). The colorimetric tables, which patterns reads, do not depend on the last three.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
out=${1:-"$here/fogra39-coated-paper.icc"}
source_profile=${SRGB_ICM:-/usr/share/color/argyll/ref/sRGB.icm}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$here/FOGRA39L.ti3" "$work/"
cd "$work"
colprof -ql -bl -l300 -kr -S "$source_profile" -cmt -dpp \
    -D "Fogra39 coated paper, offset (not cloth)" \
    -C "From Fogra characterization data FOGRA39L; zlib license, see the notice beside this file" \
    -O made.icc FOGRA39L
# Bytes 24 to 35 of an ICC header are the time of building: fixed, so that equal data make equal files.
python3 - made.icc <<'PYTHON'
import struct, sys
data = bytearray(open(sys.argv[1], "rb").read())
data[24:36] = struct.pack(">6H", 2026, 11, 22, 0, 0, 0)
open(sys.argv[1], "wb").write(data)
PYTHON
mv made.icc "$out"
