"""The camera: sensor and csi, their clock, their constants."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from omvsim.world.camera_names import rom_int, table
from tests.running import asked, run

if TYPE_CHECKING:
    from pathlib import Path

START = "import sensor, time\nsensor.reset()\nsensor.set_pixformat(sensor.RGB565)\nsensor.set_framesize(sensor.QVGA)\n"


def test_a_picture_is_one_object_and_a_frames_time(tmp_path: Path) -> None:
    text = START + "start = time.ticks_ms()\nfor n in range(30):\n    img = sensor.snapshot()\n"
    result = run(tmp_path, text + "print(time.ticks_diff(time.ticks_ms(), start), img.width(), img.height())\n")
    assert asked(result, 7) == [28] * 30
    assert result.output == "643 320 240\n"  # 30 * 1716 * 1000 / 80 MHz
    assert any("46.6 times a second at most (modelled" in note for note in result.notes)


@pytest.mark.parametrize(("call", "pictures"), [("time=2000", 94), ("5", 5), ("100, time=300", 14)])
def test_skip_frames_takes_pictures(call: str, pictures: int, tmp_path: Path) -> None:
    result = run(tmp_path, START + f"sensor.skip_frames({call})\n")
    assert len(asked(result, 5)) == pytest.approx(pictures, abs=1)
    assert set(asked(result, 5)) == {28}


def test_a_frame_rate_that_is_set_is_the_clocks(tmp_path: Path) -> None:
    text = (
        START
        + """sensor.set_framerate(10)
clock = time.clock()
sensor.snapshot()
for n in range(30):
    clock.tick()
    img = sensor.snapshot()
    fps = clock.fps()
print(fps)
"""
    )
    assert float(run(tmp_path, text).output) == pytest.approx(10.0, rel=0.02)


def test_alloc_extra_fb_is_an_object_and_fb_alloc(tmp_path: Path) -> None:
    text = START + "extra = sensor.alloc_extra_fb(320, 240, sensor.RGB565)\nprint(extra)\n"
    result = run(tmp_path, text)
    assert asked(result, 5)[:1] == [28]
    assert [each.bytes for each in result.placed] == [153_600]
    failure = run(tmp_path, text, release="5.0.0").failure
    assert failure is not None
    assert failure.text == "OSError: alloc_extra_fb is deprecated"


@pytest.mark.parametrize(
    ("call", "text"),
    [
        ("sensor.set_windowing((1, 2, 3))", "The tuple/list must either be (x, y, w, h) or (w, h)"),
        ("sensor.set_windowing((0, 1))", "Invalid ROI dimensions!"),
        ("sensor.set_framesize(9999)", "Sensor control failed."),
        ("sensor.set_framesize(sensor.QQQQVGA)", "Sensor control failed."),
        ("sensor.set_pixformat(sensor.BINARY)", "Sensor control failed."),
        ("sensor.set_framesize(sensor.QQCIF)\nsensor.set_pixformat(sensor.GRAYSCALE)", "Sensor control failed."),
        ("sensor.set_transpose(True)\nsensor.set_pixformat(sensor.JPEG)", "on the current pixel format."),
        ("sensor.set_pixformat(sensor.JPEG)\nsensor.set_auto_rotation(True)", "on the current pixel format."),
        ("sensor.set_windowing(100, 100)\nsensor.set_pixformat(sensor.JPEG)", "on the current pixel format."),
        ("sensor.set_framerate(-1)", "An invalid argument is used."),
        ("sensor.set_framebuffers(0)", "An invalid argument is used."),
        ("sensor.set_framebuffers(90)", "Sensor control failed."),
        ("sensor.set_quality(101)", "OSError: Operation not supported"),
        ("sensor.set_color_palette(99)", "An invalid argument is used."),
        ("sensor.set_windowing((400, 0, 10, 10))", "ROI does not overlap on the image!"),
        ("sensor.set_gainceiling(3)", "An invalid argument is used."),
        ("sensor.ioctl(sensor.IOCTL_LEPTON_GET_WIDTH)", "Sensor control failed."),
        ("sensor.ioctl(sensor.IOCTL_SET_FOV_WIDE, True)", "Sensor control failed."),
        ("sensor.ioctl(sensor.IOCTL_SET_NIGHT_MODE)", "An invalid argument is used."),
        ("sensor.ioctl(sensor.IOCTL_SET_READOUT_WINDOW, (1, 2, 3))", "must either be (x, y, w, h) or (w, h)"),
        ("sensor.ioctl(9999)", "The requested operation is not supported by the image sensor."),
        ("sensor.get_framerate()", "Frame rate is not supported or is not set."),
    ],
)
def test_errors_of_the_sensor(call: str, text: str, tmp_path: Path) -> None:
    failure = run(tmp_path, START + call + "\n").failure
    assert failure is not None
    assert failure.text.endswith(text)


def test_csi_is_the_same_camera(tmp_path: Path) -> None:
    text = """import csi
cam = csi.CSI()
cam.reset()
cam.pixformat(csi.GRAYSCALE)
cam.framesize((104, 80))
cam.snapshot(time=200)
img = cam.snapshot()
print(img, cam.cid() == csi.OV5640, cam.window(), csi.devices() == [csi.OV5640])
csi.CSI(cid=csi.LEPTON)
"""
    result = run(tmp_path, text)
    assert result.output.startswith('{"w":104, "h":80, "type":"grayscale", "size":8320} True (0, 0, 104, 80) True\n')
    assert result.failure is not None
    assert result.failure.text.endswith("Failed to detect the image sensor or image sensor is detached.")


def test_lines_that_the_transfer_does_not_take(tmp_path: Path) -> None:
    text = "import csi\ncam = csi.CSI()\ncam.reset()\ncam.pixformat(csi.GRAYSCALE)\ncam.framesize((100, 80))\n"
    failure = run(tmp_path, text + "cam.snapshot()\n").failure
    assert failure is not None
    assert failure.text == "RuntimeError: Frame size is not supported or is not set."


def test_settings_that_the_driver_refuses_answer_false(tmp_path: Path) -> None:
    text = (
        START
        + """print(sensor.set_contrast(3), sensor.set_contrast(4), sensor.set_brightness(-4), sensor.set_brightness(5))
print(sensor.set_saturation(-4), sensor.set_gainceiling(16), sensor.set_gainceiling(32), sensor.set_quality(100))
print(sensor.set_special_effect(sensor.NEGATIVE), sensor.set_special_effect(7), sensor.set_lens_correction(1, 2, 3))
"""
    )
    assert run(tmp_path, text).output == "True False True False\nFalse True False True\nTrue False True\n"


def test_fixed_exposure_and_gains_are_read_back(tmp_path: Path) -> None:
    text = (
        START
        + """sensor.set_auto_exposure(False, exposure_us=5000)
sensor.set_auto_gain(False, gain_db=12)
sensor.set_auto_whitebal(False, rgb_gain_db=(6, 0, 6))
print(sensor.get_exposure_us(), sensor.get_gain_db(), sensor.get_rgb_gain_db())
"""
    )
    result = run(tmp_path, text)
    # 5000 * 80 / 1716 = 233 lines of 21.45 us; 20 log10(64 / 16); gains of colours are whole numbers.
    assert result.output == "4997 12.0412 (6.0206, 0.0, 6.0206)\n"
    assert not any("get_" in note for note in result.notes)
    auto = run(tmp_path, START + "print(sensor.get_exposure_us(), sensor.get_gain_db())\n")
    assert auto.output == "10000 0.0\n"
    assert len([note for note in auto.notes if "unless a script fixed it" in note]) == 2


def test_a_long_exposure_slows_the_camera_down(tmp_path: Path) -> None:
    text = START + "sensor.set_auto_exposure(False, exposure_us=100000)\nsensor.snapshot()\nt = time.ticks_ms()\n"
    text += "for n in range(5):\n    sensor.snapshot()\nprint(time.ticks_diff(time.ticks_ms(), t))\n"
    assert abs(int(run(tmp_path, text).output) - 500) <= 2


def test_settings_take_their_time(tmp_path: Path) -> None:
    text = """import sensor, time
def took(call, *given):
    start = time.ticks_ms()
    call(*given)
    return time.ticks_diff(time.ticks_ms(), start)
print(took(sensor.reset), took(sensor.set_pixformat, sensor.RGB565), took(sensor.set_pixformat, sensor.RGB565))
print(took(sensor.set_framesize, sensor.QVGA), took(sensor.set_hmirror, True), took(sensor.set_hmirror, True))
sensor.disable_delays(True)
print(took(sensor.set_vflip, True), sensor.get_vflip(), took(sensor.reset), sensor.disable_delays(), sensor.get_vflip())
"""
    first, second, third = (line.split() for line in run(tmp_path, text).output.splitlines())
    assert [int(each) for each in first] == [799, 103, 0]
    assert [int(each) for each in second] == [112, 100, 0]
    assert third == ["0", "True", "499", "True", "False"]


def test_a_transposed_picture_is_turned(tmp_path: Path) -> None:
    text = START + "sensor.set_transpose(True)\nprint(sensor.snapshot(), sensor.width(), sensor.get_windowing())\n"
    out = run(tmp_path, text).output
    assert out == '{"w":240, "h":320, "type":"rgb565", "size":153600} 320 (0, 0, 320, 240)\n'


@pytest.mark.parametrize(
    ("window", "kind", "name"),
    [
        ((0, 0, 64, 64), "BAYER", "bayer_bggr"),
        ((1, 0, 64, 64), "BAYER", "bayer_gbrg"),
        ((0, 1, 64, 64), "BAYER", "bayer_grbg"),
        ((1, 1, 64, 64), "BAYER", "bayer_rggb"),
        ((0, 0, 64, 64), "YUV422", "yvu422"),
        ((1, 0, 64, 64), "YUV422", "yuv422"),
    ],
)
def test_raw_formats_by_where_the_window_begins(window: tuple[int, ...], kind: str, name: str, tmp_path: Path) -> None:
    text = f"import sensor\nsensor.reset()\nsensor.set_pixformat(sensor.{kind})\nsensor.set_framesize(sensor.QVGA)\n"
    assert f'"{name}"' in run(tmp_path, text + f"sensor.set_windowing({window})\nprint(sensor.snapshot())\n").output


def test_a_readout_window_makes_pictures_come_faster(tmp_path: Path) -> None:
    text = (
        START
        + """def rate():
    sensor.snapshot()
    start = time.ticks_us()
    for n in range(10):
        sensor.snapshot()
    return time.ticks_diff(time.ticks_us(), start)
slow = rate()
sensor.ioctl(sensor.IOCTL_SET_READOUT_WINDOW, (640, 480))
print(sensor.ioctl(sensor.IOCTL_GET_READOUT_WINDOW), rate() < slow / 2)
sensor.ioctl(sensor.IOCTL_SET_NIGHT_MODE, 1)
print(sensor.ioctl(sensor.IOCTL_GET_NIGHT_MODE), sensor.ioctl(sensor.IOCTL_WAIT_ON_AUTO_FOCUS, 100))
"""
    )
    assert run(tmp_path, text).output == "(0, 0, 640, 480) True\nTrue None\n"


def test_callbacks_are_called_for_every_frame(tmp_path: Path) -> None:
    text = (
        START
        + """seen = []
sensor.set_vsync_callback(lambda level: seen.append("v"))
sensor.set_frame_callback(lambda: seen.append("f"))
sensor.skip_frames(2)
sensor.set_frame_callback(None)
sensor.snapshot()
print("".join(seen))
"""
    )
    assert run(tmp_path, text).output == "vfvfv\n"


def test_registers_keep_what_is_written(tmp_path: Path) -> None:
    result = run(tmp_path, START + "sensor.__write_reg(0x5001, 0x1A3)\nprint(sensor.__read_reg(0x5001))\n")
    assert result.output == "163\n"
    assert run(tmp_path, START + "print(sensor.__read_reg(1), sensor.get_blc_regs())\n").output.startswith("0 [0, 0,")


@pytest.mark.parametrize(
    ("release", "size", "update", "expand"),
    [("4.8.1", 16, "None", "None"), ("5.0.0", 20, "extra keyword arguments given", "function expected at most")],
)
def test_csi_of_each_release(release: str, size: int, update: str, expand: str, tmp_path: Path) -> None:
    text = """import csi
cam = csi.CSI()
cam.reset()
cam.pixformat(csi.RGB565)
cam.framesize(csi.QVGA)
for call in (lambda: cam.snapshot(frames=1, update=False), lambda: cam.framebuffers(2, False)):
    try:
        print(call())
    except TypeError as e:
        print(e)
"""
    result = run(tmp_path, text, release=release)
    assert size in asked(result, 2)
    first, second = result.output.splitlines()
    assert first == update
    assert second.startswith(expand)


def test_csi_does_not_wait_where_it_is_told_not_to(tmp_path: Path) -> None:
    text = """import csi, time
cam = csi.CSI()
cam.reset()
cam.pixformat(csi.RGB565)
cam.framesize(csi.QVGA)
print(cam.snapshot(blocking=False), cam.readable(), cam.snapshot(blocking=False))
time.sleep_ms(60)
print(cam.readable(), cam.snapshot(blocking=False).width(), cam.vsync_callback())
cam.snapshot(frames=1, blocking=False)
"""
    result = run(tmp_path, text)
    assert result.output.startswith("None False None\nTrue 320 None\nTraceback")
    assert result.failure is not None
    assert result.failure.text == "RuntimeError: The requested operation would block."


def test_releases_have_their_own_names() -> None:
    assert table("csi", "4.7.0") == {}
    assert table("csi", "4.8.0")["GENX320"] == table("sensor", "4.8.0")["GENX320"]
    assert "draw_detection" not in table("image.Image", "4.8.1")
    assert table("image.Image", "5.0.0")["draw_detection"] == ""
    assert table("image.Image", "4.8.1")["find_hog"] == "-"
    assert "mul" in table("image.Image", "4.5.2")
    assert "mul" not in table("image.Image", "4.5.3")
    assert (table("sensor", "4.7.0")["B64X32"], table("sensor", "4.8.0")["B64X32"]) == (17, 18)
    assert rom_int(1 << 31) == 0
    assert rom_int(0xB0602003) == 0x30602003


def test_every_name_of_a_module_is_there(tmp_path: Path) -> None:
    names = [name for name in table("sensor", "4.8.1") if not name.startswith("__")]
    text = "import sensor\n" + "".join(f"sensor.{name}\n" for name in names)
    assert run(tmp_path, text).failure is None


def test_omv_tells_its_version(tmp_path: Path) -> None:
    text = "import omv\nprint(omv.version_string(), omv.version_major, omv.board_type(), omv.arch())\n"
    assert run(tmp_path, text, release="5.0.0").output == "5.0.0 5 IMXRT1060 OMVRT1060 32768 SDRAM\n"
