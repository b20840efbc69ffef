"""Fitting a profile to recorded times, and refusing to judge a fit by what made it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from omvsim.boards import load_board
from omvsim.cli import main
from omvsim.errors import TraceError
from omvsim.models import make
from omvsim.timing import (
    TimingProfile,
    calibrate,
    compare,
    load_profile,
    predict,
    profile_of,
    profile_toml,
    read_records,
)

if TYPE_CHECKING:
    from pathlib import Path

FAMILIES = ("tiny-conv", "mobilenet-like", "classifier", "autoencoder")


@pytest.fixture(scope="module")
def profile() -> TimingProfile:
    return profile_of(load_board())


@pytest.fixture(scope="module")
def traces(tmp_path_factory: pytest.TempPathFactory, profile: TimingProfile) -> Path:
    """Times of a camera whose core is 5 % slower and whose SDRAM takes 1.4 times as long as the profile says."""
    folder = tmp_path_factory.mktemp("traces")
    rows = []
    for name in FAMILIES:
        (folder / f"{name}.tflite").write_bytes(make(name))
        for arena in ("dtcm", "sdram"):
            rows.append({"model": f"{name}.tflite", "ms": 1.0, "arena": arena, "weights": "flash", "note": "ignored"})
    draft = folder / "draft.jsonl"
    draft.write_text("\n".join(json.dumps(r) for r in rows))
    for row, record in zip(rows, read_records(draft), strict=True):
        found = predict(record.work, profile, record.placement)
        cycles = found.framework.nominal * 1.05
        for o in found.operators:
            arena = o.parts["arena"].nominal * (1.4 if record.placement.arena == "sdram" else 1.0)
            cycles += o.parts["issue"].nominal * 1.05 + o.parts["weights"].nominal + o.parts["code"].nominal + arena
        row["ms"] = cycles * 1000 / profile.clock_hz
    path = folder / "traces.jsonl"
    path.write_text("\n".join([*(json.dumps(r) for r in rows), "", '{"ev": "header"}']))
    return path


def test_the_fit_finds_what_is_different(traces: Path, profile: TimingProfile) -> None:
    found = calibrate(read_records(traces), profile, "mine")
    assert found.after.mape < found.before.mape
    assert found.after.mape < 1.5
    assert found.factors["core"] == pytest.approx(1.05, abs=0.03)
    assert found.factors["sdram"] == pytest.approx(1.4, abs=0.15)
    assert found.after.held_out_mape >= 0
    assert found.profile.core_provenance == "calibrated"


def test_the_profile_survives_its_file(traces: Path, profile: TimingProfile, tmp_path: Path) -> None:
    records = read_records(traces)
    found = calibrate(records, profile, "mine")
    path = tmp_path / "mine.toml"
    path.write_text(profile_toml(found.profile))
    back = load_profile(str(path))
    assert back.fit["records"] == len(records)
    assert back.fit["factors"] == found.factors
    work, place = records[0].work, records[0].placement
    assert predict(work, back, place).ms.nominal == pytest.approx(
        predict(work, found.profile, place).ms.nominal, rel=1e-3
    )


def test_a_fit_is_not_judged_by_its_own_records(traces: Path, profile: TimingProfile) -> None:
    records = read_records(traces)
    mine = calibrate(records[:4], profile, "mine").profile
    with pytest.raises(TraceError, match="was fitted to this model and placement"):
        compare(records, mine)
    others = compare(records[4:], mine)
    assert others.records == len(records) - 4
    assert compare(records, profile).records == len(records)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "holds no measured time"),
        ('{"model": "x.tflite"}', "holds no measured time"),
        ("{", "line 1 is not JSON"),
        ('{"model": "x.tflite", "ms": -1}', "not a positive number"),
        ('{"model": "x.tflite", "ms": true}', "not a positive number"),
    ],
)
def test_records_that_cannot_be_used(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "t.jsonl"
    path.write_text(text)
    with pytest.raises(TraceError, match=message):
        read_records(path)


def test_a_missing_file_and_too_few_records(tmp_path: Path, traces: Path, profile: TimingProfile) -> None:
    with pytest.raises(TraceError, match="cannot be read"):
        read_records(tmp_path / "none.jsonl")
    with pytest.raises(TraceError, match="at least two"):
        calibrate(read_records(traces)[:1], profile, "mine")


@pytest.mark.parametrize("times", [0.001, 1000.0, 0.4])
def test_absurd_fits_are_refused(traces: Path, profile: TimingProfile, times: float) -> None:
    """Seconds or microseconds for milliseconds, or a core that would issue more than two instructions a cycle."""
    records = [replace(record, measured_ms=record.measured_ms * times) for record in read_records(traces)]
    with pytest.raises(TraceError, match=r"the fit would multiply (core|sdram) by .*, which no camera explains"):
        calibrate(records, profile, "mine")


def test_a_slower_clock_is_no_absurd_fit(traces: Path, profile: TimingProfile) -> None:
    records = [replace(record, measured_ms=record.measured_ms * 1.25) for record in read_records(traces)]
    assert calibrate(records, profile, "mine").factors["core"] == pytest.approx(1.3, abs=0.05)


RECORDING = """MPY: soft reboot
{"ev":"header","schema":"omvsim.trace","version":1,"origin":"recorder","firmware":"4.8.1","board":"IMXRT1062","models":[{"name":"NAME"}],"load":"rom"}
{"n":1,"ev":"model","ram":5000}
{ model_size: 1, model_addr: DATA, ram_size: 5000, ram_addr: ARENA }
{"n":2,"ev":"time","what":"predict","us":900000}
{"n":3,"ev":"time","what":"predict","us":FIRST}
{"n":4,"ev":"time","what":"predict","us":FIRST}
{"n":5,"ev":"end"}
"""
PLACES = {"dtcm": "0x20018040", "sdram": "0x80000100"}


def test_recordings_are_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Arena and weights are where the camera says, and the first prediction, with a cold cache, does not count."""
    rows = []
    board = load_board()
    rom = next(region.origin for region in board.regions if str(region.kind) == "romfs")
    for name in FAMILIES:
        (tmp_path / f"{name}.tflite").write_bytes(make(name))
        for tier, address in PLACES.items():
            draft = tmp_path / "draft.jsonl"
            draft.write_text(json.dumps({"model": f"{name}.tflite", "ms": 1, "arena": tier, "weights": "flash"}))
            (record,) = read_records(draft)
            ms = predict(record.work, profile_of(board), record.placement).ms.nominal * 1.1
            text = RECORDING.replace("NAME", name).replace("ARENA", address).replace("DATA", hex(rom + 64))
            path = tmp_path / f"{name}-{tier}.log"
            path.write_text(text.replace("FIRST", str(round(ms * 1000))))
            rows.append(str(path))
    assert main(["calibrate", *rows, "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert {(row["arena"], row["weights"]) for row in printed["records"]} == {("dtcm", "flash"), ("sdram", "flash")}
    assert printed["before"]["mape"] == pytest.approx(9.1, abs=0.1)
    assert printed["after"]["mape"] < 1
    assert main(["calibrate", *rows, "--models", str(tmp_path)]) == 0
    table = capsys.readouterr().out
    assert "measured ms    before     after  model, arena, weights" in table
    assert "tiny-conv.tflite, sdram, flash" in table


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"us"', '"u"', "line"),
        ("predict", "load", "holds no time of a prediction"),
        ("model_addr", "x", "does not say where arena and weights are"),
        ("ARENA", "0x10", "nothing of openmv-rt1062 4.8.1 is at 0x00000010"),
        ("NAME", "other", "no file for its model other"),
        ("IMXRT1062", "H7", "which is no OpenMV Cam RT1062"),
    ],
)
def test_recordings_that_say_too_little(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, message: str
) -> None:
    (tmp_path / "tiny-conv.tflite").write_bytes(make("tiny-conv"))
    text = RECORDING.replace(old, new).replace("NAME", "tiny-conv").replace("ARENA", PLACES["dtcm"])
    path = tmp_path / "run.log"
    path.write_text(text.replace("DATA", "0x20018040").replace("FIRST", "1000"))
    assert main(["calibrate", str(path)]) == 3
    assert message in capsys.readouterr().err


def test_command_line(traces: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "mine.toml"
    assert main(["calibrate", str(traces), "-o", str(target)]) == 0
    assert "sdram: x 1." in capsys.readouterr().out
    assert main(["calibrate", str(traces), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["after"]["records"] == 8
    assert main(["calibrate", str(traces), "--against", str(target)]) == 3
    assert "was fitted to this model" in capsys.readouterr().err
    assert main(["calibrate", str(traces), "--against", str(target.with_name("no.toml"))]) == 3
    capsys.readouterr()
    assert main(["calibrate", str(traces), "--against", "teensy-4.0", "--json"]) == 3
