"""Three gifts in wrapping paper, tied with ribbon, on a pale table."""

from __future__ import annotations

from scenes.mesh import Mesh, joined, plane
from scenes.sets._notions import GREEN, STEM, sprig, tabletop
from scenes.sets._wrapping import banded, bow, wrapped
from scenes.stage import Camera, Cloth, Prop, Stage, daylight, paint, satin, softbox

# Part, width, depth, height, where it stands (x, y, z), its turn, the paper's turn, the ribbon's width.
_GIFTS = (
    ("gift1", 320.0, 230.0, 112.0, (-50.0, 60.0, 0.0), -24.0, 2.0, 26.0),
    ("gift2", 190.0, 150.0, 74.0, (-66.0, 62.0, 113.5), -40.0, -3.0, 20.0),
    ("gift3", 136.0, 136.0, 128.0, (196.0, -96.0, 0.0), -14.0, 4.0, 20.0),
)


def stage() -> Stage:
    """Return the stage."""
    cloths, ribbons, middles = [], [], {}
    for i, (name, width, depth, height, at, turn, askew, ribbon) in enumerate(_GIFTS):
        paper, middle = wrapped(width, depth, height, reach=0.72, seed=i)
        turned = paper.shifted(-middle[0], -middle[1]).shifted(300, 300, degrees=askew)
        cloths.append(Cloth(name, turned.turned(turn).moved(*at)))
        middles[name] = (300.0, 300.0)
        tied = [banded(width, depth, height, ribbon)]
        if i:
            tied.append(bow(ribbon + 5, 60.0, seed=i).turned((28, 10)[i - 1]).moved(z=height + 1.5))
        ribbons.append(joined(tied).turned(turn).moved(*at))
    stem, leaves = _greens()
    wall = plane(6000, 4000).turned(90, "x").moved(y=620, z=1900)
    parts = tuple(
        {"name": name, "title": title, "middle": middles[name], **({"follows": "gift1", "colorway": i} if i else {})}
        for i, (name, title) in enumerate(
            (("gift1", "the large gift"), ("gift2", "the gift on top"), ("gift3", "the small gift"))
        )
    )
    return Stage(
        title="three wrapped gifts with ribbon",
        kind="product",
        fabric="coated-paper-fogra39",
        parts=parts,
        cloths=tuple(cloths),
        props=(
            tabletop((0.91, 0.87, 0.81), seed=6, depth=1240), Prop(wall, paint(0.96, 0.945, 0.92)),
            Prop(joined(ribbons), satin(0.94, 0.90, 0.83, roughness=0.28)), Prop(stem, STEM), Prop(leaves, GREEN),
        ),
        camera=Camera((60, -1240, 640), (20, 0, 86), fov=24.5),
        sky=daylight(window=(-100, 35), spread=22, strength=5.0, fill=0.5),
        lights=(softbox((-1200, 100, 1250), (0, 0, 80), width=480, height=480, radiance=110.0),),
    )  # fmt: skip


def _greens() -> tuple[Mesh, Mesh]:
    """Return stems and leaves of two sprigs that lie by the gifts."""
    first, second = (
        sprig(length=210, leaves=15, leaf=46, seed=1),
        sprig(length=170, leaves=12, leaf=40, seed=5, bow=-0.3),
    )
    made = [[m.turned(-28).moved(-250, -110, 4) for m in first], [m.turned(-4).moved(-235, -120, 4) for m in second]]
    return joined([made[0][0], made[1][0]]), joined([made[0][1], made[1][1]])
