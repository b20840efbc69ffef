"""A frame is one picture's turn, wherever the loop stands."""

import pytest

from omvsim import models
from omvsim.boards import load_board
from omvsim.micropython.native import NativeFunction
from omvsim.runs.options import ScriptOptions
from omvsim.runs.result import Outcome
from omvsim.runs.session import ScriptSession


def picture(vm):
    vm.before_picture()
    vm.event(picture=True)


def run(tmp_path, text, frames=20):
    script = tmp_path / "main.py"
    script.write_text(text)
    session = ScriptSession(load_board(), script, ScriptOptions(frames=frames))
    session.vm.builtins["picture"] = NativeFunction(picture, "picture", 0, 0, keywords=False, is_method=False)
    return session.run()


def test_an_endless_loop_ends_after_the_frames_asked_for(tmp_path):
    result = run(tmp_path, "while True:\n    picture()\n    x = [1, 2]\n", frames=5)
    assert result.outcome is Outcome.FRAMES_DONE
    assert result.loop.line == 1
    assert [frame.bytes for frame in result.loop.frames] == [32] * 5
    assert result.loop.garbage_bytes == 32


def test_the_inner_loop_that_takes_pictures_counts(tmp_path):
    result = run(tmp_path, "while True:\n  for i in range(3):\n    picture()\n  x = 2\n", frames=7)
    assert result.outcome is Outcome.FRAMES_DONE
    assert (result.loop.line, len(result.loop.frames)) == (2, 7)


def test_a_picture_taken_in_a_function_belongs_to_the_loop_that_calls_it(tmp_path):
    text = "def take():\n    for i in range(2):\n        pass\n    return picture()\nwhile 1:\n    take()\n"
    result = run(tmp_path, text, frames=3)
    assert (result.loop.line, len(result.loop.frames)) == (5, 3)


@pytest.mark.parametrize("head", ["while not done:", "while done == 0:", "for i in iter_forever():"])
def test_any_condition_may_be_endless(tmp_path, head):
    text = f"def iter_forever():\n    while 1:\n        yield 1\ndone = 0\n{head}\n    picture()\n"
    result = run(tmp_path, text, frames=4)
    assert result.outcome is Outcome.FRAMES_DONE
    assert result.loop.line == 5


def test_a_loop_without_pictures_has_no_frames(tmp_path):
    result = run(tmp_path, "for i in (1, 2, 3):\n    x = [i]\n")
    assert result.outcome is Outcome.FINISHED
    assert result.loop is None


def test_a_loop_without_pictures_ends_at_the_time_limit(tmp_path):
    script = tmp_path / "main.py"
    script.write_text("x = 0\nwhile True:\n    x += 1\n")
    result = ScriptSession(load_board(), script, ScriptOptions(time_limit=0.2)).run()
    assert result.outcome is Outcome.TIME_LIMIT
    assert "0.2 s" in result.notes[0]
    assert result.snapshot.used > 0


WARM_UP = """import sensor
sensor.reset()
sensor.set_pixformat(sensor.GRAYSCALE)
sensor.set_framesize(sensor.QQVGA)
for i in range(30):
    {turn}
while True:
    img = sensor.snapshot()
    img.invert()
"""


@pytest.mark.parametrize("turn", ["sensor.snapshot()", "img = sensor.snapshot(); x = [i]"])
def test_a_warm_up_does_not_use_up_frames(tmp_path, turn):
    result = run(tmp_path, WARM_UP.format(turn=turn), frames=3)
    assert result.outcome is Outcome.FRAMES_DONE
    assert (result.loop.line, len(result.loop.frames)) == (7, 3)


def test_pictures_that_are_worked_on_are_frames(tmp_path):
    result = run(tmp_path, WARM_UP.format(turn="sensor.snapshot().invert()"), frames=3)
    assert (result.loop.line, len(result.loop.frames)) == (5, 3)


def test_pictures_alone_are_frames_where_nothing_comes_after(tmp_path):
    text = "".join(WARM_UP.format(turn="sensor.snapshot()").partition("while")[:1])
    result = run(tmp_path, text, frames=3)
    assert (result.outcome, result.loop.line, len(result.loop.frames)) == (Outcome.FRAMES_DONE, 5, 3)


def test_a_loop_inside_another_is_no_warm_up(tmp_path):
    text = WARM_UP.partition("for i")[0] + "while True:\n    for i in range(2):\n        sensor.snapshot()\n"
    result = run(tmp_path, text, frames=5)
    assert (result.loop.line, len(result.loop.frames)) == (6, 5)


def test_inferences_are_frames(tmp_path):
    (tmp_path / "tiny.tflite").write_bytes(models.make("tiny-conv"))
    turn = "model.predict([lambda *_: None])"
    text = "import ml\nmodel = ml.Model('/flash/tiny.tflite')\n" + WARM_UP.format(turn=turn)
    result = run(tmp_path, text, frames=3)
    assert (result.loop.line, len(result.loop.frames)) == (7, 3)


CAMERA = WARM_UP.partition("for i")[0]


def pictures_of(tmp_path, text, frames, monkeypatch):
    """The run, and how many pictures were really taken."""
    taken = []
    plain = ScriptSession._start

    def start(session):
        taken.append(session.world)
        plain(session)

    monkeypatch.setattr(ScriptSession, "_start", start)
    result = run(tmp_path, CAMERA + text, frames)
    return result, taken[0].pictures


@pytest.mark.parametrize(
    ("where", "text"),
    [
        ("recursion", "def again():\n    sensor.snapshot()\n    return again()\nagain()\n"),
        ("straight on", "sensor.snapshot()\n" * 9),
        (
            "a timer",
            "from machine import Timer\nimport time\n"
            "t = Timer(-1, period=50, mode=Timer.PERIODIC, callback=lambda t: sensor.snapshot())\ntime.sleep(10)\n",
        ),
        ("one call", "list(map(lambda n: sensor.snapshot(), range(9)))\n"),
        ("several in a turn", "while True:\n    sensor.snapshot()\n    sensor.snapshot()\n    sensor.snapshot()\n"),
        (
            "a task",
            "import asyncio\nasync def work():\n    while True:\n        sensor.snapshot()\n"
            "        await asyncio.sleep_ms(10)\nasyncio.run(work())\n",
        ),
        (
            "two tasks",
            "import asyncio\nasync def work():\n    while True:\n        sensor.snapshot()\n"
            "        await asyncio.sleep_ms(10)\nasync def main():\n    await asyncio.gather(work(), work())\n"
            "asyncio.run(main())\n",
        ),
        (
            "beside an idle loop",
            "from machine import Timer\nimport time\n"
            "t = Timer(-1, period=50, mode=Timer.PERIODIC, callback=lambda t: sensor.snapshot())\n"
            "while True:\n    time.sleep_ms(50)\n",
        ),
    ],
    ids=lambda value: value.partition("\n")[0][:20],
)
def test_pictures_count_wherever_they_are_taken(tmp_path, monkeypatch, where, text):
    result, pictures = pictures_of(tmp_path, text, 3, monkeypatch)
    assert result.outcome is Outcome.FRAMES_DONE, where
    assert pictures == 3


def test_frames_without_a_loop_last_from_picture_to_picture(tmp_path):
    text = CAMERA + "def again(n):\n    x = [n, n]\n    sensor.snapshot()\n    return again(n + 1)\nagain(0)\n"
    result = run(tmp_path, text, frames=6)
    assert result.loop.line == 7
    assert len(result.loop.frames) == 5
    assert result.loop.allocations > 1


def test_skipped_pictures_are_no_frames(tmp_path, monkeypatch):
    text = "sensor.skip_frames(30)\nwhile True:\n    sensor.snapshot()\n"
    result, pictures = pictures_of(tmp_path, text, 3, monkeypatch)
    assert (len(result.loop.frames), pictures) == (3, 3)
    assert result.lines[5].allocations >= 30


def test_inferences_without_pictures_count_one_by_one(tmp_path):
    (tmp_path / "tiny.tflite").write_bytes(models.make("tiny-conv"))
    text = "import ml\nmodel = ml.Model('/flash/tiny.tflite')\ndef again():\n"
    text += "    model.predict([lambda *_: None])\n    again()\nagain()\n"
    result = run(tmp_path, text, frames=4)
    assert (result.outcome, result.inferences) == (Outcome.FRAMES_DONE, 4)


def test_inferences_on_one_picture_are_one_frame(tmp_path):
    (tmp_path / "tiny.tflite").write_bytes(models.make("tiny-conv"))
    text = CAMERA + "import ml\nmodel = ml.Model('/flash/tiny.tflite')\nwhile True:\n    img = sensor.snapshot()\n"
    text += "    model.predict([lambda *_: None]); model.predict([lambda *_: None])\n"
    result = run(tmp_path, text, frames=4)
    assert (len(result.loop.frames), result.inferences) == (4, 8)
