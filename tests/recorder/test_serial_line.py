"""Both ends of a recording: on one side the tool, on the other MicroPython's own prompt, or a ring that overflows."""

from __future__ import annotations

import builtins
import importlib
import os
import shutil
import subprocess
import sys
import threading
import time
import types
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from omvsim import models
from omvsim.cli import main
from omvsim.errors import InputError
from omvsim.firmware import LoadMode
from omvsim.recorder import RawRepl, Way, open_camera, record, recorder_script
from omvsim.traces import Loaded, Snapshot, Trace, open_trace, parse_serial_log

if TYPE_CHECKING:
    from collections.abc import Iterator

ORACLES = Path(__file__).parents[1] / "oracles"
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
    def predict(self, inputs):
        return [[0.5]]
module("omv", version_string=lambda: "4.8.1", board_type=lambda: "IMXRT1060")
module("ml", Model=Model)
"""


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "tiny.tflite"
    path.write_bytes(models.make("autoencoder"))
    return path


# ── MicroPython's own build at the other end of a pseudo-terminal ────────────────────────────────────────────────────


@pytest.fixture
def port(tmp_path: Path) -> Iterator[str]:
    """The name of a serial port behind which MicroPython waits at its prompt."""
    if os.name != "posix":
        pytest.skip("pseudo-terminals")
    pytest.importorskip("serial")
    node = shutil.which("node")
    if node is None or not (ORACLES / "node_modules").is_dir():
        pytest.skip("the oracle is not installed (npm ci in tests/oracles)")
    pty, tty = importlib.import_module("pty"), importlib.import_module("tty")
    master, slave = pty.openpty()
    tty.setraw(slave)
    (tmp_path / "stubs.py").write_text(STUBS)
    command = [node, str(ORACLES / "serial.mjs"), str(512 * 1024), str(tmp_path / "stubs.py")]
    camera = subprocess.Popen(command, stdin=master, stdout=master, stderr=subprocess.DEVNULL)
    yield os.ttyname(slave)
    camera.kill()
    camera.wait()
    os.close(master)
    os.close(slave)


def test_a_recording_over_the_raw_repl(port: str, model: Path, tmp_path: Path) -> None:
    output = tmp_path / "run.jsonl"
    assert main(["trace", "record", str(model), "--port", port, "--frames", "3", "--map", "-o", str(output)]) == 0
    trace = open_trace(output)
    assert isinstance(trace, Trace)
    assert trace.complete
    assert trace.header.firmware == "4.8.1"
    assert [event.ram for event in trace.events if isinstance(event, Loaded)] == [5000]
    shots = [event for event in trace.events if isinstance(event, Snapshot)]
    assert [shot.label for shot in shots].count("after_predict") == 3
    assert all(shot.used > 0 and shot.max_free is not None for shot in shots)


def test_two_recordings_one_after_the_other(port: str, model: Path) -> None:
    """The prompt is left as it was found."""
    for _ in range(2):
        with open_camera(port) as camera:
            assert record(camera, recorder_script(model, probe=False)).complete


def test_a_script_that_ends_early_says_why(port: str) -> None:
    with open_camera(port) as camera:
        log = record(camera, "print('here')\nraise ImportError('no module named x')\n")
    assert log.text == "here\n"
    assert not log.complete
    assert log.reason == "the script ended early (ImportError: no module named x)"


def test_a_port_that_is_not_there() -> None:
    pytest.importorskip("serial")
    with pytest.raises(InputError, match="cannot be opened"), open_camera("/dev/no-such-port"):
        pass


class SilentLine:
    """Takes what is written and says nothing."""

    in_waiting = 0

    def read(self, _size: int) -> bytes:
        return b""

    def write(self, data: bytes) -> int:
        return len(data)


def test_what_is_no_prompt_is_not_waited_for() -> None:
    moments = iter(range(1000))
    repl = RawRepl(SilentLine(), clock=lambda: float(next(moments)), sleep=lambda _: None)
    log = record(repl, "pass")
    assert (log.complete, log.reason) == (False, "the camera is gone (no raw REPL answers)")


# ── Firmware 5.0.0: a ring of 1 024 bytes that overflows without a word ──────────────────────────────────────────────

RING = 1024
TOTALS = """stack: 1200 out of 31000
GC: total: 3000, used: 1000, free: 2000
 No. of 1-blocks: 10, 2-blocks: 5, max blk sz: 16, max free sz: 99"""


class RingCamera:
    """The part of ``openmv.Camera`` that is used; the script runs in a thread and prints into the ring."""

    def __init__(self, _port: str = "") -> None:
        self._ring = bytearray()
        self._lock = threading.Lock()
        self._channels: dict[str, Any] = {}
        self._script: threading.Thread | None = None

    def connect(self) -> None: ...
    def disconnect(self) -> None: ...
    def stop(self) -> None: ...

    def exec(self, script: str) -> None:
        self._script = threading.Thread(target=self._run, args=(script,), daemon=True)
        self._script.start()

    def read_status(self) -> dict[str, bool]:
        return {"stdout": bool(self._ring)}

    def read_stdout(self) -> str:
        with self._lock:
            text = self._ring.decode()
            self._ring.clear()
        return text

    def channel_write(self, name: str, data: bytes) -> bool:
        if name in self._channels:
            self._channels[name].write(0, bytearray(data))
        return name in self._channels

    def _print(self, *words: object, sep: str = " ", end: str = "\n") -> None:
        data = (sep.join(map(str, words)) + end).encode()
        with self._lock:
            self._ring += data[: RING - len(self._ring)]

    def _run(self, script: str) -> None:
        class Model:
            ram = 5000
            input_shape = ((1, 4),)

            def __init__(self, path: str) -> None: ...
            def predict(self, _inputs: object) -> list[float]:
                return [0.5]

        modules = {
            "gc": types.SimpleNamespace(collect=lambda: None, mem_alloc=lambda: 1000, mem_free=lambda: 2000),
            "sys": sys,
            "time": types.SimpleNamespace(
                ticks_us=time.perf_counter_ns, ticks_diff=int.__sub__, sleep_ms=lambda ms: time.sleep(ms / 1000)
            ),
            "micropython": types.SimpleNamespace(mem_info=lambda: self._print(TOTALS)),
            "ml": types.SimpleNamespace(Model=Model),
            "omv": types.SimpleNamespace(version_string=lambda: "5.0.0", board_type=lambda: "IMXRT1060"),
            "protocol": types.SimpleNamespace(register=lambda name, backend: self._channels.update({name: backend})),
        }
        names = {**vars(builtins), "print": self._print, "__import__": lambda name, *_: modules[name]}
        exec(compile(script, "recorder.py", "exec"), {"__builtins__": names, "__name__": "__main__"})


@pytest.fixture
def ring(monkeypatch: pytest.MonkeyPatch) -> None:
    package = types.ModuleType("openmv")
    package.Camera = RingCamera  # type: ignore[attr-defined]
    package.OMVException = type("OMVException", (Exception,), {})  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "openmv", package)
    monkeypatch.setattr("omvsim.recorder._camera.START_SECONDS", 0.0)


@pytest.mark.usefixtures("ring")
def test_acknowledged_lines_never_overflow_the_ring(model: Path, tmp_path: Path) -> None:
    output = tmp_path / "run.jsonl"
    words = ["--port", "X", "--via", "openmv", "--firmware", "5.0.0", "--no-probe", "-o", str(output)]
    assert main(["trace", "record", str(model), *words]) == 0
    trace = open_trace(output)
    assert isinstance(trace, Trace)
    assert trace.complete
    assert sum(isinstance(event, Snapshot) for event in trace.events) == 9


@pytest.mark.usefixtures("ring")
def test_lines_that_are_lost_are_counted(model: Path) -> None:
    """The same camera without acknowledgement: what the ring dropped is noticed by the lines' numbers."""
    script = recorder_script(model, firmware="5.0.0", load=LoadMode.ROM, probe=False)
    with open_camera("X", Way.OPENMV) as camera:
        log = record(camera, script, timeout=0.5)
    text = log.text + '\n{"n":99,"ev":"end"}\n'
    trace = parse_serial_log("x", text)
    assert not trace.complete
    assert "lines of the recorder are lost" in trace.notes[-1]


def test_what_a_way_cannot_do_is_refused(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    port = ("--port", "X", "--via", "openmv")
    assert main(["trace", "record", str(model), *port, "--firmware", "4.8.1"]) == 3
    assert "4.8.1 has no protocol with channels; record over the raw REPL" in capsys.readouterr().err
    assert main(["trace", "record", str(model), *port, "--firmware", "5.0.0", "--map"]) == 3
    assert "use --via repl" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("firmware", "load", "path"),
    [
        ("4.5.9", None, "/tiny.tflite"),
        ("4.6.20", None, "/flash/tiny.tflite"),
        ("4.7.0", None, "/rom/tiny.tflite"),
        (None, None, "/rom/tiny.tflite"),
        ("5.0.0", LoadMode.FILE, "/flash/tiny.tflite"),
        ("4.8.1", LoadMode.FB, "/flash/tiny.tflite"),
    ],
)
def test_where_a_model_is_by_default(model: Path, firmware: str | None, load: LoadMode | None, path: str) -> None:
    assert f'PATH = "{path}"' in recorder_script(model, firmware=firmware, load=load)


@pytest.mark.parametrize(("firmware", "load"), [("4.6.20", LoadMode.ROM), ("5.0.0", LoadMode.FB)])
def test_places_that_a_release_does_not_have(model: Path, firmware: str, load: LoadMode) -> None:
    with pytest.raises(InputError, match=f"load: {firmware} has no "):
        recorder_script(model, firmware=firmware, load=load)
