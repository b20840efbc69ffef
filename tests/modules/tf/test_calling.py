"""The methods of a ``tf_model``: pictures in, scores, images and detections out, each with its requests."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from omvsim import models
from omvsim.boards import load_board
from omvsim.runs import Outcome, ScriptOptions, ScriptSession, run_script
from tests.modules.tf.test_loading import printed, run, session
from tests.running import asked

HEAD = 'import tf, image; r = t = None\nnet = tf.load("/m.tflite")\nimg = image.Image(96, 96, image.GRAYSCALE)\n'


@pytest.fixture
def grid(tmp_path: Path) -> Path:
    """Outputs a grid of 12 x 12 cells with three channels."""
    path = tmp_path / "m.tflite"
    path.write_bytes(models.make("fomo-like", size=96, classes=2))
    return path


@pytest.fixture
def vector(tmp_path: Path) -> Path:
    """Outputs two scores."""
    path = tmp_path / "m.tflite"
    path.write_bytes(models.make("tiny-conv"))
    return path


def computed(folder: Path, text: str, model: Path) -> list[str]:
    """Lines printed with real outputs."""
    script = folder / "main.py"
    script.write_text(text)
    options = ScriptOptions(models=(model,))
    result = ScriptSession(load_board("openmv-rt1062", "4.5.5"), script, options).run()
    assert result.failure is None, result.failure
    return result.output.splitlines()


def test_classify_asks_for_a_list_scores_and_an_object(tmp_path: Path, vector: Path) -> None:
    result = run(tmp_path, HEAD + "r = net.classify(img)\n", vector)
    assert asked(result, 4) == [16, 16, 16, 16, 8, 8, 24]


def test_a_classification_is_read_by_name_number_and_slice(tmp_path: Path, vector: Path) -> None:
    text = HEAD + "r = net.classify(img)[0]\nprint(r.rect(), r.x(), r.y(), r.w(), r.h(), r.output() is r[4])\n"
    text += "print(r[1:4], r[-1] is r[4])\nfor bad in (lambda: r[0:4:2], lambda: r[5]):\n    try:\n        bad()\n"
    text += "    except Exception as e:\n        print(type(e).__name__, e)\n"
    assert printed(tmp_path, text, vector) == [
        "(0, 0, 96, 96) 0 0 96 96 True",
        "(0, 96, 96) True",
        "OSError only slices with step=1 (aka None) are supported",
        "IndexError tf_classification index out of range",
    ]


def test_scores_are_those_of_the_model(tmp_path: Path, vector: Path) -> None:
    (line,) = computed(tmp_path, HEAD + "print(net.classify(img)[0].output())\n", vector)
    scores = json.loads(line)
    assert len(scores) == 2
    assert sum(scores) == pytest.approx(1, abs=0.01)
    bright = HEAD + "img.draw_rectangle((0, 0, 96, 96), color=255, fill=True)\nprint(net.classify(img)[0].output())\n"
    assert json.loads(computed(tmp_path, bright, vector)[0]) != scores


@pytest.mark.parametrize(
    ("options", "windows"),
    [
        ("min_scale=1.0", [(0, 0, 96, 96)]),
        ("min_scale=0.5", [(0, 0, 96, 96), (0, 0, 48, 48), (48, 0, 48, 48), (0, 48, 48, 48), (48, 48, 48, 48)]),
        ("min_scale=0.5, x_overlap=-1, y_overlap=-1", [(0, 0, 96, 96), (24, 24, 48, 48)]),
        (
            "min_scale=0.5, x_overlap=0.5, y_overlap=-1",
            [(0, 0, 96, 96), (0, 24, 48, 48), (24, 24, 48, 48), (48, 24, 48, 48)],
        ),
        ("roi=(10, 20, 40, 30), min_scale=0.8, scale_mul=0.8", [(10, 20, 40, 30), (14, 23, 32, 24)]),
    ],
)
def test_windows_of_classify(tmp_path: Path, vector: Path, options: str, windows: list[tuple[int, ...]]) -> None:
    text = HEAD + f"print([r.rect() for r in net.classify(img, {options})])\n"
    assert printed(tmp_path, text, vector) == [str(windows)]


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ("min_scale=0", "0 < min_scale <= 1"),
        ("scale_mul=1", "0 <= scale_mul < 1"),
        ("x_overlap=1", "0 <= x_overlap < 1"),
        ("y_overlap=-0.5", "0 <= y_overlap < 1"),
    ],
)
def test_options_that_classify_refuses(tmp_path: Path, vector: Path, options: str, text: str) -> None:
    script = HEAD + f"try:\n    net.classify(img, {options})\nexcept ValueError as e:\n    print(e)\n"
    assert printed(tmp_path, script, vector) == [text]


def test_a_grid_is_not_classified(tmp_path: Path, grid: Path) -> None:
    ran = session(tmp_path, HEAD + "try:\n    net.classify(img)\nexcept ValueError as e:\n    print(e)\n", grid)
    assert ran.run().output == "Expected model output height to be 1!\n"
    stack = ran.world.camera.fb_alloc
    assert stack is not None
    assert stack.entries == ()


def test_segment_makes_an_image_a_channel(tmp_path: Path, grid: Path) -> None:
    result = run(tmp_path, HEAD + "r = net.segment(img)\nprint(len(r), r[2])\n", grid)
    assert asked(result, 4) == [16, 16, 144, 24, 144, 24, 144, 24]
    assert result.output == '3 {"w":12, "h":12, "type":"grayscale", "size":144}\n'


def test_segment_shows_the_outputs(tmp_path: Path, grid: Path) -> None:
    """Softmax over the channels: the three pixels of a cell add up to about 255."""
    text = HEAD + "a, b, c = net.segment(img)\nprint([a[n] + b[n] + c[n] for n in range(144)])\n"
    sums = json.loads(computed(tmp_path, text, grid)[0])
    assert len(sums) == 144
    assert min(sums) >= 253
    assert max(sums) <= 258


def test_detect_without_thresholds_is_a_type_error_after_the_work(tmp_path: Path, grid: Path) -> None:
    """``py_helper_arg_to_thresholds`` of its default, None: after the inference, with the images made."""
    result = run(tmp_path, HEAD + "try:\n    net.detect(img)\nexcept TypeError as e:\n    print(e)\n", grid)
    assert result.output == "object 'NoneType' isn't a tuple or list\n"
    assert asked(result, 5)[:8] == [16, 16, 144, 24, 144, 24, 144, 24]


def test_detect_asks_for_a_list_a_channel_and_an_object_a_blob(tmp_path: Path, grid: Path) -> None:
    """Outputs that nobody computes are 0, black: one blob of all cells a channel."""
    result = run(tmp_path, HEAD + "t = [(0, 127)]\nr = net.detect(img, thresholds=t)\nprint(r[1])\n", grid)
    images = [16, 16, *(144, 24) * 3]
    assert asked(result, 5) == [*images, 14, 16, 16, *(160, 16, 16, 24, 8) * 3]
    assert result.output == '[{"x":0, "y":0, "w":96, "h":96, "output":0.0}]\n'
    frees = [each for each in result.requests if each.line == 5 and each.kind == "free" and each.phase == "run"]
    assert len(frees) == 3


def test_boxes_are_in_the_pixels_of_the_picture(tmp_path: Path, grid: Path) -> None:
    text = HEAD + "r = net.detect(img, thresholds=[(0, 127)], roi=(10, 0, 80, 40))\nprint([d[0].rect() for d in r])\n"
    assert printed(tmp_path, text, grid) == ["[(30, 0, 40, 40), (30, 0, 40, 40), (30, 0, 40, 40)]"]


def test_detections_may_be_said(tmp_path: Path, grid: Path) -> None:
    script = tmp_path / "main.py"
    script.write_text(HEAD + "print([len(d) for d in net.detect(img, thresholds=[(255, 255)])])\n")
    options = ScriptOptions(models=(grid,), run_models=False, detections=4)
    result = run_script(script, load_board("openmv-rt1062", "4.5.5"), options)
    assert result.output == "[4, 4, 4]\n"


def test_a_path_is_loaded_to_fb_alloc_for_the_call(tmp_path: Path, vector: Path) -> None:
    text = 'import tf, image; r = None\nimg = image.Image(96, 96, image.GRAYSCALE)\nr = tf.classify("/m.tflite", img)\n'
    ran = session(tmp_path, text, vector)
    result = ran.run()
    assert asked(result, 3) == [72, 16, 16, 16, 16, 8, 8, 24]
    stack = ran.world.camera.fb_alloc
    assert stack is not None
    assert stack.entries == ()


ROWS = """
import tf
net = tf.load("/m.tflite", load_to_fb=True)
def tried(numbers):
    try:
        print(len(net.regression(numbers)))
    except Exception as e:
        print(type(e).__name__, e)
tried([0.5] * 640)
tried([[0.5] * 640])
tried([[0.5] * 3])
tried([0.5] * 3)
"""


def test_regression_takes_numbers_or_one_row(tmp_path: Path) -> None:
    path = tmp_path / "m.tflite"
    path.write_bytes(models.make("autoencoder"))
    assert printed(tmp_path, ROWS, path) == [
        "640",
        "640",
        "ValueError Column count mismatch!",
        "ValueError Row count mismatch!",
    ]


def test_regression_with_rows_reads_behind_their_ends(tmp_path: Path, vector: Path) -> None:
    """``row_items[index]`` counts from the first row: from the second on it is beyond the list."""
    text = 'import tf\nnet = tf.load("/m.tflite")\nnet.regression([[0] * 96] * 96)\n'
    assert run(tmp_path, text, vector).outcome is Outcome.MAY_CRASH


def whole_blocks(sizes: list[int]) -> int:
    return sum((size + 15) // 16 * 16 for size in sizes)


def test_detect_asks_for_what_the_real_module_asks(shared: Path, tmp_path: Path) -> None:
    """``detect_v455.json``: bytes of the callback and of the whole call without blobs; the channel it fails in."""
    measured = json.loads((shared / "oracle/forum/detect_v455.json").read_text())["models"]
    text = 'import tf, image; r = None\nnet = tf.load("/{}", load_to_fb=True)\n'
    text += "img = image.Image(96, 96, image.GRAYSCALE)\n"
    text += "t = [(255, 255)]\nr = net.detect(img, thresholds=t)\n"
    fitting = 0
    for each in measured:
        path = shared / "oracle/forum" / each["model"]
        result = run(tmp_path, text.format(path.name), path)
        sizes, detect = asked(result, 5), each["detect"]
        channels = each["output_shape_hwc"][2]
        if detect["fits_in_whole_heap"] or result.failure is None:
            assert whole_blocks(sizes[: 2 + 2 * channels]) == detect["bytes_callback_total"]
            assert whole_blocks(sizes) == detect["bytes_detect_total_no_blobs_one_threshold"]
            fitting += 1
        else:
            assert result.failure.kind == "MemoryError"
            assert result.failure.refused is not None
            assert result.failure.refused.bytes in (24, detect["channel_bytes"]["pixels"])
    assert fitting == 3


def test_classify_of_a_thousand_classes(shared: Path, tmp_path: Path) -> None:
    measured = json.loads((shared / "oracle/forum/detect_v455.json").read_text())["models"][-1]
    path = shared / "oracle/forum" / measured["model"]
    text = f'import tf, image; r = None\nnet = tf.load("/{path.name}", load_to_fb=True)\n'
    text += "img = image.Image(96, 96, image.GRAYSCALE)\nr = net.classify(img)\n"
    sizes = asked(run(tmp_path, text, path), 4)
    assert sizes == [16, 16, 16, 4000, *[8] * 1000, 24]
    assert whole_blocks(sizes) == measured["classify"]["gc_heap_bytes"]


def test_the_forum_script_fails_while_detect_makes_one_image_a_channel(tmp_path: Path) -> None:
    yolo = tmp_path / "yolov8.tflite"
    yolo.write_bytes(models.make("yolov8n-like", size=640, classes=2))
    script = Path(__file__).parents[3] / "examples" / "forum_tf_detect.py"
    options = ScriptOptions(models=(yolo,), run_models=False)
    result = run_script(script, load_board("openmv-rt1062", "4.5.5"), options)
    assert result.failure is not None
    assert result.failure.text == "MemoryError: "  # no room for the text either
    assert "net.detect" in result.source_lines[result.failure.line - 1]
    assert result.failure.refused is not None
    assert result.failure.refused.bytes in (6, 24)


def test_requests_and_exceptions_of_a_call_are_put_down_to_its_line(tmp_path: Path, grid: Path) -> None:
    text = HEAD + (
        "def look():\n    return net.detect(img, thresholds=[(128, 255)])\n"
        "r = look()\nt = [1, 2, 3]\n"
        "held = []\ntry:\n    while True:\n        held.append(bytearray(256))\nexcept MemoryError:\n    pass\n"
        "try:\n    look()\nexcept MemoryError:\n    pass\nheld = None\nr = [4, 5, 6, 7, 8]\nnet.detect(1)\n"
    )
    result = run(tmp_path, text, grid)
    assert len(asked(result, 5)) > len(asked(result, 7)) == 2
    assert asked(result, 19) == [16, 20]
    assert result.failure is not None
    assert result.failure.line == 20
    assert [refused.line for refused in result.refused][-1] == 5
    assert {refused.line for refused in result.refused} == {5, 11}
