"""``omvsim validate --time``."""

from __future__ import annotations

import json

from omvsim.cli import main


def test_published_times_stand_without_recorded_counts(capsys):
    assert main(["validate", "--time"]) == 0
    text = capsys.readouterr().out
    assert text.startswith("Published times on Cortex-M7")
    assert "Never compared" in text
    assert "Instructions per operator" not in text


def test_json(capsys):
    assert main(["validate", "--time", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["schema"] == "omvsim.validate.time"
    assert all(point["inside"] for point in report["published"])
    assert report["published_mape"] < 15


def test_a_folder_without_counts_is_one_line(tmp_path, capsys):
    assert main(["validate", "--time", str(tmp_path)]) == 3
    assert str(tmp_path) in capsys.readouterr().err
