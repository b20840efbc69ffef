"""Two captures side by side: what they say is what the two runs say by themselves."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from omvsim import models
from omvsim.boards import load_board
from omvsim.capture import HeapMaps, capture_board, capture_compare, decode, encode, write_capture
from omvsim.cli import main
from omvsim.compare import Change, Held, compare_captures
from omvsim.report import captures_json, captures_text
from tests.capture.captures import capture_of, folder, run_of

if TYPE_CHECKING:
    from omvsim.compare import Comparison

SCHEMA = json.loads((Path(__file__).parents[2] / "docs/schemas/compare.json").read_text(encoding="utf-8"))


def compared(a: str, b: str) -> Comparison:
    return compare_captures(capture_of(a), capture_of(b), (a, b))


def boards(a: str, b: str) -> Comparison:
    first, second = (capture_board(load_board("openmv-rt1062", version)) for version in (a, b))
    return compare_captures(first, second, (a, b))


def test_one_run_beside_itself_differs_in_nothing() -> None:
    given = compared("runs", "runs")
    assert {change.what for change in (*given.owners, *given.regions)} == {("same",)}
    assert all(pair.a == pair.b for pair in given.figures)
    assert (given.parting, given.deciding, given.sentence) == (None, None, "both: runs")
    assert "Who holds" not in captures_text(given)
    assert "tensor arena" in captures_text(given, everything=True)


def test_figures_are_those_of_the_runs() -> None:
    figures = {pair.name: (pair.a, pair.b) for pair in compared("runs", "pools").figures}
    for at, name in enumerate(("runs", "pools")):
        result = run_of(name)[0]
        assert figures["arena used"][at] == result.model.plan.arena_used_bytes
        assert figures["model file"][at] == result.model.graph.size
        assert figures["heap free"][at] == sum(area.pool_bytes - area.used_bytes for area in result.areas)
        assert figures["longest free run"][at] == max(area.longest_free_bytes for area in result.areas)
        assert figures["operators"][at] == len(result.model.graph.main.operators)
        assert figures["requests"][at] == len(result.allocations)


def test_what_is_cut_says_so() -> None:
    """A name or a list of places that does not fit ends in an ellipsis, and lines stay within 80 columns."""
    places = tuple(f"gc[{number}]" for number in range(12))
    long = Change("model.predict(): 80 × 16 of the second model", Held(16, 1, places), Held(32, 2, places[:11]))
    fits = Change("x" * 25, Held(16, 1, places[:1]), Held(32, 1, places[:1]))
    text = captures_text(replace(compared("runs", "pools"), owners=(long, fits)))
    assert "model.predict(): 80 × 16… " in text
    assert f"{'x' * 25}  " in text
    (moved,) = (line for line in text.splitlines() if line.startswith("  gc[0], gc[1]"))
    assert moved.endswith("…")
    assert max(map(len, text.splitlines())) <= 80


def test_owners_add_up_to_what_is_in_use() -> None:
    given = compared("memory-error", "runs")
    for side, name in (("a", "memory-error"), ("b", "runs")):
        capture = capture_of(name)
        blocks = HeapMaps(capture).at(capture.document.verdict.held_at or 0)
        held = [getattr(change, side) for change in given.owners]
        assert sum(each.bytes for each in held if each) == sum(block.bytes for block in blocks)
        assert sum(each.chunks for each in held if each) == len(blocks)


def test_what_moved_grew_and_shrank() -> None:
    arena = next(change for change in compared("memory-error", "runs").owners if change.name == "tensor arena")
    assert (arena.what, arena.difference) == (("moved",), 0)
    assert (arena.a.places if arena.a else (), arena.b.places if arena.b else ()) == (("gc[0]",), ("gc[1]",))
    held = Held(16, 1, ("gc[0]",))
    assert Change("x", None, held).what == ("new",)
    assert Change("x", held, None).what == ("gone",)
    assert Change("x", held, Held(32, 2, ("gc[1]",))).what == ("grew", "moved")
    assert Change("x", Held(32, 2, ("gc[1]",)), Held(16, 1, ("gc[1]",))).what == ("shrank",)
    assert Change("x", held, None).difference == -16


@pytest.mark.parametrize(("a", "b", "side"), [("memory-error", "runs", "a"), ("runs", "memory-error", "b")])
def test_the_request_that_decided_and_what_became_of_it(a: str, b: str, side: str) -> None:
    given = compared(a, b)
    deciding = given.deciding
    assert deciding is not None
    failed, ran = run_of("memory-error")[0], run_of("runs")[0]
    refusal = failed.failure.refused if failed.failure else None
    assert refusal is not None
    assert (deciding.side, deciding.owner, deciding.bytes) == (side, "op resolver", refusal.bytes)
    got = [entry for entry in ran.allocations if entry.owner == "op resolver"][-1]
    assert deciding.other_bytes == got.bytes
    assert deciding.other_place == f"gc[0] at {got.address:#010x}"
    assert deciding.other_place in given.sentence


def test_requests_part_where_the_first_differs() -> None:
    given = compared("memory-error", "may-crash")
    first, second = run_of("memory-error")[0].allocations, run_of("may-crash")[0].allocations
    assert given.parting is not None
    number = next(
        n for n, (x, y) in enumerate(zip(first, second, strict=False)) if (x.bytes, x.owner) != (y.bytes, y.owner)
    )
    assert given.parting.number == number
    assert given.parting.a is not None
    assert f"{first[number].bytes:,}".replace(",", " ") in given.parting.a


def test_a_script_that_leaks_beside_one_that_does_not() -> None:
    given = compared("leak", "frames")
    assert given.deciding is not None
    assert given.deciding.side == "a"
    picture = next(change for change in given.owners if change.name == "picture")
    assert picture.what == ("gone",)
    assert given.owners[0] == picture


def test_boards_differ_in_their_regions() -> None:
    given = boards("4.8.1", "5.0.0")
    changes = {change.name: change for change in given.regions}
    assert changes["DTCM: GC heap, area 1"].difference == (204 - 272) << 10
    assert changes["DRAM: GC heap, area 2"].what == ("moved",)
    assert (given.owners, given.figures, given.parting) == ((), (), None)
    assert {change.what for change in boards("4.8.1", "4.8.1").regions} == {("same",)}


@pytest.mark.parametrize(
    ("a", "b"), [("runs", "pools"), ("memory-error", "runs"), ("leak", "frames"), ("to-fb", "gate")]
)
def test_reports(a: str, b: str) -> None:
    given = compared(a, b)
    jsonschema.validate(json.loads(json.dumps(captures_json(given))), SCHEMA)
    assert max(len(line) for line in captures_text(given).splitlines()) <= 80
    capture = capture_compare(given)
    assert decode(encode(capture), "x").document.verdict == capture.document.verdict
    owners = next((table for table in capture.document.tables if table.key == "owners"), None)
    assert (owners is None) == (not given.owners)
    assert owners is None or sum(row[4] for row in owners.rows) == sum(change.difference for change in given.owners)  # type: ignore[misc]  # bytes


def ran(capsys: pytest.CaptureFixture[str], *words: object) -> dict[str, Any]:
    assert main(["compare", *map(str, words), "--json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model, small = folder() / "fomo-like.tflite", tmp_path / "tiny.tflite"
    small.write_bytes(models.make("tiny-conv"))
    found = ran(capsys, model, small)
    assert (found["a"]["title"], found["b"]["title"]) == ("fomo-like.tflite", "tiny.tflite")
    assert next(change for change in found["owners"] if change["name"] == "tensor arena")["what"] == ["shrank", "moved"]
    found = ran(capsys, model, "5.0.0")
    names = {change["name"]: change for change in found["owners"]}
    assert names["tensor arena"]["what"] == ["moved"]
    assert ran(capsys, "4.8.1", "5.0.0", "--on", model)["owners"] == found["owners"]
    assert ran(capsys, "4.8.1", "openmv-rt1062")["regions"] == [
        change | {"what": ["same"]} for change in ran(capsys, "4.8.1", "4.8.1")["regions"]
    ]
    kept, page = tmp_path / "a.omv", tmp_path / "c.html"
    write_capture(kept, capture_of("leak"))
    assert main(["compare", str(kept), str(folder() / "frames.py"), "--html", str(page)]) == 0
    assert "decided by" in capsys.readouterr().out
    assert "Who holds memory" in page.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "says"),
    [(("nothing.omv", "4.8.1"), "nothing.omv"), (("no-such-board", "4.8.1"), "board: no board called 'no-such-board'")],
)
def test_sides_that_are_none(words: tuple[str, ...], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", *words]) == 3
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith(f"omvsim: {says}")
    assert shown.err.count("\n") == 1
