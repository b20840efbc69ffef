"""The recorder's log between boot messages and the script's own prints."""

from __future__ import annotations

import pytest

from omvsim.errors import TraceError
from omvsim.traces import End, HeapMap, Loaded, Probe, Raised, Snapshot, Timing, parse_serial_log

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
