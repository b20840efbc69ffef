"""The whole comparison with the ground truth: the errors the documentation promises."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from omvsim.boards import load_board
from omvsim.errors import TraceError
from omvsim.timing import Validation, profile_of, validate, validation_json, validation_text
from omvsim.timing.refit import coefficients

pytestmark = [pytest.mark.shared, pytest.mark.slow]


@pytest.fixture(scope="module")
def found(shared: Path) -> Validation:
    return validate(shared, profile_of(load_board()))


def test_instructions_by_class(found: Validation) -> None:
    errors = {e.name: e for e in found.instructions}
    for name in ("convolution", "depthwise convolution", "fully connected", "pooling", "add", "mul"):
        assert errors[name].mape <= 3.0, name
    assert errors["data-dependent"].mape <= 15.0
    assert errors["other"].mape <= 2.0


def test_leaving_a_model_out(found: Validation) -> None:
    errors = {e.name: e for e in found.held_out}
    for name in ("convolution", "depthwise convolution", "pooling", "add", "mul"):
        assert errors[name].mape <= 3.0, name
    assert errors["fully connected"].median <= 3.0
    assert errors["data-dependent"].mape <= 15.0


def test_totals_of_the_real_models(found: Validation) -> None:
    assert len(found.models) > 100
    assert all(abs(m.error) <= 2.0 or m.cause for m in found.models)
    assert sum(abs(m.error) <= 2.0 for m in found.models) == len(found.models)


def test_weight_misses_of_convolutions(found: Validation) -> None:
    errors = {e.name: e for e in found.traffic}
    for group in ("conv 1x1 int8", "conv kxk int8", "conv float", "fully connected"):
        for configuration in ("rt_dtcm", "rt_dtcm_rnd"):
            assert errors[f"{group}, {configuration}, weights"].mape <= 5.0, (group, configuration)


def test_the_rules_the_facts_call_weak(found: Validation) -> None:
    errors = {e.name: e for e in found.traffic}
    assert abs(errors["depthwise other int8, rt_ext, arena stores"].total) < 10
    assert abs(errors["depthwise other int8, rt_ext_rnd, arena stores"].total) < 20
    assert abs(errors["depthwise 3x3 int8, rt_ext_rnd, arena loads"].total) < 10


def test_reports(found: Validation) -> None:
    text = validation_text(found)
    assert "Never compared" in text
    assert "mcunet-vww1" in text
    back = json.loads(json.dumps(validation_json(found)))
    assert back["published_mape"] < 15
    assert all(c["inside"] for c in back["published"])
    assert back["not_comparable"]


def test_packaged_coefficients_are_those_of_the_ground_truth(shared: Path) -> None:
    packaged = Path(__file__).parents[2] / "omvsim/timing/data/coefficients.json"
    assert coefficients(shared) == json.loads(packaged.read_text())


def test_damaged_records(tmp_path: Path) -> None:
    folder = tmp_path / "oracle/timing"
    folder.mkdir(parents=True)
    profile = profile_of(load_board())
    with pytest.raises(TraceError, match="cannot be read"):
        validate(tmp_path, profile)
    with gzip.open(folder / "ops.jsonl.gz", "wt") as file:
        file.write('{"node": 0}\n')
    with pytest.raises(TraceError, match="line 1 is not a recorded operator"):
        validate(tmp_path, profile)
