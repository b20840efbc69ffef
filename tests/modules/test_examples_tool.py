"""``tools.examples``: which examples an index has for the camera, and how a report's ending is judged."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from tools import examples

if TYPE_CHECKING:
    from pathlib import Path

CSV = """# "Path", "Board", "Sensor", "Flatten"
"examples/00-All", ".+", "^(?!None).*$", ""
"examples/01-Other/(?!Inner).*$", "^(?!nano).*$", ".+", ""
"examples/01-Other/Inner", "(OPENMV2|OPENMV3)", ".+", ""
"examples/02-Sensor", ".+", "(GENX320)", ""
"""
JSON = {
    "entries": [
        {"path": "00-All", "boards": ["*"], "sensors": ["*"], "exclude_sensors": ["None"]},
        {"path": "01-Other", "boards": ["*"], "exclude_boards": ["NANO"], "sensors": ["*"]},
        {"path": "01-Other/Inner/*", "boards": ["OPENMV2"], "sensors": ["*"]},
        {"path": "02-Sensor", "boards": ["OPENMV_RT1060"], "sensors": ["GENX320"]},
        {"path": "03-Excluded", "boards": ["*"], "exclude_boards": ["OPENMV_RT1060"], "sensors": ["*"]},
    ]
}


def laid_out(folder: Path) -> None:
    """One script in each folder."""
    for name in ("00-All", "01-Other", "01-Other/Inner", "02-Sensor", "03-Excluded"):
        (folder / name).mkdir(parents=True)
        (folder / name / "script.py").write_text("pass\n")


@pytest.mark.parametrize(("name", "text"), [("index.csv", CSV), ("index.json", json.dumps(JSON))])
def test_the_index_says_what_suits_the_camera(tmp_path: Path, name: str, text: str) -> None:
    laid_out(tmp_path)
    (tmp_path / name).write_text(text)
    found = [str(each.relative_to(tmp_path).parent) for each in examples.chosen(tmp_path, [], every_sensor=False)]
    assert found == ["00-All", "01-Other"]
    more = [str(each.relative_to(tmp_path).parent) for each in examples.chosen(tmp_path, ["0"], every_sensor=True)]
    assert more == ["00-All", "01-Other", "02-Sensor"]
    assert not list(examples.chosen(tmp_path, ["Inner"], every_sensor=True))


def test_no_index(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="no index of examples"):
        examples.index_of(tmp_path)


@pytest.mark.parametrize(
    ("text", "kind", "why"),
    [
        ("import time\nprint(1)\n", "runs", ""),
        ("import time\nwhile True:\n    time.sleep(1)\n", "runs", ""),
        ("import time\ntime.sleep(-1)\nraise ValueError(3)\n", "raises", "line 3: ValueError: 3"),
        ("import pyb\n", "raises", "line 1: ImportError: no module named 'pyb'"),
        ("import cryptolib\ncryptolib.aes(b'', 1)\n", "unknown", "cryptolib.aes (line 2)"),
    ],
)
def test_endings(tmp_path: Path, text: str, kind: str, why: str) -> None:
    script = tmp_path / "script.py"
    script.write_text(text)
    ending = examples.run(script, "4.8.1", tmp_path)
    assert (ending.kind, ending.why) == (kind, why)


def test_what_needs_too_long_here_is_slow(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text("n = 1\nwhile True:\n    n = pow(n + 3, 70001, 1 << 20000)\n")
    assert examples.run(script, "4.8.1", tmp_path, seconds=1).kind == "slow"


def test_a_script_that_cannot_be_read_is_trouble(tmp_path: Path) -> None:
    ending = examples.run(tmp_path / "none.py", "4.8.1", None)
    assert ending.kind == "trouble"
    assert "none.py" in ending.why


def test_the_table_counts() -> None:
    counts = {"a/b": Counter(runs=3, slow=1), "c": Counter(raises=1)}
    lines = examples.table(counts)
    assert [line.split()[:2] for line in lines[1:]] == [["a/b", "4"], ["c", "1"], ["all", "5"], ["as", "on"]]
    assert lines[-1] == "as on the camera: 4 of 5 (80.0 %)"
