"""``omvsim arena``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from omvsim import models
from omvsim.cli import main

if TYPE_CHECKING:
    from pathlib import Path

KEYS = {
    "path",
    "status",
    "refusal",
    "arena_used_bytes",
    "head_bytes",
    "tail_bytes",
    "buffers",
    "second_allocation",
    "provenance",
}


@pytest.fixture
def model(tmp_path: Path) -> str:
    path = tmp_path / "tiny.tflite"
    path.write_bytes(models.make("tiny-conv"))
    return str(path)


def test_json_has_one_object_a_model_in_order(model: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["arena", "--json", model, model]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["path"] for row in rows] == [model, model]
    row = rows[0]
    assert row.keys() >= KEYS
    assert (row["status"], row["refusal"], row["second_allocation"]) == ("ok", None, "ok")
    assert row["arena_used_bytes"] == row["head_bytes"] + row["tail_bytes"]
    assert row["kept_arena_bytes"] == -(-row["arena_used_bytes"] // 16) * 16 + 512
    assert row["minimum_arena_bytes"] >= row["arena_used_bytes"]
    for buffer in row["buffers"]:
        assert buffer.keys() >= {"offset", "bytes", "first", "last", "kind"}
        assert buffer["kind"] in {"tensor", "scratch"}


def test_a_bad_file_does_not_stop_the_others(model: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = tmp_path / "bad.tflite"
    bad.write_bytes(b"hello")
    assert main(["arena", "--json", str(bad), model, str(tmp_path / "none.tflite")]) == 3
    out, err = capsys.readouterr()
    assert [json.loads(line)["path"] for line in out.splitlines()] == [model]
    lines = err.splitlines()
    assert len(lines) == 2
    assert lines[0].startswith(f"omvsim: {bad}: ")
    assert "no such file" in lines[1]


def test_other_releases(model: str, capsys: pytest.CaptureFixture[str]) -> None:
    figures = {}
    for firmware in ("4.5.5", "4.5.6", "4.5.9", "4.8.1", "5.0.0"):
        assert main(["arena", "--json", "--firmware", firmware, model]) == 0
        figures[firmware] = json.loads(capsys.readouterr().out)
    assert figures["4.5.5"]["arena_used_bytes"] < figures["4.8.1"]["arena_used_bytes"]
    assert figures["4.5.6"]["kept_arena_bytes"] == figures["4.5.6"]["arena_used_bytes"] + 1024
    assert figures["4.5.9"]["kept_arena_bytes"] == figures["4.8.1"]["kept_arena_bytes"] - 512
    assert figures["5.0.0"]["provenance"] == "derived"
    assert figures["4.8.1"]["provenance"] == "exact"


def test_unknown_release(model: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["arena", "--firmware", "9.9.9", model]) == 3
    assert "9.9.9" in capsys.readouterr().err


def test_page_for_people(model: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["arena", model]) == 0
    text = capsys.readouterr().out
    for needle in ("tiny.tflite", "arena_used_bytes", "head", "tail", "second AllocateTensors"):
        assert needle in text


def test_refused_models_say_why(shared: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = shared / "models" / "real" / "hey_jarvis.tflite"
    assert main(["arena", "--json", str(path)]) == 0
    row = json.loads(capsys.readouterr().out)
    assert row["status"] == "refused"
    assert row["refusal"].startswith("operator 1 (VAR_HANDLE): ")
    assert row["refusal_details"]["operator"] == "VAR_HANDLE"
    assert (row["arena_used_bytes"], row["second_allocation"], row["buffers"]) == (None, None, [])
    assert main(["arena", str(path)]) == 0
    assert "refused" in capsys.readouterr().out
