"""What users write, rewritten by us: each runs on the release it is for, and its frames have known costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from omvsim import models
from omvsim.runs.world_file import read_world_file
from tests.runs._running import run_text

if TYPE_CHECKING:
    from pathlib import Path

    from omvsim.runs import ScriptResult

CAMERA = """import sensor, time
sensor.reset()
sensor.set_pixformat(sensor.RGB565)
sensor.set_framesize(sensor.QVGA)
sensor.skip_frames(time=200)
clock = time.clock()
"""
CLASSIFY = CAMERA + (
    """import ml, gc
try:
    net = ml.Model("net.tflite", load_to_fb=True)
except Exception as e:
    raise Exception("no model: " + str(e))
labels = [line.rstrip("\\n") for line in open("labels.txt")]
while True:
    clock.tick()
    img = sensor.snapshot()
    scores = sorted(zip(labels, net.predict([img])[0].flatten().tolist()), key=lambda pair: pair[1], reverse=True)
    print("%s = %f" % scores[0])
    print(clock.fps() > 0)
"""
)
BLOBS = CAMERA + (
    """red = (30, 100, 15, 127, 15, 127)
img = sensor.snapshot()
while True:
    img = sensor.snapshot()
    img.clear()
    img.draw_rectangle(40, 30, 21, 11, color=(255, 0, 0), fill=True)
    for blob in img.find_blobs([red], pixels_threshold=50, area_threshold=50, merge=True):
        img.draw_cross(blob.cx(), blob.cy())
        print(blob.cx(), blob.cy(), blob.pixels())
"""
)
PACKETS = """import struct, time
from machine import UART
uart = UART(1, 115200, timeout_char=100)
seen = 0
start = time.ticks_ms()
while time.ticks_diff(time.ticks_ms(), start) < 2000:
    if uart.any() >= 4:
        head, kind, value = struct.unpack("<BBH", uart.read(4))
        if head == 0xA5:
            seen += 1
            uart.write(struct.pack("<BBH", 0x5A, kind, value + 1))
    time.sleep_ms(10)
print(seen, kind, value)
"""
STREAM = CAMERA + (
    """import network, socket
wlan = network.WLAN(network.STA_IF)
wlan.active(True)
wlan.connect("net", "secret")
while not wlan.isconnected():
    time.sleep_ms(500)
server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, True)
server.bind(("", 8080))
server.listen(1)
client, address = server.accept()
client.recv(1024)
client.sendall("HTTP/1.1 200 OK\\r\\nContent-Type: multipart/x-mixed-replace;boundary=x\\r\\n\\r\\n")
while True:
    frame = sensor.snapshot().to_jpeg(quality=35, copy=True)
    client.sendall("\\r\\n--x\\r\\nContent-Length: " + str(frame.size()) + "\\r\\n\\r\\n")
    client.sendall(frame)
"""
)
LOGGING = """import os, time
from machine import ADC, Pin
pin = ADC(Pin("P6"))
if "log.csv" not in os.listdir():
    with open("log.csv", "w") as f:
        f.write("ms,value\\n")
for n in range(5):
    with open("log.csv", "a") as f:
        f.write("%d,%d\\n" % (n * 100, pin.read_u16()))
    time.sleep_ms(100)
with open("log.csv") as f:
    print(len(f.readlines()), os.stat("log.csv")[6])
"""
TAGS = """import sensor, math
sensor.reset()
sensor.set_pixformat(sensor.GRAYSCALE)
sensor.set_framesize(sensor.QQVGA)
while True:
    img = sensor.snapshot()
    for tag in img.find_apriltags():
        print(tag.id, math.degrees(tag.rotation))
"""
SERVO = """from machine import PWM, Pin
import time
servo = PWM(Pin("P7"), freq=50, duty_u16=0)
def angle(degrees):
    servo.duty_ns(int(500_000 + degrees * 2_000_000 / 180))
for degrees in range(0, 181, 45):
    angle(degrees)
    time.sleep_ms(20)
print(servo.freq(), servo.duty_ns() // 100000)
servo.deinit()
"""


def good(result: ScriptResult) -> ScriptResult:
    assert (result.verdict, result.unmodelled) == ("ok", ())
    return result


@pytest.mark.parametrize("release", ["4.7.0", "4.8.1"])
def test_classification_as_edge_impulse_exports_it(tmp_path: Path, release: str) -> None:
    (tmp_path / "net.tflite").write_bytes(models.make("tiny-conv"))
    (tmp_path / "labels.txt").write_text("no\nyes\n")
    result = good(run_text(tmp_path, CLASSIFY, release, models=(tmp_path / "net.tflite",), frames=3))
    assert result.output.count("True\n") == 3
    assert result.loop is not None
    assert len({frame.garbage for frame in result.loop.frames[1:]}) == 1


def test_blob_tracking(tmp_path: Path) -> None:
    result = good(run_text(tmp_path, BLOBS, frames=3))
    assert set(result.output.splitlines()) == {"50 35 231"}


def test_packets_over_a_uart(tmp_path: Path) -> None:
    world = tmp_path / "world.toml"
    world.write_text('[uart.1]\nreceives = [{ at = "100ms", every = "200ms", times = 5, hex = "A5 07 10 00" }]\n')
    result = good(run_text(tmp_path, PACKETS, surroundings=read_world_file(world)))
    assert result.output == "5 7 16\n"


def test_a_stream_of_pictures(tmp_path: Path) -> None:
    result = good(run_text(tmp_path, STREAM, frames=4))
    assert result.loop is not None
    assert len(result.loop.frames) == 4
    assert result.loop.garbage_bytes > 5000


def test_a_log_of_measurements(tmp_path: Path) -> None:
    assert good(run_text(tmp_path, LOGGING)).output == f"6 {9 + 4 + 4 * 6}\n"


def test_april_tags(tmp_path: Path) -> None:
    result = good(run_text(tmp_path, TAGS, frames=2))
    assert [note for note in result.notes if "find_apriltags" in note]


def test_a_servo(tmp_path: Path) -> None:
    assert good(run_text(tmp_path, SERVO)).output == "50 25\n"


def test_thirty_seconds_of_a_camera_that_watches(tmp_path: Path) -> None:
    """``--until 30s``: frames come at the sensor's rate."""
    result = good(run_text(tmp_path, CAMERA + "while True:\n    sensor.snapshot()\n", frames=None, until_us=4_000_000))
    assert result.loop is not None
    assert result.outcome.value == "stopped"
    # 46.6 a second (1716 clocks, 1000 lines, 80 MHz) in what the reset, two settings and skip_frames leave.
    assert 127 <= len(result.loop.frames) <= 131
