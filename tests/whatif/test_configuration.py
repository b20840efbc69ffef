"""Configurations: values by key, the script they make, and what cannot be set."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from omvsim.errors import BoardError, InputError
from omvsim.scenario import Collect, Load, Predict, Sensor
from omvsim.whatif import Configuration, Evaluator, largest_frame, largest_model
from omvsim.whatif._largest import best_rung
from omvsim.whatif._story import story_of

if TYPE_CHECKING:
    from pathlib import Path

BASE = Configuration("m.tflite")


@pytest.mark.parametrize(
    ("key", "value"),
    [("loops", "0"), ("loops", "x"), ("callback", "yes"), ("load", "tape"), ("until", "never"), ("collect", "often")],
)
def test_values_that_do_not_suit_their_key(key: str, value: str) -> None:
    with pytest.raises(InputError, match=key):
        BASE.with_value(key, value)


def test_values_by_key() -> None:
    changed = BASE.with_value("loops", "3").with_value("callback", "True").with_value("gc[2].size", "4M")
    assert (changed.loops, changed.callback, changed.settings) == (3, True, (("gc[2].size", "4M"),))
    assert changed.with_value("gc[2].size", "1M").settings == (("gc[2].size", "1M"),)
    assert changed.described()["gc[2].size"] == "4M"
    assert Configuration("m", gc=((1024, None), (2048, 16))).described()["gc"] == "1024,2048@0x00000010"


def test_an_area_of_nothing_is_left_out() -> None:
    assert [area.length for area in BASE.with_value("gc[2].size", "0").camera().gc_areas] == [65536, 278528]


def test_collections_where_they_were_asked_for() -> None:
    steps = story_of(BASE.with_value("collect", "both").with_value("input", "callable")).steps
    load = next(number for number, step in enumerate(steps) if isinstance(step, Load))
    assert isinstance(steps[load - 1], Collect)
    assert all(step.collect for step in steps if isinstance(step, Predict))


def test_the_camera_of_the_small_script() -> None:
    steps = story_of(BASE.with_value("framesize", "VGA").with_value("framebuffers", "1")).steps
    (sensor,) = (step for step in steps if isinstance(step, Sensor))
    assert (sensor.framesize, sensor.framebuffers, sensor.pixformat) == ("VGA", 1, "RGB565")


def test_a_scenario_without_a_camera_has_no_frame_size() -> None:
    with pytest.raises(InputError, match="framesize changes nothing"):
        story_of(BASE.with_value("scenario", "load-and-predict").with_value("framesize", "VGA"))


def test_a_scenario_until_its_load() -> None:
    steps = story_of(BASE.with_value("scenario", "load-and-predict").with_value("until", "load")).steps
    assert isinstance(steps[-1], Load)


def test_a_scenario_that_never_loads(tmp_path: Path) -> None:
    path = tmp_path / "s.toml"
    path.write_text('title = "boots"\n[[step]]\ndo = "boot"\n', encoding="utf-8")
    with pytest.raises(InputError, match="no step at its top level loads"):
        story_of(BASE.with_value("scenario", str(path)).with_value("until", "load"))


def test_one_parse_and_one_plan_serve_every_configuration(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import omvsim.whatif._evaluate as module

    calls = []
    real = module.plan_arena
    monkeypatch.setattr(module, "plan_arena", lambda *a: calls.append(a) or real(*a))
    evaluator = Evaluator()
    for size in range(64, 96):
        evaluator.evaluate(Configuration(str(folder / "tiny-conv.tflite")).with_value("gc[2].size", f"{size}K"))
    assert len(calls) == 1
    evaluator.evaluate(Configuration(str(folder / "tiny-conv.tflite"), firmware="4.5.5"))
    assert len(calls) == 2


def test_a_map_that_does_not_fit_is_an_outcome(folder: Path) -> None:
    outcome = Evaluator().evaluate(Configuration(str(folder / "tiny-conv.tflite")).with_value("gc[2].size", "40M"))
    assert outcome.verdict == "impossible"
    assert "DRAM" in outcome.error


def test_an_unknown_key_is_an_error(folder: Path) -> None:
    with pytest.raises(BoardError, match="no value"):
        Evaluator().evaluate(Configuration(str(folder / "tiny-conv.tflite")).with_value("gc[9].size", "1M"))


def test_the_largest_model_of_a_family(folder: Path) -> None:
    base = Configuration("", gc=((28 * 1024, 0x60000000),), until="load")
    paths = [str(folder / f"tiny-{size}.tflite") for size in (96, 32, 64)]
    rungs = largest_model(Evaluator(), base, paths)
    assert [rung.width for rung in rungs] == [32, 64, 96]
    best = best_rung(rungs)
    assert best is not None
    assert best.outcome.works
    assert not rungs[-1].outcome.works


def test_the_largest_frame(folder: Path) -> None:
    base = Configuration(str(folder / "tiny-conv.tflite"), firmware="4.5.9", until="load")
    rungs = largest_frame(Evaluator(), base.with_value("frame_buffer.size", "1M"))
    best = best_rung(rungs)
    assert best is not None
    assert best.pixels * 2 <= 1 << 20
    assert any(not rung.outcome.works for rung in rungs)
