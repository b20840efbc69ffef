"""A foreseen run is the full run, byte for byte, on any heap."""

from __future__ import annotations

import functools
import textwrap
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from omvsim import models
from omvsim.boards import load_board
from omvsim.runs import ScriptOptions
from omvsim.tape import _courses
from tests.folders import lasting_folder
from tests.tape.comparing import Scripted, differences

if TYPE_CHECKING:
    from pathlib import Path

    from omvsim.boards import Board

K = 1024
SCRIPTS = {
    "load and predict": """
        import ml
        model = ml.Model("/rom/model.tflite")
        def fill(buffer, shape, dtype):
            pass
        for frame in range(3):
            outputs = model.predict([fill])
        """,
    "a file and arrays": """
        import ml
        from ulab import numpy as np
        model = ml.Model("/flash/model.tflite")
        inputs = [np.zeros(shape) for shape in model.input_shape]
        for frame in range(4):
            outputs = model.predict(inputs)
        """,
    "another way after a MemoryError": """
        import gc, ml
        kept = bytearray(9000)
        try:
            model = ml.Model("/flash/model.tflite")
        except MemoryError:
            kept = None
            gc.collect()
            model = ml.Model("/rom/model.tflite")
        second = ml.Model("/rom/model.tflite")
        model = None
        gc.collect()
        third = ml.Model("/flash/model.tflite")
        """,
    "as much as there is room for": """
        import gc
        kept = []
        try:
            while len(kept) < 60:
                kept.append(bytearray(3000))
        except MemoryError:
            kept = kept[::2]
        text = ""
        for number in range(150):
            text += "abc%d" % number
        print(len(kept), len(text))
        """,
    "rings of references": """
        class Ring:
            def __init__(self, number):
                self.number = number
                self.me = self
                self.data = bytearray(300)
        for number in range(120):
            ring = Ring(number)
            chain = [ring]
            chain.append(chain)
            numbers = {n: [n] for n in range(number % 13)}
        """,
    "free memory and addresses": """
        import gc
        class Thing:
            pass
        thing = Thing()
        found = {Thing(): 1, Thing(): 2}
        print(id(thing) == id(thing), list(found.values()), thing)
        kept = []
        while gc.mem_free() > 30000 and len(kept) < 40:
            kept.append(bytearray(1000))
        """,
    "settings of the collector": """
        import gc, micropython
        gc.threshold(4000)
        def numbers(count):
            for number in range(count):
                yield str(number) * 3
        texts = list(numbers(200))
        gc.disable()
        more = [b"x" * 100 for number in range(40)]
        gc.enable()
        micropython.heap_lock()
        try:
            refused = [1, 2, 3]
        except MemoryError:
            pass
        micropython.heap_unlock()
        """,
    "camera": """
        import sensor, ml
        sensor.reset()
        sensor.set_pixformat(sensor.GRAYSCALE)
        sensor.set_framesize(sensor.QQVGA)
        model = ml.Model("/flash/model.tflite")
        while True:
            img = sensor.snapshot()
            copy = img.copy()
            outputs = model.predict([img])
        """,
    "an error that nobody catches": """
        import ml
        model = ml.Model("/flash/model.tflite")
        def deeper(n):
            return deeper(n - 1) if n else bytearray(1 << 28)
        deeper(5)
        """,
    "no script at all": "if True:\nprint(1)\n",
}


@functools.cache
def scripted(name: str) -> Scripted:
    folder = lasting_folder()
    script, model = folder / "main.py", folder / "model.tflite"
    script.write_text(textwrap.dedent(SCRIPTS[name]))
    model.write_bytes(models.make("tiny-conv", size=32))
    options = ScriptOptions(models=(model,), run_models=False, frames=3, time_limit=None)
    return Scripted(script, options)


@functools.cache
def base(firmware: str) -> Board:
    return load_board("openmv-rt1062", firmware)


@st.composite
def boards(draw: st.DrawFn, firmware: str) -> Board:
    """A board with one to three areas, some of them hardly large enough for the start."""
    board = base(firmware)
    count = draw(st.sampled_from([1, 1, 2, 3]))
    sizes = [draw(st.integers(2, 64 if number else 60)) for number in range(count - 1)]
    last = draw(st.one_of(st.integers(12, 130), st.integers(100, 3000)))
    areas = [
        (max(size, 8 if not number else 2) * K, board.gc_areas[number].origin) for number, size in enumerate(sizes)
    ]
    return board.with_gc_areas([*areas, (last * K, board.gc_areas[2].origin)])


@pytest.mark.slow
@pytest.mark.parametrize("firmware", ["4.8.1", "5.0.0"])
@pytest.mark.parametrize("name", SCRIPTS)
@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_every_figure_and_every_address_is_the_full_runs(name: str, firmware: str, data: st.DataObject) -> None:
    tried = _on(name, firmware)
    assert differences(tried, data.draw(boards(firmware))) == {}


@functools.cache
def _on(name: str, firmware: str) -> Scripted:
    found = scripted(name)
    return Scripted(found.script, found.options)


def test_two_runs_are_enough_where_nothing_is_caught() -> None:
    """The sizing arena is in DTCM, or in DRAM where that has the longer run: clearing it takes another time there."""
    tried = scripted("load and predict")
    board = base("4.8.1")
    for size in range(200, 300):
        seen = tried.courses.on(board.with_values({"gc[2].size": f"{size}K"}))
        assert seen.failure is None
    assert tried.courses.runs == 2


@pytest.mark.parametrize(("limit", "most"), [("MOST_COURSES", 1), ("MOST_TURNS", 0)])
def test_what_is_no_longer_remembered_is_run(limit: str, most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_courses, limit, most)
    found = scripted("as much as there is room for")
    tried = Scripted(found.script, found.options)
    first, second = (base("4.8.1").with_gc_areas([(60 * K, None), (size * K, None)]) for size in (40, 90))
    for board in (first, second, second):
        assert differences(tried, board) == {}
    assert tried.courses.runs == 3


def test_a_script_whose_tape_says_nothing_of_other_heaps_is_run_on_each() -> None:
    """A viper function looks whether the heap changed while it ran."""
    folder = lasting_folder()
    script = folder / "main.py"
    script.write_text("@micropython.viper\ndef f(a: int) -> int:\n    return a + 1\nprint(f(3))\n")
    tried = Scripted(script, ScriptOptions(models=(), run_models=False, frames=3, time_limit=None))
    for size in (40, 90, 40):
        assert differences(tried, base("4.8.1").with_gc_areas([(60 * K, None), (size * K, None)])) == {}
    assert tried.courses.runs == 3


@pytest.mark.shared
@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["dict_counts", "exc_memory", "gc_auto_big", "gc_hold_frames", "np_create", "lru_cache"]
)
def test_recorded_scripts(name: str, shared: Path) -> None:
    script = shared / "oracle" / "language" / "scripts" / f"{name}.py"
    tried = Scripted(script, ScriptOptions(run_models=False, time_limit=None))
    board = load_board("openmv-rt1062-qemu", "4.8.1")
    for size in (24, 40, 77, 300):
        changed = board.with_gc_areas([(size * K, 0x20280000), (100 * K, 0x60000000)])
        assert differences(tried, changed) == {}
