"""What fills the heap: by owner, all of it, and in the sentence where the heap is full."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import pytest

import omvsim
from omvsim import models
from omvsim.advice import explain_tf_result
from omvsim.capture import Capture, HeapMaps, Recorder, capture_run, read_capture
from omvsim.cli import main
from omvsim.releases import ReleaseSummary, compare_releases
from tests.capture.captures import NAMES, RUNS, capture_of, folder
from tests.folders import lasting_folder

if TYPE_CHECKING:
    from pathlib import Path

FULL = """def fill():
    kept = None
    while True:
        kept = [kept, bytearray(3000)]
fill()
"""


BLOBS = """import gc, sensor
sensor.reset()
sensor.set_pixformat(sensor.GRAYSCALE)
sensor.set_framesize(sensor.QQVGA)
img = sensor.snapshot()
def asked(blob):
    gc.collect()
    return True
img.clear()
img.draw_rectangle((20, 20, 30, 30), color=255, fill=True)
print(len(img.find_blobs([(128, 255)], threshold_cb=asked)))
"""


@lru_cache(maxsize=1)
def forum() -> tuple[omvsim.RunResult, Capture]:
    """The forum's question on a model of our own with as many channels: 84 pictures would not do, 8 400 do."""
    path = lasting_folder() / "y.tflite"
    path.write_bytes(models.make("yolov8n-like", size=640, classes=2))
    recorder = Recorder()
    result = omvsim.run(path, scenario="forum-9790", watcher=recorder)
    return result, capture_run(result, recorder, ())


@pytest.mark.parametrize("name", [*RUNS, "leak", "frames"])
def test_holders_and_what_is_free_are_the_whole_heap(name: str) -> None:
    document = capture_of(name).document
    verdict = document.verdict
    assert verdict.held_at is not None
    levels = zip(document.areas, document.moments[verdict.held_at].levels, strict=True)
    used = sum(level.used for area, level in levels if area.kind == "gc")
    assert sum(holder.bytes for holder in verdict.holders) == used
    named = [holder.bytes for holder in verdict.holders if holder.owner != "others"]
    assert named == sorted(named, reverse=True)
    assert verdict.held_at == (len(document.moments) - 1 if verdict.request is None else verdict.request.moment)


def test_a_leak_is_the_first_holder() -> None:
    document = capture_of("leak").document
    request, first = document.verdict.request, document.verdict.holders[0]
    assert request is not None
    assert (first.owner, first.line) == ("picture", request.line)
    blocks = HeapMaps(capture_of("leak")).at(document.verdict.held_at or 0)
    assert first.count == sum((block.owner, block.line) == (first.owner, first.line) for block in blocks)
    assert {holder.line for holder in document.verdict.holders if holder.owner in ("boot", "compiling")} == {0}


def test_a_full_heap_says_what_it_is_full_of(tmp_path: Path) -> None:
    script = tmp_path / "full.py"
    script.write_text(FULL)
    words = ("exec", str(script), "--gc", "100K@0x60000000", "-o", str(tmp_path / "full.omv"), "--no-advice")
    assert main([*words, "--quiet"]) == 10
    verdict = read_capture(tmp_path / "full.omv").document.verdict
    first = verdict.holders[0]
    assert (first.owner, first.line) == ("fill", 4)
    assert verdict.sentence.startswith(f"the heap is full, most of it with {first.count} × fill of line 4 (")
    assert verdict.sentence.endswith("3 008 more, for line 4, found no room")
    assert sum(holder.grown for holder in verdict.holders) == sum(holder.bytes for holder in verdict.holders)


def test_the_forums_question_is_answered_in_the_first_sentence() -> None:
    result, capture = forum()
    verdict = capture.document.verdict
    explanation = explain_tf_result(result)
    assert explanation is not None
    assert verdict.sentence == (
        "detect() makes an image object for each of the 8 400 channels, which takes 739 248 bytes of heap, and 265 184 "
        "were free. The tensor of 50 400 bytes is not what has to fit: it stays in the arena"
    )
    assert verdict.explains == explanation.sentences
    held = {holder.owner: (holder.count, holder.bytes) for holder in verdict.holders}
    assert held["image of a channel"] == (4824, 4824 * 32)
    assert held["pixels of a channel"] == (4825, 4825 * 16)
    assert sum(holder.grown for holder in verdict.holders) == 265_184
    tiles = capture.document.tiles
    assert (tiles[0].figure.value, tiles[2].figure.value) == (739_248, 0)


@pytest.mark.shared
def test_the_forums_own_model_fails_where_its_rule_says(shared: Path) -> None:
    """Channel 4824 (0-based), an image object, of 8 400 (facts/forum-9790.md, section 3)."""
    path = shared / "oracle/forum/models/yolov8n_640_nc2_full_integer_quant.tflite"
    recorder = Recorder()
    verdict = capture_run(omvsim.run(path, scenario="forum-9790", watcher=recorder), recorder).document.verdict
    assert {holder.owner: holder.count for holder in verdict.holders}["image of a channel"] == 4824


def test_what_stands_beside_the_heap_is_named() -> None:
    """The library's messages lie in the overlay, and fb_alloc keeps an entry as large on its stack."""
    _, capture = forum()
    request = capture.document.verdict.request
    assert request is not None
    blocks = {block.owner: block for block in HeapMaps(capture).at(request.moment or 0)}
    areas = {area.name: area for area in capture.document.areas}
    messages, entry = blocks["the library's messages"], blocks["entry of what lies in the overlay"]
    assert (messages.bytes, entry.bytes) == (1024, 1024 + 4)
    assert messages.address + messages.bytes == areas["overlay"].start + areas["overlay"].size
    stack = areas["frame_buffer"]
    assert stack.start < entry.address < stack.start + stack.size
    assert "not known" not in blocks


@pytest.mark.parametrize(("firmware", "name"), [("4.8.1", "overlay"), ("5.0.0", "uma[0]")])
def test_a_call_works_in_memory_that_nobody_names(firmware: str, name: str, tmp_path: Path) -> None:
    """A test of a blob runs in the middle of find_blobs; what the call works in is called what it is."""
    script, kept = tmp_path / "blobs.py", tmp_path / "blobs.omv"
    script.write_text(BLOBS)
    words = ("exec", str(script), "--firmware", firmware, "--frames", "1", "-o", str(kept), "--quiet")
    assert main([*words, "--no-releases"]) == 0
    capture = read_capture(kept)
    middle = [number for number, moment in enumerate(capture.document.moments) if moment.kind == "collection"]
    blocks = [block for number in middle for block in HeapMaps(capture).at(number)]
    assert "working memory of a call" in {block.owner for block in blocks}
    assert "not known" not in {block.owner for block in blocks}


def test_frame_buffers_of_pools_are_named() -> None:
    capture = capture_of("pools")
    pool = next(area for area in capture.document.areas if area.name == "uma[0]")
    blocks = HeapMaps(capture).at(len(capture.document.moments) - 1)
    inside = [block for block in blocks if pool.start <= block.address < pool.start + pool.size]
    assert "frame buffers" in {block.owner for block in inside}
    assert "not known" not in {block.owner for block in inside}
    assert {each.owner for each in capture.document.standing} == {"frame buffers", "model file data"}


def test_releases_are_a_table() -> None:
    path = folder() / "mobilenet-like.tflite"
    rows = [ReleaseSummary.of(row) for row in compare_releases(omvsim.read_model(path))]
    recorder = Recorder()
    capture = capture_run(omvsim.run(path, watcher=recorder), recorder, (), None, rows)
    (table,) = capture.document.tables
    assert table.key == "releases"
    assert [row[0] for row in table.rows] == [row.firmware for row in rows]
    assert [row[3] for row in table.rows] == [row.model_ram for row in rows]
    good = [row.verdict == "ok" for row in rows]
    assert [tone == "good" for tone in table.tones] == good
    assert 0 < sum(good) < len(good)


@pytest.mark.parametrize("name", [name for name in NAMES if name in ("gate",)])
def test_without_a_heap_there_are_no_holders(name: str) -> None:
    verdict = capture_of(name).document.verdict
    assert (verdict.holders, verdict.held_at) == ((), None)
