"""House laws over the table of commands: each helps, fails well, leaves nothing half-written, speaks JSON."""

import json
import os
import signal
import struct
import subprocess
import sys
import time
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from patterns.cli import console, main

COMMANDS = (
    "make", "design", "separate", "recolor", "colorways", "export", "check", "replay", "train", "doctor", "trace",
    "library list", "library show", "library rm", "presets list", "presets search", "presets show",
    "palette show", "palette convert", "palette harmony", "palette picture", "models vocabulary",
    "vary", "edit", "blend", "seamless", "mockup", "mockup bake",
    "models list", "models show", "models pull", "models add", "models verify", "models rm",
)  # fmt: skip
SMALL = "--size 8cm --steps 2"


@pytest.fixture
def home(tmp_path: Path, small_weights: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty place to work in, with a library and weights of its own and no terminal."""
    monkeypatch.setenv("PATTERNS_LIBRARY", str(tmp_path / "library"))
    monkeypatch.setenv("PATTERNS_WEIGHTS", str(small_weights))
    monkeypatch.setenv("COLUMNS", "100")
    for name in ("FORCE_COLOR", "PATTERNS_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def words(line: str) -> list[str]:
    """Return a command line's words; a word in the table may hold blanks, written as a tilde."""
    return [word.replace("~", " ") for word in line.split()]


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def picture(path: Path, *, size: int = 64, side: int | None = None) -> bytes:
    """Write a noisy PNG, or one whose header claims ``side`` pixels a side; return its bytes."""
    pixels = np.random.default_rng(0).integers(0, 255, (size, size, 3), np.uint8)
    Image.fromarray(pixels).save(path)
    data = path.read_bytes()
    if side is not None:
        header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
        data = data[:8] + chunk(b"IHDR", header) + data[33:]
        path.write_bytes(data)
    return data


def bad_files(home: Path) -> None:
    """Write the files that the table of bad input names."""
    data = picture(home / "whole.png")
    (home / "cut.png").write_bytes(data[: len(data) // 2])
    picture(home / "bomb.png", side=60_000)
    (home / "text.png").write_text("not a picture")
    (home / "file").write_text("")
    newer = {"schema": 99, "version": "9.0.0"}
    (home / "newer.json").write_text(json.dumps(newer))
    text = b"patterns\0\0\0\0\0" + json.dumps(newer).encode()
    (home / "newer.png").write_bytes(data[:33] + chunk(b"iTXt", text) + data[33:])
    (home / "weights").mkdir()


# command, exit code, what the sentence must say
BAD = [
    ("frobnicate", 2, "frobnicate"),
    ("make peonies", 2, "--for"),
    ("design", 2, "prompt"),
    ("design peonies --frob", 2, "--frob"),
    ("design peonies --inks many", 2, "integer"),
    ("recolor abc", 2, "--palette"),
    ("design peonies --repeat zigzag", 3, "half-drop"),
    ("design peonies --size 3cm", 3, "80 mm"),
    ("design peonies --size 10", 3, "64cm"),
    ("design peonies --size 8cm --repeat drop~1/63", 3, "fits no pixel grid"),
    ("design peonies --symmetry p4m --repeat half-drop", 3, "cmm"),
    ("design peonies --palette #111,#222,#333,#444,#555,#666,#777", 3, "2 to 6 inks"),
    ("design peonies --palette nosuch", 3, "nosuch"),
    ("design zeppelins", 3, "peony"),
    ("design ~", 3, "empty"),
    ("design peonies --model weights", 7, "weights"),
    ("design peonies --library file/below --size 8cm --steps 1", 4, "--library"),
    ("make peonies --for fabric-digitl", 3, "fabric-digital"),
    ("make peonies --for fabric-digital --out file", 4, "cannot be written"),
    ("make peonies --for fabric-digital --out file/below", 4, "cannot be written"),
    ("make peonies --for wallpaper-roll --size 32cm", 4, "--size 265x265mm (-17.2 %, straight match)"),
    ("make peonies --for fabric-rotary --size 50cm", 4, "leaves a jump; --size 640x640mm (+28.0 %)"),
    ("export abc --for fabric-digital", 3, "abc"),
    ("trace abc", 3, "abc"),
    ("trace abc --format gif", 3, "svg"),
    ("trace abc --tolerance 0", 3, "tolerance"),
    ("check nothing.png", 3, "nothing.png"),
    ("check cut.png", 3, "damaged"),
    ("check bomb.png", 3, "megapixels"),
    ("check text.png", 3, "not a picture"),
    ("check whole.png --repeat zigzag", 3, "half-drop"),
    ("check whole.png --repeat third-drop", 3, "divisible by 3"),
    ("replay nothing.png", 3, "nothing.png"),
    ("replay cut.png", 3, "cut short"),
    ("replay whole.png", 3, "no record"),
    ("replay newer.png", 3, "update patterns"),
    ("replay newer.json", 3, "update patterns"),
    ("replay text.png", 3, "text.png"),
    ("mockup", 2, "design"),
    ("mockup abc", 3, "abc"),
    ("mockup abc --part seat", 2, "PART=DESIGN"),
    ("mockup abc --scale 0", 3, "0.05 to 20"),
    ("mockup abc --animate --colorways", 2, "one scene"),
    ("mockup bake nothing.jpg", 3, "--corners"),
    ("mockup bake nothing.jpg --corners 0,0~9,0~9,9~0,9 --width 2m", 3, "nothing.jpg"),
    ("mockup bake text.png --corners 0,0~1,0~1,1~0,1 --width 2m", 3, "text.png"),
    ("library show abc", 3, "abc"),
    ("library rm abc", 3, "abc"),
    ("presets list shoes", 3, "palettes"),
    ("presets show indigo-hose", 3, "indigo-house"),
    ("train --minutes 0", 3, "minutes"),
    ("train --device toaster --out run --minutes 1", 4, "toaster"),
    ("doctor --model weights", 7, "weights"),
]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_helps_and_offers_json(command: str, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*command.split(), "--help"]) == 0
    said = capsys.readouterr()
    assert "--json" in said.out
    assert said.err == ""


def test_every_command_is_documented() -> None:
    text = (Path(__file__).parent.parent / "docs" / "commands.md").read_text(encoding="utf-8")
    missing = [command for command in COMMANDS if f"## `patterns {command}" not in text]
    assert missing == []


@pytest.mark.parametrize(("line", "code", "sentence"), BAD)
def test_bad_input_is_one_sentence_with_its_code_and_leaves_nothing(
    line: str, code: int, sentence: str, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad_files(home)
    before = sorted(home.rglob("*"))
    assert main(words(line)) == code
    said = capsys.readouterr()
    if line.startswith("doctor"):
        assert sentence in said.out
    else:
        assert said.out == ""
        assert said.err.startswith("patterns: ")
        assert said.err.count("\n") == 1
        assert sentence in said.err
    assert "Traceback" not in said.err
    assert sorted(home.rglob("*")) == before


@pytest.mark.parametrize(("line", "code", "sentence"), [row for row in BAD if not row[0].startswith("doctor")][::5])
def test_bad_input_is_json_too(
    line: str, code: int, sentence: str, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad_files(home)
    assert main([*words(line), "--json"]) == code
    record = json.loads(capsys.readouterr().out)
    assert record["exit_code"] == code
    assert sentence in record["error"]


def test_the_road_speaks_json_on_stdout_alone(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def run(line: str) -> dict:
        code = main([*words(line), "--json"])
        said = capsys.readouterr()
        assert code == 0, said.err
        return json.loads(said.out)

    made = run(f"make indigo~peonies~on~cream --for fabric-digital --repeat half-drop --seed 7 --out out {SMALL}")
    assert all(Path(file["path"]).is_file() for file in (*made["files"], *made["mockups"]))
    assert [Path(shown["path"]).name for shown in made["mockups"]] == ["mockup-meterage.jpg"]
    name = made["id"]
    assert run(f"design peonies --seed 2 {SMALL}")["design"]["brief"]["seed"] == 2
    child = run(f"recolor {name[:8]} --palette madder-root")
    assert child["design"]["parent"] == name
    assert (
        run(f"export {name} --for wallpaper-roll --size 10.6cm --length 1m --out wall")["match"]
        == "half-drop 10.6/5.3 cm"
    )
    again = run("replay out/repeat.pdf --out again")
    assert (again["source"], again["differing"]) == ("library", 0.0)
    assert Path(again["tile"]).read_bytes() == Path(made["tile"]).read_bytes()
    listed = run("library list")["designs"]
    assert listed[0]["id"] == name
    assert run(f"library show {name}")["id"] == name
    assert run(f"library rm {name}") == {"removed": name}
    assert name not in [row["id"] for row in run("library list")["designs"]]
    assert "indigo-house" in [row["name"] for row in run("presets list palettes")["palettes"]]
    assert set(run("presets list")) == {"products", "fabrics", "palettes", "scenes", "families"}
    assert run("presets show fabric-digital")["dpi"] == 152.4
    assert {part["name"] for part in run("doctor")["parts"]} >= {"torch", "weights", "presets", "library"}


def test_people_see_each_file_with_its_size_and_findings_on_stderr(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words(f"make peonies~and~zeppelins --for fabric-digital --repeat half-drop --out out {SMALL}")) == 0
    said = capsys.readouterr()
    assert "out/repeat.png" in said.out
    assert "16 cm x 8 cm" in said.out
    assert "960 x 480 px" in said.out
    assert "zeppelins" in said.err
    assert "▀" not in said.out  # no terminal, no colors
    assert main(["library", "list"]) == 0
    assert "peonies and zeppelins" in capsys.readouterr().out


def test_a_terminal_is_shown_the_tile(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.setenv("TERM", "xterm-256color")
    assert main(words(f"design peonies {SMALL}")) == 0
    rows = [line for line in capsys.readouterr().out.splitlines() if "▀" in line]
    assert len(rows) == 30
    assert all(row.count("▀") == 60 for row in rows)


def test_half_blocks_are_means_over_their_area() -> None:
    pixels = np.zeros((8, 8, 3), np.float32)
    pixels[:, 4:] = 1.0
    assert console.half_blocks(pixels, 2) == [[(0, 0, 0), (255, 255, 255)]] * 2
    assert console.half_blocks(pixels, 1)[0][0][0] in (127, 128)


def test_check_ends_with_5_on_a_seam(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    y, x = np.mgrid[:256, :256] * (2 * np.pi / 256)
    waves = np.sin(2 * x + y) + np.sin(3 * y - x + 1) + np.sin(x + 2) * np.cos(4 * y) + np.sin(5 * x - 2 * y)
    pixels = np.where((waves > 0.3)[..., None], (39, 53, 107), (243, 234, 215)).astype(np.uint8)
    Image.fromarray(pixels).save(home / "whole.png")
    Image.fromarray(pixels[:, 5:]).save(home / "cut.png")
    assert main(["check", "whole.png"]) == 0
    assert "no seam" in capsys.readouterr().out
    assert main(["check", "cut.png", "--json"]) == 5
    record = json.loads(capsys.readouterr().out)
    assert record["passed"] is False
    assert record["joints"][0]["verdict"] == "seam"


def test_a_fault_of_ours_is_one_sentence_and_a_traceback_only_when_debugging(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("oops")

    monkeypatch.setattr("patterns.atelier.health.examine", broken)
    assert main(["doctor"]) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "report it" in said
    monkeypatch.setenv("PATTERNS_DEBUG", "1")
    assert main(["doctor"]) == 1
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.parametrize("stage", ["patterns.loom.weave.weave", "patterns.press.package.write_sheet"])
def test_an_interruption_ends_with_130_and_leaves_nothing_half_written(
    stage: str, home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(stage, interrupted)
    assert main(words(f"make peonies --for fabric-digital --out out {SMALL}")) == 130
    assert "interrupted" in capsys.readouterr().err
    assert not (home / "out").exists()
    half = [p for p in (home / "library").rglob("*") if p.name.startswith(".")]
    assert half == []


def surroundings(**more: str) -> dict[str, str]:
    """Return an environment in which another Python finds this package from any folder."""
    return {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent), **more}


def python(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, env=surroundings(**environment))


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; from patterns.cli import main; main(['--help']); main(['make', '--help']);"
        "print([m for m in ('torch', 'skia', 'PIL', 'numpy', 'scipy', 'cv2', 'reportlab') if m in sys.modules])"
    )
    assert python("-c", code).stdout.strip().endswith("[]")


def test_commands_that_do_not_generate_import_no_torch(home: Path) -> None:
    code = (
        "import sys; from patterns.cli import main;"
        "codes = [main(line.split()) for line in ('library list', 'presets list', 'presets show indigo-house')];"
        "print(codes, 'torch' in sys.modules)"
    )
    assert python("-c", code).stdout.strip().endswith("[0, 0, 0] False")


def test_the_module_runs_and_its_exit_code_reaches_the_shell() -> None:
    done = python("-m", "patterns", "presets", "show", "nosuch")
    assert (done.returncode, done.stdout) == (3, "")
    assert python("-m", "patterns", "--version").stdout.startswith("patterns 0.")


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("patterns design x --repeat ha", "half-drop"),
        ("patterns make x --for fabric-d", "fabric-digital"),
        ("patterns recolor x --palette indigo", "indigo-house"),
        ("patterns presets list pal", "palettes"),
    ],
)
def test_shells_complete_names(line: str, found: str) -> None:
    done = python(
        "-m", "patterns", _PATTERNS_COMPLETE="complete_bash", COMP_WORDS=line, COMP_CWORD=str(len(line.split()) - 1)
    )
    assert found in done.stdout.split()


def test_ctrl_c_ends_the_process_with_130(home: Path) -> None:
    command = [sys.executable, "-m", "patterns", "design", "peonies", "--size", "60cm", "--steps", "1000"]

    def restore() -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)

    running = subprocess.Popen(
        command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, preexec_fn=restore, env=surroundings()
    )
    time.sleep(4)
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=120)
    assert (running.returncode, out) == (130, "")
    assert "interrupted" in err
    assert "Traceback" not in err
    assert not (home / "library").exists()
