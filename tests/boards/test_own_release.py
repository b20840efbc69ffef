"""A release is data: one that is added to a board loads models and runs scripts by its own facts."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import omvsim
from omvsim.boards import FrameBufferKind, describe_board, known_release, known_releases, load_board
from omvsim.errors import BoardError
from omvsim.graph import TensorType
from omvsim.models.builder import ModelBuilder
from omvsim.runs.options import ScriptOptions
from omvsim.runs.session import ScriptSession

ADDED = """
extends = "openmv-rt1062"
default_firmware = "4.9.0"

[release."4.9.0"]
extends = "4.8.1"
date = 2026-02-01
model_object = 112
television_is_display = true
own_modules = ["protocol"]
arena.extra = "1K"
package.has_movenet = true
ulab.version = "6.8.0"
dialect.hex_of_nothing_is_text = true

[release."4.9.0".region.gc0]
size = "60K"
"""
SCRIPT = """
import display, omv, os, sys, ulab
import ml.postprocessing.mediapipe as mediapipe
print(hasattr(display, "TVDisplay"), hasattr(mediapipe, "MoveNet"))
print(ulab.__version__, b"".hex() == "", sys.version, os.uname()[3])
print(omv.version_string())
try:
    import tv
except ImportError as error:
    print(error)
"""


@pytest.fixture
def board(tmp_path: Path) -> Path:
    path = tmp_path / "mine.toml"
    path.write_text(ADDED, encoding="utf-8")
    return path


def _model(folder: Path) -> Path:
    builder = ModelBuilder()
    graph = builder.subgraph()
    x, y = (graph.tensor((1, 8), TensorType.FLOAT32) for _ in range(2))
    x = graph.input((1, 8), TensorType.FLOAT32)
    graph.operator("RELU", [x], [y])
    graph.output(y)
    path = folder / "relu.tflite"
    path.write_bytes(builder.build())
    return path


def test_a_board_lists_it_with_the_facts_that_differ(board: Path) -> None:
    assert describe_board(board).releases == (*known_releases(), "4.9.0")
    added, known = load_board(board).release, known_release("4.8.1")
    assert (added.version, added.base, added.date, added.measured) == ("4.9.0", "4.8.1", "2026-02-01", False)
    assert (added.package.has_movenet, added.ulab.version, added.arena.extra) == (True, "6.8.0", 1024)
    assert added == known._replace(
        version="4.9.0",
        date="2026-02-01",
        measured=False,
        scripts_measured=False,
        model_object=112,
        television_is_display=True,
        own_modules=("protocol",),
        arena=known.arena._replace(extra=1024),
        package=known.package._replace(has_movenet=True),
        ulab=known.ulab._replace(version="6.8.0"),
        dialect=known.dialect._replace(hex_of_nothing_is_text=True),
    )


def test_a_model_loads_by_its_rules(board: Path, tmp_path: Path) -> None:
    path = _model(tmp_path)
    before, after = omvsim.run(path, firmware="4.8.1"), omvsim.run(path, board=str(board))
    assert (before.verdict, after.verdict) == ("ok", "ok")
    assert before.model_ram is not None
    assert after.model_ram == before.model_ram + 512
    # The object grew by 36 bytes: 76 take 5 blocks, 112 take 7; the arena took 512 more. Both are on the heap.
    used = [next(step for step in each.steps if step.name == "load") for each in (before, after)]
    total = [sum(area.length for area in each.board.gc_areas) for each in (before, after)]
    assert total[0] - total[1] == 4096
    assert used[1].used_bytes - used[0].used_bytes == 2 * 16 + 512


def test_a_script_runs_by_its_rules(board: Path, tmp_path: Path) -> None:
    script = tmp_path / "main.py"
    script.write_text(SCRIPT, encoding="utf-8")
    result = ScriptSession(load_board(board), script, ScriptOptions()).run()
    assert result.failure is None
    assert result.output.splitlines() == [
        "True True",
        "6.8.0-(4)D True 3.4.0; OpenMV v4.9.0; MicroPython v1.26.0 v1.26.0 on 2026-02-01",
        "4.8.1",
        "no module named 'tv'",
    ]


def test_facts_of_a_release_hold_for_those_of_ones_own_that_extend_it(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(
        'extends = "openmv-rt1062"\n[release."4.8.0"]\nmodel_object = 80\n[release."4.8.1"]\nsuper_words = 5\n'
        '[release."next"]\nextends = "4.8.1"\ninit_code_state = 96\n[release."later"]\nextends = "next"\n'
    )
    facts = [load_board(path, name).release for name in ("4.8.0", "4.8.1", "next", "later")]
    assert [each.base for each in facts] == ["4.8.0", "4.8.1", "4.8.1", "4.8.1"]
    assert [(each.model_object, each.super_words, each.init_code_state) for each in facts] == [
        (80, 4, 84),
        (76, 5, 84),
        (76, 5, 96),
        (76, 5, 96),
    ]
    assert [each.measured for each in facts] == [False] * 4
    assert load_board(path, "4.7.0").release is known_release("4.7.0")


def test_an_unknown_release_is_named_with_the_one_that_was_meant() -> None:
    with pytest.raises(
        BoardError, match=r"release '4\.8\.11' is not known \(did you mean '4\.8\.1'\?\); known are 4\.5"
    ):
        known_release("4.8.11")
    with pytest.raises(BoardError, match=re.escape("release 'spring' is not known; known are")):
        known_release("spring")


def test_a_value_can_be_tried_on_its_own() -> None:
    board = load_board().with_values({"release.frame_buffer": "counting", "release.ulab.int8_low": "-128"})
    assert board.release.frame_buffer is FrameBufferKind.COUNTING
    assert board.release.ulab.int8_low == -128
    assert not board.release.measured
    with pytest.raises(BoardError, match=r"release\.frame_buffer must be one of halving, counting, queued, uma"):
        load_board().with_values({"release.frame_buffer": "uma2"})


def test_the_table_says_each_fact_once() -> None:
    """An entry that repeats what it inherits would hide which release brought it."""
    path = Path(__file__).parents[2] / "boards/releases.json"
    stored = json.loads(path.read_text(encoding="utf-8"))
    assert list(stored) == list(known_releases())
    repeated = []
    for (below, _), (name, entry) in zip(list(stored.items()), list(stored.items())[1:], strict=False):
        assert entry["extends"] == below
        facts = known_release(below)
        for key, value in entry.items():
            if key in ("extends", "title", "measured", "scripts_measured"):
                continue
            inner = value.items() if isinstance(value, dict) else [(None, value)]
            owner = getattr(facts, key)
            for part, said in inner:
                old = owner if part is None else getattr(owner, part)
                if (list(old) if isinstance(old, tuple) else old) == said:
                    repeated.append((name, key, part))
    assert repeated == []
