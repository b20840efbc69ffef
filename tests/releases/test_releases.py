"""One model on every release."""

from __future__ import annotations

import json

import pytest

from omvsim import load_board, models, read_model
from omvsim.cli import main
from omvsim.provenance import Provenance
from omvsim.releases import changes, compare_releases
from omvsim.tflm import find_library


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    path = tmp_path_factory.mktemp("releases") / "mobilenet-like.tflite"
    path.write_bytes(models.make("mobilenet-like"))
    return path


def test_every_release_has_a_row_and_neighbours_differ_in_words(model):
    rows = {row.firmware: row for row in compare_releases(read_model(model))}
    assert {"4.5.0", "4.5.5", "4.5.6-dev", "4.5.9", "4.6.20", "4.7.0", "4.8.1", "5.0.0"} <= set(rows)
    assert "GC area in OCRM2 26K → 64K" in rows["4.8.0"].changes
    assert "GC area in DTCM 288K → 272K" in rows["4.8.0"].changes
    assert rows["4.8.1"].changes == ()
    assert rows["5.0.0"].result.provenance == "derived"
    assert rows["4.8.1"].result.provenance == "exact"


def test_slack_of_each_generation(model):
    """arena_used + 1024 up to 4.5.8, + 0 in 4.5.9, + 512 from 4.6.0 (tflm_backend.cc at the tags)."""
    rows = {row.firmware: row for row in compare_releases(read_model(model))}
    used = rows["4.8.1"].result.model.plan.arena_used_bytes
    aligned = -(-used // 16) * 16
    assert rows["4.5.8"].result.model_ram - 1024 in range(used - 12, used + 13)
    assert rows["4.5.9"].result.model_ram == aligned
    assert rows["4.6.0"].result.model_ram == rows["5.0.0"].result.model_ram == aligned + 512


def test_a_file_too_large_for_the_heap_works_from_the_frame_buffer(model):
    row = next(row for row in compare_releases(read_model(model)) if row.firmware == "4.5.5")
    assert row.result.exception == f"MemoryError: memory allocation failed, allocating {model.stat().st_size} bytes"
    assert row.with_fb.verdict == "ok"
    assert row.best is row.with_fb


def test_uma_takes_over():
    words = changes(load_board(firmware="4.8.1"), load_board(firmware="5.0.0"))
    assert any(clause.startswith("UMA pools 23M + 512K + 64K") for clause in words)
    assert "no load_to_fb" in words


def test_what_changed_with_4_8_0():
    words = changes(load_board(firmware="4.7.0"), load_board(firmware="4.8.0"))
    assert "a callback gets the outputs by reference, without a float copy" in words
    assert "a picture for a float model is scaled in place, without two copies of the input" in words
    assert not any("scaled in place" in clause for clause in changes(load_board(firmware="4.8.1"), load_board()))


def test_command(model, tmp_path, capsys):
    assert main(["releases", str(model)]) == 0
    text = capsys.readouterr().out
    assert "What changed:" in text
    assert "load_to_fb" in text
    missing = tmp_path / "missing.tflite"
    assert main(["releases", str(missing), str(model), "--json"]) == 3
    captured = capsys.readouterr()
    assert captured.err.startswith(f"omvsim: {missing}: ")
    report = json.loads(captured.out)
    assert report["schema"] == "omvsim.releases"
    assert [row["firmware"] for row in report["releases"]][-1] == "5.0.0"


def test_a_refusal_says_how_far_it_can_be_trusted(shared, capsys):
    """A dense layer with a scale a channel: 4.8.1's library refuses it, 5.0.0's is derived from that one."""
    assert main(["releases", str(shared / "cases/models/D2_fc_perchannel.tflite")]) == 0
    rows = {
        line.split()[0]: line.split()[1:]
        for line in capsys.readouterr().out.splitlines()[2:]
        if line.startswith(("4.", "5."))
    }
    assert rows["4.8.1"][:2] != ["no", "(derived)"]
    assert rows["4.8.1"][0] == "no"
    assert rows["5.0.0"][:2] == ["no", "(derived)"]


def test_derived_is_better_than_modelled_and_worse_than_exact():
    assert Provenance.EXACT.weakest(Provenance.DERIVED) is Provenance.DERIVED
    assert Provenance.DERIVED.weakest(Provenance.MODELLED) is Provenance.MODELLED
    library = find_library("5b8e786")
    assert library.provenance is Provenance.DERIVED
    assert "not measured" in library.note
