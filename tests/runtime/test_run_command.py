"""``omvsim run`` with a real inference beside it, and what data-dependent post-processing does to the heap."""

from __future__ import annotations

import json

import pytest

from omvsim import models
from omvsim.cli import main
from omvsim.errors import MissingExtraError
from omvsim.runtime import choose_backend

try:
    choose_backend()
except MissingExtraError as error:
    pytestmark = pytest.mark.skip(reason=str(error))


@pytest.fixture(scope="module")
def detector(tmp_path_factory):
    path = tmp_path_factory.mktemp("run") / "yolov8n-like.tflite"
    path.write_bytes(models.make("yolov8n-like", size=64, classes=2))
    return path


def report(capsys, *arguments):
    code = main(["run", *map(str, arguments), "--json", "--no-advice"])
    return code, json.loads(capsys.readouterr().out)


def test_a_real_inference_stands_beside_the_prediction(detector, capsys):
    code, plain = report(capsys, detector)
    assert code == 0
    assert "inference" not in plain
    code, with_values = report(capsys, detector, "--input", "random")
    assert code == 0
    output = with_values["inference"]["outputs"][0]
    assert output["shape"] == [1, 6, 84]
    assert output["highest"] >= output["lowest"]
    assert with_values["steps"] == plain["steps"]


def test_the_timeline_is_in_the_json(detector, capsys):
    _, found = report(capsys, detector, "--timeline")
    peak = found["timeline"]["peak"]
    assert peak["live_bytes"] <= found["timeline"]["head_bytes"]
    assert peak["limiting_operators"]


def test_detections_decide_the_garbage_of_a_frame(detector, capsys):
    garbage = []
    for count in (0, 1, 20):
        _, found = report(capsys, detector, "--postprocess", "yolov8", "--detections", count)
        garbage.append(found["loop"]["garbage_per_frame"])
    assert garbage[0] < garbage[1] < garbage[2]


def test_a_constructor_makes_its_garbage_before_the_arena_is_sized(tmp_path, capsys):
    path = tmp_path / "blazeface-like.tflite"
    path.write_bytes(models.make("blazeface-like"))
    _, with_anchors = report(capsys, path, "--postprocess", "blazeface", "--gc", "64K,272K,700K")
    load = next(step for step in with_anchors["steps"] if step["name"] == "load")
    assert load["allocations"] > 25_797


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--postprocess", "yolov99"], "--postprocess: 'yolov99' is not known"),
        (["--input", "missing.jpg"], "missing.jpg: "),
    ],
)
def test_wrong_values_give_one_line(detector, capsys, arguments, says):
    assert main(["run", str(detector), *arguments]) == 3
    error = capsys.readouterr().err.strip().splitlines()[-1]
    assert says in error
