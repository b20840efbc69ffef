"""The time of a whole run, from where the run put things."""

from __future__ import annotations

import json

import pytest

import omvsim
from omvsim import models
from omvsim.cli import main
from omvsim.frame_time import frame_time


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    path = tmp_path_factory.mktemp("time") / "mobilenet-like.tflite"
    path.write_bytes(models.make("mobilenet-like"))
    return path


def test_placement_follows_the_run(model):
    fast = frame_time(omvsim.run(model))
    assert dict(fast.inference.placement) == {"arena": "dtcm", "weights": "flash"}
    slow = frame_time(omvsim.run(model, gc=[(64 * 1024, None), (64 * 1024, None), (8 << 20, None)], load="file"))
    assert dict(slow.inference.placement) == {"arena": "sdram", "weights": "sdram"}
    assert slow.inference.ms.nominal != fast.inference.ms.nominal


def test_a_frame_is_the_inference_and_more(model):
    time = frame_time(omvsim.run(model))
    assert time.frame.ms.low > time.inference.ms.low
    assert time.frame.ms.low < time.frame.ms.nominal < time.frame.ms.high
    names = [cost.name for cost in time.frame.costs]
    assert names == ["input conversion", "output conversion", "collections"]
    with_callback = frame_time(omvsim.run(model, callback=True))
    assert "output conversion" not in [cost.name for cost in with_callback.frame.costs]


def test_loading_from_a_file_takes_longer(model):
    rom, file = frame_time(omvsim.run(model)), frame_time(omvsim.run(model, load="file"))
    assert [cost.name for cost in rom.load_costs] == ["clear sizing arena"]
    assert file.load.nominal > rom.load.nominal


def test_nothing_to_time_when_nothing_was_loaded(model):
    assert frame_time(omvsim.run(model, gc=[(16 * 1024, None)])) is None


def test_real_values_decide_the_share_that_saturates(model):
    result = omvsim.run(model)
    assert frame_time(result, live={}).inference.ms == frame_time(result).inference.ms


def test_command(model, capsys):
    assert main(["run", str(model), "--time", "--json"]) == 0
    time = json.loads(capsys.readouterr().out)["time"]
    assert time["inference_ms"][0] <= time["inference_ms"][1] <= time["inference_ms"][2]
    assert sum(time["bound"].values()) == pytest.approx(1, abs=0.01)
    assert main(["run", str(model), "--time"]) == 0
    assert "A frame takes" in capsys.readouterr().out
