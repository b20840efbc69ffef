"""The frame buffer of 5.0.0 on its UMA pool: standing alone, and against every recorded call and trace."""

from __future__ import annotations

import gzip
import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from omvsim.boards import load_board
from omvsim.errors import BoardError, DeviceCrash, DeviceError, DeviceOSError, DeviceRuntimeError
from omvsim.firmware import FRAME_SIZES, Camera, Image, PixelFormat, UmaFrameBuffer
from omvsim.heap import UmaPools, UmaRegion, UmaReplay

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BASE = 0x6080_0000
SIZES = {"QQVGA": 115352, "QVGA": 460952, "VGA": 1843352, "SVGA": 2880152, "UXGA": 11520152}


def frame_buffer(size: int = 16 << 20) -> UmaFrameBuffer:
    fb = UmaFrameBuffer(UmaPools([UmaRegion(BASE, size)]))
    fb.set_pixformat(PixelFormat.RGB565)
    return fb


def test_a_pool_of_one_block_of_a_gib_never_starts(tmp_path: Path) -> None:
    profile = tmp_path / "large.toml"
    profile.write_text(
        'extends = "openmv-rt1062"\nname = "large"\n[release."5.0.0".memory]\n'
        'DRAM = { kind = "ram", origin = 0x80000000, length = "1200M" }\n'
    )
    board = load_board(profile, "5.0.0")
    with pytest.raises(BoardError, match=r"^large: the camera does not start \(HardFault: a UMA pool of 1073745020 "):
        Camera(board.with_values({"uma[0].size": 1073745020}))
    below = Camera(board.with_values({"uma[0].size": 1073745016}))
    assert below.uma is not None
    assert [block.size for block in below.uma.pools[0].heap.walk()] == [(1 << 30) - 4]


@pytest.mark.parametrize("name", SIZES)
def test_one_block_for_three_buffers(name: str) -> None:
    fb = frame_buffer()
    assert fb.block is None
    fb.set_framesize(name)
    assert fb.count == 3
    assert fb.pools.pools[0].heap.block_size(fb.block or 0) == SIZES[name]
    fb.pools.collect()
    assert fb.pools.stats().persist_bytes == SIZES[name]


def test_fewer_buffers_where_three_do_not_fit() -> None:
    fb = frame_buffer(1 << 20)
    fb.set_framesize("VGA")
    assert (fb.count, fb.pools.pools[0].persist) == (1, 614472)


def test_a_failed_change_leaves_the_count_but_no_memory() -> None:
    fb = frame_buffer(1 << 20)
    fb.set_framesize("VGA")
    with pytest.raises(DeviceRuntimeError, match=r"^RuntimeError: Sensor control failed\.$"):
        fb.set_framebuffers(3)
    assert (fb.count, fb.dangling, fb.pools.stats().used_bytes) == (1, True, 0)
    assert fb.snapshot().size == 614400
    fb.set_framebuffers(1)
    assert fb.dangling
    with pytest.raises(DeviceRuntimeError, match="Sensor control failed"):
        fb.set_framebuffers(2)
    with pytest.raises(DeviceRuntimeError, match="Frame capture has timed out"):
        fb.snapshot()
    fb.set_framesize("QVGA")
    assert (fb.count, fb.dangling) == (3, False)
    fb.snapshot()


def test_several_lost_buffers_crash() -> None:
    fb = frame_buffer(1 << 20)
    fb.set_framesize("QVGA")
    for count in (9, 8):
        with pytest.raises(DeviceRuntimeError):
            fb.set_framebuffers(count)
    with pytest.raises(DeviceCrash, match="near address 0"):
        fb.snapshot()


def test_more_than_three_buffers_start_behind_their_queues() -> None:
    fb = frame_buffer()
    fb.set_framesize("QVGA")
    fb.set_framebuffers(5)
    assert fb.buffers[0] == (fb.block or 0) + 96 + 32


def test_copy_to_fb() -> None:
    fb = frame_buffer(1 << 20)
    assert fb.set_to_framebuffer(Image(640, 480, PixelFormat.RGB565)) == (fb.block or 0) + 32
    assert fb.count == 1
    fb.set_to_framebuffer(Image(640, 480, PixelFormat.GRAYSCALE))
    assert fb.pools.pools[0].persist == 640 * 480 + 32 + 40
    with pytest.raises(DeviceOSError, match="The image doesn't fit in the frame buffer!"):
        fb.set_to_framebuffer(Image(1600, 1200, PixelFormat.RGB565))
    with pytest.raises(DeviceOSError, match="No free buffers!"):
        fb.set_to_framebuffer(Image(1600, 1200, PixelFormat.RGB565))
    with pytest.raises(DeviceOSError, match="No free buffers!"):
        frame_buffer(1 << 20).set_to_framebuffer(Image(1600, 1200, PixelFormat.RGB565))


def test_a_wiped_pool_makes_the_next_change_a_crash() -> None:
    fb = frame_buffer()
    fb.set_framesize("QVGA")
    fb.pools.init()
    with pytest.raises(DeviceCrash):
        fb.set_framesize("VGA")


def test_settings_after_a_reset() -> None:
    fb = frame_buffer()
    fb.set_framesize("QVGA")
    fb.reset()
    assert (fb.count, fb.dangling) == (3, False)
    fb.set_framesize("VGA")
    assert fb.pools.pools[0].persist == SIZES["QVGA"]
    with pytest.raises(DeviceRuntimeError, match="Pixel format"):
        fb.set_framebuffers(2)


class LoggingPools(UmaPools):
    """Pools that note calls the way the summary of recorded calls does."""

    log: list[list[Any]]

    def malign(self, size: int, align: int, flags: int = 0) -> int | None:
        address = super().malign(size, align, flags)
        block = None if address is None else self.pool_of(address).heap.block_size(address)
        how, pool = ("fail", -1) if address is None else ("ok", 0)
        self.log.append(["malign", how, size, align, int(flags), block, pool, address])
        return address

    def free(self, address: int | None) -> None:
        assert address is not None
        block = self.pool_of(address).heap.block_size(address)
        super().free(address)
        self.log.append(["free", "persist", 0, None, 0, block, 0, None])


@pytest.mark.shared
def test_every_recorded_call(shared: Path) -> None:
    records = json.loads((shared / "oracle/uma/fb_summary.json").read_text())
    geometry = json.loads((shared / "oracle/uma/geometry.json").read_text())["qemu"]
    for record in records:
        if record["call"] == "CSI()":
            pools = LoggingPools([UmaRegion(p["base"], p["bytes"], p["flags"]) for p in geometry[record["config"]]])
            fb = UmaFrameBuffer(pools)
        pools.log = []
        raised = apply(fb, record["call"])
        assert (pools.log, raised) == (record["uma"], record["exception"]), record
        assert record["framebuffers"] in (None, fb.count), record


def apply(fb: UmaFrameBuffer, label: str) -> str | None:
    """Do what a recorded mark announces; the exception's text if there was one."""
    call, _, rest = label.partition(" ")
    numbers = [int(n) for n in re.findall(r"\d+", rest)]
    try:
        if call == "reset":
            fb.reset()
        elif call == "pixformat":
            fb.set_pixformat(PixelFormat(rest))
        elif call == "framesize":
            # Scripts that loop over sizes print the firmware's number: 0 is none, 1 a custom size, then the table.
            fb.set_framesize([*FRAME_SIZES][numbers[0] - 2] if rest.isdigit() else rest.split()[0])
        elif call == "window":
            fb.set_windowing(*numbers)
        elif call == "framebuffers":
            fb.set_framebuffers(numbers[0])
        elif call == "snapshot":
            fb.snapshot()
    except DeviceError as error:
        return str(error)
    return None


def events_of(trace: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(trace, "rt") as lines:
        yield from map(json.loads, lines)


@pytest.mark.shared
def test_every_frame_buffer_trace(shared: Path) -> None:
    """Frame-buffer calls come from the simulated camera, everything else from the trace; the pools must agree."""
    traces = sorted((shared / "oracle/uma/fb").glob("*.jsonl.gz"))
    assert len(traces) > 40
    for trace in traces:
        replay = UmaReplay()
        fb: UmaFrameBuffer | None = None
        bare: dict[str, str] = {}
        for event in events_of(trace):
            if event["ev"] == "header":  # some marks leave the argument to the script
                bare = dict(re.findall(r'tr\("(\w+)", c\.\w+, csi\.(\w+)\)', event["script"]))
            if event["ev"] == "mark" and replay.pools is not None:
                fb = fb or UmaFrameBuffer(replay.pools)
                apply(fb, f"{event['label']} {bare.get(event['label'], '')}".strip())
            elif fb is not None and event.get("label") == "after reset":
                fb.reset()  # one script resets without a mark
                replay.feed(event)
            elif event.get("caller") == "framebuffer_resize" and event["op"] != "avail":
                assert fb is not None
            else:
                replay.feed(event)
            if event["ev"] == "addr_of" and fb is not None and fb.image is not None:
                assert event["buf"] in fb.buffers, trace.name
                assert event["len"] == fb.image.size
        counts = replay.finish()
        assert counts.exact, (trace.name, counts.examples)
        assert counts.walks
