"""On a terminal: a failing report fits its rows, figures are whole, long work is seen; elsewhere nothing of it is."""

from __future__ import annotations

import io
import os
import re
import sys
from typing import TYPE_CHECKING

import pytest
from rich.console import Console
from rich.live import Live

from omvsim.boards import load_board
from omvsim.capture import Recorder, write_capture
from omvsim.cli import main
from omvsim.report import _fitting, _live, _working, exec_json, map_text, print_map
from omvsim.report._fitting import MORE, Block, fitting
from omvsim.report._live import LiveRun, bar, live_run
from omvsim.runs import ScriptOptions, run_script
from tests.capture.captures import capture_of, exec_of, folder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MODEL_FAILS = (
    ("fomo-like", ("--gc", "247K@0x60000000"), 10),
    ("fomo-like", ("--gc", "250K@0x60000000"), 12),
    ("fomo-like", ("--gc", "100K@0x60000000"), 11),
    ("mobilenet-like", ("--firmware", "4.5.5"), 10),
)


def shown(capsys: pytest.CaptureFixture[str], code: int, *words: object) -> list[str]:
    assert main([*map(str, words)]) == code
    return capsys.readouterr().out.splitlines()


@pytest.fixture
def small_terminal(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """To be called in the test: what is captured there is another stream than in a fixture."""

    def use() -> None:
        monkeypatch.setenv("COLUMNS", "80")
        monkeypatch.setenv("LINES", "24")
        monkeypatch.setenv("TERM", "dumb")  # text alone
        monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)

    return use


@pytest.mark.parametrize(("name", "options", "code"), MODEL_FAILS)
def test_a_model_that_fails_fits_the_terminal(
    name: str,
    options: tuple[str, ...],
    code: int,
    capsys: pytest.CaptureFixture[str],
    small_terminal: Callable[[], None],
) -> None:
    small_terminal()
    lines = shown(capsys, code, "run", folder() / f"{name}.tflite", *options)
    assert len(lines) < 24
    assert max(map(len, lines)) <= 80
    text = "\n".join(lines)
    assert re.search("DOES NOT RUN|MAY CRASH", text)
    if "Ways out" in text:  # before it is said why
        assert text.index("Ways out") < text.index("  step ")
    assert "Memory when it failed" in text


def test_a_script_that_fails_fits_the_terminal(
    capsys: pytest.CaptureFixture[str], small_terminal: Callable[[], None]
) -> None:
    small_terminal()
    lines = shown(capsys, 10, "exec", folder() / "leak.py", "--quiet", "--frames", 40)
    assert len(lines) < 24
    assert max(map(len, lines)) <= 80
    assert "MemoryError" in lines[0]
    assert any("leak.py:7 in picture" in line for line in lines)


@pytest.mark.parametrize("columns", [60, 80, 100, 140])
def test_no_figure_is_cut(columns: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    lines = shown(capsys, 10, "exec", folder() / "leak.py", "--quiet", "--frames", 40)
    result = exec_of("leak")[0]
    text = "\n".join(lines)
    for cost in sorted(result.lines.values(), key=lambda cost: -cost.bytes)[:4]:
        assert f"{cost.bytes:,}".replace(",", " ") in text
    assert not re.search(r"\d…|\d \n\s*\d{3}\b", text)
    assert (
        f"{result.failure.refused.free:,}".replace(",", " ") in text
        if result.failure and result.failure.refused
        else False
    )


def test_a_pipe_gets_everything(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINES", "24")  # as some shells export it: it says nothing of a pipe
    lines = shown(capsys, 10, "run", folder() / "fomo-like.tflite", "--gc", "247K@0x60000000")
    assert MORE not in lines
    assert any(line.startswith("Biggest allocations") for line in lines)


def test_blocks_go_by_rank_and_keep_their_order() -> None:
    console = Console(width=40, file=io.StringIO())
    blocks = [Block(0, ["head"]), Block(2, ["second\nline"]), Block(1, ["first"]), Block(3, ["last"] * 5)]
    assert fitting(blocks, console, 40) == ["head", "second\nline", "first", *["last"] * 5]
    assert fitting(blocks, console, 6) == ["head", "second\nline", "first", MORE]
    assert fitting(blocks, console, 4) == ["head", "first", MORE]
    assert fitting(blocks, console, 1) == ["head", MORE]


@pytest.mark.parametrize(("lines", "rows"), [("24", 24), ("5", None), ("many", None), (None, None)])
def test_rows_of_a_terminal(lines: str | None, rows: int | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LINES", raising=False)
    if lines is not None:
        monkeypatch.setenv("LINES", lines)
    assert _fitting.rows_of_terminal() is None  # not a terminal
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setattr(os, "get_terminal_size", lambda *_: os.terminal_size((80, 0)))
    assert _fitting.rows_of_terminal() == rows


# -- while it goes on -----------------------------------------------------------------------------------------------


class Terminal(io.StringIO):
    """A standard error that is a terminal."""

    def isatty(self) -> bool:
        return True


def watched(recorder: Recorder | None, clock: list[float]) -> tuple[LiveRun, str]:
    out = Terminal()
    live = Live(console=Console(file=out, force_terminal=True, width=100), auto_refresh=False, transient=True)

    def tick() -> float:
        clock[0] += 0.3
        return clock[0]

    view = LiveRun(live, recorder, tick)
    options = ScriptOptions(frames=20, time_limit=None, watcher=view)
    run_script(folder() / "frames.py", load_board("openmv-rt1062"), options)
    live.stop()
    return view, out.getvalue()


def test_a_long_run_is_seen() -> None:
    view, text = watched(None, [0.0])
    assert view.frames == 20
    assert 15 <= view.drawn <= 20  # after a second, once a frame of three tenths
    assert "20 frames, 0 collections" in text or "19 frames, 0 collections" in text
    for name in ("gc[0]", "gc[1]", "gc[2]"):
        assert name in text


def test_who_watches_behind_it_sees_all() -> None:
    alone, behind = Recorder(), Recorder()
    run_script(
        folder() / "frames.py", load_board("openmv-rt1062"), ScriptOptions(frames=20, time_limit=None, watcher=alone)
    )
    watched(behind, [0.0])
    assert behind.moments == alone.moments
    assert behind.placed_blocks == alone.placed_blocks


def test_looking_keeps_no_requests_and_changes_nothing() -> None:
    view, _ = watched(None, [0.0])
    assert view.needs_requests is False
    options = ScriptOptions(frames=20, time_limit=None, watcher=view)
    seen = run_script(folder() / "frames.py", load_board("openmv-rt1062"), options)
    plain = run_script(folder() / "frames.py", load_board("openmv-rt1062"), ScriptOptions(frames=20, time_limit=None))
    assert (list(seen.requests), list(plain.requests)) == ([], [])
    assert exec_json(seen) == exec_json(plain)


def test_bars_of_an_area() -> None:
    camera_areas = []

    class Eye(Recorder):
        def saw(self, *_: object) -> None:  # type: ignore[override]  # looks only
            camera_areas.extend(self._camera.heap.areas)

    run_script(folder() / "frames.py", load_board("openmv-rt1062"), ScriptOptions(frames=1, watcher=Eye()))
    letters = bar(camera_areas[0])
    assert len(letters) == 64
    assert letters[0] in "▁▂▃▄▅▆▇█"  # boot's own
    assert letters[-1] == "·"


def test_elsewhere_nothing_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    recorder = Recorder()
    with live_run(recorder) as given, _working.working("looking") as say:
        say("still looking")
        assert given is recorder
    shown_now = capsys.readouterr()
    assert (shown_now.out, shown_now.err) == ("", "")


def test_work_of_a_second_says_what_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    from time import sleep

    out = Terminal()
    monkeypatch.setattr(sys, "stderr", out)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(_working, "PATIENCE", 0.05)
    with _working.working("trying every release"):
        sleep(0.4)
    assert "trying every release" in out.getvalue()
    quick = Terminal()
    monkeypatch.setattr(sys, "stderr", quick)
    monkeypatch.setattr(_working, "PATIENCE", 30.0)
    with _working.working("trying every release"):
        pass
    assert "trying" not in quick.getvalue()


def test_a_terminal_gets_a_live_view(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    out = Terminal()
    monkeypatch.setattr(sys, "stderr", out)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(_live, "PATIENCE", 0.0)
    monkeypatch.setattr(_live, "INTERVAL", 0.0)
    assert main(["exec", str(folder() / "frames.py"), "--frames", "10", "--quiet"]) == 0
    assert re.search(r"\d+ frames, 0 collections", out.getvalue())
    assert tmp_path.is_dir()


def test_a_bar_counts_what_takes_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    from time import sleep

    out = Terminal()
    monkeypatch.setattr(sys, "stderr", out)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(_working, "PATIENCE", 0.05)
    for number in _working.counted("traces compared", range(3), 3):
        sleep(0.3 if number < 2 else 0)
    assert "traces compared" in out.getvalue()
    assert "1/3" in out.getvalue()
    quick = Terminal()
    monkeypatch.setattr(sys, "stderr", quick)
    monkeypatch.setattr(_working, "PATIENCE", 30.0)
    assert list(_working.counted("traces compared", range(3))) == [0, 1, 2]
    assert "traces" not in quick.getvalue()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "says", "code"),
    [
        (("what-if", "min", "{model}", "--param", "gc[2].size"), "configurations tried", 0),
        (("what-if", "max", "{model}", "--param", "framesize"), "configurations tried", 0),
        (("what-if", "recommend", "{model}", "--no-advice"), "configurations tried", 0),
        (("what-if", "sweep", "{model}", "--vary", "loops=1,2"), "configurations", 0),
        (("releases", "{model}"), "files on every release", 0),
        (("validate", "--reference"), "traces compared", 0),
    ],
)
def test_long_commands_count_on_a_terminal_only(
    words: tuple[str, ...], says: str, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typed = [word.format(model=folder() / "tiny-conv.tflite") for word in words]
    assert main(typed) == code
    assert capsys.readouterr().err == ""
    out = Terminal()
    monkeypatch.setattr(sys, "stderr", out)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(_working, "PATIENCE", 0.0)
    assert main(typed) == code
    assert says in out.getvalue()


def test_a_map_on_a_terminal_is_coloured_by_owner(monkeypatch: pytest.MonkeyPatch) -> None:
    capture = capture_of("runs")
    out = io.StringIO()
    print_map(capture, Console(file=out, force_terminal=True, color_system="standard", width=80))
    coloured = out.getvalue()
    plain = re.sub(r"\x1b\[[0-9;]*m", "", coloured)
    assert plain.startswith(map_text(capture))
    legend = plain.removeprefix(map_text(capture)).splitlines()
    sizes = [int(re.search(r": ([\d ]+) bytes$", line)[1].replace(" ", "")) for line in legend]  # type: ignore[index]
    assert sum(sizes) == sum(level.used for level in capture.document.moments[-1].levels)
    colour = re.search(r"\x1b\[(\d+)mh= \x1b\[0mtensor arena", coloured)
    assert colour is not None
    assert f"\x1b[{colour[1]}mh" in coloured.split("gc[1]")[1].split("gc[2]")[0]


@pytest.mark.parametrize("name", ["NO_COLOR", "TERM"])
def test_no_colour_where_none_is_wanted(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "dumb")
    out = io.StringIO()
    print_map(capture_of("runs"), Console(file=out, force_terminal=True))
    assert out.getvalue() == map_text(capture_of("runs"))


def test_a_file_or_a_pipe_gets_letters_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_capture(tmp_path / "runs.omv", capture_of("runs"))
    assert main(["report", "map", str(tmp_path / "runs.omv")]) == 0
    assert capsys.readouterr().out == map_text(capture_of("runs"))
