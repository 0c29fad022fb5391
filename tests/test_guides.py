"""Drawing guided by pictures: a manner that is followed, a sketch that is drawn over, adapters of picture models."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from patterns.atelier import guiding
from patterns.errors import InputError
from patterns.lattice import Grid, Lattice

GRID = Grid(32, 32, 16)


def _probabilities(rng: np.random.Generator, grid: Grid, inks: int = 4) -> torch.Tensor:
    logits = torch.from_numpy(rng.normal(size=(1, 6, grid.height, grid.width)).astype(np.float32))
    logits[:, inks:] = -torch.inf
    return logits.softmax(dim=1)


def _task(grid: Grid, *, seed: int = 0, symmetry: str = "p1") -> Any:
    from patterns.loom.network import Condition
    from patterns.loom.sampling import Sampling, Task

    condition = Condition(torch.zeros((1, 32), dtype=torch.int64), torch.tensor([4.0]), torch.tensor([4]))
    return Task(condition, grid, seed, Sampling(steps=6), symmetry)


def _stripes(period: int, *, upright: bool) -> np.ndarray:
    planes = np.zeros((2, 64, 64), np.float32)
    bars = np.arange(64) % period < period // 2
    planes[1] = bars[None] if upright else bars[:, None]
    planes[0] = 1 - planes[1]
    return planes


def _flower(side: int = 300) -> np.ndarray:
    """Return line art (side, side, 3) uint8: a ring of six closed petals around a small heart, on paper."""
    y, x = np.mgrid[:side, :side]
    ink = np.zeros((side, side), bool)
    places = [(np.cos(a) * 0.22, np.sin(a) * 0.22, 0.1) for a in np.arange(6) * np.pi / 3] + [(0.0, 0.0, 0.06)]
    for across, down, radius in places:
        far = np.hypot(x / side - 0.5 - across, y / side - 0.5 - down)
        ink |= np.abs(far - radius) < 0.007
    return np.where(ink, 20, 250).astype(np.uint8)[..., None].repeat(3, axis=2)


def _saved(folder: Path, pixels: np.ndarray, name: str = "picture.png") -> Path:
    Image.fromarray(pixels).save(folder / name)
    return folder / name


def test_a_manner_is_measured() -> None:
    from patterns.loom.manner import distances, measured

    upright, lying, fine = (_stripes(p, upright=u) for p, u in ((16, True), (16, False), (8, True)))
    found = measured(upright)
    assert found.coverage == pytest.approx((0.5, 0.5))
    assert found.grain[0] == pytest.approx(1, abs=0.02)
    assert measured(lying).grain[0] == pytest.approx(-1, abs=0.02)
    assert distances(found, found) == {"coverage": 0, "edges": 0, "grain": 0, "size": 0}
    assert distances(found, measured(fine))["edges"] == pytest.approx(1, abs=0.3)
    assert distances(found, measured(fine))["size"] > 0.6
    assert found.scaled(2).edges == found.edges / 2


def test_inks_come_out_at_the_coverage_asked_for(rng: np.random.Generator) -> None:
    from patterns.loom.manner import shifted

    p = _probabilities(rng, GRID)
    goal = torch.tensor([0.7, 0.2, 0.06, 0.04, 0, 0])
    moved = shifted(p, goal)
    assert (moved.mean(dim=(0, 2, 3)) - goal).abs().max() < 2e-3
    assert (p.mean(dim=(0, 2, 3)) - goal).abs().max() > 0.1
    torch.testing.assert_close(moved.sum(dim=1), torch.ones(1, 32, 32))


def test_following_knows_no_place_and_keeps_a_group(rng: np.random.Generator) -> None:
    from patterns.folding import folding
    from patterns.loom.manner import measured, moved

    manner = replace(measured(_stripes(8, upright=True)), coverage=(0.5, 0.3, 0.1, 0.1))
    p = _probabilities(rng, GRID)

    def rolled(planes: torch.Tensor, grid: Grid = GRID) -> torch.Tensor:
        return torch.from_numpy(np.ascontiguousarray(grid.roll(planes.numpy(), 5, 3 + GRID.width)))

    result = moved(p, _task(GRID), manner, 0.6)
    assert (rolled(result) - moved(rolled(p), _task(GRID), manner, 0.6)).abs().max() < 1e-4
    straight = Grid(32, 32)
    assert (rolled(result) - moved(rolled(p), _task(straight), manner, 0.6)).abs().max() > 1e-3
    fold = folding("p4m", straight)
    assert fold is not None
    even = moved(fold.mean(p), _task(straight, symmetry="p4m"), manner, 0.6)
    assert (even - fold.mean(even)).abs().max() < 1e-6


def test_a_step_moves_the_figures_toward_the_manner(rng: np.random.Generator) -> None:
    from patterns.loom.manner import distances, measured, moved

    straight = Grid(64, 64)
    smooth = torch.nn.functional.avg_pool2d(straight.pad(_probabilities(rng, straight), 3), 7, 1)
    p = (smooth.clamp_min(1e-9).log() * 8).softmax(dim=1)
    manner = replace(measured(_stripes(16, upright=True)), coverage=(0.6, 0.2, 0.1, 0.1))
    before = distances(measured(p[0].numpy()), manner)
    after = distances(measured(moved(p, _task(straight), manner, 0.6)[0].numpy()), manner)
    assert after["coverage"] < 0.5 * before["coverage"]
    assert after["grain"] < 0.9 * before["grain"]


def test_line_art_becomes_planes() -> None:
    planes = guiding.sketched(_flower(), Grid(64, 64), 5)
    assert planes.shape == (5, 64, 64)
    np.testing.assert_allclose(planes.sum(axis=0), 1, atol=1e-6)
    middle = {"paper": (0, 2, 2), "petal": (1, 32, 46), "between": (0, 32, 60)}
    for ink, row, column in middle.values():
        assert planes[ink, row, column] > 0.99
    assert planes[4].max() > 0.9  # the strokes
    assert planes[1].sum() > planes[2].sum()


def test_a_drawing_stands_on_its_paper_or_is_joined(rng: np.random.Generator) -> None:
    grid = Grid(64, 48, 24)
    fitted = guiding.laid(_flower(), grid)
    assert fitted.shape == (48, 64, 3)
    assert fitted[:, :6].min() > 240
    y, x = np.mgrid[:120, :150]
    bars = ((x + 2 * y) % 37 < 16)[..., None] * np.array([180, 90, 40]) + 60
    joined = guiding.laid(bars.astype(np.uint8), grid)
    assert joined.shape == (48, 64, 3)
    assert np.ptp(joined[:, 0].astype(int)) > 50  # what runs off is not framed


def test_the_loom_draws_where_the_sketch_says() -> None:
    from patterns.loom.following import Guides, followed
    from patterns.loom.sketching import Sketched
    from patterns.loom.weave import Request, fitted_grid

    request = Request("tossed daisies", Lattice.named("half-drop", 120.0), inks=3, seed=1, steps=8, px_per_mm=0.8)
    grid, _ = fitted_grid(request)
    planes = guiding.sketched(_flower(), grid, 3)

    def overlap(guides: Guides) -> float:
        drawn = followed(request, guides).separation.planes[0] < 0.5
        asked = planes[0] < 0.5
        return float((drawn & asked).sum() / (drawn | asked).sum())

    assert overlap(Guides(sketch=Sketched(planes, 0.8))) > 0.9
    assert overlap(Guides()) < 0.6
    with pytest.raises(InputError, match="tile"):
        followed(request, Guides(sketch=Sketched(planes[:, :-1])))


def test_a_guided_design_keeps_its_pictures_and_replays(tmp_path: Path, small_weights: Path) -> None:
    from patterns.atelier.bench import Bench
    from patterns.atelier.making import design
    from patterns.atelier.replaying import replay
    from patterns.design import Brief
    from patterns.library import Library

    rng = np.random.default_rng(3)
    dots = np.array([[240, 230, 210], [20, 60, 120], [200, 80, 60]], np.uint8)[rng.integers(0, 3, (8, 8))]
    reference = _saved(tmp_path, dots.repeat(12, axis=0).repeat(12, axis=1))
    sketch = _saved(tmp_path, _flower(), "flower.png")
    given = guiding.given(reference, sketch, weights=(0.5, None))
    bench = Bench(Library(tmp_path / "library"), small_weights)
    brief = Brief("peonies", width_mm=100.0, seed=4, steps=4, **given.fields)
    made = design(brief, bench, pictures=given.pictures)
    assert made.design.brief.inks == 3
    assert {ink.hex for ink in made.design.palette.inks} <= {"#f0e6d2", "#143c78", "#c8503c"}
    assert bench.library.picture(made.design.id, "sketch") == sketch.read_bytes()
    assert bench.library.picture(made.design.id, "reference") == reference.read_bytes()
    assert replay(made.folder / "tile.png", bench).differing == 0.0
    plain = replace(brief, sketch="", sketch_weight=None)
    assert design(plain, bench, pictures=given.pictures).design.id != made.design.id


def test_picture_models_are_shown_the_pictures_on_the_lattice(tmp_path: Path) -> None:
    from patterns.design import Brief

    given = guiding.given(None, _saved(tmp_path, _flower()), weights=(None, 0.4))
    found = guiding.shown(Brief("roses", **given.fields), GRID, given.pictures)
    assert set(found) == {"control", "control_weight"}
    assert found["control"].shape == (32, 32, 3)
    assert 0 <= found["control"].min() < 0.8 < found["control"].max() <= 1
    assert found["control_weight"] == 0.4
    with pytest.raises(InputError, match="slanted"):
        guiding.shown(Brief("roses", symmetry="p6", **given.fields), GRID, given.pictures)


def test_pictures_that_cannot_guide_are_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "text.png").write_text("no picture")
    flat = _saved(tmp_path, np.full((64, 64, 3), 128, np.uint8), "flat.png")
    tiny = _saved(tmp_path, np.zeros((8, 8, 3), np.uint8), "tiny.png")
    long = _saved(tmp_path, np.zeros((32, 600, 3), np.uint8), "long.png")
    deep = tmp_path / "deep.png"
    Image.fromarray(np.zeros((64, 64), np.uint16)).save(deep)
    cases = {flat: "one color", tiny: "8 x 8 px", long: "600 x 32 px", deep: "8 bits"}
    cases |= {tmp_path / "text.png": "not a picture", tmp_path / "none.png": "not there", tmp_path: "folder"}
    for file, said in cases.items():
        with pytest.raises(InputError, match=said):
            guiding.given(file, None)
    with pytest.raises(InputError, match="--sketch"):
        guiding.given(None, None, weights=(None, 0.5))


def _picture(grid: Grid) -> np.ndarray:
    """Return a dark picture (H, W, 3) float32 that repeats on the grid."""
    y, x = np.mgrid[: grid.height, : grid.width]
    wave = 0.4 + 0.3 * np.cos(2 * np.pi * (2 * y / grid.height + x / grid.width * bool(grid.drop)))
    return np.stack([wave, 0.5 * wave, 0.3 + 0 * wave], axis=-1).astype(np.float32)


def _model(folder: Path, *, adapter: bool = False, controlnet: bool = False) -> Any:
    """Return a tiny model with the guides that lie with it."""
    from tests.tiny.painting import loaded

    model = loaded("sd15")
    if controlnet:
        from diffusers.models.controlnets.controlnet import ControlNetModel

        torch.manual_seed(3)
        net = ControlNetModel.from_unet(
            model.pipeline.unet, conditioning_embedding_out_channels=(8, 16), load_weights_from_unet=True
        )
        for layer in [*net.controlnet_down_blocks, net.controlnet_mid_block, net.controlnet_cond_embedding.conv_out]:
            torch.nn.init.normal_(layer.weight, std=0.3)
        net.save_pretrained(folder / "controlnet")
    if adapter:
        _write_adapter(folder / "ip_adapter", model.pipeline.unet)
    return replace(model, record=replace(model.record, place=folder))


def _write_adapter(folder: Path, unet: Any) -> None:
    import transformers
    from safetensors.torch import save_file

    torch.manual_seed(4)
    width, tokens, seen = unet.config.cross_attention_dim, 4, 24
    vision = transformers.CLIPVisionConfig(
        hidden_size=16, intermediate_size=16, num_hidden_layers=1, num_attention_heads=2, image_size=32, patch_size=16,
        projection_dim=seen,
    )  # fmt: skip
    transformers.CLIPVisionModelWithProjection(vision).save_pretrained(folder / "image_encoder")
    weights = {
        "image_proj.proj.weight": torch.randn(width * tokens, seen),
        "image_proj.proj.bias": torch.zeros(width * tokens),
    }
    weights |= {"image_proj.norm.weight": torch.ones(width), "image_proj.norm.bias": torch.zeros(width)}
    crossed = [name for name in unet.attn_processors if name.endswith("attn2.processor")]
    for k, name in enumerate(crossed):
        inner = unet.get_submodule(name.removesuffix(".processor")).to_k.out_features
        for which in ("k", "v"):
            weights[f"ip_adapter.{2 * k + 1}.to_{which}_ip.weight"] = torch.randn(inner, width)
    save_file(weights, folder / "ip-adapter_tiny.safetensors")


def _painted(model: Any, **more: Any) -> Any:
    from patterns.diffusion.painter import Wish, paint

    chance = {"chance": more.pop("chance")} if "chance" in more else {}
    return paint(model, Wish("roses", GRID, 5, **more), **chance)


def test_a_controlnet_is_heard_on_the_lattice(tmp_path: Path) -> None:
    from tests.tiny.painting import on_lattice, rolled

    model = _model(tmp_path, controlnet=True)
    before = dict(model.pipeline.components)
    control = _picture(GRID)
    drawn = _painted(model, control=control)
    assert drawn.says == _painted(model).says  # nothing is missing
    assert np.abs(drawn.pixels - _painted(model).pixels).max() > 0.01
    moved = _painted(model, control=on_lattice(GRID, control, 4, 8), chance=rolled(2, 4)).pixels
    assert np.abs(on_lattice(GRID, drawn.pixels, 4, 8) - moved).max() < 1e-4
    still = _painted(model, control=control, chance=rolled(2, 4)).pixels
    assert np.abs(on_lattice(GRID, drawn.pixels, 4, 8) - still).max() > 1e-3
    assert dict(model.pipeline.components) == before


def test_an_ip_adapter_is_put_in_and_taken_out(tmp_path: Path) -> None:
    from tests.tiny.painting import on_lattice, rolled

    model = _model(tmp_path, adapter=True)
    unet = model.pipeline.unet
    before, plain = {k: type(v) for k, v in unet.attn_processors.items()}, _painted(model).pixels
    one = _painted(model, reference=_picture(GRID), reference_weight=1.0)
    other = _painted(model, reference=1 - _picture(GRID), reference_weight=1.0).pixels
    assert np.abs(one.pixels - plain).max() > 1e-3
    assert np.abs(one.pixels - other).max() > 1e-4
    moved = _painted(model, reference=_picture(GRID), reference_weight=1.0, chance=rolled(2, 4)).pixels
    assert np.abs(on_lattice(GRID, one.pixels, 4, 8) - moved).max() < 1e-4
    assert {k: type(v) for k, v in unet.attn_processors.items()} == before
    np.testing.assert_array_equal(_painted(model).pixels, plain)


@pytest.mark.parametrize("what", ["control", "reference"])
def test_a_model_without_guides_starts_from_the_picture_and_says_so(tmp_path: Path, what: str) -> None:
    model = _model(tmp_path)
    drawn = _painted(model, **{what: _picture(GRID)})
    assert any("starts from the" in finding.message for finding in drawn.says)
    assert np.abs(drawn.pixels - _painted(model).pixels).max() > 0.01


def test_pickled_and_foreign_guides_are_refused(tmp_path: Path) -> None:
    (tmp_path / "controlnet").mkdir()
    (tmp_path / "controlnet" / "config.json").write_text('{"_class_name": "UNet2DConditionModel"}')
    with pytest.raises(InputError, match="no ControlNet"):
        _painted(_model(tmp_path), control=_picture(GRID))
    (tmp_path / "controlnet" / "diffusion_pytorch_model.bin").write_bytes(b"\x80\x04.")
    with pytest.raises(InputError, match="pickled"):
        _painted(_model(tmp_path), control=_picture(GRID))
    (tmp_path / "other").mkdir()
    other = _model(tmp_path / "other", adapter=True)
    adapter = next((tmp_path / "other" / "ip_adapter").glob("*.safetensors"))
    from safetensors.torch import load_file, save_file

    weights = {k: v[..., :5].contiguous() if "to_k" in k else v for k, v in load_file(adapter).items()}
    save_file(weights, adapter)
    with pytest.raises(InputError, match="disagree"):
        _painted(other, reference=_picture(GRID))
    assert all(type(p).__name__.startswith("AttnProcessor") for p in other.pipeline.unet.attn_processors.values())
