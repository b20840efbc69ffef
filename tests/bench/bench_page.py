"""How long pages take and how large they are: ``python -m tests.bench.bench_page [MODEL]``.

Targets: the page of yolov8n_192 in 1 s of CPU time and 1.5 MB, that of a script's 200 frames in 3 MB. Without an
argument it takes that model from the measured set, or generates one like it. Where Chromium is installed, a built page
(``OMVSIM_PAGE=FOLDER``) is asked too: the first answer 15 s after a cold load, the next in 2 s.
"""

from __future__ import annotations

import importlib.util
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import omvsim
from omvsim.advice import suggest
from omvsim.boards import load_board
from omvsim.capture import Recorder, capture_exec, capture_run
from omvsim.frame_time import time_of_run
from omvsim.report import html_report
from omvsim.runs import ScriptOptions, run_script
from tests.browser.chromium import BUILT, PROGRAM, ask, says, started, static

if TYPE_CHECKING:
    from omvsim.capture import Capture

_REAL = Path(__file__).parents[3] / "shared" / "models" / "real" / "yolov8n_192.tflite"
_ROUNDS = 5
_MB = 1_000_000
FRAMES = 200
LOOP = """import csi
csi0 = csi.CSI()
csi0.reset()
csi0.pixformat(csi.RGB565)
csi0.framesize(csi.QVGA)
while True:
    img = csi0.snapshot()
    found = img.find_blobs([(30, 100, 15, 127, 15, 127)])
    names = ["blob %d" % n for n in range(20)]
    print(len(found), names[0], img.width())
"""


def model_capture(path: Path) -> Capture:
    """As ``omvsim run --html`` keeps it."""
    recorder = Recorder()
    result = omvsim.run(path, watcher=recorder)
    return capture_run(result, recorder, suggest(result), time_of_run(result))


def frames_capture(folder: Path, frames: int = FRAMES) -> Capture:
    """As ``omvsim exec --html`` keeps it."""
    script, recorder = folder / "main.py", Recorder()
    script.write_text(LOOP)
    options = ScriptOptions(frames=frames, time_limit=None, watcher=recorder)
    return capture_exec(run_script(script, load_board(), options), recorder)


def page(name: str, capture: Capture, most: float) -> None:
    """Print a line: the fastest of some rounds, in CPU time."""
    times, text = [], ""
    for _ in range(_ROUNDS):
        start = time.process_time()
        text = html_report(capture)
        times.append(time.process_time() - start)
    size = len(text.encode()) / _MB
    print(f"{name}: the page in {1000 * min(times):.0f} ms of CPU time (target 1000), {size:.2f} MB (target {most})")


def dropped(address: str, model: Path, name: str) -> None:
    """Print a line: from a cold load to the first answer, and the next ones."""
    with started() as browser:
        opened = browser.new_page()
        start = time.perf_counter()
        opened.goto(address)
        says(opened, "Ready.")
        opened.locator("#files").set_input_files([model])
        ask(opened)
        first, again = time.perf_counter() - start, []
        for _ in range(3):
            start = time.perf_counter()
            ask(opened)
            again.append(time.perf_counter() - start)
    print(f"{name}: {model.name} answered {first:.1f} s after a cold load (target 15), then in {min(again):.1f} s (2)")


def main(arguments: list[str]) -> None:
    """A line a figure."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        model = Path(arguments[0]) if arguments else _REAL
        if not model.is_file():
            model = folder / "yolov8n-like.tflite"
            model.write_bytes(omvsim.models.make("yolov8n-like", size=192))
        page(model.name, model_capture(model), 1.5)
        page(f"{FRAMES} frames of a script", frames_capture(folder), 3)
        if PROGRAM is None or importlib.util.find_spec("playwright") is None:
            print("the page on which a model is dropped: needs Chromium and playwright")
        elif BUILT is None:
            print("omvsim in the browser: needs a built page (OMVSIM_PAGE=FOLDER)")
        else:
            with static(BUILT) as address:
                dropped(address, model, "omvsim in the browser")


if __name__ == "__main__":
    main(sys.argv[1:])
