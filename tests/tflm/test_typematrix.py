"""Operator by element type: what the library of 4.8.1 does with each of the public combinations."""

from __future__ import annotations

import json
import re
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

from omvsim.graph import parse_model, read_model
from omvsim.tflm import ArenaPlan, Fault, Status, plan_arena

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.shared
Row = tuple[dict[str, Any], ArenaPlan]

INDEX_OUT_OF_RANGE = {"AXIS_EMB_INT32"}
"""Fails on the value that the measurement fed, 0x01010101, and not on a type."""
PRINTS_AN_ADDRESS = re.compile(r"got \d{6}\.$")
"""``%d`` of the address of a type's name: not the camera's."""


def verdict(plan: ArenaPlan) -> str:
    if plan.status is Status.REFUSED:
        return "refused"
    if plan.status in (Status.HANGS, Status.CRASHES):
        return "hang/fault in AllocateTensors"
    assert plan.status is Status.OK
    if plan.run_fault is None:
        return "runs"
    assert plan.run_fault.fault is Fault.ERROR
    return "Invoke failed"


@pytest.fixture(scope="module")
def rows(shared: Path) -> list[Row]:
    """(measurement, plan) of every public row."""
    folder = shared / "oracle" / "tflm"
    with zipfile.ZipFile(folder / "typematrix_models.zip") as models:
        return [
            (row, plan_arena(parse_model(models.read(f"{row['case']}.tflite"), row["case"])))
            for row in map(json.loads, (folder / "typematrix.jsonl").read_text().splitlines())
        ]


def operator_of(row: dict[str, Any]) -> str:
    return re.sub(r"_[a-z0-9].*|_(IN|FLO|UIN|BOO).*", "", row["case"])


def test_every_verdict(rows: list[Row]) -> None:
    assert len(rows) == 1680
    wrong = [
        (row["case"], row["library"], verdict(plan))
        for row, plan in rows
        if row["case"] not in INDEX_OUT_OF_RANGE and verdict(plan) != row["library"]
    ]
    assert wrong == []


def test_every_arena(rows: list[Row]) -> None:
    for row, plan in rows:
        if row["library"] in ("runs", "Invoke failed"):
            assert plan.arena_used_bytes == row["arena_used_bytes"], row["case"]


def test_every_text(rows: list[Row]) -> None:
    """Of refusals and of failing inferences, whole, as the library prints them (its first line)."""
    compared = 0
    for row, plan in rows:
        fault = plan.refusal or plan.run_fault
        if fault is None or row["message"] == "HALTED" or row["case"] in INDEX_OUT_OF_RANGE:
            continue
        first = fault.library_message.partition("\n")[0]
        measured = row["message"]
        if PRINTS_AN_ADDRESS.search(measured):
            measured = PRINTS_AN_ADDRESS.sub("got ", measured)
        assert first == measured, row["case"]
        compared += 1
    assert compared > 1200


def test_each_operator_has_rows_of_both_kinds(rows: list[Row]) -> None:
    """The comparison would notice an operator without rules: most fail for some types and run with others."""
    seen: dict[str, set[str]] = {}
    for row, _ in rows:
        seen.setdefault(operator_of(row), set()).add(row["library"])
    mixed = [name for name, verdicts in seen.items() if len(verdicts) > 1]
    assert len(mixed) > 60


# -- the smallest models of each kind of fault -----------------------------------------------------------------------

_ENTRY = re.compile(
    r"^   library     : (?P<load>\w+) (?P<arena>\w+) invoke (?P<invoke>\w+) (?P<end>\w+) (?P<texts>.*)$"
)


def cases(shared: Path) -> dict[str, re.Match[str]]:
    """What the library of 4.8.1 said of ``cases/models/NAME.tflite``."""
    found: dict[str, re.Match[str]] = {}
    lines = (shared / "cases" / "models" / "expected.txt").read_text().splitlines()
    name = ""
    for line in lines:
        if line and not line.startswith((" ", "#")):
            name = line.strip()
        entry = _ENTRY.match(line)
        if entry is not None and name not in found:
            found[name] = entry
    return found


def test_smallest_models(shared: Path) -> None:
    checked = 0
    for name, entry in cases(shared).items():
        plan = plan_arena(read_model(shared / "cases" / "models" / f"{name}.tflite"))
        if entry["load"] == "none":
            assert plan.status is Status.HANGS, name
        elif entry["load"] == "refused":
            assert plan.status is Status.REFUSED, name
            assert plan.refusal is not None
            assert plan.refusal.library_message in entry["texts"], name
        else:
            assert plan.arena_used_bytes == int(entry["arena"]), name
            expected = {"ok": None, "fail": Fault.ERROR, "none": Fault.HANGS}[entry["invoke"]]
            assert (plan.run_fault and plan.run_fault.fault) == expected, name
        checked += 1
    assert checked >= 30


DIVIDES_BY_ZERO = {"floordiv_f32.tflite"}
"""By the zeros of the measured input."""


def test_every_measured_inference(shared: Path) -> None:
    """Of the models of the arena's oracle."""
    compared = 0
    for line in (shared / "oracle/tflm/arena.jsonl").read_text().splitlines():
        measured = json.loads(line)
        if measured["status"] or "invoke" not in measured or measured["file"] in DIVIDES_BY_ZERO:
            continue
        plan = plan_arena(read_model(shared / measured["path"]))
        assert (plan.run_fault is not None) == bool(measured["invoke"]["status"]), measured["file"]
        compared += 1
    assert compared > 600


def test_texts_of_refusals(shared: Path) -> None:
    """Every line that omvsim shows is one that the library printed."""
    for line in (shared / "oracle/tflm/arena.jsonl").read_text().splitlines():
        measured = json.loads(line)
        if not measured["status"]:
            continue
        plan = plan_arena(read_model(shared / measured["path"]))
        assert plan.refusal is not None
        printed = " ".join(str(text).strip() for text in measured["messages"])
        for said in plan.refusal.library_message.split("\n"):
            assert said in printed, measured["file"]
        assert plan.refusal.library_message, measured["file"]
