"""One clock: the camera's ticks, frame rates, timeouts and the report agree with the time model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from omvsim import models
from omvsim.boards import load_board
from omvsim.provenance import Provenance
from omvsim.report import exec_json
from omvsim.report._exec_text import _rate_line, render_exec
from omvsim.runs import ScriptOptions, ScriptResult, ScriptSession
from omvsim.runs.result import Outcome
from omvsim.timing import Range, convert_input, convert_output, frames_per_second, inference_time, profile_of
from omvsim.world.spent import FrameRate, Spent, Times

if TYPE_CHECKING:
    from pathlib import Path

START = """import sensor, time, ml
sensor.reset()
sensor.set_pixformat(sensor.GRAYSCALE)
sensor.set_framesize(sensor.QVGA)
model = ml.Model("/flash/net.tflite")
"""
CAMERA_MS = 1716 * 1000 / 80e3


def run(
    folder: Path, text: str, *, kind: str = "tiny-conv", frames: int | None = 10, release: str = "4.8.1"
) -> ScriptResult:
    (folder / "net.tflite").write_bytes(models.make(kind))
    (folder / "main.py").write_text(text, encoding="utf-8")
    board = load_board("openmv-rt1062", firmware=release)
    return ScriptSession(board, folder / "main.py", ScriptOptions(frames=frames, run_models=False)).run()


def inference_ms(result: ScriptResult, printed: str) -> Range:
    """By the time model, with arena and file where the model says they are."""

    def area(name: str) -> str:
        address = int(printed.partition(f"{name}: ")[2].partition(",")[0], 16)
        areas = result.board.gc_areas
        return next(f"gc[{at}]" for at, each in enumerate(areas) if each.origin <= address < each.origin + each.length)

    time = inference_time(
        result.board, result.models[0].graph, result.models[0].plan, area("ram_addr"), area("model_addr")
    )
    assert time is not None
    return time.ms


@pytest.mark.parametrize("callback", [False, True])
def test_predict_takes_what_the_time_model_says(callback: bool, tmp_path: Path) -> None:
    given = ", callback=lambda m, i, o: None" if callback else ""
    text = (
        START
        + f"""img = sensor.snapshot()
start = time.ticks_us()
model.predict([img]{given})
print(time.ticks_diff(time.ticks_us(), start))
print(model)
"""
    )
    result = run(tmp_path, text)
    taken, _, printed = result.output.partition("\n")
    took = int(taken)
    graph, profile = result.models[0].graph.main, profile_of(result.board)
    inputs = convert_input(sum(t.elements for t in graph.input_tensors), image=True, profile=profile).ms(profile)
    outputs = convert_output(sum(t.elements for t in graph.output_tensors)).ms(profile)
    notes = [note for note in result.notes if "an inference of net.tflite takes" in note]
    stated = float(notes[0].partition("takes ")[2].split()[0])
    conversions = round(inputs.nominal * 1000) + (0 if callback else round(outputs.nominal * 1000))
    assert took == round(inference_ms(result, printed).nominal * 1000) + conversions + 2
    assert (took - conversions - 2) / 1000 == pytest.approx(stated, abs=0.051)


@pytest.mark.parametrize("size", ["QVGA", "QXGA"])
def test_the_clock_and_the_report_show_the_same_rate(size: str, tmp_path: Path) -> None:
    text = (
        START.replace("QVGA", size)
        + """clock = time.clock()
sensor.snapshot()
while True:
    clock.tick()
    model.predict([sensor.snapshot()])
    print(clock.fps())
"""
    )
    result = run(tmp_path, text, kind="mobilenet-like" if size == "QVGA" else "tiny-conv", frames=25)
    assert result.loop is not None
    rate = result.loop.rate
    assert rate is not None
    assert float(result.output.split()[-1]) == pytest.approx(rate.fps.nominal, rel=0.03)
    assert rate.fps.low <= rate.fps.nominal <= rate.fps.high
    assert rate.provenance == "assumed"
    assert rate.frame_ms.nominal == pytest.approx(1000 / rate.fps.nominal)
    if size == "QVGA":  # bound by computing: what `omvsim time` prints for these milliseconds
        assert rate.computing_ms.nominal > CAMERA_MS
        assert rate.fps.nominal == pytest.approx(frames_per_second(rate.computing_ms, CAMERA_MS).nominal, rel=0.001)
        assert rate.fps.low == pytest.approx(1000 / rate.computing_ms.high, rel=0.001)
    else:  # bound by the sensor
        assert rate.computing_ms.nominal < rate.camera_ms
        assert rate.fps.nominal == pytest.approx(1000 / rate.camera_ms, rel=0.001)
    shown = exec_json(result)["loop"]["rate"]
    assert shown["frames_per_second"] == rate.fps.as_list(3)
    assert shown["provenance"] == "assumed"
    assert any(str(part).startswith(f"Rate      {rate.fps.nominal:.1f} frames") for part in render_exec(result))


def test_a_loop_of_pictures_alone_is_modelled(tmp_path: Path) -> None:
    text = START.replace(", ml", "").rpartition("model =")[0] + "while True:\n    sensor.snapshot()\n"
    result = run(tmp_path, text)
    assert result.loop is not None
    rate = result.loop.rate
    assert rate is not None
    assert rate.provenance == "modelled"  # the sensor decides, whatever a collection takes now and then
    assert 0 < rate.computing_ms.nominal < 0.001
    assert rate.fps.as_list(1) == [46.6, 46.6, 46.6]


def test_a_collection_takes_its_time(tmp_path: Path) -> None:
    text = "import gc, time\nstart = time.ticks_us()\ngc.collect()\nprint(time.ticks_diff(time.ticks_us(), start))\n"
    result = run(tmp_path, text)
    assert int(result.output) / 1000 == pytest.approx(result.collection_ms, abs=0.05)
    assert result.collection_ms > 5


def test_a_watchdog_bites_where_inferences_are_too_slow(tmp_path: Path) -> None:
    text = (
        START
        + """from machine import WDT
dog = WDT(timeout=1000)
for n in range(100):
    model.predict([sensor.snapshot()])
print("never")
"""
    )
    slow = run(tmp_path, text, kind="mobilenet-like", frames=None)
    assert slow.outcome is Outcome.STOPPED
    assert slow.output == ""
    assert 1000 / 60 < slow.inferences < 60
    fed = text.replace("    model", "    dog.feed()\n    model")
    assert run(tmp_path, fed, kind="mobilenet-like", frames=None).output == "never\n"


def test_sleeping_and_waiting_add_up(tmp_path: Path) -> None:
    text = """import sensor, time
sensor.reset()
sensor.set_pixformat(sensor.RGB565)
sensor.set_framesize(sensor.QVGA)
sensor.snapshot()
start = time.ticks_ms()
count = 0
while time.ticks_diff(time.ticks_ms(), start) < 1000:
    sensor.snapshot()
    time.sleep_ms(50)
    count += 1
print(count)
"""
    assert run(tmp_path, text, frames=None).output == "20\n"


def test_until_is_camera_time(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text(
        "import sensor\nsensor.reset()\nsensor.set_pixformat(sensor.RGB565)\nsensor.set_framesize(sensor.QVGA)\n"
        "def take():\n    return sensor.snapshot()\nwhile True:\n    take()\n"
    )
    options = ScriptOptions(frames=None, until_us=3_000_000)
    result = ScriptSession(load_board(), tmp_path / "main.py", options).run()
    assert result.outcome is Outcome.STOPPED
    assert result.loop is not None
    # 3 s less the reset and two settings, at 46.6 pictures a second.
    assert len(result.loop.frames) == pytest.approx((3.0 - 0.799 - 0.103 - 0.112) * 1000 / CAMERA_MS, abs=1)


def test_an_unknown_time_makes_no_rate() -> None:
    times = Times()
    times.unknown["odd.tflite"] = None
    rate = times.rate([Spent(0), Spent(50_000)])
    assert rate is not None
    assert rate.unknown == ("odd.tflite",)
    assert times.rate([Spent(0)]) is None
    assert times.rate([Spent(5), Spent(5)]) is None


def test_the_processor_s_clock_is_the_board_s(tmp_path: Path) -> None:
    """``machine.freq()`` and ``time.ticks_cpu()`` count the cycles of the profile's core."""
    (tmp_path / "slow.toml").write_text(
        'name = "slow"\ntitle = "half as fast"\nextends = "openmv-rt1062"\n[core]\nclock_hz = 300_000_000\n'
    )
    script = tmp_path / "main.py"
    script.write_text(
        "import machine, time\nt = time.ticks_cpu()\ntime.sleep_us(1000)\n"
        "print(machine.freq(), (time.ticks_cpu() - t) // 1000)\n"
    )
    said = {}
    for board in (load_board(), load_board(tmp_path / "slow.toml")):
        said[board.name] = ScriptSession(board, script, ScriptOptions(run_models=False)).run().output
    assert said == {"openmv-rt1062": "600000000 601\n", "slow": "300000000 300\n"}


def test_pictures_that_waited_do_not_make_the_sensor_faster() -> None:
    """One was there when the loop began: 33 ms a frame on average, and the sensor needs 50."""
    times = Times()
    times.camera_us = 50_000.0
    rate = times.rate(
        [Spent(at, waiting_us=waited) for at, waited in ((0, 0), (10, 0), (50_000, 39_000), (100_000, 79_000))]
    )
    assert rate is not None
    assert rate.camera_ms == 50
    assert rate.frame_ms.nominal == 50
    assert rate.fps.high == rate.fps.nominal == 20


def test_a_slow_loop_is_told_in_seconds() -> None:
    """0.0 frames a second says nothing."""
    ms = Range(32_000.0, 38_100.0, 45_900.0)
    fps = Range(1000 / ms.high, 1000 / ms.nominal, 1000 / ms.low)
    slow = FrameRate(fps, ms, ms, 0.0, Provenance.MODELLED, ())
    assert _rate_line(slow).startswith("Rate      a frame in 38.1 s (32.0 to 45.9, modelled): 38100.0 ms of inference")
    quick = slow._replace(fps=Range(0.9, 1.0, 1.1))
    assert _rate_line(quick).startswith("Rate      1.0 frames a second (0.9 to 1.1, modelled)")
