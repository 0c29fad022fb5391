"""The shelf of models: nothing is fetched unasked, nothing pickled is opened, what lies there is what was put there."""

import hashlib
import json
import pickle
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest
import torch
from safetensors.torch import load_file, save_file

from patterns import presets
from patterns.atelier import modeling
from patterns.cli import main
from patterns.diffusion import adding, devices, hub, kinds, loading, tensors
from patterns.diffusion.adding import Asked, Desk
from patterns.diffusion.components import chosen_weights
from patterns.diffusion.shelf import ModelRecord, Shelf
from patterns.errors import CannotMake, CheckFailed, InputError, MissingPart, PatternsError

ID = "Arrexel/pattern-diffusion"


@pytest.fixture(scope="session")
def sd15(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny Stable Diffusion 1.5 as a diffusers folder."""
    from tests.tiny.pipelines import tiny_sd15

    return tiny_sd15(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    """An empty shelf, on a machine whose cache of the hub is empty too and that reaches no network."""

    resolve = socket.getaddrinfo

    def refused(host: Any, *given: Any, **more: Any) -> Any:
        assert host == "127.0.0.1", f"the network was reached: {host}"
        return resolve(host, *given, **more)

    monkeypatch.setattr(socket, "getaddrinfo", refused)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("PATTERNS_MODELS", str(tmp_path / "shelf"))
    monkeypatch.setenv("COLUMNS", "120")
    return Shelf(tmp_path / "shelf")


@pytest.fixture
def desk(shelf: Shelf) -> Desk:
    return Desk(shelf, lambda terms: None)


def spoiled(folder: Path, into: Path, part: str, spoil: Callable[[dict[str, torch.Tensor]], None]) -> Path:
    """Copy a pipeline with one part's weights changed."""
    shutil.copytree(folder, into)
    path = next((into / part).glob("*.safetensors"))
    weights = load_file(path)
    spoil(weights)
    save_file(weights, path, metadata={"format": "pt"})
    return into


def lora(path: Path, *, width: int = 32, rank: int = 2) -> dict[str, torch.Tensor]:
    """Write a LoRA for one projection of the tiny U-Net."""
    torch.manual_seed(3)
    layer = "unet.down_blocks.1.attentions.0.transformer_blocks.0.attn1.to_q"
    weights = {f"{layer}.lora_A.weight": torch.randn(rank, width), f"{layer}.lora_B.weight": torch.randn(width, rank)}
    save_file(weights, path)
    return weights


def as_one_file(folder: Path, path: Path) -> Path:
    """Write the tiny U-Net and its text encoder under the names that CompVis gave them, in one file."""
    resnet = {
        "norm1": "in_layers.0", "conv1": "in_layers.2", "time_emb_proj": "emb_layers.1", "norm2": "out_layers.0",
        "conv2": "out_layers.3", "conv_shortcut": "skip_connection",
    }  # fmt: skip
    places = {
        "time_embedding.linear_1": "time_embed.0", "time_embedding.linear_2": "time_embed.2",
        "conv_in": "input_blocks.0.0", "conv_norm_out": "out.0", "conv_out": "out.2",
        "down_blocks.0.resnets.0": "input_blocks.1.0",
        "down_blocks.0.downsamplers.0.conv": "input_blocks.2.0.op", "down_blocks.1.resnets.0": "input_blocks.3.0",
        "down_blocks.1.attentions.0": "input_blocks.3.1", "mid_block.resnets.0": "middle_block.0",
        "mid_block.attentions.0": "middle_block.1", "mid_block.resnets.1": "middle_block.2",
        "up_blocks.0.resnets.0": "output_blocks.0.0", "up_blocks.0.attentions.0": "output_blocks.0.1",
        "up_blocks.0.resnets.1": "output_blocks.1.0", "up_blocks.0.attentions.1": "output_blocks.1.1",
        "up_blocks.0.upsamplers.0.conv": "output_blocks.1.2.conv", "up_blocks.1.resnets.0": "output_blocks.2.0",
        "up_blocks.1.resnets.1": "output_blocks.3.0",
    }  # fmt: skip
    out = {}
    for name, tensor in load_file(next((folder / "unet").glob("*.safetensors"))).items():
        start = next(start for start in places if name.startswith(f"{start}."))
        rest = name.removeprefix(f"{start}.")
        layer = next((key for key in resnet if rest.startswith(f"{key}.")), None) if "resnets" in start else None
        rest = rest.replace(layer, resnet[layer], 1) if layer else rest
        out[f"model.diffusion_model.{places[start]}.{rest}"] = tensor
    for name, tensor in load_file(next((folder / "text_encoder").glob("*.safetensors"))).items():
        out[f"cond_stage_model.transformer.{'' if name.startswith('text_model') else 'text_model.'}{name}"] = tensor
    save_file(out, path)
    return path


def same(ours: torch.nn.Module, folder: Path) -> bool:
    """Return whether a part has the weights that lie in a folder."""
    theirs = load_file(next(folder.glob("*.safetensors")))
    state = ours.state_dict()
    return set(state) == set(theirs) and all(torch.equal(state[name], theirs[name]) for name in theirs)


def test_every_preset_is_a_model_that_diffusers_has_and_a_lora_stands_on_one() -> None:
    import diffusers

    page = (Path(__file__).parent.parent / "docs" / "models.md").read_text(encoding="utf-8")
    classes = dir(diffusers)  # asking for a class would import it
    for name in presets.names("models"):
        model = presets.model(name)
        assert hub.ID.fullmatch(model.id)
        figures = f"{model.native_px} | {model.steps} | {model.guidance:g} | {model.memory_gb:g} GB |"
        row = next(line for line in page.splitlines() if line.startswith(f"| {name} | {model.license} |"))
        assert row.endswith(figures)
        assert model.license_says.endswith(".")
        assert model.pipeline in classes or model.kind == "lora"
        assert not model.base or presets.model(model.base).kind == "pipeline"
        assert not model.scheduler or model.scheduler in classes


def test_a_local_folder_is_loaded_with_its_very_weights_and_no_network(desk: Desk, sd15: Path) -> None:
    record = adding.add(Asked(str(sd15), like="sd15"), desk)
    assert (record.kind, record.license, record.commercial) == ("pipeline", "creativeml-openrail-m", "yes")
    assert record.place == sd15
    loaded = loading.load(record, device="cpu")
    assert (loaded.device.type, loaded.dtype) == ("cpu", torch.float32)
    assert "cpu in float32" in str(loaded.says[0])
    assert same(loaded.pipeline.components["unet"], sd15 / "unet")
    assert same(loaded.pipeline.components["vae"], sd15 / "vae")
    assert type(loaded.pipeline.components["scheduler"]).__name__ == "DPMSolverMultistepScheduler"
    half = loading.load(record, dtype="bf16", memory="low").pipeline
    assert half.components["unet"].dtype == torch.bfloat16
    assert half.components["vae"].use_tiling
    assert "bfloat16" in str(loading.load(record, dtype="float16").says[1])


@pytest.mark.parametrize("kind", ["sdxl", "sd3", "flux", "flux2-klein", "qwen-image", "z-image", "sana"])
def test_every_kind_of_pipeline_is_loaded_with_its_very_weights_and_says_what_it_guarantees(
    kind: str, desk: Desk, tmp_path: Path
) -> None:
    from tests.tiny.pipelines import PIPELINES

    made = PIPELINES[kind]()
    made.save_pretrained(tmp_path / kind)
    record = adding.add(Asked(str(tmp_path / kind)), desk)
    loaded = loading.load(record).pipeline
    for name, part in made.components.items():
        if isinstance(part, torch.nn.Module):
            ours = loaded.components[name].state_dict()
            assert set(ours) == set(part.state_dict()), name
            assert all(torch.equal(ours[key], tensor) for key, tensor in part.state_dict().items()), name
    shown = modeling.shown(kind, desk.shelf)
    assert shown["guarantee"]["exact"] == (kind != "sd3")
    assert shown["multiple_px"] > 1


class Pretended:
    """A pipeline that writes down how it is put on a device."""

    def __init__(self) -> None:
        self.unet, self.components, self.done = None, {"unet": torch.nn.Linear(1000, 1000)}, []

    def __getattr__(self, name: str) -> Any:
        return lambda *_, **__: self.done.append(name)


@pytest.mark.parametrize(
    ("memory", "free", "done"),
    [
        ("auto", 1e9, ["to"]),
        ("auto", 5e6, ["enable_model_cpu_offload"]),
        ("low", 1e9, ["enable_attention_slicing", "enable_sequential_cpu_offload"]),
    ],
)
def test_a_model_is_spread_over_little_memory(
    memory: str, free: float, done: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(devices, "_free_cuda", lambda device: free)
    pipeline = Pretended()
    assert devices.put(pipeline, torch.device("cuda"), memory)
    assert [name for name in pipeline.done if name not in ("enable_slicing", "enable_tiling")] == done
    with pytest.raises(InputError, match="auto or low"):
        devices.put(pipeline, torch.device("cuda"), "lots")


def test_a_record_survives_the_disk_and_knows_when_a_file_was_altered(desk: Desk, sd15: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(sd15, tmp_path / "mine")
    record = adding.add(Asked(str(folder), license="apache-2.0"), desk)
    assert desk.shelf.record("mine") == record
    assert (record.native_px, record.steps, record.guidance) == (32, 50, 7.5)
    assert record.heuristic
    assert modeling.verify("mine", desk.shelf, lambda *_: None) == len(record.files)
    weights = next((folder / "unet").glob("*.safetensors"))
    data = bytearray(weights.read_bytes())
    data[-1] ^= 1
    weights.write_bytes(data)
    with pytest.raises(CheckFailed, match=r"unet/diffusion_pytorch_model.* was altered"):
        modeling.verify("mine", desk.shelf, lambda *_: None)
    weights.write_bytes(data[:-1])
    with pytest.raises(MissingPart, match="bytes instead of"):
        loading.load(record)


def test_the_loom_is_listed_shown_and_verified_but_not_removed(shelf: Shelf) -> None:
    assert modeling.listed(shelf)[0][0].name == "loom"
    assert modeling.shown("loom", shelf)["license"] == "Apache-2.0"
    assert modeling.verify("loom", shelf, lambda *_: None) > 3
    with pytest.raises(InputError, match="built in"):
        modeling.remove("loom", shelf)


def test_a_lora_works_at_its_scale_and_is_refused_by_another_model(desk: Desk, sd15: Path, tmp_path: Path) -> None:
    weights = lora(tmp_path / "style.safetensors")
    with pytest.raises(InputError, match="--base"):
        adding.add(Asked(str(tmp_path / "style.safetensors")), desk)
    base = adding.add(Asked(str(sd15), name="base", license="openrail++"), desk)
    record = adding.add(Asked(str(tmp_path / "style.safetensors"), base="base", scale=0.5), desk)
    assert record.commercial == "unknown"
    assert "Its base base (openrail++)" in record.license_says
    assert record.digest != adding.add(
        Asked(str(tmp_path / "style.safetensors"), name="full", base="base"), desk
    ).digest  # fmt: skip

    def projection(record: ModelRecord) -> Any:
        unet: Any = loading.load(record).pipeline.components["unet"]
        return unet.down_blocks[1].attentions[0].transformer_blocks[0].attn1.to_q

    x = torch.randn(4, 32, generator=torch.Generator().manual_seed(0))
    a, b = weights.values()
    expected = projection(base)(x) + 0.5 * x @ a.T @ b.T
    assert torch.allclose(projection(record)(x), expected, atol=1e-4)
    assert not torch.allclose(projection(desk.shelf.record("full"))(x), expected, atol=1e-1)
    with pytest.raises(InputError, match="full, style stand on base"):
        desk.shelf.remove("base")
    lora(tmp_path / "wide.safetensors", width=48)
    wide = adding.add(Asked(str(tmp_path / "wide.safetensors"), base="base"), desk)
    with pytest.raises(InputError, match="disagree"):
        loading.load(wide)


def test_a_single_file_takes_what_it_lacks_from_its_base(desk: Desk, sd15: Path, tmp_path: Path) -> None:
    path = as_one_file(sd15, tmp_path / "merged.safetensors")
    with pytest.raises(InputError, match="stable-diffusion-v1-5/stable-diffusion-v1-5"):
        adding.add(Asked(str(path)), desk)
    record = adding.add(Asked(str(path), base=str(sd15), license="mit"), desk)
    assert (record.kind, record.pipeline) == ("file", "StableDiffusionPipeline")
    loaded = loading.load(record).pipeline
    assert same(loaded.components["unet"], sd15 / "unet")
    assert same(loaded.components["vae"], sd15 / "vae")
    assert same(loaded.components["text_encoder"], sd15 / "text_encoder")
    config = spoiled(sd15, tmp_path / "other", "unet", lambda weights: None)
    shape = json.loads((config / "unet" / "config.json").read_text())
    (config / "unet" / "config.json").write_text(json.dumps({**shape, "cross_attention_dim": 40}))
    with pytest.raises(InputError, match="disagree"):
        loading.load(adding.add(Asked(str(path), name="odd", base=str(config)), desk))


@pytest.mark.parametrize(
    ("part", "spoil", "said"),
    [
        ("unet", lambda w: w.pop("conv_in.bias"), "the file lacks conv_in.bias"),
        (
            "unet",
            lambda w: w.update({"conv_in.weight": torch.zeros(16, 9, 3, 3)}),
            "conv_in.weight is 16 x 9 x 3 x 3 in the file and 16 x 4 x 3 x 3 in the configuration",
        ),
        ("text_encoder", lambda w: w.update({sorted(w)[0]: torch.zeros(3, 3)}), "is 3 x 3 in the file and 77 x 32"),
        ("text_encoder", lambda w: w.pop(sorted(w)[0]), "the file lacks embeddings"),
    ],
)
def test_weights_and_configuration_that_disagree_are_one_sentence(
    part: str, spoil: Callable[[dict[str, torch.Tensor]], None], said: str, desk: Desk, sd15: Path, tmp_path: Path
) -> None:
    record = adding.add(Asked(str(spoiled(sd15, tmp_path / "odd", part, spoil))), desk)
    with pytest.raises(InputError, match=f"disagree.*{said}") as caught:
        loading.load(record)
    assert "\n" not in str(caught.value)


def test_weights_that_nothing_needs_are_said(desk: Desk, sd15: Path, tmp_path: Path) -> None:
    folder = spoiled(sd15, tmp_path / "odd", "text_encoder", lambda w: w.update({"vision.weight": torch.zeros(1)}))
    said = loading.load(adding.add(Asked(str(folder)), desk)).says
    assert "vision.weight" in str(next(finding for finding in said if "nothing needs" in finding.message))


def test_pickles_are_refused_and_never_opened(desk: Desk, sd15: Path, tmp_path: Path) -> None:
    class Trap:
        def __reduce__(self) -> Any:
            return (Path.touch, (tmp_path / "sprung",))

    for suffix in (".ckpt", ".pt", ".bin", ".pth"):
        (tmp_path / f"model{suffix}").write_bytes(pickle.dumps(Trap()))
        with pytest.raises(InputError, match="pickled"):
            adding.add(Asked(str(tmp_path / f"model{suffix}")), desk)
    folder = shutil.copytree(sd15, tmp_path / "old")
    record = adding.add(Asked(str(folder)), desk)
    next((folder / "unet").glob("*.safetensors")).unlink()
    (folder / "unet" / "diffusion_pytorch_model.bin").write_bytes(pickle.dumps(Trap()))
    with pytest.raises(InputError, match=r"unet/diffusion_pytorch_model\.bin is pickled"):
        adding.add(Asked(str(folder), name="again"), desk)
    with pytest.raises(PatternsError):
        loading.load(record)
    assert not (tmp_path / "sprung").exists()


def described(path: Path, *names: str) -> Path:
    save_file({name: torch.zeros(2, 2) for name in names}, path)
    return path


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (("controlnet_cond_embedding.conv_in.weight", "conv_in.weight"), "ControlNet"),
        (("encoder.conv_in.weight", "decoder.conv_in.weight"), "autoencoder alone: the denoiser"),
        (("text_model.embeddings.weight",), "text encoder alone"),
        (("ip_adapter.1.to_k_ip.weight", "image_proj.proj.weight"), "IP-Adapter"),
        (("lora_unet_x.hada_w1_a", "lora_unet_x.hada_w1_b"), "another way than LoRA"),
        (("clip_g", "clip_l"), "learned word"),
        (("foo.weight", "bar.weight"), "missing among its 2 tensors .bar.weight"),
    ],
)
def test_a_file_that_is_no_model_is_told_what_it_is(names: tuple[str, ...], said: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=said):
        kinds.what_is(described(tmp_path / "file.safetensors", *names))


def test_a_folder_that_is_no_pipeline_is_told_what_is_missing(sd15: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="one part of a model, a UNet2DConditionModel"):
        kinds.what_is(sd15 / "unet")
    folder = shutil.copytree(sd15, tmp_path / "odd")
    index = json.loads((folder / "model_index.json").read_text())

    def says(**changed: Any) -> str:
        (folder / "model_index.json").write_text(json.dumps({**index, **changed}))
        with pytest.raises(PatternsError) as caught:
            kinds.what_is(folder)
        return str(caught.value)

    assert "lacks an autoencoder" in says(vae=[None, None])
    assert "lacks a text encoder" in says(text_encoder=[None, None])
    assert "UnheardPipeline, which diffusers" in says(_class_name="UnheardPipeline")
    assert "code of its own" in says(_class_name=["mine.py", "Mine"])
    assert "code of its own" in says(unet=["mine", "UNet"])
    shutil.rmtree(folder / "tokenizer")
    assert "lacks the folder tokenizer" in says()
    (tmp_path / "cut.safetensors").write_bytes((20).to_bytes(8, "little") + b"{}")
    with pytest.raises(InputError, match="no whole"):
        tensors.described(tmp_path / "cut.safetensors")


def test_weights_are_chosen_by_variant_and_shards_stay_together() -> None:
    names = ["model.safetensors", "model.fp16.safetensors", "model.bin", "flax_model.msgpack", "openvino.safetensors"]
    assert chosen_weights(names) == ["model.safetensors"]
    assert chosen_weights(names, "fp16") == ["model.fp16.safetensors"]
    assert chosen_weights(["diffusion_pytorch_model.non_ema.safetensors"]) == [
        "diffusion_pytorch_model.non_ema.safetensors"
    ]
    shards = [f"diffusion_pytorch_model.fp16-0000{i}-of-00002.safetensors" for i in (1, 2)]
    assert chosen_weights([*shards, "diffusion_pytorch_model.safetensors.index.json"], "fp16") == shards


def test_without_the_extra_the_command_that_installs_it_is_said(monkeypatch: pytest.MonkeyPatch, shelf: Shelf) -> None:
    monkeypatch.setattr(loading, "EXTRA", ("diffusers", "unheard_of"))
    with pytest.raises(MissingPart, match=r"unheard_of; `pip install 'patterns\[models\]'`"):
        modeling.add(Asked("folder"), shelf, yes=True, show=print, told=lambda *_: None)


def test_devices_and_precisions_that_are_not_there_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    cpu = devices.chosen("cpu")
    assert devices.precision("auto", cpu, is_unet=True) == torch.float32
    assert devices.precision("auto", torch.device("mps"), is_unet=True) == torch.float16
    with pytest.raises(InputError, match="toaster"):
        devices.chosen("toaster")
    with pytest.raises(CannotMake, match="--device cpu"):
        devices.chosen("cuda:97")
    with pytest.raises(InputError, match="float8"):
        devices.precision("float8", cpu, is_unet=False)
    monkeypatch.setattr(devices, "_available", lambda: 3_000_000_000)
    devices.refuse_scarce(700_000_000, cpu, torch.float32)
    with pytest.raises(CannotMake, match="--dtype bfloat16"):
        devices.refuse_scarce(1_000_000_000, cpu, torch.float32)


# The hub, as far as pulling asks for it.


@pytest.fixture
def server(sd15: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A hub on this machine with the tiny model in it, and pickles beside its weights; every request is recorded."""
    root = shutil.copytree(sd15, tmp_path / "hub" / ID)
    for part in ("unet", "vae"):
        (root / part / "diffusion_pytorch_model.bin").write_bytes(b"pickle")
    (root / "v1-5-pruned.safetensors").write_bytes(b"seven gigabytes")
    (root / "safety_checker").mkdir()
    (root / "safety_checker" / "config.json").write_text("{}")
    adapter = presets.model("lcm-sd15")
    (tmp_path / "hub" / adapter.id).mkdir(parents=True)
    lora(tmp_path / "hub" / adapter.id / adapter.file)

    class Hub(BaseHTTPRequestHandler):
        asked: ClassVar[list[str]] = []
        spoil = ""

        def do_HEAD(self) -> None:
            self.do_GET()

        def do_GET(self) -> None:
            path = self.path.split("?")[0]
            Hub.asked.append(path)
            identity = "/".join(path.removeprefix("/api/models").split("/")[1:3])
            if identity == "gated/model":
                self._refuse(403, "GatedRepo")
            elif not (tmp_path / "hub" / identity).is_dir():
                self._refuse(404, "RepoNotFound")
            elif path.startswith("/api/models/"):
                self._send(json.dumps(self._listing(identity)).encode(), {})
            else:
                name = path.split("resolve/c0ffee/")[1]
                data = (tmp_path / "hub" / identity / name).read_bytes()
                etag = hashlib.sha256(data).hexdigest()
                data = data[:-1] + b"?" if name == Hub.spoil else data
                self._send(data, {"ETag": f'"{etag}"', "X-Repo-Commit": "c0ffee"})

        def _refuse(self, status: int, code: str) -> None:
            self.send_response(status)
            self.send_header("X-Error-Code", code)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def _listing(self, identity: str) -> dict[str, Any]:
            root = tmp_path / "hub" / identity
            files = sorted(p for p in root.rglob("*") if p.is_file())
            siblings = [
                {
                    "rfilename": p.relative_to(root).as_posix(),
                    "size": p.stat().st_size,
                    "lfs": {
                        "sha256": hashlib.sha256(p.read_bytes()).hexdigest(),
                        "size": p.stat().st_size,
                        "pointerSize": 1,
                    },
                }
                for p in files
            ]
            return {"id": identity, "sha": "c0ffee", "siblings": siblings, "cardData": {"license": "apache-2.0"}}

        def _send(self, data: bytes, headers: dict[str, str]) -> None:
            self.send_response(200)
            for key, value in {"Content-Length": str(len(data)), **headers}.items():
                self.send_header(key, value)
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(data)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    http = ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    threading.Thread(target=http.serve_forever, daemon=True).start()
    monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{http.server_port}")
    yield Hub
    http.shutdown()
    http.server_close()


def test_a_model_is_fetched_without_pickles_and_its_terms_are_shown_before(
    server: Any, shelf: Shelf, sd15: Path
) -> None:
    shown = []

    def consent(terms: adding.Terms) -> None:
        shown.append((terms.license, terms.commercial, terms.bytes > 100_000))
        assert [path for path in server.asked if path.endswith(".safetensors")] == []

    record = adding.pull(Asked("pattern-diffusion"), Desk(shelf, consent))
    assert shown == [("apache-2.0", "yes", True)]
    assert (record.name, record.source, record.revision) == ("pattern-diffusion", ID, "c0ffee")
    assert record.place == shelf.folder / "pattern-diffusion" / "files"
    fetched = {p.relative_to(record.place).as_posix() for p in record.place.rglob("*") if p.is_file()}
    assert {"model_index.json", "unet/config.json", "tokenizer/tokenizer_config.json"} < fetched
    assert not [path for path in fetched if path.endswith((".bin", "pruned.safetensors")) or "checker" in path]
    loaded = loading.load(record)
    assert same(loaded.pipeline.components["unet"], sd15 / "unet")
    assert type(loaded.pipeline.components["scheduler"]).__name__ == "DDPMScheduler"
    # The shelf can be moved: nothing fetched is named by an absolute place.
    moved = Shelf(shelf.folder.rename(shelf.folder.parent / "elsewhere"))
    assert moved.record("pattern-diffusion").digest == record.digest
    assert modeling.verify("pattern-diffusion", moved, lambda *_: None) == len(record.files)
    assert moved.remove("pattern-diffusion") > 100_000
    assert list(moved.folder.iterdir()) == []


def test_what_was_damaged_or_cut_on_its_way_leaves_no_model_and_the_rest_is_not_fetched_again(
    server: Any, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    weights = "unet/diffusion_pytorch_model.safetensors"
    server.spoil = weights
    with pytest.raises(CannotMake, match=f"{weights} .* otherwise than the hub says"):
        adding.pull(Asked(ID), desk)
    assert desk.shelf.names() == []
    server.spoil, server.asked[:] = "", []

    def interrupted(what: str, done: int, total: int) -> None:
        if what == weights:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        adding.pull(Asked(ID), Desk(desk.shelf, desk.consent, interrupted))
    assert desk.shelf.names() == []
    server.asked.clear()
    assert adding.pull(Asked(ID, name="again"), desk).name == "again"
    before = len(server.asked)
    server.asked.clear()
    assert adding.pull(Asked(ID), desk).name == "pattern-diffusion"
    assert len(server.asked) < before


def test_a_lora_is_fetched_onto_its_base_and_a_file_is_lent_words_alone(
    server: Any, desk: Desk, sd15: Path, tmp_path: Path
) -> None:
    adding.add(Asked(str(sd15), name="sd15"), desk)
    record = adding.pull(Asked("lcm-sd15"), desk)
    assert (record.kind, record.steps, record.base and record.base.name) == ("lora", 4, "sd15")
    assert type(loading.load(record).pipeline.components["scheduler"]).__name__ == "LCMScheduler"
    server.asked.clear()
    path = as_one_file(sd15, tmp_path / "merged.safetensors")
    lent = adding.add(Asked(str(path), base=ID), desk)
    assert not [path for path in server.asked if path.endswith((".safetensors", ".bin"))]
    assert lent.config == desk.shelf.folder / "merged" / "config"
    with pytest.raises(MissingPart, match=r"the part vae .* has no weights"):
        loading.load(lent)


def test_nothing_is_fetched_offline_or_without_consent_and_what_is_cached_is_used(
    server: Any, desk: Desk, shelf: Shelf, sd15: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(terms: adding.Terms) -> None:
        raise CannotMake("no")

    with pytest.raises(CannotMake):
        adding.pull(Asked(ID), Desk(shelf, refuses))
    assert not shelf.folder.exists()
    with pytest.raises(InputError, match="no model 'nobody/nothing'"):
        adding.pull(Asked("nobody/nothing"), desk)
    with pytest.raises(CannotMake, match="accept it there"):
        adding.pull(Asked("gated/model"), desk)
    with pytest.raises(InputError, match="nothing at"):
        adding.add(Asked(f"{tmp_path.name}/model.safetensors"), desk)
    with pytest.raises(InputError, match="sdxl-turbo"):
        adding.pull(Asked("nothing"), desk)
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    server.asked.clear()
    with pytest.raises(CannotMake, match="HF_HUB_OFFLINE"):
        adding.pull(Asked(ID), desk)
    cache = tmp_path / "cache" / f"models--{ID.replace('/', '--')}"
    (cache / "refs").mkdir(parents=True)
    (cache / "refs" / "main").write_text("c0ffee")
    shutil.copytree(sd15, cache / "snapshots" / "c0ffee")
    record = adding.add(Asked(ID), desk)
    assert (record.name, record.license, record.place) == (
        "pattern-diffusion",
        "apache-2.0",
        cache / "snapshots" / "c0ffee",
    )
    assert server.asked == []
    shelf.remove("pattern-diffusion")
    assert record.place.is_dir()


def test_the_command_line_shows_the_license_and_asks_where_pictures_may_not_simply_be_sold(
    shelf: Shelf, sd15: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(*line: str) -> tuple[int, str, str]:
        code = main(["models", *line])
        said = capsys.readouterr()
        return code, said.out, said.err

    code, out, err = run("add", str(sd15), "--name", "mine", "--like", "flux1-dev")
    assert (code, out) == (4, "")
    assert "flux-1-dev-non-commercial-license" in err
    assert "--yes" in err
    assert not shelf.folder.exists()
    code, out, err = run("add", str(sd15), "--name", "mine", "--like", "flux1-dev", "--yes")
    assert code == 0
    assert "non-commercial" in err
    assert "mine is on the shelf" in out
    assert "ask first" in run("list")[1]
    assert {"loom", "mine", "sdxl"} <= {row["name"] for row in json.loads(run("list", "--json")[1])["models"]}
    shown = json.loads(run("show", "mine", "--json")[1])
    assert shown["commercial"] == "no"
    assert set(shown["guarantee"]) == {"method", "exact", "says"}
    assert shown["multiple_px"] > 1
    assert "license" in run("show", "sdxl")[1]
    assert run("verify")[0] == 0
    assert run("rm", "mine")[0] == 0
    assert sd15.is_dir()
    for line, said in ((("show", "sdxi"), "sdxl"), (("rm", "mine"), "no model"), (("add", "x.ckpt"), "nothing at")):
        code, out, err = run(*line)
        assert (code, err.count("\n")) == (3, 1)
        assert said in err


def test_a_shelf_that_cannot_be_written_or_read_is_said(shelf: Shelf, sd15: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CannotMake, match="PATTERNS_MODELS"):
        adding.add(Asked(str(sd15)), Desk(Shelf(tmp_path / "file" / "below"), lambda terms: None))
    adding.add(Asked(str(sd15)), Desk(shelf, lambda terms: None))
    path = shelf.folder / "tiny" / "record.json"
    good = json.loads(path.read_text())
    for bad in ("{", "[]", json.dumps({**good, "schema": 99}), json.dumps({**good, "files": [["../x", 1, ""]]})):
        path.write_text(bad)
        with pytest.raises(MissingPart, match="cannot be read"):
            shelf.record("tiny")
        assert len(shelf.records()[1]) == 1
    path.write_text(json.dumps(good))
    for name in ("loom", "tiny", "Big Name", "../up"):
        with pytest.raises(InputError, match="name"):
            shelf.refuse_name(name)
