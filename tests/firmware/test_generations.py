"""Each generation of the ml module does what its source at its tag does."""

from __future__ import annotations

import pytest

import omvsim
from omvsim import models
from omvsim.boards import known_release
from omvsim.library.package import frozen_files


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    path = tmp_path_factory.mktemp("generations") / "tiny-conv.tflite"
    path.write_bytes(models.make("tiny-conv"))
    return path


def requests(result, step="load"):
    index = next(record.index for record in result.steps if record.name == step)
    return [entry for entry in result.allocations if entry.step == index]


def owners(result, step="load"):
    return [entry.owner for entry in requests(result, step)]


def test_4_5_6_sizes_in_fb_alloc_and_describes_first(model):
    """openmv/openmv v4.5.6, src/lib/tflm/tflm_backend.cc: fb_alloc_all, shapes, then state and arena + 15."""
    result = omvsim.run(model, firmware="4.5.6", load="file")
    names = owners(result)
    load = 'model = ml.Model("/model.tflite")'.replace("model.tflite", model.name)
    between = names[names.index("sizing arena") + 1 : names.index("backend state")]
    assert between == [load] * len(between)  # shapes, scales, zero points and types of input and output
    assert len(between) >= 8
    sizing = next(entry for entry in requests(result) if entry.owner == "sizing arena")
    assert sizing.area == "fb_alloc"
    arena = next(entry for entry in requests(result) if entry.owner == "tensor arena")
    assert arena.bytes == result.model_ram + 15
    data = next(entry for entry in requests(result) if entry.owner == "model file data")
    assert data.bytes == model.stat().st_size  # xalloc(model->size)


def test_4_5_9_sizes_in_the_heap_without_slack(model):
    """openmv/openmv v4.5.9, src/lib/tflm/tflm_backend.cc: gc_info().max_free, TF_ARENA_ROUND(used)."""
    result = omvsim.run(model, firmware="4.5.9", load="file")
    sizing = next(entry for entry in requests(result) if entry.owner == "sizing arena")
    assert sizing.area == "gc[2]"
    assert result.model_ram == -(-result.model.plan.arena_used_bytes // 16) * 16


@pytest.mark.parametrize("firmware", ["4.6.0", "4.6.20", "4.7.0", "4.8.0", "4.8.1", "5.0.0"])
def test_from_4_6_0_512_bytes_of_slack_and_aligned_data(model, firmware):
    """openmv/openmv v4.6.0, src/lib/tflm/tflm_backend.cc: TF_ARENA_EXTRA; py_ml.c: IMLIB_ML_MODEL_ALIGN."""
    result = omvsim.run(model, firmware=firmware, load="file")
    assert result.model_ram == -(-result.model.plan.arena_used_bytes // 16) * 16 + 512
    data = next(entry for entry in requests(result) if entry.owner == "model file data")
    assert data.bytes == -(-model.stat().st_size // 32) * 32 + 31
    assert result.models[0].data_address % 32 == 0


def test_labels_are_looked_for_from_4_7_0(model):
    """openmv/openmv v4.7.0, scripts/libraries/ml/ml/model.py."""

    def after_loading(firmware):
        names = owners(omvsim.run(model, firmware=firmware, load="file"), "load")
        return len(names) - max(at for at, name in enumerate(names) if name == "interpreter")

    assert after_loading("4.7.0") > after_loading("4.6.20") + 5  # the path's parts, a string, the file, the traceback


def test_a_callback_gets_views_from_4_8_0(model):
    """openmv/openmv v4.8.0, modules/py_ml.c: py_ml_process_output(model, !postprocess)."""
    before = owners(omvsim.run(model, firmware="4.7.0", callback=True), "predict")
    after = owners(omvsim.run(model, firmware="4.8.0", callback=True), "predict")
    assert "output array" in before
    assert "output view" not in before
    assert "output view" in after
    assert "output array" not in after


def test_5_0_0_puts_a_file_that_does_not_fit_into_uma(tmp_path):
    """openmv/openmv v5.0.0, modules/py_ml.c: m_malloc_maybe, then uma_malign(size, 32, UMA_FAST | UMA_PERSIST)."""
    path = tmp_path / "autoencoder.tflite"
    path.write_bytes(models.make("autoencoder"))
    result = omvsim.run(path, firmware="5.0.0", load="file", gc=[(64 * 1024, None)])
    data = next(entry for entry in requests(result) if entry.area.startswith("uma"))
    assert (data.owner, data.area, data.bytes) == ("model file data", "uma[1]", path.stat().st_size)
    assert result.models[0].data_area == "uma[1]"
    assert result.verdict == "ok"


def test_load_to_fb_goes_to_the_stack_and_comes_back_with_the_model(model):
    result = omvsim.run(model, firmware="4.8.1", load="fb")
    assert result.models[0].data_area == "fb_alloc"
    assert result.verdict == "ok"


@pytest.mark.parametrize(
    ("release", "size"), [("4.5.5", 72), ("4.5.9", 72), ("4.6.20", 76), ("4.7.0", 72), ("4.8.1", 76), ("5.0.0", 76)]
)
def test_size_of_the_model_object(release, size):
    assert known_release(release).model_object == size


def test_a_larger_frame_leaves_no_room_to_size_the_arena(tmp_path):
    """4.5.6 sizes in fb_alloc: frame buffers compete with it (openmv/openmv PR #2403)."""
    path = tmp_path / "yolov8n-like.tflite"
    path.write_bytes(models.make("yolov8n-like", size=320, classes=2))
    story = tmp_path / "frames.py"
    script = """# t
# options
MODEL = "/rom/model.tflite"
CROWDED = False
# end of options
import sensor
import ml
sensor.reset()
sensor.set_pixformat(sensor.RGB565)
sensor.set_framesize(sensor.QVGA)
if CROWDED:
    one = sensor.alloc_extra_fb(2592, 1944, sensor.RGB565)
    two = sensor.alloc_extra_fb(2592, 1944, sensor.RGB565)
    three = sensor.alloc_extra_fb(1600, 800, sensor.RGB565)
m = ml.Model(MODEL)  # step: load
"""
    story.write_text(script)
    assert omvsim.run(path, firmware="4.5.6", scenario=str(story)).verdict == "ok"
    story.write_text(script.replace("CROWDED = False", "CROWDED = True"))
    crowded = omvsim.run(path, firmware="4.5.6", scenario=str(story))
    assert crowded.exception == "ValueError: Failed to allocate tensors"
    assert omvsim.run(path, firmware="4.8.1", scenario=str(story)).verdict == "ok"


@pytest.mark.parametrize(
    ("release", "ulab", "modules", "package_files"),
    [
        ("4.5.6", "6.7.3", ("tv",), 5),
        ("4.6.20", "6.7.3", ("tv",), 6),
        ("4.7.0", "6.7.3", ("tv",), 6),
        ("4.8.1", "6.7.3", ("tv",), 9),
        ("5.0.0", "6.12.0", ("protocol", "umalloc"), 9),
    ],
)
def test_a_release_names_its_parts(release, ulab, modules, package_files):
    """openmv/openmv at the tags: modules/py_*.c, scripts/libraries/ml, modules/ulab."""
    facts = known_release(release)
    assert (facts.ulab.version, facts.own_modules) == (ulab, modules)
    assert len(frozen_files(facts)) == package_files


def test_there_is_no_package_ml_before_4_5_6():
    assert frozen_files(known_release("4.5.5")) == frozenset()
