"""Every measured threshold: smallest areas, segments between them, crash zones (``thresholds.json``, 4.8.1 and UMA).

The script that measured them is not recorded. The last of several areas hardly depends on it: there every figure is
exact with the steps of the recorded traces' script (``scripts/measuring.py``). A single small area holds the script as
well, and the unknown one was longer: :data:`SHORTER` says by how many KiB ours does with less.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from omvsim.whatif import Configuration, EdgeSearch, Evaluator
from tests.conftest import SHARED

K = 1024
BASES = {
    "dram": [(64 * K, 0x20280000), (272 * K, 0x20300000)],
    "single": [],
    "dram_base_26K_293K": [(26 * K, 0x20280000), (293 * K, 0x20300000)],
    "dram_base_64K_204K": [(64 * K, 0x20280000), (204 * K, 0x20300000)],
    "dram_base_26K_290K": [(26 * K, 0x20280000), (290 * K, 0x20300000)],
}
SCRIPT = str(Path(__file__).with_name("scripts") / "measuring.py")
COLUMNS = ("model_ok", "predict_callable_ok", "predict_ndarray_ok")
SHORTER = {
    ("micro_speech", "rom"): (2, 1, 0),
    ("micro_speech", "file"): (2, 1, 0),
    ("audio_preprocessor", "file"): (2, 1, 1),
    ("fomo_face_detection", "rom"): (2, 1, 0),
    ("person_detect", "rom"): (1, 1, 0),
    ("person_detect", "file"): (2, 2, 0),
    ("blazeface_front_128", "rom"): (1, 1, 0),
}
"""KiB that a single area may be smaller than measured, by column."""


def measured() -> dict[str, tuple[str, str, str, str, dict[str, Any]]]:
    found = {}
    for folder, firmware in (("firmware", "4.8.1"), ("uma", "5.0.0")) if SHARED is not None else ():
        groups = json.loads((SHARED / "oracle" / folder / "thresholds.json").read_text(encoding="utf-8"))
        for group, models in groups.items():
            for model, modes in models.items() if group in BASES else ():
                for mode, sweep in modes.items():
                    found[f"{firmware}-{group}-{model}-{mode}"] = (firmware, group, model, mode, sweep)
    return found


CASES = measured()


def configuration(path: Path, firmware: str, group: str, mode: str) -> Configuration:
    last = (8192 * K, 0x60000000 if BASES[group] else 0x20280000)
    base = Configuration(
        str(path),
        board="openmv-rt1062-qemu",
        firmware=firmware,
        gc=(*BASES[group], last),
        load=mode,
        until="load",
        scenario=SCRIPT,
    )
    return base.with_value("uma[0].size", "4M") if firmware == "5.0.0" else base


@pytest.mark.shared
@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in CASES if "-single-" not in name] or ["absent"])
def test_measured_sweep(name: str, shared: Path) -> None:
    firmware, group, model, mode, sweep = CASES[name]
    base = configuration(shared / "models" / "real" / f"{model}.tflite", firmware, group, mode)
    key = f"gc[{len(BASES[group])}].size"
    evaluator = Evaluator()
    edge = EdgeSearch(evaluator, base, key, low=0).run()

    smallest = sweep["smallest_kib"]
    assert edge.smallest_step == smallest["model_ok"] * K
    died = smallest.get("hardfault_at_kib", []) + smallest.get("hang_at_kib", [])
    assert {value * K for value in died} <= set(edge.may_crash)
    for segment in sweep["segments"]:
        for kib in {segment["from_kib"], segment["to_kib"]}:
            outcome = evaluator.evaluate(base.with_value(key, f"{kib}K"))
            if segment["model"] in ("HardFault", "Hang"):
                assert outcome.may_crash
            elif segment["model"] == "ok":
                assert outcome.works
                assert outcome.data_area.replace("[", " pool ").rstrip("]").startswith(segment.get("data_in", "")[:3])
            else:
                assert outcome.error == segment["model"] or (outcome.may_crash and kib < 32)
            if segment["model"] == "ok":
                predicts(evaluator, base.with_value(key, f"{kib}K"), segment)


def predicts(evaluator: Evaluator, base: Configuration, segment: dict[str, Any]) -> None:
    base = base.with_value("until", "predict")
    assert evaluator.evaluate(base.with_value("input", "callable")).works == segment["predict_callable_ok"]
    with_array = evaluator.evaluate(base.with_value("input", "ndarray"))
    assert with_array.works == segment["predict_ndarray_ok"]
    assert (with_array.stage != "input") == segment["ndarray_input_alloc_ok"]


@pytest.mark.shared
@pytest.mark.slow
@pytest.mark.parametrize(("model", "mode"), SHORTER)
def test_a_single_area_without_the_script_that_measured(model: str, mode: str, shared: Path) -> None:
    *_, sweep = CASES[f"4.8.1-single-{model}-{mode}"]
    loading = configuration(shared / "models" / "real" / f"{model}.tflite", "4.8.1", "single", mode)
    predicting = loading.with_value("until", "predict")
    columns = (loading, predicting.with_value("input", "callable"), predicting.with_value("input", "ndarray"))
    evaluator = Evaluator()
    for name, base, less in zip(COLUMNS, columns, SHORTER[model, mode], strict=True):
        size = sweep["smallest_kib"][name] - less
        assert evaluator.evaluate(base.with_value("gc[0].size", f"{size}K")).works, name
        assert not evaluator.evaluate(base.with_value("gc[0].size", f"{size - 1}K")).works, name
