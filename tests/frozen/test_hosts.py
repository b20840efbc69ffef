"""What functions of frozen modules ask for and do: rpc, mqtt, modbus, vl53l1x.

The lists of requests were made by the interpreter from OpenMV's own files (put on the camera's flash as modules) with
the same scripts and the same world; frames of 72 bytes, which the file's machine code has as bytecode, are left out.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import pytest

from omvsim.boards import load_board
from omvsim.runs import Outcome, ScriptOptions, ScriptResult
from omvsim.runs.session import ScriptSession
from omvsim.world.surroundings import Peer, Surroundings, Visitor

if TYPE_CHECKING:
    from pathlib import Path

MARK = 7777
HERE = f"GO = bytearray({MARK})\n"


def run(
    folder: Path, text: str, world: Surroundings | None = None, release: str = "4.8.1", seconds: int = 100
) -> ScriptResult:
    """A script's result, every request kept; it ends after some seconds of the camera's time."""
    script = folder / "main.py"
    script.write_text(text, encoding="utf-8")
    options = ScriptOptions(
        frames=None, requests=True, surroundings=world or Surroundings(), until_us=seconds * 1_000_000
    )
    return ScriptSession(load_board("openmv-rt1062", firmware=release), script, options).run()


def asked(result: ScriptResult) -> list[int]:
    """Sizes after the mark."""
    sizes = [each.size for each in result.requests if each.phase == "run" and each.kind == "alloc"]
    return sizes[sizes.index(MARK) + 1 :]


# -- rpc ---------------------------------------------------------------------------------------------------------------

CALL = "import rpc\n" + HERE + "m = rpc.rpc_spi_master(spi_bus=1)\nprint(m.call(b'abc', b'12345', send_timeout=5))\n"
A_ROUND = [
    *(84, 9, 16, 68, 16, 12, 3, 16, 3, 16, 68, 16, 9, 3, 16, 3, 16, 76, 76),
]
CALLED = {
    "4.8.1": [
        *(16, 16, 16, 32, 16, 32, 48, 12, 16, 10, 16, 10, 64, 16, 4, 16, 16, 16, 16, 4, 16, 16, 16, 80, 68, 16, 4, 3),
        *(16, 3, 16, 16, 8, 16, 16, 16, 96, 68, 16, 4, 3, 16, 3, 16, 136, 68, 84, 184, 9, 16, 68, 16, 12, 3, 16, 3, 16),
        *(68, 16, 9, 3, 16, 3, 16, 76, 76),
    ],
    "5.0.0": [
        *(16, 16, 16, 32, 16, 32, 48, 16, 4, 16, 16, 16, 64, 16, 4, 16, 16, 16, 68, 16, 4, 3, 16, 3, 16, 80, 16, 8, 16),
        *(16, 16, 68, 16, 4, 3, 16, 3, 16, 96, 136, 68, *A_ROUND),
    ],
}


@pytest.mark.parametrize("release", ["4.8.1", "5.0.0"])
def test_calling_a_slave_that_is_not_there(tmp_path: Path, release: str) -> None:
    result = run(tmp_path, CALL, release=release)
    assert result.output == "None\n"
    sizes = [size for size in asked(result) if size != 72]  # as many rounds as there is time for
    assert sizes[: len(CALLED[release])] == CALLED[release]


def crc(data: bytes) -> int:
    """CRC-16/CCITT-FALSE."""
    value = 0xFFFF
    for byte in data:
        value ^= byte << 8
        for _ in range(8):
            value = (value << 1 ^ (0x1021 if value & 0x8000 else 0)) & 0xFFFF
    return value


def packet(magic: int, payload: bytes = b"") -> bytes:
    """A packet of the protocol."""
    data = struct.pack("<H", magic) + payload
    return data + struct.pack("<H", crc(data))


def hashed(name: bytes) -> int:
    """djb2 with exclusive or."""
    value = 5381
    for byte in name:
        value = (value * 33 ^ byte) & 0xFFFFFFFF
    return value


LINE = """import rpc, time
class Line:
    def get_bytes(self, buff, timeout):
        if not self.coming:
            time.sleep_ms(1)
            return None
        packet = self.coming.pop(0)
        buff[:len(packet)] = packet
        return buff
    def put_bytes(self, data, timeout):
        print("sent", len(data), data[0] | data[1] << 8)
"""
SLAVE = (
    LINE
    + """class S(Line, rpc.rpc_slave):
    pass
s = S()
s.coming = {packets}
def double(data):
    print("called", bytes(data))
    s.schedule_callback(lambda: print("done"))
    return bytes(data) * 2
s.register_callback(double)
s.setup_loop_callback(lambda: print("loop"))
s.loop(recv_timeout=50, send_timeout=50)
"""
)


def test_a_slave_answers(tmp_path: Path) -> None:
    """A command's header and data are acknowledged, both questions for the result answered."""
    data = b"hello"
    packets = [
        packet(0x1209, struct.pack("<II", hashed(b"double"), len(data))),
        packet(0xABD1, data),
        *(packet(0x9021), packet(0x1DBA)),
    ]
    result = run(tmp_path, SLAVE.format(packets=packets), seconds=2)
    sent = [f"sent {size} {magic}" for size, magic in ((4, 0x1209), (4, 0xABD1), (8, 0x9021), (14, 0x1DBA))]
    assert result.output.splitlines()[:7] == [*sent[:2], "called b'hello'", *sent[2:], "done", "loop"]
    assert result.outcome is Outcome.STOPPED


def test_a_master_gets_its_answer(tmp_path: Path) -> None:
    """A packet that is damaged is asked for again."""
    replies = [packet(0x1209), packet(0xABD1), packet(0x9021, struct.pack("<I", 3)), packet(0x1DBA, b"abc")]
    damaged = bytes(8)
    text = LINE + "class M(Line, rpc.rpc_master):\n    pass\nm = M()\n"
    text += f"m.coming = {[replies[0], replies[1], damaged, *replies[2:]]}\nprint(bytes(m.call(b'f', b'xy')))\n"
    lines = run(tmp_path, text).output.splitlines()
    assert [line.split()[2] for line in lines[:-1]] == [str(each) for each in (0x1209, 0xABD1, 0x9021, 0x9021, 0x1DBA)]
    assert lines[-1] == "b'abc'"


def test_a_uart_that_says_nothing(tmp_path: Path) -> None:
    text = "import rpc\nm = rpc.rpc_uart_master(115200, 1)\nprint(m.call(b'f', send_timeout=20))\n"
    assert run(tmp_path, text).output == "None\n"


@pytest.mark.parametrize(
    ("made", "error"),
    [
        ("rpc.rpc_uart_slave()", "ValueError: UART(3) doesn't exist"),
        ("rpc.rpc_spi_master()", "ValueError: SPI(2) doesn't exist"),
        ("rpc.rpc_spi_slave()", "ImportError: no module named 'pyb'"),
        ("rpc.rpc_can_master()", "ImportError: no module named 'pyb'"),
        ("rpc.rpc_i2c_slave()", "ImportError: no module named 'pyb'"),
    ],
)
def test_what_this_camera_has_no_line_for(tmp_path: Path, made: str, error: str) -> None:
    result = run(tmp_path, f"import rpc\n{made}\n", release="5.0.0")
    assert result.failure is not None
    assert result.failure.text == error


def test_streams_of_rpc_are_not_known(tmp_path: Path) -> None:
    text = "import rpc\nm = rpc.rpc_uart_master(115200, 1)\nm.stream_reader(print)\n"
    assert run(tmp_path, text).outcome is Outcome.NOT_MODELLED


# -- mqtt --------------------------------------------------------------------------------------------------------------

JOIN = (
    "import mqtt, network, time\nw = network.WLAN(network.STA_IF)\nw.active(True)\nw.connect('a', 'b')\ntime.sleep(3)\n"
)
TALK = (
    JOIN
    + HERE
    + """c = mqtt.MQTTClient("openmv", "10.0.0.1", port=1883, user="a", password="bcd", keepalive=30)
c.set_last_will("t", "msg")
print(c.connect())
c.set_callback(lambda t, m: print(t, m))
c.publish("openmv/test", "Hello World!" * 20)
c.publish("openmv/test", "q", qos=1)
c.subscribe("x/y")
print(c.wait_msg())
print(c.wait_msg())
c.ping()
print(c.wait_msg())
c.disconnect()
"""
)
BROKER = Peer(
    b"",
    [
        *[b""] * 7,
        b"\x20\x02\x00\x00",
        *[b""] * 6,
        b"\x40\x02\0\1",
        *[b""] * 3,
        b"\x90\x03\0\2\0\x30\x06\0\1tabc\x32\x08\0\1t\0\7abc",
        *(b"", b"\xd0\0"),
        *[b""] * 30,
    ],
    closes=False,
)
TALKED = [
    *(16, 48, 16, 32, 48, 64, 80, 96, 136, 80, 28, 16, 16, 16, 40, 16, 6, 16, 9, 16, 3, 3, 16, 3, 16, 3, 16, 3, 16, 3),
    *(16, 5, 16, 16, 241, 16, 88, 16, 4, 16, 3, 3, 16, 88, 16, 4, 16, 2, 3, 16, 16, 2, 80, 2, 16, 2, 16, 3, 16, 76, 16),
    *(4, 3, 16, 2, 16, 80, 2, 16, 5, 16, 80, 2, 16, 2, 16, 3, 16, 2, 16, 4, 16, 80, 2, 16, 2, 16, 3, 16, 2, 16, 3, 16),
    *(4, 16, 16, 4, 80, 2, 16, 2, 16),
]


def test_a_talk_with_a_broker(tmp_path: Path) -> None:
    """Connecting with a user and a last will, both kinds of publishing, a subscription, messages, a ping."""
    result = run(tmp_path, TALK, Surroundings(peers={"10.0.0.1:1883": BROKER}))
    assert result.output.splitlines() == ["0", "b't' b'abc'", "None", "b't' b'abc'", "None", "None"]
    assert asked(result) == TALKED


def test_a_broker_that_refuses_or_says_nothing(tmp_path: Path) -> None:
    text = JOIN + "mqtt.MQTTClient('openmv', '10.0.0.1', 1883).connect()\n"
    refusing = Peer(b"\x20\x02\x00\x05", [])
    refused = run(tmp_path, text, Surroundings(peers={"10.0.0.1:1883": refusing})).failure
    assert refused is not None
    assert refused.text == "MQTTException: 5"
    silent = run(tmp_path, text).failure
    assert silent is not None
    assert silent.kind in {"IndexError", "OSError"}


def test_what_mqtt_asserts(tmp_path: Path) -> None:
    text = JOIN + "c = mqtt.MQTTClient('o', '10.0.0.1', 1883)\ntry:\n    c.set_last_will('', 'x')\n"
    text += "except AssertionError as e:\n    print(e.args)\nc.subscribe('x')\n"
    result = run(tmp_path, text)
    assert result.output.startswith("()\n")
    assert result.failure is not None
    assert result.failure.text == "AssertionError: Subscribe callback is not set"


# -- modbus and vl53l1x ------------------------------------------------------------------------------------------------

REGISTERS = (
    "import modbus, machine\nu = machine.UART(1, 115200)\n"
    + HERE
    + "m = modbus.ModbusRTU(u, register_num=50)\nprint(m.any(), m.crc16(b'abcdef'), len(m.REGISTER))\nm.clear()\n"
)


def test_registers_of_modbus(tmp_path: Path) -> None:
    result = run(tmp_path, REGISTERS)
    assert result.output == "0 b'\\x05C' 50\n"
    assert asked(result) == [16, 20, 1060, 16, 32, 16, 16, 16, 200, 16, 1024, 48, 68, 3, 16, 16, 16, 16, 200]


RANGE = "import vl53l1x, machine\ni = machine.I2C({bus})\n" + HERE + "d = vl53l1x.VL53L1X(i)\nprint(d.read())\n"


def test_a_distance_sensor(tmp_path: Path) -> None:
    registers = bytearray(0x10F) + b"\xea\xcc"
    registers[0x89 + 13], registers[0x89 + 14] = 1, 44
    result = run(tmp_path, RANGE.format(bus=1), Surroundings(i2c={1: {0x29: registers}}))
    assert result.output == "300\n"
    assert asked(result) == [
        *(16, 12, 16, 16, 16, 1, 16, 3, 16, 16, 1, 16, 3, 3, 16, 93, 3, 16, 16, 16, 2, 16, 4, 18, 16),
    ]


def test_no_distance_sensor(tmp_path: Path) -> None:
    failure = run(tmp_path, RANGE.format(bus=2)).failure
    assert failure is not None
    assert failure.text == "OSError: [Errno 19] ENODEV"
    other = run(tmp_path, RANGE.format(bus=1), Surroundings(i2c={1: {0x29: bytearray(0x120)}})).failure
    assert other is not None
    assert other.text == "RuntimeError: Failed to find expected ID register values. Check wiring!"


# -- rtsp

STREAM = (
    "import rtsp, network, time\nw = network.WLAN(network.STA_IF)\nw.active(True)\nw.connect('a', 'b')\ntime.sleep(3)\n"
    + HERE
    + "s = rtsp.rtsp_server(w)\ns.register_setup_cb(print)\ns.stream(print)\n"
)
WAITED = {
    "4.8.1": [
        *(
            16,
            12,
            16,
            16,
            13,
            16,
            14,
            16,
            12,
            16,
            12,
            24,
            16,
            32,
            48,
            64,
            80,
            96,
            136,
            184,
            16,
            16,
            16,
            100,
            76,
            40,
            40,
        ),
        *(16, 16, 14, 16, 1401, 16, 100, 16, 16, 16, 16, 16, 15, 16, 13, 12, 16, 16, 16, 16, 16, 16, 9, 82, 20, 16, 16),
        *(16, 16, 76, 1401, 16, 12, 12, 76, 1401, 16, 12, 12, 76, 1401),
    ],
    "5.0.0": [
        *(
            16,
            12,
            16,
            16,
            13,
            16,
            14,
            16,
            12,
            16,
            12,
            24,
            16,
            32,
            48,
            64,
            80,
            96,
            136,
            184,
            16,
            16,
            16,
            136,
            100,
            76,
            40,
        ),
        *(40, 16, 16, 14, 16, 1401, 16, 100, 16, 16, 16, 16, 16, 15, 16, 13, 12, 16, 16, 16, 16, 16, 16, 9, 82, 20, 16),
        *(16, 16, 16, 76, 1401, 16, 12, 12, 76, 1401, 16, 12, 12, 76, 1401),
    ],
}


@pytest.mark.parametrize("release", ["4.8.1", "5.0.0"])
def test_a_browser_is_refused_by_a_stream(tmp_path: Path, release: str) -> None:
    """It asks for a page, and nothing more: the server waits, turn by turn, and for ever."""
    result = run(tmp_path, STREAM, release=release)
    assert result.outcome is Outcome.STOPPED
    assert any("nobody asks for a stream" in note for note in result.notes)
    assert asked(result)[: len(WAITED[release])] == WAITED[release]


def test_a_stream_that_somebody_asks_for_is_not_known(tmp_path: Path) -> None:
    asks = Visitor(b"OPTIONS rtsp://192.168.1.50/ RTSP/1.0\r\nCSeq: 1\r\n\r\n")
    assert run(tmp_path, STREAM, Surroundings(visitors=[asks])).outcome is Outcome.NOT_MODELLED
