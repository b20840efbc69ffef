"""What a watcher sees is what the run's own books say, and being watched changes nothing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import omvsim
from omvsim.boards import load_board
from omvsim.capture import Capture, HeapMaps, Recorder, capture_exec
from omvsim.capture import _recorder as recorder_module
from omvsim.report import exec_json, run_json
from omvsim.runs import ScriptOptions, run_script
from tests.capture.captures import RUNS, capture_of, exec_of, folder, run_of

WITH_MAPS = (*RUNS, "leak", "frames")


@pytest.mark.parametrize("name", RUNS)
def test_being_watched_changes_no_run(name: str) -> None:
    model, options = RUNS[name]
    alone = omvsim.run(folder() / f"{model}.tflite", **options)
    assert run_json(run_of(name)[0], allocations=True) == run_json(alone, allocations=True)


def test_being_watched_changes_no_script() -> None:
    script, board = folder() / "leak.py", load_board("openmv-rt1062")
    alone = run_script(script, board, ScriptOptions(frames=40, time_limit=None))
    assert exec_json(exec_of("leak")[0]) == exec_json(alone)


@pytest.mark.parametrize("name", WITH_MAPS)
def test_every_map_adds_up_to_the_levels_beside_it(name: str) -> None:
    capture = capture_of(name)
    document, maps = capture.document, HeapMaps(capture)
    seen = 0
    for moment, addresses, sizes, _ in maps.blocks():
        for area, level in zip(document.areas, document.moments[moment].levels, strict=True):
            inside = (addresses >= area.start) & (addresses < area.start + area.size)
            assert int(sizes[inside].sum()) == level.used
            if area.kind == "gc":
                holes = [size for _, size in maps.holes(moment, area)] if moment % 7 == 0 else None
                assert holes is None or max(holes, default=0) == level.longest_free
        seen += 1
    assert seen == len(document.moments) > 0


@pytest.mark.parametrize("name", RUNS)
def test_the_last_moment_is_the_end_of_the_run(name: str) -> None:
    result, document = run_of(name)[0], capture_of(name).document
    levels = dict(zip([area.name for area in document.areas], document.moments[-1].levels, strict=True))
    for area in result.areas:
        level = levels[f"gc[{area.index}]"]
        assert (level.used, level.longest_free) == (area.used_bytes, area.longest_free_bytes)
    for pool in result.pools:
        assert (levels[pool.name].used, levels[pool.name].longest_free) == (pool.used_bytes, pool.longest_free_bytes)


def test_blocks_know_whom_they_are_for() -> None:
    result, capture = run_of("runs")[0], capture_of("runs")
    blocks = {block.owner: block for block in HeapMaps(capture).at(len(capture.document.moments) - 1)}
    model = result.models[0]
    assert blocks["tensor arena"].address == model.arena_address
    assert blocks["tensor arena"].bytes == -(-model.ram // 16) * 16
    assert "not known" not in blocks


def test_pools_hold_the_frame_buffers_and_the_file() -> None:
    capture = capture_of("pools")
    pools = [area for area in capture.document.areas if area.kind == "pool"]
    blocks = HeapMaps(capture).at(len(capture.document.moments) - 1)
    inside = [block for block in blocks if any(p.start <= block.address < p.start + p.size for p in pools)]
    assert [pool.name for pool in pools] == ["uma[0]", "uma[1]", "uma[2]"]
    assert "model file data" in {block.owner for block in inside}


def test_entries_of_the_stack_are_shown_one_by_one() -> None:
    capture = capture_of("to-fb")
    stack = next(area for area in capture.document.areas if area.name == "frame_buffer")
    blocks = [b for b in HeapMaps(capture).at(len(capture.document.moments) - 1) if b.address >= stack.start]
    assert [block.owner for block in blocks] == ["frame buffers", "model file data", "mark"]
    mark, data = blocks[-1], blocks[-2]
    assert (mark.bytes, mark.address + mark.bytes) == (4, stack.start + stack.size)
    assert data.address + data.bytes == mark.address


def test_what_was_freed_and_asked_again_has_the_new_owner() -> None:
    """A chunk of one size at one address twice: the maps are the same, the owner is not."""
    capture = capture_of("runs")
    column = capture.column
    made = [
        (int(address), int(name))
        for kind, address, name in zip(
            column("request_kind"), column("request_address"), column("request_name"), strict=True
        )
        if kind == 0
    ]
    again = {address for address, _ in made if len({name for at, name in made if at == address}) > 1}
    assert again
    last = {address: capture.document.names[name] for address, name in made}
    blocks = HeapMaps(capture).at(len(capture.document.moments) - 1)
    for block in blocks:
        if block.address in again:
            assert block.owner == last[block.address]


def test_the_moment_of_the_refusal_shows_what_there_was() -> None:
    capture = capture_of("leak")
    request = capture.document.verdict.request
    assert request is not None
    assert request.moment is not None
    moment = capture.document.moments[request.moment]
    heaps = [level for area, level in zip(capture.document.areas, moment.levels, strict=True) if area.kind == "gc"]
    assert max(level.longest_free for level in heaps) == request.longest_free
    assert request.needed > request.longest_free


def test_of_endless_runs_the_first_maps_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recorder_module, "MOST_MAPPED", 3)
    recorder = Recorder()
    options = ScriptOptions(frames=9, time_limit=None, watcher=recorder)
    result = run_script(folder() / "frames.py", load_board("openmv-rt1062"), options)
    capture = capture_exec(result, recorder, ())
    assert [moment.mapped for moment in capture.document.moments] == [True] * 3 + [False] * 6 + [True]
    assert any("of the first 4 moments, not of the 6" in note for note in capture.document.notes)
    final = HeapMaps(capture).at(9)
    heap = sum(area.size for area in capture.document.areas if area.kind == "gc")
    used = sum(block.bytes for block in final if block.address < 0x8000_0000 or block.owner != "frame buffers")
    assert 0 < used < heap


def _rows(capture: Capture) -> list[tuple[Any, ...]]:
    names = ("kind", "name", "line", "step", "bytes", "address")
    return list(zip(*(capture.column(f"request_{name}").tolist() for name in names), strict=True))


@pytest.mark.parametrize("name", RUNS)
def test_requests_are_those_of_the_run(name: str) -> None:
    result, capture = run_of(name)[0], capture_of(name)
    for row, entry in zip(_rows(capture), result.allocations, strict=True):
        assert (capture.document.names[row[1]], row[3], row[4], row[5]) == (
            entry.owner,
            entry.step,
            entry.bytes,
            entry.address,
        )


def test_requests_of_a_script_say_where_they_were_asked_for() -> None:
    result, capture = exec_of("leak")[0], capture_of("leak")
    rows = _rows(capture)
    lines = {row[2]: 0 for row in rows}
    for row in rows:
        if row[0] in (0, 1) and capture.document.names[row[1]] not in ("boot", "compiling"):
            lines[row[2]] += 1
    inside = next(number for number, text in enumerate(result.source_lines, 1) if "return bytearray" in text)
    assert lines[inside] == result.lines[inside].allocations
    assert len([row for row in rows if row[0] < 5]) == len(result.requests)
    frames = np.array([row[3] for row in rows])
    assert (np.diff(frames) >= 0).all()
