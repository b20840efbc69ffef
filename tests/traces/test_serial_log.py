"""The recorder's log between boot messages and the script's own prints."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from omvsim.errors import TraceError
from omvsim.traces import End, HeapMap, Loaded, Probe, Raised, Snapshot, Timing, Trace, open_trace, parse_serial_log

if TYPE_CHECKING:
    from pathlib import Path

LOG = """\
OpenMV v4.8.1; MicroPython v1.26.0
>>> HEADER
{"ev":"snapshot","label":"before_model","used":30208,"free":8500384}
{"ev":"mem_info","label":"before_model"}
stack: 1200 out of 31000
GC: total: 8532480, used: 30208, free: 8502272
 No. of 1-blocks: 100, 2-blocks: 15, max blk sz: 266, max free sz: 512276
{"ev":"time","what":"load","us":1200}
{"ev":"model","ram":82832}
{ model_size: 300568, model_addr: 0x60800040, ram_size: 82832, ram_addr: 0x20301940, input_shape: ((1, 96, 96, 1),) }
{"ev":"exception","text":"MemoryError: memory allocation failed, allocating 99 bytes"}
{"ev":"probe","label":"end","bytes":[1024,512,16]}
{"ev":"end"}
MPY: soft reboot
""".replace(
    "HEADER",
    '{"ev":"header","schema":"omvsim.trace","version":1,"origin":"recorder",'
    '"firmware":"4.8.1","board":"IMXRT1060","models":[{"name":"m"}],"load":"rom"}',
)


def test_reads_a_log() -> None:
    trace = parse_serial_log("cam.log", LOG)
    assert trace.header.firmware == "4.8.1"
    assert trace.events == (
        Snapshot("before_model", 30208, 8500384, 512276, 266, 100, 15),
        Timing("load", 1200),
        Loaded(82832, 0x20301940, 0x60800040),
        Raised("MemoryError: memory allocation failed, allocating 99 bytes"),
        Probe("end", (1024, 512, 16)),
        End(),
    )
    assert trace.complete


def test_a_camera_that_vanished_leaves_an_incomplete_trace() -> None:
    cut = LOG[: LOG.index('"MemoryError') - 8]
    trace = parse_serial_log("cam.log", cut)
    assert not trace.complete
    assert isinstance(trace.events[-1], Loaded)
    assert trace.notes


def test_windows_line_ends_and_noise() -> None:
    assert parse_serial_log("cam.log", LOG.replace("\n", "\r\n")).complete


def test_a_printed_map_is_kept() -> None:
    with_map = LOG.replace(
        "max free sz: 512276\n",
        "max free sz: 512276\nGC memory layout; from 20280600:\n00000000: h=..\n",
    ).replace("total: 8532480, used: 30208", "total: 64, used: 32")
    trace = parse_serial_log("cam.log", with_map)
    assert isinstance(trace.events[1], HeapMap)


@pytest.mark.parametrize("text", ["", "hello\n", LOG.split("\n", 2)[2]])
def test_no_recorder(text: str) -> None:
    with pytest.raises(TraceError, match="no line of the recorder"):
        parse_serial_log("cam.log", text)


def test_a_damaged_line() -> None:
    with pytest.raises(TraceError, match="not JSON"):
        parse_serial_log("cam.log", LOG.replace('"us":1200}', '"us":12'))


# ── Logs made by hand ────────────────────────────────────────────────────────────────────────────────────────────────

NUMBERED = (
    '{"ev":"header","schema":"omvsim.trace","version":1,"origin":"recorder","firmware":"4.8.1","board":"x"}\n'
    '{"n":1,"ev":"snapshot","label":"before_model","used":1,"free":2}\n'
    '{"n":2,"ev":"time","what":"load","us":7}\n'
    '{"n":3,"ev":"end"}\n'
)


def test_junk_before_between_and_behind() -> None:
    first, shot, took, end = NUMBERED.splitlines()
    text = "\r\n".join(
        [
            "MPY: soft reboot",
            ">>> ",
            f">>> {first}",
            "INFO: camera",
            f"...{shot} >>>",
            "",
            f"{took}\x1b[0m",
            end,
            ">>> bye",
        ]
    )
    trace = parse_serial_log("x", text)
    assert trace.complete
    assert trace.notes == ()
    assert trace.events == parse_serial_log("x", NUMBERED).events


@pytest.mark.parametrize("line", [1, 2])
def test_a_lost_line_makes_it_incomplete(line: int) -> None:
    lines = NUMBERED.splitlines(keepends=True)
    trace = parse_serial_log("x", "".join(lines[:line] + lines[line + 1 :]))
    assert not trace.complete
    assert trace.notes == ("1 lines of the recorder are lost: the trace is incomplete",)


def test_a_torn_line_is_a_lost_one() -> None:
    lines = NUMBERED.splitlines(keepends=True)
    trace = parse_serial_log("x", lines[0] + lines[1] + lines[2][:25] + lines[3])
    assert not trace.complete
    assert [type(event).__name__ for event in trace.events] == ["Snapshot"]


def test_of_two_recordings_the_last_whole_one_counts() -> None:
    again = NUMBERED.replace('"us":7', '"us":8')
    trace = parse_serial_log("x", NUMBERED + "reset\n" + again + NUMBERED[:150])
    assert trace.complete
    assert trace.notes == ("recording 2 of 3 in the log",)
    assert [event.us for event in trace.events if isinstance(event, Timing)] == [8]


@pytest.mark.parametrize("coding", ["utf-8", "utf-16"])
def test_a_file_of_a_terminal(tmp_path: Path, coding: str) -> None:
    """Much before it, and in the coding in which PowerShell writes what is redirected."""
    path = tmp_path / "log.txt"
    path.write_bytes(("x\r\n" * 500 + NUMBERED.replace("\n", "\r\n")).encode(coding))
    trace = open_trace(path)
    assert isinstance(trace, Trace)
    assert trace.complete
