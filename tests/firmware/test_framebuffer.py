"""Frame buffers in front of fb_alloc, 4.5.0 to 4.8.1: expected figures are worked out from the sources at their tags.

RT1062 regions (boards/OPENMV_RT1060): v4.5.0 10M + 2M, v4.5.5 20M + 11M, from v4.5.6 on 13M + 10M.
"""

from __future__ import annotations

from typing import TypeVar

import pytest

from omvsim.errors import DeviceMemoryError, DeviceOSError, DeviceRuntimeError, DeviceValueError
from omvsim.firmware import (
    FRAME_SIZES,
    CountingFrameBuffer,
    FrameBuffer,
    FrameRegion,
    HalvingFrameBuffer,
    Image,
    PixelFormat,
    QueuedFrameBuffer,
    StaticFrameBuffer,
    image_size,
)
from omvsim.heap import FbHint

M = 1 << 20
V450 = FrameRegion(0x8000_0000, 10 * M, 2 * M)
V455 = FrameRegion(0x8000_0000, 20 * M, 11 * M)
V456 = FrameRegion(0x8090_0000, 13 * M, 10 * M)
GENERATIONS = [HalvingFrameBuffer, CountingFrameBuffer, QueuedFrameBuffer]


Camera = TypeVar("Camera", bound=FrameBuffer)


def camera(fb: Camera, size: str, pixel_format: PixelFormat = PixelFormat.RGB565) -> Camera:
    fb.set_pixformat(pixel_format)
    fb.set_framesize(size)
    return fb


@pytest.mark.parametrize(
    ("region", "size", "count", "taken"),
    [
        (V455, "QVGA", 3, 3 * (153600 + 32)),
        (V455, "VGA", 3, 3 * (614400 + 32)),
        (V455, "QXGA", 2, 2 * (6291456 + 32)),  # three take 18 874 464 and leave 13 631 324
        (V455, "WQXGA2", 1, 32),  # two take 20 155 456 and leave 12 350 332; one reserves its image, none yet
        (V450, "UXGA", 1, 32),  # two take 7 680 064 of 12M
        (V450, "SXGA", 2, 2 * (2621440 + 32)),
        (V456, "UXGA", 3, 3 * (3840000 + 32)),
    ],
)
def test_v455_takes_no_more_than_it_leaves(region: FrameRegion, size: str, count: int, taken: int) -> None:
    fb = camera(HalvingFrameBuffer(region), size)
    assert (fb.count, fb.end - fb.data) == (count, taken)
    assert fb.fb_alloc.avail() == region.size + region.fb_alloc_size - 64 - taken - 4


def test_v455_a_single_buffer_reserves_its_image_only() -> None:
    fb = camera(HalvingFrameBuffer(V455), "WQXGA2", PixelFormat.GRAYSCALE)
    before = fb.fb_alloc.avail()
    fb.snapshot()
    assert before - fb.fb_alloc.avail() == 2592 * 1944
    fb.reset()
    assert before - fb.fb_alloc.avail() == 2592 * 1944  # the last image stays until a setting changes
    fb.set_pixformat(PixelFormat.JPEG)
    fb.set_framesize("VGA")
    assert fb.snapshot(compressed_size=50_000).size == 50_000


def test_v455_a_model_in_fb_alloc_costs_buffers() -> None:
    fb = HalvingFrameBuffer(V455)
    fb.fb_alloc.alloc(25 * M, FbHint.PREFER_SIZE)
    assert camera(fb, "UXGA").count == 1
    assert camera(HalvingFrameBuffer(V455), "UXGA").count == 3


def test_v455_more_than_three_buffers_stay_and_are_cut_to_their_share() -> None:
    fb = camera(HalvingFrameBuffer(V455), "QVGA")
    fb.set_framebuffers(10)
    fb.set_framesize("UXGA")
    assert (fb.count, fb.buffer_size) == (10, 20 * M // 10 // 32 * 32 - 32)
    with pytest.raises(DeviceRuntimeError, match="Frame buffer overflow, try reducing the frame size"):
        fb.snapshot()
    with pytest.raises(DeviceRuntimeError, match="Sensor control failed"):
        fb.set_framebuffers(1_000_000)


@pytest.mark.parametrize(("size", "count"), [("QVGA", 3), ("UXGA", 3), ("QXGA", 2), ("WQXGA2", 1)])
def test_v459_takes_as_many_as_fit_its_own_part(size: str, count: int) -> None:
    fb = camera(CountingFrameBuffer(V456), size)
    width, height = FRAME_SIZES[size]
    assert fb.count == count
    if count > 1:
        assert fb.end - fb.data == count * (width * height * 2 + 32)


def test_v459_grayscale_of_a_camera_that_sends_it_takes_half() -> None:
    half = camera(CountingFrameBuffer(V456, camera_bpp=1), "QVGA", PixelFormat.GRAYSCALE)
    assert half.buffer_size == 76800
    assert camera(CountingFrameBuffer(V456, camera_bpp=1), "QVGA").buffer_size == 153600
    assert camera(CountingFrameBuffer(V456, camera_bpp=2), "QVGA", PixelFormat.GRAYSCALE).buffer_size == 153600
    assert camera(CountingFrameBuffer(V456), "QVGA", PixelFormat.GRAYSCALE).buffer_size == 153600


def test_v459_gives_fewer_than_asked_without_an_error() -> None:
    fb = camera(CountingFrameBuffer(V456), "UXGA")
    fb.set_framebuffers(5)
    assert fb.count == 3
    with pytest.raises(DeviceRuntimeError, match="Pixel format is not supported or is not set"):
        CountingFrameBuffer(V456).set_framebuffers(2)


def test_v459_with_no_room_keeps_what_it_had() -> None:
    fb = camera(CountingFrameBuffer(V456), "QVGA")
    fb.fb_alloc.alloc(fb.fb_alloc.avail(), FbHint.PREFER_SIZE)
    fb.set_framesize("VGA")
    assert (fb.count, fb.buffer_size) == (3, 153600)
    with pytest.raises(DeviceRuntimeError, match="overflow"):
        fb.snapshot()
    with pytest.raises(DeviceRuntimeError, match="Sensor control failed"):
        fb.set_framebuffers(2)


@pytest.mark.parametrize(("size", "count"), [("QVGA", 3), ("UXGA", 3), ("QXGA", 2), ("WQXGA2", 1)])
def test_v481_buffers_are_one_frame_each(size: str, count: int) -> None:
    fb = QueuedFrameBuffer(V456)
    assert (fb.count, fb.end) == (0, V456.base)
    camera(fb, size)
    width, height = FRAME_SIZES[size]
    assert (fb.count, fb.end - V456.base) == (count, count * (width * height * 2 + 32))
    assert fb.buffers[0] == V456.base + 32


def test_v481_queues_of_many_buffers_lie_in_front() -> None:
    fb = camera(QueuedFrameBuffer(V456), "QVGA")
    fb.set_framebuffers(5)
    assert fb.buffers[0] == V456.base + 96 + 32  # two queues of 36 bytes, in whole lines
    assert fb.end == V456.base + 96 + 5 * 153632


def test_v481_expansion_takes_all_that_fb_alloc_leaves() -> None:
    fb = camera(QueuedFrameBuffer(V456), "QVGA")
    fb.set_csi_framebuffers(3, expand=True)
    share = (13 * M - 2 * 28) // 3 // 32 * 32
    assert (fb.expanded, fb.buffer_size) == (True, share - 32)
    fb.set_csi_framebuffers(3, expand=True)
    fb.set_csi_framebuffers(2)
    assert (fb.expanded, fb.buffer_size) == (False, 153600)
    for count, error in ((0, "An invalid argument is used"), (90, "Sensor control failed")):
        with pytest.raises(DeviceRuntimeError, match=error):
            fb.set_csi_framebuffers(count)
    with pytest.raises(DeviceRuntimeError, match="Pixel format"):
        QueuedFrameBuffer(V456).set_csi_framebuffers(2)


def test_v481_may_lie_over_fb_alloc() -> None:
    fb = QueuedFrameBuffer(V456)
    fb.fb_alloc.alloc(20 * M, FbHint.PREFER_SIZE)
    assert fb.overlap == 0
    camera(fb, "UXGA")
    assert (fb.count, fb.overlap) == (3, 3 * 3840032 - (3 * M - 4))


def test_copy_to_fb_v481_takes_the_region_and_leaves_fb_alloc_its_own_part() -> None:
    fb = QueuedFrameBuffer(V456)
    assert fb.set_to_framebuffer(Image(640, 640, PixelFormat.RGB565)) == V456.base + 32
    size = (13 * M - 2 * 20) // 32 * 32
    assert fb.fb_alloc.avail() == 23 * M - size - 4


def test_copy_to_fb_up_to_v470_reserves_the_image() -> None:
    fb = HalvingFrameBuffer(V455)
    fb.set_to_framebuffer(Image(640, 640, PixelFormat.RGB565))
    assert fb.fb_alloc.avail() == 31 * M - 64 - 32 - 640 * 640 * 2 - 4


@pytest.mark.parametrize("generation", GENERATIONS)
def test_copy_to_fb_of_too_large_an_image(generation: type[StaticFrameBuffer]) -> None:
    with pytest.raises(DeviceOSError, match=r"^OSError: The image doesn't fit in the frame buffer!$"):
        generation(V456).set_to_framebuffer(Image(4000, 4000, PixelFormat.GRAYSCALE))


def test_copy_to_fb_v481_without_any_memory() -> None:
    fb = QueuedFrameBuffer(V456)
    fb.fb_alloc.alloc(fb.fb_alloc.avail(), FbHint.PREFER_SIZE)
    with pytest.raises(DeviceOSError, match="No free buffers!"):
        fb.set_to_framebuffer(Image(1, 1, PixelFormat.GRAYSCALE))


@pytest.mark.parametrize("generation", GENERATIONS)
def test_extra_frame_buffers_survive_exceptions(generation: type[StaticFrameBuffer]) -> None:
    fb = camera(generation(V456), "QVGA")
    before = fb.fb_alloc.avail()
    fb.alloc_extra_fb(320, 240, PixelFormat.RGB565)
    fb.fb_alloc.free_till_mark()
    assert before - fb.fb_alloc.avail() == 153600 + 4 + 4
    fb.dealloc_extra_fb()
    assert fb.fb_alloc.avail() == before
    with pytest.raises(DeviceMemoryError, match="Out of fast frame buffer stack memory"):
        fb.alloc_extra_fb(10_000, 10_000, PixelFormat.GRAYSCALE)


@pytest.mark.parametrize("generation", GENERATIONS)
def test_windows(generation: type[StaticFrameBuffer]) -> None:
    fb = generation(V456)
    with pytest.raises(DeviceRuntimeError, match="Frame size is not supported or is not set"):
        fb.set_windowing(10, 10)
    camera(fb, "VGA")
    fb.set_windowing(240, 200)
    assert fb.window == (200, 140, 240, 200)
    assert fb.buffer_size == 240 * 200 * 2
    fb.set_windowing(600, 400, 100, 100)
    assert fb.window == (600, 400, 40, 80)
    fb.set_windowing(600, 400, 40, 80)
    for roi, text in (((1, 2, 3), "tuple"), ((0, 5), "Invalid ROI"), ((640, 0, 5, 5), "does not overlap")):
        with pytest.raises(DeviceValueError, match=text):
            fb.set_windowing(*roi)
    with pytest.raises(DeviceRuntimeError, match="not supported on the current pixel format"):
        fb.set_pixformat(PixelFormat.JPEG)
    fb.set_framesize("QVGA")
    fb.set_pixformat(PixelFormat.JPEG)
    with pytest.raises(DeviceRuntimeError, match="not supported on the current pixel format"):
        fb.set_windowing(100, 100)


@pytest.mark.parametrize("generation", GENERATIONS)
def test_snapshot_needs_both_settings(generation: type[StaticFrameBuffer]) -> None:
    fb = generation(V456)
    with pytest.raises(DeviceRuntimeError, match="Pixel format is not supported or is not set"):
        fb.snapshot()
    fb.set_pixformat(PixelFormat.GRAYSCALE)
    with pytest.raises(DeviceRuntimeError, match="Frame size is not supported or is not set"):
        fb.snapshot()
    with pytest.raises(DeviceRuntimeError, match="Frame size"):
        fb.set_framesize("NOVGA")
    with pytest.raises(DeviceRuntimeError, match="An invalid argument is used"):
        fb.set_framebuffers(-2)


def test_custom_sizes_compare_as_one_kind() -> None:
    fb = QueuedFrameBuffer(V456)
    fb.set_pixformat(PixelFormat.RGB565)
    fb.set_framesize((100, 100))
    fb.set_framesize((200, 200))
    assert fb.buffer_size == 100 * 100 * 2
    fb.set_framesize("QQVGA")
    fb.set_framesize((200, 200))
    assert fb.buffer_size == 200 * 200 * 2


def test_bayer_stays_where_colour_does_not_fit() -> None:
    fb = HalvingFrameBuffer(V456)
    fb.fb_alloc.alloc(15 * M, FbHint.PREFER_SIZE)
    camera(fb, "WQXGA2", PixelFormat.BAYER)
    fb.set_pixformat(PixelFormat.RGB565)
    assert fb.pixel_format is PixelFormat.BAYER
    fb.set_pixformat(PixelFormat.GRAYSCALE)
    assert fb.pixel_format is PixelFormat.GRAYSCALE


def test_image_sizes() -> None:
    assert image_size(33, 10, PixelFormat.BINARY) == 80
    assert image_size(33, 10, PixelFormat.YUV422) == 660
    assert image_size(33, 10, PixelFormat.PNG, 77) == 77
