"""Configurations: values by key, the script they make, and what cannot be set."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pytest

from omvsim.errors import BoardError, InputError
from omvsim.whatif import Configuration, Evaluator, largest_frame, largest_model
from omvsim.whatif._largest import best_rung

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


def script(folder: Path, **changes: object) -> str:
    evaluator = Evaluator()
    configuration = dataclasses.replace(BASE, model=str(folder / "tiny-conv.tflite"), **changes)
    return evaluator.case(configuration, evaluator.camera(configuration)).prepared.text


def test_collections_where_they_were_asked_for(folder: Path) -> None:
    lines = [line.strip() for line in script(folder, collect="both", input="callable").splitlines()]
    at = [number for number, line in enumerate(lines) if line == "gc.collect()"]
    assert [lines[number + 1].partition("(")[0] for number in at] == ["model = ml.Model", "model.predict"]
    assert "gc.collect()" not in script(folder, collect="none", input="callable")


def test_the_camera_that_was_asked_for(folder: Path) -> None:
    text = script(folder, framesize="VGA", framebuffers=1, pixformat="GRAYSCALE")
    for line in ("set_framesize(sensor.VGA)", "set_framebuffers(1)", "set_pixformat(sensor.GRAYSCALE)"):
        assert f"sensor.{line}" in text


def test_until_the_load_nothing_is_predicted(folder: Path) -> None:
    assert ".predict(" not in script(folder, until="load")
    assert ".predict(" in script(folder)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"framesize": "VGA"}, "no option FRAMESIZE"),
        ({"loops": 3}, "no option LOOPS"),
        ({"until": "load"}, "cannot be run until its load"),
    ],
)
def test_what_a_scenario_leaves_no_choice_of(
    changes: dict[str, object], words: str, folder: Path, tmp_path: Path
) -> None:
    own = tmp_path / "own.py"
    own.write_text('import ml\nmodel = ml.Model("/rom/tiny-conv.tflite")\n', encoding="utf-8")
    assert "ml.Model" in script(folder, scenario=str(own))
    with pytest.raises(InputError, match=words):
        script(folder, scenario=str(own), **changes)


def test_one_parse_and_one_plan_serve_every_configuration(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import omvsim.whatif._evaluate as module

    calls = []
    real = module.arena_plan
    monkeypatch.setattr(module, "arena_plan", lambda *a: calls.append(a) or real(*a))
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
    best = {}
    for pixformat in ("GRAYSCALE", "RGB565"):
        chosen = base.with_value("frame_buffer.size", "1M").with_value("pixformat", pixformat)
        rungs = largest_frame(Evaluator(), chosen)
        found = best_rung(rungs)
        assert found is not None
        assert any(not rung.outcome.works for rung in rungs)
        best[pixformat] = found.value, found.pixels
    assert best == {"GRAYSCALE": ("WXGA", 1280 * 768), "RGB565": ("SVGA", 800 * 600)}
