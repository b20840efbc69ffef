"""Forum thread 9790: 50 400 bytes refused with 265 184 free. Stands on models of our own."""

from __future__ import annotations

import json

import pytest

import omvsim
from omvsim import models
from omvsim.advice import explain_tf_result, later_releases
from omvsim.boards import load_board
from omvsim.firmware import TfMethod, TfOutput, result_needs


@pytest.fixture(scope="module")
def two_classes(tmp_path_factory):
    path = tmp_path_factory.mktemp("forum") / "yolov8n-like.tflite"
    path.write_bytes(models.make("yolov8n-like", size=640, classes=2))
    return path


@pytest.fixture(scope="module")
def failure(two_classes):
    return omvsim.run(two_classes, scenario="forum-9790")


def built(result, owner):
    return sum(entry.owner == owner for entry in result.allocations)


def test_fails_at_the_very_allocation(failure):
    """4825th image object, 24 bytes, no block left: not even the message can be built."""
    assert failure.verdict == "memory_error"
    assert failure.exception == "MemoryError: "
    assert failure.failure.refused.bytes == 24
    assert failure.failure.refused.what == "image of a channel"
    assert built(failure, "image of a channel") == 4824
    assert built(failure, "pixels of a channel") == 4825


def test_eighty_classes_fail_at_a_pixel_buffer(tmp_path):
    path = tmp_path / "nc80.tflite"
    path.write_bytes(models.make("yolov8n-like", size=640, classes=80))
    result = omvsim.run(path, scenario="forum-9790")
    assert (result.exception, result.failure.refused.bytes) == ("MemoryError: ", 84)
    assert built(result, "image of a channel") == 1809


def test_explains_it(failure):
    facts = explain_tf_result(failure)
    assert facts.free_bytes == 265184
    assert (facts.needs.callback, facts.needs.total) == (436816, 739248)
    assert (facts.most_channels_callback, facts.most_channels_total) == (5099, 3012)
    assert max(facts.input_sizes) == 352
    assert len(facts.sentences) == 5


def test_what_later_releases_do(failure):
    """Loaded from a file it runs one frame; the second float output does not fit while the first is held."""
    rows = {row.firmware: row for row in later_releases(failure)}
    assert set(rows) >= {"4.5.6", "4.8.1", "5.0.0"}
    for row in rows.values():
        assert row.kept.exception == "MemoryError: memory allocation failed, allocating 201600 bytes"
        assert [step.name for step in row.kept.steps].count("predict") == 2
        assert row.dropped.verdict == "ok"
    assert rows["4.7.0"].callback is None
    assert rows["4.8.1"].callback.verdict == "ok"


def test_a_load_to_the_heap_is_refused_whole(two_classes):
    result = omvsim.run(two_classes, scenario="forum-9790", load="file")
    size = two_classes.stat().st_size
    assert result.exception == f"MemoryError: memory allocation failed, allocating {size} bytes"


def test_needs_equal_the_measured_ones(shared):
    """`detect_v455.json`: bytes of the callback and of the whole call, on the real module's code."""
    measured = json.loads((shared / "oracle/forum/detect_v455.json").read_text())
    image = load_board("openmv-rt1062", "4.5.5").release.image_object
    compared = 0
    for model in measured["models"]:
        output = TfOutput(*model["output_shape_hwc"])
        detect = model.get("detect", {})
        if "bytes_callback_total" in detect:
            needs = result_needs(output, TfMethod.DETECT, image)
            assert needs.callback == detect["bytes_callback_total"]
            assert needs.total == detect["bytes_detect_total_no_blobs_one_threshold"]
            compared += 1
    assert compared >= 4


def test_a_larger_image_object_takes_whole_blocks_of_every_channel():
    small, larger = (result_needs(TfOutput(6, 1, 8400), TfMethod.DETECT, size) for size in (24, 36))
    assert larger.callback - small.callback == larger.total - small.total == 8400 * 16


@pytest.mark.parametrize(
    ("name", "ram"),
    [
        ("yolov8n_192_nc2", 520072),
        ("yolov8n_320_nc2", 1310600),
        ("yolov8n_640_nc2", 5007232),
        ("yolov8n_640_nc80", 5009828),
    ],
)
def test_arena_figure_on_the_device(shared, name, ram):
    """With `load_to_fb=True` the figure depends on where the fb_alloc stack ends: measured for that very address."""
    model = shared / f"oracle/forum/models/{name}_full_integer_quant.tflite"
    result = omvsim.run(model, scenario="forum-9790")
    assert result.model_ram == ram


@pytest.mark.parametrize(
    ("name", "load", "keep", "callback", "exception"),
    [
        ("nc2", "file", True, False, "MemoryError: memory allocation failed, allocating 201600 bytes"),
        ("nc2", "file", False, False, None),
        ("nc2", "file", True, True, None),
        ("nc2", "rom", True, False, None),
        ("nc80", "file", True, False, "ValueError: Failed to allocate tensors"),
        ("nc80", "rom", True, False, "MemoryError: memory allocation failed, allocating 2822400 bytes"),
        # The old array survives the collection: it starts right behind the arena, which points at its own end.
        ("nc80", "rom", False, False, "MemoryError: memory allocation failed, allocating 2822400 bytes"),
        ("nc80", "rom", True, True, None),
    ],
)
def test_measured_on_4_8_1(shared, name, load, keep, callback, exception):
    model = shared / f"oracle/forum/models/yolov8n_640_{name}_full_integer_quant.tflite"
    result = omvsim.run(model, load=load, loops=4, input="callable", keep_output=keep, callback=callback)
    assert result.exception == exception
