"""Captured runs for tests of the capture and of the reports, made on the spot from the project's own models."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import omvsim
from omvsim import models
from omvsim.advice import suggest
from omvsim.boards import load_board
from omvsim.capture import Capture, Recorder, capture_exec, capture_gate, capture_run
from omvsim.frame_time import time_of_run
from omvsim.gate import GateOptions, run_gate
from omvsim.runs import ScriptOptions, ScriptResult, run_script
from tests.folders import lasting_folder

if TYPE_CHECKING:
    from pathlib import Path

    from omvsim.runs.scenario import RunResult

FB = 0x60000000
LEAK = """import sensor
sensor.reset()
sensor.set_pixformat(sensor.GRAYSCALE)
sensor.set_framesize(sensor.QQVGA)
kept = []
def picture(img):
    return bytearray(img.width() * img.height() * 20)
while True:
    img = sensor.snapshot()
    kept.append(picture(img))
    print("frame %d of <b>many</b>" % len(kept))
"""
FRAMES = """import sensor, gc
sensor.reset()
sensor.set_pixformat(sensor.GRAYSCALE)
sensor.set_framesize(sensor.QQVGA)
while True:
    img = sensor.snapshot()
    text = str(img.width()) * 40
    print(len(text))
"""
RUNS = {
    "runs": ("fomo-like", {}),
    "pools": ("mobilenet-like", {"firmware": "5.0.0", "load": "file", "gc": [(64 << 10, None), (204 << 10, None)]}),
    "memory-error": ("fomo-like", {"gc": [(247 << 10, FB)]}),
    "may-crash": ("fomo-like", {"gc": [(250 << 10, FB)]}),
    "value-error": ("fomo-like", {"gc": [(100 << 10, FB)]}),
    "to-fb": ("tiny-conv", {"firmware": "4.5.5", "load": "fb"}),
}
NAMES = (*RUNS, "leak", "frames", "gate")


@lru_cache(maxsize=1)
def folder() -> Path:
    made = lasting_folder()
    for name in {name for name, _ in RUNS.values()}:
        (made / f"{name}.tflite").write_bytes(models.make(name))
    (made / "leak.py").write_text(LEAK)
    (made / "frames.py").write_text(FRAMES)
    (made / "omvsim.toml").write_text(
        "[[gate]]\nname = 'small'\nmodels = ['*.tflite']\nfirmware = ['4.8.1', '5.0.0']\nframes = 3\n"
        "[gate.budget]\narena = '60K'\n"
    )
    return made


@lru_cache(maxsize=8)
def run_of(name: str) -> tuple[RunResult, Recorder]:
    model, options = RUNS[name]
    recorder = Recorder()
    return omvsim.run(folder() / f"{model}.tflite", watcher=recorder, **options), recorder


@lru_cache(maxsize=4)
def exec_of(name: str) -> tuple[ScriptResult, Recorder]:
    recorder = Recorder()
    options = ScriptOptions(frames=40, time_limit=None, watcher=recorder)
    return run_script(folder() / f"{name}.py", load_board("openmv-rt1062"), options), recorder


@lru_cache(maxsize=16)
def capture_of(name: str) -> Capture:
    if name in RUNS:
        result, recorder = run_of(name)
        return capture_run(result, recorder, suggest(result), time_of_run(result))
    if name == "gate":
        return capture_gate(run_gate(GateOptions(folder() / "omvsim.toml", None, False, None, 1)))
    script, recorder = exec_of(name)
    return capture_exec(script, recorder, ())
