"""The recorder: its text, the tool that runs it, and a run on a MicroPython that is really there."""

from __future__ import annotations

import ast
import importlib.util
import json
import os
import signal
import sys
import types
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from omvsim import models
from omvsim.boards import load_board
from omvsim.cli import main
from omvsim.errors import InputError, MissingExtraError
from omvsim.firmware import LoadMode
from omvsim.recorder import ConnectionLost, Way, open_camera, record, recorder_script
from omvsim.traces import Loaded, Probe, Raised, Snapshot, Timing, Trace, open_trace, parse_serial_log
from omvsim.validate import ModelLibrary, Quantity, validate_trace
from omvsim.validate._run import run_on_camera

if TYPE_CHECKING:
    from collections.abc import Callable

_spec = importlib.util.spec_from_file_location("npm_oracle", Path(__file__).parents[1] / "oracles/npm.py")
assert _spec is not None
assert _spec.loader is not None
npm = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(npm)


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "tiny.tflite"
    path.write_bytes(models.make("autoencoder"))
    return path


# ── The script ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("load", list(LoadMode))
@pytest.mark.parametrize("call", ["classify", "segment", "detect"])
def test_the_script_is_python_and_complete(model: Path, load: LoadMode, call: str) -> None:
    text = recorder_script(model, load=load, call=call, frames=3, heap_map=True)
    ast.parse(text)
    assert "@" not in text.replace("# ", "")
    folder = "/rom" if load is LoadMode.ROM else "/flash"
    assert f'PATH = "{folder}/tiny.tflite"' in text
    assert "FRAMES = 3\nMAP = True\n" in text
    assert ("load_to_fb=True" in text) == (load is LoadMode.FB)
    assert f"m.{call}(data" in text


def test_names_are_quoted(tmp_path: Path) -> None:
    path = tmp_path / 'it\'s "x"\\y.tflite'
    path.write_bytes(models.make("autoencoder"))
    tree = ast.parse(recorder_script(path))
    printed = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    assert '/rom/it\'s "x"\\y.tflite' in printed
    header = next(text for text in printed if '"models":[' in text)
    assert json.loads(header[header.index("[") + 1 : header.index("]")])["name"] == 'it\'s "x"\\y'


@pytest.mark.parametrize(
    ("values", "cause"),
    [({"frames": -1}, "negative"), ({"call": "sing"}, "none of"), ({"path": "/flash/\n"}, "cannot be written")],
)
def test_senseless_values(model: Path, values: dict[str, object], cause: str) -> None:
    with pytest.raises(InputError, match=cause):
        recorder_script(model, **values)  # type: ignore[arg-type]


def test_command(model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["trace", "script", str(model)]) == 0
    text = capsys.readouterr().out
    assert main(["trace", "script", str(model), "-o", str(tmp_path / "rec.py")]) == 0
    assert (tmp_path / "rec.py").read_text() == text
    assert main(["trace", "script", str(tmp_path / "no.tflite")]) == 3


# ── Recording ────────────────────────────────────────────────────────────────────────────────────────────────────────

PORT = ("--port", "COM3", "--via", "openmv", "--firmware", "5.0.0")
HEADER = '{"ev":"header","schema":"omvsim.trace","version":1,"origin":"recorder","firmware":"4.8.1","board":"x"}\n'
SHOT = '{"ev":"snapshot","label":"before_model","used":1,"free":2}\n'
END = '{"ev":"end"}\n'


class FakeCamera:
    """Hands out what it is given; an exception among it is raised."""

    def __init__(self, *parts: str | Exception) -> None:
        self.parts = list(parts)
        self.acknowledged: list[int] = []
        self.script = ""

    def start(self, script: str) -> None:
        self.script = script
        if self.parts and isinstance(self.parts[0], ConnectionLost):
            raise self.parts[0]

    def acknowledge(self, lines: int) -> None:
        self.acknowledged.append(lines)

    def read(self) -> str:
        part = self.parts.pop(0) if self.parts else ""
        if isinstance(part, Exception):
            raise part
        return part


def ticking() -> Callable[[], float]:
    moments = iter(range(10_000))
    return lambda: float(next(moments))


def test_a_whole_recording() -> None:
    seen: list[int] = []
    camera = FakeCamera("boot\r\n", HEADER[:40], HEADER[40:], "", SHOT + END[:5], END[5:], "late")
    log = record(camera, "script", progress=lambda text: seen.append(len(text)), sleep=lambda _: None)
    assert camera.script == "script"
    assert log.complete
    assert parse_serial_log("x", log.text).complete
    assert seen == sorted(seen)
    assert "\r" not in log.text


def test_a_camera_that_vanishes_leaves_what_it_said() -> None:
    log = record(FakeCamera(HEADER, SHOT, SHOT[:20], ConnectionLost("unplugged")), "", sleep=lambda _: None)
    assert not log.complete
    assert "unplugged" in log.reason
    trace = parse_serial_log("x", log.text)
    assert not trace.complete
    assert trace.events == (Snapshot("before_model", 1, 2),)


def test_a_camera_that_hangs() -> None:
    log = record(FakeCamera(HEADER), "", timeout=20, clock=ticking(), sleep=lambda _: None)
    assert not log.complete
    assert "printed nothing for 20 s" in log.reason


def test_a_camera_that_is_not_there_at_all() -> None:
    assert record(FakeCamera(ConnectionLost("no")), "").text == ""


class OMVException(Exception):
    """As in the openmv package."""


def fake_package(script_output: list[object], *, connects: bool = True) -> types.ModuleType:
    """The part of the openmv package's API that recording uses; some serial errors end in ``sys.exit`` there."""
    output = list(script_output)

    class Camera:
        def __init__(self, port: str) -> None:
            self.port = port
            self.log: list[str] = []

        def connect(self) -> None:
            if not connects:
                raise OMVException("Failed to connect: no such port")

        def disconnect(self) -> None:
            self.log.append("disconnect")

        def stop(self) -> None:
            self.log.append("stop")

        def exec(self, script: str) -> None:
            assert script.startswith("# omvsim recorder")

        def read_status(self) -> dict[str, bool] | None:
            if output and isinstance(output[0], BaseException):
                raise output[0]
            return {"stdin": False, "stdout": bool(output)}

        def read_stdout(self) -> str | None:
            return str(output.pop(0))

    package = types.ModuleType("openmv")
    package.Camera = Camera  # type: ignore[attr-defined]
    package.OMVException = OMVException  # type: ignore[attr-defined]
    return package


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)


@pytest.mark.usefixtures("quick")
def test_record_command(
    model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "log.jsonl.gz"
    monkeypatch.setitem(sys.modules, "openmv", fake_package([HEADER, SHOT, END]))
    assert main(["trace", "record", str(model), *PORT, "-o", str(output)]) == 0
    assert open_trace(output).header.origin == "recorder"  # type: ignore[union-attr]
    assert "complete" in capsys.readouterr().err
    for loss in (OMVException("gone"), OSError("gone"), SystemExit(0)):
        monkeypatch.setitem(sys.modules, "openmv", fake_package([HEADER, SHOT, loss]))
        assert main(["trace", "record", str(model), *PORT, "-o", str(output), "--force"]) == 1
        assert not open_trace(output).complete  # type: ignore[union-attr]
        assert "incomplete: the camera is gone" in capsys.readouterr().err


@pytest.mark.usefixtures("quick")
def test_ctrl_c_keeps_what_was_recorded(
    model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "log.jsonl.gz"
    monkeypatch.setitem(sys.modules, "openmv", fake_package([HEADER, SHOT, SHOT[:20], KeyboardInterrupt()]))
    assert main(["trace", "record", str(model), *PORT, "-o", str(output)]) == 130
    trace = open_trace(output)
    assert isinstance(trace, Trace)
    assert not trace.complete
    assert trace.events == (Snapshot("before_model", 1, 2),)
    assert "incomplete: interrupted" in capsys.readouterr().err


@pytest.mark.usefixtures("quick")
@pytest.mark.skipif(os.name != "posix", reason="signals")
@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_a_request_to_end_is_ctrl_c(model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    package = fake_package([HEADER, SHOT, END])
    read = package.Camera.read_stdout

    def read_and_stop(camera: object) -> str:
        os.kill(os.getpid(), getattr(signal, name))
        return str(read(camera))

    package.Camera.read_stdout = read_and_stop
    monkeypatch.setitem(sys.modules, "openmv", package)
    output = tmp_path / "log.jsonl"
    first = HEADER + SHOT  # nothing was read before the signal: there is no trace, and the old one stays
    output.write_text(first)
    assert main(["trace", "record", str(model), *PORT, "-o", str(output), "--force"]) == 3
    assert output.read_text() == first
    assert signal.getsignal(getattr(signal, name)) == signal.SIG_DFL


def test_a_recording_is_not_replaced_unasked(
    model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither a named one nor that of the default name; the camera is not even asked for."""
    monkeypatch.setitem(sys.modules, "openmv", None)
    monkeypatch.chdir(tmp_path)
    for name, words in (("run.jsonl", ["-o", "run.jsonl"]), (f"{model.stem}.trace.jsonl.gz", [])):
        Path(name).write_text("before")
        assert main(["trace", "record", str(model), *PORT, *words]) == 3
        assert capsys.readouterr().err.startswith(f"omvsim: {name}: exists already, and a recording")
        assert Path(name).read_text() == "before"


def test_a_missing_folder_is_noticed_before_the_camera_is_asked(
    model: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "openmv", None)
    assert main(["trace", "record", str(model), *PORT, "-o", "no/folder/x.jsonl"]) == 3
    assert capsys.readouterr().err.startswith("omvsim: no/folder/x.jsonl: cannot be written (No such file")


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(("said", "log_name"), [([HEADER, SHOT, '{"ev":1}\n' + END], "log.jsonl.log")])
def test_a_log_that_is_no_trace_is_kept(
    model: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    said: list[object],
    log_name: str,
) -> None:
    monkeypatch.setitem(sys.modules, "openmv", fake_package(said))
    assert main(["trace", "record", str(model), *PORT, "-o", str(tmp_path / "log.jsonl")]) == 3
    assert (tmp_path / log_name).read_text() == "".join(map(str, said))
    assert log_name in capsys.readouterr().err
    assert not (tmp_path / "log.jsonl").exists()


@pytest.mark.usefixtures("quick")
def test_a_trace_that_cannot_be_written_leaves_its_log(
    model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The disk fills up while the camera is recorded; the trace before stays whole."""
    output = tmp_path / "log.jsonl"
    output.write_text("before")
    monkeypatch.setitem(sys.modules, "openmv", fake_package([HEADER, SHOT, END]))

    def full(_trace: object, path: str) -> None:
        raise InputError(path, "cannot be written (No space left on device)")

    monkeypatch.setattr("omvsim.traces.write_trace", full)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert main(["trace", "record", str(model), *PORT, "-o", str(output), "--force"]) == 3
    (log,) = tmp_path.glob("*/recording.log")
    assert log.read_text() == HEADER + SHOT + END
    assert str(log) in capsys.readouterr().err
    assert output.read_text() == "before"


def test_no_package_no_camera(model: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setitem(sys.modules, "openmv", None)
    with pytest.raises(MissingExtraError, match="pip install openmv"), open_camera("COM3", Way.OPENMV):
        pass
    assert main(["trace", "record", str(model), *PORT]) == 1
    monkeypatch.setitem(sys.modules, "openmv", fake_package([], connects=False))
    assert main(["trace", "record", str(model), *PORT]) == 3
    assert "COM3: no camera answers there" in capsys.readouterr().err


# ── On a MicroPython that is really there ────────────────────────────────────────────────────────────────────────────

STUBS = """
import sys
class Holder: pass
def module(name, **members):
    made = Holder()
    for key in members: setattr(made, key, members[key])
    sys.modules[name] = made
class Model:
    def __init__(self, path):
        self.ram = 5000
        self.input_shape = ((1, 4),)
        @BODY@
    def __repr__(self):
        return "{ model_size: 1, model_addr: 0x60800040, ram_size: 5000, ram_addr: 0x20300000 }"
    def predict(self, inputs):
        assert callable(inputs[0])
        return [[0.5]]
module("omv", version_string=lambda: "4.8.1", board_type=lambda: "IMXRT1060")
module("ml", Model=Model)
"""


def run_recorder(model: Path, tmp_path: Path, stubs: str, **options: object) -> str:
    script, before = tmp_path / "recorder.py", tmp_path / "stubs.py"
    script.write_text(recorder_script(model, **options))  # type: ignore[arg-type]
    before.write_text(stubs)
    return str(npm.run_micropython(before, script, heap=256 * 1024))


def test_the_script_runs_on_micropython(model: Path, tmp_path: Path) -> None:
    log = run_recorder(model, tmp_path, STUBS.replace("@BODY@", "pass"), frames=2, heap_map=True)
    trace = parse_serial_log("log", log)
    assert trace.complete
    shots = [event for event in trace.events if isinstance(event, Snapshot)]
    assert [shot.label for shot in shots] == [
        "before_model",
        "after_model",
        "after_model_collect",
        "after_predict",
        "after_predict",
        "end",
    ]
    assert all(shot.max_free is not None for shot in shots)
    loaded = [event for event in trace.events if isinstance(event, Loaded)]
    assert loaded == [Loaded(5000, 0x20300000, 0x60800040)]
    assert sum(isinstance(event, Timing) for event in trace.events) == 3
    assert any(isinstance(event, Probe) for event in trace.events)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ('raise MemoryError("memory allocation failed, allocating 99 bytes")',
         "MemoryError: memory allocation failed, allocating 99 bytes"),
        ("raise MemoryError", "MemoryError: "),
        ("raise OSError(2)", "OSError: [Errno 2] ENOENT"),
        ("raise ValueError('a \"quoted\" text')", "ValueError: a 'quoted' text"),
    ],
)  # fmt: skip
def test_it_survives_what_loading_raises(model: Path, tmp_path: Path, body: str, text: str) -> None:
    trace = parse_serial_log("log", run_recorder(model, tmp_path, STUBS.replace("@BODY@", body), probe=False))
    assert trace.complete
    assert next(event for event in trace.events if isinstance(event, Raised)).text == text


def test_its_output_feeds_validate(model: Path, tmp_path: Path) -> None:
    """The stubs answer with what the simulated camera has; a camera would answer with its own figures."""
    library = ModelLibrary([tmp_path])
    script = recorder_script(model, frames=2, probe=False)
    board = load_board("openmv-rt1062", "4.8.1")
    seen = parse_serial_log("camera", run_on_camera(script, board, library, ballast=25_000).output).events
    answers = [(event.used, event.free) for event in seen if isinstance(event, Snapshot)]
    ram = next(event.ram for event in seen if isinstance(event, Loaded))
    stubs = STUBS.replace("@BODY@", "pass").replace("5000", str(ram))
    stubs += f"ANSWERS = {answers}\n"
    stubs += "class Clock:\n    turn = -1\n"
    stubs += "def used():\n    Clock.turn += 1\n    return ANSWERS[Clock.turn][0]\n"
    stubs += "def free():\n    return ANSWERS[Clock.turn][1]\n"
    stubs += 'module("gc", collect=lambda: None, mem_alloc=used, mem_free=free)\n'
    stubs += 'module("micropython", const=lambda value: value)\n'
    log = tmp_path / "camera.log"
    log.write_text("MicroPython starts\n" + run_recorder(model, tmp_path, stubs, frames=2, probe=False))
    trace = open_trace(log)
    outcome = validate_trace(trace, library)
    assert outcome.skipped is None
    assert not outcome.misses
    assert sum(point.quantity is Quantity.USED for point in outcome.points) == 6
    assert sum(point.quantity is Quantity.MODEL_RAM for point in outcome.points) == 1
    assert main(["validate", str(log)]) == 0


def test_logs_that_say_nothing(model: Path, tmp_path: Path) -> None:
    library = ModelLibrary([tmp_path])
    start = HEADER.replace('"board":"x"', '"board":"IMXRT1060","models":[{"name":"tiny"}]')
    cases = {
        HEADER: "ended before its snapshot",
        start.replace("IMXRT1060", "OPENMV4") + SHOT: "no OpenMV Cam RT1062",
        start.replace("4.8.1", "1.0.0") + SHOT: "no profile of its firmware",
        start.replace('"tiny"', '"other"') + SHOT: "no file for its model",
        start.replace('{"name":"tiny"}', '{"name":"tiny","sha256":"00"}') + SHOT: "is not the tiny",
        start + SHOT.replace('"free":2', '"free":9999999'): "more free than this board",
    }
    for text, reason in cases.items():
        outcome = validate_trace(parse_serial_log("log", text), library)
        assert outcome.skipped is not None
        assert reason in outcome.skipped
